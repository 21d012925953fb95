//! Another server, well- or ill-behaved as a test wants, and its people.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use http::{HeaderMap, Method};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::keys::PrivateKey;

/// A few keys shared by all tests: making one takes a while.
pub(super) static KEYS: LazyLock<Vec<PrivateKey>> =
    LazyLock::new(|| (0..4).map(|_| PrivateKey::generate_rsa().unwrap()).collect());

static SERIAL: AtomicU64 = AtomicU64::new(1);

pub(super) fn serial() -> u64 {
    SERIAL.fetch_add(1, Ordering::Relaxed)
}

/// What a fake server says.
#[derive(Clone)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Bytes,
    /// Before the body comes.
    pub(super) wait: Duration,
}

impl Reply {
    pub(super) fn status(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Bytes::new(),
            wait: Duration::ZERO,
        }
    }

    pub(super) fn text(kind: &str, body: impl Into<Bytes>) -> Self {
        Self {
            headers: vec![("content-type", kind.to_owned())],
            body: body.into(),
            ..Self::status(200)
        }
    }

    pub(super) fn json(value: &Value) -> Self {
        Self::text("application/activity+json", value.to_string())
    }

    pub(super) fn redirect(target: &str) -> Self {
        Self {
            headers: vec![("location", target.to_owned())],
            ..Self::status(302)
        }
    }

    pub(super) fn slow(mut self, wait: Duration) -> Self {
        self.wait = wait;
        self
    }

    pub(super) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

/// A request a fake server got.
#[derive(Clone)]
pub(super) struct Seen {
    pub(super) method: Method,
    /// Path and query.
    pub(super) target: String,
    pub(super) headers: HeaderMap,
}

type Answer = Box<dyn Fn(&Seen) -> Reply + Send>;

#[derive(Default)]
struct Parts {
    routes: HashMap<String, Reply>,
    otherwise: Option<Answer>,
    seen: Vec<Seen>,
}

/// A fake server.
#[derive(Clone)]
pub(super) struct Peer {
    pub(super) base: String,
    parts: Arc<Mutex<Parts>>,
}

impl Peer {
    pub(super) async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let parts = Arc::<Mutex<Parts>>::default();
        let router = Router::new().fallback(answer).with_state(parts.clone());
        #[expect(clippy::disallowed_methods, reason = "a fake server of a test")]
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { base, parts }
    }

    /// The host and port, as in handles.
    pub(super) fn authority(&self) -> &str {
        self.base.trim_start_matches("http://")
    }

    pub(super) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    pub(super) fn serve(&self, path: &str, reply: Reply) {
        self.parts.lock().unwrap().routes.insert(path.to_owned(), reply);
    }

    pub(super) fn remove(&self, path: &str) {
        self.parts.lock().unwrap().routes.remove(path);
    }

    /// Serves a document at its id, which is made from the path, and gives the id.
    pub(super) fn publish(&self, path: &str, mut value: Value) -> String {
        let id = self.at(path);
        value["id"] = json!(id);
        self.serve(path, Reply::json(&value));
        id
    }

    pub(super) fn otherwise(&self, answer: impl Fn(&Seen) -> Reply + Send + 'static) {
        self.parts.lock().unwrap().otherwise = Some(Box::new(answer));
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.parts.lock().unwrap().seen.clone()
    }

    pub(super) fn fetches(&self) -> usize {
        self.seen()
            .iter()
            .filter(|seen| seen.method == Method::GET)
            .count()
    }

    pub(super) fn forget(&self) {
        self.parts.lock().unwrap().seen.clear();
    }
}

async fn answer(State(parts): State<Arc<Mutex<Parts>>>, request: Request) -> Response {
    let seen = Seen {
        method: request.method().clone(),
        target: request.uri().path_and_query().unwrap().to_string(),
        headers: request.headers().clone(),
    };
    let reply = {
        let mut parts = parts.lock().unwrap();
        parts.seen.push(seen.clone());
        match (parts.routes.get(&seen.target), &parts.otherwise) {
            (Some(reply), _) => reply.clone(),
            (None, Some(otherwise)) => otherwise(&seen),
            (None, None) => Reply::status(404),
        }
    };
    let mut response = Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        response = response.header(*name, value);
    }
    tokio::time::sleep(reply.wait).await;
    response.body(Body::from(reply.body)).unwrap()
}

/// Somebody on a fake server.
#[derive(Clone)]
pub(super) struct Person {
    pub(super) peer: Peer,
    pub(super) name: String,
    pub(super) id: String,
    pub(super) key_id: String,
    pub(super) key: PrivateKey,
    pub(super) document: Value,
}

impl Person {
    pub(super) fn new(peer: &Peer, name: &str) -> Self {
        let id = peer.at(&format!("/users/{name}"));
        let key_id = format!("{id}#main-key");
        let key = KEYS[0].clone();
        let document = json!({
            "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
            "id": id, "type": "Person", "preferredUsername": name, "name": name,
            "inbox": format!("{id}/inbox"), "outbox": format!("{id}/outbox"),
            "followers": format!("{id}/followers"),
            "endpoints": { "sharedInbox": peer.at("/inbox") },
            "publicKey": { "id": key_id, "owner": id, "publicKeyPem": key.public_key().to_pem() },
        });
        let person = Self {
            peer: peer.clone(),
            name: name.to_owned(),
            id,
            key_id,
            key,
            document,
        };
        person.publish();
        person.named(&person.id, &format!("acct:{name}@{}", peer.authority()));
        person
    }

    /// Serves its document as it is now.
    pub(super) fn publish(&self) {
        self.peer
            .serve(&format!("/users/{}", self.name), Reply::json(&self.document));
    }

    /// What WebFinger says of its name.
    pub(super) fn named(&self, actor: &str, subject: &str) {
        let jrd = json!({
            "subject": subject,
            "links": [{ "rel": "self", "type": "application/activity+json", "href": actor }],
        });
        let resource = format!("acct:{}@{}", self.name, self.peer.authority());
        let resource = resource.replace(':', "%3A").replace('@', "%40");
        self.peer.serve(
            &format!("/.well-known/webfinger?resource={resource}"),
            Reply::text("application/jrd+json", jrd.to_string()),
        );
    }

    pub(super) fn with_key(mut self, number: usize) -> Self {
        self.key = KEYS[number].clone();
        self.document["publicKey"]["publicKeyPem"] = json!(self.key.public_key().to_pem());
        self.publish();
        self
    }

    pub(super) fn activity(&self, kind: &str, object: Value) -> Value {
        json!({
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": self.peer.at(&format!("/activities/{}", serial())),
            "type": kind, "actor": self.id, "object": object,
        })
    }

    /// A public note, served at its id.
    pub(super) fn note(&self, content: &str) -> Value {
        let path = format!("/notes/{}", serial());
        let mut note = json!({
            "@context": "https://www.w3.org/ns/activitystreams",
            "type": "Note", "attributedTo": self.id, "content": content,
            "to": [crate::PUBLIC], "cc": [format!("{}/followers", self.id)],
            "published": "2026-11-23T07:00:00Z",
        });
        note["id"] = json!(self.peer.publish(&path, note.clone()));
        note
    }

    pub(super) fn create(&self, note: &Value) -> Value {
        self.activity("Create", note.clone())
    }
}
