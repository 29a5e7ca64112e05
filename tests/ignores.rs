//! Ignores in templates, wherever a person can write them.

use serde_json::Value as Json;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// The findings and the accepted findings of a run, by resource; and what it has to say besides.
struct Run {
    findings: Vec<String>,
    suppressed: Vec<String>,
    notes: Vec<String>,
}

fn run(files: &[(&str, &str)], rules: &str) -> Run {
    let dir = TempDir::new().expect("a temporary folder");
    std::fs::create_dir(dir.path().join(".git")).expect("a folder");
    for (name, text) in files {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new(""))).expect("folders");
        std::fs::write(path, text).expect("a file");
    }
    let output = Command::new(env!("CARGO_BIN_EXE_formwork"))
        .args(["check", ".", "-o", "json", "--select", rules])
        .current_dir(dir.path())
        .env_clear()
        .output()
        .expect("formwork can be started");
    let json: Json = serde_json::from_slice(&output.stdout).expect("JSON");
    let of = |list: &str| {
        let list = json[list].as_array().cloned().unwrap_or_default();
        list.iter().map(|f| f["resource"]["address"].as_str().unwrap_or_default().to_owned()).collect()
    };
    let said = |list: &str| {
        let list = json[list].as_array().cloned().unwrap_or_default();
        list.iter().map(|n| n["message"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    Run { findings: of("findings"), suppressed: of("suppressed"), notes: [said("errors"), said("notes")].concat() }
}

const RULE: &str = "ebs-volume-encrypted";

/// The resources that are accepted; all others are findings, and nothing is said besides.
fn accepted(files: &[(&str, &str)], expected: &[&str], left: &[&str]) {
    let seen = run(files, RULE);
    assert_eq!(seen.suppressed, expected, "{}", files[0].1);
    assert_eq!(seen.findings, left, "{}", files[0].1);
    assert!(seen.notes.is_empty(), "{:?} for {}", seen.notes, files[0].1);
}

#[test]
fn comments_reach_properties_resources_parameters_and_files() {
    let other = "  Other:\n    Type: AWS::EC2::Volume\n    Properties:\n      Encrypted: false\n";
    let cases = [
        // Behind the property, above it, above and behind the resource.
        "Resources:\n  Data:\n    Type: AWS::EC2::Volume\n    Properties:\n      Encrypted: false # formwork: ignore[ebs-volume-encrypted] scratch\n",
        "Resources:\n  Data:\n    Type: AWS::EC2::Volume\n    Properties:\n      # formwork: ignore[ebs-volume-encrypted] scratch\n      Encrypted: false\n",
        "Resources:\n  # formwork: ignore[ebs-volume-encrypted] scratch\n  Data:\n    Type: AWS::EC2::Volume\n    Properties:\n      Encrypted: false\n",
        "Resources:\n  Data: # formwork: ignore[ebs-volume-encrypted] scratch\n    Type: AWS::EC2::Volume\n    Properties:\n      Encrypted: false\n",
        // A parameter whose default decides.
        "Parameters:\n  # formwork: ignore[ebs-volume-encrypted] scratch\n  Encrypt: {Type: String, Default: 'false'}\nResources:\n  Data:\n    Type: AWS::EC2::Volume\n    Properties:\n      Encrypted: !Ref Encrypt\n",
        "Parameters:\n  Encrypt:\n    Type: String\n    Default: 'false' # formwork: ignore[ebs-volume-encrypted] scratch\nResources:\n  Data:\n    Type: AWS::EC2::Volume\n    Properties:\n      Encrypted: !Ref Encrypt\n",
        // A condition that decides.
        "Parameters:\n  Stage: {Type: String, Default: dev}\nConditions:\n  # formwork: ignore[ebs-volume-encrypted] scratch\n  IsProd: !Equals [!Ref Stage, prod]\nResources:\n  Data:\n    Type: AWS::EC2::Volume\n    Properties:\n      Encrypted: !If [IsProd, true, false]\n",
        // Metadata of the resource.
        "Resources:\n  Data:\n    Type: AWS::EC2::Volume\n    Metadata: {formwork: {ignore: [ebs-volume-encrypted]}}\n    Properties:\n      Encrypted: false\n",
        "Resources:\n  Data:\n    Type: AWS::EC2::Volume\n    Metadata:\n      formwork:\n        ignore: [{id: ebs-volume-encrypted, reason: scratch}]\n    Properties:\n      Encrypted: false\n",
    ];
    for text in cases {
        accepted(&[("t.yaml", &format!("{text}{other}"))], &["Data"], &["Other"]);
    }
    let both = ["Data", "Other"];
    let plain = format!("Resources:\n  Data:\n    Type: AWS::EC2::Volume\n{other}");
    accepted(&[("t.yaml", &format!("# formwork: ignore-file[ebs-volume-encrypted] scratch\n{plain}"))], &both, &[]);
    accepted(
        &[("t.yaml", &format!("Metadata: {{formwork: {{ignore: [ebs-volume-encrypted]}}}}\n{plain}"))],
        &both,
        &[],
    );
}

#[test]
fn json_has_a_key_for_it() {
    let volume = |note: &str, inside: &str| {
        format!("{{{note}\"Type\": \"AWS::EC2::Volume\", \"Properties\": {{{inside}\"Encrypted\": false}}}}")
    };
    let note = "\"//formwork\": \"ignore[ebs-volume-encrypted] scratch\", ";
    let template = |head: &str, data: &str| {
        format!("{{{head}\"Resources\": {{\"Data\": {data}, \"Other\": {}}}}}", volume("", ""))
    };
    accepted(&[("t.json", &template("", &volume(note, "")))], &["Data"], &["Other"]);
    accepted(&[("t.json", &template("", &volume("", note)))], &["Data"], &["Other"]);
    let file = "\"//formwork\": \"ignore-file[ebs-volume-encrypted] scratch\", ";
    accepted(&[("t.json", &template(file, &volume("", "")))], &["Data", "Other"], &[]);
    let metadata = "\"Metadata\": {\"formwork\": {\"ignore\": [\"ebs-volume-encrypted\"]}}, ";
    accepted(&[("t.json", &template("", &volume(metadata, "")))], &["Data"], &["Other"]);
    accepted(&[("t.json", &template(metadata, &volume("", "")))], &["Data", "Other"], &[]);
    let parameter = format!("\"Parameters\": {{\"P\": {{{note}\"Type\": \"String\", \"Default\": \"false\"}}}}, ");
    let of_parameter = "{\"Type\": \"AWS::EC2::Volume\", \"Properties\": {\"Encrypted\": {\"Ref\": \"P\"}}}";
    accepted(&[("t.json", &template(&parameter, of_parameter))], &["Data"], &["Other"]);
}

#[test]
fn what_is_nested_or_expanded_is_ignored_where_a_person_wrote_it() {
    let child = "Parameters: {Encrypt: {Type: String, Default: 'false'}}\nResources:\n  V: {Type: AWS::EC2::Volume, Properties: {Encrypted: !Ref Encrypt}}\n";
    let parent = |above: &str, behind: &str| {
        format!(
            "Resources:\n{above}  A:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: child/child.yaml\n      Parameters:\n        Encrypt: 'false'{behind}\n"
        )
    };
    let comment = "# formwork: ignore[ebs-volume-encrypted] scratch";
    let files =
        |text: &str| [("parent.yaml".to_owned(), text.to_owned()), ("child/child.yaml".to_owned(), child.to_owned())];
    for text in [parent(&format!("  {comment}\n"), ""), parent("", &format!(" {comment}"))] {
        let files = files(&text);
        let files: Vec<(&str, &str)> = files.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
        accepted(&files, &["A.V"], &[]);
    }
    // In the nested template itself.
    let marked = child.replace("  V:", &format!("  {comment}\n  V:"));
    accepted(&[("parent.yaml", &parent("", "")), ("child/child.yaml", &marked)], &["A.V"], &[]);
    // A loop.
    let looped = format!(
        "Transform: AWS::LanguageExtensions\nResources:\n  {comment}\n  Fn::ForEach::Volumes:\n    - Name\n    - [A, B]\n    - V${{Name}}: {{Type: AWS::EC2::Volume, Properties: {{Encrypted: false}}}}\n"
    );
    let seen = run(&[("t.yaml", &looped)], RULE);
    assert_eq!((seen.findings.len(), seen.suppressed.len(), seen.notes), (0, 1, vec![]));
    // A file that is included, in the resources and in the properties of one.
    let including = "Resources:\n  Fn::Transform: {Name: AWS::Include, Parameters: {Location: ./parts/more.yaml}}\n  Own:\n    Type: AWS::EC2::Volume\n    \
                     Properties:\n      Fn::Transform: {Name: AWS::Include, Parameters: {Location: parts/properties.json}}\n";
    let properties = ("parts/properties.json", "{\"Encrypted\": false}");
    let more = "Volume:\n  Type: AWS::EC2::Volume\n  Properties:\n    Encrypted: false\n";
    accepted(&[("t.yaml", including), ("parts/more.yaml", more), properties], &[], &["Volume", "Own"]);
    let marked = more.replace("false", &format!("false {comment}"));
    accepted(&[("t.yaml", including), ("parts/more.yaml", &marked), properties], &["Volume"], &["Own"]);
    // A resource that a transform makes.
    let sam = |comment: &str| {
        format!(
            "Transform: AWS::Serverless-2016-10-31\nResources:\n{comment}  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: python3.12\n      Handler: a.b\n      CodeUri: src/\n      Policies:\n        - Statement: [{{Effect: Allow, Action: 's3:*', Resource: '*'}}]\n"
        )
    };
    let rule = "iam-policy-no-wildcard-action";
    assert_eq!(run(&[("t.yaml", &sam(""))], rule).findings, ["FRole"]);
    let seen = run(&[("t.yaml", &sam("  # formwork: ignore[iam-policy-no-wildcard-action] a sandbox\n"))], rule);
    assert_eq!((seen.findings, seen.suppressed, seen.notes), (vec![], vec!["FRole".to_owned()], vec![]));
}
