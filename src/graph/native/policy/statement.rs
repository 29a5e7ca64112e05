//! What a statement of a policy allows, to whom and on what.

use super::super::automaton::Matcher;
use super::super::verdict::{Verdict, any_element};
use super::condition;
use super::wildcard::{covers, pattern_covers, pattern_overlaps, pattern_within};
use crate::value::{CauseKind, HopKind, Kind, Piece, Reference, Str, Text, Truth, Value, to_text};
use std::rc::Rc;

/// Judges the parts of a statement. What is unset is no statement; what is not known is not decided.
pub(super) fn on(statement: &Value, judge: impl FnOnce(&Value) -> Verdict) -> Verdict {
    match &statement.kind {
        Kind::Map(_) => judge(statement).or_trail(&statement.trail),
        Kind::Absent | Kind::Null => Verdict::of(false, &statement.trail),
        _ => Verdict::unknown(statement),
    }
}

fn has_effect(statement: &Value, wanted: &str) -> Verdict {
    let effect = statement.get("effect");
    match effect.equals(&wanted.into()) {
        Truth::Undetermined => Verdict::unknown(&effect),
        decided => Verdict::of(decided == Truth::Yes, &effect.trail),
    }
}

pub(super) fn allows(statement: &Value) -> Verdict {
    has_effect(statement, "Allow")
}

pub(super) fn denies(statement: &Value) -> Verdict {
    has_effect(statement, "Deny")
}

/// Whether a list of the statement has elements.
fn written(statement: &Value, list: &str) -> Verdict {
    any_element(&statement.get(list), 0, &mut |element| Verdict::of(true, &element.trail))
}

/// Whether everybody is a principal: `*`, or all but some.
pub(super) fn star_principal(statement: &Value) -> Verdict {
    let named = any_element(&statement.get("principals"), 0, &mut |principal| {
        let Kind::Map(_) = &principal.kind else { return Verdict::unknown(principal) };
        let (kind, value) = (principal.get("kind"), principal.get("value"));
        match kind.as_str() {
            Some("aws" | "any") => match value.equals(&"*".into()) {
                Truth::Undetermined if is_identifier(&value) => Verdict::of(false, &value.trail),
                Truth::Undetermined => Verdict::unknown(&value),
                decided => Verdict::of(decided == Truth::Yes, &value.trail),
            },
            Some(_) => Verdict::of(false, &value.trail),
            None => Verdict::unknown(&kind),
        }
    });
    Verdict::any([named, written(statement, "not_principals")])
}

pub(super) fn grants_public(statement: &Value, keys: Option<&[Str]>) -> Verdict {
    let star = star_principal(statement);
    let trail = star.trail.clone();
    let verdict = Verdict::all([star, allows(statement), condition::narrows(statement, keys).not()]);
    // The principal is what makes it public.
    if verdict.is_yes() { Verdict::of(true, &trail) } else { verdict }
}

/// Whether a statement names what `positive` holds of one of, or excludes only what `negative` does not hold of.
fn covers_by(
    statement: &Value,
    lists: [&str; 2],
    positive: &mut dyn FnMut(&Value) -> Verdict,
    negative: &mut dyn FnMut(&Value) -> Verdict,
) -> Verdict {
    let named = any_element(&statement.get(lists[0]), 0, positive);
    let excluded = statement.get(lists[1]);
    let beside = match written(statement, lists[1]).truth {
        Truth::No => return named,
        Truth::Yes => any_element(&excluded, 0, negative).not().or_trail(&excluded.trail),
        Truth::Undetermined => Verdict::unknown(&excluded),
    };
    Verdict::any([named, beside])
}

const ACTIONS: [&str; 2] = ["actions", "not_actions"];

/// Whether the statement is about an action that matches one of the patterns.
pub(super) fn action_matches(statement: &Value, globs: &[Str]) -> Verdict {
    let globs: Vec<String> = globs.iter().map(|g| g.to_lowercase()).collect();
    Verdict::any(globs.iter().map(|glob| {
        covers_by(statement, ACTIONS, &mut |action| pattern_overlaps(action, glob), &mut |action| {
            pattern_covers(action, glob)
        })
    }))
}

/// Whether the statement is about all that `action` names.
pub(super) fn actions_include(statement: &Value, action: &str) -> Verdict {
    let action = action.to_lowercase();
    covers_by(statement, ACTIONS, &mut |element| pattern_covers(element, &action), &mut |element| {
        pattern_overlaps(element, &action)
    })
}

/// Whether an action of the statement is not within one of the patterns.
pub(super) fn actions_beyond(statement: &Value, globs: &[Str]) -> Verdict {
    let globs: Vec<String> = globs.iter().map(|g| g.to_lowercase()).collect();
    let named = any_element(&statement.get("actions"), 0, &mut |action| {
        Verdict::any(globs.iter().map(|g| pattern_within(action, g))).not().or_trail(&action.trail)
    });
    Verdict::any([named, written(statement, "not_actions")])
}

/// Whether an action is every action: `*` or `*:*`.
fn is_every_action(text: &str) -> bool {
    covers(text, "*") || text.split_once(':').is_some_and(|(a, b)| covers(a, "*") && covers(b, "*"))
}

