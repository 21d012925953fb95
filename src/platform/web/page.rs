//! What the layout (`templates/base.html`) needs to know of a page.

use crate::clock::Timestamp;
use crate::i18n::{self, Lang, Words};
use crate::{Ctx, web::Visit};

use super::assets;

/// A link with its text.
#[derive(Debug, Clone)]
pub struct Link {
    /// The text.
    pub label: String,
    /// The address.
    pub href: String,
}

/// A feed of this page.
#[derive(Debug, Clone)]
pub struct FeedLink {
    /// Its title.
    pub title: String,
    /// The address.
    pub href: String,
    /// The media type.
    pub kind: &'static str,
}

/// The town sign in the header.
#[derive(Debug, Clone)]
pub struct Plate {
    /// The commune's name.
    pub name: String,
    /// What stands in the yellow cartouche (the postal code).
    pub cartouche: String,
    /// Where it leads.
    pub href: String,
    /// A commune whose town hall is here has the red frame.
    pub claimed: bool,
    /// The line beside it (the department).
    pub subtitle: String,
}

/// A section in the menu, as `app.rs` declares it.
#[derive(Debug, Clone)]
pub struct NavEntry {
    /// The section (`news`).
    pub section: &'static str,
    /// A Lucide icon of the sprite.
    pub icon: &'static str,
    /// The key of its name.
    pub label: &'static str,
    /// What follows `/{commune}` in its address.
    pub path: &'static str,
    /// Whether it stands in the phone's bottom bar.
    pub in_bar: bool,
}

/// A section in the menu, as shown.
#[derive(Debug, Clone)]
pub struct NavItem {
    /// The section (`news`).
    pub section: &'static str,
    /// A Lucide icon of the sprite.
    pub icon: &'static str,
    /// Its name.
    pub label: String,
    /// The address.
    pub href: String,
    /// Whether this page is of it.
    pub current: bool,
    /// What waits there; 0: nothing.
    pub count: i64,
    /// Whether it stands in the phone's bottom bar.
    pub in_bar: bool,
}

/// Who is signed in, for the header.
#[derive(Debug, Clone)]
pub struct ViewerBadge {
    /// The name shown.
    pub name: String,
    /// Where "Mon compte" leads.
    pub href: String,
    /// Her picture.
    pub avatar: Option<String>,
    /// Notices not read yet.
    pub unread: i64,
    /// Her commune's page.
    pub home: String,
}

/// The kind of a flash message or banner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlashKind {
    /// Done.
    Success,
    /// Good to know.
    Information,
    /// To be looked at.
    Attention,
    /// An error.
    Alert,
}

impl FlashKind {
    const ALL: [Self; 4] = [Self::Success, Self::Information, Self::Attention, Self::Alert];

    /// The class of the look.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Success => "succes",
            Self::Information => "information",
            Self::Attention => "attention",
            Self::Alert => "alerte",
        }
    }

    pub(super) fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

impl std::fmt::Display for FlashKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

/// A message left by the request before.
#[derive(Debug, Clone)]
pub struct Flash {
    /// Its kind.
    pub kind: FlashKind,
    /// The key of its words; holds `-flash-`.
    pub key: String,
}

/// The layout's data and the page's tongue.
#[derive(Debug, Clone)]
pub struct Page {
    /// The language.
    pub lang: Lang,
    /// The page's own title.
    pub title: String,
    /// For search engines and cards.
    pub description: String,
    /// The one address of this content.
    pub canonical: Option<String>,
    /// OpenGraph: property, content.
    pub og: Vec<(String, String)>,
    /// Feeds of this page.
    pub feeds: Vec<FeedLink>,
    /// Whether search engines stay out.
    pub noindex: bool,
    /// `auto`, `light`, `dark`.
    pub theme: &'static str,
    /// `standard`, `lisible`.
    pub font: &'static str,
    /// The town sign; none on pages of the whole server.
    pub plate: Option<Plate>,
    /// On the commune's front page the sign is the title.
    pub plate_is_h1: bool,
    /// The menu.
    pub nav: Vec<NavItem>,
    /// The page that lists all sections.
    pub more_href: String,
    /// Who is signed in.
    pub viewer: Option<ViewerBadge>,
    /// Where to sign in, coming back here after.
    pub signin_href: String,
    /// Where to sign up, on the page for signing in; empty elsewhere.
    pub signup_href: String,
    /// The token of forms.
    pub csrf: String,
    /// A message from the request before.
    pub flash: Option<Flash>,
    /// Everything here is made up.
    pub demo: bool,
    /// Whether the phone's bar is hidden (signing in).
    pub hide_bar: bool,
    /// Where the way back leads.
    pub back: Option<Link>,
    /// The same page in the other language.
    pub switch_lang: Link,
    /// The name of this server.
    pub instance: String,
    /// `non`, `partielle`, `totale`.
    pub accessibility: String,
    /// Whether this page tells of an error.
    pub in_error: bool,
    /// Asked for by htmx.
    pub partial: bool,
    words: Words,
    now: Timestamp,
    zone: &'static str,
}

