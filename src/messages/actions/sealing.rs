//! Rows opened and sealed.

use federation::Ctx;
use platform::vault::{Place, VaultError};

use crate::model::{Applicant, Body, Message, MessageId, Request, Thread, ThreadId, Wire};
use crate::store::{MessageRow, RequestRow, ThreadRow};

pub(crate) const fn subject(id: ThreadId) -> Place {
    Place::new("messages_thread", "subject", id.0)
}
pub(crate) const fn body(id: MessageId) -> Place {
    Place::new("messages_message", "body", id.0)
}
const fn wire(id: MessageId) -> Place {
    Place::new("messages_message", "wire", id.0)
}
pub(crate) const fn person(id: ThreadId) -> Place {
    Place::new("messages_request", "person", id.0)
}

/// What a lost or wrong key leaves is shown as such, and logged: one letter must not close the whole mailbox.
fn opened<T>(result: Result<T, VaultError>, what: &'static str, row: i64) -> Option<T> {
    result
        .inspect_err(|error| tracing::error!(%error, what, row, "a sealed value does not open"))
        .ok()
}

pub(crate) fn open_thread(ctx: &Ctx, row: ThreadRow) -> Thread {
    let opened = opened(
        ctx.vault.open_text(&subject(row.id), &row.subject),
        "subject",
        row.id.0,
    );
    Thread {
        id: row.id,
        commune: row.commune,
        service: row.service_id,
        office: row.office_id,
        writer: row.writer_id,
        kind: row.kind,
        remote: row.remote,
        subject: opened.unwrap_or_else(|| "…".to_owned()),
        mandate: row.mandate,
        assigned: row.assigned_to,
        closed_at: row.closed_at,
        hidden_at: row.hidden_at,
        created_at: row.created_at,
        last: row.last_id,
        last_office: row.last_office,
    }
}

pub(crate) fn open_message(ctx: &Ctx, row: MessageRow) -> Message {
    let words = match (&row.body, row.deleted_at) {
        (_, Some(_)) | (None, _) => Body::Gone,
        (Some(sealed), None) => match opened(ctx.vault.open_text(&body(row.id), sealed), "message", row.id.0)
        {
            Some(text) if row.html => Body::Html(text),
            Some(text) => Body::Text(text),
            None => Body::Unreadable,
        },
    };
    let known = row
        .wire
        .as_ref()
        .and_then(|sealed| opened(ctx.vault.open(&wire(row.id), sealed), "message", row.id.0))
        .and_then(|json| serde_json::from_slice::<Wire>(&json).ok());
    Message {
        id: row.id,
        thread: row.thread_id,
        side: row.side,
        actor: row.actor_id,
        account: row.account_id,
        byline: row.byline,
        body: words,
        uri: row.uri,
        wire: known,
        edited_at: row.edited_at,
        created_at: row.created_at,
    }
}

pub(crate) fn open_request(ctx: &Ctx, row: RequestRow) -> Request {
    let applicant = opened(
        ctx.vault.open(&person(row.thread_id), &row.person),
        "request",
        row.thread_id.0,
    )
    .and_then(|json| serde_json::from_slice::<Applicant>(&json).ok());
    Request {
        thread: row.thread_id,
        reference: row.reference,
        applicant,
        registered_at: row.registered_at,
        ack_due_at: row.ack_due_at,
        answer_due_at: row.answer_due_at,
        acknowledged_at: row.acknowledged_at,
        answered_at: row.answered_at,
    }
}

pub(crate) fn seal_wire(ctx: &Ctx, id: MessageId, known: &Wire) -> Result<Vec<u8>, VaultError> {
    let json = serde_json::to_vec(known).map_err(|_| VaultError::Broken)?;
    ctx.vault.seal(&wire(id), &json)
}
