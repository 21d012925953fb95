//! Lists, threads, files, search. Everything is asked for a person, and nothing is given that is not hers to read.

use account::Person;
use commune::{Commune, InseeCode};
use federation::{Actor, ActorId, Ctx, actors};
use platform::store::{Page, Paging};
use platform::text::{self, Html, Links};
use platform::vault::Place;
use platform::{StoreError, Timestamp};

use super::access::{agent, party, reach};
use super::readers;
use super::{Party, open_message, open_request, open_thread};
use crate::error::MessageError;
use crate::model::{
    Attachment, AttachmentId, Body, Message, MessageId, Refusal, Request, Service, Side, Thread, ThreadId,
};
use crate::store::{self, Logged, Mailbox, ThreadRow};

/// Messages of one thread that are shown.
const SHOWN: i64 = 500;
/// Threads and messages that one search opens at most: one's own, so there are few, and what is sealed cannot be
/// indexed without telling who has the database what is in it.
const SEARCHED_THREADS: usize = 300;
const SEARCHED_MESSAGES: usize = 5_000;
/// The town hall's reading of a thread is noted once in so long.
const NOTED_EVERY: std::time::Duration = std::time::Duration::from_secs(24 * 3600);

/// A thread in a list.
#[derive(Debug, Clone)]
pub struct Line {
    /// The thread.
    pub thread: Thread,
    /// Messages not read yet.
    pub unread: i64,
    /// The last words.
    pub excerpt: String,
    /// The one at the other end, as the town hall sees him.
    pub writer: Option<Actor>,
    /// The formal request.
    pub request: Option<Request>,
}

/// A message with its words as they are shown.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The message.
    pub message: Message,
    /// Its words.
    pub html: Html,
    /// Its files.
    pub files: Vec<Attachment>,
}

/// A thread as a person sees it.
#[derive(Debug, Clone)]
pub struct View {
    /// The thread.
    pub thread: Thread,
    /// In what part she reads it.
    pub party: Party,
    /// Its messages; notes only for agents.
    pub messages: Vec<Shown>,
    /// The formal request.
    pub request: Option<Request>,
    /// The service.
    pub service: Option<Service>,
    /// Who wrote first.
    pub writer: Option<Actor>,
    /// Who reads the town hall's next answer on other servers; for agents only.
    pub readers: Vec<Actor>,
    /// The same, of whom nothing but an address is known.
    pub strangers: Vec<String>,
    /// Whoever else of other servers has written in it.
    pub authors: Vec<Actor>,
    /// How far the other side has read.
    pub read: Option<(MessageId, Timestamp)>,
    /// What the town hall did; for agents only.
    pub(crate) logs: Vec<Logged>,
    /// Whether it is sealed by a change of mandate.
    pub sealed: bool,
}

impl View {
    /// What the town hall did: name, deed, detail, when.
    pub fn deeds(&self) -> impl Iterator<Item = (&str, &str, &str, Timestamp)> {
        self.logs.iter().map(|log| {
            (
                log.name.as_str(),
                log.deed.as_str(),
                log.detail.as_str(),
                log.done_at,
            )
        })
    }
}

/// The words of a message as they are shown.
pub(crate) fn html(message: &Message) -> Html {
    match &message.body {
        Body::Text(typed) => text::french_html(&text::markdown_to_html(typed, &Links::NONE)),
        Body::Html(html) => Html::from_store(html.clone()),
        Body::Gone | Body::Unreadable => Html::from_store(String::new()),
    }
}

/// The words of a message without marks.
pub(crate) fn plain(message: &Message) -> String {
    match &message.body {
        Body::Text(typed) => typed.clone(),
        Body::Html(_) => text::plain_text(&html(message)),
        Body::Gone | Body::Unreadable => String::new(),
    }
}

