//! `messages_service`, `messages_agent`, `messages_setting`.

use platform::{Db, StoreError, Timestamp, Tx, on_db, on_tx};
use sqlx::AssertSqlSafe;

use crate::model::{NewService, Service, ServiceId, Settings};

const COLUMNS: &str = "id, commune, name, description, email, phone, created_at, closed_at";

pub(crate) async fn services(db: &Db, commune: &str) -> Result<Vec<Service>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(AssertSqlSafe(
        format!("SELECT {COLUMNS} FROM messages_service WHERE commune = $1 ORDER BY id")))
        .bind(commune).fetch_all(c).await)?)
}

pub(crate) async fn services_in(tx: &mut Tx, commune: &str) -> Result<Vec<Service>, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query_as(AssertSqlSafe(
        format!("SELECT {COLUMNS} FROM messages_service WHERE commune = $1 ORDER BY id")))
        .bind(commune).fetch_all(c).await)?)
}

pub(crate) async fn service(db: &Db, id: ServiceId) -> Result<Option<Service>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(AssertSqlSafe(
        format!("SELECT {COLUMNS} FROM messages_service WHERE id = $1")))
        .bind(id).fetch_optional(c).await)?)
}

pub(crate) async fn service_in(tx: &mut Tx, id: ServiceId) -> Result<Option<Service>, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query_as(AssertSqlSafe(
        format!("SELECT {COLUMNS} FROM messages_service WHERE id = $1")))
        .bind(id).fetch_optional(c).await)?)
}

pub(crate) async fn insert_service(tx: &mut Tx, row: &Service) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO messages_service (id, commune, name, description, email, phone, created_at, closed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(row.id).bind(&row.commune).bind(&row.name).bind(&row.description).bind(&row.email)
        .bind(&row.phone).bind(row.created_at).bind(row.closed_at).execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn update_service(
    tx: &mut Tx,
    id: ServiceId,
    new: &NewService,
    closed_at: Option<Timestamp>,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "UPDATE messages_service SET name = $2, description = $3, email = $4, phone = $5, closed_at = $6
         WHERE id = $1")
        .bind(id).bind(&new.name).bind(&new.description).bind(&new.email).bind(&new.phone)
        .bind(closed_at).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Who reads where: service and account.
pub(crate) async fn agents(db: &Db, commune: &str) -> Result<Vec<(ServiceId, i64)>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT service_id, account_id FROM messages_agent WHERE commune = $1 ORDER BY service_id, account_id")
        .bind(commune).fetch_all(c).await)?)
}

pub(crate) async fn agents_in(tx: &mut Tx, commune: &str) -> Result<Vec<(ServiceId, i64)>, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query_as(
        "SELECT service_id, account_id FROM messages_agent WHERE commune = $1 ORDER BY service_id, account_id")
        .bind(commune).fetch_all(c).await)?)
}

pub(crate) async fn set_agents(
    tx: &mut Tx,
    commune: &str,
    service: ServiceId,
    accounts: &[i64],
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM messages_agent WHERE commune = $1 AND service_id = $2")
        .bind(commune).bind(service).execute(c).await.map(|_| ()))?;
    for account in accounts {
        on_tx!(tx, c => sqlx::query(
            "INSERT INTO messages_agent (commune, service_id, account_id) VALUES ($1, $2, $3)
             ON CONFLICT (commune, service_id, account_id) DO NOTHING")
            .bind(commune).bind(service).bind(account).execute(c).await.map(|_| ()))?;
    }
    Ok(())
}

/// An account has ended.
pub(crate) async fn forget_account(tx: &mut Tx, account: i64, actor: i64) -> Result<(), StoreError> {
    for query in [
        "DELETE FROM messages_agent WHERE account_id = $1",
        "UPDATE messages_thread SET assigned_to = NULL WHERE assigned_to = $1",
        "UPDATE messages_message SET account_id = NULL WHERE account_id = $1",
        "UPDATE messages_log SET account_id = NULL WHERE account_id = $1",
    ] {
        on_tx!(tx, c => sqlx::query(query).bind(account).execute(c).await.map(|_| ()))?;
    }
    on_tx!(tx, c => sqlx::query("DELETE FROM messages_read WHERE reader_id = $1")
        .bind(actor).execute(c).await.map(|_| ()))?;
    Ok(())
}

const SETTINGS: &str =
    "SELECT ack_days, ack_working, remind_days, answer_months, seal FROM messages_setting WHERE commune = $1";

pub(crate) async fn settings(db: &Db, commune: &str) -> Result<Settings, StoreError> {
    let found: Option<Settings> =
        on_db!(db, c => sqlx::query_as(SETTINGS).bind(commune).fetch_optional(c).await)?;
    Ok(found.unwrap_or_default())
}

pub(crate) async fn settings_in(tx: &mut Tx, commune: &str) -> Result<Settings, StoreError> {
    let found: Option<Settings> =
        on_tx!(tx, c => sqlx::query_as(SETTINGS).bind(commune).fetch_optional(c).await)?;
    Ok(found.unwrap_or_default())
}

pub(crate) async fn set_settings(tx: &mut Tx, commune: &str, new: &Settings) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO messages_setting (commune, ack_days, ack_working, remind_days, answer_months, seal)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (commune) DO UPDATE SET ack_days = excluded.ack_days, ack_working = excluded.ack_working,
             remind_days = excluded.remind_days, answer_months = excluded.answer_months, seal = excluded.seal")
        .bind(commune).bind(new.ack_days).bind(new.ack_working).bind(new.remind_days)
        .bind(new.answer_months).bind(new.seal).execute(c).await.map(|_| ()))?;
    Ok(())
}
