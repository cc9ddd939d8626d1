//! Encrypted connections. The certificates were made for these tests; their keys protect nothing.

use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base::CancelToken;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::json;

use crate::remote::test_server::read_request;
use crate::remote::{RemoteConfig, RemoteEngine, RemoteError};
use resilience::VirtualClock;

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/remote/testdata").join(name)
}

/// Answers every request with an empty object; its port.
fn start() -> u16 {
    let certificate = CertificateDer::from_pem_file(data("server.pem")).expect("a certificate");
    let key = PrivateKeyDer::from_pem_file(data("server-key.pem")).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(vec![certificate], key))
        .expect("a configuration");
    let config = Arc::new(config);
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let port = listener.local_addr().expect("a bound port").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let connection = ServerConnection::new(Arc::clone(&config)).expect("a configuration");
            let mut stream = StreamOwned::new(connection, stream);
            if read_request(&mut stream).is_some() {
                let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
                let _ = stream.write_all(answer).and_then(|()| stream.flush());
                stream.conn.send_close_notify();
                let _ = stream.flush();
            }
        }
    });
    port
}

fn engine(url: &str, ca_file: Option<&str>) -> Result<RemoteEngine, RemoteError> {
    let config = json!({ "kind": "tgi", "url": url, "caFile": ca_file.map(data), "timeoutMs": 20_000 });
    let config: RemoteConfig = serde_json::from_value(config).expect("valid settings");
    RemoteEngine::new(config, VirtualClock::new())
}

#[test]
fn only_certificates_of_known_authorities_are_trusted() {
    let port = start();
    let check = |url: &str, ca_file: Option<&str>| {
        let engine = engine(url, ca_file).expect("valid settings");
        engine.check(&CancelToken::new()).map_err(|error| error.to_string())
    };
    let url = format!("https://localhost:{port}");
    assert_eq!(check(&url, Some("ca.pem")), Ok(()));
    assert_eq!(check(&format!("https://127.0.0.1:{port}"), Some("ca.pem")), Ok(()));
    let error = check(&url, None).expect_err("an unknown authority");
    assert!(error.contains("cannot connect") && error.contains("certificate"), "{error}");
    let error = check(&format!("https://127.0.0.2:{port}"), Some("ca.pem"));
    assert!(error.is_err(), "the certificate is for another name");
}

#[test]
fn files_without_certificates_are_refused() {
    for name in ["server-key.pem", "no-such-file.pem"] {
        match engine("https://localhost:1", Some(name)) {
            Err(RemoteError::CaFile(path, _)) => assert_eq!(path, data(name)),
            Err(other) => panic!("{other}"),
            Ok(_) => panic!("{name} is no certificate"),
        }
    }
}
