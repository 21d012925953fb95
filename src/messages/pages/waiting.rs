//! The number beside "Messages" in the menu.

use account::Citizen;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use federation::Ctx;
use platform::web::{Failure, Visit, Waiting, Wants};

use crate::actions;

/// Counts for the menu what waits for the visitor. Within the layer that knows who asks.
pub fn layer(ctx: &Ctx, router: Router) -> Router {
    router.layer(from_fn_with_state(ctx.clone(), count))
}

async fn count(State(ctx): State<Ctx>, mut request: Request, next: Next) -> Response {
    let is_page = request
        .extensions()
        .get::<Visit>()
        .is_some_and(|visit| visit.wants == Wants::Html);
    let citizen = request.extensions().get::<Citizen>().cloned();
    if let Some(citizen) = citizen.filter(|_| is_page && request.method() == Method::GET) {
        match actions::waiting(&ctx, &citizen).await {
            Ok(found) => {
                if let Some(visit) = request.extensions_mut().get_mut::<Visit>() {
                    visit
                        .waiting
                        .extend(found.into_iter().map(|(commune, count)| Waiting {
                            section: "messages",
                            commune,
                            count,
                        }));
                }
            }
            Err(error) => return Failure::from(error).into_response(),
        }
    }
    next.run(request).await
}
