//! Comments of other servers, in any order.

use federation::{Actor, Visibility};
use platform::testing::NOON;
use platform::text::sanitise_remote;
use std::time::Duration;

use super::village::{Village, villages};
use crate::actions::{self, Incoming, Taken, comment_from_elsewhere, delete_from_elsewhere};
use crate::model::{Comment, Labels, Subject};

const NOTE: &str = "https://social.example/notes/1";

fn note(text: &str, updated: Option<u64>) -> Incoming {
    Incoming {
        uri: NOTE.to_owned(),
        html: sanitise_remote(text),
        summary: String::new(),
        language: "fr".to_owned(),
        visibility: Visibility::Public,
        in_reply_to: "https://parvis.test/ap/posts/1".to_owned(),
        context: None,
        url: None,
        published_at: NOON.minus(Duration::from_secs(3600)),
        updated_at: updated.map(|s| NOON.minus(Duration::from_secs(3600 - s))),
        mentioned: Vec::new(),
        attachments: Vec::new(),
        labels: Labels::default(),
        is_limited: false,
        is_restored: false,
        activity: None,
    }
}

async fn comes(v: &Village, who: &Actor, note: Incoming, is_edit: bool) -> Taken {
    comes_to(v, who, &v.post, None, note, is_edit).await
}

async fn comes_to(
    v: &Village,
    who: &Actor,
    post: &Subject,
    parent: Option<&Comment>,
    note: Incoming,
    is_edit: bool,
) -> Taken {
    comment_from_elsewhere(&v.ctx, who, post, parent, note, is_edit)
        .await
        .unwrap()
}

#[tokio::test]
async fn an_older_edit_never_beats_a_newer_one() {
    let (villages, _folder) = villages().await;
    for v in villages {
        let guest = v.guest("ami", "social.example").await.actor;
        // The edit comes before what it edits: it is the comment.
        assert_eq!(
            comes(&v, &guest, note("<p>deux</p>", Some(20)), true).await,
            Taken::Kept
        );
        assert_eq!(
            comes(&v, &guest, note("<p>un</p>", None), false).await,
            Taken::Known
        );
        assert_eq!(
            comes(&v, &guest, note("<p>un et demi</p>", Some(10)), true).await,
            Taken::Known
        );
        assert_eq!(
            comes(&v, &guest, note("<p>deux bis</p>", Some(20)), true).await,
            Taken::Known
        );
        assert_eq!(
            comes(&v, &guest, note("<p>sans date</p>", None), true).await,
            Taken::Known
        );
        assert_eq!(v.sees(None).await, [["deux"]]);
        assert_eq!(
            comes(&v, &guest, note("<p>trois</p>", Some(30)), true).await,
            Taken::Changed
        );
        assert_eq!(v.sees(None).await, [["trois"]]);
        // A Create says nothing new, whatever its dates.
        assert_eq!(
            comes(&v, &guest, note("<p>quatre</p>", Some(40)), false).await,
            Taken::Known
        );
        let other = v.guest("autre", "social.example").await.actor;
        assert_eq!(
            comes(&v, &other, note("<p>moi</p>", Some(50)), true).await,
            Taken::NotTheirs
        );
        assert_eq!(v.sees(None).await, [["trois"]]);
        assert_eq!(v.told(&v.mayor).await, ["comment"]);
    }
}

#[tokio::test]
async fn a_delete_before_its_create_wins_and_only_from_its_author() {
    let (villages, _folder) = villages().await;
    for v in villages {
        let guest = v.guest("ami", "social.example").await.actor;
        let other = v.guest("autre", "social.example").await.actor;
        delete_from_elsewhere(&v.ctx, &other, NOTE, None).await.unwrap();
        assert_eq!(
            comes(&v, &guest, note("<p>un</p>", None), false).await,
            Taken::Kept
        );
        assert!(!delete_from_elsewhere(&v.ctx, &other, NOTE, None).await.unwrap());
        assert_eq!(v.sees(None).await, [["un"]]);
        assert!(delete_from_elsewhere(&v.ctx, &guest, NOTE, None).await.unwrap());
        assert!(v.sees(None).await.is_empty());
        for is_edit in [false, true] {
            assert_eq!(
                comes(&v, &guest, note("<p>un</p>", Some(60)), is_edit).await,
                Taken::Gone
            );
        }
        let second = Incoming {
            uri: "https://social.example/notes/2".to_owned(),
            ..note("<p>deux</p>", None)
        };
        delete_from_elsewhere(&v.ctx, &guest, "https://social.example/notes/2", None)
            .await
            .unwrap();
        assert_eq!(comes(&v, &guest, second, false).await, Taken::Gone);
        assert!(v.sees(None).await.is_empty());
    }
}

#[tokio::test]
async fn what_its_author_restored_has_its_words_and_its_place_again() {
    let (villages, _folder) = villages().await;
    for v in villages {
        let guest = v.guest("ami", "social.example").await.actor;
        comes(&v, &guest, note("<p>un</p>", None), false).await;
        assert!(delete_from_elsewhere(&v.ctx, &guest, NOTE, None).await.unwrap());
        let restored = Incoming {
            is_restored: true,
            ..note("<p>un, de nouveau</p>", None)
        };
        let other = v.guest("autre", "social.example").await.actor;
        assert_eq!(comes(&v, &other, restored.clone(), false).await, Taken::NotTheirs);
        assert!(v.sees(None).await.is_empty());
        assert_eq!(comes(&v, &guest, restored.clone(), false).await, Taken::Changed);
        assert_eq!(v.sees(None).await, [["un, de nouveau"]]);
        // Said twice, it changes nothing; deleted again, it is gone again.
        assert_eq!(comes(&v, &guest, restored, false).await, Taken::Known);
        assert!(delete_from_elsewhere(&v.ctx, &guest, NOTE, None).await.unwrap());
        assert_eq!(
            comes(&v, &guest, note("<p>un</p>", None), false).await,
            Taken::Gone
        );
    }
}

