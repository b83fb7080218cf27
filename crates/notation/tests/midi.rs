//! Standard MIDI Files, read back.

mod perform_support;

mod corpora;

use std::path::Path;

use bandpro_notation::export::midi::{MidiOptions, midi};
use bandpro_notation::import::{Limits, import};
use bandpro_notation::model::*;
use bandpro_notation::perform::{Timeline, timeline};
use midly::{Format, MetaMessage, MidiMessage, Smf, Timing, TrackEventKind};
use perform_support::{Piece, form, voices};

/// A note as a reader of the file finds it: track, start, end, channel, key, velocity.
type Heard = (usize, u32, u32, u8, u8, u8);

/// Pairs the notes of a file; panics on a note that never ends or ends without having begun.
fn heard(smf: &Smf<'_>) -> Vec<Heard> {
    let mut notes = Vec::new();
    for (place, track) in smf.tracks.iter().enumerate() {
        let mut now = 0;
        let mut open: Vec<(u8, u8, u32, u8)> = Vec::new();
        for event in track {
            now += event.delta.as_int();
            let TrackEventKind::Midi { channel, message } = event.kind else { continue };
            match message {
                MidiMessage::NoteOn { key, vel } if vel > 0 => open.push((channel.as_int(), key.as_int(), now, vel.as_int())),
                MidiMessage::NoteOff { key, .. } | MidiMessage::NoteOn { key, .. } => {
                    let sounding = |note: &(u8, u8, u32, u8)| (note.0, note.1) == (channel.as_int(), key.as_int());
                    let at = open.iter().position(sounding).expect("a note ends that has begun");
                    let (channel, key, start, velocity) = open.remove(at);
                    notes.push((place, start, now, channel, key, velocity));
                }
                _ => {}
            }
        }
        assert!(open.is_empty(), "notes that never end");
        assert!(matches!(track.last().map(|event| event.kind), Some(TrackEventKind::Meta(MetaMessage::EndOfTrack))));
    }
    notes
}

fn metas<'a>(smf: &Smf<'a>, track: usize) -> Vec<(u32, MetaMessage<'a>)> {
    let mut now = 0;
    let timed = smf.tracks[track].iter().map(move |event| {
        now += event.delta.as_int();
        (now, event.kind)
    });
    timed.filter_map(|(at, kind)| if let TrackEventKind::Meta(meta) = kind { Some((at, meta)) } else { None }).collect()
}

#[test]
fn notes_tempo_and_names_are_there() {
    let mut piece = Piece::new("C4 D4 E4 F4~ | F4 G4 A4+C5 -");
    piece.tempo(0, Beat::ZERO, NoteBase::Quarter, 100);
    piece.tempo(1, Beat::new(1, 2), NoteBase::Quarter, 50);
    piece.measure(0, |measure| measure.time = Some(TimeSignature::new(4, 4)));
    piece.sign(0, Beat::ZERO, SignKind::Key(Key { mode: KeyMode::Minor, ..Key::fifths(-3) }));
    piece.lyric(0, "1", "Lá", Syllabic::Single);
    let exported = midi(&timeline(&piece.score), &MidiOptions::default());
    assert!(exported.lost.is_empty());
    let smf = Smf::parse(&exported.bytes).unwrap();
    assert_eq!(smf.header.format, Format::Parallel);
    assert!(matches!(smf.header.timing, Timing::Metrical(ticks) if ticks.as_int() == 960));
    let notes: Vec<(u32, u32, u8)> = heard(&smf).iter().map(|note| (note.1, note.2, note.4)).collect();
    let expected =
        [(0, 960, 60), (960, 1920, 62), (1920, 2880, 64), (2880, 4800, 65), (4800, 5760, 67), (5760, 6720, 69), (5760, 6720, 72)];
    assert_eq!(notes, expected);
    let conductor = metas(&smf, 0);
    assert!(conductor.contains(&(0, MetaMessage::Tempo(600_000.into()))));
    assert!(conductor.contains(&(5760, MetaMessage::Tempo(1_200_000.into()))));
    assert!(conductor.contains(&(0, MetaMessage::TimeSignature(4, 2, 24, 8))));
    assert!(conductor.contains(&(0, MetaMessage::KeySignature(-3, true))));
    let part = metas(&smf, 1);
    assert!(part.contains(&(0, MetaMessage::TrackName(b"Piano"))));
    assert!(part.contains(&(0, MetaMessage::Lyric("Lá ".as_bytes()))));
    assert_eq!(part.last().unwrap().0, 7680, "the track lasts to the end of the last measure");
}

