//! Decisions that the source leaves open, by name, and the worlds they make.

use super::formula::{Formula, Variable, possible};
use super::{Cause, Str};
use crate::source::Span;
use std::sync::Arc;

/// A decision that the source leaves open, and one way it can go.
#[derive(Clone, Debug)]
pub struct Guard {
    /// What tells this decision from others; what people call it, if it has a name.
    pub condition: Str,
    /// Which way it goes.
    pub holds: bool,
    /// What it asks of the inputs when it holds.
    pub formula: Arc<Formula>,
    /// Why it is not decided.
    pub cause: Option<Arc<Cause>>,
    /// How it is to be called.
    pub title: Title,
}

/// How people call a decision.
#[derive(Clone, Debug)]
pub enum Title {
    /// By its name.
    Name,
    /// By the input and the value it has: both are in the name.
    Value,
    /// By the expression that is written there.
    Text(Span),
    /// Not at all: it has no name, or must not be shown.
    Nameless,
}

impl Guard {
    /// A condition with a name.
    pub fn named(condition: impl Into<Str>, holds: bool, formula: Arc<Formula>, cause: Option<Arc<Cause>>) -> Self {
        Self { condition: condition.into(), holds, formula, cause, title: Title::Name }
    }

    /// An input that has a value.
    pub fn value(variable: &Arc<Variable>, value: &Str, cause: Option<Arc<Cause>>) -> Self {
        let quoted = value.is_empty() || value.contains(char::is_whitespace);
        let shown = if quoted { format!("\"{value}\"") } else { value.to_string() };
        let formula = Formula::is(variable.clone(), value.clone(), None);
        let title = if variable.sensitive { Title::Nameless } else { Title::Value };
        Self { condition: format!("{} is {shown}", variable.name).into(), holds: true, formula, cause, title }
    }

    /// An expression, which decides something on its own; where it is written, if that is a place of the user's.
    pub fn expression(condition: impl Into<Str>, holds: bool, at: Option<Span>, cause: Option<Arc<Cause>>) -> Self {
        let condition = condition.into();
        let formula = Formula::open(condition.clone());
        let title = at.map_or(Title::Nameless, Title::Text);
        Self { condition, holds, formula, cause, title }
    }

    /// The same decision, going the other way.
    #[must_use]
    pub fn opposite(&self) -> Self {
        Self { holds: !self.holds, ..self.clone() }
    }
}

impl PartialEq for Guard {
    fn eq(&self, other: &Self) -> bool {
        self.condition == other.condition && self.holds == other.holds
    }
}

impl Eq for Guard {}

/// More ways to the same value are not kept apart.
const MAX_WAYS: usize = 16;

/// When something is so: in each of several ways the open decisions can go, each way a list of decisions. There may be
/// others that have no name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    ways: Vec<Arc<[Guard]>>,
    others: bool,
}

impl Default for When {
    fn default() -> Self {
        Self::always()
    }
}

impl From<Guard> for When {
    fn from(guard: Guard) -> Self {
        Self { ways: vec![Arc::new([guard])], others: false }
    }
}

impl When {
    /// Where all of these decisions have gone their way.
    pub fn all(guards: impl IntoIterator<Item = Guard>) -> Self {
        Self { ways: vec![guards.into_iter().collect()], others: false }
    }

    /// Whatever is decided.
    pub fn always() -> Self {
        Self { ways: vec![Arc::new([])], others: false }
    }

    /// Under decisions that have no name.
    pub fn unnamed() -> Self {
        Self { ways: Vec::new(), others: true }
    }

    /// In no way.
    pub fn never() -> Self {
        Self { ways: Vec::new(), others: false }
    }

    /// Whether it is so whatever is decided.
    pub fn is_always(&self) -> bool {
        self.ways.iter().any(|way| way.is_empty())
    }

    /// Whether it is not so, whatever is decided.
    pub fn is_never(&self) -> bool {
        self.ways.is_empty() && !self.others
    }

    /// The ways that are known, each of which is enough.
    pub fn ways(&self) -> &[Arc<[Guard]>] {
        &self.ways
    }

    /// Whether there may be other ways.
    pub fn has_others(&self) -> bool {
        self.others
    }

    /// The first decision in it.
    pub fn first(&self) -> Option<&Guard> {
        self.ways.iter().flat_map(|way| way.iter()).next()
    }

    /// Why it is not decided.
    pub fn cause(&self) -> Option<&Arc<Cause>> {
        self.ways.iter().flat_map(|way| way.iter()).find_map(|g| g.cause.as_ref())
    }

    /// Both, as far as decisions of both go together.
    #[must_use]
    pub fn and(&self, other: &When) -> When {
        if self.is_always() {
            return other.clone();
        }
        if other.is_always() {
            return self.clone();
        }
        let mut out =
            When { ways: Vec::new(), others: self.others && !other.is_never() || other.others && !self.is_never() };
        for mine in &self.ways {
            for theirs in &other.ways {
                if out.ways.len() >= MAX_WAYS {
                    out.others = true;
                    return out;
                }
                if let Some(way) = together(mine, theirs)
                    && !out.ways.contains(&way)
                {
                    out.ways.push(way);
                }
            }
        }
        out
    }

