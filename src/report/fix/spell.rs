//! Values as a dialect writes them.

use crate::graph::AttributeType;
use crate::value::{Kind, Value, to_bool, to_number, to_text};

/// The quotation marks of what is replaced, kept where the language leaves a choice.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Quotes {
    /// As the value needs it.
    AsNeeded,
    /// A scalar in these marks (`'` or `"`), whatever its type.
    Kept(char),
}

/// The value as the type of its attribute wants it; `None` when it is not known or does not fit.
pub(super) fn typed(value: &Value, of: AttributeType) -> Option<Value> {
    let value = match of {
        AttributeType::Bool => to_bool(value),
        AttributeType::Number => to_number(value),
        AttributeType::String => to_text(value),
        AttributeType::Any | AttributeType::Tags => value.clone(),
        AttributeType::Strings => match &value.kind {
            Kind::List(list) => Value::list(list.items.iter().map(to_text).collect()),
            _ => Value::list(vec![to_text(value)]),
        },
    };
    (value.is_wholly_known() && !value.is_unset()).then_some(value)
}

/// As an HCL expression. `None` for what has no literal.
pub(super) fn hcl(value: &Value) -> Option<String> {
    Some(match &value.kind {
        Kind::Bool(b) => b.to_string(),
        Kind::Number(n) => n.to_string(),
        Kind::String(s) => hcl_string(s),
        Kind::List(list) => {
            let items: Option<Vec<String>> = list.items.iter().map(hcl).collect();
            format!("[{}]", items?.join(", "))
        }
        Kind::Map(map) if map.entries.is_empty() => "{}".to_owned(),
        Kind::Map(map) => {
            let entries: Option<Vec<String>> =
                map.entries.iter().map(|(k, v)| Some(format!("{} = {}", hcl_key(k), hcl(v)?))).collect();
            format!("{{ {} }}", entries?.join(", "))
        }
        _ => return None,
    })
}

/// A key of an object: bare where it is a name.
pub(super) fn hcl_key(key: &str) -> String {
    let name = key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if name { key.to_owned() } else { hcl_string(key) }
}

fn hcl_string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // A doubled sign is no interpolation.
            '$' | '%' if chars.peek() == Some(&'{') => out.extend([c, c]),
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}

/// As JSON.
pub(super) fn json(value: &Value) -> Option<String> {
    Some(match &value.kind {
        Kind::Bool(b) => b.to_string(),
        Kind::Number(n) => n.to_string(),
        Kind::String(s) => json_string(s),
        Kind::List(list) => {
            let items: Option<Vec<String>> = list.items.iter().map(json).collect();
            format!("[{}]", items?.join(", "))
        }
        Kind::Map(map) => {
            let entries: Option<Vec<String>> =
                map.entries.iter().map(|(k, v)| Some(format!("{}: {}", json_string(k), json(v)?))).collect();
            format!("{{{}}}", entries?.join(", "))
        }
        _ => return None,
    })
}

/// A string in JSON, which YAML reads as well.
pub(super) fn json_string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// As YAML on one line: collections in flow style.
pub(super) fn yaml(value: &Value) -> Option<String> {
    Some(match &value.kind {
        Kind::Bool(b) => b.to_string(),
        Kind::Number(n) => n.to_string(),
        Kind::String(s) => yaml_string(s),
        Kind::List(list) => {
            let items: Option<Vec<String>> = list.items.iter().map(yaml).collect();
            format!("[{}]", items?.join(", "))
        }
        Kind::Map(map) => {
            let entries: Option<Vec<String>> =
                map.entries.iter().map(|(k, v)| Some(format!("{}: {}", yaml_string(k), yaml(v)?))).collect();
            format!("{{{}}}", entries?.join(", "))
        }
        _ => return None,
    })
}

/// A string without quotation marks where every reader of YAML takes it for a string.
pub(super) fn yaml_string(text: &str) -> String {
    let word = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'));
    let meaning = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];
    if word && !meaning.iter().any(|m| text.eq_ignore_ascii_case(m)) { text.to_owned() } else { json_string(text) }
}

/// A scalar in the given quotation marks; other values as `otherwise` writes them.
pub(super) fn quoted(value: &Value, quotes: Quotes, otherwise: impl Fn(&Value) -> Option<String>) -> Option<String> {
    let Quotes::Kept(mark) = quotes else { return otherwise(value) };
    let text = to_text(value);
    match text.as_str() {
        Some(text) if mark == '\'' && !text.contains('\n') => Some(format!("'{}'", text.replace('\'', "''"))),
        Some(text) => Some(json_string(text)),
        None => otherwise(value),
    }
}
