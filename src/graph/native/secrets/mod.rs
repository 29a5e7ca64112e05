//! Credentials that are written in the source.

mod find;

use super::automaton::{Matcher, compile};
use super::verdict::{MAX_DEPTH, Verdict, any_element, arg, function, given_strings, why};
use crate::expr::{Call, Function};
use crate::value::{CauseKind, Entries, HopKind, Kind, List, Piece, Str, Trail, Value};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Function] = &[
    function("credentials", 1, 2, credentials),
    function("literal", 1, 1, |call| Ok(literal(call))),
    function("open_input", 1, 1, |call| Ok(open_input(call))),
];

/// More in one value are left out.
const MAX_FOUND: usize = 1_000;

/// Shorter texts are not decoded.
const MIN_ENCODED: usize = 24;

/// The parts of a text that hold credentials, so that no output shows them. A line may hold the middle of a key.
pub fn in_text(text: &str) -> Vec<Range<usize>> {
    if let Some(line) = find::key_line(text) {
        return std::iter::once(line).collect();
    }
    find::find(text, true).into_iter().map(|c| if c.end > c.range.end { c.range.end..c.end } else { c.range }).collect()
}

/// `credentials(value, { kinds, allow, examples })`: the credentials that are written anywhere in a value: in texts, the
/// known parts of texts, Base64, and the elements of lists and maps. A list of `{ kind, name, masked, found }`: `kind` is
/// `aws_access_key`, `aws_secret_key`, `aws_session_token`, `private_key` or `token`; `name` says it in words; `masked` is
/// its harmless beginning; `found` is true, has the place of the credential, and is never shown. (A rule demands
/// `!entry.found`.) The options: only these `kinds`; not what one of the regular expressions of `allow` is found in;
/// `examples` of documentation and placeholders as well. What is not known is passed over; a value of which nothing is known
/// leaves the list open, unless it comes from outside of the source.
fn credentials(call: &Call<'_>) -> Result<Value, Str> {
    let options = arg(call, 1);
    let given = |key: &str| {
        let value = options.get(key);
        let strings = given_strings(&Call { args: &[value], ..*call }, 0);
        strings.map_err(|_| Str::from(format!("{key} of credentials must be a list of strings")))
    };
    let allow: Option<Vec<_>> = given("allow")?.iter().map(|p| compile(p)).collect();
    let mut search = Search {
        kinds: given("kinds")?,
        allow: allow.ok_or("a pattern of allow is no regular expression")?,
        examples: options.get("examples").as_bool() == Some(true),
        found: List::default(),
    };
    let value = arg(call, 0);
    if value.is_unknown() && origin(&value) == Origin::Unknown {
        search.found.open = Some(why(&value));
    } else {
        search.value(&value, None, 0);
    }
    Ok(Value::from(Kind::List(Arc::new(search.found))).with_trail(value.trail.clone()))
}

struct Search {
    kinds: Vec<Str>,
    allow: Vec<Rc<Matcher>>,
    examples: bool,
    found: List,
}

impl Search {
    /// `name` is what the value is set under.
    fn value(&mut self, value: &Value, name: Option<&str>, depth: usize) {
        if depth > MAX_DEPTH || self.found.items.len() >= MAX_FOUND {
            return;
        }
        if let Some(encoded) = value.encoded() {
            return self.value(&value.inside(encoded), name, depth + 1);
        }
        match &value.kind {
            Kind::String(text) => self.text(value, text, name),
            Kind::Partial(text) => {
                let mut before = 0;
                for piece in text.pieces() {
                    if let Piece::Known(known) = piece {
                        self.known(value, known, before);
                        before += known.len();
                    }
                }
            }
            Kind::List(list) => {
                for item in &list.items {
                    self.value(&value.inside(item), name, depth + 1);
                }
            }
            Kind::Map(map) => {
                let named = ["Name", "name", "Key", "key"].into_iter().find_map(|k| map.entries.get(k)?.as_str());
                for (key, item) in &map.entries {
                    let name = named.filter(|_| key.eq_ignore_ascii_case("value")).unwrap_or(key);
                    self.value(&value.inside(item), Some(name), depth + 1);
                }
            }
            Kind::Choice(arms) => {
                // Whichever it is, it is written.
                for arm in arms.iter() {
                    self.value(&value.inside(&arm.value), name, depth + 1);
                }
            }
            _ => {}
        }
    }

    fn text(&mut self, value: &Value, text: &str, name: Option<&str>) {
        let before = self.found.items.len();
        if name.is_some_and(|n| find::is_secret_key(n, text.trim(), self.examples)) {
            self.add(value, find::SECRET_KEY, text, None);
        } else {
            self.known(value, text, 0);
        }
        if self.found.items.len() == before
            && let Some(decoded) = decoded(text)
        {
            for credential in find::find(&decoded, self.examples) {
                let part = decoded.get(credential.range).unwrap_or_default();
                self.add(value, credential.kind, part, None);
            }
        }
    }