/// Whether the value identifies a resource, or the account: what is deployed is no pattern.
pub(super) fn is_identifier(value: &Value) -> bool {
    match &value.kind {
        Kind::AfterApply(reference) => reference.is_identifier(),
        // Read by a data source.
        Kind::Unknown(cause) if cause.kind == CauseKind::External => value.trail.hops().any(|hop| {
            let (address, attribute) = hop.name.rsplit_once('.').unwrap_or_default();
            let read = Reference { address: address.into(), attribute: attribute.into() };
            hop.kind == HopKind::Attribute && (read.is_identifier() || attribute == "account_id")
        }),
        _ => false,
    }
}

/// Judges the text of an element that must be known whole; a part of it that is known may exclude what is sought.
fn literal(element: &Value, holds: &dyn Fn(&str) -> bool, excluded: &dyn Fn(&Text) -> bool) -> Verdict {
    let text = to_text(element);
    match &text.kind {
        Kind::Absent | Kind::Null => Verdict::of(false, &text.trail),
        Kind::String(s) => Verdict::of(holds(s), &text.trail),
        Kind::Partial(parts) if excluded(parts) => Verdict::of(false, &text.trail),
        _ if is_identifier(&text) => Verdict::of(false, &text.trail),
        _ => Verdict::unknown(&text),
    }
}

/// Whether a known part of the text has another character than `*`, `?` and those of `also`.
fn says(text: &Text, also: &str) -> bool {
    text.pieces()
        .iter()
        .any(|p| matches!(p, Piece::Known(s) if s.chars().any(|c| c != '*' && c != '?' && !also.contains(c))))
}

/// Whether the statement names every action.
pub(super) fn action_star(statement: &Value) -> Verdict {
    any_element(&statement.get("actions"), 0, &mut |action| literal(action, &is_every_action, &|text| says(text, ":")))
}

/// Whether the statement names every action of a service, or of all, other than those `allowed`.
pub(super) fn service_wildcard(statement: &Value, allowed: &[Str]) -> Verdict {
    let allowed: Vec<String> = allowed.iter().map(|a| a.to_lowercase()).collect();
    any_element(&statement.get("actions"), 0, &mut |action| {
        let whole = |text: &str| {
            let every = text.split_once(':').map_or(text, |(_, operation)| operation);
            covers(every, "*") && !allowed.iter().any(|a| a == text)
        };
        literal(action, &whole, &|text| text.suffix().chars().any(|c| !matches!(c, '*' | '?' | ':')))
    })
}

/// Whether the statement names every resource: all, or those that match one of the patterns.
pub(super) fn resource_star(statement: &Value, patterns: &[Rc<Matcher>]) -> Verdict {
    any_element(&statement.get("resources"), 0, &mut |resource| {
        let all = literal(resource, &|text| covers(text, "*"), &|text| says(text, ""));
        if is_identifier(resource) {
            return all;
        }
        Verdict::any(std::iter::once(all).chain(patterns.iter().map(|p| p.judge(resource))))
    })
}

/// Whether the statement allows everything on everything.
pub(super) fn full_admin(statement: &Value) -> Verdict {
    Verdict::all([action_star(statement), resource_star(statement, &[]), allows(statement)])
}

/// Whether the statement says what it is about by exclusion.
pub(super) fn by_exclusion(statement: &Value) -> Verdict {
    Verdict::any([written(statement, "not_actions"), written(statement, "not_resources")])
}

/// Keys that tell whether the caller has signed in with more than a password.
const MFA: [&str; 2] = ["aws:multifactorauthpresent", "aws:multifactorauthage"];

/// Whether the statement is in force only for callers with MFA (Allow), or only for those without (Deny).
pub(super) fn demands_mfa(statement: &Value) -> Verdict {
    let keys = |key: &str| [Str::from(key)];
    let demands = |key: &str, values: &[&str], operators: &[&str]| {
        let list = |texts: &[&str]| texts.iter().map(|t| Str::from(*t)).collect::<Vec<_>>();
        condition::demands(statement, &keys(key), &list(values), &list(operators))
    };
    let [present, age] = MFA;
    let allowed = Verdict::any([
        demands(present, &["true"], &["bool", "stringequals"]),
        demands(age, &[], &["numericless*"]),
        demands(age, &["false"], &["null"]),
        demands(present, &["false"], &["null"]),
    ]);
    let denied = Verdict::any([
        demands(present, &["false"], &["bool*", "stringequals*"]),
        demands(present, &["true"], &["null", "stringnotequals*"]),
        demands(age, &["true"], &["null"]),
        demands(age, &[], &["numericgreater*"]),
    ]);
    Verdict::any([Verdict::all([allows(statement), allowed]), Verdict::all([denies(statement), denied])])
}

/// Whether the statement denies everybody what is not encrypted on its way.
pub(super) fn denies_plain_transport(statement: &Value) -> Verdict {
    let list = |text: &str| [Str::from(text)];
    let plain = Verdict::any([
        condition::demands(statement, &list("aws:securetransport"), &list("false"), &list("bool*")),
        condition::demands(statement, &list("s3:tlsversion"), &[], &list("numericless*")),
    ]);
    Verdict::all([denies(statement), star_principal(statement), plain])
}
