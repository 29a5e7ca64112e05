//! Conditions of statements: which of them narrow who may call.

use super::super::network::{Widest, range_is_internet};
use super::super::verdict::{Verdict, any_element};
use super::statement::is_identifier;
use super::wildcard::covers;
use crate::value::{Kind, Piece, Str, Value, to_text};

/// Keys that tie a caller to an account, an organisation, a network or a resource, in lower case.
const NARROWING: [&str; 22] = [
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceip",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:sourceowner",
    "aws:sourcevpc",
    "aws:sourcevpcarn",
    "aws:sourcevpce",
    "aws:userid",
    "aws:vpceaccount",
    "aws:vpceorgid",
    "aws:vpceorgpaths",
    "aws:vpcsourceip",
    "elasticfilesystem:accessedviamounttarget",
    "kms:calleraccount",
    "s3:dataaccesspointaccount",
    "s3:dataaccesspointarn",
];

/// What a range of addresses counts as the internet.
const INTERNET: Widest = Widest { v4: 8, v6: 16 };

/// An operator without what modifies it.
struct Operator {
    base: String,
    /// Whether a request without the key meets the condition.
    optional: bool,
}

impl Operator {
    fn read(text: &str) -> Operator {
        let lower = text.to_ascii_lowercase();
        let (each, rest) = match lower.split_once(':') {
            Some((quantifier, rest)) => (quantifier == "forallvalues", rest),
            None => (false, lower.as_str()),
        };
        let base = rest.strip_suffix("ifexists").unwrap_or(rest);
        Operator { base: base.to_owned(), optional: each || base.len() < rest.len() }
    }

    fn is_negative(&self) -> bool {
        self.base.contains("not") || self.base == "null"
    }

    /// Whether `*` in a value stands for any text.
    fn has_wildcards(&self) -> bool {
        matches!(self.base.as_str(), "stringlike" | "arnlike" | "arnequals")
    }
}

fn operator(condition: &Value) -> Operator {
    Operator::read(condition.get("operator").as_str().unwrap_or_default())
}

fn key(condition: &Value) -> Str {
    condition.get("key").as_str().map(Str::from).unwrap_or_default()
}

/// Whether a condition of the statement narrows who may call: a key of `keys` (or of the built-in list) under an
/// operator that demands it, and no value that is nothing but wildcards.
pub(super) fn narrows(statement: &Value, keys: Option<&[Str]>) -> Verdict {
    any_element(&statement.get("conditions"), 0, &mut |condition| {
        let Kind::Map(_) = &condition.kind else { return Verdict::unknown(condition) };
        let key = key(condition);
        let listed = match keys {
            Some(keys) => keys.iter().any(|k| covers(&k.to_lowercase(), &key)),
            None => NARROWING.contains(&key.as_str()),
        };
        let operator = operator(condition);
        if !listed || operator.is_negative() || operator.optional {
            return Verdict::of(false, &condition.trail);
        }
        // One value that lets everyone through is enough to.
        any_element(&condition.get("values"), 0, &mut |value| lets_through(&key, &operator, value)).not()
    })
}

/// Whether a value of a condition lets every caller through.
fn lets_through(key: &str, operator: &Operator, value: &Value) -> Verdict {
    match operator.base.as_str() {
        "ipaddress" => return range_is_internet(value, INTERNET),
        "bool" => {
            let text = to_text(value);
            return match text.as_str() {
                Some(text) => Verdict::of(!text.eq_ignore_ascii_case("true"), &value.trail),
                None => Verdict::unknown(&text),
            };
        }
        _ if !operator.has_wildcards() => return Verdict::of(false, &value.trail),
        _ => {}
    }
    // An identity in any account is not a narrow one; for a resource its name is enough.
    let by_account = key == "aws:principalarn";
    let says = |text: &str| text.chars().any(|c| !matches!(c, '*' | '?' | ':' | '/'));
    let wide = |text: &str| match text.splitn(6, ':').collect::<Vec<_>>().as_slice() {
        ["arn", _, _, _, account, resource] => !says(account) && (by_account || !says(resource)),
        ["arn", ..] => true,
        _ => !says(text),
    };
    match &value.kind {
        Kind::String(text) => Verdict::of(wide(text), &value.trail),
        // What stands before the first hole narrows, whatever the hole is.
        Kind::Partial(text) if !"arn:".starts_with(text.prefix()) && !wide(&format!("{}*", text.prefix())) => {
            Verdict::of(false, &value.trail)
        }
        _ if is_identifier(value) => Verdict::of(false, &value.trail),
        _ => Verdict::unknown(value),
    }
}

/// Whether a condition of the statement is on one of the keys, patterns in lower case; without patterns any condition.
pub(super) fn on_keys(statement: &Value, keys: &[Str]) -> Verdict {
    any_element(&statement.get("conditions"), 0, &mut |condition| {
        let Kind::Map(_) = &condition.kind else { return Verdict::unknown(condition) };
        let key = key(condition);
        Verdict::of(keys.is_empty() || keys.iter().any(|k| covers(&k.to_lowercase(), &key)), &condition.trail)
    })
}

/// Whether a condition is on one of the keys, under one of the operators (patterns without case; any without patterns),
/// with one of the values (without case; any without patterns).
pub(super) fn demands(statement: &Value, keys: &[Str], values: &[Str], operators: &[Str]) -> Verdict {
    any_element(&statement.get("conditions"), 0, &mut |condition| {
        let Kind::Map(_) = &condition.kind else { return Verdict::unknown(condition) };
        let (key, operator) = (key(condition), condition.get("operator"));
        let operator = operator.as_str().unwrap_or_default().to_lowercase();
        let fits = |patterns: &[Str], text: &str| patterns.iter().any(|p| covers(&p.to_lowercase(), text));
        if !fits(keys, &key) || !operators.is_empty() && !fits(operators, &operator) {
            return Verdict::of(false, &condition.trail);
        }
        if values.is_empty() {
            return Verdict::of(true, &condition.trail);
        }
        any_element(&condition.get("values"), 0, &mut |value| {
            let text = to_text(value);
            match text.as_str() {
                Some(text) => Verdict::of(fits(values, &text.to_lowercase()), &value.trail),
                None => Verdict::unknown(&text),
            }
        })
    })
}

/// Whether every value of a condition on a key that ends with `:claim`, under an operator that demands it, says
/// something. Values that are nothing but wildcards do not.
pub(super) fn pins(statement: &Value, claim: &str) -> Verdict {
    let suffix = format!(":{}", claim.to_lowercase());
    any_element(&statement.get("conditions"), 0, &mut |condition| {
        let Kind::Map(_) = &condition.kind else { return Verdict::unknown(condition) };
        let operator = operator(condition);
        if !key(condition).ends_with(&suffix) || operator.is_negative() || operator.optional {
            return Verdict::of(false, &condition.trail);
        }
        any_element(&condition.get("values"), 0, &mut |value| match &value.kind {
            _ if !operator.has_wildcards() => Verdict::of(false, &value.trail),
            Kind::String(text) => Verdict::of(text.chars().all(|c| matches!(c, '*' | '?' | ':')), &value.trail),
            Kind::Partial(text)
                if text
                    .pieces()
                    .iter()
                    .any(|p| matches!(p, Piece::Known(s) if s.chars().any(|c| !matches!(c, '*' | '?' | ':')))) =>
            {
                Verdict::of(false, &value.trail)
            }
            _ if is_identifier(value) => Verdict::of(false, &value.trail),
            _ => Verdict::unknown(value),
        })
        .not()
    })
}
