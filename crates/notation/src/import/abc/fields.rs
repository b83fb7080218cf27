//! Information fields, at the head of a tune, between lines of music and inside them. ABC 2.1, section 3.

use super::super::ImportError;
use super::tune::Tune;
use super::{key, metre, text};
use crate::model::*;

impl Tune<'_, '_> {
    /// A field. `head` says that it is the file's, which holds for every tune.
    pub(super) fn field(&mut self, letter: char, value: &str, byte: usize, head: bool) -> Result<(), ImportError> {
        match letter {
            'X' | '+' | 'r' => {}
            'T' => self.title(value),
            'C' => append(&mut self.header.composer, &text::plain(value), ", "),
            'O' => {
                let origin = format!("({})", text::plain(value));
                append(&mut self.header.composer, &origin, " ");
            }
            'Z' | 'S' => append(&mut self.header.source, &text::plain(value), "; "),
            'M' => self.metre_field(value, byte)?,
            'L' => self.unit_field(value, byte),
            'Q' => self.tempo_field(value, byte)?,
            'K' => self.key_field(value, byte, head)?,
            'V' => self.voice_field(value, byte)?,
            'P' => self.part_field(value, byte)?,
            'R' => self.rhythm(value),
            'w' => self.words(value, byte)?,
            's' => self.symbol_line(value, byte)?,
            'U' => self.user_symbol(value, byte),
            'm' => self.macro_field(value, byte),
            'I' => self.directive(value, byte)?,
            'W' => self.report.unsupported(&["W: words after the tune"], byte),
            'A' | 'B' | 'D' | 'F' | 'G' | 'H' | 'N' => {
                self.report.unsupported(&[&format!("{letter}: field")], byte);
            }
            _ => self.report.invalid(&[&format!("{letter}: field")], byte),
        }
        Ok(())
    }

    fn title(&mut self, value: &str) {
        let title = text::plain(value);
        self.titles += 1;
        match self.titles {
            1 => self.header.title = title,
            _ => append(&mut self.header.subtitle, &title, "\n"),
        }
    }

    /// The kind of tune goes where a lead sheet has it, unless a composer's name stands there: above the first measure.
    fn rhythm(&mut self, value: &str) {
        if self.rhythm.is_none() {
            self.rhythm = Some(text::plain(value));
        }
    }

    fn metre_field(&mut self, value: &str, byte: usize) -> Result<(), ImportError> {
        let Some(signature) = metre::metre(value) else {
            self.report.invalid(&["M: field", value], byte);
            return Ok(());
        };
        if !self.in_body {
            self.metre = Some(signature);
            return Ok(());
        }
        self.ready(byte)?;
        let Some(voice) = self.voices.get_mut(self.current) else { return Ok(()) };
        voice.metre = signature.clone();
        // A metre changes with a measure; one that stands inside a measure holds from the next.
        let index = voice.measure + usize::from(voice.begun);
        self.reach_column(index, byte)?;
        if let Some(column) = self.columns.get_mut(index) {
            match &column.record.time {
                Some(other) if *other != signature => {
                    let id = column.id;
                    if let Some(voice) = self.voices.get_mut(self.current) {
                        voice.signs.push((id, Beat::ZERO, SignKind::Time(signature)));
                    }
                }
                _ => column.record.time = Some(signature),
            }
        }
        Ok(())
    }

    fn unit_field(&mut self, value: &str, byte: usize) {
        let unit = match value.trim() {
            "auto" => None,
            other => match metre::fraction(other) {
                Some(unit) => Some(unit),
                None => return self.report.invalid(&["L: field", value], byte),
            },
        };
        match self.voices.get_mut(self.current).filter(|_| self.in_body) {
            Some(voice) => voice.unit = unit.unwrap_or_else(|| metre::usual_unit(&voice.metre)),
            None => self.unit = unit,
        }
    }

    fn tempo_field(&mut self, value: &str, byte: usize) -> Result<(), ImportError> {
        if !self.in_body {
            self.tempo = Some((value.to_owned(), byte));
            return Ok(());
        }
        self.ready(byte)?;
        let here = self.here();
        self.tempo_mark(value, here, byte);
        Ok(())
    }

    /// A tempo mark at a place of the whole system, once however many voices have it.
    pub(super) fn tempo_mark(&mut self, value: &str, at: (MeasureId, Beat), byte: usize) {
        let usual = self.unit.unwrap_or_else(|| self.metre.as_ref().map_or(Beat::new(1, 8), metre::usual_unit));
        let unit = self.voices.get(self.current).map_or(usual, |voice| voice.unit);
        let Some(tempo) = metre::tempo(value, unit) else {
            return self.report.invalid(&["Q: field", value], byte);
        };
        let style = TextStyle { bold: true, ..TextStyle::default() };
        let words = tempo.words.map(|text| (MarkKind::Words(Words { text }), style));
        let mark = tempo.mark.map(|mark| (MarkKind::Tempo(mark), TextStyle::default()));
        for (kind, style) in words.into_iter().chain(mark) {
            self.system_mark(at, kind, style);
        }
    }

