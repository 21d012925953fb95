//! Polls and public opinions as things under discussion.

use discussion::{Answer, Owner, Subject};
use federation::Ctx;
use platform::Tx;

use crate::actions;
use crate::model::{OpinionId, PollId};
use crate::store::{opinions, polls};
use crate::wire::{POLLS, QUESTIONS, subject_of_opinion, subject_of_poll};

/// The owner of `polls`.
#[derive(Debug)]
pub struct Polls;

/// The owner of `questions`.
#[derive(Debug)]
pub struct Opinions;

impl Owner for Polls {
    fn kind(&self) -> &'static str {
        POLLS
    }

    fn section(&self) -> Option<&'static str> {
        Some("polls")
    }

    fn by_ids<'a>(&'a self, ctx: &'a Ctx, ids: &'a [i64]) -> Answer<'a, Vec<Subject>> {
        Box::pin(async move {
            let mut subjects = Vec::with_capacity(ids.len());
            for poll in polls::by_ids(&ctx.db, ids).await? {
                subjects.push(subject_of_poll(ctx, &poll).await?);
            }
            Ok(subjects)
        })
    }

    fn by_uri<'a>(&'a self, _: &'a Ctx, _: &'a str) -> Answer<'a, Option<Subject>> {
        Box::pin(async { Ok(None) })
    }

    fn set_hidden<'a>(&'a self, ctx: &'a Ctx, tx: &'a mut Tx, id: i64, hidden: bool) -> Answer<'a, bool> {
        Box::pin(actions::set_poll_hidden(ctx, tx, PollId(id), hidden))
    }
}

impl Owner for Opinions {
    fn kind(&self) -> &'static str {
        QUESTIONS
    }

    fn section(&self) -> Option<&'static str> {
        Some("polls")
    }

    fn by_ids<'a>(&'a self, ctx: &'a Ctx, ids: &'a [i64]) -> Answer<'a, Vec<Subject>> {
        Box::pin(async move {
            let mut subjects = Vec::with_capacity(ids.len());
            for opinion in opinions::by_ids(&ctx.db, ids).await? {
                subjects.push(subject_of_opinion(ctx, &opinion).await?);
            }
            Ok(subjects)
        })
    }

    fn by_uri<'a>(&'a self, _: &'a Ctx, _: &'a str) -> Answer<'a, Option<Subject>> {
        Box::pin(async { Ok(None) })
    }

    fn set_hidden<'a>(&'a self, ctx: &'a Ctx, tx: &'a mut Tx, id: i64, hidden: bool) -> Answer<'a, bool> {
        Box::pin(actions::set_opinion_hidden(ctx, tx, OpinionId(id), hidden))
    }
}
