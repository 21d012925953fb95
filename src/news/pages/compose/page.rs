//! The composer as a page.

use askama::Template;
use axum::response::Response;
use discussion::CommentMode;
use federation::Visibility;
use platform::media::{self, MediaId};
use platform::text::Html;
use platform::web::{Failure, FormState, Page, html};

use super::Composer;
use super::form::LANGUAGES;
use crate::model::{MOST_ATTACHMENTS, PostState, Topic};

/// A photo or document in the composer.
struct Piece {
    id: i64,
    number: usize,
    field: String,
    src: String,
    name: String,
    is_image: bool,
}

#[derive(Template)]
#[template(path = "news/compose.html")]
struct Compose {
    page: Page,
    form: FormState,
    action: String,
    pieces: Vec<Piece>,
    preview: Option<Html>,
    preview_title: String,
    published: bool,
    delegated: bool,
    byline: String,
    remove_href: String,
    topics: Vec<(String, String)>,
    languages: Vec<(String, String)>,
    modes: Vec<(String, String)>,
    visibilities: Vec<(String, String, String)>,
    moments: Vec<(String, String, String)>,
    most: i64,
}

impl Composer<'_> {
    /// Draws the form, with the photos and documents it holds; 422 when something is wrong with it.
    pub(super) async fn draw(
        &self,
        form: FormState,
        media: &[i64],
        preview: Option<Html>,
    ) -> Result<Response, Failure> {
        let status = form.status();
        let page = self.page(&form);
        let word = |key: &str| page.t(key);
        let triple = |value: &str, key: &str| (value.to_owned(), word(key), word(&format!("{key}-help")));
        let visibilities = [
            Visibility::Public,
            Visibility::Unlisted,
            Visibility::Followers,
            Visibility::Residents,
        ];
        let shown = Compose {
            action: self.commune.below(&match self.post {
                None => "actualites/nouvelle".to_owned(),
                Some(post) => format!("actualites/{}/modifier", post.id),
            }),
            pieces: self.pieces(media).await?,
            preview,
            preview_title: form.value("title"),
            published: self.post.is_some_and(|post| post.state == PostState::Published),
            delegated: self.author.delegated,
            byline: self.author.byline.clone(),
            remove_href: self.post.map_or_else(String::new, |post| {
                self.commune.below(&format!("actualites/{}/supprimer", post.id))
            }),
            topics: topics(&page),
            languages: pairs(&page, "news-language", LANGUAGES),
            modes: pairs(&page, "news-comments", CommentMode::ALL.map(CommentMode::code)),
            visibilities: visibilities
                .map(|one| triple(one.code(), &format!("news-visibility-{}", one.code())))
                .to_vec(),
            moments: vec![triple("now", "news-when-now"), triple("later", "news-when-later")],
            most: MOST_ATTACHMENTS as i64,
            page,
            form,
        };
        html(status, &shown)
    }

    fn page(&self, form: &FormState) -> Page {
        let key = if self.post.is_some() {
            "news-edit-title"
        } else {
            "news-new-title"
        };
        let title = self.ctx.words.t(self.visit.lang, key);
        let mut page = commune::page_of(self.ctx, self.visit, self.commune, "news", title);
        page.noindex = true;
        page.in_error = form.has_errors();
        let label = page.t("news-nav");
        page.back_to(label, self.commune.path())
    }

    /// The office's own uploads among these, in this order.
    async fn pieces(&self, media: &[i64]) -> Result<Vec<Piece>, Failure> {
        let ids: Vec<MediaId> = media.iter().copied().map(MediaId).collect();
        let known = media::by_ids(&self.ctx.db, &ids).await?;
        let own = ids.iter().filter_map(|id| {
            known
                .iter()
                .find(|medium| medium.id == *id && medium.owner_id == self.author.office.id.0)
        });
        Ok(own
            .enumerate()
            .map(|(at, medium)| Piece {
                id: medium.id.0,
                number: at + 1,
                field: format!("alt-{}", at + 1),
                src: medium.thumb_address(),
                name: medium.file_name.clone(),
                is_image: medium.is_image(),
            })
            .collect())
    }
}

fn topics(page: &Page) -> Vec<(String, String)> {
    let none = (String::new(), page.t("news-topic-none"));
    std::iter::once(none)
        .chain(pairs(page, "news-topic", Topic::ALL.map(Topic::code)))
        .collect()
}

/// Choices: value and words.
fn pairs<const N: usize>(page: &Page, key: &str, codes: [&str; N]) -> Vec<(String, String)> {
    codes
        .into_iter()
        .map(|code| {
            let words = page.t(&format!("{key}-{}", code.replace('_', "-")));
            (code.to_owned(), words)
        })
        .collect()
}
