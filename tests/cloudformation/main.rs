//! Templates under `fixtures/cloudformation/` against what they declare.
//!
//! `NAME.yaml`, `.yml`, `.json` or `.template` is a template, `NAME.inputs.yaml` the parameters it is given, and
//! `NAME.expected.json` the outcome. `FORMWORK_BLESS=1` writes the outcome anew, to be read before it is committed.

mod hostile;
mod intrinsics;
mod picture;

use formwork::dialect::cloudformation::{Inputs, Loader, Options, Template, evaluate, read, read_inputs};
use formwork::source::Sources;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const FOLDER: &str = "fixtures/cloudformation";

struct Files<'s> {
    sources: &'s Sources,
}

impl Loader for Files<'_> {
    fn load(&self, path: &Path) -> Option<Arc<Template>> {
        let text = std::fs::read_to_string(Path::new(FOLDER).join(path)).ok()?;
        let id = self.sources.add(path.to_path_buf(), text);
        read(id, &self.sources.get(id).text).map(Arc::new)
    }
}

fn templates() -> Vec<PathBuf> {
    let mut out: Vec<PathBuf> = std::fs::read_dir(FOLDER)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| {
            let name = p.file_name().unwrap().to_string_lossy().into_owned();
            p.is_file() && !name.contains(".inputs.") && !name.contains(".expected.")
        })
        .collect();
    out.sort();
    out
}

#[test]
fn templates_declare_what_is_expected() {
    let mut wrong = Vec::new();
    let templates = templates();
    assert!(templates.len() > 5, "the fixtures are missing");
    for path in templates {
        let seen = outcome(&path);
        let expected_path = path.with_extension("expected.json");
        if std::env::var_os("FORMWORK_BLESS").is_some() {
            std::fs::write(&expected_path, &seen).unwrap();
        }
        let expected = std::fs::read_to_string(&expected_path).unwrap_or_default();
        if seen != expected {
            wrong.push(format!("{}:\n{}", path.display(), first_difference(&expected, &seen)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn first_difference(expected: &str, seen: &str) -> String {
    let mut lines = expected.lines().zip(seen.lines()).enumerate();
    match lines.find(|(_, (a, b))| a != b) {
        Some((i, (a, b))) => format!("  line {}\n  expected {a}\n  seen     {b}", i + 1),
        None => format!("  expected {} lines, seen {}", expected.lines().count(), seen.lines().count()),
    }
}

fn outcome(path: &Path) -> String {
    let sources = Sources::new();
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let id = sources.add(PathBuf::from(&name), std::fs::read_to_string(path).unwrap());
    let Some(template) = read(id, &sources.get(id).text) else { return "\"no template\"\n".to_owned() };
    let mut inputs = Inputs::default();
    let inputs_path = path.with_extension("inputs.yaml");
    if let Ok(text) = std::fs::read_to_string(&inputs_path) {
        let file = sources.add(PathBuf::from(inputs_path.file_name().unwrap()), text);
        let (read, problems) = read_inputs(file, &sources.get(file).text);
        assert_eq!(problems, [], "{}", inputs_path.display());
        inputs = read;
    }
    let loader = Files { sources: &sources };
    let options = Options { strict_inputs: name.contains("strict") };
    let root = evaluate(&template, &name, &inputs, &loader, &options);
    let picture = picture::root(&root, &template.problems, &sources);
    serde_json::to_string_pretty(&picture).unwrap() + "\n"
}

#[test]
fn files_of_parameters_are_read_in_every_form() {
    let cases = [
        "[{\"ParameterKey\": \"A\", \"ParameterValue\": \"1\"}, {\"ParameterKey\": \"B\", \"ParameterValue\": \"x\"}, \
          {\"ParameterKey\": \"C\", \"UsePreviousValue\": true}]",
        "[\"A=1\", \"B=x\"]",
        "{\"Parameters\": {\"A\": 1, \"B\": \"x\"}, \"Tags\": {\"t\": \"u\"}}",
        "template-file-path: t.yaml\nparameters:\n  A: 1\n  B: x\n",
        "A: 1\nB: x\n",
        "Parameters:\n  - {ParameterKey: A, ParameterValue: 1}\n  - {ParameterKey: B, ParameterValue: x}\n",
    ];
    for text in cases {
        let (inputs, problems) = read_inputs(formwork::source::FileId(0), text);
        assert_eq!(problems, [], "{text}");
        let seen: Vec<(&str, &str, &str)> = inputs
            .parameters
            .iter()
            .map(|(name, (value, span))| (name.as_str(), value.as_str(), &text[span.range()]))
            .collect();
        assert_eq!(seen.len(), 2, "{text}: {seen:?}");
        assert_eq!((seen[0].0, seen[0].1), ("A", "1"), "{text}");
        assert_eq!((seen[1].0, seen[1].1), ("B", "x"), "{text}");
        assert!(seen[0].2.contains('1') && seen[1].2.contains('x'), "{text}: {seen:?}");
    }
    let (_, problems) =
        read_inputs(formwork::source::FileId(0), "[{\"ParameterValue\": \"1\"}, \"x\", {\"ParameterKey\": \"B\"}]");
    assert_eq!(problems.len(), 3);
}
