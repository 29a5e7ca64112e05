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

pub use build::{ACCOUNT, Edge, Graph, Node};
pub use catalog::{
    Absence, AttributeModel, AttributeType, Catalog, ListModel, Model, ModelProblem, Relation, Satellite, Spelling,
};
pub use path::{Path, PathStep};

use crate::dialect::Mode;

/// The type of a data source as catalogs and rules spell it: `data.aws_ami`.
pub fn type_key(mode: Mode, type_name: &str) -> String {
    match mode {
        Mode::Resource => type_name.to_owned(),
        Mode::Data => format!("data.{type_name}"),
    }
}
