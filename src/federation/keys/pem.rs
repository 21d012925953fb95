//! PEM, as tolerant in reading as peers are careless in writing it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_PAD_INDIFFERENT;
use base64::prelude::BASE64_STANDARD;

/// Longest text looked at; an 8192-bit public key takes about 1,500 characters.
const LONGEST: usize = 16 * 1024;

/// The label and the bytes of the one block in `text`.
///
/// Line ends may be LF, CRLF, CR, blanks, the two characters `\n`, or missing.
pub(super) fn decode(text: &str) -> Option<(&str, Vec<u8>)> {
    if text.len() > LONGEST {
        return None;
    }
    let blank = |c: char| c.is_whitespace() || c == '\u{feff}';
    let text = text.trim_matches(blank).trim_matches('"').trim_matches(blank);
    let (label, rest) = text.strip_prefix("-----BEGIN ")?.split_once("-----")?;
    let (body, tail) = rest.split_once("-----END ")?;
    let after = tail.strip_prefix(label)?.strip_prefix("-----")?;
    if !without_line_ends(after).is_empty() {
        return None;
    }
    Some((
        label,
        STANDARD_PAD_INDIFFERENT.decode(without_line_ends(body)).ok()?,
    ))
}

/// Writes one block, 64 characters a line.
pub(super) fn encode(label: &str, der: &[u8]) -> String {
    let body = BASE64_STANDARD.encode(der);
    let mut text = format!("-----BEGIN {label}-----\n");
    let mut rest = body.as_str();
    while let Some((line, more)) = rest.split_at_checked(64) {
        text.push_str(line);
        text.push('\n');
        rest = more;
    }
    if !rest.is_empty() {
        text.push_str(rest);
        text.push('\n');
    }
    text.push_str("-----END ");
    text.push_str(label);
    text.push_str("-----\n");
    text
}

fn without_line_ends(text: &str) -> String {
    text.replace("\\r", "")
        .replace("\\n", "")
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect()
}
