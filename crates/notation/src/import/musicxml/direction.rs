//! What stands at a moment rather than on a note. MusicXML 4.0, `direction`.

use super::super::xml::Element;
use super::measure::MeasureReading;
use super::names::{SIGNS, STRING_MUTES};
use super::spanners::{End, Family, SpanName};
use super::{diagrams, looks, sound, tempo};
use crate::model::*;

/// A direction while it is read.
#[derive(Clone, Copy)]
pub(super) struct Direction {
    staff: u8,
    pub(super) beat: Beat,
    pub(super) placement: Placement,
    /// Said to all players, as a tempo is.
    system: bool,
    /// The voice it is for: what it holds on to is an event of that voice.
    voice: Option<u8>,
    /// What its words have as a line that goes on from them.
    phrase: Option<&'static str>,
    /// Its words put its metronome mark in parentheses.
    pub(super) in_parentheses: bool,
}

/// What a line of dashes after these words is.
const DASHED: [(&str, &str); 2] = [("p.m.", "palm mute"), ("let ring", "let ring")];

/// Reads a direction.
pub(super) fn read(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>) {
    let staff = reading.staff(element);
    let beat = reading.place(element);
    let sound = element.child("sound");
    let tempo = sound.and_then(|sound| sound.attribute("tempo"));
    let types = || element.named("direction-type").flat_map(Element::children);
    let mut sentences: Vec<Sentence<'_, '_>> = element.named("direction-type").flat_map(sentences_of).collect();
    let metronome = types().any(|kind| kind.name() == "metronome");
    let to_all = matches!(element.attribute("system").as_deref(), Some("only-top" | "also-top"));
    let system = to_all || metronome || tempo.is_some() || element.is("directive", "yes");
    let voice = element.text_of("voice").map(|voice| reading.part.voice(voice));
    let dashed = types().any(|kind| kind.name() == "dashes" && kind.is("type", "start"));
    let said = sentences.first().map(|said| said.text.trim().to_lowercase());
    let phrase = DASHED.iter().find(|(words_of, _)| dashed && said.as_deref() == Some(words_of)).map(|(_, line)| *line);
    let in_parentheses = metronome && take_parentheses(&mut sentences);
    let direction = Direction { staff, beat, placement: looks::placement(element), system, voice, phrase, in_parentheses };
    let steers = sound.is_some_and(sound::steers);
    let to_coda = sentences.iter().any(|words| sound::jump_of_words(&words.text) == Some(Jump::ToCoda));
    for child in types().filter(|kind| kind.name() != "words") {
        one(reading, child, direction, tempo.as_deref());
    }
    for Sentence { first, text, other } in sentences.iter().filter(|_| direction.phrase.is_none()) {
        words(reading, *first, text, direction);
        if let Some(other) = other {
            reading.unsupported(&["direction-type", "words@font-style"], *other);
        }
    }
    let signs = types().filter_map(|kind| implied_jump(kind, to_coda));
    for jump in signs.chain(sentences.iter().filter_map(|words| sound::jump_of_words(&words.text))).filter(|_| !steers) {
        reading.jump(jump);
    }
    if let Some(sound) = sound {
        let counted = types().any(|kind| kind.name() == "metronome" && !kind.has("metronome-note"));
        sound::read(reading, sound, beat, counted);
    }
}

/// A text of a direction.
struct Sentence<'t, 'a> {
    /// What says where it stands and how it looks.
    first: Element<'t, 'a>,
    text: String,
    /// The first of its elements that looks otherwise.
    other: Option<Element<'t, 'a>>,
}

/// The texts of a direction-type: words that follow each other, in another font perhaps, are one text.
fn sentences_of<'t, 'a>(kind: Element<'t, 'a>) -> impl Iterator<Item = Sentence<'t, 'a>> {
    let mut sentences: Vec<Sentence<'t, 'a>> = Vec::new();
    let mut goes_on = false;
    for child in kind.children() {
        let is_words = child.name() == "words";
        let before = sentences.last_mut().filter(|_| goes_on && is_words);
        goes_on = is_words && (goes_on || !child.text().is_empty());
        if let Some(before) = before {
            before.text.push_str(child.raw_text());
            let differs = ["font-weight", "font-style"].iter().any(|name| {
                let said = child.attribute(name).filter(|_| !child.text().is_empty());
                said.is_some_and(|said| said != before.first.attribute(name).as_deref().unwrap_or("normal"))
            });
            before.other = before.other.or(differs.then_some(child));
        } else if goes_on {
            sentences.push(Sentence { first: child, text: child.raw_text().to_owned(), other: None });
        }
    }
    sentences.into_iter()
}