    /// A part of a text, `before` known bytes from its start.
    fn known(&mut self, value: &Value, text: &str, before: usize) {
        for credential in find::find(text, self.examples) {
            let part = text.get(credential.range.clone()).unwrap_or_default();
            let range = before + credential.range.start..before + credential.range.end;
            self.add(value, credential.kind, part, Some(range));
        }
    }

    fn add(&mut self, value: &Value, kind: &'static str, text: &str, range: Option<Range<usize>>) {
        let wanted = self.kinds.is_empty() || self.kinds.iter().any(|k| k == kind);
        if !wanted || self.allow.iter().any(|a| a.is_match(text)) || self.found.items.len() >= MAX_FOUND {
            return;
        }
        let place = range.and_then(|range| crate::value::place(value.segments(), range));
        let found = match place {
            Some(span) => value.inside(&Value::from(true).with_trail(Trail::written(span))),
            None => Value::from(true).with_trail(value.trail.clone()),
        };
        let name = find::KINDS.iter().find(|(k, _)| *k == kind).map_or(kind, |(_, name)| *name);
        let mut entries = Entries::default();
        entries.insert("kind".into(), kind.into());
        entries.insert("name".into(), name.into());
        entries.insert("masked".into(), masked(kind, text).into());
        let trail = found.trail.clone();
        entries.insert("found".into(), found.marked(true));
        self.found.items.push(Value::map(entries).with_trail(trail));
    }
}

/// What of a credential may be shown.
fn masked(kind: &str, text: &str) -> String {
    let shown = if kind == find::ACCESS_KEY { text.get(..4).unwrap_or_default() } else { "" };
    format!("{shown}****")
}

/// What is in a text that is nothing but Base64, if that is a text.
fn decoded(text: &str) -> Option<String> {
    let plain: String = text.split_ascii_whitespace().collect();
    if plain.len() < MIN_ENCODED || plain.contains(char::is_whitespace) {
        return None;
    }
    String::from_utf8(STANDARD.decode(plain).ok()?).ok()
}

/// Where a value that is not known comes from.
#[derive(Clone, Copy, PartialEq)]
enum Origin {
    /// From outside of the source: another resource, a store of secrets, an input that is declared as a secret.
    Outside,
    /// An input that anybody may see.
    Open,
    /// It cannot be told.
    Unknown,
}

fn origin(value: &Value) -> Origin {
    match &value.kind {
        Kind::AfterApply(_) => Origin::Outside,
        Kind::Unknown(cause) => match cause.kind {
            CauseKind::External | CauseKind::Import | CauseKind::Deployment => Origin::Outside,
            CauseKind::Input if value.sensitive => Origin::Outside,
            CauseKind::Input => Origin::Open,
            _ => Origin::Unknown,
        },
        _ => Origin::Unknown,
    }
}

/// `literal(value)`: whether a text is written in the source, be it as the default of an input: what a password must not
/// be. What is made or kept elsewhere is not, nor an input that is declared as a secret; what is not set or empty is not.
/// Of another input it cannot be told. Of a list whether one of its elements is. The result is never shown.
fn literal(call: &Call<'_>) -> Value {
    let judged = any_element(&arg(call, 0), 0, &mut |value| {
        let of_origin = |part: &Value, open: &Value| match origin(part) {
            Origin::Outside => Verdict::of(false, &value.trail),
            Origin::Open | Origin::Unknown => Verdict::unknown(open).or_trail(&value.trail),
        };
        match &value.kind {
            Kind::Absent | Kind::Null => Verdict::of(false, &value.trail),
            Kind::String(text) if text.trim().is_empty() => Verdict::of(false, &value.trail),
            // What only a plan says is not in the source.
            _ if value.trail.hops().any(|h| h.kind == HopKind::Planned) => Verdict::of(false, &value.trail),
            Kind::String(_) | Kind::Number(_) | Kind::Bool(_) => Verdict::of(true, &value.trail),
            Kind::Partial(text) => {
                Verdict::all(text.holes().map(|hole| of_origin(hole, value)).collect::<Vec<_>>()).or_trail(&value.trail)
            }
            Kind::Map(_) => Verdict::of(false, &value.trail),
            _ => of_origin(value, value),
        }
    });
    judged.value().marked(true)
}

