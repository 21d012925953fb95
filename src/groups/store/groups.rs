//! `groups_group`.

use platform::store::OnUnique as _;
use platform::{Db, StoreError, Tx, on_db, on_tx};

use super::push_list;
use crate::model::{Group, GroupId};

pub(crate) async fn insert(tx: &mut Tx, group: &Group) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO groups_group (id, commune, scope, name, about, about_html, rules, rules_html, approval,
             opening, closes_at, closed_at, account_id, created_at, edited_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)")
        .bind(group.id).bind(&group.commune).bind(group.scope).bind(&group.name).bind(&group.about)
        .bind(&group.about_html).bind(&group.rules).bind(&group.rules_html).bind(group.approval)
        .bind(group.opening).bind(group.closes_at).bind(group.closed_at).bind(group.account_id)
        .bind(group.created_at).bind(group.edited_at)
        .execute(c).await.map(|_| ()).on_unique("group"))
}

/// Writes everything of a group that can change.
pub(crate) async fn update(tx: &mut Tx, group: &Group) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "UPDATE groups_group SET name = $2, about = $3, about_html = $4, rules = $5, rules_html = $6,
             approval = $7, opening = $8, closes_at = $9, closed_at = $10, edited_at = $11 WHERE id = $1")
        .bind(group.id).bind(&group.name).bind(&group.about).bind(&group.about_html).bind(&group.rules)
        .bind(&group.rules_html).bind(group.approval).bind(group.opening).bind(group.closes_at)
        .bind(group.closed_at).bind(group.edited_at).execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn by_id(db: &Db, id: GroupId) -> Result<Option<Group>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_as("SELECT * FROM groups_group WHERE id = $1")
        .bind(id).fetch_optional(c).await)?,
    )
}

/// A group, kept from other writers until the end of the transaction.
pub(crate) async fn locked(tx: &mut Tx, id: GroupId) -> Result<Option<Group>, StoreError> {
    let sql = if tx.is_postgres() {
        "SELECT * FROM groups_group WHERE id = $1 FOR UPDATE"
    } else {
        "SELECT * FROM groups_group WHERE id = $1"
    };
    Ok(on_tx!(tx, c => sqlx::query_as(sql).bind(id).fetch_optional(c).await)?)
}

pub(crate) async fn by_ids(db: &Db, ids: &[GroupId]) -> Result<Vec<Group>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on_db!(db, c => {
        let mut query = sqlx::QueryBuilder::new("SELECT * FROM groups_group WHERE id IN (");
        push_list!(query, ids);
        query.push(")");
        query.build_query_as().fetch_all(c).await
    })?)
}

/// All groups of a commune, the open ones first, the newest first.
pub(crate) async fn of_commune(db: &Db, commune: &str) -> Result<Vec<Group>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_as(
        "SELECT * FROM groups_group WHERE commune = $1
         ORDER BY CASE WHEN closed_at IS NULL THEN 0 ELSE 1 END, id DESC LIMIT 500")
        .bind(commune).fetch_all(c).await)?)
}
