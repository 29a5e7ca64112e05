//! Large reports.

use crate::render;
use crate::sample::{everything, label};
use formwork::output::{Format, Options};
use formwork::report::{Edit, Finding, Fix, Report, Safety, Severity};
use formwork::source::{Sources, Span};

/// Many findings, on one line of a megabyte and in a file of many lines.
fn many(number: usize) -> (Report, Sources) {
    let sources = Sources::new();
    let unit = "{\"Encrypted\":false,\"password\":\"s3cr3t\",\"é\":\"🦀\"},".to_owned() + &" ".repeat(50);
    let minified = sources.add("minified.json".into(), unit.repeat(number));
    let lines = sources.add("main.tf".into(), "resource \"aws_ebs_volume\" \"data\" {}\n".repeat(number));
    let (full, _) = everything();
    let findings = (0..number).map(|i| {
        let (file, at) = if i % 2 == 0 { (minified, i * unit.len() + 1) } else { (lines, i * 37 + 2) };
        Finding {
            fingerprint: format!("{i:016x}"),
            severity: Severity::ALL[i % 5],
            primary: label(Span::new(file, at, at + 11), "this is false"),
            secondary: vec![label(Span::new(lines, i * 37, i * 37 + 8), "default of var.encrypt is false")],
            fix: Some(Fix {
                safety: Safety::Safe,
                edits: vec![Edit { span: Span::new(file, at, at + 11), text: "true".into() }],
            }),
            instances: vec![],
            ..full.findings[0].clone()
        }
    });
    let report = Report { findings: findings.collect(), ..full };
    (report, sources)
}

#[test]
fn ten_thousand_findings_are_quick() {
    let (report, sources) = many(10_000);
    for format in Format::ALL {
        let start = std::time::Instant::now();
        let out = render(format, &report, &sources, &Options::default());
        let took = start.elapsed();
        println!("{}: {} kB in {took:?}", format.name(), out.len() / 1000);
        // Generous, for busy machines; what is quadratic takes minutes.
        assert!(took.as_secs() < 10, "{} took {took:?}", format.name());
    }
}

#[test]
fn limits_of_the_readers_are_kept() {
    let (report, sources) = many(25_100);
    let log: serde_json::Value =
        serde_json::from_str(&render(Format::Sarif, &report, &sources, &Options::default())).expect("JSON");
    let run = &log["runs"][0];
    let results = run["results"].as_array().expect("results");
    assert_eq!(results.len(), 25_000);
    let notes =
        |results: &[serde_json::Value]| results.iter().filter(|r| r["properties"]["severity"] == "info").count();
    assert_eq!(notes(results), 5_020 - 100);
    let notifications = run["invocations"][0]["toolExecutionNotifications"].as_array().expect("notifications");
    let last = notifications.last().map(|n| n["message"]["text"].as_str().unwrap_or_default().to_owned());
    assert!(last.is_some_and(|text| text.starts_with("100 of 25100 results are left out")));
    let page = render(Format::Markdown, &report, &sources, &Options::default());
    assert!(page.len() <= 60_000 && page.contains("more are left out here"), "{}", page.len());
    assert!(page.contains("critical") && !page.contains("info</"), "the worst come first");
}

#[test]
fn one_hostile_line_of_a_megabyte_is_quick() {
    let (full, _) = everything();
    let units = [
        "password=",
        "token: a #",
        "\"password\":\"\\\"",
        "\"password\":\"${",
        "##vso",
        "é🦀",
        "\u{202e}",
        "a          ",
        "{'secret': 'x'}, ",
    ];
    for unit in units {
        let sources = Sources::new();
        let file = sources.add("a.json".into(), unit.repeat(1_000_000 / unit.len()));
        let finding = |i: usize| Finding {
            primary: label(Span::new(file, i * 9_000, i * 9_000 + 500_000), "here"),
            secondary: vec![label(Span::new(file, i * 5_000, i * 5_000 + 3), "there")],
            ..full.findings[0].clone()
        };
        let report = Report { findings: (0..100).map(finding).collect(), ..Report::default() };
        for format in Format::ALL {
            let start = std::time::Instant::now();
            render(format, &report, &sources, &Options::default());
            let took = start.elapsed();
            assert!(took.as_secs() < 5, "{} of {unit:?} took {took:?}", format.name());
        }
    }
}
