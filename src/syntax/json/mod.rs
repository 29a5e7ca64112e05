//! JSON: CloudFormation templates, parameter files, plans of other tools.
//!
//! Strict JSON on the tokens of `jsonc-parser`; the tree is built here, because a stray comma must not cost the file.

use super::Problem;
use super::document::{Entry, MAX_DEPTH, Node, NodeKind, Scalar, ScalarValue, Stream, Style};
use crate::source::{FileId, Span};
use jsonc_parser::errors::ParseErrorKind;
use jsonc_parser::tokens::Token;
use jsonc_parser::{Scanner, ScannerOptions};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

/// After so many problems reading stops.
const MAX_PROBLEMS: usize = 50;

/// JSON as CloudFormation accepts it.
const STRICT: ScannerOptions = ScannerOptions {
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// Reads a file. Never fails: what cannot be read is a problem, and the rest is in the tree.
pub fn parse(file: FileId, text: &str) -> Stream {
    let mut reader =
        Reader { file, text, frames: Vec::new(), root: None, problems: Vec::new(), ended: 0, unbalanced: false };
    reader.run(text);
    let Reader { mut root, problems, unbalanced, .. } = reader;
    if let Some(root) = root.as_mut().filter(|_| unbalanced) {
        root.distrust();
    }
    Stream { documents: root.into_iter().collect(), comments: Vec::new(), problems }
}

struct Reader<'t> {
    file: FileId,
    text: &'t str,
    frames: Vec<Frame>,
    root: Option<Node>,
    problems: Vec<Problem>,
    /// The end of the last token.
    ended: usize,
    /// Whether brackets do not match, so that what is inside what is a guess.
    unbalanced: bool,
}

struct Frame {
    start: usize,
    content: Content,
    expects: Expects,
    /// Whether the last token was a comma.
    comma: bool,
}

