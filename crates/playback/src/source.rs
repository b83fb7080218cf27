//! What the sound device pulls from. It runs on the device's real-time thread: no allocation, no lock, no wait.

use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use rodio::{ChannelCount, Sample, SampleRate, Source};
use rtrb::{Consumer, Producer, RingBuffer};

use crate::SoundError;
use crate::limiter::{BLOCK, Block};
use crate::renderer::Renderer;
use crate::sequence::Sequence;

/// Where playing is, for every thread to read.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    /// Seconds of the performance, as the bits of an `f64`.
    position: AtomicU64,
    playing: AtomicBool,
    /// Counts starts and stops: whoever still plays an earlier one has no say.
    epoch: AtomicU64,
}

impl Clock {
    pub fn position(&self) -> f64 {
        f64::from_bits(self.position.load(Ordering::Acquire))
    }

    pub fn playing(&self) -> bool {
        self.playing.load(Ordering::Acquire)
    }

    pub fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Acquire)
    }

    /// A new start or stop, at a position; gives its number.
    pub fn turn(&self, playing: bool, position: f64) -> u64 {
        let epoch = self.epoch.fetch_add(1, Ordering::AcqRel) + 1;
        self.position.store(position.to_bits(), Ordering::Release);
        self.playing.store(playing, Ordering::Release);
        epoch
    }

    /// Says where playing is.
    pub fn publish(&self, epoch: u64, position: f64) {
        if self.epoch() == epoch {
            self.position.store(position.to_bits(), Ordering::Release);
        }
    }

    /// Says that the end was reached.
    pub fn finish(&self, epoch: u64) {
        if self.epoch() == epoch {
            self.playing.store(false, Ordering::Release);
        }
    }
}

/// What the real-time thread is told.
#[derive(Debug)]
pub(crate) enum Command {
    Load(Arc<Sequence>),
    Start { from: f64, epoch: u64 },
    Halt,
    Factor(f64),
    Gain(f32),
}

/// The other end of a [`PlayerSource`].
pub(crate) struct Remote {
    pub commands: Producer<Command>,
    /// Sequences that are no longer played, to be dropped here.
    pub retired: Consumer<Arc<Sequence>>,
}

/// Commands that may wait; a person gives a few a second, the thread takes them every millisecond and a half.
const QUEUE: usize = 256;

/// Interleaved stereo, without end: silence while nothing plays.
pub(crate) struct PlayerSource {
    renderer: Renderer,
    commands: Consumer<Command>,
    retired: Producer<Arc<Sequence>>,
    clock: Arc<Clock>,
    epoch: u64,
    block: Block,
    /// The next sample of the block, both channels counted.
    at: usize,
    sample_rate: SampleRate,
}

impl PlayerSource {
    pub fn new(sample_rate: SampleRate, gain: f32, clock: Arc<Clock>) -> Result<(Self, Remote), SoundError> {
        let renderer = Renderer::new(sample_rate.get(), gain)?;
        let (commands_in, commands) = RingBuffer::new(QUEUE);
        let (retired, retired_out) = RingBuffer::new(QUEUE);
        let source = Self { renderer, commands, retired, clock, epoch: 0, block: Block::SILENT, at: 2 * BLOCK, sample_rate };
        Ok((source, Remote { commands: commands_in, retired: retired_out }))
    }

    fn obey(&mut self) {
        while let Ok(command) = self.commands.pop() {
            match command {
                Command::Load(sequence) => {
                    let before = self.renderer.load(sequence);
                    if let Err(rtrb::PushError::Full(before)) = self.retired.push(before) {
                        // Freed memory would cost time here; a sequence nobody collects is the lesser harm.
                        std::mem::forget(before);
                    }
                }
                Command::Start { from, epoch } => {
                    self.epoch = epoch;
                    self.renderer.start(from);
                }
                Command::Halt => self.renderer.halt(),
                Command::Factor(factor) => self.renderer.set_factor(factor),
                Command::Gain(gain) => self.renderer.set_gain(gain),
            }
        }
    }

    fn refill(&mut self) {
        self.obey();
        if self.renderer.running() {
            if self.renderer.finished() {
                self.renderer.halt();
                self.clock.finish(self.epoch);
            } else {
                self.clock.publish(self.epoch, self.renderer.time());
            }
        }
        self.renderer.render(&mut self.block);
        self.at = 0;
    }
}

impl Iterator for PlayerSource {
    type Item = Sample;

    fn next(&mut self) -> Option<Sample> {
        if self.at >= 2 * BLOCK {
            self.refill();
        }
        let side = if self.at.is_multiple_of(2) { &self.block.left } else { &self.block.right };
        let sample = side.get(self.at / 2).copied().unwrap_or_default();
        self.at += 1;
        Some(sample)
    }
}

impl Source for PlayerSource {
    fn current_span_len(&self) -> Option<usize> {
        None
    }

    fn channels(&self) -> ChannelCount {
        const STEREO: ChannelCount = NonZero::new(2).unwrap();
        STEREO
    }

    fn sample_rate(&self) -> SampleRate {
        self.sample_rate
    }

    fn total_duration(&self) -> Option<Duration> {
        None
    }
}
