//! HCL: Terraform configurations, rule conditions, catalogs.
//!
//! The parser is formwork's own: it goes on behind an error at the next attribute or block, keeps the span of every
//! part of a template, and bounds nesting, none of which the available libraries do. `hcl-edit` is the yardstick it is
//! tested against.

pub mod ast;
mod parser;
mod template;

pub use ast::{
    Attribute, BinaryOp, Block, Body, Document, Entry, Expr, ExprKind, For, Ident, Item, Part, Step, StepKind, UnaryOp,
};

use super::Problem;
use crate::source::{FileId, Span};

/// Deeper nesting of brackets, blocks and operators is a problem, not a tree.
pub const MAX_DEPTH: u32 = 200;

/// Reads a file. Never fails: what cannot be read is a problem, and the rest is in the tree.
pub fn parse(file: FileId, text: &str) -> (Document, Vec<Problem>) {
    let (document, problems, unclosed) = parser::Parser::new(file, text, false).document();
    if !unclosed {
        return (document, problems);
    }
    // A brace is missing: take blocks that start in the first column as the start of something new.
    let (document, problems, _) = parser::Parser::new(file, text, true).document();
    (document, problems)
}

/// Reads one expression that makes up the bytes of `span`: an expression string of the JSON syntax, a rule condition.
pub fn parse_expression(text: &str, span: Span) -> (Expr, Vec<Problem>) {
    parser::Parser::over(text, span).lone_expression()
}

/// Reads a template that makes up the bytes of `span`, such as a file given to `templatefile`.
pub fn parse_template(text: &str, span: Span) -> (Vec<Part>, Vec<Problem>) {
    parser::Parser::over(text, span).lone_template()
}
