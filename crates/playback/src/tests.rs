//! The source that a device pulls from, driven by hand; and the player on a machine without a device.

use std::num::NonZero;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bandpro_notation::model::*;
use bandpro_notation::perform::{Seconds, Timeline, timeline};

use crate::sequence::Sequence;
use crate::source::{Clock, Command, PlayerSource, Remote};
use crate::{Output, OutputChoice, Player, SilentReason};

const RATE: u32 = 44_100;

/// One part of quarter notes at 120; `-` is a rest.
pub(crate) fn tune(text: &str, program: u8) -> Timeline {
    let mut ids = IdSource::fixed(1);
    let mut score = Score::new();
    let part = ids.next();
    let instrument =
        Instrument { key: "a".into(), name: "a".into(), program: Some(program), channel: None, unpitched: None, sound: String::new() };
    score.insert(part, Part { instruments: vec![instrument], ..Part::default() }).unwrap();
    for (count, names) in text.split_whitespace().enumerate() {
        if count % 4 == 0 {
            score.push_measure(ids.next(), Measure::default());
        }
        let measure = *score.measure_order().last().unwrap();
        let time = EventTime { measure, onset: Beat::new(count as i64 % 4, 4), duration: Beat::QUARTER, value: None, ratio: (1, 1) };
        let event = ids.next();
        score.insert(event, Event { part, time, ..Event::default() }).unwrap();
        for name in names.split('+').filter(|name| *name != "-") {
            let pitch = NotePitch::Pitched(name.parse().unwrap());
            score.insert(ids.next::<Note>(), Note { event, pitch, ..Note::default() }).unwrap();
        }
    }
    timeline(&score)
}

fn source(timeline: &Timeline) -> (PlayerSource, Remote, Arc<Clock>) {
    let clock = Arc::new(Clock::default());
    let (source, mut remote) = PlayerSource::new(NonZero::new(RATE).unwrap(), 1.0, Arc::clone(&clock)).unwrap();
    remote.commands.push(Command::Load(Arc::new(Sequence::of(timeline)))).unwrap();
    (source, remote, clock)
}

fn start(remote: &mut Remote, clock: &Clock, from: f64) {
    let epoch = clock.turn(true, from);
    remote.commands.push(Command::Start { from, epoch }).unwrap();
}

/// The left channel of so many seconds.
fn pull(source: &mut PlayerSource, seconds: f64) -> Vec<f32> {
    let samples = (seconds * f64::from(RATE)) as usize * 2;
    source.take(samples).step_by(2).collect()
}

fn peak(samples: &[f32]) -> f32 {
    samples.iter().fold(0.0, |peak, sample| peak.max(sample.abs()))
}

/// The strongest frequency near a guess, by correlation with sines a tenth of a hertz apart.
pub(crate) fn frequency(samples: &[f32], from: f64, to: f64) -> f64 {
    let power = |hertz: f64| {
        let step = std::f64::consts::TAU * hertz / f64::from(RATE);
        let window = |at: usize| 0.5 - 0.5 * (std::f64::consts::TAU * at as f64 / samples.len() as f64).cos();
        let sums = samples.iter().enumerate().fold((0.0, 0.0), |(re, im), (at, sample)| {
            let value = f64::from(*sample) * window(at);
            (re + value * (step * at as f64).cos(), im + value * (step * at as f64).sin())
        });
        sums.0 * sums.0 + sums.1 * sums.1
    };
    let grid = (0..=((to - from) * 10.0) as usize).map(|at| from + at as f64 / 10.0);
    grid.max_by(|a, b| power(*a).total_cmp(&power(*b))).unwrap()
}

#[test]
fn an_a_sounds_at_440_hertz_from_its_sample_to_silence() {
    // The piano is the best tuned of the bundled sounds (3 cents sharp; some others are up to 15 off by themselves).
    let (mut source, mut remote, clock) = source(&tune("- A4 - -", 0));
    assert_eq!(peak(&pull(&mut source, 0.1)), 0.0, "silence before it is started");
    start(&mut remote, &clock, 0.0);
    let sound = pull(&mut source, 6.0);
    // The note is due at half a second; the limiter looks one block ahead, and notes start at the nearest block.
    let first = sound.iter().position(|sample| sample.abs() > 1e-4).unwrap();
    let due = RATE as usize / 2;
    assert!((due..due + RATE as usize / 50).contains(&first), "starts at sample {first}, due at {due}");
    let body = &sound[due + 4410..due + 17640];
    assert!(peak(body) > 0.02, "it is to be heard: {}", peak(body));
    let cents = 1200.0 * (frequency(body, 430.0, 450.0) / 440.0).log2();
    assert!(cents.abs() < 5.0, "{cents} cents from 440 Hz");
    assert!(peak(&sound[5 * RATE as usize..]) < 1e-3, "silence after it");
    assert!(!clock.playing(), "the end is reported");
}

