//! Flags and decisions.

use super::village::{EZE, villages};
use crate::DiscussionError;
use crate::actions::{self, Standing};
use crate::model::{CommentMode, CommentState, DiscussionRefusal, FlagCategory, NewFlag, Participant, Thing};
use platform::store::Paging;

fn refusal<T: std::fmt::Debug>(result: Result<T, DiscussionError>) -> DiscussionRefusal {
    match result.unwrap_err() {
        DiscussionError::Refused(refusal) => refusal,
        DiscussionError::Store(error) => panic!("{error}"),
    }
}

fn spam() -> NewFlag {
    NewFlag {
        category: FlagCategory::Spam,
        text: "Publicité".to_owned(),
        forward: false,
    }
}

#[tokio::test]
async fn a_flag_is_decided_with_a_reason_and_everybody_is_told() {
    let (villages, _folder) = villages().await;
    for v in villages {
        let comment = v.says(&v.open, "Achetez").await;
        let thing = v.thing(&comment).await;
        actions::flag(&v.ctx, &v.dark, &thing, spam()).await.unwrap();
        actions::flag(&v.ctx, &v.dark, &thing, spam()).await.unwrap();
        assert_eq!(actions::waiting(&v.ctx, Some(EZE)).await.unwrap(), 1);
        let desk = actions::desk(
            &v.ctx,
            &v.subjects,
            &v.moderator,
            &crate::Under::Commune(EZE.to_owned()),
            (0, 0),
        )
        .await
        .unwrap();
        assert_eq!(desk.flagged.len(), 1);
        assert_eq!(desk.flagged[0].flags.len(), 1, "one person flags once");
        assert_eq!(desk.flagged[0].author.as_ref().unwrap().id, v.open.actor.id);
        let refused = actions::desk(
            &v.ctx,
            &v.subjects,
            &v.open,
            &crate::Under::Commune(EZE.to_owned()),
            (0, 0),
        )
        .await;
        assert_eq!(refusal(refused), DiscussionRefusal::NotModerator);

        let hide = |by: Participant, reason: &'static str| {
            let (ctx, subjects, thing) = (v.ctx.clone(), v.subjects.clone(), thing.clone());
            async move { actions::hide(&ctx, &subjects, &by, &thing, FlagCategory::Spam, reason).await }
        };
        assert_eq!(
            refusal(hide(v.open.clone(), "moi").await),
            DiscussionRefusal::NotModerator
        );
        let elsewhere = Participant::of_commune(v.dark.actor.clone(), EZE)
            .moderating(crate::Moderates::In(vec!["75056".to_owned()]));
        assert_eq!(
            refusal(hide(elsewhere, "pas ici").await),
            DiscussionRefusal::NotModerator
        );
        assert_eq!(
            refusal(hide(v.moderator.clone(), " ").await),
            DiscussionRefusal::NoReason
        );
        let id = hide(v.moderator.clone(), "Publicité commerciale").await.unwrap();
        assert_eq!(v.said_kinds().await, ["Create", "Delete"]);
        assert_eq!(v.told(&v.open).await, ["decision"]);
        assert_eq!(v.told(&v.dark).await, ["decision"]);
        assert!(v.told(&v.mayor).await.is_empty(), "the words are told no more");
        assert_eq!(actions::waiting(&v.ctx, Some(EZE)).await.unwrap(), 0);

        let (decision, _) = actions::decision(&v.ctx, &v.subjects, &v.open, id).await.unwrap();
        assert_eq!(decision.reason, "Publicité commerciale");
        let refused = actions::decision(&v.ctx, &v.subjects, &v.dark, id).await;
        assert_eq!(refusal(refused), DiscussionRefusal::Missing);
        let refused = actions::appeal(&v.ctx, &v.subjects, &v.dark, id, "non").await;
        assert_eq!(refusal(refused), DiscussionRefusal::Missing);
        actions::appeal(&v.ctx, &v.subjects, &v.open, id, "C’était gratuit")
            .await
            .unwrap();
        let again = actions::appeal(&v.ctx, &v.subjects, &v.open, id, "encore").await;
        assert_eq!(refusal(again), DiscussionRefusal::Contested);
        let desk = actions::desk(
            &v.ctx,
            &v.subjects,
            &v.moderator,
            &crate::Under::Commune(EZE.to_owned()),
            (0, 0),
        )
        .await
        .unwrap();
        assert_eq!(desk.contested.len(), 1);
        let thread = actions::thread(&v.ctx, Some(&v.open), &v.post, None)
            .await
            .unwrap();
        assert!(matches!(
            &thread.branches[0].root.standing,
            Standing::Hidden(Some(decision)) if decision.id == id
        ));

        let hidden = v.thing(&comment).await;
        actions::restore(&v.ctx, &v.subjects, &v.moderator, &hidden, "Entendu")
            .await
            .unwrap();
        assert_eq!(v.sees(None).await, [["Achetez"]]);
        assert_eq!(v.said_kinds().await, ["Create", "Delete", "Undo", "Create"]);
        let desk = actions::desk(
            &v.ctx,
            &v.subjects,
            &v.moderator,
            &crate::Under::Commune(EZE.to_owned()),
            (0, 0),
        )
        .await
        .unwrap();
        assert!(desk.contested.is_empty());
        let log = actions::decisions(&v.ctx, Some(EZE), &Paging::first(10))
            .await
            .unwrap();
        assert_eq!(log.items.len(), 2);
    }
}

