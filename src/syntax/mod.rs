//! Layer 1, syntax: one spanned, error-tolerant tree per file.
//!
//! Never fails as a whole, never evaluates.

pub mod hcl;
mod problem;

pub use problem::Problem;
