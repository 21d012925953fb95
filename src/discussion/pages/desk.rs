//! The moderation desk of a commune, one thing on it, and the public log.

use account::{Citizen, Viewer};
use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use commune::{Commune, CommuneRef};
use federation::Ctx;
use platform::Timestamp;
use platform::store::Paging;
use platform::text::Html;
use platform::web::{Failure, FlashKind, FormState, Message, Page, Submitted, Visit, html, see_other};
use serde::Deserialize;

use super::view::{AuthorView, offices};
use super::words;
use crate::actions::{self, Flagged, flags_about};
use crate::model::{
    COMMENTS, Comment, CommentId, CommentMode, CommentState, Decision, Deed, Flag, FlagCategory, Participant,
    Target, Thing,
};
use crate::{DiscussionError, DiscussionRefusal, Subjects};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct After {
    signales: i64,
    retenus: i64,
}

/// Something on the desk.
struct Item {
    href: String,
    kind: String,
    author: String,
    excerpt: String,
    at: Option<Timestamp>,
    /// Flags by ground: words and how many.
    flags: Vec<(String, i64)>,
    /// A held comment can be let through at once.
    approve: bool,
}

#[derive(Template)]
#[template(path = "discussion/desk.html")]
struct DeskPage {
    page: Page,
    contested: Vec<Item>,
    flagged: Vec<Item>,
    held: Vec<Item>,
    next_flagged: Option<String>,
    next_held: Option<String>,
    journal: String,
    /// The rule for comments, as a form; without modes there is none.
    rule_action: String,
    rule_form: FormState,
    modes: Vec<(String, String, String)>,
}

fn desk_path(commune: Option<&Commune>) -> String {
    commune.map_or_else(|| "/moderation".to_owned(), |commune| commune.below("moderation"))
}

fn page_of(ctx: &Ctx, visit: &Visit, commune: Option<&Commune>, key: &str) -> Page {
    let title = ctx.words.t(visit.lang, key);
    let mut page = match commune {
        Some(commune) => commune::page_of(ctx, visit, commune, "moderation", title),
        None => Page::new(ctx, visit, title),
    };
    page.noindex = true;
    page
}

/// `GET /{commune}/moderation`
pub(super) async fn index(
    State(ctx): State<Ctx>,
    Extension(subjects): Extension<Subjects>,
    visit: Visit,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Query(after): Query<After>,
) -> Result<Response, Failure> {
    show_desk(&ctx, &subjects, &visit, &citizen, Some(&commune), &after).await
}

/// `GET /moderation`: what stands under no commune, for the operator.
pub(super) async fn operator(
    State(ctx): State<Ctx>,
    Extension(subjects): Extension<Subjects>,
    visit: Visit,
    citizen: Citizen,
    Query(after): Query<After>,
) -> Result<Response, Failure> {
    show_desk(&ctx, &subjects, &visit, &citizen, None, &after).await
}

async fn show_desk(
    ctx: &Ctx,
    subjects: &Subjects,
    visit: &Visit,
    citizen: &Citizen,
    commune: Option<&Commune>,
    after: &After,
) -> Result<Response, Failure> {
    let by = Participant::from(&**citizen);
    let code = commune.map(|commune| commune.code.to_string());
    let pages = (after.signales, after.retenus);
    let desk = actions::desk(ctx, subjects, &by, code.as_deref(), pages).await?;
    let page = page_of(ctx, visit, commune, "discussion-desk-title");
    let path = desk_path(commune);
    let (rule_form, modes) = match &code {
        Some(code) => rule_form(ctx, &page, code).await?,
        None => (FormState::default(), Vec::new()),
    };
    let name = |id| {
        desk.people
            .get(&id)
            .map_or_else(String::new, |actor| actor.display_name().to_owned())
    };
    let contested = desk.contested.iter().filter_map(|(decision, thing)| {
        let thing = thing.as_ref()?;
        Some(Item {
            at: decision.appealed_at,
            excerpt: decision.appeal.clone().unwrap_or_default(),
            ..item(&page, &path, thing, name(thing.author_id()))
        })
    });
    let shown = DeskPage {
        contested: contested.collect(),
        flagged: desk
            .flagged
            .iter()
            .map(|flagged| flagged_item(&page, &path, flagged))
            .collect(),
        held: desk
            .held
            .iter()
            .map(|(comment, _, author)| held_item(&path, comment, author.as_ref()))
            .collect(),
        next_flagged: desk.next_flagged.map(|next| format!("{path}?signales={next}")),
        next_held: desk.next_held.map(|next| format!("{path}?retenus={next}")),
        journal: commune.map_or_else(String::new, |commune| commune.below("moderation/journal")),
        rule_action: format!("{path}/regle"),
        rule_form,
        modes,
        page,
    };
    html(StatusCode::OK, &shown)
}

type Choices = Vec<(String, String, String)>;

async fn rule_form(ctx: &Ctx, page: &Page, commune: &str) -> Result<(FormState, Choices), Failure> {
    let mode = actions::rule(ctx, commune).await?;
    let choice = |mode: CommentMode| {
        let code = mode.code().replace('_', "-");
        (
            mode.code().to_owned(),
            page.t(&format!("discussion-mode-{code}")),
            page.t(&format!("discussion-mode-{code}-help")),
        )
    };
    Ok((
        FormState::default().with("mode", mode.code()),
        CommentMode::ALL.into_iter().map(choice).collect(),
    ))
}

