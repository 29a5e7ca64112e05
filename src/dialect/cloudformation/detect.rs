//! Telling templates from other YAML and JSON.

use crate::syntax::document::{Node, NodeKind};

/// Whether a text can be a template at all: a cheap look before it is parsed. Never wrong when it says no.
pub fn may_be_template(text: &str) -> bool {
    text.contains("Resources") && (text.contains("AWSTemplateFormatVersion") || text.contains("Type"))
        || text.contains("AWSTemplateFormatVersion")
}

/// Whether a document is a template, by its content: it says so, or its `Resources` are a mapping with an entry whose
/// `Type` names a resource type (`Service::Kind::Name`), or it names a transform beside its resources.
pub fn is_template(root: &Node) -> bool {
    if root.get("AWSTemplateFormatVersion").is_some() {
        return true;
    }
    let Some(resources) = root.get("Resources") else { return false };
    match &resources.kind {
        NodeKind::Mapping(entries) => {
            let transform = root.get("Transform").is_some_and(|t| t.text().is_some() || t.items().is_some());
            let typed = entries.iter().any(|e| {
                e.value
                    .get("Type")
                    .and_then(Node::text)
                    .is_some_and(|t| t.matches("::").count() >= 1 && !t.contains(' '))
            });
            let loops = entries.iter().any(|e| e.key.text().is_some_and(|k| k.starts_with("Fn::ForEach::")));
            typed || loops || (transform && !entries.is_empty())
        }
        _ => false,
    }
}
