//! Taking a file in, and letting it go.

use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use bytes::Bytes;
use image::ImageFormat;

use super::document::DocumentType;
use super::picture::{self, Picture};
use super::sniff::{Sniffed, sniff};
use super::{Kind, Media, MediaError, MediaId, Medium, NewUpload, Refusal, store};
use crate::Ctx;
use crate::text::{clean_line, clean_text};

/// Files of one sender that may wait to be used.
const MOST_LOOSE: i64 = 100;
/// Characters of a description; what Mastodon keeps.
const LONGEST_ALT: usize = 1500;
/// Characters of a file name, without its end.
const LONGEST_NAME: usize = 80;

/// What a file has become.
enum Made {
    Picture(Picture),
    Document(DocumentType),
}

/// Takes a file in: looks what it is, makes it safe, writes row and files. It is attached to nothing yet.
///
/// # Errors
/// [`MediaError::Refused`] with a sentence for the sender, or a fault of database or disk.
pub async fn upload(ctx: &Ctx, new: NewUpload) -> Result<Medium, MediaError> {
    if store::count_loose(&ctx.db, new.owner_id).await? >= MOST_LOOSE {
        return Err(Refusal::TooMany.into());
    }
    let made = make(&ctx.media, &new).await?;
    let name = hex::encode(ctx.rng.bytes::<16>());
    let (medium, files) = put_together(ctx, &new, made, &name);
    let mut tx = ctx.db.begin().await?;
    store::insert(&mut tx, &medium).await?;
    tx.commit().await?;
    for (path, bytes) in files {
        if let Err(error) = ctx.media.storage.write(&path, bytes).await {
            tracing::error!(%error, path, "a medium cannot be written");
            remove(ctx, medium.id).await?;
            return Err(error.into());
        }
    }
    Ok(medium)
}

/// A file that was looked at and made safe, and is stored by whoever asked.
#[derive(Debug, Clone)]
pub struct Examined {
    /// What it is served as: one of our types.
    pub mime: String,
    /// The name of the download, with the ending of what it is.
    pub file_name: String,
    /// What is in it: a picture is written anew.
    pub bytes: Bytes,
}

/// Looks what a file is and makes it safe, like [`upload`], but keeps nothing: for files that must not lie where
/// anybody who knows their address can have them.
///
/// # Errors
/// A [`Refusal`] with a sentence for the sender.
pub async fn examine(media: &Media, bytes: Bytes, sent_name: &str) -> Result<Examined, Refusal> {
    let new = NewUpload {
        owner_id: 0,
        bytes,
        file_name: sent_name.to_owned(),
        alt: String::new(),
        fit: super::Fit::Whole,
        pictures_only: false,
    };
    let (kind, mime, end, bytes) = match make(media, &new).await? {
        Made::Document(document) => (Kind::Document, document.mime(), document.extension(), new.bytes),
        Made::Picture(picture) => (
            Kind::Image,
            picture.shown.format.to_mime_type(),
            extension(picture.shown.format),
            picture.shown.bytes.into(),
        ),
    };
    Ok(Examined {
        mime: mime.to_owned(),
        file_name: file_name(sent_name, kind, end),
        bytes,
    })
}

/// Removes a medium and its files at once, whatever holds it; the caller asks whether it may.
///
/// # Errors
/// A fault of database or disk.
pub async fn remove(ctx: &Ctx, id: MediaId) -> Result<(), MediaError> {
    let mut tx = ctx.db.begin().await?;
    let paths = store::delete(&mut tx, id).await?;
    if let Some(paths) = paths {
        ctx.media.forget(&paths).await?;
    }
    tx.commit().await?;
    Ok(())
}

impl Media {
    pub(super) async fn forget(&self, paths: &store::Paths) -> std::io::Result<()> {
        if let Some(thumb) = &paths.thumb_path {
            self.storage.remove(thumb).await?;
        }
        self.storage.remove(&paths.path).await
    }
}

async fn make(media: &Media, new: &NewUpload) -> Result<Made, Refusal> {
    let size = new.bytes.len() as u64;
    let within = |megabytes: u32| {
        let limit = u64::from(megabytes) * 1_000_000;
        if size > limit {
            Err(Refusal::TooLarge { size, limit })
        } else {
            Ok(())
        }
    };
    match sniff(&new.bytes)? {
        Sniffed::Document(_) if new.pictures_only => Err(Refusal::NotAPicture),
        Sniffed::Document(kind) => {
            within(media.config.max_document_mb)?;
            Ok(Made::Document(kind))
        }
        Sniffed::Picture(format) => {
            within(media.config.max_picture_mb)?;
            remake(media, new, format).await.map(Made::Picture)
        }
    }
}

