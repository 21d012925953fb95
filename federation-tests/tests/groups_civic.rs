//! Groups: the town hall's own voice, the API of the site, moderators of other servers, and accounts that end.

use account::Right;
use account::actions::{erasure, people};
use federation::{Actor, Verdict};
use http::Method;
use serde_json::{Value, json};
use testkit::{Town, Visitor};

use crate::api::{Program, federated};
use crate::discussion::{guest, takes};
use crate::groups::{actor_of, group, id_in, said, topic};

async fn office(town: &Town) -> Actor {
    let found = federation::actors::by_handle(town.ctx(), "maire-eze", None).await;
    found.unwrap().unwrap()
}

/// A topic in the town hall's name; gives the path of its page.
async fn for_the_town_hall(who: &mut Visitor, group: &str, title: &str) -> String {
    let form = format!("{group}/sujets/nouveau");
    let fields = [
        ("title", title),
        ("source", "Venez nombreux."),
        ("comme", "mairie"),
    ];
    let answer = who.sends(&form, &form, &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.location()
}

#[tokio::test]
async fn the_town_hall_opens_topics_in_its_own_name() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let mut dora = town.delegate("dora", Right::Groups).await;
        let group = group(&mut mayor, "public", &[("name", "Qui vient ?")]).await;
        let form = dora.opens(&format!("{group}/sujets/nouveau")).await.text();
        assert!(form.contains("Vous écrivez en tant que"), "{form}");
        let here = for_the_town_hall(&mut dora, &group, "Une fête ! Quand ?").await;
        let page = town.stranger().opens(&here).await.text();
        assert!(
            page.contains("Par délégation") && !page.contains(">dora<"),
            "{page}"
        );
        assert!(
            page.contains("Une fête\u{202f}! Quand\u{202f}?"),
            "set as French is: {page}"
        );
        let list = town.stranger().opens(&group).await.text();
        assert!(
            list.contains("Qui vient\u{202f}?") && list.contains("Une fête\u{202f}!"),
            "{list}"
        );

        let office = office(&town).await;
        let note = town
            .stranger()
            .reads(&format!("/ap/topics/{}", id_in(&here)))
            .await
            .json();
        assert_eq!(note["attributedTo"], json!(office.uri));
        assert_eq!(note["name"], "Une fête ! Quand ?", "as it was typed");
        let created = said(&town, "Venez nombreux").await;
        let of_office = |a: &&Value| a["type"] == "Create" && a["actor"] == json!(office.uri);
        assert_eq!(created.iter().filter(of_office).count(), 1, "{created:?}");
        let announced = |a: &&Value| a["type"] == "Announce" && a["object"]["actor"] == json!(office.uri);
        assert_eq!(created.iter().filter(announced).count(), 1, "{created:?}");

        // Who holds the pen of the town hall changes and deletes it, and nobody else.
        let edit = format!("{here}/modifier");
        let fields = [("title", "La fête"), ("source", "Samedi.")];
        let mut zoe = town.citizen("zoe").await;
        assert_eq!(zoe.sends(&here, &edit, &fields).await.status, 403);
        assert_eq!(mayor.sends(&edit, &edit, &fields).await.status, 303);
        assert!(town.stranger().opens(&here).await.text().contains("Samedi."));
        let remove = format!("{here}/supprimer");
        assert_eq!(zoe.sends(&here, &remove, &[]).await.status, 403);
        assert_eq!(dora.sends(&remove, &remove, &[]).await.status, 303);
        assert_eq!(town.stranger().opens(&here).await.status, 410);

        // What a moderator hides of the town hall's words, the town hall may contest.
        let here = for_the_town_hall(&mut mayor, &group, "Autre chose").await;
        let desk = format!("/moderation/groupes/{}/topics/{}", id_in(&group), id_in(&here));
        let mut modeste = town.moderator("modeste").await;
        let fields = [
            ("deed", "hide"),
            ("ground", "other"),
            ("reason-hide", "Hors sujet."),
        ];
        assert_eq!(modeste.sends(&desk, &desk, &fields).await.status, 303);
        let decision: i64 = platform::on_db!(&town.ctx().db, c =>
            sqlx::query_scalar("SELECT id FROM discussion_decision").fetch_one(c).await)
        .unwrap();
        let decision = format!("/moderation/decisions/{decision}");
        let sent = dora
            .sends(&decision, &decision, &[("text", "C’est le sujet.")])
            .await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        assert_eq!(zoe.opens(&decision).await.status, 404);
    }
}

