//! What functions keep of values that are known in part.

use formwork::expr::{Evaluator, Host, Key, Scope};
use formwork::source::{FileId, Span};
use formwork::syntax::hcl;
use formwork::value::{Cause, CauseKind, Entries, Kind, List, Map, Piece, Rest, Str, Value};
use std::fmt::Write as _;

/// Names whose values are not wholly known.
struct Names;

fn because(what: &str) -> std::sync::Arc<Cause> {
    Cause::new(CauseKind::Input, what)
}

fn unknown() -> Value {
    Value::unknown(because("u"))
}

fn named(name: &str) -> Option<Value> {
    Some(match name {
        // A variable without a value.
        "u" => unknown(),
        "w" => Value::unknown(because("w")),
        // An attribute of a resource.
        "arn" => Value::after_apply("bucket.b", "arn"),
        // A list of lists of lists, all of them the same in memory: 3 to the power of 40 elements.
        "deep" => (0..40).fold(Value::from("x"), |inner, _| Value::list(vec![inner; 3])),
        // A list that holds "a", "b" and perhaps more.
        "some" => {
            let items = vec!["a".into(), "b".into()];
            Kind::List(List { items, open: Some(because("some")), set: false }.into()).into()
        }
        // A map with a = 1 and perhaps more.
        "open" => {
            let entries: Entries = [(Str::from("a"), Value::from(1))].into_iter().collect();
            Kind::Map(Map { entries, rest: Rest::Open(because("open")) }.into()).into()
        }
        // A resource: other attributes exist after deployment.
        "resource" => {
            let entries: Entries = [(Str::from("name"), Value::from("n"))].into_iter().collect();
            Kind::Map(Map { entries, rest: Rest::Resource("bucket.b".into()) }.into()).into()
        }
        "secret" => Value::from("s").marked(true),
        _ => return None,
    })
}

impl Host for Names {
    fn render(&self, _: &str, text: &str, _: &Value) -> Value {
        text.into()
    }
}

impl Scope for Names {
    fn host(&self) -> &dyn Host {
        self
    }

    fn resolve(&self, root: &str, _: &[Key], _: Span) -> Option<(Value, usize)> {
        named(root).map(|value| (value, 0))
    }
}

/// A value as text: `?` is not known (`!` because of an error), `@` after deployment, `...` stands for more.
fn show(value: &Value, out: &mut String) {
    match &value.kind {
        Kind::Absent => out.push_str("absent"),
        Kind::Null => out.push_str("null"),
        Kind::Bool(b) => write!(out, "{b}").unwrap(),
        Kind::Number(n) => write!(out, "{n}").unwrap(),
        Kind::String(s) => write!(out, "{s:?}").unwrap(),
        Kind::Partial(text) => {
            out.push('"');
            for piece in text.pieces() {
                match piece {
                    Piece::Known(s) => out.push_str(s),
                    Piece::Hole(hole) => {
                        out.push('<');
                        show(hole, out);
                        out.push('>');
                    }
                }
            }
            out.push('"');
        }
        Kind::List(list) => {
            out.push_str(if list.set { "set[" } else { "[" });
            for (i, item) in list.items.iter().enumerate() {
                out.push_str(if i > 0 { ", " } else { "" });
                show(item, out);
            }
            if list.open.is_some() {
                out.push_str(if list.items.is_empty() { "..." } else { ", ..." });
            }
            out.push(']');
        }
        Kind::Map(map) => {
            out.push('{');
            for (i, (key, item)) in map.entries.iter().enumerate() {
                out.push_str(if i > 0 { ", " } else { "" });
                write!(out, "{key}=").unwrap();
                show(item, out);
            }
            if !matches!(map.rest, Rest::Closed) {
                out.push_str(if map.entries.is_empty() { "..." } else { ", ..." });
            }
            out.push('}');
        }
        Kind::Choice(arms) => {
            out.push('(');
            for (i, arm) in arms.iter().enumerate() {
                out.push_str(if i > 0 { " or " } else { "" });
                show(&arm.value, out);
            }
            out.push(')');
        }
        Kind::AfterApply(r) => write!(out, "@{}.{}", r.address, r.attribute).unwrap(),
        Kind::Unknown(cause) if cause.kind == CauseKind::Invalid => out.push('!'),
        Kind::Unknown(_) => out.push('?'),
    }
}

