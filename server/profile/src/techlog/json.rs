//! Events as JSON: one object per line, all values strings, names possibly repeated.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

use super::event::{Event, EventKind};
use super::moment::{HOUR_US, Moment};
use super::problems::ProblemKind;
use super::properties::Value;

/// Pairs in the order of the line.
pub(super) struct Pairs<'a>(Vec<(Cow<'a, str>, Scalar<'a>)>);

/// A value that is a string or, against the rule, something simple else.
#[derive(Deserialize)]
#[serde(untagged)]
enum Scalar<'a> {
    Text(#[serde(borrow)] Cow<'a, str>),
    Number(u64),
    Other(serde::de::IgnoredAny),
}

impl<'de: 'a, 'a> Deserialize<'de> for Pairs<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PairVisitor;
        impl<'de> Visitor<'de> for PairVisitor {
            type Value = Vec<(Cow<'de, str>, Scalar<'de>)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an event")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(pairs)
            }
        }
        deserializer.deserialize_map(PairVisitor).map(Self)
    }
}

impl<'a> Pairs<'a> {
    pub(super) fn parse(line: &'a [u8]) -> Result<Self, ProblemKind> {
        let line = line.trim_ascii();
        let text = std::str::from_utf8(line).map_err(|_| ProblemKind::BadText)?;
        serde_json::from_str(text).map_err(|_| ProblemKind::BadJson)
    }

    /// The event with the name of its kind.
    pub(super) fn event(&self, hour: Option<Moment>) -> Result<(Event<'_>, &str), ProblemKind> {
        let mut event = Event::default();
        let (mut name, mut end, mut duration) = ("", None, None);
        for (key, value) in &self.0 {
            let text = match value {
                Scalar::Text(text) => text.as_ref(),
                Scalar::Number(number) => match key.as_ref() {
                    "duration" => {
                        duration = Some(*number);
                        continue;
                    }
                    "depth" => {
                        event.depth = u32::try_from(*number).unwrap_or(u32::MAX);
                        continue;
                    }
                    _ => continue,
                },
                Scalar::Other(_) => continue,
            };
            match key.as_ref() {
                "ts" => end = moment(text, hour),
                "duration" => duration = Value::plain(text.as_bytes()).number(),
                "name" => name = text,
                "depth" => event.depth = text.trim().parse().unwrap_or_default(),
                key => event.set(key.as_bytes(), Value::plain(text.as_bytes())),
            }
        }
        if name.is_empty() {
            return Err(ProblemKind::BadJson);
        }
        event.kind = EventKind::of_name(name.as_bytes());
        event.end = end.ok_or(ProblemKind::BadNumber)?.0;
        let duration =
            duration.and_then(|time| i64::try_from(time).ok()).filter(|time| *time < 10_000 * HOUR_US);
        event.duration = duration.ok_or(ProblemKind::BadNumber)?;
        Ok((event, name))
    }
}

/// With a date, or minutes and seconds of the hour of the file.
fn moment(text: &str, hour: Option<Moment>) -> Option<Moment> {
    if text.as_bytes().get(4) == Some(&b'-') {
        return Moment::parse(text);
    }
    let micros = Moment::parse(&format!("1970-01-01T00:{text}"))?;
    Some(Moment(hour.unwrap_or_default().0 + micros.0))
}
