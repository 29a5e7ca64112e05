//! SARIF 2.1.0, as code scanning of GitHub and Azure DevOps and editors read it.

mod model;

use super::clean::{self, Json};
use super::place::{Place, Places};
use super::{Options, explain, paths};
use crate::report::{Fault, FaultKind, Finding, Label, Report, RuleInfo, Safety, Severity};
use crate::source::{FileId, Sources, Span};
use model::{
    Artifact, ArtifactChange, ArtifactLocation, BaseId, CodeFlow, Configuration, ContextRegion, DescriptorReference,
    Driver, Fingerprints, Fix, Help, Invocation, Location, Log, LogicalLocation, Message, Notification,
    PhysicalLocation, Region, Replacement, ResultProperties, Rule, RuleProperties, Run, SarifResult, Suppression,
    ThreadFlow, ThreadFlowLocation, Tool,
};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// GitHub rejects a run with more results.
const MAX_RESULTS: usize = 25_000;
/// GitHub rejects a rule with more tags.
const MAX_TAGS: usize = 20;
/// GitHub shows this many locations of a result.
const MAX_RELATED: usize = 100;
/// GitHub cuts descriptions here.
const MAX_DESCRIPTION: usize = 1000;
/// Quoted regions are cut to this many bytes.
const MAX_SNIPPET: usize = 1000;
/// What the paths are relative to.
const ROOT: &str = "SRCROOT";

/// Lines before and after a finding that are quoted with it.
const CONTEXT_LINES: usize = 2;
/// Without them if they are longer than this.
const MAX_CONTEXT: usize = 2000;

pub(super) fn write(report: &Report, sources: &Sources, options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let rules = rules(report);
    let indices = rules.iter().enumerate().map(|(index, rule)| (rule.id, index)).collect();
    let mut writer = Writer {
        places: Places::new(sources),
        options,
        indices,
        artifacts: Vec::new(),
        by_name: FxHashMap::default(),
        by_uri: FxHashMap::default(),
    };
    let mut notifications: Vec<Notification> = report.faults.iter().map(|f| writer.notification(f)).collect();
    let kept = worst(&report.findings, MAX_RESULTS);
    if kept.len() < report.findings.len() {
        notifications.push(Notification {
            descriptor: DescriptorReference { id: "results-left-out" },
            level: "warning",
            message: message(&format!(
                "{} of {} results are left out, the least severe ones; code scanning accepts {MAX_RESULTS}",
                report.findings.len() - kept.len(),
                report.findings.len()
            )),
            locations: Vec::new(),
        });
    }
    let room = MAX_RESULTS - kept.len();
    let mut results: Vec<SarifResult> = kept.into_iter().map(|finding| writer.result(finding)).collect();
    if options.show_suppressed {
        for entry in report.suppressed.iter().take(room) {
            let mut result = writer.result(&entry.finding);
            result.suppressions.push(Suppression {
                kind: "inSource",
                justification: entry.reason.clone(),
                location: writer.location(entry.by),
            });
            results.push(result);
        }
    }
    let root = BaseId { description: text("The root of the repository.") };
    let driver = Driver {
        name: "formwork",
        full_name: concat!("formwork ", env!("CARGO_PKG_VERSION")),
        version: env!("CARGO_PKG_VERSION"),
        semantic_version: env!("CARGO_PKG_VERSION"),
        information_uri: env!("CARGO_PKG_REPOSITORY"),
        rules,
    };
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool { driver },
            invocations: [Invocation { execution_successful: true, tool_execution_notifications: notifications }],
            original_uri_base_ids: BTreeMap::from([(ROOT, root)]),
            artifacts: writer.artifacts,
            column_kind: "utf16CodeUnits",
            results,
        }],
    };
    clean::json(Json::compact(), &log, out)
}

/// At most `limit` findings, the worst ones, in the order of the report.
fn worst(findings: &[Finding], limit: usize) -> Vec<&Finding> {
    let mut order: Vec<usize> = (0..findings.len()).collect();
    if order.len() > limit {
        order.sort_by_key(|&i| std::cmp::Reverse(findings.get(i).map(|f| f.severity)));
        order.truncate(limit);
        order.sort_unstable();
    }
    order.into_iter().filter_map(|i| findings.get(i)).collect()
}

fn text(text: &str) -> Message {
    Message { text: text.to_owned() }
}

/// A sentence: what is to be read by people ends with a full stop in SARIF. Viewers make links of `[text](target)`
/// even in plain text, so that sequence is broken.
fn message(text: &str) -> Message {
    let text = text.trim_end().replace("](", "] (");
    let stop = if text.ends_with(['.', '!', '?']) || text.is_empty() { "" } else { "." };
    Message { text: format!("{text}{stop}") }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "3.0",
        Severity::Info => "0.5",
    }
}

