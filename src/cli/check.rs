//! `formwork check`

use super::args::{CheckArgs, Color};
use super::discover::{self, Discovery, discover};
use super::settings::{RunSettings, readable, repository};
use super::{CLEAN, FINDINGS, Failure, UNREADABLE, fix};
use crate::config::UnknownPolicy;
use crate::output::{self, Format};
use crate::report::{Fault, FaultKind, Report};
use crate::rules::Rule;
use crate::source::{Disk, FileSystem, Sources, normalize};
use crate::workspace::{self, Request, Units};
use std::collections::BTreeSet;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Threads evaluate expressions that may be nested deeply.
const STACK_BYTES: usize = 64 * 1024 * 1024;

/// An output that was asked for.
struct Target {
    format: Format,
    file: Option<PathBuf>,
}

fn targets(args: &CheckArgs) -> Result<Vec<Target>, Failure> {
    let mut out = Vec::new();
    for text in &args.output {
        let (name, file) = match text.split_once('=') {
            Some((name, file)) => (name, Some(PathBuf::from(file))),
            None => (text.as_str(), None),
        };
        let Some(format) = Format::parse(name) else {
            let hint = crate::nearest::did_you_mean(name, Format::ALL.iter().map(|f| f.name()));
            let hint = hint.map(|h| format!("; {h}")).unwrap_or_default();
            return Err(Failure::Plain(format!("--output {name}: there is no such format{hint}")));
        };
        out.push(Target { format, file });
    }
    if out.is_empty() {
        out.push(Target { format: Format::Text, file: None });
    }
    Ok(out)
}

/// The files below the paths, and what to look at if they are changed files.
pub(super) fn units(args: &CheckArgs, paths: &[PathBuf], settings: &RunSettings) -> (Units, Vec<Fault>) {
    let exclude = |path: &Path, is_dir: bool| settings.config.excludes(path, is_dir);
    let options = discover::Options {
        gitignore: !args.no_gitignore,
        exclude: &exclude,
        force_exclude: args.hook,
        within: readable(paths),
        threads: args.jobs,
    };
    if !args.hook {
        let found = discover(paths, &options);
        return to_units(found, paths, None);
    }
    // The roots that own a changed file may be anywhere in the repository.
    let named = discover(paths, &options);
    let mut focus: BTreeSet<PathBuf> = paths.iter().map(|p| normalize(p)).collect();
    focus.extend(named.focus.clone().unwrap_or_default());
    let mut found = discover(&[PathBuf::from(".")], &options);
    found.faults = named.faults;
    let extra: Vec<PathBuf> =
        named.candidates.into_iter().filter(|c| found.candidates.binary_search(c).is_err()).collect();
    found.candidates.extend(extra);
    found.candidates.sort();
    to_units(found, &[], Some(focus))
}

fn to_units(found: Discovery, paths: &[PathBuf], focus: Option<BTreeSet<PathBuf>>) -> (Units, Vec<Fault>) {
    let named = paths.iter().map(|p| normalize(p)).filter(|p| found.candidates.contains(p)).collect();
    let units = Units {
        modules: found.terraform_dirs.into_iter().map(|d| (d.dir, d.files)).collect(),
        candidates: found.candidates,
        named,
        focus,
    };
    (units, found.faults)
}

/// Threads for the run.
pub(super) fn threads(jobs: usize) {
    // A second call in one process (tests) keeps the first pool.
    let _ = rayon::ThreadPoolBuilder::new().num_threads(jobs).stack_size(STACK_BYTES).build_global();
}

