//! Programs: `POST /api/v1/apps`.

use axum::Json;
use axum::extract::State;
use federation::Ctx;
use platform::limits::Brake;
use platform::text;
use platform::web::{Failure, Message, Visit};
use serde_json::{Value, json};
use url::Url;

use super::OUT_OF_BAND;
use crate::bearer::Bearer;
use crate::params::Params;
use crate::scopes::Scopes;
use crate::store::{self, App};
use crate::tokens::hash;

const REGISTRATIONS: Brake = Brake::new("apps", 30, 600);
const MOST_ADDRESSES: usize = 10;

fn refuse(key: &str) -> Failure {
    Failure::unprocessable("invalid-app", Message::new(key))
}

pub(super) async fn create(
    State(ctx): State<Ctx>,
    visit: Visit,
    params: Params,
) -> Result<Json<Value>, Failure> {
    ctx.limits
        .check(REGISTRATIONS, &visit.ip_key())
        .map_err(Failure::too_many)?;
    let name = text::clean_line(params.get("client_name").unwrap_or_default(), 100);
    if name.is_empty() {
        return Err(refuse("client-app-name"));
    }
    let scopes = Scopes::parse(params.get("scopes").unwrap_or_default()).map_err(|unknown| {
        Failure::unprocessable(
            "invalid-scope",
            Message::new("client-app-scope").with("scope", unknown),
        )
    })?;
    let addresses = addresses(&params).ok_or_else(|| refuse("client-app-redirect"))?;
    let website = params
        .filled("website")
        .filter(|text| is_web(text))
        .map(|text| text.chars().take(2000).collect());
    let secret = ctx.rng.token();
    let app = App {
        id: ctx.new_id(),
        client_id: ctx.rng.token(),
        secret_hash: hash(&secret),
        name,
        website,
        redirect_uris: serde_json::to_string(&addresses).unwrap_or_default(),
        scopes: scopes.to_string(),
        created_at: ctx.clock.now(),
    };
    let mut tx = ctx.db.begin().await?;
    store::insert_app(&mut tx, &app).await?;
    tx.commit().await?;
    let mut shown = entity(&app);
    if let Some(map) = shown.as_object_mut() {
        map.insert("client_id".to_owned(), json!(app.client_id));
        map.insert("client_secret".to_owned(), json!(secret));
        map.insert("client_secret_expires_at".to_owned(), json!(0));
    }
    Ok(Json(shown))
}

/// Every address must be absolute and without fragment; a scheme that a browser would run is refused.
fn addresses(params: &Params) -> Option<Vec<String>> {
    let all: Vec<String> = params
        .all("redirect_uris")
        .iter()
        .flat_map(|text| text.split(['\n', ' ']))
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .map(ToOwned::to_owned)
        .collect();
    let good = |text: &String| {
        text == OUT_OF_BAND
            || Url::parse(text).is_ok_and(|url| {
                url.fragment().is_none()
                    && text.len() <= 2000
                    && !matches!(
                        url.scheme(),
                        "javascript" | "data" | "vbscript" | "file" | "blob" | "about"
                    )
                    && (!matches!(url.scheme(), "http" | "https") || url.host_str().is_some())
            })
    };
    (!all.is_empty() && all.len() <= MOST_ADDRESSES && all.iter().all(good)).then_some(all)
}

fn is_web(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

fn entity(app: &App) -> Value {
    let addresses = app.redirect_uris();
    json!({
        "id": app.id.to_string(),
        "name": app.name,
        "website": app.website,
        "scopes": app.scopes.split(' ').collect::<Vec<_>>(),
        "redirect_uri": addresses.join("\n"),
        "redirect_uris": addresses,
        "vapid_key": "",
    })
}

pub(super) async fn verify(State(ctx): State<Ctx>, bearer: Bearer) -> Result<Json<Value>, Failure> {
    let app = match bearer.token.app_id {
        Some(id) => store::app_by_id(&ctx.db, id).await?,
        None => None,
    };
    let alone = || json!({ "name": "Parvis", "website": ctx.urls.base(), "scopes": bearer.token.scopes.split(' ').collect::<Vec<_>>() });
    Ok(Json(app.as_ref().map_or_else(alone, entity)))
}
