//! Comments that switch rules off.

use lints::{Mode, ModuleInfo, Options, RuleSet, RuleSetting, check_text};

/// Lines, counted from one, on which an empty block is reported.
#[track_caller]
fn check(text: &str, expected: &[usize]) {
    let parameters = [("EmptyCodeBlock".to_owned(), RuleSetting::Enabled(true))].into();
    let (rules, _) = RuleSet::new(&Options { mode: Mode::Only, parameters, ..Options::default() });
    let lines: Vec<_> = check_text(text, &rules, &ModuleInfo::default())
        .iter()
        .map(|finding| text[..finding.range.start as usize].matches('\n').count() + 1)
        .collect();
    assert_eq!(lines, expected, "{text}");
}

const BLOCK: &str = "Если А Тогда КонецЕсли;";

#[test]
fn a_trailing_comment_covers_its_line() {
    check(&format!("{BLOCK} // BSLLS-off\n{BLOCK}\n"), &[2]);
    check(&format!("{BLOCK} // почему: bslls:EmptyCodeBlock-выкл\n{BLOCK}\n"), &[2]);
    check(&format!("{BLOCK} // BSLLS:LineLength-off\n"), &[1]);
}

#[test]
fn a_comment_of_its_own_opens_a_range() {
    check(&format!("{BLOCK}\n// BSLLS-off\n{BLOCK}\n// BSLLS-on\n{BLOCK}\n"), &[1, 5]);
    check(&format!("// BSLLS:EmptyCodeBlock-off\n{BLOCK}\n// BSLLS:LineLength-on\n{BLOCK}\n"), &[]);
    check(&format!("// BSLLS-ВЫКЛ\n{BLOCK}\n// BSLLS-ВКЛ\n{BLOCK}\n"), &[4]);
}

#[test]
fn ranges_reach_over_methods_and_nest() {
    let method = format!("Процедура А()\n{BLOCK}\nКонецПроцедуры\n");
    check(
        &format!("// BSLLS:EmptyCodeBlock-off\n{method}{method}// BSLLS:EmptyCodeBlock-on\n{method}"),
        &[10],
    );
    let off = "// BSLLS:EmptyCodeBlock-off\n";
    let on = "// BSLLS:EmptyCodeBlock-on\n";
    check(&format!("{off}{off}{BLOCK}\n{on}{BLOCK}\n{on}{BLOCK}\n"), &[7]);
}

#[test]
fn keys_are_exact_and_words_are_not() {
    check(&format!("{BLOCK} // BSLLS:emptycodeblock-off\n"), &[1]);
    check(&format!("{BLOCK} // BSLLS\n{BLOCK} // BSLLS:\n{BLOCK} // BSLLS:EmptyCodeBlock\n"), &[1, 2, 3]);
}

#[test]
fn vendor_code_of_a_controlled_method_is_left_alone() {
    let text = format!(
        "&ИзменениеИКонтроль(\"А\")\nПроцедура Доп_А()\n{BLOCK}\n#Вставка\n{BLOCK}\n#КонецВставки\n{BLOCK}\nКонецПроцедуры\n{BLOCK}\n"
    );
    check(&text, &[5, 9]);
}
