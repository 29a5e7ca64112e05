//! Terraform configurations from the first byte to the declarations.

mod hostile;
mod world;
