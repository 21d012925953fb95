//! Stories through the doors: pages and API.

use platform::testing::TestFolder;

use crate::actions::{self, ClaimError};
use crate::tests::{code, with_a_few};
use crate::{ClaimRefusal, Gender, Mandate};

/// A request through the whole web layer.
async fn get(ctx: &federation::Ctx, path: &str) -> Answer {
    ask(ctx, path, &[]).await
}

/// Stands for the room that knows accounts: whoever sends this header is the mayor.
fn whoever_says_so(parts: &axum::http::request::Parts, _: &crate::Commune) -> Option<i64> {
    parts.headers.get("x-mayor").map(|_| 7)
}

struct Answer {
    status: u16,
    location: String,
    body: String,
}

async fn ask(ctx: &federation::Ctx, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = axum::http::Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    through(ctx, request.body(axum::body::Body::empty()).unwrap()).await
}

async fn through(ctx: &federation::Ctx, request: axum::http::Request<axum::body::Body>) -> Answer {
    use tower::ServiceExt as _;
    let router = crate::routes(crate::Doors {
        front: None,
        editor: Some(whoever_says_so),
    })
    .with_state(ctx.clone());
    let router = platform::web::layers(ctx, router);
    let response = router.oneshot(request).await.unwrap();
    let location = response
        .headers()
        .get("location")
        .map(|value| value.to_str().unwrap().to_owned());
    let status = response.status().as_u16();
    let body = axum::body::to_bytes(response.into_body(), 1 << 22).await.unwrap();
    Answer {
        status,
        location: location.unwrap_or_default(),
        body: String::from_utf8_lossy(&body).into_owned(),
    }
}

async fn federated(folder: &TestFolder) -> Vec<federation::Ctx> {
    let federate = |ctx| {
        federation::Ctx::new(
            ctx,
            federation::Config::default(),
            federation::objects::Objects::default(),
        )
    };
    with_a_few(folder).await.into_iter().map(federate).collect()
}

/// The text of a page as a reader sees it, without tags.
fn text(body: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for letter in body.chars() {
        match letter {
            '<' => inside = true,
            '>' => inside = false,
            _ if !inside => text.push(letter),
            _ => {}
        }
    }
    text.replace("&#39;", "'")
        .split_ascii_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

#[tokio::test]
async fn every_commune_has_a_page_at_a_readable_address() {
    let folder = TestFolder::new();
    for ctx in federated(&folder).await {
        let page = get(&ctx, "/eze-06").await;
        assert_eq!(page.status, 200);
        let said = text(&page.body);
        for words in [
            "Èze",
            "06360",
            "2\u{202f}144",
            "Alpes-Maritimes",
            "Métropole Nice Côte d’Azur",
            "210\u{202f}600\u{202f}599",
        ] {
            assert!(said.contains(words), "{words} is missing: {said}");
        }
        assert!(!page.body.contains('⟦'), "words are missing");
        assert_eq!(page.body.matches("<h1").count(), 1);
        let data = page
            .body
            .split("application/ld+json\">")
            .nth(1)
            .unwrap()
            .split("</script>")
            .next()
            .unwrap();
        let data: serde_json::Value = serde_json::from_str(data).unwrap();
        assert_eq!(data["@type"], "GovernmentOrganization");
        assert_eq!(data["areaServed"]["identifier"]["value"], "06059");
        let english = ask(&ctx, "/eze-06", &[("accept-language", "en")]).await;
        assert!(text(&english.body).contains("Your town hall is not here yet"));
    }
}

#[tokio::test]
async fn other_spellings_and_codes_are_sent_to_the_right_address() {
    let folder = TestFolder::new();
    for ctx in federated(&folder).await {
        for (asked, status, location) in [
            ("/communes/06059", 308, "/eze-06"),
            ("/communes/75113", 308, "/paris-75"),
            ("/EZE-06", 308, "/eze-06"),
            ("/%C3%88ze-06/commune?a=b", 308, "/eze-06/commune?a=b"),
            ("/eze", 307, "/eze-06"),
            ("/06059", 308, "/eze-06"),
            ("/eze-06/commune", 307, "/eze-06"),
            ("/communes/99999", 404, ""),
            ("/communes/nice", 404, ""),
            ("/wp-login.php", 404, ""),
            ("/%00", 404, ""),
            ("/%ff%fe", 404, ""),
            ("/communes?departement=99", 404, ""),
        ] {
            let answer = get(&ctx, asked).await;
            assert_eq!(
                (answer.status, answer.location.as_str()),
                (status, location),
                "{asked}"
            );
        }
    }
}

#[tokio::test]
async fn who_is_lost_is_shown_what_may_have_been_meant() {
    let folder = TestFolder::new();
    for ctx in federated(&folder).await {
        let page = get(&ctx, "/eeze-06").await;
        assert_eq!(page.status, 404);
        assert!(page.body.contains("href=\"/eze-06\""));
        let program = ask(&ctx, "/eeze-06", &[("accept", "application/json")]).await;
        assert_eq!(program.status, 404);
        assert!(program.body.contains("\"code\":\"not-found\""));
    }
}

#[tokio::test]
async fn a_commune_is_found_by_name_and_by_postal_code() {
    let folder = TestFolder::new();
    for ctx in federated(&folder).await {
        let page = get(&ctx, "/communes?q=%C3%A8ze").await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains("href=\"/eze-06\"") && page.body.contains("value=\"èze\""));
        assert!(
            get(&ctx, "/communes?q=06360")
                .await
                .body
                .contains("href=\"/eze-06\"")
        );
        let hostile = get(&ctx, "/communes?q=%22%3E%3Cscript%3E").await;
        assert_eq!(hostile.status, 200);
        assert!(
            !hostile.body.contains("\"><script>") && text(&hostile.body).contains("Aucune commune ne répond")
        );
        let only_answers = ask(&ctx, "/communes?q=eze", &[("hx-request", "true")]).await;
        assert!(!only_answers.body.contains("<html") && only_answers.body.contains("href=\"/eze-06\""));
        for odd in [
            "/communes?q=eze&page=0",
            "/communes?q=eze&page=-1",
            "/communes?q=eze&page=99999999999999999999",
        ] {
            assert_eq!(get(&ctx, odd).await.status, 200, "{odd}");
        }
        let department = get(&ctx, "/communes?departement=06").await;
        assert!(text(&department.body).contains("Les communes des Alpes-Maritimes"));
        assert!(text(&get(&ctx, "/communes").await.body).contains("Gironde"));
    }
}

