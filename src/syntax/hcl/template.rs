//! Strings, heredocs and what is embedded in them.

use super::ast::{Expr, ExprKind, Part};
use super::parser::{Failed, Outcome, Parser};
use smol_str::SmolStr;

/// A part before directives are paired up.
enum Token {
    Part(Part),
    If(Expr),
    Else,
    EndIf,
    For(Option<SmolStr>, SmolStr, Expr),
    EndFor,
}

struct Piece {
    token: Token,
    /// `~` at the start: white space before it goes.
    trim_before: bool,
    /// `~` at the end: white space behind it goes.
    trim_after: bool,
}

impl Parser<'_> {
    /// A string in quotation marks.
    pub(super) fn quoted(&mut self) -> Outcome<Expr> {
        let start = self.at;
        self.at += 1;
        // The common case: no escape, no interpolation.
        let rest = &self.bytes[self.at..self.end];
        if let Some(length) = rest.iter().position(|b| matches!(b, b'"' | b'\\' | b'$' | b'%' | b'\n'))
            && rest[length] == b'"'
        {
            let value = SmolStr::new(&self.text[self.at..self.at + length]);
            self.at += length + 1;
            return Ok(Expr { kind: ExprKind::String(value), span: self.span(start, self.at) });
        }
        let pieces = self.pieces()?;
        if !self.eat(b'"') {
            self.problem(start, start + 1, "this string is not closed");
            return Err(Failed);
        }
        Ok(Expr { kind: self.build(pieces), span: self.span(start, self.at) })
    }

    /// `<<EOT` or `<<-EOT`.
    pub(super) fn heredoc(&mut self) -> Outcome<Expr> {
        let start = self.at;
        self.at += 2;
        let flush = self.eat(b'-');
        let Some(marker) = self.identifier() else {
            return self.fail("a heredoc needs a marker: <<EOT");
        };
        while matches!(self.peek(), b' ' | b'\t' | b'\r') {
            self.at += 1;
        }
        if !self.eat(b'\n') {
            return self.fail("a line break is expected behind the marker of a heredoc");
        }
        // The body ends before the line that holds nothing but the marker.
        let body_start = self.at;
        let mut line_start = body_start;
        let (body_end, marker_end) = loop {
            if line_start >= self.end {
                self.problem(start, body_start, format!("this heredoc is not closed by {}", marker.name));
                self.at = self.end;
                return Err(Failed);
            }
            let line_end = self.text[line_start..self.end].find('\n').map_or(self.end, |i| line_start + i);
            let line = &self.text[line_start..line_end];
            if line.trim() == marker.name {
                break (line_start, line_start + line.trim_end().len());
            }
            line_start = line_end + 1;
        };
        let outer_end = std::mem::replace(&mut self.end, body_end);
        let pieces = self.heredoc_pieces();
        self.end = outer_end;
        self.at = marker_end;
        let mut pieces = pieces?;
        trim_around(&mut pieces);
        if flush {
            remove_indent(&mut pieces);
        }
        let mut parts = self.nest(&mut pieces.into_iter().map(|p| p.token), 0).0;
        if parts.is_empty() {
            parts.push(Part::Literal(SmolStr::default(), self.span(body_start, body_start)));
        }
        Ok(Expr { kind: ExprKind::Template(parts), span: self.span(start, marker_end) })
    }

    /// The parts of a whole range, such as a template file.
    pub(super) fn template_until_end(&mut self) -> Vec<Part> {
        match self.heredoc_pieces() {
            Ok(pieces) => self.pair(pieces),
            Err(Failed) => Vec::new(),
        }
    }

    /// Heredoc text: no backslash escapes; a literal of its own for every line, so that its characters can be found again.
    fn heredoc_pieces(&mut self) -> Outcome<Vec<Piece>> {
        let mut pieces = Vec::new();
        while self.at < self.end {
            let start = self.at;
            let mut text = String::new();
            loop {
                match self.peek() {
                    _ if self.at >= self.end => break,
                    b'\n' => {
                        self.at += 1;
                        text.push('\n');
                        break;
                    }
                    b'$' if self.starts("$${") => {
                        text.push_str("${");
                        self.at += 3;
                    }
                    b'%' if self.starts("%%{") => {
                        text.push_str("%{");
                        self.at += 3;
                    }
                    b'$' if self.starts("${") => break,
                    b'%' if self.starts("%{") => break,
                    b'\r' if self.starts("\r\n") => self.at += 1,
                    _ => self.copy_char(&mut text),
                }
            }
            if self.at > start {
                pieces.push(literal(text, self.span(start, self.at)));
            }
            if self.starts("${") || self.starts("%{") {
                pieces.push(self.embedded()?);
            }
        }
        Ok(pieces)
    }

    fn copy_char(&mut self, text: &mut String) {
        if let Some(c) = self.text[self.at..self.end].chars().next() {
            text.push(c);
            self.at += c.len_utf8();
        } else {
            self.at = self.end;
        }
    }

    /// The text of a quoted string, up to its closing quotation mark.
    fn pieces(&mut self) -> Outcome<Vec<Piece>> {
        let mut pieces = Vec::new();
        loop {
            let start = self.at;
            let mut text = String::new();
            loop {
                match self.peek() {
                    _ if self.at >= self.end => break,
                    b'"' => break,
                    b'\n' => {
                        self.problem(start.saturating_sub(1), self.at, "this string is not closed on its line");
                        return Err(Failed);
                    }
                    b'\\' => self.escape(&mut text)?,
                    b'$' if self.starts("$${") => {
                        text.push_str("${");
                        self.at += 3;
                    }
                    b'%' if self.starts("%%{") => {
                        text.push_str("%{");
                        self.at += 3;
                    }
                    b'$' if self.starts("${") => break,
                    b'%' if self.starts("%{") => break,
                    _ => self.copy_char(&mut text),
                }
            }
            if !text.is_empty() {
                pieces.push(literal(text, self.span(start, self.at)));
            }
            if self.starts("${") || self.starts("%{") {
                pieces.push(self.embedded()?);
            } else {
                return Ok(pieces);
            }
        }
    }

    fn escape(&mut self, text: &mut String) -> Outcome<()> {
        let start = self.at;
        self.at += 1;
        let c = self.peek();
        self.at += 1;
        match c {
            b'n' => text.push('\n'),
            b'r' => text.push('\r'),
            b't' => text.push('\t'),
            b'"' => text.push('"'),
            b'\\' => text.push('\\'),
            b'u' | b'U' => {
                let length = if c == b'u' { 4 } else { 8 };
                let hex = self.text.get(self.at..self.at + length).filter(|_| self.at + length <= self.end);
                match hex.and_then(|h| u32::from_str_radix(h, 16).ok()).and_then(char::from_u32) {
                    Some(c) => {
                        text.push(c);
                        self.at += length;
                    }
                    None => {
                        self.problem(start, start + 2, "this is not the code of a character");
                        return Err(Failed);
                    }
                }
            }
            _ => {
                self.at = start + 1;
                self.copy_char(text);
                self.problem(start, self.at, "this escape does not exist in HCL");
                return Err(Failed);
            }
        }
        Ok(())
    }

    /// `${ ... }` or `%{ ... }`.
    fn embedded(&mut self) -> Outcome<Piece> {
        let start = self.at;
        let directive = self.peek() == b'%';
        self.at += 2;
        let trim_before = self.eat(b'~');
        let saved = std::mem::replace(&mut self.breaks_end, false);
        self.blank();
        let token = if directive { self.directive() } else { self.interpolated() };
        self.breaks_end = saved;
        let token = token?;
        self.skip_blank();
        let trim_after = self.eat(b'~');
        if !self.eat(b'}') {
            self.problem(start, start + 2, "this interpolation is not closed");
            return Err(Failed);
        }
        Ok(Piece { token, trim_before, trim_after })
    }

    fn skip_blank(&mut self) {
        let saved = std::mem::replace(&mut self.breaks_end, false);
        self.blank();
        self.breaks_end = saved;
    }

    fn interpolated(&mut self) -> Outcome<Token> {
        self.expression().map(|e| Token::Part(Part::Interpolation(e)))
    }

    fn directive(&mut self) -> Outcome<Token> {
        if self.keyword("if") {
            self.blank();
            return self.expression().map(Token::If);
        }
        if self.keyword("for") {
            let (key, value, collection) = self.for_intro()?;
            return Ok(Token::For(key, value, collection));
        }
        if self.keyword("else") {
            return Ok(Token::Else);
        }
        if self.keyword("endif") {
            return Ok(Token::EndIf);
        }
        if self.keyword("endfor") {
            return Ok(Token::EndFor);
        }
        self.fail("a template directive is one of if, else, endif, for, endfor")
    }

    fn build(&mut self, pieces: Vec<Piece>) -> ExprKind {
        let mut parts = self.pair(pieces);
        match parts.len() {
            0 => ExprKind::String(SmolStr::default()),
            1 if matches!(parts[0], Part::Literal(..)) => match parts.swap_remove(0) {
                Part::Literal(text, _) => ExprKind::String(text),
                other => ExprKind::Template(vec![other]),
            },
            _ => ExprKind::Template(parts),
        }
    }

    /// Trims around `~` and nests the parts between directives.
    fn pair(&mut self, mut pieces: Vec<Piece>) -> Vec<Part> {
        trim_around(&mut pieces);
        let mut stream = pieces.into_iter().map(|p| p.token);
        let (parts, _) = self.nest(&mut stream, 0);
        parts
    }

    fn nest(&mut self, stream: &mut impl Iterator<Item = Token>, depth: u32) -> (Vec<Part>, Option<Token>) {
        let mut parts = Vec::new();
        if depth > super::MAX_DEPTH {
            self.problem(self.at, self.at, "template directives are nested too deeply");
            return (parts, None);
        }
        while let Some(token) = stream.next() {
            match token {
                Token::Part(Part::Literal(text, _)) if text.is_empty() => {}
                Token::Part(part) => parts.push(part),
                Token::If(condition) => {
                    let (then, end) = self.nest(stream, depth + 1);
                    let otherwise =
                        if matches!(end, Some(Token::Else)) { self.nest(stream, depth + 1).0 } else { Vec::new() };
                    parts.push(Part::If { condition, then, otherwise });
                }
                Token::For(key_name, value_name, collection) => {
                    let (body, _) = self.nest(stream, depth + 1);
                    parts.push(Part::For { key_name, value_name, collection, body });
                }
                end @ (Token::Else | Token::EndIf | Token::EndFor) => {
                    if depth > 0 {
                        return (parts, Some(end));
                    }
                }
            }
        }
        (parts, None)
    }
}

