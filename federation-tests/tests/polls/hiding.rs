//! Polls and public opinions that moderators take from sight, and show again.

use std::time::Duration;

use account::actions::people;
use account::actions::roles::{self, NewGrant};
use account::{Right, Rights, Role};
use federation::actors;
use serde_json::json;
use testkit::{Town, Visitor};

use super::opinions::{gives, remote, vote};
use super::{Prepared, id_of, key_of, opens, sends, votes};
use crate::api::federated;
use crate::discussion::comment_of;
use crate::hiding::{hides, restores, said};

const WEEK: Duration = Duration::from_secs(8 * 86_400);
const QUESTION: &str = "Une piste cyclable";

/// Everywhere a stranger and a citizen could read of it; none of it says more than that nothing is there.
async fn is_nowhere(town: &Town, citizen: &mut Visitor, path: &str, object: &str) {
    let id = id_of(path);
    let own = [
        path.to_owned(),
        format!("{path}/resultats.csv"),
        format!("/api/v1/statuses/{id}"),
        format!("/partager/{}/{id}", object.trim_start_matches("/ap/")),
    ];
    let lists = [
        "/eze-06".to_owned(),
        "/eze-06/sondages".to_owned(),
        "/api/v1/timelines/public".to_owned(),
        "/api/parvis/v1/communes/06059/polls".to_owned(),
        "/eze-06/moderation/journal".to_owned(),
    ];
    for who in [&mut town.stranger(), citizen] {
        for place in own.iter().chain(&lists) {
            let answer = who.opens(place).await;
            assert!(!answer.text().contains(QUESTION), "{place}: {}", answer.text());
            assert!(
                lists.contains(place) || answer.status == 404,
                "{place}: {}",
                answer.status
            );
        }
    }
    for below in ["", "/replies", "/likes"] {
        let answer = town.stranger().reads(&format!("{object}/{id}{below}")).await;
        assert_eq!(answer.status, 404, "{below}");
    }
}

/// Mayor, moderator, operator and citizen sign in again: sessions do not last as long as a poll.
async fn back(town: &Town) -> [Visitor; 4] {
    [
        town.signed_in("camille").await,
        town.signed_in("moderation").await,
        town.signed_in("exploitant").await,
        town.signed_in("zoe").await,
    ]
}

#[tokio::test]
async fn a_poll_is_hidden_counted_in_its_time_and_shown_again() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let mut moderator = town.moderator("moderation").await;
        let mut operator = town.operator("exploitant").await;
        let mut zoe = town.citizen("zoe").await;
        let path = opens(&mut mayor, &[]).await;
        let id = id_of(&path);
        let key = key_of(&town, &path).await;
        for n in 0..5u8 {
            let mut voter = town.citizen(&format!("votante{n}")).await;
            votes(&town, &mut voter, &path, "0", 60 + n).await;
        }
        let begun = Prepared::new(&key, id, "1", 90);
        let taken = begun.signed(&begun.asks(&mut zoe, &path).await);

        let flag = format!("/signaler/polls/{id}");
        assert_eq!(
            zoe.sends(&flag, &flag, &[("category", "privacy")]).await.status,
            303
        );
        let place = format!("/eze-06/moderation/polls/{id}");
        assert_eq!(zoe.sends(&path, &place, &[("deed", "hide")]).await.status, 403);
        assert_eq!(hides(&mut moderator, &place).await, 303);
        is_nowhere(&town, &mut zoe, &path, "/ap/polls").await;
        assert_eq!(said(&town).await, ["Create", "Delete"]);

        // Nobody takes a ballot, nor drops one in.
        let api = format!("/api/parvis/v1/polls/{id}");
        assert_eq!(town.stranger().opens(&api).await.status, 404);
        for address in [format!("{path}/bulletin"), format!("{api}/ballots")] {
            assert_eq!(sends(&town, &address, &taken).await.status, 404, "{address}");
        }
        let blinded = [("blinded", "00")];
        let token = zoe.sends("/compte", &format!("{path}/jeton"), &blinded).await;
        assert_eq!(token.status, 404);
        // Those who asked and those who decide still read it, and find the decision.
        for who in [&mut mayor, &mut moderator, &mut operator] {
            let page = who.opens(&path).await.text();
            assert!(
                page.contains(QUESTION) && page.contains("Masqué par la modération"),
                "{page}"
            );
            assert!(page.contains("/moderation/decisions/"), "{page}");
            assert!(!page.contains(&format!("{path}/vote")), "{page}");
        }

        // Its end comes, and is told to nobody.
        town.waits(WEEK).await;
        [mayor, moderator, operator, zoe] = back(&town).await;
        assert!(!town.folder.0.join("urnes").join(format!("{id}.cle")).exists());
        is_nowhere(&town, &mut zoe, &path, "/ap/polls").await;
        assert_eq!(
            town.stranger().reads(&format!("/ap/results/{id}")).await.status,
            404
        );
        assert_eq!(said(&town).await, ["Create", "Delete"]);
        let told = zoe.opens("/notifications").await.text();
        assert!(!told.contains(QUESTION), "{told}");

        assert_eq!(restores(&mut operator, &place).await, 303);
        let page = town.stranger().opens(&path).await.text();
        assert!(page.contains(QUESTION) && page.contains("100"), "{page}");
        for object in ["polls", "results"] {
            let object = format!("/ap/{object}/{id}");
            assert_eq!(town.stranger().reads(&object).await.status, 200, "{object}");
        }
        let again = ["Undo", "Undo", "Create", "Create"];
        assert!(said(&town).await.ends_with(&again.map(str::to_owned)));
        // Hidden once more, both notes go.
        assert_eq!(hides(&mut moderator, &place).await, 303);
        assert!(
            said(&town)
                .await
                .ends_with(&["Delete", "Delete"].map(str::to_owned))
        );
        let page = mayor.opens(&path).await.text();
        assert!(page.contains("Masqué par la modération"), "{page}");
        is_nowhere(&town, &mut zoe, &path, "/ap/polls").await;
    }
}

