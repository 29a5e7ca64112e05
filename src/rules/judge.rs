//! Judging: from a rule and a resource to a verdict with its evidence.

use super::file::{FixModel, Rule};
use super::info::Severity;
use super::scope::{Known, ParamValues, RuleScope, SettingsScope};
use super::table::Tables;
use super::worlds;
use crate::dialect::terraform::SYMBOLIC;
use crate::expr::Evaluator;
use crate::graph::{Catalog, Graph, Node};
use crate::source::FileId;
use crate::syntax::hcl::{Expr, ExprKind, StepKind};
use crate::value::{Cause, CauseKind, Guard, HopKind, Kind, Piece, Str, Trail, Truth, Value, When};
use rustc_hash::{FxHashMap, FxHashSet};
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
        /// The decisions under which what is judged exists, where those of the resource are not enough.
        when: Vec<Guard>,
    },
    /// Not to be decided.
    Undetermined {
        /// The rule's message, as it would be.
        message: String,
        /// Why.
        cause: Arc<Cause>,
        /// Decisions under which the rule is not met, if such are known.
        when: Vec<Guard>,
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
    /// What the configuration sets for resources in a file only.
    pub local: &'a dyn Fn(FileId) -> Option<Arc<Local>>,
}

/// Settings for a part of the tree.
#[derive(Clone, Debug, Default)]
pub struct Local {
    /// The only rules that run there.
    pub runs: FxHashSet<Str>,
    /// Severities, by rule id; they win over those of the whole tree.
    pub severities: FxHashMap<Str, Severity>,
    /// All parameters that are set there, those of the whole tree included.
    pub params: ParamValues,
}

impl Settings<'_> {
    /// The severity that the configuration sets for a rule in a file.
    pub fn severity_in(&self, rule: &Rule, file: FileId) -> Option<Severity> {
        let local = (self.local)(file).and_then(|l| l.severities.get(&rule.info.id).copied());
        local.or_else(|| (self.severity)(rule))
    }
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
                    // What stands in another root is judged there.
                    if graph.is_foreign(&found.address) {
                        return;
                    }
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
    let local = (settings.local)(graph.declaration(node).header.file);
    if local.as_ref().is_some_and(|l| !l.runs.contains(&rule.info.id)) {
        return;
    }
    let known = Known::default();
    let scope = RuleScope {
        rule,
        graph,
        catalog,
        node,
        entry: None,
        locals: rule.locals.len(),
        params: local.as_ref().map_or(settings.params, |l| &l.params),
        tables: settings.tables,
        naming: settings.naming,
        world: &node.when,
        known: &known,
    };
    if rule.each.is_empty() {
        judge_entry(&scope, None, out);
        return;
    }
    for list in &rule.each {
        let value = Evaluator::new(&scope).eval(list, None);
        let mut members = Members::default();
        members.add(&value, &When::always());
        if members.open.is_some()
            && let Some(known) = Members::of_worlds(&scope, list)
        {
            members = known;
        }
        let name = list_name(list);
        if let Some(name) = name
            && let Kind::List(items) = &node.value.get(&format!("{SYMBOLIC}{name}")).kind
        {
            members.all.extend(items.items.iter().map(|i| (i.clone(), When::always())));
        }
        for (entry, when) in &members.all {
            let world = node.when.and(when);
            let known = Known::default();
            let scope = RuleScope { entry: Some(entry), world: &world, known: &known, ..scope };
            // What is written is judged where it exists. Whether the rule looks at something is another question.
            let doubtful = name.is_none() && !node.when.implies(when);
            judge_entry(&scope, name, &mut |mut found| {
                if doubtful && let Outcome::Finding { message, when: decisions, .. } = found.outcome {
                    let cause = when.cause().cloned().unwrap_or_else(not_decided);
                    found.outcome = Outcome::Undetermined { message, cause, when: decisions };
                }
                out(found);
            });
        }
        // A satellite that may belong here is judged by itself.
        if let Some(cause) = members.open.filter(|c| c.kind != CauseKind::Satellite)
            && scope_allows(&scope, rule)
        {
            let trail = value.trail.or(&node.value.trail);
            let what = name.map_or_else(|| "entries".to_owned(), |name| name.replace('_', " "));
            let message = format!("{} has other {what} that break the rule", node.address);
            out(Found {
                address: node.address.clone(),
                evidence: trail,
                entry: None,
                list: None,
                outcome: Outcome::Undetermined { message, cause, when: Vec::new() },
                sensitive: value.sensitive,
            });
        }
    }
}

