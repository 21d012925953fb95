//! The settings: addresses, proxies, the legal notice, the way of the mails.

use std::net::IpAddr;
use std::path::Path;

use app::Settings;
use platform::mail::{Mailer, Transport};
use platform::urls::Urls;
use url::{Host, Url};

use super::Finding;

pub(super) fn look(file: Option<&Path>, settings: &Settings) -> Vec<Finding> {
    let from = file.map_or("no file: the defaults and the environment".to_owned(), |path| {
        path.display().to_string()
    });
    let mut findings = vec![Finding::good("settings", from)];
    match Url::parse(&settings.base_url()) {
        Ok(url) => {
            findings.push(base_url(&url));
            findings.push(proxy(settings, &Urls::new(url)));
        }
        Err(_) => findings.push(Finding::wrong(
            "base URL",
            format!("server.base_url: `{}` is not an address", settings.base_url()),
        )),
    }
    findings.extend(unreadable_proxies(settings));
    findings.push(federation(settings));
    findings.push(legal(settings));
    findings
}

fn base_url(url: &Url) -> Finding {
    let about = "base URL";
    let bare = url.path() == "/" && url.query().is_none() && url.username().is_empty();
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() || !bare {
        return Finding::wrong(
            about,
            format!("server.base_url: {url} must be https://host and nothing else"),
        );
    }
    if Urls::new(url.clone()).is_local() {
        return Finding::attention(
            about,
            format!(
                "{url} is for trials: other servers cannot reach it. Set server.base_url before the first start"
            ),
        );
    }
    if url.scheme() == "http" {
        return Finding::wrong(
            about,
            format!("{url} has no TLS: cookies and passwords would go in the clear. Use https"),
        );
    }
    match url.host() {
        Some(Host::Domain(name)) if name.contains('.') => Finding::good(about, url.as_str()),
        Some(Host::Domain(name)) => Finding::wrong(
            about,
            format!("`{name}` is a name of a local network: other servers cannot find it"),
        ),
        _ => Finding::attention(
            about,
            format!("{url} is a number: actors are called by it for ever. Use a name"),
        ),
    }
}

fn proxy(settings: &Settings, urls: &Urls) -> Finding {
    let about = "proxy";
    let listen = settings.server.listen;
    let alone = settings.server.trusted_proxies.is_empty();
    match (urls.is_secure(), listen.ip().is_loopback(), alone) {
        (true, _, true) => Finding::attention(
            about,
            "Parvis itself speaks no TLS, so a proxy stands before it, and server.trusted_proxies is empty: all visitors \
             would count as one for the limits of requests. Name the proxy's address, [\"127.0.0.1\"] if it is here",
        ),
        (true, false, false) => Finding::attention(
            about,
            format!(
                "{listen} can be reached without the proxy: listen on 127.0.0.1, or close the port to others"
            ),
        ),
        (false, false, _) => Finding::attention(
            about,
            format!("{listen} answers other machines without TLS: only for a trial"),
        ),
        (true, true, false) => Finding::good(
            about,
            format!(
                "X-Forwarded-For is believed from {}",
                settings.server.trusted_proxies.join(", ")
            ),
        ),
        (false, true, _) => Finding::good(about, format!("{listen}, for this machine only")),
    }
}

/// An address or a network, `10.0.0.0/8`.
fn is_network(text: &str) -> bool {
    let (address, length) = text.split_once('/').unwrap_or((text, "0"));
    match (address.parse::<IpAddr>(), length.parse::<u8>()) {
        (Ok(IpAddr::V4(_)), Ok(length)) => length <= 32,
        (Ok(IpAddr::V6(_)), Ok(length)) => length <= 128,
        _ => false,
    }
}

fn unreadable_proxies(settings: &Settings) -> Vec<Finding> {
    let all = settings.server.trusted_proxies.iter();
    all.filter(|text| !is_network(text))
        .map(|text| {
            Finding::wrong(
                "proxy",
                format!("server.trusted_proxies: `{text}` is neither an address nor a network"),
            )
        })
        .collect()
}

