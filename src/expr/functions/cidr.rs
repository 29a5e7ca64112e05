//! Functions on IP networks.

use super::args::{Outcome, Stop};
use crate::expr::Call;
use crate::value::{Number, Value};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A network: its first address, the length of its prefix and of its addresses, in bits.
#[derive(Clone, Copy)]
struct Network {
    base: u128,
    prefix: u32,
    width: u32,
}

/// The lowest `bits` bits.
fn ones(bits: u32) -> u128 {
    1u128.checked_shl(bits).map_or(u128::MAX, |b| b - 1)
}

/// An address and its width. Leading zeros in IPv4 are decimal, as Terraform reads them.
fn address(text: &str) -> Option<(u128, u32)> {
    if text.contains(':') {
        return text.parse::<Ipv6Addr>().ok().map(|a| (u128::from(a), 128));
    }
    let mut octets = [0u8; 4];
    let mut parts = text.split('.');
    for octet in &mut octets {
        let part = parts.next()?;
        if part.is_empty() || part.len() > 10 || !part.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        *octet = part.parse().ok()?;
    }
    parts.next().is_none().then(|| (u128::from(u32::from(Ipv4Addr::from(octets))), 32))
}

fn show_address(address: u128, width: u32) -> String {
    match width {
        32 => Ipv4Addr::from(u32::try_from(address).unwrap_or(u32::MAX)).to_string(),
        _ => match Ipv6Addr::from(address).to_ipv4_mapped() {
            Some(v4) => IpAddr::V4(v4).to_string(),
            None => Ipv6Addr::from(address).to_string(),
        },
    }
}

impl Network {
    fn parse(text: &str) -> Outcome<Network> {
        let wrong = || Stop::from(format!("{text:?} is not a network in CIDR notation"));
        let (ip, length) = text.split_once('/').ok_or_else(wrong)?;
        let (address, width) = address(ip).ok_or_else(wrong)?;
        if length.is_empty() || length.len() > 3 || !length.bytes().all(|b| b.is_ascii_digit()) {
            return Err(wrong());
        }
        let prefix: u32 = length.parse().map_err(|_| wrong())?;
        if prefix > width {
            return Err(wrong());
        }
        Ok(Network { base: address & !ones(width - prefix), prefix, width })
    }

    fn last(self) -> u128 {
        self.base | ones(self.width - self.prefix)
    }

    fn show(self) -> String {
        format!("{}/{}", show_address(self.base, self.width), self.prefix)
    }
}

/// A whole number as magnitude and sign; numbers beyond 64 bits count addresses in IPv6.
fn whole(number: Number) -> Outcome<(u128, bool)> {
    match number {
        Number::Int(i) => Ok((u128::from(i.unsigned_abs()), i < 0)),
        Number::Float(f) if f.fract() == 0.0 && f.abs() < 3e38 => Ok((f.abs() as u128, f < 0.0)),
        Number::Float(_) => Err("a whole number is needed".into()),
    }
}

pub(super) fn cidrhost(call: &Call<'_>) -> Outcome {
    let network = Network::parse(&call.text(0)?)?;
    let (magnitude, negative) = whole(call.number(1)?)?;
    let most = ones(network.width - network.prefix);
    // Negative numbers count from the end, -1 being the last address.
    let steps = if negative { magnitude - 1 } else { magnitude };
    if steps > most {
        return Err(format!("the network {} has no host with that number", network.show()).into());
    }
    let host = if negative { most - steps } else { steps };
    Ok(show_address(network.base | host, network.width).into())
}

pub(super) fn cidrnetmask(call: &Call<'_>) -> Outcome {
    let network = Network::parse(&call.text(0)?)?;
    if network.width != 32 {
        return Err("an IPv6 network has no netmask".into());
    }
    Ok(show_address(ones(32) & !ones(32 - network.prefix), 32).into())
}

pub(super) fn cidrsubnet(call: &Call<'_>) -> Outcome {
    let network = Network::parse(&call.text(0)?)?;
    let new_bits = u32::try_from(call.count(1)?).unwrap_or(u32::MAX);
    let (number, negative) = whole(call.number(2)?)?;
    let prefix = network.prefix.saturating_add(new_bits);
    if prefix > network.width {
        return Err(format!("{} cannot be extended by {new_bits} bits", network.show()).into());
    }
    if negative || number > ones(new_bits) {
        return Err(format!("{new_bits} bits do not hold the network number").into());
    }
    let shifted = number.checked_shl(network.width - prefix).unwrap_or(0);
    Ok(Network { base: network.base | shifted, prefix, ..network }.show().into())
}

pub(super) fn cidrsubnets(call: &Call<'_>) -> Outcome {
    let network = Network::parse(&call.text(0)?)?;
    let mut items = Vec::with_capacity(call.args.len());
    // The first address that is not taken; `None` once the address space ends.
    let mut free = Some(network.base);
    for index in 1..call.args.len() {
        let new_bits = call.int(index)?;
        if !(1..=32).contains(&new_bits) {
            return Err("a prefix is extended by 1 to 32 bits".into());
        }
        let prefix = network.prefix + new_bits as u32;
        if prefix > network.width {
            return Err(format!("{} cannot be extended by {new_bits} bits", network.show()).into());
        }
        let host = ones(network.width - prefix);
        let base = free.and_then(|f| f.checked_add(host)).map(|f| f & !host).filter(|b| *b <= network.last());
        let Some(base) = base else {
            return Err(format!("{} has no room left for a prefix of {prefix} bits", network.show()).into());
        };
        items.push(Value::from(Network { base, prefix, ..network }.show()));
        free = base.checked_add(host).and_then(|last| last.checked_add(1));
    }
    Ok(Value::list(items))
}

pub(super) fn cidrcontains(call: &Call<'_>) -> Outcome {
    let network = Network::parse(&call.text(0)?)?;
    let text = call.text(1)?;
    let (first, last, width) = if let Some((ip, width)) = address(&text) {
        (ip, ip, width)
    } else {
        let inner = Network::parse(&text)?;
        (inner.base, inner.last(), inner.width)
    };
    if width != network.width {
        return Err("an IPv4 and an IPv6 address cannot be compared".into());
    }
    Ok((network.base <= first && last <= network.last()).into())
}
