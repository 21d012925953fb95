//! A poll from its opening to its count.

use std::time::Duration;

use account::Right;
use account::actions::people;
use testkit::Town;

use super::{Prepared, id_of, key_of, opens, sends, shows, votes};

const WEEK: Duration = Duration::from_secs(8 * 86_400);

#[tokio::test]
async fn a_poll_is_opened_voted_in_and_counted() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let path = opens(&mut mayor, &[]).await;
        let page = town.stranger().opens(&path).await.text();
        assert!(page.contains("Une piste cyclable"), "{page}");
        assert!(page.contains("Sondage sans valeur juridique"));
        let mut receipts = Vec::new();
        for n in 0..6u8 {
            let mut voter = town.citizen(&format!("votante{n}")).await;
            let receipt = votes(&town, &mut voter, &path, if n < 4 { "0" } else { "1" }, 40 + n).await;
            let seen = shows(&town, &path, &receipt).await;
            assert_eq!(seen["in_the_box"], true);
            // Counts appear with the fifth ballot, and do not move with the sixth.
            let ballots = &seen["tally"]["ballots"];
            assert_eq!(
                *ballots,
                if n < 4 { serde_json::Value::Null } else { 5.into() },
                "{n}"
            );
            receipts.push(receipt);
        }
        assert_eq!(
            town.stranger()
                .opens(&format!("{path}/bulletins.json"))
                .await
                .status,
            404
        );
        town.waits(WEEK).await;
        for receipt in &receipts {
            let seen = shows(&town, &path, receipt).await;
            assert_eq!(seen["in_the_box"], true);
            assert_eq!(seen["tally"]["options"][0]["votes"], 4);
            assert_eq!(seen["tally"]["options"][1]["votes"], 2);
            assert_eq!(seen["tally"]["eligible"], 7);
        }
        let page = town.stranger().opens(&path).await.text();
        assert!(page.contains("66,7"), "{page}");
        let list = town
            .stranger()
            .opens(&format!("{path}/bulletins.json"))
            .await
            .json();
        assert_eq!(list["ballots"].as_array().unwrap().len(), 6);
        assert_eq!(list["signatures"], 6);
        assert_eq!(list["proof"]["cryptosuite"], "eddsa-jcs-2022");
        let register = town
            .stranger()
            .opens(&format!("{path}/registre.json"))
            .await
            .json();
        assert_eq!(register["signatures"].as_array().unwrap().len(), 6);
        let shown = town.stranger().opens(&format!("{path}/bulletins")).await.text();
        let number = polls::model::number(&receipts[0].ballot.key(id_of(&path)));
        assert!(shown.contains(&number), "{shown}");
        let csv = town
            .stranger()
            .opens(&format!("{path}/resultats.csv"))
            .await
            .text();
        assert!(csv.contains("Oui,4,667,6,7,,\r\n"), "{csv}");
        let outcome = town
            .stranger()
            .reads(&format!("/ap/results/{}", id_of(&path)))
            .await;
        assert_eq!(outcome.status, 200);
        assert!(outcome.text().contains("4 voix"), "{}", outcome.text());
        // The keys are gone.
        assert!(
            !town
                .folder
                .0
                .join("urnes")
                .join(format!("{}.cle", id_of(&path)))
                .exists()
        );
    }
}

#[tokio::test]
async fn a_lost_answer_costs_no_vote_and_nobody_votes_twice() {
    for town in Town::everywhere().await {
        let path = opens(&mut town.mayor().await, &[]).await;
        let key = key_of(&town, &path).await;
        let mut alice = town.citizen("alice").await;
        let first = Prepared::new(&key, id_of(&path), "0", 1);
        let lost = first.asks(&mut alice, &path).await;
        let again = first.asks(&mut alice, &path).await;
        assert_eq!(lost.json(), again.json());
        // Another ballot is refused, whatever is in it.
        for other in [
            Prepared::new(&key, id_of(&path), "1", 2),
            Prepared::new(&key, id_of(&path), "0", 3),
        ] {
            assert_eq!(other.asks(&mut alice, &path).await.status, 409);
        }
        let receipt = first.signed(&again);
        for _ in 0..3 {
            assert_eq!(
                sends(&town, &format!("{path}/bulletin"), &receipt).await.status,
                200
            );
        }
        // Who voted by script does not vote again without.
        let weak = alice
            .sends(&path, &format!("{path}/vote"), &[("choices", "1")])
            .await;
        assert_eq!(weak.status, 409, "{}", weak.text());
        // Nothing of it can be altered on its way.
        let mut altered = receipt.clone();
        altered.ballot.choices = polls::model::Choices::read("1").unwrap();
        assert_eq!(
            sends(&town, &format!("{path}/bulletin"), &altered).await.status,
            422
        );
        let mut foreign = receipt.clone();
        foreign.poll.0 += 1;
        assert_eq!(
            sends(&town, &format!("{path}/bulletin"), &foreign).await.status,
            422
        );
        let garbage = town
            .stranger()
            .asks(
                axum::http::Method::POST,
                &format!("{path}/bulletin"),
                &[("content-type", "application/json")],
                b"{\"choices\":[0]}".to_vec(),
            )
            .await;
        assert_eq!(garbage.status, 422);
        let unsigned = alice
            .sends(&path, &format!("{path}/jeton"), &[("blinded", "ff")])
            .await;
        assert!(matches!(unsigned.status, 409 | 422));
    }
}

