//! Making text from files harmless where it is shown.

use serde_json::ser::{Formatter, PrettyFormatter};
use std::borrow::Cow;
use std::io::{self, Write as _};

/// Stands for a character that is not shown.
const REPLACEMENT: char = char::REPLACEMENT_CHARACTER;

/// Whether a terminal or a browser would act on the character instead of showing it: control characters, and
/// those that reorder, hide or join the text around them.
pub(super) fn is_active(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}'
            | '\u{e0000}'..='\u{e007f}')
}

/// Whether `text` starts with what a log of some CI system takes for a command wherever it stands in a line:
/// `##[error]`, `##vso[...]`, `##teamcity[...]`.
pub(super) fn is_log_command(text: &str) -> bool {
    text.strip_prefix("##")
        .is_some_and(|rest| rest.trim_start_matches(|c: char| c.is_ascii_alphabetic()).starts_with('['))
}

/// Text on one line: active characters, line breaks and tabs among them, are replaced; nothing in it is a command
/// to a CI system.
pub(crate) fn line(text: &str) -> Cow<'_, str> {
    let suspicious = |(i, c): (usize, char)| is_active(c) || (c == '#' && is_log_command(text.get(i..).unwrap_or("")));
    if !text.char_indices().any(suspicious) && !text.trim_start().starts_with("::") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    push(&mut out, text);
    Cow::Owned(out)
}

/// Text of several lines: as [`line`], but line breaks stay (as `\n`) and tabs become spaces.
pub(super) fn block(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for (i, part) in text.trim_end().lines().enumerate() {
        if i > 0 {
            out.push('\n');
        }
        if part.contains('\t') {
            push(&mut out, &part.replace('\t', "    "));
        } else {
            push(&mut out, part);
        }
    }
    out
}

fn push(out: &mut String, text: &str) {
    let commands = text.trim_start().starts_with("::").then(|| text.len() - text.trim_start().len());
    for (i, c) in text.char_indices() {
        out.push(if is_active(c) { REPLACEMENT } else { c });
        // A command must start its line with two colons, or have its prefix in one piece.
        if commands == Some(i) || (c == '#' && is_log_command(text.get(i..).unwrap_or(""))) {
            out.push(' ');
        }
    }
}

/// A line without what CI systems take for commands inside lines; all else, our own colours included, stays.
pub(super) fn commands(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 1);
    for (i, c) in line.char_indices() {
        out.push(c);
        if c == '#' && is_log_command(line.get(i..).unwrap_or("")) {
            out.push(' ');
        }
    }
    out
}

/// One character of a quoted source line as it is shown; tabs stay, for they are expanded by column.
pub(super) fn character(c: char) -> char {
    if c != '\t' && is_active(c) { REPLACEMENT } else { c }
}

/// Text cut to a number of characters, with an ellipsis if something was cut.
pub(super) fn shorten(text: &str, limit: usize) -> Cow<'_, str> {
    match text.char_indices().nth(limit) {
        None => Cow::Borrowed(text),
        Some((at, _)) => Cow::Owned(format!("{}…", text.get(..at).unwrap_or(""))),
    }
}

/// Text inside an element or an attribute in quotes of XML or HTML.
pub(super) fn markup(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' => out.push('\n'),
            c => out.push(if is_active(c) { REPLACEMENT } else { c }),
        }
    }
    out
}

/// Whether the text is the address of a web page and nothing else: fit to be a link.
pub(super) fn is_link(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&()*+,;=%".contains(c);
    rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric()) && rest.chars().all(allowed))
}

/// Layouts of JSON in which strings hold no active character and no command: they are written as `\u` escapes,
/// which lose nothing.
pub(super) struct Json<F>(F);

impl Json<PrettyFormatter<'static>> {
    pub(super) fn pretty() -> Self {
        Self(PrettyFormatter::new())
    }
}

impl Json<serde_json::ser::CompactFormatter> {
    pub(super) fn compact() -> Self {
        Self(serde_json::ser::CompactFormatter)
    }
}

impl<F: Formatter> Formatter for Json<F> {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, out: &mut W, text: &str) -> io::Result<()> {
        let ordinary = |b: u8| (b' '..=b'~').contains(&b) && b != b'#';
        if text.bytes().all(ordinary) {
            return out.write_all(text.as_bytes());
        }
        let mut written = 0;
        for (i, c) in text.char_indices() {
            let command = c == '#' && is_log_command(text.get(i..).unwrap_or(""));
            if !command && !is_active(c) {
                continue;
            }
            out.write_all(text.as_bytes().get(written..i).unwrap_or_default())?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            written = i + c.len_utf8();
        }
        out.write_all(text.as_bytes().get(written..).unwrap_or_default())
    }

    fn begin_array<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }
    fn end_array<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }
    fn begin_array_value<W: ?Sized + io::Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }
    fn end_array_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }
    fn begin_object<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }
    fn end_object<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }
    fn begin_object_key<W: ?Sized + io::Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }
    fn begin_object_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }
    fn end_object_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}

/// Writes a value as JSON and ends the line.
pub(super) fn json<F: Formatter>(
    layout: Json<F>,
    value: &impl serde::Serialize,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    // The layout writes a few bytes at a time: not each of them should go through `dyn`.
    let mut out = io::BufWriter::with_capacity(64 * 1024, out);
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, layout);
    value.serialize(&mut serializer).map_err(io::Error::from)?;
    out.write_all(b"\n")?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text() {
        let cases = [
            ("plain ünïcode 🦀", "plain ünïcode 🦀"),
            ("a\x1b[31mred\x07", "a\u{fffd}[31mred\u{fffd}"),
            ("a\nb\rc\td", "a\u{fffd}b\u{fffd}c\u{fffd}d"),
            ("\u{202e}txt.exe", "\u{fffd}txt.exe"),
            ("\u{9b}31m", "\u{fffd}31m"),
            ("  ::error::x", "  : :error::x"),
            ("a::error::x", "a::error::x"),
            ("x ##[error]y ##vso[task.complete]", "x # #[error]y # #vso[task.complete]"),
            ("### heading", "### heading"),
        ];
        for (from, to) in cases {
            assert_eq!(line(from), to);
        }
        assert_eq!(block("a\tb\r\n::stop-commands::x\n"), "a    b\n: :stop-commands::x");
    }

    #[test]
    fn links_are_addresses_of_web_pages() {
        assert!(is_link("https://docs.aws.amazon.com/a_b/c.html#d?e=f%20g"));
        for text in
            ["https://", "https://\u{1f980}", "https://a\"b", "https://a b", "javascript:x", "https://a<b", "//a"]
        {
            assert!(!is_link(text), "{text}");
        }
    }

    #[test]
    fn json_strings_are_escaped_without_loss() {
        let text = "\u{7f}\u{9b}\u{202e}\u{e0041}\u{1b} ##[error] \"é🦀\"";
        let mut out = Vec::new();
        json(Json::compact(), &text, &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert!(!out.trim_end().chars().any(is_active) && !out.contains("##["), "{out}");
        assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text);
    }
}
