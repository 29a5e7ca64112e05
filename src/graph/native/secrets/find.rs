//! Finding credentials in a text by their form.

use regex::Regex;
use std::ops::Range;
use std::sync::OnceLock;

/// The sorts of credentials: what rules call them, and what people do.
pub(super) const KINDS: [(&str, &str); 5] = [
    (ACCESS_KEY, "an AWS access key"),
    (SECRET_KEY, "an AWS secret key"),
    (SESSION_TOKEN, "an AWS session token"),
    (PRIVATE_KEY, "a private key"),
    (TOKEN, "an access token"),
];

pub(super) const ACCESS_KEY: &str = "aws_access_key";
pub(super) const SECRET_KEY: &str = "aws_secret_key";
const SESSION_TOKEN: &str = "aws_session_token";
const PRIVATE_KEY: &str = "private_key";
const TOKEN: &str = "token";

/// More are not looked for in one text.
const MAX_FOUND: usize = 1_000;

/// The secret that belongs to the id of a key stands so many lines below it at most.
const LINES_BELOW: usize = 3;

/// Ids of keys with less information in a character are placeholders.
const MIN_ID_ENTROPY: f64 = 2.5;

/// Secret keys have more information in a character.
const MIN_KEY_ENTROPY: f64 = 4.0;

/// What documentation has in place of keys.
const EXAMPLE: &str = "EXAMPLE";

/// A credential in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Credential {
    /// One of [`KINDS`].
    pub kind: &'static str,
    /// The characters by which it is known.
    pub range: Range<usize>,
    /// The end of what must not be shown: a private key goes on behind its head.
    pub end: usize,
}

struct Pattern {
    kind: &'static str,
    regex: Regex,
    /// The part that is the credential; the rest is what stands around it.
    group: usize,
}

/// What stands between the name of a setting and its value: `name = "`, `"Name": "`, or `Name: name` with `Value:` on the
/// next line.
const SIGN: &str =
    r#"(?:\\?["'])?\s*(?:=>|:=|=|:|,)?\s*(?:\r?\n\s*(?:\\?["'])?[Vv]alue(?:\\?["'])?\s*[:=]\s*)?(?:\\?["'])?"#;

fn patterns() -> &'static [Pattern] {
    static PATTERNS: OnceLock<Vec<Pattern>> = OnceLock::new();
    PATTERNS.get_or_init(|| {
        let head = "-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----";
        // Line breaks in any notation, list elements, and the headers of old formats.
        let between = r#"(?:[\s"',+-]|\\[nr]|(?:Proc-Type|DEK-Info|Version|Comment)[^\n\\]*)*"#;
        let all = [
            (ACCESS_KEY, 0, "(?:AKIA|ASIA)[A-Z2-7]{16}".to_owned()),
            (SECRET_KEY, 2, format!(r"(?i:((?:secret|access_?key)[a-z0-9_.-]{{0,40}})){SIGN}([A-Za-z0-9/+=]{{40,}})")),
            (SESSION_TOKEN, 1, format!(r"(?i:session_?token){SIGN}([A-Za-z0-9/+=]{{100,}})")),
            (PRIVATE_KEY, 1, format!("({head}){between}[A-Za-z0-9/+=]{{16,}}")),
            (PRIVATE_KEY, 0, "PuTTY-User-Key-File-[23]: ".to_owned()),
            (TOKEN, 0, "gh[pousr]_[A-Za-z0-9]{36}".to_owned()),
            (TOKEN, 0, "github_pat_[A-Za-z0-9_]{82}".to_owned()),
            (TOKEN, 0, "glpat-[A-Za-z0-9_-]{20}".to_owned()),
            (TOKEN, 0, "xox[baprs]-[0-9]{6,}-[0-9A-Za-z-]{10,}".to_owned()),
            (TOKEN, 0, "(?:sk|rk)_live_[0-9A-Za-z]{24,}".to_owned()),
            (TOKEN, 0, "AIza[0-9A-Za-z_-]{35}".to_owned()),
            (TOKEN, 0, "npm_[A-Za-z0-9]{36}".to_owned()),
            (TOKEN, 0, r"SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}".to_owned()),
        ];
        all.into_iter()
            .filter_map(|(kind, group, pattern)| Some(Pattern { kind, regex: Regex::new(&pattern).ok()?, group }))
            .collect()
    })
}

/// The credentials in a text, in order. `examples`: those of documentation as well, and placeholders.
pub(super) fn find(text: &str, examples: bool) -> Vec<Credential> {
    let mut out: Vec<Credential> = Vec::new();
    for pattern in patterns() {
        for captures in pattern.regex.captures_iter(text) {
            let (Some(whole), Some(part)) = (captures.get(0), captures.get(pattern.group)) else { continue };
            let name = if pattern.kind == SECRET_KEY { captures.get(1).map(|m| m.as_str()) } else { None };
            if is_credential(text, pattern.kind, name, part.range(), examples) {
                let end = if pattern.kind == PRIVATE_KEY { whole.end() } else { part.end() };
                out.push(Credential { kind: pattern.kind, range: part.range(), end });
            }
            if out.len() >= MAX_FOUND {
                break;
            }
        }
    }
    let below: Vec<Credential> =
        out.iter().filter(|c| c.kind == ACCESS_KEY).filter_map(|c| secret_below(text, c.range.end, examples)).collect();
    out.extend(below);
    out.sort_by_key(|c| (c.range.start, c.range.end));
    out.dedup_by(|b, a| b.range.start < a.range.end);
    out
}

