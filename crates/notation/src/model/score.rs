//! The score itself: tables of records, the order of measures, and the indexes that follow from them.

use std::collections::{BTreeMap, BTreeSet};

use super::records::{HEADER, LAYOUT};
use super::revision::Revisions;
use super::*;

/// Records of one kind by identifier, in the order of identifiers.
pub type Table<T> = BTreeMap<Id<T>, T>;

/// The order of events within one measure of one part: by onset, grace notes before what they lead to and after what they
/// follow, then by staff, voice and identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct EventKey {
    /// From the start of the measure.
    pub onset: Beat,
    /// Negative for a grace note before the beat, zero for an event that takes time, positive for a grace note after one.
    pub grace: i32,
    /// The staff, from 1.
    pub staff: u8,
    /// The voice, from 1.
    pub voice: u8,
    /// The event.
    pub event: EventId,
}

impl EventKey {
    fn of(id: EventId, event: &Event) -> Self {
        let grace = event.grace.map_or(0, |grace| {
            let order = i32::from(grace.order);
            if grace.after { 1 + order } else { order - i32::from(u16::MAX) - 1 }
        });
        Self { onset: event.time.onset, grace, staff: event.staff, voice: event.voice, event: id }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Index {
    events: BTreeMap<(MeasureId, PartId), BTreeSet<EventKey>>,
    notes: BTreeMap<EventId, Vec<NoteId>>,
    lyrics: BTreeMap<EventId, Vec<LyricId>>,
    event_marks: BTreeMap<EventId, Vec<MarkId>>,
    note_marks: BTreeMap<NoteId, Vec<MarkId>>,
    place_marks: BTreeMap<MeasureId, Vec<MarkId>>,
    page_marks: BTreeMap<u16, Vec<MarkId>>,
    event_spans: BTreeMap<EventId, Vec<SpanId>>,
    note_spans: BTreeMap<NoteId, Vec<SpanId>>,
    place_spans: BTreeMap<MeasureId, Vec<SpanId>>,
    signs: BTreeMap<MeasureId, Vec<SignId>>,
}

/// A score.
///
/// Reading goes through the accessors; every change goes through an [`crate::edit::Edit`], except while an importer or a
/// loader builds a score record by record ([`Score::insert`], [`Score::push_measure`]).
///
/// Records may refer to others that are gone (an event whose measure was deleted, a slur whose end note was): they stay in
/// their tables, so that restoring the other brings them back, and a reader who walks from the measures does not meet them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Score {
    header: Header,
    layout: Layout,
    parts: Table<Part>,
    groups: Table<Group>,
    measures: Table<Measure>,
    order: Vec<MeasureId>,
    signs: Table<Sign>,
    events: Table<Event>,
    notes: Table<Note>,
    lyrics: Table<Lyric>,
    marks: Table<Mark>,
    spans: Table<Span>,
    index: Index,
    revisions: Revisions,
}

fn add<K: Ord, V: Ord>(index: &mut BTreeMap<K, Vec<V>>, key: K, value: V) {
    let values = index.entry(key).or_default();
    if let Err(at) = values.binary_search(&value) {
        values.insert(at, value);
    }
}

fn take<K: Ord, V: Ord>(index: &mut BTreeMap<K, Vec<V>>, key: &K, value: &V) {
    if let Some(values) = index.get_mut(key) {
        values.retain(|other| other != value);
        if values.is_empty() {
            index.remove(key);
        }
    }
}

fn listed<'a, K: Ord, V>(index: &'a BTreeMap<K, Vec<V>>, key: &K) -> &'a [V] {
    index.get(key).map_or(&[], Vec::as_slice)
}

macro_rules! tables {
    ($( $get:ident $all:ident $table:ident : $record:ident, $doc:literal );* $(;)?) => {
        impl Score {
            $(
                #[doc = concat!("The ", $doc, " with this identifier.")]
                pub fn $get(&self, id: Id<$record>) -> Option<&$record> {
                    self.$table.get(&id)
                }

                #[doc = concat!("Every ", $doc, " by identifier, reachable from a measure or not.")]
                pub fn $all(&self) -> &Table<$record> {
                    &self.$table
                }
            )*
        }
    };
}
tables! {
    part part_table parts: Part, "part";
    group groups groups: Group, "group of parts";
    measure measure_table measures: Measure, "measure";
    sign signs signs: Sign, "sign";
    event events events: Event, "event";
    note notes notes: Note, "note";
    lyric lyrics lyrics: Lyric, "lyric";
    mark marks marks: Mark, "mark";
    span spans spans: Span, "span";
}

