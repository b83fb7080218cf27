//! Standard MIDI Files, read as notation.

mod corpora;

use std::collections::BTreeMap;

use bandpro_notation::export::midi::{MidiOptions, midi};
use bandpro_notation::import::{Imported, Limits, import};
use bandpro_notation::model::*;
use bandpro_notation::perform::timeline;
use midly::num::{u4, u7, u15, u24, u28};
use midly::{Format, Header, MetaMessage, MidiMessage, Smf, Timing, TrackEvent, TrackEventKind};

fn read(bytes: &[u8]) -> Imported {
    import(bytes, &Limits::default(), &mut IdSource::fixed(3)).unwrap_or_else(|error| panic!("{error}"))
}

/// A track under construction: events at ticks, in any order.
#[derive(Default)]
struct Track<'a> {
    events: Vec<(u32, u8, TrackEventKind<'a>)>,
}

impl<'a> Track<'a> {
    fn meta(mut self, at: u32, message: MetaMessage<'a>) -> Self {
        self.events.push((at, 0, TrackEventKind::Meta(message)));
        self
    }

    fn midi(mut self, at: u32, channel: u8, message: MidiMessage) -> Self {
        self.events.push((at, 1, TrackEventKind::Midi { channel: u4::new(channel), message }));
        self
    }

    fn note(mut self, channel: u8, key: u8, start: u32, end: u32) -> Self {
        let event = |message| TrackEventKind::Midi { channel: u4::new(channel), message };
        self.events.push((start, 3, event(MidiMessage::NoteOn { key: u7::new(key), vel: u7::new(80) })));
        self.events.push((end, 2, event(MidiMessage::NoteOff { key: u7::new(key), vel: u7::new(0) })));
        self
    }

    /// Notes one after another: a key and a length in ticks; key 0 for silence.
    fn line(mut self, channel: u8, mut at: u32, notes: &[(u8, u32)]) -> Self {
        for (key, length) in notes {
            if *key > 0 {
                self = self.note(channel, *key, at, at + length);
            }
            at += length;
        }
        self
    }

    fn written(mut self) -> Vec<TrackEvent<'a>> {
        self.events.sort_by_key(|(at, rank, _)| (*at, *rank));
        let mut now = 0;
        let mut events: Vec<TrackEvent<'a>> = Vec::new();
        for (at, _, kind) in self.events {
            events.push(TrackEvent { delta: u28::new(at - now), kind });
            now = at;
        }
        events.push(TrackEvent { delta: u28::new(0), kind: TrackEventKind::Meta(MetaMessage::EndOfTrack) });
        events
    }
}

fn file(timing: Timing, tracks: Vec<Track<'_>>) -> Vec<u8> {
    let format = if tracks.len() == 1 { Format::SingleTrack } else { Format::Parallel };
    let mut smf = Smf::new(Header::new(format, timing));
    smf.tracks = tracks.into_iter().map(Track::written).collect();
    let mut bytes = Vec::new();
    smf.write_std(&mut bytes).unwrap();
    bytes
}

fn quarters(tracks: Vec<Track<'_>>) -> Score {
    read(&file(Timing::Metrical(u15::new(480)), tracks)).score
}

/// The events of a part: measures separated by `|`, notes with their length in sixteenths, `~` for tied from before, `z` for
/// silence; other voices after `&`.
fn written(score: &Score, part: usize) -> String {
    let (part, _) = score.parts()[part];
    let measure = |id: MeasureId| {
        let mut voices: BTreeMap<u8, Vec<String>> = BTreeMap::new();
        for (id, event) in score.events_in(id, part) {
            let name = |note: &Note| match note.pitch {
                NotePitch::Pitched(pitch) => format!("{}{pitch}", if note.tie_previous { "~" } else { "" }),
                NotePitch::Unpitched(place) => format!("{}{}", place.unwrap().step.letter(), place.unwrap().octave),
            };
            let notes: Vec<String> = score.notes_of(id).iter().map(|(_, note)| name(note)).collect();
            let notes = if notes.is_empty() { "z".to_owned() } else { notes.join("+") };
            let length = event.time.duration.scale(16, 1);
            let length = if length.denominator() == 1 { length.numerator().to_string() } else { length.to_string() };
            voices.entry(event.voice).or_default().push(format!("{notes}:{length}"));
        }
        voices.into_values().map(|events| events.join(" ")).collect::<Vec<_>>().join(" & ")
    };
    score.measure_order().iter().map(|id| measure(*id)).collect::<Vec<_>>().join(" | ")
}

