//! What is done with communes. All writing of this room happens here.

use std::ops::Range;
use std::sync::Arc;

use federation::actors::{self, NewKeys};
use federation::{ActorId, ActorKind, Ctx, NewLocalActor};
use platform::text::{Html, Links, excerpt, markdown_to_html};
use platform::{StoreError, Tx};
use tokio::sync::RwLock;

use crate::dataset::{Dataset, DatasetError};
use crate::model::{
    Article, Claim, ClaimRefusal, Commune, CommuneName, InseeCode, Mandate, Presentation,
    PresentationRefusal, is_reserved, plain_handle,
};
use crate::search::{Found, SearchIndex, Searchable};
use crate::store;

/// Why the table of communes is not loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The table itself is unusable.
    #[error(transparent)]
    Table(#[from] DatasetError),
    /// The database holds a newer one.
    #[error("the database holds the table of {held}, newer than that of {given}")]
    Older {
        /// The year of the table in the database.
        held: u32,
        /// The year of the table given.
        given: u32,
    },
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a town hall cannot be let in.
#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    /// A rule forbids it.
    #[error(transparent)]
    Refused(#[from] ClaimRefusal),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a presentation is not written.
#[derive(Debug, thiserror::Error)]
pub enum PresentError {
    /// Fields that cannot stand on the page.
    #[error("some fields cannot be used")]
    Refused(Vec<(&'static str, PresentationRefusal)>),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Loads the table that comes with the program, unless the database holds it or a newer one already.
///
/// Of several processes that start at once on one database one loads; the others wait and find it done.
pub async fn load_embedded(ctx: &platform::Ctx) -> Result<(), LoadError> {
    let embedded = Dataset::embedded_vintage()?;
    if store::table_state(&ctx.db)
        .await?
        .is_some_and(|held| held.vintage >= embedded)
    {
        return Ok(());
    }
    let dataset = tokio::task::spawn_blocking(Dataset::embedded)
        .await
        .map_err(|error| DatasetError::Unreadable(error.to_string()))??;
    let begun = ctx.clock.now();
    let mut tx = ctx.db.begin().await?;
    let held = store::lock_table(&mut tx).await?;
    if held.is_some_and(|held| held.vintage >= embedded) {
        return Ok(());
    }
    store::load(&mut tx, &dataset, held).await?;
    tx.commit().await?;
    let duration_ms = ctx.clock.now().since(begun).as_millis();
    tracing::info!(communes = dataset.communes.len(), vintage = embedded, %duration_ms, "the communes are loaded");
    Ok(())
}

/// Loads a table given by the operator: `parvis import communes FILE`. The same year may be loaded again.
///
/// Gives the number of communes.
pub async fn import_table(ctx: &platform::Ctx, bytes: Vec<u8>) -> Result<usize, LoadError> {
    let dataset = tokio::task::spawn_blocking(move || Dataset::read(&bytes))
        .await
        .map_err(|error| DatasetError::Unreadable(error.to_string()))??;
    load_dataset(ctx, &dataset).await?;
    Ok(dataset.communes.len())
}

/// Loads a table, or a part of one.
pub async fn load_dataset(ctx: &platform::Ctx, dataset: &Dataset) -> Result<(), LoadError> {
    let mut tx = ctx.db.begin().await?;
    let held = store::lock_table(&mut tx).await?;
    let given = dataset.source.vintage;
    if let Some(held) = held.filter(|held| held.vintage > given) {
        return Err(LoadError::Older {
            held: held.vintage,
            given,
        });
    }
    store::load(&mut tx, dataset, held).await?;
    tx.commit().await?;
    Ok(())
}

/// The names of all communes in the memory of this process, and the table they were read from.
#[derive(Default)]
struct Names(RwLock<Option<(store::TableState, Arc<SearchIndex>)>>);

/// The search index, read again when another process has loaded a table.
async fn names(ctx: &platform::Ctx) -> Result<Arc<SearchIndex>, StoreError> {
    let Some(state) = store::table_state(&ctx.db).await? else {
        return Ok(Arc::default());
    };
    let memory = ctx.memory.of::<Names>();
    let known = |kept: &Option<(store::TableState, Arc<SearchIndex>)>| {
        kept.as_ref()
            .filter(|(of, _)| *of == state)
            .map(|(_, index)| Arc::clone(index))
    };
    if let Some(index) = known(&*memory.0.read().await) {
        return Ok(index);
    }
    let mut kept = memory.0.write().await;
    if let Some(index) = known(&kept) {
        return Ok(index);
    }
    let rows = store::names(&ctx.db).await?;
    let index = tokio::task::spawn_blocking(move || index_of(&rows))
        .await
        .map_err(|error| StoreError::Unavailable(format!("the names cannot be read: {error}")))?;
    let index = Arc::new(index);
    *kept = Some((state, Arc::clone(&index)));
    Ok(index)
}

fn index_of(rows: &[store::NameRow]) -> SearchIndex {
    let named: Vec<(InseeCode, CommuneName, &store::NameRow)> = rows
        .iter()
        .filter_map(|row| {
            let article = u8::try_from(row.article)
                .ok()
                .and_then(|number| Article::try_from(number).ok())?;
            Some((
                row.code.parse().ok()?,
                CommuneName::new(row.name.clone(), article),
                row,
            ))
        })
        .collect();
    SearchIndex::new(named.iter().map(|(code, name, row)| Searchable {
        code: *code,
        name: name.official(),
        former: row.former,
        without_article: name.without_article(),
        department: (&row.department, &row.department_name),
        population: row.population.unwrap_or(0),
        postal_codes: &row.postal_codes,
    }))
}

/// Reads the names now, so that the first question does not have to wait for them.
pub async fn warm_up(ctx: &platform::Ctx) {
    if let Err(error) = names(ctx).await {
        tracing::warn!(%error, "the names of the communes are not read yet");
    }
}

/// Communes that answer a question: a page of them, best first.
pub async fn search(
    ctx: &platform::Ctx,
    question: &str,
    page: Range<usize>,
) -> Result<(Found, Vec<Commune>), StoreError> {
    let found = names(ctx).await?.find(question, page);
    let communes = store::by_codes(&ctx.db, &found.codes).await?;
    Ok((found, communes))
}

/// The commune of this code today: that of a former commune is the one it has become.
pub async fn by_code(ctx: &platform::Ctx, code: InseeCode) -> Result<Option<Commune>, StoreError> {
    let found = store::by_code(&ctx.db, code).await?;
    match found {
        Some(commune) if commune.successor.is_none() || commune.is_claimed() => Ok(Some(commune)),
        Some(Commune {
            successor: Some(today),
            ..
        }) => store::by_code(&ctx.db, today).await,
        _ => match store::of_former_code(&ctx.db, code).await? {
            Some(today) => store::by_code(&ctx.db, today).await,
            None => Ok(None),
        },
    }
}

/// Where an address leads.
#[derive(Debug)]
pub enum Place {
    /// Here.
    Here(Box<Commune>),
    /// To another address, for good.
    Moved(Box<Commune>),
    /// To another address as long as no other commune has this name.
    For(Box<Commune>),
    /// Nowhere.
    Nowhere,
}

/// The commune that an address of this site means, however it is written.
pub async fn at(ctx: &platform::Ctx, address: &str) -> Result<Place, StoreError> {
    let db = &ctx.db;
    let plain = crate::model::slug(address);
    if plain.is_empty() || plain.len() > 80 {
        return Ok(Place::Nowhere);
    }
    if let Some(commune) = store::by_address(db, &plain).await? {
        return Ok(match commune.successor {
            Some(today) if !commune.is_claimed() => moved(store::by_code(db, today).await?),
            _ if plain == address => Place::Here(Box::new(commune)),
            _ => Place::Moved(Box::new(commune)),
        });
    }
    if let Some(code) = store::of_old_address(db, &plain).await? {
        return Ok(moved(by_code(ctx, code).await?));
    }
    if let Some(code) = store::of_former_address(db, &plain).await? {
        return Ok(moved(store::by_code(db, code).await?));
    }
    if let Ok(code) = plain.parse() {
        return Ok(moved(by_code(ctx, code).await?));
    }
    let mut namesakes = store::by_slug(db, &plain).await?;
    Ok(match (namesakes.pop(), namesakes.is_empty()) {
        (Some(only), true) => Place::For(Box::new(only)),
        _ => Place::Nowhere,
    })
}

fn moved(commune: Option<Commune>) -> Place {
    commune.map_or(Place::Nowhere, |commune| Place::Moved(Box::new(commune)))
}

/// Communes whose address looks like this one, for whoever got lost; those of its département first.
pub async fn like_address(ctx: &platform::Ctx, address: &str) -> Result<Vec<Commune>, StoreError> {
    let words = crate::model::fold(address);
    let (without_place, place) = words.rsplit_once(' ').unwrap_or((&words, ""));
    for question in [words.as_str(), without_place] {
        let (_, mut communes) = search(ctx, question, 0..40).await?;
        if !communes.is_empty() {
            communes.sort_by_key(|commune| !commune.department.code.eq_ignore_ascii_case(place));
            communes.truncate(5);
            return Ok(communes);
        }
    }
    Ok(Vec::new())
}

/// The commune whose actor (its own, or its mayor's office) this is.
pub async fn by_actor(ctx: &platform::Ctx, actor: ActorId) -> Result<Option<Commune>, StoreError> {
    store::by_actor(&ctx.db, actor).await
}

/// The commune whose own handle, or whose mayor's, this is; claimed or not.
pub async fn by_handle(ctx: &platform::Ctx, handle: &str) -> Result<Option<Commune>, StoreError> {
    let handle = handle.to_ascii_lowercase();
    if let Some(commune) = store::by_handle(&ctx.db, &handle).await? {
        return Ok(Some(commune));
    }
    match handle.strip_prefix("maire-") {
        Some(of) => store::by_handle(&ctx.db, of).await,
        None => Ok(None),
    }
}

/// Whether a citizen may not bear this handle: official words, everything that passes for a mayor, and the
/// names of communes.
pub async fn is_handle_reserved(ctx: &platform::Ctx, handle: &str) -> Result<bool, StoreError> {
    Ok(is_reserved(handle) || store::is_handle_of_a_commune(&ctx.db, &plain_handle(handle)).await?)
}

/// Who holds the mayor's office of a commune.
pub async fn current_mandate(ctx: &platform::Ctx, code: InseeCode) -> Result<Option<Mandate>, StoreError> {
    store::current_mandate(&ctx.db, code).await
}

/// Communes whose town hall is here, the latest first.
pub async fn claimed(ctx: &platform::Ctx, limit: i64) -> Result<Vec<Commune>, StoreError> {
    store::claimed(&ctx.db, limit).await
}

/// The addresses of all communes, for the site map.
pub async fn addresses(ctx: &platform::Ctx) -> Result<Vec<String>, StoreError> {
    store::addresses(&ctx.db).await
}

/// An account joins a commune.
pub async fn citizen_joins(tx: &mut Tx, code: InseeCode) -> Result<(), StoreError> {
    store::change_reach(tx, code, 1).await
}

/// An account leaves a commune.
pub async fn citizen_leaves(tx: &mut Tx, code: InseeCode) -> Result<(), StoreError> {
    store::change_reach(tx, code, -1).await
}

/// The keys of the two actors of a commune.
#[derive(Debug, Clone)]
pub struct ClaimKeys {
    mayor: NewKeys,
    commune: NewKeys,
}

/// Makes the keys that a claim needs. Before the transaction: it takes some time.
pub async fn claim_keys() -> Result<ClaimKeys, StoreError> {
    Ok(ClaimKeys {
        mayor: actors::new_keys().await?,
        commune: actors::new_keys().await?,
    })
}

/// Lets a town hall in: makes the actor of the mayor's office and the commune's own.
///
/// `verified_by` says in words how the town hall proved itself.
pub async fn claim(
    ctx: &Ctx,
    tx: &mut Tx,
    code: InseeCode,
    keys: &ClaimKeys,
    mandate: &Mandate,
    verified_by: &str,
) -> Result<Claim, ClaimError> {
    mandate.check()?;
    let commune = store::by_code_in(tx, code).await?.ok_or(ClaimRefusal::Unknown)?;
    commune.may_be_claimed()?;
    let mayor = actors::create_local(ctx, tx, mayor_actor(&commune, mandate), Some(&keys.mayor)).await?;
    let itself = actors::create_local(ctx, tx, commune_actor(&commune), Some(&keys.commune)).await?;
    let now = ctx.clock.now();
    let claim = Claim {
        mayor: mayor.id,
        commune: itself.id,
        claimed_at: now,
        verified_by: verified_by.to_owned(),
        verified_at: now,
    };
    store::insert_claim(tx, code, &claim).await?;
    store::insert_mandate(tx, ctx.new_id(), code, mandate, now).await?;
    Ok(claim)
}

/// Hands the mayor's office over: the actor, its followers and its archive stay.
pub async fn hand_over(ctx: &Ctx, tx: &mut Tx, code: InseeCode, mandate: &Mandate) -> Result<(), ClaimError> {
    mandate.check()?;
    let commune = store::by_code_in(tx, code).await?.ok_or(ClaimRefusal::Unknown)?;
    let claim = commune.claim.as_ref().ok_or(ClaimRefusal::NotClaimed)?;
    let now = ctx.clock.now();
    store::end_mandate(tx, code, now).await?;
    store::insert_mandate(tx, ctx.new_id(), code, mandate, now).await?;
    let change = actors::ProfileChange {
        name: Some(mandate.office(&commune.name)),
        ..Default::default()
    };
    actors::change_profile(ctx, tx, claim.mayor, change).await?;
    Ok(())
}

/// Writes what the town hall says of its commune, and tells those who follow the commune elsewhere.
///
/// `by` is the account that does it; the caller has made sure that it may.
pub async fn present(ctx: &Ctx, code: InseeCode, said: Presentation, by: i64) -> Result<(), PresentError> {
    let refusals = said.refusals();
    if !refusals.is_empty() {
        return Err(PresentError::Refused(refusals));
    }
    let said = Presentation {
        body_html: markdown_to_html(&said.body_source, &Links::NONE).into_string(),
        edited_at: ctx.clock.now(),
        ..said
    };
    let mut tx = ctx.db.begin().await?;
    let commune = store::by_code_in(&mut tx, code)
        .await?
        .ok_or(StoreError::NotFound("commune"))?;
    let claim = commune.claim.as_ref().ok_or(StoreError::NotFound("claim"))?;
    store::save_presentation(&mut tx, code, &said, by).await?;
    let change = actors::ProfileChange {
        summary: Some(summary(&commune, &said)),
        fields: Some(fields(&commune, &said)),
        ..Default::default()
    };
    actors::change_profile(ctx, &mut tx, claim.commune, change).await?;
    tx.commit().await?;
    Ok(())
}

/// What other servers show of a commune: the beginning of its presentation.
fn summary(commune: &Commune, said: &Presentation) -> String {
    let words = excerpt(&Html::from_store(said.body_html.clone()), 400);
    if words.is_empty() {
        commune_summary(commune)
    } else {
        Html::paragraph(&words).into_string()
    }
}

fn fields(commune: &Commune, said: &Presentation) -> Vec<(String, String)> {
    let text = |value: &str| {
        Html::paragraph(value)
            .as_str()
            .replace("<p>", "")
            .replace("</p>", "")
    };
    let site = text(&said.website);
    let link =
        format!("<a href=\"{site}\" rel=\"nofollow noopener noreferrer\" target=\"_blank\">{site}</a>");
    let known = [
        ("Code Insee", commune.code.to_string()),
        ("Adresse", text(&said.address.replace('\n', ", "))),
        ("Téléphone", text(&said.phone)),
        ("Courriel", text(&said.email)),
        ("Site", if site.is_empty() { site } else { link }),
    ];
    known
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn mayor_actor(commune: &Commune, mandate: &Mandate) -> NewLocalActor {
    NewLocalActor {
        kind: ActorKind::Person,
        handle: commune.mayor_handle(),
        name: mandate.office(&commune.name),
        summary: format!(
            "<p>La parole de la mairie {} ({}).</p>",
            commune.name.of(),
            commune.department.shown()
        ),
        page: Some(commune.path()),
        federated: true,
        discoverable: true,
    }
}

fn commune_actor(commune: &Commune) -> NewLocalActor {
    NewLocalActor {
        kind: ActorKind::Organization,
        handle: commune.handle.clone(),
        name: commune.name.shown(),
        summary: commune_summary(commune),
        page: Some(commune.below("commune")),
        federated: true,
        discoverable: true,
    }
}

fn commune_summary(commune: &Commune) -> String {
    let (of, department) = (commune.name.of(), commune.department.shown());
    format!("<p>La commune {of} ({department}) : affichage légal, alertes et informations pratiques.</p>")
}
