//! How much a change unfolds to, before it is unfolded.
//!
//! A change is columns of run-length encoded values, perhaps deflated as a whole: a few bytes can stand for any number of
//! operations. Automerge unfolds them without a limit, so they are counted first, run by run, in the layout of the
//! [Automerge binary format](https://automerge.org/automerge-binary-format-spec/).

use std::io::Read;

use automerge::Change;

/// The most bytes that a deflated change may come to.
const MAX_INFLATED: usize = 96 << 20;
/// The most operations that a change may have, and the most predecessors that these may name. A score of 50,000 events takes
/// about a million.
pub const MAX_OPERATIONS: u64 = 4_000_000;

const MAGIC: &[u8] = &[0x85, 0x6f, 0x4a, 0x83];
const CHUNK_CHANGE: u8 = 1;
const CHUNK_DEFLATED: u8 = 2;
/// The columns that say how many rows there are of the others: of the action of each operation, and of how many predecessors
/// it has. The lowest four bits are the column's type, of which the highest says whether it is deflated.
const ACTIONS: u64 = 4 << 4 | 2;
const PREDECESSORS: u64 = 7 << 4;
const DEFLATED: u64 = 8;

/// Why bytes are not taken for a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BoundsError {
    /// They are none.
    #[error("they are no change")]
    NoChange,
    /// It unfolds to more than a change may.
    #[error("it unfolds to more than a change may")]
    TooLarge,
}

/// Reads the bytes of one change, if it unfolds to no more than one may.
pub fn bounded_change(bytes: &[u8]) -> Result<Change, BoundsError> {
    check_bounds(bytes)?;
    super::read_change(bytes).ok_or(BoundsError::NoChange)
}

/// Fails where a change unfolds to more than one may, or is none.
pub fn check_bounds(bytes: &[u8]) -> Result<(), BoundsError> {
    let mut reader = Reader(bytes);
    if reader.take(MAGIC.len())? != MAGIC {
        return Err(BoundsError::NoChange);
    }
    reader.take(4)?;
    let kind = reader.take(1)?[0];
    let length = reader.length()?;
    let content = reader.take(length)?;
    if !reader.0.is_empty() {
        return Err(BoundsError::NoChange);
    }
    match kind {
        CHUNK_CHANGE => check_columns(content),
        CHUNK_DEFLATED => check_columns(&inflate(content)?),
        _ => Err(BoundsError::NoChange),
    }
}

fn inflate(deflated: &[u8]) -> Result<Vec<u8>, BoundsError> {
    let mut inflated = Vec::new();
    let mut reader = flate2::bufread::DeflateDecoder::new(deflated).take(MAX_INFLATED as u64 + 1);
    reader.read_to_end(&mut inflated).map_err(|_| BoundsError::NoChange)?;
    if inflated.len() > MAX_INFLATED { Err(BoundsError::TooLarge) } else { Ok(inflated) }
}

fn check_columns(content: &[u8]) -> Result<(), BoundsError> {
    let mut reader = Reader(content);
    let dependencies = reader.unsigned()?;
    reader.take(usize::try_from(dependencies.saturating_mul(32)).map_err(|_| BoundsError::NoChange)?)?;
    reader.skip_bytes()?;
    // Sequence number, first operation, time, message.
    reader.unsigned()?;
    reader.unsigned()?;
    reader.signed()?;
    reader.skip_bytes()?;
    for _ in 0..reader.unsigned()? {
        reader.skip_bytes()?;
    }
    let count = reader.unsigned()?;
    let mut columns = Vec::new();
    for _ in 0..count {
        columns.push((reader.unsigned()?, reader.length()?));
    }
    for (kind, length) in columns {
        let column = reader.take(length)?;
        if kind & DEFLATED != 0 {
            return Err(BoundsError::NoChange);
        }
        let unfolded = match kind {
            ACTIONS => rows(column, |_| 1)?,
            PREDECESSORS => rows(column, |predecessors| predecessors)?,
            _ => 0,
        };
        if unfolded > MAX_OPERATIONS {
            return Err(BoundsError::TooLarge);
        }
    }
    Ok(())
}

