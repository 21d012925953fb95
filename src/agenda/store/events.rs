//! Events and series.

use platform::store::{Link, OnUnique as _};
use platform::{Db, StoreError, Tx, on_db, on_tx};

use crate::model::{Event, EventId, Local};

pub(crate) async fn insert(tx: &mut Tx, event: &Event) -> Result<(), StoreError> {
    let place = &event.place;
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO agenda_event (id, actor_id, commune, local, account_id, byline, delegated, private, title, source,
             html, language, category, all_day, zone, starts_local, ends_local, rule, until_local, excluded,
             expanded_to, place_name, street, postal_code, locality, latitude, longitude, online_url, website, contact,
             contact_email, contact_phone, capacity, join_mode, join_url, comment_mode, image_id, image_path,
             image_small, image_mime, image_alt, image_width, image_height, state, import_uid, sequence, url,
             created_at, edited_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
             $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43,
             $44, $45, $46, $47, $48, $49)")
        .bind(event.id).bind(event.actor_id).bind(&event.commune).bind(event.local).bind(event.account_id)
        .bind(&event.byline).bind(event.delegated).bind(event.private).bind(&event.title).bind(&event.source)
        .bind(&event.html).bind(&event.language).bind(event.category).bind(event.all_day).bind(&event.zone)
        .bind(&event.starts_local).bind(&event.ends_local).bind(&event.rule).bind(&event.until_local)
        .bind(&event.excluded).bind(&event.expanded_to).bind(&place.place_name).bind(&place.street)
        .bind(&place.postal_code).bind(&place.locality).bind(place.latitude).bind(place.longitude)
        .bind(&place.online_url).bind(&event.website).bind(&event.contact).bind(&event.contact_email)
        .bind(&event.contact_phone).bind(event.capacity).bind(event.join_mode).bind(&event.join_url)
        .bind(event.comment_mode).bind(event.image_id).bind(&event.image_path).bind(&event.image_small)
        .bind(&event.image_mime).bind(&event.image_alt).bind(event.image_width).bind(event.image_height)
        .bind(event.state).bind(&event.import_uid).bind(event.sequence).bind(&event.url).bind(event.created_at)
        .bind(event.edited_at)
        .execute(c).await.map(|_| ()).on_unique("event"))
}

/// Writes everything of an event that can change.
pub(crate) async fn update(tx: &mut Tx, event: &Event) -> Result<(), StoreError> {
    let place = &event.place;
    on_tx!(tx, c => sqlx::query(
        "UPDATE agenda_event SET byline = $2, delegated = $3, private = $4, title = $5, source = $6, html = $7,
             language = $8, category = $9, all_day = $10, zone = $11, starts_local = $12, ends_local = $13, rule = $14,
             until_local = $15, excluded = $16, expanded_to = $17, place_name = $18, street = $19, postal_code = $20,
             locality = $21, latitude = $22, longitude = $23, online_url = $24, website = $25, contact = $26,
             contact_email = $27, contact_phone = $28, capacity = $29, join_mode = $30, join_url = $31,
             comment_mode = $32, image_id = $33, image_path = $34, image_small = $35, image_mime = $36,
             image_alt = $37, image_width = $38, image_height = $39, state = $40, sequence = $41, url = $42,
             edited_at = $43, account_id = $44, import_uid = $45
         WHERE id = $1")
        .bind(event.id).bind(&event.byline).bind(event.delegated).bind(event.private).bind(&event.title)
        .bind(&event.source).bind(&event.html).bind(&event.language).bind(event.category).bind(event.all_day)
        .bind(&event.zone).bind(&event.starts_local).bind(&event.ends_local).bind(&event.rule)
        .bind(&event.until_local).bind(&event.excluded).bind(&event.expanded_to).bind(&place.place_name)
        .bind(&place.street).bind(&place.postal_code).bind(&place.locality).bind(place.latitude)
        .bind(place.longitude).bind(&place.online_url).bind(&event.website).bind(&event.contact)
        .bind(&event.contact_email).bind(&event.contact_phone).bind(event.capacity).bind(event.join_mode)
        .bind(&event.join_url).bind(event.comment_mode).bind(event.image_id).bind(&event.image_path)
        .bind(&event.image_small).bind(&event.image_mime).bind(&event.image_alt).bind(event.image_width)
        .bind(event.image_height).bind(event.state).bind(event.sequence).bind(&event.url).bind(event.edited_at)
        .bind(event.account_id).bind(&event.import_uid)
        .execute(c).await.map(|_| ()))?;
    Ok(())
}

pub(crate) async fn by_id(db: &Db, id: EventId) -> Result<Option<Event>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_as("SELECT * FROM agenda_event WHERE id = $1")
        .bind(id).fetch_optional(c).await)?,
    )
}

