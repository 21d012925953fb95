//! Writing, editing, deleting.

use federation::Visibility;

use super::village::villages;
use crate::DiscussionError;
use crate::actions::{self, Edit};
use crate::model::{CommentState, DiscussionRefusal, NewComment, Participant};

fn refusal<T: std::fmt::Debug>(result: Result<T, DiscussionError>) -> DiscussionRefusal {
    match result.unwrap_err() {
        DiscussionError::Refused(refusal) => refusal,
        DiscussionError::Store(error) => panic!("{error}"),
    }
}

fn edit(text: &str) -> Edit {
    Edit {
        text: text.to_owned(),
        summary: String::new(),
        language: "fr".to_owned(),
    }
}

#[tokio::test]
async fn a_comment_is_shown_told_and_sent() {
    let (villages, _folder) = villages().await;
    for v in villages {
        let guest = v.guest("ami", "social.example").await;
        v.follow(&guest, &v.open).await;
        let comment = v.says(&v.open, "Merci !").await;
        assert_eq!(comment.html, "<p>Merci\u{202f}!</p>");
        assert_eq!(v.sees(None).await, [["Merci\u{202f}!"]]);
        assert_eq!(v.told(&v.mayor).await, ["comment"]);
        let said = v.said().await;
        let (kind, create) = &said[0];
        assert_eq!(kind, "Create");
        let note = &create["object"];
        assert_eq!(note["type"], "Note");
        assert_eq!(note["inReplyTo"], v.post.uri);
        assert_eq!(note["attributedTo"], v.open.actor.uri);
        assert_eq!(note["contentMap"]["fr"], note["content"]);
        assert_eq!(note["to"], create["to"]);
        assert_eq!(note["to"][0], federation::PUBLIC);
        assert_eq!(note["tag"][0]["href"], v.mayor.actor.uri);
        assert_eq!(
            note["url"],
            v.ctx.urls.to(&format!("/commentaires/{}", comment.id))
        );
        assert_eq!(v.inboxes().await, ["https://social.example/inbox"]);
    }
}

#[tokio::test]
async fn nothing_of_a_dark_citizen_leaves() {
    let (villages, _folder) = villages().await;
    for v in villages {
        let guest = v.guest("ami", "social.example").await;
        v.follow(&guest, &v.dark).await;
        let first = v.says(&v.dark, "Bonjour").await;
        assert_eq!(v.sees(None).await, [["Bonjour"]]);
        assert!(v.said().await.is_empty());
        // Somebody open answers her: her name stays here.
        let answer = v
            .answers(&v.open, &first, "@citoyenne et @citoyen@parvis.test, oui")
            .await;
        let said = v.said().await;
        assert_eq!(said.len(), 1);
        let text = said[0].1.to_string();
        assert!(!text.contains(&v.dark.actor.uri), "{text}");
        assert!(!text.contains(&first.uri), "{text}");
        assert!(!text.contains("/@citoyenne"), "{text}");
        assert_eq!(said[0].1["object"]["inReplyTo"], v.post.uri);
        assert_eq!(answer.parent_id, Some(first.id));
        // What is of another server would leave.
        let post = v.carried(&guest.actor);
        let refused = actions::comment(&v.ctx, &v.dark, &post, NewComment::new("Bravo")).await;
        assert_eq!(refusal(refused), DiscussionRefusal::WouldLeave);
        let sent = actions::comment(&v.ctx, &v.open, &post, NewComment::new("Bravo")).await;
        assert_eq!(sent.unwrap().in_reply_to, post.uri);
        assert_eq!(v.said().await.len(), 2);
    }
}

#[tokio::test]
async fn a_comment_never_reaches_further_than_its_subject() {
    let (villages, _folder) = villages().await;
    for mut v in villages {
        let guest = v.guest("ami", "social.example").await;
        let stranger = v.guest("autre", "other.example").await;
        v.follow(&guest, &v.mayor).await;
        v.follow(&stranger, &v.open).await;
        v.change(|post| post.visibility = Visibility::Followers);
        // She does not follow the mayor: for her there is nothing.
        let refused = actions::comment(&v.ctx, &v.open, &v.post, NewComment::new("?")).await;
        assert_eq!(refusal(refused), DiscussionRefusal::Missing);
        v.follow(&v.open, &v.mayor).await;
        v.says(&v.open, "Entre nous, @autre@other.example").await;
        assert!(v.said().await.is_empty(), "nobody elsewhere may read it");
        assert!(v.inboxes().await.is_empty());

        v.change(|post| post.visibility = Visibility::Residents);
        v.says(&v.open, "Entre voisins").await;
        let outsider = Participant::of_commune(v.dark.actor.clone(), "75056");
        let refused = actions::comment(&v.ctx, &outsider, &v.post, NewComment::new("?")).await;
        assert_eq!(refusal(refused), DiscussionRefusal::Missing);
        assert!(v.said().await.is_empty());

        v.change(|post| post.open = false);
        let refused = actions::comment(&v.ctx, &v.mayor, &v.post, NewComment::new("?")).await;
        assert_eq!(refusal(refused), DiscussionRefusal::Missing);
    }
}

