//! Keys in every spelling, and those that must not pass.

use super::*;

/// One element of DER.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut out = vec![tag];
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => out.push(short),
        Ok(byte) => out.extend([0x81, byte]),
        Err(_) => {
            out.push(0x82);
            out.extend(u16::try_from(length).unwrap().to_be_bytes());
        }
    }
    out.extend_from_slice(content);
    out
}

fn integer(mut bytes: Vec<u8>) -> Vec<u8> {
    if bytes[0] & 0x80 != 0 {
        bytes.insert(0, 0);
    }
    element(0x02, &bytes)
}

/// An odd number of so many bits, in PKCS#1 with an exponent.
fn pkcs1(bits: usize, exponent: &[u8]) -> Vec<u8> {
    let mut modulus = vec![0xa7; bits.div_ceil(8)];
    let top = (bits - 1) % 8;
    modulus[0] = (1 << top) | (0x55 & ((1 << top) - 1));
    element(0x30, &[integer(modulus), integer(exponent.to_vec())].concat())
}

const E: &[u8] = &[1, 0, 1];

#[test]
fn rsa_sizes_from_2048_to_8192_bits() {
    for bits in [2048, 2049, 3072, 4096, 8192] {
        assert_eq!(
            PublicKey::from_der(&pkcs1(bits, E)).unwrap().kind(),
            KeyKind::Rsa,
            "{bits}"
        );
    }
    for bits in [512, 1024, 2047, 8193, 16384] {
        assert_eq!(PublicKey::from_der(&pkcs1(bits, E)), Err(KeyRefusal::Size(bits)));
    }
}

#[test]
fn rsa_exponents_must_be_sane() {
    for exponent in [&[3][..], &[17], E, &[1, 0xff, 0xff, 0xff, 0xff]] {
        assert!(
            PublicKey::from_der(&pkcs1(2048, exponent)).is_ok(),
            "{exponent:?}"
        );
    }
    for exponent in [
        &[1][..],
        &[2],
        &[1, 0, 0],
        &[3, 0xff, 0xff, 0xff, 0xff],
        &[0x7f; 20],
    ] {
        assert_eq!(
            PublicKey::from_der(&pkcs1(2048, exponent)),
            Err(KeyRefusal::Insane),
            "{exponent:?}"
        );
    }
    let mut even = pkcs1(2048, E);
    let last = even.len() - 6;
    even[last] = 0xa6;
    assert_eq!(PublicKey::from_der(&even), Err(KeyRefusal::Insane));
    // Zero and negative numbers are no numbers here.
    assert_eq!(
        PublicKey::from_der(&pkcs1(2048, &[0])),
        Err(KeyRefusal::Unreadable)
    );
    let negative = element(0x30, &[element(0x02, &[0x80; 256]), integer(E.to_vec())].concat());
    assert_eq!(PublicKey::from_der(&negative), Err(KeyRefusal::Unreadable));
}

#[test]
fn pem_in_every_spelling() {
    let key = PrivateKey::generate_rsa().unwrap();
    let pem = key.public_key().to_pem();
    assert!(pem.starts_with("-----BEGIN PUBLIC KEY-----\n") && pem.ends_with("-----END PUBLIC KEY-----\n"));
    assert!(pem.lines().all(|line| line.len() <= 64));
    let inner = der::spki(key.public_key().to_der());
    let Some(der::Spki::Rsa(pkcs1)) = inner else {
        panic!("{inner:?}")
    };
    for text in [
        pem.clone(),
        pem.replace('\n', "\r\n"),
        pem.replace('\n', "\r"),
        pem.replace('\n', "\\n"),
        pem.replace('\n', "\\r\\n"),
        pem.replace('\n', " "),
        pem.replace('\n', ""),
        format!("\n\n  {pem} \t\n"),
        format!("\u{feff}{pem}"),
        format!("\"{}\"", pem.replace('\n', "\\n")),
        pem.trim_end().to_owned(),
        super::pem::encode("RSA PUBLIC KEY", pkcs1),
        // One form under the label of the other.
        super::pem::encode("PUBLIC KEY", pkcs1),
        pem.replace("PUBLIC KEY", "RSA PUBLIC KEY"),
    ] {
        assert_eq!(&PublicKey::from_pem(&text).unwrap(), key.public_key(), "{text}");
    }
    for text in [
        String::new(),
        "-----BEGIN PUBLIC KEY-----".to_owned(),
        "-----BEGIN PUBLIC KEY----------END PUBLIC KEY-----".to_owned(),
        pem.replace("END PUBLIC", "END RSA PUBLIC"),
        pem.replace("PUBLIC", "PRIVATE"),
        pem.replace("PUBLIC KEY", "CERTIFICATE"),
        format!("{pem}{pem}"),
        format!("{pem}trailing"),
        pem.replace("MII", "M%I"),
        format!("{pem}{}", " ".repeat(20_000)),
    ] {
        assert_eq!(PublicKey::from_pem(&text), Err(KeyRefusal::Unreadable), "{text}");
    }
}

