//! The account that a resource is in, as far as the source or an input says.

mod support;

use formwork::dialect::cloudformation::Inputs;
use formwork::source::{FileId, Sources, Span};
use support::{Example, report_given};

const RULE: &str = "iam-role-trust-cross-account-conditioned";

/// A role that the account 222222222222 may assume.
const TERRAFORM: &str = r#"
resource "aws_iam_role" "r" {
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Principal = { AWS = "222222222222" }, Action = "sts:AssumeRole" }]
  })
}
"#;

const TEMPLATE: &str = "
Resources:
  R:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Principal: {AWS: '222222222222'}, Action: sts:AssumeRole}
";

/// What is said of the role: that the account is another, nothing, or that it cannot be told.
fn said(path: &str, text: String, inputs: &Inputs) -> &'static str {
    let example = Example { files: vec![(path.into(), text)], rules: vec![RULE.into()], ..Example::default() };
    let report = report_given(&example, inputs, &Sources::new()).expect("an example");
    match (report.findings.len(), report.undetermined.len()) {
        (1, 0) => "another",
        (0, 0) => "own",
        (0, 1) => "?",
        _ => "both",
    }
}

#[test]
fn the_provider_says_which_account_it_is() {
    let table = [
        ("", "?"),
        (r#"provider "aws" {}"#, "?"),
        (r#"provider "aws" { allowed_account_ids = ["111111111111"] }"#, "another"),
        (r#"provider "aws" { allowed_account_ids = ["222222222222"] }"#, "own"),
        (r#"provider "aws" { allowed_account_ids = ["111111111111", "222222222222"] }"#, "?"),
        (r#"provider "aws" { allowed_account_ids = [var.account] }"#, "?"),
        ("provider \"aws\" {\n  assume_role {\n    role_arn = \"arn:aws:iam::111111111111:role/x\"\n  }\n}", "another"),
        ("provider \"aws\" {\n  assume_role {\n    role_arn = \"arn:aws:iam::222222222222:role/x\"\n  }\n}", "own"),
        (
            "provider \"aws\" {\n  assume_role {\n    role_arn = \"arn:aws:iam::111111111111:role/x\"\n  }\n  \
             assume_role {\n    role_arn = \"arn:aws:iam::222222222222:role/x\"\n  }\n}",
            "own",
        ),
        ("provider \"aws\" {\n  assume_role {\n    role_arn = var.role\n  }\n}", "?"),
    ];
    for (provider, expected) in table {
        let text = format!("{provider}\nvariable \"account\" {{}}\nvariable \"role\" {{}}\n{TERRAFORM}");
        assert_eq!(said("main.tf", text, &Inputs::default()), expected, "{provider}");
    }
}

#[test]
fn an_input_says_which_account_a_template_is_for() {
    for (given, expected) in [(None, "?"), (Some("111111111111"), "another"), (Some("222222222222"), "own")] {
        let mut inputs = Inputs::default();
        if let Some(account) = given {
            inputs.assign(&format!("AWS::AccountId={account}"), Span::new(FileId(0), 0, 0)).expect("an assignment");
        }
        assert_eq!(said("template.yaml", TEMPLATE.to_owned(), &inputs), expected, "{given:?}");
    }
}
