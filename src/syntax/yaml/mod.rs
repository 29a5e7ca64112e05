//! YAML: CloudFormation templates and the files that give them parameters.
//!
//! Built on the events of `saphyr-parser`. What it lacks is added here: a tree with byte spans, aliases and merge keys
//! with a bound, comments, the scalar types of YAML 1.1 as CloudFormation takes them, and going on behind an error.

mod build;
mod comments;
mod recover;
mod schema;

use super::Problem;
use super::document::Stream;
use crate::source::{FileId, Span};

pub use schema::resolve_plain;

/// Aliases are expanded to at most this many nodes in a file.
pub const MAX_ALIAS_NODES: usize = 100_000;

/// Reads a file. Never fails: what cannot be read is a problem, and the rest is in the tree.
pub fn parse(file: FileId, text: &str) -> Stream {
    let mut reading = build::Reading::new(file, text);
    reading.run();
    let build::Reading { documents, mut problems, mut scalars, .. } = reading;
    scalars.sort_unstable();
    problems.sort_by_key(|p: &Problem| (p.span.start, p.span.end));
    problems.dedup();
    let comments = comments::find(text, &scalars)
        .into_iter()
        .map(|(start, end, own_line)| super::document::Comment { span: Span::new(file, start, end), own_line })
        .collect();
    Stream { documents, comments, problems }
}

#[cfg(test)]
mod tests;
