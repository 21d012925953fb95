//! The look of our mails: a few blocks put together, rendered as HTML and as plain text.
//!
//! Rooms say what a mail holds, in words from their own files; how it looks is decided here and in `templates/mail/`.

use askama::Template;

use super::message::Headers;
use super::{EmailAddress, Message};
use crate::Ctx;
use crate::i18n::Lang;
use crate::text::{clean_line, french};

/// Characters of the preview that mail programs show beside the subject.
const PREVIEW_CHARS: usize = 120;

/// A mail being put together.
#[derive(Debug, Clone)]
pub struct Letter {
    lang: Lang,
    subject: String,
    title: String,
    plate: Option<Plate>,
    blocks: Vec<Block>,
    headers: Headers,
}

/// The town sign on top.
#[derive(Debug, Clone)]
struct Plate {
    name: String,
    code: String,
}

/// A part of a mail.
#[derive(Debug, Clone)]
enum Block {
    Text(String),
    Code(String),
    Button {
        label: String,
        url: String,
    },
    Quote {
        author: String,
        text: String,
    },
    Item {
        title: String,
        meta: String,
        text: String,
        url: String,
    },
    Note(String),
}

#[derive(Template)]
#[template(path = "mail/base.html")]
struct HtmlPage<'a> {
    letter: &'a Letter,
    frame: &'a Frame,
}

#[derive(Template)]
#[template(path = "mail/base.txt")]
struct TextPage<'a> {
    letter: &'a Letter,
    frame: &'a Frame,
}

/// What stands around the blocks.
struct Frame {
    lang: &'static str,
    preview: String,
    site: String,
    home: String,
    footer: String,
    button_help: String,
    unsubscribe: String,
}

impl Letter {
    /// Begins a mail.
    pub fn new(lang: Lang, subject: &str) -> Self {
        let subject = set(lang, &clean_line(subject, 200));
        Self {
            lang,
            title: subject.clone(),
            subject,
            plate: None,
            blocks: Vec::new(),
            headers: Headers::default(),
        }
    }

    /// Puts the town sign of a commune on top: its name and its postal code (or what identifies it).
    pub fn plate(mut self, name: &str, code: &str) -> Self {
        self.plate = Some(Plate {
            name: clean_line(name, 100),
            code: clean_line(code, 12),
        });
        self
    }

    /// The title inside the mail, when it is not the subject.
    pub fn title(mut self, title: &str) -> Self {
        self.title = set(self.lang, &clean_line(title, 200));
        self
    }

    /// A paragraph.
    pub fn text(self, text: &str) -> Self {
        let text = set(self.lang, text);
        self.with(Block::Text(text))
    }

    /// A code to be typed elsewhere, large.
    pub fn code(self, code: &str) -> Self {
        self.with(Block::Code(code.to_owned()))
    }

    /// A button: what it does and where it leads.
    pub fn button(self, label: &str, url: &str) -> Self {
        let label = set(self.lang, label);
        self.with(Block::Button {
            label,
            url: url.to_owned(),
        })
    }

    /// Words of somebody.
    pub fn quote(self, author: &str, text: &str) -> Self {
        let (author, text) = (clean_line(author, 200), set(self.lang, text));
        self.with(Block::Quote { author, text })
    }

    /// One of several things, each with its page: for digests.
    pub fn item(self, title: &str, meta: &str, text: &str, url: &str) -> Self {
        let block = Block::Item {
            title: set(self.lang, &clean_line(title, 300)),
            meta: set(self.lang, &clean_line(meta, 300)),
            text: set(self.lang, text),
            url: url.to_owned(),
        };
        self.with(block)
    }

    /// A remark in small letters.
    pub fn note(self, text: &str) -> Self {
        let text = set(self.lang, text);
        self.with(Block::Note(text))
    }

    /// The address that ends this kind of mail: a link at the foot, and a header for the mail program's own button,
    /// which sends a POST there without asking (RFC 8058).
    pub fn unsubscribe(mut self, url: &str) -> Self {
        self.headers.unsubscribe = Some(url.to_owned());
        self
    }

    /// Names the kind of mail for those who sort theirs: `actualites.eze-06.example.org`.
    pub fn list(mut self, id: &str) -> Self {
        self.headers.list_id = Some(id.to_owned());
        self
    }

    /// Where answers go.
    pub fn reply_to(mut self, address: EmailAddress) -> Self {
        self.headers.reply_to = Some(address);
        self
    }

    fn with(mut self, block: Block) -> Self {
        self.blocks.push(block);
        self
    }

    /// Renders it for one recipient; `kind` is for the operator's eyes.
    pub fn message(self, ctx: &Ctx, to: EmailAddress, kind: &'static str) -> Message {
        let frame = self.frame(ctx);
        let (letter, frame) = (&self, &frame);
        let html = render(HtmlPage { letter, frame }.render(), kind);
        let text = render(TextPage { letter, frame }.render(), kind);
        Message {
            to,
            text,
            html,
            subject: self.subject,
            headers: self.headers,
            kind,
        }
    }

    fn frame(&self, ctx: &Ctx) -> Frame {
        let site = clean_line(&ctx.instance.name, 100);
        let pairs = [("name", site.as_str()), ("host", ctx.urls.authority())];
        let first = self.blocks.iter().find_map(|block| match block {
            Block::Text(text) => Some(text.as_str()),
            _ => None,
        });
        Frame {
            lang: self.lang.code(),
            preview: clean_line(first.unwrap_or_default(), PREVIEW_CHARS),
            home: ctx.urls.to("/"),
            footer: ctx.words.ta(self.lang, "mail-footer", &pairs),
            button_help: ctx.words.t(self.lang, "mail-button-help"),
            unsubscribe: ctx.words.t(self.lang, "mail-unsubscribe"),
            site,
        }
    }
}

/// Rendering writes into memory; should it fail all the same, the mail goes out with its other half.
fn render(result: askama::Result<String>, kind: &str) -> String {
    result.unwrap_or_else(|error| {
        tracing::error!(%error, kind, "a mail cannot be rendered");
        String::new()
    })
}

fn set(lang: Lang, text: &str) -> String {
    match lang {
        Lang::Fr => french(text),
        Lang::En => text.to_owned(),
    }
}
