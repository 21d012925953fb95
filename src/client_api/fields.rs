//! Parameters under the names of a struct's fields, for doors that describe themselves.

use aide::OperationInput;
use aide::generate::GenContext;
use aide::openapi::Operation;
use axum::extract::{FromRequest, Request};
use platform::web::Failure;
use platform::web::api::{body_of, query_of, refusing};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::Params;

/// What was sent as the fields of `T`, which are texts and may each be absent: JSON, a form, or after the question
/// mark.
#[derive(Debug)]
pub struct Fields<T>(pub T);

/// The same where there is no body.
#[derive(Debug)]
pub struct QueryFields<T>(pub T);

async fn read<T: DeserializeOwned, S: Send + Sync>(request: Request, state: &S) -> Result<T, Failure> {
    let params = Params::from_request(request, state).await?;
    let mut fields = Map::new();
    for (name, value) in params.under("") {
        fields.entry(name).or_insert_with(|| Value::from(value));
    }
    serde_json::from_value(fields.into()).map_err(|_| Failure::bad_request("malformed-body"))
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Fields<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        read(request, state).await.map(Self)
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for QueryFields<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        read(request, state).await.map(Self)
    }
}

impl<T: JsonSchema> OperationInput for Fields<T> {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        let kinds = ["application/json", "application/x-www-form-urlencoded"];
        body_of::<T>(ctx, operation, &kinds, true);
        refusing(operation, &[400, 413]);
    }
}

impl<T: JsonSchema> OperationInput for QueryFields<T> {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        query_of::<T>(ctx, operation);
        refusing(operation, &[400]);
    }
}
