//! Asking other servers who somebody is (RFC 7033), and whether an actor bears the name it says.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use url::Url;

use super::{Ask, FetchError, get};
use crate::{Ctx, address};

/// In a query everything but the unreserved is encoded.
const QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What a server says of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    /// User and host of `acct:user@host`, if the subject is one.
    pub(crate) subject: Option<(String, String)>,
    /// Addresses of actors (`rel: self`), in canonical form.
    pub(crate) actors: Vec<String>,
}

/// Parts `user@host`, with or without `acct:` or a first `@`. The host is brought to lower-case ASCII.
pub(crate) fn parse_account(text: &str) -> Option<(String, String)> {
    let text = text.trim();
    let bare = match text.get(..5) {
        Some(scheme) if scheme.eq_ignore_ascii_case("acct:") => text.get(5..)?,
        _ => text,
    };
    let (user, host) = bare.strip_prefix('@').unwrap_or(bare).rsplit_once('@')?;
    if !is_name(user) || host.contains(['/', '?', '#', '\\', '@', '*']) {
        return None;
    }
    let host = crate::policy::host_of(host).ok()?;
    Some((user.to_owned(), host))
}

/// Whether this can be the name of somebody on a server (also on those that allow accents).
pub(crate) fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 128
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

/// Asks `host` about `user@host_of_account`. `http` is tried only where trials allow it.
async fn ask(ctx: &Ctx, bases: &[String], account: &str) -> Result<Answer, FetchError> {
    let resource = utf8_percent_encode(&format!("acct:{account}"), QUERY).to_string();
    let mut last = FetchError::Refused("no server to ask");
    for base in bases {
        let url = Url::parse(&format!("{base}/.well-known/webfinger?resource={resource}"))
            .map_err(|_unreadable| FetchError::Refused("not an address"))?;
        match get(ctx, &url, &Ask::finger()).await {
            Ok(fetched) if fetched.status.is_success() => {
                let value = crate::json::parse(&fetched.body)
                    .map_err(|_refused| FetchError::Refused("the answer cannot be read"))?;
                return Ok(read(&value));
            }
            Ok(fetched) if fetched.status.as_u16() == 410 => return Err(FetchError::Gone),
            Ok(fetched) => return Err(FetchError::Status(fetched.status.as_u16())),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// Where the WebFinger of a host may be: over TLS, and in trials without.
fn bases(ctx: &Ctx, host: &str) -> Vec<String> {
    let mut bases = vec![format!("https://{host}")];
    if ctx.federation().allow_loopback {
        bases.push(format!("http://{host}"));
    }
    bases
}

fn read(value: &Value) -> Answer {
    let subject = value
        .get("subject")
        .and_then(Value::as_str)
        .filter(|subject| subject.len() > 5 && subject.is_char_boundary(5))
        .filter(|subject| subject.get(..5).is_some_and(|s| s.eq_ignore_ascii_case("acct:")))
        .and_then(parse_account);
    let links = value.get("links").and_then(Value::as_array);
    let actors = links
        .into_iter()
        .flatten()
        .filter(|link| link.get("rel").and_then(Value::as_str) == Some("self"))
        .filter(|link| {
            link.get("type")
                .and_then(Value::as_str)
                .is_some_and(platform::web::negotiate::is_activity)
        })
        .filter_map(|link| link.get("href").and_then(Value::as_str))
        .filter_map(address::canonical)
        .take(8)
        .collect();
    Answer { subject, actors }
}

/// Who bears this name: the address of the actor.
pub(crate) async fn find(ctx: &Ctx, user: &str, host: &str) -> Result<String, FetchError> {
    let answer = ask(ctx, &bases(ctx, host), &format!("{user}@{host}")).await?;
    answer
        .actors
        .into_iter()
        .next()
        .ok_or(FetchError::Refused("WebFinger names no actor"))
}

/// The name under which an actor is known, by its own server and, where that one points elsewhere, by the
/// server it points to: both must point back to the actor.
///
/// A server without WebFinger names its actors by its own host: nobody else can.
pub(crate) async fn name_of(ctx: &Ctx, actor: &Url, user: &str) -> Result<(String, String), FetchError> {
    let own = address::authority(actor);
    let base = actor.origin().ascii_serialization();
    let unconfirmed = (user.to_owned(), own.clone());
    let answer = match ask(ctx, &[base], &format!("{user}@{own}")).await {
        Ok(answer) if answer.actors.is_empty() => return Ok(unconfirmed),
        Ok(answer) => answer,
        Err(FetchError::Blocked) => return Err(FetchError::Blocked),
        Err(_) => return Ok(unconfirmed),
    };
    let is_actor = |answer: &Answer| answer.actors.iter().any(|one| one == actor.as_str());
    if !is_actor(&answer) {
        return Err(FetchError::Refused("its name belongs to another actor"));
    }
    let Some((name, host)) = answer.subject.filter(|(_, host)| *host != own) else {
        return Ok(unconfirmed);
    };
    match ask(ctx, &bases(ctx, &host), &format!("{name}@{host}")).await {
        Ok(there) if is_actor(&there) && is_subject(&there, &name, &host) => Ok((name, host)),
        Err(FetchError::Blocked) => Err(FetchError::Blocked),
        _ => Ok(unconfirmed),
    }
}

fn is_subject(answer: &Answer, name: &str, host: &str) -> bool {
    let Some((user, at)) = &answer.subject else {
        return false;
    };
    user.eq_ignore_ascii_case(name) && at == host
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_account_is_read_in_all_its_spellings() {
        let paul = Some(("Paul".to_owned(), "peer.test".to_owned()));
        for text in [
            "acct:Paul@peer.test",
            "ACCT:Paul@PEER.test",
            "@Paul@peer.test",
            " Paul@peer.test. ",
        ] {
            assert_eq!(parse_account(text), paul, "{text}");
        }
        assert_eq!(
            parse_account("paul@127.0.0.1:4000"),
            Some(("paul".to_owned(), "127.0.0.1:4000".to_owned()))
        );
        for text in [
            "",
            "paul",
            "@peer.test",
            "paul@",
            "a b@peer.test",
            "paul@peer.test/x",
            "paul@x@peer.test",
            "paul\0@peer.test",
            "paul@peer.test\\x",
        ] {
            assert_eq!(parse_account(text), None, "{text:?}");
        }
    }

    #[test]
    fn only_links_to_documents_of_activitypub_count() {
        let answer = read(&json!({
            "subject": "acct:paul@peer.test",
            "links": [
                { "rel": "self", "type": "text/html", "href": "https://peer.test/@paul" },
                { "rel": "http://webfinger.net/rel/profile-page", "type": "application/activity+json", "href": "https://peer.test/x" },
                { "rel": "self", "type": "application/activity+json; charset=utf-8", "href": "https://PEER.test/users/paul" },
                { "rel": "self", "type": "application/activity+json", "href": "javascript:alert(1)" },
            ],
        }));
        assert_eq!(answer.actors, ["https://peer.test/users/paul"]);
        assert_eq!(answer.subject, Some(("paul".to_owned(), "peer.test".to_owned())));
        assert_eq!(read(&json!([1, 2])).actors, Vec::<String>::new());
        assert_eq!(read(&json!({ "subject": "éé" })).subject, None);
    }
}
