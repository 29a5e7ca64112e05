use super::Source;
use crate::report::suppress::{Anchored, Context, Date, Policy, RuleIndex, Rules, apply};
use crate::report::{Finding, Label, ResourceName, RuleInfo, Severity, Undetermined};
use crate::source::Span;
use crate::value::Str;
use std::collections::BTreeMap;

fn rule(id: &str, aliases: &[(&str, &str)]) -> RuleInfo {
    let mut by_peer: BTreeMap<Str, Vec<Str>> = BTreeMap::new();
    for (peer, alias) in aliases {
        by_peer.entry(Str::from(*peer)).or_default().push(Str::from(*alias));
    }
    RuleInfo {
        id: id.into(),
        title: String::new(),
        severity: Severity::High,
        service: id.split('-').next().unwrap_or_default().into(),
        resources: Vec::new(),
        default: true,
        yields_to: Vec::new(),
        practices: Vec::new(),
        aliases: by_peer,
        references: Vec::new(),
        fix: None,
        why: String::new(),
        remediation: String::new(),
        docs: String::new(),
    }
}

fn index() -> RuleIndex {
    let rules = [
        rule("ebs-volume-encrypted", &[("checkov", "CKV_AWS_3"), ("trivy", "AVD-AWS-0026"), ("tfsec", "aws-ebs-enc")]),
        rule("ec2-imdsv2-required", &[("checkov", "CKV_AWS_79"), ("cfn-lint", "W9001")]),
        rule("ec2-imdsv2-hop-limit", &[("checkov", "CKV_AWS_79")]),
        rule("s3-off", &[]),
    ];
    RuleIndex::new(&rules, |id| id != "s3-off")
}

#[test]
fn names_stand_for_rules() {
    let index = index();
    let table: [(&str, Option<&str>, &[&str]); 14] = [
        ("ebs-volume-encrypted", None, &["ebs-volume-encrypted"]),
        ("EBS-Volume-Encrypted", None, &["ebs-volume-encrypted"]),
        ("CKV_AWS_3", None, &["ebs-volume-encrypted"]),
        ("ckv_aws_79", Some("checkov"), &["ec2-imdsv2-required", "ec2-imdsv2-hop-limit"]),
        ("ec2", None, &["ec2-imdsv2-required", "ec2-imdsv2-hop-limit"]),
        ("ec2-imdsv2", None, &["ec2-imdsv2-hop-limit", "ec2-imdsv2-required"]),
        ("ec2-imds", None, &[]),
        ("AWS-0026", Some("trivy"), &["ebs-volume-encrypted"]),
        ("AWS-0026", Some("checkov"), &[]),
        ("aws-ebs-*", Some("trivy"), &["ebs-volume-encrypted"]),
        ("*", Some("tfsec"), &["ebs-volume-encrypted"]),
        ("*", Some("kics"), &[]),
        ("*", None, &[]),
        ("W*", Some("cfn-lint"), &["ec2-imdsv2-required"]),
    ];
    for (name, peer, expected) in table {
        assert_eq!(index.resolve(name, peer), expected, "{name} of {peer:?}");
    }
}

fn finding(rule: &str, primary: Span, secondary: &[Span], anchors: &[Span]) -> Anchored<Finding> {
    let label = |span: Span| Label { span, message: String::new() };
    let what = Finding {
        rule: rule.into(),
        severity: Severity::High,
        message: String::new(),
        fingerprint: String::new(),
        resource: ResourceName {
            address: "a".into(),
            type_name: "t".into(),
            canonical: None,
            construct: None,
            created: None,
        },
        primary: label(primary),
        secondary: secondary.iter().copied().map(label).collect(),
        help: String::new(),
        fix: None,
        instances: Vec::new(),
    };
    Anchored { what, anchors: anchors.to_vec() }
}

fn undetermined(rule: &str, primary: Span) -> Anchored<Undetermined> {
    let Anchored { what, anchors } = finding(rule, primary, &[], &[]);
    let what = Undetermined {
        rule: what.rule,
        severity: what.severity,
        message: String::new(),
        when: None,
        cause: String::new(),
        resource: what.resource,
        primary: what.primary,
        secondary: Vec::new(),
        instances: Vec::new(),
    };
    Anchored { what, anchors }
}

