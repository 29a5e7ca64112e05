//! Digests and identifiers made from them.

use super::args::{Outcome, Stop, decided_later};
use crate::expr::Call;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};
use std::fmt::Write as _;

/// Bytes as lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// The digests that the library offers.
#[derive(Clone, Copy)]
pub(super) enum Algorithm {
    Md5,
    Sha1,
    Sha256,
    Sha512,
}

impl Algorithm {
    pub(super) fn digest(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Algorithm::Md5 => Md5::digest(bytes).to_vec(),
            Algorithm::Sha1 => Sha1::digest(bytes).to_vec(),
            Algorithm::Sha256 => Sha256::digest(bytes).to_vec(),
            Algorithm::Sha512 => Sha512::digest(bytes).to_vec(),
        }
    }
}

fn hashed(call: &Call<'_>, algorithm: Algorithm) -> Outcome {
    Ok(hex(&algorithm.digest(call.text(0)?.as_bytes())).into())
}

pub(super) fn md5(call: &Call<'_>) -> Outcome {
    hashed(call, Algorithm::Md5)
}

pub(super) fn sha1(call: &Call<'_>) -> Outcome {
    hashed(call, Algorithm::Sha1)
}

pub(super) fn sha256(call: &Call<'_>) -> Outcome {
    hashed(call, Algorithm::Sha256)
}

pub(super) fn sha512(call: &Call<'_>) -> Outcome {
    hashed(call, Algorithm::Sha512)
}

pub(super) fn base64sha256(call: &Call<'_>) -> Outcome {
    Ok(STANDARD.encode(Sha256::digest(call.text(0)?.as_bytes())).into())
}

pub(super) fn base64sha512(call: &Call<'_>) -> Outcome {
    Ok(STANDARD.encode(Sha512::digest(call.text(0)?.as_bytes())).into())
}

#[allow(clippy::unnecessary_wraps)] // the table wants one type for all
pub(super) fn bcrypt(_: &Call<'_>) -> Outcome {
    Ok(decided_later("bcrypt draws a new salt in every run"))
}

#[allow(clippy::unnecessary_wraps)] // the table wants one type for all
pub(super) fn uuid(_: &Call<'_>) -> Outcome {
    Ok(decided_later("uuid draws a new identifier in every run"))
}

#[allow(clippy::unnecessary_wraps)] // the table wants one type for all
pub(super) fn rsadecrypt(_: &Call<'_>) -> Outcome {
    Ok(crate::value::Value::unknown(crate::value::Cause::new(
        crate::value::CauseKind::Unsupported,
        "rsadecrypt is not computed",
    ))
    .marked(true))
}

pub(super) fn uuidv5(call: &Call<'_>) -> Outcome {
    let namespace = match call.text(0)?.as_str() {
        "dns" | "6ba7b810-9dad-11d1-80b4-00c04fd430c8" => "6ba7b8109dad11d180b400c04fd430c8".to_owned(),
        "url" => "6ba7b8119dad11d180b400c04fd430c8".to_owned(),
        "oid" => "6ba7b8129dad11d180b400c04fd430c8".to_owned(),
        "x500" => "6ba7b8149dad11d180b400c04fd430c8".to_owned(),
        other => plain_uuid(other).ok_or_else(|| Stop::from("the namespace of uuidv5 is not a UUID"))?,
    };
    let mut bytes: Vec<u8> = Vec::with_capacity(16);
    for at in (0..32).step_by(2) {
        let byte = namespace.get(at..at + 2).and_then(|d| u8::from_str_radix(d, 16).ok());
        bytes.push(byte.ok_or_else(|| Stop::from("the namespace of uuidv5 is not a UUID"))?);
    }
    bytes.extend_from_slice(call.text(1)?.as_bytes());
    let mut digest = Algorithm::Sha1.digest(&bytes);
    digest.truncate(16);
    if let Some(byte) = digest.get_mut(6) {
        *byte = (*byte & 0x0f) | 0x50;
    }
    if let Some(byte) = digest.get_mut(8) {
        *byte = (*byte & 0x3f) | 0x80;
    }
    let digits = hex(&digest);
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    Ok(format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)).into())
}

/// The 32 digits of a UUID in its usual spelling.
fn plain_uuid(text: &str) -> Option<String> {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|g| g.len()).collect();
    let digits = groups.concat();
    (lengths == [8, 4, 4, 4, 12] && digits.bytes().all(|b| b.is_ascii_hexdigit())).then_some(digits)
}
