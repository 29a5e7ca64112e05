//! Configurations that would take forever, or all memory, if nothing were bounded.

use crate::world::{World, world};
use formwork::dialect::Root;
use formwork::value::{Cause, CauseKind, Kind, Value};
use std::fmt::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Much more than any case needs on a busy machine, much less than anything that is not bounded.
const LONG: Duration = Duration::from_secs(120);

fn one(text: impl Into<String>) -> World {
    world(&[("main.tf", text.into())])
}

fn count(world: &World) -> usize {
    world.roots.iter().map(|r: &Root| r.declarations.len()).sum()
}

/// The reason for which an attribute is not known.
fn cause(value: &Value) -> Arc<Cause> {
    value.cause().unwrap_or_else(|| panic!("{value:?} is known"))
}

/// A resource that uses an expression.
fn using(expr: &str) -> String {
    format!("resource \"x_y\" \"z\" {{\n  v = {expr}\n}}\n")
}

fn locals(count: usize, first: &str, next: impl Fn(usize) -> String) -> String {
    let mut text = format!("locals {{\n  a0 = {first}\n");
    for i in 1..=count {
        writeln!(text, "  a{i} = {}", next(i)).expect("writing to a string");
    }
    text.push_str("}\n");
    text
}

#[test]
fn values_that_share_their_parts_are_given_up_and_said_to_be() {
    let tripled = |i: usize| format!("[local.a{0}, local.a{0}, local.a{0}]", i - 1);
    let maps = |i: usize| format!("{{ x = local.a{0}, y = local.a{0} }}", i - 1);
    let texts = |i: usize| format!("\"${{local.a{0}}}${{local.a{0}}}\"", i - 1);
    let merged = |i: usize| format!("merge(local.a{0}, {{ k{i} = local.a{0} }})", i - 1);
    let chosen = |i: usize| format!("var.u ? [local.a{0}, 1] : [local.a{0}, 2]", i - 1);
    let uses = [
        "local.a60",
        "jsonencode(local.a60)",
        "length(flatten([local.a60]))",
        "local.a60 == local.a60",
        "toset([local.a60])",
        "{ for k, v in { a = local.a60 } : k => v }",
        "distinct([local.a60, local.a60])",
        "contains([local.a60], local.a60)",
    ];
    let start = Instant::now();
    for text in [
        locals(60, "\"x\"", tripled),
        locals(60, "\"x\"", maps),
        locals(60, "\"xxxxxxxx\"", texts),
        locals(60, "{}", merged),
        locals(60, "1", chosen),
    ] {
        for expr in uses {
            let world = one(format!("variable \"u\" {{}}\n{text}{}", using(expr)));
            assert!(!world.gaps().is_empty(), "no gap for {expr} of {}", text.lines().nth(2).unwrap_or(""));
        }
    }
    assert!(start.elapsed() < LONG, "{:?}", start.elapsed());
}

#[test]
fn strings_of_many_megabytes_are_not_made_a_thousand_times() {
    let start = Instant::now();
    let big = "locals {\n  ten = join(\"\", [for i in range(1000) : format(\"%09999d\", i)])\n}\n";
    for expr in [
        "[for i in range(1000) : \"${local.ten}${i}\"]",
        "[for i in range(1000) : upper(\"${i}${substr(local.ten, 0, 9000000)}\")]",
        "[for i in range(1000) : templatestring(local.ten, { i = i })]",
        "[for i in range(1000) : setproduct(range(100), [i], range(100))]",
        "[for i in range(1000) : { for j in range(1000) : \"k${j}\" => i }]",
        "[for i in range(1000) : [for j in range(1000) : [for k in range(1000) : k]]]",
        "{ for i in range(1000) : i => setproduct(range(100), range(100)) }",
    ] {
        let world = one(format!("{big}{}", using(expr)));
        assert!(!world.gaps().is_empty(), "no gap for {expr}");
        assert_eq!(cause(&world.attribute("x_y.z", "v")).kind, CauseKind::Limit, "{expr}");
    }
    assert!(start.elapsed() < LONG, "{:?}", start.elapsed());
    assert_little_memory();
}

