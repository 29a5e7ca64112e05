//! YAML: `yamldecode` and `yamlencode`.

use super::args::{MAX_DEPTH, MAX_STRING, Outcome, Stop, is_sensitive_within, text_result, too_long};
use super::json::quoted;
use super::types::sorted;
use crate::expr::Call;
use crate::value::{Entries, Kind, Number, Str, Value};
use rustc_hash::FxHashMap;
use saphyr_parser::{Event, Parser, ScalarStyle, Tag};

/// Nodes that a document may grow to once its aliases are expanded.
const MAX_NODES: usize = 200_000;

pub(super) fn yamldecode(call: &Call<'_>) -> Outcome {
    let text = call.text(0)?;
    let mut reader = Reader { anchors: FxHashMap::default(), nodes: 0, documents: 0 };
    let mut stack: Vec<Open> = Vec::new();
    let mut root: Option<Value> = None;
    for event in Parser::new_from_str(&text) {
        let Ok((event, _)) = event else { return Err("the string is not YAML".into()) };
        let done = match event {
            Event::DocumentStart(_) => {
                reader.documents += 1;
                if reader.documents > 1 {
                    return Err("the string holds more than one YAML document".into());
                }
                None
            }
            Event::Scalar(text, style, anchor, tag) => {
                let value = scalar(&text, style, tag.as_deref())?;
                let merge = text == "<<" && style == ScalarStyle::Plain && tag.is_none();
                reader.keep(anchor, &value);
                Some((value, merge))
            }
            Event::SequenceStart(anchor, _) => {
                stack.push(Open::new(anchor, false));
                None
            }
            Event::MappingStart(anchor, _) => {
                stack.push(Open::new(anchor, true));
                None
            }
            Event::SequenceEnd | Event::MappingEnd => match stack.pop() {
                Some(open) => {
                    let anchor = open.anchor;
                    let value = open.close();
                    reader.keep(anchor, &value);
                    Some((value, false))
                }
                None => None,
            },
            Event::Alias(anchor) => {
                let Some((value, size)) = reader.anchors.get(&anchor).cloned() else {
                    return Err("the YAML text refers to an anchor inside itself".into());
                };
                reader.nodes += size;
                Some((value, false))
            }
            _ => None,
        };
        reader.nodes += 1;
        if reader.nodes > MAX_NODES {
            return Err("the YAML text has too many nodes".into());
        }
        if stack.len() > MAX_DEPTH {
            return Err("the YAML text is nested too deep".into());
        }
        if let Some((value, merge)) = done {
            match stack.last_mut() {
                Some(open) => open.add(value, merge)?,
                None => root = Some(value),
            }
        }
    }
    root.ok_or_else(|| Stop::from("the YAML text is empty"))
}

struct Reader {
    /// Anchored values with their sizes.
    anchors: FxHashMap<usize, (Value, usize)>,
    nodes: usize,
    documents: usize,
}

impl Reader {
    fn keep(&mut self, anchor: usize, value: &Value) {
        if anchor != 0 {
            let size = count(value, MAX_NODES);
            self.anchors.insert(anchor, (value.clone(), size));
        }
    }
}

/// The number of values in a value, counted up to a bound.
fn count(value: &Value, bound: usize) -> usize {
    let mut total = 1usize;
    let mut add = |item: &Value| {
        if total < bound {
            total += count(item, bound - total);
        }
    };
    match &value.kind {
        Kind::List(list) => list.items.iter().for_each(&mut add),
        Kind::Map(map) => map.entries.values().for_each(&mut add),
        _ => {}
    }
    total
}

/// A list or map whose end was not read yet.
struct Open {
    anchor: usize,
    items: Vec<Value>,
    entries: Entries,
    /// What merge keys bring: written keys win over it.
    merged: Entries,
    key: Option<(Str, bool)>,
    map: bool,
}

impl Open {
    fn new(anchor: usize, map: bool) -> Self {
        Self { anchor, items: Vec::new(), entries: Entries::default(), merged: Entries::default(), key: None, map }
    }

    fn add(&mut self, value: Value, merge: bool) -> Outcome<()> {
        if !self.map {
            self.items.push(value);
            return Ok(());
        }
        match self.key.take() {
            None => {
                let Ok(key) = super::args::primitive_text(&value) else {
                    return Err("a key in the YAML text is not a string".into());
                };
                self.key = Some((key, merge));
            }
            Some((_, true)) => self.merge(&value)?,
            Some((key, false)) => {
                // The last one counts.
                self.entries.insert(key, value);
            }
        }
        Ok(())
    }

