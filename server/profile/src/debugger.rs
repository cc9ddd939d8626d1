//! Measurements of a debug server: events `measureResultProcessing`, saved as XML or as JSON. Modules are named by
//! identifiers of metadata; the binary or a test says what they mean.

mod json;
mod xml;

use metadata::{ModuleKind, ModuleName, ModulePlace, ObjectKind};
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::{SmolStr, format_smolstr};

use crate::builder::ProfileBuilder;
use crate::interchange::ReadError;
use crate::measure::Measure;
use crate::model::{CountMeaning, Profile, Source, SourceKind};

/// Lines of one module in one event.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MeasuredModule {
    /// Identifier of the object, form or command.
    pub object: String,
    /// Identifier of the kind of module.
    pub property: String,
    /// Empty for the configuration itself.
    pub extension: String,
    pub lines: Vec<MeasuredLine>,
}

/// Times are nanoseconds already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MeasuredLine {
    pub line: u32,
    pub count: u64,
    pub total_ns: u64,
    pub own_ns: u64,
    pub calls_server: bool,
}

/// What an identifier of metadata stands for; the kind of the module is not known yet.
pub type Owners = FxHashMap<String, ModulePlace>;

/// Reads all measurements of a saved answer; other events are passed over.
pub fn read_measurements(bytes: &[u8]) -> Result<Vec<MeasuredModule>, ReadError> {
    let start = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    let modules = if start.starts_with(b"<") { xml::read(bytes) } else { json::read(start) }?;
    if modules.is_empty() {
        let message = "there is no measurement (measureResultProcessing) with lines".to_owned();
        return Err(ReadError { position: None, message });
    }
    Ok(modules)
}

/// True if a file looks like an answer of a debug server rather than anything else that can be read.
pub fn is_measurement(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(1 << 16)];
    let has = |word: &[u8]| memchr::memmem::find(head, word).is_some();
    has(b"measureResultProcessing") || has(b"DBGUIExtCmdInfo") || has(b"debugRDBGRequestResponse")
}

/// Identifiers that have to be looked up.
pub fn wanted_objects(modules: &[MeasuredModule]) -> FxHashSet<String> {
    modules.iter().map(|module| module.object.to_lowercase()).collect()
}

/// The profile of measurements, with the number of modules whose identifiers are not known. Those are named by them.
pub fn profile_of(modules: &[MeasuredModule], owners: &Owners, title: &str) -> (Profile, usize) {
    let mut builder = ProfileBuilder::new();
    let mut unknown = FxHashSet::default();
    for module in modules {
        let name = module_name(module, owners).unwrap_or_else(|| {
            unknown.insert((module.object.as_str(), module.property.as_str()));
            format_smolstr!("{}/{}", module.object, module.property)
        });
        for line in &module.lines {
            let server_calls = if line.calls_server { line.count } else { 0 };
            let MeasuredLine { count, total_ns, own_ns, .. } = *line;
            let measure = Measure { count, total_ns, own_ns, server_calls, ..Measure::default() };
            builder.add_line(&name, line.line, "", &measure);
        }
    }
    let source = Source {
        kind: SourceKind::Debugger,
        counts: CountMeaning::Executions,
        title: title.to_owned(),
        period: None,
    };
    (builder.finish(source), unknown.len())
}

fn module_name(module: &MeasuredModule, owners: &Owners) -> Option<SmolStr> {
    let mut place = owners.get(&module.object.to_lowercase())?.clone();
    place.kind = module_kind(&module.property.to_lowercase(), &place)?;
    Some(ModuleName { extension: module.extension.as_str().into(), place }.name_ru())
}

/// Kinds of modules as the protocol names them.
fn module_kind(property: &str, place: &ModulePlace) -> Option<ModuleKind> {
    let owner = place.owner.as_ref().map(|(kind, _)| *kind);
    Some(match property {
        "d5963243-262e-4398-b4d7-fb16d06484f6" => match owner? {
            ObjectKind::HTTPService => ModuleKind::HTTPServiceModule,
            ObjectKind::WebService => ModuleKind::WEBServiceModule,
            _ => ModuleKind::CommonModule,
        },
        "32e087ab-1491-49b6-aba7-43571b41ac2b" => ModuleKind::FormModule,
        "078a6af8-d22c-4248-9c33-7e90075a3d2c" => ModuleKind::CommandModule,
        "a637f77f-3840-441d-a1c3-699c8c5cb7e0" => ModuleKind::ObjectModule,
        "d1b64a2c-8078-4982-8190-8f81aefda192" | "0c8cad23-bf8c-468e-b49e-12f1927c048b" => {
            ModuleKind::ManagerModule
        }
        "9f36fd70-4bf4-47f6-b235-935f73aab43f" if place.part.is_some() => ModuleKind::RecalculationModule,
        "9f36fd70-4bf4-47f6-b235-935f73aab43f" => ModuleKind::RecordSetModule,
        "3e58c91f-9aaa-4f42-8999-4baf33907b75" => ModuleKind::ValueManagerModule,
        "d22e852a-cf8a-4f77-8ccb-3548e7792bea" => ModuleKind::ManagedApplicationModule,
        "a78d9ce3-4e0c-48d5-9863-ae7342eedf94" => ModuleKind::OrdinaryApplicationModule,
        "9b7bbbae-9771-46f2-9e4d-2489e0ffc702" => ModuleKind::SessionModule,
        "a4a9c1e2-1e54-4c7f-af06-4ca341198fac" => ModuleKind::ExternalConnectionModule,
        _ => return None,
    })
}

