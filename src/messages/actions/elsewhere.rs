//! Letters of other servers: taken in, changed, taken back.

use std::time::Duration;

use commune::Commune;
use federation::{Actor, Ctx, Verdict, actors};
use notifications::Kind as NoticeKind;
use platform::{StoreError, Timestamp, Tx};

use super::access::mandate;
use super::sealing::{body, subject as subject_place};
use super::{open_message, open_thread, seal_wire, telling};
use crate::error::MessageError;
use crate::model::{Kind, MessageId, ServiceId, Side, ThreadId, Wire};
use crate::store::{self, MessageRow, ThreadRow};

/// Letters of one actor of another server to one town hall in a day.
const MOST_A_DAY: i64 = 50;
/// A letter may be so much in the future, for clocks that run fast.
const AHEAD: Duration = Duration::from_secs(300);

/// A letter as it came.
#[derive(Debug, Clone)]
pub(crate) struct Incoming {
    /// Its id.
    pub(crate) uri: String,
    /// When it was written.
    pub(crate) published: Timestamp,
    /// What stands for a subject.
    pub(crate) subject: String,
    /// Its words, made safe.
    pub(crate) html: String,
    /// What it answers.
    pub(crate) answers: Option<String>,
    /// Whether it hangs on nothing but its people.
    pub(crate) is_loose: bool,
    /// Its last change.
    pub(crate) updated: Option<Timestamp>,
    /// What is kept of it besides.
    pub(crate) wire: Wire,
}

/// Whether something is a letter between this actor and a town hall: only then an open answer to it is one, too.
pub(crate) async fn is_among(ctx: &Ctx, author: &Actor, uri: &str) -> Result<bool, StoreError> {
    let rows = store::by_uri(&ctx.db, uri).await?;
    Ok(rows.into_iter().any(|row| knows(ctx, row, author)))
}

/// Whether this actor wrote the message or was given it.
fn knows(ctx: &Ctx, row: MessageRow, author: &Actor) -> bool {
    row.actor_id == Some(author.id.0)
        || open_message(ctx, row)
            .wire
            .is_some_and(|known| known.people.contains(&author.uri))
}

/// Takes a letter in, once for each town hall it goes to.
pub(crate) async fn take_in(
    ctx: &Ctx,
    author: &Actor,
    offices: &[Actor],
    incoming: &Incoming,
) -> Result<Verdict, MessageError> {
    let mut taken = Verdict::Ignore("no town hall is meant");
    for office in offices {
        let Some(commune) = commune::actions::by_actor(ctx, office.id).await? else {
            continue;
        };
        let verdict = for_office(ctx, author, office, &commune, incoming).await?;
        if taken != Verdict::Done {
            taken = verdict;
        }
    }
    Ok(taken)
}

async fn for_office(
    ctx: &Ctx,
    author: &Actor,
    office: &Actor,
    commune: &Commune,
    incoming: &Incoming,
) -> Result<Verdict, MessageError> {
    let (now, code) = (ctx.clock.now(), commune.code.to_string());
    let mandate = mandate(ctx, commune.code).await?;
    let seal = store::settings(&ctx.db, &code).await?.seal;
    let mut tx = ctx.db.begin().await?;
    if actors::is_buried_in(&mut tx, &incoming.uri).await? {
        return Ok(Verdict::Ignore("deleted before it came"));
    }
    for row in store::by_uri_in(&mut tx, &incoming.uri).await? {
        let thread = store::thread_in(&mut tx, row.thread_id).await?;
        if thread.is_some_and(|thread| thread.office_id == office.id.0) {
            return Ok(Verdict::Ignore("known already"));
        }
    }
    let since = now.minus(Duration::from_secs(24 * 3600));
    if store::count_from_since(&mut tx, author.id.0, &code, since).await? >= MOST_A_DAY {
        return Ok(Verdict::Reject("too many letters in a day"));
    }
    let id = MessageId::new(ctx);
    let found = place(ctx, &mut tx, author, office, incoming).await?;
    let found = found.filter(|row| {
        let thread = open_thread(ctx, row.clone());
        !thread.is_sealed(seal, &mandate)
    });
    let row = match found {
        Some(row) => row,
        None => begin(ctx, &mut tx, author, office, &code, incoming, &mandate, id).await?,
    };
    insert(ctx, &mut tx, author, row.id, id, incoming).await?;
    if row.closed_at.is_some() {
        store::reopen(&mut tx, row.id).await?;
    }
    store::touch(&mut tx, row.id, id, false).await?;
    telling::tell_office(ctx, &mut tx, &row, NoticeKind::Message, None).await?;
    tx.commit().await?;
    Ok(Verdict::Done)
}

