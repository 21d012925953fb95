//! Conversations of Mastodon's API.

use account::Citizen;
use client_api::{Attached, Direct, DirectWords, NewDirect, Once, Outcome, Private, Talk};
use commune::{Commune, InseeCode};
use federation::{Actor, ActorId, Ctx, actors};
use platform::store::{Page, Paging};
use platform::text::{clean_line, mentions};
use platform::web::{Failure, Message as Words};

use super::line;
use crate::actions::readers::named;
use crate::actions::{
    self, Letter, Line, Reply, edit_answer, hide, open_message, prepare_answer, remove_answer, shown_html,
};
use crate::error::MessageError;
use crate::model::{Body, Message, MessageId, Refusal, Side, Thread, ThreadId, Warning};
use crate::store;

/// The room as the client API knows it.
#[derive(Debug)]
pub struct Conversations;

/// The others of a thread, for whoever reads it: for the town hall also whoever else stands in its last letter.
async fn others(
    ctx: &Ctx,
    by: &Citizen,
    thread: &Thread,
    last: &Message,
) -> Result<Vec<Actor>, MessageError> {
    let first = if by.office.is_some() {
        thread.writer
    } else {
        Some(thread.office)
    };
    let mut people = one(ctx, first).await?;
    people.extend(addressed(ctx, thread, last).await?);
    each_once(&mut people);
    people.retain(|actor| by.office.is_none() || actor.id.0 != thread.office);
    Ok(people)
}

async fn one(ctx: &Ctx, id: Option<i64>) -> Result<Vec<Actor>, MessageError> {
    Ok(match id {
        Some(id) => actors::by_id(ctx, ActorId(id)).await?.into_iter().collect(),
        None => Vec::new(),
    })
}

/// Those of a message of or to another server, as far as they are known and may be named.
async fn addressed(ctx: &Ctx, thread: &Thread, message: &Message) -> Result<Vec<Actor>, MessageError> {
    match &message.wire {
        Some(known) if thread.remote => Ok(named(ctx, &known.people).await?),
        _ => Ok(Vec::new()),
    }
}

fn each_once(people: &mut Vec<Actor>) {
    let mut seen = Vec::with_capacity(people.len());
    people.retain(|actor| {
        let is_new = !seen.contains(&actor.id);
        seen.push(actor.id);
        is_new
    });
}

async fn talk(ctx: &Ctx, by: &Citizen, line: Line) -> Result<Option<Talk>, MessageError> {
    let Some(row) = store::message(&ctx.db, line.thread.last).await? else {
        return Ok(None);
    };
    let message = open_message(ctx, row);
    let people = others(ctx, by, &line.thread, &message).await?;
    let Some(last) = direct(ctx, by, &line.thread, message, None).await? else {
        return Ok(None);
    };
    Ok(Some(Talk {
        id: line.thread.id.0,
        unread: line.unread > 0,
        people,
        last,
    }))
}

/// A message as a status; `None` when its author is gone.
async fn direct(
    ctx: &Ctx,
    by: &Citizen,
    thread: &Thread,
    message: Message,
    before: Option<(i64, i64)>,
) -> Result<Option<Direct>, MessageError> {
    let office_wrote = message.side != Side::Writer;
    let author = if office_wrote {
        Some(thread.office)
    } else {
        message.actor
    };
    let Some(author) = one(ctx, author).await?.pop() else {
        return Ok(None);
    };
    let reader = if office_wrote {
        thread.writer
    } else {
        Some(thread.office)
    };
    let mut people = addressed(ctx, thread, &message).await?;
    if !office_wrote || people.is_empty() {
        people.splice(0..0, one(ctx, reader).await?);
    }
    each_once(&mut people);
    people.retain(|actor| actor.id != author.id);
    let code: InseeCode = thread.commune.parse().map_err(|_| Refusal::Missing)?;
    let commune = commune::actions::by_code(ctx, code)
        .await?
        .ok_or(Refusal::Missing)?;
    let page = ctx.urls.to(&actions::telling::page(&commune, thread.id));
    let url = format!("{page}#message-{}", message.id);
    let known = message.wire.clone().unwrap_or_default();
    let own = by.office.is_some() == office_wrote;
    let attached = store::files_of(&ctx.db, thread.id)
        .await?
        .into_iter()
        .filter(|file| file.message_id == message.id)
        .map(|file| Attached {
            id: file.id.to_string(),
            kind: "document".to_owned(),
            // Only a signed-in party gets it.
            url: format!("{page}/pieces/{}", file.id),
            preview: None,
            remote_url: None,
            alt: String::new(),
            blurhash: None,
            size: None,
            focus: (0.0, 0.0),
        })
        .chain(known.files.iter().enumerate().map(|(at, (url, alt))| Attached {
            id: format!("{}-{at}", message.id),
            kind: "document".to_owned(),
            url: url.clone(),
            preview: None,
            remote_url: Some(url.clone()),
            alt: alt.clone(),
            blurhash: None,
            size: None,
            focus: (0.0, 0.0),
        }))
        .collect();
    Ok(Some(Direct {
        id: message.id.0,
        talk: thread.id.0,
        html: shown_html(&message).into_string(),
        text: match &message.body {
            Body::Text(text) if own => Some(text.clone()),
            _ => None,
        },
        uri: message.uri.clone().unwrap_or_else(|| url.clone()),
        created_at: message.created_at,
        edited_at: message.edited_at,
        summary: known.summary,
        sensitive: known.sensitive,
        answers: before,
        author,
        people,
        url,
        attached,
    }))
}

