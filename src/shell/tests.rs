use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use commune::Dataset;
use federation::Ctx;
use federation::objects::Objects;
use platform::testing::{self, TestFolder};
use platform::web::InstanceConfig;
use tower::ServiceExt as _;

use super::way_back;

struct Site {
    router: Router,
    _folder: TestFolder,
}

async fn site() -> Site {
    let folder = TestFolder::new();
    let platform = testing::ctx(testing::sqlite(&folder).await.unwrap(), &folder).unwrap();
    let communes = Dataset::embedded().unwrap().only_departments(&["06"]);
    commune::actions::load_dataset(&platform, &communes)
        .await
        .unwrap();
    let ctx = Ctx::new(platform, federation::Config::default(), Objects::default());
    let router = super::routes(vec!["/sitemaps/actualites.xml"]).with_state(ctx.clone());
    Site {
        router: platform::web::layers(&ctx, router),
        _folder: folder,
    }
}

impl Site {
    async fn send(&self, request: Request<Body>) -> Response {
        self.router.clone().oneshot(request).await.unwrap()
    }

    async fn get(&self, path: &str) -> Response {
        self.send(
            Request::get(path)
                .header("accept", "text/html")
                .body(Body::empty())
                .unwrap(),
        )
        .await
    }

    async fn read(&self, path: &str) -> String {
        let response = self.get(path).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        text(response).await
    }
}

async fn text(response: Response) -> String {
    let bytes = axum::body::to_bytes(response.into_body(), 16 << 20)
        .await
        .unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

const PAGES: [&str; 8] = [
    "/",
    "/plus",
    "/eze-06/plus",
    "/affichage",
    "/a-propos",
    "/mentions-legales",
    "/confidentialite",
    "/accessibilite",
];

#[tokio::test]
async fn every_page_is_whole_in_both_languages() {
    let site = site().await;
    for lang in ["fr", "en"] {
        for path in PAGES {
            let request = Request::get(path)
                .header("accept", "text/html")
                .header("accept-language", lang)
                .body(Body::empty())
                .unwrap();
            let response = site.send(request).await;
            assert_eq!(response.status(), StatusCode::OK, "{path}");
            let page = text(response).await;
            assert!(page.contains(&format!("<html lang=\"{lang}\"")), "{path}");
            assert_eq!(page.matches("<h1").count(), 1, "{path}");
            assert!(!page.contains('⟦'), "a word is missing on {path} in {lang}");
            assert!(!page.contains(" style="), "{path} has an inline style");
            assert!(
                page.contains("href=\"#contenu\"") && page.contains("id=\"contenu\""),
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn display_choices_are_kept_and_nothing_else_is() {
    let site = site().await;
    let page = site.get("/affichage").await;
    let cookie = page.headers().get(header::SET_COOKIE).unwrap().to_str().unwrap();
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let page = text(page).await;
    let (_, after) = page.split_once("name=\"csrf\" value=\"").unwrap();
    let (csrf, _) = after.split_once('"').unwrap();
    let post = |body: String| {
        let request = Request::post("/affichage")
            .header(header::COOKIE, &cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        site.send(request)
    };

    let kept = post(format!("csrf={csrf}&langue=en&theme=dark&police=lisible")).await;
    assert_eq!(kept.status(), StatusCode::SEE_OTHER);
    let set: Vec<_> = kept
        .headers()
        .get_all(header::SET_COOKIE)
        .iter()
        .map(|v| v.to_str().unwrap())
        .collect();
    for choice in ["-lang=en;", "-theme=dark;", "-font=lisible;"] {
        assert!(
            set.iter().any(|value| value.contains(choice)),
            "{choice} in {set:?}"
        );
    }

    let unknown = post(format!("csrf={csrf}&langue=en&theme=pink&police=lisible")).await;
    assert_eq!(unknown.status(), StatusCode::BAD_REQUEST);
    assert!(
        !unknown
            .headers()
            .get_all(header::SET_COOKIE)
            .iter()
            .any(|v| v.to_str().unwrap().contains("-theme=pink"))
    );

    let forged = post("csrf=wrong&langue=en&theme=dark&police=lisible".to_owned()).await;
    assert_eq!(forged.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn switching_language_comes_back_and_never_leads_away() {
    let site = site().await;
    let location = |response: &Response| {
        response
            .headers()
            .get(header::LOCATION)
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned()
    };
    let back = site.get("/langue?vers=en&suite=%2Feze-06%3Fpage%3D2").await;
    assert_eq!(
        (back.status(), location(&back).as_str()),
        (StatusCode::SEE_OTHER, "/eze-06?page=2")
    );
    let away = site.get("/langue?vers=en&suite=https%3A%2F%2Fevil.example").await;
    assert_eq!(location(&away), "/");
    assert_eq!(
        site.get("/langue?vers=de").await.status(),
        StatusCode::BAD_REQUEST
    );
}

#[test]
fn the_way_back_is_a_path_of_this_site() {
    for ours in ["/", "/eze-06", "/communes?q=a%20b"] {
        assert_eq!(way_back(ours), ours);
    }
    for foreign in [
        "",
        "eze",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "/a\r\nb",
        "javascript:alert(1)",
    ] {
        assert_eq!(way_back(foreign), "/");
    }
}

#[tokio::test]
async fn machines_find_what_they_look_for() {
    let site = site().await;
    assert!(
        site.read("/robots.txt")
            .await
            .contains("Sitemap: https://parvis.test/sitemap.xml")
    );
    let index = site.read("/sitemap.xml").await;
    for path in ["site", "communes", "actualites"] {
        assert!(
            index.contains(&format!("<loc>https://parvis.test/sitemaps/{path}.xml</loc>")),
            "{index}"
        );
    }
    let communes = site.read("/sitemaps/communes.xml").await;
    assert!(communes.contains("<loc>https://parvis.test/eze-06</loc>"));
    assert!(communes.matches("<loc>").count() > 160);
    let manifest: serde_json::Value =
        serde_json::from_str(&site.read("/manifest.webmanifest").await).unwrap();
    assert_eq!(manifest["start_url"], "/?source=pwa");
    assert_eq!(site.get("/favicon.ico").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn an_address_written_otherwise_leads_to_the_right_one() {
    let site = site().await;
    let moved = site.get("/EZE-06/plus").await;
    assert_eq!(moved.status(), StatusCode::PERMANENT_REDIRECT);
    assert_eq!(moved.headers().get(header::LOCATION).unwrap(), "/eze-06/plus");
    assert_eq!(
        site.get("/nulle-part-99/plus").await.status(),
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn the_legal_notice_says_what_is_missing() {
    let site = site().await;
    assert!(!InstanceConfig::default().missing_legal_keys().is_empty());
    assert!(site.read("/mentions-legales").await.contains("À compléter."));
}
