//! Operators on values that are not choices.

use crate::syntax::hcl::{BinaryOp, UnaryOp};
use crate::value::{
    Cause, CauseKind, HopKind, Kind, Number, Piece, Trail, Truth, Value, identifies, to_bool, to_number,
};

fn invalid(what: impl Into<crate::value::Str>) -> Value {
    // Without a span: the evaluator adds it.
    Value::unknown(Cause::new(CauseKind::Invalid, what))
}

/// `!x`, `-x`
pub(super) fn unary(op: UnaryOp, operand: &Value, strict: bool) -> Value {
    match op {
        UnaryOp::Not => {
            let operand = to_bool(operand);
            match operand.kind {
                Kind::Bool(b) => Value { kind: Kind::Bool(!b), ..operand },
                Kind::Null | Kind::Absent if strict => invalid("null cannot be negated"),
                // In a rule, what is not written is not so.
                Kind::Absent => Value { kind: Kind::Bool(true), ..operand },
                Kind::Null => Value { kind: Kind::Bool(true), ..operand },
                _ => operand,
            }
        }
        UnaryOp::Negate => {
            let operand = to_number(operand);
            match operand.kind {
                Kind::Number(Number::Int(i)) if i != i64::MIN => {
                    Value { kind: Kind::Number(Number::Int(-i)), ..operand }
                }
                Kind::Number(n) => match Number::from_f64(-n.as_f64()) {
                    Some(n) => Value { kind: Kind::Number(n), ..operand },
                    None => invalid("the number is too large"),
                },
                Kind::Null | Kind::Absent => invalid("null cannot be negated"),
                _ => operand,
            }
        }
    }
}

/// The trail of a result: that of the operand which comes from the source; the left one if both do.
fn joint(left: &Value, right: &Value) -> Trail {
    left.trail.or(&right.trail)
}

/// `a op b`
pub(super) fn binary(op: BinaryOp, left: &Value, right: &Value, strict: bool) -> Value {
    let sensitive = left.sensitive || right.sensitive;
    match op {
        BinaryOp::And | BinaryOp::Or => logical(op, left, right, strict),
        BinaryOp::Equal => truth_value(equality(left, right, strict), left, right),
        BinaryOp::NotEqual => truth_value(!equality(left, right, strict), left, right),
        BinaryOp::Less | BinaryOp::LessOrEqual | BinaryOp::Greater | BinaryOp::GreaterOrEqual => {
            numbers(left, right, |a, b| {
                let order = a.partial_cmp(&b)?;
                Some(Kind::Bool(match op {
                    BinaryOp::Less => order.is_lt(),
                    BinaryOp::LessOrEqual => order.is_le(),
                    BinaryOp::Greater => order.is_gt(),
                    _ => order.is_ge(),
                }))
            })
        }
        _ => numbers(left, right, |a, b| arithmetic(op, a, b).map(Kind::Number)),
    }
    .marked(sensitive)
}

/// Equality. To Terraform a list is never equal to a tuple, nor a map to an object; which of them the value of an input
/// is depends on its type, so that equal elements prove nothing there.
fn equality(left: &Value, right: &Value, strict: bool) -> Truth {
    let truth = left.equals(right);
    let collections =
        matches!((&left.kind, &right.kind), (Kind::List(_), Kind::List(_)) | (Kind::Map(_), Kind::Map(_)));
    let given =
        |v: &Value| v.trail.hops().any(|h| matches!(h.kind, HopKind::Default | HopKind::Input | HopKind::Argument));
    if strict && collections && truth == Truth::Yes && (given(left) || given(right)) {
        return Truth::Undetermined;
    }
    // Rules ask whether something is written: what a resource is called by, or another stack exports, is never empty.
    let nothing = |v: &Value| v.is_unset() || v.as_str() == Some("");
    if !strict && truth == Truth::Undetermined {
        let other = if nothing(left) { right } else { left };
        if (nothing(left) || nothing(right)) && is_something(other) {
            return Truth::No;
        }
    }
    truth
}

/// Whether a value that is not known is certainly not empty.
fn is_something(value: &Value) -> bool {
    match &value.kind {
        // The resource itself, or what identifies it.
        Kind::AfterApply(reference) => reference.attribute.is_empty() || reference.is_identifier(),
        Kind::Partial(text) => text.pieces().iter().any(|piece| match piece {
            Piece::Known(known) => !known.is_empty(),
            Piece::Hole(hole) => is_something(hole),
        }),
        Kind::Unknown(cause) if cause.kind == CauseKind::External => value.trail.hops().any(|hop| {
            let attribute = hop.name.rsplit_once('.').map(|(_, last)| last);
            hop.kind == HopKind::Attribute && attribute.is_some_and(identifies)
        }),
        Kind::Unknown(cause) => cause.kind == CauseKind::Import,
        Kind::Choice(arms) => arms.iter().all(|a| match &a.value.kind {
            Kind::String(text) => !text.is_empty(),
            _ => is_something(&a.value),
        }),
        _ => false,
    }
}

fn truth_value(truth: Truth, left: &Value, right: &Value) -> Value {
    let trail = joint(left, right);
    match truth {
        Truth::Undetermined => {
            let unknown = if left.is_wholly_known() { right } else { left };
            let cause = unknown.cause().unwrap_or_else(|| Cause::new(CauseKind::Unsupported, "it cannot be compared"));
            Value::unknown(cause).with_trail(unknown.trail.or(&trail))
        }
        decided => Value::from(decided == Truth::Yes).with_trail(trail),
    }
}

