//! Conditions that the source leaves open: what is said of every world, and of one only with its witness.

mod support;

use formwork::source::Sources;
use support::{Example, report};

const HEAD: &str = "\
Parameters:
  Env: {Type: String, AllowedValues: [dev, test, prod]}
  Enc: {Type: String, AllowedValues: ['true', 'false']}
  Open: {Type: String}
  Secret: {Type: String, NoEcho: true, AllowedValues: ['true', 'false']}
  Words: {Type: CommaDelimitedList}
Mappings:
  M:
    dev: {E: false}
    test: {E: true}
    prod: {E: true}
Conditions:
  IsDev: !Equals [!Ref Env, dev]
  IsTest: !Equals [test, !Ref Env]
  IsProd: !Equals [!Ref Env, prod]
  IsStaging: !Equals [!Ref Env, staging]
  IsOpen: !Equals [!Ref Open, 'yes']
  IsShut: !Equals [!Ref Open, 'no']
  NotProd: !Not [!Condition IsProd]
  DevOrOpen: !Or [!Condition IsDev, !Condition IsOpen]
  DevAndOpen: !And [!Condition IsDev, !Condition IsOpen]
  NotDevOrOpen: !Not [!Condition DevOrOpen]
  HasWords: !Not [!Equals [!Join ['', !Ref Words], '']]
  NoWords: !Equals [{'Fn::Join': ['', {Ref: Words}]}, '']
  SameAsOpen: !Equals [!Ref Open, !Ref Env]
  Different: !Not [!Equals [!Ref Open, !Ref Env]]
Resources:
";

/// What is said of the resources of a template: `finding: ...` and `undetermined: ...`.
fn said(resources: &str, rules: &[&str]) -> Vec<String> {
    let example = Example {
        files: vec![("t.yaml".to_owned(), format!("{HEAD}{resources}"))],
        rules: rules.iter().map(|r| (*r).to_owned()).collect(),
        config: None,
    };
    said_of(&example)
}

fn said_of(example: &Example) -> Vec<String> {
    let sources = Sources::new();
    let report = report(example, &sources).unwrap();
    let faults: Vec<_> = report.faults.iter().map(|f| &f.message).collect();
    assert!(faults.is_empty(), "{faults:?}");
    let findings = report.findings.iter().map(|f| format!("finding: {}", f.message));
    let undetermined = report.undetermined.iter().map(|u| {
        if let Some(when) = &u.when {
            assert!(u.message.contains(&format!(" when {when}: ")), "{}", u.message);
        }
        format!("undetermined: {}", u.message)
    });
    findings.chain(undetermined).collect()
}

