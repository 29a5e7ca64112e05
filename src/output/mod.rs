//! Layer 7, outputs: bytes from a report and the sources it speaks of.
//!
//! One file per format. An output shows what the report holds; it decides neither a severity nor an exit code.
//!
//! What comes from a file (names, lines, values in messages) is hostile: it reaches a terminal, a log that is
//! searched for workflow commands, a browser. Every format passes such text through `clean` or through an
//! encoding of its own in which it stays text.

mod clean;
mod diff;
mod explain;
mod github;
mod gitlab;
mod html;
mod json;
mod junit;
mod markdown;
mod mask;
mod ndjson;
mod paths;
mod place;
mod rules;
mod sarif;
mod schema;
mod text;
mod value;

pub(crate) use clean::line as clean_line;
pub use diff::diff;
pub use explain::explain;
pub use mask::mask;
pub use rules::{rules_json, rules_text};
pub use schema::schema;
pub(crate) use value::is_hidden;
pub use value::value_json;

use crate::report::Report;
use crate::source::Sources;
use std::io;
use std::path::PathBuf;

/// Writes a value as JSON that no terminal and no log takes for anything but text.
pub(crate) fn write_json(value: &serde_json::Value, out: &mut dyn io::Write) -> io::Result<()> {
    clean::json(clean::Json::pretty(), value, out)
}

/// The forms in which a report can be written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Format {
    /// Excerpts of the source with labels, for people.
    #[default]
    Text,
    /// One JSON object, see [`schema`].
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// JUnit XML, for test reports.
    Junit,
    /// Workflow commands of GitHub Actions.
    Github,
    /// The Code Quality report of GitLab.
    Gitlab,
    /// A summary of a job, or a comment.
    Markdown,
    /// One page without scripts.
    Html,
    /// One JSON object per finding and line, the summary last.
    Ndjson,
}

impl Format {
    /// All formats, in the order in which they are listed to users.
    pub const ALL: [Format; 9] = [
        Format::Text,
        Format::Json,
        Format::Sarif,
        Format::Junit,
        Format::Github,
        Format::Gitlab,
        Format::Markdown,
        Format::Html,
        Format::Ndjson,
    ];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Json => "json",
            Format::Sarif => "sarif",
            Format::Junit => "junit",
            Format::Github => "github",
            Format::Gitlab => "gitlab",
            Format::Markdown => "markdown",
            Format::Html => "html",
            Format::Ndjson => "ndjson",
        }
    }

    /// The format of that name.
    pub fn parse(name: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|f| f.name() == name)
    }
}

/// What the user wants to see.
#[derive(Clone, Debug, Default)]
#[allow(clippy::struct_excessive_bools)]
pub struct Options {
    /// Whether text is coloured. Without it no escape sequence is written at all.
    pub color: bool,
    /// The width of the terminal, when there is one.
    pub width: Option<u16>,
    /// Whether text, Markdown and HTML list what could not be decided, and not only count it.
    pub show_undetermined: bool,
    /// Whether accepted findings are listed (SARIF: as suppressed results).
    pub show_suppressed: bool,
    /// Text: findings and errors only, no notes and no summary.
    pub quiet: bool,
    /// The root of the repository, absolute. SARIF, GitHub and GitLab name files relative to it.
    pub base: Option<PathBuf>,
    /// The folder that relative paths of the sources are relative to, absolute. Without it they are taken to be
    /// relative to `base`.
    pub directory: Option<PathBuf>,
    /// Text: a table of findings per rule before the summary.
    pub statistics: bool,
}

/// Writes a report.
///
/// Equal input gives equal bytes. Errors are those of `out`; whoever reads a pipe may close it early.
pub fn write(
    format: Format,
    report: &Report,
    sources: &Sources,
    options: &Options,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(64 * 1024, out);
    let out: &mut dyn io::Write = &mut out;
    match format {
        Format::Text => text::write(report, sources, options, out),
        Format::Json => json::write(report, sources, out),
        Format::Sarif => sarif::write(report, sources, options, out),
        Format::Junit => junit::write(report, sources, options, out),
        Format::Github => github::write(report, sources, options, out),
        Format::Gitlab => gitlab::write(report, sources, options, out),
        Format::Markdown => markdown::write(report, sources, options, out),
        Format::Html => html::write(report, sources, options, out),
        Format::Ndjson => ndjson::write(report, sources, out),
    }?;
    out.flush()
}
