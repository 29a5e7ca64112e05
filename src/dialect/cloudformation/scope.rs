//! What is taken for granted while a value is evaluated: decided conditions, values of parameters that follow from
//! them, variables of loops.

use super::conditions::Decision;
use crate::source::Span;
use crate::value::{Str, Value};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::rc::Rc;

/// The assumptions under which something is evaluated.
#[derive(Default)]
pub(super) struct Scope {
    /// Conditions that are taken as decided.
    pub(super) decided: Vec<(Str, bool)>,
    /// What decided conditions say of parameters.
    pub(super) facts: Vec<Fact>,
    /// Variables of the loops around, the innermost last.
    pub(super) bindings: Bindings,
    /// Conditions as they come out under these assumptions; `None` while one is worked out.
    pub(super) memo: Rc<RefCell<FxHashMap<Str, Option<Decision>>>>,
}

/// Variables of loops with their values.
pub(super) type Bindings = Vec<(Str, Value)>;

/// A comparison of a parameter with a string, decided.
#[derive(Clone)]
pub(super) struct Fact {
    pub(super) parameter: Str,
    pub(super) value: Str,
    pub(super) equal: bool,
    /// The condition that says so.
    pub(super) condition: Str,
    /// Where the string is written.
    pub(super) span: Span,
}

impl Scope {
    /// The same assumptions with other variables of loops, on which no condition depends.
    pub(super) fn with_bindings(&self, bindings: Bindings) -> Scope {
        Scope { decided: self.decided.clone(), facts: self.facts.clone(), bindings, memo: self.memo.clone() }
    }

    /// How a condition was taken to be decided.
    pub(super) fn decided(&self, condition: &str) -> Option<bool> {
        self.decided.iter().rev().find(|(name, _)| name == condition).map(|&(_, holds)| holds)
    }

    /// The value of a loop variable.
    pub(super) fn binding(&self, name: &str) -> Option<&Value> {
        self.bindings.iter().rev().find(|(n, _)| n == name).map(|(_, v)| v)
    }

    /// What the parameter equals under the assumptions.
    pub(super) fn equals(&self, parameter: &str) -> Option<&Fact> {
        self.facts.iter().find(|f| f.equal && f.parameter == parameter)
    }

    /// Whether the parameter differs from a string under the assumptions.
    pub(super) fn differs(&self, parameter: &str, value: &str) -> bool {
        self.facts.iter().any(|f| f.parameter == parameter && if f.equal { f.value != value } else { f.value == value })
    }
}
