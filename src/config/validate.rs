//! The part of the check that needs to know the rules: their names and parameters.

use super::{Config, ConfigProblem, RuleSettings, Spanned};
use crate::nearest::did_you_mean;
use crate::source::Span;
use crate::value::{Kind, Number, Value};

/// What a parameter of a rule can be set to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParamType {
    /// Anything.
    Any,
    /// A truth value.
    Bool,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// A string.
    String,
    /// One of these strings.
    Choice(Vec<String>),
    /// A list or set of values of one type.
    List(Box<ParamType>),
    /// A table of values of one type.
    Map(Box<ParamType>),
}

impl ParamType {
    fn describe(&self) -> String {
        match self {
            ParamType::Any => "a value".to_owned(),
            ParamType::Bool => "a boolean".to_owned(),
            ParamType::Integer => "a whole number".to_owned(),
            ParamType::Number => "a number".to_owned(),
            ParamType::String => "a string".to_owned(),
            ParamType::Choice(words) => {
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                super::check::one_of(&words)
            }
            ParamType::List(item) => match item.as_ref() {
                ParamType::Any => "a list".to_owned(),
                ParamType::Bool => "a list of booleans".to_owned(),
                ParamType::Integer => "a list of whole numbers".to_owned(),
                ParamType::Number => "a list of numbers".to_owned(),
                ParamType::String | ParamType::Choice(_) => "a list of strings".to_owned(),
                ParamType::List(_) => "a list of lists".to_owned(),
                ParamType::Map(_) => "a list of tables".to_owned(),
            },
            ParamType::Map(_) => "a table".to_owned(),
        }
    }
}

/// What the configuration has to know of the rules of the run.
pub trait RuleNames {
    /// Whether a name stands for at least one rule: an id, an alias, a service, a prefix.
    fn resolves(&self, name: &str) -> bool;
    /// Names to suggest: ids, aliases, services.
    fn names(&self) -> Vec<String>;
    /// The parameters of the one rule that has this name; `None` when the name stands for several rules.
    fn params(&self, rule: &str) -> Option<Vec<(String, ParamType)>>;
}

impl Config {
    /// The names of rules that do not exist, and the parameters that a rule does not have or that have a wrong type.
    pub fn validate(&self, known: &dyn RuleNames) -> Vec<ConfigProblem> {
        let mut check = Check { known, names: None, problems: Vec::new() };
        let lists = [&self.extend_select, &self.ignore, &self.suppressions.refuse];
        for name in lists.into_iter().chain(&self.select).flatten() {
            check.name(name);
        }
        for over in &self.overrides {
            for name in [&over.extend_select, &over.ignore].into_iter().chain(&over.select).flatten() {
                check.name(name);
            }
        }
        for settings in self.overrides.iter().flat_map(|o| &o.rules).chain(&self.rules) {
            check.settings(settings);
        }
        check.problems.sort_by_key(|p| p.span);
        check.problems
    }
}

struct Check<'a> {
    known: &'a dyn RuleNames,
    /// Asked for only when something is wrong.
    names: Option<Vec<String>>,
    problems: Vec<ConfigProblem>,
}

impl Check<'_> {
    fn name(&mut self, name: &Spanned<String>) -> bool {
        if self.known.resolves(&name.value) {
            return true;
        }
        let known = self.known;
        let names = self.names.get_or_insert_with(|| known.names());
        let help = did_you_mean(&name.value, names.iter().map(String::as_str))
            .or_else(|| Some("`formwork rules` lists all rules".to_owned()));
        let message = format!("unknown rule `{}`", name.value);
        let label = "no rule, alias or service has this name";
        self.problems.push(ConfigProblem::new(name.span, message, label).with_help(help));
        false
    }

    fn settings(&mut self, settings: &RuleSettings) {
        if !self.name(&settings.rule) {
            return;
        }
        let rule = &settings.rule.value;
        let params = self.known.params(rule);
        for (name, value) in &settings.params {
            let Some(params) = &params else {
                let message = format!("`{}` needs the id of one rule", name.value);
                let label = format!("`{rule}` stands for several rules, which have no parameters in common");
                self.problems.push(ConfigProblem::new(name.span, message, label));
                continue;
            };
            match params.iter().find(|(known, _)| *known == name.value) {
                Some((_, wanted)) => {
                    if let Some((span, wanted, found)) = mismatch(value, wanted, name.span) {
                        self.mistyped(&name.value, span, wanted, found);
                    }
                }
                None => self.unknown_param(rule, name, params),
            }
        }
    }

    fn mistyped(&mut self, name: &str, span: Span, wanted: &ParamType, found: &Value) {
        let label = format!("expected {}", wanted.describe());
        let problem = if let (ParamType::Choice(words), Some(word)) = (wanted, found.as_str()) {
            ConfigProblem::new(span, format!("unknown value `{word}` of `{name}`"), label)
                .with_help(did_you_mean(word, words.iter().map(String::as_str)))
        } else {
            let message = format!("`{name}` must be {}, not {}", wanted.describe(), noun(found));
            ConfigProblem::new(span, message, label)
        };
        self.problems.push(problem);
    }

    fn unknown_param(&mut self, rule: &str, name: &Spanned<String>, params: &[(String, ParamType)]) {
        let own = ["severity", "enabled"];
        let names = || params.iter().map(|(n, _)| n.as_str());
        let help = did_you_mean(&name.value, names().chain(own)).or_else(|| {
            let all: Vec<&str> = names().collect();
            Some(if all.is_empty() {
                "the rule has no parameters; `severity` and `enabled` can be set".to_owned()
            } else {
                format!("the parameters are {}", all.join(", "))
            })
        });
        let message = format!("unknown parameter `{}`", name.value);
        let label = format!("not a parameter of {rule}");
        self.problems.push(ConfigProblem::new(name.span, message, label).with_help(help));
    }
}

/// The first part of a value that is not of its type: where, what is wanted, what is there.
fn mismatch<'a>(value: &'a Value, wanted: &'a ParamType, near: Span) -> Option<(Span, &'a ParamType, &'a Value)> {
    let span = value.trail.span().unwrap_or(near);
    let fits = match (wanted, &value.kind) {
        (ParamType::Any, _)
        | (ParamType::Bool, Kind::Bool(_))
        | (ParamType::Integer, Kind::Number(Number::Int(_)))
        | (ParamType::Number, Kind::Number(_))
        | (ParamType::String, Kind::String(_)) => true,
        (ParamType::Choice(words), Kind::String(word)) => words.iter().any(|w| w == word.as_str()),
        (ParamType::List(item), Kind::List(list)) => {
            return list.items.iter().find_map(|value| mismatch(value, item, span));
        }
        (ParamType::Map(item), Kind::Map(map)) => {
            return map.entries.values().find_map(|value| mismatch(value, item, span));
        }
        _ => false,
    };
    (!fits).then_some((span, wanted, value))
}

fn noun(value: &Value) -> &'static str {
    match value.kind {
        Kind::Bool(_) => "a boolean",
        Kind::Number(Number::Int(_)) => "a whole number",
        Kind::Number(Number::Float(_)) => "a number",
        Kind::String(_) => "a string",
        Kind::List(_) => "a list",
        _ => "a table",
    }
}
