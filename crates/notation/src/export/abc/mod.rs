//! ABC 2.1: a tune for each score, a voice for each voice of each staff.
//!
//! What is written is what [`crate::import`] reads; what ABC cannot hold is listed in [`Exported::lost`].

mod head;
mod lanes;
mod measure;
mod note;

use std::collections::BTreeMap;

use super::{Exported, Lost};
use crate::model::*;
use lanes::Lane;

/// Measures on one line of text.
const PER_LINE: usize = 4;

/// The unit of lengths: an eighth.
const UNIT: Beat = Beat::new(1, 8);

/// What is left out, and how often.
type Losses = BTreeMap<&'static str, u32>;

/// The score as an ABC tune in UTF-8.
pub fn abc(score: &Score) -> Exported {
    let mut lost = Losses::new();
    let mut lanes = lanes::of(score);
    let mut text = head::write(score, &lanes, &mut lost);
    let lengths = score.measure_lengths();
    let order = score.measure_order();
    for (from, chunk) in order.chunks(PER_LINE).enumerate() {
        for lane in &mut lanes {
            text.push_str(&format!("[V:{}] ", lane.name));
            for (at, id) in chunk.iter().enumerate() {
                let position = from * PER_LINE + at;
                let length = lengths.get(position).copied().unwrap_or(Beat::WHOLE);
                measure::write(&mut text, score, lane, (position, *id, length), &mut lost);
            }
            text.push('\n');
            words(&mut text, score, lane, chunk);
        }
    }
    count_losses(score, &mut lost);
    let lost = lost.into_iter().map(|(what, times)| Lost { what: what.to_owned(), times }).collect();
    Exported { bytes: text.into_bytes(), lost }
}

fn lose(lost: &mut Losses, what: &'static str) {
    let times = lost.entry(what).or_default();
    *times = times.saturating_add(1);
}

/// The verses under a line of a voice. A voice that is sung anywhere has its verses under every line, so that no words slip
/// back to notes of a line before.
fn words(text: &mut String, score: &Score, lane: &Lane, measures: &[MeasureId]) {
    for verse in &lane.verses {
        let mut line = String::from("w:");
        let events = measures.iter().flat_map(|id| score.events_in(*id, lane.part));
        let sung = events.filter(|(id, event)| lane.has(event) && event.grace.is_none() && !score.is_rest(*id));
        let mut held = false;
        for (id, _) in sung {
            let lyric = score.lyrics_of(id).into_iter().map(|(_, lyric)| lyric).find(|lyric| lyric.verse == *verse);
            match lyric {
                Some(lyric) => {
                    line.push_str(&syllable(&lyric.text));
                    held = lyric.extend;
                }
                None if held => line.push('_'),
                None => line.push_str(" *"),
            }
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
}

fn syllable(pieces: &[LyricPiece]) -> String {
    let mut said = String::new();
    let mut goes_on = false;
    for piece in pieces {
        match piece {
            LyricPiece::Text(text, syllabic) => {
                said.push_str(&escaped(text).replace('-', "\\-").replace([' ', '_', '*', '|'], "~"));
                goes_on = matches!(syllabic, Syllabic::Begin | Syllabic::Middle);
            }
            LyricPiece::Elision(_) => said.push('~'),
        }
    }
    format!(" {said}{}", if goes_on { "-" } else { "" })
}

/// A text string: a backslash, a percent sign and an ampersand have to be escaped (ABC 2.1, section 8.2).
fn escaped(text: &str) -> String {
    let mut made = String::new();
    for c in text.chars() {
        match c {
            '\\' | '%' | '&' => made.extend(['\\', c]),
            '"' => made.push_str("&quot;"),
            '$' => made.push_str("$$"),
            c if c.is_control() => made.push(' '),
            c => made.push(c),
        }
    }
    made
}

/// What no place in ABC holds, counted over the whole score.
fn count_losses(score: &Score, lost: &mut Losses) {
    for span in score.spans().values() {
        match span.kind {
            SpanKind::Slur | SpanKind::Phrase | SpanKind::Tuplet(_) | SpanKind::Crescendo | SpanKind::Diminuendo => {}
            _ => lose(lost, "lines other than slurs and hairpins"),
        }
    }
    for note in score.notes().values() {
        if !matches!(note.head, Notehead::Normal) {
            lose(lost, "shapes of noteheads");
        }
        if note.staff.is_some() {
            lose(lost, "notes on another staff than their chord");
        }
        if note.duration.is_some() {
            lose(lost, "chords of unequal notes");
        }
    }
}