#[tokio::test]
async fn a_public_opinion_is_hidden_and_shown_again() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let mut moderator = town.moderator("moderation").await;
        let mut operator = town.operator("exploitant").await;
        let mut zoe = town.citizen("zoe").await;
        let path = opens(&mut mayor, &[("genre", "avis")]).await;
        let id = id_of(&path);
        let uri = format!("https://parvis.test/ap/questions/{id}");
        let anne = remote(&town, "anne", "social.example").await;
        let place = format!("/eze-06/moderation/questions/{id}");
        assert_eq!(hides(&mut moderator, &place).await, 303);
        is_nowhere(&town, &mut zoe, &path, "/ap/questions").await;
        assert_eq!(said(&town).await, ["Create", "Delete"]);
        assert_eq!(
            town.stranger().opens(&format!("/api/v1/polls/{id}")).await.status,
            404
        );
        let (answering, choice) = (format!("{path}/reponse"), [("choices", "0")]);
        let answer = zoe.sends("/compte", &answering, &choice).await;
        assert_eq!(answer.status, 404);
        gives(&town, &anne, vote(&anne, &uri, 1, "Oui")).await;
        // Whoever opens polls for the town hall finds the decision and may contest it; who keeps its agenda does not.
        let mut deputy = town.delegate("adjointe", Right::Polls).await;
        let page = deputy.opens(&path).await.text();
        assert!(page.contains("Masqué par la modération"), "{page}");
        let decision = page.split("/moderation/decisions/").nth(1).unwrap();
        let decision = format!("/moderation/decisions/{}", decision.split('"').next().unwrap());
        let mut other = town.delegate("agenda", Right::Agenda).await;
        assert_eq!(other.opens(&decision).await.status, 404);
        assert_eq!(other.opens(&path).await.status, 404);
        let appeal = [("text", "Elle est utile à tous")];
        assert_eq!(other.sends("/compte", &decision, &appeal).await.status, 404);
        assert_eq!(deputy.sends(&decision, &decision, &appeal).await.status, 303);
        assert!(mayor.opens(&path).await.text().contains(&decision));

        assert_eq!(restores(&mut operator, &place).await, 303);
        assert!(
            said(&town)
                .await
                .ends_with(&["Undo", "Create"].map(str::to_owned))
        );
        assert_eq!(
            gives(&town, &anne, vote(&anne, &uri, 2, "Oui")).await,
            federation::Verdict::Done,
            "what she sent meanwhile was not counted"
        );
        assert_eq!(zoe.sends(&path, &answering, &choice).await.status, 303);

        // Its end comes while it is hidden: nobody is told before it is shown again.
        assert_eq!(hides(&mut moderator, &place).await, 303);
        town.waits(WEEK).await;
        [mayor, moderator, operator, zoe] = back(&town).await;
        is_nowhere(&town, &mut zoe, &path, "/ap/questions").await;
        assert_eq!(said(&town).await.last().unwrap(), "Delete");
        assert_eq!(restores(&mut operator, &place).await, 303);
        let question = town.stranger().reads(&format!("/ap/questions/{id}")).await.json();
        assert!(question["closed"].is_string(), "{question}");
        assert_eq!(question["votersCount"], json!(0), "two answers are not shown");
        // While it is hidden it stays as it is; shown again, it can be taken back for good.
        assert_eq!(hides(&mut moderator, &place).await, 303);
        let withdraw = format!("{path}/retirer");
        assert!(!mayor.opens(&path).await.text().contains(&withdraw));
        assert_eq!(mayor.sends("/compte", &withdraw, &[]).await.status, 422);
        assert_eq!(restores(&mut operator, &place).await, 303);
        assert_eq!(mayor.sends(&withdraw, &withdraw, &[]).await.status, 303);
        assert_eq!(town.stranger().opens(&path).await.status, 410);
        assert_eq!(hides(&mut moderator, &place).await, 404);
    }
}

