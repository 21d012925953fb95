//! A browser without JavaScript.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::{HeaderMap, Method, Request, header};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.text()))
    }

    /// Where it leads.
    pub fn location(&self) -> String {
        self.header("location")
    }

    /// A header; empty when absent.
    pub fn header(&self, name: &str) -> String {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned()
    }
}

/// Somebody with a browser.
#[derive(Debug, Clone)]
pub struct Visitor {
    router: Router,
    cookies: BTreeMap<String, String>,
}

impl Visitor {
    pub(crate) fn new(router: Router) -> Self {
        Self {
            router,
            cookies: BTreeMap::new(),
        }
    }

    /// Opens a page in French.
    pub async fn opens(&mut self, path: &str) -> Answer {
        self.asks(
            Method::GET,
            path,
            &[("accept", "text/html"), ("accept-language", "fr")],
            Vec::new(),
        )
        .await
    }

    /// Asks for an ActivityPub document, as another server does.
    pub async fn reads(&mut self, path: &str) -> Answer {
        self.asks(
            Method::GET,
            path,
            &[("accept", "application/activity+json")],
            Vec::new(),
        )
        .await
    }

    /// Opens the page `form`, and sends its token with these fields to `action`.
    pub async fn sends(&mut self, form: &str, action: &str, fields: &[(&str, &str)]) -> Answer {
        let page = self.opens(form).await;
        let token = token(&page.text());
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.append_pair("csrf", &token).extend_pairs(fields);
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("accept", "text/html"),
        ];
        self.asks(Method::POST, action, &headers, body.finish().into_bytes())
            .await
    }

    /// One request, cookies kept.
    pub async fn asks(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Answer {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "parvis.test");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        let mut request = request.body(Body::from(body)).unwrap();
        request
            .extensions_mut()
            .insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 40_000))));
        let response = self.router.clone().oneshot(request).await.unwrap();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            self.keep(cookie.to_str().unwrap_or_default());
        }
        let (head, body) = response.into_parts();
        let body = body
            .collect()
            .await
            .map(|body| body.to_bytes().to_vec())
            .unwrap_or_default();
        Answer {
            status: head.status.as_u16(),
            headers: head.headers,
            body,
        }
    }

    fn keep(&mut self, cookie: &str) {
        let Some((name, value)) = cookie.split(';').next().and_then(|pair| pair.split_once('=')) else {
            return;
        };
        if value.is_empty() || cookie.contains("Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}

/// The token in a page's forms.
fn token(page: &str) -> String {
    page.split("name=\"csrf\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap_or_default()
        .to_owned()
}
