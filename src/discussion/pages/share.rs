//! Sharing: to one's followers here, and by plain links that tell nobody anything before they are followed.

use account::{Citizen, Viewer};
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use federation::Ctx;
use platform::web::{Failure, FlashKind, Page, Submitted, Visit, html, see_other};
use serde::Deserialize;
use url::Url;
use url::form_urlencoded::Serializer;

use super::place::Readable;
use super::{brake, page_beside};
use crate::actions::{self, mine};
use crate::model::{Participant, Target};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    serveur: String,
}

/// A link to another service.
struct Way {
    key: &'static str,
    icon: &'static str,
    href: String,
}

#[derive(Template)]
#[template(path = "discussion/share.html")]
struct SharePage {
    page: Page,
    title: String,
    address: String,
    action: String,
    signed_in: bool,
    shared: bool,
    /// Whether a share leaves for other servers.
    leaves: bool,
    ways: Vec<Way>,
    server: String,
    /// The page of the chosen server on which one shares.
    elsewhere: Option<String>,
    wrong_server: bool,
}

/// `GET /partager/{kind}/{id}?serveur=…`
pub(super) async fn show(
    State(ctx): State<Ctx>,
    visit: Visit,
    viewer: Viewer,
    Readable(thing): Readable,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    if !thing.is_open() {
        return Err(Failure::not_found());
    }
    let (page, _) = page_beside(&ctx, &visit, thing.subject(), "discussion-share-title").await?;
    let target = thing.target();
    let did = mine(&ctx, viewer.actor_id(), &[target]).await?;
    let address = ctx.urls.to(&thing.page());
    let title = thing.excerpt();
    let server = asked.serveur.trim().trim_start_matches('@').to_owned();
    let elsewhere = server_page(&server, &title, &address);
    let wrong_server = !server.is_empty() && elsewhere.is_none();
    let label = page.t("discussion-back");
    let mut page = page.back_to(label, thing.page());
    page.in_error = wrong_server;
    let status = if wrong_server {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let shown = SharePage {
        ways: ways(&title, &address),
        action: format!("/partager/{}/{}", target.kind, target.id),
        signed_in: viewer.is_signed_in(),
        shared: did.get(&target).is_some_and(|mine| mine.shared),
        leaves: viewer.citizen().is_some_and(|citizen| citizen.actor.is_visible()),
        page,
        title,
        address,
        server,
        elsewhere,
        wrong_server,
    };
    html(status, &shown)
}

fn query(pairs: &[(&str, &str)]) -> String {
    let mut query = Serializer::new(String::new());
    query.extend_pairs(pairs);
    query.finish()
}

/// Plain links without trackers: nothing is loaded from there, nothing says who shares.
fn ways(title: &str, address: &str) -> Vec<Way> {
    let both = format!("{title} {address}");
    // Mail programs do not read `+` as a blank.
    let mail = query(&[("subject", title), ("body", &both)]).replace('+', "%20");
    vec![
        Way {
            key: "discussion-share-mail",
            icon: "mail",
            href: format!("mailto:?{mail}"),
        },
        Way {
            key: "discussion-share-whatsapp",
            icon: "message-circle",
            href: format!("https://wa.me/?{}", query(&[("text", &both)])),
        },
        Way {
            key: "discussion-share-facebook",
            icon: "external-link",
            href: format!(
                "https://www.facebook.com/sharer/sharer.php?{}",
                query(&[("u", address)])
            ),
        },
        Way {
            key: "discussion-share-x",
            icon: "external-link",
            href: format!(
                "https://x.com/intent/post?{}",
                query(&[("text", title), ("url", address)])
            ),
        },
    ]
}

/// The page of a Mastodon server on which its people share; `None` when the text names no server.
fn server_page(server: &str, title: &str, address: &str) -> Option<String> {
    // Somebody may type her whole name: `nom@social.example`.
    let host = server.rsplit('@').next().unwrap_or(server);
    let plain = !host.is_empty()
        && host.len() <= 253
        && host.contains('.')
        && host
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | ':'));
    if !plain {
        return None;
    }
    let mut url = Url::parse(&format!("https://{host}/share")).ok()?;
    matches!(url.host(), Some(url::Host::Domain(_))).then_some(())?;
    url.query_pairs_mut()
        .append_pair("text", &format!("{title} {address}"));
    Some(url.to_string())
}

/// `POST /partager/{kind}/{id}`: with one's own followers, or no longer.
pub(super) async fn share(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    Readable(thing): Readable,
    sent: Submitted,
) -> Result<Response, Failure> {
    brake(&ctx, super::REACTIONS, &citizen)?;
    let by = Participant::from(&*citizen);
    let flash = if sent.get("partager") == "0" {
        actions::unshare(&ctx, &by, &thing).await?;
        "discussion-flash-unshared"
    } else {
        actions::share(&ctx, &by, &thing).await?;
        "discussion-flash-shared"
    };
    let Target { kind, id } = thing.target();
    let place = format!("/partager/{kind}/{id}");
    Ok(see_other(&ctx, &place, Some((FlashKind::Success, flash))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_say_only_what_is_shared() {
        let ways = ways("Le café & l’été", "https://parvis.test/a");
        let hrefs: Vec<&str> = ways.iter().map(|way| way.href.as_str()).collect();
        assert_eq!(
            hrefs[0],
            "mailto:?subject=Le%20caf%C3%A9%20%26%20l%E2%80%99%C3%A9t%C3%A9&body=Le%20caf%C3%A9%20%26%20l%E2%80%99%C3%A9t%C3%A9%20https%3A%2F%2Fparvis.test%2Fa"
        );
        assert_eq!(
            hrefs[2],
            "https://www.facebook.com/sharer/sharer.php?u=https%3A%2F%2Fparvis.test%2Fa"
        );
    }

    #[test]
    fn a_server_is_a_name_and_nothing_else() {
        let page = |server| server_page(server, "t", "https://parvis.test/a");
        assert_eq!(
            page("social.example").as_deref(),
            Some("https://social.example/share?text=t+https%3A%2F%2Fparvis.test%2Fa")
        );
        assert!(page("moi@social.example").is_some());
        for bad in [
            "",
            "localhost",
            "127.0.0.1",
            "social.example/evil",
            "a b.c",
            "javascript:1.2",
            "[::1]",
        ] {
            assert_eq!(page(bad), None, "{bad}");
        }
    }
}
