//! A page made by hand, on which every role has its item.

use std::sync::Arc;

use bandpro_notation::engrave::{Item, Page, PlacedSystem, Point, Rect, Role, Shape, System};
use bandpro_notation::font::{self, Face, Glyph, Setting, glyphs};
use bandpro_notation::model::{Id, RecordRef};

/// A4 with a staff space of 1.75 mm.
pub const WIDTH: f32 = 120.0;
/// See [`WIDTH`].
pub const HEIGHT: f32 = 297.0 / 1.75;

fn item(role: Role, shape: Shape) -> Item {
    Item { shape, role, source: None, voice: 0, colour: None }
}

pub fn line(role: Role, from: (f32, f32), to: (f32, f32), thickness: f32) -> Item {
    item(role, Shape::Line { from: Point::new(from.0, from.1), to: Point::new(to.0, to.1), thickness, dash: None })
}

pub fn glyph(role: Role, glyph: Glyph, x: f32, y: f32, scale: f32) -> Item {
    item(role, Shape::Glyph { glyph, at: Point::new(x, y), scale })
}

pub fn text(role: Role, face: Face, size: f32, x: f32, y: f32, text: &str) -> Item {
    let shaped = font::shape(text, face, size);
    item(role, Shape::Text { at: Point::new(x, y), face, size, text: text.to_owned(), shaped })
}

fn curve(role: Role, x: (f32, f32), y: f32, rise: f32, thickness: f32) -> Item {
    let at = |share: f32, height: f32| Point::new(x.0 + (x.1 - x.0) * share, y - height);
    let (outer, inner) = (rise + thickness, rise);
    let shape = Shape::Curve {
        start: at(0.0, 0.0),
        outer: [at(0.25, outer), at(0.75, outer)],
        inner: [at(0.25, inner), at(0.75, inner)],
        end: at(1.0, 0.0),
    };
    item(role, shape)
}

fn beam(left: (f32, f32), right: (f32, f32)) -> Item {
    let corner = |x: f32, y: f32| Point::new(x, y);
    let points = vec![corner(left.0, left.1), corner(right.0, right.1), corner(right.0, right.1 + 0.5), corner(left.0, left.1 + 0.5)];
    item(Role::Beam, Shape::Polygon(points))
}

/// The record of the first notehead.
pub fn first_note() -> RecordRef {
    RecordRef::Event(Id::from_raw(7))
}

fn staff(top: f32) -> Vec<Item> {
    let mut items: Vec<Item> = (0..5).map(|n| line(Role::StaffLine, (10.0, top + n as f32), (110.0, top + n as f32), 0.13)).collect();
    items.push(line(Role::Barline, (10.0, top), (10.0, top + 4.0), 0.16));
    items.push(line(Role::Barline, (109.75, top), (109.75, top + 4.0), 0.5));
    items.push(glyph(Role::Clef, glyphs::G_CLEF, 11.0, top + 3.0, 1.0));
    items.push(glyph(Role::KeySignature, glyphs::ACCIDENTAL_SHARP, 15.0, top, 1.0));
    items.push(glyph(Role::TimeSignature, glyphs::TIME_SIG3, 17.0, top + 1.0, 1.0));
    items.push(glyph(Role::TimeSignature, glyphs::TIME_SIG4, 17.0, top + 3.0, 1.0));
    items
}

fn notes(top: f32) -> Vec<Item> {
    let mut items = Vec::new();
    for (index, x) in [22.0_f32, 26.0, 30.0, 34.0].into_iter().enumerate() {
        let y = top + 4.0 - index as f32 * 0.5;
        let mut head = glyph(Role::Notehead, glyphs::NOTEHEAD_BLACK, x, y, 1.0);
        head.voice = 1;
        if index == 0 {
            head.source = Some(first_note());
        }
        items.push(head);
        items.push(line(Role::Stem, (x + 1.12, y - 0.17), (x + 1.12, top - 0.5 - index as f32 * 0.2), 0.12));
    }
    items.push(beam((23.06, top - 0.5), (35.18, top - 1.1)));
    items.push(curve(Role::Slur, (22.6, 34.6), top - 2.0, 2.0, 0.22));
    items.push(curve(Role::Tie, (34.8, 40.0), top + 3.8, -1.0, 0.22));
    let mut low = glyph(Role::Notehead, glyphs::NOTEHEAD_HALF, 40.0, top + 5.0, 1.0);
    low.voice = 2;
    items.push(low);
    items.push(line(Role::LedgerLine, (39.6, top + 5.0), (41.6, top + 5.0), 0.16));
    items.push(glyph(Role::Accidental, glyphs::ACCIDENTAL_FLAT, 38.6, top + 5.0, 1.0));
    items.push(glyph(Role::Dot, glyphs::AUGMENTATION_DOT, 41.8, top + 4.5, 1.0));
    items.push(glyph(Role::Notehead, glyphs::NOTEHEAD_BLACK, 46.0, top + 2.5, 1.0));
    items.push(line(Role::Stem, (47.12, top + 2.3), (47.12, top - 1.0), 0.12));
    items.push(glyph(Role::Flag, glyphs::FLAG8TH_UP, 47.06, top - 1.0, 1.0));
    items.push(glyph(Role::Rest, glyphs::REST_QUARTER, 52.0, top + 2.0, 1.0));
    items
}

