//! What the rooms own and other servers may ask for: objects by address, collections under them, what an
//! actor pinned; and what the rooms want to hear of (somebody followed, somebody is gone).
//!
//! `{base}/ap/{kind}/{id}` is answered by the room that owns the kind. Filled by the composition before the
//! [`Ctx`] is made; the core itself owns no object.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;

use platform::StoreError;
use serde_json::{Map, Value};

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
    /// The reader the owner was given may read it; nobody else.
    Restricted {
        /// The ActivityPub document, without `@context`.
        document: Value,
        /// The path of its page, which decides for itself who reads.
        page: String,
    },
    /// Deleted: 410 and a Tombstone.
    Gone,
    /// There is none, or none for this reader.
    Missing,
}

/// A part of a collection under an object.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Part {
    /// How many there are in all that anybody may know of.
    pub total: i64,
    /// Row id (for paging) and what is listed: an address or a document.
    pub items: Vec<(i64, Value)>,
    /// Whether there are more after these.
    pub has_more: bool,
}

/// How much this server is used (NodeInfo); local accounts and what they wrote.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Accounts.
    pub users: i64,
    /// Accounts seen in the last 30 days.
    pub active_month: i64,
    /// Accounts seen in the last 180 days.
    pub active_halfyear: i64,
    /// Posts written here.
    pub posts: i64,
    /// Comments written here.
    pub comments: i64,
}

/// What becomes of somebody who wants to follow one of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// Follows from now on.
    Let,
    /// Waits for an answer.
    Wait,
    /// Is told no.
    Refuse,
    /// Is told nothing: for her there is no such actor.
    Unknown,
}

/// What somebody sees of an actor behind a veil.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// All of it.
    Whole,
    /// Its key and its inbox: what her server needs to believe its letters.
    Key,
    /// Nothing: for her there is no such actor.
    Nothing,
}

type Answer<T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send>>;
type Owner = Box<dyn Fn(Ctx, i64, Option<Actor>) -> Answer<Found> + Send + Sync>;
type Lister = Box<dyn Fn(Ctx, i64, Option<i64>, i64) -> Answer<Part> + Send + Sync>;
type Pinned = Box<dyn Fn(Ctx, Actor) -> Answer<Vec<Value>> + Send + Sync>;
type Counter = Box<dyn Fn(Ctx) -> Answer<Usage> + Send + Sync>;
type OnFollow = Box<dyn Fn(Ctx, Actor, Actor, bool) -> Answer<()> + Send + Sync>;
type Gate = Box<dyn Fn(Ctx, Actor, Actor) -> Answer<Option<Admission>> + Send + Sync>;
type Veil = Box<dyn Fn(Ctx, Actor, String, Option<Actor>) -> Answer<Option<Sight>> + Send + Sync>;
type OfActor = Box<dyn Fn(Ctx, Actor) -> Answer<Option<Vec<Value>>> + Send + Sync>;
type OnKept = Box<dyn Fn(Ctx, Actor, String, Map<String, Value>) -> Answer<()> + Send + Sync>;
type OnGone = Box<dyn Fn(Ctx, Actor) -> Answer<()> + Send + Sync>;

