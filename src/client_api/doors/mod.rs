//! The routes of Mastodon's API that exist here, and what is behind them.

mod accounts;
mod conversations;
mod instance;
mod media;
mod mine;
mod notices;
mod polls;
mod publish;
mod reactions;
mod reports;
mod scheduled;
mod search;
mod statuses;
mod timelines;

use axum::Router;
use axum::routing::{get, patch, post};
use federation::Ctx;

use crate::door::Door;

pub(crate) use search::{Place, at_address};

/// All of them.
pub(crate) fn routes() -> Router<Ctx> {
    Router::new()
        .route("/api/v1/instance", get(instance::v1))
        .route("/api/v2/instance", get(instance::v2))
        // Mastodon.py asks with a slash at the end.
        .route("/api/v1/reports/", post(reports::create))
        .route("/api/v1/instance/", get(instance::v1))
        .route("/api/v2/instance/", get(instance::v2))
        .route(
            "/api/v1/instance/extended_description",
            get(instance::extended_description),
        )
        .route("/api/v1/instance/privacy_policy", get(instance::privacy_policy))
        .route("/api/v1/instance/languages", get(instance::languages))
        .route(
            "/api/v1/instance/translation_languages",
            get(instance::translation_languages),
        )
        .route(
            "/api/v1/markers",
            get(notices::markers).post(notices::set_markers),
        )
        .route("/api/v1/preferences", get(mine::preferences))
        .route("/api/v1/reports", post(reports::create))
        .route("/api/v2/search", get(search::show))
        .route("/api/v1/polls/{id}", get(polls::show))
        .route("/api/v1/polls/{id}/votes", post(polls::vote))
        .route("/api/v1/media", post(media::create))
        .route("/api/v2/media", post(media::create))
        .route(
            "/api/v1/media/{id}",
            get(media::show).put(media::update).delete(media::delete),
        )
        .merge(account_routes())
        .merge(status_routes())
        .merge(timeline_routes())
        .merge(notice_routes())
        .merge(conversations::routes())
        .merge(empty_routes())
}

fn account_routes() -> Router<Ctx> {
    Router::new()
        .route(
            "/api/v1/accounts",
            get(accounts::several).post(accounts::on_the_site),
        )
        .route(
            "/api/v1/accounts/verify_credentials",
            get(accounts::verify_credentials),
        )
        .route(
            "/api/v1/accounts/update_credentials",
            patch(accounts::update_credentials),
        )
        .route("/api/v1/accounts/lookup", get(accounts::lookup))
        .route("/api/v1/accounts/search", get(accounts::search_by_name))
        .route("/api/v1/accounts/relationships", get(accounts::relationships))
        .route(
            "/api/v1/accounts/familiar_followers",
            get(accounts::familiar_followers),
        )
        .route("/api/v1/accounts/{id}", get(accounts::show))
        .route("/api/v1/accounts/{id}/statuses", get(timelines::of_account))
        .route("/api/v1/accounts/{id}/followers", get(accounts::followers))
        .route("/api/v1/accounts/{id}/following", get(accounts::following))
        .route("/api/v1/accounts/{id}/follow", post(accounts::follow))
        .route("/api/v1/accounts/{id}/unfollow", post(accounts::unfollow))
        .route("/api/v1/accounts/{id}/featured_tags", get(mine::nothing))
        .route("/api/v1/accounts/{id}/endorsements", get(mine::nothing))
        .route("/api/v1/accounts/{id}/identity_proofs", get(mine::nothing))
        .route("/api/v1/accounts/{id}/block", post(accounts::not_here))
        .route("/api/v1/accounts/{id}/unblock", post(accounts::not_here))
        .route("/api/v1/accounts/{id}/mute", post(accounts::not_here))
        .route("/api/v1/accounts/{id}/unmute", post(accounts::not_here))
        .route("/api/v1/accounts/{id}/note", post(accounts::not_here))
        .route("/api/v1/accounts/{id}/pin", post(accounts::not_here))
        .route("/api/v1/accounts/{id}/unpin", post(accounts::not_here))
        .route("/api/v1/accounts/{id}/endorse", post(accounts::not_here))
        .route("/api/v1/accounts/{id}/unendorse", post(accounts::not_here))
        .route(
            "/api/v1/accounts/{id}/remove_from_followers",
            post(accounts::not_here),
        )
}

