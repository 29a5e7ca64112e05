//! Plans with and without their configuration: `fixtures/plans/*`, with the report that is expected beside them.
//!
//! `FORMWORK_BLESS=1` writes the expected reports anew.

mod support;

use formwork::report::{Label, Report};
use formwork::source::Sources;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use support::{Example, report};

fn files(folder: &Path, root: &Path, out: &mut Vec<(String, String)>) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, root, out);
        } else if path.extension().is_some_and(|e| e != "txt") {
            let name = path.strip_prefix(root).expect("below the root").to_string_lossy().replace('\\', "/");
            out.push((name, std::fs::read_to_string(&path).expect("text")));
        }
    }
}

fn place(label: &Label, sources: &Sources) -> String {
    let file = sources.get(label.span.file);
    let text = file.text.get(label.span.range()).unwrap_or_default().lines().next().unwrap_or_default();
    format!("{}:{}: {} `{text}`", file.name, file.position(label.span.start).line, label.message)
}

fn picture(report: &Report, sources: &Sources) -> String {
    let mut out = String::new();
    let mut item =
        |what: &str, rule: &str, message: &str, primary: &Label, secondary: &[Label], instances: &[String]| {
            writeln!(out, "{what} {rule}: {message}").expect("strings take text");
            for label in std::iter::once(primary).chain(secondary) {
                writeln!(out, "  {}", place(label, sources)).expect("strings take text");
            }
            for instance in instances {
                writeln!(out, "  instance {instance}").expect("strings take text");
            }
        };
    for f in &report.findings {
        let instances: Vec<String> = f.instances.iter().map(ToString::to_string).collect();
        item("finding", &f.rule, &f.message, &f.primary, &f.secondary, &instances);
    }
    for u in &report.undetermined {
        item("undetermined", &u.rule, &u.message, &u.primary, &u.secondary, &[]);
    }
    for fault in &report.faults {
        writeln!(out, "{:?}: {}: {}", fault.kind, fault.path, fault.message).expect("strings take text");
    }
    out
}

#[test]
fn plans_are_judged_where_they_come_from() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/plans");
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(&root).expect("the fixtures").map(|e| e.expect("an entry").path()).collect();
    folders.sort();
    let mut problems = Vec::new();
    for folder in &folders {
        let mut example = Example::default();
        files(folder, folder, &mut example.files);
        example.rules = ["ebs-volume-encrypted", "sg-no-public-ssh", "sg-no-public-rdp"].map(str::to_owned).to_vec();
        let sources = Sources::new();
        let found = picture(&report(&example, &sources).expect("a report"), &sources);
        let expected = folder.join("expected.txt");
        if std::env::var_os("FORMWORK_BLESS").is_some() {
            std::fs::write(&expected, &found).expect("the fixtures are writable");
        }
        let expected = std::fs::read_to_string(&expected).unwrap_or_default();
        if found != expected {
            problems.push(format!("{}: expected\n{expected}\nfound\n{found}", folder.display()));
        }
    }
    assert!(folders.len() >= 4, "the fixtures are not there");
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
