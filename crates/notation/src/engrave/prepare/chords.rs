//! Chords and rests: every event read on its staff, in the clef in force at its beat.

use super::accidentals::{Accidental, Spelling};
use super::heads::head_glyph;
use super::spans::ShiftHere;
use super::{Cast, StaffState, drums, tab};
use crate::engrave::page::Space;
use crate::engrave::shapes::Line;
use crate::engrave::sheet::{CUE, GRACE};
use crate::engrave::style::Style;
use crate::font::{Face, Glyph, glyphs as g};
use crate::model::{
    BeamFan, BeamRole, Beat, Event, EventId, Grace, Lyric, LyricId, LyricPiece, MarkId, MarkKind, Note, NoteBase, NoteId, NotePitch,
    NoteValue, Notehead, Score, StemDirection, Syllabic, Technical,
};

/// Which way a stem points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engrave) enum Stem {
    Up,
    Down,
    None,
}

/// A notehead.
#[derive(Debug, Clone)]
pub(in crate::engrave) struct Head {
    pub id: NoteId,
    /// The staff it is on, among all staves.
    pub staff: usize,
    /// Steps above the bottom line.
    pub steps: i32,
    /// Below the top line of its staff.
    pub y: Space,
    /// What identifies its pitch for ties: steps above C0 and alteration.
    pub pitch: (i32, i32, i32),
    pub glyph: Glyph,
    /// To the right of its column's origin.
    pub dx: Space,
    pub accidental: Option<Accidental>,
    /// Where its dots stand; set when the column is laid out.
    pub dot_y: Option<Space>,
    pub tie_next: bool,
    pub tie_previous: bool,
    /// Laissez vibrer: a tie to nothing.
    pub lets_ring: bool,
    pub parentheses: bool,
    /// On tablature: the number of the fret, instead of a head.
    pub fret: Option<Line>,
    /// One end of a cluster.
    pub cluster: bool,
}

/// A chord or a rest.
#[derive(Debug, Clone)]
pub(in crate::engrave) struct Chord {
    /// The event; of no record for the rest of an empty measure.
    pub id: EventId,
    pub recorded: bool,
    pub part: usize,
    pub staff: usize,
    pub voice: u8,
    /// Its voice's place among the voices of the staff, from 0 at the top.
    pub rank: usize,
    /// Whether its voice has the staff for itself.
    pub alone: bool,
    pub onset: Beat,
    pub duration: Beat,
    pub value: NoteValue,
    pub grace: Option<Grace>,
    /// Grace notes that share its place, itself included.
    pub graces: i32,
    pub scale: f32,
    pub visible: bool,
    /// A rest for the measure, to be centred.
    pub measure_rest: bool,
    /// From low to high; empty for a rest.
    pub heads: Vec<Head>,
    pub wish: StemDirection,
    pub stem: Stem,
    pub roles: Option<Vec<BeamRole>>,
    /// Its beam among those of the measure.
    pub beam: Option<usize>,
    /// The y of a rest.
    pub rest_y: Space,
    /// Whether a source said where the rest stands.
    pub rest_placed: bool,
    /// Moved aside for another voice; set when the column is laid out.
    pub dx: Space,
    /// Where the dots start, from the column's origin.
    pub dot_x: Space,
    /// The column it is in.
    pub column: usize,
    /// Height of its staff between outer lines.
    pub height: Space,
    /// Whether its notes are rolled (or bracketed), which takes room left of them.
    pub arpeggio: bool,
    /// Whether strokes lie over its stem, which takes room on both sides.
    pub tremolo: bool,
    /// Pitch or place alone: neither stem nor flag nor beam.
    pub bare: bool,
    /// On tablature.
    pub tab: bool,
    /// The beam that starts with it spreads or narrows.
    pub fan: Option<BeamFan>,
    /// The marks on it and on its notes.
    pub marks: Vec<MarkId>,
    pub lyrics: Vec<Syllable>,
}

