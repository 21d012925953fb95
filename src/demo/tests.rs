//! The demonstration, made twice.

use discussion::actions as talk;
use federation::actors;
use platform::store::Paging;
use platform::{Clock, Timestamp};

use super::COMMUNE;
use super::content::{Content, minutes_long};
use super::people::claim;
use crate::demo;
use crate::{App, Settings, Surroundings};

#[tokio::test]
async fn a_second_start_keeps_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = Settings::default();
    settings.server.data_dir = folder.path().to_path_buf();
    demo::fill(&mut settings);
    let now = Timestamp::parse_rfc3339("2026-11-23T00:10:00+01:00").unwrap();
    assert!(demo::prepare(&settings, now).await.unwrap());
    assert!(
        !demo::prepare(&settings, now.plus(minutes_long(5000)))
            .await
            .unwrap()
    );

    let surroundings = Surroundings {
        clock: Clock::fixed(now),
        ..Surroundings::default()
    };
    let app = App::build(&settings, surroundings).await.unwrap();
    assert!(app.ctx.instance.demo && demo::is_one(&app.ctx.db).await.unwrap());
    let rows = platform::store::counts(&app.ctx.db).await.unwrap();
    assert_eq!(rows["account"], 8);
    assert_eq!(rows["news_post"], 14);
    assert_eq!(rows["media"], 7, "six of the news, one of the agenda");
    assert_eq!((rows["groups_group"], rows["groups_topic"]), (2, 3));
    assert_eq!((rows["messages_thread"], rows["messages_request"]), (3, 1));
    let desk = talk::waiting(&app.ctx, Some(COMMUNE)).await.unwrap();
    assert_eq!(desk, 2, "one held comment and one flag");
    let instance = actors::by_handle(&app.ctx, "maire-eze", None)
        .await
        .unwrap()
        .unwrap();
    assert!(
        instance.is_visible() && instance.name.contains("maire"),
        "{}",
        instance.name
    );
    for dark in ["citoyenne", "citoyen"] {
        let actor = actors::by_handle(&app.ctx, dark, None).await.unwrap().unwrap();
        assert!(!actor.is_visible());
        let told = notifications::actions::of_actor(&app.ctx, actor.id, &Paging::first(20))
            .await
            .unwrap();
        assert!(told.items.len() > 5, "{dark} was told of {}", told.items.len());
    }
    app.stop().await;
}

#[tokio::test]
async fn a_town_hall_of_somebody_else_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = Settings::default();
    settings.server.data_dir = folder.path().to_path_buf();
    let app = App::build(&settings, Surroundings::default()).await.unwrap();
    claim(&app.ctx, &Content::embedded().unwrap()).await.unwrap();
    app.stop().await;
    let refused = demo::prepare(&settings, Clock::System.now()).await.unwrap_err();
    assert!(refused.to_string().contains("no demonstration"), "{refused}");
}
