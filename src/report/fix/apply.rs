//! Putting edits into texts.

use crate::report::Edit;
use crate::source::FileId;
use std::collections::BTreeMap;

/// Edits of several findings that can be made together.
#[derive(Clone, Debug, Default)]
pub struct Patch {
    /// By file and place; insertions at one place in the order in which they were added.
    files: BTreeMap<FileId, BTreeMap<(u32, u32), Vec<Edit>>>,
}

/// The blanks before the name that an insertion writes, and the name.
fn head_of(text: &str) -> (&str, &str) {
    let name = text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '"' | '\''));
    let before = &text[..text.len() - name.len()];
    let indent = before.rfind('\n').map_or(before, |at| &before[at + 1..]);
    let end = name.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | ':'))).unwrap_or(name.len());
    // A block is called by its labels as well.
    let end = match name[end..].strip_prefix(" \"").and_then(|labels| labels.find('{')) {
        Some(brace) => end + 2 + brace,
        None => end,
    };
    (indent, &name[..end])
}

/// Whether two edits of one file do not get in each other's way. Equal ones do not: they are made once.
fn agree(a: &Edit, b: &Edit) -> bool {
    if a == b {
        return true;
    }
    let insertions = a.span.start == a.span.end && b.span.start == b.span.end;
    if insertions && a.span.start == b.span.start {
        // Two attributes of one block, but not the same block twice, and not one into the other.
        let ((outer, a), (inner, b)) = (head_of(&a.text), head_of(&b.text));
        return outer == inner && !a.is_empty() && !b.is_empty() && a != b;
    }
    a.span != b.span && (a.span.end <= b.span.start || b.span.end <= a.span.start)
}

impl Patch {
    /// No edits.
    pub fn new() -> Self {
        Self::default()
    }

    fn takes(&self, edit: &Edit) -> bool {
        let Some(there) = self.files.get(&edit.span.file) else { return true };
        // What is there does not overlap: only what ends at the start of the edit or behind it can be in its way.
        let near = there.range(..=(edit.span.end, u32::MAX)).rev().take_while(|((_, end), _)| *end >= edit.span.start);
        near.flat_map(|(_, edits)| edits).all(|other| agree(edit, other))
    }

    /// Adds the edits of a fix; `false`, and nothing is added, if one of them collides with what is there.
    pub fn add(&mut self, edits: &[Edit]) -> bool {
        let fits = edits.iter().all(|edit| self.takes(edit));
        if fits {
            for edit in edits {
                let there = self.files.entry(edit.span.file).or_default();
                let there = there.entry((edit.span.start, edit.span.end)).or_default();
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
        let mut out = String::with_capacity(text.len() + 64);
        let mut at = 0;
        for edit in self.files.get(&file).into_iter().flat_map(BTreeMap::values).flatten() {
            let range = edit.span.range();
            out.push_str(text.get(at..range.start).unwrap_or(""));
            out.push_str(&edit.text);
            at = range.end.max(at);
        }
        out.push_str(text.get(at..).unwrap_or(""));
        out
    }
}

#[cfg(test)]
mod tests {
    use super::Patch;
    use crate::report::Edit;
    use crate::source::{FileId, Span};

    fn edit(start: usize, end: usize, text: &str) -> Edit {
        Edit { span: Span::new(FileId(0), start, end), text: text.to_owned() }
    }

    #[test]
    fn edits_are_made_together_or_not_at_all() {
        let cases = [
            // What is there, what comes, whether both fit, the text that results.
            (edit(2, 3, "X"), edit(2, 3, "X"), true, "abXdef"),
            (edit(2, 3, "X"), edit(2, 3, "Y"), false, "abXdef"),
            (edit(1, 3, "X"), edit(2, 4, "Y"), false, "aXdef"),
            (edit(1, 3, "X"), edit(3, 4, "Y"), true, "aXYef"),
            (edit(3, 3, "\n  k = 1"), edit(3, 3, "\n  l = 2"), true, "abc\n  k = 1\n  l = 2def"),
            (edit(3, 3, "\n\n  k {\n  }"), edit(3, 3, "\n  l = 2"), true, "abc\n\n  k {\n  }\n  l = 2def"),
            (edit(3, 3, "\n  k {\n  a = 1\n}"), edit(3, 3, "\n  k {\n  b = 1\n}"), false, "abc\n  k {\n  a = 1\n}def"),
            (edit(3, 3, "\n  K: 1"), edit(3, 3, "\n    L: 2"), false, "abc\n  K: 1def"),
            (edit(3, 3, "\n    "), edit(3, 3, "\n    "), true, "abc\n    def"),
            (edit(0, 6, "X"), edit(3, 3, "y"), false, "X"),
        ];
        for (there, comes, fits, expected) in cases {
            let mut patch = Patch::new();
            assert!(patch.add(std::slice::from_ref(&there)));
            assert_eq!(patch.add(std::slice::from_ref(&comes)), fits, "{there:?} {comes:?}");
            assert_eq!(patch.apply(FileId(0), "abcdef"), expected, "{there:?} {comes:?}");
        }
    }
}
