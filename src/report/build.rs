//! Putting a report together: labels, grouping by cause, fingerprints, order.

use super::fix::{self, Fixer, Trees};
use super::labels::{labels, quote};
use super::suppress::Anchored;
use super::{Fault, FaultKind, Finding, Label, Report, ResourceName, Suppressed, Undetermined};
use crate::dialect::Construct;
use crate::graph::{Catalog, Edge, Graph, Node};
use crate::rules::{Outcome, Rule, Settings, Verdict, is_absence};
use crate::source::{Sources, Span};
use crate::value::{Guard, Str, Title};
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// Collects verdicts of all roots.
#[derive(Default)]
pub struct Builder {
    findings: Vec<Anchored<Finding>>,
    undetermined: Vec<Anchored<Undetermined>>,
    faults: Vec<Fault>,
}

/// The first paragraph of a text, on one line.
fn first_paragraph(text: &str) -> String {
    let paragraph = text.split("\n\n").next().unwrap_or("");
    paragraph.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What the verdicts of one root are about.
pub struct Case<'a> {
    /// The rules that were run.
    pub rules: &'a [Arc<Rule>],
    /// The resources.
    pub graph: &'a Graph<'a>,
    /// How they are spelled.
    pub catalog: &'a Catalog,
    /// What all rules shared.
    pub settings: &'a Settings<'a>,
    /// The files.
    pub sources: &'a Sources,
    /// Their trees, for fixes.
    pub trees: &'a Trees,
}

impl Builder {
    /// An empty builder.
    pub fn new() -> Self {
        Self::default()
    }

    /// Joins what another builder has collected.
    pub fn append(&mut self, other: Builder) {
        self.findings.extend(other.findings);
        self.undetermined.extend(other.undetermined);
        self.faults.extend(other.faults);
    }

    /// Adds something that could not be read, a gap, a notice.
    pub fn fault(&mut self, path: impl Into<String>, span: Option<Span>, message: impl Into<String>, kind: FaultKind) {
        self.faults.push(Fault { path: path.into(), span, message: message.into(), kind });
    }

    /// Adds faults.
    pub fn faults(&mut self, faults: impl IntoIterator<Item = Fault>) {
        self.faults.extend(faults);
    }

    /// Adds the verdicts of one root.
    pub fn verdicts(&mut self, verdicts: Vec<Verdict>, case: &Case<'_>) {
        let graph = case.graph;
        // A resource that inherits from one with the same fault shares its cause: nobody wrote it.
        let mut absent: FxHashMap<(usize, usize), crate::value::Trail> = FxHashMap::default();
        for verdict in &verdicts {
            if matches!(verdict.outcome, Outcome::Finding { .. }) && is_absence(&verdict.evidence) {
                absent.insert((verdict.rule, verdict.node), verdict.evidence.clone());
            }
        }
        for mut verdict in verdicts {
            let (Some(rule), Some(node)) = (case.rules.get(verdict.rule), graph.nodes.get(verdict.node)) else {
                continue;
            };
            let mut mended = node;
            if is_absence(&verdict.evidence) {
                let shared = node.edges.iter().find_map(|(_, edge)| match edge {
                    Edge::To(other) => {
                        absent.get(&(verdict.rule, *other)).map(|evidence| (graph.nodes.get(*other), evidence))
                    }
                    _ => None,
                });
                if let Some((Some(other), evidence)) = shared {
                    mended = other;
                    verdict.evidence = evidence.clone();
                }
            }
            self.verdict(verdict, rule, node, mended, case);
        }
    }

