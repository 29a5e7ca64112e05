//! Intrinsic functions, one by one.

use crate::picture;
use formwork::dialect::cloudformation::{Inputs, NoFiles, Options, evaluate, read};
use formwork::source::Sources;
use serde_json::{Value as Json, json};
use std::path::PathBuf;

const HEAD: &str = "\
Parameters:
  Name: {Type: String, Default: web}
  Count: {Type: Number, Default: 3}
  Zones: {Type: CommaDelimitedList, Default: 'a, b,c'}
  Ids: {Type: List<Number>, Default: '1,2'}
  Open: {Type: String}
  Env: {Type: String, AllowedValues: [dev, prod]}
  Secret: {Type: String, NoEcho: true, Default: s3cret}
  Image: {Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', Default: /path}
Mappings:
  M:
    dev: {Size: small, Same: x, List: [p, q]}
    prod: {Size: large, Same: x}
Conditions:
  Yes: !Equals [!Ref Name, web]
  No: !Not [!Condition Yes]
  IsProd: !Equals [!Ref Env, prod]
  IsDev: !Equals [!Ref Env, dev]
  IsOpen: !Equals [!Ref Open, 'x']
  Either: !Or [!Condition IsProd, !Condition IsDev]
  IsTrue: !Equals [!Ref Open, 'true']
  NotAllowed: !Equals [!Ref Env, staging]
  Long: !Equals [!Join ['', [!Ref Open, x]], yx]
  Short: {Fn::Not: [{Fn::Not: [{Fn::Equals: [{Fn::Join: ['', [{Ref: Open}, x]]}, yx]}]}]}
Resources:
  Other: {Type: 'A::B::C'}
  Never: {Type: 'A::B::C', Condition: No}
  Written:
    Type: A::B::C
    Properties:
      Name: !Ref Name
      Deep: {Er: [1]}
      Other: !GetAtt Other.Arn
      Gone: !Ref AWS::NoValue
      Circle: !GetAtt Written.Circle
  R:
    Type: A::B::C
    Properties:
      V: ";

/// The value of an expression and the notes that come with it.
fn eval(expression: &str) -> (Json, Vec<String>) {
    let text = format!("{HEAD}{expression}\n");
    let sources = Sources::new();
    let id = sources.add(PathBuf::from("t.yaml"), text);
    let template = read(id, &sources.get(id).text).expect("a template");
    assert_eq!(template.problems, [], "{expression}");
    let root = evaluate(&template, "t.yaml", &Inputs::default(), &NoFiles, &Options::default());
    let r = root.declarations.iter().find(|d| d.address == "R").expect("R");
    let value = r.attributes.as_map().and_then(|m| m.entries.get("V")).map_or(json!("(absent)"), picture::value);
    (value, root.notes.iter().map(|n| n.message.clone()).collect())
}

fn unknown(kind: &str, what: &str) -> Json {
    json!({"unknown": what, "kind": kind})
}

#[test]
fn known_values_are_computed() {
    let cases = [
        ("!Ref Name", json!("web")),
        ("{Ref: Name}", json!("web")),
        ("!Ref Count", json!("3")),
        ("!Ref Zones", json!(["a", "b", "c"])),
        ("!Ref Ids", json!(["1", "2"])),
        ("!Ref Secret", json!({"sensitive": "s3cret"})),
        ("!Ref AWS::NoValue", json!("(absent)")),
        ("[a, !Ref AWS::NoValue, b]", json!(["a", "b"])),
        ("{a: 1, b: !Ref AWS::NoValue}", json!({"a": 1})),
        ("!Ref Other", json!({"ref": "Other.Ref"})),
        ("!GetAtt Other.Arn", json!({"ref": "Other.Arn"})),
        ("!GetAtt Other.A.B", json!({"ref": "Other.A.B"})),
        ("!GetAtt [Other, A]", json!({"ref": "Other.A"})),
        ("{Fn::GetAtt: [Other, Arn]}", json!({"ref": "Other.Arn"})),
        ("!Sub 'x-${Name}-${!Name}'", json!("x-web-${Name}")),
        ("!Sub ['${A}-${Name}', {A: !Ref Count}]", json!("3-web")),
        ("{Fn::Sub: '${Name}'}", json!("web")),
        ("!Sub 'arn:${Other.Arn}/x'", json!({"text": ["arn:", {"ref": "Other.Arn"}, "/x"]})),
        ("!Sub '${Secret}x'", json!({"sensitive": "s3cretx"})),
        ("!Join ['-', [a, !Ref Name, 1]]", json!("a-web-1")),
        ("!Join [',', !Ref Zones]", json!("a,b,c")),
        ("!Join ['', [a, !Ref Other]]", json!({"text": ["a", {"ref": "Other.Ref"}]})),
        ("!Join ['-', [a, !If [No, b, !Ref AWS::NoValue], c]]", json!("a-c")),
        ("!Split ['/', 'a/b']", json!(["a", "b"])),
        ("!Select [1, !Split ['/', 'a/b']]", json!("b")),
        ("!Select ['0', !Ref Zones]", json!("a")),
        ("!Select [0, [!Ref Other, x]]", json!({"ref": "Other.Ref"})),
        ("!Select [0, !GetAtt Other.List]", json!({"ref": "Other.List.0"})),
        ("!Select [5, !Split [':', !GetAtt Other.Arn]]", json!({"ref": "Other.Arn.split.5"})),
        ("!FindInMap [M, dev, Size]", json!("small")),
        ("!FindInMap [M, dev, List]", json!(["p", "q"])),
        ("!FindInMap [M, nope, Size, {DefaultValue: d}]", json!("d")),
        ("!FindInMap [M, !Ref AWS::Region, Same]", json!("x")),
        ("!FindInMap [M, !Ref Env, Same]", json!("x")),
        ("!If [Yes, 1, 2]", json!(1)),
        ("!If [No, 1, 2]", json!(2)),
        ("{Fn::If: [Yes, {a: true}, {}]}", json!({"a": true})),
        // As good as not written, but the way that led there is kept.
        ("!If [No, x, !Ref AWS::NoValue]", Json::Null),
        // An attribute that gives back what a property says.
        ("!GetAtt Written.Name", json!("web")),
        ("!Sub 'x-${Written.Name}'", json!("x-web")),
        ("!GetAtt Written.Deep.Er", json!([1])),
        ("!GetAtt Written.Other", json!({"ref": "Other.Arn"})),
        ("!GetAtt Written.Gone", json!({"ref": "Written.Gone"})),
        ("!GetAtt Written.Deep.Est", json!({"ref": "Written.Deep.Est"})),
        ("!GetAtt Written.Circle", json!({"ref": "Written.Circle"})),
        ("!Base64 text", json!("text")),
        ("{Fn::Base64: !Sub '${Name}'}", json!("web")),
        ("!Cidr [10.0.0.0/16, 2, 8]", json!(["10.0.0.0/24", "10.0.1.0/24"])),
        ("!Select [1, !Cidr ['10.0.0.0/24', 4, 6]]", json!("10.0.0.64/26")),
        ("!Cidr ['2001:db8::/56', 2, 64]", json!(["2001:db8::/64", "2001:db8:0:1::/64"])),
        ("{Fn::Length: !Ref Zones}", json!(3)),
        ("{Fn::ToJsonString: {a: [1, !Ref Name]}}", json!("{\"a\":[1,\"web\"]}")),
        ("{Fn::ToJsonString: {a: !Ref Other}}", json!({"text": ["{\"a\":\"", {"ref": "Other.Ref"}, "\"}"]})),
        ("{Fn::Sub: x, Other: y}", json!({"Fn::Sub": "x", "Other": "y"})),
        ("8.0", json!("8.0")),
        ("5.7", json!(5.7)),
        ("yes", json!(true)),
        ("2012-10-17", json!("2012-10-17")),
        ("012345678901", json!("012345678901")),
    ];
    for (expression, expected) in cases {
        assert_eq!(eval(expression), (expected, vec![]), "{expression}");
    }
}

#[test]
fn unknown_values_say_why() {
    let deployment = |name: &str| unknown("Deployment", &format!("{name} is decided by the deployment"));
    let open = || unknown("Input", "parameter `Open` has no value");
    let cases = [
        ("!Ref Open", open()),
        ("!Ref AWS::Region", deployment("AWS::Region")),
        ("!Sub 'a${AWS::AccountId}b'", json!({"text": ["a", deployment("AWS::AccountId"), "b"]})),
        ("!Ref Image", unknown("External", "parameter `Image` is read from the parameter store")),
        ("!ImportValue net", unknown("Import", "`net` is exported by another stack")),
        ("{Fn::ImportValue: !Sub '${Open}-net'}", unknown("Import", "`...-net` is exported by another stack")),
        ("!GetAZs ''", unknown("Deployment", "the list of availability zones is decided by the deployment")),
        (
            "!Select [0, !GetAZs '']",
            unknown("Deployment", "the list of availability zones is decided by the deployment"),
        ),
        ("!Split [',', !Ref Open]", open()),
        ("!Join [',', !Split [',', !Ref Open]]", open()),
        ("!Cidr [!Ref Open, 2, 8]", open()),
        ("!FindInMap [!Ref Open, a, b]", open()),
        (
            "'{{resolve:ssm:/a:1}}'",
            unknown("External", "the dynamic reference {{resolve:ssm:/a:1}} is resolved by the deployment"),
        ),
        (
            "'x{{resolve:secretsmanager:s:SecretString:p}}'",
            json!({"sensitive": {"text": ["x", {"sensitive":
            unknown("External", "the dynamic reference {{resolve:secretsmanager:s:SecretString:p}} is resolved by the deployment")}]}}),
        ),
        (
            "!Sub '{{resolve:secretsmanager:${Other}:SecretString:p}}'",
            json!({"sensitive":
            unknown("External", "the dynamic reference {{resolve:secretsmanager:...:SecretString:p}} is resolved by the deployment")}),
        ),
        ("!Ref Never", unknown("Invalid", "`Never` is not created, as its condition `No` does not hold")),
        ("!FindInMap [M, dev, Nope]", unknown("Invalid", "the mapping `M` has no key `Nope`")),
    ];
    for (expression, expected) in cases {
        assert_eq!(eval(expression), (expected, vec![]), "{expression}");
    }
}

#[test]
fn undecided_conditions_keep_both_arms_and_agree_with_themselves() {
    let arm = |when: &str, value: Json| json!({"when": when, "value": value});
    let cases = [
        ("!If [IsOpen, 1, 2]", json!({"choice": [arm("IsOpen=true", json!(1)), arm("IsOpen=false", json!(2))]})),
        ("!If [IsOpen, 1, 1]", json!(1)),
        (
            "!If [IsOpen, !If [IsOpen, 1, 2], !If [IsOpen, 3, 4]]",
            json!({"choice": [arm("IsOpen=true", json!(1)), arm("IsOpen=false", json!(4))]}),
        ),
        // What follows from a condition: the parameter, and the conditions that ask for it.
        (
            "!If [IsProd, !If [IsDev, 1, 2], 3]",
            json!({"choice": [arm("IsProd=true", json!(2)), arm("IsProd=false", json!(3))]}),
        ),
        (
            "!If [IsProd, !Ref Env, 3]",
            json!({"choice": [arm("IsProd=true", json!("prod")), arm("IsProd=false", json!(3))]}),
        ),
        (
            "!If [IsProd, 1, !Ref Env]",
            json!({"choice": [arm("IsProd=true", json!(1)), arm("IsProd=false", json!("dev"))]}),
        ),
        (
            "!If [IsOpen, !Ref Open, z]",
            json!({"choice": [arm("IsOpen=true", json!("x")), arm("IsOpen=false", json!("z"))]}),
        ),
        // Conditions that ask for the same parameter, in whatever way, decide one another.
        ("!If [Either, 1, 2]", json!(1)),
        ("!If [IsDev, !If [IsProd, 1, 2], 2]", json!(2)),
        (
            "!Sub '${Env}-${Env}'",
            json!({"choice": [arm("Env is dev", json!("dev-dev")), arm("Env is prod", json!("prod-prod"))]}),
        ),
        (
            "!Join ['-', [!If [IsDev, d, !Ref AWS::NoValue], !If [IsProd, p, !Ref AWS::NoValue]]]",
            json!({"choice": [
                arm("IsDev=true and IsProd=false", json!("d")), arm("IsDev=false and IsProd=true", json!("p"))]}),
        ),
        (
            "!Sub ['${A}${B}', {A: !If [IsDev, 1, 2], B: !If [IsProd, 2, 1]}]",
            json!({"choice": [
            arm("IsDev=false and IsProd=true", json!("22")), arm("IsDev=true and IsProd=false", json!("11"))]}),
        ),
        (
            "!If [IsDev, !FindInMap [M, !Ref Env, Size], none]",
            json!({"choice": [
            arm("IsDev=true", json!("small")), arm("IsDev=false", json!("none"))]}),
        ),
        (
            "!If [IsOpen, !If [IsTrue, 1, 2], !If [IsTrue, 1, 2]]",
            json!({"choice": [arm("IsOpen=true", json!(2)), arm("IsOpen=false and IsTrue=true", json!(1)),
                arm("IsOpen=false and IsTrue=false", json!(2))]}),
        ),
        ("!If [NotAllowed, 1, 2]", json!(2)),
        ("!If [Long, !If [Short, 1, 2], !If [Short, 2, 1]]", json!(1)),
        ("!Ref Env", json!({"choice": [arm("Env is dev", json!("dev")), arm("Env is prod", json!("prod"))]})),
        (
            "!Sub '${Env}-x'",
            json!({"choice": [arm("Env is dev", json!("dev-x")), arm("Env is prod", json!("prod-x"))]}),
        ),
        (
            "!FindInMap [M, !Ref Env, Size]",
            json!({"choice": [arm("Env is dev", json!("small")), arm("Env is prod", json!("large"))]}),
        ),
        (
            "!FindInMap [M, !Ref AWS::Region, Size]",
            json!({"choice": [
            arm("AWS::Region is dev", json!("small")), arm("AWS::Region is prod", json!("large"))]}),
        ),
        (
            "[a, !If [IsOpen, b, !Ref AWS::NoValue]]",
            json!({"choice": [arm("IsOpen=true", json!(["a", "b"])), arm("IsOpen=false", json!(["a"]))]}),
        ),
        (
            "{k: !If [IsOpen, b, !Ref AWS::NoValue]}",
            json!({"k": {"choice": [arm("IsOpen=true", json!("b")), arm("IsOpen=false", Json::Null)]}}),
        ),
        (
            "!Join ['-', [!Ref Env, !If [IsOpen, 1, 2]]]",
            json!({"choice": [
                arm("Env is dev and IsOpen=true", json!("dev-1")),
                arm("Env is prod and IsOpen=true", json!("prod-1")),
                arm("Env is dev and IsOpen=false", json!("dev-2")),
                arm("Env is prod and IsOpen=false", json!("prod-2"))]}),
        ),
    ];
    for (expression, expected) in cases {
        assert_eq!(eval(expression), (expected, vec![]), "{expression}");
    }
}

#[test]
fn wrong_source_is_unknown_and_noted() {
    let cases = [
        ("!Ref Nope", "there is no parameter or resource `Nope`"),
        ("!GetAtt Nope.Arn", "there is no parameter or resource `Nope`"),
        ("!GetAtt Other", "Fn::GetAtt takes a resource and an attribute, joined by a dot"),
        ("!Sub '${Nope}'", "there is no parameter or resource `Nope`"),
        ("!Sub {a: b}", "Fn::Sub takes a string, or a string and a mapping of variables"),
        ("!Join [a]", "Fn::Join takes a delimiter and a list"),
        ("!Join ['-', text]", "Fn::Join takes a delimiter and a list"),
        ("!Select [7, [a]]", "Fn::Select asks for item 7 of a list of 1"),
        ("!Select [x, [a]]", "Fn::Select takes an index and a list"),
        ("!Split ['', a]", "Fn::Split takes a delimiter and a string"),
        ("!FindInMap [Nope, a, b]", "there is no mapping `Nope`"),
        ("!FindInMap [M]", "Fn::FindInMap takes a mapping and two keys"),
        ("!If [Nope, 1, 2]", "there is no condition `Nope`"),
        ("!If [Yes, 1]", "Fn::If takes a condition and two values"),
        ("!Cidr [nonsense, 1, 8]", "Fn::Cidr takes an address block, a count from 1 to 256 and a number of bits"),
        ("!Cidr [10.0.0.0/24, 5, 7]", "10.0.0.0/24 has no room for 5 blocks of this size"),
        ("!Frobnicate x", "formwork does not know the function Fn::Frobnicate"),
        ("{Fn::Frobnicate: x}", "formwork does not know the function Fn::Frobnicate"),
        ("{Fn::Transform: {Name: Shout}}", "the macro Shout decides what stands here"),
    ];
    for (expression, note) in cases {
        let (value, notes) = eval(expression);
        assert!(value.get("unknown").is_some(), "{expression}: {value}");
        assert_eq!(notes, [note], "{expression}");
    }
}
