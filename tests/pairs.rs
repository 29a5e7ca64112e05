//! The same configuration in both dialects: `fixtures/pairs/NAME/main.tf` and `template.yaml` get the same verdicts from
//! all rules, on as many resources. Where the dialects themselves differ, `differs.toml` names the rule and the reason:
//!
//! ```toml
//! [rule-id]
//! reason = "why the verdicts differ"
//! ```

mod support;

use formwork::rules::Library;
use formwork::source::Sources;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use support::{Example, report};

const FOLDER: &str = "fixtures/pairs";

/// The ids of all rules, those that are off by default as well.
fn all_rules() -> Vec<String> {
    static IDS: OnceLock<Vec<String>> = OnceLock::new();
    let load = || Library::new().load_all(&Sources::new()).rules.iter().map(|r| r.info.id.to_string()).collect();
    IDS.get_or_init(load).clone()
}

/// Findings and undetermined verdicts by rule: how many resources they are about.
type Verdicts = BTreeMap<String, (usize, usize)>;

fn verdicts(path: &Path) -> Result<(Verdicts, String), String> {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let files = vec![(name, text)];
    let sources = Sources::new();
    let report = report(&Example { files, rules: all_rules(), config: None }, &sources)?;
    let wrong: Vec<_> = report.faults.iter().map(|f| f.message.clone()).collect();
    if !wrong.is_empty() {
        return Err(format!("{}: {}", path.display(), wrong.join("; ")));
    }
    let mut out = Verdicts::new();
    let mut said = String::new();
    for finding in &report.findings {
        out.entry(finding.rule.to_string()).or_default().0 += finding.instances.len().max(1);
        said += &format!("    finding {}: {}\n", finding.rule, finding.message);
    }
    for entry in &report.undetermined {
        out.entry(entry.rule.to_string()).or_default().1 += entry.instances.len().max(1);
        said += &format!("    undetermined {}: {}\n", entry.rule, entry.message);
    }
    Ok((out, said))
}

/// The rules that may differ, each with its reason.
fn allowed(folder: &Path) -> Result<BTreeMap<String, String>, String> {
    let Ok(text) = std::fs::read_to_string(folder.join("differs.toml")) else { return Ok(BTreeMap::new()) };
    let document: toml_edit::DocumentMut = text.parse().map_err(|e| format!("{}: {e}", folder.display()))?;
    document
        .iter()
        .map(|(rule, entry)| {
            let reason = entry.get("reason").and_then(|r| r.as_str()).filter(|r| r.len() > 10);
            let reason = reason.ok_or_else(|| format!("{}: {rule} has no reason", folder.display()))?;
            Ok((rule.to_owned(), reason.to_owned()))
        })
        .collect()
}

fn compare(folder: &Path) -> Result<(), String> {
    let allowed = allowed(folder)?;
    let (terraform, said_there) = verdicts(&folder.join("main.tf"))?;
    let (cloudformation, said_here) = verdicts(&folder.join("template.yaml"))?;
    let mut wrong = Vec::new();
    let rules: std::collections::BTreeSet<&String> = terraform.keys().chain(cloudformation.keys()).collect();
    for rule in rules {
        let of = |all: &Verdicts| all.get(rule).copied().unwrap_or_default();
        let (there, here) = (of(&terraform), of(&cloudformation));
        match (there == here, allowed.contains_key(rule)) {
            (false, false) => wrong.push(format!(
                "  {rule}: {} findings and {} undetermined in Terraform, {} and {} in CloudFormation",
                there.0, there.1, here.0, here.1
            )),
            (true, true) => wrong.push(format!("  {rule}: the verdicts do not differ any more")),
            _ => {}
        }
    }
    for rule in allowed.keys().filter(|r| !terraform.contains_key(*r) && !cloudformation.contains_key(*r)) {
        wrong.push(format!("  {rule}: has nothing to say in either dialect"));
    }
    if wrong.is_empty() {
        return Ok(());
    }
    let name = folder.file_name().unwrap().to_string_lossy();
    Err(format!("{name}:\n{}\n  Terraform:\n{said_there}  CloudFormation:\n{said_here}", wrong.join("\n")))
}

#[test]
fn equal_configurations_get_equal_verdicts() {
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(FOLDER).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()).collect();
    folders.sort();
    assert!(folders.len() >= 60, "there are only {} pairs", folders.len());
    let only = std::env::var("PAIR").ok();
    let chosen = folders.iter().filter(|f| only.as_ref().is_none_or(|o| f.to_string_lossy().contains(o.as_str())));
    let wrong: Vec<String> = chosen.filter_map(|f| compare(f).err()).collect();
    assert!(wrong.is_empty(), "{} pairs differ\n{}", wrong.len(), wrong.join("\n"));
}

/// A test that compares nothing proves nothing: most pairs must make a rule speak.
#[test]
fn the_pairs_cover_many_rules() {
    let mut rules = std::collections::BTreeSet::new();
    let (mut silent, mut undetermined) = (0, 0);
    for folder in std::fs::read_dir(FOLDER).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()) {
        let (all, _) = verdicts(&folder.join("template.yaml")).unwrap();
        silent += usize::from(all.is_empty());
        undetermined += usize::from(all.values().any(|(_, u)| *u > 0));
        rules.extend(all.into_keys());
    }
    assert!(rules.len() >= 15, "only {rules:?}");
    assert!(undetermined >= 8, "only {undetermined} pairs have an undetermined verdict");
    assert!(silent <= 20, "{silent} pairs are clean");
}