/// `ebs-volume-encrypted` as `EbsVolumeEncrypted`.
fn pascal_case(id: &str) -> String {
    let mut out = String::with_capacity(id.len());
    for word in id.split(|c: char| !c.is_alphanumeric()) {
        let mut characters = word.chars();
        out.extend(characters.next().into_iter().flat_map(char::to_uppercase));
        out.push_str(characters.as_str());
    }
    out
}

fn rules(report: &Report) -> Vec<Rule<'_>> {
    let mut rules: Vec<&RuleInfo> = report.rules.iter().collect();
    rules.sort_by(|a, b| a.id.cmp(&b.id));
    rules.dedup_by(|a, b| a.id == b.id);
    rules.into_iter().map(rule).collect()
}

fn rule(info: &RuleInfo) -> Rule<'_> {
    let why = explain::plain(&info.why);
    let first = why.split("\n\n").next().unwrap_or("").replace('\n', " ");
    let first = if first.trim().is_empty() { &info.title } else { &first };
    let mut markdown = if why.trim().is_empty() { info.title.clone() } else { info.why.trim().to_owned() };
    let mut plain = if why.trim().is_empty() { info.title.clone() } else { why.trim().to_owned() };
    if !info.remediation.trim().is_empty() {
        let _ = write!(markdown, "\n\n## Remediation\n\n{}", info.remediation.trim());
        let _ = write!(plain, "\n\nRemediation\n\n{}", explain::plain(&info.remediation).trim());
    }
    let links: Vec<&str> = info.references.iter().map(AsRef::as_ref).filter(|r| clean::is_link(r)).collect();
    if !links.is_empty() {
        markdown.push_str("\n\n## References\n");
        plain.push_str("\n\nReferences\n");
        for reference in &links {
            let _ = write!(markdown, "\n- <{reference}>");
            let _ = write!(plain, "\n{reference}");
        }
    }
    let mut tags = vec!["security", info.service.as_str()];
    for practice in &info.practices {
        if tags.len() < MAX_TAGS && !tags.contains(&practice.as_str()) {
            tags.push(practice);
        }
    }
    tags.dedup();
    Rule {
        id: &info.id,
        name: pascal_case(&info.id),
        short_description: message(&info.title),
        full_description: message(&clean::shorten(first, MAX_DESCRIPTION)),
        help_uri: links.first().copied(),
        help: Help { text: plain.trim().to_owned(), markdown: markdown.trim().to_owned() },
        default_configuration: Configuration { level: level(info.severity) },
        properties: RuleProperties { tags, precision: "high", security_severity: security_severity(info.severity) },
    }
}

struct Writer<'a> {
    places: Places<'a>,
    options: &'a Options,
    indices: FxHashMap<&'a str, usize>,
    artifacts: Vec<Artifact>,
    /// Indices of `artifacts`, by the name of the file and by its URI.
    by_name: FxHashMap<String, usize>,
    by_uri: FxHashMap<String, usize>,
}

