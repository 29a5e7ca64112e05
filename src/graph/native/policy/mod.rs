//! Policy documents of IAM and of resources.
//!
//! A document is `{ statements, version, id, keys }`, whatever it is written in. A statement is `{ sid, effect, actions,
//! not_actions, resources, not_resources, principals, not_principals, conditions, keys }`: lists of strings (empty when not
//! written; actions in lower case), of `{ kind, value }` for principals (`aws`, `service`, `federated`, `canonical`,
//! `any`) and of `{ operator, key, values }` for conditions (keys in lower case). `keys` are the names of the elements
//! that are written. Every statement has its own trail.

mod blocks;
mod condition;
mod document;
mod faults;
mod principal;
mod statement;
mod wildcard;

use super::automaton::compile;
use super::verdict::{Verdict, any_element, arg, each_arm, function, given_string, given_strings};
use crate::expr::{Call, Function};
use crate::value::{Cause, Kind, List, Rest, Str, Truth, Value};
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Function] = &[
    function("policy", 1, 1, |call| Ok(policy(call))),
    function("policy_text", 1, 1, |call| Ok(policy_text(call))),
    function("policy_faults", 1, 1, |call| Ok(policy_faults(call))),
    function("allows", 1, 1, |call| Ok(on_statement(call, statement::allows))),
    function("denies", 1, 1, |call| Ok(on_statement(call, statement::denies))),
    function("star_principal", 1, 1, |call| Ok(on_statement(call, statement::star_principal))),
    function("grants_public", 1, 2, grants_public),
    function("narrows_caller", 1, 2, narrows_caller),
    function("principal_kinds", 1, 1, |call| Ok(principal_kinds(call))),
    function("foreign_account", 2, 3, foreign_account),
    function("action_matches", 2, 2, action_matches),
    function("actions_include", 2, 2, actions_include),
    function("actions_beyond", 2, 2, actions_beyond),
    function("action_star", 1, 1, |call| Ok(on_statement(call, statement::action_star))),
    function("service_wildcard", 1, 2, service_wildcard),
    function("resource_star", 1, 2, resource_star),
    function("full_admin", 1, 1, |call| Ok(on_statement(call, statement::full_admin))),
    function("by_exclusion", 1, 1, |call| Ok(on_statement(call, statement::by_exclusion))),
    function("has_condition", 1, 2, has_condition),
    function("condition_demands", 2, 4, condition_demands),
    function("pins_claim", 2, 2, pins_claim),
    function("demands_mfa", 1, 1, |call| Ok(on_statement(call, statement::demands_mfa))),
    function("denies_plain_transport", 1, 1, |call| Ok(on_statement(call, statement::denies_plain_transport))),
    function("enforces_mfa", 1, 1, |call| Ok(enforces_mfa(call))),
    function("escalations", 2, 2, escalations),
];

/// `policy(document)`: the document in JSON text, in text made by `jsonencode` or from blocks, in an object, or in a list
/// of those. Parts that are not known leave it open; text that is no JSON is unknown, with that as the reason.
fn policy(call: &Call<'_>) -> Value {
    document::normalize(&arg(call, 0))
}

/// `policy_text(self)`: the JSON text of a policy document that is written as blocks (`statement`, with `principals` and
/// `condition`), merged with its `source_policy_documents` and `override_policy_documents`. [`policy`] reads it with the
/// places of the blocks.
fn policy_text(call: &Call<'_>) -> Value {
    blocks::text(&arg(call, 0))
}

/// The document of an argument that may be normalized already.
fn as_document(value: &Value) -> Value {
    match &value.kind {
        Kind::Map(map) if value.encoded().is_none() && map.entries.contains_key("statements") => value.clone(),
        Kind::Choice(_) => value.map_arms(as_document),
        _ => document::normalize(value),
    }
}

/// How a field of a normalized document or statement is spelled where it is written, for fixes.
pub struct Field {
    /// In JSON.
    pub json: &'static str,
    /// In the blocks of Terraform.
    pub block: &'static str,
    /// Whether blocks want a list.
    pub list: bool,
}

/// The field of a normalized document or statement; `None` if the value is something else or has no such field.
pub fn field(holder: &Value, name: &str) -> Option<Field> {
    let fields = &holder.as_map()?.entries;
    let has = |all: &[&str]| all.iter().all(|key| fields.contains_key(*key));
    if has(&["keys", "statements", "version"]) {
        return (name == "version").then_some(Field { json: "Version", block: "version", list: false });
    }
    if has(&["keys", "effect", "not_actions"]) {
        let found = document::STRINGS.iter().find(|(_, field)| *field == name);
        return match (name, found) {
            (_, Some((json, block))) => Some(Field { json, block, list: true }),
            ("sid", _) => Some(Field { json: "Sid", block: "sid", list: false }),
            ("effect", _) => Some(Field { json: "Effect", block: "effect", list: false }),
            _ => None,
        };
    }
    None
}

