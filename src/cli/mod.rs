//! Layer 8, the command line: arguments in, exit code out.

mod args;
mod check;
pub mod discover;
mod fix;
mod graph;
mod rules;
mod settings;

use args::{Cli, Command};
use clap::Parser;
use std::io::{IsTerminal, Write};

/// Everything was analysed, nothing at or above the threshold.
pub const CLEAN: u8 = 0;
/// Findings at or above the threshold.
pub const FINDINGS: u8 = 1;
/// The command line, the configuration or a rule file is wrong.
pub const USAGE: u8 = 2;
/// Nothing to analyse, or something could not be read.
pub const UNREADABLE: u8 = 3;

/// Something that ends the run before a report: shown on standard error.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A sentence.
    Plain(String),
    /// With the text that is wrong.
    Rich(Box<dyn miette::Diagnostic + Send + Sync>),
    /// The reader of standard output went away.
    Pipe,
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe { Failure::Pipe } else { Failure::Plain(error.to_string()) }
    }
}

/// Runs the command of the process; the exit code.
pub fn main() -> u8 {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let code = if error.use_stderr() { USAGE } else { CLEAN };
            // Nothing can be done about an output that is gone.
            let _ = error.print();
            return code;
        }
    };
    let done = match cli.command {
        None => check::run(&cli.check),
        Some(Command::Check(args)) => check::run(&args),
        Some(Command::Rules(args)) => rules::list(&args),
        Some(Command::Explain(args)) => rules::explain(&args),
        Some(Command::Schema(args)) => rules::schema(&args),
        Some(Command::Graph(args)) => graph::run(&args.check),
    };
    match done {
        Ok(code) => code,
        Err(Failure::Pipe) => CLEAN,
        Err(Failure::Plain(message)) => {
            let _ = writeln!(std::io::stderr(), "formwork: {message}");
            USAGE
        }
        Err(Failure::Rich(diagnostic)) => {
            let _ = writeln!(std::io::stderr(), "{}", render(diagnostic.as_ref()));
            USAGE
        }
    }
}

/// A diagnostic of formwork's own as text.
fn render(diagnostic: &dyn miette::Diagnostic) -> String {
    let theme = if std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none() {
        miette::GraphicalTheme::unicode()
    } else {
        miette::GraphicalTheme::unicode_nocolor()
    };
    let mut out = String::new();
    let handler = miette::GraphicalReportHandler::new_themed(theme);
    if handler.render_report(&mut out, diagnostic).is_err() {
        out = diagnostic.to_string();
    }
    out
}
