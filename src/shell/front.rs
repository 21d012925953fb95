//! What the sections show beside the news, on the front page of a commune.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use axum::http::request::Parts;
use commune::Commune;
use federation::Ctx;
use platform::web::Failure;

/// Which column a piece stands in; on a phone the second follows the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// Among the news, after the pinned ones: a poll that is open.
    Main,
    /// Beside them, in a card of its own.
    Aside,
}

/// A piece of HTML that a section drew for this reader.
#[derive(Debug, Clone)]
pub struct Piece {
    /// Where it stands.
    pub column: Column,
    /// A whole card; made by a template, which escaped what people wrote.
    pub html: String,
}

/// The pieces of a section, some time.
pub type Pieces = Pin<Box<dyn Future<Output = Result<Vec<Piece>, Failure>> + Send>>;

/// Draws what a section shows on the front page of a commune to whoever sent this request.
pub type OnFront = fn(Ctx, Parts, Commune) -> Pieces;

/// The sections that show something there, in order; a request bears it as an extension. Cheap to clone.
#[derive(Clone, Default)]
pub struct Front(Arc<Vec<(&'static str, OnFront)>>);

impl fmt::Debug for Front {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Front({})", self.0.len())
    }
}

impl Front {
    /// From the sections, by their names.
    pub fn new(sections: Vec<(&'static str, OnFront)>) -> Self {
        Self(Arc::new(sections))
    }

    /// The pieces of one column and then of the other.
    ///
    /// # Errors
    /// [`Failure`] from a section.
    pub async fn draw(
        ctx: &Ctx,
        parts: &Parts,
        commune: &Commune,
    ) -> Result<(Vec<String>, Vec<String>), Failure> {
        let front = parts.extensions.get::<Self>().cloned().unwrap_or_default();
        let (mut main, mut aside) = (Vec::new(), Vec::new());
        let open = |name: &&str| commune::actions::offers(ctx, commune, name);
        for (_, section) in front.0.iter().filter(|(name, _)| open(name)) {
            for piece in section(ctx.clone(), parts.clone(), commune.clone()).await? {
                match piece.column {
                    Column::Main => main.push(piece.html),
                    Column::Aside => aside.push(piece.html),
                }
            }
        }
        Ok((main, aside))
    }
}
