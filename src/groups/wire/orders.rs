//! What moderators on other servers order. Whoever they are, the list of this server says; the group passes the
//! deed on as its own.

use discussion::model::FlagCategory;
use discussion::{Participant, Thing, circles};
use federation::{Ctx, Envelope, Verdict, actors, id_of};
use platform::i18n::Lang;
use platform::text;
use serde_json::{Map, Value};

use super::claims::{group_in, topic};
use super::take::{group_for, verdict};
use crate::actions::{self, GroupError, Known, known};
use crate::model::Topic;
use crate::store;
use crate::topics::TOPICS;

const NOT_MODERATOR: Verdict = Verdict::Reject("this is the moderators' work");
/// The longest reason kept, in characters.
const LONGEST_REASON: usize = 1000;

/// The reason a moderator gives, or that there is none.
fn reason(ctx: &Ctx, activity: &Map<String, Value>) -> String {
    let raw = ["summary", "content"]
        .iter()
        .find_map(|name| activity.get(*name).and_then(Value::as_str))
        .unwrap_or_default();
    let some: String = raw.chars().take(4 * LONGEST_REASON).collect();
    let words = text::clean_text(&text::plain_text(&text::sanitise_remote(&some)), LONGEST_REASON);
    if words.trim().is_empty() {
        ctx.words.t(Lang::Fr, "groups-order-without-reason")
    } else {
        words
    }
}

async fn ordered(
    ctx: &Ctx,
    envelope: &Envelope,
    topic: &Topic,
) -> Result<Option<(Participant, Known)>, GroupError> {
    let by = Participant::guest(envelope.actor.clone());
    let known = known(ctx, topic.group_id, Some(&by)).await?;
    Ok(known
        .filter(|known| known.circle.is_moderated_by(&by))
        .map(|known| (by, known)))
}

async fn thing(ctx: &Ctx, topic: &Topic) -> Result<Option<Thing>, GroupError> {
    let subject = circles::subjects(ctx).by_id(ctx, TOPICS, topic.id.0).await?;
    Ok(subject.map(Thing::Subject))
}

/// `Delete` of somebody else's topic.
pub(super) async fn hide(ctx: &Ctx, envelope: &Envelope) -> Result<Verdict, GroupError> {
    let Some(topic) = topic(ctx, envelope).await? else {
        return Ok(Verdict::Ignore("it is not here"));
    };
    let Some((by, _)) = ordered(ctx, envelope, &topic).await? else {
        return Ok(NOT_MODERATOR);
    };
    let Some(thing) = thing(ctx, &topic).await? else {
        return Ok(Verdict::Ignore("it is not here"));
    };
    let reason = reason(ctx, &envelope.whole);
    let subjects = circles::subjects(ctx);
    discussion::actions::hide(ctx, &subjects, &by, &thing, FlagCategory::Other, &reason).await?;
    Ok(Verdict::Done)
}

/// The topic that the activity inside an `Undo` was about.
async fn undone_topic(ctx: &Ctx, envelope: &Envelope) -> Result<Option<Topic>, GroupError> {
    let inner = envelope.object_document();
    let is_theirs = inner
        .and_then(|inner| inner.get("actor"))
        .and_then(id_of)
        .is_none_or(|actor| actor == envelope.actor.uri);
    let uri = inner.and_then(|inner| inner.get("object")).and_then(id_of);
    match uri.filter(|_| is_theirs) {
        Some(uri) => Ok(store::topics::by_uri(&ctx.db, uri).await?),
        None => Ok(None),
    }
}

/// `Undo` of a `Delete`.
pub(super) async fn restored(ctx: Ctx, envelope: Envelope) -> Verdict {
    let result = async {
        let Some(topic) = undone_topic(&ctx, &envelope).await? else {
            return Ok(Verdict::Ignore("it is not here"));
        };
        let Some((by, _)) = ordered(&ctx, &envelope, &topic).await? else {
            return Ok(NOT_MODERATOR);
        };
        let Some(thing) = thing(&ctx, &topic).await? else {
            return Ok(Verdict::Ignore("it is not here"));
        };
        let reason = reason(&ctx, &envelope.whole);
        discussion::actions::restore(&ctx, &circles::subjects(&ctx), &by, &thing, &reason).await?;
        Ok(Verdict::Done)
    };
    verdict(result.await)
}

pub(super) async fn locked(ctx: Ctx, envelope: Envelope) -> Verdict {
    let result = async {
        let found = topic(&ctx, &envelope).await?;
        lock(&ctx, &envelope, found, true).await
    };
    verdict(result.await)
}