const CASES: &[(&str, &str)] = &[
    // Strings: what is known of them stays.
    ("upper(\"a${u}b\")", "\"A<?>B\""),
    ("lower(\"A-${arn}\")", "\"a-<?>\""),
    ("upper(u)", "?"),
    ("join(\",\", [\"a\", u, \"b\"])", "\"a,<?>,b\""),
    ("join(\",\", [\"a\", arn])", "\"a,<@bucket.b.arn>\""),
    ("join(\"\", [arn])", "@bucket.b.arn"),
    ("join(\",\", [\"a\"], some)", "\"a,<?>\""),
    ("join(\",\", some)", "?"),
    ("join(\",\", u)", "?"),
    ("join(u, [\"a\"])", "?"),
    ("format(\"%s-x\", u)", "\"<?>-x\""),
    ("format(\"%s/*\", arn)", "\"<@bucket.b.arn>/*\""),
    ("format(\"%s\", arn)", "@bucket.b.arn"),
    ("format(\"%5s\", u)", "?"),
    ("format(\"%s-%03d\", \"a\", u)", "\"a-<?>\""),
    ("format(\"%s %s\", u)", "!"),
    ("format(u, \"a\")", "?"),
    ("format(\"%v\", [1, u])", "\"[1,<?>]\""),
    ("formatlist(\"%s-x\", [\"a\", u])", "[\"a-x\", \"<?>-x\"]"),
    ("formatlist(\"%s-x\", some)", "[...]"),
    ("formatlist(\"%s-x\", u)", "[...]"),
    ("startswith(\"ab${u}\", \"a\")", "true"),
    ("startswith(\"ab${u}\", \"b\")", "false"),
    ("startswith(\"ab${u}\", \"abc\")", "?"),
    ("startswith(u, \"\")", "true"),
    ("endswith(\"${u}ab\", \"b\")", "true"),
    ("endswith(\"${u}ab\", \"a\")", "false"),
    ("endswith(\"${u}ab\", \"xab\")", "?"),
    ("strcontains(\"a${u}bcd\", \"bc\")", "true"),
    ("strcontains(\"a${u}b\", \"x\")", "?"),
    ("replace(\"a-b${u}c-d\", \"-\", \"_\")", "\"a_b<?>c_d\""),
    ("replace(\"a${u}b\", \"ab\", \"x\")", "?"),
    ("replace(\"x${u}y\", \"ab\", \"-\")", "\"x<?>y\""),
    ("replace(u, \"a\", \"b\")", "?"),
    ("replace(\"a${u}\", \"/a/\", \"b\")", "?"),
    ("replace(\"a-X-b\", \"X\", arn)", "\"a-<@bucket.b.arn>-b\""),
    ("replace(\"a-X-b\", \"/X/\", arn)", "?"),
    // In a document that a text was made from the exchange is made in its strings.
    ("jsondecode(replace(jsonencode({ a = \"X/*\", X = [arn, u] }), \"X\", \"y\")).a", "\"y/*\""),
    ("jsondecode(replace(jsonencode({ a = \"X/*\" }), \"X\", arn)).a", "\"<@bucket.b.arn>/*\""),
    ("jsondecode(replace(jsonencode({ a = [\"${u}-X\", arn] }), \"X\", \"y\")).a", "[\"<?>-y\", @bucket.b.arn]"),
    ("jsondecode(replace(jsonencode({ a = u, n = 1 }), \"1\", \"2\"))", "?"),
    ("jsondecode(replace(jsonencode({ a = u, b = true }), \"\\\"a\\\":\", \"\\\"b\\\":\"))", "?"),
    ("jsondecode(replace(jsonencode({ a = \"X${u}\" }), \"X\", \"\\\"\"))", "?"),
    ("trimprefix(\"ab${u}\", \"a\")", "\"b<?>\""),
    ("trimprefix(\"ab${arn}\", \"x\")", "\"ab<@bucket.b.arn>\""),
    ("trimprefix(u, \"x\")", "?"),
    ("trimsuffix(\"${arn}.\", \".\")", "\"<@bucket.b.arn>\""),
    ("trimspace(\" a${u}b \")", "\"a<?>b\""),
    ("trimspace(\" ${u}b\")", "?"),
    ("trim(\"-a${u}b-\", \"-\")", "\"a<?>b\""),
    ("split(\"/\", \"a/b/${u}/c/d\")", "[\"a\", \"b\", \"c\", \"d\", ...]"),
    ("split(\"::\", \"a::${u}\")", "?"),
    ("split(\",\", u)", "?"),
    ("indent(2, \"a\\n${u}\")", "\"a\n  <?>\""),
    ("length(\"a${u}\")", "?"),
    // Lists that may hold more.
    ("length(some)", "?"),
    ("length([u, 1])", "2"),
    ("length(toset([u, 1]))", "?"),
    ("length(toset([u]))", "1"),
    ("concat(some, [\"c\"])", "[\"a\", \"b\", \"c\", ...]"),
    ("concat([\"a\"], u)", "[\"a\", ...]"),
    ("concat([\"a\"], [u])", "[\"a\", ?]"),
    ("flatten([[\"a\"], some])", "[\"a\", \"a\", \"b\", ...]"),
    ("flatten([[\"a\"], u])", "[\"a\", ...]"),
    ("flatten([[arn], [\"b\"]])", "[@bucket.b.arn, \"b\"]"),
    ("distinct([\"a\", u, \"a\"])", "[\"a\", ?, ...]"),
    ("distinct([u])", "[?]"),
    ("compact([replace(jsonencode({ a = \"X\" }), \"X\", u), \"\"])", "[\"{\"a\":\"<?>\"}\"]"),
    ("compact([\"a\", \"\", u])", "[\"a\", ...]"),
    ("compact([\"x${u}\", \"\"])", "[\"x<?>\"]"),
    ("contains(some, \"a\")", "true"),
    ("contains(some, \"z\")", "?"),
    ("contains([\"a\", u], \"a\")", "true"),
    ("contains([\"a\", u], \"z\")", "?"),
    ("contains([\"x${u}\"], \"y\")", "false"),
    ("contains([\"a\"], u)", "?"),
    ("contains([arn], arn)", "true"),
    ("element([\"a\", u], 0)", "\"a\""),
    ("element([\"a\", u], 3)", "?"),
    ("element(some, 0)", "?"),
    ("element([\"a\"], u)", "?"),
    ("index([\"a\", u], \"a\")", "0"),
    ("index([u, \"a\"], \"a\")", "?"),
    ("reverse([1, u])", "[?, 1]"),
    ("slice([1, u, 2], 0, 2)", "[1, ?]"),
    ("sort([\"b\", u, \"a\"])", "[\"b\", ?, \"a\", ...]"),
    ("chunklist([1, u, 2], 2)", "[[1, ?], [2]]"),
    ("one([u])", "?"),
    ("one([arn])", "@bucket.b.arn"),
    ("one(some)", "?"),
    ("alltrue([true, u])", "?"),
    ("alltrue([false, u])", "false"),
    ("anytrue([true, u])", "true"),
    ("anytrue([false, u])", "?"),
    ("alltrue(u)", "?"),
    ("toset([\"b\", \"a\", arn])", "set[\"a\", \"b\", @bucket.b.arn]"),
    ("tolist([1, \"a\", u])", "[\"1\", \"a\", ?]"),
    ("toset(u)", "?"),
    ("setunion([\"a\"], some)", "set[\"a\", \"b\", ...]"),
    ("setunion([\"a\"], u)", "set[\"a\", ...]"),
    ("setintersection([\"a\"], some)", "set[\"a\", ...]"),
    ("setintersection([], u)", "set[]"),
    ("setsubtract([\"a\", \"b\"], [\"a\", u])", "set[...]"),
    ("setsubtract([\"a\", \"b\"], [\"a\", \"x${u}\"])", "set[\"b\"]"),
    ("setproduct([\"a\"], [u])", "[[\"a\", ?]]"),
    ("setproduct([\"a\"], u)", "?"),
    ("setproduct([], u)", "[]"),
    ("matchkeys([1, 2], [\"a\", \"b\"], [u])", "?"),
    ("sum([1, u])", "?"),
    ("max(1, u)", "?"),
    ("coalesce(u, \"a\")", "?"),
    ("coalesce(null, arn)", "@bucket.b.arn"),
    ("coalesce(arn, \"b\")", "(@bucket.b.arn or \"b\")"),
    ("coalesce(\"a\", u)", "\"a\""),
    ("coalesce(\"\", \"x${u}\")", "\"x<?>\""),
    ("coalescelist([], some)", "[\"a\", \"b\", ...]"),
    ("coalescelist(u, [1])", "?"),
    // Maps that may hold more.
    ("merge({ a = 1 }, u, { b = 2 })", "{a=?, b=2, ...}"),
    ("merge({ x = 1 }, open, { b = 2 })", "{x=?, a=1, b=2, ...}"),
    ("merge({ a = 1 }, { b = u })", "{a=1, b=?}"),
    ("merge(u)", "{...}"),
    ("merge(resource, { b = 1 })", "{name=\"n\", b=1, ...}"),
    ("keys({ a = u })", "[\"a\"]"),
    ("keys(open)", "[\"a\", ...]"),
    ("keys(u)", "?"),
    ("values({ b = u, a = 1 })", "[1, ?]"),
    ("values(open)", "[1, ...]"),
    ("length(open)", "?"),
    ("length({ a = u })", "1"),
    ("lookup(open, \"a\", 0)", "1"),
    ("lookup(open, \"b\", 0)", "?"),
    ("lookup({ a = u }, \"b\", 0)", "0"),
    ("lookup({ a = 1 }, u, 0)", "?"),
    ("lookup(u, \"a\", 0)", "?"),
    ("lookup(resource, \"arn\", 0)", "@bucket.b.arn"),
    ("zipmap([\"a\", \"b\"], [1, u])", "{a=1, b=?}"),
    ("zipmap([\"a\"], u)", "{a=?}"),
    ("zipmap([\"a\", u], [1, 2])", "{a=?, ...}"),
    ("tomap({ a = 1, b = \"x\", c = u })", "{a=\"1\", b=\"x\", c=?}"),
    // Text with holes.
    (
        "jsonencode({ a = u, b = \"x${arn}\", c = [1, arn] })",
        "\"{\"a\":<?>,\"b\":\"x<@bucket.b.arn>\",\"c\":[1,<@bucket.b.arn>]}\"",
    ),
    ("jsonencode(some)", "\"[\"a\",\"b\",<?>]\""),
    ("jsonencode(open)", "\"{\"a\":1,<?>}\""),
    ("jsonencode({ a = u ? 1 : 2 })", "\"{\"a\":<(1 or 2)>}\""),
    ("jsonencode(u)", "?"),
    ("jsondecode(\"{${u}}\")", "?"),
    ("jsondecode(jsonencode({ a = u, b = 1 })).b", "1"),
    ("jsondecode(trimspace(jsonencode({ a = u, b = 1 }))).b", "1"),
    ("jsondecode(chomp(jsonencode({ a = u, b = 1 }))).b", "1"),
    ("jsondecode(coalesce(null, jsonencode({ a = u, b = 1 }), \"x\")).b", "1"),
    ("coalesce(jsonencode(u), 1)", "?"),
    ("jsondecode([u])", "!"),
    ("try(jsondecode([u]), \"a list\")", "\"a list\""),
    ("try(jsondecode({ a = u }), \"a map\")", "\"a map\""),
    ("tostring(arn)", "@bucket.b.arn"),
    ("tostring(\"a${u}\")", "\"a<?>\""),
    ("tonumber(\"1${u}\")", "?"),
    // Functions that OpenTofu alone has.
    ("cidrcontains(\"10.0.0.0/8\", \"10.1.2.3\")", "true"),
    ("cidrcontains(\"10.0.0.0/8\", \"11.0.0.0\")", "false"),
    ("cidrcontains(\"10.0.0.0/8\", \"10.128.0.0/9\")", "true"),
    ("cidrcontains(\"10.0.0.0/9\", \"10.0.0.0/8\")", "false"),
    ("cidrcontains(\"10.0.0.0/8\", \"fd00::1\")", "!"),
    ("cidrcontains(\"10.0.0.0/8\", \"x\")", "!"),
    ("urldecode(\"a+b%2Fc%C3%A9\")", "\"a b/cé\""),
    ("urldecode(\"%2\")", "!"),
    ("element([1, 2, 3], -1)", "3"),
    ("templatestring(\"a\", {})", "\"a\""),
    ("templatestring(u, {})", "?"),
    // Decided elsewhere.
    ("timestamp()", "?"),
    ("uuid()", "?"),
    ("bcrypt(\"x\")", "?"),
    ("abspath(\"a\")", "?"),
    ("file(\"../../etc/passwd\")", "?"),
    ("provider::aws::arn_parse(\"x\")", "?"),
    ("base64gzip(\"x\")", "?"),
    // Marks.
    ("issensitive(secret)", "true"),
    ("issensitive(upper(secret))", "true"),
    ("issensitive([secret][0])", "true"),
    ("issensitive(nonsensitive(secret))", "false"),
    ("issensitive(jsonencode({ a = secret }))", "true"),
    ("issensitive(join(\",\", [secret]))", "true"),
    ("issensitive(u)", "?"),
    ("try(file(\"x\"), \"d\")", "?"),
];

