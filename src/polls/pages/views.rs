//! Counts as pages and programs show them.

use federation::Ctx;
use platform::i18n::{self, Lang};
use platform::text::french;
use schemars::JsonSchema;
use serde::Serialize;

use crate::model::{OptionCount, Poll, Tally};
use crate::words::percent;

/// One choice with its count.
pub(super) struct Row {
    pub(super) words: String,
    pub(super) votes: i64,
    pub(super) share: String,
    /// For the bar.
    pub(super) percent: i64,
}

/// Counts that are shown.
pub(super) struct TallyView {
    pub(super) rows: Vec<Row>,
    pub(super) turnout: String,
}

impl TallyView {
    pub(super) fn of(ctx: &Ctx, lang: Lang, poll: &Poll, options: &[OptionCount], tally: &Tally) -> Self {
        let rows = options
            .iter()
            .zip(&tally.counts)
            .map(|(option, count)| Row {
                words: french(&option.words),
                votes: *count,
                share: percent(lang, tally.share(*count)),
                percent: tally.share(*count) / 10,
            })
            .collect();
        Self {
            rows,
            turnout: turnout(ctx, lang, poll, tally),
        }
    }
}

/// "123 bulletins sur 486 habitants inscrits : 25,3 % de participation."
pub(super) fn turnout(ctx: &Ctx, lang: Lang, poll: &Poll, tally: &Tally) -> String {
    let key = if poll.verified_only {
        "polls-turnout-verified"
    } else {
        "polls-turnout"
    };
    ctx.words.ta(
        lang,
        key,
        &[
            ("ballots", &ctx.words.tn(lang, "polls-ballots", tally.ballots)),
            ("eligible", &i18n::number(lang, tally.eligible)),
            ("share", &percent(lang, tally.turnout())),
        ],
    )
}

/// What was counted.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Results")]
pub(crate) struct TallyShown {
    ballots: i64,
    /// Who might have voted.
    eligible: i64,
    turnout_per_mille: i64,
    /// In words.
    turnout_text: String,
    options: Vec<OptionTally>,
}

/// One choice with its count.
#[derive(Debug, Serialize, JsonSchema)]
struct OptionTally {
    words: String,
    votes: i64,
    /// `1 234`
    votes_text: String,
    /// Of the ballots.
    share_per_mille: i64,
    /// `25,3 %`
    share_text: String,
}

impl TallyShown {
    pub(crate) fn of(ctx: &Ctx, lang: Lang, poll: &Poll, options: &[OptionCount], tally: &Tally) -> Self {
        let options = options
            .iter()
            .zip(&tally.counts)
            .map(|(option, count)| OptionTally {
                words: option.words.clone(),
                votes: *count,
                votes_text: i18n::number(lang, *count),
                share_per_mille: tally.share(*count),
                share_text: percent(lang, tally.share(*count)),
            })
            .collect();
        Self {
            ballots: tally.ballots,
            eligible: tally.eligible,
            turnout_per_mille: tally.turnout(),
            turnout_text: turnout(ctx, lang, poll, tally),
            options,
        }
    }
}

/// Paper ballots, once they were entered: nothing of fewer than five.
pub(super) struct PaperView {
    pub(super) rows: Vec<Row>,
    pub(super) ballots: i64,
    pub(super) at: platform::Timestamp,
    pub(super) shown: bool,
}

impl PaperView {
    pub(super) fn of(lang: Lang, poll: &Poll, options: &[OptionCount]) -> Option<Self> {
        let at = poll.paper_at?;
        let tally = Tally {
            ballots: poll.paper_ballots,
            eligible: 0,
            counts: options.iter().map(|option| option.paper).collect(),
        };
        let rows = options
            .iter()
            .map(|option| Row {
                words: french(&option.words),
                votes: option.paper,
                share: percent(lang, tally.share(option.paper)),
                percent: tally.share(option.paper) / 10,
            })
            .collect();
        Some(Self {
            rows,
            ballots: poll.paper_ballots,
            at,
            shown: tally.is_enough(),
        })
    }
}
