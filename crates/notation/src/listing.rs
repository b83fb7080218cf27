//! The notes of a score, a line each, to hold one reading of a file against another.
