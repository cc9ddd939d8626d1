//! One test binary; a module per feature.

mod across_modules;
mod bad_input;
mod cli;
mod completion;
mod demo;
mod diagnostics;
mod lifecycle;
mod navigation;
mod ordering;
mod project;
mod random_session;
mod requests;
mod rewrites;
mod server;
mod settings;
