//! With whom this server speaks: blocked, limited and allowed servers, and the allow-list.
//!
//! A rule names a host and holds for its subdomains on every port; a rule that names a port holds for this
//! port of this host alone. The most precise rule decides. Owns the table `federation_domain`. The rules
//! are kept in memory; a number in the database says when they have changed, so that the command line and
//! other processes are heard at once.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use platform::store::{set_setting, setting, setting_in};
use platform::{StoreError, Timestamp, Tx};
use tokio::time::Instant;
use url::Url;

use crate::store::domains as store;
use crate::{Ctx, address};

/// How long the rules are believed without looking whether they changed.
const FRESH: Duration = Duration::from_millis(50);
/// The setting that changes when a rule does.
const VERSION: &str = "federation.rules";

/// What is decided about a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rule {
    /// Nothing is taken from it, nothing fetched there, nothing sent there.
    Block,
    /// It is heard, but shown to nobody who did not ask for it.
    Limit,
    /// Let in when only listed servers are, and in spite of a block of its parent domain.
    Allow,
}

impl Rule {
    /// The name in the database and on the command line.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Block => "block",
            Self::Limit => "limit",
            Self::Allow => "allow",
        }
    }

    /// What [`Self::code`] gave.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Block, Self::Limit, Self::Allow]
            .into_iter()
            .find(|rule| rule.code() == code)
    }
}

platform::coded!(Rule);

/// A rule as stored.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct DomainRule {
    /// `example.org`, or `example.org:8443`, in ASCII.
    pub host: String,
    /// What is decided.
    pub rule: Rule,
    /// Why, for the operators.
    pub reason: String,
    /// Since when.
    pub created_at: Timestamp,
}

/// How we stand with a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing against it.
    Open,
    /// Heard, not shown around.
    Limited,
    /// Shut out.
    Blocked,
}

/// The text is no name of a server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no name of a server")]
pub struct NoHost(pub String);

