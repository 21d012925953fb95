//! Followers synchronisation (FEP-8fcf), receiving side: a server says with a digest which of our people it
//! counts among an actor's followers. When we count others, its list is read, and each difference is put
//! right: a follow it does not know is ended here, one that we do not know is taken back there.

use std::collections::{BTreeSet, HashMap};

use aws_lc_rs::digest::{SHA256, digest};
use http::HeaderMap;
use platform::StoreError;
use platform::limits::Brake;
use platform::queue::{self, Job, Registry, Task, TaskError, When};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

use crate::fetch::{self, Ask, FetchError};
use crate::store::{actors, follows as store};
use crate::{Actor, ActorId, Audience, Ctx, address, envelope, follows, outbox};

/// Pages of a list read at most.
const MOST_PAGES: usize = 10;
/// Ids in a list at most.
const MOST_IDS: usize = 20_000;
/// How often the list of one actor is read.
const READING: Brake = Brake::new("followers of an actor", 1, 300);
/// The longest header read.
const LONGEST: usize = 4096;

/// What the header says.
#[derive(Debug, PartialEq, Eq)]
struct Claim<'a> {
    collection: &'a str,
    url: &'a str,
    digest: [u8; 32],
}

impl<'a> Claim<'a> {
    /// `collectionId="…", url="…", digest="…"`, in any order.
    fn read(headers: &'a HeaderMap) -> Option<Self> {
        let mut values = headers.get_all("collection-synchronization").iter();
        let text = values.next()?.to_str().ok()?;
        if values.next().is_some() || text.len() > LONGEST {
            return None;
        }
        let mut parts = HashMap::new();
        for part in text.split(',') {
            let (name, value) = part.trim().split_once('=')?;
            let value = value.strip_prefix('"')?.strip_suffix('"')?;
            if parts.insert(name, value).is_some() {
                return None;
            }
        }
        let mut digest = [0; 32];
        hex::decode_to_slice(parts.get("digest")?, &mut digest).ok()?;
        Some(Self {
            collection: parts.get("collectionId")?,
            url: parts.get("url")?,
            digest,
        })
    }
}

/// The sum of the SHA-256 of ids.
fn sum<'a>(ids: impl Iterator<Item = &'a str>) -> [u8; 32] {
    ids.fold([0; 32], |mut sum, id| {
        let one = digest(&SHA256, id.as_bytes());
        sum.iter_mut()
            .zip(one.as_ref())
            .for_each(|(sum, one)| *sum ^= one);
        sum
    })
}

/// Compares what a verified delivery of `sender` says of its followers with what we know, and has the list
/// read when the two differ.
///
/// # Errors
/// [`StoreError`] from the driver.
pub(crate) async fn compare(ctx: &Ctx, headers: &HeaderMap, sender: &str) -> Result<(), StoreError> {
    let Some(claim) = Claim::read(headers) else {
        return Ok(());
    };
    let Some(actor) = actors::by_uri(&ctx.db, sender).await? else {
        return Ok(());
    };
    let speaks_for_itself =
        actor.followers.is_some() && actor.followers == address::canonical(claim.collection);
    if actor.local || !speaks_for_itself || !address::same_origin(claim.url, sender) {
        return Ok(());
    }
    let known = store::local_accepted(&ctx.db, actor.id).await?;
    if sum(known.iter().map(|(_, uri)| uri.as_str())) == claim.digest
        || ctx.limits.check(READING, sender).is_err()
    {
        return Ok(());
    }
    let task = Synchronise {
        actor: actor.id,
        url: claim.url.to_owned(),
        digest: hex::encode(claim.digest),
    };
    let mut tx = ctx.db.begin().await?;
    let once = When::now().once(format!("{} {}", Synchronise::NAME, actor.id));
    queue::enqueue::<Ctx, _>(ctx.platform(), &mut tx, &task, once).await?;
    tx.commit().await
}

/// Reads a server's list of our people that follow one of its actors, and puts the differences right.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Synchronise {
    actor: ActorId,
    url: String,
    digest: String,
}

/// The tasks of synchronising.
pub(crate) fn tasks(registry: &mut Registry<Ctx>) {
    registry.on::<Synchronise>();
}

impl Task<Ctx> for Synchronise {
    const NAME: &'static str = "federation.synchronise-followers";
    const ATTEMPTS: i64 = 4;

    async fn run(self, ctx: Ctx, _job: Job) -> Result<(), TaskError> {
        let Some(actor) = actors::by_id(&ctx.db, self.actor).await? else {
            return Ok(());
        };
        let listed = match list(&ctx, &self.url).await {
            Ok(listed) => listed,
            Err(error) if error.is_temporary() => return Err(TaskError::Retry(error.to_string())),
            Err(error) => return Err(TaskError::GiveUp(error.to_string())),
        };
        // A list that is not the one the digest speaks of (it changed meanwhile, or is cut) ends no follow.
        if hex::encode(sum(listed.iter().map(String::as_str))) != self.digest {
            tracing::debug!(actor.uri, "a list of followers is not the one announced");
            return Ok(());
        }
        end_unknown(&ctx, &actor, &listed).await?;
        take_back_unwanted(&ctx, &actor, &listed).await?;
        Ok(())
    }
}

