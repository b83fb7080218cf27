//! How far what is already placed reaches, above and below a staff, along a system.

use super::page::{Rect, Space};

/// Width of one step of a skyline: fine enough to slip a syllable under a stem, coarse enough to be quick.
const STEP: Space = 0.5;

/// The highest and the lowest ink over stretches of half a staff space.
#[derive(Debug, Clone)]
pub(super) struct Skyline {
    top: Vec<Space>,
    bottom: Vec<Space>,
}

impl Skyline {
    /// An empty one for a system this wide.
    pub(super) fn new(width: Space) -> Self {
        let steps = ((width / STEP).ceil().clamp(1.0, 100_000.0)) as usize + 1;
        Self { top: vec![Space::INFINITY; steps], bottom: vec![Space::NEG_INFINITY; steps] }
    }

    fn span(&self, left: Space, right: Space) -> std::ops::Range<usize> {
        let last = self.top.len() - 1;
        let from = ((left / STEP).floor().max(0.0) as usize).min(last);
        let to = ((right / STEP).ceil().max(0.0) as usize).clamp(from + 1, last + 1);
        from..to
    }

    /// Adds what a rectangle covers.
    pub(super) fn add(&mut self, rect: Rect) {
        let span = self.span(rect.left, rect.right);
        for top in &mut self.top[span.clone()] {
            *top = top.min(rect.top);
        }
        for bottom in &mut self.bottom[span] {
            *bottom = bottom.max(rect.bottom);
        }
    }

    /// The highest ink between two places.
    pub(super) fn top(&self, left: Space, right: Space) -> Space {
        self.top[self.span(left, right)].iter().copied().fold(Space::INFINITY, Space::min)
    }

    /// The lowest ink between two places.
    pub(super) fn bottom(&self, left: Space, right: Space) -> Space {
        self.bottom[self.span(left, right)].iter().copied().fold(Space::NEG_INFINITY, Space::max)
    }

    /// The highest ink anywhere.
    pub(super) fn highest(&self) -> Space {
        self.top.iter().copied().fold(Space::INFINITY, Space::min)
    }

    /// The lowest ink anywhere.
    pub(super) fn lowest(&self) -> Space {
        self.bottom.iter().copied().fold(Space::NEG_INFINITY, Space::max)
    }

    /// How far below this one's origin the origin of `lower` has to be so that `gap` is left between them; nothing where
    /// they nowhere face each other.
    pub(super) fn distance(&self, lower: &Self, gap: Space) -> Option<Space> {
        // Neighbouring steps count too, so that nothing touches by a corner.
        let reach = |i: usize| {
            let from = i.saturating_sub(1);
            let to = (i + 2).min(lower.top.len());
            lower.top.get(from..to).unwrap_or(&[]).iter().copied().fold(Space::INFINITY, Space::min)
        };
        let needed = self.bottom.iter().enumerate().filter(|(_, b)| b.is_finite()).map(|(i, b)| b - reach(i) + gap);
        let needed = needed.fold(Space::NEG_INFINITY, Space::max);
        needed.is_finite().then_some(needed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_skylines_keep_their_distance() {
        let (mut upper, mut lower) = (Skyline::new(10.0), Skyline::new(10.0));
        upper.add(Rect::new(2.0, 0.0, 3.0, 7.0));
        lower.add(Rect::new(2.0, -2.0, 3.0, 4.0));
        assert_eq!(upper.distance(&lower, 1.0), Some(10.0));
        lower.add(Rect::new(8.0, -9.0, 9.0, 4.0));
        assert_eq!(upper.distance(&lower, 1.0), Some(10.0), "what does not face each other does not push");
        assert_eq!(upper.bottom(0.0, 1.0), Space::NEG_INFINITY);
    }
}
