//! Signing up: nothing has any effect before the code, and nobody learns who has an account.

use std::time::Duration;

use federation::Ctx;
use platform::testing::TestFolder;

use super::browser::{Answer, Browser, last_code, last_mail, mails, other_than};
use super::town::{PASSWORD, account, claim_eze, everywhere, eze, with_parts};
use crate::store;

const FIELDS: [(&str, &str); 6] = [
    ("commune", "06059"),
    ("name", "Jeanne Lefèvre"),
    ("email", "Jeanne@Example.org"),
    ("password", PASSWORD),
    ("age", "on"),
    ("terms", "on"),
];

fn with<'a>(name: &str, value: &'a str) -> Vec<(&'a str, &'a str)>
where
    'static: 'a,
{
    FIELDS
        .iter()
        .map(|(key, old)| (*key, if *key == name { value } else { *old }))
        .collect()
}

fn without(name: &str) -> Vec<(&'static str, &'static str)> {
    FIELDS.into_iter().filter(|(key, _)| *key != name).collect()
}

async fn begin(ctx: &Ctx) -> Browser {
    let mut browser = Browser::new(ctx);
    let answer = browser.post("/inscription", &FIELDS).await;
    assert_eq!(
        (answer.status, answer.location.as_str()),
        (303, "/inscription/code"),
        "{}",
        answer.text()
    );
    assert_eq!(browser.get("/inscription/code").await.status, 200);
    browser
}

async fn code(browser: &mut Browser, code: &str) -> Answer {
    browser.post("/inscription/code", &[("code", code)]).await
}

#[tokio::test]
async fn a_citizen_signs_up_with_a_code_and_is_dark() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        let mut browser = Browser::new(&ctx);
        let first = browser.get("/inscription?q=eze").await;
        assert!(
            first.body.contains("/inscription?commune=06059"),
            "{}",
            first.text()
        );
        let second = browser.get("/inscription?commune=06059").await;
        assert!(
            second.text().contains("Votre commune : Èze."),
            "{}",
            second.text()
        );
        browser.post("/inscription", &FIELDS).await;
        let page = browser.get("/inscription/code").await;
        assert!(
            page.text().contains("Valable 10 minutes, jusqu’à 8 h 40."),
            "{}",
            page.text()
        );
        assert!(page.text().contains("Jeanne@example.org"));
        assert_eq!(store::count(&ctx.db).await.unwrap(), 0);
        assert!(!browser.is_signed_in().await);

        let typed = last_code(&ctx).await;
        let spaced = format!(" {} {} ", &typed[..3], &typed[3..]);
        let done = code(&mut browser, &spaced).await;
        assert_eq!((done.status, done.location.as_str()), (303, "/communes/06059"));
        let mine = browser.get("/compte").await;
        assert!(
            mine.text().contains("Jeanne Lefèvre") && mine.text().contains("@jeanne_lefevre@parvis.test")
        );
        let account = store::by_email(&ctx.db, "jeanne@example.org")
            .await
            .unwrap()
            .unwrap();
        let actor = federation::actors::by_id(&ctx, account.actor)
            .await
            .unwrap()
            .unwrap();
        assert!(!actor.federated && !actor.discoverable && !actor.is_visible());
        // The code is spent and the browser has forgotten it.
        let again = code(&mut browser, &typed).await;
        assert_eq!((again.status, store::count(&ctx.db).await.unwrap()), (303, 1));
    }
}

#[tokio::test]
async fn a_citizen_follows_her_town_hall_from_the_start() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        claim_eze(&ctx).await;
        let mut browser = begin(&ctx).await;
        let typed = last_code(&ctx).await;
        assert_eq!(code(&mut browser, &typed).await.status, 303);
        let account = store::by_email(&ctx.db, "jeanne@example.org")
            .await
            .unwrap()
            .unwrap();
        let commune = commune::actions::by_code(&ctx, eze()).await.unwrap().unwrap();
        let claim = commune.claim.unwrap();
        for office in [claim.mayor, claim.commune] {
            let follow = federation::follows::between(&ctx, account.actor, office)
                .await
                .unwrap();
            assert!(follow.is_some_and(|follow| follow.accepted));
        }
    }
}