/// What is sung on a chord in one verse.
#[derive(Debug, Clone)]
pub(in crate::engrave) struct Syllable {
    pub id: LyricId,
    /// Its line: the number of the verse, and its name where that is no number.
    pub verse: (u32, String),
    pub line: Line,
    /// Whether another syllable of the word follows.
    pub goes_on: bool,
    /// Whether it is held over the notes that follow.
    pub extends: bool,
}

impl Chord {
    /// Whether it has no notes.
    pub(in crate::engrave) fn is_rest(&self) -> bool {
        self.heads.is_empty()
    }

    /// Whether its voice is an upper one of those that share the staff.
    pub(in crate::engrave) fn is_upper(&self) -> bool {
        self.rank.is_multiple_of(2)
    }

    /// Whether nothing is played, nor said about the silence.
    pub(in crate::engrave) fn is_silent(&self) -> bool {
        self.is_rest() && self.marks.is_empty() && self.lyrics.is_empty()
    }

    /// Flags or beams it takes.
    pub(in crate::engrave) fn flags(&self) -> u8 {
        if self.is_rest() || self.bare { 0 } else { self.value.base.flags() }
    }

    /// Whether its notes have a stem.
    pub(in crate::engrave) fn has_stem(&self) -> bool {
        self.stem != Stem::None
    }

    /// Whether its notes are on more than one staff.
    pub(in crate::engrave) fn crosses(&self) -> bool {
        self.heads.iter().any(|head| head.staff != self.heads[0].staff)
    }

    /// The staff its notes are on: the event's own for a rest.
    pub(in crate::engrave) fn home(&self) -> usize {
        self.heads.first().map_or(self.staff, |head| head.staff)
    }

    /// Where it ends.
    pub(in crate::engrave) fn end(&self) -> Beat {
        self.onset + self.duration
    }

    /// A rest that fills an empty measure and stands for no record.
    pub(super) fn silence((part, staff): (usize, usize), length: Beat, state: &StaffState) -> Self {
        Self {
            id: EventId::from_raw(0),
            recorded: false,
            part,
            staff,
            voice: 0,
            rank: 0,
            alone: true,
            onset: Beat::ZERO,
            duration: length,
            value: NoteValue::new(NoteBase::Whole, 0),
            grace: None,
            graces: 0,
            scale: state.scale(),
            visible: true,
            measure_rest: true,
            heads: Vec::new(),
            wish: StemDirection::Auto,
            stem: Stem::None,
            roles: None,
            beam: None,
            rest_y: rest_line(NoteBase::Whole, state.height()),
            rest_placed: false,
            dx: 0.0,
            dot_x: 0.0,
            column: 0,
            height: state.height(),
            arpeggio: false,
            tremolo: false,
            bare: false,
            tab: state.is_tab(),
            fan: None,
            marks: Vec::new(),
            lyrics: Vec::new(),
        }
    }
}

impl Chord {
    /// A sign that stands for a beat and shows no record.
    pub(super) fn sign((part, staff): (usize, usize), onset: Beat, value: NoteValue, length: Beat, height: Space, head: Head) -> Self {
        let silence = Self::silence((part, staff), length, &StaffState::blank());
        Self { onset, value, height, measure_rest: false, bare: true, voice: 1, heads: vec![head], wish: StemDirection::None, ..silence }
    }
}

/// What an event is read with.
pub(super) struct Reading<'a> {
    pub score: &'a Score,
    pub cast: &'a Cast,
    pub part: usize,
    pub staves: &'a [StaffState],
    pub shifts: &'a [ShiftHere],
    pub length: Beat,
    pub graces: i32,
}

/// Puts a rest where its source has it, unless that is where it would be anyway.
fn place_rest(chord: &mut Chord, event: &Event, state: &StaffState) {
    let usual = rest_line(NoteBase::Whole, state.height());
    if let Some(position) = event.rest.position {
        let steps = position.diatonic() - state.clef.bottom_line();
        chord.rest_placed = true;
        chord.rest_y = (state.height() - steps as Space / 2.0 * state.gap()).clamp(-12.0, 16.0);
        if chord.value.base == NoteBase::Whole {
            // The source names the middle of the rest; it hangs from the line above.
            chord.rest_y = chord.rest_y.floor().max(-12.0) - if chord.rest_y.fract() == 0.0 && !chord.measure_rest { 1.0 } else { 0.0 };
        }
    }
    if chord.measure_rest && chord.rest_placed && (chord.rest_y - usual).abs() <= 1.0 {
        chord.rest_placed = false;
        chord.rest_y = usual;
    }
}

