//! Layer 0, source text: files, spans, and the only door to the file system.
//!
//! Nothing here knows a dialect.

mod file_system;
mod span;

pub use file_system::{Disk, FileSystem, MAX_FILE_BYTES, Memory, Overlay, ReadError, normalize};
pub use span::{FileId, Span};

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, RwLock};

/// A position as people count it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in Unicode scalar values, from 1.
    pub column: u32,
    /// Byte offset in the file, from 0.
    pub offset: u32,
}

/// One source file: its path as shown to the user and its text.
#[derive(Debug)]
pub struct SourceFile {
    /// The path as it is read from the file system.
    pub path: PathBuf,
    /// The path as it is shown: with forward slashes, without a leading `./`.
    pub name: String,
    /// The text, without a byte order mark. Offsets count from here.
    pub text: Arc<str>,
    /// Bytes taken from the front of the file (3 for a byte order mark, else 0).
    pub bom: u32,
    lines: OnceLock<Vec<u32>>,
}

impl SourceFile {
    fn new(path: PathBuf, text: Arc<str>) -> Self {
        let name = display_name(&path);
        let (text, bom) = match text.strip_prefix('\u{feff}') {
            Some(rest) => (Arc::from(rest), 3),
            None => (text, 0),
        };
        Self { path, name, text, bom, lines: OnceLock::new() }
    }

    /// Offsets at which lines start; the first is 0.
    pub fn line_starts(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let newlines = self.text.bytes().enumerate().filter(|&(_, b)| b == b'\n');
            std::iter::once(0).chain(newlines.map(|(i, _)| i as u32 + 1)).collect()
        })
    }

    /// Index of the line (from 0) that holds the byte at `offset`.
    pub fn line_index(&self, offset: u32) -> usize {
        self.line_starts().partition_point(|&start| start <= offset).saturating_sub(1)
    }

    /// The line and column of a byte offset; past the end, the end.
    pub fn position(&self, offset: u32) -> Position {
        let mut at = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let line = self.line_index(at as u32);
        let start = self.line_starts()[line] as usize;
        let column = self.text[start..at].chars().count() as u32 + 1;
        Position { line: line as u32 + 1, column, offset: at as u32 }
    }

    /// The text of a line (index from 0) without its line break.
    pub fn line(&self, index: usize) -> &str {
        let starts = self.line_starts();
        let Some(&start) = starts.get(index) else { return "" };
        let end = starts.get(index + 1).map_or(self.text.len(), |&e| e as usize);
        self.text[start as usize..end].trim_end_matches(['\n', '\r'])
    }
}

/// A path as it is shown: forward slashes on every system, no leading `./`.
pub fn display_name(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    let mut text = text.as_str();
    while let Some(rest) = text.strip_prefix("./") {
        text = rest;
    }
    text.to_owned()
}

/// All files of a run. Files can be added while others are read; ids stay valid.
#[derive(Debug, Default)]
pub struct Sources {
    files: RwLock<Vec<Arc<SourceFile>>>,
    hidden: RwLock<Vec<Span>>,
}

impl Sources {
    /// An empty collection.
    pub fn new() -> Self {
        Self::default()
    }

    /// A collection that begins with the same files; ids of this one mean the same there.
    #[must_use]
    pub fn fork(&self) -> Self {
        let files = self.files.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        let hidden = self.hidden.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        Self { files: RwLock::new(files), hidden: RwLock::new(hidden) }
    }

    /// Adds a file and gives its id.
    pub fn add(&self, path: PathBuf, text: impl Into<Arc<str>>) -> FileId {
        let file = Arc::new(SourceFile::new(path, text.into()));
        let mut files = self.files.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        files.push(file);
        FileId(files.len() as u32 - 1)
    }

    /// The file behind an id. An id of another collection gives an empty file.
    pub fn get(&self, id: FileId) -> Arc<SourceFile> {
        let files = self.files.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        files.get(id.0 as usize).cloned().unwrap_or_else(|| Arc::new(SourceFile::new(PathBuf::new(), Arc::from(""))))
    }

    /// Nobody may be shown what stands there.
    pub fn hide(&self, span: Span) {
        let mut hidden = self.hidden.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        if !hidden.contains(&span) {
            hidden.push(span);
        }
    }

    /// What of a file nobody may be shown.
    pub fn hidden(&self, id: FileId) -> Vec<Span> {
        let hidden = self.hidden.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        hidden.iter().filter(|span| span.file == id).copied().collect()
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.read().unwrap_or_else(std::sync::PoisonError::into_inner).len()
    }

    /// Whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The text under a span; empty when the span does not fit the file.
    pub fn text(&self, span: Span) -> String {
        self.get(span.file).text.get(span.range()).unwrap_or("").to_owned()
    }
}
