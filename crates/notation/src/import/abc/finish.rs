//! What only the whole tune can tell: parts and staves, lengths and numbers of measures, beams.

use std::collections::{BTreeMap, HashMap};

use super::super::report::Report;
use super::directives::Staves;
use super::tune::Tune;
use super::voices::{At, Pending, Voice};
use crate::model::*;

/// The voices of a part: those of each staff, from the top, by their place among the tune's.
struct Layout {
    staves: Vec<Vec<usize>>,
}

/// A transposition by semitones, with the diatonic steps that such an interval usually is.
pub(super) fn transposition(semitones: i16) -> Transposition {
    const STEPS: [i16; 12] = [0, 1, 1, 2, 2, 3, 3, 4, 5, 5, 6, 6];
    let (octaves, chromatic) = (semitones / 12, semitones % 12);
    let steps = STEPS.get(usize::from(chromatic.unsigned_abs())).copied().unwrap_or(0);
    Transposition { diatonic: steps * chromatic.signum(), chromatic, octaves: i8::try_from(octaves).unwrap_or(0), double: 0 }
}

impl Tune<'_, '_> {
    /// The finished score and the report.
    pub(super) fn finish(mut self) -> (Score, Report) {
        let end = self.text.len();
        for at in 0..self.voices.len() {
            self.current = at;
            self.settle_attached(None);
            self.settle_lane(end);
            self.settle_ties();
        }
        self.leave_open(end);
        let header = std::mem::take(&mut self.header);
        self.put(HEADER, header);
        self.drop_empty_end();
        self.finish_measures();
        let layouts = self.layouts();
        let mut voices: Vec<Option<Voice>> = std::mem::take(&mut self.voices).into_iter().map(Some).collect();
        let mut first_staff_parts: Vec<PartId> = Vec::new();
        for (order, layout) in layouts.iter().enumerate() {
            let part = self.finish_part(order, layout, &mut voices);
            first_staff_parts.extend(layout.staves.iter().map(|_| part));
        }
        self.finish_groups(&first_staff_parts);
        (self.score, self.report)
    }

    /// What was started and never ended.
    fn leave_open(&mut self, end: usize) {
        for voice in &mut self.voices {
            for open in std::mem::take(&mut voice.open_lines) {
                self.report.invalid(&["decoration", "start without an end"], open.byte);
            }
            if !std::mem::take(&mut voice.lane.slurs).is_empty() {
                self.report.invalid(&["slur without an end"], end);
            }
        }
    }

    /// A field after the last note may have asked for a measure that nothing stands in.
    fn drop_empty_end(&mut self) {
        let written = self.voices.iter().flat_map(|voice| &voice.events).map(|pending| pending.measure + 1).max().unwrap_or(1);
        let dropped: Vec<MeasureId> = self.columns.iter().skip(written).map(|column| column.id).collect();
        self.columns.truncate(written);
        for voice in &mut self.voices {
            voice.signs.retain(|(measure, ..)| !dropped.contains(measure));
        }
    }

    /// Which voices make which part. Staves in a brace are one part's; voices that `%%score` does not name come after.
    fn layouts(&mut self) -> Vec<Layout> {
        let staves = self.staves.clone().unwrap_or_default();
        let mut placed = vec![false; self.voices.len()];
        let mut found: Vec<Vec<usize>> = Vec::new();
        for names in &staves.staves {
            let mut staff = Vec::new();
            for name in names {
                let at = self.voices.iter().position(|voice| voice.name == *name);
                if let Some(at) = at.filter(|at| !placed.get(*at).copied().unwrap_or(true)) {
                    if let Some(placed) = placed.get_mut(at) {
                        *placed = true;
                    }
                    staff.push(at);
                }
            }
            found.push(staff);
        }
        let braced = |index: usize| {
            staves.groups.iter().find(|(first, last, symbol)| *symbol == GroupSymbol::Brace && (*first..=*last).contains(&index))
        };
        let mut layouts: Vec<Layout> = Vec::new();
        let mut of_staff = vec![None; found.len()];
        for (index, staff) in found.into_iter().enumerate().filter(|(_, staff)| !staff.is_empty()) {
            let joins = braced(index).and_then(|(first, _, _)| of_staff.get(*first..index)?.iter().flatten().next().copied());
            match joins.and_then(|at: usize| layouts.get_mut(at)).filter(|layout| layout.staves.len() < 8) {
                Some(layout) => layout.staves.push(staff),
                None => layouts.push(Layout { staves: vec![staff] }),
            }
            if let Some(slot) = of_staff.get_mut(index) {
                *slot = Some(layouts.len() - 1);
            }
        }
        let rest = placed.iter().enumerate().filter(|(_, placed)| !**placed).map(|(at, _)| at);
        layouts.extend(rest.map(|at| Layout { staves: vec![vec![at]] }));
        if layouts.is_empty() {
            // A tune of nothing but a heading still has a staff.
            let part: PartId = self.ids.next();
            self.put(part, Part::default());
        }
        layouts
    }

