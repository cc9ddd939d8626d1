//! Typing appends, anchors stay, budgets hold.

use super::{Order, Prompt, PromptBuilder, PromptFormat, Typed};
use crate::tokenizer::fixture::{self, MODULE};
use crate::{Context, Snippet, SnippetKind, Tokenizer};

fn context(prefix: &str, suffix: &str) -> Context {
    Context { prefix: prefix.into(), suffix: suffix.into(), ..Context::default() }
}

fn common(left: &[u32], right: &[u32]) -> usize {
    left.iter().zip(right).take_while(|(left, right)| left == right).count()
}

/// Types a text at a place and returns how many tokens were new in each prompt.
fn typing(
    tokenizer: &Tokenizer,
    format: &PromptFormat,
    prefix: &str,
    typed: &str,
    suffix: &str,
) -> Vec<usize> {
    let mut builder = PromptBuilder::default();
    let mut last: Option<Prompt> = None;
    let mut new = Vec::new();
    for end in (0..=typed.len()).filter(|end| typed.is_char_boundary(*end)) {
        let prompt =
            builder.build(tokenizer, format, &context(&format!("{prefix}{}", &typed[..end]), suffix));
        assert!(prompt.tokens.len() + format.reserve <= format.window, "{} tokens", prompt.tokens.len());
        if let Some(last) = &last {
            new.push(prompt.tokens.len() - common(&last.tokens, &prompt.tokens));
        }
        last = Some(prompt);
    }
    new
}

fn split() -> (&'static str, &'static str) {
    MODULE.split_at(MODULE.find("\n\tЗапрос.УстановитьПараметр").expect("the fixture has it"))
}

#[test]
fn typing_appends_a_few_tokens() {
    let tokenizer = fixture::own();
    let format = PromptFormat::of(&tokenizer);
    assert_eq!(format.order, Order::SuffixFirst);
    let (prefix, suffix) = split();
    let new =
        typing(&tokenizer, &format, prefix, "\n\tДанныеHTTP = Новый Структура(\"Имя, Дата_1\", 12);", suffix);
    assert!(new.iter().all(|count| *count <= 8), "{new:?}");
    assert!(new.iter().sum::<usize>() < new.len() * 2, "{new:?}");
}

#[test]
fn typing_appends_for_prefix_first_models_too() {
    let tokenizer = Tokenizer::from_json(&fixture::foreign_json()).expect("the fixture is valid");
    let format = PromptFormat::of(&tokenizer);
    assert_eq!(format.order, Order::PrefixFirst);
    let (prefix, suffix) = split();
    let new =
        typing(&tokenizer, &format, &format!("{prefix}\n"), "\t\tЕсли Истина Тогда // проверка", suffix);
    assert!(new.iter().all(|count| *count <= 8), "{new:?}");
}

#[test]
fn parts_stand_in_the_order_of_the_model() {
    let tokenizer = fixture::own();
    let mut builder = PromptBuilder::default();
    let place = context("А = 1;\r\nБ = ", ";  \r\nВ = 3;");
    let prompt = builder.build(&tokenizer, &PromptFormat::of(&tokenizer), &place);
    let (suffix, middle) = (tokenizer.special("fim_suffix"), tokenizer.special("fim_middle"));
    assert_eq!(prompt.tokens.first().copied(), suffix);
    let at = prompt.tokens.iter().position(|token| Some(*token) == middle).expect("the marker is there");
    assert_eq!(tokenizer.decode(&prompt.tokens[1..at]), ";\nВ = 3;");
    assert_eq!(tokenizer.decode(&prompt.tokens[at + 1..]), "А = 1;\nБ =");
    assert_eq!(prompt.typed, Typed { text: " ".into(), word: 1, ..Typed::default() });

    let tokenizer = Tokenizer::from_json(&fixture::foreign_json()).expect("the fixture is valid");
    let prompt =
        PromptBuilder::default().build(&tokenizer, &PromptFormat::of(&tokenizer), &context("А;\n\t", "\nБ;"));
    let text: Vec<String> = prompt
        .tokens
        .split_inclusive(|token| tokenizer.is_special(*token))
        .map(|part| format!("{}<{}>", tokenizer.decode(part), part.last().copied().unwrap_or_default()))
        .collect();
    assert_eq!(text.concat(), "<1>А;\n<3>\nБ;<2>");
    assert_eq!(prompt.typed, Typed { text: "\t".into(), word: 1, ..Typed::default() });
}