/// Nanoseconds of so many ticks. Captured servers count microseconds; that must not be relied upon.
fn nanoseconds(ticks: f64, frequency: f64) -> u64 {
    let frequency = if frequency > 0.0 { frequency } else { 1e6 };
    // Saturates at both ends.
    (ticks * 1e9 / frequency).round() as u64
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    const XML: &str = r#"<response xmlns="http://v8.1c.ru/8.3/debugger/debugBaseData" xmlns:r="http://v8.1c.ru/8.3/debugger/debugRDBGRequestResponse" xmlns:c="http://v8.1c.ru/8.3/debugger/debugDBGUICommands" xmlns:m="http://v8.1c.ru/8.3/debugger/debugMeasure" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <r:result xsi:type="c:DBGUIExtCmdInfoStarted"><c:cmdIDNum>1</c:cmdIDNum></r:result>
 <r:result xsi:type="c:DBGUIExtCmdInfoMeasure">
  <c:cmdID>measureResultProcessing</c:cmdID>
  <c:measure>
   <m:totalDurability>842</m:totalDurability><m:totalIndepServerWorkTime>0.000005</m:totalIndepServerWorkTime><m:performanceFrequency>10000000</m:performanceFrequency>
   <m:moduleData>
    <m:moduleID><type>ConfigModule</type><objectID>AAAAAAAA-5555-4555-8555-555555555555</objectID><propertyID>d5963243-262e-4398-b4d7-fb16d06484f6</propertyID><extId>1</extId></m:moduleID>
    <m:lineInfo><m:lineNo>20</m:lineNo><m:frequency>3</m:frequency><m:durability>538</m:durability><m:pureDurability>512</m:pureDurability><m:serverCallSignal>1</m:serverCallSignal></m:lineInfo>
   </m:moduleData>
  </c:measure>
 </r:result>
</response>"#;

    const JSON: &str = r##"{"response":{"#result":["{x}DBGUIExtCmdInfoMeasure"],"result":[{"cmdIDNum":6,"cmdID":"measureResultProcessing",
        "measure":{"totalDurability":842,"totalIndepServerWorkTime":"0.000005","performanceFrequency":"1000000",
        "moduleData":[{"moduleID":{"extensionName":"Доп","objectID":"bbbbbbbb-5555-4555-8555-555555555555","propertyID":"32e087ab-1491-49b6-aba7-43571b41ac2b","extId":1},
        "lineInfo":[{"lineNo":222,"frequency":"1","durability":45,"pureDurability":45,"serverCallSignal":0},{"lineNo":0}]}]}}]}}"##;

    fn owners() -> Owners {
        let place = |kind, name: &str, form: Option<&str>| ModulePlace {
            owner: Some((kind, name.into())),
            form: form.map(Into::into),
            ..ModulePlace::default()
        };
        let known = [
            ("aaaaaaaa-5555-4555-8555-555555555555", place(ObjectKind::CommonModule, "Цены", None)),
            ("bbbbbbbb-5555-4555-8555-555555555555", place(ObjectKind::Document, "Заказ", Some("Форма"))),
        ];
        known.into_iter().map(|(id, place)| (id.to_owned(), place)).collect()
    }

    #[track_caller]
    fn check(text: &str, expected: Expect) {
        let modules = read_measurements(text.as_bytes()).expect("measurements");
        assert!(is_measurement(text.as_bytes()));
        let (profile, unknown) = profile_of(&modules, &owners(), "");
        let mut told = format!("unknown: {unknown}\n");
        for module in &profile.modules {
            for line in &module.lines {
                let Measure { count, total_ns, own_ns, server_calls, .. } = line.measure;
                told +=
                    &format!("{}:{} {count} {total_ns} {own_ns} {server_calls}\n", module.name, line.line);
            }
        }
        expected.assert_eq(&told);
    }

    #[test]
    fn both_forms_are_read() {
        check(
            XML,
            expect![[r#"
            unknown: 0
            ОбщийМодуль.Цены.Модуль:20 3 53800 51200 3
        "#]],
        );
        check(
            JSON,
            expect![[r#"
            unknown: 0
            Доп Документ.Заказ.Форма.Форма.Форма:222 1 45000 45000 0
        "#]],
        );
        check(
            &XML.replace("AAAAAAAA", "cccccccc"),
            expect![[r#"
            unknown: 1
            cccccccc-5555-4555-8555-555555555555/d5963243-262e-4398-b4d7-fb16d06484f6:20 3 53800 51200 3
        "#]],
        );
    }

    #[test]
    fn other_files_are_refused() {
        let error = |text: &str| read_measurements(text.as_bytes()).expect_err("an error").to_string();
        assert_eq!(error("{}"), "there is no measurement (measureResultProcessing) with lines");
        assert_eq!(error("<response/>"), "there is no measurement (measureResultProcessing) with lines");
        assert!(error("{").contains("EOF"));
        assert!(error("<response><a").contains("1:"), "{}", error("<response><a"));
        assert!(!is_measurement(b"{\"format\": \"strizh-profile\"}"));
    }
}