/// A page of somebody's threads: her own letters to a town hall (to all without one), or those she reads for it.
///
/// # Errors
/// [`MessageError`]; [`Refusal::Missing`] when she reads none for this town hall.
pub async fn inbox(
    ctx: &Ctx,
    person: &Person,
    commune: Option<&Commune>,
    office: bool,
    paging: &Paging,
) -> Result<Page<Line>, MessageError> {
    let whose = mailbox(ctx, person, commune, office).await?;
    let page = store::list(&ctx.db, &whose, paging).await?;
    let mut items = Vec::with_capacity(page.items.len());
    for row in page.items {
        // One's own letters are not read for the town hall.
        if office && row.writer_id == Some(person.actor.id.0) {
            continue;
        }
        if commune::actions::is_closed(ctx, &row.commune, "messages").await? {
            continue;
        }
        items.push(line_of(ctx, person, row, office).await?);
    }
    Ok(Page {
        items,
        has_more: page.has_more,
    })
}

async fn mailbox(
    ctx: &Ctx,
    person: &Person,
    commune: Option<&Commune>,
    office: bool,
) -> Result<Mailbox, MessageError> {
    if !office {
        return Ok(Mailbox::Writer {
            actor: person.actor.id.0,
            commune: commune.map(|commune| commune.code.to_string()),
        });
    }
    let commune = commune.ok_or(Refusal::Missing)?;
    let reach = reach(ctx, person, commune.code).await?.ok_or(Refusal::Missing)?;
    Ok(Mailbox::Office {
        commune: commune.code.to_string(),
        services: (!reach.all).then_some(reach.services),
        account: person.id().0,
        mandate: reach.seal.then_some(reach.mandate),
    })
}

async fn line_of(ctx: &Ctx, person: &Person, row: ThreadRow, office: bool) -> Result<Line, StoreError> {
    let thread = open_thread(ctx, row);
    let last = store::message(&ctx.db, thread.last)
        .await?
        .map(|row| open_message(ctx, row));
    let excerpt = last
        .map(|message| shortened(&plain(&message), 90))
        .unwrap_or_default();
    let request = store::request(&ctx.db, thread.id)
        .await?
        .map(|row| open_request(ctx, row));
    Ok(Line {
        unread: store::unread(&ctx.db, thread.id, person.actor.id.0, office).await?,
        writer: writer(ctx, &thread).await?,
        excerpt,
        request,
        thread,
    })
}

async fn writer(ctx: &Ctx, thread: &Thread) -> Result<Option<Actor>, StoreError> {
    match thread.writer {
        Some(id) => actors::by_id(ctx, ActorId(id)).await,
        None => Ok(None),
    }
}

fn shortened(text: &str, most: usize) -> String {
    let line = text::clean_line(&text.replace('\n', " "), most + 1);
    if line.chars().count() > most {
        let mut cut: String = line.chars().take(most - 1).collect();
        cut.push('…');
        cut
    } else {
        line
    }
}

/// One thread as a line of a list, and in what part she reads it.
///
/// # Errors
/// [`Refusal::Missing`] when it is not hers.
pub async fn line(ctx: &Ctx, person: &Person, id: ThreadId) -> Result<(Line, Party), MessageError> {
    let row = store::thread(&ctx.db, id).await?.ok_or(Refusal::Missing)?;
    let party = party(ctx, person, &open_thread(ctx, row.clone())).await?;
    let line = line_of(ctx, person, row, party.is_office()).await?;
    Ok((line, party))
}

/// A thread.
///
/// # Errors
/// [`Refusal::Missing`] when it is not hers to read.
pub async fn view(ctx: &Ctx, person: &Person, id: ThreadId) -> Result<View, MessageError> {
    let row = store::thread(&ctx.db, id).await?.ok_or(Refusal::Missing)?;
    let thread = open_thread(ctx, row);
    let party = party(ctx, person, &thread).await?;
    let office = party.is_office();
    let files = files(ctx, id).await?;
    let rows = store::in_thread(&ctx.db, id, office, SHOWN).await?;
    let messages: Vec<Shown> = rows
        .into_iter()
        .map(|row| {
            let message = open_message(ctx, row);
            Shown {
                html: html(&message),
                files: files
                    .iter()
                    .filter(|file| file.message == message.id)
                    .cloned()
                    .collect(),
                message,
            }
        })
        .collect();
    let (readers, strangers, authors) = if thread.remote && office {
        people(ctx, &thread, &messages).await?
    } else {
        Default::default()
    };
    let sealed = match thread.commune.parse::<InseeCode>() {
        Ok(code) => {
            let seal = store::settings(&ctx.db, &thread.commune).await?.seal;
            thread.is_sealed(seal, &super::access::mandate(ctx, code).await?)
        }
        Err(_) => false,
    };
    Ok(View {
        request: store::request(&ctx.db, id)
            .await?
            .map(|row| open_request(ctx, row)),
        service: if thread.service.is_mayor() {
            None
        } else {
            store::service(&ctx.db, thread.service).await?
        },
        writer: writer(ctx, &thread).await?,
        read: store::others_read(&ctx.db, id, !office).await?,
        logs: if office {
            store::logs_of(&ctx.db, id, 200).await?
        } else {
            Vec::new()
        },
        sealed,
        readers,
        strangers,
        authors,
        messages,
        party,
        thread,
    })
}

