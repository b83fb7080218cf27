//! The voices that a score is written as: one for each voice on each staff of each part. A voice of ABC stays on its staff, so
//! one that changes staves is written as several.

use std::collections::{BTreeSet, HashMap};

use crate::model::*;

/// A voice of a part on one staff, with what holds while it is written.
pub(super) struct Lane {
    pub(super) name: String,
    pub(super) part: PartId,
    pub(super) staff: u8,
    pub(super) voice: u8,
    /// Whether it is the first voice of its staff, which has the staff's marks; and the first of all, which has the system's.
    pub(super) leads_staff: bool,
    pub(super) leads: bool,
    pub(super) verses: BTreeSet<String>,
    pub(super) key: Key,
    pub(super) accidentals: HashMap<i32, Alter>,
    pub(super) anywhere: HashMap<Step, Alter>,
}

impl Lane {
    /// Whether an event is in this voice.
    pub(super) fn has(&self, event: &Event) -> bool {
        event.voice == self.voice && event.staff == self.staff
    }
}

/// The voices of a score, part by part, from the top staff.
pub(super) fn of(score: &Score) -> Vec<Lane> {
    let mut places: HashMap<PartId, BTreeSet<(u8, u8)>> = HashMap::new();
    let mut verses: HashMap<(PartId, u8, u8), BTreeSet<String>> = HashMap::new();
    for event in score.events().values() {
        places.entry(event.part).or_default().insert((event.staff, event.voice));
    }
    for lyric in score.lyrics().values() {
        if let Some(event) = score.event(lyric.event) {
            verses.entry((event.part, event.staff, event.voice)).or_default().insert(lyric.verse.clone());
        }
    }
    let mut lanes = Vec::new();
    for (order, (part, record)) in score.parts().into_iter().enumerate() {
        let mut voices = places.remove(&part).unwrap_or_default();
        // A staff without a note is still a staff.
        for staff in 1..=record.staves {
            if !voices.iter().any(|(other, _)| *other == staff) {
                voices.insert((staff, 1));
            }
        }
        for (staff, voice) in voices {
            let leads_staff = !lanes.iter().any(|lane: &Lane| lane.part == part && lane.staff == staff);
            lanes.push(Lane {
                name: format!("P{}S{staff}V{voice}", order + 1),
                part,
                staff,
                voice,
                leads_staff,
                leads: lanes.is_empty(),
                verses: verses.remove(&(part, staff, voice)).unwrap_or_default(),
                key: Key::default(),
                accidentals: HashMap::new(),
                anywhere: HashMap::new(),
            });
        }
    }
    lanes
}
