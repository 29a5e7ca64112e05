//! The worlds that open decisions make: what a rule says in each of them.

use super::judge::Assessment;
use super::scope::{Known, RuleScope};
use crate::graph::Edge;
use crate::value::{Arm, Guard, Truth, Value, When};

/// More worlds are not told apart.
const MAX_WORLDS: usize = 32;

/// More choices are not looked at.
const MAX_CHOICES: usize = 200;

/// What a rule says in all worlds that are possible.
pub(super) enum Outcome {
    /// It is met in all of them.
    Never,
    /// It is met in none; one of them.
    Always(When),
    /// Neither is known. Decisions under which it is not met, if there are such.
    Sometimes(Vec<Guard>),
}

/// Decisions that lead from the worlds of `outer` to those of `inner`; none if none do, or they have no names.
pub(super) fn beyond(outer: &When, inner: &When) -> Vec<Guard> {
    if outer.implies(inner) {
        return Vec::new();
    }
    least(outer, inner, |guards| outer.and(&When::all(guards.iter().cloned())).implies(inner))
}

/// What the rule says in the worlds in which `scope` is, where it cannot say it of all of them at once.
pub(super) fn compare(scope: &RuleScope<'_>, assessment: &Assessment) -> Outcome {
    let undecided: Vec<&Value> = assessment.undecided().collect();
    let worlds = split(scope, &undecided);
    if worlds.len() < 2 {
        return Outcome::Sometimes(Vec::new());
    }
    let broken = |world: &When| {
        let known = Known::default();
        Assessment::new(&RuleScope { world, known: &known, ..*scope }).broken
    };
    let mut all = Truth::Yes;
    let mut none = Truth::Yes;
    let mut witness = None;
    for world in &worlds {
        let here = broken(world);
        all = all.and(here);
        none = none.and(!here);
        if here == Truth::Yes && witness.is_none() {
            witness = Some(world);
        }
    }
    match (all, none, witness) {
        (Truth::Yes, _, Some(world)) => Outcome::Always(world.clone()),
        (_, Truth::Yes, _) => Outcome::Never,
        (_, _, Some(world)) => {
            let enough = |guards: &[Guard]| broken(&scope.world.and(&When::all(guards.iter().cloned()))) == Truth::Yes;
            Outcome::Sometimes(least(scope.world, world, enough))
        }
        _ => Outcome::Sometimes(Vec::new()),
    }
}

/// The decisions of a world, beyond those of `outer`, without those that are not needed.
fn least(outer: &When, world: &When, enough: impl Fn(&[Guard]) -> bool) -> Vec<Guard> {
    let Some(way) = world.ways().first() else { return Vec::new() };
    let mut kept: Vec<Guard> = way.iter().filter(|g| !outer.implies(&When::from((*g).clone()))).cloned().collect();
    let mut at = 0;
    while at < kept.len() && kept.len() > 1 {
        let mut fewer = kept.clone();
        fewer.remove(at);
        if enough(&fewer) {
            kept = fewer;
        } else {
            at += 1;
        }
    }
    kept
}

/// The worlds that the choices among the values of a resource make.
pub(super) fn of_node(scope: &RuleScope<'_>) -> Vec<When> {
    split(scope, &[])
}

/// The worlds that the choices among the values make, those that decide the rule first.
fn split(scope: &RuleScope<'_>, undecided: &[&Value]) -> Vec<When> {
    let mut choices: Vec<Vec<When>> = Vec::new();
    let mut collect = |value: &Value| {
        value.choices(&mut |arms: &[Arm]| {
            let whens: Vec<When> = arms.iter().map(|a| a.when.clone()).collect();
            let named = whens.iter().all(|w| !w.has_others() && w.first().is_some());
            if named && choices.len() < MAX_CHOICES && !choices.contains(&whens) {
                choices.push(whens);
            }
        });
    };
    undecided.iter().copied().for_each(&mut collect);
    scope.entry.into_iter().for_each(&mut collect);
    collect(&scope.node.value);
    for (_, edge) in &scope.node.edges {
        if let Edge::To(other) = edge
            && let Some(other) = scope.graph.nodes.get(*other)
        {
            collect(&other.value);
        }
    }
    let mut worlds = vec![scope.world.clone()];
    for choice in choices {
        let mut next: Vec<When> = Vec::with_capacity(worlds.len());
        for world in &worlds {
            for arm in &choice {
                let both = world.and(arm);
                if !both.is_never() && !next.contains(&both) {
                    next.push(both);
                }
            }
        }
        if (1..=MAX_WORLDS).contains(&next.len()) {
            worlds = next;
        }
    }
    worlds
}
