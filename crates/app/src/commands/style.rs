//! The settings of a style, a command each: how it is read from an argument, and the argument that sets it as it is.

use bandpro_notation::edit::{self, Change, Edit, StylePreset};
use bandpro_notation::model::{
    ChordSpelling, Field, Layout, LayoutField, MeasureNumbers, MusicFont, Paper, Part, PartField, PartId, Score, TextFont,
};

use super::Effect;
use super::arguments::need;
use super::layout::{paper, paper_name, share, switch};
use super::perform::{Argument, Done, stay};
use crate::desk::Desk;
use crate::looking::Looking;
use crate::view::StyleView;

/// A setting.
pub struct Setting {
    /// The command that sets it.
    pub id: &'static str,
    /// What the command needs.
    pub form: &'static str,
    at: At,
}

/// Where a setting is kept.
enum At {
    /// In the layout of the score.
    Layout { read: fn(&str) -> Option<LayoutField>, write: fn(&Layout) -> String },
    /// The paper: in the part's own layout while one part is looked at.
    Paper { read: fn(&str, Paper) -> Option<Paper>, write: fn(Paper) -> String },
    /// The size of the staves: the same.
    Staff,
}

/// What an argument says where a part is to be as the score is.
const AS_SCORE: &str = "score";

macro_rules! layout {
    ($id:literal, $form:literal, $field:ident, $variant:ident, $read:expr, $write:expr) => {
        Setting {
            id: $id,
            form: $form,
            at: At::Layout {
                read: |text| $read(text.trim()).map(LayoutField::$variant),
                write: |layout| {
                    let write = $write;
                    write(layout.$field)
                },
            },
        }
    };
}

macro_rules! of_hundred {
    ($id:literal, $field:ident, $variant:ident) => {
        layout!($id, "PERCENT", $field, $variant, share, |share: u16| share.to_string())
    };
}

macro_rules! on_off {
    ($id:literal, $field:ident, $variant:ident) => {
        layout!($id, "on|off", $field, $variant, switch, |on: bool| switched(Some(on)))
    };
}

macro_rules! in_parts {
    ($id:literal, $field:ident, $variant:ident) => {
        layout!($id, "on|off|parts", $field, $variant, |text| if text == "parts" { Some(None) } else { switch(text).map(Some) }, switched)
    };
}

macro_rules! text_font {
    ($id:literal, $field:ident, $variant:ident) => {
        layout!($id, "academico|petaluma-script", $field, $variant, |text| named(&TEXT_FONTS, text), |font| name(&TEXT_FONTS, font))
    };
}

const MUSIC_FONTS: [(&str, MusicFont); 2] = [("bravura", MusicFont::Bravura), ("petaluma", MusicFont::Petaluma)];
const TEXT_FONTS: [(&str, TextFont); 2] = [("academico", TextFont::Academico), ("petaluma-script", TextFont::PetalumaScript)];
const SPELLINGS: [(&str, ChordSpelling); 2] = [("words", ChordSpelling::Words), ("signs", ChordSpelling::Signs)];

/// Every setting, in the order of a style sheet.
pub static SETTINGS: [Setting; 25] = [
    Setting {
        id: "page-size",
        form: "SIZE",
        at: At::Paper {
            read: |text, old| paper(text).map(|(width, height)| Paper { width, height, ..old }),
            write: |paper| paper_name(paper.width, paper.height),
        },
    },
    Setting { id: "margins", form: "MM or TOP RIGHT BOTTOM LEFT", at: At::Paper { read: margins, write: margins_now } },
    Setting { id: "staff-size", form: "MM", at: At::Staff },
    of_hundred!("note-spacing", note_spacing, NoteSpacing),
    of_hundred!("staff-distance", staff_distance, StaffDistance),
    of_hundred!("system-distance", system_distance, SystemDistance),
    on_off!("fill-pages", fill_pages, FillPages),
    on_off!("fill-last-system", fill_last, FillLast),
    in_parts!("page-turns", page_turns, PageTurns),
    on_off!("hide-empty-staves", hide_empty, HideEmpty),
    in_parts!("multi-rests", multi_rests, MultiRests),
    layout!("measure-numbers", "none|systems|N", numbers, Numbers, numbers, numbers_now),
    on_off!("concert-pitch", concert_pitch, ConcertPitch),
    layout!("music-font", "bravura|petaluma", music_font, MusicFont, |text| named(&MUSIC_FONTS, text), |font| name(&MUSIC_FONTS, font)),
    text_font!("text-font", text_font, TextFont),
    text_font!("lyric-font", lyric_font, LyricFont),
    text_font!("chord-font", chord_font, ChordFont),
    layout!("chord-spelling", "words|signs", chord_spelling, ChordSpelling, |text| named(&SPELLINGS, text), |way| name(&SPELLINGS, way)),
    of_hundred!("text-size", text_size, TextSize),
    of_hundred!("lyric-size", lyric_size, LyricSize),
    of_hundred!("chord-size", chord_size, ChordSize),
    of_hundred!("title-size", title_size, TitleSize),
    of_hundred!("staff-line-width", staff_lines, StaffLines),
    of_hundred!("stem-width", stems, Stems),
    of_hundred!("line-width", lines, Lines),
];

