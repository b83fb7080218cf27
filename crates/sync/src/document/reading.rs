//! How what was merged reads as music. Nothing is repaired here: that is for the musicians to do.

use std::collections::BTreeMap;

use bandpro_notation::model::{Beat, EventId, PartId, Score};

/// Events of one voice that sound at once without being one chord.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    /// The part.
    pub part: PartId,
    /// The events, by onset.
    pub events: Vec<EventId>,
}

/// How a score reads.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// Events at one place with equal duration, which read as one chord. The first stands for it.
    pub chords: Vec<Vec<EventId>>,
    /// Places that do not read.
    pub overlaps: Vec<Overlap>,
}

/// Says how a score reads: events of the same part, staff, voice, onset and duration are one chord (or one rest), other events of
/// a voice that sound at once are an overlap, and so is a rest where there are notes. Grace notes take no time and take no part.
/// An untouched score has neither.
pub fn normalise(score: &Score) -> Reading {
    let mut reading = Reading::default();
    let parts = score.parts();
    for measure in score.measure_order() {
        for (part, _) in &parts {
            let mut voices: BTreeMap<(u8, u8), Vec<Sounding>> = BTreeMap::new();
            for (id, event) in score.events_in(*measure, *part).filter(|(_, event)| event.grace.is_none()) {
                let time = event.time;
                voices.entry((event.staff, event.voice)).or_default().push((time.onset, time.end(), score.is_rest(id), id));
            }
            for mut events in voices.into_values() {
                events.sort();
                read_voice(*part, &events, &mut reading);
            }
        }
    }
    reading
}

/// When an event starts and ends, and whether it is a rest.
type Sounding = (Beat, Beat, bool, EventId);

fn read_voice(part: PartId, events: &[Sounding], reading: &mut Reading) {
    let chords: Vec<&[Sounding]> = events.chunk_by(|a, b| (a.0, a.1, a.2) == (b.0, b.1, b.2)).collect();
    let ids = |chord: &[Sounding]| chord.iter().map(|(.., id)| *id).collect::<Vec<_>>();
    reading.chords.extend(chords.iter().filter(|chord| chord.len() > 1).map(|chord| ids(chord)));
    let mut tangle: Vec<EventId> = Vec::new();
    let mut tangled = 0;
    let mut until = Beat::ZERO;
    for chord in chords {
        let (onset, end, ..) = chord[0];
        if onset >= until {
            finish(part, &mut tangle, tangled, reading);
            tangled = 0;
        }
        tangle.extend(ids(chord));
        tangled += 1;
        until = until.max(end);
    }
    finish(part, &mut tangle, tangled, reading);
}

fn finish(part: PartId, tangle: &mut Vec<EventId>, tangled: usize, reading: &mut Reading) {
    let events = std::mem::take(tangle);
    if tangled > 1 {
        reading.overlaps.push(Overlap { part, events });
    }
}