/// Who reads an exchange with another server, by actor and by bare address, and who has written in it.
async fn people(
    ctx: &Ctx,
    thread: &Thread,
    messages: &[Shown],
) -> Result<(Vec<Actor>, Vec<String>, Vec<Actor>), StoreError> {
    let mut messages = messages.iter().map(|shown| &shown.message);
    let mut wrote: Vec<ActorId> = messages
        .clone()
        .filter(|message| message.side == Side::Writer)
        .filter_map(|message| message.actor.map(ActorId))
        .collect();
    wrote.sort_unstable();
    wrote.dedup();
    let (readers, strangers) =
        readers::shown(ctx, thread, messages.rfind(|one| readers::is_letter(one))).await?;
    Ok((readers, strangers, actors::by_ids(ctx, &wrote).await?))
}

async fn files(ctx: &Ctx, id: ThreadId) -> Result<Vec<Attachment>, StoreError> {
    let rows = store::files_of(&ctx.db, id).await?;
    Ok(rows.into_iter().map(|row| open_file(ctx, row)).collect())
}

fn open_file(ctx: &Ctx, row: store::FileRow) -> Attachment {
    let place = Place::new("messages_attachment", "name", row.id.0);
    Attachment {
        id: row.id,
        message: row.message_id,
        thread: row.thread_id,
        name: ctx
            .vault
            .open_text(&place, &row.name)
            .unwrap_or_else(|_| "document".to_owned()),
        mime: row.mime,
        bytes: row.bytes,
    }
}

/// Notes that she has read everything there is; that an agent did is on the record, once a day.
///
/// # Errors
/// [`MessageError`].
pub async fn mark_read(ctx: &Ctx, person: &Person, view: &View) -> Result<(), MessageError> {
    let Some(last) = view.messages.last().map(|shown| shown.message.id) else {
        return Ok(());
    };
    let (id, now) = (view.thread.id, ctx.clock.now());
    let known = store::read_up_to(&ctx.db, id, person.actor.id.0).await?;
    let is_new = known.is_none_or(|known| known < last);
    let noted = match view.party.agent() {
        Some(agent) => {
            store::has_log_since(&ctx.db, id, agent.account, "opened", now.minus(NOTED_EVERY)).await?
        }
        None => true,
    };
    if !is_new && noted {
        return Ok(());
    }
    let mut tx = ctx.db.begin().await?;
    store::mark_read(&mut tx, id, person.actor.id.0, view.party.is_office(), last, now).await?;
    if !noted {
        super::writing::log(ctx, &mut tx, id, &view.party, "opened", "").await?;
    }
    tx.commit().await?;
    Ok(())
}

/// A file with what is in it.
///
/// # Errors
/// [`Refusal::Missing`] when it is not hers to read.
pub async fn attachment(
    ctx: &Ctx,
    person: &Person,
    id: AttachmentId,
) -> Result<(Attachment, Vec<u8>), MessageError> {
    let row = store::file(&ctx.db, id).await?.ok_or(Refusal::Missing)?;
    let thread = store::thread(&ctx.db, row.thread_id)
        .await?
        .ok_or(Refusal::Missing)?;
    let party = party(ctx, person, &open_thread(ctx, thread)).await?;
    let message = store::message(&ctx.db, row.message_id)
        .await?
        .ok_or(Refusal::Missing)?;
    if message.side == Side::Note && !party.is_office() {
        return Err(Refusal::Missing.into());
    }
    let sealed = store::content(&ctx.db, id).await?.ok_or(Refusal::Missing)?;
    let content = ctx
        .vault
        .open(&Place::new("messages_attachment", "content", id.0), &sealed)?;
    Ok((open_file(ctx, row), content))
}

