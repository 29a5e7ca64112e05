//! formwork's own directive in a comment.

use super::{Cover, Date, Directive, Until};
use crate::nearest::nearest;
use crate::source::{FileId, SourceFile, Span};

/// The content of one line of a comment, without its marks.
pub(super) struct Line<'a> {
    pub text: &'a str,
    /// Offset of the text in the file.
    pub at: usize,
    /// The characters before the text: `#`, `//`, `/*` with their blanks.
    pub marks: &'a str,
}

impl Line<'_> {
    pub fn span(&self, file: FileId, start: usize, end: usize) -> Span {
        Span::new(file, self.at + start, self.at + end)
    }
}

/// The lines of a comment.
pub(super) fn lines(file: &SourceFile, comment: Span) -> Vec<Line<'_>> {
    let text = file.text.get(comment.range()).unwrap_or_default();
    let block = text.starts_with("/*");
    let text = if block { text.strip_suffix("*/").unwrap_or(text) } else { text };
    let mut out = Vec::new();
    let mut at = comment.start as usize;
    for line in text.split('\n') {
        let marks: &[char] = if block { &['/', '*', ' ', '\t'] } else { &['#', '/', ' ', '\t'] };
        let content = line.trim_start_matches(marks);
        let start = line.len() - content.len();
        out.push(Line { text: content.trim_end(), at: at + start, marks: line.get(..start).unwrap_or_default() });
        at += line.len() + 1;
    }
    out
}

/// A directive whose place does not yet count.
#[derive(Debug, Default)]
pub(super) struct Own {
    pub span: Option<Span>,
    pub whole_file: bool,
    pub rules: Vec<(String, Span)>,
    pub until: Option<Until>,
    pub ticket: String,
    pub reason: String,
}

impl Own {
    pub fn directive(self, cover: Cover, through: bool) -> Directive {
        let named = self.rules.first().map(|(_, span)| *span);
        let nowhere = Span { file: FileId(0), start: 0, end: 0 };
        Directive {
            span: self.span.or(named).unwrap_or(nowhere),
            rules: self.rules,
            cover,
            through,
            until: self.until,
            ticket: self.ticket,
            reason: self.reason,
            peer: None,
        }
    }
}

/// Why a directive cannot be understood.
pub(super) type Malformed = (Span, String);

const WORD: &str = "formwork";

/// The directives of a line. Prose that merely mentions the name is none.
pub(super) fn own(file: FileId, line: &Line<'_>) -> Vec<Result<Own, Malformed>> {
    let lower = line.text.to_ascii_lowercase();
    let starts: Vec<usize> = lower
        .match_indices(WORD)
        .map(|(at, _)| at)
        .filter(|&at| {
            let before = line.text.get(..at).unwrap_or_default().trim_end();
            before.is_empty() || before.ends_with('#') || before.ends_with("//")
        })
        .collect();
    let mut out = Vec::new();
    for (index, &start) in starts.iter().enumerate() {
        let end = starts.get(index + 1).copied().unwrap_or(line.text.len());
        let text = line.text.get(start..end).unwrap_or_default();
        let text = if index + 1 < starts.len() { text.trim_end_matches(['#', '/', ' ', '\t']) } else { text };
        let part = Line { text, at: line.at + start, marks: "" };
        out.extend(one(file, &part).transpose());
    }
    out
}

/// `formwork: ignore[...] ...`; nothing when it is prose.
fn one(file: FileId, line: &Line<'_>) -> Result<Option<Own>, Malformed> {
    let all = line.span(file, 0, line.text.len());
    let after = line.text.get(WORD.len()..).unwrap_or_default();
    let Some(body) = after.trim_start().strip_prefix(':') else {
        let rest = after.trim_start_matches(['.', '=', '-', ' ', '\t']);
        let verb = word(rest);
        let bracket = rest.get(verb.len()..).unwrap_or_default().trim_start().starts_with('[');
        if bracket && verb.to_ascii_lowercase().starts_with("ignore") {
            return Err((all, "a colon is missing: write `formwork: ignore[rule]`".to_owned()));
        }
        return Ok(None);
    };
    let body = body.trim_start();
    let at = line.text.len() - body.len();
    body_of_directive(file, &Line { text: body, at: line.at + at, marks: "" }, all)
}

