//! Loading the official list, whole or not at all.

use std::collections::{HashMap, HashSet};

use platform::store::{Link, set_setting, setting};
use platform::{Db, StoreError, Tx, on_tx};
use serde::Serialize;

use super::bulk::{Column, Kind::Number, Kind::Text, Table};
use crate::dataset::{Dataset, Record, Source};
use crate::model::{InseeCode, address, slug};

/// The setting that says which table the database holds.
const SETTING: &str = "commune_table";

/// The setting that says where that table comes from, as its licence asks to.
const SOURCE: &str = "commune_source";

/// Any number nobody else locks: processes that start together load one after the other.
const LOCK: i64 = 0x0063_6f6d_6d75_6e65;

/// Which table the database holds: its year, and how many times one was loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TableState {
    pub(crate) vintage: u32,
    pub(crate) generation: u64,
}

impl TableState {
    fn of_text(text: &str) -> Option<Self> {
        let (vintage, generation) = text.split_once(' ')?;
        Some(Self {
            vintage: vintage.parse().ok()?,
            generation: generation.parse().ok()?,
        })
    }
}

/// The table the database holds; `None` before the first load.
pub(crate) async fn table_state(db: &Db) -> Result<Option<TableState>, StoreError> {
    Ok(setting(db, SETTING)
        .await?
        .as_deref()
        .and_then(TableState::of_text))
}

/// Where the table that the database holds comes from.
pub(crate) async fn source(db: &Db) -> Result<Option<Source>, StoreError> {
    let Some(state) = table_state(db).await? else {
        return Ok(None);
    };
    let facts = setting(db, SOURCE).await?.unwrap_or_default();
    let mut lines = facts.lines().map(str::to_owned);
    let mut next = || lines.next().unwrap_or_default();
    Ok(Some(Source {
        vintage: state.vintage,
        published_on: next(),
        package: next(),
        licence: next(),
    }))
}

/// Waits until no other process loads, and says which table the database holds then.
pub(crate) async fn lock_table(tx: &mut Tx) -> Result<Option<TableState>, StoreError> {
    // On SQLite the transaction is the only writer already.
    if let Link::Pg(link) = tx.link() {
        sqlx::query("SELECT pg_advisory_xact_lock($1)")
            .bind(LOCK)
            .execute(&mut **link)
            .await?;
    }
    let text: Option<String> = on_tx!(tx, c => sqlx::query_scalar("SELECT value FROM platform_setting WHERE name = $1")
        .bind(SETTING).fetch_optional(c).await)?;
    Ok(text.as_deref().and_then(TableState::of_text))
}

/// Puts the table in the place of the one before. Claims, mandates and presentations stay.
pub(crate) async fn load(
    tx: &mut Tx,
    dataset: &Dataset,
    before: Option<TableState>,
) -> Result<(), StoreError> {
    load_surroundings(tx, dataset).await?;
    let known = known_rows(tx).await?;
    if !known.is_empty() {
        make_room(tx).await?;
    }
    let kept = Kept::of(&known);
    let rows: Vec<CommuneRow<'_>> = dataset
        .communes
        .iter()
        .map(|record| CommuneRow::new(record, &kept))
        .collect();
    COMMUNES.upsert(tx, &rows).await?;
    if !known.is_empty() {
        retire(tx, &known, &rows, dataset).await?;
    }
    load_formers(tx, dataset).await?;
    if let Link::Pg(link) = tx.link() {
        // Without fresh statistics the first questions would be answered by slow plans.
        sqlx::query("ANALYZE commune").execute(&mut **link).await?;
    }
    let source = &dataset.source;
    let facts = [&source.published_on, &source.package, &source.licence]
        .map(String::as_str)
        .join("\n");
    set_setting(tx, SOURCE, &facts).await?;
    let generation = before.map_or(1, |state| state.generation + 1);
    set_setting(tx, SETTING, &format!("{} {generation}", dataset.source.vintage)).await
}

