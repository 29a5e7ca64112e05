//! The naming convention of the configuration as a value that rules can read.

use crate::config::{Naming, NamingEntity};
use crate::value::{Entries, Value};

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
