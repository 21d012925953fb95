//! Tokens: made here, kept as hashes.

use account::AccountId;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use federation::Ctx;
use platform::{StoreError, Tx};

use crate::scopes::Scopes;
use crate::store::{self, Token};

/// How a secret is kept: its SHA-256. It has 256 bits of chance, so no slow hash is needed.
pub(crate) fn hash(secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, secret.as_bytes()))
}

/// Makes a token; gives it and its row. It is shown once.
pub(crate) async fn issue(
    ctx: &Ctx,
    tx: &mut Tx,
    app: Option<i64>,
    account: Option<AccountId>,
    office: Option<String>,
    scopes: &Scopes,
) -> Result<(String, Token), StoreError> {
    let secret = ctx.rng.token();
    let token = Token {
        id: ctx.new_id(),
        token_hash: hash(&secret),
        app_id: app,
        account_id: account.map(|account| account.0),
        office,
        scopes: scopes.to_string(),
        created_at: ctx.clock.now(),
        revoked_at: None,
    };
    store::insert_token(tx, &token).await?;
    Ok((secret, token))
}

/// A token for somebody at the command line, with every scope: `parvis account token NAME`.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn for_command_line(
    ctx: &Ctx,
    account: AccountId,
    office: Option<String>,
) -> Result<String, StoreError> {
    let mut tx = ctx.db.begin().await?;
    let (secret, _) = issue(ctx, &mut tx, None, Some(account), office, &Scopes::whole()).await?;
    tx.commit().await?;
    Ok(secret)
}
