//! Functions on points in time.

use super::args::{Outcome, Stop, decided_later, text_result};
use crate::expr::Call;
use std::fmt::Write as _;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// A point in time with the offset in which it was written.
#[derive(Clone, Copy)]
struct Moment {
    /// Seconds since 1970 in UTC.
    seconds: i64,
    nanoseconds: i64,
    /// Seconds east of UTC.
    offset: i64,
}

/// A point in time as a calendar and a clock show it.
struct Civil {
    year: i64,
    month: usize,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    weekday: usize,
}

/// Days since 1970-01-01 of a date in the Gregorian calendar.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day of a number of days since 1970-01-01.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

fn month_length(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A number of exactly `width` digits at the start, and what follows.
fn digits(text: &str, width: usize) -> Option<(i64, &str)> {
    let head = text.get(..width)?;
    if !head.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some((head.parse().ok()?, text.get(width..)?))
}

impl Moment {
    /// Reads RFC 3339.
    fn parse(text: &str) -> Option<Moment> {
        let (year, rest) = digits(text, 4)?;
        let (month, rest) = digits(rest.strip_prefix('-')?, 2)?;
        let (day, rest) = digits(rest.strip_prefix('-')?, 2)?;
        let (hour, rest) = digits(rest.strip_prefix('T')?, 2)?;
        let (minute, rest) = digits(rest.strip_prefix(':')?, 2)?;
        let (second, mut rest) = digits(rest.strip_prefix(':')?, 2)?;
        let mut nanoseconds = 0;
        if let Some(fraction) = rest.strip_prefix(['.', ',']) {
            let length = fraction.bytes().take_while(u8::is_ascii_digit).count();
            let shown = fraction.get(..length).filter(|f| !f.is_empty())?;
            let padded: String = shown.chars().chain("000000000".chars()).take(9).collect();
            nanoseconds = padded.parse().ok()?;
            rest = fraction.get(length..)?;
        }
        let offset = if rest == "Z" {
            0
        } else {
            let sign = if rest.starts_with('-') { -1 } else { 1 };
            let (hours, rest) = digits(rest.strip_prefix(['+', '-'])?, 2)?;
            let (minutes, rest) = digits(rest.strip_prefix(':')?, 2)?;
            if !rest.is_empty() || hours > 23 || minutes > 59 {
                return None;
            }
            sign * (hours * 3600 + minutes * 60)
        };
        let valid = (1..=12).contains(&month)
            && (1..=month_length(year, month)).contains(&day)
            && hour < 24
            && minute < 60
            && second < 60;
        let days = days_from_civil(year, month, day);
        valid.then_some(Moment {
            seconds: days * 86_400 + hour * 3600 + minute * 60 + second - offset,
            nanoseconds,
            offset,
        })
    }

    fn civil(self) -> Civil {
        let local = self.seconds + self.offset;
        let days = local.div_euclid(86_400);
        let of_day = local.rem_euclid(86_400);
        let (year, month, day) = civil_from_days(days);
        Civil {
            year,
            month: month as usize,
            day,
            hour: of_day / 3600,
            minute: of_day / 60 % 60,
            second: of_day % 60,
            weekday: (days + 4).rem_euclid(7) as usize,
        }
    }

    fn zone(self, colon: &str) -> String {
        let sign = if self.offset < 0 { '-' } else { '+' };
        let minutes = self.offset.abs() / 60;
        format!("{sign}{:02}{colon}{:02}", minutes / 60, minutes % 60)
    }

    fn rfc3339(self) -> String {
        let at = self.civil();
        let zone = if self.offset == 0 { "Z".to_owned() } else { self.zone(":") };
        format!("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{zone}", at.year, at.month, at.day, at.hour, at.minute, at.second)
    }
}

fn moment(call: &Call<'_>, index: usize) -> Outcome<Moment> {
    let text = call.text(index)?;
    Moment::parse(&text).ok_or_else(|| Stop::from("the string is not a time in RFC 3339"))
}

pub(super) fn timecmp(call: &Call<'_>) -> Outcome {
    let (a, b) = (moment(call, 0)?, moment(call, 1)?);
    let order = (a.seconds, a.nanoseconds).cmp(&(b.seconds, b.nanoseconds));
    Ok((order as i64).into())
}

pub(super) fn timeadd(call: &Call<'_>) -> Outcome {
    let start = moment(call, 0)?;
    let text = call.text(1)?;
    let duration = duration(&text).ok_or_else(|| Stop::from("the string is not a duration"))?;
    let total = i128::from(start.nanoseconds) + duration;
    let seconds = i64::try_from(total.div_euclid(1_000_000_000)).map_err(|_| Stop::from("the duration is too long"))?;
    let nanoseconds = total.rem_euclid(1_000_000_000) as i64;
    text_result(Moment { seconds: start.seconds + seconds, nanoseconds, ..start }.rfc3339())
}

/// Nanoseconds of a duration in Go's spelling: `1h30m`, `-1.5s`.
fn duration(text: &str) -> Option<i128> {
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total = 0i128;
    while !rest.is_empty() {
        let length = rest.bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
        let number = rest.get(..length)?;
        let behind = rest.get(length..)?;
        // Longer units first: `m` is the beginning of `ms`.
        let units = [
            ("ns", 1i128),
            ("us", 1_000),
            ("µs", 1_000),
            ("μs", 1_000),
            ("ms", 1_000_000),
            ("s", 1_000_000_000),
            ("m", 60_000_000_000),
            ("h", 3_600_000_000_000),
        ];
        let (unit, size) = units.iter().find(|(unit, _)| behind.starts_with(unit))?;
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') || whole.len() > 18 {
            return None;
        }
        let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
        let fraction = fraction.get(..fraction.len().min(15))?;
        let part: i128 = if fraction.is_empty() { 0 } else { fraction.parse().ok()? };
        total += whole * size + part * size / 10i128.pow(fraction.len() as u32);
        if total > i128::from(i64::MAX) {
            return None;
        }
        rest = behind.get(unit.len()..)?;
    }
    Some(if negative { -total } else { total })
}

