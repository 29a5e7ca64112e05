//! Showing a rule's Markdown page on a terminal.

use super::text::{BOLD, RESET};
use super::{Options, clean};
use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use unicode_width::UnicodeWidthStr;

const DIM: &str = "\x1b[2m";
const CYAN: &str = "\x1b[36m";
/// The width when there is no terminal, and the most that is comfortable to read.
const WIDTH: u16 = 100;
/// Deeper lists are not indented further.
const MAX_DEPTH: usize = 8;

/// Breaks text into lines of at most `width` columns at blanks; line breaks stay. Longer words stand out.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut out = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        let mut taken = 0;
        for word in paragraph.split(' ') {
            let needed = word.width();
            if !line.is_empty() && taken + 1 + needed > width {
                out.push(std::mem::take(&mut line));
                taken = 0;
            } else if !line.is_empty() {
                line.push(' ');
                taken += 1;
            }
            // No line may start with what a CI system takes for a command.
            match word.strip_prefix("::") {
                Some(rest) if line.trim_start().is_empty() => {
                    line.push_str(": :");
                    line.push_str(rest);
                }
                _ => line.push_str(word),
            }
            taken += needed;
        }
        out.push(line);
    }
    out
}

/// A page of Markdown, such as [`RuleInfo::docs`](crate::report::RuleInfo::docs), for a terminal.
///
/// Headings are bold, code is indented and dimmed, text is wrapped to the width. Without colour no escape sequence
/// is written. HTML is shown as text.
pub fn explain(markdown: &str, options: &Options) -> String {
    let width = usize::from(options.width.unwrap_or(WIDTH).clamp(20, WIDTH));
    Page::render(markdown, Some(width), options.color)
}

/// The text of a page of Markdown: no markup, no wrapping, no escape sequences.
pub(super) fn plain(markdown: &str) -> String {
    Page::render(markdown, None, false)
}

/// A style of words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Plain,
    Strong,
    Code,
}

struct Page {
    out: String,
    width: Option<usize>,
    color: bool,
    /// The words of the current paragraph.
    words: Vec<(Style, String)>,
    /// The last word has not ended yet.
    open: bool,
    strong: usize,
    /// For each open list the number of the next entry.
    lists: Vec<Option<u64>>,
    /// What the next line begins with instead of its indentation.
    bullet: Option<String>,
    quotes: usize,
    /// The destinations of open links and the length of the words before them.
    links: Vec<String>,
    code: Option<String>,
    /// Whether an empty line is due before the next block.
    gap: bool,
}

impl Page {
    fn render(markdown: &str, width: Option<usize>, color: bool) -> String {
        let mut page = Page {
            out: String::new(),
            width,
            color,
            words: Vec::new(),
            open: false,
            strong: 0,
            lists: Vec::new(),
            bullet: None,
            quotes: 0,
            links: Vec::new(),
            code: None,
            gap: false,
        };
        for event in Parser::new(markdown) {
            page.event(event);
        }
        page.flush();
        // The parser splits text at characters that might be markup: a command can come from several pieces.
        if page.out.contains("##") {
            page.out.lines().map(|line| clean::commands(line) + "\n").collect()
        } else {
            page.out
        }
    }

