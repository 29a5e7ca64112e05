//! Recursive descent over the bytes of a file, with bounded depth.

use super::MAX_DEPTH;
use super::ast::{
    Attribute, BinaryOp, Block, Body, Document, Entry, Expr, ExprKind, For, Ident, Item, Step, StepKind, UnaryOp,
};
use crate::source::{FileId, Span};
use crate::syntax::Problem;
use smol_str::SmolStr;

/// A problem was recorded; the caller goes on behind it.
pub(super) struct Failed;

pub(super) type Outcome<T> = Result<T, Failed>;

pub(super) struct Parser<'a> {
    pub(super) text: &'a str,
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
    /// Where parsing stops: the end of the file or of the span that was asked for.
    pub(super) end: usize,
    file: FileId,
    problems: Vec<Problem>,
    comments: Vec<Span>,
    pub(super) depth: u32,
    /// Whether a line break ends an expression here.
    pub(super) breaks_end: bool,
    /// Take a block header in the first column as the end of the blocks around it.
    resync: bool,
    unclosed: bool,
}

impl<'a> Parser<'a> {
    pub(super) fn new(file: FileId, text: &'a str, resync: bool) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            end: text.len(),
            file,
            problems: Vec::new(),
            comments: Vec::new(),
            depth: 0,
            breaks_end: true,
            resync,
            unclosed: false,
        }
    }

    pub(super) fn over(text: &'a str, span: Span) -> Self {
        let mut parser = Self::new(span.file, text, false);
        parser.at = (span.start as usize).min(text.len());
        parser.end = (span.end as usize).min(text.len());
        parser
    }

    pub(super) fn document(mut self) -> (Document, Vec<Problem>, bool) {
        let start = self.at;
        let mut items = Vec::new();
        loop {
            self.items(&mut items, 0);
            if self.at >= self.end {
                break;
            }
            // Only a closing brace that closes nothing stops the items of a file.
            self.problem(self.at, self.at + 1, "this brace closes nothing");
            self.at += 1;
        }
        let body = Body { items, span: self.span(start, self.end) };
        (Document { body, comments: self.comments }, self.problems, self.unclosed)
    }

    pub(super) fn lone_expression(mut self) -> (Expr, Vec<Problem>) {
        self.breaks_end = false;
        let start = self.at;
        self.blank();
        let expr = self.expression().unwrap_or_else(|Failed| self.invalid(start));
        self.blank();
        if self.at < self.end && self.problems.is_empty() {
            self.problem(self.at, self.end, "the expression ends before this");
        }
        (expr, self.problems)
    }

    pub(super) fn lone_template(mut self) -> (Vec<super::Part>, Vec<Problem>) {
        let parts = self.template_until_end();
        (parts, self.problems)
    }

    // ---- places ----

    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, start, end)
    }

    pub(super) fn problem(&mut self, start: usize, end: usize, message: impl Into<String>) {
        // Enough for a person; a bound on hostile input.
        if self.problems.len() < 100 {
            let end = end.clamp(start, self.text.len());
            self.problems.push(Problem::new(self.span(start, end), message));
        }
    }

    pub(super) fn fail<T>(&mut self, message: impl Into<String>) -> Outcome<T> {
        let end = self.text[self.at..].chars().next().map_or(self.at, |c| self.at + c.len_utf8());
        self.problem(self.at, end, message);
        Err(Failed)
    }

    fn invalid(&self, start: usize) -> Expr {
        Expr { kind: ExprKind::Invalid, span: self.span(start, self.at.max(start)) }
    }

    pub(super) fn peek(&self) -> u8 {
        if self.at < self.end { self.bytes[self.at] } else { 0 }
    }

    pub(super) fn starts(&self, with: &str) -> bool {
        self.bytes[self.at.min(self.end)..self.end].starts_with(with.as_bytes())
    }

    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let found = self.at < self.end && self.bytes[self.at] == byte;
        self.at += usize::from(found);
        found
    }

    /// Skips blanks and comments, and line breaks where they do not end an expression.
    pub(super) fn blank(&mut self) {
        loop {
            match self.peek() {
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'\n' if !self.breaks_end => self.at += 1,
                b'#' => self.line_comment(),
                b'/' if self.starts("//") => self.line_comment(),
                b'/' if self.starts("/*") => self.block_comment(),
                _ => return,
            }
        }
    }

    /// Skips blanks, comments and line breaks.
    fn lines(&mut self) {
        let saved = std::mem::replace(&mut self.breaks_end, false);
        self.blank();
        self.breaks_end = saved;
    }

    fn line_comment(&mut self) {
        let start = self.at;
        while self.at < self.end && self.bytes[self.at] != b'\n' {
            self.at += 1;
        }
        let stop = if self.bytes[start..self.at].ends_with(b"\r") { self.at - 1 } else { self.at };
        self.comments.push(self.span(start, stop));
    }

    fn block_comment(&mut self) {
        let start = self.at;
        match self.text[self.at..self.end].find("*/") {
            Some(length) => self.at += length + 2,
            None => {
                self.at = self.end;
                self.problem(start, start + 2, "this comment is not closed");
            }
        }
        self.comments.push(self.span(start, self.at));
    }

    pub(super) fn identifier(&mut self) -> Option<Ident> {
        let start = self.at;
        let rest = &self.text[self.at..self.end];
        let mut chars = rest.char_indices();
        match chars.next() {
            Some((_, c)) if c.is_alphabetic() || c == '_' => {}
            _ => return None,
        }
        let length =
            chars.find(|&(_, c)| !(c.is_alphanumeric() || c == '_' || c == '-')).map_or(rest.len(), |(i, _)| i);
        self.at += length;
        Some(Ident { name: SmolStr::new(&rest[..length]), span: self.span(start, self.at) })
    }

    // ---- bodies ----

    fn items(&mut self, items: &mut Vec<Item>, block_depth: u32) {
        loop {
            self.lines();
            if self.at >= self.end || self.peek() == b'}' {
                return;
            }
            if self.resync && block_depth > 0 && self.at_new_block() {
                return;
            }
            let before = self.at;
            if let Ok(item) = self.item(block_depth) {
                items.push(item);
            } else {
                self.skip_item(before);
            }
        }
    }

    /// Whether a block header starts here in the first column.
    fn at_new_block(&self) -> bool {
        let first_column = self.at == 0 || self.bytes[self.at - 1] == b'\n';
        if !first_column {
            return false;
        }
        let line = self.text[self.at..self.end].lines().next().unwrap_or("").trim_end();
        line.ends_with('{') && !line.contains('=') && line.starts_with(|c: char| c.is_ascii_lowercase())
    }

    fn item(&mut self, block_depth: u32) -> Outcome<Item> {
        let start = self.at;
        let Some(name) = self.identifier().or_else(|| self.quoted_label()) else {
            return self.fail("an attribute or a block is expected here");
        };
        self.blank();
        if self.peek() == b'=' && !self.starts("==") {
            self.at += 1;
            self.blank();
            let value_start = self.at;
            let value = match self.expression() {
                Ok(value) => {
                    self.end_of_item("the attribute")?;
                    value
                }
                Err(Failed) => {
                    self.skip_item(value_start);
                    self.invalid(value_start)
                }
            };
            let span = self.span(start, value.span.end as usize);
            return Ok(Item::Attribute(Attribute { name, value, span }));
        }
        self.block(name, start, block_depth).map(Item::Block)
    }

    /// After an item there is a line break, a closing brace, or (in a one-line block) nothing else.
    fn end_of_item(&mut self, what: &str) -> Outcome<()> {
        self.blank();
        if self.at >= self.end || matches!(self.peek(), b'\n' | b'}') {
            return Ok(());
        }
        // Terraform refuses it too; the next item is read all the same.
        self.fail(format!("a line break is expected behind {what}"))
    }

    fn block(&mut self, kind: Ident, start: usize, block_depth: u32) -> Outcome<Block> {
        let mut labels = Vec::new();
        let mut header_end = kind.span.end as usize;
        loop {
            self.blank();
            match self.peek() {
                b'{' => break,
                b'"' => match self.quoted_label() {
                    Some(label) => labels.push(label),
                    None => return self.fail("a label is a string without interpolation"),
                },
                _ => match self.identifier() {
                    Some(label) => labels.push(label),
                    None => return self.fail("an equals sign, a label or an opening brace is expected here"),
                },
            }
            header_end = self.at;
        }
        let open = self.at;
        if block_depth >= MAX_DEPTH {
            self.problem(open, open + 1, format!("blocks are nested deeper than {MAX_DEPTH} levels"));
            self.skip_braces();
            return Err(Failed);
        }
        self.at += 1;
        let body_start = self.at;
        let mut items = Vec::new();
        let saved = std::mem::replace(&mut self.breaks_end, true);
        self.items(&mut items, block_depth + 1);
        self.breaks_end = saved;
        let body = Body { items, span: self.span(body_start, self.at) };
        let mut span_end = self.at;
        if self.eat(b'}') {
            span_end = self.at;
        } else {
            self.unclosed = true;
            self.problem(open, open + 1, "this block is not closed");
        }
        let block =
            Block { kind, labels, body, header: self.span(start, header_end), span: self.span(start, span_end) };
        if self.peek() != b'}' && self.at < self.end && !self.resync {
            // A problem behind the block does not make the block less true.
            let _ = self.end_of_item("the block").or_else(|Failed| {
                self.skip_item(self.at);
                Ok::<(), Failed>(())
            });
        }
        Ok(block)
    }

    fn quoted_label(&mut self) -> Option<Ident> {
        if self.peek() != b'"' {
            return None;
        }
        let start = self.at;
        let rest = &self.text[start + 1..self.end];
        let length = rest.find(['"', '\n'])?;
        if !rest[length..].starts_with('"') {
            return None;
        }
        self.at = start + 1 + length + 1;
        Some(Ident { name: SmolStr::new(&rest[..length]), span: self.span(start, self.at) })
    }

    /// Goes behind a bad item: to the next line break outside brackets and strings.
    fn skip_item(&mut self, from: usize) {
        self.at = self.at.max(from);
        let mut open = 0_u32;
        while self.at < self.end {
            match self.bytes[self.at] {
                b'\n' if open == 0 => return,
                b'{' | b'[' | b'(' => open += 1,
                b'}' if open == 0 => return,
                b'}' | b']' | b')' => open = open.saturating_sub(1),
                b'"' => self.skip_string(),
                b'#' => {
                    self.line_comment();
                    continue;
                }
                b'/' if self.starts("//") => {
                    self.line_comment();
                    continue;
                }
                _ => {}
            }
            self.at += 1;
            if self.resync && self.at_new_block() {
                return;
            }
        }
    }

    /// Leaves `at` on the closing quotation mark, or at the end of the line.
    fn skip_string(&mut self) {
        while self.at + 1 < self.end {
            match self.bytes[self.at + 1] {
                b'"' => {
                    self.at += 1;
                    return;
                }
                b'\n' => return,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
    }

    /// Goes behind the block that opens here.
    fn skip_braces(&mut self) {
        let mut open = 0_u32;
        while self.at < self.end {
            match self.bytes[self.at] {
                b'{' => open += 1,
                b'}' => {
                    open -= 1;
                    if open == 0 {
                        self.at += 1;
                        return;
                    }
                }
                _ => {}
            }
            self.at += 1;
        }
    }

    // ---- expressions ----

    pub(super) fn expression(&mut self) -> Outcome<Expr> {
        if self.depth >= MAX_DEPTH {
            return self.fail(format!("expressions are nested deeper than {MAX_DEPTH} levels"));
        }
        self.depth += 1;
        let out = self.conditional();
        self.depth -= 1;
        out
    }

    fn conditional(&mut self) -> Outcome<Expr> {
        let condition = self.binary(1)?;
        self.blank();
        if !self.eat(b'?') {
            return Ok(condition);
        }
        self.lines();
        let yes = self.expression()?;
        self.blank();
        // Terraform takes a line break here only in brackets; formwork does not mind.
        self.lines();
        if !self.eat(b':') {
            return self.fail("a colon is expected here: condition ? yes : no");
        }
        self.lines();
        let no = self.expression()?;
        let span = condition.span.to(no.span);
        Ok(Expr { kind: ExprKind::Conditional(Box::new([condition, yes, no])), span })
    }

    fn operator(&self) -> Option<(BinaryOp, usize)> {
        use BinaryOp::{
            Add, And, Divide, Equal, Greater, GreaterOrEqual, Less, LessOrEqual, Modulo, Multiply, NotEqual, Or,
            Subtract,
        };
        let next = if self.at + 1 < self.end { self.bytes[self.at + 1] } else { 0 };
        Some(match (self.peek(), next) {
            (b'|', b'|') => (Or, 2),
            (b'&', b'&') => (And, 2),
            (b'=', b'=') => (Equal, 2),
            (b'!', b'=') => (NotEqual, 2),
            (b'<', b'=') => (LessOrEqual, 2),
            (b'>', b'=') => (GreaterOrEqual, 2),
            (b'<', _) => (Less, 1),
            (b'>', _) => (Greater, 1),
            (b'+', _) => (Add, 1),
            (b'-', _) => (Subtract, 1),
            (b'*', _) => (Multiply, 1),
            (b'/', _) => (Divide, 1),
            (b'%', n) if n != b'{' => (Modulo, 1),
            _ => return None,
        })
    }

    /// Operators of at least the given precedence.
    fn binary(&mut self, minimum: u8) -> Outcome<Expr> {
        let mut left = self.unary()?;
        loop {
            self.blank();
            let Some((op, length)) = self.operator() else { return Ok(left) };
            let precedence = op.precedence();
            if precedence < minimum {
                return Ok(left);
            }
            self.at += length;
            self.lines();
            let right = self.binary(precedence + 1)?;
            let span = left.span.to(right.span);
            left = match left.kind {
                ExprKind::Binary { first, mut rest }
                    if rest.last().is_some_and(|(o, _)| o.precedence() == precedence) =>
                {
                    rest.push((op, right));
                    Expr { kind: ExprKind::Binary { first, rest }, span }
                }
                _ => Expr { kind: ExprKind::Binary { first: Box::new(left), rest: vec![(op, right)] }, span },
            };
        }
    }

    fn unary(&mut self) -> Outcome<Expr> {
        self.blank();
        let start = self.at;
        let op = match self.peek() {
            b'!' => UnaryOp::Not,
            b'-' => UnaryOp::Negate,
            _ => return self.postfix(),
        };
        if self.depth >= MAX_DEPTH {
            return self.fail(format!("expressions are nested deeper than {MAX_DEPTH} levels"));
        }
        self.at += 1;
        self.blank();
        self.depth += 1;
        let operand = self.unary();
        self.depth -= 1;
        let operand = operand?;
        let span = self.span(start, operand.span.end as usize);
        Ok(Expr { kind: ExprKind::Unary(op, Box::new(operand)), span })
    }

    fn postfix(&mut self) -> Outcome<Expr> {
        let of = self.primary()?;
        let mut steps = Vec::new();
        loop {
            let before = self.at;
            // `a` and `.b` may stand on two lines inside brackets.
            if !self.breaks_end {
                self.blank();
            }
            let start = self.at;
            match self.peek() {
                b'.' if !self.starts("...") => {
                    self.at += 1;
                    self.blank();
                    let kind = if self.eat(b'*') {
                        StepKind::AttributeSplat
                    } else if self.peek().is_ascii_digit() {
                        let digits = self.at;
                        while self.peek().is_ascii_digit() {
                            self.at += 1;
                        }
                        let span = self.span(digits, self.at);
                        StepKind::Index(Expr {
                            kind: ExprKind::Number(SmolStr::new(&self.text[digits..self.at])),
                            span,
                        })
                    } else if let Some(name) = self.identifier() {
                        StepKind::Attribute(name.name)
                    } else {
                        return self.fail("an attribute name is expected behind the dot");
                    };
                    steps.push(Step { kind, span: self.span(start, self.at) });
                }
                b'[' => {
                    self.at += 1;
                    let saved = std::mem::replace(&mut self.breaks_end, false);
                    let kind = self.index_step();
                    self.breaks_end = saved;
                    steps.push(Step { kind: kind?, span: self.span(start, self.at) });
                }
                _ => {
                    self.at = before;
                    break;
                }
            }
        }
        if steps.is_empty() {
            return Ok(of);
        }
        let span = self.span(of.span.start as usize, self.at);
        Ok(Expr { kind: ExprKind::Access { of: Box::new(of), steps }, span })
    }

    fn index_step(&mut self) -> Outcome<StepKind> {
        self.blank();
        if self.starts("*") {
            self.at += 1;
            self.blank();
            if self.eat(b']') {
                return Ok(StepKind::FullSplat);
            }
            return self.fail("a closing bracket is expected here");
        }
        let key = self.expression()?;
        self.blank();
        if self.eat(b']') {
            return Ok(StepKind::Index(key));
        }
        self.fail("a closing bracket is expected here")
    }

    fn primary(&mut self) -> Outcome<Expr> {
        self.blank();
        let start = self.at;
        let kind = match self.peek() {
            b'"' => return self.quoted(),
            b'<' if self.starts("<<") => return self.heredoc(),
            b'0'..=b'9' => self.number(),
            b'(' => self.bracketed(Self::parens)?,
            b'[' => self.bracketed(Self::tuple)?,
            b'{' => self.object_or_for()?,
            _ => match self.identifier() {
                Some(name) => self.named(name)?,
                None if self.at >= self.end || self.peek() == b'\n' => {
                    return self.fail("an expression is expected here");
                }
                None => return self.fail("this is not the start of an expression"),
            },
        };
        Ok(Expr { kind, span: self.span(start, self.at) })
    }

    fn number(&mut self) -> ExprKind {
        let start = self.at;
        let digits = |p: &mut Self| {
            while p.peek().is_ascii_digit() {
                p.at += 1;
            }
        };
        digits(self);
        if self.peek() == b'.' && self.bytes.get(self.at + 1).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
            digits(self);
        }
        if matches!(self.peek(), b'e' | b'E') {
            let mark = self.at;
            self.at += 1;
            if matches!(self.peek(), b'+' | b'-') {
                self.at += 1;
            }
            if self.peek().is_ascii_digit() {
                digits(self);
            } else {
                self.at = mark;
            }
        }
        ExprKind::Number(SmolStr::new(&self.text[start..self.at]))
    }

    fn named(&mut self, mut name: Ident) -> Outcome<ExprKind> {
        // provider::aws::arn_parse(...)
        while self.starts("::") {
            self.at += 2;
            let Some(next) = self.identifier() else {
                return self.fail("a function name is expected behind the colons");
            };
            name =
                Ident { name: SmolStr::from(format!("{}::{}", name.name, next.name)), span: name.span.to(next.span) };
        }
        let after_name = self.at;
        if !name.name.contains("::") {
            self.blank();
        }
        if self.peek() == b'(' {
            return self.bracketed(|p| p.call(name));
        }
        self.at = after_name;
        Ok(match name.name.as_str() {
            "true" => ExprKind::Bool(true),
            "false" => ExprKind::Bool(false),
            "null" => ExprKind::Null,
            _ => ExprKind::Variable(name.name),
        })
    }

    /// Runs `inner` behind the opening bracket, where line breaks mean nothing.
    fn bracketed(&mut self, inner: impl FnOnce(&mut Self) -> Outcome<ExprKind>) -> Outcome<ExprKind> {
        self.at += 1;
        let saved = std::mem::replace(&mut self.breaks_end, false);
        let out = inner(self);
        self.breaks_end = saved;
        out
    }

    fn parens(&mut self) -> Outcome<ExprKind> {
        let inner = self.expression()?;
        self.blank();
        if self.eat(b')') {
            return Ok(ExprKind::Parens(Box::new(inner)));
        }
        self.fail("a closing parenthesis is expected here")
    }

    fn call(&mut self, name: Ident) -> Outcome<ExprKind> {
        let mut args = Vec::new();
        let mut expand = false;
        loop {
            self.blank();
            if self.eat(b')') {
                break;
            }
            args.push(self.expression()?);
            self.blank();
            if self.starts("...") {
                self.at += 3;
                expand = true;
                self.blank();
            }
            if !self.eat(b',') && self.peek() != b')' {
                return self.fail("a comma or a closing parenthesis is expected here");
            }
        }
        Ok(ExprKind::Call { name, args, expand })
    }

    fn tuple(&mut self) -> Outcome<ExprKind> {
        self.blank();
        if self.at_for() {
            return self.for_expression(b']');
        }
        let mut items = Vec::new();
        loop {
            self.blank();
            if self.eat(b']') {
                return Ok(ExprKind::Tuple(items));
            }
            items.push(self.expression()?);
            self.blank();
            if !self.eat(b',') && self.peek() != b']' {
                return self.fail("a comma or a closing bracket is expected here");
            }
        }
    }

    fn at_for(&self) -> bool {
        self.starts("for")
            && self.text[self.at + 3..self.end].starts_with(|c: char| c.is_whitespace())
            && !self.text[self.at + 3..self.end].trim_start().starts_with(['=', ':'])
    }

    fn object_or_for(&mut self) -> Outcome<ExprKind> {
        self.at += 1;
        self.lines();
        if self.at_for() {
            let saved = std::mem::replace(&mut self.breaks_end, false);
            let out = self.for_expression(b'}');
            self.breaks_end = saved;
            return out;
        }
        let saved = std::mem::replace(&mut self.breaks_end, true);
        let out = self.object();
        self.breaks_end = saved;
        out
    }

    fn object(&mut self) -> Outcome<ExprKind> {
        let mut entries = Vec::new();
        loop {
            self.lines();
            if self.eat(b'}') {
                return Ok(ExprKind::Object(entries));
            }
            if self.at >= self.end {
                return self.fail("a closing brace is expected here");
            }
            let mut key = self.expression()?;
            if let ExprKind::Variable(name) = &key.kind {
                key.kind = ExprKind::String(name.clone());
            } else if matches!(key.kind, ExprKind::Bool(_) | ExprKind::Null) {
                key.kind = ExprKind::String(SmolStr::new(&self.text[key.span.range()]));
            }
            self.lines();
            if !self.eat(b'=') && !self.eat(b':') {
                return self.fail("an equals sign or a colon is expected behind the key");
            }
            self.lines();
            let value = self.expression()?;
            entries.push(Entry { key, value });
            self.blank();
            if !self.eat(b',') && !matches!(self.peek(), b'\n' | b'}') {
                return self.fail("a comma, a line break or a closing brace is expected here");
            }
        }
    }

    fn for_expression(&mut self, close: u8) -> Outcome<ExprKind> {
        self.at += 3;
        let (key_name, value_name, collection) = self.for_intro()?;
        if !self.eat(b':') {
            return self.fail("a colon is expected here: for x in xs : ...");
        }
        self.blank();
        let mut value = self.expression()?;
        let mut key = None;
        self.blank();
        if self.starts("=>") {
            self.at += 2;
            self.blank();
            key = Some(std::mem::replace(&mut value, self.invalid(self.at)));
            value = self.expression()?;
            self.blank();
        }
        let mut group = false;
        if self.starts("...") {
            self.at += 3;
            group = true;
            self.blank();
        }
        let mut condition = None;
        if self.keyword("if") {
            self.blank();
            condition = Some(self.expression()?);
            self.blank();
        }
        if !self.eat(close) {
            return self
                .fail(format!("a closing {} is expected here", if close == b']' { "bracket" } else { "brace" }));
        }
        Ok(ExprKind::For(Box::new(For { key_name, value_name, collection, key, value, condition, group })))
    }

    /// `k, v in collection`, behind `for`.
    pub(super) fn for_intro(&mut self) -> Outcome<(Option<SmolStr>, SmolStr, Expr)> {
        self.blank();
        let Some(first) = self.identifier() else { return self.fail("a name is expected behind `for`") };
        self.blank();
        let mut names = (None, first.name);
        if self.eat(b',') {
            self.blank();
            let Some(second) = self.identifier() else {
                return self.fail("a second name is expected behind the comma");
            };
            names = (Some(names.1), second.name);
            self.blank();
        }
        if !self.keyword("in") {
            return self.fail("`in` is expected here: for x in xs");
        }
        self.blank();
        let collection = self.expression()?;
        self.blank();
        Ok((names.0, names.1, collection))
    }

    pub(super) fn keyword(&mut self, word: &str) -> bool {
        let found = self.starts(word)
            && !self.text[self.at + word.len()..self.end]
                .starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '-');
        if found {
            self.at += word.len();
        }
        found
    }
}