#[tokio::test]
async fn nobody_learns_who_has_an_account() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        account(&ctx, "jeanne").await;
        let mut pages = Vec::new();
        for email in ["jeanne@example.org", "anna.b@example.org"] {
            let mut browser = Browser::new(&ctx);
            let begun = browser.post("/inscription", &with("email", email)).await;
            let waiting = browser.get("/inscription/code").await;
            let wrong = code(&mut browser, "000000").await;
            let again = browser.post("/inscription/code/autre", &[]).await;
            pages.push([
                (begun.status, begun.location.clone()),
                (waiting.status, waiting.page_without(email)),
                (wrong.status, wrong.page_without(email)),
                (again.status, again.location.clone()),
            ]);
        }
        assert_eq!(pages[0], pages[1]);
        assert_eq!(pages[0][2].0, 422);
        let sent: Vec<String> = mails(&ctx)
            .await
            .into_iter()
            .map(|mail| format!("{} {}", mail.to, mail.kind))
            .collect();
        assert_eq!(
            sent,
            [
                "jeanne@example.org account-already",
                "jeanne@example.org account-already",
                "anna.b@example.org account-code-sign-up",
                "anna.b@example.org account-code-sign-up",
            ]
        );
        assert_eq!(store::count(&ctx.db).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn five_wrong_codes_spend_it_and_another_one_can_be_had() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        let mut browser = begin(&ctx).await;
        let right = last_code(&ctx).await;
        let malformed = code(&mut browser, "12").await;
        assert!(
            malformed.text().contains("Le code a six chiffres."),
            "{}",
            malformed.text()
        );
        for left in ["4 essais", "3 essais", "2 essais", "1 essai."] {
            let answer = code(&mut browser, &other_than(&right)).await;
            assert_eq!(answer.status, 422);
            assert!(
                answer.text().contains(&format!("Il vous reste {left}")),
                "{}",
                answer.text()
            );
        }
        for typed in [&other_than(&right), &right] {
            let spent = code(&mut browser, typed).await;
            assert_eq!(spent.status, 422);
            assert!(
                spent
                    .text()
                    .contains("Ce code n’est plus valable. Demandez-en un autre.")
            );
        }
        assert_eq!(store::count(&ctx.db).await.unwrap(), 0);
        let again = browser.post("/inscription/code/autre", &[]).await;
        assert_eq!(again.location, "/inscription/code");
        let fresh = last_code(&ctx).await;
        assert_ne!(fresh, right);
        assert_eq!(code(&mut browser, &fresh).await.status, 303);
    }
}

#[tokio::test]
async fn many_guesses_at_once_are_no_more_than_many_in_a_row() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        let browser = begin(&ctx).await;
        let right = last_code(&ctx).await;
        let wrong = other_than(&right);
        let guesses = (0..20).map(|_| {
            let (mut browser, wrong) = (browser.clone(), wrong.clone());
            async move { code(&mut browser, &wrong).await.text() }
        });
        let mut tried = 0;
        for guess in futures(guesses).await {
            tried += i32::from(guess.contains("Il vous reste"));
        }
        assert_eq!(
            tried, 4,
            "the fifth says that the code is spent, as do all after it"
        );
        assert_eq!(code(&mut browser.clone(), &right).await.status, 422);
    }
}

async fn futures<F: Future<Output = String> + Send + 'static>(all: impl Iterator<Item = F>) -> Vec<String> {
    let mut set = tokio::task::JoinSet::new();
    for one in all {
        set.spawn(one);
    }
    set.join_all().await
}

#[tokio::test]
async fn a_code_runs_out_and_is_good_in_one_browser_only() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        let mut browser = begin(&ctx).await;
        let right = last_code(&ctx).await;
        let mut elsewhere = Browser::new(&ctx);
        elsewhere
            .post("/inscription", &with("email", "autre@example.org"))
            .await;
        assert_eq!(code(&mut elsewhere, &right).await.status, 422);

        ctx.clock.advance(Duration::from_secs(10 * 60 - 1));
        let mut in_time = browser.clone();
        let page = in_time.get("/inscription/code").await;
        assert!(page.text().contains("jusqu’à 8 h 40"));
        ctx.clock.advance(Duration::from_secs(1));
        let late = code(&mut browser, &right).await;
        assert_eq!(late.status, 422);
        assert!(late.text().contains("n’est plus valable"), "{}", late.text());
        // After a day nothing waits any more, in the browser nor in the table.
        ctx.clock.advance(Duration::from_secs(24 * 3600));
        mails(&ctx).await;
        assert_eq!(browser.get("/inscription/code").await.location, "/inscription");
    }
}

