use std::sync::OnceLock;

use super::question::distance;
use super::*;
use crate::Dataset;

/// All of France.
fn france() -> &'static SearchIndex {
    static FRANCE: OnceLock<SearchIndex> = OnceLock::new();
    FRANCE.get_or_init(|| {
        let dataset = Dataset::embedded().unwrap();
        let postal: Vec<String> = dataset
            .communes
            .iter()
            .map(|commune| commune.postal_codes.join(" "))
            .collect();
        let department = |code: &str| {
            let found = dataset
                .departments
                .iter()
                .find(|department| department.territory.code == code)
                .unwrap();
            (found.territory.code.as_str(), found.territory.name.as_str())
        };
        let today = dataset
            .communes
            .iter()
            .zip(&postal)
            .map(|(commune, postal_codes)| Searchable {
                code: commune.code,
                name: commune.name.official(),
                former: false,
                without_article: commune.name.without_article(),
                department: department(&commune.department),
                population: commune.population.unwrap_or(0),
                postal_codes,
            });
        let places: HashMap<InseeCode, &crate::dataset::Record> = dataset
            .communes
            .iter()
            .map(|commune| (commune.code, commune))
            .collect();
        let formers = dataset.formers.iter().filter_map(|former| {
            let commune = places[&former.successor];
            former.name.as_deref().map(|name| Searchable {
                code: former.successor,
                name,
                former: true,
                without_article: name,
                department: department(&commune.department),
                population: commune.population.unwrap_or(0),
                postal_codes: "",
            })
        });
        SearchIndex::new(today.chain(formers))
    })
}

fn first(question: &str) -> String {
    let found = france().find(question, 0..1);
    found.codes.first().map(ToString::to_string).unwrap_or_default()
}

#[test]
fn the_index_knows_every_commune_and_stays_small() {
    assert_eq!(france().len(), 34_969);
    assert!(france().weight() < 4_000_000, "{}", france().weight());
}

#[test]
fn names_are_found_whatever_way_they_are_typed() {
    for (question, code) in [
        ("Èze", "06059"),
        ("eze", "06059"),
        ("EZE", "06059"),
        ("  èze ", "06059"),
        ("Eze 06", "06059"),
        ("l'hay-les-roses", "94038"),
        ("L’Haÿ les Roses", "94038"),
        ("lhay les roses", "94038"),
        ("hay les roses", "94038"),
        ("la rochelle", "17300"),
        ("rochelle", "17300"),
        ("larochelle", "17300"),
        ("st denis", "97411"),
        ("saint-denis 93", "93066"),
        ("Saint-Denis (93)", "93066"),
        ("saint denis 93200", "93066"),
        ("st-denis seine-saint-denis", "93066"),
        ("sainte colombe gironde", "33390"),
        ("Ste-Colombe (33)", "33390"),
        ("marœuil", "62557"),
        ("maroeuil", "62557"),
        ("y", "80829"),
        ("ajaccio 2a", "2A004"),
        ("denis saint 93", "93066"),
        ("ile d yeu", "85113"),
        ("lile dyeu", "85113"),
        ("paris 15", "75056"),
        ("stains", "93072"),
        ("villeneuve s/ lot", "47323"),
        ("2A004", "2A004"),
    ] {
        assert_eq!(first(question), code, "{question:?}");
    }
}

#[test]
fn beginnings_of_words_are_enough() {
    assert_eq!(first("marseil"), "13055");
    assert_eq!(first("boulogne bil"), "92012");
    assert_eq!(first("chamo mont"), "74056");
    assert_eq!(first("st"), first("saint"));
}

#[test]
fn homonyms_are_counted_and_come_first() {
    let found = france().find("Sainte-Colombe", 0..20);
    assert_eq!((found.namesakes, found.by), (12, FoundBy::Name));
    assert!(found.total > 12);
    let page = france().find("Sainte-Colombe", 6..12);
    assert_eq!(page.codes, found.codes[6..12]);
    assert_eq!(page.total, found.total);
}

#[test]
fn a_postal_code_gives_all_its_communes() {
    let found = france().find("51300", 0..100);
    assert_eq!(
        (found.by, found.total, found.codes.len()),
        (FoundBy::PostalCode, 46, 46)
    );
    assert_eq!(first("51300"), "51649");
    assert_eq!(first("06360"), "06059");
    assert_eq!(first("75015"), "75056");
    assert_eq!(first("0636"), "06059");
}

#[test]
fn an_insee_code_is_understood() {
    let found = france().find("06059", 0..5);
    assert_eq!((found.by, found.codes[0].as_str()), (FoundBy::InseeCode, "06059"));
}

#[test]
fn merged_communes_lead_to_their_successor_once() {
    assert_eq!(first("vernet la varenne"), "63448");
    let found = france().find("arbignieu", 0..5);
    assert_eq!((found.total, found.codes[0].as_str()), (1, "01015"));
}

#[test]
fn a_slip_of_the_finger_is_forgiven() {
    for (question, code) in [
        ("Marseile", "13055"),
        ("bordaux", "33063"),
        ("Villeurbane", "69266"),
        ("Strasbuorg", "67482"),
    ] {
        let found = france().find(question, 0..3);
        assert_eq!(found.codes[0].as_str(), code, "{question:?}");
    }
    assert_eq!(france().find("marseile", 0..3).by, FoundBy::Likeness);
}

#[test]
fn nonsense_finds_nothing_and_harms_nothing() {
    for question in [
        "",
        "  ",
        "'",
        "%",
        "_",
        "\0",
        "zzzzqqqq",
        "日本",
        "99999",
        "123456789012345678901234567890",
    ] {
        assert_eq!(france().find(question, 0..10).total, 0, "{question:?}");
    }
    let endless = "saint ".repeat(100_000);
    france().find(&endless, 0..10);
}

#[test]
fn letters_are_counted_as_changed_added_dropped_or_swapped() {
    assert_eq!(distance("abc", "abc", 2), Some(0));
    assert_eq!(distance("abc", "acb", 2), Some(1));
    assert_eq!(distance("abc", "ab", 2), Some(1));
    assert_eq!(distance("abcd", "xbyd", 2), Some(2));
    assert_eq!(distance("abcd", "wxyz", 2), None);
    assert_eq!(distance("", "a", 1), Some(1));
}
