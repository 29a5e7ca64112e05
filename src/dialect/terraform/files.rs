//! Files that expressions ask for.

use crate::source::{FileSystem, ReadError};
use std::path::Path;

/// At most this many files are looked at for one `fileset`.
const MAX_FILES: usize = 10_000;

/// The files below `folder` whose path from there matches `pattern`, sorted, with forward slashes.
pub(super) fn file_set(fs: &dyn FileSystem, folder: &Path, pattern: &str) -> Result<Vec<String>, ReadError> {
    if !fs.is_dir(folder) {
        return Err(ReadError::NotFound);
    }
    let matcher = globset::GlobBuilder::new(pattern)
        .literal_separator(true)
        .build()
        .map_err(|e| ReadError::Io(e.to_string()))?
        .compile_matcher();
    let mut found = Vec::new();
    let mut seen = 0;
    let mut open = vec![String::new()];
    while let Some(relative) = open.pop() {
        for name in fs.list(&folder.join(&relative)) {
            seen += 1;
            if seen > MAX_FILES {
                return Err(ReadError::Io(format!("more than {MAX_FILES} files")));
            }
            let path = if relative.is_empty() { name } else { format!("{relative}/{name}") };
            let full = folder.join(&path);
            if fs.is_dir(&full) {
                // A folder that links to one above it would never end.
                if path.matches('/').count() < 32 {
                    open.push(path);
                }
            } else if matcher.is_match(&path) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
