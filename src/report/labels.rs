//! From a trail to labels.

use super::Label;
use crate::graph::native::secrets;
use crate::source::{Sources, Span};
use crate::value::{Hop, HopKind, Trail};

/// Longer source text is not quoted in a label.
const MAX_QUOTE: usize = 48;

/// The text under a span as a label quotes it: short, on one line, and nothing that must not be shown.
pub(super) fn quote(span: Span, sources: &Sources, sensitive: bool) -> Option<String> {
    if sensitive {
        return None;
    }
    let file = sources.get(span.file);
    let text = file.text.get(span.range())?.trim();
    let short = !text.is_empty() && text.chars().count() <= MAX_QUOTE && !text.contains('\n');
    (short && secrets::in_text(text).is_empty()).then(|| text.to_owned())
}

/// Hides the literals of a value that must not be shown: what is written last, and an expression that holds a literal.
fn hide(trail: &Trail, sources: &Sources) {
    let last = trail.hops().last();
    for hop in trail.first().into_iter().chain(last) {
        let file = sources.get(hop.span.file);
        let Some(text) = file.text.get(hop.span.range()) else { continue };
        // The name of an input is no secret, nor is the head of its block.
        let key = file.text.get(hop.span.end as usize..).is_some_and(|rest| rest.trim_start().starts_with(':'));
        let head = key || matches!(hop.kind, HopKind::Block | HopKind::Missing) || text.starts_with("variable");
        let whole = last.is_some_and(|l| l.span == hop.span) && !matches!(hop.kind, HopKind::Used | HopKind::Attribute);
        if !head && (whole || text.contains('"') || text.starts_with("!If")) {
            sources.hide(hop.span);
        }
    }
}

/// What is to be said at the place of use.
fn at_use(hop: &Hop) -> String {
    match hop.kind {
        HopKind::Missing => format!("{} is not set", hop.name),
        HopKind::CatalogDefault => format!("{} is not set", hop.name),
        HopKind::Satellite => format!("set by {}", hop.name),
        HopKind::Attribute => format!("read from {}", hop.name),
        HopKind::Planned => format!("planned for {}", hop.name),
        HopKind::Written => "set here".to_owned(),
        HopKind::Block => "declared here".to_owned(),
        _ => "used here".to_owned(),
    }
}

/// What is to be said of a place on the way.
fn on_the_way(hop: &Hop, sources: &Sources, sensitive: bool) -> String {
    let name = &hop.name;
    let quoted = quote(hop.span, sources, sensitive);
    match (hop.kind, quoted) {
        (HopKind::Default, Some(text)) if text.starts_with("variable") => format!("{name} is declared without a value"),
        (HopKind::Default, Some(text)) => format!("default of {name} is {text}"),
        (HopKind::Default, None) => format!("default of {name}"),
        (HopKind::Input, Some(text)) => format!("{name} is set to {text}"),
        (HopKind::Input, None) => format!("{name} is set here"),
        (HopKind::Local, Some(text)) => format!("{name} is {text}"),
        (HopKind::Local, None) => format!("{name} is set here"),
        (HopKind::Argument, _) => format!("passed as {name}"),
        (HopKind::Output, _) => format!("output {name}"),
        (HopKind::Mapping, _) => format!("found in {name}"),
        (HopKind::Attribute, _) => format!("read from {name}"),
        (HopKind::Inherited, _) => format!("inherited from {name}"),
        (HopKind::Satellite, _) => format!("set by {name}"),
        (HopKind::Missing | HopKind::CatalogDefault, _) => format!("{name} is not set"),
        (HopKind::Planned, _) => format!("planned for {name}"),
        (HopKind::Written, _) => "written here".to_owned(),
        (HopKind::Block, _) => "declared here".to_owned(),
        (HopKind::Used, _) => "used here".to_owned(),
    }
}

/// Where a hop is shown: of a block or object in which something is missing the line with which it starts.
fn place(hop: &Hop, sources: &Sources) -> Span {
    if !matches!(hop.kind, HopKind::Missing | HopKind::CatalogDefault | HopKind::Block) {
        return hop.span;
    }
    let file = sources.get(hop.span.file);
    let line = file.text.get(hop.span.range()).and_then(|text| text.find('\n').map(|end| text[..end].trim_end().len()));
    match line {
        Some(length) if length > 0 => {
            Span::new(hop.span.file, hop.span.start as usize, hop.span.start as usize + length)
        }
        _ => hop.span,
    }
}

/// The label at the place of use and those on the way. `None`: the trail is empty.
pub(super) fn labels(
    trail: &Trail,
    said: Option<String>,
    sources: &Sources,
    sensitive: bool,
) -> Option<(Label, Vec<Label>)> {
    if sensitive {
        hide(trail, sources);
    }
    let hops: Vec<&Hop> = trail.hops().collect();
    let (first, mut hops) = hops.split_first()?;
    let primary = Label { span: place(first, sources), message: said.unwrap_or_else(|| at_use(first)) };
    let mut secondary: Vec<Label> = Vec::new();
    while let Some((hop, rest)) = hops.split_first() {
        hops = rest;
        // A list or map says nothing beside the element in it that is used.
        let around = hop.kind == HopKind::Used && rest.iter().any(|inner| hop.span.contains(inner.span));
        if around || hop.span == primary.span || secondary.iter().any(|l| l.span == hop.span) {
            continue;
        }
        let label = Label { span: hop.span, message: on_the_way(hop, sources, sensitive) };
        match secondary.iter_mut().find(|l| l.message == label.message && l.span.contains(label.span)) {
            Some(around) => *around = label,
            None => secondary.push(label),
        }
    }
    Some((primary, secondary))
}
