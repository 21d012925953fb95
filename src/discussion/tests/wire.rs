//! Activities as other servers send them.

use federation::objects::{Found, Objects};
use federation::{Actor, Envelope, Inbox, Verdict, Visibility, objects};
use platform::on_db;
use serde_json::{Value, json};

use super::village::{EZE, Village, villages};
use crate::actions;
use crate::model::{COMMENTS, CommentMode, Thing};

const NOTE: &str = "https://social.example/notes/1";

async fn gives(v: &Village, who: &Actor, activity: Value) -> Verdict {
    let mut inbox = Inbox::default();
    crate::claims(&mut inbox, &v.subjects);
    let envelope = Envelope::read(who.clone(), activity).unwrap();
    inbox.give(&v.ctx, envelope).await
}

fn note(v: &Village, who: &Actor) -> Value {
    json!({
        "id": NOTE, "type": "Note", "attributedTo": who.uri, "inReplyTo": v.post.uri,
        "to": [federation::PUBLIC], "cc": [v.mayor.actor.uri], "published": "2026-11-23T06:00:00Z",
        "content": "<p>Bravo <script>alert(1)</script></p>", "contentMap": { "fr": "<p>Bravo <script>alert(1)</script></p>" },
    })
}

fn activity(kind: &str, who: &Actor, n: u32, object: Value) -> Value {
    json!({ "id": format!("https://{}/activities/{n}", who.host), "type": kind, "actor": who.uri, "object": object })
}

/// Rows that anything left in the tables of this room.
async fn rows(v: &Village) -> i64 {
    let mut all = 0;
    for sql in [
        "SELECT COUNT(*) FROM discussion_comment",
        "SELECT COUNT(*) FROM discussion_like",
        "SELECT COUNT(*) FROM discussion_share",
        "SELECT COUNT(*) FROM discussion_flag",
        "SELECT COUNT(*) FROM discussion_gone",
        "SELECT COUNT(*) FROM notification",
    ] {
        let n: i64 = on_db!(&v.ctx.db, c => sqlx::query_scalar(sql).fetch_one(c).await).unwrap();
        all += n;
    }
    all
}

#[tokio::test]
async fn an_answer_becomes_a_comment_is_edited_and_deleted() {
    let (villages, _folder) = villages().await;
    for v in villages {
        let guest = v.guest("ami", "social.example").await.actor;
        let create = activity("Create", &guest, 1, note(&v, &guest));
        assert_eq!(gives(&v, &guest, create.clone()).await, Verdict::Done);
        assert_eq!(v.sees(None).await, [["Bravo"]]);
        assert!(matches!(gives(&v, &guest, create).await, Verdict::Ignore(_)));
        let mut edited = note(&v, &guest);
        edited["content"] = json!("<p>Bravo encore</p>");
        edited["contentMap"] = json!({});
        edited["updated"] = json!("2026-11-23T06:30:00Z");
        // What it answers is said once.
        edited["inReplyTo"] = json!("https://social.example/elsewhere");
        assert_eq!(
            gives(&v, &guest, activity("Update", &guest, 2, edited.clone())).await,
            Verdict::Done
        );
        assert_eq!(v.sees(None).await, [["Bravo encore"]]);
        edited["updated"] = json!("2026-11-23T06:10:00Z");
        edited["content"] = json!("<p>vieux</p>");
        assert!(matches!(
            gives(&v, &guest, activity("Update", &guest, 3, edited)).await,
            Verdict::Ignore(_)
        ));
        let other = v.guest("autre", "social.example").await.actor;
        for object in [json!(NOTE), json!({ "id": NOTE, "type": "Tombstone" })] {
            let theft = activity("Delete", &other, 4, object.clone());
            assert!(matches!(gives(&v, &other, theft).await, Verdict::Reject(_)));
            assert_eq!(v.sees(None).await, [["Bravo encore"]]);
        }
        let delete = activity("Delete", &guest, 5, json!({ "id": NOTE, "type": "Tombstone" }));
        assert_eq!(gives(&v, &guest, delete).await, Verdict::Done);
        assert!(v.sees(None).await.is_empty());
        // Nobody but its author brings it back.
        for (n, who) in [(7, &other), (8, &v.guest("loin", "far.example").await.actor)] {
            let undo = activity(
                "Undo",
                who,
                n,
                json!({ "type": "Delete", "actor": guest.uri, "object": NOTE }),
            );
            assert!(matches!(gives(&v, who, undo).await, Verdict::Ignore(_)));
        }
        let again = activity("Create", &guest, 6, note(&v, &guest));
        assert!(matches!(gives(&v, &guest, again).await, Verdict::Ignore(_)));
        assert!(v.sees(None).await.is_empty());
        assert_eq!(v.told(&v.mayor).await, [""; 0]);
    }
}

