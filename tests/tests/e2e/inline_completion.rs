//! Text-to-be at the caret over the protocol. The server under test has a stand-in for the model, see
//! `strizh::assistant::fake`.

use serde_json::{Value, json};
use test_support::{Client, Random};

use crate::server::{URI, change, did_change, did_open, initialize_params, start, start_with_model};

const CANCELLED: i64 = -32800;
const AUTOMATIC: i64 = 2;
const INVOKED: i64 = 1;

fn session(text: &str, ai: Value) -> Client {
    session_with(text, ai, json!({}))
}

fn session_with(text: &str, ai: Value, capabilities: Value) -> Client {
    let mut client = start();
    let mut capabilities = capabilities;
    capabilities["experimental"] = json!({"modelStatus": true});
    let mut params = initialize_params(capabilities);
    params["initializationOptions"]["ai"] = ai.clone();
    let result = client.initialize(params).expect("initialize is answered");
    assert_eq!(result["capabilities"]["inlineCompletionProvider"], true);
    did_open(&mut client, URI, text);
    if ai["mode"] != "off" {
        client
            .notification("strizh/model", |status| status["state"] == "ready")
            .expect("the model is loaded");
    }
    client
}

fn params(line: u32, character: u32, kind: i64) -> Value {
    json!({
        "textDocument": {"uri": URI},
        "position": {"line": line, "character": character},
        "context": {"triggerKind": kind},
    })
}

fn ask(client: &mut Client, line: u32, character: u32, kind: i64) -> Value {
    client.request("textDocument/inlineCompletion", params(line, character, kind)).expect("an answer")
}

fn texts(answer: &Value) -> Vec<&str> {
    let items = answer["items"].as_array().expect("a list");
    items.iter().filter_map(|item| item["insertText"].as_str()).collect()
}

#[test]
fn the_text_begins_with_what_is_typed() {
    let mut client = session("Процедура П()\n\tСообщ\n\tсооб\n\t\nКонецПроцедуры\n", json!({}));
    let answer = ask(&mut client, 1, 6, AUTOMATIC);
    let item = &answer["items"][0];
    assert_eq!(item["insertText"], "СообщПродолжение();");
    assert_eq!(
        item["range"],
        json!({"start": {"line": 1, "character": 1}, "end": {"line": 1, "character": 6}})
    );
    assert_eq!(item["filterText"], Value::Null);
    let answer = ask(&mut client, 2, 5, AUTOMATIC);
    assert_eq!(answer["items"][0]["insertText"], "СообПродолжение();");
    assert_eq!(answer["items"][0]["filterText"], "сообПродолжение();");
    assert_eq!(texts(&ask(&mut client, 3, 1, AUTOMATIC)), ["Строка();"]);
    assert_eq!(texts(&ask(&mut client, 1, 6, INVOKED)), ["СообщПродолжение();", "СообщИначе();"]);
}

#[test]
fn ranges_count_as_the_client_counts() {
    let text = "А = \"😀Ж\"; Бета\n";
    let mut client = session(text, json!({}));
    let answer = ask(&mut client, 0, 15, AUTOMATIC);
    let range = |start: u32, end: u32| json!({"start": {"line": 0, "character": start}, "end": {"line": 0, "character": end}});
    assert_eq!(answer["items"][0]["range"], range(11, 15));
    let capabilities = json!({"general": {"positionEncodings": ["utf-8", "utf-16"]}});
    let mut client = session_with(text, json!({}), capabilities);
    let answer = ask(&mut client, 0, text.trim_end().len() as u32, AUTOMATIC);
    assert_eq!(answer["items"][0]["range"], range(15, 23));
}

#[test]
fn nothing_is_suggested_in_front_of_code() {
    let mut client = session("Сооб Тест\nСооб(А)\nСооб  )];\",\nСооб\"\n", json!({}));
    assert_eq!(ask(&mut client, 0, 4, AUTOMATIC), json!({"items": []}));
    assert_eq!(ask(&mut client, 1, 4, AUTOMATIC), json!({"items": []}));
    assert_eq!(texts(&ask(&mut client, 2, 4, AUTOMATIC)), ["СообПродолжение();"]);
    assert!(!texts(&ask(&mut client, 0, 4, INVOKED)).is_empty());
}

