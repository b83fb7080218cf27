//! One measure of one part: the cursor that `note`, `backup` and `forward` move, and what is collected before it is known
//! in full. MusicXML 4.0, `measure (partwise)` and "Time in MusicXML".

use std::collections::HashMap;
use std::mem::{Discriminant, discriminant};

use super::super::xml::{Element, Tag, Tree};
use super::super::{Bound, ImportError, TextPlace};
use super::note::PendingNote;
use super::state::{Column, Import, PartReading, storable};
use super::{accidentals, attributes, barline, direction, harmony, note, part_list, sound, stems};
use crate::model::*;

/// No note lasts beyond this many whole notes: within the longest step, so that every place can be reached by one.
pub(super) const FARTHEST: Beat = Beat::new(1 << 20, 1);

/// What a measure's tag says.
pub(super) struct MeasureHead {
    number: String,
    implicit: bool,
}

impl MeasureHead {
    pub(super) fn of(tag: &Tag<'_>) -> Self {
        let number = tag.attribute("number").unwrap_or_default().trim().chars().take(16).collect();
        Self { number, implicit: tag.attribute("implicit").is_some_and(|implicit| implicit == "yes") }
    }
}

/// A measure of a part while it is read.
pub(super) struct MeasureReading<'m, 'i> {
    pub(super) import: &'m mut Import<'i>,
    pub(super) part: &'m mut PartReading,
    pub(super) index: usize,
    pub(super) id: MeasureId,
    /// Where the next element stands.
    pub(super) cursor: Beat,
    /// Where the last note that was no chord note started.
    pub(super) onset: Beat,
    pub(super) events: Vec<(EventId, Event)>,
    pub(super) notes: Vec<PendingNote>,
    /// Lyrics with the place of their event and the note they are on.
    pub(super) lyrics: Vec<(usize, Option<NoteId>, Lyric)>,
    /// Key signatures that start in this measure, for the accidentals in it.
    pub(super) keys: Vec<(Beat, Option<u8>, Key)>,
    /// Clefs that start in this measure, by staff.
    pub(super) clefs: Vec<(Beat, u8, Clef)>,
    /// Whether an octave shift starts or ends in it.
    pub(super) octave_shift: bool,
    /// The event that a chord note joins: its place in `events`.
    pub(super) current: Option<usize>,
    /// What has been marked on the current event, to mark a chord once.
    pub(super) marked: Vec<MarkKind>,
    /// How many marks of a kind there are at a place.
    orders: HashMap<(Anchor, Discriminant<MarkKind>), u16>,
    /// Where the last figured bass stood, and how far those there reach.
    pub(super) figures: Option<(Beat, Beat)>,
    /// Other instruments or names from a moment on.
    instruments: Vec<(Beat, InstrumentChange)>,
    reached: Beat,
}

/// Reads a measure of a part.
pub(super) fn read(
    import: &mut Import<'_>,
    part: usize,
    index: usize,
    head: &MeasureHead,
    tree: &Tree<'_>,
    place: impl Fn(usize) -> TextPlace,
) -> Result<(), ImportError> {
    let Some(items) = tree.root() else { return Ok(()) };
    let id = import.reach_column(index, || place(items.byte()))?;
    name(import.columns.get_mut(index), head);
    let Some(mut taken) = import.parts.get_mut(part).map(PartReading::take) else { return Ok(()) };
    import.report.part = u32::try_from(part + 1).ok();
    import.report.measure = u32::try_from(index + 1).ok();
    let mut reading = MeasureReading::new(import, &mut taken, index, id);
    let result = reading.items(items, &place);
    reading.finish();
    if import.marks > import.limits.marks {
        let max = import.limits.marks as u64;
        return Err(ImportError::TooLarge { bound: Bound::Marks, max, place: Some(place(items.byte())) });
    }
    taken.finish_measure(index);
    import.report.part = None;
    import.report.measure = None;
    if let Some(slot) = import.parts.get_mut(part) {
        *slot = taken;
    }
    result
}

fn name(column: Option<&mut Column>, head: &MeasureHead) {
    if let Some(column) = column.filter(|column| !column.named) {
        column.named = true;
        column.record.number.clone_from(&head.number);
        column.record.implicit = head.implicit;
    }
}