/// What a run-length encoded column of numbers comes to, if each value counts for so much.
fn rows(column: &[u8], worth: impl Fn(u64) -> u64) -> Result<u64, BoundsError> {
    let mut reader = Reader(column);
    let mut total = 0_u64;
    while !reader.0.is_empty() {
        match reader.signed()? {
            0 => total = total.saturating_add(reader.unsigned()?),
            run if run > 0 => total = total.saturating_add(worth(reader.unsigned()?).max(1).saturating_mul(run as u64)),
            literal => {
                for _ in 0..literal.unsigned_abs() {
                    total = total.saturating_add(worth(reader.unsigned()?).max(1));
                }
            }
        }
    }
    Ok(total)
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], BoundsError> {
        let (head, rest) = self.0.split_at_checked(count).ok_or(BoundsError::NoChange)?;
        self.0 = rest;
        Ok(head)
    }

    /// The bits of a LEB128 number, how many they are, and its last byte.
    fn leb128(&mut self) -> Result<(u64, u32, u8), BoundsError> {
        let (mut value, mut shift) = (0_u64, 0);
        loop {
            let byte = self.take(1)?[0];
            if shift < 64 {
                value |= u64::from(byte & 0x7f) << shift;
            }
            shift += 7;
            if byte & 0x80 == 0 {
                return Ok((value, shift, byte));
            }
            if shift > 70 {
                return Err(BoundsError::NoChange);
            }
        }
    }

    fn unsigned(&mut self) -> Result<u64, BoundsError> {
        Ok(self.leb128()?.0)
    }

    fn signed(&mut self) -> Result<i64, BoundsError> {
        let (value, shift, last) = self.leb128()?;
        let negative = shift < 64 && last & 0x40 != 0;
        Ok(if negative { (value | u64::MAX << shift) as i64 } else { value as i64 })
    }

    fn length(&mut self) -> Result<usize, BoundsError> {
        usize::try_from(self.unsigned()?).map_err(|_| BoundsError::NoChange)
    }

    fn skip_bytes(&mut self) -> Result<(), BoundsError> {
        let length = self.length()?;
        self.take(length).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Document, session_actor};
    use bandpro_notation::model::{Id, Measure, Score};
    use proptest::prelude::*;

    fn unsigned(mut value: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        while value >= 0x80 {
            bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        bytes.push(value as u8);
        bytes
    }

    /// A change of one column that stands for so many operations.
    fn content(column: (u64, Vec<u8>)) -> Vec<u8> {
        let head = [vec![0, 1, 7, 1, 1, 0, 0, 0], vec![1], unsigned(column.0), unsigned(column.1.len() as u64)].concat();
        [head, column.1].concat()
    }

    fn chunk(kind: u8, content: &[u8]) -> Vec<u8> {
        [MAGIC, &[0; 4], &[kind], &unsigned(content.len() as u64), content].concat()
    }

    fn deflate(content: &[u8]) -> Vec<u8> {
        let mut deflated = Vec::new();
        flate2::bufread::DeflateEncoder::new(content, flate2::Compression::best()).read_to_end(&mut deflated).unwrap();
        deflated
    }

    /// A run of one value: a positive signed number, then the value.
    fn run(times: u64, value: u64) -> Vec<u8> {
        let mut bytes = unsigned(times);
        // A number whose sixth bit is set would be read as negative.
        if bytes.last().is_some_and(|last| last & 0x40 != 0) {
            *bytes.last_mut().unwrap() |= 0x80;
            bytes.push(0);
        }
        [bytes, unsigned(value)].concat()
    }

    #[test]
    fn what_is_written_here_is_taken_small_and_large() {
        for measures in [1, 3000] {
            let mut score = Score::new();
            (1..=measures).for_each(|id| score.push_measure(Id::from_raw(id), Measure::default()));
            let (_, mut change) = Document::import(session_actor(crate::DeviceId([1; 32]), 1), &score).unwrap();
            assert_eq!(bounded_change(&change.bytes()).unwrap().hash(), change.hash());
            assert_eq!(bounded_change(change.raw_bytes()).unwrap().hash(), change.hash());
        }
    }

    #[test]
    fn a_few_bytes_that_stand_for_more_operations_than_a_change_may_have_are_refused() {
        for column in [(ACTIONS, run(1 << 40, 1)), (PREDECESSORS, run(2, 1 << 40)), (ACTIONS, [vec![0], unsigned(1 << 40)].concat())] {
            let content = content(column);
            assert!(content.len() < 40);
            assert_eq!(check_bounds(&chunk(CHUNK_CHANGE, &content)), Err(BoundsError::TooLarge));
            assert_eq!(check_bounds(&chunk(CHUNK_DEFLATED, &deflate(&content))), Err(BoundsError::TooLarge));
        }
        assert_eq!(check_bounds(&chunk(CHUNK_CHANGE, &content((ACTIONS, run(1000, 1))))), Ok(()));
    }

    #[test]
    fn a_bomb_of_zeros_is_not_inflated() {
        let bomb = deflate(&vec![0; MAX_INFLATED + 10]);
        assert!(bomb.len() < 200_000);
        assert_eq!(check_bounds(&chunk(CHUNK_DEFLATED, &bomb)), Err(BoundsError::TooLarge));
    }

    #[test]
    fn a_saved_document_is_no_change() {
        assert_eq!(check_bounds(&Document::new().unwrap().save()), Err(BoundsError::NoChange));
    }

    proptest! {
        #[test]
        fn counting_takes_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200), kind in 0..4_u8) {
            let _ = check_bounds(&bytes);
            let _ = check_bounds(&chunk(kind, &bytes));
            let _ = check_columns(&bytes);
        }
    }
}