#[test]
fn a_newer_request_leaves_nothing_of_an_older_one() {
    let mut client = session("// think 3000\nСооб\n// think 0\nСооб\n", json!({}));
    let older = client.send_request("textDocument/inlineCompletion", params(1, 4, AUTOMATIC)).expect("sent");
    let newer = client.send_request("textDocument/inlineCompletion", params(3, 4, AUTOMATIC)).expect("sent");
    assert_eq!(client.answer(older).expect("an answer"), Ok(Value::Null));
    let answer = client.answer(newer).expect("an answer").expect("no error");
    assert_eq!(texts(&answer), ["СообПродолжение();"]);
}

#[test]
fn a_cancelled_request_is_answered_as_cancelled() {
    let mut client = session("// think 5000\nСооб\n", json!({}));
    let id = client.send_request("textDocument/inlineCompletion", params(1, 4, AUTOMATIC)).expect("sent");
    client.cancel(id).expect("the server reads");
    assert_eq!(client.answer(id).expect("an answer").map_err(|failure| failure.code), Err(CANCELLED));
}

#[test]
fn an_answer_for_an_older_text_is_empty() {
    let mut client = session("// think 300\nСооб\n", json!({}));
    let id = client.send_request("textDocument/inlineCompletion", params(1, 4, AUTOMATIC)).expect("sent");
    did_change(&mut client, 2, json!([change((1, 0), (1, 4), "Другой")]));
    assert_eq!(client.answer(id).expect("an answer"), Ok(Value::Null));
}

#[test]
fn on_demand_only_the_user_asks() {
    let mut client = session("Сооб\n", json!({"mode": "onDemand"}));
    assert_eq!(ask(&mut client, 0, 4, AUTOMATIC), json!({"items": []}));
    assert!(!texts(&ask(&mut client, 0, 4, INVOKED)).is_empty());
    let status = client.request("strizh/model", Value::Null).expect("an answer");
    assert!(status["message"].as_str().expect("a text").ends_with(" 0 warmed"), "{status}");
}

#[test]
fn switched_off_nothing_is_loaded() {
    let mut client = session("Сооб\n", json!({"mode": "off"}));
    assert_eq!(ask(&mut client, 0, 4, AUTOMATIC), json!({"items": []}));
    assert_eq!(ask(&mut client, 0, 4, INVOKED), json!({"items": []}));
    let status = client.request("strizh/model", Value::Null).expect("an answer");
    assert_eq!((&status["state"], &status["name"]), (&json!("off"), &json!("")));
    let settings = json!({"settings": {"strizh": {"ai": {"mode": "automatic"}}}});
    client.notify("workspace/didChangeConfiguration", settings).expect("the server reads");
    client.notification("strizh/model", |status| status["state"] == "ready").expect("the model is loaded");
    assert!(!texts(&ask(&mut client, 0, 4, AUTOMATIC)).is_empty());
}

#[test]
fn the_model_is_silent_where_the_user_says_so() {
    let text = "// Сооб\nСооб\nЗ = Новый Запрос(\"ВЫБРАТЬ\n|Сооб\");\n";
    let mut client = session(text, json!({"disabledLanguages": ["comment", "query"]}));
    assert_eq!(ask(&mut client, 0, 7, AUTOMATIC), json!({"items": []}));
    assert_eq!(ask(&mut client, 3, 5, INVOKED), json!({"items": []}));
    assert!(!texts(&ask(&mut client, 1, 4, AUTOMATIC)).is_empty());
}

#[test]
fn secrets_are_not_completed() {
    let mut client = session("Пароль = \"qwer\";\n", json!({}));
    assert_eq!(ask(&mut client, 0, 14, INVOKED), json!({"items": []}));
}

