//! Kleene's three-valued logic.

/// Yes, no, or not to be told.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Truth {
    /// Proven.
    Yes,
    /// Disproven.
    No,
    /// Neither.
    Undetermined,
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Truth::Yes } else { Truth::No }
    }
}

impl Truth {
    /// Conjunction: `No` wins over `Undetermined`.
    #[must_use]
    pub fn and(self, other: Truth) -> Truth {
        match (self, other) {
            (Truth::No, _) | (_, Truth::No) => Truth::No,
            (Truth::Yes, Truth::Yes) => Truth::Yes,
            _ => Truth::Undetermined,
        }
    }

    /// Disjunction: `Yes` wins over `Undetermined`.
    #[must_use]
    pub fn or(self, other: Truth) -> Truth {
        !(!self).and(!other)
    }

    /// Conjunction of many; `Yes` for none.
    pub fn all(items: impl IntoIterator<Item = Truth>) -> Truth {
        let mut out = Truth::Yes;
        for item in items {
            out = out.and(item);
            if out == Truth::No {
                break;
            }
        }
        out
    }

    /// Disjunction of many; `No` for none.
    pub fn any(items: impl IntoIterator<Item = Truth>) -> Truth {
        !Truth::all(items.into_iter().map(|t| !t))
    }

    /// What all say alike; `Undetermined` when they differ or there are none.
    pub fn agree(items: impl IntoIterator<Item = Truth>) -> Truth {
        let mut items = items.into_iter();
        let Some(first) = items.next() else { return Truth::Undetermined };
        if items.all(|t| t == first) { first } else { Truth::Undetermined }
    }
}

impl std::ops::Not for Truth {
    type Output = Truth;
    fn not(self) -> Truth {
        match self {
            Truth::Yes => Truth::No,
            Truth::No => Truth::Yes,
            Truth::Undetermined => Truth::Undetermined,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Truth::{self, No, Undetermined as U, Yes};

    #[test]
    fn the_tables_are_kleenes() {
        let and = [
            (Yes, Yes, Yes),
            (Yes, No, No),
            (Yes, U, U),
            (No, Yes, No),
            (No, No, No),
            (No, U, No),
            (U, Yes, U),
            (U, No, No),
            (U, U, U),
        ];
        for (a, b, expected) in and {
            assert_eq!(a.and(b), expected, "{a:?} and {b:?}");
            assert_eq!((!a).or(!b), !expected, "not {a:?} or not {b:?}");
        }
        assert_eq!(Truth::agree([Yes, Yes]), Yes);
        assert_eq!(Truth::agree([Yes, No]), U);
        assert_eq!(Truth::all([]), Yes);
        assert_eq!(Truth::any([]), No);
    }
}
