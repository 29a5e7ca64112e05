//! `--fix` and `--diff`: makes the edits of findings, keeps those that mend them, writes or shows the result.

use super::Failure;
use super::args::CheckArgs;
use super::settings::readable;
use crate::output;
use crate::report::{Edit, FaultKind, Finding, Patch, Report, Safety};
use crate::source::{Disk, FileSystem, Overlay, Sources, display_name, normalize};
use crate::value::Str;
use crate::workspace::Units;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Fixes uncover new findings, and some cannot be made at once: more rounds than this are not made.
const MAX_ROUNDS: usize = 5;

/// A bound on the search for the fixes that do not mend.
const MAX_ANALYSES: usize = 64;

/// One analysis and the files it read.
pub(super) struct Run {
    pub report: Report,
    pub sources: Sources,
}

/// Analyses with a file system.
pub(super) type Analyse<'a> = dyn Fn(&dyn FileSystem) -> Run + 'a;

/// What tells a finding from others before and after a fix: rule, file, resource.
type Key = (Str, String, Str);

/// A finding that can be fixed.
struct Candidate {
    rule: Str,
    /// The file of the finding, and the line in it.
    file: String,
    line: u32,
    addresses: Vec<Str>,
    edits: Vec<Edit>,
    /// The files that are edited.
    edited: Vec<String>,
}

/// What a series of fixes came to.
#[derive(Default)]
struct Work {
    /// New texts by the path under which a file is read, byte order marks included.
    texts: BTreeMap<PathBuf, String>,
    fixed: usize,
    analyses: usize,
    /// Findings whose fix was given up, by their first address.
    given_up: FxHashSet<Key>,
}

/// Whether the arguments ask for fixes.
pub(super) fn is_wanted(args: &CheckArgs) -> Result<bool, Failure> {
    if args.unsafe_fixes && !args.fix && !args.diff {
        return Err(Failure::Plain("--unsafe-fixes needs --fix or --diff".to_owned()));
    }
    Ok(args.fix || args.diff)
}

/// Fixes what can be fixed. The run to report: after the fixes if they were written, else the one given.
pub(super) fn run(
    args: &CheckArgs,
    paths: &[PathBuf],
    units: &Units,
    disk: &Disk,
    analyse: &Analyse<'_>,
) -> Result<Run, Failure> {
    let first = analyse(disk);
    // A link is changed through the file it stands for, if that is among the files as well.
    let is_link = |path: &Path| path.symlink_metadata().is_ok_and(|m| m.is_symlink());
    let files = units.modules.iter().flat_map(|(_, files)| files).chain(&units.candidates);
    let editable: FxHashSet<PathBuf> = files.filter(|p| !is_link(p)).map(|p| normalize(p)).collect();
    let mut session = Session { args, disk, analyse, editable, work: Work::default() };
    let mut run = first;
    let mut original: Option<Run> = None;
    for _ in 0..MAX_ROUNDS {
        let candidates = session.candidates(&run);
        let chosen = compatible(&candidates);
        if chosen.is_empty() {
            break;
        }
        let Some(next) = session.round(&run, &chosen) else {
            // Everything was given up; what was left out this time may still do.
            continue;
        };
        let before = std::mem::replace(&mut run, next);
        original.get_or_insert(before);
    }
    let Session { work, .. } = session;
    let Some(original) = original else {
        say(args, &format!("fixed no findings{}", unsafe_hint(args, &run)));
        return Ok(run);
    };
    let files = work.texts.len();
    let count = format!("{} {} in {} {}", work.fixed, plural(work.fixed, "finding"), files, plural(files, "file"));
    if args.diff {
        let mut out = std::io::stdout().lock();
        for (path, text) in &work.texts {
            let before = disk.read(path).unwrap_or_default();
            let secrets = hidden_texts(&original.sources);
            out.write_all(output::diff(&display_name(path), &before, text, &secrets).as_bytes())?;
        }
        out.flush()?;
        say(args, &format!("would fix {count}"));
        return Ok(original);
    }
    let roots = readable(paths);
    for (path, text) in &work.texts {
        let read = original_text(&original, path);
        write(path, text, read.as_deref(), &roots)
            .map_err(|why| Failure::Plain(format!("{}: not fixed: {why}", display_name(path))))?;
    }
    say(args, &format!("fixed {count}{}", unsafe_hint(args, &run)));
    Ok(run)
}

