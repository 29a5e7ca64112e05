//! What decisions depend on, and whether they can go together.
//!
//! A [`Formula`] says of the inputs of a template what a decision asks of them. Only so much of it is kept as can be
//! handled in bounded time; where that is exceeded, everything counts as possible.

use super::Str;
use crate::source::Span;
use std::sync::Arc;

/// An input that nobody gave a value, or one that the deployment decides.
#[derive(Debug)]
pub struct Variable {
    /// What tells it from others, and what people call it.
    pub name: Str,
    /// All values it can have, where these are known.
    pub values: Option<Box<[Str]>>,
    /// Its values are not shown.
    pub sensitive: bool,
}

/// Where a comparison is written.
#[derive(Clone, Debug)]
pub struct Place {
    /// The named condition it stands in; empty outside of one.
    pub condition: Str,
    /// The value that is compared with.
    pub span: Span,
}

/// A statement about inputs.
#[derive(Debug)]
pub struct Formula {
    kind: FormulaKind,
    /// The number of its nodes, those that are shared counted as often as they are reached.
    size: usize,
}

/// The forms of a statement.
#[derive(Debug)]
pub enum FormulaKind {
    /// Decided.
    Known(bool),
    /// The input has this value.
    Is(Arc<Variable>, Str, Option<Place>),
    /// Something that is decided elsewhere; the same name means the same decision.
    Open(Str),
    /// Negation.
    Not(Arc<Formula>),
    /// Conjunction.
    All(Box<[Arc<Formula>]>),
    /// Disjunction.
    Any(Box<[Arc<Formula>]>),
}

/// A larger formula is not built.
const MAX_SIZE: usize = 400;

/// More nodes are not looked at to tell whether formulas go together.
const MAX_STEPS: usize = 20_000;

impl Formula {
    fn new(kind: FormulaKind) -> Arc<Self> {
        let size = match &kind {
            FormulaKind::Known(_) | FormulaKind::Is(..) | FormulaKind::Open(_) => 1,
            FormulaKind::Not(inner) => inner.size.saturating_add(1),
            FormulaKind::All(parts) | FormulaKind::Any(parts) => parts.iter().fold(1, |n, p| p.size.saturating_add(n)),
        };
        Arc::new(Self { kind, size })
    }

    /// Decided.
    pub fn known(holds: bool) -> Arc<Self> {
        Self::new(FormulaKind::Known(holds))
    }

    /// An input has a value.
    pub fn is(variable: Arc<Variable>, value: Str, place: Option<Place>) -> Arc<Self> {
        if variable.values.as_ref().is_some_and(|all| !all.contains(&value)) {
            return Self::known(false);
        }
        Self::new(FormulaKind::Is(variable, value, place))
    }

    /// Something that is decided elsewhere, under a name of its own.
    pub fn open(name: impl Into<Str>) -> Arc<Self> {
        Self::new(FormulaKind::Open(name.into()))
    }

    /// Negation.
    #[must_use]
    pub fn negated(self: &Arc<Self>) -> Arc<Self> {
        match &self.kind {
            FormulaKind::Known(holds) => Self::known(!holds),
            FormulaKind::Not(inner) => inner.clone(),
            _ => Self::new(FormulaKind::Not(self.clone())),
        }
    }

    /// Conjunction. `name` stands for it when it would be too large.
    pub fn all(parts: Vec<Arc<Self>>, name: impl FnOnce() -> Str) -> Arc<Self> {
        Self::joined(parts, true, name)
    }

    /// Disjunction. `name` stands for it when it would be too large.
    pub fn any(parts: Vec<Arc<Self>>, name: impl FnOnce() -> Str) -> Arc<Self> {
        Self::joined(parts, false, name)
    }

    fn joined(parts: Vec<Arc<Self>>, all: bool, name: impl FnOnce() -> Str) -> Arc<Self> {
        let mut kept: Vec<Arc<Self>> = Vec::with_capacity(parts.len());
        for part in parts {
            match part.kind {
                FormulaKind::Known(holds) if holds == all => {}
                FormulaKind::Known(_) => return part,
                _ => kept.push(part),
            }
        }
        match kept.as_slice() {
            [] => Self::known(all),
            [only] => only.clone(),
            _ if kept.iter().fold(1_usize, |n, p| p.size.saturating_add(n)) > MAX_SIZE => Self::open(name()),
            _ if all => Self::new(FormulaKind::All(kept.into())),
            _ => Self::new(FormulaKind::Any(kept.into())),
        }
    }

    /// What it says.
    pub fn kind(&self) -> &FormulaKind {
        &self.kind
    }

