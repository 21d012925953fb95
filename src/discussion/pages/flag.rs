//! The red flag, and the notice that anybody may give (DSA article 16).

use account::{Citizen, Viewer};
use askama::Template;
use axum::Extension;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use federation::{Ctx, actors};
use platform::mail::EmailAddress;
use platform::text::clean_line;
use platform::web::{
    Failure, FlashKind, FormState, Message, Page, Submitted, Visit, html, redirect, see_other,
};
use serde::Deserialize;

use super::place::Readable;
use super::{brake, page_beside, words};
use crate::actions;
use crate::model::{FlagCategory, NewFlag, NewNotice, Participant, Thing};
use crate::{DiscussionError, DiscussionRefusal, Subjects};

/// The longest name of who gives notice, in characters.
const LONGEST_NAME: usize = 120;
/// The longest address that is looked at.
const LONGEST_ADDRESS: usize = 2000;

#[derive(Template)]
#[template(path = "discussion/flag.html")]
struct FlagPage {
    page: Page,
    form: FormState,
    excerpt: String,
    author: String,
    action: String,
    back: String,
    categories: Vec<(String, String, String)>,
    /// The server of the author, when it is another one.
    elsewhere: String,
}

/// The grounds as choices: value, words, help.
fn categories(page: &Page) -> Vec<(String, String, String)> {
    FlagCategory::ALL
        .into_iter()
        .map(|category| {
            let code = category.code();
            (
                code.to_owned(),
                page.t(&format!("discussion-flag-{code}")),
                page.t(&format!("discussion-flag-{code}-help")),
            )
        })
        .collect()
}

/// `GET /signaler/{kind}/{id}`; without an account the notice form serves.
pub(super) async fn new(
    State(ctx): State<Ctx>,
    visit: Visit,
    viewer: Viewer,
    Readable(thing): Readable,
) -> Result<Response, Failure> {
    if !viewer.is_signed_in() {
        let address = ctx.urls.to(&thing.page());
        let query: String = url::form_urlencoded::byte_serialize(address.as_bytes()).collect();
        return Ok(redirect(
            StatusCode::SEE_OTHER,
            &format!("/signaler?adresse={query}"),
        ));
    }
    draw(&ctx, &visit, &thing, FormState::default()).await
}

async fn draw(ctx: &Ctx, visit: &Visit, thing: &Thing, form: FormState) -> Result<Response, Failure> {
    let (page, _) = page_beside(ctx, visit, thing.subject(), "discussion-flag-title").await?;
    let author = actors::by_id(ctx, thing.author_id()).await?;
    let target = thing.target();
    let label = page.t("discussion-back");
    let mut page = page.back_to(label, thing.page());
    page.in_error = form.has_errors();
    let status = form.status();
    let shown = FlagPage {
        excerpt: match thing {
            Thing::Subject(subject) => subject.excerpt.clone(),
            Thing::Comment(comment, _) => comment.excerpt(),
        },
        author: author
            .as_ref()
            .map_or_else(String::new, |author| author.display_name().to_owned()),
        action: format!("/signaler/{}/{}", target.kind, target.id),
        back: thing.page(),
        categories: categories(&page),
        elsewhere: author
            .filter(|author| !author.local)
            .map_or_else(String::new, |author| author.host),
        page,
        form,
    };
    html(status, &shown)
}

