//! The JSON syntax of Terraform.

use crate::source::FileId;
use crate::syntax::Problem;
use crate::syntax::hcl::{self, Document};

/// Reads a `.tf.json` file.
pub(super) fn parse(file: FileId, text: &str) -> (Document, Vec<Problem>) {
    hcl::parse(file, text)
}

/// Reads a `.tfvars.json` file.
pub(super) fn parse_variables(file: FileId, text: &str) -> (Document, Vec<Problem>) {
    hcl::parse(file, text)
}