/// The account in an ARN, or the text if it is one itself.
pub(in crate::graph) fn account_in(text: &str) -> Option<&str> {
    principal::account_in(text)
}

fn on_statement(call: &Call<'_>, judge: impl Fn(&Value) -> Verdict) -> Value {
    each_arm(&arg(call, 0), &mut |one| statement::on(one, &judge)).value()
}

/// `policy_faults(document)`: what is wrong with the grammar of a document, or of each of a list of documents, as a list
/// of `{ what, kind, document }` with the places of the faults: unknown elements, no effect, no action, an old version
/// although variables are used, a `Sid` twice, an action without the name of its service.
fn policy_faults(call: &Call<'_>) -> Value {
    faults::of_all(&arg(call, 0))
}

fn optional_strings(call: &Call<'_>, index: usize) -> Result<Option<Vec<Str>>, Str> {
    if arg(call, index).is_unset() { Ok(None) } else { given_strings(call, index).map(Some) }
}

/// `grants_public(statement, keys)`: whether the statement allows everybody something: the principal is `*` (or all but
/// some), and no condition narrows the caller, see [`narrows_caller`]. The evidence is the principal.
fn grants_public(call: &Call<'_>) -> Result<Value, Str> {
    let keys = optional_strings(call, 1)?;
    Ok(on_statement(call, |one| statement::grants_public(one, keys.as_deref())))
}

/// `narrows_caller(statement, keys)`: whether a condition narrows who may call: on one of the keys (by default those that
/// tie the caller to an account, an organisation, a network or a resource), under an operator that demands the key (not
/// `...Not...`, `Null`, `...IfExists`, `ForAllValues:`), and without a value that is nothing but wildcards or the internet.
fn narrows_caller(call: &Call<'_>) -> Result<Value, Str> {
    let keys = optional_strings(call, 1)?;
    Ok(on_statement(call, |one| condition::narrows(one, keys.as_deref())))
}

/// `principal_kinds(statement)`: the kinds of its principals, each once.
fn principal_kinds(call: &Call<'_>) -> Value {
    let principals = arg(call, 0).get("principals");
    let Kind::List(list) = &principals.kind else { return principals };
    let mut out = List { items: Vec::new(), open: list.open.clone(), set: false };
    for item in &list.items {
        let kind = principals.inside(item).get("kind");
        if !out.items.iter().any(|k| k.same(&kind)) {
            out.items.push(kind);
        }
    }
    Value::from(Kind::List(Arc::new(out))).with_trail(principals.trail.clone())
}

/// `foreign_account(statement, own, trusted)`: whether an AWS principal of the statement is in another account than
/// `own`, and not in one of the `trusted`. `*` is not: see [`grants_public`]. An interpolation of the caller's account is
/// the own one. Of two accounts that are not trusted one is another, whatever is known of the own one.
fn foreign_account(call: &Call<'_>) -> Result<Value, Str> {
    let (own, trusted) = (arg(call, 1), given_strings(call, 2)?);
    Ok(on_statement(call, |one| principal::foreign_account(one, &own, &trusted)))
}

/// `action_matches(statement, globs)`: whether the statement is about an action that matches one of the patterns:
/// `s3:Get*` is about `*:*Object`, and so is a `NotAction` that does not exclude it.
fn action_matches(call: &Call<'_>) -> Result<Value, Str> {
    let globs = given_strings(call, 1)?;
    Ok(on_statement(call, |one| statement::action_matches(one, &globs)))
}

/// `actions_include(statement, action)`: whether the statement is about the action, wildcards expanded: `s3:*` includes
/// `s3:GetObject`. Of several actions, whether one is included. An action with wildcards must be included whole.
fn actions_include(call: &Call<'_>) -> Result<Value, Str> {
    let actions = given_strings(call, 1)?;
    Ok(on_statement(call, |one| Verdict::any(actions.iter().map(|a| statement::actions_include(one, a)))))
}

/// `actions_beyond(statement, globs)`: whether an action of the statement is not within one of the patterns: `s3:*` is
/// beyond `*:Get*`, `s3:GetObject` is not.
fn actions_beyond(call: &Call<'_>) -> Result<Value, Str> {
    let globs = given_strings(call, 1)?;
    Ok(on_statement(call, |one| statement::actions_beyond(one, &globs)))
}

/// `service_wildcard(statement, allowed)`: whether an action is `*` or every action of a service (`s3:*`), other than
/// those allowed.
fn service_wildcard(call: &Call<'_>) -> Result<Value, Str> {
    let allowed = given_strings(call, 1)?;
    Ok(on_statement(call, |one| statement::service_wildcard(one, &allowed)))
}

/// `resource_star(statement, patterns)`: whether the statement names every resource: `*`, or a text in which one of the
/// regular expressions is found. What is deployed is no pattern: `aws_s3_bucket.b.arn` is not every resource.
fn resource_star(call: &Call<'_>) -> Result<Value, Str> {
    let wrong = |p: &Str| Str::from(format!("the regular expression {p:?} cannot be compiled"));
    let patterns: Result<Vec<_>, Str> =
        given_strings(call, 1)?.iter().map(|p| compile(p).ok_or_else(|| wrong(p))).collect();
    let patterns = patterns?;
    Ok(on_statement(call, |one| statement::resource_star(one, &patterns)))
}

