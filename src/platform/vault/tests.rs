//! What is sealed opens at its place and nowhere else; a lost key is told, not replaced.

use std::os::unix::fs::PermissionsExt as _;

use super::*;
use crate::store::{Db, set_setting};
use crate::testing::{TestFolder, databases};

const PLACE: Place = Place::new("platform_setting", "value", 7);
const NOTHING: &[Column] = &[];

#[test]
fn a_value_opens_at_its_place_only() {
    let vault = Vault::in_memory().unwrap();
    let sealed = vault.seal_text(&PLACE, "Chère Madame").unwrap();
    assert_eq!(vault.open_text(&PLACE, &sealed).unwrap(), "Chère Madame");
    for other in [
        Place::new("platform_setting", "value", 8),
        Place::new("platform_setting", "name", 7),
        Place::new("platform", "value", 7),
    ] {
        assert!(matches!(vault.open(&other, &sealed), Err(VaultError::Broken)));
    }
    assert!(Vault::in_memory().unwrap().open(&PLACE, &sealed).is_err());
    let again = vault.seal_text(&PLACE, "Chère Madame").unwrap();
    assert_ne!(sealed, again, "equal texts do not look equal");
}

#[test]
fn every_altered_byte_is_noticed() {
    let vault = Vault::in_memory().unwrap();
    let sealed = vault.seal(&PLACE, b"12 rue du Barri").unwrap();
    for at in 0..sealed.len() {
        let mut altered = sealed.clone();
        altered[at] ^= 1;
        assert!(vault.open(&PLACE, &altered).is_err(), "byte {at}");
    }
    for end in 0..sealed.len() {
        assert!(vault.open(&PLACE, &sealed[..end]).is_err(), "{end} bytes");
    }
}

#[test]
fn nothing_of_the_text_is_in_the_sealed_value() {
    let vault = Vault::in_memory().unwrap();
    let sealed = vault.seal(&PLACE, &[b'a'; 64]).unwrap();
    assert!(!sealed.windows(4).any(|four| four == b"aaaa"));
    assert_eq!(sealed.len(), 5 + 24 + 64 + 16);
}

async fn fresh() -> (TestFolder, Vec<Db>) {
    let folder = TestFolder::new();
    let dbs = databases(&folder).await.unwrap();
    (folder, dbs)
}

