//! A post as the templates see it.

use std::collections::HashMap;

use account::{Right, Viewer};
use discussion::Target;
use federation::{Actor, ActorId, Ctx};
use platform::text::{self, Html};
use platform::web::{Failure, Page};
use platform::{StoreError, Timestamp};

use super::commune_of;
use crate::federation::KIND;
use crate::model::{Post, PostId, PostState};
use crate::store::{self, Attachment, Card};

/// Bytes of HTML from which a post is long.
const LONG: usize = 3_000;
/// Characters that a feed shows of a long post.
const BEGINNING: usize = 600;

/// A photo.
#[derive(Debug, Clone)]
pub(crate) struct Photo {
    pub(crate) src: String,
    /// Small enough for a feed on a slow line.
    pub(crate) small: String,
    pub(crate) alt: String,
    pub(crate) width: i64,
    pub(crate) height: i64,
}

/// A document.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    pub(crate) href: String,
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) bytes: i64,
}

/// A post, ready to be shown.
#[derive(Debug, Clone)]
pub(crate) struct PostView {
    pub(crate) id: PostId,
    pub(crate) page: String,
    pub(crate) title: String,
    pub(crate) heading: String,
    pub(crate) html: Html,
    pub(crate) language: String,
    pub(crate) warning: String,
    pub(crate) sensitive: bool,
    pub(crate) author: String,
    pub(crate) author_href: String,
    pub(crate) byline: String,
    pub(crate) delegated: bool,
    pub(crate) verified: bool,
    pub(crate) published_at: Timestamp,
    pub(crate) edited_at: Option<Timestamp>,
    pub(crate) topic: Option<&'static str>,
    pub(crate) visibility: &'static str,
    pub(crate) pinned: bool,
    pub(crate) photos: Vec<Photo>,
    pub(crate) documents: Vec<Document>,
    pub(crate) links: Vec<Document>,
    pub(crate) card: Option<Card>,
    pub(crate) counts: discussion::Counts,
    pub(crate) mine: discussion::Mine,
    /// From another server: its host and the page there.
    pub(crate) origin: Option<(String, String)>,
    pub(crate) may_edit: bool,
    /// Taken from sight by moderators: shown to few.
    pub(crate) hidden: bool,
    pub(crate) shareable: bool,
    /// Like, comments, share, flag.
    pub(crate) actions: Html,
}

impl PostView {
    /// Too long for a feed, which is to stay light on a slow line.
    pub(crate) fn is_long(&self) -> bool {
        self.html.as_str().len() > LONG
    }

    /// What a feed shows of a long one.
    pub(crate) fn beginning(&self) -> String {
        text::excerpt(&self.html, BEGINNING)
    }

    /// What goes in feeds and cards.
    pub(crate) fn excerpt(&self) -> String {
        text::excerpt(&self.html, 200)
    }
}

