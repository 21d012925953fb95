//! Refusals in words, at the fields they are about.

use std::time::Duration;

use axum::http::StatusCode;
use federation::Ctx;
use platform::i18n::Lang;
use platform::web::{Failure, FormState, Message};

use crate::error::AccountError;
use crate::model::Refusal;
use crate::password::HashError;

impl Refusal {
    /// The words for the person.
    pub fn message(&self) -> Message {
        let one = |n: i64, one: &str, many: &str| {
            let key = if n == 1 { one } else { many };
            Message::new(format!("account-refused-{key}"))
        };
        match self {
            Self::LongName { max }
            | Self::LongBio { max }
            | Self::NoHandle { max }
            | Self::LongPassword { max } => Message::new(self.key()).with("max", max),
            Self::ShortPassword { min } => Message::new(self.key()).with("min", min),
            Self::WrongCode { left } => one(*left, "wrong-code-one", "wrong-code").with("left", left),
            Self::WrongSignIn { left } => one(*left, "wrong-sign-in-one", "wrong-sign-in").with("left", left),
            Self::ClosedSignIn { minutes } => one(*minutes, "closed-one", "closed").with("minutes", minutes),
            Self::Braked { minutes } => one(*minutes, "braked-one", "braked").with("minutes", minutes),
            Self::MayorThere { commune } | Self::NotClaimed { commune } => {
                Message::new(self.key()).with("commune", commune)
            }
            _ => Message::new(self.key()),
        }
    }

    const fn key(&self) -> &'static str {
        match self {
            Self::NoName => "account-refused-no-name",
            Self::LongName { .. } => "account-refused-long-name",
            Self::OfficialName => "account-refused-official-name",
            Self::LongBio { .. } => "account-refused-long-bio",
            Self::NoEmail => "account-refused-no-email",
            Self::SameEmail => "account-refused-same-email",
            Self::EmailTaken => "account-refused-email-taken",
            Self::NoHandle { .. } => "account-refused-no-handle",
            Self::HandleReserved => "account-refused-handle-reserved",
            Self::HandleTaken => "account-refused-handle-taken",
            Self::HandleFixed => "account-refused-handle-fixed",
            Self::ShortPassword { .. } => "account-refused-short-password",
            Self::LongPassword { .. } => "account-refused-long-password",
            Self::EasyPassword => "account-refused-easy-password",
            Self::WrongPassword => "account-refused-wrong-password",
            Self::NoCommune => "account-refused-no-commune",
            Self::TooYoung => "account-refused-too-young",
            Self::TermsNotAccepted => "account-refused-terms",
            Self::Closed => "account-refused-registrations",
            Self::NoCode => "account-refused-no-code",
            Self::WrongCode { .. } => "account-refused-wrong-code",
            Self::SpentCode => "account-refused-spent-code",
            Self::TooManyCodes => "account-refused-too-many-codes",
            Self::WrongSignIn { .. } => "account-refused-wrong-sign-in",
            Self::Braked { .. } => "account-refused-braked",
            Self::ClosedSignIn { .. } => "account-refused-closed",
            Self::Suspended => "account-refused-suspended",
            Self::NotHersToGive => "account-refused-not-hers",
            Self::NoRights => "account-refused-no-rights",
            Self::MayorThere { .. } => "account-refused-mayor-there",
            Self::NotClaimed { .. } => "account-refused-not-claimed",
            Self::SpentInvitation => "account-refused-spent-invitation",
        }
    }

    /// The field it is about; none: the whole form.
    const fn field(&self) -> &'static str {
        match self {
            Self::NoName | Self::LongName { .. } | Self::OfficialName => "name",
            Self::NoEmail | Self::SameEmail | Self::EmailTaken => "email",
            Self::NoHandle { .. } | Self::HandleReserved | Self::HandleTaken | Self::HandleFixed => "handle",
            Self::LongBio { .. } => "bio",
            Self::ShortPassword { .. }
            | Self::LongPassword { .. }
            | Self::EasyPassword
            | Self::WrongPassword
            | Self::WrongSignIn { .. }
            | Self::ClosedSignIn { .. }
            | Self::Suspended => "password",
            Self::NoCommune => "commune",
            Self::TooYoung => "age",
            Self::TermsNotAccepted => "terms",
            Self::NoCode | Self::WrongCode { .. } | Self::SpentCode => "code",
            Self::NoRights => "rights",
            _ => "",
        }
    }

    /// How long to wait before it may help to try again.
    pub(super) fn wait(&self) -> Option<Duration> {
        match self {
            Self::ClosedSignIn { minutes } | Self::Braked { minutes } => {
                Some(Duration::from_secs(60 * u64::try_from(*minutes).unwrap_or(1)))
            }
            _ => None,
        }
    }

    /// 429 when waiting helps, 403 when nothing does, else 422.
    pub(super) const fn status(&self) -> StatusCode {
        match self {
            Self::ClosedSignIn { .. } | Self::Braked { .. } | Self::TooManyCodes => {
                StatusCode::TOO_MANY_REQUESTS
            }
            Self::NotHersToGive | Self::Closed => StatusCode::FORBIDDEN,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }
}

/// Notes in the form what was refused, and gives the status of the answer.
///
/// # Errors
/// A failure for everything the person cannot put right.
pub(super) fn note(
    ctx: &Ctx,
    lang: Lang,
    form: &mut FormState,
    error: AccountError,
) -> Result<StatusCode, Failure> {
    match error {
        AccountError::Refused(refusal) => {
            form.refuse(ctx, lang, refusal.field(), &refusal.message());
            Ok(refusal.status())
        }
        AccountError::Fields(refusals) => {
            let mut status = StatusCode::UNPROCESSABLE_ENTITY;
            for (field, refusal) in refusals {
                form.refuse(ctx, lang, field, &refusal.message());
                status = if refusal.status() == StatusCode::TOO_MANY_REQUESTS {
                    refusal.status()
                } else {
                    status
                };
            }
            Ok(status)
        }
        other => Err(other.into()),
    }
}

impl From<AccountError> for Failure {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Refused(refusal) => Self {
                message: Some(refusal.message()),
                retry_after: refusal.wait(),
                ..Self::new(refusal.status(), "refused")
            },
            AccountError::Fields(refusals) => match refusals.into_iter().next() {
                Some((_, refusal)) => Self::unprocessable("refused", refusal.message()),
                None => Self::bad_request("refused"),
            },
            AccountError::Store(error) => error.into(),
            AccountError::Hash(HashError::Busy) => Self {
                retry_after: Some(Duration::from_secs(10)),
                ..Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy")
            },
            AccountError::Hash(error) => Self::internal(error),
        }
    }
}