    fn finish_part(&mut self, order: usize, layout: &Layout, voices: &mut [Option<Voice>]) -> PartId {
        let taken: Vec<(u8, Voice)> = layout
            .staves
            .iter()
            .zip(1_u8..)
            .flat_map(|(staff, number)| staff.iter().map(move |at| (number, *at)))
            .filter_map(|(number, at)| Some((number, voices.get_mut(at)?.take()?)))
            .collect();
        let Some((_, first)) = taken.first() else { return Id::from_raw(0) };
        let part = first.part;
        self.put(part, part_record(order, layout.staves.len(), &taken));
        self.finish_signs(part, layout.staves.len(), &taken);
        // Voices are numbered from the top; overlays come after all that are named.
        let mut numbers: HashMap<(usize, u8), u8> = (0..taken.len()).map(|at| ((at, 0), u8::try_from(at + 1).unwrap_or(u8::MAX))).collect();
        for (index, (staff, voice)) in taken.into_iter().enumerate() {
            self.finish_voice(part, staff, index, voice, &mut numbers);
        }
        part
    }

    fn finish_voice(&mut self, part: PartId, staff: u8, index: usize, mut voice: Voice, numbers: &mut HashMap<(usize, u8), u8>) {
        set_beams(&mut voice.events);
        for pending in std::mem::take(&mut voice.events) {
            let next = u8::try_from(numbers.len() + 1).unwrap_or(u8::MAX);
            let number = *numbers.entry((index, pending.lane)).or_insert(next);
            self.put(pending.id, Event { part, staff, voice: number, ..pending.event });
            for (id, note) in pending.notes {
                self.put(id, note);
            }
        }
        for lyric in voice.lyrics {
            let id = self.ids.next::<Lyric>();
            self.put(id, lyric);
        }
        let anchor = |at: At| match at {
            At::Event(event) => Anchor::Event(event),
            At::Staff(measure, beat) => Anchor::Staff(part, Some(staff), Moment { measure, beat }),
        };
        for (at, kind, placement) in voice.marks {
            let id = self.ids.next::<Mark>();
            self.put(id, Mark { anchor: anchor(at), kind, placement, ..Mark::default() });
        }
        for (start, end, kind, placement) in voice.spans {
            let id = self.ids.next::<Span>();
            self.put(id, Span { start: anchor(start), end: anchor(end), kind, placement, ..Span::default() });
        }
    }