/// Shows several posts with everything they need, in a handful of queries.
pub(crate) async fn views(ctx: &Ctx, viewer: &Viewer, posts: Vec<Post>) -> Result<Vec<PostView>, Failure> {
    let ids: Vec<PostId> = posts.iter().map(|post| post.id).collect();
    let rows: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let mut files: HashMap<PostId, Vec<Attachment>> = HashMap::new();
    for file in store::attachments_of(&ctx.db, &ids).await? {
        files.entry(file.post_id).or_default().push(file);
    }
    let links: Vec<String> = posts.iter().filter_map(|post| post.card_url.clone()).collect();
    let cards: HashMap<String, Card> = store::cards(&ctx.db, &links)
        .await?
        .into_iter()
        .map(|card| (card.url.clone(), card))
        .collect();
    let authors = authors(ctx, &posts).await?;
    let targets: Vec<Target> = rows.iter().map(|id| Target { kind: KIND, id: *id }).collect();
    let counts = discussion::actions::counts(ctx, &targets).await?;
    let mine = discussion::actions::mine(ctx, viewer.actor_id(), &targets).await?;
    let mut pages = HashMap::new();
    for post in &posts {
        if let Some(code) = post.commune.clone() {
            if !pages.contains_key(&code) {
                let commune = commune_of(ctx, &code).await?;
                pages.insert(code, commune);
            }
        }
    }
    let mut shown = Vec::with_capacity(posts.len());
    for post in posts {
        let commune = post
            .commune
            .as_ref()
            .and_then(|code| pages.get(code))
            .and_then(Option::as_ref);
        let author = authors.get(&post.actor_id);
        let page = commune.map_or_else(
            || format!("/actualites/{}", post.id),
            |commune| commune.below(&format!("actualites/{}", post.id)),
        );
        let may_edit = post.local && commune.is_some_and(|commune| viewer.may(Right::News, commune.code));
        let target = Target {
            kind: KIND,
            id: post.id.0,
        };
        let count = counts.get(&target).copied().unwrap_or_default();
        let own = mine.get(&target).copied().unwrap_or_default();
        let mut files = files.remove(&post.id).unwrap_or_default();
        let hidden = post.state == PostState::Hidden;
        for file in files.iter_mut().filter(|file| hidden && file.media_id.is_some()) {
            file.remote_url = Some(super::hidden::address(&page, file.position));
            file.preview_url = None;
        }
        let html = Html::from_store(post.html);
        let heading = if post.title.is_empty() {
            text::excerpt(&html, 80)
        } else {
            post.title.clone()
        };
        shown.push(PostView {
            id: post.id,
            title: post.title,
            language: post.language,
            warning: post.summary,
            sensitive: post.sensitive,
            author: author
                .map(|actor| actor.display_name().to_owned())
                .unwrap_or_default(),
            author_href: author
                .filter(|actor| !actor.local)
                .map(|actor| actor.page().to_owned())
                .unwrap_or_default(),
            byline: post.byline,
            delegated: post.delegated,
            verified: post.local,
            published_at: post.published_at.unwrap_or(post.created_at),
            edited_at: post.edited_at,
            topic: post.topic.map(|topic| topic.code()),
            visibility: post.visibility.code(),
            pinned: post.pinned_at.is_some(),
            photos: photos(&files),
            documents: documents(&files, post.local),
            links: remote_files(&files),
            card: post.card_url.and_then(|url| cards.get(&url).cloned()),
            counts: count,
            mine: own,
            origin: author.filter(|actor| !actor.local).map(|actor| {
                (
                    actor.host.clone(),
                    post.url.clone().unwrap_or_else(|| post.uri.clone()),
                )
            }),
            may_edit,
            hidden,
            shareable: post.visibility.is_open() && !hidden,
            actions: Html::default(),
            page,
            heading,
            html,
        });
    }
    Ok(shown)
}

async fn authors(ctx: &Ctx, posts: &[Post]) -> Result<HashMap<ActorId, Actor>, StoreError> {
    let mut ids: Vec<ActorId> = posts.iter().map(|post| post.actor_id).collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(federation::actors::by_ids(ctx, &ids)
        .await?
        .into_iter()
        .map(|actor| (actor.id, actor))
        .collect())
}

/// Our own photos. Those of other servers are linked, not shown: a picture asked for tells who reads.
fn photos(files: &[Attachment]) -> Vec<Photo> {
    files
        .iter()
        .filter(|file| file.kind == "image" && file.media_id.is_some())
        .filter_map(|file| {
            let src = file.remote_url.clone()?;
            Some(Photo {
                small: file.preview_url.clone().unwrap_or_else(|| src.clone()),
                src,
                alt: file.alt.clone(),
                width: file.width.unwrap_or(0),
                height: file.height.unwrap_or(0),
            })
        })
        .collect()
}

fn documents(files: &[Attachment], local: bool) -> Vec<Document> {
    files
        .iter()
        .filter(|file| local && file.kind == "document")
        .filter_map(document)
        .collect()
}

fn remote_files(files: &[Attachment]) -> Vec<Document> {
    files
        .iter()
        .filter(|file| file.media_id.is_none())
        .filter_map(document)
        .collect()
}

fn document(file: &Attachment) -> Option<Document> {
    let kind = file.mime.rsplit('/').next().unwrap_or_default();
    let kind = kind.rsplit('.').next().unwrap_or_default().to_uppercase();
    let name = if file.media_id.is_none() && !file.alt.is_empty() {
        &file.alt
    } else {
        &file.name
    };
    Some(Document {
        href: file.remote_url.clone()?,
        name: if name.is_empty() {
            kind.clone()
        } else {
            name.clone()
        },
        kind,
        bytes: file.bytes.unwrap_or(0),
    })
}

impl Document {
    /// `214 Ko`, `14 Mo`.
    pub(crate) fn weight(&self, page: &Page) -> String {
        let kilo = (self.bytes + 1023) / 1024;
        if kilo < 1024 {
            page.tn("news-kilobytes", &kilo)
        } else {
            page.tn("news-megabytes", &((kilo + 512) / 1024))
        }
    }
}