#[test]
fn the_selected_proposal_is_continued() {
    let mut client = session("\tСоо\n\tПре\n", json!({}));
    let mut asked = params(0, 4, AUTOMATIC);
    let range = json!({"start": {"line": 0, "character": 1}, "end": {"line": 0, "character": 4}});
    asked["context"]["selectedCompletionInfo"] = json!({"range": range, "text": "Сообщить"});
    let answer = client.request("textDocument/inlineCompletion", asked.clone()).expect("an answer");
    assert_eq!(texts(&answer), ["СообщитьПродолжение();"]);
    assert_eq!(answer["items"][0]["range"], range);
    // Neovim sends what is selected in the text, wherever that is.
    let elsewhere = json!({"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 1}});
    asked["position"]["line"] = json!(1);
    asked["context"]["selectedCompletionInfo"] = json!({"range": elsewhere, "text": "\t"});
    let answer = client.request("textDocument/inlineCompletion", asked).expect("an answer");
    assert_eq!(texts(&answer), ["ПреПродолжение();"]);
}

#[test]
fn accepting_word_by_word_needs_no_new_answer() {
    let mut client = session("// think 1000\n\tСооб\n", json!({"deadlineMilliseconds": 5000}));
    assert_eq!(texts(&ask(&mut client, 1, 5, INVOKED))[0], "СообПродолжение();");
    did_change(&mut client, 2, json!([change((1, 5), (1, 5), "Продолжение")]));
    assert_eq!(texts(&ask(&mut client, 1, 16, AUTOMATIC)), ["СообПродолжение();"]);
    did_change(&mut client, 3, json!([change((1, 16), (1, 16), "(")]));
    assert_eq!(texts(&ask(&mut client, 1, 17, AUTOMATIC)), [");"]);
    let status = client.request("strizh/model", Value::Null).expect("an answer");
    assert_eq!(status["hits"]["withoutEngine"], 2, "{status}");
}

#[test]
fn the_next_line_is_ready_after_acceptance() {
    let mut client = session("\tСооб\n", json!({}));
    assert_eq!(texts(&ask(&mut client, 0, 5, AUTOMATIC)), ["СообПродолжение();"]);
    let before = client.request("strizh/model", Value::Null).expect("an answer")["message"].clone();
    did_change(&mut client, 2, json!([change((0, 5), (0, 5), "Продолжение();")]));
    // Until the caret has rested: the state tells that the place was read in advance.
    let ready = (0..500).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(10));
        let status = client.request("strizh/model", Value::Null).expect("an answer");
        status["message"] != before
    });
    assert!(ready, "nothing was prepared");
    did_change(&mut client, 3, json!([change((0, 19), (0, 19), "\n\t")]));
    assert_eq!(texts(&ask(&mut client, 1, 1, AUTOMATIC)), ["Строка();"]);
    let status = client.request("strizh/model", Value::Null).expect("an answer");
    assert_eq!(
        (&status["hits"]["accepted"], &status["hits"]["withoutEngine"]),
        (&json!(1), &json!(1)),
        "{status}"
    );
}

#[test]
fn random_typing_never_breaks() {
    const PIECES: &[&str] =
        &["С", "о", "об", "щ", "😀", "(", ")", ";", "\n", "\r\n", "\t", " ", "\"", ".", "// ", "Если ", "|"];
    let mut client = session("Процедура П()\n\n", json!({}));
    let mut random = Random::new(0xA1_5EED);
    let mut typed: Vec<u16> = Vec::new();
    let mut line = 1;
    let mut pending = Vec::new();
    for version in 2..202 {
        let piece = PIECES[random.below(PIECES.len())];
        let at = typed.len();
        did_change(&mut client, version, json!([change((line, at), (line, at), piece)]));
        if piece.ends_with('\n') {
            line += 1;
            typed.clear();
        } else {
            typed.extend(piece.encode_utf16());
        }
        let kind = if random.below(3) == 0 { INVOKED } else { AUTOMATIC };
        let asked = params(line as u32, typed.len() as u32, kind);
        pending.push(client.send_request("textDocument/inlineCompletion", asked).expect("sent"));
        if random.below(8) == 0 {
            client.cancel(*pending.last().expect("one was sent")).expect("the server reads");
        }
        if random.below(5) == 0 {
            std::thread::sleep(std::time::Duration::from_millis(60));
        }
    }
    for id in pending {
        match client.answer(id).expect("every request is answered") {
            Ok(answer) => check_answer(&answer),
            Err(failure) => assert_eq!(failure.code, CANCELLED, "{failure}"),
        }
    }
    assert_eq!(client.shut_down().expect("the server ends"), Some(0));
    assert!(!client.log().contains("ERROR"), "{}", client.log());
}

fn check_answer(answer: &Value) {
    for item in answer["items"].as_array().into_iter().flatten() {
        let text = item["insertText"].as_str().expect("a plain text");
        assert!(!text.trim().is_empty(), "{item}");
        assert_eq!(item["range"]["start"]["line"], item["range"]["end"]["line"], "{item}");
    }
}

