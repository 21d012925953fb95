//! What other servers ask before they do it: `QuoteRequest` (FEP-044f) and GoToSocial's `LikeRequest`.
//!
//! The answer is always given: `Accept` with a stamp for what anybody may read of a section, `Reject` otherwise.
//! A stamp lies at `/ap/approvals/{id}` as long as what it speaks of is in the open.

use federation::objects::{self, Found, Objects};
use federation::{Actor, Audience, Ctx, Envelope, Inbox, Verdict, actors, address, id_of, ids, outbox};
use platform::{StoreError, Tx};
use serde_json::{Value, json};

use crate::Subjects;
use crate::actions::{Counted, may_read_thing, react_from_elsewhere};
use crate::model::{Participant, Thing};
use crate::store::approvals;
use crate::store::reactions::Reaction;

/// In the address of a stamp.
const APPROVALS: &str = "approvals";

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Quote,
    Like,
}

impl Asked {
    /// In the database.
    const fn code(self) -> &'static str {
        match self {
            Self::Quote => "quote",
            Self::Like => "like",
        }
    }

    /// The type of the stamp.
    fn stamp(code: &str) -> &'static str {
        if code == Self::Quote.code() {
            "QuoteAuthorization"
        } else {
            "LikeApproval"
        }
    }
}

pub(super) fn claims(inbox: &mut Inbox, subjects: &Subjects) {
    for (activity, asked) in [("QuoteRequest", Asked::Quote), ("LikeRequest", Asked::Like)] {
        let subjects = subjects.clone();
        inbox
            .on(activity, "*")
            .then("discussion: request", move |ctx, envelope| {
                let subjects = subjects.clone();
                async move {
                    match answer(&ctx, &subjects, &envelope, asked).await {
                        Ok(verdict) => verdict,
                        Err(error) => error.into(),
                    }
                }
            });
    }
}

/// Registers the stamps.
pub(super) fn objects(objects: &mut Objects, subjects: &Subjects) {
    let known = subjects.clone();
    objects.own(APPROVALS, move |ctx, id, _| {
        let subjects = known.clone();
        async move { find(&ctx, &subjects, id).await }
    });
}

async fn find(ctx: &Ctx, subjects: &Subjects, id: i64) -> Result<Found, StoreError> {
    let Some(approval) = approvals::by_id(&ctx.db, id).await? else {
        return Ok(Found::Missing);
    };
    let thing = subjects
        .thing(ctx, &approval.target_kind, approval.target_id)
        .await?;
    let Some(thing) = thing.filter(Thing::is_open) else {
        return Ok(Found::Missing);
    };
    let Some(author) = actors::by_id(ctx, thing.author_id()).await? else {
        return Ok(Found::Missing);
    };
    let document = json!({
        "id": objects::uri(ctx, APPROVALS, id),
        "type": Asked::stamp(&approval.kind),
        "attributedTo": author.uri,
        "interactingObject": approval.instrument,
        "interactionTarget": thing.uri(),
    });
    Ok(Found::Public {
        document,
        page: thing.page(),
    })
}

async fn answer(
    ctx: &Ctx,
    subjects: &Subjects,
    envelope: &Envelope,
    asked: Asked,
) -> Result<Verdict, StoreError> {
    let by = &envelope.actor;
    let instrument = envelope.whole.get("instrument");
    let uri = instrument
        .and_then(id_of)
        .and_then(address::canonical)
        .filter(|uri| uri.len() <= 2000 && address::same_origin(uri, &by.uri));
    let Some(uri) = uri.filter(|_| instrument.is_some_and(|what| is_theirs(what, by))) else {
        return Ok(Verdict::Reject("what would quote or like is not theirs"));
    };
    let thing = match envelope.object_id() {
        Some(object) => subjects.by_uri(ctx, object).await?,
        None => None,
    };
    let Some(thing) = thing else {
        return Ok(Verdict::Ignore("it is not here"));
    };
    let author = actors::by_id(ctx, thing.author_id()).await?;
    let Some(author) = author.filter(|author| author.local && author.is_visible()) else {
        return Ok(Verdict::Ignore("it is not ours to allow"));
    };
    let guest = Participant::guest(by.clone());
    if !may_read_thing(ctx, Some(&guest), &thing).await? {
        // Whoever may not read it does not learn that it is there.
        return Ok(Verdict::Ignore("they may not read it"));
    }
    let allowed = match asked {
        // As the policy in its document says: posts by anybody, comments by nobody else.
        Asked::Quote => matches!(&thing, Thing::Subject(subject) if subject.is_open()),
        Asked::Like => matches!(
            react_from_elsewhere(ctx, by, &thing, Reaction::Like, &uri).await?,
            Counted::Yes | Counted::Already
        ),
    };
    let mut tx = ctx.db.begin().await?;
    let request = Request {
        ctx,
        envelope,
        author: &author,
        thing: &thing,
        instrument: &uri,
    };
    request.answer(&mut tx, asked, allowed).await?;
    tx.commit().await?;
    Ok(Verdict::Done)
}

/// The document of what would quote or like names nobody else.
fn is_theirs(instrument: &Value, by: &Actor) -> bool {
    let Some(document) = instrument.as_object() else {
        return true;
    };
    ["attributedTo", "actor"]
        .into_iter()
        .flat_map(|name| ids(document, name))
        .all(|named| address::same(named, &by.uri))
}

struct Request<'a> {
    ctx: &'a Ctx,
    envelope: &'a Envelope,
    author: &'a Actor,
    thing: &'a Thing,
    instrument: &'a str,
}

impl Request<'_> {
    async fn answer(&self, tx: &mut Tx, asked: Asked, allowed: bool) -> Result<(), StoreError> {
        let ctx = self.ctx;
        let by = &self.envelope.actor;
        let asked_again = json!({
            "type": self.envelope.kind,
            "id": self.envelope.id,
            "actor": by.uri,
            "object": self.thing.uri(),
            "instrument": self.instrument,
        });
        let answer = if allowed {
            let row = (ctx.new_id(), asked.code(), self.thing.target());
            let id = approvals::insert(tx, row, (by.id, self.instrument), ctx.clock.now()).await?;
            json!({
                "type": "Accept",
                "object": asked_again,
                "result": objects::uri(ctx, APPROVALS, id),
            })
        } else {
            json!({ "type": "Reject", "object": asked_again })
        };
        outbox::say(ctx, tx, self.author, answer, &Audience::only(&[by])).await?;
        Ok(())
    }
}