/// The entries of a list that is judged entry by entry.
#[derive(Default)]
struct Members {
    /// The entries, with the decisions under which they exist.
    all: Vec<(Value, When)>,
    /// Why there may be others.
    open: Option<Arc<Cause>>,
}

impl Members {
    /// The entries in every world that the decisions in the resource make, if they are known in all of them.
    fn of_worlds(scope: &RuleScope<'_>, list: &Expr) -> Option<Self> {
        let worlds = worlds::of_node(scope);
        if worlds.len() < 2 {
            return None;
        }
        let mut out = Self::default();
        for world in &worlds {
            let known = Known::default();
            let value = Evaluator::new(&RuleScope { world, known: &known, ..*scope }).eval(list, None);
            out.add(&value, world);
        }
        out.open.is_none().then_some(out)
    }

    fn add(&mut self, value: &Value, when: &When) {
        match &value.kind {
            Kind::List(list) => {
                for item in &list.items {
                    if let Some((item, within)) = value.inside(item).when_set() {
                        self.push(item, when.and(&within));
                    }
                }
                // Those that may not exist are judged by themselves.
                if let Some(cause) = list.open.as_ref().filter(|c| c.kind != CauseKind::Member) {
                    self.open.get_or_insert_with(|| cause.clone());
                }
            }
            Kind::Map(map) => {
                for entry in map.entries.values() {
                    self.push(value.inside(entry), when.clone());
                }
            }
            Kind::Choice(arms) => {
                for arm in arms.iter() {
                    self.add(&value.inside(&arm.value), &when.and(&arm.when));
                }
            }
            Kind::Absent | Kind::Null => {}
            _ => self.open = self.open.take().or_else(|| value.cause()),
        }
    }

