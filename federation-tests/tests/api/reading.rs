//! Reading: lists, search, notifications.

use std::time::Duration;

use federation::Verdict;
use serde_json::{Value, json};
use testkit::Town;

use super::{Program, federated, good, id, ids, link, people_of};
use crate::discussion::{guest, takes};

#[tokio::test]
async fn following_fills_the_home_timeline() {
    for town in Town::everywhere().await {
        let (office, citizen) = people_of(&town).await;
        let paul = federated(&town, "paul").await;
        let mayor = citizen.read("/api/v1/accounts/lookup?acct=maire-eze").await;
        let before = office.publish("Avant").await;
        assert_eq!(citizen.read("/api/v1/timelines/home").await, json!([]));
        let path = format!("/api/v1/accounts/{}", id(&mayor));
        let follow = citizen.does(&format!("{path}/follow")).await;
        assert_eq!(follow["following"], true);
        assert_eq!(follow["requested"], false);
        let between = citizen
            .read(&format!("/api/v1/accounts/relationships?id[]={}", id(&mayor)))
            .await;
        assert_eq!(between[0]["following"], true);
        let after = office.publish("Après").await;
        let home = citizen.read("/api/v1/timelines/home").await;
        assert_eq!(ids(&home), [id(&after), id(&before)]);
        let told = citizen.read("/api/v1/notifications").await;
        assert_eq!(told[0]["type"], "status");
        assert_eq!(told[0]["status"]["id"], after["id"]);

        let herself = citizen.read("/api/v1/accounts/verify_credentials").await;
        let answer = citizen
            .post(&format!("/api/v1/accounts/{}/follow", id(&herself)), &json!({}))
            .await;
        assert!(answer.status == 404 || answer.status == 422);

        let paul_account = paul.read("/api/v1/accounts/verify_credentials").await;
        office
            .does(&format!("/api/v1/accounts/{}/follow", id(&paul_account)))
            .await;
        let answer = json!({ "status": "Bravo", "in_reply_to_id": after["id"] });
        let comment = good(&paul.post("/api/v1/statuses", &answer).await);
        paul.does(&format!("/api/v1/statuses/{}/reblog", id(&comment)))
            .await;
        let home = office.read("/api/v1/timelines/home").await;
        assert_eq!(home[0]["reblog"]["id"], comment["id"]);
        assert_eq!(
            citizen.does(&format!("{path}/unfollow")).await["following"],
            false
        );
        assert_eq!(citizen.read("/api/v1/timelines/home").await, json!([]));
    }
}

#[tokio::test]
async fn lists_are_paged_by_links_in_both_directions() {
    for town in Town::everywhere().await {
        let (office, _) = people_of(&town).await;
        let mut made = Vec::new();
        for number in 0..5 {
            town.ctx().clock.advance(Duration::from_secs(1));
            made.push(id(&office.publish(&format!("Numéro {number} #Èze")).await));
        }
        made.reverse();
        let mayor = office.read("/api/v1/accounts/verify_credentials").await;
        for path in [
            "/api/v1/timelines/public?local=true&limit=2".to_owned(),
            "/api/v1/timelines/tag/eze?limit=2".to_owned(),
            "/api/v1/timelines/tag/%C3%88ZE?limit=2".to_owned(),
            "/api/v1/timelines/home?limit=2".to_owned(),
            format!("/api/v1/accounts/{}/statuses?limit=2", id(&mayor)),
        ] {
            let first = office.get(&path).await;
            assert_eq!(ids(&good(&first)), made[..2], "{path}");
            let second = office.get(&link(&first, "next").unwrap()).await;
            assert_eq!(ids(&good(&second)), made[2..4], "{path}");
            let third = office.get(&link(&second, "next").unwrap()).await;
            assert_eq!(ids(&good(&third)), made[4..], "{path}");
            assert_eq!(link(&third, "next"), None);
            let back = office.get(&link(&third, "prev").unwrap()).await;
            assert_eq!(ids(&good(&back)), made[2..4], "{path}");
            let newest = office.get(&format!("{path}&since_id={}", made[3])).await;
            assert_eq!(ids(&good(&newest)), made[..2], "{path}");
        }
        let all = office.get("/api/v1/timelines/public?limit=9999").await;
        assert_eq!(ids(&good(&all)), made);
        let other = office.read("/api/v1/timelines/public?remote=true").await;
        assert_eq!(other, json!([]));
        let photos = office.read("/api/v1/timelines/public?only_media=true").await;
        assert_eq!(photos, json!([]));
    }
}

