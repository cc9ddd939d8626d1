//! A page of the help: HTML that one program writes, so a scanner of tags and classes is enough.

use std::borrow::Cow;

/// What a page says, as text.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// `Массив.Добавить (Array.Add)`.
    pub title: String,
    pub owner: String,
    pub heading: String,
    /// Lines about versions.
    pub versions: String,
    pub chapters: Vec<Chapter>,
}

#[derive(Debug, Default)]
pub(crate) struct Chapter {
    /// Without the colon.
    pub name: String,
    /// Lines as on the page.
    pub text: String,
    /// Parameters: the header and the text below.
    pub rubrics: Vec<(String, String)>,
}

/// Where text goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Nowhere,
    Title,
    Owner,
    Heading,
    Version,
    ChapterName,
    RubricName,
    Body,
}

impl Page {
    /// `is_wanted` says of which chapters the text is kept.
    pub fn read(html: &str, is_wanted: impl Fn(&str) -> bool) -> Self {
        let mut page = Self::default();
        let mut target = Target::Nowhere;
        let mut closing = "";
        let mut is_kept = false;
        for token in Tokens(html) {
            match token {
                Token::Text(text) => page.push(target, text),
                Token::Tag { name, .. } if target != Target::Body && name.eq_ignore_ascii_case(closing) => {
                    if target == Target::ChapterName {
                        is_kept = page.end_chapter_name(&is_wanted);
                    }
                    target = if is_kept { Target::Body } else { Target::Nowhere };
                    closing = "";
                }
                Token::Tag { name, class } => match special(name, class) {
                    Some((found, close)) => {
                        (target, closing) = (found, close);
                        page.begin(target);
                    }
                    None if target == Target::Body && breaks_line(name) => page.push_break(),
                    None => {}
                },
            }
        }
        page.trim();
        page
    }

    fn begin(&mut self, target: Target) {
        match target {
            Target::ChapterName => self.chapters.push(Chapter::default()),
            Target::Version if !self.versions.is_empty() => self.versions.push('\n'),
            Target::RubricName => {
                if let Some(chapter) = self.chapters.last_mut() {
                    chapter.rubrics.push(Default::default());
                }
            }
            _ => {}
        }
    }

    fn end_chapter_name(&mut self, is_wanted: &impl Fn(&str) -> bool) -> bool {
        let Some(chapter) = self.chapters.last_mut() else { return false };
        let name = chapter.name.trim().trim_end_matches(':').trim_end();
        chapter.name.truncate(name.len());
        is_wanted(&chapter.name)
    }

    fn buffer(&mut self, target: Target) -> Option<&mut String> {
        match target {
            Target::Nowhere => None,
            Target::Title => Some(&mut self.title),
            Target::Owner => Some(&mut self.owner),
            Target::Heading => Some(&mut self.heading),
            Target::Version => Some(&mut self.versions),
            Target::ChapterName => Some(&mut self.chapters.last_mut()?.name),
            Target::RubricName => Some(&mut self.chapters.last_mut()?.rubrics.last_mut()?.0),
            Target::Body => {
                let chapter = self.chapters.last_mut()?;
                match chapter.rubrics.last_mut() {
                    Some((_, text)) => Some(text),
                    None => Some(&mut chapter.text),
                }
            }
        }
    }

    /// Adds text with its blanks collapsed.
    fn push(&mut self, target: Target, text: &str) {
        let Some(buffer) = self.buffer(target) else { return };
        let text = decoded(text);
        let mut is_first = true;
        for word in text.split(char::is_whitespace).filter(|word| !word.is_empty()) {
            let has_blank = !is_first || text.starts_with(char::is_whitespace);
            if has_blank && !buffer.is_empty() && !buffer.ends_with([' ', '\n']) {
                buffer.push(' ');
            }
            buffer.push_str(word);
            is_first = false;
        }
        if text.ends_with(char::is_whitespace) && !buffer.is_empty() && !buffer.ends_with([' ', '\n']) {
            buffer.push(' ');
        }
    }