/// `open_input(value)`: whether a value is an input without a value that is not declared as a secret: whoever may look at
/// the deployment sees what was given.
fn open_input(call: &Call<'_>) -> Value {
    let judged = any_element(&arg(call, 0), 0, &mut |value| {
        let open = match &value.kind {
            Kind::Partial(text) => text.holes().any(|hole| origin(hole) == Origin::Open),
            _ => origin(value) == Origin::Open,
        };
        Verdict::of(open, &value.trail)
    });
    judged.value()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, eval, evidence};
    use super::in_text;
    use crate::value::Value;

    const ID: &str = "AKIAZ7QX2MJ5T4LWNB3C";
    const KEY: &str = "q8ZrT1vKx0LmN4pWb7YdHc2JfGs9Ue6RaXo3Ti5B";

    fn kinds(text: &str) -> String {
        let text = text.replace("$ID", ID).replace("$KEY", KEY);
        let joined = eval(&format!("join(\" \", [for c in {text} : c.kind])"));
        joined.as_str().map_or_else(|| "?".to_owned(), str::to_owned)
    }

    #[test]
    fn values_are_searched_to_their_depth() {
        let table = [
            (r#"credentials("$ID")"#, "aws_access_key"),
            (r#"credentials("x $ID ${var.x} y")"#, "aws_access_key"),
            (r#"credentials({ a = ["$ID"], b = { c = "$ID" } })"#, "aws_access_key aws_access_key"),
            (r#"credentials({ AWS_SECRET_ACCESS_KEY = "$KEY" })"#, "aws_secret_key"),
            (r#"credentials([{ name = "AWS_SECRET_ACCESS_KEY", value = "$KEY" }])"#, "aws_secret_key"),
            (r#"credentials({ commit = "$KEY" })"#, ""),
            (r#"credentials(jsonencode({ secret_key = "$KEY" }))"#, "aws_secret_key"),
            (r#"credentials(base64encode("export X=$ID\n"))"#, "aws_access_key"),
            (r#"credentials({ a = var.x ? "$ID" : "none" })"#, "aws_access_key"),
            (r#"credentials("$ID", { kinds = ["private_key"] })"#, ""),
            (r#"credentials("$ID", { allow = ["^AKIAZ7"] })"#, ""),
            (r#"credentials("AKIAIOSFODNN7EXAMPLE")"#, ""),
            (r#"credentials("AKIAIOSFODNN7EXAMPLE", { examples = true })"#, "aws_access_key"),
            (r#"credentials({ a = var.x, b = "$ID" })"#, "aws_access_key"),
            ("credentials(absent)", ""),
            ("credentials(made.x.y)", ""),
            ("credentials(data.x.y.z)", ""),
            ("credentials(var.x)", ""),
        ];
        for (text, expected) in table {
            assert_eq!(kinds(text), expected, "{text}");
        }
    }

    #[test]
    fn the_credential_itself_is_the_place_and_is_not_shown() {
        let text = format!("credentials(\"{{ ${{var.x}} {ID}\")[0].found");
        let found: Value = eval(&text);
        assert!(found.sensitive);
        assert_eq!(evidence(&text), ID);
        let masked = eval(&format!("credentials(\"{ID}\")[0].masked"));
        assert_eq!((masked.as_str(), masked.sensitive), (Some("AKIA****"), false));
    }

    #[test]
    fn what_is_written_is_literal() {
        check(&[
            (r#"literal("hunter2")"#, "yes"),
            ("literal(12345678)", "yes"),
            (r#"literal(["", "hunter2"])"#, "yes"),
            (r#"literal("")"#, "no"),
            ("literal(absent)", "no"),
            ("literal(null)", "no"),
            ("literal([])", "no"),
            ("literal(made.random_password.x)", "no"),
            ("literal(data.aws_ssm_parameter.x.value)", "no"),
            (r#"literal("u:${made.random_password.x}@h")"#, "no"),
            (r#"literal("u:${var.x}@h")"#, "?"),
            ("literal(var.x)", "?"),
            ("literal(sensitive(var.x))", "no"),
            (r#"literal(sensitive("hunter2"))"#, "yes"),
            (r#"literal(var.x ? "a" : "b")"#, "yes"),
            (r#"literal(var.x ? "a" : null)"#, "?"),
        ]);
        assert!(eval(r#"!literal("hunter2")"#).sensitive);
    }

    #[test]
    fn inputs_that_anybody_may_see() {
        check(&[
            ("open_input(var.x)", "yes"),
            (r#"open_input("a${var.x}")"#, "yes"),
            ("open_input(sensitive(var.x))", "no"),
            ("open_input(made.x.y)", "no"),
            (r#"open_input("a")"#, "no"),
            ("open_input(absent)", "no"),
        ]);
    }

    #[test]
    fn outputs_know_what_to_hide() {
        let line = format!("  x = \"{ID}\"");
        assert_eq!(&line[in_text(&line)[0].clone()], ID);
        let line = "  \"-----BEGIN PRIVATE KEY-----\\nMIIEpAIBAAKCAQEA7bq1\"";
        assert_eq!(&line[in_text(line)[0].clone()], "\\nMIIEpAIBAAKCAQEA7bq1");
        let body = "    MIIEpAIBAAKCAQEA7bq1vKx0LmN4pWb7YdHc2JfGs9Ue6RaXo3Ti5Bq8ZrTLOPw3  ";
        assert_eq!(&body[in_text(body)[0].clone()], body.trim());
        assert!(in_text("resource \"aws_instance\" \"web\" {").is_empty());
    }
}
