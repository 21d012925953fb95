//! Foreign JSON, read within bounds: depth, number of values, no NUL, none of JSON-LD's traps.

use serde_json::Value;

/// How deep values may be nested. Real activities stay under ten.
const DEEPEST: usize = 32;
/// How many values a document may hold.
const MOST_VALUES: usize = 100_000;
/// Words of JSON-LD by which one document can carry others unseen (INTEROP 2.7).
const TRAPS: [&str; 3] = ["@graph", "@included", "@reverse"];

/// Why a text is not taken as a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum JsonRefusal {
    /// Not JSON in UTF-8.
    #[error("this is not JSON")]
    Malformed,
    /// Nested too deep.
    #[error("nested deeper than {DEEPEST} levels")]
    TooDeep,
    /// Too many values.
    #[error("more than {MOST_VALUES} values")]
    TooMany,
    /// A NUL character, which no database text can hold.
    #[error("a NUL character in a text")]
    Nul,
    /// `@graph`, `@included` or `@reverse`.
    #[error("{0} is not read here")]
    Trap(&'static str),
}

/// Reads a document.
pub(crate) fn parse(bytes: &[u8]) -> Result<Value, JsonRefusal> {
    bounds(bytes)?;
    let value = serde_json::from_slice(bytes).map_err(|_malformed| JsonRefusal::Malformed)?;
    inspect(&value)?;
    Ok(value)
}

/// Counts before anything is allocated: the bytes alone tell depth and number.
fn bounds(bytes: &[u8]) -> Result<(), JsonRefusal> {
    let (mut depth, mut values, mut in_text, mut escaped) = (0usize, 0usize, false, false);
    for byte in bytes {
        if in_text {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_text = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_text = true,
            b'{' | b'[' => {
                depth += 1;
                values += 1;
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            b',' => values += 1,
            _ => {}
        }
        if depth > DEEPEST {
            return Err(JsonRefusal::TooDeep);
        }
        if values > MOST_VALUES {
            return Err(JsonRefusal::TooMany);
        }
    }
    Ok(())
}

fn inspect(value: &Value) -> Result<(), JsonRefusal> {
    match value {
        Value::String(text) if text.contains('\0') => Err(JsonRefusal::Nul),
        Value::Array(items) => items.iter().try_for_each(inspect),
        Value::Object(map) => map.iter().try_for_each(|(name, value)| {
            if let Some(trap) = TRAPS.into_iter().find(|trap| trap == name) {
                return Err(JsonRefusal::Trap(trap));
            }
            if name.contains('\0') {
                return Err(JsonRefusal::Nul);
            }
            inspect(value)
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: impl AsRef<[u8]>) -> JsonRefusal {
        parse(text.as_ref()).unwrap_err()
    }

    #[test]
    fn depth_is_counted_outside_texts_only() {
        let nested = |n: usize| format!("{}1{}", "[".repeat(n), "]".repeat(n));
        assert!(parse(nested(32).as_bytes()).is_ok());
        assert_eq!(refusal(nested(33)), JsonRefusal::TooDeep);
        assert_eq!(
            refusal("[".repeat(100_000) + &"]".repeat(100_000)),
            JsonRefusal::TooDeep
        );
        assert!(parse(br#"{"a":"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"[["}"#).is_ok());
    }

    #[test]
    fn crowds_are_refused_before_they_are_read() {
        let many = format!("[{}1]", "1,".repeat(100_001));
        assert_eq!(refusal(many), JsonRefusal::TooMany);
    }

    #[test]
    fn nul_and_traps_are_found_anywhere() {
        for text in [
            r#"{"a":"x\u0000"}"#,
            r#"{"a\u0000":1}"#,
            r#"{"a":[{"b":["\u0000"]}]}"#,
        ] {
            assert_eq!(refusal(text), JsonRefusal::Nul, "{text}");
        }
        assert_eq!(refusal(r#"{"a":[{"@graph":[]}]}"#), JsonRefusal::Trap("@graph"));
        assert_eq!(refusal(r#"{"@reverse":{}}"#), JsonRefusal::Trap("@reverse"));
    }

    #[test]
    fn what_is_not_json_is_malformed() {
        for text in [
            &b""[..],
            b"{",
            b"{}{}",
            b"{} \0",
            br#"{"a":1,}"#,
            b"NaN",
            br#"{"a":"\ud800"}"#,
            b"\xff\xfe{\0}\0",
            b"{\"a\":\"\xe9\"}",
            b"/* */{}",
            b"\xef\xbb\xbf{}",
        ] {
            assert_eq!(
                refusal(text),
                JsonRefusal::Malformed,
                "{}",
                String::from_utf8_lossy(text)
            );
        }
    }
}
