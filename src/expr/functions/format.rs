//! `format` and `formatlist`.

use super::args::{MAX_STRING, Outcome, Stop, too_long, too_many, unknown_like, why};
use super::json::{encode, quoted};
use crate::expr::Call;
use crate::value::{Kind, List, Number, Piece, Text, Value, to_bool, to_number};
use unicode_segmentation::UnicodeSegmentation;

/// A verb of a format string with its modifiers.
#[derive(Default)]
#[allow(clippy::struct_excessive_bools)] // they are independent flags
struct Verb {
    zero: bool,
    sharp: bool,
    plus: bool,
    minus: bool,
    space: bool,
    width: Option<usize>,
    precision: Option<usize>,
    mode: char,
}

/// Widths and precisions above this are refused.
const MAX_WIDTH: usize = 10_000;

enum Part {
    Literal(String),
    Verb(Verb, usize),
}

/// Reads a format string; also answers how many arguments it needs.
fn parse(text: &str) -> Outcome<(Vec<Part>, usize)> {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut next = 0usize;
    let mut highest = 0usize;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            literal.push(c);
            continue;
        }
        if chars.next_if_eq(&'%').is_some() {
            literal.push('%');
            continue;
        }
        let mut verb = Verb::default();
        while let Some(flag) = chars.next_if(|c| matches!(c, '0' | '#' | '+' | '-' | ' ')) {
            match flag {
                '0' => verb.zero = true,
                '#' => verb.sharp = true,
                '+' => verb.plus = true,
                '-' => verb.minus = true,
                _ => verb.space = true,
            }
        }
        let digits = |chars: &mut std::iter::Peekable<std::str::Chars<'_>>| {
            let mut out: Option<usize> = None;
            while let Some(d) = chars.next_if(char::is_ascii_digit).and_then(|c| c.to_digit(10)) {
                out = Some(out.unwrap_or(0).saturating_mul(10).saturating_add(d as usize));
            }
            out
        };
        verb.width = digits(&mut chars);
        if chars.next_if_eq(&'.').is_some() {
            verb.precision = digits(&mut chars).or(Some(0));
        }
        if chars.next_if_eq(&'[').is_some() {
            let index = digits(&mut chars);
            match (index, chars.next()) {
                (Some(index), Some(']')) if index > 0 => next = index - 1,
                _ => return Err("an argument index in the format string is wrong".into()),
            }
        }
        if verb.width.unwrap_or(0).max(verb.precision.unwrap_or(0)) > MAX_WIDTH {
            return Err("a width in the format string is too large".into());
        }
        verb.mode = match chars.next() {
            Some(mode) if "vtbdoxXeEfgGsq".contains(mode) => mode,
            Some(mode) => return Err(format!("the format string has the unknown verb %{mode}").into()),
            None => return Err("the format string ends within a verb".into()),
        };
        if !literal.is_empty() {
            parts.push(Part::Literal(std::mem::take(&mut literal)));
        }
        parts.push(Part::Verb(verb, next));
        next += 1;
        highest = highest.max(next);
    }
    if !literal.is_empty() {
        parts.push(Part::Literal(literal));
    }
    Ok((parts, highest))
}

fn run(parts: &[Part], needed: usize, args: &[Value]) -> Outcome {
    if needed > args.len() {
        return Err(format!("the format string needs {needed} arguments and there are {}", args.len()).into());
    }
    if needed < args.len() {
        return Err(format!("the format string uses {needed} of {} arguments", args.len()).into());
    }
    let mut pieces = Vec::with_capacity(parts.len());
    let mut length = 0usize;
    for part in parts {
        match part {
            Part::Literal(text) => {
                length += text.len();
                pieces.push(Piece::Known(text.as_str().into()));
            }
            Part::Verb(verb, index) => {
                let Some(arg) = args.get(*index) else { return Err("the format string lacks an argument".into()) };
                let piece = verb.piece(arg)?;
                if let Piece::Known(text) = &piece {
                    length += text.len();
                }
                pieces.push(piece);
            }
        }
        if length > MAX_STRING {
            return Err(too_long());
        }
    }
    // A string of one unknown part is that part.
    if let [Piece::Hole(hole)] = pieces.as_slice() {
        return Ok(hole.clone());
    }
    Ok(Text::join(pieces))
}

