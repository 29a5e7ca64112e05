//! Fixes: those of every rule on its own examples, the layouts of `fixtures/fixes`, and the command line.

mod support;

use formwork::report::{Finding, Patch};
use formwork::rules::{Example, Library, RuleFile};
use formwork::source::Sources;
use libtest_mimic::{Arguments, Failed, Trial};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Output};
use std::sync::Arc;
use support::{Example as Files, report};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let sources = Sources::new();
    let mut trials = Vec::new();
    for (id, file) in Library::rule_files(&sources) {
        if file.rules.iter().all(|r| r.fix.is_none()) {
            continue;
        }
        let path = sources.get(id).name.trim_end_matches(".md").to_owned();
        let file = Arc::new(file);
        for example in &file.examples {
            let title = example.title.to_lowercase().replace(|c: char| !c.is_alphanumeric(), "-");
            let (file, example) = (file.clone(), example.clone());
            let name = format!("{path}/{title}/{}", example.dialect);
            trials.push(Trial::test(name, move || mend_example(&file, &example).map(|_| ())));
        }
        trials.push(Trial::test(format!("{path}/in-every-dialect"), move || mends_somewhere(&file)));
    }
    for &(name, rules) in LAYOUTS {
        trials.push(Trial::test(format!("layout/{name}"), move || layout(name, rules)));
    }
    for &(name, run) in COMMANDS {
        trials.push(Trial::test(format!("command/{name}"), run));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

// ---- the fixes of rules ----

/// The findings that have edits, with the texts before and after all edits that fit together.
struct Round {
    made: usize,
    left: Vec<Finding>,
    files: Vec<(String, String)>,
}

fn round(files: &Files) -> Result<Round, Failed> {
    let sources = Sources::new();
    let report = report(files, &sources)?;
    let faults: Vec<String> = report.faults.iter().map(|f| format!("{}: {}", f.path, f.message)).collect();
    let mut patch = Patch::new();
    let (mut made, mut left) = (0, Vec::new());
    for finding in report.findings {
        match finding.fix.as_ref().filter(|f| !f.edits.is_empty()) {
            Some(fix) => made += usize::from(patch.add(&fix.edits)),
            None => left.push(finding),
        }
    }
    let mut texts: BTreeMap<String, String> = files.files.iter().cloned().collect();
    for id in patch.files() {
        let file = sources.get(id);
        let Some(text) = texts.get_mut(&file.name) else {
            return Err(format!("{} is edited, and is no file of the example", file.name).into());
        };
        let bom = if file.bom > 0 { "\u{feff}" } else { "" };
        *text = format!("{bom}{}", patch.apply(id, &file.text));
    }
    if made == 0 && !faults.is_empty() && files.rules.is_empty() {
        return Err(faults.join("\n").into());
    }
    Ok(Round { made, left, files: texts.into_iter().collect() })
}

/// Applies fixes until there are none. How many findings were mended, and what is left.
fn mend(mut files: Files) -> Result<(usize, Vec<Finding>, Files), Failed> {
    let mut mended = 0;
    for _ in 0..5 {
        let Round { made, left, files: texts } = round(&files)?;
        if made == 0 {
            return Ok((mended, left, files));
        }
        mended += made;
        files.files = texts;
    }
    Err(format!("there are fixes without end:\n{}", shown(&files)).into())
}

fn shown(files: &Files) -> String {
    files.files.iter().map(|(path, text)| format!("--- {path}\n{text}")).collect()
}

/// The comments of a text, in order: what a fix must leave alone.
fn comments(text: &str) -> Vec<&str> {
    text.lines().filter_map(|l| l.split_once('#')).map(|(_, c)| c.trim_end()).collect()
}

/// Whether the lines of a text are there in another, in order, edited ones aside.
fn lines_lost(before: &str, after: &str) -> usize {
    let mut rest = after.lines();
    before
        .lines()
        .filter(|line| {
            let mut ahead = rest.clone();
            if ahead.any(|l| l == *line) {
                rest = ahead;
                return false;
            }
            true
        })
        .count()
}

/// The text without the marks of the example: a line that has a comment is not taken away.
fn unmarked(text: &str) -> String {
    text.split_inclusive('\n')
        .map(|line| match line.split_once("#~") {
            Some((code, _)) => format!("{}\n", code.trim_end()),
            None => line.to_owned(),
        })
        .collect()
}

fn mend_example(file: &RuleFile, example: &Example) -> Result<usize, Failed> {
    let ids: Vec<String> = file.rules.iter().map(|r| r.info.id.to_string()).collect();
    let removes = file.rules.iter().filter_map(|r| r.fix.as_ref()).any(|f| !f.remove.is_empty());
    let text = |text: &str| if removes { unmarked(text) } else { text.to_owned() };
    let files: Vec<(String, String)> = example.files.iter().map(|f| (f.path.clone(), text(&f.text))).collect();
    let before = Files { files, rules: ids, config: example.config.clone() };
    let (mended, left, after) = mend(before.clone())?;
    let mut problems = Vec::new();
    for finding in &left {
        // What comes from elsewhere, or is not written in any resource, cannot always be mended mechanically.
        let elsewhere =
            !finding.secondary.is_empty() || finding.resource.canonical.as_deref() == Some("account.baseline");
        // A rule says with `fix_when` where its fix is none.
        if !elsewhere && finding.fix.is_some() && !excused(finding) {
            problems.push(format!("nothing mends: {}", finding.message));
        }
    }
    for ((path, old), (_, new)) in sorted(&before).into_iter().zip(sorted(&after)) {
        if comments(&old) != comments(&new) {
            problems.push(format!("{path}: comments have changed"));
        }
        let lost = lines_lost(&old, &new);
        // What is taken away may be many lines.
        let takes_away = file.rules.iter().filter_map(|r| r.fix.as_ref()).any(|f| !f.remove.is_empty());
        if lost > mended && !takes_away {
            problems.push(format!("{path}: {mended} fixes have changed {lost} lines"));
        }
    }
    if problems.is_empty() { Ok(mended) } else { Err(format!("{}\n{}", problems.join("\n"), shown(&after)).into()) }
}

/// A device that is written nowhere has no place in which it could be encrypted.
fn excused(finding: &Finding) -> bool {
    finding.rule == "ec2-block-device-encrypted" && finding.message.starts_with("the root device")
}

fn sorted(files: &Files) -> Vec<(String, String)> {
    let mut files = files.files.clone();
    files.sort();
    files
}

/// A rule with a fix mends at least one example in every dialect it speaks, unless it says with `fix_when` that there is
/// no fix in one.
fn mends_somewhere(file: &RuleFile) -> Result<(), Failed> {
    let conditional = file.rules.iter().any(|r| r.fix.as_ref().is_some_and(|f| f.when.is_some()));
    for dialect in ["terraform", "cloudformation"] {
        let examples: Vec<&Example> = file.examples.iter().filter(|e| e.dialect == dialect).collect();
        let speaks = file.only.as_ref().is_none_or(|(only, _)| only == dialect);
        if !speaks || examples.is_empty() || conditional && !examples.iter().any(|e| offers_fix(file, e)) {
            continue;
        }
        if !examples.iter().any(|e| mend_example(file, e).is_ok_and(|n| n > 0)) {
            return Err(format!("no example in {dialect} is mended").into());
        }
    }
    Ok(())
}

fn offers_fix(file: &RuleFile, example: &Example) -> bool {
    let rules = file.rules.iter().map(|r| r.info.id.to_string()).collect();
    let files = example.files.iter().map(|f| (f.path.clone(), f.text.clone())).collect();
    let judged = report(&Files { files, rules, config: example.config.clone() }, &Sources::new());
    judged.is_ok_and(|r| r.findings.iter().any(|f| f.fix.is_some()))
}

// ---- layouts ----

const EBS: &[&str] = &["ebs-volume-encrypted"];
const IMDS: &[&str] = &["ec2-imdsv2-required"];
const BOTH: &[&str] = &["ebs-volume-encrypted", "ec2-imdsv2-required"];
const DEVICES: &[&str] = &["ec2-block-device-encrypted"];
const BUCKETS: &[&str] = &["s3-bucket-encryption", "s3-bucket-public-access-block"];
const PAIRS: &[&str] = &["elb-cross-zone"];
const REPOSITORIES: &[&str] = &["ecr-image-tag-immutable", "ecr-scan-on-push"];

/// Files of `fixtures/fixes` and the rules that mend them; beside each stands what is expected.
const LAYOUTS: &[(&str, &[&str])] = &[
    ("absent.json", EBS),
    ("absent.tf", EBS),
    ("absent.tf.json", BOTH),
    ("absent.yaml", EBS),
    ("anchors.yaml", EBS),
    ("before-blocks.tf", EBS),
    ("byte-order-mark.tf", EBS),
    ("comment-behind.tf", EBS),
    ("crlf.tf", EBS),
    ("crlf.yaml", EBS),
    ("elements.json", BUCKETS),
    ("elements.yaml", BUCKETS),
    ("elsewhere.tf", EBS),
    ("empty-body.tf", EBS),
    ("empty-value.yaml", REPOSITORIES),
    ("entries.tf", DEVICES),
    ("entries.yaml", DEVICES),
    ("functions.yaml", EBS),
    ("nested.tf", IMDS),
    ("nested.yaml", IMDS),
    ("no-element-to-write-in.yaml", DEVICES),
    ("no-line-break-at-the-end.yaml", EBS),
    ("old-provider.tf", BUCKETS),
    ("one-line.tf", BOTH),
    ("pairs.json", PAIRS),
    ("pairs.yaml", PAIRS),
    ("satellites.tf", BUCKETS),
    ("tabs.tf", IMDS),
];

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/fixes").join(name)
}

