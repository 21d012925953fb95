//! The end of an account: personal data goes, the actor leaves a tombstone.

use federation::{Ctx, actors};
use platform::media::{self, MediaId};
use platform::{StoreError, Tx};

use super::recovery::tell;
use super::sign_in::{name_key, prove};
use crate::audit;
use crate::error::AccountError;
use crate::holdings;
use crate::mails::Notice;
use crate::model::{Account, AccountId};
use crate::store;
use crate::viewer::Person;

/// Ends her own account, at once and for good.
pub(crate) async fn end_own(ctx: &Ctx, person: &Person, password: &str) -> Result<(), AccountError> {
    prove(ctx, &person.account, password).await?;
    end(ctx, &person.account, Some(person.id())).await?;
    Ok(())
}

/// Ends an account. What stays: that there was one (ids and dates), its record of deeds, and its handle, which
/// nobody else can take.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn end(ctx: &Ctx, account: &Account, by: Option<AccountId>) -> Result<(), StoreError> {
    let now = ctx.clock.now();
    let handle = super::people::handle_of(ctx, account).await?;
    let mut tx = ctx.db.begin().await?;
    tell(ctx, &mut tx, account, Notice::Ended).await?;
    for holding in holdings::all(ctx) {
        (holding.erase)(ctx, &mut tx, account.actor).await?;
    }
    if let Some(photo) = account.photo {
        media::detach(&mut tx, MediaId(photo), now).await?;
    }
    actors::delete_local(ctx, &mut tx, account.actor).await?;
    empty(&mut tx, account, &handle).await?;
    store::end(&mut tx, account.id, now).await?;
    commune::actions::citizen_leaves(&mut tx, account.commune).await?;
    let deed = audit::Deed {
        code: "account-ended",
        by,
        about: Some(account.id),
        ..audit::Deed::default()
    };
    audit::record(ctx, &mut tx, deed).await?;
    tx.commit().await
}

async fn empty(tx: &mut Tx, account: &Account, handle: &str) -> Result<(), StoreError> {
    store::remove_other_sessions(tx, account.id, None).await?;
    store::remove_grants_of(tx, account.id).await?;
    store::remove_codes_of(tx, account.id).await?;
    store::remove_invitations_by(tx, account.id).await?;
    for name in [account.email.to_lowercase(), handle.to_owned()] {
        store::forget_attempts(tx, &name_key(&name)).await?;
    }
    Ok(())
}
