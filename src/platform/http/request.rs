//! One request after the other: the redirect loop, the deadlines and the limits.

use std::time::{Duration, SystemTime};

use bytes::{Bytes, BytesMut};
use http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, COOKIE, HOST, LOCATION, RETRY_AFTER};
use http::{HeaderMap, HeaderName, Method, StatusCode};
use mediatype::MediaTypeBuf;
use tokio::time::{Instant, timeout, timeout_at};
use url::Url;

use super::address::check_url;
use super::{Client, Fetched, HttpError, Limits, Posted, Refusal};

/// Of an answer that is not a success, no more than this is read.
const MOST_OF_A_FAILURE: usize = 64 * 1024;
/// Of the answer to a POST, no more than this is read; the rest costs the connection.
const MOST_OF_A_POST_ANSWER: usize = 16 * 1024;
/// Time given to the body of that answer.
const POST_ANSWER_PATIENCE: Duration = Duration::from_secs(2);
/// Characters of the answer to a POST that are kept.
const EXCERPT_CHARS: usize = 300;
/// Headers that prove who we are to one origin and are nobody else's business.
const PRIVATE_HEADERS: [HeaderName; 4] = [
    AUTHORIZATION,
    COOKIE,
    HeaderName::from_static("signature"),
    HeaderName::from_static("signature-input"),
];

/// When a peer wants to hear from us again (`Retry-After`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryAfter {
    /// After so much time.
    In(Duration),
    /// From this instant on.
    At(jiff::Timestamp),
}

impl RetryAfter {
    /// How long to wait, seen from `now`; zero if the instant has passed.
    pub fn wait(self, now: jiff::Timestamp) -> Duration {
        match self {
            Self::In(wait) => wait,
            Self::At(instant) => Duration::try_from(instant.duration_since(now)).unwrap_or_default(),
        }
    }

    fn read(headers: &HeaderMap) -> Option<Self> {
        let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
        if let Ok(seconds) = text.parse() {
            return Some(Self::In(Duration::from_secs(seconds)));
        }
        let instant: SystemTime = httpdate::parse_http_date(text).ok()?;
        jiff::Timestamp::try_from(instant).ok().map(Self::At)
    }
}

impl Client {
    /// Fetches `url` with the same headers on every hop; those that prove who we are stay with the first origin.
    pub async fn get(&self, url: &Url, headers: HeaderMap, limits: Limits) -> Result<Fetched, HttpError> {
        let origin = url.origin();
        self.get_with(url, limits, |hop| {
            let mut headers = headers.clone();
            if hop.origin() != origin {
                for name in &PRIVATE_HEADERS {
                    headers.remove(name);
                }
            }
            std::future::ready(Ok(headers))
        })
        .await
    }

    /// Fetches `url`; `headers` is asked anew for each hop, so that each can be signed for its own target.
    pub async fn get_with<H, F>(&self, url: &Url, limits: Limits, headers: H) -> Result<Fetched, HttpError>
    where
        H: FnMut(Url) -> F,
        F: Future<Output = Result<HeaderMap, HttpError>>,
    {
        timeout(limits.deadline, self.follow(url, limits, headers))
            .await
            .unwrap_or(Err(HttpError::TimedOut))
    }

    /// Posts `body` once; nothing is followed and nothing repeated.
    pub async fn post(
        &self,
        url: &Url,
        headers: HeaderMap,
        body: Bytes,
        deadline: Duration,
    ) -> Result<Posted, HttpError> {
        let end = Instant::now() + deadline;
        let sending = self.send(Method::POST, url.clone(), headers, Some(body));
        let mut response = timeout_at(end, sending)
            .await
            .unwrap_or(Err(HttpError::TimedOut))?;
        // The status is what counts: a peer that dawdles over the words after it has taken the letter all the same.
        let patience = end.min(Instant::now() + POST_ANSWER_PATIENCE);
        let answer = timeout_at(patience, read_start(&mut response, MOST_OF_A_POST_ANSWER))
            .await
            .unwrap_or_default();
        Ok(Posted {
            status: response.status(),
            retry_after: RetryAfter::read(response.headers()),
            body_excerpt: excerpt(&answer),
            headers: std::mem::take(response.headers_mut()),
        })
    }

    async fn follow<H, F>(&self, url: &Url, limits: Limits, mut headers: H) -> Result<Fetched, HttpError>
    where
        H: FnMut(Url) -> F,
        F: Future<Output = Result<HeaderMap, HttpError>>,
    {
        let mut target = url.clone();
        target.set_fragment(None);
        for _ in 0..=limits.max_redirects {
            // Asked before the headers are made: no signature for a target that is refused.
            check_url(&target, self.allow_loopback)?;
            let hop_headers = headers(target.clone()).await?;
            let response = self.send(Method::GET, target.clone(), hop_headers, None).await?;
            if !is_redirect(response.status()) {
                return read(response, target, limits.max_bytes).await;
            }
            target = next_hop(&target, response.headers())?;
        }
        Err(Refusal::TooManyRedirects.into())
    }

