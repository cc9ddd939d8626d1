//! What comments refer to: pages of the web, and other methods by «См.».

use base::{CancelToken, TextRange, same_name};
use syntax::{Document, TokenKind};

use crate::code::Code;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentLink {
    pub range: TextRange,
    pub target: LinkTarget,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkTarget {
    Url(String),
    /// `См. Модуль.Метод` or `См. Метод`; the module may be a path: `Справочники.Товары`.
    Method {
        module: Option<String>,
        method: String,
    },
}

/// Sites that comments name without a protocol.
const BARE_SITES: [&str; 2] = ["its.1c.ru/", "its.1c.eu/"];
/// Ends of sentences and brackets that are no part of an address.
const CLOSING: [char; 12] = ['.', ',', ';', ':', '!', '?', ')', ']', '}', '"', '\'', '»'];

/// Links of a module, sorted by position.
pub fn document_links(document: &Document, token: &CancelToken) -> Vec<DocumentLink> {
    let code = Code::new(document);
    let mut links = Vec::new();
    for comment in code.tree().tokens().iter().filter(|token| token.kind == TokenKind::Comment) {
        if token.is_cancelled() {
            return Vec::new();
        }
        let text = code.source().token_text(comment);
        let first = links.len();
        add_urls(text, comment.start, &mut links);
        add_references(text, comment.start, &mut links);
        links[first..].sort_by_key(|link: &DocumentLink| link.range);
    }
    links
}

fn add_urls(text: &str, start: u32, links: &mut Vec<DocumentLink>) {
    for word in words(text) {
        let bytes = &text[word.clone()];
        let at = ["http://", "https://"].iter().filter_map(|protocol| bytes.find(protocol)).min();
        let bare = BARE_SITES.iter().find(|site| bytes.starts_with(*site));
        let Some(at) = at.or(bare.map(|_| 0)) else { continue };
        let address = bytes[at..].trim_end_matches(CLOSING);
        let address = address.split(['<', '>', '"', '«', '»']).next().unwrap_or(address);
        let is_complete =
            address.split("//").last().is_some_and(|rest| rest.contains('.') || rest.contains("localhost"));
        if !is_complete {
            continue;
        }
        let from = word.start + at;
        let url = if at == 0 && bare.is_some() { format!("https://{address}") } else { address.to_owned() };
        links.push(DocumentLink {
            range: TextRange::from(from..from + address.len()).shifted(start),
            target: LinkTarget::Url(url),
        });
    }
}

/// Words between blanks, as ranges.
fn words(text: &str) -> impl Iterator<Item = std::ops::Range<usize>> {
    text.split_whitespace().map(|word| {
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        start..start + word.len()
    })
}

/// The path behind each «См.».
fn add_references(text: &str, start: u32, links: &mut Vec<DocumentLink>) {
    let words: Vec<_> = words(text).collect();
    for pair in words.windows(2) {
        let word = text[pair[0].clone()].trim_start_matches(['/', '(', '-']);
        if !["См.", "See"].iter().any(|known| same_name(known, word)) {
            continue;
        }
        let rest = &text[pair[1].clone()];
        let end = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != '.');
        let path = rest[..end.unwrap_or(rest.len())].trim_end_matches('.');
        let is_called = rest[path.len()..].starts_with('(');
        let Some(target) = method_target(path, is_called || word.ends_with('.')) else { continue };
        let range = TextRange::from(pair[1].start..pair[1].start + path.len()).shifted(start);
        links.push(DocumentLink { range, target });
    }
}

/// A single word behind «see» is just a word, and so is a lower-case one: «см. также».
fn method_target(path: &str, may_be_local: bool) -> Option<LinkTarget> {
    let is_name = |name: &str| {
        let starts_well = name.chars().next().is_some_and(|letter| letter.is_alphabetic() || letter == '_');
        starts_well && !name.is_empty()
    };
    if !path.split('.').all(is_name) {
        return None;
    }
    match path.rsplit_once('.') {
        Some((module, method)) => {
            Some(LinkTarget::Method { module: Some(module.to_owned()), method: method.to_owned() })
        }
        None if may_be_local && path.starts_with(char::is_uppercase) => {
            Some(LinkTarget::Method { module: None, method: path.to_owned() })
        }
        None => None,
    }
}
