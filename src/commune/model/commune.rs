//! A commune of the directory, and what its town hall has made of it.

use federation::ActorId;
use platform::Timestamp;

use super::code::InseeCode;
use super::name::CommuneName;
use super::territory::{Epci, Status, Territory, time_zone};

/// A commune with what surrounds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commune {
    /// Its INSEE code, by which everything else knows it.
    pub code: InseeCode,
    /// Its name.
    pub name: CommuneName,
    /// Commune, collectivity or territory.
    pub status: Status,
    /// The département.
    pub department: Territory,
    /// The region.
    pub region: Territory,
    /// The name of the *arrondissement*.
    pub district: Option<String>,
    /// The inter-municipal body it belongs to.
    pub epci: Option<Epci>,
    /// Its number in the register of legal units.
    pub siren: Option<String>,
    /// Inhabitants, by INSEE's reference population.
    pub population: Option<i64>,
    /// Postal codes in order.
    pub postal_codes: Vec<String>,
    /// Its name without accents: `saint-denis`.
    pub slug: String,
    /// Its place on this site: `saint-denis-93`.
    pub address: String,
    /// The handle its actor has or would have.
    pub handle: String,
    /// The commune into which it has merged.
    pub successor: Option<InseeCode>,
    /// Its town hall, once it is here.
    pub claim: Option<Claim>,
    /// The sections that its town hall switched off.
    pub closed: Vec<String>,
}

/// A town hall that is here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The mayor's office: speaks as the mayor.
    pub mayor: ActorId,
    /// The commune itself: legal notices, alerts, practical information.
    pub commune: ActorId,
    /// Since when.
    pub claimed_at: Timestamp,
    /// How the town hall proved itself, in words.
    pub verified_by: String,
    /// When it did.
    pub verified_at: Timestamp,
}

impl Commune {
    /// Whether its town hall is here.
    pub const fn is_claimed(&self) -> bool {
        self.claim.is_some()
    }

    /// The path of its front page.
    pub fn path(&self) -> String {
        format!("/{}", self.address)
    }

    /// The path of one of its pages: `below("commune")` is `/eze-06/commune`.
    pub fn below(&self, rest: &str) -> String {
        format!("/{}/{rest}", self.address)
    }

    /// The IANA zone in which it lives.
    pub fn time_zone(&self) -> &'static str {
        time_zone(self.code, &self.department.code)
    }

    /// The handle of the mayor's office.
    pub fn mayor_handle(&self) -> String {
        super::handle::mayor_handle(&self.handle)
    }

    /// Whether it lies in an overseas collectivity, which is neither département nor region.
    pub fn is_in_collectivity(&self) -> bool {
        self.department.code == self.region.code
    }

    /// The region, unless it is the département too, as in Guadeloupe.
    pub fn region_apart(&self) -> Option<&Territory> {
        Some(&self.region).filter(|region| region.name != self.department.name)
    }

    /// What stands in the cartouche of its sign: the postal code, or the INSEE code where there is none.
    pub fn cartouche(&self) -> &str {
        self.postal_codes
            .first()
            .map_or_else(|| self.code.as_str(), String::as_str)
    }

    /// Postal codes as a page lists them: all of a few, the first and the last of many.
    pub fn postal_range(&self) -> String {
        match self.postal_codes.as_slice() {
            [] => String::new(),
            [first, .., last] if self.postal_codes.len() > 4 => format!("{first} … {last}"),
            few => few.join(", "),
        }
    }
}

/// How a person in office is spoken of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Gender {
    /// "la maire".
    Feminine,
    /// "le maire".
    Masculine,
    /// "maire", where nothing was said.
    #[default]
    Unsaid,
}

impl Gender {
    /// `f`, `m` or nothing, as stored.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Feminine => "f",
            Self::Masculine => "m",
            Self::Unsaid => "",
        }
    }

    /// From the stored letter; anything else says nothing.
    pub fn of_code(code: &str) -> Self {
        match code {
            "f" => Self::Feminine,
            "m" => Self::Masculine,
            _ => Self::Unsaid,
        }
    }
}

/// A person's time in the mayor's office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mandate {
    /// "Prénom Nom".
    pub holder: String,
    /// How she or he is spoken of.
    pub gender: Gender,
    /// The year of the election.
    pub from_year: i64,
    /// The year in which it ends, once known.
    pub to_year: Option<i64>,
}

/// Names of a holder are no longer.
pub const HOLDER_MAX: usize = 120;

