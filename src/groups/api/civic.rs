//! `/api/parvis/v1/…/groups`: the groups that somebody may know of, their topics, joining and leaving.
//!
//! Whoever may not know of a group gets the answer of a group that never was. A token that does not read, or that
//! speaks for an office whose holder has no part in groups, reads what a stranger reads.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use client_api::{Bearer, MaybeBearer, Once};
use commune::{ByCode, Commune, InseeCode};
use discussion::Participant;
use federation::{ActorId, Ctx};
use platform::web::api::{Answer, ApiRouter, Asked, JsonBody, Made, get_with, post_with, scoped};
use platform::web::{Failure, Message};
use schemars::JsonSchema;
use serde::Deserialize;

use super::shown::{GroupShown, Left, List, Membership, MembershipState, Page, TopicShown};
use super::{may_speak, shown, speaker};
use crate::actions::{self, Joined, Known, known};
use crate::model::{GroupId, LONGEST_TEXT, LONGEST_TITLE, NewTopic, Topic, TopicId};
use crate::pages::{COMINGS, TOPICS, brake, readable};
use crate::store;

/// What a program must be let to read, to see more than a stranger.
const READ: &str = "read:statuses";
/// What it must be let to write.
const WRITE: &str = "write:statuses";
/// What it must be let to do, to join and leave.
const FOLLOW: &str = "write:follows";
/// Topics of one page, and at most.
const PER_PAGE: i64 = 20;
const MOST_PER_PAGE: i64 = 40;

pub(crate) fn routes() -> ApiRouter<Ctx> {
    let group = "/api/parvis/v1/groups/{id}";
    ApiRouter::new()
        .api_route(
            "/api/parvis/v1/communes/{code}/groups",
            get_with(
                index,
                scoped(
                    READ,
                    "The groups of a commune that the bearer may know of",
                    &[404],
                ),
            ),
        )
        .api_route(group, get_with(show, scoped(READ, "One group", &[404])))
        .api_route(
            &format!("{group}/topics"),
            get_with(topics, scoped(READ, "Topics of a group", &[404]))
                .post_with(create, scoped(WRITE, "Opens a topic", &[404])),
        )
        .api_route(
            &format!("{group}/topics/{{topic}}"),
            get_with(topic, scoped(READ, "One topic", &[404, 410])),
        )
        .api_route(
            &format!("{group}/join"),
            post_with(
                join,
                scoped(FOLLOW, "Joins the group, or asks to be let in", &[404]),
            ),
        )
        .api_route(
            &format!("{group}/leave"),
            post_with(
                leave,
                scoped(FOLLOW, "Leaves it, or takes the request back", &[404]),
            ),
        )
}

/// A group in the address.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(inline)]
struct ById {
    /// Its number.
    id: String,
}

/// A topic in the address.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(inline)]
struct OfGroup {
    /// The number of its group.
    id: String,
    /// Its own number.
    topic: String,
}

/// Which page.
#[derive(Debug, Deserialize, JsonSchema)]
struct Wanted {
    /// `next` of the page before.
    max_id: Option<i64>,
    /// How many at most: 20 without it, never more than 40.
    limit: Option<i64>,
}

/// A topic as a program writes it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Written {
    #[schemars(length(min = 1, max = LONGEST_TITLE))]
    title: String,
    /// Markdown.
    #[schemars(length(min = 1, max = LONGEST_TEXT))]
    text: String,
    /// What it is about, for whoever would rather not read it.
    #[serde(default)]
    warning: String,
    /// `fr` without it.
    language: Option<String>,
}

/// With what somebody joins.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Joining {
    /// Whether she agrees to the rules.
    rules: bool,
}

fn reader(bearer: &MaybeBearer) -> Option<Participant> {
    bearer
        .citizen(READ)
        .filter(|citizen| may_speak(citizen))
        .map(|citizen| Participant::from(&**citizen))
}

fn id_in(text: &str) -> Result<i64, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}

