//! Letters from and to other servers.

use federation::{Actor, Verdict, actors};
use platform::on_db;
use serde_json::{Value, json};
use testkit::{Town, Visitor};

use super::agents::talk;
use super::files::uploads;
use super::{HOME, SECRET, answers, everything, office};
use crate::api::Program;
use crate::discussion::{guest, post, takes};

pub(super) fn letter(who: &Actor, n: u32, to: &[&str], more: Value) -> Value {
    let mut note = json!({
        "id": format!("{}/notes/{n}", who.uri), "type": "Note", "attributedTo": who.uri,
        "to": to, "cc": [], "content": format!("<p>Bonjour, un {SECRET} n° {n}<script>x</script></p>"),
        "published": "2026-11-23T07:00:00Z",
    });
    for (name, value) in more.as_object().unwrap() {
        note[name] = value.clone();
    }
    json!({
        "@context": "https://www.w3.org/ns/activitystreams", "id": format!("{}/notes/{n}/create", who.uri),
        "type": "Create", "actor": who.uri, "to": to, "object": note,
    })
}

/// What was said since, newest first: type, whole body, inboxes.
pub(super) async fn said(town: &Town) -> Vec<(String, Value, Vec<String>)> {
    let rows: Vec<(i64, String, String)> = on_db!(&town.ctx().db, c => sqlx::query_as(
        "SELECT id, kind, body FROM federation_activity ORDER BY id DESC").fetch_all(c).await)
    .unwrap();
    let mut all = Vec::new();
    for (id, kind, body) in rows {
        let inboxes: Vec<String> = on_db!(&town.ctx().db, c => sqlx::query_scalar(
            "SELECT inbox FROM federation_delivery WHERE activity_id = $1 ORDER BY inbox").bind(id).fetch_all(c).await)
        .unwrap();
        all.push((kind, serde_json::from_str(&body).unwrap(), inboxes));
    }
    all
}

async fn threads(town: &Town) -> i64 {
    on_db!(&town.ctx().db, c => sqlx::query_scalar("SELECT COUNT(*) FROM messages_thread").fetch_one(c).await)
        .unwrap()
}

async fn comments(town: &Town) -> i64 {
    on_db!(&town.ctx().db, c => sqlx::query_scalar("SELECT COUNT(*) FROM discussion_comment").fetch_one(c).await).unwrap()
}

