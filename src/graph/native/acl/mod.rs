//! Lists of numbered entries of which the first that matches decides: the two directions of a network ACL.
//!
//! - What entries match, as sets that can be subtracted from one another: [`traffic`].

mod traffic;

use super::network::{Protocol, parse_range, port};
use super::verdict::{Verdict, arg, function, why};
use crate::expr::{Call, Function};
use crate::value::{Cause, CauseKind, Kind, Number, Str, Trail, Value, to_number, to_text};
use ipnet::IpNet;
use std::sync::Arc;
use traffic::{Details, Protocols, Range, Traffic};

pub(super) const FUNCTIONS: &[Function] =
    &[function("acl_shadow", 3, 3, acl_shadow), function("acl_admits", 5, 5, acl_admits)];

/// AWS allows 40 entries in one direction; longer lists are not looked into.
const MAX_ENTRIES: usize = 100;

/// An entry has one range; more than these are not looked into.
const MAX_RANGES: usize = 4;

/// Entries, and why there may be more of them.
type Entries = (Vec<Entry>, Option<Arc<Cause>>);

/// An entry as far as it is known; what is not known is `None`.
struct Entry {
    value: Value,
    number: Option<i64>,
    allows: Option<bool>,
    ranges: Option<Vec<Range>>,
    protocols: Option<Protocols>,
    details: Option<Details>,
    /// Why something is not known.
    cause: Option<Arc<Cause>>,
}

impl Entry {
    fn read(value: &Value) -> Entry {
        let mut entry = Entry {
            value: value.clone(),
            number: None,
            allows: None,
            ranges: None,
            protocols: None,
            details: None,
            cause: None,
        };
        if !matches!(value.kind, Kind::Map(_)) {
            entry.cause = Some(why(value));
            return entry;
        }
        let number = to_number(&value.get("rule_number"));
        entry.number = number.as_number().and_then(Number::as_i64);
        entry.note(entry.number.is_none(), || why(&number));
        let action = to_text(&value.get("action"));
        entry.allows = match action.as_str().map(|a| a.trim().to_ascii_lowercase()).as_deref() {
            Some("allow") => Some(true),
            Some("deny") => Some(false),
            _ => None,
        };
        entry.note(entry.allows.is_none(), || why(&action));
        match ranges(&value.get("cidrs")) {
            Ok(ranges) => entry.ranges = Some(ranges),
            Err(cause) => entry.note(true, || cause),
        }
        match Protocol::read(&value.get("protocol")) {
            Ok(Protocol::All) => (entry.protocols, entry.details) = (Some(Protocols::all()), Some(Details::ALL)),
            Ok(one) => {
                match details(&one, value) {
                    Ok(details) => entry.details = Some(details),
                    Err(cause) => entry.note(true, || cause),
                }
                entry.protocols = Some(Protocols::one(one));
            }
            Err(undecided) => entry.note(true, || cause_of(undecided)),
        }
        entry
    }

    fn note(&mut self, is_open: bool, cause: impl FnOnce() -> Arc<Cause>) {
        if is_open && self.cause.is_none() {
            self.cause = Some(cause());
        }
    }

    /// What it matches, at most: everything where something is not known.
    fn traffic(&self) -> Vec<Traffic> {
        let ranges = self.ranges.clone().unwrap_or_else(|| Range::EVERYTHING.to_vec());
        let protocols = self.protocols.clone().unwrap_or_else(Protocols::all);
        let details = self.details.unwrap_or(Details::ALL);
        ranges.into_iter().map(|range| Traffic { range, protocols: protocols.clone(), details }).collect()
    }

    fn is_known(&self) -> bool {
        self.cause.is_none()
    }
}

fn cause_of(undecided: Verdict) -> Arc<Cause> {
    undecided.cause.unwrap_or_else(|| Cause::new(CauseKind::Unsupported, "it cannot be decided"))
}

/// The ranges of a list; a list that may hold more is not known.
fn ranges(value: &Value) -> Result<Vec<Range>, Arc<Cause>> {
    match &value.kind {
        Kind::Absent | Kind::Null => Ok(Vec::new()),
        Kind::String(text) if text.trim().is_empty() => Ok(Vec::new()),
        Kind::String(text) => match parse_range(text.trim()) {
            Some(net) => Ok(vec![range_of(net)]),
            None => Err(Cause::new(CauseKind::Invalid, format!("{text:?} is not a range in CIDR notation"))),
        },
        Kind::List(list) => match &list.open {
            Some(cause) => Err(cause.clone()),
            None if list.items.len() > MAX_RANGES => Err(Cause::new(CauseKind::Limit, "there are too many ranges")),
            None => {
                let all: Result<Vec<Vec<Range>>, _> = list.items.iter().map(|i| ranges(&value.inside(i))).collect();
                Ok(all?.concat())
            }
        },
        _ => Err(why(value)),
    }
}

