//! From arguments and configuration to what a run needs.

use super::Failure;
use super::args::CheckArgs;
use crate::config::{Config, ConfigError, ConfigProblem, LoadError, Override, ParamType, Profile, RuleNames, Spanned};
use crate::dialect::{cloudformation, terraform};
use crate::report::Report;
use crate::report::suppress::{Date, Policy};
use crate::rules::{Library, Loaded, Local, ParamValues, Rule, Severity};
use crate::source::{Disk, FileSystem, Sources, Span};
use crate::value::{Kind, Str, Value};
use crate::workspace::{Ignores, Outcome, Selection, add_naming_rules, naming_value, rule_matches};
use rustc_hash::{FxHashMap, FxHashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// What a run needs beside the files.
pub(super) struct RunSettings {
    pub config: Config,
    pub library: Library,
    pub selection: Selection,
    pub params: ParamValues,
    pub severities: FxHashMap<Str, Severity>,
    pub naming: Value,
    pub variables: terraform::Inputs,
    pub parameters: cloudformation::Inputs,
    pub module_map: FxHashMap<String, PathBuf>,
    pub fail_on: Severity,
    /// Rules with parameters that are set for some files only.
    pub tuned: FxHashSet<Str>,
    /// The rules that run where nothing else is said.
    runs: FxHashSet<Str>,
    /// What is set for parts of the tree, by the overrides that apply there.
    locals: Mutex<FxHashMap<Vec<Span>, Arc<Local>>>,
    /// All rules, if they had to be loaded.
    pub all: Option<Loaded>,
}

fn usage(message: impl Into<String>) -> Failure {
    Failure::Plain(message.into())
}

/// The folder of the repository a path is in: that with `.git`.
pub(super) fn repository(path: &Path) -> Option<PathBuf> {
    let absolute = std::path::absolute(path).ok()?;
    let start = if absolute.is_dir() { absolute.as_path() } else { absolute.parent()? };
    start.ancestors().find(|dir| dir.join(".git").exists()).map(Path::to_path_buf)
}

/// The folders that may be read: the repositories of the paths, or the paths themselves.
pub(super) fn readable(paths: &[PathBuf]) -> Vec<PathBuf> {
    let here = std::env::current_dir().unwrap_or_default();
    let mut roots: Vec<PathBuf> = paths
        .iter()
        .map(|path| {
            if let Some(root) = repository(path) {
                return root;
            }
            let absolute = std::path::absolute(path).unwrap_or_else(|_| path.clone());
            if absolute.starts_with(&here) {
                return here.clone();
            }
            if absolute.is_dir() { absolute } else { absolute.parent().map(Path::to_path_buf).unwrap_or(absolute) }
        })
        .collect();
    roots.sort();
    roots.dedup();
    roots
}

struct Names<'a> {
    rules: &'a [Arc<Rule>],
}

fn param_type(value: &Value) -> ParamType {
    match &value.kind {
        Kind::Bool(_) => ParamType::Bool,
        Kind::Number(n) if n.as_i64().is_some() => ParamType::Integer,
        Kind::Number(_) => ParamType::Number,
        Kind::String(_) => ParamType::String,
        Kind::List(list) => ParamType::List(Box::new(list.items.first().map_or(ParamType::Any, param_type))),
        Kind::Map(map) => ParamType::Map(Box::new(map.entries.values().next().map_or(ParamType::Any, param_type))),
        _ => ParamType::Any,
    }
}

impl RuleNames for Names<'_> {
    fn resolves(&self, name: &str) -> bool {
        self.rules.iter().any(|r| rule_matches(&r.info, name))
    }

    fn names(&self) -> Vec<String> {
        self.rules
            .iter()
            .flat_map(|r| {
                [r.info.id.to_string(), r.info.service.to_string()]
                    .into_iter()
                    .chain(r.info.aliases.values().flatten().map(ToString::to_string))
            })
            .collect()
    }

    fn params(&self, rule: &str) -> Option<Vec<(String, ParamType)>> {
        let mut found = self.rules.iter().filter(|r| rule_matches(&r.info, rule));
        let (first, None) = (found.next()?, found.next()) else { return None };
        Some(first.params.iter().map(|p| (p.name.to_string(), param_type(&p.default))).collect())
    }
}

