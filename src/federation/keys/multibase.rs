//! Multibase with the base58 alphabet of Bitcoin, the only one Multikeys and proofs use here.

/// Longest text decoded: the work grows with its square.
const LONGEST: usize = 2048;

/// `z` and the bytes in base58.
pub(crate) fn encode(bytes: &[u8]) -> String {
    format!("z{}", bs58::encode(bytes).into_string())
}

/// The bytes of a text that begins with `z`.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let digits = text.strip_prefix('z').filter(|digits| digits.len() <= LONGEST)?;
    bs58::decode(digits).into_vec().ok()
}
