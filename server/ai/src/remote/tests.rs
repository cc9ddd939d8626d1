//! Every kind of server, played on this machine.

use std::time::{Duration, Instant};

use base::CancelToken;
use expect_test::{Expect, expect};
use serde_json::{Value, json};

use crate::remote::test_server::{Received, Reply, TestServer, raw};
use crate::remote::{RemoteConfig, RemoteEngine};
use crate::{Context, Engine, EngineError, Extent, Finish, Generated, Limits, Snippet, SnippetKind};
use resilience::{BreakerState, VirtualClock};

fn context() -> Context {
    let text = "Процедура А()\n\tПароль = \"лютик\";\n\tСооб¦\nКонецПроцедуры\n\nПроцедура Б()\n";
    let (prefix, suffix) = text.split_once('¦').expect("a caret");
    Context {
        module: "ОбщийМодуль.Продажи".to_owned(),
        prefix: prefix.to_owned(),
        suffix: suffix.to_owned(),
        snippets: vec![Snippet {
            kind: SnippetKind::Signature, text: "Сообщить(Текст)".to_owned()
        }],
        ..Context::default()
    }
}

fn limits() -> Limits {
    Limits { extent: Extent::Line, max_tokens: 64, candidates: 1, deadline: None }
}

fn engine_with(server: &TestServer, kind: &str, more: Value) -> (RemoteEngine, std::sync::Arc<VirtualClock>) {
    let mut settings = json!({ "kind": kind, "url": server.url(), "model": "m", "timeoutMs": 20_000 });
    for (name, value) in more.as_object().expect("an object") {
        settings[name] = value.clone();
    }
    let config: RemoteConfig = serde_json::from_value(settings).expect("valid settings");
    let clock = VirtualClock::new();
    (RemoteEngine::new(config, clock.clone()).expect("valid settings"), clock)
}

fn complete(engine: &RemoteEngine) -> Result<Vec<Generated>, EngineError> {
    engine.complete(&context(), &limits(), &CancelToken::new())
}

type MakeReply = fn() -> Reply;

/// Answers checks, and requests as said.
fn serve(answer: impl Fn(&Received) -> Reply + Send + Sync + 'static) -> TestServer {
    TestServer::start(move |request| {
        if request.method == "GET" { Reply::Json(200, json!({ "status": "ok" })) } else { answer(request) }
    })
}

/// The same with keys in order, whether or not this build keeps the order in which they were written.
fn sorted(mut body: Value) -> Value {
    body.sort_all_objects();
    body
}

/// Both requests of the first completion, and what it gives for the answer.
#[track_caller]
fn check(kind: &str, answer: Value, expected: &Expect) {
    let server = serve(move |_| Reply::Json(200, answer.clone()));
    let (engine, _clock) = engine_with(&server, kind, json!({}));
    let generated = complete(&engine).expect("an answer");
    let mut shown = String::new();
    for request in server.received() {
        shown += &format!("{} {}\n", request.method, request.path);
        if request.method == "POST" {
            assert_eq!(request.header("content-type"), Some("application/json"));
            assert_eq!(request.header("authorization"), None);
            shown += &format!("{:#}\n", sorted(request.json()));
            let sent = engine.last_request().expect("a request");
            assert_eq!((sent.body.as_bytes(), sent.redacted), (request.body.as_slice(), 1));
        }
    }
    for one in generated {
        shown += &format!("{:?} in place of {} bytes, {:?}\n", one.text, one.replaced, one.finish);
    }
    expected.assert_eq(&shown);
    complete(&engine).expect("an answer");
    assert_eq!(server.received().len(), 3, "one check is enough");
}

