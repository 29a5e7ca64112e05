//! Sets of packets: ranges of addresses, protocols, and the ports or ICMP types within them.

use super::super::network::Protocol;

/// More pieces than this are given up.
const MAX_PIECES: usize = 512;

/// Addresses of one family, from the first to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    is_v6: bool,
    first: u128,
    last: u128,
}

impl Range {
    /// Every address there is.
    pub const EVERYTHING: [Range; 2] =
        [Range { is_v6: false, first: 0, last: u32::MAX as u128 }, Range { is_v6: true, first: 0, last: u128::MAX }];

    pub fn v4(first: u32, last: u32) -> Self {
        Self { is_v6: false, first: first.into(), last: last.into() }
    }

    pub fn v6(first: u128, last: u128) -> Self {
        Self { is_v6: true, first, last }
    }

    /// Whether all addresses of the other are among these.
    pub fn contains(&self, other: &Range) -> bool {
        self.is_v6 == other.is_v6 && self.first <= other.first && other.last <= self.last
    }

    fn meets(&self, other: &Range) -> bool {
        self.is_v6 == other.is_v6 && self.first <= other.last && other.first <= self.last
    }
}

/// What tells packets of one protocol apart: ports, or types and codes, as numbers from 0 to 65535. All of them for
/// protocols that have neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Details {
    first: u32,
    last: u32,
}

impl Details {
    pub const ALL: Details = Details { first: 0, last: 65_535 };

    pub fn ports(first: u32, last: u32) -> Self {
        Self { first, last: last.min(Self::ALL.last) }
    }

    /// The type and the code; a negative one is all.
    pub fn icmp(kind: i64, code: i64) -> Self {
        let (Ok(kind), code) = (u8::try_from(kind), u8::try_from(code)) else { return Self::ALL };
        let first = u32::from(kind) * 256;
        match code {
            Ok(code) => Self { first: first + u32::from(code), last: first + u32::from(code) },
            Err(_) => Self { first, last: first + 255 },
        }
    }

    fn meets(self, other: Details) -> bool {
        self.first <= other.last && other.first <= self.last
    }
}

/// One protocol, or all but some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Protocols(Kind);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    One(Protocol),
    AllBut(Vec<Protocol>),
}

impl Protocols {
    pub fn all() -> Self {
        Self(Kind::AllBut(Vec::new()))
    }

    pub fn one(protocol: Protocol) -> Self {
        match protocol {
            Protocol::All => Self::all(),
            one => Self(Kind::One(one)),
        }
    }

    fn meets(&self, other: &Protocols) -> bool {
        match (&self.0, &other.0) {
            (Kind::One(a), Kind::One(b)) => a == b,
            (Kind::One(a), Kind::AllBut(b)) | (Kind::AllBut(b), Kind::One(a)) => !b.contains(a),
            (Kind::AllBut(_), Kind::AllBut(_)) => true,
        }
    }
}

/// A set of packets. Protocols that are not named alone have all details.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Traffic {
    pub range: Range,
    pub protocols: Protocols,
    pub details: Details,
}

impl Traffic {
    pub fn meets(&self, other: &Traffic) -> bool {
        self.range.meets(&other.range) && self.protocols.meets(&other.protocols) && self.details.meets(other.details)
    }

    pub fn meets_any(&self, others: &[Traffic]) -> bool {
        others.iter().any(|other| self.meets(other))
    }

    /// Adds what is left without `taken` to `out`.
    fn subtract(&self, taken: &Traffic, out: &mut Vec<Traffic>) {
        if !self.meets(taken) {
            out.push(self.clone());
            return;
        }
        let with = |protocols: Kind, details| Traffic { protocols: Protocols(protocols), details, ..self.clone() };
        match (&self.protocols.0, &taken.protocols.0) {
            (Kind::One(_), _) => self.cut(taken, out),
            (Kind::AllBut(these), Kind::One(one)) => {
                let mut others = these.clone();
                others.push(one.clone());
                out.push(with(Kind::AllBut(others), self.details));
                with(Kind::One(one.clone()), Details::ALL).cut(taken, out);
            }
            (Kind::AllBut(these), Kind::AllBut(those)) => {
                let spared: Vec<&Protocol> = those.iter().filter(|p| !these.contains(p)).collect();
                out.extend(spared.iter().map(|p| with(Kind::One((*p).clone()), Details::ALL)));
                let mut without = these.clone();
                without.extend(spared.into_iter().cloned());
                with(Kind::AllBut(without), self.details).cut(taken, out);
            }
        }
    }

    /// Adds what is left without the addresses and details of `taken`, whose protocols include these.
    fn cut(&self, taken: &Traffic, out: &mut Vec<Traffic>) {
        let (mine, theirs) = (self.range, taken.range);
        if mine.first < theirs.first {
            let range = Range { last: theirs.first - 1, ..mine };
            out.push(Traffic { range, ..self.clone() });
        }
        if theirs.last < mine.last {
            let range = Range { first: theirs.last + 1, ..mine };
            out.push(Traffic { range, ..self.clone() });
        }
        let range = Range { first: mine.first.max(theirs.first), last: mine.last.min(theirs.last), ..mine };
        let (mine, theirs) = (self.details, taken.details);
        if mine.first < theirs.first {
            let details = Details { last: theirs.first - 1, ..mine };
            out.push(Traffic { range, details, ..self.clone() });
        }
        if theirs.last < mine.last {
            let details = Details { first: theirs.last + 1, ..mine };
            out.push(Traffic { range, details, ..self.clone() });
        }
    }
}

/// What is left of `all` without `taken`; `None` when there are too many pieces.
pub(super) fn without(all: &[Traffic], taken: &[Traffic]) -> Option<Vec<Traffic>> {
    let mut left = all.to_vec();
    for taken in taken {
        let mut rest = Vec::with_capacity(left.len());
        for piece in &left {
            piece.subtract(taken, &mut rest);
            if rest.len() > MAX_PIECES {
                return None;
            }
        }
        left = rest;
    }
    Some(left)
}
