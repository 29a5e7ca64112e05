//! How often a schedule runs: cron expressions with six fields, and rates.

use super::verdict::{function, why};
use crate::expr::{Call, Function};
use crate::value::{Cause, CauseKind, Kind, Number, Str, Value, to_text};

pub(super) const FUNCTIONS: &[Function] = &[function("longest_gap_hours", 1, 1, longest_gap_hours)];

/// `longest_gap_hours(schedule)`: the longest time between two runs of `cron(minute hour day-of-month month day-of-week
/// year)` or `rate(value unit)`, in hours. Unset stays unset.
fn longest_gap_hours(call: &Call<'_>) -> Result<Value, Str> {
    let schedule = call.args.first().ok_or("longest_gap_hours needs a schedule")?;
    Ok(schedule.map_arms(|schedule| {
        let schedule = to_text(schedule);
        let known = match &schedule.kind {
            Kind::Absent | Kind::Null => return schedule,
            Kind::String(text) => gap(text).map_err(|what| Cause::new(CauseKind::Invalid, what)),
            _ => Err(why(&schedule)),
        };
        match known {
            Ok(hours) => Value::from(hours),
            Err(cause) => Value::unknown(cause),
        }
        .with_trail(schedule.trail.clone())
    }))
}

/// The longest gap in hours; or what is wrong.
fn gap(text: &str) -> Result<Number, Str> {
    let text = text.trim();
    let inside = |name: &str| text.strip_prefix(name)?.strip_suffix(')');
    let minutes = if let Some(rate) = inside("rate(") {
        rate_minutes(rate).ok_or_else(|| Str::from(format!("{text} is not a rate")))?
    } else if let Some(cron) = inside("cron(") {
        cron_minutes(cron)?
    } else {
        return Err(format!("{text:?} is neither a cron expression nor a rate").into());
    };
    if minutes % MINUTES_OF_AN_HOUR == 0 {
        return Ok(Number::Int(minutes / MINUTES_OF_AN_HOUR));
    }
    #[allow(clippy::cast_precision_loss)]
    let hours = minutes as f64 / MINUTES_OF_AN_HOUR as f64;
    Number::from_f64(hours).ok_or_else(|| "the time between two runs is too long".into())
}

const MINUTES_OF_AN_HOUR: i64 = 60;
const MINUTES_OF_A_DAY: i64 = 24 * MINUTES_OF_AN_HOUR;
/// After so many days, days of the week fall on the same days of the year again.
const CYCLE: i64 = 28 * 365 + 7;

fn rate_minutes(text: &str) -> Option<i64> {
    let (value, unit) = text.trim().split_once(' ')?;
    let value: i64 = value.parse().ok().filter(|v| *v > 0)?;
    let unit = match unit.trim() {
        "minute" | "minutes" => 1,
        "hour" | "hours" => MINUTES_OF_AN_HOUR,
        "day" | "days" => MINUTES_OF_A_DAY,
        _ => return None,
    };
    value.checked_mul(unit)
}

fn cron_minutes(text: &str) -> Result<i64, Str> {
    let wrong = |field: &str| Str::from(format!("{field:?} is not a field of a cron expression"));
    let fields: Vec<&str> = text.split_whitespace().collect();
    let [minute, hour, day, month, weekday, year] = fields.as_slice() else {
        return Err(format!("a cron expression has six fields, not {}", fields.len()).into());
    };
    if *year != "*" && *year != "?" {
        return Err("the schedule is limited to some years".into());
    }
    let minutes = set(minute, 0, 59, &[]).ok_or_else(|| wrong(minute))?;
    let hours = set(hour, 0, 23, &[]).ok_or_else(|| wrong(hour))?;
    let months = set(month, 1, 12, &MONTHS).ok_or_else(|| wrong(month))?;
    let day = DayOfMonth::read(day).ok_or_else(|| wrong(day))?;
    let weekday = DayOfWeek::read(weekday).ok_or_else(|| wrong(weekday))?;
    let times: Vec<i64> = hours
        .iter()
        .flat_map(|h| minutes.iter().map(move |m| i64::from(*h) * MINUTES_OF_AN_HOUR + i64::from(*m)))
        .collect();
    let (Some(first), Some(last)) = (times.first(), times.last()) else { return Err("it never runs".into()) };
    let within_a_day = times.windows(2).filter_map(|w| Some(w.get(1)? - w.first()?)).max().unwrap_or(0);
    let mut between_days = None;
    let mut before: Option<i64> = None;
    // Once around and to the first run of the next cycle.
    for date in Date::all().take(usize::try_from(CYCLE + CYCLE / 7).unwrap_or(0)) {
        if !months.contains(&date.month) || !day.holds(&date) || !weekday.holds(&date) {
            continue;
        }
        if let Some(before) = before {
            between_days = between_days.max(Some(date.number - before));
        }
        before = Some(date.number);
    }
    let days = between_days.ok_or("it never runs")?;
    Ok(within_a_day.max(days * MINUTES_OF_A_DAY - last + first))
}