#[test]
fn a_value_is_judged_in_every_world() {
    let bare = "undetermined: cannot tell whether V is not encrypted: ";
    let env = ": parameter `Env` has no value";
    let open = ": parameter `Open` has no value";
    let when = |what: &str, cause: &str| vec![format!("undetermined: V is not encrypted when {what}{cause}")];
    let always = || vec!["finding: V is not encrypted".to_owned()];
    let cases = [
        ("!If [IsDev, false, true]", when("IsDev is true", env)),
        ("!If [IsDev, true, false]", when("IsDev is false", env)),
        ("!If [IsDev, false, false]", always()),
        ("!If [IsDev, true, true]", vec![]),
        ("!If [IsOpen, true, !Ref AWS::NoValue]", when("IsOpen is false", open)),
        ("!Ref Enc", when("Enc is false", ": parameter `Enc` has no value")),
        // The values of such a parameter are not shown.
        ("!Ref Secret", vec![format!("{bare}parameter `Secret` has no value")]),
        ("!Ref Open", vec![format!("{bare}parameter `Open` has no value")]),
        ("!FindInMap [M, !Ref Env, E]", when("Env is dev", env)),
        // One parameter cannot have two values.
        ("!If [IsDev, !If [IsProd, false, true], true]", vec![]),
        ("!If [IsDev, !If [NotProd, false, true], false]", always()),
        ("!If [IsDev, false, !If [IsTest, false, !If [IsProd, false, true]]]", always()),
        ("!If [IsStaging, false, true]", vec![]),
        ("!If [IsOpen, !If [IsShut, false, true], true]", vec![]),
        // Conditions made of conditions.
        ("!If [DevOrOpen, !If [IsDev, true, !If [IsOpen, true, false]], true]", vec![]),
        ("!If [DevOrOpen, true, !If [IsDev, false, !If [IsOpen, false, true]]]", vec![]),
        ("!If [DevAndOpen, !If [IsDev, true, false], true]", vec![]),
        ("!If [NotDevOrOpen, !If [IsOpen, false, true], true]", vec![]),
        ("!If [DevOrOpen, true, !If [NotDevOrOpen, false, true]]", when("DevOrOpen is false", env)),
        ("!If [DevAndOpen, false, true]", when("DevAndOpen is true", env)),
        ("!If [IsDev, !If [IsOpen, true, false], true]", when("IsDev is true and IsOpen is false", env)),
        // The same expression, whatever its form, has one value.
        ("!If [HasWords, !If [NoWords, false, true], true]", vec![]),
        ("!If [HasWords, true, !If [NoWords, true, false]]", vec![]),
        ("!If [SameAsOpen, !If [Different, false, true], true]", vec![]),
        // What a parameter is follows from a condition, and the other way round.
        ("!If [IsDev, !FindInMap [M, !Ref Env, E], true]", when("IsDev is true", env)),
        ("!If [NotProd, true, !FindInMap [M, !Ref Env, E]]", vec![]),
        ("!Sub ['${A}', {A: !If [IsDev, !If [IsTest, 'false', 'true'], 'true']}]", vec![]),
    ];
    for (value, expected) in cases {
        let resource = format!("  V: {{Type: AWS::EC2::Volume, Properties: {{Encrypted: {value}}}}}\n");
        assert_eq!(said(&resource, &["ebs-volume-encrypted"]), expected, "{value}");
    }
}

#[test]
fn a_resource_is_judged_in_the_worlds_in_which_it_exists() {
    let of = |condition: &str, value: &str| {
        let resource =
            format!("  V: {{Type: AWS::EC2::Volume, Condition: {condition}, Properties: {{Encrypted: {value}}}}}\n");
        said(&resource, &["ebs-volume-encrypted"])
    };
    let finding = ["finding: V is not encrypted"];
    assert_eq!(of("IsDev", "false"), finding);
    assert_eq!(of("IsDev", "!If [IsDev, false, true]"), finding);
    assert_eq!(of("NotProd", "!If [IsProd, true, false]"), finding);
    assert!(of("IsDev", "!If [IsProd, false, true]").is_empty());
    assert!(of("NotDevOrOpen", "!If [IsOpen, false, true]").is_empty());
    assert!(of("IsStaging", "false").is_empty());
    assert_eq!(
        of("IsDev", "!If [IsOpen, false, true]"),
        ["undetermined: V is not encrypted when IsOpen is true: parameter `Open` has no value"]
    );
}

