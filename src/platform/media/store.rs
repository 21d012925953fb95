//! The table `media`.

use super::{Kind, MediaId, Medium};
use crate::clock::Timestamp;
use crate::store::{Db, StoreError, Tx};
use crate::{on_db, on_tx};

const COLUMNS: &str = "id, owner_id, kind, mime, file_name, bytes, sha256, width, height, blurhash, alt,
    focus_x, focus_y, path, thumb_path, attached, withheld, created_at";

pub(super) async fn insert(tx: &mut Tx, medium: &Medium) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO media (id, owner_id, kind, mime, file_name, bytes, sha256, width, height, blurhash, alt,
                            focus_x, focus_y, path, thumb_path, attached, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)")
        .bind(medium.id).bind(medium.owner_id).bind(medium.kind).bind(&medium.mime).bind(&medium.file_name)
        .bind(medium.bytes).bind(&medium.sha256).bind(medium.width).bind(medium.height).bind(&medium.blurhash)
        .bind(&medium.alt).bind(medium.focus_x).bind(medium.focus_y).bind(&medium.path).bind(&medium.thumb_path)
        .bind(medium.attached).bind(medium.created_at)
        .execute(c).await.map(|_| ()))?;
    Ok(())
}

/// A medium.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn by_id(db: &Db, id: MediaId) -> Result<Medium, StoreError> {
    let found: Option<Medium> = on_db!(db, c => sqlx::query_as(sqlx::AssertSqlSafe(
        format!("SELECT {COLUMNS} FROM media WHERE id = $1")))
        .bind(id).fetch_optional(c).await)?;
    found.ok_or(StoreError::NotFound("media"))
}

/// Several media, in the order of `ids`; those that are gone are left out.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn by_ids(db: &Db, ids: &[MediaId]) -> Result<Vec<Medium>, StoreError> {
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        match by_id(db, *id).await {
            Ok(medium) => found.push(medium),
            Err(StoreError::NotFound(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

/// The medium that a path belongs to, as picture or as small form.
pub(super) async fn by_path(db: &Db, path: &str) -> Result<Option<Medium>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(sqlx::AssertSqlSafe(
        format!("SELECT {COLUMNS} FROM media WHERE path = $1 OR thumb_path = $1")))
        .bind(path).fetch_optional(c).await)?)
}

/// How many media of an actor are attached to nothing.
pub(super) async fn count_loose(db: &Db, owner_id: i64) -> Result<i64, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_scalar("SELECT COUNT(*) FROM media WHERE owner_id = $1 AND NOT attached")
        .bind(owner_id).fetch_one(c).await)?,
    )
}

/// Notes that something holds this medium of `owner_id`'s from now on.
///
/// # Errors
/// [`StoreError::NotFound`] when there is none, or it is somebody else's; [`StoreError::Conflict`] when it is held
/// already.
pub async fn attach(tx: &mut Tx, id: MediaId, owner_id: i64) -> Result<Medium, StoreError> {
    let found: Option<Medium> = on_tx!(tx, c => sqlx::query_as(sqlx::AssertSqlSafe(
        format!("SELECT {COLUMNS} FROM media WHERE id = $1 AND owner_id = $2")))
        .bind(id).bind(owner_id).fetch_optional(c).await)?;
    let mut medium = found.ok_or(StoreError::NotFound("media"))?;
    let changed = on_tx!(tx, c => sqlx::query("UPDATE media SET attached = TRUE WHERE id = $1 AND NOT attached")
        .bind(id).execute(c).await.map(|done| done.rows_affected()))?;
    if changed == 0 {
        return Err(StoreError::Conflict("media"));
    }
    medium.attached = true;
    Ok(medium)
}

/// Notes that nothing holds it any more; it goes a day after `now`.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn detach(tx: &mut Tx, id: MediaId, now: Timestamp) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("UPDATE media SET attached = FALSE, created_at = $2 WHERE id = $1")
        .bind(id).bind(now).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Withholds it: nobody is given its file any more; or gives it again.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn withhold(tx: &mut Tx, id: MediaId, withheld: bool) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("UPDATE media SET withheld = $2 WHERE id = $1")
        .bind(id).bind(withheld).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Says what is to be seen on it, and which point must stay visible (both from -1 to 1).
///
/// # Errors
/// [`StoreError::NotFound`] when there is none, or it is somebody else's.
pub async fn describe(
    tx: &mut Tx,
    id: MediaId,
    owner_id: i64,
    alt: &str,
    (focus_x, focus_y): (f64, f64),
) -> Result<(), StoreError> {
    let changed = on_tx!(tx, c => sqlx::query(
        "UPDATE media SET alt = $3, focus_x = $4, focus_y = $5 WHERE id = $1 AND owner_id = $2")
        .bind(id).bind(owner_id).bind(super::upload::clean_alt(alt))
        .bind(clamped(focus_x)).bind(clamped(focus_y))
        .execute(c).await.map(|done| done.rows_affected()))?;
    if changed == 0 {
        Err(StoreError::NotFound("media"))
    } else {
        Ok(())
    }
}

fn clamped(focus: f64) -> f64 {
    if focus.is_finite() {
        focus.clamp(-1.0, 1.0)
    } else {
        0.0
    }
}

/// The paths of a removed medium.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Paths {
    pub(super) path: String,
    pub(super) thumb_path: Option<String>,
}

/// Removes up to `limit` media that nothing holds since `before`.
pub(super) async fn delete_loose(
    tx: &mut Tx,
    before: Timestamp,
    limit: i64,
) -> Result<Vec<Paths>, StoreError> {
    // Asked again outside: another process may hold it by now.
    Ok(on_tx!(tx, c => sqlx::query_as(
        "DELETE FROM media WHERE NOT attached AND created_at < $1 AND id IN
             (SELECT id FROM media WHERE NOT attached AND created_at < $1 ORDER BY created_at LIMIT $2)
         RETURNING path, thumb_path")
        .bind(before).bind(limit).fetch_all(c).await)?)
}

/// Removes one medium.
pub(super) async fn delete(tx: &mut Tx, id: MediaId) -> Result<Option<Paths>, StoreError> {
    Ok(
        on_tx!(tx, c => sqlx::query_as("DELETE FROM media WHERE id = $1 RETURNING path, thumb_path")
        .bind(id).fetch_optional(c).await)?,
    )
}

impl Medium {
    /// Whether it is a picture.
    pub fn is_image(&self) -> bool {
        self.kind == Kind::Image
    }
}