const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// The numbers of a field, in order; names stand for `min` and the numbers after it. `None` when it is no such field.
fn set(field: &str, min: u8, max: u8, names: &[&str]) -> Option<Vec<u8>> {
    let number = |text: &str| -> Option<u8> {
        let named = names.iter().position(|n| n.eq_ignore_ascii_case(text));
        let value = match named {
            Some(at) => min.checked_add(u8::try_from(at).ok()?)?,
            None => text.parse().ok()?,
        };
        (min..=max).contains(&value).then_some(value)
    };
    let mut found = vec![false; usize::from(max) + 1];
    let mut add = |value: u8| {
        if let Some(slot) = found.get_mut(usize::from(value)) {
            *slot = true;
        }
    };
    for item in field.split(',') {
        let (range, step) = match item.split_once('/') {
            Some((range, step)) => (range, Some(step.parse::<u8>().ok().filter(|s| *s > 0)?)),
            None => (item, None),
        };
        let (from, to) = match range.split_once('-') {
            _ if range == "*" || range == "?" => (min, max),
            Some((from, to)) => (number(from)?, number(to)?),
            // `5/15` goes on to the end.
            None if step.is_some() => (number(range)?, max),
            None => (number(range)?, number(range)?),
        };
        let step = usize::from(step.unwrap_or(1));
        if from <= to {
            (from..=to).step_by(step).for_each(&mut add);
        } else {
            // Around the end: `FRI-MON`.
            (from..=max).chain(min..=to).step_by(step).for_each(&mut add);
        }
    }
    Some((min..=max).filter(|v| found.get(usize::from(*v)) == Some(&true)).collect())
}

/// A day of a calendar whose years are leap years every four years.
struct Date {
    /// Counted from the first.
    number: i64,
    month: u8,
    /// From 1.
    day: u8,
    days_of_month: u8,
    /// From 1, which is Sunday.
    weekday: u8,
}