fn item(page: &Page, path: &str, thing: &Thing, author: String) -> Item {
    let Target { kind, id } = thing.target();
    Item {
        href: format!("{path}/{kind}/{id}"),
        kind: page.t(kind_key(kind)),
        author,
        excerpt: match thing {
            Thing::Subject(subject) => subject.excerpt.clone(),
            Thing::Comment(comment, _) => comment.excerpt(),
        },
        at: None,
        flags: Vec::new(),
        approve: false,
    }
}

fn kind_key(kind: &str) -> &'static str {
    if kind == COMMENTS {
        "discussion-kind-comment"
    } else {
        "discussion-kind-post"
    }
}

fn flagged_item(page: &Page, path: &str, flagged: &Flagged) -> Item {
    let author = flagged
        .author
        .as_ref()
        .map_or_else(String::new, |author| author.display_name().to_owned());
    let mut item = match &flagged.thing {
        Some(thing) => item(page, path, thing, author),
        None => Item {
            href: format!(
                "{path}/{}/{}",
                if flagged.kind.is_empty() {
                    "rien"
                } else {
                    &flagged.kind
                },
                flagged.id
            ),
            kind: page.t("discussion-kind-unknown"),
            author,
            excerpt: flagged.flags.first().map_or_else(String::new, |flag| {
                flag.text.lines().next().unwrap_or_default().to_owned()
            }),
            at: None,
            flags: Vec::new(),
            approve: false,
        },
    };
    item.at = flagged.flags.first().map(|flag| flag.created_at);
    item.flags = FlagCategory::ALL
        .into_iter()
        .filter_map(|category| {
            let count = flagged
                .flags
                .iter()
                .filter(|flag| flag.category == category)
                .count() as i64;
            (count > 0).then(|| (page.t(&format!("discussion-flag-{}", category.code())), count))
        })
        .collect();
    item
}

fn held_item(path: &str, comment: &Comment, author: Option<&federation::Actor>) -> Item {
    Item {
        href: format!("{path}/{COMMENTS}/{}", comment.id),
        kind: String::new(),
        author: author.map_or_else(String::new, |author| author.display_name().to_owned()),
        excerpt: comment.excerpt(),
        at: Some(comment.created_at),
        flags: Vec::new(),
        approve: true,
    }
}

/// `POST /{commune}/moderation/regle`
pub(super) async fn set_rule(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    sent: Submitted,
) -> Result<Response, Failure> {
    let by = Participant::from(&*citizen);
    let mode = CommentMode::from_code(sent.get("mode"))
        .ok_or_else(|| Failure::unprocessable("mode", Message::new("discussion-mode-none")))?;
    actions::set_rule(&ctx, &by, commune.code.as_str(), mode).await?;
    let flash = (FlashKind::Success, "discussion-flash-rule");
    Ok(see_other(&ctx, &commune.below("moderation"), Some(flash)))
}

/// A flag as moderators see it.
struct FlagView {
    category: String,
    text: String,
    by: String,
    at: Timestamp,
}

/// A decision in a list.
struct DecisionView {
    deed: String,
    ground: String,
    reason: String,
    appeal: String,
    kind: String,
    at: Timestamp,
}

impl DecisionView {
    fn of(page: &Page, decision: &Decision) -> Self {
        Self {
            deed: page.t(&format!("discussion-deed-{}", decision.deed.code())),
            ground: decision.ground().map_or_else(String::new, |ground| {
                page.t(&format!("discussion-ground-{}", ground.code()))
            }),
            reason: decision.reason.clone(),
            appeal: decision.appeal.clone().unwrap_or_default(),
            kind: page.t(kind_key(&decision.target_kind)),
            at: decision.created_at,
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
                        (None, None) => String::new(),
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

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Older {
    avant: Option<i64>,
}

#[derive(Template)]
#[template(path = "discussion/journal.html")]
struct JournalPage {
    page: Page,
    rule: String,
    rule_help: String,
    decisions: Vec<DecisionView>,
    older: Option<String>,
    is_later: bool,
    path: String,
    is_moderator: bool,
}

/// `GET /{commune}/moderation/journal`: the rule for comments and what was decided; no name, no reason, since
/// a reason may speak of somebody.
pub(super) async fn journal(
    State(ctx): State<Ctx>,
    visit: Visit,
    viewer: Viewer,
    CommuneRef(commune): CommuneRef,
    Query(older): Query<Older>,
) -> Result<Response, Failure> {
    let code = commune.code.to_string();
    let page = page_of(&ctx, &visit, Some(&commune), "discussion-journal-title");
    let found = actions::decisions(&ctx, Some(&code), &Paging::before(older.avant, 50)).await?;
    let path = commune.below("moderation/journal");
    let mode = actions::rule(&ctx, &code).await?.code().replace('_', "-");
    let shown = JournalPage {
        rule: page.t(&format!("discussion-mode-{mode}")),
        rule_help: page.t(&format!("discussion-mode-{mode}-help")),
        older: found
            .items
            .last()
            .filter(|_| found.has_more)
            .map(|last| format!("{path}?avant={}", last.id)),
        decisions: found
            .items
            .iter()
            .map(|decision| DecisionView {
                reason: String::new(),
                ..DecisionView::of(&page, decision)
            })
            .collect(),
        is_later: older.avant.is_some(),
        is_moderator: viewer.may(account::Right::Moderation, commune.code),
        page,
        path,
    };
    html(StatusCode::OK, &shown)
}
