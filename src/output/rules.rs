//! Lists of rules, for people and for programs.

use super::clean::{self, Json};
use super::text::{RESET, color};
use super::{Options, explain};
use crate::report::RuleInfo;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io;
use unicode_width::UnicodeWidthStr;

#[derive(Serialize)]
struct RuleJson<'a> {
    id: &'a str,
    title: &'a str,
    severity: &'static str,
    service: &'a str,
    resource: Vec<&'a str>,
    practices: Vec<&'a str>,
    aliases: BTreeMap<&'a str, Vec<&'a str>>,
    fix: Option<&'static str>,
    references: Vec<&'a str>,
    docs: &'a str,
}

fn strings(list: &[crate::value::Str]) -> Vec<&str> {
    list.iter().map(AsRef::as_ref).collect()
}

/// The rules as a JSON array of `{id, title, severity, service, resource, practices, aliases, fix, references, docs}`.
pub fn rules_json(rules: &[RuleInfo], out: &mut dyn io::Write) -> io::Result<()> {
    let rules: Vec<RuleJson> = rules
        .iter()
        .map(|rule| RuleJson {
            id: &rule.id,
            title: &rule.title,
            severity: rule.severity.name(),
            service: &rule.service,
            resource: strings(&rule.resources),
            practices: strings(&rule.practices),
            aliases: rule.aliases.iter().map(|(tool, ids)| (tool.as_str(), strings(ids))).collect(),
            fix: rule.fix.map(crate::report::Safety::name),
            references: strings(&rule.references),
            docs: &rule.docs,
        })
        .collect();
    clean::json(Json::pretty(), &rules, out)
}

/// The rules as a table: id, severity, service, title. Rules that run only when they are selected say so.
pub fn rules_text(rules: &[RuleInfo], options: &Options, out: &mut dyn io::Write) -> io::Result<()> {
    let column = |head: &str, text: fn(&RuleInfo) -> &str| {
        rules.iter().map(|r| clean::line(text(r)).width()).chain([head.width()]).max().unwrap_or(0)
    };
    let id = column("id", |r| &r.id);
    let service = column("service", |r| &r.service);
    let before_title = id + service + 14;
    let room = options.width.map_or(usize::MAX, |w| usize::from(w).saturating_sub(before_title).max(30));
    writeln!(out, "{}  severity  {}  title", pad("id", id), pad("service", service))?;
    for rule in rules {
        let severity = format!("{:<8}", rule.severity.name());
        let severity = if options.color { format!("{}{severity}{RESET}", color(rule.severity)) } else { severity };
        let optional = if rule.default { "" } else { " (only when selected)" };
        let title = explain::wrap(&format!("{}{optional}", clean::line(&rule.title)), room);
        write!(out, "{}  {severity}  {}  ", pad(&rule.id, id), pad(&rule.service, service))?;
        for (i, line) in title.iter().enumerate() {
            if i > 0 {
                write!(out, "{}", " ".repeat(before_title))?;
            }
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

fn pad(text: &str, width: usize) -> String {
    let text = clean::line(text);
    let missing = width.saturating_sub(text.width());
    format!("{text}{}", " ".repeat(missing))
}
