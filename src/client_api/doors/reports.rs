//! Red flags.

use axum::Json;
use discussion::actions::{flag, give_notice};
use discussion::model::{NewFlag, NewNotice};
use discussion::{FlagCategory, Thing};
use platform::web::Failure;
use serde_json::{Value, json};

use super::accounts::known;
use super::reactions::refused;
use crate::door::Door;
use crate::entities::{account, find};
use crate::params::Params;

/// Mastodon's categories in ours.
fn category(params: &Params) -> FlagCategory {
    match params.filled("category") {
        Some("spam") => FlagCategory::Spam,
        Some("legal") => FlagCategory::Illegal,
        Some("violation") => FlagCategory::Abuse,
        _ => FlagCategory::Other,
    }
}

/// Flags statuses, or an account as a whole: then the operator reads it.
pub(super) async fn create(door: Door, params: Params) -> Result<Json<Value>, Failure> {
    let me = door.actor("write:reports")?;
    let citizen = door.citizen("write:reports")?.clone();
    let view = door.view(Some(me.clone()));
    let target = known(&view, params.get("account_id").unwrap_or_default()).await?;
    let mut things: Vec<Thing> = Vec::new();
    for text in params.all("status_ids").into_iter().take(20) {
        let item = match text.parse() {
            Ok(id) => find(&view, id).await?,
            Err(_) => None,
        };
        let thing = item.ok_or_else(Failure::not_found)?.thing();
        if thing.author_id() != target.id {
            return Err(Door::unprocessable("flag-other"));
        }
        things.push(thing);
    }
    let (category, forward) = (category(&params), params.flag("forward").unwrap_or(false));
    let said = params.get("comment").unwrap_or_default().trim().to_owned();
    let text = if said.is_empty() {
        door.ctx.words.t(door.visit.lang, "client-flag-without-words")
    } else {
        said.clone()
    };
    for thing in &things {
        let new = NewFlag {
            category,
            text: text.clone(),
            forward,
        };
        flag(&door.ctx, &me, thing, new).await.map_err(refused)?;
    }
    if things.is_empty() {
        let new = NewNotice {
            category,
            text,
            name: citizen.name().to_owned(),
            email: citizen.account.email.clone(),
            lang: door.visit.lang,
        };
        give_notice(&door.ctx, None, target.page(), new)
            .await
            .map_err(refused)?;
    }
    let ids: Vec<String> = things.iter().map(|thing| thing.target().id.to_string()).collect();
    Ok(Json(json!({
        "id": door.ctx.new_id().to_string(),
        "action_taken": false,
        "action_taken_at": null,
        "category": params.filled("category").filter(|c| matches!(*c, "spam" | "legal" | "violation")).unwrap_or("other"),
        "comment": said,
        "forwarded": forward && !target.local,
        "created_at": door.ctx.clock.now().rfc3339(),
        "status_ids": ids,
        "rule_ids": null,
        "target_account": account(&view, &target).await?,
    })))
}
