//! The third door: a post as a `Note`, and the posts of other servers.

use commune::Commune;
use discussion::Subject;
use federation::{Actor, Audience, Ctx};
use platform::{StoreError, Tx};
use serde_json::{Value, json};

use crate::actions::mentioned_by;
use crate::media;
use crate::model::{Post, PostId};
use crate::store::{self, Attachment};

/// In the address of the object: `/ap/posts/{id}`.
pub(crate) const KIND: &str = "posts";

/// The address of the object of a post of ours.
pub(crate) fn uri_of(ctx: &Ctx, id: PostId) -> String {
    federation::objects::uri(ctx, KIND, id)
}

/// The path of a post's page: in its commune's feed, or by its id alone.
pub(crate) async fn page_of(ctx: &Ctx, post: &Post) -> Result<String, StoreError> {
    let commune = match &post.commune {
        Some(code) => match code.parse() {
            Ok(code) => commune::actions::by_code(ctx, code).await?,
            Err(_) => None,
        },
        None => None,
    };
    Ok(path(commune.as_ref(), post))
}

/// The same inside a transaction.
pub(crate) async fn page_of_in(tx: &mut Tx, post: &Post) -> Result<String, StoreError> {
    let commune = match post.commune.as_deref().map(str::parse) {
        Some(Ok(code)) => commune::actions::by_code_in(tx, code).await?,
        _ => None,
    };
    Ok(path(commune.as_ref(), post))
}

fn path(commune: Option<&Commune>, post: &Post) -> String {
    match commune {
        Some(commune) => format!("/{}/actualites/{}", commune.address, post.id),
        None => format!("/actualites/{}", post.id),
    }
}

/// A post as the rest of the product sees it.
pub(crate) async fn subject(ctx: &Ctx, post: &Post) -> Result<Subject, StoreError> {
    let excerpt = if post.title.is_empty() {
        platform::text::excerpt(&platform::text::Html::from_store(post.html.clone()), 120)
    } else {
        post.title.clone()
    };
    Ok(Subject {
        target: discussion::Target {
            kind: KIND,
            id: post.id.0,
        },
        uri: post.uri.clone(),
        author_id: post.actor_id,
        local: post.local,
        commune: post.commune.clone(),
        right: account::Right::News,
        page: page_of(ctx, post).await?,
        excerpt,
        mode: post.comment_mode,
        visibility: post.visibility,
        open: post.state == crate::model::PostState::Published,
        circle: None,
    })
}

/// The `Note` of a post (INTEROP.md 4.1), without `@context`.
pub(crate) fn note(
    ctx: &Ctx,
    author: &Actor,
    post: &Post,
    attachments: &[Attachment],
    tags: &[(String, String)],
    mentioned: &[Actor],
    audience: &Audience,
    page: &str,
) -> Value {
    let content = content(ctx, post, attachments);
    let published = post.published_at.unwrap_or(post.created_at).rfc3339();
    let mut tag: Vec<Value> = mentioned
        .iter()
        .map(|actor| json!({ "type": "Mention", "href": actor.uri, "name": actor.full_handle() }))
        .collect();
    tag.extend(tags.iter().map(|(folded, shown)| {
        let href = ctx.urls.to(&format!("/mots-cles/{folded}"));
        json!({ "type": "Hashtag", "href": href, "name": format!("#{shown}") })
    }));
    let quotable = if post.visibility.is_open() {
        federation::PUBLIC
    } else {
        author.uri.as_str()
    };
    let mut note = json!({
        "id": post.uri,
        "type": "Note",
        "attributedTo": author.uri,
        "to": audience.to,
        "cc": audience.cc,
        "published": published,
        "url": ctx.urls.to(page),
        "content": content,
        "contentMap": { &post.language: content },
        "sensitive": post.sensitive,
        "inReplyTo": post.in_reply_to,
        "tag": tag,
        "attachment": attachments.iter().filter_map(|a| media::document(ctx, a)).collect::<Vec<_>>(),
        "context": format!("{}/context", post.uri),
        "conversation": format!("{}/context", post.uri),
        "replies": format!("{}/replies", post.uri),
        "likes": format!("{}/likes", post.uri),
        "shares": format!("{}/shares", post.uri),
        "interactionPolicy": { "canQuote": { "automaticApproval": [quotable] } },
    });
    let Some(map) = note.as_object_mut() else {
        return note;
    };
    if let Some(source) = &post.source {
        map.insert(
            "source".to_owned(),
            json!({ "content": source, "mediaType": "text/markdown" }),
        );
    }
    if !post.summary.is_empty() {
        map.insert("summary".to_owned(), json!(post.summary));
    }
    if let Some(edited) = post.edited_at {
        map.insert("updated".to_owned(), json!(edited.rfc3339()));
    }
    note
}

/// The text as others show it: a Note has no title, so ours stands above it in bold; documents are linked,
/// since most readers show pictures only.
pub(crate) fn content(ctx: &Ctx, post: &Post, attachments: &[Attachment]) -> String {
    let mut html = String::new();
    if !post.title.is_empty() {
        html.push_str("<p><strong>");
        html.push_str(
            platform::text::Html::paragraph(&post.title)
                .as_str()
                .trim_start_matches("<p>")
                .trim_end_matches("</p>"),
        );
        html.push_str("</strong></p>");
    }
    html.push_str(&post.html);
    for document in attachments.iter().filter(|a| a.kind == "document") {
        if let Some(link) = media::link(ctx, document) {
            html.push_str(&link);
        }
    }
    html
}

/// The document of a post as it stands now.
pub(crate) async fn document(ctx: &Ctx, post: &Post) -> Result<Option<Value>, StoreError> {
    let Some(author) = federation::actors::by_id(ctx, post.actor_id).await? else {
        return Ok(None);
    };
    let attachments = store::attachments_of(&ctx.db, &[post.id]).await?;
    let tags: Vec<(String, String)> = store::tags_of(&ctx.db, &[post.id])
        .await?
        .into_iter()
        .map(|(_, tag, shown)| (tag, shown))
        .collect();
    let mentioned = mentioned_by(ctx, post.source.as_deref().unwrap_or_default()).await?;
    let audience = Audience::of(&author, post.visibility, &mentioned);
    let page = page_of(ctx, post).await?;
    Ok(Some(note(
        ctx,
        &author,
        post,
        &attachments,
        &tags,
        &mentioned,
        &audience,
        &page,
    )))
}
