//! Town halls: letting one in, handing the office over, what it says of its commune.

use federation::actors::{self, NewKeys};
use federation::{ActorKind, Ctx, NewLocalActor};
use platform::i18n::{Lang, date};
use platform::text::{Html, Links, excerpt, markdown_to_html};
use platform::{StoreError, Tx};

use crate::model::{Claim, ClaimRefusal, Commune, InseeCode, Mandate, Presentation, PresentationRefusal};
use crate::store;

/// Why a town hall cannot be let in.
#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    /// A rule forbids it.
    #[error(transparent)]
    Refused(#[from] ClaimRefusal),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a presentation is not written.
#[derive(Debug, thiserror::Error)]
pub enum PresentError {
    /// Fields that cannot stand on the page.
    #[error("some fields cannot be used")]
    Refused(Vec<(&'static str, PresentationRefusal)>),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Who holds the mayor's office of a commune.
pub async fn current_mandate(ctx: &platform::Ctx, code: InseeCode) -> Result<Option<Mandate>, StoreError> {
    store::current_mandate(&ctx.db, code).await
}

/// What the town hall says of itself: how it is reached.
pub async fn presentation(ctx: &platform::Ctx, code: InseeCode) -> Result<Option<Presentation>, StoreError> {
    store::presentation(&ctx.db, code).await
}

/// An account joins a commune.
pub async fn citizen_joins(tx: &mut Tx, code: InseeCode) -> Result<(), StoreError> {
    store::change_reach(tx, code, 1).await
}

/// An account leaves a commune.
pub async fn citizen_leaves(tx: &mut Tx, code: InseeCode) -> Result<(), StoreError> {
    store::change_reach(tx, code, -1).await
}

/// The keys of the two actors of a commune.
#[derive(Debug, Clone)]
pub struct ClaimKeys {
    mayor: NewKeys,
    commune: NewKeys,
}

/// Makes the keys that a claim needs. Before the transaction: it takes some time.
pub async fn claim_keys() -> Result<ClaimKeys, StoreError> {
    Ok(ClaimKeys {
        mayor: actors::new_keys().await?,
        commune: actors::new_keys().await?,
    })
}

/// Lets a town hall in: makes the actor of the mayor's office and the commune's own.
///
/// `verified_by` says in words how the town hall proved itself.
pub async fn claim(
    ctx: &Ctx,
    tx: &mut Tx,
    code: InseeCode,
    keys: &ClaimKeys,
    mandate: &Mandate,
    verified_by: &str,
) -> Result<Claim, ClaimError> {
    mandate.check()?;
    let commune = store::by_code_in(tx, code).await?.ok_or(ClaimRefusal::Unknown)?;
    commune.may_be_claimed()?;
    let mayor = actors::create_local(ctx, tx, mayor_actor(&commune, mandate), Some(&keys.mayor)).await?;
    let itself = actors::create_local(ctx, tx, commune_actor(&commune), Some(&keys.commune)).await?;
    let now = ctx.clock.now();
    let claim = Claim {
        mayor: mayor.id,
        commune: itself.id,
        claimed_at: now,
        verified_by: verified_by.to_owned(),
        verified_at: now,
    };
    store::insert_claim(tx, code, &claim).await?;
    store::insert_mandate(tx, ctx.new_id(), code, mandate, now).await?;
    let shown = fields(&commune, &claim, &Presentation::default());
    for actor in [claim.mayor, claim.commune] {
        let change = actors::ProfileChange {
            fields: Some(shown.clone()),
            ..Default::default()
        };
        actors::change_profile(ctx, tx, actor, change).await?;
    }
    Ok(claim)
}

/// Hands the mayor's office over: the actor, its followers and its archive stay.
pub async fn hand_over(ctx: &Ctx, tx: &mut Tx, code: InseeCode, mandate: &Mandate) -> Result<(), ClaimError> {
    mandate.check()?;
    let commune = store::by_code_in(tx, code).await?.ok_or(ClaimRefusal::Unknown)?;
    let claim = commune.claim.as_ref().ok_or(ClaimRefusal::NotClaimed)?;
    let now = ctx.clock.now();
    store::end_mandate(tx, code, now).await?;
    store::insert_mandate(tx, ctx.new_id(), code, mandate, now).await?;
    let change = actors::ProfileChange {
        name: Some(mandate.office(&commune.name)),
        ..Default::default()
    };
    actors::change_profile(ctx, tx, claim.mayor, change).await?;
    Ok(())
}

/// Writes what the town hall says of its commune, and tells those who follow the commune elsewhere.
///
/// `by` is the account that does it; the caller has made sure that it may.
pub async fn present(ctx: &Ctx, code: InseeCode, said: Presentation, by: i64) -> Result<(), PresentError> {
    let refusals = said.refusals();
    if !refusals.is_empty() {
        return Err(PresentError::Refused(refusals));
    }
    let said = Presentation {
        body_html: markdown_to_html(&said.body_source, &Links::NONE).into_string(),
        edited_at: ctx.clock.now(),
        ..said
    };
    let mut tx = ctx.db.begin().await?;
    let commune = store::by_code_in(&mut tx, code)
        .await?
        .ok_or(StoreError::NotFound("commune"))?;
    let claim = commune.claim.as_ref().ok_or(StoreError::NotFound("claim"))?;
    store::save_presentation(&mut tx, code, &said, by).await?;
    let change = actors::ProfileChange {
        summary: Some(summary(&commune, &said)),
        fields: Some(fields(&commune, claim, &said)),
        ..Default::default()
    };
    actors::change_profile(ctx, &mut tx, claim.commune, change).await?;
    tx.commit().await?;
    Ok(())
}

/// What other servers show of a commune: the beginning of its presentation.
fn summary(commune: &Commune, said: &Presentation) -> String {
    let words = excerpt(&Html::from_store(said.body_html.clone()), 400);
    if words.is_empty() {
        commune_summary(commune)
    } else {
        Html::paragraph(&words).into_string()
    }
}

/// What other servers show beside the name: how the town hall proved itself, and how to reach it.
fn fields(commune: &Commune, claim: &Claim, said: &Presentation) -> Vec<(String, String)> {
    let text = |value: &str| {
        Html::paragraph(value)
            .as_str()
            .replace("<p>", "")
            .replace("</p>", "")
    };
    let site = text(&said.website);
    let link =
        format!("<a href=\"{site}\" rel=\"nofollow noopener noreferrer\" target=\"_blank\">{site}</a>");
    let verified_on = date(Lang::Fr, &claim.verified_at.in_zone(commune.time_zone()));
    let known = [
        (
            "Compte vérifié",
            text(&format!("le {verified_on} : {}", claim.verified_by)),
        ),
        ("Code Insee", commune.code.to_string()),
        ("Adresse", text(&said.address.replace('\n', ", "))),
        ("Téléphone", text(&said.phone)),
        ("Courriel", text(&said.email)),
        ("Site", if site.is_empty() { site } else { link }),
    ];
    let full = known.into_iter().filter(|(_, value)| !value.is_empty());
    full.map(|(name, value)| (name.to_owned(), value)).collect()
}

fn mayor_actor(commune: &Commune, mandate: &Mandate) -> NewLocalActor {
    NewLocalActor {
        kind: ActorKind::Person,
        handle: commune.mayor_handle(),
        name: mandate.office(&commune.name),
        summary: format!(
            "<p>La parole de la mairie {} ({}).</p>",
            commune.name.of(),
            commune.department.shown()
        ),
        page: Some(commune.path()),
        federated: true,
        discoverable: true,
    }
}

fn commune_actor(commune: &Commune) -> NewLocalActor {
    NewLocalActor {
        kind: ActorKind::Organization,
        handle: commune.handle.clone(),
        name: commune.name.shown(),
        summary: commune_summary(commune),
        page: Some(commune.below("commune")),
        federated: true,
        discoverable: true,
    }
}

fn commune_summary(commune: &Commune) -> String {
    let (of, department) = (commune.name.of(), commune.department.shown());
    format!("<p>La commune {of} ({department}) : affichage légal, alertes et informations pratiques.</p>")
}
