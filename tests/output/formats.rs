//! What each format looks like.

use crate::sample::everything;
use crate::{render, shown_all};
use formwork::output::{self, Format, Options};
use formwork::report::{Fault, FaultKind, Report, Summary};
use formwork::source::Sources;

#[test]
fn text() {
    let (report, sources) = everything();
    insta::assert_snapshot!("text", render(Format::Text, &report, &sources, &Options::default()));
    insta::assert_snapshot!(
        "text_everything",
        render(Format::Text, &report, &sources, &Options { width: Some(100), ..shown_all() })
    );
    let quiet = Options { quiet: true, color: true, ..Options::default() };
    let colored = render(Format::Text, &report, &sources, &quiet);
    insta::assert_snapshot!("text_quiet_color", colored.replace('\x1b', "^"));
}

#[test]
fn json() {
    let (report, sources) = everything();
    insta::assert_snapshot!("json", render(Format::Json, &report, &sources, &Options::default()));
    insta::assert_snapshot!("ndjson", render(Format::Ndjson, &report, &sources, &Options::default()));
}

#[test]
fn summaries() {
    let files = Summary { files: 1, skipped: 0, roots: 1, resources: 2, rules: 3, duration_ms: 0 };
    let fault = |kind| Fault { path: "a.tf".into(), span: None, message: "m".into(), kind };
    let (full, _) = everything();
    let cases = [
        (
            Report { summary: files.clone(), ..Report::default() },
            "clean: no findings in 1 file (1 root, 2 resources, 3 rules)",
        ),
        (Report::default(), "no findings in 0 files (0 roots, 0 resources, 0 rules); nothing to analyse"),
        (
            Report { summary: files.clone(), faults: vec![fault(FaultKind::Unreadable)], ..Report::default() },
            "no findings in 1 file (1 root, 2 resources, 3 rules); 1 error: not everything could be read",
        ),
        (
            Report {
                summary: files,
                faults: vec![fault(FaultKind::Gap)],
                undetermined: full.undetermined.clone(),
                ..Report::default()
            },
            "no findings, 1 undetermined in 1 file (1 root, 2 resources, 3 rules); 1 gap in what was analysed",
        ),
        (
            full,
            "5 findings (1 critical, 2 high, 1 medium, 1 low), 1 undetermined, 1 suppressed in 5 files (3 roots, 6042 resources, 5 rules); 1 gap in what was analysed; 2 errors: not everything could be read",
        ),
    ];
    for (report, wanted) in cases {
        let text = render(Format::Text, &report, &Sources::new(), &Options::default());
        assert_eq!(text.lines().last(), Some(wanted));
    }
}

#[test]
fn json_fits_its_schema() {
    let validator = jsonschema::validator_for(&output::schema()).expect("the schema is one");
    let (report, sources) = everything();
    for report in [report, Report::default()] {
        let text = render(Format::Json, &report, &sources, &Options::default());
        let document: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let errors: Vec<String> =
            validator.iter_errors(&document).map(|e| format!("{}: {e}", e.instance_path)).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
    let mut broken: serde_json::Value =
        serde_json::from_str(&render(Format::Json, &Report::default(), &sources, &Options::default())).expect("JSON");
    broken["summary"]["findings"]["high"] = serde_json::Value::Null;
    assert!(!validator.is_valid(&broken), "the schema demands nothing");
}

#[test]
fn sarif() {
    let (report, sources) = everything();
    let log: serde_json::Value =
        serde_json::from_str(&render(Format::Sarif, &report, &sources, &Options::default())).expect("JSON");
    insta::assert_snapshot!("sarif", serde_json::to_string_pretty(&log).expect("JSON"));
    let options = Options { base: Some("/repo".into()), directory: Some("/repo/infra".into()), ..shown_all() };
    let text = render(Format::Sarif, &report, &sources, &options);
    let log: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let results = log["runs"][0]["results"].as_array().expect("results");
    assert_eq!(results.len(), report.findings.len() + 1);
    assert_eq!(results[5]["suppressions"][0]["justification"], "reached from the office only");
    let at = &results[4]["locations"][0]["physicalLocation"];
    assert!(at["artifactLocation"]["uri"].as_str().is_some_and(|uri| uri.starts_with("infra/a%2Cb%3Ac")), "{at}");
    // The crab outside the basic plane counts as two.
    let (start, end) = (&at["region"]["startColumn"], &at["region"]["endColumn"]);
    assert_eq!((start.as_u64(), end.as_u64()), (Some(14), Some(29)));
}

const PAGE: &str = "# EBS volumes are *encrypted*\n\n```hcl\nrule \"x\" {\n\tseverity = \"high\"\n}\n```\n\nWhoever obtains the disk, or a `snapshot`s **co**py of it, reads the **data** in clear; see [AWS](https://aws.example/x) or <https://aws.example/y>.\n\n- one\n- two with more words than fit in a line of forty columns\n  1. inner\n  2. inner\n\n      code\n- three\n\n> quoted\n> twice\n\n## Ünïcode 世界\n\n::error::x <b>bold</b>\n\x1b[31m ##[error]z\n<script>\n::warning::x\n</script>\n";

#[test]
fn explain() {
    let narrow = Options { width: Some(40), ..Options::default() };
    insta::assert_snapshot!("explain", output::explain(PAGE, &narrow));
    let colored = Options { width: Some(60), color: true, ..Options::default() };
    insta::assert_snapshot!("explain_color", output::explain(PAGE, &colored).replace('\x1b', "^"));
}

#[test]
fn junit_github_gitlab() {
    let (report, sources) = everything();
    let options = Options { base: Some("/repo".into()), directory: Some("/repo/infra".into()), ..Options::default() };
    insta::assert_snapshot!("junit", render(Format::Junit, &report, &sources, &options));
    insta::assert_snapshot!("github", render(Format::Github, &report, &sources, &options));
    insta::assert_snapshot!("gitlab", render(Format::Gitlab, &report, &sources, &options));
    let clean = Report { summary: report.summary, ..Report::default() };
    insta::assert_snapshot!("junit_clean", render(Format::Junit, &clean, &sources, &options));
    assert_eq!(render(Format::Github, &clean, &sources, &options), "");
    assert_eq!(render(Format::Gitlab, &clean, &sources, &options), "[]\n");
}

#[test]
fn markdown() {
    let (report, sources) = everything();
    insta::assert_snapshot!("markdown", render(Format::Markdown, &report, &sources, &shown_all()));
}

#[test]
fn html() {
    let (report, sources) = everything();
    let page = render(Format::Html, &report, &sources, &shown_all());
    let (head, body) = page.split_once("</style>").expect("the page has a style");
    assert!(head.contains("default-src 'none'"), "{head}");
    insta::assert_snapshot!("html", body);
}

#[test]
fn rules() {
    let (mut report, _) = everything();
    report.rules[0].default = false;
    let mut out = Vec::new();
    output::rules_text(&report.rules, &Options { width: Some(70), ..Options::default() }, &mut out).expect("memory");
    insta::assert_snapshot!("rules", String::from_utf8(out).expect("UTF-8"));
    let mut out = Vec::new();
    output::rules_json(&report.rules[..2], &mut out).expect("memory");
    insta::assert_snapshot!("rules_json", String::from_utf8(out).expect("UTF-8"));
}
