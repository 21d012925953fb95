//! What a form sent, and what a form shows.

use std::collections::BTreeSet;

use axum::RequestExt as _;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{StatusCode, header};
use bytes::Bytes;

use super::again::Doing;
use super::{Failure, Message, Visit};
use crate::Ctx;
use crate::i18n::Lang;

const FIELDS_MAX: usize = 1 << 20;
const FILES_MAX: usize = 96 << 20;
const PARTS_MAX: usize = 200;

/// A file as sent; its name and type are the sender's word.
#[derive(Debug, Clone)]
pub struct Upload {
    /// The field.
    pub field: String,
    /// The name given by the browser.
    pub file_name: String,
    /// The content.
    pub bytes: Bytes,
}

/// The fields and files of a form, sent by one of our own pages (the token is checked). The same form sent again is
/// not taken: it is answered as the first time.
#[derive(Debug, Clone, Default)]
pub struct Submitted {
    fields: Vec<(String, String)>,
    files: Vec<Upload>,
}

impl Submitted {
    /// The first value of a field, without white space around it; empty when absent.
    pub fn get(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// The first value of a field as it was sent (passwords).
    pub fn raw(&self, name: &str) -> &str {
        self.fields
            .iter()
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value.as_str())
    }

    /// All values of a field.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.fields
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.trim())
    }

    /// Whether the field was sent at all (a ticked box, the button that was pressed).
    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(key, _)| key == name)
    }

    /// The files of a field, the empty ones that browsers send for an unused field left out.
    pub fn files<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Upload> + 'a {
        self.files
            .iter()
            .filter(move |file| file.field == name && !file.bytes.is_empty())
    }

    /// What was typed, to be shown again. Fields whose name begins with `password` are left out.
    pub fn state(&self) -> FormState {
        FormState {
            values: self
                .fields
                .iter()
                .filter(|(name, _)| !name.starts_with("password") && name != "csrf")
                .cloned()
                .collect(),
            errors: Vec::new(),
        }
    }

    /// The texts that took somebody a while to write, to be given back when the form cannot be taken.
    fn typed(&self) -> Vec<String> {
        self.fields
            .iter()
            .filter(|(name, value)| !name.starts_with("password") && name != "csrf" && is_typed(value))
            .map(|(_, value)| value.clone())
            .collect()
    }

    /// Names, values and files, one after the other.
    pub(super) fn each_part(&self, part: &mut impl FnMut(&[u8])) {
        for (name, value) in &self.fields {
            part(name.as_bytes());
            part(value.as_bytes());
        }
        for file in &self.files {
            part(file.field.as_bytes());
            part(file.file_name.as_bytes());
            part(&file.bytes);
        }
    }

    /// For tests and for forms that are pre-filled.
    pub fn of(pairs: &[(&str, &str)]) -> Self {
        Self {
            fields: pairs
                .iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
                .collect(),
            files: Vec::new(),
        }
    }
}

impl<S: Send + Sync> FromRequest<S> for Submitted {
    type Rejection = Failure;

    async fn from_request(mut request: Request, _: &S) -> Result<Self, Failure> {
        let visit: Visit = request.extract_parts().await?;
        let headers = request.headers();
        // Browsers say where a form comes from; another site is refused before its body is read.
        if headers
            .get("sec-fetch-site")
            .is_some_and(|site| site != "same-origin" && site != "none")
        {
            return Err(foreign());
        }
        let comes_from_here = comes_from_here(headers);
        let doing = request.extensions().get::<Doing>().cloned();
        let submitted = if is_multipart(headers) {
            read_multipart(request).await?
        } else {
            read_urlencoded(request).await?
        };
        if !visit.csrf_matches(submitted.raw("csrf")) {
            // Another site must not be able to show its words here.
            let own = if comes_from_here {
                submitted.typed()
            } else {
                Vec::new()
            };
            return Err(foreign().giving_back(own));
        }
        if let Some(doing) = doing
            && let Some(headers) = doing.before(&visit.csrf, &visit.path, &submitted).await
        {
            return Err(Failure::done_already(headers));
        }
        Ok(submitted)
    }
}

/// Reads the texts of a form that nobody may take as it stands (the session has ended), so that they can be given
/// back; the request goes on as it came. Larger ones, and those of other sites, are let through unread.
pub async fn typed_texts(request: Request) -> (Request, Vec<String>) {
    let headers = request.headers();
    let length = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    let is_read = request.method() == axum::http::Method::POST
        && comes_from_here(headers)
        && length.is_some_and(|length| length <= FIELDS_MAX);
    if !is_read {
        return (request, Vec::new());
    }
    let (head, body) = request.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, FIELDS_MAX).await else {
        // Cut off: whoever reads on finds a form without an end.
        return (Request::from_parts(head, axum::body::Body::empty()), Vec::new());
    };
    let rebuilt = || Request::from_parts(head.clone(), axum::body::Body::from(bytes.clone()));
    let read = if is_multipart(&head.headers) {
        read_multipart(rebuilt()).await
    } else {
        read_urlencoded(rebuilt()).await
    };
    (rebuilt(), read.map(|sent| sent.typed()).unwrap_or_default())
}

