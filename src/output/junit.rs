//! JUnit XML: one test suite per file, one failed test per finding; what could not be read is an error.

use super::clean::{self, markup};
use super::place::Places;
use super::{Options, paths, text};
use crate::report::{Fault, FaultKind, Finding, Report};
use crate::source::Sources;
use std::collections::BTreeMap;
use std::io;

#[derive(Default)]
struct Suite<'a> {
    findings: Vec<&'a Finding>,
    errors: Vec<&'a Fault>,
}

pub(super) fn write(report: &Report, sources: &Sources, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut places = Places::new(sources);
    let mut suites: BTreeMap<String, Suite> = BTreeMap::new();
    for finding in &report.findings {
        let path = paths::relative(&places.file(finding.primary.span.file).name, options);
        suites.entry(path).or_default().findings.push(finding);
    }
    for fault in report.faults.iter().filter(|f| f.kind == FaultKind::Unreadable) {
        suites.entry(paths::relative(&fault.path, options)).or_default().errors.push(fault);
    }
    let failures = report.findings.len();
    let errors: usize = suites.values().map(|s| s.errors.len()).sum();
    let clean_run = suites.is_empty() && report.summary.files > 0;
    let tests = failures + errors + usize::from(clean_run);
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(out, r#"<testsuites name="formwork" tests="{tests}" failures="{failures}" errors="{errors}">"#)?;
    if clean_run {
        // Readers take a report without a test for one that went missing.
        writeln!(out, r#"  <testsuite name="formwork" tests="1" failures="0" errors="0">"#)?;
        let summary = text::summary(report);
        writeln!(out, r#"    <testcase name="{}" classname="formwork"/>"#, attribute(&summary))?;
        writeln!(out, "  </testsuite>")?;
    }
    for (path, suite) in &suites {
        let (failures, errors) = (suite.findings.len(), suite.errors.len());
        writeln!(
            out,
            r#"  <testsuite name="{}" tests="{}" failures="{failures}" errors="{errors}">"#,
            attribute(path),
            failures + errors
        )?;
        for finding in &suite.findings {
            self::finding(path, finding, &mut places, options, out)?;
        }
        for fault in &suite.errors {
            let at = fault.span.map_or(String::new(), |span| {
                let start = places.place(span).start;
                format!(":{}:{}", start.line, start.column)
            });
            writeln!(out, r#"    <testcase name="{}" classname="formwork">"#, attribute(&format!("{path}{at}")))?;
            writeln!(out, r#"      <error message="{}" type="unreadable"/>"#, attribute(&fault.message))?;
            writeln!(out, "    </testcase>")?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

fn finding(
    path: &str,
    finding: &Finding,
    places: &mut Places,
    options: &Options,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let start = places.place(finding.primary.span).start;
    writeln!(
        out,
        r#"    <testcase name="{}" classname="{}" file="{}" line="{}">"#,
        attribute(&format!("{} {}:{}:{}", finding.resource.address, path, start.line, start.column)),
        attribute(&finding.rule),
        attribute(path),
        start.line
    )?;
    let mut lines = vec![format!("{path}:{}:{}: {}", start.line, start.column, finding.primary.message)];
    for label in &finding.secondary {
        let place = places.place(label.span);
        let path = paths::relative(&place.file.name, options);
        lines.push(format!("{path}:{}:{}: {}", place.start.line, place.start.column, label.message));
    }
    if !finding.help.is_empty() {
        lines.push(format!("help: {}", finding.help.replace('\n', " ")));
    }
    lines.extend(text::also(&finding.instances, &finding.resource.address).map(|also| format!("also: {also}")));
    let body: Vec<_> = lines.iter().map(|line| markup(&clean::line(line))).collect();
    writeln!(
        out,
        r#"      <failure message="{}" type="{}">{}</failure>"#,
        attribute(&finding.message),
        finding.severity.name(),
        body.join("\n")
    )?;
    writeln!(out, "    </testcase>")
}

fn attribute(text: &str) -> String {
    markup(&clean::line(text))
}
