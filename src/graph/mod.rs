//! Layer 4, the graph: canonical resources with typed attributes and edges, made from the declarations of both dialects
//! by the catalogs in `rules/*/model.hcl`.
//!
//! Knows no rule.

mod build;
mod catalog;
mod link;
pub mod native;
mod normalize;
mod path;
mod uses;

pub use build::{ACCOUNT, Edge, Graph, Node};
pub use catalog::{
    Absence, AttributeModel, AttributeType, Catalog, ListModel, Model, ModelProblem, Relation, Satellite, Spelling,
};
pub use path::{PAIR_KEYS, PAIR_VALUES, Path, PathStep};

use crate::dialect::{Dialect, Mode};
use crate::value::Str;

/// The name of a raw type that has no model, as a rule may target it: `terraform.aws_foo`, `terraform.data.aws_foo`,
/// `cloudformation.AWS::Foo::Bar`.
pub fn raw_name(dialect: Dialect, raw: &str) -> Str {
    format!("{}.{raw}", dialect.name()).into()
}

/// The raw type behind a name that [`raw_name`] makes; `None` for the name of a canonical type.
pub fn raw_type(name: &str) -> Option<&str> {
    [Dialect::Terraform, Dialect::CloudFormation]
        .into_iter()
        .find_map(|dialect| name.strip_prefix(dialect.name())?.strip_prefix('.'))
}

/// The canonical name under which a rule judges every resource, whatever its type.
pub const ANY: &str = "any.resource";

/// The type of a data source as catalogs and rules spell it: `data.aws_ami`.
pub fn type_key(mode: Mode, type_name: &str) -> String {
    match mode {
        Mode::Resource | Mode::Part => type_name.to_owned(),
        Mode::Data => format!("data.{type_name}"),
    }
}