#[test]
fn llama_server_infill() {
    check(
        "llamaInfill",
        json!({ "content": "щить(Текст);", "stop_type": "word" }),
        &expect![[r#"
        GET /health
        POST /infill
        {
          "cache_prompt": true,
          "input_extra": [
            {
              "filename": "signatures.bsl",
              "text": "Сообщить(Текст)"
            }
          ],
          "input_prefix": "Процедура А()\n\tПароль = \"***\";\n",
          "input_suffix": "\nКонецПроцедуры\n",
          "n_predict": 64,
          "prompt": "\tСооб",
          "stop": [
            "\n"
          ],
          "stream": false,
          "temperature": 0
        }
        "Сообщить(Текст);" in place of 8 bytes, Complete
    "#]],
    );
}

#[test]
fn llama_server_completion() {
    check(
        "llamaCompletion",
        json!({ "content": "щить(\n", "stop_type": "limit" }),
        &expect![[r#"
        GET /health
        POST /completion
        {
          "cache_prompt": true,
          "n_predict": 64,
          "prompt": "<|fim_prefix|>// Сообщить(Текст)\nПроцедура А()\n\tПароль = \"***\";\n<|fim_suffix|>\nКонецПроцедуры\n<|fim_middle|>\tСооб",
          "stop": [
            "\n",
            "<|endoftext|>",
            "<|im_end|>",
            "<|file_sep|>"
          ],
          "stream": false,
          "temperature": 0
        }
        "Сообщить(" in place of 8 bytes, Limit
    "#]],
    );
}

#[test]
fn open_ai() {
    let answer = json!({ "choices": [{ "text": "щить(Текст);<|endoftext|>", "finish_reason": "stop" }] });
    check(
        "openAi",
        answer,
        &expect![[r#"
        GET /v1/models
        POST /v1/completions
        {
          "max_tokens": 64,
          "model": "m",
          "prompt": "<|fim_prefix|>// Сообщить(Текст)\nПроцедура А()\n\tПароль = \"***\";\n<|fim_suffix|>\nКонецПроцедуры\n<|fim_middle|>\tСооб",
          "stop": [
            "\n",
            "<|endoftext|>",
            "<|im_end|>",
            "<|file_sep|>"
          ],
          "stream": false,
          "temperature": 0
        }
        "Сообщить(Текст);" in place of 8 bytes, Complete
    "#]],
    );
}

#[test]
fn open_ai_with_suffix() {
    let answer = json!({ "choices": [{ "text": "щить(Те", "finish_reason": "length" }] });
    check(
        "openAiSuffix",
        answer,
        &expect![[r#"
        GET /v1/models
        POST /v1/completions
        {
          "max_tokens": 64,
          "model": "m",
          "prompt": "// Сообщить(Текст)\nПроцедура А()\n\tПароль = \"***\";\n\tСооб",
          "stop": [
            "\n"
          ],
          "stream": false,
          "suffix": "\nКонецПроцедуры\n",
          "temperature": 0
        }
        "Сообщить(Те" in place of 8 bytes, Limit
    "#]],
    );
}

#[test]
fn ollama() {
    check(
        "ollama",
        json!({ "response": "щить(Текст);", "done": true }),
        &expect![[r#"
        GET /api/version
        POST /api/generate
        {
          "keep_alive": "30m",
          "model": "m",
          "options": {
            "num_predict": 64,
            "stop": [
              "\n"
            ],
            "temperature": 0
          },
          "prompt": "// Сообщить(Текст)\nПроцедура А()\n\tПароль = \"***\";\n\tСооб",
          "stream": false,
          "suffix": "\nКонецПроцедуры\n"
        }
        "Сообщить(Текст);" in place of 8 bytes, Complete
    "#]],
    );
}

#[test]
fn ollama_raw() {
    check(
        "ollamaRaw",
        json!({ "response": "", "done": true }),
        &expect![[r#"
        GET /api/version
        POST /api/generate
        {
          "keep_alive": "30m",
          "model": "m",
          "options": {
            "num_predict": 64,
            "stop": [
              "\n",
              "<|endoftext|>",
              "<|im_end|>",
              "<|file_sep|>"
            ],
            "temperature": 0
          },
          "prompt": "<|fim_prefix|>// Сообщить(Текст)\nПроцедура А()\n\tПароль = \"***\";\n<|fim_suffix|>\nКонецПроцедуры\n<|fim_middle|>\tСооб",
          "raw": true,
          "stream": false
        }
    "#]],
    );
}

#[test]
fn tgi() {
    check(
        "tgi",
        json!([{ "generated_text": "щить(Текст);" }]),
        &expect![[r#"
        GET /health
        POST /generate
        {
          "inputs": "<|fim_prefix|>// Сообщить(Текст)\nПроцедура А()\n\tПароль = \"***\";\n<|fim_suffix|>\nКонецПроцедуры\n<|fim_middle|>\tСооб",
          "parameters": {
            "do_sample": false,
            "max_new_tokens": 64,
            "return_full_text": false,
            "stop": [
              "\n",
              "<|endoftext|>",
              "<|im_end|>",
              "<|file_sep|>"
            ]
          }
        }
        "Сообщить(Текст);" in place of 8 bytes, Complete
    "#]],
    );
    let server = serve(|_| Reply::Json(200, json!({ "generated_text": "щить();" })));
    let (engine, _clock) = engine_with(&server, "tgi", json!({}));
    assert_eq!(complete(&engine).expect("an answer")[0].text, "Сообщить();");
}

#[test]
fn mistral() {
    let answer =
        json!({ "choices": [{ "message": { "content": "щить(Текст);" }, "finish_reason": "stop" }] });
    check(
        "mistral",
        answer,
        &expect![[r#"
        GET /v1/models
        POST /v1/fim/completions
        {
          "max_tokens": 64,
          "model": "m",
          "prompt": "// Сообщить(Текст)\nПроцедура А()\n\tПароль = \"***\";\n\tСооб",
          "random_seed": 0,
          "stop": [
            "\n"
          ],
          "stream": false,
          "suffix": "\nКонецПроцедуры\n",
          "temperature": 0
        }
        "Сообщить(Текст);" in place of 8 bytes, Complete
    "#]],
    );
}

#[test]
fn bad_answers_are_errors_and_open_the_breaker() {
    let bodies: Vec<(&str, MakeReply)> = vec![
        ("the server answered 500: out of memory", || {
            Reply::Json(500, json!({ "error": { "message": "out of memory" } }))
        }),
        ("the server answered 501 (the model has no tokens for a gap)", || Reply::Json(501, json!({}))),
        ("the server answered 401 (the key is missing or wrong)", || Reply::Json(401, json!({}))),
        ("the server answered 404: no such model", || Reply::Json(404, json!({ "detail": "no such model" }))),
        ("the server says: overloaded", || Reply::Json(200, json!({ "error": "overloaded" }))),
        ("the answer has no text where it belongs", || Reply::Json(200, json!({ "choices": [] }))),
        ("the answer is no JSON", || {
            raw("HTTP/1.1 200 OK\nContent-Type: application/json\nConnection: close", b"{\xff")
        }),
        ("the answer is not declared as JSON", || {
            raw("HTTP/1.1 200 OK\nContent-Type: text/html\nConnection: close", b"{}")
        }),
        ("the answer is longer than 1048576 bytes", || {
            raw("HTTP/1.1 200 OK\nContent-Type: application/json\nConnection: close", &vec![b' '; 3 << 20])
        }),
        ("the server redirects (302), which is not followed", || {
            raw(
                "HTTP/1.1 302 Found\nLocation: http://127.0.0.1:1/\nContent-Length: 0\nConnection: close",
                b"",
            )
        }),
        ("broken connection", || {
            raw("HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: 100", b"{\"cho")
        }),
        ("broken connection", || Reply::Raw(b"SSH-2.0-none\r\n".to_vec())),
        ("broken connection", || Reply::Raw(Vec::new())),
    ];
    for (why, reply) in bodies {
        let server = serve(move |_| reply());
        let (engine, clock) = engine_with(&server, "openAi", json!({}));
        for _ in 0..3 {
            match complete(&engine) {
                Err(EngineError::Failed(error)) => {
                    assert!(error.starts_with(why), "{error} instead of {why}")
                }
                other => panic!("{other:?} instead of {why}"),
            }
        }
        assert_eq!(engine.breaker_state(), BreakerState::Open(Duration::from_secs(30)), "{why}");
        let count = server.received().len();
        assert_eq!(count, 6, "after a failure the server is checked again");
        assert!(matches!(complete(&engine), Err(EngineError::Unavailable(_))), "{why}");
        assert_eq!(server.received().len(), count, "nobody asks the server");
        clock.advance(Duration::from_secs(30));
        assert!(matches!(complete(&engine), Err(EngineError::Failed(_))), "{why}");
        assert!(matches!(engine.breaker_state(), BreakerState::Open(_)), "{why}");
    }
}

#[test]
fn nothing_is_sent_before_the_first_check() {
    let server = TestServer::start(|_| Reply::Json(503, json!({ "error": { "message": "Loading model" } })));
    let (engine, _clock) = engine_with(&server, "llamaInfill", json!({}));
    let error = complete(&engine).expect_err("it loads").to_string();
    assert_eq!(error, "the engine failed: the first check failed: the server answered 503: Loading model");
    let paths: Vec<String> = server.received().into_iter().map(|request| request.path).collect();
    assert_eq!(paths, ["/health"]);
    assert!(engine.check(&CancelToken::new()).is_err());
}

#[test]
fn a_server_that_is_not_there_is_an_error() {
    let server = serve(|_| Reply::Silence);
    let (engine, _clock) = engine_with(&server, "openAi", json!({}));
    drop(server);
    // The port may take a moment to close.
    for _ in 0..3 {
        let error = complete(&engine).expect_err("nobody is there");
        assert!(matches!(error, EngineError::Failed(_)), "{error}");
    }
    assert!(matches!(complete(&engine), Err(EngineError::Unavailable(_))));
}

#[test]
fn cancelling_closes_the_connection() {
    let server = serve(|_| Reply::Silence);
    let (engine, _clock) = engine_with(&server, "openAi", json!({}));
    let cancel = CancelToken::new();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| engine.complete(&context(), &limits(), &cancel));
        server.wait_for_requests(2);
        cancel.cancel();
        let answer = waiting.join().expect("no panic").expect("no error");
        assert_eq!(answer[0].finish, Finish::Cancelled);
    });
    server.wait_for_given_up(1);
    assert_eq!(engine.breaker_state(), BreakerState::Closed, "that is nobody's failure");
}

#[test]
fn the_newest_request_wins() {
    let server = serve(|request| {
        let is_first = request.json()["prompt"].as_str().is_some_and(|prompt| prompt.ends_with("\tСооб"));
        if is_first { Reply::Silence } else { Reply::Json(200, json!({ "choices": [{ "text": "(1);" }] })) }
    });
    let (engine, _clock) = engine_with(&server, "openAi", json!({}));
    std::thread::scope(|scope| {
        let older = scope.spawn(|| complete(&engine));
        server.wait_for_requests(2);
        let mut newer = context();
        newer.prefix.push_str("щить");
        let answer = engine.complete(&newer, &limits(), &CancelToken::new()).expect("an answer");
        assert_eq!(answer[0].text, "Сообщить(1);");
        assert_eq!(older.join().expect("no panic").expect("no error")[0].finish, Finish::Cancelled);
    });
    server.wait_for_given_up(1);
}

#[test]
fn slow_servers_are_given_up() {
    let server = serve(|_| Reply::Silence);
    let (engine, _clock) = engine_with(&server, "openAi", json!({}));
    assert_eq!(engine.check(&CancelToken::new()), Ok(()));
    let soon = Limits { deadline: Some(Instant::now() + Duration::from_millis(50)), ..limits() };
    let answer = engine.complete(&context(), &soon, &CancelToken::new()).expect("no error");
    assert_eq!(answer[0].finish, Finish::Deadline);
    server.wait_for_given_up(1);

    let (engine, _clock) = engine_with(&server, "openAi", json!({ "timeoutMs": 100 }));
    let error = complete(&engine).expect_err("too slow");
    assert_eq!(error, EngineError::Failed("no answer in time".to_owned()));
}

#[test]
fn keys_come_from_the_environment() {
    let answer = |_: &Received| Reply::Json(200, json!({ "choices": [{ "text": "щить();" }] }));
    let server = serve(answer);
    // Cargo sets this variable for tests, so none has to be set here.
    let (engine, _clock) = engine_with(&server, "openAi", json!({ "keyEnvironment": "CARGO_PKG_NAME" }));
    complete(&engine).expect("an answer");
    for request in server.received() {
        assert_eq!(request.header("authorization"), Some("Bearer ai"));
        assert_eq!(request.header("user-agent"), Some("strizh"));
    }
    let shown = serde_json::to_string(&engine.last_request()).expect("plain data");
    assert!(shown.contains("CARGO_PKG_NAME") && !shown.contains("Bearer"), "{shown}");

    let server = serve(answer);
    let (engine, _clock) = engine_with(&server, "openAi", json!({ "keyEnvironment": "STRIZH_NO_SUCH_KEY" }));
    let error = complete(&engine).expect_err("no key").to_string();
    assert!(error.contains("STRIZH_NO_SUCH_KEY"), "{error}");
    assert!(server.received().is_empty());
}

#[test]
fn requests_are_limited_and_modules_excluded() {
    let server = serve(|_| Reply::Json(200, json!({ "choices": [{ "text": "щить();" }] })));
    let (engine, clock) = engine_with(&server, "openAi", json!({ "exclude": ["*.Секреты"] }));
    let secret = Context { module: "ОбщийМодуль.Секреты".to_owned(), ..context() };
    assert_eq!(engine.complete(&secret, &limits(), &CancelToken::new()), Ok(Vec::new()));
    engine.warm(&secret, &CancelToken::new());
    assert!(
        engine.last_request().is_none() && server.received().iter().all(|request| request.method == "GET")
    );
    let answered = (0..150).filter(|_| complete(&engine).is_ok()).count();
    assert_eq!(answered, 99, "the check was the hundredth");
    assert!(matches!(complete(&engine), Err(EngineError::Unavailable(_))));
    clock.advance(Duration::from_secs(1));
    assert!(complete(&engine).is_ok());
}

#[test]
fn blank_lines_and_warming() {
    let server = serve(|_| Reply::Json(200, json!({ "content": "\tСообщить(А);\n" })));
    let (engine, _clock) = engine_with(&server, "llamaInfill", json!({}));
    let blank = Context { prefix: "Процедура А()\n\t".to_owned(), ..context() };
    let answer = engine.complete(&blank, &limits(), &CancelToken::new()).expect("an answer");
    assert_eq!((answer[0].text.as_str(), answer[0].replaced), ("Сообщить(А);", 0));
    engine.warm(&blank, &CancelToken::new());
    let requests = server.received();
    assert_eq!(requests[1].json()["prompt"], "");
    assert_eq!(requests[2].json()["n_predict"], 0);
    assert_eq!(engine.score(&blank, &[("А".to_owned(), 0)], &CancelToken::new()), Ok(vec![None]));
    assert!(engine.describe().starts_with("m at 127.0.0.1:"), "{}", engine.describe());
}
