//! Our own server in a test, on each database, and a sender of signed requests.

use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode};
use platform::testing::{TestFolder, ctx, databases};
use platform::{Db, on_db};
use serde_json::Value;
use tower::ServiceExt as _;
use url::Url;

use super::peer::Person;
use crate::objects::{Found, Objects, Part};
use crate::signatures::{BodyDigest, Outgoing, Scheme, Signer, sign_request};
use crate::store::actors as store;
use crate::{
    Actor, ActorKind, Config, Ctx, Envelope, Inbox, NewLocalActor, Verdict, actors, claims, receive,
};

/// What reached the room of a test.
pub(super) type Given = Arc<Mutex<Vec<Envelope>>>;

/// Our server.
pub(super) struct World {
    pub(super) ctx: Ctx,
    pub(super) inbox: Arc<Inbox>,
    pub(super) router: axum::Router,
    /// The mayor's office, federated.
    pub(super) mayor: Actor,
    /// A citizen who is dark.
    pub(super) dark: Actor,
    /// What the rooms were given.
    pub(super) given: Given,
    _folder: TestFolder,
}

/// Tells a story once on each database.
pub(super) async fn on_each<F, S>(story: F)
where
    F: Fn(World) -> S,
    S: Future<Output = ()>,
{
    on_each_with(Config::default(), story).await;
}

pub(super) async fn on_each_with<F, S>(config: Config, story: F)
where
    F: Fn(World) -> S,
    S: Future<Output = ()>,
{
    let folder = TestFolder::new();
    for db in databases(&folder).await.unwrap() {
        story(World::new(db, TestFolder::new(), config.clone()).await).await;
    }
}

impl World {
    async fn new(db: Db, folder: TestFolder, config: Config) -> Self {
        let platform = ctx(db, &folder).unwrap();
        let config = Config {
            allow_loopback: true,
            ..config
        };
        let ctx = Ctx::new(platform, config, objects());
        actors::ensure_instance(&ctx).await.unwrap();
        let keys = actors::new_keys().await.unwrap();
        let mut tx = ctx.db.begin().await.unwrap();
        let mayor = actors::create_local(&ctx, &mut tx, office("maire-eze", true), Some(&keys))
            .await
            .unwrap();
        let dark = actors::create_local(&ctx, &mut tx, office("citoyenne", false), None)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let given = Given::default();
        let mut inbox = Inbox::default();
        claims(&mut inbox);
        for kind in ["Create", "Update", "Delete", "Undo", "Like", "Announce"] {
            let given = given.clone();
            inbox.on(kind, "*").then("test", move |_, envelope: Envelope| {
                let given = given.clone();
                async move {
                    given.lock().unwrap().push(envelope);
                    Verdict::Done
                }
            });
        }
        let router = crate::http::routes(&ctx).with_state(ctx.clone());
        Self {
            router: platform::web::layers(ctx.platform(), router),
            inbox: Arc::new(inbox),
            mayor,
            dark,
            given,
            ctx,
            _folder: folder,
        }
    }

    pub(super) async fn send(&self, request: Request<Body>) -> Answered {
        Answered::of(self.router.clone().oneshot(request).await.unwrap()).await
    }

    /// A GET by nobody in particular.
    pub(super) async fn get(&self, path: &str, accept: &str) -> Answered {
        let request = Request::get(path)
            .header("host", "parvis.test")
            .header("accept", accept)
            .body(Body::empty())
            .unwrap();
        self.send(request).await
    }

    pub(super) async fn document(&self, path: &str) -> Answered {
        self.get(path, "application/activity+json").await
    }

    /// A GET signed by somebody.
    pub(super) async fn get_signed(&self, path: &str, by: &Person) -> Answered {
        let url = Url::parse(&format!("https://parvis.test{path}")).unwrap();
        let outgoing = Outgoing {
            method: &Method::GET,
            url: &url,
            body: None,
        };
        let headers = sign_request(Scheme::Cavage, &outgoing, &signer(by), self.ctx.clock.now()).unwrap();
        let mut request = Request::get(path)
            .header("host", "parvis.test")
            .header("accept", "application/activity+json")
            .body(Body::empty())
            .unwrap();
        request.headers_mut().extend(headers);
        self.send(request).await
    }

    /// Delivers an activity and says the status.
    pub(super) async fn deliver(&self, by: &Person, activity: &Value) -> StatusCode {
        self.send(self.post(by, activity).request()).await.status
    }

