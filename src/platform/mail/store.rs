//! The table `mail`.

use super::message::Headers;
use super::{Mail, MailId, Message};
use crate::clock::Timestamp;
use crate::store::{Db, StoreError, Tx};
use crate::{coded, on_db, on_tx};

/// Where a mail stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MailState {
    /// It will be tried, perhaps again.
    Waiting,
    /// It has left; its words are gone.
    Sent,
    /// The mail server does not want it.
    Refused,
}

impl MailState {
    /// As stored.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Refused => "refused",
        }
    }

    /// From the store.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Waiting, Self::Sent, Self::Refused]
            .into_iter()
            .find(|state| state.code() == code)
    }
}

coded!(MailState);

#[derive(sqlx::FromRow)]
struct Row {
    to_address: String,
    subject: String,
    body_text: String,
    body_html: String,
    headers_json: String,
    kind: String,
}

pub(super) async fn insert(
    tx: &mut Tx,
    id: MailId,
    message: &Message,
    now: Timestamp,
) -> Result<(), StoreError> {
    let headers = serde_json::to_string(&message.headers).map_err(|_| inconsistent("headers_json", id))?;
    on_tx!(tx, c => sqlx::query(
        "INSERT INTO mail (id, to_address, subject, body_text, body_html, headers_json, kind, state, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
        .bind(id).bind(message.to.as_str()).bind(&message.subject).bind(&message.text).bind(&message.html)
        .bind(headers).bind(message.kind).bind(MailState::Waiting).bind(now)
        .execute(c).await.map(|_| ()))?;
    Ok(())
}

/// A mail that has not left; none if it has, or is gone.
pub(super) async fn unsent_by_id(db: &Db, id: MailId) -> Result<Option<Mail>, StoreError> {
    let row: Option<Row> = on_db!(db, c => sqlx::query_as(
        "SELECT to_address, subject, body_text, body_html, headers_json, kind
         FROM mail WHERE id = $1 AND state <> $2")
        .bind(id).bind(MailState::Sent).fetch_optional(c).await)?;
    row.map(|row| row.mail(id)).transpose()
}

impl Row {
    fn mail(self, id: MailId) -> Result<Mail, StoreError> {
        let headers: Headers =
            serde_json::from_str(&self.headers_json).map_err(|_| inconsistent("headers_json", id))?;
        Ok(Mail {
            id,
            to: self
                .to_address
                .parse()
                .map_err(|_| inconsistent("to_address", id))?,
            subject: self.subject,
            text: self.body_text,
            html: self.body_html,
            headers,
            kind: self.kind,
        })
    }
}

fn inconsistent(column: &'static str, id: MailId) -> StoreError {
    StoreError::Inconsistent {
        table: "mail",
        column,
        row: id.to_string(),
    }
}

/// Notes that a mail has left, and forgets what it said.
pub(super) async fn mark_sent(tx: &mut Tx, id: MailId, now: Timestamp) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query(
        "UPDATE mail SET state = $2, sent_at = $3, body_text = '', body_html = '', headers_json = '{}',
                last_error = NULL WHERE id = $1")
        .bind(id).bind(MailState::Sent).bind(now).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Notes why a mail has not left.
pub(super) async fn note_error(
    tx: &mut Tx,
    id: MailId,
    state: MailState,
    error: &str,
) -> Result<(), StoreError> {
    on_tx!(tx, c => sqlx::query("UPDATE mail SET state = $2, last_error = $3 WHERE id = $1")
        .bind(id).bind(state).bind(error).execute(c).await.map(|_| ()))?;
    Ok(())
}

/// Removes mails older than `before`, whatever became of them.
pub(super) async fn purge(tx: &mut Tx, before: Timestamp) -> Result<u64, StoreError> {
    Ok(
        on_tx!(tx, c => sqlx::query("DELETE FROM mail WHERE created_at < $1")
        .bind(before).execute(c).await.map(|done| done.rows_affected()))?,
    )
}

/// How many mails wait, have left, were refused; for the operator.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn count_by_state(db: &Db) -> Result<Vec<(MailState, i64)>, StoreError> {
    Ok(
        on_db!(db, c => sqlx::query_as("SELECT state, COUNT(*) FROM mail GROUP BY state ORDER BY state")
        .fetch_all(c).await)?,
    )
}
