//! "Mon compte": profile, preferences, password, address, data, the end.

use std::time::Duration;

use platform::testing::TestFolder;

use super::browser::{Browser, last_code, last_mail, mails};
use super::town::{PASSWORD, account, citizen, claim_eze, everywhere};
use crate::actions::people;
use crate::holdings::{Holding, install};
use crate::store;

const NEW: &str = "un tout autre secret bien long";

#[tokio::test]
async fn the_profile_is_changed_and_official_handles_are_refused() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        let jeanne = account(&ctx, "jeanne").await;
        account(&ctx, "paul").await;
        let mut browser = Browser::sign_in(&ctx, "jeanne").await;
        let fields = [
            ("name", "Jeanne L."),
            ("handle", "jeanne_l"),
            ("bio", "Le **sentier** <script>x</script>"),
        ];
        let answer = browser.post("/compte/profil", &fields).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        let now = citizen(&ctx, &jeanne).await;
        assert_eq!((now.name(), now.actor.handle.as_str()), ("Jeanne L.", "jeanne_l"));
        assert_eq!(now.actor.url.as_deref(), Some("https://parvis.test/@jeanne_l"));
        assert!(
            now.actor.summary.contains("<strong>sentier</strong>") && !now.actor.summary.contains("<script")
        );
        for (handle, said) in [
            ("paul", "Cet identifiant est déjà pris."),
            ("maire_eze", "Cet identifiant est réservé."),
            ("eze", "Cet identifiant est réservé."),
            ("nice", "Cet identifiant est réservé."),
            ("moderation", "Cet identifiant est réservé."),
            ("à", "Un identifiant a de 3 à 30 lettres"),
        ] {
            let answer = browser
                .post(
                    "/compte/profil",
                    &[("name", "J"), ("handle", handle), ("bio", "")],
                )
                .await;
            assert_eq!(answer.status, 422, "{handle}");
            assert!(answer.text().contains(said), "{handle}: {}", answer.text());
        }
    }
}

/// A PNG of one colour with a comment in it.
fn png() -> Vec<u8> {
    let mut image = image_bytes();
    let comment = b"tEXtComment\0N 43.72 E 7.36";
    let mut chunk = u32::try_from(comment.len() - 4).unwrap().to_be_bytes().to_vec();
    chunk.extend(comment);
    chunk.extend(crc(comment).to_be_bytes());
    let end = image.len() - 12;
    image.splice(end..end, chunk);
    image
}

/// 2 × 2 pixels, red.
fn image_bytes() -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut add = |kind: &[u8], data: &[u8]| {
        let mut body = kind.to_vec();
        body.extend(data);
        png.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        png.extend(&body);
        png.extend(crc(&body).to_be_bytes());
    };
    add(b"IHDR", &[0, 0, 0, 2, 0, 0, 0, 2, 8, 2, 0, 0, 0]);
    // A stored deflate block: two lines of a filter byte and two red pixels.
    let raw = [0, 200, 0, 0, 200, 0, 0, 0, 200, 0, 0, 200, 0, 0];
    let mut idat = vec![0x78, 1, 1, 14, 0, 241, 255];
    idat.extend(raw);
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in raw {
        a = (a + u32::from(byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    idat.extend(((b << 16) | a).to_be_bytes());
    add(b"IDAT", &idat);
    add(b"IEND", &[]);
    png
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 {
                (crc >> 1) ^ 0xedb8_8320
            } else {
                crc >> 1
            }
        })
    })
}

#[tokio::test]
async fn a_photo_is_written_anew_and_can_be_removed() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        let jeanne = account(&ctx, "jeanne").await;
        let mut browser = Browser::sign_in(&ctx, "jeanne").await;
        let sent = browser.upload("/compte/profil/photo", "photo", &png()).await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        let icon = citizen(&ctx, &jeanne).await.actor.icon_url.clone().unwrap();
        let path = icon.strip_prefix("https://parvis.test").unwrap().to_owned();
        let shown = browser.get(&path).await;
        assert_eq!(shown.status, 200);
        assert!(
            !shown.body.contains("43.72"),
            "the place of the shot is still in it"
        );
        assert!(browser.get("/compte").await.body.contains(&path));
        for wrong in [
            b"<svg onload=alert(1)>".to_vec(),
            b"%PDF-1.4".to_vec(),
            png()[..40].to_vec(),
            Vec::new(),
        ] {
            browser.get("/compte/profil").await;
            let refused = browser.upload("/compte/profil/photo", "photo", &wrong).await;
            assert_eq!(refused.status, 422);
        }
        browser.get("/compte/profil").await;
        browser.post("/compte/profil/photo", &[("remove", "1")]).await;
        assert_eq!(citizen(&ctx, &jeanne).await.actor.icon_url, None);
    }
}