    /// A delivery to be altered.
    pub(super) fn post<'a>(&self, by: &'a Person, activity: &Value) -> Delivery<'a> {
        Delivery {
            by,
            scheme: Scheme::Cavage,
            path: "/inbox".to_owned(),
            body: activity.to_string().into_bytes(),
            media_type: "application/activity+json".to_owned(),
            at: self.ctx.clock.now(),
            changed: Vec::new(),
            sent: None,
        }
    }

    /// Delivers, and takes in what is due.
    pub(super) async fn takes(&self, by: &Person, activity: &Value) {
        assert_eq!(
            self.deliver(by, activity).await,
            StatusCode::ACCEPTED,
            "{activity}"
        );
        self.work().await;
    }

    pub(super) async fn work(&self) {
        receive::run_due(&self.ctx, &self.inbox).await.unwrap();
    }

    /// The kinds of what reached the rooms.
    pub(super) fn given(&self) -> Vec<String> {
        let given = self.given.lock().unwrap();
        given.iter().map(|envelope| envelope.kind.clone()).collect()
    }

    pub(super) async fn actor(&self, uri: &str) -> Option<Actor> {
        store::by_uri(&self.ctx.db, uri).await.unwrap()
    }

    /// Rows of a table, or of a part of it.
    pub(super) async fn count(&self, table: &'static str) -> i64 {
        let sql = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
        on_db!(&self.ctx.db, c => sqlx::query_scalar(sql).fetch_one(c).await).unwrap()
    }

    /// Kind, state and verdict of what was received, in order.
    pub(super) async fn received(&self) -> Vec<(String, String, Option<String>)> {
        on_db!(&self.ctx.db, c => sqlx::query_as(
            "SELECT kind, state, verdict FROM federation_received ORDER BY id").fetch_all(c).await)
        .unwrap()
    }

    /// Everything our actors said, with the inboxes it goes to.
    pub(super) async fn said(&self) -> Vec<Value> {
        let rows: Vec<String> = on_db!(&self.ctx.db, c => sqlx::query_scalar(
            "SELECT body FROM federation_activity ORDER BY id").fetch_all(c).await)
        .unwrap();
        rows.iter()
            .map(|body| serde_json::from_str(body).unwrap())
            .collect()
    }

    pub(super) async fn followers(&self) -> i64 {
        crate::follows::count_followers(&self.ctx, self.mayor.id)
            .await
            .unwrap()
    }

    pub(super) fn later(&self, seconds: u64) {
        self.ctx.clock.advance(Duration::from_secs(seconds));
    }
}

fn signer(by: &Person) -> Signer<'_> {
    Signer {
        key_id: &by.key_id,
        key: &by.key,
    }
}

pub(super) fn office(handle: &str, federated: bool) -> NewLocalActor {
    NewLocalActor {
        kind: ActorKind::Person,
        handle: handle.to_owned(),
        name: format!("Mairie {handle}"),
        summary: "<p>Bonjour</p>".to_owned(),
        page: None,
        federated,
        discoverable: federated,
    }
}

/// A room with a public post 1, a restricted post 2 for `paul`, a deleted post 3.
fn objects() -> Objects {
    let mut objects = Objects::default();
    objects.own("posts", |ctx: Ctx, id: i64, reader: Option<Actor>| async move {
        let document = |id: i64| {
            serde_json::json!({
                "id": ctx.urls.to(&format!("/ap/posts/{id}")), "type": "Note", "content": format!("<p>{id}</p>"),
            })
        };
        let page = format!("/eze-06/actualites/{id}");
        Ok(match (id, reader) {
            (1, _) => Found::Public {
                document: document(1),
                page,
            },
            (2, Some(reader)) if reader.handle == "paul" => Found::Restricted {
                document: document(2),
                page,
            },
            (3, _) => Found::Gone,
            _ => Found::Missing,
        })
    });
    objects.collection(
        "posts",
        "replies",
        |_, id: i64, after: Option<i64>, limit: i64| async move {
            let from = after.unwrap_or(0) + 1;
            let until = (from + limit).min(101);
            Ok(Part {
                total: 100,
                items: (from..until)
                    .map(|n| (n, serde_json::json!(format!("https://peer.test/{id}/{n}"))))
                    .collect(),
                has_more: until < 101,
            })
        },
    );
    objects
}

/// A signed POST, to be altered before or after it is signed.
pub(super) struct Delivery<'a> {
    by: &'a Person,
    pub(super) scheme: Scheme,
    pub(super) path: String,
    pub(super) body: Vec<u8>,
    pub(super) media_type: String,
    pub(super) at: platform::Timestamp,
    /// Headers changed after signing; `None` removes.
    pub(super) changed: Vec<(&'static str, Option<String>)>,
    /// Another body than the one signed.
    pub(super) sent: Option<Vec<u8>>,
}

impl Delivery<'_> {
    pub(super) fn request(&self) -> Request<Body> {
        let url = Url::parse(&format!("https://parvis.test{}", self.path)).unwrap();
        let digest = BodyDigest::of(&self.body);
        let outgoing = Outgoing {
            method: &Method::POST,
            url: &url,
            body: Some((&digest, &self.media_type)),
        };
        let headers = sign_request(self.scheme, &outgoing, &signer(self.by), self.at).unwrap();
        let body = self.sent.clone().unwrap_or_else(|| self.body.clone());
        let mut request = Request::post(self.path.as_str())
            .header("host", "parvis.test")
            .body(Body::from(body))
            .unwrap();
        request.headers_mut().extend(headers);
        for (name, value) in &self.changed {
            let name = HeaderName::from_static(name);
            match value {
                Some(value) => {
                    request
                        .headers_mut()
                        .insert(name, HeaderValue::from_str(value).unwrap());
                }
                None => {
                    request.headers_mut().remove(name);
                }
            }
        }
        request
    }
}

/// An answer of ours.
#[derive(Debug)]
pub(super) struct Answered {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Answered {
    async fn of(response: Response) -> Self {
        let (head, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Self {
            status: head.status,
            headers: head.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}
