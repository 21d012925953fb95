//! Several processes on one database, killed ones, stopped ones.

use std::collections::HashMap;

use super::*;
use crate::delivery::start;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_never_deliver_the_same_thing() {
    let folder = TestFolder::new();
    for house in houses(&folder).await {
        let mut peers = Vec::new();
        for _ in 0..12 {
            let peer = Peer::new().await;
            peer.takes(Duration::from_millis(3));
            house.follower(&peer, "a", true).await;
            house.follower(&peer, "b", false).await;
            peers.push(peer);
        }
        let publish = async {
            for number in 0..20 {
                house.says(number).await;
            }
        };
        let again = async {
            for _ in 0..3 {
                let (one, two) = tokio::join!(run_due(&house.ctx), run_due(&house.ctx));
                one.unwrap();
                two.unwrap();
            }
        };
        tokio::join!(publish, again);
        house.deliver().await;
        let numbers: Vec<i64> = (0..20).collect();
        for peer in &peers {
            assert_eq!(peer.numbers("/inbox"), numbers);
            assert_eq!(peer.numbers("/users/b/inbox"), numbers);
            assert_eq!(peer.shared.most_at_once.load(Ordering::SeqCst), 1);
        }
        assert_eq!(house.queue().await, (0, 0));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_crash_only_what_was_under_way_is_repeated() {
    let folder = TestFolder::new();
    for house in houses(&folder).await {
        let mut peers = Vec::new();
        for _ in 0..10 {
            let peer = Peer::new().await;
            peer.takes(Duration::from_millis(20));
            house.follower(&peer, "a", true).await;
            peers.push(peer);
        }
        for number in 0..30 {
            house.says(number).await;
        }
        // Dropped in the middle: nothing of it can be written any more, as after kill -9.
        let crashed = tokio::time::timeout(Duration::from_millis(300), house.deliver()).await;
        assert!(crashed.is_err(), "it was dropped in the middle");
        let before: usize = peers.iter().map(|peer| peer.seen().len()).sum();
        assert!(before > 10 && before < 300, "{before} before the crash");
        // The lease of the dead still holds.
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert_eq!(house.deliver().await, 0);
        house.ctx.clock.advance(Duration::from_secs(46));
        house.deliver().await;
        for peer in &peers {
            let mut times: HashMap<i64, usize> = HashMap::new();
            let mut firsts = Vec::new();
            for number in peer.numbers("/inbox") {
                let count = times.entry(number).or_default();
                *count += 1;
                if *count == 1 {
                    firsts.push(number);
                }
            }
            assert_eq!(firsts, (0..30).collect::<Vec<_>>());
            let repeated: Vec<_> = times.values().filter(|count| **count > 1).collect();
            assert!(
                repeated.len() <= 1 && repeated.iter().all(|count| **count == 2),
                "{times:?}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_delivers_by_itself_and_stops_between_two_attempts() {
    let folder = TestFolder::new();
    for house in houses(&folder).await {
        let (peer, slow) = (Peer::new().await, Peer::new().await);
        house.follower(&peer, "a", true).await;
        house.follower(&slow, "b", true).await;
        slow.takes(Duration::from_millis(700));
        start(&house.ctx);
        for number in 0..5 {
            house.says(number).await;
        }
        let arrived = async {
            while peer.seen().len() < 5 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), arrived)
            .await
            .unwrap();
        house.ctx.work.stop();
        house.ctx.work.stopped(Duration::from_secs(10)).await;
        let begun = slow.seen().len() as i64;
        assert!(begun < 5);
        // What was under way was recorded, so nothing is repeated, and nobody has to wait for a lease.
        assert_eq!(house.queue().await.0, 5 - begun);
        let again = Ctx::new(
            testing::ctx(house.ctx.db.clone(), &folder).unwrap(),
            house.ctx.federation().clone(),
            Objects::default(),
        );
        run_due(&again).await.unwrap();
        assert_eq!(slow.numbers("/inbox"), [0, 1, 2, 3, 4]);
        assert_eq!(peer.numbers("/inbox"), [0, 1, 2, 3, 4]);
    }
}
