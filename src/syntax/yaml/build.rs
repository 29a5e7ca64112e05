//! From the events of the parser to a tree.

use super::MAX_ALIAS_NODES;
use super::schema::resolve_plain;
use crate::source::{FileId, Span};
use crate::syntax::Problem;
use crate::syntax::document::{AliasUse, Entry, MAX_DEPTH, Node, NodeKind, Scalar, ScalarValue, Style};
use rustc_hash::{FxHashMap, FxHashSet};
use saphyr_parser::{Event, Parser, ScalarStyle, Tag};
use smol_str::SmolStr;
use std::borrow::Cow;
use std::cell::Cell;

/// A file while it is read, perhaps in several stretches.
pub(super) struct Reading<'t> {
    pub(super) file: FileId,
    pub(super) text: &'t str,
    pub(super) documents: Vec<Node>,
    pub(super) problems: Vec<Problem>,
    /// Byte ranges of all scalars, in which a `#` is no comment.
    pub(super) scalars: Vec<(usize, usize)>,
    alias_nodes: usize,
    anchored_nodes: usize,
}

/// A stretch of the text, read as a stream of its own.
pub(super) struct Stretch {
    pub(super) documents: Vec<Node>,
    /// Where reading stopped, if it did not come to the end.
    pub(super) stopped: bool,
}

/// Translates offsets in characters to offsets in bytes.
struct Offsets {
    /// The byte offset of every 128th character; `None` when the text is ASCII.
    marks: Option<Vec<usize>>,
    base: usize,
    /// Characters and bytes of the last answer: most questions are about a place shortly behind.
    last: Cell<(usize, usize)>,
}

/// What anchors name is kept up to this many nodes in a file.
const MAX_ANCHORED_NODES: usize = 1_000_000;

const STEP: usize = 128;

impl Offsets {
    fn new(text: &str, base: usize) -> Self {
        let marks = (!text.is_ascii()).then(|| text.char_indices().step_by(STEP).map(|(i, _)| i).collect());
        Self { marks, base, last: Cell::new((0, 0)) }
    }

    fn byte(&self, text: &str, index: usize) -> usize {
        let at = match &self.marks {
            None => index.min(text.len()),
            Some(marks) => {
                let (chars, bytes) = match self.last.get() {
                    last if (last.0..last.0 + STEP).contains(&index) => last,
                    _ => match marks.get(index / STEP) {
                        Some(&mark) => (index / STEP * STEP, mark),
                        None => (index, text.len()),
                    },
                };
                let rest = text.get(bytes..).unwrap_or("");
                let at = rest.char_indices().nth(index - chars).map_or(text.len(), |(i, _)| bytes + i);
                self.last.set((index, at));
                at
            }
        };
        self.base + at
    }
}

struct Anchored {
    node: Node,
    nodes: usize,
    depth: usize,
}

enum Frame {
    Sequence {
        head: Head,
        items: Vec<Node>,
    },
    Mapping {
        head: Head,
        entries: Vec<Entry>,
        key: Option<Node>,
        merges: Vec<Entry>,
        seen: FxHashSet<SmolStr>,
    },
    /// A collection that is too deep: its events are dropped. How many collections are open inside.
    Skipped {
        start: usize,
        depth: usize,
    },
}

struct Head {
    start: usize,
    flow: bool,
    tag: Option<SmolStr>,
    anchor: usize,
}

impl<'t> Reading<'t> {
    pub(super) fn new(file: FileId, text: &'t str) -> Self {
        Self {
            file,
            text,
            documents: Vec::new(),
            problems: Vec::new(),
            scalars: Vec::new(),
            alias_nodes: 0,
            anchored_nodes: 0,
        }
    }

    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, start, end.max(start))
    }

    pub(super) fn problem(&mut self, span: Span, message: impl Into<String>) {
        self.problems.push(Problem::new(span, message));
    }

    /// Reads the bytes `start..end` of the text.
    pub(super) fn stretch(&mut self, start: usize, end: usize) -> Stretch {
        let text = self.text.get(start..end).unwrap_or("");
        let offsets = Offsets::new(text, start);
        let mut builder = Builder {
            reading: self,
            frames: Vec::new(),
            anchors: FxHashMap::default(),
            documents: Vec::new(),
            last_end: start,
            too_deep: false,
        };
        let mut stopped = false;
        for event in Parser::new_from_str(text) {
            match event {
                Ok((event, span)) => {
                    let from = offsets.byte(text, span.start.index());
                    let to = offsets.byte(text, span.end.index());
                    builder.event(event, from, to);
                }
                Err(error) => {
                    let at = offsets.byte(text, error.marker().index());
                    builder.stop(at, error.info());
                    stopped = true;
                    break;
                }
            }
        }
        let documents = builder.documents;
        Stretch { documents, stopped }
    }

    /// Whether a mapping already has a key; says so when it has.
    pub(super) fn duplicate(&mut self, key: &Node) {
        let text = key.text().unwrap_or_default();
        let message = format!("the key `{text}` is there twice");
        self.problem(key.span, message);
    }
}