    /// `mended` is the resource in which the fault is to be mended, where that is not `node`.
    fn verdict(&mut self, verdict: Verdict, rule: &Rule, node: &Node, mended: &Node, case: &Case<'_>) {
        let &Case { graph, catalog, settings, sources, trees, .. } = case;
        let declaration = graph.declaration(node);
        let elsewhere = verdict.address != node.address;
        let mut declarations = graph.root.declarations.iter();
        let owner = if elsewhere { declarations.find(|d| d.address == verdict.address) } else { None };
        let shown = owner.unwrap_or(declaration);
        let resource = ResourceName {
            address: verdict.address.clone(),
            type_name: shown.type_name.clone(),
            canonical: Some(node.canonical.clone()),
            construct: shown.construct.as_ref().map(|c| c.path.clone()),
            created: shown.construct.as_ref().and_then(|c| c.source.clone()),
        };
        let created = shown.construct.as_ref().and_then(|c| Some(Label { span: c.span?, message: created(c) }));
        let mut anchors = vec![shown.span, shown.header];
        anchors.extend(shown.callers.iter().map(|(_, span)| *span));
        let graded = match &verdict.outcome {
            Outcome::Finding { severity, .. } => *severity,
            Outcome::Undetermined { .. } => None,
        };
        let severity = settings.severity_in(rule, declaration.header.file).or(graded).unwrap_or(rule.info.severity);
        let rule_id = rule.info.id.clone();
        let fixer = Fixer { graph, catalog, sources, trees };
        let fix = rule.fix.as_ref().and_then(|model| fixer.fix(model, &verdict, mended));
        match verdict.outcome {
            Outcome::Finding { message, label, when, .. } => {
                let Some((primary, mut secondary)) = labels(&verdict.evidence, label, sources, verdict.sensitive)
                else {
                    return;
                };
                secondary.extend(created);
                let part = verdict.evidence.first().map(|h| h.name.clone()).unwrap_or_default();
                let item = Finding {
                    rule: rule_id,
                    severity,
                    message: match witness(&when, sources) {
                        Some(when) => format!("{} when {when}", named(message, &resource)),
                        None => named(message, &resource),
                    },
                    // Replaced once it is known which findings are alike.
                    fingerprint: part.to_string(),
                    resource,
                    primary,
                    secondary,
                    help: first_paragraph(&rule.info.remediation),
                    fix,
                    instances: Vec::new(),
                };
                self.findings.push(Anchored { what: item, anchors });
            }
            Outcome::Undetermined { message, cause, when } => {
                let Some((primary, mut secondary)) = labels(&verdict.evidence, None, sources, verdict.sensitive) else {
                    return;
                };
                // A place in the rule is no place of the user's.
                if let Some(span) = cause.span.filter(|s| s.file != rule.file && *s != primary.span) {
                    match secondary.iter_mut().find(|l| l.span == span) {
                        Some(label) => label.message = cause.what.to_string(),
                        None => secondary.push(Label { span, message: cause.what.to_string() }),
                    }
                }
                let when = witness(&when, sources);
                let message = named(message, &resource);
                secondary.extend(created);
                let item = Undetermined {
                    rule: rule_id,
                    severity,
                    message: match &when {
                        Some(when) => format!("{message} when {when}: {}", cause.what),
                        None => format!("cannot tell whether {message}: {}", cause.what),
                    },
                    cause: cause.what.to_string(),
                    when,
                    resource,
                    primary,
                    secondary,
                    instances: Vec::new(),
                };
                self.undetermined.push(Anchored { what: item, anchors });
            }
        }
    }

    /// What was collected: findings, undetermined verdicts, faults.
    pub fn into_parts(self) -> (Vec<Anchored<Finding>>, Vec<Anchored<Undetermined>>, Vec<Fault>) {
        (self.findings, self.undetermined, self.faults)
    }

    /// The report of what is left and what was accepted: grouped by cause, in order.
    pub fn report(
        findings: Vec<Anchored<Finding>>,
        undetermined: Vec<Anchored<Undetermined>>,
        suppressed: Vec<Suppressed>,
        mut faults: Vec<Fault>,
        sources: &Sources,
    ) -> Report {
        let by: FxHashMap<(Str, Str, Span), (Span, String)> =
            suppressed.iter().map(|s| (place_of(&s.finding), (s.by, s.reason.clone()))).collect();
        let accepted = suppressed.into_iter().map(|s| Anchored { what: s.finding, anchors: Vec::new() }).collect();
        let suppressed = group(accepted, sources)
            .into_iter()
            .filter_map(|finding| {
                let (by, reason) = by.get(&place_of(&finding))?.clone();
                Some(Suppressed { finding, by, reason })
            })
            .collect();
        faults.sort();
        faults.dedup();
        Report {
            findings: group(findings, sources),
            undetermined: group(undetermined, sources),
            suppressed,
            faults,
            ..Report::default()
        }
    }
}

/// A message in which the construct stands behind the logical id that was made for it.
fn named(message: String, resource: &ResourceName) -> String {
    let Some(construct) = &resource.construct else { return message };
    match message.split_once(resource.address.as_str()) {
        Some((before, after)) => format!("{before}{} ({construct}){after}", resource.address),
        None => format!("{message} ({construct})"),
    }
}

fn created(construct: &Construct) -> String {
    format!("{} is created here", construct.path)
}

/// Decisions in words: `IsDev is true and Env is prod`. `None`: there are none, or one of them has no name.
fn witness(when: &[Guard], sources: &Sources) -> Option<String> {
    let words = when.iter().map(|guard| {
        let truth = if guard.holds { "true" } else { "false" };
        match guard.title {
            Title::Name => Some(format!("{} is {truth}", guard.condition)),
            Title::Value if guard.holds => Some(guard.condition.to_string()),
            Title::Value => Some(format!("it is not so that {}", guard.condition)),
            Title::Text(span) => quote(span, sources, false).map(|text| format!("{text} is {truth}")),
            Title::Nameless => None,
        }
    });
    let words: Vec<String> = words.collect::<Option<_>>()?;
    (!words.is_empty()).then(|| words.join(" and "))
}

