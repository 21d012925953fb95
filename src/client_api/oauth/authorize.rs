//! The page on which a person lets a program act for her.

use account::{Citizen, Right, Viewer};
use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use federation::Ctx;
use platform::web::{Failure, Message, Page, Submitted, Visit, html, redirect};
use serde::Deserialize;
use url::Url;

use super::OUT_OF_BAND;
use crate::scopes::Scopes;
use crate::store::{self, App, Grant};
use crate::tokens::hash;

/// A code lives for ten minutes.
const LIFE: std::time::Duration = std::time::Duration::from_secs(600);

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    response_type: String,
    client_id: String,
    redirect_uri: String,
    scope: String,
    state: Option<String>,
    code_challenge: Option<String>,
    code_challenge_method: Option<String>,
}

/// A request that may be shown to a person.
struct Good {
    app: App,
    scopes: Scopes,
}

/// What is wrong with a request: shown here when nobody can be trusted to be told, else told to the program.
enum Wrong {
    Here(Failure),
    ToProgram(&'static str),
}

impl Asked {
    async fn examine(&self, ctx: &Ctx) -> Result<Good, Wrong> {
        let here = |key: &str| Wrong::Here(Failure::bad_request("invalid-client").saying(Message::new(key)));
        let app = store::app_by_client_id(&ctx.db, &self.client_id)
            .await
            .map_err(|error| Wrong::Here(error.into()))?
            .ok_or_else(|| here("client-authorize-unknown"))?;
        // Letter for letter: anything looser has let codes leak (RFC 9700, 4.1).
        if !app.redirect_uris().contains(&self.redirect_uri) {
            return Err(here("client-authorize-redirect"));
        }
        if self.response_type != "code" {
            return Err(Wrong::ToProgram("unsupported_response_type"));
        }
        let method = self.code_challenge_method.as_deref();
        match &self.code_challenge {
            Some(challenge) => {
                let shaped = challenge.len() == 43
                    && challenge
                        .bytes()
                        .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
                if method != Some("S256") || !shaped {
                    return Err(Wrong::ToProgram("invalid_request"));
                }
            }
            None if method.is_some() => return Err(Wrong::ToProgram("invalid_request")),
            None => {}
        }
        let scopes = Scopes::parse(&self.scope).map_err(|_| Wrong::ToProgram("invalid_scope"))?;
        let registered = Scopes::parse(&app.scopes).unwrap_or_default();
        if !scopes.within(&registered) {
            return Err(Wrong::ToProgram("invalid_scope"));
        }
        Ok(Good { app, scopes })
    }

    /// Leads back to the program.
    fn answer(&self, ctx: &Ctx, name: &str, value: &str) -> Response {
        let Ok(mut target) = Url::parse(&self.redirect_uri) else {
            return redirect(StatusCode::SEE_OTHER, "/");
        };
        {
            let mut query = target.query_pairs_mut();
            query.append_pair(name, value);
            if let Some(state) = &self.state {
                query.append_pair("state", state);
            }
            query.append_pair("iss", ctx.urls.base());
        }
        let location = HeaderValue::try_from(target.as_str()).unwrap_or(HeaderValue::from_static("/"));
        (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
    }

    fn refuse(&self, ctx: &Ctx, wrong: Wrong) -> Result<Response, Failure> {
        match wrong {
            Wrong::Here(failure) => Err(failure),
            Wrong::ToProgram(_) if self.redirect_uri == OUT_OF_BAND => {
                Err(Failure::bad_request("invalid-request")
                    .saying(Message::new("client-authorize-malformed")))
            }
            Wrong::ToProgram(error) => Ok(self.answer(ctx, "error", error)),
        }
    }
}

/// An office the person may let the program act for.
struct OfficeChoice {
    code: String,
    name: String,
}

#[derive(Template)]
#[template(path = "client_api/authorize.html")]
struct AuthorizePage {
    page: Page,
    app: String,
    website: Option<String>,
    scopes: Vec<String>,
    name: String,
    offices: Vec<OfficeChoice>,
    asked: Asked,
}

#[derive(Template)]
#[template(path = "client_api/code.html")]
struct CodePage {
    page: Page,
    code: String,
}

pub(super) async fn show(
    State(ctx): State<Ctx>,
    visit: Visit,
    viewer: Viewer,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let examined = match asked.examine(&ctx).await {
        Err(Wrong::Here(failure)) => return Err(failure),
        examined => examined,
    };
    // Anybody may register a program: nobody is led to its address before she has signed in here (RFC 9700,
    // 4.11.2), or this page would open the way to any site.
    let Some(citizen) = viewer.citizen() else {
        let back: String = url::form_urlencoded::byte_serialize(visit.path.as_bytes()).collect();
        return Ok(redirect(
            StatusCode::SEE_OTHER,
            &format!("/connexion?suite={back}"),
        ));
    };
    let good = match examined {
        Ok(good) => good,
        Err(wrong) => return asked.refuse(&ctx, wrong),
    };
    let mut page = Page::titled(&ctx, &visit, "client-authorize-title");
    page.noindex = true;
    page.hide_bar = true;
    let shown = AuthorizePage {
        page,
        app: good.app.name,
        website: good.app.website,
        scopes: good
            .scopes
            .to_string()
            .split(' ')
            .map(ToOwned::to_owned)
            .collect(),
        name: citizen.name().to_owned(),
        offices: offices(&ctx, citizen).await?,
        asked,
    };
    let mut response = html(StatusCode::OK, &shown)?;
    // The form leads on to the program's own address, which a browser holds against `form-action`.
    response.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
             frame-ancestors 'none'; base-uri 'none'; object-src 'none'",
        ),
    );
    Ok(response)
}

