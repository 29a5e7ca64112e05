//! The pages that are made from the rules: `docs/coverage.md` and `rules/README.md`. Every documented practice has a
//! rule, or a reason why no source code shows it.
//!
//! `FORMWORK_BLESS=1` writes the pages anew.

use formwork::rules::{Library, Rule, Safety};
use formwork::source::{FileId, Sources};
use formwork::syntax::hcl::{self, Block, ExprKind};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

struct Practice {
    id: String,
    service: String,
    statement: String,
    /// Title of the document, and where in it.
    sources: Vec<(String, String)>,
    why_not: Option<String>,
}

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn practice(block: &Block) -> Practice {
    let text = |key: &str| block.body.attribute(key).and_then(|a| a.value.as_string()).map(ToString::to_string);
    let sources = match block.body.attribute("sources").map(|a| &a.value.kind) {
        Some(ExprKind::Object(entries)) => entries
            .iter()
            .filter_map(|e| Some((e.key.as_string()?.to_string(), e.value.as_string()?.to_string())))
            .collect(),
        _ => Vec::new(),
    };
    Practice {
        id: block.label(0).map(ToString::to_string).unwrap_or_default(),
        service: text("service").unwrap_or_default(),
        statement: text("statement").unwrap_or_default(),
        sources,
        why_not: text("why_not"),
    }
}

fn practices() -> Vec<Practice> {
    let text = std::fs::read_to_string(path("rules/practices.hcl")).expect("the practices");
    let (document, problems) = hcl::parse(FileId(0), &text);
    assert!(problems.is_empty(), "rules/practices.hcl: {problems:?}");
    document.body.blocks_of("practice").map(practice).collect()
}

fn rules() -> Vec<Arc<Rule>> {
    Library::new().load_all(&Sources::new()).rules
}

fn page(rule: &Rule, from: &str) -> String {
    let file = file_of(rule);
    let target = if from == "rules" { file.trim_start_matches("rules/").to_owned() } else { format!("../{file}") };
    format!("[{}]({target})", rule.info.id)
}

/// The file of a rule: members of a family share one.
fn file_of(rule: &Rule) -> String {
    thread_local! {
        static FILES: BTreeMap<String, String> = {
            let sources = Sources::new();
            let files = Library::rule_files(&sources);
            files.iter().flat_map(|(id, file)| {
                let name = sources.get(*id).name.clone();
                file.rules.iter().map(move |r| (r.info.id.to_string(), name.clone()))
            }).collect()
        };
    }
    FILES.with(|files| files.get(rule.info.id.as_str()).cloned().unwrap_or_default())
}

fn coverage(practices: &[Practice], rules: &[Arc<Rule>]) -> String {
    let of = |practice: &Practice| -> Vec<&Arc<Rule>> {
        rules.iter().filter(|r| r.info.practices.iter().any(|p| *p == practice.id)).collect()
    };
    let covered = practices.iter().filter(|p| !of(p).is_empty()).count();
    let mut out = format!(
        "# Coverage\n\nThe practices that the documents state, and the rules that check them: {covered} of {} have rules. The others, and\nwhat rules cannot see of the rest, have the reason.\n\n\
         This page is made from `rules/practices.hcl` and the rules; a test keeps it so.\n",
        practices.len()
    );
    let mut services: BTreeMap<&str, Vec<&Practice>> = BTreeMap::new();
    for practice in practices {
        services.entry(&practice.service).or_default().push(practice);
    }
    for (service, practices) in services {
        writeln!(
            out,
            "\n## {service}\n\n| practice | documents | rules | what source code does not show |\n|---|---|---|---|"
        )
        .expect("strings take text");
        for practice in practices {
            let documents: Vec<String> =
                practice.sources.iter().map(|(title, place)| format!("{title}: {place}")).collect();
            let rules: Vec<String> = of(practice).into_iter().map(|r| page(r, "docs")).collect();
            writeln!(
                out,
                "| {} | {} | {} | {} |",
                cell(&practice.statement),
                cell(&documents.join("; ")),
                rules.join(", "),
                cell(practice.why_not.as_deref().unwrap_or_default())
            )
            .expect("strings take text");
        }
    }
    out
}

