//! Raising the red flag: by people here, by anybody with an e-mail address, by other servers.

use federation::{Actor, Audience, Ctx, actors, instance_uri, outbox};
use platform::text::clean_text;
use platform::{StoreError, Tx};
use serde_json::json;

use super::telling::{tell_desk, tell_of_flag};
use super::{DiscussionError, reading};
use crate::mails;
use crate::model::{
    DiscussionRefusal, Flag, FlagCategory, FlagId, FlagState, LONGEST_REASON, NewFlag, NewNotice,
    Participant, Target, Thing, Under,
};
use crate::store;

/// Of a flag that is about an account, or about something that is not here.
const NOTHING: Target = Target { kind: "", id: 0 };

/// The words of a flag as kept.
fn words(typed: &str) -> Result<String, DiscussionRefusal> {
    let text = clean_text(typed, LONGEST_REASON + 1).trim().to_owned();
    if text.chars().count() > LONGEST_REASON {
        Err(DiscussionRefusal::TooLong)
    } else {
        Ok(text)
    }
}

fn open_flag(ctx: &Ctx, target: Target, desk: Option<String>, category: FlagCategory, text: String) -> Flag {
    Flag {
        id: FlagId::new(ctx),
        target_kind: target.kind.to_owned(),
        target_id: target.id,
        commune: desk,
        reporter_id: None,
        reporter_email: None,
        reporter_name: None,
        reporter_lang: None,
        category,
        text,
        uri: None,
        state: FlagState::Open,
        created_at: ctx.clock.now(),
        closed_at: None,
    }
}

/// Somebody with an account flags something. Flagging it again while the first flag is open changes nothing.
///
/// # Errors
/// [`DiscussionRefusal`] when it is turned away.
pub async fn flag(ctx: &Ctx, by: &Participant, thing: &Thing, new: NewFlag) -> Result<(), DiscussionError> {
    let text = words(&new.text)?;
    if new.category == FlagCategory::Other && text.is_empty() {
        return Err(DiscussionRefusal::NoReason.into());
    }
    if !reading::may_read_thing(ctx, Some(by), thing).await? {
        return Err(DiscussionRefusal::Missing.into());
    }
    let author = actors::by_id(ctx, thing.author_id()).await?;
    let instance = actors::by_uri(ctx, &instance_uri(ctx)).await?;
    let mut tx = ctx.db.begin().await?;
    if store::desk::is_flagged_by(&mut tx, thing.target(), by.actor.id).await? {
        return Ok(());
    }
    let under = thing.subject().under();
    let mut flag = open_flag(ctx, thing.target(), under.key(), new.category, text);
    flag.reporter_id = Some(by.actor.id);
    store::desk::insert_flag(&mut tx, &flag).await?;
    tell_of_flag(ctx, &mut tx, thing, Some(by.actor.id)).await?;
    if let (true, Some(author), Some(instance)) = (new.forward, author, instance) {
        forward(ctx, &mut tx, &instance, &author, thing, &flag).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Tells the moderators of the author's server, in the name of this server only.
async fn forward(
    ctx: &Ctx,
    tx: &mut Tx,
    instance: &Actor,
    author: &Actor,
    thing: &Thing,
    flag: &Flag,
) -> Result<(), StoreError> {
    // What is said in a private circle is for its moderators.
    if author.local || thing.subject().private_circle().is_some() {
        return Ok(());
    }
    let activity = json!({ "type": "Flag", "object": [author.uri, thing.uri()], "content": flag.text });
    let mut audience = Audience::only(&[author]);
    audience.to.clear();
    outbox::say(ctx, tx, instance, activity, &audience).await?;
    Ok(())
}

/// Anybody gives notice of something on this server (DSA article 16); the receipt goes by mail. The page or
/// object may be one that is not here (any more): it is kept for the operator all the same.
///
/// # Errors
/// [`DiscussionRefusal::NoReason`] without words.
pub async fn give_notice(
    ctx: &Ctx,
    thing: Option<&Thing>,
    address: &str,
    new: NewNotice,
) -> Result<FlagId, DiscussionError> {
    let text = words(&new.text)?;
    if text.is_empty() {
        return Err(DiscussionRefusal::NoReason.into());
    }
    let target = thing.map_or(NOTHING, Thing::target);
    let under = thing.map_or(Under::Operator, |thing| thing.subject().under());
    let mut flag = open_flag(
        ctx,
        target,
        under.key(),
        new.category,
        format!("{address}\n\n{text}"),
    );
    flag.reporter_email = Some(new.email).filter(|email| !email.is_empty());
    flag.reporter_name = Some(new.name).filter(|name| !name.is_empty());
    flag.reporter_lang = Some(new.lang.code().to_owned());
    let mut tx = ctx.db.begin().await?;
    store::desk::insert_flag(&mut tx, &flag).await?;
    match thing {
        Some(thing) => tell_of_flag(ctx, &mut tx, thing, None).await?,
        None => tell_desk(ctx, &mut tx, &under, target, None).await?,
    }
    mails::receipt(ctx, &mut tx, &flag, address).await?;
    tx.commit().await?;
    Ok(flag.id)
}

/// A flag raised by another server.
#[derive(Debug, Clone)]
pub(crate) struct FlagFromElsewhere<'a> {
    pub(crate) uri: &'a str,
    pub(crate) text: String,
    pub(crate) things: Vec<Thing>,
    /// Whose they are; alone, the account as a whole is flagged.
    pub(crate) account: Option<Actor>,
}

/// Takes in a flag of another server; gives how many things it is about that were not flagged by it before.
pub(crate) async fn flag_from_elsewhere(
    ctx: &Ctx,
    by: &Actor,
    flag: FlagFromElsewhere<'_>,
) -> Result<usize, StoreError> {
    let mut taken = 0;
    let mut tx = ctx.db.begin().await?;
    if let (true, Some(account)) = (flag.things.is_empty(), &flag.account) {
        let text = format!("{}\n\n{}", account.page(), flag.text);
        let mut row = open_flag(ctx, NOTHING, Under::Operator.key(), FlagCategory::Other, text);
        row.reporter_id = Some(by.id);
        row.uri = Some(flag.uri.to_owned());
        if store::desk::insert_flag(&mut tx, &row).await? {
            taken += 1;
            tell_desk(ctx, &mut tx, &Under::Operator, NOTHING, Some(by.id)).await?;
        }
    }
    for thing in &flag.things {
        let mut row = open_flag(
            ctx,
            thing.target(),
            thing.subject().under().key(),
            FlagCategory::Other,
            flag.text.clone(),
        );
        row.reporter_id = Some(by.id);
        row.uri = Some(flag.uri.to_owned());
        if store::desk::insert_flag(&mut tx, &row).await? {
            taken += 1;
            tell_of_flag(ctx, &mut tx, thing, Some(by.id)).await?;
        }
    }
    tx.commit().await?;
    Ok(taken)
}
