//! Base64, URLs and character encodings.

use super::args::{Outcome, Stop, text_result};
use crate::expr::Call;
use crate::value::{Cause, CauseKind, Value};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fmt::Write as _;

/// Decodes standard Base64; line breaks are skipped, as Go skips them.
fn decode(text: &str) -> Outcome<Vec<u8>> {
    let plain: String = text.chars().filter(|c| !matches!(c, '\n' | '\r')).collect();
    STANDARD.decode(plain.as_bytes()).map_err(|_| Stop::from("the string is not Base64"))
}

pub(super) fn base64encode(call: &Call<'_>) -> Outcome {
    text_result(STANDARD.encode(call.text(0)?.as_bytes()))
}

pub(super) fn base64decode(call: &Call<'_>) -> Outcome {
    match String::from_utf8(decode(&call.text(0)?)?) {
        Ok(text) => text_result(text),
        Err(_) => Err("the decoded bytes are not UTF-8".into()),
    }
}

fn unsupported(what: &str) -> Stop {
    Stop::Unknown(Value::unknown(Cause::new(CauseKind::Unsupported, what)))
}

pub(super) fn base64gzip(_: &Call<'_>) -> Outcome {
    Err(unsupported("base64gzip is not computed"))
}

pub(super) fn base64gunzip(_: &Call<'_>) -> Outcome {
    Err(unsupported("base64gunzip is not computed"))
}

pub(super) fn urlencode(call: &Call<'_>) -> Outcome {
    let text = call.text(0)?;
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    text_result(out)
}

pub(super) fn urldecode(call: &Call<'_>) -> Outcome {
    let text = call.text(0)?;
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'+' => out.push(b' '),
            b'%' => {
                let mut digit = || bytes.next().and_then(|b| char::from(b).to_digit(16));
                match (digit(), digit()) {
                    (Some(high), Some(low)) => out.push((high * 16 + low) as u8),
                    _ => return Err("a percent sign lacks its two digits".into()),
                }
            }
            _ => out.push(byte),
        }
    }
    match String::from_utf8(out) {
        Ok(text) => text_result(text),
        Err(_) => Err("the decoded bytes are not UTF-8".into()),
    }
}

/// The character encodings that are computed.
enum Charset {
    Utf8,
    Utf16 { big: bool, mark: bool },
    Latin1,
    Ascii,
}

impl Charset {
    fn named(name: &str) -> Option<Charset> {
        Some(match name.to_ascii_lowercase().as_str() {
            "utf-8" | "utf8" => Charset::Utf8,
            "utf-16le" => Charset::Utf16 { big: false, mark: false },
            "utf-16be" => Charset::Utf16 { big: true, mark: false },
            "utf-16" => Charset::Utf16 { big: true, mark: true },
            "iso-8859-1" | "iso_8859-1" | "latin1" | "l1" => Charset::Latin1,
            "us-ascii" | "ascii" => Charset::Ascii,
            _ => return None,
        })
    }

    fn encode(&self, text: &str) -> Option<Vec<u8>> {
        let narrow = |limit: u32| {
            text.chars()
                .map(|c| u8::try_from(u32::from(c)).ok().filter(|b| u32::from(*b) < limit))
                .collect::<Option<Vec<u8>>>()
        };
        match self {
            Charset::Utf8 => Some(text.as_bytes().to_vec()),
            Charset::Utf16 { big, mark } => {
                let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
                Some(units.flat_map(|u| if *big { u.to_be_bytes() } else { u.to_le_bytes() }).collect())
            }
            Charset::Latin1 => narrow(256),
            Charset::Ascii => narrow(128),
        }
    }

    fn decode(&self, bytes: &[u8]) -> Option<String> {
        match self {
            Charset::Utf8 => String::from_utf8(bytes.to_vec()).ok(),
            Charset::Utf16 { big, mark } => {
                if !bytes.len().is_multiple_of(2) {
                    return None;
                }
                let mut big = *big;
                let mut bytes = bytes;
                if *mark {
                    let (order, rest) = bytes.split_at_checked(2)?;
                    big = order == [0xfe, 0xff];
                    if !big && order != [0xff, 0xfe] {
                        return None;
                    }
                    bytes = rest;
                }
                let units: Vec<u16> = bytes
                    .as_chunks::<2>()
                    .0
                    .iter()
                    .map(|pair| if big { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) })
                    .collect();
                String::from_utf16(&units).ok()
            }
            Charset::Latin1 => Some(bytes.iter().map(|b| char::from(*b)).collect()),
            Charset::Ascii => bytes.is_ascii().then(|| bytes.iter().map(|b| char::from(*b)).collect()),
        }
    }
}

pub(super) fn textencodebase64(call: &Call<'_>) -> Outcome {
    let (text, name) = (call.text(0)?, call.text(1)?);
    let Some(charset) = Charset::named(&name) else {
        return Err(unsupported("this character encoding is not computed"));
    };
    match charset.encode(&text) {
        Some(bytes) => text_result(STANDARD.encode(bytes)),
        None => Err(format!("the string has characters that {name} lacks").into()),
    }
}

pub(super) fn textdecodebase64(call: &Call<'_>) -> Outcome {
    let (text, name) = (call.text(0)?, call.text(1)?);
    let Some(charset) = Charset::named(&name) else {
        return Err(unsupported("this character encoding is not computed"));
    };
    match charset.decode(&decode(&text)?) {
        Some(text) if !text.contains('\u{fffd}') => text_result(text),
        _ => Err(format!("the bytes are not {name}").into()),
    }
}
