//! Patterns of paths as `.gitignore` has them, relative to the folder of the configuration.

use crate::source::normalize;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::path::{Component, Path};

/// A list of patterns. A pattern that matches a folder matches everything in it; a later `!pattern` takes back.
#[derive(Clone, Debug)]
pub struct Globs {
    matcher: Gitignore,
    /// One of the patterns is `.`: the folder itself.
    here: bool,
}

impl Default for Globs {
    fn default() -> Self {
        Self { matcher: Gitignore::empty(), here: false }
    }
}

impl Globs {
    /// The patterns that can be understood; [`Globs::check`] tells what is wrong with the others.
    pub fn new<'a>(patterns: impl IntoIterator<Item = &'a str>) -> Self {
        let mut builder = GitignoreBuilder::new("");
        let mut here = false;
        for pattern in patterns {
            let line = line(pattern);
            here |= line.is_empty();
            if !line.is_empty() && Self::check(pattern).is_ok() {
                // Checked on the line above.
                let _ = builder.add_line(None, &line);
            }
        }
        Self { matcher: builder.build().unwrap_or_else(|_| Gitignore::empty()), here }
    }

    /// Whether a pattern can be understood; if not, why, in a few words.
    pub fn check(pattern: &str) -> Result<(), String> {
        if pattern.trim().is_empty() {
            return Err("the pattern is empty".to_owned());
        }
        let path = pattern.trim_start_matches('!');
        if Path::new(path).components().any(|c| c == Component::ParentDir) {
            return Err("the pattern leads out of the folder of this file".to_owned());
        }
        let line = line(pattern);
        if line.is_empty() {
            return Ok(());
        }
        // `.gitignore` forgives brackets that are not closed; nobody means them.
        globset::Glob::new(&line).map(|_| ()).map_err(|e| e.kind().to_string())
    }

    /// Whether there is no pattern.
    pub fn is_empty(&self) -> bool {
        self.matcher.is_empty() && !self.here
    }

    /// Whether a path, relative to the folder of the patterns, or a folder above it is matched.
    pub fn matches(&self, relative: &Path, is_dir: bool) -> bool {
        let path = normalize(relative);
        match path.components().next() {
            None => self.here,
            Some(Component::Normal(_)) => self.matcher.matched_path_or_any_parents(&path, is_dir).is_ignore(),
            // Outside the folder.
            Some(_) => false,
        }
    }
}

/// The pattern as a line of a `.gitignore`; empty for the folder itself.
fn line(pattern: &str) -> String {
    let (not, path) = match pattern.strip_prefix('!') {
        Some(rest) => ("!", rest),
        None => ("", pattern),
    };
    if path.starts_with('#') {
        return format!("{not}\\{path}");
    }
    let mut path = path;
    let mut rooted = "";
    while let Some(rest) = path.strip_prefix("./") {
        path = rest.trim_start_matches('/');
        rooted = "/";
    }
    if path.is_empty() || path == "." { String::new() } else { format!("{not}{rooted}{path}") }
}

#[cfg(test)]
mod tests {
    use super::Globs;
    use std::path::Path;

    #[test]
    fn patterns_match_as_in_gitignore() {
        let table: [(&[&str], &str, bool); 18] = [
            (&["*.{yaml,yml}"], "a/b.yml", true),
            (&["examples"], "examples/a.tf", true),
            (&["examples/"], "modules/x/examples/a.tf", true),
            (&["/examples"], "modules/x/examples/a.tf", false),
            (&["./examples"], "examples/a.tf", true),
            (&["./examples"], "modules/examples/a.tf", false),
            (&["modules/*/examples"], "modules/x/examples/a.tf", true),
            (&["modules/*/examples"], "modules/x/y/examples/a.tf", false),
            (&["**/*.generated.tf"], "a/b/c.generated.tf", true),
            (&["*.yaml"], "./a/b.yaml", true),
            (&["*.yaml"], "a/b.yml", false),
            (&["a/*", "!a/keep.tf"], "a/keep.tf", false),
            (&["a/*", "!a/keep.tf"], "a/other.tf", true),
            (&["."], "", true),
            (&["."], "a.tf", false),
            (&["live/*"], "live/prod", true),
            (&["*"], "../a.tf", false),
            (&["*"], "/etc/a.tf", false),
        ];
        for (patterns, path, expected) in table {
            let globs = Globs::new(patterns.iter().copied());
            assert_eq!(globs.matches(Path::new(path), false), expected, "{patterns:?} on {path}");
        }
    }

    #[test]
    fn bad_patterns_say_why() {
        for (pattern, expected) in
            [("", "empty"), ("a[", "unclosed character class"), ("../a", "leads out"), ("a/../b", "leads out")]
        {
            let error = Globs::check(pattern).expect_err(pattern);
            assert!(error.contains(expected), "{pattern:?}: {error}");
        }
    }
}