fn range_of(net: IpNet) -> Range {
    match net {
        IpNet::V4(net) => Range::v4(u32::from(net.network()), u32::from(net.broadcast())),
        IpNet::V6(net) => Range::v6(u128::from(net.network()), u128::from(net.broadcast())),
    }
}

/// Ports, or types and codes of ICMP.
fn details(protocol: &Protocol, entry: &Value) -> Result<Details, Arc<Cause>> {
    match protocol {
        Protocol::Tcp | Protocol::Udp => {
            let from = port(&entry.get("from_port"), "first port").map_err(cause_of)?;
            let to = port(&entry.get("to_port"), "last port").map_err(cause_of)?;
            // Ports are small and not negative.
            Ok(Details::ports(from as u32, to as u32))
        }
        Protocol::Icmp | Protocol::IcmpV6 => {
            let of = |name: &str| {
                let value = entry.get(name);
                if value.is_unset() {
                    return Ok(-1);
                }
                let number = to_number(&value);
                number.as_number().and_then(Number::as_i64).ok_or_else(|| why(&number))
            };
            Ok(Details::icmp(of("icmp_type")?, of("icmp_code")?))
        }
        Protocol::All | Protocol::Other(_) => Ok(Details::ALL),
    }
}

/// The entries of a list, and why there may be more.
fn entries(value: &Value) -> Result<Entries, Arc<Cause>> {
    match &value.kind {
        Kind::Absent | Kind::Null => Ok((Vec::new(), None)),
        Kind::List(list) if list.items.len() > MAX_ENTRIES => {
            Err(Cause::new(CauseKind::Limit, "there are too many entries"))
        }
        Kind::List(list) => {
            let entries = list.items.iter().map(|item| Entry::read(&value.inside(item))).collect();
            Ok((entries, list.open.clone()))
        }
        _ => Ok((Vec::new(), Some(why(value)))),
    }
}

/// `acl_shadow(entry, entries, action)`: what of the entries with that action ("allow" or "deny", or either when it is
/// unset) and a lower number matches all that the entry matches, alone or together with others, so that nothing is left
/// for it: the first that does so alone, otherwise the one with which it is complete. Unset when something is left. The
/// evidence is the entry, and then what shadows it.
fn acl_shadow(call: &Call<'_>) -> Result<Value, Str> {
    let wanted = match arg(call, 2) {
        action if action.is_unset() => None,
        action => match action.as_str() {
            Some("allow") => Some(true),
            Some("deny") => Some(false),
            _ => return Err("argument 3 of acl_shadow is \"allow\", \"deny\" or null".into()),
        },
    };
    let value = arg(call, 0);
    let target = Entry::read(&value);
    // What it does with what it matches does not matter here.
    let (Some(number), Some(_), Some(_), Some(_)) = (target.number, &target.ranges, &target.protocols, &target.details)
    else {
        return Ok(unknown(target.cause.clone().unwrap_or_else(|| why(&value)), &value.trail));
    };
    let asked = target.traffic();
    if asked.is_empty() {
        return Ok(unknown(Cause::new(CauseKind::Invalid, "the entry has no range"), &value.trail));
    }
    let (mut all, more) = match entries(&arg(call, 1)) {
        Ok(all) => all,
        Err(cause) => return Ok(unknown(cause, &value.trail)),
    };
    let may_count = |e: &Entry| {
        e.number.is_none_or(|n| n < number) && (wanted.is_none() || e.allows.is_none() || e.allows == wanted)
    };
    all.retain(may_count);
    all.sort_by_key(|e| e.number);
    let known = all.iter().filter(|e| e.is_known());
    let found = |by: &Entry| {
        let trail = if value.trail.is_none() { by.value.trail.clone() } else { value.trail.then(&by.value.trail) };
        by.value.clone().with_trail(trail)
    };
    if let Some(alone) = known.clone().find(|e| traffic::without(&asked, &e.traffic()).is_some_and(|l| l.is_empty())) {
        return Ok(found(alone));
    }
    let too_much = || unknown(Cause::new(CauseKind::Limit, "the entries are too intricate"), &value.trail);
    let mut left = asked;
    for entry in known {
        let Some(rest) = traffic::without(&left, &entry.traffic()) else { return Ok(too_much()) };
        if rest.is_empty() {
            return Ok(found(entry));
        }
        left = rest;
    }
    if let Some(cause) = more {
        return Ok(unknown(cause, &value.trail));
    }
    // Entries of which something is not known may match the rest.
    let mut open = all.iter().filter(|e| !e.is_known());
    let first = open.clone().find_map(|e| e.cause.clone());
    let rest = open.try_fold(left, |left, e| traffic::without(&left, &e.traffic()));
    match (rest, first) {
        (Some(rest), Some(cause)) if rest.is_empty() => Ok(unknown(cause, &value.trail)),
        (Some(_), _) => Ok(Value::absent().with_trail(value.trail.clone())),
        (None, _) => Ok(too_much()),
    }
}