/// How many findings stay, the reasons of those that go, and the notices.
fn judge(
    file: &Source,
    findings: Vec<Anchored<Finding>>,
    undetermined: Vec<Anchored<Undetermined>>,
    policy: &Policy,
) -> (usize, Vec<String>, Vec<String>) {
    let collected = file.collect();
    assert_eq!(collected.notices, []);
    let index = index();
    let context = Context { rules: &index, today: Date(2026, 6, 15), policy, sources: &file.sources };
    let applied = apply(findings, undetermined, &collected.directives, &context);
    let reasons = applied.suppressed.iter().map(|s| s.reason.clone()).collect();
    let notices =
        applied.notices.iter().map(|n| format!("{:?}: {}", file.text(n.span.expect("a place")), n.message)).collect();
    assert!(applied.notices.iter().all(|n| n.path == "main.tf"));
    (applied.findings.len() + applied.undetermined.len(), reasons, notices)
}

type Texts = &'static [&'static str];

const EBS: &str = "ebs-volume-encrypted";

#[test]
fn findings_are_taken_away() {
    // The text, the primary label, secondary labels, anchors; whether it is taken away.
    let table: [(&str, &str, Texts, Texts, bool); 15] = [
        ("data \"d\" {\n  # checkov:skip=CKV_AWS_3\n  y = 2\n}\nx = 1", "1", &["2"], &[], true),
        ("x = 1 # formwork: ignore[ebs-volume-encrypted]", "1", &[], &[], true),
        ("x = 1 # formwork: ignore[CKV_AWS_3]", "1", &[], &[], true),
        ("x = 1 # formwork: ignore[ebs]", "1", &[], &[], true),
        ("x = 1 # formwork: ignore[ec2-imdsv2-required]", "1", &[], &[], false),
        ("x = 1 # formwork: ignore[ebs] until=2026-06-15", "1", &[], &[], true),
        ("x = 1 # formwork: ignore[ebs] until=2026-06-14", "1", &[], &[], false),
        ("x = 1 # formwork: ignore[ebs] until=soon", "1", &[], &[], false),
        ("y = 2 # formwork: ignore-file[ebs]\nx = 1", "1", &[], &[], true),
        ("r \"a\" { # formwork: ignore[ebs]\n  x = 1\n}", "1", &[], &[], true),
        // The deciding characters are elsewhere, the resource is covered.
        ("# formwork: ignore[ebs]\nr \"a\" {\n}\nx = 1", "1", &[], &["r \"a\" {\n}"], true),
        ("# formwork: ignore[ebs]\nr \"a\" {\n  y = 2\n}\nx = 1", "1", &["y = 2"], &[], false),
        ("# formwork: ignore[ebs]\nmodule \"a\" {\n  y = 2\n}\nx = 1", "1", &["y = 2"], &[], true),
        ("# formwork: ignore[ebs]\nmodule \"a\" {\n}\nx = 1", "1", &[], &["module \"a\""], true),
        ("variable \"v\" {\n  default = 2 # formwork: ignore[ebs]\n}\nx = 1", "1", &["2"], &[], true),
    ];
    for (text, primary, secondary, anchors, gone) in table {
        let file = Source::new(text);
        let spans = |texts: &[&str]| texts.iter().map(|t| file.span(t)).collect::<Vec<_>>();
        let one = finding(EBS, file.span(primary), &spans(secondary), &spans(anchors));
        let (left, reasons, _) = judge(&file, vec![one], Vec::new(), &Policy::default());
        assert_eq!((left, reasons.len()), if gone { (0, 1) } else { (1, 0) }, "{text}");
    }
}

#[test]
fn comments_of_other_tools_take_away_what_their_aliases_name() {
    let table = [
        ("r \"a\" {\n  # checkov:skip=CKV_AWS_3:why\n  x = 1\n}\n", true),
        ("r \"a\" {\n  # checkov:skip=CKV_AWS_4:why\n  x = 1\n}\n", false),
        ("#trivy:ignore:AWS-0026\nx = 1\n", true),
        ("#tfsec:ignore:*\nx = 1\n", true),
        ("#tfsec:ignore:aws-ebs-enc:exp:2020-01-01\nx = 1\n", false),
        ("#tfsec:ignore:aws-ebs-enc:exp:soon\nx = 1\n", false),
        ("# tflint-ignore: all\nx = 1\n", false),
    ];
    for (text, gone) in table {
        let file = Source::new(text);
        let findings = vec![finding(EBS, file.span("x = 1"), &[], &[])];
        let (left, _, notices) = judge(&file, findings, Vec::new(), &Policy::default());
        assert_eq!(left, usize::from(!gone), "{text}");
        assert_eq!(notices, Vec::<String>::new(), "{text}");
    }
}

