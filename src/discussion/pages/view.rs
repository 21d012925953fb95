//! Comments as the templates see them.

use std::collections::HashSet;

use account::{Right, Viewer};
use commune::Commune;
use federation::{Actor, ActorId, Ctx};
use platform::text::{self, Html};
use platform::{StoreError, Timestamp};

use super::reader;
use super::talk::LikeView;
use crate::actions::telling::desk_of;
use crate::actions::{Branch, Entry, Standing};
use crate::model::{Attachment, CommentId, Decision, Subject};

/// Who wrote something.
#[derive(Debug, Clone, Default)]
pub(crate) struct AuthorView {
    pub(crate) name: String,
    /// Where the name leads; empty: nowhere.
    pub(crate) href: String,
    /// Her picture; empty: the enamel square of the town hall.
    pub(crate) avatar: String,
    pub(crate) verified: bool,
    /// The full handle of somebody of another server; empty for ours.
    pub(crate) guest: String,
}

impl AuthorView {
    /// `offices`: the actors of town halls among those shown.
    pub(crate) fn of(actor: &Actor, offices: &HashSet<ActorId>) -> Self {
        let is_office = offices.contains(&actor.id);
        Self {
            name: actor.display_name().to_owned(),
            href: match (actor.local, is_office) {
                // A citizen's page is hers to open.
                (true, false) if actor.is_visible() => format!("/@{}", actor.handle),
                (true, false) => String::new(),
                _ => actor.page().to_owned(),
            },
            avatar: match (actor.local, is_office) {
                (true, true) => String::new(),
                (true, false) => account::avatar(actor),
                (false, _) => format!("/carreaux/{}.svg", actor.id),
            },
            verified: is_office,
            guest: if actor.local {
                String::new()
            } else {
                actor.full_handle()
            },
        }
    }
}

/// Which of these actors are town halls: ours that are nobody's account.
pub(crate) async fn offices(ctx: &Ctx, actors: &[&Actor]) -> Result<HashSet<ActorId>, StoreError> {
    let ours: Vec<ActorId> = actors
        .iter()
        .filter(|actor| actor.local)
        .map(|actor| actor.id)
        .collect();
    if ours.is_empty() {
        return Ok(HashSet::new());
    }
    let people = account::actions::people::by_actors(ctx, &ours).await?;
    let people: HashSet<ActorId> = people.into_iter().map(|account| account.actor).collect();
    Ok(ours.into_iter().filter(|id| !people.contains(id)).collect())
}

/// A comment in a discussion.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) id: CommentId,
    pub(crate) author: AuthorView,
    pub(crate) delegated: bool,
    pub(crate) at: Timestamp,
    pub(crate) edited: bool,
    pub(crate) html: Html,
    /// What hangs on it, elsewhere.
    pub(crate) attachments: Vec<Attachment>,
    pub(crate) language: String,
    pub(crate) warning: String,
    /// Whom it answers, when that does not stand right above it: anchor and name.
    pub(crate) answers: Option<(CommentId, String)>,
    /// `read`, `waiting`, `hidden`, `removed`, `gone`.
    pub(crate) standing: &'static str,
    /// The key of the ground on which it was hidden.
    pub(crate) ground: String,
    /// The page of that decision, for whom it concerns.
    pub(crate) decision: String,
    pub(crate) like: LikeView,
    /// Whether the reader may change and delete it.
    pub(crate) own: bool,
    /// The page for moderators; empty for others.
    pub(crate) moderate: String,
}

/// A branch of a discussion.
#[derive(Debug, Clone)]
pub(crate) struct BranchView {
    pub(crate) root: Line,
    pub(crate) answers: Vec<Line>,
    pub(crate) more: i64,
}

/// What is the same for all comments of a page.
struct Around<'a> {
    /// The log of the circle in which it is said.
    log: Option<String>,
    offices: HashSet<ActorId>,
    office: Option<ActorId>,
    desk: Option<String>,
    commune: Option<&'a Commune>,
    signed_in: bool,
}

/// The branches of a discussion as this viewer sees them.
pub(crate) async fn branches(
    ctx: &Ctx,
    viewer: &Viewer,
    commune: Option<&Commune>,
    subject: &Subject,
    branches: Vec<Branch>,
) -> Result<Vec<BranchView>, StoreError> {
    let authors: Vec<&Actor> = branches
        .iter()
        .flat_map(|branch| std::iter::once(&branch.root).chain(&branch.answers))
        .filter_map(|entry| entry.author.as_ref())
        .collect();
    let right = match subject.circle {
        Some(_) => Right::Groups,
        None => Right::News,
    };
    let around = Around {
        log: subject
            .circle
            .as_ref()
            .map(|circle| format!("{}/journal", desk_of(circle))),
        offices: offices(ctx, &authors).await?,
        office: commune.and_then(|commune| viewer.acting_for(right, commune).map(|acting| acting.actor)),
        desk: match commune {
            _ if subject.circle.is_some() => subject
                .circle
                .as_ref()
                .filter(|circle| reader(viewer).is_some_and(|reader| circle.is_moderated_by(&reader)))
                .map(|circle| desk_of(circle)),
            Some(commune) if viewer.may(Right::Moderation, commune.code) => Some(commune.below("moderation")),
            None if viewer.is_operator() => Some("/moderation".to_owned()),
            _ => None,
        },
        commune,
        signed_in: viewer.is_signed_in(),
    };
    Ok(branches
        .into_iter()
        .map(|branch| BranchView {
            root: around.line(branch.root),
            answers: branch
                .answers
                .into_iter()
                .map(|entry| around.line(entry))
                .collect(),
            more: branch.more,
        })
        .collect())
}

impl Around<'_> {
    fn line(&self, entry: Entry) -> Line {
        let (standing, decision) = match &entry.standing {
            Standing::Read => ("read", None),
            Standing::Waiting => ("waiting", None),
            Standing::Hidden(decision) => ("hidden", decision.as_ref()),
            Standing::Removed(decision) => ("removed", decision.as_ref()),
            Standing::Gone => ("gone", None),
        };
        let own = entry.own || (entry.author.is_some() && self.office == Some(entry.comment.actor_id));
        let may_see_decision = own || self.desk.is_some();
        let comment = entry.comment;
        let moderate = match &self.desk {
            Some(desk) if standing != "gone" => format!("{desk}/comments/{}", comment.id),
            _ => String::new(),
        };
        Line {
            id: comment.id,
            author: entry
                .author
                .as_ref()
                .map(|author| AuthorView::of(author, &self.offices))
                .unwrap_or_default(),
            delegated: comment.delegated,
            at: comment.created_at,
            edited: comment.edited_at.is_some(),
            html: Html::from_store(comment.html),
            attachments: entry.attachments,
            language: text::clean_line(&comment.language, 16),
            warning: comment.summary,
            answers: entry.answers,
            standing,
            ground: decision
                .and_then(Decision::ground)
                .map_or_else(String::new, |ground| {
                    format!("discussion-ground-{}", ground.code())
                }),
            decision: match (decision, self.commune) {
                (Some(decision), _) if may_see_decision => decision.page(),
                (Some(_), _) if self.log.is_some() => self.log.clone().unwrap_or_default(),
                (Some(_), Some(commune)) => commune.below("moderation/journal"),
                _ => String::new(),
            },
            like: LikeView {
                action: format!("/aimer/comments/{}", comment.id),
                back: format!("/commentaires/{}", comment.id),
                likes: entry.counts.likes,
                liked: entry.mine.liked,
                signed_in: self.signed_in,
            },
            own,
            moderate,
        }
    }
}