#[test]
fn a_melody_has_its_values_its_ties_and_its_rests() {
    let notes = [(60, 480), (62, 240), (64, 240), (0, 480), (65, 720), (67, 240), (69, 480), (71, 320), (72, 160)];
    let score = quarters(vec![Track::default().line(0, 0, &notes)]);
    assert_eq!(written(&score, 0), "C4:4 D4:2 E4:2 z:4 F4:4 | ~F4:2 G4:2 A4:4 B4:8/3 C5:4/3 z:4");
    let tuplets: Vec<_> =
        score.spans().values().filter(|span| matches!(&span.kind, SpanKind::Tuplet(t) if (t.actual, t.normal) == (3, 2))).collect();
    assert_eq!(tuplets.len(), 1);
}

/// Programs that write MIDI let go of a note before the next one starts, at 80 to 99 percent of it.
#[test]
fn notes_that_are_let_go_early_are_written_whole() {
    for held in [384_u32, 432, 455, 460, 465, 470, 479] {
        let notes = (0..8_u8).fold(Track::default(), |track, at| track.note(0, 60 + at, u32::from(at) * 480, u32::from(at) * 480 + held));
        assert_eq!(written(&quarters(vec![notes]), 0), "C4:4 C#4:4 D4:4 Eb4:4 | E4:4 F4:4 F#4:4 G4:4", "held for {held} of 480 ticks");
    }
}

#[test]
fn metre_tempo_key_and_names_come_from_the_file() {
    let heading = Track::default()
        .meta(0, MetaMessage::TrackName(b"A piece"))
        .meta(0, MetaMessage::Copyright("© me".as_bytes()))
        .meta(0, MetaMessage::TimeSignature(1, 2, 24, 8))
        .meta(480, MetaMessage::TimeSignature(3, 2, 24, 8))
        .meta(1920, MetaMessage::TimeSignature(6, 3, 24, 8))
        .meta(0, MetaMessage::KeySignature(-3, true))
        .meta(0, MetaMessage::Tempo(u24::new(500_000)))
        .meta(1920, MetaMessage::Tempo(u24::new(1_000_000)))
        .meta(1920, MetaMessage::Marker(b"Trio"));
    let flute = Track::default()
        .meta(0, MetaMessage::TrackName(b"Flute"))
        .midi(0, 0, MidiMessage::ProgramChange { program: u7::new(73) })
        .line(0, 0, &[(67, 480), (72, 480), (71, 480), (68, 480), (72, 720), (63, 720)]);
    let imported = read(&file(Timing::Metrical(u15::new(480)), vec![heading, flute]));
    assert_eq!(imported.report, []);
    let score = &imported.score;
    assert_eq!((score.header().title.as_str(), score.header().copyright.as_str()), ("A piece", "© me"));
    assert_eq!(written(score, 0), "G4:4 | C5:4 B4:4 Ab4:4 | C5:6 Eb4:6");
    let measures: Vec<(String, bool, Option<Beat>)> =
        score.measures().map(|(_, m)| (m.number.clone(), m.implicit, m.time.as_ref().and_then(TimeSignature::length))).collect();
    assert_eq!(measures[0], ("0".into(), true, Some(Beat::new(3, 4))));
    assert_eq!(measures[1], ("1".into(), false, None));
    assert_eq!(measures[2], ("2".into(), false, Some(Beat::new(3, 4))));
    let (_, part) = score.parts()[0];
    assert_eq!((part.name.as_str(), part.instruments[0].program), ("Flute", Some(73)));
    let tempi: Vec<f64> =
        score.marks().values().filter_map(|m| if let MarkKind::Tempo(t) = &m.kind { t.quarters_per_minute() } else { None }).collect();
    assert_eq!(tempi.len(), 2);
    assert!(tempi.contains(&120.0) && tempi.contains(&60.0));
    assert!(score.marks().values().any(|mark| mark.kind == MarkKind::Rehearsal("Trio".into())));
    assert!(score.signs().values().any(|sign| matches!(&sign.kind, SignKind::Key(key) if (key.fifths, key.mode) == (-3, KeyMode::Minor))));
}

