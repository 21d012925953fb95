//! A poll: the ballot, or what came out.

use account::{Citizen, Right, Viewer};
use askama::Template;
use aws_lc_rs::digest::{SHA256, digest};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use commune::Commune;
use discussion::Subject;
use discussion::pages::{ActionRow, action_row, talk, withheld};
use federation::Ctx;
use platform::text::{Html, french};
use platform::web::{Failure, FormState, Page, Visit, Wants, html, redirect};
use serde::Deserialize;
use serde_json::json;

use super::place::PollPlace;
use super::views::{PaperView, TallyView, turnout};
use crate::actions::{self, PollError};
use crate::blind::PublicKey;
use crate::model::{OptionCount, Poll, PollRefusal};
use crate::wire::subject_of_poll;

/// With which comment the page begins.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ThreadPage {
    pub(super) depuis: Option<i64>,
}

/// Whether the viewer may vote, and if not, why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    /// The ballot is shown.
    May,
    /// Nobody is signed in.
    Stranger,
    /// She took a ballot.
    Taken,
    /// A sentence says why not.
    MayNot(PollRefusal),
    /// It is over.
    Over,
}

/// What the script of the ballot is told.
pub(super) struct Urne {
    pub(super) voter: String,
    pub(super) modulus: String,
    pub(super) exponent: String,
    pub(super) words: String,
    pub(super) address: String,
    pub(super) integrity: String,
}

#[derive(Template)]
#[template(path = "polls/show.html")]
pub(super) struct Show {
    pub(super) page: Page,
    pub(super) poll: Poll,
    pub(super) path: String,
    pub(super) text: Html,
    pub(super) options: Vec<(i64, String)>,
    pub(super) standing: &'static str,
    pub(super) why_not: String,
    pub(super) form: FormState,
    pub(super) urne: Option<Urne>,
    pub(super) so_far: String,
    pub(super) tally: Option<TallyView>,
    pub(super) paper: Option<PaperView>,
    /// Says that moderators hid it, to those who still see it.
    pub(super) withheld: Html,
    pub(super) actions: Html,
    pub(super) thread: Html,
    pub(super) may_manage: bool,
    pub(super) signin_href: String,
}

pub(super) async fn show(
    State(ctx): State<Ctx>,
    visit: Visit,
    viewer: Viewer,
    place: PollPlace,
    Query(wanted): Query<ThreadPage>,
) -> Result<Response, Failure> {
    if visit.wants == Wants::Activity && place.poll.is_out() {
        return Ok(redirect(StatusCode::SEE_OTHER, &place.poll.uri));
    }
    let shown = drawn(&ctx, &visit, &viewer, place, FormState::default(), wanted.depuis).await?;
    html(StatusCode::OK, &shown)
}

/// How somebody stands to a poll.
async fn standing(ctx: &Ctx, viewer: &Viewer, poll: &Poll) -> Result<Standing, Failure> {
    if !poll.takes_votes(ctx.clock.now()) {
        return Ok(Standing::Over);
    }
    let Some(citizen) = viewer.citizen() else {
        return Ok(Standing::Stranger);
    };
    match actions::eligible(ctx, &citizen.account, poll).await {
        Err(PollError::Refused(refusals)) => {
            let refusal = refusals.first().copied().unwrap_or(PollRefusal::NotResident);
            return Ok(Standing::MayNot(refusal));
        }
        other => other?,
    }
    Ok(if actions::has_taken(ctx, &citizen.account, poll).await? {
        Standing::Taken
    } else {
        Standing::May
    })
}