fn mentions_rules(config: &Config) -> bool {
    config.select.is_some()
        || !config.extend_select.is_empty()
        || !config.ignore.is_empty()
        || !config.rules.is_empty()
        || !config.overrides.is_empty()
        || !config.suppressions.refuse.is_empty()
}

fn load_config(args: &CheckArgs, first: &Path, sources: &Sources) -> Result<Config, Failure> {
    let disk = Disk::default();
    let path = match (&args.config, args.no_config) {
        (Some(path), _) => path.clone(),
        (None, true) => return Ok(Config::default()),
        (None, false) => match crate::config::find(first, &disk) {
            Some(path) => path,
            None => return Ok(Config::default()),
        },
    };
    Config::load(&path, &disk, sources).map_err(|error| match error {
        LoadError::Read { .. } => usage(error.to_string()),
        LoadError::Invalid(error) => Failure::Rich(error),
    })
}

/// Rule files of the user: `.formwork/rules/<service>/*.md`, `model.hcl` and `tables.hcl` beside the configuration or in the first path.
fn user_rules(library: &mut Library, folder: &Path, sources: &Sources) {
    let disk = Disk::default();
    let base = folder.join(".formwork").join("rules");
    for service in disk.list(&base) {
        let dir = base.join(&service);
        if !disk.is_dir(&dir) {
            continue;
        }
        for name in disk.list(&dir) {
            let path = dir.join(&name);
            let model = name == "model.hcl";
            let rule = Path::new(&name).extension().is_some_and(|e| e == "md") && name != "README.md";
            let tables = name == "tables.hcl";
            if !model && !rule && !tables {
                continue;
            }
            let Ok(text) = disk.read(&path) else { continue };
            let file = sources.add(path, text);
            if model {
                library.add_model(file);
            } else if tables {
                library.add_tables(file);
            } else {
                library.add_rule(service.clone(), file);
            }
        }
    }
}

/// What is wrong with the first rule file or catalog that has mistakes, on its characters.
fn rule_error(loaded: &Loaded, sources: &Sources) -> Option<ConfigError> {
    let first = loaded.problems.first()?.span.file;
    let problems = loaded.problems.iter().filter(|p| p.span.file == first);
    let problems = problems.map(|p| ConfigProblem::new(p.span, p.message.clone(), "here")).collect();
    Some(ConfigError::new(&sources.get(first), problems))
}

impl RunSettings {
    pub fn new(args: &CheckArgs, paths: &[PathBuf], sources: &Sources) -> Result<Self, Failure> {
        let first = paths.first().map_or(Path::new("."), PathBuf::as_path);
        let config = load_config(args, first, sources)?;
        let mut library = Library::new();
        user_rules(&mut library, &config.folder, sources);
        add_naming_rules(&mut library, &config.naming, sources);
        let mut all = None;
        if library.is_extended() || mentions_rules(&config) || !args.select.is_empty() || !args.ignore.is_empty() {
            let loaded = library.load_all(sources);
            if let Some(error) = rule_error(&loaded, sources) {
                return Err(Failure::Rich(Box::new(error)));
            }
            let problems = config.validate(&Names { rules: &loaded.rules });
            if let Some(error) = config.error(problems) {
                return Err(Failure::Rich(Box::new(error)));
            }
            all = Some(loaded);
        }
        let rules: &[Arc<Rule>] = all.as_ref().map_or(&[], |l| &l.rules);
        let mut selection = selection(args, &config, rules)?;
        let runs = rules.iter().filter(|r| selection.includes(r)).map(|r| r.info.id.clone()).collect();
        let tuned = widen(&mut selection, &config, rules, args.select.is_empty());
        let mut params = ParamValues::default();
        let mut severities = FxHashMap::default();
        for settings in &config.rules {
            for rule in rules.iter().filter(|r| rule_matches(&r.info, &settings.rule.value)) {
                if let Some(severity) = settings.severity {
                    severities.insert(rule.info.id.clone(), severity);
                }
                for (name, value) in &settings.params {
                    params.insert((rule.info.id.clone(), name.value.as_str().into()), value.clone());
                }
            }
        }
        let fail_on = match &args.fail_on {
            None => config.fail_on.unwrap_or(Severity::Medium),
            Some(name) => Severity::parse(name).ok_or_else(|| {
                usage(format!("--fail-on {name}: the severities are info, low, medium, high and critical"))
            })?,
        };
        let module_map = config.modules.iter().map(|(s, f)| (s.value.clone(), config.resolve(&f.value))).collect();
        let naming = naming_value(&config.naming);
        let variables = variables(args, &config)?;
        let parameters = parameters(args, &config, sources)?;
        Ok(Self {
            config,
            library,
            selection,
            params,
            severities,
            naming,
            variables,
            parameters,
            module_map,
            fail_on,
            tuned,
            runs,
            locals: Mutex::default(),
            all,
        })
    }

