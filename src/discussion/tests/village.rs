//! A commune with its mayor, citizens and people of other servers, and one post under discussion.

use std::sync::{Arc, Mutex};

use federation::actors::{self, NewKeys, new_keys};
use federation::objects::Objects;
use federation::{Actor, ActorId, ActorKind, Ctx, NewLocalActor, Visibility};
use platform::testing::{TestFolder, ctx as platform_ctx, databases};
use platform::{StoreError, Tx, on_db, on_tx};
use serde_json::Value;

use crate::actions::{self, Entry};
use crate::model::{CommentMode, Moderates, NewComment, Participant, Subject, Target};
use crate::{Answer, Comment, Owner, Subjects};

pub(super) const EZE: &str = "06059";
pub(super) const POSTS: &str = "posts";

#[derive(Clone, Default)]
pub(super) struct Posts(Arc<Mutex<Vec<Subject>>>);

impl Owner for Posts {
    fn kind(&self) -> &'static str {
        POSTS
    }
    fn by_ids<'a>(&'a self, _: &'a Ctx, ids: &'a [i64]) -> Answer<'a, Vec<Subject>> {
        let all = self.0.lock().unwrap();
        let found = all.iter().filter(|s| ids.contains(&s.target.id)).cloned();
        let found: Vec<Subject> = found.collect();
        Box::pin(async move { Ok(found) })
    }
    fn by_uri<'a>(&'a self, _: &'a Ctx, uri: &'a str) -> Answer<'a, Option<Subject>> {
        let found = self.0.lock().unwrap().iter().find(|s| s.uri == uri).cloned();
        Box::pin(async move { Ok(found) })
    }
    fn set_hidden<'a>(&'a self, _: &'a Ctx, _: &'a mut Tx, _: i64, _: bool) -> Answer<'a, bool> {
        Box::pin(async { Ok(false) })
    }
}

pub(super) struct Village {
    pub(super) ctx: Ctx,
    pub(super) subjects: Subjects,
    pub(super) posts: Posts,
    pub(super) mayor: Participant,
    pub(super) dark: Participant,
    pub(super) open: Participant,
    pub(super) moderator: Participant,
    pub(super) post: Subject,
}

/// One town for each database; the folder goes last.
pub(super) async fn villages() -> (Vec<Village>, TestFolder) {
    let folder = TestFolder::new();
    let keys = new_keys().await.unwrap();
    let mut all = Vec::new();
    for db in databases(&folder).await.unwrap() {
        let ctx = Ctx::new(
            platform_ctx(db, &folder).unwrap(),
            federation::Config::default(),
            Objects::default(),
        );
        all.push(Village::new(ctx, &keys).await);
    }
    (all, folder)
}

impl Village {
    async fn new(ctx: Ctx, keys: &NewKeys) -> Self {
        actors::ensure_instance(&ctx).await.unwrap();
        let mayor = local(&ctx, "maire-eze", true, keys).await;
        let dark = local(&ctx, "citoyenne", false, keys).await;
        let open = local(&ctx, "citoyen", true, keys).await;
        let moderator = local(&ctx, "moderation", false, keys).await;
        let posts = Posts::default();
        let post = subject(&ctx, 1, &mayor);
        posts.0.lock().unwrap().push(post.clone());
        Self {
            subjects: Subjects::new(vec![Box::new(posts.clone())]),
            posts,
            mayor: Participant::of_commune(mayor, EZE).moderating(Moderates::In(vec![EZE.to_owned()])),
            dark: Participant::of_commune(dark, EZE),
            open: Participant::of_commune(open, EZE),
            moderator: Participant::of_commune(moderator, EZE)
                .moderating(Moderates::In(vec![EZE.to_owned()])),
            post,
            ctx,
        }
    }

    /// Changes the post.
    pub(super) fn change(&mut self, change: impl FnOnce(&mut Subject)) {
        change(&mut self.post);
        self.posts.0.lock().unwrap()[0] = self.post.clone();
    }

    /// Another server's post, carried here.
    pub(super) fn carried(&self, author: &Actor) -> Subject {
        let post = Subject {
            target: Target { kind: POSTS, id: 2 },
            uri: "https://social.example/posts/2".to_owned(),
            author_id: author.id,
            local: false,
            ..self.post.clone()
        };
        self.posts.0.lock().unwrap().push(post.clone());
        post
    }

    pub(super) async fn guest(&self, name: &str, host: &str) -> Participant {
        Participant::guest(remote(&self.ctx, name, host).await)
    }

    pub(super) async fn says(&self, who: &Participant, text: &str) -> Comment {
        actions::comment(&self.ctx, who, &self.post, NewComment::new(text))
            .await
            .unwrap()
    }

    pub(super) async fn answers(&self, who: &Participant, to: &Comment, text: &str) -> Comment {
        let new = NewComment::new(text).answering(to.id);
        actions::comment(&self.ctx, who, &self.post, new).await.unwrap()
    }

    pub(super) async fn thing(&self, comment: &Comment) -> crate::Thing {
        self.subjects
            .thing(&self.ctx, crate::model::COMMENTS, comment.id.0)
            .await
            .unwrap()
            .unwrap()
    }

