//! Decorations, and the symbols that stand for them. ABC 2.1, sections 4.14 and 4.16.

use std::collections::HashMap;

use super::tune::Tune;
use super::voices::{At, OpenLine};
use crate::model::*;

/// A line over several notes that starts with one decoration and ends with another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    Crescendo,
    Diminuendo,
    Trill,
    Ottava(i8),
    Pedal,
    Glissando,
    Slide,
}

impl Line {
    fn kind(self) -> SpanKind {
        match self {
            Self::Crescendo => SpanKind::Crescendo,
            Self::Diminuendo => SpanKind::Diminuendo,
            Self::Trill => SpanKind::TrillLine,
            Self::Ottava(octaves) => SpanKind::Ottava(octaves),
            Self::Pedal => SpanKind::Pedal(false),
            Self::Glissando => SpanKind::Glissando(String::new()),
            Self::Slide => SpanKind::Slide(String::new()),
        }
    }

    /// Whether it holds on to notes rather than to moments of the staff.
    const fn on_notes(self) -> bool {
        matches!(self, Self::Trill | Self::Glissando | Self::Slide)
    }
}

/// What a decoration puts on the next note or on the staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Attached {
    /// A mark of the note.
    OnNote(MarkKind, Placement),
    /// A mark of the staff at its moment.
    OnStaff(MarkKind, Placement),
    Start(Line),
    End(Line),
    Jump(Jump, &'static str),
    Head(Notehead),
    Stemless,
    Invisible,
    /// Its accidental is an editor's; or a reminder.
    Editorial,
    Courtesy,
    /// Two-note tremolo: the number of strokes between this note and the next.
    Between(u8),
}

/// Letters and signs that stand for decorations where a tune does not say otherwise.
pub(super) fn usual_symbols() -> HashMap<char, String> {
    const USUAL: &[(char, &str)] = &[
        ('.', "!staccato!"),
        ('~', "!roll!"),
        ('H', "!fermata!"),
        ('L', "!accent!"),
        ('M', "!lowermordent!"),
        ('O', "!coda!"),
        ('P', "!uppermordent!"),
        ('S', "!segno!"),
        ('T', "!trill!"),
        ('u', "!upbow!"),
        ('v', "!downbow!"),
    ];
    USUAL.iter().map(|(symbol, meaning)| (*symbol, (*meaning).to_owned())).collect()
}

/// What a decoration's name means; nothing for a name that is not known.
pub(super) fn named(name: &str) -> Option<Attached> {
    use Attached::{End, OnStaff, Start};
    let dynamic = |text: &str| OnStaff(MarkKind::Dynamic(text.to_owned()), Placement::Auto);
    if let Some(attached) = on_note(name).or_else(|| direction(name)).or_else(|| appearance(name)) {
        return Some(attached);
    }
    Some(match name {
        "crescendo(" | "<(" => Start(Line::Crescendo),
        "crescendo)" | "<)" => End(Line::Crescendo),
        "diminuendo(" | ">(" => Start(Line::Diminuendo),
        "diminuendo)" | ">)" => End(Line::Diminuendo),
        "trill(" => Start(Line::Trill),
        "trill)" => End(Line::Trill),
        "8va(" => Start(Line::Ottava(1)),
        "8va)" => End(Line::Ottava(1)),
        "8vb(" => Start(Line::Ottava(-1)),
        "8vb)" => End(Line::Ottava(-1)),
        "15ma(" => Start(Line::Ottava(2)),
        "15ma)" => End(Line::Ottava(2)),
        "15mb(" => Start(Line::Ottava(-2)),
        "15mb)" => End(Line::Ottava(-2)),
        "ped" | "ped(" => Start(Line::Pedal),
        "ped-up" | "ped)" => End(Line::Pedal),
        "~(" => Start(Line::Glissando),
        "~)" => End(Line::Glissando),
        "-(" => Start(Line::Slide),
        "-)" => End(Line::Slide),
        "pppp" | "ppp" | "pp" | "p" | "mp" | "mf" | "f" | "ff" | "fff" | "ffff" | "sfz" | "sf" | "fz" | "fp" | "sfp" | "rfz" | "rf" => {
            dynamic(name)
        }
        _ => return None,
    })
}

