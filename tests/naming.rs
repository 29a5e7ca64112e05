//! Entities of the naming convention that the configuration adds: rules over types that need no model.

mod support;

use support::{Example, judge};

struct Case {
    title: &'static str,
    config: &'static str,
    path: &'static str,
    code: &'static str,
    /// Ids of rules to run; none: the default.
    rules: &'static [&'static str],
    /// Lines with a finding.
    findings: &'static [usize],
    /// Lines with an undetermined verdict.
    undetermined: &'static [usize],
}

const BUCKETS: &str = r#"
[naming]
separator = "hyphen"
environments = ["dev", "test", "prod"]

[naming.entities.s3-bucket]
terraform = ["aws_s3_bucket"]
cloudformation = ["AWS::S3::Bucket"]
name_from = ["bucket", "bucket_prefix", "BucketName"]
regional = true
pattern = "bucket-{region}-{env}{sep}{words}"
"#;

const ROLES: &str = r#"
[naming.entities.iam-role]
terraform = ["aws_iam_role"]
cloudformation = ["AWS::IAM::Role"]
name_from = ["name", "RoleName"]
regional = false
regex = '^role-[a-z0-9]+(-[a-z0-9]+)*$'
"#;

const UNMODELLED: &str = r#"
[naming.entities.job]
terraform = ["aws_glue_job"]
cloudformation = ["AWS::Glue::Job"]
name_from = ["tags.Name", "Tags.Name", "name", "Name"]
pattern = "job{sep}{words}"
"#;

const CASES: &[Case] = &[
    Case {
        title: "a pattern with region and environment",
        config: BUCKETS,
        path: "main.tf",
        code: r#"provider "aws" {
  region = "eu-central-1"
}
variable "component" {
  type = string
}
resource "aws_s3_bucket" "right" {
  bucket = "bucket-eu-central-1-prod-logs"
}
resource "aws_s3_bucket" "region" {
  bucket = "bucket-us-east-1-prod-logs"
}
resource "aws_s3_bucket" "environment" {
  bucket = "bucket-eu-central-1-live-logs"
}
resource "aws_s3_bucket" "separator" {
  bucket = "bucket-eu-central-1-prod_logs"
}
resource "aws_s3_bucket" "generated" {
}
resource "aws_s3_bucket" "unknown" {
  bucket = "bucket-eu-central-1-prod-${var.component}"
}
resource "aws_s3_bucket" "never" {
  bucket = "${var.component}_logs"
}
resource "aws_s3_bucket" "beginning" {
  bucket_prefix = "bucket-eu-central-1-prod-"
}
resource "aws_s3_bucket" "wrong_beginning" {
  bucket_prefix = "logs-"
}
"#,
        rules: &["naming-s3-bucket"],
        findings: &[11, 14, 17, 25, 31],
        undetermined: &[22, 28],
    },
    Case {
        title: "the other dialect of the same entity",
        config: BUCKETS,
        path: "template.yaml",
        code: "Resources:
  Right:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub bucket-${AWS::Region}-dev-logs
  Wrong:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub bucket-${AWS::Region}-logs
  Generated:
    Type: AWS::S3::Bucket
",
        rules: &["naming-s3-bucket"],
        findings: &[9],
        undetermined: &[],
    },
    Case {
        title: "a regular expression, and no region",
        config: ROLES,
        path: "main.tf",
        code: r#"resource "aws_iam_role" "right" {
  name               = "role-deploy"
  assume_role_policy = "{}"
}
resource "aws_iam_role" "region" {
  name               = "role-eu-central-1"
  assume_role_policy = "{}"
}
resource "aws_iam_role" "form" {
  name               = "Deploy"
  assume_role_policy = "{}"
}
"#,
        rules: &["naming-iam-role"],
        findings: &[6, 10],
        undetermined: &[],
    },
    Case {
        title: "a type without a model, among the rules that run by default",
        config: UNMODELLED,
        path: "main.tf",
        code: r#"resource "aws_glue_job" "tagged" {
  name = "Orders"
  tags = { Name = "job-orders" }
}
resource "aws_glue_job" "named" {
  name = "orders"
}
resource "aws_glue_job" "counted" {
  count = 2
  name  = "job-orders-${count.index}"
}
resource "aws_glue_crawler" "other" {
  name = "orders"
}
"#,
        rules: &[],
        findings: &[6],
        undetermined: &[],
    },
    Case {
        title: "tags as pairs of a type without a model",
        config: UNMODELLED,
        path: "template.yaml",
        code: "Resources:
  Tagged:
    Type: AWS::Glue::Job
    Properties:
      Name: Orders
      Tags: [{ Key: Owner, Value: x }, { Key: Name, Value: Orders }]
  Named:
    Type: AWS::Glue::Job
    Properties:
      Name: job-orders
",
        rules: &["naming-job"],
        findings: &[6],
        undetermined: &[],
    },
    Case {
        title: "texts of the configuration are no code",
        config: r#"
[naming.entities."odd\n```hcl\nkey"]
terraform = ["aws_glue_job"]
name_from = ["name"]
regex = '^"\$\{X\}%\\$'

[naming.entities.control]
terraform = ["aws_glue_job"]
name_from = ["name"]
pattern = "a\nb{sep}{words}"

[naming.entities.plain]
terraform = ["aws_glue_job"]

[naming.entities.off]
terraform = ["aws_glue_job"]
regex = '^never$'
enabled = false
"#,
        path: "main.tf",
        code: r#"resource "aws_glue_job" "a" {
  name = "orders"
}
resource "aws_glue_job" "b" {
  name = "\"$${X}%\\"
}
"#,
        rules: &[],
        findings: &[2, 2, 5, 5],
        undetermined: &[],
    },
];

#[test]
fn entities_of_the_configuration_are_judged() {
    let mut problems = Vec::new();
    for case in CASES {
        let judged = judge(&Example {
            files: vec![(case.path.to_owned(), case.code.to_owned())],
            rules: case.rules.iter().map(ToString::to_string).collect(),
            config: Some(case.config.to_owned()),
        });
        let lines = |places: &[(String, usize)]| {
            let mut lines: Vec<usize> = places.iter().map(|(_, line)| *line).collect();
            lines.sort_unstable();
            lines
        };
        if !judged.errors.is_empty() {
            problems.push(format!("{}: {:?}", case.title, judged.errors));
        }
        let found = (lines(&judged.findings), lines(&judged.undetermined));
        if found != (case.findings.to_vec(), case.undetermined.to_vec()) {
            problems.push(format!("{}: got {found:?}\n{}", case.title, judged.shown));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