#[tokio::test]
async fn somebody_of_another_server_writes_and_is_answered_and_nobody_else() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let (ada, eve) = (guest(&town, "ada").await, guest(&town, "eve").await);
        let office = office(&town).await;
        let mention = json!({ "tag": [{ "type": "Mention", "href": office.uri, "name": "@maire-eze" }],
            "conversation": "tag:social.example,2026:1" });
        assert_eq!(
            takes(&town, &ada, letter(&ada, 1, &[&office.uri, &eve.uri], mention)).await,
            Verdict::Done
        );
        let list = mayor.opens(HOME).await.text();
        assert!(list.contains("@ada@social.example"), "{list}");
        let thread = list
            .split("class=\"rangee\" href=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned();
        let page = mayor.opens(&thread).await.text();
        assert!(page.contains(SECRET) && !page.contains("<script>x"), "{page}");
        assert!(
            page.contains("Message venu d’un autre serveur,")
                && page.contains("lisible par ses administrateurs")
        );
        assert!(
            page.contains("<li>@eve@social.example</li>"),
            "who else reads it is said"
        );
        let stored: String = on_db!(&town.ctx().db, c => sqlx::query_scalar(
            "SELECT CAST(COUNT(*) AS TEXT) FROM messages_message WHERE html").fetch_one(c).await)
        .unwrap();
        assert_eq!(stored, "1");

        // Naming somebody in the answer brings nobody in.
        guest(&town, "mallory").await;
        let answer = answers(
            &mut mayor,
            &thread,
            &[("text", "Merci. @mallory@social.example regarde ? #secret")],
        )
        .await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        let (kind, body, inboxes) = said(&town).await.remove(0);
        assert_eq!(kind, "Create");
        let note = &body["object"];
        let mut to: Vec<&str> = note["to"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one.as_str().unwrap())
            .collect();
        to.sort_unstable();
        assert_eq!(to, [ada.uri.as_str(), eve.uri.as_str()]);
        assert_eq!(body["to"], note["to"]);
        assert_eq!((&note["cc"], &body["cc"]), (&json!([]), &json!([])));
        assert_eq!(note["directMessage"], true);
        assert_eq!(note["inReplyTo"], format!("{}/notes/1", ada.uri));
        assert_eq!(note["conversation"], "tag:social.example,2026:1");
        let mut tags: Vec<&str> = note["tag"]
            .as_array()
            .unwrap()
            .iter()
            .map(|tag| tag["href"].as_str().unwrap())
            .collect();
        tags.sort_unstable();
        assert_eq!(tags, [ada.uri.as_str(), eve.uri.as_str()]);
        assert_eq!(
            inboxes,
            [format!("{}/inbox", ada.uri), format!("{}/inbox", eve.uri)],
            "personal inboxes only"
        );
        assert!(body.get("proof").is_none());

        // It is nowhere to be had without a signature, nor in any list.
        let uri = note["id"].as_str().unwrap().replace("https://parvis.test", "");
        let mut stranger = town.stranger();
        for path in [
            uri.as_str(),
            &format!("{uri}/replies"),
            &format!("{uri}/likes"),
            &format!("{uri}/context"),
        ] {
            let got = stranger.reads(path).await;
            let missing = stranger.reads("/ap/messages/1").await;
            assert_eq!(
                (got.status, got.text().len()),
                (404, missing.text().len()),
                "{path}"
            );
            assert!(mayor.opens(path).await.status >= 300);
        }
        let activity = body["id"].as_str().unwrap().replace("https://parvis.test", "");
        assert_eq!(stranger.reads(&activity).await.status, 404);
        let outbox = office.uri.replace("https://parvis.test", "") + "/outbox";
        for path in [outbox.clone(), outbox + "?page=true"] {
            assert!(!stranger.reads(&path).await.text().contains("Merci"), "{path}");
        }

        // An answer of theirs comes back into the thread, from whomever was in it.
        let reply = json!({ "inReplyTo": note["id"], "tag": [{ "type": "Mention", "href": office.uri }] });
        assert_eq!(
            takes(
                &town,
                &eve,
                letter(&eve, 2, &[&office.uri, &ada.uri], reply.clone())
            )
            .await,
            Verdict::Done
        );
        assert_eq!(threads(&town).await, 1);
        // Who was not in it begins a thread of his own, though he knows the address.
        let mallory = actors::by_handle(town.ctx(), "mallory", Some("social.example"))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            takes(
                &town,
                &mallory,
                letter(&mallory, 3, &[&office.uri], reply.clone())
            )
            .await,
            Verdict::Done
        );
        assert_eq!(threads(&town).await, 2);
        assert!(!talk(&mayor.opens(&thread).await.text()).contains("n° 3"));

        // Their edits and deletions follow; nobody else's.
        let edit = |who: &Actor, of: &Actor| {
            json!({ "id": format!("{}/u", who.uri), "type": "Update", "actor": who.uri,
            "object": { "id": format!("{}/notes/1", of.uri), "type": "Note", "attributedTo": who.uri, "to": [office.uri],
                        "content": "<p>Corrigé</p>", "updated": "2026-11-23T07:20:00Z" } })
        };
        assert!(matches!(
            takes(&town, &mallory, edit(&mallory, &ada)).await,
            Verdict::Reject(_)
        ));
        assert_eq!(takes(&town, &ada, edit(&ada, &ada)).await, Verdict::Done);
        let page = mayor.opens(&thread).await.text();
        assert!(
            talk(&page).contains("Corrigé") && !talk(&page).contains("n° 1<"),
            "{page}"
        );
        answers(&mut mayor, &thread, &[("text", "Encore")]).await;
        let to = said(&town).await.remove(0).1["to"].clone();
        assert!(
            to.as_array().unwrap().contains(&json!(ada.uri)),
            "an edit takes nobody out: {to}"
        );
        let gone = |who: &Actor| {
            json!({ "id": format!("{}/d", who.uri), "type": "Delete", "actor": who.uri,
            "object": { "id": format!("{}/notes/1", ada.uri), "type": "Tombstone" } })
        };
        assert!(matches!(
            takes(&town, &mallory, gone(&mallory)).await,
            Verdict::Reject(_)
        ));
        assert_eq!(takes(&town, &ada, gone(&ada)).await, Verdict::Done);
        assert!(!talk(&mayor.opens(&thread).await.text()).contains("Corrigé"));
        assert_ne!(
            takes(&town, &ada, letter(&ada, 1, &[&office.uri], json!({}))).await,
            Verdict::Done,
            "it is buried"
        );

        // Ours: changed and taken back, for the same people.
        let page = mayor.opens(&thread).await.text();
        let change = page
            .split("/reponses/")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        let change = format!("{thread}/reponses/{change}");
        assert_eq!(
            mayor
                .sends(&change, &change, &[("text", "Mieux dit"), ("action", "save")])
                .await
                .status,
            303
        );
        let (kind, body, inboxes) = said(&town).await.remove(0);
        assert_eq!((kind.as_str(), inboxes.len()), ("Update", 2));
        assert!(
            body["object"]["updated"].is_string()
                && body["object"]["content"].as_str().unwrap().contains("Mieux dit")
        );
        assert_eq!(
            mayor
                .sends(&change, &change, &[("action", "remove")])
                .await
                .status,
            303
        );
        let (kind, body, inboxes) = said(&town).await.remove(0);
        assert_eq!((kind.as_str(), inboxes.len()), ("Delete", 2));
        assert!(!body.to_string().contains("Public"));
        let with_file = uploads(
            &mut mayor,
            &thread,
            &format!("{thread}/repondre"),
            &[("text", "x")],
            ("a.png", include_bytes!("../../../templates/static/icon-180.png")),
        )
        .await;
        assert_eq!(with_file.status, 422, "files do not leave");
        assert_eq!(comments(&town).await, 0);
    }
}

