//! How somebody wants the pages: language, colours, letters.

use platform::i18n::Lang;

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// As the system says.
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// In the database, in forms and in the page.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// From its code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Auto, Self::Light, Self::Dark]
            .into_iter()
            .find(|theme| theme.code() == code)
    }
}

/// Which letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Font {
    /// The usual ones.
    Standard,
    /// Those that are easier to read.
    Legible,
}

impl Font {
    /// In the database, in forms and in the page.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Legible => "lisible",
        }
    }

    /// From its code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Standard, Self::Legible]
            .into_iter()
            .find(|font| font.code() == code)
    }
}

/// What somebody chose; what she did not choose, the browser and its cookies say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Preferences {
    /// Language of pages and mails.
    pub lang: Option<Lang>,
    /// Light or dark.
    pub theme: Option<Theme>,
    /// Which letters.
    pub font: Option<Font>,
}

impl Preferences {
    /// These, and where they say nothing, `others`.
    pub fn or(self, others: Self) -> Self {
        Self {
            lang: self.lang.or(others.lang),
            theme: self.theme.or(others.theme),
            font: self.font.or(others.font),
        }
    }
}
