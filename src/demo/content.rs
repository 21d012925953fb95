//! `eze.toml`: what the demonstration shows, and when it happened.

use std::time::Duration;

use anyhow::Context as _;
use discussion::{CommentMode, FlagCategory};
use news::Topic;
use platform::Timestamp;
use platform::i18n::{Lang, date};
use serde::Deserialize;

use super::ZONE;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    pub(super) presentation: Presentation,
    /// The people.
    #[serde(rename = "person")]
    pub people: Vec<Person>,
    #[serde(rename = "post")]
    pub(super) posts: Vec<Post>,
}

/// What the town hall says of its commune.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Presentation {
    pub(super) body: String,
    pub(super) address: String,
    pub(super) phone: String,
    pub(super) email: String,
    pub(super) website: String,
    pub(super) opening: String,
}

/// Somebody invented.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The handle, with which she signs in.
    pub handle: String,
    /// The name shown.
    pub name: String,
    /// What she is beyond a citizen; empty: nothing.
    #[serde(default)]
    pub role: String,
    /// What she says of herself.
    #[serde(default)]
    pub bio: String,
}

impl Person {
    /// Her address, at which nobody reads.
    pub fn email(&self) -> String {
        format!("{}@example.org", self.handle)
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Post {
    pub(super) key: String,
    /// Days before today; negative: ahead.
    pub(super) day: i64,
    /// The hour in the commune.
    pub(super) time: String,
    pub(super) by: String,
    #[serde(default)]
    pub(super) state: State,
    #[serde(default)]
    topic: String,
    #[serde(default)]
    comments: String,
    #[serde(default)]
    pub(super) title: String,
    pub(super) text: String,
    #[serde(default)]
    pub(super) picture: String,
    #[serde(default)]
    pub(super) alt: String,
    #[serde(default)]
    pub(super) pinned: bool,
    #[serde(default)]
    pub(super) likes: Vec<String>,
    pub(super) edit: Option<Edit>,
    #[serde(default, rename = "comment")]
    pub(super) comments_of: Vec<Comment>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum State {
    #[default]
    Published,
    Scheduled,
    Draft,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Edit {
    /// After the post.
    pub(super) minutes: u64,
    pub(super) text: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Comment {
    /// Its name in this post, when something answers it.
    #[serde(default)]
    pub(super) key: String,
    /// The key of what it answers; empty: the post.
    #[serde(default)]
    pub(super) to: String,
    pub(super) by: String,
    /// After the post.
    pub(super) minutes: u64,
    pub(super) text: String,
    #[serde(default)]
    pub(super) likes: Vec<String>,
    pub(super) flag: Option<Flag>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Flag {
    pub(super) by: String,
    category: String,
    pub(super) text: String,
}

impl Flag {
    pub(super) fn category(&self) -> anyhow::Result<FlagCategory> {
        FlagCategory::from_code(&self.category).with_context(|| format!("no category {}", self.category))
    }
}

impl Post {
    pub(super) fn topic(&self) -> anyhow::Result<Option<Topic>> {
        if self.topic.is_empty() {
            return Ok(None);
        }
        Topic::from_code(&self.topic)
            .map(Some)
            .with_context(|| format!("no topic {}", self.topic))
    }

    pub(super) fn mode(&self) -> anyhow::Result<CommentMode> {
        if self.comments.is_empty() {
            return Ok(CommentMode::Open);
        }
        CommentMode::from_code(&self.comments).with_context(|| format!("no rule {}", self.comments))
    }

    /// When it is published, scheduled for, or written; `today` is the midnight with which today began.
    pub(super) fn at(&self, today: Timestamp) -> anyhow::Result<Timestamp> {
        let (hour, minute) = self
            .time
            .split_once(':')
            .with_context(|| format!("{} is no time", self.time))?;
        let minutes = hour.parse::<u64>()? * 60 + minute.parse::<u64>()?;
        Ok(midnight(today, -self.day)?.plus(minutes_long(minutes)))
    }
}

impl Content {
    /// The file in the program.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn embedded() -> anyhow::Result<Self> {
        toml::from_str(include_str!("eze.toml")).context("src/demo/eze.toml")
    }

    /// When the town hall was let in: three days before its first post.
    pub(super) fn beginning(&self, today: Timestamp) -> anyhow::Result<Timestamp> {
        let first = self.posts.iter().map(|post| post.day).max().unwrap_or_default();
        Ok(midnight(today, -first - 3)?.plus(minutes_long(9 * 60)))
    }
}

/// So many minutes.
pub(super) const fn minutes_long(minutes: u64) -> Duration {
    Duration::from_secs(minutes * 60)
}

/// The midnight of the commune with which the day `days` after that of `at` begins.
pub(super) fn midnight(at: Timestamp, days: i64) -> anyhow::Result<Timestamp> {
    let mut day = at.in_zone(ZONE).start_of_day()?;
    for _ in 0..days.abs() {
        day = if days < 0 {
            day.yesterday()?
        } else {
            day.tomorrow()?
        };
    }
    Ok(day.start_of_day()?.timestamp().into())
}

/// `{+5}` and `{-5}` become the date so many days after or before today.
pub(super) fn with_dates(text: &str, today: Timestamp) -> anyhow::Result<String> {
    let mut said = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, (number, after))) = rest
        .split_once('{')
        .and_then(|(before, after)| Some((before, after.split_once('}')?)))
    {
        let days = number
            .parse()
            .with_context(|| format!("{{{number}}} is no number of days"))?;
        said.push_str(before);
        said.push_str(&date(Lang::Fr, &midnight(today, days)?.in_zone(ZONE)));
        rest = after;
    }
    Ok(said + rest)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::seed::steps;
    use super::super::town::picture;
    use super::*;

    fn noon() -> Timestamp {
        Timestamp::parse_rfc3339("2026-11-23T11:00:00Z").unwrap()
    }

    #[test]
    fn dates_follow_the_day_of_the_first_start() {
        let said = with_dates("le {+8} et le {-23}", noon()).unwrap();
        assert_eq!(said, "le 1er\u{a0}décembre 2026 et le 31\u{a0}octobre 2026");
        assert!(with_dates("le {demain}", noon()).is_err());
        assert_eq!(with_dates("rien { à dire", noon()).unwrap(), "rien { à dire");
    }

    #[test]
    fn days_begin_at_midnight_in_the_commune_whatever_the_season() {
        let at = |days| midnight(noon(), days).unwrap().rfc3339();
        assert_eq!(at(0), "2026-11-22T23:00:00.000Z");
        assert_eq!(at(-60), "2026-09-23T22:00:00.000Z");
        assert_eq!(at(1), "2026-11-23T23:00:00.000Z");
    }

    #[test]
    fn everything_in_the_file_leads_somewhere() {
        let content = Content::embedded().unwrap();
        let people: HashSet<&str> = content
            .people
            .iter()
            .map(|person| person.handle.as_str())
            .collect();
        for known in ["secretaire", "moderation", "citoyenne", "citoyen", "exploitant"] {
            assert!(people.contains(known), "{known}");
        }
        let readme = include_str!("../../templates/demo/README.md");
        for post in &content.posts {
            post.topic().unwrap();
            post.mode().unwrap();
            assert!(people.contains(post.by.as_str()), "{}", post.by);
            if !post.picture.is_empty() {
                assert!(picture(&post.picture).is_some(), "{}", post.picture);
                assert!(
                    readme.contains(&format!("| `{}` | {} |", post.picture, post.alt)),
                    "{}",
                    post.alt
                );
            }
            let mut keys = HashSet::new();
            for comment in &post.comments_of {
                assert!(
                    comment.to.is_empty() || keys.contains(&comment.to),
                    "{}",
                    comment.to
                );
                keys.insert(&comment.key);
                for name in comment.likes.iter().chain([&comment.by]) {
                    assert!(people.contains(name.as_str()), "{name}");
                }
                if let Some(flag) = &comment.flag {
                    flag.category().unwrap();
                    assert!(people.contains(flag.by.as_str()));
                }
            }
        }
    }

    #[test]
    fn all_that_happened_lies_before_today() {
        let content = Content::embedded().unwrap();
        let today = midnight(noon(), 0).unwrap();
        let steps = steps(&content, today).unwrap();
        assert!(steps.len() > 60, "{} deeds", steps.len());
        assert!(steps.iter().all(|step| step.at < today));
        assert!(
            steps
                .iter()
                .all(|step| step.at > content.beginning(today).unwrap())
        );
        assert!(steps.windows(2).all(|pair| pair[0].at <= pair[1].at));
    }
}
