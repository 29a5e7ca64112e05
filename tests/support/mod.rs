//! Judging files that are held in memory.
#![allow(dead_code)]

use formwork::config::Config;
use formwork::dialect::{cloudformation, terraform};
use formwork::output::{self, Format};
use formwork::report::{FaultKind, Report};
use formwork::rules::{Library, ParamValues, Rule};
use formwork::source::{Memory, Sources, Span};
use formwork::workspace::{Request, Selection, Units, add_naming_rules, analyse, naming_value, rule_matches};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Files and the rules to judge them by.
#[derive(Clone, Debug, Default)]
pub struct Example {
    pub files: Vec<(String, String)>,
    /// Ids; none: the default.
    pub rules: Vec<String>,
    /// `formwork.toml`
    pub config: Option<String>,
}

/// Where something was found: path and line.
pub type Place = (String, usize);

#[derive(Debug, Default)]
pub struct Judged {
    pub findings: Vec<Place>,
    pub via: Vec<Place>,
    pub undetermined: Vec<Place>,
    pub errors: Vec<String>,
    /// The text output.
    pub shown: String,
}

/// The report on files in memory.
pub fn report(example: &Example, sources: &Sources) -> Result<Report, String> {
    report_given(example, &cloudformation::Inputs::default(), sources)
}

/// The report on files in memory, with values for the parameters of templates.
pub fn report_given(
    example: &Example,
    parameters: &cloudformation::Inputs,
    sources: &Sources,
) -> Result<Report, String> {
    let mut fs = Memory::new();
    let mut units = Units::default();
    let mut modules: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    for (path, text) in &example.files {
        let path = PathBuf::from(path);
        fs.insert(path.clone(), text.clone());
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        if terraform::is_module_file(&name) {
            modules.entry(path.parent().unwrap_or(Path::new("")).to_path_buf()).or_default().push(path);
        } else if !name.ends_with(".tfvars") && !name.ends_with(".tftpl") {
            units.candidates.push(path);
        }
    }
    units.modules = modules.into_iter().collect();
    let config = match &example.config {
        None => Config::default(),
        Some(text) => {
            let id = sources.add(PathBuf::from("formwork.toml"), text.clone());
            Config::parse(id, sources.get(id)).map_err(|e| format!("{e:?}"))?
        }
    };
    let mut library = Library::new();
    add_naming_rules(&mut library, &config.naming, sources);
    let mut params = ParamValues::default();
    let mut selection = Selection::default();
    if example.config.is_none() {
        // Ids are taken as they are: to load all rules for every example takes most of its time.
        let ids = example.rules.iter().map(|id| id.as_str().into()).collect();
        selection.only = (!example.rules.is_empty()).then_some(ids);
    } else {
        let all = library.load_all(sources);
        for settings in &config.rules {
            for rule in all.rules.iter().filter(|r| rule_matches(&r.info, &settings.rule.value)) {
                for (name, value) in &settings.params {
                    params.insert((rule.info.id.clone(), name.value.as_str().into()), value.clone());
                }
            }
        }
        if !example.rules.is_empty() {
            let ids =
                Selection::ids(example.rules.iter().map(String::as_str), &all.rules).map_err(|e| e.to_string())?;
            selection.only = Some(ids);
        }
    }
    let baseline = |root: &Path| config.is_account_baseline(root, true);
    let request = Request {
        fs: &fs,
        library: &library,
        selection: &selection,
        severity: &|_: &Rule| None,
        local: &|_: &Path| None,
        tuned: &FxHashSet::default(),
        params: &params,
        naming: &naming_value(&config.naming),
        variables: &terraform::Inputs::default(),
        parameters,
        module_map: &FxHashMap::default(),
        baseline: &baseline,
    };
    Ok(analyse(&units, &request, sources).into_report(sources))
}

pub fn judge(example: &Example) -> Judged {
    let sources = Sources::new();
    let report = match report(example, &sources) {
        Ok(report) => report,
        Err(error) => return Judged { errors: vec![error], ..Judged::default() },
    };
    let place = |span: Span| {
        let file = sources.get(span.file);
        (file.name.clone(), file.position(span.start).line as usize)
    };
    let mut judged = Judged::default();
    for finding in &report.findings {
        judged.findings.push(place(finding.primary.span));
        judged.via.extend(finding.secondary.iter().map(|l| place(l.span)));
    }
    // A secondary label on the line of its own finding says nothing new.
    let lines = judged.findings.clone();
    judged.via.retain(|p| !lines.contains(p));
    judged.undetermined = report.undetermined.iter().map(|u| place(u.primary.span)).collect();
    for fault in &report.faults {
        if fault.kind != FaultKind::Gap {
            judged.errors.push(format!("{}: {}", fault.path, fault.message));
        }
    }
    let options = output::Options { show_undetermined: true, ..output::Options::default() };
    let mut text = Vec::new();
    if output::write(Format::Text, &report, &sources, &options, &mut text).is_ok() {
        judged.shown = String::from_utf8_lossy(&text).into_owned();
    }
    judged
}
