//! JSON: the stable contract for programs. [`schema`](super::schema) describes it.

use super::clean::{self, Json};
use super::place::{Places, Position};
use crate::report::{Fault, FaultKind, Finding, Fix, Label, Report, ResourceName, Severity, Suppressed, Undetermined};
use crate::source::{Sources, Span};
use serde::Serialize;
use std::io;

#[derive(Serialize)]
struct Document<'a> {
    findings: Vec<FindingJson<'a>>,
    undetermined: Vec<UndeterminedJson<'a>>,
    suppressed: Vec<SuppressedJson<'a>>,
    errors: Vec<FaultJson<'a>>,
    notes: Vec<FaultJson<'a>>,
    summary: SummaryJson,
}

#[derive(Serialize)]
pub(super) struct FindingJson<'a> {
    rule: &'a str,
    severity: &'static str,
    message: &'a str,
    fingerprint: &'a str,
    resource: ResourceJson<'a>,
    primary: LabelJson<'a>,
    secondary: Vec<LabelJson<'a>>,
    help: &'a str,
    fix: Option<FixJson<'a>>,
    instances: Vec<&'a str>,
}

#[derive(Serialize)]
struct UndeterminedJson<'a> {
    rule: &'a str,
    severity: &'static str,
    message: &'a str,
    cause: &'a str,
    when: Option<&'a str>,
    resource: ResourceJson<'a>,
    primary: LabelJson<'a>,
    secondary: Vec<LabelJson<'a>>,
    instances: Vec<&'a str>,
}

#[derive(Serialize)]
struct SuppressedJson<'a> {
    #[serde(flatten)]
    finding: FindingJson<'a>,
    reason: &'a str,
    by: RangeJson,
}

#[derive(Serialize)]
struct FaultJson<'a> {
    path: &'a str,
    message: &'a str,
    start: Option<PositionJson>,
    end: Option<PositionJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
}

#[derive(Serialize)]
pub(super) struct SummaryJson {
    files: usize,
    resources: usize,
    rules: usize,
    findings: CountsJson,
    undetermined: usize,
    duration_ms: u64,
}

#[derive(Serialize, Default)]
struct CountsJson {
    critical: usize,
    high: usize,
    medium: usize,
    low: usize,
    info: usize,
}

#[derive(Serialize)]
struct ResourceJson<'a> {
    address: &'a str,
    #[serde(rename = "type")]
    type_name: &'a str,
    canonical: Option<&'a str>,
    construct: Option<&'a str>,
    created: Option<&'a str>,
}

#[derive(Serialize)]
struct RangeJson {
    path: String,
    start: PositionJson,
    end: PositionJson,
}

#[derive(Serialize)]
struct LabelJson<'a> {
    #[serde(flatten)]
    range: RangeJson,
    label: &'a str,
}

#[derive(Serialize)]
struct FixJson<'a> {
    safety: &'static str,
    edits: Vec<EditJson<'a>>,
}

#[derive(Serialize)]
struct EditJson<'a> {
    #[serde(flatten)]
    range: RangeJson,
    text: &'a str,
}

#[derive(Serialize)]
struct PositionJson {
    line: usize,
    column: usize,
    offset: usize,
}

impl From<Position> for PositionJson {
    fn from(position: Position) -> Self {
        Self { line: position.line, column: position.column, offset: position.offset }
    }
}

fn range(span: Span, places: &mut Places) -> RangeJson {
    let place = places.place(span);
    RangeJson { path: place.file.name.clone(), start: place.start.into(), end: place.end.into() }
}

fn label<'a>(label: &'a Label, places: &mut Places) -> LabelJson<'a> {
    LabelJson { range: range(label.span, places), label: &label.message }
}

fn resource(name: &ResourceName) -> ResourceJson<'_> {
    ResourceJson {
        address: &name.address,
        type_name: &name.type_name,
        canonical: name.canonical.as_deref(),
        construct: name.construct.as_deref(),
        created: name.created.as_deref(),
    }
}

fn fix<'a>(fix: &'a Fix, places: &mut Places) -> FixJson<'a> {
    let edits = fix.edits.iter().map(|e| EditJson { range: range(e.span, places), text: &e.text }).collect();
    FixJson { safety: fix.safety.name(), edits }
}

/// A finding as it stands in `findings`.
pub(super) fn finding<'a>(finding: &'a Finding, places: &mut Places) -> FindingJson<'a> {
    FindingJson {
        rule: &finding.rule,
        severity: finding.severity.name(),
        message: &finding.message,
        fingerprint: &finding.fingerprint,
        resource: resource(&finding.resource),
        primary: label(&finding.primary, places),
        secondary: finding.secondary.iter().map(|l| label(l, places)).collect(),
        help: &finding.help,
        fix: finding.fix.as_ref().filter(|f| !f.edits.is_empty()).map(|f| fix(f, places)),
        instances: finding.instances.iter().map(AsRef::as_ref).collect(),
    }
}

fn undetermined<'a>(entry: &'a Undetermined, places: &mut Places) -> UndeterminedJson<'a> {
    UndeterminedJson {
        rule: &entry.rule,
        severity: entry.severity.name(),
        message: &entry.message,
        cause: &entry.cause,
        when: entry.when.as_deref(),
        resource: resource(&entry.resource),
        primary: label(&entry.primary, places),
        secondary: entry.secondary.iter().map(|l| label(l, places)).collect(),
        instances: entry.instances.iter().map(AsRef::as_ref).collect(),
    }
}

fn suppressed<'a>(entry: &'a Suppressed, places: &mut Places) -> SuppressedJson<'a> {
    SuppressedJson { finding: finding(&entry.finding, places), reason: &entry.reason, by: range(entry.by, places) }
}

fn fault<'a>(fault: &'a Fault, places: &mut Places) -> FaultJson<'a> {
    let range = fault.span.map(|span| range(span, places));
    let (start, end) = range.map_or((None, None), |r| (Some(r.start), Some(r.end)));
    let kind = match fault.kind {
        FaultKind::Unreadable => None,
        FaultKind::Gap => Some("gap"),
        FaultKind::Notice => Some("notice"),
    };
    FaultJson { path: &fault.path, message: &fault.message, start, end, kind }
}

/// The summary of a report.
pub(super) fn summary(report: &Report) -> SummaryJson {
    let mut findings = CountsJson::default();
    for finding in &report.findings {
        *match finding.severity {
            Severity::Critical => &mut findings.critical,
            Severity::High => &mut findings.high,
            Severity::Medium => &mut findings.medium,
            Severity::Low => &mut findings.low,
            Severity::Info => &mut findings.info,
        } += 1;
    }
    SummaryJson {
        files: report.summary.files,
        resources: report.summary.resources,
        rules: report.summary.rules,
        findings,
        undetermined: report.undetermined.len(),
        duration_ms: report.summary.duration_ms,
    }
}

pub(super) fn write(report: &Report, sources: &Sources, out: &mut dyn io::Write) -> io::Result<()> {
    let places = &mut Places::new(sources);
    let (errors, notes) = report.faults.iter().partition::<Vec<_>, _>(|f| f.kind == FaultKind::Unreadable);
    let document = Document {
        findings: report.findings.iter().map(|f| finding(f, places)).collect(),
        undetermined: report.undetermined.iter().map(|u| undetermined(u, places)).collect(),
        suppressed: report.suppressed.iter().map(|s| suppressed(s, places)).collect(),
        errors: errors.into_iter().map(|f| fault(f, places)).collect(),
        notes: notes.into_iter().map(|f| fault(f, places)).collect(),
        summary: summary(report),
    };
    clean::json(Json::pretty(), &document, out)
}
