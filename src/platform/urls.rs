//! The addresses of this server, all made from its base URL.

use url::Url;

/// Builds absolute addresses of this server.
#[derive(Debug, Clone)]
pub struct Urls {
    base: Url,
    text: String,
}

impl Urls {
    /// `base` is an origin without path: `https://parvis.example.org`.
    pub fn new(base: Url) -> Self {
        let text = base.origin().ascii_serialization();
        Self { base, text }
    }

    /// The origin, without slash at the end.
    pub fn base(&self) -> &str {
        &self.text
    }

    /// `path` begins with a slash.
    pub fn to(&self, path: &str) -> String {
        format!("{}{path}", self.text)
    }

    /// Host and, unless it is the scheme's own, port: what stands behind the second `@` of a handle.
    pub fn authority(&self) -> &str {
        self.text
            .split_once("://")
            .map_or(self.text.as_str(), |(_, authority)| authority)
    }

    /// Whether the address is of this server (same scheme, host and port).
    pub fn is_ours(&self, url: &str) -> bool {
        Url::parse(url).is_ok_and(|url| url.origin() == self.base.origin())
    }

    /// The path of one of our own addresses, `None` for a foreign one.
    pub fn path_of<'a>(&self, url: &'a str) -> Option<&'a str> {
        let rest = url.strip_prefix(&self.text)?;
        (rest.is_empty() || rest.starts_with('/')).then_some(rest)
    }

    /// Whether browsers reach us over TLS.
    pub fn is_secure(&self) -> bool {
        self.base.scheme() == "https"
    }

    /// Whether the base URL names this machine only (loopback, `localhost`) or a `.test` name (RFC 6761).
    pub fn is_local(&self) -> bool {
        match self.base.host() {
            Some(url::Host::Domain(name)) => {
                name == "localhost" || name.ends_with(".localhost") || name.ends_with(".test")
            }
            Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
            Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn urls(base: &str) -> Urls {
        Urls::new(Url::parse(base).unwrap())
    }

    #[test]
    fn the_port_is_part_of_who_we_are() {
        let here = urls("http://127.0.0.1:8080");
        assert_eq!(here.authority(), "127.0.0.1:8080");
        assert!(here.is_ours("http://127.0.0.1:8080/ap/actors/1"));
        assert!(!here.is_ours("http://127.0.0.1:8081/ap/actors/1"));
        assert!(!here.is_ours("https://127.0.0.1:8080/ap/actors/1"));
        assert_eq!(here.path_of("http://127.0.0.1:8080/a"), Some("/a"));
        assert_eq!(here.path_of("http://127.0.0.1:80801/a"), None);
    }

    #[test]
    fn a_public_name_is_not_local() {
        assert!(urls("https://mairie-a.test").is_local());
        assert!(urls("http://[::1]:3000").is_local());
        assert!(!urls("https://parvis.example.org").is_local());
    }
}
