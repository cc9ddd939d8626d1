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

#[test]
fn a_file_of_experts_says_only_what_is_different() {
    let text = r#"[{"id": "sql_optimization", "adapter": "sql"}, {"id": "own", "adapter": "/own", "triggers": {"places": ["text"]}}]"#;
    let router = Router::with_settings(text, std::path::Path::new("experts")).expect("valid settings");
    let sql = router.select_expert("", &context("query", "", ""));
    assert_eq!((sql.id.as_str(), sql.checker.as_str()), ("sql_optimization", "query"));
    assert_eq!(sql.adapter.as_deref(), Some(std::path::Path::new("experts/sql")));
    let own = router.select_expert("", &context("text", "", ""));
    assert_eq!((own.id.as_str(), own.adapter.as_deref()), ("own", Some(std::path::Path::new("/own"))));
    let refused =
        |text| Router::with_settings(text, std::path::Path::new("")).expect_err("refused").to_string();
    expect_test::expect![[r#"
        the settings of experts are malformed: own: the checker magic is not one of ["syntax", "query", "comment", "text"]
        the settings of experts are malformed: missing field `id`
        the settings of experts are malformed: expected value at line 1 column 1"#]]
    .assert_eq(
        &[r#"[{"id": "own", "checker": "magic"}]"#, r#"[{"adapter": "a"}]"#, "x"].map(refused).join("\n"),
    );
}

/// An adapter of rank one for the embedded model, strong enough to be noticed.
fn write_small_adapter(folder: &std::path::Path) {
    use crate::files::fixture::{tensor, write_adapter};
    let mut random = test_support::Random::new(7);
    let module = "base_model.model.model.layers.0.self_attn.q_proj";
    let tensors = [("lora_A", [1, 256]), ("lora_B", [256, 1])]
        .map(|(name, shape)| (format!("{module}.{name}.weight"), tensor(&mut random, &shape, 2.0)));
    let config =
        serde_json::json!({"peft_type": "LORA", "r": 1, "lora_alpha": 1, "target_modules": ["q_proj"]});
    write_adapter(folder, &config, &tensors.into());
}

#[test]
fn the_expert_for_a_place_answers_once_it_is_loaded_and_the_base_till_then() {
    use crate::{Engine, EngineOptions, LocalEngine, ModelOptions, ModelSource};
    let folder = tempfile::tempdir().expect("a folder");
    write_small_adapter(&folder.path().join("sql"));
    let text = r#"[{"id": "sql_optimization", "adapter": "sql"}, {"id": "docs", "adapter": "missing"}]"#;
    let router = Router::with_settings(text, folder.path()).expect("valid settings");
    let base = ModelSource::Embedded { name: crate::embedded::NAME, bytes: crate::embedded::BYTES };
    let engine = EngineOptions::default();
    let local = std::sync::Arc::new(LocalEngine::open(base.clone(), ModelOptions::default(), engine));
    local.wait_until_loaded(std::time::Duration::from_secs(60));
    let options = ExpertOptions {
        base,
        model: ModelOptions::default(),
        engine,
        models: crate::files::ModelsFolder::new(folder.path().join("models")),
        max_bytes: 64 << 20,
    };
    let experts = ExpertEngine::new(std::sync::Arc::clone(&local), router, options);
    let cancel = base::CancelToken::new();
    let score = |engine: &dyn Engine, place: &str| {
        let context = context(place, "", "ВЫБРАТЬ\n\tТовары.");
        let candidates = [("Ссылка".to_owned(), 0)];
        let scores = engine.score(&context, &candidates, &cancel).expect("the base is loaded");
        scores[0].expect("models can tell").log_probability
    };
    let of_base = score(&*local, "query");
    assert_eq!(score(&experts, "code"), score(&*local, "code"));
    assert_eq!(experts.loaded(), []);
    // Loading takes as long as it takes; every request meanwhile is answered by the base.
    while score(&experts, "query") == of_base && experts.problems().is_empty() {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    assert_eq!(experts.problems(), [""; 0]);
    assert_eq!(experts.loaded().len(), 1);
    let problem = || {
        score(&experts, "documentation");
        experts.problems().pop()
    };
    let problem = std::iter::repeat_with(problem).flatten().next().expect("it ends with a problem");
    assert!(problem.starts_with("docs: ") && problem.contains("missing"), "{problem}");
}
