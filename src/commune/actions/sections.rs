//! Sections switched on and off: by the operator for the whole server, by a town hall in its commune.

use platform::{StoreError, Tx};

use crate::model::{Commune, InseeCode};
use crate::store;

/// Whether a commune has this section.
pub fn offers(ctx: &platform::Ctx, commune: &Commune, section: &str) -> bool {
    !ctx.closed.contains(&section) && !commune.closed.iter().any(|closed| closed == section)
}

/// Whether a section is switched off in the commune with this INSEE code, or everywhere.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn is_closed(ctx: &platform::Ctx, code: &str, section: &str) -> Result<bool, StoreError> {
    Ok(ctx.closed.contains(&section) || store::is_section_closed(&ctx.db, code, section).await?)
}

/// Whether a section is switched off in the commune at this address, or everywhere.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn is_closed_at(ctx: &platform::Ctx, address: &str, section: &str) -> Result<bool, StoreError> {
    Ok(ctx.closed.contains(&section) || store::is_section_closed_at(&ctx.db, address, section).await?)
}

/// Switches a section of a commune off or on. Whether somebody may, and whether something runs in it, the caller knows.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn switch_section(
    ctx: &platform::Ctx,
    tx: &mut Tx,
    code: InseeCode,
    section: &str,
    off: bool,
    by: i64,
) -> Result<(), StoreError> {
    if off {
        store::close_section(tx, code, section, by, ctx.clock.now()).await
    } else {
        store::open_section(tx, code, section).await
    }
}