pub(crate) async fn by_id_in(tx: &mut Tx, id: EventId) -> Result<Option<Event>, StoreError> {
    Ok(
        on_tx!(tx, c => sqlx::query_as("SELECT * FROM agenda_event WHERE id = $1")
        .bind(id).fetch_optional(c).await)?,
    )
}

/// Reads an event to change it: nobody else changes it before the transaction ends.
pub(crate) async fn by_id_for_change(tx: &mut Tx, id: EventId) -> Result<Option<Event>, StoreError> {
    let found = match tx.link() {
        Link::Lite(c) => {
            sqlx::query_as("SELECT * FROM agenda_event WHERE id = $1")
                .bind(id)
                .fetch_optional(&mut **c)
                .await?
        }
        Link::Pg(c) => {
            sqlx::query_as("SELECT * FROM agenda_event WHERE id = $1 FOR UPDATE")
                .bind(id)
                .fetch_optional(&mut **c)
                .await?
        }
    };
    Ok(found)
}

/// Several at once, in no order.
pub(crate) async fn by_ids(db: &Db, ids: &[EventId]) -> Result<Vec<Event>, StoreError> {
    let mut all = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(500) {
        let part: Vec<Event> = on_db!(db, c => {
            let mut query = sqlx::QueryBuilder::new("SELECT * FROM agenda_event WHERE id IN (");
            let mut list = query.separated(", ");
            for id in chunk {
                list.push_bind(*id);
            }
            query.push(")");
            query.build_query_as().fetch_all(c).await
        })?;
        all.extend(part);
    }
    Ok(all)
}

/// Which of these UIDs the agenda of a commune has imported already.
pub(crate) async fn imported(db: &Db, commune: &str, uids: &[String]) -> Result<Vec<String>, StoreError> {
    let mut all = Vec::new();
    for chunk in uids.chunks(500) {
        let part: Vec<String> = on_db!(db, c => {
            let mut query = sqlx::QueryBuilder::new(
                "SELECT import_uid FROM agenda_event WHERE state <> 'deleted' AND commune = ");
            query.push_bind(commune.to_owned());
            query.push(" AND import_uid IN (");
            let mut list = query.separated(", ");
            for uid in chunk {
                list.push_bind(uid.clone());
            }
            query.push(")");
            query.build_query_scalar().fetch_all(c).await
        })?;
        all.extend(part);
    }
    Ok(all)
}

/// Series whose dates have rows only up to before this moment.
pub(crate) async fn to_extend(db: &Db, before: &Local, limit: i64) -> Result<Vec<EventId>, StoreError> {
    Ok(on_db!(db, c => sqlx::query_scalar(
        "SELECT id FROM agenda_event WHERE rule <> '' AND state = 'published' AND local AND expanded_to < $1
           AND (until_local IS NULL OR until_local > expanded_to)
         ORDER BY expanded_to LIMIT $2").bind(before).bind(limit).fetch_all(c).await)?)
}

/// Removes what another server's actor published, when it is gone.
pub(crate) async fn remove_of_actor(tx: &mut Tx, actor: federation::ActorId) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM agenda_attendance WHERE occurrence_id IN
           (SELECT o.id FROM agenda_occurrence o JOIN agenda_event e ON e.id = o.event_id
            WHERE e.actor_id = $1 AND NOT e.local)",
        "DELETE FROM agenda_occurrence WHERE event_id IN
           (SELECT id FROM agenda_event WHERE actor_id = $1 AND NOT local)",
        "DELETE FROM agenda_event WHERE actor_id = $1 AND NOT local",
        "DELETE FROM agenda_source WHERE actor_id = $1",
    ] {
        on_tx!(tx, c => sqlx::query(sql).bind(actor).execute(c).await.map(|_| ()))?;
    }
    Ok(())
}
