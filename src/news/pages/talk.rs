//! What people do around a post: comments, likes, shares, the red flag. The rules are `discussion`'s.

use account::{Citizen, Right, Viewer};
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use discussion::actions::{self, DiscussionError, Entry, Standing, Thread};
use discussion::model::NewFlag;
use discussion::{CommentId, FlagCategory, NewComment, Participant, Subject, Subjects, Thing};
use federation::Ctx;
use platform::text::Html;
use platform::web::{Failure, FlashKind, FormState, Message, Page, Submitted, Visit, html, see_other};
use serde::Deserialize;

use super::commune_of;
use crate::owner::Posts;

pub(super) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/discussion/{kind}/{id}/aimer", post(like))
        .route("/discussion/{kind}/{id}/partager", post(share))
        .route("/discussion/{kind}/{id}/repondre", get(reply).post(answer))
        .route("/discussion/{kind}/{id}/signaler", get(flag).post(send_flag))
        .route("/discussion/comments/{id}/supprimer", post(remove))
        .route("/commentaires/{id}", get(permalink))
}

/// Which part of the comments is wanted.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ThreadPage {
    pub(super) apres: Option<i64>,
}

/// A comment as the template sees it.
pub(super) struct Voice {
    pub(super) entry: Entry,
    pub(super) name: String,
    pub(super) href: String,
    pub(super) avatar: String,
    pub(super) official: bool,
    pub(super) guest: Option<String>,
    pub(super) html: Html,
    pub(super) reason: String,
}

/// A comment and the answers under it.
pub(super) struct Talk {
    pub(super) root: Voice,
    pub(super) answers: Vec<Voice>,
    pub(super) more: i64,
}

/// Everything under a post.
pub(super) struct Discussion {
    pub(super) talks: Vec<Talk>,
    pub(super) total: i64,
    pub(super) next: String,
    pub(super) subject: i64,
    pub(super) closed: bool,
    pub(super) signed_in: bool,
    pub(super) office: Option<String>,
    pub(super) form: FormState,
}

/// The comments of a post, with the form.
pub(super) async fn thread(
    ctx: &Ctx,
    viewer: &Viewer,
    subject: &Subject,
    wanted: &ThreadPage,
) -> Result<Discussion, Failure> {
    let reader = viewer.citizen().map(|citizen| Participant::from(&**citizen));
    let found = actions::thread(ctx, reader.as_ref(), subject, wanted.apres.map(CommentId)).await?;
    let Thread {
        branches,
        total,
        next,
        ..
    } = found;
    let rule = match &subject.commune {
        Some(code) => actions::rule(ctx, code).await?,
        None => subject.mode,
    };
    let closed = rule.stricter(subject.mode) == discussion::CommentMode::Off;
    let talks = branches
        .into_iter()
        .map(|branch| Talk {
            root: voice(branch.root),
            answers: branch.answers.into_iter().map(voice).collect(),
            more: branch.more,
        })
        .collect();
    Ok(Discussion {
        talks,
        total,
        next: next
            .map(|next| format!("{}?apres={next}#commentaires", subject.page))
            .unwrap_or_default(),
        subject: subject.target.id,
        closed,
        signed_in: viewer.is_signed_in(),
        office: office_name(ctx, viewer, subject).await?,
        form: FormState::default(),
    })
}

async fn office_name(ctx: &Ctx, viewer: &Viewer, subject: &Subject) -> Result<Option<String>, Failure> {
    let Some(code) = &subject.commune else {
        return Ok(None);
    };
    let Some(commune) = commune_of(ctx, code).await? else {
        return Ok(None);
    };
    let Some(acting) = viewer.acting_for(Right::News, &commune) else {
        return Ok(None);
    };
    let office = federation::actors::by_id(ctx, acting.actor).await?;
    Ok(office.map(|office| office.display_name().to_owned()))
}

