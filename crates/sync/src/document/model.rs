//! The cached model: a score as compact bytes, to be opened without its document.
//!
//! Records in the order of [`Score::records`], each with the stored form of its fields. Text that occurs more than once comes
//! first in a table, and what it means is worked out once.

use std::collections::HashMap;

use bandpro_notation::model::{Field, Id, Record, RecordKind, RecordRef, Scalar, Score};

const MAGIC: &[u8; 4] = b"BPM1";

const NULL: u8 = 0;
const FALSE: u8 = 1;
const TRUE: u8 = 2;
const INT: u8 = 3;
const TEXT: u8 = 4;

fn write_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn write_text(out: &mut Vec<u8>, text: &str) {
    write_number(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// The bytes that [`decode_model`] takes.
pub fn encode_model(score: &Score) -> Vec<u8> {
    let records: Vec<(RecordRef, Vec<(&'static str, Scalar)>)> = score.records().map(|(of, record)| (of, record.stored())).collect();
    let mut uses: HashMap<&str, u32> = HashMap::new();
    for (key, value) in records.iter().flat_map(|(_, fields)| fields) {
        *uses.entry(key).or_default() += 2;
        if let Scalar::Text(text) = value {
            *uses.entry(text).or_default() += 1;
        }
    }
    let mut repeated: Vec<&str> = uses.into_iter().filter(|(_, count)| *count > 1).map(|(text, _)| text).collect();
    repeated.sort_unstable();
    let index: HashMap<&str, u64> = repeated.iter().zip(1..).map(|(text, index)| (*text, index)).collect();

    let mut out = MAGIC.to_vec();
    write_number(&mut out, repeated.len() as u64);
    repeated.iter().for_each(|text| write_text(&mut out, text));
    write_number(&mut out, records.len() as u64);
    for (of, fields) in &records {
        out.push(of.kind() as u8);
        out.extend_from_slice(&of.raw().to_le_bytes());
        write_number(&mut out, fields.len() as u64);
        for (key, value) in fields {
            write_number(&mut out, index.get(key).copied().unwrap_or(0));
            write_value(&mut out, value, &index);
        }
    }
    out
}

fn write_value(out: &mut Vec<u8>, value: &Scalar, index: &HashMap<&str, u64>) {
    match value {
        Scalar::Null => out.push(NULL),
        Scalar::Bool(false) => out.push(FALSE),
        Scalar::Bool(true) => out.push(TRUE),
        Scalar::Int(number) => {
            out.push(INT);
            write_number(out, ((number << 1) ^ (number >> 63)) as u64);
        }
        Scalar::Text(text) => {
            out.push(TEXT);
            let known = index.get(text.as_str()).copied().unwrap_or(0);
            write_number(out, known);
            if known == 0 {
                write_text(out, text);
            }
        }
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(head)
    }

    fn byte(&mut self) -> Option<u8> {
        Some(self.take(1)?[0])
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn text(&mut self) -> Option<&'a str> {
        let length = usize::try_from(self.number()?).ok()?;
        std::str::from_utf8(self.take(length)?).ok()
    }
}

/// The meanings of repeated text.
struct Repeated<'a> {
    texts: Vec<&'a str>,
    fields: HashMap<(RecordKind, u64, u64), Field>,
}

/// The score of these bytes; nothing where they are damaged or another version wrote them.
pub fn decode_model(bytes: &[u8]) -> Option<Score> {
    let mut reader = Reader(bytes);
    if reader.take(MAGIC.len())? != MAGIC {
        return None;
    }
    let mut repeated = Repeated { texts: Vec::new(), fields: HashMap::new() };
    for _ in 0..reader.number()? {
        repeated.texts.push(reader.text()?);
    }
    let mut score = Score::new();
    for _ in 0..reader.number()? {
        let kind = *RecordKind::ALL.get(usize::from(reader.byte()?))?;
        let raw = u64::from_le_bytes(reader.take(8)?.try_into().ok()?);
        let mut record = kind.empty();
        for _ in 0..reader.number()? {
            record.set(read_field(&mut reader, kind, &mut repeated)?)?;
        }
        match record {
            Record::Measure(measure) => score.push_measure(Id::from_raw(raw), measure),
            record => score.insert(RecordRef::new(kind, raw), record).ok()?,
        }
    }
    reader.0.is_empty().then_some(score)
}

fn read_field(reader: &mut Reader<'_>, kind: RecordKind, repeated: &mut Repeated<'_>) -> Option<Field> {
    let key_index = reader.number()?;
    let key = *repeated.texts.get(usize::try_from(key_index.checked_sub(1)?).ok()?)?;
    let value = match reader.byte()? {
        NULL => Scalar::Null,
        FALSE => Scalar::Bool(false),
        TRUE => Scalar::Bool(true),
        INT => {
            let number = reader.number()?;
            Scalar::Int((number >> 1) as i64 ^ -((number & 1) as i64))
        }
        TEXT => match reader.number()? {
            0 => Scalar::Text(reader.text()?.to_owned()),
            index => {
                let found = (kind, key_index, index);
                if let Some(field) = repeated.fields.get(&found) {
                    return Some(field.clone());
                }
                let text = *repeated.texts.get(usize::try_from(index - 1).ok()?)?;
                let field = Field::from_stored(kind, key, &Scalar::Text(text.to_owned()))?;
                repeated.fields.insert(found, field.clone());
                return Some(field);
            }
        },
        _ => return None,
    };
    Field::from_stored(kind, key, &value)
}
