//! Names by which the outside knows a commune: its address on this site and its handles.

/// No handle is longer.
pub const HANDLE_MAX: usize = 64;

/// Handles that only the town hall, the operator or the program itself may bear.
const OFFICIAL: &[&str] = &[
    "abuse",
    "accueil",
    "actor",
    "adjoint",
    "adjointe",
    "admin",
    "administrateur",
    "administration",
    "administrator",
    "aide",
    "alerte",
    "alertes",
    "all",
    "anonyme",
    "anonymous",
    "ap",
    "api",
    "authorize",
    "bot",
    "ccas",
    "comite",
    "commune",
    "communes",
    "conseil",
    "contact",
    "contacts",
    "departement",
    "dpd",
    "dpo",
    "ecole",
    "election",
    "elections",
    "elu",
    "elue",
    "elus",
    "email",
    "etat",
    "everyone",
    "federation",
    "gendarmerie",
    "gouv",
    "gouvernement",
    "help",
    "here",
    "hostmaster",
    "inbox",
    "info",
    "infos",
    "instance",
    "local",
    "mail",
    "mailer-daemon",
    "maire",
    "mairie",
    "mairies",
    "me",
    "media",
    "moderateur",
    "moderation",
    "moderator",
    "moderatrice",
    "moi",
    "news",
    "nobody",
    "no-reply",
    "noreply",
    "null",
    "officiel",
    "officielle",
    "operateur",
    "operator",
    "outbox",
    "owner",
    "parvis",
    "pompiers",
    "police",
    "postmaster",
    "prefecture",
    "prefet",
    "prefete",
    "presidence",
    "public",
    "region",
    "registre",
    "relay",
    "root",
    "samu",
    "sapeurs-pompiers",
    "secretaire",
    "secretariat",
    "security",
    "securite",
    "senat",
    "server",
    "service",
    "services",
    "signalement",
    "signalements",
    "sous-prefecture",
    "sous-prefet",
    "staff",
    "support",
    "system",
    "systeme",
    "test",
    "tous",
    "undefined",
    "urgence",
    "urgences",
    "user",
    "ville",
    "webmaster",
    "www",
];

/// Words that make a handle look official wherever they stand in it: `le-maire-eze`, `eze.mairie`.
const OFFICIAL_ANYWHERE: &[&str] = &[
    "admin",
    "gouv",
    "maire",
    "mairie",
    "officiel",
    "officielle",
    "prefecture",
    "prefet",
];

/// The commune's place on this site: slug and département, unique in France.
pub fn address(slug: &str, department: &str) -> String {
    format!("{slug}-{}", department.to_ascii_lowercase())
}

/// The commune's handle: its slug when no other commune of France has it, else its address.
///
/// A slug that is an official word is never a handle by itself (Mairé, in Vienne, would be `@maire`).
pub fn commune_handle(slug: &str, department: &str, alone: bool) -> String {
    if alone && !OFFICIAL.contains(&slug) {
        slug.to_owned()
    } else {
        address(slug, department)
    }
}

/// Words with which the handles of groups begin: nobody passes for one.
const OFFICIAL_FIRST: [&str; 4] = ["groupe", "groupes", "group", "groups"];

/// The handle of the mayor's office.
pub fn mayor_handle(commune_handle: &str) -> String {
    format!("maire-{commune_handle}")
}

/// The handle as one compares it: case and the kind of separator make no difference to the eye.
pub fn plain_handle(handle: &str) -> String {
    let mut plain = String::with_capacity(handle.len());
    for letter in handle.chars() {
        let letter = if matches!(letter, '_' | '.' | '-') {
            '-'
        } else {
            letter.to_ascii_lowercase()
        };
        if letter != '-' || !(plain.is_empty() || plain.ends_with('-')) {
            plain.push(letter);
        }
    }
    plain.truncate(plain.trim_end_matches('-').len());
    plain
}

/// Whether a citizen may not bear this handle, whatever communes there are: official words, and
/// everything that passes for a mayor or a town hall. The names of communes are asked of the store.
pub fn is_reserved(handle: &str) -> bool {
    let plain = plain_handle(handle);
    plain.is_empty()
        || OFFICIAL.contains(&plain.as_str())
        || plain
            .split('-')
            .next()
            .is_some_and(|word| OFFICIAL_FIRST.contains(&word))
        || plain.split('-').any(|word| OFFICIAL_ANYWHERE.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commune_alone_with_its_name_bears_it() {
        assert_eq!(commune_handle("eze", "06", true), "eze");
        assert_eq!(commune_handle("saint-denis", "93", false), "saint-denis-93");
        assert_eq!(commune_handle("ajaccio", "2A", false), "ajaccio-2a");
        assert_eq!(mayor_handle("eze"), "maire-eze");
        assert_eq!(address("ajaccio", "2A"), "ajaccio-2a");
    }

    #[test]
    fn an_official_word_is_no_handle_of_a_commune() {
        assert_eq!(commune_handle("maire", "86", true), "maire-86");
    }

    #[test]
    fn citizens_do_not_pass_for_the_town_hall() {
        for handle in [
            "maire",
            "Maire-Eze",
            "maire_eze",
            "maire.eze",
            "mairie-eze",
            "le-maire-eze",
            "eze_mairie",
            "ADMIN",
            "support",
            "_maire_",
            "--",
            "",
            "no-reply",
            "parvis.officiel",
            "groupe-eze-sentiers",
            "Groupe.Eze",
            "prefet06",
        ] {
            let expected = handle != "prefet06";
            assert_eq!(is_reserved(handle), expected, "{handle:?}");
        }
    }

    #[test]
    fn citizens_keep_their_names() {
        for handle in [
            "lemaire",
            "alice",
            "jean-mairesse",
            "marie",
            "public_enemy",
            "citoyenne",
            "mon-groupe",
            "groupie",
        ] {
            assert!(!is_reserved(handle), "{handle:?}");
        }
    }

    #[test]
    fn separators_do_not_tell_handles_apart() {
        assert_eq!(plain_handle("Saint_Denis.93"), "saint-denis-93");
        assert_eq!(plain_handle("-a--b_"), "a-b");
    }
}