fn literal(text: String, span: crate::source::Span) -> Piece {
    Piece { token: Token::Part(Part::Literal(text.into(), span)), trim_before: false, trim_after: false }
}

/// Applies `~`: white space goes from the literals beside.
fn trim_around(pieces: &mut [Piece]) {
    for i in 0..pieces.len() {
        if pieces[i].trim_before && i > 0 {
            trim(&mut pieces[i - 1].token, true);
        }
        if pieces[i].trim_after && i + 1 < pieces.len() {
            trim(&mut pieces[i + 1].token, false);
        }
    }
}

/// `<<-`: the indent that all lines have in common goes, as HCL sees lines: where `~` took the line break, the text
/// behind it does not start a line.
fn remove_indent(pieces: &mut [Piece]) {
    let blanks = |text: &str| text.chars().take_while(|c| c.is_whitespace() && *c != '\n').count();
    let mut first: Vec<usize> = Vec::new();
    let mut least = usize::MAX;
    let mut starts = true;
    for (i, piece) in pieces.iter().enumerate() {
        let literal = match &piece.token {
            Token::Part(Part::Literal(text, _)) => Some(text),
            _ => None,
        };
        if starts {
            match literal {
                Some(text) if text.trim().is_empty() && text.ends_with('\n') => {}
                Some(text) => {
                    least = least.min(blanks(text));
                    first.push(i);
                }
                None => least = 0,
            }
        }
        starts = literal.is_some_and(|text| text.ends_with('\n'));
    }
    for i in first {
        if let Some(Piece { token: Token::Part(Part::Literal(text, span)), .. }) = pieces.get_mut(i) {
            let cut: usize = text.chars().take(least.min(blanks(text))).map(char::len_utf8).sum();
            span.start += cut as u32;
            *text = SmolStr::new(text.get(cut..).unwrap_or(""));
        }
    }
}

fn trim(token: &mut Token, end: bool) {
    if let Token::Part(Part::Literal(text, _)) = token {
        let trimmed = if end { text.trim_end() } else { text.trim_start() };
        *text = SmolStr::new(trimmed);
    }
}
