//! Followers synchronisation, receiving side: who of ours follows, there and here.

use axum::Json;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, HeaderValue};

use super::*;
use crate::follows::{self, Follow};
use crate::synchronise;

/// Paul of another server, and people of ours who may follow him.
struct Square {
    house: House,
    peer: Peer,
    paul: Actor,
}

async fn square(house: House) -> Square {
    let peer = Peer::new().await;
    let mut paul = house.follower(&peer, "paul", false).await;
    paul.followers = Some(format!("{}/followers", paul.uri));
    let mut tx = house.ctx.db.begin().await.unwrap();
    actor_rows::upsert(&mut tx, &paul).await.unwrap();
    tx.commit().await.unwrap();
    Square { house, peer, paul }
}

impl Square {
    async fn citizen(&self, name: &str, follows: Option<bool>) -> Actor {
        let ctx = &self.house.ctx;
        let keys = actors::new_keys().await.unwrap();
        let mut tx = ctx.db.begin().await.unwrap();
        let new = NewLocalActor {
            kind: ActorKind::Person,
            handle: name.to_owned(),
            name: String::new(),
            summary: String::new(),
            page: None,
            federated: true,
            discoverable: false,
        };
        let actor = actors::create_local(ctx, &mut tx, new, Some(&keys))
            .await
            .unwrap();
        if let Some(accepted) = follows {
            let follow = Follow {
                follower_id: actor.id,
                followee_id: self.paul.id,
                uri: format!("{}#follow", actor.uri),
                accepted,
            };
            follow_rows::upsert(&mut tx, ctx.new_id(), &follow, ctx.clock.now())
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
        actor
    }

    /// Paul's server says that these follow him, by a digest and then by a list.
    async fn says_they_follow(&self, digest_of: &[&str], listed: &[&str]) {
        let mut sum = [0_u8; 32];
        for id in digest_of {
            let one = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, id.as_bytes());
            sum.iter_mut()
                .zip(one.as_ref())
                .for_each(|(sum, one)| *sum ^= one);
        }
        let url = format!("{}/list", self.peer.origin);
        let header = format!(
            r#"collectionId="{}", url="{url}", digest="{}""#,
            self.paul.followers_uri(),
            hex::encode(sum)
        );
        let (first, rest) = listed.split_at(listed.len() / 2);
        let page = |id: String, items: &[&str], next: Option<String>| json!({ "id": id, "type": "OrderedCollectionPage", "orderedItems": items, "next": next });
        let second = format!("{url}?page=2");
        let documents = [
            page(url.clone(), first, Some(second.clone())),
            page(second, rest, None),
        ];
        self.peer.answers(move |seen| {
            if seen.path != "/list" {
                return StatusCode::ACCEPTED.into_response();
            }
            let document = documents[usize::from(seen.query.contains("page=2"))].clone();
            let kind = HeaderValue::from_static("application/activity+json");
            ([(CONTENT_TYPE, kind)], Json(document).into_response().into_body()).into_response()
        });
        let headers = HeaderMap::from_iter([(
            HeaderName::from_static("collection-synchronization"),
            header.parse().unwrap(),
        )]);
        let ctx = &self.house.ctx;
        synchronise::compare(ctx, &headers, &self.paul.uri).await.unwrap();
        let mut registry = platform::queue::Registry::default();
        super::super::tasks(&mut registry);
        platform::queue::run_due(ctx.platform(), &registry.ready(), ctx.clone())
            .await
            .unwrap();
        self.house.deliver().await;
    }

    /// Whether she follows Paul, and was accepted.
    async fn follows(&self, citizen: &Actor) -> Option<bool> {
        follows::between(&self.house.ctx, citizen.id, self.paul.id)
            .await
            .unwrap()
            .map(|follow| follow.accepted)
    }

    fn lists_read(&self) -> usize {
        self.peer
            .seen()
            .iter()
            .filter(|seen| seen.path == "/list")
            .count()
    }

    /// Who took back which follow.
    fn undone(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        self.peer
            .seen()
            .iter()
            .filter(|seen| seen.json["type"] == "Undo")
            .map(|seen| (text(&seen.json["actor"]), text(&seen.json["object"]["object"])))
            .collect()
    }
}

#[tokio::test]
async fn lists_that_agree_are_not_read() {
    let folder = TestFolder::new();
    for house in houses(&folder).await {
        let square = square(house).await;
        let anne = square.citizen("anne", Some(true)).await;
        square.citizen("asked", Some(false)).await;
        square.says_they_follow(&[&anne.uri], &[]).await;
        assert_eq!(square.lists_read(), 0);
        assert_eq!(square.follows(&anne).await, Some(true));
    }
}

#[tokio::test]
async fn each_difference_is_put_right() {
    let folder = TestFolder::new();
    for house in houses(&folder).await {
        let square = square(house).await;
        let both = square.citizen("anne", Some(true)).await;
        let only_here = square.citizen("berthe", Some(true)).await;
        let asked = square.citizen("claude", Some(false)).await;
        let only_there = square.citizen("denis", None).await;
        let listed = [both.uri.as_str(), asked.uri.as_str(), only_there.uri.as_str()];
        square.says_they_follow(&listed, &listed).await;
        assert_eq!(square.lists_read(), 2);
        assert_eq!(square.follows(&both).await, Some(true));
        assert_eq!(square.follows(&only_here).await, None);
        assert_eq!(
            square.follows(&asked).await,
            Some(false),
            "nothing but an Accept accepts"
        );
        let mut undone = square.undone();
        undone.sort();
        let mut expected = [
            (only_here.uri.clone(), square.paul.uri.clone()),
            (only_there.uri.clone(), square.paul.uri.clone()),
        ];
        expected.sort();
        assert_eq!(undone, expected);
    }
}

#[tokio::test]
async fn a_list_that_is_not_the_one_announced_changes_nothing() {
    let folder = TestFolder::new();
    for house in houses(&folder).await {
        let square = square(house).await;
        let anne = square.citizen("anne", Some(true)).await;
        square.says_they_follow(&["https://parvis.test/x"], &[]).await;
        assert!(square.lists_read() > 0);
        assert_eq!(square.follows(&anne).await, Some(true));
        assert!(square.undone().is_empty());
    }
}

#[tokio::test]
async fn nobody_speaks_for_the_followers_of_another() {
    let folder = TestFolder::new();
    for house in houses(&folder).await {
        let square = square(house).await;
        let anne = square.citizen("anne", Some(true)).await;
        for (collection, url) in [
            (
                format!("{}/other", square.paul.uri),
                format!("{}/list", square.peer.origin),
            ),
            (
                square.paul.followers_uri(),
                "https://elsewhere.test/list".to_owned(),
            ),
        ] {
            let header = format!(
                r#"collectionId="{collection}", url="{url}", digest="{}""#,
                "00".repeat(32)
            );
            let headers = HeaderMap::from_iter([(
                HeaderName::from_static("collection-synchronization"),
                header.parse().unwrap(),
            )]);
            synchronise::compare(&square.house.ctx, &headers, &square.paul.uri)
                .await
                .unwrap();
        }
        let waiting = platform::queue::waiting(&square.house.ctx.db, 10).await.unwrap();
        assert!(waiting.is_empty());
        assert_eq!(square.follows(&anne).await, Some(true));
    }
}
