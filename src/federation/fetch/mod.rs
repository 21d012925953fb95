//! Reading what other servers publish: signed by this server's own actor, within limits, and believed only
//! as far as its origin goes.
//!
//! Owns the rules of INTEROP 1.4 and 2.3: only the two media types of ActivityPub; a document is what it
//! says it is only when it lies at its own id; redirects are followed and judged anew at each hop; addresses
//! of blocked servers, of our own and of private networks are never asked. Failures are remembered for a
//! moment, so that nothing is asked again and again.

pub(crate) mod budget;
pub(crate) mod gauge;
pub(crate) mod keys;
mod profile;
mod request;
pub(crate) mod webfinger;

use std::sync::Arc;
use std::time::Duration;

use platform::StoreError;
use platform::limits::Brake;
use serde_json::Value;
use tokio::time::Instant;
use url::Url;

use crate::memory::KeptDocument;
use crate::{Ctx, Verdict, actors, address, envelope};

pub(crate) use profile::Profile;
pub(crate) use request::{Ask, get};

/// Documents asked of one server.
const DOCUMENTS: Brake = Brake::new("documents of a server", 300, 300);
/// Documents larger than this are not kept.
const SMALL: usize = 64 * 1024;

/// Why there is no document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// It is not asked for, or what came is not believed.
    #[error("refused: {0}")]
    Refused(&'static str),
    /// The server is blocked here.
    #[error("the server is blocked")]
    Blocked,
    /// It was there and is gone for good.
    #[error("it is gone")]
    Gone,
    /// The server answered with this status.
    #[error("the server answered {0}")]
    Status(u16),
    /// The server cannot be reached now.
    #[error("{0}")]
    Unreachable(String),
    /// Too much was asked of that server, or by this one deed; again after this time.
    #[error("not before {} s", .0.as_secs())]
    Later(Duration),
    /// Our own database.
    #[error("{0}")]
    Store(String),
}

impl FetchError {
    /// Whether the same question may be answered later.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Unreachable(_) | Self::Later(_) | Self::Store(_) => true,
            Self::Status(status) => matches!(status, 401 | 403 | 408 | 425 | 429 | 500..),
            Self::Refused(_) | Self::Blocked | Self::Gone => false,
        }
    }

    /// How long it is not worth asking again.
    fn memorable(&self) -> Option<Duration> {
        match self {
            Self::Refused(_) | Self::Gone => Some(Duration::from_secs(60)),
            Self::Status(_) => Some(Duration::from_secs(15)),
            Self::Blocked | Self::Unreachable(_) | Self::Later(_) | Self::Store(_) => None,
        }
    }
}

impl From<StoreError> for FetchError {
    fn from(error: StoreError) -> Self {
        Self::Store(error.to_string())
    }
}

impl From<FetchError> for Verdict {
    fn from(error: FetchError) -> Self {
        match error {
            FetchError::Refused(why) => Self::Reject(why),
            FetchError::Blocked => Self::Reject("the server is blocked"),
            FetchError::Gone => Self::Ignore("it is gone"),
            FetchError::Status(_) if !error.is_temporary() => Self::Ignore("its server does not have it"),
            other => Self::Retry(other.to_string()),
        }
    }
}

/// A document that lies at its own id.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    /// Its id, in canonical form.
    pub(crate) id: String,
    pub(crate) value: Arc<Value>,
}

/// Reads an object from its origin. Its `id` is in canonical form and may differ from the address asked
/// for (a page address leads to it); its author is of the same origin. Gives [`FetchError::Gone`] for what
/// its author has deleted.
///
/// # Errors
/// [`FetchError`], which a claim may turn into its [`Verdict`].
pub async fn object(ctx: &Ctx, uri: &str) -> Result<Value, FetchError> {
    let value = as_its_origin_says(ctx, uri).await?;
    if let Some(map) = value.as_object() {
        let id = map.get("id").and_then(Value::as_str).unwrap_or_default();
        for author in envelope::ids(map, "attributedTo")
            .into_iter()
            .chain(envelope::ids(map, "actor"))
        {
            if actors::is_buried_by(ctx, id, author).await? {
                return Err(FetchError::Gone);
            }
        }
        if actors::is_buried(ctx, id).await? {
            return Err(FetchError::Gone);
        }
    }
    Ok(value)
}

/// [`object`], of something its author deleted and says to have restored: what its origin serves now counts.
///
/// # Errors
/// As [`object`].
pub async fn object_again(ctx: &Ctx, uri: &str) -> Result<Value, FetchError> {
    if let Some(mut url) = address::parse(uri) {
        url.set_fragment(None);
        // That it was gone a moment ago is what has changed.
        ctx.memory().failures.remove(url.as_str());
    }
    as_its_origin_says(ctx, uri).await
}