fn place_of(finding: &Finding) -> (Str, Str, Span) {
    (finding.rule.clone(), finding.resource.address.clone(), finding.primary.span)
}

/// What findings and undetermined verdicts have in common.
trait Grouped {
    fn rule(&self) -> &Str;
    fn resource(&self) -> &ResourceName;
    fn primary(&self) -> &Label;
    fn secondary(&self) -> &[Label];
    fn instances(&mut self) -> &mut Vec<Str>;
    fn cause(&self) -> &str;
    fn identify(&mut self, taken: &mut FxHashMap<String, usize>);
    /// Takes over what another instance of the same fault brings with it.
    fn join(&mut self, other: Self);
}

impl Grouped for Finding {
    fn rule(&self) -> &Str {
        &self.rule
    }
    fn resource(&self) -> &ResourceName {
        &self.resource
    }
    fn primary(&self) -> &Label {
        &self.primary
    }
    fn secondary(&self) -> &[Label] {
        &self.secondary
    }
    fn instances(&mut self) -> &mut Vec<Str> {
        &mut self.instances
    }
    fn cause(&self) -> &'static str {
        ""
    }
    fn join(&mut self, other: Self) {
        fix::join(&mut self.fix, other.fix);
    }
    fn identify(&mut self, taken: &mut FxHashMap<String, usize>) {
        let key = format!("{}\n{}\n{}", self.rule, self.resource.address, self.fingerprint);
        let nth = taken.entry(key.clone()).or_default();
        let text = if *nth == 0 { key } else { format!("{key}\n{nth}") };
        *nth += 1;
        let digest = Sha256::digest(text.as_bytes());
        self.fingerprint = digest.iter().take(16).fold(String::new(), |mut out, byte| {
            use std::fmt::Write as _;
            let _ = write!(out, "{byte:02x}");
            out
        });
    }
}

impl Grouped for Undetermined {
    fn rule(&self) -> &Str {
        &self.rule
    }
    fn resource(&self) -> &ResourceName {
        &self.resource
    }
    fn primary(&self) -> &Label {
        &self.primary
    }
    fn secondary(&self) -> &[Label] {
        &self.secondary
    }
    fn instances(&mut self) -> &mut Vec<Str> {
        &mut self.instances
    }
    fn cause(&self) -> &str {
        &self.cause
    }
    fn join(&mut self, _: Self) {}
    fn identify(&mut self, _: &mut FxHashMap<String, usize>) {}
}

/// One per rule, place of use and place of origin, in a total order.
fn group<T: Grouped>(mut items: Vec<Anchored<T>>, sources: &Sources) -> Vec<T> {
    // By the name of the file: the numbers of files depend on the order in which they were read.
    let mut names: FxHashMap<crate::source::FileId, String> = FxHashMap::default();
    for located in &items {
        let file = located.what.primary().span.file;
        names.entry(file).or_insert_with(|| sources.get(file).name.clone());
    }
    items.sort_by(|a, b| {
        let key = |l: &Anchored<T>| {
            let span = l.what.primary().span;
            let name = names.get(&span.file).cloned().unwrap_or_default();
            (name, span.start, span.end, l.what.rule().clone(), l.what.resource().clone())
        };
        key(a)
            .cmp(&key(b))
            .then_with(|| origin(&a.what).cmp(&origin(&b.what)))
            .then_with(|| a.what.cause().cmp(b.what.cause()))
    });
    let mut out: Vec<Anchored<T>> = Vec::new();
    let mut places: FxHashMap<(Str, Span, Span, String), usize> = FxHashMap::default();
    for located in items {
        let key = (
            located.what.rule().clone(),
            located.what.primary().span,
            origin(&located.what),
            located.what.cause().to_owned(),
        );
        let address = located.what.resource().address.clone();
        if let Some(first) = places.get(&key).and_then(|&at| out.get_mut(at)) {
            let own = first.what.resource().address.clone();
            let instances = first.what.instances();
            if instances.is_empty() {
                instances.push(own);
            }
            instances.push(address);
            first.what.join(located.what);
            continue;
        }
        places.insert(key, out.len());
        out.push(located);
    }
    let mut taken = FxHashMap::default();
    for located in &mut out {
        located.what.identify(&mut taken);
        let instances = located.what.instances();
        instances.sort();
        instances.dedup();
        if instances.len() < 2 {
            instances.clear();
        }
    }
    out.into_iter().map(|located| located.what).collect()
}

/// Where the deciding value is written.
fn origin<T: Grouped>(item: &T) -> Span {
    item.secondary().last().map_or(item.primary().span, |l| l.span)
}
