//! What the town hall does with a letter besides answering: giving it to a colleague, closing it, acknowledging a
//! formal request; what a citizen does with her list.

use account::actions::{people, roles};
use account::{AccountId, Person};
use commune::{Commune, InseeCode};
use federation::{ActorId, Ctx};
use platform::Timestamp;
use platform::i18n::{Lang, date, datetime};

use super::access::party;
use super::writing::{NewMessage, insert, log};
use super::{Agent, Party, telling};
use crate::error::MessageError;
use crate::model::{
    Acknowledgement, Kind, MessageId, Refusal, Request, ServiceId, Side, Silence, Thread, ThreadId,
};
use crate::store;

/// To whom a thread is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A colleague.
    Account(i64),
    /// Another service, or the mayor (0).
    Service(i64),
    /// Nobody in particular any more.
    Nobody,
}

async fn for_agent(ctx: &Ctx, by: &Person, id: ThreadId) -> Result<(Thread, Party, Agent), MessageError> {
    let row = store::thread(&ctx.db, id).await?.ok_or(Refusal::Missing)?;
    let thread = super::open_thread(ctx, row);
    let party = party(ctx, by, &thread).await?;
    let agent = party.agent().cloned().ok_or(Refusal::Missing)?;
    Ok((thread, party, agent))
}