/// Calls `f` with what the settings ask for.
pub(super) fn with_request<T>(fs: &dyn FileSystem, settings: &RunSettings, f: impl FnOnce(&Request<'_>) -> T) -> T {
    let severity = |rule: &Rule| settings.severities.get(&rule.info.id).copied();
    let baseline = |root: &Path| settings.config.is_account_baseline(root, root.is_dir());
    let request = Request {
        fs,
        library: &settings.library,
        selection: &settings.selection,
        severity: &severity,
        params: &settings.params,
        local: &|path| settings.local(path),
        tuned: &settings.tuned,
        naming: &settings.naming,
        variables: &settings.variables,
        parameters: &settings.parameters,
        module_map: &settings.module_map,
        baseline: &baseline,
    };
    f(&request)
}

/// The report with the authors' ignores applied, and the sources it speaks of; fixes are made before if they are asked for.
fn report(args: &CheckArgs, paths: &[PathBuf], settings: &RunSettings, base: Sources) -> Result<fix::Run, Failure> {
    let fixes = fix::is_wanted(args)?;
    let (units, faults) = units(args, paths, settings);
    let disk = Disk::within(readable(paths));
    let run = |fs: &dyn FileSystem, sources: Sources| {
        let outcome = with_request(fs, settings, |request| workspace::analyse(&units, request, &sources));
        let mut report = super::settings::accept(outcome, args, settings, &sources);
        report.faults.extend(faults.iter().cloned());
        report.faults.sort();
        fix::Run { report, sources }
    };
    if !fixes {
        return Ok(run(&disk, base));
    }
    fix::run(args, paths, &units, &disk, &|fs| run(fs, base.fork()))
}

/// The exit code of `formwork check`.
pub fn run(args: &CheckArgs) -> Result<u8, Failure> {
    let start = Instant::now();
    let targets = targets(args)?;
    let unknown = match &args.unknown {
        None => None,
        Some(name) => Some(
            UnknownPolicy::parse(name)
                .ok_or_else(|| Failure::Plain(format!("--unknown {name}: the policies are report, ignore and fail")))?,
        ),
    };
    let paths = if args.paths.is_empty() { vec![PathBuf::from(".")] } else { args.paths.clone() };
    threads(args.jobs);
    let sources = Sources::new();
    let settings = RunSettings::new(args, &paths, &sources)?;
    let fix::Run { mut report, sources } = report(args, &paths, &settings, sources)?;
    report.summary.rules = settings.library.count(&|id, default| settings.selection.by_name(id, default));
    if args.timings {
        report.summary.duration_ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
    }
    let unknown = unknown.or(settings.config.unknown).unwrap_or_default();
    if unknown == UnknownPolicy::Ignore {
        report.undetermined.clear();
    }
    let nothing =
        report.summary.files == 0 && !args.hook && report.faults.iter().all(|f| f.kind != FaultKind::Unreadable);
    if nothing {
        let names: Vec<String> = paths.iter().map(|p| p.display().to_string()).collect();
        let skipped = match report.summary.skipped {
            0 => String::new(),
            n => format!(" ({n} YAML and JSON files are neither)"),
        };
        report.faults.push(Fault {
            path: names.join(", "),
            span: None,
            message: format!("no Terraform or CloudFormation here{skipped}"),
            kind: FaultKind::Unreadable,
        });
    }
    write_all(&targets, &report, &sources, args, &paths)?;
    Ok(exit_code(&report, args, &settings, unknown))
}

fn exit_code(report: &Report, args: &CheckArgs, settings: &RunSettings, unknown: UnknownPolicy) -> u8 {
    if settings.all.as_ref().is_some_and(|l| !l.problems.is_empty()) {
        return super::USAGE;
    }
    if report.faults.iter().any(|f| f.kind == FaultKind::Unreadable) {
        return UNREADABLE;
    }
    let at_least = |severity| severity >= settings.fail_on;
    let findings = report.findings.iter().any(|f| at_least(f.severity));
    let undecided = unknown == UnknownPolicy::Fail && report.undetermined.iter().any(|u| at_least(u.severity));
    if (findings || undecided) && !args.exit_zero { FINDINGS } else { CLEAN }
}

fn write_all(
    targets: &[Target],
    report: &Report,
    sources: &Sources,
    args: &CheckArgs,
    paths: &[PathBuf],
) -> Result<(), Failure> {
    let here = std::env::current_dir().ok();
    let base = paths.first().and_then(|p| repository(p)).or_else(|| here.clone());
    for target in targets {
        let stdout = std::io::stdout();
        let color = match args.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => target.file.is_none() && stdout.is_terminal() && std::env::var_os("NO_COLOR").is_none(),
        };
        let options = output::Options {
            color,
            width: None,
            show_undetermined: args.show_undetermined,
            show_suppressed: false,
            quiet: args.quiet,
            base: base.clone(),
            directory: here.clone(),
            statistics: args.statistics,
        };
        match &target.file {
            Some(path) => {
                let mut file =
                    std::fs::File::create(path).map_err(|e| Failure::Plain(format!("{}: {e}", path.display())))?;
                output::write(target.format, report, sources, &options, &mut file)?;
            }
            // The diff is what goes to standard output.
            None if args.diff => {}
            None => {
                let mut out = stdout.lock();
                output::write(target.format, report, sources, &options, &mut out)?;
                out.flush()?;
            }
        }
    }
    Ok(())
}
