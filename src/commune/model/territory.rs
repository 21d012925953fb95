//! What surrounds a commune: département, region, the kinds of territory, and their time.

use std::str::FromStr;

use super::code::InseeCode;
use super::name::{Article, typographic};

/// What sort of territory a row of the official list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// A commune with a municipal council and a mayor.
    Commune,
    /// An overseas collectivity with a territorial council instead (Saint-Martin, Saint-Barthélemy).
    Collectivity,
    /// A district without council: TAAF, Wallis-et-Futuna, Clipperton.
    Territory,
}

impl Status {
    /// The word in the official table and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Commune => "commune",
            Self::Collectivity => "collectivite",
            Self::Territory => "territoire",
        }
    }

    /// Whether there is a mayor, who may claim the page.
    pub fn has_mayor(self) -> bool {
        self == Self::Commune
    }
}

impl FromStr for Status {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "commune" => Ok(Self::Commune),
            "collectivite" => Ok(Self::Collectivity),
            "territoire" => Ok(Self::Territory),
            other => Err(format!("“{other}” is no kind of territory")),
        }
    }
}

/// Why an old code leads to a commune of today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormerKind {
    /// A *commune déléguée*: merged, with a delegate mayor.
    Delegated,
    /// A *commune associée*, of the mergers before 2010.
    Associated,
    /// Merged or renumbered earlier; only the code is known.
    Former,
    /// A municipal district of Paris, Lyon or Marseille.
    District,
}

impl FormerKind {
    /// The word in the official table and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Delegated => "deleguee",
            Self::Associated => "associee",
            Self::Former => "ancienne",
            Self::District => "arrondissement",
        }
    }
}

impl FromStr for FormerKind {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "deleguee" => Ok(Self::Delegated),
            "associee" => Ok(Self::Associated),
            "ancienne" => Ok(Self::Former),
            "arrondissement" => Ok(Self::District),
            other => Err(format!("“{other}” is no kind of former commune")),
        }
    }
}

/// A département, a region or an overseas collectivity: its name does not contain its article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Territory {
    /// `06`, `2A`, `974`.
    pub code: String,
    /// "Alpes-Maritimes", with straight apostrophes.
    pub name: String,
    /// How it takes its article.
    pub article: Article,
}

impl Territory {
    /// The name as a page shows it: "Val-d’Oise".
    pub fn shown(&self) -> String {
        typographic(&self.name)
    }

    /// The name after "le département", "le conseil": "des Alpes-Maritimes", "du Cher", "de l’Ain".
    pub fn of(&self) -> String {
        let shown = self.shown();
        match self.article {
            Article::De => format!("de {shown}"),
            Article::D => format!("d’{shown}"),
            Article::Le => format!("du {shown}"),
            Article::La => format!("de la {shown}"),
            Article::Les | Article::Aux => format!("des {shown}"),
            Article::L => format!("de l’{shown}"),
            Article::Las => format!("de las {shown}"),
            Article::Los => format!("de los {shown}"),
        }
    }
}

/// An inter-municipal body (*établissement public de coopération intercommunale*).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Epci {
    /// Its SIREN.
    pub code: String,
    /// As it calls itself: "CC du Pays de Maîche".
    pub name: String,
    /// `CC`, `CA`, `CU`, `METRO` or `MET69`.
    pub kind: String,
}

impl Epci {
    /// The name as a page shows it.
    pub fn shown(&self) -> String {
        typographic(&self.name)
    }
}

/// The IANA time zone in which the commune lives.
///
/// French Polynesia has three, by archipelago; the uninhabited territories get the zone of those who go there.
pub fn time_zone(code: InseeCode, department: &str) -> &'static str {
    match department {
        "971" => "America/Guadeloupe",
        "972" => "America/Martinique",
        "973" => "America/Cayenne",
        "974" => "Indian/Reunion",
        "975" => "America/Miquelon",
        "976" => "Indian/Mayotte",
        "977" => "America/St_Barthelemy",
        "978" => "America/Marigot",
        "984" => match code.as_str() {
            "98413" => "Indian/Reunion",
            "98414" => "Antarctica/DumontDUrville",
            "98415" => "Indian/Mayotte",
            _ => "Indian/Kerguelen",
        },
        "986" => "Pacific/Wallis",
        "987" => match code.as_str() {
            "98718" | "98723" | "98731" | "98746" | "98756" | "98757" => "Pacific/Marquesas",
            "98719" => "Pacific/Gambier",
            _ => "Pacific/Tahiti",
        },
        "988" => "Pacific/Noumea",
        "989" => "Etc/GMT+8",
        _ => "Europe/Paris",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn department(name: &str, article: Article) -> Territory {
        Territory {
            code: String::new(),
            name: name.to_owned(),
            article,
        }
    }

    #[test]
    fn departments_stand_in_sentences() {
        for (name, article, expected) in [
            ("Alpes-Maritimes", Article::Les, "des Alpes-Maritimes"),
            ("Cher", Article::Le, "du Cher"),
            ("Gironde", Article::La, "de la Gironde"),
            ("Ain", Article::L, "de l’Ain"),
            ("Ille-et-Vilaine", Article::D, "d’Ille-et-Vilaine"),
            ("Paris", Article::De, "de Paris"),
            ("La Réunion", Article::De, "de La Réunion"),
            ("Côte-d'Or", Article::La, "de la Côte-d’Or"),
        ] {
            assert_eq!(department(name, article).of(), expected);
        }
    }

    #[test]
    fn overseas_keeps_its_own_time() {
        let zone = |code: &str, department: &str| time_zone(code.parse().unwrap(), department);
        assert_eq!(zone("06059", "06"), "Europe/Paris");
        assert_eq!(zone("2A004", "2A"), "Europe/Paris");
        assert_eq!(zone("97411", "974"), "Indian/Reunion");
        assert_eq!(zone("98735", "987"), "Pacific/Tahiti");
        assert_eq!(zone("98731", "987"), "Pacific/Marquesas");
        assert_eq!(zone("98719", "987"), "Pacific/Gambier");
    }

    #[test]
    fn words_of_the_table_are_read_back() {
        for status in [Status::Commune, Status::Collectivity, Status::Territory] {
            assert_eq!(status.as_str().parse(), Ok(status));
        }
        for kind in [
            FormerKind::Delegated,
            FormerKind::Associated,
            FormerKind::Former,
            FormerKind::District,
        ] {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
        assert!("ville".parse::<Status>().is_err());
        assert!(
            Status::Commune.has_mayor()
                && !Status::Collectivity.has_mayor()
                && !Status::Territory.has_mayor()
        );
    }
}
