//! Writing, reading, editing and deleting a comment.

use account::{Citizen, Viewer};
use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use federation::Ctx;
use platform::text::Html;
use platform::web::{Failure, FlashKind, FormState, Page, Submitted, Visit, html, see_other};
use serde::Deserialize;

use super::place::Readable;
use super::talk::{FormView, form_of, rules_of};
use super::{Hats, brake, page_beside, readable, words};
use crate::actions::{self, Edit};
use crate::model::{COMMENTS, Comment, CommentId, CommentState, NewComment, Participant, Subject, Thing};
use crate::{DiscussionError, DiscussionRefusal, Subjects};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Answering {
    reponse: Option<CommentId>,
}

#[derive(Template)]
#[template(path = "discussion/write.html")]
struct WritePage {
    page: Page,
    form: FormState,
    view: FormView,
    action: String,
    back: String,
    /// What is answered: who, and the words.
    about: Option<(String, Html)>,
    excerpt: String,
    parent: String,
    as_office: bool,
    editing: bool,
    rules: String,
}

/// `GET /commenter/{kind}/{id}?reponse=…`
pub(super) async fn new(
    State(ctx): State<Ctx>,
    Extension(subjects): Extension<Subjects>,
    visit: Visit,
    citizen: Citizen,
    Readable(thing): Readable,
    Query(answering): Query<Answering>,
) -> Result<Response, Failure> {
    let viewer = Viewer::from(citizen);
    let subject = subject(thing)?;
    let form = FormState::default().with("comme", "mairie");
    draw_new(
        &ctx,
        &subjects,
        &visit,
        &viewer,
        &subject,
        (answering.reponse, form),
    )
    .await
}

/// Comments are written about subjects; an answer names the comment that it answers.
fn subject(thing: Thing) -> Result<Subject, Failure> {
    match thing {
        Thing::Subject(subject) => Ok(subject),
        Thing::Comment(..) => Err(Failure::not_found()),
    }
}

async fn draw_new(
    ctx: &Ctx,
    subjects: &Subjects,
    visit: &Visit,
    viewer: &Viewer,
    subject: &Subject,
    (parent, form): (Option<CommentId>, FormState),
) -> Result<Response, Failure> {
    let key = if parent.is_some() {
        "discussion-answer-title"
    } else {
        "discussion-write-title"
    };
    let (page, commune) = page_beside(ctx, visit, subject, key).await?;
    let view = form_of(ctx, viewer, commune.as_ref(), subject).await?;
    let about = match parent {
        Some(id) => match readable(ctx, subjects, viewer, COMMENTS, id.0).await? {
            Thing::Comment(comment, _) if comment.state == CommentState::Shown => {
                Some(quoted(ctx, &comment).await?)
            }
            _ => return Err(Failure::not_found()),
        },
        None => None,
    };
    let back = parent.map_or_else(|| subject.page.clone(), |id| format!("/commentaires/{id}"));
    let label = page.t("discussion-back");
    let status = form.status();
    let mut page = page.back_to(label, back.clone());
    page.in_error = form.has_errors();
    let shown = WritePage {
        action: view.action.clone(),
        as_office: form.value("comme") != "moi",
        rules: rules_of(commune.as_ref(), subject),
        excerpt: subject.excerpt.clone(),
        parent: parent.map_or_else(String::new, |id| id.to_string()),
        editing: false,
        page,
        form,
        view,
        back,
        about,
    };
    html(status, &shown)
}

async fn quoted(ctx: &Ctx, comment: &Comment) -> Result<(String, Html), Failure> {
    let author = federation::actors::by_id(ctx, comment.actor_id).await?;
    let name = author.map_or_else(String::new, |author| author.display_name().to_owned());
    Ok((name, Html::from_store(comment.html.clone())))
}

