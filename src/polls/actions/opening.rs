//! Opening a poll, and taking it back.

use federation::{Actor, Audience, Ctx, Visibility, actors, objects, outbox};
use notifications::{Kind, Notice};
use platform::queue::{self, When};
use platform::text::{self, Links};
use platform::vault::Place;
use platform::{StoreError, Timestamp, Tx};
use serde_json::json;

use super::{PollError, aside, refuse};
use crate::author::Author;
use crate::blind::{BITS, PrivateKey};
use crate::keys;
use crate::model::{NewPoll, Poll, PollId, PollRefusal, PollState};
use crate::seal::Seals;
use crate::store::polls::{self as store, Hold, Secrets};
use crate::store::{ballots, register};
use crate::tasks::ClosePoll;
use crate::wire::{self, POLLS};

/// Opens a poll: its keys are made, its announcement leaves.
///
/// # Errors
/// [`PollError::Refused`] with every fault of it; then nothing is stored.
pub async fn open_poll(ctx: &Ctx, author: &Author, new: NewPoll) -> Result<Poll, PollError> {
    let now = ctx.clock.now();
    refuse(new.refusals(now))?;
    let Some(closes_at) = new.closes_at else {
        return Err(PollRefusal::WhenImpossible.into());
    };
    let id = PollId::new(ctx);
    let key = keys::new_key(ctx).await?;
    let (private, public) = (key.to_der()?, key.public()?.der().to_vec());
    let register_key: [u8; 32] = ctx.rng.bytes();
    let secrets = Secrets {
        private_key: Some(ctx.vault.seal(&keys::private_place(id), &private)?),
        register_key: Some(ctx.vault.seal(&keys::register_place(id), &register_key)?),
    };
    let seals = Seals::in_folder(&ctx.server.data_dir);
    let (secret, making) = (ctx.rng.bytes(), seals.clone());
    aside(move || Ok(making.make(id, secret)?)).await?;
    let html = rendered(&new);
    let poll = Poll {
        id,
        uri: objects::uri(ctx, POLLS, id),
        commune: author.commune.clone(),
        actor_id: author.office.id,
        account_id: Some(author.account_id),
        byline: author.byline.clone(),
        delegated: author.delegated,
        question: text::clean_line(&new.question, crate::model::LONGEST_QUESTION),
        html,
        language: new.language.clone(),
        multiple: new.multiple,
        verified_only: new.verified_only,
        comment_mode: new.comment_mode,
        state: PollState::Open,
        hidden: false,
        public_key: public,
        opened_at: now,
        closes_at,
        closed_at: None,
        shown_ballots: 0,
        shown_eligible: 0,
        signatures: 0,
        unreadable: 0,
        paper_ballots: 0,
        paper_at: None,
        list_proof: None,
        register_proof: None,
        source: new.source.clone(),
    };
    let stored = insert(ctx, author, &poll, &new.clean_options(), &secrets).await;
    if stored.is_err() {
        aside(move || Ok(seals.destroy(id)?)).await?;
    }
    stored?;
    Ok(poll)
}

/// The text under the question as it is shown.
pub(super) fn rendered(new: &NewPoll) -> String {
    let html = text::markdown_to_html(&new.source, &Links::NONE);
    let html = if new.language == "fr" {
        text::french_html(&html)
    } else {
        html
    };
    html.as_str().to_owned()
}

async fn insert(
    ctx: &Ctx,
    author: &Author,
    poll: &Poll,
    words: &[String],
    secrets: &Secrets,
) -> Result<(), PollError> {
    let mut tx = ctx.db.begin().await?;
    store::insert(&mut tx, poll, words, secrets).await?;
    announce(ctx, &mut tx, &author.office, poll).await?;
    tell(ctx, &mut tx, Kind::PollOpened, poll).await?;
    let when = When::at(poll.closes_at).once(format!("polls.close {}", poll.id));
    queue::enqueue::<Ctx, _>(ctx, &mut tx, &ClosePoll { poll: poll.id }, when).await?;
    tx.commit().await?;
    Ok(())
}

