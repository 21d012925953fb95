//! Signing in and out, sessions, brakes.

use std::time::{Duration, Instant};

use federation::Ctx;
use platform::limits::Limits;
use platform::testing::{self, TestFolder};

use super::browser::Browser;
use super::town::{PASSWORD, account, citizen, everywhere, with_parts};

async fn try_as(ctx: &Ctx, name: &str, password: &str) -> super::browser::Answer {
    let mut browser = Browser::new(ctx);
    browser
        .post("/connexion", &[("email", name), ("password", password)])
        .await
}

#[tokio::test]
async fn by_address_or_handle_in_any_case() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        account(&ctx, "jeanne").await;
        for name in [
            "jeanne@example.org",
            " Jeanne@EXAMPLE.org ",
            "jeanne",
            "@Jeanne",
            "@jeanne@parvis.test",
        ] {
            let answer = try_as(&ctx, name, PASSWORD).await;
            assert_eq!((answer.status, answer.location.as_str()), (303, "/"), "{name}");
        }
    }
}

#[tokio::test]
async fn the_cookie_is_as_safe_as_cookies_can_be() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        account(&ctx, "jeanne").await;
        let cookie = try_as(&ctx, "jeanne", PASSWORD)
            .await
            .set_cookie("session")
            .unwrap();
        for part in ["Path=/", "HttpOnly", "SameSite=Lax", "Secure"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert!(
            !cookie.contains("Max-Age") && !cookie.contains("Domain"),
            "{cookie}"
        );
        let mut browser = Browser::new(&ctx);
        let fields = [("email", "jeanne"), ("password", PASSWORD), ("keep", "on")];
        let lasting = browser
            .post("/connexion", &fields)
            .await
            .set_cookie("session")
            .unwrap();
        assert!(lasting.contains("Max-Age=31536000"), "{lasting}");
        // The table holds no token.
        let token = browser.cookies["__Host-parvis-session"].clone();
        let hashes: Vec<Vec<u8>> = platform::on_db!(&ctx.db, c =>
            sqlx::query_scalar("SELECT token_hash FROM account_session").fetch_all(c).await)
        .unwrap();
        assert!(
            hashes
                .iter()
                .all(|hash| hash.len() == 32 && hash != token.as_bytes())
        );
    }
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_are_answered_alike() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        account(&ctx, "jeanne").await;
        let mut answers = Vec::new();
        for name in ["jeanne@example.org", "autree@example.org"] {
            let mut browser = Browser::new(&ctx);
            let mut seen = Vec::new();
            for _ in 0..6 {
                let fields = [("email", name), ("password", "un autre mot de passe")];
                let answer = browser.post("/connexion", &fields).await;
                assert!(!answer.body.contains("un autre mot de passe"));
                seen.push((answer.status, answer.page_without(name)));
            }
            answers.push(seen);
        }
        assert_eq!(answers[0], answers[1]);
        assert_eq!(
            answers[0].iter().map(|(status, _)| *status).collect::<Vec<_>>(),
            [422, 422, 422, 422, 429, 429]
        );
        assert!(
            answers[0][0]
                .1
                .contains("Adresse ou mot de passe inexact. Il vous reste 4 essais.")
        );
        assert!(answers[0][4].1.contains("Trop d’essais. Attendez 15 minutes"));
    }
}

#[tokio::test]
async fn an_unknown_name_takes_the_same_work() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        account(&ctx, "jeanne").await;
        // The quickest of some tries: how long the work takes when nothing else disturbs.
        let mut times = Vec::new();
        for name in ["jeanne@example.org", "inconnue@example.org"] {
            let mut quickest = Duration::MAX;
            for _ in 0..4 {
                let begun = Instant::now();
                try_as(&ctx, name, "un autre mot de passe").await;
                quickest = quickest.min(begun.elapsed());
            }
            times.push(quickest);
        }
        assert!(times[1] > times[0] / 2, "{times:?}");
    }
}

