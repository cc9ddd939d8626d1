//! Files are written as they are read, and read as they were written.

mod roundtrip;
