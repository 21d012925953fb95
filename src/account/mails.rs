//! The mails of this room: what each says. How they look is the platform's.

use federation::Ctx;
use platform::i18n::Lang;
use platform::mail::{self, EmailAddress, Letter, Message};
use platform::{StoreError, Tx};

/// A mail to one person in her language.
#[derive(Debug, Clone, Copy)]
pub(crate) struct To<'a> {
    pub(crate) address: &'a EmailAddress,
    pub(crate) lang: Lang,
}

/// What a code is for, in the keys of the words.
#[derive(Debug, Clone, Copy)]
pub(crate) enum CodeFor {
    SignUp,
    Password,
    Email,
}

impl CodeFor {
    const fn keys(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::SignUp => (
                "account-mail-sign-up-subject",
                "account-mail-sign-up-text",
                "account-code-sign-up",
            ),
            Self::Password => (
                "account-mail-password-subject",
                "account-mail-password-text",
                "account-code-password",
            ),
            Self::Email => (
                "account-mail-email-subject",
                "account-mail-email-text",
                "account-code-email",
            ),
        }
    }
}

/// Six digits to be typed in the page.
pub(crate) async fn code(
    ctx: &Ctx,
    tx: &mut Tx,
    to: To<'_>,
    purpose: CodeFor,
    code: &str,
) -> Result<(), StoreError> {
    let say = |key: &str| ctx.words.t(to.lang, key);
    let (subject, text, kind) = purpose.keys();
    // Set apart so that it can be read aloud and typed; a mail program finds it in the subject already.
    let shown = match code.split_at_checked(3) {
        Some((one, two)) => format!("{one} {two}"),
        None => code.to_owned(),
    };
    let subject = ctx.words.ta(to.lang, subject, &[("code", &shown)]);
    let letter = Letter::new(to.lang, &subject)
        .text(&say(text))
        .code(&shown)
        .text(&say("account-mail-code-life"))
        .note(&say("account-mail-not-you"));
    send(ctx, tx, letter, to, kind).await
}

/// To somebody who signs up, or takes an address, with an address that has an account already.
pub(crate) async fn already(ctx: &Ctx, tx: &mut Tx, to: To<'_>) -> Result<(), StoreError> {
    let say = |key: &str| ctx.words.t(to.lang, key);
    let letter = Letter::new(to.lang, &say("account-mail-already-subject"))
        .text(&say("account-mail-already-text"))
        .button(&say("account-sign-in"), &ctx.urls.to("/connexion"))
        .text(&say("account-mail-already-forgotten"))
        .button(&say("account-forgotten"), &ctx.urls.to("/mot-de-passe"))
        .note(&say("account-mail-not-you"));
    send(ctx, tx, letter, to, "account-already").await
}

/// Something about the account changed that its owner must hear of.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Notice {
    PasswordChanged,
    EmailChanged,
    Unused,
    Ended,
}

/// Tells the owner.
pub(crate) async fn notice(ctx: &Ctx, tx: &mut Tx, to: To<'_>, what: Notice) -> Result<(), StoreError> {
    let say = |key: &str| ctx.words.t(to.lang, key);
    let (subject, text, kind) = match what {
        Notice::PasswordChanged => (
            "account-mail-changed-subject",
            "account-mail-changed-text",
            "account-password-changed",
        ),
        Notice::EmailChanged => (
            "account-mail-moved-subject",
            "account-mail-moved-text",
            "account-email-changed",
        ),
        Notice::Unused => (
            "account-mail-unused-subject",
            "account-mail-unused-text",
            "account-unused",
        ),
        Notice::Ended => (
            "account-mail-ended-subject",
            "account-mail-ended-text",
            "account-ended",
        ),
    };
    let mut letter = Letter::new(to.lang, &say(subject)).text(&say(text));
    letter = match what {
        Notice::PasswordChanged => letter
            .text(&say("account-mail-changed-not-you"))
            .button(&say("account-forgotten"), &ctx.urls.to("/mot-de-passe")),
        Notice::EmailChanged => letter.text(&contact(ctx, to.lang)),
        Notice::Unused => letter.button(&say("account-mail-unused-keep"), &ctx.urls.to("/connexion")),
        Notice::Ended => letter,
    };
    send(ctx, tx, letter, to, kind).await
}

/// Whom to write to when something is wrong.
fn contact(ctx: &Ctx, lang: Lang) -> String {
    match ctx.instance.contact_email.as_str() {
        "" => ctx.words.t(lang, "account-mail-moved-not-you"),
        email => ctx
            .words
            .ta(lang, "account-mail-moved-write", &[("email", email)]),
    }
}

/// An offer to work for the town hall.
pub(crate) async fn invitation(
    ctx: &Ctx,
    tx: &mut Tx,
    to: To<'_>,
    commune: &commune::Commune,
    role: &str,
    token: &str,
) -> Result<(), StoreError> {
    let words = [("of", commune.name.of()), ("role", role.to_owned())];
    let words: Vec<(&str, &str)> = words.iter().map(|(key, value)| (*key, value.as_str())).collect();
    let say = |key: &str| ctx.words.ta(to.lang, key, &words);
    let letter = Letter::new(to.lang, &say("account-mail-invited-subject"))
        .plate(&commune.name.shown(), commune.cartouche())
        .text(&say("account-mail-invited-text"))
        .button(
            &say("account-mail-invited-accept"),
            &ctx.urls.to(&format!("/invitation/{token}")),
        )
        .note(&say("account-mail-invited-note"));
    send(ctx, tx, letter, to, "account-invitation").await
}

async fn send(
    ctx: &Ctx,
    tx: &mut Tx,
    letter: Letter,
    to: To<'_>,
    kind: &'static str,
) -> Result<(), StoreError> {
    let message: Message = letter.message(ctx, to.address.clone(), kind);
    mail::post(ctx, tx, &message).await?;
    Ok(())
}
