//! The INSEE code, by which a commune is known everywhere in the program.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The INSEE code of a commune: five characters, digits but for Corsica's `2A` and `2B`.
///
/// ```
/// let code: commune::InseeCode = "2a004".parse().unwrap();
/// assert_eq!(code.as_str(), "2A004");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct InseeCode([u8; 5]);

/// What was given is not the code of a commune.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an INSEE code has five characters, as 06059 or 2A004")]
pub struct InvalidCode;

impl InseeCode {
    /// The code as it is written.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl FromStr for InseeCode {
    type Err = InvalidCode;

    fn from_str(text: &str) -> Result<Self, InvalidCode> {
        let mut bytes: [u8; 5] = text.as_bytes().try_into().map_err(|_| InvalidCode)?;
        bytes.make_ascii_uppercase();
        match bytes {
            [b'2', b'A' | b'B', rest @ ..] if rest.iter().all(u8::is_ascii_digit) => Ok(Self(bytes)),
            _ if bytes.iter().all(u8::is_ascii_digit) => Ok(Self(bytes)),
            _ => Err(InvalidCode),
        }
    }
}

impl TryFrom<String> for InseeCode {
    type Error = InvalidCode;

    fn try_from(text: String) -> Result<Self, InvalidCode> {
        text.parse()
    }
}

impl From<InseeCode> for String {
    fn from(code: InseeCode) -> Self {
        code.as_str().to_owned()
    }
}

impl fmt::Display for InseeCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl fmt::Debug for InseeCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "InseeCode({})", self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_five_characters_and_corsica_has_letters() {
        for good in ["06059", "2A004", "2B033", "97411", "98801"] {
            assert_eq!(good.parse::<InseeCode>().unwrap().as_str(), good);
        }
        assert_eq!("2b033".parse::<InseeCode>().unwrap().to_string(), "2B033");
    }

    #[test]
    fn anything_else_is_refused() {
        for bad in [
            "",
            "6059",
            "060590",
            "2C001",
            "A2001",
            "2A0O4",
            "06 59",
            "0605é",
            "０６０５９",
            "-6059",
            "06059\0",
            "'OR 1",
        ] {
            assert_eq!(bad.parse::<InseeCode>(), Err(InvalidCode), "{bad:?}");
        }
    }

    #[test]
    fn codes_travel_as_text() {
        let code: InseeCode = serde_json::from_str("\"2a004\"").unwrap();
        assert_eq!(serde_json::to_string(&code).unwrap(), "\"2A004\"");
        assert!(serde_json::from_str::<InseeCode>("\"paris\"").is_err());
    }
}
