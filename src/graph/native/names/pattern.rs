//! Patterns of names: literal text and the placeholders `{region}`, `{env}`, `{sep}` and `{words}`.

use super::super::automaton::{Matcher, Unit, compile};
use super::super::verdict::Verdict;
use super::region::{WELL_FORMED, is_region};
use crate::value::{Kind, Piece, Str, Truth, Value, to_text};
use std::fmt::Write as _;
use std::rc::Rc;

/// What stands between the words of a name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Separator {
    /// Hyphens or underscores, but not both in one name.
    Either,
    Hyphen,
    Underscore,
}

impl Separator {
    /// Reads the word of the configuration; unset is either.
    pub fn read(value: &Value) -> Result<Separator, Str> {
        match &value.kind {
            Kind::Absent | Kind::Null => Ok(Separator::Either),
            Kind::String(s) if s == "either" => Ok(Separator::Either),
            Kind::String(s) if s == "hyphen" => Ok(Separator::Hyphen),
            Kind::String(s) if s == "underscore" => Ok(Separator::Underscore),
            _ => Err("the separator must be either, hyphen or underscore".into()),
        }
    }

    fn characters(self) -> &'static [char] {
        match self {
            Separator::Either => &['-', '_'],
            Separator::Hyphen => &['-'],
            Separator::Underscore => &['_'],
        }
    }
}

/// A pattern of names with what its placeholders stand for.
pub(super) struct Pattern {
    matcher: Rc<Matcher>,
    /// The code of the region of the resource, if it is known.
    region: Option<Str>,
}

impl Pattern {
    /// Reads a pattern. Without environments any word is one.
    pub fn new(pattern: &str, region: Option<Str>, separator: Separator, environments: &[Str]) -> Result<Pattern, Str> {
        let one = |separator: char| translate(pattern, region.as_deref(), separator, environments);
        let all: Vec<String> = separator.characters().iter().map(|c| one(*c)).collect::<Result<_, Str>>()?;
        let matcher = compile(&format!("^(?:{})$", all.join("|")))
            .ok_or_else(|| Str::from(format!("the pattern {pattern:?} is too large")))?;
        Ok(Pattern { matcher, region })
    }

    /// Whether a name has the pattern.
    pub fn judge(&self, name: &Value) -> Verdict {
        let name = to_text(name);
        let Kind::Partial(text) = &name.kind else { return self.matcher.judge(&name) };
        let code = compile(&format!("^(?:{WELL_FORMED})$"));
        let units: Vec<Unit<'_>> = text
            .pieces()
            .iter()
            .map(|piece| match (piece, &self.region, &code) {
                (Piece::Known(s), _, _) => Unit::Known(s),
                // The region of the resource, by another name.
                (Piece::Hole(hole), Some(region), _) if is_region(hole) => Unit::Known(region),
                (Piece::Hole(hole), None, Some(code)) if is_region(hole) => Unit::Of(code),
                _ => Unit::Any,
            })
            .collect();
        match self.matcher.on_units(&units) {
            Truth::Undetermined => Verdict::unknown(&name),
            decided => Verdict::of(decided == Truth::Yes, &name.trail),
        }
    }
}

fn translate(pattern: &str, region: Option<&str>, separator: char, environments: &[Str]) -> Result<String, Str> {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some((literal, behind)) = rest.split_once('{') {
        out.push_str(&regex::escape(literal));
        let Some((name, behind)) = behind.split_once('}') else {
            return Err(format!("the pattern {pattern:?} lacks a closing brace").into());
        };
        match name {
            "region" => match region {
                Some(code) => out.push_str(&regex::escape(code)),
                None => {
                    let _ = write!(out, "(?:{WELL_FORMED})");
                }
            },
            "env" if environments.is_empty() => out.push_str("[a-z0-9]+"),
            "env" => {
                let all: Vec<String> = environments.iter().map(|e| regex::escape(e)).collect();
                let _ = write!(out, "(?:{})", all.join("|"));
            }
            "sep" => out.push_str(&regex::escape(separator.encode_utf8(&mut [0; 4]))),
            "words" => {
                let _ = write!(out, "[a-z0-9]+(?:{separator}[a-z0-9]+)*");
            }
            _ => return Err(format!("the pattern {pattern:?} has the unknown placeholder {{{name}}}").into()),
        }
        rest = behind;
    }
    out.push_str(&regex::escape(rest));
    Ok(out)
}
