//! What forms promise: sent twice they act once, and nobody loses what she wrote.

use http::Method;
use testkit::{Answer, Town, Visitor};

use crate::discussion::post;
use crate::news::id_of;

/// A citizen, the post she reads, and where its comments go.
async fn before_a_post(town: &Town) -> (Visitor, String, String) {
    let post = post(&mut town.mayor().await).await;
    let action = format!("/commenter/posts/{}", id_of(&post));
    (town.citizen("zoe").await, post, action)
}

/// The token in the forms of a page.
async fn token_of(who: &mut Visitor, page: &str) -> String {
    let page = who.opens(page).await.text();
    let rest = page.split("name=\"csrf\" value=\"").nth(1).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

async fn says(who: &mut Visitor, action: &str, token: &str, text: &str, from: &str) -> Answer {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    let body = form
        .extend_pairs([("csrf", token), ("text", text)])
        .finish()
        .into_bytes();
    let length = body.len().to_string();
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("content-length", length.as_str()),
        ("accept", "text/html"),
        ("sec-fetch-site", from),
        ("referer", "https://parvis.test/eze-06"),
    ];
    who.asks(Method::POST, action, &headers, body).await
}

fn how_often(page: &str, words: &str) -> usize {
    page.matches(words).count()
}

#[tokio::test]
async fn a_form_sent_twice_does_its_deed_once() {
    for town in Town::everywhere().await {
        let (mut zoe, post, action) = before_a_post(&town).await;
        let token = token_of(&mut zoe, &post).await;
        // Pressed thrice at once, and once more after.
        let (mut second, mut third) = (zoe.clone(), zoe.clone());
        let (one, two, three) = tokio::join!(
            says(&mut zoe, &action, &token, "Une seule fois", "same-origin"),
            says(&mut second, &action, &token, "Une seule fois", "same-origin"),
            says(&mut third, &action, &token, "Une seule fois", "same-origin"),
        );
        let four = says(&mut zoe, &action, &token, "Une seule fois", "same-origin").await;
        for answer in [&one, &two, &three, &four] {
            assert_eq!(answer.status, 303, "{}", answer.text());
            assert_eq!(answer.location(), one.location());
        }
        // Another browser, other words, and the same words from a page opened anew are other deeds.
        let mut neighbour = town.citizen("noa").await;
        let hers = token_of(&mut neighbour, &post).await;
        let other = says(&mut neighbour, &action, &hers, "Une seule fois", "same-origin").await;
        let words = says(&mut zoe, &action, &token, "Autre chose", "same-origin").await;
        let anew = token_of(&mut zoe, &post).await;
        let anew = says(&mut zoe, &action, &anew, "Autre chose", "same-origin").await;
        for answer in [&other, &words, &anew] {
            assert_eq!(answer.status, 303, "{}", answer.text());
        }
        let page = town.stranger().opens(&post).await.text();
        assert_eq!(how_often(&page, "<p>Une seule fois</p>"), 2, "{page}");
        assert_eq!(how_often(&page, "<p>Autre chose</p>"), 2, "{page}");
        // What was refused may be tried again, and is refused again.
        for _ in 0..2 {
            let answer = says(&mut zoe, &action, &token, "", "same-origin").await;
            assert_eq!(answer.status, 422);
        }
    }
}

#[tokio::test]
async fn words_written_while_the_session_ended_are_given_back() {
    for town in Town::everywhere().await {
        let (mut zoe, post, action) = before_a_post(&town).await;
        let token = token_of(&mut zoe, &post).await;
        let mut elsewhere = town.signed_in("zoe").await;
        let out = elsewhere
            .sends("/compte/sessions", "/compte/sessions", &[("which", "others")])
            .await;
        assert_eq!(out.status, 303);
        let words = "Un long texte, <écrit> avec soin sur le sentier.";
        let mut stranger = zoe.clone();
        let answer = says(&mut zoe, &action, &token, words, "same-origin").await;
        let page = answer.text();
        assert_eq!(answer.status, 401, "{page}");
        assert!(page.contains("Votre session a pris fin"), "{page}");
        assert!(
            page.contains("Un long texte, &#60;écrit&#62; avec soin sur le sentier.</textarea>"),
            "{page}"
        );
        assert!(page.contains("/connexion?suite=%2Feze-06\""), "{page}");
        // Nothing was written, and no other site can put its words on our page.
        assert!(!town.stranger().opens(&post).await.text().contains("avec soin"));
        let foreign = says(&mut stranger, &action, &token, words, "cross-site").await;
        assert!(!foreign.text().contains("avec soin"), "{}", foreign.text());
    }
}

