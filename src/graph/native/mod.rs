//! Native models: the few things about AWS that need code. Functions for catalogs and rules.
//!
//! All of them are three-valued, see unknown arguments, and answer with the trail of what decided.

mod acl;
mod automaton;
mod distinct;
pub(super) mod json;
mod names;
mod network;
mod policy;
mod ranges;
mod schedule;
pub mod secrets;
mod store;
#[cfg(test)]
pub(super) mod testing;
mod verdict;
mod written;

use crate::expr::Function;
pub(in crate::graph) use policy::account_in;
pub use policy::{Field, field as policy_field};

/// The function of that name.
pub fn lookup(name: &str) -> Option<&'static Function> {
    all().find(|f| f.name == name)
}

/// All functions.
pub fn all() -> impl Iterator<Item = &'static Function> {
    [
        network::FUNCTIONS,
        ranges::FUNCTIONS,
        acl::FUNCTIONS,
        distinct::FUNCTIONS,
        names::FUNCTIONS,
        policy::FUNCTIONS,
        schedule::FUNCTIONS,
        secrets::FUNCTIONS,
        store::FUNCTIONS,
        written::FUNCTIONS,
    ]
    .into_iter()
    .flatten()
}
