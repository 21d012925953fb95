//! What any activity must be before anybody looks at what it means.

use serde_json::Value;

use super::Arrival;
use crate::{address, envelope};

/// An activity whose outside is right.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    pub(crate) id: String,
    pub(crate) actor: String,
    pub(crate) kind: String,
    pub(crate) object: Option<String>,
}

impl Shape {
    /// Reads it.
    ///
    /// # Errors
    /// A text fit for the peer.
    pub(crate) fn read(value: &Value) -> Result<Self, &'static str> {
        let document = value.as_object().ok_or("an activity is an object")?;
        let kind = envelope::kind_of(value)
            .filter(|kind| is_type(kind))
            .ok_or("`type` is missing or is not a name")?;
        let id = document
            .get("id")
            .and_then(Value::as_str)
            .and_then(address::canonical)
            .ok_or("`id` is missing or is not an address")?;
        let actor = document
            .get("actor")
            .and_then(envelope::id_of)
            .and_then(address::canonical)
            .ok_or("`actor` is missing or is not an address")?;
        if !address::same_origin(&id, &actor) {
            return Err("`id` and `actor` are of different servers");
        }
        match document.get("object") {
            Some(Value::String(_) | Value::Object(_)) => {}
            Some(Value::Array(items)) if !items.is_empty() => {}
            _ => return Err("`object` is missing or is neither an address nor an object"),
        }
        let object = document
            .get("object")
            .and_then(envelope::id_of)
            .and_then(address::canonical);
        Ok(Self {
            id,
            actor,
            kind: kind.to_owned(),
            object,
        })
    }

    /// Whether an actor says that it is itself gone.
    pub(crate) fn is_farewell(&self) -> bool {
        self.kind == "Delete" && self.object.as_ref() == Some(&self.actor)
    }

    /// Ready to be written down.
    pub(crate) fn arrival(self, body: String) -> Arrival {
        Arrival {
            uri: self.id,
            actor_uri: self.actor,
            kind: self.kind,
            object_uri: self.object,
            body,
        }
    }
}

/// A type is a short name or the address of one.
fn is_type(kind: &str) -> bool {
    !kind.is_empty() && kind.len() <= 200 && kind.chars().all(|c| c.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn like() -> Value {
        json!({
            "id": "https://peer.test/likes/1", "type": "Like",
            "actor": "https://peer.test/users/paul", "object": "https://parvis.test/ap/posts/1",
        })
    }

    fn with(name: &str, value: Value) -> Value {
        let mut like = like();
        like.as_object_mut().unwrap().insert(name.to_owned(), value);
        like
    }

    #[test]
    fn a_like_has_the_right_shape() {
        let shape = Shape::read(&like()).unwrap();
        assert_eq!(shape.kind, "Like");
        assert_eq!(shape.object.as_deref(), Some("https://parvis.test/ap/posts/1"));
        let embedded = with(
            "actor",
            json!({ "id": "https://PEER.test/users/paul", "type": "Person" }),
        );
        assert_eq!(
            Shape::read(&embedded).unwrap().actor,
            "https://peer.test/users/paul"
        );
        assert!(Shape::read(&with("type", json!(["Like", "x:Love"]))).is_ok());
        assert!(Shape::read(&with("object", json!([{ "type": "Note" }, { "type": "Note" }]))).is_ok());
    }

    #[test]
    fn other_shapes_are_refused() {
        for value in [
            json!([like()]),
            json!("Create"),
            json!(null),
            json!(42),
            with("type", json!(null)),
            with("type", json!(7)),
            with("type", json!([])),
            with("type", json!("Create\n")),
            with("type", json!("x".repeat(10_000))),
            with("id", json!(7)),
            with("id", json!("")),
            with("id", json!("javascript:alert(1)")),
            with("id", json!("http://[")),
            with("id", json!("https://other.test/likes/1")),
            with("id", json!("http://peer.test/likes/1")),
            with("id", json!("https://peer.test:8443/likes/1")),
            with("id", json!({ "id": "https://peer.test/likes/1" })),
            with("actor", json!([])),
            with("actor", json!({ "type": "Person" })),
            with(
                "actor",
                json!(["https://peer.test/users/paul", "https://peer.test/users/anne"]),
            ),
            with("object", json!(null)),
            with("object", json!([])),
            with("object", json!(7)),
        ] {
            assert!(Shape::read(&value).is_err(), "{value}");
        }
    }
}
