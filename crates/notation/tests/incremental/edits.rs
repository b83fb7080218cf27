//! Scores made by chance and edits of every kind by chance, the same for the same seed.

use bandpro_notation::edit::{self, Change, Edit, Selection, StylePreset};
use bandpro_notation::model::*;

/// Chances.
pub struct Dice(IdSource);

impl Dice {
    fn new(seed: u64) -> Self {
        Self(IdSource::from_seed([seed, 0x2545_f491_4f6c_dd1d]))
    }

    fn below(&mut self, sides: usize) -> usize {
        (self.0.next::<()>().raw() % sides.max(1) as u64) as usize
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }
}

/// Edits by chance.
pub struct Editor {
    dice: Dice,
    ids: IdSource,
    undo: Vec<Edit>,
}

impl Editor {
    pub fn new(seed: u64) -> Self {
        Self { dice: Dice::new(seed), ids: IdSource::from_seed([seed, 99]), undo: Vec::new() }
    }

    /// What takes back the edit that was just made.
    pub fn done(&mut self, undo: Edit) {
        self.undo.push(undo);
    }

    fn event(&mut self, score: &Score) -> Option<EventId> {
        let parts = score.parts();
        let measure = *self.dice.pick(score.measure_order())?;
        let part = self.dice.pick(&parts)?.0;
        let events: Vec<EventId> = score.events_in(measure, part).map(|(id, _)| id).collect();
        self.dice.pick(&events).copied()
    }

    fn selection(&mut self, score: &Score) -> Option<Selection> {
        let event = self.event(score)?;
        let notes = score.notes_of(event);
        Some(match self.dice.pick(&notes) {
            Some((note, _)) if self.dice.below(4) > 0 => Selection::Note(*note),
            _ => Selection::Event(event),
        })
    }

    fn moment(&mut self, score: &Score) -> Option<Moment> {
        let measure = *self.dice.pick(score.measure_order())?;
        Some(Moment { measure, beat: Beat::new(self.dice.below(5) as i64, 4) })
    }

    /// The name of what is done, and what it is; nothing where it does not apply to what was chosen.
    pub fn next(&mut self, score: &Score) -> Option<(String, Edit)> {
        let selection = self.selection(score)?;
        let which = self.dice.below(54);
        let made = match which {
            0..=24 => self.command(which, score, selection),
            25..=37 => self.measure_command(which, score, selection),
            38 => self.undo.pop(),
            39..=49 => self.record(which, score),
            _ => Some(self.layout_command(score)),
        }?;
        Some((format!("edit {which} at {selection:?}"), made))
    }

    fn command(&mut self, which: usize, score: &Score, at: Selection) -> Option<Edit> {
        let pitch: Pitch = ["C4", "F#4", "Bb5", "G2", "D6"][self.dice.below(5)].parse().ok()?;
        let value =
            NoteValue::new([NoteBase::Whole, NoteBase::Half, NoteBase::Quarter, NoteBase::Eighth, NoteBase::N16th][self.dice.below(5)], 0);
        let ids = &mut self.ids;
        match which {
            0 | 1 => edit::move_diatonic(score, at, 1).ok(),
            2 => edit::move_chromatic(score, at, -3).ok(),
            3 => edit::move_octave(score, at, 1).ok(),
            4 => edit::alter(score, at, 1).ok(),
            5 => edit::respell(score, at).ok(),
            6 => edit::set_pitch(score, at, pitch).ok(),
            7 => edit::delete(score, at).ok(),
            8 => edit::add_note(score, at, ids.next(), pitch).ok(),
            9 => edit::add_above(score, at, ids.next(), 2).ok(),
            10 => edit::enter_pitch(score, at, ids.next(), pitch).ok(),
            11 | 12 => edit::set_value(score, at, ids, value).ok(),
            13 => edit::toggle_dot(score, at, ids).ok(),
            14 => edit::scale_value(score, at, ids, value.base == NoteBase::Half).ok(),
            15 => edit::enter(score, at, ids, Some(pitch), value).ok().map(|(edit, _)| edit),
            16 => edit::make_rest(score, at).ok(),
            17 => edit::toggle_tie(score, at).ok(),
            18 => edit::toggle_slur(score, at, ids).ok(),
            19 => edit::toggle_articulation(score, at, ids, Articulation::Staccato).ok(),
            20 => edit::toggle_fermata(score, at, ids).ok(),
            21 => edit::set_dynamic(score, at, ids, Some("mf")).ok(),
            22 => edit::set_lyric(score, at, ids, 1, [Some("la-"), Some("word"), None][self.dice.below(3)]).ok(),
            23 => edit::set_text(score, at, ids, Some("dolce")).ok(),
            _ => edit::set_chord_symbol(score, at, ids, edit::parse_chord_symbol("F#m7").ok()).ok(),
        }
    }

