//! Relays: asked by our server's own actor, given what is public once they have accepted.

use super::*;
use crate::relay;

async fn accept(house: &House, inbox: &str, state: &str) {
    let follow = relay::list(&house.ctx)
        .await
        .unwrap()
        .into_iter()
        .find(|relay| relay.inbox == inbox)
        .unwrap()
        .follow_uri;
    let mut tx = house.ctx.db.begin().await.unwrap();
    crate::store::relays::answered(&mut tx, &follow, "http://relay.test/actor", state)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_relay_that_accepted_gets_what_is_public_and_nothing_else() {
    let folder = TestFolder::new();
    for house in houses(&folder).await {
        let peer = Peer::new().await;
        let inbox = format!("{}/inbox", peer.origin);
        let kinds = || {
            let seen = peer.seen();
            seen.iter()
                .map(|seen| seen.json["type"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        let asked = relay::add(&house.ctx, &inbox).await.unwrap();
        assert_eq!(relay::add(&house.ctx, &inbox).await.unwrap(), asked, "asked once");
        house.says(1).await;
        house.deliver().await;
        assert_eq!(kinds(), ["Follow"], "nothing before it has accepted");
        let follow = &peer.seen()[0];
        assert_eq!(
            follow.json["object"],
            "https://www.w3.org/ns/activitystreams#Public"
        );
        assert_eq!(follow.json["id"], asked.follow_uri.as_str());
        let instance = crate::instance_uri(&house.ctx);
        assert_eq!(follow.json["actor"], instance.as_str());
        assert!(
            follow
                .header("signature")
                .unwrap()
                .contains(&format!("{instance}#main-key"))
        );

        accept(&house, &inbox, "accepted").await;
        house.says(2).await;
        for visibility in [
            Visibility::Unlisted,
            Visibility::Followers,
            Visibility::Direct,
            Visibility::Residents,
        ] {
            house
                .says_to(3, &Audience::of(&house.mayor, visibility, &[]))
                .await;
        }
        house.deliver().await;
        assert_eq!(kinds(), ["Follow", "Create"]);

        assert!(relay::remove(&house.ctx, &inbox).await.unwrap());
        assert!(!relay::remove(&house.ctx, &inbox).await.unwrap());
        house.says(4).await;
        house.deliver().await;
        assert_eq!(kinds(), ["Follow", "Create", "Undo"]);
        assert_eq!(
            peer.seen()[2].json["object"],
            json!({
                "id": asked.follow_uri, "type": "Follow", "actor": instance,
                "object": "https://www.w3.org/ns/activitystreams#Public",
            })
        );
        assert!(relay::list(&house.ctx).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_relay_that_refused_may_be_asked_again() {
    let folder = TestFolder::new();
    for house in houses(&folder).await {
        let peer = Peer::new().await;
        let inbox = format!("{}/inbox", peer.origin);
        let first = relay::add(&house.ctx, &inbox).await.unwrap();
        accept(&house, &inbox, "rejected").await;
        house.says(1).await;
        let second = relay::add(&house.ctx, &inbox).await.unwrap();
        assert_ne!(first.follow_uri, second.follow_uri);
        assert_eq!(second.state, "pending");
        house.deliver().await;
        assert_eq!(peer.seen().len(), 2);
    }
}

#[tokio::test]
async fn what_is_no_inbox_of_another_server_is_not_asked() {
    let folder = TestFolder::new();
    for house in houses(&folder).await {
        let ours = house.ctx.urls.to("/inbox");
        for text in [
            "relay.example.org",
            "",
            "ftp://relay.example.org/inbox",
            ours.as_str(),
        ] {
            assert!(relay::add(&house.ctx, text).await.is_err(), "{text}");
        }
        crate::policy::add(&house.ctx, "example.org", crate::policy::Rule::Block, "")
            .await
            .unwrap();
        assert!(
            relay::add(&house.ctx, "https://relay.example.org/inbox")
                .await
                .is_err()
        );
        assert!(relay::list(&house.ctx).await.unwrap().is_empty());
    }
}