#[test]
fn the_last_word_is_left_out() {
    let typed = |line: &str, own| {
        let typed = Typed::of(line, own);
        format!("{}{}|{}", typed.kept, &typed.text[..typed.word], &typed.text[typed.word..])
    };
    for (line, ours, foreign) in [
        ("", "|", "|"),
        ("\tСооб", "|Сооб", "\t|Сооб"),
        ("А = Новый", " |Новый", " |Новый"),
        ("А = ", " |", " |"),
        ("\t ", "|", " |"),
        ("А  Б", "|Б", " |Б"),
        ("Объект.Имя_1", "Имя_|1", ".|Имя_1"),
        ("А = ПолучитьДан", "Получить|Дан", " |ПолучитьДан"),
        ("получитьДан", "|получитьДан", "|получитьДан"),
        ("HTTPСоед", "HTTP|Соед", "|HTTPСоед"),
        ("Сообщить(\"", "(\"|", "(\"|"),
        ("/////", "/|", "/////|"),
        ("А = 12", "|12", " |12"),
    ] {
        assert_eq!(typed(line, true), ours, "{line:?}");
        assert_eq!(typed(line, false), foreign, "{line:?}");
    }
    assert_eq!(typed(&"я".repeat(200), true), "|");
}

#[test]
fn the_anchor_moves_seldom() {
    let tokenizer = fixture::own();
    let format = PromptFormat::of(&tokenizer).with_window(256);
    let mut builder = PromptBuilder::default();
    let mut jumps = 0;
    let mut last: Vec<u32> = Vec::new();
    let lines = (0..60).map(|number| format!("\tСтрока{number} = Выборка.Номенклатура;\n"));
    let mut text = String::from("Процедура А()\n");
    for line in lines {
        text.push_str(&line);
        let prompt = builder.build(&tokenizer, &format, &context(&text, "\nКонецПроцедуры"));
        assert!(prompt.tokens.len() + format.reserve <= format.window);
        let kept = common(&last, &prompt.tokens);
        if kept + 8 < last.len() {
            jumps += 1;
        }
        last = prompt.tokens;
    }
    assert!(jumps <= 12, "{jumps}");
}

#[test]
fn text_inserted_above_keeps_the_anchor() {
    let tokenizer = fixture::own();
    let format = PromptFormat::of(&tokenizer).with_window(256);
    let (prefix, suffix) = split();
    let mut builder = PromptBuilder::default();
    let before = builder.build(&tokenizer, &format, &context(prefix, suffix));
    let after = builder.build(&tokenizer, &format, &context(&format!("// Новая строка\n{prefix}"), suffix));
    assert_eq!(before, after);
}

#[test]
fn brackets_of_editors_do_not_change_the_suffix() {
    let tokenizer = fixture::own();
    let format = PromptFormat::of(&tokenizer);
    let mut builder = PromptBuilder::default();
    let before = builder.build(&tokenizer, &format, &context("Сообщить", "\nКонецПроцедуры"));
    let after = builder.build(&tokenizer, &format, &context("Сообщить(\"", "\")\nКонецПроцедуры"));
    let middle = tokenizer.special("fim_middle");
    let suffix = |prompt: &Prompt| prompt.tokens.iter().take_while(|token| Some(**token) != middle).count();
    assert_eq!(suffix(&before), suffix(&after));
    let other = builder.build(&tokenizer, &format, &context("Сообщить(\"", "\" + Имя)\nКонецПроцедуры"));
    assert_ne!(suffix(&before), suffix(&other));
}

#[test]
fn snippets_fit_or_are_left_out() {
    let tokenizer = fixture::own();
    let mut format = PromptFormat::of(&tokenizer);
    let mut place = context("А = Цена", "");
    let snippet = |text: &str| Snippet { kind: SnippetKind::Signature, text: text.into() };
    place.snippets = vec![snippet("ЦенаНоменклатуры(Номенклатура, Дата)"), snippet(&"Долго ".repeat(300))];
    let without = PromptBuilder::default().build(&tokenizer, &format, &place);
    format.snippet_tokens = 100;
    let with = PromptBuilder::default().build(&tokenizer, &format, &place);
    assert!(!tokenizer.decode(&without.tokens).contains("Номенклатура"));
    let text = tokenizer.decode(&with.tokens);
    assert!(text.starts_with("// ЦенаНоменклатуры(Номенклатура, Дата)\nА ="), "{text}");
}

#[test]
fn any_text_has_a_prompt() {
    let tokenizer = fixture::own();
    let format = PromptFormat::of(&tokenizer).with_window(64);
    let mut builder = PromptBuilder::default();
    let long = "слово ".repeat(2000);
    for prefix in ["", "\n", "\r\n", " ", "\t", long.as_str(), "👍\n\n\n", "я\u{301}"] {
        for suffix in ["", "\n", long.as_str(), ")\r\n"] {
            let prompt = builder.build(&tokenizer, &format, &context(prefix, suffix));
            assert!(!prompt.tokens.is_empty());
            assert!(prompt.tokens.len() <= format.window, "{} {prefix:?}", prompt.tokens.len());
            assert!(prefix.ends_with(&prompt.typed.text));
        }
    }
}
