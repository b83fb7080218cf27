//! What sounds where a sign says that measures or beats before it are played again (MusicXML 4.0, `measure-repeat` and
//! `beat-repeat`; Gould, "Behind Bars", pp. 221–224).
//!
//! A file may write out the music under such signs, as MusicXML asks it to: then that is what is played. Where nothing sounds under
//! a sign, what stands before it in the order of the page is played once more; if that is itself under a sign, what it sounds.

use std::collections::BTreeMap;

use crate::model::{Beat, Event, EventId, PartId, SignKind, TimeSignature};

use super::MAX_SOUNDS;
use super::written::Written;

/// Beats of a measure that are played again at most.
const MOST_BEATS: i64 = 64;

/// An event as it is played in a measure: where it is written, or once more elsewhere.
#[derive(Debug, Clone, Copy)]
pub(super) struct Played<'a> {
    pub id: EventId,
    pub event: &'a Event,
    /// From the start of the measure it is played in.
    pub onset: Beat,
    /// At most this long: what is played again ends with its measure.
    pub duration: Beat,
}

impl<'a> Played<'a> {
    /// As it is written.
    pub fn as_written(id: EventId, event: &'a Event) -> Self {
        Self { id, event, onset: event.time.onset, duration: event.time.duration }
    }

    fn end(&self) -> Beat {
        self.onset + self.duration
    }

    /// The same at another place of a measure of this length.
    fn at(self, onset: Beat, length: Beat) -> Option<Self> {
        (onset < length || onset == length && self.duration.is_zero()).then(|| Self {
            onset,
            duration: self.duration.min(length - onset),
            ..self
        })
    }
}

/// What is played again, by the place of its part and of its measure.
#[derive(Debug, Default)]
pub(super) struct Echoes<'a> {
    again: BTreeMap<(usize, usize), Vec<Played<'a>>>,
}

/// A sign that begins or ends such repeats: from when on, on which staff (all without one).
type Sign<'a> = (Beat, Option<u8>, &'a SignKind);

/// The signs of a part by the place of their measure.
type Signs<'a> = BTreeMap<usize, Vec<Sign<'a>>>;

impl<'a> Echoes<'a> {
    pub fn of(written: &Written<'a>) -> Self {
        let mut signs: BTreeMap<PartId, Signs<'a>> = BTreeMap::new();
        for (place, measure) in written.measures.iter().enumerate() {
            let here = written.score.signs_in(*measure).into_iter().map(|(_, sign)| sign);
            for sign in here.filter(|sign| matches!(sign.kind, SignKind::MeasureRepeat(_) | SignKind::BeatRepeat(_))) {
                signs.entry(sign.part).or_default().entry(place).or_default().push((sign.at.beat, sign.staff, &sign.kind));
            }
        }
        let mut echoes = Self::default();
        let mut room = MAX_SOUNDS;
        for (place, (id, _)) in written.parts.iter().enumerate() {
            if let Some(signs) = signs.get(id) {
                echoes.listen(written, (place, *id), signs, &mut room);
            }
        }
        echoes
    }

    /// Goes through a part, of which no more than `room` events are played again.
    fn listen(&mut self, written: &Written<'a>, (place, part): (usize, PartId), signs: &Signs<'a>, room: &mut usize) {
        let mut beat = TimeSignature::new(4, 4).beat();
        let mut staves: BTreeMap<u8, Listener<'a>> = BTreeMap::new();
        for (at, measure) in written.measures.iter().enumerate() {
            if let Some(time) = written.score.measure(*measure).and_then(|measure| measure.time.as_ref()) {
                beat = time.beat();
            }
            let mut own: BTreeMap<u8, Vec<Played<'a>>> = BTreeMap::new();
            for (id, event) in written.events(at, part).into_iter().filter(|(id, event)| !event.cue && !written.score.is_rest(*id)) {
                own.entry(event.staff).or_default().push(Played::as_written(id, event));
                staves.entry(event.staff).or_insert_with(|| Listener::late(at, signs, event.staff));
            }
            let here = signs.get(&at).map_or(&[][..], Vec::as_slice);
            for (staff, listener) in &mut staves {
                let bar = Bar { length: written.length(at), beat, signs: here, staff: *staff };
                let again = listener.measure(own.remove(staff).unwrap_or_default(), &bar, *room);
                *room = room.saturating_sub(again.len());
                if !again.is_empty() {
                    self.again.entry((place, at)).or_default().extend(again);
                }
            }
        }
    }

