//! One thing on the moderation desk, and what is decided about it.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use platform::Timestamp;
use platform::text::Html;
use platform::web::{Failure, FlashKind, FormState, Page, Submitted, html, see_other};

use super::journal::DecisionView;
use super::place::{Place, Which};
use super::view::{AuthorView, offices};
use super::words;
use crate::actions::{self, case, flags_about, is_hidden};
use crate::model::{
    Attachment, COMMENTS, Comment, CommentId, CommentState, Deed, Flag, FlagCategory, Ruling, Target, Thing,
};
use crate::{DiscussionError, DiscussionRefusal};

/// A flag as moderators see it.
struct FlagView {
    category: String,
    text: String,
    by: String,
    at: Timestamp,
}

/// Whether a deed is open to this moderator, and what is said about that.
struct Say {
    allowed: bool,
    /// The key of a sentence; empty when there is nothing to say.
    note: String,
}

impl Say {
    fn of(ruling: Ruling) -> Self {
        Self {
            allowed: ruling.allowed().is_ok(),
            note: match ruling {
                Ruling::Free => String::new(),
                Ruling::Alone => "discussion-alone".to_owned(),
                Ruling::Barred(refusal) => format!("discussion-refused-{}", refusal.code()),
            },
        }
    }
}

#[derive(Template)]
#[template(path = "discussion/thing.html")]
struct ThingPage {
    page: Page,
    form: FormState,
    action: String,
    author: AuthorView,
    words: Html,
    language: String,
    /// The page of the thing; empty when it is not here.
    href: String,
    at: Option<Timestamp>,
    standing: &'static str,
    /// What hangs on a comment.
    pieces: Vec<Attachment>,
    is_there: bool,
    /// Whether she may show it again or uphold the decision.
    review: Say,
    /// Whether she may close the flags.
    dismissal: Say,
    flags: Vec<FlagView>,
    decisions: Vec<DecisionView>,
    grounds: Vec<(String, String)>,
    is_contested: bool,
}

/// `GET /{commune}/moderation/{kind}/{id}`; without a commune, what stands under none.
pub(super) async fn thing(place: Place, Path(which): Path<Which>) -> Result<Response, Failure> {
    place.show(&which.kind, which.id, FormState::default()).await
}

/// `POST /{commune}/moderation/{kind}/{id}`
pub(super) async fn decide(
    place: Place,
    Path(which): Path<Which>,
    sent: Submitted,
) -> Result<Response, Failure> {
    place.decide(&which.kind, which.id, &sent).await
}

impl Place {
    /// The thing, if it stands under this desk; and its kind as flags name it.
    async fn thing(&self, kind: &str, id: i64) -> Result<Option<Thing>, Failure> {
        let under = self.under();
        if !under.is_moderated_by(&self.by) {
            return Err(DiscussionError::from(DiscussionRefusal::NotModerator).into());
        }
        let Some(thing) = self.subjects.thing(&self.ctx, kind, id).await? else {
            return Ok(None);
        };
        if thing.subject().under().key() != under.key() {
            return Err(Failure::not_found());
        }
        // A draft is nobody's to moderate.
        let is_out = match &thing {
            Thing::Subject(subject) => subject.open || is_hidden(&self.ctx, &thing).await?,
            Thing::Comment(..) => true,
        };
        Ok(Some(thing).filter(|_| is_out))
    }

    async fn show(&self, kind: &str, id: i64, form: FormState) -> Result<Response, Failure> {
        let thing = self.thing(kind, id).await?;
        let under = self.under();
        let code = under.key();
        let (flags, decisions) = flags_about(&self.ctx, flag_kind(kind), id, code.as_deref()).await?;
        if thing.is_none() && flags.is_empty() && decisions.is_empty() {
            return Err(Failure::not_found());
        }
        let path = self.path();
        let page = self.page("discussion-thing-title");
        let label = page.t("discussion-desk-title");
        let mut page = page.back_to(label, path.clone());
        page.in_error = form.has_errors();
        let target = Target {
            kind: self.subjects.kind(kind).unwrap_or_default(),
            id,
        };
        let case = case(&self.ctx, &self.by, target, thing.as_ref(), &under).await?;
        let comment = thing.as_ref().and_then(Thing::comment);
        let shown = ThingPage {
            action: format!("{path}/{kind}/{id}"),
            author: self.author(thing.as_ref()).await?,
            words: words_of(thing.as_ref()),
            pieces: self.pieces(comment).await?,
            language: comment.map_or_else(|| "fr".to_owned(), |comment| comment.language.clone()),
            href: thing.as_ref().map_or_else(String::new, Thing::page),
            at: comment.map(|comment| comment.created_at),
            standing: standing(thing.as_ref()),
            is_there: thing.is_some(),
            review: Say::of(case.review()),
            dismissal: Say::of(case.dismissal()),
            flags: self.flags(&page, flags).await?,
            is_contested: decisions
                .first()
                .is_some_and(|last| last.deed == Deed::Hide && last.appeal.is_some()),
            decisions: decisions
                .iter()
                .map(|decision| DecisionView::of(&page, decision))
                .collect(),
            grounds: grounds(&page),
            page,
            form,
        };
        html(shown.form.status(), &shown)
    }

