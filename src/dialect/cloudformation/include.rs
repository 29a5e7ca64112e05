//! `AWS::Include` with a file of the source: what is included takes the place of the call, with its own spans.

use crate::syntax::document::{Entry, Node, NodeKind};

/// The name of the transform.
const NAME: &str = "AWS::Include";

/// Calls deeper in a template are left as they are.
const MAX_DEPTH: usize = 64;

/// Puts included files in the place of their calls. `load` gives what a location holds, if it is a file of the source.
/// What is included includes nothing itself.
pub fn include(root: &mut Node, load: &mut dyn FnMut(&str) -> Option<Node>) {
    whole(root, load);
    inside(root, 0, load);
}

/// A transform of the whole template: what is included stands beside its sections.
fn whole(root: &mut Node, load: &mut dyn FnMut(&str) -> Option<Node>) {
    let NodeKind::Mapping(sections) = &mut root.kind else { return };
    let Some(at) = sections.iter().position(|e| e.key.text() == Some("Transform")) else { return };
    let mut found = Vec::new();
    let Some(transform) = sections.get_mut(at) else { return };
    let empty = match &mut transform.value.kind {
        NodeKind::Sequence(items) => {
            items.retain(|item| match location(item).and_then(&mut *load) {
                Some(node) => {
                    found.push(node);
                    false
                }
                None => true,
            });
            items.is_empty()
        }
        _ => match location(&transform.value).and_then(&mut *load) {
            Some(node) => {
                found.push(node);
                true
            }
            None => false,
        },
    };
    if empty {
        sections.remove(at);
    }
    for node in found {
        merge(sections, node);
    }
}

fn inside(node: &mut Node, depth: usize, load: &mut dyn FnMut(&str) -> Option<Node>) {
    if depth > MAX_DEPTH {
        return;
    }
    match &mut node.kind {
        NodeKind::Sequence(items) => items.iter_mut().for_each(|item| inside(item, depth + 1, load)),
        NodeKind::Mapping(entries) => {
            entries.iter_mut().for_each(|entry| inside(&mut entry.value, depth + 1, load));
            let call = |e: &Entry| e.key.text() == Some("Fn::Transform") && location(&e.value).is_some();
            let Some(at) = entries.iter().position(call) else { return };
            let Some(found) = entries.get(at).and_then(|e| location(&e.value)).and_then(&mut *load) else { return };
            if matches!(found.kind, NodeKind::Mapping(_)) {
                entries.remove(at);
                merge(entries, found);
            } else if entries.len() == 1 {
                *node = found;
            }
        }
        _ => {}
    }
}

/// Adds the entries of an included mapping; those that are written beside the call win.
fn merge(entries: &mut Vec<Entry>, included: Node) {
    let NodeKind::Mapping(more) = included.kind else { return };
    for entry in more {
        if entries.iter().all(|e| e.key.text() != entry.key.text()) {
            entries.push(entry);
        }
    }
}

/// The location that a call of the transform names, if it is written out and can be a file of the source.
fn location(call: &Node) -> Option<&str> {
    if call.get("Name")?.text()? != NAME {
        return None;
    }
    let location = call.get("Parameters")?.get("Location")?;
    let text = location.text().filter(|_| location.tag.is_none())?;
    let local = !text.contains("://") && !text.starts_with('/') && !text.contains('\\') && !text.is_empty();
    local.then_some(text)
}
