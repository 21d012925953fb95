//! Our objects by address: `{base}/ap/{kind}/{id}` is answered by the room that owns the kind.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;

use platform::StoreError;
use serde_json::Value;

use crate::{Actor, Ctx};

/// What a room says of one of its objects.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// Anybody may read it: its document, and the page for people.
    Public {
        /// The ActivityPub document, without `@context`.
        document: Value,
        /// The path of its page.
        page: String,
    },
    /// Only this audience may read it; others get what a missing object gets.
    Restricted {
        /// The ActivityPub document, without `@context`.
        document: Value,
        /// The path of its page, which decides for itself who reads.
        page: String,
    },
    /// Deleted: 410 and a Tombstone.
    Gone,
    /// There is none.
    Missing,
}

type Answer = Pin<Box<dyn Future<Output = Result<Found, StoreError>> + Send>>;
type Owner = Box<dyn Fn(Ctx, i64, Option<Actor>) -> Answer + Send + Sync>;

/// Which room owns which kind of object.
#[derive(Default)]
pub struct Objects(HashMap<&'static str, Owner>);

impl fmt::Debug for Objects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.keys()).finish()
    }
}

impl Objects {
    /// `owner` answers for `/ap/{kind}/{id}`; it is given the actor that signed the request, if any, and
    /// decides what that actor may read.
    pub fn own<F, A>(&mut self, kind: &'static str, owner: F) -> &mut Self
    where
        F: Fn(Ctx, i64, Option<Actor>) -> A + Send + Sync + 'static,
        A: Future<Output = Result<Found, StoreError>> + Send + 'static,
    {
        self.0.insert(
            kind,
            Box::new(move |ctx, id, reader| Box::pin(owner(ctx, id, reader))),
        );
        self
    }

    /// Asks the owner.
    ///
    /// # Errors
    /// [`StoreError`] from the owner.
    pub async fn find(
        &self,
        ctx: &Ctx,
        kind: &str,
        id: i64,
        reader: Option<Actor>,
    ) -> Result<Found, StoreError> {
        match self.0.get(kind) {
            Some(owner) => owner(ctx.clone(), id, reader).await,
            None => Ok(Found::Missing),
        }
    }
}

/// The address of an object of ours.
pub fn uri(ctx: &platform::Ctx, kind: &str, id: impl fmt::Display) -> String {
    ctx.urls.to(&format!("/ap/{kind}/{id}"))
}

/// Kind and id of an address that is one of our objects'.
pub fn parse<'a>(ctx: &platform::Ctx, uri: &'a str) -> Option<(&'a str, i64)> {
    let (kind, id) = ctx.urls.path_of(uri)?.strip_prefix("/ap/")?.split_once('/')?;
    Some((
        kind,
        id.parse()
            .ok()
            .filter(|id: &i64| id.to_string() == uri.rsplit('/').next().unwrap_or(""))?,
    ))
}
