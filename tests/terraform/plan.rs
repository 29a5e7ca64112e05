//! What formwork knows of configurations, against what Terraform planned for them: `fixtures/terraform/*/expected.json`
//! holds the values of the plan, without what is null or known only after apply.

use crate::world::{World, declare_in};
use formwork::dialect::Mode;
use formwork::output::value_json;
use formwork::source::Disk;
use formwork::value::Truth;
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Keys of the objects that stand for what is not plainly known.
const MARKS: [&str; 6] = ["unknown", "after_apply", "partial", "one_of", "sensitive", "open"];

#[derive(Default)]
struct Comparison {
    compared: usize,
    wrong: Vec<String>,
    missed: Vec<String>,
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { out.extend(files_below(&path)) } else { out.push(path) }
    }
    out.sort();
    out
}

fn mark(value: &Json) -> Option<&str> {
    let object = value.as_object().filter(|o| o.len() <= 2)?;
    MARKS.into_iter().find(|m| object.contains_key(*m))
}

/// A scalar as its provider converts it; the value of a JSON text, so that its layout does not matter.
fn plain(value: &Json) -> Json {
    match value {
        Json::Bool(b) => b.to_string().into(),
        Json::Number(n) => n.as_f64().into(),
        Json::String(s) if s.starts_with(['{', '[']) => serde_json::from_str(s).unwrap_or_else(|_| value.clone()),
        Json::String(s) => s.parse::<f64>().map_or_else(|_| value.clone(), Json::from),
        other => other.clone(),
    }
}

impl Comparison {
    fn value(&mut self, ours: &Json, plan: &Json, path: &str) {
        if ours.is_null() || plan.is_null() {
            return;
        }
        if mark(ours).is_some() {
            self.missed.push(format!("{path} = {ours}"));
            return;
        }
        match (ours, plan) {
            (Json::Object(_), Json::Array(items)) if items.len() == 1 => self.value(ours, &items[0], path),
            (Json::Array(items), Json::Object(_)) if items.len() == 1 => self.value(&items[0], plan, path),
            (Json::Object(entries), Json::Object(theirs)) => {
                for (key, inner) in entries.iter().filter(|(_, inner)| !inner.is_null()) {
                    let found = theirs.get(key).unwrap_or(&Json::Null);
                    self.value(inner, found, &format!("{path}.{key}"));
                }
                if path.ends_with("tags") && entries.len() < theirs.len() {
                    self.wrong.push(format!("{path}: {ours}, planned {plan}"));
                }
            }
            (Json::Array(ours), Json::Array(theirs)) => self.items(ours, theirs, path),
            _ if plain(ours) == plain(plan) => self.compared += 1,
            _ => self.wrong.push(format!("{path}: {ours}, planned {plan}")),
        }
    }

    /// In order or, for sets, in any.
    fn items(&mut self, ours: &[Json], theirs: &[Json], path: &str) {
        let mut left: Vec<&Json> = theirs.iter().collect();
        if ours.len() != left.len() {
            self.wrong.push(format!("{path}: {} elements, planned {}", ours.len(), left.len()));
            return;
        }
        for item in ours {
            let fits = |candidate: &&Json| {
                let mut trial = Comparison::default();
                trial.value(item, candidate, path);
                trial.wrong.is_empty().then_some(trial)
            };
            let found = left.iter().enumerate().find_map(|(i, c)| fits(c).map(|trial| (i, trial)));
            let Some((i, trial)) = found else {
                self.wrong.push(format!("{path}: {item} is not planned"));
                continue;
            };
            left.remove(i);
            self.compared += trial.compared;
            self.missed.extend(trial.missed);
        }
    }

    fn world(&mut self, world: &World, expected: &Json) {
        let planned = expected.as_object().expect("an object of resources");
        let declarations: Vec<_> =
            world.roots.iter().flat_map(|r| &r.declarations).filter(|d| d.mode == Mode::Resource).collect();
        let ours: BTreeSet<&str> = declarations.iter().map(|d| d.address.as_str()).collect();
        let theirs: BTreeSet<&str> = planned.keys().map(String::as_str).collect();
        for address in ours.symmetric_difference(&theirs) {
            self.wrong.push(format!("{address} is declared by one and not planned by the other"));
        }
        for declaration in declarations {
            let Some(values) = planned.get(declaration.address.as_str()) else { continue };
            assert_eq!(declaration.exists, Truth::Yes, "{}", declaration.address);
            self.value(&value_json(&declaration.attributes), values, &declaration.address);
        }
    }
}

#[test]
fn what_is_known_is_what_terraform_plans() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/terraform");
    let mut cases = 0;
    for entry in std::fs::read_dir(&fixtures).expect("fixtures").flatten() {
        let folder = entry.path();
        let expected = std::fs::read_to_string(folder.join("expected.json")).expect("a recorded plan");
        let expected: Json = serde_json::from_str(&expected).expect("JSON");
        let world = declare_in(&Disk::within([folder.clone()]), files_below(&folder));
        let mut comparison = Comparison::default();
        comparison.world(&world, &expected);
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        assert!(world.faults.is_empty(), "{name}: {:?}", world.faults);
        assert!(comparison.wrong.is_empty(), "{name}:\n{}", comparison.wrong.join("\n"));
        // What is left to the provider: data sources, and the order in which it writes a policy.
        let others = ["is read while planning", "after_apply", "is put together by the provider"];
        comparison.missed.retain(|m| !others.iter().any(|o| m.contains(o)));
        assert!(comparison.missed.is_empty(), "{name}:\n{}", comparison.missed.join("\n"));
        assert!(comparison.compared >= 5, "{name}: only {} values were compared", comparison.compared);
        cases += 1;
    }
    assert!(cases >= 8, "only {cases} configurations");
}
