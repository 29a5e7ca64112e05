//! Ranges of addresses compared with one another: how wide they are, and which lie in which.

use super::network::{families, known_octets, parse_range, written_length};
use super::verdict::{Verdict, any_element, arg, function, given_strings};
use crate::expr::{Call, Function};
use crate::value::{Kind, Number, Str, Text, Truth, Value};
use ipnet::{IpNet, Ipv4Net};

pub(super) const FUNCTIONS: &[Function] = &[
    function("wider", 2, usize::MAX, wider),
    function("beyond", 1, usize::MAX, beyond),
    function("range_covers", 2, 2, |call| Ok(range_covers(call))),
];

/// Whether one of the ranges of the arguments from `first` on is what `judge` looks for; unset and empty ones are none.
fn any_range(call: &Call<'_>, first: usize, judge: &mut dyn FnMut(&Value, &Range<'_>) -> Verdict) -> Value {
    let lists = call.args.get(first..).unwrap_or_default();
    let judged = lists.iter().map(|list| any_element(list, 0, &mut |value| on_range(value, judge)));
    Verdict::any(judged.collect::<Vec<_>>()).value()
}

/// A range of which all or a part is known.
enum Range<'a> {
    Known(IpNet),
    Part(&'a Text),
}

fn on_range(value: &Value, judge: &mut dyn FnMut(&Value, &Range<'_>) -> Verdict) -> Verdict {
    match &value.kind {
        Kind::String(text) if text.trim().is_empty() => Verdict::of(false, &value.trail),
        Kind::String(text) => match parse_range(text.trim()) {
            Some(net) => judge(value, &Range::Known(net)),
            None => Verdict::invalid(format!("{text:?} is not a range in CIDR notation"), &value.trail),
        },
        Kind::Partial(text) => judge(value, &Range::Part(text)),
        Kind::Unknown(_) | Kind::AfterApply(_) => Verdict::unknown(value),
        _ => Verdict::invalid(format!("a {} is not a range in CIDR notation", value.type_name()), &value.trail),
    }
}

fn decided(truth: Truth, value: &Value) -> Verdict {
    match truth {
        Truth::Undetermined => Verdict::unknown(value),
        truth => Verdict::of(truth == Truth::Yes, &value.trail),
    }
}

/// `wider(prefix_v4, prefix_v6, ranges...)`: whether one of the ranges, private ones too, has a prefix that is shorter
/// than the given one of its family. Every further argument is a range or a list of ranges; unset ones are empty. The
/// evidence is the range.
fn wider(call: &Call<'_>) -> Result<Value, Str> {
    let length = |index: usize| {
        let number = arg(call, index).as_number().and_then(Number::as_i64).and_then(|n| u8::try_from(n).ok());
        number.ok_or_else(|| Str::from(format!("argument {} of wider must be the length of a prefix", index + 1)))
    };
    let (v4, v6) = (length(0)?, length(1)?);
    Ok(any_range(call, 2, &mut |value, range| match range {
        Range::Known(IpNet::V4(net)) => Verdict::of(net.prefix_len() < v4, &value.trail),
        Range::Known(IpNet::V6(net)) => Verdict::of(net.prefix_len() < v6, &value.trail),
        Range::Part(text) => {
            let Some(length) = written_length(text) else { return Verdict::unknown(value) };
            let (may_be_v4, may_be_v6) = families(text);
            let limits = [(may_be_v4, v4), (may_be_v6, v6)].into_iter().filter(|(may_be, _)| *may_be);
            decided(Truth::agree(limits.map(|(_, limit)| Truth::from(length < limit))), value)
        }
    }))
}

/// `beyond(allowed, ranges...)`: whether one of the ranges does not lie wholly in the ranges of the list `allowed`, alone
/// or joined. Every further argument is a range or a list of ranges; unset ones are empty. The evidence is the range.
fn beyond(call: &Call<'_>) -> Result<Value, Str> {
    let allowed: Option<Vec<IpNet>> = given_strings(call, 0)?.iter().map(|text| parse_range(text.trim())).collect();
    let Some(allowed) = allowed else { return Err("argument 1 of beyond must be a list of ranges".into()) };
    let allowed = IpNet::aggregate(&allowed);
    Ok(any_range(call, 1, &mut |value, range| match range {
        Range::Known(net) => Verdict::of(!allowed.iter().any(|a| a.contains(net)), &value.trail),
        Range::Part(text) => decided(part_beyond(text, &allowed), value),
    }))
}

/// The same of a range of which the first octets are known.
fn part_beyond(text: &Text, allowed: &[IpNet]) -> Truth {
    let (true, Some((octets, known))) = (families(text) == (true, false), known_octets(text)) else {
        return Truth::Undetermined;
    };
    // However long the prefix is, it is one of these addresses.
    let Ok(within) = Ipv4Net::new(octets, known) else { return Truth::Undetermined };
    let mut open = false;
    for allowed in allowed {
        let IpNet::V4(allowed) = allowed else { continue };
        if allowed.contains(&within) && written_length(text).is_some_and(|l| l >= allowed.prefix_len()) {
            return Truth::No;
        }
        open |= allowed.contains(&within) || within.contains(allowed);
    }
    if open { Truth::Undetermined } else { Truth::Yes }
}

/// `range_covers(ranges, inner)`: whether one of the ranges contains, or is, one of the ranges `inner`. Both are a range
/// or a list of ranges; unset ones are empty. The evidence is the outer range.
fn range_covers(call: &Call<'_>) -> Value {
    let inner = arg(call, 1);
    any_element(&arg(call, 0), 0, &mut |value| {
        on_range(value, &mut |value, outer| {
            let found = any_element(&inner, 0, &mut |value| {
                on_range(value, &mut |value, inner| decided(covers(outer, inner), value))
            });
            match outer {
                // Why it is not decided is said where it is not known.
                Range::Part(_) if found.truth == Truth::Undetermined => Verdict::unknown(value),
                _ if found.truth == Truth::Undetermined => Verdict { trail: value.trail.or(&found.trail), ..found },
                _ => Verdict::of(found.is_yes(), &value.trail),
            }
        })
    })
    .value()
}

fn covers(outer: &Range<'_>, inner: &Range<'_>) -> Truth {
    match (outer, inner) {
        (Range::Known(outer), Range::Known(inner)) => Truth::from(outer.contains(inner)),
        // A longer prefix never covers a shorter one.
        (Range::Part(outer), Range::Known(inner)) if written_length(outer).is_some_and(|l| l > inner.prefix_len()) => {
            Truth::No
        }
        (Range::Known(outer), Range::Part(inner)) => match (outer, families(inner)) {
            (IpNet::V4(_), (false, _)) | (IpNet::V6(_), (_, false)) => Truth::No,
            _ if outer.prefix_len() == 0 && families(inner) != (true, true) => Truth::Yes,
            _ => Truth::Undetermined,
        },
        _ => Truth::Undetermined,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, eval, evidence};

    #[test]
    fn a_shorter_prefix_is_wider() {
        check(&[
            (r#"wider(24, 64, ["10.0.0.0/16"])"#, "yes"),
            (r#"wider(24, 64, "10.0.0.0/23")"#, "yes"),
            (r#"wider(24, 64, ["10.0.0.0/24", "198.51.100.7", "10.1.0.0/32"])"#, "no"),
            (r#"wider(24, 64, ["fd00::/48"])"#, "yes"),
            (r#"wider(24, 64, ["fd00::/64", "::1"])"#, "no"),
            (r#"wider(24, 64, ["10.0.0.0/24"], [["::/0"]])"#, "yes"),
            (r#"wider(24, 64, absent, null, [], "")"#, "no"),
            ("wider(24, 64)", "no"),
            // Of a part.
            (r#"wider(24, 64, ["10.${var.n}.0.0/16"])"#, "yes"),
            (r#"wider(24, 64, ["${var.base}.0/24"])"#, "no"),
            (r#"wider(24, 64, ["${var.ip}/32"])"#, "?"),
            (r#"wider(24, 64, ["${var.ip}/16"])"#, "yes"),
            (r#"wider(24, 64, ["${var.ip}/128"])"#, "no"),
            (r#"wider(24, 64, ["fd00:${var.n}::/64"])"#, "no"),
            (r#"wider(24, 64, ["10.0.0.0/${var.n}"])"#, "?"),
            // Not known, not a range.
            ("wider(24, 64, [var.cidr])", "?"),
            (r#"wider(24, 64, [var.cidr, "10.0.0.0/8"])"#, "yes"),
            (r#"wider(24, 64, var.a ? "10.0.0.0/8" : "10.0.0.0/16")"#, "yes"),
            (r#"wider(24, 64, ["all"])"#, "?"),
            (r#"wider(var.a, 64, ["10.0.0.0/8"])"#, "?"),
        ]);
        assert_eq!(evidence(r#"wider(24, 64, ["10.0.0.0/24", "10.0.0.0/8"])"#), "\"10.0.0.0/8\"");
    }

    #[test]
    fn what_is_not_allowed_is_beyond() {
        check(&[
            (r#"beyond(["10.0.0.0/8"], ["10.1.0.0/16", "10.2.3.4"])"#, "no"),
            (r#"beyond(["10.0.0.0/8"], ["10.1.0.0/16", "11.0.0.0/16"])"#, "yes"),
            (r#"beyond(["10.0.0.0/8"], ["0.0.0.0/0"])"#, "yes"),
            (r#"beyond(["10.0.0.0/8"], ["::/0"])"#, "yes"),
            (r#"beyond(["10.0.0.0/9", "10.128.0.0/9"], ["10.0.0.0/8"])"#, "no"),
            (r#"beyond(["10.0.0.0/8", "fd00::/8"], "fd00:1::/48")"#, "no"),
            (r#"beyond([], ["10.0.0.0/8"])"#, "yes"),
            (r#"beyond(["10.0.0.0/8"], absent, [])"#, "no"),
            (r#"beyond(["10.0.0.0/8"], ["10.1.${var.n}.0/24"])"#, "no"),
            (r#"beyond(["10.1.0.0/16"], ["10.1.${var.n}.0/24"])"#, "no"),
            (r#"beyond(["10.1.2.0/24"], ["10.1.${var.n}.0/24"])"#, "?"),
            (r#"beyond(["10.0.0.0/16"], ["10.0.0.0/${var.n}"])"#, "?"),
            (r#"beyond(["11.0.0.0/8", "fd00::/8"], ["10.${var.n}.0.0/24"])"#, "yes"),
            (r#"beyond(["10.0.0.0/8"], ["${var.a}.1.0.0/16"])"#, "?"),
            (r#"beyond(["10.0.0.0/8"], [var.x])"#, "?"),
            (r#"beyond(["10.0.0.0/8"], [var.x, "11.0.0.0/8"])"#, "yes"),
            (r#"beyond(["ten"], ["10.0.0.0/8"])"#, "?"),
            (r#"beyond([var.x], ["10.0.0.0/8"])"#, "?"),
        ]);
        assert_eq!(evidence(r#"beyond(["10.0.0.0/8"], ["10.1.0.0/16", "11.0.0.0/16"])"#), "\"11.0.0.0/16\"");
    }

    #[test]
    fn a_range_covers_what_lies_in_it() {
        check(&[
            (r#"range_covers(["10.0.0.0/8"], "10.1.0.0/16")"#, "yes"),
            (r#"range_covers(["10.1.0.0/16"], "10.1.0.0/16")"#, "yes"),
            (r#"range_covers(["10.1.2.0/24"], "10.1.0.0/16")"#, "no"),
            (r#"range_covers(["::/0"], "10.0.0.0/8")"#, "no"),
            (r#"range_covers(["192.168.0.0/16", "10.0.0.0/8"], ["172.16.0.0/12", "10.1.0.0/16"])"#, "yes"),
            (r#"range_covers([], "10.1.0.0/16")"#, "no"),
            (r#"range_covers("10.0.0.0/8", absent)"#, "no"),
            (r#"range_covers("10.0.0.0/8", var.x)"#, "?"),
            (r#"range_covers(var.x, "10.1.0.0/16")"#, "?"),
            (r#"range_covers([var.x, "10.0.0.0/8"], "10.1.0.0/16")"#, "yes"),
            (r#"range_covers("10.0.0.0/8", [var.x, "10.1.0.0/16"])"#, "yes"),
            (r#"range_covers("10.${var.n}.0.0/24", "10.1.0.0/16")"#, "no"),
            (r#"range_covers("10.${var.n}.0.0/16", "10.1.0.0/16")"#, "?"),
            (r#"range_covers("0.0.0.0/0", "10.${var.n}.0.0/16")"#, "yes"),
            (r#"range_covers("::/0", "10.${var.n}.0.0/16")"#, "no"),
            (r#"range_covers("10.0.0.0/8", "10.${var.n}.0.0/16")"#, "?"),
        ]);
        assert_eq!(evidence(r#"range_covers(["11.0.0.0/8", "10.0.0.0/8"], "10.1.0.0/16")"#), "\"10.0.0.0/8\"");
        let cause = eval(r#"range_covers("10.0.0.0/8", var.x)"#).cause().map(|c| c.what.to_string());
        assert_eq!(cause.as_deref(), Some("var.x has no value"));
    }
}
