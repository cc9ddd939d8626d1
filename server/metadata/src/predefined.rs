//! Predefined items of catalogs and charts: a file of its own in the Designer layout, a part of the object in EDT's.

use std::path::Path;

use crate::model::{PredefinedItem, Problem};
use crate::xml::{Element, XmlFile};

/// Reads the Designer's `Ext/Predefined.xml`; nested items follow their parents.
pub fn read_predefined(bytes: Vec<u8>, path: &Path) -> (Vec<PredefinedItem>, Vec<Problem>) {
    let (file, problems) = XmlFile::read(bytes, path);
    let mut items = Vec::new();
    if let Some(root) = file.root() {
        add_items(root, &mut items);
    }
    (items, problems)
}

/// Reads the element `predefined` of an EDT object; nested items follow their parents.
pub fn predefined_of_edt(predefined: Element<'_>) -> Vec<PredefinedItem> {
    let mut items = Vec::new();
    add_items(predefined, &mut items);
    items
}

/// The layouts differ in the case of names and in how they call a list of children. Recursion is bounded by the
/// depth of XML that is read.
fn add_items(list: Element<'_>, items: &mut Vec<PredefinedItem>) {
    for child in list.children() {
        match child.name() {
            "Item" | "items" | "content" | "childItems" => {}
            // An account may hold its extra dimensions before its children: only this list has items.
            _ => continue,
        }
        let mut item = PredefinedItem::default();
        let mut children = None;
        for property in child.children() {
            match property.name() {
                "Name" | "name" => item.name = property.trimmed().into(),
                "Description" | "description" => item.description = property.text().into(),
                "IsFolder" | "isFolder" => item.is_folder = property.is_true(),
                "ChildItems" => children = Some(property),
                _ => {}
            }
        }
        if item.name.is_empty() {
            continue;
        }
        items.push(item);
        add_items(children.unwrap_or(child), items);
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    #[track_caller]
    fn check(items: &[PredefinedItem], expected: &Expect) {
        let lines = items.iter().map(|item| {
            let mark = if item.is_folder { " folder" } else { "" };
            format!("{} `{}`{mark}\n", item.name, item.description)
        });
        expected.assert_eq(&lines.collect::<String>());
    }

    const EXPECTED: Expect = expect![[r#"
        Группа `Общая группа` folder
        Основной `Основной & главный`
        Запасной ``
        Spare `Spare item`
    "#]];

    #[test]
    fn nested_items_of_the_designer_follow_their_parents() {
        let text = "\u{feff}<PredefinedData xmlns='http://v8.1c.ru/8.3/xcf/predef'>\r\n\
            <Item id='1'><Name>Группа</Name><Description>Общая группа</Description><IsFolder>true</IsFolder>\
            <ChildItems><Item id='2'><Name>Основной</Name><Code>1</Code><Description>Основной &amp; главный\
            </Description></Item><Item id='3'><Name>Запасной</Name></Item></ChildItems></Item>\
            <Item id='4'><Name>Spare</Name><Description>Spare item</Description></Item></PredefinedData>";
        let (items, problems) = read_predefined(text.as_bytes().to_vec(), Path::new("Predefined.xml"));
        assert_eq!(problems, []);
        check(&items, &EXPECTED);
    }

    #[test]
    fn nested_items_of_edt_follow_their_parents() {
        let text = "<predefined><items id='1'><name>Группа</name><description>Общая группа</description>\
            <isFolder>true</isFolder><content id='2'><name>Основной</name><description>Основной &amp; главный\
            </description><code/></content><content id='3'><name>Запасной</name></content></items>\
            <items id='4'><name>Spare</name><description>Spare item</description></items></predefined>";
        let (file, _) = XmlFile::parse(text.to_owned());
        check(&file.root().map(predefined_of_edt).unwrap_or_default(), &EXPECTED);
    }

    #[test]
    fn a_broken_file_gives_what_stands_before_the_break() {
        let text = "<PredefinedData><Item><Name>Один</Name></Item><Item><Name>Два</Na";
        let (items, problems) = read_predefined(text.as_bytes().to_vec(), Path::new("Predefined.xml"));
        assert_eq!(items.first().map(|item| item.name.as_str()), Some("Один"));
        assert_eq!(problems.len(), 1);
    }
}
