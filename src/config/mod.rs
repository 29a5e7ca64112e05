//! `formwork.toml`: found, read, and checked on its exact characters.
//!
//! [`find`] gives the file that applies to an input path, [`Config::load`] reads it, [`Config::validate`] holds the
//! names of rules in it against the rules of the run. All mistakes are collected; [`ConfigError`] prints them.

mod check;
mod glob;
mod node;
mod problem;
mod shape;
mod validate;

#[cfg(test)]
mod tests;

pub use glob::Globs;
pub use problem::{ConfigError, ConfigProblem};
pub use shape::schema;
pub use validate::{ParamType, RuleNames};

use crate::report::Severity;
use crate::source::FileId;
use crate::source::{FileSystem, ReadError, SourceFile, Sources, Span, display_name, normalize};
use crate::value::Value;
use node::Node;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// The names a configuration file can have, the preferred one first.
pub const FILE_NAMES: [&str; 2] = ["formwork.toml", ".formwork.toml"];

/// Larger configuration files are refused.
const MAX_BYTES: usize = 1_000_000;

/// A value and where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// A value written at `span`.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

/// Which rules run when none are selected.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Profile {
    /// What nobody disputes.
    Essential,
    /// The rules that are on by default.
    #[default]
    Default,
    /// All rules that need no further setting.
    Strict,
}

impl Profile {
    /// All, the smallest first.
    pub const ALL: [Profile; 3] = [Profile::Essential, Profile::Default, Profile::Strict];

    /// The name in the configuration and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Profile::Essential => "essential",
            Profile::Default => "default",
            Profile::Strict => "strict",
        }
    }

    /// The profile of that name.
    pub fn parse(name: &str) -> Option<Profile> {
        Profile::ALL.into_iter().find(|p| p.name() == name)
    }
}

/// What is done about rules that could not be decided.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum UnknownPolicy {
    /// Counted, and listed on request.
    #[default]
    Report,
    /// Not mentioned.
    Ignore,
    /// As bad as a finding.
    Fail,
}

impl UnknownPolicy {
    /// All.
    pub const ALL: [UnknownPolicy; 3] = [UnknownPolicy::Report, UnknownPolicy::Ignore, UnknownPolicy::Fail];

    /// The name in the configuration and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            UnknownPolicy::Report => "report",
            UnknownPolicy::Ignore => "ignore",
            UnknownPolicy::Fail => "fail",
        }
    }

    /// The policy of that name.
    pub fn parse(name: &str) -> Option<UnknownPolicy> {
        UnknownPolicy::ALL.into_iter().find(|p| p.name() == name)
    }
}

/// What stands between the words of a resource's name.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Separator {
    /// Hyphens or underscores, not both in one name.
    #[default]
    Either,
    /// Hyphens.
    Hyphen,
    /// Underscores.
    Underscore,
}

impl Separator {
    /// The name in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            Separator::Either => "either",
            Separator::Hyphen => "hyphen",
            Separator::Underscore => "underscore",
        }
    }

    fn parse(name: &str) -> Option<Separator> {
        [Separator::Either, Separator::Hyphen, Separator::Underscore].into_iter().find(|s| s.name() == name)
    }
}

/// The settings of one rule.
#[derive(Clone, Debug)]
pub struct RuleSettings {
    /// The name as written: an id, an alias or a service.
    pub rule: Spanned<String>,
    /// Instead of the rule's own severity.
    pub severity: Option<Severity>,
    /// Switched on or off, whatever the profile says.
    pub enabled: Option<bool>,
    /// Everything else: parameters of the rule, in order. Every value has the trail of its place in the file.
    pub params: Vec<(Spanned<String>, Value)>,
}

/// Settings for a part of the tree.
#[derive(Clone, Debug)]
pub struct Override {
    /// The whole table.
    pub span: Span,
    /// Where it applies; relative to the folder of the file.
    pub paths: Globs,
    /// The only rules that run there.
    pub select: Option<Vec<Spanned<String>>>,
    /// Rules that run there in addition.
    pub extend_select: Vec<Spanned<String>>,
    /// Rules that do not run there.
    pub ignore: Vec<Spanned<String>>,
    /// Settings of rules that apply there.
    pub rules: Vec<RuleSettings>,
}