/// The texts that nobody may be shown.
fn hidden_texts(sources: &Sources) -> Vec<String> {
    let files = (0..sources.len()).filter_map(|i| Some(crate::source::FileId(u32::try_from(i).ok()?)));
    let spans = files.flat_map(|id| sources.hidden(id));
    let texts = spans.map(|span| sources.text(span).trim_matches(['"', '\'']).to_owned());
    // A text of a few characters is everywhere.
    texts.filter(|text| text.len() > 3).collect()
}

fn plural(n: usize, word: &str) -> String {
    if n == 1 { word.to_owned() } else { format!("{word}s") }
}

/// Says something to the user on standard error.
fn say(args: &CheckArgs, message: &str) {
    if !args.quiet {
        let message: String = message.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
        // Nothing can be done about an error output that is gone.
        let _ = writeln!(std::io::stderr(), "formwork: {message}");
    }
}

/// How many findings only `--unsafe-fixes` would fix.
fn unsafe_hint(args: &CheckArgs, run: &Run) -> String {
    let fixable = |f: &&Finding| f.fix.as_ref().is_some_and(|x| x.safety == Safety::Unsafe && !x.edits.is_empty());
    let n = run.report.findings.iter().filter(fixable).count();
    if args.unsafe_fixes || n == 0 {
        return String::new();
    }
    format!("; --unsafe-fixes would fix {n} more")
}

/// The whole text of a file as it was read, byte order mark included.
fn whole(source: &crate::source::SourceFile, text: &str) -> String {
    if source.bom > 0 { format!("\u{feff}{text}") } else { text.to_owned() }
}

fn original_text(run: &Run, path: &Path) -> Option<String> {
    (0..run.sources.len()).find_map(|i| {
        let file = run.sources.get(crate::source::FileId(u32::try_from(i).ok()?));
        (normalize(&file.path) == path).then(|| whole(&file, &file.text))
    })
}

/// As many of the candidates as do not get in each other's way, in their order.
fn compatible(candidates: &[Candidate]) -> Vec<&Candidate> {
    let mut patch = Patch::new();
    candidates.iter().filter(|c| patch.add(&c.edits)).collect()
}

struct Session<'a> {
    args: &'a CheckArgs,
    disk: &'a Disk,
    analyse: &'a Analyse<'a>,
    editable: FxHashSet<PathBuf>,
    work: Work,
}