#[tokio::test]
async fn preferences_follow_the_account_and_give_way_to_the_device() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        account(&ctx, "jeanne").await;
        let mut browser = Browser::sign_in(&ctx, "jeanne").await;
        let fields = [("lang", "en"), ("theme", "dark"), ("font", "lisible")];
        assert_eq!(browser.post("/compte/preferences", &fields).await.status, 303);
        let mut elsewhere = Browser::sign_in(&ctx, "jeanne").await;
        let page = elsewhere.get("/compte").await;
        assert!(
            page.body
                .contains("<html lang=\"en\" data-theme=\"dark\" data-font=\"lisible\""),
            "{}",
            page.body
        );
        assert!(page.text().contains("My account"));
        elsewhere
            .cookies
            .insert("__Host-parvis-lang".to_owned(), "fr".to_owned());
        assert!(elsewhere.get("/compte").await.text().contains("Mon compte"));
        let wrong = [("lang", "xx"), ("theme", "dark"), ("font", "lisible")];
        assert_eq!(browser.post("/compte/preferences", &wrong).await.status, 400);
    }
}

#[tokio::test]
async fn changing_the_password_asks_for_the_old_one_and_ends_other_sessions() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        account(&ctx, "jeanne").await;
        let mut here = Browser::sign_in(&ctx, "jeanne").await;
        let mut other = Browser::sign_in(&ctx, "jeanne").await;
        let wrong = here
            .post("/compte/securite", &[("password", "faux"), ("password-new", NEW)])
            .await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.text().contains("Ce mot de passe est inexact.") && !wrong.body.contains(NEW));
        let weak = here
            .post(
                "/compte/securite",
                &[("password", PASSWORD), ("password-new", "azertyuiop")],
            )
            .await;
        assert!(weak.text().contains("trop facile à deviner"));
        let done = here
            .post(
                "/compte/securite",
                &[("password", PASSWORD), ("password-new", NEW)],
            )
            .await;
        assert_eq!(done.status, 303);
        assert!(here.is_signed_in().await && !other.is_signed_in().await);
        assert_eq!(last_mail(&ctx).await.kind, "account-password-changed");
        // Guessing the old one is braked as at the door.
        let mut statuses = Vec::new();
        for _ in 0..6 {
            let answer = here
                .post("/compte/securite", &[("password", "faux"), ("password-new", NEW)])
                .await;
            statuses.push(answer.status);
        }
        assert_eq!(statuses, [422, 422, 422, 422, 422, 429]);
    }
}

