//! Deliveries to fake servers on loopback, on both databases, by a clock that the test moves.

mod answers;
mod crowd;
mod failures;
mod processes;
mod relays;
mod synchronising;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use platform::store::Db;
use platform::testing::{self, TestFolder};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::{overview, run_due};
use crate::objects::Objects;
use crate::store::{actors as actor_rows, follows as follow_rows, lanes as lane_rows};
use crate::{Actor, ActorId, ActorKind, Audience, Config, Ctx, NewLocalActor, Visibility, actors, outbox};

/// A request as a server saw it.
#[derive(Debug, Clone)]
struct Seen {
    path: String,
    query: String,
    headers: HeaderMap,
    json: Value,
}

impl Seen {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Signed by RFC 9421 rather than by draft-cavage.
    fn is_rfc9421(&self) -> bool {
        self.headers.contains_key("signature-input")
    }

    /// The number in the id of what the activity is about.
    fn number(&self) -> i64 {
        self.json["object"]["id"]
            .as_str()
            .unwrap()
            .rsplit('/')
            .next()
            .unwrap()
            .parse()
            .unwrap()
    }
}

type Answering = Arc<dyn Fn(&Seen) -> Response + Send + Sync>;

struct Shared {
    seen: Mutex<Vec<Seen>>,
    answering: Mutex<Answering>,
    delay: Mutex<Duration>,
    under_way: AtomicUsize,
    most_at_once: AtomicUsize,
}

/// Another server.
struct Peer {
    origin: String,
    shared: Arc<Shared>,
    _server: JoinSet<()>,
}

impl Peer {
    async fn new() -> Self {
        Self::at("127.0.0.1:0").await
    }

    async fn at(address: &str) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address: SocketAddr = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            seen: Mutex::default(),
            answering: Mutex::new(Arc::new(|_: &Seen| StatusCode::ACCEPTED.into_response())),
            delay: Mutex::default(),
            under_way: AtomicUsize::new(0),
            most_at_once: AtomicUsize::new(0),
        });
        let router = Router::new().fallback(take).with_state(shared.clone());
        let mut server = JoinSet::new();
        server.spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            origin: format!("http://{address}"),
            shared,
            _server: server,
        }
    }

    fn answers(&self, answering: impl Fn(&Seen) -> Response + Send + Sync + 'static) {
        *self.shared.answering.lock().unwrap() = Arc::new(answering);
    }

    fn answers_with(&self, status: u16) {
        self.answers(move |_| StatusCode::from_u16(status).unwrap().into_response());
    }

    fn takes(&self, time: Duration) {
        *self.shared.delay.lock().unwrap() = time;
    }

    fn seen(&self) -> Vec<Seen> {
        self.shared.seen.lock().unwrap().clone()
    }

    fn forget(&self) {
        self.shared.seen.lock().unwrap().clear();
    }

    /// The numbers of what came to an inbox, in the order of their coming.
    fn numbers(&self, inbox: &str) -> Vec<i64> {
        self.seen()
            .iter()
            .filter(|seen| seen.path == inbox)
            .map(Seen::number)
            .collect()
    }
}

async fn take(State(shared): State<Arc<Shared>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let seen = Seen {
        path: uri.path().to_owned(),
        query: uri.query().unwrap_or_default().to_owned(),
        headers,
        json: serde_json::from_slice(&body).unwrap_or_default(),
    };
    let now = shared.under_way.fetch_add(1, Ordering::SeqCst) + 1;
    shared.most_at_once.fetch_max(now, Ordering::SeqCst);
    shared.seen.lock().unwrap().push(seen.clone());
    let (answering, delay) = (
        shared.answering.lock().unwrap().clone(),
        *shared.delay.lock().unwrap(),
    );
    tokio::time::sleep(delay).await;
    let answer = answering(&seen);
    shared.under_way.fetch_sub(1, Ordering::SeqCst);
    answer
}

/// A server of ours with a mayor.
struct House {
    ctx: Ctx,
    mayor: Actor,
}