/// The messages of a thread that both sides see; without asking who reads.
pub async fn shared_messages(ctx: &Ctx, id: ThreadId) -> Result<Vec<Message>, StoreError> {
    let rows = store::in_thread(&ctx.db, id, false, SHOWN).await?;
    Ok(rows.into_iter().map(|row| open_message(ctx, row)).collect())
}

/// Somebody's threads in which these words stand: in the subject, a message, or the number of a request. Opens and
/// reads what is hers; nothing of it is kept.
///
/// # Errors
/// [`MessageError`].
pub async fn search(
    ctx: &Ctx,
    person: &Person,
    commune: Option<&Commune>,
    office: bool,
    words: &str,
) -> Result<Vec<Line>, MessageError> {
    let wanted: Vec<String> = text::fold(words)
        .split_whitespace()
        .map(ToOwned::to_owned)
        .collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let whose = mailbox(ctx, person, commune, office).await?;
    let (mut found, mut threads, mut messages) = (Vec::new(), 0, 0);
    let mut before = None;
    while threads < SEARCHED_THREADS && messages < SEARCHED_MESSAGES {
        let page = store::list(&ctx.db, &whose, &Paging::before(before, 50)).await?;
        before = page.items.last().map(|row| row.last_id.0);
        threads += page.items.len();
        for row in page.items {
            if office && row.writer_id == Some(person.actor.id.0) {
                continue;
            }
            let rows = store::in_thread(&ctx.db, row.id, office, SHOWN).await?;
            messages += rows.len();
            let mut line = line_of(ctx, person, row, office).await?;
            let mut head = line.thread.subject.clone();
            if let Some(request) = &line.request {
                head.push(' ');
                head.push_str(&request.reference);
            }
            if holds(&head, &wanted) {
                found.push(line);
                continue;
            }
            let texts = rows.into_iter().rev().map(|row| plain(&open_message(ctx, row)));
            if let Some(text) = texts.into_iter().find(|text| holds(text, &wanted)) {
                line.excerpt = around(&text, &wanted);
                found.push(line);
            }
        }
        if !page.has_more {
            break;
        }
    }
    Ok(found)
}

fn holds(text: &str, wanted: &[String]) -> bool {
    let folded = text::fold(text);
    wanted.iter().all(|word| folded.contains(word.as_str()))
}

/// The words around the first that was found.
fn around(text: &str, wanted: &[String]) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let at = words
        .iter()
        .position(|word| wanted.iter().any(|one| text::fold(word).contains(one.as_str())))
        .unwrap_or(0);
    let from = at.saturating_sub(4);
    let shown = words
        .into_iter()
        .skip(from)
        .take(16)
        .collect::<Vec<_>>()
        .join(" ");
    shortened(&if from > 0 { format!("… {shown}") } else { shown }, 120)
}

/// In how many conversations something waits to be read, by the INSEE code of the town hall: letters to her, and
/// letters that she reads for a town hall. Asked for every page that she opens.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn waiting(ctx: &Ctx, person: &Person) -> Result<Vec<(String, i64)>, StoreError> {
    let mut all = store::waiting_for_writer(&ctx.db, person.actor.id.0).await?;
    for commune in person.communes() {
        if let Some(reach) = reach(ctx, person, commune).await? {
            let reader = store::OfficeReader {
                commune: commune.as_str(),
                actor: person.actor.id.0,
                account: person.id().0,
                all: reach.all,
                mandate: reach.seal.then_some(reach.mandate),
            };
            let count = store::waiting_for_office(&ctx.db, &reader).await?;
            all.push((commune.to_string(), count));
        }
    }
    Ok(all)
}

/// Somebody as an agent of a town hall, if she is one.
pub(crate) async fn agent_of(
    ctx: &Ctx,
    person: &Person,
    commune: &Commune,
) -> Result<Option<super::Agent>, StoreError> {
    match reach(ctx, person, commune.code).await? {
        Some(reach) => agent(ctx, person, commune.code, reach).await.map(Some),
        None => Ok(None),
    }
}