async fn load_surroundings(tx: &mut Tx, dataset: &Dataset) -> Result<(), StoreError> {
    #[derive(Serialize)]
    struct Row<'a> {
        code: &'a str,
        name: &'a str,
        article: u8,
        region: &'a str,
        seat: &'a str,
        kind: &'a str,
    }
    let row = |code, name| Row {
        code,
        name,
        article: 0,
        region: "",
        seat: "",
        kind: "",
    };
    let regions: Vec<Row<'_>> = dataset
        .regions
        .iter()
        .map(|region| Row {
            article: region.article.into(),
            ..row(&region.code, &region.name)
        })
        .collect();
    REGIONS.upsert(tx, &regions).await?;
    let departments: Vec<Row<'_>> = dataset
        .departments
        .iter()
        .map(|department| Row {
            article: department.territory.article.into(),
            region: &department.region,
            seat: department.seat.as_str(),
            ..row(&department.territory.code, &department.territory.name)
        })
        .collect();
    DEPARTMENTS.upsert(tx, &departments).await?;
    let districts: Vec<Row<'_>> = dataset
        .districts
        .iter()
        .map(|district| row(&district.code, &district.name))
        .collect();
    DISTRICTS.upsert(tx, &districts).await?;
    let epci: Vec<Row<'_>> = dataset
        .epci
        .iter()
        .map(|epci| Row {
            kind: &epci.kind,
            ..row(&epci.code, &epci.name)
        })
        .collect();
    EPCI.upsert(tx, &epci).await
}

const REGIONS: Table = Table {
    name: "commune_region",
    columns: &[
        Column("code", Text),
        Column("name", Text),
        Column("article", Number),
    ],
};
const DEPARTMENTS: Table = Table {
    name: "commune_department",
    columns: &[
        Column("code", Text),
        Column("name", Text),
        Column("article", Number),
        Column("region", Text),
        Column("seat", Text),
    ],
};
const DISTRICTS: Table = Table {
    name: "commune_district",
    columns: &[Column("code", Text), Column("name", Text)],
};
const EPCI: Table = Table {
    name: "commune_epci",
    columns: &[Column("code", Text), Column("name", Text), Column("kind", Text)],
};
const COMMUNES: Table = Table {
    name: "commune",
    columns: &[
        Column("code", Text),
        Column("name", Text),
        Column("article", Number),
        Column("status", Text),
        Column("department", Text),
        Column("region", Text),
        Column("district", Text),
        Column("epci", Text),
        Column("siren", Text),
        Column("population", Number),
        Column("postal_codes", Text),
        Column("slug", Text),
        Column("address", Text),
        Column("handle", Text),
        Column("successor", Text),
    ],
};
const FORMERS: Table = Table {
    name: "commune_former",
    columns: &[
        Column("code", Text),
        Column("name", Text),
        Column("kind", Text),
        Column("address", Text),
        Column("successor", Text),
    ],
};

#[derive(Serialize)]
struct CommuneRow<'a> {
    code: InseeCode,
    name: &'a str,
    article: u8,
    status: &'a str,
    department: &'a str,
    region: &'a str,
    district: Option<&'a str>,
    epci: Option<&'a str>,
    siren: Option<&'a str>,
    population: Option<i64>,
    postal_codes: String,
    slug: &'a str,
    address: &'a str,
    handle: String,
    successor: Option<&'a str>,
}

impl<'a> CommuneRow<'a> {
    fn new(record: &'a Record, kept: &Kept<'_>) -> Self {
        Self {
            code: record.code,
            name: record.name.official(),
            article: record.name.article().into(),
            status: record.status.as_str(),
            department: &record.department,
            region: &record.region,
            district: record.district.as_deref(),
            epci: record.epci.as_deref(),
            siren: record.siren.as_deref(),
            population: record.population,
            postal_codes: record.postal_codes.join(" "),
            slug: &record.names.slug,
            address: &record.names.address,
            handle: kept.handle_of(record),
            successor: None,
        }
    }
}

/// A row that was there before.
#[derive(sqlx::FromRow)]
struct Known {
    code: String,
    address: String,
    handle: String,
    successor: Option<String>,
    claimed: bool,
}

