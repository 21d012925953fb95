//! The moderation desk of a commune.

use account::Citizen;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use commune::CommuneRef;
use federation::Ctx;
use platform::Timestamp;
use platform::web::{Failure, FlashKind, FormState, Message, Page, Submitted, html, see_other};
use serde::Deserialize;

use super::place::Place;
use crate::actions::{self, Flagged};
use crate::model::{COMMENTS, Comment, CommentMode, FlagCategory, Participant, Target, Thing, Under};

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

/// `GET /{commune}/moderation`; without a commune, what stands under none.
pub(super) async fn index(place: Place, Query(after): Query<After>) -> Result<Response, Failure> {
    let under = place.under();
    let pages = (after.signales, after.retenus);
    let desk = actions::desk(&place.ctx, &place.subjects, &place.by, &under, pages).await?;
    let page = place.page("discussion-desk-title");
    let path = place.path();
    let (rule_form, modes) = match &under {
        Under::Commune(code) => rule_form(&place.ctx, &page, code).await?,
        Under::Operator | Under::Circle(_) => (FormState::default(), Vec::new()),
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
        journal: match under {
            Under::Operator => String::new(),
            Under::Commune(_) | Under::Circle(_) => format!("{path}/journal"),
        },
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

pub(super) fn kind_key(kind: &str) -> &'static str {
    match kind {
        COMMENTS => "discussion-kind-comment",
        "topics" => "discussion-kind-topic",
        "places" => "discussion-kind-place",
        _ => "discussion-kind-post",
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