/// The naming convention.
#[derive(Clone, Debug, Default)]
pub struct Naming {
    /// What stands between words; not given: either.
    pub separator: Option<Separator>,
    /// What `{env}` stands for.
    pub environments: Vec<Spanned<String>>,
    /// The entities in order.
    pub entities: Vec<NamingEntity>,
}

/// A sort of resources with names of one form. `None` and empty lists leave to the default entity of that key what it has.
#[derive(Clone, Debug)]
pub struct NamingEntity {
    /// Its key.
    pub key: Spanned<String>,
    /// `false` removes it.
    pub enabled: Option<bool>,
    /// Terraform types.
    pub terraform: Vec<Spanned<String>>,
    /// CloudFormation types.
    pub cloudformation: Vec<Spanned<String>>,
    /// Where the name is read, in this order: `name`, `tags.Name`.
    pub name_from: Vec<Spanned<String>>,
    /// Whether the name carries the region.
    pub regional: Option<bool>,
    /// Literal text with `{region}`, `{env}`, `{sep}` and `{words}`; no other placeholders.
    pub pattern: Option<Spanned<String>>,
    /// A regular expression that compiles, instead of a pattern.
    pub regex: Option<Spanned<String>>,
}

/// Values for variables and parameters.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// Terraform variable files; relative to the folder of the file.
    pub var_files: Vec<Spanned<String>>,
    /// CloudFormation parameter files; relative to the folder of the file.
    pub parameters: Vec<Spanned<String>>,
    /// Values by the name of the variable or parameter.
    pub variables: Vec<(Spanned<String>, Value)>,
}

/// Demands on ignore comments.
#[derive(Clone, Debug, Default)]
pub struct Suppressions {
    /// An ignore without a reason is reported.
    pub require_reason: bool,
    /// An ignore must end, and within so many days.
    pub max_days: Option<u32>,
    /// Rules that cannot be ignored by a comment.
    pub refuse: Vec<Spanned<String>>,
}

/// A configuration file, read. The default is that of a run without a file.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The file; `None` when there is none.
    pub file: Option<Arc<SourceFile>>,
    /// The folder that paths in the file are relative to.
    pub folder: PathBuf,
    /// The only rules that run; `None`: those of the profile.
    pub select: Option<Vec<Spanned<String>>>,
    /// Rules that run in addition.
    pub extend_select: Vec<Spanned<String>>,
    /// Rules that do not run.
    pub ignore: Vec<Spanned<String>>,
    /// The least severity that makes the exit code 1.
    pub fail_on: Option<Severity>,
    /// The set of rules that run.
    pub profile: Option<Profile>,
    /// What is not read; relative to `folder`.
    pub exclude: Globs,
    /// What is done about rules that could not be decided.
    pub unknown: Option<UnknownPolicy>,
    /// Roots that set up an account; relative to `folder`. See [`Config::is_account_baseline`].
    pub account_baseline: Globs,
    /// The tools whose comments count, by the names in [`crate::report::suppress::PEERS`]; `None`: all.
    pub honour: Option<Vec<&'static str>>,
    /// Module sources and the folders that hold their code, relative to `folder`.
    pub modules: Vec<(Spanned<String>, Spanned<String>)>,
    /// Settings by rule.
    pub rules: Vec<RuleSettings>,
    /// Settings for parts of the tree, in order; later ones win.
    pub overrides: Vec<Override>,
    /// The naming convention.
    pub naming: Naming,
    /// Values for variables and parameters.
    pub inputs: Inputs,
    /// Demands on ignore comments.
    pub suppressions: Suppressions,
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum LoadError {
    /// The file could not be read.
    #[error("{name}: {error}")]
    Read {
        /// The path as shown.
        name: String,
        /// Why.
        error: ReadError,
    },
    /// The file is wrong.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Invalid(Box<ConfigError>),
}

/// The configuration file that applies to a path: the nearest one upwards, not beyond the folder that holds `.git`.
///
/// `start` may be a file or a folder, and need not exist. Above a relative path the folders above the working
/// directory are searched as well.
pub fn find(start: &Path, fs: &dyn FileSystem) -> Option<PathBuf> {
    let mut folder = normalize(start);
    if !folder.as_os_str().is_empty() && !fs.is_dir(&folder) {
        folder = parent(&folder, &mut None)?;
    }
    let mut left = None;
    loop {
        if let Some(found) = FILE_NAMES.iter().map(|name| folder.join(name)).find(|path| fs.is_file(path)) {
            return Some(found);
        }
        let git = folder.join(".git");
        if fs.is_dir(&git) || fs.is_file(&git) {
            return None;
        }
        folder = parent(&folder, &mut left)?;
    }
}

