//! What a plain scalar means.

use crate::syntax::document::ScalarValue;

/// The meaning of a plain scalar: the types of YAML 1.1, as CloudFormation reads templates (`yes` and `off` are truth
/// values), except that timestamps and numbers to the base of 60 stay strings: `Version: 2012-10-17` and a port mapping
/// such as `22:22` are taken as they are written.
pub fn resolve_plain(text: &str) -> ScalarValue {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => ScalarValue::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => ScalarValue::Bool(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => ScalarValue::Bool(false),
        _ => number(text),
    }
}

fn number(text: &str) -> ScalarValue {
    let (negative, digits) = match text.as_bytes() {
        [b'-', ..] => (true, &text[1..]),
        [b'+', ..] => (false, &text[1..]),
        _ => (false, text),
    };
    let sign = |n: i64| ScalarValue::Int(if negative { -n } else { n });
    let first = digits.as_bytes().first();
    if !first.is_some_and(|b| b.is_ascii_digit() || *b == b'.') || digits.len() > 40 {
        return ScalarValue::String;
    }
    let plain: String = digits.chars().filter(|&c| c != '_').collect();
    let radix = |digits: &str, radix: u32| {
        let valid = !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
        if valid { i64::from_str_radix(digits, radix).ok().map(sign) } else { None }
    };
    if let Some(hex) = plain.strip_prefix("0x") {
        return radix(hex, 16).unwrap_or(ScalarValue::String);
    }
    if let Some(binary) = plain.strip_prefix("0b") {
        return radix(binary, 2).unwrap_or(ScalarValue::String);
    }
    if plain.len() > 1 && plain.starts_with('0') && plain.bytes().all(|b| b.is_ascii_digit()) {
        // An account number such as 012345678901 is no octal number, hence a string.
        return radix(&plain[1..], 8).unwrap_or(ScalarValue::String);
    }
    if plain.bytes().all(|b| b.is_ascii_digit()) {
        return radix(&plain, 10).or_else(|| float(&plain, negative)).unwrap_or(ScalarValue::String);
    }
    let mantissa = plain.split(['e', 'E']).next().unwrap_or("");
    let shaped = plain.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-'))
        && mantissa.contains('.')
        && mantissa.bytes().any(|b| b.is_ascii_digit());
    if shaped { float(&plain, negative).unwrap_or(ScalarValue::String) } else { ScalarValue::String }
}

fn float(digits: &str, negative: bool) -> Option<ScalarValue> {
    let value: f64 = digits.parse().ok()?;
    if value.is_finite() { Some(ScalarValue::Float(if negative { -value } else { value })) } else { None }
}

#[cfg(test)]
mod tests {
    use super::{ScalarValue as V, resolve_plain};

    #[test]
    fn plain_scalars_have_the_types_of_yaml_1_1() {
        let cases = [
            ("", V::Null),
            ("~", V::Null),
            ("null", V::Null),
            ("nil", V::String),
            ("true", V::Bool(true)),
            ("Yes", V::Bool(true)),
            ("on", V::Bool(true)),
            ("off", V::Bool(false)),
            ("y", V::String),
            ("tRue", V::String),
            ("0", V::Int(0)),
            ("42", V::Int(42)),
            ("-7", V::Int(-7)),
            ("+7", V::Int(7)),
            ("1_000", V::Int(1000)),
            ("0644", V::Int(420)),
            ("0x1F", V::Int(31)),
            ("0b101", V::Int(5)),
            ("012345678901", V::String),
            ("123456789012", V::Int(123_456_789_012)),
            ("1.5", V::Float(1.5)),
            ("-0.25", V::Float(-0.25)),
            ("1.0e3", V::Float(1000.0)),
            ("1e3", V::String),
            ("2012-10-17", V::String),
            ("22:22", V::String),
            ("1.2.3", V::String),
            ("10.0.0.0/16", V::String),
            (".", V::String),
            ("-", V::String),
            ("0x", V::String),
            ("9-", V::String),
            ("1.5e400", V::String),
        ];
        for (text, expected) in cases {
            assert_eq!(resolve_plain(text), expected, "{text:?}");
        }
    }
}
