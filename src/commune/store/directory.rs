//! Reading the directory.

use federation::ActorId;
use platform::{Db, StoreError, Timestamp, Tx, on_db, on_tx};

use crate::model::{Article, Claim, Commune, CommuneName, Epci, InseeCode, Territory};

/// A commune with all that surrounds it, before the last part of the sentence.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT c.code, c.name, c.article, c.status, c.department, d.name AS department_name,
                 d.article AS department_article, c.region, r.name AS region_name, r.article AS region_article,
                 s.name AS district_name, c.epci, e.name AS epci_name, e.kind AS epci_kind, c.siren, c.population,
                 c.postal_codes, c.slug, c.address, c.handle, c.successor, k.mayor_actor_id, k.commune_actor_id,
                 k.claimed_at, k.verified_by, k.verified_at,
                 (SELECT string_agg(o.section, ' ') FROM commune_section o WHERE o.code = c.code) AS closed
             FROM commune c
             JOIN commune_department d ON d.code = c.department
             JOIN commune_region r ON r.code = c.region
             LEFT JOIN commune_district s ON s.code = c.district
             LEFT JOIN commune_epci e ON e.code = c.epci
             LEFT JOIN commune_claim k ON k.code = c.code ",
            $rest
        )
    };
}

#[derive(sqlx::FromRow)]
struct Row {
    code: String,
    name: String,
    article: i64,
    status: String,
    department: String,
    department_name: String,
    department_article: i64,
    region: String,
    region_name: String,
    region_article: i64,
    district_name: Option<String>,
    epci: Option<String>,
    epci_name: Option<String>,
    epci_kind: Option<String>,
    siren: Option<String>,
    population: Option<i64>,
    postal_codes: String,
    slug: String,
    address: String,
    handle: String,
    successor: Option<String>,
    mayor_actor_id: Option<ActorId>,
    commune_actor_id: Option<ActorId>,
    claimed_at: Option<Timestamp>,
    verified_by: Option<String>,
    verified_at: Option<Timestamp>,
    closed: Option<String>,
}

impl Row {
    fn commune(self) -> Result<Commune, StoreError> {
        let code = code_of(&self.code, "code")?;
        let article = |number: i64, column| {
            let known = u8::try_from(number)
                .ok()
                .and_then(|number| Article::try_from(number).ok());
            known.ok_or_else(|| inconsistent(column, &self.code))
        };
        let territory = |code: &str, name: &str, number, column| {
            Ok::<_, StoreError>(Territory {
                code: code.to_owned(),
                name: name.to_owned(),
                article: article(number, column)?,
            })
        };
        let claim = match (self.mayor_actor_id, self.commune_actor_id) {
            (Some(mayor), Some(commune)) => Some(Claim {
                mayor,
                commune,
                claimed_at: self.claimed_at.unwrap_or_default(),
                verified_by: self.verified_by.clone().unwrap_or_default(),
                verified_at: self.verified_at.unwrap_or_default(),
            }),
            _ => None,
        };
        let epci = match (&self.epci, &self.epci_name, &self.epci_kind) {
            (Some(code), Some(name), Some(kind)) => Some(Epci {
                code: code.clone(),
                name: name.clone(),
                kind: kind.clone(),
            }),
            _ => None,
        };
        Ok(Commune {
            code,
            name: CommuneName::new(self.name.clone(), article(self.article, "article")?),
            status: self
                .status
                .parse()
                .map_err(|_| inconsistent("status", &self.code))?,
            department: territory(
                &self.department,
                &self.department_name,
                self.department_article,
                "department",
            )?,
            region: territory(&self.region, &self.region_name, self.region_article, "region")?,
            district: self.district_name.clone(),
            epci,
            siren: self.siren.clone(),
            population: self.population,
            postal_codes: self
                .postal_codes
                .split_ascii_whitespace()
                .map(str::to_owned)
                .collect(),
            slug: self.slug.clone(),
            address: self.address.clone(),
            handle: self.handle.clone(),
            successor: self
                .successor
                .as_deref()
                .map(|code| code_of(code, "successor"))
                .transpose()?,
            claim,
            closed: self
                .closed
                .as_deref()
                .unwrap_or_default()
                .split_ascii_whitespace()
                .map(str::to_owned)
                .collect(),
        })
    }
}

fn inconsistent(column: &'static str, row: &str) -> StoreError {
    StoreError::Inconsistent {
        table: "commune",
        column,
        row: row.to_owned(),
    }
}

fn code_of(text: &str, column: &'static str) -> Result<InseeCode, StoreError> {
    text.parse().map_err(|_| inconsistent(column, text))
}

fn one(row: Option<Row>) -> Result<Option<Commune>, StoreError> {
    row.map(Row::commune).transpose()
}