impl Score {
    /// A score without parts or measures.
    pub fn new() -> Self {
        Self::default()
    }

    /// Title and names.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Page and style.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The parts, in score order.
    pub fn parts(&self) -> Vec<(PartId, &Part)> {
        let mut parts: Vec<_> = self.parts.iter().map(|(id, part)| (*id, part)).collect();
        parts.sort_by_key(|(id, part)| (part.order, *id));
        parts
    }

    /// The measures, in order.
    pub fn measures(&self) -> impl DoubleEndedIterator<Item = (MeasureId, &Measure)> + ExactSizeIterator {
        self.order.iter().map(|id| (*id, &self.measures[id]))
    }

    /// The identifiers of the measures, in order.
    pub fn measure_order(&self) -> &[MeasureId] {
        &self.order
    }

    /// Names the state of everything that is in a measure: its record, its signs and events with their notes, lyrics and marks,
    /// what is marked at its moments, and the spans that start or end in it. Parts and groups count as being in every measure.
    pub fn revision(&self, measure: MeasureId) -> Revision {
        self.revisions.of(measure)
    }

    /// The place of a measure in the order, from 0. Linear in the number of measures.
    pub fn measure_position(&self, id: MeasureId) -> Option<usize> {
        self.order.iter().position(|other| *other == id)
    }

    /// The events of one measure of one part, in the order of [`EventKey`].
    pub fn events_in(&self, measure: MeasureId, part: PartId) -> impl DoubleEndedIterator<Item = (EventId, &Event)> {
        self.index.events.get(&(measure, part)).into_iter().flatten().map(|key| (key.event, &self.events[&key.event]))
    }

    /// The notes of an event from low to high; empty for a rest.
    pub fn notes_of(&self, event: EventId) -> Vec<(NoteId, &Note)> {
        let mut notes: Vec<_> = listed(&self.index.notes, &event).iter().map(|id| (*id, &self.notes[id])).collect();
        notes.sort_by_key(|(id, note)| (note.pitch.diatonic(), note.pitch.pitch().map(|p| (p.midi_key_exact() * 1e6) as i64), *id));
        notes
    }

    /// Whether an event has no notes.
    pub fn is_rest(&self, event: EventId) -> bool {
        listed(&self.index.notes, &event).is_empty()
    }

    /// The lyrics of an event, by verse.
    pub fn lyrics_of(&self, event: EventId) -> Vec<(LyricId, &Lyric)> {
        let mut lyrics: Vec<_> = listed(&self.index.lyrics, &event).iter().map(|id| (*id, &self.lyrics[id])).collect();
        lyrics.sort_by(|a, b| (&a.1.verse, a.0).cmp(&(&b.1.verse, b.0)));
        lyrics
    }

    /// The marks on an event, not those on its single notes.
    pub fn marks_of(&self, event: EventId) -> impl Iterator<Item = (MarkId, &Mark)> {
        listed(&self.index.event_marks, &event).iter().map(|id| (*id, &self.marks[id]))
    }

    /// The marks on one note.
    pub fn marks_of_note(&self, note: NoteId) -> impl Iterator<Item = (MarkId, &Mark)> {
        listed(&self.index.note_marks, &note).iter().map(|id| (*id, &self.marks[id]))
    }

    /// The marks that stand at a moment of a measure, of any part or of the system.
    pub fn marks_in(&self, measure: MeasureId) -> impl Iterator<Item = (MarkId, &Mark)> {
        listed(&self.index.place_marks, &measure).iter().map(|id| (*id, &self.marks[id]))
    }

    /// The marks on pages, with their pages from 1, in order.
    pub fn marks_on_pages(&self) -> impl Iterator<Item = (u16, MarkId, &Mark)> {
        self.index.page_marks.iter().flat_map(|(page, marks)| marks.iter().map(|id| (*page, *id, &self.marks[id])))
    }

    /// The spans that start or end on an event, not those on its single notes.
    pub fn spans_of(&self, event: EventId) -> impl Iterator<Item = (SpanId, &Span)> {
        listed(&self.index.event_spans, &event).iter().map(|id| (*id, &self.spans[id]))
    }

    /// The spans that start or end on one note.
    pub fn spans_of_note(&self, note: NoteId) -> impl Iterator<Item = (SpanId, &Span)> {
        listed(&self.index.note_spans, &note).iter().map(|id| (*id, &self.spans[id]))
    }