/// The page of a poll for this viewer.
pub(super) async fn drawn(
    ctx: &Ctx,
    visit: &Visit,
    viewer: &Viewer,
    place: PollPlace,
    form: FormState,
    from: Option<i64>,
) -> Result<Show, Failure> {
    let path = place.path();
    let PollPlace { commune, mut poll } = place;
    let subject = subject_of_poll(ctx, &poll).await?;
    poll.question = french(&poll.question);
    let mut page = commune::page_of(ctx, visit, &commune, "polls", poll.question.clone());
    page.in_error = form.has_errors();
    page.description = page.t("polls-results-after");
    page.canonical = Some(ctx.urls.to(&path));
    page.noindex = poll.hidden;
    if poll.is_out() {
        page.og = card(ctx, &page, &path);
    }
    let label = page.t("polls-nav");
    let signin_href = page.signin_href.clone();
    let page = page.back_to(label, commune.below("sondages"));
    let standing = standing(ctx, viewer, &poll).await?;
    let (options, tally) = actions::counts(ctx, &poll).await?;
    let urne = match (&standing, viewer.citizen()) {
        (Standing::May | Standing::Taken, Some(citizen)) => {
            Some(urne(ctx, visit, citizen, &poll, &options, &path).await?)
        }
        _ => None,
    };
    let counted = poll.is_counted() && tally.is_enough();
    let so_far = if !poll.is_counted() && tally.is_enough() {
        turnout(ctx, visit.lang, &poll, &tally)
    } else {
        String::new()
    };
    let Around {
        withheld,
        actions,
        thread,
    } = Around::of(ctx, visit, viewer, &commune, &subject, from).await?;
    Ok(Show {
        text: Html::from_store(poll.html.clone()),
        tally: counted.then(|| TallyView::of(ctx, visit.lang, &poll, &options, &tally)),
        paper: poll
            .is_counted()
            .then(|| PaperView::of(visit.lang, &poll, &options))
            .flatten(),
        why_not: match &standing {
            Standing::MayNot(refusal) => super::words(*refusal).say(ctx, visit.lang),
            _ => String::new(),
        },
        standing: match &standing {
            Standing::May => "may",
            Standing::Stranger => "stranger",
            Standing::Taken => "taken",
            Standing::MayNot(_) => "may-not",
            Standing::Over => "over",
        },
        options: options
            .into_iter()
            .map(|option| (option.position, french(&option.words)))
            .collect(),
        may_manage: !poll.hidden && viewer.acting_for(Right::Polls, &commune).is_some(),
        page,
        poll,
        path,
        form,
        urne,
        so_far,
        withheld,
        actions,
        thread,
        signin_href,
    })
}

/// What stands around a poll or a public opinion: a banner over what is hidden, buttons and comments under the rest.
#[derive(Default)]
pub(super) struct Around {
    pub(super) withheld: Html,
    pub(super) actions: Html,
    pub(super) thread: Html,
}

impl Around {
    pub(super) async fn of(
        ctx: &Ctx,
        visit: &Visit,
        viewer: &Viewer,
        commune: &Commune,
        subject: &Subject,
        from: Option<i64>,
    ) -> Result<Self, Failure> {
        if !subject.open {
            return Ok(Self {
                withheld: withheld(ctx, visit, viewer, Some(commune), subject).await?,
                ..Self::default()
            });
        }
        let target = subject.target;
        let counts = discussion::actions::counts(ctx, &[target]).await?;
        let mine = discussion::actions::mine(ctx, viewer.actor_id(), &[target]).await?;
        let row = ActionRow {
            target,
            page: &subject.page,
            counts: counts.get(&target).copied().unwrap_or_default(),
            mine: mine.get(&target).copied().unwrap_or_default(),
            shareable: true,
        };
        Ok(Self {
            withheld: Html::default(),
            actions: action_row(ctx, visit, &row)?,
            thread: talk(ctx, visit, viewer, Some(commune), subject, from).await?,
        })
    }
}

/// What other sites show when the page is shared: no number.
fn card(ctx: &Ctx, page: &Page, path: &str) -> Vec<(String, String)> {
    [
        ("og:type", "article".to_owned()),
        ("og:title", page.title.clone()),
        ("og:description", page.description.clone()),
        ("og:url", ctx.urls.to(path)),
        ("og:image", ctx.urls.to("/static/icon-512.png")),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec()
}

async fn urne(
    ctx: &Ctx,
    visit: &Visit,
    citizen: &Citizen,
    poll: &Poll,
    options: &[OptionCount],
    path: &str,
) -> Result<Urne, Failure> {
    let key = PublicKey::from_der(&poll.public_key).map_err(PollError::from)?;
    // On a shared computer each finds her own ballot again; what stands there says nothing about who she is.
    let marks = actions::marks(ctx, &citizen.account, poll.id).await?;
    let voter = digest(&SHA256, &[b"device".as_slice(), &marks.voter].concat());
    let t = |key: &str| ctx.words.t(visit.lang, key);
    let options: Vec<&String> = options.iter().map(|option| &option.words).collect();
    let words = json!({
        "ask": t("polls-working-ask"),
        "cast": t("polls-working-cast"),
        "resume": t("polls-working-resume"),
        "lost": t("polls-lost"),
        "choose": t("polls-refused-bad-choice"),
        "erased": t("polls-receipt-erased"),
        "options": options,
    });
    Ok(Urne {
        voter: hex::encode(voter.as_ref().get(..8).unwrap_or_default()),
        modulus: hex::encode(key.modulus()),
        exponent: hex::encode(key.exponent()),
        words: words.to_string(),
        address: ctx.urls.to(path),
        integrity: super::trust::integrity(),
    })
}
