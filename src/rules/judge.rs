//! Judging: from a rule and a resource to a verdict with its evidence.

use super::file::{FixModel, Rule};
use super::info::Severity;
use super::scope::{ParamValues, RuleScope, SettingsScope};
use super::table::Tables;
use crate::dialect::terraform::SYMBOLIC;
use crate::expr::Evaluator;
use crate::graph::{Catalog, Graph, Node};
use crate::syntax::hcl::{Expr, ExprKind, StepKind};
use crate::value::{Cause, CauseKind, HopKind, Kind, Piece, Str, Trail, Truth, Value};
use std::sync::Arc;

/// What a rule says of a resource or one entry of it.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The place of the rule among those that were run.
    pub rule: usize,
    /// The node of the graph.
    pub node: usize,
    /// The resource in which the deciding thing is written: the node's own, or a satellite.
    pub address: Str,
    /// The way of what decided, use site first. Never empty.
    pub evidence: Trail,
    /// The entry that was judged, for fixes.
    pub entry: Option<Value>,
    /// The canonical list the entry is in, where the rule names it directly.
    pub list: Option<Str>,
    /// What was found.
    pub outcome: Outcome,
    /// Whether the deciding value must not be shown.
    pub sensitive: bool,
}

/// The result of a rule where it is not met. (Where it is met there is no verdict.)
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Proven not to be met.
    Finding {
        /// The rule's message.
        message: String,
        /// What the rule says of the deciding place.
        label: Option<String>,
        /// What the fix of the rule would write: canonical paths and values. `None`: it is not offered here.
        fix: Option<Vec<(Str, Value)>>,
        /// The severity, where it is not that of the rule.
        severity: Option<Severity>,
    },
    /// Not to be decided.
    Undetermined {
        /// The rule's message, as it would be.
        message: String,
        /// Why.
        cause: Arc<Cause>,
    },
}

/// What all rules of a run share.
pub struct Settings<'a> {
    /// Parameters that the configuration sets.
    pub params: &'a ParamValues,
    /// The tables that rules may read.
    pub tables: &'a Tables,
    /// The naming convention.
    pub naming: &'a Value,
    /// Severities that the configuration sets.
    pub severity: &'a dyn Fn(&Rule) -> Option<Severity>,
}

/// The verdicts of all rules on all resources of a graph, in the order of rules and resources.
pub fn judge(rules: &[Arc<Rule>], graph: &Graph<'_>, catalog: &Catalog, settings: &Settings<'_>) -> Vec<Verdict> {
    let mut out = Vec::new();
    for (r, rule) in rules.iter().enumerate() {
        for target in &rule.targets {
            for &n in graph.of_type(target) {
                let Some(node) = graph.nodes.get(n) else { continue };
                let before = out.len();
                judge_one(rule, node, graph, catalog, settings, &mut |found| {
                    let Found { address, evidence, entry, list, outcome, sensitive } = found;
                    out.push(Verdict { rule: r, node: n, address, evidence, entry, list, outcome, sensitive });
                });
                if node.orphan {
                    // Of the resource itself nothing is known; only what the satellite says counts.
                    let mut at = 0;
                    out.retain(|v| {
                        at += 1;
                        at <= before || v.entry.is_some() || matches!(v.outcome, Outcome::Finding { .. })
                    });
                }
            }
        }
    }
    out
}

/// Whether the parameters alone say that a rule has nothing to judge: a list that nobody has filled.
pub fn is_idle(rule: &Rule, params: &ParamValues, naming: &Value) -> bool {
    let scope = SettingsScope { rule, params, naming };
    let truth = |e: &Option<Expr>| e.as_ref().map(|e| Evaluator::new(&scope).eval(e, None).truth());
    truth(&rule.when) == Some(Truth::No) || truth(&rule.unless) == Some(Truth::Yes)
}

struct Found {
    address: Str,
    evidence: Trail,
    entry: Option<Value>,
    list: Option<Str>,
    outcome: Outcome,
    sensitive: bool,
}

fn judge_one(
    rule: &Rule,
    node: &Node,
    graph: &Graph<'_>,
    catalog: &Catalog,
    settings: &Settings<'_>,
    out: &mut dyn FnMut(Found),
) {
    let scope = RuleScope {
        rule,
        graph,
        catalog,
        node,
        entry: None,
        locals: rule.locals.len(),
        params: settings.params,
        tables: settings.tables,
        naming: settings.naming,
    };
    if rule.each.is_empty() {
        judge_entry(&scope, rule, node, None, None, out);
        return;
    }
    for list in &rule.each {
        let value = Evaluator::new(&scope).eval(list, None);
        let mut entries: Vec<Value> = Vec::new();
        let mut open = None;
        match &value.kind {
            Kind::List(items) => {
                entries.extend(items.items.iter().map(|i| value.inside(i)));
                open.clone_from(&items.open);
            }
            Kind::Map(map) => entries.extend(map.entries.values().map(|v| value.inside(v))),
            Kind::Absent | Kind::Null => {}
            _ => open = value.cause(),
        }
        if let Some(name) = list_name(list)
            && let Kind::List(items) = &node.value.get(&format!("{SYMBOLIC}{name}")).kind
        {
            entries.extend(items.items.iter().cloned());
        }
        for entry in &entries {
            let scope = RuleScope { entry: Some(entry), ..scope };
            judge_entry(&scope, rule, node, Some(entry), list_name(list), out);
        }
        // A satellite that may belong here is judged by itself.
        let elsewhere = |cause: &Arc<Cause>| cause.kind == CauseKind::Satellite && list_name(list).is_some();
        if let Some(cause) = open.filter(|c| !elsewhere(c))
            && scope_allows(&scope, rule)
        {
            let trail = value.trail.or(&node.value.trail);
            let what = list_name(list).map_or_else(|| "entries".to_owned(), |name| name.replace('_', " "));
            let message = format!("{} has other {what} that break the rule", node.address);
            out(Found {
                address: node.address.clone(),
                evidence: trail,
                entry: None,
                list: None,
                outcome: Outcome::Undetermined { message, cause },
                sensitive: value.sensitive,
            });
        }
    }
}