fn voice(entry: Entry) -> Voice {
    let author = entry.author.as_ref();
    let official = author.is_some_and(|actor| actor.local && entry.by_subject_author);
    let reason = match &entry.standing {
        Standing::Hidden(Some(decision)) | Standing::Removed(Some(decision)) => decision.reason.clone(),
        _ => String::new(),
    };
    Voice {
        name: author
            .map(|actor| actor.display_name().to_owned())
            .unwrap_or_default(),
        href: author
            .filter(|actor| !actor.local)
            .map(|actor| actor.page().to_owned())
            .unwrap_or_default(),
        avatar: match author {
            Some(actor) if official || !actor.local => {
                if official {
                    String::new()
                } else {
                    format!("/carreaux/{}.svg", actor.id)
                }
            }
            Some(actor) => account::avatar(actor),
            None => String::new(),
        },
        guest: author
            .filter(|actor| !actor.local)
            .map(federation::Actor::full_handle),
        html: Html::from_store(entry.comment.html.clone()),
        official,
        reason,
        entry,
    }
}

impl Voice {
    pub(super) fn shown(&self) -> bool {
        self.entry.standing.has_words()
    }
    pub(super) fn waits(&self) -> bool {
        self.entry.standing == Standing::Waiting
    }
    pub(super) fn hidden(&self) -> bool {
        matches!(self.entry.standing, Standing::Hidden(_))
    }
    pub(super) fn removed(&self) -> bool {
        matches!(self.entry.standing, Standing::Removed(_))
    }
}

fn subjects() -> Subjects {
    Subjects::new(vec![Box::new(Posts)])
}

/// The thing at an address, if this person may read it.
async fn thing(ctx: &Ctx, by: &Participant, kind: &str, id: i64) -> Result<Thing, Failure> {
    let found = subjects()
        .thing(ctx, kind, id)
        .await?
        .ok_or_else(Failure::not_found)?;
    if !actions::may_read_thing(ctx, Some(by), &found).await? {
        return Err(Failure::not_found());
    }
    Ok(found)
}

/// Who acts: herself, or the office when she asked for it and may.
async fn participant(
    ctx: &Ctx,
    citizen: &Citizen,
    thing: &Thing,
    as_office: bool,
) -> Result<Participant, Failure> {
    if as_office {
        if let Some(commune) = match thing.commune() {
            Some(code) => commune_of(ctx, code).await?,
            None => None,
        } {
            let acting = citizen
                .acting_for(Right::News, &commune)
                .ok_or_else(Failure::forbidden)?;
            let office = federation::actors::by_id(ctx, acting.actor)
                .await?
                .ok_or_else(Failure::forbidden)?;
            return Ok(Participant::for_office(citizen, &commune, office));
        }
    }
    Ok(Participant::from(&**citizen))
}

fn words(error: &DiscussionError) -> Option<Message> {
    match error {
        DiscussionError::Refused(refusal) => Some(Message::new(format!("news-talk-{}", refusal.code()))),
        DiscussionError::Store(_) => None,
    }
}

fn failure(error: DiscussionError) -> Failure {
    match words(&error) {
        Some(message) => Failure::unprocessable("refused", message),
        None => match error {
            DiscussionError::Store(error) => error.into(),
            DiscussionError::Refused(_) => Failure::internal("a refusal without words"),
        },
    }
}

fn back(ctx: &Ctx, thing: &Thing, flash: Option<&'static str>) -> Response {
    let page = match thing.comment() {
        Some(comment) => format!("{}#commentaire-{}", thing.subject().page, comment.id),
        None => thing.subject().page.clone(),
    };
    see_other(ctx, &page, flash.map(|key| (FlashKind::Success, key)))
}

