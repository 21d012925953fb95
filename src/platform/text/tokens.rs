//! Addresses, mentions and hashtags inside a text.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;
use url::Url;

use super::fold;

/// Longest user name of a mention.
const LONGEST_USER: usize = 64;
/// Longest hashtag, in characters.
const LONGEST_HASHTAG: usize = 100;
/// Longest address made a link.
const LONGEST_URL: usize = 2048;

/// `@user` or `@user@host`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Mention {
    /// The name, as typed.
    pub user: String,
    /// The host in lower case, with its port if one was typed; none for somebody of this server.
    pub host: Option<String>,
}

/// `#mot`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hashtag {
    /// The word as typed, without `#`.
    pub display: String,
    /// The form by which hashtags are grouped ([`fold`]).
    pub folded: String,
}

/// What stands at some place of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A web address; where it leads.
    Url(Url),
    /// An e-mail address.
    Email,
    Mention(Mention),
    Hashtag(Hashtag),
}

/// Finds all tokens of `text`, in order, none within another.
pub(super) fn find(text: &str) -> Vec<(Range<usize>, Token)> {
    let mut found: Vec<(Range<usize>, Token)> = Vec::new();
    let mut done = 0;
    let mut previous = None;
    for (at, c) in text.char_indices() {
        if at >= done {
            let candidate = match c {
                'h' | 'H' | 'w' | 'W' if !previous.is_some_and(is_word) => {
                    let (end, found) = url_at(text, at);
                    // What begins like an address and is none is not looked at again.
                    done = end;
                    found
                }
                '@' => email_around(text, done, at).or_else(|| mention_at(text, at, previous)),
                '#' => hashtag_at(text, at, previous),
                _ => None,
            };
            if let Some((range, token)) = candidate {
                done = range.end;
                found.push((range, token));
            }
        }
        previous = Some(c);
    }
    found
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || is_combining_mark(c)
}