#[tokio::test]
async fn what_is_private_never_becomes_a_comment_nor_the_reverse() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let ada = guest(&town, "ada").await;
        let office = office(&town).await;
        let path = post(&mut mayor).await;
        let uri = format!(
            "https://parvis.test/ap/posts/{}",
            path.rsplit('/').next().unwrap()
        );
        // A private answer to a public post.
        let private = json!({ "inReplyTo": uri, "context": format!("{uri}/context") });
        assert_eq!(
            takes(&town, &ada, letter(&ada, 1, &[&office.uri], private)).await,
            Verdict::Done
        );
        assert_eq!((threads(&town).await, comments(&town).await), (1, 0));
        assert!(!town.stranger().opens(&path).await.text().contains(SECRET));
        // A public answer to the private answer of the town hall: in the thread, and nowhere else.
        let list = mayor.opens(HOME).await.text();
        let thread = list
            .split("class=\"rangee\" href=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned();
        answers(&mut mayor, &thread, &[("text", "Je vous réponds")]).await;
        let ours = said(&town).await.remove(0).1["object"]["id"].clone();
        let public = "https://www.w3.org/ns/activitystreams#Public";
        let open = json!({ "inReplyTo": ours, "cc": [office.uri] });
        assert_eq!(
            takes(&town, &ada, letter(&ada, 2, &[public, &office.uri], open)).await,
            Verdict::Done
        );
        assert_eq!((threads(&town).await, comments(&town).await), (1, 0));
        let page = mayor.opens(&thread).await.text();
        assert!(page.contains("Publié à la vue de tous sur son serveur"), "{page}");
        answers(&mut mayor, &thread, &[("text", "Toujours en privé")]).await;
        let body = said(&town).await.remove(0).1;
        assert_eq!(body["to"], json!([ada.uri]), "the answer stays private: {body}");
        // A vote and a letter to a citizen are no letters to the town hall.
        let vote = json!({ "name": "Oui", "content": null, "inReplyTo": uri });
        assert_ne!(
            takes(&town, &ada, letter(&ada, 3, &[&office.uri], vote)).await,
            Verdict::Done
        );
        town.citizen("zoe").await;
        let zoe = actors::by_handle(town.ctx(), "zoe", None).await.unwrap().unwrap();
        assert_ne!(
            takes(&town, &ada, letter(&ada, 4, &[&zoe.uri], json!({}))).await,
            Verdict::Done
        );
        assert_eq!(threads(&town).await, 1);
        // Somebody else's name, another server's id.
        let eve = guest(&town, "eve").await;
        assert!(matches!(
            takes(&town, &eve, letter(&ada, 5, &[&office.uri], json!({}))).await,
            Verdict::Reject(_)
        ));
    }
}

