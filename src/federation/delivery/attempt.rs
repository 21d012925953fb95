//! One attempt: signed, posted, and knocked a second time with the other signature when the first was not
//! understood.

use std::time::Duration;

use http::Method;
use platform::StoreError;
use platform::http::{HttpError, Refusal, RetryAfter};
use tokio::time::Instant;
use url::Url;

use super::letters::Letter;
use super::model::Meaning;
use super::{followers, pool};
use crate::Ctx;
use crate::signatures::Scheme;

/// Time for everything: name, connection, both knocks.
pub(super) const DEADLINE: Duration = Duration::from_secs(30);
/// The media type of what we send.
const MEDIA_TYPE: &str = "application/activity+json";

/// What came of an attempt.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) meaning: Meaning,
    /// For the operator; empty when delivered.
    pub(super) words: String,
    /// When the server wants to hear from us again.
    pub(super) wish: Option<RetryAfter>,
    /// The scheme that was accepted, when it is not the one tried first.
    pub(super) learned: Option<Scheme>,
}

impl Answer {
    /// An attempt that never left.
    pub(super) fn unsent(meaning: Meaning, words: impl Into<String>) -> Self {
        Self {
            meaning,
            words: words.into(),
            wish: None,
            learned: None,
        }
    }
}

struct Knock {
    status: Option<u16>,
    answer: Answer,
}

/// Posts a letter to an inbox of a lane, with the scheme its server accepted last.
pub(super) async fn attempt(ctx: &Ctx, letter: &Letter, lane: &str, inbox: &str, first: Scheme) -> Answer {
    let Ok(url) = Url::parse(inbox) else {
        return Answer::unsent(Meaning::Refused, "the inbox is no address");
    };
    let further = match further(ctx, letter, lane).await {
        Ok(further) => further,
        Err(error) => return Answer::unsent(Meaning::Down, error.to_string()),
    };
    let end = Instant::now() + DEADLINE;
    let knock = knock(ctx, letter, &url, first, further.clone(), end).await;
    if !matches!(knock.status, Some(400 | 401)) {
        return knock.answer;
    }
    let second = self::knock(ctx, letter, &url, first.other(), further, end).await;
    match second.status {
        Some(200..=299) => Answer {
            learned: Some(first.other()),
            ..second.answer
        },
        // Neither is understood: what was said to the signature that everybody knows counts.
        Some(400 | 401) if first == Scheme::Cavage => knock.answer,
        // The deadline may have passed between the two: the first answer is the one we have.
        None => knock.answer,
        _ => second.answer,
    }
}

async fn further(
    ctx: &Ctx,
    letter: &Letter,
    lane: &str,
) -> Result<Option<(&'static str, String)>, StoreError> {
    if !letter.to_followers {
        return Ok(None);
    }
    let header = followers::header(ctx, &letter.sender.actor, lane).await?;
    Ok(header.map(|value| ("collection-synchronization", value)))
}

async fn knock(
    ctx: &Ctx,
    letter: &Letter,
    url: &Url,
    scheme: Scheme,
    further: Option<(&'static str, String)>,
    end: Instant,
) -> Knock {
    let body = Some((letter.digest, MEDIA_TYPE));
    let sender = &letter.sender;
    let signed = pool::sign(
        ctx,
        scheme,
        Method::POST,
        url,
        body,
        &sender.key_id,
        &sender.key,
        further,
    )
    .await;
    let headers = match signed {
        Ok(headers) => headers,
        Err(error) => return Knock::unsent(Meaning::Refused, error.to_string()),
    };
    let left = end.saturating_duration_since(Instant::now());
    match ctx.http.post(url, headers, letter.body.clone(), left).await {
        Ok(posted) => {
            let status = posted.status.as_u16();
            let meaning = Meaning::of(status);
            let words = if meaning == Meaning::Delivered {
                String::new()
            } else {
                format!("{status} {}", posted.body_excerpt)
            };
            Knock {
                status: Some(status),
                answer: Answer {
                    meaning,
                    words,
                    wish: posted.retry_after,
                    learned: None,
                },
            }
        }
        Err(error) => Knock::unsent(meaning_of(&error), error.to_string()),
    }
}

impl Knock {
    fn unsent(meaning: Meaning, words: String) -> Self {
        Self {
            status: None,
            answer: Answer::unsent(meaning, words),
        }
    }
}

/// A name may lead into a private network for a while; an address that is none of the web never gets better.
fn meaning_of(error: &HttpError) -> Meaning {
    match error {
        HttpError::Refused(Refusal::PrivateAddress) => Meaning::Down,
        HttpError::Refused(_) | HttpError::Unprepared(_) => Meaning::Refused,
        HttpError::TimedOut
        | HttpError::Unreachable(_)
        | HttpError::Broken(_)
        | HttpError::TooLarge { .. } => Meaning::Down,
    }
}
