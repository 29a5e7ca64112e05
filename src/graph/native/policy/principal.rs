//! The accounts that the principals of a statement are in.

use super::super::verdict::{Verdict, any_element};
use super::statement::is_identifier;
use crate::value::{Cause, CauseKind, Kind, Piece, Str, Text, Truth, Value};

/// The colons before the account in an ARN.
const BEFORE_ACCOUNT: usize = 4;

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}

/// The account in an ARN, or the text if it is one itself.
pub(super) fn account_in(text: &str) -> Option<&str> {
    let account = if text.starts_with("arn:") { text.split(':').nth(BEFORE_ACCOUNT)? } else { text };
    Some(account).filter(|a| is_account(a))
}

/// What is said of the account of a principal.
enum Account {
    Known(Str),
    /// That of the caller, by its name.
    Own,
    Unknown,
}

/// Whether a value is the account of the caller, by its name.
fn is_own(value: &Value) -> bool {
    let own = |text: &str| text.contains("AWS::AccountId") || text.contains("data.aws_caller_identity.");
    value.trail.hops().any(|h| own(&h.name)) || matches!(&value.kind, Kind::Unknown(cause) if own(&cause.what))
}

fn account_of(value: &Value) -> Account {
    match &value.kind {
        Kind::String(text) => account_in(text).map_or(Account::Unknown, |a| Account::Known(a.into())),
        Kind::Partial(text) => account_of_text(text),
        _ if is_own(value) && !is_identifier(value) => Account::Own,
        _ => Account::Unknown,
    }
}

/// An ARN of which the partition, the account or what follows is not known: holes stand for parts between colons.
fn account_of_text(text: &Text) -> Account {
    let mut colons = 0;
    // Whether nothing of the account has been read yet.
    let mut at_start = text.prefix().is_empty();
    for piece in text.pieces() {
        match piece {
            Piece::Hole(hole) if colons == BEFORE_ACCOUNT || text.prefix().is_empty() => {
                return if at_start && is_own(hole) { Account::Own } else { Account::Unknown };
            }
            Piece::Hole(_) => {}
            Piece::Known(known) => {
                let mut parts = known.split(':').enumerate().peekable();
                while let Some((i, part)) = parts.next() {
                    colons += usize::from(i > 0);
                    let ended = parts.peek().is_some();
                    match colons.cmp(&BEFORE_ACCOUNT) {
                        std::cmp::Ordering::Less => {}
                        std::cmp::Ordering::Equal if ended && is_account(part) => return Account::Known(part.into()),
                        std::cmp::Ordering::Equal if !ended && part.is_empty() => at_start = true,
                        _ => return Account::Unknown,
                    }
                }
            }
        }
    }
    Account::Unknown
}

/// Whether a principal of the statement is in another account than `own` and those `trusted`. Of two accounts one is not
/// the own one, whichever that is.
pub(super) fn foreign_account(statement: &Value, own: &Value, trusted: &[Str]) -> Verdict {
    let one_by_one = foreign_principal(statement, own, trusted);
    if one_by_one.truth != Truth::Undetermined {
        return one_by_one;
    }
    let principals = statement.get("principals");
    let Kind::List(list) = &principals.kind else { return one_by_one };
    let mut first: Option<Str> = None;
    for principal in &list.items {
        let principal = principals.inside(principal);
        let value = principal.get("value");
        if principal.get("kind").as_str() != Some("aws") {
            continue;
        }
        let Account::Known(account) = account_of(&value) else { continue };
        match &first {
            _ if trusted.contains(&account) => {}
            None => first = Some(account),
            Some(first) if *first != account => return Verdict::of(true, &value.trail),
            Some(_) => {}
        }
    }
    one_by_one
}

fn foreign_principal(statement: &Value, own: &Value, trusted: &[Str]) -> Verdict {
    any_element(&statement.get("principals"), 0, &mut |principal| {
        let Kind::Map(_) = &principal.kind else { return Verdict::unknown(principal) };
        let (kind, value) = (principal.get("kind"), principal.get("value"));
        match kind.as_str() {
            Some("aws") => {}
            Some(_) => return Verdict::of(false, &value.trail),
            None => return Verdict::unknown(&kind),
        }
        match account_of(&value) {
            Account::Own => Verdict::of(false, &value.trail),
            Account::Known(account) if trusted.contains(&account) => Verdict::of(false, &value.trail),
            Account::Known(account) => match own.as_str() {
                Some(own) => Verdict::of(account != own, &value.trail),
                None => {
                    let unknown = || Cause::new(CauseKind::Deployment, "the own account is decided by the deployment");
                    Verdict::open(own.cause().unwrap_or_else(unknown), &value.trail)
                }
            },
            Account::Unknown => match value.as_str() {
                Some("*") => Verdict::of(false, &value.trail),
                Some(text) => Verdict::invalid(format!("the account of {text:?} is not known"), &value.trail),
                None => Verdict::unknown(&value),
            },
        }
    })
}
