//! Naming files relative to the repository.

use super::Options;
use crate::source::display_name;
use std::fmt::Write as _;
use std::path::{Component, Path, PathBuf};

/// Resolves `.` and `..` by name only; a `..` that leads above the start is kept for relative paths.
fn resolve(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                let last = out.components().next_back();
                match last {
                    Some(Component::Normal(_)) => {
                        out.pop();
                    }
                    Some(Component::RootDir | Component::Prefix(_)) => {}
                    _ => out.push(".."),
                }
            }
            part => out.push(part),
        }
    }
    out
}

/// The path of a file relative to the repository's root: forward slashes, no leading `./`, never absolute.
pub(super) fn relative(name: &str, options: &Options) -> String {
    let path = Path::new(name);
    let directory = options.directory.as_deref().or(options.base.as_deref());
    let full = match directory {
        Some(directory) if path.is_relative() => resolve(&directory.join(path)),
        _ => resolve(path),
    };
    let base = options.base.as_deref().or(options.directory.as_deref()).map(resolve);
    let inside = base.as_deref().and_then(|base| full.strip_prefix(base).ok());
    // A file outside the repository keeps its name, but does not become absolute by it.
    let shown = match inside {
        Some(inside) => inside.to_path_buf(),
        None => resolve(path),
    };
    let kept: PathBuf =
        shown.components().filter(|p| !matches!(p, Component::RootDir | Component::Prefix(_))).collect();
    display_name(&kept)
}

/// A relative path as a URI reference: all but unreserved characters and slashes percent-encoded.
pub(super) fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_to_the_repository() {
        let options = |base: &str, directory: &str| Options {
            base: (!base.is_empty()).then(|| base.into()),
            directory: (!directory.is_empty()).then(|| directory.into()),
            ..Options::default()
        };
        let cases = [
            ("main.tf", "/repo", "/repo/infra", "infra/main.tf"),
            ("./main.tf", "/repo", "/repo", "main.tf"),
            ("../x.tf", "/repo", "/repo/infra", "x.tf"),
            ("/repo/a/b.tf", "/repo", "", "a/b.tf"),
            ("/repo/a/b.tf", "/repo/", "/elsewhere", "a/b.tf"),
            ("/other/b.tf", "/repo", "/repo", "other/b.tf"),
            ("a/../b.tf", "", "", "b.tf"),
            ("/repo/b.tf", "", "/repo", "b.tf"),
            ("../../b.tf", "", "", "../../b.tf"),
        ];
        for (name, base, directory, wanted) in cases {
            assert_eq!(relative(name, &options(base, directory)), wanted, "{name} {base} {directory}");
        }
        assert_eq!(uri("a b/ü#?:%.tf"), "a%20b/%C3%BC%23%3F%3A%25.tf");
    }
}
