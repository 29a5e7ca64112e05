//! Layer 3, dialects: from syntax trees to declarations whose attributes are values.
//!
//! Never guesses, never looks outside its root.

pub mod cloudformation;
pub mod terraform;

use crate::source::{FileId, Span};
use crate::value::{Cause, Str, Trail, Truth, Value, When};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The languages formwork reads.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[allow(missing_docs)]
pub enum Dialect {
    Terraform,
    CloudFormation,
}

impl Dialect {
    /// The name in rules and output.
    pub fn name(self) -> &'static str {
        match self {
            Dialect::Terraform => "terraform",
            Dialect::CloudFormation => "cloudformation",
        }
    }
}

/// What a declaration declares.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Mode {
    /// Something that is created and kept.
    Resource,
    /// Something that is only looked up.
    Data,
    /// A part of the configuration that is no resource: an input, an output, the configuration of a provider, a file.
    Part,
}

/// A part of a configuration, declared at a place.
#[derive(Debug)]
pub(crate) struct Part {
    /// The language.
    pub dialect: Dialect,
    /// `variable`, `Parameter`, ...
    pub type_name: Str,
    /// `var.name`, ...
    pub address: Str,
    /// Address of the module instance or nested stack it is in.
    pub module: Str,
    /// The line that declares it.
    pub header: Span,
    /// All of it.
    pub span: Span,
    /// The body between the braces, where an attribute can be inserted.
    pub body: Span,
    /// Its attributes: a map.
    pub attributes: Value,
}

impl Part {
    /// As a declaration.
    pub fn declared(self) -> Declaration {
        Declaration {
            dialect: self.dialect,
            mode: Mode::Part,
            type_name: self.type_name,
            address: self.address,
            module: self.module,
            header: self.header,
            span: self.span,
            body: self.body,
            exists: Truth::Yes,
            exists_inside: Truth::Yes,
            exists_cause: None,
            when: When::always(),
            exists_trail: Trail::none(),
            attributes: self.attributes,
            meta: Value::absent(),
            provider: Value::absent(),
            callers: Vec::new(),
            foreign: false,
        }
    }
}

/// One instance of a resource or data source as a dialect declares it.
#[derive(Clone, Debug)]
pub struct Declaration {
    /// The language.
    pub dialect: Dialect,
    /// Resource or data source.
    pub mode: Mode,
    /// `aws_instance`, `AWS::EC2::Instance`.
    pub type_name: Str,
    /// Unique in the root: `module.a["x"].aws_instance.web[0]`, `data.aws_ami.x`, a logical id (`Stack.Logical` in a nested stack).
    pub address: Str,
    /// Address of the module instance or nested stack it is in; empty in the root itself.
    pub module: Str,
    /// The line that declares it: what is absent is located here.
    pub header: Span,
    /// All of it, for ignores and fixes.
    pub span: Span,
    /// The body between the braces (Terraform) or the properties (CloudFormation), where an attribute can be inserted.
    pub body: Span,
    /// Whether it exists at all. A resource that is known not to exist is not declared.
    pub exists: Truth,
    /// Whether it exists where its module instance or nested stack does.
    pub exists_inside: Truth,
    /// Why that is not known.
    pub exists_cause: Option<Arc<Cause>>,
    /// The decisions under which it exists, where these are open and have names.
    pub when: When,
    /// The way of what decided that it exists, if an input did.
    pub exists_trail: Trail,
    /// The attributes: a map. In Terraform a nested block is a list of maps under its kind, as it is in a plan.
    pub attributes: Value,
    /// What belongs to the declaration but not to its attributes: a map of `lifecycle`, `count`, `DeletionPolicy`, `Metadata`, ...
    pub meta: Value,
    /// The configuration of its provider: a map with `region`, `default_tags`, ...; absent when there is none.
    pub provider: Value,
    /// Calls through which it is reached, outermost first: module calls, nested stacks, with their addresses.
    pub callers: Vec<(Str, Span)>,
    /// Belongs to another root, which judges it: it is here for what it says of others.
    pub foreign: bool,
}

/// One root, evaluated: a Terraform root module with all it calls, or a template with its nested stacks.
#[derive(Clone, Debug)]
pub struct Root {
    /// The language.
    pub dialect: Dialect,
    /// Folder of the root module or path of the template, as shown.
    pub name: String,
    /// The declarations that were asked for, in the order in which they are written, callers before the called.
    pub declarations: Vec<Declaration>,
    /// How many resource instances there are, asked for or not.
    pub resources: usize,
    /// What is wrong or missing, with its place.
    pub notes: Vec<Note>,
    /// Files that took part.
    pub files: Vec<FileId>,
    /// The names of other roots whose values are used here.
    pub imports: BTreeSet<String>,
}

impl Root {
    /// What the addresses of this root begin with where other roots speak of them.
    pub fn mark(&self) -> String {
        cloudformation::mark(&self.name)
    }
}

/// Something a dialect has to say about the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Where.
    pub span: Span,
    /// What.
    pub message: String,
    /// `true`: formwork could not see everything (a module that is not there, a bound that was reached).
    /// `false`: the source is wrong in a way that its own tool would refuse.
    pub gap: bool,
}
