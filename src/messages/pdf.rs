//! The file of a formal request, and its receipt, on paper: A4, one column, the page number on each page.
//!
//! Text is broken into lines by the widths of the font, then into pages, then drawn; so the footer knows how many
//! pages there are. Each file is tagged after PDF/UA-1 (ISO 14289-1): a screen reader finds the title, the headings,
//! the paragraphs and the language, and the words themselves where the font has no sign for them.

use std::num::NonZeroU16;

use krilla::color::rgb;
use krilla::configure::{Accessibility, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::Point;
use krilla::metadata::Metadata;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, SpanTag, Tag, TagGroup, TagKind, TagTree};
use krilla::text::{Font, TextDirection};
use krilla::{Data, Document, SerializeSettings};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider as _};

const REGULAR: &[u8] = include_bytes!("../../templates/messages/fonts/papiers-regular.ttf");
const BOLD: &[u8] = include_bytes!("../../templates/messages/fonts/papiers-bold.ttf");

/// A4 in points.
const WIDTH: f32 = 595.28;
const HEIGHT: f32 = 841.89;
const MARGIN: f32 = 62.0;
const BOTTOM: f32 = HEIGHT - 72.0;
const LINE: f32 = WIDTH - 2.0 * MARGIN;

/// How a paragraph is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// The title of the paper.
    Title,
    /// A heading; it does not stand alone at the foot of a page.
    Heading,
    /// Words.
    Text,
    /// What is said about words: who, when.
    Small,
}

impl Style {
    const fn size(self) -> f32 {
        match self {
            Self::Title => 20.0,
            Self::Heading => 12.5,
            Self::Text => 11.0,
            Self::Small => 9.5,
        }
    }

    const fn is_bold(self) -> bool {
        matches!(self, Self::Title | Self::Heading)
    }

    /// Above a paragraph.
    const fn gap(self) -> f32 {
        match self {
            Self::Title => 0.0,
            Self::Heading => 16.0,
            Self::Text => 5.0,
            Self::Small => 3.0,
        }
    }

    fn leading(self) -> f32 {
        self.size() * 1.42
    }

    /// What a screen reader is told that a paragraph is.
    fn tag(self, words: &str) -> TagKind {
        let heading = |level: NonZeroU16| Tag::Hn(level, Some(words.to_owned())).into();
        match self {
            Self::Title => heading(NonZeroU16::MIN),
            Self::Heading => heading(NonZeroU16::MIN.saturating_add(1)),
            Self::Text | Self::Small => Tag::P.into(),
        }
    }
}

/// A paragraph; its own line ends are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Paragraph {
    /// How it is set.
    pub(crate) style: Style,
    /// Its words.
    pub(crate) text: String,
}

/// A paper to be made.
#[derive(Debug, Clone, Default)]
pub(crate) struct Paper {
    /// For the file's own data.
    pub(crate) title: String,
    /// BCP 47.
    pub(crate) language: String,
    /// At the foot of each page; `{page}` and `{pages}` are filled in.
    pub(crate) footer: String,
    /// The words.
    pub(crate) body: Vec<Paragraph>,
}

impl Paper {
    /// Adds a paragraph.
    pub(crate) fn add(&mut self, style: Style, text: impl Into<String>) {
        self.body.push(Paragraph {
            style,
            text: text.into(),
        });
    }
}

/// Widths of the two fonts.
struct Rulers {
    regular: FontRef<'static>,
    bold: FontRef<'static>,
}

impl Rulers {
    fn new() -> Option<Self> {
        Some(Self {
            regular: FontRef::new(REGULAR).ok()?,
            bold: FontRef::new(BOLD).ok()?,
        })
    }

