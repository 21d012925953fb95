use super::*;

fn whole() -> &'static Dataset {
    static WHOLE: std::sync::OnceLock<Dataset> = std::sync::OnceLock::new();
    WHOLE.get_or_init(|| Dataset::embedded().unwrap())
}

fn commune(code: &str) -> &'static Record {
    let code = code.parse().unwrap();
    whole()
        .communes
        .iter()
        .find(|commune| commune.code == code)
        .unwrap()
}

#[test]
fn every_commune_of_france_is_there() {
    let france = whole();
    assert_eq!(france.source.vintage, 2026);
    assert_eq!(Dataset::embedded_vintage(), Ok(2026));
    assert_eq!(france.communes.len(), 34_969);
    assert_eq!(
        france
            .communes
            .iter()
            .filter_map(|commune| commune.population)
            .sum::<i64>(),
        68_952_941
    );
    assert_eq!(
        (france.departments.len(), france.regions.len(), france.epci.len()),
        (109, 26, 1255)
    );
    let without_mayor = france
        .communes
        .iter()
        .filter(|commune| !commune.status.has_mayor())
        .count();
    assert_eq!(without_mayor, 2 + 5 + 3 + 1);
}

#[test]
fn a_commune_has_its_figures() {
    let eze = commune("06059");
    assert_eq!(eze.name.of(), "d’Èze");
    assert_eq!(eze.siren.as_deref(), Some("210600599"));
    assert_eq!(
        (eze.population, eze.postal_codes.clone()),
        (Some(2144), vec!["06360".to_owned()])
    );
    assert_eq!(commune("29155").epci, None);
    assert_eq!(commune("75056").postal_codes.len(), 21);
    assert_eq!(commune("98809").name.of(), "de L’Île-des-Pins");
    assert_eq!(commune("63448").name.of(), "du Vernet-Chaméane");
}

#[test]
fn addresses_and_handles_are_unique_in_france() {
    let names: Vec<&Names> = whole().communes.iter().map(|commune| &commune.names).collect();
    let distinct = |values: Vec<&String>| values.into_iter().collect::<HashSet<_>>().len();
    assert_eq!(
        distinct(names.iter().map(|names| &names.address).collect()),
        34_969
    );
    let handles = names
        .iter()
        .flat_map(|names| [&names.handle, &names.mayor_handle])
        .collect();
    assert_eq!(distinct(handles), 2 * 34_969);
    let of = |code: &str| &commune(code).names;
    assert_eq!(of("06059").handle, "eze");
    assert_eq!(of("06059").mayor_handle, "maire-eze");
    assert_eq!(of("93066").handle, "saint-denis-93");
    assert_eq!(of("2A004").address, "ajaccio-2a");
    assert_eq!(of("86143").handle, "maire-86");
    for names in &names {
        assert!(names.mayor_handle.len() <= crate::model::HANDLE_MAX);
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        assert!(names.mayor_handle.bytes().all(plain), "{names:?}");
    }
}

#[test]
fn old_codes_lead_to_a_commune_of_today() {
    let find = |code: &str| {
        whole()
            .formers
            .iter()
            .find(|former| former.code.as_str() == code)
            .unwrap()
    };
    assert_eq!(find("75101").successor.as_str(), "75056");
    assert_eq!(find("60455").successor.as_str(), "60694");
    assert_eq!(
        (find("01018").kind, find("01018").name.clone()),
        (FormerKind::Former, None)
    );
    assert_eq!(find("63448").name.as_deref(), Some("Vernet-la-Varenne"));
}

#[test]
fn a_part_of_the_table_can_be_taken() {
    let corsica = whole().clone().only_departments(&["2A", "2B"]);
    assert_eq!(corsica.communes.len(), 360);
    // Handles depend on all of France, also where only a part of it is kept.
    let seine = whole().clone().only_communes(&["93066".parse().unwrap()]);
    assert_eq!(seine.communes[0].names.handle, "saint-denis-93");
    assert!(
        corsica
            .formers
            .iter()
            .all(|former| former.successor.as_str().starts_with('2'))
    );
    assert_eq!(
        whole()
            .clone()
            .only_communes(&["06059".parse().unwrap()])
            .communes
            .len(),
        1
    );
}

