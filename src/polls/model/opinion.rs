//! The public opinion: a question to everybody, answered in the open, told apart by where one comes from.

use discussion::CommentMode;
use federation::{ActorId, Visibility};
use platform::{Timestamp, id_type};

use super::tally::FEWEST;
use super::{PollRefusal, PollState};

id_type!(
    /// A public opinion (`Question`).
    OpinionId
);

id_type!(
    /// A question of another server.
    QuestionId
);

/// Whose answers are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Accounts of the commune, on this server.
    Residents,
    /// Everybody else.
    Outside,
}

/// A public opinion as stored.
#[derive(Debug, Clone, PartialEq, sqlx::FromRow)]
pub struct Opinion {
    /// Row id.
    pub id: OpinionId,
    /// ActivityPub id.
    pub uri: String,
    /// INSEE code.
    pub commune: String,
    /// The mayor's office.
    pub actor_id: ActorId,
    /// Who asked for the office.
    pub account_id: Option<i64>,
    /// As it was then.
    pub byline: String,
    /// Asked by a delegate.
    pub delegated: bool,
    /// What is asked.
    pub question: String,
    /// More about it, as typed.
    pub source: String,
    /// The same as shown.
    pub html: String,
    /// BCP 47.
    pub language: String,
    /// Several choices.
    pub multiple: bool,
    /// Who may read it.
    pub visibility: Visibility,
    /// Its rule for comments.
    pub comment_mode: CommentMode,
    /// Where it stands.
    pub state: PollState,
    /// Moderators took it from sight.
    pub hidden: bool,
    /// When it was asked.
    pub opened_at: Timestamp,
    /// Until when answers are taken.
    pub closes_at: Timestamp,
    /// When it was counted.
    pub closed_at: Option<Timestamp>,
    /// Residents who answered; not for showing before it is closed.
    pub resident_voters: i64,
    /// Others who answered; the same.
    pub outside_voters: i64,
}

/// One choice with its answers.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OpinionOption {
    /// Its place, from 0.
    pub position: i64,
    /// Its words.
    pub words: String,
    /// Answers of residents.
    pub residents: i64,
    /// Answers of others.
    pub outside: i64,
}

impl Opinion {
    /// Whether an answer is taken at this instant.
    pub fn takes_votes(&self, now: Timestamp) -> bool {
        self.state == PollState::Open && !self.hidden && now < self.closes_at
    }

    /// Whether it may be read by those it is for.
    pub fn is_out(&self) -> bool {
        self.state != PollState::Withdrawn && !self.hidden
    }

    /// Whether an answer of this actor is taken now.
    ///
    /// # Errors
    /// [`PollRefusal`]: late, or its own.
    pub fn may_answer(&self, actor: ActorId, now: Timestamp) -> Result<(), PollRefusal> {
        if !self.takes_votes(now) {
            return Err(PollRefusal::Closed);
        }
        if actor == self.actor_id {
            return Err(PollRefusal::OwnQuestion);
        }
        Ok(())
    }

    /// Everybody who answered.
    pub const fn voters(&self) -> i64 {
        self.resident_voters + self.outside_voters
    }

    /// Whether the counts may be shown: once closed, and only of five answers or more.
    pub const fn is_shown(&self) -> bool {
        matches!(self.state, PollState::Closed) && self.voters() >= FEWEST
    }

    /// Whether residents and others may be shown apart: neither of a side with one to four answers, which
    /// would be told by the other side and the sum as well.
    pub const fn is_apart(&self) -> bool {
        const fn few(voters: i64) -> bool {
            voters > 0 && voters < FEWEST
        }
        self.is_shown() && !few(self.resident_voters) && !few(self.outside_voters)
    }
}

/// Answers to one choice as everybody is told: zero until they may be shown.
pub const fn shown_votes(opinion: &Opinion, option: &OpinionOption) -> i64 {
    if opinion.is_shown() {
        option.residents + option.outside
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opinion(state: PollState, resident_voters: i64, outside_voters: i64) -> Opinion {
        Opinion {
            id: OpinionId(1),
            uri: String::new(),
            commune: String::new(),
            actor_id: ActorId(9),
            account_id: None,
            byline: String::new(),
            delegated: false,
            question: String::new(),
            source: String::new(),
            html: String::new(),
            language: String::new(),
            multiple: false,
            visibility: Visibility::Public,
            comment_mode: CommentMode::Open,
            state,
            hidden: false,
            opened_at: Timestamp::from_millis(0),
            closes_at: Timestamp::from_millis(1_000),
            closed_at: None,
            resident_voters,
            outside_voters,
        }
    }

    #[test]
    fn answers_are_taken_in_time_and_not_from_the_author() {
        let open = opinion(PollState::Open, 0, 0);
        let at = Timestamp::from_millis;
        assert_eq!(open.may_answer(ActorId(1), at(999)), Ok(()));
        assert_eq!(open.may_answer(ActorId(1), at(1_000)), Err(PollRefusal::Closed));
        assert_eq!(open.may_answer(ActorId(9), at(5)), Err(PollRefusal::OwnQuestion));
        let hidden = Opinion { hidden: true, ..open };
        assert_eq!(hidden.may_answer(ActorId(1), at(5)), Err(PollRefusal::Closed));
        let closed = opinion(PollState::Closed, 0, 0);
        assert_eq!(closed.may_answer(ActorId(1), at(5)), Err(PollRefusal::Closed));
    }

    #[test]
    fn small_numbers_are_not_shown_nor_told_by_a_difference() {
        let option = OpinionOption {
            position: 0,
            words: String::new(),
            residents: 2,
            outside: 1,
        };
        for (state, residents, outside, shown, apart) in [
            (PollState::Open, 50, 50, false, false),
            (PollState::Withdrawn, 50, 50, false, false),
            (PollState::Closed, 2, 2, false, false),
            (PollState::Closed, 3, 12, true, false),
            (PollState::Closed, 5, 0, true, true),
            (PollState::Closed, 5, 6, true, true),
        ] {
            let opinion = opinion(state, residents, outside);
            assert_eq!((opinion.is_shown(), opinion.is_apart()), (shown, apart));
            assert_eq!(shown_votes(&opinion, &option), if shown { 3 } else { 0 });
        }
    }
}