#[test]
fn an_entry_is_judged_in_the_worlds_in_which_it_exists() {
    let ssh = |cidr: &str| format!("{{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: {cidr}}}");
    let (bad, good) = (ssh("0.0.0.0/0"), ssh("10.0.0.0/8"));
    let group = |ingress: &str, more: &str| {
        let resource = format!(
            "  G:\n    Type: AWS::EC2::SecurityGroup\n    Properties: {{GroupDescription: x, SecurityGroupIngress: {ingress}}}\n{more}"
        );
        said(&resource, &["sg-no-public-ssh"])
    };
    let finding = |when: &str| vec![format!("finding: G opens SSH (port 22) to the internet{when}")];
    let none: Vec<String> = Vec::new();
    assert_eq!(group(&format!("[{good}, !If [IsDev, {bad}, !Ref AWS::NoValue]]"), ""), finding(" when IsDev is true"));
    assert_eq!(group(&format!("!If [IsDev, [{bad}], [{good}]]"), ""), finding(" when IsDev is true"));
    assert_eq!(group(&format!("!If [IsDev, [{good}], !Ref AWS::NoValue]"), ""), none);
    assert_eq!(group(&format!("!If [IsDev, [{good}, {bad}], [{bad}]]"), "").len(), 2);
    assert_eq!(
        group(&format!("[{}]", ssh("!If [IsDev, 0.0.0.0/0, 10.0.0.0/8]")), ""),
        ["undetermined: G opens SSH (port 22) to the internet when IsDev is true: parameter `Env` has no value"]
    );
    // An entry that cannot exist beside another is not judged with it.
    assert_eq!(group(&format!("[!If [IsDev, !If [IsProd, {bad}, !Ref AWS::NoValue], {good}]]"), ""), none);
    // More entries than worlds that are told apart.
    let many: Vec<String> = ["IsDev", "IsTest", "IsOpen", "IsShut", "HasWords", "SameAsOpen"]
        .iter()
        .map(|c| format!("!If [{c}, {{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0, Description: {c}}}, !Ref AWS::NoValue]"))
        .collect();
    let seen = group(&format!("[{}]", many.join(", ")), "");
    assert_eq!(seen.len(), 6, "{seen:?}");
    assert_eq!(seen[0], "finding: G opens SSH (port 22) to the internet when IsDev is true");
    assert_eq!(seen[5], "finding: G opens SSH (port 22) to the internet when SameAsOpen is true");
    // A resource of its own.
    let entry = |condition: &str| {
        format!(
            "  E: {{Type: AWS::EC2::SecurityGroupIngress, Condition: {condition}, Properties: {{GroupId: !Ref G, IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}}}}\n"
        )
    };
    assert_eq!(
        group("!Ref AWS::NoValue", &entry("IsDev")),
        ["finding: E opens SSH (port 22) to the internet when IsDev is true"]
    );
    assert_eq!(group("!Ref AWS::NoValue", &entry("IsStaging")), none);
}

#[test]
fn a_satellite_goes_with_its_parent() {
    let of = |parent: &str, satellite: &str| {
        let resources = format!(
            "  R:\n    Type: AWS::EC2::LaunchTemplate\n    Condition: {satellite}\n    Properties:\n      LaunchTemplateData:\n        MetadataOptions: {{HttpTokens: required}}\n\
             \x20 I:\n    Type: AWS::EC2::Instance\n    Condition: {parent}\n    Properties:\n      ImageId: ami-0123456789abcdef0\n      LaunchTemplate: !If\n        - {satellite}\n        - {{LaunchTemplateId: !Ref R, Version: !GetAtt R.LatestVersionNumber}}\n        - !Ref AWS::NoValue\n"
        );
        said(&resources, &["ec2-imdsv2-required"])
    };
    assert!(of("IsDev", "IsDev").is_empty());
    assert!(of("DevAndOpen", "IsDev").is_empty());
}

#[test]
fn nested_stacks_share_the_inputs_of_those_around() {
    let child = "Parameters:\n  Stage: {Type: String}\nConditions:\n  Live: !Equals [!Ref Stage, prod]\nResources:\n  \
                 V: {Type: AWS::EC2::Volume, Properties: {Encrypted: !If [Live, true, false]}}\n";
    let parent = |condition: &str, pass: &str| {
        format!(
            "Parameters:\n  Env: {{Type: String}}\n  Other: {{Type: String}}\nConditions:\n  IsProd: !Equals [!Ref Env, prod]\n  \
             NotProd: !Not [!Condition IsProd]\nResources:\n  S:\n    Type: AWS::CloudFormation::Stack\n    \
             Condition: {condition}\n    Properties: {{TemplateURL: child.yaml, Parameters: {{Stage: {pass}}}}}\n"
        )
    };
    let of = |parent: String| {
        let files = vec![("a/parent.yaml".to_owned(), parent), ("a/child.yaml".to_owned(), child.to_owned())];
        let rules = vec!["ebs-volume-encrypted".to_owned()];
        let all = said_of(&Example { files, rules, config: None });
        // The template by itself is judged as well.
        all.into_iter().filter(|s| s.contains("S.V")).collect::<Vec<_>>()
    };
    assert!(of(parent("IsProd", "!Ref Env")).is_empty());
    assert_eq!(of(parent("NotProd", "!Ref Env")), ["finding: S.V is not encrypted"]);
    assert_eq!(
        of(parent("IsProd", "!Ref Other")),
        ["undetermined: S.V is not encrypted when S.Live is false: parameter `Other` has no value"]
    );
}

