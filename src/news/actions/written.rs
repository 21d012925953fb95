//! The text of a post as it will be shown.

use federation::{Actor, Ctx, Named};
use platform::StoreError;
use platform::text::{self, Html, Links};

use crate::model::NewPost;

/// Names in one post that are looked up; the others stay text.
const MOST_MENTIONS: usize = 50;

/// The text of a post as it will be shown, with those it names. Made before the transaction.
#[derive(Debug, Clone)]
pub struct Written {
    pub(super) html: Html,
    pub(super) mentioned: Vec<Actor>,
    pub(super) tags: Vec<(String, String)>,
    pub(super) card_url: Option<String>,
}

impl Written {
    /// The text as it will be shown.
    pub fn html(&self) -> Html {
        self.html.clone()
    }

    /// Renders the text; mentions lead to actors known here.
    ///
    /// # Errors
    /// [`StoreError`] from the driver.
    pub async fn of(ctx: &Ctx, new: &NewPost) -> Result<Self, StoreError> {
        let named = Named::in_text(ctx, &new.source, MOST_MENTIONS).await?;
        let page_of_tag = |tag: &text::Hashtag| Some(ctx.urls.to(&format!("/mots-cles/{}", tag.folded)));
        let links = Links {
            mention: &|mention| named.page(mention),
            hashtag: &page_of_tag,
        };
        let html = text::markdown_to_html(&new.source, &links);
        let html = if new.language == "fr" {
            text::french_html(&html)
        } else {
            html
        };
        let tags = text::hashtags(&new.source)
            .into_iter()
            .map(|tag| (tag.folded, tag.display))
            .collect();
        let card_url = if new.attachments.iter().any(|a| a.is_image) {
            None
        } else {
            first_link(ctx, &html)
        };
        Ok(Self {
            html,
            mentioned: named.visible(),
            tags,
            card_url,
        })
    }
}

/// Those a text names, each once, as far as they are known here and wish to be.
pub(crate) async fn mentioned_by(ctx: &Ctx, source: &str) -> Result<Vec<Actor>, StoreError> {
    Ok(Named::in_text(ctx, source, MOST_MENTIONS).await?.visible())
}

/// The first link of a text to another site.
fn first_link(ctx: &Ctx, html: &Html) -> Option<String> {
    html.as_str()
        .split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(|href| href.replace("&amp;", "&"))
        .find(|href| href.starts_with("https://") && !ctx.urls.is_ours(href))
}