/// The setting that a command of the table sets.
pub const fn setting(id: &str) -> &'static Setting {
    let mut at = 0;
    while at < SETTINGS.len() {
        if same(SETTINGS[at].id, id) {
            return &SETTINGS[at];
        }
        at += 1;
    }
    panic!("no such setting")
}

/// Equality of texts before the program runs.
const fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

impl Setting {
    /// Sets it: of the part that is looked at alone, where that can have its own, else of the score.
    pub fn set(&'static self, desk: &Desk, score: &Score, argument: Argument<'_>) -> Done {
        let text = argument.unwrap_or_default().trim();
        stay(Ok(need(self.id, self.form, self.edit(desk.looking, score, text))?))
    }

    fn edit(&self, looking: Looking, score: &Score, text: &str) -> Option<Edit> {
        let part = own_part(looking, score);
        let own = |id: PartId, field: PartField| Edit::new(vec![Change::Set(id.into(), Field::Part(field))]);
        match (&self.at, part) {
            (At::Layout { read, .. }, _) => {
                let field = read(text)?;
                Some(if score.layout().fields().contains(&field) { Edit::default() } else { edit::set_layout(field) })
            }
            (At::Paper { .. }, Some((id, _))) if text == AS_SCORE => Some(own(id, PartField::Paper(None))),
            (At::Paper { read, .. }, Some((id, part))) => {
                let paper = read(text, part.paper.unwrap_or_else(|| paper_of(score.layout())))?;
                Some(own(id, PartField::Paper(Some(paper))))
            }
            (At::Paper { read, .. }, None) => {
                let Paper { width, height, top, right, bottom, left } = read(text, paper_of(score.layout()))?;
                Some(edit::change_layout(score, &Layout { width, height, top, right, bottom, left, ..score.layout().clone() }))
            }
            (At::Staff, Some((id, _))) if text == AS_SCORE => Some(own(id, PartField::StaffHeight(None))),
            (At::Staff, Some((id, _))) => Some(own(id, PartField::StaffHeight(Some(staff(text)?)))),
            (At::Staff, None) => {
                let staff_height = staff(text)?;
                Some(edit::change_layout(score, &Layout { staff_height, ..score.layout().clone() }))
            }
        }
    }

    /// The argument that sets it as it is.
    fn now(&self, looking: Looking, score: &Score) -> String {
        let part = own_part(looking, score).map(|(_, part)| part);
        match &self.at {
            At::Layout { write, .. } => write(score.layout()),
            At::Paper { write, .. } => write(part.and_then(|part| part.paper).unwrap_or_else(|| paper_of(score.layout()))),
            At::Staff => hundredths(part.and_then(|part| part.staff_height).unwrap_or(score.layout().staff_height)),
        }
    }

    /// Whether the part that is looked at has its own.
    fn is_own(&self, looking: Looking, score: &Score) -> bool {
        own_part(looking, score).is_some_and(|(_, part)| match self.at {
            At::Layout { .. } => false,
            At::Paper { .. } => part.paper.is_some(),
            At::Staff => part.staff_height.is_some(),
        })
    }
}

/// Gives the score a preset.
pub fn style(_: &mut Desk, score: &Score, argument: Argument<'_>) -> Done {
    let preset = need("style", "STYLE", argument.and_then(StylePreset::named))?;
    Ok(Effect::Edit(edit::set_style(score, preset), super::Then::Stay))
}

/// The style as it is.
pub fn view(looking: Looking, score: &Score) -> StyleView {
    let layout = score.layout();
    let preset = StylePreset::NAMED.iter().find(|(_, preset)| preset.applied_to(layout) == *layout);
    StyleView {
        preset: preset.map(|(name, _)| (*name).to_owned()),
        presets: StylePreset::NAMED.iter().map(|(name, _)| (*name).to_owned()).collect(),
        values: SETTINGS.iter().map(|setting| (setting.id.to_owned(), setting.now(looking, score))).collect(),
        own: SETTINGS.iter().filter(|setting| setting.is_own(looking, score)).map(|setting| setting.id.to_owned()).collect(),
    }
}