#[test]
fn quarter_tones_sound_between_the_keys() {
    let mut tune = tune("- A4 - -", 73);
    tune.sounds[0].bend = bandpro_notation::perform::Cents(50.0);
    let sound = tune.sounds[0];
    let kind = bandpro_notation::perform::ControlKind::Bend(sound.bend);
    let control =
        bandpro_notation::perform::Control { at: sound.start, seconds: sound.start_seconds, channel: sound.channel, track: 0, kind };
    tune.controls.push(control);
    let (mut source, mut remote, clock) = source(&tune);
    start(&mut remote, &clock, 0.0);
    let heard = pull(&mut source, 1.0);
    let expected = 440.0 * 2.0_f64.powf(0.5 / 12.0);
    let cents = 1200.0 * (frequency(&heard[26_460..39_690], 435.0, 470.0) / expected).log2();
    assert!(cents.abs() < 10.0, "{cents} cents from a quarter tone above A");
}

#[test]
fn starting_in_the_middle_and_stopping() {
    let (mut source, mut remote, clock) = source(&tune("A4 - - - A5 - - -", 73));
    start(&mut remote, &clock, 2.0);
    let sound = pull(&mut source, 0.5);
    assert!((frequency(&sound[8820..], 430.0, 900.0) - 880.0).abs() < 5.0, "the second measure, with its program");
    assert!((clock.position() - 2.5).abs() < 0.01, "{}", clock.position());
    clock.turn(false, clock.position());
    remote.commands.push(Command::Halt).unwrap();
    pull(&mut source, 2.0);
    assert!((clock.position() - 2.5).abs() < 0.01, "it stays where it was stopped");
    assert_eq!(peak(&pull(&mut source, 1.5)[44_100..]), 0.0);
}

#[test]
fn half_the_tempo_takes_twice_as_long() {
    let (mut source, mut remote, clock) = source(&tune("- A4 - -", 73));
    remote.commands.push(Command::Factor(0.5)).unwrap();
    start(&mut remote, &clock, 0.0);
    let sound = pull(&mut source, 1.5);
    let first = sound.iter().position(|sample| sample.abs() > 1e-4).unwrap();
    assert!((RATE as usize..RATE as usize + 900).contains(&first), "{first}");
}

#[test]
fn a_loud_chord_is_not_clipped() {
    let chord = ["C2", "G2", "C3", "E3", "G3", "C4", "E4", "G4", "C5", "E5", "G5", "C6"].join("+");
    let (mut source, mut remote, clock) = source(&tune(&format!("{chord} {chord} {chord} {chord}"), 61));
    remote.commands.push(Command::Gain(4.0)).unwrap();
    start(&mut remote, &clock, 0.0);
    let sound = pull(&mut source, 3.0);
    assert!(peak(&sound) <= 0.95 && peak(&sound) > 0.7, "{}", peak(&sound));
}

#[test]
fn a_replaced_sequence_is_given_back_to_be_dropped_elsewhere() {
    let (mut source, mut remote, _) = source(&tune("A4", 0));
    pull(&mut source, 0.01);
    let second = Arc::new(Sequence::default());
    remote.commands.push(Command::Load(Arc::clone(&second))).unwrap();
    pull(&mut source, 0.01);
    assert_eq!(std::iter::from_fn(|| remote.retired.pop().ok()).count(), 2, "the empty one it began with, and the first");
    assert_eq!(Arc::strong_count(&second), 2);
}

