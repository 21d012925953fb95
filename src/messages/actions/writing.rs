//! Letters written and answered.

use account::Person;
use commune::Commune;
use federation::{Actor, ActorId, Ctx, actors, objects};
use notifications::Kind as NoticeKind;
use platform::limits::Brake;
use platform::queue::{self, When};
use platform::text::{clean_line, clean_text};
use platform::{StoreError, Timestamp, Tx};

use super::access::{claimed, mandate, party};
use super::readers::{Leaving, leaving, named};
use super::sealing::{body, person as person_place, subject as subject_place};
use super::{Party, seal_wire, telling};
use crate::error::MessageError;
use crate::model::workdays::{Calendar, end_of, months_later};
use crate::model::{
    Applicant, AttachmentId, Kind, LONGEST_SUBJECT, LONGEST_TEXT, Message, MessageId, NewFile, Refusal,
    ServiceId, Side, Thread, ThreadId, Warning, Wire,
};
use crate::store::{self, FileRow, Logged, MessageRow, RequestRow, ThreadRow};
use crate::{model, tasks, wire};

/// A citizen's letters in an hour.
const BRAKE: Brake = Brake::new("messages", 30, 3600);

/// A new letter.
#[derive(Debug, Clone, Default)]
pub struct Letter {
    /// To which service; 0: the mayor.
    pub service: i64,
    /// What it is about.
    pub subject: String,
    /// The words.
    pub text: String,
    /// The warning before them.
    pub warning: Warning,
    /// Files, examined.
    pub files: Vec<NewFile>,
    /// Who asks, when it is a formal request.
    pub applicant: Option<Applicant>,
}

/// Writes a letter to a town hall of this server.
///
/// # Errors
/// [`MessageError`].
pub async fn write(
    ctx: &Ctx,
    by: &Person,
    commune: &Commune,
    letter: Letter,
) -> Result<ThreadId, MessageError> {
    let mandate = mandate(ctx, commune.code).await?;
    let mut tx = ctx.db.begin().await?;
    let (thread, _) = write_in(ctx, &mut tx, by, commune, letter, &mandate).await?;
    tx.commit().await?;
    Ok(thread)
}

/// The same in a transaction; `mandate` was read before. Gives the thread and its first message.
///
/// # Errors
/// [`MessageError`].
pub async fn write_in(
    ctx: &Ctx,
    tx: &mut Tx,
    by: &Person,
    commune: &Commune,
    letter: Letter,
    mandate: &str,
) -> Result<(ThreadId, MessageId), MessageError> {
    let claim = claimed(commune)?;
    if !commune::actions::offers(ctx, commune, "messages") {
        return Err(Refusal::NotHere.into());
    }
    let subject = clean_line(&letter.subject, LONGEST_SUBJECT + 1);
    model_checks(&subject, &letter)?;
    let service = ServiceId(letter.service);
    if !service.is_mayor() {
        store::service_in(tx, service)
            .await?
            .filter(|one| one.commune == commune.code.as_str() && one.closed_at.is_none())
            .ok_or(Refusal::NoService)?;
    }
    ctx.limits
        .check(BRAKE, &by.id().to_string())
        .map_err(|_wait| Refusal::TooMany)?;
    let now = ctx.clock.now();
    let (id, first) = (ThreadId::new(ctx), MessageId::new(ctx));
    let row = ThreadRow {
        id,
        commune: commune.code.to_string(),
        service_id: service,
        office_id: claim.mayor.0,
        writer_id: Some(by.actor.id.0),
        kind: if letter.applicant.is_some() {
            Kind::Request
        } else {
            Kind::Conversation
        },
        remote: false,
        subject: ctx.vault.seal_text(&subject_place(id), &subject)?,
        mandate: mandate.to_owned(),
        assigned_to: None,
        closed_at: None,
        hidden_at: None,
        created_at: now,
        last_id: first,
        last_office: false,
    };
    store::insert_thread(tx, &row).await?;
    let new = NewMessage {
        id: first,
        thread: id,
        side: Side::Writer,
        actor: by.actor.id,
        account: None,
        byline: String::new(),
        text: &letter.text,
        wire: letter.warning.wire(),
        uri: None,
    };
    insert(ctx, tx, new, &letter.files).await?;
    store::mark_read(tx, id, by.actor.id.0, false, first, now).await?;
    if let Some(applicant) = &letter.applicant {
        register(ctx, tx, commune, id, applicant, now).await?;
    }
    telling::tell_office(ctx, tx, &row, NoticeKind::Message, None).await?;
    Ok((id, first))
}