impl Date {
    /// All days, from a Sunday that is the first day of a year on.
    fn all() -> impl Iterator<Item = Date> {
        let months = (0..).flat_map(|year: u32| {
            let february = if year % 4 == 3 { 29 } else { 28 };
            (1u8..).zip([31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
        });
        let days = months.flat_map(|(month, length)| (1..=length).map(move |day| (month, day, length)));
        (0i64..).zip(days).map(|(number, (month, day, days_of_month))| Date {
            number,
            month,
            day,
            days_of_month,
            weekday: u8::try_from(number % 7).unwrap_or(0) + 1,
        })
    }

    /// The day of the week of another day of the month.
    fn weekday_of(&self, day: u8) -> u8 {
        u8::try_from((i16::from(self.weekday) - 1 + i16::from(day) - i16::from(self.day)).rem_euclid(7)).unwrap_or(0)
            + 1
    }

    fn is_working_day(weekday: u8) -> bool {
        (2..=6).contains(&weekday)
    }
}

enum DayOfMonth {
    Set(Vec<u8>),
    Last,
    LastWorkingDay,
    /// The working day that is nearest to a day, in the same month.
    Nearest(u8),
}

impl DayOfMonth {
    fn read(field: &str) -> Option<Self> {
        Some(match field {
            "L" => DayOfMonth::Last,
            "LW" => DayOfMonth::LastWorkingDay,
            _ => match field.strip_suffix('W') {
                Some(day) => DayOfMonth::Nearest(day.parse().ok().filter(|d| (1..=31).contains(d))?),
                None => DayOfMonth::Set(set(field, 1, 31, &[])?),
            },
        })
    }

    fn holds(&self, date: &Date) -> bool {
        match self {
            DayOfMonth::Set(days) => days.contains(&date.day),
            DayOfMonth::Last => date.day == date.days_of_month,
            DayOfMonth::LastWorkingDay => {
                Date::is_working_day(date.weekday)
                    && (date.day + 1..=date.days_of_month).all(|d| !Date::is_working_day(date.weekday_of(d)))
            }
            DayOfMonth::Nearest(day) => {
                let day = *day;
                if day > date.days_of_month {
                    return false;
                }
                let nearest = match date.weekday_of(day) {
                    1 if day == date.days_of_month => day - 2,
                    1 => day + 1,
                    7 if day == 1 => day + 2,
                    7 => day - 1,
                    _ => day,
                };
                date.day == nearest
            }
        }
    }
}

enum DayOfWeek {
    Set(Vec<u8>),
    /// The last such day of the month.
    Last(u8),
    /// The first, second, ... such day of the month.
    Numbered(u8, u8),
}

impl DayOfWeek {
    fn read(field: &str) -> Option<Self> {
        let one = |text: &str| match set(text, 1, 7, &WEEKDAYS)?.as_slice() {
            [day] => Some(*day),
            _ => None,
        };
        if field == "L" {
            return Some(DayOfWeek::Set(vec![7]));
        }
        if let Some((day, number)) = field.split_once('#') {
            return Some(DayOfWeek::Numbered(one(day)?, number.parse().ok().filter(|n| (1..=5).contains(n))?));
        }
        if let Some(day) = field.strip_suffix('L') {
            return Some(DayOfWeek::Last(one(day)?));
        }
        Some(DayOfWeek::Set(set(field, 1, 7, &WEEKDAYS)?))
    }

    fn holds(&self, date: &Date) -> bool {
        match self {
            DayOfWeek::Set(days) => days.contains(&date.weekday),
            DayOfWeek::Last(day) => date.weekday == *day && date.day + 7 > date.days_of_month,
            DayOfWeek::Numbered(day, number) => date.weekday == *day && (date.day - 1) / 7 + 1 == *number,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{eval, evidence};
    use crate::value::{Kind, Value};

    fn shown(value: &Value) -> String {
        match &value.kind {
            Kind::Number(n) => n.to_string(),
            Kind::Absent => "absent".to_owned(),
            Kind::Choice(arms) => arms.iter().map(|a| shown(&a.value)).collect::<Vec<_>>().join(" | "),
            other => value.cause().map_or_else(|| format!("{other:?}"), |c| c.what.to_string()),
        }
    }

    #[test]
    fn gaps_are_as_long_as_they_can_be() {
        let table = [
            ("cron(0 5 ? * * *)", "24"),
            ("cron(0 5 * * ? *)", "24"),
            ("cron(0 */6 * * ? *)", "6"),
            ("cron(0 0/12 * * ? *)", "12"),
            ("cron(0/15 * * * ? *)", "0.25"),
            ("cron(0 8,20 * * ? *)", "12"),
            ("cron(0 8,18 * * ? *)", "14"),
            ("cron(30 8-18/2 * * ? *)", "14"),
            ("cron(0 22-2 * * ? *)", "20"),
            ("cron(0 5 ? * MON-FRI *)", "72"),
            ("cron(0 5 ? * 2-6 *)", "72"),
            ("cron(0 5 ? * fri-mon *)", "96"),
            ("cron(0 5 ? * SUN *)", "168"),
            ("cron(0 5 ? * 1,4 *)", "96"),
            ("cron(0 5 ? * L *)", "168"),
            ("cron(0 5 1 * ? *)", "744"),
            ("cron(0 5 1,15 * ? *)", "408"),
            ("cron(0 5 */2 * ? *)", "48"),
            ("cron(0 5 L * ? *)", "744"),
            ("cron(0 5 LW * ? *)", "792"),
            ("cron(0 5 1W * ? *)", "792"),
            ("cron(0 5 31 * ? *)", "1464"),
            ("cron(0 5 31W * ? *)", "1512"),
            ("cron(0 5 ? * MON#5 *)", "2856"),
            ("cron(0 5 ? * 2#1 *)", "840"),
            ("cron(0 5 ? * FRIL *)", "840"),
            ("cron(0 5 1 1 ? *)", "8784"),
            ("cron(0 5 ? JAN-MAR * *)", "6624"),
            ("cron(0 5 29 2 ? *)", "35064"),
            ("rate(1 hour)", "1"),
            ("rate(30 minutes)", "0.5"),
            ("rate(2 days)", "48"),
            ("cron(0 5 30 2 ? *)", "it never runs"),
            ("cron(0 5 ? * 2#6 *)", "\"2#6\" is not a field of a cron expression"),
            ("cron(60 5 * * ? *)", "\"60\" is not a field of a cron expression"),
            ("cron(0 5 * * ?)", "a cron expression has six fields, not 5"),
            ("cron(0 5 * * ? 2030)", "the schedule is limited to some years"),
            ("rate(0 hours)", "rate(0 hours) is not a rate"),
            ("rate(99999999999999999 days)", "rate(99999999999999999 days) is not a rate"),
            ("at(2030-01-01T00:00:00)", "\"at(2030-01-01T00:00:00)\" is neither a cron expression nor a rate"),
        ];
        for (schedule, expected) in table {
            assert_eq!(shown(&eval(&format!("longest_gap_hours({schedule:?})"))), expected, "{schedule}");
        }
    }

    #[test]
    fn what_is_not_known_stays_so() {
        let table = [
            ("longest_gap_hours(var.x)", "var.x has no value"),
            ("longest_gap_hours(\"cron(0 ${var.x} * * ? *)\")", "var.x has no value"),
            ("longest_gap_hours(absent)", "absent"),
            ("longest_gap_hours(var.x ? \"rate(1 hour)\" : \"rate(1 day)\")", "1 | 24"),
        ];
        for (expression, expected) in table {
            assert_eq!(shown(&eval(expression)), expected, "{expression}");
        }
        assert_eq!(evidence("longest_gap_hours(\"rate(1 day)\")"), "\"rate(1 day)\"");
    }
}