enum Content {
    Array(Vec<Node>),
    Object {
        entries: Vec<Entry>,
        key: Option<Node>,
        seen: FxHashMap<SmolStr, usize>,
    },
    /// Too deep: dropped, with so many collections open inside.
    Skipped(usize),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Expects {
    /// A value in an array, a key in an object.
    Item,
    Colon,
    Value,
    Comma,
}

impl<'t> Reader<'t> {
    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, start, end.max(start))
    }

    fn problem(&mut self, span: Span, message: impl Into<String>) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(Problem::new(span, message));
        }
    }

    fn run(&mut self, text: &'t str) {
        let mut base = 0;
        let mut scanner = Scanner::new(text, &STRICT);
        loop {
            let token = match scanner.scan() {
                Ok(Some(token)) => token,
                Ok(None) => break,
                Err(error) => {
                    let (start, end) = (base + scanner.token_start(), base + error.range().end);
                    let span = self.span(start, end);
                    let message = match error.kind() {
                        ParseErrorKind::UnexpectedToken => {
                            let word = text.get(start..self.behind_bad_token(start)).unwrap_or("");
                            format!("`{}` is no JSON value", clip(word))
                        }
                        other => lower(&other.to_string()),
                    };
                    self.problem(span, message);
                    self.place(Node::unreadable(span));
                    if self.problems.len() >= MAX_PROBLEMS {
                        break;
                    }
                    // The scanner cannot go on behind a bad token; another one can.
                    base = self.behind_bad_token(start);
                    scanner = Scanner::new(text.get(base..).unwrap_or(""), &STRICT);
                    continue;
                }
            };
            let (start, end) = (base + scanner.token_start(), base + scanner.token_end());
            if matches!(token, Token::String(_)) && text.get(start..end).is_some_and(|t| t.contains('\n')) {
                base = self.behind_bad_token(start);
                let span = self.span(start, base);
                self.problem(span, "the closing quotation mark is missing");
                self.place(Node::unreadable(span));
                scanner = Scanner::new(text.get(base..).unwrap_or(""), &STRICT);
                continue;
            }
            self.token(token, start, end);
            self.ended = end;
            if self.problems.len() >= MAX_PROBLEMS {
                self.cut();
                return;
            }
        }
        if let Some(frame) = self.frames.last() {
            let (what, start) = (if matches!(frame.content, Content::Array(_)) { "]" } else { "}" }, frame.start);
            let span = self.span(start, start + 1);
            self.problem(span, format!("the closing `{what}` is missing"));
        } else if self.root.is_none() {
            let span = self.span(0, 0);
            self.problem(span, "the file is empty");
        }
        self.cut();
    }

    /// Where to go on when the token at `start` is none: behind the word, or on the next line if it is a string.
    fn behind_bad_token(&self, start: usize) -> usize {
        let rest = self.text.get(start..).unwrap_or("");
        let line = rest.find('\n').unwrap_or(rest.len());
        let length = if rest.starts_with('"') {
            line
        } else if let Some(quoted) = rest.get(..line).and_then(|l| l.strip_prefix('\'')) {
            quoted.find('\'').map_or(line, |n| n + 2)
        } else {
            let first = rest.chars().next().map_or(0, char::len_utf8);
            let word = |c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '\''));
            rest.get(first..).and_then(|r| r.find(word)).map_or(rest.len(), |n| first + n)
        };
        start + length
    }

    /// Closes what is open, as incomplete.
    fn cut(&mut self) {
        self.unbalanced |= !self.frames.is_empty();
        if let Some(Frame { content: Content::Skipped(depth), .. }) = self.frames.last_mut() {
            *depth = 0;
        }
        while !self.frames.is_empty() {
            self.close(self.ended, true);
        }
    }

    fn token(&mut self, token: Token<'t>, start: usize, end: usize) {
        let span = self.span(start, end);
        match token {
            Token::OpenBrace => {
                self.open(start, Content::Object { entries: Vec::new(), key: None, seen: FxHashMap::default() });
            }
            Token::OpenBracket => self.open(start, Content::Array(Vec::new())),
            Token::CloseBrace | Token::CloseBracket => self.closing(matches!(token, Token::CloseBrace), span),
            Token::Comma => {
                let Some(frame) = self.frames.last_mut() else {
                    return self.problem(span, "a comma outside of any list or object");
                };
                let expected = frame.expects == Expects::Comma || matches!(frame.content, Content::Skipped(_));
                let pending = matches!(frame.content, Content::Object { key: Some(_), .. });
                frame.expects = Expects::Item;
                frame.comma = true;
                if !expected {
                    self.problem(span, "a value is missing before the comma");
                }
                if pending {
                    self.value(Node::unreadable(span));
                    if let Some(frame) = self.frames.last_mut() {
                        frame.expects = Expects::Item;
                    }
                }
            }
            Token::Colon => match self.frames.last_mut() {
                Some(frame) if frame.expects == Expects::Colon => frame.expects = Expects::Value,
                Some(Frame { content: Content::Skipped(_), .. }) => {}
                _ => self.problem(span, "a colon that does not follow a key"),
            },
            Token::String(text) => self.scalar(span, SmolStr::from(text), Style::Quoted, ScalarValue::String),
            Token::Boolean(b) => {
                self.scalar(span, if b { "true".into() } else { "false".into() }, Style::Plain, ScalarValue::Bool(b));
            }
            Token::Null => self.scalar(span, "null".into(), Style::Plain, ScalarValue::Null),
            Token::Number(text) => {
                let value = match (text.parse::<i64>(), text.parse::<f64>()) {
                    (Ok(int), _) => ScalarValue::Int(int),
                    (_, Ok(float)) if float.is_finite() => ScalarValue::Float(float),
                    _ => ScalarValue::String,
                };
                self.scalar(span, text.into(), Style::Plain, value);
            }
            Token::Word(text) => {
                self.problem(span, format!("`{}` is no JSON value", clip(text)));
                self.place(Node::unreadable(span));
            }
            Token::CommentLine(_) | Token::CommentBlock(_) => self.problem(span, "JSON has no comments"),
        }
    }

    fn scalar(&mut self, span: Span, text: SmolStr, style: Style, value: ScalarValue) {
        let node = Node::new(span, NodeKind::Scalar(Scalar { text, style, value }));
        self.place(node);
    }

    /// Puts a scalar where it belongs: as a key or as a value.
    fn place(&mut self, node: Node) {
        self.missing_comma(node.span);
        let key_expected =
            matches!(self.frames.last(), Some(Frame { content: Content::Object { .. }, expects: Expects::Item, .. }));
        if !key_expected {
            return self.value(node);
        }
        let string = node.as_scalar().is_some_and(|s| s.value == ScalarValue::String);
        if !string && node.as_scalar().is_some() {
            self.problem(node.span, "a key must be a string");
        }
        if let Some(frame) = self.frames.last_mut()
            && let Content::Object { key, .. } = &mut frame.content
        {
            *key = Some(node);
            frame.expects = Expects::Colon;
            frame.comma = false;
        }
    }

    fn missing_comma(&mut self, span: Span) {
        if let Some(frame) = self.frames.last_mut()
            && frame.expects == Expects::Comma
            && !matches!(frame.content, Content::Skipped(_))
        {
            frame.expects = Expects::Item;
            self.problem(span, "a comma is missing before this");
        }
    }

    fn value(&mut self, node: Node) {
        let file = self.file;
        let Some(frame) = self.frames.last_mut() else {
            if self.root.is_none() {
                self.root = Some(node);
            } else {
                self.unbalanced = true;
                self.problem(node.span, "something follows the end of the document");
            }
            return;
        };
        let colon = frame.expects == Expects::Colon;
        frame.expects = Expects::Comma;
        frame.comma = false;
        match &mut frame.content {
            Content::Skipped(_) => {}
            Content::Array(items) => items.push(node),
            Content::Object { entries, key, seen } => {
                let span = node.span;
                let Some(key) = key.take() else {
                    self.problem(span, "a key is missing before this value");
                    return;
                };
                // A key that is no string is a problem already, and names nothing.
                let Some(text) = key.as_scalar().map(|s| s.text.clone()) else { return };
                let mut duplicate = None;
                match seen.get(&text).copied() {
                    None => {
                        seen.insert(text, entries.len());
                        entries.push(Entry { key, value: node });
                    }
                    Some(at) => {
                        duplicate = Some(Problem::new(key.span, format!("the key `{}` is there twice", clip(&text))));
                        // The later one counts.
                        if let Some(old) = entries.get_mut(at) {
                            *old = Entry { key, value: node };
                        }
                    }
                }
                if colon {
                    let at = Span::new(file, span.start as usize, span.start as usize);
                    self.problem(at, "a colon is missing before this value");
                }
                if let Some(problem) = duplicate {
                    self.problem(problem.span, problem.message);
                }
            }
        }
    }

    fn open(&mut self, start: usize, content: Content) {
        self.missing_comma(self.span(start, start + 1));
        if let Some(Frame { content: Content::Skipped(depth), .. }) = self.frames.last_mut() {
            *depth += 1;
            return;
        }
        let content = if self.frames.len() >= MAX_DEPTH {
            let span = self.span(start, start + 1);
            self.problem(span, format!("nested more than {MAX_DEPTH} levels deep"));
            Content::Skipped(0)
        } else {
            content
        };
        self.frames.push(Frame { start, content, expects: Expects::Item, comma: false });
    }

    fn closing(&mut self, brace: bool, span: Span) {
        if let Some(Frame { content: Content::Skipped(depth @ 1..), .. }) = self.frames.last_mut() {
            *depth -= 1;
            return;
        }
        let fits = |frame: &Frame| match &frame.content {
            Content::Array(_) => !brace,
            Content::Object { .. } => brace,
            Content::Skipped(_) => true,
        };
        if self.frames.last().is_some_and(fits) {
            if let Some(frame) = self.frames.last()
                && frame.comma
                && !matches!(frame.content, Content::Skipped(_))
            {
                let comma = self.span(self.ended.saturating_sub(1), self.ended);
                self.problem(comma, "a comma before the closing bracket");
            }
            return self.close(span.end as usize, false);
        }
        self.unbalanced = true;
        let closer = if brace { "}" } else { "]" };
        // An inner bracket was forgotten: close up to the one that fits. Otherwise this one is too many.
        if self.frames.iter().any(fits) {
            self.problem(span, format!("`{closer}` closes a bracket of another kind"));
            while self.frames.last().is_some_and(|f| !fits(f)) {
                self.close(self.ended, true);
            }
            self.close(span.end as usize, false);
        } else {
            self.problem(span, format!("`{closer}` closes nothing"));
        }
    }

    fn close(&mut self, end: usize, incomplete: bool) {
        let Some(frame) = self.frames.pop() else { return };
        let span = self.span(frame.start, end);
        let kind = match frame.content {
            Content::Skipped(_) => return self.value(Node::unreadable(span)),
            Content::Array(items) => NodeKind::Sequence(items),
            Content::Object { mut entries, key, seen } => {
                if let Some(key) = key {
                    if !incomplete {
                        self.problem(key.span, "the key has no value");
                    }
                    if key.text().is_some_and(|t| !seen.contains_key(t)) {
                        let value = Node::unreadable(self.span(key.span.end as usize, key.span.end as usize));
                        entries.push(Entry { key, value });
                    }
                }
                NodeKind::Mapping(entries)
            }
        };
        let mut node = Node::new(span, kind);
        node.incomplete = incomplete;
        self.value(node);
    }
}

fn clip(text: &str) -> String {
    text.chars().take(40).collect()
}

fn lower(message: &str) -> String {
    let mut chars = message.trim_end_matches('.').chars();
    chars.next().map_or_else(String::new, |c| c.to_lowercase().chain(chars).collect())
}

#[cfg(test)]
mod tests;
