//! Forms of the demo configuration in both layouts, of its extension, and small forms with what the demo lacks.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use base::FileEntry;
use expect_test::{Expect, expect};

use super::*;

/// Files of the fixtures folder.
struct Fixtures;

impl Files for Fixtures {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(fixtures().join(path))
    }

    fn list(&self, folder: &Path) -> Vec<FileEntry> {
        let entries = std::fs::read_dir(fixtures().join(folder)).into_iter().flatten().flatten();
        let entry = |entry: std::fs::DirEntry| FileEntry {
            path: folder.join(entry.file_name()),
            is_folder: entry.path().is_dir(),
        };
        entries.map(entry).collect()
    }
}

/// Files that a test names, each with its text.
struct Table(BTreeMap<PathBuf, String>);

impl Files for Table {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.0.get(path).map(|text| text.clone().into_bytes()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn list(&self, folder: &Path) -> Vec<FileEntry> {
        let inside = self.0.keys().filter(|path| path.parent() == Some(folder));
        inside.map(|path| FileEntry { path: path.clone(), is_folder: false }).collect()
    }
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures")
}

fn table(files: &[(&str, &str)]) -> Table {
    Table(files.iter().map(|(path, text)| (PathBuf::from(path), (*text).to_owned())).collect())
}

#[track_caller]
fn fixture(folder: &str, layout: Layout) -> Form {
    let (form, problems) = read_form(&Fixtures, Path::new(folder), layout);
    assert_eq!(problems, []);
    assert!(form.is_managed, "{folder} was not found");
    form
}

#[track_caller]
fn parse(text: &str, layout: Layout) -> Form {
    let (form, problems) = parse_form(text.as_bytes().to_vec(), Path::new("Form"), layout);
    assert_eq!(problems, []);
    form
}

/// Every place of a form with what should stand there.
fn places(form: &Form) -> Vec<(TextRange, &str)> {
    let mut places = Vec::new();
    places.extend(form.handlers.iter().map(|it| (it.range, it.procedure.as_str())));
    for attribute in &form.attributes {
        places.push((attribute.name_range, &attribute.name));
        places.extend(attribute.query.iter().map(|query| (query.range, query.text.as_str())));
    }
    for command in &form.commands {
        places.push((command.name_range, &command.name));
        places.extend(command.actions.iter().map(|it| (it.range, it.procedure.as_str())));
    }
    for element in &form.elements {
        places.push((element.name_range, &element.name));
        places.push((element.data_path_range, &element.data_path));
        places.push((element.command_range, &element.command));
        places.extend(element.handlers.iter().map(|it| (it.range, it.procedure.as_str())));
    }
    places
}

/// Apart from marks of rows, every place holds the value that was read.
#[track_caller]
fn check_places(form: &Form, text: &str) {
    for (range, value) in places(form) {
        assert_eq!(crate::xml::decode(range.slice(text)), value);
    }
}

fn text_of(form: &Form) -> String {
    let bytes = Fixtures.read(&form.path).expect("invariant: the form was read from there");
    base::encoding::decode(bytes).expect("invariant: forms are text").text
}

/// The form without what the layouts do not share: places, and the order of elements within their parents.
fn comparable(form: &Form) -> String {
    let mut lines = Vec::new();
    for attribute in &form.attributes {
        let main = if attribute.is_main { " main" } else { "" };
        let query = attribute.query.as_ref().map(|query| &query.text);
        lines.push(format!(
            "attribute {} {:?}{main} {:?} table `{}` query {query:?}",
            attribute.name, attribute.title, attribute.types, attribute.main_table
        ));
        for column in &attribute.columns {
            lines.push(format!("  column {} {:?} {:?}", column.name, column.synonym, column.types));
        }
    }
    for parameter in &form.parameters {
        lines.push(format!("parameter {} {:?}", parameter.name, parameter.types));
    }
    for command in &form.commands {
        lines.push(format!("command {} {:?}{}", command.name, command.title, handlers(&command.actions)));
    }
    lines.push(format!("form{}", handlers(&form.handlers)));
    let mut elements: Vec<_> = form.elements.iter().map(|element| element_line(form, element)).collect();
    elements.sort();
    lines.extend(elements);
    lines.join("\n") + "\n"
}

fn element_line(form: &Form, element: &FormElement) -> String {
    let parent = element.parent.and_then(|index| form.elements.get(index as usize));
    format!(
        "{} {} in {} {:?} path `{}` command `{}`{}",
        element.kind,
        element.name,
        parent.map_or("the form", |parent| &parent.name),
        element.title,
        element.data_path,
        element.command,
        handlers(&element.handlers)
    )
}

fn handlers(handlers: &[FormHandler]) -> String {
    let mut lines: Vec<_> = handlers
        .iter()
        .map(|it| {
            let kind = if it.call_type.is_empty() { String::new() } else { format!(" {}", it.call_type) };
            format!(" [{} → {}{kind}]", it.event, it.procedure)
        })
        .collect();
    lines.sort();
    lines.concat()
}

#[test]
fn both_layouts_give_the_same_forms() {
    let folders = [
        "Documents/ЗаказПокупателя/Forms/ФормаДокумента",
        "Documents/ЗаказПокупателя/Forms/ФормаСписка",
        "Catalogs/Номенклатура/Forms/ФормаСписка",
        "Catalogs/Номенклатура/Forms/ФормаЭлемента",
        "Reports/АнализПродаж/Forms/ФормаОтчета",
        "DataProcessors/ЗагрузкаЦен/Forms/Форма",
    ];
    for folder in folders {
        let designer = fixture(&format!("demo/designer/{folder}"), Layout::Designer);
        let edt = fixture(&format!("demo/edt/src/{folder}"), Layout::Edt);
        check_equal(&comparable(&designer), &comparable(&edt), folder);
        for form in [&designer, &edt] {
            check_places(form, &text_of(form));
        }
    }
}

#[track_caller]
fn check_equal(left: &str, right: &str, name: &str) {
    let difference = left.lines().zip(right.lines()).find(|(left, right)| left != right);
    assert_eq!(difference, None, "{name}");
    assert_eq!(left.lines().count(), right.lines().count(), "{name}");
}

/// What stands in a form, without the menus and tooltips that every element has.
fn outline(form: &Form) -> String {
    let kept = form.elements.iter().filter(|element| {
        !matches!(element.kind.as_str(), "ContextMenu" | "ExtendedTooltip") || !element.handlers.is_empty()
    });
    let mut lines: Vec<_> = kept.map(|element| element_line(form, element)).collect();
    lines.extend(form.attributes.iter().map(|it| {
        let query = it.query.as_ref().map_or("", |query| &query.text);
        format!(
            "attribute {} {:?} of {:?} `{}` {query:?}",
            it.name, it.types.types, it.item_types.types, it.main_table
        )
    }));
    lines.extend(form.commands.iter().map(|it| format!("command {}{}", it.name, handlers(&it.actions))));
    lines.push(format!("form{}", handlers(&form.handlers)));
    lines.join("\n") + "\n"
}

#[track_caller]
fn check(text: &str, layout: Layout, expected: &Expect) {
    expected.assert_eq(&outline(&parse(text, layout)));
}

#[test]
fn an_extension_keeps_only_its_own_handlers() {
    let form = fixture("demo/extension/Documents/ЗаказПокупателя/Forms/ФормаДокумента", Layout::Designer);
    assert!(form.is_borrowed);
    check_places(&form, &text_of(&form));
    let elements = form.elements.iter().filter(|element| !element.handlers.is_empty());
    let mut lines: Vec<_> = elements.map(|element| element_line(&form, element)).collect();
    lines.extend(form.commands.iter().map(|it| format!("command {}{}", it.name, handlers(&it.actions))));
    lines.push(format!("form{}\n", handlers(&form.handlers)));
    expect![[r#"
        InputField Доп_Бонусы in the form [] path `Доп_Бонусы` command `` [OnChange → Доп_БонусыПриИзменении]
        command ЗаполнитьЦены [Action → Доп_ЗаполнитьЦеныПосле After]
        command ПоказатьОстатки
        command ОтменитьЗаказ
        command Доп_СписатьБонусы [Action → Доп_СписатьБонусы]
        form [OnCreateAtServer → Доп_ПриСозданииНаСервереПосле After] [OnOpen → Доп_ПриОткрытииПеред Before]
    "#]]
    .assert_eq(&lines.join("\n"));
}

#[test]
fn an_extension_in_edt_has_its_base_in_a_file_beside() {
    let base = "<form:Form xmlns:form='f'><handlers><event>OnOpen</event><name>ПриОткрытии</name></handlers>\
        <formCommands><name>Run</name><action><handler><name>Run</name></handler></action></formCommands></form:Form>";
    let own = "<form:Form xmlns:form='f' xmlns:xsi='x'><handlers><event>OnOpen</event><name>ПриОткрытии</name></handlers>\
        <handlers xsi:type='form:EventHandlerExtension'><event>OnOpen</event><name>Доп_ПриОткрытии</name>\
        <callType>After</callType></handlers>\
        <handlers xsi:type='form:EventHandlerExtension'><event>OnClose</event><name>Доп_ПриЗакрытии</name></handlers>\
        <formCommands><name>Run</name><action><handler><name>Run</name></handler></action></formCommands></form:Form>";
    let files = table(&[("Forms/Ф/Form.form", own), ("Forms/Ф/BaseForm/Form.form", base)]);
    let (form, problems) = read_form(&files, Path::new("Forms/Ф"), Layout::Edt);
    assert_eq!(problems, []);
    assert!(form.is_borrowed);
    expect![[r#"
        command Run
        form [OnClose → Доп_ПриЗакрытии Before] [OnOpen → Доп_ПриОткрытии After]
    "#]]
    .assert_eq(&outline(&form));
}

#[test]
fn ordinary_and_absent_forms_are_told_apart() {
    let files = table(&[("A/Ext/Form.bin", ""), ("B/Form.oform", "")]);
    let read = |folder, layout| {
        let (form, problems) = read_form(&files, Path::new(folder), layout);
        assert_eq!(problems, []);
        (form.is_managed, form.path.to_string_lossy().into_owned())
    };
    assert_eq!(read("A", Layout::Designer), (false, "A/Ext/Form.bin".to_owned()));
    assert_eq!(read("B", Layout::Edt), (false, "B/Form.oform".to_owned()));
    assert_eq!(read("C", Layout::Designer), (false, String::new()));
}

const DESIGNER: &str = "\u{feff}<?xml version='1.0' encoding='UTF-8'?>\r\n\
<Form xmlns='http://v8.1c.ru/8.3/xcf/logform' xmlns:cfg='http://v8.1c.ru/8.1/data/enterprise/current-config' \
xmlns:v8='http://v8.1c.ru/8.1/data/core' xmlns:xs='http://www.w3.org/2001/XMLSchema' \
xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>
<AutoCommandBar name='Панель' id='-1'><ChildItems>
<Button name='Закрыть' id='1'><CommandName>Form.StandardCommand.Close</CommandName></Button>
</ChildItems></AutoCommandBar>
<Events><Event name='OnOpen'> ПриОткрытии </Event><Event name='OnClose'/></Events>
<ChildItems>
<Table name='Список' id='2'><DataPath>Список</DataPath>
<SearchStringAddition name='Поиск' id='3'><ContextMenu name='М' id='4'/></SearchStringAddition>
<Events><Event name='Selection'>СписокВыбор</Event></Events>
<ChildItems>
<LabelField name='Автор' id='5'><DataPath>~Список.Author</DataPath></LabelField>
<SpreadSheetDocumentField name='Лист' id='6'><DataPath>Строки[0].Лист</DataPath></SpreadSheetDocumentField>
</ChildItems></Table>
<LabelDecoration name='Надпись' id='7'><Title formatted='false'><v8:item><v8:lang>ru</v8:lang>\
<v8:content>Вход &amp; выход</v8:content></v8:item><v8:item><v8:lang>en</v8:lang>\
<v8:content>In &amp; out</v8:content></v8:item></Title>\
<ExtendedTooltip name='П' id='8'><Events><Event name='URLProcessing'>Ссылка</Event></Events></ExtendedTooltip>
</LabelDecoration></ChildItems>
<Attributes>
<Attribute name='Список' id='1'><Type><v8:Type>cfg:DynamicList</v8:Type></Type><MainAttribute>true</MainAttribute>
<Settings xsi:type='DynamicList'><ManualQuery>true</ManualQuery><QueryText>ВЫБРАТЬ А ИЗ Т ГДЕ А = &amp;П</QueryText>\
<MainTable>Catalog.Т</MainTable></Settings></Attribute>
<Attribute name='Старый' id='2'><Type><v8:Type>cfg:DynamicList</v8:Type></Type>
<Settings xsi:type='DynamicList'><ManualQuery>false</ManualQuery><QueryText>ВЫБРАТЬ 1</QueryText></Settings></Attribute>
<Attribute name='Выбор' id='3'><Type><v8:Type>v8:ValueListType</v8:Type></Type>
<Settings xsi:type='v8:TypeDescription'><v8:Type>xs:string</v8:Type></Settings></Attribute>
</Attributes>
<Commands><Command name='Выполнить' id='1'><Action>Выполнить</Action></Command>\
<Command name='Пусто' id='2'/></Commands>
</Form>";

const EDT: &str = "<?xml version='1.0' encoding='UTF-8'?>
<form:Form xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xmlns:form='http://g5.1c.ru/v8/dt/form'>
<items xsi:type='form:Table'><name>Список</name><id>2</id>
<dataPath xsi:type='form:DataPath'><segments>Список</segments></dataPath>
<handlers><event>Selection</event><name>СписокВыбор</name></handlers>
<searchStringAddition><name>Поиск</name><id>3</id><contextMenu><name>М</name><id>4</id></contextMenu>\
</searchStringAddition>
<items xsi:type='form:FormField'><name>Автор</name><id>5</id>\
<dataPath xsi:type='form:DataPath'><segments>~Список.Author</segments></dataPath><type>LabelField</type></items>
<items xsi:type='form:FormField'><name>Лист</name><id>6</id>\
<dataPath xsi:type='form:DataPath'><segments>Строки[0].Лист</segments></dataPath>\
<type>SpreadsheetDocumentField</type></items>
</items>
<items xsi:type='form:Decoration'><name>Надпись</name><id>7</id>\
<title><key>ru</key><value>Вход &amp; выход</value></title><title><key>en</key><value>In &amp; out</value></title>\
<extendedTooltip><name>П</name><id>8</id><type>Label</type><extInfo xsi:type='form:LabelDecorationExtInfo'>\
<handlers><event>URLProcessing</event><name>Ссылка</name></handlers></extInfo></extendedTooltip>\
<type>Label</type></items>
<autoCommandBar><name>Панель</name><id>-1</id><items xsi:type='form:Button'><name>Закрыть</name><id>1</id>\
<commandName>Form.StandardCommand.Close</commandName></items></autoCommandBar>
<handlers><event>OnOpen</event><name> ПриОткрытии </name></handlers><handlers><event>OnClose</event></handlers>
<attributes><name>Список</name><valueType><types>DynamicList</types></valueType><main>true</main>
<extInfo xsi:type='form:DynamicListExtInfo'><queryText>ВЫБРАТЬ А ИЗ Т ГДЕ А = &amp;П</queryText>\
<mainTable>Catalog.Т</mainTable><customQuery>true</customQuery></extInfo></attributes>
<attributes><name>Старый</name><valueType><types>DynamicList</types></valueType>
<extInfo xsi:type='form:DynamicListExtInfo'><queryText>ВЫБРАТЬ 1</queryText></extInfo></attributes>
<attributes><name>Выбор</name><valueType><types>ValueList</types></valueType>
<extInfo xsi:type='form:ValueListExtInfo'><itemValueType><types>String</types></itemValueType></extInfo></attributes>
<formCommands><name>Выполнить</name><action xsi:type='form:FormCommandHandlerContainer'><handler>\
<name>Выполнить</name></handler></action></formCommands><formCommands><name>Пусто</name></formCommands>
</form:Form>";

#[test]
fn lost_paths_are_marked() {
    for (text, layout) in [(DESIGNER, Layout::Designer), (EDT, Layout::Edt)] {
        let form = parse(text, layout);
        let lost: Vec<_> =
            form.elements.iter().filter(|it| it.is_data_path_lost).map(|it| &it.name).collect();
        assert_eq!(lost, ["Автор"]);
    }
}

#[test]
fn the_designer_form_is_read() {
    check(
        DESIGNER,
        Layout::Designer,
        &expect![[r#"
        AutoCommandBar Панель in the form [] path `` command ``
        Button Закрыть in Панель [] path `` command `Form.StandardCommand.Close`
        Table Список in the form [] path `Список` command `` [Selection → СписокВыбор]
        SearchStringAddition Поиск in Список [] path `` command ``
        LabelField Автор in Список [] path `Список.Author` command ``
        SpreadSheetDocumentField Лист in Список [] path `Строки.Лист` command ``
        LabelDecoration Надпись in the form [("ru", "Вход & выход"), ("en", "In & out")] path `` command ``
        ExtendedTooltip П in Надпись [] path `` command `` [URLProcessing → Ссылка]
        attribute Список [Platform("DynamicList")] of [] `Catalog.Т` "ВЫБРАТЬ А ИЗ Т ГДЕ А = &П"
        attribute Старый [Platform("DynamicList")] of [] `` ""
        attribute Выбор [Platform("ValueList")] of [String] `` ""
        command Выполнить [Action → Выполнить]
        command Пусто
        form [OnOpen → ПриОткрытии]
    "#]],
    );
}

#[test]
fn the_edt_form_is_the_same() {
    let (designer, edt) = (parse(DESIGNER, Layout::Designer), parse(EDT, Layout::Edt));
    check_equal(&comparable(&designer), &comparable(&edt), "small form");
    let path = edt.elements.iter().find(|element| element.name == "Лист").map(|it| it.data_path_range);
    assert_eq!(path.map(|range| range.slice(EDT)), Some("Строки[0].Лист"));
}

#[test]
fn edt_leaves_out_default_kinds() {
    let text = "<form:Form xmlns:xsi='x' xmlns:form='f'>\
        <items xsi:type='form:FormGroup'><name>A</name></items><items xsi:type='form:Decoration'><name>B</name></items>\
        <items xsi:type='form:Addition'><name>C</name></items>\
        <items xsi:type='form:FormField'><name>D</name><extInfo xsi:type='form:InputFieldExtInfo'/></items>\
        <items xsi:type='form:FormField'><name>E</name></items><items><name>F</name></items></form:Form>";
    let form = parse(text, Layout::Edt);
    let kinds: Vec<_> = form.elements.iter().map(|element| element.kind.as_str()).collect();
    assert_eq!(
        kinds,
        ["ButtonGroup", "PictureDecoration", "SearchStringAddition", "InputField", "Field", ""]
    );
}

#[test]
fn columns_of_tables_inside_an_attribute_are_kept_apart() {
    let designer = "<Form xmlns:v8='v' xmlns:xs='http://www.w3.org/2001/XMLSchema'><Attributes>\
        <Attribute name='Таблица' id='1'><Columns><Column name='А' id='1'><Type><v8:Type>xs:string</v8:Type></Type></Column>\
        <AdditionalColumns table='Таблица.Строки'><Column name='Б' id='2'/></AdditionalColumns></Columns></Attribute>\
        </Attributes></Form>";
    let edt = "<Form><attributes><name>Таблица</name><columns><name>А</name><valueType><types>String</types></valueType>\
        </columns><additionalColumns><tablePath><segments>Таблица.Строки</segments></tablePath>\
        <columns><name>Б</name></columns></additionalColumns></attributes></Form>";
    let attributes = [parse(designer, Layout::Designer), parse(edt, Layout::Edt)].map(|form| {
        let attribute = form.attributes.into_iter().next().expect("invariant: there is one attribute");
        (attribute.columns, attribute.additional_columns)
    });
    assert_eq!(attributes[0], attributes[1]);
    let (columns, additional) = &attributes[0];
    assert_eq!(columns.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["А"]);
    assert_eq!(additional.iter().map(|it| it.table.as_str()).collect::<Vec<_>>(), ["Таблица.Строки"]);
}

#[test]
fn a_broken_form_gives_what_stands_before_the_break() {
    for (text, layout) in [(DESIGNER, Layout::Designer), (EDT, Layout::Edt)] {
        let complete = parse(text, layout).elements.len();
        for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
            let (form, _) = parse_form(text.as_bytes()[..end].to_vec(), Path::new("Form"), layout);
            assert!(form.elements.len() <= complete);
            let parents =
                form.elements.iter().enumerate().filter_map(|(at, it)| Some((at, it.parent? as usize)));
            assert!(parents.into_iter().all(|(at, parent)| parent < at));
        }
    }
}

#[test]
fn a_file_of_something_else_is_a_problem() {
    let (form, problems) = parse_form(b"<document/>".to_vec(), Path::new("Form.xml"), Layout::Designer);
    assert!(form.elements.is_empty());
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].message, "the file holds `document` instead of a form");
}
