//! Hiding secrets in quoted source lines.

use crate::graph::native::secrets;
use regex::Regex;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;

/// What is shown instead of a secret.
pub(super) const MASK: &str = "***";

/// A name and what separates it from its value.
fn names() -> Option<&'static Regex> {
    static PATTERN: OnceLock<Option<Regex>> = OnceLock::new();
    let pattern = r#"(?P<name>[A-Za-z_][A-Za-z0-9_-]*)\\?["']?(?P<sign>\s*(?:=>|=|:)\s*)"#;
    PATTERN.get_or_init(|| Regex::new(pattern).ok()).as_ref()
}

/// Whether an attribute of that name holds a secret.
///
/// `password` and its like may stand anywhere in the name; `secret` and `token` must end it, for `secret_arn` and
/// `http_tokens` hold none.
pub(super) fn is_secret_name(name: &str) -> bool {
    let name: String = name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    let anywhere =
        ["password", "passwd", "passphrase", "privatekey", "accesskey", "secretkey", "secretstring", "apikey"];
    let harmless = ["arn", "length", "policy", "type", "name", "version", "enabled", "status"];
    let trailing = ["secret", "token"];
    (anywhere.iter().any(|w| name.contains(w)) && !harmless.iter().any(|w| name.ends_with(w)))
        || trailing.iter().any(|w| name.ends_with(w))
}

/// Whether the text in quotes is nothing but a reference.
fn is_reference(value: &str) -> bool {
    let inner =
        value.strip_prefix("${").or_else(|| value.strip_prefix("{{resolve:")).and_then(|rest| rest.strip_suffix('}'));
    inner.is_some_and(|inner| !inner.contains("${"))
}

/// The length of the text before the quote that ends it; all of it if none does.
fn quoted(text: &str, quote: char) -> usize {
    let mut characters = text.char_indices();
    let mut interpolations = 0_u32;
    while let Some((i, c)) = characters.next() {
        match c {
            '\\' if quote == '"' => {
                characters.next();
            }
            '$' if text.get(i + 1..).is_some_and(|rest| rest.starts_with('{')) => interpolations += 1,
            '}' => interpolations = interpolations.saturating_sub(1),
            c if c == quote && interpolations == 0 => return i,
            _ => {}
        }
    }
    text.len()
}

/// The length of a word that is a string without quotes; 0 if it is none.
///
/// A bare word is a string in YAML and in a shell script; in HCL it is a reference. In YAML it reaches to the end
/// of the line, unless the line is in `flow` style.
fn bare(text: &str, sign: &str, flow: bool) -> usize {
    let yaml = sign.trim() == ":";
    let word = text.split(|c: char| c.is_whitespace() || "\"'\\,;".contains(c)).next().unwrap_or("");
    let literal = !word.starts_with(|c: char| "[]{}()&*!|>$%@`#".contains(c))
        && !matches!(word, "true" | "false" | "null" | "~")
        && word.parse::<f64>().is_err()
        && !["var.", "local.", "data.", "module.", "each."].iter().any(|p| word.starts_with(p));
    if word.is_empty() || !literal || !(yaml || sign == "=") {
        0
    } else if yaml && !flow {
        // The rest of a plain scalar belongs to it.
        text.find(" #").unwrap_or(text.trim_end().len())
    } else {
        word.len()
    }
}

