//! formwork reads Terraform and CloudFormation source, works out what it would build without calling AWS, and says
//! where that departs from documented AWS practice.
//!
//! The layers, each of which imports only from those above it:
//! [`source`], [`syntax`], [`value`] and [`expr`], [`dialect`], [`graph`], [`rules`], [`report`], [`output`], [`cli`].
#![forbid(unsafe_code)]

pub mod dialect;
pub mod source;
pub mod syntax;
pub mod value;
