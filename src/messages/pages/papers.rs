//! The receipt and the whole file of a formal request, as PDF.

use account::Citizen;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use commune::{Commune, CommuneRef};
use federation::Ctx;
use platform::Timestamp;
use platform::i18n::{Lang, datetime};
use platform::web::Failure;

use super::files::headers;
use super::lines::missing;
use super::of_commune;
use crate::actions::{self, View, plain_text};
use crate::model::{Body, Request, Side, ThreadId};
use crate::pdf::{Paper, Style, make};

/// Papers are French, as the town hall's language is.
const LANG: Lang = Lang::Fr;

struct Words<'a> {
    ctx: &'a Ctx,
    zone: &'static str,
}

impl Words<'_> {
    fn say(&self, key: &str, pairs: &[(&str, &str)]) -> String {
        self.ctx.words.ta(LANG, key, pairs)
    }
    fn at(&self, at: Timestamp) -> String {
        datetime(LANG, &at.in_zone(self.zone))
    }
    fn on(&self, at: Timestamp) -> String {
        platform::i18n::date(LANG, &at.in_zone(self.zone))
    }
}

async fn read(
    ctx: &Ctx,
    citizen: &Citizen,
    commune: &Commune,
    id: ThreadId,
) -> Result<(View, Request), Failure> {
    let view = actions::view(ctx, citizen, id).await.map_err(missing)?;
    of_commune(&view.thread, commune)?;
    let request = view.request.clone().ok_or_else(Failure::not_found)?;
    Ok((view, request))
}

pub(super) async fn receipt(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Path((_, id)): Path<(String, ThreadId)>,
) -> Result<Response, Failure> {
    let (view, request) = read(&ctx, &citizen, &commune, id).await?;
    let words = Words {
        ctx: &ctx,
        zone: commune.time_zone(),
    };
    let mut paper = begin(&words, &commune, "messages-paper-receipt", &request);
    who(&mut paper, &words, &view, &request);
    paper.add(Style::Heading, words.say("messages-paper-next", &[]));
    paper.add(
        Style::Text,
        words.say(
            "messages-paper-delays",
            &[
                ("ack", &words.on(request.ack_due_at)),
                ("answer", &words.on(request.answer_due_at)),
            ],
        ),
    );
    paper.add(Style::Text, words.say("messages-ack-law", &[]));
    send(&paper, &format!("recepisse-{}.pdf", request.reference))
}

pub(super) async fn dossier(
    State(ctx): State<Ctx>,
    citizen: Citizen,
    CommuneRef(commune): CommuneRef,
    Path((_, id)): Path<(String, ThreadId)>,
) -> Result<Response, Failure> {
    let (view, request) = read(&ctx, &citizen, &commune, id).await?;
    let words = Words {
        ctx: &ctx,
        zone: commune.time_zone(),
    };
    let mut paper = begin(&words, &commune, "messages-paper-dossier", &request);
    who(&mut paper, &words, &view, &request);
    steps(&mut paper, &words, &request);
    // Internal notes stay inside: the paper is the same for both sides.
    for one in view.messages.iter().filter(|one| one.message.side != Side::Note) {
        let message = &one.message;
        let from = match message.side {
            Side::Writer => applicant(&words, &request),
            _ if message.byline.is_empty() => words.say("messages-town-hall-short", &[]),
            _ => message.byline.clone(),
        };
        paper.add(
            Style::Heading,
            words.say(
                "messages-paper-message",
                &[("name", &from), ("at", &words.at(message.created_at))],
            ),
        );
        let text = match message.body {
            Body::Gone => words.say("messages-gone", &[]),
            Body::Unreadable => words.say("messages-unreadable", &[]),
            Body::Text(_) | Body::Html(_) => plain_text(message),
        };
        paper.add(Style::Text, platform::text::french(&text));
        for file in &one.files {
            let weight = ((file.bytes + 999) / 1000).to_string();
            paper.add(
                Style::Small,
                words.say(
                    "messages-paper-file",
                    &[("name", &file.name), ("weight", &weight)],
                ),
            );
        }
    }
    paper.add(
        Style::Small,
        words.say("messages-paper-made", &[("at", &words.at(ctx.clock.now()))]),
    );
    send(&paper, &format!("dossier-{}.pdf", request.reference))
}

fn applicant(words: &Words<'_>, request: &Request) -> String {
    request
        .applicant
        .as_ref()
        .map_or_else(|| words.say("messages-unreadable", &[]), |one| one.name.clone())
}

fn begin(words: &Words<'_>, commune: &Commune, title: &str, request: &Request) -> Paper {
    let title = words.say(title, &[("reference", &request.reference)]);
    let of = words.say("messages-town-hall", &[("of", &commune.name.of())]);
    let mut paper = Paper {
        title: title.clone(),
        language: "fr".to_owned(),
        footer: format!("{of} – {} – {{page}}/{{pages}}", request.reference),
        body: Vec::new(),
    };
    paper.add(Style::Small, of);
    paper.add(Style::Title, title);
    paper
}

fn who(paper: &mut Paper, words: &Words<'_>, view: &View, request: &Request) {
    paper.add(
        Style::Text,
        words.say(
            "messages-paper-registered",
            &[("at", &words.at(request.registered_at))],
        ),
    );
    paper.add(
        Style::Text,
        words.say("messages-paper-subject", &[("subject", &view.thread.subject)]),
    );
    if let Some(service) = &view.service {
        paper.add(
            Style::Text,
            words.say("messages-paper-service", &[("service", &service.name)]),
        );
    }
    paper.add(Style::Heading, words.say("messages-paper-applicant", &[]));
    if let Some(one) = &request.applicant {
        paper.add(Style::Text, format!("{}\n{}", one.name, one.address));
        if !one.phone.is_empty() {
            paper.add(Style::Text, one.phone.clone());
        }
    }
}

fn steps(paper: &mut Paper, words: &Words<'_>, request: &Request) {
    paper.add(Style::Heading, words.say("messages-paper-steps", &[]));
    let done = |at: Option<Timestamp>, due: Timestamp, key: &str| match at {
        Some(at) => words.say(&format!("{key}-done"), &[("at", &words.at(at))]),
        None => words.say(&format!("{key}-due"), &[("on", &words.on(due))]),
    };
    paper.add(
        Style::Text,
        done(request.acknowledged_at, request.ack_due_at, "messages-paper-ack"),
    );
    paper.add(
        Style::Text,
        done(
            request.answered_at,
            request.answer_due_at,
            "messages-paper-answer",
        ),
    );
}

fn send(paper: &Paper, name: &str) -> Result<Response, Failure> {
    let made = make(paper).map_err(Failure::internal)?;
    Ok((headers("application/pdf", name), made).into_response())
}