/// Whether a browser says that one of our own pages sent it.
fn comes_from_here(headers: &axum::http::HeaderMap) -> bool {
    headers
        .get("sec-fetch-site")
        .is_some_and(|site| site == "same-origin")
}

fn is_multipart(headers: &axum::http::HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.to_ascii_lowercase().starts_with("multipart/form-data"))
}

/// Longer than a choice, a date or a name.
fn is_typed(value: &str) -> bool {
    value.trim().chars().count() >= 20
}

fn foreign() -> Failure {
    Failure::new(StatusCode::FORBIDDEN, "form-expired").saying(Message::new("failure-form-expired"))
}

fn too_large() -> Failure {
    Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large")
}

async fn read_urlencoded(request: Request) -> Result<Submitted, Failure> {
    let body = axum::body::to_bytes(request.into_body(), FIELDS_MAX)
        .await
        .map_err(|_| too_large())?;
    let fields = url::form_urlencoded::parse(&body)
        .take(PARTS_MAX)
        .map(|(key, value)| (key.into_owned(), clean(&value)))
        .collect();
    Ok(Submitted {
        fields,
        files: Vec::new(),
    })
}

async fn read_multipart(request: Request) -> Result<Submitted, Failure> {
    let malformed = |_| Failure::bad_request("malformed-form");
    let request = request.with_limited_body_of(FILES_MAX);
    let mut parts = Multipart::from_request(request, &())
        .await
        .map_err(|_| Failure::bad_request("malformed-form"))?;
    let (mut submitted, mut size, mut count) = (Submitted::default(), 0, 0);
    while let Some(part) = parts.next_field().await.map_err(malformed)? {
        count += 1;
        if count > PARTS_MAX {
            return Err(too_large());
        }
        let field = part.name().unwrap_or_default().to_owned();
        let file_name = part.file_name().map(ToOwned::to_owned);
        let bytes = part.bytes().await.map_err(|error| {
            if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
                too_large()
            } else {
                malformed(error)
            }
        })?;
        if let Some(file_name) = file_name {
            submitted.files.push(Upload {
                field,
                file_name,
                bytes,
            });
        } else {
            size += bytes.len();
            if size > FIELDS_MAX {
                return Err(too_large());
            }
            submitted
                .fields
                .push((field, clean(&String::from_utf8_lossy(&bytes))));
        }
    }
    Ok(submitted)
}

trait WithLimit {
    fn with_limited_body_of(self, limit: usize) -> Self;
}

impl WithLimit for Request {
    fn with_limited_body_of(self, limit: usize) -> Self {
        let (parts, body) = self.into_parts();
        let body = axum::body::Body::new(http_body_util::Limited::new(body, limit));
        let mut request = Self::from_parts(parts, body);
        // The usual limit is for requests without files.
        axum::extract::DefaultBodyLimit::disable().apply(&mut request);
        request
    }
}

/// Neither database nor page can hold a NUL; browsers send line ends as CRLF.
fn clean(text: &str) -> String {
    text.replace('\0', "").replace("\r\n", "\n")
}

/// What a form shows: values, and errors in the visitor's language.
#[derive(Debug, Clone, Default)]
pub struct FormState {
    values: Vec<(String, String)>,
    errors: Vec<(String, String)>,
}

impl FormState {
    /// With a value.
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.values.push((name.to_owned(), value.to_string()));
        self
    }

    /// Without the values whose name begins with `prefix`.
    pub fn without_prefix(mut self, prefix: &str) -> Self {
        self.values.retain(|(name, _)| !name.starts_with(prefix));
        self
    }

    /// With an error at a field.
    pub fn refuse(&mut self, ctx: &Ctx, lang: Lang, field: &str, message: &Message) {
        self.errors.push((field.to_owned(), message.say(ctx, lang)));
    }

    /// The value of a field; empty when it has none.
    pub fn value(&self, name: &str) -> String {
        self.values
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.clone())
            .unwrap_or_default()
    }

    /// Whether a choice is ticked.
    pub fn is_checked(&self, name: &str, value: &str) -> bool {
        self.values.iter().any(|(key, is)| key == name && is == value)
    }

    /// The errors of a field.
    pub fn errors(&self, name: &str) -> Vec<String> {
        self.errors
            .iter()
            .filter(|(field, _)| field == name)
            .map(|(_, said)| said.clone())
            .collect()
    }

    /// All errors: field, sentence.
    pub fn all_errors(&self) -> Vec<(String, String)> {
        let mut seen = BTreeSet::new();
        self.errors
            .iter()
            .filter(|pair| seen.insert((*pair).clone()))
            .cloned()
            .collect()
    }

    /// Whether there is any error.
    pub fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    /// The status of the page that shows it: 422 with errors.
    pub fn status(&self) -> StatusCode {
        if self.has_errors() {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::OK
        }
    }
}
