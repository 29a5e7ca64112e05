//! Which rules and catalogs there are, and loading those that are needed.

use super::embedded::{models, rules, tables};
use super::file::{self, Rule, RuleFile};
use super::table::{self, Tables};
use crate::dialect::Dialect;
use crate::graph::{ACCOUNT, ANY, Catalog, ModelProblem, raw_name, raw_type};
use crate::source::{FileId, Sources};
use crate::syntax::{Problem, hcl};
use rustc_hash::FxHashSet;
use std::path::PathBuf;
use std::sync::Arc;

/// A rule file beside the embedded ones.
struct UserRule {
    service: String,
    file: FileId,
}

/// The rules, catalogs and tables of a run: the embedded ones, and these of the user.
#[derive(Default)]
pub struct Library {
    rules: Vec<UserRule>,
    models: Vec<FileId>,
    tables: Vec<FileId>,
}

/// Rules and catalogs, read.
#[derive(Default)]
pub struct Loaded {
    /// The catalog.
    pub catalog: Catalog,
    /// The tables.
    pub tables: Tables,
    /// The rules by id.
    pub rules: Vec<Arc<Rule>>,
    /// Mistakes in rule files.
    pub problems: Vec<Problem>,
}

impl Library {
    /// The embedded rules.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether a rule of that id is built in.
    pub fn is_embedded(id: &str) -> bool {
        rules().iter().any(|r| r.ids.contains(&id))
    }

    /// Adds a rule file of the user.
    pub fn add_rule(&mut self, service: impl Into<String>, file: FileId) {
        self.rules.push(UserRule { service: service.into(), file });
    }

    /// Adds a catalog of the user.
    pub fn add_model(&mut self, file: FileId) {
        self.models.push(file);
    }

    /// Adds tables of the user.
    pub fn add_tables(&mut self, file: FileId) {
        self.tables.push(file);
    }

    /// Whether there are rule files, catalogs or tables beside the embedded ones.
    pub fn is_extended(&self) -> bool {
        !self.rules.is_empty() || !self.models.is_empty() || !self.tables.is_empty()
    }

    /// Whether a catalog knows a raw type (`data.` in front of a data source).
    pub fn knows_type(&self, raw: &str) -> bool {
        // Catalogs of the user are few and small; what they declare is always loaded.
        !self.models.is_empty() || type_index().contains(raw)
    }

    /// How many rules a selection runs, loaded or not.
    pub fn count(&self, includes: &dyn Fn(&str, bool) -> bool) -> usize {
        rules().iter().map(|r| r.ids.iter().filter(|id| includes(id, r.default)).count()).sum::<usize>()
            + self.rules.len()
    }

    /// The catalogs that know one of the raw types, and the rules about what these catalogs declare. `baseline`: a root
    /// is the baseline of an account, so that rules about the account are needed, whatever is declared.
    pub fn load_for(&self, types: &FxHashSet<String>, baseline: bool, sources: &Sources) -> Loaded {
        let mut loaded = Loaded::default();
        let needed = |m: &&super::EmbeddedModel| m.types.iter().any(|t| types.contains(*t));
        for model in models().iter().filter(needed) {
            loaded.add_model(sources.add(PathBuf::from(model.path), model.text), sources);
        }
        for &file in &self.models {
            loaded.add_model(file, sources);
        }
        for &file in &self.tables {
            loaded.add_tables(file, sources);
        }
        let present: FxHashSet<&str> = loaded
            .catalog
            .models
            .values()
            .filter(|m| m.terraform.iter().chain(&m.cloudformation).any(|t| types.contains(t.as_str())))
            .map(|m| m.name.as_str())
            .chain(loaded.catalog.models.values().filter(|m| has_satellite(m, types)).map(|m| m.name.as_str()))
            .chain(baseline.then_some(ACCOUNT))
            .chain((!types.is_empty()).then_some(ANY))
            .collect();
        let is_present = |name: &str| raw_type(name).is_some_and(|raw| types.contains(raw));
        let wanted: Vec<&super::Embedded> =
            rules().iter().filter(|r| r.resources.iter().any(|t| present.contains(t) || is_present(t))).collect();
        let files: Vec<(FileId, &str)> =
            wanted.iter().map(|r| (sources.add(PathBuf::from(r.path), r.text), r.service)).collect();
        for (file, service) in files {
            loaded.add_rules(file, service, sources);
        }
        for rule in &self.rules {
            loaded.add_rules(rule.file, &rule.service, sources);
        }
        loaded.finish();
        loaded
    }

