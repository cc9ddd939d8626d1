//! One test binary; a module per feature.

mod bad_input;
mod cli;
mod completion;
mod demo;
mod diagnostics;
mod lifecycle;
mod ordering;
mod random_session;
mod requests;
mod server;
mod settings;
