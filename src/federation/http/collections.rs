//! Collections of our actors: outbox, followers, following, featured, and the followers of one server.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use platform::StoreError;
use platform::store::Paging;
use platform::web::Failure;
use serde::Deserialize;
use serde_json::{Value, json};

use super::actors::{the_instance, unveiled, visible};
use super::answer::{self, For, Form};
use super::reader::{Asked, Reader};
use crate::objects::{Found, Sight};
use crate::store::{activities, follows as follow_store};
use crate::{Actor, Ctx, actors, address, follows, objects, outbox};

/// Items on one page.
pub(super) const PAGE: i64 = 40;

/// `?page=true&max_id=…`
#[derive(Debug, Deserialize)]
pub(super) struct Turn {
    pub(super) page: Option<String>,
    pub(super) max_id: Option<i64>,
}

impl Turn {
    pub(super) fn is_page(&self) -> bool {
        self.page.as_deref() == Some("true")
    }
}

/// One page of a collection.
pub(super) struct Leaf {
    pub(super) total: i64,
    pub(super) items: Vec<Value>,
    /// The row id after which the next page begins.
    pub(super) next: Option<i64>,
}

/// The collection itself, or one of its pages.
pub(super) fn collection(uri: &str, turn: &Turn, leaf: Leaf) -> Value {
    if !turn.is_page() {
        return json!({
            "id": uri, "type": "OrderedCollection", "totalItems": leaf.total,
            "first": format!("{uri}?page=true"),
        });
    }
    let id = match turn.max_id {
        Some(max_id) => format!("{uri}?page=true&max_id={max_id}"),
        None => format!("{uri}?page=true"),
    };
    let mut page = json!({
        "id": id, "type": "OrderedCollectionPage", "partOf": uri, "totalItems": leaf.total,
        "orderedItems": leaf.items,
    });
    if let (Some(next), Some(map)) = (leaf.next, page.as_object_mut()) {
        map.insert("next".to_owned(), json!(format!("{uri}?page=true&max_id={next}")));
    }
    page
}

/// `GET /ap/actors/{id}/{name}`
pub(super) async fn of_actor(
    State(ctx): State<Ctx>,
    Path((id, name)): Path<(String, String)>,
    Query(turn): Query<Turn>,
    asked: Asked,
) -> Result<Response, Failure> {
    match visible(&ctx, &id).await {
        Err(failure) if failure.status.as_u16() == 404 && asked.is_signed() => {
            match unveiled(&ctx, &id, &asked).await? {
                (actor, Sight::Whole) => of_veiled(&ctx, &actor, &name, &turn).await,
                _ => Err(Failure::not_found()),
            }
        }
        actor => show(&ctx, &actor?, &name, &turn, &asked).await,
    }
}

/// The collections of an actor behind a veil, for whoever it has let in.
async fn of_veiled(ctx: &Ctx, actor: &Actor, name: &str, turn: &Turn) -> Result<Response, Failure> {
    let uri = format!("{}/{name}", actor.uri);
    let document = match name {
        "outbox" => collection(&uri, turn, outbox_of(ctx, actor, turn).await?),
        "followers" | "following" => {
            collection(&uri, turn, people(ctx, actor, name == "followers", turn).await?)
        }
        _ => {
            let leaf = short(ctx, actor, name).await?.ok_or_else(Failure::not_found)?;
            whole(&uri, leaf)
        }
    };
    Ok(answer::document(document, For::Reader))
}

/// A collection of a handful: readers expect it without turning pages.
fn whole(uri: &str, leaf: Leaf) -> Value {
    json!({ "id": uri, "type": "OrderedCollection", "totalItems": leaf.total, "orderedItems": leaf.items })
}

/// What is pinned, or a collection that some actors have.
async fn short(ctx: &Ctx, actor: &Actor, name: &str) -> Result<Option<Leaf>, Failure> {
    if name == "featured" {
        return featured(ctx, actor).await.map(Some);
    }
    let items = ctx.objects().listed(ctx, name, actor).await?;
    Ok(items.map(|items| Leaf {
        total: items.len() as i64,
        items,
        next: None,
    }))
}

/// `GET /ap/instance/{name}`
pub(super) async fn of_instance(
    State(ctx): State<Ctx>,
    Path(name): Path<String>,
    Query(turn): Query<Turn>,
    asked: Asked,
) -> Result<Response, Failure> {
    let actor = the_instance(&ctx).await?;
    show(&ctx, &actor, &name, &turn, &asked).await
}

