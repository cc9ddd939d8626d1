//! `strizh completions` and `strizh man`: what packages install beside the program.

use std::io::Write;

use clap::CommandFactory;
use clap_complete::Shell;

use crate::cli::{Arguments, Outcome};

pub(crate) fn completions(shell: Shell) -> anyhow::Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "strizh", &mut script);
    std::io::stdout().write_all(&script)?;
    Ok(Outcome::Clean)
}

/// The page of the program, followed by those of its commands.
pub(crate) fn man() -> anyhow::Result<Outcome> {
    let mut page = Vec::new();
    let mut command = Arguments::command();
    command.build();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    for subcommand in command.get_subcommands().filter(|subcommand| !subcommand.is_hide_set()) {
        let name = format!("strizh {}", subcommand.get_name());
        writeln!(page, ".SH \"{}\"", name.to_uppercase())?;
        let manual = clap_mangen::Man::new(subcommand.clone());
        manual.render_description_section(&mut page)?;
        manual.render_options_section(&mut page)?;
    }
    std::io::stdout().write_all(&page)?;
    Ok(Outcome::Clean)
}