#[tokio::test]
async fn creates_and_deletes_at_once_end_deleted() {
    let (villages, _folder) = villages().await;
    for v in villages {
        let guest = v.guest("ami", "social.example").await.actor;
        for n in 0..6 {
            let uri = format!("https://social.example/notes/{n}");
            let mut all = tokio::task::JoinSet::new();
            for deletes in [false, false, true, false] {
                let (ctx, guest, post, uri) = (v.ctx.clone(), guest.clone(), v.post.clone(), uri.clone());
                all.spawn(async move {
                    if deletes {
                        delete_from_elsewhere(&ctx, &guest, &uri, None).await.map(|_| ())
                    } else {
                        let note = Incoming {
                            uri,
                            ..note("<p>x</p>", None)
                        };
                        comment_from_elsewhere(&ctx, &guest, &post, None, note, false)
                            .await
                            .map(|_| ())
                    }
                });
            }
            while let Some(one) = all.join_next().await {
                one.unwrap().unwrap();
            }
        }
        assert!(v.sees(None).await.is_empty());
        let counts = actions::counts(&v.ctx, &[v.post.target]).await.unwrap();
        assert_eq!(counts[&v.post.target].comments, 0);
    }
}

#[tokio::test]
async fn guests_are_moderated_like_everybody() {
    let (villages, _folder) = villages().await;
    for mut v in villages {
        let guest = v.guest("ami", "social.example").await.actor;
        v.change(|post| post.mode = crate::CommentMode::Off);
        assert_eq!(
            comes(&v, &guest, note("<p>un</p>", None), false).await,
            Taken::Closed
        );
        v.change(|post| post.mode = crate::CommentMode::AllHeld);
        assert_eq!(
            comes(&v, &guest, note("<p>un</p>", None), false).await,
            Taken::Kept
        );
        assert!(v.sees(None).await.is_empty());
        assert!(v.told(&v.mayor).await.is_empty());
        let id = actions::all_about(&v.ctx, Some(&v.moderator), &v.post, 10)
            .await
            .unwrap()[0]
            .id;
        actions::approve(&v.ctx, &v.subjects, &v.moderator, id)
            .await
            .unwrap();
        assert_eq!(v.sees(None).await, [["un"]]);
        assert_eq!(v.told(&v.mayor).await, ["comment"]);
        // New words are read again.
        assert_eq!(
            comes(&v, &guest, note("<p>deux</p>", Some(10)), true).await,
            Taken::Changed
        );
        assert!(v.sees(None).await.is_empty());
        // A server under suspicion.
        v.change(|post| post.mode = crate::CommentMode::Open);
        let limited = Incoming {
            uri: "https://social.example/notes/3".to_owned(),
            is_limited: true,
            ..note("<p>trois</p>", None)
        };
        comes(&v, &guest, limited, false).await;
        assert!(v.sees(None).await.is_empty());
    }
}

#[tokio::test]
async fn what_was_said_to_few_is_read_by_few() {
    let (villages, _folder) = villages().await;
    for v in villages {
        let guest = v.guest("ami", "social.example").await;
        let narrow = Incoming {
            visibility: Visibility::Followers,
            ..note("<p>pour vous</p>", None)
        };
        comes(&v, &guest.actor, narrow, false).await;
        assert!(v.sees(None).await.is_empty());
        assert!(v.sees(Some(&v.dark)).await.is_empty());
        assert_eq!(v.sees(Some(&v.mayor)).await, [["pour vous"]]);
        let counts = actions::counts(&v.ctx, &[v.post.target]).await.unwrap();
        assert_eq!(counts[&v.post.target].comments, 0);
        // The mayor's answer goes to him and nobody else.
        let follower = v.guest("autre", "other.example").await;
        v.follow(&follower, &v.mayor).await;
        let comment = actions::all_about(&v.ctx, Some(&v.mayor), &v.post, 10)
            .await
            .unwrap()
            .remove(0);
        v.answers(&v.mayor, &comment, "entre nous, @autre@other.example")
            .await;
        let said = v.said().await;
        assert_eq!(said[0].1["to"], serde_json::json!([guest.actor.uri]));
        assert_eq!(said[0].1["cc"], serde_json::json!([]));
        assert_eq!(v.inboxes().await, ["https://social.example/users/ami/inbox"]);
        assert!(v.sees(Some(&v.dark)).await.is_empty());
    }
}

#[tokio::test]
async fn whoever_is_gone_says_nothing_any_more() {
    let (villages, _folder) = villages().await;
    for v in villages {
        let comment = v.says(&v.dark, "bonjour").await;
        v.answers(&v.open, &comment, "bonsoir").await;
        let thing = v.thing(&comment).await;
        actions::like(&v.ctx, &v.dark, &crate::Thing::Subject(v.post.clone()))
            .await
            .unwrap();
        let mut tx = v.ctx.db.begin().await.unwrap();
        federation::actors::delete_local(&v.ctx, &mut tx, v.dark.actor.id)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(v.sees(None).await, [["…", "bonsoir"]]);
        let counts = actions::counts(&v.ctx, &[v.post.target]).await.unwrap()[&v.post.target];
        assert_eq!((counts.likes, counts.comments), (0, 1));
        actions::forget_the_gone(&v.ctx).await.unwrap();
        let kept = v.thing(&comment).await;
        assert_eq!(kept.comment().unwrap().html, "");
        assert_eq!(kept.comment().unwrap().source, None);
        assert_ne!(thing.comment().unwrap().html, "");
    }
}
