//! The SQL of this room.

use federation::ActorId;
use platform::store::{Link, OnUnique as _};
use platform::{Db, StoreError, Timestamp, Tx, on_db, on_tx};

/// A registered program.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct App {
    pub(crate) id: i64,
    pub(crate) client_id: String,
    pub(crate) secret_hash: String,
    pub(crate) name: String,
    pub(crate) website: Option<String>,
    pub(crate) redirect_uris: String,
    pub(crate) scopes: String,
    pub(crate) created_at: Timestamp,
}

impl App {
    /// The addresses it may be answered at.
    pub(crate) fn redirect_uris(&self) -> Vec<String> {
        serde_json::from_str(&self.redirect_uris).unwrap_or_default()
    }
}

/// A code to be changed for a token.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct Grant {
    pub(crate) code_hash: String,
    pub(crate) app_id: i64,
    pub(crate) account_id: i64,
    pub(crate) office: Option<String>,
    pub(crate) redirect_uri: String,
    pub(crate) scopes: String,
    pub(crate) challenge: Option<String>,
    pub(crate) expires_at: Timestamp,
    pub(crate) token_id: Option<i64>,
}

/// A token.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct Token {
    pub(crate) id: i64,
    pub(crate) token_hash: String,
    pub(crate) app_id: Option<i64>,
    pub(crate) account_id: Option<i64>,
    pub(crate) office: Option<String>,
    pub(crate) scopes: String,
    pub(crate) created_at: Timestamp,
    pub(crate) revoked_at: Option<Timestamp>,
}

pub(crate) async fn insert_app(tx: &mut Tx, app: &App) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO client_app (id, client_id, secret_hash, name, website, redirect_uris, scopes, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(app.id).bind(&app.client_id).bind(&app.secret_hash).bind(&app.name).bind(&app.website)
        .bind(&app.redirect_uris).bind(&app.scopes).bind(app.created_at)
        .execute(c).await.map(|_| ()).on_unique("app"))
}

pub(crate) async fn app_by_client_id(db: &Db, client_id: &str) -> Result<Option<App>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_as("SELECT * FROM client_app WHERE client_id = $1")
        .bind(client_id).fetch_optional(c).await)?,
    )
}

pub(crate) async fn app_by_id(db: &Db, id: i64) -> Result<Option<App>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_as("SELECT * FROM client_app WHERE id = $1").bind(id)
        .fetch_optional(c).await)?,
    )
}

pub(crate) async fn insert_grant(tx: &mut Tx, grant: &Grant) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO client_grant (code_hash, app_id, account_id, office, redirect_uri, scopes, challenge,
             expires_at, token_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
        .bind(&grant.code_hash).bind(grant.app_id).bind(grant.account_id).bind(&grant.office)
        .bind(&grant.redirect_uri).bind(&grant.scopes).bind(&grant.challenge).bind(grant.expires_at)
        .bind(grant.token_id).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Reads a code to use it: nobody else can before the transaction ends.
pub(crate) async fn grant_for_use(tx: &mut Tx, code_hash: &str) -> Result<Option<Grant>, StoreError> {
    let found = match tx.link() {
        Link::Lite(c) => {
            sqlx::query_as("SELECT * FROM client_grant WHERE code_hash = $1")
                .bind(code_hash)
                .fetch_optional(&mut **c)
                .await?
        }
        Link::Pg(c) => {
            sqlx::query_as("SELECT * FROM client_grant WHERE code_hash = $1 FOR UPDATE")
                .bind(code_hash)
                .fetch_optional(&mut **c)
                .await?
        }
    };
    Ok(found)
}

pub(crate) async fn use_grant(tx: &mut Tx, code_hash: &str, token: i64) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("UPDATE client_grant SET token_id = $2 WHERE code_hash = $1")
        .bind(code_hash).bind(token).execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn insert_token(tx: &mut Tx, token: &Token) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO client_token (id, token_hash, app_id, account_id, office, scopes, created_at, revoked_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(token.id).bind(&token.token_hash).bind(token.app_id).bind(token.account_id)
        .bind(&token.office).bind(&token.scopes).bind(token.created_at).bind(token.revoked_at)
        .execute(c).await.map(|_| ()).on_unique("token"))
}

/// A token that holds.
pub(crate) async fn token(db: &Db, token_hash: &str) -> Result<Option<Token>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT * FROM client_token WHERE token_hash = $1 AND revoked_at IS NULL")
        .bind(token_hash).fetch_optional(c).await)?)
}