#[tokio::test]
async fn what_only_some_may_read_is_not_there_for_others() {
    for town in Town::everywhere().await {
        let (office, citizen) = people_of(&town).await;
        let _stranger = town.neighbour("marc", "06088").await;
        let neighbour = Program::of(&town, "marc", false).await;
        let nobody = Program::of_nobody(&town);
        let new = json!({ "status": "Entre nous", "visibility": "private" });
        let private = good(&office.post("/api/v1/statuses", &new).await);
        let new = json!({ "status": "Pour les habitants", "visibility": "residents" });
        let residents = good(&office.post("/api/v1/statuses", &new).await);
        assert_eq!(private["visibility"], "private");
        let path = |status: &Value| format!("/api/v1/statuses/{}", id(status));
        for (reader, may) in [
            (&citizen, [404, 200]),
            (&neighbour, [404, 404]),
            (&nobody, [404, 404]),
        ] {
            assert_eq!(reader.get(&path(&private)).await.status, may[0]);
            assert_eq!(reader.get(&path(&residents)).await.status, may[1]);
            let like = reader
                .post(&format!("{}/favourite", path(&private)), &json!({}))
                .await;
            assert!(matches!(like.status, 401 | 404));
        }
        let mayor = office.read("/api/v1/accounts/verify_credentials").await;
        neighbour
            .does(&format!("/api/v1/accounts/{}/follow", id(&mayor)))
            .await;
        assert_eq!(neighbour.get(&path(&private)).await.status, 200);
        let list = format!("/api/v1/accounts/{}/statuses", id(&mayor));
        assert_eq!(ids(&neighbour.read(&list).await), [id(&private)]);
        assert_eq!(ids(&citizen.read(&list).await), [id(&residents)]);
        assert_eq!(nobody.read(&list).await, json!([]));
        let answer = office
            .post(&format!("{}/reblog", path(&private)), &json!({}))
            .await;
        assert_eq!(answer.status, 422);
    }
}

#[tokio::test]
async fn search_finds_town_halls_hashtags_and_addresses() {
    for town in Town::everywhere().await {
        let (office, citizen) = people_of(&town).await;
        let post = office.publish("Le #sentier rouvre").await;
        for asked in ["maire-eze", "@maire-eze@parvis.test", "èze", "Maire"] {
            let query: String = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("q", asked)
                .finish();
            let found = citizen.read(&format!("/api/v2/search?{query}")).await;
            let names: Vec<&str> = found["accounts"]
                .as_array()
                .unwrap()
                .iter()
                .map(|account| account["acct"].as_str().unwrap())
                .collect();
            assert!(names.contains(&"maire-eze"), "{asked}: {names:?}");
        }
        let found = citizen.read("/api/v2/search?q=sent").await;
        assert_eq!(found["hashtags"][0]["name"], "sentier");
        for address in [post["uri"].as_str().unwrap(), post["url"].as_str().unwrap()] {
            let query: String = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("q", address)
                .append_pair("resolve", "true")
                .finish();
            let found = citizen.read(&format!("/api/v2/search?{query}")).await;
            assert_eq!(ids(&found["statuses"]), [id(&post)]);
        }
        let nobody = Program::of_nobody(&town);
        let answer = nobody.get("/api/v2/search?q=x&resolve=true").await;
        assert_eq!(answer.status, 401);
        assert_eq!(citizen.read("/api/v2/search?q=").await["accounts"], json!([]));
    }
}

#[tokio::test]
async fn notifications_are_read_dismissed_and_marked() {
    for town in Town::everywhere().await {
        let (office, citizen) = people_of(&town).await;
        let post = office.publish("Nouvelle").await;
        citizen
            .does(&format!("/api/v1/statuses/{}/favourite", id(&post)))
            .await;
        let all = office.read("/api/v1/notifications").await;
        let notice = id(&all[0]);
        assert_eq!(
            office.read("/api/v1/notifications/unread_count").await["count"],
            1
        );
        assert_eq!(
            office
                .read("/api/v1/notifications?exclude_types[]=favourite")
                .await,
            json!([])
        );
        let one = office.read(&format!("/api/v1/notifications/{notice}")).await;
        assert_eq!(one["status"]["id"], post["id"]);
        let groups = office.read("/api/v2/notifications").await;
        assert_eq!(groups["notification_groups"][0]["status_id"], post["id"]);
        assert_eq!(groups["accounts"][0]["acct"], "jeanne");
        let mark = json!({ "notifications": { "last_read_id": notice } });
        let marked = good(&office.post("/api/v1/markers", &mark).await);
        assert_eq!(marked["notifications"]["last_read_id"], notice);
        let marks = office.read("/api/v1/markers?timeline[]=notifications").await;
        assert_eq!(marks["notifications"]["version"], 1);
        assert_eq!(
            office.read("/api/v1/notifications/unread_count").await["count"],
            0
        );
        let path = format!("/api/v1/notifications/{notice}");
        assert_eq!(citizen.get(&path).await.status, 404);
        office.does(&format!("{path}/dismiss")).await;
        assert_eq!(office.get(&path).await.status, 404);
        office.does("/api/v1/notifications/clear").await;
        assert_eq!(office.read("/api/v1/notifications").await, json!([]));
    }
}

