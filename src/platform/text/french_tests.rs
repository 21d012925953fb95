//! French typography: what is set and what is left alone.

use super::french::{FIXED, NARROW};
use super::{Links, french, french_html, markdown_to_html};

/// Shows no-break spaces: `~` narrow, `_` fixed.
fn shown(text: &str) -> String {
    assert_eq!(french(&french(text)), french(text), "not idempotent: {text}");
    french(text).replace(NARROW, "~").replace(FIXED, "_")
}

#[test]
fn marks_are_set_off() {
    for (text, set) in [
        ("Bonjour !", "Bonjour~!"),
        ("Bonjour!", "Bonjour~!"),
        ("Bonjour\u{a0}!", "Bonjour~!"),
        ("Quoi ?! Non !!!", "Quoi~?! Non~!!!"),
        (
            "Attention: travaux ; suite;fin",
            "Attention~: travaux~; suite;fin",
        ),
        ("(vraiment?) [oui!], non", "(vraiment~?) [oui~!], non"),
        ("« Bonjour », dit-il", "«~Bonjour~», dit-il"),
        ("«Bonjour!»", "«~Bonjour~!~»"),
        ("63 %: bien", "63_%~: bien"),
        ("Ouvert :\nlundi", "Ouvert~:\nlundi"),
        ("!", "!"),
        (" : ", " : "),
    ] {
        assert_eq!(shown(text), set, "{text}");
    }
}

#[test]
fn what_machines_read_is_left_alone() {
    for text in [
        "9:30",
        "de 9:30 à 10:15",
        "https://eze.fr/a?b=c;d!",
        "mairie@eze.fr",
        "@a@b.fr: x",
        "Super :) ;-) :-( :/ :D",
        ":blobcat: :eze:",
        "`l'eau: non!`",
        "std::fs",
        "16:9",
        "C:\\temp",
        "eze.fr/agenda?x",
        "a=b?c:d",
        "5'30",
        "'cité'",
        "Type::new()",
    ] {
        assert_eq!(french(text), text);
    }
}

#[test]
fn apostrophes_are_curly_between_letters() {
    assert_eq!(shown("L'eau d'ici, aujourd'hui"), "L’eau d’ici, aujourd’hui");
    assert_eq!(shown("d'«Èze»"), "d’«~Èze~»");
    assert_eq!(shown("rock 'n' roll"), "rock 'n' roll");
}

#[test]
fn numbers_stay_together() {
    for (text, set) in [
        ("2 144 habitants", "2~144 habitants"),
        ("1 234 567 €", "1~234~567_€"),
        ("04 93 41 03 03", "04 93 41 03 03"),
        ("06360 Èze", "06360 Èze"),
        ("en 2024 300 personnes", "en 2024 300 personnes"),
        ("9 h 30", "9_h_30"),
        ("24 novembre 2026", "24_novembre 2026"),
        ("le 1er mai et le 25 nov.", "le 1er_mai et le 25_nov."),
        ("9,56 km², 63,8 %", "9,56_km², 63,8_%"),
        ("12 m'ont dit", "12 m’ont dit"),
        ("3 mois", "3 mois"),
        ("n° 5", "n°_5"),
        ("50 km/h", "50_km/h"),
    ] {
        assert_eq!(shown(text), set, "{text}");
    }
}

#[test]
fn html_keeps_its_tags_code_and_links() {
    let links = Links {
        mention: &|mention| Some(format!("https://eze.fr/@{}", mention.user)),
        hashtag: &|_| Some("https://eze.fr/tags/x".to_owned()),
    };
    let html = markdown_to_html(
        "**Attention**: l'eau!\n`a ! b` «*oui*» & \"non\" ?\n\n[Voir l'agenda !](https://eze.fr/?a=b!) https://eze.fr/x?y !\n@maire: #eau!",
        &links,
    );
    let set = french_html(&html);
    assert_eq!(french_html(&set), set);
    assert_eq!(
        set.as_str().replace(NARROW, "~"),
        "<p><strong>Attention</strong>~: l’eau~!<br><code>a ! b</code> «~<em>oui</em>~» &amp; &quot;non&quot;~?</p>\
         <p><a href=\"https://eze.fr/?a=b!\" rel=\"nofollow noopener noreferrer\">Voir l’agenda~!</a> \
         <a href=\"https://eze.fr/x?y\" rel=\"nofollow noopener noreferrer\"><span class=\"invisible\">https://</span><span>eze.fr/x?y</span></a>~!<br>\
         <span class=\"h-card\"><a href=\"https://eze.fr/@maire\" class=\"u-url mention\" rel=\"nofollow noopener noreferrer\">@<span>maire</span></a></span>~: \
         <a href=\"https://eze.fr/tags/x\" class=\"mention hashtag\" rel=\"tag\">#<span>eau</span></a>~!</p>"
    );
}

#[test]
fn long_texts_take_linear_time() {
    for pattern in ["!", " !", "« ", "1 234 ", "a'", "`", ":"] {
        let text = pattern.repeat(100_000);
        let start = std::time::Instant::now();
        let _ = french(&text);
        assert!(start.elapsed().as_secs() < 5, "{pattern}");
    }
}