fn model_checks(subject: &str, letter: &Letter) -> Result<(), Refusal> {
    if let Some(applicant) = &letter.applicant {
        applicant.cleaned().check()?;
    }
    model::check_letter(subject, &letter.text, &letter.files)
}

/// Gives a formal request its number and its delays.
async fn register(
    ctx: &Ctx,
    tx: &mut Tx,
    commune: &Commune,
    id: ThreadId,
    applicant: &Applicant,
    now: Timestamp,
) -> Result<(), MessageError> {
    let settings = store::settings_in(tx, commune.code.as_str()).await?;
    let (zone, calendar) = (commune.time_zone(), Calendar::of(&commune.department.code));
    let today = model::day(now, zone);
    let number = store::next_number(tx, commune.code.as_str(), i64::from(today.year())).await?;
    let json = serde_json::to_vec(&applicant.cleaned()).map_err(|_| Refusal::Unusable)?;
    let row = RequestRow {
        thread_id: id,
        commune: commune.code.to_string(),
        year: i64::from(today.year()),
        number,
        reference: model::reference(&commune.slug, today.year(), number),
        person: ctx.vault.seal(&person_place(id), &json)?,
        registered_at: now,
        ack_due_at: end_of(settings.delay().last_day(calendar, today), zone),
        answer_due_at: end_of(months_later(calendar, today, settings.answer_months), zone),
        acknowledged_at: None,
        answered_at: None,
    };
    store::insert_request(tx, &row).await?;
    for (at, what) in tasks::reminders(&row, &settings, calendar, zone) {
        let task = tasks::Remind { thread: id, what };
        queue::enqueue::<Ctx, _>(ctx, tx, &task, When::at(at)).await?;
    }
    Ok(())
}

/// A message to be written.
pub(super) struct NewMessage<'a> {
    pub(super) id: MessageId,
    pub(super) thread: ThreadId,
    pub(super) side: Side,
    pub(super) actor: ActorId,
    pub(super) account: Option<i64>,
    pub(super) byline: String,
    pub(super) text: &'a str,
    pub(super) wire: Option<Wire>,
    pub(super) uri: Option<String>,
}

/// Seals and writes a message with its files.
pub(super) async fn insert(
    ctx: &Ctx,
    tx: &mut Tx,
    new: NewMessage<'_>,
    files: &[NewFile],
) -> Result<(), MessageError> {
    let text = clean_text(new.text, LONGEST_TEXT);
    let row = MessageRow {
        id: new.id,
        thread_id: new.thread,
        side: new.side,
        actor_id: Some(new.actor.0),
        account_id: new.account,
        byline: new.byline,
        body: Some(ctx.vault.seal_text(&body(new.id), &text)?),
        html: false,
        uri: new.uri,
        wire: new.wire.map(|known| seal_wire(ctx, new.id, &known)).transpose()?,
        edited_at: None,
        deleted_at: None,
        created_at: ctx.clock.now(),
    };
    store::insert_message(tx, &row).await?;
    for (position, file) in files.iter().enumerate() {
        let id = AttachmentId::new(ctx);
        let place = |column| platform::vault::Place::new("messages_attachment", column, id.0);
        let row = FileRow {
            id,
            message_id: new.id,
            thread_id: new.thread,
            position: position as i64,
            name: ctx.vault.seal_text(&place("name"), &file.name)?,
            mime: file.mime.clone(),
            bytes: file.bytes.len() as i64,
        };
        let content = ctx.vault.seal(&place("content"), &file.bytes)?;
        store::insert_file(tx, &row, &content).await?;
    }
    Ok(())
}

/// What an agent did, for the record.
pub(super) async fn log(
    ctx: &Ctx,
    tx: &mut Tx,
    thread: ThreadId,
    party: &Party,
    deed: &str,
    detail: &str,
) -> Result<(), StoreError> {
    let Some(agent) = party.agent() else { return Ok(()) };
    let row = Logged {
        id: ctx.new_id(),
        thread_id: thread,
        account_id: Some(agent.account),
        name: agent.name.clone(),
        deed: deed.to_owned(),
        detail: detail.to_owned(),
        done_at: ctx.clock.now(),
    };
    store::log(tx, &row).await
}

/// An answer.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    /// The words.
    pub text: String,
    /// The warning before them.
    pub warning: Warning,
    /// Files, examined.
    pub files: Vec<NewFile>,
    /// For the other agents only.
    pub note: bool,
    /// It answers the formal request and closes it.
    pub last: bool,
}