#[test]
fn the_audio_thread_does_not_allocate() {
    let piano = "C3+E3+G3+C4 A4+C5+E5 F4 D4+F4+A4 G3+B3+D4+F4 C5 E5 G5 ";
    let (source, mut remote, clock) = source(&tune(&piano.repeat(8), 0));
    // As the device runs it: through rodio's mixer.
    let (mixer, mut output) = rodio::mixer::mixer(NonZero::new(2).unwrap(), NonZero::new(RATE).unwrap());
    mixer.add(source);
    for _ in 0..4 * RATE {
        output.next();
    }
    start(&mut remote, &clock, 0.0);
    let allocated = allocation_counter::measure(|| {
        for _ in 0..8 * RATE {
            std::hint::black_box(output.next());
        }
    });
    assert_eq!((allocated.count_total, allocated.count_current), (0, 0));
    // Commands are taken without allocating, and nothing is freed there either.
    let epoch = clock.turn(true, 1.0);
    remote.commands.push(Command::Load(Arc::new(Sequence::of(&tune("A4 B4", 40))))).unwrap();
    remote.commands.push(Command::Start { from: 1.0, epoch }).unwrap();
    remote.commands.push(Command::Factor(0.5)).unwrap();
    let commanded = allocation_counter::measure(|| {
        for _ in 0..RATE {
            std::hint::black_box(output.next());
        }
    });
    assert_eq!((commanded.count_total, commanded.count_current), (0, 0));
}

/// Waits, up to some seconds, until something is so.
fn until(what: &str, mut so: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !so() {
        assert!(begin.elapsed() < Duration::from_secs(20), "{what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn without_sound_the_clock_runs_seeks_stops_and_ends() {
    let player = Player::with_output(OutputChoice::Silent);
    player.load(&tune("C4 D4 E4 F4", 0));
    let state = player.state();
    assert_eq!((state.playing, state.at, state.duration), (false, Seconds(0.0), Seconds(2.0)));
    player.play(Seconds(0.0));
    assert!(player.state().playing, "at once");
    until("the cursor moves", || player.state().at > Seconds(0.05));
    assert_eq!(player.state().output, Output::Silent { reason: SilentReason::Chosen });
    player.seek(Seconds(1.5));
    assert!(player.state().at >= Seconds(1.5));
    player.stop();
    let stopped = player.state();
    assert!(!stopped.playing && stopped.at >= Seconds(1.5));
    std::thread::sleep(Duration::from_millis(30));
    assert_eq!(player.state().at, stopped.at, "it stays");
    player.set_tempo_factor(4.0);
    player.play(Seconds(1.0));
    until("the end", || !player.state().playing);
    assert_eq!(player.state().at, Seconds(2.0));
}

#[test]
fn a_start_right_after_the_choice_of_an_output_is_not_cut_short() {
    let timeline = tune("C4 D4 E4 F4", 0);
    for _ in 0..50 {
        // The choice waits in line while the start is asked for already.
        let player = Player::with_output(OutputChoice::Silent);
        player.load(&timeline);
        player.play(Seconds(0.0));
        until("the cursor moves", || player.state().at > Seconds(0.01));
        assert!(player.state().playing);
    }
}

#[test]
fn a_missing_device_or_port_is_a_state_and_the_clock_runs() {
    let player = Player::with_output(OutputChoice::Midi("no such port".into()));
    player.load(&tune("C4 D4 E4 F4", 0));
    player.play(Seconds(0.0));
    until("the cursor moves", || player.state().at > Seconds(0.02));
    let Output::Silent { reason } = player.state().output else { panic!("{:?}", player.state()) };
    assert!(matches!(reason, SilentReason::Midi(_)) && reason.to_string().contains("silently"));
    // With a device or without one, this plays or follows.
    player.choose_output(OutputChoice::Device);
    player.play(Seconds(0.0));
    until("the output is known", || match player.state().output {
        Output::Device { .. } => true,
        Output::Silent { reason } => matches!(reason, SilentReason::NoDevice | SilentReason::Refused(_)),
        Output::Unopened | Output::Midi { .. } => false,
    });
    until("the cursor moves on", || player.state().at > Seconds(0.02));
}

#[test]
fn listing_ports_is_an_answer_on_any_machine() {
    match crate::midi_ports() {
        Ok(ports) => assert!(ports.iter().all(|port| !port.id.is_empty())),
        Err(error) => assert!(matches!(error, crate::MidiError::Unavailable(_)), "{error}"),
    }
}
