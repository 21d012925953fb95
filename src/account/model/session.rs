//! Sessions: how long they last, and how a device is named.

use std::time::Duration;

use platform::{Timestamp, id_type};

id_type!(
    /// A signed-in browser.
    SessionId
);

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

/// How long a session lasts: unused, and in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLife {
    /// Without any request.
    pub idle: Duration,
    /// Whatever happens.
    pub whole: Duration,
}

impl SessionLife {
    /// `lasting`: "Garder la connexion sur cet appareil" was ticked.
    pub const fn of(lasting: bool) -> Self {
        if lasting {
            Self {
                idle: Duration::from_secs(60 * DAY),
                whole: Duration::from_secs(365 * DAY),
            }
        } else {
            Self {
                idle: Duration::from_secs(12 * HOUR),
                whole: Duration::from_secs(3 * DAY),
            }
        }
    }

    /// Whether a session is still good.
    pub fn holds(self, seen_at: Timestamp, expires_at: Timestamp, now: Timestamp) -> bool {
        now < expires_at && now.since(seen_at) < self.idle
    }
}

/// A name by which somebody recognises her own device: "Firefox, Android". The version and the rest of what a
/// browser tells of itself are not kept.
pub fn device(user_agent: &str) -> String {
    let has = |word: &str| user_agent.contains(word);
    let browser = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    let system = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("CrOS", "ChromeOS"),
        ("Macintosh", "Mac"),
        ("Linux", "Linux"),
    ];
    let find =
        |names: &[(&str, &'static str)]| names.iter().find(|(sign, _)| has(sign)).map(|(_, name)| *name);
    match (find(&browser), find(&system)) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_named_and_nothing_more() {
        let phone = "Mozilla/5.0 (Android 16; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0";
        assert_eq!(device(phone), "Firefox, Android");
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 \
                    Safari/537.36 Edg/140.0";
        assert_eq!(device(edge), "Edge, Windows");
        let iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                      Version/19.0 Mobile/15E148 Safari/604.1";
        assert_eq!(device(iphone), "Safari, iPhone");
        assert_eq!(device("curl/8"), "");
    }

    #[test]
    fn a_session_ends_unused_and_ends_anyway() {
        let start = Timestamp::from_millis(0);
        let life = SessionLife::of(false);
        let end = start.plus(life.whole);
        let hours = |n: u64| start.plus(Duration::from_secs(n * HOUR));
        assert!(life.holds(start, end, hours(11)));
        assert!(!life.holds(start, end, hours(12)));
        assert!(!life.holds(hours(71), end, hours(72)));
        assert!(SessionLife::of(true).holds(start, hours(9999), hours(24 * 59)));
    }
}
