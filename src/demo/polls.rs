//! The polls of the demonstration: one that is counted, one that runs, and a public opinion. Everything is invented.

use std::time::Duration;

use anyhow::Context as _;
use discussion::{CommentMode, Participant};
use federation::{Visibility, actors};
use polls::Author;
use polls::actions;
use polls::model::{Genre, NewPoll, Poll, PollId};

use super::town::Town;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// Everybody who votes in the demonstration, and what.
const VOTES: [(&str, u8); 7] = [
    ("mireille", 0),
    ("secretaire", 1),
    ("citoyenne", 0),
    ("citoyen", 0),
    ("ines", 2),
    ("bernard", 1),
    ("moderation", 0),
];

async fn author(town: &Town<'_>) -> anyhow::Result<Author> {
    let mayor = town.accounts.get("mireille").context("there is no mayor")?;
    let mandate = commune::actions::current_mandate(town.ctx, town.commune.code).await?;
    Ok(Author {
        office: town.office.clone(),
        commune: town.commune.code.to_string(),
        account_id: mayor.id.0,
        byline: mandate.map(|mandate| mandate.signature()).unwrap_or_default(),
        delegated: false,
    })
}

fn asked(town: &Town<'_>, genre: Genre, question: &str, text: &str, options: &[&str], days: u32) -> NewPoll {
    let end = town.ctx.clock.now().plus(DAY * days);
    // Ends at 20 h, as a town hall would choose it.
    let date = end.in_zone(town.commune.time_zone()).date().to_string();
    NewPoll {
        genre,
        question: question.to_owned(),
        source: text.to_owned(),
        options: options.iter().map(|option| (*option).to_owned()).collect(),
        multiple: false,
        verified_only: false,
        language: "fr".to_owned(),
        comment_mode: CommentMode::Open,
        closes_at: polls::model::close_instant(&date, "20:00", town.commune.time_zone()),
    }
}

async fn votes(town: &Town<'_>, poll: &Poll, how_many: usize) -> anyhow::Result<()> {
    for (handle, choice) in VOTES.into_iter().take(how_many) {
        let account = town
            .accounts
            .get(handle)
            .with_context(|| format!("nobody is called {handle}"))?;
        actions::vote_for_her(town.ctx, account, poll.id, &[choice]).await?;
    }
    Ok(())
}

/// Some weeks ago: a poll whose time is over by today.
pub(super) async fn begin(town: &Town<'_>) -> anyhow::Result<PollId> {
    let new = asked(
        town,
        Genre::Anonymous,
        "Faut-il éteindre l’éclairage public de 23 h à 5 h ?",
        "Le village éclaire aujourd’hui toute la nuit. Éteindre six heures économiserait environ 9 000 € par an (chiffre inventé).",
        &["Oui, partout", "Oui, sauf dans les ruelles", "Non"],
        8,
    );
    let poll = actions::open_poll(town.ctx, &author(town).await?, new).await?;
    votes(town, &poll, VOTES.len()).await?;
    Ok(poll.id)
}

/// Today: that one is counted, another runs, and everybody is asked something.
pub(super) async fn go_on(town: &Town<'_>, first: PollId) -> anyhow::Result<()> {
    actions::close_poll(town.ctx, first).await?;
    let author = author(town).await?;
    let new = asked(
        town,
        Genre::Anonymous,
        "Faut-il déplacer le marché au dimanche matin ?",
        "Le marché se tient aujourd’hui un matin de semaine. Huit exposants sur douze accepteraient un changement.",
        &[
            "Oui, chaque dimanche matin",
            "Oui, un dimanche par mois",
            "Non, garder le jour actuel",
            "Sans avis",
        ],
        7,
    );
    let poll = actions::open_poll(town.ctx, &author, new).await?;
    votes(town, &poll, 6).await?;
    let new = asked(
        town,
        Genre::Opinion,
        "Quel arbre pour la place ?",
        "Le vieux platane doit être remplacé. Dites-nous, d’ici ou d’ailleurs, ce que vous aimeriez voir à sa place.",
        &["Un micocoulier", "Un olivier", "Un tilleul"],
        10,
    );
    let opinion = actions::ask(town.ctx, &author, new, Visibility::Public).await?;
    for (handle, choice) in [("citoyenne", 0), ("ines", 2)] {
        let account = town.accounts.get(handle).context("nobody answers")?;
        let actor = actors::by_id(town.ctx, account.actor)
            .await?
            .context("an account has no actor")?;
        let by = Participant::of_commune(actor, town.commune.code.as_str());
        actions::answer_here(town.ctx, &by, opinion.id, &[choice]).await?;
    }
    Ok(())
}
