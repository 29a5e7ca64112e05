//! Every output format over one report that holds all that can occur, hostile input included.

use formwork::output::{self, Format, Options};
use formwork::report::{
    Edit, Fault, FaultKind, Finding, Fix, Label, Report, ResourceName, RuleInfo, Safety, Severity, Summary, Suppressed,
    Undetermined,
};
use formwork::source::{FileId, Sources, Span};
use std::collections::BTreeMap;

const MAIN: &str = "module \"disks\" {\n  source  = \"./disks\"\n  encrypt = var.encrypt\n}\n\nresource \"aws_db_instance\" \"main\" {\n  password            = \"hunter2\"\n  publicly_accessible = true # formwork: ignore[rds-private] reached from the office only\n}\n";
const DISKS: &str = "variable \"encrypt\" {\n  default = false\n}\n\nresource \"aws_ebs_volume\" \"data\" {\n  count     = 37\n  encrypted = var.encrypt\n}\n";
const TEMPLATE: &str = "Parameters:\n  Kms: {Type: String}\nResources:\n  Logs:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: logs\n  Volume:\n    Type: AWS::EC2::Volume\n    Properties:\n      KmsKeyId: !Ref Kms\n";
/// Tabs, CRLF, wide and right-to-left characters, escape sequences, workflow commands, markup.
const HOSTILE: &str = "\u{feff}# 🦀 שלום\r\nresource \"aws_ebs_volume\" \"x\" {\r\n\tencrypted\t=\t\"\x1b[31mfälse🦀\u{202e}\" # ::error::x ##[error]y <script>alert(1)</script> | `x` [a](http://e.vil) @user\r\n}\r\n";
const HOSTILE_NAME: &str = "a,b:c%\x1b]0;title\x07\n::error::pwned <img src=x onerror=alert(1)>|`x`\u{202e}.tf";

fn span(sources: &Sources, file: FileId, needle: &str) -> Span {
    let text = sources.get(file).text.clone();
    let start = text.find(needle).expect("the needle is in the text");
    Span::new(file, start, start + needle.len())
}

fn label(span: Span, message: &str) -> Label {
    Label { span, message: message.into() }
}

fn resource(address: &str, type_name: &str, canonical: &str) -> ResourceName {
    ResourceName {
        address: address.into(),
        type_name: type_name.into(),
        canonical: (!canonical.is_empty()).then(|| canonical.into()),
    }
}

fn rule(id: &str, title: &str, severity: Severity, service: &str) -> RuleInfo {
    RuleInfo {
        id: id.into(),
        title: title.into(),
        severity,
        service: service.into(),
        resources: vec![format!("{service}.volume").into()],
        default: true,
        practices: vec![format!("{service}-encryption").into()],
        aliases: BTreeMap::from([
            ("checkov".into(), vec!["CKV_AWS_3".into()]),
            ("trivy".into(), vec!["AVD-AWS-0026".into()]),
        ]),
        references: vec!["https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html".into()],
        fix: Some(Safety::Unsafe),
        why: "Whoever obtains the disk reads the **data** in clear.".into(),
        remediation: "Write `encrypted = true`.".into(),
        docs: format!(
            "# {title}\n\n```hcl\nrule \"{id}\" {{}}\n```\n\nWhoever obtains the disk reads the **data** in clear.\n"
        ),
    }
}

