//! Text for people: excerpts of the source with labels.

use super::clean;
use super::place::{Places, Position};
use super::{Options, place};
use crate::report::{Fault, FaultKind, Finding, Label, Report, Severity};
use crate::source::{FileId, Sources, Span};
use codespan_reporting::diagnostic::{self, Diagnostic, LabelStyle};
use codespan_reporting::files::{Error, Files, Location};
use codespan_reporting::term::{self, Config, GeneralWriteResult, WriteStyle};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::ops::Range;

/// So many sorts of gaps are named.
const MAX_GAPS: usize = 5;

/// A label that covers more lines than this is drawn under its first line only.
const MAX_LABEL_LINES: usize = 6;
/// Further secondary labels are left out.
const MAX_LABELS: usize = 16;
/// How many other instances are named.
const NAMED_INSTANCES: usize = 3;
/// Messages and labels are cut to this many characters.
const MAX_MESSAGE: usize = 2000;

pub(super) const RESET: &str = "\x1b[0m";
pub(super) const BOLD: &str = "\x1b[1m";
const DIM_BLUE: &str = "\x1b[34m";
const CYAN: &str = "\x1b[36m";

/// The head of an entry and the way it is coloured.
#[derive(Clone, Copy)]
struct Head<'a> {
    /// `high`, `error`, `undetermined`.
    word: &'a str,
    /// The rule, if one speaks.
    rule: Option<&'a str>,
    color: &'static str,
}

/// The colour of a severity on a terminal.
pub(super) fn color(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "\x1b[1;35m",
        Severity::High => "\x1b[1;31m",
        Severity::Medium => "\x1b[1;33m",
        Severity::Low => "\x1b[1;36m",
        Severity::Info => "\x1b[1;32m",
    }
}

pub(super) fn write(report: &Report, sources: &Sources, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page { places: Places::new(sources), options, out };
    for finding in &report.findings {
        let head = Head { word: finding.severity.name(), rule: Some(&finding.rule), color: color(finding.severity) };
        page.finding(head, finding, None)?;
    }
    if options.show_undetermined {
        for entry in &report.undetermined {
            let head = Head { word: "undetermined", rule: Some(&entry.rule), color: "\x1b[1;34m" };
            let mut notes = vec![("cause", entry.cause.clone())];
            notes.extend(entry.resource.created.clone().map(|place| ("created", place)));
            notes.extend(also(&entry.instances, &entry.resource.address).map(|text| ("also", text)));
            let labels = labels(&entry.primary, &entry.secondary);
            page.entry(head, &entry.message, &labels, &notes)?;
        }
    }
    if options.show_suppressed {
        for entry in &report.suppressed {
            let head = Head { word: "suppressed", rule: Some(&entry.finding.rule), color: "\x1b[1;34m" };
            let reason = if entry.reason.is_empty() { "no reason given" } else { &entry.reason };
            let by = Label { span: entry.by, message: format!("accepted here: {reason}") };
            page.finding(head, &entry.finding, Some(&by))?;
        }
    }
    let every_gap = options.show_undetermined;
    for fault in report.faults.iter().filter(|f| every_gap || f.kind != FaultKind::Gap) {
        page.fault(fault)?;
    }
    if !every_gap && !options.quiet {
        page.gaps(report)?;
    }
    if options.statistics {
        statistics(report, options, page.out)?;
    }
    if !options.quiet {
        writeln!(page.out, "{}", paint(options, BOLD, &summary(report)))?;
    }
    Ok(())
}

fn paint<'a>(options: &Options, style: &str, text: &'a str) -> Cow<'a, str> {
    if options.color { Cow::Owned(format!("{style}{text}{RESET}")) } else { Cow::Borrowed(text) }
}

/// `3 things`, `1 thing`.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// How many findings there are of each severity, the worst first, without those there are none of.
pub(super) fn counts(report: &Report) -> Vec<(Severity, usize)> {
    let of = |severity| report.findings.iter().filter(|f| f.severity == severity).count();
    Severity::ALL.into_iter().rev().map(|s| (s, of(s))).filter(|&(_, n)| n > 0).collect()
}

