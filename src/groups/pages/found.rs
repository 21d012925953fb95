//! Opening a group, changing it, closing it: the town hall.

use account::Citizen;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use commune::{Commune, CommuneRef};
use federation::Ctx;
use platform::Timestamp;
use platform::web::{Failure, FlashKind, FormState, Page, Submitted, Visit, html, see_other};

use super::{founder, words};
use crate::actions::{self, GroupError};
use crate::circle::path;
use crate::model::{Group, GroupId, GroupRefusal, NewGroup, Opening, Scope};
use crate::store;

#[derive(Template)]
#[template(path = "groups/found.html")]
struct FoundPage {
    page: Page,
    form: FormState,
    action: String,
    /// Empty for a new one.
    back: String,
    scopes: Vec<(String, String, String)>,
    openings: Vec<(String, String, String)>,
    is_new: bool,
    closed: bool,
}

fn draw(
    ctx: &Ctx,
    visit: &Visit,
    commune: &Commune,
    group: Option<&Group>,
    form: FormState,
) -> Result<Response, Failure> {
    let key = if group.is_some() {
        "groups-edit-title"
    } else {
        "groups-new-title"
    };
    let title = ctx.words.t(visit.lang, key);
    let mut page = commune::page_of(ctx, visit, commune, "groups", title);
    page.noindex = true;
    let back = group.map_or_else(|| commune.below("groupes"), |group| path(Some(commune), group.id));
    let label = group.map_or_else(
        || page.t("groups-nav"),
        |group| platform::text::french(&group.name),
    );
    let page = page.back_to(label, back.clone());
    let triple = |code: &str, name: &str| {
        let key = format!("groups-{name}-{code}");
        (code.to_owned(), page.t(&key), page.t(&format!("{key}-help")))
    };
    let status = form.status();
    let shown = FoundPage {
        scopes: Scope::ALL
            .iter()
            .map(|scope| triple(scope.code(), "scope"))
            .collect(),
        openings: Opening::ALL
            .iter()
            .map(|opening| triple(opening.code(), "opening"))
            .collect(),
        action: match group {
            Some(_) => format!("{back}/modifier"),
            None => commune.below("groupes/nouveau"),
        },
        back,
        is_new: group.is_none(),
        closed: group.is_some_and(|group| group.is_closed(ctx.clock.now())),
        form,
        page,
    };
    html(status, &shown)
}

/// The end of a day on the spot; nothing typed: no end.
fn closing(date: &str, zone: &str) -> Result<Option<Timestamp>, GroupRefusal> {
    if date.is_empty() {
        return Ok(None);
    }
    let day: jiff::civil::Date = date.parse().map_err(|_| GroupRefusal::WhenImpossible)?;
    let end = day.at(23, 59, 0, 0).in_tz(zone);
    end.map(|at| Some(at.timestamp().into()))
        .map_err(|_| GroupRefusal::WhenImpossible)
}

/// What cannot be read, and what is wrong with the rest.
fn all_faults(ctx: &Ctx, mut unreadable: Vec<GroupRefusal>, new: &NewGroup) -> GroupError {
    unreadable.extend(new.refusals(ctx.clock.now()));
    GroupError::Refused(unreadable)
}

fn read(sent: &Submitted, zone: &str) -> Result<(NewGroup, Vec<GroupRefusal>), Failure> {
    let (closes_at, refusals) = match closing(sent.get("date"), zone) {
        Ok(at) => (at, Vec::new()),
        Err(refusal) => (None, vec![refusal]),
    };
    let new = NewGroup {
        scope: sent.choice("scope", Some(Scope::Members), Scope::from_code)?,
        name: sent.get("name").to_owned(),
        about: sent.get("about").to_owned(),
        rules: sent.get("rules").to_owned(),
        approval: sent.has("approval"),
        opening: sent.choice("opening", Some(Opening::Members), Opening::from_code)?,
        closes_at,
    };
    Ok((new, refusals))
}

pub(super) async fn new(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
) -> Result<Response, Failure> {
    founder(&citizen, &commune)?;
    let form = FormState::default()
        .with("scope", Scope::Public.code())
        .with("opening", Opening::Members.code());
    draw(&ctx, &visit, &commune, None, form)
}