#[tokio::test]
async fn answers_to_answers_find_their_place() {
    let (villages, _folder) = villages().await;
    for v in villages {
        let ours = v.says(&v.open, "Question").await;
        let guest = v.guest("ami", "social.example").await.actor;
        let mut answer = note(&v, &guest);
        answer["inReplyTo"] = json!(ours.uri.replace("https://parvis", "HTTPS://PARVIS"));
        answer["tag"] = json!({ "type": "Mention", "href": v.open.actor.uri, "name": "@citoyen" });
        answer["attachment"] =
            json!([{ "type": "Document", "url": "https://social.example/p.png", "name": "Plan" }]);
        gives(&v, &guest, activity("Create", &guest, 1, answer)).await;
        let mut second = note(&v, &guest);
        second["id"] = json!("https://social.example/notes/2");
        second["inReplyTo"] = json!({ "id": NOTE });
        second["type"] = json!("Article");
        second["name"] = json!("Titre");
        second["content"] = json!("<p>mot</p>");
        second["contentMap"] = json!(null);
        gives(&v, &guest, activity("Create", &guest, 2, second)).await;
        let seen = v.sees(None).await;
        assert_eq!(seen.len(), 1);
        assert_eq!(seen[0].len(), 3);
        let thread = actions::thread(&v.ctx, None, &v.post, None).await.unwrap();
        let attached = &thread.branches[0].answers[0].attachments;
        assert_eq!(attached.len(), 1);
        assert_eq!(attached[0].url, "https://social.example/p.png");
        assert_eq!(attached[0].alt, "Plan");
        assert!(seen[0][2].contains("<strong>Titre</strong>"), "{:?}", seen[0]);
        assert_eq!(
            v.told(&v.open).await,
            ["reply"],
            "named and answered is told once"
        );
    }
}

#[tokio::test]
async fn what_is_not_a_comment_leaves_nothing() {
    let (villages, _folder) = villages().await;
    for mut v in villages {
        let guest = v.guest("ami", "social.example").await.actor;
        let evil = v.guest("autre", "social.example").await.actor;
        let far = v.guest("loin", "far.example").await.actor;
        let before = rows(&v).await;
        let with = |change: &dyn Fn(&mut Value)| {
            let mut note = note(&v, &guest);
            change(&mut note);
            note
        };
        let set = |name: &'static str, value: Value| with(&move |note| note[name] = value.clone());
        let direct = with(&|note| {
            note["to"] = json!([v.mayor.actor.uri]);
            note["cc"] = json!([]);
        });
        let vote = with(&|note| {
            note["name"] = json!("Oui");
            note.as_object_mut().unwrap().remove("content");
            note.as_object_mut().unwrap().remove("contentMap");
        });
        let mute = with(&|note| {
            note["content"] = json!("<script>x</script>\u{200b}");
            note["contentMap"] = json!({});
        });
        let cases = [
            ("direct", direct),
            ("vote", vote),
            ("mute", mute),
            ("two authors", set("attributedTo", json!([evil.uri, guest.uri]))),
            ("no author", set("attributedTo", Value::Null)),
            ("somebody else", set("attributedTo", json!(evil.uri))),
            (
                "another server's id",
                set("id", json!("https://far.example/notes/1")),
            ),
            (
                "another port",
                set("id", json!("https://social.example:8443/notes/1")),
            ),
            (
                "another scheme",
                set("id", json!("http://social.example/notes/1")),
            ),
            ("our id", set("id", json!(v.ctx.urls.to("/ap/comments/1")))),
            ("a fragment", set("id", json!("https://social.example/notes/1#x"))),
            ("no id", set("id", Value::Null)),
            ("a number as id", set("id", json!(3))),
            ("nothing answered", set("inReplyTo", Value::Null)),
            (
                "an unknown post",
                set("inReplyTo", json!(v.ctx.urls.to("/ap/posts/999"))),
            ),
            (
                "odd spelling",
                set("inReplyTo", json!(v.ctx.urls.to("/ap/posts/01"))),
            ),
            (
                "a page of nothing",
                set("inReplyTo", json!(v.ctx.urls.to("/eze-06/actualites/2"))),
            ),
            (
                "several",
                set("inReplyTo", json!([v.post.uri.clone(), "https://x.example/1"])),
            ),
            (
                "from the future",
                with(&|note| note["updated"] = json!("2099-01-01T00:00:00Z")),
            ),
        ];
        for (name, object) in cases {
            for kind in ["Create", "Update"] {
                let verdict = gives(&v, &guest, activity(kind, &guest, 1, object.clone())).await;
                assert!(
                    matches!(verdict, Verdict::Ignore(_) | Verdict::Reject(_)),
                    "{name}: {verdict:?}"
                );
                assert_eq!(rows(&v).await, before, "{name}");
            }
        }
        // Somebody hands over another's words.
        let stolen = activity("Create", &far, 1, note(&v, &guest));
        assert!(matches!(gives(&v, &far, stolen).await, Verdict::Reject(_)));
        let create = activity("Create", &guest, 1, note(&v, &guest));
        for visibility in [Visibility::Residents, Visibility::Followers] {
            v.change(|post| post.visibility = visibility);
            assert!(matches!(
                gives(&v, &guest, create.clone()).await,
                Verdict::Ignore(_)
            ));
        }
        v.change(|post| post.visibility = Visibility::Public);
        v.change(|post| post.mode = CommentMode::Off);
        assert!(matches!(
            gives(&v, &guest, create.clone()).await,
            Verdict::Ignore(_)
        ));
        v.change(|post| post.open = false);
        assert!(matches!(gives(&v, &guest, create).await, Verdict::Ignore(_)));
        assert_eq!(rows(&v).await, before);
    }
}

