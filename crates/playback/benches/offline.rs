//! Offline rendering.
fn main() {}