impl<'m, 'i> MeasureReading<'m, 'i> {
    fn new(import: &'m mut Import<'i>, part: &'m mut PartReading, index: usize, id: MeasureId) -> Self {
        Self {
            import,
            part,
            index,
            id,
            cursor: Beat::ZERO,
            onset: Beat::ZERO,
            events: Vec::new(),
            notes: Vec::new(),
            lyrics: Vec::new(),
            keys: Vec::new(),
            clefs: Vec::new(),
            octave_shift: false,
            current: None,
            marked: Vec::new(),
            orders: HashMap::new(),
            figures: None,
            instruments: Vec::new(),
            reached: Beat::ZERO,
        }
    }

    /// What is for one voice waits until the events of that voice are known.
    fn items(&mut self, items: Element<'_, '_>, place: &impl Fn(usize) -> TextPlace) -> Result<(), ImportError> {
        let mut for_voices: Vec<(Beat, Element<'_, '_>)> = Vec::new();
        for item in items.children() {
            if item.name() == "direction" && item.has("voice") {
                for_voices.push((self.cursor, item));
            } else {
                self.item(item, place)?;
            }
        }
        for (cursor, item) in for_voices {
            self.cursor = cursor;
            self.item(item, place)?;
        }
        Ok(())
    }

    fn item(&mut self, item: Element<'_, '_>, place: &impl Fn(usize) -> TextPlace) -> Result<(), ImportError> {
        match item.name() {
            "note" => note::read(self, item, place)?,
            "backup" => self.step(item, false),
            "forward" => self.step(item, true),
            "attributes" => attributes::read(self, item),
            "direction" => direction::read(self, item),
            "harmony" => harmony::read(self, item),
            "barline" => barline::read(self, item),
            "print" => self.print(item),
            "figured-bass" => harmony::figured_bass(self, item),
            "sound" => sound::read(self, item, self.place(item), false),
            "listening" | "grouping" | "link" | "bookmark" => self.unsupported(&[item.name()], item),
            other => self.import.report.invalid(&["measure", other], item.byte()),
        }
        Ok(())
    }

    /// `backup` and `forward`.
    fn step(&mut self, item: Element<'_, '_>, forward: bool) {
        let duration = self.duration(item).unwrap_or(Beat::ZERO);
        let to = if forward { self.cursor + duration } else { self.cursor - duration };
        self.cursor = storable(to.clamp(Beat::ZERO, FARTHEST));
        self.reach(self.cursor);
    }

    /// The length in an element's `duration`; nothing where it is missing or unusable.
    pub(super) fn duration(&mut self, item: Element<'_, '_>) -> Option<Beat> {
        let text = item.text_of("duration")?;
        let time = self.part.time(text).filter(|time| *time >= Beat::ZERO);
        if time.is_none() {
            self.import.report.invalid(&[item.name(), "duration"], item.byte());
        }
        time
    }

    /// Where an element stands that may be offset from the cursor.
    pub(super) fn place(&self, element: Element<'_, '_>) -> Beat {
        let offset = element.text_of("offset").and_then(|offset| self.part.time(offset)).unwrap_or(Beat::ZERO);
        storable((self.cursor + offset).clamp(Beat::ZERO, FARTHEST))
    }

    fn print(&mut self, item: Element<'_, '_>) {
        let asked = if item.is("new-page", "yes") { Some(Break::Page) } else { item.is("new-system", "yes").then_some(Break::System) };
        if let Some(column) = self.import.columns.get_mut(self.index).filter(|_| self.index > 0) {
            column.record.break_imported |= asked.is_some();
            column.record.break_before = column.record.break_before.or(asked);
        }
        for (element, is_name) in [("part-name-display", true), ("part-abbreviation-display", false)] {
            let Some(display) = item.child(element) else { continue };
            let shown = part_list::displayed(display);
            let known = if is_name { &mut self.part.name } else { &mut self.part.abbreviation };
            if shown.is_empty() || *known == shown {
                continue;
            }
            known.clone_from(&shown);
            // What the part is called from the start is its name.
            if self.index == 0 && self.cursor.is_zero() {
                let record = &mut self.part.record;
                *(if is_name { &mut record.name } else { &mut record.abbreviation }) = shown;
            } else {
                let change = self.instrument_change(self.cursor);
                *(if is_name { &mut change.name } else { &mut change.abbreviation }) = shown;
            }
        }
    }

    /// The break before this measure ends a section.
    pub(super) fn section_break(&mut self) {
        if let Some(column) = self.column() {
            column.record.break_before = Some(Break::Section);
        }
    }

    /// What changes of the part's instrument at a moment.
    pub(super) fn instrument_change(&mut self, beat: Beat) -> &mut InstrumentChange {
        let at = self.instruments.iter().position(|(other, _)| *other == beat);
        let at = at.unwrap_or_else(|| {
            self.instruments.push((beat, InstrumentChange::default()));
            self.instruments.len() - 1
        });
        &mut self.instruments[at].1
    }