struct Builder<'r, 't> {
    reading: &'r mut Reading<'t>,
    frames: Vec<Frame>,
    anchors: FxHashMap<usize, Anchored>,
    documents: Vec<Node>,
    last_end: usize,
    too_deep: bool,
}

/// Where a node stands in the text: an alias at its use.
fn place(node: &Node) -> Span {
    node.alias.map_or(node.span, |a| a.used)
}

fn measure(node: &Node) -> (usize, usize) {
    let mut nodes = 1;
    let mut depth = 0;
    let mut visit = |child: &Node| {
        let (n, d) = measure(child);
        nodes += n;
        depth = depth.max(d);
    };
    match &node.kind {
        NodeKind::Sequence(items) => items.iter().for_each(&mut visit),
        NodeKind::Mapping(entries) => entries.iter().for_each(|e| {
            visit(&e.key);
            visit(&e.value);
        }),
        _ => {}
    }
    (nodes, depth + 1)
}

impl Builder<'_, '_> {
    fn event(&mut self, event: Event<'_>, start: usize, end: usize) {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                if matches!(self.frames.last(), Some(Frame::Skipped { .. })) {
                    self.reading.scalars.push((start, end));
                    return;
                }
                let node = self.scalar(text, style, anchor, tag.as_deref(), start, end);
                self.anchor(anchor, &node);
                self.push(node);
            }
            Event::Alias(id) => {
                if !matches!(self.frames.last(), Some(Frame::Skipped { .. })) {
                    let node = self.alias(id, start, end);
                    self.push(node);
                }
            }
            Event::SequenceStart(anchor, tag) => {
                if let Some(head) = self.open(anchor, tag.as_deref(), start, end) {
                    self.frames.push(Frame::Sequence { head, items: Vec::new() });
                }
            }
            Event::MappingStart(anchor, tag) => {
                if let Some(head) = self.open(anchor, tag.as_deref(), start, end) {
                    self.frames.push(Frame::Mapping {
                        head,
                        entries: Vec::new(),
                        key: None,
                        merges: Vec::new(),
                        seen: FxHashSet::default(),
                    });
                }
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(end, false),
            _ => return,
        }
        self.last_end = self.last_end.max(end);
    }

    /// The head of a collection that starts; `None` when it is too deep and skipped.
    fn open(&mut self, anchor: usize, tag: Option<&Tag>, start: usize, end: usize) -> Option<Head> {
        if let Some(Frame::Skipped { depth, .. }) = self.frames.last_mut() {
            *depth += 1;
            return None;
        }
        if self.frames.len() >= MAX_DEPTH {
            if !self.too_deep {
                self.too_deep = true;
                let span = self.reading.span(start, end);
                self.reading.problem(span, format!("nested more than {MAX_DEPTH} levels deep"));
            }
            self.frames.push(Frame::Skipped { start, depth: 0 });
            return None;
        }
        let text = self.reading.text;
        let written = text.get(start..end).unwrap_or("");
        let flow = written.ends_with(['[', '{']);
        let tag = tag.and_then(local_tag);
        let start = if tag.is_some() {
            start + written.find('!').unwrap_or(0)
        } else if flow {
            end.saturating_sub(1)
        } else {
            end
        };
        Some(Head { start, flow, tag, anchor })
    }

    fn scalar(
        &mut self,
        text: Cow<'_, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        start: usize,
        end: usize,
    ) -> Node {
        let source = self.reading.text;
        let mut content = start;
        let mut tag_at = None;
        // The span of a scalar with a tag or an anchor starts there.
        if tag.is_some() || anchor != 0 {
            let mut rest = source.get(start..end).unwrap_or("");
            while rest.starts_with(['!', '&']) {
                if rest.starts_with('!') {
                    tag_at = Some(end - rest.len());
                }
                let word = rest.find(char::is_whitespace).unwrap_or(rest.len());
                rest = rest.get(word..).unwrap_or("").trim_start();
            }
            content = end - rest.len();
        }
        let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let quoted = matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted);
        // The parser counts blanks and a comment behind the closing quotation mark to the scalar.
        let mut end = if quoted { quoted_end(source, content).unwrap_or(end) } else { end };
        let mut protected = (content, end);
        if block {
            // The header, `|` or `>`, lies before the content unless there is a tag.
            if content == start {
                content = block_header(source, self.last_end, start).unwrap_or(start);
            }
            let header = source.get(content..end).unwrap_or("");
            if header.starts_with(['|', '>']) {
                let line = header.find('\n').unwrap_or(header.len());
                protected.0 = content + line;
            }
            let written = source.get(content..end).unwrap_or("");
            end = content + written.trim_end().len();
        }
        self.reading.scalars.push(protected);
        let core = tag.filter(|t| t.is_yaml_core_schema()).map(|t| t.suffix.as_str());
        let local = tag.and_then(local_tag);
        let value = match core {
            Some("str" | "binary" | "timestamp") => ScalarValue::String,
            Some("int" | "float" | "bool" | "null") => resolve_plain(&text),
            _ if quoted || block => ScalarValue::String,
            _ if tag.is_some_and(is_non_specific) => ScalarValue::String,
            _ => resolve_plain(&text),
        };
        let style = match (quoted, block) {
            (true, _) => Style::Quoted,
            (_, true) => Style::Block,
            _ => Style::Plain,
        };
        let from = if local.is_some() { tag_at.unwrap_or(content) } else { content };
        let mut node = Node::new(
            self.reading.span(from, end),
            NodeKind::Scalar(Scalar { text: SmolStr::from(text), style, value }),
        );
        node.tag = local;
        node
    }

    fn alias(&mut self, id: usize, start: usize, end: usize) -> Node {
        let used = self.reading.span(start, end);
        let Some(anchored) = self.anchors.get(&id) else {
            self.reading.problem(used, "the alias leads to a value that contains it, that is too deep or too large");
            return Node::unreadable(used);
        };
        if self.reading.alias_nodes + anchored.nodes > MAX_ALIAS_NODES {
            self.reading.alias_nodes = MAX_ALIAS_NODES;
            self.reading.problem(used, format!("aliases stand for more than {MAX_ALIAS_NODES} values"));
            return Node::unreadable(used);
        }
        if self.frames.len() + anchored.depth > MAX_DEPTH {
            self.reading.problem(used, format!("nested more than {MAX_DEPTH} levels deep through aliases"));
            return Node::unreadable(used);
        }
        self.reading.alias_nodes += anchored.nodes;
        let mut node = anchored.node.clone();
        node.alias = Some(AliasUse { used, anchor: node.span });
        node
    }

    fn anchor(&mut self, id: usize, node: &Node) {
        if id != 0 {
            let (nodes, depth) = measure(node);
            // Anchors inside anchors are copied many times over.
            self.reading.anchored_nodes = self.reading.anchored_nodes.saturating_add(nodes);
            if self.reading.anchored_nodes <= MAX_ANCHORED_NODES {
                self.anchors.insert(id, Anchored { node: node.clone(), nodes, depth });
            }
        }
    }

    fn push(&mut self, node: Node) {
        match self.frames.last_mut() {
            None => self.documents.push(node),
            Some(Frame::Sequence { items, .. }) => items.push(node),
            Some(Frame::Skipped { .. }) => {}
            Some(Frame::Mapping { entries, key, merges, seen, .. }) => match key.take() {
                None => *key = Some(node),
                Some(k) => insert(self.reading, entries, merges, seen, Entry { key: k, value: node }),
            },
        }
    }

    /// Ends the innermost collection.
    fn close(&mut self, end: usize, incomplete: bool) {
        if let Some(Frame::Skipped { depth: depth @ 1.., .. }) = self.frames.last_mut() {
            *depth -= 1;
            return;
        }
        let Some(frame) = self.frames.pop() else { return };
        let (head, kind) = match frame {
            Frame::Skipped { start, .. } => {
                let node = Node::unreadable(self.reading.span(start, end));
                return self.push(node);
            }
            Frame::Sequence { head, items } => (head, NodeKind::Sequence(items)),
            Frame::Mapping { head, mut entries, key, merges, mut seen } => {
                if let Some(key) = key {
                    let value = Node::unreadable(self.reading.span(key.span.end as usize, end));
                    insert(self.reading, &mut entries, &mut Vec::new(), &mut seen, Entry { key, value });
                }
                merge(&mut entries, &merges, &mut seen, self.reading);
                (head, NodeKind::Mapping(entries))
            }
        };
        let span = self.extent(&head, &kind, end, incomplete);
        let mut node = Node::new(span, kind);
        node.tag = head.tag;
        node.incomplete = incomplete;
        if !incomplete {
            self.anchor(head.anchor, &node);
        }
        self.push(node);
    }

    fn extent(&self, head: &Head, kind: &NodeKind, end: usize, incomplete: bool) -> Span {
        let (first, last) = match kind {
            NodeKind::Sequence(items) => (items.first().map(place), items.last().map(place)),
            NodeKind::Mapping(entries) => {
                // Merged entries stand elsewhere.
                let mut own = entries.iter().filter(|e| e.key.alias.is_none());
                let first = own.next();
                let last = own.next_back().or(first);
                (first.map(|e| place(&e.key)), last.map(|e| place(&e.value)))
            }
            _ => (None, None),
        };
        let mut start = head.start;
        if head.tag.is_none() && !head.flow {
            start = first.map_or(start, |s| s.start as usize);
            if matches!(kind, NodeKind::Sequence(_)) {
                let before = self.reading.text.get(..start).unwrap_or("").trim_end_matches(' ');
                if before.ends_with('-') {
                    start = before.len() - 1;
                }
            }
        }
        let end = if head.flow && !incomplete { end } else { last.map_or(start, |s| s.end as usize) };
        self.reading.span(start, end)
    }

    /// Reading stops here: closes what is open, as incomplete.
    fn stop(&mut self, at: usize, message: &str) {
        let end = self.reading.text.get(at..).and_then(|t| t.chars().next()).map_or(at, |c| at + c.len_utf8());
        let span = self.reading.span(at, end);
        self.reading.problem(span, message.trim_end_matches('.'));
        if let Some(Frame::Skipped { depth, .. }) = self.frames.last_mut() {
            *depth = 0;
        }
        while !self.frames.is_empty() {
            self.close(self.last_end, true);
        }
        if let Some(last) = self.documents.last_mut() {
            last.distrust_end();
        }
    }
}

