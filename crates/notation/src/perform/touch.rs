//! How strings are touched over a stretch: muted with the palm, or left ringing.

use std::collections::BTreeMap;

use crate::model::{Beat, SpanKind};

use super::written::Written;
use super::{Channel, Sound};

/// How long a note rings on that is to ring without a line that says how long (laissez vibrer).
pub(super) const RINGS: Beat = Beat::WHOLE;

/// The stretches of each part, by its place, from the start of the score as written.
#[derive(Debug, Default)]
pub(super) struct Touch {
    muted: BTreeMap<usize, Vec<(Beat, Beat)>>,
    ringing: BTreeMap<usize, Vec<(Beat, Beat)>>,
}

impl Touch {
    pub fn of(written: &Written<'_>) -> Self {
        let mut touch = Self::default();
        for span in written.score.spans().values() {
            let table = match span.kind {
                SpanKind::PalmMute => &mut touch.muted,
                SpanKind::LetRing => &mut touch.ringing,
                _ => continue,
            };
            let start = written.score.anchor_moment(span.start).and_then(|moment| written.absolute(moment));
            let part = written.owner(span.start).0.and_then(|part| written.part_place(part));
            if let (Some(start), Some(end), Some(part)) = (start, written.absolute_end(span.end), part) {
                table.entry(part).or_default().push((start, end));
            }
        }
        touch
    }

    /// Whether the palm lies on the strings of a part.
    pub fn muted(&self, part: usize, at: Beat) -> bool {
        ends(&self.muted, part, at).is_some()
    }

    /// Until when what is struck now rings on.
    pub fn rings_until(&self, part: usize, at: Beat) -> Option<Beat> {
        ends(&self.ringing, part, at)
    }
}

fn ends(table: &BTreeMap<usize, Vec<(Beat, Beat)>>, part: usize, at: Beat) -> Option<Beat> {
    let over = table.get(&part)?.iter().filter(|(from, to)| *from <= at && at < *to);
    over.map(|(_, to)| *to).max()
}

/// A string that is struck again no longer rings: such sounds, by their places, end where the same key of their channel sounds next.
pub(super) fn damp(sounds: &mut [Sound], ringing: &[usize]) {
    if ringing.is_empty() {
        return;
    }
    let mut starts: BTreeMap<(Channel, u8), Vec<Beat>> = BTreeMap::new();
    for sound in sounds.iter() {
        starts.entry((sound.channel, sound.key)).or_default().push(sound.start);
    }
    starts.values_mut().for_each(|starts| starts.sort());
    for at in ringing {
        let Some(sound) = sounds.get_mut(*at) else { continue };
        let Some(starts) = starts.get(&(sound.channel, sound.key)) else { continue };
        if let Some(next) = starts.get(starts.partition_point(|start| *start <= sound.start)) {
            sound.end = sound.end.min(*next);
        }
    }
}
