//! What only the whole score can tell: time signatures that all parts share, lengths of measures, the last barline.

use super::super::report::Report;
use super::header;
use super::state::{Column, Import};
use crate::model::*;

/// A measure this much shorter or longer than its time signature says is a rounding of the file's divisions.
const ROUNDING: Beat = Beat::new(1, 128);

impl Import<'_> {
    /// The finished score and the report.
    pub(super) fn finish(mut self) -> (Score, Report) {
        header::settle(&mut self);
        self.put(HEADER, self.header.clone());
        self.put(LAYOUT, self.layout.clone());
        self.finish_parts();
        self.finish_measures();
        (self.score, self.report)
    }

    fn finish_parts(&mut self) {
        let end = self.columns.last().map(|last| Moment { measure: last.id, beat: last.reached });
        for mut part in std::mem::take(&mut self.parts) {
            if let Some(end) = end {
                let anchor = Anchor::Staff(part.id, Some(1), end);
                for span in part.spans.finish_part(anchor, &mut self.report) {
                    let id = self.ids.next::<Span>();
                    self.put(id, span);
                }
            }
            self.put(part.id, part.record);
        }
    }

    fn finish_measures(&mut self) {
        let mut displayed = Some(Beat::WHOLE);
        let columns = std::mem::take(&mut self.columns);
        let last = columns.len().saturating_sub(1);
        for (index, mut column) in columns.into_iter().enumerate() {
            self.share_time(&mut column);
            if let Some(time) = &column.record.time {
                displayed = time.length();
            }
            column.record.length = own_length(column.reached, displayed);
            settle_barlines(&mut column.record, index == last);
            self.score.push_measure(column.id, column.record);
        }
    }

    /// The first part's time signature is the measure's; those that differ from it stay with their parts.
    fn share_time(&mut self, column: &mut Column) {
        let mut times = std::mem::take(&mut column.times).into_iter();
        let Some((_, _, shared)) = times.next() else { return };
        for (part, staff, time) in times.filter(|(_, _, time)| *time != shared) {
            let id = self.ids.next::<Sign>();
            let at = Moment { measure: column.id, beat: Beat::ZERO };
            self.put(id, Sign { part, staff, at, kind: SignKind::Time(time), ..Sign::default() });
        }
        column.record.time = Some(shared);
    }
}

/// The length of a measure where it is not what the time signature says. An empty measure is taken for a full one.
fn own_length(reached: Beat, nominal: Option<Beat>) -> Option<Beat> {
    let nominal = nominal?;
    let difference = (reached - nominal).max(nominal - reached);
    (reached.is_positive() && difference >= ROUNDING).then_some(reached)
}

/// Barlines that the place asks for anyway are left to the rules, so that they follow when music is inserted.
fn settle_barlines(measure: &mut Measure, last: bool) {
    let right_by_rule = match measure.right_bar {
        BarStyle::LightHeavy => last || measure.repeat_end.is_some(),
        BarStyle::Regular => !last && measure.repeat_end.is_none(),
        _ => false,
    };
    let left_by_rule = match measure.left_bar {
        BarStyle::HeavyLight => measure.repeat_start,
        BarStyle::Regular => !measure.repeat_start,
        _ => false,
    };
    if right_by_rule {
        measure.right_bar = BarStyle::Auto;
    }
    if left_by_rule {
        measure.left_bar = BarStyle::Auto;
    }
}