    /// What a reader sees, branch by branch: texts, `…` for what is not shown.
    pub(super) async fn sees(&self, who: Option<&Participant>) -> Vec<Vec<String>> {
        let thread = actions::thread(&self.ctx, who, &self.post, None).await.unwrap();
        let text = |entry: &Entry| {
            if entry.standing.has_words() {
                entry
                    .comment
                    .html
                    .replace("<p>", "")
                    .replace("</p>", "")
                    .trim()
                    .to_owned()
            } else {
                assert_eq!(entry.comment.html, "");
                assert_eq!(entry.author, None);
                "…".to_owned()
            }
        };
        thread
            .branches
            .iter()
            .map(|branch| {
                std::iter::once(text(&branch.root))
                    .chain(branch.answers.iter().map(text))
                    .collect()
            })
            .collect()
    }

    /// What was said to other servers so far: kind and body, the oldest first.
    pub(super) async fn said(&self) -> Vec<(String, Value)> {
        let rows: Vec<(String, String)> = on_db!(&self.ctx.db, c =>
            sqlx::query_as("SELECT kind, body FROM federation_activity ORDER BY id").fetch_all(c).await)
        .unwrap();
        rows.into_iter()
            .map(|(kind, body)| (kind, serde_json::from_str(&body).unwrap()))
            .collect()
    }

    pub(super) async fn said_kinds(&self) -> Vec<String> {
        self.said().await.into_iter().map(|(kind, _)| kind).collect()
    }

    /// Where the activities go, each inbox once.
    pub(super) async fn inboxes(&self) -> Vec<String> {
        on_db!(&self.ctx.db, c =>
            sqlx::query_scalar("SELECT DISTINCT inbox FROM federation_delivery ORDER BY inbox").fetch_all(c).await)
        .unwrap()
    }

    /// The kinds of what an actor was told, the oldest first.
    pub(super) async fn told(&self, who: &Participant) -> Vec<String> {
        on_db!(&self.ctx.db, c =>
            sqlx::query_scalar("SELECT kind FROM notification WHERE actor_id = $1 ORDER BY id")
            .bind(who.actor.id).fetch_all(c).await)
        .unwrap()
    }

    pub(super) async fn follow(&self, who: &Participant, whom: &Participant) {
        let mut tx = self.ctx.db.begin().await.unwrap();
        on_tx!(&mut tx, c => sqlx::query(
            "INSERT INTO federation_follow (id, follower_id, followee_id, uri, canonical, accepted, created_at)
             VALUES ($1, $2, $3, $4, $4, TRUE, 1)")
            .bind(self.ctx.new_id()).bind(who.actor.id).bind(whom.actor.id).bind("https://f.example/1")
            .execute(c).await.map(|_| ()))
        .unwrap();
        tx.commit().await.unwrap();
    }
}

fn subject(ctx: &Ctx, id: i64, author: &Actor) -> Subject {
    Subject {
        target: Target { kind: POSTS, id },
        uri: ctx.urls.to(&format!("/ap/posts/{id}")),
        author_id: author.id,
        local: true,
        commune: Some(EZE.to_owned()),
        right: account::Right::News,
        page: format!("/eze-06/actualites/{id}"),
        excerpt: "Le sentier rouvre".to_owned(),
        mode: CommentMode::Open,
        visibility: Visibility::Public,
        open: true,
        circle: None,
    }
}

async fn local(ctx: &Ctx, handle: &str, federated: bool, keys: &NewKeys) -> Actor {
    let mut tx = ctx.db.begin().await.unwrap();
    let new = NewLocalActor {
        kind: ActorKind::Person,
        handle: handle.to_owned(),
        name: handle.to_owned(),
        summary: String::new(),
        page: None,
        federated,
        discoverable: federated,
    };
    let actor = actors::create_local(ctx, &mut tx, new, Some(keys)).await.unwrap();
    tx.commit().await.unwrap();
    actor
}

/// Somebody of another server, as if read from there.
pub(super) async fn remote(ctx: &Ctx, name: &str, host: &str) -> Actor {
    let id = ActorId::new(ctx);
    let uri = format!("https://{host}/users/{name}");
    let mut tx = ctx.db.begin().await.unwrap();
    on_tx!(&mut tx, c => sqlx::query(
        "INSERT INTO federation_actor (id, uri, local, kind, handle, host, name, inbox, shared_inbox, followers,
             inbox_lane, shared_lane, federated, created_at, updated_at)
         VALUES ($1, $2, FALSE, 'Person', $3, $4, $3, $5, $6, $7, $8, $8, TRUE, 1, 1)")
        .bind(id).bind(&uri).bind(name).bind(host).bind(format!("{uri}/inbox"))
        .bind(format!("https://{host}/inbox")).bind(format!("{uri}/followers"))
        .bind(format!("https://{host}"))
        .execute(c).await.map(|_| ()))
    .unwrap();
    tx.commit().await.unwrap();
    let found: Result<Option<Actor>, StoreError> = actors::by_id(ctx, id).await;
    found.unwrap().unwrap()
}
