//! How many different elements a list has, as far as that can be told.

use super::verdict::{Verdict, each_arm, function, why};
use crate::expr::{Call, Function};
use crate::value::{Cause, CauseKind, Kind, List, Number, Str, Truth, Value};

pub(super) const FUNCTIONS: &[Function] = &[function("distinct_at_least", 2, 2, distinct_at_least)];

/// Longer lists are not compared element by element.
const MAX_ELEMENTS: usize = 256;

/// `distinct_at_least(list, number)`: whether a list has that many different elements. Elements that are not known count
/// as long as they can be told apart: two elements of one list of availability zones are. What is unset has none.
fn distinct_at_least(call: &Call<'_>) -> Result<Value, Str> {
    let [list, wanted] = call.args else { return Err("distinct_at_least needs a list and a number".into()) };
    let wanted = wanted.as_number().and_then(Number::as_usize).ok_or("distinct_at_least needs a number")?;
    Ok(each_arm(list, &mut |value| judge(value, wanted)).value())
}

fn judge(value: &Value, wanted: usize) -> Verdict {
    match &value.kind {
        Kind::Absent | Kind::Null => Verdict::of(wanted == 0, &value.trail),
        Kind::Unknown(cause) if cause.among.as_ref().is_some_and(|l| l.index.is_none() && l.least >= wanted) => {
            Verdict::of(true, &value.trail)
        }
        Kind::List(list) => of_list(value, list, wanted),
        _ => Verdict::unknown(value),
    }
}

fn of_list(value: &Value, list: &List, wanted: usize) -> Verdict {
    if list.items.len() > MAX_ELEMENTS {
        let cause = Cause::new(CauseKind::Limit, format!("the list has more than {MAX_ELEMENTS} elements"));
        return Verdict::open(cause, &value.trail);
    }
    // Elements that differ from one another for certain, and those that are not like one before them for certain.
    let (mut apart, mut possible): (Vec<&Value>, Vec<&Value>) = (Vec::new(), Vec::new());
    for item in list.items.iter().filter(|i| !i.is_unset()) {
        if apart.iter().all(|other| item.equals(other) == Truth::No) {
            apart.push(item);
        }
        if possible.iter().all(|other| item.equals(other) != Truth::Yes) {
            possible.push(item);
        }
    }
    if apart.len() >= wanted {
        return Verdict::of(true, &value.trail);
    }
    if possible.len() < wanted && list.open.is_none() {
        return Verdict::of(false, &value.trail);
    }
    let unknown = list.items.iter().find(|i| !i.is_wholly_known()).map(why);
    let cause = list.open.clone().or(unknown).unwrap_or_else(|| why(value));
    Verdict::open(cause, &value.trail)
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;

    #[test]
    fn different_elements_are_counted() {
        check(&[
            (r#"distinct_at_least(["a", "b"], 2)"#, "yes"),
            (r#"distinct_at_least(["a", "b", "a"], 3)"#, "no"),
            (r#"distinct_at_least(["a", "a"], 2)"#, "no"),
            ("distinct_at_least([], 1)", "no"),
            ("distinct_at_least(absent, 1)", "no"),
            // Each of them is one element, whichever.
            ("distinct_at_least([var.a], 1)", "yes"),
            ("distinct_at_least([var.a], 2)", "no"),
            ("distinct_at_least([var.a, var.b], 2)", "?"),
            (r#"distinct_at_least(["a", "b", var.c], 2)"#, "yes"),
            (r#"distinct_at_least(["a", "b", var.c], 3)"#, "?"),
            (r#"distinct_at_least(["a", "b", var.c], 4)"#, "no"),
            (r#"distinct_at_least(["a-${var.x}", "b-${var.x}"], 2)"#, "yes"),
            ("distinct_at_least(var.all, 2)", "?"),
            (r#"distinct_at_least(concat(["a", "b"], var.more), 2)"#, "yes"),
            (r#"distinct_at_least(concat(["a"], var.more), 2)"#, "?"),
            (r#"distinct_at_least(var.x ? ["a", "b"] : ["c", "d"], 2)"#, "yes"),
            (r#"distinct_at_least(var.x ? ["a", "b"] : ["c"], 2)"#, "?"),
            // Lists without duplicates.
            ("distinct_at_least(zones.here, 2)", "yes"),
            ("distinct_at_least(zones.here, 3)", "?"),
            ("distinct_at_least([zones.here[0], zones.here[1]], 2)", "yes"),
            ("distinct_at_least([zones.here[0], zones.here[0]], 2)", "no"),
            ("distinct_at_least([zones.here[0], zones.there[1]], 2)", "?"),
            (r#"distinct_at_least([zones.here[0], "a"], 2)"#, "?"),
            ("distinct_at_least([for i in [0, 1, 2] : element(slice(zones.here, 0, 3), i)], 3)", "yes"),
            ("distinct_at_least([element(zones.here, 0), element(zones.here, 1)], 2)", "yes"),
            // It may go around.
            ("distinct_at_least([element(zones.here, 0), element(zones.here, 2)], 2)", "?"),
        ]);
    }
}
