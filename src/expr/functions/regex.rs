//! Regular expressions: Go's RE2 syntax on the `regex` crate.

use super::args::{
    MAX_DEPTH, MAX_JOINED, MAX_STRING, Outcome, Stop, is_small, primitive_text, text_result, too_long, too_many,
    unknown_like,
};
use crate::expr::Call;
use crate::value::{Entries, Kind, List, Map, Piece, Str, Text, Value};
use ::regex::{Captures, Regex, RegexBuilder};
use std::cell::RefCell;
use std::sync::Arc;

/// Compiled programs larger than this are refused.
const MAX_PROGRAM: usize = 2_000_000;

thread_local! {
    /// The last pattern: `for` expressions use the same one again and again.
    static LAST: RefCell<Option<(Str, Regex)>> = const { RefCell::new(None) };
}

fn compile(pattern: &Str) -> Outcome<Regex> {
    let cached = LAST.with_borrow(|last| last.as_ref().filter(|(p, _)| p == pattern).map(|(_, r)| r.clone()));
    if let Some(regex) = cached {
        return Ok(regex);
    }
    let translated = translate(pattern)?;
    let regex = RegexBuilder::new(&translated)
        .size_limit(MAX_PROGRAM)
        .nest_limit(100)
        .build()
        .map_err(|_| Stop::from("the regular expression cannot be compiled"))?;
    LAST.with_borrow_mut(|last| *last = Some((pattern.clone(), regex.clone())));
    Ok(regex)
}

/// What stands at the end of the pattern that was translated so far.
#[derive(PartialEq)]
enum Before {
    Nothing,
    Atom,
    Repetition,
    LazyRepetition,
}

/// Rewrites a pattern in Go's syntax so that the `regex` crate means the same by it.
fn translate(pattern: &str) -> Outcome<String> {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    let mut before = Before::Nothing;
    while let Some(c) = rest.chars().next() {
        let tail = rest.get(c.len_utf8()..).unwrap_or_default();
        match c {
            '\\' => {
                if let Some(quoted) = tail.strip_prefix('Q') {
                    let (literal, behind) = quoted.split_once("\\E").unwrap_or((quoted, ""));
                    out.push_str(&::regex::escape(literal));
                    rest = behind;
                } else {
                    rest = escape(tail, false, &mut out)?;
                }
                before = Before::Atom;
                continue;
            }
            '[' => {
                rest = class(tail, &mut out)?;
                before = Before::Atom;
                continue;
            }
            '*' | '+' | '?' => {
                match before {
                    Before::Repetition if c == '?' => before = Before::LazyRepetition,
                    Before::Repetition | Before::LazyRepetition => {
                        return Err("the regular expression repeats a repetition".into());
                    }
                    Before::Nothing => return Err("the regular expression repeats nothing".into()),
                    Before::Atom => before = Before::Repetition,
                }
                out.push(c);
            }
            '{' => {
                if let Some(length) = counted(tail) {
                    if before != Before::Atom {
                        return Err("the regular expression repeats a repetition".into());
                    }
                    out.push('{');
                    out.push_str(tail.get(..length).unwrap_or_default());
                    rest = tail.get(length..).unwrap_or_default();
                    before = Before::Repetition;
                    continue;
                }
                out.push_str("\\{");
                before = Before::Atom;
            }
            '(' => {
                out.push('(');
                before = Before::Nothing;
                // The question mark of `(?:` or `(?P<name>` is no repetition.
                if let Some(flags) = tail.strip_prefix('?') {
                    if flags.starts_with(['=', '!']) || flags.starts_with("<=") || flags.starts_with("<!") {
                        return Err("the regular expression looks around, which RE2 does not support".into());
                    }
                    out.push('?');
                    rest = flags;
                    continue;
                }
            }
            '|' => {
                out.push('|');
                before = Before::Nothing;
            }
            '}' => {
                out.push_str("\\}");
                before = Before::Atom;
            }
            _ => {
                out.push(c);
                before = Before::Atom;
            }
        }
        rest = tail;
    }
    Ok(out)
}

