//! Layer 5, rules: what is demanded, and the verdict on every resource, with evidence.
//!
//! Never sees a dialect or a file of the user.

mod embedded;
mod file;
#[cfg(debug_assertions)]
mod folder;
#[cfg(debug_assertions)]
mod index;
mod info;
mod judge;
mod library;
mod scope;
mod table;
mod worlds;

pub use embedded::{Embedded, EmbeddedModel, EmbeddedTables};
pub use file::{Example, ExampleFile, FixModel, Param, Rule, RuleFile, read};
pub use info::{RuleInfo, Safety, Severity};
pub use judge::{Local, Outcome, Settings, Verdict, is_absence, is_idle, judge};
pub use library::{Library, Loaded};
pub use scope::ParamValues;
pub use table::{Tables, dates as table_dates};

#[cfg(debug_assertions)]
use crate::{source, syntax::hcl};