    /// Either.
    #[must_use]
    pub fn or(&self, other: &When) -> When {
        let mut out = self.clone();
        out.others |= other.others;
        for way in &other.ways {
            if out.ways.contains(way) {
                continue;
            }
            if out.ways.len() >= MAX_WAYS {
                out.others = true;
                break;
            }
            out.ways.push(way.clone());
        }
        out
    }

    /// The opposite. Where there are ways without a name, nothing is known of it.
    #[must_use]
    pub fn opposite(&self) -> When {
        if self.others {
            return When::unnamed();
        }
        self.ways.iter().fold(When::always(), |all, way| {
            let otherwise = way.iter().fold(When::never(), |any, guard| any.or(&guard.opposite().into()));
            all.and(&otherwise)
        })
    }

    /// Whether `self` cannot be so without `other` being so. `false` as well when that cannot be told.
    pub fn implies(&self, other: &When) -> bool {
        if other.is_always() || self.is_never() {
            return true;
        }
        if self.others {
            return false;
        }
        self.ways.iter().all(|mine| {
            // One of the other's ways, or all of them together, leave nothing out.
            let outside: Vec<Arc<Formula>> = other
                .ways
                .iter()
                .map(|way| {
                    let parts = way.iter().map(stated).collect();
                    Formula::all(parts, || "a way".into()).negated()
                })
                .collect();
            let mine = mine.iter().map(|g| (&*g.formula, g.holds));
            !possible(mine.chain(outside.iter().map(|f| (&**f, true))))
        })
    }
}

/// What a decision says of the inputs, the way it goes.
fn stated(guard: &Guard) -> Arc<Formula> {
    if guard.holds { guard.formula.clone() } else { guard.formula.negated() }
}

/// What several ways say of the inputs together; `name` stands for what is too large.
pub fn formula_of(when: &When, name: &dyn Fn() -> Str) -> Arc<Formula> {
    let mut ways: Vec<Arc<Formula>> =
        when.ways.iter().map(|way| Formula::all(way.iter().map(stated).collect(), name)).collect();
    if when.others {
        ways.push(Formula::open(name()));
    }
    Formula::any(ways, name)
}

/// The decisions of two ways, if these can go together.
fn together(a: &Arc<[Guard]>, b: &Arc<[Guard]>) -> Option<Arc<[Guard]>> {
    let new: Vec<&Guard> = b.iter().filter(|g| !a.contains(g)).collect();
    if new.is_empty() {
        return Some(a.clone());
    }
    if a.is_empty() {
        return Some(b.clone());
    }
    if new.iter().any(|g| a.iter().any(|h| h.condition == g.condition)) {
        return None;
    }
    if !possible(a.iter().chain(new.iter().copied()).map(|g| (&*g.formula, g.holds))) {
        return None;
    }
    Some(a.iter().chain(new).cloned().collect())
}

#[cfg(test)]
mod tests {
    use super::{Guard, When};
    use crate::value::{Formula, Variable};
    use std::sync::Arc;

    fn values() -> [When; 3] {
        let env = Arc::new(Variable {
            name: "Env".into(),
            values: Some(["dev", "test", "prod"].map(Into::into).into()),
            sensitive: false,
        });
        ["dev", "test", "prod"].map(|v| When::from(Guard::value(&env, &v.into(), None)))
    }

    fn named(name: &str, holds: bool) -> When {
        Guard::named(name, holds, Formula::open(name), None).into()
    }

    #[test]
    fn ways_that_exclude_one_another_do_not_go_together() {
        let [dev, test, prod] = values();
        assert!(dev.and(&prod).is_never());
        assert_eq!(dev.and(&dev), dev);
        assert_eq!(dev.and(&When::always()), dev);
        assert!(dev.or(&test).and(&prod).is_never());
        assert_eq!(dev.or(&prod).and(&dev), dev);
        assert!(named("A", true).and(&named("A", false)).is_never());
        assert_eq!(named("A", true).and(&named("B", false)).ways()[0].len(), 2);
        assert!(!When::unnamed().and(&dev).is_never());
        assert!(When::unnamed().and(&When::never()).is_never());
    }

    #[test]
    fn one_implies_another_if_nothing_is_left_out() {
        let [dev, test, prod] = values();
        assert!(dev.implies(&dev) && dev.implies(&When::always()));
        assert!(!When::always().implies(&dev));
        assert!(When::always().implies(&dev.or(&test).or(&prod)));
        assert!(!dev.implies(&prod) && dev.implies(&dev.or(&prod)));
        assert!(named("A", true).and(&dev).implies(&named("A", true)));
        assert!(!named("A", true).implies(&named("A", true).and(&dev)));
        assert!(!When::unnamed().implies(&dev));
        assert!(When::always().implies(&named("A", true).or(&named("A", false))));
        let both = named("A", true).and(&named("B", false));
        assert_eq!(both.opposite(), named("A", false).or(&named("B", true)));
        assert_eq!(dev.or(&prod).opposite().and(&dev), When::never());
        assert!(When::always().opposite().is_never() && When::never().opposite().is_always());
    }
}
