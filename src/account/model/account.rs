//! The account itself.

use commune::InseeCode;
use federation::ActorId;
use platform::text::{clean_line, clean_text, is_blank};
use platform::{Timestamp, id_type};

use super::{Preferences, Refusal};

id_type!(
    /// Somebody's account.
    AccountId
);

/// The longest name shown, in characters.
pub const NAME_MAX: usize = 60;
/// The longest presentation, in characters.
pub const BIO_MAX: usize = 500;

/// An account as stored, its password left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Row id.
    pub id: AccountId,
    /// Her own actor.
    pub actor: ActorId,
    /// As she typed it. Never shown to anybody else.
    pub email: String,
    /// The commune she belongs to.
    pub commune: InseeCode,
    /// Language, theme, font.
    pub preferences: Preferences,
    /// What she says of herself, as typed.
    pub bio: String,
    /// Her photo.
    pub photo: Option<i64>,
    /// Since when.
    pub created_at: Timestamp,
    /// When she was last here, exact to some minutes.
    pub seen_at: Timestamp,
    /// Tokens of the API made before are void.
    pub secured_at: Timestamp,
}

/// The name as it will be shown, on one line.
///
/// # Errors
/// [`Refusal`] for none, and for one that is too long.
pub fn clean_name(typed: &str) -> Result<String, Refusal> {
    let name = clean_line(typed, NAME_MAX + 1);
    // Some letters are drawn as blanks.
    let readable = name
        .chars()
        .any(|c| c.is_alphanumeric() && !is_blank(c.encode_utf8(&mut [0; 4])));
    if !readable {
        Err(Refusal::NoName)
    } else if name.chars().count() > NAME_MAX {
        Err(Refusal::LongName { max: NAME_MAX })
    } else if sounds_official(&name) {
        Err(Refusal::OfficialName)
    } else {
        Ok(name)
    }
}

/// The presentation as it is kept, on several lines.
///
/// # Errors
/// [`Refusal::LongBio`].
pub fn clean_bio(typed: &str) -> Result<String, Refusal> {
    let bio = clean_text(typed, BIO_MAX + 1);
    if bio.chars().count() > BIO_MAX {
        Err(Refusal::LongBio { max: BIO_MAX })
    } else {
        Ok(bio)
    }
}

/// Whether a name passes for the town hall's. Maire and Lemaire are family names, so only what begins like an
/// office is.
fn sounds_official(name: &str) -> bool {
    let words = commune::model::fold(name);
    let offices = [
        "mairie",
        "le maire",
        "la maire",
        "monsieur le maire",
        "madame la maire",
        "madame le maire",
        "maire de",
        "maire d",
        "maire du",
        "hotel de ville",
        "conseil municipal",
        "prefecture",
        "prefet de",
        "prefete de",
    ];
    offices.iter().any(|office| {
        words
            .strip_prefix(office)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_can_be_read() {
        assert_eq!(clean_name("  Jeanne\tLefèvre ").unwrap(), "Jeanne Lefèvre");
        assert_eq!(clean_name(" \u{200b}  "), Err(Refusal::NoName));
        assert_eq!(clean_name("…"), Err(Refusal::NoName));
        assert_eq!(clean_name(&"é".repeat(61)), Err(Refusal::LongName { max: 60 }));
        for official in [
            "Mairie d’Èze",
            "LE MAIRE",
            "La maire d'Èze",
            "Maire de Nice",
            "Préfecture",
        ] {
            assert_eq!(clean_name(official), Err(Refusal::OfficialName), "{official}");
        }
        assert!(clean_name("Paul Lemaire").is_ok() && clean_name("Anne Maire").is_ok());
        assert!(!clean_name("Jean\u{202e}ne").unwrap().contains('\u{202e}'));
    }
}