    /// Calls `f` for every comparison of an input in it.
    pub fn comparisons(&self, mut f: impl FnMut(&Variable, &Str, Option<&Place>)) {
        let mut open = vec![self];
        while let Some(formula) = open.pop() {
            match &formula.kind {
                FormulaKind::Known(_) | FormulaKind::Open(_) => {}
                FormulaKind::Is(variable, value, place) => f(variable, value, place.as_ref()),
                FormulaKind::Not(inner) => open.push(inner),
                FormulaKind::All(parts) | FormulaKind::Any(parts) => open.extend(parts.iter().rev().map(|p| &**p)),
            }
        }
    }
}

/// Whether statements can all be as they are given. `true` as well when that takes too long to tell.
pub fn possible<'f>(statements: impl IntoIterator<Item = (&'f Formula, bool)>) -> bool {
    let statements: Vec<(&Formula, bool)> = statements.into_iter().collect();
    // Most often it is a single decision.
    if let [(Formula { kind: FormulaKind::Open(_), .. }, _)] = statements.as_slice() {
        return true;
    }
    if statements.iter().fold(0_usize, |n, (s, _)| s.size.saturating_add(n)) > MAX_STEPS / 4 {
        return true;
    }
    Search { statements, world: Vec::new(), steps: 0 }.run()
}

/// What an atom is taken to be.
#[derive(Clone, Copy, PartialEq)]
enum Taken<'f> {
    Value(&'f str),
    /// None of the values that are named.
    Other,
    Truth(bool),
}

struct Search<'f> {
    statements: Vec<(&'f Formula, bool)>,
    world: Vec<(&'f str, Taken<'f>)>,
    steps: usize,
}

/// An atom that is not decided yet.
#[derive(Clone, Copy)]
enum Atom<'f> {
    Input(&'f Variable),
    Open(&'f str),
}

impl<'f> Search<'f> {
    fn run(&mut self) -> bool {
        let mut undecided = None;
        for at in 0..self.statements.len() {
            let Some(&(statement, wanted)) = self.statements.get(at) else { continue };
            match self.truth(statement, &mut undecided) {
                Some(holds) if holds != wanted => return false,
                _ => {}
            }
        }
        if self.steps > MAX_STEPS {
            return true;
        }
        let Some(atom) = undecided else { return true };
        let (name, ways) = match atom {
            Atom::Open(name) => (name, vec![Taken::Truth(true), Taken::Truth(false)]),
            Atom::Input(variable) => (variable.name.as_str(), self.values(variable)),
        };
        for way in ways {
            self.world.push((name, way));
            let found = self.run();
            self.world.pop();
            if found {
                return true;
            }
        }
        false
    }

    /// Kleene logic; the first atom that is not decided is handed out.
    fn truth(&mut self, formula: &'f Formula, undecided: &mut Option<Atom<'f>>) -> Option<bool> {
        self.steps += 1;
        match &formula.kind {
            FormulaKind::Known(holds) => Some(*holds),
            FormulaKind::Is(variable, value, _) => match self.taken(&variable.name) {
                Some(Taken::Value(taken)) => Some(taken == value),
                Some(_) => Some(false),
                None => {
                    undecided.get_or_insert(Atom::Input(variable));
                    None
                }
            },
            FormulaKind::Open(name) => {
                if let Some(Taken::Truth(holds)) = self.taken(name) {
                    return Some(holds);
                }
                undecided.get_or_insert(Atom::Open(name));
                None
            }
            FormulaKind::Not(inner) => self.truth(inner, undecided).map(|holds| !holds),
            FormulaKind::All(parts) => self.joined(parts, true, undecided),
            FormulaKind::Any(parts) => self.joined(parts, false, undecided),
        }
    }

    fn joined(&mut self, parts: &'f [Arc<Formula>], all: bool, undecided: &mut Option<Atom<'f>>) -> Option<bool> {
        let mut open = None;
        let mut out = Some(all);
        for part in parts {
            match self.truth(part, &mut open) {
                Some(holds) if holds != all => return Some(!all),
                Some(_) => {}
                None => out = None,
            }
        }
        if out.is_none() && undecided.is_none() {
            *undecided = open;
        }
        out
    }

    fn taken(&self, name: &str) -> Option<Taken<'f>> {
        self.world.iter().find(|(n, _)| *n == name).map(|&(_, taken)| taken)
    }

    /// The values of an input that make a difference.
    fn values(&mut self, variable: &'f Variable) -> Vec<Taken<'f>> {
        let mut named = Vec::new();
        for (statement, _) in &self.statements {
            collect(statement, &variable.name, &mut named);
        }
        self.steps += named.len();
        let others = variable.values.as_ref().is_none_or(|all| all.iter().any(|v| !named.contains(&v.as_str())));
        let mut out: Vec<Taken<'f>> = named.into_iter().map(Taken::Value).collect();
        if others {
            out.push(Taken::Other);
        }
        out
    }
}

/// The values with which an input is compared.
fn collect<'f>(formula: &'f Formula, name: &str, out: &mut Vec<&'f str>) {
    match &formula.kind {
        FormulaKind::Known(_) | FormulaKind::Open(_) => {}
        FormulaKind::Is(variable, value, _) => {
            if variable.name == name && !out.contains(&value.as_str()) {
                out.push(value);
            }
        }
        FormulaKind::Not(inner) => collect(inner, name, out),
        FormulaKind::All(parts) | FormulaKind::Any(parts) => parts.iter().for_each(|p| collect(p, name, out)),
    }
}

