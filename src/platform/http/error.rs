//! Why a request did not end well.

use std::error::Error as _;

/// A request that was not made because its target is not one we go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Neither `https` nor, in trials, `http`.
    #[error("only https is spoken with other servers")]
    Scheme,
    /// The URL carries a user name or a password.
    #[error("the URL carries credentials")]
    Credentials,
    /// A port where no web server is expected.
    #[error("port {0} is not one of the web")]
    Port(u16),
    /// The URL has no host.
    #[error("the URL names no host")]
    NoHost,
    /// The address, or every address of the name, is not public.
    #[error("the address is not public")]
    PrivateAddress,
    /// A redirect that is missing, unreadable, or leads from https to http.
    #[error("the redirect leads nowhere we follow")]
    Redirect,
    /// More redirects than the caller allows.
    #[error("too many redirects")]
    TooManyRedirects,
}

/// Why a request did not end well.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// The target is not one we go to; nothing was sent there.
    #[error("request refused: {0}")]
    Refused(#[from] Refusal),
    /// The deadline passed, or the connection took too long.
    #[error("no complete answer in time")]
    TimedOut,
    /// No connection: unknown name, closed port, broken TLS.
    #[error("cannot be reached: {0}")]
    Unreachable(String),
    /// The decoded body is larger than the caller allows.
    #[error("the answer is larger than {limit} bytes")]
    TooLarge {
        /// The limit that was passed, in bytes.
        limit: usize,
    },
    /// The connection broke, or what came is not HTTP.
    #[error("the answer is broken: {0}")]
    Broken(String),
    /// The caller's headers for this hop could not be made.
    #[error("the request could not be prepared: {0}")]
    Unprepared(String),
}

impl HttpError {
    /// Tells whether the same request may succeed later.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::TimedOut | Self::Unreachable(_) | Self::Broken(_) => true,
            Self::Refused(_) | Self::TooLarge { .. } | Self::Unprepared(_) => false,
        }
    }

    pub(super) fn of(error: &reqwest::Error) -> Self {
        let mut innermost = None;
        let mut cause = error.source();
        while let Some(deeper) = cause {
            if let Some(refusal) = deeper.downcast_ref::<Refusal>() {
                return Self::Refused(*refusal);
            }
            innermost = Some(deeper);
            cause = deeper.source();
        }
        // The URL is left out: it may hold a token, and the caller knows it anyway.
        let reason = innermost.map_or_else(|| "no reason given".to_owned(), ToString::to_string);
        if error.is_timeout() {
            Self::TimedOut
        } else if error.is_connect() {
            Self::Unreachable(reason)
        } else {
            Self::Broken(reason)
        }
    }
}