#[tokio::test]
async fn only_those_who_belong_there_vote_and_only_in_time() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let path = opens(&mut mayor, &[("electorate", "verified")]).await;
        let key = key_of(&town, &path).await;
        let prepared = Prepared::new(&key, id_of(&path), "0", 9);
        let mut neighbour = town.neighbour("voisin", "06088").await;
        assert_eq!(prepared.asks(&mut neighbour, &path).await.status, 403);
        let mut alice = town.citizen("alice").await;
        assert_eq!(prepared.asks(&mut alice, &path).await.status, 403);
        assert!(alice.opens(&path).await.text().contains("habitants vérifiés"));
        // The town hall ticks her account.
        let residents = "/eze-06/sondages/habitants";
        let without = mayor.sends(residents, residents, &[("handle", "alice")]).await;
        assert_eq!(without.status, 422);
        let fields = [("handle", "@alice"), ("seen", "on"), ("action", "verify")];
        assert_eq!(mayor.sends(residents, residents, &fields).await.status, 303);
        let nobody = [("handle", "voisin"), ("seen", "on"), ("action", "verify")];
        assert_eq!(mayor.sends(residents, residents, &nobody).await.status, 422);
        assert_eq!(alice.sends(residents, residents, &fields).await.status, 403);
        let receipt = prepared.signed(&prepared.asks(&mut alice, &path).await);
        // At the minute of the end nothing is taken any more: 20 h in Paris, 19 h in UTC.
        let end: i64 = 1_796_065_200_000;
        let before = Duration::from_millis((end - 1 - town.ctx().clock.now().as_millis()) as u64);
        town.ctx().clock.advance(before);
        assert_eq!(
            sends(&town, &format!("{path}/bulletin"), &receipt).await.status,
            200
        );
        town.ctx().clock.advance(Duration::from_millis(1));
        assert_eq!(
            sends(&town, &format!("{path}/bulletin"), &receipt).await.status,
            409
        );
        let mut alice = town.signed_in("alice").await;
        assert_eq!(prepared.asks(&mut alice, &path).await.status, 409);
        town.works().await;
        let page = town.stranger().opens(&path).await.text();
        assert!(page.contains("Moins de cinq bulletins"), "{page}");
        assert_eq!(
            town.stranger().opens(&format!("{path}/bulletins")).await.status,
            404
        );
    }
}

#[tokio::test]
async fn the_weaker_way_gives_the_same_receipt_again() {
    for town in Town::everywhere().await {
        let path = opens(&mut town.mayor().await, &[("multiple", "oui")]).await;
        let mut alice = town.citizen("alice").await;
        let page = alice.opens(&path).await.text();
        assert!(
            page.contains("Sans JavaScript, le secret est moins fort"),
            "{page}"
        );
        let vote = format!("{path}/vote");
        let none = alice.sends(&path, &vote, &[]).await;
        assert_eq!(none.status, 422);
        let voted = alice
            .sends(&path, &vote, &[("choices", "0"), ("choices", "1")])
            .await;
        assert_eq!(voted.status, 200, "{}", voted.text());
        assert!(voted.text().contains("Voté sans JavaScript"), "{}", voted.text());
        let receipt = |text: &str| {
            text.split("<pre")
                .nth(1)
                .unwrap()
                .split("</pre>")
                .next()
                .unwrap()
                .to_owned()
        };
        let first = receipt(&voted.text());
        assert!(first.contains("parvis-receipt-1"), "{first}");
        let again = alice
            .sends(&path, &vote, &[("choices", "0"), ("choices", "1")])
            .await;
        assert_eq!(receipt(&again.text()), first);
        let other = alice.sends(&path, &vote, &[("choices", "1")]).await;
        assert_eq!(other.status, 409);
        // The receipt opens the page of results for whoever holds it, signed in or not.
        let json = first
            .split_once('>')
            .unwrap()
            .1
            .replace("&quot;", "\"")
            .replace("&#34;", "\"");
        let mut stranger = town.stranger();
        let seen = stranger
            .sends(&path, &format!("{path}/resultats"), &[("recu", &json)])
            .await;
        assert_eq!(seen.status, 200, "{}", seen.text());
        assert!(seen.text().contains("est bien dans l’urne"), "{}", seen.text());
        let wrong = stranger
            .sends(&path, &format!("{path}/resultats"), &[("recu", "{}")])
            .await;
        assert_eq!(wrong.status, 422);
    }
}

