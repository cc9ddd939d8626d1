//! Objects of JSON as they are written: in order, with doubled keys refused. Files of models are trusted in nothing.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::marker::PhantomData;
use std::path::Path;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

use crate::files::{FileError, shown};

/// Entries in the order of the file.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entries<T>(pub(crate) Vec<(String, T)>);

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EntriesVisitor<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for EntriesVisitor<T> {
            type Value = Entries<T>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                let mut seen = std::collections::HashSet::new();
                while let Some(key) = map.next_key::<String>()? {
                    if !seen.insert(key.clone()) {
                        return Err(serde::de::Error::custom(format_args!("`{}` occurs twice", shown(&key))));
                    }
                    entries.push((key, map.next_value()?));
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(EntriesVisitor(PhantomData))
    }
}

/// The text of a small file.
pub(crate) fn read_text(path: &Path, limit: u64) -> Result<String, FileError> {
    let file = File::open(path).map_err(|error| FileError::new(path, error))?;
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes).map_err(|error| FileError::new(path, error))?;
    if bytes.len() as u64 > limit {
        return Err(FileError::new(path, format_args!("it is longer than {limit} bytes")));
    }
    String::from_utf8(bytes).map_err(|_| FileError::new(path, "it is not UTF-8"))
}

/// The same JSON without blanks between its parts.
pub(crate) fn without_blanks(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let (mut is_in_string, mut is_escaped) = (false, false);
    for character in text.chars() {
        if is_in_string {
            is_in_string = is_escaped || character != '"';
            is_escaped = !is_escaped && character == '\\';
        } else if matches!(character, ' ' | '\t' | '\n' | '\r') {
            continue;
        } else {
            is_in_string = character == '"';
        }
        result.push(character);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_in_strings_stay() {
        assert_eq!(without_blanks("{ \"a b\\\" \" :\n [1, 2] }"), "{\"a b\\\" \":[1,2]}");
    }

    #[test]
    fn entries_keep_their_order_and_occur_once() {
        let entries: Entries<u8> = serde_json::from_str(r#"{"b":1,"a":2}"#).expect("it is an object");
        assert_eq!(entries.0, [("b".to_owned(), 1), ("a".to_owned(), 2)]);
        let twice =
            serde_json::from_str::<Entries<u8>>(r#"{"b":1,"b":2}"#).expect_err("the key occurs twice");
        assert!(twice.to_string().contains("`b` occurs twice"), "{twice}");
    }
}
