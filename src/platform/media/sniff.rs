//! What a file is, read from its bytes alone.

use image::ImageFormat;

use super::Refusal;
use super::document::{self, DocumentType};

/// What we take a file for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sniffed {
    Picture(ImageFormat),
    Document(DocumentType),
}

/// Brands of ISO media files that are pictures.
const PICTURE_BRANDS: [&[u8]; 10] = [
    b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis",
];

/// Beginnings of archives: gzip, 7-Zip, RAR, xz, bzip2, zstd, lzip, cabinet.
const ARCHIVES: [&[u8]; 8] = [
    b"\x1f\x8b",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    b"\xfd7zXZ\0",
    b"BZh",
    b"\x28\xb5\x2f\xfd",
    b"LZIP",
    b"MSCF",
];

/// Tells what a file is, or why it is turned away.
pub(super) fn sniff(bytes: &[u8]) -> Result<Sniffed, Refusal> {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    let at = |from: usize, magic: &[u8]| bytes.get(from..).is_some_and(|rest| rest.starts_with(magic));
    if bytes.is_empty() {
        Err(Refusal::Empty)
    } else if starts(b"\xff\xd8\xff") {
        Ok(Sniffed::Picture(ImageFormat::Jpeg))
    } else if starts(b"\x89PNG\r\n\x1a\n") {
        Ok(Sniffed::Picture(ImageFormat::Png))
    } else if starts(b"GIF87a") || starts(b"GIF89a") {
        Ok(Sniffed::Picture(ImageFormat::Gif))
    } else if starts(b"RIFF") && at(8, b"WEBP") {
        Ok(Sniffed::Picture(ImageFormat::WebP))
    } else if at(4, b"ftyp") && PICTURE_BRANDS.iter().any(|brand| at(8, brand)) {
        Err(Refusal::ModernPicture)
    } else if starts(b"%PDF-") {
        document::pdf(bytes).map(Sniffed::Document)
    } else if starts(b"PK\x03\x04") {
        document::zipped(bytes).map(Sniffed::Document)
    } else if starts(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") || starts(b"{\\rtf") {
        Err(Refusal::OldOffice)
    } else if starts(b"PK") || ARCHIVES.iter().any(|magic| starts(magic)) || at(257, b"ustar") {
        Err(Refusal::Archive)
    } else {
        Err(Refusal::UnknownKind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_browsers_would_run_is_no_medium() {
        for bytes in [
            &b"<!DOCTYPE html><script>alert(1)</script>"[..],
            b"<html>",
            b"  <svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
            b"<?xml version='1.0'?><svg/>",
            b"{\"@context\":\"https://www.w3.org/ns/activitystreams\",\"type\":\"Note\"}",
            b"#!/bin/sh\n",
            b"\x7fELF",
            b"MZ\x90",
            b"BM\x00\x00",
            b"II*\0",
            b"RIFF\0\0\0\0WAVE",
            b"%!PS-Adobe",
            b"\n%PDF-1.7 %%EOF",
            b"texte",
            b"\0\0\0\x18ftypmp42",
        ] {
            assert_eq!(
                sniff(bytes),
                Err(Refusal::UnknownKind),
                "{:?}",
                String::from_utf8_lossy(bytes)
            );
        }
    }

    #[test]
    fn people_are_told_what_they_sent() {
        assert_eq!(sniff(b""), Err(Refusal::Empty));
        assert_eq!(sniff(b"\0\0\0\x18ftypheic"), Err(Refusal::ModernPicture));
        assert_eq!(
            sniff(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1..."),
            Err(Refusal::OldOffice)
        );
        assert_eq!(sniff(b"\x1f\x8b\x08"), Err(Refusal::Archive));
        assert_eq!(sniff(b"Rar!\x1a\x07\x01"), Err(Refusal::Archive));
        assert_eq!(sniff(b"PK\x05\x06"), Err(Refusal::Archive));
    }
}