#[test]
fn one_track_of_several_channels_is_several_parts() {
    let track = Track::default()
        .midi(0, 0, MidiMessage::ProgramChange { program: u7::new(40) })
        .midi(0, 1, MidiMessage::ProgramChange { program: u7::new(42) })
        .line(0, 0, &[(76, 1920)])
        .line(1, 0, &[(48, 960), (50, 960)])
        .line(9, 0, &[(36, 480), (38, 480), (36, 480), (38, 480)]);
    let score = quarters(vec![track]);
    let names: Vec<&str> = score.parts().iter().map(|(_, part)| part.name.as_str()).collect();
    assert_eq!(names, ["Violin", "Violoncello", "Drums"]);
    assert_eq!(written(&score, 1), "C3:8 D3:8");
    assert_eq!(written(&score, 2), "z:4 C5:4 z:4 C5:4 & F4:4 z:4 F4:4 z:4");
    let drums = score.parts()[2].1;
    assert_eq!(drums.instruments.iter().map(|i| (i.unpitched, i.channel)).collect::<Vec<_>>(), [(Some(36), Some(9)), (Some(38), Some(9))]);
    let clefs: Vec<Clef> =
        score.signs().values().filter_map(|sign| if let SignKind::Clef(clef) = sign.kind { Some(clef) } else { None }).collect();
    assert!(clefs.contains(&Clef::BASS) && clefs.contains(&Clef::TREBLE) && clefs.contains(&Clef::PERCUSSION));
}

#[test]
fn a_keyboard_has_two_hands() {
    let mut track = Track::default().midi(0, 0, MidiMessage::ProgramChange { program: u7::new(0) });
    track = track.line(0, 0, &[(76, 480), (74, 480), (72, 480), (71, 480)]).line(0, 0, &[(64, 960), (62, 960)]);
    track = track.line(0, 0, &[(48, 240), (55, 240), (52, 240), (55, 240), (47, 240), (55, 240), (50, 240), (55, 240)]);
    let score = quarters(vec![track]);
    assert_eq!(score.parts()[0].1.staves, 2);
    assert_eq!(written(&score, 0), "E5:4 D5:4 C5:4 B4:4 & E4:8 D4:8 & C3:2 G3:2 E3:2 G3:2 B2:2 G3:2 D3:2 G3:2");
    let staves: Vec<u8> =
        score.events_in(score.measure_order()[0], score.parts()[0].0).filter(|(_, e)| e.voice == 3).map(|(_, e)| e.staff).collect();
    assert!(staves.len() == 8 && staves.iter().all(|staff| *staff == 2));
    // Two tracks with a hand each are one part.
    let right = Track::default().meta(0, MetaMessage::TrackName(b"Piano right")).line(0, 0, &[(60, 1920)]);
    let left = Track::default().meta(0, MetaMessage::TrackName(b"Piano left")).line(1, 0, &[(64, 1920)]);
    let score = quarters(vec![right, left]);
    assert_eq!((score.parts().len(), score.parts()[0].1.staves), (1, 2));
    assert_eq!(written(&score, 0), "C4:16 & E4:16");
}

#[test]
fn swing_is_written_even() {
    let mut notes = Vec::new();
    for at in 0..32_u8 {
        notes.extend([(60 + at % 5, 320), (67, 160)]);
    }
    let score = quarters(vec![Track::default().line(0, 0, &notes)]);
    assert!(written(&score, 0).starts_with("C4:2 G4:2 C#4:2 G4:2"), "{}", written(&score, 0));
    assert!(score.marks().values().any(|mark| matches!(mark.kind, MarkKind::Swing(swing) if (swing.first, swing.second) == (2, 1))));
    // True triplets are not swing.
    notes.iter_mut().step_by(8).for_each(|note| note.1 = 160);
    notes.iter_mut().skip(1).step_by(8).for_each(|note| note.1 = 320);
    let score = quarters(vec![Track::default().line(0, 0, &notes)]);
    assert!(!score.marks().values().any(|mark| matches!(mark.kind, MarkKind::Swing(_))));
}

#[test]
fn words_are_sung_on_their_notes() {
    let voice = Track::default()
        .line(0, 0, &[(60, 480), (62, 480), (64, 480), (65, 480)])
        .meta(0, MetaMessage::Lyric(b"Hal-"))
        .meta(480, MetaMessage::Lyric(b"le "))
        .meta(965, MetaMessage::Lyric(b"lu"));
    let score = quarters(vec![voice]);
    let mut words: Vec<(Beat, Vec<LyricPiece>)> =
        score.lyrics().values().map(|lyric| (score.event(lyric.event).unwrap().time.onset, lyric.text.clone())).collect();
    words.sort_by_key(|word| word.0);
    let piece = |text: &str, syllabic| vec![LyricPiece::Text(text.into(), syllabic)];
    let expected = [
        (Beat::ZERO, piece("Hal", Syllabic::Begin)),
        (Beat::new(1, 4), piece("le", Syllabic::End)),
        (Beat::new(1, 2), piece("lu", Syllabic::Single)),
    ];
    assert_eq!(words, expected);
}

