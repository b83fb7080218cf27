//! Plays a sequence on the synth, block by block. Nothing here allocates once it is set up.

use std::sync::Arc;

use rustysynth::{Synthesizer, SynthesizerSettings};

use crate::SoundError;
use crate::limiter::{BLOCK, Block, Limiter};
use crate::sequence::{Message, Sequence};

/// More notes than a pianist's pedal and an orchestra hold at once; beyond it the oldest and softest give way.
const POLYPHONY: usize = 192;

/// The synth's own level is set for one instrument; an ensemble of good size comes out near full scale with this.
const LEVEL: f32 = 0.5;

/// The synth, a place in a sequence, and the clock.
pub(crate) struct Renderer {
    synth: Synthesizer,
    limiter: Limiter,
    sequence: Arc<Sequence>,
    /// The next message.
    next: usize,
    /// The time at the start of the next block, in seconds of the performance.
    time: f64,
    /// Performance seconds that pass in a second.
    factor: f64,
    sample_rate: f64,
    running: bool,
    /// Blocks in a row in which nothing sounded.
    silent_blocks: u32,
}

impl Renderer {
    pub fn new(sample_rate: u32, gain: f32) -> Result<Self, SoundError> {
        let sounds = crate::sound_font::bundled()?;
        let rate = i32::try_from(sample_rate).map_err(|_| SoundError::SampleRate(sample_rate))?;
        let mut settings = SynthesizerSettings::new(rate);
        settings.block_size = BLOCK;
        settings.maximum_polyphony = POLYPHONY;
        let mut synth = Synthesizer::new(&sounds, &settings).map_err(|_| SoundError::SampleRate(sample_rate))?;
        synth.set_master_volume(LEVEL * gain.clamp(0.0, 8.0));
        Ok(Self {
            synth,
            limiter: Limiter::new(),
            sequence: Arc::default(),
            next: 0,
            time: 0.0,
            factor: 1.0,
            sample_rate: f64::from(sample_rate),
            running: false,
            silent_blocks: u32::MAX,
        })
    }

    /// Takes another sequence and gives back the one before, to be dropped elsewhere.
    pub fn load(&mut self, sequence: Arc<Sequence>) -> Arc<Sequence> {
        self.halt();
        self.next = 0;
        self.time = 0.0;
        std::mem::replace(&mut self.sequence, sequence)
    }

    /// Plays from a time: what sounded is cut off, and programs and pedals are set as they are there.
    pub fn start(&mut self, from: f64) {
        self.synth.reset();
        self.time = from;
        self.next = self.sequence.from(from);
        for message in self.sequence.shape_at(self.next) {
            send(&mut self.synth, message);
        }
        self.running = true;
        self.silent_blocks = 0;
    }

    /// Stops; what sounds fades as it would when its keys are let go.
    pub fn halt(&mut self) {
        for channel in 0..16 {
            self.synth.process_midi_message(channel, 0xb0, 64, 0);
        }
        self.synth.note_off_all(false);
        self.running = false;
    }

    pub fn set_factor(&mut self, factor: f64) {
        self.factor = factor;
    }

    pub fn set_gain(&mut self, gain: f32) {
        self.synth.set_master_volume(LEVEL * gain.clamp(0.0, 8.0));
    }

    pub fn running(&self) -> bool {
        self.running
    }

    /// Seconds of the performance, at the start of the next block.
    pub fn time(&self) -> f64 {
        self.time
    }

    /// Whether every message is sent.
    pub fn finished(&self) -> bool {
        self.next >= self.sequence.messages.len() && self.time >= self.sequence.duration.0
    }

    /// How long nothing has sounded, in seconds.
    pub fn silence(&self) -> f64 {
        f64::from(self.silent_blocks) * BLOCK as f64 / self.sample_rate
    }

    /// The next block, limited, one block late. Messages take effect at the border of blocks that is nearest to their time.
    pub fn render(&mut self, block: &mut Block) {
        if self.running {
            let length = BLOCK as f64 / self.sample_rate * self.factor;
            let until = self.time + length / 2.0;
            while let Some(due) = self.sequence.messages.get(self.next).filter(|due| due.at < until) {
                send(&mut self.synth, due.message);
                self.next += 1;
            }
            self.time += length;
        } else if self.silence() > 1.0 {
            // Nothing sounds and nothing will: the synth rests.
            *block = Block::SILENT;
            return self.limiter.pass(block);
        }
        self.synth.render(&mut block.left, &mut block.right);
        let audible = block.peak() > 1e-5;
        self.silent_blocks = if audible { 0 } else { self.silent_blocks.saturating_add(1) };
        self.limiter.pass(block);
    }
}

fn send(synth: &mut Synthesizer, message: Message) {
    let [first, second] = message.data.map(i32::from);
    synth.process_midi_message(i32::from(message.channel), i32::from(message.command), first, second);
}
