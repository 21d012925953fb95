//! Who reads: the actor whose key signed the request, if anybody did.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, Uri, header};
use platform::web::{Failure, Visit};

use crate::receive::verify::{self, Turned};
use crate::signatures::{Incoming, Refusal, accept_signature};
use crate::store::actors as store;
use crate::{Actor, Ctx, policy};

/// The parts of a request a signature speaks of.
pub(super) struct Asked {
    method: Method,
    uri: Uri,
    pub(super) headers: HeaderMap,
    address: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let axum::extract::OriginalUri(uri) =
            axum::extract::OriginalUri::from_request_parts(parts, state).await?;
        Ok(Self {
            method: parts.method.clone(),
            uri,
            headers: parts.headers.clone(),
            address: parts
                .extensions
                .get::<Visit>()
                .map(Visit::ip_key)
                .unwrap_or_default(),
        })
    }
}

/// Whoever reads.
#[derive(Debug, Clone)]
pub(super) enum Reader {
    /// Nobody signed, or not in a way to be believed.
    Anybody,
    /// The owner of a key; the actor when it is known here.
    Somebody { uri: String, actor: Option<Box<Actor>> },
}

impl Reader {
    pub(super) fn actor(&self) -> Option<&Actor> {
        match self {
            Self::Anybody => None,
            Self::Somebody { actor, .. } => actor.as_deref(),
        }
    }
}

impl Asked {
    /// Whether there is a signature to look at.
    pub(super) fn is_signed(&self) -> bool {
        self.headers.contains_key("signature")
    }

    /// Who signed. A wrong signature is as good as none.
    ///
    /// # Errors
    /// 403 for a blocked server, 503 when our database fails.
    pub(super) async fn reader(&self, ctx: &Ctx) -> Result<Reader, Failure> {
        match self.signed(ctx).await {
            Ok(reader) => Ok(reader),
            Err(Turned::Blocked) => Err(Failure::forbidden()),
            Err(Turned::Store(error)) => Err(error.into()),
            Err(Turned::Refused(_) | Turned::Gone | Turned::Later(_)) => Ok(Reader::Anybody),
        }
    }

    /// With `authorized_fetch`, what everybody may read is for those who sign; blocked servers get nothing.
    ///
    /// # Errors
    /// 401, 403, 429 or 503.
    pub(super) async fn authorize(&self, ctx: &Ctx) -> Result<(), Failure> {
        if !ctx.federation().authorized_fetch {
            return Ok(());
        }
        let refused = |refusal: Refusal| {
            Failure::new(refusal.status(), "unauthorized").header(
                axum::http::HeaderName::from_static("accept-signature"),
                accept_signature(&self.method, None),
            )
        };
        match self.signed(ctx).await {
            Ok(_) => Ok(()),
            Err(Turned::Blocked) => Err(Failure::forbidden()),
            Err(Turned::Refused(refusal)) => Err(refused(refusal)),
            Err(Turned::Gone) => Err(refused(Refusal::KeyNotFound)),
            Err(Turned::Later(wait)) => Err(Failure::too_many(wait)),
            Err(Turned::Store(error)) => Err(error.into()),
        }
        .map_err(|failure: Failure| {
            failure.header(header::VARY, HeaderValue::from_static("Accept, Signature"))
        })
    }

    async fn signed(&self, ctx: &Ctx) -> Result<Reader, Turned> {
        let request = Incoming::new(&self.method, &self.uri, &self.headers, &[]);
        let candidate = verify::examine(ctx, &request)?;
        let mut signed = verify::signer(ctx, &candidate, &self.address).await?;
        signed.believed();
        if policy::is_blocked(ctx, &signed.owner).await? {
            return Err(Turned::Blocked);
        }
        let actor = store::by_uri(&ctx.db, &signed.owner)
            .await?
            .filter(|actor| !actor.local && !actor.suspended && actor.deleted_at.is_none());
        Ok(Reader::Somebody {
            uri: signed.owner,
            actor: actor.map(Box::new),
        })
    }
}