    /// Clefs of each staff; key signatures of the part, or of single staves where they differ.
    fn finish_signs(&mut self, part: PartId, staves: usize, voices: &[(u8, Voice)]) {
        let Some(start) = self.columns.first().map(|column| column.id) else { return };
        let at = |measure, beat| Moment { measure, beat };
        let mut signs: Vec<Sign> = Vec::new();
        let mut seen: Vec<u8> = Vec::new();
        for (staff, voice) in voices {
            let parameters = &voice.parameters;
            let first = !seen.contains(staff);
            seen.push(*staff);
            if first {
                let clef = parameters.first_clef.or(parameters.clef).unwrap_or(Clef::TREBLE);
                signs.push(Sign { part, staff: Some(*staff), at: at(start, Beat::ZERO), kind: SignKind::Clef(clef), ..Sign::default() });
                if let Some(lines) = parameters.lines.filter(|lines| *lines != 5) {
                    signs.push(Sign {
                        part,
                        staff: Some(*staff),
                        at: at(start, Beat::ZERO),
                        kind: SignKind::StaffLines(lines),
                        ..Sign::default()
                    });
                }
            }
            let changes = voice.signs.iter().filter(|(_, _, kind)| first || !matches!(kind, SignKind::Clef(_)));
            signs.extend(changes.map(|(measure, beat, kind)| Sign {
                part,
                staff: Some(*staff),
                at: at(*measure, *beat),
                kind: kind.clone(),
                ..Sign::default()
            }));
        }
        let key = SignKind::Key(self.key.clone());
        signs.push(Sign { part, staff: None, at: at(start, Beat::ZERO), kind: key, ..Sign::default() });
        for sign in shared(signs, staves) {
            let id = self.ids.next::<Sign>();
            self.put(id, sign);
        }
    }

    fn finish_groups(&mut self, parts: &[PartId]) {
        let Some(Staves { groups, joined, .. }) = self.staves.take() else { return };
        for (first, last, symbol) in groups {
            let (Some(from), Some(to)) = (parts.get(first), parts.get(last)) else { continue };
            // The brace of a keyboard's staves is the part's own.
            if from == to {
                continue;
            }
            let barlines = joined.get(first..last).is_some_and(|joined| joined.iter().all(|joined| *joined));
            let id = self.ids.next::<Group>();
            self.put(id, Group { first: *from, last: *to, symbol, barlines, ..Group::default() });
        }
    }

    /// Lengths of measures that are not what their metre says, and their numbers.
    fn finish_measures(&mut self) {
        let columns = std::mem::take(&mut self.columns);
        let mut nominal = Some(Beat::WHOLE);
        let mut number = 0_u32;
        // How much of a measure that a repeat cuts in two is still to come.
        let mut missing: Option<Beat> = None;
        let count = columns.len();
        for (index, column) in columns.iter().enumerate() {
            let mut record = column.record.clone();
            if let Some(time) = &record.time {
                nominal = time.length();
            }
            let short = nominal.filter(|nominal| column.reached.is_positive() && column.reached < *nominal);
            record.length = nominal.filter(|nominal| column.reached.is_positive() && column.reached != *nominal).map(|_| column.reached);
            let completes = missing.take().is_some_and(|missing| missing == column.reached);
            let pickup = index == 0 && short.is_some() && count > 1;
            record.implicit = pickup || completes;
            if !record.implicit {
                number += 1;
            }
            record.number = if completes { String::new() } else { number.to_string() };
            if !pickup && !completes {
                missing = short.map(|nominal| nominal - column.reached);
            }
            settle_barline(&mut record, index + 1 == count);
            self.score.push_measure(column.id, record);
        }
        self.columns = columns;
    }
}

/// A last barline that its place asks for is left to the rules, so that it follows when music is added.
fn settle_barline(record: &mut Measure, last: bool) {
    if last && record.right_bar == BarStyle::LightHeavy {
        record.right_bar = BarStyle::Auto;
    }
    if record.left_bar == BarStyle::LightHeavy {
        record.left_bar = BarStyle::Auto;
    }
}

