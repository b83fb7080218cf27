//! What of a score a person looks at: all of it or one part, on pages or on one line.

use bandpro_notation::engrave::{Options, View};
use bandpro_notation::model::{PartId, Score};
use serde::{Deserialize, Serialize};

use crate::view::LookingView;

/// A way to look at a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Looking {
    /// In one endless system instead of on pages.
    pub continuous: bool,
    /// Only this part, in its own layout.
    pub part: Option<PartId>,
}

impl Looking {
    /// The same without a part that the score has no more.
    pub fn settled(self, score: &Score) -> Self {
        Self { part: self.part.filter(|part| score.part(*part).is_some()), ..self }
    }

    /// What to engrave for it.
    pub fn options(self) -> Options {
        let view = if self.continuous { View::Continuous } else { View::Page };
        Options { view, layout: None, part: self.part }
    }

    /// As a surface sees it: parts by their number.
    pub fn view(self, score: &Score) -> LookingView {
        let number = |part| score.parts().iter().position(|(id, _)| *id == part).map(|at| at + 1);
        LookingView { continuous: self.continuous, part: self.part.and_then(number) }
    }
}