fn layout(name: &str, rules: &[&str]) -> Result<(), Failed> {
    let (stem, extension) = name.split_once('.').ok_or("a name without an extension")?;
    let text = std::fs::read_to_string(fixture(name))?;
    let expected = std::fs::read_to_string(fixture(&format!("{stem}.expected.{extension}")))?;
    let rules = rules.iter().map(|r| (*r).to_owned()).collect();
    let path = format!("main.{extension}");
    let (_, _, after) = mend(Files { files: vec![(path, text)], rules, config: None })?;
    let found = &after.files[0].1;
    if *found == expected { Ok(()) } else { Err(format!("expected {expected:?}\nfound    {found:?}\n{found}").into()) }
}

// ---- the command ----

type Run = fn() -> Result<(), Failed>;

const COMMANDS: &[(&str, Run)] = &[
    ("writes-safe-fixes-only", writes_safe_fixes_only),
    ("writes-unsafe-fixes-when-told", writes_unsafe_fixes_when_told),
    ("shows-a-diff-without-writing", shows_a_diff_without_writing),
    ("keeps-what-does-not-mend", keeps_what_does_not_mend),
    ("keeps-permissions", keeps_permissions),
    ("does-not-write-through-links-out-of-the-root", does_not_follow_links_out),
    ("unsafe-fixes-alone-mean-nothing", unsafe_fixes_alone_mean_nothing),
];