    fn measure_command(&mut self, which: usize, score: &Score, at: Selection) -> Option<Edit> {
        let fifths = self.dice.below(9) as i8 - 4;
        let clef = [Clef::TREBLE, Clef::BASS, Clef::ALTO][self.dice.below(3)];
        let ids = &mut self.ids;
        match which {
            25 => edit::insert_measure(score, at, ids).ok(),
            26 => Some(edit::append_measure(score, ids)),
            27 => edit::delete_measure(score, at).ok(),
            28 => edit::toggle_repeat_start(score, at).ok(),
            29 => edit::toggle_repeat_end(score, at).ok(),
            30 => edit::set_key(score, at, ids, fifths).ok(),
            31 | 32 => edit::set_clef(score, at, ids, clef).ok(),
            33 => edit::set_rehearsal(score, at, ids, Some("B")).ok(),
            34 => edit::set_tempo(score, at, ids, Some(96)).ok(),
            35 => Some(edit::set_header(HeaderField::Composer(["", "A. Nonymous"][self.dice.below(2)].into()))),
            _ => self.set_measure(score),
        }
    }

    /// Another style, paper or size, all at once or a field alone.
    fn layout_command(&mut self, score: &Score) -> Edit {
        let presets = [StylePreset::Classical, StylePreset::Jazz, StylePreset::LargePrint];
        edit::set_layout(match self.dice.below(12) {
            0..=2 => return edit::set_style(score, presets[self.dice.below(3)]),
            3 => LayoutField::StaffHeight([500, 700, 1000, 1600][self.dice.below(4)]),
            4 => LayoutField::Width([1480, 2100, 2970][self.dice.below(3)]),
            5 => LayoutField::Height([1050, 2100, 2970][self.dice.below(3)]),
            6 => LayoutField::NoteSpacing([80, 100, 140][self.dice.below(3)]),
            7 => LayoutField::HideEmpty(self.dice.below(2) == 0),
            8 => LayoutField::MultiRests([None, Some(false), Some(true)][self.dice.below(3)]),
            9 => LayoutField::Numbers([MeasureNumbers::None, MeasureNumbers::Systems, MeasureNumbers::Every(3)][self.dice.below(3)]),
            10 => LayoutField::FillLast(self.dice.below(2) == 0),
            _ => LayoutField::StaffDistance([80, 100, 150][self.dice.below(3)]),
        })
    }

    fn set_measure(&mut self, score: &Score) -> Option<Edit> {
        let measure = *self.dice.pick(score.measure_order())?;
        let field = match self.dice.below(8) {
            0 => MeasureField::Break([None, Some(Break::System), Some(Break::Page), Some(Break::Section)][self.dice.below(4)]),
            1 => MeasureField::EndingStart([None, Some(Ending { passes: vec![1], text: String::new() })][self.dice.below(2)].clone()),
            2 => MeasureField::EndingStop([None, Some(EndingStop::Closed)][self.dice.below(2)]),
            3 => MeasureField::Time([None, Some(TimeSignature::new(3, 4)), Some(TimeSignature::new(4, 4))][self.dice.below(3)].clone()),
            4 => MeasureField::Jumps(vec![[Jump::Segno, Jump::DaCapo, Jump::Fine][self.dice.below(3)]]),
            5 => MeasureField::RightBar([BarStyle::Auto, BarStyle::LightLight][self.dice.below(2)]),
            6 => MeasureField::Length([None, Some(Beat::new(2, 4))][self.dice.below(2)]),
            _ => MeasureField::Number("99".into()),
        };
        Some(Edit::new(vec![Change::Set(measure.into(), Field::Measure(field))]))
    }

    /// What no command does, but another device may.
    fn record(&mut self, which: usize, score: &Score) -> Option<Edit> {
        let change = match which {
            39..=42 => {
                let (start, end) = (self.anchor(score)?, self.anchor(score)?);
                let kinds = [
                    SpanKind::Slur,
                    SpanKind::Crescendo,
                    SpanKind::Diminuendo,
                    SpanKind::Ottava(1),
                    SpanKind::Ottava(-1),
                    SpanKind::Pedal(true),
                    SpanKind::TrillLine,
                    SpanKind::Glissando("gliss.".into()),
                    SpanKind::Bracket,
                    SpanKind::Dashes,
                ];
                let kind = self.dice.pick(&kinds)?.clone();
                Change::Insert(self.ids.next::<Span>().into(), Record::Span(Span { start, end, kind, ..Span::default() }))
            }
            43 => {
                let spans: Vec<SpanId> = score.spans().keys().copied().collect();
                let span = *self.dice.pick(&spans)?;
                let anchor = self.anchor(score)?;
                match self.dice.below(2) {
                    0 => Change::Remove(span.into()),
                    _ => Change::Set(span.into(), Field::Span(SpanField::End(anchor))),
                }
            }
            44 => {
                let event = self.event(score)?;
                let measure = *self.dice.pick(score.measure_order())?;
                let time = EventTime { measure, ..score.event(event)?.time };
                Change::Set(event.into(), Field::Event(EventField::Time(time)))
            }
            45 => Change::Remove(self.event(score)?.into()),
            46 => {
                let event = self.event(score)?;
                let note = score.notes_of(event).first()?.0;
                match self.dice.below(3) {
                    0 => Change::Remove(note.into()),
                    1 => Change::Set(note.into(), Field::Note(NoteField::TieNext(true))),
                    _ => Change::Set(note.into(), Field::Note(NoteField::Event(self.event(score)?))),
                }
            }
            47 => Change::Set(self.event(score)?.into(), Field::Event(EventField::Voice(self.dice.below(3) as u8 + 1))),
            48 => {
                let (part, _) = *self.dice.pick(&score.parts())?;
                let field = match self.dice.below(3) {
                    0 => PartField::Visible(self.dice.below(3) > 0),
                    1 => PartField::Name("Viola d'amore".into()),
                    _ => PartField::Staves(self.dice.below(2) as u8 + 1),
                };
                Change::Set(part.into(), Field::Part(field))
            }
            _ => {
                let kinds = [MarkKind::Segno, MarkKind::Barline(BarStyle::Dashed), MarkKind::Fermata(FermataShape::Normal)];
                let kind = self.dice.pick(&kinds)?.clone();
                let anchor = self.anchor(score)?;
                Change::Insert(self.ids.next::<Mark>().into(), Record::Mark(Mark { anchor, kind, ..Mark::default() }))
            }
        };
        Some(Edit::new(vec![change]))
    }

