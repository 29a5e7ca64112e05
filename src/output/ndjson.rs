//! NDJSON: one finding per line, then a line with the summary.

use super::clean::{self, Json};
use super::json::{self, SummaryJson};
use super::place::Places;
use crate::report::Report;
use crate::source::Sources;
use serde::Serialize;
use std::io;

#[derive(Serialize)]
struct Last {
    summary: SummaryJson,
}

/// Each finding as in `findings` of the JSON format; the last line is `{"summary": ...}`.
pub(super) fn write(report: &Report, sources: &Sources, out: &mut dyn io::Write) -> io::Result<()> {
    let places = &mut Places::new(sources);
    for finding in &report.findings {
        clean::json(Json::compact(), &json::finding(finding, places), out)?;
    }
    clean::json(Json::compact(), &Last { summary: json::summary(report) }, out)
}
