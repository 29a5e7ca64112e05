//! What is wrong with a configuration file, on its exact characters.

use crate::source::{SourceFile, Span};
use miette::{Diagnostic, LabeledSpan, SourceCode};
use std::fmt;
use std::sync::Arc;

/// More problems of one file are counted, not shown.
const MAX_SHOWN: usize = 50;

/// One mistake in the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigProblem {
    /// What is wrong, without a final stop: "unknown key `slect`".
    pub message: String,
    /// The characters that are wrong.
    pub span: Span,
    /// What stands beside the characters; short.
    pub label: String,
    /// What to write instead: "did you mean `select`?".
    pub help: Option<String>,
}

impl ConfigProblem {
    /// A problem at a place.
    pub fn new(span: Span, message: impl Into<String>, label: impl Into<String>) -> Self {
        Self { message: message.into(), span, label: label.into(), help: None }
    }

    /// The same problem with what to write instead.
    #[must_use]
    pub fn with_help(mut self, help: Option<String>) -> Self {
        self.help = help;
        self
    }
}

/// All mistakes in one configuration file. Printed by `miette`, with the lines they are on.
#[derive(Debug, Clone)]
pub struct ConfigError {
    name: String,
    problems: Vec<ConfigProblem>,
    text: Text,
    shown: Vec<Shown>,
}

impl ConfigError {
    /// The error for the problems of `file`, which must not be none.
    pub fn new(file: &SourceFile, mut problems: Vec<ConfigProblem>) -> Self {
        problems.sort_by(|a, b| (a.span, &a.message).cmp(&(b.span, &b.message)));
        problems.dedup();
        let text = Text { name: file.name.clone(), text: printable_source(&file.text).into() };
        let shown = problems.iter().take(MAX_SHOWN).map(|p| Shown::new(p, text.text.len())).collect();
        Self { name: file.name.clone(), problems, text, shown }
    }

    /// All problems, by position.
    pub fn problems(&self) -> &[ConfigProblem] {
        &self.problems
    }

    fn only(&self) -> Option<&Shown> {
        match self.shown.as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.only() {
            Some(one) => write!(f, "{one}"),
            None => write!(f, "{} has {} errors", printable(&self.name), self.problems.len()),
        }
    }
}

impl std::error::Error for ConfigError {}

impl Diagnostic for ConfigError {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.text)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.only()?.labels()
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        if let Some(one) = self.only() {
            return one.help();
        }
        let hidden = self.problems.len() - self.shown.len();
        (hidden > 0).then(|| Box::new(format!("{hidden} more are not shown")) as Box<dyn fmt::Display>)
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        if self.only().is_some() {
            return None;
        }
        Some(Box::new(self.shown.iter().map(|s| s as &dyn Diagnostic)))
    }
}

/// A problem made fit for a terminal.
#[derive(Debug, Clone)]
struct Shown {
    message: String,
    label: LabeledSpan,
    help: Option<String>,
}

impl Shown {
    fn new(problem: &ConfigProblem, length: usize) -> Self {
        let start = (problem.span.start as usize).min(length);
        let end = (problem.span.end as usize).clamp(start, length);
        Self {
            message: printable(&problem.message),
            label: LabeledSpan::new(Some(printable(&problem.label)), start, end - start),
            help: problem.help.as_deref().map(printable),
        }
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Shown {}

impl Diagnostic for Shown {
    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(std::iter::once(self.label.clone())))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|h| Box::new(h) as Box<dyn fmt::Display>)
    }
}

#[derive(Debug, Clone)]
struct Text {
    name: String,
    text: Arc<str>,
}

impl SourceCode for Text {
    fn read_span<'a>(
        &'a self,
        span: &miette::SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn miette::SpanContents<'a> + 'a>, miette::MietteError> {
        let inner = self.text.read_span(span, before, after)?;
        Ok(Box::new(miette::MietteSpanContents::new_named(
            printable(&self.name),
            inner.data(),
            *inner.span(),
            inner.line(),
            inner.column(),
            inner.line_count(),
        )))
    }
}

/// Whether a character can change what a terminal shows around it: control characters and marks of writing direction.
fn is_harmful(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// One line of text that is safe to print.
fn printable(text: &str) -> String {
    text.chars().map(|c| if is_harmful(c) { '\u{fffd}' } else { c }).collect()
}

/// The source with every harmful character replaced by others of the same length in bytes, so that spans still fit.
fn printable_source(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c.len_utf8() {
            _ if matches!(c, '\n' | '\t' | '\r') || !is_harmful(c) => out.push(c),
            1 => out.push('?'),
            2 => out.push('\u{b7}'),
            _ => out.push('\u{fffd}'),
        }
    }
    out
}