    fn font(&self, style: Style) -> &FontRef<'static> {
        if style.is_bold() {
            &self.bold
        } else {
            &self.regular
        }
    }

    /// The text as it can be drawn: a sign that the font does not have is a question mark.
    fn drawable(&self, text: &str, style: Style) -> String {
        let map = self.font(style).charmap();
        text.chars()
            .map(|c| if map.map(c).is_some() { c } else { '?' })
            .collect()
    }

    fn width(&self, text: &str, style: Style) -> f32 {
        let font = self.font(style);
        let (map, metrics) = (
            font.charmap(),
            font.glyph_metrics(Size::new(style.size()), LocationRef::default()),
        );
        text.chars()
            .map(|c| {
                let glyph = map.map(c).unwrap_or_default();
                metrics.advance_width(glyph).unwrap_or(style.size() / 2.0)
            })
            .sum()
    }

    /// Breaks a paragraph where a line is full; a word longer than a line is cut.
    fn lines(&self, text: &str, style: Style) -> Vec<String> {
        let mut lines = Vec::new();
        for own in text.split('\n') {
            let mut line = String::new();
            for word in own.split([' ', '\t']).filter(|word| !word.is_empty()) {
                let longer = if line.is_empty() {
                    word.to_owned()
                } else {
                    format!("{line} {word}")
                };
                if self.width(&longer, style) <= LINE {
                    line = longer;
                    continue;
                }
                if !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                }
                line = self.cut(word, style, &mut lines);
            }
            lines.push(line);
        }
        lines
    }

    /// Puts all of a word but its end on lines of its own.
    fn cut(&self, word: &str, style: Style, lines: &mut Vec<String>) -> String {
        let mut part = String::new();
        for c in word.chars() {
            part.push(c);
            if self.width(&part, style) > LINE {
                part.pop();
                lines.push(std::mem::take(&mut part));
                part.push(c);
            }
        }
        part
    }
}

/// A line at its height on its page.
struct Placed {
    page: usize,
    /// Of which paragraph.
    of: usize,
    /// It is not the last of its paragraph.
    goes_on: bool,
    y: f32,
    style: Style,
    text: String,
}

fn place(rulers: &Rulers, body: &[Paragraph]) -> (Vec<Placed>, usize) {
    let (mut placed, mut page, mut y) = (Vec::new(), 0, MARGIN);
    for (of, paragraph) in body.iter().enumerate() {
        let style = paragraph.style;
        let lines = rulers.lines(&printable(&paragraph.text), style);
        if y > MARGIN {
            y += style.gap();
        }
        // A heading takes the first lines of what it heads with it.
        let together = if style == Style::Heading { 3.2 } else { 1.0 };
        if y + style.leading() * together > BOTTOM {
            page += 1;
            y = MARGIN;
        }
        let last = lines.len();
        for (nth, text) in (1..).zip(lines) {
            if y + style.leading() > BOTTOM {
                page += 1;
                y = MARGIN;
            }
            y += style.leading();
            placed.push(Placed {
                page,
                of,
                goes_on: nth < last,
                y,
                style,
                text,
            });
        }
    }
    (placed, page + 1)
}

/// What has a shape of its own on paper: signs that steer the direction of writing or are not seen are left out.
fn printable(text: &str) -> String {
    platform::text::strip_hidden(text)
        .chars()
        .map(|c| {
            if c == '\u{202f}' || c == '\u{2009}' {
                '\u{a0}'
            } else {
                c
            }
        })
        .filter(|c| *c == '\n' || !c.is_control())
        .collect()
}

/// Once lines are broken a space is a space: both kinds share a sign in the font, and a reader that has to be told
/// which one is meant may lose what follows.
fn spaced(line: &str) -> String {
    line.replace('\u{a0}', " ")
}

/// What a page is drawn with.
struct Pen {
    rulers: Rulers,
    regular: Font,
    bold: Font,
}

