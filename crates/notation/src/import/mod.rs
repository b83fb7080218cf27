//! Scores from the formats that others write.
