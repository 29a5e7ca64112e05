//! What may stand in `formwork.toml`: one description, from which the reader and the schema for editors are made.

use crate::report::suppress::PEERS;
use serde_json::{Value as Json, json};

/// What a value looks like.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    Bool,
    /// A whole number from 0.
    Count,
    Text,
    /// The name of a rule, an alias, a service or a prefix; checked against the rules later.
    RuleName,
    /// A pattern of paths.
    Glob,
    /// A naming pattern with placeholders.
    Pattern,
    Regex,
    /// One of a few words; what a word is called, and the words.
    Choice(&'static str, &'static [&'static str]),
    List(&'static Shape),
    /// A table with these keys and no others.
    Table(&'static [Key]),
    /// A table whose keys the user chooses.
    MapOf(&'static Shape),
    /// A table with these keys; all others are parameters of a rule.
    Open(&'static [Key]),
    /// Anything but a date.
    Any,
}

/// A key of a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    pub name: &'static str,
    pub shape: Shape,
    pub doc: &'static str,
}

const fn key(name: &'static str, shape: Shape, doc: &'static str) -> Key {
    Key { name, shape, doc }
}

/// Characters of patterns that stand for something.
pub(super) const PLACEHOLDERS: [&str; 4] = ["region", "env", "sep", "words"];

pub(super) const SEVERITIES: &[&str] = &["info", "low", "medium", "high", "critical"];

const SEVERITY: Shape = Shape::Choice("severity", SEVERITIES);
const NAMES: Shape = Shape::List(&Shape::RuleName);
const TEXTS: Shape = Shape::List(&Shape::Text);
const GLOBS: Shape = Shape::List(&Shape::Glob);

const RULE: &[Key] = &[
    key("severity", SEVERITY, "Severity of the findings of this rule, instead of its own."),
    key("enabled", Shape::Bool, "false switches the rule off, true switches it on whatever the profile says."),
];

const RULES: Shape = Shape::MapOf(&Shape::Open(RULE));

const OVERRIDE: &[Key] = &[
    key("paths", GLOBS, "Where the override applies: patterns as in .gitignore, relative to the folder of this file."),
    key("select", NAMES, "The only rules that run there."),
    key("extend-select", NAMES, "Rules that run there in addition."),
    key("ignore", NAMES, "Rules that do not run there."),
    key("rules", RULES, "Settings of rules that apply there, by rule."),
];

const ENTITY: &[Key] = &[
    key("enabled", Shape::Bool, "false removes the entity."),
    key("terraform", TEXTS, "Terraform resource types of the entity."),
    key("cloudformation", TEXTS, "CloudFormation resource types of the entity."),
    key("name-from", TEXTS, "Where the name is read, in this order: attributes, or tags.Name."),
    key("regional", Shape::Bool, "Whether the name carries the region code; a name of a global entity must not."),
    key("pattern", Shape::Pattern, "Literal text and the placeholders {region}, {env}, {sep} and {words}."),
    key("regex", Shape::Regex, "A regular expression, instead of a pattern."),
];

const NAMING: &[Key] = &[
    key(
        "separator",
        Shape::Choice("separator", &["either", "hyphen", "underscore"]),
        "What stands between the words of a name.",
    ),
    key("environments", TEXTS, "The words that {env} stands for."),
    key("entities", Shape::MapOf(&Shape::Table(ENTITY)), "Named entities. A known key replaces the default entity."),
];

const INPUTS: &[Key] = &[
    key(
        "var-files",
        TEXTS,
        "Terraform variable files, in the order of --var-file; relative to the folder of this file.",
    ),
    key("parameters", TEXTS, "CloudFormation parameter files; relative to the folder of this file."),
    key("variables", Shape::MapOf(&Shape::Any), "Values of Terraform variables and CloudFormation parameters by name."),
];

const SUPPRESSIONS: &[Key] = &[
    key("require-reason", Shape::Bool, "Whether an ignore without a reason is reported."),
    key("max-days", Shape::Count, "How many days ahead the `until` of an ignore may lie; it then must have one."),
    key("refuse", NAMES, "Rules that comments cannot ignore."),
];

/// The keys of the file itself.
pub(super) const TOP: &[Key] = &[
    key("select", NAMES, "The only rules that run: ids, aliases (CKV_AWS_79), services (ec2) or prefixes."),
    key("extend-select", NAMES, "Rules that run in addition to the profile."),
    key("ignore", NAMES, "Rules that do not run."),
    key("fail-on", SEVERITY, "The least severity that makes the exit code 1."),
    key(
        "profile",
        Shape::Choice("profile", &["essential", "default", "strict"]),
        "The set of rules that run when `select` is not given.",
    ),
    key("exclude", GLOBS, "What is not read: patterns as in .gitignore, relative to the folder of this file."),
    key(
        "unknown",
        Shape::Choice("policy", &["report", "ignore", "fail"]),
        "What is done about rules that cannot be decided.",
    ),
    key(
        "account-baseline",
        GLOBS,
        "Roots that set up an account: rules about the account as a whole are judged there.",
    ),
    key(
        "honour",
        Shape::List(&Shape::Choice("tool", PEERS)),
        "The tools whose ignore comments count as well. Not given: all.",
    ),
    key("modules", Shape::MapOf(&Shape::Text), "Module sources and the local folders that hold their code."),
    key("rules", RULES, "Settings by rule: severity, enabled, and the parameters of the rule."),
    key("override", Shape::List(&Shape::Table(OVERRIDE)), "Other settings for a part of the tree."),
    key("naming", Shape::Table(NAMING), "The naming convention."),
    key("inputs", Shape::Table(INPUTS), "Values for variables and parameters."),
    key("suppressions", Shape::Table(SUPPRESSIONS), "Demands on ignore comments."),
];

impl Shape {
    /// What a person would write: "a list of strings".
    pub fn describe(&self) -> &'static str {
        match self {
            Shape::Bool => "a boolean",
            Shape::Count => "a whole number",
            Shape::Text | Shape::RuleName | Shape::Glob | Shape::Pattern | Shape::Regex | Shape::Choice(..) => {
                "a string"
            }
            Shape::List(Shape::Table(_)) => "a list of tables",
            Shape::List(_) => "a list of strings",
            Shape::Table(_) | Shape::MapOf(_) | Shape::Open(_) => "a table",
            Shape::Any => "a value",
        }
    }

    fn schema(&self) -> Json {
        match self {
            Shape::Bool => json!({ "type": "boolean" }),
            Shape::Count => json!({ "type": "integer", "minimum": 0 }),
            Shape::Text | Shape::RuleName | Shape::Glob | Shape::Pattern => json!({ "type": "string" }),
            Shape::Regex => json!({ "type": "string", "format": "regex" }),
            Shape::Choice(_, words) => json!({ "type": "string", "enum": words }),
            Shape::List(item) => json!({ "type": "array", "items": item.schema() }),
            Shape::Table(keys) => table_schema(keys, &json!(false)),
            Shape::Open(keys) => table_schema(keys, &json!(true)),
            Shape::MapOf(value) => json!({ "type": "object", "additionalProperties": value.schema() }),
            Shape::Any => json!({}),
        }
    }
}

fn table_schema(keys: &[Key], others: &Json) -> Json {
    let properties: serde_json::Map<String, Json> = keys
        .iter()
        .map(|key| {
            let mut schema = key.shape.schema();
            if let Some(object) = schema.as_object_mut() {
                object.insert("description".to_owned(), json!(key.doc));
            }
            (key.name.to_owned(), schema)
        })
        .collect();
    json!({ "type": "object", "properties": properties, "additionalProperties": others })
}

/// The JSON Schema (draft 7) of `formwork.toml`, for editors.
pub fn schema() -> Json {
    let mut schema = table_schema(TOP, &json!(false));
    if let Some(object) = schema.as_object_mut() {
        object.insert("$schema".to_owned(), json!("http://json-schema.org/draft-07/schema#"));
        object.insert("title".to_owned(), json!("formwork.toml"));
    }
    schema
}
