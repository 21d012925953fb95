//! `groups_place`, and who is in: the accepted followers of the group's actor.

use federation::ActorId;
use platform::store::{Page, Paging};
use platform::{Db, StoreError, Timestamp, Tx, on_db, on_tx};

use crate::model::{GroupId, Pace, Place, PlaceId};

/// Makes sure that somebody has a place, and gives it.
pub(crate) async fn ensure(
    tx: &mut Tx,
    id: PlaceId,
    group: GroupId,
    actor: ActorId,
    now: Timestamp,
) -> Result<Place, StoreError> {
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO groups_place (group_id, actor_id, id, pace, created_at) VALUES ($1, $2, $3, 'mine', $4)
         ON CONFLICT (group_id, actor_id) DO NOTHING")
        .bind(group).bind(actor).bind(id).bind(now).execute(c).await.map(|_| ()))?;
    on_tx!(tx, c => sqlx::query_as("SELECT * FROM groups_place WHERE group_id = $1 AND actor_id = $2")
        .bind(group).bind(actor).fetch_optional(c).await)?
    .ok_or(StoreError::NotFound("place"))
}

/// Writes everything of a place that can change.
pub(crate) async fn update(tx: &mut Tx, place: &Place) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "UPDATE groups_place SET pace = $3, rules_at = $4, moderator = $5, invited = $6, out_at = $7
         WHERE group_id = $1 AND actor_id = $2")
        .bind(place.group_id).bind(place.actor_id).bind(place.pace).bind(place.rules_at)
        .bind(place.moderator).bind(place.invited).bind(place.out_at).execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn of(db: &Db, group: GroupId, actor: ActorId) -> Result<Option<Place>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_as("SELECT * FROM groups_place WHERE group_id = $1 AND actor_id = $2")
        .bind(group).bind(actor).fetch_optional(c).await)?,
    )
}

pub(crate) async fn by_id(db: &Db, id: PlaceId) -> Result<Option<Place>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_as("SELECT * FROM groups_place WHERE id = $1")
        .bind(id).fetch_optional(c).await)?,
    )
}

pub(crate) async fn by_id_in(tx: &mut Tx, id: PlaceId) -> Result<Option<Place>, StoreError> {
    Ok(
        on_tx!(tx, c => sqlx::query_as("SELECT * FROM groups_place WHERE id = $1")
        .bind(id).fetch_optional(c).await)?,
    )
}

/// A place is of no matter any more (she left); who was put out stays known.
pub(crate) async fn forget(tx: &mut Tx, group: GroupId, actor: ActorId) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "DELETE FROM groups_place WHERE group_id = $1 AND actor_id = $2 AND out_at IS NULL")
        .bind(group).bind(actor).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// All places of somebody are forgotten.
pub(crate) async fn forget_all(tx: &mut Tx, actor: ActorId) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("DELETE FROM groups_place WHERE actor_id = $1")
        .bind(actor).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Who keeps order in a group: chosen, and still a member.
pub(crate) async fn moderators(db: &Db, group: GroupId) -> Result<Vec<ActorId>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT p.actor_id FROM groups_place p
         JOIN federation_follow f ON f.follower_id = p.actor_id AND f.followee_id = p.group_id AND f.accepted
         WHERE p.group_id = $1 AND p.moderator AND p.out_at IS NULL ORDER BY p.id")
        .bind(group).fetch_all(c).await)?)
}

/// Who was put out of a group.
pub(crate) async fn put_out(db: &Db, group: GroupId) -> Result<Vec<ActorId>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT actor_id FROM groups_place WHERE group_id = $1 AND out_at IS NOT NULL ORDER BY id")
        .bind(group).fetch_all(c).await)?)
}

/// Who is awaited and has not come.
pub(crate) async fn invited(db: &Db, group: GroupId) -> Result<Vec<ActorId>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT p.actor_id FROM groups_place p WHERE p.group_id = $1 AND p.invited AND p.out_at IS NULL
           AND NOT EXISTS (SELECT 1 FROM federation_follow f WHERE f.follower_id = p.actor_id
                           AND f.followee_id = p.group_id AND f.accepted)
         ORDER BY p.id LIMIT 500")
        .bind(group).fetch_all(c).await)?)
}

/// People here with this wish, of those who are in.
pub(crate) async fn with_pace(tx: &mut Tx, group: GroupId, pace: Pace) -> Result<Vec<ActorId>, StoreError> {
    Ok(on_tx!(tx, c => sqlx::query_scalar(
        "SELECT p.actor_id FROM groups_place p JOIN federation_actor a ON a.id = p.actor_id
         JOIN federation_follow f ON f.follower_id = p.actor_id AND f.followee_id = p.group_id AND f.accepted
         WHERE p.group_id = $1 AND p.pace = $2 AND a.local AND a.deleted_at IS NULL")
        .bind(group).bind(pace).fetch_all(c).await)?)
}

/// The members of a group by the row id of their follow, newest first.
pub(crate) async fn members(
    db: &Db,
    group: GroupId,
    paging: &Paging,
) -> Result<Page<(i64, ActorId)>, StoreError> {
    let rows = on_db!(db, c => sqlx::query_as(
        "SELECT f.id, f.follower_id FROM federation_follow f JOIN federation_actor a ON a.id = f.follower_id
         WHERE f.followee_id = $1 AND f.accepted AND a.deleted_at IS NULL AND f.id < $2
         ORDER BY f.id DESC LIMIT $3")
        .bind(group).bind(paging.below()).bind(paging.limit_and_one()).fetch_all(c).await)?;
    Ok(Page::new(rows, paging))
}

/// How many are in each of these groups.
pub(crate) async fn counts(db: &Db, groups: &[GroupId]) -> Result<Vec<(GroupId, i64)>, StoreError> {
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on_db!(db, c => {
        let mut query = sqlx::QueryBuilder::new(
            "SELECT f.followee_id, COUNT(*) FROM federation_follow f JOIN federation_actor a ON a.id = f.follower_id
             WHERE f.accepted AND a.deleted_at IS NULL AND f.followee_id IN (");
        super::push_list!(query, groups);
        query.push(") GROUP BY f.followee_id");
        query.build_query_as().fetch_all(c).await
    })?)
}

/// Everything known of somebody's places.
pub(crate) async fn all_of(db: &Db, actor: ActorId) -> Result<Vec<Place>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_as("SELECT * FROM groups_place WHERE actor_id = $1 ORDER BY id")
        .bind(actor).fetch_all(c).await)?,
    )
}

/// The groups somebody is in.
pub(crate) async fn groups_of(db: &Db, actor: ActorId) -> Result<Vec<GroupId>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT g.id FROM groups_group g JOIN federation_follow f ON f.followee_id = g.id
         WHERE f.follower_id = $1 AND f.accepted ORDER BY g.id")
        .bind(actor).fetch_all(c).await)?)
}
