//! The composer: writing, describing photos, choosing when.

use account::Citizen;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use commune::{Commune, CommuneRef};
use discussion::CommentMode;
use federation::{Ctx, Visibility};
use platform::Timestamp;
use platform::media::{self, MediaError, MediaId, NewUpload};
use platform::text::Html;
use platform::web::{Failure, FlashKind, FormState, Message, Page, Submitted, Visit, html, see_other};

use super::{author, words};
use crate::actions::{self, PostError, Written};
use crate::author::Author;
use crate::model::{MOST_ATTACHMENTS, NewAttachment, NewPost, Post, PostId, PostState, Publication, Topic};
use crate::store;

/// A photo or document in the composer.
struct Piece {
    id: i64,
    number: usize,
    field: String,
    src: String,
    name: String,
    is_image: bool,
}

#[derive(Template)]
#[template(path = "news/compose.html")]
struct Compose {
    page: Page,
    form: FormState,
    action: String,
    pieces: Vec<Piece>,
    preview: Option<Html>,
    preview_title: String,
    published: bool,
    delegated: bool,
    byline: String,
    remove_href: String,
    topics: Vec<(String, String)>,
    languages: Vec<(String, String)>,
    modes: Vec<(String, String)>,
    visibilities: Vec<(String, String, String)>,
    moments: Vec<(String, String, String)>,
    most: i64,
}

pub(super) async fn new(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
) -> Result<Response, Failure> {
    let author = author(&ctx, &citizen, &commune).await?;
    let form = FormState::default()
        .with("language", "fr")
        .with("visibility", Visibility::Public.code())
        .with("comment_mode", CommentMode::Open.code())
        .with("when", "now");
    draw(
        &ctx,
        &visit,
        &commune,
        &author,
        None,
        form,
        Vec::new(),
        None,
        StatusCode::OK,
    )
    .await
}

pub(super) async fn create(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    form: Submitted,
) -> Result<Response, Failure> {
    let author = author(&ctx, &citizen, &commune).await?;
    save(&ctx, &visit, &commune, &author, None, form).await
}

pub(super) async fn edit(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Path((_, id)): Path<(String, PostId)>,
) -> Result<Response, Failure> {
    let author = author(&ctx, &citizen, &commune).await?;
    let post = own(&ctx, &author, id).await?;
    let form = filled(&post, commune.time_zone());
    let kept = store::attachments_of(&ctx.db, &[id]).await?;
    let mut form = form;
    for (at, piece) in kept.iter().enumerate() {
        form = form.with(&format!("alt-{}", at + 1), &piece.alt);
    }
    let media = kept.iter().filter_map(|piece| piece.media_id).collect();
    draw(
        &ctx,
        &visit,
        &commune,
        &author,
        Some(&post),
        form,
        media,
        None,
        StatusCode::OK,
    )
    .await
}

pub(super) async fn update(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Path((_, id)): Path<(String, PostId)>,
    form: Submitted,
) -> Result<Response, Failure> {
    let author = author(&ctx, &citizen, &commune).await?;
    let post = own(&ctx, &author, id).await?;
    save(&ctx, &visit, &commune, &author, Some(&post), form).await
}

async fn own(ctx: &Ctx, author: &Author, id: PostId) -> Result<Post, Failure> {
    let post = store::by_id(&ctx.db, id)
        .await?
        .filter(|post| post.state != PostState::Deleted);
    post.filter(|post| post.local && post.actor_id == author.office.id)
        .ok_or_else(Failure::not_found)
}