/// Every decoration of a note and of the staff, by its standard name.
const NAMES: &[&str] = &[
    "staccato",
    "accent",
    "marcato",
    "tenuto",
    "wedge",
    "breath",
    "caesura",
    "slide",
    "trill",
    "lowermordent",
    "uppermordent",
    "turn",
    "invertedturn",
    "turnx",
    "invertedturnx",
    "arpeggio",
    "fermata",
    "plus",
    "snap",
    "upbow",
    "downbow",
    "open",
    "thumb",
    "/",
    "//",
    "///",
    "////",
    "0",
    "1",
    "2",
    "3",
    "4",
    "5",
    "pppp",
    "ppp",
    "pp",
    "p",
    "mp",
    "mf",
    "f",
    "ff",
    "fff",
    "ffff",
    "sfz",
    "sf",
    "fz",
    "fp",
    "sfp",
    "rfz",
    "rf",
];

/// The decoration that says what a mark does, if there is one.
pub(crate) fn decoration_of(kind: &MarkKind) -> Option<&'static str> {
    let means = |name: &&&str| match named(name) {
        Some(Attached::OnNote(other, _) | Attached::OnStaff(other, _)) => other == *kind,
        _ => false,
    };
    NAMES.iter().find(means).copied()
}

fn on_note(name: &str) -> Option<Attached> {
    use MarkKind::{Articulation as A, Ornament as O, Technical as T};
    let auto = |kind| Some(Attached::OnNote(kind, Placement::Auto));
    if let Some(finger) = name.strip_prefix(|c: char| c.is_ascii_digit()).filter(|rest| rest.is_empty()) {
        let _ = finger;
        return auto(T(Technical::Fingering(name.to_owned())));
    }
    auto(match name {
        "." | "staccato" => A(Articulation::Staccato),
        ">" | "accent" | "emphasis" => A(Articulation::Accent),
        "^" | "marcato" => A(Articulation::StrongAccent),
        "tenuto" => A(Articulation::Tenuto),
        "wedge" | "staccatissimo" => A(Articulation::Staccatissimo),
        "breath" => A(Articulation::BreathMark),
        "caesura" | "longphrase" => A(Articulation::Caesura),
        "slide" => A(Articulation::Scoop),
        "trill" => O(Ornament::Trill),
        "lowermordent" | "mordent" => O(Ornament::Mordent),
        "uppermordent" | "pralltriller" => O(Ornament::InvertedMordent),
        "turn" | "roll" => O(Ornament::Turn),
        "invertedturn" => O(Ornament::InvertedTurn),
        "turnx" => O(Ornament::VerticalTurn),
        "invertedturnx" => O(Ornament::InvertedVerticalTurn),
        "arpeggio" => MarkKind::Arpeggio(Arpeggio::Plain),
        "fermata" => MarkKind::Fermata(FermataShape::Normal),
        "invertedfermata" => return Some(Attached::OnNote(MarkKind::Fermata(FermataShape::Normal), Placement::Below)),
        "+" | "plus" => T(Technical::Stopped),
        "snap" => T(Technical::SnapPizzicato),
        "upbow" => T(Technical::UpBow),
        "downbow" => T(Technical::DownBow),
        "open" => T(Technical::OpenString),
        "thumb" => T(Technical::ThumbPosition),
        "/" => MarkKind::Tremolo(1),
        "//" => MarkKind::Tremolo(2),
        "///" => MarkKind::Tremolo(3),
        "////" => MarkKind::Tremolo(4),
        _ => return None,
    })
}

