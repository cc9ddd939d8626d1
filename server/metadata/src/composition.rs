//! Data composition schemas: templates that hold queries. The Designer's `Template.xml` and EDT's `Template.dcs`
//! are the same format. Only the queries of the data sets are read.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::embedded::EmbeddedText;
use crate::model::{Layout, Problem};
use crate::xml::{Element, XmlFile};

/// Name of the root element, which stands near the beginning of the file.
const ROOT: &str = "DataCompositionSchema";
const HEAD_LENGTH: usize = 1024;

/// A data set that is filled by a query.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataSetQuery {
    pub name: SmolStr,
    pub query: EmbeddedText,
}

/// Queries of a schema in the order of the file, those of unions and nested schemas among them. Templates of other
/// kinds (spreadsheets may be large) have none and are not read.
pub fn read_composition_queries(bytes: Vec<u8>, path: &Path) -> (Vec<DataSetQuery>, Vec<Problem>) {
    if !is_composition_schema(&bytes) {
        return (Vec::new(), Vec::new());
    }
    let (file, problems) = XmlFile::read(bytes, path);
    let elements = file.root().into_iter().flat_map(Element::descendants);
    let queries = elements.filter(|element| element.name() == "query").filter_map(|query| {
        let set = query.parent().filter(|it| matches!(it.name(), "dataSet" | "item"))?;
        Some(DataSetQuery { name: set.child_text("name").into(), query: EmbeddedText::of(query)? })
    });
    (queries.collect(), problems)
}

/// Where the content of a template in `folder` (`…/Templates/<name>`, `CommonTemplates/<name>`) is stored if it is a
/// schema. In the Designer layout other kinds of templates have that name, too.
pub fn composition_path(folder: &Path, layout: Layout) -> PathBuf {
    match layout {
        Layout::Designer => folder.join("Ext/Template.xml"),
        Layout::Edt => folder.join("Template.dcs"),
    }
}

/// True if a template's file begins like a schema.
pub fn is_composition_schema(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(HEAD_LENGTH)];
    head.windows(ROOT.len()).any(|window| window == ROOT.as_bytes())
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    const TEXT: &str = "\u{feff}<?xml version=\"1.0\"?>\r\n<DataCompositionSchema \
        xmlns=\"http://v8.1c.ru/8.1/data-composition-system/schema\" \
        xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\
        <dataSource><name>Local</name></dataSource>\
        <dataSet xsi:type=\"DataSetQuery\"><name>Продажи</name><field><field>Товар</field></field>\
        <query>ВЫБРАТЬ Товар\r\nИЗ Продажи ГДЕ Дата &gt; &amp;Начало</query></dataSet>\
        <dataSet xsi:type=\"DataSetUnion\"><name>Все</name>\
        <item xsi:type=\"DataSetQuery\"><name>Part</name><query>SELECT 1</query></item>\
        <item xsi:type=\"DataSetObject\"><name>Таблица</name><objectName>Т</objectName></item></dataSet>\
        <nestedSchema><schema><dataSet xsi:type=\"DataSetQuery\"><name>Вложенный</name><query/></dataSet>\
        </schema></nestedSchema></DataCompositionSchema>";

    #[test]
    fn data_sets_have_their_queries() {
        let (queries, problems) =
            read_composition_queries(TEXT.as_bytes().to_vec(), Path::new("Template.xml"));
        assert_eq!(problems, []);
        let text = TEXT.trim_start_matches('\u{feff}');
        let lines = queries
            .iter()
            .map(|it| format!("{}: {:?} at {:?}\n", it.name, it.query.text, it.query.range.slice(text)));
        expect![[r#"
            Продажи: "ВЫБРАТЬ Товар\nИЗ Продажи ГДЕ Дата > &Начало" at "ВЫБРАТЬ Товар\r\nИЗ Продажи ГДЕ Дата &gt; &amp;Начало"
            Part: "SELECT 1" at "SELECT 1"
        "#]]
        .assert_eq(&lines.collect::<String>());
    }

    #[test]
    fn other_templates_are_not_read() {
        let sheet = b"<?xml version='1.0'?><document><query>SELECT 1</query>".to_vec();
        assert_eq!(read_composition_queries(sheet, Path::new("Template.xml")), (Vec::new(), Vec::new()));
        assert_eq!(read_composition_queries(Vec::new(), Path::new("Template.xml")), (Vec::new(), Vec::new()));
    }

    #[test]
    fn a_broken_schema_gives_what_stands_before_the_break() {
        for end in (0..TEXT.len()).filter(|end| TEXT.is_char_boundary(*end)) {
            let (queries, _) =
                read_composition_queries(TEXT.as_bytes()[..end].to_vec(), Path::new("Template.xml"));
            assert!(queries.len() <= 2);
        }
    }
}
