//! The command as a user runs it: exit codes, messages, determinism, bad input.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

struct Run {
    code: i32,
    out: String,
    err: String,
}

/// Runs formwork in `dir` with nothing of the caller's environment.
fn formwork(dir: &Path, args: &[&str]) -> Run {
    let output: Output = Command::new(env!("CARGO_BIN_EXE_formwork"))
        .args(args)
        .current_dir(dir)
        .env_clear()
        .output()
        .expect("formwork can be started");
    Run {
        code: output.status.code().expect("formwork is not killed"),
        out: String::from_utf8(output.stdout).expect("output is UTF-8"),
        err: String::from_utf8(output.stderr).expect("messages are UTF-8"),
    }
}

/// A folder with these files, in a repository of its own.
fn tree(files: &[(&str, &str)]) -> TempDir {
    let dir = TempDir::new().expect("a temporary folder");
    std::fs::create_dir(dir.path().join(".git")).expect("a folder");
    for (path, text) in files {
        write(dir.path(), path, text);
    }
    dir
}

fn write(dir: &Path, path: &str, text: impl AsRef<[u8]>) {
    let path = dir.join(path);
    std::fs::create_dir_all(path.parent().expect("a parent")).expect("folders");
    std::fs::write(path, text).expect("a file");
}

const BAD_VOLUME: &str = "resource \"aws_ebs_volume\" \"bad\" {\n  availability_zone = \"a\"\n  encrypted = false\n}\n";
const GOOD_VOLUME: &str =
    "resource \"aws_ebs_volume\" \"good\" {\n  availability_zone = \"a\"\n  encrypted = true\n}\n";

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

#[test]
fn exit_codes_say_what_happened() {
    let dir = tree(&[
        ("bad/main.tf", BAD_VOLUME),
        ("good/main.tf", GOOD_VOLUME),
        ("broken/main.tf", "resource \"aws_ebs_volume\" {{\n"),
        ("other/notes.yaml", "a: 1\n"),
    ]);
    let cases: [(&[&str], i32); 14] = [
        (&["check", "good"], 0),
        (&["good"], 0),
        (&["check", "bad"], 1),
        (&["check", "bad", "--exit-zero"], 0),
        (&["check", "bad", "--fail-on", "critical"], 0),
        (&["check", "bad", "--ignore", "ebs-volume-encrypted"], 0),
        (&["check", "bad", "--ignore", "CKV_AWS_3"], 0),
        (&["check", "bad", "--select", "ecr"], 0),
        (&["check", "bad", "--select", "ebs", "--format", "json"], 1),
        (&["check", "broken", "bad"], 3),
        (&["check", "other"], 3),
        (&["check", "nowhere"], 3),
        (&["check", "bad", "--select", "nonsense"], 2),
        (&["check", "--no-such-flag"], 2),
    ];
    for (args, code) in cases {
        let run = formwork(dir.path(), args);
        assert_eq!(run.code, code, "{args:?}\n{}\n{}", run.out, run.err);
    }
}

#[test]
fn nothing_to_analyse_is_not_clean() {
    let dir = tree(&[("notes.yaml", "a: 1\n")]);
    let run = formwork(dir.path(), &["check", "."]);
    assert_eq!(run.code, 3);
    assert!(run.out.contains("no Terraform or CloudFormation here"), "{}", run.out);
    assert!(!run.out.contains("clean"), "{}", run.out);
    let run = formwork(dir.path(), &["check", "--hook", "notes.yaml"]);
    assert_eq!(run.code, 0, "a hook is content with other files: {}", run.out);
}

