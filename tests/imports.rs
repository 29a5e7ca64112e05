//! Values that one template exports and another imports, in one run.

mod support;

use formwork::report::Report;
use formwork::source::Sources;
use support::{Example, report};

const NETWORK: &str = "\
Parameters:
  Env: {Type: String}
  Range: {Type: String, Default: 0.0.0.0/0}
Conditions:
  IsDev: !Equals [!Ref Env, dev]
  Never: !Equals [a, b]
Resources:
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: x}}
  Template:
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateData:
        ImageId: ami-0123456789abcdef0
        MetadataOptions: {HttpTokens: required}
Outputs:
  Cidr: {Value: !Ref Range, Export: {Name: net-cidr}}
  Group: {Value: !GetAtt Group.GroupId, Export: {Name: !Join ['-', [net, group]]}}
  Template: {Value: !Ref Template, Export: {Name: net-template}}
  Encrypt: {Value: !If [IsDev, 'false', 'true'], Export: {Name: net-encrypt}}
  Unknown: {Value: !Ref Env, Export: {Name: net-env}}
  Stack: {Value: 'false', Export: {Name: !Sub '${AWS::StackName}-encrypt'}}
  Gone: {Condition: Never, Value: 'false', Export: {Name: net-gone}}
";

fn run(files: &[(&str, &str)], rules: &[&str], sources: &Sources) -> Report {
    let files = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let rules = rules.iter().map(|r| (*r).to_owned()).collect();
    let report = report(&Example { files, rules, config: None }, sources).unwrap();
    let faults: Vec<_> = report.faults.iter().map(|f| &f.message).collect();
    assert!(faults.is_empty(), "{faults:?}");
    report
}

fn messages(report: &Report) -> Vec<String> {
    let findings = report.findings.iter().map(|f| format!("finding: {}", f.message));
    findings.chain(report.undetermined.iter().map(|u| format!("undetermined: {}", u.message))).collect()
}

#[test]
fn a_value_is_followed_to_the_template_that_exports_it() {
    let cases = [
        (
            "!ImportValue net-encrypt",
            "undetermined: V is not encrypted when a/net.yaml:IsDev is true: parameter `Env` has no value",
        ),
        (
            "!If [IsDev, !ImportValue net-encrypt, true]",
            "undetermined: V is not encrypted when IsDev is true and a/net.yaml:IsDev is true: AWS::Region is decided by the deployment",
        ),
        ("!ImportValue net-env", "undetermined: cannot tell whether V is not encrypted: parameter `Env` has no value"),
        (
            "!ImportValue net-gone",
            "undetermined: cannot tell whether V is not encrypted: `net-gone` is exported by another stack",
        ),
        (
            "!ImportValue elsewhere",
            "undetermined: cannot tell whether V is not encrypted: `elsewhere` is exported by another stack",
        ),
        // Parts of a name that are not known never match.
        (
            "!ImportValue {'Fn::Sub': '${AWS::StackName}-encrypt'}",
            "undetermined: cannot tell whether V is not encrypted: `...-encrypt` is exported by another stack",
        ),
    ];
    for (value, expected) in cases {
        let app = format!(
            "Conditions:\n  IsDev: !Equals [!Ref AWS::Region, us-east-1]\nResources:\n  V: {{Type: AWS::EC2::Volume, Properties: {{Encrypted: {value}}}}}\n"
        );
        let sources = Sources::new();
        let report = run(&[("a/net.yaml", NETWORK), ("b/app.yaml", &app)], &["ebs-volume-encrypted"], &sources);
        assert_eq!(messages(&report), [expected], "{value}");
    }
}

#[test]
fn the_finding_shows_the_place_of_the_export() {
    let app = "Resources:\n  G:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n      GroupDescription: x\n      \
               SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !ImportValue net-cidr}]\n";
    let sources = Sources::new();
    let report = run(&[("a/net.yaml", NETWORK), ("b/app.yaml", app)], &["sg-no-public-ssh"], &sources);
    let [finding] = report.findings.as_slice() else { panic!("{:?}", report.findings) };
    assert_eq!(finding.message, "G opens SSH (port 22) to the internet");
    assert_eq!(sources.text(finding.primary.span), "!ImportValue net-cidr");
    let way: Vec<(String, String)> =
        finding.secondary.iter().map(|l| (sources.get(l.span.file).name.clone(), l.message.clone())).collect();
    let net = || "a/net.yaml".to_owned();
    assert_eq!(
        way,
        [
            (net(), "output Cidr, exported as net-cidr".to_owned()),
            (net(), "default of parameter Range is 0.0.0.0/0".to_owned())
        ]
    );
}

