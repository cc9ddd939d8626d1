//! Connections: no redirects, no proxy but the configured one, own roots of trust, short waits.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, Response};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use crate::remote::RemoteError;

/// What connections differ in.
pub(crate) struct ClientOptions {
    pub ca_file: Option<PathBuf>,
    pub proxy: Option<String>,
    pub connect_timeout: Duration,
    /// Without a byte from the other side.
    pub read_timeout: Duration,
    /// All in all.
    pub timeout: Option<Duration>,
}

pub(crate) fn build_client(options: &ClientOptions) -> Result<Client, RemoteError> {
    // Whatever the names service says, `localhost` is this machine.
    let localhost = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
    let mut builder = Client::builder()
        .tls_backend_preconfigured(tls(options.ca_file.as_deref())?)
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .no_proxy()
        .http1_only()
        .user_agent("strizh")
        .connect_timeout(options.connect_timeout)
        .read_timeout(options.read_timeout)
        .pool_max_idle_per_host(1)
        .resolve_to_addrs("localhost", &localhost.map(|address| SocketAddr::new(address, 0)));
    if let Some(timeout) = options.timeout {
        builder = builder.timeout(timeout);
    }
    if let Some(proxy) = &options.proxy {
        let proxy = reqwest::Proxy::all(proxy.as_str()).map_err(client_error)?;
        builder = builder.proxy(proxy.no_proxy(reqwest::NoProxy::from_string("localhost,127.0.0.0/8,::1")));
    }
    builder.build().map_err(client_error)
}

fn tls(ca_file: Option<&Path>) -> Result<ClientConfig, RemoteError> {
    let mut roots = RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    if let Some(path) = ca_file {
        let refused = |why: String| RemoteError::CaFile(path.to_owned(), why);
        let certificates = CertificateDer::pem_file_iter(path).map_err(|error| refused(error.to_string()))?;
        let mut count = 0;
        for certificate in certificates {
            let certificate = certificate.map_err(|error| refused(error.to_string()))?;
            roots.add(certificate).map_err(|error| refused(error.to_string()))?;
            count += 1;
        }
        if count == 0 {
            return Err(refused("it has no certificate".to_owned()));
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| RemoteError::Client(error.to_string()))?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

fn client_error(error: reqwest::Error) -> RemoteError {
    RemoteError::Client(describe(&error))
}

/// The causes of an error without its address, which may be nobody's business.
pub(crate) fn describe(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "no answer in time".to_owned();
    }
    let mut text =
        if error.is_connect() { "cannot connect".to_owned() } else { "broken connection".to_owned() };
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        cause = inner.source();
        if cause.is_none() {
            text.push_str(": ");
            text.push_str(&inner.to_string());
        }
    }
    text
}

/// The body of an answer, refused when it is longer than said.
pub(crate) async fn read_bounded(mut response: Response, max_bytes: usize) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| describe(&error))? {
        if body.len() + chunk.len() > max_bytes {
            return Err(format!("the answer is longer than {max_bytes} bytes"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
