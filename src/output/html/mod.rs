//! One page of HTML: no scripts, nothing is loaded from anywhere.

use super::clean::{self, markup};
use super::place::Places;
use super::{Options, explain, text};
use crate::report::{Fault, FaultKind, Finding, Label, Report, RuleInfo, Severity};
use crate::source::{Sources, Span};
use std::io;

/// Lines before and after a primary label that are quoted with it.
const CONTEXT: usize = 2;
/// Of a longer span only this many lines are quoted.
const MAX_LINES: usize = 12;
/// Longer lines are cut to [`CUT_LINE`] bytes around the label.
const MAX_LINE: usize = 240;
/// As much as fits beside the number.
const CUT_LINE: usize = 100;
/// Of more secondary labels only these are shown.
const MAX_LABELS: usize = 16;

pub(super) fn write(report: &Report, sources: &Sources, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut page = Page { places: Places::new(sources), report, out };
    page.head()?;
    let of = |kinds: &[FaultKind]| report.faults.iter().filter(|f| kinds.contains(&f.kind)).collect::<Vec<_>>();
    page.faults("Errors", "high", "error", &of(&[FaultKind::Unreadable]))?;
    if !report.findings.is_empty() {
        writeln!(page.out, "<h2>Findings</h2>")?;
    }
    for severity in Severity::ALL.into_iter().rev() {
        for finding in report.findings.iter().filter(|f| f.severity == severity) {
            page.finding(finding, severity.name(), severity.name(), None)?;
        }
    }
    if options.show_undetermined && !report.undetermined.is_empty() {
        writeln!(page.out, "<h2>Undetermined</h2>")?;
        for entry in &report.undetermined {
            page.open("quiet", "undetermined", Some(&entry.rule), entry.primary.span, &entry.message)?;
            page.excerpt(&entry.primary, CONTEXT)?;
            page.trail(&entry.secondary)?;
            page.also(&entry.instances, &entry.resource.address)?;
            writeln!(page.out, "</article>")?;
        }
    }
    if options.show_suppressed && !report.suppressed.is_empty() {
        writeln!(page.out, "<h2>Suppressed</h2>")?;
        for entry in &report.suppressed {
            let reason = if entry.reason.is_empty() { "no reason given" } else { &entry.reason };
            let note = format!("Accepted: {reason}");
            page.finding(&entry.finding, "quiet", "suppressed", Some(&note))?;
        }
    }
    page.faults("Notes", "quiet", "note", &of(&[FaultKind::Gap, FaultKind::Notice]))?;
    page.rules()?;
    writeln!(
        page.out,
        "<footer>Made by <a href=\"{}\">formwork</a> {}</footer>\n</main>\n</body>\n</html>",
        env!("CARGO_PKG_REPOSITORY"),
        env!("CARGO_PKG_VERSION")
    )
}

/// Text in one line of an element or an attribute.
fn inline(text: &str) -> String {
    markup(&clean::line(text))
}

/// As [`inline`], with what stands between backticks as code.
fn prose(text: &str) -> String {
    let text = markup(&clean::block(text));
    let parts: Vec<&str> = text.split('`').collect();
    // Without a partner a backtick is one.
    if parts.len().is_multiple_of(2) {
        return text;
    }
    let part = |(i, part): (usize, &&str)| if i % 2 == 0 { (*part).to_owned() } else { format!("<code>{part}</code>") };
    parts.iter().enumerate().map(part).collect()
}

struct Page<'a> {
    places: Places<'a>,
    report: &'a Report,
    out: &'a mut dyn io::Write,
}

