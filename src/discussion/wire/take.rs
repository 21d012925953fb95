//! Taking in what other servers say about things that are kept here.

use federation::fetch::FetchError;
use federation::policy::{self, Standing};
use federation::{Actor, Ctx, Envelope, Verdict, actors, author_of, fetch, id_of, kind_in, kind_of, list};
use platform::StoreError;
use platform::text;
use serde_json::Value;

use super::claims::NOT_THEIRS;
use super::read::{self, Document, TYPES};
use crate::Subjects;
use crate::actions::{
    Counted, DiscussionError, FlagFromElsewhere, Taken, comment_from_elsewhere, delete_from_elsewhere,
    flag_from_elsewhere, hide, may_read_thing, react_from_elsewhere, take_back_from_elsewhere,
};
use crate::model::{Comment, FlagCategory, LONGEST_REASON, Participant, Subject, Thing};
use crate::store;
use crate::store::reactions::Reaction;

/// How many missing comments between an answer and what is known here are asked for.
const MOST_ANCESTORS: usize = 4;
/// Things one flag may name.
const MOST_FLAGGED: usize = 50;

/// What goes wrong on the way to a verdict.
pub(super) enum Trouble {
    Store(StoreError),
    Verdict(Verdict),
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<FetchError> for Trouble {
    fn from(error: FetchError) -> Self {
        Self::Verdict(error.into())
    }
}

pub(super) fn settled(result: Result<Verdict, Trouble>) -> Verdict {
    match result {
        Ok(verdict) | Err(Trouble::Verdict(verdict)) => verdict,
        Err(Trouble::Store(error)) => error.into(),
    }
}

/// `Create` or `Update` of an answer.
pub(super) async fn answered(ctx: Ctx, subjects: Subjects, envelope: Envelope) -> Verdict {
    settled(answer(&ctx, &subjects, &envelope).await)
}

pub(super) async fn answer(ctx: &Ctx, subjects: &Subjects, envelope: &Envelope) -> Result<Verdict, Trouble> {
    let author = &envelope.actor;
    let (Some(uri), Some(object)) = (envelope.object_id(), envelope.object_document()) else {
        return Ok(Verdict::Reject("the object has no id"));
    };
    if !is_theirs(object, author, uri) {
        return Ok(NOT_THEIRS);
    }
    let known = store::comments::by_uri(&ctx.db, uri).await?;
    let place = match known {
        Some(known) => place_of_known(ctx, subjects, known).await?,
        None => place(ctx, subjects, envelope, object).await?,
    };
    let Some((subject, parent)) = place else {
        return Ok(Verdict::Ignore("what it answers is not here"));
    };
    take_in(ctx, author, uri, object, envelope, (&subject, parent.as_ref())).await
}

/// The signer wrote it, and its id is of his server: another one cannot be given words or be overwritten.
fn is_theirs(object: &Document, author: &Actor, uri: &str) -> bool {
    author_of(object) == Some(author.uri.as_str())
        && actors::origin(uri).is_some()
        && actors::origin(uri) == actors::origin(&author.uri)
        && !uri.contains('#')
}

type Place = Option<(Subject, Option<Comment>)>;

async fn place_of_known(ctx: &Ctx, subjects: &Subjects, known: Comment) -> Result<Place, Trouble> {
    let subject = subjects.by_id(ctx, &known.subject_kind, known.subject_id).await?;
    let parent = match known.parent_id {
        Some(parent) => store::comments::by_id(&ctx.db, parent).await?,
        None => None,
    };
    Ok(subject.map(|subject| (subject, parent)))
}

/// Where a new answer belongs. Comments in between that did not come here are read from their servers.
async fn place(
    ctx: &Ctx,
    subjects: &Subjects,
    envelope: &Envelope,
    object: &Document,
) -> Result<Place, Trouble> {
    let Some(parent) = read::in_reply_to(object) else {
        return Ok(None);
    };
    if let Some(thing) = subjects.by_uri(ctx, parent).await? {
        return Ok(Some(as_place(thing)));
    }
    let mut missing: Vec<(Actor, String, Document)> = Vec::new();
    let mut next = parent.to_owned();
    for _ in 0..MOST_ANCESTORS {
        if ctx.urls.is_ours(&next) {
            return Ok(None);
        }
        let Value::Object(found) = fetch::object(ctx, &next).await? else {
            return Ok(None);
        };
        let uri = found
            .get("id")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        let by = author_of(&found).unwrap_or_default().to_owned();
        let above = read::in_reply_to(&found).unwrap_or_default().to_owned();
        let author = actors::resolve(ctx, &by).await?;
        let kind = kind_in(&found).unwrap_or_default();
        let is_comment = TYPES.contains(&kind)
            && is_theirs(&found, &author, &uri)
            && !author.suspended
            && read::visibility(&author, &found, &Document::new()).is_open();
        if !is_comment || above.is_empty() {
            return Ok(None);
        }
        missing.push((author, uri, found));
        if let Some(thing) = subjects.by_uri(ctx, &above).await? {
            return taken_in_between(ctx, subjects, envelope, missing, as_place(thing)).await;
        }
        next = above;
    }
    Ok(None)
}

fn as_place(thing: Thing) -> (Subject, Option<Comment>) {
    match thing {
        Thing::Subject(subject) => (subject, None),
        Thing::Comment(comment, subject) => (subject, Some(comment)),
    }
}

/// Takes in what stands between, the uppermost first.
async fn taken_in_between(
    ctx: &Ctx,
    subjects: &Subjects,
    envelope: &Envelope,
    missing: Vec<(Actor, String, Document)>,
    top: (Subject, Option<Comment>),
) -> Result<Place, Trouble> {
    let (subject, mut parent) = top;
    for (author, uri, object) in missing.into_iter().rev() {
        let created = Envelope {
            kind: "Create".to_owned(),
            actor: author.clone(),
            whole: Document::new(),
            ..envelope.clone()
        };
        take_in(ctx, &author, &uri, &object, &created, (&subject, parent.as_ref())).await?;
        let Some(Thing::Comment(comment, _)) = subjects.by_uri(ctx, &uri).await? else {
            return Ok(None);
        };
        parent = Some(comment);
    }
    Ok(Some((subject, parent)))
}

async fn take_in(
    ctx: &Ctx,
    author: &Actor,
    uri: &str,
    object: &Document,
    envelope: &Envelope,
    (subject, parent): (&Subject, Option<&Comment>),
) -> Result<Verdict, Trouble> {
    let guest = Participant::guest(author.clone());
    let may_read = match parent.filter(|parent| parent.state == crate::CommentState::Shown) {
        Some(parent) => {
            let answered = Thing::Comment(parent.clone(), subject.clone());
            may_read_thing(ctx, Some(&guest), &answered).await?
        }
        None => crate::actions::may_read(ctx, Some(&guest), subject).await?,
    };
    if !may_read {
        return Ok(Verdict::Ignore("it answers what its author may not read"));
    }
    let Some(mut incoming) = read::incoming(ctx, author, uri, object, &envelope.whole).await? else {
        return Ok(Verdict::Ignore("it says nothing"));
    };
    let tomorrow = ctx.clock.now().plus(std::time::Duration::from_secs(24 * 3600));
    if incoming.updated_at.is_some_and(|at| at > tomorrow) {
        return Ok(Verdict::Ignore("from the future"));
    }
    let came_whole = !envelope.whole.is_empty();
    incoming.activity = came_whole.then(|| Value::Object(envelope.whole.clone()));
    incoming.is_restored = envelope.kind == "Undo";
    incoming.is_limited = policy::standing(ctx, &author.uri).await? == Standing::Limited;
    let is_edit = envelope.kind == "Update";
    Ok(
        match comment_from_elsewhere(ctx, author, subject, parent, incoming, is_edit).await? {
            Taken::Kept | Taken::Changed => Verdict::Done,
            Taken::Known => Verdict::Ignore("nothing newer than what is known"),
            Taken::Gone => Verdict::Ignore("taken back before"),
            Taken::NotTheirs => NOT_THEIRS,
            Taken::Closed => Verdict::Ignore("comments are closed here"),
        },
    )
}

/// The object of an activity in an `Announce`, or the object that was announced itself.
pub(super) fn innermost(announced: &Value) -> &Value {
    match announced.get("object") {
        Some(inner) => inner,
        None => announced,
    }
}

/// An answer that somebody else passes on: his word counts for nothing, it is read from its own server.
pub(super) async fn passed_on(ctx: Ctx, subjects: Subjects, envelope: Envelope) -> Verdict {
    let result = async {
        let Some(uri) = id_of(innermost(&envelope.object)) else {
            return Ok(Verdict::Reject("the object has no id"));
        };
        let object = fetch::object(&ctx, uri).await?;
        let Some(document) = object.as_object() else {
            return Ok(Verdict::Reject("the object is no document"));
        };
        let author = actors::resolve(&ctx, author_of(document).unwrap_or_default()).await?;
        if author.local || author.suspended {
            return Ok(NOT_THEIRS);
        }
        let is_open = read::visibility(&author, document, &Document::new()).is_open();
        let is_comment = kind_in(document).is_some_and(|kind| TYPES.contains(&kind));
        if !is_open || !is_comment || read::is_vote(document) {
            return Ok(Verdict::Ignore("no comment for everybody"));
        }
        let kind = match envelope.object_kind() {
            Some("Update") => "Update",
            _ => "Create",
        };
        let said = Envelope {
            id: envelope.id.clone(),
            kind: kind.to_owned(),
            actor: author,
            object,
            whole: Document::new(),
        };
        answer(&ctx, &subjects, &said).await
    };
    settled(result.await)
}

/// Somebody says that a comment of somebody else was deleted: its own server is asked.
pub(super) async fn deletion_passed_on(ctx: Ctx, envelope: Envelope) -> Verdict {
    let result: Result<Verdict, Trouble> = async {
        let uri = id_of(innermost(&envelope.object)).unwrap_or_default();
        let Some(comment) = store::comments::by_uri(&ctx.db, uri).await? else {
            return Ok(Verdict::Ignore("it is not here"));
        };
        let is_gone = match fetch::object(&ctx, uri).await {
            Err(FetchError::Gone) => true,
            Ok(found) => kind_of(&found) == Some("Tombstone"),
            Err(error) if error.is_temporary() => return Err(error.into()),
            Err(_) => false,
        };
        let author = actors::by_id(&ctx, comment.actor_id).await?;
        let Some(author) = author.filter(|author| is_gone && !author.local) else {
            return Ok(Verdict::Ignore("its server still has it"));
        };
        delete_from_elsewhere(&ctx, &author, uri, None).await?;
        Ok(Verdict::Done)
    }
    .await;
    settled(result)
}

/// `Delete` of a comment: by its author, or by a moderator of the circle in which it was said.
pub(super) async fn deleted(ctx: Ctx, subjects: Subjects, envelope: Envelope) -> Verdict {
    let Some(uri) = envelope.object_id() else {
        return Verdict::Reject("the object has no id");
    };
    match moderated(&ctx, &subjects, &envelope, uri).await {
        Ok(Some(verdict)) => return verdict,
        Ok(None) => {}
        Err(error) => return error.into(),
    }
    let activity = Value::Object(envelope.whole.clone());
    match delete_from_elsewhere(&ctx, &envelope.actor, uri, Some(&activity)).await {
        Ok(true) => Verdict::Done,
        Ok(false) => Verdict::Reject("not its author's, or gone already"),
        Err(error) => error.into(),
    }
}

/// A moderator of a circle takes somebody else's words from sight; `None`: it is nothing of the kind.
async fn moderated(
    ctx: &Ctx,
    subjects: &Subjects,
    envelope: &Envelope,
    uri: &str,
) -> Result<Option<Verdict>, StoreError> {
    let by = Participant::guest(envelope.actor.clone());
    let Some(thing) = subjects.by_uri(ctx, uri).await? else {
        return Ok(None);
    };
    let is_moderator = thing
        .subject()
        .circle
        .as_ref()
        .is_some_and(|circle| circle.is_moderated_by(&by));
    if thing.author_id() == by.actor.id || !is_moderator {
        return Ok(None);
    }
    let reason = match words_of(&envelope.whole) {
        words if words.trim().is_empty() => ctx
            .words
            .t(platform::i18n::Lang::Fr, "discussion-removed-elsewhere"),
        words => words,
    };
    match hide(ctx, subjects, &by, &thing, FlagCategory::Other, &reason).await {
        Ok(_) => Ok(Some(Verdict::Done)),
        Err(DiscussionError::Refused(_)) => Ok(Some(Verdict::Ignore("it cannot be taken from sight"))),
        Err(DiscussionError::Store(error)) => Err(error),
    }
}

/// `Like`, `EmojiReact` or `Announce`.
pub(super) async fn reacted(ctx: Ctx, subjects: Subjects, envelope: Envelope, what: Reaction) -> Verdict {
    let result: Result<Verdict, Trouble> = async {
        let Some(thing) = subjects
            .by_uri(&ctx, envelope.object_id().unwrap_or_default())
            .await?
        else {
            return Ok(Verdict::Ignore("it is not here"));
        };
        let counted = react_from_elsewhere(&ctx, &envelope.actor, &thing, what, &envelope.id).await?;
        Ok(match counted {
            Counted::Yes => Verdict::Done,
            Counted::Already => Verdict::Ignore("it counts already"),
            Counted::Undone => Verdict::Ignore("taken back before"),
            Counted::NotForThem => Verdict::Ignore("its author may not read that"),
        })
    }
    .await;
    settled(result)
}

/// What is taken back.
#[derive(Debug, Clone, Copy)]
pub(super) enum Undone {
    One(Reaction),
    Either,
}

/// `Undo` of a like or share.
pub(super) async fn undone(ctx: Ctx, subjects: Subjects, envelope: Envelope, what: Undone) -> Verdict {
    settled(undo(&ctx, &subjects, &envelope, what).await)
}

async fn undo(ctx: &Ctx, subjects: &Subjects, envelope: &Envelope, what: Undone) -> Result<Verdict, Trouble> {
    let document = envelope.object_document();
    let named = |name: &str| document.and_then(|document| document.get(name)).and_then(id_of);
    if named("actor").is_some_and(|actor| actor != envelope.actor.uri) {
        return Ok(Verdict::Reject("somebody else's"));
    }
    // One may have liked and reacted: what counts as her like stays when her other reaction goes.
    let is_one_of_several =
        document.and_then(kind_in) == Some("EmojiReact") && envelope.object_id().is_some();
    let thing = match named("object").filter(|_| !is_one_of_several) {
        Some(uri) => subjects.by_uri(ctx, uri).await?,
        None => None,
    };
    let one;
    let both = [Reaction::Like, Reaction::Share];
    let whats: &[Reaction] = match what {
        Undone::One(what) => {
            one = [what];
            &one
        }
        Undone::Either => &both,
    };
    let uri = envelope.object_id();
    let removed = take_back_from_elsewhere(ctx, &envelope.actor, uri, thing.as_ref(), whats).await?;
    Ok(if removed {
        Verdict::Done
    } else {
        Verdict::Ignore("there was nothing to take back")
    })
}

/// `Flag`: by the actor of a server, of an actor and what it said, each as text or as a document.
pub(super) async fn flagged(ctx: Ctx, subjects: Subjects, envelope: Envelope) -> Verdict {
    let result: Result<Verdict, Trouble> = async {
        let mut things: Vec<Thing> = Vec::new();
        let mut account = None;
        for item in list(&envelope.whole, "object").into_iter().take(MOST_FLAGGED) {
            let Some(uri) = id_of(item) else { continue };
            let guest = Participant::guest(envelope.actor.clone());
            if let Some(thing) = subjects.by_uri(&ctx, uri).await?
                && (thing.subject().private_circle().is_none()
                    || may_read_thing(&ctx, Some(&guest), &thing).await?)
                && !things.iter().any(|known| known.target() == thing.target())
            {
                things.push(thing);
            } else if account.is_none() {
                account = actors::by_uri(&ctx, uri)
                    .await?
                    .filter(|actor| actor.local && actor.is_visible());
            }
        }
        let flag = FlagFromElsewhere {
            uri: &envelope.id,
            text: words_of(&envelope.whole),
            things,
            account,
        };
        if flag.things.is_empty() && flag.account.is_none() {
            return Ok(Verdict::Ignore("nothing of it is here"));
        }
        let taken = flag_from_elsewhere(&ctx, &envelope.actor, flag).await?;
        Ok(if taken > 0 {
            Verdict::Done
        } else {
            Verdict::Ignore("flagged already")
        })
    }
    .await;
    settled(result)
}

/// Mastodon writes `content`, Lemmy `summary`.
fn words_of(activity: &Document) -> String {
    let raw = ["content", "summary"]
        .iter()
        .find_map(|name| activity.get(*name).and_then(Value::as_str))
        .unwrap_or_default();
    let some: String = raw.chars().take(4 * LONGEST_REASON).collect();
    text::clean_text(&text::plain_text(&text::sanitise_remote(&some)), LONGEST_REASON)
}
