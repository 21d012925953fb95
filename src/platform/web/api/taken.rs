//! What handlers take.

use aide::OperationInput;
use aide::generate::GenContext;
use aide::openapi::{MediaType, Operation, RequestBody, SchemaObject};
use aide::operation::{ParamLocation, add_parameters, parameters_from_schema, set_body};
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::super::Failure;
use super::refusing;

/// The longest body that is read.
const LONGEST: usize = 256 * 1024;

/// What stands after the question mark.
#[derive(Debug)]
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let Query(asked) = Query::from_request_parts(parts, state)
            .await
            .map_err(|_| Failure::bad_request("bad-query"))?;
        Ok(Self(asked))
    }
}

impl<T: JsonSchema> OperationInput for Asked<T> {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        query_of::<T>(ctx, operation);
        refusing(operation, &[400]);
    }
}

/// A body of JSON, whatever it calls itself. One that nothing need be said in may be left out.
#[derive(Debug)]
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failure> {
        let body: Body = request.into_body();
        let bytes = to_bytes(body, LONGEST)
            .await
            .map_err(|_| Failure::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large"))?;
        let text: &[u8] = if bytes.is_empty() { b"null" } else { &bytes };
        serde_json::from_slice(text).map(Self).map_err(|error| {
            tracing::debug!(%error, "a body in JSON cannot be read");
            Failure::bad_request("bad-json")
        })
    }
}

impl<T: DeserializeOwned + JsonSchema> OperationInput for JsonBody<T> {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        let may_be_left_out = serde_json::from_value::<T>(Value::Null).is_ok();
        body_of::<T>(ctx, operation, &["application/json"], !may_be_left_out);
        refusing(operation, &[400, 413]);
    }
}

/// Describes the body as a `T`, of these media types.
pub fn body_of<T: JsonSchema>(
    ctx: &mut GenContext,
    operation: &mut Operation,
    kinds: &[&str],
    required: bool,
) {
    let json_schema = taken::<T>();
    let description = json_schema
        .get("description")
        .and_then(Value::as_str)
        .map(ToOwned::to_owned);
    let kind = MediaType {
        schema: Some(SchemaObject {
            json_schema,
            external_docs: None,
            example: None,
        }),
        ..MediaType::default()
    };
    let body = RequestBody {
        description,
        content: kinds
            .iter()
            .map(|name| ((*name).to_owned(), kind.clone()))
            .collect(),
        required,
        ..RequestBody::default()
    };
    set_body(ctx, operation, body);
}

/// Describes the fields of `T` as parameters of the query.
pub fn query_of<T: JsonSchema>(ctx: &mut GenContext, operation: &mut Operation) {
    parameters_of::<T>(ctx, operation, ParamLocation::Query);
}

/// Describes the fields of `T` as parameters that stand here.
pub(super) fn parameters_of<T: JsonSchema>(
    ctx: &mut GenContext,
    operation: &mut Operation,
    place: ParamLocation,
) {
    let mut schema = taken::<T>();
    let fields = schema.ensure_object().get_mut("properties");
    if let Some(fields) = fields.and_then(Value::as_object_mut) {
        fields.values_mut().for_each(without_null);
    }
    let parameters = parameters_from_schema(ctx, schema, place);
    add_parameters(ctx, operation, parameters);
}

/// The schema of what is read, whole in itself: what may be left out is not required.
fn taken<T: JsonSchema>() -> Schema {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
    });
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    // The name of the type says nothing outside; and what must be said has no value without.
    schema.remove("title");
    let required = schema.get("required").and_then(Value::as_array).cloned();
    let fields = schema.ensure_object().get_mut("properties");
    let fields = fields.and_then(Value::as_object_mut);
    if let (Some(required), Some(fields)) = (required, fields) {
        for name in required.iter().filter_map(Value::as_str) {
            if let Some(field) = fields.get_mut(name).and_then(Value::as_object_mut) {
                field.remove("default");
            }
        }
    }
    schema
}

/// A parameter of an address is left out rather than `null`.
fn without_null(schema: &mut Value) {
    let Some(kinds) = schema.get_mut("type") else {
        return;
    };
    if let Some(all) = kinds.as_array_mut() {
        all.retain(|kind| kind != "null");
        if let [one] = all.as_slice() {
            *kinds = one.clone();
        }
    }
}
