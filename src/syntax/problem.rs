//! What is wrong with the text of a file.

use crate::source::Span;

/// A place that could not be read as its language demands. Everything around it was read all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where.
    pub span: Span,
    /// What is wrong, without a final stop: "a closing brace is missing".
    pub message: String,
}

impl Problem {
    /// A problem at a place.
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        Self { span, message: message.into() }
    }
}