pub(super) async fn create(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    sent: Submitted,
) -> Result<Response, Failure> {
    let by = founder(&citizen, &commune)?;
    let (new, refusals) = read(&sent, commune.time_zone())?;
    let outcome = if refusals.is_empty() {
        actions::open_group(&ctx, &by, new).await
    } else {
        Err(all_faults(&ctx, refusals, &new))
    };
    finish(&ctx, &visit, &commune, None, &sent, outcome)
}

fn finish(
    ctx: &Ctx,
    visit: &Visit,
    commune: &Commune,
    group: Option<&Group>,
    sent: &Submitted,
    outcome: Result<Group, GroupError>,
) -> Result<Response, Failure> {
    match outcome {
        Ok(saved) => {
            let flash = if group.is_some() {
                "groups-flash-changed"
            } else {
                "groups-flash-opened"
            };
            let page = path(Some(commune), saved.id);
            Ok(see_other(ctx, &page, Some((FlashKind::Success, flash))))
        }
        Err(GroupError::Refused(refusals)) if !refusals.contains(&GroupRefusal::Missing) => {
            let mut form = sent.state();
            for refusal in refusals {
                form.refuse(ctx, visit.lang, refusal.field(), &words(refusal));
            }
            draw(ctx, visit, commune, group, form)
        }
        Err(error) => Err(error.into()),
    }
}

async fn of_commune(ctx: &Ctx, commune: &Commune, id: GroupId) -> Result<Group, Failure> {
    store::groups::by_id(&ctx.db, id)
        .await?
        .filter(|group| group.commune == commune.code.as_str())
        .ok_or_else(Failure::not_found)
}

pub(super) async fn edit(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Path((_, id)): Path<(String, GroupId)>,
) -> Result<Response, Failure> {
    founder(&citizen, &commune)?;
    let group = of_commune(&ctx, &commune, id).await?;
    let mut form = FormState::default()
        .with("name", &group.name)
        .with("about", &group.about)
        .with("rules", &group.rules)
        .with("opening", group.opening.code());
    if group.approval {
        form = form.with("approval", "on");
    }
    if let Some(at) = group.closes_at {
        form = form.with("date", at.in_zone(commune.time_zone()).date());
    }
    draw(&ctx, &visit, &commune, Some(&group), form)
}

pub(super) async fn update(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Path((_, id)): Path<(String, GroupId)>,
    sent: Submitted,
) -> Result<Response, Failure> {
    let by = founder(&citizen, &commune)?;
    let group = of_commune(&ctx, &commune, id).await?;
    let (new, refusals) = read(&sent, commune.time_zone())?;
    let outcome = if refusals.is_empty() {
        actions::change_group(&ctx, &by, id, new).await
    } else {
        Err(all_faults(&ctx, refusals, &new))
    };
    finish(&ctx, &visit, &commune, Some(&group), &sent, outcome)
}

pub(super) async fn close(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Path((_, id)): Path<(String, GroupId)>,
    _sent: Submitted,
) -> Result<Response, Failure> {
    let by = founder(&citizen, &commune)?;
    actions::close_group(&ctx, &by, id).await?;
    let page = path(Some(&commune), id);
    Ok(see_other(
        &ctx,
        &page,
        Some((FlashKind::Success, "groups-flash-closed")),
    ))
}

pub(super) async fn reopen(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Path((_, id)): Path<(String, GroupId)>,
    _sent: Submitted,
) -> Result<Response, Failure> {
    let by = founder(&citizen, &commune)?;
    actions::reopen_group(&ctx, &by, id).await?;
    let page = path(Some(&commune), id);
    Ok(see_other(
        &ctx,
        &page,
        Some((FlashKind::Success, "groups-flash-reopened")),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_closes_at_the_end_of_a_day_on_the_spot() {
        let at = |date, zone| closing(date, zone).map(|at| at.map(Timestamp::rfc3339));
        assert_eq!(
            at("2026-11-25", "Indian/Reunion"),
            Ok(Some("2026-11-25T19:59:00.000Z".to_owned()))
        );
        assert_eq!(at("", "Europe/Paris"), Ok(None));
        assert_eq!(at("demain", "Europe/Paris"), Err(GroupRefusal::WhenImpossible));
    }
}
