//! Layer 1, syntax: one spanned, error-tolerant tree per file.
//!
//! Never fails as a whole, never evaluates.

pub mod document;
pub mod hcl;
pub mod json;
mod problem;
pub mod yaml;

pub use problem::Problem;

use crate::source::FileId;

/// Reads a YAML or JSON file by its content, whatever its name: what starts with a bracket is JSON, unless it can be
/// read only as YAML.
pub fn read_document(file: FileId, text: &str) -> document::Stream {
    if !text.trim_start().starts_with(['{', '[']) {
        return yaml::parse(file, text);
    }
    let json = json::parse(file, text);
    if json.problems.is_empty() {
        return json;
    }
    let yaml = yaml::parse(file, text);
    if yaml.problems.is_empty() { yaml } else { json }
}
