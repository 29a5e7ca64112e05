use super::{parse, parse_variables};
use crate::source::{FileId, Span};
use crate::syntax::hcl::{Body, Expr, ExprKind, Item, Part, StepKind};

/// A tree in a line: blocks with their labels, attributes with what their expressions are and where they stand.
fn picture(text: &str, body: &Body) -> String {
    let items: Vec<String> = body
        .items
        .iter()
        .map(|item| match item {
            Item::Attribute(a) => format!("{}={}", a.name.name, expr(text, &a.value)),
            Item::Block(b) => {
                let labels: Vec<&str> = b.labels.iter().map(|l| l.name.as_str()).collect();
                format!("{}({}){{{}}}", b.kind.name, labels.join(" "), picture(text, &b.body))
            }
        })
        .collect();
    items.join(" ")
}

fn source(text: &str, span: Span) -> &str {
    text.get(span.range()).unwrap_or("<outside>")
}

fn expr(text: &str, e: &Expr) -> String {
    match &e.kind {
        ExprKind::Null => "null".into(),
        ExprKind::Bool(b) => b.to_string(),
        ExprKind::Number(n) => n.to_string(),
        ExprKind::String(s) => format!("{s:?}"),
        ExprKind::Template(parts) => {
            let parts: Vec<String> = parts
                .iter()
                .map(|p| match p {
                    Part::Literal(s, span) => format!("{s:?}@{}", source(text, *span)),
                    Part::Interpolation(e) => format!("${}", expr(text, e)),
                    _ => "directive".into(),
                })
                .collect();
            format!("<{}>", parts.join(" "))
        }
        ExprKind::Tuple(items) => {
            format!("[{}]", items.iter().map(|i| expr(text, i)).collect::<Vec<_>>().join(" "))
        }
        ExprKind::Object(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|e| format!("{}:{}", expr(text, &e.key), expr(text, &e.value))).collect();
            format!("{{{}}}", entries.join(" "))
        }
        ExprKind::Access { steps, .. } => {
            let inner: Vec<String> = steps
                .iter()
                .filter_map(|s| match &s.kind {
                    StepKind::Index(i) => Some(expr(text, i)),
                    _ => None,
                })
                .collect();
            format!("@{}{}", source(text, e.span), inner.concat())
        }
        _ => format!("@{}", source(text, e.span)),
    }
}

#[test]
fn objects_are_bodies_labels_or_values_by_their_place() {
    let cases = [
        (
            r#"{"resource": {"aws_a": {"x": {"n": 1, "b": {"c": true}}, "y": [{"n": -2}]}}}"#,
            r#"resource(aws_a x){n=1 b={"c":true}} resource(aws_a y){n=@-2}"#,
        ),
        (r#"{"resource": [{"aws_a": {"x": {}}}, {"aws_b": [{"y": {}}]}]}"#, "resource(aws_a x){} resource(aws_b y){}"),
        (
            r#"[{"//": "a comment", "locals": {"a": "${var.b}", "dynamic": 1}}, {"locals": [{"c": null}]}]"#,
            "locals(){a=<$@var.b> dynamic=1} locals(){c=null}",
        ),
        (
            r#"{"provider": {"aws": [{"region": "a"}, {"alias": "w"}]}, "terraform": {"backend": {"s3": {"key": "k"}}}}"#,
            r#"provider(aws){region="a"} provider(aws){alias="w"} terraform(){backend(s3){key="k"}}"#,
        ),
        (
            r#"{"variable": {"v": {"type": "list(string)", "default": ["${x}"], "validation": {"condition": "${true}"}}}}"#,
            r#"variable(v){type=@list(string) default=["${x}"] validation(){condition=<$true>}}"#,
        ),
        (
            r#"{"resource": {"aws_a": {"x": {"provider": "aws.w", "depends_on": ["aws_b.y"], "lifecycle": {"ignore_changes": ["tags"]}}}}}"#,
            "resource(aws_a x){provider=@aws.w depends_on=[@aws_b.y] lifecycle(){ignore_changes=[@tags]}}",
        ),
        (
            r#"{"resource": {"aws_a": {"x": {"dynamic": {"b": {"for_each": [1], "iterator": "i", "content": {"c": "${i.value}"}}}}}}}"#,
            "resource(aws_a x){dynamic(b){for_each=[1] iterator=@i content(){c=<$@i.value>}}}",
        ),
        (
            r#"{"module": {"m": {"source": "./m", "providers": {"aws": "aws.w"}, "list": ["a", {"b": "${c.d[0]}"}]}}}"#,
            r#"module(m){source="./m" providers={"aws":@aws.w} list=["a" {"b":<$@c.d[0]0>}]}"#,
        ),
        (
            r#"{"resource": {"aws_a": {"x": null}}, "output": {"o": {"value": "a$${b}"}}}"#,
            r#"output(o){value="a${b}"}"#,
        ),
    ];
    for (text, expected) in cases {
        let (document, problems) = parse(FileId(0), text);
        assert!(problems.is_empty(), "{text}: {problems:?}");
        assert_eq!(picture(text, &document.body), expected, "{text}");
    }
}

#[test]
fn every_part_of_a_template_is_found_behind_escapes() {
    let text = r#"{"locals": {"a": "é\n\"${jsonencode({\"k\": \"\u00e9${var.b}\"})}\ud83d\ude00-${var.c}"}}"#;
    let (document, problems) = parse(FileId(0), text);
    assert!(problems.is_empty(), "{problems:?}");
    let picture = picture(text, &document.body);
    assert!(picture.contains(r#""é\n"@é\n "\""@\" "#), "{picture}");
    assert!(picture.contains(r#"$@jsonencode({\"k\": \"\u00e9${var.b}\"})"#), "{picture}");
    assert!(picture.contains(r#""😀-"@\ud83d\ude00-"#), "{picture}");
    assert!(picture.ends_with("$@var.c>}"), "{picture}");
}

#[test]
fn values_of_variables_are_taken_as_they_are() {
    let text = r#"{"a": "${b}", "c": {"d": ["%{"]}}"#;
    let (document, problems) = parse_variables(FileId(0), text);
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(picture(text, &document.body), r#"a="${b}" c={"d":["%{"]}"#);
}

#[test]
fn what_is_wrong_is_a_problem_at_its_place() {
    let cases = [
        (r#"{"resource": {"aws_a": 1}}"#, "1"),
        (r#"{"resource": {"aws_a": {"x": "s"}}}"#, r#""s""#),
        (r#"{"locals": {"a": "x\n${1 +}"}}"#, "}"),
        (r#"{"locals": [[{}]]}"#, "[{}]"),
        (r#"{"locals": {"a": tru}}"#, "tru"),
    ];
    for (text, place) in cases {
        let (_, problems) = parse(FileId(0), text);
        let found: Vec<&str> = problems.iter().map(|p| source(text, p.span)).collect();
        assert_eq!(found, [place], "{text}: {problems:?}");
    }
}
