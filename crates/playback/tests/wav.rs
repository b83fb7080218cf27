//! WAV files, read back.

use std::io::{self, Cursor, Seek, SeekFrom, Write};
use std::ops::ControlFlow;

use bandpro_notation::model::*;
use bandpro_notation::perform::{Seconds, Timeline, timeline};
use bandpro_playback::{RenderError, RenderOptions, render_wav};

/// One part of quarter notes at 120.
fn tune(text: &str) -> Timeline {
    let mut ids = IdSource::fixed(1);
    let mut score = Score::new();
    let part = ids.next();
    score.insert(part, Part { name: "Piano".into(), ..Part::default() }).unwrap();
    for (count, name) in text.split_whitespace().enumerate() {
        if count % 4 == 0 {
            score.push_measure(ids.next(), Measure::default());
        }
        let measure = *score.measure_order().last().unwrap();
        let time = EventTime { measure, onset: Beat::new(count as i64 % 4, 4), duration: Beat::QUARTER, value: None, ratio: (1, 1) };
        let event = ids.next();
        score.insert(event, Event { part, time, ..Event::default() }).unwrap();
        if name != "-" {
            let pitch = NotePitch::Pitched(name.parse().unwrap());
            score.insert(ids.next::<Note>(), Note { event, pitch, ..Note::default() }).unwrap();
        }
    }
    timeline(&score)
}

#[test]
fn a_file_is_complete_and_neither_silent_nor_clipped() {
    let mut bytes = Cursor::new(Vec::new());
    let mut last = None;
    let options = RenderOptions { sample_rate: 48_000, ..RenderOptions::default() };
    let rendered = render_wav(&tune("C4 E4 G4 C5 - - - -"), &options, &mut bytes, &mut |progress| {
        assert!(last.is_none_or(|before| before <= progress.done));
        last = Some(progress.done);
        ControlFlow::Continue(())
    });
    let rendered = rendered.unwrap();
    assert_eq!(last, Some(Seconds(4.0)));
    let reader = hound::WavReader::new(Cursor::new(bytes.into_inner())).unwrap();
    assert_eq!((reader.spec().channels, reader.spec().sample_rate, reader.spec().bits_per_sample), (2, 48_000, 16));
    assert!(reader.duration() >= 4 * 48_000, "the rest at the end is there");
    assert!(f64::from(reader.duration()) <= 10.0 * 48_000.0);
    assert!((rendered.duration.0 - f64::from(reader.duration()) / 48_000.0).abs() < 1e-6);
    let samples: Vec<i16> = reader.into_samples::<i16>().map(Result::unwrap).collect();
    let peak = samples.iter().map(|sample| sample.unsigned_abs()).max().unwrap();
    assert!((1_000..32_000).contains(&peak), "{peak}");
    assert!((f32::from(peak) / 32767.0 - rendered.peak).abs() < 1e-3);
    let end = &samples[samples.len() - 200..];
    assert!(end.iter().all(|sample| sample.unsigned_abs() < 40), "it rings out and is not cut");
}

#[test]
fn the_same_performance_gives_the_same_bytes() {
    let render = || {
        let mut bytes = Cursor::new(Vec::new());
        render_wav(&tune("C4 - E4 -"), &RenderOptions::default(), &mut bytes, &mut |_| ControlFlow::Continue(())).unwrap();
        bytes.into_inner()
    };
    assert_eq!(render(), render());
}

/// A disk with room for so many bytes.
struct FullDisk(Cursor<Vec<u8>>, usize);

impl Write for FullDisk {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.position() as usize + bytes.len() > self.1 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.0.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
impl Seek for FullDisk {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

#[test]
fn a_full_disk_is_reported() {
    for room in [0, 100, 100_000, 300_000] {
        let disk = FullDisk(Cursor::new(Vec::new()), room);
        let error = render_wav(&tune("C4 E4 G4 C5"), &RenderOptions::default(), disk, &mut |_| ControlFlow::Continue(())).unwrap_err();
        assert!(matches!(&error, RenderError::Write { source, .. } if source.kind() == io::ErrorKind::StorageFull), "{room}: {error}");
    }
}

#[test]
fn a_stopped_rendering_leaves_a_file_that_opens() {
    let mut bytes = Cursor::new(Vec::new());
    let stop = &mut |progress: bandpro_playback::Progress| {
        if progress.done > Seconds(1.0) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let error = render_wav(&tune("C4 E4 G4 C5 C4 E4 G4 C5"), &RenderOptions::default(), &mut bytes, stop).unwrap_err();
    assert!(matches!(error, RenderError::Cancelled));
    let reader = hound::WavReader::new(Cursor::new(bytes.into_inner())).unwrap();
    assert!((44_100..2 * 44_100).contains(&reader.duration()));
}

#[test]
fn impossible_wishes_are_refused() {
    let try_rate = |sample_rate| {
        let options = RenderOptions { sample_rate, ..RenderOptions::default() };
        render_wav(&tune("C4"), &options, Cursor::new(Vec::new()), &mut |_| ControlFlow::Continue(()))
    };
    assert!(matches!(try_rate(100), Err(RenderError::Sound(_))));
    assert!(matches!(try_rate(u32::MAX), Err(RenderError::Sound(_))));
    let mut long = tune("C4");
    long.sounds[0].end_seconds = Seconds(50_000.0);
    let error = render_wav(&long, &RenderOptions::default(), Cursor::new(Vec::new()), &mut |_| ControlFlow::Continue(())).unwrap_err();
    assert!(matches!(error, RenderError::TooLong(_)));
}
