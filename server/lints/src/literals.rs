//! Contents of literals, and patterns that settings give for them.

use std::borrow::Cow;

use regex::{Regex, RegexBuilder};
use syntax::{NodeId, Source, Token, TokenKind};

/// Text of a string node without its outer quotes. Lines and neighbouring literals are written together.
pub(crate) fn content<'a>(source: Source<'a>, string: NodeId) -> Cow<'a, str> {
    let text = code(source, string);
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(without_quotes(text)),
        Cow::Owned(text) => Cow::Owned(without_quotes(&text).to_owned()),
    }
}

/// Text of a literal on one line without its quotes; `None` for other tokens.
pub(crate) fn one_line_content<'a>(source: Source<'a>, token: &Token) -> Option<&'a str> {
    (token.kind == TokenKind::String).then(|| without_quotes(source.token_text(token)))
}

/// Code tokens of a node written together, exactly as they are.
pub(crate) fn code<'a>(source: Source<'a>, node: NodeId) -> Cow<'a, str> {
    let tokens = source.tree.tokens_of(node);
    let is_gapless = tokens.windows(2).all(|pair| pair[0].end == pair[1].start);
    if is_gapless && tokens.iter().all(|token| !token.kind.is_trivia()) {
        return Cow::Borrowed(source.node_text(node));
    }
    source.tree.code_tokens_of(node).map(|token| source.token_text(token)).collect::<String>().into()
}

fn without_quotes(text: &str) -> &str {
    let text = text.strip_prefix('"').unwrap_or(text);
    text.strip_suffix('"').unwrap_or(text)
}

/// A pattern of the settings in any case; one that cannot be read gives way to the default.
pub(crate) fn pattern(wanted: &str, default: &str) -> Option<Regex> {
    let compile = |pattern: &str| RegexBuilder::new(pattern).case_insensitive(true).build().ok();
    compile(wanted).or_else(|| compile(default))
}
