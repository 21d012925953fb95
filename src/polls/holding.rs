//! What this room holds about a person: for her to take, and removed when her account ends.
//!
//! Of a running anonymous poll it can be told that she took a ballot, and nothing more. When she ends her account, or
//! gives up an address, the address is noted as spent in every poll in which she took one.

use account::Account;
use account::actions::people;
use account::holdings::{Answer, Holding};
use federation::{ActorId, Ctx, actors};
use platform::{StoreError, Tx};
use serde_json::{Value, json};

use crate::actions::{PollError, answered, marks};
use crate::store::{opinions, polls, questions, register};

/// For the composition.
pub fn holding() -> Holding {
    Holding {
        room: "polls",
        export,
        erase,
    }
}

fn export(ctx: &Ctx, actor: ActorId) -> Answer<'_, Value> {
    Box::pin(async move {
        let Some(account) = people::by_actor(ctx, actor).await? else {
            return Ok(Value::Null);
        };
        let mut taken = Vec::new();
        for poll in polls::running(&ctx.db).await? {
            if has_taken(ctx, &account, poll).await? {
                taken.push(json!(poll.to_string()));
            }
        }
        let mut answers = Vec::new();
        if let Some(actor) = actors::by_id(ctx, actor).await? {
            for opinion in opinions::running(&ctx.db).await? {
                let positions = answered(ctx, &actor, &opinion).await.map_err(unavailable)?;
                if !positions.is_empty() {
                    answers.push(json!({ "question": opinion.uri, "choices": positions }));
                }
            }
        }
        let elsewhere: Vec<Value> = questions::answers_of(&ctx.db, actor)
            .await?
            .into_iter()
            .map(|(uri, words)| json!({ "question": uri, "choice": words }))
            .collect();
        Ok(json!({
            "ballots_taken_in_running_polls": taken,
            "answers_to_running_public_opinions": answers,
            "answers_elsewhere": elsewhere,
        }))
    })
}

fn erase<'a>(ctx: &'a Ctx, tx: &'a mut Tx, actor: ActorId) -> Answer<'a, ()> {
    Box::pin(async move {
        if let Some(account) = people::by_actor(ctx, actor).await? {
            spend_address(ctx, tx, &account).await?;
        }
        questions::forget_answers_of(tx, actor).await
    })
}

/// Notes the address of somebody as spent wherever she took a ballot.
///
/// # Errors
/// [`StoreError`].
pub fn address_given_up<'a>(ctx: &'a Ctx, tx: &'a mut Tx, account: &'a Account) -> Answer<'a, ()> {
    Box::pin(spend_address(ctx, tx, account))
}

async fn spend_address(ctx: &Ctx, tx: &mut Tx, account: &Account) -> Result<(), StoreError> {
    for poll in polls::running(&ctx.db).await? {
        let marks = match marks(ctx, account, poll).await {
            Ok(marks) => marks,
            Err(PollError::Refused(_)) => continue,
            Err(error) => return Err(unavailable(error)),
        };
        if register::given_in(tx, poll, &marks.voter).await?.is_some() {
            register::spend(tx, poll, &marks.address).await?;
        }
    }
    Ok(())
}

async fn has_taken(ctx: &Ctx, account: &Account, poll: crate::model::PollId) -> Result<bool, StoreError> {
    match marks(ctx, account, poll).await {
        Ok(marks) => Ok(register::given(&ctx.db, poll, &marks.voter).await?.is_some()),
        Err(PollError::Refused(_)) => Ok(false),
        Err(error) => Err(unavailable(error)),
    }
}

fn unavailable(error: PollError) -> StoreError {
    match error {
        PollError::Store(error) => error,
        other => StoreError::Unavailable(other.to_string()),
    }
}
