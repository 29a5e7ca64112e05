//! A report that holds all that can occur.

use formwork::report::{
    Edit, Fault, FaultKind, Finding, Fix, Label, Report, ResourceName, RuleInfo, Safety, Severity, Summary, Suppressed,
    Undetermined,
};
use formwork::source::{FileId, Sources, Span};
use std::collections::BTreeMap;

pub const MAIN: &str = "module \"disks\" {\n  source  = \"./disks\"\n  encrypt = var.encrypt\n}\n\nresource \"aws_db_instance\" \"main\" {\n  password            = \"hunter2\"\n  publicly_accessible = true # formwork: ignore[rds-private] reached from the office only\n}\n";
pub const DISKS: &str = "variable \"encrypt\" {\n  default = false\n}\n\nresource \"aws_ebs_volume\" \"data\" {\n  count     = 37\n  encrypted = var.encrypt\n}\n";
pub const TEMPLATE: &str = "Parameters:\n  Kms: {Type: String}\nResources:\n  Logs:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: logs\n  Volume:\n    Type: AWS::EC2::Volume\n    Properties:\n      KmsKeyId: !Ref Kms\n";
/// Tabs, CRLF, wide and right-to-left characters, escape sequences, workflow commands, markup.
pub const HOSTILE: &str = "\u{feff}# 🦀 שלום\r\nresource \"aws_ebs_volume\" \"x\" {\r\n\tencrypted\t=\t\"\x1b[31mfälse🦀\u{202e}\" # ::error::x ##[error]y <script>alert(1)</script> | `x` [a](http://e.vil) @user\r\n}\r\n";
pub const HOSTILE_NAME: &str = "a,b:c%\x1b]0;title\x07\n::error::pwned <img src=x onerror=alert(1)>|`x`\u{202e}.tf";

pub fn span(sources: &Sources, file: FileId, needle: &str) -> Span {
    let text = sources.get(file).text.clone();
    let start = text.find(needle).expect("the needle is in the text");
    Span::new(file, start, start + needle.len())
}

pub fn label(span: Span, message: &str) -> Label {
    Label { span, message: message.into() }
}

pub fn resource(address: &str, type_name: &str, canonical: &str) -> ResourceName {
    ResourceName {
        address: address.into(),
        type_name: type_name.into(),
        canonical: (!canonical.is_empty()).then(|| canonical.into()),
        construct: None,
        created: None,
    }
}

pub fn rule(id: &str, title: &str, severity: Severity, service: &str) -> RuleInfo {
    RuleInfo {
        id: id.into(),
        title: title.into(),
        severity,
        service: service.into(),
        resources: vec![format!("{service}.volume").into()],
        default: true,
        yields_to: Vec::new(),
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
pub fn everything() -> (Report, Sources) {
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
            when: None,
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
