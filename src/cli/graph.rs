//! `formwork graph`: what the source declares, with everything that is known of its values.

use super::args::CheckArgs;
use super::check::{threads, units, with_request};
use super::settings::{RunSettings, readable};
use super::{CLEAN, Failure, UNREADABLE};
use crate::dialect::{Declaration, Mode, Root};
use crate::output::{clean_line, is_hidden, value_json, write_json};
use crate::report::{Fault, FaultKind};
use crate::source::{Disk, Sources, Span};
use crate::value::{Kind, Piece, Rest, Truth, Value};
use crate::workspace;
use serde_json::{Value as Json, json};
use std::io::Write;
use std::path::PathBuf;

/// Values nested deeper are not shown.
const MAX_DEPTH: usize = 64;

/// Prints the declarations of every root.
pub fn run(args: &CheckArgs) -> Result<u8, Failure> {
    let as_json = match args.output.as_slice() {
        [] => false,
        [format] if format == "text" => false,
        [format] if format == "json" => true,
        [format, ..] => {
            return Err(Failure::Plain(format!("graph --format {format}: the formats are text and json")));
        }
    };
    let paths = if args.paths.is_empty() { vec![PathBuf::from(".")] } else { args.paths.clone() };
    threads(args.jobs);
    let sources = Sources::new();
    let settings = RunSettings::new(args, &paths, &sources)?;
    let (units, mut faults) = units(args, &paths, &settings);
    let disk = Disk::within(readable(&paths));
    let (roots, more) = with_request(&disk, &settings, |request| workspace::declare(&units, request, &sources));
    faults.extend(more);
    faults.sort();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    if as_json {
        write_json(&graph_json(&roots, &faults, &sources), &mut out)?;
    } else {
        write_text(&roots, &faults, &sources, &mut out)?;
    }
    out.flush()?;
    let unreadable = faults.iter().any(|f| f.kind == FaultKind::Unreadable);
    Ok(if unreadable || roots.is_empty() { UNREADABLE } else { CLEAN })
}

// ---- JSON ----

fn graph_json(roots: &[Root], faults: &[Fault], sources: &Sources) -> Json {
    let errors: Vec<Json> = faults
        .iter()
        .map(|f| match f.span {
            Some(span) => json!({"path": f.path, "message": f.message, "start": start(span, sources)}),
            None => json!({"path": f.path, "message": f.message}),
        })
        .collect();
    let roots: Vec<Json> = roots.iter().map(|r| root_json(r, sources)).collect();
    json!({"roots": roots, "errors": errors})
}

fn start(span: Span, sources: &Sources) -> Json {
    let at = sources.get(span.file).position(span.start);
    json!({"line": at.line, "column": at.column, "offset": at.offset})
}

fn root_json(root: &Root, sources: &Sources) -> Json {
    let declarations: Vec<Json> = root.declarations.iter().map(|d| declaration_json(d, sources)).collect();
    let notes: Vec<Json> = root
        .notes
        .iter()
        .map(|n| {
            let path = sources.get(n.span.file).name.clone();
            json!({"path": path, "start": start(n.span, sources), "message": n.message, "gap": n.gap})
        })
        .collect();
    json!({"name": root.name, "dialect": root.dialect.name(), "declarations": declarations, "notes": notes})
}

fn declaration_json(declaration: &Declaration, sources: &Sources) -> Json {
    let mut out = json!({
        "address": declaration.address.as_str(),
        "type": declaration.type_name.as_str(),
        "mode": mode_name(declaration.mode),
        "module": declaration.module.as_str(),
        "path": sources.get(declaration.header.file).name,
        "start": start(declaration.header, sources),
        "exists": exists_json(declaration),
        "attributes": value_json(&declaration.attributes),
    });
    if !declaration.provider.is_unset()
        && let Some(object) = out.as_object_mut()
    {
        object.insert("provider".into(), value_json(&declaration.provider));
    }
    out
}

fn mode_name(mode: Mode) -> &'static str {
    match mode {
        Mode::Resource => "resource",
        Mode::Part => "part",
        Mode::Data => "data",
    }
}

fn exists_json(declaration: &Declaration) -> Json {
    match (declaration.exists, &declaration.exists_cause) {
        (Truth::Yes, _) => Json::Bool(true),
        (Truth::No, _) => Json::Bool(false),
        (Truth::Undetermined, cause) => {
            json!({"unknown": cause.as_ref().map_or("it is not decided", |c| c.what.as_str())})
        }
    }
}

