//! Suppressions: what the author of the source has accepted, in comments and metadata.
//!
//! [`collect`] reads the comments of a file, [`metadata`] the `Metadata` of a template or resource, [`note`] the
//! `//formwork` key of a JSON file. [`apply`] takes away the findings that they cover, and says which of them are of no use.
//!
//! ```text
//! # formwork: ignore[rule, ...] until=2027-01-31 ticket=SEC-12 -- reason
//! # formwork: ignore-file[rule, ...] reason
//! ```
//!
//! Behind code, a directive covers the attribute or block that starts on its line; on a line of its own, the one that
//! follows. What cannot be understood ignores nothing and is reported. The comments of other tools are honoured
//! through the aliases of the rules; those that stand for no rule do nothing, and are never reported.

mod apply;
mod comment;
mod date;
mod metadata;
mod names;
mod peer;
mod place;

#[cfg(test)]
mod tests;

pub use apply::{Anchored, Applied, Context, Policy, apply};
pub use date::Date;
pub use metadata::{metadata, note};
pub use names::{RuleIndex, Rules};
pub use place::{Item, Nesting, Scope, hcl_items};

use super::{Fault, FaultKind};
use crate::source::{FileId, SourceFile, Span};
use peer::Place;
use place::Layout;

/// The tools whose own ignore comments and metadata are understood, by the names that rules use for their aliases.
pub const PEERS: &[&str] =
    &["checkov", "trivy", "tfsec", "tflint", "cfn_nag", "cfn-lint", "cdk_nag", "guard", "kics", "terrascan"];

/// A suppression as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// The directive, without the marks of the comment.
    pub span: Span,
    /// The rules it names, as written, and where. A peer's may hold `*`.
    pub rules: Vec<(String, Span)>,
    /// What it covers.
    pub cover: Cover,
    /// Whether it covers values on their way as well: it stands at a module call, a variable, a local value,
    /// a data source.
    pub through: bool,
    /// The last day on which it holds.
    pub until: Option<Until>,
    /// The ticket it refers to; may be empty.
    pub ticket: String,
    /// The author's reason; may be empty.
    pub reason: String,
    /// The tool it is written for; `None` for formwork itself.
    pub peer: Option<&'static str>,
}

/// What a directive covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cover {
    /// The file it stands in.
    File,
    /// An attribute, a block, a resource; empty when nothing follows.
    Span(Span),
}

/// The end of a directive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Until {
    /// The last day on which it holds; `None` when what is written is no date: then it never holds.
    pub date: Option<Date>,
    /// Where it is written.
    pub span: Span,
}

/// The directives of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Collected {
    /// By position.
    pub directives: Vec<Directive>,
    /// Those of formwork that cannot be understood.
    pub notices: Vec<Fault>,
}

impl Collected {
    /// Adds what was found elsewhere.
    pub fn extend(&mut self, other: Collected) {
        self.directives.extend(other.directives);
        self.notices.extend(other.notices);
    }
}

/// Reads the comments of a file.
///
/// `items` are the spans of everything that a directive can cover, in any order; one that lies inside another is part
/// of it. See [`hcl_items`]. `honour` says which of [`PEERS`] count.
pub fn collect(
    id: FileId,
    file: &SourceFile,
    comments: &[Span],
    items: Vec<Item>,
    nesting: Nesting,
    honour: &dyn Fn(&str) -> bool,
) -> Collected {
    let mut out = Collected::default();
    let mut comments: Vec<Span> = comments.iter().copied().filter(|c| is_promising(file, *c)).collect();
    if comments.is_empty() {
        return out;
    }
    // A parser that goes back may report a comment twice.
    comments.sort_unstable();
    comments.dedup();
    let layout = Layout::new(file, items, nesting);
    for comment in comments {
        for line in comment::lines(file, comment) {
            for own in comment::own(id, &line) {
                match own {
                    Ok(own) => {
                        let (cover, through) = if own.whole_file {
                            (Cover::File, false)
                        } else {
                            layout.line_or_following(comment, false)
                        };
                        out.directives.push(own.directive(cover, through));
                    }
                    Err((span, message)) => out.notices.push(notice(file, span, message)),
                }
            }
            for found in peer::directives(id, &line) {
                if !honour(found.peer) {
                    continue;
                }
                let covered = match found.place {
                    Place::LineOrNext => Some(layout.line_or_following(comment, true)),
                    Place::Inside => layout.block_around(comment).map(|(span, through)| (Cover::Span(span), through)),
                    Place::File => Some((Cover::File, false)),
                    Place::Head => layout.is_before_all(comment).then_some((Cover::File, false)),
                    Place::NextLine => Some((Cover::Span(layout.next_line(comment)), false)),
                    Place::NextBlock => Some(layout.following(comment, true)),
                };
                if let Some((cover, through)) = covered {
                    out.directives.push(found.directive(cover, through));
                }
            }
        }
    }
    out
}

/// Whether a comment may hold a directive, told cheaply.
fn is_promising(file: &SourceFile, comment: Span) -> bool {
    let text = file.text.get(comment.range()).unwrap_or_default().as_bytes();
    let holds = |word: &[u8]| text.windows(word.len()).any(|w| w.eq_ignore_ascii_case(word));
    holds(b"formwork") || holds(b":skip=") || holds(b":ignore:") || holds(b"tflint-ignore") || holds(b"kics-scan")
}

fn notice(file: &SourceFile, span: Span, message: String) -> Fault {
    Fault { path: file.name.clone(), span: Some(span), message, kind: FaultKind::Notice }
}
