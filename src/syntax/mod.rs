//! Layer 1, syntax: one spanned, error-tolerant tree per file.
//!
//! Never fails as a whole, never evaluates.

mod problem;
pub mod hcl;

pub use problem::Problem;
