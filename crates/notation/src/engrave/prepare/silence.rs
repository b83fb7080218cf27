//! Rests of several measures: which measures may be gathered into one (Gould, "Behind Bars", pp. 563–566).

use super::Bar;
use crate::engrave::cast::Cast;
use crate::model::{Anchor, BarStyle, MarkKind, Measure, Score, SignKind};

/// What a measure is to a rest of several measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::engrave) struct Silence {
    /// Nothing is played in it and nothing said but at its start.
    pub silent: bool,
    /// Something is said at its start, so that it begins a rest of its own.
    pub opens: bool,
    /// Something is said at its end, so that a rest ends with it.
    pub closes: bool,
    /// Measures from here on that the source gathers, whatever the style.
    pub asked: Option<u16>,
}

/// What a prepared measure is to a rest of several.
pub(super) fn of(score: &Score, cast: &Cast, bar: &Bar, measure: &Measure) -> Silence {
    let mut silence = Silence {
        silent: bar.length.is_positive() && bar.chords.iter().all(|c| c.is_silent()),
        opens: bar.time.is_some()
            || !bar.staff_times.is_empty()
            || !bar.keys.is_empty()
            || !bar.clefs.is_empty()
            || measure.repeat_start
            || measure.ending_start.is_some()
            || bar.break_before.is_some()
            || !matches!(measure.left_bar, BarStyle::Auto | BarStyle::Regular)
            || !measure.jumps.is_empty(),
        closes: measure.repeat_end.is_some()
            || measure.ending_stop.is_some()
            || !matches!(measure.right_bar, BarStyle::Auto | BarStyle::Regular)
            || !measure.jumps.is_empty(),
        asked: None,
    };
    for (_, mark) in score.marks_in(bar.id) {
        let moment = match mark.anchor {
            Anchor::System(moment) => Some(moment),
            Anchor::Staff(part, _, moment) => cast.part(part).map(|_| moment),
            Anchor::Event(_) | Anchor::Note(_) | Anchor::Page(_) => None,
        };
        let unseen = !mark.visible
            || match &mark.kind {
                MarkKind::Break(_) | MarkKind::Swing(_) => true,
                MarkKind::Tempo(tempo) => !tempo.printed,
                _ => false,
            };
        if let Some(moment) = moment.filter(|_| !unseen) {
            silence.opens = true;
            silence.silent &= moment.beat.is_zero();
        }
    }
    let shown = |anchor: Anchor| match anchor {
        Anchor::Staff(part, ..) => cast.part(part).is_some(),
        _ => true,
    };
    silence.silent &= !score.spans_in(bar.id).any(|(_, span)| span.visible && (shown(span.start) || shown(span.end)));
    for (_, sign) in score.signs_in(bar.id) {
        if cast.part(sign.part).is_none() {
            continue;
        }
        silence.silent &= sign.at.beat.is_zero() || !matches!(sign.kind, SignKind::Clef(_) | SignKind::Key(_));
        if let SignKind::MultiRest(measures) = sign.kind {
            silence.asked = Some(measures);
        }
    }
    silence
}

/// A measure's place in a rest of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::engrave) enum Gathered {
    /// In none.
    #[default]
    Alone,
    /// The first of so many.
    Leads(u16),
    /// A later one; the last or not.
    #[allow(missing_docs)]
    Follows { last: bool },
}

impl Gathered {
    /// Whether no line may break, and no barline stand, before it.
    pub(in crate::engrave) fn follows(self) -> bool {
        matches!(self, Self::Follows { .. })
    }
}

/// Gathers the silent measures of a score: all that may be, or only those whose source asks for it.
pub(in crate::engrave) fn gather<'a>(silences: impl Iterator<Item = &'a Silence>, all: bool) -> Vec<Gathered> {
    let silences: Vec<&Silence> = silences.collect();
    let mut gathered = vec![Gathered::Alone; silences.len()];
    let mut at = 0;
    while at < silences.len() {
        let most = match (silences[at].asked, all) {
            (Some(asked), false) => usize::from(asked),
            (_, true) => usize::from(u16::MAX),
            (None, false) => 1,
        };
        let mut end = at;
        while end < silences.len() && end - at < most && silences[end].silent && (end == at || !silences[end].opens) {
            end += 1;
            if silences[end - 1].closes {
                break;
            }
        }
        if end - at > 1 {
            gathered[at] = Gathered::Leads(u16::try_from(end - at).unwrap_or(u16::MAX));
            for follows in &mut gathered[at + 1..end] {
                *follows = Gathered::Follows { last: false };
            }
            gathered[end - 1] = Gathered::Follows { last: true };
        }
        at = end.max(at + 1);
    }
    gathered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rests_are_gathered_between_what_is_said() {
        let silent = Silence { silent: true, ..Silence::default() };
        let opens = Silence { opens: true, ..silent };
        let closes = Silence { closes: true, ..silent };
        let played = Silence::default();
        let bars = [silent, silent, opens, silent, closes, silent, played, silent];
        let follows = |last| Gathered::Follows { last };
        assert_eq!(
            gather(bars.iter(), true),
            [
                Gathered::Leads(2),
                follows(true),
                Gathered::Leads(3),
                follows(false),
                follows(true),
                Gathered::Alone,
                Gathered::Alone,
                Gathered::Alone
            ]
        );
        assert!(gather(bars.iter(), false).iter().all(|g| *g == Gathered::Alone));
        let asked = Silence { asked: Some(2), ..silent };
        assert_eq!(gather([asked, silent, silent].iter(), false), [Gathered::Leads(2), follows(true), Gathered::Alone]);
    }
}