/// The line that sums up a run. It says "clean" only if everything was seen and nothing was found.
pub(super) fn summary(report: &Report) -> String {
    let numbers = &report.summary;
    let faults = |kind| report.faults.iter().filter(|f| f.kind == kind).count();
    let unreadable = faults(FaultKind::Unreadable);
    let gaps = faults(FaultKind::Gap);
    let mut out = String::new();
    if report.findings.is_empty() {
        let clean = unreadable == 0 && gaps == 0 && numbers.files > 0;
        out.push_str(if clean { "clean: no findings" } else { "no findings" });
    } else {
        let by_severity: Vec<_> = counts(report).iter().map(|(s, n)| format!("{n} {}", s.name())).collect();
        let _ = write!(out, "{} ({})", count(report.findings.len(), "finding", "findings"), by_severity.join(", "));
    }
    if !report.undetermined.is_empty() {
        let _ = write!(out, ", {} undetermined", report.undetermined.len());
    }
    if !report.suppressed.is_empty() {
        let _ = write!(out, ", {} suppressed", report.suppressed.len());
    }
    let _ = write!(
        out,
        " in {} ({}, {}, {})",
        count(numbers.files, "file", "files"),
        count(numbers.roots, "root", "roots"),
        count(numbers.resources, "resource", "resources"),
        count(numbers.rules, "rule", "rules"),
    );
    if gaps > 0 {
        let _ = write!(out, "; {} in what was analysed", count(gaps, "gap", "gaps"));
    }
    if unreadable > 0 {
        let _ = write!(out, "; {}: not everything could be read", count(unreadable, "error", "errors"));
    } else if numbers.files == 0 {
        out.push_str("; nothing to analyse");
    }
    out
}

/// A table of findings per rule, the most frequent first.
fn statistics(report: &Report, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let mut rows: BTreeMap<&str, (usize, Severity)> = BTreeMap::new();
    for finding in &report.findings {
        let row = rows.entry(&finding.rule).or_insert((0, finding.severity));
        row.0 += 1;
        row.1 = row.1.max(finding.severity);
    }
    let mut rows: Vec<_> = rows.into_iter().collect();
    rows.sort_by(|a, b| (b.1, a.0).cmp(&(a.1, b.0)));
    let digits = rows.first().map_or(1, |row| row.1.0.to_string().len());
    for (rule, (number, severity)) in &rows {
        let name = format!("{:<8}", severity.name());
        writeln!(out, "{number:>digits$}  {}  {}", paint(options, color(*severity), &name), clean::line(rule))?;
    }
    if !rows.is_empty() {
        writeln!(out)?;
    }
    Ok(())
}

/// "36 more: a, b, c, ..."; nothing when the resource is the only one.
pub(super) fn also(instances: &[crate::value::Str], address: &str) -> Option<String> {
    let others: Vec<&str> = instances.iter().map(AsRef::as_ref).filter(|i| *i != address).collect();
    let named = others.get(..NAMED_INSTANCES.min(others.len()))?.join(", ");
    let more = if others.len() > NAMED_INSTANCES { ", ..." } else { "" };
    (!others.is_empty()).then(|| format!("{} more: {}{more}", others.len(), clean::line(&named)))
}

fn labels<'a>(primary: &'a Label, secondary: &'a [Label]) -> Vec<(LabelStyle, &'a Label)> {
    std::iter::once((LabelStyle::Primary, primary))
        .chain(secondary.iter().take(MAX_LABELS).map(|l| (LabelStyle::Secondary, l)))
        .collect()
}

struct Page<'a> {
    places: Places<'a>,
    options: &'a Options,
    out: &'a mut dyn Write,
}