/// A house on each database.
async fn houses(folder: &TestFolder) -> Vec<House> {
    let mut houses = Vec::new();
    for db in testing::databases(folder).await.unwrap() {
        houses.push(house(db, folder, Config::default()).await);
    }
    houses
}

async fn house(db: Db, folder: &TestFolder, config: Config) -> House {
    let config = Config {
        allow_loopback: true,
        ..config
    };
    let ctx = Ctx::new(testing::ctx(db, folder).unwrap(), config, Objects::default());
    actors::ensure_instance(&ctx).await.unwrap();
    let keys = actors::new_keys().await.unwrap();
    let mut tx = ctx.db.begin().await.unwrap();
    let new = NewLocalActor {
        kind: ActorKind::Person,
        handle: "maire-eze".to_owned(),
        name: "Mairie d’Èze".to_owned(),
        summary: String::new(),
        page: None,
        federated: true,
        discoverable: true,
    };
    let mayor = actors::create_local(&ctx, &mut tx, new, Some(&keys))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    House { ctx, mayor }
}

impl House {
    /// Somebody of another server follows the mayor.
    async fn follower(&self, peer: &Peer, name: &str, shared: bool) -> Actor {
        let uri = format!("{}/users/{name}", peer.origin);
        let now = self.ctx.clock.now();
        let actor = Actor {
            id: ActorId::new(&self.ctx),
            local: false,
            kind: ActorKind::Person,
            handle: name.to_owned(),
            host: peer.origin.trim_start_matches("http://").to_owned(),
            name: String::new(),
            summary: String::new(),
            url: None,
            inbox: format!("{uri}/inbox"),
            shared_inbox: shared.then(|| format!("{}/inbox", peer.origin)),
            outbox: None,
            followers: None,
            following: None,
            featured: None,
            icon_url: None,
            image_url: None,
            fields_json: "[]".to_owned(),
            aliases_json: "[]".to_owned(),
            moved_to: None,
            federated: true,
            discoverable: false,
            locked: false,
            suspended: false,
            created_at: now,
            updated_at: now,
            fetched_at: Some(now),
            deleted_at: None,
            veiled: false,
            uri,
        };
        let mut tx = self.ctx.db.begin().await.unwrap();
        actor_rows::upsert(&mut tx, &actor).await.unwrap();
        let follow = crate::follows::Follow {
            follower_id: actor.id,
            followee_id: self.mayor.id,
            uri: format!("{}/follow", actor.uri),
            accepted: true,
        };
        follow_rows::upsert(&mut tx, self.ctx.new_id(), &follow, now)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        actor
    }

    /// The mayor publishes number `number`.
    async fn says(&self, number: i64) {
        self.says_to(number, &Audience::of(&self.mayor, Visibility::Public, &[]))
            .await;
    }

    async fn says_to(&self, number: i64, audience: &Audience) {
        let note = json!({ "id": self.ctx.urls.to(&format!("/ap/posts/{number}")), "type": "Note" });
        let activity = json!({ "type": "Create", "object": note });
        let mut tx = self.ctx.db.begin().await.unwrap();
        outbox::say(&self.ctx, &mut tx, &self.mayor, activity, audience)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    async fn deliver(&self) -> usize {
        run_due(&self.ctx).await.unwrap()
    }

    /// Time passes, and everything that becomes due in it is tried at its time.
    async fn live(&self, time: Duration) {
        let end = self.ctx.clock.now().plus(time);
        loop {
            let next = lane_rows::next_due(&self.ctx.db).await.unwrap();
            let next = next.filter(|next| *next < end).unwrap_or(end);
            self.ctx.clock.advance(next.since(self.ctx.clock.now()));
            self.deliver().await;
            if next == end {
                return;
            }
        }
    }

    /// Deliveries that wait, and that are parked.
    async fn queue(&self) -> (i64, i64) {
        let overview = overview(&self.ctx, 100).await.unwrap();
        (overview.waiting, overview.parked)
    }

    async fn is_followed_by(&self, actor: &Actor) -> bool {
        crate::follows::between(&self.ctx, actor.id, self.mayor.id)
            .await
            .unwrap()
            .is_some()
    }
}

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(86_400);
