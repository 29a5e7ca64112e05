//! Codes of regions in names, written out or left to an interpolation.

use super::super::automaton::{Matcher, compile};
use crate::value::{HopKind, Kind, Value};
use std::rc::Rc;

/// What looks like the code of a region, as the whole of a text.
pub(super) const WELL_FORMED: &str = "[a-z]{2,4}(?:-[a-z]+)+-[0-9]{1,2}";

/// The code of a region by the geography that AWS uses, as part of a text, in the first group. A letter behind it would
/// make it a zone.
const CODE: &str = "(?:^|[^a-zA-Z0-9])((?:us|eu|eusc|ap|sa|ca|me|af|il|mx|cn)(?:-gov|-iso[a-z]?|-de)?\
    -(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-[0-9]{1,2})(?:[^a-zA-Z0-9]|$)";

/// Finds codes of regions inside a text.
pub(super) fn code() -> Option<Rc<Matcher>> {
    compile(CODE)
}

/// The codes of regions in a text that is known whole.
pub(super) fn codes_in(text: &str) -> Vec<String> {
    let Some(code) = code() else { return Vec::new() };
    let mut out = Vec::new();
    let mut from = 0;
    // The character between two codes belongs to both.
    while let Some(found) = text.get(from..).and_then(|rest| code.find_iter(rest).next().and_then(|c| c.get(1))) {
        out.push(found.as_str().to_owned());
        from += found.end();
    }
    out
}

/// Whether a part of a name that is not known is the code of a region: it is made from something that is named so.
pub(super) fn is_region(hole: &Value) -> bool {
    if let Kind::AfterApply(reference) = &hole.kind {
        return names_region(&reference.attribute) || is_region_source(&reference.address, &reference.attribute);
    }
    let cause = match &hole.kind {
        Kind::Unknown(cause) => Some(cause.what.as_str()),
        _ => None,
    };
    let hops = hole.trail.hops().filter(|h| h.kind != HopKind::Missing).map(|h| h.name.as_str());
    cause.into_iter().chain(hops).any(|text| text.split(|c: char| !is_path(c)).any(is_region_path))
}

fn is_path(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '"' | '[' | ']')
}

/// `AWS::Region`, `var.aws_region`, `data.aws_region.current.name`, `PrimaryRegion`.
fn is_region_path(path: &str) -> bool {
    if path == "AWS::Region" {
        return true;
    }
    match path.rsplit_once('.') {
        Some((before, last)) => names_region(last) || is_region_source(before, last),
        None => names_region(path),
    }
}

/// Whether an identifier says that it is a region: its last word does, a word for its spelling aside.
fn names_region(name: &str) -> bool {
    let name = name.trim_matches('"').to_ascii_lowercase();
    let name = ["_name", "_code", "_id", "name", "code", "id"]
        .into_iter()
        .find_map(|suffix| name.strip_suffix(suffix).filter(|n| n.ends_with("region")))
        .unwrap_or(&name);
    name == "region"
        || name.ends_with("_region")
        || name.ends_with("-region")
        || name.ends_with("region") && name.len() > 6
}

/// Whether an attribute of the data source that tells the region is its code.
fn is_region_source(address: &str, attribute: &str) -> bool {
    let typed = address.split('.').any(|part| part == "aws_region");
    typed && matches!(attribute, "name" | "id" | "region")
}

#[cfg(test)]
mod tests {
    use super::{codes_in, is_region_path};

    #[test]
    fn codes_follow_the_geography_of_aws() {
        let table: [(&str, &[&str]); 16] = [
            ("app-us-east-1", &["us-east-1"]),
            ("us-east-1", &["us-east-1"]),
            ("x_eu-west-3_y", &["eu-west-3"]),
            ("ap-southeast-2.example", &["ap-southeast-2"]),
            ("us-gov-west-1", &["us-gov-west-1"]),
            ("cn-north-1", &["cn-north-1"]),
            ("cn-northwest-1", &["cn-northwest-1"]),
            ("il-central-1/mx-central-1", &["il-central-1", "mx-central-1"]),
            ("us-east-1-eu-west-1", &["us-east-1", "eu-west-1"]),
            ("us-isob-east-1", &["us-isob-east-1"]),
            ("eusc-de-east-1", &["eusc-de-east-1"]),
            ("my-app-1", &[]),
            ("us-east-1a", &[]),
            ("status-east-1", &[]),
            ("us-web-1", &[]),
            ("us-east", &[]),
        ];
        for (text, expected) in table {
            assert_eq!(codes_in(text), expected, "{text}");
        }
    }

    #[test]
    fn interpolations_are_regions_by_their_names() {
        let table = [
            ("AWS::Region", true),
            ("var.region", true),
            ("var.aws_region", true),
            ("var.awsRegion", true),
            ("var.region_name", true),
            ("local.primary_region", true),
            ("data.aws_region.current.name", true),
            ("module.a.data.aws_region.current.id", true),
            ("data.aws_region.current.region", true),
            ("data.aws_region.current.description", false),
            ("PrimaryRegion", true),
            ("var.regions_count", false),
            ("var.regional", false),
            ("var.region_short", false),
            ("AWS::AccountId", false),
            ("var.name", false),
            ("data.aws_caller_identity.current.id", false),
        ];
        for (path, expected) in table {
            assert_eq!(is_region_path(path), expected, "{path}");
        }
    }
}