/// Takes parentheses that words before and after a metronome mark put around it out of them, where they do: they are a part of the
/// mark.
fn take_parentheses(sentences: &mut Vec<Sentence<'_, '_>>) -> bool {
    let around = |pair: &[Sentence<'_, '_>]| pair[0].text.trim_end().ends_with('(') && pair[1].text.trim_start().starts_with(')');
    let Some(at) = sentences.windows(2).position(around) else { return false };
    let before = sentences[at].text.trim_end().trim_end_matches('(').to_owned();
    let after = sentences[at + 1].text.trim_start().trim_start_matches(')').to_owned();
    (sentences[at].text, sentences[at + 1].text) = (before, after);
    sentences.retain(|sentence| !sentence.text.trim().is_empty());
    true
}

/// Where a sign leads although no `sound` says so. A coda sign beside “to coda” is a part of those words.
fn implied_jump(element: Element<'_, '_>, to_coda: bool) -> Option<Jump> {
    match element.name() {
        "segno" => Some(Jump::Segno),
        "coda" if !to_coda => Some(Jump::Coda),
        _ => None,
    }
}

impl Direction {
    /// What it holds on to: an event of its voice that starts (or, for the end of a line, ends) here, else the staff.
    pub(super) fn anchor(self, reading: &MeasureReading<'_, '_>, is_end: bool) -> Anchor {
        let here = |event: &Event| {
            let at = if is_end { event.time.end() } else { event.time.onset };
            event.grace.is_none() && at == self.beat
        };
        let found = self.voice.and_then(|voice| reading.events.iter().find(|(_, event)| event.voice == voice && here(event)));
        found.map_or_else(|| reading.on_staff(self.staff, self.beat), |(id, _)| Anchor::Event(*id))
    }
}

fn one(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, direction: Direction, tempo: Option<&str>) {
    match element.name() {
        "dynamics" => mark(reading, element, direction, MarkKind::Dynamic(dynamic_letters(element))),
        "rehearsal" => to_all(reading, element, direction, MarkKind::Rehearsal(element.text().to_owned())),
        "segno" => to_all(reading, element, direction, MarkKind::Segno),
        "coda" => to_all(reading, element, direction, MarkKind::Coda),
        "metronome" => tempo::metronome(reading, element, direction, tempo),
        "wedge" => {
            let kind = if element.is("type", "diminuendo") { SpanKind::Diminuendo } else { SpanKind::Crescendo };
            line(reading, element, Family::Wedge, direction, kind);
        }
        "octave-shift" => octave_shift(reading, element, direction),
        "pedal" => pedal(reading, element, direction),
        "dashes" => {
            let kind = match direction.phrase {
                Some("palm mute") => SpanKind::PalmMute,
                Some(_) => SpanKind::LetRing,
                None => SpanKind::Dashes,
            };
            line(reading, element, Family::Dashes, direction, kind);
        }
        "bracket" => line(reading, element, Family::Bracket, direction, SpanKind::Bracket),
        "symbol" => mark(reading, element, direction, MarkKind::Symbol(element.text().chars().take(100).collect())),
        "accordion-registration" => mark(reading, element, direction, MarkKind::Accordion(diagrams::accordion(element))),
        "harp-pedals" => match diagrams::harp(element) {
            Some(pedals) => mark(reading, element, direction, MarkKind::HarpPedals(pedals)),
            None => reading.import.report.invalid(&["direction-type", "harp-pedals"], element.byte()),
        },
        "scordatura" => mark(reading, element, direction, MarkKind::Scordatura(diagrams::scordatura(element))),
        "string-mute" => {
            let glyph = STRING_MUTES.iter().find(|(kind, _)| element.is("type", kind)).map(|(_, glyph)| *glyph);
            mark(reading, element, direction, MarkKind::Symbol(glyph.unwrap_or("stringsMuteOn").to_owned()));
        }
        "other-direction" => other(reading, element, direction),
        name => match SIGNS.iter().find(|(known, _)| *known == name) {
            Some((_, glyph)) => mark(reading, element, direction, MarkKind::Symbol((*glyph).to_owned())),
            None => reading.unsupported(&["direction-type", name], element),
        },
    }
}

/// A mark where the direction stands.
fn mark(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, direction: Direction, kind: MarkKind) {
    let (anchor, visible) = (direction.anchor(reading, false), looks::visible(element));
    let (style, colour) = (looks::style(element), looks::colour(element));
    reading.put_mark(Mark { anchor, kind, placement: direction.placement, style, colour, visible, ..Mark::default() });
}

/// A mark for all players.
fn to_all(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, direction: Direction, kind: MarkKind) {
    let anchor = Anchor::System(reading.moment(direction.beat));
    let (style, colour) = (looks::style(element), looks::colour(element));
    let mark = Mark { anchor, kind, placement: direction.placement, style, colour, visible: looks::visible(element), ..Mark::default() };
    reading.put_system_mark(direction.beat, mark);
}

/// The letters of a dynamic: the names of its elements, or the text of those that have none, set apart by a blank.
pub(super) fn dynamic_letters(element: Element<'_, '_>) -> String {
    let mut letters = String::new();
    let mut text = false;
    for child in element.children() {
        let other = child.name() == "other-dynamics";
        if (text || other) && !letters.is_empty() {
            letters.push(' ');
        }
        letters.push_str(if other { child.text() } else { child.name() });
        text = other;
    }
    letters
}

