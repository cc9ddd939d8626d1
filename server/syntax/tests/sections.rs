//! Sections cover the module and change only where the text changes.

use syntax::{Change, Document, Position, PositionEncoding, parse_text, sections_of_text};

const MODULE: &str = "// заголовок\nПерем А;\n\n// Первая\nПроцедура Раз() // x\n\tА = 1;\nКонецПроцедуры // Раз\n\n#Область Б\n\
    Функция Два()\n\tВозврат 2;\nКонецФункции Процедура Три() КонецПроцедуры\n#КонецОбласти\nРаз();\n";

fn texts(text: &str) -> Vec<&str> {
    sections_of_text(&parse_text(text), text).iter().map(|section| section.range.slice(text)).collect()
}

#[test]
fn a_section_ends_with_the_line_of_its_method() {
    assert_eq!(
        texts(MODULE),
        [
            "// заголовок\nПерем А;\n\n// Первая\nПроцедура Раз() // x\n\tА = 1;\nКонецПроцедуры // Раз\n",
            "\n#Область Б\nФункция Два()\n\tВозврат 2;\nКонецФункции Процедура Три() КонецПроцедуры\n",
            "#КонецОбласти\nРаз();\n",
        ]
    );
    assert_eq!(texts(""), [""]);
    assert_eq!(texts("Процедура А() КонецПроцедуры"), ["Процедура А() КонецПроцедуры"]);
}

#[test]
fn documents_and_texts_are_cut_alike() {
    let document = Document::new(MODULE);
    let ranges = |sections: Vec<syntax::Section>| {
        sections.into_iter().map(|section| section.range).collect::<Vec<_>>()
    };
    assert_eq!(ranges(document.sections().to_vec()), ranges(sections_of_text(&parse_text(MODULE), MODULE)));
}

#[test]
fn an_edit_changes_the_digest_of_one_section() {
    let mut document = Document::new(MODULE);
    let before = document.sections().to_vec();
    let at = Position::new(5, 5);
    let change = Change { range: Some((at, at)), text: "2".to_owned() };
    document.apply(&[change], PositionEncoding::Utf16).expect("invariant: the line exists");
    let after = document.sections().to_vec();
    assert_ne!(before[0].digest, after[0].digest);
    assert_eq!(before[1].digest, after[1].digest);
    assert_eq!(before[2].digest, after[2].digest);
    assert_eq!(after[1].range, before[1].range.shifted(1));
}
