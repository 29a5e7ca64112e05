//! The naming convention of the configuration: a value that rules can read, and rules for the entities it adds.

use crate::config::{Naming, NamingEntity};
use crate::rules::Library;
use crate::source::Sources;
use crate::value::{Entries, Value};
use std::fmt::Write;
use std::path::PathBuf;

/// `{ separator, environments, entities = { key = { enabled, regional, pattern, regex, name_from } } }`; what is not
/// configured is absent.
pub fn naming_value(naming: &Naming) -> Value {
    let mut out = Entries::default();
    if let Some(separator) = naming.separator {
        out.insert("separator".into(), separator.name().into());
    }
    if !naming.environments.is_empty() {
        let items = naming.environments.iter().map(|e| e.value.as_str().into()).collect();
        out.insert("environments".into(), Value::list(items));
    }
    let entities: Entries = naming.entities.iter().map(|e| (e.key.value.as_str().into(), entity(e))).collect();
    out.insert("entities".into(), Value::map(entities));
    Value::map(out)
}

fn entity(entity: &NamingEntity) -> Value {
    let mut out = Entries::default();
    if let Some(enabled) = entity.enabled {
        out.insert("enabled".into(), enabled.into());
    }
    if let Some(regional) = entity.regional {
        out.insert("regional".into(), regional.into());
    }
    for (key, text) in [("pattern", &entity.pattern), ("regex", &entity.regex)] {
        if let Some(text) = text {
            out.insert(key.into(), text.value.as_str().into());
        }
    }
    for (key, list) in
        [("terraform", &entity.terraform), ("cloudformation", &entity.cloudformation), ("name_from", &entity.name_from)]
    {
        if !list.is_empty() {
            out.insert(key.into(), Value::list(list.iter().map(|s| s.value.as_str().into()).collect()));
        }
    }
    Value::map(out)
}

/// Adds a rule `naming-<key>` for every entity of the configuration that has types of its own and for which there is no
/// rule yet: what is built in reads the configuration itself.
pub fn add_naming_rules(library: &mut Library, naming: &Naming, sources: &Sources) {
    for entity in &naming.entities {
        let id = format!("naming-{}", plain(&entity.key.value));
        let is_off = entity.enabled == Some(false);
        let has_types = !entity.terraform.is_empty() || !entity.cloudformation.is_empty();
        if is_off || !has_types || BUILT_IN.contains(&entity.key.value.as_str()) || Library::is_embedded(&id) {
            continue;
        }
        let path = PathBuf::from(format!("naming/{id}.md"));
        library.add_rule("naming", sources.add(path, rule_file(&id, entity)));
    }
}

/// Keys of entities whose rules are built in.
const BUILT_IN: [&str; 2] = ["security-group", "ec2"];

/// Where a name is read when the configuration does not say.
const NAME_FROM: [&str; 3] = ["name", "tags.Name", "Tags.Name"];

/// The rule of an entity as a rule file.
fn rule_file(id: &str, entity: &NamingEntity) -> String {
    let key = plain(&entity.key.value);
    let of = |dialect: &'static str, types: &[crate::config::Spanned<String>]| {
        types.iter().map(|t| format!("{dialect}[{}]", quoted(&t.value))).collect::<Vec<_>>()
    };
    let types = [of("terraform", &entity.terraform), of("cloudformation", &entity.cloudformation)].concat();
    let places: Vec<String> = if entity.name_from.is_empty() {
        NAME_FROM.iter().map(|p| quoted(p)).collect()
    } else {
        entity.name_from.iter().map(|p| quoted(&p.value)).collect()
    };
    let (require, form) = match (&entity.pattern, &entity.regex) {
        (Some(pattern), _) => {
            let region = if entity.regional == Some(false) { "null" } else { "self.region" };
            let options =
                format!("{{ region = {region}, separator = naming.separator, environments = naming.environments }}");
            (format!("name_matches(local.name, {}, {options})", quoted(&pattern.value)), pattern.value.as_str())
        }
        (None, Some(regex)) => {
            (format!("name_matches_regex(local.name, {})", quoted(&regex.value)), regex.value.as_str())
        }
        (None, None) => ("plain_words(local.name, naming.separator)".to_owned(), "lower-case words"),
    };
    let region = if entity.regional == Some(false) { " && !contains_region(local.name)" } else { "" };
    let also = if region.is_empty() { "" } else { ", or it has a region" };
    let message = format!("the name ${{local.name}} of ${{self.address}} does not have the form {}", escaped(form));
    format!(
        "# Names of {key} resources have the configured form\n\n\
         ```hcl\n\
         rule {id} {{\n  \
           severity  = \"low\"\n  \
           resource  = [{types}]\n  \
           locals    = {{ name = name_at(raw, [{places}]) }}\n  \
           when      = local.name != null\n  \
           require   = {require}{region}\n  \
           message   = \"{message}{also}\"\n  \
           practices = [\"naming-convention\"]\n\
         }}\n\
         ```\n\n\
         The configuration of the project asks for names of this form.\n\n\
         ## Remediation\n\n\
         Rename the resource; for most types that replaces it.\n",
        id = quoted(id),
        types = types.join(", "),
        places = places.join(", "),
    )
}

/// A key as it can stand in the id of a rule.
fn plain(key: &str) -> String {
    key.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect()
}

/// A string in HCL.
fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

/// The inside of a string in HCL: nothing in it is a template. A rule file is read by its lines.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut after = None;
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            // `${` and `%{` are written `$${` and `%%{`.
            '{' if matches!(after, Some('$' | '%')) => {
                out.extend(after);
                out.push('{');
            }
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
        after = Some(c);
    }
    out
}
