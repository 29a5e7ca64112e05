use super::parse;
use crate::source::FileId;
use crate::syntax::document::picture;

fn read(text: &str) -> (String, Vec<String>) {
    let stream = parse(FileId(0), text);
    let tree = stream.documents.first().map_or_else(String::new, |d| picture(text, d));
    (tree, stream.problems.into_iter().map(|p| p.message).collect())
}

#[test]
fn valid_json_has_its_spans_and_no_problem() {
    let cases = [
        (
            "{\"a\": 1, \"b\": [true, null, 1.5e1], \"c\": {}}",
            "{a: Int(1)@1, b: [Bool(true)@true, null, Float(15.0)@1.5e1], c: {}}",
        ),
        ("{\t\"a\":\t\"ä\\n\\u0041\"}", "{a: \"ä\\nA\"@\"\\\"ä\\\\n\\\\u0041\\\"\"}"),
        ("[]", "[]"),
        ("\"x\"", "\"x\"@\"\\\"x\\\"\""),
    ];
    for (text, expected) in cases {
        assert_eq!(read(text), (expected.to_owned(), vec![]), "{text}");
    }
}

#[test]
fn an_error_costs_only_its_place() {
    let cases: [(&str, &str, &[&str]); 13] = [
        ("{\"a\": 1 \"b\": 2}", "{a: Int(1)@1, b: Int(2)@2}", &["a comma is missing before this"]),
        ("{\"a\": 1,}", "{a: Int(1)@1}", &["a comma before the closing bracket"]),
        ("{\"a\": , \"b\": 2}", "{a: unreadable, b: Int(2)@2}", &["a value is missing before the comma"]),
        ("{\"a\": x, \"b\": 2}", "{a: unreadable, b: Int(2)@2}", &["`x` is no JSON value"]),
        ("{\"a\": 1, \"a\": 2}", "{a: Int(2)@2}", &["the key `a` is there twice"]),
        ("{\"a\": [1, {\"b\": 2}", "~{a: ~[Int(1)@1, ~{b: Int(2)@2}]}", &["the closing `]` is missing"]),
        (
            "{\"a\": [1, 2}, \"b\": 3}",
            "~{a: ~[Int(1)@1, Int(2)@2]}",
            &["`}` closes a bracket of another kind", "something follows the end of the document"],
        ),
        ("{\"a\": 1} {}", "~{a: Int(1)@1}", &["something follows the end of the document"]),
        ("{\"a\"}", "{a: unreadable}", &["the key has no value"]),
        (
            "{\"a\": 'x y', \"b\": \"c\n, \"d\": 2}",
            "{a: unreadable, b: unreadable, d: Int(2)@2}",
            &["single-quoted strings are not allowed"],
        ),
        ("// no\n{\"a\": 1}", "{a: Int(1)@1}", &["JSON has no comments"]),
        ("{\"a\": 1, \"b", "~{a: Int(1)@1}", &["unterminated string literal"]),
        ("", "", &["the file is empty"]),
    ];
    for (text, tree, problems) in cases {
        let (seen, messages) = read(text);
        assert_eq!(seen, tree, "{text}");
        assert_eq!(messages.first().map(String::as_str), problems.first().copied(), "{text}: {messages:?}");
    }
}

#[test]
fn hostile_input_ends_soon() {
    let start = std::time::Instant::now();
    for text in [
        "[".repeat(1_000_000),
        "{\"a\":".repeat(200_000),
        "[[],".repeat(100_000),
        "]".repeat(100_000),
        ",".repeat(100_000),
    ] {
        let stream = parse(FileId(0), &text);
        assert!(!stream.problems.is_empty());
    }
    let deep = format!("{}1{}", "[".repeat(199), "]".repeat(199));
    assert!(parse(FileId(0), &deep).problems.is_empty());
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}