#[test]
fn templates_that_nest_one_another_are_judged_once_and_reported() {
    let template = |other: &str, name: &str| {
        (
            format!("{name}.yaml"),
            format!(
                "Resources:\n  {name}:\n    Type: AWS::EC2::Volume\n    Properties: {{Encrypted: false}}\n  \
                 S:\n    Type: AWS::CloudFormation::Stack\n    Properties: {{TemplateURL: {other}.yaml}}\n"
            ),
        )
    };
    let files = vec![template("B", "A"), template("A", "B")];
    let example = Example { files, rules: vec!["ebs-volume-encrypted".to_owned()], config: None };
    let sources = Sources::new();
    let report = report(&example, &sources).unwrap();
    let places: Vec<&str> = report.findings.iter().map(|f| f.resource.address.as_str()).collect();
    assert_eq!(places.len(), 2, "{places:?}");
    let faults: Vec<&str> = report.faults.iter().map(|f| f.message.as_str()).collect();
    assert!(faults.iter().any(|f| f.contains("contains itself")), "{faults:?}");
}

#[test]
fn what_decides_is_part_of_the_way() {
    let text = "\
Parameters:
  Env: {Type: String, Default: dev}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsDev: !Not [!Condition IsProd]
Resources:
  Chosen: {Type: AWS::EC2::Volume, Properties: {Encrypted: !If [IsProd, true, false]}}
  Removed: {Type: AWS::EC2::Volume, Properties: {Encrypted: !If [IsProd, true, !Ref AWS::NoValue]}}
  Created: {Type: AWS::EC2::Volume, Condition: IsDev, Properties: {Encrypted: false}}
  Absent: {Type: AWS::EC2::Volume, Condition: IsDev}
  ReadBack: {Type: AWS::EC2::Volume, Properties: {Encrypted: !GetAtt Created.Encrypted}}
";
    let rules = vec!["ebs-volume-encrypted".to_owned()];
    let example = Example { files: vec![("t.yaml".to_owned(), text.to_owned())], rules, config: None };
    let sources = Sources::new();
    let report = report(&example, &sources).unwrap();
    let default = "default of parameter Env is dev";
    let (prod, dev) = ("condition IsProd is !Equals [!Ref Env, prod]", "condition IsDev is !Not [!Condition IsProd]");
    let expected: [(&str, &str, &str, &[&str]); 5] = [
        ("Chosen", "false", "set here", &[prod, default]),
        ("Removed", "!Ref AWS::NoValue", "Encrypted is not set", &[prod, default]),
        ("Created", "false", "set here", &[dev, prod, default]),
        ("Absent", "Absent", "Encrypted is not set", &[dev, prod, default]),
        ("ReadBack", "!GetAtt Created.Encrypted", "used here", &["read from Created.Encrypted"]),
    ];
    assert_eq!(report.findings.len(), expected.len());
    for (finding, (address, primary, label, way)) in report.findings.iter().zip(expected) {
        assert_eq!(finding.resource.address, address);
        assert_eq!((sources.text(finding.primary.span).as_str(), finding.primary.message.as_str()), (primary, label));
        let secondary: Vec<&str> = finding.secondary.iter().map(|l| l.message.as_str()).collect();
        assert_eq!(secondary, way, "{address}");
    }
}

#[test]
fn terraform_names_the_expression_that_decides() {
    let text = "variable \"prod\" {}\nresource \"aws_ebs_volume\" \"v\" {\n  encrypted = var.prod ? true : false\n}\n";
    let example = Example {
        files: vec![("main.tf".to_owned(), text.to_owned())],
        rules: vec!["ebs-volume-encrypted".to_owned()],
        config: None,
    };
    assert_eq!(
        said_of(&example),
        ["undetermined: aws_ebs_volume.v is not encrypted when var.prod is false: var.prod has no value"]
    );
}
