use super::{Config, LoadError, ParamType, Profile, RuleNames, Separator, UnknownPolicy, find, schema};
use crate::report::Severity;
use crate::source::{Memory, Sources};
use crate::value::{Number, Value};
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme};
use std::path::{Path, PathBuf};

fn load(text: &str) -> Result<Config, LoadError> {
    let mut files = Memory::new();
    files.insert("formwork.toml", text);
    Config::load(Path::new("formwork.toml"), &files, &Sources::new())
}

/// As the command prints it, without colours.
fn rendered(error: &dyn Diagnostic) -> String {
    let mut out = String::new();
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor()).with_width(100);
    handler.render_report(&mut out, error).expect("a string takes everything");
    out
}

struct Known;

impl RuleNames for Known {
    fn resolves(&self, name: &str) -> bool {
        self.names().iter().any(|n| n == name)
    }

    fn names(&self) -> Vec<String> {
        ["ebs-volume-encrypted", "ec2-imdsv2-required", "naming-security-group", "CKV_AWS_79", "ec2"]
            .map(str::to_owned)
            .to_vec()
    }

    fn params(&self, rule: &str) -> Option<Vec<(String, ParamType)>> {
        match rule {
            "naming-security-group" => Some(vec![
                ("accept_tag".to_owned(), ParamType::Bool),
                ("ignore_patterns".to_owned(), ParamType::List(Box::new(ParamType::String))),
                ("separator".to_owned(), ParamType::Choice(vec!["either".to_owned(), "hyphen".to_owned()])),
                ("max_length".to_owned(), ParamType::Integer),
                ("tags".to_owned(), ParamType::Map(Box::new(ParamType::String))),
            ]),
            "ec2" => None,
            _ => Some(Vec::new()),
        }
    }
}

#[test]
fn everything_that_can_be_written_is_read() {
    let config = load(include_str!("../../fixtures/config/complete.toml")).expect("the file is right");
    let values = |list: &[super::Spanned<String>]| list.iter().map(|s| s.value.clone()).collect::<Vec<_>>();

    assert_eq!(values(config.select.as_deref().expect("written")), ["ec2", "CKV_AWS_79"]);
    assert_eq!(values(&config.extend_select), ["ebs-volume-encrypted"]);
    assert_eq!(values(&config.ignore), ["ec2-imdsv2-required"]);
    assert_eq!(config.fail_on, Some(Severity::High));
    assert_eq!(config.profile, Some(Profile::Strict));
    assert_eq!(config.unknown, Some(UnknownPolicy::Fail));
    assert_eq!(config.honour.as_deref(), Some(&["checkov", "trivy"][..]));
    assert!(config.excludes(Path::new("modules/x/examples/main.tf"), false));
    assert!(!config.excludes(Path::new("modules/x/main.tf"), false));
    assert!(config.is_account_baseline(Path::new("live/prod/baseline"), true));
    assert!(!config.is_account_baseline(Path::new("live/prod/web"), true));
    assert_eq!(config.modules.len(), 1);
    assert_eq!(config.modules[0].0.value, "git::https://example.com/network.git");
    assert_eq!(config.modules[0].1.value, "vendor/network");

    let rule = &config.rules[0];
    assert_eq!(rule.rule.value, "naming-security-group");
    assert_eq!((rule.severity, rule.enabled), (Some(Severity::Low), Some(true)));
    let params: Vec<&str> = rule.params.iter().map(|(k, _)| k.value.as_str()).collect();
    assert_eq!(params, ["accept_tag", "ignore_patterns", "max_length"]);
    assert_eq!(rule.params[0].1.as_bool(), Some(false));
    assert_eq!(rule.params[2].1.as_number(), Some(Number::Int(40)));
    let file = config.file.clone().expect("there is a file");
    let at = |value: &Value| file.text[value.trail.span().expect("written").range()].to_owned();
    assert_eq!(at(&rule.params[0].1), "false");
    assert_eq!(at(&rule.params[1].1), "['^default$']");
    assert_eq!(at(&rule.params[1].1.at(0)), "'^default$'");

    let over = config.overrides_for(Path::new("sandbox/a/main.tf")).collect::<Vec<_>>();
    assert_eq!(over.len(), 1);
    assert_eq!(values(&over[0].ignore), ["ec2"]);
    assert_eq!(over[0].rules[0].severity, Some(Severity::Info));
    assert_eq!(config.overrides_for(Path::new("live/main.tf")).count(), 0);

    assert_eq!(config.naming.separator, Some(Separator::Hyphen));
    assert_eq!(values(&config.naming.environments), ["dev", "test", "prod"]);
    let keys: Vec<&str> = config.naming.entities.iter().map(|e| e.key.value.as_str()).collect();
    assert_eq!(keys, ["security-group", "role", "ec2"]);
    let group = &config.naming.entities[0];
    assert_eq!(values(&group.name_from), ["name", "tags.Name"]);
    assert_eq!(group.pattern.as_ref().map(|p| p.value.as_str()), Some("security-group-{region}{sep}{words}"));
    assert_eq!(config.naming.entities[1].regional, Some(false));
    assert_eq!(config.naming.entities[2].enabled, Some(false));

    assert_eq!(values(&config.inputs.var_files), ["env/prod.tfvars"]);
    assert_eq!(config.inputs.variables[0].0.value, "instance_count");
    assert_eq!(config.inputs.variables[0].1.as_number(), Some(Number::Int(2)));
    assert!(config.suppressions.require_reason);
    assert_eq!(config.suppressions.max_days, Some(180));
    assert_eq!(config.validate(&Known), []);
}