    fn push_break(&mut self) {
        let Some(buffer) = self.buffer(Target::Body) else { return };
        if !buffer.is_empty() && !buffer.ends_with('\n') {
            buffer.truncate(buffer.trim_end_matches(' ').len());
            buffer.push('\n');
        }
    }

    fn trim(&mut self) {
        let names = [&mut self.title, &mut self.owner, &mut self.heading, &mut self.versions].into_iter();
        let texts = self.chapters.iter_mut().flat_map(|chapter| {
            let rubrics = chapter.rubrics.iter_mut().flat_map(|(name, text)| [name, text]);
            rubrics.chain([&mut chapter.text])
        });
        for text in names.chain(texts) {
            text.truncate(text.trim_end().len());
        }
    }
}

/// Elements with a meaning of their own, and the tag that ends them.
fn special(name: &str, class: &str) -> Option<(Target, &'static str)> {
    let is = |tag: &str, wanted: &str| name.eq_ignore_ascii_case(tag) && class.eq_ignore_ascii_case(wanted);
    if class.is_empty() {
        None
    } else if is("h1", "V8SH_pagetitle") {
        Some((Target::Title, "/h1"))
    } else if is("p", "V8SH_title") {
        Some((Target::Owner, "/p"))
    } else if is("p", "V8SH_heading") {
        Some((Target::Heading, "/p"))
    } else if is("p", "V8SH_chapter") {
        Some((Target::ChapterName, "/p"))
    } else if is("div", "V8SH_rubric") {
        Some((Target::RubricName, "/div"))
    } else if is("p", "V8SH_versionInfo") {
        Some((Target::Version, "/p"))
    } else {
        None
    }
}

fn breaks_line(name: &str) -> bool {
    let name = name.trim_start_matches('/').trim_end_matches('/');
    ["br", "p", "div", "li", "ul", "tr", "table"].iter().any(|tag| name.eq_ignore_ascii_case(tag))
}

enum Token<'a> {
    Text(&'a str),
    /// The name of a closing tag starts with a slash.
    Tag {
        name: &'a str,
        class: &'a str,
    },
}

struct Tokens<'a>(&'a str);

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if self.0.is_empty() {
            return None;
        }
        let Some(inner) = self.0.strip_prefix('<') else {
            let (text, rest) = self.0.split_at(self.0.find('<').unwrap_or(self.0.len()));
            self.0 = rest;
            return Some(Token::Text(text));
        };
        let (tag, rest) = match inner.strip_prefix("!--") {
            Some(comment) => ("", comment.split_once("-->").map_or("", |(_, rest)| rest)),
            None => inner.split_once('>').unwrap_or((inner, "")),
        };
        self.0 = rest;
        let name = tag.split(char::is_whitespace).next().unwrap_or_default();
        for skipped in ["script", "style"] {
            if name.eq_ignore_ascii_case(skipped) {
                self.0 = self.0.find("</").map_or("", |end| &self.0[end..]);
            }
        }
        Some(Token::Tag { name, class: class(&tag[name.len()..]) })
    }
}

fn class(attributes: &str) -> &str {
    let Some((_, value)) = attributes.split_once("class") else { return "" };
    let Some(value) = value.trim_start().strip_prefix('=') else { return "" };
    let value = value.trim_start();
    let quote = value.chars().next().filter(|char| matches!(char, '"' | '\''));
    match quote {
        Some(quote) => value[1..].split(quote).next().unwrap_or_default(),
        None => value.split([' ', '/', '>']).next().unwrap_or_default(),
    }
}

/// Text with its entities replaced.
fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let entity = after.split_once(';').filter(|(name, _)| name.len() <= 8);
        match entity.and_then(|(name, rest)| Some((character(name)?, rest))) {
            Some((character, tail)) => {
                out.push(character);
                rest = tail;
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn character(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        "laquo" => Some('«'),
        "raquo" => Some('»'),
        "mdash" => Some('—'),
        "ndash" => Some('–'),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}