impl Mandate {
    /// The years, "2026-2032", or "depuis 2026" while the end is open.
    pub fn years(&self) -> String {
        match self.to_year {
            Some(end) => format!("{}-{end}", self.from_year),
            None => format!("depuis {}", self.from_year),
        }
    }

    /// How a post names its author for ever: "Prénom Nom, maire (2026-2032)".
    pub fn signature(&self) -> String {
        format!("{}, maire ({})", self.holder, self.years())
    }

    /// The name of the mayor's office: "La maire d’Èze".
    pub fn office(&self, commune: &CommuneName) -> String {
        let title = match self.gender {
            Gender::Feminine => "La maire",
            Gender::Masculine => "Le maire",
            Gender::Unsaid => "Maire",
        };
        format!("{title} {}", commune.of())
    }

    /// Whether the words can be believed.
    pub fn check(&self) -> Result<(), ClaimRefusal> {
        let holder = self.holder.trim();
        if holder.is_empty() || holder.chars().count() > HOLDER_MAX || holder.chars().any(char::is_control) {
            return Err(ClaimRefusal::NoName);
        }
        let years = 1789..=2200;
        let ends_well = self
            .to_year
            .is_none_or(|end| years.contains(&end) && end >= self.from_year);
        if years.contains(&self.from_year) && ends_well {
            Ok(())
        } else {
            Err(ClaimRefusal::WrongYears)
        }
    }
}

/// Why a town hall is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClaimRefusal {
    /// No such code.
    #[error("there is no commune with this code")]
    Unknown,
    /// A territory or collectivity.
    #[error("this territory has no mayor")]
    NoMayor,
    /// It is part of another one now.
    #[error("this commune has merged into another one")]
    Merged,
    /// Its town hall is here already.
    #[error("the town hall of this commune is here already")]
    AlreadyClaimed,
    /// It is not claimed yet.
    #[error("the town hall of this commune is not here")]
    NotClaimed,
    /// The holder's name is missing or unusable.
    #[error("the mayor's name is missing, too long or unreadable")]
    NoName,
    /// Years that no mandate has.
    #[error("the years of the mandate cannot be right")]
    WrongYears,
}

impl Commune {
    /// Whether its town hall may be let in.
    pub fn may_be_claimed(&self) -> Result<(), ClaimRefusal> {
        match () {
            () if self.successor.is_some() => Err(ClaimRefusal::Merged),
            () if !self.status.has_mayor() => Err(ClaimRefusal::NoMayor),
            () if self.is_claimed() => Err(ClaimRefusal::AlreadyClaimed),
            () => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Article;

    fn mandate(gender: Gender) -> Mandate {
        Mandate {
            holder: "Camille Aubert".to_owned(),
            gender,
            from_year: 2026,
            to_year: Some(2032),
        }
    }

    #[test]
    fn a_post_keeps_the_name_of_its_author_at_the_time() {
        assert_eq!(
            mandate(Gender::Feminine).signature(),
            "Camille Aubert, maire (2026-2032)"
        );
        let open = Mandate {
            to_year: None,
            ..mandate(Gender::Unsaid)
        };
        assert_eq!(open.signature(), "Camille Aubert, maire (depuis 2026)");
    }

    #[test]
    fn the_office_agrees_with_the_person() {
        let commune = CommuneName::new("Le Buisson", Article::Le);
        assert_eq!(mandate(Gender::Feminine).office(&commune), "La maire du Buisson");
        assert_eq!(mandate(Gender::Masculine).office(&commune), "Le maire du Buisson");
        assert_eq!(mandate(Gender::Unsaid).office(&commune), "Maire du Buisson");
    }

    #[test]
    fn impossible_mandates_are_refused() {
        let with = |holder: &str, from_year, to_year| {
            Mandate {
                holder: holder.to_owned(),
                gender: Gender::Unsaid,
                from_year,
                to_year,
            }
            .check()
        };
        assert_eq!(with("Camille Aubert", 2026, None), Ok(()));
        assert_eq!(with("  ", 2026, None), Err(ClaimRefusal::NoName));
        assert_eq!(with("a\0b", 2026, None), Err(ClaimRefusal::NoName));
        assert_eq!(with(&"x".repeat(121), 2026, None), Err(ClaimRefusal::NoName));
        assert_eq!(
            with("Camille Aubert", 2026, Some(2020)),
            Err(ClaimRefusal::WrongYears)
        );
        assert_eq!(with("Camille Aubert", 20, None), Err(ClaimRefusal::WrongYears));
    }
}
