//! What is one's own: preferences, and the lists of things this server does not have, honestly empty.

use axum::Json;
use platform::web::Failure;
use serde_json::{Value, json};

use crate::door::Door;
use crate::entities::account::language;

pub(super) async fn preferences(door: Door) -> Result<Json<Value>, Failure> {
    let citizen = door.citizen("read:accounts")?;
    Ok(Json(json!({
        "posting:default:visibility": "public",
        "posting:default:sensitive": false,
        "posting:default:language": language(citizen),
        "posting:default:quote_policy": "public",
        "reading:expand:media": "default",
        "reading:expand:spoilers": false,
        "reading:autoplay:gifs": false,
    })))
}

/// Nothing, for anybody.
pub(super) async fn nothing(_: Door) -> Json<Vec<Value>> {
    Json(Vec::new())
}

/// Nothing, for whoever may read what would be there.
pub(super) fn nothing_of_hers(door: &Door, scope: &str) -> Result<Json<Vec<Value>>, Failure> {
    door.citizen(scope)?;
    Ok(Json(Vec::new()))
}

/// There is none.
pub(super) async fn none(door: Door) -> Result<Json<Value>, Failure> {
    door.bearer.as_ref().ok_or_else(crate::bearer::refused)?;
    Err(Failure::not_found())
}
