//! A performance as a WAV file, rendered faster than it sounds.

use std::io::{self, BufWriter, Seek, Write};
use std::ops::ControlFlow;
use std::sync::Arc;

use bandpro_notation::perform::{Seconds, Timeline};
use hound::{SampleFormat, WavSpec, WavWriter};

use crate::RenderError;
use crate::limiter::{BLOCK, Block};
use crate::renderer::Renderer;
use crate::sequence::Sequence;

/// How a WAV file is rendered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RenderOptions {
    /// Samples a second on each of two channels, 16 000 to 192 000.
    pub sample_rate: u32,
    /// How long the last notes may ring; the file ends earlier once nothing sounds.
    pub tail: Seconds,
    /// Loudness against normal; a limiter keeps it from clipping.
    pub gain: f32,
}

impl Default for RenderOptions {
    fn default() -> Self {
        Self { sample_rate: 44_100, tail: Seconds(6.0), gain: 1.0 }
    }
}

/// How far rendering has come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// Rendered so far.
    pub done: Seconds,
    /// The length of the performance, without the tail.
    pub total: Seconds,
}

/// What was rendered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rendered {
    /// The length of the file.
    pub duration: Seconds,
    /// Its highest sample; 1 is full scale.
    pub peak: f32,
}

/// Writes 16-bit stereo. `progress` is asked about ten times a second of sound and may stop the rendering.
///
/// Fails where the writer does (a full disk among others), where the sound is longer than a WAV file can be, and where the
/// sample rate is none that the synth knows.
pub fn render_wav<W: Write + Seek>(
    timeline: &Timeline,
    options: &RenderOptions,
    writer: W,
    progress: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Rendered, RenderError> {
    let mut renderer = Renderer::new(options.sample_rate, options.gain)?;
    let total = timeline.duration();
    let tail = Seconds(if options.tail.0.is_finite() { options.tail.0.clamp(0.0, 60.0) } else { 0.0 });
    let frames = |time: Seconds| (time.0 * f64::from(options.sample_rate)).ceil() as u64;
    let longest = frames(total + tail);
    // Four bytes a frame, and room for the header.
    if longest > u64::from(u32::MAX / 4 - 64) {
        return Err(RenderError::TooLong(total + tail));
    }
    renderer.load(Arc::new(Sequence::of(timeline)));
    renderer.start(0.0);
    let spec = WavSpec { channels: 2, sample_rate: options.sample_rate, bits_per_sample: 16, sample_format: SampleFormat::Int };
    let failed = |error: hound::Error, at: u64| RenderError::Write {
        at: Seconds(at as f64 / f64::from(options.sample_rate)),
        source: match error {
            hound::Error::IoError(source) => source,
            other => io::Error::other(other),
        },
    };
    let mut wav = WavWriter::new(BufWriter::with_capacity(1 << 16, writer), spec).map_err(|error| failed(error, 0))?;
    let mut block = Block::SILENT;
    // The limiter looks a block ahead: what it gives first is the silence before the music.
    renderer.render(&mut block);
    let (mut written, mut peak, mut stopped) = (0_u64, 0.0_f32, false);
    let every = (u64::from(options.sample_rate) / 10 / BLOCK as u64).max(1);
    for count in 0.. {
        if written >= longest || (written >= frames(total) && renderer.silence() > 0.25) {
            break;
        }
        if count % every == 0 && progress(Progress { done: Seconds(renderer.time().min(total.0)), total }).is_break() {
            stopped = true;
            break;
        }
        renderer.render(&mut block);
        peak = peak.max(block.peak());
        let keep = usize::try_from(longest - written).unwrap_or(BLOCK).min(BLOCK);
        for (left, right) in block.left.iter().zip(&block.right).take(keep) {
            for sample in [left, right] {
                let value = (sample * 32767.0).round().clamp(-32768.0, 32767.0) as i16;
                wav.write_sample(value).map_err(|error| failed(error, written))?;
            }
        }
        written += keep as u64;
    }
    wav.finalize().map_err(|error| failed(error, written))?;
    if stopped {
        return Err(RenderError::Cancelled);
    }
    progress(Progress { done: total, total }).is_break();
    Ok(Rendered { duration: Seconds(written as f64 / f64::from(options.sample_rate)), peak })
}
