//! What the law asks a site to say, filled in from the settings `[instance]`: legal notice (LCEN article 6),
//! privacy (GDPR article 13), accessibility (RGAA), and what this server is made of and from.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use federation::Ctx;
use platform::web::{Failure, InstanceConfig, Page, Visit, html};

macro_rules! prose {
    ($name:ident, $path:literal) => {
        #[derive(Template)]
        #[template(path = $path)]
        struct $name<'a> {
            page: Page,
            instance: &'a InstanceConfig,
            facts: Facts,
        }
    };
}

prose!(About, "shell/about.html");
prose!(LegalNotice, "shell/legal_notice.html");
prose!(Privacy, "shell/privacy.html");
prose!(Accessibility, "shell/accessibility.html");

/// What the texts say that is no setting.
struct Facts {
    version: &'static str,
    credit: String,
    base: String,
}

impl Facts {
    async fn of(ctx: &Ctx) -> Result<Self, Failure> {
        Ok(Self {
            version: env!("CARGO_PKG_VERSION"),
            credit: commune::actions::credit(ctx).await?,
            base: ctx.urls.base().to_owned(),
        })
    }
}

pub(crate) async fn about(State(ctx): State<Ctx>, visit: Visit) -> Result<Response, Failure> {
    let page = Page::titled(&ctx, &visit, "shell-about-title");
    let (instance, facts) = (&ctx.instance, Facts::of(&ctx).await?);
    html(
        StatusCode::OK,
        &About {
            page,
            instance,
            facts,
        },
    )
}

pub(crate) async fn legal_notice(State(ctx): State<Ctx>, visit: Visit) -> Result<Response, Failure> {
    let page = Page::titled(&ctx, &visit, "shell-legal-notice");
    let (instance, facts) = (&ctx.instance, Facts::of(&ctx).await?);
    html(
        StatusCode::OK,
        &LegalNotice {
            page,
            instance,
            facts,
        },
    )
}

pub(crate) async fn privacy(State(ctx): State<Ctx>, visit: Visit) -> Result<Response, Failure> {
    let page = Page::titled(&ctx, &visit, "shell-privacy");
    let (instance, facts) = (&ctx.instance, Facts::of(&ctx).await?);
    html(
        StatusCode::OK,
        &Privacy {
            page,
            instance,
            facts,
        },
    )
}

pub(crate) async fn accessibility(State(ctx): State<Ctx>, visit: Visit) -> Result<Response, Failure> {
    let page = Page::titled(&ctx, &visit, "shell-accessibility-title");
    let (instance, facts) = (&ctx.instance, Facts::of(&ctx).await?);
    html(
        StatusCode::OK,
        &Accessibility {
            page,
            instance,
            facts,
        },
    )
}
