//! A long session of random edits, requests and cancellations. In the end both sides hold the same text, and
//! nothing but cancellations has failed. `STRIZH_RANDOM_EDITS` sets the length.

use serde_json::{Value, json};
use test_support::{Client, Random};

use crate::server::{URI, did_open, document, initialize_params, start};

const DEFAULT_EDITS: usize = 3000;
const CANCELLED: i64 = -32800;
const PIECES: &[&str] = &[
    "Процедура П()\n",
    "КонецПроцедуры\n",
    "Если А > 1 Тогда\r\n",
    "КонецЕсли;\n",
    "\"",
    "|",
    "// слово\n",
    "а",
    "Б",
    " = ",
    ";",
    "\n",
    "\r",
    "(",
    ")",
    "😀",
    "#Область О\n",
    "#КонецОбласти\n",
    "Function F() Export\n",
    "&НаСервере\n",
    "Попытка\n",
    "Исключение\n",
    "'20260101'",
    "ВЫБРАТЬ * ИЗ Т",
    ".",
    ",",
    "1.5",
    "\t",
    "~М:",
    "\u{feff}",
];
const REQUESTS: &[&str] = &[
    "textDocument/documentSymbol",
    "textDocument/foldingRange",
    "textDocument/semanticTokens/full",
    "strizh/documentText",
];

#[test]
fn both_sides_agree_after_a_long_session() {
    let edits =
        std::env::var("STRIZH_RANDOM_EDITS").ok().and_then(|it| it.parse().ok()).unwrap_or(DEFAULT_EDITS);
    let mut client = start();
    client.initialize(initialize_params(json!({}))).expect("initialize is answered");
    let mut text: Vec<char> = Vec::new();
    did_open(&mut client, URI, "");
    let mut random = Random::new(0x9E37_79B9_7F4A_7C15);
    let mut pending = Vec::new();
    for version in 2..edits as i64 + 2 {
        edit(&mut client, &mut text, version, &mut random);
        if random.below(4) == 0 {
            let method = REQUESTS[random.below(REQUESTS.len())];
            pending.push(client.send_request(method, document()).expect("the server reads"));
        }
        if random.below(16) == 0
            && let Some(id) = pending.last()
        {
            client.cancel(*id).expect("the server reads");
        }
        if pending.len() > 100 {
            check_answers(&mut client, &mut pending);
        }
    }
    check_answers(&mut client, &mut pending);
    let expected: String = text.into_iter().collect();
    assert_eq!(crate::server::document_text(&mut client), expected);
    assert_eq!(client.shut_down().expect("the server ends"), Some(0));
    assert!(!client.log().contains("ERROR"), "{}", client.log());
}

fn check_answers(client: &mut Client, pending: &mut Vec<i64>) {
    for id in pending.drain(..) {
        if let Err(failure) = client.answer(id).expect("every request is answered") {
            assert_eq!(failure.code, CANCELLED, "{failure}");
        }
    }
    // Diagnostics arrive all the time; nobody asks for them here.
    drop(client.received());
}

/// One change of a random range, mostly small; the text stays below a few thousand letters.
fn edit(client: &mut Client, text: &mut Vec<char>, version: i64, random: &mut Random) {
    let start = random.below(text.len() + 1);
    let longest = if text.len() > 4000 { 2000 } else { 8 };
    let end = (start + random.below(longest)).min(text.len());
    // A client never splits a CR LF pair.
    let (start, end) = (outside_pair(text, start), outside_pair(text, end));
    let new: String = (0..random.below(4)).map(|_| PIECES[random.below(PIECES.len())]).collect();
    let range = json!({"start": position(text, start), "end": position(text, end)});
    let changes = json!([{"range": range, "text": new}]);
    let params = json!({"textDocument": {"uri": URI, "version": version}, "contentChanges": changes});
    client.notify("textDocument/didChange", params).expect("the server reads");
    text.splice(start..end, new.chars());
}

fn outside_pair(text: &[char], index: usize) -> usize {
    let is_inside = index > 0 && text[index - 1] == '\r' && text.get(index) == Some(&'\n');
    if is_inside { index - 1 } else { index }
}

/// Line and UTF-16 column.
fn position(text: &[char], index: usize) -> Value {
    let (mut line, mut column) = (0, 0);
    for (at, letter) in text[..index].iter().enumerate() {
        let ends_line = *letter == '\n' || (*letter == '\r' && text.get(at + 1) != Some(&'\n'));
        if ends_line {
            line += 1;
            column = 0;
        } else {
            column += letter.len_utf16();
        }
    }
    json!({"line": line, "character": column})
}