/// The byte ranges of a line that hold secrets, in order.
pub(super) fn secrets(line: &str) -> Vec<Range<usize>> {
    let Some(pattern) = names() else { return Vec::new() };
    let flow = line.contains('{');
    let mut found: Vec<Range<usize>> = Vec::new();
    for captures in pattern.captures_iter(line) {
        let (Some(name), Some(sign)) = (captures.name("name"), captures.name("sign")) else { continue };
        let start = sign.end();
        if !is_secret_name(name.as_str()) || found.last().is_some_and(|last| start < last.end) {
            continue;
        }
        let rest = line.get(start..).unwrap_or("");
        let (skipped, length) = if let Some(rest) = rest.strip_prefix("\\\"") {
            (2, rest.find(['\\', '"']).unwrap_or(rest.len()))
        } else if let Some(rest) = rest.strip_prefix('"') {
            (1, quoted(rest, '"'))
        } else if let Some(rest) = rest.strip_prefix('\'') {
            (1, quoted(rest, '\''))
        } else {
            (0, bare(rest, sign.as_str(), flow))
        };
        let secret = start + skipped..start + skipped + length;
        if length > 0 && !line.get(secret.clone()).is_some_and(is_reference) {
            found.push(secret);
        }
    }
    // What is known by its form, whatever it is called.
    let by_form = secrets::in_text(line);
    if by_form.is_empty() { found } else { joined(found.into_iter().chain(by_form).collect()) }
}

/// Ranges in order, those that overlap as one, without empty ones.
pub(super) fn joined(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.retain(|r| !r.is_empty());
    ranges.sort_by_key(|r| (r.start, r.end));
    ranges.dedup_by(|b, a| {
        let overlap = b.start < a.end;
        if overlap {
            a.end = a.end.max(b.end);
        }
        overlap
    });
    ranges
}

/// A source line in which the literal values of attributes that hold secrets are replaced by `***`.
///
/// References and interpolations stay, for they show nothing. Every output quotes lines through this.
pub fn mask(line: &str) -> Cow<'_, str> {
    let secrets = secrets(line);
    if secrets.is_empty() {
        return Cow::Borrowed(line);
    }
    let mut out = String::with_capacity(line.len());
    let mut at = 0;
    for secret in secrets {
        out.push_str(line.get(at..secret.start).unwrap_or(""));
        out.push_str(MASK);
        at = secret.end;
    }
    out.push_str(line.get(at..).unwrap_or(""));
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn literal_secrets_are_hidden() {
        let cases = [
            (r#"  master_password = "hunter2" # x"#, r#"  master_password = "***" # x"#),
            (r#"password="a\"b""#, r#"password="***""#),
            (r#"{"MasterUserPassword":"hunter2","Port":"1"}"#, r#"{"MasterUserPassword":"***","Port":"1"}"#),
            (r#"  "db_secret": "x", 'token': 'y'"#, r#"  "db_secret": "***", 'token': '***'"#),
            ("  MasterUserPassword: hunter2", "  MasterUserPassword: ***"),
            ("  MasterUserPassword: two words # why", "  MasterUserPassword: *** # why"),
            ("export AWS_SECRET_ACCESS_KEY=abc/def+1", "export AWS_SECRET_ACCESS_KEY=***"),
            (r#"private_key = "${file("x")} y""#, r#"private_key = "***""#),
            (r#"Text: "{\"password\": \"x\"}""#, r#"Text: "{\"password\": \"***\"}""#),
            (r#"DB_PASSWORD = "open"#, r#"DB_PASSWORD = "***"#),
            ("  key = \"AKIAZ7QX2MJ5T4LWNB3C\" # x", "  key = \"***\" # x"),
            ("access_key = AKIAZ7QX2MJ5T4LWNB3C, b", "access_key = ***, b"),
            ("k = \"-----BEGIN PRIVATE KEY-----\\nMIIEpAIBAAKCAQEA7bq1\"", "k = \"-----BEGIN PRIVATE KEY-----***\""),
        ];
        for (from, to) in cases {
            assert_eq!(mask(from), to);
        }
    }

    #[test]
    fn everything_else_stays() {
        let cases = [
            "http_tokens = \"required\"",
            "HttpTokens: optional",
            "password = var.password",
            "password=var.password",
            "password = \"${var.password}\"",
            "Password: !Ref Password",
            "Password: '{{resolve:secretsmanager:db}}'",
            "secret_arn = \"arn:aws:secretsmanager:x\"",
            "manage_master_user_password = true",
            "minimum_password_length = 8",
            "resource \"cloud_access_key\" \"k\" {",
            "password_policy = \"strict\"",
        ];
        for line in cases {
            assert_eq!(mask(line), line);
        }
    }
}
