//! Files in letters.

use axum::http::Method;
use platform::on_db;
use testkit::{Answer, Town, Visitor};

use super::{WRITE, everything, writes};

/// Sends a form with one file.
pub(super) async fn uploads(
    who: &mut Visitor,
    form: &str,
    action: &str,
    fields: &[(&str, &str)],
    file: (&str, &[u8]),
) -> Answer {
    let page = who.opens(form).await.text();
    let token = page
        .split("name=\"csrf\" value=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    let mut body = Vec::new();
    for (name, value) in fields.iter().chain(&[("csrf", token.as_str())]) {
        body.extend(
            format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
        );
    }
    body.extend(
        format!(
            "--x\r\ncontent-disposition: form-data; name=\"files\"; filename=\"{}\"\r\n\r\n",
            file.0
        )
        .bytes(),
    );
    body.extend_from_slice(file.1);
    body.extend_from_slice(b"\r\n--x--\r\n");
    let headers = [
        ("content-type", "multipart/form-data; boundary=x"),
        ("accept", "text/html"),
    ];
    who.asks(Method::POST, action, &headers, body).await
}

#[tokio::test]
async fn a_file_is_sealed_and_given_to_the_parties_alone() {
    const PNG: &[u8] = include_bytes!("../../../templates/static/icon-180.png");
    for town in Town::everywhere().await {
        let mut mayor = town.mayor().await;
        let mut zoe = town.citizen("zoe").await;
        let mut paul = town.citizen("paul").await;
        let fields = [("service", "0"), ("subject", "Plan"), ("text", "Voici")];
        let bad = uploads(
            &mut zoe,
            WRITE,
            WRITE,
            &fields,
            ("plan.png", b"<script>alert(1)</script>"),
        )
        .await;
        assert_eq!(bad.status, 422);
        assert!(bad.text().contains("Voici"), "what was typed is kept");
        let sent = uploads(&mut zoe, WRITE, WRITE, &fields, ("plan de la place.png", PNG)).await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        let thread = sent.location();
        let page = mayor.opens(&thread).await.text();
        let href = page
            .split("class=\"piece\" href=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned();
        for who in [&mut zoe, &mut mayor] {
            let got = who.opens(&href).await;
            assert_eq!(got.status, 200);
            assert!(got.body.starts_with(b"\x89PNG") || got.body.starts_with(b"RIFF"));
            assert!(got.header("content-security-policy").contains("sandbox"));
            assert!(got.header("content-disposition").starts_with("attachment"));
            assert_eq!(got.header("x-content-type-options"), "nosniff");
            assert!(got.header("cache-control").contains("no-store"));
            assert!(!got.headers.contains_key("access-control-allow-origin"));
        }
        assert_eq!(paul.opens(&href).await.status, 404);
        assert_eq!(town.stranger().opens(&href).await.status, 303);
        let own = writes(&mut paul, "0", "x").await;
        let piece = href.rsplit('/').next().unwrap();
        assert_eq!(paul.opens(&format!("{own}/pieces/{piece}")).await.status, 404);
        let media: i64 =
            on_db!(&town.ctx().db, c => sqlx::query_scalar("SELECT COUNT(*) FROM media").fetch_one(c).await)
                .unwrap();
        assert_eq!(media, 0, "it lies nowhere an address leads to");
        let content: Vec<u8> = on_db!(&town.ctx().db, c => sqlx::query_scalar("SELECT content FROM messages_attachment").fetch_one(c).await).unwrap();
        assert!(!content.windows(4).any(|four| four == b"IHDR" || four == b"WEBP"));
        assert!(!everything(&town).await.contains("plan de la place"));
    }
}