/// Kleene logic; the operand that decides gives the trail.
fn logical(op: BinaryOp, left: &Value, right: &Value, strict: bool) -> Value {
    let (left, right) = (to_bool(left), to_bool(right));
    if strict && (left.is_unset() || right.is_unset()) {
        return invalid("a bool is required, not null");
    }
    // `a || b` is `!(!a && !b)`: the same table with the roles of yes and no exchanged.
    let decisive = if op == BinaryOp::And { Truth::No } else { Truth::Yes };
    for operand in [&left, &right] {
        if operand.truth() == decisive {
            return Value::from(decisive == Truth::Yes).with_trail(operand.trail.clone());
        }
    }
    for operand in [&left, &right] {
        if operand.truth() == Truth::Undetermined {
            return operand.clone();
        }
    }
    Value::from(decisive == Truth::No).with_trail(joint(&left, &right))
}

fn numbers(left: &Value, right: &Value, f: impl Fn(Number, Number) -> Option<Kind>) -> Value {
    let trail = joint(left, right);
    let (left, right) = (to_number(left), to_number(right));
    match (&left.kind, &right.kind) {
        (Kind::Number(a), Kind::Number(b)) => match f(*a, *b) {
            Some(kind) => Value::from(kind).with_trail(trail),
            None => invalid("the result is not a number"),
        },
        (Kind::Absent | Kind::Null, _) | (_, Kind::Absent | Kind::Null) => {
            invalid("a number is required, not null").with_trail(trail)
        }
        (Kind::Number(_), _) => right,
        _ => left,
    }
}

fn arithmetic(op: BinaryOp, a: Number, b: Number) -> Option<Number> {
    if let (Number::Int(x), Number::Int(y)) = (a, b) {
        let exact = match op {
            BinaryOp::Add => x.checked_add(y),
            BinaryOp::Subtract => x.checked_sub(y),
            BinaryOp::Multiply => x.checked_mul(y),
            BinaryOp::Divide if y != 0 && x.checked_rem(y) == Some(0) => x.checked_div(y),
            // Terraform leaves the dividend when the divisor is zero.
            BinaryOp::Modulo => return Some(Number::Int(if y == 0 { x } else { x.checked_rem(y)? })),
            _ => None,
        };
        if exact.is_some() {
            return exact.map(Number::Int);
        }
    }
    let (x, y) = (a.as_f64(), b.as_f64());
    Number::from_f64(match op {
        BinaryOp::Add => x + y,
        BinaryOp::Subtract => x - y,
        BinaryOp::Multiply => x * y,
        BinaryOp::Divide => x / y,
        _ => x % y,
    })
}

#[cfg(test)]
mod tests {
    use super::binary;
    use crate::source::{FileId, Span};
    use crate::syntax::hcl::BinaryOp;
    use crate::value::{Cause, CauseKind, HopKind, Trail, Truth, Value};

    #[test]
    fn a_reference_is_something_to_a_rule() {
        let unknown = |kind| Value::unknown(Cause::new(kind, "why"));
        let read = |name: &str| {
            let trail = Trail::one(HopKind::Attribute, name, Span::new(FileId(0), 0, 1));
            unknown(CauseKind::External).with_trail(trail)
        };
        let table = [
            (Value::after_apply("aws_kms_key.k", "arn"), Truth::No),
            (Value::after_apply("aws_s3_bucket.b", "bucket_domain_name"), Truth::No),
            (Value::after_apply("Bucket", "RegionalDomainName"), Truth::No),
            (Value::after_apply("Key", "Ref"), Truth::No),
            (Value::after_apply("Key", ""), Truth::No),
            (Value::after_apply("aws_instance.i", "public_ip"), Truth::Undetermined),
            // What another resource may leave out.
            (Value::after_apply("aws_db_instance.d", "kms_key_id"), Truth::Undetermined),
            (Value::after_apply("Group", "GroupId"), Truth::No),
            (unknown(CauseKind::Import), Truth::No),
            (unknown(CauseKind::Input), Truth::Undetermined),
            (unknown(CauseKind::External), Truth::Undetermined),
            (read("data.aws_kms_key.k.arn"), Truth::No),
            (read("data.aws_instance.i.public_ip"), Truth::Undetermined),
            (Value::from("x"), Truth::No),
        ];
        for (value, expected) in table {
            for nothing in [Value::null(), Value::absent(), Value::from("")] {
                for (left, right) in [(&value, &nothing), (&nothing, &value)] {
                    let equal = binary(BinaryOp::Equal, left, right, false);
                    assert_eq!(equal.truth(), expected, "{left:?} {right:?}");
                    let differs = binary(BinaryOp::NotEqual, left, right, false);
                    assert_eq!(differs.truth(), !expected, "{left:?} {right:?}");
                }
            }
        }
        // To Terraform it is known only after deployment.
        let arn = Value::after_apply("x_key.k", "arn");
        assert_eq!(binary(BinaryOp::Equal, &arn, &Value::null(), true).truth(), Truth::Undetermined);
    }
}