/// The address that begins at `at`, and where to look on.
fn url_at(text: &str, at: usize) -> (usize, Option<(Range<usize>, Token)>) {
    let rest = text.get(at..).unwrap_or_default();
    let starts = |prefix: &str| {
        rest.get(..prefix.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    let scheme = if starts("http://") || starts("https://") {
        ""
    } else if starts("www.") {
        "https://"
    } else {
        return (at, None);
    };
    let run = rest.find(|c| !is_in_url(c)).unwrap_or(rest.len());
    let typed = trim_url(rest.get(..run).unwrap_or_default());
    let found = address(scheme, typed).map(|url| (at..at + typed.len(), Token::Url(url)));
    let end = found.as_ref().map_or(at + run, |(range, _)| range.end);
    (end, found)
}

fn address(scheme: &str, typed: &str) -> Option<Url> {
    if typed.len() > LONGEST_URL {
        return None;
    }
    let url = Url::parse(&format!("{scheme}{typed}")).ok()?;
    let host = url.host_str()?;
    let is_named = scheme.is_empty() || host.trim_start_matches("www.").contains('.');
    (is_named && url.username().is_empty() && url.password().is_none()).then_some(url)
}

fn is_in_url(c: char) -> bool {
    !c.is_whitespace()
        && !c.is_control()
        && !matches!(
            c,
            '<' | '>' | '"' | '`' | '{' | '}' | '|' | '^' | '\\' | '[' | ']' | '«' | '»' | '“' | '”'
        )
}

/// Leaves the punctuation of the sentence out, and a closing parenthesis that was opened before the address.
fn trim_url(typed: &str) -> &str {
    let mut balance = 0_i64;
    for c in typed.chars() {
        balance += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
    }
    let mut end = typed;
    while let Some(last) = end.chars().next_back() {
        let falls = match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '’' | '…' | '*' | '_' | '~' => true,
            ')' if balance < 0 => {
                balance += 1;
                true
            }
            _ => false,
        };
        if !falls {
            break;
        }
        end = end.get(..end.len() - last.len_utf8()).unwrap_or_default();
    }
    end
}

fn email_around(text: &str, done: usize, at: usize) -> Option<(Range<usize>, Token)> {
    let is_local = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-');
    let before = text.get(done..at)?;
    let local = before.len() - before.trim_end_matches(is_local).len();
    let start = at - local;
    let name = text.get(start..at)?;
    let before_name = text.get(..start)?.chars().next_back();
    if local == 0
        || local > LONGEST_USER
        || name.starts_with('.')
        || name.ends_with('.')
        || before_name.is_some_and(|c| is_word(c) || matches!(c, '@' | '/' | ':' | '\\'))
    {
        return None;
    }
    let (length, _) = host_length(text.get(at + 1..)?)?;
    let host = text.get(at + 1..at + 1 + length)?;
    let top = host.rsplit('.').next()?;
    (host.contains('.') && top.len() >= 2 && top.bytes().all(|b| b.is_ascii_alphabetic()))
        .then(|| (start..at + 1 + length, Token::Email))
}

fn mention_at(text: &str, at: usize, previous: Option<char>) -> Option<(Range<usize>, Token)> {
    if previous.is_some_and(|c| is_word(c) || matches!(c, '@' | '/' | '\\' | '.' | '-')) {
        return None;
    }
    let rest = text.get(at + 1..)?;
    let run = rest
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-')))
        .unwrap_or(rest.len());
    let user = rest.get(..run)?.trim_end_matches(['.', '-']);
    if user.is_empty() || user.len() > LONGEST_USER || user.starts_with(['.', '-']) {
        return None;
    }
    let after = rest.get(user.len()..)?;
    // `@josé` is not a mention of `jos`.
    if after.chars().next().is_some_and(is_word) {
        return None;
    }
    let mut end = at + 1 + user.len();
    let mut host = None;
    if let Some(from) = after.strip_prefix('@') {
        let (length, port) = host_length(from)?;
        let total = length + port;
        host = Some(from.get(..total)?.to_lowercase());
        end += 1 + total;
    }
    let mention = Mention {
        user: user.to_owned(),
        host,
    };
    Some((at..end, Token::Mention(mention)))
}

/// The length of the host at the start of `text`, and of the `:port` after it.
fn host_length(text: &str) -> Option<(usize, usize)> {
    let run = text
        .find(|c: char| !(c.is_alphanumeric() || is_combining_mark(c) || matches!(c, '.' | '-')))
        .unwrap_or(text.len());
    let host = text.get(..run)?.trim_end_matches(['.', '-']);
    if host.is_empty() || host.len() > 253 || host.starts_with(['.', '-']) || host.contains("..") {
        return None;
    }
    let port = text
        .get(host.len()..)?
        .strip_prefix(':')
        .map_or(0, |from| from.bytes().take_while(u8::is_ascii_digit).count());
    let port = if (1..=5).contains(&port) { port + 1 } else { 0 };
    Some((host.len(), port))
}

fn hashtag_at(text: &str, at: usize, previous: Option<char>) -> Option<(Range<usize>, Token)> {
    if previous.is_some_and(|c| is_word(c) || matches!(c, '#' | '/' | '&' | '\\')) {
        return None;
    }
    let rest = text.get(at + 1..)?;
    let run = rest.find(|c: char| !is_word(c) && c != '·').unwrap_or(rest.len());
    let display = rest.get(..run)?.trim_end_matches('·');
    if display.chars().count() > LONGEST_HASHTAG || !display.chars().any(char::is_alphabetic) {
        return None;
    }
    let hashtag = Hashtag {
        display: display.to_owned(),
        folded: fold(display).replace('·', ""),
    };
    Some((at..at + 1 + display.len(), Token::Hashtag(hashtag)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        find(text).into_iter().map(|(range, _)| &text[range]).collect()
    }

    #[test]
    fn addresses_end_where_the_sentence_goes_on() {
        for (text, url) in [
            ("Voir https://eze.fr.", "https://eze.fr"),
            ("Voir https://eze.fr/a?b=c&d#e, puis", "https://eze.fr/a?b=c&d#e"),
            ("(https://eze.fr)", "https://eze.fr"),
            (
                "https://fr.wikipedia.org/wiki/Eze_(France)",
                "https://fr.wikipedia.org/wiki/Eze_(France)",
            ),
            ("«https://eze.fr»", "https://eze.fr"),
            ("**https://eze.fr/x**", "https://eze.fr/x"),
            ("[https://eze.fr](https://eze.fr)", "https://eze.fr"),
            ("www.eze.fr !", "www.eze.fr"),
            ("HTTPS://EZE.FR/A", "HTTPS://EZE.FR/A"),
            (
                "https://mastodon.example/@maire/123",
                "https://mastodon.example/@maire/123",
            ),
        ] {
            assert_eq!(found(text).first(), Some(&url), "{text}");
        }
        for text in [
            "xhttps://eze.fr",
            "https://",
            "http:///",
            "www.eze",
            "https://a:b@eze.fr/",
            "javascript:alert(1)",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn mentions_have_a_user_and_perhaps_a_host() {
        for (text, user, host) in [
            ("@maire-eze", "maire-eze", None),
            ("merci @alice.", "alice", None),
            ("@Alice@Example.ORG, bonjour", "Alice", Some("example.org")),
            ("(@a_b.c@réunion.example)", "a_b.c", Some("réunion.example")),
            ("@a@127.0.0.1:8080!", "a", Some("127.0.0.1:8080")),
            ("@a@example.org: oui", "a", Some("example.org")),
        ] {
            let Some((_, Token::Mention(mention))) = find(text).into_iter().next() else {
                panic!("{text}");
            };
            assert_eq!(mention.user, user, "{text}");
            assert_eq!(mention.host.as_deref(), host, "{text}");
        }
        for text in ["@", "@@", "@.a", "@josé", "a@", "\\@alice", "@a@", "@a@.b", "x@y"] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn an_email_is_not_a_mention() {
        assert_eq!(
            found("écrire à mairie@eze.example.org."),
            ["mairie@eze.example.org"]
        );
        assert_eq!(find("mairie@eze.fr").first().map(|f| &f.1), Some(&Token::Email));
        assert_eq!(found("mairie@eze"), Vec::<&str>::new());
    }

    #[test]
    fn hashtags_hold_a_letter_and_stop_at_punctuation() {
        assert_eq!(
            found("#voirie, #Été2026 (#a_b) #vide-grenier ##non a#non #12 #été!"),
            ["#voirie", "#Été2026", "#a_b", "#vide", "#été"]
        );
        let Some((_, Token::Hashtag(tag))) = find("#Cœur·s").into_iter().next() else {
            panic!("no hashtag");
        };
        assert_eq!((tag.display.as_str(), tag.folded.as_str()), ("Cœur·s", "coeurs"));
    }

    #[test]
    fn long_hostile_texts_take_linear_time() {
        for pattern in [
            "@",
            "a@",
            "#",
            "#a",
            "https://",
            "www.",
            "(",
            "http://a)",
            "@a@a",
            "a.",
            "é",
        ] {
            let text = pattern.repeat(200_000 / pattern.len());
            let start = std::time::Instant::now();
            let _ = find(&text);
            assert!(start.elapsed().as_secs() < 5, "{pattern}");
        }
    }
}