fn status_routes() -> Router<Ctx> {
    Router::new()
        .route("/api/v1/statuses", get(statuses::several).post(publish::create))
        .route(
            "/api/v1/statuses/{id}",
            get(statuses::show).put(statuses::edit).delete(statuses::delete),
        )
        .route("/api/v1/statuses/{id}/source", get(statuses::typed))
        .route("/api/v1/statuses/{id}/history", get(statuses::versions))
        .route("/api/v1/statuses/{id}/context", get(statuses::context))
        .route(
            "/api/v1/statuses/{id}/favourited_by",
            get(statuses::favourited_by),
        )
        .route("/api/v1/statuses/{id}/reblogged_by", get(statuses::reblogged_by))
        .route("/api/v1/statuses/{id}/favourite", post(reactions::favourite))
        .route("/api/v1/statuses/{id}/unfavourite", post(reactions::unfavourite))
        .route("/api/v1/statuses/{id}/reblog", post(reactions::reblog))
        .route("/api/v1/statuses/{id}/unreblog", post(reactions::unreblog))
        .route("/api/v1/statuses/{id}/pin", post(statuses::pin))
        .route("/api/v1/statuses/{id}/unpin", post(statuses::unpin))
        .route("/api/v1/statuses/{id}/bookmark", post(accounts::not_here))
        .route("/api/v1/statuses/{id}/unbookmark", post(accounts::not_here))
        .route("/api/v1/statuses/{id}/mute", post(accounts::not_here))
        .route("/api/v1/statuses/{id}/unmute", post(accounts::not_here))
        .route("/api/v1/statuses/{id}/translate", post(accounts::not_here))
        .route("/api/v1/scheduled_statuses", get(scheduled::index))
        .route(
            "/api/v1/scheduled_statuses/{id}",
            get(scheduled::show)
                .put(scheduled::update)
                .delete(scheduled::cancel),
        )
}

fn timeline_routes() -> Router<Ctx> {
    Router::new()
        .route("/api/v1/timelines/home", get(timelines::home))
        .route("/api/v1/timelines/public", get(timelines::public))
        .route("/api/v1/timelines/tag/{tag}", get(timelines::tag))
        .route("/api/v1/timelines/list/{id}", get(mine::none))
        .route("/api/v1/timelines/link", get(mine::nothing))
        .route("/api/v1/favourites", get(timelines::favourites))
        .route("/api/v1/tags/{tag}", get(timelines::show_tag))
        .route("/api/v1/tags/{tag}/follow", post(accounts::not_here))
        .route("/api/v1/tags/{tag}/unfollow", post(accounts::not_here))
}

fn notice_routes() -> Router<Ctx> {
    Router::new()
        .route("/api/v1/notifications", get(notices::index))
        .route("/api/v1/notifications/clear", post(notices::clear))
        .route("/api/v1/notifications/unread_count", get(notices::unread))
        .route("/api/v1/notifications/policy", get(notices::policy))
        .route("/api/v2/notifications/policy", get(notices::policy))
        .route("/api/v1/notifications/requests/merged", get(notices::merged))
        .route("/api/v1/notifications/{id}", get(notices::show))
        .route("/api/v1/notifications/{id}/dismiss", post(notices::dismiss))
        .route("/api/v2/notifications", get(notices::groups))
        .route("/api/v2/notifications/unread_count", get(notices::unread))
        .route("/api/v2/notifications/{key}", get(notices::show_group))
        .route(
            "/api/v2/notifications/{key}/accounts",
            get(notices::group_accounts),
        )
        .route("/api/v2/notifications/{key}/dismiss", post(notices::dismiss))
}

/// What programs ask for and this server does not have: empty lists for reading, a sentence for doing.
fn empty_routes() -> Router<Ctx> {
    let mut router = Router::new();
    for path in [
        "/api/v1/custom_emojis",
        "/api/v1/announcements",
        "/api/v1/directory",
        "/api/v1/instance/rules",
        "/api/v1/instance/peers",
        "/api/v1/instance/activity",
        "/api/v1/instance/domain_blocks",
        "/api/v1/peers/search",
        "/api/v1/trends",
        "/api/v1/trends/tags",
        "/api/v1/trends/statuses",
        "/api/v1/trends/links",
    ] {
        router = router.route(path, get(mine::nothing));
    }
    for (path, scope) in [
        ("/api/v1/filters", "read:filters"),
        ("/api/v2/filters", "read:filters"),
        ("/api/v1/lists", "read:lists"),
        ("/api/v1/bookmarks", "read:bookmarks"),
        ("/api/v1/followed_tags", "read:follows"),
        ("/api/v1/featured_tags", "read:accounts"),
        ("/api/v1/featured_tags/suggestions", "read:accounts"),
        ("/api/v1/endorsements", "read:accounts"),
        ("/api/v1/domain_blocks", "read:blocks"),
        ("/api/v1/blocks", "read:blocks"),
        ("/api/v1/mutes", "read:mutes"),
        ("/api/v1/follow_requests", "read:follows"),
        ("/api/v1/suggestions", "read"),
        ("/api/v2/suggestions", "read"),
        ("/api/v1/notifications/requests", "read:notifications"),
        ("/api/v1/accounts/{id}/lists", "read:lists"),
    ] {
        let nothing = async move |door: Door| mine::nothing_of_hers(&door, scope);
        router = router.route(path, get(nothing).post(accounts::not_here));
    }
    router
        .route(
            "/api/v1/push/subscription",
            get(mine::none).post(accounts::not_here),
        )
        .route("/api/v1/lists/{id}", get(mine::none))
        .route("/api/v1/filters/{id}", get(mine::none))
        .route("/api/v2/filters/{id}", get(mine::none))
}