#[test]
fn what_is_guessed_or_broken_is_said() {
    let unfinished = Track::default().midi(0, 0, MidiMessage::NoteOn { key: u7::new(60), vel: u7::new(90) }).note(0, 64, 480, 960);
    let said = |timing, track| read(&file(timing, vec![track])).report.into_iter().map(|line| line.what).collect::<Vec<_>>();
    let lines = said(Timing::Metrical(u15::new(480)), unfinished);
    assert_eq!(lines, ["no key signature: the key was found by ear", "note that never ends"]);
    let smpte = Timing::Timecode(midly::Fps::Fps25, 40);
    // 1000 ticks a second: a quarter note is 500.
    let bytes = file(smpte, vec![Track::default().line(0, 0, &[(60, 500), (62, 250), (64, 250)])]);
    let imported = read(&bytes);
    assert_eq!(written(&imported.score, 0), "C4:4 D4:2 E4:2 z:8");
    assert!(imported.report.iter().any(|line| line.what.contains("SMPTE")));
    // A key struck again while it sounds ends and starts.
    let score = quarters(vec![Track::default().note(0, 60, 0, 1920).note(0, 60, 480, 960)]);
    assert_eq!(written(&score, 0), "C4:4 C4:4 z:8");
}

#[test]
fn a_file_that_is_cut_off_says_so_wherever_it_ends() {
    let tune = || Track::default().line(0, 0, &[(60, 480), (62, 480), (64, 960)]);
    let whole = file(Timing::Metrical(u15::new(480)), vec![tune(), tune()]);
    let said = |bytes: &[u8]| read(bytes).report.iter().any(|line| line.what.starts_with("file that is cut off"));
    assert!(!said(&whole));
    for end in 14..whole.len() {
        let cut = &whole[..end];
        if import(cut, &Limits::default(), &mut IdSource::fixed(3)).is_ok() {
            assert!(said(cut), "after {end} of {} bytes", whole.len());
        }
    }
    // The second track is missing with all that says so but the header.
    let first = whole.windows(4).rposition(|window| window == b"MTrk").unwrap();
    assert!(said(&whole[..first]));
}

#[test]
fn broken_files_are_survived() {
    let whole = file(Timing::Metrical(u15::new(96)), vec![Track::default().line(0, 0, &[(60, 96), (61, 32), (62, 32), (63, 32)])]);
    for end in 0..whole.len() {
        let _ = import(&whole[..end], &Limits::default(), &mut IdSource::fixed(1));
    }
    for at in 0..whole.len() {
        for value in [0, 1, 0x7f, 0x80, 0xff] {
            let mut bytes = whole.clone();
            bytes[at] = value;
            let _ = import(&bytes, &Limits { measures: 500, ..Limits::default() }, &mut IdSource::fixed(1));
        }
    }
    // Silence of the longest there is asks for more measures than anyone has.
    let far = file(Timing::Metrical(u15::new(1)), vec![Track::default().note(0, 60, 0x0fff_fff0, 0x0fff_ffff)]);
    assert!(import(&far, &Limits::default(), &mut IdSource::fixed(1)).is_err());
}

/// A score with what is on the page and nothing that is played otherwise: no grace notes, marks, spans, repeats or jumps.
/// What a performance makes of those is no longer what is written.
fn plain(score: &Score) -> Score {
    let mut plain = Score::new();
    for (of, record) in score.records() {
        let record = match record {
            Record::Mark(_) | Record::Span(_) | Record::Lyric(_) => continue,
            Record::Event(event) if event.grace.is_some() || event.cue => continue,
            Record::Note(note) if score.event(note.event).is_none_or(|event| event.grace.is_some() || event.cue) => continue,
            Record::Measure(measure) => Record::Measure(Measure {
                repeat_start: false,
                repeat_end: None,
                ending_start: None,
                ending_stop: None,
                jumps: Vec::new(),
                ..measure
            }),
            other => other,
        };
        plain.insert(of, record).unwrap();
    }
    plain
}

