//! New resources that set something on another: blocks of Terraform behind the block of that resource.

use super::hcl;
use super::layout::Layout;
use super::{Fixer, New, News, Parsed, Place, Site, is_hcl};
use crate::dialect::{Declaration, Dialect};
use crate::graph::{Node, PathStep, Satellite};
use crate::report::Edit;
use crate::source::{FileId, Span};
use crate::value::{Str, Value};

/// A satellite that is to be written, with what it sets.
pub(super) struct Addition<'a> {
    pub declaration: &'a Declaration,
    pub satellite: &'a Satellite,
    pub news: News,
}

/// A satellite whose name is taken is called `name_2`, and so on.
const MAX_NAMES: u32 = 9;

impl<'a> Fixer<'a> {
    /// The satellite in which an attribute that is written nowhere is to stand.
    pub(super) fn satellite_for(
        &self,
        node: &Node,
        path: &[Str],
        site: &Site<'_>,
        found: Option<&Place>,
    ) -> Option<&'a Satellite> {
        let nothing_there = match found {
            None => site.paths.is_empty(),
            Some(Place::Missing { path, rest, .. }) => path.len() == rest.len(),
            Some(Place::Written { .. }) => false,
        };
        let own = self.graph.declaration(node);
        let here = !node.orphan && site.holder.is_none() && site.declaration.header == own.header;
        if !nothing_there || !here || own.dialect != Dialect::Terraform {
            return None;
        }
        let model = self.catalog.model(&node.canonical)?;
        let attribute = model.attributes.iter().find(|a| a.path == path)?;
        attribute.satellites.iter().find(|satellite| {
            let since = satellite.since.as_deref();
            satellite.reference.is_some()
                && satellite.value.is_some()
                && since.is_none_or(|since| admits(&own.provider.get("version"), since))
        })
    }

    /// The block of a new satellite. `None` where it cannot be written, or is there already.
    pub(super) fn add(&self, addition: Addition<'_>) -> Option<Edit> {
        let Addition { declaration, satellite, news: set } = addition;
        let file = declaration.header.file;
        let source = self.sources.get(file);
        let parsed = self.trees.get(file, self.sources);
        let Parsed::Terraform(document, line_break) = &*parsed else { return None };
        let layout = Layout::new(&source.text, *line_break, &document.comments);
        let block = hcl::block_at(&document.body, declaration.span)?;
        let (kind, name) = (block.label(0)?, block.label(1)?);
        let [PathStep::Name(parent)] = satellite.parent.first()?.0.as_slice() else { return None };
        let reference = satellite.reference.as_ref()?;
        let resource = format!("{kind}.{name}");
        let written = |name: &str| {
            let span = block.body.attribute(name)?.value.span;
            Some(layout.slice(span.start as usize, span.end as usize))
        };
        let mut news = News::new();
        let expression = |text: &str| New::Expression(text.to_owned());
        // One for each instance of the resource.
        let (repeat, to) = match (written("count"), written("for_each")) {
            (Some(_), _) => (Some(("count", format!("length({resource})"))), format!("{resource}[count.index]")),
            (None, Some(_)) => (Some(("for_each", resource.clone())), "each.value".to_owned()),
            (None, None) => (None, resource.clone()),
        };
        if let Some((argument, text)) = &repeat {
            news.push(((*argument).into(), expression(text)));
        }
        // It belongs where the resource is.
        for argument in ["provider", "region"] {
            if let Some(text) = written(argument) {
                if text.contains("each.") || text.contains("count.") {
                    return None;
                }
                news.push((argument.into(), expression(text)));
            }
        }
        news.push((parent.clone(), expression(&format!("{to}.{reference}"))));
        news.extend(set);
        let name = self.free_name(file, &satellite.type_name, name, parent, &resource)?;
        let text = hcl::resource(&satellite.type_name, &name, &news, &layout)?;
        let at = layout.behind(block.span.end as usize);
        Some(Edit { span: Span::new(file, at, at), text: format!("{0}{0}{text}", layout.newline) })
    }

    /// A name for a new resource in the module of a file. `None`: there is one for `resource` already, in whatever number.
    fn free_name(&self, file: FileId, kind: &str, name: &str, parent: &str, resource: &str) -> Option<String> {
        let source = self.sources.get(file);
        let folder = source.path.parent();
        let mut taken = Vec::new();
        let files = (0..self.sources.len()).filter_map(|i| u32::try_from(i).ok()).map(FileId);
        for other in files {
            let source = self.sources.get(other);
            if source.path.parent() != folder || !is_hcl(&source.name) {
                continue;
            }
            let parsed = self.trees.get(other, self.sources);
            let Parsed::Terraform(document, _) = &*parsed else { continue };
            for block in document.body.blocks_of("resource").filter(|b| b.label(0).is_some_and(|l| l == kind)) {
                let names = block.body.attribute(parent).map(|a| self.sources.text(a.value.span)).unwrap_or_default();
                if mentions(&names, resource) {
                    return None;
                }
                taken.extend(block.label(1).cloned());
            }
        }
        let others = (2..=MAX_NAMES).map(|i| format!("{name}_{i}"));
        std::iter::once(name.to_owned()).chain(others).find(|n| taken.iter().all(|t| t != n.as_str()))
    }
}

