//! Patterns of policies, in which `*` is any text and `?` any character, compared with one another.

use super::super::automaton::{compile, glob};
use super::super::verdict::Verdict;
use crate::value::{Kind, Piece, Text, Truth, Value};

/// Larger pairs of patterns are not compared.
const MAX_TABLE: usize = 1_000_000;

/// Whether some text matches both patterns.
pub(super) fn overlap(a: &str, b: &str) -> Truth {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let width = b.len() + 1;
    if (a.len() + 1).saturating_mul(width) > MAX_TABLE {
        return Truth::Undetermined;
    }
    // `row[j]`: whether what is left of `a` and `b[j..]` have a text in common; rows from the last character of `a`.
    let mut below = vec![false; width];
    for i in (0..=a.len()).rev() {
        let mut row = vec![false; width];
        for j in (0..width).rev() {
            let (x, y) = (a.get(i), b.get(j));
            let right = row.get(j + 1).copied().unwrap_or(false);
            let down = below.get(j).copied().unwrap_or(false);
            let both = below.get(j + 1).copied().unwrap_or(false);
            row[j] = match (x, y) {
                (None, None) => true,
                (Some('*'), Some('*')) => right || down,
                (Some('*'), Some(_)) => down || right,
                (Some(_), Some('*')) => right || down,
                (Some('*'), None) => down,
                (None, Some('*')) => right,
                (Some(x), Some(y)) => (x == y || *x == '?' || *y == '?') && both,
                _ => false,
            };
        }
        below = row;
    }
    Truth::from(below.first().copied().unwrap_or(false))
}

/// Whether every text that matches `inner` matches `outer`: for certain when it says so, as the wildcards of `inner`
/// are taken as characters.
pub(super) fn covers(outer: &str, inner: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (outer.chars().collect(), inner.chars().collect());
    let (mut p, mut t) = (0, 0);
    // Where to go on when the last `*` takes one character more.
    let mut retry = None;
    while let Some(c) = text.get(t) {
        match pattern.get(p) {
            Some('*') => {
                p += 1;
                retry = Some((p, t));
            }
            Some(x) if x == c || *x == '?' => {
                p += 1;
                t += 1;
            }
            _ => {
                let Some((star, from)) = retry else { return false };
                p = star;
                t = from + 1;
                retry = Some((star, t));
            }
        }
    }
    pattern.get(p..).is_some_and(|rest| rest.iter().all(|c| *c == '*'))
}

/// The text with every unknown part as `*`: what it may match.
fn widest(text: &Text) -> String {
    text.pieces()
        .iter()
        .map(|p| match p {
            Piece::Known(s) => s.as_str(),
            Piece::Hole(_) => "*",
        })
        .collect()
}

/// Whether a pattern of a statement and `other` have a text in common.
pub(super) fn pattern_overlaps(pattern: &Value, other: &str) -> Verdict {
    match &pattern.kind {
        Kind::String(text) => match overlap(text, other) {
            Truth::Undetermined => Verdict::unknown(pattern),
            decided => Verdict::of(decided == Truth::Yes, &pattern.trail),
        },
        Kind::Partial(text) => {
            if overlap(&widest(text), other) == Truth::No {
                Verdict::of(false, &pattern.trail)
            } else if compile(&glob(other)).is_some_and(|g| g.on_text(text) == Truth::Yes) {
                Verdict::of(true, &pattern.trail)
            } else {
                Verdict::unknown(pattern)
            }
        }
        Kind::Absent | Kind::Null => Verdict::of(false, &pattern.trail),
        _ => Verdict::unknown(pattern),
    }
}

/// Whether a pattern of a statement covers all of `other`.
pub(super) fn pattern_covers(pattern: &Value, other: &str) -> Verdict {
    match &pattern.kind {
        Kind::String(text) => Verdict::of(covers(text, other), &pattern.trail),
        Kind::Partial(text) if !covers(&widest(text), other) => Verdict::of(false, &pattern.trail),
        Kind::Absent | Kind::Null => Verdict::of(false, &pattern.trail),
        _ => Verdict::unknown(pattern),
    }
}

/// Whether all of a pattern of a statement is covered by `other`.
pub(super) fn pattern_within(pattern: &Value, other: &str) -> Verdict {
    match (&pattern.kind, compile(&glob(other))) {
        (Kind::String(text), Some(g)) => Verdict::of(g.is_match(text), &pattern.trail),
        (Kind::Partial(text), Some(g)) => match g.on_text(text) {
            Truth::Undetermined => Verdict::unknown(pattern),
            decided => Verdict::of(decided == Truth::Yes, &pattern.trail),
        },
        _ => Verdict::unknown(pattern),
    }
}

#[cfg(test)]
mod tests {
    use super::{covers, overlap};
    use crate::value::Truth;

    #[test]
    fn patterns_overlap() {
        let table = [
            ("s3:*", "s3:getobject", true),
            ("s3:*", "*:get*", true),
            ("s3:get*", "s3:*object", true),
            ("s3:get*", "s3:put*", false),
            ("iam:passrole", "iam:passrole", true),
            ("iam:passrole", "iam:pass", false),
            ("iam:pass????", "iam:passrole", true),
            ("iam:pass???", "iam:passrole", false),
            ("*", "", true),
            ("", "", true),
            ("a", "", false),
            ("?", "*", true),
            ("a*b", "*ab*", true),
            ("a*c", "b*c", false),
        ];
        for (a, b, expected) in table {
            assert_eq!(overlap(a, b), Truth::from(expected), "{a} {b}");
            assert_eq!(overlap(b, a), Truth::from(expected), "{b} {a}");
        }
        let long = "x".repeat(2_000);
        assert_eq!(overlap(&long, &long), Truth::Undetermined);
    }

    #[test]
    fn patterns_cover() {
        let table = [
            ("*", "iam:*", true),
            ("iam:*", "iam:*", true),
            ("iam:*", "iam:pass*", true),
            ("iam:pass*", "iam:*", false),
            ("*:get*", "s3:get*", true),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-b-b-", false),
            ("a?c", "abc", true),
            ("a?", "a", false),
            ("", "", true),
            ("", "a", false),
            ("**", "", true),
            ("a", "ab", false),
        ];
        for (outer, inner, expected) in table {
            assert_eq!(covers(outer, inner), expected, "{outer} {inner}");
        }
    }
}
