//! The heading of a tune: what it is called, its metre and key, its voices and staves.

use super::lanes::Lane;
use super::{Losses, escaped, lose};
use crate::model::*;

/// Writes the heading.
pub(super) fn write(score: &Score, lanes: &[Lane], lost: &mut Losses) -> String {
    let header = score.header();
    let mut text = String::from("%abc-2.1\nI:abc-charset utf-8\nI:linebreak $\n\nX:1\n");
    let mut field = |letter: char, value: &str| {
        for line in value.lines().filter(|line| !line.trim().is_empty()) {
            text.push_str(&format!("{letter}:{}\n", escaped(line.trim())));
        }
    };
    field('T', if header.title.is_empty() { &header.work_title } else { &header.title });
    field('T', &header.subtitle);
    field('C', &header.composer);
    field('S', &header.source);
    for (given, what) in [(&header.lyricist, "lyricist"), (&header.arranger, "arranger"), (&header.copyright, "copyright")] {
        if !given.is_empty() {
            lose(lost, what);
        }
    }
    let first = score.measure_order().first().copied();
    let time = first.and_then(|id| score.measure(id)?.time.clone());
    text.push_str(&format!("M:{}\nL:1/8\n", time.as_ref().map_or_else(|| "4/4".to_owned(), metre)));
    text.push_str(&staves(score, lanes));
    for lane in lanes {
        text.push_str(&voice(score, lane, first));
    }
    let key = lanes.first().map(|lane| key_at_start(score, lane, first)).unwrap_or_default();
    text.push_str(&format!("K:{}\n", self::key(&key)));
    text
}

/// A time signature as `M:` has it.
pub(super) fn metre(time: &TimeSignature) -> String {
    match time.symbol {
        TimeSymbol::Common => return "C".to_owned(),
        TimeSymbol::Cut => return "C|".to_owned(),
        _ => {}
    }
    let sum = |beats: &[u16]| beats.iter().map(u16::to_string).collect::<Vec<_>>().join("+");
    let one = |(beats, unit): &(Vec<u16>, u16)| match beats.len() {
        1 => format!("{}/{unit}", sum(beats)),
        _ => format!("({})/{unit}", sum(beats)),
    };
    if time.groups.is_empty() { "none".to_owned() } else { time.groups.iter().map(one).collect::<Vec<_>>().join("+") }
}

/// A key signature as `K:` has it.
pub(super) fn key(key: &Key) -> String {
    const TONICS: [&str; 7] = ["F", "C", "G", "D", "A", "E", "B"];
    let (mode, shift) = match key.mode {
        KeyMode::Unknown | KeyMode::Major => ("", 0),
        KeyMode::Ionian => ("Ion", 0),
        KeyMode::Minor => ("m", 3),
        KeyMode::Aeolian => ("Aeo", 3),
        KeyMode::Dorian => ("Dor", 2),
        KeyMode::Phrygian => ("Phr", 4),
        KeyMode::Lydian => ("Lyd", -1),
        KeyMode::Mixolydian => ("Mix", 1),
        KeyMode::Locrian => ("Loc", 5),
    };
    if !key.accidentals.is_empty() {
        let sign = |a: &KeyAccidental| format!(" {}{}", super::note::accidental(a.alter), a.step.letter().to_ascii_lowercase());
        return format!("C exp{}", key.accidentals.iter().map(sign).collect::<String>());
    }
    let place = i32::from(key.fifths) + shift + 1;
    let tonic = TONICS.get(place.rem_euclid(7) as usize).copied().unwrap_or("C");
    let sign = match place.div_euclid(7) {
        0 => "",
        1.. => "#",
        _ => "b",
    };
    format!("{tonic}{sign}{mode}")
}

