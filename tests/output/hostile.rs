//! Nothing that comes from a file gets the better of who reads a report.

use crate::sample::{everything, label, rule};
use crate::{render, shown_all};
use formwork::output::{self, Format, Options};
use formwork::report::{
    Edit, Fault, FaultKind, Finding, Fix, Report, ResourceName, RuleInfo, Safety, Severity, Summary, Suppressed,
    Undetermined,
};
use formwork::source::{FileId, Sources, Span};
use std::collections::BTreeMap;

/// All that is written for a report, with every option on.
fn all_outputs(report: &Report, sources: &Sources) -> Vec<(String, String)> {
    let everything = Options { width: Some(80), base: Some("/repo".into()), ..shown_all() };
    let mut out = Vec::new();
    for format in Format::ALL {
        for options in [&Options::default(), &everything] {
            out.push((format.name().to_owned(), render(format, report, sources, options)));
        }
    }
    let mut bytes = Vec::new();
    output::rules_text(&report.rules, &everything, &mut bytes).expect("memory");
    output::rules_json(&report.rules, &mut bytes).expect("memory");
    out.push(("rules".to_owned(), String::from_utf8(bytes).expect("UTF-8")));
    for rule in &report.rules {
        out.push(("explain".to_owned(), output::explain(&rule.docs, &everything)));
    }
    out
}

/// A report in which every text is `text`.
fn filled_with(text: &str) -> (Report, Sources) {
    let sources = Sources::new();
    let file = sources.add(format!("{text}.tf").into(), format!("{text}\n{text}{text}\r\n\t{text}"));
    let length = sources.get(file).text.len();
    let s = || text.to_owned();
    let label = |a: usize, b: usize| label(Span::new(file, a, b), text);
    let resource = ResourceName {
        address: text.into(),
        type_name: text.into(),
        canonical: Some(text.into()),
        construct: None,
        created: None,
    };
    let finding = |severity| Finding {
        rule: text.into(),
        severity,
        message: s(),
        fingerprint: s(),
        resource: resource.clone(),
        primary: label(0, text.len()),
        secondary: vec![label(text.len() / 2, length), label(length, length), label(length + 9, 3)],
        help: s(),
        fix: Some(Fix { safety: Safety::Safe, edits: vec![Edit { span: Span::new(file, 0, 1), text: s() }] }),
        instances: vec![text.into(), format!("{text}2").into()],
    };
    let fault = |kind, span| Fault { path: s(), span, message: s(), kind };
    let report = Report {
        findings: Severity::ALL.map(finding).into(),
        undetermined: vec![Undetermined {
            rule: text.into(),
            severity: Severity::Low,
            message: s(),
            when: Some(s()),
            cause: s(),
            resource: resource.clone(),
            primary: label(0, 1),
            secondary: vec![label(1, length)],
            instances: vec![],
        }],
        suppressed: vec![Suppressed { finding: finding(Severity::Low), by: Span::new(file, 1, 2), reason: s() }],
        faults: vec![
            fault(FaultKind::Unreadable, None),
            fault(FaultKind::Gap, Some(Span::new(file, 0, length))),
            fault(FaultKind::Notice, Some(Span::new(FileId(99), 4, 5))),
        ],
        rules: vec![RuleInfo {
            id: text.into(),
            title: s(),
            service: text.into(),
            resources: vec![text.into()],
            practices: vec![text.into()],
            aliases: BTreeMap::from([(text.into(), vec![text.into()])]),
            references: vec![text.into(), format!("https://{text}").into(), format!("javascript:{text}").into()],
            why: s(),
            remediation: s(),
            docs: format!(
                "# {text}\n\n{text}\n\n- {text}\n\n```\n{text}\n```\n\n`{text}` **{text}** [{text}]({text})\n"
            ),
            ..rule("x", "x", Severity::High, "x")
        }],
        summary: Summary::default(),
    };
    (report, sources)
}

