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

    /// Reads a number as HCL, JSON and YAML write it: digits, fraction, exponent, a leading minus.
    pub fn parse(text: &str) -> Option<Number> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        if !digits.starts_with(|c: char| c.is_ascii_digit())
            || !digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'e' | b'E' | b'+' | b'-'))
            || digits.ends_with('.')
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
            Number::Float(x) => write!(f, "{x}"),
        }
    }
}
