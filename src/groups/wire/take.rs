//! Topics of other servers: taken in, changed, taken back.

use std::time::Duration;

use discussion::documents::{self, Document};
use discussion::{DiscussionError, Participant};
use federation::policy::{self, Standing};
use federation::{Actor, ActorId, Ctx, Envelope, Verdict, Visibility, actors, author_of};
use platform::StoreError;
use platform::text::{self, Html};
use serde_json::Value;

use super::{claims, orders};
use crate::actions::{self, Arrived, GroupError, Known, known};
use crate::model::{GroupId, LONGEST_TITLE, Topic};

/// Characters of HTML kept of one topic.
const LONGEST_HTML: usize = 200_000;
/// Characters of the beginning that stand for a missing title.
const SHORT_TITLE: usize = 90;

const NOT_THEIRS: Verdict = Verdict::Reject("the object is not its actor's");

pub(super) fn verdict(result: Result<Verdict, GroupError>) -> Verdict {
    match result {
        Ok(verdict) => verdict,
        Err(GroupError::Store(error) | GroupError::Moderation(DiscussionError::Store(error))) => error.into(),
        Err(GroupError::Refused(_) | GroupError::Moderation(DiscussionError::Refused(_))) => {
            Verdict::Ignore("turned away")
        }
    }
}

/// A group with how this actor stands to it.
pub(super) async fn group_for(
    ctx: &Ctx,
    group: ActorId,
    by: &Participant,
) -> Result<Option<Known>, StoreError> {
    known(ctx, GroupId(group.0), Some(by)).await
}

pub(super) async fn created(ctx: Ctx, envelope: Envelope) -> Verdict {
    verdict(create(&ctx, &envelope).await)
}

async fn create(ctx: &Ctx, envelope: &Envelope) -> Result<Verdict, GroupError> {
    let author = &envelope.actor;
    let (Some(uri), Some(object)) = (envelope.object_id(), envelope.object_document()) else {
        return Ok(Verdict::Reject("the object has no id"));
    };
    if !is_theirs(object, author, uri) {
        return Ok(NOT_THEIRS);
    }
    let Some(group) = actors::addressed_group(ctx, object, &envelope.whole).await? else {
        return Ok(Verdict::Ignore("to no group of ours"));
    };
    let by = Participant::guest(author.clone());
    let Some(known) = group_for(ctx, group.id, &by).await? else {
        return Ok(Verdict::Ignore("to no group of ours"));
    };
    let visibility = documents::visibility(author, object, &envelope.whole);
    let is_meant = if known.circle.private {
        // What is said among some is addressed to them and to nobody else.
        visibility == Visibility::Direct && documents::reaches(&known.circle, object, &envelope.whole)
    } else {
        visibility.is_open()
    };
    if !is_meant {
        return Ok(Verdict::Ignore("not for those who read this group"));
    }
    let Some(mut arrived) = read(ctx, author, uri, envelope, object, &known)? else {
        return Ok(Verdict::Ignore("it says nothing"));
    };
    arrived.is_limited = policy::standing(ctx, &author.uri).await? == Standing::Limited;
    Ok(if actions::arrived(ctx, author, &known, arrived).await? {
        Verdict::Done
    } else {
        Verdict::Ignore("known already, or taken back before")
    })
}

/// The signer wrote it, and its id is of his server.
fn is_theirs(object: &Document, author: &Actor, uri: &str) -> bool {
    author_of(object) == Some(author.uri.as_str())
        && actors::origin(uri).is_some()
        && actors::origin(uri) == actors::origin(&author.uri)
        && !uri.contains('#')
}

