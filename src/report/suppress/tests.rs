//! Comments to directives; `applying` and `data` hold the rest.

mod applying;
mod data;

use super::{Collected, Cover, Directive, Item, Nesting, Scope, collect, hcl_items};
use crate::source::{FileId, SourceFile, Sources, Span};
use crate::syntax::hcl;
use std::fmt::Write as _;
use std::sync::Arc;

struct Source {
    sources: Sources,
    id: FileId,
    file: Arc<SourceFile>,
}

impl Source {
    fn new(text: &str) -> Self {
        let sources = Sources::new();
        let id = sources.add("main.tf".into(), text);
        let file = sources.get(id);
        Self { sources, id, file }
    }

    fn collect(&self) -> Collected {
        self.collect_for(&|_| true)
    }

    fn collect_for(&self, honour: &dyn Fn(&str) -> bool) -> Collected {
        let (document, _) = hcl::parse(self.id, &self.file.text);
        collect(self.id, &self.file, &document.comments, hcl_items(&document.body), Nesting::Braces, honour)
    }

    /// The first place of some text.
    fn span(&self, text: &str) -> Span {
        let at = self.file.text.find(text).unwrap_or_else(|| panic!("no {text:?} in the file"));
        Span::new(self.id, at, at + text.len())
    }

    fn text(&self, span: Span) -> &str {
        &self.file.text[span.range()]
    }

    /// `[rules] on what it covers`, in one line.
    fn show(&self, directive: &Directive) -> String {
        let rules: Vec<&str> = directive.rules.iter().map(|(name, _)| name.as_str()).collect();
        for (name, span) in &directive.rules {
            assert_eq!(self.text(*span).replace("all", "*").trim_end_matches('*'), name.trim_end_matches('*'));
        }
        let cover = match directive.cover {
            Cover::File => "the file".to_owned(),
            Cover::Span(span) => self.text(span).split_whitespace().collect::<Vec<_>>().join(" "),
        };
        let mut out = format!("[{}] on {cover}", rules.join(" "));
        if directive.through {
            out.push_str(" and through it");
        }
        match directive.until.map(|u| u.date) {
            Some(Some(date)) => {
                let _ = write!(out, " until {date}");
            }
            Some(None) => out.push_str(" until nonsense"),
            None => {}
        }
        if !directive.ticket.is_empty() {
            let _ = write!(out, " for {}", directive.ticket);
        }
        if !directive.reason.is_empty() {
            let _ = write!(out, " because {}", directive.reason);
        }
        if let Some(peer) = directive.peer {
            let _ = write!(out, " ({peer})");
        }
        out
    }

    fn shown(&self) -> Vec<String> {
        let collected = self.collect();
        let mut out: Vec<String> = collected.directives.iter().map(|d| self.show(d)).collect();
        out.extend(collected.notices.iter().map(|n| {
            let span = n.span.expect("a notice has a place");
            format!("{:?}: {}", self.text(span), n.message)
        }));
        out
    }
}