/// Says that there is a poll.
pub(super) async fn announce(ctx: &Ctx, tx: &mut Tx, office: &Actor, poll: &Poll) -> Result<(), StoreError> {
    let audience = Audience::of(office, Visibility::Public, &[]);
    let note = wire::announcement(ctx, tx, office, poll).await?;
    let create = json!({ "type": "Create", "object": note });
    outbox::say(ctx, tx, office, create, &audience).await?;
    Ok(())
}

/// Tells everybody here who follows the office.
pub(super) async fn tell(ctx: &Ctx, tx: &mut Tx, kind: Kind, poll: &Poll) -> Result<(), StoreError> {
    let notice = Notice {
        kind,
        from: Some(poll.actor_id),
        target_kind: POLLS,
        target_id: poll.id.0,
        page: wire::page_of_in(tx, &poll.commune, poll.id.0, wire::ANONYMOUS).await?,
        excerpt: poll.question.clone(),
    };
    notifications::notify_followers(ctx, tx, poll.actor_id, &notice).await
}

/// Takes a running poll back: nothing is counted, its ballots go unread.
///
/// # Errors
/// [`PollError::Refused`] when it is missing, another's, or over.
pub async fn withdraw_poll(ctx: &Ctx, author: &Author, id: PollId) -> Result<Poll, PollError> {
    let now = ctx.clock.now();
    let mut tx = ctx.db.begin().await?;
    let poll = store::held(&mut tx, id, Hold::Alone)
        .await?
        .filter(|poll| poll.actor_id == author.office.id && poll.state != PollState::Withdrawn)
        .ok_or(PollRefusal::Missing)?;
    if poll.hidden {
        return Err(PollRefusal::Moderated.into());
    }
    if poll.state == PollState::Closed {
        return Err(PollRefusal::Closed.into());
    }
    ballots::empty(&mut tx, id).await?;
    register::empty(&mut tx, id).await?;
    store::end(&mut tx, id, PollState::Withdrawn, &store::Ended::default(), now).await?;
    gone(ctx, &mut tx, author, &poll.uri, POLLS, id.0, now).await?;
    tx.commit().await?;
    keys::forget(ctx, id);
    let seals = Seals::in_folder(&ctx.server.data_dir);
    aside(move || Ok(seals.destroy(id)?)).await?;
    Ok(poll)
}

/// What was said of something that is taken back is taken back as well.
pub(super) async fn gone(
    ctx: &Ctx,
    tx: &mut Tx,
    author: &Author,
    uri: &str,
    kind: &'static str,
    id: i64,
    now: Timestamp,
) -> Result<(), StoreError> {
    let former = if kind == POLLS { "Note" } else { "Question" };
    notifications::retract(tx, kind, id).await?;
    discussion::subject_gone(tx, kind, id).await?;
    actors::bury(tx, uri, former, now).await?;
    let audience = Audience::of(&author.office, Visibility::Public, &[]);
    take_back(ctx, tx, &author.office, uri, former, &audience).await
}

/// Other servers are told that something is no more.
pub(super) async fn take_back(
    ctx: &Ctx,
    tx: &mut Tx,
    office: &Actor,
    uri: &str,
    former: &str,
    audience: &Audience,
) -> Result<(), StoreError> {
    outbox::unlist(tx, office.id, uri).await?;
    let gone = json!({ "id": uri, "type": "Tombstone", "formerType": former });
    let delete = json!({ "type": "Delete", "object": gone });
    outbox::say(ctx, tx, office, delete, audience).await?;
    Ok(())
}

/// A key made aside: it takes a good part of a second.
pub(crate) async fn made(seed: [u8; 32]) -> Result<PrivateKey, PollError> {
    aside(move || Ok(PrivateKey::generate(seed, BITS)?)).await
}

/// Where the voter key of an opinion stands.
pub(super) const fn voter_place(id: i64) -> Place {
    Place::new("poll_opinion", "voter_key", id)
}
