//! Names of resources: conventions, regions in names, texts against patterns.

mod pattern;
mod region;
mod words;

use super::automaton::{Matcher, compile, glob};
use super::verdict::{Verdict, any_element, arg, each_arm, function, given_string, given_strings, why};
use crate::expr::{Call, Function};
use crate::value::{Cause, CauseKind, Entries, Kind, Piece, Rest, Str, Text, Value, to_text};
use pattern::{Pattern, Separator};
use std::rc::Rc;

pub(super) const FUNCTIONS: &[Function] = &[
    function("name_matches", 2, 3, name_matches),
    function("name_matches_regex", 2, 2, name_matches_regex),
    function("starting_with", 1, 1, |call| Ok(starting_with(call))),
    function("contains_region", 1, 1, contains_region),
    function("region_conflict", 2, 2, |call| Ok(region_conflict(call))),
    function("plain_words", 1, 3, plain_words),
    function("word_faults", 1, 3, word_faults),
    function("matches_any", 2, 2, matches_any),
    function("glob_any", 2, 2, glob_any),
    function("any_key", 2, 2, any_key),
];

/// `name_matches(name, pattern, { region, separator, environments })`: whether the whole name has the pattern of literal
/// text and placeholders: `{region}` is the region of the resource, or any well-formed code when it is not known;
/// `{env}` one of the environments (any word when there are none); `{words}` lower-case words joined by the separator;
/// `{sep}` the separator: `"hyphen"`, `"underscore"`, or `"either"`, the default, which is the same throughout the name.
/// An interpolation that is named after a region stands for the region.
fn name_matches(call: &Call<'_>) -> Result<Value, Str> {
    let options = arg(call, 2);
    // Without a region that is known whole any is accepted.
    let region = options.get("region").as_str().filter(|r| !r.is_empty()).map(Str::from);
    let separator = Separator::read(&options.get("separator"))?;
    let environments =
        strings(&options.get("environments")).ok_or_else(|| Str::from("the environments must be a list of strings"))?;
    let pattern = Pattern::new(&given_string(call, 1)?, region, separator, &environments)?;
    Ok(each_arm(&arg(call, 0), &mut |name| pattern.judge(name)).value())
}

/// The strings of a list that is known whole; unset is empty.
fn strings(value: &Value) -> Option<Vec<Str>> {
    match &value.kind {
        Kind::Absent | Kind::Null => Some(Vec::new()),
        Kind::List(list) if list.open.is_none() => list.items.iter().map(|i| i.as_str().map(Str::from)).collect(),
        _ => None,
    }
}

fn expression(pattern: &str) -> Result<Rc<Matcher>, Str> {
    compile(pattern).ok_or_else(|| format!("the regular expression {pattern:?} cannot be compiled").into())
}

/// `name_matches_regex(name, regex)`: whether the regular expression is found in the name; anchors are its own affair.
fn name_matches_regex(call: &Call<'_>) -> Result<Value, Str> {
    let regex = expression(&given_string(call, 1)?)?;
    Ok(each_arm(&arg(call, 0), &mut |name| regex.judge(name)).value())
}

/// `starting_with(prefix)`: the name that is generated from a prefix: the prefix and a part that is not known. Unset
/// stays unset.
fn starting_with(call: &Call<'_>) -> Value {
    starting_with_prefix(to_text(&arg(call, 0)))
}

/// A text of which only the beginning is written.
pub(super) fn starting_with_prefix(prefix: Value) -> Value {
    if prefix.is_unset() || prefix.is_unknown() {
        return prefix;
    }
    let cause = Cause::new(CauseKind::Deployment, "the rest of the name is generated");
    let name = Text::join([prefix.piece(), Piece::Hole(Value::unknown(cause))]);
    name.with_trail(prefix.trail.clone()).marked(prefix.sensitive)
}

/// `contains_region(name)`: whether there is a code of a region of AWS in the name, or an interpolation that is named
/// after one.
fn contains_region(call: &Call<'_>) -> Result<Value, Str> {
    let code = region::code().ok_or_else(|| Str::from("the codes of regions cannot be compiled"))?;
    let judged = each_arm(&arg(call, 0), &mut |name| {
        if let Kind::Partial(text) = &name.kind
            && text.holes().any(region::is_region)
        {
            return Verdict::of(true, &name.trail);
        }
        code.judge(name)
    });
    Ok(judged.value())
}

/// `region_conflict(name, region)`: whether there is a code of a region in the name that is not `region`. False as long
/// as the region is not known.
fn region_conflict(call: &Call<'_>) -> Value {
    let region = arg(call, 1);
    let Some(region) = region.as_str().filter(|r| !r.is_empty()).map(Str::from) else { return false.into() };
    let other = |text: &str| region::codes_in(text).iter().any(|code| *code != region);
    let judged = each_arm(&arg(call, 0), &mut |name| {
        let name = to_text(name);
        match &name.kind {
            Kind::Absent | Kind::Null => Verdict::of(false, &name.trail),
            Kind::String(text) => Verdict::of(other(text), &name.trail),
            Kind::Partial(text) => {
                // A letter in place of a hole continues the word beside it: it is no boundary of a code.
                let known: String = text
                    .pieces()
                    .iter()
                    .map(|p| match p {
                        Piece::Known(text) => text.as_str(),
                        Piece::Hole(_) => "X",
                    })
                    .collect();
                if other(&known) {
                    Verdict::of(true, &name.trail)
                } else if text.holes().all(region::is_region) {
                    Verdict::of(false, &name.trail)
                } else {
                    Verdict::unknown(&name)
                }
            }
            _ => Verdict::unknown(&name),
        }
    });
    judged.value()
}