#[test]
fn the_grammar_of_the_directive() {
    // Each stands behind `x = 1`.
    let table = [
        ("# formwork: ignore[a]", "[a] on x = 1"),
        ("# formwork:ignore[a]", "[a] on x = 1"),
        ("#formwork : ignore [ a ]", "[a] on x = 1"),
        ("// formwork: ignore[a]", "[a] on x = 1"),
        ("/* formwork: ignore[a] */", "[a] on x = 1"),
        ("# FormWork: IGNORE[A-b]", "[A-b] on x = 1"),
        ("# formwork: ignore[a, b,CKV_AWS_79]", "[a b CKV_AWS_79] on x = 1"),
        ("# formwork: ignore[a,]", "[a] on x = 1"),
        ("# formwork: ignore[a] it is a test", "[a] on x = 1 because it is a test"),
        ("# formwork: ignore[a] -- it is a test", "[a] on x = 1 because it is a test"),
        ("# formwork: ignore[a] -- x=1 is meant", "[a] on x = 1 because x=1 is meant"),
        ("# formwork: ignore[a]: it is a test", "[a] on x = 1 because it is a test"),
        ("# formwork: ignore[a] until=2027-01-31", "[a] on x = 1 until 2027-01-31"),
        (
            "# formwork: ignore[a] until=2027-01-31 ticket=SEC-12 -- old",
            "[a] on x = 1 until 2027-01-31 for SEC-12 because old",
        ),
        (
            "# formwork: ignore[a] ticket=SEC-12 old one until=2027-01-31",
            "[a] on x = 1 until 2027-01-31 for SEC-12 because old one",
        ),
        ("# formwork: ignore[a] until=tomorrow", "[a] on x = 1 until nonsense"),
        ("# formwork: ignore[a] until=2027-02-30 old", "[a] on x = 1 until nonsense because old"),
        ("# see below # formwork: ignore[a]", "[a] on x = 1"),
        ("# formwork: ignore-file[a] generated", "[a] on the file because generated"),
        // Malformed.
        ("# formwork: ignore", "\"formwork: ignore\": the ignore names no rule: write `ignore[rule]`"),
        ("# formwork: ignore because", "\"formwork: ignore because\": the ignore names no rule: write `ignore[rule]`"),
        ("# formwork: ignore[]", "\"formwork: ignore[]\": the ignore names no rule: write `ignore[rule]`"),
        ("# formwork: ignore[ , ]", "\"formwork: ignore[ , ]\": the ignore names no rule: write `ignore[rule]`"),
        ("# formwork: ignore[*]", "\"*\": an ignore must name its rules"),
        ("# formwork: ignore[a, all]", "\"all\": an ignore must name its rules"),
        ("# formwork: ignore[a", "\"[\": the bracket of the ignore is not closed"),
        ("# formwork: ignroe[a]", "\"ignroe\": unknown directive `ignroe`; did you mean `ignore[rule]`?"),
        (
            "# formwork: ignore-fil[a]",
            "\"ignore-fil\": unknown directive `ignore-fil`; did you mean `ignore-file[rule]`?",
        ),
        ("# formwork: skip a", "\"skip\": unknown directive `skip`; did you mean `ignore[rule]`?"),
        ("# formwork ignore[a]", "\"formwork ignore[a]\": a colon is missing: write `formwork: ignore[rule]`"),
        ("# formwork.ignore[a]", "\"formwork.ignore[a]\": a colon is missing: write `formwork: ignore[rule]`"),
        ("# formwork: ignore[a] until 2027-01-31", "\"until\": write the end of the ignore as `until=2027-01-31`"),
        (
            "# formwork: ignore[a] untill=2027-01-31",
            "\"untill=2027-01-31\": unknown setting `untill` of an ignore; did you mean `until`?",
        ),
        (
            "# formwork: ignore[a] expires=2027-01-31",
            "\"expires=2027-01-31\": unknown setting `expires` of an ignore; did you mean `until`?",
        ),
        (
            "# formwork: ignore[a] owner=me",
            "\"owner=me\": unknown setting `owner` of an ignore; `--` begins the reason",
        ),
        ("# formwork: ignore[a] until=2027-01-31 until=2028-01-31", "\"until=2028-01-31\": `until` is given twice"),
    ];
    for (comment, expected) in table {
        let file = Source::new(&format!("x = 1 {comment}\ny = 2\n"));
        assert_eq!(file.shown(), [expected], "{comment}");
    }
    for prose in [
        "# formwork",
        "# The formwork: ignore it",
        "# formwork: see the documentation",
        "# formwork.toml ignores this",
        "# my-formwork: ignore[a]",
        "# concrete formwork, 3 inches",
    ] {
        assert_eq!(Source::new(&format!("x = 1 {prose}\n")).shown(), Vec::<String>::new(), "{prose}");
    }
}

