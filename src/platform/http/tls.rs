//! The one TLS configuration of outgoing requests: the system's authorities and, if given, those of a file.

use std::path::Path;
use std::sync::Arc;

use rustls::client::Resumption;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use super::SetUpError;

/// Hosts whose TLS session is remembered, so that a delivery round to them does not pay for full handshakes.
const REMEMBERED_SESSIONS: usize = 2048;

pub(super) fn config(ca_file: Option<&Path>) -> Result<ClientConfig, SetUpError> {
    let mut roots = RootCertStore::empty();
    let system = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(system.certs);
    if roots.is_empty() {
        tracing::warn!("no certificate authorities found on this system: https peers cannot be reached");
    }
    if let Some(path) = ca_file {
        add_file(&mut roots, path)?;
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| SetUpError::Client(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config.resumption = Resumption::in_memory_sessions(REMEMBERED_SESSIONS);
    Ok(config)
}

fn add_file(roots: &mut RootCertStore, path: &Path) -> Result<(), SetUpError> {
    let wrong = |reason: String| SetUpError::Authorities {
        path: path.to_owned(),
        reason,
    };
    let certificates = CertificateDer::pem_file_iter(path).map_err(|error| wrong(error.to_string()))?;
    let mut added = 0;
    for certificate in certificates {
        let certificate = certificate.map_err(|error| wrong(error.to_string()))?;
        roots.add(certificate).map_err(|error| wrong(error.to_string()))?;
        added += 1;
    }
    if added == 0 {
        return Err(wrong("no certificate in this file".to_owned()));
    }
    Ok(())
}
