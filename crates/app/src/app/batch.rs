//! Exporting many scores while a surface looks on and may end it.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::Ordering;

use super::App;
use crate::AppError;
use crate::files::batch::Attempt;
use crate::view::{AppEvent, BatchFailure, BatchRemark, BatchView, ExportOptions};

impl App {
    /// Writes scores of the library into a folder, each in each format, tells how far it is, and gives account of everything.
    ///
    /// One that fails keeps no other out, and nothing is written over.
    pub fn export_batch(&self, ids: &[String], endings: &[String], folder: &Path) -> Result<BatchView, AppError> {
        let stop = &self.inner.stop_exporting;
        stop.store(false, Ordering::Release);
        let mut account = BatchView::default();
        self.export_many(ids, endings, folder, &ExportOptions::default(), &mut |done, total, attempt| {
            self.note(&mut account, attempt);
            self.inner.tell(&AppEvent::Exporting { done, total, name: attempt.name.clone() });
            account.cancelled = done < total && stop.load(Ordering::Acquire);
            if account.cancelled { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        Ok(account)
    }

    /// Ends an export of many scores after the file at hand.
    pub fn stop_exporting(&self) {
        self.inner.stop_exporting.store(true, Ordering::Release);
    }

    fn note(&self, account: &mut BatchView, attempt: &Attempt) {
        let (name, ending) = (attempt.name.clone(), attempt.ending.clone());
        match &attempt.outcome {
            Ok(outcome) => {
                account.files.extend(outcome.files.iter().cloned());
                if !outcome.report.is_empty() {
                    account.remarks.push(BatchRemark { name, ending, report: outcome.report.clone() });
                }
            }
            Err(error) => account.failed.push(BatchFailure { name, ending, error: self.explain(error) }),
        }
    }
}
