//! A limiter that looks one block ahead: loud places are turned down smoothly before they would clip.

/// Samples on one channel that are rendered at once, some 1.5 ms. Rodio and the synth both work well with it.
pub(crate) const BLOCK: usize = 64;

/// Peaks are kept below this, half a decibel under full scale.
const CEILING: f32 = 0.944;

/// How much of the distance to full gain is made good in a block: back to normal in about a third of a second.
const RELEASE: f32 = 0.005;

/// A block of both channels.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    pub left: [f32; BLOCK],
    pub right: [f32; BLOCK],
}

impl Block {
    pub const SILENT: Self = Self { left: [0.0; BLOCK], right: [0.0; BLOCK] };

    /// The highest sample of both channels.
    pub fn peak(&self) -> f32 {
        self.left.iter().chain(&self.right).fold(0.0, |peak, sample| peak.max(sample.abs()))
    }
}

/// Delays by one block, and never lets a sample over the ceiling.
///
/// The gain at the border of two blocks is what both of them need; within a block it moves linearly, so no sample meets a
/// gain above what its block needs.
#[derive(Debug)]
pub(crate) struct Limiter {
    ahead: Block,
    /// The gain that the delayed block needs.
    needed: f32,
    /// The gain at the start of the delayed block.
    gain: f32,
}

impl Limiter {
    pub const fn new() -> Self {
        Self { ahead: Block::SILENT, needed: 1.0, gain: 1.0 }
    }

    /// Takes a block, and replaces it by the one before, limited.
    pub fn pass(&mut self, block: &mut Block) {
        let peak = block.peak();
        let coming = if peak > CEILING { CEILING / peak } else { 1.0 };
        let released = self.gain + (1.0 - self.gain) * RELEASE;
        let target = self.needed.min(coming).min(released);
        std::mem::swap(&mut self.ahead, block);
        let step = (target - self.gain) / BLOCK as f32;
        for (at, (left, right)) in block.left.iter_mut().zip(&mut block.right).enumerate() {
            let gain = self.gain + step * at as f32;
            *left *= gain;
            *right *= gain;
        }
        self.gain = target;
        self.needed = coming;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(amplitude: f32, from: usize) -> Block {
        let mut block = Block::SILENT;
        for at in 0..BLOCK {
            block.left[at] = amplitude * ((from + at) as f32 * 0.11).sin();
            block.right[at] = -block.left[at];
        }
        block
    }

    #[test]
    fn nothing_passes_the_ceiling_and_what_is_quiet_is_untouched() {
        let mut limiter = Limiter::new();
        let loudness = |at: usize| if (20..40).contains(&at) { 3.7 } else { 0.5 };
        let mut out = Vec::new();
        for at in 0..4000 {
            let mut block = tone(loudness(at), at * BLOCK);
            limiter.pass(&mut block);
            out.push(block);
        }
        assert!(out.iter().all(|block| block.peak() <= CEILING + 1e-6));
        assert!(out[30].peak() > 0.9, "a loud place stays loud");
        // One block later, the first blocks come out as they went in.
        assert_eq!(out[5].left, tone(0.5, 4 * BLOCK).left);
        let late = &out[3999];
        assert!((late.peak() - tone(0.5, 3998 * BLOCK).peak()).abs() < 0.01, "it recovers");
    }
}
