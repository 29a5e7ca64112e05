//! `formwork graph`

use super::args::CheckArgs;
use super::{CLEAN, Failure};

/// Prints the canonical resources.
pub fn run(_args: &CheckArgs) -> Result<u8, Failure> {
    Ok(CLEAN)
}