impl<'a> Writer<'a> {
    fn result(&mut self, finding: &'a Finding) -> SarifResult<'a> {
        let mut location = self.location(finding.primary.span);
        if let Some(physical) = &mut location.physical_location {
            physical.context_region = self.context(finding.primary.span);
        }
        location.logical_locations =
            vec![LogicalLocation { fully_qualified_name: finding.resource.address.to_string(), kind: "resource" }];
        let secondary = finding.secondary.get(..MAX_RELATED.min(finding.secondary.len())).unwrap_or_default();
        let related =
            secondary.iter().enumerate().map(|(i, label)| Location { id: Some(i + 1), ..self.labelled(label) });
        let related_locations = related.collect();
        let code_flows = if secondary.is_empty() { Vec::new() } else { vec![self.flow(finding, secondary)] };
        SarifResult {
            rule_id: &finding.rule,
            rule_index: self.indices.get(finding.rule.as_str()).copied(),
            level: level(finding.severity),
            message: message(&finding.message),
            locations: [location],
            related_locations,
            code_flows,
            partial_fingerprints: Fingerprints { formwork: &finding.fingerprint },
            fixes: self.fix(finding).into_iter().collect(),
            suppressions: Vec::new(),
            properties: ResultProperties {
                severity: finding.severity.name(),
                help: &finding.help,
                instances: finding.instances.iter().map(AsRef::as_ref).collect(),
            },
        }
    }

    /// From where the value was written to where it is used.
    fn flow(&mut self, finding: &Finding, secondary: &[Label]) -> CodeFlow {
        let labels = secondary.iter().rev().chain([&finding.primary]);
        let locations = labels.map(|label| ThreadFlowLocation { location: self.labelled(label) });
        CodeFlow { thread_flows: [ThreadFlow { locations: locations.collect() }] }
    }

    fn fix(&mut self, finding: &Finding) -> Option<Fix> {
        let fix = finding.fix.as_ref().filter(|f| f.safety == Safety::Safe && !f.edits.is_empty())?;
        let mut changes: Vec<(FileId, ArtifactChange)> = Vec::new();
        for edit in &fix.edits {
            let place = self.places.place(edit.span);
            let replacement = Replacement {
                deleted_region: region(&place, None),
                inserted_content: Message { text: edit.text.clone() },
            };
            if let Some((_, change)) = changes.iter_mut().find(|(file, _)| *file == edit.span.file) {
                change.replacements.push(replacement);
            } else {
                let artifact_location = self.artifact(&place.file.name);
                let change = ArtifactChange { artifact_location, replacements: vec![replacement] };
                changes.push((edit.span.file, change));
            }
        }
        let description = if finding.help.is_empty() { "Apply the fix of the rule" } else { &finding.help };
        Some(Fix {
            description: message(description),
            artifact_changes: changes.into_iter().map(|(_, change)| change).collect(),
        })
    }

    fn notification(&mut self, fault: &Fault) -> Notification {
        let (id, level) = match fault.kind {
            FaultKind::Unreadable => ("unreadable", "error"),
            FaultKind::Gap => ("gap", "warning"),
            FaultKind::Notice => ("notice", "note"),
        };
        let location = match fault.span {
            Some(span) => Some(self.location(span)),
            None if fault.path.is_empty() => None,
            None => {
                let artifact_location = self.artifact(&fault.path);
                let physical = PhysicalLocation { artifact_location, region: None, context_region: None };
                Some(Location { physical_location: Some(physical), ..Location::default() })
            }
        };
        Notification {
            descriptor: DescriptorReference { id },
            level,
            message: message(&fault.message),
            locations: location.into_iter().collect(),
        }
    }

    fn labelled(&mut self, label: &Label) -> Location {
        let text = (!label.message.is_empty()).then(|| message(&label.message));
        Location { message: text, ..self.location(label.span) }
    }

    fn location(&mut self, span: Span) -> Location {
        let place = self.places.place(span);
        let snippet = self.places.snippet(span, MAX_SNIPPET);
        let physical = PhysicalLocation {
            artifact_location: self.artifact(&place.file.name),
            region: Some(region(&place, (!snippet.is_empty()).then_some(Message { text: snippet }))),
            context_region: None,
        };
        Location { physical_location: Some(physical), ..Location::default() }
    }

    /// The lines around a span, unless they are very long.
    fn context(&mut self, span: Span) -> Option<ContextRegion> {
        let place = self.places.place(span);
        let lines = place.file.line_starts().len();
        let first = place.start.line.saturating_sub(CONTEXT_LINES).max(1);
        // What follows the last line break is not a line to a reader unless there is something in it.
        let last = (place.end.line + CONTEXT_LINES).min(lines);
        let last = if last > place.end.line && place.file.line(last - 1).is_empty() { last - 1 } else { last };
        let (start, _) = self.places.line_extent(span.file, first - 1);
        let (last_start, length) = self.places.line_extent(span.file, last - 1);
        let whole = Span::new(span.file, start, last_start + length);
        if last_start + length - start > MAX_CONTEXT || whole == span {
            return None;
        }
        let snippet = Message { text: self.places.snippet(whole, MAX_CONTEXT) };
        Some(ContextRegion { start_line: first, end_line: last, snippet })
    }

    fn artifact(&mut self, name: &str) -> ArtifactLocation {
        let index = self.by_name.get(name).copied().unwrap_or_else(|| {
            let uri = paths::uri(&paths::relative(name, self.options));
            let index = *self.by_uri.entry(uri.clone()).or_insert(self.artifacts.len());
            if index == self.artifacts.len() {
                let location = ArtifactLocation { uri, uri_base_id: ROOT, index: None };
                self.artifacts.push(Artifact { location, roles: ["analysisTarget"] });
            }
            self.by_name.insert(name.to_owned(), index);
            index
        });
        let uri = self.artifacts.get(index).map_or(String::new(), |a| a.location.uri.clone());
        ArtifactLocation { uri, uri_base_id: ROOT, index: Some(index) }
    }
}

fn region(place: &Place, snippet: Option<Message>) -> Region {
    Region {
        start_line: place.start.line,
        start_column: place.start.utf16,
        end_line: place.end.line,
        end_column: place.end.utf16,
        snippet,
    }
}