/// A report that holds every kind of entry.
fn everything() -> (Report, Sources) {
    let sources = Sources::new();
    let main = sources.add("./main.tf".into(), MAIN);
    let disks = sources.add("disks/main.tf".into(), DISKS);
    let template = sources.add("stack.yaml".into(), TEMPLATE);
    let minified = format!(
        "{{\"Resources\":{{{}\"Bad\":{{\"Type\":\"AWS::EC2::Volume\",\"Properties\":{{\"Encrypted\":false,\"Secret\":\"s3cr3t\"}}}}{}}}}}",
        "\"Pad\":{\"Type\":\"AWS::SNS::Topic\"},".repeat(3000),
        ",\"End\":{\"Type\":\"AWS::SNS::Topic\"}".repeat(3000),
    );
    let minified = sources.add("minified.json".into(), minified);
    let hostile = sources.add(HOSTILE_NAME.into(), HOSTILE);
    let finding = |rule: &str, severity, message: &str, resource, primary| Finding {
        rule: rule.into(),
        severity,
        message: message.into(),
        fingerprint: format!("{:016x}", message.len() * 7919),
        resource,
        primary,
        secondary: vec![],
        help: String::new(),
        fix: None,
        instances: vec![],
    };
    let mut trail = finding(
        "ebs-volume-encrypted",
        Severity::High,
        "module.disks.aws_ebs_volume.data[0] is not encrypted",
        resource("module.disks.aws_ebs_volume.data[0]", "aws_ebs_volume", "ebs.volume"),
        label(span(&sources, disks, "var.encrypt"), "this is false"),
    );
    trail.secondary = vec![
        label(span(&sources, main, "var.encrypt"), "passed by the module call"),
        label(span(&sources, disks, "false"), "default of var.encrypt is false"),
    ];
    trail.help = "write `encrypted = true`;\nthe volume is replaced".into();
    trail.fix = Some(Fix {
        safety: Safety::Unsafe,
        edits: vec![Edit { span: span(&sources, disks, "var.encrypt"), text: "true".into() }],
    });
    trail.instances = (0..37).map(|i| format!("module.disks.aws_ebs_volume.data[{i}]").into()).collect();
    let password = finding(
        "rds-password-managed",
        Severity::Critical,
        "aws_db_instance.main has its password in the source",
        resource("aws_db_instance.main", "aws_db_instance", "rds.instance"),
        label(span(&sources, main, "\"hunter2\""), "a literal password"),
    );
    let mut absent = finding(
        "s3-bucket-logged",
        Severity::Low,
        "Logs writes no access log",
        resource("Logs", "AWS::S3::Bucket", "s3.bucket"),
        label(span(&sources, template, "Logs"), "LoggingConfiguration is not written"),
    );
    absent.help = "add `LoggingConfiguration`".into();
    absent.fix = Some(Fix {
        safety: Safety::Safe,
        edits: vec![Edit {
            span: {
                let s = span(&sources, template, "BucketName");
                Span { end: s.start, ..s }
            },
            text: "LoggingConfiguration: {}\n      ".into(),
        }],
    });
    let minified = finding(
        "ebs-volume-encrypted",
        Severity::High,
        "Bad is not encrypted",
        resource("Bad", "AWS::EC2::Volume", "ebs.volume"),
        label(span(&sources, minified, "\"Encrypted\":false"), "this is false"),
    );
    let mut nasty = finding(
        "ebs-volume-encrypted",
        Severity::Medium,
        "aws_ebs_volume.x\x1b[2J is \"\u{202e}<script>alert(1)</script>\"\r\n::error::pwned ##[error]x | `code` [a](http://e.vil) @user www.e.vil",
        resource("aws_ebs_volume.x[\"<b>`|\x1b[0m\"]", "aws_ebs_volume", "ebs.volume"),
        label(span(&sources, hostile, "\"\x1b[31mfälse🦀\u{202e}\""), "is not \x07true"),
    );
    nasty.help = "::set-output name=x::y\n\x1b[8mhidden\n</details></body>".into();
    nasty.instances = vec!["aws_ebs_volume.x[\"<b>`|\x1b[0m\"]".into(), "aws_ebs_volume.x[\"\n::error::z\"]".into()];
    let mut accepted = finding(
        "rds-private",
        Severity::High,
        "aws_db_instance.main is reachable from the internet",
        resource("aws_db_instance.main", "aws_db_instance", "rds.instance"),
        label(span(&sources, main, "true"), "this is true"),
    );
    accepted.help = "write `publicly_accessible = false`".into();
    let report = Report {
        findings: vec![trail, password, absent, minified, nasty],
        undetermined: vec![Undetermined {
            rule: "ebs-volume-cmk".into(),
            severity: Severity::Medium,
            message: "cannot tell whether Volume uses a key of its own: parameter `Kms` has no value".into(),
            cause: "parameter `Kms` has no value".into(),
            resource: resource("Volume", "AWS::EC2::Volume", "ebs.volume"),
            primary: label(span(&sources, template, "!Ref Kms"), "not known"),
            secondary: vec![label(span(&sources, template, "Kms: {Type: String}"), "a parameter without a default")],
            instances: vec![],
        }],
        suppressed: vec![Suppressed {
            finding: accepted,
            by: span(&sources, main, "# formwork: ignore[rds-private] reached from the office only"),
            reason: "reached from the office only".into(),
        }],
        faults: vec![
            Fault {
                path: "broken.tf".into(),
                span: None,
                message: "not valid UTF-8 (byte 7)".into(),
                kind: FaultKind::Unreadable,
            },
            Fault {
                path: "main.tf".into(),
                span: Some(span(&sources, main, "module \"disks\" {\n  source  = \"./disks\"")),
                message: "a closing brace is missing".into(),
                kind: FaultKind::Unreadable,
            },
            Fault {
                path: "main.tf".into(),
                span: Some(span(&sources, main, "\"./disks\"")),
                message: "the module is not on disk".into(),
                kind: FaultKind::Gap,
            },
            Fault {
                path: HOSTILE_NAME.into(),
                span: None,
                message: "an ignore\n::error::that has no effect\x1b[2J".into(),
                kind: FaultKind::Notice,
            },
        ],
        rules: vec![
            rule("ebs-volume-cmk", "EBS volumes use a key of their own", Severity::Medium, "ebs"),
            rule("ebs-volume-encrypted", "EBS volumes are encrypted", Severity::High, "ebs"),
            rule("rds-password-managed", "RDS passwords are managed", Severity::Critical, "rds"),
            rule("rds-private", "RDS instances are private", Severity::High, "rds"),
            rule("s3-bucket-logged", "S3 buckets write access logs", Severity::Low, "s3"),
        ],
        summary: Summary { files: 5, skipped: 2, roots: 3, resources: 6042, rules: 5, duration_ms: 0 },
    };
    (report, sources)
}

