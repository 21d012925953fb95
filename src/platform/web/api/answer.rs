//! What handlers give.

use std::borrow::Cow;

use aide::OperationOutput;
use aide::generate::GenContext;
use aide::openapi::{MediaType, Operation, Response as Described, SchemaObject};
use aide::operation::ParamLocation;
use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

pub use axum::response::NoContent;

use super::operation::Keyed;
use super::taken::parameters_of;
use crate::clock::Timestamp;

/// A body as JSON, with its status.
#[derive(Debug)]
pub struct Answer<T, const STATUS: u16 = 200> {
    body: T,
    headers: HeaderMap,
}

/// 201 with what was made.
pub type Created<T> = Answer<T, 201>;

impl<T, const STATUS: u16> Answer<T, STATUS> {
    /// This body.
    pub fn new(body: T) -> Self {
        Self {
            body,
            headers: HeaderMap::new(),
        }
    }

    /// Open data: any site may read it.
    pub fn open(mut self) -> Self {
        let anybody = HeaderValue::from_static("*");
        self.headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, anybody);
        self
    }

    /// Nothing of it is kept by a cache.
    pub fn not_kept(mut self) -> Self {
        let never = HeaderValue::from_static("no-store");
        self.headers.insert(header::CACHE_CONTROL, never);
        self
    }

    /// With the address of the next page.
    pub fn next(mut self, address: &str) -> Self {
        if let Ok(link) = HeaderValue::try_from(format!("<{address}>; rel=\"next\"")) {
            self.headers.insert(header::LINK, link);
        }
        self
    }
}

impl<T: Serialize, const STATUS: u16> IntoResponse for Answer<T, STATUS> {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(STATUS).unwrap_or(StatusCode::OK);
        (status, self.headers, Json(self.body)).into_response()
    }
}

impl<T: JsonSchema, const STATUS: u16> OperationOutput for Answer<T, STATUS> {
    type Inner = T;

    fn inferred_responses(ctx: &mut GenContext, _: &mut Operation) -> Vec<(Option<u16>, Described)> {
        vec![(Some(STATUS), described::<T>(ctx))]
    }
}

/// What a program asked to be made: made now (201), or by the same `Idempotency-Key` before (200).
#[derive(Debug)]
pub enum Made<T> {
    /// Now.
    Now(T),
    /// Before.
    Before(T),
}

impl<T: Serialize> IntoResponse for Made<T> {
    fn into_response(self) -> Response {
        match self {
            Self::Now(body) => Created::new(body).into_response(),
            Self::Before(body) => Answer::<T>::new(body).into_response(),
        }
    }
}

impl<T: JsonSchema> OperationOutput for Made<T> {
    type Inner = T;

    fn inferred_responses(ctx: &mut GenContext, operation: &mut Operation) -> Vec<(Option<u16>, Described)> {
        parameters_of::<Keyed>(ctx, operation, ParamLocation::Header);
        vec![(Some(201), described::<T>(ctx)), (Some(200), described::<T>(ctx))]
    }
}

fn described<T: JsonSchema>(ctx: &mut GenContext) -> Described {
    let json_schema = ctx.schema.subschema_for::<T>();
    let of_type = ctx.resolve_schema(&json_schema);
    let description = of_type.get("description").and_then(|text| text.as_str());
    Described {
        description: description.unwrap_or("As JSON").to_owned(),
        content: std::iter::once((
            "application/json".to_owned(),
            MediaType {
                schema: Some(SchemaObject {
                    json_schema,
                    external_docs: None,
                    example: None,
                }),
                ..MediaType::default()
            },
        ))
        .collect(),
        ..Described::default()
    }
}

/// An instant in an answer: RFC 3339, UTC.
#[derive(Debug, Clone, Copy)]
pub struct Moment(pub Timestamp);

impl From<Timestamp> for Moment {
    fn from(at: Timestamp) -> Self {
        Self(at)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.rfc3339())
    }
}

impl JsonSchema for Moment {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Moment".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time" })
    }
}
