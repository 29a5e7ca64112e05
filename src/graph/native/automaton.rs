//! Regular expressions on texts of which only parts are known.
//!
//! A hole may be any text: behind it the automaton may be in any state it can reach. When no filling leads to a match
//! the text does not match, when every filling does it does.

use crate::value::{Kind, Piece, Str, Text, Truth, Value, to_text};
use regex::{Regex, RegexBuilder};
use regex_automata::dfa::dense::{Builder, Config, DFA};
use regex_automata::dfa::{Automaton as _, StartKind};
use regex_automata::nfa::thompson;
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;
use regex_automata::util::syntax;
use regex_automata::{Anchored, MatchKind};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use super::verdict::Verdict;

/// Compiled programs and automata larger than this many bytes are refused.
const MAX_PROGRAM: usize = 1_000_000;

/// Texts with more parts, or with more bytes that are known, are not decided.
const MAX_UNITS: usize = 64;
const MAX_KNOWN: usize = 4_096;

/// So many expressions are kept compiled.
const MAX_KEPT: usize = 256;

type Table = DFA<Vec<u32>>;
type States = FxHashSet<StateID>;

/// A compiled expression.
pub(super) struct Matcher {
    regex: Regex,
    pattern: Str,
    table: OnceCell<Option<Table>>,
}

