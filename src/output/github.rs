//! Workflow commands of GitHub Actions: one annotation per finding.

use super::place::{Place, Places};
use super::{Options, clean, paths};
use crate::report::{FaultKind, Report, Severity};
use crate::source::{Sources, Span};
use std::fmt::Write as _;
use std::io;

/// The worst findings come first, for GitHub shows only the first ten annotations of a kind and step.
pub(super) fn write(report: &Report, sources: &Sources, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut places = Places::new(sources);
    let faults = |kinds: &[FaultKind], places: &mut Places, out: &mut dyn io::Write| {
        for fault in report.faults.iter().filter(|f| kinds.contains(&f.kind)) {
            let command = if fault.kind == FaultKind::Unreadable { "error" } else { "notice" };
            let at = location(fault.span, &fault.path, places, options);
            writeln!(out, "::{command} {at},title=formwork::{}", data(&fault.message))?;
        }
        io::Result::Ok(())
    };
    faults(&[FaultKind::Unreadable], &mut places, out)?;
    for severity in Severity::ALL.into_iter().rev() {
        let command = match severity {
            Severity::Critical | Severity::High => "error",
            Severity::Medium => "warning",
            Severity::Low | Severity::Info => "notice",
        };
        for finding in report.findings.iter().filter(|f| f.severity == severity) {
            let at = location(Some(finding.primary.span), "", &mut places, options);
            let title = property(&format!("{}[{}]", severity.name(), finding.rule));
            let mut message = data(&finding.message);
            if !finding.help.is_empty() {
                let _ = write!(message, "%0Ahelp: {}", data(&finding.help));
            }
            writeln!(out, "::{command} {at},title={title}::{message}")?;
        }
    }
    faults(&[FaultKind::Gap, FaultKind::Notice], &mut places, out)
}

fn location(span: Option<Span>, path: &str, places: &mut Places, options: &Options) -> String {
    let file = |name: &str| format!("file={}", property(&paths::relative(name, options)));
    let Some(span) = span else { return file(path) };
    let Place { file: source, start, end } = places.place(span);
    let mut out = format!("{},line={},endLine={}", file(&source.name), start.line, end.line);
    // GitHub rejects columns of annotations over several lines.
    if start.line == end.line {
        let _ = write!(out, ",col={},endColumn={}", start.column, end.column);
    }
    out
}

/// The message of a command.
fn data(text: &str) -> String {
    clean::block(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property of a command.
fn property(text: &str) -> String {
    let text = clean::line(text);
    text.replace('%', "%25").replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_property_or_a_command() {
        assert_eq!(property("a,b:c%d\n"), "a%2Cb%3Ac%25d\u{fffd}");
        assert_eq!(data("50%\r\n::error::x"), "50%25%0A: :error::x");
    }
}
