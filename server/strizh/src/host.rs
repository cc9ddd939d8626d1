//! A host that runs a configuration and lets its modules be replaced while it runs: the other side of hot reload, over the
//! interpreter. It is no platform and does not pretend to be one.

mod arguments;
mod debug;
mod interpreter;
mod kept_files;

#[cfg(test)]
mod tests;

pub(crate) use arguments::{HostArguments, serve};
pub(crate) use interpreter::Interpreter;
