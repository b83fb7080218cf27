//! MusicXML, partwise and timewise, read measure by measure.
//!
//! The header is read element by element; then each measure of each part is held as a small tree, turned into records and
//! forgotten. What only the whole score can tell (time signatures that all parts share, lengths of measures) is kept in a
//! [`state::Column`] a measure and settled at the end.
//!
//! What MusicXML says about exact positions on the page (`default-x` and its kin, distances between staves and systems) is left to
//! BandPro's own engraving and does not appear in the report. Neither do MIDI volume and pan, which belong to a mix.

pub(crate) mod accidentals;
mod attributes;
pub(crate) mod barline;
mod credits;
mod diagrams;
pub(crate) mod direction;
mod finish;
mod harmony;
mod header;
mod looks;
mod lyrics;
mod measure;
pub(crate) mod names;
pub(crate) mod notations;
mod note;
pub(crate) mod number;
mod ornaments;
mod part_list;
mod sound;
pub(crate) mod spanners;
mod staff;
mod state;
mod stems;
mod technical;
mod tempo;

use super::xml::{Tag, Token, Tree, XmlReader};
use super::{ImportError, Imported, Limits};
use crate::model::IdSource;
use measure::MeasureHead;
use state::Import;

/// Reads a document.
pub(super) fn read(text: &str, limits: &Limits, ids: &mut IdSource) -> Result<Imported, ImportError> {
    let mut reader = XmlReader::new(text, limits);
    let root = outermost(&mut reader)?;
    let mut import = Import::new(limits, ids, text.contains("<beam"));
    let mut tree = Tree::default();
    match root.name {
        "score-partwise" => each_child(&mut reader, &root, |reader, tag| match tag.name {
            "part" => part(reader, tag, &mut tree, &mut import),
            _ => head(reader, tag, &mut tree, &mut import),
        })?,
        "score-timewise" => {
            let mut index = 0;
            each_child(&mut reader, &root, |reader, tag| match tag.name {
                "measure" => {
                    index += 1;
                    measure_of_all(reader, tag, index - 1, &mut tree, &mut import)
                }
                _ => head(reader, tag, &mut tree, &mut import),
            })?;
        }
        other => {
            return Err(ImportError::NotMusicXml { root: other.chars().take(60).collect(), place: reader.place(root.byte) });
        }
    }
    while !matches!(reader.next()?, Token::End) {}
    let (score, report) = import.finish();
    Ok(Imported { score, report: report.into_lines(Some(text)) })
}

fn outermost<'a>(reader: &mut XmlReader<'a>) -> Result<Tag<'a>, ImportError> {
    loop {
        match reader.next()? {
            Token::Open(tag) => return Ok(tag),
            Token::End => return Err(ImportError::NotXml),
            Token::Close | Token::Text(_) => {}
        }
    }
}

/// Calls `visit` with each child of an element whose opening tag was just read; the visit reads the child to its end.
fn each_child<'a>(
    reader: &mut XmlReader<'a>,
    parent: &Tag<'a>,
    mut visit: impl FnMut(&mut XmlReader<'a>, &Tag<'a>) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
    if parent.empty {
        return Ok(());
    }
    loop {
        match reader.next()? {
            Token::Open(tag) => visit(reader, &tag)?,
            Token::Close | Token::End => return Ok(()),
            Token::Text(_) => {}
        }
    }
}

fn head<'a>(reader: &mut XmlReader<'a>, tag: &Tag<'a>, tree: &mut Tree<'a>, import: &mut Import<'_>) -> Result<(), ImportError> {
    if !matches!(tag.name, "work" | "movement-title" | "movement-number" | "identification" | "defaults" | "credit" | "part-list") {
        import.report.invalid(&[tag.name], tag.byte);
        return reader.skip(tag);
    }
    tree.fill(reader, tag, import.limits)?;
    let Some(element) = tree.root() else { return Ok(()) };
    match tag.name {
        "part-list" => part_list::read(import, element, |byte| reader.place(byte)),
        _ => {
            header::read(import, element);
            Ok(())
        }
    }
}

/// A part of a partwise score: all its measures.
fn part<'a>(reader: &mut XmlReader<'a>, tag: &Tag<'a>, tree: &mut Tree<'a>, import: &mut Import<'_>) -> Result<(), ImportError> {
    let part = import.part_named(tag.attribute("id").as_deref(), reader.place(tag.byte))?;
    each_child(reader, tag, |reader, tag| {
        if tag.name != "measure" {
            import.report.invalid(&["part", tag.name], tag.byte);
            return reader.skip(tag);
        }
        let index = import.measures_of(part);
        let head = MeasureHead::of(tag);
        tree.fill(reader, tag, import.limits)?;
        measure::read(import, part, index, &head, tree, |byte| reader.place(byte))
    })
}

/// A measure of a timewise score: all its parts.
fn measure_of_all<'a>(
    reader: &mut XmlReader<'a>,
    tag: &Tag<'a>,
    index: usize,
    tree: &mut Tree<'a>,
    import: &mut Import<'_>,
) -> Result<(), ImportError> {
    let head = MeasureHead::of(tag);
    each_child(reader, tag, |reader, tag| {
        if tag.name != "part" {
            import.report.invalid(&["measure", tag.name], tag.byte);
            return reader.skip(tag);
        }
        let part = import.part_named(tag.attribute("id").as_deref(), reader.place(tag.byte))?;
        tree.fill(reader, tag, import.limits)?;
        measure::read(import, part, index, &head, tree, |byte| reader.place(byte))
    })
}