impl Page<'_> {
    fn finding(&mut self, head: Head, finding: &Finding, by: Option<&Label>) -> io::Result<()> {
        let mut notes = Vec::new();
        if !finding.help.is_empty() {
            notes.push(("help", finding.help.clone()));
        }
        if let Some(fix) = finding.fix.as_ref().filter(|f| by.is_none() && !f.edits.is_empty()) {
            let flag = match fix.safety {
                crate::report::Safety::Safe => "safe, applied by --fix",
                crate::report::Safety::Unsafe => "unsafe, applied by --unsafe-fixes",
            };
            notes.push(("fix", flag.to_owned()));
        }
        notes.extend(finding.resource.created.clone().map(|place| ("created", place)));
        notes.extend(also(&finding.instances, &finding.resource.address).map(|text| ("also", text)));
        let mut labels = labels(&finding.primary, &finding.secondary);
        labels.extend(by.map(|label| (LabelStyle::Secondary, label)));
        self.entry(head, &finding.message, &labels, &notes)
    }

    fn fault(&mut self, fault: &Fault) -> io::Result<()> {
        let head = match fault.kind {
            FaultKind::Unreadable => Head { word: "error", rule: None, color: "\x1b[1;31m" },
            FaultKind::Gap | FaultKind::Notice if self.options.quiet => return Ok(()),
            FaultKind::Gap | FaultKind::Notice => Head { word: "note", rule: None, color: "\x1b[1;34m" },
        };
        if let Some(span) = fault.span {
            let label = Label { span, message: String::new() };
            return self.entry(head, &fault.message, &[(LabelStyle::Primary, &label)], &[]);
        }
        self.head(head, &fault.message)?;
        let arrow = paint(self.options, DIM_BLUE, "┌─");
        writeln!(self.out, "  {arrow} {}\n", clean::line(&fault.path))
    }

    /// What could not be seen, a line for each sort: the same module is missing in many places.
    fn gaps(&mut self, report: &Report) -> io::Result<()> {
        let mut sorts: Vec<(&Fault, usize)> = Vec::new();
        let mut known: BTreeMap<&str, usize> = BTreeMap::new();
        for fault in report.faults.iter().filter(|f| f.kind == FaultKind::Gap) {
            let next = sorts.len();
            match sorts.get_mut(*known.entry(&fault.message).or_insert(next)) {
                Some((_, places)) => *places += 1,
                None => sorts.push((fault, 1)),
            }
        }
        sorts.sort_by_key(|(_, places)| std::cmp::Reverse(*places));
        let head = Head { word: "gap", rule: None, color: "\x1b[1;34m" };
        for (fault, places) in sorts.iter().take(MAX_GAPS) {
            let line = fault.span.map(|s| format!(":{}", self.places.place(s).start.line)).unwrap_or_default();
            let also = if *places > 1 { format!(" and {} more places", places - 1) } else { String::new() };
            self.head(head, &format!("{}, at {}{line}{also}", fault.message, fault.path))?;
        }
        if sorts.len() > MAX_GAPS {
            let more = sorts.len() - MAX_GAPS;
            self.head(head, &format!("{more} more of other sorts; --show-undetermined lists all"))?;
        }
        if !sorts.is_empty() {
            writeln!(self.out)?;
        }
        Ok(())
    }

    fn head(&mut self, head: Head, message: &str) -> io::Result<()> {
        let rule = head.rule.map_or(String::new(), |rule| format!("[{}]", clean::line(rule)));
        let word = format!("{}{rule}", head.word);
        let message = clean::shorten(message, MAX_MESSAGE);
        let message = format!(": {}", clean::line(&message));
        writeln!(self.out, "{}{}", paint(self.options, head.color, &word), paint(self.options, BOLD, &message))
    }

    /// One entry: its head, the excerpts with the labels, the notes, an empty line.
    fn entry(
        &mut self,
        head: Head,
        message: &str,
        labels: &[(LabelStyle, &Label)],
        notes: &[(&str, String)],
    ) -> io::Result<()> {
        self.head(head, message)?;
        let limit = usize::from(self.options.width.unwrap_or(160)).clamp(60, 400) - 10;
        let excerpts = Excerpts::new(&mut self.places, labels, limit);
        let wrap = limit.min(120);
        let notes = notes.iter().map(|(name, text)| {
            let text = clean::block(&clean::shorten(text, MAX_MESSAGE));
            super::explain::wrap(&format!("{name}: {text}"), wrap).join("\n")
        });
        let diagnostic =
            Diagnostic::new(diagnostic::Severity::Error).with_labels(excerpts.labels()).with_notes(notes.collect());
        let config = Config { before_label_lines: 0, after_label_lines: 0, ..Config::default() };
        let mut painter = Painter { out: Vec::new(), color: self.options.color.then_some(head.color), in_header: true };
        term::emit_to_write_style(&mut painter, &config, &excerpts, &diagnostic).map_err(|error| match error {
            Error::Io(error) => error,
            error => io::Error::other(error.to_string()),
        })?;
        self.out.write_all(&painter.out)
    }
}