impl Pen {
    fn new() -> Option<Self> {
        let font = |bytes: &'static [u8]| {
            let data: Data = bytes.to_vec().into();
            Font::new(data, 0)
        };
        Some(Self {
            rulers: Rulers::new()?,
            regular: font(REGULAR)?,
            bold: font(BOLD)?,
        })
    }

    fn draw(&self, surface: &mut Surface<'_>, y: f32, style: Style, text: &str) {
        let font = if style.is_bold() {
            &self.bold
        } else {
            &self.regular
        };
        surface.draw_text(
            Point::from_xy(MARGIN, y),
            font.clone(),
            style.size(),
            text,
            false,
            TextDirection::Auto,
        );
    }

    /// Draws a line as a part of its paragraph.
    fn line(&self, surface: &mut Surface<'_>, line: &Placed, paragraph: &mut TagGroup) {
        // Read aloud, words on two lines are two words.
        let end = if line.goes_on { " " } else { "" };
        let words = spaced(&format!("{}{end}", line.text));
        let drawn = self.rulers.drawable(&words, line.style);
        let said = (drawn != words).then_some(words.as_str());
        let span = SpanTag::empty().with_actual_text(said);
        paragraph.push(surface.start_tagged(ContentTag::Span(span)));
        self.draw(surface, line.y, line.style, &drawn);
        surface.end_tagged();
    }

    /// Draws what stands at the foot of each page, and is not read aloud.
    fn footer(&self, surface: &mut Surface<'_>, words: &str) {
        let foot = Artifact::with_kind(ArtifactType::Footer);
        surface.start_tagged(ContentTag::Artifact(foot));
        let drawn = self.rulers.drawable(&spaced(words), Style::Small);
        self.draw(surface, HEIGHT - 40.0, Style::Small, &drawn);
        surface.end_tagged();
    }
}

fn empty_document(paper: &Paper) -> Result<Document, String> {
    let configuration = ConfigurationBuilder::new()
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| format!("{error:?}"))?;
    let mut document = Document::new_with(SerializeSettings {
        configuration,
        ..SerializeSettings::default()
    });
    document.set_metadata(
        Metadata::new()
            .title(paper.title.clone())
            .language(paper.language.clone())
            .creator("Parvis".to_owned()),
    );
    Ok(document)
}

/// The paper as a PDF file.
///
/// # Errors
/// A text when a font cannot be read or the file cannot be put together.
pub(crate) fn make(paper: &Paper) -> Result<Vec<u8>, String> {
    let pen = Pen::new().ok_or("a font of the papers cannot be read")?;
    let (lines, pages) = place(&pen.rulers, &paper.body);
    let mut document = empty_document(paper)?;
    let mut paragraphs: Vec<TagGroup> = paper
        .body
        .iter()
        .map(|paragraph| TagGroup::new(paragraph.style.tag(&printable(&paragraph.text))))
        .collect();
    for number in 0..pages {
        let settings = PageSettings::from_wh(WIDTH, HEIGHT).ok_or("a page has no size")?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        surface.set_fill(Some(Fill {
            paint: rgb::Color::new(27, 36, 48).into(),
            ..Fill::default()
        }));
        for line in lines
            .iter()
            .filter(|line| line.page == number && !line.text.is_empty())
        {
            if let Some(paragraph) = paragraphs.get_mut(line.of) {
                pen.line(&mut surface, line, paragraph);
            }
        }
        let footer = paper
            .footer
            .replace("{page}", &(number + 1).to_string())
            .replace("{pages}", &pages.to_string());
        pen.footer(&mut surface, &printable(&footer));
        surface.finish();
        page.finish();
    }
    let mut tree = TagTree::new().with_lang(Some(paper.language.clone()));
    for paragraph in paragraphs {
        tree.push(paragraph);
    }
    document.set_tag_tree(tree);
    document.set_outline(outline(&paper.body, &lines));
    document.finish().map_err(|error| format!("{error:?}"))
}