#[tokio::test]
async fn a_held_comment_is_sent_once_it_was_read() {
    let (villages, _folder) = villages().await;
    for v in villages {
        actions::set_rule(&v.ctx, &v.moderator, EZE, CommentMode::AllHeld)
            .await
            .unwrap();
        let refused = actions::set_rule(&v.ctx, &v.open, EZE, CommentMode::Open).await;
        assert_eq!(refusal(refused), DiscussionRefusal::NotModerator);
        let comment = v.says(&v.open, "Bonjour").await;
        assert_eq!(comment.state, CommentState::Held);
        assert!(v.said().await.is_empty());
        let desk = actions::desk(
            &v.ctx,
            &v.subjects,
            &v.moderator,
            &crate::Under::Commune(EZE.to_owned()),
            (0, 0),
        )
        .await
        .unwrap();
        assert_eq!(desk.held.len(), 1);
        assert!(desk.held[0].1.is_some() && desk.held[0].2.is_some());
        actions::approve(&v.ctx, &v.subjects, &v.moderator, comment.id)
            .await
            .unwrap();
        let again = actions::approve(&v.ctx, &v.subjects, &v.moderator, comment.id).await;
        assert_eq!(refusal(again), DiscussionRefusal::Missing);
        assert_eq!(v.said_kinds().await, ["Create"]);
        assert_eq!(v.told(&v.mayor).await, ["comment"]);
        assert_eq!(v.told(&v.open).await, ["decision"]);
        // An edit is read again and then sent as an edit.
        let edit = actions::Edit {
            text: "Bonsoir".to_owned(),
            summary: String::new(),
            language: "fr".to_owned(),
        };
        let edited = actions::edit_comment(&v.ctx, &v.subjects, &v.open, comment.id, edit)
            .await
            .unwrap();
        assert_eq!(edited.state, CommentState::Held);
        assert_eq!(v.said_kinds().await, ["Create"]);
        actions::approve(&v.ctx, &v.subjects, &v.moderator, comment.id)
            .await
            .unwrap();
        assert_eq!(v.said_kinds().await, ["Create", "Update"]);
    }
}

#[tokio::test]
async fn flags_that_come_to_nothing_are_closed_with_a_reason() {
    let (villages, _folder) = villages().await;
    for v in villages {
        let thing = Thing::Subject(v.post.clone());
        let empty = NewFlag {
            category: FlagCategory::Other,
            text: String::new(),
            forward: false,
        };
        let refused = actions::flag(&v.ctx, &v.dark, &thing, empty).await;
        assert_eq!(refusal(refused), DiscussionRefusal::NoReason);
        actions::flag(&v.ctx, &v.dark, &thing, spam()).await.unwrap();
        let hidden = actions::hide(
            &v.ctx,
            &v.subjects,
            &v.moderator,
            &thing,
            FlagCategory::Spam,
            "non",
        )
        .await;
        assert_eq!(
            refusal(hidden),
            DiscussionRefusal::NotYours,
            "these posts cannot be hidden"
        );
        assert_eq!(actions::waiting(&v.ctx, Some(EZE)).await.unwrap(), 1);
        actions::dismiss(
            &v.ctx,
            &v.subjects,
            &v.moderator,
            thing.target(),
            &crate::Under::Commune(EZE.to_owned()),
            "C’est une information",
        )
        .await
        .unwrap();
        assert_eq!(v.told(&v.dark).await, ["decision"]);
        let again = actions::dismiss(
            &v.ctx,
            &v.subjects,
            &v.moderator,
            thing.target(),
            &crate::Under::Commune(EZE.to_owned()),
            "encore",
        )
        .await;
        assert_eq!(refusal(again), DiscussionRefusal::Missing);
    }
}

#[tokio::test]
async fn a_flag_is_forwarded_without_a_name() {
    let (villages, _folder) = villages().await;
    for v in villages {
        let guest = v.guest("ami", "social.example").await;
        let thing = Thing::Subject(v.carried(&guest.actor));
        let flag = NewFlag {
            forward: true,
            ..spam()
        };
        actions::flag(&v.ctx, &v.dark, &thing, flag).await.unwrap();
        let said = v.said().await;
        assert_eq!(said[0].0, "Flag");
        assert_eq!(said[0].1["actor"], "https://parvis.test/ap/instance");
        assert_eq!(
            said[0].1["object"],
            serde_json::json!([guest.actor.uri, thing.uri()])
        );
        assert!(!said[0].1.to_string().contains(&v.dark.actor.uri));
    }
}
