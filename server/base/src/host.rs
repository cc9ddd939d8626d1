//! Names of machines.

use std::net::IpAddr;

/// True for this machine, as an address or by its name.
pub fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn this_machine_has_several_names() {
        assert!(
            ["localhost", "LOCALHOST", "127.0.0.1", "127.1.2.3", "::1", "[::1]"].into_iter().all(is_loopback)
        );
        assert!(
            !["", "localhost.example", "10.0.0.1", "127.0.0.1.example", "::2"].into_iter().any(is_loopback)
        );
    }
}