#[tokio::test]
async fn what_is_wrong_is_said_at_its_field_and_the_password_is_never_shown_again() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        for (fields, said) in [
            (with("name", "  "), "Indiquez le nom que les autres verront."),
            (with("name", "Mairie d’Èze"), "Ce nom est réservé à la mairie."),
            (
                with("email", "jeanne@nulle-part"),
                "Cette adresse n’est pas complète.",
            ),
            (
                with("password", "bref-9!"),
                "Choisissez un mot de passe d’au moins 10 caractères.",
            ),
            (
                with("password", "jeanne lefevre"),
                "Ce mot de passe est trop facile à deviner.",
            ),
            (
                without("age"),
                "Avant 15 ans, l’inscription demande l’accord d’un parent",
            ),
            (without("terms"), "Acceptez les règles pour continuer"),
        ] {
            let mut browser = Browser::new(&ctx);
            let answer = browser.post("/inscription", &fields).await;
            assert_eq!(answer.status, 422, "{fields:?}");
            assert!(answer.text().contains(said), "{said}: {}", answer.text());
            assert!(answer.text().starts_with("Erreur :"), "{}", answer.text());
            for (_, secret) in fields.iter().filter(|(key, _)| *key == "password") {
                assert!(!answer.body.contains(secret), "{secret}");
            }
        }
        let mut browser = Browser::new(&ctx);
        let kept = browser.post("/inscription", &without("terms")).await;
        assert!(
            kept.body.contains("value=\"Jeanne Lefèvre\"")
                && kept.body.contains("value=\"Jeanne@Example.org\"")
        );
        assert!(mails(&ctx).await.is_empty());
    }
}

#[tokio::test]
async fn an_address_is_written_to_so_often_and_no_more() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        account(&ctx, "jeanne").await;
        for email in ["jeanne@example.org", "anna@example.org"] {
            for turn in 0..6 {
                let mut browser = Browser::new(&ctx);
                let answer = browser.post("/inscription", &with("email", email)).await;
                assert_eq!(answer.status, if turn < 5 { 303 } else { 429 }, "{email} {turn}");
            }
        }
        assert_eq!(mails(&ctx).await.len(), 10);
        ctx.clock.advance(Duration::from_secs(3600));
        let mut browser = Browser::new(&ctx);
        assert_eq!(
            browser
                .post("/inscription", &with("email", "anna@example.org"))
                .await
                .status,
            303
        );
    }
}

#[tokio::test]
async fn namesakes_get_different_handles() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        for email in ["un@example.org", "deux@example.org"] {
            let mut browser = Browser::new(&ctx);
            browser.post("/inscription", &with("email", email)).await;
            browser.get("/inscription/code").await;
            let typed = last_code(&ctx).await;
            assert_eq!(code(&mut browser, &typed).await.status, 303);
        }
        let second = store::by_email(&ctx.db, "deux@example.org")
            .await
            .unwrap()
            .unwrap();
        let actor = federation::actors::by_id(&ctx, second.actor)
            .await
            .unwrap()
            .unwrap();
        assert!(actor.handle.starts_with("jeanne_lefevre_"), "{}", actor.handle);
    }
}

#[tokio::test]
async fn a_closed_server_takes_nobody() {
    let folder = TestFolder::new();
    for ctx in with_parts(&folder, |parts| parts.instance.registrations = false).await {
        let mut browser = Browser::new(&ctx);
        let page = browser.get("/inscription?commune=06059").await;
        assert!(
            page.text()
                .contains("Les inscriptions sont fermées pour le moment.")
        );
        assert_eq!(browser.post("/inscription", &FIELDS).await.status, 403);
        assert!(mails(&ctx).await.is_empty());
    }
}

#[tokio::test]
async fn the_mail_speaks_the_language_of_the_page_and_holds_no_password() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        let mut browser = Browser::new(&ctx).saying("accept-language", "en");
        browser.post("/inscription", &FIELDS).await;
        let mail = last_mail(&ctx).await;
        assert!(
            mail.subject.starts_with("Your code for signing up"),
            "{}",
            mail.subject
        );
        assert!(
            mail.text.contains("It is good for 10 minutes.")
                && mail.html.contains("It is good for 10 minutes.")
        );
        assert!(!mail.text.contains(PASSWORD) && !mail.html.contains("argon2"));
    }
}
