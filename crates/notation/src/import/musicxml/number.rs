//! Numbers as MusicXML writes them: decimals, exactly.

/// A decimal number (or a fraction, which some programs write) as an exact fraction with a positive denominator; nothing
/// for other text, or beyond eighteen digits.
pub(crate) fn fraction(text: &str) -> Option<(i64, i64)> {
    const DIGITS: usize = 18;
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let integer = |digits: &str| -> Option<i64> {
        (digits.len() <= DIGITS && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.parse().ok())?
    };
    let (num, den) = if let Some((num, den)) = digits.split_once('/') {
        (integer(num)?, integer(den).filter(|den| *den > 0)?)
    } else if let Some((whole, decimals)) = digits.split_once('.') {
        // More decimals than fit are noise of a binary fraction: they are cut.
        let decimals = decimals.get(..decimals.len().min(6)).filter(|d| d.bytes().all(|b| b.is_ascii_digit()))?;
        if whole.is_empty() && decimals.is_empty() {
            return None;
        }
        let scale = 10_i64.pow(decimals.len() as u32);
        let whole = if whole.is_empty() { 0 } else { integer(whole)? };
        let decimals = if decimals.is_empty() { 0 } else { integer(decimals)? };
        (whole.checked_mul(scale)?.checked_add(decimals)?, scale)
    } else {
        (integer(digits)?, 1)
    };
    let divisor = gcd(num, den).max(1);
    let num = if negative { -num } else { num };
    Some((num / divisor, den / divisor))
}

pub(crate) fn gcd(mut a: i64, mut b: i64) -> i64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::fraction;

    #[test]
    fn decimals_are_exact() {
        for (text, value) in
            [("4", (4, 1)), ("0.5", (1, 2)), (" -1.25 ", (-5, 4)), ("3/6", (1, 2)), (".5", (1, 2)), ("7.", (7, 1)), ("0", (0, 1))]
        {
            assert_eq!(fraction(text), Some(value), "{text}");
        }
        for text in ["", "-", ".", "x", "1/0", "1e3", "9999999999999999999", "1.x", "--1", "1.5/2", "٣"] {
            assert_eq!(fraction(text), None, "{text}");
        }
    }
}
