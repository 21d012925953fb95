//! The pages of one commune, and how an address finds it.

use askama::Template;
use axum::Extension;
use axum::extract::{FromRef, FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use federation::Ctx;
use platform::text::{Html, french, french_html};
use platform::web::tile::tile_svg;
use platform::web::{Failure, Page, Visit, Wants, html, redirect};
use serde::Deserialize;

use super::views::{Listed, Pager, figures, sources, structured};
use super::{Doors, Front, page_of};
use crate::actions::{self, Place};
use crate::model::{Commune, Mandate, Presentation};
use crate::store;

/// How many communes of one name stand beside the page of one of them.
const NAMESAKES: usize = 6;
/// Fewer people than this are not counted in public: in a small place a number is a person.
const REACH_SHOWN: i64 = 5;

/// The commune that the first part of the path names (`/eze-06/…`).
///
/// Another spelling, an old name or an INSEE code is sent to the right address; a wrong one gets 404, with the
/// communes that look like it.
#[derive(Debug)]
pub struct CommuneRef(pub Commune);

#[derive(Deserialize)]
struct First {
    commune: String,
}

impl<S> FromRequestParts<S> for CommuneRef
where
    Ctx: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let ctx = Ctx::from_ref(state);
        let Path(First { commune: address }) = Path::from_request_parts(parts, state)
            .await
            .map_err(|_| Failure::not_found().into_response())?;
        let failed = |error: platform::StoreError| Failure::from(error).into_response();
        match actions::at(&ctx, &address).await.map_err(failed)? {
            Place::Here(commune) => Ok(Self(*commune)),
            Place::Moved(commune) => Err(same_below(parts, StatusCode::PERMANENT_REDIRECT, &commune)),
            Place::For(commune) => Err(same_below(parts, StatusCode::TEMPORARY_REDIRECT, &commune)),
            Place::Nowhere => Err(lost(&ctx, parts, &address)
                .await
                .unwrap_or_else(IntoResponse::into_response)),
        }
    }
}

/// The same page of the right commune.
fn same_below(parts: &Parts, status: StatusCode, commune: &Commune) -> Response {
    let asked = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let below = asked
        .trim_start_matches('/')
        .find(['/', '?'])
        .map(|at| asked.trim_start_matches('/').split_at(at).1);
    redirect(
        status,
        &format!("{}{}", commune.path(), below.unwrap_or_default()),
    )
}

#[derive(Template)]
#[template(path = "commune/lost.html")]
struct LostPage {
    page: Page,
    listed: Vec<Listed>,
}

/// 404, with what may have been meant when a person reads it.
async fn lost(ctx: &Ctx, parts: &Parts, address: &str) -> Result<Response, Failure> {
    let visit = parts
        .extensions
        .get::<Visit>()
        .filter(|visit| visit.wants == Wants::Html);
    // Those who try `/wp-login.php` are not looking for a commune.
    let a_name = address.len() <= 80 && !address.contains(['.', '<', '\0']);
    let (Some(visit), true, &Method::GET) = (visit, a_name, &parts.method) else {
        return Err(Failure::not_found());
    };
    let alike = actions::like_address(ctx, address).await?;
    if alike.is_empty() {
        return Err(Failure::not_found());
    }
    let mut page = Page::titled(ctx, visit, "commune-lost-title");
    page.noindex = true;
    page.in_error = true;
    let listed = alike
        .iter()
        .map(|commune| Listed::by_name(&page, commune))
        .collect();
    html(StatusCode::NOT_FOUND, &LostPage { page, listed })
}

/// `/{commune}`: what the section in front shows, or the page of a commune whose town hall is not here.
pub(super) async fn face(
    ctx: Ctx,
    mut parts: Parts,
    commune: Commune,
    front: Option<Front>,
) -> Result<Response, Failure> {
    let visit = Visit::from_request_parts(&mut parts, &()).await?;
    let query = parts.uri.query().unwrap_or_default().to_owned();
    if let Some(claim) = &commune.claim
        && visit.wants == Wants::Activity
    {
        return Ok(redirect(
            StatusCode::SEE_OTHER,
            &format!("/ap/actors/{}", claim.mayor),
        ));
    }
    if let Some(front) = front
        && let Some(answer) = front(ctx.clone(), parts, commune.clone()).await?
    {
        return Ok(answer);
    }
    if commune.is_claimed() {
        return Ok(redirect(
            StatusCode::TEMPORARY_REDIRECT,
            &commune.below("commune"),
        ));
    }
    let asked = url::form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == "homonymes");
    let page = asked.and_then(|(_, number)| number.parse().ok()).unwrap_or(1);
    waiting(&ctx, &visit, &commune, page).await
}