    fn anchor(&mut self, score: &Score) -> Option<Anchor> {
        Some(match self.dice.below(4) {
            0 => Anchor::Staff(self.dice.pick(&score.parts())?.0, None, self.moment(score)?),
            1 => Anchor::System(self.moment(score)?),
            2 => Anchor::Event(self.event(score)?),
            _ => {
                let event = self.event(score)?;
                score.notes_of(event).first().map_or(Anchor::Event(event), |(note, _)| Anchor::Note(*note))
            }
        })
    }
}

/// A piece for three parts, one of them with two staves: from 8 to 39 measures of notes, chords and rests.
pub fn piece(seed: u64) -> Score {
    let mut dice = Dice::new(seed ^ 0xabcd);
    let measures = 8 + dice.below(32);
    let mut ids = IdSource::from_seed([seed, 5]);
    let mut score = Score::new();
    let parts: Vec<PartId> = (0..3).map(|_| ids.next()).collect();
    for (order, part) in parts.iter().enumerate() {
        let staves = 1 + u8::from(order == 2);
        let name = ["Voice", "Violin", "Piano"][order].to_owned();
        score.insert(*part, Part { order: order as i64, name, staves, ..Part::default() }).expect("a part");
    }
    for number in 0..measures {
        let measure = ids.next();
        let time = (number == 0).then(|| TimeSignature::new(4, 4));
        score.push_measure(measure, Measure { number: (number + 1).to_string(), time, ..Measure::default() });
        for part in &parts {
            fill(&mut score, &mut ids, &mut dice, *part, measure);
        }
    }
    score
}

fn fill(score: &mut Score, ids: &mut IdSource, dice: &mut Dice, part: PartId, measure: MeasureId) {
    let base = [NoteBase::Half, NoteBase::Quarter, NoteBase::Eighth][dice.below(3)];
    let count = base.length().ratio(Beat::WHOLE).map_or(1, |(num, den)| den / num.max(1));
    for at in 0..count {
        let time = EventTime {
            measure,
            onset: base.length().scale(at, 1),
            duration: base.length(),
            value: Some(NoteValue::new(base, 0)),
            ratio: (1, 1),
        };
        let event: EventId = ids.next();
        score.insert(event, Event { part, time, ..Event::default() }).expect("an event");
        for _ in 0..[0, 1, 1, 1, 2][dice.below(5)] {
            let pitch = Pitch::new(Step::ALL[dice.below(7)], [0, 0, 0, 1][dice.below(4)], 4 + dice.below(2) as i8);
            let tie_next = dice.below(8) == 0;
            let note = Note { event, pitch: NotePitch::Pitched(pitch), tie_next, ..Note::default() };
            score.insert(ids.next::<Note>(), note).expect("a note");
        }
    }
}

/// A piece of so many measures for one part, four quarter notes each.
pub fn long_piece(measures: usize) -> Score {
    let mut ids = IdSource::fixed(3);
    let mut score = Score::new();
    let part: PartId = ids.next();
    score.insert(part, Part { name: "Flute".into(), ..Part::default() }).expect("a part");
    for number in 0..measures {
        let measure = ids.next();
        score.push_measure(measure, Measure { number: (number + 1).to_string(), ..Measure::default() });
        for beat in 0..4 {
            let value = Some(NoteValue::new(NoteBase::Quarter, 0));
            let time = EventTime { measure, onset: Beat::new(beat, 4), duration: Beat::QUARTER, value, ratio: (1, 1) };
            let event: EventId = ids.next();
            score.insert(event, Event { part, time, ..Event::default() }).expect("an event");
            let pitch = NotePitch::Pitched(Pitch::new(Step::ALL[(number + beat as usize) % 7], 0, 4));
            score.insert(ids.next::<Note>(), Note { event, pitch, ..Note::default() }).expect("a note");
        }
    }
    score
}
