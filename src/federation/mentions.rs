//! Whom a text names: the actors known here, and the pages that their names lead to.

use std::collections::HashMap;

use platform::StoreError;
use platform::text::{Mention, mentions};

use crate::{Actor, Ctx, actors};

/// The people named in a text.
#[derive(Debug, Default)]
pub struct Named {
    pages: HashMap<Mention, String>,
    people: Vec<Actor>,
}

impl Named {
    /// Looks up the first `most` names of a text; the others stay text, and so does the name of somebody whose page
    /// is hers alone to open.
    ///
    /// # Errors
    /// [`StoreError`] from the driver.
    pub async fn in_text(ctx: &Ctx, text: &str, most: usize) -> Result<Self, StoreError> {
        let mut named = Self::default();
        for mention in mentions(text).into_iter().take(most) {
            let found = actors::by_handle(ctx, &mention.user, mention.host.as_deref()).await?;
            let Some(actor) = found.filter(|actor| actor.deleted_at.is_none() && !actor.suspended) else {
                continue;
            };
            if let Some(page) = actor.open_page() {
                named.pages.insert(mention, page.to_owned());
            }
            if !named.people.iter().any(|known| known.id == actor.id) {
                named.people.push(actor);
            }
        }
        Ok(named)
    }

    /// Where a name leads.
    pub fn page(&self, mention: &Mention) -> Option<String> {
        self.pages.get(mention).cloned()
    }

    /// All of them, each once, dark ones of ours too.
    pub fn people(self) -> Vec<Actor> {
        self.people
    }

    /// Those whom others may know of, each once.
    pub fn visible(self) -> Vec<Actor> {
        self.people.into_iter().filter(Actor::is_visible).collect()
    }
}
