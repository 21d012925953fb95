//! From key ids to keys.

use serde_json::{Value, json};

use super::super::{FoundKey, KeySearch, KeySearchRefusal, KeyUse, Step};
use super::*;
use crate::keys::KeyRefusal;

const ACTOR: &str = "https://peer.example/users/alice";

fn pem() -> String {
    RSA.public_key().to_pem()
}

fn entry(id: &str) -> Value {
    json!({"id": id, "owner": ACTOR, "publicKeyPem": pem()})
}

fn actor(public_key: Value) -> Value {
    json!({"id": ACTOR, "type": "Person", "inbox": "https://peer.example/inbox", "publicKey": public_key})
}

fn multikey(id: &str) -> Value {
    let key = ED25519.public_key().to_multibase().unwrap();
    json!({"id": id, "type": "Multikey", "controller": ACTOR, "publicKeyMultibase": key})
}

/// Answers a search from these documents, by address; at most two are ever asked for.
fn search_as(usage: KeyUse, key_id: &str, documents: &[(&str, Value)]) -> Result<FoundKey, KeySearchRefusal> {
    let mut search = KeySearch::new(key_id, usage)?;
    for _ in 0..2 {
        let url = search.url().clone();
        let (_, document) = documents
            .iter()
            .find(|(address, _)| *address == url.as_str())
            .unwrap_or_else(|| panic!("nothing at {url}"));
        match search.read(&url, document, now())? {
            Step::Found(found) => return Ok(found),
            Step::Fetch(next) => search = next,
        }
    }
    panic!("a third document was asked for");
}

fn search(key_id: &str, documents: &[(&str, Value)]) -> Result<FoundKey, KeySearchRefusal> {
    search_as(KeyUse::Request, key_id, documents)
}

#[track_caller]
fn finds(key_id: &str, documents: &[(&str, Value)]) {
    let found = search(key_id, documents).unwrap();
    assert_eq!(found.key_id, key_id);
    assert_eq!(found.owner, ACTOR);
    assert_eq!(&found.key, RSA.public_key());
}

#[test]
fn a_fragment_of_the_actor() {
    let id = "https://peer.example/users/alice#main-key";
    finds(id, &[(ACTOR, actor(entry(id)))]);
    finds(
        id,
        &[(
            ACTOR,
            actor(json!([entry("https://peer.example/users/alice#old"), entry(id)])),
        )],
    );
    let other = "https://peer.example/users/alice#rsa-2048";
    finds(other, &[(ACTOR, actor(entry(other)))]);
    assert_eq!(
        search(other, &[(ACTOR, actor(entry(id)))]),
        Err(KeySearchRefusal::NotListed)
    );
}

#[test]
fn the_actor_itself() {
    finds(
        ACTOR,
        &[(ACTOR, actor(entry("https://peer.example/users/alice#main-key")))],
    );
    finds(ACTOR, &[(ACTOR, actor(entry(ACTOR)))]);
    let two = json!([
        entry("https://peer.example/users/alice#a"),
        entry("https://peer.example/users/alice#b")
    ]);
    assert_eq!(
        search(ACTOR, &[(ACTOR, actor(two))]),
        Err(KeySearchRefusal::NotListed)
    );
}

#[test]
fn a_path_below_the_actor_with_a_stub_of_it() {
    let id = "https://peer.example/users/alice/main-key";
    let stub = json!({"id": ACTOR, "type": "Person", "preferredUsername": "alice", "publicKey": entry(id)});
    finds(id, &[(id, stub.clone()), (ACTOR, actor(entry(id)))]);
    // The stub alone proves nothing: the actor must list the same key.
    let without = json!({"id": ACTOR, "type": "Person"});
    assert_eq!(
        search(id, &[(id, stub.clone()), (ACTOR, without)]),
        Err(KeySearchRefusal::NotListed)
    );
    let mut other = entry(id);
    other["publicKeyPem"] = json!(OTHER_RSA.public_key().to_pem());
    let found = search(id, &[(id, stub), (ACTOR, actor(other))]);
    assert_eq!(found, Err(KeySearchRefusal::Disagreement));
}

#[test]
fn a_query_of_the_actor() {
    let id = "https://peer.example/users/alice?operation=key";
    finds(id, &[(id, actor(entry(id))), (ACTOR, actor(entry(id)))]);
}

