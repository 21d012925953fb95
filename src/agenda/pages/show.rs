//! One date, with its seats and comments.

use account::Viewer;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use commune::Commune;
use discussion::pages::{ActionRow, action_row, talk, withheld};
use discussion::{Subject, Target};
use federation::{Ctx, actors};
use platform::text::{Html, excerpt, french};
use platform::web::{Failure, Page, Visit, Wants, html, redirect};
use platform::{StoreError, Timestamp};
use serde::Deserialize;

use super::place::Place;
use crate::actions::{Whole, date};
use crate::model::{AttendanceState, Event, EventState, JoinMode, Occurrence, OccurrenceId, OccurrenceState};
use crate::store;
use crate::wire::{KIND, structured, subject};
use crate::words;

/// With which comment the page begins.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ThreadPage {
    depuis: Option<i64>,
}

/// Another date of the series.
struct Other {
    href: String,
    when: String,
    starts_at: Timestamp,
    cancelled: bool,
}

/// Who may come, and whether the viewer does.
struct Seats {
    /// "Je participe" is possible.
    open: bool,
    left: Option<(i64, i64)>,
    full: bool,
    taken: i64,
    waiting: i64,
    comes: bool,
    /// Her place in the queue; 0: she does not wait.
    place: i64,
    /// Who invites on another server has not answered her yet.
    asked: bool,
    /// He said no.
    refused: bool,
    /// Who invites there decides who comes.
    restricted: bool,
    /// To come would tell another server her name, and she has not agreed to that.
    dark: bool,
    elsewhere: String,
    none: bool,
}

#[derive(Template)]
#[template(path = "agenda/show.html")]
struct Show {
    page: Page,
    event: Event,
    date: Occurrence,
    text: Html,
    title: String,
    when: String,
    repetition: String,
    category_key: String,
    place: String,
    online: String,
    map_href: String,
    over: bool,
    seats: Seats,
    signed_in: bool,
    others: Vec<Other>,
    host: String,
    /// Who invites, and under which name she would be known there.
    inviter: String,
    name: String,
    original: String,
    href: String,
    ics: String,
    actions: Html,
    thread: Html,
    team: bool,
    /// Moderators took it from sight.
    hidden: bool,
    /// Says so.
    withheld: Html,
    structured: String,
    /// The address of its object, for who pastes the address of this page into another server.
    object: String,
}

pub(super) async fn show(
    place: Place,
    Path((_, id)): Path<(String, OccurrenceId)>,
    Query(wanted): Query<ThreadPage>,
) -> Result<Response, Failure> {
    let (event, one) = place.date(id).await?;
    if place.visit.wants == Wants::Activity && !event.private {
        return Ok(redirect(StatusCode::SEE_OTHER, &one.uri));
    }
    let mut page = place.page(set(&event, &event.title));
    page.noindex = event.private;
    let label = page.t("agenda-nav");
    let page = page.back_to(label, place.commune.below("agenda"));
    let scene = Scene {
        ctx: &place.ctx,
        visit: &place.visit,
        viewer: &place.viewer,
        commune: Some(&place.commune),
        team: place.team,
    };
    scene.draw(page, event, one, wanted.depuis).await
}

/// An event of another server.
pub(super) async fn show_alone(
    State(ctx): State<Ctx>,
    visit: Visit,
    viewer: Viewer,
    Path(id): Path<OccurrenceId>,
    Query(wanted): Query<ThreadPage>,
) -> Result<Response, Failure> {
    let (event, one) = date(&ctx, id).await?.ok_or_else(Failure::not_found)?;
    let is_judged = event.state == EventState::Hidden && viewer.is_operator();
    if event.local || (event.private && !is_judged) {
        return Err(Failure::not_found());
    }
    if event.state == EventState::Deleted || one.state == OccurrenceState::Deleted {
        return Err(Failure::gone());
    }
    let mut page = Page::new(&ctx, &visit, set(&event, &event.title));
    page.noindex = true;
    let scene = Scene {
        ctx: &ctx,
        visit: &visit,
        viewer: &viewer,
        commune: None,
        team: false,
    };
    scene.draw(page, event, one, wanted.depuis).await
}

