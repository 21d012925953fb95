//! Discussion groups, through the pages and the inbox: who knows of them, who reads, who keeps order.

use std::time::Duration;

use account::Right;
use federation::{Actor, ActorId, Verdict};
use platform::on_db;
use serde_json::{Value, json};
use testkit::{Answer, Town, Visitor};

use crate::discussion::{guest, takes};

pub(crate) const LIST: &str = "/eze-06/groupes";

/// A group of this scope; gives the path of its page.
pub(crate) async fn group(mayor: &mut Visitor, scope: &str, more: &[(&str, &str)]) -> String {
    let form = format!("{}/nouveau", list(mayor).await);
    let mut fields = vec![
        ("scope", scope),
        ("name", "Les sentiers"),
        ("about", "On parle des chemins."),
        ("opening", "members"),
    ];
    fields.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
    fields.extend_from_slice(more);
    let answer = mayor.sends(&form, &form, &fields).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer.location()
}

/// The list of the groups of Èze.
async fn list(who: &mut Visitor) -> String {
    let page = who.opens(LIST).await;
    match page.status {
        200 => LIST.to_owned(),
        _ => page.location(),
    }
}

pub(crate) async fn topic(who: &mut Visitor, group: &str, title: &str, text: &str) -> Answer {
    let form = format!("{group}/sujets/nouveau");
    who.sends(&form, &form, &[("title", title), ("source", text)])
        .await
}

pub(crate) fn id_in(path: &str) -> i64 {
    path.rsplit('/').next().unwrap_or_default().parse().unwrap()
}

pub(crate) async fn actor_of(town: &Town, group: &str) -> Actor {
    federation::actors::by_id(town.ctx(), ActorId(id_in(group)))
        .await
        .unwrap()
        .unwrap()
}

/// What was said to other servers with these words in it.
pub(crate) async fn said(town: &Town, words: &str) -> Vec<Value> {
    let bodies: Vec<String> = on_db!(&town.ctx().db, c =>
        sqlx::query_scalar("SELECT body FROM federation_activity WHERE body LIKE $1 ORDER BY id")
        .bind(format!("%{words}%")).fetch_all(c).await)
    .unwrap();
    bodies
        .iter()
        .map(|body| serde_json::from_str(body).unwrap())
        .collect()
}

pub(crate) fn note(author: &Actor, number: u32, group: &str, words: &str, to: &[&str]) -> Value {
    json!({
        "id": format!("https://social.example/notes/{number}"), "type": "Note", "attributedTo": author.uri,
        "to": to, "audience": group, "content": format!("<p>{words}</p>"),
        "published": "2026-11-23T06:00:00Z",
    })
}

pub(crate) fn create(author: &Actor, number: u32, note: &Value) -> Value {
    json!({
        "id": format!("https://social.example/a/{number}"), "type": "Create", "actor": author.uri,
        "to": note.get("to"), "object": note,
    })
}

/// Nothing distinguishes what is hidden from what never was.
async fn is_nothing(who: &mut Visitor, path: &str, never: &str) {
    let (hidden, never) = (who.opens(path).await, who.opens(never).await);
    assert_eq!((hidden.status, never.status), (404, 404), "{path}");
    assert!(plain(&hidden) == plain(&never), "{path}");
}

/// A page without what it repeats of the request, and without the number of the request.
fn plain(answer: &Answer) -> String {
    let text = answer.text();
    let lines = text
        .lines()
        .filter(|line| !line.contains("suite=") && !line.contains("référence"));
    lines.collect()
}