#[test]
fn what_a_directive_covers() {
    let table: [(&str, &[&str]); 22] = [
        ("# formwork: ignore[a]\nx = 1\ny = 2\n", &["[a] on x = 1"]),
        ("# formwork: ignore[a]\n\n# prose\n# formwork: ignore[b]\nx = 1\n", &["[a] on x = 1", "[b] on x = 1"]),
        ("b \"c\" { # formwork: ignore[a]\n  x = 1\n}\n", &["[a] on b \"c\" { # formwork: ignore[a] x = 1 }"]),
        ("# formwork: ignore[a]\nb \"c\" {\n  x = 1\n}\n", &["[a] on b \"c\" { x = 1 }"]),
        ("b \"c\" {\n  # formwork: ignore[a]\n  x = 1\n  y = 2\n}\n", &["[a] on x = 1"]),
        ("b \"c\" {\n  # formwork: ignore[a]\n  d {\n    y = 2\n  }\n}\n", &["[a] on d { y = 2 }"]),
        ("b { x = 1 } # formwork: ignore[a]\n", &["[a] on b { x = 1 }"]),
        ("/* formwork: ignore[a] */ x = 1\n", &["[a] on x = 1"]),
        ("/*\n * prose\n * formwork: ignore[a]\n */\nx = 1\n", &["[a] on x = 1"]),
        // Nothing follows in the block.
        ("b \"c\" {\n  x = 1\n  # formwork: ignore[a]\n}\nb \"d\" {}\n", &["[a] on "]),
        ("x = 1\n# formwork: ignore[a]\n", &["[a] on "]),
        // Elements.
        ("x = [\n  1, # formwork: ignore[a]\n  2,\n]\n", &["[a] on 1"]),
        ("x = [\n  # formwork: ignore[a]\n  { y = 1 },\n  2,\n]\n", &["[a] on { y = 1 }"]),
        ("x = {\n  # formwork: ignore[a]\n  y = 1\n  z = 2\n}\n", &["[a] on y = 1"]),
        ("x = merge({\n  y = 1 # formwork: ignore[a]\n}, z)\n", &["[a] on y = 1"]),
        // A line on which nothing starts.
        ("x = f(\n  a, b) # formwork: ignore[a]\n", &["[a] on a, b) # formwork: ignore[a]"]),
        ("module \"m\" {\n  x = 1 # formwork: ignore[a]\n}\n", &["[a] on x = 1 and through it"]),
        ("# formwork: ignore[a]\nmodule \"m\" {}\n", &["[a] on module \"m\" {} and through it"]),
        ("variable \"v\" {\n  default = 1 # formwork: ignore[a]\n}\n", &["[a] on default = 1 and through it"]),
        ("x = \"# formwork: ignore[a]\"\n", &[]),
        ("x = <<E\n# formwork: ignore[a]\nE\n", &[]),
        ("x = 1 # formwork: ignore[a] why # formwork: ignore[b]\n", &["[a] on x = 1 because why", "[b] on x = 1"]),
    ];
    for (text, expected) in table {
        assert_eq!(Source::new(text).shown(), expected, "{text}");
    }
}