    /// The spans that start or end at a moment of a measure.
    pub fn spans_in(&self, measure: MeasureId) -> impl Iterator<Item = (SpanId, &Span)> {
        listed(&self.index.place_spans, &measure).iter().map(|id| (*id, &self.spans[id]))
    }

    /// The signs of a measure, in the order of their moment; what ends there comes before what begins.
    pub fn signs_in(&self, measure: MeasureId) -> Vec<(SignId, &Sign)> {
        let mut signs: Vec<_> = listed(&self.index.signs, &measure).iter().map(|id| (*id, &self.signs[id])).collect();
        signs.sort_by_key(|(id, sign)| (sign.at.beat, !sign.kind.is_end(), *id));
        signs
    }

    /// The time signature in force in the measure at this position, 4/4 where none was ever given.
    pub fn time_at(&self, position: usize) -> TimeSignature {
        let upto = &self.order[..self.order.len().min(position + 1)];
        let found = upto.iter().rev().find_map(|id| self.measures[id].time.clone());
        found.unwrap_or_else(|| TimeSignature::new(4, 4))
    }

    /// The length of every measure, in order: its own where it has one, else what the time signature says. Senza misura
    /// without a length of its own is as long as what is in it.
    pub fn measure_lengths(&self) -> Vec<Beat> {
        let mut full = Some(Beat::WHOLE);
        let length = |id: &MeasureId| {
            let measure = &self.measures[id];
            if let Some(time) = &measure.time {
                full = time.length();
            }
            measure.length.or(full).unwrap_or_else(|| self.content_length(*id))
        };
        self.order.iter().map(length).collect()
    }

    fn content_length(&self, measure: MeasureId) -> Beat {
        let parts = self.parts.keys();
        parts.flat_map(|part| self.events_in(measure, *part)).map(|(_, event)| event.time.end()).max().unwrap_or(Beat::ZERO)
    }

    /// Which event an anchor holds on to, if it is one's or one's note's and that is there.
    pub fn anchor_event(&self, anchor: Anchor) -> Option<EventId> {
        match anchor {
            Anchor::Event(event) => self.events.contains_key(&event).then_some(event),
            Anchor::Note(note) => self.notes.get(&note).map(|note| note.event),
            Anchor::Staff(..) | Anchor::System(_) | Anchor::Page(_) => None,
        }
    }

    /// The moment an anchor stands at; nothing where what it holds on to is gone.
    pub fn anchor_moment(&self, anchor: Anchor) -> Option<Moment> {
        match anchor {
            Anchor::Staff(_, _, moment) | Anchor::System(moment) => Some(moment),
            Anchor::Page(_) => None,
            Anchor::Event(_) | Anchor::Note(_) => {
                let time = self.events.get(&self.anchor_event(anchor)?)?.time;
                Some(Moment { measure: time.measure, beat: time.onset })
            }
        }
    }

    /// A copy of a record.
    pub fn record(&self, of: RecordRef) -> Option<Record> {
        Some(match of {
            RecordRef::Header(_) => Record::Header(self.header.clone()),
            RecordRef::Layout(_) => Record::Layout(self.layout.clone()),
            RecordRef::Part(id) => Record::Part(self.parts.get(&id)?.clone()),
            RecordRef::Group(id) => Record::Group(self.groups.get(&id)?.clone()),
            RecordRef::Measure(id) => Record::Measure(self.measures.get(&id)?.clone()),
            RecordRef::Sign(id) => Record::Sign(self.signs.get(&id)?.clone()),
            RecordRef::Event(id) => Record::Event(self.events.get(&id)?.clone()),
            RecordRef::Note(id) => Record::Note(self.notes.get(&id)?.clone()),
            RecordRef::Lyric(id) => Record::Lyric(self.lyrics.get(&id)?.clone()),
            RecordRef::Mark(id) => Record::Mark(self.marks.get(&id)?.clone()),
            RecordRef::Span(id) => Record::Span(self.spans.get(&id)?.clone()),
        })
    }