#[test]
fn a_key_document() {
    let id = "https://peer.example/keys/1";
    let mut key = entry(id);
    key["type"] = json!("Key");
    for listing in [
        json!(id),
        json!([id]),
        entry(id),
        json!(["https://peer.example/keys/2", entry(id)]),
    ] {
        finds(id, &[(id, key.clone()), (ACTOR, actor(listing))]);
    }
    let mut expanded = key.clone();
    expanded["owner"] = json!({"id": ACTOR});
    finds(id, &[(id, expanded), (ACTOR, actor(json!(id)))]);
    // The actor does not list it.
    let unlisted = actor(json!("https://peer.example/keys/2"));
    assert_eq!(
        search(id, &[(id, key.clone()), (ACTOR, unlisted)]),
        Err(KeySearchRefusal::NotListed)
    );
    // The key does not say whose it is.
    let mut orphan = key.clone();
    orphan.as_object_mut().unwrap().remove("owner");
    assert_eq!(search(id, &[(id, orphan)]), Err(KeySearchRefusal::Disagreement));
    // Another key answers.
    assert_eq!(
        search(
            "https://peer.example/keys/3",
            &[("https://peer.example/keys/3", key)]
        ),
        Err(KeySearchRefusal::Document)
    );
}

#[test]
fn an_actor_whose_key_has_a_document_of_its_own() {
    let id = "https://peer.example/keys/1";
    finds(ACTOR, &[(ACTOR, actor(json!(id))), (id, entry(id))]);
    let mut foreign = entry(id);
    foreign["owner"] = json!("https://peer.example/users/bob");
    assert_eq!(
        search(ACTOR, &[(ACTOR, actor(json!(id))), (id, foreign)]),
        Err(KeySearchRefusal::Disagreement)
    );
    let elsewhere = actor(json!("https://evil.example/keys/1"));
    assert_eq!(
        search(ACTOR, &[(ACTOR, elsewhere)]),
        Err(KeySearchRefusal::Origin)
    );
}

#[test]
fn a_multikey() {
    let id = "https://peer.example/users/alice#ed25519-key";
    let with = |key: Value| {
        let mut actor = actor(entry("https://peer.example/users/alice#main-key"));
        actor["assertionMethod"] = json!([key]);
        actor
    };
    for usage in [KeyUse::Request, KeyUse::Document] {
        let found = search_as(usage, id, &[(ACTOR, with(multikey(id)))]).unwrap();
        assert_eq!((found.owner.as_str(), &found.key), (ACTOR, ED25519.public_key()));
    }
    let mut orphan = multikey(id);
    orphan.as_object_mut().unwrap().remove("controller");
    assert_eq!(
        search(id, &[(ACTOR, with(orphan))]),
        Err(KeySearchRefusal::Disagreement)
    );
    // A key for requests is not one for documents.
    let main = "https://peer.example/users/alice#main-key";
    let found = search_as(KeyUse::Document, main, &[(ACTOR, with(multikey(id)))]);
    assert_eq!(found, Err(KeySearchRefusal::NotListed));
}

#[test]
fn both_sides_must_agree_on_the_owner() {
    let id = "https://peer.example/users/alice#main-key";
    let mut foreign = entry(id);
    foreign["owner"] = json!("https://peer.example/users/bob");
    assert_eq!(
        search(id, &[(ACTOR, actor(foreign))]),
        Err(KeySearchRefusal::Disagreement)
    );
    let mut two = entry(id);
    two["controller"] = json!("https://peer.example/users/bob");
    assert_eq!(
        search(id, &[(ACTOR, actor(two))]),
        Err(KeySearchRefusal::Disagreement)
    );
    // A list of one is the one; of several it is not said which.
    let mut listed = entry(id);
    listed["owner"] = json!([ACTOR]);
    finds(id, &[(ACTOR, actor(listed))]);
    for odd in [
        json!(["https://peer.example/users/bob"]),
        json!([ACTOR, ACTOR]),
        json!([]),
        json!(7),
    ] {
        let mut other = entry(id);
        other["owner"] = odd;
        assert_eq!(
            search(id, &[(ACTOR, actor(other))]),
            Err(KeySearchRefusal::Disagreement)
        );
    }
    // Within its actor an RSA key need not say it.
    let mut silent = entry(id);
    silent.as_object_mut().unwrap().remove("owner");
    finds(id, &[(ACTOR, actor(silent))]);
}

#[test]
fn everything_is_of_one_origin() {
    let id = "https://peer.example/users/alice#main-key";
    let read = |from: &str, document: Value| {
        let from = Url::parse(from).unwrap();
        KeySearch::new(id, KeyUse::Request)
            .unwrap()
            .read(&from, &document, now())
            .unwrap_err()
    };
    for from in [
        "https://evil.example/users/alice",
        "http://peer.example/users/alice",
        "https://peer.example:8443/users/alice",
    ] {
        assert_eq!(read(from, actor(entry(id))), KeySearchRefusal::Origin, "{from}");
    }
    let mut foreign = actor(entry(id));
    foreign["id"] = json!("https://victim.example/users/alice");
    assert_eq!(read(ACTOR, foreign), KeySearchRefusal::Origin);
    let key_id = "https://peer.example/keys/1";
    let mut key = entry(key_id);
    key["owner"] = json!("https://victim.example/users/alice");
    assert_eq!(search(key_id, &[(key_id, key)]), Err(KeySearchRefusal::Origin));
}

