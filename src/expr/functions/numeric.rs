//! Functions on numbers.

use super::args::{Outcome, Stop, number_result, too_many};
use crate::expr::Call;
use crate::value::{Number, Value};

/// Terraform's own limit of what `range` makes.
const MAX_RANGE: usize = 1024;

pub(super) fn abs(call: &Call<'_>) -> Outcome {
    match call.number(0)? {
        Number::Int(i) if i != i64::MIN => Ok(i.abs().into()),
        n => number_result(n.as_f64().abs()),
    }
}

pub(super) fn ceil(call: &Call<'_>) -> Outcome {
    match call.number(0)? {
        n @ Number::Int(_) => Ok(n.into()),
        Number::Float(f) => number_result(f.ceil()),
    }
}

pub(super) fn floor(call: &Call<'_>) -> Outcome {
    match call.number(0)? {
        n @ Number::Int(_) => Ok(n.into()),
        Number::Float(f) => number_result(f.floor()),
    }
}

pub(super) fn log(call: &Call<'_>) -> Outcome {
    number_result(call.number(0)?.as_f64().ln() / call.number(1)?.as_f64().ln())
}

pub(super) fn pow(call: &Call<'_>) -> Outcome {
    number_result(call.number(0)?.as_f64().powf(call.number(1)?.as_f64()))
}

pub(super) fn signum(call: &Call<'_>) -> Outcome {
    Ok(call.int(0)?.signum().into())
}

pub(super) fn max(call: &Call<'_>) -> Outcome {
    extreme(call, |a, b| a > b)
}

pub(super) fn min(call: &Call<'_>) -> Outcome {
    extreme(call, |a, b| a < b)
}

/// The argument that `beats` all others, as it is (a string that spells a number becomes one).
fn extreme(call: &Call<'_>, beats: fn(Number, Number) -> bool) -> Outcome {
    let mut best: Option<(usize, Number)> = None;
    for index in 0..call.args.len() {
        let number = call.number(index)?;
        if best.is_none_or(|(_, b)| beats(number, b)) {
            best = Some((index, number));
        }
    }
    let Some((index, number)) = best else { return Err("at least one number is needed".into()) };
    let found = call.value(index)?;
    Ok(Value { kind: number_kind(number), ..found.clone() })
}

fn number_kind(number: Number) -> crate::value::Kind {
    crate::value::Kind::Number(number)
}

pub(super) fn parseint(call: &Call<'_>) -> Outcome {
    let text = match call.value(0)? {
        value if value.as_str().is_some() => call.text(0)?,
        value => {
            return Err(format!("the first argument of parseint must be a string, not a {}", value.type_name()).into());
        }
    };
    let base = u32::try_from(call.int(1)?).ok().filter(|b| (2..=62).contains(b));
    let Some(base) = base else { return Err("the base must be between 2 and 62".into()) };
    let wrong = || Stop::from(format!("the string is not a whole number in base {base}"));
    let digits = text.strip_prefix(['-', '+']).unwrap_or(&text);
    if digits.is_empty() {
        return Err(wrong());
    }
    let negative = text.starts_with('-');
    let mut whole: Option<i64> = Some(0);
    let mut wide = 0.0f64;
    for c in digits.chars() {
        let digit = match c {
            '0'..='9' => c as u32 - '0' as u32,
            'a'..='z' => c as u32 - 'a' as u32 + 10,
            // Up to base 36 the case of letters does not matter; above, capitals follow small letters.
            'A'..='Z' if base <= 36 => c as u32 - 'A' as u32 + 10,
            'A'..='Z' => c as u32 - 'A' as u32 + 36,
            _ => return Err(wrong()),
        };
        if digit >= base {
            return Err(wrong());
        }
        wide = wide * f64::from(base) + f64::from(digit);
        whole = whole.and_then(|w| w.checked_mul(i64::from(base))?.checked_add(i64::from(digit)));
    }
    match whole {
        Some(w) => Ok(if negative { -w } else { w }.into()),
        None => number_result(if negative { -wide } else { wide }),
    }
}

pub(super) fn range(call: &Call<'_>) -> Outcome {
    let mut numbers = Vec::with_capacity(3);
    for index in 0..call.args.len() {
        numbers.push(call.number(index)?.as_f64());
    }
    let (start, end, step) = match numbers.as_slice() {
        [end] => (0.0, *end, if *end < 0.0 { -1.0 } else { 1.0 }),
        [start, end] => (*start, *end, if end < start { -1.0 } else { 1.0 }),
        [start, end, step] => (*start, *end, *step),
        _ => return Err("range takes one to three numbers".into()),
    };
    if step == 0.0 {
        return Err("the step of range must not be zero".into());
    }
    if (step > 0.0 && end < start) || (step < 0.0 && end > start) {
        return Err("the step of range leads away from the limit".into());
    }
    let mut items = Vec::new();
    let mut at = start;
    while if step > 0.0 { at < end } else { at > end } {
        if items.len() >= MAX_RANGE {
            return Err(too_many(MAX_RANGE));
        }
        items.push(number_result(at)?);
        at = start + step * items.len() as f64;
    }
    Ok(Value::list(items))
}

pub(super) fn sum(call: &Call<'_>) -> Outcome {
    call.known(0)?;
    let list = call.list(0)?;
    if list.items.is_empty() {
        return Err("an empty list has no sum".into());
    }
    let mut whole: Option<i64> = Some(0);
    let mut wide = 0.0;
    for item in &list.items {
        let number = match item {
            _ if item.is_unset() => None,
            _ => crate::value::to_number(item).as_number(),
        };
        let Some(number) = number else { return Err("sum needs a list of numbers".into()) };
        whole = match (whole, number) {
            (Some(w), Number::Int(i)) => w.checked_add(i),
            _ => None,
        };
        wide += number.as_f64();
    }
    whole.map_or_else(|| number_result(wide), |w| Ok(w.into()))
}
