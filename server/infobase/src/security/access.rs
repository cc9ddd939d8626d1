//! Who is let in: digests of tokens and certificates with their users, roles and ends. The list holds no secrets.

use std::fmt;
use std::time::Duration;

use serde::Deserialize;
use subtle::ConstantTimeEq;

use crate::clock_text::parse_utc;
use crate::digest::{Digest, from_hex, sha256};
use crate::security::{Identity, Refusal, Role, Secret};

/// One user.
#[derive(Clone, Debug)]
pub struct AccessEntry {
    pub identity: Identity,
    token: Option<Digest>,
    certificate: Option<Digest>,
    /// Seconds since 1970; everything ends.
    expires: u64,
}

impl AccessEntry {
    pub fn with_token(identity: Identity, token: &Secret, expires: Duration) -> Self {
        let token = Some(sha256(token.reveal().as_bytes()));
        Self { identity, token, certificate: None, expires: expires.as_secs() }
    }
}

#[derive(Clone, Debug, Default)]
pub struct AccessList {
    pub entries: Vec<AccessEntry>,
}

/// Why a list cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessProblem(pub String);

impl fmt::Display for AccessProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for AccessProblem {}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Written {
    user: String,
    role: Role,
    #[serde(default)]
    token_sha256: Option<String>,
    #[serde(default)]
    certificate_sha256: Option<String>,
    expires: String,
}

impl AccessList {
    /// Reads `[{"user", "role", "tokenSha256" or "certificateSha256", "expires"}]`.
    pub fn from_json(text: &str) -> Result<Self, AccessProblem> {
        let written: Vec<Written> =
            serde_json::from_str(text).map_err(|error| AccessProblem(error.to_string()))?;
        let entries = written.into_iter().map(entry).collect::<Result<_, _>>()?;
        Ok(Self { entries })
    }

    /// Somebody by the token they show. `now`: since 1970.
    pub fn by_token(&self, token: Option<&str>, now: Duration) -> Result<Identity, Refusal> {
        let token = token.filter(|token| !token.is_empty()).ok_or(Refusal::NoToken)?;
        let shown = sha256(token.as_bytes());
        let mut found = None;
        // All entries are looked at, so that the time taken tells nothing.
        for entry in &self.entries {
            if entry.token.is_some_and(|known| bool::from(known.ct_eq(&shown))) {
                found = Some(entry);
            }
        }
        let entry = found.ok_or(Refusal::WrongToken)?;
        if entry.expires <= now.as_secs() { Err(Refusal::ExpiredToken) } else { Ok(entry.identity.clone()) }
    }

    /// Somebody by the certificate of their connection, which an authority has vouched for.
    pub fn by_certificate(&self, certificate: &[u8], now: Duration) -> Result<Identity, Refusal> {
        let shown = sha256(certificate);
        let entry = self.entries.iter().find(|entry| entry.certificate == Some(shown));
        let entry = entry.ok_or(Refusal::UnknownCertificate)?;
        if entry.expires <= now.as_secs() {
            Err(Refusal::ExpiredCertificate)
        } else {
            Ok(entry.identity.clone())
        }
    }
}

fn entry(written: Written) -> Result<AccessEntry, AccessProblem> {
    let user = written.user;
    let problem = |what: &str| AccessProblem(format!("user {user:?}: {what}"));
    let digest = |text: Option<String>| {
        text.map(|text| from_hex(&text).ok_or_else(|| problem("the digest is not 64 hexadecimal digits")))
            .transpose()
    };
    let token = digest(written.token_sha256)?;
    let certificate = digest(written.certificate_sha256)?;
    if token.is_none() == certificate.is_none() {
        return Err(problem("either tokenSha256 or certificateSha256 is needed"));
    }
    let expires = parse_utc(&written.expires)
        .ok_or_else(|| problem("expires has to be a date like 2026-12-31 or 2026-12-31T18:00:00Z"))?;
    let identity = Identity { user: user.clone(), role: written.role };
    Ok(AccessEntry { identity, token, certificate, expires })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::hex;

    #[test]
    fn tokens_have_owners_roles_and_ends() {
        let digest = hex(&sha256(b"invented"));
        let text = format!(
            r#"[{{"user": "anna", "role": "developer", "tokenSha256": "{digest}", "expires": "2026-06-01"}}]"#
        );
        let list = AccessList::from_json(&text).expect("a list");
        let before = Duration::from_secs(parse_utc("2026-05-31T23:59:59Z").expect("a date"));
        let after = before + Duration::from_secs(1);
        assert_eq!(
            list.by_token(Some("invented"), before),
            Ok(Identity { user: "anna".to_owned(), role: Role::Developer })
        );
        assert_eq!(list.by_token(Some("invented"), after), Err(Refusal::ExpiredToken));
        assert_eq!(list.by_token(Some("Invented"), before), Err(Refusal::WrongToken));
        assert_eq!(list.by_token(Some(""), before), Err(Refusal::NoToken));
        assert_eq!(list.by_token(None, before), Err(Refusal::NoToken));
        assert_eq!(list.by_certificate(b"x", before), Err(Refusal::UnknownCertificate));
        assert!(AccessList::default().by_token(Some("invented"), before).is_err(), "denied by default");
    }

    #[test]
    fn broken_lists_are_named() {
        for (text, why) in [
            (r#"[{"user": "a", "role": "root", "expires": "2026-06-01"}]"#, "unknown variant"),
            (r#"[{"user": "a", "role": "viewer", "expires": "2026-06-01"}]"#, "either"),
            (r#"[{"user": "a", "role": "viewer", "tokenSha256": "1", "expires": "2026-06-01"}]"#, "digest"),
            (r#"[{"user": "a", "role": "viewer", "token": "invented", "expires": "2026-06-01"}]"#, "unknown"),
        ] {
            let problem = AccessList::from_json(text).expect_err(text);
            assert!(problem.0.contains(why), "{problem}");
        }
    }
}