#[test]
fn the_comments_of_other_tools() {
    let table: [(&str, &[&str]); 31] = [
        // Checkov: strictly inside the block.
        (
            "r \"a\" {\n  #checkov:skip=CKV_1:a reason: with colon\n}\n",
            &["[CKV_1] on r \"a\" { #checkov:skip=CKV_1:a reason: with colon } because a reason: with colon (checkov)"],
        ),
        (
            "r \"a\" {\n  x = 1 # checkov:skip= CKV_1,CKV_2\n}\n",
            &["[CKV_1 CKV_2] on r \"a\" { x = 1 # checkov:skip= CKV_1,CKV_2 } (checkov)"],
        ),
        (
            "r \"a\" {\n  // bridgecrew:skip=CKV_1:r\n}\n",
            &["[CKV_1] on r \"a\" { // bridgecrew:skip=CKV_1:r } because r (checkov)"],
        ),
        (
            "r \"a\" {\n  d {\n    # cortex:skip=CKV_1\n  }\n}\n",
            &["[CKV_1] on r \"a\" { d { # cortex:skip=CKV_1 } } (checkov)"],
        ),
        (
            "module \"m\" {\n  # checkov:skip=CKV_1\n}\n",
            &["[CKV_1] on module \"m\" { # checkov:skip=CKV_1 } and through it (checkov)"],
        ),
        ("# checkov:skip=CKV_1\nr \"a\" {}\n", &[]),
        ("r \"a\" { # checkov:skip=CKV_1\n  x = 1\n}\n", &[]),
        ("r \"a\" {\n  x = 1\n} # checkov:skip=CKV_1\n", &[]),
        ("r \"a\" {\n  # checkov.skip=CKV_1\n}\n", &[]),
        ("r \"a\" {\n  # checkov:skip=\n}\n", &[]),
        // Trivy and tfsec: the line, or the item directly below.
        ("x = 1 # trivy:ignore:AVD-AWS-0086\n", &["[AVD-AWS-0086] on x = 1 (trivy)"]),
        ("#trivy:ignore:AWS-0086\nx = 1\n", &["[AWS-0086] on x = 1 (trivy)"]),
        ("#trivy:ignore:a\n#tfsec:ignore:b\nx = 1\n", &["[a] on x = 1 (trivy)", "[b] on x = 1 (tfsec)"]),
        (
            "#tfsec:ignore:a tfsec:ignore:b tfsec:ignore:AWS017\nx = 1\n",
            &["[a] on x = 1 (tfsec)", "[b] on x = 1 (tfsec)", "[AWS017] on x = 1 (tfsec)"],
        ),
        ("#trivy:ignore:a\n\nx = 1\n", &["[a] on  (trivy)"]),
        ("x = 1 # trivy:ignore:aws-s3-*\n", &["[aws-s3-*] on x = 1 (trivy)"]),
        ("x = 1 # trivy:ignore:a:exp:2027-01-31\n", &["[a] on x = 1 until 2027-01-31 (trivy)"]),
        ("x = 1 # trivy:ignore:a:exp:31.1.27\n", &["[a] on x = 1 until nonsense (trivy)"]),
        ("x = 1 # trivy:ignore:a:expires:2027-01-31\n", &["[a] on x = 1 until 2027-01-31 (trivy)"]),
        ("x = 1 # trivy:ignore:a:foo:bar\n", &["[a] on x = 1 (trivy)"]),
        // Bound to what the source does not say.
        ("x = 1 # trivy:ignore:a:ws:dev*\n", &[]),
        ("x = 1 # trivy:ignore:a[b=c]\n", &[]),
        ("# tfsec:ignore:a\nmodule \"m\" {}\n", &["[a] on module \"m\" {} and through it (tfsec)"]),
        // TFLint: one blank, listed only.
        ("# tflint-ignore: a, all # why\nx = 1\n", &["[a *] on x = 1 because why (tflint)"]),
        ("#tflint-ignore:a\nx = 1\n", &[]),
        ("# tflint-ignore-file: a\nx = 1\n", &["[a] on the file (tflint)"]),
        // KICS.
        ("# kics-scan disable=1-2,3\nx = 1\n", &["[1-2 3] on the file (kics)"]),
        ("x = 1\n# kics-scan disable=1-2\n", &[]),
        ("# kics-scan enable=1-2\nx = 1\n", &[]),
        // Terrascan.
        (
            "r \"a\" {\n  #ts:skip=AC_1 why so\n}\n",
            &["[AC_1] on r \"a\" { #ts:skip=AC_1 why so } because why so (terrascan)"],
        ),
        ("r \"a\" {\n  # ts:skip=AC_1 why so\n  # nosemgrep: a\n}\n", &[]),
    ];
    for (text, expected) in table {
        assert_eq!(Source::new(text).shown(), expected, "{text}");
    }
    for (command, expected) in [("ignore", "the file"), ("ignore-line", "r \"a\" {"), ("ignore-block", "r \"a\" { }")] {
        let file = Source::new(&format!("# kics-scan {command}\nr \"a\" {{\n}}\n"));
        let [directive] = &file.collect().directives[..] else { panic!("{command}") };
        assert_eq!(directive.rules[0].0, "*");
        let cover = match directive.cover {
            Cover::File => "the file".to_owned(),
            Cover::Span(span) => file.text(span).split_whitespace().collect::<Vec<_>>().join(" "),
        };
        assert_eq!(cover, expected);
    }
    let file = Source::new("r \"a\" {\n  # checkov:skip=CKV_1\n  x = 1 # trivy:ignore:a formwork:ignore[a]\n}\n");
    assert_eq!(file.collect_for(&|peer| peer == "trivy").directives.len(), 1, "others are not honoured");
}

