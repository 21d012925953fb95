//! Stories of this room on every database.

use platform::testing::{self, TestFolder};

use crate::actions::{self, Place};
use crate::search::FoundBy;
use crate::{Dataset, InseeCode, store};

pub(crate) fn code(text: &str) -> InseeCode {
    text.parse().unwrap()
}

/// A context for each database the tests run on.
async fn everywhere(folder: &TestFolder) -> Vec<platform::Ctx> {
    let databases = testing::databases(folder).await.unwrap();
    databases
        .into_iter()
        .map(|db| testing::ctx(db, folder).unwrap())
        .collect()
}

/// Enough communes for most stories.
fn a_few() -> Dataset {
    crate::testing::sample().unwrap()
}

pub(crate) async fn with_a_few(folder: &TestFolder) -> Vec<platform::Ctx> {
    let all = everywhere(folder).await;
    for ctx in &all {
        actions::load_dataset(ctx, &a_few()).await.unwrap();
    }
    all
}

#[tokio::test]
async fn the_first_start_loads_all_of_france_and_the_second_nothing() {
    let folder = TestFolder::new();
    for ctx in everywhere(&folder).await {
        actions::load_embedded(&ctx).await.unwrap();
        let state = store::table_state(&ctx.db).await.unwrap().unwrap();
        assert_eq!((state.vintage, state.generation), (2026, 1));
        assert_eq!(store::addresses(&ctx.db).await.unwrap().len(), 34_969);
        actions::load_embedded(&ctx).await.unwrap();
        assert_eq!(store::table_state(&ctx.db).await.unwrap(), Some(state));
        let credit = actions::credit(&ctx).await.unwrap();
        assert!(
            credit.contains("millésime 2026, publié le 9\u{a0}mars 2026. Licence Ouverte 2.0."),
            "{credit}"
        );
        let (found, communes) = actions::search(&ctx, "Sainte-Colombe", 0..6).await.unwrap();
        assert_eq!((found.namesakes, communes.len()), (12, 6));
    }
}

#[tokio::test]
async fn two_processes_on_one_empty_postgresql_load_once() {
    let Some(db) = testing::postgres().await.unwrap() else {
        return;
    };
    let folder = TestFolder::new();
    let one = testing::ctx(db.clone(), &folder).unwrap();
    let other = testing::ctx(db, &folder).unwrap();
    let (first, second) = tokio::join!(actions::load_embedded(&one), actions::load_embedded(&other));
    first.unwrap();
    second.unwrap();
    assert_eq!(store::table_state(&one.db).await.unwrap().unwrap().generation, 1);
}

#[tokio::test]
async fn a_commune_comes_with_what_surrounds_it() {
    let folder = TestFolder::new();
    for ctx in with_a_few(&folder).await {
        let eze = actions::by_code(&ctx, code("06059")).await.unwrap().unwrap();
        assert_eq!(eze.name.of(), "d’Èze");
        assert_eq!((eze.address.as_str(), eze.handle.as_str()), ("eze-06", "eze"));
        assert_eq!(eze.department.of(), "des Alpes-Maritimes");
        assert_eq!(eze.region.shown(), "Provence-Alpes-Côte d’Azur");
        assert_eq!(
            eze.epci.as_ref().map(crate::Epci::shown).as_deref(),
            Some("Métropole Nice Côte d’Azur")
        );
        assert_eq!(
            (eze.district.as_deref(), eze.population),
            (Some("Nice"), Some(2144))
        );
        assert_eq!((eze.cartouche(), eze.time_zone()), ("06360", "Europe/Paris"));
        assert!(!eze.is_claimed());
        let around = store::neighbours(&ctx.db, &eze, 3).await.unwrap();
        assert_eq!(around[0].name.official(), "Nice");
        let paris = actions::by_code(&ctx, code("75056")).await.unwrap().unwrap();
        assert_eq!(paris.postal_range(), "75001 … 75116");
    }
}

#[tokio::test]
async fn old_codes_and_addresses_lead_on() {
    let folder = TestFolder::new();
    for ctx in with_a_few(&folder).await {
        let paris = actions::by_code(&ctx, code("75113")).await.unwrap().unwrap();
        assert_eq!(paris.code, code("75056"));
        for (address, leads) in [
            ("eze-06", "here eze-06"),
            ("Eze-06", "moved eze-06"),
            ("èze-06", "moved eze-06"),
            ("EZE 06", "moved eze-06"),
            ("06059", "moved eze-06"),
            ("75113", "moved paris-75"),
            ("paris-13e-arrondissement-75", "moved paris-75"),
            ("eze", "for eze-06"),
            ("eze-07", "nowhere"),
            ("", "nowhere"),
            ("....", "nowhere"),
        ] {
            let found = match actions::at(&ctx, address).await.unwrap() {
                Place::Here(commune) => format!("here {}", commune.address),
                Place::Moved(commune) => format!("moved {}", commune.address),
                Place::For(commune) => format!("for {}", commune.address),
                Place::Nowhere => "nowhere".to_owned(),
            };
            assert_eq!(found, leads, "{address:?}");
        }
        let lost = actions::like_address(&ctx, "eeze-06").await.unwrap();
        assert_eq!(lost[0].code, code("06059"));
    }
}

