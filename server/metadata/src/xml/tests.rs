//! What the reader makes of good, odd and broken files.

use std::path::Path;

use super::*;

fn read(text: &str) -> (XmlFile, Vec<Problem>) {
    XmlFile::read(text.as_bytes().to_vec(), Path::new("a.xml"))
}

#[track_caller]
fn problem(text: &str) -> (u32, String) {
    let (_, problems) = read(text);
    assert_eq!(problems.len(), 1, "{problems:?}");
    (problems[0].line.expect("invariant: the text was decoded"), problems[0].message.clone())
}

#[test]
fn elements_know_namespaces_texts_and_places() {
    let text = "\u{feff}<?xml version=\"1.0\"?>\r\n<A xmlns=\"urn:a\" xmlns:b='urn:b' b:kind=\"b:X\">\r\n\t<b:C>Один &amp; два</b:C><D/>\r\n</A>";
    let (file, problems) = read(text);
    assert_eq!(problems, []);
    let root = file.root().expect("invariant: there is a root");
    assert_eq!((root.name(), root.namespace(), &*root.text()), ("A", "urn:a", ""));
    assert_eq!(root.attribute_of("urn:b", "kind").as_deref(), Some("b:X"));
    assert_eq!(root.qualified("b:X"), ("urn:b", "X"));
    let child = root.child("C").expect("invariant: there is a child");
    assert_eq!((child.namespace(), &*child.text(), child.line()), ("urn:b", "Один & два", 2));
    assert_eq!(child.text_range().slice(file.text()), "Один &amp; два");
    assert_eq!(root.children().map(Element::name).collect::<Vec<_>>(), ["C", "D"]);
    assert_eq!(child.parent().map(Element::name), Some("A"));
}

#[test]
fn prefixes_are_resolved_where_they_stand() {
    let text = "<a xmlns:x='urn:1'><b><c xmlns:x='urn:2' xmlns='urn:3'><x:d/></c><x:e/></b></a>";
    let (file, _) = read(text);
    let names: Vec<_> = file
        .root()
        .into_iter()
        .flat_map(Element::descendants)
        .map(|element| (element.name(), element.namespace(), element.resolve("x")))
        .collect();
    let expected =
        [("b", "", "urn:1"), ("c", "urn:3", "urn:2"), ("d", "urn:2", "urn:2"), ("e", "urn:1", "urn:1")];
    assert_eq!(names, expected);
}

#[test]
fn data_sections_comments_and_line_ends_read_as_text() {
    let (file, _) = read("<a>x &lt;<!-- no --><![CDATA[ & <b> ]]>\r\n&#x41;&#66;&unknown;</a>");
    let root = file.root().expect("invariant: there is a root");
    assert_eq!(root.text(), "x < & <b> \nAB&unknown;");
    assert!(!root.is_plain());
}

#[test]
fn utf16_is_read() {
    let text = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><Имя>Да</Имя>";
    let bytes = [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let (file, problems) = XmlFile::read(bytes, Path::new("a.xml"));
    assert_eq!(problems, []);
    assert_eq!(
        file.root().map(|root| (root.name().to_owned(), root.text().into_owned())),
        Some(("Имя".into(), "Да".into()))
    );
}

#[test]
fn what_stands_before_an_error_is_kept() {
    let text = "<a>\n<b>1</b>\n<c>2";
    assert_eq!(problem(text), (2, "the file ends inside element c".to_owned()));
    let (file, _) = read(text);
    let texts: Vec<_> =
        file.root().into_iter().flat_map(Element::children).map(|child| child.text()).collect();
    assert_eq!(texts, ["1", "2"]);
    assert_eq!(problem("<a>\n<b></c>\n</a>").0, 1);
    assert_eq!(problem("<a>\n<b attr=\"").0, 1);
    assert_eq!(problem("").1, "the file has no root element");
    assert_eq!(problem("text").1, "the file has no root element");
    assert_eq!(problem("<a/>\n<b/>"), (1, "there is something after the root element".to_owned()));
}

#[test]
fn every_prefix_of_a_file_is_read_without_panic() {
    let text = "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x 'y'>]><a б='в' xmlns:г=\"д\"><![CDATA[е]]>&amp;<!--ё--><ж:з и = к л/></a>";
    for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
        let (file, _) = read(&text[..end]);
        for element in file.root().into_iter().flat_map(Element::descendants) {
            let _ = (element.text(), element.attribute("б"), element.namespace(), element.text_range());
        }
    }
}

#[test]
fn bottomless_nesting_is_cut() {
    let text = "<a>".repeat(100_000) + &"</a>".repeat(100_000);
    let (file, problems) = read(&text);
    assert_eq!(problems[0].message, "elements nest deeper than 256 levels");
    assert_eq!(file.root().map(|root| root.descendants().count()), Some(MAX_DEPTH - 1));
}

#[test]
fn binary_files_are_a_problem() {
    let (file, problems) = XmlFile::read(vec![1, 0, 2], Path::new("a.xml"));
    assert!(file.root().is_none());
    assert_eq!(problems[0].line, None);
}
