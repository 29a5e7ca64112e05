//! Markdown for the summary of a job or a comment.

use super::{Options, clean, paths, place::Places, text};
use crate::report::{Fault, FaultKind, Report, Severity};
use crate::source::Sources;
use std::fmt::Write as _;
use std::io;

/// A summary in GitHub may have a megabyte, but a comment may not have more than 65,536 characters.
const MAX_BYTES: usize = 60_000;
/// Room for what follows the tables.
const RESERVE: usize = 600;
/// Messages are cut to this many characters.
const MAX_CELL: usize = 300;

/// Collects rows until the page is full.
struct Page {
    text: String,
}

impl Page {
    /// Writes a table; a last line says how many rows did not fit.
    fn table(&mut self, title: &str, head: &str, rows: impl Iterator<Item = String>) {
        let mut left_out = 0_usize;
        let columns = head.matches('|').count() - 1;
        let start = format!("\n### {title}\n\n{head}\n|{}\n", " --- |".repeat(columns));
        let mut open = false;
        for row in rows {
            let needed = row.len() + if open { 0 } else { start.len() };
            if left_out > 0 || self.text.len() + needed + RESERVE > MAX_BYTES {
                left_out += 1;
                continue;
            }
            if !open {
                self.text.push_str(&start);
                open = true;
            }
            self.text.push_str(&row);
        }
        if left_out > 0 {
            let _ = write!(self.text, "\n{title}: {left_out} more are left out here to keep this short.\n");
        }
    }
}

/// The worst findings come first, so that those are cut that matter least.
pub(super) fn write(report: &Report, sources: &Sources, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut places = Places::new(sources);
    let mut page = Page { text: "## formwork\n\n".to_owned() };
    let _ = writeln!(page.text, "{}", prose(&text::summary(report)));
    let unreadable: Vec<&Fault> = report.faults.iter().filter(|f| f.kind == FaultKind::Unreadable).collect();
    let others: Vec<&Fault> = report.faults.iter().filter(|f| f.kind != FaultKind::Unreadable).collect();
    let faults = |faults: &[&Fault], places: &mut Places| {
        let row = |f: &&Fault| {
            let at = match f.span {
                Some(span) => at(places, span, options),
                None => code(&paths::relative(&f.path, options)),
            };
            format!("| {at} | {} |\n", prose(&f.message))
        };
        faults.iter().map(row).collect::<Vec<_>>()
    };
    page.table("Errors", "| Place | Error |", faults(&unreadable, &mut places).into_iter());
    let mut findings: Vec<_> = report.findings.iter().collect();
    findings.sort_by_key(|f| std::cmp::Reverse(f.severity));
    let rows = findings.into_iter().map(|f| {
        let also = f.instances.len().saturating_sub(1);
        let also = if also > 0 { format!(" (and {also} more)") } else { String::new() };
        format!(
            "| {} {} | {} | {}{also} | {} |\n",
            mark(f.severity),
            f.severity.name(),
            code(&f.rule),
            prose(&f.message),
            at(&mut places, f.primary.span, options),
        )
    });
    page.table("Findings", "| Severity | Rule | Finding | Place |", rows);
    if options.show_undetermined {
        let rows = report.undetermined.iter().map(|u| {
            let at = at(&mut places, u.primary.span, options);
            format!("| {} | {} | {at} |\n", code(&u.rule), prose(&u.message))
        });
        page.table("Undetermined", "| Rule | Why | Place |", rows);
    }
    if options.show_suppressed {
        let rows = report.suppressed.iter().map(|s| {
            let at = at(&mut places, s.by, options);
            format!("| {} | {} | {} | {at} |\n", code(&s.finding.rule), prose(&s.finding.message), prose(&s.reason))
        });
        page.table("Suppressed", "| Rule | Finding | Reason | Place |", rows);
    }
    page.table("Notes", "| Place | Note |", faults(&others, &mut places).into_iter());
    out.write_all(page.text.as_bytes())
}

/// A sign that is seen at a glance.
fn mark(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "🟣",
        Severity::High => "🔴",
        Severity::Medium => "🟠",
        Severity::Low => "🟡",
        Severity::Info => "🔵",
    }
}

fn at(places: &mut Places, span: crate::source::Span, options: &Options) -> String {
    let place = places.place(span);
    code(&format!("{}:{}", paths::relative(&place.file.name, options), place.start.line))
}

/// Text in which nothing is markup, a link or a mention.
fn prose(text: &str) -> String {
    let text = clean::shorten(text, MAX_CELL);
    let text = clean::line(&text);
    let mut out = String::with_capacity(text.len() + 16);
    for (i, c) in text.char_indices() {
        match c {
            '@' => out.push_str("@&#8203;"),
            '.' if after_www(&text, i) => out.push_str("\\."),
            c if c.is_ascii_punctuation() && !",.-()/';\"%?".contains(c) => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// Whether what stands at `at` makes a link of the text before it.
fn after_www(text: &str, at: usize) -> bool {
    let before = text.get(..at).and_then(|before| before.get(before.len().checked_sub(3)?..));
    before.is_some_and(|before| before.eq_ignore_ascii_case("www"))
}

/// Text shown as code. An element and not backticks, for those cannot hold every text inside a table.
fn code(text: &str) -> String {
    let text = clean::shorten(text, MAX_CELL);
    let text = clean::line(&text);
    let mut out = String::from("<code>");
    for (i, c) in text.char_indices() {
        if c.is_ascii_punctuation() && (!"-./,".contains(c) || after_www(&text, i)) {
            let _ = write!(out, "&#{};", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out.push_str("</code>");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_markup() {
        assert_eq!(prose("a|b `c` <i> [x](y) http://z @u"), "a\\|b \\`c\\` \\<i\\> \\[x\\](y) http\\://z @&#8203;u");
        assert_eq!(prose("www.e.vil"), "www\\.e.vil");
        assert_eq!(code("a_b|`<"), "<code>a&#95;b&#124;&#96;&#60;</code>");
    }
}
