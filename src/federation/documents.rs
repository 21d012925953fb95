//! Our own documents: actors.

use activitypub_federation::protocol::public_key::PublicKey as PublishedKey;
use serde_json::{Value, json};
use url::Url;

use crate::store::actors::KeyRow;
use crate::{Actor, ActorKind, Ctx};

/// The document of a local actor, without `@context`.
pub(crate) fn actor(ctx: &Ctx, actor: &Actor, keys: &[KeyRow]) -> Value {
    let fields: Vec<(String, String)> = serde_json::from_str(&actor.fields_json).unwrap_or_default();
    let attachment: Vec<Value> = fields
        .iter()
        .map(|(name, value)| json!({ "type": "PropertyValue", "name": name, "value": value }))
        .collect();
    let aliases: Vec<String> = serde_json::from_str(&actor.aliases_json).unwrap_or_default();
    let mut document = json!({
        "id": actor.uri,
        "type": actor.kind.code(),
        "preferredUsername": actor.handle,
        "webfinger": format!("{}@{}", actor.handle, actor.host),
        "name": actor.name,
        "summary": actor.summary,
        "url": actor.url,
        "inbox": actor.inbox,
        "outbox": actor.outbox,
        "followers": actor.followers,
        "following": actor.following,
        "featured": actor.featured,
        "endpoints": { "sharedInbox": actor.shared_inbox },
        "manuallyApprovesFollowers": actor.locked,
        "discoverable": actor.discoverable,
        "indexable": actor.discoverable,
        "published": actor.created_at.rfc3339(),
        "updated": actor.updated_at.rfc3339(),
        "attachment": attachment,
        "tag": [],
        "alsoKnownAs": aliases,
    });
    let Some(map) = document.as_object_mut() else {
        return document;
    };
    if actor.kind == ActorKind::Group {
        // FEP-1b12: who keeps order.
        map.insert(
            "attributedTo".to_owned(),
            json!(format!("{}/moderators", actor.uri)),
        );
    }
    if actor.veiled {
        // It is written to at its own inbox only.
        map.remove("endpoints");
    }
    if actor.kind != ActorKind::Application {
        map.insert("generator".to_owned(), json!({
            "type": "Application",
            "id": crate::instance_uri(ctx),
            "implements": [{ "href": "https://datatracker.ietf.org/doc/html/rfc9421", "name": "RFC 9421" }],
        }));
    }
    for (property, picture) in [("icon", &actor.icon_url), ("image", &actor.image_url)] {
        if let Some(url) = picture {
            map.insert(property.to_owned(), json!({ "type": "Image", "url": url }));
        }
    }
    if let Some(target) = &actor.moved_to {
        map.insert("movedTo".to_owned(), json!(target));
    }
    for key in keys {
        let Ok(public) = crate::keys::PublicKey::from_der(&key.public_der) else {
            continue;
        };
        if key.kind == "rsa" {
            let Ok(owner) = Url::parse(&actor.uri) else {
                continue;
            };
            let published = PublishedKey {
                id: key.uri.clone(),
                owner,
                public_key_pem: public.to_pem(),
            };
            map.insert("publicKey".to_owned(), json!(published));
        } else if let Some(multibase) = public.to_multibase() {
            map.insert("assertionMethod".to_owned(), json!([{
                "id": key.uri, "type": "Multikey", "controller": actor.uri, "publicKeyMultibase": multibase,
            }]));
        }
    }
    document
}

/// What anybody needs to check a signature of this actor, and no more.
pub(crate) fn key_stub(ctx: &Ctx, actor: &Actor, keys: &[KeyRow]) -> Value {
    let mut document = self::actor(ctx, actor, keys);
    if let Some(map) = document.as_object_mut() {
        map.retain(|name, _| {
            matches!(
                name.as_str(),
                "id" | "type" | "preferredUsername" | "inbox" | "publicKey" | "assertionMethod"
            )
        });
    }
    document
}