impl Page {
    /// A page of the whole server; `title` is already in the visitor's language.
    pub fn new(ctx: &Ctx, visit: &Visit, title: impl Into<String>) -> Self {
        let other = if visit.lang == Lang::Fr {
            Lang::En
        } else {
            Lang::Fr
        };
        let here: String = url::form_urlencoded::byte_serialize(visit.path.as_bytes()).collect();
        let label = if other == Lang::En { "English" } else { "Français" };
        Self {
            lang: visit.lang,
            title: title.into(),
            description: ctx.instance.description.clone(),
            canonical: None,
            og: Vec::new(),
            feeds: Vec::new(),
            noindex: false,
            theme: visit.theme,
            font: visit.font,
            plate: None,
            plate_is_h1: false,
            nav: Vec::new(),
            more_href: "/plus".to_owned(),
            viewer: visit.viewer.clone(),
            signin_href: format!("/connexion?suite={here}"),
            signup_href: String::new(),
            csrf: visit.form_token(),
            flash: visit.flash.clone(),
            demo: ctx.instance.demo,
            hide_bar: false,
            back: None,
            switch_lang: Link {
                label: label.to_owned(),
                href: format!("/langue?vers={other}&suite={here}"),
            },
            instance: ctx.instance.name.clone(),
            accessibility: ctx.instance.accessibility.clone(),
            in_error: false,
            partial: visit.partial,
            words: ctx.words.clone(),
            now: ctx.clock.now(),
            zone: visit.zone,
        }
    }

    /// A page titled with words of the files.
    pub fn titled(ctx: &Ctx, visit: &Visit, key: &str) -> Self {
        Self::new(ctx, visit, ctx.words.t(visit.lang, key))
    }

    /// Puts the page in a commune: its sign, its menu, its time. `slug` is `eze-06`.
    pub fn in_commune(
        mut self,
        ctx: &Ctx,
        plate: Plate,
        slug: &str,
        section: &str,
        zone: &'static str,
    ) -> Self {
        self.nav = ctx
            .nav
            .iter()
            .map(|entry| NavItem {
                section: entry.section,
                icon: entry.icon,
                label: ctx.words.t(self.lang, entry.label),
                href: format!("/{slug}{}", entry.path),
                current: entry.section == section,
                count: 0,
                in_bar: entry.in_bar,
            })
            .collect();
        self.more_href = format!("/{slug}/plus");
        self.plate = Some(plate);
        self.zone = zone;
        self
    }

    /// With what waits in a section, in the menu.
    pub fn counting(mut self, section: &str, count: i64) -> Self {
        for item in self.nav.iter_mut().filter(|item| item.section == section) {
            item.count += count;
        }
        self
    }

    /// With a way back.
    pub fn back_to(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.back = Some(Link {
            label: label.into(),
            href: href.into(),
        });
        self
    }

    /// What stands in the browser's tab: page – commune – server.
    pub fn full_title(&self) -> String {
        let mut parts = vec![self.title.as_str()];
        if let Some(plate) = self.plate.as_ref().filter(|plate| plate.name != self.title) {
            parts.push(&plate.name);
        }
        if self.title != self.instance {
            parts.push(&self.instance);
        }
        let title = parts.join(" – ");
        if self.in_error {
            format!("{}{title}", self.t("page-error-prefix"))
        } else {
            title
        }
    }

    /// Words.
    pub fn t(&self, key: &str) -> String {
        self.words.t(self.lang, key)
    }

    /// Words about a number.
    pub fn tn(&self, key: &str, n: &i64) -> String {
        self.words.tn(self.lang, key, *n)
    }

    /// Words with texts in them.
    pub fn ta(&self, key: &str, pairs: &[(&str, &str)]) -> String {
        self.words.ta(self.lang, key, pairs)
    }

    /// The words of the flash message.
    pub fn flash_text(&self) -> String {
        self.flash
            .as_ref()
            .map(|flash| self.t(&flash.key))
            .unwrap_or_default()
    }

    /// The address of a file of the look, with its version.
    pub fn asset(&self, name: &str) -> String {
        assets::address(name)
    }

    /// `24 novembre 2026`.
    pub fn date(&self, at: &Timestamp) -> String {
        i18n::date(self.lang, &at.in_zone(self.zone))
    }

    /// `24 novembre 2026 à 9 h 30`.
    pub fn datetime(&self, at: &Timestamp) -> String {
        i18n::datetime(self.lang, &at.in_zone(self.zone))
    }

    /// `hier à 18 h 12`.
    pub fn relative(&self, at: &Timestamp) -> String {
        i18n::relative(self.lang, *at, self.now, self.zone)
    }

    /// For `<time datetime>`.
    pub fn iso(&self, at: &Timestamp) -> String {
        at.rfc3339()
    }

    /// `2 144`.
    pub fn number(&self, n: &i64) -> String {
        i18n::number(self.lang, *n)
    }

    /// The zone of this page's times.
    pub const fn zone(&self) -> &'static str {
        self.zone
    }
}
