//! What is said of an operation: by the types of its handler, and beside them.

use aide::OperationOutput;
use aide::generate::GenContext;
use aide::openapi::{Operation, ReferenceOr, Response, StatusCode};
use aide::transform::TransformOperation;
use schemars::JsonSchema;

use super::super::Failure;
use super::super::failure::Problem;
use super::document::OAUTH;

/// Says in a sentence what an operation does, and with which statuses it refuses beside those that its handler's
/// types name.
pub fn told(
    summary: &'static str,
    refuses: &'static [u16],
) -> impl for<'t> FnOnce(TransformOperation<'t>) -> TransformOperation<'t> {
    move |mut operation| {
        refusing(operation.inner_mut(), refuses);
        operation.summary(summary)
    }
}

/// The same of an operation for which a program needs this scope, or reads more with it.
pub fn scoped(
    scope: &'static str,
    summary: &'static str,
    refuses: &'static [u16],
) -> impl for<'t> FnOnce(TransformOperation<'t>) -> TransformOperation<'t> {
    move |operation| told(summary, refuses)(operation).security_requirement_scopes(OAUTH, [scope])
}

/// Adds refusals with these statuses.
pub fn refusing(operation: &mut Operation, statuses: &[u16]) {
    let responses = operation.responses.get_or_insert_default();
    for status in statuses {
        responses
            .responses
            .entry(StatusCode::Code(*status))
            .or_insert_with(|| ReferenceOr::Reference {
                reference: format!("#/components/responses/{status}"),
                summary: None,
                description: None,
            });
    }
}

/// The header under which the same request sent again is known.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "describes what `client_api::Once` reads")]
pub(super) struct Keyed {
    /// The same key again within a day: 200 with what was made then.
    #[serde(rename = "Idempotency-Key")]
    key: Option<String>,
}

/// Any handler may fail so.
impl OperationOutput for Failure {
    type Inner = Self;

    fn inferred_responses(ctx: &mut GenContext, operation: &mut Operation) -> Vec<(Option<u16>, Response)> {
        ctx.schema.subschema_for::<Problem<'_>>();
        refusing(operation, &[429, 500, 503]);
        Vec::new()
    }
}
