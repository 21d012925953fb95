//! `account` and `account_verification`.

use commune::InseeCode;
use federation::ActorId;
use platform::i18n::Lang;
use platform::mail::EmailAddress;
use platform::store::OnUnique as _;
use platform::{Db, StoreError, Timestamp, Tx, on_db, on_tx};

use crate::model::{Account, AccountId, Font, Preferences, Theme};

/// Accounts that have not ended, before the last part of the sentence.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT a.id, a.actor_id, a.email, a.commune, a.lang, a.theme, a.font, a.bio, a.photo_id, a.created_at,
                 a.seen_at, a.secured_at
             FROM account a WHERE a.ended_at IS NULL AND ",
            $rest
        )
    };
}

#[derive(Debug, sqlx::FromRow)]
pub(super) struct Row {
    id: AccountId,
    actor_id: ActorId,
    email: String,
    commune: String,
    lang: String,
    theme: String,
    font: String,
    bio: String,
    photo_id: Option<i64>,
    created_at: Timestamp,
    seen_at: Timestamp,
    secured_at: Timestamp,
}

impl Row {
    pub(super) fn account(self) -> Result<Account, StoreError> {
        Ok(Account {
            commune: code_of(&self.commune, "account", self.id)?,
            preferences: Preferences {
                lang: self.lang.parse::<Lang>().ok(),
                theme: Theme::from_code(&self.theme),
                font: Font::from_code(&self.font),
            },
            id: self.id,
            actor: self.actor_id,
            email: self.email,
            bio: self.bio,
            photo: self.photo_id,
            created_at: self.created_at,
            seen_at: self.seen_at,
            secured_at: self.secured_at,
        })
    }
}

pub(super) fn code_of(text: &str, table: &'static str, row: AccountId) -> Result<InseeCode, StoreError> {
    text.parse().map_err(|_| StoreError::Inconsistent {
        table,
        column: "commune",
        row: row.to_string(),
    })
}

fn one(row: Option<Row>) -> Result<Option<Account>, StoreError> {
    row.map(Row::account).transpose()
}

fn many(rows: Vec<Row>) -> Result<Vec<Account>, StoreError> {
    rows.into_iter().map(Row::account).collect()
}

/// An account to be made.
#[derive(Debug)]
pub(crate) struct NewAccount<'a> {
    pub(crate) id: AccountId,
    pub(crate) actor: ActorId,
    pub(crate) email: &'a EmailAddress,
    pub(crate) password_hash: &'a str,
    pub(crate) commune: InseeCode,
    pub(crate) lang: Lang,
    pub(crate) now: Timestamp,
}

pub(crate) async fn insert(tx: &mut Tx, new: &NewAccount<'_>) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO account (id, actor_id, email, email_key, password_hash, commune, lang, created_at, seen_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)")
        .bind(new.id).bind(new.actor).bind(new.email.as_str()).bind(new.email.folded()).bind(new.password_hash)
        .bind(new.commune.as_str()).bind(new.lang.code()).bind(new.now)
        .execute(c).await.map(|_| ()).on_unique("email"))
}

pub(crate) async fn by_id(db: &Db, id: AccountId) -> Result<Option<Account>, StoreError> {
    one(on_db!(db, c => sqlx::query_as(select!("a.id = $1")).bind(id).fetch_optional(c).await)?)
}

pub(crate) async fn by_id_in(tx: &mut Tx, id: AccountId) -> Result<Option<Account>, StoreError> {
    one(on_tx!(tx, c => sqlx::query_as(select!("a.id = $1")).bind(id).fetch_optional(c).await)?)
}

pub(crate) async fn by_actor(db: &Db, actor: ActorId) -> Result<Option<Account>, StoreError> {
    one(on_db!(db, c => sqlx::query_as(select!("a.actor_id = $1")).bind(actor).fetch_optional(c).await)?)
}

/// Several at once, in no order.
pub(crate) async fn by_actors(db: &Db, actors: &[ActorId]) -> Result<Vec<Account>, StoreError> {
    if actors.is_empty() {
        return Ok(Vec::new());
    }
    many(on_db!(db, c => {
        let mut query = sqlx::QueryBuilder::new(select!("a.actor_id IN ("));
        let mut list = query.separated(", ");
        for actor in actors {
            list.push_bind(*actor);
        }
        query.push(")");
        query.build_query_as().fetch_all(c).await
    })?)
}

pub(crate) async fn by_email(db: &Db, key: &str) -> Result<Option<Account>, StoreError> {
    one(on_db!(db, c => sqlx::query_as(select!("a.email_key = $1")).bind(key).fetch_optional(c).await)?)
}

pub(crate) async fn by_email_in(tx: &mut Tx, key: &str) -> Result<Option<Account>, StoreError> {
    one(on_tx!(tx, c => sqlx::query_as(select!("a.email_key = $1")).bind(key).fetch_optional(c).await)?)
}

