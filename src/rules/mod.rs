//! Layer 5, rules: what is demanded, and the verdict on every resource, with evidence.
//!
//! Never sees a dialect or a file of the user.

mod embedded;
mod file;
mod info;
mod judge;
mod library;
mod scope;

pub use embedded::{Embedded, EmbeddedModel, MODELS, RULES};
pub use file::{Example, ExampleFile, FixModel, Param, Rule, RuleFile, read};
pub use info::{RuleInfo, Safety, Severity};
pub use judge::{Outcome, Settings, Verdict, is_absence, judge};
pub use library::{Library, Loaded};
pub use scope::ParamValues;