/// The length of `n}`, `n,}` or `n,m}` at the start, brace included.
fn counted(text: &str) -> Option<usize> {
    let close = text.find('}')?;
    let inner = text.get(..close)?;
    let (low, high) = inner.split_once(',').unwrap_or((inner, ""));
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    (!low.is_empty() && digits(low) && digits(high)).then_some(close + 1)
}

/// Translates what follows a backslash; answers what follows the escape.
fn escape<'a>(tail: &'a str, in_class: bool, out: &mut String) -> Outcome<&'a str> {
    let Some(c) = tail.chars().next() else { return Err("the regular expression ends with a backslash".into()) };
    let behind = tail.get(c.len_utf8()..).unwrap_or_default();
    // Perl classes are ASCII in RE2.
    let perl = match c {
        'd' | 'D' => "0-9",
        'w' | 'W' => "0-9A-Za-z_",
        's' | 'S' => "\\t\\n\\x0C\\r ",
        _ => "",
    };
    match c {
        'd' | 'w' | 's' if in_class => out.push_str(perl),
        'd' | 'w' | 's' => {
            out.push('[');
            out.push_str(perl);
            out.push(']');
        }
        'D' | 'W' | 'S' => {
            out.push_str("[^");
            out.push_str(perl);
            out.push(']');
        }
        'b' if !in_class => out.push_str("(?-u:\\b)"),
        'B' if !in_class => out.push_str("(?-u:\\B)"),
        'C' | 'E' | 'G' | 'Z' | 'X' | 'R' | 'K' => {
            return Err(format!("the regular expression has the unknown escape \\{c}").into());
        }
        '1'..='9' => return Err("the regular expression refers back to a group, which RE2 does not support".into()),
        '0' => out.push_str("\\x00"),
        _ if c.is_ascii_punctuation() => out.push_str(&::regex::escape(c.encode_utf8(&mut [0; 4]))),
        _ => {
            out.push('\\');
            out.push(c);
        }
    }
    // `-`, `&` and `~` have a meaning inside classes that `regex::escape` covers as well.
    Ok(behind)
}

/// Translates a bracket class behind its `[`; answers what follows it.
fn class<'a>(tail: &'a str, out: &mut String) -> Outcome<&'a str> {
    out.push('[');
    let mut rest = tail;
    if let Some(behind) = rest.strip_prefix('^') {
        out.push('^');
        rest = behind;
    }
    if let Some(behind) = rest.strip_prefix(']') {
        out.push_str("\\]");
        rest = behind;
    }
    while let Some(c) = rest.chars().next() {
        let behind = rest.get(c.len_utf8()..).unwrap_or_default();
        match c {
            ']' => {
                out.push(']');
                return Ok(behind);
            }
            '\\' => {
                rest = escape(behind, true, out)?;
                continue;
            }
            '[' if behind.starts_with(':') && behind.contains(":]") => {
                let (name, after) = behind.split_once(":]").unwrap_or((behind, ""));
                out.push('[');
                out.push_str(name);
                out.push_str(":]");
                rest = after;
                continue;
            }
            '[' => out.push_str("\\["),
            '&' | '~' => {
                out.push('\\');
                out.push(c);
            }
            '-' if behind.starts_with('-') || out.ends_with('-') => out.push_str("\\-"),
            _ => out.push(c),
        }
        rest = behind;
    }
    Err("the regular expression lacks a closing bracket".into())
}

/// What a match becomes: the text, the groups in order, or the groups by name.
fn result(regex: &Regex, captures: &Captures<'_>) -> Value {
    let group = |index: usize| captures.get(index).map_or_else(Value::null, |m| m.as_str().into());
    if regex.captures_len() == 1 {
        return group(0);
    }
    if regex.capture_names().flatten().next().is_some() {
        let entries: Entries = regex
            .capture_names()
            .enumerate()
            .filter_map(|(i, name)| name.map(|name| (Str::from(name), group(i))))
            .collect();
        return Value::map(entries);
    }
    Value::list((1..regex.captures_len()).map(group).collect())
}

fn check_groups(regex: &Regex) -> Outcome<()> {
    let named = regex.capture_names().flatten().count();
    if named > 0 && named + 1 != regex.captures_len() {
        return Err("the regular expression mixes groups with and without names".into());
    }
    Ok(())
}