// ---- text ----

fn why(value: &Value) -> String {
    value.cause().map_or_else(|| "it is not known".to_owned(), |c| c.what.to_string())
}

fn write_text(roots: &[Root], faults: &[Fault], sources: &Sources, out: &mut impl Write) -> std::io::Result<()> {
    for (i, root) in roots.iter().enumerate() {
        if i > 0 {
            writeln!(out)?;
        }
        writeln!(
            out,
            "{} ({}, {} declarations)",
            clean_line(&root.name),
            root.dialect.name(),
            root.declarations.len()
        )?;
        for declaration in &root.declarations {
            let file = sources.get(declaration.header.file);
            let line = file.position(declaration.header.start).line;
            let exists = match (declaration.exists, &declaration.exists_cause) {
                (Truth::Yes, _) => String::new(),
                (Truth::No, _) => "  does not exist".to_owned(),
                (_, Some(cause)) => format!("  may exist: {}", cause.what),
                _ => "  may exist".to_owned(),
            };
            let address = clean_line(&declaration.address).into_owned();
            writeln!(out, "  {address}  {}:{line}{}", clean_line(&file.name), clean_line(&exists))?;
            write_value(&declaration.attributes, 2, out)?;
        }
        for note in &root.notes {
            let file = sources.get(note.span.file);
            let line = file.position(note.span.start).line;
            writeln!(out, "  note: {}:{line}: {}", clean_line(&file.name), clean_line(&note.message))?;
        }
    }
    for fault in faults {
        writeln!(out, "{}: {}", clean_line(&fault.path), clean_line(&fault.message))?;
    }
    Ok(())
}

/// The entries of a map and the elements of a list, one a line; what has parts of its own is indented below.
fn write_value(value: &Value, indent: usize, out: &mut impl Write) -> std::io::Result<()> {
    if indent > MAX_DEPTH || value.sensitive {
        return Ok(());
    }
    let mut line = |name: &str, inner: &Value| {
        let head = format!("{:1$}{2}", "", indent * 2, clean_line(name));
        match &inner.kind {
            Kind::List(_) | Kind::Map(_) if !inner.sensitive && !is_empty(inner) => {
                writeln!(out, "{head}")?;
                write_value(inner, indent + 1, out)
            }
            _ if is_hidden(name, inner) => writeln!(out, "{head} = (sensitive)"),
            _ => writeln!(out, "{head} = {}", clean_line(&short(inner))),
        }
    };
    match &value.kind {
        Kind::Map(map) => {
            for (key, inner) in &map.entries {
                line(key, inner)?;
            }
            if let Rest::Open(cause) = &map.rest
                && indent > 2
            {
                line("...", &Value::unknown(cause.clone()))?;
            }
        }
        Kind::List(list) => {
            for (i, inner) in list.items.iter().enumerate() {
                line(&format!("[{i}]"), inner)?;
            }
            if let Some(cause) = &list.open {
                line("...", &Value::unknown(cause.clone()))?;
            }
        }
        _ => {}
    }
    Ok(())
}

fn is_empty(value: &Value) -> bool {
    match &value.kind {
        Kind::List(list) => list.items.is_empty() && list.open.is_none(),
        Kind::Map(map) => map.entries.is_empty() && !matches!(map.rest, Rest::Open(_)),
        _ => false,
    }
}

/// A value on one line.
fn short(value: &Value) -> String {
    if value.sensitive && !value.is_unset() {
        return "(sensitive)".to_owned();
    }
    match &value.kind {
        Kind::Absent | Kind::Null => "null".to_owned(),
        Kind::AfterApply(_) => format!("({})", why(value)),
        Kind::Unknown(_) => format!("(unknown: {})", why(value)),
        Kind::Partial(text) => text
            .pieces()
            .iter()
            .map(|piece| match piece {
                Piece::Known(s) => s.to_string(),
                Piece::Hole(hole) if hole.sensitive => "${(sensitive)}".to_owned(),
                Piece::Hole(hole) => format!("${{{}}}", why(hole)),
            })
            .collect(),
        Kind::Choice(arms) => {
            let arms: Vec<String> = arms.iter().take(4).map(|arm| short(&arm.value)).collect();
            let more = if arms.len() < 4 { "" } else { " or ..." };
            format!("{}{more}", arms.join(" or "))
        }
        _ => value_json(value).to_string(),
    }
}