fn many(rows: Vec<Row>) -> Result<Vec<Commune>, StoreError> {
    rows.into_iter().map(Row::commune).collect()
}

/// By INSEE code, signposts included.
pub(crate) async fn by_code(db: &Db, code: InseeCode) -> Result<Option<Commune>, StoreError> {
    one(
        on_db!(db, c => sqlx::query_as(select!("WHERE c.code = $1")).bind(code.as_str()).fetch_optional(c).await)?,
    )
}

/// By INSEE code, inside a transaction.
pub(crate) async fn by_code_in(tx: &mut Tx, code: InseeCode) -> Result<Option<Commune>, StoreError> {
    one(
        on_tx!(tx, c => sqlx::query_as(select!("WHERE c.code = $1")).bind(code.as_str()).fetch_optional(c).await)?,
    )
}

/// Several at once, in the order asked for; those that are not there are left out.
pub(crate) async fn by_codes(db: &Db, codes: &[InseeCode]) -> Result<Vec<Commune>, StoreError> {
    let json = serde_json::to_string(codes).unwrap_or_else(|_| "[]".to_owned());
    let rows: Vec<Row> = match db {
        Db::Lite(lite) => {
            sqlx::query_as(select!("WHERE c.code IN (SELECT value FROM json_each($1))"))
                .bind(json)
                .fetch_all(lite.readers())
                .await?
        }
        Db::Pg(pg) => {
            sqlx::query_as(select!(
                "WHERE c.code IN (SELECT json_array_elements_text($1::json))"
            ))
            .bind(json)
            .fetch_all(pg.pool())
            .await?
        }
    };
    let mut communes = many(rows)?;
    communes.sort_by_key(|commune| codes.iter().position(|code| *code == commune.code));
    Ok(communes)
}

/// By its place on this site, signposts included.
pub(crate) async fn by_address(db: &Db, address: &str) -> Result<Option<Commune>, StoreError> {
    one(
        on_db!(db, c => sqlx::query_as(select!("WHERE c.address = $1")).bind(address).fetch_optional(c).await)?,
    )
}

/// By the handle of the commune.
pub(crate) async fn by_handle(db: &Db, handle: &str) -> Result<Option<Commune>, StoreError> {
    one(
        on_db!(db, c => sqlx::query_as(select!("WHERE c.handle = $1 AND c.successor IS NULL"))
        .bind(handle).fetch_optional(c).await)?,
    )
}

/// The commune whose mayor's office, or whose own actor, this is.
pub(crate) async fn by_actor(db: &Db, actor: ActorId) -> Result<Option<Commune>, StoreError> {
    one(
        on_db!(db, c => sqlx::query_as(select!("WHERE k.mayor_actor_id = $1 OR k.commune_actor_id = $1"))
        .bind(actor).fetch_optional(c).await)?,
    )
}

pub(crate) async fn by_actor_in(tx: &mut Tx, actor: ActorId) -> Result<Option<Commune>, StoreError> {
    one(
        on_tx!(tx, c => sqlx::query_as(select!("WHERE k.mayor_actor_id = $1 OR k.commune_actor_id = $1"))
        .bind(actor).fetch_optional(c).await)?,
    )
}

/// All communes of one name, by département.
pub(crate) async fn by_slug(db: &Db, slug: &str) -> Result<Vec<Commune>, StoreError> {
    many(
        on_db!(db, c => sqlx::query_as(select!("WHERE c.slug = $1 AND c.successor IS NULL ORDER BY c.department"))
        .bind(slug).fetch_all(c).await)?,
    )
}

