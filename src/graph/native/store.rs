//! Values that are read from a store of parameters when a configuration is deployed.

use super::verdict::{arg, function, why};
use crate::expr::{Call, Function};
use crate::value::{CauseKind, Kind, Piece, Str, Value};

pub(super) const FUNCTIONS: &[Function] = &[function("ssm_path", 1, 1, |call| Ok(ssm_path(call)))];

/// How launch templates refer to the store, in a plain string.
const REFERENCE: &str = "resolve:ssm:";

/// `ssm_path(value)`: the name of the parameter of the Systems Manager store from which a value is read, without its
/// version or label: the default of a parameter of a template that is read from the store, the name in
/// `{{resolve:ssm:...}}` or in the text `resolve:ssm:...`. Absent when the value is not read from the store; what a
/// data source reads is told by the data source.
fn ssm_path(call: &Call<'_>) -> Value {
    arg(call, 0).map_arms(|value| {
        let found = path_of(value);
        let (trail, sensitive) = (found.trail.or(&value.trail), value.sensitive);
        found.with_trail(trail).marked(sensitive)
    })
}

fn path_of(value: &Value) -> Value {
    if let Some(name) = value.store_name() {
        return name.map_arms(|name| match &name.kind {
            Kind::String(text) => Value::from(without_version(text)),
            _ => Value::unknown(why(name)),
        });
    }
    match &value.kind {
        Kind::String(text) => text.strip_prefix(REFERENCE).map_or_else(Value::absent, |t| without_version(t).into()),
        // A text whose beginning is known may be told by it.
        Kind::Partial(text) => match text.pieces().first() {
            Some(Piece::Known(head)) if !head.starts_with(REFERENCE) && !REFERENCE.starts_with(head.as_str()) => {
                Value::absent()
            }
            _ => Value::unknown(why(value)),
        },
        Kind::Unknown(cause) if cause.kind != CauseKind::External => Value::unknown(cause.clone()),
        _ => Value::absent(),
    }
}

/// A name without `:version` or `:label`; the parts of an ARN before its name are parts of it.
fn without_version(name: &str) -> Str {
    let start = if name.starts_with("arn:") { name.find(":parameter").map_or(name.len(), |at| at + 1) } else { 0 };
    let end = name.get(start..).and_then(|rest| rest.find(':')).map_or(name.len(), |at| start + at);
    name.get(..end).unwrap_or(name).into()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{eval, evidence};
    use crate::value::{Cause, CauseKind, Kind, Value};

    fn shown(value: &Value) -> String {
        match &value.kind {
            Kind::String(text) => text.to_string(),
            Kind::Absent => "absent".to_owned(),
            Kind::Unknown(cause) => format!("? {}", cause.what),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn a_text_may_refer_to_the_store() {
        let table = [
            (r#"ssm_path("resolve:ssm:/golden/ami")"#, "/golden/ami"),
            (r#"ssm_path("resolve:ssm:/golden/ami:3")"#, "/golden/ami"),
            (r#"ssm_path("resolve:ssm:golden-ami:production")"#, "golden-ami"),
            (
                r#"ssm_path("resolve:ssm:arn:aws:ssm:eu-west-1:123456789012:parameter/golden/ami:3")"#,
                "arn:aws:ssm:eu-west-1:123456789012:parameter/golden/ami",
            ),
            (r#"ssm_path("ami-0123456789abcdef0")"#, "absent"),
            (r#"ssm_path("ami-${var.x}")"#, "absent"),
            (r#"ssm_path("resolve:ssm:/${var.x}/ami")"#, "? var.x has no value"),
            (r#"ssm_path("${var.x}-ami")"#, "? var.x has no value"),
            ("ssm_path(var.x)", "? var.x has no value"),
            ("ssm_path(data.image.base.id)", "absent"),
            ("ssm_path(made.image.id)", "absent"),
            ("ssm_path(null)", "absent"),
            ("ssm_path(absent)", "absent"),
        ];
        for (expression, expected) in table {
            assert_eq!(shown(&eval(expression)), expected, "{expression}");
        }
        assert_eq!(evidence(r#"ssm_path("resolve:ssm:/golden/ami")"#), r#""resolve:ssm:/golden/ami""#);
    }

    #[test]
    fn what_is_read_from_the_store_says_under_which_name() {
        let read = |name: Value| {
            let value = Value::unknown(Cause::new(CauseKind::External, "it is read from the store")).stored_under(name);
            shown(&super::path_of(&value))
        };
        assert_eq!(read("/golden/ami".into()), "/golden/ami");
        assert_eq!(read("/golden/ami:3".into()), "/golden/ami");
        assert_eq!(read(eval("var.x")), "? var.x has no value");
        assert_eq!(read(eval(r#""/${var.x}/ami""#)), "? var.x has no value");
    }
}
