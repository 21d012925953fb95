//! Handles of citizens: `[a-z0-9_]`, at most 30, made from the name.

use super::Refusal;

/// No citizen's handle is longer.
pub const HANDLE_MAX: usize = 30;

/// Reads a handle that was typed, with or without the at sign, in any case. Whether it is reserved or taken is
/// asked elsewhere.
///
/// # Errors
/// [`Refusal::NoHandle`].
pub fn parse_handle(typed: &str) -> Result<String, Refusal> {
    let handle = typed.trim().trim_start_matches('@').to_ascii_lowercase();
    let letters = handle
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    let named = handle.bytes().any(|byte| byte.is_ascii_lowercase());
    if letters && named && (3..=HANDLE_MAX).contains(&handle.len()) {
        Ok(handle)
    } else {
        Err(Refusal::NoHandle { max: HANDLE_MAX })
    }
}

/// Reads a handle given on the command line, where hyphens and shorter names are allowed.
///
/// # Errors
/// [`Refusal::NoHandle`].
pub fn parse_operator_handle(typed: &str) -> Result<String, Refusal> {
    let letters = typed
        .bytes()
        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-'));
    if letters && (1..=HANDLE_MAX).contains(&typed.len()) {
        Ok(typed.to_owned())
    } else {
        Err(Refusal::NoHandle { max: HANDLE_MAX })
    }
}

/// The handle that a name suggests: `Jeanne Lefèvre` is `jeanne_lefevre`. `salt` tells namesakes apart; with
/// `None` it is the name alone.
pub fn handle_of_name(name: &str, salt: Option<u64>) -> String {
    let mut stem = commune::model::slug(name).replace('-', "_");
    let tail = salt.map(|salt| format!("_{salt}")).unwrap_or_default();
    stem.truncate(HANDLE_MAX - tail.len());
    let stem = stem.trim_matches('_');
    // A name in another script leaves nothing, one of digits no name.
    if stem.len() < 3 || !stem.bytes().any(|byte| byte.is_ascii_lowercase()) {
        format!("citoyen{tail}")
    } else {
        format!("{stem}{tail}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handles_come_from_names() {
        assert_eq!(handle_of_name("Jeanne Lefèvre", None), "jeanne_lefevre");
        assert_eq!(handle_of_name("Jeanne Lefèvre", Some(48)), "jeanne_lefevre_48");
        assert_eq!(
            handle_of_name("Œdipe D’Aulnay-Müller", None),
            "oedipe_d_aulnay_muller"
        );
        assert_eq!(handle_of_name("田中", Some(7)), "citoyen_7");
        assert_eq!(handle_of_name("12 34", None), "citoyen");
        let long = handle_of_name(&"Anne ".repeat(20), Some(123_456));
        assert!(long.len() <= HANDLE_MAX && long.ends_with("_123456"));
        assert!(parse_handle(&long).is_ok());
    }

    #[test]
    fn handles_are_read() {
        assert_eq!(parse_handle(" @Jeanne_06 ").unwrap(), "jeanne_06");
        for bad in [
            "",
            "ab",
            "jeanne-06",
            "jeanne lefevre",
            "jeanné",
            "123",
            "___",
            &"a".repeat(31),
        ] {
            assert!(parse_handle(bad).is_err(), "{bad:?}");
        }
        assert!(
            parse_operator_handle("secretaire-2").is_ok() && parse_operator_handle("Secretaire").is_err()
        );
    }
}