/// In the order of their making; `after` is the last of the page before.
pub(crate) async fn list(
    db: &Db,
    commune: Option<InseeCode>,
    after: AccountId,
    limit: i64,
) -> Result<Vec<Account>, StoreError> {
    let commune = commune.map(String::from).unwrap_or_default();
    many(on_db!(db, c => sqlx::query_as(select!(
        "a.id > $1 AND ($2 = '' OR a.commune = $2) ORDER BY a.id LIMIT $3"))
        .bind(after).bind(&commune).bind(limit).fetch_all(c).await)?)
}

/// How many were seen since.
pub(crate) async fn count_seen_since(db: &Db, since: Timestamp) -> Result<i64, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT COUNT(*) FROM account WHERE ended_at IS NULL AND seen_at >= $1")
        .bind(since).fetch_one(c).await)?)
}

/// How many there are.
pub(crate) async fn count(db: &Db) -> Result<i64, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_scalar("SELECT COUNT(*) FROM account WHERE ended_at IS NULL")
        .fetch_one(c).await)?,
    )
}

/// How many belong to a commune; with `verified`, of those only whom the town hall knows to live there.
pub(crate) async fn count_residents(db: &Db, commune: &str, verified: bool) -> Result<i64, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT COUNT(*) FROM account a WHERE a.commune = $1 AND a.ended_at IS NULL AND (NOT $2 OR EXISTS (
             SELECT 1 FROM account_verification v WHERE v.account_id = a.id AND v.commune = a.commune))")
        .bind(commune).bind(verified).fetch_one(c).await)?)
}

pub(crate) async fn password_hash(db: &Db, id: AccountId) -> Result<String, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT password_hash FROM account WHERE id = $1 AND ended_at IS NULL")
        .bind(id).fetch_optional(c).await)?
    .unwrap_or_default())
}

/// Voids the tokens of the API made until now.
pub(crate) async fn secure(tx: &mut Tx, id: AccountId, now: Timestamp) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("UPDATE account SET secured_at = $2 WHERE id = $1")
        .bind(id).bind(now).execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn set_password(tx: &mut Tx, id: AccountId, hash: &str) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("UPDATE account SET password_hash = $2 WHERE id = $1 AND ended_at IS NULL")
        .bind(id).bind(hash).execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn set_email(tx: &mut Tx, id: AccountId, email: &EmailAddress) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "UPDATE account SET email = $2, email_key = $3 WHERE id = $1 AND ended_at IS NULL")
        .bind(id).bind(email.as_str()).bind(email.folded()).execute(c).await.map(|_| ()).on_unique("email"))
}

pub(crate) async fn set_preferences(
    tx: &mut Tx,
    id: AccountId,
    preferences: Preferences,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("UPDATE account SET lang = $2, theme = $3, font = $4 WHERE id = $1")
        .bind(id).bind(preferences.lang.map_or("", Lang::code))
        .bind(preferences.theme.map_or("", Theme::code))
        .bind(preferences.font.map_or("", Font::code)).execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn set_bio(tx: &mut Tx, id: AccountId, bio: &str) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("UPDATE account SET bio = $2 WHERE id = $1")
        .bind(id).bind(bio).execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn set_photo(tx: &mut Tx, id: AccountId, photo: Option<i64>) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("UPDATE account SET photo_id = $2 WHERE id = $1")
        .bind(id).bind(photo).execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn set_commune(tx: &mut Tx, id: AccountId, commune: InseeCode) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("UPDATE account SET commune = $2 WHERE id = $1")
        .bind(id).bind(commune.as_str()).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Empties the row: what stays is that there was an account, and its actor's id.
pub(crate) async fn end(tx: &mut Tx, id: AccountId, now: Timestamp) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "UPDATE account SET email = '', email_key = NULL, password_hash = '', lang = '', theme = '', font = '',
             bio = '', photo_id = NULL, ended_at = $2 WHERE id = $1")
        .bind(id).bind(now).execute(c).await.map(|_| ()))?;
    on_tx!(tx, c => sqlx::query("DELETE FROM account_verification WHERE account_id = $1")
        .bind(id).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Since when the town hall knows her to live in the commune, and how it knows.
pub(crate) async fn verification(
    db: &Db,
    id: AccountId,
    commune: InseeCode,
) -> Result<Option<(Timestamp, String)>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT verified_at, means FROM account_verification WHERE account_id = $1 AND commune = $2")
        .bind(id).bind(commune.as_str()).fetch_optional(c).await)?)
}

pub(crate) async fn verify(
    tx: &mut Tx,
    id: AccountId,
    commune: InseeCode,
    means: &str,
    by: Option<AccountId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO account_verification (account_id, commune, means, verified_by, verified_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (account_id) DO UPDATE SET commune = excluded.commune, means = excluded.means,
             verified_by = excluded.verified_by, verified_at = excluded.verified_at")
        .bind(id).bind(commune.as_str()).bind(means).bind(by).bind(now).execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn unverify(tx: &mut Tx, id: AccountId) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM account_verification WHERE account_id = $1")
        .bind(id).execute(c).await.map(|_| ()))?;
    Ok(())
}
