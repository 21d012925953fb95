//! Documents: PDF and the zipped office formats. Looked through, never unpacked.

use super::Refusal;

/// The documents we take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DocumentType {
    Pdf,
    Odt,
    Ods,
    Odp,
    Docx,
    Xlsx,
    Pptx,
}

impl DocumentType {
    pub(super) const fn mime(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Odp => "application/vnd.oasis.opendocument.presentation",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        }
    }

    pub(super) const fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Odt => "odt",
            Self::Ods => "ods",
            Self::Odp => "odp",
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
            Self::Pptx => "pptx",
        }
    }
}

/// The end of a zip archive without comment.
const END_LENGTH: usize = 22;
/// Files in an office document at most.
const MOST_ENTRIES: u16 = 10_000;
/// What an office document may grow to when somebody opens it.
const MOST_UNPACKED: u64 = 500_000_000;
/// How far from its end the last line of a PDF may stand.
const PDF_TAIL: usize = 2048;
/// How much of a PDF's beginning is looked at for signs of another format.
const PDF_HEAD: usize = 1024;

/// Checks a file that begins as a PDF.
pub(super) fn pdf(bytes: &[u8]) -> Result<DocumentType, Refusal> {
    let head = bytes
        .get(..PDF_HEAD.min(bytes.len()))
        .unwrap_or_default()
        .to_ascii_lowercase();
    let tail = bytes
        .get(bytes.len().saturating_sub(PDF_TAIL)..)
        .unwrap_or_default();
    let is_other = [
        &b"<html"[..],
        b"<script",
        b"<svg",
        b"<!doctype",
        b"<?php",
        b"\"@context\"",
    ]
    .iter()
    .any(|mark| contains(&head, mark));
    if !contains(tail, b"%%EOF") || is_other || end_of_zip(bytes).is_some() {
        return Err(Refusal::Broken);
    }
    Ok(DocumentType::Pdf)
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Tells which office format a zip archive is; any other archive is turned away.
pub(super) fn zipped(bytes: &[u8]) -> Result<DocumentType, Refusal> {
    let entries = Entries::of(bytes).ok_or(Refusal::Broken)?;
    let mut names = Vec::new();
    let mut unpacked = 0_u64;
    for entry in entries {
        let entry = entry.ok_or(Refusal::Broken)?;
        unpacked = unpacked.saturating_add(entry.unpacked);
        names.push(entry.name);
    }
    let has = |name: &str| names.contains(&name.as_bytes());
    let kind = match first_file(bytes) {
        Some((b"mimetype", b"application/vnd.oasis.opendocument.text")) => DocumentType::Odt,
        Some((b"mimetype", b"application/vnd.oasis.opendocument.spreadsheet")) => DocumentType::Ods,
        Some((b"mimetype", b"application/vnd.oasis.opendocument.presentation")) => DocumentType::Odp,
        _ if !has("[Content_Types].xml") => return Err(Refusal::Archive),
        _ if has("word/document.xml") => DocumentType::Docx,
        _ if has("xl/workbook.xml") => DocumentType::Xlsx,
        _ if has("ppt/presentation.xml") => DocumentType::Pptx,
        _ => return Err(Refusal::Archive),
    };
    if names.iter().any(|name| holds_program(name)) {
        return Err(Refusal::Macros);
    }
    if unpacked > MOST_UNPACKED || names.iter().any(|name| leads_out(name)) {
        return Err(Refusal::Broken);
    }
    Ok(kind)
}

fn holds_program(name: &[u8]) -> bool {
    let name = name.to_ascii_lowercase();
    let ends = |end: &[u8]| name.ends_with(end);
    name.starts_with(b"basic/")
        || name.starts_with(b"scripts/")
        || [
            &b"vbaproject.bin"[..],
            b".exe",
            b".dll",
            b".js",
            b".vbs",
            b".bat",
            b".cmd",
            b".ps1",
            b".jar",
        ]
        .iter()
        .any(|end| ends(end))
}

fn leads_out(name: &[u8]) -> bool {
    name.starts_with(b"/") || name.contains(&b'\\') || name.split(|b| *b == b'/').any(|part| part == b"..")
}

/// The name and the content of the first file, if it is not compressed.
fn first_file(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let is_stored = u16_at(bytes, 8)? == 0;
    let length = usize::try_from(u32_at(bytes, 18)?).ok()?;
    let name_length = usize::from(u16_at(bytes, 26)?);
    let extra = usize::from(u16_at(bytes, 28)?);
    let name = bytes.get(30..30 + name_length)?;
    let start = 30 + name_length + extra;
    let content = bytes.get(start..start.checked_add(length)?)?;
    is_stored.then_some((name, content))
}

/// Where the central directory ends, if the file ends as a zip archive.
fn end_of_zip(bytes: &[u8]) -> Option<usize> {
    let from = bytes.len().saturating_sub(END_LENGTH + usize::from(u16::MAX));
    bytes
        .get(from..)?
        .windows(4)
        .rposition(|window| window == b"PK\x05\x06")
        .map(|at| from + at)
}

/// The central directory of a zip archive.
struct Entries<'a> {
    bytes: &'a [u8],
    at: usize,
    left: u16,
}

