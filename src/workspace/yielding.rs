//! One fault, one finding: rules that are silent where another says more of the same.

use crate::report::Finding;
use crate::report::suppress::Anchored;
use crate::rules::Rule;
use crate::source::Span;
use crate::value::Str;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Drops findings of rules that yield to another which has a label on the same characters.
pub(super) fn drop_yielding(findings: &mut Vec<Anchored<Finding>>, rules: &[Arc<Rule>]) {
    let yielding: FxHashMap<&Str, &[Str]> = rules
        .iter()
        .filter(|r| !r.info.yields_to.is_empty())
        .map(|r| (&r.info.id, r.info.yields_to.as_slice()))
        .collect();
    if yielding.is_empty() {
        return;
    }
    let mut labels: FxHashMap<&Str, Vec<Span>> = FxHashMap::default();
    for finding in findings.iter() {
        let spans = std::iter::once(&finding.what.primary).chain(&finding.what.secondary).map(|l| l.span);
        labels.entry(&finding.what.rule).or_default().extend(spans);
    }
    let overlaps = |a: Span, b: &Span| a.file == b.file && a.start < b.end && b.start < a.end;
    let stays = |finding: &Anchored<Finding>| {
        let span = finding.what.primary.span;
        let to = yielding.get(&finding.what.rule).copied().unwrap_or_default();
        !to.iter().filter_map(|rule| labels.get(rule)).flatten().any(|other| overlaps(span, other))
    };
    let keep: Vec<bool> = findings.iter().map(stays).collect();
    let mut keep = keep.into_iter();
    findings.retain(|_| keep.next().unwrap_or(true));
}
