//! `Notification`, alone and in groups of one.

use std::collections::HashMap;

use federation::ActorId;
use notifications::{Kind, Told};
use platform::StoreError;
use serde_json::{Value, json};

use super::item::{people, several};
use super::{accounts, draw};
use crate::door::View;

/// A notice with what it shows.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    pub(crate) told: Told,
    pub(crate) kind: &'static str,
    pub(crate) account: Value,
    pub(crate) status: Option<Value>,
}

impl Shown {
    fn group(&self) -> String {
        format!("ungrouped-{}", self.told.id)
    }

    /// Alone.
    pub(crate) fn alone(&self) -> Value {
        let mut drawn = json!({
            "id": self.told.id.to_string(),
            "type": self.kind,
            "created_at": self.told.created_at.rfc3339(),
            "group_key": self.group(),
            "account": self.account,
        });
        if let (Some(status), Some(map)) = (&self.status, drawn.as_object_mut()) {
            map.insert("status".to_owned(), status.clone());
        }
        drawn
    }

    /// As a group of one; accounts and statuses stand beside the groups.
    pub(crate) fn grouped(&self) -> Value {
        let id = self.told.id.to_string();
        let mut drawn = json!({
            "group_key": self.group(),
            "notifications_count": 1,
            "type": self.kind,
            "most_recent_notification_id": id,
            "page_min_id": id,
            "page_max_id": id,
            "latest_page_notification_at": self.told.created_at.rfc3339(),
            "sample_account_ids": [self.account.get("id")],
        });
        if let (Some(status), Some(map)) = (&self.status, drawn.as_object_mut()) {
            map.insert("status_id".to_owned(), json!(status.get("id")));
        }
        drawn
    }
}

/// Kinds that need a status to be understood.
const fn is_about_a_status(kind: Kind) -> bool {
    !matches!(kind, Kind::Follow)
}

/// Notices in this order; those whose person or thing is gone are left out.
pub(crate) async fn shown(view: &View<'_>, notices: Vec<Told>) -> Result<Vec<Shown>, StoreError> {
    let from: Vec<ActorId> = notices.iter().filter_map(|told| told.from_id).collect();
    let from: Vec<_> = people(view, from.into_iter()).await?.into_values().collect();
    let accounts = accounts(view, &from).await?;
    let wanted: Vec<(String, i64)> = notices
        .iter()
        .filter(|told| is_about_a_status(told.kind))
        .map(|told| (told.target_kind.clone(), told.target_id))
        .collect();
    let items = several(view, &wanted).await?;
    let drawn = draw(view, &items).await?;
    let statuses: HashMap<String, Value> = drawn
        .into_iter()
        .filter_map(|status| Some((status.get("id")?.as_str()?.to_owned(), status)))
        .collect();
    Ok(notices
        .into_iter()
        .filter_map(|told| {
            let kind = told.kind.mastodon()?;
            let account = accounts.get(&told.from_id?)?.clone();
            let status = if is_about_a_status(told.kind) {
                Some(statuses.get(&told.target_id.to_string())?.clone())
            } else {
                None
            };
            Some(Shown {
                told,
                kind,
                account,
                status,
            })
        })
        .collect())
}
