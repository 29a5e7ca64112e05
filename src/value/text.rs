//! Strings of which only parts are known.

use super::{Kind, Str, Value};

/// A part of a [`Text`].
#[derive(Clone, Debug)]
pub enum Piece {
    /// Known characters.
    Known(Str),
    /// A part that is not known: an `Unknown`, `AfterApply` or `Choice`.
    Hole(Value),
}

/// A string with holes. At least one hole; no two known pieces in a row; no empty known piece.
#[derive(Clone, Debug)]
pub struct Text(Vec<Piece>);

impl Text {
    /// Joins pieces to a string value: known whole when no hole is left.
    pub fn join(pieces: impl IntoIterator<Item = Piece>) -> Value {
        let mut out: Vec<Piece> = Vec::new();
        let mut known = String::new();
        for piece in pieces {
            match piece {
                Piece::Known(s) => known.push_str(&s),
                Piece::Hole(value) => match value.kind {
                    Kind::Partial(text) => {
                        for piece in &text.0 {
                            match piece {
                                Piece::Known(s) => known.push_str(s),
                                hole @ Piece::Hole(_) => {
                                    flush(&mut out, &mut known);
                                    out.push(hole.clone());
                                }
                            }
                        }
                    }
                    _ => {
                        flush(&mut out, &mut known);
                        out.push(Piece::Hole(value));
                    }
                },
            }
        }
        if out.is_empty() {
            return Kind::String(known.into()).into();
        }
        flush(&mut out, &mut known);
        let sensitive = out.iter().any(|p| matches!(p, Piece::Hole(v) if v.sensitive));
        Value::from(Kind::Partial(std::sync::Arc::new(Text(out)))).marked(sensitive)
    }

    /// The pieces in order.
    pub fn pieces(&self) -> &[Piece] {
        &self.0
    }

    /// The holes in order.
    pub fn holes(&self) -> impl Iterator<Item = &Value> {
        self.0.iter().filter_map(|p| match p {
            Piece::Hole(v) => Some(v),
            Piece::Known(_) => None,
        })
    }

    /// The known characters at the start.
    pub fn prefix(&self) -> &str {
        match self.0.first() {
            Some(Piece::Known(s)) => s,
            _ => "",
        }
    }

    /// The known characters at the end.
    pub fn suffix(&self) -> &str {
        match self.0.last() {
            Some(Piece::Known(s)) => s,
            _ => "",
        }
    }

    /// Whether some filling of the holes gives `whole`.
    pub fn may_equal(&self, whole: &str) -> bool {
        let (prefix, suffix) = (self.prefix(), self.suffix());
        let Some(rest) = whole.strip_prefix(prefix) else { return false };
        let Some(mut rest) = rest.strip_suffix(suffix) else { return false };
        let last = self.0.len() - 1;
        for (i, piece) in self.0.iter().enumerate() {
            if let Piece::Known(s) = piece
                && i != 0
                && i != last
            {
                match rest.find(s.as_str()) {
                    Some(at) => rest = &rest[at + s.len()..],
                    None => return false,
                }
            }
        }
        true
    }

    /// Whether some filling of the holes may make two texts equal; judged on their ends alone.
    pub fn may_overlap(&self, other: &Text) -> bool {
        let (a, b) = (self.prefix(), other.prefix());
        let (y, z) = (self.suffix(), other.suffix());
        (a.starts_with(b) || b.starts_with(a)) && (y.ends_with(z) || z.ends_with(y))
    }

    /// Whether both have the same pieces.
    pub fn same(&self, other: &Text) -> bool {
        self.0.len() == other.0.len()
            && self.0.iter().zip(&other.0).all(|(a, b)| match (a, b) {
                (Piece::Known(x), Piece::Known(y)) => x == y,
                (Piece::Hole(x), Piece::Hole(y)) => x.same(y),
                _ => false,
            })
    }
}

fn flush(out: &mut Vec<Piece>, known: &mut String) {
    if !known.is_empty() {
        out.push(Piece::Known(std::mem::take(known).into()));
    }
}