    /// Every record with its reference, measures in their order, the header and the layout first.
    pub fn records(&self) -> impl Iterator<Item = (RecordRef, Record)> {
        fn all<T: Clone>(table: &Table<T>, wrap: fn(T) -> Record) -> impl Iterator<Item = (RecordRef, Record)>
        where
            RecordRef: From<Id<T>>,
        {
            table.iter().map(move |(id, record)| (RecordRef::from(*id), wrap(record.clone())))
        }
        let singles = [
            (RecordRef::from(HEADER), Record::Header(self.header.clone())),
            (RecordRef::from(LAYOUT), Record::Layout(self.layout.clone())),
        ];
        let measures = self.order.iter().map(|id| (RecordRef::from(*id), Record::Measure(self.measures[id].clone())));
        singles
            .into_iter()
            .chain(all(&self.parts, Record::Part))
            .chain(all(&self.groups, Record::Group))
            .chain(measures)
            .chain(all(&self.signs, Record::Sign))
            .chain(all(&self.events, Record::Event))
            .chain(all(&self.notes, Record::Note))
            .chain(all(&self.lyrics, Record::Lyric))
            .chain(all(&self.marks, Record::Mark))
            .chain(all(&self.spans, Record::Span))
    }

    /// Appends a measure. For importers and loaders.
    pub fn push_measure(&mut self, id: MeasureId, measure: Measure) {
        self.insert_measure(id, measure, self.order.len());
    }

    /// Puts a measure at this place of the order (at the end, if the place is beyond it), replacing one of this identifier.
    pub(crate) fn insert_measure(&mut self, id: MeasureId, measure: Measure, at: usize) {
        if self.measures.insert(id, measure).is_some() {
            self.order.retain(|other| *other != id);
        }
        self.order.insert(at.min(self.order.len()), id);
        self.revisions.renew(id);
    }

    /// Takes a measure out of the order and gives back the measure and its place.
    pub(crate) fn remove_measure(&mut self, id: MeasureId) -> Option<(Measure, usize)> {
        let measure = self.measures.remove(&id)?;
        let at = self.order.iter().position(|other| *other == id)?;
        self.order.remove(at);
        Some((measure, at))
    }

    /// Puts a record in, replacing one of this identifier. For importers and loaders; a measure goes to the end of the order
    /// if it is new. Fails, changing nothing, where the reference and the record are of different kinds.
    #[expect(clippy::result_large_err, reason = "the record that does not fit goes back to the caller")]
    pub fn insert(&mut self, of: impl Into<RecordRef>, record: impl Into<Record>) -> Result<(), Record> {
        // Loading is no time to keep account of single measures.
        self.revisions.renew_all();
        self.place(of.into(), record.into())
    }

    /// Puts a record in as [`Self::insert`] does, but for an edit.
    #[expect(clippy::result_large_err, reason = "the record that does not fit goes back to the caller")]
    pub(crate) fn put(&mut self, of: RecordRef, record: Record) -> Result<(), Record> {
        self.renew(of);
        self.place(of, record)?;
        self.renew(of);
        Ok(())
    }

    #[expect(clippy::result_large_err, reason = "the record that does not fit goes back to the caller")]
    fn place(&mut self, of: RecordRef, record: Record) -> Result<(), Record> {
        if of.kind() != record.kind() {
            return Err(record);
        }
        self.unindex(of);
        match (of, record) {
            (RecordRef::Header(_), Record::Header(header)) => self.header = header,
            (RecordRef::Layout(_), Record::Layout(layout)) => self.layout = layout,
            (RecordRef::Part(id), Record::Part(part)) => drop(self.parts.insert(id, part)),
            (RecordRef::Group(id), Record::Group(group)) => drop(self.groups.insert(id, group)),
            (RecordRef::Measure(id), Record::Measure(measure)) => match self.measures.get_mut(&id) {
                Some(old) => *old = measure,
                None => self.push_measure(id, measure),
            },
            (RecordRef::Sign(id), Record::Sign(sign)) => drop(self.signs.insert(id, sign)),
            (RecordRef::Event(id), Record::Event(event)) => drop(self.events.insert(id, event)),
            (RecordRef::Note(id), Record::Note(note)) => drop(self.notes.insert(id, note)),
            (RecordRef::Lyric(id), Record::Lyric(lyric)) => drop(self.lyrics.insert(id, lyric)),
            (RecordRef::Mark(id), Record::Mark(mark)) => drop(self.marks.insert(id, mark)),
            (RecordRef::Span(id), Record::Span(span)) => drop(self.spans.insert(id, span)),
            (_, record) => return Err(record),
        }
        self.reindex(of);
        Ok(())
    }

