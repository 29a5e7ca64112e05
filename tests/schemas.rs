//! Every spelling in the catalogs exists in the schemas of the provider and of CloudFormation.

use formwork::dialect::Dialect;
use formwork::graph::{AttributeModel, Model, PAIR_KEYS, PAIR_VALUES, Path, PathStep, Satellite};
use formwork::rules::Library;
use formwork::source::{Sources, Span};
use formwork::value::Str;
use serde_json::Value;

struct Schemas {
    terraform: Vec<Value>,
    cloudformation: Value,
    sources: Sources,
}

fn load(name: &str) -> Value {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/schemas").join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The tree behind a path; `None` when there is no such attribute.
fn step<'t>(tree: &'t Value, steps: &[PathStep]) -> Option<&'t Value> {
    let Some((first, rest)) = steps.split_first() else { return Some(tree) };
    match (first, tree) {
        // A text that may hold anything: JSON, an object without a schema.
        // What is in a text has no schema; an object that stands in place of the text may have one.
        (PathStep::Document, Value::String(_)) => Some(tree),
        (PathStep::Document, _) => step(tree, rest),
        (_, Value::String(scalar)) if ["any", "object"].iter().any(|s| scalar.contains(s)) => Some(tree),
        (PathStep::Index(_) | PathStep::Each, Value::Array(items)) => step(items.first()?, rest),
        (PathStep::Key(_), Value::Array(items)) => {
            let pair = items.first()?.as_object()?;
            let value = |names: &[&str]| names.iter().find_map(|n| pair.get(*n));
            value(&PAIR_KEYS).and_then(|_| step(value(&PAIR_VALUES)?, rest))
        }
        (PathStep::Index(_) | PathStep::Each, Value::Object(_)) => step(tree, rest),
        (PathStep::Name(_), Value::Array(items)) => step(items.first()?, steps),
        (PathStep::Name(name) | PathStep::Key(name), Value::Object(map)) => {
            step(map.get(name.as_str()).or_else(|| map.get("*"))?, rest)
        }
        _ => None,
    }
}

/// Whether a type is of a provider whose schema is not here.
fn is_foreign(raw: &str) -> bool {
    !raw.contains("::") && !raw.trim_start_matches("data.").starts_with("aws_")
}

impl Schemas {
    /// The trees of a raw type: of several provider releases in Terraform.
    fn trees(&self, raw: &str) -> Vec<&Value> {
        if raw.contains("::") {
            return self.cloudformation.get(raw).into_iter().collect();
        }
        let (section, name) = raw.strip_prefix("data.").map_or(("resource", raw), |name| ("data", name));
        self.terraform.iter().filter_map(|s| s.get(section)?.get(name)).collect()
    }

    fn place(&self, span: Span) -> String {
        let file = self.sources.get(span.file);
        format!("{}:{}", file.name, file.position(span.start).line)
    }

    /// Whether a raw type has a path, below a prefix if that is a list of objects.
    fn has(&self, raw: &str, prefix: &Path, path: &Path) -> bool {
        if path.of_meta().is_some() || prefix.of_meta().is_some() {
            return true;
        }
        let mut steps = prefix.0.clone();
        if !steps.is_empty() {
            steps.push(PathStep::Each);
        }
        steps.extend(path.0.iter().cloned());
        self.trees(raw).iter().any(|tree| step(tree, &steps).is_some())
    }

    /// A model of several raw types, or a list that is written in several places, may spell something for some of them
    /// only: one of them must have the path.
    fn some(&self, raws: &[Str], prefixes: &[Path], path: &Path, span: Span, out: &mut Vec<String>) {
        if raws.iter().any(|raw| is_foreign(raw)) {
            return;
        }
        if !raws.iter().any(|raw| prefixes.iter().any(|prefix| self.has(raw, prefix, path))) {
            out.push(format!("{}: {} has no {path}", self.place(span), raws.join(", ")));
        }
    }

