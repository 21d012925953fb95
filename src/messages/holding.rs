//! What this room holds about a person: for her to take, and what happens to it when her account ends.
//!
//! Her conversations go with her account. A formal request is the town hall's file, which it must keep: it stays, with
//! the name and address she gave in it, and is tied to no account any more.

use account::actions::people;
use account::holdings::{Answer, Holding};
use federation::{ActorId, Ctx};
use platform::store::Paging;
use platform::{StoreError, Tx};
use serde_json::{Value, json};

use crate::actions::{open_message, open_request, open_thread, plain_text};
use crate::model::{Kind, Side};
use crate::store::{self, Mailbox};

/// For the composition.
pub fn holding() -> Holding {
    Holding {
        room: "messages",
        export,
        erase,
    }
}

fn export(ctx: &Ctx, actor: ActorId) -> Answer<'_, Value> {
    Box::pin(async move {
        let whose = Mailbox::Writer {
            actor: actor.0,
            commune: None,
        };
        let (mut all, mut before) = (Vec::new(), None);
        loop {
            let page = store::list(&ctx.db, &whose, &Paging::before(before, 100)).await?;
            before = page.items.last().map(|row| row.last_id.0);
            for row in page.items {
                all.push(thread(ctx, row).await?);
            }
            if !page.has_more {
                return Ok(json!({ "threads": all }));
            }
        }
    })
}

async fn thread(ctx: &Ctx, row: store::ThreadRow) -> Result<Value, StoreError> {
    let thread = open_thread(ctx, row);
    let files = store::files_of(&ctx.db, thread.id).await?;
    let messages: Vec<Value> = store::in_thread(&ctx.db, thread.id, false, 10_000)
        .await?
        .into_iter()
        .map(|row| {
            let message = open_message(ctx, row);
            json!({
                "from": if message.side == Side::Writer { "me" } else { "town hall" },
                "signed": message.byline,
                "text": plain_text(&message),
                "written_at": message.created_at.rfc3339(),
                "files": files.iter().filter(|file| file.message_id == message.id).count(),
            })
        })
        .collect();
    let request = store::request(&ctx.db, thread.id)
        .await?
        .map(|row| open_request(ctx, row));
    Ok(json!({
        "commune": thread.commune,
        "kind": thread.kind.code(),
        "subject": thread.subject,
        "began_at": thread.created_at.rfc3339(),
        "closed_at": thread.closed_at.map(|at| at.rfc3339()),
        "request": request.map(|request| json!({
            "reference": request.reference,
            "applicant": request.applicant,
            "registered_at": request.registered_at.rfc3339(),
            "acknowledged_at": request.acknowledged_at.map(|at| at.rfc3339()),
            "answered_at": request.answered_at.map(|at| at.rfc3339()),
        })),
        "messages": messages,
    }))
}

fn erase<'a>(ctx: &'a Ctx, tx: &'a mut Tx, actor: ActorId) -> Answer<'a, ()> {
    Box::pin(async move {
        for row in store::of_writer_in(tx, actor.0).await? {
            match row.kind {
                Kind::Conversation => {
                    notifications::retract(tx, crate::actions::telling::KIND, row.id.0).await?;
                    store::remove_thread(tx, row.id).await?;
                }
                Kind::Request => store::cut_writer(tx, row.id).await?,
            }
        }
        if let Some(account) = people::by_actor(ctx, actor).await? {
            store::forget_account(tx, account.id.0, actor.0).await?;
        }
        Ok(())
    })
}
