//! Laws of the evaluator: what is not known never makes a result that knowing it would refute.

#![allow(clippy::many_single_char_names)]
use formwork::expr::{Evaluator, Host, Key, Scope};
use formwork::source::{FileId, Span};
use formwork::syntax::hcl;
use formwork::value::{Arm, Cause, CauseKind, Guard, Kind, List, Truth, Value};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

struct Variables(BTreeMap<&'static str, Value>);

impl Host for Variables {
    fn render(&self, name: &str, _: &str, _: &Value) -> Value {
        Value::unknown(Cause::new(CauseKind::Unsupported, name))
    }
}

impl Scope for Variables {
    fn host(&self) -> &dyn Host {
        self
    }

    fn resolve(&self, root: &str, keys: &[Key], _: Span) -> Option<(Value, usize)> {
        let (Key::Name(name), "var") = (keys.first()?, root) else { return None };
        Some((self.0.get(name.as_str())?.clone(), 1))
    }
}

fn eval(text: &str, variables: &BTreeMap<&'static str, Value>) -> Value {
    let (expr, problems) = hcl::parse_expression(text, Span::new(FileId(0), 0, text.len()));
    assert!(problems.is_empty(), "{text}: {problems:?}");
    Evaluator::new(&Variables(variables.clone())).eval(&expr, None)
}

/// Expressions of four types, by a grammar.
#[derive(Clone, Copy, Debug)]
enum Type {
    Bool,
    Number,
    Text,
    List,
}

fn expression(of: Type, depth: u32) -> BoxedStrategy<String> {
    let leaf = match of {
        Type::Bool => prop_oneof![Just("true"), Just("false"), Just("var.a"), Just("var.b")].boxed(),
        Type::Number => prop_oneof![Just("0"), Just("1"), Just("2"), Just("var.n"), Just("var.m")].boxed(),
        Type::Text => prop_oneof![Just("\"x\""), Just("\"\""), Just("\"xy\""), Just("var.s"), Just("var.t")].boxed(),
        Type::List => prop_oneof![Just("[]"), Just("[\"x\", \"y\"]"), Just("var.l")].boxed(),
    };
    let leaf = leaf.prop_map(str::to_owned).boxed();
    if depth == 0 {
        return leaf;
    }
    let e = |of| expression(of, depth - 1);
    let (b, n, s, l) = (|| e(Type::Bool), || e(Type::Number), || e(Type::Text), || e(Type::List));
    let choice = (b(), e(of), e(of)).prop_map(|(c, x, y)| format!("({c} ? {x} : {y})")).boxed();
    let own = match of {
        Type::Bool => prop_oneof![
            b().prop_map(|x| format!("!{x}")),
            (b(), b()).prop_map(|(x, y)| format!("({x} && {y})")),
            (b(), b()).prop_map(|(x, y)| format!("({x} || {y})")),
            (b(), b()).prop_map(|(x, y)| format!("({x} == {y})")),
            (n(), n()).prop_map(|(x, y)| format!("({x} < {y})")),
            (n(), n()).prop_map(|(x, y)| format!("({x} != {y})")),
            (s(), s()).prop_map(|(x, y)| format!("({x} == {y})")),
            (l(), l()).prop_map(|(x, y)| format!("({x} == {y})")),
            (l(), s()).prop_map(|(x, y)| format!("contains({x}, {y})")),
            (s(), s()).prop_map(|(x, y)| format!("startswith({x}, {y})")),
            (s(), s()).prop_map(|(x, y)| format!("endswith({x}, {y})")),
            (s(), s()).prop_map(|(x, y)| format!("strcontains({x}, {y})")),
            (l(), b()).prop_map(|(x, y)| format!("alltrue([for v in {x} : v == \"x\" || {y}])")),
            (b(), b()).prop_map(|(x, y)| format!("anytrue([{x}, {y}])")),
            (l(), n()).prop_map(|(x, y)| format!("can({x}[{y}])")),
        ]
        .boxed(),
        Type::Number => prop_oneof![
            (n(), n()).prop_map(|(x, y)| format!("({x} + {y})")),
            (n(), n()).prop_map(|(x, y)| format!("({x} * {y})")),
            (n(), n()).prop_map(|(x, y)| format!("max({x}, {y})")),
            l().prop_map(|x| format!("length({x})")),
            s().prop_map(|x| format!("length({x})")),
        ]
        .boxed(),
        Type::Text => prop_oneof![
            (s(), s()).prop_map(|(x, y)| format!("\"${{{x}}}-${{{y}}}\"")),
            (s(), n()).prop_map(|(x, y)| format!("\"%{{ if {x} == \"x\" }}a%{{ else }}${{{y}}}%{{ endif }}\"")),
            s().prop_map(|x| format!("upper({x})")),
            s().prop_map(|x| format!("trimprefix({x}, \"x\")")),
            (s(), s()).prop_map(|(x, y)| format!("replace({x}, \"x\", {y})")),
            (s(), n()).prop_map(|(x, y)| format!("format(\"%s/%d\", {x}, {y})")),
            l().prop_map(|x| format!("join(\"-\", {x})")),
            (l(), s()).prop_map(|(x, y)| format!("try({x}[0], {y})")),
            (s(), s()).prop_map(|(x, y)| format!("coalesce({x}, {y}, \"z\")")),
            (s(), s()).prop_map(|(x, y)| format!("lookup({{ x = {x} }}, {y}, \"none\")")),
            (s(), s()).prop_map(|(x, y)| format!("jsonencode({{ k = {x}, l = [{y}] }})")),
        ]
        .boxed(),
        Type::List => prop_oneof![
            (s(), s()).prop_map(|(x, y)| format!("[{x}, {y}]")),
            (l(), l()).prop_map(|(x, y)| format!("concat({x}, {y})")),
            (l(), b()).prop_map(|(x, y)| format!("[for v in {x} : v if {y}]")),
            (l(), s()).prop_map(|(x, y)| format!("[for v in {x} : \"${{v}}${{{y}}}\"]")),
            l().prop_map(|x| format!("distinct({x})")),
            l().prop_map(|x| format!("compact({x})")),
            l().prop_map(|x| format!("reverse({x})")),
            (s(), s()).prop_map(|(x, y)| format!("keys({{ (\"k${{{x}}}\") = {y} }})")),
            (s(), s()).prop_map(|(x, y)| format!("split({x}, \"a-b-${{{y}}}\")")),
            (b(), l()).prop_map(|(x, y)| format!("({x} ? tolist({y}) : tolist([]))")),
        ]
        .boxed(),
    };
    prop_oneof![1 => leaf, 1 => choice, 4 => own].boxed()
}

fn known() -> impl Strategy<Value = BTreeMap<&'static str, Value>> {
    let text = || prop_oneof![Just("x"), Just("y"), Just(""), Just("xyz"), Just("a-x")].prop_map(Value::from);
    let items = proptest::collection::vec(text(), 0..3).prop_map(Value::list);
    (any::<bool>(), any::<bool>(), 0..3_i64, 0..3_i64, text(), text(), items).prop_map(|(a, b, n, m, s, t, l)| {
        [("a", a.into()), ("b", b.into()), ("n", n.into()), ("m", m.into()), ("s", s), ("t", t), ("l", l)].into()
    })
}

