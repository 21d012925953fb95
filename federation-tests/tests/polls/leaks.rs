//! Looks for early and for small results on every way out: nothing may change anywhere before it may be shown.

use std::time::Duration;

use account::actions::people;
use testkit::{Town, Visitor};

use super::{id_of, opens, shows, votes};
use crate::api::Program;

/// Every way out that could tell something of a poll, as somebody sees it.
async fn ways_out(town: &Town, visitor: &mut Visitor, path: &str) -> Vec<(String, String)> {
    let id = id_of(path);
    let mut seen = Vec::new();
    for page in [
        path.to_owned(),
        "/eze-06/sondages".to_owned(),
        "/eze-06".to_owned(),
        "/eze-06/plus".to_owned(),
        "/eze-06/actualites.atom".to_owned(),
        "/eze-06/actualites.json".to_owned(),
        "/sitemaps/actualites.xml".to_owned(),
        "/notifications".to_owned(),
        "/compte/donnees".to_owned(),
        format!("/partager/polls/{id}"),
        format!("{path}/bulletins"),
        format!("{path}/bulletins.json"),
        format!("{path}/registre.json"),
        format!("{path}/resultats.csv"),
        format!("{path}/papier"),
        format!("/api/parvis/v1/polls/{id}"),
        format!("/api/parvis/v1/polls/{id}/ballots"),
        format!("/api/parvis/v1/polls/{id}/register"),
        "/api/parvis/v1/communes/06059/polls".to_owned(),
        format!("/api/v1/statuses/{id}"),
        format!("/api/v1/polls/{id}"),
        "/api/v1/timelines/public".to_owned(),
        "/api/v1/instance".to_owned(),
        "/nodeinfo/2.1".to_owned(),
    ] {
        let answer = visitor.opens(&page).await;
        seen.push((page, format!("{} {}", answer.status, scrubbed(&answer.text()))));
    }
    let commune = commune::actions::by_code(town.ctx(), "06059".parse().unwrap())
        .await
        .unwrap()
        .unwrap();
    let office = format!("/ap/actors/{}", commune.claim.unwrap().mayor);
    for object in [
        format!("/ap/polls/{id}"),
        format!("/ap/results/{id}"),
        format!("/ap/polls/{id}/replies"),
        format!("{office}/outbox"),
        format!("{office}/outbox?page=true"),
        office,
    ] {
        let answer = visitor.reads(&object).await;
        seen.push((object, format!("{} {}", answer.status, scrubbed(&answer.text()))));
    }
    let mails = town.ctx().mailer.sent().len();
    seen.push(("mails".to_owned(), mails.to_string()));
    seen
}

/// Without what changes at every request.
fn scrubbed(text: &str) -> String {
    let mut kept = String::new();
    for line in text.lines() {
        let volatile = ["csrf", "Référence", "\"reference\"", "proofValue", "reference"];
        if !volatile.iter().any(|word| line.contains(word)) {
            let words = line
                .split(['<', '>', ' ', '"'])
                .filter(|word| !is_reference(word));
            kept.push_str(&words.collect::<Vec<_>>().join(" "));
            kept.push('\n');
        }
    }
    kept
}

/// `7F3K-2M9D`, which error pages bear.
fn is_reference(word: &str) -> bool {
    let halves: Vec<&str> = word.split('-').collect();
    let half =
        |half: &&str| half.len() == 4 && half.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
    halves.len() == 2 && halves.iter().all(half)
}

