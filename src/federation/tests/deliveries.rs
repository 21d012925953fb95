//! The table of signatures, row by row (what a delivery is answered, and that a refused one leaves nothing).

use std::time::Duration;

use http::StatusCode;
use serde_json::json;

use super::peer::Person;
use super::world::{World, on_each};
use super::{Peer, Reply};
use crate::signatures::Scheme;

const BAD: StatusCode = StatusCode::BAD_REQUEST;
const UNAUTHORIZED: StatusCode = StatusCode::UNAUTHORIZED;
const ACCEPTED: StatusCode = StatusCode::ACCEPTED;
const WRONG_TYPE: StatusCode = StatusCode::UNSUPPORTED_MEDIA_TYPE;

#[tokio::test]
async fn a_note_is_taken_in_once() {
    on_each(|world| async move {
        let peer = Peer::new().await;
        let paul = Person::new(&peer, "paul");
        let create = paul.create(&paul.note("<p>Bonjour</p>"));
        world.takes(&paul, &create).await;
        assert_eq!(world.given(), ["Create"]);
        let actor = world.actor(&paul.id).await.unwrap();
        assert_eq!(actor.full_handle(), format!("@paul@{}", peer.authority()));
        assert!(!actor.local && actor.federated);
        // Once more, newly signed, and by the other scheme.
        world.later(1);
        world.takes(&paul, &create).await;
        let mut again = world.post(&paul, &create);
        again.scheme = Scheme::Rfc9421;
        assert_eq!(world.send(again.request()).await.status, ACCEPTED);
        world.work().await;
        assert_eq!(world.given(), ["Create"]);
        assert_eq!(world.count("federation_received").await, 1);
    })
    .await;
}
