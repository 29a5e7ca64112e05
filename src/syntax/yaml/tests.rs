use std::fmt::Write as _;

use super::parse;
use crate::source::FileId;
use crate::syntax::document::{Stream, picture};

fn read(text: &str) -> (String, Vec<String>) {
    let stream = parse(FileId(0), text);
    let trees: Vec<String> = stream.documents.iter().map(|d| picture(text, d)).collect();
    (trees.join(" --- "), stream.problems.into_iter().map(|p| p.message).collect())
}

#[test]
fn trees_have_types_tags_and_the_bytes_of_every_value() {
    let cases = [
        ("a: 1\nb: x # c\n", "{a: Int(1)@1, b: \"x\"@\"x\"}"),
        (
            "a: yes\nb: 'yes'\nc:\nd: 2012-10-17\n",
            "{a: Bool(true)@yes, b: \"yes\"@\"'yes'\", c: null, d: \"2012-10-17\"@\"2012-10-17\"}",
        ),
        ("ä: \"ö\"\nb: 'ü'\r\nc: 7\r\n", "{ä: \"ö\"@\"\\\"ö\\\"\", b: \"ü\"@\"'ü'\", c: Int(7)@7}"),
        ("a: !Ref B\nb: !Sub 'x'\n", "{a: !Ref \"B\"@\"!Ref B\", b: !Sub \"x\"@\"!Sub 'x'\"}"),
        ("a: !Sub |\n  x # y\n  z\n\nb: 1\n", "{a: !Sub \"x # y\\nz\\n\"@\"!Sub |\\n  x # y\\n  z\", b: Int(1)@1}"),
        ("a: >- # c\n  x\n  y\nb: 1\n", "{a: \"x y\"@\">- # c\\n  x\\n  y\", b: Int(1)@1}"),
        ("a: !If [c, 1, 2]\n", "{a: !If [\"c\"@\"c\", Int(1)@1, Int(2)@2]}"),
        ("a: !!str 12\nb: ! 12\n", "{a: \"12\"@\"12\", b: \"12\"@\"12\"}"),
        ("- a\n- - b\n", "[\"a\"@\"a\", [\"b\"@\"b\"]]"),
        ("a: &x 1\nb: *x\n", "{a: Int(1)@1, b: *Int(1)@1}"),
        ("a: 1\n---\nb: 2\n", "{a: Int(1)@1} --- {b: Int(2)@2}"),
        ("", ""),
    ];
    for (text, expected) in cases {
        assert_eq!(read(text), (expected.to_owned(), vec![]), "{text}");
    }
}

#[test]
fn spans_of_collections_run_from_first_to_last() {
    let text = "top:\n  - a: 1\n    b: [x, y]\n  - &n\n    c: !Foo\n      d: e\n\nnext: *n\n";
    let stream = parse(FileId(0), text);
    let root = &stream.documents[0];
    let of = |span: crate::source::Span| &text[span.range()];
    let top = root.get("top").unwrap();
    assert_eq!(of(root.span), text.trim_end());
    assert_eq!(of(top.span), "- a: 1\n    b: [x, y]\n  - &n\n    c: !Foo\n      d: e");
    let items = top.items().unwrap();
    assert_eq!(of(items[0].span), "a: 1\n    b: [x, y]");
    assert_eq!(of(items[0].get("b").unwrap().span), "[x, y]");
    assert_eq!(of(items[1].span), "c: !Foo\n      d: e");
    assert_eq!(of(items[1].get("c").unwrap().span), "!Foo\n      d: e");
    let alias = root.get("next").unwrap().alias.unwrap();
    assert_eq!((of(alias.used), of(alias.anchor)), ("*n", "c: !Foo\n      d: e"));
}

