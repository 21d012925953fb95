//! Which of two tellings of a thing counts, when they come in any order and from several sides.

use platform::store::Link;
use platform::{StoreError, Timestamp, Tx};
use serde_json::{Map, Value};

/// Until the transaction ends, nobody else who asks for this address goes on: whoever creates, edits or
/// buries a thing of another server takes it first. On SQLite the one writer is lock enough.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn lock(tx: &mut Tx, uri: &str) -> Result<(), StoreError> {
    if let Link::Pg(link) = tx.link() {
        sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended($1, 7202347101))")
            .bind(uri)
            .execute(&mut **link)
            .await?;
    }
    Ok(())
}

/// When a document was last changed, as it says itself: `updated`, else `published`.
pub fn changed_at(document: &Map<String, Value>) -> Option<Timestamp> {
    ["updated", "published"]
        .into_iter()
        .filter_map(|name| document.get(name).and_then(Value::as_str))
        .find_map(Timestamp::parse_rfc3339)
}

/// Whether an edit counts: it says when it was made, and that is later than what is known (INTEROP 4.5).
pub fn is_newer(document: &Map<String, Value>, known: Timestamp) -> bool {
    document
        .get("updated")
        .and_then(Value::as_str)
        .and_then(Timestamp::parse_rfc3339)
        .is_some_and(|updated| updated > known)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document(updated: Value) -> Map<String, Value> {
        let whole = json!({ "published": "2026-11-23T07:00:00Z", "updated": updated });
        whole.as_object().cloned().unwrap()
    }

    #[test]
    fn an_edit_must_be_newer_and_say_so() {
        let known = Timestamp::parse_rfc3339("2026-11-23T07:00:10Z").unwrap();
        assert!(is_newer(&document(json!("2026-11-23T08:00:11+01:00")), known));
        for not in [
            json!("2026-11-23T07:00:10Z"),
            json!("2026-11-23T07:00:09Z"),
            json!(null),
            json!("demain"),
            json!(7),
        ] {
            assert!(!is_newer(&document(not.clone()), known), "{not}");
        }
        assert_eq!(
            changed_at(&document(json!(null))),
            Timestamp::parse_rfc3339("2026-11-23T07:00:00Z")
        );
    }
}
