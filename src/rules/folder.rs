//! Catalogs, tables and rules of a folder instead of those that are built in, so that rules are written without building.
//!
//! Debug builds only: a release has exactly the rules it was built with.

use super::embedded::{Embedded, EmbeddedModel, EmbeddedTables};
use super::index::{self, entries, name};
use std::path::Path;
use std::sync::OnceLock;

/// What a folder holds.
pub struct Folder {
    /// Its catalogs.
    pub models: Vec<EmbeddedModel>,
    /// Its tables.
    pub tables: Vec<EmbeddedTables>,
    /// Its rule files.
    pub rules: Vec<Embedded>,
}

/// The folder that the environment variable `FORMWORK_RULES` names.
pub fn library() -> Option<&'static Folder> {
    static FOLDER: OnceLock<Option<Folder>> = OnceLock::new();
    FOLDER.get_or_init(|| std::env::var_os("FORMWORK_RULES").map(|path| read(Path::new(&path)))).as_ref()
}

fn read(root: &Path) -> Folder {
    let mut folder = Folder { models: Vec::new(), tables: Vec::new(), rules: Vec::new() };
    for service in entries(root) {
        let service_name = name(&service);
        for file in entries(&service) {
            let Ok(text) = std::fs::read_to_string(&file) else { continue };
            let path = leak(format!("rules/{service_name}/{}", name(&file)));
            if name(&file) == "model.hcl" {
                let index = index::model(&text);
                let (types, names) = (leak_all(index.types), leak_all(index.names));
                folder.models.push(EmbeddedModel { path, text: leak(text), types, names });
            } else if name(&file) == "tables.hcl" {
                let tables: Vec<_> =
                    index::tables(&text).into_iter().map(|(name, as_of)| (leak(name), leak(as_of))).collect();
                let tables = Box::leak(tables.into_boxed_slice());
                folder.tables.push(EmbeddedTables { path, text: leak(text), tables });
            } else if path.ends_with(".md")
                && let Some(index) = index::rule(&text)
            {
                folder.rules.push(Embedded {
                    service: leak(service_name.clone()),
                    path,
                    text: leak(text),
                    ids: leak_all(index.ids),
                    resources: leak_all(index.resources),
                    default: index.default,
                    account: index.account,
                });
            }
        }
    }
    folder
}

/// Lives as long as the program, as what is built in does.
fn leak(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

fn leak_all(texts: Vec<String>) -> &'static [&'static str] {
    Box::leak(texts.into_iter().map(leak).collect::<Vec<_>>().into_boxed_slice())
}