impl Verb {
    /// Whether the verb prints a string as it is.
    fn is_plain(&self) -> bool {
        self.width.is_none() && self.precision.is_none() && !self.sharp && !self.plus && !self.space
    }

    fn piece(&self, arg: &Value) -> Outcome<Piece> {
        if self.mode != 'v' && arg.is_unset() {
            return Err(format!("null cannot be formatted with %{}", self.mode).into());
        }
        match &arg.kind {
            Kind::Unknown(_) | Kind::AfterApply(_) | Kind::Choice(_) | Kind::Partial(_)
                if self.is_plain() && matches!(self.mode, 's' | 'v' | 'd' | 't') =>
            {
                return Ok(Piece::Hole(arg.clone()));
            }
            Kind::Unknown(_) | Kind::AfterApply(_) | Kind::Choice(_) | Kind::Partial(_) => {
                return Ok(Piece::Hole(unknown_like(arg)));
            }
            _ => {}
        }
        let text = match self.mode {
            'v' => match &arg.kind {
                Kind::String(s) if !self.sharp => self.pad(s),
                Kind::Number(n) if !self.sharp => self.pad(&general(n.as_f64(), None)),
                _ => {
                    let json = encode(arg)?;
                    match json.as_str() {
                        Some(text) => self.pad(text),
                        None if self.width.is_none() => return Ok(Piece::Hole(json)),
                        None => return Ok(Piece::Hole(unknown_like(arg))),
                    }
                }
            },
            't' => match to_bool(arg).as_bool() {
                Some(b) => b.to_string(),
                None => return Err(self.unfit(arg)),
            },
            's' | 'q' => {
                let Ok(text) = super::args::primitive_text(arg) else { return Err(self.unfit(arg)) };
                let end = match self.precision {
                    Some(n) if n > 0 => text.grapheme_indices(true).nth(n).map_or(text.len(), |(at, _)| at),
                    _ => text.len(),
                };
                let text = text.get(..end).unwrap_or(&text);
                if self.mode == 'q' { self.pad(&quoted(text)) } else { self.pad(text) }
            }
            _ => match to_number(arg).as_number() {
                Some(number) => self.number(number)?,
                None => return Err(self.unfit(arg)),
            },
        };
        Ok(Piece::Known(text.into()))
    }

    fn unfit(&self, arg: &Value) -> Stop {
        format!("a {} cannot be formatted with %{}", arg.type_name(), self.mode).into()
    }

    fn pad(&self, text: &str) -> String {
        let Some(width) = self.width else { return text.to_owned() };
        let missing = width.saturating_sub(text.graphemes(true).count());
        let pad = if self.zero { "0" } else { " " }.repeat(missing);
        if self.minus { format!("{text}{pad}") } else { format!("{pad}{text}") }
    }

    /// A number as Go's `fmt` prints it.
    fn number(&self, number: Number) -> Outcome<String> {
        let negative = number.as_f64() < 0.0;
        let (prefix, digits) = match self.mode {
            'd' | 'b' | 'o' | 'x' | 'X' => {
                let whole = match number {
                    Number::Int(i) => u128::from(i.unsigned_abs()),
                    Number::Float(f) if f.fract() == 0.0 && f.abs() < 1e38 => f.abs() as u128,
                    Number::Float(_) => return Err(format!("%{} needs a whole number", self.mode).into()),
                };
                let (prefix, mut digits) = match self.mode {
                    'b' => ("0b", format!("{whole:b}")),
                    'o' => ("0", format!("{whole:o}")),
                    'x' => ("0x", format!("{whole:x}")),
                    'X' => ("0X", format!("{whole:X}")),
                    _ => ("", whole.to_string()),
                };
                if let Some(precision) = self.precision {
                    let missing = precision.saturating_sub(digits.len());
                    digits.insert_str(0, &"0".repeat(missing));
                    if precision == 0 && whole == 0 {
                        digits.clear();
                    }
                }
                (if self.sharp { prefix } else { "" }, digits)
            }
            mode => {
                let magnitude = number.as_f64().abs();
                let precision = self.precision.unwrap_or(6);
                let digits = match mode.to_ascii_lowercase() {
                    'e' => exponent(&format!("{magnitude:.precision$e}")),
                    'f' => format!("{magnitude:.precision$}"),
                    _ => general(magnitude, self.precision),
                };
                ("", if mode.is_ascii_uppercase() { digits.to_ascii_uppercase() } else { digits })
            }
        };
        let sign = match (negative, self.plus, self.space) {
            (true, ..) => "-",
            (_, true, _) => "+",
            (_, _, true) => " ",
            _ => "",
        };
        let missing = self.width.unwrap_or(0).saturating_sub(sign.len() + prefix.len() + digits.len());
        let integer = matches!(self.mode, 'd' | 'b' | 'o' | 'x' | 'X');
        Ok(if self.minus {
            format!("{sign}{prefix}{digits}{}", " ".repeat(missing))
        } else if self.zero && !(integer && self.precision.is_some()) {
            format!("{sign}{prefix}{}{digits}", "0".repeat(missing))
        } else {
            format!("{}{sign}{prefix}{digits}", " ".repeat(missing))
        })
    }
}