/// The thread a letter belongs to: that of what it answers, if its author was in it; else, for letters that hang
/// together by nothing but their people, the last one with the same people.
async fn place(
    ctx: &Ctx,
    tx: &mut Tx,
    author: &Actor,
    office: &Actor,
    incoming: &Incoming,
) -> Result<Option<ThreadRow>, StoreError> {
    if let Some(answered) = &incoming.answers {
        for row in store::by_uri_in(tx, answered).await? {
            let thread = store::thread_in(tx, row.thread_id).await?;
            let Some(thread) = thread.filter(|thread| thread.office_id == office.id.0) else {
                continue;
            };
            if knows(ctx, row, author) {
                return Ok(Some(thread));
            }
        }
        return Ok(None);
    }
    if !incoming.is_loose {
        return Ok(None);
    }
    let Some(last) = store::last_of_peer(tx, office.id.0, author.id.0).await? else {
        return Ok(None);
    };
    let thread = last.thread_id;
    let mut before = open_message(ctx, last).wire.unwrap_or_default().people;
    let mut here = incoming.wire.people.clone();
    for list in [&mut before, &mut here] {
        list.retain(|uri| *uri != office.uri);
        list.sort_unstable();
        list.dedup();
    }
    if before == here {
        store::thread_in(tx, thread).await
    } else {
        Ok(None)
    }
}

#[expect(clippy::too_many_arguments, reason = "everything a thread is made of")]
async fn begin(
    ctx: &Ctx,
    tx: &mut Tx,
    author: &Actor,
    office: &Actor,
    commune: &str,
    incoming: &Incoming,
    mandate: &str,
    first: MessageId,
) -> Result<ThreadRow, MessageError> {
    let id = ThreadId::new(ctx);
    let row = ThreadRow {
        id,
        commune: commune.to_owned(),
        service_id: ServiceId::MAYOR,
        office_id: office.id.0,
        writer_id: Some(author.id.0),
        kind: Kind::Conversation,
        remote: true,
        subject: ctx.vault.seal_text(&subject_place(id), &incoming.subject)?,
        mandate: mandate.to_owned(),
        assigned_to: None,
        closed_at: None,
        hidden_at: None,
        created_at: ctx.clock.now(),
        last_id: first,
        last_office: false,
    };
    store::insert_thread(tx, &row).await?;
    Ok(row)
}

async fn insert(
    ctx: &Ctx,
    tx: &mut Tx,
    author: &Actor,
    thread: ThreadId,
    id: MessageId,
    incoming: &Incoming,
) -> Result<(), MessageError> {
    let row = MessageRow {
        id,
        thread_id: thread,
        side: Side::Writer,
        actor_id: Some(author.id.0),
        account_id: None,
        byline: String::new(),
        body: Some(ctx.vault.seal_text(&body(id), &incoming.html)?),
        html: true,
        uri: Some(incoming.uri.clone()),
        wire: Some(seal_wire(ctx, id, &incoming.wire)?),
        edited_at: None,
        deleted_at: None,
        created_at: incoming.published,
    };
    store::insert_message(tx, &row).await?;
    Ok(())
}

/// New words of a letter: its author's, and newer than what is known.
pub(crate) async fn change(ctx: &Ctx, author: &Actor, incoming: &Incoming) -> Result<Verdict, MessageError> {
    let now = ctx.clock.now();
    let Some(at) = incoming.updated else {
        return Ok(Verdict::Ignore("not newer than what is known"));
    };
    if at > now.plus(AHEAD) {
        return Ok(Verdict::Reject("from the future"));
    }
    let mut tx = ctx.db.begin().await?;
    let mut changed = false;
    for row in store::by_uri_in(&mut tx, &incoming.uri).await? {
        if row.actor_id != Some(author.id.0) || row.side != Side::Writer {
            return Ok(Verdict::Reject("not its author's"));
        }
        if row.deleted_at.is_some() {
            return Ok(Verdict::Ignore("deleted already"));
        }
        let (id, created) = (row.id, row.created_at);
        let mut known = open_message(ctx, row).wire.unwrap_or_default();
        let before = known.updated.map_or(created, Timestamp::from_millis);
        if at <= before {
            continue;
        }
        // New words do not change who may read the answers.
        known.summary.clone_from(&incoming.wire.summary);
        known.sensitive = incoming.wire.sensitive;
        known.files.clone_from(&incoming.wire.files);
        known.updated = Some(at.as_millis());
        let sealed = ctx.vault.seal_text(&body(id), &incoming.html)?;
        let wire = seal_wire(ctx, id, &known)?;
        store::rewrite(&mut tx, id, &sealed, Some(&wire), at).await?;
        changed = true;
    }
    tx.commit().await?;
    Ok(if changed {
        Verdict::Done
    } else {
        Verdict::Ignore("not newer than what is known")
    })
}

/// A letter was taken back by its author: its words go.
pub(crate) async fn remove(ctx: &Ctx, author: &Actor, uri: &str) -> Result<Verdict, MessageError> {
    let now = ctx.clock.now();
    let mut tx = ctx.db.begin().await?;
    for row in store::by_uri_in(&mut tx, uri).await? {
        if row.actor_id != Some(author.id.0) || row.side != Side::Writer {
            return Ok(Verdict::Reject("not its author's"));
        }
        store::wipe(&mut tx, row.id, now).await?;
    }
    actors::bury(&mut tx, uri, "Note", now).await?;
    tx.commit().await?;
    Ok(Verdict::Done)
}

/// An actor of another server is gone for good: so are its words.
pub(crate) async fn forget_actor(ctx: &Ctx, actor: &Actor) -> Result<(), StoreError> {
    if actor.local {
        return Ok(());
    }
    let mut tx = ctx.db.begin().await?;
    store::purge_bodies(&mut tx, actor.id.0, ctx.clock.now()).await?;
    tx.commit().await
}
