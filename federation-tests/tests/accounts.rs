//! Accounts and the rooms around them, on SQLite and on PostgreSQL.

use std::time::Duration;

use account::actions::people;
use federation::follows;
use http::Method;
use testkit::{PASSWORD, Town, Visitor};

/// A program with a token of an account.
async fn program(town: &Town, handle: &str) -> (Visitor, String) {
    let account = people::by_handle(town.ctx(), handle).await.unwrap().unwrap();
    let token = client_api::for_command_line(town.ctx(), account.id, None)
        .await
        .unwrap();
    (town.stranger(), format!("Bearer {token}"))
}

async fn call(program: &mut (Visitor, String), method: Method, path: &str) -> u16 {
    let (visitor, token) = program;
    let headers = [("accept", "application/json"), ("authorization", token.as_str())];
    visitor.asks(method, path, &headers, Vec::new()).await.status
}

const WHO: &str = "/api/v1/accounts/verify_credentials";

#[tokio::test]
async fn a_token_ends_when_its_owner_logs_out_everywhere() {
    for town in Town::everywhere().await {
        let mut jeanne = town.citizen("jeanne").await;
        let mut before = program(&town, "jeanne").await;
        assert_eq!(call(&mut before, Method::GET, WHO).await, 200);
        town.waits(Duration::from_secs(1)).await;
        let out = jeanne
            .sends("/compte/sessions", "/compte/sessions", &[("which", "others")])
            .await;
        assert_eq!(out.status, 303);
        assert_eq!(call(&mut before, Method::GET, WHO).await, 401);
        let mut after = program(&town, "jeanne").await;
        assert_eq!(call(&mut after, Method::GET, WHO).await, 200);
        town.waits(Duration::from_secs(1)).await;
        let fields = [
            ("password", PASSWORD),
            ("password-new", "un tout autre secret bien long"),
        ];
        jeanne
            .sends("/compte/securite", "/compte/securite", &fields)
            .await;
        assert_eq!(call(&mut after, Method::GET, WHO).await, 401);
    }
}

#[tokio::test]
async fn who_leaves_follows_nobody_any_more() {
    for town in Town::everywhere().await {
        let mut jeanne = town.citizen("jeanne").await;
        let mut hers = program(&town, "jeanne").await;
        let ctx = town.ctx();
        let office = federation::actors::by_handle(ctx, "maire-eze", None)
            .await
            .unwrap()
            .unwrap();
        let path = format!("/api/v1/accounts/{}/follow", office.id);
        let before = follows::count_followers(ctx, office.id).await.unwrap();
        assert_eq!(call(&mut hers, Method::POST, &path).await, 200);
        assert_eq!(
            follows::count_followers(ctx, office.id).await.unwrap(),
            before + 1
        );
        let export = jeanne.opens("/compte/donnees/export.json").await.json();
        assert_eq!(export["follows"][0], "@maire-eze@parvis.test");
        assert!(export["discussion"]["comments"].is_array(), "{export}");
        let ended = jeanne
            .sends(
                "/compte/suppression",
                "/compte/suppression",
                &[("password", PASSWORD)],
            )
            .await;
        assert_eq!(ended.status, 303);
        assert_eq!(call(&mut hers, Method::GET, WHO).await, 401);
        assert_eq!(follows::count_followers(ctx, office.id).await.unwrap(), before);
    }
}