/// Reads one event.
pub(super) fn read(with: &Reading, id: EventId, event: &Event, spelling: &mut Spelling) -> Chord {
    let staff = with.cast.staff(with.part, event.staff);
    let state = &with.staves[staff];
    let mut notes = with.score.notes_of(id);
    if notes.iter().any(|(_, note)| note.visible) {
        notes.retain(|(_, note)| note.visible);
    }
    let hidden = notes.iter().any(|(_, note)| !note.visible);
    let whole_measure =
        event.rest.measure || (event.time.value.is_none() && event.time.onset.is_zero() && event.time.duration >= with.length);
    let measure_rest = notes.is_empty() && whole_measure && event.grace.is_none();
    let value = if measure_rest { NoteValue::new(NoteBase::Whole, 0) } else { written(event) };
    let mut chord = Chord {
        id,
        recorded: true,
        voice: event.voice,
        onset: event.time.onset,
        duration: if event.grace.is_some() { Beat::ZERO } else { event.time.duration },
        value,
        grace: event.grace,
        graces: with.graces,
        scale: state.scale()
            * if event.grace.is_some() {
                GRACE
            } else if event.cue || event.small {
                CUE
            } else {
                1.0
            },
        fan: event.fan,
        visible: event.visible && !hidden,
        measure_rest,
        wish: event.stem,
        roles: event.beams.clone(),
        rest_y: rest_line(value.base, state.height()),
        ..Chord::silence((with.part, staff), event.time.duration, state)
    };
    place_rest(&mut chord, event, state);
    chord.heads = notes.iter().map(|(id, note)| head(with, event, &chord, *id, note, spelling)).collect();
    if state.is_tab() {
        on_strings(with, &mut chord, &notes);
    }
    if state.slash.is_some_and(|style| style.rhythmic) {
        as_rhythm(&mut chord, state);
    }
    // By place from the bottom staff upwards: a chord over two staves is no longer in the order of pitch alone.
    chord.heads.sort_by_key(|head| (std::cmp::Reverse(head.staff), head.steps));
    chord.lyrics = with
        .score
        .lyrics_of(id)
        .into_iter()
        .filter(|(_, lyric)| lyric.visible)
        .filter_map(|(id, lyric)| syllable(id, lyric, &with.cast.style))
        .collect();
    let on_notes = notes.iter().flat_map(|(note, _)| with.score.marks_of_note(*note));
    for (mark, record) in with.score.marks_of(id).chain(on_notes).filter(|(_, mark)| mark.visible) {
        chord.arpeggio |= matches!(record.kind, MarkKind::Arpeggio(_));
        chord.tremolo |= matches!(record.kind, MarkKind::Tremolo(_));
        chord.marks.push(mark);
    }
    chord
}

fn syllable(id: LyricId, lyric: &Lyric, style: &Style) -> Option<Syllable> {
    let mut text = String::new();
    let mut goes_on = false;
    for piece in &lyric.text {
        match piece {
            LyricPiece::Text(part, syllabic) => {
                text.push_str(part);
                goes_on = matches!(syllabic, Syllabic::Begin | Syllabic::Middle);
            }
            // An undertie joins syllables sung on one note, unless the source prints something else (Gould, p. 453). It is a
            // glyph of the music font: text faces rarely have it.
            LyricPiece::Elision(join) if join.trim().is_empty() || join.contains('\u{203F}') => text.push(g::LYRICS_ELISION.0),
            LyricPiece::Elision(join) => text.push_str(join),
        }
    }
    let verse = (lyric.verse.trim().parse().unwrap_or(1000), lyric.verse.clone());
    let empty = text.trim().is_empty() && !lyric.extend;
    (!empty).then(|| Syllable { id, verse, line: Line::lyric(text.trim(), style), goes_on, extends: lyric.extend })
}