fn direction(name: &str) -> Option<Attached> {
    Some(match name {
        "segno" => Attached::Jump(Jump::Segno, ""),
        "coda" => Attached::Jump(Jump::Coda, ""),
        "tocoda" | "dacoda" => Attached::Jump(Jump::ToCoda, "To Coda"),
        "fine" => Attached::Jump(Jump::Fine, "Fine"),
        "D.C." | "dacapo" => Attached::Jump(Jump::DaCapo, "D.C."),
        "D.C.alfine" => Attached::Jump(Jump::DaCapo, "D.C. al Fine"),
        "D.C.alcoda" => Attached::Jump(Jump::DaCapo, "D.C. al Coda"),
        "D.S." => Attached::Jump(Jump::DalSegno, "D.S."),
        "D.S.alfine" => Attached::Jump(Jump::DalSegno, "D.S. al Fine"),
        "D.S.alcoda" => Attached::Jump(Jump::DalSegno, "D.S. al Coda"),
        _ => return None,
    })
}

fn appearance(name: &str) -> Option<Attached> {
    Some(match name {
        "editorial" => Attached::Editorial,
        "courtesy" => Attached::Courtesy,
        "stemless" => Attached::Stemless,
        "invisible" => Attached::Invisible,
        "style=x" => Attached::Head(Notehead::X),
        "style=harmonic" => Attached::Head(Notehead::Diamond),
        "style=rhythm" => Attached::Head(Notehead::Slash),
        "style=triangle" => Attached::Head(Notehead::Triangle),
        "style=normal" => Attached::Head(Notehead::Normal),
        "/-" => Attached::Between(1),
        "//-" => Attached::Between(2),
        "///-" => Attached::Between(3),
        _ => return None,
    })
}

impl Tune<'_, '_> {
    /// A decoration by its name stands before the next note.
    pub(super) fn decorate(&mut self, name: &str, byte: usize) {
        match named(name) {
            Some(attached) => self.attach(attached, byte),
            None => self.report.unsupported(&["decoration", &format!("!{name}!")], byte),
        }
    }

    pub(super) fn attach(&mut self, attached: Attached, byte: usize) {
        /// More before one note would only make reading slow.
        const MOST: usize = 64;
        if let Some(voice) = self.voices.get_mut(self.current).filter(|voice| voice.lane.attached.len() < MOST) {
            voice.lane.attached.push((attached, byte));
        }
    }

    /// A letter or sign that stands for a decoration or for text.
    pub(super) fn symbol(&mut self, symbol: char, byte: usize) {
        let Some(meaning) = self.symbols.get(&symbol).cloned() else {
            return self.report.invalid(&["music", &symbol.to_string()], byte);
        };
        match meaning.trim_matches(['!', '+']) {
            "nil" | "none" => {}
            text if meaning.starts_with('"') => self.annotation(text.trim_matches('"'), byte),
            name => self.decorate(name, byte),
        }
    }

    /// Puts what stood before an event on it; on a barline, on the staff there.
    pub(super) fn settle_attached(&mut self, event: Option<usize>) {
        let (measure, beat) = match event.and_then(|at| self.voices.get(self.current)?.events.get(at)) {
            Some(pending) => (pending.event.time.measure, pending.event.time.onset),
            None => self.here(),
        };
        let Some(voice) = self.voices.get_mut(self.current) else { return };
        for (attached, byte) in std::mem::take(&mut voice.lane.attached) {
            self.settle_one(attached, byte, event, (measure, beat));
        }
    }

