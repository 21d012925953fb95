//! Walks the table of `docs/develop/access-polls.md`: who may see what, by every address.

use account::actions::{people, roles};
use account::{Right, Role};
use axum::http::Method;
use testkit::{Town, Visitor};

use super::{id_of, opens, votes};

/// Stranger, neighbour, citizen, follower, delegate of another right, delegate whose right was taken back, moderator,
/// operator, delegate for polls, mayor.
const COLUMNS: usize = 10;
const MODERATOR: usize = 6;

async fn people_of(town: &Town) -> Vec<Visitor> {
    let former = town.delegate("ancien", Right::Polls).await;
    let account = people::by_handle(town.ctx(), "ancien").await.unwrap().unwrap();
    let code = "06059".parse().unwrap();
    roles::take(town.ctx(), None, account.id, Role::Delegate, Some(code))
        .await
        .unwrap();
    let mut follower = town.neighbour("abonnee", "06088").await;
    follower
        .sends("/eze-06", "/eze-06/suivre", &[("follow", "1")])
        .await;
    vec![
        town.stranger(),
        town.neighbour("voisin", "06088").await,
        town.citizen("citoyenne").await,
        follower,
        town.delegate("agenda", Right::Agenda).await,
        former,
        town.moderator("moderatrice").await,
        town.operator("hebergeur").await,
        town.delegate("adjointe", Right::Polls).await,
        town.mayor().await,
    ]
}

/// One status for everybody, or one for those who open polls and another for the rest (a stranger is sent to sign in).
enum Expected {
    All(u16),
    Team(u16),
    SignedIn(u16),
}

#[tokio::test]
async fn everybody_sees_what_the_table_says() {
    for town in Town::everywhere().await {
        let mut all = people_of(&town).await;
        assert_eq!(all.len(), COLUMNS);
        let mut mayor = all[COLUMNS - 1].clone();
        let path = opens(&mut mayor, &[]).await;
        let opinion = opens(&mut mayor, &[("genre", "avis"), ("question", "Quel arbre ?")]).await;
        for n in 0..5u8 {
            let mut voter = town.citizen(&format!("votante{n}")).await;
            votes(&town, &mut voter, &path, "0", n).await;
        }
        let ballot = super::elsewhere::kept(&town).await;
        let id = id_of(&path);
        let asked = opinion.rsplit('/').next().unwrap().to_owned();
        let table = [
            (path.clone(), Expected::All(200)),
            ("/eze-06/sondages".to_owned(), Expected::All(200)),
            ("/sondages/anonymat".to_owned(), Expected::All(200)),
            (opinion.clone(), Expected::All(200)),
            (format!("{path}/bulletins"), Expected::All(404)),
            (format!("{path}/bulletins.json"), Expected::All(404)),
            (format!("{path}/registre.json"), Expected::All(404)),
            (format!("{path}/resultats.csv"), Expected::All(404)),
            (format!("{opinion}/resultats.csv"), Expected::All(404)),
            (format!("/api/parvis/v1/polls/{id}"), Expected::All(200)),
            (format!("/api/parvis/v1/polls/{id}/ballots"), Expected::All(404)),
            (format!("/api/parvis/v1/polls/{id}/register"), Expected::All(404)),
            (
                "/api/parvis/v1/communes/06059/polls".to_owned(),
                Expected::All(200),
            ),
            (format!("/api/v1/statuses/{id}"), Expected::All(200)),
            (format!("/api/v1/polls/{asked}"), Expected::All(200)),
            (format!("/api/v1/polls/{id}"), Expected::All(404)),
            (super::NEW.to_owned(), Expected::Team(200)),
            ("/eze-06/sondages/habitants".to_owned(), Expected::Team(200)),
            (format!("{path}/retirer"), Expected::Team(200)),
            (format!("{path}/papier"), Expected::Team(409)),
            (format!("{opinion}/retirer"), Expected::Team(200)),
            (ballot.clone(), Expected::All(200)),
            ("/ailleurs".to_owned(), Expected::SignedIn(200)),
            ("/sondages/ailleurs/1".to_owned(), Expected::All(404)),
            ("/eze-06/sondages/1".to_owned(), Expected::All(404)),
            ("/nice-06/sondages/1".to_owned(), Expected::All(404)),
        ];
        for (address, expected) in &table {
            for (column, visitor) in all.iter_mut().enumerate() {
                let status = visitor.opens(address).await.status;
                let wanted = match expected {
                    Expected::All(status) => *status,
                    Expected::Team(status) if column >= COLUMNS - 2 => *status,
                    Expected::Team(_) | Expected::SignedIn(_) if column == 0 => 303,
                    Expected::SignedIn(status) => *status,
                    Expected::Team(_) => 403,
                };
                assert_eq!(status, wanted, "{address}, column {column}");
            }
        }
        // They all are dark: what they answer would leave with their names.
        for (column, visitor) in all.iter_mut().enumerate() {
            let form = if column == 0 {
                "/connexion"
            } else {
                ballot.as_str()
            };
            let status = visitor.sends(form, &ballot, &[("choices", "0")]).await.status;
            assert_eq!(
                status,
                if column == 0 { 303 } else { 422 },
                "answer, column {column}"
            );
        }
        deeds(&town, &mut all, &path, &opinion).await;
        hidden(&mut all, [("polls", &path), ("questions", &opinion)]).await;
    }
}

/// What moderators took from sight is there for those who asked and those who decide.
async fn hidden(all: &mut [Visitor], of: [(&str, &str); 2]) {
    for (kind, path) in of {
        let place = format!("/eze-06/moderation/{kind}/{}", id_of(path));
        assert_eq!(crate::hiding::hides(&mut all[MODERATOR], &place).await, 303);
        for (column, visitor) in all.iter_mut().enumerate() {
            let wanted = if column >= MODERATOR { 200 } else { 404 };
            assert_eq!(
                visitor.opens(path).await.status,
                wanted,
                "{path}, column {column}"
            );
        }
    }
}

/// What is sent: a token only to those who vote, the town hall's deeds only by its own.
async fn deeds(town: &Town, all: &mut [Visitor], path: &str, opinion: &str) {
    let blinded = "00".repeat(256);
    for (column, visitor) in all.iter_mut().enumerate() {
        let form = if column == 0 { "/connexion" } else { path };
        let token = visitor
            .sends(form, &format!("{path}/jeton"), &[("blinded", &blinded)])
            .await
            .status;
        // Neighbour and follower live elsewhere; everybody else may vote, and zero is a number that can be signed.
        let wanted = match column {
            0 => 303,
            1 | 3 => 403,
            _ => 200,
        };
        assert_eq!(token, wanted, "token, column {column}");
        for action in [
            format!("{path}/retirer"),
            format!("{opinion}/retirer"),
            super::NEW.to_owned(),
        ] {
            if column >= COLUMNS - 2 {
                continue;
            }
            let status = visitor.sends(form, &action, &[]).await.status;
            assert_eq!(
                status,
                if column == 0 { 303 } else { 403 },
                "{action}, column {column}"
            );
        }
    }
    let program = town
        .stranger()
        .asks(
            Method::POST,
            &format!("/api/parvis/v1/polls/{}/token", id_of(path)),
            &[("content-type", "application/json")],
            b"{}".to_vec(),
        )
        .await;
    assert_eq!(program.status, 401);
}