pub(crate) async fn revoke(tx: &mut Tx, id: i64, now: Timestamp) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("UPDATE client_token SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL")
        .bind(id).bind(now).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// A program that has a token of an account.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct Granted {
    pub(crate) name: Option<String>,
    pub(crate) office: Option<String>,
    pub(crate) scopes: String,
    pub(crate) created_at: Timestamp,
}

/// The programs that speak for an account now.
pub(crate) async fn granted(db: &Db, account: i64) -> Result<Vec<Granted>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT a.name, t.office, t.scopes, t.created_at FROM client_token t
         LEFT JOIN client_app a ON a.id = t.app_id
         WHERE t.account_id = $1 AND t.revoked_at IS NULL ORDER BY t.id DESC LIMIT 1000")
        .bind(account).fetch_all(c).await)?)
}

/// Forgets everything about somebody whose account ends.
pub(crate) async fn forget(tx: &mut Tx, account: i64, actor: ActorId) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM client_token WHERE account_id = $1",
        "DELETE FROM client_grant WHERE account_id = $1",
    ] {
        on_tx!(tx, c => sqlx::query(sql).bind(account).execute(c).await.map(|_| ()))?;
    }
    for sql in [
        "DELETE FROM client_marker WHERE actor_id = $1",
        "DELETE FROM client_idempotency WHERE actor_id = $1",
    ] {
        on_tx!(tx, c => sqlx::query(sql).bind(actor).execute(c).await.map(|_| ()))?;
    }
    Ok(())
}

/// What this key made before, for this actor.
pub(crate) async fn idempotent(
    tx: &mut Tx,
    actor: ActorId,
    key_hash: &str,
) -> Result<Option<i64>, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query_scalar(
        "SELECT status_id FROM client_idempotency WHERE actor_id = $1 AND key_hash = $2")
        .bind(actor).bind(key_hash).fetch_optional(c).await)?)
}

/// The same outside of a transaction; a key whose deed is still under way made nothing yet.
pub(crate) async fn made_by_key(db: &Db, actor: ActorId, key_hash: &str) -> Result<Option<i64>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT status_id FROM client_idempotency WHERE actor_id = $1 AND key_hash = $2 AND status_id > 0")
        .bind(actor).bind(key_hash).fetch_optional(c).await)?)
}

/// Claims a key before the deed: of twenty that come at once, the database lets one through and the others
/// wait for its end. `false`: somebody has it.
pub(crate) async fn claim_key(
    tx: &mut Tx,
    actor: ActorId,
    key_hash: &str,
    status: i64,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let rows = on_tx!(tx, c => sqlx::query(
        "INSERT INTO client_idempotency (actor_id, key_hash, status_id, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (actor_id, key_hash) DO NOTHING")
        .bind(actor).bind(key_hash).bind(status).bind(now).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Names what a claimed key made.
pub(crate) async fn set_key(
    tx: &mut Tx,
    actor: ActorId,
    key_hash: &str,
    status: i64,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "UPDATE client_idempotency SET status_id = $3 WHERE actor_id = $1 AND key_hash = $2")
        .bind(actor).bind(key_hash).bind(status).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Forgets old keys and codes.
pub(crate) async fn purge(
    tx: &mut Tx,
    keys_before: Timestamp,
    codes_before: Timestamp,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM client_idempotency WHERE created_at < $1")
        .bind(keys_before).execute(c).await.map(|_| ()))?;
    on_tx!(tx, c => sqlx::query("DELETE FROM client_grant WHERE expires_at < $1")
        .bind(codes_before).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Where a person stopped reading a timeline.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct Marker {
    pub(crate) timeline: String,
    pub(crate) last_read: String,
    pub(crate) version: i64,
    pub(crate) updated_at: Timestamp,
}

pub(crate) async fn markers(db: &Db, actor: ActorId) -> Result<Vec<Marker>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT timeline, last_read, version, updated_at FROM client_marker WHERE actor_id = $1")
        .bind(actor).fetch_all(c).await)?)
}

pub(crate) async fn set_marker(
    tx: &mut Tx,
    actor: ActorId,
    timeline: &str,
    last_read: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO client_marker (actor_id, timeline, last_read, version, updated_at) VALUES ($1, $2, $3, 1, $4)
         ON CONFLICT (actor_id, timeline) DO UPDATE SET last_read = excluded.last_read,
             version = client_marker.version + 1, updated_at = excluded.updated_at")
        .bind(actor).bind(timeline).bind(last_read).bind(now).execute(c).await.map(|_| ()))?;
    Ok(())
}