fn filled(post: &Post, zone: &str) -> FormState {
    let mut form = FormState::default()
        .with("title", &post.title)
        .with("source", post.source.as_deref().unwrap_or_default())
        .with("summary", &post.summary)
        .with("language", &post.language)
        .with("topic", post.topic.map(Topic::code).unwrap_or_default())
        .with("visibility", post.visibility.code())
        .with("comment_mode", post.comment_mode.code())
        .with(
            "when",
            if post.scheduled_at.is_some() {
                "later"
            } else {
                "now"
            },
        )
        .with("seen", post.edited_at.map_or(0, Timestamp::as_millis));
    if post.sensitive {
        form = form.with("sensitive", "on");
    }
    if let Some(at) = post.scheduled_at {
        let local = at.in_zone(zone);
        form = form
            .with("date", local.date())
            .with("time", local.strftime("%H:%M"));
    }
    form
}

/// Reads the form, takes the new files in, and does what the pressed button says.
async fn save(
    ctx: &Ctx,
    visit: &Visit,
    commune: &Commune,
    author: &Author,
    post: Option<&Post>,
    sent: Submitted,
) -> Result<Response, Failure> {
    let mut form = sent.state();
    let removed: Vec<&str> = sent.all("remove").collect();
    let mut pieces: Vec<(i64, String)> = sent
        .all("media")
        .enumerate()
        .map(|(at, id)| (id, sent.get(&format!("alt-{}", at + 1)).to_owned()))
        .filter(|(id, _)| !removed.contains(id))
        .filter_map(|(id, alt)| Some((id.parse().ok()?, alt)))
        .take(MOST_ATTACHMENTS)
        .collect();
    let mut came = false;
    for file in sent.files("files") {
        came = true;
        if pieces.len() >= MOST_ATTACHMENTS {
            let refusal = crate::model::PostRefusal::TooManyAttachments;
            form.refuse(ctx, visit.lang, "files", &words(refusal));
            break;
        }
        match take(ctx, author, file).await {
            Ok(id) => pieces.push((id, String::new())),
            Err(Ok(refusal)) => form.refuse(ctx, visit.lang, "files", &refusal),
            Err(Err(failure)) => return Err(failure),
        }
    }
    let (new, mut refusals) = read(ctx, commune, &sent, &pieces).await?;
    let action = sent.get("action");
    let only_look =
        form.has_errors() || (came && action != "draft") || !matches!(action, "publish" | "draft");
    let form = renumbered(form, &pieces);
    let media: Vec<i64> = pieces.iter().map(|(id, _)| *id).collect();
    if only_look {
        let status = if form.has_errors() {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::OK
        };
        let preview = if action == "preview" {
            Some(Written::of(ctx, &new).await?.html())
        } else {
            None
        };
        return draw(ctx, visit, commune, author, post, form, media, preview, status).await;
    }
    let outcome = match (refusals.is_empty(), post) {
        (false, _) => Err(PostError::Refused(std::mem::take(&mut refusals))),
        (true, None) => actions::publish_post(ctx, author, new.clone()).await,
        (true, Some(post)) => {
            let seen = sent.get("seen").parse().ok().map(Timestamp::from_millis);
            actions::edit_post(ctx, author, post.id, new.clone(), seen).await
        }
    };
    match outcome {
        Ok(saved) => Ok(done(ctx, commune, &saved, post)),
        Err(PostError::Refused(refusals)) => {
            let mut form = form;
            for refusal in refusals {
                form.refuse(ctx, visit.lang, &refusal.field(), &words(refusal));
            }
            draw(
                ctx,
                visit,
                commune,
                author,
                post,
                form,
                media,
                None,
                StatusCode::UNPROCESSABLE_ENTITY,
            )
            .await
        }
        Err(PostError::Store(error)) => Err(error.into()),
    }
}

fn done(ctx: &Ctx, commune: &Commune, saved: &Post, before: Option<&Post>) -> Response {
    let was_out = before.is_some_and(|post| post.state == PostState::Published);
    let (path, flash) = match saved.state {
        PostState::Published if was_out => (format!("actualites/{}", saved.id), "news-flash-edited"),
        PostState::Published => (format!("actualites/{}", saved.id), "news-flash-published"),
        PostState::Scheduled => ("actualites/brouillons".to_owned(), "news-flash-scheduled"),
        PostState::Draft | PostState::Deleted => ("actualites/brouillons".to_owned(), "news-flash-draft"),
    };
    see_other(ctx, &commune.below(&path), Some((FlashKind::Success, flash)))
}