    fn push(&mut self, value: Value, when: When) {
        if !when.is_always() {
            // The same entry under another decision.
            let same = |known: &&mut (Value, When)| known.0.trail == value.trail && known.0.same(&value);
            if let Some((_, known)) = self.all.iter_mut().find(same) {
                *known = known.or(&when);
                return;
            }
        }
        self.all.push((value, when));
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

/// What a rule says in the worlds of a scope.
pub(super) struct Assessment {
    /// Whether the rule applies and is not met.
    pub(super) broken: Truth,
    applies: Option<Value>,
    require: Value,
    exempt: Option<Value>,
}

impl Assessment {
    pub(super) fn new(scope: &RuleScope<'_>) -> Self {
        let rule = scope.rule;
        let evaluator = Evaluator::new(scope);
        let applies = rule.when.as_ref().map(|e| evaluator.eval(e, None));
        let mut broken = applies.as_ref().map_or(Truth::Yes, Value::truth);
        let mut out = Self { broken, applies, require: Value::absent(), exempt: None };
        if broken == Truth::No {
            return out;
        }
        out.require = evaluator.eval(&rule.require, None);
        broken = broken.and(!out.require.truth());
        if broken != Truth::No {
            out.exempt = rule.unless.as_ref().map(|e| evaluator.eval(e, None));
            broken = broken.and(!out.exempt.as_ref().map_or(Truth::No, Value::truth));
        }
        Self { broken, ..out }
    }

    /// What is demanded is open, the condition of the rule, or an exemption.
    pub(super) fn undecided(&self) -> impl Iterator<Item = &Value> {
        [Some(&self.require), self.applies.as_ref(), self.exempt.as_ref()]
            .into_iter()
            .flatten()
            .filter(|v| v.truth() == Truth::Undetermined)
    }

    fn cause(&self) -> Arc<Cause> {
        let cause = self.undecided().next().and_then(Value::cause);
        cause.unwrap_or_else(not_decided)
    }
}

fn not_decided() -> Arc<Cause> {
    Cause::new(CauseKind::Unsupported, "the condition cannot be evaluated")
}

fn judge_entry(scope: &RuleScope<'_>, list: Option<&Str>, out: &mut dyn FnMut(Found)) {
    let assessment = Assessment::new(scope);
    match assessment.broken {
        Truth::No => {}
        Truth::Yes => out(finding(scope, &assessment, list)),
        Truth::Undetermined => match worlds::compare(scope, &assessment) {
            worlds::Outcome::Never => {}
            worlds::Outcome::Always(world) => {
                let known = Known::default();
                let scope = RuleScope { world: &world, known: &known, ..*scope };
                let mut found = finding(&scope, &Assessment::new(&scope), list);
                if let Outcome::Finding { when, .. } = &mut found.outcome {
                    when.clear();
                }
                out(found);
            }
            worlds::Outcome::Sometimes(when) => out(undetermined(scope, &assessment, list, when)),
        },
    }
}

fn finding(scope: &RuleScope<'_>, assessment: &Assessment, list: Option<&Str>) -> Found {
    let rule = scope.rule;
    let evaluator = Evaluator::new(scope);
    let require = &assessment.require;
    let mut evidence = require.trail.or(&own_place(scope));
    // That the rule applies may be an input's doing as well.
    if let Some(applies) = &assessment.applies
        && applies.trail.hops().any(|h| matches!(h.kind, HopKind::Default | HopKind::Input))
    {
        evidence = evidence.then(&applies.trail);
    }
    // That the resource exists as well.
    let written_in = address(scope);
    let declared = scope.graph.root.declarations.iter().find(|d| d.address == written_in && !d.foreign);
    let exists = &declared.unwrap_or_else(|| scope.graph.declaration(scope.node)).exists_trail;
    if exists.last().is_some_and(|h| matches!(h.kind, HopKind::Default | HopKind::Input)) {
        evidence = evidence.beside(exists);
    }
    let message = text(&evaluator.eval(&rule.message, None));
    let label = rule.label.as_ref().map(|e| evaluator.eval(e, None));
    // Where there is nothing to say for certain the label is made as for a rule without one.
    let label = label.filter(|v| matches!(v.kind, Kind::String(_))).map(|v| text(&v));
    let offered = |f: &&FixModel| f.when.as_ref().is_none_or(|e| evaluator.eval(e, None).truth() == Truth::Yes);
    let fix = rule.fix.as_ref().filter(offered).map(|f| {
        let written = f.entries.iter().map(|(path, value)| (path.clone(), evaluator.eval(value, None)));
        // What is not there at all is what is to be taken away.
        written.chain(f.remove.iter().map(|path| (path.clone(), Value::absent()))).collect()
    });
    let severity = rule.grade.as_ref().and_then(|e| Severity::parse(evaluator.eval(e, None).as_str()?));
    let when = worlds::beyond(&scope.node.when, scope.world);
    let outcome = Outcome::Finding { message, label, fix, severity, when };
    let (entry, list, sensitive) = (scope.entry.cloned(), list.cloned(), require.sensitive);
    Found { address: address(scope), evidence, entry, list, outcome, sensitive }
}

fn undetermined(scope: &RuleScope<'_>, assessment: &Assessment, list: Option<&Str>, when: Vec<Guard>) -> Found {
    let undecided = assessment.undecided().next().unwrap_or(&assessment.require);
    let evidence = undecided.trail.or(&assessment.require.trail).or(&own_place(scope));
    let cause = when.iter().find_map(|g| g.cause.clone()).unwrap_or_else(|| assessment.cause());
    let world = scope.world.and(&When::all(when.iter().cloned()));
    let known = Known::default();
    let witness = RuleScope { world: &world, known: &known, ..*scope };
    let message = Evaluator::new(&witness).eval(&scope.rule.message, None);
    // What cannot be said in the words of the rule is said in those of its title.
    let message = match &message.kind {
        Kind::String(_) | Kind::Partial(_) => text(&message),
        _ => format!("this holds for {}: {}", address(scope), scope.rule.info.title),
    };
    let (entry, list, sensitive) = (scope.entry.cloned(), list.cloned(), undecided.sensitive);
    let outcome = Outcome::Undetermined { message, cause, when };
    Found { address: address(scope), evidence, entry, list, outcome, sensitive }
}

/// Where what is judged is written.
fn own_place(scope: &RuleScope<'_>) -> Trail {
    scope.entry.map(|e| e.trail.clone()).unwrap_or_default().or(&scope.node.value.trail)
}

/// The resource in which what is judged is written.
fn address(scope: &RuleScope<'_>) -> Str {
    let own = scope.entry.and_then(|e| e.get("address").as_str().map(Str::from));
    own.unwrap_or_else(|| scope.node.address.clone())
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
