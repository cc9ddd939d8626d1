//! HTTP/1.1 for services of this machine: who is this machine, which requests come from pages of browsers, and a server in a
//! thread of its own. hyper speaks the protocol; here is what keeps every size, every wait and every guest in bounds.

mod guest;
mod server;

#[cfg(test)]
mod tests;

pub use guest::{ForeignRequest, check_headers};
pub use server::{BodyError, Server, read_body, response, serve_connection, start};