#[tokio::test]
async fn a_public_group_is_joined_written_in_and_kept_in_order() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let group = group(&mut mayor, "public", &[("rules", "Soyez aimables.")]).await;
        let mut zoe = town.citizen("zoe").await;
        let page = town.stranger().opens(&group).await.text();
        assert!(
            page.contains("Soyez aimables") && page.contains("@groupe-eze"),
            "{page}"
        );
        assert!(town.stranger().opens(LIST).await.text().contains("Les sentiers"));

        let join = format!("{group}/rejoindre");
        assert_eq!(zoe.sends(&group, &join, &[]).await.status, 422, "the rules first");
        assert_eq!(zoe.sends(&group, &join, &[("agree", "on")]).await.status, 303);
        let answer = topic(&mut zoe, &group, "Un arbre est tombé", "Au **virage**.").await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        let here = answer.location();
        let page = town.stranger().opens(&here).await.text();
        assert!(page.contains("Un arbre est tombé") && page.contains("<strong>virage</strong>"));

        // Who is no member waits for a moderator.
        let mut paul = town.neighbour("paul", "06088").await;
        let waits = topic(&mut paul, &group, "Bonjour", "De Nice.").await.location();
        is_nothing(&mut town.stranger(), &waits, &format!("{group}/sujets/7")).await;
        assert_eq!(paul.opens(&waits).await.status, 200);
        assert!(mayor.opens(&group).await.text().contains("Bonjour"));
        let order = format!("{waits}/ordre");
        assert_eq!(zoe.sends(&here, &order, &[("deed", "approve")]).await.status, 403);
        assert_eq!(
            mayor.sends(&waits, &order, &[("deed", "approve")]).await.status,
            303
        );
        assert_eq!(town.stranger().opens(&waits).await.status, 200);

        // A comment of a member, a locked topic, a pinned one.
        let kind = format!("/commenter/topics/{}", id_in(&here));
        assert_eq!(
            zoe.sends(&here, &kind, &[("text", "Et dégagé")]).await.status,
            303
        );
        assert!(town.stranger().opens(&here).await.text().contains("Et dégagé"));
        let order = format!("{here}/ordre");
        for deed in ["pin", "lock"] {
            assert_eq!(mayor.sends(&here, &order, &[("deed", deed)]).await.status, 303);
        }
        let page = town.stranger().opens(&group).await.text();
        assert!(
            page.contains("Épinglé") && page.contains("Réponses closes"),
            "{page}"
        );
        assert_eq!(zoe.sends(&here, &kind, &[("text", "Encore")]).await.status, 422);

        // The last day is over: it can be read, and nothing is written any more.
        let edit = format!("{group}/modifier");
        let fields = [
            ("name", "Les sentiers"),
            ("about", "On parle des chemins."),
            ("opening", "members"),
            ("date", "2026-11-24"),
        ];
        assert_eq!(mayor.sends(&edit, &edit, &fields).await.status, 303);
        town.waits(Duration::from_secs(48 * 3600)).await;
        let mut zoe = town.signed_in("zoe").await;
        assert!(zoe.opens(&group).await.text().contains("on n’y écrit plus"));
        assert_eq!(topic(&mut zoe, &group, "Trop tard", "Hélas.").await.status, 422);
        assert_eq!(town.stranger().opens(&here).await.status, 200);
    }
}

#[tokio::test]
async fn what_is_for_some_does_not_exist_for_others() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let (mut zoe, mut paul) = (town.citizen("zoe").await, town.neighbour("paul", "06088").await);
        let never = format!("{LIST}/7");
        for scope in ["members", "residents"] {
            let group = group(&mut mayor, scope, &[]).await;
            let here = topic(&mut mayor, &group, "Entre nous seulement", "Des mots à garder.")
                .await
                .location();
            let id = id_in(&here);
            let kind = format!("/commenter/topics/{id}");
            let comment = mayor
                .sends(&here, &kind, &[("text", "Une réponse à garder")])
                .await
                .location();
            let mut stranger = town.stranger();
            for who in [&mut stranger, &mut paul] {
                is_nothing(who, &group, &never).await;
                is_nothing(who, &here, &format!("{never}/sujets/8")).await;
                is_nothing(who, &comment, "/commentaires/8").await;
                assert!(!who.opens(LIST).await.text().contains("Les sentiers"));
            }
            let gone = stranger.reads("/ap/topics/8").await.json();
            for path in [
                format!("/ap/topics/{id}"),
                format!("/ap/topics/{id}/replies"),
                format!("/ap/topics/{id}/likes"),
                format!("/ap/topics/{id}/context"),
            ] {
                let answer = stranger.reads(&path).await;
                assert_eq!(
                    (answer.status, &answer.json()["detail"]),
                    (404, &gone["detail"]),
                    "{path}"
                );
                assert_eq!(
                    answer.json().as_object().unwrap().len(),
                    gone.as_object().unwrap().len()
                );
            }
            let actor = actor_of(&town, &group).await;
            for path in ["", "/followers", "/outbox", "/featured", "/moderators"] {
                let path = format!("/ap/actors/{}{path}", actor.id);
                assert_eq!(stranger.reads(&path).await.status, 404, "{path}");
            }
            let finger = format!(
                "/.well-known/webfinger?resource=acct:{}@parvis.test",
                actor.handle
            );
            assert_eq!(stranger.opens(&finger).await.status, 404);
            for path in [
                format!("/api/v1/statuses/{id}"),
                format!("/api/v1/accounts/{}", actor.id),
                format!("/api/v1/accounts/lookup?acct={}", actor.handle),
            ] {
                assert_eq!(stranger.opens(&path).await.status, 404, "{path}");
            }
            // Nobody lends it her voice, and no mail or notice carries its words.
            let share = format!("/partager/topics/{id}");
            assert_ne!(mayor.sends(&here, &share, &[("partager", "1")]).await.status, 303);
            let told: i64 = on_db!(&town.ctx().db, c => sqlx::query_scalar(
                "SELECT COUNT(*) FROM notification WHERE excerpt LIKE '%garder%' OR excerpt LIKE '%nous seul%'")
                .fetch_one(c).await)
            .unwrap();
            assert_eq!(told, 0);
            if scope == "residents" {
                assert!(said(&town, "garder").await.is_empty(), "nothing of it leaves");
                assert_eq!(zoe.opens(&here).await.status, 200, "she lives here");
            } else {
                is_nothing(&mut zoe, &group, &never).await;
                for activity in said(&town, "garder").await {
                    assert!(!activity.to_string().contains(federation::PUBLIC), "{activity}");
                }
            }
        }
    }
}