/// A part of a text as the automaton sees it.
pub(super) enum Unit<'a> {
    /// Known characters.
    Known(&'a str),
    /// Any text.
    Any,
    /// Any text that matches the whole of an expression.
    Of(&'a Matcher),
}

thread_local! {
    static KEPT: RefCell<FxHashMap<Str, Option<Rc<Matcher>>>> = RefCell::default();
}

/// The compiled form of an expression; `None` if it cannot be compiled.
pub(super) fn compile(pattern: &str) -> Option<Rc<Matcher>> {
    if let Some(kept) = KEPT.with_borrow(|kept| kept.get(pattern).cloned()) {
        return kept;
    }
    let regex = RegexBuilder::new(pattern).size_limit(MAX_PROGRAM).nest_limit(100).build().ok();
    let matcher = regex.map(|regex| Rc::new(Matcher { regex, pattern: pattern.into(), table: OnceCell::new() }));
    KEPT.with_borrow_mut(|kept| {
        if kept.len() >= MAX_KEPT {
            kept.clear();
        }
        kept.insert(pattern.into(), matcher.clone());
    });
    matcher
}

/// The expression for a pattern in which `*` is any text and `?` any character, and all else itself.
pub(super) fn glob(pattern: &str) -> String {
    let mut out = String::from("(?s)^");
    let mut buffer = [0u8; 4];
    for c in pattern.chars() {
        match c {
            '*' => out.push_str(".*"),
            '?' => out.push('.'),
            c => out.push_str(&regex::escape(c.encode_utf8(&mut buffer))),
        }
    }
    out.push('$');
    out
}

impl Matcher {
    /// Whether the expression is found in the text.
    pub fn is_match(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// The places where the expression is found.
    pub fn find_iter<'h>(&'h self, text: &'h str) -> impl Iterator<Item = regex::Captures<'h>> {
        self.regex.captures_iter(text)
    }

    /// Whether the expression is found in a value as text.
    pub fn judge(&self, value: &Value) -> Verdict {
        match &to_text(value).kind {
            Kind::Absent | Kind::Null => Verdict::of(false, &value.trail),
            Kind::String(text) => Verdict::of(self.is_match(text), &value.trail),
            Kind::Partial(text) => match self.on_text(text) {
                Truth::Undetermined => Verdict::unknown(value),
                decided => Verdict::of(decided == Truth::Yes, &value.trail),
            },
            _ => Verdict::unknown(&to_text(value)),
        }
    }

    /// Whether the expression is found in a text of which parts are known.
    pub fn on_text(&self, text: &Text) -> Truth {
        let units: Vec<Unit<'_>> = text
            .pieces()
            .iter()
            .map(|p| match p {
                Piece::Known(s) => Unit::Known(s),
                Piece::Hole(_) => Unit::Any,
            })
            .collect();
        self.on_units(&units)
    }

    /// Whether the expression is found in the parts, joined.
    pub fn on_units(&self, units: &[Unit<'_>]) -> Truth {
        let known: usize = units.iter().map(|u| if let Unit::Known(text) = u { text.len() } else { 0 }).sum();
        if units.len() > MAX_UNITS || known > MAX_KNOWN {
            return Truth::Undetermined;
        }
        let Some(table) = self.table() else { return Truth::Undetermined };
        // What every filling does is asked of printable characters: nothing that is named has others.
        match (walk(table, units, &|_| true), walk(table, units, &|b| (0x20..0x7f).contains(&b))) {
            (Some((false, _)), _) => Truth::No,
            (_, Some((_, true))) => Truth::Yes,
            _ => Truth::Undetermined,
        }
    }

    fn table(&self) -> Option<&Table> {
        self.table
            .get_or_init(|| {
                let found = format!("(?s-u:.)*(?:{})(?s-u:.)*", self.pattern);
                Builder::new()
                    .configure(
                        Config::new()
                            .match_kind(MatchKind::All)
                            .start_kind(StartKind::Anchored)
                            .dfa_size_limit(Some(MAX_PROGRAM))
                            .determinize_size_limit(Some(4 * MAX_PROGRAM)),
                    )
                    .syntax(syntax::Config::new().utf8(false).nest_limit(110))
                    .thompson(thompson::Config::new().utf8(false).nfa_size_limit(Some(MAX_PROGRAM)))
                    .build(&found)
                    .ok()
            })
            .as_ref()
    }
}

fn start_of(table: &Table) -> Option<StateID> {
    table.start_state(&start::Config::new().anchored(Anchored::Yes)).ok()
}

fn matches_at_end(table: &Table, state: StateID) -> bool {
    table.is_match_state(table.next_eoi_state(state))
}

/// Whether some filling matches, and whether every filling does. `None`: there is no start.
fn walk(table: &Table, units: &[Unit<'_>], fits: &dyn Fn(u8) -> bool) -> Option<(bool, bool)> {
    let mut states = States::default();
    states.insert(start_of(table)?);
    for unit in units {
        states = match unit {
            Unit::Known(text) => {
                states.into_iter().map(|s| text.bytes().fold(s, |s, byte| table.next_state(s, byte))).collect()
            }
            Unit::Any => reach(table, states, fits),
            Unit::Of(language) => through(table, &states, language.table()?),
        };
    }
    let some = states.iter().any(|s| matches_at_end(table, *s));
    let every = states.iter().all(|s| matches_at_end(table, *s));
    Some((some, every))
}

/// The states that any text leads to.
fn reach(table: &Table, mut states: States, fits: &dyn Fn(u8) -> bool) -> States {
    let bytes = alphabet(table, fits);
    let mut open: Vec<StateID> = states.iter().copied().collect();
    while let Some(state) = open.pop() {
        for byte in &bytes {
            let next = table.next_state(state, *byte);
            if states.insert(next) {
                open.push(next);
            }
        }
    }
    states
}

/// One byte for each class of bytes that the table does not tell apart and of which one fits.
fn alphabet(table: &Table, fits: &dyn Fn(u8) -> bool) -> Vec<u8> {
    let classes = table.byte_classes();
    let mut seen = [false; 256];
    (0..=u8::MAX).filter(|b| fits(*b) && !std::mem::replace(&mut seen[usize::from(classes.get(*b))], true)).collect()
}

/// The states that the texts of a language lead to.
fn through(table: &Table, states: &States, language: &Table) -> States {
    let Some(start) = start_of(language) else { return States::default() };
    let mut seen: FxHashSet<(StateID, StateID)> = states.iter().map(|s| (*s, start)).collect();
    let mut open: Vec<(StateID, StateID)> = seen.iter().copied().collect();
    let mut out = States::default();
    while let Some((state, inner)) = open.pop() {
        if matches_at_end(language, inner) {
            out.insert(state);
        }
        for byte in 0x20..0x7f {
            let inner = language.next_state(inner, byte);
            if language.is_dead_state(inner) {
                continue;
            }
            let pair = (table.next_state(state, byte), inner);
            if seen.insert(pair) {
                open.push(pair);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{compile, glob};
    use crate::value::{Cause, CauseKind, Kind, Piece, Text, Truth, Value};

    fn text(parts: &str) -> Value {
        let hole = || Piece::Hole(Value::unknown(Cause::new(CauseKind::Input, "x")));
        let mut pieces = Vec::new();
        for (i, part) in parts.split('~').enumerate() {
            if i > 0 {
                pieces.push(hole());
            }
            pieces.push(Piece::Known(part.into()));
        }
        Text::join(pieces)
    }

    #[test]
    fn holes_may_be_anything() {
        let table = [
            ("^role-", "role-~", Truth::Yes),
            ("^role-", "~role-", Truth::Undetermined),
            ("^role-", "app-~", Truth::No),
            ("role", "~role~", Truth::Yes),
            ("^role-[a-z]+$", "role-~", Truth::Undetermined),
            ("^role-[a-z]+$", "role-~-", Truth::No),
            ("^role-.*$", "role-~", Truth::Yes),
            ("^a.*z$", "a~z", Truth::Yes),
            ("[0-9]", "a~z", Truth::Undetermined),
            ("^$", "~", Truth::Undetermined),
            ("^$", "~a", Truth::No),
            ("", "~", Truth::Yes),
            (r"\bx\b", "~", Truth::Undetermined),
            ("^[A-Z]", "~", Truth::Undetermined),
            ("^[^A-Z]*$", "A~", Truth::No),
        ];
        for (pattern, parts, expected) in table {
            let value = text(parts);
            let Kind::Partial(text) = &value.kind else { panic!("{parts} has no hole") };
            let matcher = compile(pattern).expect("it compiles");
            assert_eq!(matcher.on_text(text), expected, "{pattern} on {parts}");
        }
        assert!(compile("(").is_none());
        assert!(compile("(((a{1000}){1000}){1000}){1000}").is_none());
    }

    #[test]
    fn globs_match_whole_texts() {
        let table = [
            ("s3:*", "s3:Get", true),
            ("s3:*", "xs3:Get", false),
            ("s3:Get?", "s3:Get", false),
            ("a.b", "axb", false),
            ("*", "", true),
            ("[a]", "a", false),
            ("*é?", "xéy", true),
        ];
        for (pattern, text, expected) in table {
            assert_eq!(compile(&glob(pattern)).expect("it compiles").is_match(text), expected, "{pattern} on {text}");
        }
    }
}
