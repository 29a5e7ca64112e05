//! Conversions between primitive types, as Terraform converts.

use super::{Cause, CauseKind, Kind, Number, Piece, Text, Value};

fn mismatch(value: &Value, wanted: &str) -> Value {
    let cause = Cause::new(CauseKind::Invalid, format!("a {wanted} is required, not a {}", value.type_name()));
    Value::unknown(cause).with_trail(value.trail.clone())
}

/// To a truth value: `true`, `false` and the strings that spell them. Unset stays unset, unknown stays unknown,
/// what cannot be converted becomes an unknown value that says so.
pub fn to_bool(value: &Value) -> Value {
    match &value.kind {
        Kind::Bool(_) | Kind::Absent | Kind::Null | Kind::Unknown(_) | Kind::AfterApply(_) => value.clone(),
        // Terraform takes "1" and "0" as well, though it does not print them so.
        Kind::String(s) => match s.as_str() {
            "true" | "1" => Value { kind: Kind::Bool(true), ..value.clone() },
            "false" | "0" => Value { kind: Kind::Bool(false), ..value.clone() },
            _ => mismatch(value, "bool"),
        },
        Kind::Choice(_) => value.map_arms(to_bool),
        _ => mismatch(value, "bool"),
    }
}

/// To a number: numbers and strings that spell one. As [`to_bool`] otherwise.
pub fn to_number(value: &Value) -> Value {
    match &value.kind {
        Kind::Number(_) | Kind::Absent | Kind::Null | Kind::Unknown(_) | Kind::AfterApply(_) => value.clone(),
        Kind::String(s) => match Number::parse(s) {
            Some(n) => Value { kind: Kind::Number(n), ..value.clone() },
            None => mismatch(value, "number"),
        },
        Kind::Choice(_) => value.map_arms(to_number),
        _ => mismatch(value, "number"),
    }
}

/// To a string: primitives as Terraform prints them. As [`to_bool`] otherwise.
pub fn to_text(value: &Value) -> Value {
    match &value.kind {
        Kind::String(_) | Kind::Partial(_) | Kind::Absent | Kind::Null | Kind::Unknown(_) | Kind::AfterApply(_) => {
            value.clone()
        }
        Kind::Bool(b) => Value { kind: Kind::String(if *b { "true".into() } else { "false".into() }), ..value.clone() },
        Kind::Number(n) => Value { kind: Kind::String(n.to_string().into()), ..value.clone() },
        Kind::Choice(_) => value.map_arms(to_text),
        Kind::List(_) | Kind::Map(_) => mismatch(value, "string"),
    }
}

impl Value {
    /// The value as a piece of a string template. Lists and maps are pieces nobody can print: holes with a reason.
    pub fn piece(&self) -> Piece {
        let text = to_text(self);
        match text.kind {
            Kind::String(ref s) => Piece::Known(s.clone()),
            Kind::Null | Kind::Absent => {
                Piece::Hole(Value::unknown(Cause::new(CauseKind::Invalid, "a string is required, not null")))
            }
            _ => Piece::Hole(text),
        }
    }

    /// Joins the pieces of several values to one string.
    pub fn concat<'a>(values: impl IntoIterator<Item = &'a Value>) -> Value {
        let mut sensitive = false;
        let joined = Text::join(values.into_iter().map(|v| {
            sensitive |= v.sensitive;
            v.piece()
        }));
        joined.marked(sensitive)
    }
}
