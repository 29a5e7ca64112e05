//! Dynamic references: `{{resolve:service:...}}`, resolved when the stack is deployed.

use crate::source::Span;
use crate::value::{Cause, CauseKind, Kind, Piece, Text, Value};

const OPEN: &str = "{{resolve:";

/// The value with every dynamic reference in it replaced by a hole.
pub(super) fn resolve(value: Value, span: Span) -> Value {
    match &value.kind {
        Kind::String(s) if s.contains(OPEN) => {
            let joined = replace(&[Piece::Known(s.clone())], span);
            joined.with_trail(value.trail.clone()).marked(value.sensitive)
        }
        Kind::Partial(text) if text.pieces().iter().any(|p| matches!(p, Piece::Known(s) if s.contains(OPEN))) => {
            let joined = replace(text.pieces(), span);
            joined.with_trail(value.trail.clone()).marked(value.sensitive)
        }
        Kind::Choice(_) => value.map_arms(|v| resolve(v.clone(), span)),
        _ => value,
    }
}

fn replace(pieces: &[Piece], span: Span) -> Value {
    let mut out: Vec<Piece> = Vec::new();
    // The text of the reference so far, while one is open.
    let mut reference: Option<String> = None;
    for piece in pieces {
        let Piece::Known(known) = piece else {
            match &mut reference {
                Some(text) => text.push_str("..."),
                None => out.push(piece.clone()),
            }
            continue;
        };
        let mut rest = known.as_str();
        loop {
            if let Some(text) = &mut reference {
                let Some(end) = rest.find("}}") else {
                    text.push_str(rest);
                    break;
                };
                text.push_str(rest.get(..end).unwrap_or(""));
                out.push(hole(text, span));
                reference = None;
                rest = rest.get(end + 2..).unwrap_or("");
            } else {
                let Some(start) = rest.find(OPEN) else {
                    out.push(Piece::Known(rest.into()));
                    break;
                };
                out.push(Piece::Known(rest.get(..start).unwrap_or("").into()));
                reference = Some(String::new());
                rest = rest.get(start + OPEN.len()..).unwrap_or("");
            }
        }
    }
    if let Some(text) = reference {
        // Never closed: a string like any other, though its parts are lost where they were holes.
        out.push(Piece::Known(format!("{OPEN}{text}").into()));
    }
    // A string that is one reference and nothing else is that reference.
    let mut filled: Vec<Piece> = out.into_iter().filter(|p| !matches!(p, Piece::Known(s) if s.is_empty())).collect();
    if let [Piece::Hole(_)] = filled.as_slice()
        && let Some(Piece::Hole(value)) = filled.pop()
    {
        return value;
    }
    Text::join(filled)
}

fn hole(reference: &str, span: Span) -> Piece {
    let service = reference.split(':').next().unwrap_or("");
    let secret = matches!(service, "secretsmanager" | "ssm-secure");
    let what = format!("the dynamic reference {OPEN}{reference}}}}} is resolved by the deployment");
    Piece::Hole(Value::unknown(Cause::at(CauseKind::External, what, span)).written_at(span).marked(secret))
}
