//! What can come out of an action.

use platform::StoreError;
use platform::vault::VaultError;
use platform::web::{Failure, Message};

use crate::model::{HEAVIEST, LONGEST_SUBJECT, LONGEST_TEXT, LONGEST_WARNING, MOST_FILES, Refusal};

/// Why a deed was not done.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    /// A rule forbids it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<VaultError> for MessageError {
    fn from(error: VaultError) -> Self {
        Self::Store(error.into())
    }
}

/// The sentence of a refusal.
pub(crate) fn words(refusal: Refusal) -> Message {
    let message = Message::new(format!("messages-refused-{}", refusal.code()));
    match refusal {
        Refusal::SubjectTooLong => message.with("max", LONGEST_SUBJECT),
        Refusal::TooLong => message.with("max", LONGEST_TEXT),
        Refusal::WarningTooLong => message.with("max", LONGEST_WARNING),
        Refusal::TooManyFiles => message.with("max", MOST_FILES),
        Refusal::TooHeavy => message.with("max", HEAVIEST / 1_000_000),
        _ => message,
    }
}

impl From<MessageError> for Failure {
    fn from(error: MessageError) -> Self {
        match error {
            MessageError::Store(error) => error.into(),
            // Whether there is a thread that one may not read is nobody's business.
            MessageError::Refused(Refusal::Missing) => Self::not_found(),
            MessageError::Refused(Refusal::NotHere) => Self::not_found().saying(words(Refusal::NotHere)),
            MessageError::Refused(Refusal::TooMany) => Self::too_many(std::time::Duration::from_secs(600)),
            MessageError::Refused(refusal) => Self::unprocessable(refusal.code(), words(refusal)),
        }
    }
}

#[cfg(test)]
mod tests {
    use platform::i18n::{Lang, Words};

    use super::*;

    #[test]
    fn every_refusal_has_a_sentence_in_both_languages() {
        let all = Words::embedded().unwrap();
        for refusal in Refusal::ALL {
            let message = words(refusal);
            for lang in Lang::ALL {
                let pairs: Vec<(&str, &str)> = message
                    .args
                    .iter()
                    .map(|(name, value)| (*name, value.as_str()))
                    .collect();
                let said = all.ta(lang, &message.key, &pairs);
                assert!(!said.contains(['⟦', '{']), "{refusal:?}: {said}");
            }
        }
    }
}
