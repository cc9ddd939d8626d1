//! Which addresses may be spoken to.

use base::is_loopback;
use reqwest::Url;

/// Why an address is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddressError {
    Malformed(String),
    /// Keys belong into the environment.
    HoldsPassword,
    HostNotAllowed(String),
    /// Only this machine may be spoken to without encryption.
    NotEncrypted(String),
}

impl std::fmt::Display for AddressError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Malformed(why) => write!(formatter, "the address is malformed: {why}"),
            Self::HoldsPassword => {
                formatter.write_str("the address holds a password; name an environment variable instead")
            }
            Self::HostNotAllowed(host) => write!(formatter, "the host {host} is not among the allowed hosts"),
            Self::NotEncrypted(host) => {
                write!(formatter, "the host {host} needs an encrypted address: https://")
            }
        }
    }
}

impl std::error::Error for AddressError {}

/// This machine may be spoken to as it is; other hosts if they are named, and encrypted.
pub(crate) fn check(address: &str, allowed_hosts: &[String]) -> Result<Url, AddressError> {
    let url = Url::parse(address).map_err(|error| AddressError::Malformed(error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(AddressError::Malformed("it has to begin with http:// or https://".to_owned()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(AddressError::HoldsPassword);
    }
    let Some(host) = url.host_str() else {
        return Err(AddressError::Malformed("it has no host".to_owned()));
    };
    if is_loopback(host) {
        return Ok(url);
    }
    if !allowed_hosts.iter().any(|allowed| allowed.eq_ignore_ascii_case(host)) {
        return Err(AddressError::HostNotAllowed(host.to_owned()));
    }
    if url.scheme() != "https" {
        return Err(AddressError::NotEncrypted(host.to_owned()));
    }
    Ok(url)
}

/// The address with a path; what the address already has of the path is not repeated.
pub(crate) fn with_path(url: &Url, path: &str) -> Url {
    let mut url = url.clone();
    let base = url.path().trim_end_matches('/').to_owned();
    let mut joined = format!("{base}{path}");
    for (index, _) in path.match_indices('/').chain([(path.len(), "")]) {
        if index > 0 && base.ends_with(&path[..index]) {
            joined = format!("{base}{}", &path[index..]);
        }
    }
    url.set_path(&joined);
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_and_named_hosts_are_allowed() {
        let allowed = ["engine.example".to_owned()];
        let result = |address: &str| {
            check(address, &allowed).map(|url| url.to_string()).map_err(|error| error.to_string())
        };
        for good in [
            "http://127.0.0.1:8080/",
            "http://127.9.9.9/",
            "http://[::1]:1/",
            "https://localhost/",
            "https://ENGINE.example/v1",
        ] {
            assert!(result(good).is_ok(), "{good}: {:?}", result(good));
        }
        for (bad, why) in [
            ("http://engine.example", "needs an encrypted"),
            ("https://other.example", "not among"),
            ("https://engine.example.evil.example", "not among"),
            ("http://10.0.0.1", "not among"),
            ("http://0.0.0.0", "not among"),
            ("http://localhost.evil.example", "not among"),
            ("http://me:invented@127.0.0.1", "password"),
            ("ftp://127.0.0.1", "begin with"),
            ("127.0.0.1:80", "malformed"),
        ] {
            let error = result(bad).expect_err(bad);
            assert!(error.contains(why), "{bad}: {error}");
        }
    }

    #[test]
    fn paths_are_added_only_where_they_lack() {
        for (address, path, expected) in [
            ("http://127.0.0.1", "/v1/completions", "http://127.0.0.1/v1/completions"),
            ("http://127.0.0.1/", "/infill", "http://127.0.0.1/infill"),
            ("http://127.0.0.1/v1", "/v1/completions", "http://127.0.0.1/v1/completions"),
            ("http://127.0.0.1/v1/", "/v1/completions", "http://127.0.0.1/v1/completions"),
            ("http://127.0.0.1/v1/completions", "/v1/completions", "http://127.0.0.1/v1/completions"),
            ("http://127.0.0.1/team/llm", "/api/generate", "http://127.0.0.1/team/llm/api/generate"),
        ] {
            let url = check(address, &[]).expect("allowed");
            assert_eq!(with_path(&url, path).as_str(), expected);
        }
    }
}
