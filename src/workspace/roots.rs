//! The roots of a run: what is evaluated, from the configuration alone or with a plan.

use crate::dialect::Root;
use crate::dialect::terraform::plan::{self, Plan};
use crate::dialect::terraform::{self, Context, Module};
use rayon::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A Terraform root, with its plan if there is one.
pub(super) struct TerraformRoot<'a> {
    pub module: Option<Arc<Module>>,
    pub plan: Option<&'a Plan>,
}

impl TerraformRoot<'_> {
    /// The folder of the root module, or of the plan.
    pub fn dir(&self) -> PathBuf {
        let of_plan = || self.plan.and_then(|p| p.path.parent()).unwrap_or(Path::new("")).to_path_buf();
        self.module.as_ref().map_or_else(of_plan, |m| m.dir.clone())
    }

    /// Its declarations.
    pub fn evaluate(&self, context: &Context<'_>) -> Option<Root> {
        match (self.plan, &self.module) {
            (Some(plan), module) => Some(plan::evaluate(plan, module.as_ref(), context)),
            (None, Some(module)) => Some(terraform::evaluate(module, context)),
            (None, None) => None,
        }
    }
}

/// The roots to evaluate: those that have a plan are evaluated with it, once for each.
pub(super) fn terraform_roots<'a>(
    modules: &[Arc<Module>],
    plans: &'a [Plan],
    context: &Context<'_>,
) -> Vec<TerraformRoot<'a>> {
    let planned: Vec<Option<Arc<Module>>> = plans
        .par_iter()
        .map(|plan| {
            plan::root_of(plan, modules).or_else(|| {
                // Only the plan was named; the configuration may be beside it all the same.
                let beside = context.modules.get(plan.path.parent().unwrap_or(Path::new("")), context);
                beside.filter(|m| plan.is_of(m))
            })
        })
        .collect();
    let has_plan = |module: &Arc<Module>| planned.iter().flatten().any(|p| p.dir == module.dir);
    let alone = modules.iter().filter(|m| !has_plan(m)).map(|m| TerraformRoot { module: Some(m.clone()), plan: None });
    let with_plan = plans.iter().zip(&planned).map(|(plan, m)| TerraformRoot { module: m.clone(), plan: Some(plan) });
    alone.chain(with_plan).collect()
}