    /// A mark above the whole system, once however many voices have it.
    pub(super) fn system_mark(&mut self, (measure, beat): (MeasureId, Beat), kind: MarkKind, style: TextStyle) {
        if self.system_marks.insert((measure, beat, kind.clone())) {
            let id = self.ids.next::<Mark>();
            let anchor = Anchor::System(Moment { measure, beat });
            self.put(id, Mark { anchor, kind, placement: Placement::Above, style, ..Mark::default() });
        }
    }

    fn key_field(&mut self, value: &str, byte: usize, head: bool) -> Result<(), ImportError> {
        let field = key::read(value);
        if !field.valid {
            self.report.invalid(&["K: field", value], byte);
        }
        if head || !self.in_body {
            self.parameters.update(field.rest);
            self.unknown_parameters(byte);
            if let Some(key) = field.key {
                self.key = key;
            }
            return if head { Ok(()) } else { self.start_body() };
        }
        let measure = self.ready(byte)?;
        let Some(voice) = self.voices.get_mut(self.current) else { return Ok(()) };
        let onset = voice.onset;
        if let Some(key) = field.key {
            voice.key = key.clone();
            voice.signs.push((measure, onset, SignKind::Key(key)));
        }
        self.change_parameters(field.rest, byte);
        Ok(())
    }

    /// Clef and transposition of the voice that is being written, from here on.
    fn change_parameters(&mut self, parameters: &str, byte: usize) {
        let (measure, onset) = self.here();
        let Some(voice) = self.voices.get_mut(self.current) else { return };
        let before = voice.parameters.clone();
        voice.parameters.update(parameters);
        let started = voice.measure > 0 || voice.begun;
        if started {
            if voice.parameters.clef != before.clef
                && let Some(clef) = voice.parameters.clef
            {
                voice.signs.push((measure, onset, SignKind::Clef(clef)));
                voice.parameters.first_clef = before.first_clef.or(Some(before.clef.unwrap_or(Clef::TREBLE)));
            }
            if voice.parameters.transpose != before.transpose {
                let semitones = voice.parameters.transpose.unwrap_or(0);
                voice.signs.push((measure, onset, SignKind::Transpose(super::finish::transposition(semitones))));
                voice.parameters.first_transpose = before.first_transpose.or(Some(before.transpose.unwrap_or(0)));
            }
        }
        for unknown in std::mem::take(&mut voice.parameters.unknown) {
            self.report.unsupported(&["V: or K: field", &unknown], byte);
        }
    }

    fn unknown_parameters(&mut self, byte: usize) {
        for unknown in std::mem::take(&mut self.parameters.unknown) {
            self.report.unsupported(&["V: or K: field", &unknown], byte);
        }
    }

    /// Goes over to a voice, and reads what is said about it.
    fn voice_field(&mut self, value: &str, byte: usize) -> Result<(), ImportError> {
        let value = value.trim();
        let (name, parameters) = value.split_once(char::is_whitespace).unwrap_or((value, ""));
        if name.is_empty() {
            self.report.invalid(&["V: field"], byte);
            return Ok(());
        }
        self.current = self.voice_named(name, byte)?;
        self.change_parameters(parameters, byte);
        Ok(())
    }

    /// `P:` names a section in the body; at the head it is the order of sections, which follows from the repeats here.
    fn part_field(&mut self, value: &str, byte: usize) -> Result<(), ImportError> {
        if !self.in_body {
            self.report.unsupported(&["P: order of parts", value], byte);
            return Ok(());
        }
        self.ready(byte)?;
        let here = self.here();
        self.system_mark(here, MarkKind::Rehearsal(text::plain(value)), TextStyle::default());
        Ok(())
    }

    /// `U: T = !trill!`
    fn user_symbol(&mut self, value: &str, byte: usize) {
        let parsed = value.split_once('=').and_then(|(symbol, meaning)| {
            let mut symbol = symbol.trim().chars();
            let c = symbol.next().filter(|c| matches!(c, 'H'..='W' | 'h'..='w' | '~'))?;
            symbol.next().is_none().then(|| (c, meaning.trim().to_owned()))
        });
        match parsed {
            Some((symbol, meaning)) => drop(self.symbols.insert(symbol, meaning)),
            None => self.report.invalid(&["U: field", value], byte),
        }
    }
}

/// Adds to what is there, once.
fn append(field: &mut String, value: &str, separator: &str) {
    if value.is_empty() || field.split(separator).any(|part| part == value) {
        return;
    }
    if !field.is_empty() {
        field.push_str(separator);
    }
    field.push_str(value);
}
