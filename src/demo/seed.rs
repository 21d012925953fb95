//! The deeds of the demonstration, one after the other, each at its hour.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::Context as _;
use discussion::Subjects;
use federation::{Ctx, actors};
use news::Posts;
use platform::{Clock, Timestamp};

use super::content::{Comment, Content, Post, State, minutes_long};
use super::people;
use super::town::Town;

/// Something done at some moment.
#[derive(Debug)]
pub(super) struct Step<'a> {
    pub(super) at: Timestamp,
    pub(super) post: &'a Post,
    pub(super) deed: Deed<'a>,
}

#[derive(Debug)]
pub(super) enum Deed<'a> {
    Write,
    Edit,
    Like(&'a str),
    Comment(&'a Comment),
    LikeComment(&'a Comment, &'a str),
    Flag(&'a Comment),
}

/// All deeds in the order of time.
pub(super) fn steps(content: &Content, today: Timestamp) -> anyhow::Result<Vec<Step<'_>>> {
    let mut steps = Vec::new();
    for post in &content.posts {
        // What is scheduled was written last, the evening before today.
        let at = match post.state {
            State::Scheduled => today.minus(minutes_long(180)),
            State::Published | State::Draft => post.at(today)?,
        };
        let mut add = |minutes: u64, deed| {
            let at = at.plus(minutes_long(minutes));
            steps.push(Step { at, post, deed });
        };
        add(0, Deed::Write);
        if let Some(edit) = &post.edit {
            add(edit.minutes, Deed::Edit);
        }
        for (handle, nth) in post.likes.iter().zip(1..) {
            add(20 + 37 * nth, Deed::Like(handle));
        }
        for comment in &post.comments_of {
            add(comment.minutes, Deed::Comment(comment));
            for (handle, nth) in comment.likes.iter().zip(1..) {
                add(comment.minutes + 3 + 14 * nth, Deed::LikeComment(comment, handle));
            }
            if comment.flag.is_some() {
                add(comment.minutes + 50, Deed::Flag(comment));
            }
        }
    }
    steps.sort_by_key(|step| step.at);
    Ok(steps)
}

const fn days(count: u64) -> Duration {
    Duration::from_secs(count * 24 * 3600)
}

/// So long before today the first poll is opened, the groups gather, letters are exchanged.
const POLL: Duration = days(12);
const GROUPS: Duration = days(9);
const LETTERS: Duration = days(3);
/// What is older has been read by everybody.
const UNREAD: Duration = days(2);

/// Does everything.
pub(super) async fn seed(
    ctx: &Ctx,
    clock: &Clock,
    content: &Content,
    today: Timestamp,
) -> anyhow::Result<()> {
    let commune = people::claim(ctx, content).await?;
    let office = commune.claim.as_ref().context("the town hall is not in")?.mayor;
    let mut town = Town {
        ctx,
        clock,
        today,
        office: actors::by_id(ctx, office)
            .await?
            .context("the office has no actor")?,
        accounts: people::accounts(ctx, content, &commune).await?,
        commune,
        subjects: Subjects::new(vec![Box::new(Posts)]),
        posts: HashMap::new(),
        comments: HashMap::new(),
    };
    town.present(content).await?;
    let (mut poll, mut gathered, mut written) = (None, false, false);
    for step in steps(content, today)? {
        clock.advance(step.at.since(clock.now()));
        let is_due = |before: Duration| clock.now().plus(before) >= today;
        if poll.is_none() && is_due(POLL) {
            poll = Some(super::polls::begin(&town).await.context("the first poll")?);
        }
        if !gathered && is_due(GROUPS) {
            super::groups::gather(&town).await.context("the groups")?;
            gathered = true;
        }
        if !written && is_due(LETTERS) {
            super::messages::exchange(&town).await.context("the messages")?;
            written = true;
        }
        town.obey(&step)
            .await
            .with_context(|| format!("{}, {}", step.post.key, step.at))?;
    }
    if let Some(poll) = poll {
        super::polls::go_on(&town, poll).await.context("the polls")?;
    }
    super::agenda::plan(&town).await.context("the agenda")?;
    for account in town.accounts.values() {
        let newest_read = notifications::NoticeId(today.minus(UNREAD).as_millis() << 16);
        notifications::mark_read(ctx, account.actor, newest_read).await?;
    }
    Ok(())
}