#[cfg(test)]
mod tests {
    use super::{Formula, Variable, possible};
    use std::sync::Arc;

    fn variable(name: &str, values: Option<&[&str]>) -> Arc<Variable> {
        let values = values.map(|all| all.iter().map(|v| (*v).into()).collect());
        Arc::new(Variable { name: name.into(), values, sensitive: false })
    }

    fn is(variable: &Arc<Variable>, value: &str) -> Arc<Formula> {
        Formula::is(variable.clone(), value.into(), None)
    }

    fn all(parts: &[&Arc<Formula>]) -> Arc<Formula> {
        Formula::all(parts.iter().map(|p| (*p).clone()).collect(), || "large".into())
    }

    fn any(parts: &[&Arc<Formula>]) -> Arc<Formula> {
        Formula::any(parts.iter().map(|p| (*p).clone()).collect(), || "large".into())
    }

    #[test]
    fn statements_about_one_input_exclude_one_another() {
        let env = variable("Env", Some(&["dev", "test", "prod"]));
        let free = variable("Name", None);
        let (dev, test, prod) = (is(&env, "dev"), is(&env, "test"), is(&env, "prod"));
        let (a, b) = (is(&free, "a"), is(&free, "b"));
        let open = Formula::open("x");
        let cases = [
            ("one", vec![(&dev, true)], true),
            ("two values of one input", vec![(&dev, true), (&prod, true)], false),
            ("neither of two of three", vec![(&dev, false), (&prod, false)], true),
            ("none of all", vec![(&dev, false), (&prod, false), (&test, false)], false),
            ("none of some of many", vec![(&a, false), (&b, false)], true),
            ("two values of an open input", vec![(&a, true), (&b, true)], false),
            ("itself and its opposite", vec![(&open, true), (&open, false)], false),
            ("different inputs", vec![(&a, true), (&dev, true), (&open, false)], true),
        ];
        for (name, statements, expected) in cases {
            assert_eq!(
                possible(statements.iter().map(|(f, h): &(&Arc<Formula>, bool)| (&***f, *h))),
                expected,
                "{name}"
            );
        }
        let staging = is(&env, "staging");
        assert!(!possible([(&*staging, true)]), "a value that is not allowed");
        let either = any(&[&dev, &prod]);
        assert!(possible([(&*either, true), (&*dev, false)]));
        assert!(!possible([(&*either, true), (&*dev, false), (&*prod, false)]));
        assert!(!possible([(&*either, false), (&*dev, true)]));
        assert!(!possible([(&*any(&[&dev, &test, &prod]), false)]), "one of them it is");
        let both = all(&[&a, &open]);
        assert!(possible([(&*both, false), (&*a, true)]));
        assert!(!possible([(&*both, false), (&*a, true), (&*open, true)]));
        assert!(!possible([(&*both.negated(), true), (&*both, true)]));
    }

    #[test]
    fn large_formulas_are_replaced_and_hard_ones_given_up() {
        let mut sum = is(&variable("V", None), "0");
        for i in 0..200 {
            let other = is(&variable(&format!("V{i}"), None), "0");
            sum = any(&[&all(&[&sum, &other]), &all(&[&sum.negated(), &other.negated()])]);
        }
        assert!(possible([(&*sum, true)]) && possible([(&*sum, false)]));
        // A pigeon hole: every one of nine in one of eight holes, no two in the same.
        let pigeons: Vec<_> = (0..9)
            .map(|i| Formula::any((0..8).map(|h| Formula::open(format!("{i}{h}"))).collect(), || "x".into()))
            .collect();
        let mut rules: Vec<Arc<Formula>> = pigeons;
        for hole in 0..8 {
            for a in 0..9 {
                for b in 0..a {
                    let both = all(&[&Formula::open(format!("{a}{hole}")), &Formula::open(format!("{b}{hole}"))]);
                    rules.push(both.negated());
                }
            }
        }
        let start = std::time::Instant::now();
        let _ = possible(rules.iter().map(|r| (&**r, true)));
        assert!(start.elapsed().as_millis() < 500, "{:?}", start.elapsed());
    }
}
