//! What a link leads to: the title and the sentence its page gives of itself.

use std::cell::RefCell;
use std::time::Duration;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use federation::Ctx;
use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use http::{HeaderMap, HeaderValue, header};
use platform::http::{HttpError, Limits};
use platform::queue::TaskError;
use platform::text;
use url::Url;

use crate::store::Card;

const LIMITS: Limits = Limits {
    deadline: Duration::from_secs(8),
    max_bytes: 512 * 1024,
    max_redirects: 3,
};

/// Reads the page behind a link. `None` when there is nothing to show: not a page, no title, not for us.
///
/// # Errors
/// [`TaskError::Retry`] when it could not be reached this time.
pub(crate) async fn read(ctx: &Ctx, link: &str) -> Result<Option<Card>, TaskError> {
    let Ok(url) = Url::parse(link) else {
        return Ok(None);
    };
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT, HeaderValue::from_static("text/html"));
    let page = match ctx.http.get(&url, headers, LIMITS).await {
        Ok(page) => page,
        Err(HttpError::Refused(_) | HttpError::TooLarge { .. }) => return Ok(None),
        Err(error) if error.is_temporary() => return Err(TaskError::Retry(error.to_string())),
        Err(_) => return Ok(None),
    };
    let kind = page.content_type.map(|kind| kind.to_string()).unwrap_or_default();
    let is_html = kind.starts_with("text/html");
    if !page.status.is_success() || !is_html {
        return Ok(None);
    }
    let head = Head::of(&decoded(&page.body, &kind));
    let title = text::clean_line(&head.best_title(), 150);
    if title.is_empty() {
        return Ok(None);
    }
    let host = page
        .final_url
        .host_str()
        .unwrap_or_default()
        .trim_start_matches("www.")
        .to_owned();
    Ok(Some(Card {
        url: link.to_owned(),
        title,
        description: text::clean_line(&head.best_description(), 200),
        // Where the link leads, and not where its page says that it leads.
        site: host,
        fetched_at: ctx.clock.now(),
    }))
}

/// The text of a page: as its first bytes, its type or its head name the encoding; old pages that name none and are
/// not UTF-8 are of western Europe (HTML standard, 13.2.3).
fn decoded(body: &[u8], kind: &str) -> String {
    let beginning = String::from_utf8_lossy(body.get(..1024).unwrap_or(body)).to_ascii_lowercase();
    let named = [kind.to_ascii_lowercase(), beginning]
        .into_iter()
        .find_map(|text| {
            let after = text.split_once("charset=")?.1.trim_start_matches(['"', '\'']);
            let label: String = after
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || "-_:.".contains(*c))
                .collect();
            Encoding::for_label(label.as_bytes())
        });
    let usual = if std::str::from_utf8(body).is_ok() {
        UTF_8
    } else {
        WINDOWS_1252
    };
    named.unwrap_or(usual).decode(body).0.into_owned()
}

/// What the head of a page says about it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Head {
    title: String,
    og_title: String,
    description: String,
    og_description: String,
}

impl Head {
    fn of(html: &str) -> Self {
        let reader = Reader::default();
        let tokenizer = Tokenizer::new(reader, TokenizerOpts::default());
        let input = BufferQueue::default();
        input.push_back(StrTendril::from(html));
        let _fed = tokenizer.feed(&input);
        tokenizer.end();
        tokenizer.sink.head.take()
    }

    fn best_title(&self) -> String {
        if self.og_title.is_empty() {
            self.title.clone()
        } else {
            self.og_title.clone()
        }
    }

    fn best_description(&self) -> String {
        if self.og_description.is_empty() {
            self.description.clone()
        } else {
            self.og_description.clone()
        }
    }
}

#[derive(Default)]
struct Reader {
    head: RefCell<Head>,
    in_title: RefCell<bool>,
}

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        match token {
            Token::TagToken(tag) if &*tag.name == "title" => {
                let empty = self.head.borrow().title.is_empty();
                *self.in_title.borrow_mut() = tag.kind == TagKind::StartTag && empty;
            }
            Token::TagToken(tag) if &*tag.name == "meta" && tag.kind == TagKind::StartTag => {
                let value = |name: &str| {
                    tag.attrs
                        .iter()
                        .find(|a| &*a.name.local == name)
                        .map(|a| a.value.to_string())
                        .unwrap_or_default()
                };
                let named = if value("property").is_empty() {
                    value("name")
                } else {
                    value("property")
                };
                let mut head = self.head.borrow_mut();
                let slot = match named.to_ascii_lowercase().as_str() {
                    "og:title" => &mut head.og_title,
                    "og:description" => &mut head.og_description,
                    "description" => &mut head.description,
                    _ => return TokenSinkResult::Continue,
                };
                if slot.is_empty() {
                    *slot = value("content");
                }
            }
            Token::CharacterTokens(text) if *self.in_title.borrow() => {
                self.head.borrow_mut().title.push_str(&text);
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_of_a_page_is_read() {
        let head = Head::of(
            "<!doctype html><html><head><title>Le sentier &amp; la mer</title>
             <meta name='description' content='Trois mois de travaux'>
             <meta property=\"og:title\" content=\"Le sentier\"><meta property=og:site_name content=Journal></head>
             <body><svg><title>pas celui-ci</title></svg>",
        );
        assert_eq!(head.title, "Le sentier & la mer");
        assert_eq!(head.best_title(), "Le sentier");
        assert_eq!(head.best_description(), "Trois mois de travaux");
    }

    #[test]
    fn old_pages_keep_their_accents() {
        let latin = b"<title>D\xe9lib\xe9ration d'\xe9t\xe9</title>";
        let said = "<title>Délibération d'été</title>";
        assert_eq!(decoded(latin, "text/html; charset=iso-8859-1"), said);
        assert_eq!(decoded(latin, "text/html"), said);
        let named = [b"<meta charset=\"windows-1252\">".as_slice(), latin].concat();
        assert!(decoded(&named, "text/html").ends_with(said));
        assert_eq!(decoded(said.as_bytes(), "text/html"), said);
        assert_eq!(decoded(said.as_bytes(), "text/html; charset=\"UTF-8\""), said);
        assert_eq!(decoded(said.as_bytes(), "text/html; charset=klingon"), said);
    }

    #[test]
    fn a_broken_page_is_no_trouble() {
        assert_eq!(
            Head::of("<meta property='og:title' content='a' <<<>< \0 <title>").best_title(),
            "a"
        );
    }
}
