//! The JSON Schema of the JSON format.

use serde_json::{Map, Value, json};

/// An object with these properties, all of them required.
fn object(description: &str, properties: &[(&str, Value)]) -> Value {
    let required: Vec<&str> = properties.iter().map(|(name, _)| *name).collect();
    let properties: Map<String, Value> = properties.iter().map(|(n, v)| ((*n).to_owned(), v.clone())).collect();
    json!({"type": "object", "description": description, "properties": properties, "required": required})
}

fn text(description: &str) -> Value {
    json!({"type": "string", "description": description})
}

fn number(description: &str, least: u32) -> Value {
    json!({"type": "integer", "minimum": least, "description": description})
}

fn list(of: &str, description: &str) -> Value {
    json!({"type": "array", "items": {"$ref": format!("#/$defs/{of}")}, "description": description})
}

fn reference(to: &str, description: &str) -> Value {
    json!({"$ref": format!("#/$defs/{to}"), "description": description})
}

fn or_null(to: &str, description: &str) -> Value {
    json!({"anyOf": [{"$ref": format!("#/$defs/{to}")}, {"type": "null"}], "description": description})
}

/// What a finding, an undetermined rule and a suppressed finding have in common.
fn about() -> Vec<(&'static str, Value)> {
    vec![
        ("rule", text("Id of the rule.")),
        ("severity", reference("severity", "The severity after configuration.")),
        ("message", text("Names the resource and the fact.")),
        ("resource", reference("resource", "The first resource concerned.")),
        ("primary", reference("label", "The deciding characters, where they are used.")),
        ("secondary", list("label", "The way the deciding value came, use site first.")),
        (
            "instances",
            json!({"type": "array", "items": {"type": "string"},
                "description": "Addresses of all resources with the same cause; empty when there is only one."}),
        ),
    ]
}

fn finding(description: &str, more: &[(&str, Value)]) -> Value {
    let mut properties = about();
    properties.extend([
        ("fingerprint", text("Stable when lines move; unique within a report.")),
        ("help", text("What to write instead; may be empty.")),
        ("fix", or_null("fix", "The mechanical fix, or null.")),
    ]);
    let more: Vec<(&str, Value)> = properties.into_iter().chain(more.iter().cloned()).collect();
    object(description, &more)
}

fn fault(description: &str, more: &[(&str, Value)]) -> Value {
    let properties = [
        ("path", text("The file, as it is shown.")),
        ("message", text("What is wrong.")),
        ("start", or_null("position", "Where it starts, or null when no place in the file is known.")),
        ("end", or_null("position", "Behind its last character, or null.")),
    ];
    let properties: Vec<(&str, Value)> = properties.into_iter().chain(more.iter().cloned()).collect();
    object(description, &properties)
}

/// The JSON Schema (draft 2020-12) of what [`Format::Json`](super::Format::Json) writes.
///
/// The contract grows by new properties only, so unknown ones are allowed.
pub fn schema() -> Value {
    let path = ("path", text("The file, with forward slashes."));
    let start = ("start", reference("position", "The first character."));
    let end = ("end", reference("position", "Behind the last character; equal to start where text is inserted."));
    let range =
        |description: &str, more: (&str, Value)| object(description, &[path.clone(), start.clone(), end.clone(), more]);
    let mut undetermined = about();
    undetermined.push(("cause", text("Why it could not be decided.")));
    undetermined.push((
        "when",
        json!({"type": ["string", "null"],
            "description": "Decisions that make it a finding, such as `IsDev is true`; null when none can be named."}),
    ));
    let severities = ["critical", "high", "medium", "low", "info"];
    let counts: Vec<(&str, Value)> = severities.iter().map(|s| (*s, number("How many.", 0))).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "formwork report",
        "description": "What `formwork check --output json` writes.",
        "type": "object",
        "properties": {
            "findings": list("finding", "Proven departures from a rule, by path, position, rule and address."),
            "undetermined": list("undetermined", "Rules that could not be decided."),
            "suppressed": list("suppressed", "Findings that the author of the source has accepted."),
            "errors": list("error", "What could not be read or parsed; the rest was judged all the same."),
            "notes": list("note", "Gaps in what was analysed, and comments without effect."),
            "summary": reference("summary", "Numbers about the run."),
        },
        "required": ["findings", "undetermined", "suppressed", "errors", "notes", "summary"],
        "$defs": {
            "severity": {"enum": severities, "description": "How bad it is, the worst first."},
            "position": object("A position in a file.", &[
                ("line", number("Line, from 1.", 1)),
                ("column", number("Column in Unicode scalar values, from 1.", 1)),
                ("offset", number("Byte offset in the file, from 0; a byte order mark counts.", 0)),
            ]),
            "label": range("A place in the source and what is to be said about it.",
                ("label", text("One line; may be empty."))),
            "edit": range("A change of the source text.", ("text", text("What stands there afterwards."))),
            "fix": object("How a finding is mended.", &[
                ("safety", json!({"enum": ["safe", "unsafe"],
                    "description": "unsafe: with consequences, such as a replacement or an interruption."})),
                ("edits", list("edit", "In order of position; empty when the fix cannot be written at this place.")),
            ]),
            "resource": object("A resource.", &[
                ("address", text("Address in Terraform (`module.web.` and so on), or logical id.")),
                ("type", text("The type as the dialect spells it.")),
                ("canonical", json!({"type": ["string", "null"],
                    "description": "The type in formwork's catalog, or null when it models none."})),
                ("construct", json!({"type": ["string", "null"],
                    "description": "The path of the CDK construct that made it, or null."})),
                ("created", json!({"type": ["string", "null"],
                    "description": "Where a program created that construct, as `file:line:column`, or null."})),
            ]),
            "finding": finding("A proven departure from a rule.", &[]),
            "undetermined": object("A rule that could not be decided.", &undetermined),
            "suppressed": finding("An accepted finding.", &[
                ("reason", text("The author's reason; may be empty.")),
                ("by", object("The comment or metadata that accepts it.", &[path.clone(), start.clone(), end.clone()])),
            ]),
            "error": fault("Something that could not be read or parsed.", &[]),
            "note": fault("Something worth knowing that changes no exit code.", &[
                ("kind", json!({"enum": ["gap", "notice"],
                    "description": "gap: not analysed; notice: a comment or setting without effect."})),
            ]),
            "summary": object("Numbers about the run.", &[
                ("files", number("Files that were read as Terraform or CloudFormation.", 0)),
                ("resources", number("Resource instances.", 0)),
                ("rules", number("Rules that were selected.", 0)),
                ("findings", object("Findings by severity.", &counts)),
                ("undetermined", number("Entries of `undetermined`.", 0)),
                ("duration_ms", number("Milliseconds; 0 unless timings were asked for.", 0)),
            ]),
        },
    })
}