/// Why a rule was not written.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// The text is no name of a server.
    #[error(transparent)]
    Host(#[from] NoHost),
    /// From the driver.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// All rules at one moment.
#[derive(Debug, Default)]
pub(crate) struct Rules(std::collections::HashMap<String, Rule>);

impl Rules {
    fn of(rows: Vec<DomainRule>) -> Self {
        Self(rows.into_iter().map(|row| (row.host, row.rule)).collect())
    }

    /// The most precise rule: host with port, host, parent domains.
    fn find(&self, host: &str, port: Option<u16>) -> Option<Rule> {
        if let Some(rule) = port.and_then(|port| self.0.get(&format!("{host}:{port}"))) {
            return Some(*rule);
        }
        let is_number = host.starts_with('[') || host.parse::<std::net::Ipv4Addr>().is_ok();
        let mut name = host;
        loop {
            if let Some(rule) = self.0.get(name) {
                return Some(*rule);
            }
            match name.split_once('.') {
                Some((_, parent)) if !is_number && !parent.is_empty() => name = parent,
                _ => return None,
            }
        }
    }

    fn standing(&self, url: &Url, listed_only: bool) -> Standing {
        let host = url.host_str().unwrap_or_default().trim_end_matches('.');
        match self.find(host, url.port_or_known_default()) {
            Some(Rule::Block) => Standing::Blocked,
            Some(Rule::Allow) => Standing::Open,
            Some(Rule::Limit) if !listed_only => Standing::Limited,
            Some(Rule::Limit) | None if listed_only => Standing::Blocked,
            Some(Rule::Limit) | None => Standing::Open,
        }
    }
}

/// The name of a server as rules hold it: ASCII, lower case, without scheme, path, user or last dot; the
/// port stays if one is written.
///
/// # Errors
/// [`NoHost`] for a text that is none.
pub fn host_of(text: &str) -> Result<String, NoHost> {
    let wrong = || NoHost(text.to_owned());
    let bare = text.trim().trim_start_matches("*.").trim_start_matches('@');
    let bare = bare.split_once("://").map_or(bare, |(_, rest)| rest);
    let bare = bare.split(['/', '?', '#']).next().unwrap_or_default();
    let bare = bare.rsplit('@').next().unwrap_or_default();
    let url = Url::parse(&format!("http://{bare}/")).map_err(|_unreadable| wrong())?;
    let host = url
        .host_str()
        .map(|host| host.trim_end_matches('.'))
        .filter(|host| !host.is_empty())
        .ok_or_else(wrong)?;
    // The parser drops `:80`; written, it was meant.
    let port = url.port().or_else(|| bare.ends_with(":80").then_some(80));
    Ok(port.map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

/// Decides about a server; an older rule about it is replaced. Gives the name as stored.
///
/// # Errors
/// [`PolicyError::Host`] when `host` is no name of a server.
pub async fn add(ctx: &Ctx, host: &str, rule: Rule, reason: &str) -> Result<String, PolicyError> {
    let host = host_of(host)?;
    let row = DomainRule {
        host: host.clone(),
        rule,
        reason: reason.to_owned(),
        created_at: ctx.clock.now(),
    };
    let mut tx = ctx.db.begin().await?;
    store::put(&mut tx, &row).await?;
    changed(ctx, &mut tx).await?;
    tx.commit().await?;
    forget(ctx);
    Ok(host)
}

/// Takes a rule back; `false` when there was none.
///
/// # Errors
/// [`PolicyError::Host`] when `host` is no name of a server.
pub async fn remove(ctx: &Ctx, host: &str) -> Result<bool, PolicyError> {
    let host = host_of(host)?;
    let mut tx = ctx.db.begin().await?;
    let removed = store::remove(&mut tx, &host).await?;
    changed(ctx, &mut tx).await?;
    tx.commit().await?;
    forget(ctx);
    Ok(removed)
}

/// All rules, by host.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn list(ctx: &Ctx) -> Result<Vec<DomainRule>, StoreError> {
    store::all(&ctx.db).await
}

/// How we stand with the server of an address. Our own server is always open.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn standing(ctx: &Ctx, address: &str) -> Result<Standing, StoreError> {
    match address::parse(address) {
        Some(url) => standing_of(ctx, &url).await,
        None => Ok(Standing::Blocked),
    }
}

/// Whether nothing may go to or come from the server of an address.
///
/// # Errors
/// [`StoreError`] from the driver.
pub async fn is_blocked(ctx: &Ctx, address: &str) -> Result<bool, StoreError> {
    Ok(standing(ctx, address).await? == Standing::Blocked)
}

pub(crate) async fn standing_of(ctx: &Ctx, url: &Url) -> Result<Standing, StoreError> {
    if ctx.urls.is_ours(url.as_str()) {
        return Ok(Standing::Open);
    }
    Ok(rules(ctx).await?.standing(url, ctx.federation().allow_list))
}

/// [`is_blocked`] inside a transaction, which must not wait for a second connection.
pub(crate) async fn is_blocked_in(ctx: &Ctx, tx: &mut Tx, address: &str) -> Result<bool, StoreError> {
    let Some(url) = address::parse(address) else {
        return Ok(true);
    };
    let version = setting_in(tx, VERSION).await?;
    let rules = match kept(ctx).filter(|kept| kept.version == version) {
        Some(kept) => kept.rules,
        None => keep(ctx, version, Arc::new(Rules::of(store::all_in(tx).await?))),
    };
    let shut_out = rules.standing(&url, ctx.federation().allow_list) == Standing::Blocked;
    Ok(shut_out && !ctx.urls.is_ours(address))
}

async fn rules(ctx: &Ctx) -> Result<Arc<Rules>, StoreError> {
    let kept = kept(ctx);
    if let Some(kept) = &kept
        && kept.checked.elapsed() < FRESH
    {
        return Ok(kept.rules.clone());
    }
    // The version first: should the rules change in between, they are read again next time.
    let version = setting(&ctx.db, VERSION).await?;
    let rules = match kept.filter(|kept| kept.version == version) {
        Some(kept) => kept.rules,
        None => Arc::new(Rules::of(store::all(&ctx.db).await?)),
    };
    Ok(keep(ctx, version, rules))
}

/// The rules as they were when they were last looked at.
#[derive(Debug, Clone)]
pub(crate) struct KeptRules {
    checked: Instant,
    version: Option<String>,
    rules: Arc<Rules>,
}

fn kept(ctx: &Ctx) -> Option<KeptRules> {
    let kept = ctx.memory().rules.read();
    kept.unwrap_or_else(PoisonError::into_inner).clone()
}

fn keep(ctx: &Ctx, version: Option<String>, rules: Arc<Rules>) -> Arc<Rules> {
    let kept = KeptRules {
        checked: Instant::now(),
        version,
        rules: rules.clone(),
    };
    let mut place = ctx.memory().rules.write().unwrap_or_else(PoisonError::into_inner);
    *place = Some(kept);
    rules
}

/// Tells every process that the rules are others now.
async fn changed(ctx: &Ctx, tx: &mut Tx) -> Result<(), StoreError> {
    set_setting(tx, VERSION, &ctx.new_id().to_string()).await
}

/// This process looks again at once.
fn forget(ctx: &Ctx) {
    *ctx.memory().rules.write().unwrap_or_else(PoisonError::into_inner) = None;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(list: &[(&str, Rule)]) -> Rules {
        Rules(
            list.iter()
                .map(|(host, rule)| (host_of(host).unwrap(), *rule))
                .collect(),
        )
    }

    fn standing(rules: &Rules, url: &str) -> Standing {
        rules.standing(&Url::parse(url).unwrap(), false)
    }

    #[test]
    fn a_host_is_one_however_it_is_written() {
        for text in [
            "méudon.example.org",
            "MÉUDON.example.org.",
            " xn--mudon-bsa.example.org ",
            "https://méudon.example.org/@a",
            "@a@méudon.example.org",
            "*.méudon.example.org",
        ] {
            assert_eq!(host_of(text).unwrap(), "xn--mudon-bsa.example.org", "{text}");
        }
        assert_eq!(host_of("Example.org:8443").unwrap(), "example.org:8443");
        assert_eq!(host_of("[::1]:80").unwrap(), "[::1]:80");
        for text in ["", "  ", "http://", "a b", "exa%mple", "."] {
            assert!(host_of(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_block_holds_for_subdomains_and_ports_and_for_nothing_that_only_looks_alike() {
        let rules = rules(&[("example.org", Rule::Block), ("bon.example.org", Rule::Allow)]);
        for url in [
            "https://example.org/",
            "https://EXAMPLE.org:8443/",
            "http://a.b.example.org/",
            "https://example.org./",
        ] {
            assert_eq!(standing(&rules, url), Standing::Blocked, "{url}");
        }
        for url in [
            "https://notexample.org/",
            "https://example.org.evil.test/",
            "https://bon.example.org/",
            "https://x.bon.example.org/",
            "https://org/",
        ] {
            assert_eq!(standing(&rules, url), Standing::Open, "{url}");
        }
    }

    #[test]
    fn a_rule_with_a_port_holds_for_this_port_alone() {
        let rules = rules(&[("127.0.0.1:4000", Rule::Block)]);
        assert_eq!(standing(&rules, "http://127.0.0.1:4000/"), Standing::Blocked);
        assert_eq!(standing(&rules, "http://127.0.0.1:4001/"), Standing::Open);
    }

    #[test]
    fn with_an_allow_list_the_unnamed_are_shut_out() {
        let rules = rules(&[("example.org", Rule::Allow), ("mou.example.org", Rule::Limit)]);
        let listed = |url: &str| rules.standing(&Url::parse(url).unwrap(), true);
        assert_eq!(listed("https://a.example.org/"), Standing::Open);
        assert_eq!(listed("https://autre.test/"), Standing::Blocked);
        assert_eq!(listed("https://mou.example.org/"), Standing::Blocked);
        assert_eq!(standing(&rules, "https://mou.example.org/"), Standing::Limited);
    }
}