async fn around(ctx: &Ctx, by: &Citizen, thread: &Thread) -> Result<Vec<Direct>, MessageError> {
    let (mut all, mut before) = (Vec::new(), None);
    for message in actions::shared_messages(ctx, thread.id).await? {
        if message.body == Body::Gone {
            continue;
        }
        if let Some(one) = direct(ctx, by, thread, message, before).await? {
            before = Some((one.id, one.author.id.0));
            all.push(one);
        }
    }
    Ok(all)
}

/// The thread of a message that is hers to read through this program.
async fn thread_of(ctx: &Ctx, by: &Citizen, id: i64) -> Result<Option<Thread>, MessageError> {
    let Some(row) = store::message(&ctx.db, MessageId(id)).await? else {
        return Ok(None);
    };
    if row.side == Side::Note {
        return Ok(None);
    }
    match line(ctx, by, row.thread_id).await {
        Ok(line) => Ok(Some(line.thread)),
        Err(MessageError::Refused(Refusal::Missing)) => Ok(None),
        Err(error) => Err(error),
    }
}

impl Private for Conversations {
    fn talks<'a>(&'a self, ctx: &'a Ctx, by: &'a Citizen, paging: &'a Paging) -> Outcome<'a, Page<Talk>> {
        Box::pin(async move {
            let commune = match &by.office {
                Some(office) => commune::actions::by_code(ctx, office.commune).await?,
                None => None,
            };
            let page = actions::inbox(ctx, by, commune.as_ref(), by.office.is_some(), paging).await;
            let page = match page {
                Ok(page) => page,
                // A delegate of other rights has no conversations.
                Err(MessageError::Refused(Refusal::Missing)) => return Err(Failure::forbidden()),
                Err(error) => return Err(error.into()),
            };
            let mut items = Vec::with_capacity(page.items.len());
            for line in page.items {
                items.extend(talk(ctx, by, line).await?);
            }
            Ok(Page {
                items,
                has_more: page.has_more,
            })
        })
    }

    fn read<'a>(&'a self, ctx: &'a Ctx, by: &'a Citizen, id: i64) -> Outcome<'a, Talk> {
        Box::pin(async move {
            line(ctx, by, ThreadId(id)).await?;
            let view = actions::view(ctx, by, ThreadId(id)).await?;
            actions::mark_read(ctx, by, &view).await?;
            let line = line(ctx, by, ThreadId(id)).await?;
            talk(ctx, by, line).await?.ok_or_else(Failure::not_found)
        })
    }

    fn remove<'a>(&'a self, ctx: &'a Ctx, by: &'a Citizen, id: i64) -> Outcome<'a, ()> {
        Box::pin(async move {
            line(ctx, by, ThreadId(id)).await?;
            if by.office.is_none() {
                hide(ctx, by, ThreadId(id)).await?;
            } else {
                // The town hall keeps what was written to it; off its list means closed.
                actions::close(ctx, by, ThreadId(id)).await?;
            }
            Ok(())
        })
    }

    fn one<'a>(&'a self, ctx: &'a Ctx, by: &'a Citizen, id: i64) -> Outcome<'a, Option<Direct>> {
        Box::pin(async move {
            let Some(thread) = thread_of(ctx, by, id).await? else {
                return Ok(None);
            };
            let all = around(ctx, by, &thread).await?;
            Ok(all.into_iter().find(|one| one.id == id))
        })
    }

    fn around<'a>(&'a self, ctx: &'a Ctx, by: &'a Citizen, id: i64) -> Outcome<'a, Vec<Direct>> {
        Box::pin(async move {
            let line = line(ctx, by, ThreadId(id)).await?;
            Ok(around(ctx, by, &line.thread).await?)
        })
    }

    fn write<'a>(
        &'a self,
        ctx: &'a Ctx,
        by: &'a Citizen,
        new: NewDirect,
        once: Option<&'a Once>,
    ) -> Outcome<'a, i64> {
        Box::pin(async move {
            match new.answers {
                Some(answered) => answer(ctx, by, answered, new.words, once).await,
                None => begin(ctx, by, new.words, once).await,
            }
        })
    }

    fn edit<'a>(&'a self, ctx: &'a Ctx, by: &'a Citizen, id: i64, words: DirectWords) -> Outcome<'a, ()> {
        Box::pin(async move {
            let warning = Some(warning(&words)?);
            Ok(edit_answer(ctx, by, MessageId(id), &words.text, warning).await?)
        })
    }

    fn delete<'a>(&'a self, ctx: &'a Ctx, by: &'a Citizen, id: i64) -> Outcome<'a, ()> {
        Box::pin(async move { Ok(remove_answer(ctx, by, MessageId(id)).await?) })
    }
}

