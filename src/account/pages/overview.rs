//! `/compte`: everything there is about one's account, each on its page.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use federation::Ctx;
use platform::StoreError;
use platform::web::{Failure, Page, Visit, html};

use super::own_page;
use crate::actions::people;
use crate::model::{Right, Role};
use crate::viewer::{Citizen, Person, avatar};

/// A row that leads to a page.
struct Entry {
    icon: &'static str,
    title: String,
    meta: String,
    href: String,
}

#[derive(Template)]
#[template(path = "account/overview.html")]
struct OverviewPage {
    page: Page,
    name: String,
    handle: String,
    avatar: String,
    commune: String,
    verified: bool,
    roles: Vec<String>,
    entries: Vec<Entry>,
}

pub(super) async fn show(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
) -> Result<Response, Failure> {
    let page = own_page(&ctx, &visit, &citizen, "account-title").await?;
    let commune = commune::actions::by_code(&ctx, citizen.commune()).await?;
    let shown = OverviewPage {
        name: citizen.name().to_owned(),
        handle: citizen.actor.full_handle(),
        avatar: avatar(&citizen.actor),
        commune: commune.map(|commune| commune.name.shown()).unwrap_or_default(),
        verified: people::is_verified_resident(&ctx, &citizen.account).await?,
        roles: roles(&ctx, &page, &citizen).await?,
        entries: entries(&page, &citizen, sections_href(&ctx, &citizen).await?),
        page,
    };
    html(StatusCode::OK, &shown)
}

/// "Maire d’Èze", "Déléguée …": what she is beyond a citizen.
async fn roles(ctx: &Ctx, page: &Page, person: &Person) -> Result<Vec<String>, StoreError> {
    let mut said = Vec::new();
    for grant in &person.grants {
        let role = page.t(&format!("account-role-{}", grant.role.code()));
        let commune = match grant.commune {
            Some(code) => commune::actions::by_code(ctx, code).await?,
            None => None,
        };
        said.push(match commune {
            Some(commune) => page.ta("account-role-of", &[("role", &role), ("of", &commune.name.of())]),
            None => role,
        });
    }
    Ok(said)
}

/// Where a mayor says which sections her commune has.
async fn sections_href(ctx: &Ctx, person: &Person) -> Result<Option<String>, StoreError> {
    let led = person.grants.iter().find(|grant| grant.role == Role::Mayor);
    let commune = match led.and_then(|grant| grant.commune) {
        Some(code) => commune::actions::by_code(ctx, code).await?,
        None => None,
    };
    Ok(commune.map(|commune| commune.below("rubriques")))
}

fn entries(page: &Page, person: &Person, sections: Option<String>) -> Vec<Entry> {
    let entry = |icon, key: &str, href: &str| Entry {
        icon,
        title: page.t(&format!("account-{key}-title")),
        meta: page.t(&format!("account-{key}-meta")),
        href: href.to_owned(),
    };
    let mut entries = vec![
        entry("user-round", "profile", "/compte/profil"),
        entry("sun-moon", "preferences", "/compte/preferences"),
        entry("key-round", "security", "/compte/securite"),
        entry("at-sign", "email", "/compte/adresse"),
        entry("laptop", "sessions", "/compte/sessions"),
        entry("shield-check", "data", "/compte/donnees"),
    ];
    let leads = person
        .communes()
        .into_iter()
        .any(|code| person.may(Right::Delegates, code));
    let of_a_team = person
        .grants
        .iter()
        .any(|grant| matches!(grant.role, Role::Mayor | Role::Delegate | Role::Moderator));
    if leads || of_a_team {
        entries.insert(0, entry("users-round", "team", "/compte/equipe"));
    }
    if let Some(href) = sections {
        entries.insert(1, entry("list-checks", "sections", &href));
    }
    entries
}