#[derive(Template)]
#[template(path = "commune/waiting.html")]
struct WaitingPage {
    page: Page,
    commune: Commune,
    figures: Vec<(String, String)>,
    sources: String,
    structured: String,
    reach: Option<i64>,
    tiles: Vec<String>,
    may_register: bool,
    town_hall_href: Option<String>,
    namesakes: Vec<Listed>,
    namesakes_count: i64,
    /// What stands in the search field: the name, when several bear it.
    namesakes_name: String,
    pager: Pager,
    neighbours: Vec<Listed>,
}

/// The page of a commune whose town hall is not here.
async fn waiting(
    ctx: &Ctx,
    visit: &Visit,
    commune: &Commune,
    namesakes_page: usize,
) -> Result<Response, Failure> {
    let mut page = Page::new(ctx, visit, commune.name.shown());
    describe(ctx, &mut page, commune, &commune.path());
    let mut all = store::by_slug(&ctx.db, &commune.slug).await?;
    // Where one is comes first, the others by département.
    all.sort_by_key(|other| other.code != commune.code);
    let pages = all.len().div_ceil(NAMESAKES).max(1);
    let number = namesakes_page.clamp(1, pages);
    let alone = all.len() <= 1;
    let namesakes = all
        .iter()
        .skip((number - 1) * NAMESAKES)
        .take(if alone { 0 } else { NAMESAKES });
    let namesakes = namesakes
        .map(|other| Listed::by_department(&page, other, commune))
        .collect();
    let href = |number| format!("{}?homonymes={number}", commune.path());
    let pager = if alone {
        Pager::default()
    } else {
        Pager::new(&page, number, NAMESAKES, all.len(), href)
    };
    let around = store::neighbours(&ctx.db, commune, 6).await?;
    let reach = Some(store::reach(&ctx.db, commune.code).await?).filter(|people| *people >= REACH_SHOWN);
    let shown = WaitingPage {
        figures: figures(&page, commune),
        sources: sources(ctx, &page).await?,
        structured: structured(&organization(ctx, commune, None)),
        tiles: if reach.is_some() {
            tiles(commune)
        } else {
            Vec::new()
        },
        reach,
        may_register: ctx.instance.registrations && commune.status.has_mayor(),
        town_hall_href: may_claim(ctx, commune).then(|| commune.below("mairie")),
        namesakes,
        namesakes_count: all.len() as i64,
        namesakes_name: if alone {
            String::new()
        } else {
            commune.name.shown()
        },
        pager,
        neighbours: around.iter().map(|other| Listed::by_name(&page, other)).collect(),
        commune: commune.clone(),
        page,
    };
    html(StatusCode::OK, &shown)
}

/// A town hall is let in by whoever runs this server, who must be reachable for it.
fn may_claim(ctx: &Ctx, commune: &Commune) -> bool {
    commune.may_be_claimed().is_ok() && !ctx.instance.contact_email.is_empty()
}

/// Cement tiles that stand for people nobody names.
fn tiles(commune: &Commune) -> Vec<String> {
    let seed = commune
        .code
        .as_str()
        .bytes()
        .fold(0_u64, |seed, byte| seed * 131 + u64::from(byte));
    let address = |svg: String| {
        let escaped = svg
            .replace('%', "%25")
            .replace('#', "%23")
            .replace('<', "%3C")
            .replace('>', "%3E");
        format!("data:image/svg+xml,{}", escaped.replace('"', "'"))
    };
    (0..4).map(|tile| address(tile_svg(seed + tile))).collect()
}

#[derive(Template)]
#[template(path = "commune/about.html")]
struct AboutPage {
    page: Page,
    commune: Commune,
    said: Option<Presentation>,
    edit_href: Option<String>,
    mandate: Option<Mandate>,
    verified: Option<(String, platform::Timestamp)>,
    handles: Vec<(String, String)>,
    figures: Vec<(String, String)>,
    sources: String,
    structured: String,
    neighbours: Vec<Listed>,
}

