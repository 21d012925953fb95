//! What every room stands on: store, queue, web, words, media, mail and requests. Knows nothing of communes nor of ActivityPub.

pub mod http;
