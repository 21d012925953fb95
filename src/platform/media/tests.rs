//! Media from the upload to the page and to their end.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use bytes::Bytes;
use image::ImageFormat;
use tower::ServiceExt as _;

use super::document::tests::zip;
use super::picture::tests::{file, photo, with_exif};
use super::*;
use crate::queue::{self, When, run_due};
use crate::store::StoreError;
use crate::testing::{self, TestFolder, databases};

fn new(bytes: impl Into<Bytes>, name: &str) -> NewUpload {
    NewUpload {
        owner_id: 7,
        bytes: bytes.into(),
        file_name: name.to_owned(),
        alt: "La plage\0 le soir".to_owned(),
        fit: Fit::Whole,
        pictures_only: false,
    }
}

async fn get(ctx: &Ctx, address: &str, etag: Option<&str>) -> (StatusCode, HeaderMap, Bytes) {
    let mut request = Request::get(address);
    if let Some(etag) = etag {
        request = request.header("if-none-match", etag);
    }
    let response = routes::<Ctx>()
        .with_state(ctx.clone())
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap();
    let (parts, body) = response.into_parts();
    (
        parts.status,
        parts.headers,
        to_bytes(body, usize::MAX).await.unwrap(),
    )
}

fn files(ctx: &Ctx) -> usize {
    let folder = ctx.media.folder().unwrap();
    let Ok(folders) = std::fs::read_dir(folder) else {
        return 0;
    };
    folders
        .map(|folder| std::fs::read_dir(folder.unwrap().path()).unwrap().count())
        .sum()
}

#[tokio::test]
async fn a_picture_is_shown_without_its_secrets() {
    let folder = TestFolder::new();
    for db in databases(&folder).await.unwrap() {
        let ctx = testing::ctx(db, &folder).unwrap();
        let sent = with_exif(&file(&photo(1000, 500), ImageFormat::Jpeg), 1);
        let medium = upload(&ctx, new(sent, "IMG_1.jpeg")).await.unwrap();
        assert_eq!(medium, by_id(&ctx.db, medium.id).await.unwrap());
        assert_eq!((medium.width, medium.height), (Some(1000), Some(500)));
        assert_eq!(
            (medium.alt.as_str(), medium.file_name.as_str()),
            ("La plage le soir", "IMG_1.jpg")
        );
        assert!(medium.is_image() && !medium.attached && medium.blurhash.is_some());

        let (status, headers, body) = get(&ctx, &medium.address(), None).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(headers["content-type"], "image/jpeg");
        assert_eq!(
            headers["content-disposition"],
            "inline; filename*=UTF-8''IMG_1.jpg"
        );
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert!(
            headers["content-security-policy"]
                .to_str()
                .unwrap()
                .starts_with("sandbox; default-src 'none'")
        );
        assert!(headers["cache-control"].to_str().unwrap().contains("immutable"));
        assert_eq!(body.len() as i64, medium.bytes);
        assert!(!String::from_utf8_lossy(&body).contains("GPS"));

        let etag = headers["etag"].to_str().unwrap();
        let (status, _, body) = get(&ctx, &medium.address(), Some(etag)).await;
        assert_eq!((status, body.len()), (StatusCode::NOT_MODIFIED, 0));
        let (status, headers, small) = get(&ctx, &medium.thumb_address(), Some(etag)).await;
        assert_eq!(
            (status, &headers["content-type"]),
            (StatusCode::OK, &"image/webp".parse().unwrap())
        );
        assert_eq!(image::load_from_memory(&small).unwrap().width(), 640);
        assert_eq!(get(&ctx, "/media/aa/bb.jpg", None).await.0, StatusCode::NOT_FOUND);
        assert_eq!(
            get(&ctx, "/media/..%2f/test.db", None).await.0,
            StatusCode::NOT_FOUND
        );
    }
}

#[tokio::test]
async fn a_document_is_a_download_whatever_it_was_called() {
    let folder = TestFolder::new();
    let ctx = testing::ctx(testing::sqlite(&folder).await.unwrap(), &folder).unwrap();
    let pdf = &b"%PDF-1.7\nArr\xeat\xe9\n%%EOF\n"[..];
    let medium = upload(&ctx, new(pdf, "arrêté.html")).await.unwrap();
    assert_eq!(
        (medium.kind, medium.mime.as_str(), medium.width),
        (Kind::Document, "application/pdf", None)
    );
    let (_, headers, body) = get(&ctx, &medium.address(), None).await;
    assert_eq!(body, pdf);
    assert_eq!(headers["content-type"], "application/pdf");
    assert_eq!(
        headers["content-disposition"],
        "attachment; filename*=UTF-8''arr%C3%AAt%C3%A9.pdf"
    );
    assert_eq!(medium.thumb_address(), medium.address());

    let docx = zip(&[("[Content_Types].xml", b"x"), ("word/document.xml", b"x")]);
    let medium = upload(&ctx, new(docx, "note")).await.unwrap();
    assert!(medium.path.ends_with(".docx") && medium.file_name == "note.docx");
}

