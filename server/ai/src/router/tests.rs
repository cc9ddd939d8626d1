//! The table of cases, and the pool with a loader that loads nothing.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::{Place, Snippet, SnippetKind};

fn context(place: &str, module: &str, above: &str) -> Context {
    let place = match place {
        "code" => Place::Code,
        "query" => Place::Query,
        "text" => Place::Text,
        "comment" => Place::Comment,
        "documentation" => Place::Documentation,
        other => panic!("no place {other}"),
    };
    Context { module: module.to_owned(), prefix: above.to_owned(), place, ..Context::default() }
}

#[test]
fn the_table_is_routed_right() {
    let router = Router::builtin();
    let (mut cases, mut wrong) = (0, Vec::new());
    for line in include_str!("cases.tsv").lines().filter(|line| !line.starts_with('#')) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [expected, place, module, above, question] = columns[..] else { panic!("{line}") };
        let context = context(place, module, above);
        let selected = &router.select_expert(question, &context).id;
        assert_eq!(selected, &router.select_expert(question, &context).id);
        cases += 1;
        if selected != expected {
            wrong.push(format!("{selected} instead of: {line}"));
        }
    }
    assert!(cases >= 60, "{cases}");
    assert!(wrong.len() * 20 <= cases, "{} of {cases}:\n{}", wrong.len(), wrong.join("\n"));
    expect_test::expect![[r#"
        91 of 92
        sql_optimization instead of: bsl_generation	code	ОбщийМодуль.Обмен		Найди индекс элемента в массиве"#]].assert_eq(&format!(
        "{} of {cases}\n{}",
        cases - wrong.len(),
        wrong.join("\n")
    ));
}

#[test]
fn a_new_expert_needs_settings_only() {
    let settings = r#"[{
        "id": "forms", "adapter": "forms.safetensors", "prompt": "{module}: {question} {x} {facts}{", "checker": "syntax",
        "triggers": { "question": { "форм": 50 }, "moduleWords": ["форма"] }
    }, { "id": "docs", "triggers": { "question": { "readme": 50 } } }]"#;
    let experts: Vec<ExpertConfig> = serde_json::from_str(settings).expect("valid settings");
    let router = Router::builtin().with(experts.clone()).expect("valid settings");
    let mut context = context("code", "Документ.Заказ.Модуль", "");
    let forms = router.select_expert("Добавь поле на форму", &context);
    assert_eq!((forms.id.as_str(), forms.adapter.is_some()), ("forms", true));
    assert_eq!(router.select_expert("Write the readme", &context).id, "docs");
    assert_eq!(router.experts().len(), 6);
    context.snippets.push(Snippet { kind: SnippetKind::Signature, text: "{question}".to_owned() });
    assert_eq!(forms.prompt("{module}?", &context), "Документ.Заказ.Модуль: {module}? {x} {question}{");

    assert_eq!(Router::new(Vec::new()).err(), Some(RouterError::NoExperts));
    let twice = [experts.clone(), experts].concat();
    assert_eq!(Router::new(twice).err(), Some(RouterError::Twice("forms".to_owned())));
    assert!(matches!(Router::from_json(r#"[{"id": "a", "colour": 1}]"#), Err(RouterError::Malformed(_))));
}

fn expert(id: &str) -> ExpertConfig {
    serde_json::from_value(serde_json::json!({ "id": id })).expect("valid settings")
}

fn names<T>(pool: &ExpertPool<T>) -> String {
    pool.loaded().into_iter().map(|(id, _)| id).collect::<Vec<_>>().join(" ")
}

#[test]
fn experts_are_loaded_when_asked_for_and_the_least_used_go() {
    let loads = std::sync::Arc::new(AtomicUsize::new(0));
    let counter = std::sync::Arc::clone(&loads);
    let pool = ExpertPool::new(100, move |expert: &ExpertConfig| {
        counter.fetch_add(1, Ordering::Relaxed);
        match expert.id.as_str() {
            "broken" => Err("no such file".to_owned()),
            "huge" => Ok(("huge".to_owned(), 101)),
            id => Ok((id.to_owned(), 40)),
        }
    });
    assert_eq!(names(&pool), "");
    let a = pool.get(&expert("a")).expect("loads");
    pool.get(&expert("b")).expect("loads");
    pool.get(&expert("a")).expect("is loaded");
    assert_eq!((names(&pool).as_str(), loads.load(Ordering::Relaxed)), ("a b", 2));
    pool.get(&expert("c")).expect("loads");
    assert_eq!(names(&pool), "a c", "b was not used for longest");
    assert_eq!(pool.get(&expert("broken")), Err("no such file".to_owned()));
    assert_eq!(pool.get(&expert("huge")), Err("the expert huge takes 101 bytes, 100 are allowed".to_owned()));
    assert_eq!(names(&pool), "a c");
    pool.clear();
    assert_eq!((names(&pool).as_str(), a.as_str()), ("", "a"));
}

#[test]
fn many_callers_load_an_expert_once() {
    let loads = std::sync::Arc::new(AtomicUsize::new(0));
    let counter = std::sync::Arc::clone(&loads);
    let pool = ExpertPool::new(100, move |_: &ExpertConfig| {
        counter.fetch_add(1, Ordering::Relaxed);
        std::thread::sleep(std::time::Duration::from_millis(10));
        Ok(((), 1))
    });
    std::thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| pool.get(&expert("a")).expect("loads"));
        }
    });
    assert_eq!(loads.load(Ordering::Relaxed), 1);
}