/// The folder above a normalized one. `left` counts how far the working directory can still be climbed.
fn parent(folder: &Path, left: &mut Option<usize>) -> Option<PathBuf> {
    match folder.components().next_back() {
        Some(Component::Normal(_)) => folder.parent().map(Path::to_path_buf),
        None | Some(Component::ParentDir) => {
            let climbed = folder.components().count();
            let depth = left.get_or_insert_with(|| {
                let here = std::env::current_dir().unwrap_or_default();
                here.components().filter(|c| matches!(c, Component::Normal(_))).count()
            });
            (climbed < *depth).then(|| folder.join(".."))
        }
        Some(_) => None,
    }
}

impl Config {
    /// Reads a configuration file.
    pub fn load(path: &Path, fs: &dyn FileSystem, sources: &Sources) -> Result<Config, LoadError> {
        let unreadable = |error| LoadError::Read { name: display_name(path), error };
        let text = fs.read(path).map_err(unreadable)?;
        if text.len() > MAX_BYTES {
            return Err(unreadable(ReadError::TooLarge(MAX_BYTES as u64)));
        }
        let id = sources.add(path.to_path_buf(), text);
        Config::parse(id, sources.get(id)).map_err(|e| LoadError::Invalid(Box::new(e)))
    }

    /// Reads the text of a configuration file that is `id` among the sources.
    pub fn parse(id: FileId, file: Arc<SourceFile>) -> Result<Config, ConfigError> {
        let node = Node::parse(id, &file.text).map_err(|problem| ConfigError::new(&file, vec![problem]))?;
        let problems = check::check(&node, &shape::Shape::Table(shape::TOP), &file.text);
        if !problems.is_empty() {
            return Err(ConfigError::new(&file, problems));
        }
        let folder = file.path.parent().map(normalize).unwrap_or_default();
        Ok(Config { folder, file: Some(file), ..Config::from_node(&node) })
    }

    /// The error that prints problems of this file, such as those of [`Config::validate`].
    pub fn error(&self, problems: Vec<ConfigProblem>) -> Option<ConfigError> {
        let file = self.file.as_ref()?;
        (!problems.is_empty()).then(|| ConfigError::new(file, problems))
    }

    /// Of a node that was checked: what is missing here is not written.
    fn from_node(node: &Node) -> Config {
        let word = |key: &str| node.get(key).and_then(Node::text).map(|t| t.value);
        Config {
            file: None,
            folder: PathBuf::new(),
            select: node.get("select").map(Node::texts),
            extend_select: texts(node, "extend-select"),
            ignore: texts(node, "ignore"),
            fail_on: word("fail-on").and_then(|w| Severity::parse(&w)),
            profile: word("profile").and_then(|w| Profile::parse(&w)),
            exclude: globs(node, "exclude"),
            unknown: word("unknown").and_then(|w| UnknownPolicy::parse(&w)),
            account_baseline: globs(node, "account-baseline"),
            honour: node.get("honour").map(|list| {
                let peers = crate::report::suppress::PEERS.iter().copied();
                let given = list.texts();
                peers.filter(|peer| given.iter().any(|g| g.value == *peer)).collect()
            }),
            modules: entries(node, "modules").iter().filter_map(|(k, v)| Some((k.clone(), v.text()?))).collect(),
            rules: rules(node),
            overrides: node.get("override").map_or(&[][..], Node::items).iter().map(Override::from_node).collect(),
            naming: node.get("naming").map(Naming::from_node).unwrap_or_default(),
            inputs: node.get("inputs").map(Inputs::from_node).unwrap_or_default(),
            suppressions: node.get("suppressions").map(Suppressions::from_node).unwrap_or_default(),
        }
    }

    /// A path of this run, relative to the folder of the file; `None` when it lies outside.
    pub fn relative(&self, path: &Path) -> Option<PathBuf> {
        let path = normalize(path);
        let climbs = self.folder.components().next() == Some(Component::ParentDir);
        if !climbs && self.folder.is_absolute() == path.is_absolute() {
            let outside = path.components().next() == Some(Component::ParentDir);
            return path.strip_prefix(&self.folder).ok().filter(|_| !outside).map(Path::to_path_buf);
        }
        let absolute = |p: &Path| {
            // An empty path is the working directory, but not for `absolute`.
            let p = if p.as_os_str().is_empty() { Path::new(".") } else { p };
            std::path::absolute(p).ok().map(|p| normalize(&p))
        };
        absolute(&path)?.strip_prefix(absolute(&self.folder)?).ok().map(Path::to_path_buf)
    }