async fn offices(ctx: &Ctx, citizen: &Citizen) -> Result<Vec<OfficeChoice>, Failure> {
    let mut offices = Vec::new();
    for code in citizen.communes() {
        let Some(commune) = commune::actions::by_code(ctx, code).await? else {
            continue;
        };
        if let Some(acting) = citizen.acting_for(Right::News, &commune) {
            if let Some(actor) = federation::actors::by_id(ctx, acting.actor).await? {
                offices.push(OfficeChoice {
                    code: code.to_string(),
                    name: actor.display_name().to_owned(),
                });
            }
        }
    }
    Ok(offices)
}

pub(super) async fn decide(
    State(ctx): State<Ctx>,
    visit: Visit,
    citizen: Citizen,
    form: Submitted,
) -> Result<Response, Failure> {
    let optional = |name: &str| {
        form.has(name)
            .then(|| form.get(name).to_owned())
            .filter(|text| !text.is_empty())
    };
    let asked = Asked {
        response_type: form.get("response_type").to_owned(),
        client_id: form.get("client_id").to_owned(),
        redirect_uri: form.get("redirect_uri").to_owned(),
        scope: form.get("scope").to_owned(),
        state: optional("state"),
        code_challenge: optional("code_challenge"),
        code_challenge_method: optional("code_challenge_method"),
    };
    let good = match asked.examine(&ctx).await {
        Ok(good) => good,
        Err(wrong) => return asked.refuse(&ctx, wrong),
    };
    if form.get("decision") != "allow" {
        return asked.refuse(&ctx, Wrong::ToProgram("access_denied"));
    }
    let wanted = form.get("office");
    let office = offices(&ctx, &citizen)
        .await?
        .into_iter()
        .map(|office| office.code)
        .find(|code| code == wanted);
    if office.is_none() && !wanted.is_empty() {
        return Err(Failure::forbidden());
    }
    let code = ctx.rng.token();
    let grant = Grant {
        code_hash: hash(&code),
        app_id: good.app.id,
        account_id: citizen.id().0,
        office,
        redirect_uri: asked.redirect_uri.clone(),
        scopes: good.scopes.to_string(),
        challenge: asked.code_challenge.clone(),
        expires_at: ctx.clock.now().plus(LIFE),
        token_id: None,
    };
    let mut tx = ctx.db.begin().await?;
    store::insert_grant(&mut tx, &grant).await?;
    tx.commit().await?;
    if asked.redirect_uri == OUT_OF_BAND {
        let mut page = Page::titled(&ctx, &visit, "client-code-title");
        page.noindex = true;
        return html(StatusCode::OK, &CodePage { page, code });
    }
    Ok(asked.answer(&ctx, "code", &code))
}
