//! Which room owns which kind of subject, and how anything is found by its id or address.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use federation::{Ctx, address, objects};
use platform::{StoreError, Tx};

use crate::model::{COMMENT_ANCHOR, COMMENT_PAGE, COMMENTS, CommentId, Subject, Target, Thing};
use crate::store;

/// What an owner answers, some time.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// The room that owns a kind of subject.
///
/// ```text
/// impl Owner for Posts {
///     fn kind(&self) -> &'static str { "posts" }
///     fn by_ids<'a>(&'a self, ctx: &'a Ctx, ids: &'a [i64]) -> Answer<'a, Vec<Subject>> {
///         Box::pin(async move { … })
///     }
///     …
/// }
/// ```
pub trait Owner: Send + Sync + 'static {
    /// Its kind of subjects, as in their addresses (`posts`).
    fn kind(&self) -> &'static str;

    /// The section whose pages show them; without one they cannot be switched off.
    fn section(&self) -> Option<&'static str> {
        None
    }

    /// Those of these that exist, in any order and whoever may read them; a deleted or unpublished one has
    /// `open: false`. One query for all.
    fn by_ids<'a>(&'a self, ctx: &'a Ctx, ids: &'a [i64]) -> Answer<'a, Vec<Subject>>;

    /// Another server's subject kept here, by its ActivityPub id in canonical form. Ours are found by kind
    /// and id.
    fn by_uri<'a>(&'a self, ctx: &'a Ctx, uri: &'a str) -> Answer<'a, Option<Subject>>;

    /// A moderator takes it from sight, or shows it again, in the transaction of the decision; `false` when
    /// there is nothing to hide or show.
    fn set_hidden<'a>(&'a self, ctx: &'a Ctx, tx: &'a mut Tx, id: i64, hidden: bool) -> Answer<'a, bool>;
}

/// The owners of all kinds of subjects, put together by `app.rs`. Cheap to clone.
#[derive(Clone, Default)]
pub struct Subjects(Arc<Vec<Box<dyn Owner>>>);

impl fmt::Debug for Subjects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|owner| owner.kind()))
            .finish()
    }
}

impl Subjects {
    /// All owners.
    pub fn new(owners: Vec<Box<dyn Owner>>) -> Self {
        Self(Arc::new(owners))
    }

    fn owner(&self, kind: &str) -> Option<&dyn Owner> {
        self.0
            .iter()
            .find(|owner| owner.kind() == kind)
            .map(AsRef::as_ref)
    }

