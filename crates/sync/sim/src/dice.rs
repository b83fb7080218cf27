//! Random numbers that replay.

use bandpro_notation::model::IdSource;

/// SplitMix64, as the model's identifiers.
#[derive(Debug, Clone)]
pub struct Dice(IdSource);

impl Dice {
    /// Dice that always fall the same way for a seed.
    pub fn new(seed: u64) -> Self {
        // Seeds that are near each other shall not play alike.
        Self(IdSource::fixed(IdSource::fixed(seed).next::<()>().raw()))
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next::<()>().raw()
    }

    /// A number below this one.
    pub fn roll(&mut self, sides: usize) -> usize {
        (self.bits() % sides.max(1) as u64) as usize
    }

    /// Whether one in so many.
    pub fn one_in(&mut self, sides: usize) -> bool {
        self.roll(sides) == 0
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        if of.is_empty() { None } else { of.get(self.roll(of.len())) }
    }

    /// Random bytes.
    pub fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.bits().to_le_bytes()[..chunk.len()]);
        }
    }
}