/// Title and headings, for whoever leafs by them.
fn outline(body: &[Paragraph], lines: &[Placed]) -> Outline {
    let mut outline = Outline::new();
    for (of, paragraph) in body.iter().enumerate() {
        let first = lines.iter().find(|line| line.of == of);
        if let Some(line) = first.filter(|line| line.style.is_bold()) {
            let top = Point::from_xy(MARGIN, line.y - line.style.leading());
            let there = XyzDestination::new(line.page, top);
            outline.push_child(OutlineNode::new(printable(&paragraph.text), there));
        }
    }
    outline
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paper(words: usize) -> Paper {
        let mut paper = Paper {
            title: "Dossier".to_owned(),
            language: "fr".to_owned(),
            footer: "EZE-2026-000001 – {page}/{pages}".to_owned(),
            ..Paper::default()
        };
        paper.add(Style::Title, "Demande officielle EZE-2026-000001");
        for n in 0..words {
            paper.add(Style::Heading, format!("Message {n}"));
            paper.add(
                Style::Text,
                "Où est le cœur de l’été à Èze ? « Là-bas », dit-elle. ".repeat(12),
            );
        }
        paper
    }

    #[test]
    fn every_letter_of_french_and_its_neighbours_has_a_shape() {
        let rulers = Rulers::new().unwrap();
        for c in "àâäçéèêëîïôöùûüÿœæÀÂÇÉÈÊËÎÏÔÙÛÜŸŒÆ«»’“”–—…€°§ñáíóúßøåčšžłńęąőű\u{a0}\u{202f}0123456789@#%"
            .chars()
        {
            for font in [&rulers.regular, &rulers.bold] {
                assert!(font.charmap().map(c).is_some(), "{c:?}");
            }
        }
    }

    #[test]
    fn no_line_is_wider_than_the_page_nor_lower_than_its_foot() {
        let rulers = Rulers::new().unwrap();
        let mut paper = paper(30);
        paper.add(Style::Text, "x".repeat(5000));
        paper.add(Style::Text, "漢字\u{202e}abc العربية 🎉");
        let (lines, pages) = place(&rulers, &paper.body);
        assert!(pages > 5, "{pages}");
        for line in &lines {
            assert!(rulers.width(&line.text, line.style) <= LINE, "{}", line.text);
            assert!(line.y <= BOTTOM && line.page < pages);
            assert!(!line.text.contains('\u{202e}'));
        }
        for pair in lines.windows(2) {
            assert!(
                pair[0].style != Style::Heading || pair[0].page == pair[1].page,
                "a heading stands alone"
            );
        }
        let words: String = lines.iter().map(|line| line.text.replace(' ', "")).collect();
        assert_eq!(
            words.matches("Là-bas").count(),
            30 * 12,
            "nothing is lost at the ends of lines and pages"
        );
        assert_eq!(words.matches('x').count(), 5000);
    }

    #[test]
    fn a_paper_is_a_pdf_file() {
        let made = make(&paper(20)).unwrap();
        assert!(made.starts_with(b"%PDF-") && made.len() > 5_000);
        let text = String::from_utf8_lossy(&made);
        for mark in [
            "/StructTreeRoot",
            "/MarkInfo",
            "pdfuaid:part",
            "/Outlines",
            "/Lang",
        ] {
            assert!(text.contains(mark), "{mark}");
        }
    }

    #[test]
    fn signs_without_a_shape_do_not_stop_the_press() {
        let mut paper = paper(1);
        paper.add(
            Style::Text,
            "漢字 \u{202e}abc العربية 🎉 Жанна \u{ad}\u{feff}\u{200b}\u{e000}\tfin",
        );
        paper.add(Style::Heading, "🎉");
        paper.add(Style::Text, "");
        paper.add(Style::Text, "  \n\n ");
        let rulers = Rulers::new().unwrap();
        assert_eq!(rulers.drawable("Œuvre Ж", Style::Text), "Œuvre ?");
        make(&paper).unwrap();
        make(&Paper {
            title: "x".to_owned(),
            language: "fr".to_owned(),
            footer: "漢".to_owned(),
            body: vec![Paragraph {
                style: Style::Title,
                text: "x".to_owned(),
            }],
        })
        .unwrap();
    }
}
