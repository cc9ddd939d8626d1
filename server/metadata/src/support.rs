//! Which objects a vendor supports, from `ParentConfigurations.bin`. It is a text in braces:
//! `{6,<global>,<count>, <vendor>…}`, where a vendor is `uuid, flag, uuid, "version", "vendor", "name", <count>` and
//! its records are `state, flag, <uuid here>, <uuid at the vendor>`. Counts and unknown fields differ between
//! versions of the platform, so records are found by their shape and a damaged file gives what is left of it.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

/// May an object be changed without losing the vendor's updates?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SupportState {
    Locked,
    Editable,
    /// Removed from support.
    Removed,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vendor {
    pub name: SmolStr,
    pub configuration: SmolStr,
    pub version: SmolStr,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Support {
    pub vendors: Vec<Vendor>,
    /// By the object's UUID in this configuration, 128 bits as written. The strictest state wins where several
    /// vendors supply one object.
    states: FxHashMap<u128, SupportState>,
}

impl Support {
    /// `None` for own objects, which nobody supplies.
    pub fn state(&self, uuid: &str) -> Option<SupportState> {
        self.states.get(&parse_uuid(uuid)?).copied()
    }

    /// True if the vendor forbids changes of the object.
    pub fn is_locked(&self, uuid: &str) -> bool {
        self.state(uuid) == Some(SupportState::Locked)
    }

    pub fn len(&self) -> usize {
        self.states.len()
    }

    pub fn is_empty(&self) -> bool {
        self.states.is_empty()
    }
}

/// Reads the file; whatever is not understood is passed over.
pub fn read_support(bytes: &[u8]) -> Support {
    let mut support = Support::default();
    let tokens = Tokens { rest: bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes) };
    let mut window = [Token::Other; 3];
    let mut texts: Vec<String> = Vec::new();
    for token in tokens {
        if let Token::Text(text) = token {
            texts.push(unquoted(text));
            continue;
        }
        if let [version, name, configuration] = texts.as_slice() {
            let [version, name, configuration] = [version, name, configuration].map(SmolStr::from);
            support.vendors.push(Vendor { name, configuration, version });
        }
        if !texts.is_empty() {
            texts.clear();
            window = [Token::Other; 3];
            continue;
        }
        if let (&[Token::Number(state), Token::Number(_), Token::Uuid(local)], Token::Uuid(_)) =
            (&window, token)
        {
            support.insert(local, state);
            window = [Token::Other; 3];
        } else {
            window = [window[1], window[2], token];
        }
    }
    support
}

impl Support {
    fn insert(&mut self, uuid: u128, state: u32) {
        let state = match state {
            0 => SupportState::Locked,
            1 => SupportState::Editable,
            2 => SupportState::Removed,
            _ => return,
        };
        self.states.entry(uuid).and_modify(|known| *known = state.min(*known)).or_insert(state);
    }
}

#[derive(Clone, Copy)]
enum Token<'a> {
    Number(u32),
    Uuid(u128),
    /// Between the quotes, inner quotes doubled.
    Text(&'a [u8]),
    Other,
}

/// Fields between commas and braces.
struct Tokens<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let start = self.rest.iter().position(|&byte| !is_separator(byte))?;
        let rest = &self.rest[start..];
        if rest[0] == b'"' {
            let end = closing_quote(rest);
            self.rest = rest.get(end + 1..).unwrap_or_default();
            return Some(Token::Text(&rest[1..end.max(1)]));
        }
        let end = rest.iter().position(|&byte| is_separator(byte) || byte == b'"').unwrap_or(rest.len());
        self.rest = &rest[end..];
        Some(classify(&rest[..end]))
    }
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b',' | b'{' | b'}') || byte.is_ascii_whitespace()
}

/// Offset of the quote that ends a text beginning at 0; the end of the input if it never ends.
fn closing_quote(text: &[u8]) -> usize {
    let mut at = 1;
    while at < text.len() {
        if text[at] == b'"' {
            if text.get(at + 1) != Some(&b'"') {
                return at;
            }
            at += 1;
        }
        at += 1;
    }
    text.len()
}

fn classify(field: &[u8]) -> Token<'_> {
    let Ok(field) = std::str::from_utf8(field) else { return Token::Other };
    if let Some(uuid) = parse_uuid(field) {
        return Token::Uuid(uuid);
    }
    field.parse().map_or(Token::Other, Token::Number)
}

fn unquoted(text: &[u8]) -> String {
    String::from_utf8_lossy(text).replace("\"\"", "\"")
}

fn parse_uuid(text: &str) -> Option<u128> {
    let text = text.as_bytes();
    if text.len() != 36 {
        return None;
    }
    let mut value = 0u128;
    for (index, &byte) in text.iter().enumerate() {
        if matches!(index, 8 | 13 | 18 | 23) {
            if byte != b'-' {
                return None;
            }
        } else {
            value = value << 4 | u128::from((byte as char).to_digit(16)?);
        }
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ITEMS: &str = "\u{FEFF}{6,0,2,\
        11111111-0000-4000-8000-000000000001,1,11111111-0000-4000-8000-000000000002,\
        \"1.2.3\",\"Фирма \"\"Пример\"\"\",\"БиблиотекаПример\",3,\
        0,0,aaaaaaaa-0000-4000-8000-000000000001,bbbbbbbb-0000-4000-8000-000000000001,\
        1,0,aaaaaaaa-0000-4000-8000-000000000002,bbbbbbbb-0000-4000-8000-000000000002,\
        2,0,AAAAAAAA-0000-4000-8000-000000000003,bbbbbbbb-0000-4000-8000-000000000003,\
        22222222-0000-4000-8000-000000000001,1,22222222-0000-4000-8000-000000000002,\
        \"4.5\",\"\",\"Other, {library}\",1,\r\n\
        0,0,aaaaaaaa-0000-4000-8000-000000000002,cccccccc-0000-4000-8000-000000000002,\
        0,0,0,1}";

    #[track_caller]
    fn check(support: &Support, number: u32, expected: Option<SupportState>) {
        assert_eq!(support.state(&format!("aaaaaaaa-0000-4000-8000-00000000000{number}")), expected);
    }

    #[test]
    fn objects_have_the_state_of_their_vendor() {
        let support = read_support(ITEMS.as_bytes());
        check(&support, 1, Some(SupportState::Locked));
        check(&support, 3, Some(SupportState::Removed));
        check(&support, 4, None);
        assert_eq!(support.len(), 3);
    }

    #[test]
    fn the_strictest_vendor_wins() {
        check(&read_support(ITEMS.as_bytes()), 2, Some(SupportState::Locked));
    }

    #[test]
    fn vendors_are_named() {
        let vendors = read_support(ITEMS.as_bytes()).vendors;
        let names: Vec<_> =
            vendors.iter().map(|it| format!("{} | {} | {}", it.name, it.configuration, it.version)).collect();
        assert_eq!(names, ["Фирма \"Пример\" | БиблиотекаПример | 1.2.3", " | Other, {library} | 4.5"]);
    }

    #[test]
    fn a_damaged_file_gives_what_is_left() {
        for length in 0..ITEMS.len() {
            let support = read_support(&ITEMS.as_bytes()[..length]);
            assert!(support.len() <= 3);
        }
        let tail = &ITEMS.as_bytes()[ITEMS.len() / 2..];
        assert!(!read_support(tail).is_empty());
        assert!(read_support(b"").is_empty());
        assert!(read_support(&[0xFF, b'"', 0, b'{']).is_empty());
    }
}
