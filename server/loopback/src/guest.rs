//! Requests that a page in a browser may have sent: they name a host that is not ours or the page they come from.

use std::fmt;

use base::is_loopback;
use hyper::HeaderMap;
use hyper::header::{HOST, ORIGIN};

/// Why a request is not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ForeignRequest {
    /// A page that has its own name pointed at us still says that name.
    Host(String),
    /// Pages of browsers name where they come from; no editor does.
    Origin(String),
}

impl fmt::Display for ForeignRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host(host) => write!(formatter, "the request was meant for the host {host:?}"),
            Self::Origin(origin) => write!(formatter, "a page of {origin:?} may not send requests"),
        }
    }
}

impl std::error::Error for ForeignRequest {}

/// Lets requests through that were meant for this machine, or for a name of it that is allowed, by no page of a browser.
/// Ports do not count: tunnels change them.
pub fn check_headers(headers: &HeaderMap, allowed_hosts: &[String]) -> Result<(), ForeignRequest> {
    let mut hosts = headers.get_all(HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        return Err(ForeignRequest::Host(String::new()));
    };
    let host = String::from_utf8_lossy(host.as_bytes());
    let name = host_name(&host);
    if !is_loopback(name) && !allowed_hosts.iter().any(|allowed| allowed.eq_ignore_ascii_case(name)) {
        return Err(ForeignRequest::Host(host.into_owned()));
    }
    match headers.get(ORIGIN) {
        Some(origin) => Err(ForeignRequest::Origin(String::from_utf8_lossy(origin.as_bytes()).into_owned())),
        None => Ok(()),
    }
}

/// `[::1]:8091`, `localhost:8091`, `localhost`
fn host_name(host: &str) -> &str {
    if let Some(rest) = host.strip_prefix('[') {
        return rest.split_once(']').map_or(rest, |(name, _)| name);
    }
    host.rsplit_once(':').map_or(host, |(name, _)| name)
}