#[test]
fn nothing_from_a_file_acts_on_its_reader() {
    let texts = [
        "\x1b[31mred\x1b]0;title\x07\x1b\\",
        "\u{9b}31m\u{90}q\u{9c}\u{85}",
        "\0\x01\x08\x0b\x0c\r\x7f",
        "a\r\n::error::x\n  ::stop-commands::y\n\t::add-mask::z",
        "x ##[error]y ##vso[task.setvariable]z ##teamcity[x]",
        "\u{202e}\u{2066}\u{200f}\u{2028}\u{feff}\u{e0041}",
        "<script>alert(1)</script><img src=x onerror='alert(1)'>\"'&",
        "]]> --> </style> </pre> &lt;b&gt; <!-- ",
        "| a | b |\n| - | - |\n[a](http://e.vil) ![b](c) <http://x> `c` **d** @user #1 www.e.vil https://e.vil",
        "`\\|`\\\\|\\`<b>|",
        "# heading\n- list\n```\n~~~\n> quote\n***\n",
        "🦀👩‍👩‍👧é\u{301}世界שלום",
        "\\",
        "",
    ];
    for text in texts {
        let (report, sources) = filled_with(text);
        for (format, out) in all_outputs(&report, &sources) {
            let shown = format!("{format} of {text:?}:\n{out}");
            let active = out.chars().find(|&c| {
                (c.is_control() && c != '\n' && c != '\t') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200f}' | '\u{2028}' | '\u{feff}' | '\u{e0041}')
            });
            assert_eq!(active, None, "{shown}");
            for line in out.lines() {
                assert!(format == "github" || !line.trim_start().starts_with("::"), "{shown}");
                assert!(!["##[", "##vso[", "##teamcity["].iter().any(|c| line.contains(c)), "{shown}");
            }
            match format.as_str() {
                "html" | "junit" => {
                    for markup in ["<script", "<img", "</style> ", "]]>", "href=\"javascript:"] {
                        assert!(!out.contains(markup), "{markup}: {shown}");
                    }
                }
                "markdown" => only_own_markup(&out, &shown),
                "github" => {
                    assert!(
                        out.lines().all(|l| ["::error ", "::warning ", "::notice "].iter().any(|c| l.starts_with(c))),
                        "{shown}"
                    );
                    assert_eq!(out.lines().count(), report.findings.len() + report.faults.len(), "{shown}");
                }
                "json" | "sarif" | "gitlab" => {
                    assert!(serde_json::from_str::<serde_json::Value>(&out).is_ok(), "{shown}");
                }
                "ndjson" => {
                    assert!(out.lines().all(|l| serde_json::from_str::<serde_json::Value>(l).is_ok()), "{shown}");
                }
                _ => {}
            }
        }
    }
}

/// Markdown holds tables, headings, code and text, and every row has the cells it should have.
fn only_own_markup(page: &str, shown: &str) {
    use pulldown_cmark::{Event, Options, Parser, Tag};
    let mut columns = 0;
    let mut cells = 0;
    for event in Parser::new_ext(page, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Table(alignments)) => columns = alignments.len(),
            Event::Start(Tag::TableRow) => cells = 0,
            Event::Start(Tag::TableCell) => cells += 1,
            Event::End(pulldown_cmark::TagEnd::TableRow) => assert_eq!(cells, columns, "{shown}"),
            Event::Start(
                Tag::Link { .. }
                | Tag::Image { .. }
                | Tag::CodeBlock(_)
                | Tag::List(_)
                | Tag::BlockQuote(_)
                | Tag::Emphasis
                | Tag::Strong,
            )
            | Event::Html(_)
            | Event::Code(_) => {
                panic!("{event:?} in {shown}")
            }
            Event::InlineHtml(html) => assert!(["<code>", "</code>"].contains(&&*html), "{html} in {shown}"),
            _ => {}
        }
    }
    // GitHub makes links of bare addresses and of names.
    for link in ["http://", "https://", "www.", "@user"] {
        assert!(!page.contains(link), "{link} in {shown}");
    }
}

#[test]
fn secrets_in_quoted_lines_are_hidden() {
    let (report, sources) = everything();
    for (format, out) in all_outputs(&report, &sources) {
        assert!(!out.contains("hunter2") && !out.contains("s3cr3t"), "{format}:\n{out}");
    }
}

/// Random numbers that are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

#[test]
fn any_span_of_any_text_can_be_shown() {
    let pieces = [
        "a",
        "é",
        "🦀",
        "\t",
        "\r\n",
        "\n",
        "\r",
        "\x1b[1m",
        "password = \"x\"",
        "secret: y # z",
        "世界",
        " ",
        "\u{301}",
        "\0",
        "##[x]",
        "\u{feff}",
    ];
    let mut random = Random(7);
    let (full, _) = everything();
    for round in 0..400 {
        let sources = Sources::new();
        let mut texts: Vec<String> =
            (0..2).map(|_| (0..random.below(60)).map(|_| pieces[random.below(pieces.len())]).collect()).collect();
        if round % 20 == 0 {
            texts[0] = texts[0].repeat(200);
        }
        let files: Vec<FileId> = texts.iter().map(|t| sources.add("a.tf".into(), t.as_str())).collect();
        let any_label = |random: &mut Random| {
            let which = random.below(2);
            let limit = texts[which].len() + 3;
            let (a, b) = (random.below(limit), random.below(limit));
            let message = ["", "m", "\x1b[1m\n世"][random.below(3)];
            label(Span::new(files[which], a.min(b), if round % 7 == 0 { b } else { a.max(b) }), message)
        };
        let finding = Finding {
            primary: any_label(&mut random),
            secondary: (0..random.below(6)).map(|_| any_label(&mut random)).collect(),
            fix: None,
            ..full.findings[0].clone()
        };
        let suppressed =
            Suppressed { by: any_label(&mut random).span, finding: finding.clone(), reason: String::new() };
        let report = Report { findings: vec![finding], suppressed: vec![suppressed], ..Report::default() };
        for (_, out) in all_outputs(&report, &sources) {
            assert!(!out.contains('\x1b') && !out.contains("= \"x\""), "round {round}: {out}");
        }
    }
}
