//! The page of a commune whose town hall is not here.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use federation::Ctx;
use platform::web::tile::tile_svg;
use platform::web::{Failure, Page, Visit, html};

use super::describe::{describe, organization};
use super::may_claim;
use super::views::{Listed, Pager, figures, sources, structured};
use crate::model::Commune;
use crate::store;

/// How many communes of one name stand beside the page of one of them.
const NAMESAKES: usize = 6;
/// Fewer people than this are not counted in public: in a small place a number is a person.
const REACH_SHOWN: i64 = 5;

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
pub(super) async fn waiting(
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
