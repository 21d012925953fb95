//! `MediaAttachment`.

use federation::Ctx;
use platform::media::Medium;
use serde_json::{Value, json};

use crate::source::Attached;

/// A picture or document of a status.
pub(crate) fn attached(one: &Attached) -> Value {
    let kind = match one.kind.as_str() {
        "image" => "image",
        "video" => "video",
        "audio" => "audio",
        _ => "unknown",
    };
    json!({
        "id": one.id,
        "type": kind,
        "url": one.url,
        "preview_url": one.preview.as_ref().unwrap_or(&one.url),
        "remote_url": one.remote_url,
        "preview_remote_url": null,
        "text_url": null,
        "meta": meta(one.size, one.focus),
        "description": if one.alt.is_empty() { Value::Null } else { json!(one.alt) },
        "blurhash": one.blurhash,
    })
}

fn meta(size: Option<(i64, i64)>, (x, y): (f64, f64)) -> Value {
    let Some((width, height)) = size else {
        return json!({});
    };
    let form = json!({
        "width": width,
        "height": height,
        "size": format!("{width}x{height}"),
        "aspect": width as f64 / height.max(1) as f64,
    });
    json!({ "original": form, "small": form, "focus": { "x": x, "y": y } })
}

/// An upload as a part of a status.
pub fn of_upload(ctx: &Ctx, medium: &Medium) -> Attached {
    Attached {
        id: medium.id.to_string(),
        kind: medium.kind.code().to_owned(),
        url: ctx.urls.to(&medium.address()),
        preview: Some(ctx.urls.to(&medium.thumb_address())),
        remote_url: None,
        alt: medium.alt.clone(),
        blurhash: medium.blurhash.clone(),
        size: medium.width.zip(medium.height),
        focus: (medium.focus_x, medium.focus_y),
    }
}