/// Sends a body as it is.
async fn posts(town: &Town, token: &str, path: &str, body: &str, key: &str) -> testkit::Answer {
    let bearer = format!("Bearer {token}");
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
        ("accept-language", "fr"),
        ("idempotency-key", key),
    ];
    town.stranger()
        .asks(Method::POST, path, &headers, body.as_bytes().to_vec())
        .await
}

#[tokio::test]
async fn a_program_joins_reads_and_writes() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let path = group(&mut mayor, "public", &[("rules", "Soyez aimables.")]).await;
        let one = format!("/api/parvis/v1/groups/{}", id_in(&path));
        let (nobody, zoe) = (Program::of_nobody(&town), federated(&town, "zoe").await);
        let list = nobody.read("/api/parvis/v1/communes/06059/groups").await;
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
        assert_eq!(list["items"][0], nobody.read(&one).await);
        assert_eq!(list["items"][0]["mine"], Value::Null);
        assert_eq!(list["items"][0]["rules"], "Soyez aimables.");

        let (join, topics) = (format!("{one}/join"), format!("{one}/topics"));
        let turned = zoe.post(&join, &json!({})).await;
        assert_eq!((turned.status, &turned.json()["code"]), (422, &json!("rules")));
        let joined = zoe.post(&join, &json!({ "rules": true })).await;
        assert_eq!(joined.json(), json!({ "state": "member" }), "{}", joined.text());
        let mine = zoe.read(&one).await;
        assert_eq!(
            (&mine["mine"]["member"], &mine["members"]),
            (&json!(true), &json!(1))
        );

        for (body, status, code) in [
            (json!({ "title": " ", "text": "Oui" }), 422, "no-title"),
            (json!({ "title": "Oui", "text": "" }), 422, "empty"),
            (
                json!({ "title": "Oui", "text": "Oui", "language": "<b>" }),
                422,
                "language",
            ),
            (json!({ "title": "Oui", "texte": "Oui" }), 400, "bad-json"),
        ] {
            let turned = zoe.post(&topics, &body).await;
            assert_eq!(
                (turned.status, &turned.json()["code"]),
                (status, &json!(code)),
                "{body}"
            );
        }
        let mut ids = Vec::new();
        for n in 0..5 {
            let body = json!({ "title": format!("Sujet {n}"), "text": "Au **virage**.", "warning": "" });
            let made = zoe.post(&topics, &body).await;
            assert_eq!(made.status, 201, "{}", made.text());
            ids.push(made.json()["id"].as_str().unwrap().to_owned());
        }
        // Two and two and one, the newest first.
        let (mut seen, mut after) = (Vec::new(), String::new());
        for wanted in [2, 2, 1] {
            let page = nobody.read(&format!("{topics}?limit=2{after}")).await;
            let items = page["items"].as_array().unwrap().clone();
            assert_eq!(items.len(), wanted);
            seen.extend(items.iter().map(|item| item["id"].as_str().unwrap().to_owned()));
            after = match page["next"].as_str() {
                Some(next) => format!("&max_id={next}"),
                None => String::new(),
            };
        }
        assert!(after.is_empty());
        seen.reverse();
        assert_eq!(seen, ids);
        assert_eq!(nobody.get(&format!("{topics}?limit=x")).await.status, 400);
        let topic = nobody.read(&format!("{topics}/{}", ids[0])).await;
        assert!(
            topic["content"]
                .as_str()
                .unwrap()
                .contains("<strong>virage</strong>")
        );
        assert_eq!((&topic["text"], &topic["mine"]), (&Value::Null, &json!(false)));
        assert_eq!(
            zoe.read(&format!("{topics}/{}", ids[0])).await["text"],
            "Au **virage**."
        );
        assert_eq!(nobody.get(&format!("{topics}/abc")).await.status, 404);

        // The same key makes nothing new.
        let account = people::by_handle(town.ctx(), "zoe").await.unwrap().unwrap();
        let token = client_api::for_command_line(town.ctx(), account.id, None)
            .await
            .unwrap();
        let body = json!({ "title": "Une fois", "text": "Oui" }).to_string();
        let first = posts(&town, &token, &topics, &body, "k1").await;
        let again = posts(&town, &token, &topics, &body, "k1").await;
        assert_eq!((first.status, again.status), (201, 200));
        assert_eq!(first.json()["id"], again.json()["id"]);

        let left = zoe.post(&format!("{one}/leave"), &json!({})).await;
        assert_eq!(left.json(), json!({ "state": null }));
        assert_eq!(zoe.read(&one).await["mine"]["member"], false);
        for path in [&topics, &join] {
            assert_eq!(nobody.post(path, &json!({})).await.status, 401, "{path}");
        }
    }
}

