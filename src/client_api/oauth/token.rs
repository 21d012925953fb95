//! Codes are changed for tokens, tokens are revoked.

use account::AccountId;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use federation::Ctx;
use platform::limits::Brake;
use platform::web::{Failure, Visit};
use serde_json::{Value, json};

use super::OUT_OF_BAND;
use crate::bearer::Bearer;
use crate::params::Params;
use crate::scopes::Scopes;
use crate::store::{self, App, Grant, Token};
use crate::tokens::{hash, issue};

const TOKENS: Brake = Brake::new("oauth-token", 60, 300);

/// RFC 6749, 5.2: `error` is one of its words.
fn refuse(status: StatusCode, error: &str, description: &str) -> Response {
    let body = json!({ "error": error, "error_description": description });
    (status, [(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

fn invalid_client() -> Response {
    refuse(
        StatusCode::UNAUTHORIZED,
        "invalid_client",
        "Unknown client, or wrong secret.",
    )
}

fn invalid_grant() -> Response {
    let said = "The code is unknown, used, expired, or was made for another client, address or verifier.";
    refuse(StatusCode::BAD_REQUEST, "invalid_grant", said)
}

/// The client, by its id and secret in the form or in `Authorization: Basic`.
async fn client(ctx: &Ctx, headers: &HeaderMap, params: &Params) -> Result<Option<App>, Failure> {
    let basic = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.strip_prefix("Basic "))
        .and_then(|text| STANDARD.decode(text.trim()).ok())
        .and_then(|bytes| String::from_utf8(bytes).ok());
    let (id, secret) = match &basic {
        Some(pair) => pair.split_once(':').unwrap_or((pair, "")),
        None => (
            params.get("client_id").unwrap_or_default(),
            params.get("client_secret").unwrap_or_default(),
        ),
    };
    let Some(app) = store::app_by_client_id(&ctx.db, id).await? else {
        return Ok(None);
    };
    let same = verify_slices_are_equal(app.secret_hash.as_bytes(), hash(secret).as_bytes()).is_ok();
    Ok(same.then_some(app))
}

pub(super) async fn create(
    State(ctx): State<Ctx>,
    visit: Visit,
    headers: HeaderMap,
    params: Params,
) -> Result<Response, Failure> {
    ctx.limits
        .check(TOKENS, &visit.ip_key())
        .map_err(Failure::too_many)?;
    let Some(app) = client(&ctx, &headers, &params).await? else {
        return Ok(invalid_client());
    };
    match params.get("grant_type").unwrap_or_default() {
        "authorization_code" => with_code(&ctx, &app, &params).await,
        "client_credentials" => on_its_own(&ctx, &app, &params).await,
        _ => {
            let said = "Only authorization_code and client_credentials are known here.";
            Ok(refuse(StatusCode::BAD_REQUEST, "unsupported_grant_type", said))
        }
    }
}

async fn on_its_own(ctx: &Ctx, app: &App, params: &Params) -> Result<Response, Failure> {
    let registered = Scopes::parse(&app.scopes).unwrap_or_default();
    let scopes = match params.filled("scope").map(Scopes::parse) {
        None => Scopes::default(),
        Some(Ok(scopes)) if scopes.within(&registered) => scopes,
        Some(_) => {
            return Ok(refuse(
                StatusCode::BAD_REQUEST,
                "invalid_scope",
                "Not a scope of this client.",
            ));
        }
    };
    let scopes = if scopes == Scopes::default() {
        Scopes::parse("read").unwrap_or_default()
    } else {
        scopes
    };
    let mut tx = ctx.db.begin().await?;
    let (secret, token) = issue(ctx, &mut tx, Some(app.id), None, None, &scopes).await?;
    tx.commit().await?;
    Ok(answer(&secret, &token))
}

async fn with_code(ctx: &Ctx, app: &App, params: &Params) -> Result<Response, Failure> {
    let now = ctx.clock.now();
    let code_hash = hash(params.get("code").unwrap_or_default());
    let mut tx = ctx.db.begin().await?;
    let Some(grant) = store::grant_for_use(&mut tx, &code_hash).await? else {
        return Ok(invalid_grant());
    };
    if let Some(first) = grant.token_id {
        // Somebody else has the code: the token made with it ends too.
        store::revoke(&mut tx, first, now).await?;
        tx.commit().await?;
        return Ok(invalid_grant());
    }
    let address = params.get("redirect_uri").unwrap_or(OUT_OF_BAND);
    if grant.app_id != app.id
        || grant.expires_at <= now
        || grant.redirect_uri != address
        || !proves(&grant, params)
    {
        return Ok(invalid_grant());
    }
    let scopes = Scopes::parse(&grant.scopes).unwrap_or_default();
    let account = AccountId(grant.account_id);
    let (secret, token) = issue(ctx, &mut tx, Some(app.id), Some(account), grant.office, &scopes).await?;
    store::use_grant(&mut tx, &code_hash, token.id).await?;
    tx.commit().await?;
    Ok(answer(&secret, &token))
}

/// PKCE (RFC 7636): a code made with a challenge needs its verifier, one made without has none.
fn proves(grant: &Grant, params: &Params) -> bool {
    match (&grant.challenge, params.get("code_verifier")) {
        (Some(challenge), Some(verifier)) => {
            let made = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
            (43..=128).contains(&verifier.len())
                && verify_slices_are_equal(made.as_bytes(), challenge.as_bytes()).is_ok()
        }
        (None, None) => true,
        _ => false,
    }
}

fn answer(secret: &str, token: &Token) -> Response {
    let body = json!({
        "access_token": secret,
        "token_type": "Bearer",
        "scope": token.scopes,
        "created_at": token.created_at.as_secs(),
    });
    ([(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

pub(super) async fn revoke(
    State(ctx): State<Ctx>,
    headers: HeaderMap,
    params: Params,
) -> Result<Response, Failure> {
    let Some(app) = client(&ctx, &headers, &params).await? else {
        return Ok(refuse(
            StatusCode::FORBIDDEN,
            "unauthorized_client",
            "This client may not revoke this token.",
        ));
    };
    if let Some(token) = store::token(&ctx.db, &hash(params.get("token").unwrap_or_default())).await? {
        if token.app_id != Some(app.id) {
            let said = "This client may not revoke this token.";
            return Ok(refuse(StatusCode::FORBIDDEN, "unauthorized_client", said));
        }
        let mut tx = ctx.db.begin().await?;
        store::revoke(&mut tx, token.id, ctx.clock.now()).await?;
        tx.commit().await?;
    }
    // An unknown token is revoked already (RFC 7009, 2.2).
    Ok(Json(json!({})).into_response())
}

pub(super) async fn userinfo(State(ctx): State<Ctx>, bearer: Bearer) -> Result<Json<Value>, Failure> {
    let actor = bearer.face("profile").or_else(|_| bearer.face("read:accounts"))?;
    let picture = account::avatar(actor);
    let picture = if picture.starts_with('/') {
        ctx.urls.to(&picture)
    } else {
        picture
    };
    Ok(Json(json!({
        "iss": ctx.urls.base(),
        "sub": actor.uri,
        "name": actor.display_name(),
        "preferred_username": actor.handle,
        "profile": actor.page(),
        "picture": picture,
    })))
}

pub(super) async fn metadata(State(ctx): State<Ctx>) -> Json<Value> {
    let at = |path: &str| ctx.urls.to(path);
    Json(json!({
        "issuer": ctx.urls.base(),
        "service_documentation": at("/a-propos"),
        "authorization_endpoint": at(super::AUTHORIZE),
        "token_endpoint": at(super::TOKEN),
        "revocation_endpoint": at("/oauth/revoke"),
        "userinfo_endpoint": at("/oauth/userinfo"),
        "app_registration_endpoint": at("/api/v1/apps"),
        "scopes_supported": crate::scopes::KNOWN,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "client_credentials"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
    }))
}
