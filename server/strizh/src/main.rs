//! Strizh: language server and checker for BSL, the language of 1C:Enterprise.

mod acceptor;
mod analysis;
mod assistant;
mod bench;
mod cli;
mod error_history;
mod facts_store;
mod files;
mod host;
mod live;
mod lsp;
mod measured;
mod measuring;
mod object_filter;
mod ordered;
mod reload;
mod requests;
mod rule_pages;
mod settings;
mod tour;
mod workspace;

use std::process::ExitCode;

use clap::Parser;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = cli::Arguments::parse();
    start_log(arguments.is_server());
    cli::run(arguments)
}

/// The log goes to stderr: stdout is the protocol, or the result of a command.
fn start_log(is_server: bool) {
    let default = if is_server { "warn" } else { "error" };
    let filter = tracing_subscriber::EnvFilter::try_from_env("STRIZH_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(default));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false).init();
}
