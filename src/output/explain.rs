//! Showing a rule's Markdown page on a terminal.

use super::clean;
use unicode_width::UnicodeWidthStr;

/// Breaks text into lines of at most `width` columns at blanks; line breaks stay. Longer words stand out.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut out = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split(' ') {
            if !line.is_empty() && line.width() + 1 + word.width() > width {
                out.push(std::mem::take(&mut line));
            } else if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        out.push(line);
    }
    out
}
