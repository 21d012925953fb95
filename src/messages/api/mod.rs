//! The JSON doors: conversations of Mastodon's API, and formal requests, for which it has no word.

mod conversations;
mod requests;

use account::Citizen;
use federation::Ctx;

pub use conversations::Conversations;
pub(crate) use requests::routes;

use crate::actions::{self, Line, Party};
use crate::error::MessageError;
use crate::model::{Refusal, ThreadId};

/// How she reads it through a program: a token of her own sees her own letters, one of an office the town hall's.
fn suits(by: &Citizen, party: &Party) -> bool {
    by.office.is_some() == party.is_office()
}

async fn line(ctx: &Ctx, by: &Citizen, id: ThreadId) -> Result<Line, MessageError> {
    let (line, party) = actions::line(ctx, by, id).await?;
    if suits(by, &party) {
        Ok(line)
    } else {
        Err(Refusal::Missing.into())
    }
}