#[tokio::test]
async fn who_is_put_out_reads_the_reason_and_nothing_else() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let group = group(&mut mayor, "members", &[]).await;
        let here = topic(&mut mayor, &group, "Entre nous", "Voilà.").await.location();
        let mut zoe = town.citizen("zoe").await;
        let people = format!("{group}/membres");
        let invite = format!("{people}/inviter");
        let unknown = mayor
            .sends(&people, &invite, &[("handle", "@personne.ici")])
            .await;
        assert_eq!(unknown.status, 422, "{}", unknown.text());
        assert_eq!(
            mayor.sends(&people, &invite, &[("handle", "@zoe")]).await.status,
            303
        );
        // Awaited, she sees what it is, and not what is said.
        assert_eq!(zoe.opens(&group).await.status, 200);
        assert_eq!(zoe.opens(&here).await.status, 404);
        assert!(zoe.opens(LIST).await.text().contains("Vous êtes invité"));
        assert_eq!(
            zoe.sends(&group, &format!("{group}/rejoindre"), &[]).await.status,
            303
        );
        assert_eq!(zoe.opens(&here).await.status, 200);

        let handle = "zoe";
        let actor = federation::actors::by_handle(town.ctx(), handle, None)
            .await
            .unwrap()
            .unwrap();
        let out = format!("{people}/{}/exclure", actor.id);
        assert_eq!(zoe.opens(&out).await.status, 404);
        let no_reason = mayor.sends(&out, &out, &[("ground", "other")]).await;
        assert_eq!(no_reason.status, 422, "{}", no_reason.text());
        let fields = [("ground", "other"), ("reason", "Des menaces.")];
        assert_eq!(mayor.sends(&out, &out, &fields).await.status, 303);
        is_nothing(&mut zoe, &group, &format!("{LIST}/7")).await;
        is_nothing(&mut zoe, &here, &format!("{LIST}/7/sujets/8")).await;
        assert!(!zoe.opens(LIST).await.text().contains("Les sentiers"));
        let decision: i64 = on_db!(&town.ctx().db, c =>
            sqlx::query_scalar("SELECT id FROM discussion_decision").fetch_one(c).await)
        .unwrap();
        let decision = format!("/moderation/decisions/{decision}");
        let page = zoe.opens(&decision).await.text();
        assert!(page.contains("Des menaces."), "{page}");
        let contested = zoe
            .sends(&decision, &decision, &[("text", "Ce n’était pas moi.")])
            .await;
        assert_eq!(contested.status, 303, "{}", contested.text());

        // Somebody else than who decided reviews it.
        let back = format!("{people}/{}", actor.id);
        let mut dora = town.delegate("dora", Right::Groups).await;
        assert_eq!(dora.sends(&people, &back, &[("deed", "back")]).await.status, 303);
        is_nothing(&mut zoe, &group, &format!("{LIST}/7")).await;
        assert_eq!(
            mayor.sends(&people, &invite, &[("handle", "@zoe")]).await.status,
            303
        );
        assert_eq!(zoe.opens(&group).await.status, 200);
    }
}

