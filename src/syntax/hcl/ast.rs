//! The tree of an HCL file. Every node has its span; comments are kept beside it.

use crate::source::Span;
use smol_str::SmolStr;

/// A whole file.
#[derive(Clone, Debug)]
pub struct Document {
    /// The top level of the file.
    pub body: Body,
    /// All comments, in order.
    pub comments: Vec<Span>,
}

/// The content of a file or block: attributes and blocks in the order in which they are written.
#[derive(Clone, Debug)]
pub struct Body {
    /// The items in order.
    pub items: Vec<Item>,
    /// From the first to the last byte between the braces.
    pub span: Span,
}

/// An attribute or a block.
#[derive(Clone, Debug)]
pub enum Item {
    /// `name = value`
    Attribute(Attribute),
    /// `kind "label" { ... }`
    Block(Block),
}

/// A name and where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ident {
    /// The name, without quotation marks.
    pub name: SmolStr,
    /// Where, with quotation marks.
    pub span: Span,
}

/// `name = value`
#[derive(Clone, Debug)]
pub struct Attribute {
    /// The name.
    pub name: Ident,
    /// The expression.
    pub value: Expr,
    /// From the name to the end of the value.
    pub span: Span,
}

/// `kind "label" { ... }`
#[derive(Clone, Debug)]
pub struct Block {
    /// What stands first: `resource`, `variable`, `ingress`.
    pub kind: Ident,
    /// The labels, quoted or bare.
    pub labels: Vec<Ident>,
    /// What is between the braces.
    pub body: Body,
    /// From the kind to the last label.
    pub header: Span,
    /// From the kind to the closing brace.
    pub span: Span,
}

/// An expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where.
    pub span: Span,
}

/// The kinds of expressions.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number as it is written.
    Number(SmolStr),
    /// A string without interpolation, escapes resolved.
    String(SmolStr),
    /// A string with interpolations or directives, or a heredoc.
    Template(Vec<Part>),
    /// A bare name: `var`, `local`, a `for` variable.
    Variable(SmolStr),
    /// Steps into a value: `var.a[0].b`. At least one step.
    Access {
        /// Where the steps begin.
        of: Box<Expr>,
        /// The steps in order.
        steps: Vec<Step>,
    },
    /// `name(args...)`
    Call {
        /// The name, with `::` for functions of providers.
        name: Ident,
        /// The arguments.
        args: Vec<Expr>,
        /// Whether the last argument is followed by `...`.
        expand: bool,
    },
    /// `!x`, `-x`
    Unary(UnaryOp, Box<Expr>),
    /// Operands joined by operators of one precedence, from left to right.
    Binary {
        /// The leftmost operand.
        first: Box<Expr>,
        /// The operators and what stands to their right.
        rest: Vec<(BinaryOp, Expr)>,
    },
    /// `condition ? yes : no`
    Conditional(Box<[Expr; 3]>),
    /// `[a, b]`
    Tuple(Vec<Expr>),
    /// `{ key = value }`
    Object(Vec<Entry>),
    /// `[for ...]`, `{for ...}`
    For(Box<For>),
    /// `(x)`
    Parens(Box<Expr>),
    /// What could not be read; there is a problem for it.
    Invalid,
}

/// An entry of an object.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key. A bare name is an [`ExprKind::String`]; a key in parentheses an [`ExprKind::Parens`].
    pub key: Expr,
    /// The value.
    pub value: Expr,
}

/// A step into a value.
#[derive(Clone, Debug)]
pub struct Step {
    /// Which.
    pub kind: StepKind,
    /// Where, with its dot or brackets.
    pub span: Span,
}

/// The kinds of steps.
#[derive(Clone, Debug)]
pub enum StepKind {
    /// `.name`
    Attribute(SmolStr),
    /// `[key]`, or the legacy `.0`
    Index(Expr),
    /// `.*`: the attribute steps that follow apply to every element, an index to the result.
    AttributeSplat,
    /// `[*]`: all steps that follow apply to every element.
    FullSplat,
}