/// The quoted lines of one file.
struct Excerpt {
    name: String,
    text: String,
    /// Index of the line in the file, its range in `text`.
    lines: Vec<(usize, Range<usize>)>,
    /// Where the labels are.
    labels: Vec<ShownLabel>,
}

struct ShownLabel {
    style: LabelStyle,
    message: String,
    range: Range<usize>,
    start: Position,
}

/// What the renderer sees: only the lines it is to quote, harmless and cut, under their own numbers.
struct Excerpts(Vec<Excerpt>);

impl Excerpts {
    fn new(places: &mut Places, labels: &[(LabelStyle, &Label)], limit: usize) -> Self {
        let mut files: Vec<(FileId, Vec<(LabelStyle, &Label)>)> = Vec::new();
        for &(style, label) in labels {
            match files.iter_mut().find(|(file, _)| *file == label.span.file) {
                Some((_, list)) => list.push((style, label)),
                None => files.push((label.span.file, vec![(style, label)])),
            }
        }
        Self(files.into_iter().map(|(file, labels)| Excerpt::new(places, file, &labels, limit)).collect())
    }

    fn labels(&self) -> Vec<diagnostic::Label<usize>> {
        let of = |(file, excerpt): (usize, &Excerpt)| {
            let label = move |l: &ShownLabel| {
                diagnostic::Label::new(l.style, file, l.range.clone()).with_message(l.message.clone())
            };
            excerpt.labels.iter().map(label).collect::<Vec<_>>()
        };
        self.0.iter().enumerate().flat_map(of).collect()
    }
}

impl Excerpt {
    fn new(places: &mut Places, file: FileId, labels: &[(LabelStyle, &Label)], limit: usize) -> Self {
        let spans: Vec<_> = labels.iter().map(|(_, label)| drawn(places, label.span)).collect();
        let mut focus: BTreeMap<usize, Vec<Range<usize>>> = BTreeMap::new();
        for &((first, start), (last, end)) in &spans {
            let (_, length) = places.line_extent(file, first);
            let first_end = if first == last { end } else { length };
            focus.entry(first).or_default().push(start..first_end);
            for line in first + 1..last {
                focus.entry(line).or_default();
            }
            if last > first {
                focus.entry(last).or_default().push(end.saturating_sub(limit / 4)..end);
            }
        }
        // The renderer fills gaps of one line.
        let gaps: Vec<_> = focus.keys().map(|l| l + 1).filter(|l| focus.contains_key(&(l + 1))).collect();
        for line in gaps {
            focus.entry(line).or_default();
        }
        let mut text = String::new();
        let mut lines = Vec::new();
        let mut quotes: BTreeMap<usize, (usize, place::Quote)> = BTreeMap::new();
        for (line, focus) in focus {
            let quote = places.quote(file, line, &focus, limit);
            let start = text.len();
            text.push_str(&quote.text);
            text.push('\n');
            lines.push((line, start..text.len()));
            quotes.insert(line, (start, quote));
        }
        let shown = |line: usize, at: usize| quotes.get(&line).map_or(0, |(start, quote)| start + quote.at(at));
        let labels = labels.iter().zip(&spans).map(|(&(style, label), &((first, start), (last, end)))| {
            let message = clean::shorten(&label.message, MAX_MESSAGE);
            let from = shown(first, start);
            ShownLabel {
                style,
                message: clean::line(&message).into_owned(),
                range: from..shown(last, end).max(from),
                start: places.place(Span { end: label.span.start, ..label.span }).start,
            }
        });
        let labels = labels.collect();
        let name = clean::line(&places.file(file).name).into_owned();
        Self { name, text, lines, labels }
    }
}

