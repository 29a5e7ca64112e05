//! Functions on paths and files. Files are read through the host, which decides what may be read.

use super::args::{MAX_STRING, Outcome, Stop, decided_later, text_result, too_long};
use super::hash::{Algorithm, hex};
use crate::expr::Call;
use crate::source::ReadError;
use crate::value::{Cause, CauseKind, Kind, List, Value};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The text of the file that the argument names. A file that is not there is an error, as it is in Terraform; one that
/// may not or cannot be read leaves the result unknown.
fn read(call: &Call<'_>) -> Outcome<String> {
    let path = call.text(0)?;
    let text = match call.host.read_file(&path) {
        Ok(text) => text,
        Err(ReadError::NotFound) => return Err(format!("there is no file {path}").into()),
        Err(error) => {
            let cause = Cause::new(CauseKind::Missing, format!("the file {path} is not read: {error}"));
            return Err(Stop::Unknown(Value::unknown(cause)));
        }
    };
    if text.len() > MAX_STRING { Err(too_long()) } else { Ok(text) }
}

pub(super) fn file(call: &Call<'_>) -> Outcome {
    text_result(read(call)?)
}

pub(super) fn filebase64(call: &Call<'_>) -> Outcome {
    text_result(STANDARD.encode(read(call)?))
}

pub(super) fn fileexists(call: &Call<'_>) -> Outcome {
    let path = call.text(0)?;
    match call.host.read_file(&path) {
        Ok(_) | Err(ReadError::TooLarge(_) | ReadError::NotUtf8(_)) => Ok(true.into()),
        Err(ReadError::NotFound) => Ok(false.into()),
        Err(error) => {
            let cause = Cause::new(CauseKind::Missing, format!("the file {path} is not read: {error}"));
            Err(Stop::Unknown(Value::unknown(cause)))
        }
    }
}

fn digest(call: &Call<'_>, algorithm: Algorithm) -> Outcome<Vec<u8>> {
    Ok(algorithm.digest(read(call)?.as_bytes()))
}

pub(super) fn filemd5(call: &Call<'_>) -> Outcome {
    Ok(hex(&digest(call, Algorithm::Md5)?).into())
}

pub(super) fn filesha1(call: &Call<'_>) -> Outcome {
    Ok(hex(&digest(call, Algorithm::Sha1)?).into())
}

pub(super) fn filesha256(call: &Call<'_>) -> Outcome {
    Ok(hex(&digest(call, Algorithm::Sha256)?).into())
}

pub(super) fn filesha512(call: &Call<'_>) -> Outcome {
    Ok(hex(&digest(call, Algorithm::Sha512)?).into())
}

pub(super) fn filebase64sha256(call: &Call<'_>) -> Outcome {
    Ok(STANDARD.encode(digest(call, Algorithm::Sha256)?).into())
}

pub(super) fn filebase64sha512(call: &Call<'_>) -> Outcome {
    Ok(STANDARD.encode(digest(call, Algorithm::Sha512)?).into())
}

pub(super) fn templatefile(call: &Call<'_>) -> Outcome {
    let variables = call.value(1)?;
    if !matches!(variables.kind, Kind::Map(_)) && !variables.is_unknown() {
        return Err("the variables of templatefile must be a map".into());
    }
    let text = read(call)?;
    Ok(call.host.render(&call.text(0)?, &text, variables))
}

pub(super) fn fileset(call: &Call<'_>) -> Outcome {
    let (folder, pattern) = (call.text(0)?, call.text(1)?);
    match call.host.file_set(&folder, &pattern) {
        Ok(paths) => {
            let items = paths.into_iter().map(Value::from).collect();
            Ok(Kind::List(List { items, open: None, set: true }.into()).into())
        }
        Err(ReadError::NotFound) => Ok(Kind::List(List { set: true, ..List::default() }.into()).into()),
        Err(error) => {
            let cause = Cause::new(CauseKind::Missing, format!("the folder {folder} is not read: {error}"));
            Err(Stop::Unknown(Value::unknown(cause)))
        }
    }
}

pub(super) fn abspath(call: &Call<'_>) -> Outcome {
    let path = call.text(0)?;
    if path.starts_with('/') {
        return text_result(clean(&path));
    }
    Ok(decided_later("abspath depends on the folder in which Terraform runs"))
}

pub(super) fn pathexpand(call: &Call<'_>) -> Outcome {
    let path = call.text(0)?;
    if path.starts_with('~') {
        return Ok(decided_later("pathexpand depends on who runs Terraform"));
    }
    text_result(path)
}

pub(super) fn basename(call: &Call<'_>) -> Outcome {
    let path = call.text(0)?;
    if path.is_empty() {
        return Ok(".".into());
    }
    let trimmed = path.trim_end_matches('/');
    if trimmed.is_empty() {
        return Ok("/".into());
    }
    text_result(trimmed.rsplit('/').next().unwrap_or(trimmed))
}

pub(super) fn dirname(call: &Call<'_>) -> Outcome {
    let path = call.text(0)?;
    let folder = path.rfind('/').and_then(|at| path.get(..=at)).unwrap_or_default();
    text_result(clean(folder))
}

/// The shortest spelling of a path, as Go's `filepath.Clean` finds it.
fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => match parts.last() {
                Some(&last) if last != ".." => {
                    parts.pop();
                }
                _ if rooted => {}
                _ => parts.push(".."),
            },
            _ => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}
