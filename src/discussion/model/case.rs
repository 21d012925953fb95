//! Who may decide: the rule.

use super::DiscussionRefusal;

/// What stands between a moderator and a decision about a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Case {
    /// She wrote it, or publishes for the town hall that did.
    pub is_party: bool,
    /// She decided it, and the author contests that.
    pub is_own_decision: bool,
    /// An operator took it from sight.
    pub hidden_by_operator: bool,
    /// She is an operator.
    pub is_operator: bool,
    /// Somebody else may decide, and is neither the author nor she.
    pub has_others: bool,
}

/// Whether somebody may decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ruling {
    /// Yes.
    Free,
    /// Yes, although it concerns her: there is nobody else. It is said so.
    Alone,
    /// No.
    Barred(DiscussionRefusal),
}

impl Ruling {
    /// [`Ruling::Barred`] as an error.
    ///
    /// # Errors
    /// The refusal.
    pub const fn allowed(self) -> Result<(), DiscussionRefusal> {
        match self {
            Self::Free | Self::Alone => Ok(()),
            Self::Barred(refusal) => Err(refusal),
        }
    }
}

impl Case {
    /// Whether she may show it again, or uphold what was decided against the author's word.
    pub const fn review(self) -> Ruling {
        if self.hidden_by_operator && !self.is_operator {
            return Ruling::Barred(DiscussionRefusal::OperatorsWork);
        }
        self.unless_concerned(self.is_party || self.is_own_decision)
    }

    /// Whether she may close the flags of it.
    pub const fn dismissal(self) -> Ruling {
        self.unless_concerned(self.is_party)
    }

    const fn unless_concerned(self, concerned: bool) -> Ruling {
        match (concerned, self.has_others) {
            (false, _) => Ruling::Free,
            (true, false) => Ruling::Alone,
            (true, true) => Ruling::Barred(DiscussionRefusal::OwnCause),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OTHERS: Case = Case {
        is_party: false,
        is_own_decision: false,
        hidden_by_operator: false,
        is_operator: false,
        has_others: true,
    };
    const OWN: Ruling = Ruling::Barred(DiscussionRefusal::OwnCause);

    #[test]
    fn nobody_judges_herself_while_somebody_else_can() {
        assert_eq!(OTHERS.review(), Ruling::Free);
        assert_eq!(OTHERS.dismissal(), Ruling::Free);
        let party = Case {
            is_party: true,
            ..OTHERS
        };
        assert_eq!((party.review(), party.dismissal()), (OWN, OWN));
        let decided = Case {
            is_own_decision: true,
            ..OTHERS
        };
        assert_eq!((decided.review(), decided.dismissal()), (OWN, Ruling::Free));
        let alone = Case {
            has_others: false,
            ..decided
        };
        assert_eq!(alone.review(), Ruling::Alone);
    }

    #[test]
    fn what_an_operator_hid_an_operator_shows() {
        let hidden = Case {
            hidden_by_operator: true,
            ..OTHERS
        };
        assert_eq!(hidden.review(), Ruling::Barred(DiscussionRefusal::OperatorsWork));
        let operator = Case {
            is_operator: true,
            ..hidden
        };
        assert_eq!(operator.review(), Ruling::Free);
        let own = Case {
            is_own_decision: true,
            has_others: false,
            ..operator
        };
        assert_eq!(own.review(), Ruling::Alone);
    }
}
