//! Addresses, ports and protocols: what is the internet, and what a rule of a firewall covers.

use super::verdict::{MAX_DEPTH, Verdict, any_element, arg, function, why};
use crate::expr::{Call, Function};
use crate::value::{
    Cause, CauseKind, HopKind, Kind, List, Number, Piece, Rest, Str, Text, Trail, Truth, Value, to_number, to_text,
};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Function] = &[
    function("internet", 2, usize::MAX, internet),
    function("admits", 5, 5, admits),
    function("all_ports", 3, 3, |call| Ok(all_ports(call))),
    function("ports_beyond", 5, 5, ports_beyond),
    function("prefix_list_cidrs", 2, 2, |call| Ok(prefix_list_cidrs(call))),
];

/// IPv4 ranges that are not routed in the internet, by the registry of special-purpose addresses.
const NOT_ROUTED_V4: [(Ipv4Addr, u8); 14] = [
    (Ipv4Addr::UNSPECIFIED, 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// The IPv6 range that is routed in the internet.
const ROUTED_V6: (Ipv6Addr, u8) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// A range inside [`ROUTED_V6`] that is not routed: documentation.
const NOT_ROUTED_V6: (Ipv6Addr, u8) = (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32);

/// The longest prefixes that still count as the internet.
#[derive(Clone, Copy)]
pub(super) struct Widest {
    pub v4: u8,
    pub v6: u8,
}

impl Widest {
    /// Whether the range is the internet.
    fn covers(self, net: IpNet) -> bool {
        match net {
            IpNet::V4(net) => {
                let inside = |(base, length): (Ipv4Addr, u8)| {
                    Ipv4Net::new(base, length).is_ok_and(|block| block.contains(&net.trunc()))
                };
                net.prefix_len() == 0 || net.prefix_len() <= self.v4 && !NOT_ROUTED_V4.into_iter().any(inside)
            }
            IpNet::V6(net) => {
                let block = |(base, length): (Ipv6Addr, u8)| Ipv6Net::new(base, length).ok();
                let net = net.trunc();
                let routed = block(ROUTED_V6).is_some_and(|b| b.contains(&net) || net.contains(&b));
                let excluded = block(NOT_ROUTED_V6).is_some_and(|b| b.contains(&net));
                net.prefix_len() <= self.v6 && routed && !excluded
            }
        }
    }
}

/// `internet(prefix_v4, prefix_v6, ranges...)`: whether one of the ranges is the internet: `0.0.0.0/0`, `::/0` or a
/// range of globally routed addresses whose prefix is not longer than the given one. Every further argument is a range
/// or a list of ranges; unset ones are empty. The evidence is the range.
fn internet(call: &Call<'_>) -> Result<Value, Str> {
    let length = |index: usize, max: u8| {
        let number = arg(call, index).as_number().and_then(Number::as_i64).and_then(|n| u8::try_from(n).ok());
        number
            .filter(|n| *n <= max)
            .ok_or_else(|| Str::from(format!("argument {} of internet must be the length of a prefix", index + 1)))
    };
    let widest = Widest { v4: length(0, 32)?, v6: length(1, 128)? };
    let lists = call.args.get(2..).unwrap_or_default();
    let judged = lists.iter().map(|list| any_element(list, 0, &mut |range| range_is_internet(range, widest)));
    Ok(Verdict::any(judged.collect::<Vec<_>>()).value())
}

pub(super) fn range_is_internet(range: &Value, widest: Widest) -> Verdict {
    match &range.kind {
        Kind::String(text) if text.trim().is_empty() => Verdict::of(false, &range.trail),
        Kind::String(text) => match parse_range(text.trim()) {
            Some(net) => Verdict::of(widest.covers(net), &range.trail),
            None => Verdict::invalid(format!("{text:?} is not a range in CIDR notation"), &range.trail),
        },
        Kind::Partial(text) => match partial_range(text, widest) {
            Truth::Undetermined => Verdict::unknown(range),
            decided => Verdict::of(decided == Truth::Yes, &range.trail),
        },
        Kind::Unknown(_) | Kind::AfterApply(_) => Verdict::unknown(range),
        _ => Verdict::invalid(format!("a {} is not a range in CIDR notation", range.type_name()), &range.trail),
    }
}

/// A range, or a single address.
pub(super) fn parse_range(text: &str) -> Option<IpNet> {
    text.parse::<IpNet>().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
}

/// The length of the prefix, where the end of a range is known.
pub(super) fn written_length(text: &Text) -> Option<u8> {
    text.suffix().rsplit_once('/').and_then(|(_, digits)| digits.trim_end().parse().ok())
}

/// Whether a range of which only parts are known may be one of IPv4, and one of IPv6.
pub(super) fn families(text: &Text) -> (bool, bool) {
    let known = |c: char| text.pieces().iter().any(|p| matches!(p, Piece::Known(s) if s.contains(c)));
    (!known(':'), known(':') || !known('.'))
}

/// The octets at the beginning of a range of IPv4 that are known whole, and how many bits that are.
pub(super) fn known_octets(text: &Text) -> Option<(Ipv4Addr, u8)> {
    let (octets, _) = text.prefix().rsplit_once('.')?;
    let mut address = [0u8; 4];
    let mut bits = 0u8;
    for (slot, octet) in address.iter_mut().zip(octets.split('.')) {
        *slot = octet.parse().ok()?;
        bits += 8;
    }
    Some((Ipv4Addr::from(address), bits))
}

/// Whether a range of which only parts are known is the internet: the length of the prefix may say so alone.
fn partial_range(text: &Text, widest: Widest) -> Truth {
    let Some(length) = written_length(text) else { return Truth::Undetermined };
    if length == 0 {
        return Truth::Yes;
    }
    let (v4, v6) = families(text);
    if (!v4 || length > widest.v4) && (!v6 || length > widest.v6) {
        return Truth::No;
    }
    if v6 {
        return Truth::Undetermined;
    }
    // Octets that are known whole may lie in a range that is not routed.
    let Some((octets, known)) = known_octets(text) else { return Truth::Undetermined };
    let inside = |(base, block): (Ipv4Addr, u8)| {
        block <= known && block <= length && Ipv4Net::new(base, block).is_ok_and(|b| b.contains(&octets))
    };
    if NOT_ROUTED_V4.into_iter().any(inside) { Truth::No } else { Truth::Undetermined }
}

/// A protocol as the rules of security groups and network ACLs name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Protocol {
    All,
    Tcp,
    Udp,
    Icmp,
    IcmpV6,
    Other(Str),
}

impl Protocol {
    fn named(text: &str) -> Protocol {
        match text.trim().to_ascii_lowercase().as_str() {
            "-1" | "all" => Protocol::All,
            "tcp" | "6" => Protocol::Tcp,
            "udp" | "17" => Protocol::Udp,
            "icmp" | "1" => Protocol::Icmp,
            "icmpv6" | "58" => Protocol::IcmpV6,
            other => Protocol::Other(other.into()),
        }
    }

    /// `Err`: not decided.
    pub(super) fn read(value: &Value) -> Result<Protocol, Verdict> {
        if value.is_unset() {
            return Err(Verdict::invalid("the protocol is not written", &value.trail));
        }
        let text = to_text(value);
        text.as_str().map(Protocol::named).ok_or_else(|| Verdict::unknown(&text))
    }

    fn has_ports(&self) -> bool {
        matches!(self, Protocol::Tcp | Protocol::Udp)
    }
}

/// A port of a rule; `Err`: not decided.
pub(super) fn port(value: &Value, name: &str) -> Result<f64, Verdict> {
    if value.is_unset() {
        return Err(Verdict::invalid(format!("the rule has no {name}, which TCP and UDP need"), &value.trail));
    }
    let number = to_number(value);
    match number.as_number().map(Number::as_f64) {
        Some(port) if port < 0.0 => Err(Verdict::invalid(format!("the {name} is negative"), &value.trail)),
        Some(port) => Ok(port),
        None => Err(Verdict::unknown(&number)),
    }
}

/// The end of a port range that is decided by comparing it.
fn compare(value: &Value, name: &str, holds: impl Fn(f64) -> bool) -> Verdict {
    match port(value, name) {
        Ok(port) => Verdict::of(holds(port), &value.trail),
        Err(undecided) => undecided,
    }
}

/// `admits(protocols, port, protocol, from, to)`: whether a rule for `protocol` and the ports `from` to `to` covers
/// `port` for one of the `protocols`, a list such as `["tcp", "udp"]`. Every protocol means every port.
fn admits(call: &Call<'_>) -> Result<Value, Str> {
    let wanted: Vec<Protocol> =
        super::verdict::given_strings(call, 0)?.iter().map(|name| Protocol::named(name)).collect();
    let Some(number) = to_number(&arg(call, 1)).as_number().map(Number::as_f64) else {
        return Err("argument 2 of admits must be a port".into());
    };
    let (protocol, from, to) = (arg(call, 2), arg(call, 3), arg(call, 4));
    Ok(match Protocol::read(&protocol) {
        Err(undecided) => undecided,
        Ok(Protocol::All) => Verdict::of(true, &protocol.trail),
        Ok(one) if !wanted.contains(&one) => Verdict::of(false, &protocol.trail),
        Ok(_) => Verdict::all([
            compare(&from, "first port", |first| first <= number),
            compare(&to, "last port", |last| number <= last),
        ])
        .or_trail(&protocol.trail),
    }
    .value())
}

/// `all_ports(protocol, from, to)`: whether a rule covers every protocol, or every usable port of TCP or UDP (0 or 1 to
/// 65535).
fn all_ports(call: &Call<'_>) -> Value {
    let (protocol, from, to) = (arg(call, 0), arg(call, 1), arg(call, 2));
    match Protocol::read(&protocol) {
        Err(undecided) => undecided,
        Ok(Protocol::All) => Verdict::of(true, &protocol.trail),
        Ok(one) if !one.has_ports() => Verdict::of(false, &protocol.trail),
        Ok(_) => Verdict::all([
            compare(&from, "first port", |first| first <= 1.0),
            compare(&to, "last port", |last| last >= 65_535.0),
        ])
        .or_trail(&protocol.trail),
    }
    .value()
}

/// `ports_beyond(allowed, include_icmp, protocol, from, to)`: whether a rule covers a port of TCP or UDP that is not in
/// the list `allowed`, or a protocol that has no ports. ICMP counts only when `include_icmp` says so.
fn ports_beyond(call: &Call<'_>) -> Result<Value, Str> {
    let allowed = arg(call, 0);
    let allowed: Option<Vec<f64>> = match &allowed.kind {
        Kind::Absent | Kind::Null => Some(Vec::new()),
        Kind::List(list) if list.open.is_none() => {
            list.items.iter().map(|i| to_number(i).as_number().map(Number::as_f64)).collect()
        }
        _ => None,
    };
    let Some(mut allowed) = allowed else { return Err("argument 1 of ports_beyond must be a list of ports".into()) };
    allowed.sort_by(f64::total_cmp);
    allowed.dedup();
    let icmp = arg(call, 1).truth() == Truth::Yes;
    let (protocol, from, to) = (arg(call, 2), arg(call, 3), arg(call, 4));
    let one = match Protocol::read(&protocol) {
        Err(undecided) => return Ok(undecided.value()),
        Ok(one) => one,
    };
    Ok(match one {
        Protocol::Icmp | Protocol::IcmpV6 => Verdict::of(icmp, &protocol.trail),
        Protocol::All | Protocol::Other(_) => Verdict::of(true, &protocol.trail),
        Protocol::Tcp | Protocol::Udp => match (port(&from, "first port"), port(&to, "last port")) {
            (Ok(first), Ok(last)) => {
                let within = allowed.iter().filter(|p| first <= **p && **p <= last).count() as f64;
                Verdict::of(last - first + 1.0 > within, &from.trail)
            }
            // One end that is not allowed is enough, whatever the other is.
            (Ok(end), Err(_)) if !allowed.contains(&end) => Verdict::of(true, &from.trail),
            (Err(_), Ok(end)) if !allowed.contains(&end) => Verdict::of(true, &to.trail),
            (Err(undecided), _) | (_, Err(undecided)) => undecided,
        }
        .or_trail(&protocol.trail),
    }
    .value())
}

/// `prefix_list_cidrs(ids, prefix_lists)`: the ranges of the prefix lists that `ids` refer to. `prefix_lists` are the
/// resources of the root, with `address` and `entries`, maps with `cidr`. A list that is not found there leaves the
/// result open. The evidence of a range is the place where its list is used.
fn prefix_list_cidrs(call: &Call<'_>) -> Value {
    let (ids, lists) = (arg(call, 0), arg(call, 1));
    let mut found = Ranges::default();
    found.of(&ids, &lists, 0);
    let list = List { items: found.items, open: found.open, set: false };
    Value::from(Kind::List(Arc::new(list))).with_trail(ids.trail.clone())
}

#[derive(Default)]
struct Ranges {
    items: Vec<Value>,
    open: Option<Arc<Cause>>,
}

impl Ranges {
    fn open(&mut self, cause: impl FnOnce() -> Arc<Cause>) {
        if self.open.is_none() {
            self.open = Some(cause());
        }
    }

    fn of(&mut self, ids: &Value, lists: &Value, depth: usize) {
        match &ids.kind {
            Kind::Absent | Kind::Null => {}
            Kind::String(s) if s.is_empty() => {}
            Kind::List(list) if depth < MAX_DEPTH => {
                for id in &list.items {
                    self.of(&ids.inside(id), lists, depth + 1);
                }
                if let Some(cause) = &list.open {
                    self.open(|| cause.clone());
                }
            }
            _ => match resolve(ids, lists) {
                Some(list) => self.entries(&list, &ids.trail),
                None => self.open(|| not_found(ids, lists)),
            },
        }
    }

    fn entries(&mut self, list: &Value, used: &Trail) {
        let entries = list.get("entries");
        match &entries.kind {
            Kind::Absent | Kind::Null => {}
            Kind::List(items) => {
                for entry in &items.items {
                    let range = entries.inside(entry).get("cidr");
                    let trail = if used.is_none() { range.trail.clone() } else { used.then(&range.trail) };
                    self.items.push(range.with_trail(trail));
                }
                if let Some(cause) = &items.open {
                    self.open(|| cause.clone());
                }
            }
            _ => self.open(|| why(&entries)),
        }
    }
}

/// The resource whose attribute an id is.
fn resolve(id: &Value, lists: &Value) -> Option<Value> {
    let list = lists.as_list()?;
    let named =
        |address: &str| list.items.iter().find(|l| l.get("address").as_str() == Some(address)).map(|l| lists.inside(l));
    if let Kind::AfterApply(reference) = &id.kind {
        return named(&reference.address);
    }
    id.trail
        .hops()
        .filter(|h| h.kind == HopKind::Attribute)
        .find_map(|h| named(h.name.rsplit_once('.').map_or(h.name.as_str(), |(address, _)| address)))
}

fn not_found(id: &Value, lists: &Value) -> Arc<Cause> {
    let open = match &lists.kind {
        Kind::List(list) => list.open.clone(),
        Kind::Map(map) => match &map.rest {
            Rest::Open(cause) => Some(cause.clone()),
            _ => None,
        },
        _ => None,
    };
    match &id.kind {
        Kind::String(text) => Cause::new(CauseKind::External, format!("the prefix list {text} is not declared here")),
        Kind::AfterApply(reference) => open.unwrap_or_else(|| {
            Cause::new(CauseKind::External, format!("the prefix list {} is not declared here", reference.address))
        }),
        _ => why(id),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, eval, evidence};

    #[test]
    fn the_internet_is_what_is_wide_and_routed() {
        check(&[
            (r#"internet(8, 16, ["0.0.0.0/0"])"#, "yes"),
            (r#"internet(8, 16, ["::/0"])"#, "yes"),
            (r#"internet(8, 16, "0.0.0.0/0")"#, "yes"),
            (r#"internet(8, 16, ["10.0.0.0/16", "8.0.0.0/8"])"#, "yes"),
            (r#"internet(8, 16, ["8.8.0.0/16"])"#, "no"),
            (r#"internet(16, 16, ["8.8.0.0/16"])"#, "yes"),
            (r#"internet(8, 16, ["0.0.0.0/1", "128.0.0.0/1"])"#, "yes"),
            (r#"internet(8, 16, ["128.0.0.0/1"])"#, "yes"),
            (r#"internet(8, 16, ["172.0.0.0/8"])"#, "yes"),
            (r#"internet(8, 16, ["192.1.2.3/8"])"#, "yes"),
            (r#"internet(8, 16, ["2000::/3"])"#, "yes"),
            (r#"internet(8, 16, ["2600::/16"])"#, "yes"),
            (r#"internet(8, 16, ["2600::/32"])"#, "no"),
            // Never, however wide the parameters.
            (r#"internet(32, 128, ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"])"#, "no"),
            (r#"internet(32, 128, ["127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "0.0.0.0/8"])"#, "no"),
            (
                r#"internet(32, 128, ["fc00::/7", "fd00::/8", "fe80::/10", "ff00::/8", "::1/128", "2001:db8::/32"])"#,
                "no",
            ),
            (r#"internet(32, 128, ["10.1.2.3", ""])"#, "no"),
            (r#"internet(32, 128, ["9.1.2.3"])"#, "yes"),
            // Unset lists are empty.
            ("internet(8, 16, absent)", "no"),
            ("internet(8, 16, null, [])", "no"),
            (r#"internet(8, 16, null, ["::/0"])"#, "yes"),
            ("internet(8, 16)", "no"),
            (r#"internet(8, 16, [["0.0.0.0/0"]])"#, "yes"),
            // Undecided.
            ("internet(8, 16, var.cidrs)", "?"),
            ("internet(8, 16, [var.cidr])", "?"),
            (r#"internet(8, 16, [var.cidr, "0.0.0.0/0"])"#, "yes"),
            (r#"internet(8, 16, var.cidrs, ["0.0.0.0/0"])"#, "yes"),
            (r#"internet(8, 16, ["10.0.0.0/8"], var.cidrs)"#, "?"),
            ("internet(8, 16, [made.vpc.cidr_block])", "?"),
            (r#"internet(8, 16, concat(["10.0.0.0/8"], var.cidrs))"#, "?"),
            (r#"internet(8, 16, concat(["0.0.0.0/0"], var.cidrs))"#, "yes"),
            (r#"internet(8, 16, ["anywhere"])"#, "?"),
            ("internet(8, 16, [12])", "?"),
            // Choices, at the top and inside.
            (r#"internet(8, 16, var.a ? ["0.0.0.0/0"] : ["::/0"])"#, "yes"),
            (r#"internet(8, 16, var.a ? ["0.0.0.0/0"] : ["10.0.0.0/8"])"#, "?"),
            (r#"internet(8, 16, [var.a ? "0.0.0.0/0" : "::/0"])"#, "yes"),
            (r#"internet(8, 16, [var.a ? "0.0.0.0/0" : "10.0.0.0/8"])"#, "?"),
            (r#"internet(8, 16, [var.a ? "10.0.0.0/8" : "10.1.0.0/16"])"#, "no"),
            (r#"internet(8, 16, [var.a ? "0.0.0.0/0" : null])"#, "?"),
            // Parts decide.
            (r#"internet(8, 16, ["${var.ip}/32"])"#, "no"),
            (r#"internet(8, 16, ["${var.ip}/128"])"#, "no"),
            (r#"internet(8, 16, ["${var.ip}/0"])"#, "yes"),
            (r#"internet(8, 16, ["${var.ip}/8"])"#, "?"),
            (r#"internet(8, 16, ["${var.ip}/12"])"#, "?"),
            (r#"internet(8, 16, ["${var.a}.${var.b}.0.0/12"])"#, "no"),
            (r#"internet(8, 16, ["10.${var.n}.0.0/16"])"#, "no"),
            (r#"internet(24, 16, ["10.${var.n}.0.0/16"])"#, "no"),
            (r#"internet(24, 16, ["9.${var.n}.0.0/16"])"#, "?"),
            (r#"internet(24, 16, ["172.${var.n}.0.0/16"])"#, "?"),
            (r#"internet(24, 16, ["1${var.n}.0.0.0/16"])"#, "?"),
            (r#"internet(8, 16, ["10.0.0.0/${var.n}"])"#, "?"),
            (r#"internet(8, 16, ["2600:${var.n}::/32"])"#, "no"),
            (r#"internet(8, 16, ["${var.n}::/16"])"#, "?"),
            // Wrong use.
            (r#"internet(64, 16, ["0.0.0.0/0"])"#, "?"),
            (r#"internet(var.a, 16, ["0.0.0.0/0"])"#, "?"),
        ]);
    }

    #[test]
    fn the_evidence_is_the_range() {
        assert_eq!(evidence(r#"internet(8, 16, ["10.0.0.0/8", "0.0.0.0/0"])"#), "\"0.0.0.0/0\"");
        assert_eq!(evidence(r#"internet(8, 16, null, concat(["10.0.0.0/8"], ["::/0"]))"#), "\"::/0\"");
        assert_eq!(evidence(r#"internet(8, 16, ["10.0.0.0/8", var.x])"#), "var.x");
        assert_eq!(evidence(r#"internet(8, 16, ["10.0.0.0/8"])"#), r#"["10.0.0.0/8"]"#);
        let value = eval(r#"internet(8, 16, ["10.0.0.0/8", var.x])"#);
        assert_eq!(value.cause().map(|c| c.what.to_string()).as_deref(), Some("var.x has no value"));
    }

    #[test]
    fn rules_admit_ports() {
        check(&[
            (r#"admits(["tcp"], 22, "tcp", 22, 22)"#, "yes"),
            (r#"admits(["tcp"], 22, "TCP", "0", "1024")"#, "yes"),
            (r#"admits(["tcp"], 22, "6", 0, 65535)"#, "yes"),
            (r#"admits(["tcp"], 22, 6, 0, 65535)"#, "yes"),
            (r#"admits(["tcp"], 22, "udp", 0, 65535)"#, "no"),
            (r#"admits(["tcp", "udp"], 3389, 17, 3389, 3389)"#, "yes"),
            (r#"admits(["tcp"], 22, "-1", 0, 0)"#, "yes"),
            (r#"admits(["tcp"], 22, -1, absent, null)"#, "yes"),
            (r#"admits(["tcp"], 22, "all", var.x, var.y)"#, "yes"),
            (r#"admits(["tcp"], 22, "tcp", 23, 65535)"#, "no"),
            (r#"admits(["tcp"], 22, "tcp", 0, 21)"#, "no"),
            (r#"admits(["tcp"], 22, "icmp", -1, -1)"#, "no"),
            (r#"admits(["tcp"], 22, "58", -1, -1)"#, "no"),
            (r#"admits(["tcp"], 22, "50", 0, 65535)"#, "no"),
            // Undecided, and what decides anyway.
            (r#"admits(["tcp"], 22, var.p, 22, 22)"#, "?"),
            (r#"admits(["tcp"], 22, var.p, 80, 80)"#, "?"),
            (r#"admits(["tcp"], 22, absent, 22, 22)"#, "?"),
            (r#"admits(["tcp"], 22, "tcp", var.a, 22)"#, "?"),
            (r#"admits(["tcp"], 22, "tcp", var.a, 21)"#, "no"),
            (r#"admits(["tcp"], 22, "tcp", 23, var.a)"#, "no"),
            (r#"admits(["tcp"], 22, "tcp", 0, var.a)"#, "?"),
            (r#"admits(["tcp"], 22, "tcp", absent, absent)"#, "?"),
            (r#"admits(["tcp"], 22, "tcp", -1, -1)"#, "?"),
            (r#"admits(["tcp"], 22, "udp", var.a, var.b)"#, "no"),
            (r#"admits(["tcp"], 22, var.x ? "tcp" : "-1", 22, 22)"#, "yes"),
            (r#"admits(["tcp"], 22, "tcp", var.x ? 22 : 80, 443)"#, "?"),
        ]);
        assert_eq!(evidence(r#"admits(["tcp"], 22, "tcp", 22, 30)"#), "22");
        assert_eq!(evidence(r#"admits(["tcp"], 22, "-1", 0, 0)"#), "\"-1\"");
    }

    #[test]
    fn rules_cover_all_ports_or_others_than_allowed() {
        check(&[
            (r#"all_ports("-1", 0, 0)"#, "yes"),
            (r#"all_ports("tcp", 0, 65535)"#, "yes"),
            (r#"all_ports("udp", 1, "65535")"#, "yes"),
            (r#"all_ports("tcp", 2, 65535)"#, "no"),
            (r#"all_ports("tcp", 0, 65534)"#, "no"),
            (r#"all_ports("icmp", -1, -1)"#, "no"),
            (r#"all_ports("tcp", var.a, 1024)"#, "no"),
            (r#"all_ports("tcp", var.a, 65535)"#, "?"),
            (r"all_ports(var.p, 0, 65535)", "?"),
            (r#"ports_beyond([80, 443], false, "tcp", 80, 80)"#, "no"),
            (r#"ports_beyond([80, 443], false, "tcp", 443, 443)"#, "no"),
            (r#"ports_beyond([80, 443], false, "tcp", 80, 443)"#, "yes"),
            (r#"ports_beyond([80, 81], false, "6", "80", "81")"#, "no"),
            (r#"ports_beyond([80, 80], false, "tcp", 80, 81)"#, "yes"),
            (r#"ports_beyond([], false, "tcp", 80, 80)"#, "yes"),
            (r#"ports_beyond(["80"], false, "udp", 53, 53)"#, "yes"),
            (r#"ports_beyond([80], false, "-1", 0, 0)"#, "yes"),
            (r#"ports_beyond([80], false, "50", 0, 0)"#, "yes"),
            (r#"ports_beyond([80], false, "esp", absent, absent)"#, "yes"),
            (r#"ports_beyond([80], false, "icmp", -1, -1)"#, "no"),
            (r#"ports_beyond([80], true, "icmp", -1, -1)"#, "yes"),
            (r"ports_beyond([80], true, 58, -1, -1)", "yes"),
            (r"ports_beyond([80], false, var.p, 80, 80)", "?"),
            (r#"ports_beyond([80], false, "tcp", 80, var.b)"#, "?"),
            (r#"ports_beyond([80], false, "tcp", 22, var.b)"#, "yes"),
            (r#"ports_beyond([80], false, "tcp", var.a, 90)"#, "yes"),
            (r#"ports_beyond([80], false, "tcp", var.a, 80)"#, "?"),
            (r#"ports_beyond(var.ports, false, "tcp", 22, 22)"#, "?"),
        ]);
    }

    #[test]
    fn prefix_lists_are_followed() {
        const LISTS: &str = r#"[{ address = "pl.a", entries = [{ cidr = "10.0.0.0/8" }, { cidr = "0.0.0.0/0" }] },
            { address = "pl.b", entries = [{ cidr = var.x }] }, { address = "pl.c", entries = var.y },
            { address = "pl.d" }]"#;
        let of = |ids: &str| format!("internet(8, 16, prefix_list_cidrs({ids}, {LISTS}))");
        let table = [
            ("absent", "no"),
            ("[]", "no"),
            (r#"[made["pl.a"].id]"#, "yes"),
            (r#"made["pl.a"].id"#, "yes"),
            (r#"[made["pl.b"].id]"#, "?"),
            (r#"[made["pl.c"].id]"#, "?"),
            (r#"[made["pl.d"].id]"#, "no"),
            (r#"[made["pl.e"].id]"#, "?"),
            (r#"["pl-63a5400a"]"#, "?"),
            (r#"["pl-63a5400a", made["pl.a"].id]"#, "yes"),
            ("var.ids", "?"),
            ("[var.id]", "?"),
        ];
        for (ids, expected) in table {
            check(&[(&of(ids), expected)]);
        }
        assert_eq!(evidence(&of(r#"[made["pl.a"].id]"#)), r#"made["pl.a"].id"#);
        let hops = eval(&of(r#"[made["pl.a"].id]"#)).trail.hops().count();
        assert_eq!(hops, 2, "where the list is used, and where its entry is written");
        let cause = eval(&of(r#"["pl-63a5400a"]"#)).cause().map(|c| c.what.to_string());
        assert_eq!(cause.as_deref(), Some("the prefix list pl-63a5400a is not declared here"));
    }
}
