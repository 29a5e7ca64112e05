//! Putting edits into texts.

use crate::report::Edit;
use crate::source::FileId;
use std::collections::BTreeMap;

/// Edits of several findings that can be made together.
#[derive(Clone, Debug, Default)]
pub struct Patch {
    files: BTreeMap<FileId, Vec<Edit>>,
}

/// The name that an insertion writes.
fn name_of(text: &str) -> &str {
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '"' | '\''));
    let end = start.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | ':'))).unwrap_or(start.len());
    &start[..end]
}

/// Whether two edits of one file do not get in each other's way. Equal ones do not: they are made once.
fn agree(a: &Edit, b: &Edit) -> bool {
    if a == b {
        return true;
    }
    let insertions = a.span.start == a.span.end && b.span.start == b.span.end;
    if insertions && a.span.start == b.span.start {
        // Two attributes of one block, but not the same block twice.
        let (a, b) = (name_of(&a.text), name_of(&b.text));
        return !a.is_empty() && !b.is_empty() && a != b;
    }
    a.span != b.span && (a.span.end <= b.span.start || b.span.end <= a.span.start)
}

impl Patch {
    /// No edits.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the edits of a fix; `false`, and nothing is added, if one of them collides with what is there.
    pub fn add(&mut self, edits: &[Edit]) -> bool {
        let fits = edits.iter().all(|edit| {
            self.files.get(&edit.span.file).is_none_or(|there| there.iter().all(|other| agree(edit, other)))
        });
        if fits {
            for edit in edits {
                let there = self.files.entry(edit.span.file).or_default();
                if !there.contains(edit) {
                    there.push(edit.clone());
                }
            }
        }
        fits
    }

    /// The files that are changed.
    pub fn files(&self) -> impl Iterator<Item = FileId> {
        self.files.keys().copied()
    }

    /// The text of a file with its edits made; every byte outside of them is as it was.
    pub fn apply(&self, file: FileId, text: &str) -> String {
        let mut edits: Vec<&Edit> = self.files.get(&file).into_iter().flatten().collect();
        // Insertions at one place stay in the order in which they were added.
        edits.sort_by_key(|e| (e.span.start, e.span.end));
        let mut out = String::with_capacity(text.len() + 64 * edits.len());
        let mut at = 0;
        for edit in edits {
            let range = edit.span.range();
            out.push_str(text.get(at..range.start).unwrap_or(""));
            out.push_str(&edit.text);
            at = range.end.max(at);
        }
        out.push_str(text.get(at..).unwrap_or(""));
        out
    }
}