pub(super) async fn unlocked(ctx: Ctx, envelope: Envelope) -> Verdict {
    let result = async {
        let found = undone_topic(&ctx, &envelope).await?;
        lock(&ctx, &envelope, found, false).await
    };
    verdict(result.await)
}

async fn lock(
    ctx: &Ctx,
    envelope: &Envelope,
    found: Option<Topic>,
    locked: bool,
) -> Result<Verdict, GroupError> {
    let Some(topic) = found else {
        return Ok(Verdict::Ignore("it is not here"));
    };
    let Some((by, known)) = ordered(ctx, envelope, &topic).await? else {
        return Ok(NOT_MODERATOR);
    };
    actions::lock_topic(ctx, &by, &known, topic.id, locked).await?;
    Ok(Verdict::Done)
}

/// `Block` of somebody out of a group.
pub(super) async fn put_out(ctx: Ctx, envelope: Envelope) -> Verdict {
    verdict(block(&ctx, &envelope, &envelope.whole, true).await)
}

/// `Undo` of a `Block` out of a group.
pub(super) async fn let_back(ctx: Ctx, envelope: Envelope) -> Verdict {
    let Some(inner) = envelope.object_document() else {
        return Verdict::Reject("the object is no document");
    };
    verdict(block(&ctx, &envelope, inner, false).await)
}

async fn block(
    ctx: &Ctx,
    envelope: &Envelope,
    block: &Map<String, Value>,
    out: bool,
) -> Result<Verdict, GroupError> {
    let by = Participant::guest(envelope.actor.clone());
    let Some(group) = group_in(ctx, block, "target").await? else {
        return Ok(Verdict::Ignore("no group of ours"));
    };
    let Some(known) = group_for(ctx, group.id, &by).await? else {
        return Ok(Verdict::Ignore("no group of ours"));
    };
    if !known.circle.is_moderated_by(&by) {
        return Ok(NOT_MODERATOR);
    }
    let whom = match block.get("object").and_then(id_of) {
        Some(uri) => actors::by_uri(ctx, uri).await?,
        None => None,
    };
    let Some(whom) = whom else {
        return Ok(Verdict::Ignore("nobody here knows this person"));
    };
    let reason = reason(ctx, &envelope.whole);
    if out {
        actions::put_out(ctx, &by, &known, whom.id, FlagCategory::Other, &reason).await?;
    } else {
        actions::let_back(ctx, &by, &known, whom.id, &reason).await?;
    }
    Ok(Verdict::Done)
}

/// `Add` or `Remove`: a topic among those at the top. Who keeps order the town hall says, and nobody else.
pub(super) async fn pinned(ctx: Ctx, envelope: Envelope) -> Verdict {
    let result = async {
        let target = envelope.whole.get("target").and_then(id_of).unwrap_or_default();
        if !target.ends_with("/featured") {
            return Ok(Verdict::Reject("the town hall chooses who keeps order"));
        }
        let group = group_in(&ctx, &envelope.whole, "target").await?;
        let (Some(topic), Some(group)) = (topic(&ctx, &envelope).await?, group) else {
            return Ok(Verdict::Ignore("it is not here"));
        };
        let Some((by, known)) = ordered(&ctx, &envelope, &topic).await? else {
            return Ok(NOT_MODERATOR);
        };
        if known.group.actor() != group.id {
            return Ok(Verdict::Reject("it is of another group"));
        }
        actions::pin_topic(&ctx, &by, &known, topic.id, envelope.kind == "Add").await?;
        Ok(Verdict::Done)
    };
    verdict(result.await)
}

/// `Update` of a group: its name and what is talked about.
pub(super) async fn renamed(ctx: Ctx, envelope: Envelope) -> Verdict {
    let result = async {
        let by = Participant::guest(envelope.actor.clone());
        let group = match envelope.object_id() {
            Some(uri) => actors::by_uri(&ctx, uri).await?,
            None => None,
        };
        let (Some(group), Some(document)) = (group, envelope.object_document()) else {
            return Ok(Verdict::Ignore("no group of ours"));
        };
        let Some(known) = group_for(&ctx, group.id, &by).await? else {
            return Ok(Verdict::Ignore("no group of ours"));
        };
        if !known.circle.is_moderated_by(&by) {
            return Ok(NOT_MODERATOR);
        }
        let words = |name: &str| document.get(name).and_then(Value::as_str);
        let name = words("name").map(ToOwned::to_owned);
        let about = words("summary").map(|html| text::plain_text(&text::sanitise_remote(html)));
        actions::rename(&ctx, known.group.id, name, about).await?;
        Ok(Verdict::Done)
    };
    verdict(result.await)
}