    /// Takes a record out. The header and the layout cannot be taken out, and a measure goes through its own door.
    pub(crate) fn remove(&mut self, of: RecordRef) -> Option<Record> {
        self.renew(of);
        self.unindex(of);
        match of {
            RecordRef::Header(_) | RecordRef::Layout(_) | RecordRef::Measure(_) => None,
            RecordRef::Part(id) => self.parts.remove(&id).map(Record::Part),
            RecordRef::Group(id) => self.groups.remove(&id).map(Record::Group),
            RecordRef::Sign(id) => self.signs.remove(&id).map(Record::Sign),
            RecordRef::Event(id) => self.events.remove(&id).map(Record::Event),
            RecordRef::Note(id) => self.notes.remove(&id).map(Record::Note),
            RecordRef::Lyric(id) => self.lyrics.remove(&id).map(Record::Lyric),
            RecordRef::Mark(id) => self.marks.remove(&id).map(Record::Mark),
            RecordRef::Span(id) => self.spans.remove(&id).map(Record::Span),
        }
    }

    /// Sets one field and gives back what it was; nothing, changing nothing, where the record is not there.
    pub(crate) fn set(&mut self, of: RecordRef, field: Field) -> Option<Field> {
        if of.kind() != field.kind() {
            return None;
        }
        self.renew(of);
        self.unindex(of);
        let old = match (of, field) {
            (RecordRef::Header(_), Field::Header(field)) => Some(Field::Header(self.header.set(field))),
            (RecordRef::Layout(_), Field::Layout(field)) => Some(Field::Layout(self.layout.set(field))),
            (RecordRef::Part(id), Field::Part(field)) => self.parts.get_mut(&id).map(|r| Field::Part(r.set(field))),
            (RecordRef::Group(id), Field::Group(field)) => self.groups.get_mut(&id).map(|r| Field::Group(r.set(field))),
            (RecordRef::Measure(id), Field::Measure(field)) => self.measures.get_mut(&id).map(|r| Field::Measure(r.set(field))),
            (RecordRef::Sign(id), Field::Sign(field)) => self.signs.get_mut(&id).map(|r| Field::Sign(r.set(field))),
            (RecordRef::Event(id), Field::Event(field)) => self.events.get_mut(&id).map(|r| Field::Event(r.set(field))),
            (RecordRef::Note(id), Field::Note(field)) => self.notes.get_mut(&id).map(|r| Field::Note(r.set(field))),
            (RecordRef::Lyric(id), Field::Lyric(field)) => self.lyrics.get_mut(&id).map(|r| Field::Lyric(r.set(field))),
            (RecordRef::Mark(id), Field::Mark(field)) => self.marks.get_mut(&id).map(|r| Field::Mark(r.set(field))),
            (RecordRef::Span(id), Field::Span(field)) => self.spans.get_mut(&id).map(|r| Field::Span(r.set(field))),
            _ => None,
        };
        self.reindex(of);
        self.renew(of);
        old
    }

    /// Whether the record is in the score.
    pub fn contains(&self, of: RecordRef) -> bool {
        match of {
            RecordRef::Header(_) | RecordRef::Layout(_) => true,
            RecordRef::Part(id) => self.parts.contains_key(&id),
            RecordRef::Group(id) => self.groups.contains_key(&id),
            RecordRef::Measure(id) => self.measures.contains_key(&id),
            RecordRef::Sign(id) => self.signs.contains_key(&id),
            RecordRef::Event(id) => self.events.contains_key(&id),
            RecordRef::Note(id) => self.notes.contains_key(&id),
            RecordRef::Lyric(id) => self.lyrics.contains_key(&id),
            RecordRef::Mark(id) => self.marks.contains_key(&id),
            RecordRef::Span(id) => self.spans.contains_key(&id),
        }
    }

    /// Renews the measures that a record is in as it is now.
    fn renew(&mut self, of: RecordRef) {
        let event_in = |event: EventId| self.events.get(&event).map(|event| event.time.measure);
        let anchored = |anchor: Anchor| self.anchor_moment(anchor).map(|moment| moment.measure);
        let measures = match of {
            RecordRef::Header(_) | RecordRef::Layout(_) => [None, None],
            RecordRef::Part(_) | RecordRef::Group(_) => return self.revisions.renew_all(),
            RecordRef::Measure(id) => [Some(id), None],
            RecordRef::Sign(id) => [self.signs.get(&id).map(|sign| sign.at.measure), None],
            RecordRef::Event(id) => [event_in(id), None],
            RecordRef::Note(id) => [self.notes.get(&id).and_then(|note| event_in(note.event)), None],
            RecordRef::Lyric(id) => [self.lyrics.get(&id).and_then(|lyric| event_in(lyric.event)), None],
            RecordRef::Mark(id) => [self.marks.get(&id).and_then(|mark| anchored(mark.anchor)), None],
            RecordRef::Span(id) => self.spans.get(&id).map_or([None, None], |span| [anchored(span.start), anchored(span.end)]),
        };
        measures.into_iter().flatten().for_each(|measure| self.revisions.renew(measure));
    }