/// An answer that is ready to be written: everything that needs the network or another read is done.
#[derive(Debug)]
pub struct Ready {
    thread: Thread,
    party: Party,
    commune: Commune,
    reply: Reply,
    /// The office that speaks, and whom an answer to another server goes to.
    leaves: Option<Leaving>,
}

/// Answers in a thread, or leaves a note in it.
///
/// # Errors
/// [`MessageError`].
pub async fn reply(ctx: &Ctx, by: &Person, id: ThreadId, reply: Reply) -> Result<MessageId, MessageError> {
    let ready = prepare_answer(ctx, by, id, reply).await?;
    let mut tx = ctx.db.begin().await?;
    let message = answer_in(ctx, &mut tx, by, &ready).await?;
    tx.commit().await?;
    Ok(message)
}

/// Everything that can be refused or must be fetched before the transaction.
///
/// # Errors
/// [`MessageError`].
pub async fn prepare_answer(
    ctx: &Ctx,
    by: &Person,
    id: ThreadId,
    reply: Reply,
) -> Result<Ready, MessageError> {
    let row = store::thread(&ctx.db, id).await?.ok_or(Refusal::Missing)?;
    let thread = super::open_thread(ctx, row);
    let party = party(ctx, by, &thread).await?;
    model::check_letter("-", &reply.text, &reply.files)?;
    if reply.note && !party.is_office() {
        return Err(Refusal::Missing.into());
    }
    if !reply.note {
        may_still_write(ctx, &thread, &party).await?;
    }
    let code = thread.commune.parse().map_err(|_| Refusal::Missing)?;
    let commune = commune::actions::by_code(ctx, code)
        .await?
        .ok_or(Refusal::Missing)?;
    ctx.limits
        .check(BRAKE, &by.id().to_string())
        .map_err(|_wait| Refusal::TooMany)?;
    let leaves = if thread.remote && !reply.note {
        if !reply.files.is_empty() {
            return Err(Refusal::FilesStay.into());
        }
        Some(leaving(ctx, &thread).await?)
    } else {
        None
    };
    Ok(Ready {
        thread,
        party,
        commune,
        reply,
        leaves,
    })
}

async fn may_still_write(ctx: &Ctx, thread: &Thread, party: &Party) -> Result<(), MessageError> {
    if thread.closed_at.is_some() {
        return Err(Refusal::Closed.into());
    }
    if *party == Party::Writer {
        let code = thread.commune.parse().map_err(|_| Refusal::Missing)?;
        let seal = store::settings(&ctx.db, &thread.commune).await?.seal;
        if thread.is_sealed(seal, &mandate(ctx, code).await?) {
            return Err(Refusal::Sealed.into());
        }
    }
    Ok(())
}

/// Writes what was prepared.
///
/// # Errors
/// [`MessageError`].
pub async fn answer_in(
    ctx: &Ctx,
    tx: &mut Tx,
    by: &Person,
    ready: &Ready,
) -> Result<MessageId, MessageError> {
    let (thread, reply) = (&ready.thread, &ready.reply);
    let row = store::thread_in(tx, thread.id).await?.ok_or(Refusal::Missing)?;
    if row.closed_at.is_some() && !reply.note {
        return Err(Refusal::Closed.into());
    }
    let id = MessageId::new(ctx);
    let (side, actor) = match (&ready.party, reply.note) {
        (Party::Writer, _) => (Side::Writer, by.actor.id),
        (Party::Agent(_), true) => (Side::Note, by.actor.id),
        (Party::Agent(_), false) => (Side::Office, ActorId(thread.office)),
    };
    let new = NewMessage {
        id,
        thread: thread.id,
        side,
        actor,
        account: ready.party.agent().map(|agent| agent.account),
        byline: ready
            .party
            .agent()
            .map(|agent| agent.name.clone())
            .unwrap_or_default(),
        text: &reply.text,
        wire: wire_of(ready.leaves.as_ref(), &reply.warning),
        uri: ready
            .leaves
            .as_ref()
            .map(|_| objects::uri(ctx, telling::KIND, id.0)),
    };
    insert(ctx, tx, new, &reply.files).await?;
    let now = ctx.clock.now();
    let office = ready.party.is_office();
    if side.is_shared() {
        store::touch(tx, thread.id, id, office).await?;
    }
    store::mark_read(tx, thread.id, by.actor.id.0, office, id, now).await?;
    match side {
        Side::Writer => telling::tell_office(ctx, tx, &row, NoticeKind::Message, None).await?,
        Side::Office => {
            telling::tell_writer(ctx, tx, &ready.commune, &row).await?;
            log(ctx, tx, thread.id, &ready.party, "answered", "").await?;
        }
        Side::Note => {
            let me = ready.party.agent().map(|agent| agent.account);
            telling::tell_office(ctx, tx, &row, NoticeKind::Message, me).await?;
            log(ctx, tx, thread.id, &ready.party, "noted", "").await?;
        }
        Side::Receipt => {}
    }
    if reply.last && side == Side::Office && thread.kind == Kind::Request {
        store::mark_answered(tx, thread.id, now).await?;
        store::close(tx, thread.id, now).await?;
        log(ctx, tx, thread.id, &ready.party, "closed", "").await?;
    }
    if let Some(leaving) = &ready.leaves {
        let stored = store::message_in(tx, id).await?.ok_or(Refusal::Missing)?;
        let message = super::open_message(ctx, stored);
        wire::say(
            ctx,
            tx,
            &leaving.office,
            &message,
            &leaving.actors,
            wire::Deed::Create,
        )
        .await?;
    }
    Ok(id)
}