/// A line in the middle of a private key, or of something that looks the same.
pub(super) fn key_line(line: &str) -> Option<Range<usize>> {
    let lone = line.trim();
    let is_one = (60..=76).contains(&lone.len())
        && lone.bytes().all(|b| b.is_ascii_alphanumeric() || b"/+=".contains(&b))
        && entropy(lone) > MIN_KEY_ENTROPY;
    let start = line.len() - line.trim_start().len();
    is_one.then(|| start..start + lone.len())
}

/// Whether the text is a secret key for which a setting of that name is meant.
pub(super) fn is_secret_key(name: &str, text: &str, examples: bool) -> bool {
    let lower = name.to_ascii_lowercase();
    let telling = lower.contains("secret") || lower.contains("access_key") || lower.contains("accesskey");
    telling && is_credential(text, SECRET_KEY, Some(name), 0..text.len(), examples)
}

fn is_credential(text: &str, kind: &str, name: Option<&str>, range: Range<usize>, examples: bool) -> bool {
    let Some(found) = text.get(range.clone()) else { return false };
    if !examples && found.contains(EXAMPLE) {
        return false;
    }
    // A part of a longer word is something else.
    let bytes = text.as_bytes();
    let word = |at: Option<usize>| at.and_then(|i| bytes.get(i)).is_some_and(u8::is_ascii_alphanumeric);
    let alone = !word(range.start.checked_sub(1)) && !word(Some(range.end));
    match kind {
        ACCESS_KEY => alone && (examples || entropy(found.get(4..).unwrap_or_default()) >= MIN_ID_ENTROPY),
        SECRET_KEY => is_key_material(found) && name.is_none_or(|n| !names_something_else(n)),
        TOKEN => alone && entropy(found) >= MIN_ID_ENTROPY,
        _ => true,
    }
}

/// Forty characters as they come out of a generator: no digest, no path, no word.
fn is_key_material(text: &str) -> bool {
    let has = |class: fn(&u8) -> bool| text.bytes().any(|b| class(&b));
    text.len() == 40
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"/+=".contains(&b))
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_digit)
        && entropy(text) > MIN_KEY_ENTROPY
}

/// Whether a name that speaks of a secret means where it is, or something about it.
fn names_something_else(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["name", "arn", "path", "hash", "digest", "checksum", "version", "url", "uri"].iter().any(|w| name.ends_with(w))
}

/// A secret key on the lines below the id of a key.
fn secret_below(text: &str, at: usize, examples: bool) -> Option<Credential> {
    let rest = text.get(at..)?;
    let length = rest.match_indices('\n').nth(LINES_BELOW).map_or(rest.len(), |(i, _)| i);
    let mut start = 0;
    let is_part = |c: char| c.is_ascii_alphanumeric() || "/+=".contains(c);
    for word in rest.get(..length)?.split(|c: char| !is_part(c)) {
        // An assignment without blanks.
        let value = word.rsplit_once('=').map_or(word, |(_, v)| v);
        let value = if value.len() == 40 { value } else { word };
        let from = at + start + (word.len() - value.len());
        if is_key_material(value) && (examples || !value.contains(EXAMPLE)) {
            return Some(Credential { kind: SECRET_KEY, range: from..from + value.len(), end: from + value.len() });
        }
        start += word.len() + 1;
    }
    None
}

/// The information in a character, in bits.
#[allow(clippy::cast_precision_loss)]
fn entropy(text: &str) -> f64 {
    let mut counts = [0u32; 256];
    for byte in text.bytes() {
        counts[usize::from(byte)] += 1;
    }
    let length = text.len().max(1) as f64;
    counts.iter().filter(|&&n| n > 0).map(|&n| f64::from(n) / length).map(|p| -p * p.log2()).sum()
}

#[cfg(test)]
mod tests {
    use super::{ACCESS_KEY, PRIVATE_KEY, SECRET_KEY, SESSION_TOKEN, TOKEN, find};

    const ID: &str = "AKIAZ7QX2MJ5T4LWNB3C";
    const KEY: &str = "q8ZrT1vKx0LmN4pWb7YdHc2JfGs9Ue6RaXo3Ti5B";

