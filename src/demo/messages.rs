//! Private messages of the demonstration: a conversation, a question to a service, a formal request on its way.
//! Everything is invented.

use account::actions::roles;
use account::{AccountId, Citizen, of_account};
use anyhow::Context as _;
use messages::actions::{self, Letter, Reply};
use messages::model::{Applicant, NewService};

use super::content::minutes_long;
use super::town::Town;

async fn citizen(town: &Town<'_>, id: AccountId) -> anyhow::Result<Citizen> {
    of_account(town.ctx, id, None).await?.context("she cannot act")
}

async fn named(town: &Town<'_>, handle: &str) -> anyhow::Result<Citizen> {
    let account = town
        .accounts
        .get(handle)
        .with_context(|| format!("nobody is called {handle}"))?;
    citizen(town, account.id).await
}

/// Sets up two services and lets people write.
pub(super) async fn exchange(town: &Town<'_>) -> anyhow::Result<()> {
    let (ctx, commune) = (town.ctx, &town.commune);
    let mayor = roles::mayor_of(ctx, commune.code)
        .await?
        .context("nobody is mayor")?;
    let mayor = citizen(town, mayor).await?;
    let (zoe, paul) = (named(town, "citoyenne").await?, named(town, "citoyen").await?);
    let mut desks = Vec::new();
    for (name, description) in [
        ("État civil", "Actes, livret de famille, recensement"),
        ("Vie locale", "Salles, fêtes, associations"),
    ] {
        let new = NewService {
            name: name.to_owned(),
            description: description.to_owned(),
            email: "mairie@example.org".to_owned(),
            phone: "01 99 00 06 59".to_owned(),
        };
        desks.push(actions::save_service(ctx, &mayor, commune, None, &new, &[]).await?);
    }
    let letter = |service: i64, subject: &str, text: &str| Letter {
        service,
        subject: subject.to_owned(),
        text: text.to_owned(),
        ..Letter::default()
    };
    let lamp = letter(
        0,
        "Éclairage du chemin",
        "Bonjour, le lampadaire du chemin de la fontaine reste éteint depuis lundi. On n’y voit plus en rentrant de \
         l’école.",
    );
    let thread = actions::write(ctx, &zoe, commune, lamp).await?;
    town.clock.advance(minutes_long(95));
    let said = |text: &str, note: bool| Reply {
        text: text.to_owned(),
        note,
        ..Reply::default()
    };
    actions::reply(
        ctx,
        &mayor,
        thread,
        said("Vu avec les services techniques : l’ampoule est commandée.", true),
    )
    .await?;
    actions::reply(
        ctx,
        &mayor,
        thread,
        said("C’est noté, merci. L’équipe passe demain matin.", false),
    )
    .await?;
    town.clock.advance(minutes_long(240));
    let hall = letter(
        desks.last().map_or(0, |desk| desk.0),
        "Salle communale en mars",
        "La salle est-elle libre le samedi 20 mars pour un anniversaire ?",
    );
    actions::write(ctx, &paul, commune, hall).await?;
    town.clock.advance(minutes_long(50));
    let mut square = letter(
        0,
        "Occuper la place en février",
        "Nous demandons l’autorisation d’occuper la place du village le 20 février, de 11 h à 16 h, pour un repas de \
         quartier.",
    );
    square.applicant = Some(Applicant {
        name: "Personne inventée (démonstration)".to_owned(),
        address: "3, rue de l’Exemple\n06360 Èze".to_owned(),
        phone: String::new(),
    });
    actions::write(ctx, &zoe, commune, square).await?;
    Ok(())
}
