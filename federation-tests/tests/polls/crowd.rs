//! Two hundred citizens vote at once; anybody recounts, and finds what was altered.

use std::time::Duration;

use account::Password;
use account::actions::people;
use axum::http::Method;
use platform::{on_db, on_tx};
use recount::{Documents, recount};
use serde_json::{Value, json};
use testkit::{PASSWORD, Town};

use super::{Prepared, id_of, key_of, opens};
use crate::api::{Program, good};

const CITIZENS: usize = 200;
const CONNECTIONS: usize = 20;

async fn documents(town: &Town, path: &str) -> (Value, Value) {
    let mut stranger = town.stranger();
    let list = stranger.opens(&format!("{path}/bulletins.json")).await.json();
    let register = stranger.opens(&format!("{path}/registre.json")).await.json();
    (list, register)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_citizens_vote_at_once_and_anybody_recounts() {
    for town in Town::everywhere().await {
        let path = opens(&mut town.mayor().await, &[]).await;
        let (id, key) = (id_of(&path), key_of(&town, &path).await);
        let password = Password::chosen(PASSWORD, &[]).unwrap();
        let mut programs = Vec::new();
        for n in 0..CITIZENS {
            let (handle, email) = (format!("habitante{n}"), format!("habitante{n}@example.org"));
            let code = "06059".parse().unwrap();
            people::create_by_operator(town.ctx(), &handle, None, &email, code, &password)
                .await
                .unwrap();
            programs.push(Program::of(&town, &handle, false).await);
        }
        let mut connections = tokio::task::JoinSet::new();
        for (n, programs) in programs.chunks(CITIZENS / CONNECTIONS).enumerate() {
            let (programs, key) = (programs.to_vec(), key.clone());
            let nobody = Program::of_nobody(&town);
            connections.spawn(async move {
                for (at, program) in programs.iter().enumerate() {
                    let seed = (n * CITIZENS / CONNECTIONS + at) as u8;
                    let prepared =
                        Prepared::new(&key, id, if seed.is_multiple_of(3) { "1" } else { "0" }, seed);
                    let address = format!("/api/parvis/v1/polls/{id}");
                    let blinded = json!({ "blinded": hex::encode(&prepared.blinding.blinded) });
                    let token = program
                        .send(Method::POST, &format!("{address}/token"), &blinded)
                        .await;
                    let receipt = prepared.signed(&token);
                    let ballot = receipt.ballot.line();
                    let cast = nobody.post(&format!("{address}/ballots"), &ballot).await;
                    good(&cast);
                }
            });
        }
        while let Some(done) = connections.join_next().await {
            done.unwrap();
        }
        town.waits(Duration::from_secs(8 * 86_400)).await;
        let (list, register) = documents(&town, &path).await;
        let report = recount(&Documents {
            list: Some(&list),
            register: Some(&register),
            ..Documents::default()
        });
        assert_eq!(report.faults, Vec::<String>::new());
        assert_eq!((report.ballots, report.signatures), (200, Some(200)));
        let ayes = (0..CITIZENS).filter(|seed| seed % 3 != 0).count() as u64;
        assert_eq!(
            report.counts,
            [("Oui".to_owned(), ayes), ("Non".to_owned(), 200 - ayes)]
        );
        what_is_altered_is_found(&town, &path).await;
    }
}

async fn what_is_altered_is_found(town: &Town, path: &str) {
    let (list, register) = documents(town, path).await;
    let office = commune::actions::by_code(town.ctx(), "06059".parse().unwrap())
        .await
        .unwrap()
        .unwrap();
    let office = format!("/ap/actors/{}", office.claim.unwrap().mayor);
    let actor = town.stranger().reads(&office).await.json();
    let method = list["proof"]["verificationMethod"].as_str().unwrap();
    let keys = actor["assertionMethod"].as_array().unwrap();
    let office_key = keys.iter().find(|key| key["id"] == method).unwrap();
    let office_key = office_key["publicKeyMultibase"].as_str().unwrap();
    let all = Documents {
        list: Some(&list),
        register: Some(&register),
        receipt: Some(&list["ballots"][7]),
        office_key: Some(office_key),
    };
    let report = recount(&all);
    assert!(report.is_good(), "{:?}", report.faults);
    assert_eq!((report.receipt, report.proven.len()), (Some(true), 2));
    // One vote is turned in the database.
    let mut tx = town.ctx().db.begin().await.unwrap();
    on_tx!(&mut tx, c => sqlx::query(
        "UPDATE poll_ballot SET choices = '1' WHERE hash = (SELECT hash FROM poll_ballot WHERE choices = '0'
             ORDER BY hash LIMIT 1)")
        .execute(c).await.map(|_| ()))
    .unwrap();
    tx.commit().await.unwrap();
    let (bent, _) = documents(town, path).await;
    let report = recount(&Documents {
        list: Some(&bent),
        ..all
    });
    assert!(
        report
            .faults
            .iter()
            .any(|fault| fault.contains("its signature is wrong"))
    );
    assert!(
        report
            .faults
            .iter()
            .any(|fault| fault.contains("not signed with this key"))
    );
    assert_eq!(report.ballots, 199);
    // A line of the register is taken away: there are more ballots than were given out.
    let mut short = register.clone();
    short["signatures"].as_array_mut().unwrap().pop();
    let report = recount(&Documents {
        register: Some(&short),
        ..all
    });
    assert!(
        report
            .faults
            .iter()
            .any(|fault| fault.contains("200 ballots and only 199"))
    );
    // A ballot is put in twice.
    let mut double = list.clone();
    let first = double["ballots"][0].clone();
    double["ballots"].as_array_mut().unwrap().push(first);
    let report = recount(&Documents {
        list: Some(&double),
        ..all
    });
    assert!(report.faults.iter().any(|fault| fault.contains("twice")));
    let stored: i64 = on_db!(&town.ctx().db, c =>
        sqlx::query_scalar("SELECT COUNT(*) FROM poll_ballot").fetch_one(c).await)
    .unwrap();
    assert_eq!(stored, 200);
}
