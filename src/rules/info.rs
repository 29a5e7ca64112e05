//! What is known of a rule without running it.

use crate::value::Str;
use std::collections::BTreeMap;

/// How bad it is. Ordered: `Info` is the least.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[allow(missing_docs)]
pub enum Severity {
    Info,
    Low,
    Medium,
    High,
    Critical,
}

impl Severity {
    /// All, the least first.
    pub const ALL: [Severity; 5] =
        [Severity::Info, Severity::Low, Severity::Medium, Severity::High, Severity::Critical];

    /// The name in rules, configuration and output.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }

    /// The severity of that name.
    pub fn parse(name: &str) -> Option<Severity> {
        Severity::ALL.into_iter().find(|s| s.name() == name)
    }
}

/// Whether a fix can be applied without thinking.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Safety {
    /// In place, no outage, no lost access.
    Safe,
    /// With consequences: a replacement, an interruption, something that stops working.
    Unsafe,
}

impl Safety {
    /// The name in rules and output.
    pub fn name(self) -> &'static str {
        match self {
            Safety::Safe => "safe",
            Safety::Unsafe => "unsafe",
        }
    }
}

/// What the outputs need to know of a rule.
#[derive(Clone, Debug)]
pub struct RuleInfo {
    /// The id: `ebs-volume-encrypted`.
    pub id: Str,
    /// The wished state in a sentence: "EBS volumes are encrypted".
    pub title: String,
    /// As the rule file has it.
    pub severity: Severity,
    /// The folder: `ebs`.
    pub service: Str,
    /// The canonical type or types it judges.
    pub resources: Vec<Str>,
    /// Whether it runs without being selected.
    pub default: bool,
    /// Ids of the documented practices it implements.
    pub practices: Vec<Str>,
    /// Rules that say more of the same: where one of them finds the same characters, this one is silent.
    pub yields_to: Vec<Str>,
    /// Ids of equivalent checks elsewhere, by tool.
    pub aliases: BTreeMap<Str, Vec<Str>>,
    /// Links to the documentation of AWS.
    pub references: Vec<Str>,
    /// The fix, if the rule has one.
    pub fix: Option<Safety>,
    /// Why it matters; Markdown.
    pub why: String,
    /// What to write instead; Markdown.
    pub remediation: String,
    /// The whole rule file; Markdown.
    pub docs: String,
}
