//! Every spelling in the catalogs exists in the schemas of the provider and of CloudFormation.

use formwork::dialect::Dialect;
use formwork::graph::{Model, Path, PathStep, Satellite};
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
        (_, Value::String(scalar)) if ["any", "object"].iter().any(|s| scalar.contains(s)) => Some(tree),
        (PathStep::Index(_) | PathStep::Each, Value::Array(items)) => step(items.first()?, rest),
        (PathStep::Index(_), Value::Object(_)) => step(tree, rest),
        (PathStep::Name(_), Value::Array(items)) => step(items.first()?, steps),
        (PathStep::Name(name), Value::Object(map)) => step(map.get(name.as_str()).or_else(|| map.get("*"))?, rest),
        _ => None,
    }
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

    fn check(&self, raw: &str, prefix: &Path, path: &Path, span: Span, out: &mut Vec<String>) {
        let mut steps = prefix.0.clone();
        if !steps.is_empty() {
            steps.push(PathStep::Each);
        }
        steps.extend(path.0.iter().cloned());
        let trees = self.trees(raw);
        if trees.is_empty() {
            out.push(format!("{}: no schema has the type {raw}", self.place(span)));
        } else if !trees.iter().any(|tree| step(tree, &steps).is_some()) {
            out.push(format!("{}: {raw} has no {}", self.place(span), Path(steps)));
        }
    }

    /// A path may be spelled for some of the raw types of a model only, and below some of the places from which a list
    /// is joined: one of them must have it.
    fn somewhere(&self, types: &[Str], prefixes: &[Path], path: &Path, span: Span, out: &mut Vec<String>) {
        let mut problems = Vec::new();
        for raw in types {
            for prefix in prefixes {
                let before = problems.len();
                self.check(raw, prefix, path, span, &mut problems);
                if problems.len() == before {
                    return;
                }
            }
        }
        out.append(&mut problems);
    }

    fn satellites<'m>(&self, satellites: impl IntoIterator<Item = &'m Satellite>, out: &mut Vec<String>) {
        for satellite in satellites {
            let whole = Path::default();
            self.check(&satellite.type_name, &whole, &satellite.parent, satellite.span, out);
            for path in satellite.value.iter().chain(satellite.spelling.values().flatten()) {
                self.check(&satellite.type_name, &whole, path, satellite.span, out);
            }
        }
    }

    fn model(&self, model: &Model, out: &mut Vec<String>) {
        let whole = [Path::default()];
        for dialect in [Dialect::Terraform, Dialect::CloudFormation] {
            let types = model.types(dialect);
            for raw in types.iter().filter(|raw| self.trees(raw).is_empty()) {
                out.push(format!("{}: no schema has the type {raw}", self.place(model.span)));
            }
            for attribute in &model.attributes {
                let spelling = attribute.spelling(dialect);
                for path in &spelling.paths {
                    self.somewhere(types, &whole, path, spelling.span.unwrap_or(model.span), out);
                }
            }
            for list in &model.lists {
                let places = &list.spelling(dialect).paths;
                for path in places {
                    self.somewhere(types, &whole, path, list.spelling(dialect).span.unwrap_or(model.span), out);
                }
                for attribute in list.attributes.iter().filter(|_| !places.is_empty()) {
                    let spelling = attribute.spelling(dialect);
                    for path in &spelling.paths {
                        self.somewhere(types, places, path, spelling.span.unwrap_or(model.span), out);
                    }
                }
            }
            for relation in &model.relations {
                let paths = relation.spelling(dialect).paths.iter().chain(&relation.version(dialect).paths);
                for path in paths {
                    self.somewhere(types, &whole, path, relation.spelling(dialect).span.unwrap_or(model.span), out);
                }
            }
        }
        for attribute in &model.attributes {
            self.satellites(&attribute.satellites, out);
        }
        for list in &model.lists {
            self.satellites(&list.satellites, out);
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
    for (raw, attribute) in loaded.catalog.computed.keys() {
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
                || target.starts_with("terraform.");
            if !known {
                problems.push(format!("{} judges {target}, which no catalog declares", rule.info.id));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