#[test]
fn an_upload_or_a_redirect_cannot_speak_for_an_actor() {
    let id = "https://peer.example/users/alice#main-key";
    // A file on the same host that pretends to be the actor: the actor itself is asked.
    let upload = "https://peer.example/uploads/1.json";
    let forged = actor(entry("https://peer.example/uploads/1.json#key"));
    let step = KeySearch::new("https://peer.example/uploads/1.json#key", KeyUse::Request)
        .unwrap()
        .read(&Url::parse(upload).unwrap(), &forged, now())
        .unwrap();
    let Step::Fetch(next) = step else {
        panic!("believed")
    };
    assert_eq!(next.url().as_str(), ACTOR);
    let refusal = next
        .clone()
        .read(&Url::parse(ACTOR).unwrap(), &actor(entry(id)), now())
        .unwrap_err();
    assert_eq!(refusal, KeySearchRefusal::NotListed);
    // The address of the actor leads to the file.
    let refusal = next
        .clone()
        .read(&Url::parse(upload).unwrap(), &forged, now())
        .unwrap_err();
    assert_eq!(refusal, KeySearchRefusal::Document);
    // Or to another actor, at home there.
    let bob = "https://peer.example/users/bob";
    let mut other = actor(json!({"id": "https://peer.example/uploads/1.json#key", "publicKeyPem": pem()}));
    other["id"] = json!(bob);
    let refusal = next.read(&Url::parse(bob).unwrap(), &other, now()).unwrap_err();
    assert_eq!(refusal, KeySearchRefusal::Document);
    // A key document is believed at its own address only.
    let key = "https://peer.example/keys/1";
    let refusal = KeySearch::new(key, KeyUse::Request)
        .unwrap()
        .read(&Url::parse(upload).unwrap(), &entry(key), now())
        .unwrap_err();
    assert_eq!(refusal, KeySearchRefusal::Document);
}

#[test]
fn only_actors_own_keys() {
    let id = "https://peer.example/users/alice#main-key";
    for kind in [
        json!("Note"),
        json!("Collection"),
        json!(null),
        json!(5),
        json!(["Note"]),
    ] {
        let mut document = actor(entry(id));
        document["type"] = kind.clone();
        assert_eq!(
            search(id, &[(ACTOR, document)]),
            Err(KeySearchRefusal::Document),
            "{kind}"
        );
    }
    for kind in ["Service", "Group", "Organization", "Application"] {
        let mut document = actor(entry(id));
        document["type"] = json!(["x:Bot", kind]);
        finds(id, &[(ACTOR, document)]);
    }
    for document in [
        json!(null),
        json!([]),
        json!("x"),
        json!({}),
        json!({"id": 5}),
        json!({"id": "alice"}),
    ] {
        assert_eq!(search(id, &[(ACTOR, document)]), Err(KeySearchRefusal::Document));
    }
}

#[test]
fn old_and_bad_keys_are_refused() {
    let id = "https://peer.example/users/alice#main-key";
    let with = |name: &str, value: Value| {
        let mut key = entry(id);
        key[name] = value;
        search(id, &[(ACTOR, actor(key))]).map(|_| ())
    };
    assert_eq!(with("expires", json!("2026-11-22T10:00:01Z")), Ok(()));
    assert_eq!(with("expires", json!(null)), Ok(()));
    assert_eq!(
        with("expires", json!("2026-11-22T09:59:59Z")),
        Err(KeySearchRefusal::Revoked)
    );
    assert_eq!(
        with("revoked", json!("2020-01-01T00:00:00Z")),
        Err(KeySearchRefusal::Revoked)
    );
    assert_eq!(with("revoked", json!(true)), Err(KeySearchRefusal::Revoked));
    assert_eq!(
        with("publicKeyPem", json!("x")),
        Err(KeySearchRefusal::Key(KeyRefusal::Unreadable))
    );
    assert_eq!(with("publicKeyPem", json!(5)), Err(KeySearchRefusal::Document));
}

#[test]
fn key_ids_that_cannot_be_followed() {
    for id in [
        "",
        "alice",
        "acct:alice@peer.example",
        "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
        "file:///etc/passwd",
        "data:text/plain,x",
        "https://user@peer.example/a",
        "https://user:password@peer.example/a",
        "https://",
        "//peer.example/a",
        "/users/alice#main-key",
    ] {
        assert_eq!(
            KeySearch::new(id, KeyUse::Request).unwrap_err(),
            KeySearchRefusal::KeyId,
            "{id}"
        );
    }
    let long = format!("https://peer.example/{}", "a".repeat(3000));
    assert_eq!(
        KeySearch::new(&long, KeyUse::Request).unwrap_err(),
        KeySearchRefusal::KeyId
    );
    let refusal: Refusal = KeySearchRefusal::KeyId.into();
    assert_eq!(refusal.status().as_u16(), 401);
}
