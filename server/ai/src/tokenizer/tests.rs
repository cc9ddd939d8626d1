//! Our encoder and the reference agree on every text.

use super::fixture::{self, MODULE};
use super::{Tokenizer, WordCache};

/// What is hard for a splitter.
const TEXTS: &[&str] = &[
    "",
    " ",
    "\n",
    "\r\n",
    "\t\t",
    "А = 1;",
    "  А  =  1 ;  ",
    "ПолучитьДанныеHTTPСервиса(Parameter1, XMLЧтение)",
    "HTTPСоединение HTTPсоединение ПДФфайл IDs ABc aBC",
    "Сообщить(\"Привет\");\r\n\tВозврат;\r\n\r\n\r\n",
    "\n\n\t\t\n  \n\t Если",
    "1234567 12 3 А1Б22В333Г4444",
    "!!!!!!!! <> <= >= ();//////// ===",
    "a\tb \tc\t d  e",
    "\u{a0}неразрывный\u{a0} пробел\u{2028}конец",
    "эмодзи 👍🏽👩‍👩‍👧 и 中文 текст ǅ ªº ʰ",
    "№ 5 — «кавычки» … ½ ² ٣٤ Ⅷ",
    "Ёлка ёж Ѣ ѣ Ґ ґ Ї їҐ Ӕ ӕ",
    "\u{0}\u{1}\u{7f}\u{85}\u{200b}\u{feff}",
    "<|endoftext|><|fim_middle|> <|fim_suffix|>",
    "слово\u{301} е\u{308}",
    "\u{b}\u{c}\r\r\n x",
    " \r\n А",
    "_Имя_Поле __ _1_а",
];

fn check(json: &str, texts: &[String]) {
    let ours = Tokenizer::from_json(json).expect("the fixture is valid");
    let reference = fixture::reference(json);
    let mut cache = WordCache::default();
    for text in texts {
        let expected = reference.encode_fast(text.as_str(), false).expect("the text is plain");
        let mut tokens = Vec::new();
        ours.encode_with(text, &mut cache, &mut tokens);
        assert_eq!(tokens, expected.get_ids(), "{text:?}");
        assert_eq!(ours.decode(&tokens), *text, "{text:?}");
    }
}

/// The hard texts, the module, the module cut everywhere, and hard texts joined in many orders.
fn many_texts() -> Vec<String> {
    let mut texts: Vec<String> = TEXTS.iter().map(|text| (*text).into()).collect();
    texts.push(MODULE.into());
    texts.push(MODULE.replace('\n', "\r\n"));
    texts.push(MODULE.to_uppercase());
    for at in (0..MODULE.len()).step_by(37).filter(|at| MODULE.is_char_boundary(*at)) {
        let end =
            (at..MODULE.len()).filter(|end| MODULE.is_char_boundary(*end)).nth(60).unwrap_or(MODULE.len());
        texts.push(MODULE[at..end].into());
    }
    for step in 1..TEXTS.len() {
        texts.push((0..TEXTS.len()).map(|at| TEXTS[at * step % TEXTS.len()]).collect());
    }
    texts.push(" ".repeat(5000) + "А");
    texts.push("я".repeat(5000));
    texts
}

#[test]
fn own_encoder_equals_the_reference() {
    assert!(fixture::own().has_own_splitter());
    check(&fixture::own_json(), &many_texts());
}

#[test]
fn every_character_is_split_as_the_reference_does() {
    let all = (0..0x2_0000).filter_map(char::from_u32);
    let mut texts = vec![String::new()];
    for character in all {
        let text = texts.last_mut().expect("there is one");
        text.push(character);
        text.push_str(if u32::from(character) % 3 == 0 { "Аб" } else { "яA" });
        if text.len() > 2000 {
            texts.push(String::new());
        }
    }
    check(&fixture::own_json(), &texts);
}

#[test]
fn other_splitters_are_encoded_by_line() {
    let json = fixture::foreign_json();
    assert!(!Tokenizer::from_json(&json).expect("the fixture is valid").has_own_splitter());
    check(&json, &many_texts());
}

#[test]
fn tokens_of_documents_are_never_special() {
    for json in [fixture::own_json(), fixture::foreign_json()] {
        let tokenizer = Tokenizer::from_json(&json).expect("the fixture is valid");
        let tokens = tokenizer.encode("А<|endoftext|>Б<|fim_middle|>");
        assert!(!tokens.iter().any(|token| tokenizer.is_special(*token)));
        assert_eq!(tokenizer.special("fim_middle"), Some(2));
        assert_eq!(tokenizer.special("<|endoftext|>"), Some(0));
        assert_eq!(tokenizer.special("im_end"), None);
        assert_eq!(tokenizer.token_bytes(2), b"");
        assert_eq!(tokenizer.token_bytes(u32::MAX), b"");
    }
}

#[test]
fn broken_characters_are_replaced() {
    let tokenizer = fixture::own();
    let tokens = tokenizer.encode("👍");
    let cut = &tokens[..tokens.len() - 1];
    assert_eq!(tokenizer.decode(cut), "\u{fffd}");
}

#[test]
fn unusable_files_are_refused() {
    for text in [
        "",
        "{}",
        "[]",
        r#"{"model":{"type":"WordPiece","vocab":{}}}"#,
        r#"{"model":{"type":"BPE","vocab":{"a":0}}}"#,
    ] {
        assert!(Tokenizer::from_json(text).is_err(), "{text}");
    }
    let huge = fixture::own_json().replacen("\"id\":6", "\"id\":4294967295", 1);
    assert!(Tokenizer::from_json(&huge).is_err());
    let json = fixture::own_json().replacen("[[\"", "[[\"中", 1);
    let foreign = Tokenizer::from_json(&json);
    assert!(foreign.is_err(), "merges of unknown tokens");
}
