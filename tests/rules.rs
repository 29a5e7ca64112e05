//! The examples in the rule files: every one is a test of its own.
//!
//! `#~ finding` demands the primary label of a finding on that line, `#~ via` a secondary one, `#~ undetermined` an
//! undetermined verdict. Every other line must be silent.

mod support;

use formwork::rules::{Example, Library, RuleFile};
use formwork::source::{FileId, Sources};
use libtest_mimic::{Arguments, Failed, Trial};
use std::collections::BTreeSet;
use std::process::ExitCode;
use std::sync::Arc;
use support::{Example as Judged, judge};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let sources = Sources::new();
    let mut trials = Vec::new();
    for (id, file) in Library::rule_files(&sources) {
        let path = sources.get(id).name.trim_end_matches(".md").to_owned();
        let file = Arc::new(file);
        for example in &file.examples {
            let name = format!("{path}/{}/{}", slug(&example.title), example.dialect);
            let (file, example) = (file.clone(), example.clone());
            let rule_path = format!("{path}.md");
            trials.push(Trial::test(name, move || check(&rule_path, &file, &example)));
        }
        trials.push(Trial::test(format!("{path}/complete"), move || complete(&file)));
        let _: FileId = id;
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn slug(title: &str) -> String {
    let words: Vec<String> =
        title.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect();
    words.join("-")
}

/// A mark: the file of the example, the line in it, and what is expected there.
type Mark = (String, usize, &'static str);

fn marks(example: &Example) -> BTreeSet<Mark> {
    let mut out = BTreeSet::new();
    for file in &example.files {
        for (i, line) in file.text.lines().enumerate() {
            let Some((_, mark)) = line.split_once("#~") else { continue };
            for word in mark.split(',') {
                let word = match word.trim() {
                    "finding" => "finding",
                    "via" => "via",
                    "undetermined" => "undetermined",
                    _ => "a mark that does not exist",
                };
                out.insert((file.path.clone(), i + 1, word));
            }
        }
    }
    out
}

fn check(rule_path: &str, file: &RuleFile, example: &Example) -> Result<(), Failed> {
    let ids: Vec<String> = file.rules.iter().map(|r| r.info.id.to_string()).collect();
    let files = example.files.iter().map(|f| (f.path.clone(), f.text.clone())).collect();
    let judged = judge(&Judged { files, rules: ids, config: example.config.clone() });
    let mut problems = judged.errors;
    let expected = marks(example);
    let mut found: BTreeSet<Mark> = BTreeSet::new();
    for (path, line) in &judged.findings {
        found.insert((path.clone(), *line, "finding"));
    }
    for (path, line) in &judged.via {
        found.insert((path.clone(), *line, "via"));
    }
    for (path, line) in &judged.undetermined {
        found.insert((path.clone(), *line, "undetermined"));
    }
    let line_of = |(path, line, _): &Mark| {
        let start = example.files.iter().find(|f| f.path == *path).map_or(0, |f| f.line);
        start + line - 1
    };
    for mark in expected.difference(&found) {
        problems.push(format!("{rule_path}:{}: expected {} here ({})", line_of(mark), mark.2, mark.0));
    }
    for mark in found.difference(&expected) {
        problems.push(format!("{rule_path}:{}: unexpected {} here ({})", line_of(mark), mark.2, mark.0));
    }
    if problems.is_empty() { Ok(()) } else { Err(format!("{}\n{}", problems.join("\n"), judged.shown).into()) }
}

/// A rule has at least one finding, one clean and one undetermined example in every dialect it speaks.
fn complete(file: &RuleFile) -> Result<(), Failed> {
    let mut problems: Vec<String> = file.problems.iter().map(|p| p.message.clone()).collect();
    for dialect in ["terraform", "cloudformation"] {
        if file.only.as_ref().is_some_and(|(only, _)| only != dialect) {
            if file.examples.iter().any(|e| e.dialect == dialect) {
                problems.push(format!("there are {dialect} examples although the rule does not speak it"));
            }
            continue;
        }
        let of = |wanted: Option<&str>| {
            file.examples.iter().filter(|e| e.dialect == dialect).any(|e| {
                let marks = marks(e);
                match wanted {
                    Some(word) => marks.iter().any(|m| m.2 == word),
                    None => marks.is_empty(),
                }
            })
        };
        for (wanted, what) in [(Some("finding"), "finding"), (None, "clean"), (Some("undetermined"), "undetermined")] {
            let excused = wanted == Some("undetermined") && file.rules.iter().any(|r| r.no_undetermined.is_some());
            if !of(wanted) && !excused {
                problems.push(format!("there is no {what} example in {dialect}"));
            }
        }
    }
    if file.examples.len() < 6 {
        problems.push(format!("there are only {} examples; six are the least", file.examples.len()));
    }
    for rule in &file.rules {
        let info = &rule.info;
        for (missing, what) in [
            (info.title.is_empty(), "title"),
            (info.why.is_empty(), "why it matters"),
            (info.remediation.is_empty(), "remediation"),
            (info.references.is_empty(), "references"),
            (info.practices.is_empty(), "practices"),
        ] {
            if missing {
                problems.push(format!("{}: {what} is missing", info.id));
            }
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n").into()) }
}
