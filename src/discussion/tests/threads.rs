//! How a discussion is shown.

use std::collections::HashSet;

use platform::store::Paging;

use super::village::{POSTS, villages};
use crate::actions::{self, ANSWERS, BRANCHES, Standing};
use crate::model::{NewComment, Thing};
use crate::store;

#[tokio::test]
async fn answers_stand_under_what_they_answer_page_by_page() {
    let (villages, _folder) = villages().await;
    for v in villages {
        let mut roots = Vec::new();
        for n in 0..BRANCHES + 3 {
            roots.push(v.says(&v.dark, &format!("fil {n}")).await);
        }
        let answer = v.answers(&v.open, &roots[0], "réponse").await;
        v.answers(&v.dark, &answer, "réponse à la réponse").await;
        let thread = actions::thread(&v.ctx, None, &v.post, None).await.unwrap();
        assert_eq!(thread.branches.len() as i64, BRANCHES);
        assert_eq!(thread.total, BRANCHES + 5);
        assert_eq!(thread.next, Some(roots[BRANCHES as usize].id));
        let first = &thread.branches[0];
        assert_eq!(first.answers.len(), 2);
        assert_eq!(first.answers[0].answers, None);
        assert_eq!(
            first.answers[1].answers.as_ref().unwrap(),
            &(answer.id, "citoyen".to_owned())
        );
        assert_eq!(first.root.counts.comments, 1);
        let later = actions::thread(&v.ctx, None, &v.post, thread.next).await.unwrap();
        assert_eq!(later.branches.len(), 3);
        assert!(later.is_later && later.next.is_none());
    }
}

#[tokio::test]
async fn a_long_branch_has_a_page_of_its_own() {
    let (villages, _folder) = villages().await;
    for v in villages {
        let root = v.says(&v.dark, "fil").await;
        let other = v.says(&v.dark, "autre").await;
        v.answers(&v.dark, &other, "une").await;
        let mut last = root.clone();
        for n in 0..ANSWERS + 5 {
            last = v.answers(&v.open, &root, &format!("{n}")).await;
        }
        let thread = actions::thread(&v.ctx, None, &v.post, None).await.unwrap();
        assert_eq!(thread.branches[0].answers.len() as i64, ANSWERS);
        assert_eq!(thread.branches[0].more, 5);
        assert_eq!(thread.branches[1].answers.len(), 1);
        assert_eq!(thread.branches[1].more, 0);
        let branch = actions::branch(&v.ctx, None, &v.post, root.id, Some(last.id))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(branch.answers.len(), 1);
        assert_eq!(branch.answers[0].comment.id, last.id);
    }
}

#[tokio::test]
async fn what_is_held_or_hidden_leaks_nowhere() {
    let (villages, _folder) = villages().await;
    for mut v in villages {
        let shown = v.says(&v.open, "montré").await;
        v.change(|post| post.mode = crate::CommentMode::AllHeld);
        let held = v.says(&v.open, "retenu").await;
        v.change(|post| post.mode = crate::CommentMode::Open);
        let hidden = v.says(&v.open, "caché").await;
        let thing = v.thing(&hidden).await;
        actions::hide(
            &v.ctx,
            &v.subjects,
            &v.moderator,
            &thing,
            crate::FlagCategory::Abuse,
            "Insulte",
        )
        .await
        .unwrap();

        assert_eq!(
            v.sees(None).await,
            [vec!["montré"], vec!["…"]],
            "a line says that one was hidden"
        );
        assert_eq!(v.sees(Some(&v.dark)).await, [vec!["montré"], vec!["…"]]);
        let all = [vec!["montré"], vec!["retenu"], vec!["caché"]];
        assert_eq!(v.sees(Some(&v.open)).await, all);
        assert_eq!(v.sees(Some(&v.moderator)).await, all);

        let counts = actions::counts(&v.ctx, &[v.post.target]).await.unwrap();
        assert_eq!(counts[&v.post.target].comments, 1);
        let replies = store::comments::public_answers(&v.ctx.db, None, (POSTS, 1), false, 0, 10).await;
        assert_eq!(replies.unwrap(), [(shown.id.0, shown.uri.clone())]);
        let talk = store::comments::public_conversation(&v.ctx.db, (POSTS, 1), false, 0, 10).await;
        assert_eq!(talk.unwrap().len(), 1);
        let ids: HashSet<_> = actions::comments_of_actor(&v.ctx, v.open.actor.id, &Paging::first(10))
            .await
            .unwrap()
            .items
            .into_iter()
            .map(|comment| comment.id)
            .collect();
        assert_eq!(ids, HashSet::from([shown.id]));
        let listed = actions::all_about(&v.ctx, None, &v.post, 100).await.unwrap();
        assert_eq!(listed.len(), 1);
        for comment in [&held, &hidden] {
            let thing = v.thing(comment).await;
            assert!(!actions::may_read_thing(&v.ctx, None, &thing).await.unwrap());
            assert!(
                !actions::may_read_thing(&v.ctx, Some(&v.dark), &thing)
                    .await
                    .unwrap()
            );
            assert_eq!(thing.excerpt(), "");
            assert!(actions::like(&v.ctx, &v.dark, &thing).await.is_err());
        }
    }
}