#[tokio::test]
async fn the_first_start_makes_a_file_that_only_its_owner_reads() {
    let (folder, dbs) = fresh().await;
    for (number, db) in dbs.iter().enumerate() {
        let path = folder.0.join(format!("keys-{number}/vault.keys"));
        let first = open(&path, db, NOTHING).await.unwrap();
        assert_eq!(
            std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        let sealed = first.seal(&PLACE, b"x").unwrap();
        let second = open(&path, db, NOTHING).await.unwrap();
        assert_eq!(second.open(&PLACE, &sealed).unwrap(), b"x");
        assert!(matches!(
            look(&path, db, NOTHING).await,
            Standing::Good { keys: 1, .. }
        ));
    }
}

/// A column to rotate: the rows of `platform_setting` have no number, so the tests use a table of their own.
const COLUMN: Column = Column {
    table: "vault_try",
    id: "id",
    column: "secret",
};
const COLUMNS: &[Column] = &[COLUMN];

async fn table(db: &Db) {
    let kind = if db.is_postgres() { "BYTEA" } else { "BLOB" };
    crate::testing::execute(
        db,
        &format!("CREATE TABLE vault_try (id BIGINT PRIMARY KEY, secret {kind})"),
    )
    .await
    .unwrap();
}

async fn write(db: &Db, vault: &Vault, id: i64, text: &str) {
    let sealed = vault
        .seal_text(&Place::new("vault_try", "secret", id), text)
        .unwrap();
    crate::testing::execute(
        db,
        &if db.is_postgres() {
            format!(
                "INSERT INTO vault_try VALUES ({id}, '\\x{}')",
                hex::encode(sealed)
            )
        } else {
            format!("INSERT INTO vault_try VALUES ({id}, x'{}')", hex::encode(sealed))
        },
    )
    .await
    .unwrap();
}

async fn read(db: &Db, vault: &Vault, id: i64) -> Result<String, VaultError> {
    let sealed = store::value(db, &COLUMN, id).await.unwrap().unwrap();
    vault.open_text(&Place::new("vault_try", "secret", id), &sealed)
}

/// One of several machines has not got the file yet: it serves, and takes the right file once it is there.
async fn serves_without(db: &Db, path: &Path, kept: &Path) {
    let closed = open(path, db, COLUMNS).await.unwrap();
    assert!(!path.exists(), "no new key is made beside the one that is in use");
    assert!(matches!(closed.seal(&PLACE, b"x"), Err(VaultError::NoKey(0))));
    assert!(matches!(read(db, &closed, 1).await, Err(VaultError::NoKey(1))));
    std::fs::write(path, format!("1 {}\n", "ab".repeat(32))).unwrap();
    assert!(
        closed.seal(&PLACE, b"x").is_err(),
        "a wrong file seals nothing either"
    );
    assert!(matches!(look(path, db, COLUMNS).await, Standing::Wrong(_)));
    std::fs::rename(kept, path).unwrap();
    assert_eq!(read(db, &closed, 1).await.unwrap(), "secret");
    assert!(closed.seal(&PLACE, b"x").is_ok());
}

#[tokio::test]
async fn a_missing_or_wrong_file_stops_the_start_when_something_would_be_lost() {
    let (folder, dbs) = fresh().await;
    for (number, db) in dbs.iter().enumerate() {
        table(db).await;
        let path = folder.0.join(format!("vault-{number}.keys"));
        let kept = folder.0.join(format!("kept-{number}.keys"));
        let vault = open(&path, db, COLUMNS).await.unwrap();
        write(db, &vault, 1, "secret").await;
        std::fs::rename(&path, &kept).unwrap();
        if db.is_postgres() {
            serves_without(db, &path, &kept).await;
            continue;
        }
        let said = open(&path, db, COLUMNS).await.unwrap_err().to_string();
        assert!(
            said.contains("vault.key_file") && said.contains("missing"),
            "{said}"
        );
        assert!(!path.exists(), "no new key is made over what is encrypted");
        std::fs::write(&path, format!("1 {}\n", "ab".repeat(32))).unwrap();
        let said = open(&path, db, COLUMNS).await.unwrap_err().to_string();
        assert!(said.contains("does not belong to this database"), "{said}");
        assert!(matches!(look(&path, db, COLUMNS).await, Standing::Wrong(_)));
        std::fs::write(&path, "1 abc\n").unwrap();
        let said = open(&path, db, COLUMNS).await.unwrap_err().to_string();
        assert!(said.contains("line 1"), "{said}");
        std::fs::rename(&kept, &path).unwrap();
        let vault = open(&path, db, COLUMNS).await.unwrap();
        assert_eq!(read(db, &vault, 1).await.unwrap(), "secret");
    }
}

#[tokio::test]
async fn a_lost_file_is_replaced_only_on_demand_and_the_rest_goes_on() {
    let (folder, dbs) = fresh().await;
    for (number, db) in dbs.iter().enumerate() {
        table(db).await;
        let path = folder.0.join(format!("vault-{number}.keys"));
        write(db, &open(&path, db, COLUMNS).await.unwrap(), 1, "lost").await;
        std::fs::remove_file(&path).unwrap();
        assert_eq!(replace(&path, db).await.unwrap(), (2, None));
        let vault = open(&path, db, COLUMNS).await.unwrap();
        assert!(matches!(read(db, &vault, 1).await, Err(VaultError::NoKey(1))));
        write(db, &vault, 2, "new").await;
        assert_eq!(read(db, &vault, 2).await.unwrap(), "new");
    }
}

#[tokio::test]
async fn keys_change_under_a_running_server() {
    let (folder, dbs) = fresh().await;
    for (number, db) in dbs.iter().enumerate() {
        table(db).await;
        let path = folder.0.join(format!("vault-{number}.keys"));
        let running = open(&path, db, COLUMNS).await.unwrap();
        for id in 1..=450 {
            write(db, &running, id, &format!("text {id}")).await;
        }
        let done = rotate(&path, db, COLUMNS).await.unwrap();
        assert_eq!((done.key, done.values, done.broken), (2, 450, 0));
        for id in [1, 200, 201, 450] {
            assert_eq!(read(db, &running, id).await.unwrap(), format!("text {id}"));
        }
        write(db, &running, 451, "after").await;
        let sealed = store::value(db, &COLUMN, 451).await.unwrap().unwrap();
        assert_eq!(
            key_of(&sealed).unwrap(),
            2,
            "the running server seals with the new key"
        );
        assert_eq!(retire(&path, db, COLUMNS).await.unwrap(), Ok(1));
        let started = open(&path, db, COLUMNS).await.unwrap();
        assert_eq!(read(db, &started, 450).await.unwrap(), "text 450");
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text.lines().filter(|line| !line.starts_with('#')).count(), 1);
    }
}

#[tokio::test]
async fn a_database_without_sealed_content_needs_no_file() {
    let (folder, dbs) = fresh().await;
    for (number, db) in dbs.iter().enumerate() {
        table(db).await;
        let path = folder.0.join(format!("vault-{number}.keys"));
        open(&path, db, COLUMNS).await.unwrap();
        std::fs::remove_file(&path).unwrap();
        assert!(!forget_unused(db, COLUMNS).await.unwrap());
        open(&path, db, COLUMNS).await.unwrap();
        // Another machine that made its own file beside this one's is told.
        let other = folder.0.join(format!("other-{number}.keys"));
        std::fs::write(&other, format!("1 {}\n", "cd".repeat(32))).unwrap();
        let opened = open(&other, db, COLUMNS).await;
        match opened {
            Ok(closed) if db.is_postgres() => assert!(closed.seal(&PLACE, b"x").is_err()),
            opened => assert!(matches!(opened, Err(VaultError::Wrong { .. }))),
        }
        let mut tx = db.begin().await.unwrap();
        set_setting(&mut tx, "vault_key_x", "no number").await.unwrap();
        tx.commit().await.unwrap();
        open(&path, db, COLUMNS).await.unwrap();
    }
}

#[tokio::test]
async fn a_first_start_of_several_processes_at_once_makes_one_file() {
    let (folder, dbs) = fresh().await;
    for (number, db) in dbs.iter().enumerate() {
        let path = folder.0.join(format!("vault-{number}.keys"));
        let (a, b, c) = tokio::join!(
            open(&path, db, NOTHING),
            open(&path, db, NOTHING),
            open(&path, db, NOTHING)
        );
        let (a, b, c) = (a.unwrap(), b.unwrap(), c.unwrap());
        let sealed = a.seal(&PLACE, b"x").unwrap();
        assert_eq!(b.open(&PLACE, &sealed).unwrap(), b"x");
        assert_eq!(c.open(&PLACE, &sealed).unwrap(), b"x");
    }
}
