//! Bands that this person does not belong to any more: seeing them, and putting them out of sight.

use bandpro_sync::ScoreId;

use super::App;
use super::circles::one_of;
use crate::AppError;
use crate::view::{FormerBandView, ScoreCard};

impl App {
    /// The bands that this person, or this laptop, does not belong to any more, until they are forgotten.
    pub fn former_bands(&self) -> Result<Vec<FormerBandView>, AppError> {
        let workspace = &self.inner.workspace;
        let scores = workspace.scores()?;
        let view = |former: bandpro_sync::Former| FormerBandView {
            id: former.id.to_string(),
            name: former.name,
            since: former.since.saturating_mul(1000),
            by: former.by,
            device_only: former.device_only,
            scores: scores.iter().filter(|score| score.space == former.id).count(),
        };
        Ok(workspace.former_spaces()?.into_iter().map(view).collect())
    }

    /// Puts a band out of sight that this person does not belong to any more, with its scores. Where these are to be kept, they
    /// are copied to this person's own first; gives the copies.
    pub fn forget_band(&self, band: &str, keep: bool) -> Result<Vec<ScoreCard>, AppError> {
        let workspace = &self.inner.workspace;
        let former = workspace.former_spaces()?.into_iter().map(|former| (former.id, former.id.to_string(), former.name));
        let band = one_of(band, former)?;
        let scores = workspace.scores()?.into_iter().filter(|score| keep && score.space == band);
        let (mut copies, own): (Vec<ScoreId>, _) = (Vec::new(), workspace.own_space());
        for score in scores {
            match self.copy_to(score.id, own) {
                Ok(copy) => copies.push(copy),
                Err(error) => {
                    // All or nothing: whoever tries again shall not find the first ones twice.
                    copies.into_iter().try_for_each(|copy| workspace.delete_score(copy))?;
                    return Err(error);
                }
            }
        }
        workspace.forget(band)?;
        copies.into_iter().map(|copy| self.card(copy)).collect()
    }
}
