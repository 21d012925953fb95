//! Timelines: home, public, a hashtag, one account's; what one likes.

use axum::Json;
use axum::extract::Path;
use axum::response::Response;
use discussion::actions::{comments_of_actor, likes_of, shares_followed, shares_of};
use federation::Actor;
use platform::store::{Page, Paging};
use platform::text;
use platform::web::Failure;
use serde_json::{Value, json};

use super::accounts::known;
use crate::door::{Door, View, paging};
use crate::entities::item::{readable, several, shares};
use crate::entities::{Item, draw};
use crate::params::Params;
use crate::source::{Filter, List, Record};

/// Several lists as one, newest first.
fn merged(lists: Vec<Page<Item>>, paging: &Paging) -> Page<Item> {
    let has_more = lists.iter().any(|list| list.has_more);
    let mut items: Vec<Item> = lists.into_iter().flat_map(|list| list.items).collect();
    if paging.is_ascending() {
        items.sort_by_key(Item::id);
    } else {
        items.sort_by_key(|item| std::cmp::Reverse(item.id()));
    }
    let limit = paging.limit as usize;
    let has_more = has_more || items.len() > limit;
    items.truncate(limit);
    if paging.is_ascending() {
        items.reverse();
    }
    Page { items, has_more }
}

fn of_records(page: Page<Record>) -> Page<Item> {
    page.map(|record| Item::Record(Box::new(record)))
}

/// A list of every source, one after another, without what people wrote who are gone.
async fn listed(view: &View<'_>, list: List<'_>, paging: &Paging) -> Result<Vec<Page<Item>>, Failure> {
    let mut pages = Vec::new();
    for source in view.api.sources() {
        let page = of_records(source.list(view.ctx, list, paging).await?);
        pages.push(Page {
            items: readable(view, page.items).await?,
            has_more: page.has_more,
        });
    }
    Ok(pages)
}

async fn answer(
    door: &Door,
    view: &View<'_>,
    page: Page<Item>,
    paging: &Paging,
) -> Result<Response, Failure> {
    let ids = page
        .items
        .first()
        .map(Item::id)
        .zip(page.items.last().map(Item::id));
    let rows = draw(view, &page.items).await?;
    Ok(door.page(rows, ids, page.has_more, paging))
}

/// What those she follows publish and share, and what she publishes. A thing shared by several stands once on
/// a page.
pub(super) async fn home(door: Door, params: Params) -> Result<Response, Failure> {
    let me = door.person("read:statuses")?;
    let view = door.view(Some(me.clone()));
    let paging = paging(&params, 20, 40);
    let mut lists = listed(&view, List::Home { reader: &me }, &paging).await?;
    let shared = shares_followed(&door.ctx, me.actor.id, &paging).await?;
    let has_more = shared.has_more;
    let items = shares(&view, shared.items).await?;
    lists.push(Page { items, has_more });
    let mut page = merged(lists, &paging);
    let originals: Vec<i64> = page
        .items
        .iter()
        .filter(|item| !matches!(item, Item::Share(..)))
        .map(Item::id)
        .collect();
    let mut seen: Vec<i64> = Vec::new();
    let ends = page
        .items
        .first()
        .map(Item::id)
        .zip(page.items.last().map(Item::id));
    page.items.retain(|item| {
        let inner = item.proper().id();
        let is_new =
            !matches!(item, Item::Share(..)) || (!originals.contains(&inner) && !seen.contains(&inner));
        seen.push(inner);
        is_new
    });
    let rows = draw(&view, &page.items).await?;
    Ok(door.page(rows, ends, page.has_more, &paging))
}

fn filter(params: &Params) -> Filter {
    let is = |name: &str| params.flag(name).unwrap_or(false);
    Filter {
        local: is("local"),
        remote: is("remote"),
        only_media: is("only_media"),
    }
}

pub(super) async fn public(door: Door, params: Params) -> Result<Response, Failure> {
    let view = door.view(door.reader("read:statuses")?);
    let paging = paging(&params, 20, 40);
    let lists = listed(&view, List::Public(filter(&params)), &paging).await?;
    answer(&door, &view, merged(lists, &paging), &paging).await
}

pub(super) async fn tag(door: Door, Path(tag): Path<String>, params: Params) -> Result<Response, Failure> {
    let view = door.view(door.reader("read:statuses")?);
    let paging = paging(&params, 20, 40);
    let folded = text::fold(tag.trim_start_matches('#'));
    let lists = listed(&view, List::Tag(&folded, filter(&params)), &paging).await?;
    answer(&door, &view, merged(lists, &paging), &paging).await
}

