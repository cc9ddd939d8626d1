//! Tests of the cache of completions: `¦` is the caret.

use super::*;
use crate::Place;
use resilience::VirtualClock;

fn cache() -> CompletionCache {
    CompletionCache::new(LayeredCache::new(1 << 20, Vec::new(), VirtualClock::new()), "tiny")
}

fn at(text: &str) -> Context {
    let (prefix, suffix) = text.split_once('¦').expect("a caret");
    Context {
        module: "М".to_owned(),
        prefix: prefix.to_owned(),
        suffix: suffix.to_owned(),
        ..Context::default()
    }
}

fn suggestion(text: &str, replaced: &str) -> Suggestion {
    Suggestion { text: text.to_owned(), replaced: replaced.len(), source: Source::Model, confidence: 0.5 }
}

/// The text that a look-up makes of the document, or what there is instead.
fn look(cache: &CompletionCache, text: &str, extent: Extent) -> String {
    let context = at(text);
    match cache.lookup(&context, extent).as_deref() {
        None => "miss".to_owned(),
        Some([]) => "nothing".to_owned(),
        Some([first, ..]) => {
            assert_eq!(first.source, Source::Cache);
            let kept = context.prefix.len() - first.replaced;
            format!("{}[{}]", &context.prefix[..kept], first.text)
        }
    }
}

#[test]
fn typing_along_a_suggestion_hits() {
    let cache = cache();
    let extent = Extent::Line;
    assert_eq!(look(&cache, "А = 1;\nСооб¦\n", extent), "miss");
    cache.store(&at("А = 1;\nСооб¦\n"), extent, &[suggestion("Сообщить(Текст);", "Сооб")]);
    for (typed, expected) in [
        ("Сооб", "[Сообщить(Текст);]"),
        ("Сообщ", "[Сообщить(Текст);]"),
        ("сООБЩИТЬ", "[Сообщить(Текст);]"),
        ("Сообщить(", "Сообщить([Текст);]"),
        ("сообщить(ТЕ", "сообщить([Текст);]"),
        ("Сообщить(Текст)", "Сообщить(Текст)[;]"),
        // Complete, left, or with less known than the engine knew.
        ("Сообщить(Текст);", "miss"),
        ("Сообщи(", "miss"),
        ("Соо", "miss"),
    ] {
        let expected = if expected == "miss" { expected.to_owned() } else { format!("А = 1;\n{expected}") };
        assert_eq!(look(&cache, &format!("А = 1;\n{typed}¦\n"), extent), expected, "{typed}");
        assert_eq!(look(&cache, &format!("А = 2;\n{typed}¦\n"), extent), "miss", "another text above");
        assert_eq!(look(&cache, &format!("А = 1;\n{typed}¦ + 1\n"), extent), "miss", "another text behind");
    }
    let stats = cache.stats();
    assert_eq!((stats.hits, stats.misses), (6, 3 + 1 + 2 * 9));
}

#[test]
fn engine_place_module_and_tags_keep_answers_apart() {
    let layers = LayeredCache::new(1 << 20, Vec::new(), VirtualClock::new());
    let (tiny, large) = (CompletionCache::new(layers.clone(), "tiny"), CompletionCache::new(layers, "large"));
    let context = at("¦\n");
    tiny.store(&context, Extent::Line, &[suggestion("Возврат;", "")]);
    assert!(tiny.lookup(&context, Extent::Line).is_some());
    assert!(large.lookup(&context, Extent::Line).is_none());
    assert!(tiny.lookup(&Context { place: Place::Query, ..context.clone() }, Extent::Line).is_none());
    assert!(tiny.lookup(&Context { module: "Н".to_owned(), ..context.clone() }, Extent::Line).is_none());
    large.store(&context, Extent::Line, &[suggestion("Возврат;", "")]);
    assert!(tiny.forget_engine() > 0);
    assert!(tiny.lookup(&context, Extent::Line).is_none());
    assert!(large.lookup(&context, Extent::Line).is_some());
    assert_eq!(large.forget_module("М"), 1);
    assert!(large.lookup(&context, Extent::Line).is_none());
}

#[test]
fn it_is_remembered_that_there_is_nothing() {
    let cache = cache();
    cache.store(&at("Если ¦"), Extent::Line, &[]);
    assert_eq!(look(&cache, "Если ¦", Extent::Line), "nothing");
    assert_eq!(look(&cache, "Если А¦", Extent::Line), "miss", "one letter may change everything");
    cache.store(&at("Если ¦"), Extent::Line, &[suggestion("А Тогда", "")]);
    assert_eq!(look(&cache, "Если ¦", Extent::Line), "Если [А Тогда]");
}

