//! Foreign HTML, honest and hostile.

use std::time::{Duration, Instant};

use super::{plain_text, sanitise_remote};

fn clean(html: &str) -> String {
    sanitise_remote(html).into_string()
}

#[test]
fn what_mastodon_sends_stays() {
    let html = "<p><span class=\"h-card\" translate=\"no\"><a href=\"https://m.example/@u\" class=\"u-url mention\">@<span>u</span></a></span> \
                <a href=\"https://m.example/tags/eze\" class=\"mention hashtag\" rel=\"tag\">#<span>eze</span></a><br />\
                <a href=\"https://eze.fr/a\" target=\"_blank\"><span class=\"invisible\">https://</span><span class=\"ellipsis\">eze.fr/a</span></a></p>";
    assert_eq!(
        clean(html),
        "<p><span class=\"h-card\"><a href=\"https://m.example/@u\" class=\"u-url mention\" rel=\"nofollow noopener noreferrer\">@<span>u</span></a></span> \
         <a href=\"https://m.example/tags/eze\" class=\"mention hashtag\" rel=\"nofollow noopener noreferrer\">#<span>eze</span></a><br>\
         <a href=\"https://eze.fr/a\" rel=\"nofollow noopener noreferrer\"><span class=\"invisible\">https://</span><span class=\"ellipsis\">eze.fr/a</span></a></p>"
    );
}

#[test]
fn blocks_are_kept_and_headings_are_not_headings() {
    assert_eq!(
        clean(
            "<h1>Titre</h1><div>un<div>deux</div></div><blockquote>cité<p>encore</p></blockquote><ol start=3><li>a<li>b</ol>fin"
        ),
        "<p><strong>Titre</strong></p><p>un</p><p>deux</p><blockquote><p>cité</p><p>encore</p></blockquote>\
         <ol start=\"3\"><li>a</li><li>b</li></ol><p>fin</p>"
    );
    assert_eq!(clean("nu &amp; cru"), "<p>nu &amp; cru</p>");
    assert_eq!(
        clean("<table><tr><td>a</td><td>b</td></tr></table>"),
        "<p>a b</p>"
    );
    assert_eq!(
        clean("<pre>a\n  <b>b</b><p>c</pre>"),
        "<pre>a\n  <b>b</b>\nc</pre>"
    );
    assert_eq!(
        clean("<ul><li>a<ul><li>b</ul></li><li>c</ul>"),
        "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"
    );
}

#[test]
fn nothing_active_survives() {
    for html in [
        "<script>alert(1)</script>",
        "<SCRIPT SRC=//e.example></SCRIPT >",
        "<scr<script>ipt>alert(1)</scr</script>ipt>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)><script>1</script></svg>",
        "<svg><style><img src=x onerror=alert(1)></style></svg>",
        "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<a href=\"&#106;avascript:alert(1)\">x</a>",
        "<a href=\"java\nscript:alert(1)\">x</a>",
        "<a href=\"&Tab;javascript:alert(1)\">x</a>",
        "<a href=\" \u{1}javascript:alert(1)\">x</a>",
        "<a href=\"java\u{202e}script:alert(1)\">x</a>",
        "<a href=\"data:text/html,<script>1</script>\">x</a>",
        "<a href=\"vbscript:x\">x</a><a href=\"//e.example/\">x</a><a href=\"/rel\">x</a>",
        "<a href=\"https://e.example/\" onclick=\"alert(1)\" style=\"position:fixed\">x</a>",
        "<iframe src=\"https://e.example\"></iframe><object data=x></object><embed src=x>",
        "<form action=/x><input name=a><button>b</button></form>",
        "<style>*{display:none}</style><link rel=stylesheet href=x><meta http-equiv=refresh content=0>",
        "<p style=\"background:url(https://e.example)\" class=\"bandeau btn\" id=csrf>x</p>",
        "<base href=\"https://e.example/\"><a href=\"a\">x</a>",
        "<!--[if IE]><script>1</script><![endif]-->x",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<textarea></textarea><script>1</script>",
        "<template><script>1</script></template>",
        "<plaintext><script>1</script>",
        "<a title='\"><script>1</script>'>x</a>",
        "<b <script>alert(1)</script>",
        "<video><source onerror=alert(1)></video>",
        "<p/onclick=alert(1)>x",
    ] {
        let clean = clean(html);
        let lower = clean.to_lowercase();
        // Every `<` begins an element of the list, every attribute is one of the list.
        for tag in lower.split('<').skip(1) {
            let tag = tag.split('>').next().unwrap();
            let name = tag.trim_start_matches('/').split(' ').next().unwrap();
            assert!(
                ["p", "a", "b", "br", "span", "strong"].contains(&name),
                "{html} -> {clean}"
            );
            for attribute in tag
                .split("=\"")
                .map(|part| part.rsplit([' ', '"']).next().unwrap())
            {
                if tag.contains(&format!(" {attribute}=\"")) {
                    assert!(["href", "rel", "class"].contains(&attribute), "{html} -> {clean}");
                }
            }
        }
        assert!(
            !lower.contains("script:") && !lower.contains("data:"),
            "{html} -> {clean}"
        );
        assert!(!lower.contains("bandeau"), "{html} -> {clean}");
    }
}