    #[test]
    fn credentials_are_known_by_their_form() {
        let pem = "MIIEpAIBAAKCAQEA7bq1";
        let cases: Vec<(String, &[&str])> = vec![
            (format!("access_key = \"{ID}\""), &[ACCESS_KEY]),
            (format!("ASIA{}", &ID[4..]), &[ACCESS_KEY]),
            (format!("export AWS_SECRET_ACCESS_KEY={KEY}\n"), &[SECRET_KEY]),
            (format!("secret_key = \"{KEY}\""), &[SECRET_KEY]),
            (format!("  SecretAccessKey: {KEY} # x"), &[SECRET_KEY]),
            (format!("{{\"secretAccessKey\":\"{KEY}\"}}"), &[SECRET_KEY]),
            (format!("- Name: AWS_SECRET_ACCESS_KEY\n  Value: {KEY}\n"), &[SECRET_KEY]),
            (format!("{ID}\n{KEY}\n"), &[ACCESS_KEY, SECRET_KEY]),
            (format!("id={ID}\r\nkey={KEY}"), &[ACCESS_KEY, SECRET_KEY]),
            (format!("aws_access_key_id={ID}\naws_secret_access_key={KEY}"), &[ACCESS_KEY, SECRET_KEY]),
            (format!("aws_session_token = {}", "Fw0GZXIvYXdzEB4a".repeat(8)), &[SESSION_TOKEN]),
            (format!("-----BEGIN RSA PRIVATE KEY-----\n{pem}\n"), &[PRIVATE_KEY]),
            (format!("\"-----BEGIN PRIVATE KEY-----\\n{pem}\\n\""), &[PRIVATE_KEY]),
            (format!("-----BEGIN OPENSSH PRIVATE KEY-----\n    {pem}"), &[PRIVATE_KEY]),
            (format!("- -----BEGIN EC PRIVATE KEY-----\n- {pem}\n"), &[PRIVATE_KEY]),
            (
                format!("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES,00\n\n{pem}"),
                &[PRIVATE_KEY],
            ),
            ("PuTTY-User-Key-File-2: ssh-rsa".to_owned(), &[PRIVATE_KEY]),
            (format!("token: ghp_{}", "a1B2c3D4e5F6".repeat(3)), &[TOKEN]),
            (format!("npm_{}", "a1B2c3D4e5F6".repeat(3)), &[TOKEN]),
        ];
        for (text, expected) in cases {
            let kinds: Vec<&str> = find(&text, false).iter().map(|c| c.kind).collect();
            assert_eq!(kinds, expected, "{text}");
        }
    }

    #[test]
    fn other_texts_hold_none() {
        let cases = [
            "access_key = \"AKIAIOSFODNN7EXAMPLE\"".to_owned(),
            "secret_key = \"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\"".to_owned(),
            "AKIAXXXXXXXXXXXXXXXX".to_owned(),
            "AKIAAAAAAAAAAAAAAAAA".to_owned(),
            format!("x{ID}"),
            format!("{ID}7"),
            "AKIA1234567890123456".to_owned(),
            "AROAZ7QX2MJ5T4LWNB3C".to_owned(),
            // A commit, a digest, a path, another length.
            "secret_sha = \"0a1b2c3d4e5f60718293a4b5c6d7e8f901234567\"".to_owned(),
            "secret_name = \"Team1/production/database/master/password\"".to_owned(),
            format!("secret_path = \"{KEY}\""),
            format!("secret = \"{KEY}0\""),
            format!("commit = \"{KEY}\""),
            "secret = aws_secretsmanager_secret_version.db1.secret_string".to_owned(),
            "startswith(var.key, \"-----BEGIN RSA PRIVATE KEY-----\")".to_owned(),
            "A text that starts with -----BEGIN PRIVATE KEY----- and so on".to_owned(),
            "-----BEGIN PUBLIC KEY-----\nMIIEpAIBAAKCAQEA7bq1\n".to_owned(),
            "-----BEGIN CERTIFICATE-----\nMIIEpAIBAAKCAQEA7bq1\n".to_owned(),
            "npm_config_registry ghp_short xoxb-token".to_owned(),
            String::new(),
        ];
        for text in cases {
            assert_eq!(find(&text, false), [], "{text}");
        }
    }

    #[test]
    fn examples_are_found_when_they_are_asked_for() {
        let text = "AKIAIOSFODNN7EXAMPLE\nsecret_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
        let kinds: Vec<&str> = find(text, true).iter().map(|c| c.kind).collect();
        assert_eq!(kinds, [ACCESS_KEY, SECRET_KEY]);
    }

    #[test]
    fn the_place_is_that_of_the_credential() {
        let text = format!("a = \"{ID}\"");
        let found = find(&text, false);
        assert_eq!(&text[found[0].range.clone()], ID);
        let text = "x = \"-----BEGIN PRIVATE KEY-----\\nMIIEpAIBAAKCAQEA7bq1\\n\"";
        let found = find(text, false);
        assert_eq!(&text[found[0].range.clone()], "-----BEGIN PRIVATE KEY-----");
        assert!(text[..found[0].end].ends_with("7bq1"));
    }

    #[test]
    fn long_texts_take_no_longer_than_they_are_long() {
        let text = "secret".repeat(20_000) + &"-----BEGIN PRIVATE KEY-----\n".repeat(4_000);
        assert_eq!(find(&text, false), []);
        let many = format!("{ID} ").repeat(2_000);
        assert!(find(&many, false).len() <= 1_000);
    }
}
