//! Positions and quoted lines, cheap also where a whole file is one line.

use super::clean;
use super::mask::{self, MASK};
use crate::source::{FileId, SourceFile, Sources, Span};
use rustc_hash::FxHashMap;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

/// Lines longer than this get a table of columns.
const LONG_LINE: usize = 4096;
/// Distance in bytes of the entries of that table.
const STEP: usize = 1024;

/// A position as the formats count it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in Unicode scalar values, from 1.
    pub column: usize,
    /// Column in UTF-16 code units, from 1.
    pub utf16: usize,
    /// Byte offset in the file as it is on disk (a byte order mark counts), from 0.
    pub offset: usize,
}

/// Where a span starts and ends.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The file.
    pub file: Arc<SourceFile>,
    /// The first character.
    pub start: Position,
    /// Behind the last character.
    pub end: Position,
}

/// Columns at one byte of a long line.
#[derive(Clone, Copy)]
struct Checkpoint {
    byte: usize,
    chars: usize,
    utf16: usize,
}

struct FilePlaces {
    file: Arc<SourceFile>,
    columns: FxHashMap<usize, Vec<Checkpoint>>,
    secrets: FxHashMap<usize, Rc<[Range<usize>]>>,
    hidden: Vec<Span>,
}

/// Part of a source line as it is shown: without secrets and active characters, cut if it is long.
#[derive(Clone, Debug, Default)]
pub(super) struct Quote {
    /// What is shown.
    pub text: String,
    /// Pairs of a byte in the line and the byte in `text` where it is shown, both ascending.
    map: Vec<(usize, usize)>,
}

impl Quote {
    /// The byte of `text` that shows the byte `at` of the line, or the next one that is shown.
    pub fn at(&self, at: usize) -> usize {
        let index = self.map.partition_point(|&(source, _)| source < at);
        self.map.get(index).map_or(self.text.len(), |&(_, shown)| shown)
    }
}

/// Answers questions about places in the sources, and remembers what was costly.
pub(super) struct Places<'a> {
    sources: &'a Sources,
    files: FxHashMap<FileId, FilePlaces>,
}

impl<'a> Places<'a> {
    pub fn new(sources: &'a Sources) -> Self {
        Self { sources, files: FxHashMap::default() }
    }

    fn entry(&mut self, id: FileId) -> &mut FilePlaces {
        self.files.entry(id).or_insert_with(|| FilePlaces {
            file: self.sources.get(id),
            columns: FxHashMap::default(),
            secrets: FxHashMap::default(),
            hidden: self.sources.hidden(id),
        })
    }

    /// The file behind an id.
    pub fn file(&mut self, id: FileId) -> Arc<SourceFile> {
        Arc::clone(&self.entry(id).file)
    }

    /// Where a span lies. What exceeds the file is taken for its end.
    pub fn place(&mut self, span: Span) -> Place {
        let start = self.position(span.file, span.start as usize);
        let end = self.position(span.file, span.end.max(span.start) as usize);
        Place { file: self.file(span.file), start, end }
    }

    fn position(&mut self, id: FileId, offset: usize) -> Position {
        let entry = self.entry(id);
        let text: &str = &entry.file.text;
        let at = boundary(text, offset.min(text.len()));
        let line = entry.file.line_index(at as u32);
        let start = entry.file.line_starts().get(line).map_or(0, |&s| s as usize);
        let within = at - start;
        let mut from = Checkpoint { byte: 0, chars: 0, utf16: 0 };
        if within > LONG_LINE {
            let whole = line_text(&entry.file, line);
            let table = entry.columns.entry(line).or_insert_with(|| checkpoints(whole));
            let index = table.partition_point(|c| c.byte <= within);
            if let Some(&found) = index.checked_sub(1).and_then(|i| table.get(i)) {
                from = found;
            }
        }
        let rest = text.get(start + from.byte..at).unwrap_or("");
        let (chars, utf16) = lengths(rest);
        Position {
            line: line + 1,
            column: from.chars + chars + 1,
            utf16: from.utf16 + utf16 + 1,
            offset: at + entry.file.bom as usize,
        }
    }

    /// The byte offset at which a line (index from 0) starts, and its length without the line break.
    pub fn line_extent(&mut self, id: FileId, line: usize) -> (usize, usize) {
        let file = &self.entry(id).file;
        let start = file.line_starts().get(line).map_or(file.text.len(), |&s| s as usize);
        (start, file.line(line).len())
    }