#[tokio::test]
async fn likes_and_shares_count_and_are_taken_back() {
    let (villages, _folder) = villages().await;
    for v in villages {
        let guest = v.guest("ami", "social.example").await.actor;
        let other = v.guest("autre", "social.example").await.actor;
        let target = v.post.target;
        let count = || async { actions::counts(&v.ctx, &[target]).await.unwrap()[&target] };
        let like = activity("Like", &guest, 1, json!(v.post.uri));
        assert_eq!(gives(&v, &guest, like.clone()).await, Verdict::Done);
        // Again, with another id, embedded, as a reaction, in another spelling: once.
        for object in [
            json!({ "id": v.post.uri, "type": "Note" }),
            json!([v.post.uri]),
            json!(v.post.uri.replace("https://", "HTTPS://")),
        ] {
            let again = activity("EmojiReact", &guest, 2, object);
            assert!(matches!(gives(&v, &guest, again).await, Verdict::Ignore(_)));
        }
        let announce = activity("Announce", &guest, 3, json!(v.post.uri));
        assert_eq!(gives(&v, &guest, announce.clone()).await, Verdict::Done);
        // Her reaction taken back, her like stays.
        let reaction = activity("EmojiReact", &guest, 2, json!(v.post.uri));
        let undo = activity("Undo", &guest, 9, reaction);
        assert!(matches!(gives(&v, &guest, undo).await, Verdict::Ignore(_)));
        assert_eq!((count().await.likes, count().await.shares), (1, 1));
        assert_eq!((count().await.open_likes, count().await.open_shares), (1, 1));
        let theft = activity("Undo", &other, 4, like.clone());
        assert!(matches!(gives(&v, &other, theft).await, Verdict::Reject(_)));
        let theft = activity("Undo", &other, 4, json!(like["id"]));
        assert!(matches!(gives(&v, &other, theft).await, Verdict::Ignore(_)));
        assert_eq!(count().await.likes, 1);
        let undo = activity("Undo", &guest, 5, like.clone());
        assert_eq!(gives(&v, &guest, undo).await, Verdict::Done);
        let undo = activity("Undo", &guest, 6, json!(announce["id"]));
        assert_eq!(gives(&v, &guest, undo).await, Verdict::Done);
        assert_eq!((count().await.likes, count().await.shares), (0, 0));
        for replayed in [like, announce] {
            assert!(matches!(gives(&v, &guest, replayed).await, Verdict::Ignore(_)));
        }
        assert_eq!((count().await.likes, count().await.shares), (0, 0));
        // Liked anew, it counts anew.
        let anew = activity("Like", &guest, 7, json!(v.post.uri));
        assert_eq!(gives(&v, &guest, anew).await, Verdict::Done);
        assert_eq!(count().await.likes, 1);
        // A dark citizen's comment is nobody's business elsewhere.
        let dark = v.says(&v.dark, "ici").await;
        for kind in ["Like", "Announce"] {
            let verdict = gives(&v, &guest, activity(kind, &guest, 8, json!(dark.uri))).await;
            assert!(matches!(verdict, Verdict::Ignore(_)), "{verdict:?}");
        }
        assert_eq!(v.told(&v.dark).await, [""; 0]);
    }
}

