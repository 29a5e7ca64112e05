//! The `formwork` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(formwork::cli::main())
}