/// Takes one file in; a refusal is words for the form.
async fn take(
    ctx: &Ctx,
    author: &Author,
    file: &platform::web::Upload,
) -> Result<i64, Result<Message, Failure>> {
    let new = NewUpload {
        owner_id: author.office.id.0,
        bytes: file.bytes.clone(),
        file_name: file.file_name.clone(),
        alt: String::new(),
        fit: media::Fit::Whole,
        pictures_only: false,
    };
    match media::upload(ctx, new).await {
        Ok(medium) => Ok(medium.id.0),
        Err(MediaError::Refused(refusal)) => {
            let message = refusal
                .args()
                .into_iter()
                .fold(Message::new(refusal.key()), |m, (k, v)| m.with(k, v));
            Err(Ok(message))
        }
        Err(other) => Err(Err(Failure::internal(other))),
    }
}

/// The descriptions follow their photos when some were taken out.
fn renumbered(form: FormState, pieces: &[(i64, String)]) -> FormState {
    let mut form = form.without_prefix("alt-").without_prefix("remove");
    for (at, (_, alt)) in pieces.iter().enumerate() {
        form = form.with(&format!("alt-{}", at + 1), alt);
    }
    form
}

/// The post that the form describes, and what is already known to be wrong with it.
async fn read(
    ctx: &Ctx,
    commune: &Commune,
    sent: &Submitted,
    pieces: &[(i64, String)],
) -> Result<(NewPost, Vec<crate::model::PostRefusal>), Failure> {
    let mut refusals = Vec::new();
    let ids: Vec<MediaId> = pieces.iter().map(|(id, _)| MediaId(*id)).collect();
    let known = media::by_ids(&ctx.db, &ids).await?;
    let attachments = pieces
        .iter()
        .filter_map(|(id, alt)| {
            let medium = known.iter().find(|medium| medium.id.0 == *id)?;
            Some(NewAttachment {
                media_id: *id,
                alt: alt.clone(),
                is_image: medium.is_image(),
            })
        })
        .collect();
    let publication = if sent.get("action") == "draft" && sent.get("when") != "later" {
        Publication::Draft
    } else if sent.get("when") == "later" {
        match moment(sent.get("date"), sent.get("time"), commune.time_zone()) {
            Some(at) => Publication::At(at),
            None => {
                refusals.push(crate::model::PostRefusal::WhenImpossible);
                Publication::Draft
            }
        }
    } else {
        Publication::Now
    };
    let language = sent.get("language");
    let new = NewPost {
        title: sent.get("title").to_owned(),
        source: sent.get("source").to_owned(),
        summary: sent.get("summary").to_owned(),
        sensitive: sent.has("sensitive"),
        language: if LANGUAGES.contains(&language) {
            language.to_owned()
        } else {
            "fr".to_owned()
        },
        topic: Topic::from_code(sent.get("topic")),
        visibility: Visibility::from_code(sent.get("visibility")).unwrap_or(Visibility::Public),
        comment_mode: CommentMode::from_code(sent.get("comment_mode")).unwrap_or(CommentMode::Open),
        attachments,
        publication,
    };
    Ok((new, refusals))
}

/// The languages a town hall writes in.
const LANGUAGES: [&str; 14] = [
    "fr", "en", "br", "co", "oc", "eu", "ca", "gsw", "de", "it", "es", "pt", "ar", "gcf",
];

/// An instant from a date and a time on the spot; a time that a change of clocks skips is moved forward.
fn moment(date: &str, time: &str, zone: &str) -> Option<Timestamp> {
    let date: jiff::civil::Date = date.parse().ok()?;
    let time: jiff::civil::Time = jiff::civil::Time::strptime("%H:%M", time.get(..5).unwrap_or(time)).ok()?;
    Some(date.to_datetime(time).in_tz(zone).ok()?.timestamp().into())
}

