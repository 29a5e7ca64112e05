//! `formwork rules`, `formwork explain`, `formwork schema`

use super::args::{ExplainArgs, RulesArgs, SchemaArgs};
use super::{CLEAN, Failure};
use crate::nearest::did_you_mean;
use crate::output;
use crate::rules::{Library, Rule};
use crate::source::Sources;
use crate::workspace::rule_matches;
use std::io::{IsTerminal, Write};
use std::sync::Arc;

fn all() -> Vec<Arc<Rule>> {
    Library::new().load_all(&Sources::new()).rules
}

fn options() -> output::Options {
    let terminal = std::io::stdout().is_terminal();
    output::Options { color: terminal && std::env::var_os("NO_COLOR").is_none(), ..output::Options::default() }
}

/// Lists the rules.
pub fn list(args: &RulesArgs) -> Result<u8, Failure> {
    let rules: Vec<_> = all().iter().map(|r| (*r.info).clone()).collect();
    let mut out = std::io::stdout().lock();
    match args.output.as_str() {
        "text" => output::rules_text(&rules, &options(), &mut out)?,
        "json" => output::rules_json(&rules, &mut out)?,
        other => return Err(Failure::Plain(format!("--output {other}: rules are listed as text or json"))),
    }
    Ok(CLEAN)
}

/// Shows the page of a rule.
pub fn explain(args: &ExplainArgs) -> Result<u8, Failure> {
    let rules = all();
    let exact = rules.iter().find(|r| r.info.id == args.rule);
    let Some(rule) = exact.or_else(|| rules.iter().find(|r| rule_matches(&r.info, &args.rule))) else {
        let names = rules.iter().flat_map(|r| {
            std::iter::once(r.info.id.as_str()).chain(r.info.aliases.values().flatten().map(crate::value::Str::as_str))
        });
        let hint = did_you_mean(&args.rule, names).map(|h| format!("; {h}")).unwrap_or_default();
        return Err(Failure::Plain(format!("there is no rule {}{hint}", args.rule)));
    };
    write!(std::io::stdout().lock(), "{}", output::explain(&rule.info.docs, &options()))?;
    Ok(CLEAN)
}

/// Prints a schema.
pub fn schema(args: &SchemaArgs) -> Result<u8, Failure> {
    let schema = match args.what.as_str() {
        "report" => output::schema(),
        "config" => crate::config::schema(),
        other => return Err(Failure::Plain(format!("schema {other}: there are schemas of report and config"))),
    };
    let text = serde_json::to_string_pretty(&schema).map_err(|e| Failure::Plain(e.to_string()))?;
    writeln!(std::io::stdout().lock(), "{text}")?;
    Ok(CLEAN)
}
