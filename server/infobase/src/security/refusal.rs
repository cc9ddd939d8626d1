//! Why a request is refused: one reason each, with the status that a server answers.

use std::fmt;

use crate::security::PathError;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    NotConfigured,
    NotTrusted,
    NoToken,
    WrongToken,
    ExpiredToken,
    NoCertificate,
    UnknownCertificate,
    /// Of a certificate that the access list knows, or that ran out by itself.
    ExpiredCertificate,
    BrokenHandshake(String),
    Forbidden,
    /// The module belongs to another workspace.
    OtherWorkspace,
    ForeignHost(String),
    ForeignOrigin(String),
    ForeignPeer(String),
    Path(PathError),
    NoNonce,
    Replayed,
    OutOfTime,
    BodyTooLarge {
        limit: usize,
    },
    TooManyRequests,
    Malformed(String),
    WrongDigest,
    BaseMismatch,
    Method,
    UnknownResource,
}

impl Refusal {
    pub fn status(&self) -> u16 {
        match self {
            Self::NoToken
            | Self::WrongToken
            | Self::ExpiredToken
            | Self::NoCertificate
            | Self::UnknownCertificate
            | Self::ExpiredCertificate
            | Self::BrokenHandshake(_)
            | Self::NoNonce
            | Self::Replayed
            | Self::OutOfTime => 401,
            Self::NotConfigured
            | Self::NotTrusted
            | Self::Forbidden
            | Self::OtherWorkspace
            | Self::ForeignHost(_)
            | Self::ForeignOrigin(_)
            | Self::ForeignPeer(_)
            | Self::Path(_) => 403,
            Self::BodyTooLarge { .. } => 413,
            Self::TooManyRequests => 429,
            Self::Malformed(_) | Self::WrongDigest => 400,
            Self::BaseMismatch => 409,
            Self::Method => 405,
            Self::UnknownResource => 404,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unauthenticated = "User not authenticated";
        match self {
            Self::NotConfigured => formatter.write_str("hot reload is not configured for this workspace"),
            Self::NotTrusted => formatter.write_str("the workspace is not trusted"),
            Self::NoToken => write!(formatter, "{unauthenticated}: no token"),
            Self::WrongToken => write!(formatter, "{unauthenticated}: wrong token"),
            Self::ExpiredToken => write!(formatter, "{unauthenticated}: the token has expired"),
            Self::NoCertificate => write!(formatter, "{unauthenticated}: no client certificate"),
            Self::UnknownCertificate => write!(formatter, "{unauthenticated}: unknown client certificate"),
            Self::ExpiredCertificate => write!(formatter, "{unauthenticated}: the certificate has expired"),
            Self::BrokenHandshake(why) => {
                write!(formatter, "{unauthenticated}: no encrypted connection: {why}")
            }
            Self::Forbidden => formatter.write_str("Insufficient permissions"),
            Self::OtherWorkspace => formatter.write_str("Tenant mismatch"),
            Self::ForeignHost(host) => write!(formatter, "the request was meant for the host {host:?}"),
            Self::ForeignOrigin(origin) => write!(formatter, "a page of {origin:?} may not send requests"),
            Self::ForeignPeer(peer) => write!(formatter, "{peer} is another machine"),
            Self::Path(error) => error.fmt(formatter),
            Self::NoNonce => write!(formatter, "{unauthenticated}: the request has no time and nonce"),
            Self::Replayed => write!(formatter, "{unauthenticated}: the request was sent before"),
            Self::OutOfTime => {
                write!(formatter, "{unauthenticated}: the request is too old, or the clocks differ")
            }
            Self::BodyTooLarge { limit } => write!(formatter, "the body is longer than {limit} bytes"),
            Self::TooManyRequests => formatter.write_str("too many requests"),
            Self::Malformed(why) => write!(formatter, "the request is malformed: {why}"),
            Self::WrongDigest => {
                formatter.write_str("the text does not have the digest that the request names")
            }
            Self::BaseMismatch => formatter.write_str("another text is applied than the request is based on"),
            Self::Method => formatter.write_str("only POST and GET are answered"),
            Self::UnknownResource => formatter.write_str("there is only /hotReload"),
        }
    }
}

impl std::error::Error for Refusal {}