#[tokio::test]
async fn five_wrong_passwords_close_the_door_for_all_processes() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        account(&ctx, "jeanne").await;
        let clock = ctx.clock.clone();
        let other = testing::ctx_with(ctx.db.clone(), &folder, |parts| parts.clock = clock).unwrap();
        let other = Ctx::new(
            other,
            federation::Config::default(),
            federation::objects::Objects::default(),
        );
        for (turn, at) in [&ctx, &other, &ctx, &other, &ctx].into_iter().enumerate() {
            let answer = try_as(at, "jeanne", "un autre mot de passe").await;
            assert_eq!(answer.status, if turn < 4 { 422 } else { 429 });
        }
        let closed = try_as(&other, "jeanne", PASSWORD).await;
        assert_eq!(closed.status, 429);
        assert_eq!(closed.headers["retry-after"], (15 * 60).to_string());
        ctx.clock.advance(Duration::from_secs(15 * 60));
        assert_eq!(try_as(&other, "jeanne", PASSWORD).await.status, 303);
        // Success starts the count anew.
        assert!(
            try_as(&ctx, "jeanne", "faux faux faux")
                .await
                .text()
                .contains("Il vous reste 4 essais")
        );
    }
}

#[tokio::test]
async fn twenty_guesses_at_once_are_five() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        account(&ctx, "jeanne").await;
        let mut set = tokio::task::JoinSet::new();
        for turn in 0..20 {
            let ctx = ctx.clone();
            set.spawn(async move {
                try_as(&ctx, "jeanne", &format!("mot de passe {turn}"))
                    .await
                    .status
            });
        }
        let looked_at = set
            .join_all()
            .await
            .into_iter()
            .filter(|status| *status == 422)
            .count();
        assert_eq!(looked_at, 4, "the fifth closes the door");
    }
}

#[tokio::test]
async fn one_address_of_the_network_has_its_brake() {
    let folder = TestFolder::new();
    for ctx in with_parts(&folder, |parts| parts.limits = Limits::default()).await {
        let mut statuses = Vec::new();
        for turn in 0..32 {
            // A stranger's claim to come from elsewhere changes nothing.
            let mut browser = Browser::new(&ctx).saying("x-forwarded-for", &format!("203.0.113.{turn}"));
            let name = format!("inconnu{turn}@example.org");
            let fields = [("email", name.as_str()), ("password", "x")];
            statuses.push(browser.post("/connexion", &fields).await.status);
        }
        assert_eq!(statuses.iter().filter(|status| **status == 422).count(), 30);
        assert_eq!(statuses.last(), Some(&429));
    }
}

#[tokio::test]
async fn forms_of_other_sites_are_refused() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        account(&ctx, "jeanne").await;
        let fields = [("email", "jeanne"), ("password", PASSWORD)];
        let mut browser = Browser::new(&ctx);
        browser.get("/connexion").await;
        assert_eq!(browser.post_as_is("/connexion", &fields).await.status, 403);
        let mut forged = vec![("csrf", "AAAA")];
        forged.extend(fields);
        assert_eq!(browser.post_as_is("/connexion", &forged).await.status, 403);
        let mut cross = browser.clone().saying("sec-fetch-site", "cross-site");
        assert_eq!(cross.post("/connexion", &fields).await.status, 403);
        let mut signed_in = Browser::sign_in(&ctx, "jeanne").await;
        for path in [
            "/deconnexion",
            "/compte/profil",
            "/compte/securite",
            "/compte/sessions",
            "/compte/suppression",
        ] {
            assert_eq!(
                signed_in.post_as_is(path, &[("which", "all")]).await.status,
                403,
                "{path}"
            );
        }
        assert!(signed_in.is_signed_in().await);
        // The token of another visitor is no token of hers.
        let mut stolen = Browser::new(&ctx);
        stolen.get("/connexion").await;
        signed_in.csrf = stolen.csrf;
        assert_eq!(signed_in.post("/deconnexion", &[]).await.status, 403);
    }
}

