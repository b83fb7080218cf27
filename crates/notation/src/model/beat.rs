//! Exact musical time.

use std::cmp::Ordering;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A length or position in musical time, as an exact fraction of a whole note, always reduced, denominator positive.
///
/// Sums and products that leave 64 bits saturate towards the nearest representable value; an importer bounds its input
/// ([`Beat::checked_new`]) so that this is not reached in practice.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Beat {
    num: i64,
    den: i64,
}

/// The text or the numbers do not make a [`Beat`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a fraction of a whole note")]
pub struct BeatError;

const fn gcd(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (if a < 0 { -a } else { a }, if b < 0 { -b } else { b });
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// As [`gcd`], of what fits into 64 bits: musical time does, and dividing 128 bits takes many times as long.
const fn narrow_gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

impl Beat {
    /// No time at all.
    pub const ZERO: Self = Self { num: 0, den: 1 };
    /// A whole note.
    pub const WHOLE: Self = Self { num: 1, den: 1 };
    /// A quarter note.
    pub const QUARTER: Self = Self { num: 1, den: 4 };

    /// `num / den` of a whole note, reduced. A zero denominator gives zero: use [`Beat::checked_new`] for input.
    pub const fn new(num: i64, den: i64) -> Self {
        Self::from_wide(num as i128, den as i128)
    }

    /// `num / den` of a whole note, or nothing where the denominator is zero or either exceeds 2⁴⁰ after reduction.
    pub fn checked_new(num: i64, den: i64) -> Option<Self> {
        const BOUND: i64 = 1 << 40;
        if den == 0 {
            return None;
        }
        let beat = Self::new(num, den);
        (beat.num.abs() <= BOUND && beat.den <= BOUND).then_some(beat)
    }

    const fn from_wide(num: i128, den: i128) -> Self {
        if den == 0 {
            return Self::ZERO;
        }
        const NARROW: i128 = i64::MAX as i128;
        if -NARROW <= num && num <= NARROW && 0 < den && den <= NARROW {
            let (num, den) = (num as i64, den as i64);
            let divisor = narrow_gcd(num.unsigned_abs(), den.unsigned_abs()) as i64;
            return Self { num: num / divisor, den: den / divisor };
        }
        let divisor = gcd(num, den);
        let sign = if den < 0 { -1 } else { 1 };
        let (mut num, mut den) = (sign * num / divisor, sign * den / divisor);
        while num > i64::MAX as i128 || num < -(i64::MAX as i128) || den > i64::MAX as i128 {
            num /= 2;
            den = if den > 1 { den / 2 } else { den };
        }
        Self { num: num as i64, den: den as i64 }
    }

    /// The numerator of the reduced fraction.
    pub const fn numerator(self) -> i64 {
        self.num
    }

    /// The denominator of the reduced fraction, positive.
    pub const fn denominator(self) -> i64 {
        self.den
    }

    /// This time multiplied by `num / den`.
    pub const fn scale(self, num: i64, den: i64) -> Self {
        Self::from_wide(self.num as i128 * num as i128, self.den as i128 * den as i128)
    }

    /// How often `other` fits into this time, as an exact fraction `(numerator, denominator)`; nothing if `other` is zero.
    pub const fn ratio(self, other: Self) -> Option<(i64, i64)> {
        if other.num == 0 {
            return None;
        }
        let quotient = Self::from_wide(self.num as i128 * other.den as i128, self.den as i128 * other.num as i128);
        Some((quotient.num, quotient.den))
    }

    /// The remainder after taking out `other` as many whole times as it fits, never negative; zero if `other` is zero.
    pub fn modulo(self, other: Self) -> Self {
        let Some((num, den)) = self.ratio(other) else { return Self::ZERO };
        self - other.scale(num.div_euclid(den), 1)
    }

    /// Whether this is no time at all.
    pub const fn is_zero(self) -> bool {
        self.num == 0
    }

    /// Whether this is longer than nothing.
    pub const fn is_positive(self) -> bool {
        self.num > 0
    }

    /// In whole notes, for layout and sound, where exactness is no longer needed.
    pub fn to_f64(self) -> f64 {
        self.num as f64 / self.den as f64
    }
}

impl Default for Beat {
    fn default() -> Self {
        Self::ZERO
    }
}

impl Add for Beat {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self::from_wide(self.num as i128 * other.den as i128 + other.num as i128 * self.den as i128, self.den as i128 * other.den as i128)
    }
}
impl Neg for Beat {
    type Output = Self;
    fn neg(self) -> Self {
        Self { num: -self.num, den: self.den }
    }
}
impl Sub for Beat {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}
impl AddAssign for Beat {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}
impl SubAssign for Beat {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}
impl Sum for Beat {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Add::add)
    }
}
impl PartialOrd for Beat {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Beat {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.num as i128 * other.den as i128).cmp(&(other.num as i128 * self.den as i128))
    }
}

impl fmt::Display for Beat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.num, self.den)
    }
}
impl fmt::Debug for Beat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl FromStr for Beat {
    type Err = BeatError;
    fn from_str(text: &str) -> Result<Self, BeatError> {
        let (num, den) = text.split_once('/').unwrap_or((text, "1"));
        let num = num.parse().map_err(|_| BeatError)?;
        let den = den.parse().map_err(|_| BeatError)?;
        Self::checked_new(num, den).ok_or(BeatError)
    }
}
impl Serialize for Beat {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Beat {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_reduced_and_signs_move_up() {
        assert_eq!(Beat::new(6, -8), Beat::new(-3, 4));
        assert_eq!(Beat::new(0, -8), Beat::ZERO);
        assert_eq!(Beat::new(1, 4) + Beat::new(1, 12), Beat::new(1, 3));
    }

    #[test]
    fn remainders_are_never_negative() {
        assert_eq!(Beat::new(7, 8).modulo(Beat::QUARTER), Beat::new(1, 8));
        assert_eq!(Beat::new(-1, 8).modulo(Beat::QUARTER), Beat::new(1, 8));
        assert_eq!(Beat::WHOLE.modulo(Beat::ZERO), Beat::ZERO);
    }

    #[test]
    fn absurd_fractions_are_refused_and_sums_do_not_panic() {
        assert_eq!(Beat::checked_new(1, 0), None);
        assert!("1/99999999999999".parse::<Beat>().is_err());
        let huge = Beat::new(i64::MAX, 3);
        assert!(huge + huge > Beat::ZERO);
    }
}
