//! The debug protocol of the platform over HTTP, as far as measurements need it: messages, a client that attaches to a debug
//! server and collects measurements, and the same subset from the server's side, for a host that executes code itself.
//!
//! Nothing here was tried on a platform: messages follow public descriptions and recorded samples.

mod answer;
mod body;
mod client;
mod connection;
mod error;
mod http;
mod identifier;
mod measurement;
mod message;
mod modules;
mod node;
mod profile;
mod request;
mod service;
#[cfg(test)]
mod tests;

pub use client::{DebugOptions, Debugger};
pub use error::{AddressProblem, DebugError};
pub use http::{DebugServer, serve};
pub use measurement::{MeasuredLine, MeasuredModule, Measurement};
pub use message::{Event, LineCost, MeasureResult, ModuleId, ModuleResult, Target};
pub use modules::ModuleNames;
pub use service::{MeasuredHost, Reply, Service};
