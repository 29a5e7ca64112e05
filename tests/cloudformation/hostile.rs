//! Input that wants to break the reader: nothing panics, everything ends.

use formwork::dialect::cloudformation::{Inputs, Loader, NoFiles, Options, Template, evaluate, read, read_inputs};
use formwork::source::{FileId, Sources};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_secs(20);

/// Reads and evaluates a text on a stack as small as that of a worker thread.
fn run(text: String) -> usize {
    let start = Instant::now();
    let head: String = text.chars().take(60).collect();
    let worker = std::thread::Builder::new().stack_size(2 << 20).spawn(move || {
        let template = read(FileId(0), &text);
        let notes = template.as_ref().map_or(0, |t| {
            let root = evaluate(t, "t.yaml", &Inputs::default(), &NoFiles, &Options::default());
            root.notes.len() + t.problems.len()
        });
        let _ = read_inputs(FileId(0), &text);
        notes
    });
    let out = worker.unwrap().join().unwrap_or_else(|_| panic!("panicked on {head}"));
    assert!(start.elapsed() < LIMIT, "{:?} for {head}", start.elapsed());
    out
}

const START: &str = "AWSTemplateFormatVersion: '2010-09-09'\n";

#[test]
fn deep_nesting_is_a_problem_and_no_crash() {
    for depth in [150, 199, 250, 10_000] {
        let lists = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        run(format!("{START}Resources: {{R: {{Type: 'A::B::C', Properties: {{V: {lists}}}}}}}\n"));
        let calls = format!("{}x{}", "{\"Fn::Base64\": ".repeat(depth), "}".repeat(depth));
        run(format!("{START}Resources: {{R: {{Type: 'A::B::C', Properties: {{V: {calls}}}}}}}\n"));
        let ifs = format!("{}1{}", "!If [C, ".repeat(depth), ", 2]".repeat(depth));
        run(format!(
            "{START}Parameters: {{P: {{Type: String}}}}\nConditions: {{C: !Equals [!Ref P, x]}}\n\
             Resources: {{R: {{Type: 'A::B::C', Properties: {{V: {ifs}}}}}}}\n"
        ));
        let json = format!("{{\"AWSTemplateFormatVersion\": {}", "[".repeat(depth));
        run(json);
    }
    run(format!("{START}Resources: {}", "[".repeat(1_000_000)));
    run(format!("{{\"AWSTemplateFormatVersion\": \"x\", \"Resources\": {}", "{\"a\":".repeat(200_000)));
}

#[test]
fn chains_of_conditions_end() {
    let mut text = format!("{START}Parameters: {{P: {{Type: String}}}}\nConditions:\n  C0: !Equals [!Ref P, x]\n");
    for i in 1..5_000 {
        let _ = writeln!(text, "  C{i}: !And [!Condition C{}, !Condition C{}]", i - 1, i / 2);
    }
    text.push_str("Resources:\n");
    for i in 0..500 {
        let _ = writeln!(
            text,
            "  R{i}:\n    Type: A::B::C\n    Condition: C{}\n    Properties: {{V: !If [C{}, 1, 2]}}",
            i * 9,
            i * 7
        );
    }
    run(text);
    let circle = format!(
        "{START}Conditions:\n  A: !Not [!Condition B]\n  B: !Not [!Condition A]\n\
         Resources: {{R: {{Type: 'A::B::C', Condition: A}}}}\n"
    );
    assert_eq!(run(circle), 1);
}

