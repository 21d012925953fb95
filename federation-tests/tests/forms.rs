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