#[tokio::test]
async fn people_of_other_servers_join_a_public_group_and_moderate_it() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let group = group(&mut mayor, "public", &[]).await;
        let actor = actor_of(&town, &group).await;
        let (ami, autre) = (guest(&town, "ami").await, guest(&town, "autre").await);
        let document = town
            .stranger()
            .reads(&format!("/ap/actors/{}", actor.id))
            .await
            .json();
        assert_eq!(document["type"], "Group");
        assert_eq!(
            document["attributedTo"],
            json!(format!("{}/moderators", actor.uri))
        );

        let follow = json!({ "id": "https://social.example/f/1", "type": "Follow", "actor": ami.uri,
            "object": actor.uri });
        assert_eq!(takes(&town, &ami, follow).await, Verdict::Done);
        assert!(!said(&town, "\"Accept\"").await.is_empty());
        let to = [federation::PUBLIC, actor.uri.as_str()];
        let first = note(&ami, 1, &actor.uri, "@groupe Une idée de balade", &to);
        assert_eq!(takes(&town, &ami, create(&ami, 1, &first)).await, Verdict::Done);
        assert!(mayor.opens(&group).await.text().contains("Une idée de balade"));
        let announced = said(&town, "social.example/notes/1").await;
        let whole = announced
            .iter()
            .any(|a| a["type"] == "Announce" && a["object"]["type"] == "Create");
        let alone = announced
            .iter()
            .any(|a| a["type"] == "Announce" && a["object"] == first["id"]);
        assert!(whole && alone, "{announced:?}");

        // Who is no member waits; what is not for everybody is nothing for a public group.
        let second = note(&autre, 2, &actor.uri, "Publicité", &to);
        assert_eq!(
            takes(&town, &autre, create(&autre, 2, &second)).await,
            Verdict::Done
        );
        assert!(!town.stranger().opens(&group).await.text().contains("Publicité"));
        assert!(said(&town, "social.example/notes/2").await.is_empty());
        let narrow = note(&ami, 3, &actor.uri, "Chut", &[&actor.uri]);
        assert!(matches!(
            takes(&town, &ami, create(&ami, 3, &narrow)).await,
            Verdict::Ignore(_)
        ));

        // Nobody moderates who was not chosen.
        let delete = |by: &Actor, n: u32| {
            json!({ "id": format!("https://social.example/d/{n}"), "type": "Delete", "actor": by.uri,
                "object": "https://social.example/notes/2", "summary": "Hors sujet" })
        };
        assert!(matches!(
            takes(&town, &ami, delete(&ami, 1)).await,
            Verdict::Reject(_)
        ));
        let people = format!("{group}/membres");
        let name = format!("{people}/{}", ami.id);
        assert_eq!(
            mayor.sends(&people, &name, &[("deed", "moderator")]).await.status,
            303
        );
        let moderators = town
            .stranger()
            .reads(&format!("/ap/actors/{}/moderators", actor.id))
            .await
            .json();
        assert!(
            moderators["orderedItems"].to_string().contains(&ami.uri),
            "{moderators}"
        );
        assert_eq!(takes(&town, &ami, delete(&ami, 2)).await, Verdict::Done);

        let lock = json!({ "id": "https://social.example/l/1", "type": "Lock", "actor": ami.uri,
            "object": "https://social.example/notes/1" });
        assert_eq!(takes(&town, &ami, lock.clone()).await, Verdict::Done);
        assert!(
            town.stranger()
                .opens(&group)
                .await
                .text()
                .contains("Réponses closes")
        );
        let undo =
            json!({ "id": "https://social.example/l/2", "type": "Undo", "actor": ami.uri, "object": lock });
        assert_eq!(takes(&town, &ami, undo).await, Verdict::Done);
        assert!(
            !town
                .stranger()
                .opens(&group)
                .await
                .text()
                .contains("Réponses closes")
        );

        let block = json!({ "id": "https://social.example/b/1", "type": "Block", "actor": ami.uri,
            "object": autre.uri, "target": actor.uri, "summary": "Publicité" });
        assert_eq!(takes(&town, &ami, block).await, Verdict::Done);
        let again = note(&autre, 4, &actor.uri, "Encore", &to);
        assert!(matches!(
            takes(&town, &autre, create(&autre, 4, &again)).await,
            Verdict::Ignore(_)
        ));
        let update = json!({ "id": "https://social.example/u/1", "type": "Update", "actor": ami.uri,
            "object": { "id": actor.uri, "type": "Group", "name": "Les chemins" } });
        assert_eq!(takes(&town, &ami, update).await, Verdict::Done);
        assert!(town.stranger().opens(&group).await.text().contains("Les chemins"));

        // Its author takes it back.
        let gone = json!({ "id": "https://social.example/d/3", "type": "Delete", "actor": ami.uri,
            "object": "https://social.example/notes/1" });
        assert_eq!(takes(&town, &ami, gone).await, Verdict::Done);
        assert!(
            !town
                .stranger()
                .opens(&group)
                .await
                .text()
                .contains("Une idée de balade")
        );
    }
}