#[test]
fn an_empty_file_is_a_configuration() {
    let config = load("").expect("nothing is wrong with it");
    assert!(config.select.is_none() && config.rules.is_empty() && config.honour.is_none());
    assert!(!config.excludes(Path::new("a.tf"), false));
}

#[test]
fn mistakes_are_shown_on_their_characters() {
    let table = [
        ("unknown_key", "slect = [\"ec2\"]\n"),
        ("unknown_key_without_a_neighbour", "banana = 1\n"),
        ("unknown_key_in_a_table", "[naming.entities.role]\nregonal = false\n"),
        ("string_for_a_list", "# rules\nselect = \"ec2\"\n"),
        ("number_in_a_list", "ignore = [\"ec2\", 3]\n"),
        ("string_for_a_boolean", "[rules.ec2-imdsv2-required]\nenabled = \"false\"\n"),
        ("unknown_severity", "fail-on = \"hihg\"\n"),
        ("severity_in_capitals", "rules.ec2-imdsv2-required.severity = \"HIGH\"\n"),
        ("unknown_tool", "honour = [\"chekov\"]\n"),
        ("override_as_a_table", "[override]\npaths = [\"a\"]\n"),
        ("override_without_paths", "[[override]]\nignore = [\"ec2\"]\n"),
        ("bad_glob", "exclude = [\"ok/*\", \"a[b\", \"../up\"]\n"),
        ("unknown_placeholder", "[naming.entities.a]\npattern = \"a-{regoin}{sep}{words}\"\n"),
        ("lone_brace", "[naming.entities.a]\npattern = 'a-{region'\n"),
        ("bad_regex", "[naming.entities.a]\nregex = '^(a'\n"),
        ("pattern_and_regex", "[naming.entities.a]\npattern = 'a'\nregex = 'a'\n"),
        ("key_with_both_hyphens", "fail-on = \"high\"\nfail_on = \"low\"\n"),
        ("date", "[rules.ec2-imdsv2-required]\nsince = 2027-01-31\n"),
        ("negative_days", "[suppressions]\nmax-days = -1\n"),
        ("syntax", "select = [\"ec2\"\nignore = []\n"),
        ("syntax_at_the_end", "select = \n"),
        ("duplicate_key", "select = []\nselect = []\n"),
        (
            "several",
            "slect = [\"ec2\"]\nfail-on = 3\n\n[naming]\nseparator = \"dash\"\n\n[[override]]\npath = [\"x\"]\n",
        ),
        ("multi_line_value", "fail-on = \"\"\"\nhigh\n\"\"\"\n"),
        ("nothing_a_terminal_obeys", "\"\\u001b[31m\\u202e\" = 1 # \u{202e}\u{9b}\n"),
    ];
    for (name, text) in table {
        let error = load(text).expect_err(name);
        insta::assert_snapshot!(name, rendered(&error), text);
    }
}

#[test]
fn names_of_rules_and_parameters_are_checked() {
    let table = [
        ("unknown_rule", "select = [\"ebs-volumes-encrypted\"]\n"),
        ("unknown_alias", "[[override]]\npaths = [\"x\"]\nignore = [\"CKV_AWS_799\"]\n"),
        ("unknown_rule_in_table", "[rules.banana]\nseverity = \"low\"\n"),
        ("unknown_parameter", "[rules.naming-security-group]\nacept_tag = true\n"),
        ("parameter_of_a_rule_without_any", "[rules.ebs-volume-encrypted]\nkey = true\n"),
        ("parameter_of_a_service", "[rules.ec2]\nmax_length = 3\n"),
        ("parameter_of_the_wrong_type", "[rules.naming-security-group]\nmax_length = \"3\"\naccept_tag = 1\n"),
        ("element_of_the_wrong_type", "[rules.naming-security-group]\nignore_patterns = [\"a\", 3]\n"),
        ("entry_of_the_wrong_type", "[rules.naming-security-group.tags]\nName = \"a\"\nOwner = false\n"),
        ("parameter_out_of_its_words", "[rules.naming-security-group]\nseparator = \"hyphn\"\n"),
        ("refused_rule", "suppressions = { refuse = [\"ec\"] }\n"),
    ];
    for (name, text) in table {
        let config = load(text).unwrap_or_else(|e| panic!("{name}: {e}"));
        let error = config.error(config.validate(&Known)).expect(name);
        insta::assert_snapshot!(name, rendered(&error), text);
    }
}

