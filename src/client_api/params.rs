//! The parameters of a request, however a program sends them: query, form, multipart or JSON.
//! Mastodon's clients send lists as `name[]`; JSON lists and objects are read as if they had been sent so.

use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{StatusCode, header};
use http_body_util::BodyExt as _;
use platform::web::{Failure, Upload};
use serde_json::Value;

const BODY_MAX: usize = 1 << 20;
const FILE_MAX: usize = 48 << 20;
const COUNT_MAX: usize = 500;
const DEPTH_MAX: usize = 8;

/// The parameters, in the order they came.
#[derive(Debug, Clone, Default)]
pub struct Params {
    pairs: Vec<(String, String)>,
    files: Vec<Upload>,
}

/// A number; `None` when it is none. One that is too large is the largest: nothing is newer.
pub fn number(text: &str) -> Option<i64> {
    let text = text.trim();
    let too_large = || !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
    text.parse().ok().or_else(|| too_large().then_some(i64::MAX))
}

impl Params {
    /// The first value under this name; `None` when it was not sent.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// The first value, without white space around it, when there is something in it.
    pub fn filled(&self, name: &str) -> Option<&str> {
        self.get(name).map(str::trim).filter(|value| !value.is_empty())
    }

    /// All values of a list, sent as `name[]` or `name`.
    pub fn all(&self, name: &str) -> Vec<&str> {
        let list = format!("{name}[]");
        self.pairs
            .iter()
            .filter(|(key, _)| *key == list || key == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
            .collect()
    }

    /// Whether a list was sent at all, an empty one (`[]`, or `name[]=` in a form) included.
    pub fn has(&self, name: &str) -> bool {
        self.pairs
            .iter()
            .any(|(key, _)| key.strip_suffix("[]").unwrap_or(key) == name)
    }

    /// A yes or no; absent: `None`.
    pub fn flag(&self, name: &str) -> Option<bool> {
        self.get(name)
            .map(|value| matches!(value, "true" | "1" | "on" | "t"))
    }

    /// A number; `None` when absent or not one.
    pub fn number(&self, name: &str) -> Option<i64> {
        number(self.get(name)?)
    }

    /// The pairs whose name begins with `prefix`.
    pub fn under<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> + 'a {
        self.pairs
            .iter()
            .filter_map(move |(key, value)| Some((key.strip_prefix(prefix)?, value.as_str())))
    }

    /// The file of a field.
    pub fn file(&self, name: &str) -> Option<&Upload> {
        self.files.iter().find(|file| file.field == name)
    }

    fn push(&mut self, name: String, value: String) -> Result<(), Failure> {
        if self.pairs.len() >= COUNT_MAX {
            return Err(Failure::bad_request("too-many-parameters"));
        }
        // Neither database can hold a NUL.
        self.pairs.push((name, value.replace('\0', "")));
        Ok(())
    }

    fn push_json(&mut self, name: &str, value: Value, depth: usize) -> Result<(), Failure> {
        if depth > DEPTH_MAX {
            return Err(Failure::bad_request("malformed-json"));
        }
        match value {
            Value::Null => Ok(()),
            Value::Bool(yes) => self.push(name.to_owned(), yes.to_string()),
            Value::Number(number) => self.push(name.to_owned(), number.to_string()),
            Value::String(text) => self.push(name.to_owned(), text),
            Value::Array(items) if items.is_empty() => self.push(format!("{name}[]"), String::new()),
            Value::Array(items) => items
                .into_iter()
                .try_for_each(|item| self.push_json(&format!("{name}[]"), item, depth + 1)),
            Value::Object(map) => map.into_iter().try_for_each(|(key, value)| {
                let inner = if name.is_empty() {
                    key
                } else {
                    format!("{name}[{key}]")
                };
                self.push_json(&inner, value, depth + 1)
            }),
        }
    }
}

impl<S: Send + Sync> FromRequest<S> for Params {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failure> {
        let mut params = Self::default();
        for (name, value) in url::form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes())
        {
            params.push(name.into_owned(), value.into_owned())?;
        }
        let kind = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_ascii_lowercase();
        if kind.starts_with("multipart/form-data") {
            read_multipart(request, &mut params).await?;
        } else {
            read_body(request, &kind, &mut params).await?;
        }
        Ok(params)
    }
}

