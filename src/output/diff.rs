//! The changes of a file, for people and for `patch`.

use super::clean::{character, commands};
use super::mask::{MASK, mask};
use similar::{ChangeTag, TextDiff};
use std::borrow::Cow;
use std::fmt::Write as _;

/// A unified diff with three lines of context; empty when the texts are equal.
///
/// Secrets are masked and characters that a terminal would act on are replaced, as in every output: where the lines
/// around a change hold such, the diff can be read but not applied.
///
/// `secrets` are texts that must not be shown either, wherever they stand.
pub fn diff(name: &str, before: &str, after: &str, secrets: &[String]) -> String {
    let mut out = String::new();
    let diff = TextDiff::from_lines(before, after);
    let shown: String = name.chars().map(character).collect();
    let (old, new) = if name.starts_with('/') || name.starts_with("..") { ("", "") } else { ("a/", "b/") };
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        if out.is_empty() {
            let _ = writeln!(out, "--- {old}{shown}\n+++ {new}{shown}");
        }
        let _ = writeln!(out, "{}", hunk.header());
        for change in hunk.iter_changes() {
            let line = change.value();
            let body = line.trim_end_matches('\n');
            let (body, carriage) = body.strip_suffix('\r').map_or((body, ""), |b| (b, "\r"));
            let sign = match change.tag() {
                ChangeTag::Equal => ' ',
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
            };
            let body = secrets.iter().fold(mask(body), |body, s| Cow::Owned(body.replace(s.as_str(), MASK)));
            let body: String = body.chars().map(character).collect();
            let _ = writeln!(out, "{sign}{}{carriage}", commands(&body));
            if change.missing_newline() {
                out.push_str("\\ No newline at end of file\n");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::diff;

    #[test]
    fn only_what_changed_is_shown() {
        assert_eq!(diff("a.tf", "x\n", "x\n", &[]), "");
        assert_eq!(
            diff("a.tf", "a\r\nb\r\nc", "a\r\nB\r\nc", &[]),
            "--- a/a.tf\n+++ b/a.tf\n@@ -1,3 +1,3 @@\n a\r\n-b\r\n+B\r\n c\n\\ No newline at end of file\n"
        );
        let before = "password = \"hunter2\"\n\u{1b}[31m\nx\n";
        let shown = diff("a.tf", before, "password = \"hunter2\"\n\u{1b}[31m\ny\n", &[]);
        assert!(!shown.contains("hunter2") && !shown.contains('\u{1b}'), "{shown}");
        let shown = diff("a.tf", "default = \"hunter2\"\n", "", &["hunter2".to_owned()]);
        assert!(!shown.contains("hunter2") && shown.contains("-default = \"***\""), "{shown}");
    }
}