#[test]
fn der_is_read_strictly() {
    let key = PrivateKey::generate_rsa().unwrap();
    let der = key.public_key().to_der().to_vec();
    assert_eq!(&PublicKey::from_der(&der).unwrap(), key.public_key());
    let mut longer = der.clone();
    longer.push(0);
    assert_eq!(PublicKey::from_der(&longer), Err(KeyRefusal::Unreadable));
    // A length in more bytes than needed.
    let wasteful = [&[0x30, 0x83, 0x00][..], &der[2..]].concat();
    assert_eq!(PublicKey::from_der(&wasteful), Err(KeyRefusal::Unreadable));
    assert_eq!(
        PublicKey::from_der(&[0x30, 0x80, 0, 0]),
        Err(KeyRefusal::Unreadable)
    );
    // An integer with a needless zero.
    let padded = element(
        0x30,
        &[
            element(0x02, &[vec![0, 0], vec![0xa7; 256]].concat()),
            integer(E.to_vec()),
        ]
        .concat(),
    );
    assert_eq!(PublicKey::from_der(&padded), Err(KeyRefusal::Unreadable));
}

fn spki(oid: &[u8], parameters: &[u8], key: &[u8]) -> Vec<u8> {
    let algorithm = element(0x30, &[element(0x06, oid), parameters.to_vec()].concat());
    let bits = element(0x03, &[&[0], key].concat());
    element(0x30, &[algorithm, bits].concat())
}

#[test]
fn other_kinds_of_keys_are_told_apart() {
    let p256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
    assert_eq!(
        PublicKey::from_der(&spki(&p256, &[5, 0], &[4; 65])),
        Err(KeyRefusal::UnknownKind)
    );
    let ed448 = [0x2b, 0x65, 0x71];
    assert_eq!(
        PublicKey::from_der(&spki(&ed448, &[], &[4; 57])),
        Err(KeyRefusal::UnknownKind)
    );
    let ed25519 = [0x2b, 0x65, 0x70];
    assert_eq!(
        PublicKey::from_der(&spki(&ed25519, &[], &[4; 31])),
        Err(KeyRefusal::Unreadable)
    );
    let pss = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a];
    let key = PublicKey::from_der(&spki(&pss, &[], &pkcs1(2048, E))).unwrap();
    assert_eq!(key.kind(), KeyKind::RsaPss);
    for algorithm in [
        Algorithm::RsaV15Sha256,
        Algorithm::RsaV15Sha512,
        Algorithm::Ed25519,
    ] {
        assert_eq!(
            key.verify(algorithm, b"x", &[0; 256]),
            Err(VerifyFailure::WrongKind)
        );
    }
    assert_eq!(
        key.verify(Algorithm::RsaPssSha512, b"x", &[0; 256]),
        Err(VerifyFailure::Mismatch)
    );
}

#[test]
fn multikeys() {
    let key = PrivateKey::generate_ed25519().unwrap();
    let text = key.public_key().to_multibase().unwrap();
    assert!(text.starts_with("z6Mk"));
    assert_eq!(&PublicKey::from_multibase(&text).unwrap(), key.public_key());
    assert_eq!(
        &PublicKey::from_pem(&key.public_key().to_pem()).unwrap(),
        key.public_key()
    );
    let rsa = multibase::encode(&[&[0x85, 0x24][..], &pkcs1(2048, E)].concat());
    assert_eq!(
        PublicKey::from_multibase(&rsa).unwrap(),
        PublicKey::from_der(&pkcs1(2048, E)).unwrap()
    );
    assert_eq!(PublicKey::from_multibase(&rsa).unwrap().to_multibase(), None);
    let secret = multibase::encode(&[&[0x80, 0x26][..], &[7; 32]].concat());
    assert_eq!(PublicKey::from_multibase(&secret), Err(KeyRefusal::UnknownKind));
    let short = multibase::encode(&[&[0xed, 0x01][..], &[7; 31]].concat());
    for bad in [
        "",
        "z",
        "z0",
        "m7Q",
        "6Mk",
        &text[1..],
        &text.to_uppercase(),
        short.as_str(),
        &"z1".repeat(4000),
    ] {
        assert_eq!(
            PublicKey::from_multibase(bad),
            Err(KeyRefusal::Unreadable),
            "{bad}"
        );
    }
}

#[test]
fn private_keys_come_back_from_storage() {
    for key in [
        PrivateKey::generate_rsa().unwrap(),
        PrivateKey::generate_ed25519().unwrap(),
    ] {
        let pem = key.to_pem().unwrap();
        assert!(pem.starts_with("-----BEGIN PRIVATE KEY-----\n"));
        for back in [
            PrivateKey::from_pem(&pem).unwrap(),
            PrivateKey::from_der(&key.to_der().unwrap()).unwrap(),
        ] {
            assert_eq!(back.public_key(), key.public_key());
            let signature = back.sign(b"message").unwrap();
            key.public_key()
                .verify(key.algorithm(), b"message", &signature)
                .unwrap();
            let verdict = key.public_key().verify(key.algorithm(), b"other", &signature);
            assert_eq!(verdict, Err(VerifyFailure::Mismatch));
        }
        // A public key is no private one, and neither is shown by accident.
        assert!(PrivateKey::from_pem(&key.public_key().to_pem()).is_err());
        assert!(!format!("{key:?}").contains("PRIVATE") && format!("{key:?}").len() < 120);
    }
    assert!(PrivateKey::from_pem("").is_err());
    assert!(PrivateKey::from_der(&[]).is_err());
}

#[test]
fn signatures_of_the_wrong_length_do_not_verify() {
    let key = PrivateKey::generate_rsa().unwrap();
    let signature = key.sign(b"x").unwrap();
    for wrong in [
        &signature[1..],
        &signature[..255],
        &[signature.as_slice(), &[0]].concat(),
        &[],
        &[0; 256],
        &[0xff; 256],
    ] {
        let verdict = key.public_key().verify(Algorithm::RsaV15Sha256, b"x", wrong);
        assert_eq!(verdict, Err(VerifyFailure::Mismatch));
    }
}
