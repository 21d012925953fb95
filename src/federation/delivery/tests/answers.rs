//! What servers answer: signatures not understood, doors closed, inboxes gone, times named.

use axum::http::header::RETRY_AFTER;

use super::*;
use crate::delivery::{heard_from, retry};

fn status(status: u16) -> Response {
    StatusCode::from_u16(status).unwrap().into_response()
}

#[tokio::test]
async fn the_second_knock_is_remembered_for_a_week_both_ways() {
    let folder = TestFolder::new();
    for house in houses(&folder).await {
        let peer = Peer::new().await;
        house.follower(&peer, "a", true).await;
        let schemes = || peer.seen().iter().map(Seen::is_rfc9421).collect::<Vec<_>>();
        peer.answers(|seen| status(if seen.is_rfc9421() { 202 } else { 401 }));
        house.says(1).await;
        house.deliver().await;
        assert_eq!(schemes(), [false, true]);
        assert_eq!(peer.numbers("/inbox"), [1, 1]);
        house.says(2).await;
        house.deliver().await;
        assert_eq!(schemes(), [false, true, true]);
        // Forgotten after a week.
        peer.forget();
        house.ctx.clock.advance(7 * DAY);
        house.says(3).await;
        house.deliver().await;
        assert_eq!(schemes(), [false, true]);
        // The other way round.
        peer.forget();
        peer.answers(|seen| status(if seen.is_rfc9421() { 400 } else { 202 }));
        house.says(4).await;
        house.says(5).await;
        house.deliver().await;
        assert_eq!(schemes(), [true, false, false]);
        assert_eq!(house.queue().await, (0, 0));
    }
}

