//! Who is meant by a name on the command line: an account, or an office and whoever holds it.

use commune::InseeCode;
use federation::{Actor, Ctx};
use platform::StoreError;

use crate::actions::people;
use crate::model::AccountId;
use crate::store;

/// For whom a token of the API speaks.
#[derive(Debug, Clone)]
pub struct Bearer {
    /// The person.
    pub account: AccountId,
    /// The commune whose office she speaks for; none: for herself.
    pub office: Option<InseeCode>,
    /// The actor that acts: hers, or the office's.
    pub actor: Actor,
}

/// Why a name leads to nobody.
#[derive(Debug, thiserror::Error)]
pub enum LookupError {
    /// There is no such account.
    #[error("there is no account `{0}`")]
    Unknown(String),
    /// The town hall is not here.
    #[error("the town hall of {0} is not here yet")]
    NotClaimed(String),
    /// The office is vacant.
    #[error(
        "nobody holds the mayor's office of {0}: give the role with `parvis account role add NAME mayor`"
    )]
    Vacant(String),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// By handle: `citoyenne`, or `maire-eze` for the mayor's office of Èze.
///
/// # Errors
/// [`LookupError`].
pub async fn bearer(ctx: &Ctx, name: &str) -> Result<Bearer, LookupError> {
    let handle = name.trim().trim_start_matches('@').to_lowercase();
    if let Some(account) = people::by_handle(ctx, &handle).await? {
        let actor = federation::actors::by_id(ctx, account.actor).await?;
        return Ok(Bearer {
            account: account.id,
            office: None,
            actor: actor.ok_or(StoreError::NotFound("actor"))?,
        });
    }
    let commune = commune::actions::by_handle(ctx, &handle)
        .await?
        .filter(|commune| commune.mayor_handle() == handle)
        .ok_or_else(|| LookupError::Unknown(handle.clone()))?;
    let shown = commune.name.shown();
    let Some(claim) = &commune.claim else {
        return Err(LookupError::NotClaimed(shown));
    };
    let Some(mayor) = store::mayor_of(&ctx.db, commune.code).await? else {
        return Err(LookupError::Vacant(shown));
    };
    let actor = federation::actors::by_id(ctx, claim.mayor).await?;
    Ok(Bearer {
        account: mayor,
        office: Some(commune.code),
        actor: actor.ok_or(StoreError::NotFound("actor"))?,
    })
}