    /// What the configuration sets for a file only.
    pub fn local(&self, file: &Path) -> Option<Arc<Local>> {
        if self.config.overrides.is_empty() {
            return None;
        }
        let overrides: Vec<&Override> = self.config.overrides_for(file).collect();
        let key = overrides.iter().map(|o| o.span).collect();
        let mut locals = self.locals.lock().unwrap_or_else(PoisonError::into_inner);
        Some(locals.entry(key).or_insert_with(|| Arc::new(self.made_from(&overrides))).clone())
    }

    fn made_from(&self, overrides: &[&Override]) -> Local {
        let mut local =
            Local { runs: self.runs.clone(), severities: FxHashMap::default(), params: self.params.clone() };
        let rules: &[Arc<Rule>] = self.all.as_ref().map_or(&[], |l| &l.rules);
        let named = |name: &Spanned<String>| {
            let name = name.value.clone();
            rules.iter().filter(move |r| rule_matches(&r.info, &name)).map(|r| r.info.id.clone())
        };
        for over in overrides {
            if let Some(select) = &over.select {
                local.runs = select.iter().flat_map(named).collect();
            }
            local.runs.extend(over.extend_select.iter().flat_map(named));
            for settings in &over.rules {
                for id in named(&settings.rule) {
                    match settings.enabled {
                        Some(true) => _ = local.runs.insert(id.clone()),
                        Some(false) => _ = local.runs.remove(&id),
                        None => {}
                    }
                    if let Some(severity) = settings.severity {
                        local.severities.insert(id.clone(), severity);
                    }
                    for (name, value) in &settings.params {
                        local.params.insert((id.clone(), name.value.as_str().into()), value.clone());
                    }
                }
            }
            for id in over.ignore.iter().flat_map(named) {
                local.runs.remove(&id);
            }
        }
        local
    }
}

/// Makes the rules that run in some part of the tree run at all, unless the command line says which do (`more`).
/// The rules with parameters of such a part.
fn widen(selection: &mut Selection, config: &Config, rules: &[Arc<Rule>], more: bool) -> FxHashSet<Str> {
    let mut tuned = FxHashSet::default();
    for over in &config.overrides {
        let switched_on = over.rules.iter().filter(|s| s.enabled == Some(true)).map(|s| &s.rule);
        let names: Vec<&Spanned<String>> =
            over.select.iter().flatten().chain(&over.extend_select).chain(switched_on).collect();
        for rule in rules {
            if more && names.iter().any(|n| rule_matches(&rule.info, &n.value)) {
                selection.also.insert(rule.info.id.clone());
            }
            let set = over.rules.iter().any(|s| !s.params.is_empty() && rule_matches(&rule.info, &s.rule.value));
            if set {
                tuned.insert(rule.info.id.clone());
            }
        }
    }
    tuned
}