/// A hashtag by its name. Following one is not known here.
pub(super) async fn show_tag(door: Door, Path(tag): Path<String>) -> Json<Value> {
    let name = tag.trim_start_matches('#');
    Json(tag_entity(&door, name))
}

/// A hashtag with what is known of its use.
pub(super) fn tag_entity(door: &Door, name: &str) -> Value {
    let folded = text::fold(name);
    json!({
        "id": folded,
        "name": name,
        "url": door.ctx.urls.to(&format!("/mots-cles/{folded}")),
        "history": [],
        "following": false,
        "featuring": false,
    })
}

/// What an account published, answered and shared. What a dark citizen writes and shares is listed for
/// herself only.
pub(super) async fn of_account(
    door: Door,
    Path(id): Path<String>,
    params: Params,
) -> Result<Response, Failure> {
    let reader = door.reader("read:statuses")?;
    let view = door.view(reader);
    let actor = known(&view, &id).await?;
    let paging = paging(&params, 20, 40);
    let page = if params.flag("pinned") == Some(true) {
        let mut pages = listed(&view, List::Pinned { actor: actor.id }, &paging).await?;
        Page {
            items: pages.drain(..).flat_map(|page| page.items).collect(),
            has_more: false,
        }
    } else if let Some(tagged) = params.filled("tagged") {
        tagged_of(&view, &actor, tagged, &params, &paging).await?
    } else {
        timeline_of(&view, &actor, &params, &paging).await?
    };
    answer(&door, &view, page, &paging).await
}

async fn timeline_of(
    view: &View<'_>,
    actor: &Actor,
    params: &Params,
    paging: &Paging,
) -> Result<Page<Item>, Failure> {
    let is = |name: &str| params.flag(name).unwrap_or(false);
    let only_media = is("only_media");
    let list = List::OfActor {
        actor: actor.id,
        reader: view.reader.as_ref(),
        only_media,
    };
    let mut lists = listed(view, list, paging).await?;
    let open = actor.is_visible() || view.reader_id() == Some(actor.id);
    if open && !only_media && !is("exclude_replies") {
        let page = comments_of_actor(view.ctx, actor.id, paging).await?;
        let wanted: Vec<(String, i64)> = page
            .items
            .iter()
            .map(|comment| (discussion::model::COMMENTS.to_owned(), comment.id.0))
            .collect();
        lists.push(Page {
            items: several(view, &wanted).await?,
            has_more: page.has_more,
        });
    }
    if open && !only_media && !is("exclude_reblogs") {
        let page = shares_of(view.ctx, actor.id, paging).await?;
        lists.push(Page {
            items: shares(view, page.items).await?,
            has_more: page.has_more,
        });
    }
    Ok(merged(lists, paging))
}

/// What an account published under a hashtag: the newest pages of the tag, of this account only.
async fn tagged_of(
    view: &View<'_>,
    actor: &Actor,
    tag: &str,
    params: &Params,
    paging: &Paging,
) -> Result<Page<Item>, Failure> {
    let folded = text::fold(tag.trim_start_matches('#'));
    let filter = filter(params);
    let mut items = Vec::new();
    let mut rest = *paging;
    for _ in 0..10 {
        let page = merged(listed(view, List::Tag(&folded, filter), &rest).await?, &rest);
        rest.max_id = page.items.last().map(Item::id);
        items.extend(page.items.into_iter().filter(|item| item.actor() == actor.id));
        if !page.has_more || items.len() > paging.limit as usize {
            break;
        }
    }
    Ok(Page::new(items, &Paging::first(paging.limit)))
}

/// What she likes, the last like first; paged by the likes.
pub(super) async fn favourites(door: Door, params: Params) -> Result<Response, Failure> {
    let me = door.person("read:favourites")?;
    let view = door.view(Some(me.clone()));
    let paging = paging(&params, 20, 40);
    let page = likes_of(&door.ctx, me.actor.id, &paging).await?;
    let wanted: Vec<(String, i64)> = page
        .items
        .iter()
        .map(|like| (like.target_kind.clone(), like.target_id))
        .collect();
    let ids = page
        .items
        .first()
        .zip(page.items.last())
        .map(|(first, last)| (first.id, last.id));
    let items = several(&view, &wanted).await?;
    let rows = draw(&view, &items).await?;
    Ok(door.page(rows, ids, page.has_more, &paging))
}