fn formwork(folder: &Path, arguments: &[&str]) -> Result<Output, Failed> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_formwork"));
    Ok(command.current_dir(folder).args(["check", "--no-config"]).args(arguments).output()?)
}

fn demand(holds: bool, what: &str, output: &Output) -> Result<(), Failed> {
    if holds {
        return Ok(());
    }
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    Err(format!("{what}\nstatus {:?}\n--- stdout\n{out}\n--- stderr\n{err}", output.status.code()).into())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

const REPOSITORY: &str = "resource \"aws_ecr_repository\" \"app\" {\n  name = \"app\"\n}\n";
const MENDED: &str = "resource \"aws_ecr_repository\" \"app\" {\n  name = \"app\"\n\n  image_scanning_configuration {\n    scan_on_push = true\n  }\n}\n";
const RULES: &str = "ecr-scan-on-push,ecr-image-tag-immutable";

fn writes_safe_fixes_only() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("main.tf");
    std::fs::write(&path, REPOSITORY)?;
    let output = formwork(folder.path(), &["--select", RULES, "--fix", "--fail-on", "high"])?;
    let found = std::fs::read_to_string(&path)?;
    demand(found == MENDED, &format!("written: {found}"), &output)?;
    let errors = text(&output.stderr);
    demand(errors.contains("fixed 1 finding in 1 file; --unsafe-fixes would fix 1 more"), "the summary", &output)?;
    demand(output.status.code() == Some(0), "nothing high is left", &output)?;
    demand(text(&output.stdout).contains("ecr-image-tag-immutable"), "what is left is reported", &output)?;
    let names: Vec<_> = std::fs::read_dir(folder.path())?.filter_map(|e| Some(e.ok()?.file_name())).collect();
    demand(names == ["main.tf"], "no other file is left behind", &output)?;
    let again = formwork(folder.path(), &["--select", RULES, "--fix"])?;
    demand(std::fs::read_to_string(&path)? == MENDED, "the second time changes nothing", &again)?;
    demand(text(&again.stderr).contains("fixed no findings"), "and says so", &again)
}

