//! Who asks, in which language, from where, for what kind of answer.

use std::net::{IpAddr, SocketAddr};

use aide::OperationInput;
use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, header};
use axum::middleware::Next;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::negotiate::{Preference, accept, preference};
use super::page::{Flash, FlashKind, ViewerBadge};
use super::{Failure, cookie, cookie_value};
use crate::Ctx;
use crate::i18n::Lang;

/// The kind of answer wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wants {
    /// A page.
    Html,
    /// JSON.
    Json,
    /// An ActivityPub document.
    Activity,
}

/// One request, as the pages see it. Every handler may take it.
#[derive(Debug, Clone)]
pub struct Visit {
    /// Printed on error pages and in the log: `7F3K-2M9D`.
    pub reference: String,
    /// The language of the answer.
    pub lang: Lang,
    /// `auto`, `light` or `dark`.
    pub theme: &'static str,
    /// `standard` or `lisible`.
    pub font: &'static str,
    /// The address it came from, proxies believed only when configured.
    pub ip: IpAddr,
    /// What forms carry so that no other site can send them.
    pub csrf: String,
    /// Path and query as asked for.
    pub path: String,
    /// The kind of answer wanted.
    pub wants: Wants,
    /// Asked for by htmx: only the changed part is shown.
    pub partial: bool,
    /// Who is signed in, for the header; set by the room that knows.
    pub viewer: Option<ViewerBadge>,
    /// What waits for her in the sections; set by the rooms that know.
    pub waiting: Vec<Waiting>,
    /// The zone in which times are shown.
    pub zone: &'static str,
    /// A message left by the request before.
    pub flash: Option<Flash>,
    new_visit: Option<String>,
}

/// What waits for somebody in a section of a commune's pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The section, as in the menu.
    pub section: &'static str,
    /// The INSEE code of the commune.
    pub commune: String,
    /// How much.
    pub count: i64,
}

impl Visit {
    /// A key for brakes: the address, an IPv6 one cut to its /64.
    pub fn ip_key(&self) -> String {
        match self.ip {
            IpAddr::V4(ip) => ip.to_string(),
            IpAddr::V6(ip) => match ip.to_ipv4_mapped() {
                Some(ip) => ip.to_string(),
                None => {
                    let [a, b, c, d, ..] = ip.segments();
                    format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
                }
            },
        }
    }

    /// What a form of this page carries: the token, and a mark that makes each page's forms others than the last
    /// one's.
    pub fn form_token(&self) -> String {
        format!("{}.{}", self.csrf, self.reference)
    }

    /// Whether the token of a form is this visitor's. The comparison takes the same time in any case.
    pub fn csrf_matches(&self, sent: &str) -> bool {
        let sent = sent.split_once('.').map_or(sent, |(token, _)| token);
        aws_lc_rs::constant_time::verify_slices_are_equal(self.csrf.as_bytes(), sent.as_bytes()).is_ok()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(|| Failure::internal("no visit in the request"))
    }
}

/// Who asks is said by nothing that a program could send beside its token.
impl OperationInput for Visit {}

fn csrf_of(visit: &str) -> String {
    let digest = aws_lc_rs::digest::digest(
        &aws_lc_rs::digest::SHA256,
        format!("parvis form token\n{visit}").as_bytes(),
    );
    URL_SAFE_NO_PAD.encode(digest.as_ref())
}

/// The address of the client: the socket's, or the last of `X-Forwarded-For` that is not one of our proxies,
/// read only when the socket is a configured proxy's.
fn client_ip(socket: IpAddr, headers: &HeaderMap, proxies: &[ipnet::IpNet]) -> IpAddr {
    let is_proxy = |ip: &IpAddr| proxies.iter().any(|net| net.contains(&canonical(*ip)));
    if !is_proxy(&socket) {
        return canonical(socket);
    }
    // From the proxy outwards; what cannot be read ends the search, for what stands before it is the client's word.
    let mut last = socket;
    let lines: Vec<&str> = headers
        .get_all(HeaderName::from_static("x-forwarded-for"))
        .iter()
        .map(|value| value.to_str().unwrap_or_default())
        .collect();
    for hop in lines.iter().flat_map(|line| line.split(',')).rev() {
        let Some(hop) = hop_address(hop.trim()) else { break };
        last = hop;
        if !is_proxy(&hop) {
            break;
        }
    }
    canonical(last)
}

