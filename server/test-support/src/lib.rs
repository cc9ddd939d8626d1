//! Help for tests and for the tour: fixtures written as text, and a blocking client of a language server.

mod client;
mod fixture;
mod random;

pub use client::{Client, Failure, Started};
pub use fixture::{Cursor, Fixture};
pub use random::Random;
