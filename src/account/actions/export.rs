//! Everything this server holds about a person, for her to read and to take elsewhere.

use federation::Ctx;
use platform::StoreError;
use platform::store::Paging;
use serde_json::{Value, json};

use super::sessions;
use crate::holdings;
use crate::store;
use crate::viewer::Person;

/// No more deeds than this are listed.
const DEEDS: i64 = 1_000;

/// All of it as JSON.
pub(crate) async fn all(ctx: &Ctx, person: &Person) -> Result<Value, StoreError> {
    let mut export = json!({
        "server": ctx.urls.base(),
        "exported_at": ctx.clock.now().rfc3339(),
        "account": account(ctx, person).await?,
    });
    let follows = follows(ctx, person).await?;
    if let Some(export) = export.as_object_mut() {
        export.insert("follows".to_owned(), follows.into());
    }
    for holding in holdings::all(ctx) {
        let held = (holding.export)(ctx, person.actor.id).await?;
        if let Some(export) = export.as_object_mut() {
            export.insert(holding.room.to_owned(), held);
        }
    }
    Ok(export)
}

/// Whom she follows, the latest first.
async fn follows(ctx: &Ctx, person: &Person) -> Result<Vec<String>, StoreError> {
    let (mut handles, mut before) = (Vec::new(), None);
    loop {
        let page =
            federation::follows::following(ctx, person.actor.id, true, &Paging::before(before, 200)).await?;
        before = page.items.last().map(|(id, _)| *id);
        let ids: Vec<_> = page.items.iter().map(|(_, actor)| *actor).collect();
        let actors = federation::actors::by_ids(ctx, &ids).await?;
        handles.extend(
            ids.iter()
                .filter_map(|id| actors.iter().find(|actor| actor.id == *id))
                .map(federation::Actor::full_handle),
        );
        if !page.has_more {
            return Ok(handles);
        }
    }
}

async fn account(ctx: &Ctx, person: &Person) -> Result<Value, StoreError> {
    let account = &person.account;
    let preferences = account.preferences;
    let verification = store::verification(&ctx.db, account.id, account.commune).await?;
    let sessions = sessions::of_person(ctx, person).await?;
    let deeds = store::audit_of_account(&ctx.db, account.id, DEEDS).await?;
    Ok(json!({
        "id": account.id,
        "name": person.actor.name,
        "handle": person.actor.full_handle(),
        "email": account.email,
        "commune": account.commune,
        "presentation": account.bio,
        "photo": person.actor.icon_url,
        "created_at": account.created_at.rfc3339(),
        "seen_at": account.seen_at.rfc3339(),
        "known_to_other_servers": person.actor.federated,
        "preferences": {
            "language": preferences.lang.map(|lang| lang.code()),
            "theme": preferences.theme.map(|theme| theme.code()),
            "font": preferences.font.map(|font| font.code()),
        },
        "verified_resident": verification.map(|(at, means)| json!({"at": at.rfc3339(), "means": means})),
        "roles": person.grants.iter().map(|grant| json!({
            "role": grant.role.code(),
            "commune": grant.commune,
            "rights": grant.rights().to_string(),
            "since": grant.at.rfc3339(),
        })).collect::<Vec<_>>(),
        "sessions": sessions.iter().map(|session| json!({
            "device": session.device,
            "lasting": session.lasting,
            "opened_at": session.created_at.rfc3339(),
            "used_at": session.seen_at.rfc3339(),
            "ends_at": session.expires_at.rfc3339(),
        })).collect::<Vec<_>>(),
        "record": deeds.iter().map(|deed| json!({
            "deed": deed.deed,
            "by_herself": deed.by_account == Some(account.id),
            "commune": deed.commune,
            "detail": deed.detail,
            "at": deed.done_at.rfc3339(),
        })).collect::<Vec<_>>(),
    }))
}