#[tokio::test]
async fn a_new_address_is_confirmed_there_and_the_old_one_is_told() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        let jeanne = account(&ctx, "jeanne").await;
        account(&ctx, "paul").await;
        let mut browser = Browser::sign_in(&ctx, "jeanne").await;
        for (email, password, status) in [
            ("jeanne@example.org", PASSWORD, 422),
            ("nulle part", PASSWORD, 422),
            ("neuve@example.org", "faux", 422),
        ] {
            let answer = browser
                .post("/compte/adresse", &[("email", email), ("password", password)])
                .await;
            assert_eq!(answer.status, status, "{email}");
        }
        let begun = browser
            .post(
                "/compte/adresse",
                &[("email", "neuve@example.org"), ("password", PASSWORD)],
            )
            .await;
        assert_eq!(begun.location, "/compte/adresse/code");
        assert_eq!(browser.get("/compte/adresse/code").await.status, 200);
        assert_eq!(last_mail(&ctx).await.to.as_str(), "neuve@example.org");
        let code = last_code(&ctx).await;
        assert_eq!(
            people::by_id(&ctx, jeanne.id).await.unwrap().unwrap().email,
            "jeanne@example.org"
        );
        // In Paul's hands the code is worth nothing.
        let mut paul = Browser::sign_in(&ctx, "paul").await;
        let cookie = browser.cookies["__Host-parvis-email"].clone();
        paul.cookies.insert("__Host-parvis-email".to_owned(), cookie);
        let stolen = paul.post("/compte/adresse/code", &[("code", &code)]).await;
        assert_eq!(stolen.location, "/compte/adresse");
        let done = browser.post("/compte/adresse/code", &[("code", &code)]).await;
        assert_eq!(
            (done.status, done.location.as_str()),
            (303, "/compte/adresse"),
            "{}",
            done.text()
        );
        assert_eq!(
            people::by_id(&ctx, jeanne.id).await.unwrap().unwrap().email,
            "neuve@example.org"
        );
        let told = last_mail(&ctx).await;
        assert_eq!(
            (told.to.as_str(), told.kind.as_str()),
            ("jeanne@example.org", "account-email-changed")
        );
    }
}

#[tokio::test]
async fn an_address_that_has_an_account_looks_like_any_other() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        account(&ctx, "jeanne").await;
        account(&ctx, "paul").await;
        let mut browser = Browser::sign_in(&ctx, "jeanne").await;
        let begun = browser
            .post(
                "/compte/adresse",
                &[("email", "paul@example.org"), ("password", PASSWORD)],
            )
            .await;
        assert_eq!(begun.location, "/compte/adresse/code");
        assert_eq!(last_mail(&ctx).await.kind, "account-already");
    }
}

#[tokio::test]
async fn a_citizen_opens_herself_to_other_servers_and_closes_again() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        let jeanne = account(&ctx, "jeanne").await;
        let mut browser = Browser::sign_in(&ctx, "jeanne").await;
        browser
            .post("/compte/donnees/visibilite", &[("federated", "on")])
            .await;
        assert!(citizen(&ctx, &jeanne).await.actor.is_visible());
        let fields = [("name", "Jeanne"), ("handle", "autre_nom"), ("bio", "")];
        let fixed = browser.post("/compte/profil", &fields).await;
        assert_eq!(fixed.status, 422, "other servers know her by her handle");
        browser.post("/compte/donnees/visibilite", &[]).await;
        assert!(!citizen(&ctx, &jeanne).await.actor.is_visible());
    }
}

#[tokio::test]
async fn she_moves_and_is_no_longer_verified_there() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        let jeanne = account(&ctx, "jeanne").await;
        people::verify_resident(&ctx, &jeanne, "en mairie", None)
            .await
            .unwrap();
        let mut browser = Browser::sign_in(&ctx, "jeanne").await;
        assert!(
            browser
                .get("/compte")
                .await
                .text()
                .contains("Habitant vérifié par la mairie")
        );
        let found = browser.get("/compte/profil?commune=nice").await;
        assert!(found.body.contains("value=\"06088\""), "{}", found.text());
        browser
            .post("/compte/profil/commune", &[("commune", "06088")])
            .await;
        let moved = people::by_id(&ctx, jeanne.id).await.unwrap().unwrap();
        assert_eq!(moved.commune.as_str(), "06088");
        assert!(!people::is_verified_resident(&ctx, &moved).await.unwrap());
        assert_eq!(
            browser
                .post("/compte/profil/commune", &[("commune", "99999")])
                .await
                .status,
            422
        );
    }
}

fn held() -> Holding {
    Holding {
        room: "essai",
        export: |_, actor| Box::pin(async move { Ok(serde_json::json!({ "of": actor })) }),
        erase: |_, tx, actor| {
            Box::pin(async move { platform::store::set_setting(tx, "erased", &actor.to_string()).await })
        },
    }
}

