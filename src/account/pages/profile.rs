//! `/compte/profil` and `/compte/preferences`.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use federation::{Ctx, actors};
use platform::web::{
    Failure, FlashKind, FormState, Message, Page, Submitted, Visit, clear_cookie, html, see_other,
};
use serde::Deserialize;

use super::{refused, sub_page};
use crate::actions::profile::{self, PhotoError, Profile};
use crate::model::{Font, Preferences, Refusal, Theme};
use crate::viewer::{Citizen, avatar};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    commune: String,
}

/// A commune to move to.
struct Choice {
    code: String,
    title: String,
    meta: String,
}

#[derive(Template)]
#[template(path = "account/profile.html")]
struct ProfilePage {
    page: Page,
    form: FormState,
    photo: FormState,
    avatar: String,
    has_photo: bool,
    handle_fixed: bool,
    commune: String,
    question: String,
    choices: Vec<Choice>,
    photo_mb: String,
}

/// The two forms of the page.
#[derive(Default)]
struct Forms {
    profile: Option<FormState>,
    photo: FormState,
    question: String,
}

async fn profile_page(
    ctx: &Ctx,
    visit: &Visit,
    citizen: &Citizen,
    forms: Forms,
    status: StatusCode,
) -> Result<Response, Failure> {
    let mut page = sub_page(ctx, visit, citizen, "account-profile-title").await?;
    let form = forms.profile.unwrap_or_else(|| {
        FormState::default()
            .with("name", &citizen.actor.name)
            .with("handle", &citizen.actor.handle)
            .with("bio", &citizen.account.bio)
    });
    page.in_error = form.has_errors() || forms.photo.has_errors();
    let commune = commune::actions::by_code(ctx, citizen.commune()).await?;
    let choices = if forms.question.is_empty() {
        Vec::new()
    } else {
        commune::actions::search(ctx, &forms.question, 0..8).await?.1
    };
    let shown = ProfilePage {
        form,
        photo: forms.photo,
        avatar: avatar(&citizen.actor),
        has_photo: citizen.account.photo.is_some(),
        handle_fixed: actors::was_federated(ctx, citizen.actor.id).await?,
        commune: commune.map(|commune| commune.name.shown()).unwrap_or_default(),
        choices: choices
            .into_iter()
            .filter(|commune| commune.status.has_mayor() && commune.code != citizen.commune())
            .map(|commune| Choice {
                title: commune.name.shown(),
                meta: format!("{} · {}", commune.postal_range(), commune.department.shown()),
                code: commune.code.to_string(),
            })
            .collect(),
        question: forms.question,
        photo_mb: ctx.media.config().max_picture_mb.to_string(),
        page,
    };
    html(status, &shown)
}

pub(super) async fn edit(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let forms = Forms {
        question: asked.commune.trim().chars().take(120).collect(),
        ..Forms::default()
    };
    profile_page(&ctx, &visit, &citizen, forms, StatusCode::OK).await
}

pub(super) async fn update(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    sent: Submitted,
) -> Result<Response, Failure> {
    let wanted = Profile {
        name: sent.get("name"),
        handle: sent.get("handle"),
        bio: sent.get("bio"),
    };
    match profile::change(&ctx, &citizen, &wanted).await {
        Ok(()) => Ok(saved(&ctx, "/compte/profil")),
        Err(error) => {
            let mut form = sent.state();
            let status = refused::note(&ctx, visit.lang, &mut form, error)?;
            let forms = Forms {
                profile: Some(form),
                ..Forms::default()
            };
            profile_page(&ctx, &visit, &citizen, forms, status).await
        }
    }
}

fn saved(ctx: &Ctx, path: &str) -> Response {
    see_other(ctx, path, Some((FlashKind::Success, "account-flash-saved")))
}

pub(super) async fn update_photo(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    sent: Submitted,
) -> Result<Response, Failure> {
    if sent.has("remove") {
        profile::remove_photo(&ctx, &citizen).await?;
        return Ok(saved(&ctx, "/compte/profil"));
    }
    let refusal = match sent.files("photo").next() {
        None => Message::new("account-refused-no-photo"),
        Some(file) => match profile::set_photo(&ctx, &citizen, file).await {
            Ok(()) => return Ok(saved(&ctx, "/compte/profil")),
            Err(PhotoError::Media(platform::media::MediaError::Refused(refusal))) => Message {
                key: refusal.key().to_owned(),
                args: refusal.args(),
            },
            Err(PhotoError::Media(platform::media::MediaError::Store(error)) | PhotoError::Store(error)) => {
                return Err(error.into());
            }
            Err(PhotoError::Media(error)) => return Err(Failure::internal(error)),
        },
    };
    let mut photo = FormState::default();
    photo.refuse(&ctx, visit.lang, "photo", &refusal);
    let forms = Forms {
        photo,
        ..Forms::default()
    };
    profile_page(&ctx, &visit, &citizen, forms, StatusCode::UNPROCESSABLE_ENTITY).await
}

pub(super) async fn update_commune(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    sent: Submitted,
) -> Result<Response, Failure> {
    let code = sent
        .get("commune")
        .parse()
        .map_err(|_| Failure::from(crate::AccountError::from(Refusal::NoCommune)))?;
    profile::move_to(&ctx, &citizen, code).await?;
    Ok(saved(&ctx, "/compte/profil"))
}

#[derive(Template)]
#[template(path = "account/preferences.html")]
struct PreferencesPage {
    page: Page,
    form: FormState,
    languages: Vec<(String, String, String)>,
    themes: Vec<(String, String, String)>,
    fonts: Vec<(String, String, String)>,
}

pub(super) async fn preferences(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
) -> Result<Response, Failure> {
    let page = sub_page(&ctx, &visit, &citizen, "account-preferences-title").await?;
    let choices = |group: &str, values: &[&str]| {
        values
            .iter()
            .map(|value| {
                let key = format!("account-preference-{group}-{value}");
                ((*value).to_owned(), page.t(&key), String::new())
            })
            .collect()
    };
    let shown = PreferencesPage {
        form: FormState::default()
            .with("lang", visit.lang)
            .with("theme", visit.theme)
            .with("font", visit.font),
        languages: choices("lang", &["fr", "en"]),
        themes: choices("theme", &["auto", "light", "dark"]),
        fonts: choices("font", &["standard", "lisible"]),
        page,
    };
    html(StatusCode::OK, &shown)
}

pub(super) async fn update_preferences(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    sent: Submitted,
) -> Result<Response, Failure> {
    let unknown = || Failure::bad_request("unknown-choice");
    let chosen = Preferences {
        lang: Some(sent.get("lang").parse().map_err(|()| unknown())?),
        theme: Some(Theme::from_code(sent.get("theme")).ok_or_else(unknown)?),
        font: Some(Font::from_code(sent.get("font")).ok_or_else(unknown)?),
    };
    profile::save_preferences(&ctx, &citizen, chosen).await?;
    let mut response = saved(&ctx, "/compte/preferences");
    // What this device was told before would hide the choice.
    for name in ["lang", "theme", "font"] {
        response
            .headers_mut()
            .append(header::SET_COOKIE, clear_cookie(&ctx.urls, name));
    }
    Ok(response)
}
