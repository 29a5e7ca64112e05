//! What a template declares, as JSON for people to read.

use formwork::dialect::Root;
use formwork::source::{Sources, Span};
use formwork::syntax::Problem;
use formwork::value::{HopKind, Kind, Piece, Rest, Title, Trail, Truth, Value, When};
use serde_json::{Map, Value as Json, json};

pub fn root(root: &Root, problems: &[Problem], sources: &Sources) -> Json {
    let mut out = Map::new();
    if !problems.is_empty() {
        let problems: Vec<Json> =
            problems.iter().map(|p| json!(format!("{}: {}", place(p.span, sources), p.message))).collect();
        out.insert("problems".into(), problems.into());
    }
    if !root.notes.is_empty() {
        let notes = root.notes.iter().map(|n| {
            let sort = if n.gap { "gap" } else { "error" };
            json!(format!("{}: {sort}: {}", place(n.span, sources), n.message))
        });
        out.insert("notes".into(), notes.collect());
    }
    let mut declarations = Vec::new();
    for d in root.declarations.iter().filter(|d| d.mode != formwork::dialect::Mode::Part) {
        let mut one = Map::new();
        one.insert("address".into(), json!(d.address.as_str()));
        one.insert("type".into(), json!(d.type_name.as_str()));
        one.insert("header".into(), json!(place(d.header, sources)));
        if d.exists != Truth::Yes {
            let why = d.exists_cause.as_ref().map(|c| c.what.to_string());
            let truth = format!("{:?}", d.exists);
            one.insert("exists".into(), json!({"truth": truth, "cause": why, "when": when(&d.when)}));
        }
        if !d.callers.is_empty() {
            let callers: Vec<String> =
                d.callers.iter().map(|(a, s)| format!("{a} at {}", place(*s, sources))).collect();
            one.insert("callers".into(), json!(callers));
        }
        one.insert("attributes".into(), value(&d.attributes));
        if d.meta.as_map().is_some_and(|m| !m.entries.is_empty()) {
            one.insert("meta".into(), value(&d.meta));
        }
        let mut trails = Map::new();
        trail_lines(&d.attributes, "", sources, &mut trails);
        if !trails.is_empty() {
            one.insert("trails".into(), trails.into());
        }
        declarations.push(Json::Object(one));
    }
    out.insert("declarations".into(), declarations.into());
    out.into()
}

/// The ways, and `...` when there may be others.
fn when(when: &When) -> Json {
    let guard = |g: &formwork::value::Guard| match g.title {
        Title::Name => format!("{}={}", g.condition, g.holds),
        _ if g.holds => g.condition.to_string(),
        _ => format!("not {}", g.condition),
    };
    let ways = when.ways().iter().map(|way| way.iter().map(guard).collect::<Vec<_>>().join(" and "));
    ways.chain(when.has_others().then(|| "...".to_owned())).collect::<Vec<_>>().join(" or ").into()
}

pub fn value(v: &Value) -> Json {
    let body = match &v.kind {
        Kind::Absent => json!({"absent": true}),
        Kind::Null => Json::Null,
        Kind::Bool(b) => json!(b),
        Kind::Number(n) => n.as_i64().map_or_else(|| json!(n.as_f64()), |i| json!(i)),
        Kind::String(s) => json!(s.as_str()),
        Kind::Partial(text) => {
            let pieces: Vec<Json> = text
                .pieces()
                .iter()
                .map(|p| match p {
                    Piece::Known(s) => json!(s.as_str()),
                    Piece::Hole(v) => value(v),
                })
                .collect();
            json!({"text": pieces})
        }
        Kind::List(list) => {
            let items: Vec<Json> = list.items.iter().map(value).collect();
            match &list.open {
                Some(cause) => json!({"list": items, "open": cause.what.as_str()}),
                None => json!(items),
            }
        }
        Kind::Map(map) => {
            let mut out: Map<String, Json> = map.entries.iter().map(|(k, v)| (k.to_string(), value(v))).collect();
            match &map.rest {
                Rest::Closed => {}
                Rest::Open(cause) => {
                    out.insert("(open)".into(), json!(cause.what.as_str()));
                }
                Rest::Resource(address) => {
                    out.insert("(resource)".into(), json!(address.as_str()));
                }
            }
            out.into()
        }
        Kind::Choice(arms) => {
            let arms = arms.iter().map(|a| json!({"when": when(&a.when), "value": value(&a.value)}));
            json!({"choice": arms.collect::<Vec<_>>()})
        }
        Kind::AfterApply(r) => json!({"ref": format!("{}.{}", r.address, r.attribute)}),
        Kind::Unknown(cause) => json!({"unknown": cause.what.as_str(), "kind": format!("{:?}", cause.kind)}),
    };
    if v.sensitive { json!({"sensitive": body}) } else { body }
}

/// The trails that are more than "written here", by the path of the value.
fn trail_lines(v: &Value, path: &str, sources: &Sources, out: &mut Map<String, Json>) {
    let told = v.trail.hops().count() > 1 || v.trail.first().is_some_and(|h| h.kind != HopKind::Written);
    if told {
        out.insert(path.to_owned(), json!(trail(&v.trail, sources)));
    }
    match &v.kind {
        Kind::List(list) => {
            for (i, item) in list.items.iter().enumerate() {
                trail_lines(&v.inside(item), &format!("{path}[{i}]"), sources, out);
            }
        }
        Kind::Map(map) => {
            for (key, item) in &map.entries {
                trail_lines(&v.inside(item), &format!("{path}.{key}"), sources, out);
            }
        }
        Kind::Choice(arms) => {
            for (i, arm) in arms.iter().enumerate() {
                trail_lines(&arm.value, &format!("{path}|{i}"), sources, out);
            }
        }
        _ => {}
    }
}

fn trail(trail: &Trail, sources: &Sources) -> String {
    let hops: Vec<String> = trail
        .hops()
        .map(|h| {
            let name = if h.name.is_empty() { String::new() } else { format!(" {}", h.name) };
            format!("{:?}{name} {} `{}`", h.kind, place(h.span, sources), clip(&sources.text(h.span)))
        })
        .collect();
    hops.join(" <- ")
}

fn place(span: Span, sources: &Sources) -> String {
    let file = sources.get(span.file);
    let at = file.position(span.start);
    let name = if span.file.0 == 0 { String::new() } else { format!("{}:", file.name) };
    format!("{name}{}:{}", at.line, at.column)
}

fn clip(text: &str) -> String {
    let line = text.lines().next().unwrap_or("");
    if line.len() < text.len() { format!("{line}...") } else { line.to_owned() }
}
