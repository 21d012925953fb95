//! The measure for pages: axum and nothing behind it.

use axum::Router;
use axum::routing::get;
use tokio::net::TcpListener;

pub(crate) async fn run(port: u16) {
    let router = Router::new().route("/", get(|| async { "hello" }));
    let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    axum::serve(listener, router).await.unwrap();
}
