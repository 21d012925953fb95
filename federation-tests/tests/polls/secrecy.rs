//! Takes everything an operator holds after a vote (database, its log, its free pages, backups, the program's log)
//! and looks for whatever could join a ballot to its voter.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use platform::on_db;
use platform::store::Db;
use testkit::Town;

use super::{Prepared, id_of, key_of, opens, sends};

/// All that may ever stand in the register and in the box. A column of time, of order or of origin fails here.
const COLUMNS: [(&str, &[&str]); 5] = [
    ("poll_register", &["poll_id", "voter", "blinded", "signature"]),
    ("poll_spent", &["poll_id", "address"]),
    ("poll_sealed", &["poll_id", "tag", "ballot", "fresh"]),
    (
        "poll_ballot",
        &["poll_id", "hash", "choices", "serial", "randomizer", "signature"],
    ),
    ("poll_signature", &["poll_id", "hash", "blinded", "signature"]),
];

async fn texts(db: &Db, sql: &'static str) -> Vec<String> {
    on_db!(db, c => sqlx::query_scalar(sql).fetch_all(c).await).unwrap()
}

async fn blobs(db: &Db, sql: &'static str) -> Vec<Vec<u8>> {
    on_db!(db, c => sqlx::query_scalar(sql).fetch_all(c).await).unwrap()
}

#[tokio::test]
async fn register_and_box_have_no_time_no_order_and_no_column_in_common() {
    for town in Town::everywhere().await {
        for (table, allowed) in COLUMNS {
            let sql: String = match &town.ctx().db {
                Db::Lite(_) => format!("SELECT name FROM pragma_table_info('{table}') ORDER BY cid"),
                Db::Pg(_) => format!(
                    "SELECT column_name::text FROM information_schema.columns
                     WHERE table_name = '{table}' AND table_schema = current_schema() ORDER BY ordinal_position"
                ),
            };
            let columns = texts(&town.ctx().db, Box::leak(sql.into_boxed_str())).await;
            assert_eq!(columns, allowed, "{table}: what is this column for?");
        }
        if let Db::Lite(lite) = &town.ctx().db {
            for (table, _) in COLUMNS {
                // Rows lie in the order of a random key: there is no number that grows with each insertion.
                let sql = format!("SELECT rowid FROM {table}");
                let found = sqlx::query(sqlx::AssertSqlSafe(sql))
                    .fetch_all(lite.readers())
                    .await;
                assert!(
                    found.is_err(),
                    "{table} has a rowid: it tells the order of insertion"
                );
            }
        }
    }
}

/// How many rows each table holds.
async fn sizes(db: &Db) -> BTreeMap<String, i64> {
    let sql = match db {
        Db::Lite(_) => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        Db::Pg(_) => {
            "SELECT table_name::text FROM information_schema.tables WHERE table_schema = current_schema()"
        }
    };
    let mut sizes = BTreeMap::new();
    for table in texts(db, sql).await {
        let sql = Box::leak(format!("SELECT COUNT(*) FROM {table}").into_boxed_str());
        let size: i64 = on_db!(db, c => sqlx::query_scalar(&*sql).fetch_one(c).await).unwrap();
        sizes.insert(table, size);
    }
    sizes
}

/// Every byte below a folder, by file.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            let bytes = std::fs::read(&path).unwrap();
            found.push((path, bytes));
        }
    }
    found
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