fn own_part(looking: Looking, score: &Score) -> Option<(PartId, &Part)> {
    looking.part.and_then(|id| Some((id, score.part(id)?)))
}

fn paper_of(layout: &Layout) -> Paper {
    let Layout { width, height, top, right, bottom, left, .. } = *layout;
    Paper { width, height, top, right, bottom, left }
}

/// Millimetres from the top line of a staff to the bottom line, in hundredths.
fn staff(text: &str) -> Option<u32> {
    let millimetres = text.trim_end_matches("mm").trim().parse::<f64>().ok()?;
    (2.0..=30.0).contains(&millimetres).then(|| (millimetres * 100.0).round() as u32)
}

fn hundredths(value: u32) -> String {
    format!("{}", f64::from(value) / 100.0)
}

fn tenths(value: u32) -> String {
    format!("{}", f64::from(value) / 10.0)
}

/// One margin for all sides, or those at the top, the right, the bottom and the left, in millimetres.
fn margins(text: &str, old: Paper) -> Option<Paper> {
    let side = |text: &str| {
        let millimetres: f64 = text.trim_end_matches("mm").parse().ok()?;
        (0.0..=200.0).contains(&millimetres).then(|| (millimetres * 10.0).round() as u32)
    };
    let sides: Vec<u32> = text.split_whitespace().map(side).collect::<Option<_>>()?;
    let [top, right, bottom, left] = match *sides.as_slice() {
        [all] => [all; 4],
        [top, right, bottom, left] => [top, right, bottom, left],
        _ => return None,
    };
    Some(Paper { top, right, bottom, left, ..old })
}

fn margins_now(paper: Paper) -> String {
    [paper.top, paper.right, paper.bottom, paper.left].map(tenths).join(" ")
}

fn numbers(text: &str) -> Option<MeasureNumbers> {
    Some(match text {
        "none" => MeasureNumbers::None,
        "systems" => MeasureNumbers::Systems,
        number => MeasureNumbers::Every(number.parse().ok().filter(|each| *each > 0)?),
    })
}

fn numbers_now(numbers: MeasureNumbers) -> String {
    match numbers {
        MeasureNumbers::None => "none".to_owned(),
        MeasureNumbers::Systems => "systems".to_owned(),
        MeasureNumbers::Every(each) => each.to_string(),
    }
}

fn switched(on: Option<bool>) -> String {
    match on {
        Some(true) => "on",
        Some(false) => "off",
        None => "parts",
    }
    .to_owned()
}

fn named<T: Copy>(names: &[(&str, T)], text: &str) -> Option<T> {
    names.iter().find(|(name, _)| *name == text).map(|(_, value)| *value)
}

fn name<T: Copy + PartialEq>(names: &[(&str, T)], value: T) -> String {
    names.iter().find(|(_, named)| *named == value).map(|(name, _)| (*name).to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_setting_is_sets_it_as_it_is() {
        let mut score = Score::default();
        for (_, preset) in StylePreset::NAMED {
            let _ = edit::set_style(&score, preset).apply(&mut score).unwrap();
            for setting in &SETTINGS {
                let now = setting.now(Looking::default(), &score);
                let edit = setting.edit(Looking::default(), &score, &now).unwrap_or_else(|| panic!("{} {now}", setting.id));
                assert!(edit.is_empty(), "{} {now}", setting.id);
            }
            assert_eq!(view(Looking::default(), &score).preset.as_deref().and_then(StylePreset::named), Some(preset));
        }
    }

    #[test]
    fn a_part_has_paper_and_staves_of_its_own_and_gives_them_up_again() {
        let mut score = Score::default();
        let id = PartId::from_raw(5);
        score.insert(id, Part::default()).unwrap();
        let looking = Looking { part: Some(id), ..Looking::default() };
        for (setting, argument) in [("page-size", "a5"), ("margins", "8 9 10 11.5"), ("staff-size", "6.2")] {
            let setting = super::setting(setting);
            let _ = setting.edit(looking, &score, argument).unwrap().apply(&mut score).unwrap();
            assert_eq!((setting.now(looking, &score).as_str(), setting.is_own(looking, &score)), (argument, true));
            assert!(setting.now(Looking::default(), &score) != argument, "the score keeps its own");
        }
        assert_eq!(view(looking, &score).own, ["page-size", "margins", "staff-size"]);
        for id in ["margins", "staff-size"] {
            let _ = setting(id).edit(looking, &score, "score").unwrap().apply(&mut score).unwrap();
        }
        assert!(view(looking, &score).own.is_empty());
        assert!(setting("margins").edit(Looking::default(), &score, "score").is_none(), "the score is nobody's part");
    }
}