impl Session<'_> {
    fn candidates(&self, run: &Run) -> Vec<Candidate> {
        let mut out = Vec::new();
        for finding in &run.report.findings {
            let Some(fix) = finding.fix.as_ref().filter(|f| !f.edits.is_empty()) else { continue };
            let allowed = fix.safety == Safety::Safe || self.args.unsafe_fixes;
            let file = run.sources.get(finding.primary.span.file);
            let key = (finding.rule.clone(), file.name.clone(), finding.resource.address.clone());
            // Files beside those that were named are read, not changed.
            let named = |e: &Edit| self.editable.contains(&normalize(&run.sources.get(e.span.file).path));
            if !allowed || self.work.given_up.contains(&key) || !fix.edits.iter().all(named) {
                continue;
            }
            out.push(Candidate {
                rule: finding.rule.clone(),
                file: file.name.clone(),
                line: file.position(finding.primary.span.start).line,
                addresses: addresses(finding),
                edits: fix.edits.clone(),
                edited: fix.edits.iter().map(|e| run.sources.get(e.span.file).name.clone()).collect(),
            });
        }
        out
    }

    /// Makes the fixes that prove to mend. `None`: none of them does.
    fn round(&mut self, before: &Run, chosen: &[&Candidate]) -> Option<Run> {
        let mut accepted: Vec<&Candidate> = Vec::new();
        let mut good: Option<Run> = None;
        // All at once. Where that does not do, without those that are to blame; where that cannot be told, in halves.
        let mut open: Vec<Vec<&Candidate>> = vec![chosen.to_vec()];
        while let Some(part) = open.pop().filter(|p| !p.is_empty()) {
            if self.work.analyses >= MAX_ANALYSES {
                for candidate in part {
                    self.give_up(candidate, "was not tried: too many others do not mend");
                }
                continue;
            }
            let tried: Vec<&Candidate> = accepted.iter().chain(&part).copied().collect();
            let (texts, after) = self.attempt(before, &tried);
            let Some(blame) = blame(before, &after, &tried) else {
                accepted = tried;
                good = Some(after);
                self.work.texts.extend(texts);
                continue;
            };
            let blame_of = |at: usize| blame.get(&(accepted.len() + at));
            if let [one] = part.as_slice() {
                let why = blame_of(0).and_then(|b| b.as_deref()).unwrap_or("does not mend it");
                self.give_up(one, why);
                continue;
            }
            let (mut rest, mut suspects) = (Vec::new(), Vec::new());
            let before = part.len();
            for (at, candidate) in part.into_iter().enumerate() {
                match blame_of(at) {
                    None => rest.push(candidate),
                    Some(None) => suspects.push(candidate),
                    Some(Some(why)) => self.give_up(candidate, why),
                }
            }
            if suspects.len() == before {
                rest = suspects.split_off(before / 2);
            }
            open.extend([suspects, rest].into_iter().filter(|p| !p.is_empty()));
        }
        self.work.fixed += accepted.len();
        good
    }

    fn give_up(&mut self, candidate: &Candidate, why: &str) {
        if let Some(first) = candidate.addresses.first() {
            let Candidate { rule, file, line, .. } = candidate;
            self.work.given_up.insert((rule.clone(), file.clone(), first.clone()));
            say(self.args, &format!("{file}:{line}: the fix of {rule} for {first} {why}; it was not made"));
        }
    }

    /// The texts with the edits of some candidates, and what an analysis finds in them.
    fn attempt(&mut self, before: &Run, tried: &[&Candidate]) -> (BTreeMap<PathBuf, String>, Run) {
        let mut patch = Patch::new();
        for candidate in tried {
            patch.add(&candidate.edits);
        }
        let mut overlay = Overlay::new(self.disk);
        for (path, text) in &self.work.texts {
            overlay.insert(path, text.clone());
        }
        let mut texts = BTreeMap::new();
        for id in patch.files() {
            let file = before.sources.get(id);
            let text = whole(&file, &patch.apply(id, &file.text));
            overlay.insert(&file.path, text.clone());
            texts.insert(normalize(&file.path), text);
        }
        self.work.analyses += 1;
        (texts, (self.analyse)(&overlay))
    }
}

fn addresses(finding: &Finding) -> Vec<Str> {
    if finding.instances.is_empty() { vec![finding.resource.address.clone()] } else { finding.instances.clone() }
}

fn keys(run: &Run, finding: &Finding) -> Vec<Key> {
    let file = run.sources.get(finding.primary.span.file).name.clone();
    addresses(finding).into_iter().map(|address| (finding.rule.clone(), file.clone(), address)).collect()
}

