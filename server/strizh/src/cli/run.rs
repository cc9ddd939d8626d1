//! `strizh run`: executes a script, or a method of a configuration, on the host of this project.

mod arguments;
mod measure;
mod target;
mod values;

use std::io::Write;

use base::Locale;
use testhost::{Failure, FailureKind, Machine, Value};

pub(crate) use self::arguments::RunArguments;

use self::target::Target;
use crate::cli::Outcome;
use crate::host;

pub(crate) fn run(arguments: &RunArguments) -> anyhow::Result<Outcome> {
    if arguments.host.listen.is_some() {
        let call = arguments.call.as_deref();
        return host::serve(&arguments.target, &arguments.host, call, arguments.locale());
    }
    let mut machine = Machine::new(arguments.limits());
    machine.language = arguments.locale();
    machine.clock = arguments.clock();
    arguments.grant(&mut machine.grants)?;
    let target = match Target::open(arguments, &mut machine)? {
        Ok(target) => target,
        Err(failure) => return explain(&failure, arguments.locale()),
    };
    let result = execute(arguments, &target, &mut machine);
    print_messages(&mut machine)?;
    if let Some(path) = &arguments.measure
        && let Some(measurement) = machine.stop_measurement()
    {
        measure::write(path, &measurement, &target)?;
    }
    match result {
        Ok(Value::Undefined) => Ok(Outcome::Clean),
        Ok(value) => {
            writeln!(std::io::stdout(), "{}", value.presentation())?;
            Ok(Outcome::Clean)
        }
        Err(failure) => explain(&failure, arguments.locale()),
    }
}

fn execute(arguments: &RunArguments, target: &Target, machine: &mut Machine) -> Result<Value, Box<Failure>> {
    if let Some((name, text)) = arguments.data_text()? {
        machine.load(&name, &text)?;
    }
    let mut values = Vec::new();
    for argument in &arguments.argument {
        values.push(values::parse(machine, argument)?);
    }
    if arguments.measure.is_some() {
        machine.start_measurement();
    }
    target.run(machine, arguments.call.as_deref(), values)
}

fn print_messages(machine: &mut Machine) -> std::io::Result<()> {
    let mut output = std::io::stdout().lock();
    for line in machine.output.drain(..) {
        writeln!(output, "{line}")?;
    }
    Ok(())
}

/// Prints an error with its stack; its kind decides about the exit code.
fn explain(failure: &Failure, locale: Locale) -> anyhow::Result<Outcome> {
    let is_english = locale == Locale::En;
    let (title, outcome) = match failure.kind {
        FailureKind::Runtime | FailureKind::Raised => ("", Outcome::Findings),
        FailureKind::Syntax if is_english => ("the code does not compile: ", Outcome::Trouble),
        FailureKind::Syntax => ("код не компилируется: ", Outcome::Trouble),
        FailureKind::Limit if is_english => ("a budget is used up: ", Outcome::Exhausted),
        FailureKind::Limit => ("исчерпан бюджет: ", Outcome::Exhausted),
        FailureKind::Unsupported if is_english => ("not supported by this host: ", Outcome::Unsupported),
        FailureKind::Unsupported => ("этот исполнитель такого не умеет: ", Outcome::Unsupported),
    };
    // What ended before code began knows no session.
    let failure = Box::new(failure.clone()).in_language(locale);
    writeln!(std::io::stderr(), "{title}{}", failure.detailed())?;
    Ok(outcome)
}