#[tokio::test]
async fn lemmy_and_chat_messages_hang_together_by_their_people() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let (ada, eve) = (guest(&town, "ada").await, guest(&town, "eve").await);
        let office = office(&town).await;
        for n in 1..=2 {
            assert_eq!(
                takes(&town, &ada, letter(&ada, n, &[&office.uri], json!({}))).await,
                Verdict::Done
            );
        }
        assert_eq!(threads(&town).await, 1, "one line between two people");
        let chat = json!({ "type": "ChatMessage" });
        assert_eq!(
            takes(&town, &ada, letter(&ada, 3, &[&office.uri], chat)).await,
            Verdict::Done
        );
        assert_eq!(threads(&town).await, 1);
        assert_eq!(
            takes(&town, &ada, letter(&ada, 4, &[&office.uri, &eve.uri], json!({}))).await,
            Verdict::Done
        );
        assert_eq!(threads(&town).await, 2, "other readers, another thread");
        let page = mayor.opens(HOME).await.text();
        assert!(page.contains("@ada@social.example"));
        // A flood is stopped.
        let mut last = Verdict::Done;
        for n in 10..70 {
            last = takes(&town, &ada, letter(&ada, n, &[&office.uri], json!({}))).await;
        }
        assert!(matches!(last, Verdict::Reject(_)), "{last:?}");
    }
}

/// The path of the only thread in the mayor's list.
async fn only_thread(mayor: &mut Visitor) -> String {
    let list = mayor.opens(HOME).await.text();
    let threads: Vec<&str> = list
        .split("class=\"rangee\" href=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert_eq!(threads.len(), 1, "{list}");
    threads[0].to_owned()
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|one| one.as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_dark_citizen_in_a_letter_is_named_to_nobody() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let mut zoe = town.citizen("zoe").await;
        let dark = actors::by_handle(town.ctx(), "zoe", None).await.unwrap().unwrap();
        assert!(!dark.is_visible());
        crate::api::federated(&town, "paul").await;
        let paul = actors::by_handle(town.ctx(), "paul", None)
            .await
            .unwrap()
            .unwrap();
        let (ada, office) = (guest(&town, "ada").await, office(&town).await);
        let never = "https://parvis.test/ap/actors/12345";
        let to = [office.uri.as_str(), &dark.uri, &paul.uri, never];
        assert_eq!(
            takes(&town, &ada, letter(&ada, 1, &to, json!({}))).await,
            Verdict::Done
        );
        let thread = only_thread(&mut mayor).await;
        let page = mayor.opens(&thread).await.text();
        assert!(page.contains("<li>@paul@parvis.test</li>"), "{page}");
        for word in ["zoe", dark.uri.as_str(), never] {
            assert!(!page.contains(word), "{word}: {page}");
        }
        let mairie = Program::of(&town, "camille", true).await;
        let talks = mairie.read("/api/v1/conversations").await;
        assert!(!talks.to_string().contains("zoe"), "{talks}");

        assert_eq!(
            answers(&mut mayor, &thread, &[("text", "Merci")]).await.status,
            303
        );
        let page = mayor.opens(&thread).await.text();
        let change = page
            .split("/reponses/")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        let form = format!("{thread}/reponses/{change}");
        let fields = [("text", "Mieux"), ("action", "save")];
        assert_eq!(mayor.sends(&form, &form, &fields).await.status, 303);
        // Whom others could see, and cannot any more, is named no longer.
        let keys = federation::actors::new_keys().await.unwrap();
        let mut tx = town.ctx().db.begin().await.unwrap();
        actors::set_federated(town.ctx(), &mut tx, paul.id, false, &keys)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let fields = [("text", "Encore mieux"), ("action", "save")];
        assert_eq!(mayor.sends(&form, &form, &fields).await.status, 303);
        let said: Vec<Value> = said(&town)
            .await
            .into_iter()
            .filter(|(kind, body, _)| {
                ["Create", "Update"].contains(&kind.as_str()) && body["object"]["type"] == "Note"
            })
            .map(|(_, body, _)| body)
            .collect();
        let named: [Vec<&str>; 3] = [
            vec![&ada.uri],
            vec![&ada.uri, &paul.uri],
            vec![&ada.uri, &paul.uri],
        ];
        assert_eq!(said.len(), named.len());
        for (body, named) in said.iter().zip(named) {
            assert!(
                !body.to_string().contains("zoe") && !body.to_string().contains(&dark.uri),
                "{body}"
            );
            assert_eq!(
                (texts(&body["to"]), texts(&body["object"]["to"])),
                (named.clone(), named.clone())
            );
            let tags = body["object"]["tag"].as_array().unwrap();
            assert_eq!(tags.len(), named.len(), "{body}");
        }
        assert!(!zoe.opens("/notifications").await.text().contains("message privé"));
        assert!(!everything(&town).await.contains(SECRET));
    }
}

