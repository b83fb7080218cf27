//! Which tracks and channels make which part.

use super::super::report::Report;
use super::super::{Bound, ImportError, Limits};
use super::file::{File, Played, Track};
use super::names;
use crate::model::{Beat, Pitch};

/// General MIDI's channel for drums, from 0.
pub(super) const DRUMS: u8 = 9;

/// A note on its way to being written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Note {
    pub(super) played: Played,
    /// From the start of the file, once it is quantised.
    pub(super) start: Beat,
    pub(super) end: Beat,
    /// The staff, from 1, once hands are told apart.
    pub(super) staff: u8,
    /// Its spelling, once that is found.
    pub(super) pitch: Option<Pitch>,
}

/// A part on its way to being written.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) channel: u8,
    pub(super) program: Option<u8>,
    pub(super) notes: Vec<Note>,
    pub(super) staves: u8,
    /// The staff of each note is known: from a track for each hand.
    pub(super) hands_known: bool,
    pub(super) pedals: Vec<(u32, bool)>,
    pub(super) lyrics: Vec<(u32, String)>,
    /// Whether it was played rather than put on a grid.
    pub(super) played: bool,
}

impl Part {
    pub(super) fn is_drums(&self) -> bool {
        self.channel == DRUMS
    }

    /// Whether it is for a keyboard or another instrument that is written on two staves.
    pub(super) fn is_keyboard(&self) -> bool {
        let named = ["piano", "klavier", "keyboard", "organ", "harp"].iter().any(|word| self.name.to_lowercase().contains(word));
        !self.is_drums() && (self.program.map_or(named, |program| matches!(program, 0..=8 | 16..=20 | 46)))
    }
}

/// The parts of a file: one for each channel of each track that has notes.
pub(super) fn of(file: &File, limits: &Limits, report: &mut Report) -> Result<Vec<Part>, ImportError> {
    let mut parts: Vec<Part> = Vec::new();
    let mut sung: Vec<(u32, String)> = Vec::new();
    for track in &file.tracks {
        let mut channels: Vec<u8> = track.notes.iter().map(|note| note.channel).collect();
        channels.sort_unstable();
        channels.dedup();
        if channels.is_empty() {
            // Karaoke files have their words in a track of their own.
            sung.extend(track.lyrics.iter().cloned());
            continue;
        }
        let several = channels.len() > 1;
        for channel in channels {
            if parts.len() >= limits.parts {
                return Err(ImportError::TooLarge { bound: Bound::Parts, max: limits.parts as u64, place: None });
            }
            parts.push(part(track, channel, several, file));
        }
    }
    join_hands(&mut parts);
    if let Some(singer) = singer(&parts, &sung) {
        sung.sort_by_key(|(at, _)| *at);
        if let Some(part) = parts.get_mut(singer) {
            part.lyrics = sung;
        }
    } else if !sung.is_empty() {
        report.unsupported(&["words that no part sings"], 0);
    }
    Ok(parts)
}

fn part(track: &Track, channel: u8, several: bool, file: &File) -> Part {
    let own = |note: &&Played| note.channel == channel;
    let program = track.programs.get(usize::from(channel)).copied().flatten();
    // The program may stand in another track.
    let program = program.or_else(|| file.tracks.iter().find_map(|track| track.programs.get(usize::from(channel)).copied().flatten()));
    let note = |played: &Played| Note { played: *played, start: Beat::ZERO, end: Beat::ZERO, staff: 1, pitch: None };
    let given = [&track.name, &track.instrument].into_iter().find(|name| !name.trim().is_empty()).filter(|_| !several);
    let name = match given {
        Some(name) => name.trim().to_owned(),
        None if channel == DRUMS => "Drums".to_owned(),
        None => program.map_or_else(String::new, |program| names::of_program(program).to_owned()),
    };
    Part {
        name,
        channel,
        program,
        notes: track.notes.iter().filter(own).map(note).collect(),
        staves: 1,
        hands_known: false,
        pedals: track.pedals.iter().filter(|(_, other, _)| *other == channel).map(|(at, _, down)| (*at, *down)).collect(),
        lyrics: track.lyrics.clone(),
        played: false,
    }
}

/// Two tracks one after another that play one keyboard on one channel are its hands; so are those whose names say so.
fn join_hands(parts: &mut Vec<Part>) {
    let hand = |part: &Part| {
        let name = part.name.to_lowercase();
        let ends = |words: &[&str]| words.iter().any(|word| name.ends_with(word));
        if ends(&["right", "right hand", "rh", "(r)", "r.h."]) {
            Some(1)
        } else if ends(&["left", "left hand", "lh", "(l)", "l.h."]) {
            Some(2)
        } else {
            None
        }
    };
    let mut at = 0;
    while at + 1 < parts.len() {
        let joins = match (parts.get(at), parts.get(at + 1)) {
            (Some(a), Some(b)) => {
                let named = hand(a) == Some(1) && hand(b) == Some(2);
                let same = a.channel == b.channel && a.program == b.program && (a.name == b.name || b.name.is_empty());
                a.staves == 1 && a.is_keyboard() && b.is_keyboard() && (named || same && a.program.is_some())
            }
            _ => false,
        };
        if joins {
            let left = parts.remove(at + 1);
            if let Some(right) = parts.get_mut(at) {
                right.notes.extend(left.notes.into_iter().map(|note| Note { staff: 2, ..note }));
                right.notes.sort_by_key(|note| (note.played.start, note.played.key));
                right.pedals.extend(left.pedals);
                right.pedals.sort_unstable();
                right.staves = 2;
                right.hands_known = true;
                if hand(right).is_some() {
                    right.name = right.program.map_or("Piano", names::of_program).to_owned();
                }
            }
        }
        at += 1;
    }
}

/// The part with most notes where words are.
fn singer(parts: &[Part], words: &[(u32, String)]) -> Option<usize> {
    if words.is_empty() {
        return None;
    }
    let fits = |part: &Part| words.iter().filter(|(at, _)| part.notes.binary_search_by_key(at, |note| note.played.start).is_ok()).count();
    let counts = parts.iter().enumerate().filter(|(_, part)| !part.is_drums()).map(|(at, part)| (fits(part), at));
    counts.max_by_key(|(count, at)| (*count, std::cmp::Reverse(*at))).filter(|(count, _)| *count > 0).map(|(_, at)| at)
}