#[tokio::test]
async fn programs_ask_for_communes_in_json() {
    let folder = TestFolder::new();
    for ctx in federated(&folder).await {
        let answer = get(&ctx, "/api/parvis/v1/communes?q=eze").await;
        let json: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(
            (json["items"][0]["code"].as_str(), json["found_by"].as_str()),
            (Some("06059"), Some("name"))
        );
        let one = get(&ctx, "/api/parvis/v1/communes/06059").await;
        let eze: serde_json::Value = serde_json::from_str(&one.body).unwrap();
        assert_eq!(eze["url"], "https://parvis.test/eze-06");
        assert_eq!(
            (eze["claimed"].as_bool(), eze["actors"].is_null()),
            (Some(false), true)
        );
        assert_eq!(
            (eze["mayor_handle"].as_str(), eze["time_zone"].as_str()),
            (Some("maire-eze"), Some("Europe/Paris"))
        );
        for (asked, status) in [
            ("/api/parvis/v1/communes", 400),
            ("/api/parvis/v1/communes?q=", 400),
            ("/api/parvis/v1/communes?q=eze&limit=many", 400),
            (
                "/api/parvis/v1/communes?q=eze&limit=0&offset=18446744073709551615",
                200,
            ),
            ("/api/parvis/v1/communes/75101", 308),
            ("/api/parvis/v1/communes/00000", 404),
            ("/api/parvis/v1/communes/eze", 404),
        ] {
            assert_eq!(get(&ctx, asked).await.status, status, "{asked}");
        }
    }
}

fn mandate(holder: &str) -> Mandate {
    Mandate {
        holder: holder.to_owned(),
        gender: Gender::Feminine,
        from_year: 2026,
        to_year: Some(2032),
    }
}

