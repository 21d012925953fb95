//! The rules of the house (docs/ARCHITECTURE.md), read from the manifests, the sources and the migrations.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on stops"
)]

mod licences;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Rooms in the order in which each may know those before it.
const ORDER: [&str; 8] = [
    "platform",
    "federation",
    "commune",
    "account",
    "notifications",
    "discussion",
    "shell",
    "client_api",
];

/// Sections know all of the above and none of each other.
const SECTIONS: [&str; 5] = ["news", "agenda", "polls", "groups", "messages"];

/// Which room owns the tables whose name is, or begins with, this.
const TABLES: [(&str, &str); 11] = [
    ("platform_", "platform"),
    ("task", "platform"),
    ("mail", "platform"),
    ("media", "platform"),
    ("federation_", "federation"),
    ("commune", "commune"),
    ("account", "account"),
    ("notification", "notifications"),
    ("discussion_", "discussion"),
    ("client_", "client_api"),
    ("poll", "polls"),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn rooms() -> Vec<&'static str> {
    ORDER.iter().chain(&SECTIONS).copied().collect()
}

fn rank(room: &str) -> usize {
    ORDER.iter().position(|one| *one == room).unwrap_or(ORDER.len())
}

fn sources(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, ending, found);
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
}

/// The sources of a room: path from the room's folder, text. Tests are left out.
fn of_room(room: &str) -> Vec<(String, String)> {
    let folder = root().join("src").join(room);
    let mut found = Vec::new();
    sources(&folder, ".rs", &mut found);
    found
        .into_iter()
        .map(|path| {
            (
                path.strip_prefix(&folder).unwrap().to_string_lossy().into_owned(),
                path,
            )
        })
        .filter(|(name, _)| !name.contains("test") && !name.contains("samples"))
        .map(|(name, path)| (name, fs::read_to_string(path).unwrap()))
        .collect()
}

/// Without the tests at the bottom and the comments.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

fn is_store(name: &str) -> bool {
    name == "store.rs" || name.starts_with("store/")
}

#[test]
fn every_room_is_in_the_order() {
    let mut found: Vec<String> = fs::read_dir(root().join("src"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("Cargo.toml").exists())
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        // No rooms: one is for tests, the other stands alone so that it repeats no fault of ours.
        .filter(|name| !matches!(name.as_str(), "testkit" | "recount"))
        .collect();
    found.sort();
    let mut known: Vec<String> = rooms().iter().map(|room| (*room).to_owned()).collect();
    known.sort();
    assert_eq!(
        found, known,
        "name the room in federation-tests/architecture.rs and docs/ARCHITECTURE.md"
    );
}

#[test]
fn imports_go_down_only() {
    for room in rooms() {
        let manifest = fs::read_to_string(root().join("src").join(room).join("Cargo.toml")).unwrap();
        let dependencies = manifest.split("[dependencies]").nth(1).unwrap_or_default();
        let dependencies = dependencies.split("\n[").next().unwrap_or_default();
        for line in dependencies.lines() {
            let name = line.split(['.', ' ', '=']).next().unwrap_or_default();
            if rooms().contains(&name) {
                assert!(
                    !SECTIONS.contains(&name) && rank(name) < rank(room),
                    "{room} lists {name}: a room knows only those below it, and no section"
                );
            }
        }
    }
}

#[test]
fn sql_stands_in_the_store_only() {
    for room in rooms() {
        for (name, text) in of_room(room) {
            if is_store(&name) || (room == "platform" && (name.contains("store") || name == "testing.rs")) {
                continue;
            }
            let text = code(&text);
            for call in ["sqlx::query", "QueryBuilder", "on_db!(", "on_tx!("] {
                assert!(
                    !text.contains(call),
                    "src/{room}/{name} holds `{call}`: SQL stands in store only"
                );
            }
        }
    }
}

#[test]
fn the_web_stands_at_the_doors_only() {
    for room in rooms() {
        if matches!(room, "platform" | "shell" | "client_api") {
            continue;
        }
        for (name, text) in of_room(room) {
            let door = name.starts_with("pages")
                || name.starts_with("api")
                || name.starts_with("http")
                || name == "mod.rs"
                || (room == "federation" && name.starts_with("receive"));
            let uses = code(&text)
                .lines()
                .any(|line| line.trim_start().starts_with("use axum"));
            assert!(
                door || !uses,
                "src/{room}/{name} uses axum: only pages, api and http do"
            );
        }
    }
}

#[test]
fn doors_for_programs_describe_themselves() {
    for room in rooms() {
        for (name, text) in of_room(room) {
            let undescribed = code(&text)
                .replace(char::is_whitespace, "")
                .contains(".route(\"/api/parvis/");
            assert!(
                !undescribed,
                "src/{room}/{name}: what stands under /api/parvis is an `api_route`, so that the OpenAPI document knows it"
            );
        }
    }
}

#[test]
fn the_core_of_federation_knows_no_section() {
    for (name, text) in of_room("federation") {
        for word in ["news::", "Poll", "\"posts\"", "commune::"] {
            assert!(
                !code(&text).contains(word),
                "src/federation/{name} holds `{word}`: it knows no room above it"
            );
        }
    }
}

/// The tables of the migrations.
fn tables(engine: &str) -> BTreeSet<String> {
    let mut files = Vec::new();
    sources(&root().join("migrations").join(engine), ".sql", &mut files);
    let mut tables = BTreeSet::new();
    for file in files {
        for line in fs::read_to_string(file).unwrap().lines() {
            if let Some(rest) = line.trim().strip_prefix("CREATE TABLE ") {
                tables.insert(rest.split([' ', '(']).next().unwrap_or_default().to_owned());
            }
        }
    }
    tables
}

fn owner(table: &str) -> Option<&'static str> {
    if let Some(section) = SECTIONS
        .iter()
        .find(|section| table.starts_with(&format!("{section}_")))
    {
        return Some(section);
    }
    TABLES
        .iter()
        .find(|(name, _)| {
            table == name.trim_end_matches('_')
                || table.starts_with(&format!("{}_", name.trim_end_matches('_')))
        })
        .map(|(_, room)| *room)
}

