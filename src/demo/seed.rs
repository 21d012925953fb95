//! The deeds of the demonstration, one after the other, each at its hour.

use std::collections::HashMap;

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

/// So long before today the first poll is opened.
const DAYS_OF_A_POLL: std::time::Duration = std::time::Duration::from_secs(12 * 24 * 3600);

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
    let mut poll = None;
    for step in steps(content, today)? {
        clock.advance(step.at.since(clock.now()));
        if poll.is_none() && clock.now().plus(DAYS_OF_A_POLL) >= today {
            poll = Some(super::polls::begin(&town).await.context("the first poll")?);
        }
        town.obey(&step)
            .await
            .with_context(|| format!("{}, {}", step.post.key, step.at))?;
    }
    if let Some(poll) = poll {
        super::polls::go_on(&town, poll).await.context("the polls")?;
    }
    super::groups::gather(&town).await.context("the groups")?;
    super::agenda::plan(&town).await.context("the agenda")?;
    super::messages::exchange(&town).await.context("the messages")?;
    Ok(())
}