fn head(with: &Reading, event: &Event, chord: &Chord, id: NoteId, note: &Note, spelling: &mut Spelling) -> Head {
    let staff = note.staff.map_or(chord.staff, |number| with.cast.staff(with.part, number));
    let state = &with.staves[staff];
    let shift: i32 = with.shifts.iter().filter(|s| s.covers(staff, event.time.onset)).map(|s| s.octaves).sum();
    let steps = match note.pitch {
        NotePitch::Unpitched(None) => drum(with, note).map_or(i32::from(state.lines.max(1)) - 1, |drum| drum.0),
        _ => (note.pitch.diatonic() - state.clef.bottom_line() - 7 * shift).clamp(-40, 60),
    };
    let altered = note.pitch.pitch().map_or((0, 1), |p| (p.alter.numerator(), p.alter.denominator()));
    Head {
        id,
        staff,
        steps,
        y: state.height() - steps as Space / 2.0 * state.gap(),
        pitch: (note.pitch.diatonic(), altered.0, altered.1),
        glyph: shape_of(with, note, chord.value.base),
        dx: 0.0,
        accidental: accidental(with, note, staff, spelling).filter(|_| event.visible),
        dot_y: None,
        tie_next: note.tie_next,
        tie_previous: note.tie_previous,
        lets_ring: note.let_ring,
        parentheses: note.parentheses,
        fret: None,
        cluster: note.head == Notehead::Cluster,
    }
}

/// The glyph of a note's head: the one its source names, else that of its shape, filled as its value or the source says.
fn shape_of(with: &Reading, note: &Note, base: NoteBase) -> Glyph {
    let base = match note.filled {
        Some(true) if base <= NoteBase::Half => NoteBase::Quarter,
        Some(false) if base >= NoteBase::Quarter => NoteBase::Half,
        _ => base,
    };
    let mapped = if note.head == Notehead::Normal { drum(with, note).map(|drum| drum.1) } else { None };
    g::named(&note.glyph).filter(|_| !note.glyph.is_empty()).unwrap_or_else(|| head_glyph(mapped.unwrap_or(note.head), base))
}

/// The accidental of a note, with the glyph that its source names.
fn accidental(with: &Reading, note: &Note, staff: usize, spelling: &mut Spelling) -> Option<Accidental> {
    let mut found = spelling.read(note, staff, &with.staves[staff])?;
    if let Some(glyph) = g::named(&note.accidental_glyph).filter(|_| !note.accidental_glyph.is_empty()) {
        found.glyph = glyph;
    }
    Some(found)
}

/// Where a drum stands that has no place of its own, and the shape of its head: by the key that its instrument sounds.
fn drum(with: &Reading, note: &Note) -> Option<(i32, Notehead)> {
    if note.pitch != NotePitch::Unpitched(None) {
        return None;
    }
    let part = with.score.part(with.cast.parts[with.part].id)?;
    let instrument = match &note.instrument {
        Some(key) => part.instruments.iter().find(|instrument| instrument.key == *key)?,
        None => part.instruments.first()?,
    };
    drums::place(instrument.unpitched?)
}

