//! Mails to those who gave notice without having an account: the receipt, and what was decided (DSA
//! article 16, paragraphs 4 and 5).

use federation::Ctx;
use platform::i18n::Lang;
use platform::mail::{self, EmailAddress, Letter};
use platform::{StoreError, Tx};

use crate::model::{Decision, Deed, Flag};

fn to(flag: &Flag) -> Option<(EmailAddress, Lang)> {
    let address = flag.reporter_email.as_deref()?.parse().ok()?;
    let lang = flag
        .reporter_lang
        .as_deref()
        .and_then(|code| code.parse().ok())
        .unwrap_or_default();
    Some((address, lang))
}

/// The receipt of a notice.
pub(crate) async fn receipt(ctx: &Ctx, tx: &mut Tx, flag: &Flag, address: &str) -> Result<(), StoreError> {
    let Some((to, lang)) = to(flag) else {
        return Ok(());
    };
    let reference = flag.id.to_string();
    let words = |key| ctx.words.t(lang, key);
    let letter = Letter::new(
        lang,
        &ctx.words.ta(
            lang,
            "discussion-mail-receipt-subject",
            &[("reference", &reference)],
        ),
    )
    .text(&words("discussion-mail-receipt"))
    .text(
        &ctx.words
            .ta(lang, "discussion-mail-about", &[("address", address)]),
    )
    .text(&words("discussion-mail-receipt-next"))
    .note(&words("discussion-mail-receipt-note"));
    let message = letter.message(ctx, to, "discussion-receipt");
    mail::post(ctx, tx, &message).await?;
    Ok(())
}

/// What was decided.
pub(crate) async fn outcome(
    ctx: &Ctx,
    tx: &mut Tx,
    flag: &Flag,
    decision: &Decision,
) -> Result<(), StoreError> {
    let Some((to, lang)) = to(flag) else {
        return Ok(());
    };
    let reference = flag.id.to_string();
    let address = flag.text.lines().next().unwrap_or_default();
    let key = if decision.deed == Deed::Hide {
        "discussion-mail-upheld"
    } else {
        "discussion-mail-dismissed"
    };
    let mut letter = Letter::new(
        lang,
        &ctx.words.ta(
            lang,
            "discussion-mail-outcome-subject",
            &[("reference", &reference)],
        ),
    )
    .text(&ctx.words.t(lang, key))
    .text(
        &ctx.words
            .ta(lang, "discussion-mail-about", &[("address", address)]),
    );
    if decision.deed == Deed::Dismiss {
        letter = letter.text(
            &ctx.words
                .ta(lang, "discussion-mail-reason", &[("reason", &decision.reason)]),
        );
    }
    let letter = letter.note(&ctx.words.t(lang, "discussion-mail-remedies"));
    let message = letter.message(ctx, to, "discussion-outcome");
    mail::post(ctx, tx, &message).await?;
    Ok(())
}