/// `for` in brackets or braces.
#[derive(Clone, Debug)]
pub struct For {
    /// The first name when there are two.
    pub key_name: Option<SmolStr>,
    /// The name of the element.
    pub value_name: SmolStr,
    /// What is walked.
    pub collection: Expr,
    /// The key of the result: `{for ... : key => value}`.
    pub key: Option<Expr>,
    /// The element or value of the result.
    pub value: Expr,
    /// `if condition`
    pub condition: Option<Expr>,
    /// `...` behind the value: values of equal keys are grouped.
    pub group: bool,
}

/// A part of a template.
#[derive(Clone, Debug)]
pub enum Part {
    /// Characters, escapes resolved, and where they are written.
    Literal(SmolStr, Span),
    /// `${expr}`
    Interpolation(Expr),
    /// `%{ if c }...%{ else }...%{ endif }`
    If {
        /// The condition.
        condition: Expr,
        /// Parts when it holds.
        then: Vec<Part>,
        /// Parts when it does not.
        otherwise: Vec<Part>,
    },
    /// `%{ for k, v in c }...%{ endfor }`
    For {
        /// The first name when there are two.
        key_name: Option<SmolStr>,
        /// The name of the element.
        value_name: SmolStr,
        /// What is walked.
        collection: Expr,
        /// Parts for every element.
        body: Vec<Part>,
    },
}

/// Operators before an operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    /// `!`
    Not,
    /// `-`
    Negate,
}

/// Operators between operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum BinaryOp {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

impl BinaryOp {
    /// Higher binds tighter.
    pub fn precedence(self) -> u8 {
        use BinaryOp::{
            Add, And, Divide, Equal, Greater, GreaterOrEqual, Less, LessOrEqual, Modulo, Multiply, NotEqual, Or,
            Subtract,
        };
        match self {
            Or => 1,
            And => 2,
            Equal | NotEqual => 3,
            Less | LessOrEqual | Greater | GreaterOrEqual => 4,
            Add | Subtract => 5,
            Multiply | Divide | Modulo => 6,
        }
    }
}

impl Body {
    /// The attribute of that name; the first when it is written twice.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes().find(|a| a.name.name == name)
    }

    /// All attributes in order.
    pub fn attributes(&self) -> impl Iterator<Item = &Attribute> {
        self.items.iter().filter_map(|i| match i {
            Item::Attribute(a) => Some(a),
            Item::Block(_) => None,
        })
    }

    /// All blocks in order.
    pub fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.items.iter().filter_map(|i| match i {
            Item::Block(b) => Some(b),
            Item::Attribute(_) => None,
        })
    }

    /// The blocks of one kind in order.
    pub fn blocks_of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Block> {
        self.blocks().filter(move |b| b.kind.name == kind)
    }
}

impl Block {
    /// The label at an index, without quotation marks.
    pub fn label(&self, index: usize) -> Option<&SmolStr> {
        self.labels.get(index).map(|l| &l.name)
    }
}

impl Expr {
    /// The string, if the expression is a string without interpolation.
    pub fn as_string(&self) -> Option<&SmolStr> {
        match &self.kind {
            ExprKind::String(s) => Some(s),
            ExprKind::Parens(inner) => inner.as_string(),
            _ => None,
        }
    }

    /// The names of a plain path such as `aws_instance.web` or `string`.
    pub fn as_path(&self) -> Option<Vec<SmolStr>> {
        match &self.kind {
            ExprKind::Variable(name) => Some(vec![name.clone()]),
            ExprKind::Access { of, steps } => {
                let mut path = of.as_path()?;
                for step in steps {
                    match &step.kind {
                        StepKind::Attribute(name) => path.push(name.clone()),
                        _ => return None,
                    }
                }
                Some(path)
            }
            _ => None,
        }
    }
}
