//! The ignore comments of other tools, as those tools read them.

use super::comment::{Line, words};
use super::{Cover, Date, Directive, Until};
use crate::source::{FileId, Span};

/// Where a comment of a peer counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The line it stands on, or the item directly below.
    LineOrNext,
    /// The block around it.
    Inside,
    /// The file.
    File,
    /// The file, if it stands before everything else.
    Head,
    /// The line below.
    NextLine,
    /// The block below.
    NextBlock,
}

/// A comment of a peer.
#[derive(Debug)]
pub(super) struct Found {
    pub peer: &'static str,
    pub place: Place,
    span: Span,
    rules: Vec<(String, Span)>,
    until: Option<Until>,
    reason: String,
}

impl Found {
    pub fn directive(self, cover: Cover, through: bool) -> Directive {
        Directive {
            span: self.span,
            rules: self.rules,
            cover,
            through,
            until: self.until,
            ticket: String::new(),
            reason: self.reason,
            peer: Some(self.peer),
        }
    }
}

/// The directives of other tools in a line. What its own tool would not obey is none.
pub(super) fn directives(file: FileId, line: &Line<'_>) -> Vec<Found> {
    let mut out = Vec::new();
    out.extend(checkov(file, line));
    words_of_trivy(file, line, &mut out);
    out.extend(tflint(file, line));
    out.extend(kics(file, line));
    out.extend(terrascan(file, line));
    out
}

/// `checkov:skip=CKV_AWS_20,CKV_AWS_21:reason`
fn checkov(file: FileId, line: &Line<'_>) -> Option<Found> {
    let (start, mark) = ["checkov:skip=", "bridgecrew:skip=", "cortex:skip="]
        .into_iter()
        .filter_map(|mark| Some((line.text.find(mark)?, mark)))
        .min()?;
    let rest = line.text.get(start + mark.len()..)?;
    let ids = rest.trim_start_matches(' ');
    let at = line.text.len() - ids.len();
    let is_id = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b',');
    let length = ids.bytes().position(|b| !is_id(b)).unwrap_or(ids.len());
    let rules = list(file, line, at, ids.get(..length)?, ',');
    let reason = ids.get(length..)?.strip_prefix(':').unwrap_or_default();
    (!rules.is_empty()).then(|| Found {
        peer: "checkov",
        place: Place::Inside,
        span: line.span(file, start, line.text.len()),
        rules,
        until: None,
        reason: reason.trim().to_owned(),
    })
}

/// `trivy:ignore:AVD-AWS-0086:exp:2027-01-31`, `tfsec:ignore:aws-s3-enable-versioning`; several between blanks.
fn words_of_trivy(file: FileId, line: &Line<'_>, out: &mut Vec<Found>) {
    for (at, word) in words(line.text) {
        // `#tfsec:ignore:a #tfsec:ignore:b`
        let text = word.trim_start_matches(['#', '/']);
        let at = at + (word.len() - text.len());
        let (peer, rest) = match (text.strip_prefix("trivy:ignore:"), text.strip_prefix("tfsec:ignore:")) {
            (Some(rest), _) => ("trivy", rest),
            (None, Some(rest)) => ("tfsec", rest),
            (None, None) => continue,
        };
        let mut sections = rest.split(':');
        let id = sections.next().unwrap_or_default();
        // Bound to values of attributes: not to be told without evaluating, so nothing is ignored.
        if id.is_empty() || id.contains('[') {
            continue;
        }
        let start = at + (text.len() - rest.len());
        let mut until = None;
        let mut workspace = false;
        while let (Some(key), value) = (sections.next(), sections.next()) {
            match key {
                // Those that Trivy skips, so that its ignore never ends, are meant as ends as well.
                "exp" | "expires" | "expiry" | "until" => {
                    let date = value.and_then(Date::parse);
                    until = Some(Until { date, span: line.span(file, start + id.len(), at + text.len()) });
                }
                // Which workspace is deployed is not written in the source.
                "ws" => workspace = true,
                _ => {}
            }
        }
        if workspace {
            continue;
        }
        out.push(Found {
            peer,
            place: Place::LineOrNext,
            span: line.span(file, at, at + text.len()),
            rules: vec![(id.to_owned(), line.span(file, start, start + id.len()))],
            until,
            reason: String::new(),
        });
    }
}

/// `tflint-ignore: rule_a, rule_b # reason`, with exactly one blank behind the colon.
fn tflint(file: FileId, line: &Line<'_>) -> Option<Found> {
    let (mark, place) = if line.text.starts_with("tflint-ignore: ") {
        ("tflint-ignore: ", Place::LineOrNext)
    } else if line.text.starts_with("tflint-ignore-file: ") {
        ("tflint-ignore-file: ", Place::File)
    } else {
        return None;
    };
    let rest = line.text.get(mark.len()..)?;
    let end = rest.find(['/', '*', '#']).unwrap_or(rest.len());
    let mut rules = list(file, line, mark.len(), rest.get(..end)?, ',');
    for (name, _) in &mut rules {
        if name == "all" {
            "*".clone_into(name);
        }
    }
    let reason = rest.get(end..)?.trim_start_matches(['/', '*', '#', ' ']).to_owned();
    let span = line.span(file, 0, line.text.len());
    (!rules.is_empty()).then_some(Found { peer: "tflint", place, span, rules, until: None, reason })
}

/// `kics-scan ignore`, `kics-scan disable=id,id`, `kics-scan ignore-line`, `kics-scan ignore-block`
fn kics(file: FileId, line: &Line<'_>) -> Option<Found> {
    let rest = line.text.strip_prefix("kics-scan")?;
    let command = rest.trim();
    let at = line.text.len() - rest.trim_start().len();
    let all = || vec![("*".to_owned(), line.span(file, at, at + command.len()))];
    let (place, rules) = match command {
        "ignore" => (Place::Head, all()),
        "ignore-line" => (Place::NextLine, all()),
        "ignore-block" => (Place::NextBlock, all()),
        _ => {
            let ids = command.strip_prefix("disable=")?;
            (Place::Head, list(file, line, at + "disable=".len(), ids, ','))
        }
    };
    let span = line.span(file, 0, line.text.len());
    let reason = String::new();
    (rest.starts_with(' ') && !rules.is_empty()).then_some(Found {
        peer: "kics",
        place,
        span,
        rules,
        until: None,
        reason,
    })
}

/// `#ts:skip=AC_AWS_0214 reason`, without a blank before `ts`.
fn terrascan(file: FileId, line: &Line<'_>) -> Option<Found> {
    let rest = line.text.strip_prefix("ts:skip=")?;
    if line.marks.ends_with([' ', '\t']) {
        return None;
    }
    let end = rest.find([' ', '\t']).unwrap_or(rest.len());
    let rules = list(file, line, "ts:skip=".len(), rest.get(..end)?, ',');
    (!rules.is_empty()).then(|| Found {
        peer: "terrascan",
        place: Place::Inside,
        span: line.span(file, 0, line.text.len()),
        rules,
        until: None,
        reason: rest.get(end..).unwrap_or_default().trim().to_owned(),
    })
}

/// The names of a list that begins at `at`.
fn list(file: FileId, line: &Line<'_>, at: usize, text: &str, separator: char) -> Vec<(String, Span)> {
    let mut at = at;
    let mut out = Vec::new();
    for part in text.split(separator) {
        let name = part.trim();
        if !name.is_empty() {
            let start = at + (part.len() - part.trim_start().len());
            out.push((name.to_owned(), line.span(file, start, start + name.len())));
        }
        at += part.len() + separator.len_utf8();
    }
    out
}