#[tokio::test]
async fn a_token_of_the_town_hall_speaks_in_groups_only_with_the_right() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let hidden = group(&mut mayor, "members", &[]).await;
        let path = group(&mut mayor, "public", &[]).await;
        let topics = format!("/api/parvis/v1/groups/{}/topics", id_in(&path));
        let secret = format!("/api/parvis/v1/groups/{}", id_in(&hidden));
        drop(town.delegate("nadia", Right::News).await);
        let (office_token, other) = (
            Program::of(&town, "camille", true).await,
            Program::of(&town, "nadia", true).await,
        );
        let body = json!({ "title": "Bonjour", "text": "De la mairie." });
        let made = office_token.post(&topics, &body).await;
        assert_eq!(made.status, 201, "{}", made.text());
        assert_eq!(made.json()["author"]["id"], json!(office(&town).await.id));
        assert_eq!(office_token.get(&secret).await.status, 200);
        assert_eq!(
            office_token
                .post(&format!("{secret}/join"), &json!({}))
                .await
                .status,
            403
        );

        // Who publishes news has no part in groups, also under the office's name.
        assert_eq!(other.get(&secret).await.status, 404);
        assert_eq!(other.post(&topics, &body).await.status, 403);
        let handle = actor_of(&town, &path).await.handle;
        let status = json!({ "status": format!("@{handle} Un sujet de plus") });
        assert_eq!(other.post("/api/v1/statuses", &status).await.status, 403);
        let id = made.json()["id"].clone();
        let answer = json!({ "status": "Une réponse", "in_reply_to_id": id });
        assert_eq!(other.post("/api/v1/statuses", &answer).await.status, 403);
        assert_eq!(office_token.post("/api/v1/statuses", &answer).await.status, 200);
    }
}

#[tokio::test]
async fn what_somebody_opened_goes_with_her_account() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let path = group(&mut mayor, "public", &[]).await;
        drop(federated(&town, "zoe").await);
        let mut zoe = town.signed_in("zoe").await;
        assert_eq!(
            zoe.sends(&path, &format!("{path}/rejoindre"), &[]).await.status,
            303
        );
        let here = topic(&mut zoe, &path, "Mon ornithorynque", "Il nage.")
            .await
            .location();
        let edit = format!("{here}/modifier");
        let fields = [("title", "Mon ornithorynque"), ("source", "Il nage bien.")];
        assert_eq!(zoe.sends(&edit, &edit, &fields).await.status, 303);
        let order = format!("{here}/ordre");
        assert_eq!(mayor.sends(&here, &order, &[("deed", "pin")]).await.status, 303);
        let object = format!("/ap/topics/{}", id_in(&here));
        assert_eq!(town.stranger().reads(&object).await.status, 200);

        let account = people::by_handle(town.ctx(), "zoe").await.unwrap().unwrap();
        erasure::end(town.ctx(), &account, None).await.unwrap();
        // At once, on every door, before any task ran.
        assert_eq!(town.stranger().opens(&here).await.status, 410);
        assert_eq!(mayor.opens(&format!("{here}/versions")).await.status, 410);
        assert!(matches!(town.stranger().reads(&object).await.status, 404 | 410));
        let api = format!("/api/parvis/v1/groups/{}/topics", id_in(&path));
        let status = format!("/api/v1/statuses/{}", id_in(&here));
        assert_eq!(mayor.opens(&status).await.status, 404);
        for list in [path.as_str(), &api, "/api/v1/timelines/public"] {
            let text = mayor.opens(list).await.text();
            assert!(!text.contains("ornithorynque"), "{list}");
        }
        let left: i64 = platform::on_db!(&town.ctx().db, c => sqlx::query_scalar(
            "SELECT (SELECT COUNT(*) FROM groups_topic WHERE title <> '' OR html <> '' OR source IS NOT NULL)
                + (SELECT COUNT(*) FROM groups_revision)").fetch_one(c).await)
        .unwrap();
        assert_eq!(left, 0, "nothing of her words is kept");
        town.works().await;
        assert_eq!(town.stranger().reads(&object).await.status, 410);
        let told: i64 = platform::on_db!(&town.ctx().db, c => sqlx::query_scalar(
            "SELECT COUNT(*) FROM notification WHERE target_kind = 'topics'").fetch_one(c).await)
        .unwrap();
        assert_eq!(told, 0);
    }
}