#[tokio::test]
async fn a_newer_table_replaces_the_old_one_and_keeps_what_people_did() {
    let folder = TestFolder::new();
    for ctx in with_a_few(&folder).await {
        let mut tx = ctx.db.begin().await.unwrap();
        let claim = crate::Claim {
            mayor: federation::ActorId(1),
            commune: federation::ActorId(2),
            claimed_at: testing::NOON,
            verified_by: "essai".to_owned(),
            verified_at: testing::NOON,
        };
        store::insert_claim(&mut tx, code("06059"), &claim).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            actions::search(&ctx, "eze", 0..5).await.unwrap().1[0].code,
            code("06059")
        );

        // Next year Èze is renamed, Èze's name goes to Cap-d'Ail, and Beaulieu merges into the renamed commune.
        let mut next = a_few();
        next.source.vintage = 2027;
        next.communes.retain(|commune| commune.code != code("06011"));
        next.formers.push(crate::dataset::Former {
            code: code("06011"),
            name: Some("Beaulieu-sur-Mer".to_owned()),
            kind: crate::FormerKind::Delegated,
            successor: code("06059"),
        });
        for commune in &mut next.communes {
            let renamed = match commune.code.as_str() {
                "06059" => ("Eze-Beaulieu", "eze-beaulieu"),
                "06032" => ("Èze", "eze"),
                _ => continue,
            };
            commune.name = crate::CommuneName::new(renamed.0, crate::Article::D);
            commune.names.slug = renamed.1.to_owned();
            commune.names.handle = renamed.1.to_owned();
            commune.names.address = format!("{}-06", renamed.1);
        }
        actions::load_dataset(&ctx, &next).await.unwrap();

        let renamed = actions::by_code(&ctx, code("06059")).await.unwrap().unwrap();
        assert_eq!(
            (renamed.address.as_str(), renamed.handle.as_str()),
            ("eze-beaulieu-06", "eze")
        );
        assert_eq!(renamed.claim, Some(claim));
        let newcomer = actions::by_code(&ctx, code("06032")).await.unwrap().unwrap();
        assert_eq!(
            (newcomer.address.as_str(), newcomer.handle.as_str()),
            ("eze-06", "eze-06")
        );
        let merged = actions::by_code(&ctx, code("06011")).await.unwrap().unwrap();
        assert_eq!(merged.code, code("06059"));
        for old in ["cap-d-ail-06", "beaulieu-sur-mer-06"] {
            assert!(
                matches!(actions::at(&ctx, old).await.unwrap(), Place::Moved(_)),
                "{old}"
            );
        }
        // The names in memory are those of the new table.
        let (found, _) = actions::search(&ctx, "beaulieu sur mer", 0..5).await.unwrap();
        assert_eq!(
            (found.by, found.codes.clone()),
            (FoundBy::Name, vec![code("06059")])
        );
        assert_eq!(
            actions::search(&ctx, "cap d ail", 0..5).await.unwrap().0.by,
            FoundBy::Likeness
        );

        let older = actions::load_dataset(&ctx, &a_few()).await;
        assert!(matches!(
            older,
            Err(actions::LoadError::Older {
                held: 2027,
                given: 2026
            })
        ));
        actions::load_dataset(&ctx, &next).await.unwrap();
    }
}

#[tokio::test]
async fn names_of_communes_are_kept_from_citizens() {
    let folder = TestFolder::new();
    for ctx in with_a_few(&folder).await {
        for (handle, reserved) in [
            ("eze", true),
            ("Eze_06", true),
            ("maire-eze", true),
            ("cap.d.ail", true),
            ("alice", false),
        ] {
            assert_eq!(
                actions::is_handle_reserved(&ctx, handle).await.unwrap(),
                reserved,
                "{handle}"
            );
        }
    }
}

#[tokio::test]
async fn people_who_wait_for_their_town_hall_are_counted() {
    let folder = TestFolder::new();
    for ctx in with_a_few(&folder).await {
        let mut tx = ctx.db.begin().await.unwrap();
        actions::citizen_joins(&mut tx, code("06059")).await.unwrap();
        actions::citizen_joins(&mut tx, code("06059")).await.unwrap();
        actions::citizen_leaves(&mut tx, code("06059")).await.unwrap();
        actions::citizen_leaves(&mut tx, code("33063")).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(store::reach(&ctx.db, code("06059")).await.unwrap(), 1);
        assert_eq!(store::reach(&ctx.db, code("33063")).await.unwrap(), 0);
    }
}
