//! The members of a group: requests, invitations, moderators, putting somebody out.

use account::{Citizen, Right};
use askama::Template;
use axum::extract::{Path, Query, State};

use axum::response::Response;
use commune::{Commune, CommuneRef};
use discussion::{FlagCategory, Participant};
use federation::{Actor, ActorId, Ctx, follows};
use platform::store::Paging;
use platform::web::{Failure, FlashKind, FormState, Page, Submitted, Visit, html, see_other};
use serde::Deserialize;

use super::group::names;
use super::{COMINGS, brake, inside, page_about, words, writer};
use crate::actions::{self, GroupError, Known};
use crate::model::{GroupId, GroupRefusal};
use crate::store;

/// Members on one page.
const PER_PAGE: i64 = 50;

/// Somebody in the list.
struct Person {
    id: i64,
    name: String,
    handle: String,
    href: String,
    moderator: bool,
    me: bool,
}

#[derive(Template)]
#[template(path = "groups/people.html")]
struct People {
    page: Page,
    base: String,
    moderates: bool,
    manages: bool,
    closed: bool,
    requests: Vec<Person>,
    invited: Vec<Person>,
    out: Vec<Person>,
    members: Vec<Person>,
    older: String,
    form: FormState,
}

/// From which member on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct From {
    avant: Option<i64>,
}

async fn persons(
    ctx: &Ctx,
    known: &Known,
    by: &Participant,
    ids: &[ActorId],
) -> Result<Vec<Person>, Failure> {
    let people = names(ctx, ids.iter().copied()).await?;
    Ok(ids
        .iter()
        .filter_map(|id| people.get(id))
        .map(|actor: &Actor| Person {
            id: actor.id.0,
            name: actor.display_name().to_owned(),
            handle: actor.full_handle(),
            href: actor.open_page().unwrap_or_default().to_owned(),
            moderator: known.circle.moderators.contains(&actor.id),
            me: actor.id == by.actor.id,
        })
        .collect())
}

pub(super) async fn index(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Path((_, id)): Path<(String, GroupId)>,
    Query(from): Query<From>,
) -> Result<Response, Failure> {
    let by = writer(&citizen);
    let known = inside(&ctx, Some(&by), &commune, id).await?;
    let manages = citizen.may(Right::Groups, commune.code);
    draw(
        &ctx,
        &visit,
        &commune,
        &known,
        (&by, manages),
        FormState::default(),
        from.avant,
    )
    .await
}

async fn draw(
    ctx: &Ctx,
    visit: &Visit,
    commune: &Commune,
    known: &Known,
    (by, manages): (&Participant, bool),
    form: FormState,
    before: Option<i64>,
) -> Result<Response, Failure> {
    let group = known.group.id;
    let moderates = known.standing.moderates;
    // Who is in a public group only its members are shown; who wants to get in and who is out, its moderators.
    if !known.standing.member && !moderates {
        return Err(Failure::not_found());
    }
    let page_of = store::places::members(&ctx.db, group, &Paging::before(before, PER_PAGE)).await?;
    let ids: Vec<ActorId> = page_of.items.iter().map(|(_, id)| *id).collect();
    let base = format!("{}/membres", known.circle.page);
    let older = match page_of.items.last().filter(|_| page_of.has_more) {
        Some((last, _)) => format!("{base}?avant={last}"),
        None => String::new(),
    };
    let (mut requests, mut invited, mut out) = (Vec::new(), Vec::new(), Vec::new());
    if moderates {
        requests = persons(
            ctx,
            known,
            by,
            &follows::requests(ctx, known.group.actor()).await?,
        )
        .await?;
        invited = persons(ctx, known, by, &store::places::invited(&ctx.db, group).await?).await?;
        out = persons(ctx, known, by, &known.circle.put_out).await?;
    }
    let title = ctx.words.t(visit.lang, "groups-members-title");
    let mut page = page_about(ctx, visit, commune, known, title);
    page.noindex = true;
    let page = page.back_to(
        platform::text::french(&known.group.name),
        known.circle.page.clone(),
    );
    let status = form.status();
    let shown = People {
        page,
        base,
        moderates,
        manages,
        closed: known.circle.closed,
        requests,
        invited,
        out,
        members: persons(ctx, known, by, &ids).await?,
        older,
        form,
    };
    html(status, &shown)
}

