//! Language, light or dark, easier letters: kept in cookies, since they are about a device and its reader; for
//! signed-in people in their account too, so that the next device begins with them.

use std::time::Duration;

use account::actions::profile::remember;
use account::{Font, Preferences, Theme, Viewer};
use askama::Template;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use federation::Ctx;
use platform::i18n::Lang;
use platform::web::{
    Failure, FlashKind, FormState, Page, Submitted, Visit, clear_cookie, cookie, html, redirect, see_other,
};
use serde::Deserialize;

const YEAR: Duration = Duration::from_secs(365 * 86_400);
const THEMES: [&str; 3] = ["auto", "light", "dark"];
const FONTS: [&str; 2] = ["standard", "lisible"];

#[derive(Template)]
#[template(path = "shell/display.html")]
struct Display {
    page: Page,
    form: FormState,
    languages: Vec<(String, String, String)>,
    themes: Vec<(String, String, String)>,
    fonts: Vec<(String, String, String)>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wanted {
    vers: String,
    suite: String,
}

pub(crate) async fn edit(State(ctx): State<Ctx>, visit: Visit) -> Result<Response, Failure> {
    let page = Page::titled(&ctx, &visit, "shell-display-title");
    let choices = |group: &str, values: &[&str]| {
        values
            .iter()
            .map(|value| {
                let key = format!("shell-display-{group}-{value}");
                let help = format!("{key}-help");
                let help = if ctx.words.has(visit.lang, &help) {
                    page.t(&help)
                } else {
                    String::new()
                };
                ((*value).to_owned(), page.t(&key), help)
            })
            .collect()
    };
    let form = FormState::default()
        .with("langue", visit.lang)
        .with("theme", visit.theme)
        .with("police", visit.font);
    let display = Display {
        form,
        languages: choices("langue", &Lang::ALL.map(Lang::code)),
        themes: choices("theme", &THEMES),
        fonts: choices("police", &FONTS),
        page,
    };
    html(StatusCode::OK, &display)
}

pub(crate) async fn update(
    State(ctx): State<Ctx>,
    viewer: Viewer,
    sent: Submitted,
) -> Result<Response, Failure> {
    let mut response = see_other(
        &ctx,
        "/affichage",
        Some((FlashKind::Success, "shell-flash-display")),
    );
    let choices = [
        ("lang", sent.get("langue"), &Lang::ALL.map(Lang::code)[..], ""),
        ("theme", sent.get("theme"), &THEMES[..], "auto"),
        ("font", sent.get("police"), &FONTS[..], "standard"),
    ];
    for (name, wanted, among, usual) in choices {
        let value = if wanted == usual {
            clear_cookie(&ctx.urls, name)
        } else if among.contains(&wanted) {
            cookie(&ctx.urls, name, wanted, Some(YEAR))
        } else {
            return Err(Failure::bad_request("unknown-choice"));
        };
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    if let Some(citizen) = viewer.citizen() {
        let chosen = Preferences {
            lang: sent.get("langue").parse().ok(),
            theme: Theme::from_code(sent.get("theme")),
            font: Font::from_code(sent.get("police")),
        };
        remember(&ctx, citizen, chosen).await?;
    }
    Ok(response)
}

/// The link in the footer: the same page in the other language. A link and no form, since it changes nothing but
/// the words on the visitor's own screen.
pub(crate) async fn switch_language(
    State(ctx): State<Ctx>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Failure> {
    let lang: Lang = wanted
        .vers
        .parse()
        .map_err(|()| Failure::bad_request("unknown-language"))?;
    let mut response = redirect(StatusCode::SEE_OTHER, super::way_back(&wanted.suite));
    let value = cookie(&ctx.urls, "lang", lang.code(), Some(YEAR));
    response.headers_mut().append(header::SET_COOKIE, value);
    Ok(response)
}
