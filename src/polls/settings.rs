//! What may be set.

use federation::Ctx;

/// Answers of one other server that are counted in one public opinion.
const VOTES_PER_SERVER: i64 = 200;

/// How many answers of one other server are counted in one public opinion. A server is as many people as its
/// operator says.
pub(crate) const fn votes_per_server(_: &Ctx) -> i64 {
    VOTES_PER_SERVER
}