    fn secrets(&mut self, id: FileId, line: usize) -> Rc<[Range<usize>]> {
        let entry = self.entry(id);
        let file = Arc::clone(&entry.file);
        let hidden = &entry.hidden;
        let found = entry.secrets.entry(line).or_insert_with(|| {
            let text = file.line(line);
            let start = file.line_starts().get(line).map_or(0, |&s| s as usize);
            let within = |span: &Span| {
                let from = (span.start as usize).clamp(start, start + text.len()) - start;
                let to = (span.end as usize).clamp(start, start + text.len()) - start;
                // Quotation marks show where a text begins and ends.
                let quoted = text
                    .get(from..to)
                    .filter(|t| t.len() > 2 && t.starts_with(['"', '\'']) && t.ends_with(['"', '\'']));
                if quoted.is_some() { from + 1..to - 1 } else { from..to }
            };
            mask::joined(mask::secrets(text).into_iter().chain(hidden.iter().map(within)).collect()).into()
        });
        Rc::clone(found)
    }

    /// A line (index from 0) as it is shown. If it is longer than `limit` bytes, only the surroundings of the
    /// given ranges (bytes within the line) are.
    pub fn quote(&mut self, id: FileId, line: usize, focus: &[Range<usize>], limit: usize) -> Quote {
        let file = self.file(id);
        let secrets = self.secrets(id, line);
        let text = file.line(line);
        let mut quote = Quote::default();
        let mut at = 0;
        for window in windows(text, focus, limit) {
            if window.start > at {
                quote.text.push('…');
            }
            at = window.end;
            push_window(&mut quote, text, window, &secrets);
        }
        if at < text.len() {
            quote.map.push((at, quote.text.len()));
            quote.text.push('…');
        }
        quote
    }

    /// The text of a span without its secrets, cut to `limit` bytes.
    pub fn snippet(&mut self, span: Span, limit: usize) -> String {
        let place = self.place(span);
        let mut out = String::new();
        for line in place.start.line - 1..place.end.line {
            let (start, length) = self.line_extent(span.file, line);
            let from = (span.start as usize).clamp(start, start + length) - start;
            let to = (span.end as usize).clamp(start, start + length) - start;
            if line >= place.start.line {
                out.push('\n');
            }
            let room = limit.saturating_sub(out.len());
            if room == 0 {
                break;
            }
            let secrets = self.secrets(span.file, line);
            let file = self.file(span.file);
            let text = file.line(line);
            let window = boundary(text, from)..boundary(text, to.min(from + room));
            let mut quote = Quote::default();
            push_window(&mut quote, text, window, &secrets);
            out.push_str(&quote.text);
        }
        out
    }
}

/// Shows the bytes `window` of a line.
fn push_window(quote: &mut Quote, text: &str, window: Range<usize>, secrets: &[Range<usize>]) {
    let first = secrets.partition_point(|s| s.end <= window.start);
    let mut secrets = secrets.get(first..).unwrap_or(&[]).iter().peekable();
    let mut masked = false;
    for (i, c) in text.get(window.clone()).unwrap_or("").char_indices() {
        let at = window.start + i;
        while secrets.next_if(|s| s.end <= at).is_some() {
            masked = false;
        }
        if secrets.peek().is_some_and(|s| s.start <= at) {
            if !masked {
                quote.map.push((at, quote.text.len()));
                quote.text.push_str(MASK);
                masked = true;
            }
            continue;
        }
        quote.map.push((at, quote.text.len()));
        quote.text.push(clean::character(c));
        if c == '#' && text.get(at..).is_some_and(clean::is_log_command) {
            quote.text.push(' ');
        }
    }
}

/// The parts of a line to show, in order, apart from each other.
fn windows(text: &str, focus: &[Range<usize>], limit: usize) -> Vec<Range<usize>> {
    if text.len() <= limit {
        return std::iter::once(0..text.len()).collect();
    }
    // A single place gets the whole width.
    let around = match focus {
        [only] => limit.saturating_sub(only.len()).max(limit / 2) / 2,
        _ => limit / 4,
    };
    let mut wanted: Vec<Range<usize>> = focus
        .iter()
        .map(|range| {
            let end = range.end.min(range.start.saturating_add(limit / 2));
            range.start.saturating_sub(around)..end.saturating_add(around)
        })
        .collect();
    if wanted.is_empty() {
        wanted.push(0..limit);
    }
    wanted.sort_by_key(|range| range.start);
    let mut out: Vec<Range<usize>> = Vec::new();
    for range in wanted {
        let range = boundary(text, range.start)..boundary(text, range.end);
        match out.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => out.push(range),
        }
    }
    out
}