#[tokio::test]
async fn who_keeps_order_the_town_hall_says_and_no_other_server() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let path = group(&mut mayor, "public", &[]).await;
        let actor = actor_of(&town, &path).await;
        let (ami, autre) = (guest(&town, "ami").await, guest(&town, "autre").await);
        for (n, who) in [&ami, &autre].into_iter().enumerate() {
            let follow = json!({ "id": format!("https://social.example/f/{n}"), "type": "Follow",
                "actor": who.uri, "object": actor.uri });
            assert_eq!(takes(&town, who, follow).await, Verdict::Done);
        }
        let people = format!("{path}/membres");
        let named = format!("{people}/{}", ami.id);
        assert_eq!(
            mayor
                .sends(&people, &named, &[("deed", "moderator")])
                .await
                .status,
            303
        );
        let moderators = format!("/ap/actors/{}/moderators", actor.id);
        let before = town.stranger().reads(&moderators).await.json();
        for (n, (kind, whom)) in [("Add", &autre), ("Remove", &ami)].into_iter().enumerate() {
            let change = json!({ "id": format!("https://social.example/m/{n}"), "type": kind, "actor": ami.uri,
                "object": whom.uri, "target": format!("{}/moderators", actor.uri) });
            assert!(
                matches!(takes(&town, &ami, change).await, Verdict::Reject(_)),
                "{kind}"
            );
        }
        assert_eq!(
            before["orderedItems"],
            town.stranger().reads(&moderators).await.json()["orderedItems"]
        );

        // A group of another server keeps its own list: ours says nothing about it, and nothing comes of it here.
        let theirs = json!({ "id": "https://social.example/m/9", "type": "Add", "actor": ami.uri,
            "object": autre.uri, "target": "https://social.example/c/jardin/moderators" });
        assert!(!matches!(takes(&town, &ami, theirs).await, Verdict::Done));

        // What locks a topic has an address that others know, and a stranger's lock is refused.
        let here = topic(&mut mayor, &path, "Un sujet", "Des mots.").await.location();
        let fields = [("title", "De la mairie"), ("source", "Oui."), ("comme", "mairie")];
        let form = format!("{path}/sujets/nouveau");
        let told = mayor.sends(&form, &form, &fields).await.location();
        let uri = format!("https://parvis.test/ap/topics/{}", id_in(&told));
        let lock = |by: &Actor, n: u32| json!({ "id": format!("https://social.example/l/{n}"), "type": "Lock", "actor": by.uri, "object": uri });
        assert!(matches!(
            takes(&town, &autre, lock(&autre, 1)).await,
            Verdict::Reject(_)
        ));
        let undo = json!({ "id": "https://social.example/l/2", "type": "Undo", "actor": autre.uri,
            "object": lock(&ami, 3) });
        assert_eq!(takes(&town, &ami, lock(&ami, 3)).await, Verdict::Done);
        assert_ne!(takes(&town, &autre, undo).await, Verdict::Done);
        assert!(
            town.stranger()
                .opens(&told)
                .await
                .text()
                .contains("Réponses closes")
        );
        assert!(
            !town
                .stranger()
                .opens(&here)
                .await
                .text()
                .contains("Réponses closes")
        );
        let locks = said(&town, "\"Lock\"").await;
        let context = locks[0]["@context"].as_array().unwrap();
        let ours = context.iter().find_map(|part| part.get("Lock")).unwrap();
        assert_eq!(ours, "lemmy:Lock");
    }
}