/// `POST /commenter/{kind}/{id}`
pub(super) async fn create(
    State(ctx): State<Ctx>,
    Extension(subjects): Extension<Subjects>,
    visit: Visit,
    citizen: Citizen,
    Readable(thing): Readable,
    sent: Submitted,
) -> Result<Response, Failure> {
    brake(&ctx, super::COMMENTS, &citizen)?;
    let viewer = Viewer::from(citizen.clone());
    let subject = subject(thing)?;
    let commune = super::commune_of(&ctx, subject.commune.as_deref()).await?;
    let hats = Hats::about(&ctx, &citizen, commune.as_ref(), &subject).await?;
    let by = hats.worn(sent.get("comme") == "mairie");
    let parent = match sent.get("parent") {
        "" => None,
        text => Some(text.parse().map_err(|_| Failure::not_found())?),
    };
    let new = NewComment {
        text: sent.raw("text").to_owned(),
        summary: sent.get("summary").to_owned(),
        language: language(&visit),
        parent,
    };
    match actions::comment(&ctx, &by, &subject, new).await {
        Ok(comment) => Ok(written(&ctx, &comment)),
        Err(DiscussionError::Refused(refusal)) if is_in_form(refusal) => {
            let mut form = sent.state();
            form.refuse(&ctx, visit.lang, field(refusal), &words(refusal));
            draw_new(&ctx, &subjects, &visit, &viewer, &subject, (parent, form)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Refusals that can be mended in the form, or explained above it.
const fn is_in_form(refusal: DiscussionRefusal) -> bool {
    matches!(
        refusal,
        DiscussionRefusal::Empty
            | DiscussionRefusal::TooLong
            | DiscussionRefusal::WarningTooLong
            | DiscussionRefusal::Closed
            | DiscussionRefusal::NotMember
            | DiscussionRefusal::PutOut
            | DiscussionRefusal::WouldLeave
    )
}

const fn field(refusal: DiscussionRefusal) -> &'static str {
    match refusal {
        DiscussionRefusal::Empty | DiscussionRefusal::TooLong => "text",
        DiscussionRefusal::WarningTooLong => "summary",
        _ => "",
    }
}

/// What people here write is in the language of the pages they read.
fn language(visit: &Visit) -> String {
    visit.lang.code().to_owned()
}

fn written(ctx: &Ctx, comment: &Comment) -> Response {
    let flash = if comment.state == CommentState::Held {
        (FlashKind::Information, "discussion-flash-held")
    } else {
        (FlashKind::Success, "discussion-flash-published")
    };
    see_other(ctx, &comment.page(), Some(flash))
}

/// A comment of the citizen's own or of her office, and the hat she wrote it with.
async fn own(
    ctx: &Ctx,
    subjects: &Subjects,
    citizen: &Citizen,
    id: CommentId,
) -> Result<(Comment, Subject, Participant), Failure> {
    let viewer = Viewer::from(citizen.clone());
    let Thing::Comment(comment, subject) = readable(ctx, subjects, &viewer, COMMENTS, id.0).await? else {
        return Err(Failure::not_found());
    };
    let commune = super::commune_of(ctx, subject.commune.as_deref()).await?;
    let hats = Hats::about(ctx, citizen, commune.as_ref(), &subject).await?;
    let by = hats
        .of_author(comment.actor_id)
        .ok_or_else(|| Failure::from(DiscussionError::from(DiscussionRefusal::NotYours)))?;
    Ok((comment, subject, by))
}

/// `GET /commentaires/{id}/modifier`
pub(super) async fn edit(
    State(ctx): State<Ctx>,
    Extension(subjects): Extension<Subjects>,
    visit: Visit,
    citizen: Citizen,
    Path(id): Path<CommentId>,
) -> Result<Response, Failure> {
    let (comment, subject, _) = own(&ctx, &subjects, &citizen, id).await?;
    if comment.state == CommentState::Hidden {
        return Err(DiscussionError::from(DiscussionRefusal::Moderated).into());
    }
    let form = FormState::default()
        .with("text", comment.source.clone().unwrap_or_default())
        .with("summary", &comment.summary);
    draw_edit(&ctx, &visit, &citizen, &comment, &subject, form).await
}

async fn draw_edit(
    ctx: &Ctx,
    visit: &Visit,
    citizen: &Citizen,
    comment: &Comment,
    subject: &Subject,
    form: FormState,
) -> Result<Response, Failure> {
    let (page, commune) = page_beside(ctx, visit, subject, "discussion-edit-title").await?;
    let viewer = Viewer::from(citizen.clone());
    let mut view = form_of(ctx, &viewer, commune.as_ref(), subject).await?;
    view.office = String::new();
    let label = page.t("discussion-back");
    let status = form.status();
    let mut page = page.back_to(label, comment.page());
    page.in_error = form.has_errors();
    let shown = WritePage {
        action: format!("/commentaires/{}/modifier", comment.id),
        back: comment.page(),
        about: None,
        excerpt: subject.excerpt.clone(),
        parent: String::new(),
        as_office: false,
        editing: true,
        rules: String::new(),
        page,
        form,
        view,
    };
    html(status, &shown)
}

/// `POST /commentaires/{id}/modifier`
pub(super) async fn update(
    State(ctx): State<Ctx>,
    Extension(subjects): Extension<Subjects>,
    visit: Visit,
    citizen: Citizen,
    Path(id): Path<CommentId>,
    sent: Submitted,
) -> Result<Response, Failure> {
    brake(&ctx, super::COMMENTS, &citizen)?;
    let (comment, subject, by) = own(&ctx, &subjects, &citizen, id).await?;
    let edit = Edit {
        text: sent.raw("text").to_owned(),
        summary: sent.get("summary").to_owned(),
        language: comment.language.clone(),
    };
    match actions::edit_comment(&ctx, &subjects, &by, id, edit).await {
        Ok(comment) => Ok(written(&ctx, &comment)),
        Err(DiscussionError::Refused(refusal)) if is_in_form(refusal) => {
            let mut form = sent.state();
            form.refuse(&ctx, visit.lang, field(refusal), &words(refusal));
            draw_edit(&ctx, &visit, &citizen, &comment, &subject, form).await
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "discussion/remove.html")]
struct RemovePage {
    page: Page,
    words: Html,
    action: String,
    back: String,
    left: bool,
}

/// `GET /commentaires/{id}/supprimer`
pub(super) async fn confirm(
    State(ctx): State<Ctx>,
    Extension(subjects): Extension<Subjects>,
    visit: Visit,
    citizen: Citizen,
    Path(id): Path<CommentId>,
) -> Result<Response, Failure> {
    let (comment, subject, _) = own(&ctx, &subjects, &citizen, id).await?;
    let (page, _) = page_beside(&ctx, &visit, &subject, "discussion-delete-title").await?;
    let shown = RemovePage {
        page,
        action: format!("/commentaires/{id}/supprimer"),
        back: comment.page(),
        left: comment.told_at.is_some(),
        words: Html::from_store(comment.html),
    };
    html(StatusCode::OK, &shown)
}

/// `POST /commentaires/{id}/supprimer`
pub(super) async fn remove(
    State(ctx): State<Ctx>,
    Extension(subjects): Extension<Subjects>,
    citizen: Citizen,
    Path(id): Path<CommentId>,
    _sent: Submitted,
) -> Result<Response, Failure> {
    let (_, subject, by) = own(&ctx, &subjects, &citizen, id).await?;
    actions::delete_comment(&ctx, &subjects, &by, id).await?;
    let flash = (FlashKind::Success, "discussion-flash-deleted");
    Ok(see_other(
        &ctx,
        &format!("{}#commentaires", subject.page),
        Some(flash),
    ))
}