#[tokio::test]
async fn her_data_are_hers_to_take() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        install(&ctx, vec![held()]);
        let jeanne = account(&ctx, "jeanne").await;
        let mut browser = Browser::sign_in(&ctx, "jeanne").await;
        assert!(
            browser
                .get("/compte/donnees")
                .await
                .text()
                .contains("jeanne@example.org")
        );
        let file = browser.get("/compte/donnees/export.json").await;
        assert_eq!(
            file.headers["content-disposition"],
            "attachment; filename=\"parvis-jeanne.json\""
        );
        let export: serde_json::Value = serde_json::from_str(&file.body).unwrap();
        assert_eq!(export["account"]["email"], "jeanne@example.org");
        assert_eq!(export["essai"]["of"], jeanne.actor.to_string());
        assert_eq!(export["account"]["sessions"].as_array().unwrap().len(), 1);
        assert!(!file.body.contains("argon2") && !file.body.contains("token"));
    }
}

#[tokio::test]
async fn an_account_ends_at_once_and_leaves_nothing_personal() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        install(&ctx, vec![held()]);
        let jeanne = account(&ctx, "jeanne").await;
        let mut browser = Browser::sign_in(&ctx, "jeanne").await;
        let mut other = Browser::sign_in(&ctx, "jeanne").await;
        let wrong = browser.post("/compte/suppression", &[("password", "faux")]).await;
        assert_eq!(wrong.status, 422);
        let done = browser
            .post("/compte/suppression", &[("password", PASSWORD)])
            .await;
        assert_eq!((done.status, done.location.as_str()), (303, "/"));
        assert!(!browser.is_signed_in().await && !other.is_signed_in().await);
        assert!(people::by_id(&ctx, jeanne.id).await.unwrap().is_none());
        let row: (String, Option<String>, String) = platform::on_db!(&ctx.db, c => sqlx::query_as(
            "SELECT email, email_key, password_hash FROM account WHERE id = $1")
            .bind(jeanne.id).fetch_one(c).await)
        .unwrap();
        assert_eq!(row, (String::new(), None, String::new()));
        let actor = federation::actors::by_id(&ctx, jeanne.actor)
            .await
            .unwrap()
            .unwrap();
        assert!(actor.deleted_at.is_some() && actor.name.is_empty());
        let erased = platform::store::setting(&ctx.db, "erased").await.unwrap();
        assert_eq!(erased, Some(jeanne.actor.to_string()));
        assert_eq!(last_mail(&ctx).await.kind, "account-ended");
        // The address is free again, the handle is not.
        assert!(
            store::by_email(&ctx.db, "jeanne@example.org")
                .await
                .unwrap()
                .is_none()
        );
        assert!(!people::is_free(&ctx, "jeanne").await.unwrap());
    }
}

#[tokio::test]
async fn an_account_nobody_uses_ends_after_a_warning() {
    let folder = TestFolder::new();
    let days = |n: u64| Duration::from_secs(n * 24 * 3600);
    for ctx in everywhere(&folder).await {
        claim_eze(&ctx).await;
        let (jeanne, paul) = (account(&ctx, "jeanne").await, account(&ctx, "paul").await);
        let mayor = account(&ctx, "mireille").await;
        crate::cli::give_role(&ctx, &mayor, crate::Role::Mayor, None, crate::Rights::NONE)
            .await
            .unwrap();
        let look = || async {
            let mut tx = ctx.db.begin().await.unwrap();
            let task = crate::tasks::EndUnused;
            platform::queue::enqueue::<federation::Ctx, _>(
                &ctx,
                &mut tx,
                &task,
                platform::queue::When::now(),
            )
            .await
            .unwrap();
            tx.commit().await.unwrap();
            mails(&ctx).await.len()
        };
        ctx.clock.advance(days(699));
        assert_eq!(look().await, 0);
        ctx.clock.advance(days(1));
        assert_eq!(look().await, 2, "the mayor keeps her account");
        assert_eq!(look().await, 2, "one warning is enough");
        ctx.clock.advance(days(29));
        let mut back = Browser::sign_in(&ctx, "paul").await;
        assert!(back.is_signed_in().await);
        ctx.clock.advance(days(1));
        look().await;
        assert!(people::by_id(&ctx, jeanne.id).await.unwrap().is_none());
        assert!(people::by_id(&ctx, paul.id).await.unwrap().is_some());
        assert!(people::by_id(&ctx, mayor.id).await.unwrap().is_some());
    }
}