#[tokio::test]
async fn what_is_turned_away_leaves_nothing() {
    let folder = TestFolder::new();
    let mut db = databases(&folder).await.unwrap();
    let ctx = testing::ctx(db.remove(0), &folder).unwrap();
    let heavy = [&b"%PDF-1.7\n"[..], &vec![b' '; 20_000_000], b"%%EOF"].concat();
    let refused = [
        (Bytes::new(), Refusal::Empty),
        (
            Bytes::from_static(b"<html><script>alert(1)</script>"),
            Refusal::UnknownKind,
        ),
        (Bytes::from_static(b"<svg onload=alert(1)>"), Refusal::UnknownKind),
        (
            Bytes::from_static(b"{\"@context\":\"https://www.w3.org/ns/activitystreams\"}"),
            Refusal::UnknownKind,
        ),
        (zip(&[("a.txt", b"x")]).into(), Refusal::Archive),
        (Bytes::from_static(b"\xff\xd8\xff\xe0<script>"), Refusal::Broken),
        (
            heavy.into(),
            Refusal::TooLarge {
                size: 20_000_014,
                limit: 20_000_000,
            },
        ),
    ];
    for (bytes, refusal) in refused {
        match upload(&ctx, new(bytes, "photo.jpg")).await {
            Err(MediaError::Refused(said)) => assert_eq!(said, refusal),
            other => panic!("{refusal:?}: {other:?}"),
        }
    }
    let mut picture_wanted = new(&b"%PDF-1.7\n%%EOF"[..], "a.jpg");
    picture_wanted.pictures_only = true;
    let refused = upload(&ctx, picture_wanted).await;
    assert!(matches!(refused, Err(MediaError::Refused(Refusal::NotAPicture))));
    let rows: i64 =
        crate::on_db!(&ctx.db, c => sqlx::query_scalar("SELECT COUNT(*) FROM media").fetch_one(c).await)
            .unwrap();
    assert_eq!((rows, files(&ctx)), (0, 0));
}

#[tokio::test]
async fn a_medium_is_attached_once_and_by_its_owner() {
    let folder = TestFolder::new();
    for db in databases(&folder).await.unwrap() {
        let ctx = testing::ctx(db, &folder).unwrap();
        let medium = upload(&ctx, new(file(&photo(30, 30), ImageFormat::Png), "a.png"))
            .await
            .unwrap();
        let mut tx = ctx.db.begin().await.unwrap();
        assert!(matches!(
            attach(&mut tx, medium.id, 8).await,
            Err(StoreError::NotFound(_))
        ));
        assert!(matches!(
            describe(&mut tx, medium.id, 8, "x", (0.0, 0.0)).await,
            Err(StoreError::NotFound(_))
        ));
        assert!(attach(&mut tx, medium.id, 7).await.unwrap().attached);
        assert!(matches!(
            attach(&mut tx, medium.id, 7).await,
            Err(StoreError::Conflict(_))
        ));
        describe(&mut tx, medium.id, 7, " Le port ", (0.5, f64::NAN))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let stored = by_ids(&ctx.db, &[MediaId(1), medium.id]).await.unwrap();
        assert_eq!(stored.len(), 1);
        assert_eq!(
            (stored[0].alt.as_str(), stored[0].focus_x, stored[0].focus_y),
            ("Le port", 0.5, 0.0)
        );
    }
}

#[tokio::test]
async fn what_nothing_holds_goes_after_a_day() {
    let folder = TestFolder::new();
    for db in databases(&folder).await.unwrap() {
        let ctx = testing::ctx(db, &folder).unwrap();
        let mut registry = Registry::<Ctx>::default();
        tasks(&mut registry);
        let registry = registry.ready();
        let before = files(&ctx);
        let held = upload(&ctx, new(file(&photo(30, 30), ImageFormat::Png), "a.png"))
            .await
            .unwrap();
        let loose = upload(&ctx, new(file(&photo(700, 30), ImageFormat::Png), "b.png"))
            .await
            .unwrap();
        let mut tx = ctx.db.begin().await.unwrap();
        attach(&mut tx, held.id, 7).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(files(&ctx) - before, 3);

        for (hours, left) in [(23, 3), (2, 1)] {
            ctx.clock.advance(Duration::from_hours(hours));
            let mut tx = ctx.db.begin().await.unwrap();
            queue::enqueue::<Ctx, _>(&ctx, &mut tx, &PurgeMedia, When::now())
                .await
                .unwrap();
            tx.commit().await.unwrap();
            run_due(&ctx, &registry, ctx.clone()).await.unwrap();
            assert_eq!(files(&ctx) - before, left, "{hours}");
        }
        assert!(by_id(&ctx.db, loose.id).await.is_err());
        assert_eq!(get(&ctx, &held.address(), None).await.0, StatusCode::OK);

        let mut tx = ctx.db.begin().await.unwrap();
        detach(&mut tx, held.id, ctx.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert!(!by_id(&ctx.db, held.id).await.unwrap().attached);
        remove(&ctx, held.id).await.unwrap();
        assert_eq!(files(&ctx), before);
        assert_eq!(get(&ctx, &held.address(), None).await.0, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn one_sender_cannot_fill_the_disk_with_files_for_nothing() {
    let folder = TestFolder::new();
    let ctx = testing::ctx(testing::sqlite(&folder).await.unwrap(), &folder).unwrap();
    let pdf = &b"%PDF-1.7\n%%EOF"[..];
    for _ in 0..100 {
        upload(&ctx, new(pdf, "a.pdf")).await.unwrap();
    }
    let refused = upload(&ctx, new(pdf, "a.pdf")).await;
    assert!(matches!(refused, Err(MediaError::Refused(Refusal::TooMany))));
}
