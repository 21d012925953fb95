//! What a form sent, and what a form shows.

use std::collections::BTreeSet;

use axum::RequestExt as _;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{StatusCode, header};
use bytes::{Bytes, BytesMut};

use super::again::Doing;
use super::rescue::Written;
use super::{Failure, Message, Visit};
use crate::Ctx;
use crate::i18n::Lang;

const FIELDS_MAX: usize = 1 << 20;
const FILES_MAX: usize = 96 << 20;
const PARTS_MAX: usize = 200;
/// What is read of a form too large to be taken, for the texts that come after its files.
const READ_MAX: usize = 256 << 20;

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

    /// The choice made in a field: one of those that the form offers. Without the field it is `usual`; without that,
    /// the field has to be there.
    ///
    /// # Errors
    /// 400 for what is no choice: nothing else is taken for it.
    pub fn choice<T>(
        &self,
        name: &str,
        usual: Option<T>,
        of_code: impl Fn(&str) -> Option<T>,
    ) -> Result<T, Failure> {
        let chosen = if self.has(name) {
            of_code(self.get(name))
        } else {
            usual
        };
        chosen.ok_or_else(Failure::unknown_choice)
    }

    /// The values of the fields named `prefix` and a number, in the order of the numbers.
    pub fn numbered(&self, prefix: &str) -> Vec<&str> {
        let mut all: Vec<(usize, &str)> = self
            .fields
            .iter()
            .filter_map(|(name, value)| Some((name.strip_prefix(prefix)?.parse().ok()?, value.trim())))
            .collect();
        all.sort_by_key(|(number, _)| *number);
        all.into_iter().map(|(_, value)| value).collect()
    }

    /// Whether the field was sent at all (a ticked box, the button that was pressed).
    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(key, _)| key == name)
    }

    /// The files of a field, without the nameless nothing that browsers send for an unused one. A file with a name
    /// and nothing in it is one.
    pub fn files<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Upload> + 'a {
        self.files
            .iter()
            .filter(move |file| file.field == name && !(file.bytes.is_empty() && file.file_name.is_empty()))
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
        let doing = request.extensions().get::<Doing>().cloned();
        let written = request.extensions().get::<Written>().cloned();
        let (submitted, failure) = read(request, true).await;
        if let Some(written) = written {
            written.leave(submitted.typed());
        }
        if let Some(failure) = failure {
            return Err(failure);
        }
        if !visit.csrf_matches(submitted.raw("csrf")) {
            return Err(foreign());
        }
        if let Some(doing) = doing
            && let Some(headers) = doing.before(&visit.csrf, &visit.path, &submitted).await
        {
            return Err(Failure::done_already(headers));
        }
        Ok(submitted)
    }
}

/// The texts of a form that nobody takes, its files skipped.
pub(super) async fn texts_of(request: Request) -> Vec<String> {
    read(request, false).await.0.typed()
}

/// Whether a browser says that one of our own pages sent it.
pub(super) fn comes_from_here(headers: &axum::http::HeaderMap) -> bool {
    headers
        .get("sec-fetch-site")
        .is_some_and(|site| site == "same-origin")
}

pub(super) fn is_multipart(headers: &axum::http::HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.to_ascii_lowercase().starts_with("multipart/form-data"))
}

/// Longer than a choice, a date or a name, and nothing that a machine wrote: a token, an address.
fn is_typed(value: &str) -> bool {
    let value = value.trim();
    let is_machine = value.is_ascii() && !value.contains(char::is_whitespace);
    value.chars().count() >= 20 && !is_machine
}

fn foreign() -> Failure {
    Failure::new(StatusCode::FORBIDDEN, "form-expired").saying(Message::new("failure-form-expired"))
}

fn too_large(key: &'static str, max: usize) -> Failure {
    Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large").saying(Message::new(key).with("max", max))
}

fn text_too_large() -> Failure {
    too_large("failure-text-too-large", FIELDS_MAX / 1_000_000)
}

/// Reads a form: as much of it as can be read, and why it cannot be taken.
async fn read(request: Request, with_files: bool) -> (Submitted, Option<Failure>) {
    if is_multipart(request.headers()) {
        let mut form = Reading {
            with_files,
            ..Reading::default()
        };
        let ended = form.read(request).await.err();
        (form.submitted, ended.or(form.failure))
    } else {
        match axum::body::to_bytes(request.into_body(), FIELDS_MAX).await {
            Ok(body) => (urlencoded(&body), None),
            Err(_) => (Submitted::default(), Some(text_too_large())),
        }
    }
}

fn urlencoded(body: &[u8]) -> Submitted {
    let fields = url::form_urlencoded::parse(body)
        .take(PARTS_MAX)
        .map(|(key, value)| (key.into_owned(), clean(&value)))
        .collect();
    Submitted {
        fields,
        files: Vec::new(),
    }
}

