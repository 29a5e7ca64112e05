//! What is built into the program: the catalogs, tables and rules of `rules/`.

/// A catalog file.
#[derive(Debug)]
pub struct EmbeddedModel {
    /// `rules/ec2/model.hcl`
    pub path: &'static str,
    /// Its text.
    pub text: &'static str,
    /// The raw types it is about, satellites included; data sources with `data.` in front.
    pub types: &'static [&'static str],
    /// The canonical names it declares; account facts with `account.` in front.
    pub names: &'static [&'static str],
}

/// A file of tables.
#[derive(Debug)]
pub struct EmbeddedTables {
    /// `rules/lambda/tables.hcl`
    pub path: &'static str,
    /// Its text.
    pub text: &'static str,
    /// The names of its tables, and the days whose state they describe.
    pub tables: &'static [(&'static str, &'static str)],
}

/// A rule file.
#[derive(Debug)]
pub struct Embedded {
    /// The folder it is in.
    pub service: &'static str,
    /// `rules/ebs/ebs-volume-encrypted.md`
    pub path: &'static str,
    /// Its text.
    pub text: &'static str,
    /// The ids of its rules: one, or those of a family.
    pub ids: &'static [&'static str],
    /// The canonical or raw types it judges.
    pub resources: &'static [&'static str],
    /// Whether it runs without being selected.
    pub default: bool,
    /// Whether it judges the account as a whole.
    pub account: bool,
}

include!(concat!(env!("OUT_DIR"), "/index.rs"));

/// The catalogs that are built in.
#[cfg(not(debug_assertions))]
pub fn models() -> &'static [EmbeddedModel] {
    MODELS
}

/// The rule files that are built in.
#[cfg(not(debug_assertions))]
pub fn rules() -> &'static [Embedded] {
    RULES
}

/// The tables that are built in.
#[cfg(not(debug_assertions))]
pub fn tables() -> &'static [EmbeddedTables] {
    TABLES
}

/// The catalogs that are built in, or those of the folder `FORMWORK_RULES`.
#[cfg(debug_assertions)]
pub fn models() -> &'static [EmbeddedModel] {
    super::folder::library().map_or(MODELS, |l| &l.models)
}

/// The rule files that are built in, or those of the folder `FORMWORK_RULES`.
#[cfg(debug_assertions)]
pub fn rules() -> &'static [Embedded] {
    super::folder::library().map_or(RULES, |l| &l.rules)
}

/// The tables that are built in, or those of the folder `FORMWORK_RULES`.
#[cfg(debug_assertions)]
pub fn tables() -> &'static [EmbeddedTables] {
    super::folder::library().map_or(TABLES, |l| &l.tables)
}