/// `/{commune}/commune`: what the commune is, in its own words and in figures.
pub(super) async fn about(
    State(ctx): State<Ctx>,
    Extension(doors): Extension<Doors>,
    visit: Visit,
    CommuneRef(commune): CommuneRef,
    parts: Parts,
) -> Result<Response, Failure> {
    let Some(claim) = commune.claim.clone() else {
        return Ok(redirect(StatusCode::TEMPORARY_REDIRECT, &commune.path()));
    };
    if visit.wants == Wants::Activity {
        return Ok(redirect(
            StatusCode::SEE_OTHER,
            &format!("/ap/actors/{}", claim.commune),
        ));
    }
    let title = ctx.words.t(visit.lang, "commune-about-title");
    let mut page = page_of(&ctx, &visit, &commune, "commune", title);
    describe(&ctx, &mut page, &commune, &commune.below("commune"));
    let said = store::presentation(&ctx.db, commune.code).await?;
    let host = ctx.urls.authority();
    let around = store::neighbours(&ctx.db, &commune, 6).await?;
    let may_edit = doors.editor.and_then(|editor| editor(&parts, &commune)).is_some();
    let said = said.map(set);
    let shown = AboutPage {
        edit_href: may_edit.then(|| commune.below("commune/modifier")),
        mandate: store::current_mandate(&ctx.db, commune.code).await?,
        verified: Some((claim.verified_by, claim.verified_at)),
        handles: vec![
            (
                page.t("commune-handle-mayor"),
                format!("@{}@{host}", commune.mayor_handle()),
            ),
            (
                page.t("commune-handle-commune"),
                format!("@{}@{host}", commune.handle),
            ),
        ],
        figures: figures(&page, &commune),
        sources: sources(&ctx, &page).await?,
        structured: structured(&organization(&ctx, &commune, said.as_ref())),
        neighbours: around.iter().map(|other| Listed::by_name(&page, other)).collect(),
        said,
        commune,
        page,
    };
    html(StatusCode::OK, &shown)
}

/// French typography is the page's work, not the author's.
fn set(said: Presentation) -> Presentation {
    let lines = |text: &str| text.lines().map(french).collect::<Vec<_>>().join("\n");
    Presentation {
        body_html: french_html(&Html::from_store(said.body_html)).into_string(),
        address: lines(&said.address),
        opening: lines(&said.opening),
        ..said
    }
}

#[derive(Template)]
#[template(path = "commune/town_hall.html")]
struct TownHallPage {
    page: Page,
    commune: Commune,
    contact: String,
}

/// `/{commune}/mairie`: how a town hall takes its place here.
pub(super) async fn town_hall(
    State(ctx): State<Ctx>,
    visit: Visit,
    CommuneRef(commune): CommuneRef,
) -> Result<Response, Failure> {
    if !may_claim(&ctx, &commune) {
        return Ok(redirect(StatusCode::TEMPORARY_REDIRECT, &commune.path()));
    }
    let page =
        Page::titled(&ctx, &visit, "commune-town-hall-title").back_to(commune.name.shown(), commune.path());
    html(
        StatusCode::OK,
        &TownHallPage {
            page,
            commune,
            contact: ctx.instance.contact_email.clone(),
        },
    )
}

/// What search engines and cards are told.
fn describe(ctx: &Ctx, page: &mut Page, commune: &Commune, path: &str) {
    let department = commune.department.shown();
    let words = [
        ("of", commune.name.of()),
        ("name", commune.name.shown()),
        ("department", department),
    ];
    let words: Vec<(&str, &str)> = words.iter().map(|(key, value)| (*key, value.as_str())).collect();
    page.description = page.ta("commune-description", &words);
    page.canonical = Some(ctx.urls.to(path));
    page.og = vec![
        ("og:type".to_owned(), "website".to_owned()),
        (
            "og:title".to_owned(),
            format!("{} ({})", commune.name.shown(), commune.department.code),
        ),
        ("og:description".to_owned(), page.description.clone()),
        ("og:url".to_owned(), ctx.urls.to(path)),
        ("og:site_name".to_owned(), page.instance.clone()),
    ];
}

/// The commune as schema.org knows it.
fn organization(ctx: &Ctx, commune: &Commune, said: Option<&Presentation>) -> serde_json::Value {
    let place = serde_json::json!({
        "@type": "AdministrativeArea",
        "name": commune.name.official(),
        "identifier": {"@type": "PropertyValue", "propertyID": "INSEE", "value": commune.code},
        "containedInPlace": {"@type": "AdministrativeArea", "name": commune.department.name},
    });
    let mut organization = serde_json::json!({
        "@context": "https://schema.org",
        "@type": "GovernmentOrganization",
        "@id": ctx.urls.to(&format!("{}#commune", commune.path())),
        "name": format!("Commune {}", commune.name.of()),
        "url": ctx.urls.to(&commune.path()),
        "areaServed": place,
        "address": {
            "@type": "PostalAddress",
            "addressLocality": commune.name.official(),
            "postalCode": commune.postal_codes.first(),
            "addressRegion": commune.department.name,
            "addressCountry": "FR",
        },
    });
    let mut put = |key: &str, value: Option<&str>| {
        if let (Some(value), Some(object)) = (
            value.filter(|value| !value.is_empty()),
            organization.as_object_mut(),
        ) {
            object.insert(key.to_owned(), value.into());
        }
    };
    put("taxID", commune.siren.as_deref());
    put("telephone", said.map(|said| said.phone.as_str()));
    put("email", said.map(|said| said.email.as_str()));
    put("sameAs", said.map(|said| said.website.as_str()));
    organization
}