#[test]
fn the_nearest_file_upwards_applies() {
    let mut files = Memory::new();
    for path in [
        "formwork.toml",
        "a/b/formwork.toml",
        "a/b/.formwork.toml",
        "a/c/.formwork.toml",
        "a/b/c/main.tf",
        "repo/.git/HEAD",
        "repo/x/main.tf",
        "worktree/.git",
        "worktree/main.tf",
        "own/.git/HEAD",
        "own/formwork.toml",
    ] {
        files.insert(path, "");
    }
    let table = [
        ("a/b/c", Some("a/b/formwork.toml")),
        ("a/b/c/main.tf", Some("a/b/formwork.toml")),
        ("a/b/c/not-there.tf", Some("a/b/formwork.toml")),
        ("./a/c/", Some("a/c/.formwork.toml")),
        ("a/x/../c", Some("a/c/.formwork.toml")),
        ("a", Some("formwork.toml")),
        ("", Some("formwork.toml")),
        (".", Some("formwork.toml")),
        ("main.tf", Some("formwork.toml")),
        ("repo/x/main.tf", None),
        ("worktree/main.tf", None),
        ("own", Some("own/formwork.toml")),
        ("/somewhere/else", None),
        ("../../../../../../../../../../../../../../../../../../../..", None),
    ];
    for (start, expected) in table {
        assert_eq!(find(Path::new(start), &files), expected.map(PathBuf::from), "from {start:?}");
    }
}

#[test]
fn a_file_above_the_working_directory_applies() {
    let mut files = Memory::new();
    files.insert("../formwork.toml", "exclude = [\"gone\"]");
    let path = find(Path::new("x/main.tf"), &files).expect("it is above");
    assert_eq!(path, Path::new("../formwork.toml"));
    let config = Config::load(&path, &files, &Sources::new()).expect("it is right");
    assert!(config.excludes(Path::new("gone/main.tf"), false));
    assert!(config.excludes(Path::new("../gone"), true));
    assert!(!config.excludes(Path::new("../../gone"), true));
    assert_eq!(config.resolve("prod.tfvars"), Path::new("../prod.tfvars"));
    let here = std::env::current_dir().expect("there is one");
    let name = here.file_name().expect("not the root");
    assert_eq!(config.relative(Path::new("main.tf")), Some(Path::new(name).join("main.tf")));
}

#[test]
fn paths_are_relative_to_the_file() {
    let mut files = Memory::new();
    files.insert("infra/formwork.toml", "exclude = [\"/old\"]\n[[override]]\npaths = [\"dev/**\"]\n");
    let config = Config::load(Path::new("infra/formwork.toml"), &files, &Sources::new()).expect("it is right");
    for (path, expected) in [("infra/old/a.tf", true), ("old/a.tf", false), ("infra/x/old/a.tf", false)] {
        assert_eq!(config.excludes(Path::new(path), false), expected, "{path}");
    }
    assert_eq!(config.overrides_for(Path::new("infra/dev/a.tf")).count(), 1);
    assert_eq!(config.overrides_for(Path::new("dev/a.tf")).count(), 0);
    assert_eq!(config.resolve("../vendor/x"), Path::new("vendor/x"));
    let absolute = std::env::current_dir().expect("there is one").join("infra/old/a.tf");
    assert!(config.excludes(&absolute, false));
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let error = Config::load(Path::new("no/formwork.toml"), &Memory::new(), &Sources::new()).expect_err("not there");
    assert_eq!(error.to_string(), "no/formwork.toml: no such file");
    let error = load(&format!("# {}", "x".repeat(2_000_000))).expect_err("too large");
    assert_eq!(error.to_string(), "formwork.toml: larger than the limit of 1 MB");
}

#[test]
fn many_mistakes_are_bounded() {
    let text = (0..500).map(|i| format!("key{i} = {i}")).collect::<Vec<_>>().join("\n");
    let error = load(&text).expect_err("all are unknown");
    assert_eq!(error.to_string(), "formwork.toml has 500 errors");
    let text = rendered(&error);
    assert!(text.contains("450 more are not shown"), "{text}");
    assert!(load(&format!("x = {}", "[".repeat(100_000))).is_err());
    assert!(load(&format!("{}x = 1", "a.".repeat(100_000))).is_err());
}

#[test]
fn the_schema_describes_what_is_read() {
    let schema = schema();
    assert_eq!(schema["properties"]["fail-on"]["enum"][4], "critical");
    assert_eq!(schema["properties"]["override"]["items"]["properties"]["paths"]["type"], "array");
    assert_eq!(schema["properties"]["rules"]["additionalProperties"]["additionalProperties"], true);
    assert_eq!(schema["additionalProperties"], false);
    let text = include_str!("../../fixtures/config/complete.toml");
    let document = toml_edit::Document::parse(text).expect("it is valid TOML");
    for (key, _) in document.as_table() {
        let described = &schema["properties"][key];
        assert!(described["description"].is_string(), "{key} is not described");
    }
    let described = schema["properties"].as_object().expect("an object").len();
    assert_eq!(document.as_table().len(), described, "the example shows every key");
}