async fn show(ctx: &Ctx, actor: &Actor, name: &str, turn: &Turn, asked: &Asked) -> Result<Response, Failure> {
    let of_some = if matches!(
        name,
        "outbox" | "followers" | "following" | "followers_synchronization"
    ) {
        None
    } else {
        Some(short(ctx, actor, name).await?.ok_or_else(Failure::not_found)?)
    };
    let form = answer::form(&asked.headers)?;
    if actor.deleted_at.is_some() {
        return Ok(answer::gone(
            form,
            &format!("{}/{name}", actor.uri),
            Some("OrderedCollection"),
            actor.deleted_at,
        ));
    }
    if name == "followers_synchronization" {
        return synchronization(ctx, actor, asked).await;
    }
    if form == Form::Page {
        return Ok(answer::see_page(ctx, actor.page()));
    }
    asked.authorize(ctx).await?;
    let uri = format!("{}/{name}", actor.uri);
    let document = match of_some {
        Some(leaf) => whole(&uri, leaf),
        None if name == "outbox" => collection(&uri, turn, outbox_of(ctx, actor, turn).await?),
        None => collection(&uri, turn, people(ctx, actor, name == "followers", turn).await?),
    };
    Ok(answer::document(document, For::Everybody))
}

async fn outbox_of(ctx: &Ctx, actor: &Actor, turn: &Turn) -> Result<Leaf, Failure> {
    let total = activities::count_outbox(&ctx.db, actor.id).await?;
    if !turn.is_page() {
        return Ok(Leaf {
            total,
            items: Vec::new(),
            next: None,
        });
    }
    let page = activities::outbox(&ctx.db, actor.id, &Paging::before(turn.max_id, PAGE)).await?;
    let next = page.items.last().filter(|_| page.has_more).map(|said| said.id);
    let mut items = Vec::with_capacity(page.items.len());
    for said in page.items {
        let Ok(mut activity) = serde_json::from_str::<Value>(&said.body) else {
            continue;
        };
        if !is_there(ctx, &said).await? {
            continue;
        }
        if let Some(map) = activity.as_object_mut() {
            map.remove("@context");
        }
        items.push(activity);
    }
    Ok(Leaf { total, items, next })
}

/// What was said of a thing goes with the thing: a comment may stand under a post that moderators have hidden.
async fn is_there(ctx: &Ctx, said: &outbox::Said) -> Result<bool, StoreError> {
    let ours = said
        .object_uri
        .as_deref()
        .and_then(|uri| objects::parse(ctx, uri));
    let is_of_object = matches!(said.kind.as_str(), "Create" | "Update");
    let Some((kind, id)) = ours.filter(|(kind, _)| is_of_object && *kind != "actors") else {
        return Ok(true);
    };
    let found = ctx.objects().find(ctx, kind, id, None).await?;
    Ok(matches!(found, Found::Public { .. }))
}

async fn people(ctx: &Ctx, actor: &Actor, followers: bool, turn: &Turn) -> Result<Leaf, Failure> {
    let total = if followers {
        follows::count_followers(ctx, actor.id).await?
    } else {
        follows::count_following(ctx, actor.id).await?
    };
    if !turn.is_page() {
        return Ok(Leaf {
            total,
            items: Vec::new(),
            next: None,
        });
    }
    let paging = Paging::before(turn.max_id, PAGE);
    let page = if followers {
        follows::followers(ctx, actor.id, false, &paging).await?
    } else {
        follows::following(ctx, actor.id, false, &paging).await?
    };
    let next = page.items.last().filter(|_| page.has_more).map(|(row, _)| *row);
    let ids: Vec<_> = page.items.iter().map(|(_, id)| *id).collect();
    let mut known = actors::by_ids(ctx, &ids).await?;
    known.retain(Actor::is_visible);
    let items = ids
        .iter()
        .filter_map(|id| known.iter().find(|actor| actor.id == *id))
        .map(|actor| json!(actor.uri))
        .collect();
    Ok(Leaf { total, items, next })
}

async fn featured(ctx: &Ctx, actor: &Actor) -> Result<Leaf, Failure> {
    let items = ctx.objects().pinned(ctx, actor).await?;
    Ok(Leaf {
        total: items.len() as i64,
        items,
        next: None,
    })
}

/// FEP-8fcf: the followers of the server that asks, and of no other. Whoever signs for nobody there gets
/// what a missing collection gets.
async fn synchronization(ctx: &Ctx, actor: &Actor, asked: &Asked) -> Result<Response, Failure> {
    let Reader::Somebody { uri, .. } = asked.reader(ctx).await? else {
        return Err(Failure::not_found());
    };
    let origin = address::origin(&uri).ok_or_else(Failure::not_found)?;
    let items = follow_store::followers_of_origin(&ctx.db, actor.id, &origin).await?;
    let document = json!({
        "id": format!("{}/followers_synchronization", actor.uri), "type": "OrderedCollection",
        "totalItems": items.len(), "orderedItems": items,
    });
    Ok(answer::document(document, For::Reader))
}