/// Lines (index from 0) and bytes within them between which a label is drawn. Line breaks at the end are left
/// out, and long spans end with their first line.
fn drawn(places: &mut Places, span: Span) -> ((usize, usize), (usize, usize)) {
    let file = places.file(span.file);
    let clamp = |offset: u32| (offset as usize).min(file.text.len());
    let (from, mut to) = (clamp(span.start), clamp(span.end.max(span.start)));
    while to > from && file.text.as_bytes().get(to - 1).is_some_and(|b| b"\r\n".contains(b)) {
        to -= 1;
    }
    let first = file.line_index(from as u32);
    let mut last = file.line_index(to as u32);
    let (start, length) = places.line_extent(span.file, first);
    let begin = (from - start).min(length);
    if last >= first + MAX_LABEL_LINES {
        last = first;
        to = start + length;
    }
    let (last_start, last_length) = places.line_extent(span.file, last);
    let end = to.saturating_sub(last_start).min(last_length);
    ((first, begin), (last, if last == first { end.max(begin) } else { end }))
}

impl<'a> Files<'a> for Excerpts {
    type FileId = usize;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: usize) -> Result<&'a str, Error> {
        self.0.get(id).map(|e| e.name.as_str()).ok_or(Error::FileMissing)
    }

    fn source(&'a self, id: usize) -> Result<&'a str, Error> {
        self.0.get(id).map(|e| e.text.as_str()).ok_or(Error::FileMissing)
    }

    fn line_index(&'a self, id: usize, byte: usize) -> Result<usize, Error> {
        let excerpt = self.0.get(id).ok_or(Error::FileMissing)?;
        let line = excerpt.lines.iter().rev().find(|(_, range)| range.start <= byte);
        line.map(|(line, _)| *line).ok_or(Error::IndexTooLarge { given: byte, max: excerpt.text.len() })
    }

    fn line_range(&'a self, id: usize, line: usize) -> Result<Range<usize>, Error> {
        let excerpt = self.0.get(id).ok_or(Error::FileMissing)?;
        let found = excerpt.lines.iter().find(|(index, _)| *index == line);
        let max = excerpt.lines.last().map_or(0, |(index, _)| *index);
        found.map(|(_, range)| range.clone()).ok_or(Error::LineTooLarge { given: line, max })
    }

    fn location(&'a self, id: usize, byte: usize) -> Result<Location, Error> {
        let excerpt = self.0.get(id).ok_or(Error::FileMissing)?;
        let label = excerpt.labels.iter().find(|l| l.range.start == byte);
        let label = label.ok_or(Error::IndexTooLarge { given: byte, max: excerpt.text.len() })?;
        Ok(Location { line_number: label.start.line, column_number: label.start.column })
    }
}

/// Takes what the renderer writes, without its header: ours has the severity of the rule.
struct Painter {
    out: Vec<u8>,
    /// The colour of primary labels; `None` writes no escape sequence.
    color: Option<&'static str>,
    in_header: bool,
}

impl Painter {
    fn style(&mut self, style: &str) -> io::Result<()> {
        if self.color.is_some() && !self.in_header { self.out.write_all(style.as_bytes()) } else { Ok(()) }
    }
}

impl Write for Painter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut rest = bytes;
        if self.in_header {
            let Some(end) = bytes.iter().position(|&b| b == b'\n') else { return Ok(bytes.len()) };
            self.in_header = false;
            rest = bytes.get(end + 1..).unwrap_or_default();
        }
        self.out.write_all(rest)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl WriteStyle for Painter {
    fn set_header(&mut self, _: diagnostic::Severity) -> GeneralWriteResult {
        Ok(())
    }

    fn set_header_message(&mut self) -> GeneralWriteResult {
        Ok(())
    }

    fn set_line_number(&mut self) -> GeneralWriteResult {
        self.style(DIM_BLUE)
    }

    fn set_note_bullet(&mut self) -> GeneralWriteResult {
        self.style(DIM_BLUE)
    }

    fn set_source_border(&mut self) -> GeneralWriteResult {
        self.style(DIM_BLUE)
    }

    fn set_label(&mut self, _: diagnostic::Severity, style: LabelStyle) -> GeneralWriteResult {
        match style {
            LabelStyle::Primary => self.style(self.color.unwrap_or_default()),
            LabelStyle::Secondary => self.style(CYAN),
        }
    }

    fn reset(&mut self) -> GeneralWriteResult {
        self.style(RESET)
    }
}
