//! One thing on the moderation desk, and what is decided about it.

use account::Citizen;
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use commune::{Commune, CommuneRef};
use federation::Ctx;
use platform::Timestamp;
use platform::text::Html;
use platform::web::{Failure, FlashKind, FormState, Page, Submitted, Visit, html, see_other};

use super::desk::{desk_path, page_of};
use super::journal::DecisionView;
use super::view::{AuthorView, offices};
use super::words;
use crate::actions::{self, flags_about};
use crate::model::{COMMENTS, CommentId, CommentState, Deed, Flag, FlagCategory, Participant, Target, Thing};
use crate::{DiscussionError, DiscussionRefusal, Subjects};

/// A flag as moderators see it.
struct FlagView {
    category: String,
    text: String,
    by: String,
    at: Timestamp,
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
    may_hide: bool,
    flags: Vec<FlagView>,
    decisions: Vec<DecisionView>,
    grounds: Vec<(String, String)>,
    is_contested: bool,
}

/// `GET /{commune}/moderation/{kind}/{id}`
pub(super) async fn thing(
    State(ctx): State<Ctx>,
    Extension(subjects): Extension<Subjects>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Path((_, kind, id)): Path<(String, String, i64)>,
) -> Result<Response, Failure> {
    let place = Place {
        ctx: &ctx,
        subjects: &subjects,
        visit: &visit,
        by: Participant::from(&*citizen),
        commune: Some(&commune),
    };
    place.show(&kind, id, FormState::default()).await
}

/// `GET /moderation/{kind}/{id}`
pub(super) async fn thing_of_nobody(
    State(ctx): State<Ctx>,
    Extension(subjects): Extension<Subjects>,
    visit: Visit,
    citizen: Citizen,
    Path((kind, id)): Path<(String, i64)>,
) -> Result<Response, Failure> {
    let place = Place {
        ctx: &ctx,
        subjects: &subjects,
        visit: &visit,
        by: Participant::from(&*citizen),
        commune: None,
    };
    place.show(&kind, id, FormState::default()).await
}

/// `POST /{commune}/moderation/{kind}/{id}`
pub(super) async fn decide(
    State(ctx): State<Ctx>,
    Extension(subjects): Extension<Subjects>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Path((_, kind, id)): Path<(String, String, i64)>,
    sent: Submitted,
) -> Result<Response, Failure> {
    let place = Place {
        ctx: &ctx,
        subjects: &subjects,
        visit: &visit,
        by: Participant::from(&*citizen),
        commune: Some(&commune),
    };
    place.decide(&kind, id, &sent).await
}

/// `POST /moderation/{kind}/{id}`
pub(super) async fn decide_for_nobody(
    State(ctx): State<Ctx>,
    Extension(subjects): Extension<Subjects>,
    visit: Visit,
    citizen: Citizen,
    Path((kind, id)): Path<(String, i64)>,
    sent: Submitted,
) -> Result<Response, Failure> {
    let place = Place {
        ctx: &ctx,
        subjects: &subjects,
        visit: &visit,
        by: Participant::from(&*citizen),
        commune: None,
    };
    place.decide(&kind, id, &sent).await
}

/// A desk with somebody at it.
struct Place<'a> {
    ctx: &'a Ctx,
    subjects: &'a Subjects,
    visit: &'a Visit,
    by: Participant,
    commune: Option<&'a Commune>,
}

