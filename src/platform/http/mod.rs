//! The only HTTP client of the product.
//!
//! Every request that leaves goes through [`Client`]: to other servers, to link previews, to push services. It owns the
//! guard against requests into our own network (checked when connecting, on every hop), the redirects, the deadlines
//! and the size limits, so that no caller can forget them. It keeps one connection pool and one TLS configuration for
//! the process. It refuses proxies from the environment, cookies, credentials in URLs and, outside trials, plain http.

mod address;
mod error;
mod request;
mod resolve;
mod tls;

#[cfg(test)]
mod test_server;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, StatusCode};
use mediatype::MediaTypeBuf;
use url::Url;

pub use self::address::{is_loopback, is_public};
pub use self::error::{HttpError, Refusal};
pub use self::request::RetryAfter;
pub use bytes::Bytes;

/// How the client is set up; filled by the composition from the configuration.
#[derive(Debug, Clone)]
pub struct Options {
    /// Our own address, named in the `User-Agent`.
    pub base_url: Url,
    /// Lets loopback addresses and plain http in, for trials and tests.
    pub allow_loopback: bool,
    /// A PEM file of further certificate authorities to trust.
    pub ca_file: Option<PathBuf>,
    /// Time to find the name, connect and agree on TLS.
    pub connect_timeout: Duration,
    /// Names answered without asking the system; the guard still looks at the addresses. For tests.
    pub known_hosts: HashMap<String, Vec<IpAddr>>,
}

impl Options {
    /// The usual set-up for a server at `base_url`.
    pub fn new(base_url: Url) -> Self {
        Self {
            base_url,
            allow_loopback: false,
            ca_file: None,
            connect_timeout: Duration::from_secs(5),
            known_hosts: HashMap::new(),
        }
    }
}

/// What one fetch may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Time for everything: all hops, headers and bodies.
    pub deadline: Duration,
    /// Largest body, counted after decompression.
    pub max_bytes: usize,
    /// Redirects followed at most.
    pub max_redirects: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            deadline: Duration::from_secs(10),
            max_bytes: 1024 * 1024,
            max_redirects: 3,
        }
    }
}

/// The answer to a GET, complete.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// Where the answer came from, after redirects; without fragment.
    pub final_url: Url,
    /// The status of the last hop. Any status is an answer, not an error.
    pub status: StatusCode,
    /// The media type, when there is one and it can be read.
    pub content_type: Option<MediaTypeBuf>,
    /// All headers of the last hop.
    pub headers: HeaderMap,
    /// The body, decompressed. Of an answer that is not a success only the beginning is kept.
    pub body: Bytes,
}

/// The answer to a POST.
#[derive(Debug, Clone)]
pub struct Posted {
    /// The status; redirects are not followed, they are answers.
    pub status: StatusCode,
    /// When the peer wants to hear from us again.
    pub retry_after: Option<RetryAfter>,
    /// All headers.
    pub headers: HeaderMap,
    /// The first few hundred characters of the body on one line, for the log of failures.
    pub body_excerpt: String,
}

/// The client; clones share one pool.
#[derive(Debug, Clone)]
pub struct Client {
    /// For reading: HTTP/2 where the server speaks it.
    reading: reqwest::Client,
    /// For posting: HTTP/1.1, one request after the other on a connection that stays open. That costs less than
    /// HTTP/2 where there is never more than one under way for a server.
    posting: reqwest::Client,
    allow_loopback: bool,
}

/// The client cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// The file of certificate authorities cannot be used.
    #[error("certificate authorities in {}: {reason}", path.display())]
    Authorities {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Anything else.
    #[error("HTTP client: {0}")]
    Client(String),
}

impl Client {
    /// Builds the client; reads the system's certificate authorities once.
    pub fn new(options: Options) -> Result<Self, SetUpError> {
        let agent = format!(
            "Parvis/{} (+{})",
            env!("CARGO_PKG_VERSION"),
            options.base_url.as_str().trim_end_matches('/')
        );
        let tls = tls::config(options.ca_file.as_deref())?;
        let mut plain = tls.clone();
        plain.alpn_protocols = vec![b"http/1.1".to_vec()];
        let resolver = Arc::new(resolve::GuardedResolver::new(
            options.allow_loopback,
            options.known_hosts,
        ));
        let build = |tls| builder(&agent, options.connect_timeout, resolver.clone(), tls);
        Ok(Self {
            reading: build(tls)?,
            posting: build(plain)?,
            allow_loopback: options.allow_loopback,
        })
    }
}

fn builder(
    agent: &str,
    connect_timeout: Duration,
    resolver: Arc<resolve::GuardedResolver>,
    tls: rustls::ClientConfig,
) -> Result<reqwest::Client, SetUpError> {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place where the client is built"
    )]
    let builder = reqwest::Client::builder();
    builder
        .user_agent(agent)
        .tls_backend_preconfigured(tls)
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .connect_timeout(connect_timeout)
        .pool_idle_timeout(Duration::from_mins(1))
        .pool_max_idle_per_host(4)
        .tcp_nodelay(true)
        .dns_resolver(resolver)
        .build()
        .map_err(|error| SetUpError::Client(error.to_string()))
}