#[tokio::test]
async fn nothing_changes_anywhere_before_it_may_be_shown() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let path = opens(&mut mayor, &[("electorate", "declared")]).await;
        let mut voters = Vec::new();
        for n in 0..11 {
            voters.push(town.citizen(&format!("votante{n}")).await);
        }
        let mut watchers = vec![
            ("stranger", town.stranger()),
            ("mayor", mayor),
            ("operator", town.operator("hebergeur").await),
            ("citizen", town.citizen("curieuse").await),
            ("moderator", town.moderator("moderatrice").await),
        ];
        // Once before it counts: opening the notices empties the bell of the next page.
        for (_, watcher) in &mut watchers {
            ways_out(&town, watcher, &path).await;
        }
        let mut states = Vec::new();
        let mut receipts: Vec<polls::model::Receipt> = Vec::new();
        let mut told = Vec::new();
        for n in 0..=voters.len() {
            let mut seen = Vec::new();
            for (who, watcher) in &mut watchers {
                let ways = ways_out(&town, watcher, &path).await;
                seen.extend(ways.into_iter().map(|(way, text)| (format!("{who} {way}"), text)));
            }
            states.push(seen);
            // The first voter looks again after each ballot.
            if let Some(first) = receipts.first() {
                told.push(shows(&town, &path, first).await);
            }
            if let Some(voter) = voters.get_mut(n) {
                receipts.push(votes(&town, voter, &path, "0", 90 + n as u8).await);
            }
        }
        // 0 to 4 ballots are one state, 5 to 9 another, 10 and 11 the third.
        for (n, state) in states.iter().enumerate() {
            let first = &states[n / 5 * 5];
            for ((way, before), (_, now)) in first.iter().zip(state) {
                assert_eq!(before, now, "{way} told that a ballot came, at {n}");
            }
        }
        // Nor does a receipt count them: nothing of 1 to 4, the same five of 5 to 9, the same ten of 10 and 11.
        for (n, seen) in (1..).zip(&told) {
            assert_eq!(
                seen,
                &told[(n / 5 * 5).max(1) - 1],
                "a receipt told that a ballot came, at {n}"
            );
            assert_eq!(
                seen["tally"]["ballots"].as_i64(),
                (n >= 5).then_some(n as i64 / 5 * 5)
            );
        }
        // Even then no choice has a number: what changes is how many took part.
        for ((way, before), (_, now)) in states[0].iter().zip(&states[10]) {
            let added: Vec<&str> = now.lines().filter(|line| !before.contains(line)).collect();
            assert!(
                added.iter().all(|line| line.contains("de participation")),
                "{way}: {added:?}"
            );
        }
        let seen = shows(&town, &path, &receipts[0]).await;
        assert_eq!(seen["tally"]["ballots"], 10);
    }
}

#[tokio::test]
async fn a_receipt_shows_nothing_of_four_ballots_and_a_small_poll_is_never_counted() {
    for town in Town::everywhere().await {
        let path = opens(&mut town.mayor().await, &[]).await;
        let mut receipts = Vec::new();
        for n in 0..4u8 {
            let mut voter = town.citizen(&format!("votante{n}")).await;
            receipts.push(votes(&town, &mut voter, &path, "0", n).await);
        }
        for receipt in &receipts {
            assert!(shows(&town, &path, receipt).await["tally"].is_null());
        }
        town.waits(Duration::from_secs(8 * 86_400)).await;
        for receipt in &receipts {
            let seen = shows(&town, &path, receipt).await;
            assert!(seen["tally"].is_null() && seen["closed"] == true, "{seen}");
        }
        let page = town.stranger().opens(&path).await.text();
        assert!(page.contains("Moins de cinq bulletins") && !page.contains("de participation"));
        let outcome = town
            .stranger()
            .reads(&format!("/ap/results/{}", id_of(&path)))
            .await;
        let outcome = outcome.text();
        assert!(outcome.contains("Moins de cinq bulletins"), "{outcome}");
        for way in ["bulletins", "bulletins.json", "registre.json", "resultats.csv"] {
            let answer = town.stranger().opens(&format!("{path}/{way}")).await;
            assert_eq!(answer.status, 404, "{way}");
        }
        let poll = town
            .stranger()
            .opens(&format!("/api/parvis/v1/polls/{}", id_of(&path)))
            .await
            .json();
        assert!(poll["results"].is_null());
        // The ballots are not even kept.
        let kept: i64 = platform::on_db!(&town.ctx().db, c =>
            sqlx::query_scalar("SELECT COUNT(*) FROM poll_ballot").fetch_one(c).await)
        .unwrap();
        assert_eq!(kept, 0);
    }
}

#[tokio::test]
async fn her_own_data_tell_that_she_took_a_ballot_and_no_more() {
    for town in Town::everywhere().await {
        let path = opens(&mut town.mayor().await, &[]).await;
        let mut alice = town.citizen("alice").await;
        votes(&town, &mut alice, &path, "1", 8).await;
        let account = people::by_handle(town.ctx(), "alice").await.unwrap().unwrap();
        let held = (polls::holding::holding().export)(town.ctx(), account.actor)
            .await
            .unwrap();
        let taken = held["ballots_taken_in_running_polls"].as_array().unwrap();
        assert_eq!(taken.len(), 1);
        assert!(!held.to_string().contains("choice"), "{held}");
        let program = Program::of(&town, "alice", false).await;
        let status = program.get(&format!("/api/v1/statuses/{}", id_of(&path))).await;
        assert_eq!(status.status, 200, "{}", status.text());
        assert!(status.json()["poll"].is_null());
    }
}