struct Convention {
    separator: Separator,
    abbreviations: Entries,
}

impl Convention {
    fn read(call: &Call<'_>) -> Result<Convention, Str> {
        let separator = Separator::read(&arg(call, 1))?;
        let abbreviations = arg(call, 2);
        match &abbreviations.kind {
            Kind::Absent | Kind::Null => Ok(Convention { separator, abbreviations: Entries::default() }),
            Kind::Map(map) => Ok(Convention { separator, abbreviations: map.entries.clone() }),
            _ => Err("the abbreviations must be a map".into()),
        }
    }
}

/// `plain_words(name, separator, abbreviations)`: whether the name is lower-case words: no upper-case letter, no space,
/// no separator other than the configured one, none doubled, no word that is a key of `abbreviations`. Slashes and dots
/// separate segments that are judged alone; the code of a region is fixed text. What is not written is.
fn plain_words(call: &Call<'_>) -> Result<Value, Str> {
    let convention = Convention::read(call)?;
    let judged = each_arm(&arg(call, 0), &mut |name| {
        let judgement = words::judge(name, convention.separator, &convention.abbreviations);
        match judgement.unknown {
            _ if !judgement.faults.is_empty() => Verdict::of(false, &name.trail),
            Some(unknown) => Verdict::unknown(&unknown).or_trail(&name.trail),
            None => Verdict::of(true, &name.trail),
        }
    });
    Ok(judged.value())
}

/// `word_faults(name, separator, abbreviations)`: what [`plain_words`] finds, in words: `"upper-case letters, srv
/// (server)"`. Empty when it finds nothing.
fn word_faults(call: &Call<'_>) -> Result<Value, Str> {
    let convention = Convention::read(call)?;
    let name = arg(call, 0);
    let judgement = words::judge(&name, convention.separator, &convention.abbreviations);
    Ok(Value::from(judgement.faults.join(", ")).with_trail(name.trail.clone()))
}

/// `matches_any(text, patterns)`: whether one of the regular expressions is found in the text, or in one of a list of
/// texts.
fn matches_any(call: &Call<'_>) -> Result<Value, Str> {
    let patterns: Vec<_> = given_strings(call, 1)?.iter().map(|p| expression(p)).collect::<Result<_, Str>>()?;
    Ok(any_of(&arg(call, 0), &patterns).value())
}

fn any_of(text: &Value, patterns: &[Rc<Matcher>]) -> Verdict {
    any_element(text, 0, &mut |text| {
        if patterns.is_empty() {
            return Verdict::of(false, &text.trail);
        }
        Verdict::any(patterns.iter().map(|p| p.judge(text)))
    })
}

fn globs(call: &Call<'_>, index: usize) -> Result<Vec<Rc<Matcher>>, Str> {
    given_strings(call, index)?.iter().map(|p| expression(&glob(p))).collect()
}

/// `glob_any(text, globs)`: whether the whole text, or one of a list of texts, matches one of the patterns, in which `*`
/// is any text and `?` any character. Letters match in their own case only.
fn glob_any(call: &Call<'_>) -> Result<Value, Str> {
    Ok(any_of(&arg(call, 0), &globs(call, 1)?).value())
}

/// `any_key(map, globs)`: whether a key of the map matches one of the patterns of [`glob_any`]. The evidence is the
/// entry.
fn any_key(call: &Call<'_>) -> Result<Value, Str> {
    let globs = globs(call, 1)?;
    let judged = each_arm(&arg(call, 0), &mut |map| match &map.kind {
        Kind::Absent | Kind::Null => Verdict::of(false, &map.trail),
        Kind::Map(entries) => {
            let found = entries.entries.iter().find(|(key, _)| globs.iter().any(|g| g.is_match(key)));
            match (found, &entries.rest) {
                (Some((_, value)), _) => Verdict::of(true, &map.inside(value).trail),
                (None, Rest::Closed) => Verdict::of(false, &map.trail),
                (None, _) if globs.is_empty() => Verdict::of(false, &map.trail),
                (None, Rest::Open(cause)) => Verdict::open(cause.clone(), &map.trail),
                (None, Rest::Resource(_)) => Verdict::open(why(map), &map.trail),
            }
        }
        Kind::Unknown(_) | Kind::AfterApply(_) => Verdict::unknown(map),
        _ => Verdict::invalid(format!("a {} has no keys", map.type_name()), &map.trail),
    });
    Ok(judged.value())
}

#[cfg(test)]
mod tests;