#[tokio::test]
async fn an_account_made_again_with_the_same_address_votes_once() {
    for town in Town::everywhere().await {
        let path = opens(&mut town.mayor().await, &[]).await;
        let key = key_of(&town, &path).await;
        let mut alice = town.citizen("alice").await;
        votes(&town, &mut alice, &path, "0", 5).await;
        let account = people::by_handle(town.ctx(), "alice").await.unwrap().unwrap();
        account::cli::end(town.ctx(), &account).await.unwrap();
        let password = account::Password::chosen(testkit::PASSWORD, &[]).unwrap();
        let code = "06059".parse().unwrap();
        people::create_by_operator(town.ctx(), "alice2", None, "Alice@example.org", code, &password)
            .await
            .unwrap();
        let mut again = town.signed_in("alice2").await;
        let prepared = Prepared::new(&key, id_of(&path), "1", 6);
        assert_eq!(prepared.asks(&mut again, &path).await.status, 409);
        // Somebody else with an address of her own votes.
        let mut bob = town.citizen("bob").await;
        votes(&town, &mut bob, &path, "1", 7).await;
    }
}

#[tokio::test]
async fn the_town_hall_opens_withdraws_and_enters_paper_by_right() {
    for town in Town::everywhere().await {
        let mut delegate = town.delegate("adjointe", Right::Polls).await;
        let mut other = town.delegate("agenda", Right::Agenda).await;
        let mut citizen = town.citizen("alice").await;
        for visitor in [&mut other, &mut citizen] {
            assert_eq!(visitor.opens(super::NEW).await.status, 403);
        }
        let path = opens(&mut delegate, &[("question", "Le marché le dimanche ?")]).await;
        assert!(
            town.stranger()
                .opens(&path)
                .await
                .text()
                .contains("Posé par délégation")
        );
        let looked = delegate
            .sends(
                super::NEW,
                super::NEW,
                &[("question", "x"), ("action", "publish")],
            )
            .await;
        assert_eq!(looked.status, 422);
        for (way, form) in [("retirer", &path), ("papier", &path)] {
            let action = format!("{path}/{way}");
            assert_eq!(citizen.sends(form, &action, &[]).await.status, 403, "{way}");
        }
        // Paper comes after the end.
        let paper = format!("{path}/papier");
        assert_eq!(delegate.opens(&paper).await.status, 409);
        let withdrawn = opens(&mut delegate, &[("question", "Une erreur ?")]).await;
        votes(&town, &mut citizen, &withdrawn, "0", 3).await;
        let gone = delegate
            .sends(
                &format!("{withdrawn}/retirer"),
                &format!("{withdrawn}/retirer"),
                &[],
            )
            .await;
        assert_eq!(gone.status, 303);
        assert_eq!(town.stranger().opens(&withdrawn).await.status, 410);
        let object = format!("/ap/polls/{}", id_of(&withdrawn));
        assert_eq!(town.stranger().reads(&object).await.status, 410);
        town.waits(WEEK).await;
        let mut delegate = town.signed_in("adjointe").await;
        let few = [("ballots", "3"), ("count-0", "2"), ("count-1", "1")];
        assert_eq!(delegate.sends(&paper, &paper, &few).await.status, 303);
        assert!(
            town.stranger()
                .opens(&path)
                .await
                .text()
                .contains("Moins de cinq bulletins papier")
        );
        let wrong = [("ballots", "3"), ("count-0", "2"), ("count-1", "2")];
        assert_eq!(delegate.sends(&paper, &paper, &wrong).await.status, 422);
        let right = [("ballots", "12"), ("count-0", "7"), ("count-1", "5")];
        assert_eq!(delegate.sends(&paper, &paper, &right).await.status, 303);
        let page = town.stranger().opens(&path).await.text();
        assert!(page.contains("12 bulletins"), "{page}");
    }
}