/// A group that this person may know of; for everybody else there is none.
async fn door(ctx: &Ctx, who: Option<&Participant>, id: &str) -> Result<Known, Failure> {
    known(ctx, GroupId(id_in(id)?), who)
        .await?
        .filter(|known| known.may_read(who) || known.standing.invited)
        .ok_or_else(Failure::not_found)
}

/// The same for whoever may read what is said in it.
async fn inside(ctx: &Ctx, who: Option<&Participant>, id: &str) -> Result<Known, Failure> {
    let known = door(ctx, who, id).await?;
    if known.may_read(who) {
        Ok(known)
    } else {
        Err(Failure::not_found())
    }
}

async fn place(ctx: &Ctx, code: &str) -> Result<Commune, Failure> {
    let code: InseeCode = code.parse().map_err(|_| Failure::not_found())?;
    commune::actions::by_code(ctx, code)
        .await?
        .ok_or_else(Failure::not_found)
}

async fn index(
    State(ctx): State<Ctx>,
    bearer: MaybeBearer,
    Path(ByCode { code }): Path<ByCode>,
) -> Result<Answer<List>, Failure> {
    let commune = place(&ctx, &code).await?;
    let who = reader(&bearer);
    let mut all = Vec::new();
    for group in store::groups::of_commune(&ctx.db, commune.code.as_str()).await? {
        let found = known(&ctx, group.id, who.as_ref()).await?;
        all.extend(found.filter(|known| known.may_read(who.as_ref()) || known.standing.invited));
    }
    let items = shown::groups(&ctx, &all, who.is_some()).await?;
    Ok(Answer::new(List { items }))
}

async fn one(ctx: &Ctx, who: Option<&Participant>, id: &str) -> Result<GroupShown, Failure> {
    let known = door(ctx, who, id).await?;
    let shown = shown::groups(ctx, std::slice::from_ref(&known), who.is_some()).await?;
    shown.into_iter().next().ok_or_else(Failure::not_found)
}

async fn show(
    State(ctx): State<Ctx>,
    bearer: MaybeBearer,
    Path(ById { id }): Path<ById>,
) -> Result<Answer<GroupShown>, Failure> {
    one(&ctx, reader(&bearer).as_ref(), &id).await.map(Answer::new)
}

async fn topics(
    State(ctx): State<Ctx>,
    bearer: MaybeBearer,
    Path(ById { id }): Path<ById>,
    asked: Result<Asked<Wanted>, Failure>,
) -> Result<Answer<Page>, Failure> {
    let who = reader(&bearer);
    let known = inside(&ctx, who.as_ref(), &id).await?;
    let Asked(asked) = asked.map_err(|_| Failure::bad_request("bad-page"))?;
    let limit = asked.limit.unwrap_or(PER_PAGE).clamp(1, MOST_PER_PAGE);
    let me = who.as_ref().map_or(ActorId(0), |who| who.actor.id);
    let group = known.group.id;
    let rights = (me, known.standing.moderates);
    let page = store::topics::of_group(&ctx.db, group, rights, asked.max_id, limit).await?;
    let last = page.items.last().filter(|_| page.has_more);
    let next = last.map(|last| last.last_id.to_string());
    let pinned = match asked.max_id {
        None => store::topics::pinned(&ctx.db, group).await?,
        Some(_) => Vec::new(),
    };
    let items = shown::topics(&ctx, who.as_ref(), &known, &page.items).await?;
    let pinned = shown::topics(&ctx, who.as_ref(), &known, &pinned).await?;
    Ok(Answer::new(Page { pinned, items, next }))
}

/// A topic as JSON for somebody who may read it.
async fn told(
    ctx: &Ctx,
    who: Option<&Participant>,
    known: &Known,
    topic: &Topic,
) -> Result<TopicShown, Failure> {
    let shown = shown::topics(ctx, who, known, std::slice::from_ref(topic)).await?;
    shown.into_iter().next().ok_or_else(Failure::not_found)
}

async fn topic(
    State(ctx): State<Ctx>,
    bearer: MaybeBearer,
    Path(OfGroup { id, topic }): Path<OfGroup>,
) -> Result<Answer<TopicShown>, Failure> {
    let who = reader(&bearer);
    let known = inside(&ctx, who.as_ref(), &id).await?;
    let topic = readable(&ctx, who.as_ref(), &known, TopicId(id_in(&topic)?)).await?;
    told(&ctx, who.as_ref(), &known, &topic).await.map(Answer::new)
}

