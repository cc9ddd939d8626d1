//! One test binary; a module per feature.

mod across_modules;
mod audit;
mod bad_input;
mod cache;
mod cli;
mod command;
mod completion;
mod demo;
mod diagnostics;
mod filters;
mod fixes;
mod inline_completion;
mod json_schema;
mod lifecycle;
mod navigation;
mod ordering;
mod profile;
mod project;
mod random_session;
mod reports;
mod requests;
mod rewrites;
mod server;
mod settings;
mod watch;
