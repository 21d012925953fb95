//! Offers of a role, sent by mail, until they are taken up.

use std::time::Duration;

use commune::{Commune, InseeCode};
use federation::Ctx;
use platform::StoreError;
use platform::i18n::Lang;
use platform::mail::EmailAddress;

use super::roles::{self, NewGrant};
use super::sessions::digest;
use crate::audit;
use crate::error::AccountError;
use crate::mails::{self, To};
use crate::model::{AccountId, Refusal, Right, Rights, Role};
use crate::store::{self, Invitation, NewInvitation};
use crate::viewer::{Person, of_account};

const LIFE: Duration = Duration::from_secs(14 * 24 * 3600);
/// No commune has more offers open.
const MOST: usize = 50;

/// An offer to be made.
#[derive(Debug)]
pub(crate) struct Offer<'a> {
    pub(crate) email: &'a str,
    pub(crate) role: Role,
    pub(crate) rights: Rights,
}

fn grant(account: AccountId, commune: InseeCode, role: Role, rights: Rights) -> NewGrant {
    NewGrant {
        account,
        role,
        commune: Some(commune),
        rights,
    }
}

/// Sends an offer.
pub(crate) async fn invite(
    ctx: &Ctx,
    person: &Person,
    commune: &Commune,
    offer: &Offer<'_>,
    lang: Lang,
) -> Result<(), AccountError> {
    let email = EmailAddress::parse(offer.email)
        .map_err(|_| AccountError::Fields(vec![("email", Refusal::NoEmail)]))?;
    let new = grant(person.id(), commune.code, offer.role, offer.rights);
    roles::may_give(person, &new)?;
    roles::is_possible(commune, &new).map_err(|refusal| AccountError::Fields(vec![("rights", refusal)]))?;
    let now = ctx.clock.now();
    if store::invitations_of(&ctx.db, commune.code, now).await?.len() >= MOST {
        return Err(Refusal::TooManyCodes.into());
    }
    let token = ctx.rng.token();
    let invitation = NewInvitation {
        id: ctx.new_id(),
        token_hash: &digest(&["invitation", &token]),
        email: &email,
        commune: commune.code,
        role: offer.role,
        rights: if offer.role == Role::Delegate {
            offer.rights
        } else {
            Rights::NONE
        },
        by: person.id(),
        now,
        expires_at: now.plus(LIFE),
    };
    let to = To {
        address: &email,
        lang,
    };
    let role = ctx.words.t(lang, &format!("account-role-{}", offer.role.code()));
    let mut tx = ctx.db.begin().await?;
    store::insert_invitation(&mut tx, &invitation).await?;
    mails::invitation(ctx, &mut tx, to, commune, &role, &token).await?;
    let deed = audit::Deed {
        code: "invited",
        by: Some(person.id()),
        about: None,
        commune: Some(commune.code),
        detail: offer.role.code(),
    };
    audit::record(ctx, &mut tx, deed).await?;
    tx.commit().await?;
    Ok(())
}

/// The offers of a commune that wait.
pub(crate) async fn of_commune(ctx: &Ctx, commune: InseeCode) -> Result<Vec<Invitation>, StoreError> {
    store::invitations_of(&ctx.db, commune, ctx.clock.now()).await
}

/// Takes an offer back; `false` when there is none of this id.
pub(crate) async fn cancel(
    ctx: &Ctx,
    person: &Person,
    commune: InseeCode,
    id: i64,
) -> Result<bool, AccountError> {
    if !person.may(Right::Delegates, commune) {
        return Err(Refusal::NotHersToGive.into());
    }
    let mut tx = ctx.db.begin().await?;
    let gone = store::remove_invitation(&mut tx, id, commune).await?;
    tx.commit().await?;
    Ok(gone)
}

/// The offer of a link, and its commune.
pub(crate) async fn by_token(ctx: &Ctx, token: &str) -> Result<Option<(Invitation, Commune)>, StoreError> {
    if token.len() != 43 {
        return Ok(None);
    }
    let hash = digest(&["invitation", token]);
    let Some(invitation) = store::invitation_by_token(&ctx.db, &hash, ctx.clock.now()).await? else {
        return Ok(None);
    };
    let commune = commune::actions::by_code(ctx, invitation.commune).await?;
    Ok(commune.map(|commune| (invitation, commune)))
}

/// Takes an offer up. Whoever made it must still be able to give what it offers.
pub(crate) async fn accept(ctx: &Ctx, person: &Person, token: &str) -> Result<InseeCode, AccountError> {
    let (invitation, commune) = by_token(ctx, token).await?.ok_or(Refusal::SpentInvitation)?;
    let giver = of_account(ctx, invitation.by, None)
        .await?
        .ok_or(Refusal::SpentInvitation)?;
    let new = grant(person.id(), commune.code, invitation.role, invitation.rights);
    roles::may_give(&giver, &new).map_err(|_| Refusal::SpentInvitation)?;
    roles::is_possible(&commune, &new)?;
    let mut tx = ctx.db.begin().await?;
    if !store::remove_invitation(&mut tx, invitation.id, commune.code).await? {
        return Err(Refusal::SpentInvitation.into());
    }
    roles::give_in(ctx, &mut tx, Some(giver.id()), &new, Some(&commune)).await?;
    tx.commit().await?;
    Ok(commune.code)
}
