//! Scores in the formats that others read.