#[tokio::test]
async fn lists_of_what_is_not_here_are_empty() {
    for town in Town::everywhere().await {
        let (_, citizen) = people_of(&town).await;
        let nobody = Program::of_nobody(&town);
        for path in [
            "custom_emojis",
            "announcements",
            "trends/tags",
            "trends/statuses",
            "trends/links",
            "filters",
            "lists",
            "bookmarks",
            "followed_tags",
            "conversations",
            "domain_blocks",
            "blocks",
            "mutes",
            "follow_requests",
            "endorsements",
            "featured_tags",
            "suggestions",
            "directory",
            "scheduled_statuses",
            "notifications/requests",
            "instance/rules",
            "instance/peers",
        ] {
            assert_eq!(
                citizen.read(&format!("/api/v1/{path}")).await,
                json!([]),
                "{path}"
            );
        }
        assert_eq!(citizen.read("/api/v2/filters").await, json!([]));
        let one = citizen.get("/api/v1/instance/translation_languages").await;
        assert_eq!(good(&one), json!({}));
        let new = json!({ "username": "x", "email": "x@example.org", "password": "x", "agreement": true });
        let answer = nobody.post("/api/v1/accounts", &new).await;
        assert_eq!(answer.status, 422);
        assert!(answer.json()["error"].as_str().unwrap().contains("inscrire"));
        assert_eq!(nobody.get("/api/v1/bookmarks").await.status, 401);
        let preferences = citizen.read("/api/v1/preferences").await;
        assert_eq!(preferences["posting:default:visibility"], "public");
        let me = citizen.read("/api/v1/accounts/verify_credentials").await;
        let answer = citizen
            .post(&format!("/api/v1/accounts/{}/block", id(&me)), &json!({}))
            .await;
        assert_eq!(answer.status, 422, "said, and not pretended");
    }
}

#[tokio::test]
async fn names_and_hashtags_of_other_servers_are_told() {
    for town in Town::everywhere().await {
        let (office, jeanne) = people_of(&town).await;
        let mayor = office.read("/api/v1/accounts/verify_credentials").await;
        let post = office.publish("Le sentier rouvre").await;
        let guest = guest(&town, "ami").await;
        let office_uri = mayor["uri"].as_str().unwrap().to_owned();
        let note = json!({
            "id": "https://social.example/notes/1", "type": "Note", "attributedTo": guest.uri,
            "to": ["https://www.w3.org/ns/activitystreams#Public"], "cc": [office_uri],
            "inReplyTo": post["uri"], "content": "<p>@maire-eze bravo #Sentier</p>",
            "published": "2026-11-22T08:00:00Z",
            "tag": [
                { "type": "Mention", "href": office_uri, "name": "@maire-eze@parvis.test" },
                { "type": "Mention", "href": "https://nowhere.example/u/1", "name": "@x@nowhere.example" },
                { "type": "Hashtag", "href": "https://social.example/tags/sentier", "name": "#Sentier" },
            ],
        });
        let create = json!({ "id": "https://social.example/c/1", "type": "Create", "actor": guest.uri, "object": note });
        assert_eq!(takes(&town, &guest, create).await, Verdict::Done);
        let context = jeanne
            .read(&format!("/api/v1/statuses/{}/context", id(&post)))
            .await;
        let answer = &context["descendants"][0];
        assert_eq!(answer["mentions"].as_array().unwrap().len(), 1, "{answer}");
        assert_eq!(answer["mentions"][0]["acct"], "maire-eze");
        assert_eq!(answer["tags"][0]["name"], "Sentier");

        // Nothing is newer than the end of time, and everything is older.
        let huge = "99999999999999999999999999";
        let newer = jeanne
            .read(&format!("/api/v1/timelines/public?min_id={huge}"))
            .await;
        assert_eq!(newer, json!([]));
        let older = jeanne
            .read(&format!("/api/v1/timelines/public?max_id={huge}"))
            .await;
        assert_eq!(older.as_array().unwrap().len(), 1);
    }
}
