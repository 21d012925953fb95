//! What `deny.toml` says of licences and sources, held against every package of the lock file that is built here.

use std::process::Command;

use serde_json::Value;

fn deny() -> toml::Table {
    let text = std::fs::read_to_string(super::root().join("deny.toml")).unwrap();
    toml::from_str(&text).unwrap()
}

/// The packages that this machine builds.
fn packages() -> Vec<Value> {
    let rustc = Command::new("rustc").arg("-vV").output().unwrap();
    let said = String::from_utf8(rustc.stdout).unwrap();
    let host = said.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let metadata = Command::new(cargo)
        .args(["metadata", "--offline", "--locked", "--format-version", "1"])
        .args(["--filter-platform", host])
        .current_dir(super::root())
        .output()
        .unwrap();
    assert!(
        metadata.status.success(),
        "{}",
        String::from_utf8_lossy(&metadata.stderr)
    );
    let metadata: Value = serde_json::from_slice(&metadata.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

/// Whether an SPDX expression can be fulfilled with these licences alone.
fn is_allowed(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let (fulfilled, rest) = any(&words, allowed);
    assert!(rest.is_empty(), "{expression} cannot be read");
    fulfilled
}

/// One of several, of which each may be all of several.
fn any<'a>(words: &'a [&'a str], allowed: &[String]) -> (bool, &'a [&'a str]) {
    let (mut fulfilled, mut rest) = all(words, allowed);
    while let Some(("OR", after)) = rest.split_first().map(|(word, after)| (*word, after)) {
        let (one, left) = all(after, allowed);
        fulfilled |= one;
        rest = left;
    }
    (fulfilled, rest)
}

fn all<'a>(words: &'a [&'a str], allowed: &[String]) -> (bool, &'a [&'a str]) {
    let (mut fulfilled, mut rest) = one(words, allowed);
    while let Some(("AND", after)) = rest.split_first().map(|(word, after)| (*word, after)) {
        let (other, left) = one(after, allowed);
        fulfilled &= other;
        rest = left;
    }
    (fulfilled, rest)
}

/// A licence, with its exception if it has one (an exception only gives), or an expression in brackets.
fn one<'a>(words: &'a [&'a str], allowed: &[String]) -> (bool, &'a [&'a str]) {
    match words {
        ["(", inner @ ..] => {
            let (fulfilled, rest) = any(inner, allowed);
            assert_eq!(rest.first(), Some(&")"));
            (fulfilled, &rest[1..])
        }
        [licence, "WITH", _, rest @ ..] | [licence, rest @ ..] => {
            (allowed.iter().any(|known| known == licence), rest)
        }
        [] => (false, words),
    }
}

fn texts(value: &toml::Value) -> Vec<String> {
    let list = value.as_array().unwrap();
    list.iter().map(|one| one.as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_package_may_be_here() {
    let deny = deny();
    let allowed = texts(&deny["licenses"]["allow"]);
    let registries = texts(&deny["sources"]["allow-registry"]);
    let banned: Vec<&str> = deny["bans"]["deny"]
        .as_array()
        .unwrap()
        .iter()
        .map(|ban| ban["crate"].as_str().unwrap())
        .collect();
    let packages = packages();
    assert!(packages.len() > 100, "only {} packages", packages.len());
    let mut used: Vec<&String> = Vec::new();
    for package in &packages {
        let name = package["name"].as_str().unwrap();
        let licence = package["license"].as_str().unwrap_or("none");
        assert!(is_allowed(licence, &allowed), "{name} is under {licence}");
        used.extend(allowed.iter().filter(|one| licence.contains(one.as_str())));
        if let Some(source) = package["source"].as_str() {
            let known = registries
                .iter()
                .any(|registry| source == format!("registry+{registry}"));
            assert!(known, "{name} comes from {source}");
        }
        assert!(!banned.contains(&name), "{name} is refused in deny.toml");
    }
    let idle: Vec<&String> = allowed.iter().filter(|one| !used.contains(one)).collect();
    assert!(
        idle.is_empty(),
        "nothing is under {idle:?}: take it out of deny.toml"
    );
    let federation = packages
        .iter()
        .find(|package| package["name"] == "activitypub_federation")
        .unwrap();
    let version = federation["version"].as_str().unwrap();
    assert!(
        version.starts_with("0.7.") && banned.contains(&"activitypub_federation@<0.6.6"),
        "{version}: read docs/decisions/0004 first"
    );
}

#[test]
fn expressions_are_read_as_spdx_means_them() {
    let allowed = ["MIT".to_owned(), "Apache-2.0".to_owned(), "ISC".to_owned()];
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-2.0-only", false),
        ("GPL-2.0-only OR MIT", true),
        ("MIT/Apache-2.0", true),
        ("MIT AND BSL-1.0", false),
        ("ISC AND (Apache-2.0 OR BSL-1.0) AND MIT", true),
        ("GPL-2.0-only OR MIT AND BSL-1.0", false),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("none", false),
    ] {
        assert_eq!(is_allowed(expression, &allowed), expected, "{expression}");
    }
}
