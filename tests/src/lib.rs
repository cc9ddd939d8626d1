//! End-to-end tests of the binary: only what needs a real process — ordering, cancellation, lifecycle, bad input.
