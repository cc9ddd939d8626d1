//! Who gets through. Every request leaves a row in the audit.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use hyper::HeaderMap;
use hyper::header::{AUTHORIZATION, CONTENT_LENGTH, HeaderName};
use loopback::{ForeignRequest, check_headers};
use parking_lot::Mutex;
use resilience::{RatePreset, SharedClock, TokenBucket};

use crate::digest::{hex, sha256};
use crate::message::ReloadRequest;
use crate::security::{
    AccessList, Action, AuditLog, AuditRecord, Identity, NONCE_HEADER, Refusal, ReplayGuard, TIME_HEADER,
    contain,
};

/// Modules are long, but not longer.
const BODY_LIMIT: usize = 4 << 20;

/// What guards differ in.
#[derive(Clone, Debug)]
pub struct GuardOptions {
    /// Folder of the configuration.
    pub root: PathBuf,
    pub access: AccessList,
    pub audit: AuditLog,
    /// Names besides this machine by which clients may speak to us.
    pub allowed_hosts: Vec<String>,
    pub body_limit: usize,
    pub rate: RatePreset,
}

impl GuardOptions {
    pub fn new(root: PathBuf, access: AccessList, audit: AuditLog) -> Self {
        let rate = RatePreset { calls: 1200, per: Duration::from_secs(60) };
        Self { root, access, audit, allowed_hosts: Vec::new(), body_limit: BODY_LIMIT, rate }
    }
}

pub struct Guard {
    pub(super) options: GuardOptions,
    pub(super) clock: SharedClock,
    replay: Mutex<ReplayGuard>,
    rate: TokenBucket,
    /// Wrong tokens; who guesses has to wait.
    guesses: TokenBucket,
}

/// Who is connected.
#[derive(Clone, Debug)]
pub(super) struct Peer {
    pub address: SocketAddr,
    /// Of an encrypted connection; an authority has vouched for it.
    pub certificate: Option<Vec<u8>>,
}

impl Guard {
    pub fn new(options: GuardOptions, clock: SharedClock) -> Self {
        Self {
            rate: TokenBucket::new(options.rate, SharedClock::clone(&clock)),
            guesses: TokenBucket::new(RatePreset::HEAVY, SharedClock::clone(&clock)),
            replay: Mutex::default(),
            options,
            clock,
        }
    }

    /// Looks at everything that is known before the body is read.
    pub(super) fn admit(&self, peer: &Peer, headers: &HeaderMap) -> Result<Identity, Refusal> {
        // Others come over encrypted connections only, and their certificates tell who they are.
        if !peer.address.ip().to_canonical().is_loopback() && peer.certificate.is_none() {
            return Err(Refusal::ForeignPeer(peer.address.ip().to_string()));
        }
        check_headers(headers, &self.options.allowed_hosts).map_err(|foreign| match foreign {
            ForeignRequest::Host(host) => Refusal::ForeignHost(host),
            ForeignRequest::Origin(origin) => Refusal::ForeignOrigin(origin),
        })?;
        let identity = self.authenticate(peer, headers)?;
        let length = text(headers, CONTENT_LENGTH).and_then(|length| length.parse::<usize>().ok());
        if length.is_some_and(|length| length > self.options.body_limit) {
            return Err(Refusal::BodyTooLarge { limit: self.options.body_limit });
        }
        self.rate.take().map_err(|_| Refusal::TooManyRequests)?;
        let header = |name| text(headers, HeaderName::from_static(name));
        self.replay.lock().check(header(TIME_HEADER), header(NONCE_HEADER), self.clock.unix())?;
        Ok(identity)
    }

    fn authenticate(&self, peer: &Peer, headers: &HeaderMap) -> Result<Identity, Refusal> {
        let now = self.clock.unix();
        if let Some(certificate) = &peer.certificate {
            return self.options.access.by_certificate(certificate, now);
        }
        let token = text(headers, AUTHORIZATION).and_then(|value| {
            let (scheme, token) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
        });
        let result = self.options.access.by_token(token, now);
        if result == Err(Refusal::WrongToken) && self.guesses.take().is_err() {
            return Err(Refusal::TooManyRequests);
        }
        result
    }

    /// Looks at what is wanted. The file of the module.
    pub(super) fn authorize(&self, identity: &Identity, request: &ReloadRequest) -> Result<PathBuf, Refusal> {
        let action = action_of(request);
        if !identity.role.allows(action) {
            return Err(Refusal::Forbidden);
        }
        if !request.sha256.is_empty() && request.sha256 != hex(&sha256(request.code.as_bytes())) {
            return Err(Refusal::WrongDigest);
        }
        contain(&self.options.root, &request.path).map_err(Refusal::Path)
    }

    /// False if it cannot be written: nothing may happen then.
    pub(super) fn record(&self, user: &str, action: Action, resource: &str, row: Row<'_>) -> bool {
        let record = AuditRecord {
            user: user.to_owned(),
            action: action.name().to_owned(),
            resource: resource.chars().take(1000).collect(),
            allowed: row.is_allowed,
            reason: row.reason.to_owned(),
            backend: row.backend.to_owned(),
            old_sha256: row.old.to_owned(),
            new_sha256: row.new.to_owned(),
        };
        let written = self.options.audit.append(&record, self.clock.unix());
        written.inspect_err(|error| tracing::error!("cannot write the audit: {error}")).is_ok()
    }

    pub(super) fn record_refusal(&self, user: &str, action: Action, resource: &str, refusal: &Refusal) {
        let reason = refusal.to_string();
        self.record(user, action, resource, Row { reason: &reason, ..Row::default() });
    }
}

/// The rest of a row of the audit.
#[derive(Clone, Copy, Default)]
pub(super) struct Row<'a> {
    pub is_allowed: bool,
    pub reason: &'a str,
    pub backend: &'a str,
    pub old: &'a str,
    pub new: &'a str,
}

pub(super) fn action_of(request: &ReloadRequest) -> Action {
    if request.dry_run { Action::DryRun } else { Action::Reload }
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}