fn federation(settings: &Settings) -> Finding {
    let about = "federation";
    let config = &settings.federation;
    let missing = config.ca_file.as_deref().filter(|path| !path.is_file());
    if let Some(path) = missing {
        return Finding::wrong(
            about,
            format!("federation.ca_file: there is no file {}", path.display()),
        );
    }
    let local = Url::parse(&settings.base_url()).is_ok_and(|url| Urls::new(url).is_local());
    if config.allow_loopback && !local {
        return Finding::wrong(
            about,
            "federation.allow_loopback lets anybody reach into this machine's own network: turn it off",
        );
    }
    if !config.enabled {
        return Finding::attention(about, "off: no other server is spoken to (federation.enabled)");
    }
    if config.allow_list {
        return Finding::good(about, "on, with the servers that `parvis domain allow` named");
    }
    Finding::good(about, "on")
}

fn legal(settings: &Settings) -> Finding {
    let missing = settings.instance.missing_legal_keys();
    if missing.is_empty() {
        Finding::good("legal notice", "complete")
    } else {
        Finding::attention(
            "legal notice",
            format!(
                "a public site must say more; set in [instance]: {}",
                missing.join(", ")
            ),
        )
    }
}

/// Tries the way of the mails.
pub(super) async fn mail(settings: &Settings) -> Finding {
    let about = "mail";
    let Ok(base) = Url::parse(&settings.base_url()) else {
        return Finding::attention(about, "not tried: the base URL must be right first");
    };
    let local = Urls::new(base.clone()).is_local();
    let mailer = match Mailer::new(
        &settings.mail,
        &settings.server.data_dir,
        &base,
        &settings.instance.name,
    ) {
        Ok(mailer) => mailer,
        Err(error) => return Finding::wrong(about, error.to_string()),
    };
    match (settings.mail.transport, mailer.check().await) {
        (Transport::Smtp, Ok(())) => Finding::good(about, format!("{} lets us in", settings.mail.host)),
        (Transport::Smtp, Err(why)) => Finding::wrong(
            about,
            format!(
                "{}: {why}. Look at [mail]: host, port, encryption, user, password",
                settings.mail.host
            ),
        ),
        (Transport::File, Err(why)) => Finding::wrong(about, format!("mails cannot be written: {why}")),
        (Transport::File, Ok(())) if local => Finding::good(about, "written into a folder, for trials"),
        (Transport::File, Ok(())) => Finding::attention(
            about,
            "written into a folder and sent to nobody: nobody can make an account. Set mail.transport = \"smtp\"",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Grade;
    use super::*;

    fn grade(base: &str) -> Grade {
        base_url(&Url::parse(base).unwrap()).grade
    }

    #[test]
    fn a_public_address_is_https_and_a_name() {
        assert_eq!(grade("https://parvis.example.org"), Grade::Good);
        for trial in [
            "http://127.0.0.1:8080",
            "https://mairie.test",
            "https://192.0.2.7",
        ] {
            assert_eq!(grade(trial), Grade::Attention, "{trial}");
        }
        for wrong in [
            "http://parvis.example.org",
            "https://serveur/",
            "https://parvis.example.org/eze",
            "ftp://parvis.example.org",
        ] {
            assert_eq!(grade(wrong), Grade::Wrong, "{wrong}");
        }
    }

    #[test]
    fn proxies_are_addresses_or_networks() {
        for good in ["127.0.0.1", "::1", "10.0.0.0/8", "fd00::/8"] {
            assert!(is_network(good), "{good}");
        }
        for wrong in ["proxy.example.org", "10.0.0.0/33", "", "127.0.0.1/", "10.0.0"] {
            assert!(!is_network(wrong), "{wrong}");
        }
    }

    #[tokio::test]
    async fn a_public_server_that_sends_no_mail_is_told_so() {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::default();
        settings.server.data_dir = folder.path().to_path_buf();
        assert_eq!(mail(&settings).await.grade, Grade::Good);
        settings.server.base_url = "https://parvis.example.org".to_owned();
        assert_eq!(mail(&settings).await.grade, Grade::Attention);
        settings.mail.transport = Transport::Smtp;
        assert_eq!(mail(&settings).await.grade, Grade::Wrong, "no host is named");
    }
}