/// A clef as `V:` and `K:` have it. An octave below or above it is printed and does not move what is written.
pub(super) fn clef(clef: Clef) -> String {
    let name = match (clef.sign, clef.line) {
        (ClefSign::G, 2) => "treble".to_owned(),
        (ClefSign::F, 4) => "bass".to_owned(),
        (ClefSign::C, 3) => "alto".to_owned(),
        (ClefSign::C, 4) => "tenor".to_owned(),
        (ClefSign::G, line) => format!("G{line}"),
        (ClefSign::F, line) => format!("F{line}"),
        (ClefSign::C, line) => format!("C{line}"),
        (ClefSign::Percussion, _) => "perc".to_owned(),
        (ClefSign::Tab, _) => "tab".to_owned(),
        _ => "none".to_owned(),
    };
    let octave = match clef.octave {
        1 => "^8",
        -1 => "_8",
        2 => "^15",
        -2 => "_15",
        _ => "",
    };
    format!("{name}{octave}")
}

/// What a sign of a part says at the start of a staff.
fn at_start<'s>(score: &'s Score, lane: &Lane, first: Option<MeasureId>) -> impl Iterator<Item = &'s SignKind> {
    let (part, staff) = (lane.part, lane.staff);
    let signs = first.map(|id| score.signs_in(id)).unwrap_or_default();
    let own = signs
        .into_iter()
        .map(|(_, sign)| sign)
        .filter(move |sign| sign.part == part && sign.at.beat.is_zero() && sign.staff.is_none_or(|of| of == staff));
    own.map(|sign| &sign.kind)
}

/// The key signature that a voice starts with.
pub(super) fn key_at_start(score: &Score, lane: &Lane, first: Option<MeasureId>) -> Key {
    at_start(score, lane, first).find_map(|kind| if let SignKind::Key(key) = kind { Some(key.clone()) } else { None }).unwrap_or_default()
}

fn voice(score: &Score, lane: &Lane, first: Option<MeasureId>) -> String {
    let found = at_start(score, lane, first).find_map(|kind| if let SignKind::Clef(clef) = kind { Some(*clef) } else { None });
    let mut text = format!("V:{} clef={}", lane.name, clef(found.unwrap_or(Clef::TREBLE)));
    let Some(part) = score.part(lane.part) else { return text };
    if lane.leads_staff && lane.staff == 1 {
        for (name, value) in [("name", &part.name), ("snm", &part.abbreviation)] {
            if !value.is_empty() {
                text.push_str(&format!(" {name}=\"{}\"", escaped(value)));
            }
        }
    }
    if let Some(transposition) = part.transposition.filter(|t| t.semitones() != 0) {
        text.push_str(&format!(" transpose={}", transposition.semitones()));
    }
    text.push('\n');
    if let Some(program) =
        part.instruments.first().and_then(|instrument| instrument.program).filter(|_| lane.leads_staff && lane.staff == 1)
    {
        text.push_str(&format!("%%MIDI program {program}\n"));
    }
    text
}

/// `%%score`: voices of a staff in parentheses, staves of a part in braces, groups of parts in brackets.
fn staves(score: &Score, lanes: &[Lane]) -> String {
    let parts = score.parts();
    let place = |id: PartId| parts.iter().position(|(part, _)| *part == id);
    let bounds: Vec<(usize, usize, GroupSymbol)> =
        score.groups().values().filter_map(|group| Some((place(group.first)?, place(group.last)?, group.symbol))).collect();
    let brackets = |at: usize, opening: bool| {
        let is = |(first, last, symbol): &&(usize, usize, GroupSymbol)| {
            *symbol == GroupSymbol::Bracket && at == if opening { *first } else { *last }
        };
        if opening { "[ ".repeat(bounds.iter().filter(is).count()) } else { "] ".repeat(bounds.iter().filter(is).count()) }
    };
    let mut text = String::from("%%score ");
    for (order, (id, part)) in parts.iter().enumerate() {
        text.push_str(&brackets(order, true));
        if part.staves > 1 {
            text.push_str("{ ");
        }
        for staff in 1..=part.staves {
            let voices: Vec<&str> =
                lanes.iter().filter(|lane| lane.part == *id && lane.staff == staff).map(|lane| lane.name.as_str()).collect();
            match voices.as_slice() {
                [one] => text.push_str(&format!("{one} ")),
                several => text.push_str(&format!("({}) ", several.join(" "))),
            }
        }
        if part.staves > 1 {
            text.push_str("} ");
        }
        text.push_str(&brackets(order, false));
    }
    format!("{}\n", text.trim_end())
}