/// Lines with their indentation are the items; a line spans what is indented deeper.
fn outline(file: &Source) -> Vec<Item> {
    let text = &file.file.text;
    let lines: Vec<(usize, &str)> = text
        .split_inclusive('\n')
        .scan(0, |at, line| {
            let start = *at;
            *at += line.len();
            Some((start, line))
        })
        .collect();
    let depth = |line: &str| line.len() - line.trim_start().len();
    let is_code = |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    let code = |line: &str| line.split(" #").next().unwrap_or(line).trim_end().len();
    let mut items = Vec::new();
    for (index, &(start, line)) in lines.iter().enumerate().filter(|(_, (_, line))| is_code(line)) {
        let mut end = start + code(line);
        for &(at, below) in lines[index + 1..].iter().filter(|(_, below)| is_code(below)) {
            if depth(below) <= depth(line) {
                break;
            }
            end = at + code(below);
        }
        let scope = if depth(line) == 2 { Scope::Block } else { Scope::Part };
        items.push(Item { span: Span::new(file.id, start + depth(line), end), scope });
    }
    items
}

#[test]
fn comments_of_yaml_cover_what_stands_around() {
    let file = Source::new(
        "Resources:\n  A:\n    # formwork: ignore[a]\n    Type: T\n    Properties: # formwork: ignore[b]\n      \
         P: 1 # checkov:skip=CKV_1:last line\n  # formwork: ignore[c]\n  B: # checkov:skip=CKV_2\n    Type: T\n    \
         # formwork: ignore[d]\n  # trivy:ignore:e\n  C:\n    Type: T\n# formwork: ignore[f]\n  D:\n    Type: T\n",
    );
    let comments: Vec<Span> = file
        .file
        .text
        .match_indices('#')
        .map(|(at, _)| {
            let end = file.file.text[at..].find('\n').map_or(file.file.text.len(), |n| at + n);
            Span::new(file.id, at, end)
        })
        .collect();
    let collected = collect(file.id, &file.file, &comments, outline(&file), Nesting::Indentation, &|_| true);
    let shown: Vec<String> = collected.directives.iter().map(|d| file.show(d)).collect();
    assert_eq!(
        shown,
        [
            "[a] on Type: T",
            "[b] on Properties: # formwork: ignore[b] P: 1",
            "[CKV_1] on A: # formwork: ignore[a] Type: T Properties: # formwork: ignore[b] P: 1 because last line \
             (checkov)",
            "[c] on B: # checkov:skip=CKV_2 Type: T",
            "[CKV_2] on B: # checkov:skip=CKV_2 Type: T (checkov)",
            "[d] on ",
            "[e] on C: Type: T (trivy)",
            "[f] on D: Type: T",
        ]
    );
}

#[test]
fn hostile_comments_end() {
    let many = "# formwork: ignore[a] trivy:ignore:b formwork:\n".repeat(20_000);
    let file = Source::new(&many);
    assert_eq!(file.collect().directives.len(), 40_000);
    let one_line = format!("x = [{}]", "/* formwork: ignore[a] */ 1, ".repeat(20_000));
    assert_eq!(Source::new(&one_line).collect().directives.len(), 20_000);
    let text = format!("# formwork: ignore[{}\n# {}\n", "a,".repeat(100_000), "formwork:".repeat(100_000));
    assert_eq!(Source::new(&text).collect().notices.len(), 1);
}
