//! Feeds for programs: Atom, JSON Feed, site map.

use std::collections::HashMap;

use account::Viewer;
use atom_syndication::{Category, Content, Entry, Feed, FixedDateTime, Link, Person, Text};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use commune::{Commune, CommuneRef};
use federation::Ctx;
use platform::Timestamp;
use platform::i18n::Lang;
use platform::store::Paging;
use platform::web::{Failure, holds};
use serde_json::{Value, json};

use super::commune_of;
use super::view::{PostView, views};
use crate::federation::uri_of;
use crate::model::PostId;
use crate::store::{self, Reader};

const ENTRIES: i64 = 30;
const ADDRESSES: i64 = 40_000;

/// What everybody may read, newest first.
async fn public_posts(ctx: &Ctx, commune: &Commune) -> Result<Vec<PostView>, Failure> {
    let paging = Paging::first(ENTRIES);
    let posts = store::feed(&ctx.db, commune.code.as_str(), None, Reader::default(), &paging)
        .await?
        .items;
    let listed = posts
        .into_iter()
        .filter(|post| post.visibility == federation::Visibility::Public)
        .collect();
    views(ctx, &Viewer::nobody(), listed).await
}

fn title(ctx: &Ctx, commune: &Commune) -> String {
    ctx.words
        .ta(Lang::Fr, "news-feed-title", &[("of", &commune.name.of())])
}

fn changed(posts: &[PostView]) -> Timestamp {
    posts
        .iter()
        .map(|post| post.edited_at.unwrap_or(post.published_at))
        .max()
        .unwrap_or_default()
}

/// The text of an entry: covered texts stay covered, photos with their descriptions.
fn content(ctx: &Ctx, post: &PostView) -> String {
    if !post.warning.is_empty() {
        return platform::text::Html::paragraph(&post.warning).into_string();
    }
    let mut html = post.html.as_str().to_owned();
    for photo in post.photos.iter().filter(|_| !post.sensitive) {
        let alt = platform::text::Html::paragraph(&photo.alt).into_string();
        let alt = alt
            .trim_start_matches("<p>")
            .trim_end_matches("</p>")
            .replace('"', "&quot;");
        html.push_str(&format!(
            "<p><img src=\"{}\" alt=\"{alt}\"></p>",
            ctx.urls.to(&photo.src)
        ));
    }
    html
}

fn instant(at: Timestamp) -> FixedDateTime {
    FixedDateTime::parse_from_rfc3339(&at.rfc3339()).unwrap_or_default()
}

/// The tag of these posts as they are: another post, a change or a deletion gives another one.
fn tag_for(posts: &[PostView]) -> String {
    let state: Vec<String> = posts
        .iter()
        .map(|post| {
            let at = post.edited_at.unwrap_or(post.published_at).as_millis();
            format!("{} {at}", post.id)
        })
        .collect();
    let state = state.join("\n");
    platform::web::tag_of(state.as_bytes())
}

