//! A browser in front of the whole web layer: it keeps cookies, finds the token of forms, follows nothing by itself.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, Request};
use federation::Ctx;
use platform::queue::{Registry, run_due};
use tower::ServiceExt as _;

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) location: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    /// The page without what differs from one visitor to the next: the token of its forms, and this name.
    pub(crate) fn page_without(&self, name: &str) -> String {
        let token = token_in(&self.body).unwrap_or("?");
        self.body.replace(name, "X").replace(token, "T")
    }

    /// The text of the page, without tags.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        let mut inside = false;
        for letter in self.body.chars() {
            match letter {
                '<' => inside = true,
                '>' => {
                    inside = false;
                    text.push(' ');
                }
                _ if !inside => text.push(letter),
                _ => {}
            }
        }
        let text = text
            .replace("&#39;", "'")
            .replace("&#34;", "\"")
            .replace(['\u{202f}', '\u{a0}'], " ");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The value of `Set-Cookie` for a name, with its attributes.
    pub(crate) fn set_cookie(&self, name: &str) -> Option<String> {
        let start = format!("__Host-parvis-{name}=");
        self.headers
            .get_all("set-cookie")
            .iter()
            .map(|value| value.to_str().unwrap().to_owned())
            .find(|value| value.starts_with(&start))
    }
}

/// A browser.
#[derive(Debug, Clone)]
pub(crate) struct Browser {
    ctx: Ctx,
    pub(crate) cookies: BTreeMap<String, String>,
    pub(crate) csrf: String,
    pub(crate) headers: Vec<(&'static str, String)>,
}

impl Browser {
    pub(crate) fn new(ctx: &Ctx) -> Self {
        Self {
            ctx: ctx.clone(),
            cookies: BTreeMap::new(),
            csrf: String::new(),
            headers: vec![
                ("accept", "text/html".to_owned()),
                (
                    "user-agent",
                    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".to_owned(),
                ),
            ],
        }
    }

    pub(crate) fn saying(mut self, name: &'static str, value: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.to_owned()));
        self
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        let request = Request::get(path);
        self.send(request, Body::empty()).await
    }

    /// Sends a form with the token of the last page.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        if self.csrf.is_empty() {
            self.get("/connexion").await;
        }
        let csrf = self.csrf.clone();
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend(fields);
        self.post_as_is(path, &all).await
    }

    /// Sends a form without adding anything.
    pub(crate) async fn post_as_is(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        self.send(request, Body::from(body)).await
    }

    /// Sends a form with a file.
    pub(crate) async fn upload(&mut self, path: &str, field: &str, bytes: &[u8]) -> Answer {
        let mut body = Vec::new();
        let part = |head: &str| format!("--frontiere\r\nContent-Disposition: form-data; {head}\r\n\r\n");
        body.extend(part("name=\"csrf\"").into_bytes());
        body.extend(self.csrf.as_bytes());
        body.extend(b"\r\n");
        body.extend(part(&format!("name=\"{field}\"; filename=\"photo.png\"")).into_bytes());
        body.extend(bytes);
        body.extend(b"\r\n--frontiere--\r\n");
        let request = Request::post(path).header("content-type", "multipart/form-data; boundary=frontiere");
        self.send(request, Body::from(body)).await
    }

    async fn send(&mut self, mut request: axum::http::request::Builder, body: Body) -> Answer {
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        if !self.cookies.is_empty() {
            let cookies: Vec<String> = self
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            request = request.header("cookie", cookies.join("; "));
        }
        let router = crate::routes()
            .route("/api/essai", axum::routing::get(api))
            .merge(commune::routes(commune::Doors::default()))
            .merge(platform::media::routes())
            .with_state(self.ctx.clone());
        let router =
            platform::web::layers_around(&self.ctx, router, |router| crate::layer(&self.ctx, router));
        let response = router.oneshot(request.body(body).unwrap()).await.unwrap();
        let (head, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 1 << 22).await.unwrap();
        let answer = Answer {
            status: head.status.as_u16(),
            location: head
                .headers
                .get("location")
                .map(|value| value.to_str().unwrap().to_owned())
                .unwrap_or_default(),
            headers: head.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        };
        self.keep(&answer);
        answer
    }

    fn keep(&mut self, answer: &Answer) {
        for value in answer.headers.get_all("set-cookie") {
            let value = value.to_str().unwrap();
            let (name, rest) = value.split_once('=').unwrap();
            let content = rest.split(';').next().unwrap();
            if rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), content.to_owned());
            }
        }
        if let Some(token) = token_in(&answer.body) {
            self.csrf = token.to_owned();
        }
    }

    /// Signs in at the door.
    pub(crate) async fn sign_in(ctx: &Ctx, name: &str) -> Self {
        let mut browser = Self::new(ctx);
        let fields = [("email", name), ("password", super::town::PASSWORD)];
        let answer = browser.post("/connexion", &fields).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        browser.get("/compte").await;
        browser
    }

    /// Whether somebody is signed in here.
    pub(crate) async fn is_signed_in(&mut self) -> bool {
        self.get("/compte").await.status == 200
    }
}

async fn api(citizen: crate::Citizen) -> String {
    citizen.name().to_owned()
}

/// Runs everything that is due, and gives the mails that left.
pub(crate) async fn mails(ctx: &Ctx) -> Vec<platform::mail::Mail> {
    let mut registry = Registry::default();
    platform::mail::tasks(&mut registry);
    crate::tasks(&mut registry);
    let registry: Arc<Registry<Ctx>> = registry.ready();
    while run_due(ctx.platform(), &registry, ctx.clone()).await.unwrap() > 0 {}
    ctx.mailer.sent()
}

/// The last mail.
pub(crate) async fn last_mail(ctx: &Ctx) -> platform::mail::Mail {
    mails(ctx).await.pop().unwrap()
}

/// The code of the last mail.
pub(crate) async fn last_code(ctx: &Ctx) -> String {
    let mail = last_mail(ctx).await;
    let line = mail
        .text
        .lines()
        .map(|line| line.trim().replace([' ', '\u{202f}', '\u{a0}'], ""))
        .find(|line| line.len() == 6 && line.bytes().all(|byte| byte.is_ascii_digit()));
    line.unwrap_or_else(|| panic!("no code in {}", mail.text))
}

/// Another code than this one.
pub(crate) fn other_than(code: &str) -> String {
    let other = (code.parse::<u32>().unwrap() + 1) % 1_000_000;
    format!("{other:06}")
}

fn token_in(page: &str) -> Option<&str> {
    let (_, rest) = page.split_once("name=\"csrf\" value=\"")?;
    rest.split('"').next()
}