#[tokio::test]
async fn signing_in_ends_the_session_before_and_leads_where_one_wanted() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        account(&ctx, "jeanne").await;
        let mut browser = Browser::sign_in(&ctx, "jeanne").await;
        let mut before = browser.clone();
        let csrf = browser.csrf.clone();
        let fields = [
            ("email", "jeanne"),
            ("password", PASSWORD),
            ("suite", "/eze-06/commune?x=1"),
        ];
        let answer = browser.post("/connexion", &fields).await;
        assert_eq!(answer.location, "/eze-06/commune?x=1");
        assert!(!before.is_signed_in().await);
        assert!(browser.is_signed_in().await);
        assert_ne!(browser.csrf, csrf);
        for evil in [
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "/connexion",
        ] {
            let fields = [("email", "jeanne"), ("password", PASSWORD), ("suite", evil)];
            assert_eq!(
                Browser::new(&ctx).post("/connexion", &fields).await.location,
                "/",
                "{evil}"
            );
        }
        assert_eq!(
            browser.get("/connexion?suite=%2Fcompte").await.location,
            "/compte"
        );
    }
}

#[tokio::test]
async fn who_is_not_signed_in_is_sent_to_the_door_and_programs_are_told() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        account(&ctx, "jeanne").await;
        let mut nobody = Browser::new(&ctx);
        let asked = nobody.get("/compte/equipe?commune=06059").await;
        assert_eq!(
            (asked.status, asked.location.as_str()),
            (303, "/connexion?suite=%2Fcompte%2Fequipe%3Fcommune%3D06059")
        );
        let mut form = nobody.clone().saying("referer", "https://parvis.test/eze-06/x");
        let sent = form.post("/compte/profil", &[("name", "x")]).await;
        assert_eq!(
            (sent.status, sent.location.as_str()),
            (303, "/connexion?suite=%2Feze-06%2Fx")
        );
        let mut part = nobody
            .clone()
            .saying("hx-request", "true")
            .saying("hx-current-url", "https://parvis.test/a");
        let partial = part.get("/compte").await;
        assert_eq!(partial.status, 401);
        assert_eq!(partial.headers["hx-redirect"], "/connexion?suite=%2Fa");
        let mut program = nobody.saying("accept", "application/json");
        let refused = program.get("/compte").await;
        assert_eq!(refused.status, 401);
        assert!(refused.body.contains("\"status\":401"), "{}", refused.body);
        // The API believes no cookie, whoever is signed in.
        let mut signed_in = Browser::sign_in(&ctx, "jeanne").await;
        assert_eq!(signed_in.get("/api/essai").await.status, 401);
    }
}

#[tokio::test]
async fn sessions_are_listed_and_end_at_once() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        account(&ctx, "jeanne").await;
        account(&ctx, "paul").await;
        let mut here = Browser::sign_in(&ctx, "jeanne").await;
        let mut phone = Browser::sign_in(&ctx, "jeanne").await;
        let mut paul = Browser::sign_in(&ctx, "paul").await;
        let page = here.get("/compte/sessions").await;
        assert!(page.text().contains("Firefox, Linux") && page.text().contains("Cet appareil"));
        let id = page
            .body
            .split("name=\"which\" value=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned();
        // Somebody else's session cannot be ended.
        paul.get("/compte/sessions").await;
        paul.post("/compte/sessions", &[("which", &id)]).await;
        assert!(phone.is_signed_in().await);
        let ended = here.post("/compte/sessions", &[("which", &id)]).await;
        assert_eq!((ended.status, ended.location.as_str()), (303, "/compte/sessions"));
        assert!(!phone.is_signed_in().await && here.is_signed_in().await);

        let mut phone = Browser::sign_in(&ctx, "jeanne").await;
        here.get("/compte/sessions").await;
        here.post("/compte/sessions", &[("which", "others")]).await;
        assert!(!phone.is_signed_in().await && here.is_signed_in().await);
        let mut phone = Browser::sign_in(&ctx, "jeanne").await;
        here.get("/compte/sessions").await;
        let gone = here.post("/compte/sessions", &[("which", "all")]).await;
        assert_eq!(gone.location, "/");
        assert!(gone.set_cookie("session").unwrap().contains("Max-Age=0"));
        assert!(!phone.is_signed_in().await && !here.is_signed_in().await);
        assert!(paul.is_signed_in().await);
        let jeanne = crate::actions::people::by_handle(&ctx, "jeanne")
            .await
            .unwrap()
            .unwrap();
        assert_eq!(jeanne.secured_at, ctx.clock.now());
    }
}