/// The topic in a document; `None` when nothing is left to be read.
fn read(
    ctx: &Ctx,
    author: &Actor,
    uri: &str,
    envelope: &Envelope,
    object: &Document,
    known: &Known,
) -> Result<Option<Arrived>, StoreError> {
    let (language, content) = documents::content(object);
    let raw: String = content.chars().take(LONGEST_HTML).collect();
    let html = text::sanitise_remote(&raw);
    let plain = text::plain_text(&html);
    let title = text::clean_line(&documents::title(object), LONGEST_TITLE);
    if plain.trim().is_empty() && title.is_empty() {
        return Ok(None);
    }
    let title = if title.is_empty() {
        beginning(&plain, known)
    } else {
        title
    };
    // A bare link (Lemmy) is shown as what it is.
    let html = match (plain.trim().is_empty(), documents::page(object.get("url"))) {
        (true, Some(link)) => Html::paragraph(&link),
        _ => html,
    };
    let now = ctx.clock.now();
    let tomorrow = now.plus(Duration::from_secs(24 * 3600));
    let published_at = documents::instant(object, "published")
        .or_else(|| documents::instant(&envelope.whole, "published"))
        .unwrap_or(now);
    tracing::debug!(author = author.uri, uri, "a topic is read");
    Ok(Some(Arrived {
        uri: uri.to_owned(),
        title,
        html,
        summary: text::clean_line(&documents::in_words(object, "summary", "summaryMap"), 200),
        language,
        url: documents::page(object.get("url")),
        published_at: published_at.min(now),
        updated_at: documents::instant(object, "updated").filter(|at| *at < tomorrow),
        is_limited: false,
        activity: Value::Object(envelope.whole.clone()),
    }))
}

/// What stands for the title of something that has none: how it begins, without the name of the group.
fn beginning(plain: &str, known: &Known) -> String {
    let words = plain
        .split_whitespace()
        .skip_while(|word| word.starts_with('@'))
        .collect::<Vec<_>>()
        .join(" ");
    let mut short = text::clean_line(&words, SHORT_TITLE);
    if words.chars().count() > SHORT_TITLE {
        if let Some(at) = short.rfind(' ') {
            short.truncate(at);
        }
        short.push('…');
    }
    if short.is_empty() {
        known.group.name.clone()
    } else {
        short
    }
}

pub(super) async fn updated(ctx: Ctx, envelope: Envelope) -> Verdict {
    verdict(update(&ctx, &envelope).await)
}

/// A topic that is known, with its group, for its author.
async fn of_author(ctx: &Ctx, envelope: &Envelope) -> Result<Option<(Topic, Known)>, GroupError> {
    let Some(topic) = claims::topic(ctx, envelope).await? else {
        return Ok(None);
    };
    if topic.local || topic.actor_id != envelope.actor.id {
        return Ok(None);
    }
    let by = Participant::guest(envelope.actor.clone());
    let known = known(ctx, topic.group_id, Some(&by)).await?;
    Ok(known.map(|known| (topic, known)))
}

async fn update(ctx: &Ctx, envelope: &Envelope) -> Result<Verdict, GroupError> {
    let (Some(uri), Some(object)) = (envelope.object_id(), envelope.object_document()) else {
        return Ok(Verdict::Reject("the object has no id"));
    };
    let Some((topic, known)) = of_author(ctx, envelope).await? else {
        return Ok(NOT_THEIRS);
    };
    if !is_theirs(object, &envelope.actor, uri) {
        return Ok(NOT_THEIRS);
    }
    if known.standing.out || known.circle.private && !known.standing.member {
        return Ok(Verdict::Ignore("its author is no member any more"));
    }
    let Some(newer) = read(ctx, &envelope.actor, uri, envelope, object, &known)? else {
        return Ok(Verdict::Ignore("it says nothing"));
    };
    Ok(
        if actions::changed_elsewhere(ctx, &known, topic.id, newer).await? {
            Verdict::Done
        } else {
            Verdict::Ignore("not newer than what is known")
        },
    )
}

/// `Delete` of a topic: by its author, or by a moderator of its group.
pub(super) async fn deleted(ctx: Ctx, envelope: Envelope) -> Verdict {
    verdict(delete(&ctx, &envelope).await)
}

async fn delete(ctx: &Ctx, envelope: &Envelope) -> Result<Verdict, GroupError> {
    if let Some((topic, known)) = of_author(ctx, envelope).await? {
        let activity = Value::Object(envelope.whole.clone());
        let done = actions::deleted_elsewhere(ctx, &known, topic.id, Some(&activity)).await?;
        return Ok(if done {
            Verdict::Done
        } else {
            Verdict::Ignore("gone already")
        });
    }
    orders::hide(ctx, envelope).await
}