    async fn send(
        &self,
        method: Method,
        url: Url,
        mut headers: HeaderMap,
        body: Option<Bytes>,
    ) -> Result<reqwest::Response, HttpError> {
        check_url(&url, self.allow_loopback)?;
        // The transport writes it from the URL; a second one would let the two differ.
        headers.remove(HOST);
        let client = if body.is_some() {
            &self.posting
        } else {
            &self.reading
        };
        let mut request = reqwest::Request::new(method, url);
        *request.headers_mut() = headers;
        *request.body_mut() = body.map(Into::into);
        client
            .execute(request)
            .await
            .map_err(|error| HttpError::of(&error))
    }
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

fn next_hop(from: &Url, headers: &HeaderMap) -> Result<Url, Refusal> {
    let mut target = headers
        .get(LOCATION)
        .and_then(|value| std::str::from_utf8(value.as_bytes()).ok())
        .and_then(|location| from.join(location).ok())
        .ok_or(Refusal::Redirect)?;
    if from.scheme() == "https" && target.scheme() != "https" {
        return Err(Refusal::Redirect);
    }
    target.set_fragment(None);
    Ok(target)
}

async fn read(mut response: reqwest::Response, final_url: Url, limit: usize) -> Result<Fetched, HttpError> {
    let status = response.status();
    let body = if status.is_success() {
        // gzip was already undone and its header removed; whatever is left we did not ask for.
        if response.headers().contains_key(CONTENT_ENCODING) {
            return Err(HttpError::Broken("unknown content encoding".to_owned()));
        }
        read_whole(&mut response, limit).await?
    } else {
        read_start(&mut response, limit.min(MOST_OF_A_FAILURE)).await
    };
    let headers = std::mem::take(response.headers_mut());
    Ok(Fetched {
        final_url,
        status,
        content_type: media_type(&headers),
        headers,
        body,
    })
}

/// Reads all of the body, or nothing if it is larger than `limit`.
async fn read_whole(response: &mut reqwest::Response, limit: usize) -> Result<Bytes, HttpError> {
    let announced = response.content_length().unwrap_or(0);
    if announced > limit as u64 {
        return Err(HttpError::TooLarge { limit });
    }
    let mut body = BytesMut::with_capacity((announced as usize).min(MOST_OF_A_FAILURE));
    while let Some(chunk) = response.chunk().await.map_err(|error| HttpError::of(&error))? {
        if body.len() + chunk.len() > limit {
            return Err(HttpError::TooLarge { limit });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// Reads the beginning of the body; what breaks off is taken as it is.
async fn read_start(response: &mut reqwest::Response, limit: usize) -> Bytes {
    let mut body = BytesMut::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        let room = limit - body.len();
        body.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
        if body.len() >= limit {
            break;
        }
    }
    body.freeze()
}

fn media_type(headers: &HeaderMap) -> Option<MediaTypeBuf> {
    let mut values = headers.get_all(CONTENT_TYPE).iter();
    let only = values.next()?;
    // Two content types are a riddle, and riddles are how parsers are played against each other.
    if values.next().is_some() {
        return None;
    }
    only.to_str().ok()?.parse().ok()
}

fn excerpt(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let mut line = String::new();
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()) {
        if !word.is_empty() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    line.chars().take(EXCERPT_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn located(location: &str) -> HeaderMap {
        HeaderMap::from_iter([(LOCATION, location.parse().unwrap())])
    }

    #[test]
    fn a_redirect_is_resolved_against_its_hop_and_never_leaves_tls() {
        let from = Url::parse("https://a.example.org/x/y").unwrap();
        let hop = |location: &str| next_hop(&from, &located(location)).map(String::from);
        assert_eq!(hop("../z#frag").unwrap(), "https://a.example.org/z");
        assert_eq!(hop("//b.example.org/").unwrap(), "https://b.example.org/");
        assert_eq!(hop("http://a.example.org/"), Err(Refusal::Redirect));
        assert_eq!(hop("file:///etc/passwd"), Err(Refusal::Redirect));
        assert_eq!(hop("https://"), Err(Refusal::Redirect));
        assert_eq!(next_hop(&from, &HeaderMap::new()), Err(Refusal::Redirect));
    }

    #[test]
    fn retry_after_is_read_in_both_forms() {
        let read =
            |text: &str| RetryAfter::read(&HeaderMap::from_iter([(RETRY_AFTER, text.parse().unwrap())]));
        let now: jiff::Timestamp = "2026-11-23T06:00:00Z".parse().unwrap();
        let wait = |text: &str| read(text).map(|after| after.wait(now).as_secs());
        assert_eq!(wait("120"), Some(120));
        assert_eq!(wait("Mon, 23 Nov 2026 06:01:00 GMT"), Some(60));
        assert_eq!(wait("Mon, 23 Nov 2026 05:00:00 GMT"), Some(0));
        assert_eq!(wait("-5"), None);
        assert_eq!(wait("soon"), None);
    }

    #[test]
    fn two_content_types_are_none() {
        let mut headers = HeaderMap::new();
        headers.append(
            CONTENT_TYPE,
            "application/activity+json; charset=utf-8".parse().unwrap(),
        );
        let read = media_type(&headers).unwrap();
        assert_eq!(read.essence().to_string(), "application/activity+json");
        headers.append(CONTENT_TYPE, "text/html".parse().unwrap());
        assert_eq!(media_type(&headers), None);
    }

    #[test]
    fn an_excerpt_is_one_short_line_without_controls() {
        let long = format!("a\r\n\u{0}b\u{1b}[31m \t c{}", "é".repeat(1000));
        let line = excerpt(long.as_bytes());
        assert!(line.starts_with("a b [31m c"), "{line}");
        assert_eq!(line.chars().count(), EXCERPT_CHARS);
        assert_eq!(excerpt(&[0xff, 0xfe]), "\u{fffd}\u{fffd}");
    }
}
