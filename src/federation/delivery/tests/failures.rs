//! Servers that fail: for a moment, for ten days, for ever, or with one activity only.

use super::*;

#[tokio::test]
async fn a_server_down_for_ten_days_gets_everything_in_order_when_it_returns() {
    let folder = TestFolder::new();
    for house in houses(&folder).await {
        let (down, up) = (Peer::new().await, Peer::new().await);
        house.follower(&down, "a", true).await;
        house.follower(&down, "b", false).await;
        house.follower(&up, "c", true).await;
        down.answers_with(502);
        let mut numbers = Vec::new();
        for day in 0..10 {
            for number in [day * 10, day * 10 + 1] {
                house.says(number).await;
                numbers.push(number);
            }
            house.deliver().await;
            house.live(DAY).await;
        }
        assert_eq!(up.numbers("/inbox"), numbers, "nobody else was held up");
        let attempts = down.seen().len();
        assert!((10..80).contains(&attempts), "{attempts} attempts in ten days");
        assert_eq!(house.queue().await, (40, 0));
        down.forget();
        down.answers_with(202);
        house.live(15 * HOUR).await;
        assert_eq!(down.numbers("/inbox"), numbers);
        assert_eq!(down.numbers("/users/b/inbox"), numbers);
        assert_eq!(house.queue().await, (0, 0));
        // All is well again: the next one leaves at once.
        house.says(999).await;
        house.deliver().await;
        assert_eq!(down.numbers("/inbox").last(), Some(&999));
    }
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_waits_too() {
    let folder = TestFolder::new();
    for house in houses(&folder).await {
        let peer = Peer::new().await;
        house.follower(&peer, "a", true).await;
        let address = peer.origin.trim_start_matches("http://").to_owned();
        drop(peer);
        house.says(1).await;
        house.deliver().await;
        house.live(HOUR).await;
        assert_eq!(house.queue().await, (1, 0));
        let view = overview(&house.ctx, 10).await.unwrap().lanes.remove(0);
        assert!(view.failures > 5 && view.failing_since.is_some() && view.last_error.is_some());
        let peer = Peer::at(&address).await;
        house.live(2 * HOUR).await;
        assert_eq!(peer.numbers("/inbox"), [1]);
        assert_eq!(house.queue().await, (0, 0));
    }
}

#[tokio::test]
async fn what_has_waited_for_a_fortnight_is_given_up() {
    let folder = TestFolder::new();
    for house in houses(&folder).await {
        let peer = Peer::new().await;
        house.follower(&peer, "a", true).await;
        peer.answers_with(503);
        house.says(1).await;
        house.deliver().await;
        for _ in 0..27 {
            house.ctx.clock.advance(12 * HOUR);
            house.deliver().await;
        }
        house.says(2).await;
        assert_eq!(house.queue().await, (2, 0), "kept for a fortnight");
        for _ in 0..4 {
            house.ctx.clock.advance(12 * HOUR);
            house.deliver().await;
        }
        assert_eq!(house.queue().await, (1, 0));
        peer.forget();
        peer.answers_with(202);
        house.live(15 * HOUR).await;
        assert_eq!(peer.numbers("/inbox"), [2]);
    }
}

#[tokio::test]
async fn an_activity_that_a_server_cannot_digest_is_set_aside_in_the_end() {
    let folder = TestFolder::new();
    for house in houses(&folder).await {
        let peer = Peer::new().await;
        house.follower(&peer, "a", true).await;
        peer.answers(|seen| {
            let status = if seen.number() == 2 { 500 } else { 202 };
            StatusCode::from_u16(status).unwrap().into_response()
        });
        for number in 1..=4 {
            house.says(number).await;
        }
        house.deliver().await;
        house.live(3 * HOUR).await;
        let taken = |numbers: Vec<i64>| {
            numbers
                .into_iter()
                .filter(|number| *number != 2)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            taken(peer.numbers("/inbox")),
            [1],
            "the order is kept as long as there is hope"
        );
        house.live(20 * HOUR).await;
        assert_eq!(taken(peer.numbers("/inbox")), [1, 3, 4]);
        assert_eq!(house.queue().await.0, 0);
    }
}

#[tokio::test]
async fn a_server_that_answers_500_for_days_loses_nothing() {
    let folder = TestFolder::new();
    for house in houses(&folder).await {
        let peer = Peer::new().await;
        house.follower(&peer, "a", true).await;
        peer.answers_with(500);
        for number in 1..=4 {
            house.says(number).await;
        }
        house.deliver().await;
        for _ in 0..20 {
            house.ctx.clock.advance(12 * HOUR);
            house.deliver().await;
        }
        assert_eq!(house.queue().await, (4, 0));
        peer.forget();
        peer.answers_with(202);
        house.ctx.clock.advance(15 * HOUR);
        house.deliver().await;
        assert_eq!(peer.numbers("/inbox"), [1, 2, 3, 4]);
    }
}
