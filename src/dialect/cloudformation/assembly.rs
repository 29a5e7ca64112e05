//! Cloud assemblies: what the CDK writes beside its templates, in `cdk.out`.

use super::inputs::Inputs;
use crate::source::{FileId, Span};
use crate::syntax::document::{Node, NodeKind};
use crate::syntax::read_document;
use crate::value::Str;
use rustc_hash::FxHashMap;

/// The manifest of an assembly.
#[derive(Clone, Debug, Default)]
pub struct Assembly {
    /// The stacks, in the order in which they are written.
    pub stacks: Vec<Stack>,
    /// The manifests of the assets: paths beside the manifest.
    pub asset_manifests: Vec<String>,
}

/// A stack of an assembly. Paths are those beside the manifest.
#[derive(Clone, Debug, Default)]
pub struct Stack {
    /// Its template.
    pub template: String,
    /// The account, the region, the name and the parameters it is deployed with, as far as they are known.
    pub inputs: Inputs,
    /// Its constructs.
    pub constructs: Constructs,
    /// A file with further constructs.
    pub more: Option<String>,
}

/// The constructs of a stack.
#[derive(Clone, Debug, Default)]
pub struct Constructs {
    /// The frames of the call that created the construct, innermost first, by its path.
    frames: FxHashMap<Str, Vec<Str>>,
    /// The paths by the logical ids of their resources; `None` for one that several have.
    paths: FxHashMap<Str, Option<Str>>,
}

/// A place in the program that made the assembly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The file as the program saw it.
    pub file: String,
    /// From 1.
    pub line: u32,
    /// From 1.
    pub column: u32,
}

impl Constructs {
    /// Adds others; those that are known stay.
    pub fn extend(&mut self, other: Constructs) {
        for (path, frames) in other.frames {
            self.frames.entry(path).or_insert(frames);
        }
        for (id, path) in other.paths {
            self.paths.entry(id).or_insert(path);
        }
    }

    /// The path of the construct that declares the resource of a logical id, if only one does.
    pub fn path_of(&self, id: &str) -> Option<&Str> {
        self.paths.get(id)?.as_ref()
    }

    /// Where the program created the construct of a path: the first frame that is no library's.
    pub fn frame(&self, path: &str) -> Option<Frame> {
        let own = |frame: &Frame| {
            let name = frame.file.replace('\\', "/");
            !name.contains("/node_modules/") && !name.contains("/jsii-kernel") && !name.starts_with("node:")
        };
        self.frames.get(path)?.iter().filter_map(|f| read_frame(f)).find(own)
    }
}

/// `new Bucket (/app/lib/stack.ts:12:5)`, `/app/lib/stack.ts:12:5`
fn read_frame(text: &str) -> Option<Frame> {
    let place = match (text.rfind('('), text.ends_with(')')) {
        (Some(open), true) => text.get(open + 1..text.len() - 1)?,
        _ => text.rsplit(' ').next()?,
    };
    let (rest, column) = place.rsplit_once(':')?;
    let (file, line) = rest.rsplit_once(':')?;
    let file = file.strip_prefix("file://").unwrap_or(file);
    Some(Frame { file: file.to_owned(), line: line.parse().ok()?, column: column.parse().ok()? })
        .filter(|f| !f.file.is_empty() && f.line > 0)
}

/// Whether a text can be the manifest of an assembly. Never wrong when it says no.
pub fn may_be_manifest(text: &str) -> bool {
    text.contains("\"artifacts\"") && text.contains("aws:cloudformation:stack")
}

/// Reads the manifest of an assembly. `None`: it is something else.
pub fn read_manifest(file: FileId, text: &str) -> Option<Assembly> {
    if !may_be_manifest(text) {
        return None;
    }
    let document = read_document(file, text).documents.into_iter().next()?;
    let mut out = Assembly::default();
    for artifact in document.get("artifacts")?.entries()? {
        let Some(name) = artifact.key.text() else { continue };
        let property = |key: &str| artifact.value.get("properties").and_then(|p| p.get(key));
        match artifact.value.get("type").and_then(Node::text) {
            Some("aws:cloudformation:stack") => {
                let Some(template) = property("templateFile").and_then(Node::text) else { continue };
                let mut stack = Stack { template: template.to_owned(), ..Stack::default() };
                let stack_name = property("stackName").and_then(|n| Some((n.text()?, n.span)));
                let (stack_name, span) = stack_name.unwrap_or((name, artifact.key.span));
                give(&mut stack.inputs, "AWS::StackName", stack_name, span);
                if let Some(environment) = artifact.value.get("environment") {
                    read_environment(environment, &mut stack.inputs);
                }
                for parameter in property("parameters").and_then(Node::entries).unwrap_or(&[]) {
                    if let (Some(name), Some(value)) = (parameter.key.text(), parameter.value.text()) {
                        give(&mut stack.inputs, name, value, parameter.value.span);
                    }
                }
                stack.constructs = artifact.value.get("metadata").map(constructs).unwrap_or_default();
                stack.more = artifact.value.get("additionalMetadataFile").and_then(Node::text).map(ToOwned::to_owned);
                out.stacks.push(stack);
            }
            Some("cdk:asset-manifest") => {
                out.asset_manifests.extend(property("file").and_then(Node::text).map(ToOwned::to_owned));
            }
            _ => {}
        }
    }
    Some(out)
}

