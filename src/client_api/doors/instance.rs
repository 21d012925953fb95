//! What programs ask before anything else: which server this is and what it takes.

use axum::Json;
use federation::actors;
use platform::web::{Failure, assets};
use serde_json::{Value, json};

use crate::door::Door;
use crate::entities::account;

/// The version of Mastodon whose API this is, and ours.
const VERSION: &str = concat!("4.3.0 (compatible; Parvis ", env!("CARGO_PKG_VERSION"), ")");
/// Mastodon's own count of the versions of its API (4.3).
const API_VERSION: i64 = 2;

const PICTURES: [&str; 4] = ["image/jpeg", "image/png", "image/gif", "image/webp"];

/// Fewer people than this are not counted: in a village they have names.
const FLOOR: i64 = 5;

fn configuration(door: &Door) -> Value {
    let limits = door.ctx.media.config();
    json!({
        "urls": { "streaming": door.ctx.urls.base().replacen("http", "ws", 1), "status": null,
                  "about": door.ctx.urls.to("/a-propos"), "privacy_policy": null, "terms_of_service": null },
        "vapid": { "public_key": "" },
        "accounts": { "max_featured_tags": 0, "max_pinned_statuses": 5, "max_profile_fields": 0,
                      "profile_field_name_limit": 0, "profile_field_value_limit": 0 },
        "statuses": { "max_characters": 5000, "max_media_attachments": 8, "characters_reserved_per_url": 23 },
        "media_attachments": {
            "description_limit": 1500,
            "supported_mime_types": PICTURES.iter().chain(&["application/pdf"]).collect::<Vec<_>>(),
            "image_size_limit": i64::from(limits.max_picture_mb) * 1_000_000,
            "image_matrix_limit": 33_200_000,
            "video_size_limit": 0,
            "video_frame_rate_limit": 0,
            "video_matrix_limit": 0,
        },
        "polls": { "max_options": 4, "max_characters_per_option": 50, "min_expiration": 300,
                   "max_expiration": 2_629_746 },
        "translation": { "enabled": false },
        "limited_federation": false,
    })
}

/// The instance's own actor as the account to write to.
async fn contact(door: &Door) -> Result<Value, Failure> {
    let uri = federation::instance_uri(&door.ctx);
    Ok(match actors::by_uri(&door.ctx, &uri).await? {
        Some(actor) => account(&door.view(None), &actor).await?,
        None => Value::Null,
    })
}

pub(super) async fn v2(door: Door) -> Result<Json<Value>, Failure> {
    let instance = &door.ctx.instance;
    let usage = door.ctx.objects().count(&door.ctx).await?;
    let picture = door.ctx.urls.to(&assets::address("accueil.webp"));
    let icon = |size: &str| {
        let src = door.ctx.urls.to(&assets::address(&format!("icon-{size}.png")));
        json!({ "src": src, "size": format!("{size}x{size}") })
    };
    let active = Some(usage.active_month).filter(|count| *count >= FLOOR);
    Ok(Json(json!({
        "domain": door.ctx.urls.authority(),
        "title": instance.name,
        "version": VERSION,
        "source_url": instance.source_url,
        "description": instance.description,
        "usage": { "users": { "active_month": active.unwrap_or(0) } },
        "thumbnail": { "url": picture, "blurhash": null, "versions": {}, "description": "" },
        "icon": [icon("180"), icon("192"), icon("512")],
        "languages": ["fr", "en"],
        "configuration": configuration(&door),
        "registrations": {
            "enabled": instance.registrations,
            "approval_required": false,
            "reason_required": false,
            "message": null,
            "min_age": 15,
            "url": door.ctx.urls.to("/inscription"),
        },
        "api_versions": { "mastodon": API_VERSION },
        "contact": { "email": instance.contact_email, "account": contact(&door).await? },
        "rules": [],
    })))
}

pub(super) async fn v1(door: Door) -> Result<Json<Value>, Failure> {
    let instance = &door.ctx.instance;
    let usage = door.ctx.objects().count(&door.ctx).await?;
    let picture = door.ctx.urls.to(&assets::address("accueil.webp"));
    let users = Some(usage.users).filter(|count| *count >= FLOOR);
    Ok(Json(json!({
        "uri": door.ctx.urls.authority(),
        "title": instance.name,
        "short_description": instance.description,
        "description": instance.description,
        "email": instance.contact_email,
        "version": VERSION,
        "urls": { "streaming_api": door.ctx.urls.base().replacen("http", "ws", 1) },
        "stats": {
            "user_count": users.unwrap_or(0),
            "status_count": usage.posts + usage.comments,
            "domain_count": 0,
        },
        "thumbnail": picture,
        "languages": ["fr", "en"],
        "registrations": instance.registrations,
        "approval_required": false,
        "invites_enabled": false,
        "configuration": configuration(&door),
        "contact_account": contact(&door).await?,
        "rules": [],
    })))
}

/// The languages of the pages.
pub(super) async fn languages(_: Door) -> Json<Value> {
    Json(json!([{ "code": "fr", "name": "Français" }, { "code": "en", "name": "English" }]))
}

/// Nothing is translated here.
pub(super) async fn translation_languages(_: Door) -> Json<Value> {
    Json(json!({}))
}

/// What this server says of itself at length; the page says more.
pub(super) async fn extended_description(door: Door) -> Json<Value> {
    let text = platform::text::Html::paragraph(&door.ctx.instance.description).into_string();
    Json(json!({ "updated_at": null, "content": text }))
}

/// The legal page lies elsewhere; programs are led there.
pub(super) async fn privacy_policy(door: Door) -> Json<Value> {
    let page = door.ctx.urls.to("/confidentialite");
    let content = format!("<p><a href=\"{page}\">{page}</a></p>");
    Json(json!({ "updated_at": null, "content": content }))
}