/// `POST /signaler/{kind}/{id}`
pub(super) async fn create(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    Readable(thing): Readable,
    sent: Submitted,
) -> Result<Response, Failure> {
    brake(&ctx, super::FLAGS, &citizen)?;
    let by = Participant::from(&*citizen);
    let Some(category) = FlagCategory::from_code(sent.get("category")) else {
        let mut form = sent.state();
        form.refuse(
            &ctx,
            visit.lang,
            "category",
            &Message::new("discussion-flag-no-category"),
        );
        return draw(&ctx, &visit, &thing, form).await;
    };
    let new = NewFlag {
        category,
        text: sent.get("text").to_owned(),
        forward: sent.has("forward"),
    };
    match actions::flag(&ctx, &by, &thing, new).await {
        Ok(()) => {
            let flash = (FlashKind::Success, "discussion-flash-flagged");
            Ok(see_other(&ctx, &thing.page(), Some(flash)))
        }
        Err(DiscussionError::Refused(
            refusal @ (DiscussionRefusal::NoReason | DiscussionRefusal::TooLong),
        )) => {
            let mut form = sent.state();
            form.refuse(&ctx, visit.lang, "text", &words(refusal));
            draw(&ctx, &visit, &thing, form).await
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "discussion/notice.html")]
struct NoticePage {
    page: Page,
    form: FormState,
    categories: Vec<(String, String, String)>,
}

#[derive(Template)]
#[template(path = "discussion/notice_given.html")]
struct GivenPage {
    page: Page,
    reference: String,
    email: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct About {
    adresse: String,
}

/// `GET /signaler?adresse=…`
pub(super) async fn notice(
    State(ctx): State<Ctx>,
    visit: Visit,
    Query(about): Query<About>,
) -> Result<Response, Failure> {
    let address = clean_line(&about.adresse, LONGEST_ADDRESS);
    draw_notice(&ctx, &visit, FormState::default().with("adresse", address))
}

fn draw_notice(ctx: &Ctx, visit: &Visit, form: FormState) -> Result<Response, Failure> {
    let mut page = Page::titled(ctx, visit, "discussion-notice-title");
    page.noindex = true;
    page.in_error = form.has_errors();
    let status = form.status();
    let shown = NoticePage {
        categories: categories(&page),
        page,
        form,
    };
    html(status, &shown)
}

/// What is wrong with a notice, at which field.
fn faults(ctx: &Ctx, sent: &Submitted) -> Vec<(&'static str, &'static str)> {
    let mut faults = Vec::new();
    let address = sent.get("adresse");
    if address.is_empty() || address.len() > LONGEST_ADDRESS || !ctx.urls.is_ours(address) {
        faults.push(("adresse", "discussion-notice-wrong-address"));
    }
    let category = FlagCategory::from_code(sent.get("category"));
    if category.is_none() {
        faults.push(("category", "discussion-flag-no-category"));
    }
    if sent.get("text").is_empty() {
        faults.push(("text", "discussion-notice-no-text"));
    }
    // Who would denounce the abuse of a child is not made to say who she is.
    let may_be_anonymous = category.is_some_and(FlagCategory::may_be_anonymous);
    if clean_line(sent.get("name"), LONGEST_NAME).is_empty() && !may_be_anonymous {
        faults.push(("name", "discussion-notice-no-name"));
    }
    let email = sent.get("email");
    if email.parse::<EmailAddress>().is_err() && !(may_be_anonymous && email.is_empty()) {
        faults.push(("email", "discussion-notice-no-email"));
    }
    if !sent.has("good_faith") {
        faults.push(("good_faith", "discussion-notice-no-good-faith"));
    }
    faults
}

/// `POST /signaler`
pub(super) async fn give_notice(
    State(ctx): State<Ctx>,
    Extension(subjects): Extension<Subjects>,
    visit: Visit,
    sent: Submitted,
) -> Result<Response, Failure> {
    let mut form = sent.state();
    for (field, key) in faults(&ctx, &sent) {
        form.refuse(&ctx, visit.lang, field, &Message::new(key));
    }
    let (Some(category), false) = (FlagCategory::from_code(sent.get("category")), form.has_errors()) else {
        return draw_notice(&ctx, &visit, form);
    };
    ctx.limits
        .check(super::NOTICES, &visit.ip_key())
        .map_err(Failure::too_many)?;
    let email = sent.get("email").parse::<EmailAddress>();
    let email = email.map_or_else(|_none| String::new(), |email| email.as_str().to_owned());
    let new = NewNotice {
        category,
        text: sent.get("text").to_owned(),
        name: clean_line(sent.get("name"), LONGEST_NAME),
        email: email.clone(),
        lang: visit.lang,
    };
    let address = clean_line(sent.get("adresse"), LONGEST_ADDRESS);
    let thing = subjects.at(&ctx, &address).await?;
    match actions::give_notice(&ctx, thing.as_ref(), &address, new).await {
        Ok(id) => {
            let mut page = Page::titled(&ctx, &visit, "discussion-notice-given-title");
            page.noindex = true;
            let shown = GivenPage {
                page,
                reference: id.to_string(),
                email,
            };
            Ok(html(StatusCode::OK, &shown)?.into_response())
        }
        Err(DiscussionError::Refused(refusal)) => {
            form.refuse(&ctx, visit.lang, "text", &words(refusal));
            draw_notice(&ctx, &visit, form)
        }
        Err(error) => Err(error.into()),
    }
}
