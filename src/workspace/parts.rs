//! The files of a root as declarations, for rules that judge text.

use crate::dialect::{Dialect, Part, Root};
use crate::source::{FileId, Sources, Span};
use crate::value::{Entries, HopKind, MadeFrom, Segment, Str, Trail, Value};
use rustc_hash::FxHashSet;
use std::sync::{Arc, Mutex, PoisonError};

/// Adds the files that took part in a root and that no other root has shown.
pub(super) fn add_files(root: &mut Root, sources: &Sources, shown: &Mutex<FxHashSet<FileId>>) {
    let type_name = match root.dialect {
        Dialect::Terraform => "file",
        Dialect::CloudFormation => "File",
    };
    for &id in &root.files {
        if !shown.lock().unwrap_or_else(PoisonError::into_inner).insert(id) {
            continue;
        }
        let file = sources.get(id);
        let whole = Span::new(id, 0, file.text.len());
        let head = Span::new(id, 0, file.text.find('\n').unwrap_or(file.text.len()));
        let Ok(length) = u32::try_from(file.text.len()) else { continue };
        let segments = vec![Segment { at: 0, span: whole, length }];
        let text = Value {
            made_from: Some(Arc::new(MadeFrom::Source(segments))),
            ..Value::from(file.text.as_ref()).with_trail(Trail::written(whole))
        };
        let mut attributes = Entries::default();
        attributes.insert("path".into(), Str::from(file.name.as_str()).into());
        attributes.insert("text".into(), text);
        root.declarations.push(
            Part {
                dialect: root.dialect,
                type_name: type_name.into(),
                address: file.name.as_str().into(),
                module: Str::default(),
                header: head,
                span: whole,
                body: whole,
                attributes: Value::map(attributes).with_trail(Trail::one(HopKind::Block, "", head)),
            }
            .declared(),
        );
    }
}
