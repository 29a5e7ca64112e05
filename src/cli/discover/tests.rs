use super::{Discovery, Options, discover};
use crate::config::Globs;
use crate::report::FaultKind;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

type Names = &'static [&'static str];

/// A tree on disk; a name that ends in `/` is an empty folder.
fn tree(files: &[&str]) -> TempDir {
    let dir = tempfile::tempdir().expect("a temporary folder");
    for file in files {
        let (name, text) = file.split_once('=').unwrap_or((file, ""));
        let path = dir.path().join(name);
        if name.ends_with('/') {
            std::fs::create_dir_all(&path).expect("created");
        } else {
            std::fs::create_dir_all(path.parent().expect("not the root")).expect("created");
            std::fs::write(&path, text).expect("written");
        }
    }
    dir
}

fn run(dir: &TempDir, paths: &[&str], options: &Options<'_>) -> Discovery {
    let paths: Vec<PathBuf> = paths.iter().map(|p| dir.path().join(p)).collect();
    discover(&paths, options)
}

fn names<'a>(dir: &TempDir, paths: impl IntoIterator<Item = &'a PathBuf>) -> Vec<String> {
    let name = |p: &PathBuf| p.strip_prefix(dir.path()).unwrap_or(p).to_string_lossy().into_owned();
    paths.into_iter().map(name).collect()
}

fn terraform(dir: &TempDir, found: &Discovery) -> Vec<String> {
    names(dir, found.terraform_dirs.iter().flat_map(|d| &d.files))
}

#[test]
fn files_are_found_by_their_names() {
    let dir = tree(&[
        "main.tf",
        "a/x.tf.json",
        "a/terraform.tfvars",
        "a/b/y.tofu",
        "a/x.tftest.hcl",
        "a/y.tftest.json",
        "a/t.tftpl",
        "env/prod.tfvars.json",
        "t/one.yaml",
        "t/two.yml",
        "t/three.json",
        "t/four.template",
        "t/FIVE.YAML",
        "t/readme.md",
        ".hidden/main.tf",
        ".hidden.yaml",
        ".git/config.yaml",
        ".terraform/modules/x/main.tf",
        "node_modules/x/package.json",
        "cdk.out/stack.template.json",
        "empty/",
    ]);
    let found = run(&dir, &["."], &Options::default());
    assert_eq!(terraform(&dir, &found), ["main.tf", "a/x.tf.json", "a/b/y.tofu"]);
    let dirs: Vec<String> = names(&dir, found.terraform_dirs.iter().map(|d| &d.dir));
    assert_eq!(dirs, ["", "a", "a/b"]);
    assert_eq!(names(&dir, &found.terraform_dirs[1].var_files), ["a/terraform.tfvars"]);
    assert_eq!(names(&dir, &found.stray_var_files), ["env/prod.tfvars.json"]);
    assert_eq!(
        names(&dir, &found.candidates),
        ["t/FIVE.YAML", "t/four.template", "t/one.yaml", "t/three.json", "t/two.yml"]
    );
    assert_eq!((found.focus, found.faults, found.skipped), (None, vec![], 0));
}

#[test]
fn a_tofu_file_hides_the_tf_file_of_its_name() {
    let dir = tree(&["a.tf", "a.tofu", "b.tf", "b.tofu.json", "c.tf.json", "c.tofu.json", "d.tofu", "sub/a.tf"]);
    let found = run(&dir, &["."], &Options::default());
    let expected = ["a.tofu", "b.tf", "b.tofu.json", "c.tofu.json", "d.tofu", "sub/a.tf"];
    assert_eq!(terraform(&dir, &found), expected);
}