#[tokio::test]
async fn signing_out_ends_the_session_itself() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        account(&ctx, "jeanne").await;
        let mut browser = Browser::sign_in(&ctx, "jeanne").await;
        let mut copy = browser.clone();
        assert_eq!(browser.get("/deconnexion").await.location, "/compte");
        let out = browser.post("/deconnexion", &[]).await;
        assert_eq!(out.location, "/");
        assert!(!copy.is_signed_in().await);
        // A cookie that opens nothing is removed.
        assert!(!copy.cookies.contains_key("__Host-parvis-session"));
    }
}

#[tokio::test]
async fn a_session_ends_unused_and_ends_anyway() {
    let folder = TestFolder::new();
    let hours = |n: u64| Duration::from_secs(n * 3600);
    for ctx in everywhere(&folder).await {
        account(&ctx, "jeanne").await;
        let mut used = Browser::sign_in(&ctx, "jeanne").await;
        let mut unused = Browser::sign_in(&ctx, "jeanne").await;
        let mut kept = Browser::new(&ctx);
        kept.post(
            "/connexion",
            &[("email", "jeanne"), ("password", PASSWORD), ("keep", "on")],
        )
        .await;
        for _ in 0..6 {
            ctx.clock.advance(hours(11));
            assert!(used.is_signed_in().await);
        }
        assert!(!unused.is_signed_in().await);
        ctx.clock.advance(hours(6));
        assert!(!used.is_signed_in().await, "three days are the end");
        ctx.clock.advance(hours(24 * 50));
        assert!(kept.is_signed_in().await);
        ctx.clock.advance(hours(24 * 60));
        assert!(!kept.is_signed_in().await);
    }
}

#[tokio::test]
async fn a_suspended_account_is_shut_out_at_once() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        let jeanne = account(&ctx, "jeanne").await;
        let mut browser = Browser::sign_in(&ctx, "jeanne").await;
        let mut tx = ctx.db.begin().await.unwrap();
        platform::on_tx!(tx, c => sqlx::query("UPDATE federation_actor SET suspended = TRUE WHERE id = $1")
            .bind(jeanne.actor).execute(c).await.map(|_| ()))
        .unwrap();
        tx.commit().await.unwrap();
        assert!(!browser.is_signed_in().await);
        let answer = try_as(&ctx, "jeanne", PASSWORD).await;
        assert!(
            answer.text().contains("Ce compte est suspendu."),
            "{}",
            answer.text()
        );
        // Without the password nobody learns that.
        assert!(
            try_as(&ctx, "jeanne", "un autre mot")
                .await
                .text()
                .contains("inexact")
        );
    }
}

#[tokio::test]
async fn pages_know_who_reads_them_errors_too() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        let jeanne = account(&ctx, "jeanne").await;
        let mut browser = Browser::sign_in(&ctx, "jeanne").await;
        let actor = citizen(&ctx, &jeanne).await.actor.id;
        for path in ["/communes", "/nulle/part/ici"] {
            let page = browser.get(path).await;
            assert!(page.text().contains("Mon compte"), "{path}: {}", page.text());
            assert!(page.body.contains(&format!("/carreaux/{actor}.svg")), "{path}");
        }
        let own = browser.get("/compte").await;
        assert_eq!(own.headers["cache-control"], "private, no-store");
        let tile = browser.get(&format!("/carreaux/{actor}.svg")).await;
        assert_eq!(tile.headers["content-type"], "image/svg+xml");
        for wrong in [
            "/carreaux/x.svg",
            "/carreaux/1",
            "/carreaux/-1.svg",
            "/carreaux/99999999999999999999999.svg",
        ] {
            assert_eq!(browser.get(wrong).await.status, 404, "{wrong}");
        }
    }
}
