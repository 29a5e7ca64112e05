//! What is taken for granted while a value is evaluated: decided conditions, values of parameters that follow from
//! them, variables of loops.

use super::conditions::Decision;
use crate::source::Span;
use crate::value::{Guard, Str, Value, When, possible};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::rc::Rc;

/// The assumptions under which something is evaluated.
#[derive(Default)]
pub(super) struct Scope {
    /// Conditions that are taken as decided.
    pub(super) assumed: Vec<Guard>,
    /// Variables of the loops around, the innermost last.
    pub(super) bindings: Bindings,
    /// What follows from the assumptions.
    pub(super) memo: Rc<Memo>,
}

/// What has been worked out under some assumptions.
#[derive(Default)]
pub(super) struct Memo {
    /// Conditions as they come out; `None` while one is worked out.
    pub(super) conditions: RefCell<FxHashMap<Str, Option<Decision>>>,
    /// What parameters equal, by name.
    pub(super) facts: RefCell<FxHashMap<Str, Option<Fact>>>,
}

/// Variables of loops with their values.
pub(super) type Bindings = Vec<(Str, Value)>;

/// A parameter has a value, because a condition says so.
#[derive(Clone)]
pub(super) struct Fact {
    pub(super) value: Str,
    /// The condition that says so.
    pub(super) condition: Str,
    /// Where the value is written.
    pub(super) span: Span,
}

impl Scope {
    /// The same assumptions with other variables of loops, on which no condition depends.
    pub(super) fn with_bindings(&self, bindings: Bindings) -> Scope {
        Scope { assumed: self.assumed.clone(), bindings, memo: self.memo.clone() }
    }

    /// The scope in which a condition has gone one way.
    pub(super) fn assuming(&self, guard: Guard) -> Scope {
        let mut assumed = self.assumed.clone();
        if !assumed.contains(&guard) {
            assumed.push(guard);
        }
        Scope { assumed, bindings: self.bindings.clone(), memo: Rc::default() }
    }

    /// How a condition was taken to be decided.
    pub(super) fn decided(&self, condition: &str) -> Option<bool> {
        self.assumed.iter().find(|g| g.condition == condition).map(|g| g.holds)
    }

    /// The worlds in which the assumptions hold.
    pub(super) fn world(&self) -> When {
        self.assumed.iter().fold(When::always(), |world, guard| world.and(&guard.clone().into()))
    }

    /// Whether something can be so under the assumptions.
    pub(super) fn allows(&self, formula: &crate::value::Formula, holds: bool) -> bool {
        possible(self.assumed.iter().map(|g| (&*g.formula, g.holds)).chain([(formula, holds)]))
    }

    /// The value of a loop variable.
    pub(super) fn binding(&self, name: &str) -> Option<&Value> {
        self.bindings.iter().rev().find(|(n, _)| n == name).map(|(_, v)| v)
    }
}
