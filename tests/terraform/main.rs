//! Terraform configurations from the first byte to the declarations.

mod blocks;
mod hostile;
mod laws;
mod plan;
mod syntax;
mod world;