pub(super) async fn atom(
    State(ctx): State<Ctx>,
    CommuneRef(commune): CommuneRef,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let posts = public_posts(&ctx, &commune).await?;
    let tag = tag_for(&posts);
    if holds(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    let here = ctx.urls.to(&commune.below("actualites.atom"));
    let link = |href: String, rel: &str, mime: &str| Link {
        href,
        rel: rel.to_owned(),
        mime_type: Some(mime.to_owned()),
        ..Link::default()
    };
    let feed = Feed {
        title: Text::plain(title(&ctx, &commune)),
        id: here.clone(),
        updated: instant(changed(&posts)),
        lang: Some("fr".to_owned()),
        links: vec![
            link(here, "self", "application/atom+xml"),
            link(ctx.urls.to(&commune.path()), "alternate", "text/html"),
        ],
        entries: posts.iter().map(|post| entry(&ctx, post)).collect(),
        ..Feed::default()
    };
    let kind = "application/atom+xml; charset=utf-8".to_owned();
    Ok((
        [(header::CONTENT_TYPE, kind), (header::ETAG, tag)],
        feed.to_string(),
    )
        .into_response())
}

fn entry(ctx: &Ctx, post: &PostView) -> Entry {
    Entry {
        title: Text::plain(post.heading.clone()),
        id: uri_of(ctx, post.id),
        updated: instant(post.edited_at.unwrap_or(post.published_at)),
        published: Some(instant(post.published_at)),
        authors: vec![Person {
            name: post.author.clone(),
            ..Person::default()
        }],
        categories: post
            .topic
            .map(|topic| Category {
                term: topic.to_owned(),
                ..Category::default()
            })
            .into_iter()
            .collect(),
        links: vec![Link {
            href: ctx.urls.to(&post.page),
            rel: "alternate".to_owned(),
            mime_type: Some("text/html".to_owned()),
            ..Link::default()
        }],
        content: Some(Content {
            value: Some(content(ctx, post)),
            content_type: Some("html".to_owned()),
            lang: Some(post.language.clone()),
            ..Content::default()
        }),
        ..Entry::default()
    }
}

pub(super) async fn json(
    State(ctx): State<Ctx>,
    CommuneRef(commune): CommuneRef,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let posts = public_posts(&ctx, &commune).await?;
    let tag = tag_for(&posts);
    if holds(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    let items: Vec<Value> = posts.iter().map(|post| item(&ctx, post)).collect();
    let feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": title(&ctx, &commune),
        "home_page_url": ctx.urls.to(&commune.path()),
        "feed_url": ctx.urls.to(&commune.below("actualites.json")),
        "language": "fr",
        "items": items,
    });
    let kind = "application/feed+json; charset=utf-8".to_owned();
    Ok((
        [(header::CONTENT_TYPE, kind), (header::ETAG, tag)],
        feed.to_string(),
    )
        .into_response())
}

fn item(ctx: &Ctx, post: &PostView) -> Value {
    let attachments: Vec<Value> = post
        .documents
        .iter()
        .map(|file| json!({ "url": ctx.urls.to(&file.href), "title": file.name, "mime_type": "application/octet-stream", "size_in_bytes": file.bytes }))
        .collect();
    let mut item = json!({
        "id": uri_of(ctx, post.id),
        "url": ctx.urls.to(&post.page),
        "title": post.heading,
        "content_html": content(ctx, post),
        "summary": if post.warning.is_empty() { post.excerpt() } else { post.warning.clone() },
        "date_published": post.published_at.rfc3339(),
        "date_modified": post.edited_at.unwrap_or(post.published_at).rfc3339(),
        "language": post.language,
        "authors": [{ "name": post.author }],
        "tags": post.topic.into_iter().collect::<Vec<_>>(),
        "attachments": attachments,
    });
    let photo = post.photos.first().filter(|_| !post.sensitive);
    if let (Some(fields), Some(photo)) = (item.as_object_mut(), photo) {
        fields.insert("image".to_owned(), json!(ctx.urls.to(&photo.src)));
    }
    item
}

pub(super) async fn sitemap(State(ctx): State<Ctx>) -> Result<Response, Failure> {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    let mut known = HashMap::<String, Option<String>>::new();
    for (id, code) in store::addresses(&ctx.db, PostId(0), ADDRESSES).await? {
        if !known.contains_key(&code) {
            let address = commune_of(&ctx, &code).await?.map(|commune| commune.path());
            known.insert(code.clone(), address);
        }
        if let Some(Some(path)) = known.get(&code) {
            let at = id.made_at().rfc3339();
            xml.push_str(&format!(
                "<url><loc>{}</loc><lastmod>{at}</lastmod></url>\n",
                ctx.urls.to(&format!("{path}/actualites/{id}"))
            ));
        }
    }
    xml.push_str("</urlset>\n");
    Ok(([(header::CONTENT_TYPE, "application/xml; charset=utf-8")], xml).into_response())
}
