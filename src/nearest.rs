//! "Did you mean": the known name that a mistyped one is nearest to.

/// Longer names are not compared: nobody mistypes them, and the comparison is quadratic.
const MAX_LENGTH: usize = 100;

/// The candidate that `name` most probably stands for, if one is near enough to be worth a suggestion.
///
/// Letter case, and `-` against `_`, do not count as differences. One slip in three characters is forgiven; a name of
/// several words is also near a candidate that has all of its words (`ebs-encrypted` is near `ebs-volume-encrypted`).
/// Of equally near candidates the first one wins. A candidate equal to `name` is never suggested.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if name.is_empty() || name.len() > MAX_LENGTH {
        return None;
    }
    let wanted = fold(name);
    let words: Vec<&str> = wanted.split(SEPARATOR).filter(|w| !w.is_empty()).collect();
    let mut best: Option<(usize, &'a str)> = None;
    for candidate in candidates {
        if candidate.len() > MAX_LENGTH || candidate == name {
            continue;
        }
        let folded = fold(candidate);
        let Some(distance) = distance(&wanted, &words, &folded) else { continue };
        if best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The sentence that goes with a mistyped name: "did you mean `x`?".
pub fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(name, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
}

const SEPARATOR: char = '-';

fn fold(name: &str) -> String {
    name.chars().map(|c| if matches!(c, '_' | ' ') { SEPARATOR } else { c.to_ascii_lowercase() }).collect()
}

/// How far apart two folded names are; `None` when too far.
fn distance(wanted: &str, words: &[&str], candidate: &str) -> Option<usize> {
    let (a, b) = (wanted.chars().count(), candidate.chars().count());
    let allowed = (a.max(b) / 3).max(1);
    if a.abs_diff(b) <= allowed {
        let slips = strsim::osa_distance(wanted, candidate);
        // Two names of one or two characters that share nothing are not near each other.
        if slips <= allowed && slips < a.max(b) {
            return Some(slips);
        }
    }
    let holds_all = words.len() > 1 && words.iter().all(|word| candidate.split(SEPARATOR).any(|c| c == *word));
    // Behind every slip, the shortest first.
    holds_all.then(|| MAX_LENGTH + b)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn suggests_what_was_probably_meant() {
        let known =
            ["select", "ignore", "fail-on", "ebs-volume-encrypted", "ebs-snapshot-encrypted-copy", "ec2", "s3", "high"];
        let table: [(&str, Option<&str>); 14] = [
            ("selct", Some("select")),
            ("Select", Some("select")),
            ("SELECT", Some("select")),
            ("fail_on", Some("fail-on")),
            ("failon", Some("fail-on")),
            ("ebs-volumes-encrypted", Some("ebs-volume-encrypted")),
            ("ebs_encrypted", Some("ebs-volume-encrypted")),
            ("ignroe", Some("ignore")),
            ("hihg", Some("high")),
            ("ec3", Some("ec2")),
            ("select", None),
            ("banana", None),
            ("", None),
            ("x", None),
        ];
        for (name, expected) in table {
            assert_eq!(nearest(name, known), expected, "{name:?}");
        }
        assert_eq!(nearest(&"s".repeat(100_000), known), None);
    }
}