    fn merge(&mut self, value: &Value) -> Outcome<()> {
        match &value.kind {
            Kind::Map(map) => {
                for (key, value) in &map.entries {
                    self.merged.entry(key.clone()).or_insert_with(|| value.clone());
                }
                Ok(())
            }
            Kind::List(list) => list.items.iter().try_for_each(|item| match item.kind {
                Kind::Map(_) => self.merge(item),
                _ => Err(Stop::from("a merge key in the YAML text needs maps")),
            }),
            _ => Err("a merge key in the YAML text needs a map".into()),
        }
    }

    fn close(self) -> Value {
        if !self.map {
            return Value::list(self.items);
        }
        let mut entries = self.merged;
        entries.extend(self.entries);
        Value::map(entries)
    }
}

/// A scalar as Terraform resolves it: YAML 1.2 with the truth values and timestamps of YAML 1.1.
fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Outcome {
    if let Some(tag) = tag.filter(|_| style == ScalarStyle::Plain) {
        return match (tag.handle.as_str(), tag.suffix.as_str()) {
            (_, "str" | "tag:yaml.org,2002:str" | "!" | "") => Ok(text.into()),
            ("tag:yaml.org,2002:" | "!!", "binary") => {
                Ok(text.chars().filter(|c| !c.is_ascii_whitespace()).collect::<String>().into())
            }
            ("tag:yaml.org,2002:" | "!!", "int" | "float" | "bool" | "null" | "timestamp") => Ok(plain(text)),
            _ => Err("the YAML text has a tag that is not supported".into()),
        };
    }
    if style != ScalarStyle::Plain {
        return Ok(text.into());
    }
    Ok(plain(text))
}

fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::null(),
        "true" | "True" | "TRUE" | "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => return true.into(),
        "false" | "False" | "FALSE" | "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => return false.into(),
        _ => {}
    }
    if let Some(number) = number(text) {
        return number.into();
    }
    timestamp(text).map_or_else(|| text.into(), Value::from)
}

fn number(text: &str) -> Option<Number> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        if let Some(digits) = digits.strip_prefix(prefix) {
            let plain = !digits.is_empty() && digits.bytes().all(|b| char::from(b).is_digit(radix));
            return plain.then(|| i64::from_str_radix(digits, radix).ok()).flatten().map(|i| Number::Int(sign * i));
        }
    }
    let mut parts = digits.splitn(2, ['e', 'E']);
    let mantissa = parts.next()?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let numeric = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if !numeric(whole) || !numeric(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    let exponent = parts.next();
    if let Some(exponent) = exponent {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if digits.is_empty() || !numeric(digits) {
            return None;
        }
    }
    let whole = if whole.is_empty() { "0" } else { whole };
    let fraction = if fraction.is_empty() { "0" } else { fraction };
    let sign = if sign < 0 { "-" } else { "" };
    if exponent.is_none() && !mantissa.contains('.') {
        return Number::parse(&format!("{sign}{whole}"));
    }
    Number::parse(&format!("{sign}{whole}.{fraction}e{}", exponent.unwrap_or("0")))
}

/// A date or a time becomes RFC 3339; a policy's `Version: 2012-10-17` does so in Terraform, too.
fn timestamp(text: &str) -> Option<String> {
    let digits =
        |s: &str, from: usize, to: usize| (from..=to).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit());
    let (year, rest) = text.split_once('-')?;
    let (month, rest) = rest.split_once('-')?;
    if !digits(year, 4, 4) || !digits(month, 1, 2) {
        return None;
    }
    let length = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (day, rest) = rest.split_at_checked(length)?;
    if !digits(day, 1, 2) {
        return None;
    }
    let date = format!("{year}-{month:0>2}-{day:0>2}");
    if rest.is_empty() {
        return super::time::is_valid(&format!("{date}T00:00:00Z")).then(|| format!("{date}T00:00:00Z"));
    }
    let zoned = rest.starts_with(['T', 't']);
    let clock = rest.strip_prefix(['T', 't', ' '])?;
    let end = clock.find(['Z', '+', '-']).unwrap_or(clock.len());
    let (clock, zone) = clock.split_at_checked(end)?;
    if zoned == zone.is_empty() {
        return None;
    }
    let (clock, fraction) = match clock.split_once('.') {
        Some((clock, fraction)) => (clock, format!(".{fraction}")),
        None => (clock, String::new()),
    };
    let mut parts = clock.splitn(3, ':');
    let (hour, minute, second) = (parts.next()?, parts.next()?, parts.next()?);
    let zone = if zone.is_empty() { "Z" } else { zone };
    let padded = format!("{date}T{hour:0>2}:{minute:0>2}:{second:0>2}{fraction}{zone}");
    super::time::is_valid(&padded).then(|| format!("{date}T{hour:0>2}:{minute:0>2}:{second:0>2}{zone}"))
}