/// The nearest character boundary at or before `at`.
fn boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn line_text(file: &SourceFile, line: usize) -> &str {
    let starts = file.line_starts();
    let start = starts.get(line).map_or(0, |&s| s as usize);
    let end = starts.get(line + 1).map_or(file.text.len(), |&e| e as usize);
    file.text.get(start..end).unwrap_or("")
}

fn lengths(text: &str) -> (usize, usize) {
    if text.is_ascii() {
        return (text.len(), text.len());
    }
    text.chars().fold((0, 0), |(chars, utf16), c| (chars + 1, utf16 + c.len_utf16()))
}

fn checkpoints(line: &str) -> Vec<Checkpoint> {
    let mut out = vec![Checkpoint { byte: 0, chars: 0, utf16: 0 }];
    let mut last = Checkpoint { byte: 0, chars: 0, utf16: 0 };
    while last.byte + STEP < line.len() {
        let byte = boundary(line, last.byte + STEP);
        let (chars, utf16) = lengths(line.get(last.byte..byte).unwrap_or(""));
        last = Checkpoint { byte, chars: last.chars + chars, utf16: last.utf16 + utf16 };
        out.push(last);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(text: &str) -> (Sources, FileId) {
        let sources = Sources::new();
        let id = sources.add("a.tf".into(), text);
        (sources, id)
    }

    #[test]
    fn columns_agree_with_counting() {
        let text = format!("x\n{}", "aé🦀b".repeat(5000));
        let (sources, id) = sources(&text);
        let mut places = Places::new(&sources);
        for offset in (0..text.len()).step_by(997).chain([text.len(), text.len() + 9]) {
            let place = places.place(Span::new(id, offset, offset));
            let known = sources.get(id).position(offset as u32);
            assert_eq!((place.start.line, place.start.column), (known.line as usize, known.column as usize));
            let line_start = if offset < 2 { 0 } else { 2 };
            let before = &text[line_start..known.offset as usize];
            assert_eq!(place.start.utf16, before.encode_utf16().count() + 1);
        }
    }

    #[test]
    fn a_byte_order_mark_counts_in_offsets_only() {
        let (sources, id) = sources("\u{feff}ab");
        let place = Places::new(&sources).place(Span::new(id, 1, 2));
        assert_eq!((place.start.column, place.start.offset, place.end.offset), (2, 4, 5));
    }

    #[test]
    fn long_lines_are_cut_around_what_matters() {
        let line = format!("{}NEEDLE{}OTHER{}", "a".repeat(1000), "b".repeat(1000), "c".repeat(1000));
        let (sources, id) = sources(&line);
        let quote = Places::new(&sources).quote(id, 0, &[1000..1006, 2006..2011], 80);
        assert_eq!(quote.text.matches('…').count(), 3, "{}", quote.text);
        assert!(quote.text.len() < 200);
        assert_eq!(&quote.text[quote.at(1000)..quote.at(1006)], "NEEDLE");
        assert_eq!(&quote.text[quote.at(2006)..quote.at(2011)], "OTHER");
    }

    #[test]
    fn a_secret_is_hidden_though_its_name_is_cut_off() {
        let line = format!(r#"{{"password":"{}","x":1}}"#, "s".repeat(5000));
        let (sources, id) = sources(&line);
        let mut places = Places::new(&sources);
        let quote = places.quote(id, 0, std::slice::from_ref(&(3000..3004)), 80);
        assert_eq!(quote.text, "…***…");
        assert_eq!(places.snippet(Span::new(id, 3000, 3004), 100), "***");
        assert_eq!(places.snippet(Span::new(id, line.len() - 6, line.len()), 3), "\"x\"");
    }

    #[test]
    fn active_characters_are_shown_as_replacements() {
        let (sources, id) = sources("a\x1b[31m\u{202e}b\t##[error]x");
        let quote = Places::new(&sources).quote(id, 0, &[], 80);
        assert_eq!(quote.text, "a\u{fffd}[31m\u{fffd}b\t# #[error]x");
        assert_eq!(&quote.text[quote.at(9)..=quote.at(9)], "b");
    }
}