#[tokio::test]
async fn what_is_not_wanted_is_dropped_alone() {
    let folder = TestFolder::new();
    for house in houses(&folder).await {
        let peer = Peer::new().await;
        house.follower(&peer, "a", true).await;
        let refused = [400, 402, 405, 406, 413, 415, 422, 451];
        peer.answers(move |seen| status(*refused.get(seen.number() as usize).unwrap_or(&202)));
        for number in 0..10 {
            house.says(number).await;
        }
        house.deliver().await;
        // 400 may mean the signature: it is knocked twice.
        assert_eq!(peer.numbers("/inbox"), [0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        assert_eq!(house.queue().await, (0, 0));
    }
}

#[tokio::test]
async fn a_door_that_stays_closed_is_tried_a_few_times_and_holds_up_no_neighbour() {
    let folder = TestFolder::new();
    for house in houses(&folder).await {
        let peer = Peer::new().await;
        house.follower(&peer, "ferme", false).await;
        house.follower(&peer, "ouvert", false).await;
        peer.answers(|seen| status(if seen.path.contains("ferme") { 403 } else { 202 }));
        house.says(1).await;
        house.says(2).await;
        house.deliver().await;
        assert_eq!(peer.numbers("/users/ouvert/inbox"), [1, 2]);
        assert_eq!(
            peer.numbers("/users/ferme/inbox"),
            [1],
            "the second waits for the first"
        );
        house.live(12 * HOUR).await;
        assert_eq!(peer.numbers("/users/ferme/inbox"), [1, 1, 1, 1, 1, 2]);
        assert_eq!(house.queue().await, (0, 2));
        // It opens: the next delivery brings the others back, in order.
        peer.forget();
        peer.answers_with(202);
        house.says(3).await;
        house.deliver().await;
        assert_eq!(peer.numbers("/users/ferme/inbox"), [3, 1, 2]);
        assert_eq!(house.queue().await, (0, 0));
    }
}

#[tokio::test]
async fn a_closed_door_does_not_hold_up_what_is_said_later_to_its_neighbours() {
    let folder = TestFolder::new();
    for house in houses(&folder).await {
        let peer = Peer::new().await;
        house.follower(&peer, "ferme", false).await;
        peer.answers(|seen| status(if seen.path.contains("ferme") { 401 } else { 202 }));
        house.says(1).await;
        house.deliver().await;
        house.live(2 * HOUR).await;
        house.follower(&peer, "ouvert", false).await;
        house.says(2).await;
        house.deliver().await;
        assert_eq!(peer.numbers("/users/ouvert/inbox"), [2]);
        assert_eq!(house.queue().await, (2, 0));
    }
}

#[tokio::test]
async fn an_operator_tries_again_what_is_parked() {
    let folder = TestFolder::new();
    for house in houses(&folder).await {
        let peer = Peer::new().await;
        house.follower(&peer, "a", true).await;
        peer.answers_with(401);
        house.says(1).await;
        house.deliver().await;
        house.live(12 * HOUR).await;
        assert_eq!(house.queue().await, (0, 1));
        let view = overview(&house.ctx, 10).await.unwrap().lanes.remove(0);
        assert_eq!((view.lane.as_str(), view.parked), (peer.origin.as_str(), 1));
        assert!(view.last_error.unwrap().starts_with("401"));
        assert_eq!(house.deliver().await, 0);
        peer.answers_with(202);
        assert_eq!(retry(&house.ctx, &peer.origin).await.unwrap(), 1);
        house.deliver().await;
        assert_eq!(house.queue().await, (0, 0));
        assert!(retry(&house.ctx, &peer.origin).await.is_err());
    }
}

#[tokio::test]
async fn retry_after_is_obeyed_in_seconds_and_as_a_date() {
    let folder = TestFolder::new();
    for house in houses(&folder).await {
        let mut peers = Vec::new();
        for (code, wish) in [
            (429, "7200".to_owned()),
            (503, "Mon, 23 Nov 2026 12:00:00 GMT".to_owned()),
        ] {
            let peer = Peer::new().await;
            house.follower(&peer, "a", true).await;
            peer.answers(move |_| {
                (StatusCode::from_u16(code).unwrap(), [(RETRY_AFTER, wish.clone())]).into_response()
            });
            house.says(1).await;
            let begun = house.ctx.clock.now();
            house.deliver().await;
            assert_eq!(peer.seen().len(), 1);
            let due = overview(&house.ctx, 10).await.unwrap().lanes.remove(0).due_at;
            let wait = match code {
                429 => 2 * HOUR,
                _ => noon_after(begun),
            };
            let waited = due.since(begun);
            assert!(
                waited >= wait && waited <= wait + wait / 5,
                "{waited:?} for {wait:?}"
            );
            house.ctx.clock.advance(wait * 99 / 100);
            assert_eq!(house.deliver().await, 0);

            peer.answers_with(202);
            house.ctx.clock.advance(wait / 4);
            house.deliver().await;
            assert_eq!(peer.seen().len(), 2);
            assert_eq!(house.queue().await, (0, 0));
            peers.push(peer);
        }
    }
}

/// From an instant to noon UTC of 23 November 2026.
fn noon_after(now: platform::Timestamp) -> Duration {
    platform::Timestamp::parse_rfc3339("2026-11-23T12:00:00Z")
        .unwrap()
        .since(now)
}

#[tokio::test]
async fn an_inbox_that_is_gone_costs_nothing_more_and_its_actor_is_looked_at() {
    let folder = TestFolder::new();
    for house in houses(&folder).await {
        let peer = Peer::new().await;
        let gone = house.follower(&peer, "parti", false).await;
        let stays = house.follower(&peer, "demenage", false).await;
        peer.answers(|seen| match seen.path.as_str() {
            "/users/parti" | "/users/parti/inbox" | "/users/demenage/inbox" => status(410),
            _ => status(200),
        });
        for number in 0..5 {
            house.says(number).await;
        }
        house.deliver().await;
        assert_eq!(
            peer.numbers("/users/parti/inbox"),
            [0],
            "410 takes everything with it"
        );
        assert_eq!(peer.numbers("/users/demenage/inbox"), [0]);
        assert_eq!(house.queue().await, (0, 0));
        let mut registry = platform::queue::Registry::default();
        super::super::tasks(&mut registry);
        platform::queue::run_due(house.ctx.platform(), &registry.ready(), house.ctx.clone())
            .await
            .unwrap();
        assert!(!house.is_followed_by(&gone).await);
        assert!(house.is_followed_by(&stays).await);
    }
}

#[tokio::test]
async fn a_server_that_speaks_to_us_is_tried_at_once() {
    let folder = TestFolder::new();
    for house in houses(&folder).await {
        let peer = Peer::new().await;
        house.follower(&peer, "a", true).await;
        peer.answers_with(503);
        house.says(1).await;
        house.deliver().await;
        house.live(DAY).await;
        peer.answers_with(202);
        assert_eq!(house.deliver().await, 0);
        heard_from(&house.ctx, &format!("{}/users/a", peer.origin))
            .await
            .unwrap();
        assert_eq!(house.deliver().await, 1);
        assert_eq!(house.queue().await, (0, 0));
    }
}
