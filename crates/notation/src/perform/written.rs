//! The score as a performer reads it: where measures lie, and which key and transposition hold where.

use std::collections::BTreeMap;

use crate::model::{Anchor, Beat, Event, EventId, Key, MeasureId, Moment, Part, PartId, Score, SignKind, Transposition};

/// A score with its measures laid end to end, as written, without repeats.
pub(super) struct Written<'a> {
    pub score: &'a Score,
    pub parts: Vec<(PartId, &'a Part)>,
    pub measures: Vec<MeasureId>,
    /// Where each measure starts; one more than there are measures.
    pub starts: Vec<Beat>,
    pub lengths: Vec<Beat>,
    places: BTreeMap<MeasureId, usize>,
}

impl<'a> Written<'a> {
    pub fn of(score: &'a Score) -> Self {
        let parts = score.parts();
        let measures = score.measure_order().to_vec();
        let mut lengths = score.measure_lengths();
        for (length, measure) in lengths.iter_mut().zip(&measures) {
            *length = (*length).max(sounding_length(score, &parts, *measure)).max(Beat::ZERO);
        }
        let mut starts = Vec::with_capacity(lengths.len() + 1);
        let mut at = Beat::ZERO;
        for length in &lengths {
            starts.push(at);
            at += *length;
        }
        starts.push(at);
        let places = measures.iter().enumerate().map(|(place, id)| (*id, place)).collect();
        Self { score, parts, measures, starts, lengths, places }
    }

    pub fn place(&self, measure: MeasureId) -> Option<usize> {
        self.places.get(&measure).copied()
    }

    /// A moment as a place of a measure and a time within that measure.
    pub fn locate(&self, moment: Moment) -> Option<(usize, Beat)> {
        Some((self.place(moment.measure)?, moment.beat.max(Beat::ZERO)))
    }

    /// A moment from the start of the score, as written.
    pub fn absolute(&self, moment: Moment) -> Option<Beat> {
        let (place, beat) = self.locate(moment)?;
        Some(*self.starts.get(place)? + beat)
    }

    pub fn start(&self, place: usize) -> Beat {
        self.starts.get(place).copied().unwrap_or_default()
    }

    pub fn length(&self, place: usize) -> Beat {
        self.lengths.get(place).copied().unwrap_or_default()
    }

    pub fn part_place(&self, part: PartId) -> Option<usize> {
        self.parts.iter().position(|(id, _)| *id == part)
    }

    /// The part and staff that an anchor is for; neither for the system.
    pub fn owner(&self, anchor: Anchor) -> (Option<PartId>, Option<u8>) {
        match anchor {
            Anchor::System(_) | Anchor::Page(_) => (None, None),
            Anchor::Staff(part, staff, _) => (Some(part), staff),
            Anchor::Event(_) | Anchor::Note(_) => {
                let event = self.score.anchor_event(anchor).and_then(|id| self.score.event(id));
                (event.map(|event| event.part), event.map(|event| event.staff))
            }
        }
    }

    /// The end of what an anchor holds on to, from the start of the score: the end of an event, the moment of a place.
    pub fn absolute_end(&self, anchor: Anchor) -> Option<Beat> {
        let start = self.absolute(self.score.anchor_moment(anchor)?)?;
        let event = self.score.anchor_event(anchor).and_then(|id| self.score.event(id));
        Some(start + event.map_or(Beat::ZERO, |event| event.time.duration))
    }

    pub fn events(&self, place: usize, part: PartId) -> Vec<(EventId, &'a Event)> {
        self.measures.get(place).map(|measure| self.score.events_in(*measure, part).collect()).unwrap_or_default()
    }
}

/// To the end of the last note: a measure that is overfull is played to its end.
fn sounding_length(score: &Score, parts: &[(PartId, &Part)], measure: MeasureId) -> Beat {
    let events = parts.iter().flat_map(|(part, _)| score.events_in(measure, *part));
    events.filter(|(id, _)| !score.is_rest(*id)).map(|(_, event)| event.time.end()).max().unwrap_or_default()
}

/// What signs of one part say, walked from measure to measure.
pub(super) struct Reading {
    keys: BTreeMap<u8, Key>,
    transpositions: BTreeMap<u8, Transposition>,
    /// Keys of instruments.
    instruments: BTreeMap<u8, String>,
    /// Changes within the measure that is being read, with their moment.
    pending: Vec<(Beat, u8, SignKind)>,
}

/// All staves of a part, in the tables of [`Reading`].
const ALL: u8 = 0;

impl Reading {
    pub fn new(part: &Part) -> Self {
        let mut transpositions = BTreeMap::new();
        transpositions.insert(ALL, part.transposition.unwrap_or_default());
        Self { keys: BTreeMap::new(), transpositions, instruments: BTreeMap::new(), pending: Vec::new() }
    }

    /// Goes on to the next measure.
    pub fn enter(&mut self, written: &Written<'_>, place: usize, part: PartId) {
        for (_, staff, kind) in std::mem::take(&mut self.pending) {
            self.set(staff, kind);
        }
        let Some(measure) = written.measures.get(place) else { return };
        let signs = written.score.signs_in(*measure).into_iter().filter(|(_, sign)| sign.part == part);
        self.pending = signs.map(|(_, sign)| (sign.at.beat, sign.staff.unwrap_or(ALL), sign.kind.clone())).collect();
    }

    /// Applies what is signed up to a moment of the measure. Moments are asked for in order.
    pub fn advance(&mut self, to: Beat) {
        let due = self.pending.iter().take_while(|(at, _, _)| *at <= to).count();
        for (_, staff, kind) in self.pending.drain(..due).collect::<Vec<_>>() {
            self.set(staff, kind);
        }
    }

    fn set(&mut self, staff: u8, kind: SignKind) {
        match kind {
            SignKind::Key(key) => set(&mut self.keys, staff, key),
            SignKind::Transpose(transposition) => set(&mut self.transpositions, staff, transposition),
            // A change of the name alone is none of the instrument.
            SignKind::Instrument(change) if !change.key.is_empty() => set(&mut self.instruments, staff, change.key),
            _ => {}
        }
    }

    pub fn key(&self, staff: u8) -> Key {
        self.keys.get(&staff).or_else(|| self.keys.get(&ALL)).cloned().unwrap_or_default()
    }

    /// The instrument that was changed to, by its key.
    pub fn instrument(&self, staff: u8) -> Option<&str> {
        self.instruments.get(&staff).or_else(|| self.instruments.get(&ALL)).map(String::as_str)
    }

    pub fn semitones(&self, staff: u8) -> i32 {
        self.transpositions.get(&staff).or_else(|| self.transpositions.get(&ALL)).map_or(0, |t| t.semitones())
    }
}

/// What is set for all staves replaces what single staves had.
fn set<T>(table: &mut BTreeMap<u8, T>, staff: u8, value: T) {
    if staff == ALL {
        table.clear();
    }
    table.insert(staff, value);
}
