//! Posts as things under discussion.

use discussion::{Answer, Owner, Subject};
use federation::Ctx;
use platform::Tx;

use crate::federation::{KIND, subject};
use crate::model::PostId;
use crate::{actions, store};

/// The owner of `posts`.
#[derive(Debug)]
pub struct Posts;

impl Owner for Posts {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn by_ids<'a>(&'a self, ctx: &'a Ctx, ids: &'a [i64]) -> Answer<'a, Vec<Subject>> {
        Box::pin(async move {
            let mut subjects = Vec::with_capacity(ids.len());
            for post in store::by_ids(&ctx.db, ids).await? {
                subjects.push(subject(ctx, &post).await?);
            }
            Ok(subjects)
        })
    }

    fn by_uri<'a>(&'a self, ctx: &'a Ctx, uri: &'a str) -> Answer<'a, Option<Subject>> {
        Box::pin(async move {
            match store::by_uri(&ctx.db, uri).await? {
                Some(post) => subject(ctx, &post).await.map(Some),
                None => Ok(None),
            }
        })
    }

    fn set_hidden<'a>(&'a self, ctx: &'a Ctx, tx: &'a mut Tx, id: i64, hidden: bool) -> Answer<'a, bool> {
        Box::pin(actions::set_hidden(ctx, tx, PostId(id), hidden))
    }
}