pub(super) fn regex(call: &Call<'_>) -> Outcome {
    let (pattern, text) = (call.text(0)?, call.text(1)?);
    let regex = compile(&pattern)?;
    check_groups(&regex)?;
    match regex.captures(&text) {
        Some(captures) => Ok(result(&regex, &captures)),
        None => Err("the pattern does not match any part of the string".into()),
    }
}

pub(super) fn regexall(call: &Call<'_>) -> Outcome {
    let (pattern, text) = (call.text(0)?, call.text(1)?);
    let regex = compile(&pattern)?;
    check_groups(&regex)?;
    let mut items = Vec::new();
    for captures in regex.captures_iter(&text) {
        if items.len().saturating_mul(regex.captures_len()) >= MAX_JOINED {
            return Err(too_many(MAX_JOINED));
        }
        items.push(result(&regex, &captures));
    }
    Ok(Value::list(items))
}

pub(super) fn replace(call: &Call<'_>) -> Outcome {
    let needle = call.text(1)?;
    let pattern = needle.strip_prefix('/').and_then(|s| s.strip_suffix('/'));
    if let Some(pattern) = pattern {
        let with = call.text(2)?;
        let pieces = call.pieces(0)?;
        let regex = compile(&pattern.into())?;
        let ([] | [Piece::Known(_)]) = pieces.as_slice() else { return Err(unknown_part(&pieces)) };
        let text = call.text(0)?;
        if text.len().saturating_add(1).saturating_mul(with.len()) > MAX_STRING
            && text.len() + regex.find_iter(&text).count().saturating_mul(with.len() + text.len()) > MAX_STRING
        {
            return Err(too_long());
        }
        return text_result(regex.replace_all(&text, with.as_str()).into_owned());
    }
    let with = with_pieces(call)?;
    let exchange = Exchange { needle: &needle, with: &with };
    let source = call.value(0)?;
    // A document that a text was made from is one still, with the exchange made in its strings.
    let document = source.encoded().filter(|d| is_small([*d])).and_then(|d| exchange.inside(d, 0));
    let text = call.pieces(0).and_then(|pieces| exchange.text(&pieces));
    match (text, document) {
        (text, None) => text,
        (Ok(text) | Err(Stop::Unknown(text)), Some(document)) => Ok(text.encoding(&document)),
        (Err(stop), Some(_)) => Err(stop),
    }
}

/// The last argument of `replace`; what is not known of it is a hole.
fn with_pieces(call: &Call<'_>) -> Outcome<Vec<Piece>> {
    let with = call.value(2)?;
    if with.is_unknown() { Ok(vec![Piece::Hole(with.clone())]) } else { call.pieces(2) }
}

/// A text that is put in the place of another.
struct Exchange<'a> {
    needle: &'a str,
    with: &'a [Piece],
}

