use super::super::testing::{check, eval, evidence, truth};
use crate::value::{Kind, Piece};

const GROUP: &str = "security-group-{region}{sep}{words}";

fn matches(table: &[(&str, &str, &str)], pattern: &str) {
    for (name, options, expected) in table {
        let text = format!("name_matches({name}, {pattern:?}, {{ {options} }})");
        assert_eq!(truth(&text), *expected, "{text}: {:?}", eval(&text));
    }
}

#[test]
fn names_match_patterns() {
    let region = r#"region = "us-east-1""#;
    let hyphen = r#"separator = "hyphen""#;
    let underscore = r#"separator = "underscore""#;
    matches(
        &[
            (r#""security-group-us-east-1-web""#, region, "yes"),
            (r#""security-group-us-east-1_web_tier2""#, region, "yes"),
            (r#""security-group-us-east-1-web-tier""#, region, "yes"),
            (r#""security-group-us-east-1-web_tier""#, region, "no"),
            (r#""security-group-us-east-1_web""#, hyphen, "no"),
            (r#""security-group-us-east-1-web""#, underscore, "no"),
            (r#""security-group-us-east-1_web""#, underscore, "yes"),
            (r#""security-group-eu-west-1-web""#, region, "no"),
            (r#""security-group-eu-west-1-web""#, "", "yes"),
            (r#""security-group-eu-west-1-web""#, "region = var.region", "yes"),
            (r#""security-group-eu-west-1-web""#, "region = absent", "yes"),
            (r#""security-group-us-gov-west-1-web""#, "", "yes"),
            (r#""security-group-us-east-1a-web""#, region, "no"),
            (r#""security-group-us-east-1a-web""#, "", "no"),
            (r#""security-group-us-east-1""#, region, "no"),
            (r#""security-group-us-east-1-""#, region, "no"),
            (r#""security-group-us-east-1--web""#, region, "no"),
            (r#""security-group-us-east-1-Web""#, region, "no"),
            (r#""sg-us-east-1-web""#, region, "no"),
            (r#""security-group-web""#, "", "no"),
            (r#""xsecurity-group-us-east-1-web""#, region, "no"),
            ("absent", region, "no"),
            ("12", region, "no"),
            // Parts.
            (r#""security-group-${var.region}-web""#, "", "yes"),
            (r#""security-group-${data.aws_region.current.name}-web""#, "", "yes"),
            (r#""security-group-${pseudo["AWS::Region"]}-web""#, "", "yes"),
            (r#""security-group-${pseudo["AWS::Region"]}_web_x""#, "", "yes"),
            (r#""security-group-${pseudo["AWS::Region"]}_web-x""#, "", "no"),
            (r#""security-group-${var.aws_region}-web""#, region, "yes"),
            (r#""security-group-${var.region}""#, "", "no"),
            (r#""security-group-${var.region}-Web""#, "", "no"),
            (r#""security-group-web-${var.region}""#, "", "no"),
            (r#""security-group-${var.region}-${var.name}""#, "", "?"),
            (r#""security-group-${var.region}-web${var.name}""#, "", "?"),
            (r#""security-group-${var.name}""#, "", "?"),
            (r#""security-group-${var.x}-web""#, "", "?"),
            (r#""${var.name}-web""#, "", "?"),
            (r#""${var.name}-Web""#, "", "no"),
            (r#""sg-${var.name}""#, "", "no"),
            (r#""security-group-us-${var.name}""#, region, "?"),
            (r#""security-group-eu-${var.name}""#, region, "no"),
            (r#""${var.name}-web_tier-x""#, "", "no"),
            ("var.name", region, "?"),
            ("made.group.name", region, "?"),
            // Generated names, and what a condition decides.
            (r#"starting_with("security-group-us-east-1-web-")"#, region, "?"),
            (r#"starting_with("sg-")"#, region, "no"),
            ("starting_with(absent)", region, "no"),
            (r#"var.x ? "sg-a" : "sg-b""#, region, "no"),
            (r#"var.x ? "security-group-us-east-1-a" : "sg-b""#, region, "?"),
            // Wrong use.
            (r#""x""#, r#"separator = "dot""#, "?"),
            (r#""x""#, "environments = [var.e]", "?"),
        ],
        GROUP,
    );
    let environments = r#"environments = ["dev", "prod"]"#;
    matches(
        &[
            (r#""bucket-eu-west-1-dev-logs""#, environments, "yes"),
            (r#""bucket-eu-west-1-prod_logs_x""#, environments, "yes"),
            (r#""bucket-eu-west-1-test-logs""#, environments, "no"),
            (r#""bucket-eu-west-1-test-logs""#, "", "yes"),
            (r#""bucket-eu-west-1-${var.env}-logs""#, environments, "?"),
            (r#""bucket-eu-west-1-d${var.env}-logs""#, environments, "?"),
            (r#""bucket-eu-west-1-x${var.env}-logs""#, environments, "no"),
        ],
        "bucket-{region}-{env}{sep}{words}",
    );
    matches(&[(r#""a.b""#, "", "yes"), (r#""axb""#, "", "no"), (r#""a.b\n""#, "", "no")], "a.b");
    matches(&[(r#""role-app-${var.region}""#, "", "yes"), (r#""role-app_x-${var.region}""#, "", "no")], "role-{words}");
    matches(&[(r#""x""#, "", "?")], "{nothing}");
    matches(&[(r#""x""#, "", "?")], "{region");
    assert_eq!(evidence(r#"name_matches("sg-a", "x")"#), "\"sg-a\"");
}

#[test]
fn texts_match_expressions_and_globs() {
    check(&[
        (r#"name_matches_regex("role-app", "^role-[a-z]+$")"#, "yes"),
        (r#"name_matches_regex("role-App", "^role-[a-z]+$")"#, "no"),
        (r#"name_matches_regex("role-${var.x}", "^role-[a-z]+$")"#, "?"),
        (r#"name_matches_regex("app-${var.x}", "^role-[a-z]+$")"#, "no"),
        (r#"name_matches_regex(var.x, "^role-[a-z]+$")"#, "?"),
        (r#"name_matches_regex("x", "(")"#, "?"),
        (r#"matches_any("default", ["^default$", "^x"])"#, "yes"),
        (r#"matches_any("other", ["^default$", "^x"])"#, "no"),
        (r#"matches_any("x-${var.y}", ["^default$", "^x"])"#, "yes"),
        (r#"matches_any("${var.y}", ["^default$"])"#, "?"),
        (r#"matches_any("z${var.y}", ["^default$", "^x"])"#, "no"),
        (r"matches_any(var.y, [])", "no"),
        (r#"matches_any(absent, ["x"])"#, "no"),
        (r#"matches_any("x", absent)"#, "no"),
        (r#"matches_any(["a", "b"], ["b"])"#, "yes"),
        (r#"matches_any(["a", var.b], ["b"])"#, "?"),
        (r#"matches_any([var.x ? "b" : "ab"], ["b"])"#, "yes"),
        (r#"matches_any("x", [var.p])"#, "?"),
        (r#"glob_any("prod-db", ["prod-*"])"#, "yes"),
        (r#"glob_any("Prod-db", ["prod-*"])"#, "no"),
        (r#"glob_any("prod", ["prod?"])"#, "no"),
        (r#"glob_any("prod-${var.x}", ["prod-*"])"#, "yes"),
        (r#"glob_any("prod-${var.x}", ["prod-?"])"#, "?"),
        (r#"glob_any("${var.x}-db", ["*-web"])"#, "no"),
        (r#"glob_any(12, ["1?"])"#, "yes"),
        (r#"any_key({ Name = "x", Team = "y" }, ["Te*"])"#, "yes"),
        (r#"any_key({ Name = "x" }, ["team"])"#, "no"),
        (r#"any_key(merge({ Name = "x" }, var.tags), ["team"])"#, "?"),
        (r#"any_key(merge({ Name = "x" }, var.tags), ["Name"])"#, "yes"),
        (r#"any_key(var.tags, ["Name"])"#, "?"),
        (r#"any_key(absent, ["Name"])"#, "no"),
        (r#"any_key({ (var.key) = 1 }, ["Name"])"#, "?"),
        (r#"any_key("x", ["Name"])"#, "?"),
    ]);
    assert_eq!(evidence(r#"any_key({ Name = "x", Team = "y" }, ["Te*"])"#), "\"y\"");
}

#[test]
fn regions_in_names() {
    check(&[
        (r#"contains_region("role-us-east-1-x")"#, "yes"),
        (r#"contains_region("us-gov-west-1")"#, "yes"),
        (r#"contains_region("my-app-1")"#, "no"),
        (r#"contains_region("us-east-1a")"#, "no"),
        (r#"contains_region("role-${var.aws_region}")"#, "yes"),
        (r#"contains_region("role-${pseudo["AWS::Region"]}")"#, "yes"),
        (r#"contains_region("role-${var.name}")"#, "?"),
        (r#"contains_region("eu-west-3-${var.name}")"#, "yes"),
        (r#"contains_region("eu-west-3${var.name}")"#, "?"),
        ("contains_region(var.name)", "?"),
        ("contains_region(absent)", "no"),
        (r#"region_conflict("sg-us-east-1-web", "eu-west-1")"#, "yes"),
        (r#"region_conflict("sg-us-east-1-web", "us-east-1")"#, "no"),
        (r#"region_conflict("us-east-1-to-eu-west-1", "us-east-1")"#, "yes"),
        (r#"region_conflict("sg-us-east-1-web", var.region)"#, "no"),
        (r#"region_conflict("sg-us-east-1-web", absent)"#, "no"),
        (r#"region_conflict("sg-us-east-1-${var.x}", "eu-west-1")"#, "yes"),
        (r#"region_conflict("sg-us-east-1${var.x}", "eu-west-1")"#, "?"),
        (r#"region_conflict("sg-${var.x}", "eu-west-1")"#, "?"),
        (r#"region_conflict("sg-${var.region}", "eu-west-1")"#, "no"),
        (r#"region_conflict(var.x, "eu-west-1")"#, "?"),
        (r#"region_conflict(absent, "eu-west-1")"#, "no"),
    ]);
}

#[test]
fn generated_names_start_with_their_prefix() {
    let value = eval(r#"starting_with("web-${var.x}-")"#);
    let Kind::Partial(text) = &value.kind else { panic!("{value:?}") };
    let known: Vec<bool> = text.pieces().iter().map(|p| matches!(p, Piece::Known(_))).collect();
    assert_eq!(known, [true, false, true, false]);
    assert_eq!(evidence(r#"starting_with("web-")"#), "\"web-\"");
    assert!(eval("starting_with(null)").is_unset());
    assert!(eval("starting_with(var.x)").is_unknown());
}

#[test]
fn words_are_plain() {
    let map = r#"{ sg = "security-group", srv = "server" }"#;
    let table = [
        ("\"web-server\"", "either", "yes", ""),
        ("\"web_server\"", "either", "yes", ""),
        ("\"web-server_x\"", "either", "no", "hyphens mixed with underscores"),
        ("\"web_server\"", "hyphen", "no", "underscores"),
        ("\"web-server\"", "underscore", "no", "hyphens"),
        ("\"WebServer\"", "either", "no", "upper-case letters"),
        ("\"web server\"", "either", "no", "spaces"),
        ("\"web--server\"", "either", "no", "doubled separators"),
        ("\"web-srv\"", "either", "no", "srv (server)"),
        ("\"Web-SRV-sg\"", "either", "no", "upper-case letters, srv (server), sg (security-group)"),
        ("\"web-srvs\"", "either", "yes", ""),
        ("\"/a-b/c_d.e\"", "either", "yes", ""),
        ("\"/a-b/c_d-e\"", "either", "no", "hyphens mixed with underscores"),
        ("\"app_us-east-1_x\"", "either", "yes", ""),
        ("\"app_us-east-1_x\"", "underscore", "yes", ""),
        ("\"app_${var.region}_x\"", "underscore", "yes", ""),
        ("\"app_${var.name}\"", "underscore", "?", ""),
        ("\"App_${var.name}\"", "underscore", "no", "upper-case letters"),
        ("\"${var.name}-a_b\"", "either", "no", "hyphens mixed with underscores"),
        ("\"a-${var.name}_b\"", "either", "?", ""),
        ("\"a-${var.name}-b\"", "either", "?", ""),
        ("\"a--${var.name}\"", "either", "no", "doubled separators"),
        ("\"srv-${var.name}\"", "either", "no", "srv (server)"),
        ("\"srv${var.name}\"", "either", "?", ""),
        ("\"${var.name}srv\"", "either", "?", ""),
        ("var.name", "either", "?", ""),
        ("absent", "either", "yes", ""),
        ("\"\"", "either", "yes", ""),
        ("var.x ? \"A\" : \"B\"", "either", "no", "upper-case letters"),
        ("var.x ? \"a\" : \"B\"", "either", "?", "?"),
    ];
    for (name, separator, expected, faults) in table {
        let of = |function: &str| format!("{function}({name}, {separator:?}, {map})");
        check(&[(&of("plain_words"), expected)]);
        let found = eval(&of("word_faults"));
        assert_eq!(found.as_str().unwrap_or("?"), faults, "{name}");
    }
    check(&[
        (r#"plain_words("a-srv")"#, "yes"),
        (r#"plain_words("a", "dot")"#, "?"),
        (r#"plain_words("a", "hyphen", 1)"#, "?"),
    ]);
}