/// Whether an expression reads the resource.
fn mentions(expression: &str, resource: &str) -> bool {
    expression.match_indices(resource).any(|(at, _)| {
        let (before, after) = (expression.get(..at), expression.get(at + resource.len()..));
        let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        !before.is_some_and(|t| t.ends_with(|c| is_word(c) || c == '.'))
            && !after.is_some_and(|t| t.starts_with(is_word))
    })
}

/// Whether the version constraint of a provider admits a release from `since` on. What it does not say is admitted.
fn admits(constraint: &Value, since: &str) -> bool {
    let Some(constraint) = constraint.as_str() else { return true };
    let since = numbers(since);
    constraint.split(',').all(|part| {
        let part = part.trim();
        let version = part.trim_start_matches(|c: char| !c.is_ascii_digit());
        let operator = part.strip_suffix(version).unwrap_or_default().trim();
        let written = version.split('.').count();
        let version = numbers(version);
        let [major, minor, _] = version;
        match operator {
            _ if part.is_empty() => true,
            "<" => since < version,
            "<=" | "=" | "" => since <= version,
            // The last number that is written may grow.
            "~>" if written > 2 => since < [major, minor + 1, 0],
            "~>" => since < [major + 1, 0, 0],
            _ => true,
        }
    })
}

fn numbers(version: &str) -> [u64; 3] {
    let mut parts = version.split('.').map(|part| {
        let end = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        part.get(..end).and_then(|digits| digits.parse::<u64>().ok()).unwrap_or(0).min(u64::from(u32::MAX))
    });
    [parts.next().unwrap_or(0), parts.next().unwrap_or(0), parts.next().unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use super::{admits, mentions};

    #[test]
    fn constraints_admit_releases() {
        let table = [
            ("~> 3.0", false),
            ("~> 3.76.1", false),
            ("3.76.1", false),
            ("= 4.0.0", true),
            (">= 3.0", true),
            (">= 3.0, < 4.0", false),
            (">= 3.0, < 4.0.1", true),
            ("<= 4.0", true),
            ("<= 3.99", false),
            ("~> 4.1", true),
            ("~> 4.0.0", true),
            ("~> 5.100", true),
            ("!= 3.2", true),
            ("", true),
        ];
        for (constraint, expected) in table {
            assert_eq!(admits(&constraint.into(), "4.0"), expected, "{constraint}");
        }
        assert!(admits(&crate::value::Value::absent(), "4.0"));
    }

    #[test]
    fn expressions_mention_resources() {
        let table = [
            ("store_bucket.a.id", true),
            ("store_bucket.a[0].id", true),
            ("\"${store_bucket.a.id}\"", true),
            ("store_bucket.ab.id", false),
            ("store_bucket.a-b.id", false),
            ("data.store_bucket.a.id", false),
            ("my_store_bucket.a.id", false),
            ("var.bucket", false),
        ];
        for (expression, expected) in table {
            assert_eq!(mentions(expression, "store_bucket.a"), expected, "{expression}");
        }
    }
}
