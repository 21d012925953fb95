//! What hangs under every subject: `replies`, `likes`, `shares` and `context`, the same for all sections.

use federation::Ctx;
use federation::objects::{Objects, Part};
use platform::StoreError;
use platform::store::{Page, Paging};
use serde_json::{Value, json};

use crate::actions::{Counts, counts, public_answers, public_conversation};
use crate::model::{Subject, Target, Thing};

/// Registers the collections under the subjects of a kind; `subject` finds one by its id. They are asked only for
/// objects that the reader may read.
pub fn collections_of<F, A>(objects: &mut Objects, kind: &'static str, subject: F)
where
    F: Fn(Ctx, i64) -> A + Clone + Send + Sync + 'static,
    A: Future<Output = Result<Option<Subject>, StoreError>> + Send + 'static,
{
    let find = subject.clone();
    objects
        .collection(kind, "replies", move |ctx, id, after, limit| {
            let found = find(ctx.clone(), id);
            async move {
                match found.await? {
                    Some(subject) => replies(&ctx, &Thing::Subject(subject), after, limit).await,
                    None => Ok(Part::default()),
                }
            }
        })
        .collection(kind, "likes", move |ctx, id, _, _| async move {
            Ok(total(counts_of(&ctx, Target { kind, id }).await?.open_likes))
        })
        .collection(kind, "shares", move |ctx, id, _, _| async move {
            Ok(total(counts_of(&ctx, Target { kind, id }).await?.open_shares))
        })
        .collection(kind, "context", move |ctx, id, after, limit| {
            let found = subject(ctx.clone(), id);
            async move {
                match found.await? {
                    Some(subject) => context(&ctx, &subject, after, limit).await,
                    None => Ok(Part::default()),
                }
            }
        });
}

pub(super) async fn counts_of(ctx: &Ctx, target: Target) -> Result<Counts, StoreError> {
    let all = counts(ctx, &[target]).await?;
    Ok(all.get(&target).copied().unwrap_or_default())
}

/// How many, and not who: that is between the reader and her own server.
pub(super) fn total(total: i64) -> Part {
    Part {
        total,
        ..Part::default()
    }
}

/// What is answered to a thing, as far as other servers may know of it.
pub(super) async fn replies(
    ctx: &Ctx,
    thing: &Thing,
    after: Option<i64>,
    limit: i64,
) -> Result<Part, StoreError> {
    let (total, page) = public_answers(ctx, thing, &Paging::before(after, limit)).await?;
    Ok(part(total, page))
}

/// The whole conversation, the oldest first: the subject and what other servers may know of its comments.
async fn context(ctx: &Ctx, subject: &Subject, after: Option<i64>, limit: i64) -> Result<Part, StoreError> {
    let total = 1 + counts_of(ctx, subject.target).await?.open_comments;
    let mut found = part(total, public_conversation(ctx, subject, after, limit).await?);
    if after.is_none() && limit > 0 {
        found.items.insert(0, (subject.target.id, json!(subject.uri)));
    }
    Ok(found)
}

fn part(total: i64, page: Page<(i64, String)>) -> Part {
    Part {
        total,
        has_more: page.has_more,
        items: page
            .items
            .into_iter()
            .map(|(id, uri)| (id, Value::String(uri)))
            .collect(),
    }
}