async fn read_body(request: Request, kind: &str, params: &mut Params) -> Result<(), Failure> {
    let body = http_body_util::Limited::new(request.into_body(), BODY_MAX);
    let body = body.collect().await.map_err(|error| {
        if error.is::<http_body_util::LengthLimitError>() {
            Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large")
        } else {
            Failure::bad_request("malformed-body")
        }
    })?;
    let body = body.to_bytes();
    if kind.starts_with("application/json") {
        if body.is_empty() {
            return Ok(());
        }
        let value: Value =
            serde_json::from_slice(&body).map_err(|_| Failure::bad_request("malformed-json"))?;
        if !value.is_object() {
            return Err(Failure::bad_request("malformed-json"));
        }
        return params.push_json("", value, 0);
    }
    for (name, value) in url::form_urlencoded::parse(&body) {
        params.push(name.into_owned(), value.into_owned())?;
    }
    Ok(())
}

async fn read_multipart(request: Request, params: &mut Params) -> Result<(), Failure> {
    let malformed = |_| Failure::bad_request("malformed-form");
    let (head, body) = request.into_parts();
    let body = axum::body::Body::new(http_body_util::Limited::new(body, FILE_MAX));
    let mut request = Request::from_parts(head, body);
    // The usual limit is for requests without files.
    axum::extract::DefaultBodyLimit::disable().apply(&mut request);
    let mut parts = Multipart::from_request(request, &())
        .await
        .map_err(|_| Failure::bad_request("malformed-form"))?;
    while let Some(part) = parts.next_field().await.map_err(malformed)? {
        let field = part.name().unwrap_or_default().to_owned();
        let file_name = part.file_name().map(ToOwned::to_owned);
        let bytes = part.bytes().await.map_err(|error| {
            if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
                Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large")
            } else {
                malformed(error)
            }
        })?;
        match file_name {
            Some(file_name) if params.files.len() < 8 => params.files.push(Upload {
                field,
                file_name,
                bytes,
            }),
            Some(_) => return Err(Failure::bad_request("too-many-files")),
            None => params.push(field, String::from_utf8_lossy(&bytes).into_owned())?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(kind: &str, query: &str, body: &str) -> Params {
        let request = Request::builder()
            .uri(format!("/x?{query}"))
            .header("content-type", kind)
            .body(axum::body::Body::from(body.to_owned()))
            .unwrap();
        Params::from_request(request, &()).await.unwrap()
    }

    #[tokio::test]
    async fn a_number_that_is_too_large_is_the_largest() {
        let query = "a=99999999999999999999999&b=-5&c=12x&d=&e=%207%20";
        let params = read("text/plain", query, "").await;
        let numbers = ["a", "b", "c", "d", "e", "f"].map(|name| params.number(name));
        assert_eq!(numbers, [Some(i64::MAX), Some(-5), None, None, Some(7), None]);
    }

    #[tokio::test]
    async fn the_four_ways_say_the_same() {
        let json = read(
            "application/json",
            "",
            r#"{"status":"é","media_ids":["1","2"],"sensitive":true,"poll":null}"#,
        )
        .await;
        let form = read(
            "application/x-www-form-urlencoded",
            "",
            "status=%C3%A9&media_ids[]=1&media_ids[]=2&sensitive=true",
        )
        .await;
        let multipart = read(
            "multipart/form-data; boundary=x",
            "media_ids[]=1&media_ids[]=2",
            "--x\r\ncontent-disposition: form-data; name=\"status\"\r\n\r\né\r\n--x\r\ncontent-disposition: form-data; name=\"sensitive\"\r\n\r\n1\r\n--x--\r\n",
        )
        .await;
        for params in [json, form, multipart] {
            assert_eq!(params.get("status"), Some("é"));
            assert_eq!(params.all("media_ids"), ["1", "2"]);
            assert_eq!(params.flag("sensitive"), Some(true));
            assert_eq!(params.get("poll"), None);
            assert!(params.has("media_ids") && !params.has("poll"));
        }
        let emptied = read("application/json", "", r#"{"media_ids":[]}"#).await;
        assert!(emptied.has("media_ids") && emptied.all("media_ids").is_empty());
    }

    #[tokio::test]
    async fn a_deep_or_broken_body_is_refused() {
        for body in [
            "[1]",
            "{",
            &format!("{{\"a\":{}1{}}}", "[".repeat(50), "]".repeat(50)),
        ] {
            let request = Request::builder()
                .uri("/x")
                .header("content-type", "application/json")
                .body(axum::body::Body::from(body.to_owned()))
                .unwrap();
            assert!(Params::from_request(request, &()).await.is_err(), "{body}");
        }
    }
}