    /// All rules, catalogs and tables.
    pub fn load_all(&self, sources: &Sources) -> Loaded {
        let mut loaded = Loaded::default();
        for model in models() {
            loaded.add_model(sources.add(PathBuf::from(model.path), model.text), sources);
        }
        for &file in &self.models {
            loaded.add_model(file, sources);
        }
        for table in tables() {
            let file = sources.add(PathBuf::from(table.path), table.text);
            loaded.problems.extend(table::read(file, table.text).1);
        }
        for &file in &self.tables {
            loaded.add_tables(file, sources);
        }
        for rule in rules() {
            loaded.add_rules(sources.add(PathBuf::from(rule.path), rule.text), rule.service, sources);
        }
        for rule in &self.rules {
            loaded.add_rules(rule.file, &rule.service, sources);
        }
        loaded.finish();
        loaded
    }

    /// The embedded rule files, read with their examples.
    pub fn rule_files(sources: &Sources) -> Vec<(FileId, RuleFile)> {
        rules()
            .iter()
            .map(|rule| {
                let id = sources.add(PathBuf::from(rule.path), rule.text);
                (id, file::read(id, &sources.get(id).text, rule.service, true))
            })
            .collect()
    }
}

fn has_satellite(model: &crate::graph::Model, types: &FxHashSet<String>) -> bool {
    let of_attributes = model.attributes.iter().flat_map(|a| &a.satellites);
    let of_lists = model.lists.iter().flat_map(|l| &l.satellites);
    of_attributes.chain(of_lists).any(|s| types.contains(s.type_name.as_str()))
}

fn type_index() -> &'static FxHashSet<&'static str> {
    static INDEX: std::sync::OnceLock<FxHashSet<&'static str>> = std::sync::OnceLock::new();
    INDEX.get_or_init(|| models().iter().flat_map(|m| m.types.iter().copied()).collect())
}

impl Loaded {
    /// Whether a rule judges a raw type without a model.
    pub fn judges_raw(&self, dialect: Dialect, raw: &str) -> bool {
        !self.catalog.raw.is_empty() && self.catalog.raw.contains(&raw_name(dialect, raw))
    }

    fn add_model(&mut self, file: FileId, sources: &Sources) {
        let source = sources.get(file);
        let (document, problems) = hcl::parse(file, &source.text);
        self.problems.extend(problems);
        let problems = self.catalog.load(&document);
        self.problems.extend(problems.into_iter().map(|ModelProblem { span, message }| Problem { span, message }));
    }

    fn add_tables(&mut self, file: FileId, sources: &Sources) {
        let problems = self.tables.add(file, &sources.get(file).text);
        self.problems.extend(problems);
    }

    fn add_rules(&mut self, file: FileId, service: &str, sources: &Sources) {
        let read = file::read(file, &sources.get(file).text, service, false);
        self.problems.extend(read.problems);
        self.rules.extend(read.rules.into_iter().map(Arc::new));
    }

    fn finish(&mut self) {
        self.rules.sort_by(|a, b| a.info.id.cmp(&b.info.id));
        self.rules.dedup_by(|a, b| a.info.id == b.info.id);
        let targets = self.rules.iter().flat_map(|r| &r.targets);
        self.catalog.raw = targets.filter(|t| raw_type(t).is_some() || *t == ANY).cloned().collect();
    }
}
