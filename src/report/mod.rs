//! Layer 6, the report: plain data, sorted and deduplicated, that every output is made from.
//!
//! Knows no medium: no colours, no JSON, no SARIF.

mod build;
mod fix;
mod labels;

pub use crate::rules::{RuleInfo, Safety, Severity};
pub use build::{Builder, Case};
pub use fix::{Patch, Trees};
pub mod suppress;

use crate::source::Span;
use crate::value::Str;

/// A place in the source and what is to be said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// One short line: "default of var.encrypt is false".
    pub message: String,
}

/// The resource a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ResourceName {
    /// `module.web.aws_instance.this[0]`, a logical id.
    pub address: Str,
    /// The type as the dialect spells it: `aws_instance`, `AWS::EC2::Instance`.
    pub type_name: Str,
    /// The canonical type, `ec2.instance`, if a catalog models it.
    pub canonical: Option<Str>,
    /// The construct that made it: `Shop/Data/Resource`.
    pub construct: Option<Str>,
    /// Where a program created that construct: `lib/shop.ts:16:5`.
    pub created: Option<String>,
}

/// A change of the source text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty for an insertion.
    pub span: Span,
    /// What stands there afterwards.
    pub text: String,
}

/// How a finding is mended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Whether it needs a person's consent.
    pub safety: Safety,
    /// The changes, in order of position. May be empty: then the fix cannot be written at this place.
    pub edits: Vec<Edit>,
}

/// A proven departure from a rule.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Id of the rule.
    pub rule: Str,
    /// After the configuration had its say.
    pub severity: Severity,
    /// Names the resource and the fact.
    pub message: String,
    /// Stable across moves of lines: rule, address and attribute. Unique within a report.
    pub fingerprint: String,
    /// The first resource concerned.
    pub resource: ResourceName,
    /// The deciding characters, where they are used.
    pub primary: Label,
    /// The way the deciding value came, use site first.
    pub secondary: Vec<Label>,
    /// What to write instead.
    pub help: String,
    /// The mechanical fix, if the rule has one.
    pub fix: Option<Fix>,
    /// All resources with the same cause, `resource` included, sorted; empty when there is only one.
    pub instances: Vec<Str>,
}

/// A rule that could not be decided.
#[derive(Clone, Debug)]
pub struct Undetermined {
    /// Id of the rule.
    pub rule: Str,
    /// What the severity of the finding would be.
    pub severity: Severity,
    /// "cannot tell whether aws_ebs_volume.data is encrypted: variable `x` has no value".
    pub message: String,
    /// Why, on its own: "variable `x` has no value".
    pub cause: String,
    /// What makes it a finding, where that can be said: "IsDev is true".
    pub when: Option<String>,
    /// The first resource concerned.
    pub resource: ResourceName,
    /// Where the value is used.
    pub primary: Label,
    /// The way of the value, and the place of the cause.
    pub secondary: Vec<Label>,
    /// As in [`Finding::instances`].
    pub instances: Vec<Str>,
}

/// A finding that the author of the source has accepted.
#[derive(Clone, Debug)]
pub struct Suppressed {
    /// What was found.
    pub finding: Finding,
    /// The comment or metadata that accepts it.
    pub by: Span,
    /// The author's reason; may be empty.
    pub reason: String,
}

/// Something that could not be read or understood; the rest was judged all the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The path as shown to the user.
    pub path: String,
    /// Where in the file, when it is known.
    pub span: Option<Span>,
    /// What is wrong.
    pub message: String,
    /// Which sort of fault it is.
    pub kind: FaultKind,
}

/// The sorts of faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultKind {
    /// Could not be read or parsed: exit code 3.
    Unreadable,
    /// A gap in what was analysed (a module that is not on disk, a bound that was reached): shown, no exit code.
    Gap,
    /// A comment or setting that has no effect (an unused or malformed ignore): shown, no exit code.
    Notice,
}

/// Numbers about a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files that were read as Terraform or CloudFormation.
    pub files: usize,
    /// YAML and JSON files that are neither.
    pub skipped: usize,
    /// Roots: Terraform root modules and templates.
    pub roots: usize,
    /// Resource instances, modelled or not.
    pub resources: usize,
    /// Rules that were selected.
    pub rules: usize,
    /// Milliseconds; 0 unless timings were asked for, so that equal input gives equal bytes.
    pub duration_ms: u64,
}

/// Everything a run has to say, in a total order.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Proven departures, by path, position, rule, address.
    pub findings: Vec<Finding>,
    /// What could not be decided, in the same order.
    pub undetermined: Vec<Undetermined>,
    /// Accepted findings, in the same order.
    pub suppressed: Vec<Suppressed>,
    /// What could not be read, by path and position.
    pub faults: Vec<Fault>,
    /// The rules that were selected, by id.
    pub rules: Vec<RuleInfo>,
    /// Numbers.
    pub summary: Summary,
}