/// The notes of a chord as numbers on the lines of their strings.
fn on_strings(with: &Reading, chord: &mut Chord, notes: &[(NoteId, &Note)]) {
    let part = with.score.part(with.cast.parts[with.part].id);
    let up = part.and_then(|part| part.transposition).map_or(0, crate::model::Transposition::semitones);
    let sounding: Vec<(NoteId, i32)> =
        notes.iter().map(|(id, note)| (*id, note.pitch.pitch().map_or(0, |pitch| pitch.midi_key() + up))).collect();
    let state = &with.staves[chord.staff];
    let strings = tab::Strings { tuning: &state.tuning, capo: state.capo, lines: state.lines };
    let fingering = tab::fingering(with.score, strings, &sounding);
    for head in &mut chord.heads {
        let Some(at) = notes.iter().position(|(id, _)| *id == head.id) else { continue };
        let ((string, fret), note) = (fingering[at], notes[at].1);
        head.steps = 2 * (i32::from(state.lines) - i32::from(string));
        head.y = state.height() - head.steps as Space / 2.0 * state.gap();
        head.glyph = g::NOTEHEAD_BLACK;
        head.accidental = None;
        let dead = matches!(note.head, Notehead::X | Notehead::Cross);
        let number = if dead { "X".to_owned() } else { fret.to_string() };
        let harmonic = with
            .score
            .marks_of_note(head.id)
            .any(|(_, mark)| matches!(mark.kind, MarkKind::Technical(Technical::Harmonic | Technical::HarmonicOf(_))));
        let shown = match (harmonic, head.parentheses || head.tie_previous) {
            (true, _) => format!("<{number}>"),
            (_, true) => format!("({number})"),
            _ => number,
        };
        head.parentheses = false;
        head.fret = Some(Line::new(&shown, Face::Roman, 1.75 * chord.scale));
    }
    // Beside a staff with notes, which shows the rhythm, numbers stand alone.
    let line = &with.cast.parts[with.part];
    let beside = with.staves[line.first..line.first + line.staves].iter().any(|state| !state.is_tab());
    if chord.wish == StemDirection::None || chord.wish == StemDirection::Auto && beside {
        (chord.bare, chord.wish) = (true, StemDirection::None);
    } else if chord.wish == StemDirection::Auto {
        chord.wish = StemDirection::Down;
    }
    chord.visible &= !chord.is_rest() || !beside;
    chord.value.dots = if chord.bare { 0 } else { chord.value.dots };
}

/// A chord as its rhythm alone: one slash on the middle line (Gould, "Behind Bars", p. 590).
fn as_rhythm(chord: &mut Chord, state: &StaffState) {
    chord.heads.truncate(1);
    for head in &mut chord.heads {
        head.steps = i32::from(state.lines.max(1)) - 1;
        head.y = state.height() / 2.0;
        head.glyph = head_glyph(Notehead::Slash, chord.value.base);
        head.accidental = None;
    }
}

/// The value an event is written as: its own, else the longest one that fits its duration.
fn written(event: &Event) -> NoteValue {
    let (actual, normal) = event.time.ratio;
    event.time.value.unwrap_or_else(|| {
        let length = event.time.duration.scale(i64::from(actual.max(1)), i64::from(normal.max(1)));
        let fitting = || NoteBase::ALL.into_iter().find(|base| base.length() <= length && length.is_positive());
        NoteValue::of_length(length).unwrap_or_else(|| NoteValue::new(fitting().unwrap_or(NoteBase::Quarter), 0))
    })
}

/// The line a rest of this value hangs from or is centred on, when its voice is alone (Gould, p. 36).
pub(super) fn rest_line(base: NoteBase, height: Space) -> Space {
    let middle = (height / 2.0).floor();
    if base == NoteBase::Whole && height >= 2.0 { middle - 1.0 } else { height / 2.0 }
}

/// The glyph of a rest.
pub(in crate::engrave) fn rest_glyph(base: NoteBase) -> Glyph {
    match base {
        NoteBase::Maxima => g::REST_MAXIMA,
        NoteBase::Long => g::REST_LONGA,
        NoteBase::Breve => g::REST_DOUBLE_WHOLE,
        NoteBase::Whole => g::REST_WHOLE,
        NoteBase::Half => g::REST_HALF,
        NoteBase::Quarter => g::REST_QUARTER,
        NoteBase::Eighth => g::REST8TH,
        NoteBase::N16th => g::REST16TH,
        NoteBase::N32nd => g::REST32ND,
        NoteBase::N64th => g::REST64TH,
        NoteBase::N128th => g::REST128TH,
        NoteBase::N256th => g::REST256TH,
        NoteBase::N512th => g::REST512TH,
        NoteBase::N1024th => g::REST1024TH,
    }
}
