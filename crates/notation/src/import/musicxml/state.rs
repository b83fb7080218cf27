//! What is known so far while a document is read.

use std::collections::{HashMap, HashSet};

use super::super::report::Report;
use super::super::{Bound, ImportError, Limits, TextPlace};
use super::spanners::OpenSpans;
use crate::model::*;

/// An import in progress.
pub(super) struct Import<'i> {
    pub(super) limits: &'i Limits,
    pub(super) ids: &'i mut IdSource,
    pub(super) score: Score,
    pub(super) report: Report,
    pub(super) header: Header,
    pub(super) layout: Layout,
    pub(super) credits: Vec<super::credits::CreditReading>,
    /// Tenths of a millimetre in a tenth of a staff space.
    pub(super) scale: f64,
    pub(super) movement_number: String,
    pub(super) parts: Vec<PartReading>,
    part_names: HashMap<String, usize>,
    pub(super) columns: Vec<Column>,
    pub(super) notes: usize,
    /// How many marks, spans, signs and syllables have been taken over.
    pub(super) marks: usize,
    /// Whether the document has beams at all: where it has, a flagged note without one has a flag.
    pub(super) beamed: bool,
}

/// The longest step through a measure, in whole notes. More is a mistake or meant to harm.
const LONGEST: Beat = Beat::new(1 << 22, 1);

/// A time that a score can store: what has larger terms than [`Beat::checked_new`] takes is rounded to a fraction of a note far
/// shorter than any that is written.
pub(super) fn storable(time: Beat) -> Beat {
    const FINEST: i64 = 30_720;
    Beat::checked_new(time.numerator(), time.denominator()).unwrap_or_else(|| {
        let count = time.scale(FINEST, 1);
        Beat::new(count.numerator().div_euclid(count.denominator()), FINEST)
    })
}

/// A part as far as it has been read.
pub(super) struct PartReading {
    pub(super) id: PartId,
    pub(super) record: Part,
    /// Divisions of a quarter note, as a fraction.
    pub(super) divisions: Option<(i64, i64)>,
    clefs: Vec<(u8, Clef)>,
    /// Whether it has staves of other than five lines.
    pub(super) plain_lines: bool,
    /// Key signatures in force: of one staff, and of all others.
    keys: Vec<(Option<u8>, Key)>,
    /// The length of a full measure by the time signature in force, shown or not; nothing for senza misura.
    pub(super) nominal: Option<Option<Beat>>,
    pub(super) spans: OpenSpans,
    /// What it is called now.
    pub(super) name: String,
    pub(super) abbreviation: String,
    voices: Vec<(String, u8)>,
    measures: usize,
    started: bool,
}

/// What all parts together say about a measure.
pub(super) struct Column {
    pub(super) id: MeasureId,
    pub(super) record: Measure,
    /// Whether a part has named it yet: the first one that has it does.
    pub(super) named: bool,
    /// Time signatures at its start by part and staff, and whether they are printed.
    pub(super) times: Vec<(PartId, Option<u8>, TimeSignature, bool)>,
    /// How far into the measure any part gets.
    pub(super) reached: Beat,
    /// How many marks, spans, signs and lyrics have been taken over.
    attached: u32,
    /// The marks of the whole system, which several parts may repeat.
    pub(super) system: HashSet<(Beat, MarkKind)>,
}

impl<'i> Import<'i> {
    pub(super) fn new(limits: &'i Limits, ids: &'i mut IdSource, beamed: bool) -> Self {
        Self {
            limits,
            ids,
            score: Score::new(),
            report: Report::default(),
            header: Header::default(),
            layout: Layout::default(),
            credits: Vec::new(),
            scale: 1.75,
            movement_number: String::new(),
            parts: Vec::new(),
            part_names: HashMap::new(),
            columns: Vec::new(),
            notes: 0,
            marks: 0,
            beamed,
        }
    }

    /// Puts a record into the score.
    pub(super) fn put(&mut self, of: impl Into<RecordRef>, record: impl Into<Record>) {
        // The kinds agree wherever this is called, so nothing is given back.
        drop(self.score.insert(of, record));
    }

    /// A new part at the end.
    pub(super) fn add_part(&mut self, name: Option<&str>, record: Part, place: TextPlace) -> Result<usize, ImportError> {
        let at = self.parts.len();
        if at >= self.limits.parts {
            return Err(ImportError::TooLarge { bound: Bound::Parts, max: self.limits.parts as u64, place: Some(place) });
        }
        let order = i64::try_from(at).unwrap_or(i64::MAX);
        self.parts.push(PartReading::new(self.ids.next(), Part { order, ..record }));
        if let Some(name) = name {
            self.part_names.entry(name.to_owned()).or_insert(at);
        }
        Ok(at)
    }

    /// The part of this id in the part list.
    pub(super) fn listed_part(&self, name: &str) -> Option<usize> {
        self.part_names.get(name).copied()
    }