#[test]
fn ignored_and_excluded_files_are_left_out() {
    let dir = tree(&[
        ".gitignore=override.tf\n/build/\n",
        "main.tf",
        "override.tf",
        "build/x.yaml",
        "sub/.gitignore=*.json\n!keep.json\n",
        "sub/a.json",
        "sub/keep.json",
        "vendor/v.tf",
        "sub/v.yaml",
    ]);
    let globs = Globs::new(["vendor/", "v.yaml"]);
    let root = dir.path().to_path_buf();
    let exclude =
        move |path: &Path, is_dir: bool| path.strip_prefix(&root).is_ok_and(|relative| globs.matches(relative, is_dir));
    let options = Options { exclude: &exclude, ..Options::default() };
    let found = run(&dir, &["."], &options);
    assert_eq!(terraform(&dir, &found), ["main.tf"]);
    assert_eq!(names(&dir, &found.candidates), ["sub/keep.json"]);
    assert_eq!(found.skipped, 2);

    let found = run(&dir, &["sub"], &Options { gitignore: false, ..Options::default() });
    assert_eq!(names(&dir, &found.candidates), ["sub/a.json", "sub/keep.json", "sub/v.yaml"]);

    // What is named is looked at, whatever patterns say, unless a hook asks otherwise.
    let found = run(&dir, &["vendor/v.tf", "build"], &options);
    assert_eq!(terraform(&dir, &found), ["vendor/v.tf"]);
    assert_eq!(names(&dir, &found.candidates), ["build/x.yaml"]);
    let found = run(&dir, &["vendor", "sub/v.yaml"], &Options { force_exclude: true, ..options });
    assert_eq!((found.terraform_dirs.len(), found.candidates.len(), found.skipped), (0, 0, 2));
}

#[test]
fn folders_of_tools_are_walked_when_they_are_named() {
    let dir = tree(&["cdk.out/a.template.json", "node_modules/m/x.yaml", ".terraform/modules/m/main.tf", "main.tf"]);
    let found = run(&dir, &["cdk.out", "node_modules/m", ".terraform/modules"], &Options::default());
    assert_eq!(names(&dir, &found.candidates), ["cdk.out/a.template.json", "node_modules/m/x.yaml"]);
    assert_eq!(terraform(&dir, &found), [".terraform/modules/m/main.tf"]);
}

#[test]
fn a_named_file_stands_for_its_folder() {
    let dir = tree(&[
        "m/main.tf",
        "m/variables.tf",
        "m/prod.tfvars",
        "m/other.yaml",
        "m/sub/main.tf",
        "m/user.tftpl",
        "n/main.tf",
        "t/stack.cfn",
        "t/other.yaml",
        "s/formwork.toml",
        "s/deep/main.tf",
    ]);
    let table: [(Names, Names, Names, Names); 6] = [
        (&["m/variables.tf"], &["m/main.tf", "m/variables.tf"], &[], &["m/variables.tf"]),
        (&["m/prod.tfvars"], &["m/main.tf", "m/variables.tf"], &[], &["m/prod.tfvars"]),
        (&["m/user.tftpl"], &["m/main.tf", "m/variables.tf"], &[], &["m/user.tftpl"]),
        (&["t/stack.cfn"], &[], &["t/stack.cfn"], &["t/stack.cfn"]),
        (&["n", "t/stack.cfn"], &["n/main.tf"], &["t/stack.cfn"], &["n", "t/stack.cfn"]),
        (&["s/formwork.toml"], &["s/deep/main.tf"], &[], &["s"]),
    ];
    for (paths, files, candidates, focus) in table {
        let found = run(&dir, paths, &Options::default());
        assert_eq!(terraform(&dir, &found), files, "{paths:?}");
        assert_eq!(names(&dir, &found.candidates), candidates, "{paths:?}");
        assert_eq!(names(&dir, found.focus.as_ref().expect("a file is named")), focus, "{paths:?}");
    }
    let found = run(&dir, &["m", "m/main.tf", "./m/../m"], &Options::default());
    assert_eq!(terraform(&dir, &found), ["m/main.tf", "m/variables.tf", "m/sub/main.tf"]);
}