/// `None`: the fixed findings are gone, and nothing that was not there before has come. Otherwise the fixes that may be
/// to blame, by their place among `fixed`; with the reason where no other can be.
fn blame(before: &Run, after: &Run, fixed: &[&Candidate]) -> Option<FxHashMap<usize, Option<String>>> {
    let mut left: FxHashMap<Key, usize> = FxHashMap::default();
    for finding in &before.report.findings {
        for key in keys(before, finding) {
            *left.entry(key).or_default() += 1;
        }
    }
    for candidate in fixed {
        for address in &candidate.addresses {
            if let Some(n) = left.get_mut(&(candidate.rule.clone(), candidate.file.clone(), address.clone())) {
                *n = n.saturating_sub(1);
            }
        }
    }
    let mut out = Blame { fixed, found: FxHashMap::default() };
    for finding in &after.report.findings {
        for key in keys(after, finding) {
            match left.get_mut(&key) {
                Some(n) if *n > 0 => *n -= 1,
                _ => out.finding(&key),
            }
        }
    }
    let known: FxHashSet<(&str, &str)> = before.report.faults.iter().map(|f| (&*f.path, &*f.message)).collect();
    for fault in after.report.faults.iter().filter(|f| f.kind != FaultKind::Notice) {
        if !known.contains(&(&*fault.path, &*fault.message)) {
            let why = format!("would lead to: {}", fault.message);
            out.nearest(&[&|c: &Candidate| c.edited.contains(&fault.path)], &why);
        }
    }
    (!out.found.is_empty()).then_some(out.found)
}

struct Blame<'a> {
    fixed: &'a [&'a Candidate],
    found: FxHashMap<usize, Option<String>>,
}

impl Blame<'_> {
    /// A finding that is still there, or that has come.
    fn finding(&mut self, (rule, file, address): &Key) {
        let here = |c: &Candidate| c.file == *file && c.addresses.contains(address);
        let same = |c: &Candidate| c.rule == *rule && here(c);
        if self.fixed.iter().any(|c| same(c)) {
            self.nearest(&[&same], "does not mend it");
            return;
        }
        let why = format!("would lead to a finding of {rule} for {address}");
        self.nearest(&[&here, &|c: &Candidate| c.edited.contains(file)], &why);
    }

    /// Blames the candidates of the first sort of which there are any, else all.
    fn nearest(&mut self, sorts: &[&dyn Fn(&Candidate) -> bool], why: &str) {
        let all = 0..self.fixed.len();
        let of = |sort: &&dyn Fn(&Candidate) -> bool| -> Vec<usize> {
            all.clone().filter(|&i| self.fixed.get(i).is_some_and(|c| sort(c))).collect()
        };
        let blamed = sorts.iter().map(of).find(|b| !b.is_empty()).unwrap_or_else(|| all.clone().collect());
        let why = (blamed.len() == 1).then(|| why.to_owned());
        for at in blamed {
            let reason = self.found.entry(at).or_default();
            if reason.is_none() {
                reason.clone_from(&why);
            }
        }
    }
}

/// Replaces a file in one step. `read` is the text that was analysed: a file that has changed since is left alone.
fn write(path: &Path, text: &str, read: Option<&str>, roots: &[PathBuf]) -> Result<(), String> {
    let io = |e: std::io::Error| e.to_string();
    // Folders on the way may be links, but not out of what may be read.
    let real = path.canonicalize().map_err(io)?;
    let inside = roots.iter().any(|root| root.canonicalize().is_ok_and(|root| real.starts_with(root)));
    if !inside {
        return Err("it lies outside the scanned root".to_owned());
    }
    let now = std::fs::read(&real).map_err(io)?;
    if read.map(str::as_bytes) != Some(now.as_slice()) {
        return Err("it was changed meanwhile".to_owned());
    }
    let metadata = std::fs::metadata(&real).map_err(io)?;
    if metadata.permissions().readonly() {
        return Err("it is read-only".to_owned());
    }
    let name = real.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let temporary = real.with_file_name(format!(".{name}.formwork-{}", std::process::id()));
    let mut file = std::fs::File::options().write(true).create_new(true).open(&temporary).map_err(io)?;
    let written = file
        .set_permissions(metadata.permissions())
        .and_then(|()| file.write_all(text.as_bytes()))
        .and_then(|()| file.sync_all())
        .and_then(|()| std::fs::rename(&temporary, &real));
    if let Err(error) = written {
        // The file itself is as it was.
        let _ = std::fs::remove_file(&temporary);
        return Err(error.to_string());
    }
    Ok(())
}