    /// Notes an instruction about the order of playing.
    pub(super) fn jump(&mut self, jump: Jump) {
        if let Some(column) = self.column() {
            column.jump(jump);
        }
    }

    /// Notes that the measure reaches this far.
    pub(super) fn reach(&mut self, to: Beat) {
        self.reached = self.reached.max(to);
    }

    pub(super) fn column(&mut self) -> Option<&mut Column> {
        self.import.columns.get_mut(self.index)
    }

    pub(super) fn unsupported(&mut self, what: &[&str], element: Element<'_, '_>) {
        self.import.report.unsupported(what, element.byte());
    }

    pub(super) fn moment(&self, beat: Beat) -> Moment {
        Moment { measure: self.id, beat }
    }

    /// An anchor on a staff of this part.
    pub(super) fn on_staff(&self, staff: u8, beat: Beat) -> Anchor {
        Anchor::Staff(self.part.id, Some(staff), self.moment(beat))
    }

    /// The staff that an element names, the first where it names none.
    pub(super) fn staff(&mut self, element: Element<'_, '_>) -> u8 {
        let staff = element.number_of::<u8>("staff").filter(|staff| *staff > 0);
        if staff.is_none() && element.has("staff") {
            self.import.report.invalid(&[element.name(), "staff"], element.byte());
        }
        let staff = staff.unwrap_or(1);
        self.part.reach_staff(staff);
        staff
    }

    pub(super) fn mark(&mut self, anchor: Anchor, kind: MarkKind, placement: Placement) {
        self.put_mark(Mark { anchor, kind, placement, ..Mark::default() });
    }

    pub(super) fn put_mark(&mut self, mark: Mark) {
        if self.has_room() {
            let next = self.orders.entry((mark.anchor, discriminant(&mark.kind))).or_default();
            let order = *next;
            *next = next.saturating_add(1);
            let id = self.import.ids.next::<Mark>();
            self.import.put(id, Mark { order, ..mark });
        }
    }

    /// Whether one more thing may be attached to the measure.
    pub(super) fn has_room(&mut self) -> bool {
        self.import.marks = self.import.marks.saturating_add(1);
        let room = self.import.marks <= self.import.limits.marks && self.column().is_none_or(Column::attach);
        if !room {
            self.import.report.invalid(&["measure", "more than can be attached to it"], 0);
        }
        room
    }

    /// A mark of the whole system, once however many parts have it.
    pub(super) fn system_mark(&mut self, beat: Beat, kind: MarkKind, placement: Placement) {
        self.put_system_mark(beat, Mark { anchor: Anchor::System(self.moment(beat)), kind, placement, ..Mark::default() });
    }

    pub(super) fn put_system_mark(&mut self, beat: Beat, mark: Mark) {
        if self.column().is_some_and(|column| column.system.insert((beat, mark.kind.clone()))) {
            self.put_mark(mark);
        }
    }

    pub(super) fn span(&mut self, span: Option<Span>) {
        if let Some(span) = span.filter(|_| self.has_room()) {
            let id = self.import.ids.next::<Span>();
            self.import.put(id, span);
        }
    }

    /// Hands the measure over to the score.
    fn finish(mut self) {
        for (beat, change) in std::mem::take(&mut self.instruments) {
            attributes::sign(&mut self, beat, None, SignKind::Instrument(change), None);
        }
        note::settle_chords(&mut self);
        accidentals::settle(&mut self);
        stems::settle(&mut self);
        note::settle_grace(&mut self.events);
        self.part.spans.finish_measure(&mut self.import.report);
        let reached = self.reached;
        if let Some(column) = self.column() {
            column.reached = column.reached.max(reached);
        }
        let mut chords = vec![0_u32; self.events.len()];
        for note in &self.notes {
            if let Some(count) = chords.get_mut(note.event) {
                *count += 1;
            }
        }
        for (event, note, lyric) in std::mem::take(&mut self.lyrics) {
            // The note matters only where there are several.
            let several = chords.get(event).is_some_and(|count| *count > 1);
            let id = self.import.ids.next::<Lyric>();
            self.import.put(id, Lyric { note: note.filter(|_| several), ..lyric });
        }
        for (id, event) in self.events {
            self.import.put(id, event);
        }
        for pending in self.notes {
            self.import.put(pending.id, pending.note);
        }
    }
}