    /// All that a part plays in a measure, in the order of time.
    pub fn events(&self, written: &Written<'a>, place: usize, measure: usize, part: PartId) -> Vec<Played<'a>> {
        let own = written.events(measure, part).into_iter();
        let mut events: Vec<Played<'a>> = own.map(|(id, event)| Played::as_written(id, event)).collect();
        if let Some(again) = self.again.get(&(place, measure)) {
            events.extend(again);
            events.sort_by_key(|played| played.onset);
        }
        events
    }
}

/// A measure, for one staff.
struct Bar<'a, 'b> {
    length: Beat,
    /// The beat of its time signature.
    beat: Beat,
    signs: &'b [Sign<'a>],
    staff: u8,
}

/// One staff, measure by measure.
#[derive(Default)]
struct Listener<'a> {
    /// How many measures each sign repeats, where one is in force.
    measures: Option<usize>,
    /// Whether beats are repeated.
    beats: bool,
    /// What each measure before sounded, and how long it is.
    heard: Vec<(Beat, Vec<Played<'a>>)>,
}

impl<'a> Listener<'a> {
    /// Of a staff on which nothing sounds before this measure.
    fn late(measure: usize, signs: &Signs<'a>, staff: u8) -> Self {
        let mut listener = Self { heard: vec![(Beat::ZERO, Vec::new()); measure], ..Self::default() };
        signs.range(..measure).flat_map(|(_, signs)| signs).for_each(|sign| listener.heed(sign, staff));
        listener
    }

    fn heed(&mut self, (_, on, kind): &Sign<'a>, staff: u8) {
        match kind {
            _ if on.is_some_and(|on| on != staff) => {}
            SignKind::MeasureRepeat(style) => self.measures = style.map(|style| usize::from(style.measures.max(1))),
            SignKind::BeatRepeat(slashes) => self.beats = slashes.is_some(),
            _ => {}
        }
    }

    /// What the next measure sounds beyond what is written in it.
    fn measure(&mut self, own: Vec<Played<'a>>, bar: &Bar<'a, '_>, room: usize) -> Vec<Played<'a>> {
        let mut stretches = vec![(Beat::ZERO, self.beats)];
        for sign in bar.signs {
            self.heed(sign, bar.staff);
            stretches.push((sign.0, self.beats));
        }
        let written = own.len();
        let mut heard = own;
        if let Some(count) = self.measures {
            let source = self.heard.len().checked_sub(count).and_then(|source| self.heard.get(source));
            if let Some((_, source)) = source.filter(|_| written == 0) {
                heard.extend(source.iter().filter_map(|played| played.at(played.onset, bar.length)).take(room));
            }
        } else {
            let ends = stretches.iter().skip(1).map(|(at, _)| *at).chain([bar.length]);
            for ((from, on), to) in stretches.iter().zip(ends) {
                if *on {
                    self.fill((*from, to.min(bar.length)), bar, &mut heard);
                }
            }
            heard.truncate(written + room);
        }
        let again = heard.get(written..).unwrap_or_default().to_vec();
        self.heard.push((bar.length, heard));
        again
    }

    /// Each beat of a stretch in which nothing sounds has the sounds of the beat before.
    fn fill(&self, (from, to): (Beat, Beat), bar: &Bar<'a, '_>, heard: &mut Vec<Played<'a>>) {
        let beats = (0..MOST_BEATS).map(|count| from + bar.beat.scale(count, 1));
        for at in beats.take_while(|at| *at < to) {
            let next = at + bar.beat;
            if heard.iter().any(|played| played.onset < next && (played.onset >= at || played.end() > at)) {
                continue;
            }
            let last = self.heard.last().filter(|_| at.is_zero());
            let (source, moved) = last.map_or((heard.as_slice(), bar.beat), |(length, last)| (last.as_slice(), bar.beat - *length));
            let within = |onset: &Beat| at <= *onset && *onset < next;
            let again = source.iter().filter(|played| within(&(played.onset + moved)));
            let again: Vec<_> = again.filter_map(|played| played.at(played.onset + moved, bar.length.min(next))).collect();
            heard.extend(again);
        }
    }
}