/// What sounds in each part: measure, onset, key, length with ties. Of notes on one key at a time, the earlier ends where the
/// later starts, and of those that start together one is left, the longest: a MIDI file cannot tell more.
type Sounding = Vec<Vec<(usize, Beat, i32, Beat)>>;

fn sounding(score: &Score) -> Sounding {
    let performed = timeline(score);
    let mut parts: Sounding = vec![Vec::new(); performed.tracks.len()];
    let mut by_key: BTreeMap<(usize, u8), Vec<(Beat, Beat)>> = BTreeMap::new();
    for sound in &performed.sounds {
        by_key.entry((sound.track, sound.key)).or_default().push((sound.start, sound.end));
    }
    for ((track, key), mut notes) in by_key {
        notes.sort_by_key(|(start, end)| (*start, std::cmp::Reverse(*end)));
        notes.dedup_by_key(|(start, _)| *start);
        for index in 0..notes.len() {
            let (start, end) = notes[index];
            let end = notes.get(index + 1).map_or(end, |(next, _)| end.min(*next));
            let passage = performed.passages.partition_point(|passage| passage.start <= start).saturating_sub(1);
            let onset = start - performed.passages[passage].start;
            parts[track].push((performed.passages[passage].index, onset, i32::from(key), end - start));
        }
    }
    parts.iter_mut().for_each(|part| part.sort());
    // A part that never sounds is no part of a MIDI file.
    parts.retain(|part| !part.is_empty());
    parts
}

/// Every score of a folder goes to MIDI and back. Equal are: the number of measures and their lengths; and of every part each
/// note's measure, onset, key and length.
fn there_and_back(folder: &str, step: usize) {
    let mut failures = Vec::new();
    let mut notes = 0;
    for path in corpora::files(folder).iter().step_by(step) {
        let score = plain(&read(&std::fs::read(path).unwrap()).score);
        let exported = midi(&timeline(&score), &MidiOptions::default());
        let back = read(&exported.bytes).score;
        let name = path.file_name().unwrap().to_string_lossy();
        // A measure longer than what is written in it is as long as it is played.
        let lengths = |score: &Score| timeline(score).passages.iter().map(|passage| passage.length).collect::<Vec<_>>();
        let (before, after) = (lengths(&score), lengths(&back));
        if before != after {
            let at = before.iter().zip(&after).position(|(a, b)| a != b);
            failures.push(format!("{name}: measures {} and {}, first different {at:?}", before.len(), after.len()));
            continue;
        }
        let (before, after) = (sounding(&score), sounding(&back));
        notes += before.iter().map(Vec::len).sum::<usize>();
        for (part, (before, after)) in before.into_iter().zip(after).enumerate() {
            // Where a source rounded an odd tuplet to its divisions, what it has is no fraction of a note that one could find.
            let rounded = |note: &&(usize, Beat, i32, Beat)| note.3.denominator() % 5 == 0 && note.3.numerator() > 16;
            let measures: Vec<usize> = before.iter().filter(rounded).map(|note| note.0).collect();
            let kept =
                |part: Vec<_>| part.into_iter().filter(|note: &(usize, Beat, i32, Beat)| !measures.contains(&note.0)).collect::<Vec<_>>();
            let (before, after) = (kept(before), kept(after));
            if before != after {
                let lost: Vec<_> = before.iter().filter(|note| !after.contains(note)).take(3).collect();
                let gained: Vec<_> = after.iter().filter(|note| !before.contains(note)).take(3).collect();
                failures.push(format!("{name} part {part}: lost {lost:?}, gained {gained:?}"));
            }
        }
    }
    assert!(failures.is_empty(), "{} of them:\n{}", failures.len(), failures.join("\n"));
    eprintln!("{folder}: {notes} notes");
}

#[test]
fn songs_come_back_as_they_were() {
    there_and_back("lieder", 3);
}

#[test]
fn quartets_come_back_as_they_were() {
    there_and_back("quartets", 1);
}

/// Deviations from a seeded source: sums of uniform numbers, near enough to a normal distribution.
struct Jitter(u64);

impl Jitter {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as f64) / f64::from(1_u32 << 31) - 0.5
    }

    /// With a standard deviation of one.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum()
    }
}

