//! Searching the names of all communes, which each process keeps in memory.

use std::ops::Range;
use std::sync::Arc;

use platform::StoreError;
use tokio::sync::RwLock;

use crate::model::{Article, Commune, CommuneName, InseeCode};
use crate::search::{Found, SearchIndex, Searchable};
use crate::store;

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