#[expect(clippy::too_many_arguments, reason = "everything the page shows")]
async fn draw(
    ctx: &Ctx,
    visit: &Visit,
    commune: &Commune,
    author: &Author,
    post: Option<&Post>,
    form: FormState,
    media: Vec<i64>,
    preview: Option<Html>,
    status: StatusCode,
) -> Result<Response, Failure> {
    let key = if post.is_some() {
        "news-edit-title"
    } else {
        "news-new-title"
    };
    let mut page = commune::page_of(ctx, visit, commune, "news", ctx.words.t(visit.lang, key));
    page.noindex = true;
    page.in_error = form.has_errors();
    let label = page.t("news-nav");
    let page = page.back_to(label, commune.path());
    let ids: Vec<MediaId> = media.into_iter().map(MediaId).collect();
    let pieces = media::by_ids(&ctx.db, &ids)
        .await?
        .into_iter()
        .filter(|medium| medium.owner_id == author.office.id.0)
        .enumerate()
        .map(|(at, medium)| Piece {
            id: medium.id.0,
            number: at + 1,
            field: format!("alt-{}", at + 1),
            src: medium.thumb_address(),
            name: medium.file_name.clone(),
            is_image: medium.is_image(),
        })
        .collect();
    let action = match post {
        None => commune.below("actualites/nouvelle"),
        Some(post) => commune.below(&format!("actualites/{}/modifier", post.id)),
    };
    let word = |key: &str| page.t(key);
    let triple = |value: &str, key: &str| (value.to_owned(), word(key), word(&format!("{key}-help")));
    let shown = Compose {
        action,
        pieces,
        preview,
        preview_title: form.value("title"),
        published: post.is_some_and(|post| post.state == PostState::Published),
        delegated: author.delegated,
        byline: author.byline.clone(),
        remove_href: post
            .map(|post| commune.below(&format!("actualites/{}/supprimer", post.id)))
            .unwrap_or_default(),
        topics: std::iter::once((String::new(), word("news-topic-none")))
            .chain(Topic::ALL.iter().map(|topic| {
                (
                    topic.code().to_owned(),
                    word(&format!("news-topic-{}", topic.code())),
                )
            }))
            .collect(),
        languages: LANGUAGES
            .iter()
            .map(|code| ((*code).to_owned(), word(&format!("news-language-{code}"))))
            .collect(),
        modes: CommentMode::ALL
            .iter()
            .map(|mode| {
                (
                    mode.code().to_owned(),
                    word(&format!("news-comments-{}", mode.code().replace('_', "-"))),
                )
            })
            .collect(),
        visibilities: vec![
            triple("public", "news-visibility-public"),
            triple("unlisted", "news-visibility-unlisted"),
            triple("private", "news-visibility-private"),
            triple("residents", "news-visibility-residents"),
        ],
        moments: vec![triple("now", "news-when-now"), triple("later", "news-when-later")],
        most: MOST_ATTACHMENTS as i64,
        page,
        form,
    };
    html(status, &shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_on_the_spot() {
        let at = |date, time, zone| moment(date, time, zone).map(Timestamp::rfc3339);
        assert_eq!(
            at("2026-11-25", "07:30", "Europe/Paris").as_deref(),
            Some("2026-11-25T06:30:00.000Z")
        );
        assert_eq!(
            at("2026-11-25", "07:30:00", "Indian/Reunion").as_deref(),
            Some("2026-11-25T03:30:00.000Z")
        );
        // 2 h 30 does not exist on the night the clocks go forward.
        assert_eq!(
            at("2027-03-28", "02:30", "Europe/Paris").as_deref(),
            Some("2027-03-28T01:30:00.000Z")
        );
        assert_eq!(at("25/11/2026", "07:30", "Europe/Paris"), None);
        assert_eq!(at("2026-11-25", "7h30", "Europe/Paris"), None);
    }
}
