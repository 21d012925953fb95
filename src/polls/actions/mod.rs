//! The deeds, called by all doors: opening, giving out ballots, casting, counting; asking and answering.

mod answering;
mod asking;
mod boxing;
mod counting;
mod giving;
mod hiding;
mod lists;
mod opening;
mod reading;
mod remote;
mod weaker;

use platform::StoreError;
use platform::vault::VaultError;

use crate::blind::BlindError;
use crate::model::PollRefusal;
use crate::seal::SealError;

pub(crate) use answering::answer_from_elsewhere;
pub use answering::{answer_here, answered};
pub(crate) use asking::ask_in;
pub use asking::{ask, close_opinion, withdraw_opinion};
pub use boxing::{cast_ballot, renew_lost_key};
pub(crate) use counting::destroy_keys_of_ended;
pub use counting::{close_poll, enter_paper};
pub use giving::{Marks, eligible, has_taken, issue_token, marks};
pub(crate) use hiding::{set_opinion_hidden, set_poll_hidden};
pub(crate) use lists::{BallotList, Register, published_list, published_register};
pub(crate) use opening::made;
pub use opening::{open_poll, withdraw_poll};
pub use reading::{Seen, counts, look_into_the_box, shown};
pub use remote::{answer_there, answers_there};
pub(crate) use remote::{ask_again, forget_questions_of, learn_question};
pub use weaker::vote_for_her;

/// Why a deed was not done.
#[derive(Debug, thiserror::Error)]
pub enum PollError {
    /// Against the rules: all the reasons at once.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Refused(Vec<PollRefusal>),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The server's own key.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The key of a ballot box.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The key of a poll.
    #[error(transparent)]
    Blind(#[from] BlindError),
    /// The program was stopped.
    #[error("interrupted")]
    Interrupted,
}

impl From<PollRefusal> for PollError {
    fn from(refusal: PollRefusal) -> Self {
        Self::Refused(vec![refusal])
    }
}

fn refuse(refusals: Vec<PollRefusal>) -> Result<(), PollError> {
    if refusals.is_empty() {
        Ok(())
    } else {
        Err(PollError::Refused(refusals))
    }
}

/// Work that would hold up an async thread.
async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PollError> + Send + 'static,
) -> Result<T, PollError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| PollError::Interrupted)?
}