fn selection(args: &CheckArgs, config: &Config, rules: &[Arc<Rule>]) -> Result<Selection, Failure> {
    let ids = |names: Vec<&str>| Selection::ids(names, rules).map_err(|e| usage(e.to_string()));
    let mut selection = Selection::default();
    let profile = match &args.profile {
        None => config.profile.unwrap_or(Profile::Default),
        Some(name) => Profile::parse(name)
            .ok_or_else(|| usage(format!("--profile {name}: the profiles are essential, default and strict")))?,
    };
    selection.strict = profile == Profile::Strict;
    selection.essential = profile == Profile::Essential;
    if !args.select.is_empty() {
        selection.only = Some(ids(args.select.iter().map(String::as_str).collect())?);
    } else if let Some(select) = &config.select {
        selection.only = Some(ids(select.iter().map(|s| s.value.as_str()).collect())?);
    }
    if args.select.is_empty() {
        selection.also = ids(config.extend_select.iter().map(|s| s.value.as_str()).collect())?;
        for settings in &config.rules {
            let named = ids(vec![&settings.rule.value])?;
            match settings.enabled {
                Some(true) => selection.also.extend(named),
                Some(false) => selection.ignored.extend(named),
                None => {}
            }
        }
    }
    selection.ignored.extend(ids(args.ignore.iter().map(String::as_str).collect())?);
    selection.ignored.extend(ids(config.ignore.iter().map(|s| s.value.as_str()).collect())?);
    Ok(selection)
}

fn variables(args: &CheckArgs, config: &Config) -> Result<terraform::Inputs, Failure> {
    let mut inputs = terraform::Inputs { strict: args.strict_inputs, ..terraform::Inputs::default() };
    inputs.files = config.inputs.var_files.iter().map(|f| config.resolve(&f.value)).collect();
    inputs.files.extend(args.var_file.iter().cloned());
    for file in &inputs.files {
        if !file.is_file() {
            return Err(usage(format!("--var-file {}: no such file", file.display())));
        }
    }
    for (name, value) in &config.inputs.variables {
        if let Kind::String(text) = crate::value::to_text(value).kind {
            inputs.values.push((name.value.clone(), text.to_string()));
        }
    }
    for text in &args.var {
        let Some((name, value)) = text.split_once('=') else {
            return Err(usage(format!("--var {text}: expected NAME=VALUE")));
        };
        inputs.values.push((name.trim().to_owned(), value.to_owned()));
    }
    Ok(inputs)
}

fn parameters(args: &CheckArgs, config: &Config, sources: &Sources) -> Result<cloudformation::Inputs, Failure> {
    let disk = Disk::default();
    let mut inputs = cloudformation::Inputs::default();
    let files = config.inputs.parameters.iter().map(|f| config.resolve(&f.value).to_string_lossy().into_owned());
    for text in files.chain(args.parameters.iter().cloned()) {
        let path = Path::new(&text);
        if disk.is_file(path) || !text.contains('=') {
            let read = disk.read(path).map_err(|e| usage(format!("--parameters {text}: {e}")))?;
            let file = sources.add(path.to_path_buf(), read);
            let (more, problems) = cloudformation::read_inputs(file, &sources.get(file).text);
            if let Some(problem) = problems.first() {
                let at = sources.get(file).position(problem.span.start);
                return Err(usage(format!("{text}:{}:{}: {}", at.line, at.column, problem.message)));
            }
            inputs.extend(more);
        } else {
            let file = sources.add(PathBuf::from(format!("--parameters {text}")), text.clone());
            let span = Span::new(file, 0, text.len());
            inputs.assign(&text, span).map_err(|e| usage(format!("--parameters {e}")))?;
        }
    }
    Ok(inputs)
}

/// Applies the authors' ignores to what was found.
pub(super) fn accept(outcome: Outcome, args: &CheckArgs, settings: &RunSettings, sources: &Sources) -> Report {
    if args.no_ignores {
        return outcome.into_report(sources);
    }
    let config = &settings.config;
    let honour = |peer: &str| config.honour.as_ref().is_none_or(|list| list.contains(&peer));
    let all = settings.all.as_ref().map(|l| l.rules.as_slice());
    let refuse = config.suppressions.refuse.iter().map(|r| r.value.as_str());
    let policy = Policy {
        require_reason: config.suppressions.require_reason,
        max_days: config.suppressions.max_days,
        refuse: Selection::ids(refuse, all.unwrap_or_default()).unwrap_or_default(),
    };
    let enabled = |rule: &Rule| settings.selection.includes(rule);
    let ignores = Ignores {
        honour: &honour,
        policy: &policy,
        today: Date::today(),
        all,
        library: &settings.library,
        enabled: &enabled,
    };
    outcome.accept(&ignores, sources)
}
