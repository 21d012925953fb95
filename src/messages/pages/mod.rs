//! The HTML door: the mailbox, a thread, writing, the acknowledgement, papers and files, the mayor's settings.

mod files;
mod front;
mod handle;
mod index;
mod lines;
mod papers;
mod settings;
mod show;
mod waiting;
mod write;

use axum::Router;
use axum::routing::{get, post};
use commune::Commune;
use federation::Ctx;
use platform::media;
use platform::web::{Failure, FormState, Message, NavEntry, Page, Submitted, Visit};

use crate::model::{NewFile, Refusal, ThreadId};

pub(crate) use front::pieces;
pub use waiting::layer;

pub(crate) fn nav() -> NavEntry {
    NavEntry {
        section: "messages",
        icon: "mail",
        label: "messages-nav",
        path: "/messages",
        in_bar: true,
    }
}

pub(crate) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/{commune}/messages", get(index::index))
        .route("/{commune}/messages/nouveau", get(write::new).post(write::create))
        .route(
            "/{commune}/messages/demande",
            get(write::new_request).post(write::create_request),
        )
        .route(
            "/{commune}/messages/reglages",
            get(settings::show).post(settings::save),
        )
        .route("/{commune}/messages/{id}", get(show::show))
        .route("/{commune}/messages/{id}/repondre", post(show::reply))
        .route("/{commune}/messages/{id}/confier", post(handle::assign))
        .route("/{commune}/messages/{id}/clore", post(handle::close))
        .route("/{commune}/messages/{id}/retirer", post(handle::hide))
        .route(
            "/{commune}/messages/{id}/accuse",
            get(handle::acknowledgement).post(handle::acknowledge),
        )
        .route(
            "/{commune}/messages/{id}/reponses/{message}",
            get(handle::edit).post(handle::change),
        )
        .route("/{commune}/messages/{id}/recepisse.pdf", get(papers::receipt))
        .route("/{commune}/messages/{id}/dossier.pdf", get(papers::dossier))
        .route("/{commune}/messages/{id}/pieces/{piece}", get(files::show))
}

/// The place of the whole section.
pub(super) fn home(commune: &Commune) -> String {
    commune.below("messages")
}

/// The place of a thread.
pub(super) fn place(commune: &Commune, id: ThreadId) -> String {
    commune.below(&format!("messages/{id}"))
}

/// A page of the section, never indexed.
pub(super) fn page(ctx: &Ctx, visit: &Visit, commune: &Commune, title: impl Into<String>) -> Page {
    let mut page = commune::page_of(ctx, visit, commune, "messages", title);
    page.noindex = true;
    page
}

/// The files of a form, examined; what is wrong with one is said at its field.
pub(super) async fn files(ctx: &Ctx, visit: &Visit, sent: &Submitted, form: &mut FormState) -> Vec<NewFile> {
    let mut files = Vec::new();
    for upload in sent.files("files") {
        if files.len() >= crate::model::MOST_FILES {
            refuse(ctx, visit, form, Refusal::TooManyFiles);
            break;
        }
        match media::examine(&ctx.media, upload.bytes.clone(), &upload.file_name).await {
            Ok(file) => files.push(NewFile {
                name: file.file_name,
                mime: file.mime,
                bytes: file.bytes,
            }),
            Err(refusal) => {
                let said = refusal
                    .args()
                    .into_iter()
                    .fold(Message::new(refusal.key()), |message, (name, value)| {
                        message.with(name, value)
                    });
                form.refuse(ctx, visit.lang, "files", &said);
            }
        }
    }
    files
}

/// Says a refusal at its field.
pub(super) fn refuse(ctx: &Ctx, visit: &Visit, form: &mut FormState, refusal: Refusal) {
    form.refuse(ctx, visit.lang, refusal.field(), &crate::error::words(refusal));
}

/// A thread of this commune; another one's is not here.
pub(super) fn of_commune(thread: &crate::model::Thread, commune: &Commune) -> Result<(), Failure> {
    if thread.commune == commune.code.as_str() {
        Ok(())
    } else {
        Err(Failure::not_found())
    }
}
