//! Which rules run.

use crate::nearest::did_you_mean;
use crate::rules::{Rule, RuleInfo, Severity};
use crate::value::Str;
use rustc_hash::FxHashSet;
use std::sync::Arc;

/// The rules a run is to use. Made from names before anything is loaded; names are checked against all rules.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Ids of the only rules to run; `None`: those that are on by default.
    pub only: Option<FxHashSet<Str>>,
    /// Ids of rules to run in addition.
    pub also: FxHashSet<Str>,
    /// Ids of rules not to run.
    pub ignored: FxHashSet<Str>,
    /// Rules that are off by default run as well.
    pub strict: bool,
    /// Only severe rules run.
    pub essential: bool,
}

/// A name that no rule answers to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no rule {name}{}", .hint.as_ref().map(|h| format!("; {h}")).unwrap_or_default())]
pub struct UnknownRule {
    /// As written.
    pub name: String,
    /// "did you mean ...?"
    pub hint: Option<String>,
}

/// Whether a rule answers to a name: its id, an id of a peer, its service, the beginning of its id, `all`.
pub fn matches(rule: &RuleInfo, name: &str) -> bool {
    let prefix = name.trim_end_matches(['*', '-']);
    let by_prefix = || {
        !prefix.is_empty()
            && rule.id.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('-') || name.ends_with(['*', '-']))
    };
    rule.id == name
        || name.eq_ignore_ascii_case("all")
        || rule.service.eq_ignore_ascii_case(name)
        || rule.aliases.values().flatten().any(|a| a.eq_ignore_ascii_case(name))
        || by_prefix()
}

impl Selection {
    /// The ids of the rules that answer to the names.
    pub fn ids<'a>(
        names: impl IntoIterator<Item = &'a str>,
        rules: &[Arc<Rule>],
    ) -> Result<FxHashSet<Str>, UnknownRule> {
        let mut out = FxHashSet::default();
        for name in names {
            let before = out.len();
            let mut any = false;
            for rule in rules {
                if matches(&rule.info, name) {
                    any = true;
                    out.insert(rule.info.id.clone());
                }
            }
            if !any && out.len() == before {
                let candidates = rules.iter().flat_map(|r| {
                    [r.info.id.as_str(), r.info.service.as_str()]
                        .into_iter()
                        .chain(r.info.aliases.values().flatten().map(Str::as_str))
                });
                let hint = did_you_mean(name, candidates);
                return Err(UnknownRule { name: name.to_owned(), hint });
            }
        }
        Ok(out)
    }

    /// Whether a rule of which only the id and its default are known is to run.
    pub fn by_name(&self, id: &str, default: bool) -> bool {
        !self.ignored.contains(id)
            && (self.also.contains(id) || self.only.as_ref().map_or(default || self.strict, |only| only.contains(id)))
    }

    /// Whether a rule is to run.
    pub fn includes(&self, rule: &Rule) -> bool {
        let id = &rule.info.id;
        if self.ignored.contains(id) {
            return false;
        }
        if self.also.contains(id) {
            return true;
        }
        match &self.only {
            Some(only) => only.contains(id),
            None if self.essential => rule.info.default && rule.info.severity >= Severity::High,
            None => rule.info.default || self.strict,
        }
    }
}