    /// The kind with this name as it stands in [`Target`]s: a subject's, or `comments`.
    pub fn kind(&self, name: &str) -> Option<&'static str> {
        if name == COMMENTS {
            Some(COMMENTS)
        } else {
            self.owner(name).map(Owner::kind)
        }
    }

    /// Whether the section that shows a subject is switched off where it stands: people and programs do not find it
    /// then, while other servers that know it still do.
    ///
    /// # Errors
    /// [`StoreError`] from the driver.
    pub async fn is_closed(&self, ctx: &Ctx, subject: &Subject) -> Result<bool, StoreError> {
        let section = self.owner(subject.target.kind).and_then(Owner::section);
        match (section, &subject.commune) {
            (Some(section), Some(code)) => commune::actions::is_closed(ctx, code, section).await,
            (Some(section), None) => Ok(ctx.closed.contains(&section)),
            (None, _) => Ok(false),
        }
    }

    /// One subject.
    ///
    /// # Errors
    /// [`StoreError`] from the owner.
    pub async fn by_id(&self, ctx: &Ctx, kind: &str, id: i64) -> Result<Option<Subject>, StoreError> {
        Ok(self.by_ids(ctx, kind, &[id]).await?.pop())
    }

    /// Several subjects of one kind.
    ///
    /// # Errors
    /// [`StoreError`] from the owner.
    pub async fn by_ids(&self, ctx: &Ctx, kind: &str, ids: &[i64]) -> Result<Vec<Subject>, StoreError> {
        match self.owner(kind) {
            Some(owner) if !ids.is_empty() => owner.by_ids(ctx, ids).await,
            _ => Ok(Vec::new()),
        }
    }

    /// A thing by kind and id, whoever may read it.
    ///
    /// # Errors
    /// [`StoreError`] from its owner.
    pub async fn thing(&self, ctx: &Ctx, kind: &str, id: i64) -> Result<Option<Thing>, StoreError> {
        if kind != COMMENTS {
            return Ok(self.by_id(ctx, kind, id).await?.map(Thing::Subject));
        }
        match store::comments::by_id(&ctx.db, CommentId(id)).await? {
            Some(comment) => {
                let subject = self.by_id(ctx, &comment.subject_kind, comment.subject_id).await?;
                Ok(subject.map(|subject| Thing::Comment(comment, subject)))
            }
            None => Ok(None),
        }
    }

    /// Several things of any kinds; those that are not there any more are left out.
    ///
    /// # Errors
    /// [`StoreError`] from their owners.
    pub async fn things(
        &self,
        ctx: &Ctx,
        wanted: &[(String, i64)],
    ) -> Result<HashMap<Target, Thing>, StoreError> {
        let of_kind = |kind: &str| -> Vec<i64> {
            wanted
                .iter()
                .filter(|(k, _)| k == kind)
                .map(|(_, id)| *id)
                .collect()
        };
        let comments = store::comments::by_ids(&ctx.db, &of_kind(COMMENTS)).await?;
        let mut found = HashMap::new();
        for owner in self.0.iter() {
            let mut ids = of_kind(owner.kind());
            ids.extend(
                comments
                    .iter()
                    .filter(|c| c.subject_kind == owner.kind())
                    .map(|c| c.subject_id),
            );
            ids.sort_unstable();
            ids.dedup();
            if !ids.is_empty() {
                let subjects = owner.by_ids(ctx, &ids).await?;
                found.extend(subjects.into_iter().map(|s| (s.target, Thing::Subject(s))));
            }
        }
        let with_subject = comments.into_iter().filter_map(|comment| {
            let kind = self.kind(&comment.subject_kind)?;
            let id = comment.subject_id;
            let subject = found.get(&Target { kind, id })?.subject().clone();
            Some((comment.target(), Thing::Comment(comment, subject)))
        });
        let with_subject: Vec<_> = with_subject.collect();
        found.extend(with_subject);
        Ok(found)
    }

    /// A thing by its ActivityPub id, in any spelling: ours, or another server's that is kept here.
    ///
    /// # Errors
    /// [`StoreError`] from its owner.
    pub async fn by_uri(&self, ctx: &Ctx, uri: &str) -> Result<Option<Thing>, StoreError> {
        let Some(uri) = address::canonical(uri) else {
            return Ok(None);
        };
        if ctx.urls.is_ours(&uri) {
            return match objects::parse(ctx, &uri) {
                Some((kind, id)) => self.thing(ctx, kind, id).await,
                // Some servers answer the page and not the id.
                None => self.at(ctx, &uri).await,
            };
        }
        if let Some(comment) = store::comments::by_uri(&ctx.db, &uri).await? {
            let subject = self.by_id(ctx, &comment.subject_kind, comment.subject_id).await?;
            return Ok(subject.map(|subject| Thing::Comment(comment, subject)));
        }
        for owner in self.0.iter() {
            if let Some(subject) = owner.by_uri(ctx, &uri).await? {
                return Ok(Some(Thing::Subject(subject)));
            }
        }
        Ok(None)
    }

    /// The thing whose page, or permanent link, or ActivityPub id this address of ours is.
    ///
    /// # Errors
    /// [`StoreError`] from its owner.
    pub async fn at(&self, ctx: &Ctx, address: &str) -> Result<Option<Thing>, StoreError> {
        let Some(path) = ctx.urls.path_of(address) else {
            return Ok(None);
        };
        let (path, anchor) = path.split_once('#').unwrap_or((path, ""));
        let path = path.split('?').next().unwrap_or_default().trim_end_matches('/');
        let comment = anchor
            .strip_prefix(COMMENT_ANCHOR)
            .or_else(|| path.strip_prefix(COMMENT_PAGE))
            .and_then(objects::parse_id);
        if let Some(id) = comment {
            return self.thing(ctx, COMMENTS, id).await;
        }
        if let Some((kind, id)) = objects::parse(ctx, &ctx.urls.to(path)) {
            return self.thing(ctx, kind, id).await;
        }
        let Some(id) = path.rsplit('/').next().and_then(objects::parse_id) else {
            return Ok(None);
        };
        for owner in self.0.iter() {
            let found = owner.by_ids(ctx, &[id]).await?;
            if let Some(subject) = found.into_iter().find(|subject| subject.page == path) {
                return Ok(Some(Thing::Subject(subject)));
            }
        }
        Ok(None)
    }

    /// Takes a subject from sight or shows it again; `false` when there is nothing to hide or show.
    pub(crate) async fn set_hidden(
        &self,
        ctx: &Ctx,
        tx: &mut Tx,
        target: Target,
        hidden: bool,
    ) -> Result<bool, StoreError> {
        match self.owner(target.kind) {
            Some(owner) => owner.set_hidden(ctx, tx, target.id, hidden).await,
            None => Ok(false),
        }
    }
}
