//! stub
use crate::expr::Function;
/// fns
pub(super) const FUNCTIONS: &[Function] = &[];
