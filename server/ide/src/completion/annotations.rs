//! Inside `&Вместо("…")`: methods of the extended module, with the method that changes them written below.

use base::TextRange;
use semantics::Method;
use syntax::TokenKind;

use crate::completion::asked::Asked;
use crate::completion::candidates::{Candidates, Fit, Tier};
use crate::completion::item::{CompletionItem, CompletionKind};
use crate::completion::names::without_places;
use crate::completion::texts::{escaped, method_signature};

/// Bytes behind the cursor in which a method that is there already has to start.
const LOOK_AHEAD: u32 = 400;

/// Ways to change a method.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    Before,
    After,
    Around,
    Copy,
}

/// True if the literal is the argument of an annotation.
pub(crate) fn offer(asked: &Asked<'_>, literal: TextRange, candidates: &mut Candidates) -> bool {
    let section = &asked.position.section;
    let source = section.source();
    let start = literal.start.saturating_sub(section.range.start);
    let tokens = source.tree.tokens();
    let count = tokens.partition_point(|token| token.start < start);
    let mut before = tokens[..count].iter().rev().filter(|token| !token.kind.is_trivia());
    let [open, name, sign] = [before.next(), before.next(), before.next()];
    let is_open = open.is_some_and(|token| token.kind == TokenKind::LeftParen);
    let is_annotation = sign.is_some_and(|token| token.kind == TokenKind::Ampersand);
    let Some(name) = name.filter(|_| is_open && is_annotation) else { return false };
    let Some(change) = change_of(source.token_text(name)) else { return true };
    methods(asked, change, literal, candidates);
    true
}

fn change_of(name: &str) -> Option<Change> {
    const NAMES: [(&str, &str, Change); 4] = [
        ("Перед", "Before", Change::Before),
        ("После", "After", Change::After),
        ("Вместо", "Around", Change::Around),
        ("ИзменениеИКонтроль", "ChangeAndValidate", Change::Copy),
    ];
    let is = |(ru, en, _): &&(&str, &str, Change)| base::same_name(ru, name) || base::same_name(en, name);
    NAMES.iter().find(is).map(|(_, _, change)| *change)
}

fn methods(asked: &Asked<'_>, change: Change, literal: TextRange, candidates: &mut Candidates) {
    let project = asked.of.project;
    let Some(base) = project.base_module(asked.of.module).and_then(|base| project.module(base)) else {
        return;
    };
    let own = project.module(asked.of.module);
    let changed: Vec<String> = own
        .into_iter()
        .flat_map(|own| own.methods())
        .flat_map(|(_, method)| method.annotations().map(|it| it.argument.to_string()).collect::<Vec<_>>())
        .collect();
    let range = replaced(asked, literal);
    for (index, method) in base.methods() {
        let is_possible = !method.is_function || matches!(change, Change::Around | Change::Copy);
        let is_changed = changed.iter().any(|name| base::same_name(name, &method.name))
            && !base::same_name(&method.name, &asked.position.prefix);
        if !is_possible || is_changed {
            continue;
        }
        let kind = if method.is_function { CompletionKind::Function } else { CompletionKind::Method };
        let mut item = CompletionItem::named(method.name.to_string(), kind);
        item.signature = method_signature(asked, method);
        item.definition = Some(semantics::Definition::Method { module: base.id, index });
        if let Some(range) = range {
            let code = code(asked, change, method, &item.signature);
            item.preview = without_places(&code);
            item.is_snippet = asked.options.snippets;
            item.text = if item.is_snippet { code } else { item.preview.clone() };
            item.range = Some(range);
        }
        candidates.ready(item, Tier::Expected, Fit::Unknown, index);
    }
}

/// From the word to the end of the line, if nothing else follows there; `None` if the method is there already.
fn replaced(asked: &Asked<'_>, literal: TextRange) -> Option<TextRange> {
    let document = asked.of.document;
    let word = asked.position.word;
    // The end may lie inside a letter.
    let ends = (0..4).map(|cut| document.len().min(word.end + LOOK_AHEAD).saturating_sub(cut).max(word.end));
    let rests = ends.map(|end| document.slice(TextRange { start: word.end, end }));
    let rest = rests.into_iter().find(|rest| !rest.is_empty()).unwrap_or_default();
    let line_end = rest.find(['\r', '\n']).unwrap_or(rest.len());
    let (line, below) = rest.split_at(line_end);
    if !line.trim().trim_matches(['"', ')']).is_empty() || word.start != literal.start + 1 {
        return None;
    }
    let starts = ["Процедура", "Функция", "Procedure", "Function", "&", "Асинх", "Async"];
    let follows = below.trim_start();
    let is_there = starts.iter().any(|word| {
        follows.split_at_checked(word.len()).is_some_and(|(start, _)| base::same_name(start, word))
    });
    let is_near = below.len() - follows.len() <= 4;
    if is_there && is_near {
        return None;
    }
    Some(TextRange { start: word.start, end: word.end + line_end as u32 })
}

/// `Метод")` and the method below.
fn code(asked: &Asked<'_>, change: Change, method: Method<'_>, signature: &str) -> String {
    let script = asked.position.script;
    let project = asked.of.project;
    let root = project.place(asked.of.module).and_then(|place| project.root(place.root?));
    let prefix = root.map_or("", |root| root.configuration().name_prefix.as_str());
    let (keyword, end) = match method.is_function {
        true => (script.pick("Функция", "Function"), script.pick("КонецФункции", "EndFunction")),
        false => (script.pick("Процедура", "Procedure"), script.pick("КонецПроцедуры", "EndProcedure")),
    };
    let names: Vec<&str> = method.parameters().map(|parameter| parameter.fact().name.as_str()).collect();
    let call = format!("{}({})", script.pick("ПродолжитьВызов", "ProceedWithCall"), names.join(", "));
    let body = match (change, method.is_function) {
        (Change::Around, true) => {
            let returned = script.pick("Возврат", "Return");
            let result = script.pick("Результат", "Result");
            format!("\t{result} = {};\n\t$0\n\t{returned} {result};", escaped(&call))
        }
        (Change::Around, false) => format!("\t{};\n\t$0", escaped(&call)),
        _ => "\t$0".to_owned(),
    };
    let head = escaped(&format!("{}\")\n{keyword} {prefix}{}{signature}", method.name, method.name));
    format!("{head}\n\n{body}\n\n{end}")
}