#[test]
fn loops_and_aliases_are_bounded() {
    let numbers: Vec<String> = (0..200).map(|i| i.to_string()).collect();
    let list = numbers.join(", ");
    let mut body = "R${A}${B}${C}: {Type: 'A::B::C', Properties: {V: !Ref A}}".to_owned();
    for name in ["C", "B", "A"] {
        body = format!("'Fn::ForEach::L{name}': [{name}, [{list}], {{{body}}}]");
    }
    assert!(run(format!("{START}Transform: AWS::LanguageExtensions\nResources: {{{body}}}\n")) > 0);
    let mut bomb = format!("{START}x0: &x0 [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]\n");
    for i in 1..12 {
        let _ = writeln!(bomb, "x{i}: &x{i} [{}]", format!("*x{}, ", i - 1).repeat(10));
    }
    bomb.push_str("Resources: {R: {Type: 'A::B::C', Properties: {V: *x11}}}\n");
    assert!(run(bomb) > 0);
}

/// The notes and the number of declarations of a template.
fn notes(text: &str) -> (Vec<String>, usize) {
    let template = read(FileId(0), text).expect("a template");
    let root = evaluate(&template, "t.yaml", &Inputs::default(), &NoFiles, &Options::default());
    (root.notes.iter().map(|n| n.message.clone()).collect(), root.declarations.len())
}

#[test]
fn ten_thousand_iterations_are_made_and_no_more() {
    let names = |n: usize| (0..n).map(|i| format!("N{i}")).collect::<Vec<_>>().join(", ");
    let template = |n: usize| {
        format!(
            "{START}Transform: AWS::LanguageExtensions\nResources:\n  Kept: {{Type: 'A::B::C'}}\n  \
             'Fn::ForEach::L': [Name, [{}], {{'R${{Name}}': {{Type: 'A::B::C', Properties: {{V: !Ref Name}}}}}}]\n",
            names(n)
        )
    };
    assert_eq!(notes(&template(10_000)), (vec![], 10_001));
    let (said, declared) = notes(&template(10_001));
    assert_eq!(said, ["loops make more than 10000 iterations"]);
    assert_eq!(declared, 1, "what stands beside the loop is declared all the same");
}

#[test]
fn an_alias_bomb_is_reported_where_it_explodes() {
    let mut bomb = format!("{START}x0: &x0 [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]\n");
    for i in 1..12 {
        let _ = writeln!(bomb, "x{i}: &x{i} [{}]", format!("*x{}, ", i - 1).repeat(10));
    }
    bomb.push_str(
        "Resources:\n  Before: {Type: 'A::B::C', Properties: {V: 1}}\n  R: {Type: 'A::B::C', Properties: {V: *x11}}\n",
    );
    let template = read(FileId(0), &bomb).expect("a template");
    assert!(!template.problems.is_empty());
    let root = evaluate(&template, "t.yaml", &Inputs::default(), &NoFiles, &Options::default());
    assert!(root.declarations.iter().any(|d| d.address == "Before"), "the others are declared");
}

