//! `/compte/equipe`: who works for a town hall, with which rights; and offers to do so.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use commune::{Commune, InseeCode};
use federation::Ctx;
use platform::Timestamp;
use platform::web::{Failure, FlashKind, FormState, Page, Submitted, Visit, html, see_other};
use serde::Deserialize;

use super::{refused, sub_page, suite_query};
use crate::actions::invitations::{self, Offer};
use crate::actions::{people, roles};
use crate::model::{AccountId, Grant, Refusal, Right, Rights, Role};
use crate::viewer::{Citizen, Person, Viewer, avatar};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    commune: String,
}

/// Somebody of the team.
struct Member {
    account: AccountId,
    name: String,
    avatar: String,
    role: String,
    role_code: &'static str,
    rights: Vec<String>,
    /// Whether the visitor may take the role back.
    removable: bool,
    /// The rights to be ticked, when the visitor may change them: code, words, whether she has it.
    choices: Vec<(&'static str, String, bool)>,
    herself: bool,
}

/// An offer that waits.
struct Waiting {
    id: i64,
    email: String,
    role: String,
    till: Timestamp,
}

#[derive(Template)]
#[template(path = "account/team.html")]
struct TeamPage {
    page: Page,
    commune: String,
    code: String,
    others: Vec<(String, String)>,
    members: Vec<Member>,
    waiting: Vec<Waiting>,
    form: FormState,
    roles: Vec<(String, String, String)>,
    rights: Vec<(String, String, String)>,
    leads: bool,
}

/// The commune whose team is meant: the one asked for, or the first she has a role in.
async fn commune_of(ctx: &Ctx, person: &Person, asked: &str) -> Result<Commune, Failure> {
    let mine = person.communes();
    let code = asked
        .parse::<InseeCode>()
        .ok()
        .filter(|code| mine.contains(code))
        .or_else(|| mine.first().copied().filter(|_| asked.is_empty()))
        .ok_or_else(Failure::not_found)?;
    commune::actions::by_code(ctx, code)
        .await?
        .ok_or_else(Failure::not_found)
}

pub(super) async fn index(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let commune = commune_of(&ctx, &citizen, &asked.commune).await?;
    let form = FormState::default().with("role", Role::Delegate.code());
    team_page(&ctx, &visit, &citizen, &commune, form, StatusCode::OK).await
}

async fn team_page(
    ctx: &Ctx,
    visit: &Visit,
    person: &Citizen,
    commune: &Commune,
    form: FormState,
    status: StatusCode,
) -> Result<Response, Failure> {
    let mut page = sub_page(ctx, visit, person, "account-team-title").await?;
    page.in_error = form.has_errors();
    let leads = person.may(Right::Delegates, commune.code);
    let mut others = Vec::new();
    for code in person.communes().into_iter().filter(|code| *code != commune.code) {
        if let Some(other) = commune::actions::by_code(ctx, code).await? {
            others.push((other.name.shown(), format!("/compte/equipe?commune={code}")));
        }
    }
    let offers = if leads {
        invitations::of_commune(ctx, commune.code).await?
    } else {
        Vec::new()
    };
    let waiting = offers.into_iter().map(|offer| Waiting {
        id: offer.id,
        email: offer.email,
        role: page.t(&format!("account-role-{}", offer.role.code())),
        till: offer.expires_at,
    });
    let given = person.rights_in(commune.code);
    let role = |role: Role| {
        let key = format!("account-role-{}", role.code());
        (
            role.code().to_owned(),
            page.t(&key),
            page.t(&format!("{key}-help")),
        )
    };
    let shown = TeamPage {
        commune: commune.name.shown(),
        code: commune.code.to_string(),
        others,
        members: members(ctx, &page, person, commune.code).await?,
        waiting: waiting.collect(),
        form,
        roles: vec![role(Role::Delegate), role(Role::Moderator)],
        rights: given
            .iter()
            .map(|right| (right.code().to_owned(), right_words(&page, right), String::new()))
            .collect(),
        leads,
        page,
    };
    html(status, &shown)
}

fn right_words(page: &Page, right: Right) -> String {
    page.t(&format!("account-right-{}", right.code()))
}

async fn members(
    ctx: &Ctx,
    page: &Page,
    person: &Person,
    commune: InseeCode,
) -> Result<Vec<Member>, Failure> {
    let mut members = Vec::new();
    let held = person.rights_in(commune);
    for grant in roles::in_commune(ctx, commune).await? {
        let Some(account) = people::by_id(ctx, grant.account).await? else {
            continue;
        };
        let Some(actor) = federation::actors::by_id(ctx, account.actor).await? else {
            continue;
        };
        let of_the_team = matches!(grant.role, Role::Delegate | Role::Moderator);
        let herself = account.id == person.id();
        let led = held.has(Right::Delegates) && grant.rights().is_within(held);
        members.push(Member {
            account: account.id,
            name: actor.display_name().to_owned(),
            avatar: avatar(&actor),
            role: page.t(&format!("account-role-{}", grant.role.code())),
            role_code: grant.role.code(),
            rights: shown_rights(page, &grant),
            removable: of_the_team && (led || herself),
            choices: if grant.role == Role::Delegate && led && !herself {
                held.iter()
                    .map(|right| (right.code(), right_words(page, right), grant.delegated.has(right)))
                    .collect()
            } else {
                Vec::new()
            },
            herself,
        });
    }
    Ok(members)
}

/// A delegate's rights one by one; the other roles say it all.
fn shown_rights(page: &Page, grant: &Grant) -> Vec<String> {
    if grant.role == Role::Delegate {
        grant
            .delegated
            .iter()
            .map(|right| right_words(page, right))
            .collect()
    } else {
        Vec::new()
    }
}

fn rights_of(sent: &Submitted) -> Rights {
    sent.all("rights").filter_map(Right::from_code).collect()
}

/// A role taken back, or an offer.
pub(super) async fn update(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    sent: Submitted,
) -> Result<Response, Failure> {
    let commune = commune_of(&ctx, &citizen, sent.get("commune")).await?;
    let done = |flash| {
        // Who has just left the team has no page of it any more.
        let path = format!("/compte/equipe?commune={}", commune.code);
        see_other(&ctx, &path, Some((FlashKind::Success, flash)))
    };
    if let Ok(id) = sent.get("invitation").parse::<i64>() {
        invitations::cancel(&ctx, &citizen, commune.code, id).await?;
        return Ok(done("account-flash-offer-cancelled"));
    }
    let account: AccountId = sent
        .get("account")
        .parse()
        .map_err(|_| Failure::bad_request("unknown-account"))?;
    let role = Role::from_code(sent.get("role")).ok_or_else(|| Failure::bad_request("unknown-role"))?;
    if sent.has("change") {
        let grant = roles::NewGrant {
            account,
            role,
            commune: Some(commune.code),
            rights: rights_of(&sent),
        };
        roles::change(&ctx, &citizen, grant).await?;
        return Ok(done("account-flash-saved"));
    }
    roles::take(&ctx, Some(&citizen), account, role, Some(commune.code)).await?;
    if account == citizen.id() {
        let flash = (FlashKind::Success, "account-flash-role-taken");
        return Ok(see_other(&ctx, "/compte", Some(flash)));
    }
    Ok(done("account-flash-role-taken"))
}

pub(super) async fn invite(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    sent: Submitted,
) -> Result<Response, Failure> {
    let commune = commune_of(&ctx, &citizen, sent.get("commune")).await?;
    let role = Role::from_code(sent.get("role")).ok_or_else(|| Failure::bad_request("unknown-role"))?;
    let offer = Offer {
        email: sent.get("email"),
        role,
        rights: rights_of(&sent),
    };
    match invitations::invite(&ctx, &citizen, &commune, &offer, visit.lang).await {
        Ok(()) => {
            let path = format!("/compte/equipe?commune={}", commune.code);
            let flash = (FlashKind::Success, "account-flash-invited");
            Ok(see_other(&ctx, &path, Some(flash)))
        }
        Err(error) => {
            let mut form = sent.state();
            let status = refused::note(&ctx, visit.lang, &mut form, error)?;
            team_page(&ctx, &visit, &citizen, &commune, form, status).await
        }
    }
}

#[derive(Template)]
#[template(path = "account/invitation.html")]
struct InvitationPage {
    page: Page,
    of: String,
    role: String,
    rights: Vec<String>,
    signed_in_as: Option<String>,
    sign_in: String,
    sign_up: String,
}

/// The page of an offer's link.
pub(super) async fn invitation(
    State(ctx): State<Ctx>,
    visit: Visit,
    viewer: Viewer,
    Path(token): Path<String>,
) -> Result<Response, Failure> {
    let spent = || Failure::from(crate::AccountError::from(Refusal::SpentInvitation));
    let (offer, commune) = invitations::by_token(&ctx, &token).await?.ok_or_else(spent)?;
    let title = ctx.words.t(visit.lang, "account-invitation-title");
    let mut page = commune::page_of(&ctx, &visit, &commune, "", title);
    page.noindex = true;
    let here = suite_query(Some(&format!("/invitation/{token}")));
    let shown = InvitationPage {
        of: commune.name.of(),
        role: page.t(&format!("account-role-{}", offer.role.code())),
        rights: offer
            .rights
            .iter()
            .map(|right| right_words(&page, right))
            .collect(),
        signed_in_as: viewer.citizen().map(|citizen| citizen.name().to_owned()),
        sign_in: format!("/connexion{here}"),
        sign_up: format!("/inscription{here}&commune={}", commune.code),
        page,
    };
    html(StatusCode::OK, &shown)
}

pub(super) async fn accept(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    Path(token): Path<String>,
    _sent: Submitted,
) -> Result<Response, Failure> {
    let commune = invitations::accept(&ctx, &citizen, &token).await?;
    let path = format!("/compte/equipe?commune={commune}");
    let flash = (FlashKind::Success, "account-flash-accepted");
    Ok(see_other(&ctx, &path, Some(flash)))
}
