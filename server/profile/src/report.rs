//! What people read: tables for terminals, JSON for programs, a page for browsers.

mod console;
mod difference;
mod difference_page;
mod flame;
mod json;
mod page;
mod rows;
#[cfg(test)]
mod tests;
mod text;

use base::Locale;

use crate::model::Profile;
use crate::sources::Resolution;

pub use flame::{FlameNode, flame_tree};
pub use rows::{Grouping, Row, rows};
pub use text::{count_text, percent_text, share_text, time_text};

/// What to tell of a profile.
#[derive(Clone, Copy)]
pub struct Report<'a> {
    pub profile: &'a Profile,
    /// What became of the lines, if the sources are at hand.
    pub resolution: Option<&'a Resolution>,
    pub grouping: Grouping,
    /// How many rows; the page has more.
    pub top: usize,
    pub locale: Locale,
}

/// Either language.
fn choose(locale: Locale, ru: &'static str, en: &'static str) -> &'static str {
    match locale {
        Locale::Ru => ru,
        Locale::En => en,
    }
}