/// Communes of the same inter-municipal body or, without one, of the same *arrondissement*: first those that
/// share the post office, then the largest.
pub(crate) async fn neighbours(db: &Db, commune: &Commune, limit: i64) -> Result<Vec<Commune>, StoreError> {
    many(on_db!(db, c => sqlx::query_as(select!(
        "JOIN commune here ON here.code = $1
         WHERE c.code <> here.code AND c.successor IS NULL
           AND (c.epci = here.epci OR (here.epci IS NULL AND c.district = here.district))
         ORDER BY CASE WHEN c.postal_codes = here.postal_codes THEN 0 ELSE 1 END, c.population DESC, c.code LIMIT $2"))
        .bind(commune.code.as_str()).bind(limit).fetch_all(c).await)?)
}

/// One page of a département, in the order of names.
pub(crate) async fn of_department(
    db: &Db,
    department: &str,
    offset: i64,
    limit: i64,
) -> Result<Vec<Commune>, StoreError> {
    many(on_db!(db, c => sqlx::query_as(select!(
        "WHERE c.department = $1 AND c.successor IS NULL ORDER BY c.slug, c.code LIMIT $2 OFFSET $3"))
        .bind(department).bind(limit).bind(offset).fetch_all(c).await)?)
}

/// Communes whose town hall is here, the latest first.
pub(crate) async fn claimed(db: &Db, limit: i64) -> Result<Vec<Commune>, StoreError> {
    many(on_db!(db, c => sqlx::query_as(select!(
        "WHERE k.code IS NOT NULL ORDER BY k.claimed_at DESC, c.code LIMIT $1"))
        .bind(limit).fetch_all(c).await)?)
}

/// Départements with the number of their communes, in the order of codes.
pub(crate) async fn departments(db: &Db) -> Result<Vec<(Territory, i64)>, StoreError> {
    let rows: Vec<(String, String, i64, i64)> = on_db!(db, c => sqlx::query_as(
        "SELECT d.code, d.name, d.article, COUNT(*) FROM commune_department d
         JOIN commune c ON c.department = d.code AND c.successor IS NULL
         GROUP BY d.code, d.name, d.article ORDER BY d.code").fetch_all(c).await)?;
    let read = |(code, name, article, communes): (String, String, i64, i64)| {
        let article = u8::try_from(article)
            .ok()
            .and_then(|number| Article::try_from(number).ok());
        let article = article.ok_or_else(|| inconsistent("article", &code))?;
        Ok((Territory { code, name, article }, communes))
    };
    rows.into_iter().map(read).collect()
}

/// Where the code of a former commune, or of a municipal district, leads.
pub(crate) async fn of_former_code(db: &Db, code: InseeCode) -> Result<Option<InseeCode>, StoreError> {
    successor(
        on_db!(db, c => sqlx::query_scalar("SELECT successor FROM commune_former WHERE code = $1")
        .bind(code.as_str()).fetch_optional(c).await)?,
    )
}

/// Where the address that a former commune would have leads.
pub(crate) async fn of_former_address(db: &Db, address: &str) -> Result<Option<InseeCode>, StoreError> {
    successor(on_db!(db, c => sqlx::query_scalar(
        "SELECT successor FROM commune_former WHERE address = $1 ORDER BY code LIMIT 1")
        .bind(address).fetch_optional(c).await)?)
}

/// Which commune had this address under an earlier name.
pub(crate) async fn of_old_address(db: &Db, address: &str) -> Result<Option<InseeCode>, StoreError> {
    successor(
        on_db!(db, c => sqlx::query_scalar("SELECT code FROM commune_old_address WHERE address = $1")
        .bind(address).fetch_optional(c).await)?,
    )
}

fn successor(code: Option<String>) -> Result<Option<InseeCode>, StoreError> {
    code.as_deref().map(|code| code_of(code, "successor")).transpose()
}

/// Whether a handle without accents and with hyphens is the name, the address or the handle of a commune.
pub(crate) async fn is_handle_of_a_commune(db: &Db, plain: &str) -> Result<bool, StoreError> {
    let found: Option<i64> = on_db!(db, c => sqlx::query_scalar(
        "SELECT CAST(1 AS BIGINT) FROM commune WHERE slug = $1 OR address = $1 OR handle = $1 LIMIT 1")
        .bind(plain).fetch_optional(c).await)?;
    Ok(found.is_some())
}

/// Addresses in order of code, for the site map.
pub(crate) async fn addresses(db: &Db) -> Result<Vec<String>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_scalar("SELECT address FROM commune WHERE successor IS NULL ORDER BY code")
        .fetch_all(c).await)?,
    )
}

/// What the search index is made of.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct NameRow {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) article: i64,
    pub(crate) former: bool,
    pub(crate) department: String,
    pub(crate) department_name: String,
    pub(crate) population: Option<i64>,
    pub(crate) postal_codes: String,
}

/// All names, present ones first.
pub(crate) async fn names(db: &Db) -> Result<Vec<NameRow>, StoreError> {
    let mut rows: Vec<NameRow> = on_db!(db, c => sqlx::query_as(
        "SELECT c.code, c.name, c.article, FALSE AS former, c.department, d.name AS department_name, c.population,
             c.postal_codes
         FROM commune c JOIN commune_department d ON d.code = c.department
         WHERE c.successor IS NULL ORDER BY c.code").fetch_all(c).await)?;
    let formers: Vec<NameRow> = on_db!(db, c => sqlx::query_as(
        "SELECT c.code, f.name, CAST(0 AS BIGINT) AS article, TRUE AS former, c.department,
             d.name AS department_name, c.population, '' AS postal_codes
         FROM commune_former f JOIN commune c ON c.code = f.successor
         JOIN commune_department d ON d.code = c.department
         WHERE f.name IS NOT NULL AND f.name <> c.name AND c.successor IS NULL ORDER BY f.code")
        .fetch_all(c).await)?;
    rows.extend(formers);
    Ok(rows)
}
