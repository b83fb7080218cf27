//! The player: what surfaces hold on to.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use bandpro_notation::perform::{Seconds, Timeline};

use crate::MidiError;
use crate::sequence::Sequence;
use crate::source::Clock;
use crate::transport::{Request, Transport};

/// What to play on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum OutputChoice {
    /// The system's sound device, with the bundled sounds.
    #[default]
    Device,
    /// A MIDI port, by the identifier of [`crate::midi_ports`].
    Midi(String),
    /// Nothing: the cursor moves, and nothing is opened.
    Silent,
}

/// What is played on now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Output {
    /// Nothing was played yet: a device is opened at the first start.
    #[default]
    Unopened,
    /// A sound device.
    Device {
        /// What the system calls it.
        name: String,
        /// Samples a second.
        sample_rate: u32,
    },
    /// A MIDI port.
    Midi {
        /// What the system calls it.
        port: String,
    },
    /// No sound; the clock runs all the same.
    Silent {
        /// Why.
        reason: SilentReason,
    },
}

/// Why nothing sounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SilentReason {
    /// The system has no sound device.
    NoDevice,
    /// There is one, but it could not be opened.
    Refused(String),
    /// It went away while it was open.
    Lost(String),
    /// The chosen MIDI port cannot be used.
    Midi(MidiError),
    /// The synth cannot be set up.
    Sounds(String),
    /// Silence was chosen.
    Chosen,
}

impl fmt::Display for SilentReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoDevice => f.write_str("no sound device; following silently"),
            Self::Refused(why) => write!(f, "the sound device cannot be opened ({why}); following silently"),
            Self::Lost(why) => write!(f, "the sound device is gone ({why}); following silently"),
            Self::Midi(error) => write!(f, "{error}; following silently"),
            Self::Sounds(why) => write!(f, "{why}; following silently"),
            Self::Chosen => f.write_str("sound is off"),
        }
    }
}

/// The state of the player at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct PlayerState {
    /// Whether it plays, with or without sound.
    pub playing: bool,
    /// Where it is, on the clock of the performance: give this to [`Timeline::position_at`].
    pub at: Seconds,
    /// How long the performance is.
    pub duration: Seconds,
    /// Performance seconds that pass in a second.
    pub tempo_factor: f64,
    /// What it plays on.
    pub output: Output,
}

/// Plays one performance at a time. No method waits for the device; every one may be called from any thread.
#[derive(Debug)]
pub struct Player {
    requests: Sender<Request>,
    clock: Arc<Clock>,
    output: Arc<Mutex<Output>>,
    duration: AtomicU64,
    factor: AtomicU64,
    thread: Option<JoinHandle<()>>,
}

impl Default for Player {
    fn default() -> Self {
        Self::new()
    }
}

impl Player {
    /// A player for the system's sound device, which is opened at the first start.
    pub fn new() -> Self {
        Self::with_output(OutputChoice::Device)
    }

    /// A player for this output.
    pub fn with_output(choice: OutputChoice) -> Self {
        let (requests, inbox) = channel();
        let clock = Arc::new(Clock::default());
        let output = Arc::new(Mutex::new(Output::Unopened));
        let transport = Transport::new(inbox, requests.clone(), Arc::clone(&clock), Arc::clone(&output));
        let thread = std::thread::Builder::new().name("transport".into()).spawn(move || transport.run());
        if let Err(error) = &thread {
            // Without a thread nothing plays, and the state says so.
            let reason = SilentReason::Refused(error.to_string());
            *output.lock().unwrap_or_else(PoisonError::into_inner) = Output::Silent { reason };
        }
        let player =
            Self { requests, clock, output, duration: AtomicU64::new(0), factor: AtomicU64::new(1.0_f64.to_bits()), thread: thread.ok() };
        player.choose_output(choice);
        player
    }

    /// Takes a performance, stopped at its start.
    pub fn load(&self, timeline: &Timeline) {
        let sequence = Sequence::of(timeline);
        self.duration.store(sequence.duration.0.to_bits(), Ordering::Release);
        self.clock.turn(false, 0.0);
        self.ask(Request::Load(Arc::new(sequence)));
    }

    /// Plays from here to the end.
    pub fn play(&self, from: Seconds) {
        let from = self.within(from);
        let epoch = self.clock.turn(self.thread.is_some(), from);
        self.ask(Request::Start { from, epoch });
    }

    /// Stops and stays where it is.
    pub fn stop(&self) {
        self.clock.turn(false, self.clock.position());
        self.ask(Request::Halt);
    }

    /// Goes there, playing on if it plays.
    pub fn seek(&self, to: Seconds) {
        if self.clock.playing() {
            self.play(to);
        } else {
            self.clock.turn(false, self.within(to));
        }
    }

    /// Plays faster or slower, from a tenth to four times the written tempo.
    pub fn set_tempo_factor(&self, factor: f64) {
        let factor = if factor.is_finite() { factor.clamp(0.1, 4.0) } else { 1.0 };
        self.factor.store(factor.to_bits(), Ordering::Release);
        self.ask(Request::Factor(factor));
    }

    /// Louder or softer than normal.
    pub fn set_gain(&self, gain: f32) {
        self.ask(Request::Gain(if gain.is_finite() { gain.clamp(0.0, 8.0) } else { 1.0 }));
    }

    /// Plays on something else from now on.
    pub fn choose_output(&self, choice: OutputChoice) {
        self.ask(Request::Choose(choice));
    }

    /// How it is now.
    pub fn state(&self) -> PlayerState {
        PlayerState {
            playing: self.clock.playing(),
            at: Seconds(self.clock.position()),
            duration: Seconds(f64::from_bits(self.duration.load(Ordering::Acquire))),
            tempo_factor: f64::from_bits(self.factor.load(Ordering::Acquire)),
            output: self.output.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }

    fn within(&self, time: Seconds) -> f64 {
        let end = f64::from_bits(self.duration.load(Ordering::Acquire));
        if time.0.is_finite() { time.0.clamp(0.0, end.max(0.0)) } else { 0.0 }
    }

    fn ask(&self, request: Request) {
        // The thread lives as long as the player; if it could not be started, the state says so.
        let _ = self.requests.send(request);
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        self.ask(Request::Quit);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