async fn known_rows(tx: &mut Tx) -> Result<Vec<Known>, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query_as(
        "SELECT c.code, c.address, c.handle, c.successor, k.code IS NOT NULL AS claimed
         FROM commune c LEFT JOIN commune_claim k ON k.code = c.code").fetch_all(c).await)?)
}

/// Handles that actors bear already: they stay whatever the new table says.
struct Kept<'a> {
    of_code: HashMap<&'a str, &'a str>,
    taken: HashSet<&'a str>,
}

impl<'a> Kept<'a> {
    fn of(known: &'a [Known]) -> Self {
        let claimed = || known.iter().filter(|row| row.claimed);
        Self {
            of_code: claimed()
                .map(|row| (row.code.as_str(), row.handle.as_str()))
                .collect(),
            taken: claimed().map(|row| row.handle.as_str()).collect(),
        }
    }

    fn handle_of(&self, record: &Record) -> String {
        if let Some(handle) = self.of_code.get(record.code.as_str()) {
            return (*handle).to_owned();
        }
        let names = &record.names;
        let free = [&names.handle, &names.address]
            .into_iter()
            .find(|handle| !self.taken.contains(handle.as_str()));
        free.cloned()
            .unwrap_or_else(|| address(&names.slug, record.code.as_str()))
    }
}

/// Remembers the addresses of today, then frees them: two communes may have swapped names.
async fn make_room(tx: &mut Tx) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO commune_old_address (address, code) SELECT address, code FROM commune WHERE true
         ON CONFLICT (address) DO UPDATE SET code = excluded.code").execute(c).await.map(|_| ()))?;
    on_tx!(tx, c => sqlx::query("UPDATE commune SET address = code, handle = code").execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Turns rows that are not in the new table into signposts to their successor.
async fn retire(
    tx: &mut Tx,
    known: &[Known],
    rows: &[CommuneRow<'_>],
    dataset: &Dataset,
) -> Result<(), StoreError> {
    let listed: HashSet<&str> = rows.iter().map(|row| row.code.as_str()).collect();
    let addresses: HashSet<&str> = rows.iter().map(|row| row.address).collect();
    let handles: HashSet<&str> = rows.iter().map(|row| row.handle.as_str()).collect();
    let successors: HashMap<&str, &str> = dataset
        .formers
        .iter()
        .map(|former| (former.code.as_str(), former.successor.as_str()))
        .collect();
    for row in known.iter().filter(|row| !listed.contains(row.code.as_str())) {
        let free = |wanted: &'_ str, taken: &HashSet<&str>| {
            if taken.contains(wanted) {
                row.code.clone()
            } else {
                wanted.to_owned()
            }
        };
        let successor = successors
            .get(row.code.as_str())
            .copied()
            .or(row.successor.as_deref());
        on_tx!(tx, c => sqlx::query("UPDATE commune SET address = $2, handle = $3, successor = $4 WHERE code = $1")
            .bind(&row.code).bind(free(&row.address, &addresses)).bind(free(&row.handle, &handles)).bind(successor)
            .execute(c).await.map(|_| ()))?;
    }
    on_tx!(tx, c => sqlx::query(
        "DELETE FROM commune_old_address WHERE address IN (SELECT address FROM commune)")
        .execute(c).await.map(|_| ()))?;
    Ok(())
}

async fn load_formers(tx: &mut Tx, dataset: &Dataset) -> Result<(), StoreError> {
    #[derive(Serialize)]
    struct Row<'a> {
        code: InseeCode,
        name: Option<&'a str>,
        kind: &'a str,
        address: Option<String>,
        successor: InseeCode,
    }
    let departments: HashMap<InseeCode, &str> = dataset
        .communes
        .iter()
        .map(|commune| (commune.code, commune.department.as_str()))
        .collect();
    let rows: Vec<Row<'_>> = dataset
        .formers
        .iter()
        .map(|former| Row {
            code: former.code,
            name: former.name.as_deref(),
            kind: former.kind.as_str(),
            address: former
                .name
                .as_deref()
                .zip(departments.get(&former.successor))
                .map(|(name, department)| address(&slug(name), department)),
            successor: former.successor,
        })
        .collect();
    FORMERS.upsert(tx, &rows).await
}
