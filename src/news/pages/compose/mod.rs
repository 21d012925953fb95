//! The composer: writing, describing photos, choosing when.

mod form;
mod page;

use account::Citizen;
use axum::extract::{Path, State};
use axum::response::Response;
use commune::{Commune, CommuneRef};
use federation::Ctx;
use platform::Timestamp;
use platform::media::{self, MediaError, NewUpload};
use platform::web::{Failure, FlashKind, FormState, Message, Submitted, Upload, Visit, see_other};

use self::form::{blank, filled, kept_pieces, read, renumbered};
use super::{author, words};
use crate::actions::{self, PostError, Written};
use crate::author::Author;
use crate::model::{MOST_ATTACHMENTS, Post, PostId, PostRefusal, PostState};
use crate::store;

/// Somebody at the composer: who writes for which commune, and which post is changed.
struct Composer<'a> {
    ctx: &'a Ctx,
    visit: &'a Visit,
    commune: &'a Commune,
    author: &'a Author,
    post: Option<&'a Post>,
}

pub(super) async fn new(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
) -> Result<Response, Failure> {
    let author = author(&ctx, &citizen, &commune).await?;
    let composer = Composer {
        ctx: &ctx,
        visit: &visit,
        commune: &commune,
        author: &author,
        post: None,
    };
    composer.draw(blank(), &[], None).await
}

pub(super) async fn create(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    form: Submitted,
) -> Result<Response, Failure> {
    let author = author(&ctx, &citizen, &commune).await?;
    let composer = Composer {
        ctx: &ctx,
        visit: &visit,
        commune: &commune,
        author: &author,
        post: None,
    };
    composer.save(&form).await
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
    let mut form = filled(&post, commune.time_zone());
    let kept = store::attachments_of(&ctx.db, &[id]).await?;
    for (at, piece) in kept.iter().enumerate() {
        form = form.with(&format!("alt-{}", at + 1), &piece.alt);
    }
    let media: Vec<i64> = kept.iter().filter_map(|piece| piece.media_id).collect();
    let composer = Composer {
        ctx: &ctx,
        visit: &visit,
        commune: &commune,
        author: &author,
        post: Some(&post),
    };
    composer.draw(form, &media, None).await
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
    let composer = Composer {
        ctx: &ctx,
        visit: &visit,
        commune: &commune,
        author: &author,
        post: Some(&post),
    };
    composer.save(&form).await
}

async fn own(ctx: &Ctx, author: &Author, id: PostId) -> Result<Post, Failure> {
    let post = store::by_id(&ctx.db, id)
        .await?
        .filter(|post| post.state != PostState::Deleted);
    let post = post
        .filter(|post| post.local && post.actor_id == author.office.id)
        .ok_or_else(Failure::not_found)?;
    match post.state {
        PostState::Hidden => Err(PostError::from(PostRefusal::Moderated).into()),
        _ => Ok(post),
    }
}

impl Composer<'_> {
    /// Reads the form, takes the new files in, and does what the pressed button says.
    async fn save(&self, sent: &Submitted) -> Result<Response, Failure> {
        let mut form = sent.state();
        let mut pieces = kept_pieces(sent);
        let came = self.take_all(sent, &mut form, &mut pieces).await?;
        let (new, refusals) = read(self.ctx, self.commune, sent, &pieces).await?;
        let mut form = renumbered(form, &pieces);
        let media: Vec<i64> = pieces.iter().map(|(id, _)| *id).collect();
        let action = sent.get("action");
        // Who has just added photos is shown them, to describe them.
        if form.has_errors() || (came && action != "draft") || !matches!(action, "publish" | "draft") {
            let preview = if action == "preview" {
                Some(Written::of(self.ctx, &new).await?.html())
            } else {
                None
            };
            return self.draw(form, &media, preview).await;
        }
        let outcome = match self.post {
            _ if !refusals.is_empty() => {
                let mut all = refusals;
                all.extend(new.refusals(self.ctx.clock.now()));
                Err(PostError::Refused(all))
            }
            None => actions::publish_post(self.ctx, self.author, new).await,
            Some(post) => {
                let seen = sent.get("seen").parse().ok().map(Timestamp::from_millis);
                actions::edit_post(self.ctx, self.author, post.id, new, seen).await
            }
        };
        match outcome {
            Ok(saved) => Ok(self.done(&saved)),
            Err(PostError::Refused(refusals)) => {
                for refusal in refusals {
                    form.refuse(self.ctx, self.visit.lang, &refusal.field(), &words(refusal));
                }
                self.draw(form, &media, None).await
            }
            Err(PostError::Store(error)) => Err(error.into()),
        }
    }

    /// Takes the files of the form in; whether there were any.
    async fn take_all(
        &self,
        sent: &Submitted,
        form: &mut FormState,
        pieces: &mut Vec<(i64, String)>,
    ) -> Result<bool, Failure> {
        let mut came = false;
        for file in sent.files("files") {
            came = true;
            if pieces.len() >= MOST_ATTACHMENTS {
                let refusal = words(PostRefusal::TooManyAttachments);
                form.refuse(self.ctx, self.visit.lang, "files", &refusal);
                break;
            }
            match take(self.ctx, self.author, file).await? {
                Ok(id) => pieces.push((id, String::new())),
                Err(refusal) => form.refuse(self.ctx, self.visit.lang, "files", &refusal),
            }
        }
        Ok(came)
    }

    fn done(&self, saved: &Post) -> Response {
        let was_out = self.post.is_some_and(|post| post.state == PostState::Published);
        let (path, flash) = match saved.state {
            PostState::Published if was_out => (format!("actualites/{}", saved.id), "news-flash-edited"),
            PostState::Published => (format!("actualites/{}", saved.id), "news-flash-published"),
            PostState::Scheduled => ("actualites/brouillons".to_owned(), "news-flash-scheduled"),
            PostState::Draft | PostState::Hidden | PostState::Deleted => {
                ("actualites/brouillons".to_owned(), "news-flash-draft")
            }
        };
        see_other(
            self.ctx,
            &self.commune.below(&path),
            Some((FlashKind::Success, flash)),
        )
    }
}

/// Takes one file in; a refusal is words for the form.
async fn take(ctx: &Ctx, author: &Author, file: &Upload) -> Result<Result<i64, Message>, Failure> {
    let new = NewUpload {
        owner_id: author.office.id.0,
        bytes: file.bytes.clone(),
        file_name: file.file_name.clone(),
        alt: String::new(),
        fit: media::Fit::Whole,
        pictures_only: false,
    };
    match media::upload(ctx, new).await {
        Ok(medium) => Ok(Ok(medium.id.0)),
        Err(MediaError::Refused(refusal)) => {
            let words = Message::new(refusal.key());
            let words = refusal.args().into_iter().fold(words, |m, (k, v)| m.with(k, v));
            Ok(Err(words))
        }
        Err(other) => Err(Failure::internal(other)),
    }
}