pub(super) async fn invite(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Path((_, id)): Path<(String, GroupId)>,
    sent: Submitted,
) -> Result<Response, Failure> {
    brake(&ctx, COMINGS, &citizen)?;
    let by = writer(&citizen);
    let known = inside(&ctx, Some(&by), &commune, id).await?;
    if !known.standing.moderates {
        return Err(GroupError::from(GroupRefusal::NotModerator).into());
    }
    match actions::invite(&ctx, &by, &known, sent.get("handle")).await {
        Ok(_) => Ok(done(&ctx, &known, "groups-flash-invited")),
        Err(GroupError::Refused(refusals)) if !refusals.contains(&GroupRefusal::Missing) => {
            let mut form = sent.state();
            for refusal in refusals {
                form.refuse(&ctx, visit.lang, refusal.field(), &words(refusal));
            }
            let manages = citizen.may(Right::Groups, commune.code);
            draw(&ctx, &visit, &commune, &known, (&by, manages), form, None).await
        }
        Err(error) => Err(error.into()),
    }
}

fn done(ctx: &Ctx, known: &Known, flash: &str) -> Response {
    let page = format!("{}/membres", known.circle.page);
    see_other(ctx, &page, Some((FlashKind::Success, flash)))
}

/// Answers a request, names a moderator, lets somebody back.
pub(super) async fn decide(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Path((_, id, actor)): Path<(String, GroupId, ActorId)>,
    sent: Submitted,
) -> Result<Response, Failure> {
    let by = writer(&citizen);
    let known = inside(&ctx, Some(&by), &commune, id).await?;
    let manages = citizen.may(Right::Groups, commune.code);
    let flash = match sent.get("deed") {
        deed @ ("accept" | "refuse") => {
            actions::answer_request(&ctx, &by, &known, actor, deed == "accept").await?;
            "groups-flash-answered"
        }
        deed @ ("moderator" | "member") if manages => {
            actions::name_moderator(&ctx, &known, actor, deed == "moderator").await?;
            "groups-flash-named"
        }
        "back" => {
            let reason = ctx.words.t(platform::i18n::Lang::Fr, "groups-let-back-reason");
            actions::let_back(&ctx, &by, &known, actor, &reason).await?;
            "groups-flash-back"
        }
        _ => return Err(Failure::forbidden()),
    };
    Ok(done(&ctx, &known, flash))
}

#[derive(Template)]
#[template(path = "groups/out.html")]
struct OutPage {
    page: Page,
    form: FormState,
    action: String,
    back: String,
    name: String,
    grounds: Vec<(String, String)>,
}

async fn draw_out(
    ctx: &Ctx,
    visit: &Visit,
    commune: &Commune,
    known: &Known,
    actor: ActorId,
    form: FormState,
) -> Result<Response, Failure> {
    let person = federation::actors::by_id(ctx, actor)
        .await?
        .ok_or_else(Failure::not_found)?;
    let title = ctx.words.t(visit.lang, "groups-out-title");
    let mut page = page_about(ctx, visit, commune, known, title);
    page.noindex = true;
    let back = format!("{}/membres", known.circle.page);
    let page = page.back_to(platform::text::french(&known.group.name), back.clone());
    let status = form.status();
    let shown = OutPage {
        action: format!("{back}/{actor}/exclure"),
        back,
        name: person.display_name().to_owned(),
        grounds: FlagCategory::ALL
            .iter()
            .map(|ground| {
                let code = ground.code();
                (code.to_owned(), page.t(&format!("discussion-flag-{code}")))
            })
            .collect(),
        form,
        page,
    };
    html(status, &shown)
}

pub(super) async fn confirm(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Path((_, id, actor)): Path<(String, GroupId, ActorId)>,
) -> Result<Response, Failure> {
    let by = writer(&citizen);
    let known = inside(&ctx, Some(&by), &commune, id).await?;
    if !known.standing.moderates {
        return Err(Failure::not_found());
    }
    draw_out(&ctx, &visit, &commune, &known, actor, FormState::default()).await
}

pub(super) async fn put_out(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Path((_, id, actor)): Path<(String, GroupId, ActorId)>,
    sent: Submitted,
) -> Result<Response, Failure> {
    let by = writer(&citizen);
    let known = inside(&ctx, Some(&by), &commune, id).await?;
    let ground = sent.choice("ground", Some(FlagCategory::Other), FlagCategory::from_code)?;
    match actions::put_out(&ctx, &by, &known, actor, ground, sent.get("reason")).await {
        Ok(()) => Ok(done(&ctx, &known, "groups-flash-out")),
        Err(GroupError::Moderation(discussion::DiscussionError::Refused(
            refusal @ discussion::DiscussionRefusal::NoReason,
        ))) => {
            let mut form = sent.state();
            let message = platform::web::Message::new(format!("discussion-refused-{}", refusal.code()));
            form.refuse(&ctx, visit.lang, "reason", &message);
            draw_out(&ctx, &visit, &commune, &known, actor, form).await
        }
        Err(error) => Err(error.into()),
    }
}
