//! Values as JSON, for `formwork graph`.

use super::mask::is_secret_name;
use crate::graph::native::secrets;
use crate::value::{Kind, Number, Piece, Rest, Value};
use serde_json::{Map as Object, Value as Json, json};

/// Values nested deeper are cut off.
const MAX_DEPTH: usize = 64;

fn why(value: &Value) -> String {
    value.cause().map_or_else(|| "it is not known".to_owned(), |c| c.what.to_string())
}

/// A value as JSON. What is not plainly known is an object that says so: `{"unknown": cause}`,
/// `{"after_apply": "address.attribute"}`, `{"partial": [pieces]}`, `{"one_of": [values]}`, `{"sensitive": true}`,
/// `{"open": cause, "items": [...]}` or `{"open": cause, "entries": {...}}`. The map of a resource itself is always
/// plain: which attributes it has besides is for its schema to say.
pub fn value_json(value: &Value) -> Json {
    nested(value, 0)
}

fn nested(value: &Value, depth: usize) -> Json {
    if value.sensitive && !value.is_unset() {
        return json!({"sensitive": true});
    }
    if depth > MAX_DEPTH {
        return json!({"unknown": "the value is nested too deep"});
    }
    match &value.kind {
        Kind::Absent | Kind::Null => Json::Null,
        Kind::Bool(b) => Json::Bool(*b),
        Kind::Number(n) => number_json(*n),
        Kind::String(s) if !secrets::in_text(s).is_empty() => json!({"sensitive": true}),
        Kind::String(s) => Json::String(s.to_string()),
        Kind::Unknown(_) => json!({"unknown": why(value)}),
        Kind::AfterApply(r) if r.attribute.is_empty() => json!({"after_apply": r.address.as_str()}),
        Kind::AfterApply(r) => json!({"after_apply": format!("{}.{}", r.address, r.attribute)}),
        Kind::Partial(text) => {
            let pieces: Vec<Json> = text
                .pieces()
                .iter()
                .map(|piece| match piece {
                    Piece::Known(s) if !secrets::in_text(s).is_empty() => json!({"sensitive": true}),
                    Piece::Known(s) => Json::String(s.to_string()),
                    Piece::Hole(hole) => nested(hole, depth + 1),
                })
                .collect();
            json!({"partial": pieces})
        }
        Kind::Choice(arms) => {
            let arms: Vec<Json> = arms.iter().map(|arm| nested(&arm.value, depth + 1)).collect();
            json!({"one_of": arms})
        }
        Kind::List(list) => {
            let items: Vec<Json> = list.items.iter().map(|v| nested(v, depth + 1)).collect();
            match &list.open {
                None => Json::Array(items),
                Some(cause) => json!({"open": cause.what.as_str(), "items": items}),
            }
        }
        Kind::Map(map) => {
            let entries: Object<String, Json> =
                map.entries.iter().map(|(k, v)| (k.to_string(), entry_json(k, v, depth + 1))).collect();
            match &map.rest {
                // The attributes of a resource itself: what is missing is said by its schema.
                Rest::Open(cause) if depth > 0 => json!({"open": cause.what.as_str(), "entries": entries}),
                _ => Json::Object(entries),
            }
        }
    }
}

/// The value under a name that tells that it is a secret is not shown, whoever forgot to mark it.
fn entry_json(name: &str, value: &Value, depth: usize) -> Json {
    if is_hidden(name, value) { json!({"sensitive": true}) } else { nested(value, depth) }
}

/// Whether the name tells that the text is a secret.
pub(crate) fn is_hidden(name: &str, value: &Value) -> bool {
    matches!(value.kind, Kind::String(_) | Kind::Partial(_)) && is_secret_name(name)
}

fn number_json(number: Number) -> Json {
    match number {
        Number::Int(i) => i.into(),
        Number::Float(x) => serde_json::Number::from_f64(x).map_or(Json::Null, Json::Number),
    }
}