#[test]
fn odd_tuplets_do_not_drift() {
    let mut ids = IdSource::fixed(1);
    let mut score = Score::new();
    let part = ids.next();
    score.insert(part, Part::default()).unwrap();
    // Seven in the time of a measure, a hundred measures long: a seventh of 3840 is not whole.
    for _ in 0..100 {
        let measure = ids.next();
        score.push_measure(measure, Measure::default());
        for at in 0..7 {
            let time = EventTime { measure, onset: Beat::new(at, 7), duration: Beat::new(1, 7), value: None, ratio: (7, 4) };
            let event = ids.next();
            score.insert(event, Event { part, time, ..Event::default() }).unwrap();
            let pitch = NotePitch::Pitched(Pitch::new(Step::C, 0, 4));
            score.insert(ids.next::<Note>(), Note { event, pitch, ..Note::default() }).unwrap();
        }
    }
    let exported = midi(&timeline(&score), &MidiOptions::default());
    let notes = heard(&Smf::parse(&exported.bytes).unwrap());
    assert_eq!(notes.len(), 700);
    for (count, note) in notes.iter().enumerate() {
        let exact = |count: usize| (count as f64 * 3840.0 / 7.0).round() as u32;
        assert_eq!((note.1, note.2), (exact(count), exact(count + 1)), "note {count}");
    }
}

#[test]
fn one_part_alone_and_another_resolution() {
    let score = voices(3);
    let timeline = timeline(&score);
    let options = MidiOptions { ticks_per_quarter: 480, part: Some(timeline.tracks[1].part), ..MidiOptions::default() };
    let exported = midi(&timeline, &options);
    let smf = Smf::parse(&exported.bytes).unwrap();
    assert_eq!(smf.tracks.len(), 2);
    assert_eq!(heard(&smf).iter().map(|note| (note.1, note.2)).collect::<Vec<_>>(), [(0, 480)]);
    let program = smf.tracks[1].iter().find_map(|event| match event.kind {
        TrackEventKind::Midi { message: MidiMessage::ProgramChange { program }, .. } => Some(program.as_int()),
        _ => None,
    });
    assert_eq!(program, Some(10));
}

#[test]
fn one_track_holds_the_same_notes() {
    let score = voices(3);
    let timeline = timeline(&score);
    let exported = midi(&timeline, &MidiOptions { single_track: true, ..MidiOptions::default() });
    let smf = Smf::parse(&exported.bytes).unwrap();
    assert_eq!((smf.header.format, smf.tracks.len()), (Format::SingleTrack, 1));
    let several = midi(&timeline, &MidiOptions::default());
    let notes = |bytes: &[u8]| {
        let mut notes: Vec<Heard> =
            heard(&Smf::parse(bytes).unwrap()).into_iter().map(|note| (0, note.1, note.2, note.3, note.4, note.5)).collect();
        notes.sort_unstable();
        notes
    };
    assert_eq!(notes(&exported.bytes), notes(&several.bytes));
    assert_eq!(metas(&smf, 0).iter().filter(|(_, meta)| matches!(meta, MetaMessage::TrackName(_))).count(), 1);
}