async fn as_its_origin_says(ctx: &Ctx, uri: &str) -> Result<Value, FetchError> {
    let document = document(ctx, uri, Freshness::Now).await?;
    let mut value = Arc::unwrap_or_clone(document.value);
    envelope::canonicalise(&mut value);
    if let Some(map) = value.as_object_mut() {
        map.insert("id".to_owned(), Value::String(document.id.clone()));
        for author in envelope::ids(map, "attributedTo")
            .into_iter()
            .chain(envelope::ids(map, "actor"))
        {
            if !address::same_origin(author, &document.id) {
                return Err(FetchError::Refused("its author is of another server"));
            }
        }
    }
    Ok(value)
}

/// How new a document must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Freshness {
    /// Asked for after this call began.
    Now,
    /// One read in the last two minutes will do.
    Lately,
}

/// Reads whatever document lies at an address.
pub(crate) async fn document(ctx: &Ctx, uri: &str, freshness: Freshness) -> Result<Document, FetchError> {
    let began = Instant::now();
    let mut url = address::parse(uri).ok_or(FetchError::Refused("not an address"))?;
    url.set_fragment(None);
    let oldest = match freshness {
        Freshness::Now => began,
        Freshness::Lately => began.checked_sub(Duration::from_secs(120)).unwrap_or(began),
    };
    if let Some(document) = kept(ctx, url.as_str(), oldest) {
        return Ok(document);
    }
    let _turn = ctx.memory().flights.turn(url.as_str()).await;
    if let Some(document) = kept(ctx, url.as_str(), oldest) {
        return Ok(document);
    }
    let now = ctx.clock.now();
    if let Some((failure, until)) = ctx.memory().failures.get(url.as_str())
        && until > now
    {
        return Err(failure);
    }
    let read = at_its_id(ctx, &url).await;
    if let Err(failure) = &read
        && let Some(span) = failure.memorable()
    {
        ctx.memory()
            .failures
            .insert(url.to_string(), (failure.clone(), now.plus(span)));
    }
    read
}

fn kept(ctx: &Ctx, url: &str, oldest: Instant) -> Option<Document> {
    let kept = ctx.memory().documents.get(url)?;
    (kept.asked >= oldest).then(|| Document {
        id: url.to_owned(),
        value: kept.value,
    })
}

async fn at_its_id(ctx: &Ctx, url: &Url) -> Result<Document, FetchError> {
    budget::spend()?;
    ctx.limits
        .check(DOCUMENTS, &url.origin().ascii_serialization())
        .map_err(FetchError::Later)?;
    let (from, value) = read(ctx, url, &Ask::activity()).await?;
    let id = id_of(&value)?;
    if is_at(&id, &from) {
        return Ok(Document { id: id.into(), value });
    }
    if id.origin() != from.origin() {
        return Err(FetchError::Refused("its id is of another server"));
    }
    // A page address, or one of several: what counts is what lies at the id.
    let mut home = id.clone();
    home.set_fragment(None);
    budget::spend()?;
    let (from, value) = read(ctx, &home, &Ask::activity()).await?;
    let again = id_of(&value)?;
    if again == id && is_at(&again, &from) {
        Ok(Document {
            id: again.into(),
            value,
        })
    } else {
        Err(FetchError::Refused("it does not lie at its id"))
    }
}

fn id_of(value: &Value) -> Result<Url, FetchError> {
    value
        .get("id")
        .and_then(Value::as_str)
        .and_then(address::parse)
        .ok_or(FetchError::Refused("it has no id"))
}

/// Whether the document with this id lies at this address.
fn is_at(id: &Url, from: &Url) -> bool {
    let mut plain = id.clone();
    plain.set_fragment(None);
    address::parse(from.as_str()).is_some_and(|from| from == plain)
}

/// One document as it is, and the address from which it came in the end.
pub(crate) async fn read(ctx: &Ctx, url: &Url, ask: &Ask<'_>) -> Result<(Url, Arc<Value>), FetchError> {
    let asked = Instant::now();
    let fetched = get(ctx, url, ask).await?;
    match fetched.status.as_u16() {
        200 | 203 => {}
        410 => return Err(FetchError::Gone),
        status => return Err(FetchError::Status(status)),
    }
    let is_ours = fetched
        .content_type
        .as_ref()
        .is_some_and(|kind| platform::web::negotiate::is_activity(kind.as_ref()));
    if !is_ours {
        return Err(FetchError::Refused("not a media type of ActivityPub"));
    }
    let value = crate::json::parse(&fetched.body)
        .map_err(|_refused| FetchError::Refused("not a document that can be read"))?;
    if !value.is_object() {
        return Err(FetchError::Refused("not a document"));
    }
    let value = Arc::new(value);
    if fetched.body.len() <= SMALL
        && let Ok(id) = id_of(&value)
        && id.fragment().is_none()
        && is_at(&id, &fetched.final_url)
    {
        let document = KeptDocument {
            value: value.clone(),
            asked,
        };
        ctx.memory().documents.insert(id.into(), document);
    }
    Ok((fetched.final_url, value))
}