/// Works on a picture off the async threads, a bounded number at once.
async fn remake(media: &Media, new: &NewUpload, format: ImageFormat) -> Result<Picture, Refusal> {
    let place = Arc::clone(&media.room)
        .acquire_owned()
        .await
        .map_err(|_| Refusal::Broken)?;
    let (bytes, fit) = (new.bytes.clone(), new.fit);
    let working = tokio::task::spawn_blocking(move || {
        let made = picture::remake(&bytes, format, fit);
        drop(place);
        made
    });
    working.await.unwrap_or_else(|error| {
        // A decoder that panics has met a picture nobody should show.
        tracing::warn!(%error, "a picture broke its decoder");
        Err(Refusal::Broken)
    })
}

/// The row, and the files by their paths.
fn put_together(ctx: &Ctx, new: &NewUpload, made: Made, name: &str) -> (Medium, Vec<(String, Bytes)>) {
    let folder = name.get(..2).unwrap_or_default();
    let (kind, mime, extension) = match &made {
        Made::Picture(picture) => (
            Kind::Image,
            picture.shown.format.to_mime_type(),
            extension(picture.shown.format),
        ),
        Made::Document(document) => (Kind::Document, document.mime(), document.extension()),
    };
    let path = format!("{folder}/{name}.{extension}");
    let mut medium = Medium {
        id: MediaId::new(ctx),
        owner_id: new.owner_id,
        kind,
        mime: mime.to_owned(),
        file_name: file_name(&new.file_name, kind, extension),
        bytes: 0,
        sha256: String::new(),
        width: None,
        height: None,
        blurhash: None,
        alt: clean_alt(&new.alt),
        focus_x: 0.0,
        focus_y: 0.0,
        path: path.clone(),
        thumb_path: None,
        attached: false,
        withheld: false,
        created_at: ctx.clock.now(),
    };
    let mut files = Vec::new();
    let shown = match made {
        Made::Document(_) => new.bytes.clone(),
        Made::Picture(picture) => {
            medium.width = Some(i64::from(picture.shown.width));
            medium.height = Some(i64::from(picture.shown.height));
            medium.blurhash = picture.blurhash;
            if let Some(small) = picture.small {
                let path = format!("{folder}/{name}-s.{}", self::extension(small.format));
                medium.thumb_path = Some(path.clone());
                files.push((path, small.bytes.into()));
            }
            picture.shown.bytes.into()
        }
    };
    medium.bytes = shown.len() as i64;
    medium.sha256 = hex::encode(digest(&SHA256, &shown));
    files.push((path, shown));
    (medium, files)
}

const fn extension(format: ImageFormat) -> &'static str {
    match format {
        ImageFormat::Png => "png",
        ImageFormat::WebP => "webp",
        _ => "jpg",
    }
}

/// The name of a download: what the sender called it, without its folder and with the ending of what it is.
fn file_name(sent: &str, kind: Kind, extension: &str) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    let plain: String = stem
        .chars()
        .map(|c| {
            if "<>:\"|?*%;".contains(c) || c.is_control() {
                '-'
            } else {
                c
            }
        })
        .collect();
    let stem = clean_line(plain.trim_matches(['.', ' ', '-']), LONGEST_NAME);
    match (stem.is_empty(), kind) {
        (false, _) => format!("{stem}.{extension}"),
        (true, Kind::Image) => format!("image.{extension}"),
        (true, Kind::Document) => format!("document.{extension}"),
    }
}

pub(super) fn clean_alt(alt: &str) -> String {
    clean_text(alt, LONGEST_ALT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_download_is_named_for_what_it_is() {
        for (sent, named) in [
            ("Arrêté 12.pdf", "Arrêté 12.pdf"),
            ("page.html", "page.pdf"),
            ("a.pdf.exe", "a.pdf.pdf"),
            ("C:\\Users\\x\\devis.docx", "devis.pdf"),
            ("../../etc/passwd", "passwd.pdf"),
            (".htaccess", "document.pdf"),
            ("", "document.pdf"),
            ("a\r\nX-Evil: 1\u{202e}fdp", "a--X-Evil- 1fdp.pdf"),
            ("a\"b;c.pdf", "a-b-c.pdf"),
        ] {
            assert_eq!(file_name(sent, Kind::Document, "pdf"), named, "{sent:?}");
        }
        assert_eq!(
            file_name("x".repeat(500).as_str(), Kind::Image, "jpg")
                .chars()
                .count(),
            84
        );
    }
}