#[tokio::test]
async fn a_town_hall_is_let_in_once_with_two_actors() {
    let folder = TestFolder::new();
    for ctx in federated(&folder).await {
        let keys = actions::claim_keys().await.unwrap();
        let mut tx = ctx.db.begin().await.unwrap();
        let claim = actions::claim(
            &ctx,
            &mut tx,
            code("06059"),
            &keys,
            &mandate("Camille Aubert"),
            "essai",
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();

        let mayor = federation::actors::by_handle(&ctx, "maire-eze", None)
            .await
            .unwrap()
            .unwrap();
        let itself = federation::actors::by_handle(&ctx, "eze", None)
            .await
            .unwrap()
            .unwrap();
        assert_eq!((mayor.id, itself.id), (claim.mayor, claim.commune));
        assert_eq!(
            (mayor.kind, itself.kind),
            (federation::ActorKind::Person, federation::ActorKind::Organization)
        );
        assert_eq!(
            (mayor.name.as_str(), itself.name.as_str()),
            ("La maire d’Èze", "Èze")
        );
        assert_eq!(mayor.url.as_deref(), Some("https://parvis.test/eze-06"));
        assert!(
            mayor.fields_json.contains("Compte vérifié")
                && mayor.fields_json.contains("23\u{a0}novembre 2026 : essai")
        );
        for actor in [mayor.id, itself.id] {
            assert_eq!(
                actions::by_actor(&ctx, actor).await.unwrap().unwrap().code,
                code("06059")
            );
        }
        for handle in ["eze", "maire-eze", "Maire-Eze"] {
            assert_eq!(
                actions::by_handle(&ctx, handle).await.unwrap().unwrap().code,
                code("06059")
            );
        }

        let mut tx = ctx.db.begin().await.unwrap();
        let again = actions::claim(
            &ctx,
            &mut tx,
            code("06059"),
            &keys,
            &mandate("Camille Aubert"),
            "essai",
        )
        .await;
        assert!(matches!(
            again,
            Err(ClaimError::Refused(ClaimRefusal::AlreadyClaimed))
        ));
        tx.rollback().await.unwrap();

        let page = get(&ctx, "/eze-06/commune").await;
        let said = text(&page.body);
        assert_eq!(page.status, 200);
        for words in [
            "La commune d’Èze",
            "Camille Aubert",
            "(2026-2032)",
            "@maire-eze@parvis.test",
            "Compte vérifié",
        ] {
            assert!(said.contains(words), "{words} is missing: {said}");
        }
        assert_eq!(get(&ctx, "/eze-06").await.location, "/eze-06/commune");
        let other_server = ask(&ctx, "/eze-06", &[("accept", "application/activity+json")]).await;
        assert_eq!(other_server.location, format!("/ap/actors/{}", claim.mayor));
        assert!(get(&ctx, "/communes?q=eze").await.body.contains("badge fait"));

        let mut tx = ctx.db.begin().await.unwrap();
        let next = Mandate {
            gender: Gender::Masculine,
            ..mandate("Dominique Ferrand")
        };
        actions::hand_over(&ctx, &mut tx, code("06059"), &next)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            actions::current_mandate(&ctx, code("06059")).await.unwrap(),
            Some(next)
        );
        let renamed = federation::actors::by_id(&ctx, claim.mayor)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(renamed.name, "Le maire d’Èze");
    }
}

#[tokio::test]
async fn nobody_else_may_be_let_in() {
    let folder = TestFolder::new();
    for ctx in federated(&folder).await {
        let keys = actions::claim_keys().await.unwrap();
        for (asked, holder, refusal) in [
            ("99999", "Camille Aubert", ClaimRefusal::Unknown),
            ("06088", "", ClaimRefusal::NoName),
        ] {
            let mut tx = ctx.db.begin().await.unwrap();
            let refused = actions::claim(&ctx, &mut tx, code(asked), &keys, &mandate(holder), "essai").await;
            assert!(
                matches!(refused, Err(ClaimError::Refused(why)) if why == refusal),
                "{asked}"
            );
        }
    }
}

