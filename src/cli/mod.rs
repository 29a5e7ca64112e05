//! Layer 8, the command line.

pub mod discover;