#[test]
fn functions_keep_what_is_known() {
    let mut wrong = String::new();
    for (text, expected) in CASES {
        let (expr, problems) = hcl::parse_expression(text, Span::new(FileId(0), 0, text.len()));
        assert!(problems.is_empty(), "{text}: {problems:?}");
        let mut found = String::new();
        show(&Evaluator::new(&Names).eval(&expr, None), &mut found);
        if found != *expected {
            writeln!(wrong, "{text}\n    expected {expected}\n    found    {found}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// What a result is made of is located where it is written.
#[test]
fn results_point_to_what_they_were_picked_from() {
    let cases = [
        ("lookup({ a = false }, \"a\", true)", "false"),
        ("lookup({ a = false }, \"b\", true)", "true"),
        ("coalesce(null, \"x\", \"y\")", "\"x\""),
        ("element([\"a\", \"b\"], 1)", "\"b\""),
        ("merge({ a = 1 }, { a = 22 }).a", "22"),
        ("concat([1], [2, 33])[2]", "33"),
        ("flatten([[1], [[22]]])[1]", "22"),
        ("one([7])", "7"),
        ("max(3, 99)", "99"),
        ("values({ b = 1, a = 22 })[0]", "22"),
        ("zipmap([\"k\"], [5]).k", "5"),
        ("reverse([1, 22])[0]", "22"),
        ("slice([1, 22, 3], 1, 2)[0]", "22"),
        ("tolist(toset([\"b\", \"a\"]))[0]", "\"a\""),
        ("setproduct([\"p\"], [\"q\"])[0][1]", "\"q\""),
        ("try(lookup({}, \"a\"), \"d\")", "\"d\""),
        ("tobool(\"true\")", "\"true\""),
        ("compact([\"\", \"c\"])[0]", "\"c\""),
        ("sort([\"b\", \"a\"])[0]", "\"a\""),
        ("nonsensitive(sensitive(\"s\"))", "\"s\""),
        ("lower(\"A\")", "\"A\""),
        ("join(\"-\", [\"a\", \"b\"])", "join(\"-\", [\"a\", \"b\"])"),
    ];
    let mut wrong = String::new();
    for (text, expected) in cases {
        let (expr, _) = hcl::parse_expression(text, Span::new(FileId(0), 0, text.len()));
        let value = Evaluator::new(&Names).eval(&expr, None);
        let found = value.trail.last().and_then(|hop| text.get(hop.span.range()));
        if found != Some(expected) {
            writeln!(wrong, "{text}\n    expected {expected}\n    found    {found:?}").unwrap();
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// Growth is refused before it happens, whatever the source asks for.
#[test]
fn growth_is_bounded() {
    let x = "x".repeat(4000);
    let mut aliases = String::new();
    for c in b'b'..=b'i' {
        let (name, before) = (char::from(c), char::from(c - 1));
        write!(aliases, "{name}: &{name} [{}]\\n", vec![format!("*{before}"); 9].join(",")).unwrap();
    }
    let cases = [
        "range(0, 1e9)".to_owned(),
        "flatten([deep])".to_owned(),
        "jsonencode(deep)".to_owned(),
        "format(\"%v\", deep)".to_owned(),
        "tolist([deep])".to_owned(),
        "toset([deep, 1])".to_owned(),
        "distinct(deep)".to_owned(),
        "coalesce(null, deep)".to_owned(),
        "contains(deep, deep)".to_owned(),
        "index([deep], deep)".to_owned(),
        "setunion(deep, deep)".to_owned(),
        "chunklist(deep, 2)".to_owned(),
        "indent(100000000, \"a\\nb\")".to_owned(),
        "format(\"%1000000000d\", 1)".to_owned(),
        "setproduct(range(1000), range(1000))".to_owned(),
        "[for i in range(3) : replace(\"{x}\", \"/x/\", \"{x}\")]".replace("{x}", &x),
        format!("regex(\"{}\", \"a\")", "(".repeat(500) + &")".repeat(500)),
        "regex(\"(((((a{100}){100}){100}){100}){100})\", \"a\")".to_owned(),
        format!("jsondecode(\"{}\")", "[".repeat(100_000)),
        format!("yamldecode(\"{}\")", "[".repeat(1_000)),
        format!("yamldecode(\"a: &a [x,x,x,x,x,x,x,x,x]\\n{aliases}\")"),
    ];
    for text in &cases {
        let (expr, _) = hcl::parse_expression(text, Span::new(FileId(0), 0, text.len()));
        let started = std::time::Instant::now();
        let value = Evaluator::new(&Names).eval(&expr, None);
        let short: String = text.chars().take(60).collect();
        let bounded = match &value.kind {
            Kind::List(list) => list.items.len() <= 1000,
            _ => value.is_unknown(),
        };
        assert!(bounded, "{short}");
        assert!(started.elapsed().as_secs() < 20, "{short} took {:?}", started.elapsed());
    }
}