#[test]
fn links_say_where_they_lead() {
    assert_eq!(
        clean("<a href=\"https://banque.example@mal.example/\">x</a>"),
        "<p><a href=\"https://mal.example/\" rel=\"nofollow noopener noreferrer\">x</a></p>"
    );
    let punycode = clean("<a href=\"https://b\u{430}nque.example/\">x</a>");
    assert!(punycode.contains("https://xn--"), "{punycode}");
    assert_eq!(
        clean("<a href=\"HTTPS://EZE.FR\">a<a href=\"http://b.fr\">b</a></a>")
            .matches("<a ")
            .count(),
        2
    );
    assert_eq!(clean("<a href=\"https://eze.fr\"></a>"), "");
}

#[test]
fn nothing_is_hidden_outside_links() {
    assert_eq!(
        clean("<p class=invisible>a<span class=\"invisible h-card\">b</span></p>"),
        "<p>a<span class=\"h-card\">b</span></p>"
    );
}

#[test]
fn pictures_become_links() {
    assert_eq!(
        clean("<img src=\"https://e.example/a.png\" alt=\"La plage &lt;3\">"),
        "<p><a href=\"https://e.example/a.png\" rel=\"nofollow noopener noreferrer\">La plage &lt;3</a></p>"
    );
    assert_eq!(
        clean("<p>ok <img src=\"https://e.example/a.png\" alt=\":blob:\"></p>"),
        "<p>ok :blob:</p>"
    );
    assert_eq!(clean("<img src=\"javascript:x\">"), "");
}

#[test]
fn hidden_characters_go_even_behind_entities() {
    let html = clean("<p>a\0b\u{202e}c&#x202E;d&#8238;e&#0;f\u{85}g&#x2066;h&#27;i\nj</p>");
    assert_eq!(html, "<p>abcde\u{fffd}fghi\nj</p>");
}

#[test]
fn escaped_markup_stays_text() {
    assert_eq!(
        clean("&lt;script&gt;1&lt;/script&gt;"),
        "<p>&lt;script&gt;1&lt;/script&gt;</p>"
    );
    assert_eq!(clean("1 < 2 > 0 <3"), "<p>1 &lt; 2 &gt; 0 &lt;3</p>");
}

#[test]
fn cleaning_twice_changes_nothing() {
    for html in [
        "<p>a<b>b<p>c</b><ul>x<li>y<blockquote>z",
        "<h2>t</h2><div><span class=invisible>a</span></div>",
        "<a href='https://eze.fr/?a=1&b=\"2\"'>x</a>",
        "<ruby>漢<rp>(</rp><rt>kan</rt></ruby>",
    ] {
        let once = clean(html);
        assert_eq!(clean(&once), once, "{html}");
    }
}

#[test]
fn hostile_nesting_is_cheap_and_shallow() {
    for pattern in [
        "<div>",
        "<b>",
        "<p><b>",
        "<blockquote>",
        "<ul><li>",
        "<a href=\"https://e.example/\">",
        "<table>",
        "<span class=h-card>",
        "<font color=1>",
        "<svg>",
        "<",
        "</",
        "<a ",
        "<!--",
        "<!",
        "&",
        "&#",
        "<br>",
        "<p>x",
        "<script>",
        "<i a=b c=d e=f>",
        "<select>",
        "</p>",
        "<li>",
        "<h1>",
    ] {
        let html = pattern.repeat(500_000 / pattern.len());
        let start = Instant::now();
        let clean = sanitise_remote(&html);
        assert!(
            start.elapsed() < Duration::from_secs(6),
            "{pattern}: {:?}",
            start.elapsed()
        );
        let mut depth = 0_i32;
        let mut deepest = 0;
        for tag in clean.as_str().split('<').skip(1) {
            if !tag.starts_with("br") {
                depth += if tag.starts_with('/') { -1 } else { 1 };
            }
            deepest = deepest.max(depth);
        }
        assert_eq!(depth, 0, "{pattern}");
        assert!(deepest <= 24, "{pattern}");
    }
}

#[test]
fn different_formats_cannot_multiply() {
    let formats: Vec<_> = (0..3000).map(|n| format!("<i class={n}>")).collect();
    let mut html = formats.concat();
    html.push_str(&"<p>x".repeat(3000));
    let clean = sanitise_remote(&html);
    assert!(clean.as_str().len() < 500_000, "{}", clean.as_str().len());
}

#[test]
fn a_very_long_text_is_cut() {
    let html = format!("<p>{}</p>", "é".repeat(100_000));
    let text = plain_text(&sanitise_remote(&html));
    assert_eq!(text.chars().count(), 50_001);
    assert!(text.ends_with('…'));
}