#[test]
fn many_conditions_and_resources_are_quick() {
    let mut text = format!("{START}Parameters:\n");
    for i in 0..20 {
        let _ = writeln!(text, "  P{i}: {{Type: String, AllowedValues: [a, b, c]}}\n  Q{i}: {{Type: String}}");
    }
    text.push_str("Conditions:\n");
    for i in 0..20 {
        let _ = writeln!(text, "  A{i}: !Equals [!Ref P{i}, a]");
        let _ = writeln!(
            text,
            "  B{i}: !Or [!Condition A{i}, !Equals [!Ref Q{i}, x], !Not [!Condition A{}]]",
            (i + 7) % 20
        );
    }
    text.push_str("Resources:\n");
    for i in 0..200 {
        let _ = writeln!(
            text,
            "  R{i}:\n    Type: A::B::C\n    Condition: B{}\n    Properties:\n      V: !If [A{}, !Sub '${{P{}}}-x', !Ref Q{}]\n      \
             W: [!If [A{}, 1, !Ref AWS::NoValue], !If [B{}, 2, !Ref AWS::NoValue], 3]",
            i % 20,
            (i + 1) % 20,
            (i + 2) % 20,
            i % 20,
            (i + 3) % 20,
            (i + 4) % 20
        );
    }
    let start = Instant::now();
    let (said, declared) = notes(&text);
    assert_eq!((said, declared), (vec![], 200 + 40), "the resources, and the parameters");
    // Without optimisation, on a machine that does other things as well.
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[test]
fn strings_do_not_grow_without_bound() {
    let long = "x".repeat(500_000);
    let subs = "${P}".repeat(10_000);
    assert!(
        run(format!(
            "{START}Parameters: {{P: {{Type: String, Default: {long}}}}}\n\
         Resources: {{R: {{Type: 'A::B::C', Properties: {{V: !Sub '{subs}'}}}}}}\n"
        )) > 0
    );
    let subs = "${P}".repeat(20_000);
    run(format!(
        "{START}Parameters: {{P: {{Type: String, AllowedValues: [a, b]}}}}\n\
         Resources: {{R: {{Type: 'A::B::C', Properties: {{V: !Sub '{subs}'}}}}}}\n"
    ));
}

#[test]
fn a_stack_that_contains_itself_ends() {
    struct Same;
    impl Loader for Same {
        fn load(&self, path: &Path) -> Option<Arc<Template>> {
            // A new name every time, so that only the depth and the number of stacks end it.
            let name = path.to_string_lossy();
            let text = format!(
                "{START}Resources:\n  A: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: 'a{name}'}}}}\n\
                 \x20 B: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: 'b{name}', Parameters: {{X: !GetAtt A.Outputs.Y}}}}}}\n\
                 \x20 C: {{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: '{name}'}}}}\n"
            );
            read(FileId(1), &text).map(Arc::new)
        }
    }
    let template = Same.load(Path::new("t.yaml")).unwrap();
    let start = Instant::now();
    let root = evaluate(&template, "t.yaml", &Inputs::default(), &Same, &Options::default());
    assert!(root.declarations.len() < 2_000, "{}", root.declarations.len());
    assert!(root.notes.iter().any(|n| n.message.contains("contains itself")));
    assert!(root.notes.iter().any(|n| n.message.contains("levels")));
    assert!(start.elapsed() < LIMIT, "{:?}", start.elapsed());
}

#[test]
fn truncated_and_mangled_templates_are_read_as_far_as_they_go() {
    for name in ["intrinsics.yaml", "nested.json"] {
        let text = std::fs::read_to_string(format!("fixtures/cloudformation/{name}")).unwrap();
        let bytes = text.as_bytes();
        let step = (bytes.len() / 300).max(1);
        for end in (0..bytes.len()).step_by(step) {
            run(String::from_utf8_lossy(&bytes[..end]).into_owned());
        }
        // A simple generator: the same bytes in every run.
        let mut seed = 0x2545_F491_4F6C_DD1D_u64;
        let mut next = move || {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            seed
        };
        for _ in 0..300 {
            let mut mangled = bytes.to_vec();
            for _ in 0..4 {
                let at = (next() % mangled.len() as u64) as usize;
                mangled[at] = b"{}[]:,\"'!&*-#| \n\t\0x\xff"[(next() % 20) as usize];
            }
            run(String::from_utf8_lossy(&mangled).into_owned());
        }
    }
}

#[test]
fn other_files_cost_nothing_and_are_no_templates() {
    let others = [
        "apiVersion: v1\nkind: Deployment\nspec: {}\n",
        "services:\n  web:\n    image: x\n",
        "{\"name\": \"x\", \"dependencies\": {}}",
        "openapi: 3.0.0\ncomponents: {Resources: {a: {Type: x}}}\n",
        "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Resource\": \"*\"}]}",
        "StartAt: A\nStates: {A: {Type: Task, Resource: x}}\n",
        "Resources:\n  - Type: A::B::C\n",
        "Resources: {a: {Type: Other}}\n",
    ];
    let sources = Sources::new();
    for text in others {
        let id = sources.add("x".into(), text);
        assert!(read(id, text).is_none(), "{text}");
    }
}