async fn like(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    Path((kind, id)): Path<(String, i64)>,
    form: Submitted,
) -> Result<Response, Failure> {
    let by = Participant::from(&*citizen);
    let thing = thing(&ctx, &by, &kind, id).await?;
    if form.get("on") == "0" {
        actions::unlike(&ctx, &by, &thing).await.map_err(failure)?;
    } else {
        actions::like(&ctx, &by, &thing).await.map_err(failure)?;
    }
    Ok(back(&ctx, &thing, None))
}

async fn share(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    Path((kind, id)): Path<(String, i64)>,
    form: Submitted,
) -> Result<Response, Failure> {
    let by = Participant::from(&*citizen);
    let thing = thing(&ctx, &by, &kind, id).await?;
    if form.get("on") == "0" {
        actions::unshare(&ctx, &by, &thing).await.map_err(failure)?;
        return Ok(back(&ctx, &thing, Some("news-flash-unshared")));
    }
    actions::share(&ctx, &by, &thing).await.map_err(failure)?;
    Ok(back(&ctx, &thing, Some("news-flash-shared")))
}

#[derive(Template)]
#[template(path = "news/reply.html")]
struct ReplyPage {
    page: Page,
    form: FormState,
    action: String,
    quoted: Html,
    office: Option<String>,
}

async fn reply(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    Path((kind, id)): Path<(String, i64)>,
) -> Result<Response, Failure> {
    let by = Participant::from(&*citizen);
    let thing = thing(&ctx, &by, &kind, id).await?;
    draw_reply(
        &ctx,
        &visit,
        &citizen,
        &thing,
        FormState::default(),
        StatusCode::OK,
    )
    .await
}

async fn draw_reply(
    ctx: &Ctx,
    visit: &Visit,
    citizen: &Citizen,
    thing: &Thing,
    form: FormState,
    status: StatusCode,
) -> Result<Response, Failure> {
    let key = if thing.comment().is_some() {
        "news-reply-title"
    } else {
        "news-comment-title"
    };
    let mut page = page_around(ctx, visit, thing, key).await?;
    page.in_error = form.has_errors();
    let target = thing.target();
    let viewer = Viewer::from(citizen.clone());
    let shown = ReplyPage {
        page,
        form,
        action: format!("/discussion/{}/{}/repondre", target.kind, target.id),
        quoted: thing
            .comment()
            .map(|comment| Html::from_store(comment.html.clone()))
            .unwrap_or_default(),
        office: office_name(ctx, &viewer, thing.subject()).await?,
    };
    html(status, &shown)
}

async fn page_around(ctx: &Ctx, visit: &Visit, thing: &Thing, key: &str) -> Result<Page, Failure> {
    let title = ctx.words.t(visit.lang, key);
    let commune = match thing.commune() {
        Some(code) => commune_of(ctx, code).await?,
        None => None,
    };
    let mut page = match &commune {
        Some(commune) => commune::page_of(ctx, visit, commune, "news", title),
        None => Page::new(ctx, visit, title),
    };
    page.noindex = true;
    let label = page.t("news-back-to-post");
    Ok(page.back_to(label, thing.subject().page.clone()))
}

async fn answer(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    Path((kind, id)): Path<(String, i64)>,
    form: Submitted,
) -> Result<Response, Failure> {
    let herself = Participant::from(&*citizen);
    let thing = thing(&ctx, &herself, &kind, id).await?;
    let by = participant(&ctx, &citizen, &thing, form.get("as") == "office").await?;
    let mut new = NewComment::new(form.get("text"));
    new.parent = thing.comment().map(|comment| comment.id);
    match actions::comment(&ctx, &by, thing.subject(), new).await {
        Ok(comment) => {
            let held = comment.state == discussion::CommentState::Held;
            let page = format!("{}#commentaire-{}", thing.subject().page, comment.id);
            let flash = if held {
                "news-flash-comment-held"
            } else {
                "news-flash-comment"
            };
            Ok(see_other(&ctx, &page, Some((FlashKind::Success, flash))))
        }
        Err(error) => {
            let Some(message) = words(&error) else {
                return Err(failure(error));
            };
            let mut state = form.state();
            state.refuse(&ctx, visit.lang, "text", &message);
            draw_reply(
                &ctx,
                &visit,
                &citizen,
                &thing,
                state,
                StatusCode::UNPROCESSABLE_ENTITY,
            )
            .await
        }
    }
}