fn warning(words: &DirectWords) -> Result<Warning, MessageError> {
    Ok(Warning::new(&words.summary, words.sensitive)?)
}

async fn answer(
    ctx: &Ctx,
    by: &Citizen,
    answered: i64,
    words: DirectWords,
    once: Option<&Once>,
) -> Result<i64, Failure> {
    let thread = thread_of(ctx, by, answered)
        .await?
        .ok_or_else(Failure::not_found)?;
    let reply = Reply {
        text: without_names(&words.text),
        warning: warning(&words)?,
        ..Reply::default()
    };
    let ready = prepare_answer(ctx, by, thread.id, reply).await?;
    let mut tx = ctx.db.begin().await?;
    if let Some(once) = once
        && let Some(made) = once.claim(ctx, &mut tx).await?
    {
        return Ok(made);
    }
    let made = actions::answer_in(ctx, &mut tx, by, &ready).await?;
    if let Some(once) = once {
        once.made(&mut tx, made.0).await?;
    }
    tx.commit().await?;
    Ok(made.0)
}

/// A first letter: the text names the town hall. Only town halls of this server can be written to: what is private
/// here does not leave, and a program cannot say that it would.
async fn begin(ctx: &Ctx, by: &Citizen, words: DirectWords, once: Option<&Once>) -> Result<i64, Failure> {
    let refuse =
        |code: &'static str| Failure::unprocessable(code, Words::new(format!("messages-refused-{code}")));
    if by.office.is_some() {
        return Err(refuse("office-begins"));
    }
    let mut named: Option<Commune> = None;
    for mention in mentions(&words.text).into_iter().take(5) {
        let elsewhere = mention
            .host
            .as_deref()
            .is_some_and(|host| !host.eq_ignore_ascii_case(ctx.urls.authority()));
        if elsewhere {
            return Err(refuse("elsewhere"));
        }
        named = commune::actions::by_handle(ctx, &mention.user.to_lowercase())
            .await?
            .filter(Commune::is_claimed);
        if named.is_some() {
            break;
        }
    }
    let commune = named.ok_or_else(|| refuse("nobody"))?;
    let text = without_names(&words.text);
    // A warning says what it is about, as in the letters of other servers.
    let about = [&words.summary, &text]
        .into_iter()
        .find(|some| !some.trim().is_empty());
    let mut subject = clean_line(&about.unwrap_or(&text).replace('\n', " "), 61);
    if subject.chars().count() > 60 {
        subject = subject.chars().take(59).collect();
        subject.push('…');
    }
    let mandate = actions::mandate(ctx, commune.code).await?;
    let mut tx = ctx.db.begin().await?;
    if let Some(once) = once
        && let Some(made) = once.claim(ctx, &mut tx).await?
    {
        return Ok(made);
    }
    let letter = Letter {
        subject,
        text,
        warning: warning(&words)?,
        ..Letter::default()
    };
    let (_, made) = actions::write_in(ctx, &mut tx, by, &commune, letter, &mandate).await?;
    if let Some(once) = once {
        once.made(&mut tx, made.0).await?;
    }
    tx.commit().await?;
    Ok(made.0)
}

/// Programs begin an answer with the names of those it is for; here they are known anyway.
fn without_names(text: &str) -> String {
    let mut rest = text.trim_start();
    while let Some(after) = rest.strip_prefix('@') {
        let end = after.find(char::is_whitespace).unwrap_or(after.len());
        rest = after.get(end..).unwrap_or_default().trim_start();
    }
    rest.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_before_an_answer_are_not_its_words() {
        assert_eq!(
            without_names("@maire-eze @zoe@x.test Bonjour @ami"),
            "Bonjour @ami"
        );
        assert_eq!(without_names("@maire-eze"), "");
        assert_eq!(without_names("Bonjour"), "Bonjour");
    }
}
