//! Who takes in which activity. The core lists none: the rooms claim them.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;

use platform::StoreError;

use crate::{Ctx, Envelope};

/// What a room says of an activity it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Taken in.
    Done,
    /// Well formed and without effect here; the reason is for the log.
    Ignore(&'static str),
    /// Try again later: something was not reachable.
    Retry(String),
    /// Against the rules; the reason is for the log.
    Reject(&'static str),
}

impl From<StoreError> for Verdict {
    fn from(error: StoreError) -> Self {
        Self::Retry(error.to_string())
    }
}

type Outcome = Pin<Box<dyn Future<Output = Verdict> + Send>>;
type Looked = Pin<Box<dyn Future<Output = bool> + Send>>;

struct Claim {
    name: &'static str,
    when: Option<Box<dyn Fn(Ctx, Envelope) -> Looked + Send + Sync>>,
    then: Box<dyn Fn(Ctx, Envelope) -> Outcome + Send + Sync>,
}

/// The register of claims: activity type and object type → the rooms that want it, in the order of `app.rs`.
///
/// The object type is `*` for any object, known or not. A claim on a precise type goes before one on `*`.
#[derive(Default)]
pub struct Inbox(HashMap<(&'static str, &'static str), Vec<Claim>>);

impl fmt::Debug for Inbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.keys()).finish()
    }
}

/// A claim being made.
#[must_use]
pub struct Claiming<'a> {
    inbox: &'a mut Inbox,
    key: (&'static str, &'static str),
    when: Option<Box<dyn Fn(Ctx, Envelope) -> Looked + Send + Sync>>,
}

impl Inbox {
    /// Begins a claim.
    pub fn on(&mut self, activity: &'static str, object: &'static str) -> Claiming<'_> {
        Claiming {
            inbox: self,
            key: (activity, object),
            when: None,
        }
    }

    /// Gives the activity to the first room whose claim fits.
    pub async fn give(&self, ctx: &Ctx, envelope: Envelope) -> Verdict {
        let kind = envelope.kind.clone();
        let object = envelope.object_kind().unwrap_or("*").to_owned();
        for wanted in [object.as_str(), "*"] {
            for claim in self.claims(&kind, wanted) {
                let fits = match &claim.when {
                    Some(when) => when(ctx.clone(), envelope.clone()).await,
                    None => true,
                };
                if fits {
                    tracing::debug!(
                        activity = kind,
                        object,
                        room = claim.name,
                        "an activity is taken in"
                    );
                    return (claim.then)(ctx.clone(), envelope).await;
                }
            }
            if object == "*" {
                break;
            }
        }
        Verdict::Ignore("nobody here handles this kind of activity")
    }

    /// The names of the rooms whose claim fits, for the test that no activity is claimed twice.
    pub async fn claimants(&self, ctx: &Ctx, envelope: &Envelope) -> Vec<&'static str> {
        let mut names = Vec::new();
        let object = envelope.object_kind().unwrap_or("*");
        for claim in self.claims(&envelope.kind, object) {
            let fits = match &claim.when {
                Some(when) => when(ctx.clone(), envelope.clone()).await,
                None => true,
            };
            if fits {
                names.push(claim.name);
            }
        }
        names
    }

    fn claims(&self, activity: &str, object: &str) -> impl Iterator<Item = &Claim> {
        self.0
            .iter()
            .filter(move |((a, o), _)| *a == activity && *o == object)
            .flat_map(|(_, claims)| claims)
    }
}

impl Claiming<'_> {
    /// Only when this holds; it may look into the database and changes nothing.
    pub fn when<F, A>(mut self, when: F) -> Self
    where
        F: Fn(Ctx, Envelope) -> A + Send + Sync + 'static,
        A: Future<Output = bool> + Send + 'static,
    {
        self.when = Some(Box::new(move |ctx, envelope| Box::pin(when(ctx, envelope))));
        self
    }

    /// Who takes it in. `name` is for the log: `news: comment`.
    pub fn then<F, A>(self, name: &'static str, then: F)
    where
        F: Fn(Ctx, Envelope) -> A + Send + Sync + 'static,
        A: Future<Output = Verdict> + Send + 'static,
    {
        let claim = Claim {
            name,
            when: self.when,
            then: Box::new(move |ctx, envelope| Box::pin(then(ctx, envelope))),
        };
        self.inbox.0.entry(self.key).or_default().push(claim);
    }
}