#[test]
fn editors_without_ghost_text_get_items_when_asked() {
    let complete = |client: &mut Client, context: Value| {
        let params = json!({"textDocument": {"uri": URI}, "position": {"line": 0, "character": 4}, "context": context});
        let list = client.request("textDocument/completion", params).expect("an answer");
        let items = list["items"].as_array().expect("a list").clone();
        items.into_iter().filter(|item| item["detail"] == "Strizh AI").collect::<Vec<_>>()
    };
    let invoked = json!({"triggerKind": 1});
    let mut client = session("Сооб\n", json!({}));
    let items = complete(&mut client, invoked.clone());
    assert_eq!(items[0]["textEdit"]["newText"], "СообПродолжение();");
    assert_eq!(items[0]["sortText"], "~0");
    let typed = json!({"triggerKind": 2, "triggerCharacter": "."});
    assert_eq!(complete(&mut client, typed), [Value::Null; 0]);
    let able = json!({"textDocument": {"inlineCompletion": {}}});
    let mut client = session_with("Сооб\n", json!({}), able.clone());
    assert_eq!(complete(&mut client, invoked.clone()), [Value::Null; 0]);
    let mut client = session_with("Сооб\n", json!({"completionItems": {"enable": true}}), able);
    assert!(!complete(&mut client, invoked).is_empty());
}

fn run(client: &mut Client, command: &str, line: u32) -> Value {
    let arguments = json!([URI, {"line": line, "character": 0}]);
    let params = json!({"command": command, "arguments": arguments});
    client.request("workspace/executeCommand", params).expect("an answer")
}

/// The edit that the server asks the client to make.
fn applied(client: &mut Client) -> Value {
    let params = client.notification("workspace/applyEdit", |_| true).expect("an edit");
    params["edit"]["changes"][URI].clone()
}

#[test]
fn code_is_written_below_a_comment_that_asks() {
    let mut client = session_with(
        "Процедура П()\n\t// AI: сумма\nКонецПроцедуры\n",
        json!({}),
        json!({"workspace": {"applyEdit": true}}),
    );
    let range = json!({"start": {"line": 1, "character": 5}, "end": {"line": 1, "character": 5}});
    let asked = json!({"textDocument": {"uri": URI}, "range": range, "context": {"diagnostics": []}});
    let actions = client.request("textDocument/codeAction", asked).expect("an answer");
    let titles: Vec<_> = actions.as_array().expect("a list").iter().map(|it| it["title"].clone()).collect();
    assert!(titles.contains(&json!("Strizh AI: write code from the comment")), "{titles:?}");
    run(&mut client, "strizh.generateFromComment", 1);
    let edits = applied(&mut client);
    assert_eq!(edits.as_array().map(Vec::len), Some(1), "one step undoes it");
    let text = edits[0]["newText"].as_str().expect("a text");
    assert!(text.starts_with("\n\t// Strizh AI: suggested by the model, check it\n\tСтрока();"), "{text}");
}

#[test]
fn methods_are_documented_and_explained() {
    let text = "Функция Сумма(А = 1)\n\tВозврат 1;\nКонецФункции\n";
    let mut client = session_with(text, json!({}), json!({"workspace": {"applyEdit": true}}));
    run(&mut client, "strizh.documentMethod", 0);
    let edits = applied(&mut client);
    let text = edits[0]["newText"].as_str().expect("a text");
    assert!(text.starts_with("// Сумма.\n//\n// Параметры:\n//  А - Число - \n"), "{text}");
    let explained = run(&mut client, "strizh.explain", 1);
    let markdown = explained["markdown"].as_str().expect("a text");
    assert!(markdown.contains("cyclomatic complexity 1"), "{markdown}");
    let sent = run(&mut client, "strizh.showLastRequest", 0);
    assert_eq!(sent["text"], "Nothing was sent: the model works on this machine.");
}

#[test]
fn the_model_inside_the_binary_continues_what_is_typed() {
    let text = "Процедура ПриОткрытии(Отказ)\n\tЕсли Отказ Тогда\n\t\tСообщ\n\tКонецЕсли;\nКонецПроцедуры\n";
    let mut client = start_with_model();
    let mut params = initialize_params(json!({"experimental": {"modelStatus": true}}));
    // The machine of the test may be slow.
    params["initializationOptions"]["ai"] = json!({"deadlineMilliseconds": 10_000});
    client.initialize(params).expect("initialize is answered");
    did_open(&mut client, URI, text);
    let status = client.notification("strizh/model", |status| status["state"] != "loading").expect("a state");
    assert_eq!(status["state"], "ready", "{status}");
    assert!(status["parameters"].as_u64().is_some_and(|count| count > 1_000_000), "{status}");
    let answer = ask(&mut client, 2, 7, INVOKED);
    let found = texts(&answer);
    assert!(!found.is_empty(), "{answer}");
    for item in answer["items"].as_array().expect("a list") {
        check_answer(&json!({"items": [item]}));
        let filter = item["filterText"].as_str().or(item["insertText"].as_str()).expect("a text");
        assert!(filter.starts_with("Сообщ"), "{item}");
        assert_eq!(item["range"]["start"], json!({"line": 2, "character": 2}));
    }
}
