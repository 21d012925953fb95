//! Who is who here: WebFinger, host-meta, NodeInfo. Who is dark is nowhere.

use serde_json::json;

use super::{World, on_each};
use crate::{ActorId, Ctx, actors, objects};

async fn finger(world: &World, resource: &str) -> super::world::Answered {
    let resource: String = url::form_urlencoded::byte_serialize(resource.as_bytes()).collect();
    world
        .get(
            &format!("/.well-known/webfinger?resource={resource}"),
            "application/jrd+json",
        )
        .await
}

#[tokio::test]
async fn webfinger_knows_an_actor_by_all_its_names() {
    on_each(|world| async move {
        let uri = &world.mayor.uri;
        for resource in [
            "acct:maire-eze@parvis.test",
            "ACCT:Maire-Eze@PARVIS.test",
            "acct:@maire-eze@parvis.test",
            "maire-eze@parvis.test",
            uri.as_str(),
            "https://parvis.test/@maire-eze",
            "https://parvis.test/@maire-eze/",
            "https://PARVIS.test:443/@Maire-Eze",
        ] {
            let answer = finger(&world, resource).await;
            assert_eq!(answer.status.as_u16(), 200, "{resource}");
            assert_eq!(answer.header("content-type"), "application/jrd+json");
            assert_eq!(answer.header("access-control-allow-origin"), "*");
            let jrd = answer.json();
            assert_eq!(jrd["subject"], "acct:maire-eze@parvis.test");
            let links = jrd["links"].as_array().unwrap();
            let own = links
                .iter()
                .find(|link| link["rel"] == "self" && link["type"] == "application/activity+json")
                .unwrap();
            assert_eq!(own["href"], *uri);
            let subscribe = links
                .iter()
                .find(|link| link["rel"] == "http://ostatus.org/schema/1.0/subscribe")
                .unwrap();
            assert_eq!(
                subscribe["template"],
                "https://parvis.test/authorize_interaction?uri={uri}"
            );
        }
        let only = world
            .get(
                "/.well-known/webfinger?rel=http%3A%2F%2Fwebfinger.net%2Frel%2Fprofile-page&resource=acct:maire-eze%40parvis.test",
                "*/*",
            )
            .await
            .json();
        assert_eq!(only["links"].as_array().unwrap().len(), 1);
        let server = finger(&world, "https://parvis.test/").await.json();
        let service = &server["links"][0];
        assert_eq!(service["rel"], "https://www.w3.org/ns/activitystreams#Service");
        assert_eq!(service["href"], "https://parvis.test/ap/instance");
        let head = http::Request::head("/.well-known/webfinger?resource=acct:maire-eze@parvis.test")
            .body(axum::body::Body::empty())
            .unwrap();
        let head = world.send(head).await;
        assert_eq!((head.status.as_u16(), head.body.as_str()), (200, ""));
    })
    .await;
}

#[tokio::test]
async fn webfinger_says_what_is_wrong() {
    on_each(|world| async move {
        for (query, wanted) in [
            ("", 400),
            ("?resource=", 400),
            ("?resource=bonjour", 400),
            ("?resource=acct:a&resource=acct:b", 400),
            ("?resource=acct:maire-eze%00@parvis.test", 400),
            ("?resource=acct:maire-eze@autre.test", 404),
            ("?resource=acct:personne@parvis.test", 404),
            ("?resource=acct:citoyenne@parvis.test", 404),
            ("?resource=https://parvis.test/@citoyenne", 404),
            ("?resource=https://parvis.test/ap/posts/1", 404),
            ("?resource=https://autre.test/", 404),
            ("?resource=http://parvis.test/@maire-eze", 404),
            ("?resource=https://x@parvis.test/@maire-eze", 400),
        ] {
            let answer = world
                .get(&format!("/.well-known/webfinger{query}"), "application/json")
                .await;
            assert_eq!(answer.status.as_u16(), wanted, "{query}");
            assert_eq!(answer.header("access-control-allow-origin"), "*", "{query}");
        }
    })
    .await;
}

#[tokio::test]
async fn who_has_left_is_gone_and_who_was_dark_never_was() {
    on_each(|world| async move {
        let mut tx = world.ctx.db.begin().await.unwrap();
        for id in [world.mayor.id, world.dark.id] {
            actors::delete_local(&world.ctx, &mut tx, id).await.unwrap();
        }
        tx.commit().await.unwrap();
        assert_eq!(
            finger(&world, "acct:maire-eze@parvis.test").await.status.as_u16(),
            410
        );
        assert_eq!(
            finger(&world, "acct:citoyenne@parvis.test").await.status.as_u16(),
            404
        );
        let path = |id: ActorId| format!("/ap/actors/{id}");
        let gone = world.document(&path(world.mayor.id)).await;
        assert_eq!(gone.status.as_u16(), 410);
        assert_eq!(gone.json()["type"], "Tombstone");
        assert_eq!(gone.json()["formerType"], "Person");
        assert_eq!(world.document(&path(world.dark.id)).await.status.as_u16(), 404);
    })
    .await;
}

#[tokio::test]
async fn host_meta_points_to_webfinger_in_both_tongues() {
    on_each(|world| async move {
        let template = "https://parvis.test/.well-known/webfinger?resource={uri}";
        let xml = world.get("/.well-known/host-meta", "*/*").await;
        assert!(xml.header("content-type").starts_with("application/xrd+xml"));
        assert!(xml.body.contains(template));
        for (path, accept) in [
            ("/.well-known/host-meta.json", "*/*"),
            ("/.well-known/host-meta", "application/json"),
        ] {
            let answer = world.get(path, accept).await;
            assert_eq!(answer.json()["links"][0]["template"], template);
        }
    })
    .await;
}

#[tokio::test]
async fn nodeinfo_counts_and_keeps_small_numbers_to_itself() {
    on_each(|world| async move {
        let links = world.get("/.well-known/nodeinfo", "*/*").await.json();
        let hrefs: Vec<&str> = links["links"]
            .as_array()
            .unwrap()
            .iter()
            .map(|link| link["href"].as_str().unwrap())
            .collect();
        assert_eq!(
            hrefs,
            [
                "https://parvis.test/nodeinfo/2.1",
                "https://parvis.test/nodeinfo/2.0",
                "https://parvis.test/ap/instance"
            ]
        );
        let mut counted = objects::Objects::default();
        counted.usage(|_| async {
            Ok(objects::Usage {
                users: 40,
                active_month: 3,
                active_halfyear: 20,
                posts: 7,
                comments: 2,
            })
        });
        let ctx = Ctx::new(
            world.ctx.platform().clone(),
            world.ctx.federation().clone(),
            counted,
        );
        let mut world = world;
        world.router = crate::http::routes(&ctx).with_state(ctx.clone());
        for version in ["2.0", "2.1"] {
            let answer = world.get(&format!("/nodeinfo/{version}"), "*/*").await;
            assert!(
                answer
                    .header("content-type")
                    .contains(&format!("schema/{version}#"))
            );
            let info = answer.json();
            assert_eq!(info["version"], version);
            assert_eq!(info["software"]["name"], "parvis");
            assert_eq!(info["software"]["homepage"].is_string(), version == "2.1");
            assert_eq!(info["protocols"], json!(["activitypub"]));
            assert_eq!(
                info["usage"]["users"],
                json!({ "total": 40, "activeHalfyear": 20 })
            );
            assert_eq!(info["usage"]["localPosts"], 7);
        }
        assert_eq!(world.get("/nodeinfo/1.0", "*/*").await.status.as_u16(), 404);
    })
    .await;
}
