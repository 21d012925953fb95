//! Who is told that there is a message: that there is one, and nothing of it.

use account::Right;
use account::actions::roles;
use commune::{Commune, InseeCode};
use federation::{ActorId, Ctx};
use notifications::{Kind, Notice};
use platform::{StoreError, Tx};

use crate::model::ThreadId;
use crate::store::{self, ThreadRow};

/// In notices and addresses of objects.
pub(crate) const KIND: &str = "messages";

/// The path of a thread's page.
pub(crate) fn page(commune: &Commune, id: ThreadId) -> String {
    commune.below(&format!("messages/{id}"))
}

fn notice(kind: Kind, id: ThreadId, page: String) -> Notice {
    Notice {
        kind,
        // Even who has written stands behind the door.
        from: None,
        target_kind: KIND,
        target_id: id.0,
        page,
        excerpt: String::new(),
    }
}

/// Tells the agents who read this thread, but for the one who wrote.
pub(crate) async fn tell_office(
    ctx: &Ctx,
    tx: &mut Tx,
    row: &ThreadRow,
    kind: Kind,
    except: Option<i64>,
) -> Result<(), StoreError> {
    let Ok(code) = row.commune.parse::<InseeCode>() else {
        return Ok(());
    };
    let Some(commune) = commune::actions::by_code_in(tx, code).await? else {
        return Ok(());
    };
    let readers = readers(ctx, tx, row, code).await?;
    let to: Vec<ActorId> = readers
        .into_iter()
        .filter(|(account, _)| Some(*account) != except)
        .map(|(_, actor)| actor)
        .collect();
    notifications::notify_each(ctx, tx, &to, &notice(kind, row.id, page(&commune, row.id))).await
}

/// The accounts that are told of a thread, with their actors: those of its service and the one it was given to; where
/// there is nobody, the mayor.
async fn readers(
    ctx: &Ctx,
    tx: &mut Tx,
    row: &ThreadRow,
    code: InseeCode,
) -> Result<Vec<(i64, ActorId)>, StoreError> {
    let able = roles::who_may(tx, Right::Messages, code).await?;
    let agents = store::agents_in(tx, code.as_str()).await?;
    let mayor = roles::mayor_of(ctx, code).await?.map(|account| account.0);
    let reads = |account: i64| {
        row.assigned_to == Some(account)
            || agents.contains(&(row.service_id, account))
            || (row.service_id.is_mayor() && mayor == Some(account))
    };
    let mut chosen: Vec<(i64, ActorId)> = able
        .iter()
        .filter(|account| reads(account.id.0))
        .map(|account| (account.id.0, account.actor))
        .collect();
    if chosen.is_empty() {
        chosen = able
            .iter()
            .filter(|account| mayor == Some(account.id.0))
            .map(|account| (account.id.0, account.actor))
            .collect();
    }
    // Nobody is told of a letter of her own.
    chosen.retain(|(_, actor)| Some(actor.0) != row.writer_id);
    Ok(chosen)
}

/// Tells one agent.
pub(crate) async fn tell_agent(
    ctx: &Ctx,
    tx: &mut Tx,
    commune: &Commune,
    id: ThreadId,
    actor: ActorId,
) -> Result<(), StoreError> {
    let notice = notice(Kind::Message, id, page(commune, id));
    notifications::notify_each(ctx, tx, &[actor], &notice).await
}

/// Tells the writer, if she is of this server.
pub(crate) async fn tell_writer(
    ctx: &Ctx,
    tx: &mut Tx,
    commune: &Commune,
    row: &ThreadRow,
) -> Result<(), StoreError> {
    let Some(writer) = row.writer_id.filter(|_| !row.remote) else {
        return Ok(());
    };
    let notice = notice(Kind::Message, row.id, page(commune, row.id));
    notifications::notify_each(ctx, tx, &[ActorId(writer)], &notice).await
}