fn words(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, text: &str, direction: Direction) {
    let kind = MarkKind::Words(Words { text: text.trim().to_owned() });
    if direction.system { to_all(reading, element, direction, kind) } else { mark(reading, element, direction, kind) }
}

/// Something that MusicXML has no element for: a glyph, words that are not printed, or what BandPro writes there itself.
fn other(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, direction: Direction) {
    let (glyph, text) = (looks::glyph(element), element.text());
    if !glyph.is_empty() {
        return mark(reading, element, direction, MarkKind::Symbol(glyph));
    }
    let own = text.strip_prefix(OWN).filter(|_| !looks::visible(element));
    match own.map(|own| own.split_whitespace().collect::<Vec<_>>()).as_deref() {
        Some(["section"]) => reading.section_break(),
        Some(["break", kind]) => {
            let kind =
                [("page", Break::Page), ("system", Break::System), ("section", Break::Section)].iter().find(|(name, _)| name == kind);
            if let Some((_, kind)) = kind {
                let anchor = Anchor::Staff(reading.part.id, None, reading.moment(Beat::ZERO));
                reading.put_mark(Mark { anchor, kind: MarkKind::Break(*kind), ..Mark::default() });
            }
        }
        Some(["spacer", side @ ("above" | "below"), height, least @ ..]) => {
            let (above, least) = (*side == "above", !least.is_empty());
            if let Ok(height) = height.parse() {
                mark(reading, element, direction, MarkKind::Spacer(Spacer { height, above, least }));
            }
        }
        _ if text.is_empty() => reading.unsupported(&["direction-type", "other-direction"], element),
        _ => words(reading, element, text, direction),
    }
}

/// What starts an unprinted `other-direction` of BandPro's own.
pub(crate) const OWN: &str = "bandpro:";

fn line(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, family: Family, direction: Direction, kind: SpanKind) {
    let name = SpanName { family, number: element.number("number").unwrap_or(1), voice: 0 };
    let is_end = element.is("type", "stop");
    let end = End {
        anchor: direction.anchor(reading, is_end),
        at: (reading.index, direction.beat),
        byte: element.byte(),
        line_end: looks::line_end(element),
        niente: element.is("niente", "yes"),
    };
    let span = match element.attribute("type").as_deref() {
        Some("stop") => reading.part.spans.stop(name, end),
        Some("continue") => None,
        Some(_) => {
            let (line, colour) = (looks::line(element), looks::colour(element));
            let span = Span { kind, placement: direction.placement, line, colour, ..Span::default() };
            reading.part.spans.start(name, end, span)
        }
        None => {
            reading.import.report.invalid(&["direction-type", element.name()], element.byte());
            None
        }
    };
    reading.span(span);
}

/// `down` is 8va: the notes are written lower than they sound, and `pitch` is what sounds.
fn octave_shift(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, direction: Direction) {
    reading.octave_shift = true;
    let octaves = match element.number::<u8>("size").unwrap_or(8) {
        15 => 2,
        22 => 3,
        8 => 1,
        _ => {
            reading.import.report.repaired(&["octave-shift@size"], element.byte());
            1
        }
    };
    let shift = if element.is("type", "up") { -octaves } else { octaves };
    line(reading, element, Family::Ottava, direction, SpanKind::Ottava(shift));
}

fn pedal(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, direction: Direction) {
    let name = SpanName { family: Family::Pedal, number: element.number("number").unwrap_or(1), voice: 0 };
    let kind = element.attribute("type").unwrap_or_default();
    let end = |is_end: bool, open: &str| End {
        anchor: direction.anchor(reading, is_end),
        at: (reading.index, direction.beat),
        byte: element.byte(),
        line_end: if kind == open { LineEnd::None } else { LineEnd::Auto },
        niente: false,
    };
    let (stop, start) = (end(true, "discontinue"), end(false, "resume"));
    match kind.as_ref() {
        "stop" | "discontinue" => {
            let span = reading.part.spans.stop(name, stop);
            reading.span(span);
        }
        // A pedal that is pressed again was let go of first.
        "start" | "change" | "resume" | "sostenuto" => {
            if reading.part.spans.is_open(name) {
                let span = reading.part.spans.stop(name, stop);
                reading.span(span);
            }
            let line = element.is("line", "yes");
            let signed = line && element.is("sign", "yes");
            let span = Span {
                kind: if kind == "sostenuto" { SpanKind::Sostenuto(line) } else { SpanKind::Pedal(line) },
                placement: direction.placement,
                text: if signed { PEDAL_SIGN.to_owned() } else { String::new() },
                change: kind == "change",
                colour: looks::colour(element),
                ..Span::default()
            };
            let span = reading.part.spans.start(name, start, span);
            reading.span(span);
        }
        "continue" => {}
        _ => reading.import.report.invalid(&["direction-type", "pedal"], element.byte()),
    }
}

/// What a pedal line with a sign begins with.
pub(crate) const PEDAL_SIGN: &str = "Ped.";
