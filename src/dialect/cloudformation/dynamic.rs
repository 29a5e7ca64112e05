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
    // The pieces of the reference so far, while one is open.
    let mut reference: Option<Vec<Piece>> = None;
    for piece in pieces {
        let Piece::Known(known) = piece else {
            reference.as_mut().unwrap_or(&mut out).push(piece.clone());
            continue;
        };
        let mut rest = known.as_str();
        loop {
            if let Some(parts) = &mut reference {
                let Some(end) = rest.find("}}") else {
                    parts.push(Piece::Known(rest.into()));
                    break;
                };
                parts.push(Piece::Known(rest.get(..end).unwrap_or("").into()));
                out.push(hole(std::mem::take(parts), span));
                reference = None;
                rest = rest.get(end + 2..).unwrap_or("");
            } else {
                let Some(start) = rest.find(OPEN) else {
                    out.push(Piece::Known(rest.into()));
                    break;
                };
                out.push(Piece::Known(rest.get(..start).unwrap_or("").into()));
                reference = Some(Vec::new());
                rest = rest.get(start + OPEN.len()..).unwrap_or("");
            }
        }
    }
    if let Some(parts) = reference {
        // Never closed: a string like any other.
        out.push(Piece::Known(OPEN.into()));
        out.extend(parts);
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

fn hole(parts: Vec<Piece>, span: Span) -> Piece {
    let reference: String = parts
        .iter()
        .map(|part| match part {
            Piece::Known(known) => known.as_str(),
            Piece::Hole(_) => "...",
        })
        .collect();
    let service = reference.split(':').next().unwrap_or("");
    let secret = matches!(service, "secretsmanager" | "ssm-secure");
    let what = format!("the dynamic reference {OPEN}{reference}}}}} is resolved by the deployment");
    let value = Value::unknown(Cause::at(CauseKind::External, what, span)).written_at(span).marked(secret);
    if !matches!(service, "ssm" | "ssm-secure") {
        return Piece::Hole(value);
    }
    let name = Text::join(without_prefix(parts, service.len() + 1));
    Piece::Hole(value.stored_under(name))
}

/// The pieces behind so many bytes of the first.
fn without_prefix(mut parts: Vec<Piece>, length: usize) -> Vec<Piece> {
    if let Some(Piece::Known(first)) = parts.first_mut() {
        *first = first.get(length..).unwrap_or("").into();
    }
    parts
}
