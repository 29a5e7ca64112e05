//! Values of the JSON syntax as expressions, with the place of every part in the file.

use crate::source::Span;
use crate::syntax::Problem;
use crate::syntax::document::{Entry, Node, NodeKind, Scalar, ScalarValue};
use crate::syntax::hcl::{self, Expr, ExprKind, Part, Step, StepKind};
use smol_str::SmolStr;

/// How a string is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Text {
    /// As a template: `"${var.a}-b"`.
    Template,
    /// As an expression: a reference or a type.
    Expression,
    /// As it is.
    Literal,
}

/// After so many problems no more are kept.
const MAX_PROBLEMS: usize = 100;

/// Makes expressions of nodes.
pub(super) struct Expressions<'t> {
    text: &'t str,
    pub problems: Vec<Problem>,
}

impl<'t> Expressions<'t> {
    pub fn new(text: &'t str, problems: Vec<Problem>) -> Self {
        Self { text, problems }
    }

    pub fn problem(&mut self, span: Span, message: impl Into<String>) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(Problem::new(span, message));
        }
    }

    /// The expression that a node stands for. Nesting is bounded by the reader of JSON.
    pub fn read(&mut self, node: &Node, text: Text) -> Expr {
        let kind = match &node.kind {
            NodeKind::Scalar(scalar) => return self.scalar(scalar, node.span, text),
            NodeKind::Sequence(items) => ExprKind::Tuple(items.iter().map(|item| self.read(item, text)).collect()),
            NodeKind::Mapping(entries) => ExprKind::Object(entries.iter().map(|e| self.entry(e, text)).collect()),
            NodeKind::Unreadable => ExprKind::Invalid,
        };
        Expr { kind, span: node.span }
    }

    /// A key is a template like any string, but beside references (`"aws.west"`) it is a name.
    fn entry(&mut self, entry: &Entry, text: Text) -> hcl::Entry {
        let of_key = if text == Text::Expression { Text::Literal } else { text };
        hcl::Entry { key: self.read(&entry.key, of_key), value: self.read(&entry.value, text) }
    }

    fn scalar(&mut self, scalar: &Scalar, span: Span, text: Text) -> Expr {
        let kind = match scalar.value {
            ScalarValue::String => return self.string(&scalar.text, span, text),
            ScalarValue::Null => ExprKind::Null,
            ScalarValue::Bool(b) => ExprKind::Bool(b),
            ScalarValue::Int(_) | ScalarValue::Float(_) => match scalar.text.strip_prefix('-') {
                None => ExprKind::Number(scalar.text.clone()),
                Some(digits) => {
                    let number = Expr { kind: ExprKind::Number(SmolStr::new(digits)), span };
                    ExprKind::Unary(hcl::UnaryOp::Negate, Box::new(number))
                }
            },
        };
        Expr { kind, span }
    }

    fn string(&mut self, value: &SmolStr, span: Span, text: Text) -> Expr {
        let literal = Expr { kind: ExprKind::String(value.clone()), span };
        if text == Text::Literal || text == Text::Template && !value.contains(['$', '%']) {
            return literal;
        }
        // An expression may be spelled as the template of one interpolation: the legacy `"${aws_x.y}"`.
        let template = text == Text::Template || value.starts_with("${");
        let offsets = Offsets::of(self.text, span);
        let inner = Span::new(span.file, 0, value.len());
        if !template {
            let (mut expr, problems) = hcl::parse_expression(value, inner);
            for problem in problems {
                self.problem(offsets.map(problem.span), problem.message);
            }
            offsets.expression(&mut expr);
            return expr;
        }
        let (mut parts, problems) = hcl::parse_template(value, inner);
        for problem in problems {
            self.problem(offsets.map(problem.span), problem.message);
        }
        if parts.iter().all(|p| matches!(p, Part::Literal(..))) {
            let whole: String = parts
                .iter()
                .filter_map(|p| if let Part::Literal(s, _) = p { Some(s.as_str()) } else { None })
                .collect();
            return Expr { kind: ExprKind::String(whole.into()), span };
        }
        offsets.parts(&mut parts);
        Expr { kind: ExprKind::Template(parts), span }
    }
}