#[tokio::test]
async fn words_of_a_form_whose_token_is_gone_are_given_back() {
    for town in Town::everywhere().await {
        let (mut zoe, _, action) = before_a_post(&town).await;
        let words = "Un long texte, écrit avec soin sur le sentier.";
        let answer = says(&mut zoe, &action, "perdu", words, "same-origin").await;
        assert_eq!(answer.status, 403);
        assert!(
            answer.text().contains("sur le sentier.</textarea>"),
            "{}",
            answer.text()
        );
        let answer = says(&mut zoe, &action, "perdu", words, "none").await;
        assert_eq!(answer.status, 403);
        assert!(!answer.text().contains("sur le sentier"), "{}", answer.text());
    }
}

/// Sends a form with files, whose texts come after them; `files` are names and contents.
async fn uploads(
    who: &mut Visitor,
    action: &str,
    fields: &[(&str, &str)],
    files: &[(&str, &[u8])],
) -> Answer {
    let mut body = Vec::new();
    for (name, bytes) in files {
        let head = format!(
            "--limite\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    for (name, value) in fields {
        let part = format!("--limite\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    body.extend_from_slice(b"--limite--\r\n");
    let length = body.len().to_string();
    let headers = [
        ("content-type", "multipart/form-data; boundary=limite"),
        ("content-length", length.as_str()),
        ("accept", "text/html"),
        ("sec-fetch-site", "same-origin"),
        ("referer", "https://parvis.test/eze-06/messages/nouveau"),
    ];
    who.asks(Method::POST, action, &headers, body).await
}

const WORDS: &str = "Un long texte, écrit avec soin sur le sentier.";
const GIVEN_BACK: &str = "sur le sentier.</textarea>";
const LETTER: &str = "/eze-06/messages/nouveau";

#[tokio::test]
async fn words_come_back_with_a_large_file_and_without_any_cookie() {
    for town in Town::everywhere().await {
        let mut zoe = town.citizen("zoe").await;
        let token = token_of(&mut zoe, LETTER).await;
        let mut elsewhere = town.signed_in("zoe").await;
        elsewhere
            .sends("/compte/sessions", "/compte/sessions", &[("which", "others")])
            .await;
        let fields = [("csrf", token.as_str()), ("subject", "Sentier"), ("text", WORDS)];
        let photo = vec![7; 3 << 20];
        let answer = uploads(&mut zoe, LETTER, &fields, &[("photo.jpg", &photo)]).await;
        let page = answer.text();
        assert_eq!(answer.status, 401, "{page}");
        assert!(
            page.contains("Votre session a pris fin") && page.contains(GIVEN_BACK),
            "{page}"
        );
        assert!(
            page.contains("/connexion?suite=%2Feze-06%2Fmessages%2Fnouveau"),
            "{page}"
        );
        // Nothing is read of a form of another kind of visit, and what a machine wrote is not given back.
        assert!(!page.contains(&token), "{page}");
        // Her cookie is gone by now: she logged out in another window.
        let answer = uploads(&mut zoe, LETTER, &fields, &[]).await;
        assert_eq!(answer.status, 401, "{}", answer.text());
        assert!(answer.text().contains(GIVEN_BACK), "{}", answer.text());
        let mut stranger = town.stranger();
        let answer = says(&mut stranger, LETTER, "rien", WORDS, "cross-site").await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        // Without words there is nothing to read: the way leads to the sign-in page.
        let answer = uploads(&mut stranger, LETTER, &[("subject", "Sentier")], &[]).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        assert!(
            answer.location().contains("/connexion?suite="),
            "{}",
            answer.location()
        );
    }
}

#[tokio::test]
async fn words_come_back_when_the_right_to_write_is_gone() {
    for town in Town::everywhere().await {
        let (mut zoe, _, _) = before_a_post(&town).await;
        for place in [
            "/eze-06/agenda/nouveau",
            "/eze-06/actualites/nouvelle",
            "/eze-06/sondages/nouveau",
            "/eze-06/groupes/nouveau",
        ] {
            let token = token_of(&mut zoe, "/affichage").await;
            let answer = says(&mut zoe, place, &token, WORDS, "same-origin").await;
            assert_eq!(answer.status, 403, "{place}: {}", answer.text());
            assert!(answer.text().contains(GIVEN_BACK), "{place}: {}", answer.text());
            let answer = says(&mut zoe, place, &token, WORDS, "cross-site").await;
            assert_eq!(answer.status, 403, "{place}: {}", answer.text());
            assert!(
                !answer.text().contains("sur le sentier"),
                "{place}: {}",
                answer.text()
            );
        }
        // Nor does a page that is not there (any more) swallow them.
        let answer = says(&mut zoe, "/commenter/posts/1", "rien", WORDS, "same-origin").await;
        assert!(answer.text().contains(GIVEN_BACK), "{}", answer.text());
    }
}

#[tokio::test]
async fn an_empty_file_is_refused_and_the_words_stay() {
    for town in Town::everywhere().await {
        let mut zoe = town.citizen("zoe").await;
        let token = token_of(&mut zoe, LETTER).await;
        let fields = [
            ("csrf", token.as_str()),
            ("service", "0"),
            ("subject", "Sentier"),
            ("text", WORDS),
        ];
        let answer = uploads(&mut zoe, LETTER, &fields, &[("plan.pdf", b"")]).await;
        let page = answer.text();
        assert_eq!(answer.status, 422, "{page}");
        assert!(
            page.contains("Ce fichier est vide.") && page.contains(WORDS),
            "{page}"
        );
        // A field that was left alone comes without a name.
        let answer = uploads(&mut zoe, LETTER, &fields, &[("", b"")]).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
    }
}

#[tokio::test]
async fn all_that_is_missing_is_said_at_once() {
    for town in Town::everywhere().await {
        let mut zoe = town.citizen("zoe").await;
        let request = "/eze-06/messages/demande";
        let invisible = [
            ("name", "\u{200b}"),
            ("subject", "\u{2800}"),
            ("text", "\u{3164}\u{ad}"),
        ];
        for fields in [&[][..], &invisible] {
            let page = zoe.sends(request, request, fields).await;
            assert_eq!(page.status, 422, "{}", page.text());
            for field in ["name", "address", "subject", "text"] {
                let link = format!("href=\"#champ-{field}\"");
                assert!(page.text().contains(&link), "{field}: {}", page.text());
            }
        }
        let mut mayor = town.mayor().await;
        let agenda = "/eze-06/agenda/nouveau";
        let fields = [
            ("visibility", "public"),
            ("start_date", "demain"),
            ("title", "\u{200b}"),
        ];
        let page = mayor.sends(agenda, agenda, &fields).await.text();
        for field in ["title", "start_date"] {
            assert!(
                page.contains(&format!("href=\"#champ-{field}\"")),
                "{field}: {page}"
            );
        }
        assert!(!page.contains("href=\"#champ-end_date\""), "{page}");
        let groups = "/eze-06/groupes/nouveau";
        let fields = [("date", "demain"), ("name", "\u{200b}"), ("about", "\u{2800}")];
        let page = mayor.sends(groups, groups, &fields).await.text();
        for field in ["date", "name", "about"] {
            assert!(
                page.contains(&format!("href=\"#champ-{field}\"")),
                "{field}: {page}"
            );
        }
    }
}

#[tokio::test]
async fn a_choice_that_no_form_offers_changes_nothing() {
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let event = [
            ("title", "Rien ne paraît"),
            ("start_date", "2026-11-26"),
            ("start_time", "18:30"),
        ];
        let news = [
            ("title", "Rien ne paraît"),
            ("source", WORDS),
            ("action", "publish"),
        ];
        let poll = [
            ("question", "Rien ne paraît ?"),
            ("option-1", "Oui"),
            ("option-2", "Non"),
            ("date", "2026-12-20"),
            ("time", "20:00"),
            ("action", "publish"),
        ];
        let tries: [(&str, &[(&str, &str)], &[(&str, &str)]); 7] = [
            ("/eze-06/agenda/nouveau", &event, &[("visibility", "prive")]),
            ("/eze-06/agenda/nouveau", &event, &[]),
            ("/eze-06/actualites/nouvelle", &news, &[("visibility", "xx")]),
            ("/eze-06/actualites/nouvelle", &news, &[]),
            ("/eze-06/sondages/nouveau", &poll, &[("electorate", "xx")]),
            ("/eze-06/sondages/nouveau", &poll, &[("multiple", "xx")]),
            ("/eze-06/sondages/nouveau", &poll, &[("comment_mode", "xx")]),
        ];
        for (place, fields, more) in tries {
            let answer = mayor.sends(place, place, &[fields, more].concat()).await;
            assert_eq!(answer.status, 400, "{place} {more:?}: {}", answer.text());
            assert!(
                answer.text().contains("Un choix de ce formulaire"),
                "{}",
                answer.text()
            );
        }
        // More answers than are offered are not dropped.
        let names: Vec<String> = (3..=13).map(|n| format!("option-{n}")).collect();
        let many: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), name.as_str())).collect();
        let place = "/eze-06/sondages/nouveau";
        let answer = mayor.sends(place, place, &[&poll[..], &many].concat()).await;
        assert_eq!(answer.status, 422, "{}", answer.text());
        for page in ["/eze-06", "/eze-06/agenda", "/eze-06/sondages"] {
            assert!(
                !town
                    .stranger()
                    .opens(page)
                    .await
                    .text()
                    .contains("Rien ne paraît"),
                "{page}"
            );
        }
    }
}