    fn event(&mut self, event: Event) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => match &mut self.code {
                Some(code) => code.push_str(&text),
                None => self.text(&text, if self.strong > 0 { Style::Strong } else { Style::Plain }),
            },
            Event::Code(code) => {
                let shown = if self.color { code.to_string() } else { format!("`{code}`") };
                self.text(&shown, Style::Code);
            }
            Event::Html(text) | Event::InlineHtml(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.text(&text, Style::Plain);
            }
            Event::SoftBreak => self.open = false,
            Event::HardBreak => {
                self.open = false;
                self.words.push((Style::Plain, "\n".into()));
            }
            Event::Rule => {
                self.flush();
                self.block("---", "");
            }
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag) {
        match tag {
            Tag::Heading { .. } => {
                self.flush();
                self.strong += 1;
            }
            Tag::CodeBlock(_) => {
                self.flush();
                self.code = Some(String::new());
            }
            Tag::List(first) => {
                self.flush();
                self.gap = self.gap && self.lists.is_empty();
                self.lists.push(first);
            }
            Tag::Item => {
                self.flush();
                let bullet = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number = number.saturating_add(1);
                        format!("{}. ", number.saturating_sub(1))
                    }
                    _ => "- ".to_owned(),
                };
                self.bullet = Some(bullet);
            }
            Tag::BlockQuote(_) => {
                self.flush();
                self.quotes += 1;
            }
            Tag::Strong | Tag::Emphasis => self.strong += 1,
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => self.links.push(dest_url.to_string()),
            Tag::Paragraph | Tag::HtmlBlock => self.flush(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::CodeBlock => {
                let code = self.code.take().unwrap_or_default();
                let style = if self.color { DIM } else { "" };
                self.block(&clean::block(&code), style);
            }
            TagEnd::List(_) => {
                self.flush();
                self.lists.pop();
                self.bullet = None;
                self.gap = true;
            }
            TagEnd::Item => {
                self.flush();
                self.bullet = None;
                // The entries of a list stand close together.
                self.gap = false;
            }
            TagEnd::BlockQuote(_) => {
                self.flush();
                self.quotes = self.quotes.saturating_sub(1);
            }
            TagEnd::Strong | TagEnd::Emphasis => self.strong = self.strong.saturating_sub(1),
            TagEnd::Link | TagEnd::Image => {
                let url = self.links.pop().unwrap_or_default();
                let shown = self.words.last().is_some_and(|(_, word)| *word == clean::line(&url));
                if !url.is_empty() && !shown {
                    self.text(&format!(" ({url})"), Style::Plain);
                }
            }
            TagEnd::Heading(_) => {
                self.flush();
                self.strong = self.strong.saturating_sub(1);
            }
            TagEnd::Paragraph | TagEnd::HtmlBlock => self.flush(),
            _ => {}
        }
    }

    /// Adds text to the paragraph; blanks separate words.
    fn text(&mut self, text: &str, style: Style) {
        for (i, word) in text.split([' ', '\n']).enumerate() {
            if i > 0 {
                self.open = false;
            }
            if word.is_empty() {
                continue;
            }
            let word = clean::line(word).into_owned();
            match self.words.last_mut() {
                Some((last, open)) if self.open && (*last == style || !self.color) => open.push_str(&word),
                // A word in two styles is one word to the wrapping, so that no blank gets into it.
                Some((_, open)) if self.open => {
                    open.push_str(if style == Style::Code { CYAN } else { RESET });
                    open.push_str(&word);
                    if style != Style::Plain {
                        open.push_str(RESET);
                    }
                }
                _ => self.words.push((style, word)),
            }
            self.open = true;
        }
    }

    /// The blanks or marks that lines of a block start with: of the first line, and of all others.
    fn margins(&mut self) -> (String, String) {
        let depth = self.lists.len().min(MAX_DEPTH);
        let quote = "> ".repeat(self.quotes.min(MAX_DEPTH));
        let indent = "  ".repeat(depth.saturating_sub(1));
        if let Some(bullet) = self.bullet.take() {
            return (format!("{quote}{indent}{bullet}"), format!("{quote}{indent}{}", " ".repeat(bullet.len())));
        }
        let margin = format!("{quote}{}", "  ".repeat(depth));
        (margin.clone(), margin)
    }

    fn separate(&mut self) {
        if self.gap && !self.out.is_empty() {
            self.out.push('\n');
        }
        self.gap = true;
    }

    /// Writes lines as they are, indented.
    fn block(&mut self, text: &str, style: &str) {
        self.separate();
        let (first, margin) = self.margins();
        for (i, line) in text.lines().enumerate() {
            self.out.push_str(if i == 0 { &first } else { &margin });
            self.out.push_str("    ");
            self.out.push_str(style);
            self.out.push_str(line);
            if !style.is_empty() {
                self.out.push_str(RESET);
            }
            self.out.push('\n');
        }
    }

    /// Writes the paragraph.
    fn flush(&mut self) {
        let words = std::mem::take(&mut self.words);
        self.open = false;
        if words.is_empty() {
            return;
        }
        self.separate();
        let (first, margin) = self.margins();
        let width = self.width.map_or(usize::MAX, |w| w.saturating_sub(margin.width()).max(20));
        self.out.push_str(&first);
        let mut taken = 0;
        for (style, word) in &words {
            let needed = visible_width(word);
            if word == "\n" || (taken > 0 && taken + 1 + needed > width) {
                self.out.push('\n');
                self.out.push_str(&margin);
                taken = 0;
                if word == "\n" {
                    continue;
                }
            } else if taken > 0 {
                self.out.push(' ');
                taken += 1;
            }
            taken += needed;
            // No line may start with what a CI system takes for a command.
            let word = if word.starts_with("::") { word.replacen("::", ": :", 1) } else { word.clone() };
            let on = match style {
                _ if !self.color => "",
                Style::Plain => "",
                Style::Strong => BOLD,
                Style::Code => CYAN,
            };
            self.out.push_str(on);
            self.out.push_str(&word);
            if !on.is_empty() {
                self.out.push_str(RESET);
            }
        }
        self.out.push('\n');
    }
}

/// The columns of a word without the escape sequences that were put into it here.
fn visible_width(word: &str) -> usize {
    if !word.contains('\x1b') {
        return word.width();
    }
    [RESET, BOLD, CYAN].iter().fold(word.to_owned(), |word, code| word.replace(code, "")).width()
}
