//! The discussion groups of the demonstration: one for everybody, one for the residents. Everything is invented.

use anyhow::Context as _;
use discussion::{NewComment, Participant, Subjects, actions as talk};
use federation::actors;
use groups::actions::{self, known};
use groups::model::{NewGroup, NewTopic, Opening, Scope, TopicId};
use groups::{Founder, Topics};

use super::content::minutes_long;
use super::town::Town;

/// A group: scope, name, what about, rules, and its topics: who, title, words, answers (who, words).
struct Planned {
    scope: Scope,
    name: &'static str,
    about: &'static str,
    rules: &'static str,
    topics: &'static [Opened],
}

struct Opened {
    by: &'static str,
    title: &'static str,
    words: &'static str,
    answers: &'static [(&'static str, &'static str)],
}

const GROUPS: [Planned; 2] = [
    Planned {
        scope: Scope::Public,
        name: "Sentiers et chemins",
        about: "L’entretien des sentiers, les balades à partager, les passages à signaler.",
        rules: "On reste courtois, on ne publie pas la photo de quelqu’un sans son accord.",
        topics: &[
            Opened {
                by: "ines",
                title: "Qui vient débroussailler le sentier du bas ?",
                words: "Rendez-vous **dimanche à 9 h** au lavoir. Apportez des gants ; la mairie prête les outils.",
                answers: &[
                    ("bernard", "Présent, avec ma débroussailleuse."),
                    (
                        "citoyen",
                        "J’arriverai vers 10 h, le temps de déposer les enfants.",
                    ),
                ],
            },
            Opened {
                by: "citoyen",
                title: "Un banc manque au belvédère",
                words: "Celui du milieu a été retiré cet été et n’a pas été remplacé.",
                answers: &[("ines", "Je l’avais remarqué aussi. On le demande à la mairie ?")],
            },
        ],
    },
    Planned {
        scope: Scope::Residents,
        name: "Entraide entre voisins",
        about: "Prêter une échelle, garder un chat, partager un trajet : entre habitants, et nulle part ailleurs.",
        rules: "Pas d’annonce commerciale. Ce qui se dit ici reste ici.",
        topics: &[Opened {
            by: "citoyenne",
            title: "Covoiturage pour la gare, le lundi matin",
            words: "Je pars du parking haut à 6 h 50, j’ai trois places.",
            answers: &[
                ("bernard", "Ma fille serait partante une semaine sur deux."),
                ("citoyenne", "Avec plaisir, dites-lui de m’écrire."),
            ],
        }],
    },
];

fn person(town: &Town<'_>, handle: &str) -> anyhow::Result<federation::ActorId> {
    let account = town.accounts.get(handle);
    Ok(account
        .with_context(|| format!("nobody is called {handle}"))?
        .actor)
}

async fn speaker(town: &Town<'_>, handle: &str) -> anyhow::Result<Participant> {
    let actor = actors::by_id(town.ctx, person(town, handle)?).await?;
    let actor = actor.with_context(|| format!("{handle} has no actor"))?;
    Ok(Participant::of_commune(actor, town.commune.code.as_str()))
}

/// Opens the groups, lets people in, and has them talk.
pub(super) async fn gather(town: &Town<'_>) -> anyhow::Result<()> {
    let mayor = town.accounts.get("mireille").context("there is no mayor")?;
    let founder = Founder {
        account_id: mayor.id.0,
        commune: town.commune.clone(),
    };
    for planned in &GROUPS {
        let new = NewGroup {
            scope: planned.scope,
            name: planned.name.to_owned(),
            about: planned.about.to_owned(),
            rules: planned.rules.to_owned(),
            approval: false,
            opening: Opening::Members,
            closes_at: None,
        };
        let group = actions::open_group(town.ctx, &founder, new).await?;
        for handle in ["ines", "bernard", "citoyenne", "citoyen"] {
            let by = speaker(town, handle).await?;
            let known = known(town.ctx, group.id, Some(&by))
                .await?
                .context("the group is gone")?;
            actions::join(town.ctx, &by, &known, true).await?;
        }
        for opened in planned.topics {
            town.clock.advance(minutes_long(170));
            let by = speaker(town, opened.by).await?;
            let known = known(town.ctx, group.id, Some(&by))
                .await?
                .context("the group is gone")?;
            let new = NewTopic {
                title: opened.title.to_owned(),
                source: opened.words.to_owned(),
                summary: String::new(),
                language: "fr".to_owned(),
            };
            let topic = actions::open_topic(town.ctx, &by, &known, new).await?;
            answers(town, topic.id, opened).await?;
        }
    }
    Ok(())
}

async fn answers(town: &Town<'_>, topic: TopicId, opened: &Opened) -> anyhow::Result<()> {
    let subjects = Subjects::new(vec![Box::new(Topics)]);
    for (handle, words) in opened.answers {
        town.clock.advance(minutes_long(35));
        let by = speaker(town, handle).await?;
        let subject = subjects.by_id(town.ctx, "topics", topic.0).await?;
        let new = NewComment::new((*words).to_owned());
        talk::comment(town.ctx, &by, &subject.context("the topic is gone")?, new).await?;
    }
    Ok(())
}