#[tokio::test]
async fn no_list_of_followers_is_answered() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let (ada, eve) = (guest(&town, "ada").await, guest(&town, "eve").await);
        let office = office(&town).await;
        let lists = [
            format!("{}/followers", office.uri),
            format!("{}/followers", eve.uri),
            format!("{}/following", office.uri),
            "https://nowhere.invalid/circles/1".to_owned(),
        ];
        let mut to = vec![office.uri.as_str(), &eve.uri];
        to.extend(lists.iter().map(String::as_str));
        assert_eq!(
            takes(&town, &ada, letter(&ada, 1, &to, json!({}))).await,
            Verdict::Done
        );
        let thread = only_thread(&mut mayor).await;
        let page = mayor.opens(&thread).await.text();
        assert!(
            page.contains("Envoyé aussi à une liste d’abonnés")
                && page.contains("<li>@eve@social.example</li>"),
            "{page}"
        );
        for list in &lists[..3] {
            assert!(!page.contains(list), "{page}");
        }
        assert_eq!(
            answers(&mut mayor, &thread, &[("text", "Merci")]).await.status,
            303
        );
        let (_, body, inboxes) = said(&town).await.remove(0);
        assert_eq!(texts(&body["to"]), [ada.uri.as_str(), eve.uri.as_str()]);
        assert_eq!(body["to"], body["object"]["to"]);
        assert_eq!(
            inboxes,
            [format!("{}/inbox", ada.uri), format!("{}/inbox", eve.uri)]
        );

        // What one of them writes to the mayor alone is answered to her alone, under her own name.
        let reply = json!({ "inReplyTo": body["object"]["id"], "content": "<p>Entre nous</p>" });
        assert_eq!(
            takes(&town, &eve, letter(&eve, 2, &[&office.uri], reply)).await,
            Verdict::Done
        );
        let page = mayor.opens(&thread).await.text();
        assert!(!page.contains("<li>@ada@social.example</li>"), "{page}");
        let page = talk(&page);
        let bubble = page.split("Entre nous").next().unwrap();
        let bubble = bubble.rsplit("<article").next().unwrap();
        assert!(bubble.contains("aria-label=\"eve\""), "{bubble}");
        answers(&mut mayor, &thread, &[("text", "Bien")]).await;
        let (_, body, inboxes) = said(&town).await.remove(0);
        assert_eq!((texts(&body["to"]), inboxes.len()), (vec![eve.uri.as_str()], 1));
    }
}
