//! `Fn::ToJsonString`.

use crate::dialect::cloudformation::call::Call;
use crate::dialect::cloudformation::evaluator::Evaluator;
use crate::dialect::cloudformation::scope::Scope;
use crate::value::{Kind, Piece, Rest, Text, Value};

impl<'t> Evaluator<'t, '_> {
    pub(super) fn json_text(&self, call: &Call<'t>, scope: &Scope) -> Value {
        let value = self.argument(call.arg, scope);
        let mut pieces = Vec::new();
        let sensitive = write(&value, &mut pieces);
        Text::join(pieces).written_at(call.span).marked(sensitive)
    }
}

/// Appends a value as JSON; what is not known becomes a hole. Whether anything in it is sensitive.
fn write(value: &Value, out: &mut Vec<Piece>) -> bool {
    let quoted = |text: &str| serde_json::to_string(text).unwrap_or_default();
    let known = |out: &mut Vec<Piece>, text: String| out.push(Piece::Known(text.into()));
    let mut sensitive = value.sensitive;
    match &value.kind {
        Kind::Absent | Kind::Null => known(out, "null".to_owned()),
        Kind::Bool(b) => known(out, b.to_string()),
        Kind::Number(n) => known(out, n.to_string()),
        Kind::String(s) => known(out, quoted(s)),
        Kind::Partial(text) => {
            known(out, "\"".to_owned());
            for piece in text.pieces() {
                match piece {
                    Piece::Known(s) => {
                        let inner = quoted(s);
                        let inner = inner.strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap_or("");
                        known(out, inner.to_owned());
                    }
                    hole @ Piece::Hole(_) => out.push(hole.clone()),
                }
            }
            known(out, "\"".to_owned());
        }
        Kind::AfterApply(_) => {
            known(out, "\"".to_owned());
            out.push(Piece::Hole(value.clone()));
            known(out, "\"".to_owned());
        }
        Kind::List(list) => {
            known(out, "[".to_owned());
            for (i, item) in list.items.iter().enumerate() {
                if i > 0 {
                    known(out, ",".to_owned());
                }
                sensitive |= write(item, out);
            }
            if let Some(cause) = &list.open {
                out.push(Piece::Hole(Value::unknown(cause.clone())));
            }
            known(out, "]".to_owned());
        }
        Kind::Map(map) => {
            known(out, "{".to_owned());
            for (i, (key, item)) in map.entries.iter().enumerate() {
                known(out, format!("{}{}:", if i > 0 { "," } else { "" }, quoted(key)));
                sensitive |= write(item, out);
            }
            if let Rest::Open(cause) = &map.rest {
                out.push(Piece::Hole(Value::unknown(cause.clone())));
            }
            known(out, "}".to_owned());
        }
        Kind::Choice(_) | Kind::Unknown(_) => out.push(Piece::Hole(value.clone())),
    }
    sensitive
}
