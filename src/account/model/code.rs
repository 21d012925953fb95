//! Codes sent by mail and typed in the page.

use std::time::Duration;

/// How long a code is good.
pub const CODE_LIFE: Duration = Duration::from_secs(10 * 60);
/// How often one may be mistyped.
pub const CODE_ATTEMPTS: i64 = 5;
/// How many one address is sent in an hour.
pub const CODES_PER_HOUR: i64 = 5;
/// How many one address is sent in a day.
pub const CODES_PER_DAY: i64 = 10;

/// What a code is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A new account.
    SignUp,
    /// A new password for somebody who forgot hers.
    Password,
    /// A new address.
    Email,
}

impl Purpose {
    /// In the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SignUp => "sign-up",
            Self::Password => "password",
            Self::Email => "email",
        }
    }

    /// From its code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::SignUp, Self::Password, Self::Email]
            .into_iter()
            .find(|purpose| purpose.code() == code)
    }
}

platform::coded!(Purpose);

/// The digits of what was typed: people copy codes with blanks in them.
pub fn clean_code(typed: &str) -> Option<String> {
    let digits: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '.' | '\u{200b}'))
        .collect();
    (digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_may_be_typed_with_blanks() {
        assert_eq!(clean_code(" 407 182\u{a0}").as_deref(), Some("407182"));
        for bad in ["", "12345", "1234567", "12345a", "４０７１８２"] {
            assert_eq!(clean_code(bad), None, "{bad:?}");
        }
    }
}
