//! Encrypted connections: roots of trust, and certificates by which both sides know each other.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use serde::Deserialize;

/// Files in PEM.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Certificates {
    /// Authorities that are trusted besides the public ones; a server trusts only these.
    #[serde(default)]
    pub authorities: Option<PathBuf>,
    /// By which the other side knows us.
    #[serde(default)]
    pub certificate: Option<PathBuf>,
    #[serde(default)]
    pub key: Option<PathBuf>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsError(pub String);

impl fmt::Display for TlsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for TlsError {}

impl Certificates {
    pub(crate) fn client(&self) -> Result<ClientConfig, TlsError> {
        let mut roots = RootCertStore::empty();
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        if let Some(path) = &self.authorities {
            add_authorities(&mut roots, path)?;
        }
        let builder = ClientConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(|error| TlsError(error.to_string()))?
            .with_root_certificates(roots);
        match self.own()? {
            Some((chain, key)) => {
                builder.with_client_auth_cert(chain, key).map_err(|error| TlsError(error.to_string()))
            }
            None => Ok(builder.with_no_client_auth()),
        }
    }

    /// Clients have to show a certificate of the authorities.
    pub(crate) fn server(&self) -> Result<ServerConfig, TlsError> {
        let needed = |what: &str| TlsError(format!("an encrypted server needs {what}"));
        let authorities =
            self.authorities.as_ref().ok_or_else(|| needed("the authorities of its clients"))?;
        let (chain, key) = self.own()?.ok_or_else(|| needed("a certificate and its key"))?;
        let mut roots = RootCertStore::empty();
        add_authorities(&mut roots, authorities)?;
        let verifier =
            rustls::server::WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider())
                .build()
                .map_err(|error| TlsError(error.to_string()))?;
        ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .map_err(|error| TlsError(error.to_string()))?
            .with_client_cert_verifier(verifier)
            .with_single_cert(chain, key)
            .map_err(|error| TlsError(error.to_string()))
    }

    fn own(&self) -> Result<Option<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)>, TlsError> {
        let (Some(certificate), Some(key)) = (&self.certificate, &self.key) else { return Ok(None) };
        let chain = certificates(certificate)?;
        let key = PrivateKeyDer::from_pem_file(key).map_err(|error| problem(key, &error.to_string()))?;
        Ok(Some((chain, key)))
    }
}

fn provider() -> Arc<rustls::crypto::CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

fn add_authorities(roots: &mut RootCertStore, path: &Path) -> Result<(), TlsError> {
    for certificate in certificates(path)? {
        roots.add(certificate).map_err(|error| problem(path, &error.to_string()))?;
    }
    Ok(())
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let certificates =
        CertificateDer::pem_file_iter(path).map_err(|error| problem(path, &error.to_string()))?;
    let certificates: Result<Vec<_>, _> = certificates.collect();
    match certificates.map_err(|error| problem(path, &error.to_string()))? {
        certificates if certificates.is_empty() => Err(problem(path, "it has no certificate")),
        certificates => Ok(certificates),
    }
}

fn problem(path: &Path, why: &str) -> TlsError {
    TlsError(format!("{}: {why}", path.display()))
}
