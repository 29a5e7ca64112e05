//! JSON: writing values that are known in part, reading text.

use super::args::{MAX_DEPTH, MAX_STRING, Outcome, Stop, is_sensitive_within, too_long, unknown_like, why};
use super::types::sorted;
use crate::expr::Call;
use crate::value::{Entries, Kind, Number, Piece, Rest, Text, Value};
use std::fmt::Write as _;

pub(super) fn jsonencode(call: &Call<'_>) -> Outcome {
    let value = call.any(0)?;
    if value.is_unknown() {
        return Err(Stop::Unknown(unknown_like(value)));
    }
    let json = encode(value)?;
    // Not before: what could be written is small enough to walk through.
    Ok(json.marked(is_sensitive_within(value, 0)).encoding(value))
}

/// The value as JSON text. Where a value is not known stands a hole: bare for a whole value, between quotation marks for
/// a part of a string. A list or map that may hold more ends with a bare hole as its last element.
pub(super) fn encode(value: &Value) -> Outcome {
    let mut writer = Writer { pieces: Vec::new(), text: String::new(), written: 0 };
    writer.value(value, 0)?;
    writer.flush();
    Ok(Text::join(writer.pieces))
}

/// A string in JSON, quotation marks included, escaped as Go does it.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    escape(text, &mut out);
    out.push('"');
    out
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            _ => out.push(c),
        }
    }
}

struct Writer {
    pieces: Vec<Piece>,
    text: String,
    written: usize,
}

impl Writer {
    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.written += self.text.len();
            self.pieces.push(Piece::Known(std::mem::take(&mut self.text).into()));
        }
    }

    fn hole(&mut self, value: &Value) {
        self.flush();
        self.written += 1;
        self.pieces.push(Piece::Hole(value.clone()));
    }

    fn value(&mut self, value: &Value, depth: usize) -> Outcome<()> {
        if depth > MAX_DEPTH {
            return Err("the value is nested too deep".into());
        }
        if self.written + self.text.len() > MAX_STRING {
            return Err(too_long());
        }
        match &value.kind {
            Kind::Absent | Kind::Null => self.text.push_str("null"),
            Kind::Bool(b) => self.text.push_str(if *b { "true" } else { "false" }),
            Kind::Number(n) => {
                let _ = write!(self.text, "{n}");
            }
            Kind::String(s) => {
                self.text.push('"');
                escape(s, &mut self.text);
                self.text.push('"');
            }
            Kind::Partial(text) => {
                self.text.push('"');
                for piece in text.pieces() {
                    match piece {
                        Piece::Known(s) => escape(s, &mut self.text),
                        Piece::Hole(hole) => self.hole(hole),
                    }
                }
                self.text.push('"');
            }
            Kind::List(list) => {
                self.text.push('[');
                let mut comma = Comma::default();
                for item in &list.items {
                    comma.before(&mut self.text);
                    self.value(&value.inside(item), depth + 1)?;
                }
                if let Some(cause) = &list.open {
                    comma.before(&mut self.text);
                    self.hole(&Value::unknown(cause.clone()));
                }
                self.text.push(']');
            }
            Kind::Map(map) => {
                self.text.push('{');
                let mut comma = Comma::default();
                for (key, item) in sorted(map) {
                    comma.before(&mut self.text);
                    self.text.push('"');
                    escape(key, &mut self.text);
                    self.text.push_str("\":");
                    self.value(&value.inside(item), depth + 1)?;
                }
                if !matches!(map.rest, Rest::Closed) {
                    comma.before(&mut self.text);
                    self.hole(&Value::unknown(why(value)));
                }
                self.text.push('}');
            }
            Kind::Choice(_) | Kind::AfterApply(_) | Kind::Unknown(_) => self.hole(value),
        }
        Ok(())
    }
}

#[derive(Default)]
struct Comma(bool);

impl Comma {
    fn before(&mut self, out: &mut String) {
        if std::mem::replace(&mut self.0, true) {
            out.push(',');
        }
    }
}

pub(super) fn jsondecode(call: &Call<'_>) -> Outcome {
    // A list or map is no text, whatever is in it.
    call.pieces(0)?;
    let source = call.value(0)?;
    // How a text that is wholly unknown reads is not known either, only what it says.
    let reads = !matches!(&source.kind, Kind::Partial(text) if matches!(text.pieces(), [Piece::Hole(_)]));
    if let Some(value) = source.encoded().filter(|_| reads) {
        return Ok(source.inside(value));
    }
    let text = call.text(0)?;
    let json: serde_json::Value =
        serde_json::from_str(&text).map_err(|e| Stop::from(format!("the string is not JSON: {e}")))?;
    Ok(from_json(json))
}

/// The depth is bounded by the parser.
fn from_json(json: serde_json::Value) -> Value {
    match json {
        serde_json::Value::Null => Value::null(),
        serde_json::Value::Bool(b) => b.into(),
        serde_json::Value::Number(n) => match n.as_i64() {
            Some(i) => i.into(),
            None => n.as_f64().and_then(Number::from_f64).map_or_else(Value::null, Value::from),
        },
        serde_json::Value::String(s) => s.into(),
        serde_json::Value::Array(items) => Value::list(items.into_iter().map(from_json).collect()),
        serde_json::Value::Object(entries) => {
            Value::map(entries.into_iter().map(|(k, v)| (k.into(), from_json(v))).collect::<Entries>())
        }
    }
}