fn index(rules: &[Arc<Rule>]) -> String {
    let mut services: BTreeMap<&str, Vec<&Arc<Rule>>> = BTreeMap::new();
    for rule in rules {
        services.entry(&rule.info.service).or_default().push(rule);
    }
    let mut out = format!(
        "# Rules\n\n{} rules. Every page is specification, documentation and test of its rule.\n\nThis page is made from them; a test keeps it so.\n",
        rules.len()
    );
    for (service, rules) in services {
        writeln!(out, "\n## {service}\n\n| rule | severity | what is wished | dialects | fix |\n|---|---|---|---|---|")
            .expect("strings take text");
        for rule in rules {
            let fix = rule.info.fix.map_or("", Safety::name);
            let off = if rule.info.default { "" } else { " (only when selected)" };
            writeln!(
                out,
                "| {} | {} | {}{off} | {} | {fix} |",
                page(rule, "rules"),
                rule.info.severity.name(),
                cell(&rule.info.title),
                dialects(rule)
            )
            .expect("strings take text");
        }
    }
    out
}

/// The dialects in which a rule has examples.
fn dialects(rule: &Rule) -> String {
    thread_local! {
        static SPOKEN: BTreeMap<String, BTreeSet<String>> = {
            let sources = Sources::new();
            let files = Library::rule_files(&sources);
            files.iter().flat_map(|(_, file)| {
                let spoken: BTreeSet<String> = file.examples.iter().map(|e| e.dialect.clone()).collect();
                file.rules.iter().map(move |r| (r.info.id.to_string(), spoken.clone())).collect::<Vec<_>>()
            }).collect()
        };
    }
    let spoken = SPOKEN.with(|all| all.get(rule.info.id.as_str()).cloned().unwrap_or_default());
    let names = [("terraform", "Terraform"), ("cloudformation", "CloudFormation")];
    names.iter().filter(|(d, _)| spoken.contains(*d)).map(|(_, name)| *name).collect::<Vec<_>>().join(", ")
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn is_current(name: &str, made: &str) {
    if std::env::var_os("FORMWORK_BLESS").is_some() {
        std::fs::write(path(name), made).expect("the page is writable");
    }
    let found = std::fs::read_to_string(path(name)).unwrap_or_default();
    assert!(
        found == made,
        "{name} is not what the rules say: FORMWORK_BLESS=1 cargo test --test coverage writes it anew"
    );
}

#[test]
fn the_page_on_coverage_is_current() {
    is_current("docs/coverage.md", &coverage(&practices(), &rules()));
}

#[test]
fn the_index_of_rules_is_current() {
    is_current("rules/README.md", &index(&rules()));
}

#[test]
fn every_practice_has_a_rule_or_a_reason() {
    let (practices, rules) = (practices(), rules());
    let mut problems = Vec::new();
    let known: BTreeSet<&str> = practices.iter().map(|p| p.id.as_str()).collect();
    for rule in &rules {
        for practice in rule.info.practices.iter().filter(|p| !known.contains(p.as_str())) {
            problems.push(format!("{} is about {practice}, which no document states", rule.info.id));
        }
    }
    for practice in &practices {
        let served = rules.iter().any(|r| r.info.practices.iter().any(|p| *p == practice.id));
        if !served && practice.why_not.is_none() {
            problems.push(format!("{} has neither a rule nor a reason", practice.id));
        }
        if practice.sources.is_empty() || practice.statement.is_empty() {
            problems.push(format!("{} has no statement or no source", practice.id));
        }
    }
    assert!(practices.len() > 100, "the practices are not there");
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn an_alias_belongs_to_one_rule() {
    let mut owners: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for rule in rules() {
        for (peer, ids) in &rule.info.aliases {
            for id in ids {
                owners.entry((peer.to_string(), id.to_string())).or_default().insert(rule.info.id.to_string());
            }
        }
    }
    let text = std::fs::read_to_string(path("rules/shared-aliases.txt")).expect("the reasons");
    let shared: Vec<BTreeSet<String>> = text
        .lines()
        .filter(|l| !l.starts_with('#'))
        .filter_map(|l| l.split_once(": "))
        .map(|(rules, _)| rules.split(", ").map(str::to_owned).collect())
        .collect();
    let known: BTreeSet<String> = rules().iter().map(|r| r.info.id.to_string()).collect();
    let mut problems: Vec<String> = shared
        .iter()
        .flatten()
        .filter(|id| !known.contains(*id))
        .map(|id| format!("rules/shared-aliases.txt: there is no rule {id}"))
        .collect();
    problems.extend(
        owners.iter().filter(|(_, rules)| rules.len() > 1 && !shared.iter().any(|s| rules.is_subset(s))).map(
            |((peer, id), rules)| {
                let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
                format!("{peer}:{id} is claimed by {}; rules/shared-aliases.txt gives no reason", rules.join(", "))
            },
        ),
    );
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
