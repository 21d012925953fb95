//! One request of a program: who asks, what she may, and the page of a list she wants.

use account::{Citizen, Right};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::{IntoResponse as _, Response};
use axum::{Extension, Json};
use discussion::Participant;
use federation::{ActorId, Ctx};
use platform::store::Paging;
use platform::web::{Failure, Message, Visit};
use serde_json::Value;

use crate::bearer::{Bearer, MaybeBearer, refused};
use crate::params::Params;
use crate::source::Api;

/// What every handler begins with.
#[derive(Debug, Clone)]
pub(crate) struct Door {
    pub(crate) ctx: Ctx,
    pub(crate) api: Api,
    pub(crate) bearer: Option<Bearer>,
    pub(crate) headers: HeaderMap,
    pub(crate) visit: Visit,
    uri: Uri,
}

impl FromRequestParts<Ctx> for Door {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, ctx: &Ctx) -> Result<Self, Failure> {
        let Extension(api) = Extension::<Api>::from_request_parts(parts, ctx)
            .await
            .map_err(|_| Failure::internal("the API was not put together"))?;
        let MaybeBearer(bearer) = MaybeBearer::from_request_parts(parts, ctx).await?;
        Ok(Self {
            ctx: ctx.clone(),
            api,
            bearer,
            headers: parts.headers.clone(),
            visit: Visit::from_request_parts(parts, ctx).await?,
            uri: parts.uri.clone(),
        })
    }
}

impl Door {
    /// Who reads: nobody without a token, or with one that speaks for no person.
    ///
    /// # Errors
    /// 403 for a token without the scope.
    pub(crate) fn reader(&self, scope: &str) -> Result<Option<Participant>, Failure> {
        let Some(bearer) = &self.bearer else {
            return Ok(None);
        };
        bearer.demand(scope)?;
        Ok(bearer
            .citizen
            .as_ref()
            .map(|citizen| Participant::from(&**citizen)))
    }

    /// The person who must be there.
    ///
    /// # Errors
    /// 401 without a token, 403 without the scope, 422 without a person.
    pub(crate) fn citizen(&self, scope: &str) -> Result<&Citizen, Failure> {
        self.bearer.as_ref().ok_or_else(refused)?.person(scope)
    }

    /// The person who must be there, as she is seen to act.
    ///
    /// # Errors
    /// As [`Door::citizen`].
    pub(crate) fn person(&self, scope: &str) -> Result<Participant, Failure> {
        self.citizen(scope).map(|citizen| Participant::from(&**citizen))
    }

    /// The same for a deed: who speaks for an office must be allowed to.
    ///
    /// # Errors
    /// As [`Door::citizen`]; 403 for a delegate of other rights.
    pub(crate) fn actor(&self, scope: &str) -> Result<Participant, Failure> {
        let citizen = self.citizen(scope)?;
        match &citizen.office {
            Some(office) if !citizen.may(Right::News, office.commune) => Err(Failure::forbidden()),
            _ => Ok(Participant::from(&**citizen)),
        }
    }

    /// As entities are drawn for this reader.
    pub(crate) fn view(&self, reader: Option<Participant>) -> View<'_> {
        View {
            ctx: &self.ctx,
            api: &self.api,
            reader,
        }
    }

    /// A page of a list with its `Link` header. `ids` are those of the first and the last row; without rows
    /// there is nothing before or after.
    pub(crate) fn page(
        &self,
        rows: Vec<Value>,
        ids: Option<(i64, i64)>,
        has_more: bool,
        paging: &Paging,
    ) -> Response {
        let mut response = Json(rows).into_response();
        let Some((first, last)) = ids else {
            return response;
        };
        let mut links = Vec::new();
        if has_more || paging.is_ascending() {
            links.push(format!("<{}>; rel=\"next\"", self.address("max_id", last)));
        }
        links.push(format!("<{}>; rel=\"prev\"", self.address("min_id", first)));
        if let Ok(value) = HeaderValue::try_from(links.join(", ")) {
            response.headers_mut().insert(header::LINK, value);
        }
        response
    }

    /// The address asked for, from another id on.
    fn address(&self, name: &str, id: i64) -> String {
        let kept = url::form_urlencoded::parse(self.uri.query().unwrap_or_default().as_bytes())
            .filter(|(key, _)| !matches!(key.as_ref(), "max_id" | "min_id" | "since_id"));
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(kept);
        query.append_pair(name, &id.to_string());
        self.ctx
            .urls
            .to(&format!("{}?{}", self.uri.path(), query.finish()))
    }

    /// 422 with a sentence (`client-…`).
    pub(crate) fn unprocessable(code: &'static str) -> Failure {
        Failure::unprocessable(code, Message::new(format!("client-refused-{code}")))
    }
}

/// For whom entities are drawn.
#[derive(Debug, Clone)]
pub(crate) struct View<'a> {
    pub(crate) ctx: &'a Ctx,
    pub(crate) api: &'a Api,
    pub(crate) reader: Option<Participant>,
}

impl View<'_> {
    /// The actor who reads.
    pub(crate) fn reader_id(&self) -> Option<ActorId> {
        self.reader.as_ref().map(|reader| reader.actor.id)
    }

    /// Whether the reader has an account here.
    pub(crate) fn is_from_here(&self) -> bool {
        self.reader.as_ref().is_some_and(|reader| reader.actor.local)
    }
}

/// The page wanted; 20 rows and at most 40 usually.
pub(crate) fn paging(params: &Params, usual: i64, most: i64) -> Paging {
    let id = |name: &str| params.number(name).filter(|id| *id >= 0);
    Paging {
        max_id: id("max_id"),
        since_id: id("since_id"),
        min_id: id("min_id"),
        limit: params.number("limit").unwrap_or(usual).clamp(1, most),
    }
}

/// The number in an address; what is none leads nowhere.
pub(crate) fn id(text: &str) -> Result<i64, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}