#[test]
fn what_is_not_there_is_named() {
    let dir = tree(&["main.tf"]);
    let found = run(&dir, &[".", "absent", "main.tf/x"], &Options::default());
    assert_eq!(terraform(&dir, &found), ["main.tf"]);
    let faults: Vec<(bool, &str, FaultKind)> =
        found.faults.iter().map(|f| (f.path.ends_with("absent"), f.message.as_str(), f.kind)).collect();
    assert_eq!(faults.len(), 2);
    assert!(faults.contains(&(true, "no such file or folder", FaultKind::Unreadable)));
}

#[cfg(unix)]
#[test]
fn links_stay_inside_and_loops_end() {
    use std::os::unix::fs::symlink;
    let outside = tree(&["secret.yaml", "x.tf"]);
    let dir = tree(&["a/main.tf", "shared/providers.tf", "a/real.yaml"]);
    let link = |target: &Path, name: &str| symlink(target, dir.path().join(name)).expect("linked");
    link(Path::new("../shared/providers.tf"), "a/providers.tf");
    link(Path::new(".."), "a/up");
    link(dir.path(), "a/loop");
    link(&outside.path().join("secret.yaml"), "a/secret.yaml");
    link(Path::new("nowhere.tf"), "a/dangling.tf");
    link(Path::new("itself.yaml"), "a/itself.yaml");
    link(outside.path(), "out");
    let found = run(&dir, &["."], &Options::default());
    assert_eq!(terraform(&dir, &found), ["a/main.tf", "a/providers.tf", "shared/providers.tf"]);
    assert_eq!(names(&dir, &found.candidates), ["a/real.yaml"]);
    assert_eq!(found.skipped, 3);
    assert_eq!(found.faults, []);
    let found = run(&dir, &["a/main.tf"], &Options::default());
    assert_eq!(terraform(&dir, &found), ["a/main.tf"]);
    let within = vec![dir.path().to_path_buf()];
    let found = run(&dir, &["a/main.tf"], &Options { within, ..Options::default() });
    assert_eq!(terraform(&dir, &found), ["a/main.tf", "a/providers.tf"]);
    // A named link is followed.
    let found = run(&dir, &["out"], &Options::default());
    assert_eq!(terraform(&dir, &found), ["out/x.tf"]);
}

#[cfg(unix)]
#[test]
fn a_fifo_is_not_read() {
    let dir = tree(&["main.tf"]);
    let made = std::process::Command::new("mkfifo").arg(dir.path().join("pipe.yaml")).status();
    if !made.is_ok_and(|status| status.success()) {
        return;
    }
    let found = run(&dir, &["."], &Options::default());
    assert_eq!((found.candidates.len(), found.skipped), (0, 1));
    let found = run(&dir, &["pipe.yaml"], &Options::default());
    assert_eq!(found.faults[0].message, "not a regular file");
}

#[cfg(unix)]
#[test]
fn an_unreadable_folder_is_a_fault() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tree(&["open/main.tf", "closed/main.tf"]);
    let closed = dir.path().join("closed");
    let mode = |bits| std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(bits)).expect("set");
    mode(0o000);
    let readable = std::fs::read_dir(&closed).is_ok();
    let found = run(&dir, &["."], &Options::default());
    mode(0o755);
    if readable {
        // An administrator reads everything.
        return;
    }
    assert_eq!(terraform(&dir, &found), ["open/main.tf"]);
    assert_eq!(found.faults.len(), 1);
    assert!(found.faults[0].path.ends_with("closed"));
    assert_eq!(found.faults[0].message, "permission denied");
}

#[test]
fn the_order_does_not_depend_on_threads() {
    let names: Vec<String> = (0..200).map(|i| format!("d{}/f{i}.tf", i % 17)).collect();
    let dir = tree(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let one = run(&dir, &["."], &Options { threads: 1, ..Options::default() });
    let four = run(&dir, &["."], &Options { threads: 4, ..Options::default() });
    assert_eq!(one, four);
    assert_eq!(terraform(&dir, &one).len(), 200);
}