/// From the bytes of a string to the bytes of the file in which it is written with escapes.
struct Offsets {
    string: Span,
    /// Where an escape ends: behind this byte of the string follows this byte of the file. Sorted.
    steps: Vec<(usize, usize)>,
}

impl Offsets {
    fn of(text: &str, string: Span) -> Offsets {
        let start = string.start as usize + 1;
        let mut steps = vec![(0, start)];
        let raw = text.get(start..(string.end as usize).saturating_sub(1)).unwrap_or("");
        let (mut decoded, mut at) = (0, 0);
        while let Some(found) = raw.get(at..).and_then(|rest| rest.find('\\')) {
            decoded += found;
            at += found;
            let (bytes, length) = escape(raw.get(at..).unwrap_or(""));
            decoded += bytes;
            at += length;
            steps.push((decoded, start + at));
        }
        Offsets { string, steps }
    }

    fn at(&self, offset: usize) -> usize {
        let step = self.steps.partition_point(|&(decoded, _)| decoded <= offset).saturating_sub(1);
        let (decoded, raw) = self.steps.get(step).copied().unwrap_or_default();
        (raw + (offset - decoded)).min(self.string.end as usize)
    }

    fn map(&self, span: Span) -> Span {
        Span::new(span.file, self.at(span.start as usize), self.at(span.end as usize))
    }

    fn parts(&self, parts: &mut [Part]) {
        for part in parts {
            match part {
                Part::Literal(_, span) => *span = self.map(*span),
                Part::Interpolation(expr) => self.expression(expr),
                Part::If { condition, then, otherwise } => {
                    self.expression(condition);
                    self.parts(then);
                    self.parts(otherwise);
                }
                Part::For { collection, body, .. } => {
                    self.expression(collection);
                    self.parts(body);
                }
            }
        }
    }

    fn steps(&self, steps: &mut [Step]) {
        for step in steps {
            step.span = self.map(step.span);
            if let StepKind::Index(index) = &mut step.kind {
                self.expression(index);
            }
        }
    }

    fn expression(&self, expr: &mut Expr) {
        expr.span = self.map(expr.span);
        match &mut expr.kind {
            ExprKind::Null
            | ExprKind::Bool(_)
            | ExprKind::Number(_)
            | ExprKind::String(_)
            | ExprKind::Variable(_)
            | ExprKind::Invalid => {}
            ExprKind::Template(parts) => self.parts(parts),
            ExprKind::Access { of, steps } => {
                self.expression(of);
                self.steps(steps);
            }
            ExprKind::Call { name, args, .. } => {
                name.span = self.map(name.span);
                args.iter_mut().for_each(|arg| self.expression(arg));
            }
            ExprKind::Unary(_, inner) | ExprKind::Parens(inner) => self.expression(inner),
            ExprKind::Binary { first, rest } => {
                self.expression(first);
                rest.iter_mut().for_each(|(_, operand)| self.expression(operand));
            }
            ExprKind::Conditional(parts) => parts.iter_mut().for_each(|part| self.expression(part)),
            ExprKind::Tuple(items) => items.iter_mut().for_each(|item| self.expression(item)),
            ExprKind::Object(entries) => {
                for entry in entries {
                    self.expression(&mut entry.key);
                    self.expression(&mut entry.value);
                }
            }
            ExprKind::For(body) => {
                self.expression(&mut body.collection);
                self.expression(&mut body.value);
                body.key.iter_mut().chain(&mut body.condition).for_each(|e| self.expression(e));
            }
        }
    }
}

/// How many bytes an escape stands for, and how many it takes in the file.
fn escape(raw: &str) -> (usize, usize) {
    let unit = |at: usize| raw.get(at..at + 4).and_then(|hex| u32::from_str_radix(hex, 16).ok());
    if !raw.starts_with("\\u") {
        return (1, raw.len().min(2));
    }
    match (unit(2), raw.get(6..8), unit(8)) {
        (Some(0xd800..=0xdbff), Some("\\u"), Some(0xdc00..=0xdfff)) => (4, 12),
        (Some(code), ..) => (char::from_u32(code).map_or(3, char::len_utf8), 6),
        (None, ..) => (1, 2),
    }
}