/// The ids in a collection, from pages of its own server; those of our own origin only.
async fn list(ctx: &Ctx, url: &str) -> Result<BTreeSet<String>, FetchError> {
    let home = address::parse(url).ok_or(FetchError::Refused("not an address"))?;
    let mut ids = BTreeSet::new();
    let mut next = Some(home.clone());
    for _ in 0..MOST_PAGES {
        let Some(page) = next.take() else {
            return Ok(ids);
        };
        let (from, document) = fetch::read(ctx, &page, &Ask::activity()).await?;
        if from.origin() != home.origin() {
            return Err(FetchError::Refused("the list is of another server"));
        }
        next = gather(ctx, &home, &document, &mut ids)?;
    }
    match next {
        None => Ok(ids),
        Some(_) => Err(FetchError::Refused("the list has too many pages")),
    }
}

/// Takes the ids of one page; gives the address of the next one.
fn gather(
    ctx: &Ctx,
    home: &Url,
    document: &Value,
    ids: &mut BTreeSet<String>,
) -> Result<Option<Url>, FetchError> {
    let mut pages = vec![document];
    let embedded = document.get("first").filter(|first| first.is_object());
    pages.extend(embedded);
    let mut next = None;
    for page in pages {
        for list in ["items", "orderedItems"] {
            let items = page.as_object().map(|page| envelope::list(page, list));
            for id in items.unwrap_or_default().into_iter().filter_map(envelope::id_of) {
                if ctx.urls.is_ours(id) {
                    ids.insert(id.to_owned());
                }
                if ids.len() > MOST_IDS {
                    return Err(FetchError::Refused("the list is too long"));
                }
            }
        }
        for further in ["first", "next"] {
            if let Some(address) = page.get(further).and_then(Value::as_str) {
                next = address::parse(address);
                if next.as_ref().is_none_or(|next| next.origin() != home.origin()) {
                    return Err(FetchError::Refused("the list goes on at another server"));
                }
            }
        }
    }
    Ok(next)
}

/// Our people who follow it, as we believed, and do not, as its server says.
async fn end_unknown(ctx: &Ctx, actor: &Actor, listed: &BTreeSet<String>) -> Result<(), StoreError> {
    for (id, uri) in store::local_accepted(&ctx.db, actor.id).await? {
        if listed.contains(&uri) {
            continue;
        }
        if let Some(follower) = actors::by_id(&ctx.db, id).await? {
            let mut tx = ctx.db.begin().await?;
            follows::unfollow(ctx, &mut tx, &follower, actor).await?;
            tx.commit().await?;
        }
    }
    Ok(())
}

/// Our people who do not follow it, and do, as its server says: the follow is taken back there. One that waits
/// goes on waiting: nothing but an `Accept` accepts.
async fn take_back_unwanted(ctx: &Ctx, actor: &Actor, listed: &BTreeSet<String>) -> Result<(), StoreError> {
    for uri in listed {
        let Some(follower) = actors::by_uri(&ctx.db, uri)
            .await?
            .filter(|follower| follower.local && follower.is_visible())
        else {
            continue;
        };
        let mut tx = ctx.db.begin().await?;
        match store::between_in(&mut tx, follower.id, actor.id).await? {
            Some(_) => {}
            None => {
                // The id of that follow is lost: its two ends name it.
                let follow = json!({ "type": "Follow", "actor": follower.uri, "object": actor.uri });
                let undo = json!({ "type": "Undo", "object": follow });
                outbox::say(ctx, &mut tx, &follower, undo, &Audience::only(&[actor])).await?;
            }
        }
        tx.commit().await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(String, String, u8)> {
        let headers = HeaderMap::from_iter([(
            http::HeaderName::from_static("collection-synchronization"),
            text.parse().unwrap(),
        )]);
        Claim::read(&headers)
            .map(|claim| (claim.collection.to_owned(), claim.url.to_owned(), claim.digest[0]))
    }

    #[test]
    fn the_header_is_read_in_any_order_and_nothing_less_than_whole() {
        let digest = format!("07{}", "00".repeat(31));
        let whole = format!(r#"digest="{digest}", url="https://a.test/u",collectionId="https://a.test/f""#);
        assert_eq!(
            read(&whole),
            Some(("https://a.test/f".to_owned(), "https://a.test/u".to_owned(), 7))
        );
        for broken in [
            "",
            "digest",
            r#"digest="07", url="u", collectionId="c""#,
            &whole.replace("url=", "uri="),
            &whole.replace('"', ""),
            &format!("{whole}, url=\"https://b.test/\""),
            &format!("{whole}, x=\"{}\"", "y".repeat(5000)),
        ] {
            assert_eq!(read(broken), None, "{broken}");
        }
    }

    #[test]
    fn the_order_of_the_followers_does_not_matter_and_nobody_is_zero() {
        let ids = ["https://a.test/1", "https://a.test/2", "https://a.test/3"];
        assert_eq!(sum(ids.into_iter()), sum(ids.into_iter().rev()));
        assert_eq!(sum(std::iter::empty()), [0; 32]);
        assert_ne!(sum(ids.into_iter()), [0; 32]);
    }
}
