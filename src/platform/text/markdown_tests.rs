//! Markdown-light: what it renders, and what it costs at worst.

use super::{Links, hashtags, markdown_to_html, mentions};

const REL: &str = "rel=\"nofollow noopener noreferrer\"";

fn html(source: &str) -> String {
    markdown_to_html(source, &Links::NONE).into_string()
}

fn linked(source: &str) -> String {
    let links = Links {
        mention: &|mention| {
            let host = mention.host.as_deref().unwrap_or("ici.example");
            (mention.user != "inconnu").then(|| format!("https://{host}/@{}", mention.user))
        },
        hashtag: &|hashtag| Some(format!("https://ici.example/tags/{}", hashtag.folded)),
    };
    markdown_to_html(source, &links).into_string()
}

#[test]
fn the_light_marks_work() {
    for (source, rendered) in [
        ("un\ndeux\n\ntrois", "<p>un<br>deux</p><p>trois</p>"),
        (
            "**gras** et *italique* et ~~barré~~",
            "<p><strong>gras</strong> et <em>italique</em> et <del>barré</del></p>",
        ),
        ("- a\n- b\n", "<ul><li>a</li><li>b</li></ul>"),
        ("1. a\n2. b\n", "<ol><li>a</li><li>b</li></ol>"),
        ("1945. Libération", "<ol start=\"1945\"><li>Libération</li></ol>"),
        ("> cité", "<blockquote><p>cité</p></blockquote>"),
        ("## Titre\ntexte", "<p><strong>Titre</strong></p><p>texte</p>"),
        ("Le maire\n---\nsuite", "<p>Le maire</p><p>suite</p>"),
        ("`a < b`", "<p><code>a &lt; b</code></p>"),
        ("```\na\n  b\n```", "<pre><code>a\n  b\n</code></pre>"),
        ("    retrait", "<p>retrait</p>"),
        ("2 * 3 * 4 et a_b_c", "<p>2 * 3 * 4 et a_b_c</p>"),
        ("", ""),
    ] {
        assert_eq!(html(source), rendered, "{source}");
    }
}

#[test]
fn html_is_shown_as_typed() {
    assert_eq!(
        html("a <b>c</b> &amp; d"),
        "<p>a &lt;b&gt;c&lt;/b&gt; &amp; d</p>"
    );
    assert_eq!(
        html("<script>\nalert(1)\n</script>"),
        "<p>&lt;script&gt;<br>alert(1)<br>&lt;/script&gt;</p>"
    );
    assert_eq!(html("<!-- x -->"), "<p>&lt;!-- x --&gt;</p>");
}

#[test]
fn links_are_links_and_pictures_too() {
    assert_eq!(
        html("[la mairie](https://eze.fr/a_b_c \"titre\")"),
        format!("<p><a href=\"https://eze.fr/a_b_c\" {REL}>la mairie</a></p>")
    );
    assert_eq!(
        html("[x](www.eze.fr)"),
        format!("<p><a href=\"https://www.eze.fr/\" {REL}>x</a></p>")
    );
    assert_eq!(
        html("![plage](https://eze.fr/p.jpg)"),
        format!("<p><a href=\"https://eze.fr/p.jpg\" {REL}>plage</a></p>")
    );
    assert_eq!(
        html("[x](tel:+33199000000)"),
        format!("<p><a href=\"tel:+33199000000\" {REL}>x</a></p>")
    );
    for source in [
        "[x](javascript:alert(1))",
        "[x](JAVASCRIPT&colon;alert(1))",
        "[x](data:text/html,a)",
        "[x](/relatif)",
        "[x](//eze.fr)",
    ] {
        assert_eq!(html(source), "<p>x</p>", "{source}");
    }
    assert_eq!(
        html("[a ![b](https://b.fr) c](https://a.fr)"),
        format!("<p><a href=\"https://a.fr/\" {REL}>a b c</a></p>")
    );
}