fn part_record(order: usize, staves: usize, voices: &[(u8, Voice)]) -> Part {
    let named = |of: fn(&Voice) -> Option<&String>| voices.iter().find_map(|(_, voice)| of(voice)).cloned().unwrap_or_default();
    let name = named(|voice| voice.parameters.name.as_ref());
    let program = voices.iter().find_map(|(_, voice)| voice.program);
    let channel = voices.iter().find_map(|(_, voice)| voice.channel);
    let percussion = voices.iter().any(|(_, voice)| voice.is_percussion());
    let channel = channel.or(percussion.then_some(9));
    let instrument = (program.is_some() || channel.is_some()).then(|| Instrument {
        key: "1".to_owned(),
        name: name.clone(),
        program,
        channel,
        unpitched: None,
        sound: String::new(),
    });
    let transposed = voices.iter().find_map(|(_, voice)| voice.parameters.first_transpose.or(voice.parameters.transpose));
    Part {
        order: i64::try_from(order).unwrap_or(i64::MAX),
        abbreviation: named(|voice| voice.parameters.short_name.as_ref()),
        name,
        staves: u8::try_from(staves).unwrap_or(u8::MAX),
        instruments: instrument.into_iter().collect(),
        transposition: transposed.filter(|semitones| *semitones != 0).map(transposition),
        ..Part::default()
    }
}

/// Signs that all staves of a part have at one place are the part's; those that several voices of a staff have are one.
fn shared(signs: Vec<Sign>, staves: usize) -> Vec<Sign> {
    let mut kept: Vec<Sign> = Vec::new();
    let mut places: HashMap<(MeasureId, Beat, SignKind), Vec<usize>> = HashMap::new();
    for sign in signs {
        let of_staff = matches!(sign.kind, SignKind::Clef(_) | SignKind::StaffLines(_));
        if of_staff {
            if !kept.contains(&sign) || kept.len() > 1000 {
                kept.push(sign);
            }
            continue;
        }
        let same = places.entry((sign.at.measure, sign.at.beat, sign.kind.clone())).or_default();
        if !same.iter().any(|at| kept.get(*at).is_some_and(|other| other.staff == sign.staff)) {
            same.push(kept.len());
            kept.push(sign);
        }
    }
    let everywhere = places.into_values().filter(|same| same.len() == staves);
    let mut drop_at: Vec<usize> = Vec::new();
    for same in everywhere {
        if let Some((first, others)) = same.split_first() {
            if let Some(sign) = kept.get_mut(*first) {
                sign.staff = None;
            }
            drop_at.extend(others);
        }
    }
    drop_at.sort_unstable();
    let mut at = 0;
    kept.retain(|_| {
        at += 1;
        drop_at.binary_search(&(at - 1)).is_err()
    });
    kept
}

/// Beams as the blanks between notes say: notes written together share one.
fn set_beams(events: &mut [Pending]) {
    let mut groups: BTreeMap<(usize, u8, bool, u32), Vec<usize>> = BTreeMap::new();
    for (at, pending) in events.iter().enumerate() {
        let grace = pending.event.grace.is_some();
        let flagged = pending.event.time.value.is_some_and(|value| value.base.flags() > 0);
        if flagged && !pending.notes.is_empty() {
            groups.entry((pending.measure, pending.lane, grace, pending.beam)).or_default().push(at);
        }
    }
    for members in groups.into_values() {
        let flags: Vec<u8> =
            members.iter().map(|at| events.get(*at).and_then(|p| p.event.time.value).map_or(0, |value| value.base.flags())).collect();
        for (place, at) in members.iter().enumerate() {
            if let Some(pending) = events.get_mut(*at) {
                pending.event.beams = Some(roles(&flags, place));
            }
        }
    }
}

/// What a note under a beam does at each level, by how many flags it and its neighbours would have.
pub(in crate::import) fn roles(flags: &[u8], place: usize) -> Vec<BeamRole> {
    if flags.len() < 2 {
        return Vec::new();
    }
    let at = |index: Option<usize>| index.and_then(|index| flags.get(index)).copied().unwrap_or(0);
    let (own, before, after) = (at(Some(place)), at(place.checked_sub(1)), at(Some(place + 1)));
    let role = |level: u8| match (before > level, after > level) {
        (true, true) => BeamRole::Continue,
        (true, false) => BeamRole::End,
        (false, true) => BeamRole::Begin,
        (false, false) if place == 0 => BeamRole::ForwardHook,
        (false, false) => BeamRole::BackwardHook,
    };
    (0..own).map(role).collect()
}