/// Whether it is the tag `!`, which only says that a scalar is a string.
fn is_non_specific(tag: &Tag) -> bool {
    matches!((tag.handle.as_str(), tag.suffix.as_str()), ("!", "") | ("", "!"))
}

/// The offset behind the closing quotation mark of a scalar that starts at `start`.
fn quoted_end(source: &str, start: usize) -> Option<usize> {
    let bytes = source.as_bytes();
    let quote = *bytes.get(start)?;
    let mut at = start + 1;
    loop {
        match *bytes.get(at)? {
            b'\\' if quote == b'"' => at += 2,
            b if b == quote && quote == b'\'' && bytes.get(at + 1) == Some(&quote) => at += 2,
            b if b == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
}

/// The tag of an application, without the exclamation mark.
fn local_tag(tag: &Tag) -> Option<SmolStr> {
    if tag.is_yaml_core_schema() || is_non_specific(tag) { None } else { Some(SmolStr::from(tag.suffix.as_str())) }
}

/// The offset of the `|` or `>` of a block scalar whose content starts at `content`.
fn block_header(source: &str, from: usize, content: usize) -> Option<usize> {
    let between = source.get(from..content)?;
    let mut comment = false;
    let mut before = ' ';
    for (i, c) in between.char_indices() {
        match c {
            '\n' => comment = false,
            '#' if before.is_whitespace() => comment = true,
            '|' | '>' if !comment => return Some(from + i),
            _ => {}
        }
        before = c;
    }
    None
}

fn insert(
    reading: &mut Reading<'_>,
    entries: &mut Vec<Entry>,
    merges: &mut Vec<Entry>,
    seen: &mut FxHashSet<SmolStr>,
    entry: Entry,
) {
    let Some(scalar) = entry.key.as_scalar() else {
        reading.problem(entry.key.span, "a key must be a string");
        return;
    };
    if scalar.text == "<<" && scalar.style == Style::Plain && entry.key.tag.is_none() {
        merges.push(entry);
        return;
    }
    let text = scalar.text.clone();
    if seen.insert(text.clone()) {
        entries.push(entry);
        return;
    }
    reading.duplicate(&entry.key);
    // The later one counts.
    if let Some(old) = entries.iter_mut().find(|e| e.key.text() == Some(&text)) {
        *old = entry;
    }
}

/// Adds what merge keys give, where the mapping has no key of its own.
fn merge(entries: &mut Vec<Entry>, merges: &[Entry], seen: &mut FxHashSet<SmolStr>, reading: &mut Reading<'_>) {
    for merge in merges {
        let sources = match &merge.value.kind {
            NodeKind::Mapping(_) => std::slice::from_ref(&merge.value),
            NodeKind::Sequence(items) => items.as_slice(),
            _ => &[],
        };
        if sources.is_empty() {
            reading.problem(place(&merge.value), "a merge key takes a mapping or a list of mappings");
        }
        for source in sources {
            let used = place(source);
            let Some(given) = source.entries() else {
                reading.problem(used, "a merge key takes a mapping or a list of mappings");
                continue;
            };
            for entry in given {
                let Some(text) = entry.key.as_scalar().map(|s| s.text.clone()) else { continue };
                if seen.insert(text) {
                    let mut entry = entry.clone();
                    if source.alias.is_some() {
                        entry.key.alias = Some(AliasUse { used, anchor: entry.key.span });
                        entry.value.alias.get_or_insert(AliasUse { used, anchor: entry.value.span });
                    }
                    entries.push(entry);
                }
            }
        }
    }
}