/// Gives a thread to a colleague or to another service.
///
/// # Errors
/// [`MessageError`]: [`Refusal::NoAgent`] when she does not read messages, [`Refusal::NoService`].
pub async fn assign(ctx: &Ctx, by: &Person, id: ThreadId, to: Target) -> Result<(), MessageError> {
    let (thread, party, _) = for_agent(ctx, by, id).await?;
    let code: InseeCode = thread.commune.parse().map_err(|_| Refusal::Missing)?;
    let commune = commune::actions::by_code(ctx, code)
        .await?
        .ok_or(Refusal::Missing)?;
    let mut told = None;
    let (service, account, detail) = match to {
        Target::Account(account) => {
            let able = colleagues_of(ctx, code).await?;
            let (_, actor, name) = able
                .into_iter()
                .find(|(one, _, _)| *one == account)
                .ok_or(Refusal::NoAgent)?;
            told = Some(actor).filter(|actor| *actor != by.actor.id);
            (thread.service, Some(account), name)
        }
        Target::Service(0) => (ServiceId::MAYOR, None, String::new()),
        Target::Service(service) => {
            let found = store::service(&ctx.db, ServiceId(service))
                .await?
                .filter(|one| one.commune == thread.commune && one.closed_at.is_none())
                .ok_or(Refusal::NoService)?;
            (found.id, None, found.name)
        }
        Target::Nobody => (thread.service, None, String::new()),
    };
    let mut tx = ctx.db.begin().await?;
    store::assign(&mut tx, id, service, account).await?;
    log(ctx, &mut tx, id, &party, "assigned", &detail).await?;
    if let Some(actor) = told {
        telling::tell_agent(ctx, &mut tx, &commune, id, actor).await?;
    } else if matches!(to, Target::Service(_)) {
        let row = store::thread_in(&mut tx, id).await?.ok_or(Refusal::Missing)?;
        telling::tell_office(ctx, &mut tx, &row, notifications::Kind::Message, Some(by.id().0)).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Those who may read messages in a commune: account, actor, name.
pub(super) async fn colleagues_of(
    ctx: &Ctx,
    code: InseeCode,
) -> Result<Vec<(i64, ActorId, String)>, MessageError> {
    let mut found: Vec<(i64, ActorId, String)> = Vec::new();
    for grant in roles::in_commune(ctx, code).await? {
        let may = grant.rights().has(account::Right::Messages);
        if !may || found.iter().any(|(one, _, _)| *one == grant.account.0) {
            continue;
        }
        let Some(account) = people::by_id(ctx, AccountId(grant.account.0)).await? else {
            continue;
        };
        if let Some(actor) = federation::actors::by_id(ctx, account.actor).await? {
            found.push((grant.account.0, actor.id, actor.display_name().to_owned()));
        }
    }
    Ok(found)
}

/// Closes a conversation. A formal request is closed by its answer.
///
/// # Errors
/// [`MessageError`]: [`Refusal::Unanswered`].
pub async fn close(ctx: &Ctx, by: &Person, id: ThreadId) -> Result<(), MessageError> {
    let (thread, party, _) = for_agent(ctx, by, id).await?;
    let mut tx = ctx.db.begin().await?;
    if thread.kind == Kind::Request
        && store::request_in(&mut tx, id)
            .await?
            .is_some_and(|request| request.answered_at.is_none())
    {
        return Err(Refusal::Unanswered.into());
    }
    store::close(&mut tx, id, ctx.clock.now()).await?;
    log(ctx, &mut tx, id, &party, "closed", "").await?;
    tx.commit().await?;
    Ok(())
}

/// Opens it again.
///
/// # Errors
/// [`MessageError`].
pub async fn reopen(ctx: &Ctx, by: &Person, id: ThreadId) -> Result<(), MessageError> {
    let (_, party, _) = for_agent(ctx, by, id).await?;
    let mut tx = ctx.db.begin().await?;
    store::reopen(&mut tx, id).await?;
    log(ctx, &mut tx, id, &party, "reopened", "").await?;
    tx.commit().await?;
    Ok(())
}

/// A citizen takes a thread off her list; the town hall keeps it, and a new message brings it back.
///
/// # Errors
/// [`MessageError`].
pub async fn hide(ctx: &Ctx, by: &Person, id: ThreadId) -> Result<(), MessageError> {
    let row = store::thread(&ctx.db, id).await?.ok_or(Refusal::Missing)?;
    let thread = super::open_thread(ctx, row);
    if party(ctx, by, &thread).await? != Party::Writer {
        return Err(Refusal::Missing.into());
    }
    let mut tx = ctx.db.begin().await?;
    store::hide(&mut tx, id, ctx.clock.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// What the form of the acknowledgement says at first: the service and where it is reached.
///
/// # Errors
/// [`MessageError`].
pub async fn acknowledgement_for(
    ctx: &Ctx,
    commune: &Commune,
    thread: &Thread,
) -> Result<Acknowledgement, MessageError> {
    let service = if thread.service.is_mayor() {
        None
    } else {
        store::service(&ctx.db, thread.service).await?
    };
    let contact = commune::actions::presentation(ctx, commune.code)
        .await?
        .unwrap_or_default();
    let (name, email, phone) = match service {
        Some(service) => (service.name, service.email, service.phone),
        None => (
            ctx.words
                .ta(Lang::Fr, "messages-town-hall", &[("of", &commune.name.of())]),
            String::new(),
            String::new(),
        ),
    };
    let or = |own: String, general: String| if own.is_empty() { general } else { own };
    Ok(Acknowledgement {
        service: name,
        email: or(email, contact.email),
        phone: or(phone, contact.phone),
        address: contact.address,
        silence: Silence::Refusal,
        more: String::new(),
    })
}

/// Sends the acknowledgement with the mentions the law wants (CRPA R.112-11-1).
///
/// # Errors
/// [`MessageError`]: [`Refusal::Acknowledged`], [`Refusal::Unusable`].
pub async fn acknowledge(
    ctx: &Ctx,
    by: &Person,
    id: ThreadId,
    said: &Acknowledgement,
) -> Result<MessageId, MessageError> {
    said.check()?;
    let (thread, party, agent) = for_agent(ctx, by, id).await?;
    let code: InseeCode = thread.commune.parse().map_err(|_| Refusal::Missing)?;
    let commune = commune::actions::by_code(ctx, code)
        .await?
        .ok_or(Refusal::Missing)?;
    let now = ctx.clock.now();
    let mut tx = ctx.db.begin().await?;
    let row = store::thread_in(&mut tx, id).await?.ok_or(Refusal::Missing)?;
    let request = store::request_in(&mut tx, id).await?.ok_or(Refusal::Missing)?;
    if request.acknowledged_at.is_some() {
        return Err(Refusal::Acknowledged.into());
    }
    let request = super::open_request(ctx, request);
    let text = acknowledgement_text(ctx, &commune, &request, said);
    let message = MessageId::new(ctx);
    let new = NewMessage {
        id: message,
        thread: id,
        side: Side::Receipt,
        actor: ActorId(thread.office),
        account: Some(agent.account),
        byline: agent.name.clone(),
        text: &text,
        wire: None,
        uri: None,
    };
    insert(ctx, &mut tx, new, &[]).await?;
    store::mark_acknowledged(&mut tx, id, now).await?;
    store::touch(&mut tx, id, message, true).await?;
    store::mark_read(&mut tx, id, agent.actor, true, message, now).await?;
    log(ctx, &mut tx, id, &party, "acknowledged", &request.reference).await?;
    telling::tell_writer(ctx, &mut tx, &commune, &row).await?;
    tx.commit().await?;
    Ok(message)
}

/// The words of an acknowledgement: French, whatever language the agent reads the pages in.
fn acknowledgement_text(ctx: &Ctx, commune: &Commune, request: &Request, said: &Acknowledgement) -> String {
    let zone = commune.time_zone();
    let on = |at: Timestamp| date(Lang::Fr, &at.in_zone(zone));
    let word = |key: &str, pairs: &[(&str, &str)]| ctx.words.ta(Lang::Fr, key, pairs);
    let contact: Vec<&str> = [&said.address, &said.phone, &said.email]
        .into_iter()
        .map(|line| line.trim())
        .filter(|line| !line.is_empty())
        .collect();
    let mut parts = vec![
        word(
            "messages-ack-received",
            &[
                ("reference", &request.reference),
                ("at", &datetime(Lang::Fr, &request.registered_at.in_zone(zone))),
            ],
        ),
        word(
            "messages-ack-service",
            &[("service", &said.service), ("contact", &contact.join("\n"))],
        ),
        word(
            &format!("messages-ack-silence-{}", said.silence.code()),
            &[("date", &on(request.answer_due_at))],
        ),
    ];
    if said.silence != Silence::Nothing {
        parts.push(word("messages-ack-appeal", &[]));
    }
    if !said.more.trim().is_empty() {
        parts.push(said.more.trim().to_owned());
    }
    parts.push(word("messages-ack-law", &[]));
    parts.join("\n\n")
}
