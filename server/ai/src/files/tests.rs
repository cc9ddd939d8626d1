//! Files are written as they are read, and read as they were written; hostile ones are refused.

mod hostile;
mod hostile_gguf;
mod kept;
mod roundtrip;
mod verifying;