#[tokio::test]
async fn who_asks_to_quote_gets_an_answer() {
    let (villages, _folder) = villages().await;
    for mut v in villages {
        let guest = v.guest("ami", "social.example").await.actor;
        let asks = |kind: &str, object: &str, instrument: Value| {
            json!({ "id": format!("https://social.example/asks/{kind}/{}", object.len()), "type": kind,
                    "actor": guest.uri, "object": object, "instrument": instrument })
        };
        let quote = json!({ "id": "https://social.example/notes/9", "type": "Note",
                            "attributedTo": guest.uri, "content": "Voyez" });
        let request = asks("QuoteRequest", &v.post.uri, quote.clone());
        assert_eq!(gives(&v, &guest, request.clone()).await, Verdict::Done);
        assert_eq!(gives(&v, &guest, request).await, Verdict::Done);
        let said = v.said().await;
        assert_eq!(said.len(), 2);
        assert!(said.iter().all(|(kind, _)| kind == "Accept"));
        assert_eq!(said[0].1["actor"], v.mayor.actor.uri);
        assert_eq!(said[0].1["object"]["type"], "QuoteRequest");
        assert_eq!(said[0].1["to"], json!([guest.uri]));
        let stamp = said[0].1["result"].as_str().unwrap();
        assert_eq!(said[1].1["result"], stamp, "asked again, the stamp is the same");
        let mut objects = Objects::default();
        crate::objects(&mut objects, &v.subjects);
        let id = stamp.rsplit('/').next().unwrap().parse().unwrap();
        let found = objects.find(&v.ctx, "approvals", id, None).await.unwrap();
        let Found::Public { document, .. } = found else {
            panic!("{found:?}");
        };
        assert_eq!(document["type"], "QuoteAuthorization");
        assert_eq!(document["interactingObject"], "https://social.example/notes/9");
        assert_eq!(document["interactionTarget"], v.post.uri);
        assert_eq!(document["attributedTo"], v.mayor.actor.uri);

        // A like is counted and allowed; a comment is quoted by nobody else.
        let like = asks(
            "LikeRequest",
            &v.post.uri,
            json!("https://social.example/likes/9"),
        );
        assert_eq!(gives(&v, &guest, like).await, Verdict::Done);
        assert_eq!(v.said_kinds().await.last().unwrap(), "Accept");
        let target = v.post.target;
        let counts = actions::counts(&v.ctx, &[target]).await.unwrap();
        assert_eq!(counts[&target].likes, 1);
        let comment = v.says(&v.open, "Bonjour").await;
        assert_eq!(
            gives(&v, &guest, asks("QuoteRequest", &comment.uri, quote.clone())).await,
            Verdict::Done
        );
        assert_eq!(v.said_kinds().await.last().unwrap(), "Reject");

        // Nothing is answered for what is not theirs, not here or not for them.
        let before = v.said().await.len();
        let foreign = json!({ "id": "https://other.example/notes/1", "type": "Note" });
        let others = json!({ "id": "https://social.example/notes/8", "type": "Note",
                             "attributedTo": "https://social.example/users/autre" });
        for instrument in [foreign, others, json!(3), json!(null)] {
            let request = asks("QuoteRequest", &v.post.uri, instrument);
            assert!(matches!(gives(&v, &guest, request).await, Verdict::Reject(_)));
        }
        let missing = asks("QuoteRequest", "https://parvis.test/ap/posts/999", quote.clone());
        assert!(matches!(gives(&v, &guest, missing).await, Verdict::Ignore(_)));
        v.change(|post| post.visibility = Visibility::Residents);
        let hidden = asks("QuoteRequest", &v.post.uri, quote);
        assert!(matches!(gives(&v, &guest, hidden).await, Verdict::Ignore(_)));
        assert_eq!(v.said().await.len(), before);
        let found = objects.find(&v.ctx, "approvals", id, None).await.unwrap();
        assert_eq!(found, Found::Missing, "its stamp goes with it");
    }
}