fn writes_unsafe_fixes_when_told() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("main.tf");
    std::fs::write(&path, REPOSITORY)?;
    let output = formwork(folder.path(), &["--select", RULES, "--fix", "--unsafe-fixes"])?;
    let found = std::fs::read_to_string(&path)?;
    let expected = MENDED.replace("\"app\"\n\n", "\"app\"\n  image_tag_mutability = \"IMMUTABLE\"\n\n");
    demand(found == expected, &format!("written: {found}"), &output)?;
    demand(text(&output.stderr).contains("fixed 2 findings in 1 file"), "the summary", &output)?;
    demand(output.status.code() == Some(0), "nothing is left", &output)
}

fn shows_a_diff_without_writing() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("main.tf");
    std::fs::write(&path, REPOSITORY)?;
    let output = formwork(folder.path(), &["--select", RULES, "--diff"])?;
    demand(std::fs::read_to_string(&path)? == REPOSITORY, "the file is as it was", &output)?;
    let expected = "--- a/main.tf\n+++ b/main.tf\n@@ -1,3 +1,7 @@\n resource \"aws_ecr_repository\" \"app\" {\n   name = \"app\"\n+\n+  image_scanning_configuration {\n+    scan_on_push = true\n+  }\n }\n";
    demand(text(&output.stdout) == expected, "the diff", &output)?;
    demand(output.status.code() == Some(1), "the findings are still there", &output)
}

/// Two volumes share a default, and one of them takes it the other way round.
fn keeps_what_does_not_mend() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let module = folder.path().join("volume");
    std::fs::create_dir(&module)?;
    std::fs::write(
        module.join("main.tf"),
        "variable \"plain\" {\n  default = false\n}\nresource \"aws_ebs_volume\" \"a\" {\n  availability_zone = \"eu-west-1a\"\n  encrypted         = var.plain\n}\nresource \"aws_ebs_volume\" \"b\" {\n  availability_zone = \"eu-west-1a\"\n  encrypted         = !var.plain\n}\n",
    )?;
    let path = module.join("main.tf");
    let before = std::fs::read_to_string(&path)?;
    let output = formwork(folder.path(), &["--select", "ebs-volume-encrypted", "--fix", "--unsafe-fixes"])?;
    demand(std::fs::read_to_string(&path)? == before, "the file is as it was", &output)?;
    demand(
        text(&output.stderr).contains("would lead to a finding of ebs-volume-encrypted for aws_ebs_volume.b"),
        "it says so",
        &output,
    )?;
    demand(output.status.code() == Some(1), "the finding is still there", &output)
}

#[cfg(unix)]
fn keeps_permissions() -> Result<(), Failed> {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("main.tf");
    std::fs::write(&path, REPOSITORY)?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640))?;
    let output = formwork(folder.path(), &["--select", "ecr-scan-on-push", "--fix", "--quiet"])?;
    let mode = std::fs::metadata(&path)?.permissions().mode() & 0o777;
    demand(std::fs::read_to_string(&path)? == MENDED && mode == 0o640, &format!("{mode:o}"), &output)?;
    demand(output.stderr.is_empty(), "quiet", &output)
}

#[cfg(unix)]
fn does_not_follow_links_out() -> Result<(), Failed> {
    let (folder, outside) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let target = outside.path().join("main.tf");
    std::fs::write(&target, REPOSITORY)?;
    std::os::unix::fs::symlink(&target, folder.path().join("main.tf"))?;
    std::fs::write(folder.path().join("real.tf"), REPOSITORY.replace("app", "real"))?;
    std::os::unix::fs::symlink("real.tf", folder.path().join("link.tf"))?;
    let output = formwork(folder.path(), &["--select", "ecr-scan-on-push", "--fix"])?;
    demand(std::fs::read_to_string(&target)? == REPOSITORY, "the file outside is as it was", &output)?;
    let link = std::fs::symlink_metadata(folder.path().join("link.tf"))?;
    demand(link.is_symlink(), "a link stays a link", &output)
}

#[cfg(not(unix))]
fn keeps_permissions() -> Result<(), Failed> {
    Ok(())
}

#[cfg(not(unix))]
fn does_not_follow_links_out() -> Result<(), Failed> {
    Ok(())
}

fn unsafe_fixes_alone_mean_nothing() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("main.tf"), REPOSITORY)?;
    let output = formwork(folder.path(), &["--unsafe-fixes"])?;
    demand(output.status.code() == Some(2), "a usage error", &output)
}