    fn satellites<'m>(&self, satellites: impl IntoIterator<Item = &'m Satellite>, out: &mut Vec<String>) {
        for satellite in satellites {
            let raw = std::slice::from_ref(&satellite.type_name);
            for path in satellite.parent.iter().chain(&satellite.value) {
                self.some(raw, &[Path::default()], path, satellite.span, out);
            }
            let entries = [satellite.value.clone().unwrap_or_default()];
            for path in satellite.spelling.values().flatten() {
                self.some(raw, &entries, path, satellite.span, out);
            }
        }
    }

    fn model(&self, model: &Model, out: &mut Vec<String>) {
        let whole = [Path::default()];
        for dialect in [Dialect::Terraform, Dialect::CloudFormation] {
            let raws = model.types(dialect);
            for raw in raws {
                if self.trees(raw).is_empty() && !is_foreign(raw) {
                    out.push(format!("{}: no schema has the type {raw}", self.place(model.span)));
                }
            }
            if raws.is_empty() {
                continue;
            }
            for attribute in &model.attributes {
                self.attribute(raws, &whole, attribute, dialect, out);
            }
            for list in &model.lists {
                let prefixes = &list.spelling(dialect).paths;
                for path in prefixes {
                    self.some(raws, &whole, path, model.span, out);
                }
                if !prefixes.is_empty() {
                    for attribute in &list.attributes {
                        self.attribute(raws, prefixes, attribute, dialect, out);
                    }
                }
            }
            for relation in &model.relations {
                for path in relation.spelling(dialect).paths.iter().chain(&relation.version(dialect).paths) {
                    self.some(raws, &whole, path, model.span, out);
                }
            }
        }
        let all: Vec<Str> = model.terraform.iter().chain(&model.cloudformation).cloned().collect();
        for path in &model.identity {
            self.some(&all, &whole, path, model.span, out);
        }
        self.satellites(model.attributes.iter().flat_map(|a| &a.satellites), out);
        for satellite in model.attributes.iter().flat_map(|a| &a.satellites) {
            let reference = satellite.reference.iter().map(|name| Path(vec![PathStep::Name(name.clone())]));
            for path in reference {
                self.some(&model.terraform, &whole, &path, satellite.span, out);
            }
        }
        self.satellites(model.lists.iter().flat_map(|l| &l.satellites), out);
    }

    fn attribute(
        &self,
        raws: &[Str],
        prefixes: &[Path],
        attribute: &AttributeModel,
        dialect: Dialect,
        out: &mut Vec<String>,
    ) {
        let spelling = attribute.spelling(dialect);
        for path in &spelling.paths {
            let span = spelling.span.expect("paths have a place");
            self.some(raws, prefixes, path, span, out);
        }
    }
}

#[test]
fn every_spelling_exists() {
    let schemas = Schemas {
        terraform: vec![load("terraform-aws.json"), load("terraform-aws-5.json")],
        cloudformation: load("cloudformation.json"),
        sources: Sources::new(),
    };
    let loaded = Library::new().load_all(&schemas.sources);
    let mut problems: Vec<String> =
        loaded.problems.iter().map(|p| format!("{}: {}", schemas.place(p.span), p.message)).collect();
    for model in loaded.catalog.models.values() {
        schemas.model(model, &mut problems);
    }
    for (raw, attribute) in loaded.catalog.computed.keys().chain(loaded.catalog.distinct.keys()) {
        let trees = schemas.trees(raw);
        let path = Path(vec![PathStep::Name(attribute.clone())]);
        if !trees.iter().any(|tree| step(tree, &path.0).is_some()) {
            problems.push(format!("{raw} has no {attribute} to compute"));
        }
    }
    assert!(loaded.catalog.models.len() > 1, "no catalog was loaded");
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_rule_targets_what_a_catalog_declares() {
    let sources = Sources::new();
    let loaded = Library::new().load_all(&sources);
    let mut problems = Vec::new();
    for rule in &loaded.rules {
        for target in &rule.targets {
            let known = loaded.catalog.model(target).is_some()
                || target == formwork::graph::ACCOUNT
                || target.contains("::")
                || target == formwork::graph::ANY
                || target.starts_with("terraform.");
            if !known {
                problems.push(format!("{} judges {target}, which no catalog declares", rule.info.id));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