/// Rust's `1.5e6` as Go's `1.5e+06`.
fn exponent(text: &str) -> String {
    let Some((digits, power)) = text.split_once('e') else { return text.to_owned() };
    let (sign, power) = power.strip_prefix('-').map_or(('+', power), |p| ('-', p));
    format!("{digits}e{sign}{power:0>2}")
}

/// Go's `%g` of a `big.Float`: the shortest digits, or at most `precision` of them.
fn general(number: f64, precision: Option<usize>) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    let scientific = match precision {
        None => format!("{number:e}"),
        Some(p) => format!("{number:.*e}", p.max(1) - 1),
    };
    let Some((digits, power)) = scientific.split_once('e') else { return scientific };
    let power: i32 = power.parse().unwrap_or(0);
    let digits = if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits };
    let limit = match precision {
        None => 6,
        Some(p) => {
            let count = digits.bytes().filter(u8::is_ascii_digit).count() as i32;
            let p = p.max(1) as i32;
            if p > count && count > power { count } else { p }
        }
    };
    if power < -4 || power >= limit {
        return exponent(&format!("{digits}e{power}"));
    }
    match digits.parse::<f64>() {
        Ok(_) if precision.is_none() => format!("{number}"),
        _ => {
            let count = digits.bytes().filter(u8::is_ascii_digit).count() as i32;
            let decimals = usize::try_from(count - 1 - power).unwrap_or(0);
            format!("{number:.decimals$}")
        }
    }
}

pub(super) fn format(call: &Call<'_>) -> Outcome {
    let text = call.text(0)?;
    let (parts, needed) = parse(&text)?;
    run(&parts, needed, call.args.get(1..).unwrap_or_default())
}

pub(super) fn formatlist(call: &Call<'_>) -> Outcome {
    let text = call.text(0)?;
    let (parts, needed) = parse(&text)?;
    let args = call.args.get(1..).unwrap_or_default();
    let mut count: Option<usize> = None;
    let mut doubt = None;
    for arg in args {
        match &arg.kind {
            Kind::List(list) if list.open.is_some() => doubt = doubt.or_else(|| Some(why(arg))),
            Kind::List(list) => {
                if count.is_some_and(|c| c != list.items.len()) {
                    return Err("the lists of formatlist differ in length".into());
                }
                count = Some(list.items.len());
            }
            // It may be a list of any length or a single value.
            Kind::Unknown(_) => doubt = doubt.or_else(|| Some(why(arg))),
            _ => {}
        }
    }
    if let Some(cause) = doubt {
        return Ok(Kind::List(List { items: Vec::new(), open: Some(cause), set: false }.into()).into());
    }
    let count = count.unwrap_or(1);
    if count.saturating_mul(args.len()) > super::args::MAX_JOINED {
        return Err(too_many(super::args::MAX_JOINED));
    }
    let mut items = Vec::with_capacity(count);
    let mut length = 0usize;
    for at in 0..count {
        let row: Vec<Value> = args
            .iter()
            .map(|arg| match &arg.kind {
                Kind::List(list) => list.items.get(at).map_or_else(Value::null, |item| arg.inside(item)),
                _ => arg.clone(),
            })
            .collect();
        let trail = row.iter().map(|v| &v.trail).find(|t| !t.is_none()).cloned().unwrap_or_default();
        let sensitive = row.iter().any(|v| v.sensitive);
        let item = run(&parts, needed, &row)?.or_trail(&trail).marked(sensitive);
        length += item.as_str().map_or(0, str::len);
        if length > MAX_STRING {
            return Err(too_long());
        }
        items.push(item);
    }
    Ok(Value::list(items))
}