fn render(format: Format, report: &Report, sources: &Sources, options: &Options) -> String {
    let mut out = Vec::new();
    output::write(format, report, sources, options, &mut out).expect("memory takes everything");
    let out = String::from_utf8(out).expect("outputs are UTF-8");
    out.replace(env!("CARGO_PKG_VERSION"), "[version]")
}

fn shown_all() -> Options {
    Options { show_undetermined: true, show_suppressed: true, statistics: true, ..Options::default() }
}

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
            "clean: no findings, 1 undetermined in 1 file (1 root, 2 resources, 3 rules); 1 gap in what was analysed",
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
    let resource = ResourceName { address: text.into(), type_name: text.into(), canonical: Some(text.into()) };
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
            docs: format!("# {text}\n\n{text}\n\n- {text}\n\n```\n{text}\n```\n\n`{text}` **{text}** [{text}]({text})\n"),
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
                    assert!(out.lines().all(|l| ["::error ", "::warning ", "::notice "].iter().any(|c| l.starts_with(c))), "{shown}");
                    assert_eq!(out.lines().count(), report.findings.len() + report.faults.len(), "{shown}");
                }
                "json" | "sarif" | "gitlab" => assert!(serde_json::from_str::<serde_json::Value>(&out).is_ok(), "{shown}"),
                "ndjson" => assert!(out.lines().all(|l| serde_json::from_str::<serde_json::Value>(l).is_ok()), "{shown}"),
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
            Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_) | Tag::List(_) | Tag::BlockQuote(_) | Tag::Emphasis | Tag::Strong) | Event::Html(_) | Event::Code(_) => {
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
            fix: Some(Fix { safety: Safety::Safe, edits: vec![Edit { span: Span::new(file, at, at + 11), text: "true".into() }] }),
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
    let notes = |results: &[serde_json::Value]| results.iter().filter(|r| r["properties"]["severity"] == "info").count();
    assert_eq!(notes(results), 5_020 - 100);
    let notifications = run["invocations"][0]["toolExecutionNotifications"].as_array().expect("notifications");
    let last = notifications.last().map(|n| n["message"]["text"].as_str().unwrap_or_default().to_owned());
    assert!(last.is_some_and(|text| text.starts_with("100 of 25100 results are left out")));
    let page = render(Format::Markdown, &report, &sources, &Options::default());
    assert!(page.len() <= 60_000 && page.contains("more are left out here"), "{}", page.len());
    assert!(page.contains("critical") && !page.contains("info</"), "the worst come first");
}