/// What stands behind `formwork:`. `all` is the whole directive.
pub(super) fn body_of_directive(file: FileId, line: &Line<'_>, all: Span) -> Result<Option<Own>, Malformed> {
    let verb = word(line.text);
    let whole_file = match verb.to_ascii_lowercase().as_str() {
        "ignore" => false,
        "ignore-file" => true,
        other => {
            let bracket = line.text.get(verb.len()..).unwrap_or_default().trim_start().starts_with('[');
            let verbs = ["skip", "disable", "suppress", "off", "allow", "noqa"];
            let close = nearest(other, ["ignore", "ignore-file"]);
            if !bracket && close.is_none() && !verbs.contains(&other) {
                return Ok(None);
            }
            let meant = close.unwrap_or("ignore");
            let span = line.span(file, 0, verb.len().max(1));
            return Err((span, format!("unknown directive `{verb}`; did you mean `{meant}[rule]`?")));
        }
    };
    let rest = line.text.get(verb.len()..).unwrap_or_default();
    let verb_span = line.span(file, 0, verb.len());
    let Some(list) = rest.trim_start().strip_prefix('[') else {
        return Err((all, format!("the ignore names no rule: write `{verb}[rule]`")));
    };
    let list_at = line.text.len() - list.len();
    let Some(close) = list.find(']') else {
        let span = line.span(file, list_at - 1, list_at);
        return Err((span, "the bracket of the ignore is not closed".to_owned()));
    };
    let mut own = Own { whole_file, span: Some(all), ..Own::default() };
    let mut at = list_at;
    for name in list.get(..close).unwrap_or_default().split(',') {
        let trimmed = name.trim();
        let start = at + (name.len() - name.trim_start().len());
        at += name.len() + 1;
        if trimmed.is_empty() {
            continue;
        }
        let span = line.span(file, start, start + trimmed.len());
        if matches!(trimmed, "*" | "all" | "ALL") {
            return Err((span, "an ignore must name its rules".to_owned()));
        }
        own.rules.push((trimmed.to_owned(), span));
    }
    if own.rules.is_empty() {
        return Err((verb_span.to(all), format!("the ignore names no rule: write `{verb}[rule]`")));
    }
    let rest_at = list_at + close + 1;
    let rest = Line { text: line.text.get(rest_at..).unwrap_or_default(), at: line.at + rest_at, marks: "" };
    settings(file, &rest, &mut own)?;
    Ok(Some(own))
}

/// `until=2027-01-31 ticket=SEC-12 -- reason`
fn settings(file: FileId, line: &Line<'_>, own: &mut Own) -> Result<(), Malformed> {
    let mut reason: Vec<&str> = Vec::new();
    let mut in_reason = false;
    let mut words = words(line.text).peekable();
    while let Some((at, token)) = words.next() {
        let span = line.span(file, at, at + token.len());
        let lower = token.to_ascii_lowercase();
        // An end that is written behind the reason is meant all the same.
        if let Some(value) = lower.strip_prefix("until=") {
            if own.until.is_some() {
                return Err((span, "`until` is given twice".to_owned()));
            }
            own.until = Some(Until { date: Date::parse(value.trim_end_matches([',', ';', '.'])), span });
            continue;
        }
        if lower.starts_with("ticket=") {
            token.get("ticket=".len()..).unwrap_or_default().clone_into(&mut own.ticket);
            continue;
        }
        if in_reason {
            reason.push(token);
            continue;
        }
        if matches!(token, "--" | "-" | ":" | "\u{2013}" | "\u{2014}") {
            in_reason = true;
            continue;
        }
        let dated = words.peek().is_some_and(|(_, next)| next.starts_with(|c: char| c.is_ascii_digit()));
        if matches!(lower.as_str(), "until" | "until:") && dated {
            return Err((span, "write the end of the ignore as `until=2027-01-31`".to_owned()));
        }
        let key = token.split_once('=').map(|(key, _)| key).filter(|key| is_key(key));
        if let Some(key) = key {
            let meant = match key.to_ascii_lowercase().as_str() {
                "exp" | "expires" | "expire" | "expiry" | "end" | "ends" | "date" => Some("until"),
                other => nearest(other, ["until", "ticket"]),
            };
            let hint =
                meant.map_or_else(|| "`--` begins the reason".to_owned(), |meant| format!("did you mean `{meant}`?"));
            return Err((span, format!("unknown setting `{key}` of an ignore; {hint}")));
        }
        in_reason = true;
        reason.push(token);
    }
    own.reason = reason.join(" ");
    Ok(())
}

fn is_key(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-' || b == b'_')
}

/// The letters, hyphens and underscores at the start.
fn word(text: &str) -> &str {
    let end = text.bytes().position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// The words between blanks and their offsets.
pub(super) fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split([' ', '\t', '\r']).filter_map(move |word| {
        let start = at;
        at += word.len() + 1;
        (!word.is_empty()).then_some((start, word))
    })
}
