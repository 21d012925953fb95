//! A name in a French sentence: "la commune d’Èze", "le maire du Buisson", "à La Rochelle".

use serde::{Deserialize, Serialize};

/// How a name takes its article: INSEE's "type de nom en clair" (TNCC).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
pub enum Article {
    /// No article, "de": Paris.
    De,
    /// No article, "d’": Èze.
    D,
    /// Le Buisson.
    Le,
    /// La Rochelle.
    La,
    /// Les Abrets.
    Les,
    /// L’Île-d’Yeu.
    L,
    /// Aux Marais.
    Aux,
    /// Las Illas.
    Las,
    /// Los Masos.
    Los,
}

impl Article {
    const ALL: [Self; 9] = [
        Self::De,
        Self::D,
        Self::Le,
        Self::La,
        Self::Les,
        Self::L,
        Self::Aux,
        Self::Las,
        Self::Los,
    ];
}

impl From<Article> for u8 {
    fn from(article: Article) -> Self {
        article as u8
    }
}

impl TryFrom<u8> for Article {
    type Error = String;

    fn try_from(number: u8) -> Result<Self, String> {
        Self::ALL
            .get(usize::from(number))
            .copied()
            .ok_or_else(|| format!("{number} is not an article code (0 to 8)"))
    }
}

/// The name of a commune, which contains its article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommuneName {
    official: String,
    article: Article,
}

impl CommuneName {
    /// A name and its article. An article that the name does not begin with is set right.
    pub fn new(official: impl Into<String>, article: Article) -> Self {
        let official = official.into();
        let begins = match article {
            Article::De | Article::D => "",
            Article::Le => "Le ",
            Article::La => "La ",
            Article::Les => "Les ",
            Article::L => "L'",
            Article::Aux => "Aux ",
            Article::Las => "Las ",
            Article::Los => "Los ",
        };
        let article = if official.starts_with(begins) {
            article
        } else {
            Article::De
        };
        Self { official, article }
    }

    /// The name as INSEE writes it, with straight apostrophes: for data, not for pages.
    pub fn official(&self) -> &str {
        &self.official
    }

    /// The article code.
    pub fn article(&self) -> Article {
        self.article
    }

    /// The name as a page shows it: "L’Île-d’Yeu".
    pub fn shown(&self) -> String {
        typographic(&self.official)
    }

    /// The name after "la commune", "le maire": "d’Èze", "du Buisson", "des Abrets", "de La Rochelle".
    pub fn of(&self) -> String {
        let shown = self.shown();
        match self.article {
            Article::D | Article::Aux => format!("d’{shown}"),
            Article::Le => format!("du {}", cut(&shown, "Le ")),
            Article::Les => format!("des {}", cut(&shown, "Les ")),
            Article::De | Article::La | Article::L | Article::Las | Article::Los => format!("de {shown}"),
        }
    }

    /// The name after "j’habite", "bienvenue": "à Èze", "au Buisson", "aux Abrets", "à La Rochelle".
    pub fn at(&self) -> String {
        let shown = self.shown();
        match self.article {
            Article::Le => format!("au {}", cut(&shown, "Le ")),
            Article::Les => format!("aux {}", cut(&shown, "Les ")),
            _ => format!("à {shown}"),
        }
    }

    /// The name without its article, in INSEE's writing: what it is filed under.
    pub fn without_article(&self) -> &str {
        let article = match self.article {
            Article::De | Article::D | Article::Aux => "",
            Article::Le => "Le ",
            Article::La => "La ",
            Article::Les => "Les ",
            Article::L => "L'",
            Article::Las => "Las ",
            Article::Los => "Los ",
        };
        cut(&self.official, article)
    }
}

/// A straight apostrophe becomes the one that French typography wants.
pub fn typographic(text: &str) -> String {
    text.replace('\'', "’")
}

fn cut<'a>(name: &'a str, article: &str) -> &'a str {
    name.strip_prefix(article).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentence(name: &str, article: u8) -> (String, String) {
        let name = CommuneName::new(name, Article::try_from(article).unwrap());
        (
            format!("la commune {}", name.of()),
            format!("j’habite {}", name.at()),
        )
    }

    #[test]
    fn every_kind_of_article_makes_a_sentence() {
        for (name, article, of, at) in [
            ("Paris", 0, "la commune de Paris", "j’habite à Paris"),
            ("Hao", 0, "la commune de Hao", "j’habite à Hao"),
            ("Èze", 1, "la commune d’Èze", "j’habite à Èze"),
            ("Y", 1, "la commune d’Y", "j’habite à Y"),
            ("Le Buisson", 2, "la commune du Buisson", "j’habite au Buisson"),
            (
                "La Rochelle",
                3,
                "la commune de La Rochelle",
                "j’habite à La Rochelle",
            ),
            (
                "Les Abrets en Dauphiné",
                4,
                "la commune des Abrets en Dauphiné",
                "j’habite aux Abrets en Dauphiné",
            ),
            (
                "L'Île-d'Yeu",
                5,
                "la commune de L’Île-d’Yeu",
                "j’habite à L’Île-d’Yeu",
            ),
            (
                "Aux Marais",
                6,
                "la commune d’Aux Marais",
                "j’habite à Aux Marais",
            ),
            ("Las Illas", 7, "la commune de Las Illas", "j’habite à Las Illas"),
            ("Los Masos", 8, "la commune de Los Masos", "j’habite à Los Masos"),
        ] {
            assert_eq!(sentence(name, article), (of.to_owned(), at.to_owned()));
        }
    }

    #[test]
    fn an_article_that_is_not_in_the_name_is_ignored() {
        assert_eq!(CommuneName::new("Vernet", Article::Le).of(), "de Vernet");
    }

    #[test]
    fn names_are_filed_without_their_article() {
        assert_eq!(
            CommuneName::new("L'Île-d'Yeu", Article::L).without_article(),
            "Île-d'Yeu"
        );
        assert_eq!(CommuneName::new("Lens", Article::De).without_article(), "Lens");
    }

    #[test]
    fn there_are_nine_articles() {
        assert!(Article::try_from(9).is_err());
        assert_eq!(u8::from(Article::Los), 8);
    }
}
