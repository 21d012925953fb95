//! What browsers and search engines ask for: robots, site maps, the manifest of the installable application, the
//! icon.

use std::fmt::Write as _;

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use federation::Ctx;
use platform::web::{Failure, Visit, assets};

/// A site map may list 50,000 addresses.
const PER_MAP: usize = 50_000;

pub(crate) fn routes(sitemaps: Vec<&'static str>) -> Router<Ctx> {
    Router::new()
        .route("/robots.txt", get(robots))
        .route("/sitemap.xml", get(move |ctx| sitemap_index(ctx, sitemaps)))
        .route("/sitemaps/site.xml", get(site_map))
        .route("/sitemaps/communes.xml", get(communes_map))
        .route("/manifest.webmanifest", get(manifest))
        .route("/favicon.ico", get(favicon))
}

/// Public pages are for everybody. Pages that answer a question or belong to one person are of no use to a search
/// engine.
async fn robots(State(ctx): State<Ctx>) -> Response {
    let text = format!(
        "User-agent: *\nDisallow: /api/\nDisallow: /oauth/\nDisallow: /langue\nDisallow: /compte\n\
         Disallow: /connexion\nDisallow: /notifications\n\nSitemap: {}\n",
        ctx.urls.to("/sitemap.xml")
    );
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

async fn sitemap_index(State(ctx): State<Ctx>, sitemaps: Vec<&'static str>) -> Response {
    let mut body = String::from(r#"<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">"#);
    for path in ["/sitemaps/site.xml", "/sitemaps/communes.xml"]
        .into_iter()
        .chain(sitemaps)
    {
        let _ = write!(
            body,
            "<sitemap><loc>{}</loc></sitemap>",
            escaped(&ctx.urls.to(path))
        );
    }
    body.push_str("</sitemapindex>");
    xml(&body)
}

async fn site_map(State(ctx): State<Ctx>) -> Response {
    let paths = [
        "/",
        "/a-propos",
        "/mentions-legales",
        "/confidentialite",
        "/accessibilite",
    ];
    url_set(&ctx, paths.into_iter().map(str::to_owned))
}

async fn communes_map(State(ctx): State<Ctx>) -> Result<Response, Failure> {
    let addresses = commune::actions::addresses(&ctx).await?;
    let paths = addresses
        .into_iter()
        .take(PER_MAP)
        .map(|address| format!("/{address}"));
    Ok(url_set(&ctx, paths))
}

fn url_set(ctx: &Ctx, paths: impl Iterator<Item = String>) -> Response {
    let mut body = String::from(r#"<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">"#);
    for path in paths {
        let _ = write!(body, "<url><loc>{}</loc></url>", escaped(&ctx.urls.to(&path)));
    }
    body.push_str("</urlset>");
    xml(&body)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn xml(body: &str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/xml; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=3600"),
    ];
    let document = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{body}\n");
    (headers, document).into_response()
}

async fn manifest(State(ctx): State<Ctx>, visit: Visit) -> Response {
    let icon = |name: &str, size: &str, purpose: &str| serde_json::json!({"src": assets::address(name), "sizes": size, "type": "image/png", "purpose": purpose});
    let manifest = serde_json::json!({
        "id": "/",
        "name": ctx.instance.name,
        "short_name": ctx.instance.name,
        "description": ctx.instance.description,
        "lang": visit.lang.code(),
        "dir": "ltr",
        "start_url": "/?source=pwa",
        "scope": "/",
        "display": "standalone",
        "theme_color": "#163a5c",
        "background_color": "#faf7f1",
        "icons": [
            icon("icon-192.png", "192x192", "any"),
            icon("icon-512.png", "512x512", "any"),
            icon("icon-maskable-512.png", "512x512", "maskable"),
        ],
    });
    let mut response = Json(manifest).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/manifest+json"),
    );
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=86400"),
    );
    response
}

async fn favicon() -> Result<Response, Failure> {
    let bytes = assets::file("favicon.ico").ok_or_else(Failure::not_found)?;
    let headers = [
        (header::CONTENT_TYPE, "image/x-icon"),
        (header::CACHE_CONTROL, "public, max-age=604800"),
    ];
    Ok((headers, bytes.into_owned()).into_response())
}