    /// What hangs on a comment, as links: here a moderator sees what nobody sees yet.
    async fn pieces(&self, comment: Option<&Comment>) -> Result<Vec<Attachment>, Failure> {
        let Some(comment) = comment.filter(|comment| comment.state != CommentState::Deleted) else {
            return Ok(Vec::new());
        };
        let mut all = actions::attachments(&self.ctx, &[comment.id]).await?;
        Ok(all.remove(&comment.id).unwrap_or_default())
    }

    async fn author(&self, thing: Option<&Thing>) -> Result<AuthorView, Failure> {
        let Some(thing) = thing else {
            return Ok(AuthorView::default());
        };
        let Some(author) = federation::actors::by_id(&self.ctx, thing.author_id()).await? else {
            return Ok(AuthorView::default());
        };
        let offices = offices(&self.ctx, &[&author]).await?;
        Ok(AuthorView::of(&author, &offices))
    }

    async fn flags(&self, page: &Page, flags: Vec<Flag>) -> Result<Vec<FlagView>, Failure> {
        let reporters: Vec<_> = flags.iter().filter_map(|flag| flag.reporter_id).collect();
        let people = federation::actors::by_ids(&self.ctx, &reporters).await?;
        Ok(flags
            .into_iter()
            .map(|flag| {
                let person = people.iter().find(|person| Some(person.id) == flag.reporter_id);
                FlagView {
                    category: page.t(&format!("discussion-flag-{}", flag.category.code())),
                    by: match (person, flag.reporter_name) {
                        (Some(person), _) if person.local => page.t("discussion-by-account"),
                        (Some(person), _) => page.ta("discussion-by-server", &[("host", &person.host)]),
                        (None, Some(name)) => page.ta("discussion-by-notice", &[("name", &name)]),
                        (None, None) => page.t("discussion-by-nobody"),
                    },
                    text: flag.text,
                    at: flag.created_at,
                }
            })
            .collect())
    }

    async fn decide(&self, kind: &str, id: i64, sent: &Submitted) -> Result<Response, Failure> {
        let thing = self.thing(kind, id).await?;
        match self.deed(kind, id, thing.as_ref(), sent).await {
            Ok(flash) => Ok(see_other(
                &self.ctx,
                &self.path(),
                Some((FlashKind::Success, flash)),
            )),
            Err(DiscussionError::Refused(
                refusal @ (DiscussionRefusal::NoReason | DiscussionRefusal::TooLong),
            )) => {
                let field = match sent.get("deed") {
                    "hide" => "reason-hide",
                    "restore" => "reason-restore",
                    _ => "reason-dismiss",
                };
                let mut form = sent.state();
                form.refuse(&self.ctx, self.visit.lang, field, &words(refusal));
                self.show(kind, id, form).await
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn deed(
        &self,
        kind: &str,
        id: i64,
        thing: Option<&Thing>,
        sent: &Submitted,
    ) -> Result<&'static str, DiscussionError> {
        let missing = || DiscussionError::from(DiscussionRefusal::Missing);
        match sent.get("deed") {
            "approve" if kind == COMMENTS => {
                actions::approve(&self.ctx, &self.subjects, &self.by, CommentId(id)).await?;
                Ok("discussion-flash-approved")
            }
            "hide" => {
                let thing = thing.ok_or_else(missing)?;
                let ground =
                    FlagCategory::from_code(sent.get("ground")).ok_or(DiscussionRefusal::NoGround)?;
                let reason = sent.get("reason-hide");
                actions::hide(&self.ctx, &self.subjects, &self.by, thing, ground, reason).await?;
                Ok("discussion-flash-hidden")
            }
            "restore" => {
                let thing = thing.ok_or_else(missing)?;
                let reason = sent.get("reason-restore");
                actions::restore(&self.ctx, &self.subjects, &self.by, thing, reason).await?;
                Ok("discussion-flash-restored")
            }
            "dismiss" => {
                let kind = self.subjects.kind(kind).unwrap_or_default();
                let target = Target { kind, id };
                let under = self.under();
                let reason = sent.get("reason-dismiss");
                actions::dismiss(&self.ctx, &self.subjects, &self.by, target, &under, reason).await?;
                Ok("discussion-flash-dismissed")
            }
            _ => Err(missing()),
        }
    }
}

fn grounds(page: &Page) -> Vec<(String, String)> {
    FlagCategory::ALL
        .into_iter()
        .map(|ground| {
            let code = ground.code();
            (code.to_owned(), page.t(&format!("discussion-flag-{code}")))
        })
        .collect()
}

/// In addresses a flag about nothing known has a word where others have their kind.
fn flag_kind(kind: &str) -> &str {
    if kind == "rien" { "" } else { kind }
}

fn words_of(thing: Option<&Thing>) -> Html {
    match thing {
        Some(Thing::Comment(comment, _)) => Html::from_store(comment.html.clone()),
        Some(Thing::Subject(subject)) => Html::paragraph(&subject.excerpt),
        None => Html::default(),
    }
}

fn standing(thing: Option<&Thing>) -> &'static str {
    match thing {
        Some(Thing::Comment(comment, _)) => match comment.state {
            CommentState::Shown => "shown",
            CommentState::Held => "held",
            CommentState::Hidden => "hidden",
            CommentState::Deleted => "deleted",
        },
        Some(Thing::Subject(subject)) if subject.open => "shown",
        Some(Thing::Subject(_)) => "hidden",
        None => "deleted",
    }
}
