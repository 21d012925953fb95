//! The discussion under a subject, and the row of buttons, drawn for the sections' own pages.

use account::Viewer;
use askama::Template;
use commune::Commune;
use federation::Ctx;
use platform::text::Html;
use platform::web::{Failure, Page, Visit};

use super::view::{BranchView, branches};
use super::{Hats, reader};
use crate::DiscussionError;
use crate::actions::{self, Admitted, Counts, Mine, admitted, rule};
use crate::model::{CommentId, CommentMode, LONGEST, Subject, Target};

/// What the row of buttons under something shows.
#[derive(Debug, Clone, Copy)]
pub struct ActionRow<'a> {
    /// What it is under.
    pub target: Target,
    /// The path of its page.
    pub page: &'a str,
    /// Its figures.
    pub counts: Counts,
    /// What the viewer did with it.
    pub mine: Mine,
    /// Whether anybody may read it: only then it is shared.
    pub shareable: bool,
}

/// What a like button needs.
#[derive(Debug, Clone)]
pub(crate) struct LikeView {
    pub(crate) action: String,
    pub(crate) back: String,
    pub(crate) likes: i64,
    pub(crate) liked: bool,
    pub(crate) signed_in: bool,
}

#[derive(Template)]
#[template(path = "discussion/row.html")]
struct RowPage<'a> {
    page: Page,
    row: &'a ActionRow<'a>,
    like: LikeView,
    at: String,
}

/// The row of buttons under something: like, comments, share, flag.
///
/// # Errors
/// 500 when it cannot be drawn.
pub fn action_row(ctx: &Ctx, visit: &Visit, row: &ActionRow<'_>) -> Result<Html, Failure> {
    let Target { kind, id } = row.target;
    let drawn = RowPage {
        page: Page::new(ctx, visit, ""),
        like: LikeView {
            action: format!("/aimer/{kind}/{id}"),
            back: row.page.to_owned(),
            likes: row.counts.likes,
            liked: row.mine.liked,
            signed_in: visit.viewer.is_some(),
        },
        at: format!("{kind}/{id}"),
        row,
    };
    Ok(Html::from_store(drawn.render()?))
}

#[derive(Template)]
#[template(path = "discussion/talk.html")]
struct TalkPage<'a> {
    page: Page,
    subject: &'a Subject,
    branches: Vec<BranchView>,
    total: i64,
    next: Option<CommentId>,
    is_later: bool,
    form: FormView,
    signed_in: bool,
    at: String,
    rules: String,
    max: usize,
}

/// What the form for a comment says before it is filled.
#[derive(Debug, Clone, Default)]
pub(super) struct FormView {
    /// Where it is sent.
    pub(super) action: String,
    /// Whether there may be comments.
    pub(super) open: bool,
    /// Whether a moderator reads first.
    pub(super) held: bool,
    /// The name of the office the viewer may speak for; empty: none.
    pub(super) office: String,
    /// The viewer's own name.
    pub(super) name: String,
    /// The key of who reads it.
    pub(super) readers: &'static str,
    /// It would leave for another server and she did not agree to that.
    pub(super) would_leave: bool,
}

/// The form as this viewer finds it.
pub(super) async fn form_of(
    ctx: &Ctx,
    viewer: &Viewer,
    commune: Option<&Commune>,
    subject: &Subject,
) -> Result<FormView, Failure> {
    let of_commune = match &subject.commune {
        Some(code) if subject.private_circle().is_none() => rule(ctx, code).await?,
        _ => CommentMode::Open,
    };
    let mode = subject.mode.stricter(of_commune);
    let mut form = FormView {
        action: format!("/commenter/{}/{}", subject.target.kind, subject.target.id),
        open: mode != CommentMode::Off,
        held: matches!(mode, CommentMode::AllHeld | CommentMode::FirstHeld),
        readers: readers(subject),
        ..FormView::default()
    };
    if let Some(citizen) = viewer.citizen() {
        let hats = Hats::about(ctx, citizen, commune, subject).await?;
        let own = hats.own;
        form.name = own.actor.display_name().to_owned();
        form.would_leave =
            !subject.local && subject.circle.is_none() && !own.actor.is_visible() && hats.office.is_none();
        let is_town_hall = hats.office.is_some() || subject.is_moderated_by(&own);
        if is_town_hall {
            (form.open, form.held) = (true, false);
        }
        if let Some(office) = hats.office {
            form.office = office.actor.display_name().to_owned();
        }
        if let Some(circle) = &subject.circle {
            match admitted(ctx, &own, circle).await {
                Ok(Admitted::Freely) => {}
                Ok(Admitted::Waiting) => form.held = true,
                Err(DiscussionError::Refused(_)) => form.open = false,
                Err(DiscussionError::Store(error)) => return Err(error.into()),
            }
        }
    }
    if let Some(circle) = &subject.circle {
        form.open &= !circle.closed;
    }
    Ok(form)
}

/// The page of the rules that hold for what is said about a subject.
pub(super) fn rules_of(commune: Option<&Commune>, subject: &Subject) -> String {
    match (&subject.circle, commune) {
        (Some(circle), _) => format!("{}#reglement", circle.page),
        (None, Some(commune)) => commune.below("moderation/journal"),
        (None, None) => String::new(),
    }
}

fn readers(subject: &Subject) -> &'static str {
    use federation::Visibility::{Direct, Followers, Public, Residents, Unlisted};
    match subject.visibility {
        _ if subject.private_circle().is_some_and(|circle| !circle.residents) => "discussion-readers-members",
        _ if !subject.local && subject.circle.is_none() => "discussion-readers-elsewhere",
        Public | Unlisted => "discussion-readers-everybody",
        Followers => "discussion-readers-followers",
        Residents | Direct => "discussion-readers-residents",
    }
}

/// The discussion under a subject: its comments and the form. `from` is the comment with which the page
/// begins (`?depuis=`); the caller knows that the viewer may read the subject.
///
/// # Errors
/// [`Failure`] when the database or the template fails.
pub async fn talk(
    ctx: &Ctx,
    visit: &Visit,
    viewer: &Viewer,
    commune: Option<&Commune>,
    subject: &Subject,
    from: Option<i64>,
) -> Result<Html, Failure> {
    let reader = reader(viewer);
    let thread = actions::thread(ctx, reader.as_ref(), subject, from.map(CommentId)).await?;
    let form = form_of(ctx, viewer, commune, subject).await?;
    let page = match commune {
        Some(commune) => commune::page_of(ctx, visit, commune, "", ""),
        None => Page::new(ctx, visit, ""),
    };
    let drawn = TalkPage {
        page,
        subject,
        branches: branches(ctx, viewer, commune, subject, thread.branches).await?,
        total: thread.total,
        next: thread.next,
        is_later: thread.is_later,
        at: if form.open {
            form.action.clone()
        } else {
            String::new()
        },
        form,
        signed_in: viewer.is_signed_in(),
        rules: rules_of(commune, subject),
        max: LONGEST,
    };
    Ok(Html::from_store(drawn.render()?))
}
