use super::super::testing::{check, eval, evidence, truth};
use crate::value::{Kind, Value};

/// The statement whose JSON elements `body` gives, written as an object.
fn statement(body: &str) -> String {
    format!("policy({{ Statement = {{ {body} }} }}).statements[0]")
}

/// Checks a function on statements.
fn judge(function: &str, more: &str, table: &[(&str, &str)]) {
    let wrong: Vec<String> = table
        .iter()
        .map(|(body, expected)| (format!("{function}({}{more})", statement(body)), expected))
        .filter(|(text, expected)| truth(text) != **expected)
        .map(|(text, expected)| format!("{text}: expected {expected}, got {:?}", eval(&text)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn shown(value: &Value) -> String {
    match &value.kind {
        Kind::List(list) => {
            let mut all: Vec<String> = list.items.iter().map(shown).collect();
            all.extend(list.open.iter().map(|_| "...".to_owned()));
            format!("[{}]", all.join(", "))
        }
        Kind::Map(map) => {
            let all: Vec<String> = map.entries.iter().map(|(k, v)| format!("{k}={}", shown(v))).collect();
            format!("{{{}}}", all.join(", "))
        }
        Kind::String(s) => s.to_string(),
        Kind::Absent | Kind::Null => "-".to_owned(),
        Kind::Partial(_) => "~".to_owned(),
        Kind::Choice(arms) => arms.iter().map(|a| shown(&a.value)).collect::<Vec<_>>().join("|"),
        Kind::AfterApply(r) => format!("{}.{}", r.address, r.attribute),
        _ => "?".to_owned(),
    }
}

/// What an expression gives, in short.
fn show(text: &str) -> String {
    shown(&eval(text))
}

fn cause(text: &str) -> String {
    eval(text).cause().map(|c| c.what.to_string()).unwrap_or_default()
}

#[test]
fn every_form_is_one_document() {
    let expected = "{sid=S, effect=Allow, actions=[s3:get*, s3:list*], not_actions=[], resources=[*], not_resources=[], \
        principals=[{kind=aws, value=arn:a}, {kind=service, value=b.amazonaws.com}], not_principals=[], \
        conditions=[{operator=StringLike, key=aws:sourcearn, values=[x, y]}], \
        keys=[Sid, Effect, Action, Resource, Principal, Condition]}";
    let object = r#"{ Version = "2012-10-17", Id = "d", Statement = [{ Sid = "S", Effect = "Allow",
        Action = ["s3:Get*", "S3:List*"], Resource = "*", Principal = { AWS = "arn:a", Service = ["b.amazonaws.com"] },
        Condition = { StringLike = { "aws:SourceArn" = ["x", "y"] } } }] }"#;
    let json =
        r#""{\"Version\": \"2012-10-17\", \"Id\":\"d\", \"Statement\": {\"Sid\":\"S\", \"Effect\":\"\\u0041llow\",
        \"Action\":[\"s3:Get*\",\"S3:List*\"],\"Resource\":\"*\",
        \"Principal\":{\"AWS\":\"arn:a\",\"Service\":\"b.amazonaws.com\"},
        \"Condition\":{\"StringLike\":{\"aws:SourceArn\":[\"x\",\"y\"]}}}}""#
            .replace('\n', "\\n");
    for document in [object, &json, &format!("[{object}]")] {
        let text = format!("policy({document})");
        assert_eq!(show(&format!("{text}.statements[0]")), expected, "{document}");
        assert_eq!(show(&format!("{text}.version")), "2012-10-17");
        assert_eq!(show(&format!("{text}.id")), "d");
        assert_eq!(show(&format!("{text}.keys")), "[Version, Id, Statement]");
    }
    // jsonencode sorts the elements.
    let encoded = show(&format!("policy(jsonencode({object})).statements[0]"));
    assert!(encoded.starts_with("{sid=S, effect=Allow, actions=[s3:get*, s3:list*]"), "{encoded}");
    assert_eq!(
        show(r#"policy({ Statement = { Principal = "*" } }).statements[0].principals"#),
        "[{kind=any, value=*}]"
    );
    assert_eq!(
        show(r#"policy({ Statement = { Principal = { AWS = "*" } } }).statements[0].principals"#),
        "[{kind=aws, value=*}]"
    );
    assert_eq!(show(r#"policy("").statements"#), "[]");
    assert_eq!(show("policy(absent)"), "-");
    assert_eq!(show("policy({ Version = \"x\" }).statements"), "[]");
}

#[test]
fn parts_that_are_not_known_leave_the_document_open() {
    let table = [
        ("policy(var.p)", "?"),
        ("policy(made.document.json)", "?"),
        ("policy(12)", "?"),
        (r#"policy("nonsense")"#, "?"),
        (r#"policy("{\"Statement\": [1,]}")"#, "?"),
        (r#"policy("{} {}")"#, "?"),
        (r#"policy("${var.p}")"#, "?"),
        (r#"policy("prefix ${var.p}")"#, "?"),
        ("policy({ Statement = var.s }).statements", "[?]"),
        ("policy({ Statement = [var.s] }).statements", "[?]"),
        ("policy({ Statement = concat([{ Effect = \"Deny\" }], var.s) }).statements[*].effect", "[Deny, ...]"),
        ("policy({ Statement = [var.x ? { Effect = \"Deny\" } : null] }).statements[*].effect", "[Deny|-]"),
        (
            "policy({ Statement = var.x ? [{ Effect = \"Deny\" }, { Effect = \"Allow\" }] : [{ Effect = \"Deny\" }] }).statements[*].effect",
            "[Deny, ...]",
        ),
        // Holes in JSON.
        (r#"policy("{\"Statement\":{\"Action\":\"s3:${var.x}\"}}").statements[*].actions"#, "[[~]]"),
        (r#"policy("{\"Statement\":{\"Action\":${var.x}}}").statements[*].actions"#, "[[?]]"),
        (r#"policy("{\"Statement\":{\"Action\":[\"a:b\",${var.x}]}}").statements[*].actions"#, "[[a:b, ...]]"),
        (r#"policy("{\"Statement\":{\"Action\":[${var.x} \"a:b\"]}}").statements[*].actions"#, "[[a:b, ...]]"),
        (r#"policy("{\"Statement\":{\"Effect\":\"Deny\",${var.x}}}").statements[*].effect"#, "[Deny]"),
        (r#"policy("{\"Statement\":{\"Effect\":\"Deny\",${var.x}}}").statements[*].actions"#, "[[?]]"),
        (r#"policy("{\"Statement\":{\"${var.x}\":\"Deny\"}}").statements[*].effect"#, "[?]"),
        (r#"policy("{\"Statement\":[{\"Effect\":\"Deny\"}${var.x}]}").statements[*].effect"#, "[Deny, ...]"),
        (r#"policy("{\"Statement\":{\"Sid\":1${var.x}}}").statements[*].sid"#, "[?]"),
        (
            r#"policy("{\"Statement\":${jsonencode([{ Effect = "Deny", Sid = var.x }])}}").statements[*].effect"#,
            "[Deny]",
        ),
        (r#"policy("{\"Statement\":{\"Action\":[\"a:b\" \"c:d\"]}}")"#, "?"),
        // jsonencode keeps what is known.
        ("policy(jsonencode({ Statement = [{ Effect = \"Deny\", Action = var.a }] })).statements[*].effect", "[Deny]"),
        (
            "policy(jsonencode({ Statement = [{ Effect = \"Deny\" }, var.s] })).statements",
            "[{sid=-, effect=Deny, actions=[], not_actions=[], resources=[], not_resources=[], principals=[], not_principals=[], conditions=[], keys=[Effect]}, ?]",
        ),
        // Principals and conditions.
        ("policy({ Statement = { Principal = var.p } }).statements[0].principals", "[...]"),
        ("policy({ Statement = { Principal = { AWS = var.p } } }).statements[0].principals", "[{kind=aws, value=?}]"),
        (r#"policy({ Statement = { Principal = { (var.k) = "x" } } }).statements[0].principals"#, "[...]"),
        ("policy({ Statement = { Condition = var.c } }).statements[0].conditions", "[...]"),
        ("policy({ Statement = { Condition = { Bool = var.c } } }).statements[0].conditions", "[...]"),
        // Lists of policies.
        (
            r#"policy([{ Statement = [{ Effect = "Allow" }] }, { Statement = { Effect = "Deny" } }]).statements[*].effect"#,
            "[Allow, Deny]",
        ),
        (
            r#"policy([{ Effect = "Allow" }, "ManagedPolicy", { SomeTemplate = {} }]).statements[*].effect"#,
            "[Allow, ...]",
        ),
        (r#"policy(["ManagedPolicy"]).statements"#, "[...]"),
        (r#"policy([{ SomeTemplate = { Name = "x" } }]).statements"#, "[...]"),
        // Choices of documents.
        (
            r#"policy(var.x ? { Statement = { Effect = "Allow" } } : { Statement = { Effect = "Deny" } }).statements[*].effect"#,
            "[Allow]|[Deny]",
        ),
    ];
    for (text, expected) in table {
        assert_eq!(show(text), expected, "{text}");
    }
    assert_eq!(cause(r#"policy("nonsense")"#), "the policy is not valid JSON");
    assert_eq!(cause(r#"policy("prefix ${var.p}")"#), "var.p has no value");
    assert_eq!(cause("policy(var.p)"), "var.p has no value");
    let deep = format!(r#"policy("{}")"#, "[".repeat(500));
    assert_eq!(cause(&deep), "the policy is nested too deeply");
}

#[test]
fn statements_have_their_own_places() {
    let object = r#"{ Statement = [{ Effect = "Deny" }, { Effect = "Allow", Principal = { AWS = ["x", "*"] } }] }"#;
    for form in [format!("policy({object})"), format!("policy(jsonencode({object}))")] {
        assert_eq!(evidence(&format!("{form}.statements[0]")), r#"{ Effect = "Deny" }"#);
        assert_eq!(evidence(&format!("grants_public({form}.statements[1])")), "\"*\"");
        assert_eq!(evidence(&format!("grants_public({form}.statements[0])")), r#"{ Effect = "Deny" }"#);
    }
    let json = r#""{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\"}}""#;
    assert_eq!(evidence(&format!("grants_public(policy({json}).statements[0])")), json);
}

#[test]
fn blocks_make_a_document() {
    let blocks = r#"policy_text({ statement = [
        { sid = "a", actions = ["s3:Get*"], resources = ["arn:x", "&{aws:username}"],
          principals = [{ type = "AWS", identifiers = ["1"] }, { type = "AWS", identifiers = ["2"] }, { type = "*", identifiers = ["*"] }],
          condition = [{ test = "Bool", variable = "aws:SecureTransport", values = ["true"] },
                       { test = "Bool", variable = "aws:X", values = ["1"] }] },
        { effect = "Deny", not_actions = ["iam:*"], not_resources = ["*"] }] })"#;
    assert_eq!(
        show(&format!("policy({blocks}).statements")),
        "[{sid=a, effect=Allow, actions=[s3:get*], not_actions=[], resources=[arn:x, ${aws:username}], not_resources=[], \
         principals=[{kind=aws, value=1}, {kind=aws, value=2}, {kind=any, value=*}], not_principals=[], \
         conditions=[{operator=Bool, key=aws:securetransport, values=[true]}, {operator=Bool, key=aws:x, values=[1]}], \
         keys=[Effect, Sid, Action, Resource, Principal, Condition]}, \
         {sid=-, effect=Deny, actions=[], not_actions=[iam:*], resources=[], not_resources=[*], principals=[], \
         not_principals=[], conditions=[], keys=[Effect, NotAction, NotResource]}]"
    );
    assert_eq!(show(&format!("policy({blocks}).version")), "2012-10-17");
    let unknown = "policy_text({ statement = [{ sid = var.x, actions = [\"a:b\"] }] })";
    assert_eq!(show(unknown), "~");
    assert_eq!(show(&format!("policy({unknown}).statements[*].actions")), "[[a:b]]");

    // A data source has other attributes once it is read.
    let merged =
        |body: &str| show(&format!("policy(policy_text(merge(var.computed, {{ {body} }}))).statements[*].effect"));
    let deny = r#"{\"Statement\":[{\"Sid\":\"a\",\"Effect\":\"Deny\"},{\"Effect\":\"Deny\"}]}"#;
    let table = [
        (
            format!(r#"source_policy_documents = ["{deny}"], statement = [{{ sid = "a" }}, {{ sid = "b" }}]"#),
            "[Allow, Deny, Allow]",
        ),
        (
            format!(r#"override_policy_documents = ["{deny}"], statement = [{{ sid = "a" }}, {{ sid = "b" }}]"#),
            "[Deny, Allow, Deny]",
        ),
        (format!(r#"source_json = "{deny}""#), "[Deny, Deny]"),
        (r#"source_policy_documents = [var.d], statement = [{ sid = "a" }]"#.to_owned(), "[Allow, ...]"),
        (r#"override_policy_documents = [var.d], statement = [{ sid = "a" }, {}]"#.to_owned(), "[Allow, ...]"),
        (r#"override_policy_documents = var.d, statement = [{ sid = "a" }]"#.to_owned(), "[...]"),
        (r#"statement = [{ sid = "a" }, { sid = var.x, effect = "Deny" }]"#.to_owned(), "[Deny, ...]"),
        (r"statement = concat([{ }], var.s)".to_owned(), "[Allow, ...]"),
        ("statement = []".to_owned(), "[]"),
        ("version = \"2008-10-17\"".to_owned(), "[]"),
    ];
    for (body, expected) in table {
        assert_eq!(merged(&body), expected, "{body}");
    }
    let nested = r"policy_text({ source_policy_documents = [policy_text({ statement = [{ actions = [var.a] }] })] })";
    assert_eq!(show(&format!("policy({nested}).statements[*].actions")), "[[?]]");
    let open =
        "policy_text({ statement = [{ principals = concat([{ type = \"AWS\", identifiers = [\"1\"] }], var.p) }] })";
    assert_eq!(show(&format!("policy({open}).statements[0].principals")), "[{kind=aws, value=1}, ...]");
    assert_eq!(evidence("policy(policy_text({ statement = [{ actions = [] }] })).statements[0]"), "{ actions = [] }");
}

#[test]
fn effects_and_principals() {
    judge(
        "allows",
        "",
        &[
            (r#"Effect = "Allow""#, "yes"),
            (r#"Effect = "Deny""#, "no"),
            ("Effect = var.e", "?"),
            (r#"Effect = var.x ? "Allow" : "Deny""#, "?"),
            ("", "no"),
        ],
    );
    judge("denies", "", &[(r#"Effect = "Deny""#, "yes"), (r#"Effect = "Allow""#, "no"), ("Effect = var.e", "?")]);
    check(&[
        ("allows(absent)", "no"),
        ("allows(var.s)", "?"),
        (r#"allows(policy({ Statement = [var.x ? { Effect = "Allow" } : null] }).statements[0])"#, "?"),
    ]);
    judge(
        "star_principal",
        "",
        &[
            (r#"Principal = "*""#, "yes"),
            (r#"Principal = { AWS = "*" }"#, "yes"),
            (r#"Principal = { AWS = ["arn:x", "*"] }"#, "yes"),
            (r#"Principal = { AWS = "arn:aws:iam::123456789012:root" }"#, "no"),
            (r#"Principal = { Service = "*.amazonaws.com" }"#, "no"),
            (r#"NotPrincipal = { AWS = "arn:x" }"#, "yes"),
            ("", "no"),
            ("Principal = var.p", "?"),
            ("Principal = { AWS = var.p }", "?"),
            (r#"Principal = { AWS = "arn:${var.p}" }"#, "no"),
            (r"Principal = { Service = var.p }", "no"),
            (r#"Principal = { AWS = [var.p, "*"] }"#, "yes"),
        ],
    );
    assert_eq!(
        show(&format!("principal_kinds({})", statement(r#"Principal = { AWS = ["a", "b"], Service = "c" }"#))),
        "[aws, service]"
    );
    assert_eq!(show(&format!("principal_kinds({})", statement("Principal = var.p"))), "[...]");
    judge(
        "foreign_account",
        r#", "111111111111", ["222222222222"]"#,
        &[
            (r#"Principal = { AWS = "333333333333" }"#, "yes"),
            (r#"Principal = { AWS = "arn:aws:iam::333333333333:role/x" }"#, "yes"),
            (r#"Principal = { AWS = "arn:aws:iam::111111111111:root" }"#, "no"),
            (r#"Principal = { AWS = "222222222222" }"#, "no"),
            (r#"Principal = "*""#, "no"),
            (r#"Principal = { Service = "ec2.amazonaws.com" }"#, "no"),
            (r#"Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root" }"#, "no"),
            (r#"Principal = { AWS = "arn:aws:iam::${pseudo["AWS::AccountId"]}:root" }"#, "no"),
            (r#"Principal = { AWS = pseudo["AWS::AccountId"] }"#, "no"),
            (r#"Principal = { AWS = "arn:${pseudo["AWS::Partition"]}:iam::${pseudo["AWS::AccountId"]}:root" }"#, "no"),
            (r#"Principal = { AWS = "arn:${pseudo["AWS::Partition"]}:iam::333333333333:root" }"#, "yes"),
            (r#"Principal = { AWS = "arn:${var.partition}:iam::111111111111:role/${var.name}" }"#, "no"),
            (r#"Principal = { AWS = "arn:aws:iam::33333333333${var.digit}:root" }"#, "?"),
            (r#"Principal = { AWS = "arn:aws:iam::3${pseudo["AWS::AccountId"]}:root" }"#, "?"),
            (r#"Principal = { AWS = "AIDAEXAMPLE" }"#, "?"),
            (r#"Principal = { AWS = "arn:aws:iam::${var.account}:root" }"#, "?"),
            ("Principal = { AWS = made.role.arn }", "?"),
        ],
    );
    judge(
        "foreign_account",
        ", absent",
        &[
            (r#"Principal = { AWS = "333333333333" }"#, "?"),
            (r#"Principal = { AWS = "333333333333", Service = "x" }"#, "?"),
            (r#"Principal = { AWS = ["333333333333", "arn:aws:iam::333333333333:root"] }"#, "?"),
            (r#"Principal = { AWS = ["333333333333", "arn:aws:iam::444444444444:root"] }"#, "yes"),
            (r#"Principal = { AWS = ["333333333333", "444444444444", var.x] }"#, "yes"),
        ],
    );
    judge(
        "foreign_account",
        r#", absent, ["444444444444"]"#,
        &[(r#"Principal = { AWS = ["333333333333", "arn:aws:iam::444444444444:root"] }"#, "?")],
    );
    judge(
        "star_principal",
        "",
        &[
            ("Principal = { AWS = made.role.arn }", "no"),
            ("Principal = { AWS = made.parameter.value }", "?"),
            ("Principal = { AWS = data.identity.account_id }", "no"),
            ("Principal = { AWS = data.role.arn }", "no"),
            ("Principal = { AWS = data.parameter.value }", "?"),
        ],
    );
}

#[test]
fn public_is_everybody_without_a_narrow_condition() {
    let table = [
        ("", "yes"),
        (r#"StringEquals = { "aws:PrincipalOrgID" = "o-1" }"#, "no"),
        (r#"StringEquals = { "AWS:principalorgid" = var.org }"#, "no"),
        (r#"StringLike = { "aws:PrincipalOrgID" = var.org }"#, "?"),
        (r#"StringLike = { "aws:PrincipalOrgID" = "*" }"#, "yes"),
        (r#"StringLike = { "aws:PrincipalOrgID" = ["o-1", "*"] }"#, "yes"),
        (r#"StringEqualsIfExists = { "aws:PrincipalOrgID" = "o-1" }"#, "yes"),
        (r#""ForAllValues:StringEquals" = { "aws:PrincipalOrgPaths" = "o-1/x" }"#, "yes"),
        (r#""ForAnyValue:StringEquals" = { "aws:PrincipalOrgPaths" = "o-1/x" }"#, "no"),
        (r#"StringNotEquals = { "aws:PrincipalOrgID" = "o-1" }"#, "yes"),
        (r#"Null = { "aws:PrincipalOrgID" = "false" }"#, "yes"),
        (r#"Bool = { "aws:SecureTransport" = "true" }"#, "yes"),
        (r#"ArnLike = { "aws:SourceArn" = "arn:aws:s3:*:*:my-bucket" }"#, "no"),
        (r#"ArnLike = { "aws:SourceArn" = "arn:aws:s3:*:111111111111:*" }"#, "no"),
        (r#"ArnLike = { "aws:SourceArn" = "arn:aws:s3:*:*:*" }"#, "yes"),
        (r#"ArnLike = { "aws:SourceArn" = "arn:*" }"#, "yes"),
        (r#"ArnEquals = { "aws:SourceArn" = made.topic.arn }"#, "no"),
        (r#"ArnLike = { "aws:SourceArn" = made.parameter.value }"#, "?"),
        (r#"StringEquals = { "aws:SourceArn" = made.topic.arn }"#, "no"),
        (r#"ArnLike = { "aws:SourceArn" = "arn:aws:s3:::my-${var.x}" }"#, "no"),
        (r#"ArnLike = { "aws:SourceArn" = "arn:aws:s3:::${var.x}" }"#, "?"),
        (r#"ArnLike = { "aws:PrincipalArn" = "arn:aws:iam::*:role/admin" }"#, "yes"),
        (r#"ArnLike = { "aws:PrincipalArn" = "arn:aws:iam::111111111111:*" }"#, "no"),
        (r#"IpAddress = { "aws:SourceIp" = "203.0.113.0/24" }"#, "no"),
        (r#"IpAddress = { "aws:SourceIp" = ["203.0.113.0/24", "0.0.0.0/0"] }"#, "yes"),
        (r#"IpAddress = { "aws:SourceIp" = "0.0.0.0/1" }"#, "yes"),
        (r#"IpAddress = { "aws:SourceIp" = var.ip }"#, "?"),
        (r#"NotIpAddress = { "aws:SourceIp" = "203.0.113.0/24" }"#, "yes"),
        (r#"StringEquals = { "kms:CallerAccount" = "111111111111" }"#, "no"),
        (r#"StringEquals = { "kms:ViaService" = "s3.us-east-1.amazonaws.com" }"#, "yes"),
        (r#"StringEquals = { "aws:SourceVpce" = "vpce-1" }"#, "no"),
        (r#"Bool = { "elasticfilesystem:AccessedViaMountTarget" = "true" }"#, "no"),
        (r#"Bool = { "elasticfilesystem:AccessedViaMountTarget" = "false" }"#, "yes"),
    ];
    for (condition, expected) in table {
        let body = format!(r#"Effect = "Allow", Principal = "*", Condition = {{ {condition} }}"#);
        judge("grants_public", "", &[(&body, expected)]);
    }
    judge(
        "grants_public",
        "",
        &[
            (r#"Effect = "Deny", Principal = "*""#, "no"),
            (r#"Effect = "Allow", Principal = { AWS = "arn:x" }"#, "no"),
            (r#"Effect = "Allow", NotPrincipal = { AWS = "arn:x" }"#, "yes"),
            (r#"Effect = "Allow", Principal = "*", Condition = var.c"#, "?"),
            (r#"Effect = var.e, Principal = "*""#, "?"),
            (r#"Effect = var.e, Principal = { AWS = "arn:x" }"#, "no"),
            (r#"Effect = "Allow", Principal = var.p"#, "?"),
        ],
    );
    let vpc = r#"Effect = "Allow", Principal = "*", Condition = { StringEquals = { "aws:SourceVpc" = "vpc-1" } }"#;
    judge("grants_public", r#", ["aws:PrincipalOrgID"]"#, &[(vpc, "yes")]);
    judge("grants_public", r#", ["aws:SourceVpc*"]"#, &[(vpc, "no")]);
    judge("narrows_caller", "", &[(vpc, "yes"), ("", "no"), ("Condition = var.c", "?")]);
}

#[test]
fn actions_with_wildcards() {
    judge(
        "action_matches",
        r#", ["iam:Pass*"]"#,
        &[
            (r#"Action = "iam:PassRole""#, "yes"),
            (r#"Action = "IAM:passrole""#, "yes"),
            (r#"Action = ["s3:Get*", "iam:*Role"]"#, "yes"),
            (r#"Action = "*""#, "yes"),
            (r#"Action = "iam:Get*""#, "no"),
            (r#"NotAction = "s3:*""#, "yes"),
            (r#"NotAction = "iam:*""#, "no"),
            (r#"NotAction = ["s3:*", "iam:Get*"]"#, "yes"),
            ("", "no"),
            ("Action = var.a", "?"),
            ("NotAction = var.a", "?"),
            (r#"Action = ["iam:PassRole", var.a]"#, "yes"),
            (r#"Action = "s3:${var.a}""#, "no"),
            (r#"Action = "iam:${var.a}""#, "?"),
            (r#"Action = "iam:Pass${var.a}""#, "yes"),
            (r#"NotAction = "s3:${var.a}""#, "yes"),
            (r#"NotAction = "iam:${var.a}""#, "?"),
            (r#"Action = var.x ? "iam:PassRole" : "iam:*""#, "yes"),
        ],
    );
    judge("action_matches", ", []", &[(r#"Action = "*""#, "no")]);
    judge(
        "actions_include",
        r#", "s3:GetObject""#,
        &[
            (r#"Action = "s3:*""#, "yes"),
            (r#"Action = "s3:Get?bject""#, "yes"),
            (r#"Action = "s3:Put*""#, "no"),
            (r#"NotAction = "iam:*""#, "yes"),
            (r#"NotAction = "s3:*""#, "no"),
            (r#"Action = "s3:${var.x}""#, "?"),
            (r#"Action = "iam:${var.x}""#, "no"),
            ("Action = var.x", "?"),
        ],
    );
    judge(
        "actions_include",
        r#", ["a:b", "iam:*"]"#,
        &[
            (r#"Action = "iam:*""#, "yes"),
            (r#"Action = "*""#, "yes"),
            (r#"Action = "iam:Get*""#, "no"),
            (r#"NotAction = "iam:Get*""#, "yes"),
            (r#"NotAction = ["iam:Get*", "a:*"]"#, "no"),
        ],
    );
    judge(
        "actions_beyond",
        r#", ["*:Get*", "*:List*"]"#,
        &[
            (r#"Action = ["s3:GetObject", "s3:List*"]"#, "no"),
            (r#"Action = ["s3:GetObject", "s3:Put*"]"#, "yes"),
            (r#"Action = "s3:*""#, "yes"),
            (r#"NotAction = "s3:GetObject""#, "yes"),
            (r#"Action = "s3:Get${var.x}""#, "no"),
            (r#"Action = "s3:${var.x}""#, "?"),
            (r#"Action = ["s3:Put*", var.x]"#, "yes"),
            ("", "no"),
        ],
    );
    judge(
        "action_star",
        "",
        &[
            (r#"Action = "*""#, "yes"),
            (r#"Action = "*:*""#, "yes"),
            (r#"Action = "**""#, "yes"),
            (r#"Action = "s3:*""#, "no"),
            (r#"Action = "s3:${var.x}""#, "no"),
            (r#"Action = "${var.x}*""#, "?"),
            ("Action = var.x", "?"),
            (r#"NotAction = "s3:*""#, "no"),
        ],
    );
    judge(
        "service_wildcard",
        r#", ["logs:*"]"#,
        &[
            (r#"Action = "s3:*""#, "yes"),
            (r#"Action = "*""#, "yes"),
            (r#"Action = "*:*""#, "yes"),
            (r#"Action = "logs:*""#, "no"),
            (r#"Action = "s3:Get*""#, "no"),
            (r#"Action = "${var.s}:*""#, "?"),
            (r#"Action = "${var.s}:Get*""#, "no"),
            (r#"Action = "${var.s}:GetObject""#, "no"),
            ("Action = var.s", "?"),
        ],
    );
    judge(
        "resource_star",
        "",
        &[
            (r#"Resource = "*""#, "yes"),
            (r#"Resource = ["arn:x", "*"]"#, "yes"),
            (r#"Resource = "arn:aws:s3:::*""#, "no"),
            (r#"NotResource = "*""#, "no"),
            ("Resource = made.bucket.arn", "no"),
            ("Resource = made.bucket.Ref", "no"),
            ("Resource = made.parameter.value", "?"),
            (r#"Resource = "${made.bucket.arn}/*""#, "no"),
            (r#"Resource = "arn:${var.x}""#, "no"),
            ("Resource = var.x", "?"),
            (r#"Resource = [var.x, "*"]"#, "yes"),
        ],
    );
    judge(
        "resource_star",
        r#", [":(role/)?\\*$"]"#,
        &[
            (r#"Resource = "*""#, "yes"),
            (r#"Resource = "arn:aws:iam::111111111111:role/*""#, "yes"),
            (r#"Resource = "arn:aws:iam::${var.account}:role/*""#, "yes"),
            (r#"Resource = "arn:aws:iam::${var.account}:role/app-*""#, "no"),
            (r#"Resource = "arn:aws:iam::111111111111:role/${var.name}""#, "?"),
            ("Resource = made.role.arn", "no"),
            ("", "no"),
        ],
    );
    judge(
        "full_admin",
        "",
        &[
            (r#"Effect = "Allow", Action = "*", Resource = "*""#, "yes"),
            (r#"Effect = "Deny", Action = "*", Resource = "*""#, "no"),
            (r#"Effect = "Allow", Action = "s3:*", Resource = "*""#, "no"),
            (r#"Effect = "Allow", Action = "*", Resource = "arn:x""#, "no"),
            (r#"Effect = "Allow", Action = var.a, Resource = "*""#, "?"),
        ],
    );
    judge(
        "by_exclusion",
        "",
        &[
            (r#"NotAction = "s3:*""#, "yes"),
            (r#"NotResource = ["x"]"#, "yes"),
            (r#"Action = "s3:*""#, "no"),
            ("NotAction = var.x", "yes"),
        ],
    );
    assert_eq!(evidence(&format!("service_wildcard({})", statement(r#"Action = ["a:b", "s3:*"]"#))), "\"s3:*\"");
}

#[test]
fn conditions_by_key_and_value() {
    judge(
        "has_condition",
        r#", ["iam:PassedToService", "aws:ResourceTag/*"]"#,
        &[
            (r#"Condition = { StringEquals = { "iam:passedtoservice" = "x" } }"#, "yes"),
            (r#"Condition = { StringEquals = { "aws:ResourceTag/env" = "x" } }"#, "yes"),
            (r#"Condition = { StringEquals = { "aws:x" = "x" } }"#, "no"),
            ("", "no"),
            ("Condition = var.c", "?"),
            (r#"Condition = { StringEquals = { "aws:x" = "x" }, Bool = var.c }"#, "?"),
        ],
    );
    judge("has_condition", "", &[(r#"Condition = { Bool = { "aws:x" = "true" } }"#, "yes"), ("", "no")]);
    judge(
        "condition_demands",
        r#", ["aws:SecureTransport"], ["false"], ["Bool*"]"#,
        &[
            (r#"Condition = { Bool = { "aws:SecureTransport" = "false" } }"#, "yes"),
            (r#"Condition = { Bool = { "aws:SecureTransport" = false } }"#, "yes"),
            (r#"Condition = { BoolIfExists = { "aws:SecureTransport" = ["False"] } }"#, "yes"),
            (r#"Condition = { Bool = { "aws:SecureTransport" = "true" } }"#, "no"),
            (r#"Condition = { Null = { "aws:SecureTransport" = "false" } }"#, "no"),
            (r#"Condition = { Bool = { "aws:SecureTransport" = var.x } }"#, "?"),
            ("", "no"),
        ],
    );
    judge(
        "pins_claim",
        r#", "sub""#,
        &[
            (r#"Condition = { StringLike = { "token.example:sub" = "repo:a/b:*" } }"#, "yes"),
            (r#"Condition = { StringEquals = { "token.example:sub" = var.x } }"#, "yes"),
            (r#"Condition = { StringLike = { "token.example:sub" = "*" } }"#, "no"),
            (r#"Condition = { StringLike = { "token.example:sub" = ["a", "*"] } }"#, "no"),
            (r#"Condition = { StringLike = { "token.example:sub" = var.x } }"#, "?"),
            (r#"Condition = { StringLike = { "token.example:sub" = made.pool.id } }"#, "yes"),
            (r#"Condition = { StringLike = { "token.example:sub" = "repo:${var.x}" } }"#, "yes"),
            (r#"Condition = { StringEquals = { "token.example:aud" = "x" } }"#, "no"),
            (r#"Condition = { StringNotEquals = { "token.example:sub" = "x" } }"#, "no"),
            (r#"Condition = { StringEquals = { "${var.provider}:sub" = "x" } }"#, "?"),
            ("", "no"),
        ],
    );
    judge(
        "demands_mfa",
        "",
        &[
            (r#"Effect = "Allow", Condition = { Bool = { "aws:MultiFactorAuthPresent" = "true" } }"#, "yes"),
            (r#"Effect = "Allow", Condition = { BoolIfExists = { "aws:MultiFactorAuthPresent" = "true" } }"#, "no"),
            (r#"Effect = "Allow", Condition = { NumericLessThan = { "aws:MultiFactorAuthAge" = "3600" } }"#, "yes"),
            (r#"Effect = "Deny", Condition = { BoolIfExists = { "aws:MultiFactorAuthPresent" = "false" } }"#, "yes"),
            (r#"Effect = "Deny", Condition = { Null = { "aws:MultiFactorAuthAge" = "true" } }"#, "yes"),
            (r#"Effect = "Deny", Condition = { Bool = { "aws:MultiFactorAuthPresent" = "true" } }"#, "no"),
            (r#"Effect = "Allow""#, "no"),
            (r#"Effect = "Allow", Condition = var.c"#, "?"),
        ],
    );
    judge(
        "denies_plain_transport",
        "",
        &[
            (r#"Effect = "Deny", Principal = "*", Condition = { Bool = { "aws:SecureTransport" = "false" } }"#, "yes"),
            (r#"Effect = "Deny", Principal = "*", Condition = { NumericLessThan = { "s3:TlsVersion" = 1.2 } }"#, "yes"),
            (
                r#"Effect = "Deny", Principal = { AWS = "x" }, Condition = { Bool = { "aws:SecureTransport" = "false" } }"#,
                "no",
            ),
            (r#"Effect = "Allow", Principal = "*", Condition = { Bool = { "aws:SecureTransport" = "true" } }"#, "no"),
            (r#"Effect = "Deny", Principal = "*", Condition = var.c"#, "?"),
        ],
    );
}

#[test]
fn whole_documents() {
    let deny = r#"{ Effect = "Deny", Condition = { BoolIfExists = { "aws:MultiFactorAuthPresent" = "false" } } }"#;
    let guarded = r#"{ Effect = "Allow", Condition = { Bool = { "aws:MultiFactorAuthPresent" = "true" } } }"#;
    let free = r#"{ Effect = "Allow", Action = "s3:*" }"#;
    let table = [
        (format!("[{free}, {deny}]"), "yes"),
        (format!("[{guarded}]"), "yes"),
        (format!("[{guarded}, {free}]"), "no"),
        (format!("[{free}]"), "no"),
        ("[]".to_owned(), "no"),
        (format!("concat([{free}], var.s)"), "?"),
        (format!("concat([{deny}], var.s)"), "yes"),
        (format!("concat([{guarded}], var.s)"), "?"),
    ];
    for (statements, expected) in table {
        check(&[(&format!("enforces_mfa({{ Statement = {statements} }})"), expected)]);
        check(&[(&format!("enforces_mfa(policy({{ Statement = {statements} }}))"), expected)]);
    }
    check(&[("enforces_mfa(var.p)", "?"), ("enforces_mfa(absent)", "no")]);

    let sets = r#"[["iam:CreatePolicyVersion"], ["iam:PassRole", "ec2:RunInstances"]]"#;
    let all = |statements: &str| show(&format!("escalations({{ Statement = {statements} }}, {sets})"));
    let allow =
        |action: &str, resource: &str| format!(r#"{{ Effect = "Allow", Action = {action}, Resource = {resource} }}"#);
    let table = [
        (format!("[{}]", allow(r#""*""#, r#""*""#)), "[iam:CreatePolicyVersion, iam:PassRole with ec2:RunInstances]"),
        (
            format!("[{}, {}]", allow(r#""iam:Pass*""#, r#""*""#), allow(r#""ec2:*""#, r#""*""#)),
            "[iam:PassRole with ec2:RunInstances]",
        ),
        (format!("[{}]", allow(r#""iam:PassRole""#, r#""*""#)), "[]"),
        (format!("[{}]", allow(r#""*""#, r#""arn:x""#)), "[]"),
        (format!("[{}, var.s]", allow(r#""iam:CreatePolicyVersion""#, r#""*""#)), "[iam:CreatePolicyVersion, ...]"),
        ("var.s".to_owned(), "[...]"),
    ];
    for (statements, expected) in table {
        assert_eq!(all(&statements), expected, "{statements}");
    }
    assert_eq!(show(&format!("escalations(var.p, {sets})")), "?");
    assert_eq!(show(&format!("escalations(absent, {sets})")), "[]");
    assert_eq!(show("escalations({}, [[1]])"), "?");
}

#[test]
fn grammar() {
    let of = |document: &str| show(&format!("[for f in policy_faults({{ {document} }}) : f.what]"));
    let fine = r#"Effect = "Allow", Action = "s3:*", Resource = "*""#;
    let table = [
        (format!(r#"Version = "2012-10-17", Statement = [{{ {fine} }}]"#), "[]"),
        (format!("Version = \"2012-10-17\", Statements = [], Statement = [{{ {fine} }}]"), "[there is no element Statements in a policy]"),
        (format!("Statement = [{{ {fine}, Actions = [] }}]"), "[there is no element Actions in a policy]"),
        (r#"Statement = [{ Action = "a:b" }]"#.to_owned(), "[a statement has no effect]"),
        (r#"Statement = [{ Effect = "allow", Action = "a:b" }]"#.to_owned(), r#"[the effect "allow" is neither Allow nor Deny]"#),
        (r#"Statement = [{ Effect = "Deny" }]"#.to_owned(), "[a statement has no action]"),
        (r#"Statement = [{ Effect = "Deny", Action = "getobject" }]"#.to_owned(), r#"[the action "getobject" does not name a service]"#),
        (format!(r#"Statement = [{{ Sid = "x", {fine} }}, {{ Sid = "x", {fine} }}]"#), "[the Sid x is used twice]"),
        (r#"Statement = [{ Effect = "Allow", Action = "a:b", Resource = "x/$${aws:username}" }]"#.to_owned(), "[a variable is used, but the version is not 2012-10-17]"),
        (r#"Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "a:b", Resource = "x/$${aws:username}" }]"#.to_owned(), "[]"),
        (r#"Statement = [{ Effect = "Deny", Action = var.x }]"#.to_owned(), "[...]"),
        (r#"Statement = [{ Effect = var.x, Action = "a:b" }]"#.to_owned(), "[...]"),
        ("Statement = var.s".to_owned(), "[...]"),
    ];
    for (document, expected) in table {
        assert_eq!(of(&document), expected, "{document}");
    }
    let faulty = r#"{ Statement = [{ Sid = "x", Effect = "Allow", Action = "${all}" }] }"#.replace("${all}", "*");
    let all = |documents: &str| show(&format!("[for f in policy_faults({documents}) : f.kind]"));
    assert_eq!(all(&format!("[{faulty}, {faulty}]")), "[]");
    assert_eq!(all(&format!("[{faulty}, {{ Statement = [{{ Action = \"a\" }}] }}, var.p]")), "[effect, action, ...]");
    assert_eq!(
        all(r#"{ Statement = [{ Effect = "Allow", Action = "a:b", Resource = "$${aws:username}" }] }"#),
        "[version]"
    );
    assert_eq!(show("policy_faults(var.p)"), "?");
    assert_eq!(show("policy_faults(absent)"), "[]");
}
