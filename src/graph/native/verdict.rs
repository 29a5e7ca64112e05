//! Three-valued answers that know what decided them, and reading arguments.

use crate::expr::{Call, Function};
use crate::value::{Cause, CauseKind, Kind, Str, Trail, Truth, Value};
use std::sync::Arc;

/// Lists and choices nested deeper in an argument are not looked into.
pub(super) const MAX_DEPTH: usize = 32;

/// A truth, where what decided it was written, and why it is not decided.
#[derive(Clone, Debug)]
pub(super) struct Verdict {
    pub truth: Truth,
    pub trail: Trail,
    pub cause: Option<Arc<Cause>>,
}

impl Verdict {
    /// Proven one way or the other by what came along `trail`.
    pub fn of(holds: bool, trail: &Trail) -> Self {
        Self { truth: Truth::from(holds), trail: trail.clone(), cause: None }
    }

    /// Not decided, because `value` is not known.
    pub fn unknown(value: &Value) -> Self {
        Self::open(why(value), &value.trail)
    }

    /// Not decided, for a reason.
    pub fn open(cause: Arc<Cause>, trail: &Trail) -> Self {
        Self { truth: Truth::Undetermined, trail: trail.clone(), cause: Some(cause) }
    }

    /// Not decided, because the source is wrong.
    pub fn invalid(what: impl Into<Str>, trail: &Trail) -> Self {
        Self::open(Cause::new(CauseKind::Invalid, what), trail)
    }

    /// The opposite.
    pub fn not(self) -> Self {
        Self { truth: !self.truth, ..self }
    }

    /// Whether the answer is yes.
    pub fn is_yes(&self) -> bool {
        self.truth == Truth::Yes
    }

    /// The same answer with another trail when it has none.
    pub fn or_trail(mut self, trail: &Trail) -> Self {
        if self.trail.is_none() {
            self.trail = trail.clone();
        }
        self
    }

    /// Disjunction: the first `Yes`, else the first undecided, else the first `No`. `No` without a trail for none.
    pub fn any(all: impl IntoIterator<Item = Verdict>) -> Self {
        let mut out = Self::of(false, &Trail::none());
        for verdict in all {
            match verdict.truth {
                Truth::Yes => return verdict,
                Truth::Undetermined if out.truth == Truth::No => out = verdict,
                Truth::No if out.truth == Truth::No && out.trail.is_none() => out = verdict,
                _ => {}
            }
        }
        out
    }

    /// Conjunction: the first `No`, else the first undecided, else the first `Yes`. `Yes` without a trail for none.
    pub fn all(all: impl IntoIterator<Item = Verdict>) -> Self {
        Self::any(all.into_iter().map(Verdict::not)).not()
    }

    /// What all say alike: the arms of a choice.
    pub fn agree(all: impl IntoIterator<Item = Verdict>, undecided: &Value) -> Self {
        let mut all = all.into_iter();
        let Some(first) = all.next() else { return Self::unknown(undecided) };
        if all.all(|v| v.truth == first.truth) { first } else { Self::unknown(undecided) }
    }

    /// As a value.
    pub fn value(self) -> Value {
        match self.truth {
            Truth::Yes => Value::from(true),
            Truth::No => Value::from(false),
            Truth::Undetermined => {
                Value::unknown(self.cause.unwrap_or_else(|| Cause::new(CauseKind::Unsupported, "it cannot be decided")))
            }
        }
        .with_trail(self.trail)
    }
}

/// Judges every arm of a choice (the value itself when it is none); decided when all agree.
pub(super) fn each_arm(value: &Value, judge: &mut dyn FnMut(&Value) -> Verdict) -> Verdict {
    match &value.kind {
        Kind::Choice(arms) => {
            Verdict::agree(arms.iter().map(|a| judge(&value.inside(&a.value))).collect::<Vec<_>>(), value)
        }
        _ => judge(value),
    }
}

/// Judges the elements of a list, of lists inside it, or a single value: yes when one of them is. What is unset counts
/// as an empty list; a list that may hold more is not disproved.
pub(super) fn any_element(value: &Value, depth: usize, judge: &mut dyn FnMut(&Value) -> Verdict) -> Verdict {
    if depth > MAX_DEPTH {
        return Verdict::open(Cause::new(CauseKind::Limit, "lists are nested too deeply"), &value.trail);
    }
    match &value.kind {
        Kind::Absent | Kind::Null => Verdict::of(false, &value.trail),
        Kind::List(list) => {
            let items = list.items.iter().map(|i| any_element(&value.inside(i), depth + 1, judge));
            let found = Verdict::any(items);
            match &list.open {
                Some(cause) if found.truth == Truth::No => Verdict::open(cause.clone(), &value.trail),
                _ if found.truth == Truth::No => Verdict::of(false, &value.trail.or(&found.trail)),
                _ => found,
            }
        }
        Kind::Choice(arms) => {
            let arms: Vec<Verdict> =
                arms.iter().map(|a| any_element(&value.inside(&a.value), depth + 1, judge)).collect();
            Verdict::agree(arms, value)
        }
        _ => judge(value),
    }
}

/// Why a value is not known; every such value has a reason, even where [`Value::cause`] finds none.
pub(super) fn why(value: &Value) -> Arc<Cause> {
    value.cause().unwrap_or_else(|| Cause::new(CauseKind::Unsupported, "it is not wholly known"))
}

/// The argument at `index`; absent when it is not given.
pub(super) fn arg(call: &Call<'_>, index: usize) -> Value {
    call.args.get(index).cloned().unwrap_or_else(Value::absent)
}

/// The strings of a list that a rule or its parameters give: they are always known. A single string counts as a list
/// of one; unset as an empty list.
pub(super) fn given_strings(call: &Call<'_>, index: usize) -> Result<Vec<Str>, Str> {
    let wrong = || Str::from(format!("argument {} of {} must be a list of strings", index + 1, call.name));
    let value = arg(call, index);
    match &value.kind {
        Kind::Absent | Kind::Null => Ok(Vec::new()),
        Kind::String(s) => Ok(vec![s.clone()]),
        Kind::List(list) if list.open.is_none() => {
            list.items.iter().map(|i| i.as_str().map(Str::from).ok_or_else(wrong)).collect()
        }
        _ => Err(wrong()),
    }
}

/// A string that a rule or its parameters give.
pub(super) fn given_string(call: &Call<'_>, index: usize) -> Result<Str, Str> {
    arg(call, index)
        .as_str()
        .map(Str::from)
        .ok_or_else(|| Str::from(format!("argument {} of {} must be a string", index + 1, call.name)))
}

/// A function of this folder: it sees unknown arguments.
pub(super) const fn function(
    name: &'static str,
    min_args: usize,
    max_args: usize,
    run: fn(&Call<'_>) -> Result<Value, Str>,
) -> Function {
    Function { name, min_args, max_args, takes_unknown: true, run }
}
