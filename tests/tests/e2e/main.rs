//! One test binary; a module per feature.

mod bad_input;
mod cli;
mod demo;
mod diagnostics;
mod lifecycle;
mod navigation;
mod ordering;
mod random_session;
mod requests;
mod rewrites;
mod server;
mod settings;