/// The language that was said: `fr`, `pt-BR`; French without one.
fn language(said: Option<String>) -> Result<String, Failure> {
    let code = said.unwrap_or_else(|| "fr".to_owned());
    let is_code = (2..=20).contains(&code.len())
        && code
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && code.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic());
    if is_code {
        Ok(code)
    } else {
        Err(Failure::unprocessable(
            "language",
            Message::new("failure-422-text"),
        ))
    }
}

async fn create(
    State(ctx): State<Ctx>,
    bearer: Bearer,
    Path(ById { id }): Path<ById>,
    headers: HeaderMap,
    body: Result<JsonBody<Written>, Failure>,
) -> Result<Made<TopicShown>, Failure> {
    let citizen = bearer.person(WRITE)?;
    let by = speaker(citizen)?;
    let known = inside(&ctx, Some(&by), &id).await?;
    let JsonBody(written) = body?;
    let new = NewTopic {
        title: written.title,
        source: written.text,
        summary: written.warning,
        language: language(written.language)?,
    };
    brake(&ctx, TOPICS, citizen)?;
    let once = Once::of(&headers, by.actor.id);
    let mut tx = ctx.db.begin().await?;
    if let Some(once) = &once
        && let Some(made) = once.claim(&ctx, &mut tx).await?
    {
        drop(tx);
        let topic = readable(&ctx, Some(&by), &known, TopicId(made)).await?;
        let again = told(&ctx, Some(&by), &known, &topic).await?;
        return Ok(Made::Before(again));
    }
    let topic = actions::open_topic_in(&ctx, &mut tx, &by, &known, new).await?;
    if let Some(once) = &once {
        once.made(&mut tx, topic.id.0).await?;
    }
    tx.commit().await?;
    let body = told(&ctx, Some(&by), &known, &topic).await?;
    Ok(Made::Now(body))
}

/// She herself: an office keeps order in its groups, and is no member of any.
fn herself(bearer: &Bearer) -> Result<&account::Citizen, Failure> {
    let citizen = bearer.person(FOLLOW)?;
    if citizen.office.is_some() {
        return Err(Failure::forbidden());
    }
    Ok(citizen)
}

async fn join(
    State(ctx): State<Ctx>,
    bearer: Bearer,
    Path(ById { id }): Path<ById>,
    body: Result<JsonBody<Option<Joining>>, Failure>,
) -> Result<Answer<Membership>, Failure> {
    let citizen = herself(&bearer)?;
    let by = speaker(citizen)?;
    let known = door(&ctx, Some(&by), &id).await?;
    let JsonBody(joining) = body?;
    let joining = joining.unwrap_or_default();
    brake(&ctx, COMINGS, citizen)?;
    let state = match actions::join(&ctx, &by, &known, joining.rules).await? {
        Joined::In => MembershipState::Member,
        Joined::Asked => MembershipState::Asked,
    };
    Ok(Answer::new(Membership { state }))
}

async fn leave(
    State(ctx): State<Ctx>,
    bearer: Bearer,
    Path(ById { id }): Path<ById>,
) -> Result<Answer<Left>, Failure> {
    let citizen = herself(&bearer)?;
    let by = speaker(citizen)?;
    let known = door(&ctx, Some(&by), &id).await?;
    brake(&ctx, COMINGS, citizen)?;
    actions::leave(&ctx, &by, &known).await?;
    Ok(Answer::new(Left { state: () }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_a_code_and_nothing_else() {
        let code = |text: &str| language(Some(text.to_owned())).ok();
        assert_eq!(language(None).ok().as_deref(), Some("fr"));
        assert_eq!(code("pt-BR").as_deref(), Some("pt-BR"));
        for other in ["", "f", "-fr", "fr\"><script>", "français"] {
            assert_eq!(code(other), None, "{other}");
        }
    }
}