    fn reindex(&mut self, of: RecordRef) {
        let index = &mut self.index;
        match of {
            RecordRef::Event(id) => {
                if let Some(event) = self.events.get(&id) {
                    index.events.entry((event.time.measure, event.part)).or_default().insert(EventKey::of(id, event));
                }
            }
            RecordRef::Note(id) => {
                if let Some(note) = self.notes.get(&id) {
                    add(&mut index.notes, note.event, id);
                }
            }
            RecordRef::Lyric(id) => {
                if let Some(lyric) = self.lyrics.get(&id) {
                    add(&mut index.lyrics, lyric.event, id);
                }
            }
            RecordRef::Sign(id) => {
                if let Some(sign) = self.signs.get(&id) {
                    add(&mut index.signs, sign.at.measure, id);
                }
            }
            RecordRef::Mark(id) => {
                if let Some(mark) = self.marks.get(&id) {
                    match mark.anchor {
                        Anchor::Event(event) => add(&mut index.event_marks, event, id),
                        Anchor::Note(note) => add(&mut index.note_marks, note, id),
                        Anchor::Staff(_, _, moment) | Anchor::System(moment) => add(&mut index.place_marks, moment.measure, id),
                        Anchor::Page(page) => add(&mut index.page_marks, page, id),
                    }
                }
            }
            RecordRef::Span(id) => {
                for anchor in self.spans.get(&id).into_iter().flat_map(|span| [span.start, span.end]) {
                    match anchor {
                        Anchor::Event(event) => add(&mut index.event_spans, event, id),
                        Anchor::Note(note) => add(&mut index.note_spans, note, id),
                        Anchor::Staff(_, _, moment) | Anchor::System(moment) => add(&mut index.place_spans, moment.measure, id),
                        Anchor::Page(_) => {}
                    }
                }
            }
            RecordRef::Header(_) | RecordRef::Layout(_) | RecordRef::Part(_) | RecordRef::Group(_) | RecordRef::Measure(_) => {}
        }
    }

    fn unindex(&mut self, of: RecordRef) {
        let index = &mut self.index;
        match of {
            RecordRef::Event(id) => {
                if let Some(event) = self.events.get(&id) {
                    let place = (event.time.measure, event.part);
                    if let Some(keys) = index.events.get_mut(&place) {
                        keys.remove(&EventKey::of(id, event));
                        if keys.is_empty() {
                            index.events.remove(&place);
                        }
                    }
                }
            }
            RecordRef::Note(id) => {
                if let Some(note) = self.notes.get(&id) {
                    take(&mut index.notes, &note.event, &id);
                }
            }
            RecordRef::Lyric(id) => {
                if let Some(lyric) = self.lyrics.get(&id) {
                    take(&mut index.lyrics, &lyric.event, &id);
                }
            }
            RecordRef::Sign(id) => {
                if let Some(sign) = self.signs.get(&id) {
                    take(&mut index.signs, &sign.at.measure, &id);
                }
            }
            RecordRef::Mark(id) => {
                if let Some(mark) = self.marks.get(&id) {
                    match mark.anchor {
                        Anchor::Event(event) => take(&mut index.event_marks, &event, &id),
                        Anchor::Note(note) => take(&mut index.note_marks, &note, &id),
                        Anchor::Staff(_, _, moment) | Anchor::System(moment) => take(&mut index.place_marks, &moment.measure, &id),
                        Anchor::Page(page) => take(&mut index.page_marks, &page, &id),
                    }
                }
            }
            RecordRef::Span(id) => {
                for anchor in self.spans.get(&id).into_iter().flat_map(|span| [span.start, span.end]) {
                    match anchor {
                        Anchor::Event(event) => take(&mut index.event_spans, &event, &id),
                        Anchor::Note(note) => take(&mut index.note_spans, &note, &id),
                        Anchor::Staff(_, _, moment) | Anchor::System(moment) => take(&mut index.place_spans, &moment.measure, &id),
                        Anchor::Page(_) => {}
                    }
                }
            }
            RecordRef::Header(_) | RecordRef::Layout(_) | RecordRef::Part(_) | RecordRef::Group(_) | RecordRef::Measure(_) => {}
        }
    }
}
