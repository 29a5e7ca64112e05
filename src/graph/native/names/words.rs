//! Names as words: lower-case, one separator, no abbreviations that have a longer form.

use super::pattern::Separator;
use super::region::{codes_in, is_region};
use crate::value::{Entries, Kind, Piece, Value, to_text};

/// What is wrong with a name for certain, in words, and a part of it that is not known.
pub(super) struct Judgement {
    pub faults: Vec<String>,
    pub unknown: Option<Value>,
}

/// A character of a name, or what stands there.
#[derive(Clone, Copy, PartialEq)]
enum Unit {
    Char(char),
    /// The code of a region: fixed text, whatever the separator.
    Region,
    /// Any text, perhaps none.
    Hole,
}

/// Judges a name. Slashes and dots separate segments that are judged alone. What a part that is not known touches is
/// judged only as far as no filling can change it.
pub(super) fn judge(name: &Value, separator: Separator, abbreviations: &Entries) -> Judgement {
    let name = to_text(name);
    let mut unknown = None;
    let mut units = Vec::new();
    match &name.kind {
        Kind::Absent | Kind::Null => {}
        Kind::String(text) => known(text, &mut units),
        Kind::Partial(text) => {
            for piece in text.pieces() {
                match piece {
                    Piece::Known(text) => known(text, &mut units),
                    Piece::Hole(hole) if is_region(hole) => units.push(Unit::Region),
                    Piece::Hole(_) => {
                        unknown = Some(name.clone());
                        units.push(Unit::Hole);
                    }
                }
            }
        }
        _ => unknown = Some(name.clone()),
    }
    Judgement { faults: faults(&units, separator, abbreviations), unknown }
}

fn known(text: &str, units: &mut Vec<Unit>) {
    let mut rest = text;
    for code in codes_in(text) {
        let Some((before, behind)) = rest.split_once(code.as_str()) else { continue };
        units.extend(before.chars().map(Unit::Char));
        units.push(Unit::Region);
        rest = behind;
    }
    units.extend(rest.chars().map(Unit::Char));
}

fn faults(units: &[Unit], separator: Separator, abbreviations: &Entries) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut add = |fault: String| {
        if !out.contains(&fault) {
            out.push(fault);
        }
    };
    let has =
        |segment: &[Unit], wanted: fn(char) -> bool| segment.iter().any(|u| matches!(u, Unit::Char(c) if wanted(*c)));
    if has(units, char::is_uppercase) {
        add("upper-case letters".to_owned());
    }
    if has(units, char::is_whitespace) {
        add("spaces".to_owned());
    }
    // A hole may end a segment.
    for segment in units.split(|u| matches!(u, Unit::Char('/' | '.') | Unit::Hole)) {
        let (hyphens, underscores) = (has(segment, |c| c == '-'), has(segment, |c| c == '_'));
        match separator {
            Separator::Either if hyphens && underscores => add("hyphens mixed with underscores".to_owned()),
            Separator::Hyphen if underscores => add("underscores".to_owned()),
            Separator::Underscore if hyphens => add("hyphens".to_owned()),
            _ => {}
        }
        let is_separator = |u: &Unit| matches!(u, Unit::Char('-' | '_'));
        if segment.windows(2).any(|pair| pair.iter().all(is_separator)) {
            add("doubled separators".to_owned());
        }
    }
    for word in words(units) {
        if let Some(meaning) = abbreviations.get(word.as_str()) {
            add(match meaning.as_str() {
                Some(meaning) => format!("{word} ({meaning})"),
                None => word,
            });
        }
    }
    out
}

/// The words that are known whole, in lower case: nothing unknown touches them.
fn words(units: &[Unit]) -> Vec<String> {
    let part = |u: &Unit| matches!(u, Unit::Char(c) if c.is_alphanumeric()) || matches!(u, Unit::Hole | Unit::Region);
    units
        .split(|u| !part(u))
        .filter(|word| !word.is_empty())
        .filter_map(|word| {
            word.iter()
                .map(|u| match u {
                    Unit::Char(c) => Some(c.to_ascii_lowercase()),
                    _ => None,
                })
                .collect()
        })
        .collect()
}
