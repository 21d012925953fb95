//! What the mails say.

use std::collections::HashMap;

use account::actions::people;
use federation::{Actor, ActorId, Ctx, actors};
use platform::i18n::Lang;
use platform::mail::{self, EmailAddress, Letter};
use platform::{StoreError, Tx};

use crate::group::{Group, groups};
use crate::model::{MailPace, Told};
use crate::token;

/// Groups told in one mail; the site has the rest.
const MOST_GROUPS: usize = 30;

/// Whom a mail goes to.
pub(crate) struct Recipient {
    to: EmailAddress,
    lang: Lang,
    unsubscribe: String,
}

/// The address and language of a person; `None` when she has none (any more).
pub(crate) async fn recipient(
    ctx: &Ctx,
    actor: ActorId,
    pace: MailPace,
) -> Result<Option<Recipient>, StoreError> {
    let Some(account) = people::by_actor(ctx, actor).await? else {
        return Ok(None);
    };
    let Ok(to) = account.email.parse() else {
        return Ok(None);
    };
    let token = token::of(ctx, actor, pace).await?;
    Ok(Some(Recipient {
        to,
        lang: account.preferences.lang.unwrap_or_default(),
        unsubscribe: ctx.urls.to(&format!("/desabonnement/{token}")),
    }))
}

/// Writes the mail that tells of these notices, in the transaction that marks them as mailed.
pub(crate) async fn write(
    ctx: &Ctx,
    tx: &mut Tx,
    recipient: &Recipient,
    pace: MailPace,
    told: &[Told],
) -> Result<(), StoreError> {
    let lang = recipient.lang;
    let names = named(actors::by_ids_in(tx, &ids(told)).await?);
    let groups = groups(told.to_vec());
    let subject = match (groups.as_slice(), pace) {
        ([one], _) => one.sentence(ctx, lang, &names),
        (_, MailPace::Weekly) => ctx.words.t(lang, "notifications-mail-weekly"),
        (_, MailPace::Daily) => ctx.words.t(lang, "notifications-mail-daily"),
        _ => ctx
            .words
            .tn(lang, "notifications-mail-several", groups.len() as i64),
    };
    let mut letter = Letter::new(lang, &subject);
    for group in groups.iter().take(MOST_GROUPS) {
        letter = item(ctx, letter, lang, group, &names);
    }
    if groups.len() > MOST_GROUPS {
        let more = (groups.len() - MOST_GROUPS) as i64;
        letter = letter.text(&ctx.words.tn(lang, "notifications-mail-more", more));
    }
    let letter = letter
        .button(
            &ctx.words.t(lang, "notifications-mail-all"),
            &ctx.urls.to("/notifications"),
        )
        .note(&ctx.words.t(lang, "notifications-mail-preferences"))
        .unsubscribe(&recipient.unsubscribe)
        .list(&format!("{}.{}", pace.code(), ctx.urls.authority()));
    let message = letter.message(ctx, recipient.to.clone(), "notification");
    mail::post(ctx, tx, &message).await?;
    Ok(())
}

fn item(ctx: &Ctx, letter: Letter, lang: Lang, group: &Group, names: &HashMap<ActorId, String>) -> Letter {
    let page = &group.newest.page;
    let url = if page.starts_with('/') {
        ctx.urls.to(page)
    } else {
        page.clone()
    };
    let at = platform::i18n::datetime(lang, &group.newest.created_at.in_zone("Europe/Paris"));
    letter.item(
        &group.sentence(ctx, lang, names),
        &at,
        &group.newest.excerpt,
        &url,
    )
}

/// The names of those who did something.
pub(crate) async fn names(ctx: &Ctx, told: &[Told]) -> Result<HashMap<ActorId, String>, StoreError> {
    Ok(named(actors::by_ids(ctx, &ids(told)).await?))
}

fn ids(told: &[Told]) -> Vec<ActorId> {
    let mut ids: Vec<ActorId> = told.iter().filter_map(|told| told.from_id).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn named(actors: Vec<Actor>) -> HashMap<ActorId, String> {
    actors
        .into_iter()
        .filter(|actor| actor.deleted_at.is_none())
        .map(|actor| (actor.id, actor.display_name().to_owned()))
        .collect()
}
