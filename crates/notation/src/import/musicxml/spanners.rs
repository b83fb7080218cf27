//! What stretches over several notes and is written as a start and a stop with a number between 1 and 16.
//!
//! The stop may come before the start in the file where it comes later in the music: in another voice or on another staff
//! of the same measure.

use super::super::report::Report;
use crate::model::*;

/// How a bracket ends, by rule: towards the staff.
pub(crate) const fn bracket_hook(placement: Placement) -> LineEnd {
    match placement {
        Placement::Below => LineEnd::Up,
        Placement::Above | Placement::Auto => LineEnd::Down,
    }
}

/// The families whose numbers are independent of one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Slur,
    Wedge,
    Ottava,
    Pedal,
    TrillLine,
    Glissando,
    Slide,
    Tuplet,
    Dashes,
    Bracket,
    Tremolo,
    HammerOn,
    PullOff,
}

impl Family {
    const fn element(self) -> &'static str {
        match self {
            Self::Slur => "slur",
            Self::Wedge => "wedge",
            Self::Ottava => "octave-shift",
            Self::Pedal => "pedal",
            Self::TrillLine => "wavy-line",
            Self::Glissando => "glissando",
            Self::Slide => "slide",
            Self::Tuplet => "tuplet",
            Self::Dashes => "dashes",
            Self::Bracket => "bracket",
            Self::Tremolo => "tremolo",
            Self::HammerOn => "hammer-on",
            Self::PullOff => "pull-off",
        }
    }
}

/// What a start and its stop have in common: the family, the number, and for tuplets and tremolos the voice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SpanName {
    pub(super) family: Family,
    pub(super) number: u16,
    pub(super) voice: u8,
}

/// One end of a span.
#[derive(Debug, Clone, Copy)]
pub(super) struct End {
    pub(super) anchor: Anchor,
    /// Its measure's position and the time in it.
    pub(super) at: (usize, Beat),
    /// Where it is in the file.
    pub(super) byte: usize,
    /// How its line ends here.
    pub(super) line_end: LineEnd,
    /// A hairpin comes from or goes to nothing here.
    pub(super) niente: bool,
}

#[derive(Debug)]
struct Start {
    name: SpanName,
    end: End,
    /// The span without its ends.
    span: Span,
}

impl Start {
    fn joined(self, stop: End) -> Span {
        let usual = if self.span.kind == SpanKind::Bracket { bracket_hook(self.span.placement) } else { LineEnd::Auto };
        let shown = |end: LineEnd| if end == usual { LineEnd::Auto } else { end };
        Span {
            start: self.end.anchor,
            end: stop.anchor,
            ends: LineEnds { start: shown(self.end.line_end), end: shown(stop.line_end) },
            niente: self.end.niente || stop.niente,
            ..self.span
        }
    }
}

/// More than any score has open at once.
const MAX_OPEN: usize = 512;

/// The spans of a part whose other end has not been seen.
#[derive(Debug, Default)]
pub(super) struct OpenSpans {
    starts: Vec<Start>,
    stops: Vec<(SpanName, End)>,
}

impl OpenSpans {
    /// A start; gives the span where its stop was seen already.
    pub(super) fn start(&mut self, name: SpanName, end: End, span: Span) -> Option<Span> {
        let start = Start { name, end, span };
        // Programs write words with dashes that lead nowhere as a stop and a start at one place, in this order.
        let ends = |stop: &End| stop.at > end.at || name.family == Family::Dashes && stop.at == end.at;
        let waiting = self.stops.iter().position(|(other, stop)| *other == name && ends(stop));
        if let Some(waiting) = waiting {
            let (_, stop) = self.stops.remove(waiting);
            return Some(start.joined(stop));
        }
        if self.starts.len() < MAX_OPEN {
            self.starts.push(start);
        }
        None
    }

    /// A stop; gives the span where its start was seen already.
    pub(super) fn stop(&mut self, name: SpanName, end: End) -> Option<Span> {
        match self.starts.iter().rposition(|start| start.name == name && start.end.at <= end.at) {
            Some(at) => Some(self.starts.remove(at).joined(end)),
            None => {
                if self.stops.len() < MAX_OPEN {
                    self.stops.push((name, end));
                }
                None
            }
        }
    }

    /// Makes a phrase of the slur of this number that is open.
    pub(super) fn mark_phrase(&mut self, number: u16) -> bool {
        let slur = SpanName { family: Family::Slur, number, voice: 0 };
        let start = self.starts.iter_mut().rev().find(|start| start.name == slur);
        start.map(|start| start.span.kind = SpanKind::Phrase).is_some()
    }

    /// Whether a span of this name is open.
    pub(super) fn is_open(&self, name: SpanName) -> bool {
        self.starts.iter().any(|start| start.name == name)
    }

    /// Whether a span of this family is open.
    pub(super) fn has_open(&self, family: Family) -> bool {
        self.starts.iter().any(|start| start.name.family == family)
    }

    /// The tuplets of a voice that are open, outermost first.
    pub(super) fn tuplets(&self, voice: u8) -> impl Iterator<Item = TupletDisplay> {
        let in_voice = move |start: &&Start| start.name.family == Family::Tuplet && start.name.voice == voice;
        self.starts.iter().filter(in_voice).filter_map(|start| match start.span.kind {
            SpanKind::Tuplet(display) => Some(display),
            _ => None,
        })
    }

    /// A stop waits for its start no longer than its measure.
    pub(super) fn finish_measure(&mut self, report: &mut Report) {
        for (name, end) in self.stops.drain(..) {
            report.invalid(&[name.family.element(), "stop without a start"], end.byte);
        }
    }

    /// What is open at the end of the part: a pedal is held to the end, anything else was left open by mistake.
    pub(super) fn finish_part(&mut self, end: Anchor, report: &mut Report) -> Vec<Span> {
        let mut held = Vec::new();
        for start in self.starts.drain(..) {
            if start.name.family == Family::Pedal {
                let stop = End { anchor: end, ..start.end };
                held.push(start.joined(stop));
            } else {
                report.invalid(&[start.name.family.element(), "start without a stop"], start.end.byte);
            }
        }
        held
    }
}