#[test]
fn a_name_that_is_exported_twice_is_not_followed() {
    let other =
        "Resources: {T: {Type: AWS::SNS::Topic}}\nOutputs:\n  A: {Value: 'true', Export: {Name: net-encrypt}}\n";
    let app = "Resources:\n  V: {Type: AWS::EC2::Volume, Properties: {Encrypted: !ImportValue net-encrypt}}\n";
    let sources = Sources::new();
    let files = [("net.yaml", NETWORK), ("other.yaml", other), ("app.yaml", app)];
    let report = run(&files, &["ebs-volume-encrypted"], &sources);
    assert_eq!(
        messages(&report),
        [
            "undetermined: cannot tell whether V is not encrypted: `net-encrypt` is exported by net.yaml and by other.yaml"
        ]
    );
}

#[test]
fn a_stack_that_is_nested_exports_with_the_parameters_it_is_given() {
    let child = "Parameters:\n  Encrypt: {Type: String}\n  Name: {Type: String}\nResources: {T: {Type: AWS::SNS::Topic}}\n\
                 Outputs:\n  E: {Value: !Ref Encrypt, Export: {Name: !Sub '${Name}-encrypt'}}\n";
    let parent = "Resources:\n  S:\n    Type: AWS::CloudFormation::Stack\n    Properties: {TemplateURL: child.yaml, Parameters: {Encrypt: 'false', Name: shop}}\n";
    let app = "Resources:\n  V: {Type: AWS::EC2::Volume, Properties: {Encrypted: !ImportValue shop-encrypt}}\n";
    let sources = Sources::new();
    let files = [("child.yaml", child), ("parent.yaml", parent), ("app.yaml", app)];
    let report = run(&files, &["ebs-volume-encrypted"], &sources);
    assert_eq!(messages(&report), ["finding: V is not encrypted"]);
}

#[test]
fn resources_are_related_across_templates() {
    // The launch template says what the instance does not.
    let app = "Resources:\n  I:\n    Type: AWS::EC2::Instance\n    Properties:\n      LaunchTemplate: {LaunchTemplateId: !ImportValue net-template, Version: $Latest}\n";
    let sources = Sources::new();
    let report = run(&[("net.yaml", NETWORK), ("app.yaml", app)], &["ec2-imdsv2-required"], &sources);
    assert!(messages(&report).is_empty(), "{:?}", messages(&report));
    let weak = NETWORK.replace("HttpTokens: required", "HttpTokens: optional");
    let sources = Sources::new();
    let report = run(&[("net.yaml", &weak), ("app.yaml", app)], &["ec2-imdsv2-required"], &sources);
    let seen = messages(&report);
    assert!(seen.iter().any(|m| m.contains('I')), "{seen:?}");
    // A rule of a group that another template declares is reported once, where it is written.
    let app = "Resources:\n  Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: y}}\n  R:\n    Type: AWS::EC2::SecurityGroupIngress\n    Properties: \
               {GroupId: !ImportValue net-group, IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}\n";
    let sources = Sources::new();
    let report = run(&[("net.yaml", NETWORK), ("app.yaml", app)], &["sg-no-public-ssh"], &sources);
    assert_eq!(messages(&report), ["finding: R opens SSH (port 22) to the internet"]);
    assert!(report.findings[0].instances.is_empty());
    // A policy that another template attaches belongs to the bucket all the same.
    let bucket = "Resources:\n  Data: {Type: AWS::S3::Bucket}\nOutputs:\n  Data: {Value: !Ref Data, Export: {Name: data-bucket}}\n";
    let policy = "Resources:\n  Policy:\n    Type: AWS::S3::BucketPolicy\n    Properties:\n      Bucket: !ImportValue data-bucket\n      PolicyDocument:\n        \
                  Statement:\n          - {Effect: Deny, Principal: '*', Action: 's3:PutObject', Resource: '*', Condition: {StringNotEquals: {'s3:x-amz-server-side-encryption': 'aws:kms'}}}\n";
    let sources = Sources::new();
    let alone = run(&[("bucket.yaml", bucket)], &["s3-bucket-policy-encrypted-uploads"], &sources);
    assert_eq!(messages(&alone).len(), 1, "{:?}", messages(&alone));
    let sources = Sources::new();
    let together =
        run(&[("bucket.yaml", bucket), ("policy.yaml", policy)], &["s3-bucket-policy-encrypted-uploads"], &sources);
    assert!(messages(&together).is_empty(), "{:?}", messages(&together));
}
