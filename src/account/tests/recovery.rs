//! A forgotten password.

use std::time::Duration;

use platform::testing::TestFolder;

use super::browser::{Browser, last_code, last_mail, mails, other_than};
use super::town::{PASSWORD, account, everywhere};

const NEW: &str = "un tout autre secret bien long";

#[tokio::test]
async fn a_code_gives_a_new_password_and_ends_every_session() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        account(&ctx, "jeanne").await;
        let mut before = Browser::sign_in(&ctx, "jeanne").await;
        // Five wrong ones have closed the door: a new password opens it.
        for _ in 0..5 {
            Browser::new(&ctx)
                .post(
                    "/connexion",
                    &[("email", "jeanne@example.org"), ("password", "faux")],
                )
                .await;
        }
        let mut browser = Browser::new(&ctx);
        let begun = browser
            .post("/mot-de-passe", &[("email", "Jeanne@example.org")])
            .await;
        assert_eq!(
            (begun.status, begun.location.as_str()),
            (303, "/mot-de-passe/code")
        );
        assert_eq!(browser.get("/mot-de-passe/code").await.status, 200);
        let code = last_code(&ctx).await;
        let weak = browser
            .post("/mot-de-passe/code", &[("code", &code), ("password", "court")])
            .await;
        assert_eq!(weak.status, 422);
        let wrong = browser
            .post(
                "/mot-de-passe/code",
                &[("code", &other_than(&code)), ("password", NEW)],
            )
            .await;
        assert!(
            wrong.text().contains("Il vous reste 4 essais"),
            "{}",
            wrong.text()
        );
        assert!(!wrong.body.contains(NEW));
        let done = browser
            .post("/mot-de-passe/code", &[("code", &code), ("password", NEW)])
            .await;
        assert_eq!((done.status, done.location.as_str()), (303, "/compte"));
        assert!(browser.is_signed_in().await && !before.is_signed_in().await);
        assert_eq!(last_mail(&ctx).await.kind, "account-password-changed");
        let sign_in = |password: &'static str| {
            let ctx = ctx.clone();
            async move {
                let fields = [("email", "jeanne@example.org"), ("password", password)];
                Browser::new(&ctx).post("/connexion", &fields).await.status
            }
        };
        assert_eq!((sign_in(NEW).await, sign_in(PASSWORD).await), (303, 422));
        let again = browser
            .post("/mot-de-passe/code", &[("code", &code), ("password", NEW)])
            .await;
        assert_eq!(again.location, "/mot-de-passe", "a code is good once");
    }
}

#[tokio::test]
async fn an_unknown_address_gets_the_same_answer_and_no_mail() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        account(&ctx, "jeanne").await;
        let mut pages = Vec::new();
        for email in ["jeanne@example.org", "autree@example.org"] {
            let mut browser = Browser::new(&ctx);
            let begun = browser.post("/mot-de-passe", &[("email", email)]).await;
            let page = browser.get("/mot-de-passe/code").await;
            let wrong = browser
                .post("/mot-de-passe/code", &[("code", "000000"), ("password", NEW)])
                .await;
            let again = browser.post("/mot-de-passe/code/autre", &[]).await;
            pages.push((
                (begun.status, begun.location),
                page.page_without(email),
                (wrong.status, wrong.page_without(email)),
                (again.status, again.location),
            ));
        }
        assert_eq!(pages[0], pages[1]);
        let sent = mails(&ctx).await;
        assert_eq!(sent.len(), 2);
        assert!(sent.iter().all(|mail| mail.to.as_str() == "jeanne@example.org"));
        let malformed = Browser::new(&ctx)
            .post("/mot-de-passe", &[("email", "jeanne")])
            .await;
        assert_eq!(malformed.status, 422);
    }
}

#[tokio::test]
async fn the_code_runs_out() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        account(&ctx, "jeanne").await;
        let mut browser = Browser::new(&ctx);
        browser
            .post("/mot-de-passe", &[("email", "jeanne@example.org")])
            .await;
        browser.get("/mot-de-passe/code").await;
        let code = last_code(&ctx).await;
        ctx.clock.advance(Duration::from_secs(601));
        let late = browser
            .post("/mot-de-passe/code", &[("code", &code), ("password", NEW)])
            .await;
        assert!(late.text().contains("n’est plus valable"));
        browser.post("/mot-de-passe/code/autre", &[]).await;
        let fresh = last_code(&ctx).await;
        let done = browser
            .post("/mot-de-passe/code", &[("code", &fresh), ("password", NEW)])
            .await;
        assert_eq!(done.status, 303);
    }
}
