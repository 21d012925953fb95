//! What a person shows of herself, how she wants the pages, and whether other servers may know her.

use commune::InseeCode;
use federation::actors::{self, ProfileChange};
use federation::{Actor, Ctx};
use platform::media::{self, Fit, MediaError, MediaId, NewUpload};
use platform::text::{Links, markdown_to_html};
use platform::{StoreError, Tx};

use super::people;
use crate::audit;
use crate::error::AccountError;
use crate::model::{Preferences, Refusal, clean_bio, clean_name, parse_handle};
use crate::store;
use crate::viewer::Person;

/// What a person says of herself: by the form, or through the API.
#[derive(Debug)]
pub struct Profile<'a> {
    /// The name shown.
    pub name: &'a str,
    /// The handle; empty leaves it as it is.
    pub handle: &'a str,
    /// Markdown-light.
    pub bio: &'a str,
}

/// Changes name, handle and presentation.
///
/// # Errors
/// [`AccountError::Fields`] with every field that rules forbid.
pub async fn change(ctx: &Ctx, person: &Person, form: &Profile<'_>) -> Result<(), AccountError> {
    let mut wrong = Vec::new();
    let name = clean_name(form.name).map_err(|refusal| wrong.push(("name", refusal)));
    let bio = clean_bio(form.bio).map_err(|refusal| wrong.push(("bio", refusal)));
    let handle = new_handle(ctx, person, form.handle)
        .await?
        .map_err(|refusal| wrong.push(("handle", refusal)));
    let (Ok(name), Ok(bio), Ok(handle)) = (name, bio, handle) else {
        return Err(AccountError::Fields(wrong));
    };
    let change = ProfileChange {
        name: Some(name),
        summary: Some(markdown_to_html(&bio, &Links::NONE).into_string()),
        handle,
        ..ProfileChange::default()
    };
    let mut tx = ctx.db.begin().await?;
    match actors::change_profile(ctx, &mut tx, person.actor.id, change).await {
        Err(StoreError::Conflict(_)) => {
            return Err(AccountError::Fields(vec![("handle", Refusal::HandleTaken)]));
        }
        other => other?,
    };
    store::set_bio(&mut tx, person.id(), &bio).await?;
    tx.commit().await?;
    Ok(())
}

/// The handle, when it is another one and she may take it: other servers that know her know her by it.
async fn new_handle(
    ctx: &Ctx,
    person: &Person,
    typed: &str,
) -> Result<Result<Option<String>, Refusal>, AccountError> {
    let typed = typed.trim().trim_start_matches('@').to_lowercase();
    if typed.is_empty() || typed == person.actor.handle {
        return Ok(Ok(None));
    }
    if actors::was_federated(ctx, person.actor.id).await? {
        return Ok(Err(Refusal::HandleFixed));
    }
    let handle = match parse_handle(&typed) {
        Ok(handle) => handle,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if commune::actions::is_handle_reserved(ctx, &handle).await? {
        return Ok(Err(Refusal::HandleReserved));
    }
    if !people::is_free(ctx, &handle).await? {
        return Ok(Err(Refusal::HandleTaken));
    }
    Ok(Ok(Some(handle)))
}

/// Moves to another commune. What the old town hall knew of her is no longer true; she goes on following it.
pub(crate) async fn move_to(ctx: &Ctx, person: &Person, commune: InseeCode) -> Result<(), AccountError> {
    let commune = commune::actions::by_code(ctx, commune)
        .await?
        .filter(|commune| commune.status.has_mayor())
        .ok_or(Refusal::NoCommune)?;
    if commune.code == person.commune() {
        return Ok(());
    }
    let mut tx = ctx.db.begin().await?;
    store::set_commune(&mut tx, person.id(), commune.code).await?;
    commune::actions::citizen_leaves(&mut tx, person.commune()).await?;
    commune::actions::citizen_joins(&mut tx, commune.code).await?;
    people::follow_commune(ctx, &mut tx, &person.actor, &commune).await?;
    let deed = audit::Deed {
        commune: Some(commune.code),
        ..audit::Deed::own("commune-changed", person.id())
    };
    audit::record(ctx, &mut tx, deed).await?;
    tx.commit().await?;
    Ok(())
}

/// Keeps how she wants the pages.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn save_preferences(
    ctx: &Ctx,
    person: &Person,
    preferences: Preferences,
) -> Result<(), StoreError> {
    let mut tx = ctx.db.begin().await?;
    store::set_preferences(&mut tx, person.id(), preferences).await?;
    tx.commit().await
}

/// Changes only what is said: for switches on other pages (language in the footer).
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn remember(ctx: &Ctx, person: &Person, chosen: Preferences) -> Result<(), StoreError> {
    save_preferences(ctx, person, chosen.or(person.account.preferences)).await
}

/// Lets other servers know of her, or no longer.
///
/// # Errors
/// [`AccountError::Store`].
pub async fn set_federated(ctx: &Ctx, person: &Person, federated: bool) -> Result<Actor, AccountError> {
    let keys = actors::new_keys().await?;
    let mut tx = ctx.db.begin().await?;
    let actor = actors::set_federated(ctx, &mut tx, person.actor.id, federated, &keys).await?;
    let code = if federated { "federated" } else { "made-dark" };
    audit::record(ctx, &mut tx, audit::Deed::own(code, person.id())).await?;
    tx.commit().await?;
    Ok(actor)
}

/// Puts a photo in the place of the one before: cut square, written anew, without anything of her camera or place.
///
/// # Errors
/// [`PhotoError`].
pub async fn set_photo(ctx: &Ctx, person: &Person, upload: &platform::web::Upload) -> Result<(), PhotoError> {
    let owner_id = person.actor.id.0;
    let new = NewUpload {
        owner_id,
        bytes: upload.bytes.clone(),
        file_name: "photo".to_owned(),
        alt: String::new(),
        fit: Fit::Square,
        pictures_only: true,
    };
    let medium = media::upload(ctx, new).await?;
    let mut tx = ctx.db.begin().await?;
    let medium = media::attach(&mut tx, medium.id, owner_id).await?;
    let change = ProfileChange {
        icon_url: Some(Some(ctx.urls.to(&medium.address()))),
        ..ProfileChange::default()
    };
    replace_photo(ctx, &mut tx, person, Some(medium.id), change).await?;
    tx.commit().await?;
    Ok(())
}

/// Removes the photo.
pub(crate) async fn remove_photo(ctx: &Ctx, person: &Person) -> Result<(), StoreError> {
    let change = ProfileChange {
        icon_url: Some(None),
        ..ProfileChange::default()
    };
    let mut tx = ctx.db.begin().await?;
    replace_photo(ctx, &mut tx, person, None, change).await?;
    tx.commit().await
}

async fn replace_photo(
    ctx: &Ctx,
    tx: &mut Tx,
    person: &Person,
    photo: Option<MediaId>,
    change: ProfileChange,
) -> Result<(), StoreError> {
    if let Some(former) = person.account.photo {
        media::detach(tx, MediaId(former), ctx.clock.now()).await?;
    }
    actors::change_profile(ctx, tx, person.actor.id, change).await?;
    store::set_photo(tx, person.id(), photo.map(|photo| photo.0)).await
}

/// Why a photo is not taken.
#[derive(Debug, thiserror::Error)]
pub enum PhotoError {
    /// It is turned away, or could not be written.
    #[error(transparent)]
    Media(#[from] MediaError),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}
