//! What a password must be (CNIL 2022-100: length first, brakes besides; no rule about kinds of letters).

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;

use super::Refusal;

/// The fewest characters.
pub const PASSWORD_MIN: usize = 10;
/// The most characters: more is no safer, and hashing takes time.
pub const PASSWORD_MAX: usize = 200;

/// Passwords, or their beginnings, that everybody tries first.
const COMMON: &[&str] = &[
    "0123456789",
    "1234567890",
    "9876543210",
    "1111111111",
    "azertyuiop",
    "qwertyuiop",
    "azerty1234",
    "azerty123456",
    "qwerty1234",
    "qwerty123456",
    "motdepasse",
    "monmotdepasse",
    "password12",
    "password123",
    "passw0rd123",
    "iloveyou12",
    "jetaime123",
    "bonjour123",
    "doudou1234",
    "marseille13",
    "administrateur",
    "administrator",
    "changeme123",
    "letmein123",
    "welcome123",
    "parvis1234",
    "mairie1234",
    "abcdefghij",
    "aaaaaaaaaa",
    "1q2w3e4r5t",
    "q1w2e3r4t5",
    "loulou1234",
    "soleil1234",
    "chocolat12",
    "nicolas123",
    "coucou1234",
    "football12",
    "princess12",
];

/// A password as typed, ready to be hashed. Cannot be printed.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// A password as typed into a sign-in form: nothing is asked of it but an end.
    pub fn typed(text: &str) -> Self {
        // The same letters typed on two keyboards may come as different code points.
        Self(text.chars().take(PASSWORD_MAX + 1).nfkc().collect())
    }

    /// A new password; `about` are words that somebody would guess (name, address, commune).
    ///
    /// # Errors
    /// [`Refusal`] when it is too short, too long or too easily guessed.
    pub fn chosen(text: &str, about: &[&str]) -> Result<Self, Refusal> {
        let length = text.chars().count();
        if length < PASSWORD_MIN {
            return Err(Refusal::ShortPassword { min: PASSWORD_MIN });
        }
        if length > PASSWORD_MAX {
            return Err(Refusal::LongPassword { max: PASSWORD_MAX });
        }
        if is_guessable(text, about) {
            return Err(Refusal::EasyPassword);
        }
        Ok(Self::typed(text))
    }

    /// What is hashed.
    pub fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// Whether nothing was typed.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

fn is_guessable(text: &str, about: &[&str]) -> bool {
    let squashed = squash(text);
    let distinct: std::collections::BTreeSet<char> = text.chars().collect();
    let common = COMMON
        .iter()
        .any(|common| squashed.strip_prefix(common).is_some_and(|rest| rest.len() < 4));
    let personal = about.iter().any(|about| {
        let about = squash(about);
        about.len() >= 4
            && squashed
                .replacen(&about, "", 1)
                .chars()
                .filter(|letter| !letter.is_ascii_digit())
                .count()
                < 4
            && squashed.contains(&about)
    });
    distinct.len() < 4 || is_a_run(text) || common || personal
}

/// Letters and digits only, lower case.
fn squash(text: &str) -> String {
    commune::model::fold(text).replace(' ', "")
}

/// `bcdefghijk`, `0987654321`: each letter the neighbour of the one before.
fn is_a_run(text: &str) -> bool {
    let letters: Vec<i64> = text.chars().map(|letter| i64::from(u32::from(letter))).collect();
    let steps: std::collections::BTreeSet<i64> = letters
        .windows(2)
        .filter_map(|pair| match pair {
            [one, next] => Some(next - one),
            _ => None,
        })
        .collect();
    steps.len() == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_and_unusual_is_enough() {
        for good in [
            "cheval agrafe pile correcte",
            "Tr0ub4dor&3x",
            "le sentier de Nietzsche",
            "пароль длинный",
        ] {
            assert!(Password::chosen(good, &["jeanne"]).is_ok(), "{good}");
        }
    }

    #[test]
    fn what_anybody_would_try_is_refused() {
        let about = [
            "Jeanne Lefèvre",
            "jeanne.lefevre@example.org",
            "jeanne.lefevre",
            "Èze",
        ];
        for (bad, why) in [
            ("", Refusal::ShortPassword { min: 10 }),
            ("court", Refusal::ShortPassword { min: 10 }),
            ("aaaaaaaaaaaa", Refusal::EasyPassword),
            ("abababababab", Refusal::EasyPassword),
            ("1234567890", Refusal::EasyPassword),
            ("bcdefghijklm", Refusal::EasyPassword),
            ("Azertyuiop1", Refusal::EasyPassword),
            ("motdepasse!", Refusal::EasyPassword),
            ("JeanneLefevre06", Refusal::EasyPassword),
            ("jeanne.lefevre@example.org", Refusal::EasyPassword),
        ] {
            assert_eq!(Password::chosen(bad, &about).unwrap_err(), why, "{bad}");
        }
        let long = "une phrase ".repeat(20);
        assert_eq!(
            Password::chosen(&long, &about).unwrap_err(),
            Refusal::LongPassword { max: 200 }
        );
    }

    #[test]
    fn a_password_is_never_printed() {
        assert_eq!(format!("{:?}", Password::typed("secret")), "***");
    }

    #[test]
    fn two_keyboards_type_the_same_password() {
        let (one, other) = (Password::typed("e\u{301}té"), Password::typed("été"));
        assert_eq!(one.bytes(), other.bytes());
    }
}
