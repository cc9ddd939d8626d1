//! What may be typed next: where the cursor stands, and the words of the language that fit there.

mod blocks;
mod keywords;
mod position;
mod snippets;

pub use keywords::{KeywordItem, KeywordItemKind, keyword_items};
pub use position::{CallPlace, CompletionPosition, PositionKind, completion_position};
