//! Lines, indentation and line breaks of a text that is edited.

use crate::source::Span;

/// How the lines of a file end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum LineBreak {
    /// All is on one line.
    None,
    Unix,
    Windows,
}

impl LineBreak {
    /// As the first line of the text ends.
    pub fn of(text: &str) -> Self {
        match text.find('\n') {
            None => LineBreak::None,
            Some(at) if text[..at].ends_with('\r') => LineBreak::Windows,
            Some(_) => LineBreak::Unix,
        }
    }
}

/// A text with the questions that an edit asks of it.
pub(super) struct Layout<'t> {
    pub text: &'t str,
    /// The line break of the file.
    pub newline: &'static str,
    /// Whether there is no line break in the file.
    pub one_line: bool,
    comments: &'t [Span],
}

impl<'t> Layout<'t> {
    /// `comments` in order of position.
    pub fn new(text: &'t str, line_break: LineBreak, comments: &'t [Span]) -> Self {
        let newline = if line_break == LineBreak::Windows { "\r\n" } else { "\n" };
        Self { text, newline, one_line: line_break == LineBreak::None, comments }
    }

    /// Whether a comment stands between two offsets.
    pub fn has_comment(&self, start: usize, end: usize) -> bool {
        let first = self.comments.partition_point(|c| (c.start as usize) < start);
        self.comments.get(first).is_some_and(|c| (c.start as usize) < end)
    }

    /// The text between two offsets; empty where they do not fit.
    pub fn slice(&self, start: usize, end: usize) -> &'t str {
        self.text.get(start..end).unwrap_or("")
    }

    /// Where the line of an offset starts.
    pub fn line_start(&self, at: usize) -> usize {
        self.slice(0, at).rfind('\n').map_or(0, |i| i + 1)
    }

    /// Where the line of an offset ends, before its line break.
    fn line_end(&self, at: usize) -> usize {
        let rest = self.slice(at, self.text.len());
        let end = rest.find('\n').map_or(rest.len(), |i| i - usize::from(rest[..i].ends_with('\r')));
        at + end
    }

    /// The end of the line of an offset, and of a comment that starts on the line and ends on a later one.
    pub fn behind(&self, at: usize) -> usize {
        let mut end = self.line_end(at);
        let first = self.comments.partition_point(|c| (c.start as usize) < at);
        for comment in self.comments.get(first..).unwrap_or(&[]) {
            if comment.start as usize >= end {
                break;
            }
            end = end.max(self.line_end(comment.end as usize));
        }
        end
    }

    /// The blanks before what stands first on the line of an offset.
    pub fn indent(&self, at: usize) -> &'t str {
        let line = self.slice(self.line_start(at), self.text.len());
        &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
    }

    /// Whether nothing but blanks stands before an offset on its line.
    pub fn starts_line(&self, at: usize) -> bool {
        let before = self.slice(0, at).trim_end_matches([' ', '\t']);
        before.is_empty() || before.ends_with('\n')
    }

    /// The characters before an offset on its line.
    pub fn column(&self, at: usize) -> usize {
        self.slice(self.line_start(at), at).chars().count()
    }
}