#[tokio::test]
async fn members_of_other_servers_write_in_a_members_group_and_strangers_do_not() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let group = group(&mut mayor, "members", &[]).await;
        let actor = actor_of(&town, &group).await;
        let (ami, autre) = (guest(&town, "ami").await, guest(&town, "autre").await);
        let follow = |who: &Actor, n: u32| {
            json!({ "id": format!("https://social.example/f/{n}"), "type": "Follow", "actor": who.uri,
                "object": actor.uri })
        };
        assert_ne!(takes(&town, &ami, follow(&ami, 1)).await, Verdict::Done);
        assert!(said(&town, "\"Accept\"").await.is_empty() && said(&town, "\"Reject\"").await.is_empty());
        let people = format!("{group}/membres");
        let invited = mayor
            .sends(
                &people,
                &format!("{people}/inviter"),
                &[("handle", "@ami@social.example")],
            )
            .await;
        assert_eq!(invited.status, 303, "{}", invited.text());
        assert_eq!(said(&town, "\"Invite\"").await.len(), 1);
        assert_eq!(takes(&town, &ami, follow(&ami, 2)).await, Verdict::Done);
        assert_eq!(said(&town, "\"Accept\"").await.len(), 1);

        let first = note(&ami, 1, &actor.uri, "Une idée à garder", &[&actor.uri]);
        assert_eq!(takes(&town, &ami, create(&ami, 1, &first)).await, Verdict::Done);
        assert!(mayor.opens(&group).await.text().contains("Une idée à garder"));
        let foreign = note(&autre, 2, &actor.uri, "Je passe", &[&actor.uri]);
        assert!(matches!(
            takes(&town, &autre, create(&autre, 2, &foreign)).await,
            Verdict::Ignore(_)
        ));
        let open = note(
            &ami,
            3,
            &actor.uri,
            "Pour tous",
            &[federation::PUBLIC, &actor.uri],
        );
        assert!(matches!(
            takes(&town, &ami, create(&ami, 3, &open)).await,
            Verdict::Ignore(_)
        ));
        for activity in said(&town, &actor.uri).await {
            assert!(!activity.to_string().contains(federation::PUBLIC), "{activity}");
        }
        let inboxes: Vec<String> = on_db!(&town.ctx().db, c => sqlx::query_scalar(
            "SELECT DISTINCT inbox FROM federation_delivery").fetch_all(c).await)
        .unwrap();
        assert!(inboxes.iter().all(|inbox| *inbox == ami.inbox), "{inboxes:?}");

        // Put out: what he writes is nothing any more.
        let out = format!("{people}/{}/exclure", ami.id);
        let fields = [("ground", "other"), ("reason", "Il le sait.")];
        assert_eq!(mayor.sends(&out, &out, &fields).await.status, 303);
        let late = note(&ami, 4, &actor.uri, "Encore moi", &[&actor.uri]);
        assert!(matches!(
            takes(&town, &ami, create(&ami, 4, &late)).await,
            Verdict::Ignore(_)
        ));
        let answer = json!({
            "id": "https://social.example/notes/5", "type": "Note", "attributedTo": ami.uri,
            "inReplyTo": "https://social.example/notes/1", "to": [&actor.uri], "audience": &actor.uri,
            "content": "<p>Et une réponse</p>",
        });
        assert_ne!(takes(&town, &ami, create(&ami, 5, &answer)).await, Verdict::Done);
        assert_ne!(takes(&town, &ami, follow(&ami, 3)).await, Verdict::Done);
    }
}