/// The name behind `self.` when that is all there is.
fn list_name(expr: &Expr) -> Option<&Str> {
    match &expr.kind {
        ExprKind::Access { of, steps } if matches!(&of.kind, ExprKind::Variable(v) if v == "self") => {
            match steps.as_slice() {
                [step] => match &step.kind {
                    StepKind::Attribute(name) => Some(name),
                    _ => None,
                },
                _ => None,
            }
        }
        _ => None,
    }
}

/// Whether `when` and `unless`, as far as they do not look at an entry, leave the resource to be judged.
fn scope_allows(scope: &RuleScope<'_>, rule: &Rule) -> bool {
    let truth = |e: &Option<Expr>| e.as_ref().map(|e| Evaluator::new(scope).eval(e, None).truth());
    truth(&rule.when) != Some(Truth::No) && truth(&rule.unless) != Some(Truth::Yes)
}

fn judge_entry(
    scope: &RuleScope<'_>,
    rule: &Rule,
    node: &Node,
    entry: Option<&Value>,
    list: Option<&Str>,
    out: &mut dyn FnMut(Found),
) {
    let evaluator = Evaluator::new(scope);
    let applies = rule.when.as_ref().map(|e| evaluator.eval(e, None));
    if applies.as_ref().is_some_and(|v| v.truth() == Truth::No) {
        return;
    }
    let require = evaluator.eval(&rule.require, None);
    if require.truth() == Truth::Yes {
        return;
    }
    let exempt = rule.unless.as_ref().map(|e| evaluator.eval(e, None));
    if exempt.as_ref().is_some_and(|v| v.truth() == Truth::Yes) {
        return;
    }
    let header = &node.value.trail;
    let own = entry.map(|e| e.trail.clone()).unwrap_or_default().or(header);
    let address = entry.and_then(|e| e.get("address").as_str().map(Str::from)).unwrap_or_else(|| node.address.clone());
    // What is demanded is open, the condition of the rule, or an exemption.
    let open = [Some(&require), applies.as_ref(), exempt.as_ref()]
        .into_iter()
        .flatten()
        .find(|v| v.truth() == Truth::Undetermined);
    match open {
        None => {
            let mut evidence = require.trail.or(&own);
            // That the rule applies may be an input's doing as well.
            if let Some(applies) = &applies
                && applies.trail.hops().any(|h| matches!(h.kind, HopKind::Default | HopKind::Input))
            {
                evidence = evidence.then(&applies.trail);
            }
            let message = text(&evaluator.eval(&rule.message, None));
            let label = rule.label.as_ref().map(|e| evaluator.eval(e, None));
            // Where there is nothing to say the label is made as for a rule without one.
            let label = label.filter(|v| matches!(v.kind, Kind::String(_) | Kind::Partial(_))).map(|v| text(&v));
            let offered = |f: &&FixModel| f.when.as_ref().is_none_or(|e| evaluator.eval(e, None).truth() == Truth::Yes);
            let fix =
                rule.fix.as_ref().filter(offered).map(|f| {
                    f.entries.iter().map(|(path, value)| (path.clone(), evaluator.eval(value, None))).collect()
                });
            let severity = rule.grade.as_ref().and_then(|e| Severity::parse(evaluator.eval(e, None).as_str()?));
            let outcome = Outcome::Finding { message, label, fix, severity };
            let (entry, list, sensitive) = (entry.cloned(), list.cloned(), require.sensitive);
            out(Found { address, evidence, entry, list, outcome, sensitive });
        }
        Some(undecided) => {
            let evidence = undecided.trail.or(&require.trail).or(&own);
            let cause = undecided
                .cause()
                .unwrap_or_else(|| Cause::new(CauseKind::Unsupported, "the condition cannot be evaluated"));
            let message = text(&evaluator.eval(&rule.message, None));
            let (entry, list, sensitive) = (entry.cloned(), list.cloned(), undecided.sensitive);
            let outcome = Outcome::Undetermined { message, cause };
            out(Found { address, evidence, entry, list, outcome, sensitive });
        }
    }
}

/// A message as text; what is not known or not to be shown in it is named as such.
fn text(value: &Value) -> String {
    if value.sensitive {
        return "(sensitive)".to_owned();
    }
    match &value.kind {
        Kind::String(s) => s.to_string(),
        Kind::Partial(parts) => parts
            .pieces()
            .iter()
            .map(|p| match p {
                Piece::Known(s) => s.to_string(),
                Piece::Hole(_) => "(unknown)".to_owned(),
            })
            .collect(),
        _ => value.cause().map_or_else(String::new, |c| format!("({})", c.what)),
    }
}

/// Whether the evidence is only that something is not written.
pub fn is_absence(evidence: &Trail) -> bool {
    evidence.first().is_some_and(|h| matches!(h.kind, HopKind::Missing | HopKind::CatalogDefault))
}
