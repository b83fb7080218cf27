//! What merging left to decide, in words.

use bandpro_notation::model::*;
use bandpro_sync::DeviceId;
use bandpro_sync::document::{Finding, FindingKind, Origin, Resolution, ResolutionKind};

use crate::announce;
use crate::texts::{Arg, Texts};
use crate::view::{ConflictView, HandView, WayView};

/// Puts findings into the words of a language.
pub struct Teller<'a> {
    /// The score they are about.
    pub score: &'a Score,
    /// The language.
    pub texts: &'a Texts,
    /// The devices of the space, with what they are called.
    pub devices: &'a [(DeviceId, String)],
}

impl Teller<'_> {
    /// A finding as a surface shows it.
    pub fn view(&self, finding: &Finding) -> ConflictView {
        let (part, measure) = self.at(finding);
        let kind = match finding.kind {
            FindingKind::Competing { .. } => "competing",
            FindingKind::Overlap { .. } => "overlap",
            FindingKind::Overfull { .. } => "overfull",
            FindingKind::Dangling { .. } => "dangling",
            FindingKind::Removed { .. } => "removed",
            FindingKind::Numbers { .. } => "numbers",
        };
        ConflictView {
            id: finding.id(),
            kind: kind.to_owned(),
            text: self.sentence(kind, finding),
            place: self.place(finding),
            part,
            measure,
            hands: self.hands(finding),
            ways: finding.resolutions.iter().map(|resolution| WayView { text: self.way(finding, resolution) }).collect(),
        }
    }

    /// Everyone who took part, each once, with when they last did.
    fn hands(&self, finding: &Finding) -> Vec<HandView> {
        let mut hands: Vec<HandView> = Vec::new();
        for origin in &finding.by {
            let hand = HandView { name: self.name(origin), when: u64::try_from(origin.seconds).unwrap_or_default() * 1000 };
            match hands.iter_mut().find(|other| other.name == hand.name) {
                Some(known) => known.when = known.when.max(hand.when),
                None => hands.push(hand),
            }
        }
        hands
    }

    fn name(&self, origin: &Origin) -> String {
        let device = self.devices.iter().find(|(device, _)| origin.is_of(*device));
        device.map_or_else(|| self.texts.text("conflict-someone"), |(_, name)| name.clone())
    }

    fn sentence(&self, kind: &str, finding: &Finding) -> String {
        let names = self.hands(finding).into_iter().map(|hand| hand.name).collect::<Vec<_>>().join(&self.texts.text("list-separator"));
        let (what, count) = match &finding.kind {
            FindingKind::Competing { of, values } => (self.field(*of, values.first().map(|(field, _)| field)), values.len()),
            FindingKind::Overlap { events, .. } | FindingKind::Overfull { events, .. } => (String::new(), events.len()),
            FindingKind::Dangling { span, .. } => (self.line(*span), 1),
            FindingKind::Removed { of, .. } => (self.record(of.kind()), 1),
            FindingKind::Numbers { .. } => (String::new(), 1),
        };
        let remover = if let FindingKind::Removed { removed, .. } = &finding.kind { self.name(removed) } else { String::new() };
        let args =
            [("what", Arg::Text(&what)), ("names", Arg::Text(&names)), ("count", Arg::from(count)), ("remover", Arg::Text(&remover))];
        self.texts.with(&format!("conflict-{kind}"), &args)
    }

    fn way(&self, finding: &Finding, resolution: &Resolution) -> String {
        let key = match resolution.kind {
            ResolutionKind::Choose(at) => return self.choice(finding, at),
            ResolutionKind::Voice(voice) => {
                return self.texts.with("conflict-way-voice", &[("voice", Arg::Count(u64::from(voice)))]);
            }
            ResolutionKind::Restore => "restore",
            ResolutionKind::LeaveOut => "leave-out",
            ResolutionKind::DropRests => "drop-rests",
            ResolutionKind::Lengthen => "lengthen",
            ResolutionKind::RemoveLine => "remove-line",
            ResolutionKind::Renumber => "renumber",
            ResolutionKind::Keep => "keep",
        };
        self.texts.text(&format!("conflict-way-{key}"))
    }

    fn choice(&self, finding: &Finding, at: usize) -> String {
        let FindingKind::Competing { values, .. } = &finding.kind else { return String::new() };
        let Some((field, origin)) = values.get(at) else { return String::new() };
        let version = || self.texts.with("conflict-version", &[("number", Arg::from(at + 1))]);
        let value = self.value(field).unwrap_or_else(version);
        let key = if at == 0 { "conflict-way-stay" } else { "conflict-way-choose" };
        self.texts.with(key, &[("value", Arg::Text(&value)), ("name", Arg::Text(&self.name(origin)))])
    }

    /// A field in words; where the catalogue has none, something about its record.
    fn field(&self, of: RecordRef, field: Option<&Field>) -> String {
        let key = field.map(|field| format!("field-{}-{}", of.kind().table(), field.key().replace('_', "-")));
        let known = key.and_then(|key| self.texts.find(&key, &[]));
        known.unwrap_or_else(|| self.texts.with("field-other", &[("what", Arg::Text(&self.record(of.kind())))]))
    }

    fn record(&self, kind: RecordKind) -> String {
        self.texts.text(&format!("record-{}", kind.table()))
    }

    fn line(&self, span: SpanId) -> String {
        let slur = self.score.span(span).is_some_and(|span| span.kind == SpanKind::Slur);
        self.texts.text(if slur { "record-slur" } else { "record-spans" })
    }

    /// A value in words, where it has short ones.
    fn value(&self, field: &Field) -> Option<String> {
        let quoted = |text: &str| self.texts.with("spoken-lyric", &[("text", Arg::Text(text))]);
        match field {
            Field::Note(NoteField::Pitch(pitch)) => pitch.pitch().map(|pitch| announce::pitch(self.texts, pitch)),
            Field::Event(EventField::Time(time)) => time.value.map(|value| announce::value(self.texts, value)),
            Field::Lyric(LyricField::Text(pieces)) => {
                let text = pieces.iter().map(|(LyricPiece::Text(text, _) | LyricPiece::Elision(text))| text.as_str()).collect::<String>();
                Some(quoted(&text))
            }
            Field::Measure(MeasureField::Time(Some(time))) => {
                let groups = time
                    .groups
                    .iter()
                    .map(|(beats, unit)| format!("{}/{unit}", beats.iter().map(ToString::to_string).collect::<Vec<_>>().join("+")));
                Some(groups.collect::<Vec<_>>().join(" + "))
            }
            Field::Mark(MarkField::Kind(MarkKind::Dynamic(letters))) => Some(letters.clone()),
            Field::Mark(MarkField::Kind(MarkKind::Words(Words { text, .. }) | MarkKind::Rehearsal(text))) => Some(quoted(text)),
            other => match other.to_scalar() {
                Scalar::Null => Some(self.texts.text("conflict-nothing")),
                Scalar::Bool(value) => Some(self.texts.text(if value { "conflict-yes" } else { "conflict-no" })),
                Scalar::Int(number) => Some(number.to_string()),
                Scalar::Text(text) if matches!(other, Field::Header(_)) || matches!(other.key(), "name" | "abbreviation" | "text") => {
                    Some(quoted(&text))
                }
                Scalar::Text(_) => None,
            },
        }
    }

    /// The number of the part and the measure that a finding is about, as `goto` counts them.
    fn at(&self, finding: &Finding) -> (Option<usize>, Option<usize>) {
        let (part, measure) = match &finding.kind {
            FindingKind::Overlap { part, measure, .. } => (Some(*part), Some(*measure)),
            FindingKind::Overfull { measure, events, .. } => {
                (events.first().and_then(|id| self.score.event(*id)).map(|event| event.part), Some(*measure))
            }
            FindingKind::Numbers { first } => (None, Some(*first)),
            FindingKind::Competing { of, .. } => self.home(*of),
            FindingKind::Dangling { span, missing } => {
                let ends = self.score.span(*span).into_iter().flat_map(|span| [span.start, span.end]);
                let there = ends.filter_map(|anchor| self.score.anchor_event(anchor)).find(|id| self.score.event(*id).is_some());
                there.map_or_else(|| self.home(*missing), |event| self.home(event.into()))
            }
            FindingKind::Removed { of, .. } => {
                let back = finding.resolutions.iter().flat_map(|resolution| &resolution.edit.changes);
                back.into_iter().find_map(|change| self.came_from(change, *of)).unwrap_or_default()
            }
        };
        let number = |part: PartId| self.score.parts().iter().position(|(id, _)| *id == part).map(|at| at + 1);
        let position = |measure: MeasureId| self.score.measure_position(measure).map(|at| at + 1);
        (part.and_then(number), measure.and_then(position))
    }

    /// Where a record that is there stands.
    fn home(&self, of: RecordRef) -> (Option<PartId>, Option<MeasureId>) {
        let event = |id: EventId| self.score.event(id).map_or((None, None), |event| (Some(event.part), Some(event.time.measure)));
        let anchor = |anchor: Anchor| match anchor {
            Anchor::Staff(part, _, moment) => (Some(part), Some(moment.measure)),
            Anchor::System(moment) => (None, Some(moment.measure)),
            other => self.score.anchor_event(other).map_or((None, None), event),
        };
        match self.score.record(of) {
            Some(Record::Measure(_)) => (None, Some(Id::from_raw(of.raw()))),
            Some(Record::Part(_)) => (Some(Id::from_raw(of.raw())), None),
            Some(Record::Event(found)) => (Some(found.part), Some(found.time.measure)),
            Some(Record::Note(note)) => event(note.event),
            Some(Record::Lyric(lyric)) => event(lyric.event),
            Some(Record::Sign(sign)) => (Some(sign.part), Some(sign.at.measure)),
            Some(Record::Mark(mark)) => anchor(mark.anchor),
            Some(Record::Span(span)) => anchor(span.start),
            _ => (None, None),
        }
    }

    /// Where the change that brings a record back puts it; for a measure, the one before it.
    fn came_from(&self, change: &bandpro_notation::edit::Change, of: RecordRef) -> Option<(Option<PartId>, Option<MeasureId>)> {
        use bandpro_notation::edit::Change;
        match change {
            Change::InsertMeasure { id, after, .. } if of == (*id).into() => Some((None, *after)),
            Change::Insert(id, record) if *id == of => Some(match record {
                Record::Event(event) => (Some(event.part), Some(event.time.measure)),
                Record::Note(note) => self.home(note.event.into()),
                Record::Lyric(lyric) => self.home(lyric.event.into()),
                Record::Mark(mark) => mark_home(self, mark.anchor),
                Record::Sign(sign) => (Some(sign.part), Some(sign.at.measure)),
                _ => (None, None),
            }),
            _ => None,
        }
    }

    fn place(&self, finding: &Finding) -> String {
        let (part, measure) = self.at(finding);
        let parts = self.score.parts();
        let name = part.and_then(|number| parts.get(number - 1)).map(|(_, part)| part.label().to_owned()).filter(|name| !name.is_empty());
        let label = measure.and_then(|number| {
            let (_, record) = self.score.measures().nth(number - 1)?;
            Some(if record.number.is_empty() { number.to_string() } else { record.number.clone() })
        });
        let after = matches!(finding.kind, FindingKind::Removed { of: RecordRef::Measure(_), .. });
        let key = if after { "conflict-after-measure" } else { "spoken-measure" };
        let measure = label.map(|label| self.texts.with(key, &[("measure", Arg::Text(&label))]));
        [name, measure].into_iter().flatten().collect::<Vec<_>>().join(&self.texts.text("list-separator"))
    }
}

fn mark_home(teller: &Teller<'_>, anchor: Anchor) -> (Option<PartId>, Option<MeasureId>) {
    match anchor {
        Anchor::Event(event) => teller.home(event.into()),
        Anchor::Note(note) => teller.home(note.into()),
        Anchor::Staff(part, _, moment) => (Some(part), Some(moment.measure)),
        Anchor::System(moment) => (None, Some(moment.measure)),
        Anchor::Page(_) => (None, None),
    }
}
