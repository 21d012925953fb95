//! Polls and public opinions that moderators take from sight, and show again.

use std::time::Duration;

use account::Right;
use serde_json::json;
use testkit::{Town, Visitor};

use super::opinions::{gives, remote, vote};
use super::{Prepared, id_of, key_of, opens, sends, votes};
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
        // What is taken back for good is not shown again.
        assert_eq!(hides(&mut moderator, &place).await, 303);
        let withdraw = format!("{path}/retirer");
        assert_eq!(mayor.sends(&withdraw, &withdraw, &[]).await.status, 303);
        assert_eq!(restores(&mut operator, &place).await, 404);
        assert_eq!(town.stranger().opens(&path).await.status, 410);
    }
}
