//! Going on behind an error.
//!
//! The parser ends at the first error. Templates have a shape, though: sections on the top level, and entries in them
//! on the next. Reading goes on at the next line that is indented as the entries or sections before it.

use super::build::Reading;
use crate::syntax::document::{Entry, Node, NodeKind};

/// At most so many errors of a file are stepped over.
const MAX_RESTARTS: usize = 50;

/// A line on which reading can start again.
struct Restart {
    at: usize,
    /// Whether it is an entry of the last section; otherwise it is a section.
    entry: bool,
}

impl Reading<'_> {
    /// Reads the whole text.
    pub(super) fn run(&mut self) {
        let first = self.stretch(0, self.text.len());
        self.documents = first.documents;
        let Some(mut root) = (if first.stopped { self.documents.pop() } else { None }) else { return };
        let mut from = self.behind_last_key(&root, 2);
        for _ in 0..MAX_RESTARTS {
            let Some(restart) = from.and_then(|from| self.restart(&root, from)) else { break };
            let end = if restart.entry { self.section_end(restart.at) } else { self.text.len() };
            let next = self.stretch(restart.at, end);
            let mut documents = next.documents.into_iter();
            let read = documents.next();
            from = if next.stopped {
                let levels = if restart.entry { 1 } else { 2 };
                read.as_ref().and_then(|r| self.behind_last_key(r, levels)).or_else(|| self.next_line(restart.at))
            } else {
                restart.entry.then_some(end)
            };
            if restart.entry {
                if let Some(section) = last_value(&mut root) {
                    self.extend(section, read);
                }
            } else {
                self.extend(&mut root, read);
                for document in documents {
                    self.documents.push(std::mem::replace(&mut root, document));
                }
            }
        }
        self.documents.push(root);
    }

    /// The line behind the last key that was read on the first `levels` levels.
    fn behind_last_key(&self, root: &Node, levels: usize) -> Option<usize> {
        let last = root.entries()?.iter().rev().find(|e| e.key.alias.is_none())?;
        let deeper = if levels > 1 { self.behind_last_key(&last.value, levels - 1) } else { None };
        deeper.or_else(|| self.next_line(last.key.span.start as usize))
    }

    /// The first line from `from` on (the start of a line) on which an entry or a section of `root` can start.
    fn restart(&self, root: &Node, from: usize) -> Option<Restart> {
        let sections = root.entries()?;
        let own = |entries: &[Entry]| entries.iter().find(|e| e.key.alias.is_none()).map(|e| e.key.span.start as usize);
        let outer = self.column(own(sections)?)?;
        let last = sections.iter().rev().find(|e| e.key.alias.is_none())?;
        let inner = match last.value.entries().and_then(own) {
            Some(key) => self.column(key),
            None => self.indent_behind(last.key.span.start as usize).filter(|&i| i > outer),
        };
        let mut at = from;
        while at < self.text.len() {
            let line = self.line(at);
            let text = line.trim_start_matches(' ');
            let indent = line.len() - text.len();
            if (indent == outer || Some(indent) == inner) && is_key(text) {
                return Some(Restart { at, entry: indent != outer });
            }
            at = self.next_line(at)?;
        }
        None
    }

    /// The end of the entries that start at `at`: the next line that is indented less.
    fn section_end(&self, at: usize) -> usize {
        let indent = self.line(at).len() - self.line(at).trim_start_matches(' ').len();
        let mut next = at;
        while let Some(start) = self.next_line(next) {
            let line = self.line(start);
            let text = line.trim_start_matches(' ');
            if !text.trim().is_empty() && !text.starts_with('#') && line.len() - text.len() < indent {
                return start;
            }
            next = start;
        }
        self.text.len()
    }

    fn extend(&mut self, into: &mut Node, read: Option<Node>) {
        let Some(Node { kind: NodeKind::Mapping(new), .. }) = read else { return };
        let NodeKind::Mapping(entries) = &mut into.kind else {
            // The section had no entry that could be read.
            if !new.is_empty() {
                into.kind = NodeKind::Mapping(new);
                into.incomplete = true;
            }
            return;
        };
        for entry in new {
            let text = entry.key.text().map(ToOwned::to_owned);
            let same = |e: &Entry| e.key.text() == text.as_deref();
            if entries.iter().any(same) {
                self.duplicate(&entry.key);
                if let Some(old) = entries.iter_mut().find(|e| same(e)) {
                    *old = entry;
                }
            } else {
                into.span = into.span.to(entry.span());
                entries.push(entry);
            }
        }
    }

    fn line(&self, start: usize) -> &str {
        let rest = self.text.get(start..).unwrap_or("");
        rest.split('\n').next().unwrap_or("")
    }

    fn next_line(&self, at: usize) -> Option<usize> {
        let newline = self.text.as_bytes().get(at..)?.iter().position(|&b| b == b'\n')?;
        Some(at + newline + 1).filter(|&n| n < self.text.len())
    }

    /// Characters between the start of the line and `at`, when they are blanks.
    fn column(&self, at: usize) -> Option<usize> {
        let before = self.text.get(..at)?;
        let start = before.rfind('\n').map_or(0, |n| n + 1);
        let lead = before.get(start..)?;
        lead.bytes().all(|b| b == b' ').then_some(lead.len())
    }

    /// The indentation of the first line behind `at` that is neither empty nor a comment.
    fn indent_behind(&self, at: usize) -> Option<usize> {
        let mut next = at;
        loop {
            next = self.next_line(next)?;
            let line = self.line(next);
            let text = line.trim_start_matches(' ');
            if !text.trim().is_empty() && !text.starts_with('#') {
                return Some(line.len() - text.len());
            }
        }
    }
}

/// Whether a line starts with a key that opens a block: `Name:` and nothing, or a value.
fn is_key(line: &str) -> bool {
    let name = line.trim_start_matches(['"', '\'']);
    let end = name
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ':' | '.' | '/')))
        .unwrap_or(name.len());
    let word = name.get(..end).unwrap_or("");
    let rest = name.get(end..).unwrap_or("").trim_start_matches(['"', '\'']);
    (word.len() > 1 && word.ends_with(':') && (rest.is_empty() || rest.starts_with([' ', '\r'])))
        || (!word.is_empty() && rest.starts_with(':'))
}

fn last_value(root: &mut Node) -> Option<&mut Node> {
    match &mut root.kind {
        NodeKind::Mapping(entries) => entries.iter_mut().rev().find(|e| e.key.alias.is_none()).map(|e| &mut e.value),
        _ => None,
    }
}
