//! The comments of a YAML file, which the parser drops.

/// The comments of `text` as (start, end, alone on its line). `scalars` are the byte ranges of the scalars, sorted;
/// a `#` inside one is no comment.
pub(super) fn find(text: &str, scalars: &[(usize, usize)]) -> Vec<(usize, usize, bool)> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut scalars = scalars.iter().peekable();
    let mut line_start = 0;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        while scalars.next_if(|&&(_, end)| end <= at).is_some() {}
        if let Some(&&(start, end)) = scalars.peek()
            && start <= at
        {
            let inside = bytes.get(at..end).unwrap_or(&[]);
            if let Some(newline) = inside.iter().rposition(|&b| b == b'\n') {
                line_start = at + newline + 1;
            }
            at = end.max(at + 1);
            continue;
        }
        match byte {
            b'\n' => line_start = at + 1,
            b'#' if at == line_start || matches!(bytes.get(at - 1), Some(b' ' | b'\t' | b'\r' | b'\n')) => {
                let rest = bytes.get(at..).unwrap_or(&[]);
                let mut end = at + rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len());
                let own_line = bytes.get(line_start..at).is_some_and(|b| b.iter().all(u8::is_ascii_whitespace));
                let next = end;
                if end > at && bytes.get(end - 1) == Some(&b'\r') {
                    end -= 1;
                }
                out.push((at, end, own_line));
                at = next;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    out
}
