//! The agenda of the demonstration: some weeks of a village before Christmas. Everything is invented.

use agenda::actions::{self, Via};
use agenda::model::{Category, JoinMode, NewEvent, NewImage, Occurrence, Place, Recurrence};
use agenda::{Author, model::Event};
use anyhow::Context as _;
use discussion::CommentMode;
use federation::actors;
use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime};
use platform::media::{self, Fit, NewUpload};

use super::town::{Town, picture};

/// An event as it is written down here: days from today, clock times.
struct Planned<'a> {
    title: &'a str,
    text: &'a str,
    category: Category,
    day: i32,
    from: (i8, i8),
    to: (i8, i8),
    place: &'a str,
    street: &'a str,
    seats: Option<i64>,
    rule: &'a str,
}

const COUNCIL: Planned<'_> = Planned {
    title: "Conseil municipal",
    text: "Séance publique. À l’ordre du jour : le budget, l’éclairage des ruelles, la cantine.\n\nLe compte rendu sera \
        affiché sous huit jours.",
    category: Category::TownHall,
    day: 3,
    from: (18, 30),
    to: (20, 30),
    place: "Salle du conseil",
    street: "Mairie",
    seats: None,
    rule: "",
};

const PATH: Planned<'_> = Planned {
    title: "Réouverture du sentier",
    text: "Première descente ensemble après les travaux, avec les cantonniers. Bonnes chaussures, eau, et deux heures \
        devant soi.",
    category: Category::LocalLife,
    day: 5,
    from: (9, 30),
    to: (12, 0),
    place: "Départ du sentier",
    street: "Place du village",
    seats: Some(40),
    rule: "",
};

const OTHERS: [Planned<'_>; 6] = [
    Planned {
        title: "Marché",
        text: "Légumes, fromages, miel et fleurs des environs.",
        category: Category::LocalLife,
        day: -10,
        from: (8, 0),
        to: (12, 30),
        place: "Place du marché",
        street: "",
        seats: None,
        rule: "FREQ=WEEKLY",
    },
    Planned {
        title: "Marché de Noël",
        text: "Trente exposants, vin chaud et jus de pomme, chorale à 16 heures.",
        category: Category::LocalLife,
        day: 5,
        from: (10, 0),
        to: (18, 0),
        place: "Place du village",
        street: "",
        seats: None,
        rule: "",
    },
    Planned {
        title: "Permanence de la maire",
        text: "Sans rendez-vous, dans l’ordre d’arrivée. Pour un dossier précis, apportez vos papiers.",
        category: Category::TownHall,
        day: 12,
        from: (9, 0),
        to: (12, 0),
        place: "Mairie",
        street: "",
        seats: Some(20),
        rule: "FREQ=MONTHLY",
    },
    Planned {
        title: "Réunion travaux : la rue du Barri",
        text: "Les plans, le calendrier, vos questions à l’entreprise.",
        category: Category::Participation,
        day: 8,
        from: (19, 0),
        to: (20, 30),
        place: "Salle des fêtes",
        street: "",
        seats: None,
        rule: "",
    },
    Planned {
        title: "Contes à la bibliothèque",
        text: "Pour les enfants de quatre à huit ans, une heure d’histoires d’hiver.",
        category: Category::Culture,
        day: 9,
        from: (16, 0),
        to: (17, 0),
        place: "Bibliothèque",
        street: "",
        seats: Some(2),
        rule: "",
    },
    Planned {
        title: "Réunion du quartier haut",
        text: "Stationnement, poubelles, arrosage.",
        category: Category::Participation,
        day: 9,
        from: (18, 30),
        to: (20, 0),
        place: "École",
        street: "",
        seats: None,
        rule: "",
    },
];