/// An address, with or without a port: some proxies write `203.0.113.5:1234` or `[2001:db8::1]:1234`.
fn hop_address(hop: &str) -> Option<IpAddr> {
    let plain = hop.trim_start_matches('[').trim_end_matches(']');
    plain
        .parse()
        .ok()
        .or_else(|| hop.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

fn canonical(ip: IpAddr) -> IpAddr {
    ip.to_canonical()
}

/// `10.0.0.0/8` or a single address.
fn proxy(text: &str) -> Option<ipnet::IpNet> {
    text.parse()
        .ok()
        .or_else(|| text.parse::<IpAddr>().ok().map(ipnet::IpNet::from))
}

/// The first of `server.trusted_proxies` that is neither an address nor a network: with it, nobody would be believed
/// and all visitors would be one.
pub fn unreadable_proxy(list: &[String]) -> Option<&str> {
    list.iter().map(String::as_str).find(|text| proxy(text).is_none())
}

pub(super) fn parse_proxies(list: &[String]) -> Vec<ipnet::IpNet> {
    list.iter().filter_map(|text| proxy(text)).collect()
}

/// What [`visit_layer`] needs.
#[derive(Debug, Clone)]
pub(super) struct VisitState {
    pub(super) ctx: Ctx,
    pub(super) proxies: std::sync::Arc<[ipnet::IpNet]>,
}

pub(super) async fn visit_layer(
    State(state): State<VisitState>,
    mut request: Request,
    next: Next,
) -> Response {
    let visit = read(&state, &request);
    let new_visit = visit.new_visit.clone();
    let had_flash = visit.flash.is_some();
    let wants = visit.wants;
    request.extensions_mut().insert(visit);
    let mut response = next.run(request).await;
    if wants == Wants::Html && is_page(&response) {
        if let Some(token) = new_visit {
            response
                .headers_mut()
                .append(header::SET_COOKIE, cookie(&state.ctx.urls, "visit", &token, None));
        }
        if had_flash && response.status().is_success() {
            let gone = super::clear_cookie(&state.ctx.urls, "flash");
            response.headers_mut().append(header::SET_COOKIE, gone);
        }
    }
    response
}

fn is_page(response: &Response) -> bool {
    response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("text/html"))
}

fn read(state: &VisitState, request: &Request) -> Visit {
    let ctx = &state.ctx;
    let headers = request.headers();
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let socket = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::from([0, 0, 0, 0]), |info| info.0.ip());
    let path = request
        .uri()
        .path_and_query()
        .map_or_else(|| "/".to_owned(), ToString::to_string);
    let preferred = preference(accept(headers).as_deref());
    let wants = match preferred {
        _ if path.starts_with("/api/")
            || path.starts_with("/oauth/token")
            || path.starts_with("/oauth/revoke") =>
        {
            Wants::Json
        }
        Preference::Activity => Wants::Activity,
        Preference::Json => Wants::Json,
        Preference::Html | Preference::Other => Wants::Html,
    };
    let known = cookie_value(headers, &ctx.urls, "visit").filter(|token| token.len() == 43);
    let new_visit = known.is_none().then(|| ctx.rng.token());
    let token = known.or(new_visit.as_deref()).unwrap_or_default();
    let chosen = |name| cookie_value(headers, &ctx.urls, name);
    Visit {
        reference: reference(ctx),
        lang: chosen("lang")
            .and_then(|code| code.parse().ok())
            .or_else(|| text(header::ACCEPT_LANGUAGE).and_then(Lang::of_header))
            .unwrap_or_default(),
        theme: match chosen("theme") {
            Some("light") => "light",
            Some("dark") => "dark",
            _ => "auto",
        },
        font: if chosen("font") == Some("lisible") {
            "lisible"
        } else {
            "standard"
        },
        ip: client_ip(socket, headers, &state.proxies),
        csrf: csrf_of(token),
        wants,
        partial: headers.contains_key("hx-request") && !headers.contains_key("hx-boosted"),
        viewer: None,
        waiting: Vec::new(),
        zone: "Europe/Paris",
        flash: chosen("flash").and_then(|value| flash(ctx, value)),
        path,
        new_visit,
    }
}

/// A flash cookie names a message; only messages made for it can be shown, since anybody can set a cookie.
fn flash(ctx: &Ctx, value: &str) -> Option<Flash> {
    let (kind, key) = value.split_once('.')?;
    let kind = FlashKind::of_code(kind)?;
    (key.contains("-flash-") && ctx.words.has(Lang::Fr, key)).then(|| Flash {
        kind,
        key: key.to_owned(),
    })
}

/// Eight characters without those that are mistaken for one another.
fn reference(ctx: &Ctx) -> String {
    const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let bytes = ctx.rng.bytes::<8>();
    let mut out = String::with_capacity(9);
    for (at, byte) in bytes.iter().enumerate() {
        if at == 4 {
            out.push('-');
        }
        out.push(
            LETTERS
                .get(usize::from(byte & 31))
                .copied()
                .map_or('2', char::from),
        );
    }
    out
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn forwarded_addresses_are_believed_from_our_proxies_only() {
        let mut headers = HeaderMap::new();
        headers.insert(
            "x-forwarded-for",
            "203.0.113.9, 198.51.100.4, 10.0.0.2".parse().unwrap(),
        );
        let proxies = parse_proxies(&["10.0.0.0/8".to_owned(), "::1".to_owned()]);
        assert_eq!(client_ip(ip("192.0.2.1"), &headers, &proxies), ip("192.0.2.1"));
        assert_eq!(client_ip(ip("10.0.0.1"), &headers, &proxies), ip("198.51.100.4"));
        assert_eq!(client_ip(ip("::1"), &headers, &proxies), ip("198.51.100.4"));
        assert_eq!(
            client_ip(ip("10.0.0.1"), &HeaderMap::new(), &proxies),
            ip("10.0.0.1")
        );
        assert_eq!(client_ip(ip("10.0.0.1"), &headers, &[]), ip("10.0.0.1"));
        let of = |hops: &'static str| {
            let name = HeaderName::from_static("x-forwarded-for");
            let headers = HeaderMap::from_iter([(name, HeaderValue::from_static(hops))]);
            client_ip(ip("10.0.0.1"), &headers, &proxies)
        };
        assert_eq!(of("1.2.3.4, 203.0.113.5:1234"), ip("203.0.113.5"));
        assert_eq!(of("1.2.3.4, [2001:db8::1]:99"), ip("2001:db8::1"));
        assert_eq!(of("1.2.3.4, unknown"), ip("10.0.0.1"));
        assert_eq!(of("1.2.3.4, unknown, 10.0.0.7"), ip("10.0.0.7"));
        assert_eq!(
            unreadable_proxy(&["::1".to_owned(), "caddy".to_owned()]),
            Some("caddy")
        );
    }
}