impl Place<'_> {
    fn code(&self) -> Option<String> {
        self.commune.map(|commune| commune.code.to_string())
    }

    /// The thing, if it stands under this desk; and its kind as flags name it.
    async fn thing(&self, kind: &str, id: i64) -> Result<Option<Thing>, Failure> {
        let code = self.code();
        if !self.by.may_moderate(code.as_deref()) {
            return Err(DiscussionError::from(DiscussionRefusal::NotModerator).into());
        }
        let thing = self.subjects.thing(self.ctx, kind, id).await?;
        match thing {
            Some(thing) if thing.commune() != code.as_deref() => Err(Failure::not_found()),
            thing => Ok(thing),
        }
    }

    async fn show(&self, kind: &str, id: i64, form: FormState) -> Result<Response, Failure> {
        let thing = self.thing(kind, id).await?;
        let code = self.code();
        let (flags, decisions) = flags_about(self.ctx, flag_kind(kind), id, code.as_deref()).await?;
        if thing.is_none() && flags.is_empty() && decisions.is_empty() {
            return Err(Failure::not_found());
        }
        let page = page_of(self.ctx, self.visit, self.commune, "discussion-thing-title");
        let label = page.t("discussion-desk-title");
        let path = desk_path(self.commune);
        let mut page = page.back_to(label, path.clone());
        page.in_error = form.has_errors();
        let status = if form.has_errors() {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::OK
        };
        let shown = ThingPage {
            action: format!("{path}/{kind}/{id}"),
            author: self.author(thing.as_ref()).await?,
            words: words_of(thing.as_ref()),
            language: thing
                .as_ref()
                .and_then(Thing::comment)
                .map_or_else(|| "fr".to_owned(), |comment| comment.language.clone()),
            href: thing.as_ref().map_or_else(String::new, Thing::page),
            at: thing
                .as_ref()
                .and_then(Thing::comment)
                .map(|comment| comment.created_at),
            standing: standing(thing.as_ref()),
            may_hide: thing.as_ref().is_some_and(|thing| {
                thing.comment().is_some() || self.subjects.can_hide(thing.target().kind)
            }),
            flags: self.flags(&page, flags).await?,
            is_contested: decisions
                .first()
                .is_some_and(|last| last.deed == Deed::Hide && last.appeal.is_some()),
            decisions: decisions
                .iter()
                .map(|decision| DecisionView::of(&page, decision))
                .collect(),
            grounds: FlagCategory::ALL
                .into_iter()
                .map(|ground| {
                    let code = ground.code();
                    (code.to_owned(), page.t(&format!("discussion-flag-{code}")))
                })
                .collect(),
            page,
            form,
        };
        html(status, &shown)
    }

    async fn author(&self, thing: Option<&Thing>) -> Result<AuthorView, Failure> {
        let Some(thing) = thing else {
            return Ok(AuthorView::default());
        };
        let Some(author) = federation::actors::by_id(self.ctx, thing.author_id()).await? else {
            return Ok(AuthorView::default());
        };
        let offices = offices(self.ctx, &[&author]).await?;
        Ok(AuthorView::of(&author, &offices))
    }

    async fn flags(&self, page: &Page, flags: Vec<Flag>) -> Result<Vec<FlagView>, Failure> {
        let reporters: Vec<_> = flags.iter().filter_map(|flag| flag.reporter_id).collect();
        let people = federation::actors::by_ids(self.ctx, &reporters).await?;
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
            Ok(flash) => {
                let path = desk_path(self.commune);
                Ok(see_other(self.ctx, &path, Some((FlashKind::Success, flash))))
            }
            Err(DiscussionError::Refused(
                refusal @ (DiscussionRefusal::NoReason | DiscussionRefusal::TooLong),
            )) => {
                let field = match sent.get("deed") {
                    "hide" => "reason-hide",
                    "restore" => "reason-restore",
                    _ => "reason-dismiss",
                };
                let mut form = sent.state();
                form.refuse(self.ctx, self.visit.lang, field, &words(refusal));
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
                actions::approve(self.ctx, self.subjects, &self.by, CommentId(id)).await?;
                Ok("discussion-flash-approved")
            }
            "hide" => {
                let thing = thing.ok_or_else(missing)?;
                let ground = FlagCategory::from_code(sent.get("ground")).unwrap_or(FlagCategory::Other);
                let reason = sent.get("reason-hide");
                actions::hide(self.ctx, self.subjects, &self.by, thing, ground, reason).await?;
                Ok("discussion-flash-hidden")
            }
            "restore" => {
                let thing = thing.ok_or_else(missing)?;
                let reason = sent.get("reason-restore");
                actions::restore(self.ctx, self.subjects, &self.by, thing, reason).await?;
                Ok("discussion-flash-restored")
            }
            "dismiss" => {
                let target = Target {
                    kind: self.subjects.kind(kind).unwrap_or(""),
                    id,
                };
                let code = self.code();
                let reason = sent.get("reason-dismiss");
                actions::dismiss(self.ctx, &self.by, target, code.as_deref(), reason).await?;
                Ok("discussion-flash-dismissed")
            }
            _ => Err(missing()),
        }
    }
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
