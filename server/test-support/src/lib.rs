//! Help for tests and for the tour: fixtures written as text, and a blocking client of a language server.

mod client;
mod fixture;

pub use client::{Client, Failure, Started};
pub use fixture::{Cursor, Fixture};
