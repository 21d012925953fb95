//! Sentences that leave this server in documents, in the language of what they are about.

use federation::Ctx;
use platform::i18n::{self, Lang};
use platform::text::Html;

use crate::model::{Opinion, Poll, PollState, Tally};

/// The language of a document: one of the two we speak.
pub(crate) fn lang_of(code: &str) -> Lang {
    if code == "en" || code.starts_with("en-") {
        Lang::En
    } else {
        Lang::Fr
    }
}

/// The zone of a commune: its code begins with its département.
fn zone(commune: &str) -> &'static str {
    let overseas = commune.starts_with("97") || commune.starts_with("98");
    let department = commune.get(..if overseas { 3 } else { 2 }).unwrap_or_default();
    commune
        .parse()
        .map_or("Europe/Paris", |code| commune::model::time_zone(code, department))
}

/// Until when votes are taken.
pub(crate) fn until(ctx: &Ctx, poll: &Poll) -> String {
    let lang = lang_of(&poll.language);
    let at = i18n::datetime(lang, &poll.closes_at.in_zone(zone(&poll.commune)));
    let key = if poll.verified_only {
        "polls-note-until-verified"
    } else {
        "polls-note-until"
    };
    ctx.words.ta(lang, key, &[("at", &at)])
}

pub(crate) fn vote_link(ctx: &Ctx) -> String {
    ctx.words.t(Lang::Fr, "polls-note-vote")
}

pub(crate) fn results_link(ctx: &Ctx) -> String {
    ctx.words.t(Lang::Fr, "polls-note-results")
}

pub(crate) fn without_legal_value(ctx: &Ctx) -> String {
    ctx.words.t(Lang::Fr, "polls-no-legal-value")
}

pub(crate) fn too_few(ctx: &Ctx) -> String {
    ctx.words.t(Lang::Fr, "polls-too-few")
}

/// "Résultats : …"
pub(crate) fn outcome_of(ctx: &Ctx, poll: &Poll) -> String {
    ctx.words.ta(
        lang_of(&poll.language),
        "polls-note-outcome",
        &[("question", &poll.question)],
    )
}

/// `61,5 %`.
pub(crate) fn percent(lang: Lang, per_mille: i64) -> String {
    let (whole, tenth) = (per_mille / 10, per_mille % 10);
    match (lang, tenth) {
        (Lang::Fr, 0) => format!("{whole}\u{a0}%"),
        (Lang::Fr, _) => format!("{whole},{tenth}\u{a0}%"),
        (Lang::En, 0) => format!("{whole}%"),
        (Lang::En, _) => format!("{whole}.{tenth}%"),
    }
}

/// One choice with its count.
pub(crate) fn line(ctx: &Ctx, words: &str, count: i64, share: i64) -> String {
    let share = percent(Lang::Fr, share);
    let votes = ctx.words.tn(Lang::Fr, "polls-votes", count);
    ctx.words.ta(
        Lang::Fr,
        "polls-note-line",
        &[("choice", words), ("votes", &votes), ("share", &share)],
    )
}

/// "123 bulletins, 41,2 % de participation"
pub(crate) fn turnout(ctx: &Ctx, tally: &Tally) -> String {
    let ballots = ctx.words.tn(Lang::Fr, "polls-ballots", tally.ballots);
    let share = percent(Lang::Fr, tally.turnout());
    ctx.words.ta(
        Lang::Fr,
        "polls-note-turnout",
        &[("ballots", &ballots), ("share", &share)],
    )
}

/// The text of a public opinion as others show it.
pub(crate) fn opinion_html(ctx: &Ctx, opinion: &Opinion) -> String {
    let lang = lang_of(&opinion.language);
    let mut html = format!("{}{}", Html::paragraph(&opinion.question).as_str(), opinion.html);
    let said = if opinion.state == PollState::Closed && !opinion.is_shown() {
        ctx.words.t(lang, "polls-opinion-too-few")
    } else {
        ctx.words.t(lang, "polls-opinion-note")
    };
    html.push_str(Html::paragraph(&said).as_str());
    html
}
