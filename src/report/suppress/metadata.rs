//! Suppressions that are data: `Metadata` of templates and resources, the `//formwork` key of JSON.

use super::comment::{Line, Own, body_of_directive, own};
use super::{Collected, Cover, Date, Directive, Until, notice};
use crate::nearest::did_you_mean;
use crate::source::{SourceFile, Span};
use crate::value::{Kind, Value};

/// Reads the value of `Metadata`: formwork's own `{formwork: {ignore: [...]}}`, whose entries are names or
/// `{id, reason, until, ticket}`, and that of other tools.
///
/// `cover` is the span of the resource, or the file for the metadata of a template. `near` locates what has no place.
pub fn metadata(
    value: &Value,
    cover: Cover,
    near: Span,
    file: &SourceFile,
    honour: &dyn Fn(&str) -> bool,
) -> Collected {
    let mut reader = Reader { file, cover, near, out: Collected::default() };
    let own = value.get("formwork");
    if own.as_map().is_some() {
        reader.formwork(&own);
    }
    let lists = [
        ("checkov", value.get("checkov").get("skip"), "id", "comment"),
        ("cfn_nag", value.get("cfn_nag").get("rules_to_suppress"), "id", "reason"),
        ("cdk_nag", value.get("cdk_nag").get("rules_to_suppress"), "id", "reason"),
        ("cfn-lint", value.get("cfn-lint").get("config").get("ignore_checks"), "", ""),
        ("guard", value.get("guard").get("SuppressedRules"), "", ""),
    ];
    for (peer, entries, id, reason) in lists {
        if honour(peer) {
            reader.peer(peer, &entries, id, reason);
        }
    }
    if honour("terrascan") {
        reader.terrascan(&value.get("runterrascan.io/skip"));
    }
    reader.out
}

/// Reads the string behind a `//formwork` key: `ignore[rule] until=2027-01-31 reason`. `span` is the string with its
/// quotation marks, `cover` what lies in the object that has the key.
pub fn note(text: &str, span: Span, cover: Cover, through: bool, file: &SourceFile) -> Collected {
    let written = file.text.get(span.range()).unwrap_or_default();
    let plain = written.len() == text.len() + 2 && written.get(1..written.len() - 1) == Some(text);
    let line = Line { text, at: span.start as usize + 1, marks: "" };
    let all = line.span(span.file, 0, text.len());
    let found = if text.trim_start().to_ascii_lowercase().starts_with("formwork") {
        own(span.file, &line)
    } else {
        body_of_directive(span.file, &line, all).transpose().into_iter().collect()
    };
    let mut out = Collected::default();
    if found.is_empty() {
        out.notices.push(notice(file, span, "not an ignore: write `ignore[rule] reason`".to_owned()));
    }
    for one in found {
        match one {
            Ok(own) => {
                let cover = if own.whole_file { Cover::File } else { cover };
                let mut directive = own.directive(cover, through);
                if !plain {
                    locate(&mut directive, span);
                }
                out.directives.push(directive);
            }
            Err((at, message)) => out.notices.push(notice(file, if plain { at } else { span }, message)),
        }
    }
    out
}

/// All of a directive at one place, for strings that are not written as they read.
fn locate(directive: &mut Directive, span: Span) {
    directive.span = span;
    for (_, at) in &mut directive.rules {
        *at = span;
    }
    if let Some(until) = &mut directive.until {
        until.span = span;
    }
}

struct Reader<'a> {
    file: &'a SourceFile,
    cover: Cover,
    near: Span,
    out: Collected,
}

impl Reader<'_> {
    fn span(&self, value: &Value) -> Span {
        value.trail.span().filter(|span| span.file == self.near.file).unwrap_or(self.near)
    }

    fn malformed(&mut self, value: &Value, message: impl Into<String>) {
        let fault = notice(self.file, self.span(value), message.into());
        self.out.notices.push(fault);
    }

    fn formwork(&mut self, settings: &Value) {
        let Some(map) = settings.as_map() else { return };
        for (key, value) in &map.entries {
            if key != "ignore" {
                let hint = did_you_mean(key, ["ignore"]).unwrap_or_else(|| "the key is `ignore`".to_owned());
                self.malformed(value, format!("unknown key `{key}` of the formwork metadata; {hint}"));
            }
        }
        let ignore = settings.get("ignore");
        match &ignore.kind {
            Kind::Absent => {}
            Kind::String(_) => self.entry(&ignore),
            Kind::List(list) => list.items.iter().for_each(|entry| self.entry(entry)),
            _ => self.malformed(&ignore, "`ignore` must be a list of rules"),
        }
    }

    fn entry(&mut self, entry: &Value) {
        let span = self.span(entry);
        let mut own = Own { span: Some(span), ..Own::default() };
        let id = match &entry.kind {
            Kind::String(_) => entry.clone(),
            Kind::Map(map) => {
                for (key, value) in &map.entries {
                    let text = value.as_str().unwrap_or_default();
                    match key.as_str() {
                        "id" => {}
                        "reason" => text.clone_into(&mut own.reason),
                        "ticket" => text.clone_into(&mut own.ticket),
                        "until" => own.until = Some(Until { date: Date::parse(text), span: self.span(value) }),
                        other => {
                            let hint = did_you_mean(other, ["id", "reason", "until", "ticket"])
                                .unwrap_or_else(|| "the keys are id, reason, until and ticket".to_owned());
                            self.malformed(value, format!("unknown key `{other}` of an ignore; {hint}"));
                            return;
                        }
                    }
                }
                entry.get("id")
            }
            _ => return self.malformed(entry, "an ignore must be the name of a rule, or a map with an `id`"),
        };
        match id.as_str().map(str::trim) {
            None | Some("") => self.malformed(entry, "the ignore names no rule: it needs an `id`"),
            Some("*" | "all") => self.malformed(&id, "an ignore must name its rules"),
            Some(name) => {
                own.rules.push((name.to_owned(), self.span(&id)));
                self.out.directives.push(own.directive(self.cover, false));
            }
        }
    }

    /// `id` and `reason` are keys of the entries; without them the entries are names.
    fn peer(&mut self, peer: &'static str, entries: &Value, id: &str, reason: &str) {
        let Some(list) = entries.as_list() else { return };
        for entry in &list.items {
            let name = if id.is_empty() { entry.clone() } else { entry.get(id) };
            let Some(text) = name.as_str().filter(|text| !text.is_empty()) else { continue };
            // In the metadata of a template cfn-lint compares beginnings.
            let prefix = peer == "cfn-lint" && self.cover == Cover::File;
            let text = if prefix { format!("{text}*") } else { text.to_owned() };
            let reason = entry.get(reason).as_str().unwrap_or_default().to_owned();
            self.push_peer(peer, self.span(entry), text, self.span(&name), reason);
        }
    }

    fn push_peer(&mut self, peer: &'static str, span: Span, name: String, at: Span, reason: String) {
        self.out.directives.push(Directive {
            span,
            rules: vec![(name, at)],
            cover: self.cover,
            through: false,
            until: None,
            ticket: String::new(),
            reason,
            peer: Some(peer),
        });
    }

    /// A string that holds JSON: `[{"rule": "AC_AWS_047", "comment": "..."}]`.
    fn terrascan(&mut self, value: &Value) {
        let Some(text) = value.as_str() else { return };
        let Ok(serde_json::Value::Array(entries)) = serde_json::from_str(text) else { return };
        let span = self.span(value);
        for entry in entries {
            let text = |key: &str| entry.get(key).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
            if !text("rule").is_empty() {
                self.push_peer("terrascan", span, text("rule"), span, text("comment"));
            }
        }
    }
}