/// A copy of all tables as a backup would hold it: of SQLite the file, of PostgreSQL every row.
async fn backed_up(town: &Town, n: usize, backups: &Path) {
    match &town.ctx().db {
        Db::Lite(_) => {
            let file = backups.join(format!("backup-{n}.db"));
            town.ctx().db.copy_to(&file).await.unwrap();
        }
        Db::Pg(_) => {
            let mut dump = Vec::new();
            for table in sizes(&town.ctx().db).await.into_keys() {
                let sql = Box::leak(format!("SELECT row_to_json(t)::text FROM {table} t").into_boxed_str());
                for row in texts(&town.ctx().db, sql).await {
                    dump.extend_from_slice(row.as_bytes());
                    dump.push(b'\n');
                }
            }
            std::fs::write(backups.join(format!("backup-{n}.json")), dump).unwrap();
        }
    }
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn nothing_an_operator_holds_joins_a_ballot_to_its_voter() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let _listening = tracing::subscriber::set_default(subscriber);
    let mut secrets = vec!["electrice3@example.org".to_owned()];
    for town in Town::everywhere().await {
        let backups = town.folder.0.join("backups");
        std::fs::create_dir_all(&backups).unwrap();
        let path = opens(&mut town.mayor().await, &[]).await;
        let (id, key) = (id_of(&path), key_of(&town, &path).await);
        let mut voters = Vec::new();
        for n in 0..7 {
            voters.push(town.citizen(&format!("electrice{n}")).await);
        }
        let seal = std::fs::read(town.folder.0.join("urnes").join(format!("{id}.cle"))).unwrap();
        let before = sizes(&town.ctx().db).await;
        let mut receipts = Vec::new();
        for (n, voter) in voters.iter_mut().enumerate() {
            let prepared = Prepared::new(&key, id, if n % 2 == 0 { "0" } else { "1" }, 60 + n as u8);
            let receipt = prepared.signed(&prepared.asks(voter, &path).await);
            assert_eq!(
                sends(&town, &format!("{path}/bulletin"), &receipt).await.status,
                200
            );
            let ballot = &receipt.ballot;
            let bytes = [
                &ballot.serial[..],
                &ballot.randomizer,
                &ballot.signature,
                &prepared.blinding.blinded,
            ];
            for bytes in bytes {
                // In hexadecimal, and as Rust writes bytes.
                secrets.push(hex::encode(bytes));
                secrets.push(format!("{:?}", &bytes[..16]).trim_matches(['[', ']']).to_owned());
            }
            receipts.push((receipt, prepared));
            // A backup between any two votes: what came in between is one ballot and one voter.
            backed_up(&town, n, &backups).await;
        }
        // A vote leaves no row anywhere else: no task, no notice, no line of a journal.
        let after = sizes(&town.ctx().db).await;
        for (table, size) in &after {
            let grows = matches!(table.as_str(), "poll_register" | "poll_spent" | "poll_sealed");
            let expected = before[table] + if grows { 7 } else { 0 };
            assert_eq!(*size, expected, "{table}");
        }
        // Ballots in the locked box are of one length, and those that were mixed lie in the order of their tags.
        let lengths = blobs(&town.ctx().db, "SELECT ballot FROM poll_sealed").await;
        assert!(lengths.iter().all(|ballot| ballot.len() == lengths[0].len()));
        mixed_box_tells_no_order(&town).await;
        let while_open = files(&backups);
        town.waits(Duration::from_secs(8 * 86_400)).await;
        no_copy_tells_a_ballot(&while_open, &receipts, &seal);
        opened_box_tells_no_order(&town, &receipts).await;
        // The database as it lies on the disk, with its log and its free pages; and the backups again.
        for (file, bytes) in files(&town.folder.0) {
            assert!(
                !holds(&bytes, &seal),
                "{} holds the key of the box",
                file.display()
            );
        }
    }
    let log = log.0.lock().unwrap().clone();
    let said = String::from_utf8_lossy(&log);
    assert!(said.len() > 100, "nothing was logged: the test hears nothing");
    for secret in secrets {
        assert!(!said.contains(&secret), "the log holds `{secret}`");
    }
}

/// In no copy made while the poll ran does anything of a ballot stand that the published list shows later.
fn no_copy_tells_a_ballot(
    copies: &[(PathBuf, Vec<u8>)],
    receipts: &[(polls::model::Receipt, Prepared)],
    seal: &[u8],
) {
    assert!(copies.len() >= 7);
    for (file, bytes) in copies {
        assert!(!holds(bytes, seal), "{} holds the key of the box", file.display());
        for (receipt, _) in receipts {
            let ballot = &receipt.ballot;
            let hash = ballot.key(receipt.poll);
            for secret in [&ballot.serial[..], &ballot.randomizer, &ballot.signature, &hash] {
                let hex = hex::encode(secret);
                assert!(
                    !holds(bytes, secret) && !holds(bytes, hex.as_bytes()),
                    "{} holds something of a ballot",
                    file.display()
                );
            }
        }
    }
    // The search would find what is there: the blinded ballot is, and says nothing of the ballot.
    let (_, last) = copies.iter().max_by_key(|(file, _)| file.clone()).unwrap();
    let blinded = &receipts[0].1.blinding.blinded;
    assert!(holds(last, blinded) || holds(last, hex::encode(blinded).as_bytes()));
}

