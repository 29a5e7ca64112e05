//! Terraform configurations from the first byte to the declarations.

mod hostile;
mod laws;
mod plan;
mod syntax;
mod world;
