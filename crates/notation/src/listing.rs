//! The notes of a score as plain lines, for tools, tests and comparison with other readers of the same file.

use serde::Serialize;

use crate::model::{Beat, EventId, Lyric, LyricPiece, Note, NoteId, NotePitch, Score};

/// One sounding note of a score. Positions and durations are in quarter notes, as reduced fractions `n/d`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EventLine {
    /// The part, from 0.
    pub part: usize,
    /// The measure, from 0.
    pub measure: usize,
    /// From the start of the measure, in quarter notes.
    #[serde(serialize_with = "as_quarters")]
    pub onset: Beat,
    /// In quarter notes; zero for a grace note.
    #[serde(serialize_with = "as_quarters")]
    pub duration: Beat,
    /// The staff, from 1.
    pub staff: u8,
    /// `note` or `unpitched`.
    pub kind: &'static str,
    /// The written pitch, or where an unpitched note stands; nothing where no place is given.
    pub pitch: Option<String>,
    /// Whether it is a grace note.
    pub grace: bool,
    /// `start`, `stop`, `both`, or nothing.
    pub tie: &'static str,
    /// What is sung on it: `verse:text`, in the order of these strings.
    pub lyrics: Vec<String>,
}

fn as_quarters<S: serde::Serializer>(time: &Beat, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&time.scale(4, 1))
}

/// Every note of the score, rests left out, by part, measure, onset and staff; then grace notes first; then by pitch, duration,
/// tie and lyrics, compared as strings.
pub fn events(score: &Score) -> Vec<EventLine> {
    let mut lines = Vec::with_capacity(score.notes().len());
    for (part, (part_id, _)) in score.parts().into_iter().enumerate() {
        for (measure, measure_id) in score.measure_order().iter().enumerate() {
            let start = lines.len();
            for (id, event) in score.events_in(*measure_id, part_id) {
                let notes = score.notes_of(id);
                let lowest = notes.first().map(|(id, _)| *id);
                for (note_id, note) in notes {
                    let (kind, pitch) = kind_and_pitch(note.pitch);
                    lines.push(EventLine {
                        part,
                        measure,
                        onset: event.time.onset,
                        duration: if event.grace.is_some() { Beat::ZERO } else { note.duration.unwrap_or(event.time.duration) },
                        staff: note.staff.unwrap_or(event.staff),
                        kind,
                        pitch,
                        grace: event.grace.is_some(),
                        // A cue is not played: MusicXML has no `tie` for it, only the curve.
                        tie: if event.cue { "" } else { tie(note) },
                        lyrics: lyrics(score, id, note_id, lowest),
                    });
                }
            }
            lines.get_mut(start..).unwrap_or_default().sort_by(compare);
        }
    }
    lines
}

fn compare(a: &EventLine, b: &EventLine) -> std::cmp::Ordering {
    fn key(line: &EventLine) -> (Beat, u8, bool, &str, Beat, &str, &[String]) {
        let pitch = line.pitch.as_deref().unwrap_or_default();
        (line.onset, line.staff, !line.grace, pitch, line.duration, line.tie, &line.lyrics)
    }
    key(a).cmp(&key(b))
}

fn kind_and_pitch(pitch: NotePitch) -> (&'static str, Option<String>) {
    match pitch {
        NotePitch::Pitched(pitch) => ("note", Some(pitch.to_string())),
        NotePitch::Unpitched(position) => ("unpitched", position.map(|at| format!("{}{}", at.step.letter(), at.octave))),
    }
}

const fn tie(note: &Note) -> &'static str {
    match (note.tie_previous, note.tie_next) {
        (true, true) => "both",
        (true, false) => "stop",
        (false, true) => "start",
        (false, false) => "",
    }
}

/// The lyrics of one note: those it has itself, and on the lowest of a chord those of no note in particular.
fn lyrics(score: &Score, event: EventId, note: NoteId, lowest: Option<NoteId>) -> Vec<String> {
    let on_note = |lyric: &Lyric| lyric.note.or(lowest) == Some(note);
    let of_event = score.lyrics_of(event).into_iter().map(|(_, lyric)| lyric).filter(|lyric| on_note(lyric));
    let text = |piece: &LyricPiece| match piece {
        LyricPiece::Text(text, _) | LyricPiece::Elision(text) => text.clone(),
    };
    let sung = of_event.map(|lyric| (&lyric.verse, lyric.text.iter().map(text).collect::<String>()));
    let mut lines: Vec<String> = sung.filter(|(_, words)| !words.is_empty()).map(|(verse, words)| format!("{verse}:{words}")).collect();
    lines.sort_unstable();
    lines
}