async fn mixed_box_tells_no_order(town: &Town) {
    if let Db::Pg(_) = &town.ctx().db {
        let physical = blobs(
            &town.ctx().db,
            "SELECT tag FROM poll_sealed WHERE NOT fresh ORDER BY ctid",
        )
        .await;
        let mut sorted = physical.clone();
        sorted.sort();
        assert_eq!((physical.len(), &physical), (5, &sorted));
        let writers = texts(
            &town.ctx().db,
            "SELECT DISTINCT xmin::text FROM poll_sealed WHERE NOT fresh",
        )
        .await;
        assert_eq!(
            writers.len(),
            1,
            "mixed ballots were written by several transactions"
        );
    }
}

async fn opened_box_tells_no_order(town: &Town, receipts: &[(polls::model::Receipt, Prepared)]) {
    let db = &town.ctx().db;
    for (plain, physical, writers) in [
        (
            "SELECT hash FROM poll_ballot",
            "SELECT hash FROM poll_ballot ORDER BY ctid",
            "SELECT DISTINCT xmin::text FROM poll_ballot",
        ),
        (
            "SELECT hash FROM poll_signature",
            "SELECT hash FROM poll_signature ORDER BY ctid",
            "SELECT DISTINCT xmin::text FROM poll_signature",
        ),
    ] {
        let sql = if matches!(db, Db::Pg(_)) { physical } else { plain };
        let rows = blobs(db, sql).await;
        let mut sorted = rows.clone();
        sorted.sort();
        assert_eq!((rows.len(), &rows), (receipts.len(), &sorted), "{sql}");
        if matches!(db, Db::Pg(_)) {
            assert_eq!(texts(db, writers).await.len(), 1, "{writers}");
        }
    }
    if let Db::Lite(lite) = db {
        ballots_lie_in_the_order_of_their_hash(lite.path(), receipts);
    }
    for table in ["poll_register", "poll_spent", "poll_sealed"] {
        assert_eq!(sizes(db).await[table], 0, "{table} was not emptied");
    }
    let secrets = blobs(
        db,
        "SELECT COALESCE(private_key, register_key) FROM poll WHERE private_key IS NOT NULL OR register_key IS NOT NULL",
    )
    .await;
    assert!(secrets.is_empty());
}

/// Where the bytes of each ballot lie in the file and in its log says what the hash says, and nothing of the order of
/// the votes: a page holds a range of hashes, its cells in the order in which they were written, which is the hash's.
fn ballots_lie_in_the_order_of_their_hash(file: &Path, receipts: &[(polls::model::Receipt, Prepared)]) {
    const PAGE: usize = 4096;
    let mut wal = file.as_os_str().to_owned();
    wal.push("-wal");
    for (file, head, frame) in [(file.to_path_buf(), 0, PAGE), (PathBuf::from(wal), 32, PAGE + 24)] {
        let bytes = std::fs::read(&file).unwrap_or_default();
        let mut pages: BTreeMap<usize, Vec<(usize, [u8; 32])>> = BTreeMap::new();
        for (receipt, _) in receipts {
            let serial = &receipt.ballot.serial;
            if let Some(at) = bytes.windows(32).rposition(|window| window == serial) {
                let hash = receipt.ballot.key(receipt.poll);
                pages.entry((at - head) / frame).or_default().push((at, hash));
            }
        }
        let mut ranges = Vec::new();
        for cells in pages.values_mut() {
            cells.sort_unstable();
            let hashes: Vec<[u8; 32]> = cells.iter().map(|(_, hash)| *hash).collect();
            let mut sorted = hashes.clone();
            sorted.sort_unstable();
            ranges.push((sorted[0], sorted[sorted.len() - 1]));
            let back: Vec<[u8; 32]> = sorted.iter().rev().copied().collect();
            assert!(
                hashes == sorted || hashes == back,
                "{}: a page tells the order of the votes: {:?}",
                file.display(),
                cells.iter().map(|(at, hash)| (*at, hash[0])).collect::<Vec<_>>()
            );
        }
        ranges.sort_unstable();
        let apart = ranges.windows(2).all(|two| two[0].1 < two[1].0);
        assert!(
            apart,
            "{}: pages were filled in the order of the votes",
            file.display()
        );
    }
}
