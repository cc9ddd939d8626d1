//! Which addresses may be spoken to and listened on: this machine, and others only by name.

use std::fmt;
use std::net::SocketAddr;

use base::is_loopback;
use reqwest::Url;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddressError {
    Malformed(String),
    HoldsPassword,
    NotAllowed(String),
    NotEncrypted(String),
}

impl fmt::Display for AddressError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(why) => write!(formatter, "the address is malformed: {why}"),
            Self::HoldsPassword => {
                formatter.write_str("the address holds a password; name where the secret is kept instead")
            }
            Self::NotAllowed(host) => write!(formatter, "the host {host} is not among the allowed hosts"),
            Self::NotEncrypted(host) => write!(formatter, "the host {host} needs an encrypted connection"),
        }
    }
}

impl std::error::Error for AddressError {}

/// An address to speak to: this machine, or an allowed host over an encrypted connection.
pub fn check_server_address(address: &str, allowed_hosts: &[String]) -> Result<Url, AddressError> {
    let url = Url::parse(address).map_err(|error| AddressError::Malformed(error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(AddressError::Malformed("it has to begin with http:// or https://".to_owned()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(AddressError::HoldsPassword);
    }
    let host = url.host_str().unwrap_or_default();
    if is_loopback(host) {
        return Ok(url);
    }
    if !allowed_hosts.iter().any(|allowed| allowed.eq_ignore_ascii_case(host)) {
        return Err(AddressError::NotAllowed(host.to_owned()));
    }
    if url.scheme() != "https" {
        return Err(AddressError::NotEncrypted(host.to_owned()));
    }
    Ok(url)
}

/// An address to listen on; others than this machine have to be allowed and encrypted.
pub fn check_listen_address(
    address: SocketAddr,
    allowed_hosts: &[String],
    is_encrypted: bool,
) -> Result<(), AddressError> {
    let host = address.ip().to_string();
    if address.ip().is_loopback() {
        return Ok(());
    }
    if !allowed_hosts.iter().any(|allowed| allowed.eq_ignore_ascii_case(&host)) {
        return Err(AddressError::NotAllowed(host));
    }
    if is_encrypted { Ok(()) } else { Err(AddressError::NotEncrypted(host)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_on_this_machine_or_named() {
        let allowed = ["stand.example".to_owned()];
        let check = |address: &str| check_server_address(address, &allowed).map(|_| ());
        for good in ["http://127.0.0.1:8091", "http://[::1]:1", "http://localhost", "https://STAND.example"] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for (bad, why) in [
            ("http://stand.example", "encrypted"),
            ("https://other.example", "allowed"),
            ("http://10.0.0.1", "allowed"),
            ("http://0.0.0.0:1550", "allowed"),
            ("http://localhost.evil.example", "allowed"),
            ("http://me:invented@127.0.0.1", "password"),
            ("file:///etc", "begin with"),
            ("1550", "malformed"),
        ] {
            let error = check(bad).expect_err(bad).to_string();
            assert!(error.contains(why), "{bad}: {error}");
        }
    }

    #[test]
    fn only_named_interfaces_are_listened_on() {
        let address = |text: &str| text.parse::<SocketAddr>().expect("an address");
        assert_eq!(check_listen_address(address("127.0.0.1:0"), &[], false), Ok(()));
        assert_eq!(check_listen_address(address("[::1]:0"), &[], false), Ok(()));
        let open = address("0.0.0.0:80");
        assert!(matches!(check_listen_address(open, &[], true), Err(AddressError::NotAllowed(_))));
        let allowed = ["0.0.0.0".to_owned()];
        assert!(matches!(check_listen_address(open, &allowed, false), Err(AddressError::NotEncrypted(_))));
        assert_eq!(check_listen_address(open, &allowed, true), Ok(()));
    }
}