    /// A path that is written in the file, as this run can open it.
    pub fn resolve(&self, written: &str) -> PathBuf {
        normalize(&self.folder.join(written))
    }

    /// Whether a file or folder is excluded.
    pub fn excludes(&self, path: &Path, is_dir: bool) -> bool {
        !self.exclude.is_empty() && self.relative(path).is_some_and(|p| self.exclude.matches(&p, is_dir))
    }

    /// Whether a root (the folder of a root module, the path of a template) sets up an account.
    pub fn is_account_baseline(&self, root: &Path, is_dir: bool) -> bool {
        !self.account_baseline.is_empty()
            && self.relative(root).is_some_and(|p| self.account_baseline.matches(&p, is_dir))
    }

    /// The overrides that apply to a file, in order; later ones win.
    pub fn overrides_for<'a>(&'a self, file: &Path) -> impl Iterator<Item = &'a Override> + use<'a> {
        let relative = if self.overrides.is_empty() { None } else { self.relative(file) };
        self.overrides.iter().filter(move |o| relative.as_ref().is_some_and(|p| o.paths.matches(p, false)))
    }
}

impl Override {
    fn from_node(node: &Node) -> Self {
        Self {
            span: node.span,
            paths: globs(node, "paths"),
            select: node.get("select").map(Node::texts),
            extend_select: texts(node, "extend-select"),
            ignore: texts(node, "ignore"),
            rules: rules(node),
        }
    }
}

impl RuleSettings {
    fn from_node(rule: &Spanned<String>, node: &Node) -> Self {
        let own = |key: &str| ["severity", "enabled"].contains(&key);
        Self {
            rule: rule.clone(),
            severity: node.get("severity").and_then(Node::text).and_then(|t| Severity::parse(&t.value)),
            enabled: node.get("enabled").and_then(Node::bool),
            params: node
                .entries()
                .iter()
                .filter(|(key, _)| !own(&key.value))
                .map(|(key, value)| (key.clone(), value.value()))
                .collect(),
        }
    }
}

impl Naming {
    fn from_node(node: &Node) -> Self {
        Self {
            separator: node.get("separator").and_then(Node::text).and_then(|t| Separator::parse(&t.value)),
            environments: texts(node, "environments"),
            entities: entries(node, "entities")
                .iter()
                .map(|(key, entity)| NamingEntity {
                    key: key.clone(),
                    enabled: entity.get("enabled").and_then(Node::bool),
                    terraform: texts(entity, "terraform"),
                    cloudformation: texts(entity, "cloudformation"),
                    name_from: texts(entity, "name-from"),
                    regional: entity.get("regional").and_then(Node::bool),
                    pattern: entity.get("pattern").and_then(Node::text),
                    regex: entity.get("regex").and_then(Node::text),
                })
                .collect(),
        }
    }
}

impl Inputs {
    fn from_node(node: &Node) -> Self {
        Self {
            var_files: texts(node, "var-files"),
            parameters: texts(node, "parameters"),
            variables: entries(node, "variables").iter().map(|(k, v)| (k.clone(), v.value())).collect(),
        }
    }
}

impl Suppressions {
    fn from_node(node: &Node) -> Self {
        Self {
            require_reason: node.get("require-reason").and_then(Node::bool).unwrap_or(false),
            max_days: node.get("max-days").and_then(Node::integer).map(|days| u32::try_from(days).unwrap_or(u32::MAX)),
            refuse: texts(node, "refuse"),
        }
    }
}

fn texts(node: &Node, key: &str) -> Vec<Spanned<String>> {
    node.get(key).map(Node::texts).unwrap_or_default()
}

fn entries<'a>(node: &'a Node, key: &str) -> &'a [(Spanned<String>, Node)] {
    node.get(key).map_or(&[], Node::entries)
}

fn globs(node: &Node, key: &str) -> Globs {
    let patterns = texts(node, key);
    Globs::new(patterns.iter().map(|p| p.value.as_str()))
}

fn rules(node: &Node) -> Vec<RuleSettings> {
    entries(node, "rules").iter().map(|(rule, settings)| RuleSettings::from_node(rule, settings)).collect()
}
