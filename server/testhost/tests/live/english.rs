//! Errors of an English configuration, and of a session that asks for English.

use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use base::{FileEntry, Files, Locale};
use expect_test::expect;
use testhost::{Configuration, Limits, Machine};

/// A configuration of one module.
struct Table;

const FILES: [(&str, &str); 3] = [
    (
        "/c/Configuration.xml",
        "<MetaDataObject xmlns=\"http://v8.1c.ru/8.3/MDClasses\"><Configuration uuid=\"1\"><Properties><Name>Trade</Name>\
         <ScriptVariant>English</ScriptVariant></Properties><ChildObjects><CommonModule>Prices</CommonModule></ChildObjects>\
         </Configuration></MetaDataObject>",
    ),
    (
        "/c/CommonModules/Prices.xml",
        "<MetaDataObject xmlns=\"http://v8.1c.ru/8.3/MDClasses\"><CommonModule uuid=\"2\"><Properties><Name>Prices</Name>\
         <Server>true</Server></Properties></CommonModule></MetaDataObject>",
    ),
    (
        "/c/CommonModules/Prices/Ext/Module.bsl",
        "Function Price(Goods) Export\n\tReturn Goods.Price;\nEndFunction\n\nFunction Share(Part, Whole) Export\n\tReturn Part / Whole;\nEndFunction\n\nFunction Names() Export\n\tQuery = New Query(\"SELECT T.B FROM (SELECT 1 AS A) AS T\");\n\tReturn Query.Execute();\nEndFunction\n\nFunction Mine() Export\n\tTry\n\t\tRaise \"беда\";\n\tExcept\n\t\tReturn DetailErrorDescription(ErrorInfo());\n\tEndTry;\nEndFunction\n",
    ),
];

impl Files for Table {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let found = FILES.iter().find(|(known, _)| Path::new(known) == path);
        found.map(|(_, text)| text.as_bytes().to_vec()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn list(&self, folder: &Path) -> Vec<FileEntry> {
        let mut entries: Vec<FileEntry> = Vec::new();
        for (path, _) in FILES {
            let Ok(rest) = Path::new(path).strip_prefix(folder) else { continue };
            let Some(first) = rest.components().next() else { continue };
            let path = folder.join(first);
            if !entries.iter().any(|entry| entry.path == path) {
                entries.push(FileEntry { is_folder: rest.components().count() > 1, path });
            }
        }
        entries
    }
}

fn open() -> (Configuration, Machine) {
    let (metadata, problems) = metadata::load(&Table, &PathBuf::from("/c"));
    assert!(problems.is_empty(), "{problems:?}");
    let (root, _) = metadata.roots().next().expect("a configuration");
    let configuration = Configuration::open(&metadata, root, Rc::new(Table)).expect("a root");
    let mut machine = Machine::new(Limits::default());
    configuration.attach(&mut machine).expect("a session");
    (configuration, machine)
}

#[test]
fn an_english_configuration_has_english_errors() {
    let (configuration, mut machine) = open();
    let mut failed = |method: &str, arguments: &[i64]| {
        let arguments = arguments.iter().map(|it| (*it).into()).collect();
        let path = format!("Prices.{method}");
        match super::call(&configuration, &mut machine, &path, arguments) {
            text if text.is_empty() => "nothing".to_owned(),
            text => text,
        }
    };
    expect![[r#"
        {CommonModule.Prices.Module(2)}: Value is not of object type (Price)
        {CommonModule.Prices.Module(2)}:Return Goods.Price;"#]]
    .assert_eq(&failed("Price", &[5]));
    expect![[r#"
        {CommonModule.Prices.Module(6)}: Division by zero
        {CommonModule.Prices.Module(6)}:Return Part / Whole;"#]]
    .assert_eq(&failed("Share", &[1, 0]));
    expect![[r#"
        {CommonModule.Prices.Module(11)}: Error calling context method (Execute)
        {CommonModule.Prices.Module(11)}:Return Query.Execute();
        due to:
        {(1, 8)}: Field not found "T.B""#]]
    .assert_eq(&failed("Names", &[]));
    expect![[r#"
        {CommonModule.Prices.Module(16)}: беда
        {CommonModule.Prices.Module(16)}:Raise "беда";"#]]
    .assert_eq(&failed("Mine", &[]));
    expect!["Object method not found (Absent)"].assert_eq(&failed("Absent", &[]));
    let replaced =
        configuration.replace_module(&mut machine, "CommonModule.Prices.Module", "Function Price(");
    expect!["{CommonModule.Prices.Module(1,15)}: Expected symbol )"]
        .assert_eq(&replaced.expect_err("it does not compile").to_string());
}

#[test]
fn a_session_may_ask_for_english() {
    let failed = |code: &str| {
        let mut machine = Machine::new(Limits { steps: 1_000, ..Limits::default() });
        machine.language = Locale::En;
        machine.load("Script", code).err().map(|failure| failure.detailed()).unwrap_or_default()
    };
    expect![[r#"
        {Script(2)}: Value is not of object type (Имя)
        {Script(2)}:Б = А.Имя;"#]]
    .assert_eq(&failed("А = 1;\nБ = А.Имя;"));
    expect![[r#"
        {Script(1)}: The limit of statements is used up
        {Script(1)}:Пока Истина Цикл КонецЦикла;"#]]
    .assert_eq(&failed("Пока Истина Цикл КонецЦикла;"));
    expect![[r#"
        {Script(1)}: The interpreter does not support: ОткрытьФорму
        {Script(1)}:ОткрытьФорму("Ф");"#]]
    .assert_eq(&failed("ОткрытьФорму(\"Ф\");"));
    expect!["{Script(1,1)}: Unrecognized operator (Если)"].assert_eq(&failed("Если"));
}
