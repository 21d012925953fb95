//! Roles, rights, and in what capacity somebody acts.

use std::fmt;
use std::str::FromStr;

use commune::InseeCode;
use federation::ActorId;
use platform::Timestamp;

use super::AccountId;

/// What somebody is beyond being a citizen of her commune.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Runs this server.
    Operator,
    /// Holds the mayor's office.
    Mayor,
    /// Acts for the mayor's office within rights.
    Delegate,
    /// Moderates.
    Moderator,
    /// Sits in the council outside the majority.
    Opposition,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Operator,
        Self::Mayor,
        Self::Delegate,
        Self::Moderator,
        Self::Opposition,
    ];

    /// In the database and on the command line.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Mayor => "mayor",
            Self::Delegate => "delegate",
            Self::Moderator => "moderator",
            Self::Opposition => "opposition",
        }
    }

    /// From its code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// Whether it is held in a commune; the operator's is not.
    pub const fn is_of_a_commune(self) -> bool {
        !matches!(self, Self::Operator)
    }
}

platform::coded!(Role);

/// What can be done for a commune.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Right {
    /// Publish news.
    News,
    /// Open polls.
    Polls,
    /// Keep the agenda.
    Agenda,
    /// Open discussion groups.
    Groups,
    /// Read and answer messages to the town hall.
    Messages,
    /// Post legal notices.
    Postings,
    /// Send alerts.
    Alerts,
    /// Write the commune's page.
    CommunePage,
    /// Moderate.
    Moderation,
    /// Choose delegates and moderators.
    Delegates,
}

impl Right {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 10] = [
        Self::News,
        Self::Polls,
        Self::Agenda,
        Self::Groups,
        Self::Messages,
        Self::Postings,
        Self::Alerts,
        Self::CommunePage,
        Self::Moderation,
        Self::Delegates,
    ];

    /// In the database, in forms and on the command line.
    pub const fn code(self) -> &'static str {
        match self {
            Self::News => "news",
            Self::Polls => "polls",
            Self::Agenda => "agenda",
            Self::Groups => "groups",
            Self::Messages => "messages",
            Self::Postings => "postings",
            Self::Alerts => "alerts",
            Self::CommunePage => "commune-page",
            Self::Moderation => "moderation",
            Self::Delegates => "delegates",
        }
    }

    /// From its code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|right| right.code() == code)
    }

    const fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// A set of rights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rights(u16);

impl Rights {
    /// None.
    pub const NONE: Self = Self(0);

    /// Every right there is.
    pub fn all() -> Self {
        Right::ALL.into_iter().collect()
    }

    /// Whether the right is among them.
    pub const fn has(self, right: Right) -> bool {
        self.0 & right.bit() != 0
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Those that are in both.
    pub const fn within(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those that are in one or the other.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all of them are in `other`.
    pub const fn is_within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// One by one.
    pub fn iter(self) -> impl Iterator<Item = Right> {
        Right::ALL.into_iter().filter(move |right| self.has(*right))
    }
}

impl FromIterator<Right> for Rights {
    fn from_iter<I: IntoIterator<Item = Right>>(rights: I) -> Self {
        Self(rights.into_iter().fold(0, |bits, right| bits | right.bit()))
    }
}

impl fmt::Display for Rights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, right) in self.iter().enumerate() {
            if at > 0 {
                f.write_str(" ")?;
            }
            f.write_str(right.code())?;
        }
        Ok(())
    }
}

impl FromStr for Rights {
    type Err = String;

    /// Codes separated by blanks or commas. The error is the code that is none.
    fn from_str(text: &str) -> Result<Self, String> {
        text.split([' ', ','])
            .filter(|code| !code.is_empty())
            .map(|code| Right::from_code(code).ok_or_else(|| code.to_owned()))
            .collect()
    }
}

/// A role held by somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Row id.
    pub id: i64,
    /// Who holds it.
    pub account: AccountId,
    /// Which.
    pub role: Role,
    /// Where; nowhere for the operator.
    pub commune: Option<InseeCode>,
    /// A delegate's rights; of other roles see [`Grant::rights`].
    pub delegated: Rights,
    /// Who gave it; nobody: the command line.
    pub by: Option<AccountId>,
    /// Since when.
    pub at: Timestamp,
}

impl Grant {
    /// What it allows in its commune.
    pub fn rights(&self) -> Rights {
        match self.role {
            Role::Mayor => Rights::all(),
            Role::Delegate => self.delegated,
            Role::Moderator => Rights::from_iter([Right::Moderation]),
            Role::Operator | Role::Opposition => Rights::NONE,
        }
    }

    /// Whether it is held in this commune.
    pub fn is_in(&self, commune: InseeCode) -> bool {
        self.commune == Some(commune)
    }
}

/// In what capacity somebody acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Capacity {
    /// For herself.
    Oneself,
    /// As the holder of the mayor's office.
    Mayor,
    /// For the mayor's office; shown "Par délégation".
    Delegate,
}

impl Capacity {
    /// In the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Oneself => "oneself",
            Self::Mayor => "mayor",
            Self::Delegate => "delegate",
        }
    }

    /// From its code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Oneself, Self::Mayor, Self::Delegate]
            .into_iter()
            .find(|capacity| capacity.code() == code)
    }

    /// Whether "Par délégation" is shown.
    pub const fn is_delegated(self) -> bool {
        matches!(self, Self::Delegate)
    }
}

platform::coded!(Capacity);

/// Somebody about to do something: the person, the actor that is seen to do it, and why she may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acting {
    /// The person.
    pub account: AccountId,
    /// Who is seen to act: her own actor, or the office's.
    pub actor: ActorId,
    /// In what capacity.
    pub capacity: Capacity,
    /// The commune of the office; nowhere when she acts for herself.
    pub commune: Option<InseeCode>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(role: Role, rights: &str) -> Grant {
        Grant {
            id: 1,
            account: AccountId(1),
            role,
            commune: role.is_of_a_commune().then(|| "06059".parse().unwrap()),
            delegated: rights.parse().unwrap(),
            by: None,
            at: Timestamp::default(),
        }
    }

    #[test]
    fn rights_are_written_and_read_again() {
        let rights: Rights = "news, polls moderation".parse().unwrap();
        assert_eq!(rights.to_string(), "news polls moderation");
        assert!(rights.has(Right::News) && !rights.has(Right::Alerts));
        assert_eq!("".parse::<Rights>().unwrap(), Rights::NONE);
        assert_eq!("news taxes".parse::<Rights>(), Err("taxes".to_owned()));
        assert_eq!(Rights::all().iter().count(), Right::ALL.len());
        assert!(rights.is_within(Rights::all()) && !Rights::all().is_within(rights));
    }

    #[test]
    fn each_role_allows_its_own() {
        assert_eq!(grant(Role::Mayor, "").rights(), Rights::all());
        assert_eq!(grant(Role::Delegate, "news").rights().to_string(), "news");
        assert_eq!(grant(Role::Moderator, "news").rights().to_string(), "moderation");
        assert!(grant(Role::Opposition, "news").rights().is_empty());
        assert!(grant(Role::Operator, "news").rights().is_empty());
    }
}