struct Entry<'a> {
    name: &'a [u8],
    unpacked: u64,
}

impl<'a> Entries<'a> {
    /// None unless the archive begins with the file and ends with it: nothing before, nothing after, no comment.
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let end = end_of_zip(bytes)?;
        let left = u16_at(bytes, end + 10)?;
        let size = usize::try_from(u32_at(bytes, end + 12)?).ok()?;
        let start = usize::try_from(u32_at(bytes, end + 16)?).ok()?;
        let is_whole = end + END_LENGTH == bytes.len()
            && u16_at(bytes, end + 20)? == 0
            && start.checked_add(size)? == end
            && u16_at(bytes, end + 8)? == left
            && (1..=MOST_ENTRIES).contains(&left);
        is_whole.then_some(Self {
            bytes,
            at: start,
            left,
        })
    }

    fn read(&mut self) -> Option<Entry<'a>> {
        let at = self.at;
        let is_entry = self.bytes.get(at..)?.starts_with(b"PK\x01\x02");
        // Bit 0: encrypted; a document nobody here can look at.
        let is_open = u16_at(self.bytes, at + 8)? & 1 == 0;
        let unpacked = u64::from(u32_at(self.bytes, at + 24)?);
        let name_length = usize::from(u16_at(self.bytes, at + 28)?);
        let rest = usize::from(u16_at(self.bytes, at + 30)?) + usize::from(u16_at(self.bytes, at + 32)?);
        let name = self.bytes.get(at + 46..at + 46 + name_length)?;
        self.at = at + 46 + name_length + rest;
        (is_entry && is_open).then_some(Entry { name, unpacked })
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = Option<Entry<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        Some(self.read())
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2)?.try_into().ok().map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A zip archive of uncompressed files, as an office program would write it.
    pub(in crate::media) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
        let (mut archive, mut directory) = (Vec::new(), Vec::new());
        for (name, content) in files {
            let offset = archive.len() as u32;
            let length = (content.len() as u32).to_le_bytes();
            let name_length = (name.len() as u16).to_le_bytes();
            archive.extend_from_slice(b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0");
            archive.extend([length, length].concat());
            archive.extend(name_length);
            archive.extend([0, 0]);
            archive.extend(name.as_bytes());
            archive.extend(*content);
            directory.extend_from_slice(b"PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\0\0\0\0\0\0");
            directory.extend([length, length].concat());
            directory.extend(name_length);
            directory.extend([0; 12]);
            directory.extend(offset.to_le_bytes());
            directory.extend(name.as_bytes());
        }
        let start = (archive.len() as u32).to_le_bytes();
        let size = (directory.len() as u32).to_le_bytes();
        let count = (files.len() as u16).to_le_bytes();
        archive.extend(directory);
        archive.extend_from_slice(b"PK\x05\x06\0\0\0\0");
        archive.extend([count, count].concat());
        archive.extend([size, start].concat());
        archive.extend([0, 0]);
        archive
    }

    const TYPES: (&str, &[u8]) = ("[Content_Types].xml", b"<Types/>");

    #[test]
    fn office_documents_are_known_by_what_they_hold() {
        for (files, kind) in [
            (vec![TYPES, ("word/document.xml", b"x")], DocumentType::Docx),
            (vec![("xl/workbook.xml", b"x"), TYPES], DocumentType::Xlsx),
            (vec![TYPES, ("ppt/presentation.xml", b"x")], DocumentType::Pptx),
            (
                vec![
                    ("mimetype", b"application/vnd.oasis.opendocument.text"),
                    ("content.xml", b"x"),
                ],
                DocumentType::Odt,
            ),
            (
                vec![("mimetype", b"application/vnd.oasis.opendocument.spreadsheet")],
                DocumentType::Ods,
            ),
            (
                vec![("mimetype", b"application/vnd.oasis.opendocument.presentation")],
                DocumentType::Odp,
            ),
        ] {
            assert_eq!(zipped(&zip(&files)), Ok(kind));
        }
    }

    #[test]
    fn other_archives_and_programs_are_turned_away() {
        assert_eq!(zipped(&zip(&[("a.txt", b"x")])), Err(Refusal::Archive));
        assert_eq!(zipped(&zip(&[TYPES, ("a.xml", b"x")])), Err(Refusal::Archive));
        assert_eq!(
            zipped(&zip(&[("mimetype", b"application/epub+zip")])),
            Err(Refusal::Archive)
        );
        assert_eq!(
            zipped(&zip(&[("META-INF/MANIFEST.MF", b"x"), ("A.class", b"x")])),
            Err(Refusal::Archive)
        );
        for program in ["word/vbaProject.bin", "word/embeddings/a.EXE", "scripts/a.py"] {
            let file = zip(&[TYPES, ("word/document.xml", b"x"), (program, b"x")]);
            assert_eq!(zipped(&file), Err(Refusal::Macros), "{program}");
        }
        for path in ["../x", "word/../../x", "/etc/passwd", "a\\b"] {
            let file = zip(&[TYPES, ("word/document.xml", b"x"), (path, b"x")]);
            assert_eq!(zipped(&file), Err(Refusal::Broken), "{path}");
        }
    }

    #[test]
    fn what_claims_to_be_two_things_is_broken() {
        let document = zip(&[TYPES, ("word/document.xml", b"x")]);
        let after = [&document[..], b"<script>alert(1)</script>"].concat();
        assert_eq!(zipped(&after), Err(Refusal::Broken));
        let before = [&b"PK\x03\x04junk"[..], &document].concat();
        assert_eq!(zipped(&before), Err(Refusal::Broken));
        for length in 0..document.len() {
            assert!(zipped(&document[..length]).is_err(), "{length}");
        }
        let mut locked = document.clone();
        let directory = locked.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
        locked[directory + 8] |= 1;
        assert_eq!(zipped(&locked), Err(Refusal::Broken));
        let mut bomb = document;
        bomb[directory + 24..directory + 28].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(zipped(&bomb), Err(Refusal::Broken));
    }

    #[test]
    fn a_pdf_is_a_pdf_and_nothing_else() {
        assert_eq!(pdf(b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"), Ok(DocumentType::Pdf));
        assert_eq!(pdf(b"%PDF-1.7\n"), Err(Refusal::Broken));
        assert_eq!(
            pdf(b"%PDF-1.7\n<HTML><script>1</script>%%EOF"),
            Err(Refusal::Broken)
        );
        let zip = zip(&[("a.class", b"x")]);
        assert_eq!(
            pdf(&[&b"%PDF-1.7\n%%EOF\n"[..], &zip].concat()),
            Err(Refusal::Broken)
        );
        assert_eq!(
            pdf(b"%PDF-1.7\n{\"@context\":\"https://www.w3.org/ns/activitystreams\"}%%EOF"),
            Err(Refusal::Broken)
        );
    }
}