/// A file whose notes start and end some ticks away from where they should.
fn humanised(bytes: &[u8], deviation: f64, seed: u64) -> Vec<u8> {
    let mut jitter = Jitter(seed);
    let mut smf = Smf::parse(bytes).unwrap();
    for track in &mut smf.tracks {
        let mut now = 0_i64;
        let mut events: Vec<(i64, u8, TrackEventKind<'_>)> = Vec::new();
        for event in track.iter() {
            now += i64::from(event.delta.as_int());
            let (at, rank) = match event.kind {
                TrackEventKind::Midi { message: MidiMessage::NoteOn { .. } | MidiMessage::NoteOff { .. }, .. } => {
                    let on = matches!(event.kind, TrackEventKind::Midi { message: MidiMessage::NoteOn { .. }, .. });
                    // Fingers leave keys less exactly than they strike them, and a little early.
                    let off = if on { jitter.normal() * deviation } else { jitter.normal() * deviation * 2.0 - 40.0 };
                    ((now + off as i64).max(0), if on { 2 } else { 1 })
                }
                TrackEventKind::Meta(MetaMessage::EndOfTrack) => (i64::MAX, 3),
                _ => (now, 0),
            };
            events.push((at, rank, event.kind));
        }
        events.sort_by_key(|(at, rank, _)| (*at, *rank));
        let mut now = 0;
        let delta = |at: i64, now: &mut i64| {
            let at = if at == i64::MAX { *now } else { at };
            let delta = at - *now;
            *now = at;
            u28::new(delta as u32)
        };
        *track = events.into_iter().map(|(at, _, kind)| TrackEvent { delta: delta(at, &mut now), kind }).collect();
    }
    let mut bytes = Vec::new();
    smf.write_std(&mut bytes).unwrap();
    bytes
}

/// Of what is played with a deviation of 20 ticks of 960 (a fiftieth of a beat: some 10 ms at 120 beats a minute), at least 19
/// of 20 notes are written where they were.
#[test]
fn played_notes_find_their_beat() {
    let (mut right, mut all) = (0_usize, 0_usize);
    for path in corpora::files("lieder").iter().step_by(8).chain(corpora::files("quartets").iter().step_by(5)) {
        let score = plain(&read(&std::fs::read(path).unwrap()).score);
        let exported = midi(&timeline(&score), &MidiOptions::default());
        let back = read(&humanised(&exported.bytes, 20.0, 7)).score;
        let onsets = |score: &Score| {
            let onset = |note: &(usize, Beat, i32, Beat)| (note.0, note.1, note.2);
            sounding(score).iter().map(|part| part.iter().map(onset).collect()).collect::<Vec<std::collections::BTreeSet<_>>>()
        };
        for (before, after) in onsets(&score).iter().zip(onsets(&back)) {
            all += before.len();
            right += before.intersection(&after).count();
        }
    }
    if all == 0 {
        return;
    }
    let share = right as f64 / all as f64;
    eprintln!("{right} of {all} notes start where they were written: {share:.4}");
    assert!(share >= 0.95, "{share}");
}

/// Of the notes of the songs, spelled from their keys alone, at least 97 of 100 have the name their composer gave them.
#[test]
fn notes_have_their_names() {
    let (mut right, mut all) = (0_usize, 0_usize);
    for path in corpora::files("lieder").iter().step_by(4) {
        let score = plain(&read(&std::fs::read(path).unwrap()).score);
        if score.parts().iter().any(|(_, part)| part.transposition.is_some()) {
            continue;
        }
        let back = read(&midi(&timeline(&score), &MidiOptions::default()).bytes).score;
        let names = |score: &Score| {
            let mut names: BTreeMap<(usize, Beat, i32), String> = BTreeMap::new();
            for (at, measure) in score.measure_order().iter().enumerate() {
                for (part, _) in score.parts() {
                    for (id, event) in score.events_in(*measure, part) {
                        for (_, note) in score.notes_of(id) {
                            if let NotePitch::Pitched(pitch) = note.pitch {
                                names.insert((at, event.time.onset, pitch.midi_key()), pitch.to_string());
                            }
                        }
                    }
                }
            }
            names
        };
        let (before, after) = (names(&score), names(&back));
        for (place, name) in &before {
            if let Some(other) = after.get(place) {
                all += 1;
                right += usize::from(name == other);
            }
        }
    }
    if all == 0 {
        return;
    }
    let share = right as f64 / all as f64;
    eprintln!("{right} of {all} notes are spelled as they were: {share:.4}");
    assert!(share >= 0.97, "{share}");
}