#[tokio::test]
async fn dark_citizens_are_in_no_list_for_others() {
    let (villages, _folder) = villages().await;
    for v in villages {
        let comment = v.says(&v.dark, "ici").await;
        let thing = v.thing(&comment).await;
        actions::like(&v.ctx, &v.dark, &Thing::Subject(v.post.clone()))
            .await
            .unwrap();
        actions::like(&v.ctx, &v.open, &thing).await.unwrap();
        actions::share(&v.ctx, &v.dark, &Thing::Subject(v.post.clone()))
            .await
            .unwrap();
        let counts = actions::counts(&v.ctx, &[v.post.target]).await.unwrap()[&v.post.target];
        assert_eq!((counts.likes, counts.shares, counts.comments), (1, 1, 1));
        assert_eq!(
            (counts.open_likes, counts.open_shares, counts.open_comments),
            (0, 0, 0)
        );
        let likers = |reader| {
            let (ctx, target) = (v.ctx.clone(), v.post.target);
            async move {
                actions::likers(&ctx, target, reader, &Paging::first(10))
                    .await
                    .unwrap()
                    .items
                    .len()
            }
        };
        assert_eq!(likers(None).await, 0);
        assert_eq!(likers(Some(v.mayor.actor.id)).await, 0);
        assert_eq!(likers(Some(v.dark.actor.id)).await, 1);
        assert!(
            actions::all_about(&v.ctx, None, &v.post, 10)
                .await
                .unwrap()
                .is_empty()
        );
        let guest = v.guest("ami", "social.example").await;
        assert!(
            actions::all_about(&v.ctx, Some(&guest), &v.post, 10)
                .await
                .unwrap()
                .is_empty()
        );
        assert_eq!(
            actions::all_about(&v.ctx, Some(&v.open), &v.post, 10)
                .await
                .unwrap()
                .len(),
            1
        );
        let replies = store::comments::public_answers(&v.ctx.db, None, (POSTS, 1), false, 0, 10).await;
        assert_eq!(replies.unwrap(), []);
        let count = store::comments::count_public_answers(&v.ctx.db, None, (POSTS, 1), false).await;
        assert_eq!(count.unwrap(), 0);
        assert!(v.said().await.is_empty());
    }
}

#[tokio::test]
async fn a_waiting_comment_says_so_to_its_author() {
    let (villages, _folder) = villages().await;
    for mut v in villages {
        v.change(|post| post.mode = crate::CommentMode::FirstHeld);
        v.says(&v.dark, "premier").await;
        assert!(v.sees(None).await.is_empty());
        let thread = actions::thread(&v.ctx, Some(&v.dark), &v.post, None)
            .await
            .unwrap();
        assert_eq!(thread.branches[0].root.standing, Standing::Waiting);
        assert!(thread.branches[0].root.own);
        assert_eq!(thread.total, 0);
        // The town hall's own are not held.
        v.says(&v.mayor, "mairie").await;
        assert_eq!(v.sees(None).await, [["mairie"]]);
        assert!(
            actions::comment(&v.ctx, &v.dark, &v.post, NewComment::new("deuxième"))
                .await
                .unwrap()
                .state
                == crate::CommentState::Held,
            "nothing of hers was shown yet"
        );
    }
}