fn unknown(cause: Arc<Cause>, trail: &Trail) -> Value {
    Value::unknown(cause).with_trail(trail.clone())
}

/// `acl_admits(entries, protocol, from, to, ranges)`: whether the entries let the ports `from` to `to` of the protocol
/// through for the ranges: the replies to what the other direction admits. What is denied to a part of a range is denied
/// on purpose and not missed; a deny for the whole of it counts. Entries of which something is not known decide nothing.
/// The evidence is the entry that decides, otherwise the ranges; without any entry the place where they would be.
fn acl_admits(call: &Call<'_>) -> Result<Value, Str> {
    let list = arg(call, 0);
    let Ok(protocol) = Protocol::read(&arg(call, 1)) else {
        return Err("argument 2 of acl_admits is a protocol".into());
    };
    let end = |index: usize| {
        let number = to_number(&arg(call, index)).as_number().and_then(Number::as_i64);
        number.and_then(|n| u32::try_from(n).ok()).ok_or_else(|| Str::from("arguments 3 and 4 of acl_admits are ports"))
    };
    let details = Details::ports(end(2)?, end(3)?);
    let (mut all, more) = match entries(&list) {
        Ok(found) => found,
        Err(cause) => return Ok(unknown(cause, &list.trail)),
    };
    let value = arg(call, 4);
    let asked = match ranges(&value) {
        Ok(ranges) => ranges,
        Err(cause) => return Ok(unknown(cause, &value.trail)),
    };
    all.sort_by_key(|e| e.number);
    let open = all.iter().find_map(|e| e.cause.clone());
    let judged = asked.into_iter().map(|range| {
        let traffic = Traffic { range, protocols: Protocols::one(protocol.clone()), details };
        let worst = walk(&all, &traffic, false).or_trail(if all.is_empty() { &list.trail } else { &value.trail });
        if worst.is_yes() || (open.is_none() && more.is_none()) {
            return worst;
        }
        // What is not known may admit it.
        match (&more, &open) {
            (Some(cause), _) => Verdict::open(cause.clone(), &value.trail),
            (None, Some(cause)) if walk(&all, &traffic, true).is_yes() => Verdict::open(cause.clone(), &value.trail),
            (None, _) => worst,
        }
    });
    Ok(Verdict::all(judged.collect::<Vec<_>>()).value())
}

/// Goes through the entries in the order of their numbers. Entries that are not known wholly let everything through that
/// they may match when `kindly`, and otherwise let through nothing.
fn walk(entries: &[Entry], asked: &Traffic, kindly: bool) -> Verdict {
    let mut left = vec![asked.clone()];
    let mut last = Trail::none();
    let kind = entries.iter().filter(|e| kindly && !e.is_known() && e.allows != Some(false));
    let rest = entries.iter().filter(|e| e.is_known() || (!kindly && e.allows != Some(true)));
    for entry in kind.chain(rest) {
        let matched = entry.traffic();
        let denies = !kindly && !entry.is_known() || entry.allows == Some(false);
        let applies = left.iter().any(|l| matched.iter().any(|m| m.meets(l)));
        if denies && applies && matched.iter().any(|m| m.range.contains(&asked.range) && m.meets_any(&left)) {
            return Verdict::of(false, &entry.value.trail);
        }
        let Some(rest) = traffic::without(&left, &matched) else {
            return Verdict::open(Cause::new(CauseKind::Limit, "the entries are too intricate"), &entry.value.trail);
        };
        if applies && !denies {
            last = entry.value.trail.clone();
        }
        left = rest;
        if left.is_empty() {
            return Verdict::of(true, &last);
        }
    }
    Verdict::of(false, &Trail::none())
}

#[cfg(test)]
mod tests;
