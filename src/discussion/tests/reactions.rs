//! Likes and shares.

use federation::Visibility;

use super::village::villages;
use crate::actions::{self, Reacted};
use crate::model::{DiscussionRefusal, Thing};
use crate::store::reactions::Reaction;
use crate::{DiscussionError, Target};

fn refusal(result: Result<(), DiscussionError>) -> DiscussionRefusal {
    match result.unwrap_err() {
        DiscussionError::Refused(refusal) => refusal,
        DiscussionError::Store(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn liking_twice_is_liking_once() {
    let (villages, _folder) = villages().await;
    for v in villages {
        let thing = Thing::Subject(v.post.clone());
        let mut likes = tokio::task::JoinSet::new();
        for _ in 0..12 {
            let (ctx, open, thing) = (v.ctx.clone(), v.open.clone(), thing.clone());
            likes.spawn(async move { actions::like(&ctx, &open, &thing).await });
        }
        while let Some(like) = likes.join_next().await {
            like.unwrap().unwrap();
        }
        actions::like(&v.ctx, &v.dark, &thing).await.unwrap();
        let target = thing.target();
        let of = |counts: std::collections::HashMap<Target, crate::Counts>| counts[&target].likes;
        assert_eq!(of(actions::counts(&v.ctx, &[target]).await.unwrap()), 2);
        assert_eq!(v.told(&v.mayor).await, ["like", "like"]);
        let mine = actions::mine(&v.ctx, Some(v.open.actor.id), &[target])
            .await
            .unwrap();
        assert!(mine[&target].liked && !mine[&target].shared);
        actions::unlike(&v.ctx, &v.open, &thing).await.unwrap();
        actions::unlike(&v.ctx, &v.open, &thing).await.unwrap();
        assert_eq!(of(actions::counts(&v.ctx, &[target]).await.unwrap()), 1);
        assert!(v.said().await.is_empty(), "likes of our own things stay here");
    }
}

#[tokio::test]
async fn a_like_of_a_guest_is_sent_to_him_alone_and_taken_back() {
    let (villages, _folder) = villages().await;
    for v in villages {
        let guest = v.guest("ami", "social.example").await;
        let follower = v.guest("autre", "other.example").await;
        v.follow(&follower, &v.open).await;
        let thing = Thing::Subject(v.carried(&guest.actor));
        assert_eq!(
            refusal(actions::like(&v.ctx, &v.dark, &thing).await),
            DiscussionRefusal::WouldLeave
        );
        assert_eq!(
            refusal(actions::share(&v.ctx, &v.dark, &thing).await),
            DiscussionRefusal::WouldLeave
        );
        actions::like(&v.ctx, &v.open, &thing).await.unwrap();
        actions::unlike(&v.ctx, &v.open, &thing).await.unwrap();
        let said = v.said().await;
        assert_eq!(v.said_kinds().await, ["Like", "Undo"]);
        assert_eq!(said[1].1["object"]["id"], said[0].1["id"]);
        assert_eq!(said[1].1["object"]["object"], thing.uri());
        assert_eq!(v.inboxes().await, ["https://social.example/users/ami/inbox"]);
    }
}

#[tokio::test]
async fn only_what_everybody_may_read_is_shared() {
    let (villages, _folder) = villages().await;
    for mut v in villages {
        let dark = v.says(&v.dark, "mot d’une discrète").await;
        let dark = v.thing(&dark).await;
        assert_eq!(
            refusal(actions::share(&v.ctx, &v.open, &dark).await),
            DiscussionRefusal::NotShareable
        );
        let thing = Thing::Subject(v.post.clone());
        actions::share(&v.ctx, &v.open, &thing).await.unwrap();
        actions::share(&v.ctx, &v.open, &thing).await.unwrap();
        actions::unshare(&v.ctx, &v.open, &thing).await.unwrap();
        assert_eq!(v.said_kinds().await, ["Announce", "Undo"]);
        let said = v.said().await;
        assert_eq!(said[0].1["object"], v.post.uri);
        assert_eq!(said[0].1["to"][0], federation::PUBLIC);
        assert_eq!(v.told(&v.mayor).await, ["comment", "share"]);
        v.change(|post| post.visibility = Visibility::Residents);
        let thing = Thing::Subject(v.post.clone());
        assert_eq!(
            refusal(actions::share(&v.ctx, &v.open, &thing).await),
            DiscussionRefusal::NotShareable
        );
        let shares: Vec<Reacted> =
            actions::shares_of(&v.ctx, v.open.actor.id, &platform::store::Paging::first(10))
                .await
                .unwrap()
                .items;
        assert!(shares.is_empty());
    }
}

#[tokio::test]
async fn an_undo_before_its_like_wins() {
    use crate::actions::{Counted, react_from_elsewhere, take_back_from_elsewhere};
    let (villages, _folder) = villages().await;
    for v in villages {
        let guest = v.guest("ami", "social.example").await;
        let thing = Thing::Subject(v.post.clone());
        let like = "https://social.example/likes/1";
        let both = [Reaction::Like, Reaction::Share];
        take_back_from_elsewhere(&v.ctx, &guest.actor, Some(like), None, &both)
            .await
            .unwrap();
        let came = react_from_elsewhere(&v.ctx, &guest.actor, &thing, Reaction::Like, like).await;
        assert_eq!(came.unwrap(), Counted::Undone);
        // Somebody else cannot take back in his place.
        let other = v.guest("autre", "social.example").await;
        let second = "https://social.example/likes/2";
        take_back_from_elsewhere(&v.ctx, &other.actor, Some(second), Some(&thing), &both)
            .await
            .unwrap();
        let came = react_from_elsewhere(&v.ctx, &guest.actor, &thing, Reaction::Like, second).await;
        assert_eq!(came.unwrap(), Counted::Yes);
        let removed = take_back_from_elsewhere(&v.ctx, &other.actor, Some(second), Some(&thing), &both).await;
        assert!(!removed.unwrap());
        // By what it was about, with an id nobody has seen; and the like does not come back.
        let unseen = Some("https://social.example/likes/99");
        let removed = take_back_from_elsewhere(&v.ctx, &guest.actor, unseen, Some(&thing), &both).await;
        assert!(removed.unwrap());
        let again = react_from_elsewhere(&v.ctx, &guest.actor, &thing, Reaction::Like, second).await;
        assert_eq!(again.unwrap(), Counted::Undone);
        let counts = actions::counts(&v.ctx, &[thing.target()]).await.unwrap();
        assert_eq!(counts[&thing.target()].likes, 0);
    }
}