#[test]
fn the_answer_with_most_evidence_wins() {
    let cache = cache();
    cache.store(&at("¦"), Extent::Line, &[suggestion("Если Истина Тогда", "")]);
    cache.store(&at("Если ¦"), Extent::Line, &[suggestion("И", ""), suggestion("Истина И Ложь Тогда", "")]);
    assert_eq!(look(&cache, "Если Ист¦", Extent::Line), "Если [Истина И Ложь Тогда]");
    assert_eq!(look(&cache, "Если Истина Т¦", Extent::Line), "Если Истина [Тогда]");
    assert_eq!(look(&cache, "Ес¦", Extent::Line), "[Если Истина Тогда]");
}

#[test]
fn an_answer_of_several_lines_is_followed_over_them() {
    for line_end in ["\n", "\r\n"] {
        let cache = cache();
        let text = |text: &str| text.replace('\n', line_end);
        let extent = Extent::Lines(3);
        let whole = text("Если А Тогда\n\tБ();\nКонецЕсли;");
        cache.store(&at(&text("В();\n¦\n")), extent, &[suggestion(&whole, "")]);
        let see =
            |typed: &str, extent| look(&cache, &text(&format!("В();\n{typed}¦\n")), extent).replace('\r', "");
        assert_eq!(see("Если ", Extent::Line), "В();\nЕсли [А Тогда]");
        assert_eq!(see("Если ", extent), "В();\nЕсли [А Тогда\n\tБ();\nКонецЕсли;]");
        assert_eq!(see("Если А Тогда\n\t", Extent::Line), "В();\nЕсли А Тогда\n\t[Б();]");
        assert_eq!(see("если а тогда\n\tб();\nк", extent), "В();\nесли а тогда\n\tб();\n[КонецЕсли;]");
        assert_eq!(see("Если А Тогда", Extent::Line), "miss", "only a line end is left of this line");
        assert_eq!(see("Если А Тогда", extent), "В();\nЕсли А [Тогда\n\tБ();\nКонецЕсли;]");
        assert_eq!(see("Если Б Тогда\n\t", Extent::Line), "miss");
    }
    let cache = cache();
    cache.store(&at("¦"), Extent::Line, &[suggestion("А();", "")]);
    assert_eq!(look(&cache, "¦", Extent::Lines(3)), "miss", "one line does not tell what several would be");
}

#[test]
fn answers_for_places_to_come_wait_there() {
    let cache = cache();
    let now = at("\tСооб¦\n");
    let shown = suggestion("Сообщить(А);", "Сооб");
    let [accepted, next_line] = CompletionCache::follow_ups(&now, &shown);
    assert_eq!(
        (accepted.prefix.as_str(), next_line.prefix.as_str()),
        ("\tСообщить(А);", "\tСообщить(А);\n\t")
    );
    cache.store(&accepted, Extent::Line, &[]);
    cache.store(&next_line, Extent::Line, &[suggestion("Возврат;", "")]);
    assert_eq!(look(&cache, "\tСообщить(А);¦\n", Extent::Line), "nothing");
    assert_eq!(look(&cache, "\tСообщить(А);\n\t¦\n", Extent::Line), "\tСообщить(А);\n\t[Возврат;]");
    assert_eq!(look(&cache, "\tСообщить(А);\n\tвоз¦\n", Extent::Line), "\tСообщить(А);\n\t[Возврат;]");
    assert_eq!(
        look(&cache, "\tСообщить(А);\n¦\n", Extent::Line),
        "\tСообщить(А);\n[\tВозврат;]",
        "an editor that does not indent"
    );
}

#[test]
fn odd_positions_and_texts_do_no_harm() {
    let cache = cache();
    let context = at("ёЁ¦");
    cache.store(&context, Extent::Line, &[Suggestion { replaced: 1, ..suggestion("х", "") }]);
    cache.store(&context, Extent::Line, &[Suggestion { replaced: 99, ..suggestion("х", "") }]);
    cache.store(&at("¦"), Extent::Line, &[suggestion(&"х".repeat(MAX_TEXT_BYTES), "")]);
    for text in ["¦", "\n¦", "\r\n¦\r", "İ¦", "\n\n\n\n\n\n¦"] {
        let _ = look(&cache, text, Extent::Lines(0));
        cache.store(&at(text), Extent::Line, &[suggestion("i̇Строка", "")]);
        let _ = look(&cache, text, Extent::Line);
    }
    for number in 0..100 {
        cache.store(&at(&format!("А{number}¦")), Extent::Line, &[]);
    }
    assert_eq!(look(&cache, "А99¦", Extent::Line), "nothing");
    assert_eq!(look(&cache, "А0¦", Extent::Line), "miss", "a line keeps a bounded number of answers");
}