impl Page<'_> {
    fn head(&mut self) -> io::Result<()> {
        let report = self.report;
        let unreadable = report.faults.iter().any(|f| f.kind == FaultKind::Unreadable);
        write!(
            self.out,
            concat!(
                "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n",
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
                "<title>formwork: {title}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n",
                "<h1>formwork</h1>\n<p class=\"sum{bad}\">{summary}</p>\n",
            ),
            title = text::count(report.findings.len(), "finding", "findings"),
            style = include_str!("style.css"),
            bad = if unreadable { " bad" } else { "" },
            summary = inline(&text::summary(report)),
        )?;
        writeln!(self.out, "<ul class=\"tiles\">")?;
        let mut tile = |class: &str, number: usize, name: &str| {
            writeln!(self.out, "<li class=\"{class}\"><b>{number}</b><span>{name}</span></li>")
        };
        let counts = text::counts(report);
        for severity in Severity::ALL.into_iter().rev() {
            let number = counts.iter().find(|(s, _)| *s == severity).map_or(0, |&(_, n)| n);
            tile(severity.name(), number, severity.name())?;
        }
        tile("quiet", report.undetermined.len(), "undetermined")?;
        tile("quiet", report.suppressed.len(), "suppressed")?;
        writeln!(self.out, "</ul>")
    }

    /// Starts an entry; the caller ends it.
    fn open(&mut self, class: &str, word: &str, rule: Option<&str>, span: Span, message: &str) -> io::Result<()> {
        let place = self.places.place(span);
        let at = format!("{}:{}:{}", place.file.name, place.start.line, place.start.column);
        write!(self.out, "<article class=\"{class}\">\n<div class=\"meta\"><span class=\"tag\">{word}</span>")?;
        if let Some(rule) = rule {
            let index = self.report.rules.iter().position(|r| r.id == rule);
            match index {
                Some(index) => write!(self.out, "<a href=\"#rule-{index}\"><code>{}</code></a>", inline(rule))?,
                None => write!(self.out, "<code>{}</code>", inline(rule))?,
            }
        }
        writeln!(
            self.out,
            "<code class=\"place\">{}</code></div>\n<h3>{}</h3>",
            inline(&at),
            prose(&clean::line(message))
        )
    }

    fn finding(&mut self, finding: &Finding, class: &str, word: &str, note: Option<&str>) -> io::Result<()> {
        self.open(class, word, Some(&finding.rule), finding.primary.span, &finding.message)?;
        if let Some(note) = note {
            writeln!(self.out, "<p class=\"note\">{}</p>", inline(note))?;
        }
        self.excerpt(&finding.primary, CONTEXT)?;
        self.trail(&finding.secondary)?;
        if !finding.help.is_empty() {
            writeln!(self.out, "<p class=\"help\">{}</p>", prose(&finding.help))?;
        }
        self.also(&finding.instances, &finding.resource.address)?;
        writeln!(self.out, "</article>")
    }

    fn also(&mut self, instances: &[crate::value::Str], address: &str) -> io::Result<()> {
        match text::also(instances, address) {
            Some(also) => writeln!(self.out, "<p class=\"note\">Also {}</p>", inline(&also)),
            None => Ok(()),
        }
    }

    fn trail(&mut self, labels: &[Label]) -> io::Result<()> {
        for label in labels.iter().take(MAX_LABELS) {
            let place = self.places.place(label.span);
            let at = format!("{}:{}:{}", place.file.name, place.start.line, place.start.column);
            writeln!(self.out, "<p class=\"note\"><code>{}</code></p>", inline(&at))?;
            self.excerpt(label, 0)?;
        }
        Ok(())
    }

    /// The lines around a label, the label marked.
    fn excerpt(&mut self, label: &Label, context: usize) -> io::Result<()> {
        let span = label.span;
        let place = self.places.place(span);
        let (first, end) = (place.start.line - 1, place.end.line - 1);
        let last = end.min(first + MAX_LINES);
        let lines = place.file.line_starts().len();
        write!(self.out, "<pre>")?;
        for line in first.saturating_sub(context)..(last + context + 1).min(lines) {
            let (start, length) = self.places.line_extent(span.file, line);
            let within = |offset: u32| (offset as usize).clamp(start, start + length) - start;
            if length == 0 && !(first..=last).contains(&line) {
                continue;
            }
            let marked = (first..=end).contains(&line).then(|| within(span.start)..within(span.end));
            let focus = marked.clone();
            let limit = if length > MAX_LINE { CUT_LINE } else { MAX_LINE };
            let quote = self.places.quote(span.file, line, focus.as_slice(), limit);
            write!(self.out, "<span><i>{}</i>", line + 1)?;
            let shown = marked.map(|range| quote.at(range.start)..quote.at(range.end));
            match shown {
                Some(shown) if shown.start < shown.end => {
                    let part = |range: std::ops::Range<usize>| cell(quote.text.get(range).unwrap_or(""));
                    write!(self.out, "{}", part(0..shown.start))?;
                    write!(self.out, "<mark>{}</mark>", part(shown.clone()))?;
                    write!(self.out, "{}", part(shown.end..quote.text.len()))?;
                }
                _ => write!(self.out, "{}", cell(&quote.text))?,
            }
            write!(self.out, "</span>")?;
            if line == last && !label.message.is_empty() {
                write!(self.out, "<span class=\"why\">{}</span>", inline(&label.message))?;
            }
        }
        writeln!(self.out, "</pre>")
    }

    fn faults(&mut self, title: &str, class: &str, word: &str, faults: &[&Fault]) -> io::Result<()> {
        if faults.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "<h2>{title}</h2>")?;
        for fault in faults {
            if let Some(span) = fault.span {
                self.open(class, word, None, span, &fault.message)?;
                self.excerpt(&Label { span, message: String::new() }, CONTEXT)?;
            } else {
                writeln!(
                    self.out,
                    "<article class=\"{class}\">\n<div class=\"meta\"><span class=\"tag\">{word}</span><code class=\"place\">{}</code></div>\n<h3>{}</h3>",
                    inline(&fault.path),
                    inline(&fault.message)
                )?;
            }
            writeln!(self.out, "</article>")?;
        }
        Ok(())
    }

    /// The rules that have something to say in this report.
    fn rules(&mut self) -> io::Result<()> {
        let report = self.report;
        let mut used: std::collections::HashSet<&str> = report.findings.iter().map(|f| f.rule.as_str()).collect();
        used.extend(report.undetermined.iter().map(|u| u.rule.as_str()));
        used.extend(report.suppressed.iter().map(|s| s.finding.rule.as_str()));
        let used = report.rules.iter().enumerate().filter(|(_, rule)| used.contains(rule.id.as_str()));
        for (shown, (index, rule)) in used.enumerate() {
            if shown == 0 {
                writeln!(self.out, "<h2>Rules</h2>")?;
            }
            self.rule(index, rule)?;
        }
        Ok(())
    }

    fn rule(&mut self, index: usize, rule: &RuleInfo) -> io::Result<()> {
        let severity = rule.severity.name();
        writeln!(
            self.out,
            "<article class=\"{severity}\" id=\"rule-{index}\">\n<div class=\"meta\"><span class=\"tag\">{severity}</span><code>{}</code></div>\n<h3>{}</h3>",
            inline(&rule.id),
            inline(&rule.title)
        )?;
        for (name, body) in [("Why it matters", &rule.why), ("Remediation", &rule.remediation)] {
            let body = markup(&clean::block(&explain::plain(body)));
            if !body.is_empty() {
                writeln!(self.out, "<details><summary>{name}</summary><div class=\"text\">{body}</div></details>")?;
            }
        }
        for reference in &rule.references {
            let shown = inline(reference);
            if clean::is_link(reference) {
                writeln!(self.out, "<p class=\"note\"><a href=\"{shown}\" rel=\"noreferrer\">{shown}</a></p>")?;
            } else {
                writeln!(self.out, "<p class=\"note\">{shown}</p>")?;
            }
        }
        writeln!(self.out, "</article>")
    }
}

/// Part of a quoted line; tabs stay.
fn cell(text: &str) -> String {
    text.split('\t').map(markup).collect::<Vec<_>>().join("\t")
}