#[tokio::test]
async fn an_edit_keeps_its_history() {
    let (villages, _folder) = villages().await;
    for v in villages {
        let comment = v.says(&v.open, "Un").await;
        let edited = actions::edit_comment(&v.ctx, &v.subjects, &v.open, comment.id, edit("Deux"))
            .await
            .unwrap();
        assert!(edited.edited_at.unwrap() > comment.created_at);
        let again = actions::edit_comment(&v.ctx, &v.subjects, &v.open, comment.id, edit("Deux"))
            .await
            .unwrap();
        assert_eq!(again.edited_at, edited.edited_at, "saying the same is no edit");
        actions::edit_comment(&v.ctx, &v.subjects, &v.open, comment.id, edit("Trois"))
            .await
            .unwrap();
        let before = actions::history(&v.ctx, comment.id).await.unwrap();
        let texts: Vec<_> = before.iter().map(|r| r.source.as_deref().unwrap()).collect();
        assert_eq!(texts, ["Un", "Deux"]);
        assert_eq!(v.said_kinds().await, ["Create", "Update", "Update"]);
        let refused = actions::edit_comment(&v.ctx, &v.subjects, &v.mayor, comment.id, edit("Moi")).await;
        assert_eq!(refusal(refused), DiscussionRefusal::NotYours);
        let refused = actions::edit_comment(&v.ctx, &v.subjects, &v.open, comment.id, edit(" ")).await;
        assert_eq!(refusal(refused), DiscussionRefusal::Empty);
    }
}

#[tokio::test]
async fn deleting_leaves_a_place_and_no_word() {
    let (villages, _folder) = villages().await;
    for v in villages {
        let comment = v.says(&v.open, "Secret").await;
        actions::edit_comment(&v.ctx, &v.subjects, &v.open, comment.id, edit("Secret encore"))
            .await
            .unwrap();
        let answer = v.answers(&v.dark, &comment, "Réponse").await;
        let thing = v.thing(&comment).await;
        actions::like(&v.ctx, &v.dark, &thing).await.unwrap();
        assert_eq!(v.told(&v.open).await, ["reply", "like"]);
        let refused = actions::delete_comment(&v.ctx, &v.subjects, &v.moderator, comment.id).await;
        assert_eq!(refusal(refused), DiscussionRefusal::NotYours);
        actions::delete_comment(&v.ctx, &v.subjects, &v.open, comment.id)
            .await
            .unwrap();
        assert_eq!(v.sees(None).await, [["…", "Réponse"]]);
        assert!(actions::history(&v.ctx, comment.id).await.unwrap().is_empty());
        assert_eq!(v.told(&v.mayor).await, ["comment"], "of the answer only");
        let said = v.said().await;
        let (kind, delete) = said.last().unwrap();
        assert_eq!(kind, "Delete");
        assert_eq!(delete["object"]["type"], "Tombstone");
        assert_eq!(delete["object"]["id"], comment.uri);
        let refused = actions::delete_comment(&v.ctx, &v.subjects, &v.open, comment.id).await;
        assert_eq!(refusal(refused), DiscussionRefusal::Missing);
        // Nobody answers what is gone.
        let new = NewComment::new("Trop tard").answering(comment.id);
        let refused = actions::comment(&v.ctx, &v.open, &v.post, new).await;
        assert_eq!(refusal(refused), DiscussionRefusal::Missing);
        actions::delete_comment(&v.ctx, &v.subjects, &v.dark, answer.id)
            .await
            .unwrap();
        assert!(
            v.sees(None).await.is_empty(),
            "a branch without words is not shown"
        );
    }
}

#[tokio::test]
async fn two_edits_at_once_are_one_after_the_other() {
    let (villages, _folder) = villages().await;
    for v in villages {
        let comment = v.says(&v.open, "0").await;
        let mut edits = tokio::task::JoinSet::new();
        for n in 1..=8 {
            let (ctx, subjects, open) = (v.ctx.clone(), v.subjects.clone(), v.open.clone());
            let id = comment.id;
            edits.spawn(async move {
                actions::edit_comment(&ctx, &subjects, &open, id, edit(&n.to_string())).await
            });
        }
        let mut times = Vec::new();
        while let Some(edit) = edits.join_next().await {
            times.push(edit.unwrap().unwrap().edited_at.unwrap());
        }
        times.sort();
        times.dedup();
        assert_eq!(times.len(), 8);
        assert_eq!(actions::history(&v.ctx, comment.id).await.unwrap().len(), 8);
        let last = actions::comment_by_id(&v.ctx, comment.id).await.unwrap().unwrap();
        assert_eq!(last.edited_at, times.last().copied());
        assert_eq!(last.state, CommentState::Shown);
    }
}