#[tokio::test]
async fn a_topic_that_waits_is_its_authors_to_read_in_a_program() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let path = group(&mut mayor, "public", &[]).await;
        let handle = actor_of(&town, &path).await.handle;
        let (zoe, _paul) = (federated(&town, "zoe").await, town.citizen("paul").await);
        let others = [
            Program::of(&town, "paul", false).await,
            Program::of_nobody(&town),
            federated(&town, "lea").await,
        ];
        let account = people::by_handle(town.ctx(), "zoe").await.unwrap().unwrap();
        let token = client_api::for_command_line(town.ctx(), account.id, None)
            .await
            .unwrap();
        let asked = json!({ "status": format!("@{handle} Bonjour à tous") });
        let mut made = Vec::new();
        for _ in 0..2 {
            let sent = posts(&town, &token, "/api/v1/statuses", &asked.to_string(), "une-fois").await;
            assert_eq!(sent.status, 200, "{}", sent.text());
            made.push(sent.json());
        }
        assert_eq!(made[0]["id"], made[1]["id"]);
        let states: Vec<String> = platform::on_db!(&town.ctx().db, c => sqlx::query_scalar(
            "SELECT state FROM groups_topic").fetch_all(c).await)
        .unwrap();
        assert_eq!(states, ["held"]);
        let one = format!("/api/v1/statuses/{}", made[0]["id"].as_str().unwrap());
        assert!(
            zoe.read(&one).await["content"]
                .as_str()
                .unwrap()
                .contains("Bonjour à tous")
        );
        assert_eq!(zoe.read(&format!("{one}/source")).await["text"], "Bonjour à tous");
        let changed = zoe.send(Method::PUT, &one, &json!({ "status": "Bonsoir" })).await;
        assert_eq!(changed.status, 200, "{}", changed.text());
        assert!(said(&town, "Bonsoir").await.is_empty());
        for other in &others {
            for part in ["", "/context", "/source", "/history"] {
                assert!(other.get(&format!("{one}{part}")).await.status >= 401, "{part}");
            }
            assert!(
                !other
                    .get("/api/v1/timelines/public")
                    .await
                    .text()
                    .contains("Bonsoir")
            );
        }
        assert!(!zoe.get("/api/v1/timelines/home").await.text().contains("Bonsoir"));
        for deed in ["favourite", "reblog"] {
            assert!(
                zoe.post(&format!("{one}/{deed}"), &json!({})).await.status >= 400,
                "{deed}"
            );
        }
        assert_eq!(zoe.send(Method::DELETE, &one, &json!({})).await.status, 200);
        assert_eq!(zoe.get(&one).await.status, 404);
    }
}

#[tokio::test]
async fn a_dark_member_is_asked_before_her_topic_stays_here() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let path = group(&mut mayor, "public", &[]).await;
        let handle = actor_of(&town, &path).await.handle;
        let _paul = town.citizen("paul").await;
        let paul = Program::of(&town, "paul", false).await;
        let join = format!("/api/parvis/v1/groups/{}/join", id_in(&path));
        assert_eq!(paul.post(&join, &json!({ "rules": true })).await.status, 200);
        let text = format!("@{handle} Bonjour à tous");
        let refused = paul.post("/api/v1/statuses", &json!({ "status": text })).await;
        assert_eq!(refused.status, 422, "{}", refused.text());
        assert!(refused.text().contains("would-leave"), "{}", refused.text());
        let count: i64 = platform::on_db!(&town.ctx().db, c => sqlx::query_scalar(
            "SELECT COUNT(*) FROM groups_topic").fetch_one(c).await)
        .unwrap();
        assert_eq!(count, 0);
        let asked = json!({ "status": text, "local_only": true });
        let made = paul.post("/api/v1/statuses", &asked).await;
        assert_eq!(made.status, 200, "{}", made.text());
        assert!(said(&town, "Bonjour à tous").await.is_empty());
    }
}