    fn settle_one(&mut self, attached: Attached, byte: usize, event: Option<usize>, (measure, beat): (MeasureId, Beat)) {
        let index = self.voices.get(self.current).map_or(0, |voice| voice.measure);
        if let Attached::Jump(jump, words) = attached {
            return self.jump(jump, words, index, (measure, beat), event.is_none());
        }
        let Some(voice) = self.voices.get_mut(self.current) else { return };
        let pending = event.and_then(|at| voice.events.get_mut(at));
        let id = pending.as_ref().map(|pending| pending.id);
        let on_note = id.map_or(At::Staff(measure, beat), At::Event);
        match (attached, pending) {
            // What is for a note and stands at a barline is on the note before it.
            (Attached::OnNote(kind, placement), _) => {
                let last = voice.lane.last.and_then(|at| voice.events.get(at)).map(|pending| pending.id);
                match id.or(last) {
                    Some(id) => voice.marks.push((At::Event(id), kind, placement)),
                    None => self.report.invalid(&["decoration without a note"], byte),
                }
            }
            (Attached::OnStaff(kind, placement), _) => voice.marks.push((At::Staff(measure, beat), kind, placement)),
            (Attached::Start(line), _) => {
                let start = if line.on_notes() { on_note } else { At::Staff(measure, beat) };
                if voice.open_lines.len() < 64 {
                    voice.open_lines.push(OpenLine { line, start, byte });
                }
            }
            (Attached::End(line), _) => {
                let end = if line.on_notes() { on_note } else { At::Staff(measure, beat) };
                match voice.open_lines.iter().rposition(|open| open.line == line) {
                    Some(at) => {
                        let open = voice.open_lines.remove(at);
                        voice.spans.push((open.start, end, line.kind(), Placement::Auto));
                    }
                    None => self.report.invalid(&["decoration", "end without a start"], byte),
                }
            }
            (Attached::Head(head), Some(pending)) => pending.notes.iter_mut().for_each(|(_, note)| note.head = head),
            (Attached::Stemless, Some(pending)) => pending.event.stem = StemDirection::None,
            (Attached::Invisible, Some(pending)) => pending.event.visible = false,
            (Attached::Editorial, Some(pending)) => each_accidental(&mut pending.notes, |sign| sign.editorial = true),
            (Attached::Courtesy, Some(pending)) => each_accidental(&mut pending.notes, |sign| {
                sign.cautionary = true;
                sign.parentheses = true;
            }),
            (Attached::Between(strokes), Some(pending)) => {
                let start = At::Event(pending.id);
                voice.tremolo = Some((start, strokes));
            }
            (_, _) => self.report.invalid(&["decoration without a note"], byte),
        }
    }

    /// Where to go on, at the measure that is being written: a sign at its start; an instruction at its end, which a decoration
    /// before a barline stands at.
    fn jump(&mut self, jump: Jump, words: &str, index: usize, at: (MeasureId, Beat), at_bar: bool) {
        let voices = self.current;
        // A coda sign at a barline, or the first of two, is where the way to the coda leaves.
        let jump = if jump == Jump::Coda && at_bar { Jump::ToCoda } else { jump };
        let kind = match jump {
            Jump::Segno => MarkKind::Segno,
            Jump::Coda => MarkKind::Coda,
            Jump::ToCoda if words.is_empty() => MarkKind::Coda,
            _ => MarkKind::Words(Words { text: words.to_owned() }),
        };
        if let Some(column) = self.columns.get_mut(index).filter(|column| !column.record.jumps.contains(&jump)) {
            column.record.jumps.push(jump);
            if voices == 0 || !matches!(jump, Jump::Segno | Jump::Coda) {
                let style = TextStyle { bold: true, ..TextStyle::default() };
                self.system_mark(at, kind, style);
            }
        }
    }
}

fn each_accidental(notes: &mut [(NoteId, Note)], change: impl Fn(&mut PrintedAccidental)) {
    for (_, note) in notes {
        let sign = note.pitch.pitch().and_then(|pitch| crate::import::musicxml::accidentals::usual_sign(pitch.alter));
        let Some(sign) = sign else { continue };
        let printed = PrintedAccidental { sign, parentheses: false, bracket: false, cautionary: false, editorial: false };
        change(note.accidental.get_or_insert(printed));
    }
}
