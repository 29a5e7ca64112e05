//! Cloud assemblies of the CDK: found when they are named, followed from the manifest to the program.

use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// The fixture in a repository that ignores its output, as that of every CDK application does.
fn application() -> TempDir {
    fn copy(from: &Path, to: &Path) {
        std::fs::create_dir_all(to).expect("a folder");
        for entry in std::fs::read_dir(from).expect("the fixture").map(|e| e.expect("an entry").path()) {
            let target = to.join(entry.file_name().expect("a name"));
            if entry.is_dir() {
                copy(&entry, &target);
            } else {
                std::fs::copy(&entry, &target).expect("a copy");
            }
        }
    }
    let dir = TempDir::new().expect("a temporary folder");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cdk"), dir.path());
    std::fs::create_dir(dir.path().join(".git")).expect("a folder");
    std::fs::write(dir.path().join(".gitignore"), "node_modules\ncdk.out\ncdk.out/**\n").expect("a file");
    std::fs::create_dir(dir.path().join("cdk.out/asset.1234")).expect("a folder");
    let bundled = "Resources: {V: {Type: AWS::EC2::Volume}}\n";
    std::fs::write(dir.path().join("cdk.out/asset.1234/template.yaml"), bundled).expect("a file");
    dir
}

fn check(dir: &Path, args: &[&str]) -> (i32, serde_json::Value) {
    let output = Command::new(env!("CARGO_BIN_EXE_formwork"))
        .args(["check", "-o", "json"])
        .args(args)
        .current_dir(dir)
        .env_clear()
        .output()
        .expect("formwork can be started");
    let json = serde_json::from_slice(&output.stdout).unwrap_or_default();
    (output.status.code().expect("formwork is not killed"), json)
}

#[test]
fn the_findings_lead_from_the_template_to_the_program() {
    let dir = application();
    let rules = ["--select", "ebs-volume-encrypted,sg-no-public-ssh,sg-no-public-rdp"];
    for path in ["cdk.out", "cdk.out/Shop.template.json"] {
        let nested_too = path == "cdk.out";
        let (code, report) = check(dir.path(), &[&[path][..], &rules[..]].concat());
        assert_eq!(code, 1, "{path}");
        let seen: Vec<[&str; 3]> = report["findings"]
            .as_array()
            .expect("findings")
            .iter()
            .map(|f| {
                let text = |v: &'static str| f["resource"][v].as_str().unwrap_or_default();
                [f["message"].as_str().unwrap_or_default(), text("construct"), text("created")]
            })
            .collect();
        let stack = "InnerNestedStackInnerNestedStackResource745E041B";
        let data = format!("{stack}.Data (Shop/Inner/Data) is not encrypted");
        let open = format!("{stack}.Open (Shop/Inner/Open) opens SSH (port 22) to the internet");
        let mut expected = vec![
            [
                "GroupC77FDACD (Shop/Group/Resource) opens RDP (port 3389) to the internet",
                "Shop/Group/Resource",
                "lib/shop.js:14:19",
            ],
            ["Plain295EB121 (Shop/Plain/Resource) is not encrypted", "Shop/Plain/Resource", "lib/shop.js:16:5"],
        ];
        if nested_too {
            expected.push([&data, "Shop/Inner/Data", "lib/shop.js:6:5"]);
            expected.push([&open, "Shop/Inner/Open", "lib/shop.js:7:5"]);
        }
        assert_eq!(seen, expected, "{path}");
        let plain = &report["findings"][1]["secondary"];
        let last = plain.as_array().and_then(|l| l.last()).expect("a label");
        assert_eq!((last["path"].as_str(), last["start"]["line"].as_u64()), (Some("lib/shop.js"), Some(16)));
        // The version of the bootstrap stack, its rule and the metadata of the CDK are nobody's business.
        assert_eq!(report["undetermined"], serde_json::json!([]), "{path}");
        if nested_too {
            assert_eq!(report["notes"], serde_json::json!([]));
            assert_eq!(report["errors"], serde_json::json!([]));
        }
    }
}

#[test]
fn the_manifest_says_where_a_stack_is_deployed() {
    let dir = application();
    let template = dir.path().join("cdk.out/Shop.template.json");
    let text = std::fs::read_to_string(&template).expect("a template");
    let text = text.replacen(
        "\"Encrypted\": false",
        "\"Encrypted\": {\"Fn::If\": [\"CDKMetadataAvailable\", false, true]}",
        1,
    );
    std::fs::write(&template, text).expect("a template");
    let (code, report) = check(dir.path(), &["cdk.out", "--select", "ebs-volume-encrypted"]);
    assert_eq!(code, 1);
    assert_eq!(report["findings"][0]["resource"]["construct"], "Shop/Plain/Resource");
    // What the user says of the region wins.
    let elsewhere = ["cdk.out", "--select", "ebs-volume-encrypted", "--parameters", "AWS::Region=sa-east-1"];
    let (_, report) = check(dir.path(), &elsewhere);
    assert_eq!(report["findings"].as_array().map(Vec::len), Some(1), "only that of the nested stack");
}

#[test]
fn an_assembly_is_read_only_when_it_is_named() {
    let dir = application();
    let (code, _) = check(dir.path(), &["."]);
    assert_eq!(code, 3, "there is nothing else to analyse");
    let (_, report) = check(dir.path(), &["cdk.out"]);
    let paths: Vec<&str> =
        report["findings"].as_array().expect("findings").iter().filter_map(|f| f["primary"]["path"].as_str()).collect();
    assert!(!paths.is_empty() && paths.iter().all(|p| !p.contains("asset.")), "{paths:?}");
}

#[test]
fn a_broken_manifest_costs_nothing_but_itself() {
    let dir = application();
    for text in [
        "",
        "{",
        "{\"artifacts\": {\"Shop\": {\"type\": \"aws:cloudformation:stack\"}}}",
        "[\"artifacts\", \"aws:cloudformation:stack\"]",
    ] {
        std::fs::write(dir.path().join("cdk.out/manifest.json"), text).expect("a manifest");
        let (code, report) = check(dir.path(), &["cdk.out", "--select", "ebs-volume-encrypted"]);
        assert_eq!(code, 1, "{text}");
        assert!(report["findings"].as_array().is_some_and(|f| !f.is_empty()), "{text}");
    }
}