/// A form with files, as far as it is read.
#[derive(Default)]
struct Reading {
    submitted: Submitted,
    with_files: bool,
    texts: usize,
    files: usize,
    failure: Option<Failure>,
}

impl Reading {
    /// Reads to the end, also when too much is sent: then the texts alone.
    async fn read(&mut self, request: Request) -> Result<(), Failure> {
        let mut parts = Multipart::from_request(request.with_limited_body_of(READ_MAX), &())
            .await
            .map_err(|_| Failure::bad_request("malformed-form"))?;
        let mut count = 0;
        while let Some(part) = parts.next_field().await.map_err(cut_off)? {
            count += 1;
            if count > PARTS_MAX {
                return Err(Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large"));
            }
            self.part(part).await?;
        }
        Ok(())
    }

    async fn part(&mut self, mut part: Field<'_>) -> Result<(), Failure> {
        let field = part.name().unwrap_or_default().to_owned();
        let file_name = part.file_name().map(ToOwned::to_owned);
        let mut bytes = BytesMut::new();
        while let Some(chunk) = part.chunk().await.map_err(cut_off)? {
            let (size, most) = if file_name.is_some() {
                (&mut self.files, FILES_MAX)
            } else {
                (&mut self.texts, FIELDS_MAX)
            };
            *size += chunk.len();
            if *size > most {
                let failure = if file_name.is_some() {
                    // Nothing of it will be taken.
                    self.with_files = false;
                    self.submitted.files.clear();
                    files_too_large()
                } else {
                    text_too_large()
                };
                bytes.clear();
                self.failure.get_or_insert(failure);
            } else if file_name.is_none() || self.with_files {
                bytes.extend_from_slice(&chunk);
            }
        }
        match file_name {
            Some(file_name) if self.with_files => self.submitted.files.push(Upload {
                field,
                file_name,
                bytes: bytes.freeze(),
            }),
            Some(_) => {}
            None => {
                let text = clean(&String::from_utf8_lossy(&bytes));
                self.submitted.fields.push((field, text));
            }
        }
        Ok(())
    }
}

fn files_too_large() -> Failure {
    too_large("failure-files-too-large", FILES_MAX / 1_000_000)
}

fn cut_off(error: MultipartError) -> Failure {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        files_too_large()
    } else {
        Failure::bad_request("malformed-form")
    }
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
        let error = (field.to_owned(), message.say(ctx, lang));
        // Two files of one field may be wrong in the same way.
        if !self.errors.contains(&error) {
            self.errors.push(error);
        }
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

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    /// A form whose files weigh `weight`, and whose text comes after them.
    fn form(weight: usize) -> Request {
        let head = "--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"film.mp4\"\r\n\r\n";
        let tail = "\r\n--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nUn texte écrit avec soin\r\n\
                    --b--\r\n";
        let piece = Bytes::from(vec![7; 1 << 20]);
        let pieces = std::iter::repeat_n(piece, weight >> 20);
        let all = std::iter::once(Bytes::from(head))
            .chain(pieces)
            .chain(std::iter::once(Bytes::from(tail)))
            .map(Ok::<_, std::io::Error>);
        let mut request = Request::new(Body::from_stream(futures_util::stream::iter(all)));
        let kind = header::HeaderValue::from_static("multipart/form-data; boundary=b");
        request.headers_mut().insert(header::CONTENT_TYPE, kind);
        request
    }

    #[tokio::test]
    async fn files_too_large_to_be_taken_do_not_cost_the_words() {
        let (sent, failure) = read(form(2 << 20), true).await;
        assert!(failure.is_none());
        assert_eq!(
            sent.files("files").map(|file| file.bytes.len()).sum::<usize>(),
            2 << 20
        );
        let (sent, failure) = read(form(FILES_MAX + (1 << 20)), true).await;
        let failure = failure.unwrap();
        assert_eq!(failure.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(failure.message.unwrap().args, [("max", "100".to_owned())]);
        assert_eq!(sent.typed(), ["Un texte écrit avec soin"]);
        assert_eq!(sent.files("files").count(), 0);
        assert_eq!(texts_of(form(2 << 20)).await, ["Un texte écrit avec soin"]);
    }

    #[test]
    fn what_a_machine_wrote_is_not_given_back() {
        let sent = Submitted::of(&[
            ("suite", "/eze-06/actualites/nouvelle?depuis=12"),
            ("password", "un long mot de passe secret"),
            ("csrf", "un jeton qui semble un texte"),
            ("date", "2026-11-26"),
            ("text", "Un texte écrit avec soin"),
        ]);
        assert_eq!(sent.typed(), ["Un texte écrit avec soin"]);
    }

    #[test]
    fn numbered_fields_are_read_in_their_order() {
        let sent = Submitted::of(&[
            ("option-10", "c"),
            ("option-2", "b"),
            ("option-1", "a"),
            ("option-x", "d"),
        ]);
        assert_eq!(sent.numbered("option-"), ["a", "b", "c"]);
    }
}