#[allow(clippy::unnecessary_wraps)] // the table wants one type for all
pub(super) fn timestamp(_: &Call<'_>) -> Outcome {
    Ok(decided_later("timestamp is the time of the run"))
}

#[allow(clippy::unnecessary_wraps)] // the table wants one type for all
pub(super) fn plantimestamp(_: &Call<'_>) -> Outcome {
    Ok(decided_later("plantimestamp is the time of the plan"))
}

pub(super) fn formatdate(call: &Call<'_>) -> Outcome {
    let pattern = call.text(0)?;
    let moment = moment(call, 1)?;
    let at = moment.civil();
    let mut out = String::with_capacity(pattern.len());
    let mut rest: &str = &pattern;
    while let Some(c) = rest.chars().next() {
        if c == '\'' {
            rest = literal(rest, &mut out)?;
            continue;
        }
        if !c.is_ascii_alphabetic() {
            out.push(c);
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
            continue;
        }
        let length = rest.chars().take_while(|x| *x == c).count();
        verb(c, length, moment, &at, &mut out)?;
        rest = rest.get(length..).unwrap_or_default();
    }
    text_result(out)
}

/// Copies a quoted literal; two quotation marks are one. Answers what follows.
fn literal<'a>(text: &'a str, out: &mut String) -> Outcome<&'a str> {
    let mut rest = text.get(1..).unwrap_or_default();
    if let Some(behind) = rest.strip_prefix('\'') {
        out.push('\'');
        return Ok(behind);
    }
    loop {
        let Some((inner, behind)) = rest.split_once('\'') else {
            return Err("the date format has a literal without an end".into());
        };
        out.push_str(inner);
        match behind.strip_prefix('\'') {
            Some(behind) => {
                out.push('\'');
                rest = behind;
            }
            None => return Ok(behind),
        }
    }
}

fn verb(letter: char, length: usize, moment: Moment, at: &Civil, out: &mut String) -> Outcome<()> {
    let month = MONTHS.get(at.month.wrapping_sub(1)).copied().unwrap_or_default();
    let weekday = WEEKDAYS.get(at.weekday).copied().unwrap_or_default();
    let half = if at.hour < 12 { "AM" } else { "PM" };
    let twelve = if at.hour % 12 == 0 { 12 } else { at.hour % 12 };
    let _ = match (letter, length) {
        ('Y', 2) => write!(out, "{:02}", at.year.rem_euclid(100)),
        ('Y', 4) => write!(out, "{:04}", at.year),
        ('M', 1) => write!(out, "{}", at.month),
        ('M', 2) => write!(out, "{:02}", at.month),
        ('M', 3) => write!(out, "{}", month.get(..3).unwrap_or_default()),
        ('M', 4) => write!(out, "{month}"),
        ('D', 1) => write!(out, "{}", at.day),
        ('D', 2) => write!(out, "{:02}", at.day),
        ('E', 3) => write!(out, "{}", weekday.get(..3).unwrap_or_default()),
        ('E', 4) => write!(out, "{weekday}"),
        ('h', 1) => write!(out, "{}", at.hour),
        ('h', 2) => write!(out, "{:02}", at.hour),
        ('H', 1) => write!(out, "{twelve}"),
        ('H', 2) => write!(out, "{twelve:02}"),
        ('A', 2) => write!(out, "{half}"),
        ('a', 2) => write!(out, "{}", half.to_ascii_lowercase()),
        ('m', 1) => write!(out, "{}", at.minute),
        ('m', 2) => write!(out, "{:02}", at.minute),
        ('s', 1) => write!(out, "{}", at.second),
        ('s', 2) => write!(out, "{:02}", at.second),
        ('Z', 1) if moment.offset == 0 => write!(out, "Z"),
        ('Z', 3) if moment.offset == 0 => write!(out, "UTC"),
        ('Z', 3 | 4) => write!(out, "{}", moment.zone("")),
        ('Z', 1 | 5) => write!(out, "{}", moment.zone(":")),
        _ => {
            return Err(
                format!("the date format has the unknown verb {}", String::from(letter).repeat(length.min(8))).into()
            );
        }
    };
    Ok(())
}

/// Whether the text is a time in RFC 3339.
pub(super) fn is_valid(text: &str) -> bool {
    Moment::parse(text).is_some()
}
