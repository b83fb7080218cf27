//! What only the whole score can tell: time signatures that all parts share, lengths of measures, the last barline.

use super::super::report::Report;
use super::state::{Column, Import};
use super::{credits, header};
use crate::model::*;

/// A measure this much shorter or longer than its time signature says is a rounding of the file's divisions.
const ROUNDING: Beat = Beat::new(1, 128);

impl Import<'_> {
    /// The finished score and the report.
    pub(super) fn finish(mut self) -> (Score, Report) {
        header::settle(&mut self);
        credits::settle(&mut self);
        self.put(HEADER, self.header.clone());
        self.put(LAYOUT, self.layout.clone());
        self.finish_parts();
        self.finish_measures();
        (self.score, self.report)
    }

    fn finish_parts(&mut self) {
        let end = self.columns.last().map(|last| Moment { measure: last.id, beat: last.reached });
        for mut part in std::mem::take(&mut self.parts) {
            self.settle_visible(&mut part);
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
            self.share_time(&mut column, index == 0);
            if let Some(time) = &column.record.time {
                displayed = time.length();
            }
            column.record.length = own_length(column.reached, displayed);
            settle_barlines(&mut column.record, index == last);
            self.score.push_measure(column.id, column.record);
        }
    }

    /// A part none of whose staves is ever shown is not shown as a part.
    fn settle_visible(&mut self, part: &mut super::state::PartReading) {
        let signs = self.score.signs().iter().filter(|(_, sign)| sign.part == part.id);
        let shown: Vec<(SignId, &Sign)> =
            signs.filter(|(_, sign)| matches!(sign.kind, SignKind::StaffVisible(_))).map(|(id, sign)| (*id, sign)).collect();
        let first = self.columns.first().map(|column| column.id);
        let from_start =
            |sign: &Sign| sign.kind == SignKind::StaffVisible(false) && Some(sign.at.measure) == first && sign.at.beat.is_zero();
        let of_staff = |staff: u8| shown.iter().any(|(_, sign)| sign.staff.is_none_or(|of| of == staff));
        if shown.is_empty() || !shown.iter().all(|(_, sign)| from_start(sign)) || !(1..=part.record.staves).all(of_staff) {
            return;
        }
        let gone: Vec<SignId> = shown.into_iter().map(|(id, _)| id).collect();
        for id in gone {
            self.score.remove(id.into());
        }
        part.record.visible = false;
    }

    /// The first part's time signature is the measure's; those that differ from it stay with their parts. One that is not
    /// printed only says how long the measures are, and what is in them says that too; but it is the piece's where it is its first.
    fn share_time(&mut self, column: &mut Column, first: bool) {
        let times = std::mem::take(&mut column.times);
        let any_printed = times.iter().any(|(.., printed)| *printed);
        let mut times = times.into_iter().filter(|(.., printed)| *printed || first && !any_printed);
        let Some((_, _, shared, printed)) = times.next() else { return };
        for (part, staff, time, _) in times.filter(|(_, _, time, _)| *time != shared) {
            let id = self.ids.next::<Sign>();
            let at = Moment { measure: column.id, beat: Beat::ZERO };
            self.put(id, Sign { part, staff, at, kind: SignKind::Time(time), ..Sign::default() });
        }
        column.record.time = Some(shared);
        column.record.time_visible = printed;
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