#[tokio::test]
async fn flags_come_to_the_desk_whatever_their_form() {
    let (villages, _folder) = villages().await;
    for v in villages {
        let comment = v.says(&v.open, "mot").await;
        let desk = v.guest("instance", "social.example").await.actor;
        let objects = [
            json!(comment.uri),
            json!([v.open.actor.uri, comment.uri, comment.uri]),
            json!({ "id": comment.uri, "type": "Note" }),
            json!([{ "id": v.open.actor.uri, "type": "Person" }, { "id": comment.uri }]),
        ];
        for (n, object) in objects.into_iter().enumerate() {
            let mut flag = activity("Flag", &desk, n as u32, object);
            flag["content"] = json!("<b>Publicité</b>");
            assert_eq!(gives(&v, &desk, flag.clone()).await, Verdict::Done);
            assert!(matches!(gives(&v, &desk, flag).await, Verdict::Ignore(_)));
        }
        let shown = actions::desk(
            &v.ctx,
            &v.subjects,
            &v.moderator,
            &crate::Under::Commune(EZE.to_owned()),
            (0, 0),
        )
        .await
        .unwrap();
        assert_eq!(shown.flagged.len(), 1);
        assert_eq!(shown.flagged[0].flags.len(), 4);
        assert_eq!(shown.flagged[0].flags[0].text, "Publicité");
        for about in [json!("https://parvis.test/ap/posts/999"), json!(v.dark.actor.uri)] {
            let nothing = activity("Flag", &desk, 9, about);
            assert!(matches!(gives(&v, &desk, nothing).await, Verdict::Ignore(_)));
        }
        // Of somebody as a whole the operator hears.
        for (n, about) in [json!(v.open.actor.uri), json!([{ "id": v.open.actor.uri }])]
            .into_iter()
            .enumerate()
        {
            let mut flag = activity("Flag", &desk, 10 + n as u32, about);
            flag["content"] = json!("Injures");
            assert_eq!(gives(&v, &desk, flag.clone()).await, Verdict::Done);
            assert!(matches!(gives(&v, &desk, flag).await, Verdict::Ignore(_)));
        }
        let texts: Vec<String> = on_db!(&v.ctx.db, c => sqlx::query_scalar(
            "SELECT text FROM discussion_flag WHERE target_kind = '' ORDER BY id").fetch_all(c).await)
        .unwrap();
        assert_eq!(texts.len(), 2);
        assert!(
            texts[0].contains(v.open.actor.page()) && texts[0].ends_with("Injures"),
            "{texts:?}"
        );
    }
}

#[tokio::test]
async fn our_comments_are_read_by_those_they_are_for() {
    let (villages, _folder) = villages().await;
    for v in villages {
        let mut doors = Objects::default();
        crate::objects(&mut doors, &v.subjects);
        let shown = v.says(&v.open, "Bonjour").await;
        let dark = v.says(&v.dark, "Bonsoir").await;
        let find = |comment: crate::CommentId| {
            let (ctx, doors) = (&v.ctx, &doors);
            async move { doors.find(ctx, COMMENTS, comment.0, None).await.unwrap() }
        };
        let Found::Public { document, page } = find(shown.id).await else {
            panic!("it is public");
        };
        assert_eq!(document["id"], objects::uri(&v.ctx, COMMENTS, shown.id));
        assert_eq!(page, format!("/commentaires/{}", shown.id));
        assert_eq!(find(dark.id).await, Found::Missing);
        let thing = v.thing(&shown).await;
        actions::hide(
            &v.ctx,
            &v.subjects,
            &v.moderator,
            &thing,
            crate::FlagCategory::Spam,
            "Pub",
        )
        .await
        .unwrap();
        assert_eq!(find(shown.id).await, Found::Missing);
        actions::restore(&v.ctx, &v.subjects, &v.moderator, &v.thing(&shown).await, "Non")
            .await
            .unwrap();
        assert!(matches!(find(shown.id).await, Found::Public { .. }));
        for (who, comment) in [(&v.open, shown.id), (&v.dark, dark.id)] {
            actions::delete_comment(&v.ctx, &v.subjects, who, comment)
                .await
                .unwrap();
        }
        assert_eq!(find(shown.id).await, Found::Gone);
        assert_eq!(find(dark.id).await, Found::Missing);
        let liked = actions::like(&v.ctx, &v.open, &Thing::Subject(v.post.clone())).await;
        liked.unwrap();
    }
}