#[test]
fn both_databases_have_the_same_tables_and_each_has_one_owner() {
    assert_eq!(tables("sqlite"), tables("postgres"));
    for table in tables("sqlite") {
        assert!(
            owner(&table).is_some(),
            "the table {table} begins with no room's noun"
        );
    }
}

#[test]
fn a_room_writes_its_own_tables_only() {
    let tables = tables("sqlite");
    let owners: BTreeMap<&str, &str> = tables
        .iter()
        .map(|table| (table.as_str(), owner(table).unwrap_or_default()))
        .collect();
    for room in rooms() {
        for (name, text) in of_room(room)
            .into_iter()
            .filter(|(name, _)| name.contains("store"))
        {
            let text = code(&text);
            for (table, owner) in &owners {
                for verb in ["INSERT INTO ", "UPDATE ", "DELETE FROM "] {
                    let written = text.match_indices(&format!("{verb}{table}")).any(|(at, found)| {
                        text[at + found.len()..].starts_with(|c: char| c.is_whitespace() || c == '"')
                    });
                    assert!(
                        !written || *owner == room,
                        "src/{room}/{name} writes {table}, which is {owner}'s: call a function of that room"
                    );
                }
            }
        }
    }
}

#[test]
fn no_work_is_left_in_comments() {
    let mut found = Vec::new();
    for folder in ["src", "templates", "migrations"] {
        sources(&root().join(folder), "", &mut found);
    }
    let words = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:")];
    for path in found
        .iter()
        .filter(|path| !path.to_string_lossy().contains("/static/"))
    {
        let Ok(text) = fs::read_to_string(path) else {
            continue;
        };
        for word in words {
            assert!(!text.contains(word), "{} holds {word}", path.display());
        }
    }
}

#[test]
fn the_recount_shares_nothing_with_what_it_recounts() {
    let manifest = fs::read_to_string(root().join("src/recount/Cargo.toml")).unwrap();
    for room in rooms() {
        assert!(
            !manifest.lines().any(|line| line.starts_with(&format!("{room}."))),
            "src/recount lists {room}: it must stand alone"
        );
    }
}
