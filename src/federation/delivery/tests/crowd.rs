//! Many followers: once each, in order, at the right inbox, and nobody held up by somebody else.

use std::time::Instant;

use super::*;

#[tokio::test]
async fn each_inbox_gets_each_activity_once_and_in_order() {
    let folder = TestFolder::new();
    for house in houses(&folder).await {
        let (shared, own) = (Peer::new().await, Peer::new().await);
        for name in ["a", "b", "c"] {
            house.follower(&shared, name, true).await;
            house.follower(&own, name, false).await;
        }
        let numbers: Vec<i64> = (0..130).collect();
        for number in &numbers {
            house.says(*number).await;
        }
        house.deliver().await;
        assert_eq!(shared.numbers("/inbox"), numbers);
        assert_eq!(shared.seen().len(), numbers.len());
        for name in ["a", "b", "c"] {
            assert_eq!(own.numbers(&format!("/users/{name}/inbox")), numbers);
        }
        assert_eq!(own.shared.most_at_once.load(Ordering::SeqCst), 1);
        assert_eq!(house.queue().await, (0, 0));
        house.ctx.clock.advance(30 * DAY);
        assert_eq!(house.deliver().await, 0);
        assert_eq!(shared.seen().len(), numbers.len());
    }
}

#[tokio::test]
async fn what_is_for_followers_alone_goes_to_their_own_inboxes() {
    let folder = TestFolder::new();
    for house in houses(&folder).await {
        let peer = Peer::new().await;
        house.follower(&peer, "a", true).await;
        house
            .says_to(1, &Audience::of(&house.mayor, Visibility::Followers, &[]))
            .await;
        house.deliver().await;
        assert_eq!(peer.numbers("/users/a/inbox"), [1]);
        assert_eq!(peer.seen().len(), 1);
    }
}

#[tokio::test]
async fn requests_are_signed_with_the_digest_of_the_body() {
    let folder = TestFolder::new();
    for house in houses(&folder).await {
        let peer = Peer::new().await;
        house.follower(&peer, "a", true).await;
        house.says(1).await;
        house.deliver().await;
        let seen = &peer.seen()[0];
        assert_eq!(seen.header("content-type"), Some("application/activity+json"));
        let signature = seen.header("signature").unwrap();
        assert!(signature.contains(&format!("keyId=\"{}\"", house.mayor.key_id())));
        assert!(signature.contains("(request-target) host date digest content-type"));
        assert!(!seen.is_rfc9421());
    }
}

#[tokio::test]
async fn the_followers_of_each_server_are_told_by_a_digest() {
    let folder = TestFolder::new();
    for house in houses(&folder).await {
        let (two, one) = (Peer::new().await, Peer::new().await);
        let a = house.follower(&two, "a", true).await;
        let b = house.follower(&two, "b", true).await;
        house.follower(&one, "c", true).await;
        house.says(1).await;
        house.deliver().await;
        let sha = |text: &str| {
            aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes())
                .as_ref()
                .to_vec()
        };
        let xor: Vec<u8> = sha(&a.uri).iter().zip(sha(&b.uri)).map(|(x, y)| x ^ y).collect();
        let seen = &two.seen()[0];
        let header = seen.header("collection-synchronization").unwrap();
        assert_eq!(
            header,
            format!(
                r#"collectionId="{}", url="{}", digest="{}""#,
                house.mayor.followers_uri(),
                super::super::synchronization_uri(&house.mayor),
                hex::encode(xor)
            )
        );
        assert!(
            seen.header("signature")
                .unwrap()
                .contains("collection-synchronization")
        );
        assert_ne!(one.seen()[0].header("collection-synchronization"), Some(header));
        // Not on what is said to one of them.
        house.says_to(2, &Audience::only(&[&a])).await;
        house.deliver().await;
        assert_eq!(two.seen()[1].header("collection-synchronization"), None);
    }
}

#[tokio::test]
async fn nothing_is_posted_to_ourselves_nor_to_what_is_not_of_the_web() {
    let folder = TestFolder::new();
    for house in houses(&folder).await {
        let peer = Peer::new().await;
        for (name, inbox) in [
            ("a", house.ctx.urls.to("/inbox")),
            ("b", "ftp://example.org/inbox".to_owned()),
        ] {
            let mut actor = house.follower(&peer, name, false).await;
            actor.inbox = inbox;
            let mut tx = house.ctx.db.begin().await.unwrap();
            actor_rows::upsert(&mut tx, &actor).await.unwrap();
            tx.commit().await.unwrap();
        }
        house.says(1).await;
        assert_eq!(house.queue().await, (0, 0));
        assert_eq!(house.deliver().await, 0);
    }
}

#[tokio::test]
async fn a_slow_server_delays_nobody_else() {
    let folder = TestFolder::new();
    for db in testing::databases(&folder).await.unwrap() {
        // One place only: all others would wait behind the slow one if it kept it.
        let config = Config {
            deliveries_at_once: 1,
            ..Config::default()
        };
        let house = house(db, &folder, config).await;
        let (slow, quick) = (Peer::new().await, Peer::new().await);
        slow.takes(Duration::from_secs(6));
        house.follower(&slow, "lent", true).await;
        house.follower(&quick, "vif", true).await;
        for number in 0..10 {
            house.says(number).await;
        }
        let started = Instant::now();
        let watch = async {
            while quick.seen().len() < 10 {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            started.elapsed()
        };
        let waited = tokio::select! {
            waited = watch => waited,
            _ = house.deliver() => panic!("the slow one was not waited for"),
        };
        assert!(waited < Duration::from_secs(5), "{waited:?}");
        assert_eq!(slow.seen().len(), 1);
    }
}

#[tokio::test]
async fn a_deed_that_is_undone_leaves_nothing_to_deliver() {
    let folder = TestFolder::new();
    for house in houses(&folder).await {
        let peer = Peer::new().await;
        house.follower(&peer, "a", true).await;
        let mut tx = house.ctx.db.begin().await.unwrap();
        let audience = Audience::of(&house.mayor, Visibility::Public, &[]);
        outbox::say(
            &house.ctx,
            &mut tx,
            &house.mayor,
            json!({ "type": "Create" }),
            &audience,
        )
        .await
        .unwrap();
        tx.rollback().await.unwrap();
        assert_eq!(house.deliver().await, 0);
        assert_eq!(peer.seen().len(), 0);
    }
}