fn marks(top: f32) -> Vec<Item> {
    let dashed =
        Shape::Line { from: Point::new(70.0, top - 4.0), to: Point::new(90.0, top - 4.0), thickness: 0.16, dash: Some((0.6, 0.4)) };
    vec![
        glyph(Role::Articulation, glyphs::ARTIC_STACCATO_ABOVE, 46.3, top + 4.2, 1.0),
        glyph(Role::Ornament, glyphs::ORNAMENT_TRILL, 52.0, top - 2.0, 1.0),
        glyph(Role::Dynamic, glyphs::DYNAMIC_FF, 22.0, top + 8.5, 1.0),
        line(Role::Hairpin, (28.0, top + 8.0), (38.0, top + 7.2), 0.16),
        line(Role::Hairpin, (28.0, top + 8.0), (38.0, top + 8.8), 0.16),
        text(Role::Lyric, Face::Roman, 2.2, 22.0, top + 11.0, "Wer reitet so spät durch Nacht und Wind?"),
        line(Role::LyricLine, (66.0, top + 10.8), (68.0, top + 10.8), 0.16),
        text(Role::ChordSymbol, Face::Bold, 2.6, 60.0, top - 2.5, "B♭maj7/F♯"),
        text(Role::Tempo, Face::Bold, 2.6, 11.0, top - 6.0, "Schnell"),
        text(Role::Tempo, Face::Roman, 2.4, 22.0, top - 6.0, "\u{E1D5} = 152"),
        text(Role::Words, Face::Italic, 2.4, 60.0, top + 8.5, "dolce e cantabile, più mosso"),
        text(Role::Words, Face::BoldItalic, 2.4, 60.0, top + 11.5, "marcato"),
        text(Role::Rehearsal, Face::Bold, 3.0, 56.0, top - 6.0, "A"),
        text(Role::Tuplet, Face::Italic, 2.0, 75.0, top - 1.0, "3"),
        line(Role::Volta, (92.0, top - 3.0), (109.0, top - 3.0), 0.16),
        item(Role::Ottava, dashed),
        glyph(Role::Pedal, glyphs::KEYBOARD_PEDAL_PED, 80.0, top + 8.5, 1.0),
        glyph(Role::Tremolo, glyphs::TREMOLO3, 84.0, top + 2.0, 1.0),
        glyph(Role::Arpeggio, glyphs::WIGGLE_ARPEGGIATO_UP, 88.0, top + 2.0, 1.0),
        line(Role::Glissando, (92.0, top + 3.5), (98.0, top + 0.5), 0.12),
        glyph(Role::Brace, glyphs::BRACE, 8.0, top + 4.0, 1.0),
        text(Role::PartName, Face::Roman, 2.2, 2.0, top + 2.5, "Fl."),
        text(Role::MeasureNumber, Face::Italic, 1.8, 10.0, top - 1.0, "17"),
        glyph(Role::Other, glyphs::FERMATA_ABOVE, 102.0, top - 1.0, 0.7),
    ]
}

/// The whole page.
pub fn page() -> Page {
    let top = 40.0;
    let origin = Point::new(10.0, 30.0);
    let back = Point::default() - origin;
    let items = [staff(top), notes(top), marks(top)].concat().into_iter().map(|item| item.moved(back)).collect();
    let bounds = Rect::new(2.0, 30.0, 110.0, 55.0).moved(back);
    let system = Arc::new(System { setting: Setting::CLASSICAL, bounds, staves: Vec::new(), times: Vec::new(), items });
    Page {
        number: 1,
        width: WIDTH,
        height: HEIGHT,
        millimetres_per_space: 1.75,
        setting: Setting::CLASSICAL,
        items: vec![
            text(Role::Title, Face::Bold, 5.0, 38.0, 12.0, "Erlkönig 魔王 «D 328»"),
            text(Role::Credit, Face::Roman, 2.4, 92.0, 18.0, "Franz Schubert"),
            text(Role::PageNumber, Face::Roman, 2.2, 60.0, 160.0, "1"),
        ],
        systems: vec![PlacedSystem { origin, measures: 0..1, system }],
    }
}

/// All roles.
pub const ROLES: [Role; 40] = [
    Role::StaffLine,
    Role::LedgerLine,
    Role::Barline,
    Role::Brace,
    Role::Clef,
    Role::KeySignature,
    Role::TimeSignature,
    Role::Notehead,
    Role::Accidental,
    Role::Dot,
    Role::Stem,
    Role::Flag,
    Role::Beam,
    Role::Rest,
    Role::Tie,
    Role::Slur,
    Role::Articulation,
    Role::Ornament,
    Role::Dynamic,
    Role::Hairpin,
    Role::Lyric,
    Role::LyricLine,
    Role::ChordSymbol,
    Role::Tempo,
    Role::Words,
    Role::Rehearsal,
    Role::Tuplet,
    Role::Volta,
    Role::Ottava,
    Role::Pedal,
    Role::Tremolo,
    Role::Arpeggio,
    Role::Glissando,
    Role::PartName,
    Role::MeasureNumber,
    Role::Title,
    Role::Credit,
    Role::PageNumber,
    Role::Other,
    Role::Other,
];