#[test]
fn an_unknown_rule_gets_a_suggestion() {
    let dir = tree(&[("main.tf", GOOD_VOLUME)]);
    let run = formwork(dir.path(), &["check", "--select", "ebs-volume-encryptd"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("did you mean `ebs-volume-encrypted`"), "{}", run.err);
}

#[test]
fn a_broken_configuration_is_shown_on_its_characters() {
    let dir = tree(&[("main.tf", BAD_VOLUME), ("formwork.toml", "fail-onn = \"high\"\n")]);
    let run = formwork(dir.path(), &["check"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("formwork.toml:1:1"), "{}", run.err);
    assert!(run.err.contains("fail-on"), "{}", run.err);
}

#[test]
fn rules_of_the_user_run_and_their_mistakes_are_shown() {
    let rule = "# Volumes are small\n\n```hcl\nrule \"volume-small\" {\n  severity = \"low\"\n  resource = ebs.volume\n  require  = self.size < 100\n  message  = \"${self.address} is large\"\n}\n```\n";
    let volume =
        "resource \"aws_ebs_volume\" \"v\" {\n  availability_zone = \"a\"\n  encrypted = true\n  size = 500\n}\n";
    let dir = tree(&[("main.tf", volume), (".formwork/rules/ebs/volume-small.md", rule)]);
    let run = formwork(dir.path(), &["check", "--fail-on", "low"]);
    assert_eq!(run.code, 1, "{}{}", run.out, run.err);
    assert!(run.out.contains("low[volume-small]: aws_ebs_volume.v is large"), "{}", run.out);
    write(dir.path(), ".formwork/rules/ebs/volume-small.md", rule.replace("require ", "requires"));
    let run = formwork(dir.path(), &["check"]);
    assert_eq!(run.code, 2, "{}{}", run.out, run.err);
    assert!(run.err.contains("volume-small.md:7:3") && run.err.contains("did you mean require"), "{}", run.err);
}

#[test]
fn the_configuration_is_the_nearest_one_upwards() {
    let dir = tree(&[
        ("formwork.toml", "ignore = [\"ebs-volume-encrypted\"]\n"),
        ("a/main.tf", BAD_VOLUME),
        ("b/formwork.toml", "fail-on = \"high\"\n"),
        ("b/main.tf", BAD_VOLUME),
    ]);
    assert_eq!(formwork(dir.path(), &["check", "a"]).code, 0);
    assert_eq!(formwork(dir.path(), &["check", "b"]).code, 1);
    assert_eq!(formwork(dir.path(), &["check", "a", "--no-config"]).code, 1);
}

#[test]
fn a_part_of_the_tree_can_have_settings_of_its_own() {
    let config = r#"
ignore = ["tags"]
[rules.ebs-volume-encrypted]
severity = "critical"

[[override]]
paths = ["sandbox/**"]
[override.rules.ebs-volume-encrypted]
severity = "low"

[[override]]
paths = ["sandbox/scratch/**"]
ignore = ["ebs"]

[[override]]
paths = ["live/**"]
extend-select = ["naming-lower-case-words"]
[override.rules.naming-lower-case-words]
separator = "underscore"
"#;
    let queue = "resource \"aws_sqs_queue\" \"q\" {\n  name = \"incoming-orders\"\n}\n";
    let dir = tree(&[
        ("formwork.toml", config),
        ("live/main.tf", &format!("{BAD_VOLUME}{queue}")),
        ("sandbox/main.tf", &format!("{BAD_VOLUME}{queue}")),
        ("sandbox/scratch/main.tf", BAD_VOLUME),
    ]);
    let run = formwork(dir.path(), &["check", "-o", "json"]);
    let report: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    let mut found: Vec<String> = report["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|f| format!("{} {} {}", f["primary"]["path"], f["rule"], f["severity"]).replace('"', ""))
        .collect();
    found.sort();
    let expected = [
        "live/main.tf ebs-volume-encrypted critical",
        "live/main.tf naming-lower-case-words low",
        "sandbox/main.tf ebs-volume-encrypted low",
    ];
    assert_eq!(found, expected, "{}", run.err);
}

#[test]
fn a_bad_block_costs_one_block_and_a_bad_file_one_file() {
    let text = format!("resource \"aws_ebs_volume\" \"broken\" {{\n  encrypted = = true\n}}\n\n{BAD_VOLUME}");
    let dir = tree(&[
        ("main.tf", &text),
        ("other.tf", GOOD_VOLUME),
        ("broken.yaml", "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  A:\n   Type: [\n"),
    ]);
    let run = formwork(dir.path(), &["check", "-o", "json"]);
    assert_eq!(run.code, 3);
    let report: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    let addresses: Vec<&str> = report["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter_map(|f| f["resource"]["address"].as_str())
        .collect();
    assert!(addresses.contains(&"aws_ebs_volume.bad"), "{addresses:?}");
    let errors: Vec<(&str, u64)> = report["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .map(|e| (e["path"].as_str().unwrap_or(""), e["start"]["line"].as_u64().unwrap_or(0)))
        .collect();
    assert!(errors.contains(&("main.tf", 2)), "{errors:?}");
    assert!(errors.iter().any(|e| e.0 == "broken.yaml"), "{errors:?}");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let dir = tree(&[]);
    for i in 0..40 {
        write(dir.path(), &format!("m{i}/main.tf"), BAD_VOLUME.replace("bad", &format!("v{i}")));
        let template = format!(
            "Resources:\n  V{i}:\n    Type: AWS::EC2::Volume\n    Properties: {{AvailabilityZone: a, Encrypted: false}}\n"
        );
        write(dir.path(), &format!("t{i}.yaml"), template);
    }
    for format in ["text", "json", "sarif", "gitlab", "junit", "markdown", "html", "ndjson", "github"] {
        let one = formwork(dir.path(), &["check", "--jobs", "1", "-o", format]);
        let eight = formwork(dir.path(), &["check", "--jobs", "8", "-o", format]);
        assert_eq!(one.code, 1, "{}", one.err);
        assert_eq!(one.out, eight.out, "{format}");
    }
}

#[test]
fn encodings_and_line_ends_do_not_move_spans() {
    let dir = tree(&[
        ("bom/main.tf", &format!("\u{feff}{BAD_VOLUME}")),
        ("crlf/main.tf", &BAD_VOLUME.replace('\n', "\r\n")),
        ("tabs/main.tf", &BAD_VOLUME.replace("  ", "\t")),
        ("empty/main.tf", ""),
    ]);
    write(dir.path(), "latin/main.tf", b"# caf\xe9\nresource \"a\" \"b\" {}\n");
    for folder in ["bom", "crlf", "tabs"] {
        let run = formwork(dir.path(), &["check", "--ignore", "tags", folder, "-o", "json"]);
        assert_eq!(run.code, 1, "{folder}: {}", run.out);
        let report: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
        let primary = &report["findings"][0]["primary"];
        assert_eq!(primary["start"]["line"], 3, "{folder}");
        assert_eq!(primary["end"]["line"], 3, "{folder}");
    }
    assert_eq!(formwork(dir.path(), &["check", "--ignore", "tags", "empty"]).code, 0);
    let run = formwork(dir.path(), &["check", "--ignore", "tags", "latin"]);
    assert_eq!(run.code, 3);
    assert!(run.out.contains("latin/main.tf") && run.out.contains("UTF-8"), "{}", run.out);
}

#[test]
fn hostile_input_ends_quickly_and_says_so() {
    let dir = tree(&[("ok/main.tf", BAD_VOLUME)]);
    let deep = 10_000;
    write(
        dir.path(),
        "deep/main.tf",
        format!("locals {{\n  x = {}1{}\n}}\n{BAD_VOLUME}", "[".repeat(deep), "]".repeat(deep)),
    );
    write(dir.path(), "blocks/main.tf", format!("{}{}", "a {\n".repeat(deep), "}\n".repeat(deep)));
    write(dir.path(), "deep.json", format!("{{\"Resources\": {}1{}}}", "[".repeat(deep), "]".repeat(deep)));
    write(dir.path(), "deep.yaml", format!("Resources: {}1{}\n", "[".repeat(deep), "]".repeat(deep)));
    let big = std::fs::File::create(dir.path().join("big.json")).expect("a file");
    big.set_len(100_000_000).expect("a large file");
    let start = std::time::Instant::now();
    let run = formwork(dir.path(), &["check", "--ignore", "tags", ".", "-o", "json"]);
    assert!(start.elapsed().as_secs() < 20, "it took {:?}", start.elapsed());
    assert_eq!(run.code, 3, "{}", run.err);
    let report: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(report["findings"].as_array().map(Vec::len), Some(2), "the rest is judged: {}", run.out);
    for path in ["deep/main.tf", "blocks/main.tf", "big.json"] {
        let named = report["errors"].as_array().is_some_and(|e| e.iter().any(|e| e["path"] == path));
        assert!(named, "{path} is not named: {}", report["errors"]);
    }
}

#[cfg(unix)]
#[test]
fn links_lead_nowhere_else() {
    use std::os::unix::fs::symlink;
    let outside = tree(&[("secret.tf", BAD_VOLUME), ("data.txt", "x")]);
    let dir = tree(&[
        ("a/main.tf", GOOD_VOLUME),
        (
            "m/main.tf",
            "locals {\n  x = file(\"leak.txt\")\n}\nresource \"aws_ebs_volume\" \"v\" {\n  availability_zone = local.x\n  encrypted = local.x == \"x\"\n}\n",
        ),
    ]);
    symlink(dir.path(), dir.path().join("a/loop")).expect("a link");
    symlink(outside.path().join("data.txt"), dir.path().join("m/leak.txt")).expect("a link");
    symlink(outside.path(), dir.path().join("elsewhere")).expect("a link");
    let run = formwork(dir.path(), &["check", ".", "-o", "json", "--select", "ebs-volume-encrypted"]);
    let report: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(report["findings"].as_array().map(Vec::len), Some(0), "{}", run.out);
    assert_eq!(report["summary"]["files"], 2, "{}", run.out);
    assert_eq!(report["undetermined"].as_array().map(Vec::len), Some(1), "{}", run.out);
}

#[test]
fn a_hook_judges_the_roots_that_own_a_file() {
    let dir = tree(&[
        ("live/main.tf", "module \"v\" {\n  source    = \"../modules/volume\"\n  encrypted = false\n}\n"),
        (
            "modules/volume/main.tf",
            "resource \"aws_ebs_volume\" \"this\" {\n  availability_zone = \"a\"\n  encrypted = var.encrypted\n}\n",
        ),
        ("modules/volume/variables.tf", "variable \"encrypted\" {\n  type = bool\n}\n"),
        ("unrelated/main.tf", BAD_VOLUME),
    ]);
    let run =
        formwork(dir.path(), &["check", "--ignore", "tags", "--hook", "modules/volume/variables.tf", "-o", "json"]);
    assert_eq!(run.code, 1, "{}{}", run.out, run.err);
    let report: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    let findings = report["findings"].as_array().expect("findings");
    assert_eq!(findings.len(), 1, "{}", run.out);
    assert_eq!(findings[0]["primary"]["path"], "modules/volume/main.tf");
    assert_eq!(findings[0]["secondary"][0]["path"], "live/main.tf");
    assert_eq!(findings[0]["resource"]["address"], "module.v.aws_ebs_volume.this");
}

#[test]
fn several_outputs_come_from_one_evaluation() {
    let dir = tree(&[("main.tf", BAD_VOLUME)]);
    let run = formwork(dir.path(), &["check", "-o", "text", "-o", "sarif=out.sarif", "-o", "json=out.json"]);
    assert_eq!(run.code, 1);
    assert!(run.out.contains("aws_ebs_volume.bad is not encrypted"), "{}", run.out);
    for name in ["out.sarif", "out.json"] {
        let text = std::fs::read_to_string(dir.path().join(name)).expect("an output");
        serde_json::from_str::<serde_json::Value>(&text).expect("JSON");
    }
}

#[test]
fn text_that_is_not_for_a_terminal_has_no_escape_sequences() {
    let dir = tree(&[("main.tf", BAD_VOLUME)]);
    assert!(!formwork(dir.path(), &["check"]).out.contains('\u{1b}'));
    assert!(formwork(dir.path(), &["check", "--color", "always"]).out.contains('\u{1b}'));
}

#[test]
fn rules_and_schemas_can_be_read_by_machines() {
    let dir = tree(&[]);
    let run = formwork(dir.path(), &["rules", "--format", "json"]);
    assert_eq!(run.code, 0);
    let rules: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    let volume = rules
        .as_array()
        .expect("an array")
        .iter()
        .find(|r| r["id"] == "ebs-volume-encrypted")
        .expect("the rule is listed");
    for key in ["title", "severity", "service", "resource", "practices", "aliases", "fix", "references", "docs"] {
        assert!(!volume[key].is_null(), "{key} is missing");
    }
    for what in ["report", "config"] {
        let run = formwork(dir.path(), &["schema", what]);
        assert_eq!(run.code, 0);
        serde_json::from_str::<serde_json::Value>(&run.out).expect("JSON");
    }
    let run = formwork(dir.path(), &["explain", "ebs-volume-encrypted"]);
    assert_eq!(run.code, 0);
    assert!(run.out.contains("EBS volumes are encrypted"), "{}", run.out);
    assert_eq!(formwork(dir.path(), &["explain", "nonsense"]).code, 2);
}

#[test]
fn inputs_reach_both_dialects() {
    let dir = tree(&[
        (
            "tf/main.tf",
            "variable \"e\" {}\nresource \"aws_ebs_volume\" \"v\" {\n  availability_zone = \"a\"\n  encrypted = var.e\n}\n",
        ),
        (
            "cfn/t.yaml",
            "Parameters:\n  E: {Type: String}\nResources:\n  V:\n    Type: AWS::EC2::Volume\n    Properties: {AvailabilityZone: a, Encrypted: !Ref E}\n",
        ),
        ("prod.tfvars", "e = false\n"),
        ("prod.json", "[{\"ParameterKey\": \"E\", \"ParameterValue\": \"false\"}]"),
    ]);
    assert_eq!(formwork(dir.path(), &["check", "tf", "cfn"]).code, 0, "unknown is never a finding");
    assert_eq!(formwork(dir.path(), &["check", "tf", "cfn", "--unknown", "fail"]).code, 1);
    for args in [
        ["check", "tf", "--var", "e=false"],
        ["check", "tf", "--var-file", "prod.tfvars"],
        ["check", "cfn", "--parameters", "E=false"],
        ["check", "cfn", "--parameters", "prod.json"],
    ] {
        let run = formwork(dir.path(), &args);
        assert_eq!(run.code, 1, "{args:?}\n{}{}", run.out, run.err);
    }
    assert_eq!(formwork(dir.path(), &["check", "tf", "--var", "e=true"]).code, 0);
    assert_eq!(formwork(dir.path(), &["check", "tf", "--var-file", "nowhere.tfvars"]).code, 2);
}

#[test]
fn the_quickstart_shows_what_the_readme_promises() {
    let dir = fixture("quickstart");
    let run = formwork(&dir, &["check", ".", "--show-undetermined"]);
    assert_eq!(run.code, 1, "{}{}", run.out, run.err);
    insta::assert_snapshot!("quickstart", run.out);
}