/// On systems that tell: the process never took more than so much memory.
fn assert_little_memory() {
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else { return };
    let peak = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).and_then(|l| l.trim().split(' ').next());
    let peak: u64 = peak.and_then(|kb| kb.parse().ok()).unwrap_or(0);
    assert!(peak < 2_000_000, "{peak} kB");
}

#[test]
fn what_refers_to_itself_is_unknown_and_says_so() {
    let cases = [
        ("locals {\n  a = local.b\n  b = local.c\n  c = local.a\n}\n", "local.a"),
        ("locals {\n  a = [for x in local.a : x]\n}\n", "local.a"),
        ("locals {\n  a = x_y.z.v\n}\n", "local.a"),
        ("locals {\n  a = module.m.o\n}\nmodule \"m\" {\n  source = \"./m\"\n  i = local.a\n}\n", "local.a"),
    ];
    for (text, expr) in cases {
        let world = world(&[
            ("main.tf", format!("{text}{}", using(expr))),
            ("m/main.tf", "variable \"i\" {}\noutput \"o\" {\n  value = var.i\n}\n".to_owned()),
        ]);
        let cause = cause(&world.attribute("x_y.z", "v"));
        assert_eq!(cause.kind, CauseKind::Invalid, "{text}");
        assert!(cause.what.contains("refers to itself"), "{}", cause.what);
    }
}

#[test]
fn a_resource_or_module_whose_number_depends_on_itself_is_still_declared() {
    let world = world(&[
        ("main.tf", "resource \"x_y\" \"z\" {\n  count = length(x_y.z)\n  v = 1\n}\nmodule \"m\" {\n  source = \"./m\"\n  count = length(module.m)\n}\n".to_owned()),
        ("m/main.tf", using("2")),
    ]);
    assert_eq!(world.attribute("x_y.z[*]", "v").as_number().and_then(formwork::value::Number::as_i64), Some(1));
    assert_eq!(
        world.attribute("module.m[*].x_y.z", "v").as_number().and_then(formwork::value::Number::as_i64),
        Some(2)
    );
}

#[test]
fn modules_that_call_themselves_or_one_another_end() {
    let call = |name: &str, source: &str| format!("module \"{name}\" {{\n  source = \"{source}\"\n}}\n");
    let world = world(&[
        ("a/main.tf", call("self", "../a") + &using("1")),
        ("b/main.tf", call("c", "../c") + &using("1")),
        ("c/main.tf", call("b", "../b") + &using("1")),
    ]);
    assert!(world.mistakes().iter().all(|m| m.contains("calls itself")), "{:?}", world.mistakes());
    assert!(!world.mistakes().is_empty());
    assert!(count(&world) >= 3);
}

#[test]
fn mistakes_are_unknown_values_with_their_cause() {
    let cases = [
        ("var.nowhere", "not declared"),
        ("local.nowhere", "not declared"),
        ("x_y.nowhere.id", "not declared"),
        ("module.nowhere.o", "not declared"),
        ("nothing(1)", "no function"),
        ("1 / 0", "not a number"),
        ("length(1)", "length"),
        ("upper()", "arguments"),
        ("range(1000000000)", "more than"),
        ("[1][5]", "no element"),
        ("{ a = 1 }.b", "no attribute"),
        ("file(\"../../../etc/passwd\")", "file"),
        ("jsondecode(\"{\")", "JSON"),
        ("each.key", "means nothing"),
        ("count.index", "means nothing"),
        ("1 ? 2 : 3", "not a condition"),
        ("\"a\" + 1", "number"),
    ];
    for (expr, expected) in cases {
        let world = one(using(expr));
        let what = cause(&world.attribute("x_y.z", "v")).what.clone();
        assert!(what.contains(expected), "{expr}: {what}");
    }
}

