//! What the targets share: the same checks that the tests of spoiled files make.

#[path = "../../crates/notation/tests/survival/mod.rs"]
pub mod survival;

use bandpro_notation::import::FileKind;

/// Tries bytes that are of one kind of file; others belong to another target.
pub fn survives_as(kind: FileKind, bytes: &[u8]) -> bool {
    FileKind::of(bytes) == kind && survival::survives(bytes)
}