/// What is kept of an answer besides its words.
fn wire_of(leaves: Option<&Leaving>, warning: &Warning) -> Option<Wire> {
    let known = warning.wire();
    let Some(leaving) = leaves else { return known };
    let answered = leaving.answers.as_ref();
    Some(Wire {
        people: leaving.actors.iter().map(|actor| actor.uri.clone()).collect(),
        answers: answered.and_then(|message| message.uri.clone()),
        context: answered.and_then(|message| message.wire.as_ref()?.context.clone()),
        ..known.unwrap_or_default()
    })
}

/// One's own answer that went to another server, with those who were given it.
async fn own_answer(
    ctx: &Ctx,
    by: &Person,
    id: MessageId,
) -> Result<(Thread, Party, Message, Actor, Vec<Actor>), MessageError> {
    let row = store::message(&ctx.db, id).await?.ok_or(Refusal::Missing)?;
    let thread = store::thread(&ctx.db, row.thread_id)
        .await?
        .ok_or(Refusal::Missing)?;
    let thread = super::open_thread(ctx, thread);
    let party = party(ctx, by, &thread).await?;
    let message = super::open_message(ctx, row);
    let changeable = party.is_office() && message.side == Side::Office && message.uri.is_some();
    if !changeable || message.body == model::Body::Gone {
        return Err(Refusal::Fixed.into());
    }
    let office = actors::by_id(ctx, ActorId(thread.office))
        .await?
        .ok_or(Refusal::Missing)?;
    let given = message.wire.as_ref().map(|known| known.people.as_slice());
    let people = named(ctx, given.unwrap_or_default()).await?;
    Ok((thread, party, message, office, people))
}

/// Changes an answer that went to another server; the same people are told. Without a warning the one it has stays.
///
/// # Errors
/// [`MessageError`].
pub async fn edit_answer(
    ctx: &Ctx,
    by: &Person,
    id: MessageId,
    text: &str,
    warning: Option<Warning>,
) -> Result<(), MessageError> {
    model::check_letter("-", text, &[])?;
    let (thread, party, mut message, office, people) = own_answer(ctx, by, id).await?;
    let text = clean_text(text, LONGEST_TEXT);
    let before = message.edited_at.unwrap_or(message.created_at);
    let now = ctx
        .clock
        .now()
        .max(before.plus(std::time::Duration::from_secs(1)));
    let sealed = ctx.vault.seal_text(&body(id), &text)?;
    if let (Some(warning), Some(known)) = (warning, &mut message.wire) {
        warning.put(known);
    }
    let wire = message.wire.as_ref().map(|known| seal_wire(ctx, id, known));
    let mut tx = ctx.db.begin().await?;
    store::rewrite(&mut tx, id, &sealed, wire.transpose()?.as_deref(), now).await?;
    message.body = model::Body::Text(text);
    message.edited_at = Some(now);
    log(ctx, &mut tx, thread.id, &party, "edited", "").await?;
    wire::say(ctx, &mut tx, &office, &message, &people, wire::Deed::Update).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes back an answer that went to another server; the same people are told.
///
/// # Errors
/// [`MessageError`].
pub async fn remove_answer(ctx: &Ctx, by: &Person, id: MessageId) -> Result<(), MessageError> {
    let (thread, party, message, office, people) = own_answer(ctx, by, id).await?;
    let mut tx = ctx.db.begin().await?;
    store::wipe(&mut tx, id, ctx.clock.now()).await?;
    store::remove_files(&mut tx, id).await?;
    log(ctx, &mut tx, thread.id, &party, "removed", "").await?;
    wire::say(ctx, &mut tx, &office, &message, &people, wire::Deed::Delete).await?;
    tx.commit().await?;
    Ok(())
}