/// `has_condition(statement, keys)`: whether the statement has a condition on one of the keys, patterns without case; any
/// condition when there are no keys.
fn has_condition(call: &Call<'_>) -> Result<Value, Str> {
    let keys = given_strings(call, 1)?;
    Ok(on_statement(call, |one| condition::on_keys(one, &keys)))
}

/// `condition_demands(statement, keys, values, operators)`: whether a condition on one of the keys has one of the values
/// under one of the operators; all are patterns without case, no values or operators means any.
fn condition_demands(call: &Call<'_>) -> Result<Value, Str> {
    let (keys, values, operators) = (given_strings(call, 1)?, given_strings(call, 2)?, given_strings(call, 3)?);
    Ok(on_statement(call, |one| condition::demands(one, &keys, &values, &operators)))
}

/// `pins_claim(statement, claim)`: whether a condition on the claim of a token (`sub`, `aud`) of any provider demands a
/// value that is not only wildcards.
fn pins_claim(call: &Call<'_>) -> Result<Value, Str> {
    let claim = given_string(call, 1)?;
    Ok(on_statement(call, |one| condition::pins(one, &claim)))
}

/// Judges the statements of a document; one that is open is not disproved.
fn any_statement(document: &Value, judge: &dyn Fn(&Value) -> Verdict) -> Verdict {
    let statements = document.get("statements");
    match &statements.kind {
        Kind::List(_) => any_element(&statements, 0, &mut |one| statement::on(one, judge)),
        Kind::Absent | Kind::Null => Verdict::of(false, &document.trail),
        _ => Verdict::unknown(&statements),
    }
}

/// `enforces_mfa(document)`: whether the document denies callers without MFA, or allows something and that only to callers
/// with it.
fn enforces_mfa(call: &Call<'_>) -> Value {
    let judged = each_arm(&as_document(&arg(call, 0)), &mut |document| {
        let denied =
            any_statement(document, &|one| Verdict::all([statement::denies(one), statement::demands_mfa(one)]));
        let allowed = any_statement(document, &statement::allows);
        let freely =
            any_statement(document, &|one| Verdict::all([statement::allows(one), statement::demands_mfa(one).not()]));
        Verdict::any([denied, Verdict::all([allowed, freely.not()])])
    });
    judged.value()
}

/// `escalations(document, sets)`: those of the sets of actions of which the document allows every action on every
/// resource, as texts such as `iam:PassRole with ec2:RunInstances`. A set is a list of actions.
fn escalations(call: &Call<'_>) -> Result<Value, Str> {
    let wrong = || Str::from("argument 2 of escalations must be a list of lists of actions");
    let sets = arg(call, 1);
    let sets: Vec<Vec<Str>> = match &sets.kind {
        Kind::List(list) => list
            .items
            .iter()
            .map(|set| match &set.kind {
                Kind::List(set) => set.items.iter().map(|a| a.as_str().map(Str::from).ok_or_else(wrong)).collect(),
                Kind::String(one) => Ok(vec![one.clone()]),
                _ => Err(wrong()),
            })
            .collect::<Result<_, Str>>()?,
        _ => return Err(wrong()),
    };
    Ok(as_document(&arg(call, 0)).map_arms(|document| found_escalations(document, &sets)))
}

fn found_escalations(document: &Value, sets: &[Vec<Str>]) -> Value {
    if document.is_unset() {
        return Value::list(Vec::new()).with_trail(document.trail.clone());
    }
    if !matches!(document.kind, Kind::Map(_)) {
        return document.clone();
    }
    let mut out = List::default();
    for set in sets {
        let each = set.iter().map(|action| {
            any_statement(document, &|one| {
                Verdict::all([
                    statement::actions_include(one, action),
                    statement::resource_star(one, &[]),
                    statement::allows(one),
                ])
            })
        });
        let verdict = Verdict::all(each.collect::<Vec<_>>());
        match verdict.truth {
            Truth::Yes => {
                out.items.push(Value::from(set.join(" with ")).with_trail(verdict.trail.or(&document.trail)));
            }
            Truth::Undetermined => out.open = out.open.or(verdict.cause),
            Truth::No => {}
        }
    }
    Value::from(Kind::List(Arc::new(out))).with_trail(document.trail.clone())
}

/// Why a map may hold more than is seen.
fn openness(value: &Value) -> Option<Arc<Cause>> {
    match &value.kind {
        Kind::List(list) => list.open.clone(),
        Kind::Map(map) => match &map.rest {
            Rest::Open(cause) => Some(cause.clone()),
            _ => None,
        },
        _ => value.cause(),
    }
}

#[cfg(test)]
mod tests;