/// Which room owns what, and who wants to hear of what.
#[derive(Default)]
pub struct Objects {
    owners: HashMap<&'static str, Owner>,
    collections: HashMap<(&'static str, &'static str), Lister>,
    pinned: Vec<Pinned>,
    usage: Option<Counter>,
    on_follow: Vec<OnFollow>,
    on_kept: Vec<OnKept>,
    on_gone: Vec<OnGone>,
    gates: Vec<Gate>,
    veils: Vec<Veil>,
    of_actors: Vec<(&'static str, OfActor)>,
}

impl fmt::Debug for Objects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.owners.keys()).finish()
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
        self.owners.insert(
            kind,
            Box::new(move |ctx, id, reader| Box::pin(owner(ctx, id, reader))),
        );
        self
    }

    /// `list` answers for `/ap/{kind}/{id}/{name}` (`replies`, `likes`, `shares`, `context`): the items after
    /// a row id (the first ones without), at most so many, in the order of the room. It is asked only for
    /// objects the reader may read, and lists only what anybody may know of: no dark citizen.
    pub fn collection<F, A>(&mut self, kind: &'static str, name: &'static str, list: F) -> &mut Self
    where
        F: Fn(Ctx, i64, Option<i64>, i64) -> A + Send + Sync + 'static,
        A: Future<Output = Result<Part, StoreError>> + Send + 'static,
    {
        self.collections.insert(
            (kind, name),
            Box::new(move |ctx, id, after, limit| Box::pin(list(ctx, id, after, limit))),
        );
        self
    }

    /// What an actor of ours pinned: addresses or documents, all public.
    pub fn pins<F, A>(&mut self, pinned: F) -> &mut Self
    where
        F: Fn(Ctx, Actor) -> A + Send + Sync + 'static,
        A: Future<Output = Result<Vec<Value>, StoreError>> + Send + 'static,
    {
        self.pinned
            .push(Box::new(move |ctx, actor| Box::pin(pinned(ctx, actor))));
        self
    }

    /// Who counts for NodeInfo.
    pub fn usage<F, A>(&mut self, count: F) -> &mut Self
    where
        F: Fn(Ctx) -> A + Send + Sync + 'static,
        A: Future<Output = Result<Usage, StoreError>> + Send + 'static,
    {
        self.usage = Some(Box::new(move |ctx| Box::pin(count(ctx))));
        self
    }

    /// Hears that somebody of another server follows one of ours: follower, followed, and whether it is
    /// accepted already (otherwise it waits for an answer). After the fact; may be told twice.
    pub fn on_follow<F, A>(&mut self, hear: F) -> &mut Self
    where
        F: Fn(Ctx, Actor, Actor, bool) -> A + Send + Sync + 'static,
        A: Future<Output = Result<(), StoreError>> + Send + 'static,
    {
        self.on_follow
            .push(Box::new(move |ctx, follower, followed, accepted| {
                Box::pin(hear(ctx, follower, followed, accepted))
            }));
        self
    }

    /// Hears that a room keeps a document of another server, or was told it anew: its author, its id, the document.
    /// For what another room knows about documents of that kind. May be told twice.
    pub fn on_kept<F, A>(&mut self, hear: F) -> &mut Self
    where
        F: Fn(Ctx, Actor, String, Map<String, Value>) -> A + Send + Sync + 'static,
        A: Future<Output = Result<(), StoreError>> + Send + 'static,
    {
        self.on_kept.push(Box::new(move |ctx, author, uri, document| {
            Box::pin(hear(ctx, author, uri, document))
        }));
        self
    }

    /// Hears that an actor of another server is gone for good, and removes what it said here. Before its
    /// follows and its row are cleared; may be told twice.
    pub fn on_actor_gone<F, A>(&mut self, hear: F) -> &mut Self
    where
        F: Fn(Ctx, Actor) -> A + Send + Sync + 'static,
        A: Future<Output = Result<(), StoreError>> + Send + 'static,
    {
        self.on_gone
            .push(Box::new(move |ctx, actor| Box::pin(hear(ctx, actor))));
        self
    }

    /// Decides who may follow an actor of ours: follower, followed. `None`: not this room's actor.
    pub fn gate<F, A>(&mut self, decide: F) -> &mut Self
    where
        F: Fn(Ctx, Actor, Actor) -> A + Send + Sync + 'static,
        A: Future<Output = Result<Option<Admission>, StoreError>> + Send + 'static,
    {
        self.gates.push(Box::new(move |ctx, follower, followed| {
            Box::pin(decide(ctx, follower, followed))
        }));
        self
    }

    /// Decides who sees an actor of ours that is behind a veil: the actor, the address of who asks (proven),
    /// and who that is if it is known here. `None`: not this room's actor.
    pub fn veil<F, A>(&mut self, decide: F) -> &mut Self
    where
        F: Fn(Ctx, Actor, String, Option<Actor>) -> A + Send + Sync + 'static,
        A: Future<Output = Result<Option<Sight>, StoreError>> + Send + 'static,
    {
        self.veils.push(Box::new(move |ctx, actor, uri, reader| {
            Box::pin(decide(ctx, actor, uri, reader))
        }));
        self
    }

    /// A collection of an actor of ours beside those that all actors have (`moderators`), for whoever sees the
    /// actor. `None`: this actor has none.
    pub fn of_actor<F, A>(&mut self, name: &'static str, list: F) -> &mut Self
    where
        F: Fn(Ctx, Actor) -> A + Send + Sync + 'static,
        A: Future<Output = Result<Option<Vec<Value>>, StoreError>> + Send + 'static,
    {
        self.of_actors
            .push((name, Box::new(move |ctx, actor| Box::pin(list(ctx, actor)))));
        self
    }

    /// What becomes of somebody who wants to follow an actor of ours.
    ///
    /// # Errors
    /// [`StoreError`] from the room.
    pub async fn admission(
        &self,
        ctx: &Ctx,
        follower: &Actor,
        followed: &Actor,
    ) -> Result<Admission, StoreError> {
        for gate in &self.gates {
            if let Some(admission) = gate(ctx.clone(), follower.clone(), followed.clone()).await? {
                return Ok(admission);
            }
        }
        Ok(match (followed.is_visible() || follower.local, followed.locked) {
            (false, _) => Admission::Unknown,
            (true, true) => Admission::Wait,
            (true, false) => Admission::Let,
        })
    }

    /// What somebody sees of an actor behind a veil.
    ///
    /// # Errors
    /// [`StoreError`] from the room.
    pub async fn sight(
        &self,
        ctx: &Ctx,
        actor: &Actor,
        uri: &str,
        reader: Option<&Actor>,
    ) -> Result<Sight, StoreError> {
        for veil in &self.veils {
            let sight = veil(ctx.clone(), actor.clone(), uri.to_owned(), reader.cloned()).await?;
            if let Some(sight) = sight {
                return Ok(sight);
            }
        }
        Ok(Sight::Nothing)
    }

    /// The items of a collection that some actors have; `None` when this one has none.
    pub(crate) async fn listed(
        &self,
        ctx: &Ctx,
        name: &str,
        actor: &Actor,
    ) -> Result<Option<Vec<Value>>, StoreError> {
        for (known, list) in &self.of_actors {
            if *known == name
                && let Some(items) = list(ctx.clone(), actor.clone()).await?
            {
                return Ok(Some(items));
            }
        }
        Ok(None)
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
        match self.owners.get(kind) {
            Some(owner) => owner(ctx.clone(), id, reader).await,
            None => Ok(Found::Missing),
        }
    }

    /// Asks for a part of a collection; `None` when no room has one of this name.
    pub(crate) async fn part(
        &self,
        ctx: &Ctx,
        (kind, name): (&str, &str),
        id: i64,
        after: Option<i64>,
        limit: i64,
    ) -> Result<Option<Part>, StoreError> {
        let found = self
            .collections
            .iter()
            .find(|((k, n), _)| *k == kind && *n == name);
        match found {
            Some((_, list)) => list(ctx.clone(), id, after, limit).await.map(Some),
            None => Ok(None),
        }
    }

    pub(crate) async fn pinned(&self, ctx: &Ctx, actor: &Actor) -> Result<Vec<Value>, StoreError> {
        let mut all = Vec::new();
        for pinned in &self.pinned {
            all.extend(pinned(ctx.clone(), actor.clone()).await?);
        }
        Ok(all)
    }

    /// How much this server is used, as the owner of accounts and sections count it.
    ///
    /// # Errors
    /// [`StoreError`] from the owners.
    pub async fn count(&self, ctx: &Ctx) -> Result<Usage, StoreError> {
        match &self.usage {
            Some(count) => count(ctx.clone()).await,
            None => Ok(Usage::default()),
        }
    }

    pub(crate) async fn tell_follow(
        &self,
        ctx: &Ctx,
        follower: &Actor,
        followed: &Actor,
        accepted: bool,
    ) -> Result<(), StoreError> {
        for hear in &self.on_follow {
            hear(ctx.clone(), follower.clone(), followed.clone(), accepted).await?;
        }
        Ok(())
    }

    /// Tells the rooms that listen of a document that is kept.
    ///
    /// # Errors
    /// [`StoreError`] from those rooms.
    pub async fn tell_kept(
        &self,
        ctx: &Ctx,
        author: &Actor,
        uri: &str,
        document: &Map<String, Value>,
    ) -> Result<(), StoreError> {
        for hear in &self.on_kept {
            hear(ctx.clone(), author.clone(), uri.to_owned(), document.clone()).await?;
        }
        Ok(())
    }

    pub(crate) async fn tell_gone(&self, ctx: &Ctx, actor: &Actor) -> Result<(), StoreError> {
        for hear in &self.on_gone {
            hear(ctx.clone(), actor.clone()).await?;
        }
        Ok(())
    }
}

/// The address of an object of ours.
pub fn uri(ctx: &platform::Ctx, kind: &str, id: impl fmt::Display) -> String {
    ctx.urls.to(&format!("/ap/{kind}/{id}"))
}

/// Kind and id of an address that is one of our objects'.
pub fn parse<'a>(ctx: &platform::Ctx, uri: &'a str) -> Option<(&'a str, i64)> {
    let (kind, id) = ctx.urls.path_of(uri)?.strip_prefix("/ap/")?.split_once('/')?;
    Some((kind, parse_id(id)?))
}

/// A row id in the one spelling it has in addresses.
pub fn parse_id(text: &str) -> Option<i64> {
    text.parse().ok().filter(|id: &i64| id.to_string() == text)
}