fn give(inputs: &mut Inputs, name: &str, value: &str, span: Span) {
    inputs.parameters.insert(name.into(), (value.to_owned(), span));
}

/// `aws://123456789012/eu-west-1`, with `unknown-account` and `unknown-region` for what is decided later.
fn read_environment(node: &Node, inputs: &mut Inputs) {
    let Some((account, region)) = node.text().and_then(|t| t.strip_prefix("aws://")).and_then(|t| t.split_once('/'))
    else {
        return;
    };
    for (name, value) in [("AWS::AccountId", account), ("AWS::Region", region)] {
        if !value.starts_with("unknown-") {
            give(inputs, name, value, node.span);
        }
    }
}

/// Reads a file of constructs, as the manifest refers to it.
pub fn read_constructs(file: FileId, text: &str) -> Constructs {
    let document = read_document(file, text).documents.into_iter().next();
    document.as_ref().map(constructs).unwrap_or_default()
}

fn constructs(metadata: &Node) -> Constructs {
    let mut out = Constructs::default();
    for construct in metadata.entries().unwrap_or(&[]) {
        let Some(path) = construct.key.text().map(|p| Str::from(p.trim_start_matches('/'))) else { continue };
        for entry in construct.value.items().unwrap_or(&[]) {
            let frames = match entry.get("type").and_then(Node::text) {
                Some("aws:cdk:logicalId") => {
                    if let Some(id) = entry.get("data").and_then(Node::text) {
                        let known = out.paths.entry(id.into()).or_insert_with(|| Some(path.clone()));
                        if known.as_ref().is_some_and(|k| *k != path) {
                            *known = None;
                        }
                    }
                    entry.get("trace")
                }
                Some("aws:cdk:creationStack") => entry.get("data"),
                _ => None,
            };
            let frames = frames.and_then(Node::items).unwrap_or(&[]);
            if !frames.is_empty() {
                out.frames.insert(path.clone(), frames.iter().filter_map(|f| f.text().map(Str::from)).collect());
            }
        }
    }
    out
}

/// The files of a manifest of assets, by the names under which they are published.
pub fn read_assets(file: FileId, text: &str) -> FxHashMap<String, String> {
    let mut out = FxHashMap::default();
    let Some(document) = read_document(file, text).documents.into_iter().next() else { return out };
    for asset in document.get("files").and_then(Node::entries).unwrap_or(&[]) {
        let Some(path) = asset.value.get("source").and_then(|s| s.get("path")).and_then(Node::text) else { continue };
        for destination in asset.value.get("destinations").and_then(Node::entries).unwrap_or(&[]) {
            if let Some(key) = destination.value.get("objectKey").and_then(Node::text) {
                out.insert(key.to_owned(), path.to_owned());
            }
        }
    }
    out
}

/// The path of the construct that a resource was made by, as its metadata says.
pub(super) fn construct_path(resource: &Node) -> Option<&str> {
    let metadata = resource.get("Metadata")?;
    let path = metadata.get("aws:cdk:path")?;
    if matches!(path.kind, NodeKind::Scalar(_)) { path.text() } else { None }
}

#[cfg(test)]
mod tests {
    use super::{Frame, read_frame};

    #[test]
    fn frames_of_every_form_are_read() {
        let frame = |file: &str, line, column| Some(Frame { file: file.into(), line, column });
        let cases = [
            ("new Shop (/app/lib/shop.ts:16:5)", frame("/app/lib/shop.ts", 16, 5)),
            ("<anonymous> (/app/app.js:5:1)", frame("/app/app.js", 5, 1)),
            ("/app/app.js:5:1", frame("/app/app.js", 5, 1)),
            ("at file:///app/app.mjs:5:1", frame("/app/app.mjs", 5, 1)),
            ("new Shop (C:\\app\\shop.ts:16:5)", frame("C:\\app\\shop.ts", 16, 5)),
            ("...new Volume2 in aws-cdk-lib...", None),
            ("...node internals...", None),
            ("(:1:1)", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(read_frame(text), expected, "{text}");
        }
    }
}