async fn remove(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    Path(id): Path<i64>,
    form: Submitted,
) -> Result<Response, Failure> {
    let herself = Participant::from(&*citizen);
    let thing = thing(&ctx, &herself, "comments", id).await?;
    let by = participant(&ctx, &citizen, &thing, form.get("as") == "office").await?;
    actions::delete_comment(&ctx, &subjects(), &by, CommentId(id))
        .await
        .map_err(failure)?;
    Ok(see_other(
        &ctx,
        &thing.subject().page,
        Some((FlashKind::Success, "news-flash-comment-removed")),
    ))
}

#[derive(Template)]
#[template(path = "news/flag.html")]
struct FlagPage {
    page: Page,
    form: FormState,
    action: String,
    quoted: Html,
    categories: Vec<(String, String, String)>,
}

async fn flag(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    Path((kind, id)): Path<(String, i64)>,
) -> Result<Response, Failure> {
    let by = Participant::from(&*citizen);
    let thing = thing(&ctx, &by, &kind, id).await?;
    draw_flag(
        &ctx,
        &visit,
        &thing,
        FormState::default().with("category", "abuse"),
        StatusCode::OK,
    )
    .await
}

async fn draw_flag(
    ctx: &Ctx,
    visit: &Visit,
    thing: &Thing,
    form: FormState,
    status: StatusCode,
) -> Result<Response, Failure> {
    let mut page = page_around(ctx, visit, thing, "news-flag-title").await?;
    page.in_error = form.has_errors();
    let target = thing.target();
    let categories = FlagCategory::ALL
        .iter()
        .map(|one| {
            (
                one.code().to_owned(),
                page.t(&format!("news-flag-{}", one.code())),
                String::new(),
            )
        })
        .collect();
    let quoted = thing.comment().map_or_else(
        || Html::paragraph(&thing.subject().excerpt),
        |comment| Html::from_store(comment.html.clone()),
    );
    let action = format!("/discussion/{}/{}/signaler", target.kind, target.id);
    html(
        status,
        &FlagPage {
            page,
            form,
            action,
            quoted,
            categories,
        },
    )
}

async fn send_flag(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    Path((kind, id)): Path<(String, i64)>,
    form: Submitted,
) -> Result<Response, Failure> {
    let by = Participant::from(&*citizen);
    let thing = thing(&ctx, &by, &kind, id).await?;
    let new = NewFlag {
        category: FlagCategory::from_code(form.get("category")).unwrap_or(FlagCategory::Other),
        text: form.get("text").to_owned(),
        forward: false,
    };
    match actions::flag(&ctx, &by, &thing, new).await {
        Ok(()) => Ok(back(&ctx, &thing, Some("news-flash-flagged"))),
        Err(error) => {
            let Some(message) = words(&error) else {
                return Err(failure(error));
            };
            let mut state = form.state();
            state.refuse(&ctx, visit.lang, "text", &message);
            draw_flag(&ctx, &visit, &thing, state, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// The place of a comment on the page of what it is about.
async fn permalink(State(ctx): State<Ctx>, viewer: Viewer, Path(id): Path<i64>) -> Result<Response, Failure> {
    let reader = viewer.citizen().map(|citizen| Participant::from(&**citizen));
    let found = subjects()
        .thing(&ctx, "comments", id)
        .await?
        .ok_or_else(Failure::not_found)?;
    if !actions::may_read_thing(&ctx, reader.as_ref(), &found).await? {
        return Err(Failure::not_found());
    }
    Ok(back(&ctx, &found, None))
}
