//! From the names in directives to rules.

use super::super::RuleInfo;
use crate::value::Str;
use std::collections::BTreeMap;

/// What suppressions have to know of the rules.
pub trait Rules {
    /// The ids of the rules that a name stands for; `peer` is the tool whose directive holds it. Names of peers may
    /// hold `*`: then the rules with an alias of that peer that matches.
    fn resolve(&self, name: &str, peer: Option<&str>) -> Vec<Str>;
    /// Names to suggest: ids, services, aliases.
    fn names(&self) -> Vec<String>;
    /// Whether the rule runs.
    fn is_enabled(&self, rule: &str) -> bool;
}

/// All rules by id, service, prefix and alias. Letter case does not count.
#[derive(Debug, Default)]
pub struct RuleIndex {
    names: BTreeMap<String, Vec<Str>>,
    /// Spelled as the rule has it.
    spelled: Vec<String>,
    aliases: BTreeMap<String, Vec<(String, Str)>>,
    enabled: std::collections::BTreeSet<Str>,
}

impl RuleIndex {
    /// An index of all rules there are; `enabled` says which of them run.
    pub fn new(rules: &[RuleInfo], enabled: impl Fn(&str) -> bool) -> Self {
        let mut index = Self::default();
        for rule in rules {
            if enabled(&rule.id) {
                index.enabled.insert(rule.id.clone());
            }
            index.add(&rule.id, &rule.id);
            index.add(&rule.service, &rule.id);
            for (peer, aliases) in &rule.aliases {
                for alias in aliases {
                    index.add(alias, &rule.id);
                    let of_peer = index.aliases.entry(peer.to_string()).or_default();
                    of_peer.push((alias.to_ascii_lowercase(), rule.id.clone()));
                }
            }
        }
        index
    }

    fn add(&mut self, name: &str, rule: &Str) {
        let rules = self.names.entry(name.to_ascii_lowercase()).or_default();
        if rules.is_empty() {
            self.spelled.push(name.to_owned());
        }
        if !rules.contains(rule) {
            rules.push(rule.clone());
        }
    }

    fn prefix(&self, prefix: &str) -> Vec<Str> {
        let start = format!("{prefix}-");
        let mut out: Vec<Str> = self
            .names
            .range(start.clone()..)
            .take_while(|(name, _)| name.starts_with(&start))
            // Not the aliases that look alike.
            .flat_map(|(name, rules)| rules.iter().filter(move |rule| rule.as_str() == name))
            .cloned()
            .collect();
        out.sort();
        out.dedup();
        out
    }
}

/// The tools that read each other's ids.
fn family(peer: &str) -> Vec<&str> {
    match peer {
        "trivy" | "tfsec" => vec!["trivy", "tfsec"],
        other => vec![other],
    }
}

impl Rules for RuleIndex {
    fn resolve(&self, name: &str, peer: Option<&str>) -> Vec<Str> {
        let name = name.to_ascii_lowercase();
        if let (Some(peer), true) = (peer, name.contains('*')) {
            let mut out: Vec<Str> = family(peer)
                .into_iter()
                .filter_map(|peer| self.aliases.get(peer))
                .flatten()
                .filter(|(alias, _)| wildcard(&name, alias))
                .map(|(_, rule)| rule.clone())
                .collect();
            out.sort();
            out.dedup();
            return out;
        }
        let found = self.names.get(&name);
        match (found, peer) {
            (Some(rules), _) => rules.clone(),
            (None, Some("trivy" | "tfsec")) => {
                // `AWS-0086` and `AVD-AWS-0086` are one.
                let other = name.strip_prefix("avd-").map_or_else(|| format!("avd-{name}"), str::to_owned);
                self.names.get(&other).cloned().unwrap_or_default()
            }
            (None, Some(_)) => Vec::new(),
            (None, None) => self.prefix(name.trim_end_matches('-')),
        }
    }

    fn names(&self) -> Vec<String> {
        self.spelled.clone()
    }

    fn is_enabled(&self, rule: &str) -> bool {
        self.enabled.contains(rule)
    }
}

/// Whether a text matches a pattern in which `*` stands for any characters. Linear in text times stars.
fn wildcard(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::wildcard;

    #[test]
    fn stars_stand_for_anything() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("*", "aws-s3", true),
            ("aws-s3-*", "aws-s3-a", true),
            ("aws-s3-*", "aws-s4-a", false),
            ("*-a", "aws-s3-a", true),
            ("a*b*c", "a-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("ab*ba", "aba", false),
            ("a", "ab", false),
        ] {
            assert_eq!(wildcard(pattern, text), expected, "{pattern} {text}");
        }
    }
}