const SMALL: &str = "@source\tcle\tvaleur\nformat\t1\nmillesime\t2027\npublication\t2027-03-01\npaquet\tessai\nlicence\tLicence Ouverte 2.0\n\
    @regions\tcode\tnom\tarticle\n93\tProvence-Alpes-Côte d'Azur\t0\n\
    @departements\tcode\tnom\tarticle\tregion\tchef_lieu\n06\tAlpes-Maritimes\t4\t93\t06088\n\
    @arrondissements\tcode\tnom\n062\tNice\n\
    @epci\tcode\tnom\ttype\n200030195\tMétropole Nice Côte d'Azur\tMETRO\n\
    @communes\tcode\tnom\tarticle\tstatut\tdepartement\tregion\tarrondissement\tepci\tsiren\tpopulation\tcodes_postaux\n\
    06059\tÈze\t1\tcommune\t06\t93\t062\t200030195\t210600599\t2144\t06360\n\
    @anciennes\tcode\tnom\tgenre\tcommune\n06999\t\tancienne\t06059\n";

#[test]
fn an_unpacked_table_with_foreign_line_ends_and_more_columns_is_read() {
    let small = Dataset::read(SMALL.as_bytes()).unwrap();
    assert_eq!(
        (small.source.vintage, small.communes.len(), small.formers.len()),
        (2027, 1, 1)
    );
    assert_eq!(
        Dataset::read(SMALL.replace('\n', "\r\n").as_bytes()).unwrap(),
        small
    );
    let wider = SMALL
        .replace("@regions\tcode", "@regions\tnouveau\tcode")
        .replace("\n93\tProv", "\n?\t93\tProv");
    assert_eq!(Dataset::read(wider.as_bytes()).unwrap(), small);
}

#[test]
fn a_wrong_table_is_refused_with_the_reason() {
    for (from, to, reason) in [
        (
            "06059\tÈze",
            "6059\tÈze",
            "line 16 of the table: code: an INSEE code has five characters, as 06059 or 2A004",
        ),
        (
            "06360",
            "6360",
            "line 16 of the table: codes_postaux: a postal code has five digits",
        ),
        (
            "2144",
            "-1",
            "line 16 of the table: population: this is no number of inhabitants",
        ),
        (
            "210600599",
            "21060059",
            "line 16 of the table: siren: a SIREN has nine digits",
        ),
        (
            "\tcommune\t06",
            "\tville\t06",
            "line 16 of the table: statut: “ville” is no kind of territory",
        ),
        (
            "Èze\t1",
            "\t1",
            "line 16 of the table: nom: there must be a word here",
        ),
        (
            "Èze\t1",
            "Èze\t9",
            "line 16 of the table: article: 9 is not an article code (0 to 8)",
        ),
        ("\t06360", "", "line 16 of the table: 10 fields instead of 11"),
        (
            "\tstatut",
            "",
            "line 15 of the table: the section @communes has no column “statut”",
        ),
        (
            "@communes",
            "@towns",
            "the table does not hold together: the section @communes is missing",
        ),
        (
            "\t06\t93\t062",
            "\t07\t93\t062",
            "the table does not hold together: 06059 lies in an unknown département, 07",
        ),
        (
            "ancienne\t06059",
            "ancienne\t06060",
            "the table does not hold together: 06999 leads to 06060, which is not there",
        ),
        (
            "format\t1",
            "format\t2",
            "the table does not hold together: it is of a format this program does not know",
        ),
        (
            "06059\tÈze\t1",
            "06059\t---\t1",
            "the table does not hold together: the name of 06059 has no letter",
        ),
    ] {
        let broken = SMALL.replacen(from, to, 1);
        assert_ne!(broken, SMALL, "{from:?}");
        assert_eq!(Dataset::read(broken.as_bytes()).unwrap_err().to_string(), reason);
    }
}

#[test]
fn what_is_no_table_is_refused() {
    assert!(Dataset::read(b"").is_err());
    assert!(Dataset::read(&[0xff, 0xfe]).is_err());
    assert!(Dataset::read(&EMBEDDED[..EMBEDDED.len() / 2]).is_err());
}