struct Scene<'a> {
    ctx: &'a Ctx,
    visit: &'a Visit,
    viewer: &'a Viewer,
    commune: Option<&'a Commune>,
    team: bool,
}

impl Scene<'_> {
    async fn draw(
        &self,
        mut page: Page,
        event: Event,
        one: Occurrence,
        from: Option<i64>,
    ) -> Result<Response, Failure> {
        let (ctx, lang) = (self.ctx, self.visit.lang);
        let subject = subject(ctx, &event, &one).await?;
        let (actions, thread) = if subject.open {
            (
                self.actions(&subject).await?,
                talk(ctx, self.visit, self.viewer, self.commune, &subject, from).await?,
            )
        } else {
            (Html::default(), Html::default())
        };
        let when = words::when(&ctx.words, lang, &event, &one);
        let line = event.place.line();
        let description = format!("{when}. {line}");
        page.description = description.trim().to_owned();
        page.og = card(ctx, &page, &event, &subject);
        page.canonical = Some(match &event.url {
            Some(url) if !event.local => url.clone(),
            _ => ctx.urls.to(&subject.page),
        });
        let structured = self.structured(&event, &one).await?;
        let host = if event.local {
            None
        } else {
            actors::by_id(ctx, event.actor_id).await?
        };
        let inviter = host.as_ref().map(|host| host.full_handle()).unwrap_or_default();
        let host = host.map(|host| host.host).unwrap_or_default();
        let name = self
            .viewer
            .citizen()
            .map(|citizen| citizen.actor.full_handle())
            .unwrap_or_default();
        let shown = Show {
            text: Html::from_store(event.html.clone()),
            repetition: words::repetition(&ctx.words, lang, event.recurrence().as_ref(), &event.zone),
            category_key: format!("agenda-category-{}", event.category.code()),
            place: set(&event, &line),
            title: set(&event, &event.title),
            online: event.place.online_url.clone(),
            map_href: map(&event),
            over: one.is_over(ctx.clock.now()),
            seats: self.seats(&event, &one).await?,
            signed_in: self.viewer.is_signed_in(),
            others: self.others(&event, &one).await?,
            original: event.url.clone().unwrap_or_else(|| one.uri.clone()),
            host,
            inviter,
            name,
            ics: format!("{}/agenda.ics", subject.page),
            href: subject.page.clone(),
            hidden: event.state == EventState::Hidden,
            withheld: withheld(ctx, self.visit, self.viewer, self.commune, &subject).await?,
            team: self.team && event.local && event.state != EventState::Hidden,
            when,
            actions,
            thread,
            structured,
            object: if event.local && !event.private {
                one.uri.clone()
            } else {
                String::new()
            },
            page,
            event,
            date: one,
        };
        html(StatusCode::OK, &shown)
    }

    async fn actions(&self, subject: &Subject) -> Result<Html, Failure> {
        let target = Target {
            kind: KIND,
            id: subject.target.id,
        };
        let counts = discussion::actions::counts(self.ctx, &[target]).await?;
        let mine = discussion::actions::mine(self.ctx, self.viewer.actor_id(), &[target]).await?;
        let row = ActionRow {
            target,
            page: &subject.page,
            counts: counts.get(&target).copied().unwrap_or_default(),
            mine: mine.get(&target).copied().unwrap_or_default(),
            shareable: true,
        };
        action_row(self.ctx, self.visit, &row)
    }

    async fn seats(&self, event: &Event, one: &Occurrence) -> Result<Seats, StoreError> {
        let now = self.ctx.clock.now();
        let mine = match self.viewer.citizen() {
            Some(citizen) => store::attendances::of_actor_at(&self.ctx.db, citizen.actor.id, &[one.id])
                .await?
                .pop(),
            None => None,
        };
        let place = match &mine {
            Some(mine) if mine.state == AttendanceState::Waiting => {
                store::attendances::place(&self.ctx.db, one.id, mine.id).await?
            }
            _ => 0,
        };
        let state = mine.map(|mine| mine.state);
        Ok(Seats {
            open: !event.private
                && event.join_mode.takes_people()
                && (event.local || self.ctx.federation().enabled)
                && !one.is_cancelled()
                && !one.is_over(now),
            left: one.left(event).zip(event.capacity),
            full: event.local && one.left(event) == Some(0),
            taken: one.taken,
            waiting: store::attendances::count_waiting(&self.ctx.db, one.id).await?,
            comes: state == Some(AttendanceState::Accepted),
            asked: state == Some(AttendanceState::Asked),
            refused: state == Some(AttendanceState::Refused),
            restricted: event.join_mode == JoinMode::Restricted,
            dark: !event.local
                && self
                    .viewer
                    .citizen()
                    .is_some_and(|citizen| !citizen.actor.is_visible()),
            place,
            elsewhere: if event.join_mode == JoinMode::External {
                event.join_url.clone()
            } else {
                String::new()
            },
            none: event.local && event.join_mode == JoinMode::None,
        })
    }

    async fn others(&self, event: &Event, one: &Occurrence) -> Result<Vec<Other>, StoreError> {
        if !event.is_series() {
            return Ok(Vec::new());
        }
        let now = self.ctx.clock.now();
        let coming = store::occurrences::coming(&self.ctx.db, event.id, now, 7).await?;
        Ok(coming
            .into_iter()
            .filter(|other| other.id != one.id)
            .take(6)
            .map(|other| Other {
                href: crate::wire::path(self.commune, &other),
                when: words::when(&self.ctx.words, self.visit.lang, event, &other),
                starts_at: other.starts_at,
                cancelled: other.is_cancelled(),
            })
            .collect())
    }

    /// For search engines; nothing of what is private or not ours.
    async fn structured(&self, event: &Event, one: &Occurrence) -> Result<String, StoreError> {
        let Some(commune) = self.commune.filter(|_| event.local && !event.private) else {
            return Ok(String::new());
        };
        let Some(office) = actors::by_id(self.ctx, event.actor_id).await? else {
            return Ok(String::new());
        };
        let whole = Whole {
            office: &office,
            commune,
            event,
            date: one,
        };
        // No `<` in it: a title cannot end the element that it stands in.
        Ok(structured(self.ctx, &whole).to_string().replace('<', "\\u003c"))
    }
}