#[test]
fn bare_addresses_become_links() {
    assert_eq!(
        html("Voir https://eze.fr/_a_/*b*."),
        format!(
            "<p>Voir <a href=\"https://eze.fr/_a_/*b\" {REL}><span class=\"invisible\">https://</span><span>eze.fr/_a_/*b</span></a>*.</p>"
        )
    );
    assert_eq!(
        html("<https://eze.fr>"),
        format!(
            "<p><a href=\"https://eze.fr/\" {REL}><span class=\"invisible\">https://</span><span>eze.fr</span></a></p>"
        )
    );
    assert_eq!(
        html("https://eze.fr/une/adresse/vraiment/longue?x=1&y=2"),
        format!(
            "<p><a href=\"https://eze.fr/une/adresse/vraiment/longue?x=1&amp;y=2\" {REL}><span class=\"invisible\">https://</span>\
                 <span class=\"ellipsis\">eze.fr/une/adresse/vraiment/lo</span><span class=\"invisible\">ngue?x=1&amp;y=2</span></a></p>"
        )
    );
    assert_eq!(
        html("mairie@eze.fr"),
        format!("<p><a href=\"mailto:mairie@eze.fr\" {REL}>mairie@eze.fr</a></p>")
    );
    assert_eq!(html("`https://eze.fr`"), "<p><code>https://eze.fr</code></p>");
    assert_eq!(
        html("[https://eze.fr](https://mal.example)"),
        format!("<p><a href=\"https://mal.example/\" {REL}>https://eze.fr</a></p>")
    );
}

#[test]
fn a_foreign_letter_in_a_host_shows() {
    let shown = html("https://b\u{430}nque.example/");
    assert!(shown.contains(">xn--"), "{shown}");
    assert!(html("https://forêt.example/").contains(">forêt.example/<"));
}

#[test]
fn mentions_and_hashtags_lead_where_the_caller_says() {
    assert_eq!(
        linked("@a_b_c@M.example et #Été_"),
        format!(
            "<p><span class=\"h-card\"><a href=\"https://m.example/@a_b_c\" class=\"u-url mention\" {REL}>@<span>a_b_c</span></a></span> et \
                 <a href=\"https://ici.example/tags/ete_\" class=\"mention hashtag\" rel=\"tag\">#<span>Été_</span></a></p>"
        )
    );
    assert_eq!(linked("@inconnu"), "<p>@inconnu</p>");
    assert_eq!(
        linked("`@a` \\@b \\#c [#d](https://e.fr)").matches("<a ").count(),
        1
    );
    assert_eq!(linked("**#gras**").matches("hashtag").count(), 1);
}

#[test]
fn mentions_and_hashtags_are_listed_as_shown() {
    let source = "#Eau `#code` #eau [#lien](https://e.fr) #Forêt @alice @b@m.example @alice https://e.fr/#ancre\n# titre";
    let tags: Vec<_> = hashtags(source)
        .into_iter()
        .map(|tag| (tag.display, tag.folded))
        .collect();
    assert_eq!(
        tags,
        [
            ("Eau".to_owned(), "eau".to_owned()),
            ("Forêt".to_owned(), "foret".to_owned())
        ]
    );
    let names: Vec<_> = mentions(source).into_iter().map(|m| (m.user, m.host)).collect();
    assert_eq!(
        names,
        [
            ("alice".to_owned(), None),
            ("b".to_owned(), Some("m.example".to_owned()))
        ]
    );
}

#[test]
fn signs_cannot_be_forged() {
    assert_eq!(html("\u{e000}0\u{e001} https://eze.fr"), html("0 https://eze.fr"));
    assert_eq!(html("a\0b\u{202e}c"), "<p>abc</p>");
}

#[test]
fn hostile_sources_are_cheap_and_shallow() {
    for pattern in [
        "> ",
        "- ",
        "*",
        "**a",
        "[",
        "![",
        "`",
        "a*",
        "_a ",
        "<",
        "&",
        "@a ",
        "#a ",
        "(",
        "https://a.fr ",
        "1. ",
        "~",
        "|",
        "\\",
        "[a](",
        "<a ",
    ] {
        let source = pattern.repeat(120_000 / pattern.len());
        let start = std::time::Instant::now();
        let html = html(&source);
        assert!(
            start.elapsed().as_secs() < 8,
            "{pattern:?}: {:?}",
            start.elapsed()
        );
        let (mut depth, mut deepest) = (0_i32, 0);
        for tag in html.split('<').skip(1).filter(|tag| !tag.starts_with("br")) {
            depth += if tag.starts_with('/') { -1 } else { 1 };
            deepest = deepest.max(depth);
        }
        assert!(deepest < 30, "{pattern:?}: {deepest}");
    }
}
