//! How fast sound is rendered: `cargo bench -p bandpro-playback`. Real time is the length of the music over the time that is
//! printed; every case says its length in its name.

use std::io::Cursor;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use bandpro_notation::import::{Limits, import};
use bandpro_notation::model::*;
use bandpro_notation::perform::{Seconds, Timeline, timeline};
use bandpro_playback::{RenderOptions, render_wav};

fn main() {
    report("64 voices", &sixty_four_voices(10));
    if let Some(song) = first_song(&corpus()) {
        report("song", &song);
    }
    divan::main();
}

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora/lieder")
}

/// Sixty-four voices that sound for the whole time: four parts of strings and brass with sixteen notes each.
fn sixty_four_voices(measures: usize) -> Timeline {
    let mut ids = IdSource::fixed(1);
    let mut score = Score::new();
    let parts: Vec<PartId> = (0..4).map(|_| ids.next()).collect();
    for (place, part) in parts.iter().enumerate() {
        let program = Some([48, 52, 60, 19][place]);
        let instrument = Instrument { key: "a".into(), name: "a".into(), program, channel: None, unpitched: None, sound: String::new() };
        score.insert(*part, Part { instruments: vec![instrument], ..Part::default() }).expect("a part is a part");
    }
    for _ in 0..measures {
        let measure = ids.next();
        score.push_measure(measure, Measure::default());
        for part in &parts {
            let time = EventTime { measure, onset: Beat::ZERO, duration: Beat::WHOLE, value: None, ratio: (1, 1) };
            let event = ids.next();
            score.insert(event, Event { part: *part, time, ..Event::default() }).expect("an event is an event");
            for semitone in 0..16 {
                let pitch = NotePitch::Pitched(Pitch::new(Step::C, semitone % 12, 3 + (semitone / 12) as i8));
                score.insert(ids.next::<Note>(), Note { event, pitch, ..Note::default() }).expect("a note is a note");
            }
        }
    }
    timeline(&score)
}

fn render(timeline: &Timeline) -> f32 {
    let options = RenderOptions { tail: Seconds(0.0), ..RenderOptions::default() };
    let mut bytes = Cursor::new(Vec::with_capacity(1 << 24));
    let rendered = render_wav(timeline, &options, &mut bytes, &mut |_| ControlFlow::Continue(()));
    rendered.map_or(0.0, |rendered| rendered.peak)
}

/// 20 s of 64 voices, with reverb.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn voices_64_for_20_seconds(bencher: divan::Bencher<'_, '_>) {
    let timeline = sixty_four_voices(10);
    bencher.bench_local(|| render(&timeline));
}

/// A song for voice and piano of the corpus.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn a_song(bencher: divan::Bencher<'_, '_>) {
    let Some(timeline) = first_song(&corpus()) else {
        eprintln!("skipped: no song in {}", corpus().display());
        return;
    };
    bencher.bench_local(|| render(&timeline));
}

/// Says the ratio that the design asks for: seconds of music in a second of work.
fn report(name: &str, timeline: &Timeline) {
    let begin = std::time::Instant::now();
    render(timeline);
    let spent = begin.elapsed().as_secs_f64();
    let music = timeline.duration().0;
    println!("{name}: {music:.1} s of music in {spent:.2} s: {:.0} × real time", music / spent);
}

fn first_song(folder: &Path) -> Option<Timeline> {
    let mut files: Vec<_> = std::fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path()).collect();
    files.sort();
    let bytes = std::fs::read(files.first()?).ok()?;
    let imported = import(&bytes, &Limits::default(), &mut IdSource::fixed(1)).ok()?;
    Some(timeline(&imported.score))
}