/// A typed text as it is set: French in the French manner.
fn set(event: &Event, text: &str) -> String {
    if event.language.starts_with("fr") {
        french(text)
    } else {
        text.to_owned()
    }
}

/// Where a map of somebody else shows it; asked only by who follows the link.
fn map(event: &Event) -> String {
    event.place.point().map_or_else(String::new, |(lat, long)| {
        format!("https://www.openstreetmap.org/?mlat={lat:.6}&mlon={long:.6}#map=17/{lat:.6}/{long:.6}")
    })
}

/// What other sites show when the page is shared; nothing of what is private.
fn card(ctx: &Ctx, page: &Page, event: &Event, subject: &Subject) -> Vec<(String, String)> {
    if event.private {
        return Vec::new();
    }
    let text = excerpt(&Html::from_store(event.html.clone()), 200);
    let mut card = vec![
        ("og:type".to_owned(), "article".to_owned()),
        ("og:title".to_owned(), event.title.clone()),
        (
            "og:description".to_owned(),
            format!("{} {text}", page.description).trim().to_owned(),
        ),
        ("og:url".to_owned(), ctx.urls.to(&subject.page)),
    ];
    if event.image_id.is_some() {
        card.push(("og:image".to_owned(), ctx.urls.to(&event.image_path)));
        card.push(("og:image:alt".to_owned(), event.image_alt.clone()));
    } else {
        card.push(("og:image".to_owned(), ctx.urls.to("/static/icon-512.png")));
    }
    card
}
