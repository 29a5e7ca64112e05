//! Comma-separated values.

use super::args::{MAX_JOINED, Outcome, Stop, too_many};
use crate::expr::Call;
use crate::value::{Entries, Str, Value};

pub(super) fn csvdecode(call: &Call<'_>) -> Outcome {
    let text = call.text(0)?;
    let mut records = records(&text)?.into_iter();
    let Some(header) = records.next() else { return Err("the CSV text has no header".into()) };
    for (at, name) in header.iter().enumerate() {
        if header.get(..at).is_some_and(|before| before.contains(name)) {
            return Err(format!("the CSV text has two columns {name:?}").into());
        }
    }
    let mut rows = Vec::new();
    for record in records {
        if record.len() != header.len() {
            return Err(format!("a CSV record has {} fields instead of {}", record.len(), header.len()).into());
        }
        if rows.len().saturating_mul(header.len()) > MAX_JOINED {
            return Err(too_many(MAX_JOINED));
        }
        let entries: Entries = header.iter().cloned().zip(record.into_iter().map(Value::from)).collect();
        rows.push(Value::map(entries));
    }
    Ok(Value::list(rows))
}

/// The records of RFC 4180; empty lines are skipped.
fn records(text: &str) -> Outcome<Vec<Vec<Str>>> {
    let mut out = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        if let Some(behind) = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n')) {
            rest = behind;
            continue;
        }
        let mut record = Vec::new();
        loop {
            let (field, behind) = field(rest)?;
            record.push(field);
            if let Some(behind) = behind.strip_prefix(',') {
                rest = behind;
                continue;
            }
            rest = behind.strip_prefix("\r\n").or_else(|| behind.strip_prefix('\n')).unwrap_or(behind);
            break;
        }
        out.push(record);
    }
    Ok(out)
}

/// A field, and what follows: a comma, a line break or nothing.
fn field(text: &str) -> Outcome<(Str, &str)> {
    let Some(mut rest) = text.strip_prefix('"') else {
        let end = text.find([',', '\n']).unwrap_or(text.len());
        let (raw, behind) = text.split_at(end);
        // The carriage return belongs to the line break.
        let (raw, behind) = match raw.strip_suffix('\r') {
            Some(kept) if !behind.starts_with(',') => (kept, behind),
            _ => (raw, behind),
        };
        if raw.contains('"') {
            return Err(Stop::from("a CSV field has a quotation mark in the middle"));
        }
        return Ok((raw.into(), behind));
    };
    let mut out = String::new();
    loop {
        let Some((inner, behind)) = rest.split_once('"') else {
            return Err("a CSV field lacks its closing quotation mark".into());
        };
        out.push_str(inner);
        if let Some(behind) = behind.strip_prefix('"') {
            out.push('"');
            rest = behind;
            continue;
        }
        let out = out.replace("\r\n", "\n");
        if behind.is_empty() || behind.starts_with([',', '\n']) || behind.starts_with("\r\n") {
            return Ok((out.into(), behind));
        }
        return Err("a CSV field goes on behind its closing quotation mark".into());
    }
}