#[test]
fn chains_and_nests_are_followed_as_far_as_a_stack_goes() {
    let chain = |n: usize| locals(n, "\"end\"", |i| format!("local.a{}", i - 1));
    let short = one(format!("{}{}", chain(1_000), using("local.a1000")));
    assert_eq!(short.attribute("x_y.z", "v").as_str(), Some("end"));
    assert!(short.gaps().is_empty(), "{:?}", short.gaps());
    let long = one(format!("{}{}", chain(10_000), using("local.a10000")));
    match &long.attribute("x_y.z", "v").kind {
        Kind::String(s) => assert_eq!(s, "end"),
        _ => assert!(!long.gaps().is_empty()),
    }
    let nested = locals(200, "{ v = 1 }", |i| format!("{{ inner = local.a{}, v = {i} }}", i - 1));
    let world = one(format!("{nested}{}", using("local.a200.inner.inner.v")));
    assert_eq!(world.attribute("x_y.z", "v").as_number().and_then(formwork::value::Number::as_i64), Some(198));
    let deeper = locals(2_000, "1", |i| format!("[local.a{}]", i - 1));
    assert!(!one(format!("{deeper}{}", using("local.a2000"))).gaps().is_empty());
}

#[test]
fn many_modules_and_instances_are_all_there() {
    let start = Instant::now();
    let mut files = vec![("main.tf", String::new())];
    for i in 0..1_000 {
        write!(files[0].1, "module \"m{i}\" {{\n  source = \"./m\"\n  v = {i}\n}}\n").expect("writing");
    }
    files.push(("m/main.tf", format!("variable \"v\" {{}}\n{}", using("var.v"))));
    let calls = world(&files);
    assert_eq!(count(&calls), 1_000);
    assert_eq!(
        calls.attribute("module.m999.x_y.z", "v").as_number().and_then(formwork::value::Number::as_i64),
        Some(999)
    );

    let many = "resource \"x_y\" \"a\" {\n  count = 10000\n  v = count.index\n}\n\
                resource \"x_y\" \"b\" {\n  count = length(x_y.a)\n  v = x_y.a[count.index].v\n}\n\
                resource \"x_y\" \"c\" {\n  for_each = { for i, p in setproduct(range(100), range(100)) : \"k${i}\" => i }\n  v = each.value\n}\n";
    let world = one(many);
    assert_eq!(count(&world), 30_000);
    assert_eq!(world.attribute("x_y.b[9999]", "v").as_number().and_then(formwork::value::Number::as_i64), Some(9_999));
    assert!(world.gaps().is_empty(), "{:?}", world.gaps());
    let more = one("resource \"x_y\" \"a\" {\n  count = 1000000000\n}\n");
    assert_eq!(more.gaps().len(), 1);
    assert!(start.elapsed() < LONG, "{:?}", start.elapsed());
}

#[test]
fn modules_in_modules_are_followed_and_their_number_is_bounded() {
    let start = Instant::now();
    let nest = |depth: usize, width: usize| {
        let paths: Vec<String> = (0..=depth).map(|d| format!("m{d}/main.tf")).collect();
        let files: Vec<(&str, String)> = paths
            .iter()
            .enumerate()
            .map(|(d, path)| {
                let mut text = String::from("variable \"v\" {\n  default = 7\n}\n");
                if d < depth {
                    for w in 0..width {
                        let source = format!("../m{}", d + 1);
                        write!(text, "module \"n{w}\" {{\n  source = \"{source}\"\n  v = var.v\n}}\n")
                            .expect("writing");
                    }
                } else {
                    text.push_str(&using("var.v"));
                }
                (path.as_str(), text)
            })
            .collect();
        world(&files)
    };
    let deep = nest(20, 1);
    assert_eq!(count(&deep), 1);
    let address = format!("{}x_y.z", "module.n0.".repeat(20));
    assert_eq!(deep.attribute(&address, "v").as_number().and_then(formwork::value::Number::as_i64), Some(7));
    assert!(!nest(40, 1).gaps().is_empty());
    assert!(!nest(20, 3).gaps().is_empty());
    assert!(start.elapsed() < LONG, "{:?}", start.elapsed());
}
