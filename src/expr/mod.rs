//! Layer 2, expressions: the one evaluator of HCL expressions and its function library.
//!
//! Used for Terraform configurations, rule conditions and catalogs alike. Knows no AWS and touches no file by itself.

mod eval;
pub mod functions;
mod operators;

pub use eval::{Env, Evaluator, Key, Scope, doubt};

use crate::source::{ReadError, Span};
use crate::value::{Str, Value};

/// What a function may ask of the world around an expression.
pub trait Host {
    /// The text of a file, for `file`, `templatefile` and the like; relative to the module. Only inside the scanned root.
    fn read_file(&self, path: &str) -> Result<String, ReadError> {
        let _ = path;
        Err(ReadError::Outside)
    }

    /// Paths below `folder` that match `pattern`, sorted, for `fileset`.
    fn file_set(&self, folder: &str, pattern: &str) -> Result<Vec<String>, ReadError> {
        let _ = (folder, pattern);
        Err(ReadError::Outside)
    }

    /// The resource that a value names, of one of the canonical types `to`. `None`: there are no resources here.
    fn resource(&self, named_by: &Value, to: &[Str]) -> Option<Value> {
        let _ = (named_by, to);
        None
    }

    /// Whether a value names the resource with that address, of that canonical type. `None`: there are no resources here.
    fn names(&self, named_by: &Value, address: &str, canonical: &Str) -> Option<Value> {
        let _ = (named_by, address, canonical);
        None
    }

    /// What a value refers to. `None`: there are no resources here.
    fn reads(&self, value: &Value) -> Option<Value> {
        let _ = value;
        None
    }

    /// The places that refer to the resource with that address, in resources of some raw types (of any without).
    /// `None`: there are no resources here.
    fn uses(&self, address: &str, types: &[Str]) -> Option<Value> {
        let _ = (address, types);
        None
    }

    /// Renders a template with variables, for `templatefile` and `templatestring`. `text` is the whole template.
    fn render(&self, name: &str, text: &str, variables: &Value) -> Value;
}

/// A call of a function: what it is given and where it stands.
pub struct Call<'a> {
    /// The name as written.
    pub name: &'a str,
    /// The evaluated arguments. No argument is a [`crate::value::Kind::Choice`]: the evaluator calls once per arm.
    pub args: &'a [Value],
    /// Where the call stands.
    pub span: Span,
    /// The world around.
    pub host: &'a dyn Host,
}

/// A function of the library.
pub struct Function {
    /// The name.
    pub name: &'static str,
    /// The least number of arguments.
    pub min_args: usize,
    /// The largest number of arguments; `usize::MAX` for any.
    pub max_args: usize,
    /// Whether it wants to see unknown and partly known arguments. Otherwise the evaluator answers with the cause of
    /// the first argument that is not wholly known, without calling it.
    pub takes_unknown: bool,
    /// The function. An error is the reason, without a final stop; the evaluator makes it an unknown value.
    pub run: fn(&Call<'_>) -> Result<Value, Str>,
}