#[test]
fn merge_keys_give_what_is_not_written() {
    let cases = [
        (
            "b: &b {x: 1, y: 2}\nc:\n  <<: *b\n  y: 3\n",
            "{b: {x: Int(1)@1, y: Int(2)@2}, c: {y: Int(3)@3, x: *Int(1)@1}}",
        ),
        (
            "a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: {<<: [*a, *b]}\n",
            "{a: {x: Int(1)@1}, b: {x: Int(2)@2, y: Int(2)@2}, c: {x: *Int(1)@1, y: *Int(2)@2}}",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(read(text), (expected.to_owned(), vec![]), "{text}");
    }
    assert_eq!(read("a: {<<: 1}\n").1, ["a merge key takes a mapping or a list of mappings"]);
}

#[test]
fn comments_are_found_outside_of_strings_only() {
    let text = "# one\na: 'x # no' # two\nb: |\n  # no\n  y\n  # neither\n# three\nc: a#b\nd: [1, # four\n  \"# no\"]\ne: | # five\n  z\nf: !Sub | # six\n  # no\n#seven";
    let stream = parse(FileId(0), text);
    let found: Vec<(&str, bool)> = stream.comments.iter().map(|c| (&text[c.span.range()], c.own_line)).collect();
    assert_eq!(
        found,
        [
            ("# one", true),
            ("# two", false),
            ("# three", true),
            ("# four", false),
            ("# five", false),
            ("# six", false),
            ("#seven", true),
        ]
    );
}

#[test]
fn reading_goes_on_at_the_next_entry() {
    let cases = [
        // Bad indentation in an entry of a section.
        (
            "R:\n  A:\n    x: 1\n   y: 2\n  B:\n    x: 2\nO:\n  C: 3\n",
            "~{R: ~{A: ~{x: Int(1)@1}, B: {x: Int(2)@2}}, O: {C: Int(3)@3}}",
        ),
        // An unclosed bracket.
        ("R:\n  A: [1, 2\n  B:\n    x: 2\nO: 1\n", "~{R: ~{A: ~[Int(1)@1], B: {x: Int(2)@2}}, O: Int(1)@1}"),
        // An unclosed quotation mark.
        (
            "R:\n  A: \"x\n  B: 1\n  C: 'y\n  D: 2\nO: 3\n",
            "~{R: ~{A: unreadable, B: Int(1)@1, C: unreadable, D: Int(2)@2}, O: Int(3)@3}",
        ),
        // A tab in the indentation of the first entry.
        ("V: 1\nR:\n  A:\n\tx: 1\n  B: 2\n", "~{V: Int(1)@1, R: ~{A: unreadable, B: Int(2)@2}}"),
        // On the top level.
        ("V: \"1\nR:\n  A: 1\n  B: 2\n", "~{V: unreadable, R: {A: Int(1)@1, B: Int(2)@2}}"),
        // An unknown alias.
        ("R:\n  A: *no\n  B: 2\n", "~{R: ~{A: unreadable, B: Int(2)@2}}"),
    ];
    for (text, expected) in cases {
        let (tree, problems) = read(text);
        assert_eq!(tree, expected, "{text}");
        assert!(!problems.is_empty(), "{text}");
    }
}

#[test]
fn duplicate_keys_are_problems() {
    assert_eq!(
        read("a: 1\nb: 2\na: 3\n"),
        ("{a: Int(3)@3, b: Int(2)@2}".to_owned(), vec!["the key `a` is there twice".to_owned()])
    );
}

fn bounded(text: &str) -> Stream {
    let start = std::time::Instant::now();
    let stream = parse(FileId(0), text);
    assert!(start.elapsed().as_secs() < 10, "{:?} for {:.20}", start.elapsed(), text);
    stream
}

#[test]
fn hostile_input_ends_soon() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for i in 1..30 {
        let alias = format!("*a{}, ", i - 1).repeat(10);
        let _ = writeln!(bomb, "a{i}: &a{i} [{alias}]");
    }
    assert!(bounded(&bomb).problems.iter().any(|p| p.message.contains("aliases stand for more than")));
    let mut chain = "a0: &a0 [x]\n".to_owned();
    for i in 1..3000 {
        let _ = writeln!(chain, "a{i}: &a{i} [*a{}]", i - 1);
    }
    assert!(bounded(&chain).problems.iter().any(|p| p.message.contains("through aliases")));
    let mut nested = String::new();
    for i in 0..10_000 {
        nested.push_str(&" ".repeat(i.min(500)));
        nested.push_str("a:\n");
    }
    for text in [
        "[".repeat(1_000_000),
        "{".repeat(1_000_000),
        "- ".repeat(100_000),
        "? ".repeat(20_000),
        format!("a: {}", "\"x\n".repeat(50_000)),
        "R:\n  A: \"\n".repeat(2_000),
        nested,
        "a: &a *a\n".to_owned(),
        "a: &a [*a]\n".to_owned(),
        "\0\u{1}\u{feff}: [\n".to_owned(),
    ] {
        assert!(!bounded(&text).problems.is_empty(), "{text:.30}");
    }
    let template = "R:\n  A:\n    x: [1, {a: &b 'c'}]\n    y: |\n      t\n  B: !Sub\n    - x\n    - *b\n";
    for end in 0..template.len() {
        bounded(&template[..end]);
    }
}