impl Exchange<'_> {
    /// A known piece with the exchange made.
    fn known(&self, text: &str, out: &mut Vec<Piece>) -> Outcome<()> {
        let each: usize = self.with.iter().map(|p| if let Piece::Known(s) = p { s.len() } else { 1 }).sum();
        if (text.len() / self.needle.len().max(1) + 1).saturating_mul(each) > MAX_STRING {
            return Err(too_long());
        }
        if let [Piece::Known(with)] = self.with {
            out.push(Piece::Known(text.replace(self.needle, with).into()));
            return Ok(());
        }
        for (i, part) in text.split(self.needle).enumerate() {
            if i > 0 {
                out.extend(self.with.iter().cloned());
            }
            out.push(Piece::Known(part.into()));
        }
        Ok(())
    }

    /// A string in pieces; what stands in a hole may be exchanged too.
    fn text(&self, pieces: &[Piece]) -> Outcome {
        if pieces.len() > 1 && pieces.iter().any(|p| matches!(p, Piece::Known(s) if may_straddle(s, self.needle))) {
            return Err(unknown_part(pieces));
        }
        let mut out = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Known(text) => self.known(text, &mut out)?,
                Piece::Hole(hole) => out.push(Piece::Hole(unknown_like(hole))),
            }
        }
        Ok(Text::join(out))
    }

    /// The exchange in all strings of a document. `None`: it may change more than strings, or break them.
    fn inside(&self, value: &Value, depth: usize) -> Option<Value> {
        let plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "_-./:@$%+={}".contains(c));
        let breaks =
            |p: &Piece| matches!(p, Piece::Known(s) if s.contains(['"', '\\']) || s.contains(char::is_control));
        if self.needle.is_empty() || !plain(self.needle) || self.with.iter().any(breaks) || depth > MAX_DEPTH {
            return None;
        }
        let kind = match &value.kind {
            Kind::String(text) if !text.contains(self.needle) => return Some(value.clone()),
            Kind::String(text) => self.text(&[Piece::Known(text.clone())]).ok()?.kind,
            // What a hole in a string is, is not a part of it that is exchanged: a placeholder stands in the source.
            Kind::Partial(text) => {
                let mut out = Vec::new();
                for piece in text.pieces() {
                    match piece {
                        Piece::Known(text) => self.known(text, &mut out).ok()?,
                        hole @ Piece::Hole(_) => out.push(hole.clone()),
                    }
                }
                Text::join(out).kind
            }
            Kind::Bool(_) | Kind::Number(_) | Kind::Null => {
                let text = primitive_text(value).unwrap_or_else(|_| "null".into());
                return (!text.contains(self.needle)).then(|| value.clone());
            }
            Kind::Absent | Kind::Unknown(_) | Kind::AfterApply(_) => return Some(value.clone()),
            Kind::List(list) => {
                let items: Option<Vec<Value>> = list.items.iter().map(|v| self.inside(v, depth + 1)).collect();
                Kind::List(Arc::new(List { items: items?, ..List::clone(list) }))
            }
            Kind::Map(map) => {
                let mut entries = Entries::default();
                for (key, value) in &map.entries {
                    let key = self.text(&[Piece::Known(key.clone())]).ok()?;
                    entries.insert(key.as_str()?.into(), self.inside(value, depth + 1)?);
                }
                Kind::Map(Arc::new(Map { entries, rest: map.rest.clone() }))
            }
            Kind::Choice(_) => {
                let mut whole = true;
                let arms = value.map_arms(|arm| {
                    let changed = self.inside(arm, depth + 1);
                    whole &= changed.is_some();
                    changed.unwrap_or_else(|| arm.clone())
                });
                return whole.then_some(arms);
            }
        };
        Some(Value { kind, made_from: None, ..value.clone() })
    }
}

fn unknown_part(pieces: &[Piece]) -> Stop {
    let hole = pieces.iter().find_map(|p| match p {
        Piece::Hole(hole) => Some(unknown_like(hole)),
        Piece::Known(_) => None,
    });
    Stop::Unknown(hole.unwrap_or_else(|| "".into()))
}

/// Whether `needle` may begin or end outside of a known piece that stands beside a hole.
fn may_straddle(piece: &str, needle: &str) -> bool {
    if needle.chars().count() == 1 {
        return false;
    }
    needle.is_empty()
        || needle.contains(piece)
        || needle.char_indices().skip(1).any(|(at, _)| {
            let (head, tail) = needle.split_at(at);
            piece.ends_with(head) || piece.starts_with(tail)
        })
}

#[cfg(test)]
mod tests {
    use super::translate;

    #[test]
    fn go_patterns_are_translated() {
        let cases = [
            (r"^a+?$", r"^a+?$"),
            (r"\d+", "[0-9]+"),
            (r"[\d-]", "[0-9-]"),
            (r"\Qa.b\E+", r"a\.b+"),
            ("a{,2}", r"a\{,2\}"),
            ("a{2,3}", "a{2,3}"),
            ("[[]", r"[\[]"),
            ("[]a]", r"[\]a]"),
            ("[[:alpha:]_]", "[[:alpha:]_]"),
            ("[a&&b]", r"[a\&\&b]"),
            ("(?P<n>x)", "(?P<n>x)"),
        ];
        for (go, rust) in cases {
            assert_eq!(translate(go).ok().as_deref(), Some(rust), "{go}");
        }
        for bad in ["a**", "*a", "(?=a)", "[a", r"(a)\1", "a+++"] {
            assert!(translate(bad).is_err(), "{bad}");
        }
    }
}
