//! Cookies: read without a library's jar, written with every safe attribute.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, header};

use crate::urls::Urls;

fn full_name(urls: &Urls, name: &str) -> String {
    // The prefix makes browsers refuse a cookie that another site of the domain or plain HTTP would set.
    if urls.is_secure() {
        format!("__Host-parvis-{name}")
    } else {
        format!("parvis-{name}")
    }
}

/// All the values sent under this name.
pub fn cookies<'a>(headers: &'a HeaderMap, urls: &Urls, name: &str) -> Vec<&'a str> {
    let full = full_name(urls, name);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(name, _)| *name == full)
        .map(|(_, value)| value)
        .collect()
}

/// The value sent under this name; `None` when there is none or more than one.
pub fn cookie_value<'a>(headers: &'a HeaderMap, urls: &Urls, name: &str) -> Option<&'a str> {
    match cookies(headers, urls, name).as_slice() {
        [one] => Some(one),
        _ => None,
    }
}

/// A `Set-Cookie` value: HttpOnly, SameSite=Lax, Secure under TLS, for this host and all its paths. Without
/// `lasting` it goes when the browser is closed. `value` is made of URL-safe characters.
pub fn cookie(urls: &Urls, name: &str, value: &str, lasting: Option<Duration>) -> HeaderValue {
    let mut text = format!(
        "{}={value}; Path=/; HttpOnly; SameSite=Lax",
        full_name(urls, name)
    );
    if urls.is_secure() {
        text.push_str("; Secure");
    }
    if let Some(lasting) = lasting {
        text.push_str(&format!("; Max-Age={}", lasting.as_secs()));
    }
    HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// A `Set-Cookie` value that removes the cookie.
pub fn clear_cookie(urls: &Urls, name: &str) -> HeaderValue {
    cookie(urls, name, "", Some(Duration::ZERO))
}