async fn claimed_eze(ctx: &federation::Ctx) -> crate::Claim {
    let keys = actions::claim_keys().await.unwrap();
    let mut tx = ctx.db.begin().await.unwrap();
    let claim = actions::claim(
        ctx,
        &mut tx,
        code("06059"),
        &keys,
        &mandate("Camille Aubert"),
        "essai",
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    claim
}

/// Sends the form of the commune's page, as its own page would.
async fn send(ctx: &federation::Ctx, fields: &[(&str, &str)], mayor: bool) -> Answer {
    let visit = "v".repeat(43);
    let cookie = format!(
        "{}={visit}",
        platform::web::cookie(&ctx.urls, "visit", &visit, None)
            .to_str()
            .unwrap()
            .split('=')
            .next()
            .unwrap()
    );
    let form = ask(
        ctx,
        "/eze-06/commune/modifier",
        &[("cookie", &cookie), ("x-mayor", "yes")],
    )
    .await;
    let csrf = form
        .body
        .split("name=\"csrf\" value=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    let body: String = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("csrf", &csrf)
        .extend_pairs(fields)
        .finish();
    let mut request = axum::http::Request::post("/eze-06/commune/modifier")
        .header("cookie", &cookie)
        .header("content-type", "application/x-www-form-urlencoded");
    if mayor {
        request = request.header("x-mayor", "yes");
    }
    through(ctx, request.body(axum::body::Body::from(body)).unwrap()).await
}

#[tokio::test]
async fn the_town_hall_writes_its_page() {
    let folder = TestFolder::new();
    for ctx in federated(&folder).await {
        let claim = claimed_eze(&ctx).await;
        for path in ["/eze-06/commune/modifier", "/nice-06/commune/modifier"] {
            assert_eq!(get(&ctx, path).await.status, 403, "{path}");
        }
        assert!(!get(&ctx, "/eze-06/commune").await.body.contains("modifier"));
        let fields = [
            (
                "body",
                "Un village **perché** : 2000 habitants !\n\n<script>alert(1)</script>",
            ),
            ("address", "Place de l’Église\n06360 Èze"),
            ("phone", "01 99 00 12 34"),
            ("email", "mairie@eze.example.org"),
            ("website", "https://eze.example.org"),
            ("opening", "Lundi : 9 h – 12 h"),
        ];
        assert_eq!(send(&ctx, &fields, false).await.status, 403);
        let saved = send(&ctx, &fields, true).await;
        assert_eq!((saved.status, saved.location.as_str()), (303, "/eze-06/commune"));
        let page = ask(&ctx, "/eze-06/commune", &[("x-mayor", "yes")]).await;
        assert!(
            page.body.contains("<strong>perché</strong>\u{202f}:")
                && page.body.contains("href=\"tel:0199001234\"")
        );
        assert!(page.body.contains("Lundi\u{202f}: 9\u{a0}h"));
        assert!(!page.body.contains("<script>alert") && page.body.contains("/eze-06/commune/modifier"));
        let actor = federation::actors::by_id(&ctx, claim.commune)
            .await
            .unwrap()
            .unwrap();
        assert!(actor.summary.contains("Un village perché") && actor.fields_json.contains("01 99 00 12 34"));

        let wrong = send(
            &ctx,
            &[
                ("body", "Gardé"),
                ("website", "javascript:alert(1)"),
                ("email", "mairie"),
            ],
            true,
        )
        .await;
        assert_eq!(wrong.status, 422);
        assert!(
            wrong.body.contains("Gardé")
                && wrong.body.contains("erreur-website")
                && wrong.body.contains("erreur-email")
        );
        let long = "x".repeat(crate::model::BODY_MAX + 5);
        assert_eq!(send(&ctx, &[("body", long.as_str())], true).await.status, 422);
        assert!(text(&get(&ctx, "/eze-06/commune").await.body).contains("Un village perché"));
    }
}

#[tokio::test]
async fn long_answers_have_pages() {
    let folder = TestFolder::new();
    let ctx = platform::testing::ctx(platform::testing::sqlite(&folder).await.unwrap(), &folder).unwrap();
    actions::load_embedded(&ctx).await.unwrap();
    let ctx = federation::Ctx::new(
        ctx,
        federation::Config::default(),
        federation::objects::Objects::default(),
    );
    let second = get(&ctx, "/communes?q=saint&page=2").await;
    assert!(second.body.contains("page=1") && second.body.contains("page=3"));
    assert!(text(&second.body).contains("21 à 40 sur"));
    let namesakes = get(&ctx, "/sainte-colombe-33").await;
    assert!(namesakes.body.contains("/sainte-colombe-33?homonymes=2"));
    assert!(text(&namesakes.body).contains("12 communes portent ce nom."));
    let others = get(&ctx, "/sainte-colombe-33?homonymes=2").await;
    assert!(others.body.contains("href=\"/sainte-colombe-89\"") && !others.body.contains("Ici</span>"));
}