pub(super) fn yamlencode(call: &Call<'_>) -> Outcome {
    let value = call.any(0)?;
    let mut out = String::new();
    write(value, 0, Place::Line, &mut out, 0)?;
    if matches!(value.kind, Kind::Null | Kind::Absent | Kind::Bool(_) | Kind::Number(_)) {
        // A plain scalar alone needs the end of the document.
        out.push_str("...\n");
    }
    Ok(text_result(out)?.marked(is_sensitive_within(value, 0)))
}

/// Where a value is written.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// At the start of a line, after the indentation.
    Line,
    /// Behind `- `.
    Item,
    /// Behind `key:`.
    Key,
}

fn indent(out: &mut String, depth: usize) {
    for _ in 0..depth {
        out.push_str("  ");
    }
}

fn line(out: &mut String, space: &str, text: &str) {
    out.push_str(space);
    out.push_str(text);
    out.push('\n');
}

fn write(value: &Value, column: usize, place: Place, out: &mut String, depth: usize) -> Outcome<()> {
    if depth > MAX_DEPTH {
        return Err("the value is nested too deep".into());
    }
    if out.len() > MAX_STRING {
        return Err(too_long());
    }
    let space = if place == Place::Key { " " } else { "" };
    match &value.kind {
        Kind::List(list) if !list.items.is_empty() => {
            if place == Place::Key {
                out.push('\n');
            }
            // A list behind a key is not indented.
            for (at, item) in list.items.iter().enumerate() {
                if at > 0 || place == Place::Key {
                    indent(out, column);
                }
                out.push_str("- ");
                write(item, column + 1, Place::Item, out, depth + 1)?;
            }
        }
        Kind::Map(map) if !map.entries.is_empty() => {
            let column = if place == Place::Key { column + 1 } else { column };
            if place == Place::Key {
                out.push('\n');
            }
            for (at, (key, item)) in sorted(map).into_iter().enumerate() {
                if at > 0 || place == Place::Key {
                    indent(out, column);
                }
                out.push_str(&yaml_quoted(key));
                out.push(':');
                write(item, column, Place::Key, out, depth + 1)?;
            }
        }
        Kind::List(_) => line(out, space, "[]"),
        Kind::Map(_) => line(out, space, "{}"),
        Kind::Null | Kind::Absent => line(out, space, "null"),
        Kind::Bool(b) => line(out, space, &b.to_string()),
        Kind::Number(n) => line(out, space, &n.to_string()),
        Kind::String(s) if s.contains('\n') && is_block(s) => {
            // Behind a key or a dash the block is one step further in.
            let column = if place == Place::Key { column + 1 } else { column };
            out.push_str(space);
            block(s, column.max(1), out);
        }
        Kind::String(s) => line(out, space, &yaml_quoted(s)),
        _ => return Err("the value is not wholly known".into()),
    }
    Ok(())
}

/// Whether a text of several lines can be written as a block.
fn is_block(text: &str) -> bool {
    text.chars().all(|c| c == '\n' || !c.is_control()) && !text.starts_with([' ', '\n'])
}

fn block(text: &str, column: usize, out: &mut String) {
    let body = text.trim_end_matches('\n');
    let ends = text.len() - body.len();
    out.push_str(match ends {
        0 => "|-\n",
        1 => "|\n",
        _ => "|+\n",
    });
    for line in body.split('\n') {
        if !line.is_empty() {
            indent(out, column);
            out.push_str(line);
        }
        out.push('\n');
    }
    for _ in 1..ends {
        out.push('\n');
    }
}

/// A string between double quotation marks. YAML needs fewer escapes than JSON in Go.
fn yaml_quoted(text: &str) -> String {
    if text.chars().any(char::is_control) {
        return quoted(text);
    }
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
