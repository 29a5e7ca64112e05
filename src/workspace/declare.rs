//! All declarations of the roots, before any model is applied.

use super::{Request, Units, computed, read};
use crate::dialect::{Mode, Root, terraform};
use crate::report::Fault;
use crate::source::Sources;
use rayon::prelude::*;

/// Evaluates every root and keeps all its declarations, whatever their type. With what could not be read.
pub fn declare(units: &Units, request: &Request<'_>, sources: &Sources) -> (Vec<Root>, Vec<Fault>) {
    let read::Read { faults, modules, roots, plans, stacks, loaded, .. } = read::read(units, request, sources);
    let computed = computed::FromCatalog { catalog: &loaded.catalog };
    let context = terraform::Context {
        sources,
        fs: request.fs,
        modules: &modules,
        module_map: request.module_map,
        computed: &computed,
        wanted: &|mode: Mode, _: &str| mode != Mode::Part,
        inputs: request.variables,
    };
    let roots = super::roots::terraform_roots(&roots, &plans, &context);
    let mut out: Vec<Root> = roots.par_iter().filter_map(|root| root.evaluate(&context)).collect();
    out.extend(stacks);
    out.iter_mut().for_each(|root| root.declarations.retain(|d| !d.foreign && d.mode != Mode::Part));
    (out, faults)
}
