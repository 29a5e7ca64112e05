//! The Code Quality report of GitLab.

use super::clean::{self, Json};
use super::place::Places;
use super::{Options, paths};
use crate::report::{Report, Severity};
use crate::source::Sources;
use serde::Serialize;
use std::io;

#[derive(Serialize)]
struct Issue<'a> {
    description: &'a str,
    check_name: &'a str,
    fingerprint: &'a str,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "blocker",
        Severity::High => "critical",
        Severity::Medium => "major",
        Severity::Low => "minor",
        Severity::Info => "info",
    }
}

/// An array of findings; the format has no place for anything else.
pub(super) fn write(report: &Report, sources: &Sources, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let mut places = Places::new(sources);
    let issues = report.findings.iter().map(|finding| {
        let place = places.place(finding.primary.span);
        Issue {
            description: &finding.message,
            check_name: &finding.rule,
            fingerprint: &finding.fingerprint,
            severity: severity(finding.severity),
            location: Location {
                path: paths::relative(&place.file.name, options),
                lines: Lines { begin: place.start.line, end: place.end.line },
            },
        }
    });
    clean::json(Json::pretty(), &issues.collect::<Vec<_>>(), out)
}
