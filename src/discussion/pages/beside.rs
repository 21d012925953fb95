//! What another room shows beside a subject whose page it does not own: the ballot of a question under the words that
//! news keep. Installed once by the composition.

use std::future::Future;
use std::pin::Pin;
use std::sync::OnceLock;

use account::Viewer;
use federation::Ctx;
use platform::text::Html;
use platform::web::{Failure, Visit};

use crate::model::Subject;

/// What is drawn, some time; empty for nothing.
pub type Drawn<'a> = Pin<Box<dyn Future<Output = Result<Html, Failure>> + Send + 'a>>;

/// The room that has something to show.
pub trait Beside: Send + Sync + 'static {
    /// What stands beside this subject, for whoever looks at its page.
    fn beside<'a>(
        &'a self,
        ctx: &'a Ctx,
        visit: &'a Visit,
        viewer: &'a Viewer,
        subject: &'a Subject,
    ) -> Drawn<'a>;
}

#[derive(Default)]
struct Installed(OnceLock<Box<dyn Beside>>);

/// Tells this room who has something to show; the second time nothing happens.
pub fn install_beside(ctx: &Ctx, room: Box<dyn Beside>) {
    let _already = ctx.memory.of::<Installed>().0.set(room);
}

/// What another room shows beside a subject; for its page.
///
/// # Errors
/// [`Failure`] when it cannot be drawn.
pub async fn beside(ctx: &Ctx, visit: &Visit, viewer: &Viewer, subject: &Subject) -> Result<Html, Failure> {
    let installed = ctx.memory.of::<Installed>();
    match installed.0.get() {
        Some(room) => room.beside(ctx, visit, viewer, subject).await,
        None => Ok(Html::default()),
    }
}