    /// The part whose music follows. One without an id is the first of the list that has no music yet; one that the list does
    /// not have comes after those of the list.
    pub(super) fn part_named(&mut self, name: Option<&str>, place: TextPlace) -> Result<usize, ImportError> {
        let known = match name {
            Some(name) => self.listed_part(name),
            None => self.parts.iter().position(|part| !part.started),
        };
        let part = match known {
            Some(part) => part,
            None => self.add_part(name, Part::default(), place)?,
        };
        if let Some(part) = self.parts.get_mut(part) {
            part.started = true;
        }
        Ok(part)
    }

    /// How many measures of a part have been read.
    pub(super) fn measures_of(&self, part: usize) -> usize {
        self.parts.get(part).map_or(0, |part| part.measures)
    }

    /// Makes sure that there is a column for the measure at this index.
    pub(super) fn reach_column(&mut self, index: usize, place: impl FnOnce() -> TextPlace) -> Result<MeasureId, ImportError> {
        if index >= self.limits.measures {
            return Err(ImportError::TooLarge { bound: Bound::Measures, max: self.limits.measures as u64, place: Some(place()) });
        }
        while self.columns.len() <= index {
            let id = self.ids.next();
            self.columns.push(Column::new(id));
        }
        Ok(self.columns.get(index).map_or(Id::from_raw(0), |column| column.id))
    }
}

impl Column {
    fn new(id: MeasureId) -> Self {
        let record = Measure::default();
        Self { id, record, named: false, times: Vec::new(), reached: Beat::ZERO, attached: 0, system: HashSet::new() }
    }

    /// Counts one more thing that is attached to the measure; whether there is room for it.
    pub(super) fn attach(&mut self) -> bool {
        /// Some hundred times what the busiest measure of an orchestra has. More would only make reading slow.
        const MOST: u32 = 50_000;
        self.attached = self.attached.saturating_add(1);
        self.attached <= MOST
    }

    /// Notes an instruction once, however many parts repeat it.
    pub(super) fn jump(&mut self, jump: Jump) {
        if !self.record.jumps.contains(&jump) {
            self.record.jumps.push(jump);
        }
    }
}

impl PartReading {
    pub(super) fn new(id: PartId, record: Part) -> Self {
        Self {
            id,
            name: record.name.clone(),
            abbreviation: record.abbreviation.clone(),
            record,
            divisions: None,
            clefs: Vec::new(),
            plain_lines: false,
            keys: Vec::new(),
            nominal: None,
            spans: OpenSpans::default(),
            voices: Vec::new(),
            measures: 0,
            started: false,
        }
    }

    /// Takes the part out while one of its measures is read.
    pub(super) fn take(&mut self) -> Self {
        std::mem::replace(self, Self::new(Id::from_raw(0), Part::default()))
    }

    /// A duration in divisions as musical time; nothing where it is no usable number, or absurdly long.
    pub(super) fn time(&self, duration: &str) -> Option<Beat> {
        let (num, den) = super::number::fraction(duration)?;
        let (div_num, div_den) = self.divisions.unwrap_or((1, 1));
        let time = Beat::new(num.checked_mul(div_den)?, den.checked_mul(div_num)?.checked_mul(4)?);
        (-LONGEST..=LONGEST).contains(&time).then_some(time)
    }

    /// The number of the voice of this name: its own where it is a number that is free, else the lowest that is.
    pub(super) fn voice(&mut self, name: &str) -> u8 {
        if let Some((_, voice)) = self.voices.iter().find(|(known, _)| known == name) {
            return *voice;
        }
        let free = |voice: &u8| !self.voices.iter().any(|(_, taken)| taken == voice);
        let own = name.parse::<u8>().ok().filter(|voice| *voice > 0).filter(free);
        let Some(voice) = own.or_else(|| (1..=u8::MAX).find(free)) else { return u8::MAX };
        self.voices.push((name.to_owned(), voice));
        voice
    }

    /// Counts a measure as read.
    pub(super) fn finish_measure(&mut self, index: usize) {
        self.measures = index.saturating_add(1);
    }

    /// The staves are as many as the highest one mentioned.
    pub(super) fn reach_staff(&mut self, staff: u8) {
        self.record.staves = self.record.staves.max(staff);
    }

    /// The clef in force on a staff.
    pub(super) fn clef(&self, staff: u8) -> Option<Clef> {
        self.clefs.iter().find(|(other, _)| *other == staff).map(|(_, clef)| *clef)
    }

    /// Sets the clef of a staff.
    pub(super) fn set_clef(&mut self, staff: u8, clef: Clef) {
        self.clefs.retain(|(other, _)| *other != staff);
        self.clefs.push((staff, clef));
    }

    /// The key signature in force on a staff.
    pub(super) fn key(&self, staff: u8) -> Option<&Key> {
        let of = |wanted: Option<u8>| self.keys.iter().find(|(staff, _)| *staff == wanted).map(|(_, key)| key);
        of(Some(staff)).or_else(|| of(None))
    }

    /// Sets the key signature of a staff, or of all.
    pub(super) fn set_key(&mut self, staff: Option<u8>, key: &Key) {
        self.keys.retain(|(other, _)| staff.is_some() && *other != staff);
        self.keys.push((staff, key.clone()));
    }
}