#[test]
fn what_the_format_cannot_hold_is_listed() {
    let mut score = form("1 | 2");
    let id = score.measure_order()[1];
    let odd = Measure { time: Some(TimeSignature::new(5, 6)), ..score.measure(id).unwrap().clone() };
    score.insert(id, odd).unwrap();
    let lost = midi(&timeline(&score), &MidiOptions::default()).lost;
    assert_eq!(lost.len(), 1);
    assert!(lost[0].what.contains("denominator"));
}

fn read(path: &Path) -> Option<Score> {
    let bytes = std::fs::read(path).ok()?;
    import(&bytes, &Limits::default(), &mut IdSource::fixed(1)).ok().map(|imported| imported.score)
}

/// How often each note is to sound: once for every pass of its measure, less what is tied to a note before it. Cues are silent.
fn written_notes(score: &Score, timeline: &Timeline) -> usize {
    let parts = score.parts();
    let count = |measure| {
        let events = parts.iter().flat_map(|(part, _)| score.events_in(measure, *part));
        events.filter(|(_, event)| !event.cue).flat_map(|(id, _)| score.notes_of(id)).filter(|(_, note)| !note.tie_previous).count()
    };
    timeline.passages.iter().map(|passage| count(passage.measure)).sum()
}

#[test]
fn songs_keep_their_notes() {
    // Every tenth song of the corpus; ornaments and tremolos add strokes, ties that start nowhere sound, nothing is lost.
    for path in corpora::files("lieder").iter().step_by(10) {
        let score = read(path).unwrap_or_else(|| panic!("{} does not import", path.display()));
        let timeline = timeline(&score);
        let exported = midi(&timeline, &MidiOptions::default());
        let notes = heard(&Smf::parse(&exported.bytes).unwrap());
        assert_eq!(notes.len(), timeline.sounds.len());
        let written = written_notes(&score, &timeline);
        assert!(notes.len() >= written, "{}: {} of {written} notes", path.display(), notes.len());
        assert!(notes.len() <= written + written / 5, "{}: {} for {written} notes", path.display(), notes.len());
        assert!(!timeline.truncated);
    }
}

#[test]
fn the_suites_repeats_are_played_in_their_order() {
    let expected = [
        ("45a-", "1 1 1 1 1 2"),
        ("45b-", "1 2 1 3 4"),
        ("45c-", "1 2 3 2 3 2 3 2 3 2 3 4 5 6 7 1 2 3 2 3 2 3 2 3 2 3 4 5 6 7 1 2 3 2 3 2 3 2 3 2 3 4 5 6 7 8"),
        ("45d-", "1 2 1 3 4 5 1 6 7 8 9 1 10 1 11 12"),
        ("45e-", "1 2 1 3 4 5 5 6 7 6 8 9 8 9 10"),
        ("45g-", "1 2"),
    ];
    let files = corpora::files("suite");
    for (name, order) in expected {
        let found = files.iter().find(|path| path.file_name().is_some_and(|file| file.to_string_lossy().starts_with(name)));
        let Some(path) = found else { continue };
        let score = read(path).unwrap();
        let played: Vec<String> = timeline(&score).passages.iter().map(|passage| (passage.index + 1).to_string()).collect();
        assert_eq!(played.join(" "), order, "{}", path.display());
    }
}

#[test]
fn every_file_of_the_suite_is_performed() {
    for path in corpora::files("suite") {
        let Some(score) = read(&path) else { continue };
        let timeline = timeline(&score);
        let exported = midi(&timeline, &MidiOptions::default());
        let notes = heard(&Smf::parse(&exported.bytes).unwrap());
        assert_eq!(notes.len(), timeline.sounds.len(), "{}", path.display());
        assert!(timeline.tempi.windows(2).all(|pair| pair[0].at < pair[1].at && pair[0].seconds <= pair[1].seconds));
        assert!(timeline.passages.windows(2).all(|pair| pair[0].seconds <= pair[1].seconds));
    }
}