/// Less is known of a value: nothing, that it is one of two, or only the start of it.
fn blur(name: &'static str, value: &Value, how: u8) -> Value {
    let cause = Cause::new(CauseKind::Input, format!("{name} is not given"));
    match (how, &value.kind) {
        (0, _) => value.clone(),
        (1, Kind::String(s)) if s.len() > 1 => {
            let start = Value::from(&s[..1]);
            Value::concat([&start, &Value::unknown(cause)])
        }
        (1, Kind::List(list)) => {
            let items = list.items.iter().take(1).cloned().collect();
            Kind::List(Arc::new(List { items, open: Some(cause), set: false })).into()
        }
        (2, Kind::Bool(b)) => Value::choice(two(name, value.clone(), Value::from(!b))),
        (2, Kind::Number(_)) => Value::choice(two(name, Value::from(7), value.clone())),
        (2, Kind::String(_)) => Value::choice(two(name, value.clone(), "other".into())),
        _ => Value::unknown(cause),
    }
}

fn two(name: &str, yes: Value, no: Value) -> Vec<Arm> {
    let guard = |holds| Guard::expression(name, holds, None, None).into();
    vec![Arm { when: guard(true), value: yes }, Arm { when: guard(false), value: no }]
}

fn is_error(value: &Value) -> bool {
    match &value.kind {
        Kind::Unknown(cause) => cause.kind == CauseKind::Invalid,
        Kind::Partial(text) => text.holes().any(is_error),
        Kind::List(list) => list.items.iter().any(is_error),
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn knowing_less_never_decides_otherwise(
        text in prop_oneof![expression(Type::Bool, 4), expression(Type::Text, 3), expression(Type::List, 3)],
        variables in known(),
        how in proptest::collection::vec(0..4_u8, 7),
    ) {
        let sharp = eval(&text, &variables);
        prop_assume!(!is_error(&sharp));
        let blurred = variables.iter().zip(how).map(|((name, value), how)| (*name, blur(name, value, how))).collect();
        let dull = eval(&text, &blurred);
        prop_assert_ne!(sharp.equals(&dull), Truth::No, "{}: {:?} and then {:?}", text, sharp.kind, dull.kind);
        prop_assert!(
            sharp.truth() == dull.truth() || dull.truth() == Truth::Undetermined,
            "{}: {:?} and then {:?}", text, sharp.kind, dull.kind
        );
        prop_assert!(!matches!(dull.kind, Kind::Unknown(ref c) if c.kind == CauseKind::Invalid), "{}: {:?}", text, dull.kind);
    }

    #[test]
    fn an_expression_has_one_value(text in expression(Type::Bool, 4), variables in known()) {
        let (first, second) = (eval(&text, &variables), eval(&text, &variables));
        prop_assert!(first.same(&second) || is_error(&first), "{}", text);
    }
}
