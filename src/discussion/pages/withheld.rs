//! What stands on the page of something that moderators took from sight, for those who still see it.

use account::{Right, Viewer};
use askama::Template;
use commune::Commune;
use federation::Ctx;
use platform::text::Html;
use platform::web::{Failure, Page, Visit};

use crate::actions::hiding_decision;
use crate::model::Subject;

/// Whether this viewer still sees what is hidden in a commune: those of the town hall who have the right over that
/// part of it, moderators, operators.
pub fn sees_withheld(viewer: &Viewer, commune: Option<&Commune>, own: Right) -> bool {
    let here = |right| commune.is_some_and(|commune| viewer.may(right, commune.code));
    viewer.is_operator() || here(own) || here(Right::Moderation)
}

#[derive(Template)]
#[template(path = "discussion/withheld.html")]
struct Withheld {
    page: Page,
    decision: String,
    /// Its place on the moderation desk, for who decides there.
    desk: String,
}

/// Says that moderators took a subject from sight, and leads to their decision; nothing when they did not.
///
/// # Errors
/// [`Failure`] when it cannot be drawn.
pub async fn withheld(
    ctx: &Ctx,
    visit: &Visit,
    viewer: &Viewer,
    commune: Option<&Commune>,
    subject: &Subject,
) -> Result<Html, Failure> {
    let Some(decision) = hiding_decision(ctx, subject).await? else {
        return Ok(Html::default());
    };
    let at = format!("moderation/{}/{}", subject.target.kind, subject.target.id);
    let desk = match commune {
        Some(commune) if viewer.may(Right::Moderation, commune.code) => commune.below(&at),
        None if viewer.is_operator() => format!("/{at}"),
        _ => String::new(),
    };
    let drawn = Withheld {
        page: Page::new(ctx, visit, ""),
        decision: decision.page(),
        desk,
    };
    Ok(Html::from_store(drawn.render()?))
}
