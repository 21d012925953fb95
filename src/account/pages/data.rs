//! `/compte/donnees` and `/compte/suppression`: what is held, who may know, and the end.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use federation::Ctx;
use platform::Timestamp;
use platform::web::{Failure, FlashKind, FormState, Page, Submitted, Visit, html, see_other};

use super::sign_in::signed_out;
use super::{refused, sub_page};
use crate::actions::{erasure, export as exports, people, profile};
use crate::model::Role;
use crate::store;
use crate::viewer::{Citizen, Person};

/// How many deeds of the record are shown; the export has them all.
const DEEDS: i64 = 20;

/// A deed of the record.
struct Deed {
    words: String,
    by_herself: bool,
    at: Timestamp,
}

#[derive(Template)]
#[template(path = "account/data.html")]
struct DataPage {
    page: Page,
    form: FormState,
    federated: bool,
    facts: Vec<(String, String)>,
    deeds: Vec<Deed>,
}

pub(super) async fn show(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
) -> Result<Response, Failure> {
    let page = sub_page(&ctx, &visit, &citizen, "account-data-title").await?;
    let federated = citizen.actor.federated;
    let mut form = FormState::default();
    if federated {
        form = form.with("federated", "on");
    }
    let shown = DataPage {
        facts: facts(&ctx, &page, &citizen).await?,
        deeds: deeds(&ctx, &page, &citizen).await?,
        federated,
        form,
        page,
    };
    html(StatusCode::OK, &shown)
}

/// What the account holds, in words.
async fn facts(ctx: &Ctx, page: &Page, person: &Person) -> Result<Vec<(String, String)>, Failure> {
    let account = &person.account;
    let commune = commune::actions::by_code(ctx, account.commune).await?;
    let residence = if people::is_verified_resident(ctx, account).await? {
        "account-resident-verified"
    } else {
        "account-resident-declared"
    };
    let facts = [
        ("account-name", person.name().to_owned()),
        ("account-handle", person.actor.full_handle()),
        ("account-email-label", account.email.clone()),
        (
            "account-commune",
            commune.map(|commune| commune.name.shown()).unwrap_or_default(),
        ),
        ("account-residence", page.t(residence)),
        ("account-since", page.date(&account.created_at)),
    ];
    Ok(facts.map(|(key, value)| (page.t(key), value)).into())
}

async fn deeds(ctx: &Ctx, page: &Page, person: &Person) -> Result<Vec<Deed>, Failure> {
    let rows = store::audit_of_account(&ctx.db, person.id(), DEEDS).await?;
    let said = rows.into_iter().map(|row| {
        let key = format!("account-deed-{}", row.deed);
        Deed {
            // Other rooms record deeds too; theirs have words of their own there.
            words: if ctx.words.has(page.lang, &key) {
                page.t(&key)
            } else {
                row.deed
            },
            by_herself: row.by_account == Some(person.id()),
            at: row.done_at,
        }
    });
    Ok(said.collect())
}

pub(super) async fn update_visibility(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    sent: Submitted,
) -> Result<Response, Failure> {
    let federated = sent.has("federated");
    if federated != citizen.actor.federated {
        profile::set_federated(&ctx, &citizen, federated).await?;
    }
    let flash = (FlashKind::Success, "account-flash-saved");
    Ok(see_other(&ctx, "/compte/donnees", Some(flash)))
}

pub(super) async fn export(State(ctx): State<Ctx>, citizen: Citizen) -> Result<Response, Failure> {
    let export = exports::all(&ctx, &citizen).await?;
    let body = serde_json::to_string_pretty(&export).map_err(Failure::internal)?;
    let name = format!("attachment; filename=\"parvis-{}.json\"", citizen.actor.handle);
    let name = HeaderValue::try_from(name).unwrap_or(HeaderValue::from_static("attachment"));
    let headers: [(HeaderName, HeaderValue); 2] = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, body).into_response())
}

#[derive(Template)]
#[template(path = "account/deletion.html")]
struct DeletionPage {
    page: Page,
    form: FormState,
    handle: String,
    holds_office: bool,
}

async fn deletion_page(
    ctx: &Ctx,
    visit: &Visit,
    citizen: &Citizen,
    form: FormState,
    status: StatusCode,
) -> Result<Response, Failure> {
    let page = sub_page(ctx, visit, citizen, "account-deletion-title").await?;
    let label = page.t("account-data-title");
    let mut page = page.back_to(label, "/compte/donnees");
    page.in_error = form.has_errors();
    let shown = DeletionPage {
        page,
        form,
        handle: citizen.actor.handle.clone(),
        holds_office: citizen.grants.iter().any(|grant| grant.role == Role::Mayor),
    };
    html(status, &shown)
}

pub(super) async fn delete(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
) -> Result<Response, Failure> {
    deletion_page(&ctx, &visit, &citizen, FormState::default(), StatusCode::OK).await
}

pub(super) async fn destroy(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    sent: Submitted,
) -> Result<Response, Failure> {
    match erasure::end_own(&ctx, &citizen, sent.raw("password")).await {
        Ok(()) => Ok(signed_out(&ctx, "account-flash-ended")),
        Err(error) => {
            let mut form = sent.state();
            let status = refused::note(&ctx, visit.lang, &mut form, error)?;
            deletion_page(&ctx, &visit, &citizen, form, status).await
        }
    }
}
