//! Numbers: whole ones exactly, others as 64-bit floats.

use std::cmp::Ordering;
use std::fmt;

/// A number. A whole number that fits an `i64` is always an `Int`.
#[derive(Clone, Copy, Debug)]
pub enum Number {
    /// A whole number.
    Int(i64),
    /// Any other finite number, or one too large for `Int`.
    Float(f64),
}

impl Number {
    /// The number nearest to `value`; `None` when it is not finite.
    pub fn from_f64(value: f64) -> Option<Number> {
        if !value.is_finite() {
            return None;
        }
        // 2^53: up to here a float holds whole numbers exactly.
        if value.fract() == 0.0 && value.abs() <= 9_007_199_254_740_992.0 {
            return Some(Number::Int(value as i64));
        }
        Some(Number::Float(value))
    }

    /// Reads a number as HCL, JSON and YAML write it: digits, fraction, exponent, a leading sign. As in Terraform's
    /// conversions, digits may be missing on one side of the point.
    pub fn parse(text: &str) -> Option<Number> {
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        if !digits.strip_prefix('.').unwrap_or(digits).starts_with(|c: char| c.is_ascii_digit())
            || !digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-'))
        {
            return None;
        }
        if let Ok(int) = text.parse::<i64>() {
            return Some(Number::Int(int));
        }
        text.parse::<f64>().ok().and_then(Number::from_f64)
    }

    /// As a float.
    pub fn as_f64(self) -> f64 {
        match self {
            Number::Int(i) => i as f64,
            Number::Float(f) => f,
        }
    }

    /// As a whole number, if it is one that fits.
    pub fn as_i64(self) -> Option<i64> {
        match self {
            Number::Int(i) => Some(i),
            Number::Float(_) => None,
        }
    }

    /// As an index or a count, if it is one.
    pub fn as_usize(self) -> Option<usize> {
        self.as_i64().and_then(|i| usize::try_from(i).ok())
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.partial_cmp(other) == Some(Ordering::Equal)
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Number::Int(a), Number::Int(b)) => Some(a.cmp(b)),
            (a, b) => a.as_f64().partial_cmp(&b.as_f64()),
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Number::Int(i) => write!(f, "{i}"),
            Number::Float(x) => write!(f, "{}", without_noise(*x)),
        }
    }
}

/// A number whose last digits are the noise of binary arithmetic (`0.1 + 0.2`) without them: rounding to 15 digits
/// leaves at most 12. Terraform computes with so many bits that such noise never shows.
fn without_noise(x: f64) -> f64 {
    let Some(rounded) = format!("{x:.14e}").parse::<f64>().ok().filter(|r| r.fract() != 0.0 || r.abs() < 1e15) else {
        return x;
    };
    let digits = format!("{rounded:e}").bytes().take_while(|b| *b != b'e').filter(u8::is_ascii_digit).count();
    if digits <= 12 { rounded } else { x }
}

#[cfg(test)]
mod tests {
    use super::Number;

    #[test]
    fn numbers_print_as_terraform_prints_them() {
        let cases: [(f64, &str); 8] = [
            (0.1 + 0.2, "0.3"),
            (1.1 * 1.1, "1.21"),
            (1e20, "100000000000000000000"),
            (1.5, "1.5"),
            (-0.25, "-0.25"),
            (4.0, "4"),
            (0.123_456_789_012_345_6, "0.1234567890123456"),
            (1e-7, "0.0000001"),
        ];
        for (number, text) in cases {
            assert_eq!(Number::from_f64(number).map(|n| n.to_string()).as_deref(), Some(text));
        }
    }
}
