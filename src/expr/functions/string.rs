//! Functions on strings.

use super::args::{MAX_STRING, Outcome, Stop, each_known, primitive_text, text_result, too_long, unknown_like, why};
use crate::expr::Call;
use crate::value::{Kind, List, Piece, Str, Text, Truth, Value};
use unicode_segmentation::UnicodeSegmentation;

/// The upper case of a character where it is one character, as Terraform maps it.
fn upper_char(c: char) -> char {
    let mut mapped = c.to_uppercase();
    match (mapped.next(), mapped.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

/// The lower case of a character; the first one where it is several.
fn lower_char(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

pub(super) fn upper(call: &Call<'_>) -> Outcome {
    Ok(each_known(&call.pieces(0)?, |s| s.chars().map(upper_char).collect()))
}

pub(super) fn lower(call: &Call<'_>) -> Outcome {
    Ok(each_known(&call.pieces(0)?, |s| s.chars().map(lower_char).collect()))
}

pub(super) fn title(call: &Call<'_>) -> Outcome {
    let text = call.text(0)?;
    let mut boundary = true;
    let titled = text.chars().map(|c| {
        let out = if boundary { upper_char(c) } else { c };
        boundary = if c.is_ascii() {
            !c.is_ascii_alphanumeric() && c != '_'
        } else {
            !c.is_alphanumeric() && c.is_whitespace()
        };
        out
    });
    text_result(titled.collect::<String>())
}

pub(super) fn strrev(call: &Call<'_>) -> Outcome {
    text_result(call.text(0)?.graphemes(true).rev().collect::<String>())
}

pub(super) fn chomp(call: &Call<'_>) -> Outcome {
    if let Some(document) = document(call) {
        return Ok(document);
    }
    trim_ends(&call.pieces(0)?, None, Some(&|s: &str| s.trim_end_matches(['\r', '\n']).len()))
}

/// The first argument if it is a text that was made from a value: it has no space at its ends.
fn document(call: &Call<'_>) -> Option<Value> {
    call.value(0).ok().filter(|v| v.encoded().is_some()).cloned()
}

pub(super) fn trimspace(call: &Call<'_>) -> Outcome {
    if let Some(document) = document(call) {
        return Ok(document);
    }
    let pieces = call.pieces(0)?;
    trim_ends(
        &pieces,
        Some(&|s: &str| s.len() - s.trim_start_matches(is_space).len()),
        Some(&|s: &str| s.trim_end_matches(is_space).len()),
    )
}

/// White space as Go sees it.
fn is_space(c: char) -> bool {
    c.is_whitespace()
}

pub(super) fn trim(call: &Call<'_>) -> Outcome {
    let cut: Vec<char> = call.text(1)?.chars().collect();
    let pieces = call.pieces(0)?;
    trim_ends(
        &pieces,
        Some(&|s: &str| s.len() - s.trim_start_matches(cut.as_slice()).len()),
        Some(&|s: &str| s.trim_end_matches(cut.as_slice()).len()),
    )
}

/// Where the known end of a string is cut.
type Cut<'a> = &'a dyn Fn(&str) -> usize;

/// Trims both ends. A hole at an end may begin with what is trimmed, so it is no longer the same hole; what is known
/// between holes stays.
fn trim_ends(pieces: &[Piece], start: Option<Cut<'_>>, end: Option<Cut<'_>>) -> Outcome {
    let last = pieces.len().saturating_sub(1);
    let mut out = Vec::with_capacity(pieces.len());
    for (i, piece) in pieces.iter().enumerate() {
        let at_start = start.filter(|_| i == 0);
        let at_end = end.filter(|_| i == last);
        match piece {
            Piece::Known(s) => {
                let to = at_end.map_or(s.len(), |cut| cut(s));
                let kept = s.get(..to).unwrap_or_default();
                let from = at_start.map_or(0, |cut| cut(kept));
                let kept = kept.get(from..).unwrap_or_default();
                // Everything up to the hole was trimmed: the hole may be trimmed as well.
                if kept.is_empty() && pieces.len() > 1 {
                    return Err(Stop::Unknown(unknown_pieces(pieces)));
                }
                out.push(Piece::Known(kept.into()));
            }
            Piece::Hole(hole) if at_start.is_some() || at_end.is_some() => out.push(Piece::Hole(unknown_like(hole))),
            Piece::Hole(_) => out.push(piece.clone()),
        }
        if let Piece::Hole(_) = piece
            && (at_start.is_some() || at_end.is_some())
        {
            // The hole may be empty or vanish altogether, and then its neighbour is trimmed too.
            return Err(Stop::Unknown(unknown_pieces(pieces)));
        }
    }
    Ok(Text::join(out))
}

/// An unknown value for the reason of the first hole.
fn unknown_pieces(pieces: &[Piece]) -> Value {
    let hole = pieces.iter().find_map(|p| match p {
        Piece::Hole(hole) => Some(hole),
        Piece::Known(_) => None,
    });
    hole.map_or_else(|| "".into(), unknown_like)
}

fn prefix_of(pieces: &[Piece]) -> &str {
    match pieces.first() {
        Some(Piece::Known(s)) => s,
        _ => "",
    }
}

fn suffix_of(pieces: &[Piece]) -> &str {
    match pieces.last() {
        Some(Piece::Known(s)) => s,
        _ => "",
    }
}

fn is_whole(pieces: &[Piece]) -> bool {
    pieces.iter().all(|p| matches!(p, Piece::Known(_)))
}

/// Whether the pieces begin with `wanted`.
fn begins(pieces: &[Piece], wanted: &str) -> Truth {
    let known = prefix_of(pieces);
    if known.starts_with(wanted) {
        Truth::Yes
    } else if is_whole(pieces) || !wanted.starts_with(known) {
        Truth::No
    } else {
        Truth::Undetermined
    }
}

/// Whether the pieces end with `wanted`.
fn ends(pieces: &[Piece], wanted: &str) -> Truth {
    let known = suffix_of(pieces);
    if known.ends_with(wanted) {
        Truth::Yes
    } else if is_whole(pieces) || !wanted.ends_with(known) {
        Truth::No
    } else {
        Truth::Undetermined
    }
}

fn decided(truth: Truth, pieces: &[Piece]) -> Outcome {
    match truth {
        Truth::Yes => Ok(true.into()),
        Truth::No => Ok(false.into()),
        Truth::Undetermined => Err(Stop::Unknown(unknown_pieces(pieces))),
    }
}

pub(super) fn startswith(call: &Call<'_>) -> Outcome {
    let wanted = call.text(1)?;
    if wanted.is_empty() {
        return Ok(true.into());
    }
    let pieces = call.pieces(0)?;
    decided(begins(&pieces, &wanted), &pieces)
}

pub(super) fn endswith(call: &Call<'_>) -> Outcome {
    let wanted = call.text(1)?;
    if wanted.is_empty() {
        return Ok(true.into());
    }
    let pieces = call.pieces(0)?;
    decided(ends(&pieces, &wanted), &pieces)
}

pub(super) fn strcontains(call: &Call<'_>) -> Outcome {
    let wanted = call.text(1)?;
    let pieces = call.pieces(0)?;
    let found = pieces.iter().any(|p| matches!(p, Piece::Known(s) if s.contains(wanted.as_str())));
    let truth = if found {
        Truth::Yes
    } else if is_whole(&pieces) {
        Truth::No
    } else {
        Truth::Undetermined
    };
    decided(truth, &pieces)
}

pub(super) fn trimprefix(call: &Call<'_>) -> Outcome {
    let prefix = call.text(1)?;
    let mut pieces = call.pieces(0)?;
    match begins(&pieces, &prefix) {
        Truth::No => {}
        Truth::Yes => {
            if let Some(Piece::Known(s)) = pieces.first_mut() {
                *s = s.strip_prefix(prefix.as_str()).unwrap_or(s).into();
            }
        }
        Truth::Undetermined => return Err(Stop::Unknown(unknown_pieces(&pieces))),
    }
    Ok(Text::join(pieces))
}

pub(super) fn trimsuffix(call: &Call<'_>) -> Outcome {
    let suffix = call.text(1)?;
    let mut pieces = call.pieces(0)?;
    match ends(&pieces, &suffix) {
        Truth::No => {}
        Truth::Yes => {
            if let Some(Piece::Known(s)) = pieces.last_mut() {
                *s = s.strip_suffix(suffix.as_str()).unwrap_or(s).into();
            }
        }
        Truth::Undetermined => return Err(Stop::Unknown(unknown_pieces(&pieces))),
    }
    Ok(Text::join(pieces))
}

pub(super) fn indent(call: &Call<'_>) -> Outcome {
    let spaces = call.count(0)?;
    let pieces = call.pieces(1)?;
    let lines: usize = pieces
        .iter()
        .map(|p| match p {
            Piece::Known(s) => s.matches('\n').count(),
            Piece::Hole(_) => 0,
        })
        .sum();
    if spaces.saturating_mul(lines.max(1)) > MAX_STRING {
        return Err(too_long());
    }
    let pad = format!("\n{}", " ".repeat(spaces));
    Ok(each_known(&pieces, |s| s.replace('\n', &pad)))
}

pub(super) fn substr(call: &Call<'_>) -> Outcome {
    let text = call.text(0)?;
    let (mut offset, length) = (call.int(1)?, call.int(2)?);
    if offset < 0 {
        offset = offset.saturating_add(text.graphemes(true).count() as i64);
    } else if length == 0 {
        return Ok("".into());
    }
    let skipped = usize::try_from(offset).unwrap_or(0);
    let rest = text.grapheme_indices(true).nth(skipped).and_then(|(at, _)| text.get(at..)).unwrap_or_default();
    // A length of zero behind a negative offset takes the rest, as any negative length does.
    let Some(length) = usize::try_from(length).ok().filter(|&l| l > 0) else { return text_result(rest) };
    let end = rest.grapheme_indices(true).nth(length).map_or(rest.len(), |(at, _)| at);
    text_result(rest.get(..end).unwrap_or_default())
}

/// The elements of all lists behind the separator, and why there may be more of them.
pub(super) fn join(call: &Call<'_>) -> Outcome {
    let separator = call.pieces(0)?;
    if call.args.len() < 2 {
        return Err("join needs at least one list".into());
    }
    let mut pieces: Vec<Piece> = Vec::new();
    let mut length = 0usize;
    let mut first = true;
    let mut sensitive = false;
    let gap: usize = separator.iter().map(piece_length).sum();
    for index in 1..call.args.len() {
        let before = pieces.len();
        let value = call.value(index)?;
        let list = match call.list(index) {
            Ok(list) => list,
            Err(Stop::Unknown(hole)) => {
                push_separated(&mut pieces, &separator, &mut first);
                pieces.push(Piece::Hole(hole));
                continue;
            }
            Err(stop) => return Err(stop),
        };
        for (at, item) in list.items.iter().enumerate() {
            push_separated(&mut pieces, &separator, &mut first);
            let item = value.inside(item);
            sensitive |= item.sensitive;
            if item.is_unset() {
                return Err(format!("element {at} of argument {} of join is null", index + 1).into());
            }
            if matches!(item.kind, Kind::List(_) | Kind::Map(_)) {
                return Err(format!("join needs lists of strings; one holds a {}", item.type_name()).into());
            }
            let piece = item.piece();
            length += piece_length(&piece) + gap;
            if length > MAX_STRING {
                return Err(too_long());
            }
            pieces.push(piece);
        }
        if let Some(cause) = &list.open {
            // Others may stand before, between and behind: nothing of this list has a certain place.
            pieces.truncate(before);
            first = pieces.is_empty();
            push_separated(&mut pieces, &separator, &mut first);
            pieces.push(Piece::Hole(Value::unknown(cause.clone()).with_trail(value.trail.clone())));
        }
    }
    // A string of one unknown part is that part.
    if let [Piece::Hole(hole)] = pieces.as_slice() {
        return Ok(hole.clone().marked(sensitive));
    }
    Ok(Text::join(pieces).marked(sensitive))
}

fn piece_length(piece: &Piece) -> usize {
    match piece {
        Piece::Known(s) => s.len(),
        Piece::Hole(_) => 1,
    }
}

fn push_separated(pieces: &mut Vec<Piece>, separator: &[Piece], first: &mut bool) {
    if !std::mem::take(first) {
        pieces.extend_from_slice(separator);
    }
}

pub(super) fn split(call: &Call<'_>) -> Outcome {
    let separator = call.text(0)?;
    let pieces = call.pieces(1)?;
    if let [Piece::Known(text)] = pieces.as_slice() {
        return Ok(split_known(&separator, text));
    }
    if pieces.is_empty() {
        return Ok(split_known(&separator, ""));
    }
    // Between two separators of one known piece stands a whole element. A separator of several characters may begin
    // in a hole, and then nothing is certain.
    if separator.chars().count() != 1 {
        return Err(Stop::Unknown(unknown_pieces(&pieces)));
    }
    let hole = unknown_pieces(&pieces);
    let last = pieces.len() - 1;
    let mut items = Vec::new();
    for (i, piece) in pieces.iter().enumerate() {
        let Piece::Known(text) = piece else { continue };
        let parts: Vec<&str> = text.split(separator.as_str()).collect();
        let from = usize::from(i != 0);
        let to = parts.len() - usize::from(i != last);
        items.extend(parts.get(from..to).unwrap_or_default().iter().map(|p| Value::from(*p)));
    }
    Ok(Kind::List(List { items, open: Some(why(&hole)), set: false }.into()).into())
}

fn split_known(separator: &str, text: &str) -> Value {
    let parts: Vec<Value> = if separator.is_empty() {
        text.chars().map(|c| Value::from(Str::from(c.to_string()))).collect()
    } else {
        text.split(separator).map(Value::from).collect()
    };
    Value::list(parts)
}

pub(super) fn templatestring(call: &Call<'_>) -> Outcome {
    let text = call.text(0)?;
    let variables = call.value(1)?;
    if !matches!(variables.kind, Kind::Map(_)) && !variables.is_unknown() {
        return Err("the variables of templatestring must be a map".into());
    }
    Ok(call.host.render("templatestring", &text, variables))
}

/// The number of characters as people count them.
pub(super) fn characters(text: &str) -> i64 {
    if text.is_ascii() && !text.contains('\r') {
        return text.len() as i64;
    }
    text.graphemes(true).count() as i64
}

/// A list of strings with the empty and null ones left out; what is not known may be either.
pub(super) fn compact(call: &Call<'_>) -> Outcome {
    let value = call.value(0)?;
    let list = call.list(0)?;
    let mut open = list.open.clone();
    let mut items = Vec::with_capacity(list.items.len());
    for item in &list.items {
        if item.is_unset() {
            continue;
        }
        match &item.kind {
            // A document is never empty, however it is written.
            _ if item.encoded().is_some() => items.push(value.inside(item)),
            Kind::Partial(text) if text.prefix().is_empty() && text.suffix().is_empty() => {
                open = open.or_else(|| Some(why(item)));
            }
            Kind::Partial(_) => items.push(value.inside(item)),
            _ if !item.is_wholly_known() => open = open.or_else(|| Some(why(item))),
            _ => {
                let text = primitive_text(item)
                    .map_err(|found| Stop::from(format!("compact needs a list of strings; it holds a {found}")))?;
                if !text.is_empty() {
                    let kept = value.inside(item);
                    items.push(Value { kind: Kind::String(text), ..kept });
                }
            }
        }
    }
    Ok(Kind::List(List { items, open, set: false }.into()).into())
}