/// Plans everything, lets some people come, and calls one meeting off.
pub(super) async fn plan(town: &Town<'_>) -> anyhow::Result<()> {
    let author = author(town).await?;
    let zone = town.commune.time_zone();
    let today = town.today.in_zone(zone).date();
    planned(town, &author, today, &COUNCIL, None, false).await?;
    let image = image(
        town,
        "eze-sentier.webp",
        "Le sentier entre les murs de pierre sèche, la mer au fond",
    )
    .await?;
    let (_, path) = planned(town, &author, today, &PATH, image, false).await?;
    for handle in ["citoyenne", "citoyen", "ines"] {
        comes(town, handle, &path).await?;
    }
    for event in &OTHERS {
        let (stored, date) = planned(town, &author, today, event, None, false).await?;
        if event.title.starts_with("Contes") {
            // Two seats and three who want to come: the third waits.
            for handle in ["ines", "citoyenne", "bernard"] {
                comes(town, handle, &date).await?;
            }
        }
        if event.title.starts_with("Réunion du quartier") {
            actions::cancel_date(town.ctx, &author, (stored.id, date.id), "Reportée en janvier").await?;
        }
    }
    let private = Planned {
        title: "Entreprise de voirie",
        text: "Devis de la rue du Barri.",
        category: Category::TownHall,
        day: 2,
        from: (14, 0),
        to: (15, 0),
        place: "Mairie, bureau de la maire",
        street: "",
        seats: None,
        rule: "",
    };
    planned(town, &author, today, &private, None, true).await?;
    Ok(())
}

async fn author(town: &Town<'_>) -> anyhow::Result<Author> {
    let mayor = town.accounts.get("mireille").context("there is no mayor")?;
    let mandate = commune::actions::current_mandate(town.ctx, town.commune.code).await?;
    Ok(Author {
        office: town.office.clone(),
        commune: town.commune.clone(),
        account_id: mayor.id.0,
        byline: mandate.map(|mandate| mandate.signature()).unwrap_or_default(),
        delegated: false,
    })
}

async fn image(town: &Town<'_>, name: &str, alt: &str) -> anyhow::Result<Option<NewImage>> {
    let Some(bytes) = picture(name) else {
        return Ok(None);
    };
    let new = NewUpload {
        owner_id: town.office.id.0,
        bytes: bytes.into(),
        file_name: name.to_owned(),
        alt: alt.to_owned(),
        fit: Fit::Whole,
        pictures_only: true,
    };
    let medium = media::upload(town.ctx, new).await?;
    Ok(Some(NewImage {
        media_id: medium.id.0,
        alt: alt.to_owned(),
    }))
}

async fn planned(
    town: &Town<'_>,
    author: &Author,
    today: Date,
    event: &Planned<'_>,
    image: Option<NewImage>,
    private: bool,
) -> anyhow::Result<(Event, Occurrence)> {
    let zone = town.commune.time_zone();
    let day = today.checked_add(event.day.days())?;
    let at = |(hour, minute): (i8, i8)| -> DateTime { day.at(hour, minute, 0, 0) };
    let repeat = match event.rule {
        "" => None,
        rule => Some(Recurrence::read(rule, zone)?),
    };
    let new = NewEvent {
        title: event.title.to_owned(),
        source: event.text.to_owned(),
        language: "fr".to_owned(),
        category: event.category,
        private,
        all_day: false,
        zone: zone.to_owned(),
        starts: at(event.from),
        ends: at(event.to),
        repeat,
        excluded: Vec::new(),
        place: Place {
            place_name: event.place.to_owned(),
            street: event.street.to_owned(),
            postal_code: "06360".to_owned(),
            locality: "Èze".to_owned(),
            ..Place::default()
        },
        website: String::new(),
        contact: "Secrétariat de la mairie (inventé)".to_owned(),
        contact_email: "mairie@example.org".to_owned(),
        contact_phone: "01 99 00 06 59".to_owned(),
        capacity: event.seats,
        join_mode: JoinMode::Free,
        join_url: String::new(),
        comment_mode: CommentMode::Open,
        image,
        import_uid: None,
    };
    Ok(actions::plan_event(town.ctx, author, &new).await?)
}

async fn comes(town: &Town<'_>, handle: &str, date: &Occurrence) -> anyhow::Result<()> {
    let account = town
        .accounts
        .get(handle)
        .with_context(|| format!("nobody is called {handle}"))?;
    let actor = actors::by_id(town.ctx, account.actor)
        .await?
        .context("an account has no actor")?;
    actions::join(town.ctx, &actor, date.id, Via::Here).await?;
    Ok(())
}
