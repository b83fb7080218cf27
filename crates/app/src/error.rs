//! What can go wrong, with the code that surfaces act on.

/// Why something could not be done. Nothing that was there before is lost.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AppError {
    /// No score has this id.
    #[error("no score {0}")]
    UnknownScore(String),
}

impl AppError {
    /// The small code that a surface may act on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownScore(_) => "unknown-score",
        }
    }
}