#[test]
fn useless_directives_are_reported() {
    let table: [(&str, &[&str]); 10] = [
        ("x = 1 # formwork: ignore[ebs-volume-encrypted]", &[]),
        (
            "x = 1 # formwork: ignore[ebs, ec2-imdsv2-required]",
            &["\"ec2-imdsv2-required\": unused ignore: `ec2-imdsv2-required` finds nothing here"],
        ),
        (
            "y = 1 # formwork: ignore[ebs] why",
            &["\"formwork: ignore[ebs] why\": unused ignore: `ebs` finds nothing here"],
        ),
        // Of a rule that does not run nobody can tell.
        ("y = 1 # formwork: ignore[s3-off]", &[]),
        (
            "y = 1 # formwork: ignore[ebs-volumes-encrypted]",
            &["\"ebs-volumes-encrypted\": unknown rule `ebs-volumes-encrypted` in an ignore; did you mean \
               `ebs-volume-encrypted`?"],
        ),
        ("y = 1 # formwork: ignore[banana]", &["\"banana\": unknown rule `banana` in an ignore"]),
        ("x = 1 # formwork: ignore[ebs] until=2026-06-14", &["\"until=2026-06-14\": the ignore ended on 2026-06-14"]),
        (
            "x = 1 # formwork: ignore[ebs] until=31.01.2027",
            &["\"until=31.01.2027\": the end of the ignore is no date like 2027-01-31, so it does not hold"],
        ),
        ("z = 1 # formwork: ignore[ec2-imdsv2-required]", &[]),
        ("z = 1\n# formwork: ignore[ec2]\n", &["\"formwork: ignore[ec2]\": unused ignore: `ec2` finds nothing here"]),
    ];
    for (text, expected) in table {
        let file = Source::new(text);
        let at = |text: &str| file.file.text.contains(text).then(|| file.span(text));
        let findings = at("x = 1").map(|span| finding(EBS, span, &[], &[])).into_iter().collect();
        let others = at("z = 1").map(|span| undetermined("ec2-imdsv2-required", span)).into_iter().collect();
        let (_, _, notices) = judge(&file, findings, others, &Policy::default());
        assert_eq!(notices, expected, "{text}");
    }
}

#[test]
fn the_policy_makes_demands() {
    let policy = Policy { require_reason: true, max_days: Some(30), refuse: [Str::from(EBS)].into_iter().collect() };
    let file = Source::new("x = 1 # formwork: ignore[ebs-volume-encrypted, ec2]\n");
    let findings =
        vec![finding(EBS, file.span("x = 1"), &[], &[]), finding("ec2-imdsv2-required", file.span("x = 1"), &[], &[])];
    let (left, gone, notices) = judge(&file, findings, Vec::new(), &policy);
    assert_eq!((left, gone.len()), (1, 1));
    let whole = "\"formwork: ignore[ebs-volume-encrypted, ec2]\"";
    assert_eq!(
        notices,
        [
            format!("{whole}: the ignore gives no reason"),
            format!("{whole}: the ignore has no end; at most 30 days are allowed"),
            format!("\"{EBS}\": `{EBS}` cannot be ignored: the configuration refuses it"),
        ]
    );
    let file = Source::new("x = 1 # formwork: ignore[ec2] until=2026-07-16 why\n");
    let findings = vec![finding("ec2-imdsv2-required", file.span("x = 1"), &[], &[])];
    let (_, _, notices) = judge(&file, findings, Vec::new(), &policy);
    assert_eq!(notices, ["\"until=2026-07-16\": the ignore ends in 31 days; 30 are allowed"]);
}

#[test]
fn formworks_own_directive_is_named_first() {
    let file = Source::new("r \"a\" {\n  # checkov:skip=CKV_AWS_3:theirs\n  x = 1 # formwork: ignore[ebs] ours\n}\n");
    let findings = vec![finding(EBS, file.span("x = 1"), &[], &[])];
    let (_, reasons, notices) = judge(&file, findings, Vec::new(), &Policy::default());
    assert_eq!((reasons, notices), (vec!["ours".to_owned()], vec![]));
}
