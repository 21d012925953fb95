//! The third door: announcements, questions, and answers of other servers.

mod claims;
mod documents;
mod objects;
mod read;

pub(crate) use claims::claims;
pub(crate) use documents::{announcement, note_html, outcome, question_in};
pub(crate) use objects::objects;
pub(crate) use read::read_question;

use commune::Commune;
use discussion::{Subject, Target};
use federation::{Ctx, Visibility};
use platform::{StoreError, Tx};

use crate::model::{Opinion, Poll};

/// In the address of an announcement: `/ap/polls/{id}`.
pub(crate) const POLLS: &str = "polls";
/// In the address of what came out: `/ap/results/{id}`.
pub(crate) const RESULTS: &str = "results";
/// In the address of a public opinion: `/ap/questions/{id}`.
pub(crate) const QUESTIONS: &str = "questions";

/// In the path of an anonymous poll's page.
pub(crate) const ANONYMOUS: &str = "sondages";
/// In the path of a public opinion's page.
pub(crate) const OPINIONS: &str = "avis-publics";

fn path(commune: Option<&Commune>, id: i64, section: &str) -> String {
    match commune {
        Some(commune) => commune.below(&format!("{section}/{id}")),
        None => "/".to_owned(),
    }
}

/// The path of a page.
pub(crate) async fn page_of(ctx: &Ctx, commune: &str, id: i64, section: &str) -> Result<String, StoreError> {
    let commune = match commune.parse() {
        Ok(code) => commune::actions::by_code(ctx, code).await?,
        Err(_) => None,
    };
    Ok(path(commune.as_ref(), id, section))
}

/// The same inside a transaction.
pub(crate) async fn page_of_in(
    tx: &mut Tx,
    commune: &str,
    id: i64,
    section: &str,
) -> Result<String, StoreError> {
    let commune = match commune.parse() {
        Ok(code) => commune::actions::by_code_in(tx, code).await?,
        Err(_) => None,
    };
    Ok(path(commune.as_ref(), id, section))
}

/// A poll as the rest of the product sees it.
pub(crate) async fn subject_of_poll(ctx: &Ctx, poll: &Poll) -> Result<Subject, StoreError> {
    Ok(Subject {
        target: Target {
            kind: POLLS,
            id: poll.id.0,
        },
        uri: poll.uri.clone(),
        author_id: poll.actor_id,
        local: true,
        commune: Some(poll.commune.clone()),
        right: account::Right::Polls,
        page: page_of(ctx, &poll.commune, poll.id.0, ANONYMOUS).await?,
        excerpt: poll.question.clone(),
        mode: poll.comment_mode,
        visibility: Visibility::Public,
        open: poll.is_out(),
        circle: None,
    })
}

/// A public opinion as the rest of the product sees it.
pub(crate) async fn subject_of_opinion(ctx: &Ctx, opinion: &Opinion) -> Result<Subject, StoreError> {
    Ok(Subject {
        target: Target {
            kind: QUESTIONS,
            id: opinion.id.0,
        },
        uri: opinion.uri.clone(),
        author_id: opinion.actor_id,
        local: true,
        commune: Some(opinion.commune.clone()),
        right: account::Right::Polls,
        page: page_of(ctx, &opinion.commune, opinion.id.0, OPINIONS).await?,
        excerpt: opinion.question.clone(),
        mode: opinion.comment_mode,
        visibility: opinion.visibility,
        open: opinion.is_out(),
        circle: None,
    })
}