#[tokio::test]
async fn what_was_said_about_a_hidden_poll_goes_with_it() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let mut moderator = town.moderator("moderation").await;
        let mut operator = town.operator("exploitant").await;
        let _program = federated(&town, "jeanne").await;
        let mut jeanne = town.signed_in("jeanne").await;
        let author = actors::by_handle(town.ctx(), "jeanne", None)
            .await
            .unwrap()
            .unwrap();
        let path = opens(&mut mayor, &[("comment_mode", "all_held")]).await;
        let id = id_of(&path);
        let commenting = format!("/commenter/polls/{id}");
        let says = [("text", "Une bonne question")];
        let answer = jeanne.sends(&path, &commenting, &says).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        let held = comment_of(&answer);
        let place = format!("/eze-06/moderation/polls/{id}");
        let comment = format!("/eze-06/moderation/comments/{held}");
        assert_eq!(hides(&mut moderator, &place).await, 303);
        let before = said(&town).await;
        // Nobody lets a comment out under what is hidden.
        let approve = [("deed", "approve")];
        assert_eq!(moderator.sends("/compte", &comment, &approve).await.status, 422);
        assert_eq!(said(&town).await, before);
        assert_eq!(restores(&mut operator, &place).await, 303);
        assert_eq!(moderator.sends("/compte", &comment, &approve).await.status, 303);
        let outbox = format!(
            "{}/outbox?page=true",
            author.uri.trim_start_matches("https://parvis.test")
        );
        let shown = town.stranger().reads(&outbox).await.text();
        assert!(shown.contains("bonne question"), "{shown}");
        // Hidden once more, it leaves her outbox too, and comes back with the poll.
        assert_eq!(hides(&mut moderator, &place).await, 303);
        let shown = town.stranger().reads(&outbox).await;
        assert_eq!(shown.status, 200);
        assert!(!shown.text().contains("bonne question"), "{}", shown.text());
        assert_eq!(restores(&mut operator, &place).await, 303);
        let shown = town.stranger().reads(&outbox).await.text();
        assert!(shown.contains("bonne question"), "{shown}");
    }
}

#[tokio::test]
async fn those_who_open_polls_are_told_and_do_not_judge_themselves() {
    for town in Town::everywhere().await {
        let mut deputy = town.delegate("adjointe", Right::Polls).await;
        let mut editor = town.delegate("redaction", Right::News).await;
        let account = people::by_handle(town.ctx(), "adjointe").await.unwrap().unwrap();
        let eze = "06059".parse().unwrap();
        let grant = NewGrant {
            account: account.id,
            role: Role::Moderator,
            commune: Some(eze),
            rights: Rights::NONE,
        };
        roles::give(town.ctx(), None, grant).await.unwrap();
        let mut moderator = town.moderator("moderation").await;
        let path = opens(&mut deputy, &[]).await;
        let place = format!("/eze-06/moderation/polls/{}", id_of(&path));
        assert_eq!(hides(&mut moderator, &place).await, 303);
        let told = async |who: &mut Visitor| {
            let notices = who.opens("/notifications").await.text();
            notices.contains("a pris une décision qui vous concerne")
        };
        assert!(told(&mut deputy).await);
        assert!(!told(&mut editor).await, "she could not read it");
        assert_eq!(restores(&mut deputy, &place).await, 403);
    }
}
