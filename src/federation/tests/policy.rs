//! Servers that are shut out, or let in alone.

use http::StatusCode;
use serde_json::json;

use super::{Peer, Person, on_each, on_each_with};
use crate::Config;
use crate::policy::{self, Rule};

#[tokio::test]
async fn a_blocked_server_is_not_heard_and_nothing_is_asked_of_it() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        let paul = Person::new(&peer, "paul");
        let other = Person::new(&Peer::new().await, "autre");
        let like = paul.activity("Like", json!(world.mayor.uri));
        // Taken before the block, not taken in after it.
        assert_eq!(world.deliver(&paul, &like).await, StatusCode::ACCEPTED);
        let host = policy::add(&world.ctx, &peer.base, Rule::Block, "essai")
            .await
            .unwrap();
        assert_eq!(host, peer.authority());
        world.work().await;
        assert!(world.given().is_empty());
        peer.forget();
        let like = paul.activity("Like", json!(world.mayor.uri));
        let answer = world.send(world.post(&paul, &like).request()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        let stranger = Person::new(&peer, "inconnue").with_key(1);
        let like = stranger.activity("Like", json!(world.mayor.uri));
        assert_eq!(world.deliver(&stranger, &like).await, StatusCode::FORBIDDEN);
        assert_eq!(peer.fetches(), 0);
        let like = other.activity("Like", json!(world.mayor.uri));
        assert_eq!(world.deliver(&other, &like).await, StatusCode::ACCEPTED);
        let rules = policy::list(&world.ctx).await.unwrap();
        assert_eq!(
            (rules.len(), rules[0].rule, rules[0].reason.as_str()),
            (1, Rule::Block, "essai")
        );
        assert!(policy::remove(&world.ctx, &peer.base).await.unwrap());
        assert!(!policy::remove(&world.ctx, &peer.base).await.unwrap());
        let like = paul.activity("Like", json!(world.mayor.uri));
        assert_eq!(world.deliver(&paul, &like).await, StatusCode::ACCEPTED);
    })
    .await;
}

#[tokio::test]
async fn with_an_allow_list_only_the_listed_are_heard() {
    let config = Config {
        allow_list: true,
        ..Config::default()
    };
    on_each_with(config, |world| async move {
        let peer = Peer::new().await;
        let paul = Person::new(&peer, "paul");
        let like = paul.activity("Like", json!(world.mayor.uri));
        assert_eq!(world.deliver(&paul, &like).await, StatusCode::FORBIDDEN);
        policy::add(&world.ctx, "127.0.0.1", Rule::Allow, "")
            .await
            .unwrap();
        assert_eq!(world.deliver(&paul, &like).await, StatusCode::ACCEPTED);
        assert!(
            policy::add(&world.ctx, "pas un hôte", Rule::Allow, "")
                .await
                .is_err()
        );
    })
    .await;
}
