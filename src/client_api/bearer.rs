//! Who a token speaks for.

use account::{AccountId, Citizen, Viewer};
use aide::OperationInput;
use aide::generate::GenContext;
use aide::openapi::{Operation, SecurityRequirement};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use federation::{Actor, Ctx};
use platform::web::api::refusing;
use platform::web::{Failure, Message};

use crate::scopes::Scopes;
use crate::store::{self, Token};
use crate::tokens::hash;

/// A request's token, its scopes, and the person behind it.
#[derive(Debug, Clone)]
pub struct Bearer {
    pub(crate) token: Token,
    /// What it may do.
    pub scopes: Scopes,
    /// The person; none for a program on its own.
    pub citizen: Option<Citizen>,
}

impl Bearer {
    /// The person, if the token has this scope.
    ///
    /// # Errors
    /// 403 without the scope; 422 without a person, as Mastodon answers.
    pub fn person(&self, scope: &str) -> Result<&Citizen, Failure> {
        self.demand(scope)?;
        self.citizen
            .as_ref()
            .ok_or_else(|| Failure::unprocessable("user-required", Message::new("client-user-required")))
    }

    /// The actor that acts: the office's when the token speaks for one.
    ///
    /// # Errors
    /// As [`Bearer::person`].
    pub fn face(&self, scope: &str) -> Result<&Actor, Failure> {
        self.person(scope).map(|citizen| citizen.face())
    }

    /// # Errors
    /// 403 without the scope.
    pub fn demand(&self, scope: &str) -> Result<(), Failure> {
        if self.scopes.allow(scope) {
            return Ok(());
        }
        let challenge = format!("Bearer error=\"insufficient_scope\", scope=\"{scope}\"");
        Err(Failure::new(StatusCode::FORBIDDEN, "insufficient-scope")
            .saying(Message::new("client-scope").with("scope", scope))
            .header(header::WWW_AUTHENTICATE, value(&challenge)))
    }

    /// As the pages know her.
    pub fn viewer(&self) -> Viewer {
        self.citizen.clone().map_or_else(Viewer::nobody, Viewer::from)
    }
}

fn value(text: &str) -> HeaderValue {
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("Bearer"))
}

pub(crate) fn refused() -> Failure {
    Failure::unauthorized()
        .saying(Message::new("client-token"))
        .header(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static("Bearer error=\"invalid_token\""),
        )
}

fn sent(headers: &HeaderMap) -> Option<&str> {
    let text = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = text.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

/// The bearer of a request's token, if there is one. What the gate has found out is not asked again.
pub(crate) async fn read(parts: &Parts, ctx: &Ctx) -> Result<Option<Bearer>, Failure> {
    if let Some(known) = parts.extensions.get::<Bearer>() {
        return Ok(Some(known.clone()));
    }
    let Some(text) = sent(&parts.headers) else {
        return if parts.headers.contains_key(header::AUTHORIZATION) {
            Err(refused())
        } else {
            Ok(None)
        };
    };
    let token = store::token(&ctx.db, &hash(text)).await?.ok_or_else(refused)?;
    let scopes = Scopes::parse(&token.scopes).map_err(|_| refused())?;
    let citizen = match token.account_id {
        None => None,
        Some(id) => {
            let office = match &token.office {
                Some(code) => Some(code.parse().map_err(|_| refused())?),
                None => None,
            };
            // A person who is gone, suspended, or no longer holds the office has no token any more.
            let citizen = account::of_account(ctx, AccountId(id), office)
                .await?
                .ok_or_else(refused)?;
            // Changing the password and logging out everywhere end the tokens made before.
            if token.created_at < citizen.account.secured_at {
                return Err(refused());
            }
            account::actions::sessions::mark_used(ctx, &citizen).await?;
            Some(citizen)
        }
    };
    Ok(Some(Bearer {
        token,
        scopes,
        citizen,
    }))
}

impl FromRequestParts<Ctx> for Bearer {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, ctx: &Ctx) -> Result<Self, Failure> {
        read(parts, ctx).await?.ok_or_else(refused)
    }
}

/// A request that may bear a token; a bad one is refused all the same.
#[derive(Debug, Clone)]
pub struct MaybeBearer(pub Option<Bearer>);

impl MaybeBearer {
    /// The person, when the token may read `scope`.
    pub fn citizen(&self, scope: &str) -> Option<&Citizen> {
        self.0
            .as_ref()
            .filter(|bearer| bearer.scopes.allow(scope))
            .and_then(|bearer| bearer.citizen.as_ref())
    }

    /// As the pages know her.
    pub fn viewer(&self, scope: &str) -> Viewer {
        self.citizen(scope)
            .cloned()
            .map_or_else(Viewer::nobody, Viewer::from)
    }
}

impl FromRequestParts<Ctx> for MaybeBearer {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, ctx: &Ctx) -> Result<Self, Failure> {
        read(parts, ctx).await.map(Self)
    }
}

impl OperationInput for Bearer {
    fn operation_input(_: &mut GenContext, operation: &mut Operation) {
        refusing(operation, &[401, 403, 422]);
    }
}

/// What is read without a token may be read with one.
impl OperationInput for MaybeBearer {
    fn operation_input(_: &mut GenContext, operation: &mut Operation) {
        operation.security.push(SecurityRequirement::default());
        refusing(operation, &[401]);
    }
}
