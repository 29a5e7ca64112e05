//! Native models: the few things about AWS that need code. Functions for catalogs and rules.

mod names;
mod network;
mod policy;

use crate::expr::Function;

/// The function of that name.
pub fn lookup(name: &str) -> Option<&'static Function> {
    [network::FUNCTIONS, names::FUNCTIONS, policy::FUNCTIONS].into_iter().flatten().find(|f| f.name == name)
}
