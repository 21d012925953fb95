//! The groups of a commune that the viewer may know of.

use account::{Right, Viewer};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use commune::CommuneRef;
use federation::Ctx;
use platform::web::{Failure, Page, Visit, html};

use super::reader;
use crate::actions::known;
use crate::model::Group;
use crate::store;

/// A group in the list.
struct Row {
    href: String,
    name: String,
    about: String,
    scope: &'static str,
    members: i64,
    topics: i64,
    member: bool,
    invited: bool,
    closed: bool,
}

#[derive(Template)]
#[template(path = "groups/index.html")]
struct Index {
    page: Page,
    mine: Vec<Row>,
    others: Vec<Row>,
    archive: Vec<Row>,
    new_href: String,
    signed_in: bool,
}

pub(super) async fn index(
    State(ctx): State<Ctx>,
    visit: Visit,
    viewer: Viewer,
    CommuneRef(commune): CommuneRef,
) -> Result<Response, Failure> {
    let who = reader(&viewer);
    let groups = store::groups::of_commune(&ctx.db, commune.code.as_str()).await?;
    let ids: Vec<_> = groups.iter().map(|group| group.id).collect();
    let members = store::places::counts(&ctx.db, &ids).await?;
    let topics = store::topics::counts(&ctx.db, &ids).await?;
    let count = |all: &[(crate::model::GroupId, i64)], group: &Group| {
        all.iter()
            .find(|(id, _)| *id == group.id)
            .map_or(0, |(_, count)| *count)
    };
    let (mut mine, mut others, mut archive) = (Vec::new(), Vec::new(), Vec::new());
    for group in &groups {
        let Some(known) = known(&ctx, group.id, who.as_ref()).await? else {
            continue;
        };
        let invited = known.standing.invited && !known.standing.member;
        if !known.may_read(who.as_ref()) && !invited {
            continue;
        }
        let row = Row {
            href: known.circle.page.clone(),
            name: platform::text::french(&group.name),
            about: platform::text::excerpt(&platform::text::Html::from_store(group.about_html.clone()), 160),
            scope: group.scope.code(),
            members: count(&members, group),
            topics: count(&topics, group),
            member: known.standing.member,
            invited,
            closed: known.circle.closed,
        };
        match (row.closed, row.member || row.invited) {
            (true, _) => archive.push(row),
            (false, true) => mine.push(row),
            (false, false) => others.push(row),
        }
    }
    let title = ctx.words.t(visit.lang, "groups-nav");
    let mut page = commune::page_of(&ctx, &visit, &commune, "groups", title);
    page.canonical = Some(ctx.urls.to(&commune.below("groupes")));
    let may_open = viewer.may(Right::Groups, commune.code);
    let shown = Index {
        page,
        mine,
        others,
        archive,
        new_href: if may_open {
            commune.below("groupes/nouveau")
        } else {
            String::new()
        },
        signed_in: viewer.is_signed_in(),
    };
    html(StatusCode::OK, &shown)
}
