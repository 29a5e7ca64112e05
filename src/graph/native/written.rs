//! Reading attributes as a dialect has them, for rules whose places are set by the configuration.

use super::names::starting_with_prefix;
use super::verdict::{arg, function, given_strings};
use crate::expr::{Call, Function};
use crate::graph::normalize::tags;
use crate::value::{Kind, Str, Value, to_text};

pub(super) const FUNCTIONS: &[Function] = &[function("name_at", 2, 2, name_at)];

/// `name_at(attributes, paths)`: the text at the first of the paths that is written, such as `name` or `tags.Name`; a list
/// of `Key` and `Value` is read as a map. At a path that ends in `prefix` only the beginning of the text is written.
fn name_at(call: &Call<'_>) -> Result<Value, Str> {
    let attributes = arg(call, 0);
    let mut missing = Value::absent();
    for path in given_strings(call, 1)? {
        let mut found = attributes.clone();
        for step in path.split('.') {
            if matches!(found.kind, Kind::List(_)) {
                found = tags(&found);
            }
            found = found.get(step);
        }
        if found.is_unset() {
            missing = missing.or_trail(&found.trail);
            continue;
        }
        let text = to_text(&found);
        let is_prefix = path.to_ascii_lowercase().ends_with("prefix");
        return Ok(if is_prefix { starting_with_prefix(text) } else { text });
    }
    Ok(missing)
}

#[cfg(test)]
mod tests {
    use super::super::testing::eval;
    use crate::value::{Kind, Piece, Value};

    fn text(value: &Value) -> String {
        match &value.kind {
            Kind::String(text) => text.to_string(),
            Kind::Partial(text) => text
                .pieces()
                .iter()
                .map(|p| match p {
                    Piece::Known(text) => text.to_string(),
                    Piece::Hole(_) => "*".to_owned(),
                })
                .collect(),
            Kind::Absent => "absent".to_owned(),
            Kind::Unknown(_) => "unknown".to_owned(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn the_first_path_that_is_written_is_read() {
        let table = [
            (r#"name_at({ name = "a" }, ["name"])"#, "a"),
            (r#"name_at({ name = null, tags = { Name = "b" } }, ["name", "tags.Name"])"#, "b"),
            (
                r#"name_at({ Tags = [{ Key = "Owner", Value = "x" }, { Key = "Name", Value = "c" }] }, ["Tags.Name"])"#,
                "c",
            ),
            (r#"name_at({ name_prefix = "d-" }, ["name", "name_prefix"])"#, "d-*"),
            (r#"name_at({ name = var.x, tags = { Name = "b" } }, ["name", "tags.Name"])"#, "unknown"),
            (r#"name_at({ name = "a-${var.x}" }, ["name"])"#, "a-*"),
            (r#"name_at({ Tags = var.tags }, ["Tags.Name"])"#, "unknown"),
            (r#"name_at({}, ["name", "tags.Name"])"#, "absent"),
            (r#"name_at({ tags = "text" }, ["tags.Name"])"#, "absent"),
            (r#"name_at(absent, ["name"])"#, "absent"),
        ];
        for (expression, expected) in table {
            assert_eq!(text(&eval(expression)), expected, "{expression}");
        }
    }
}
