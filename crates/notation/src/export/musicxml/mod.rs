//! MusicXML 4.0, partwise, and compressed.
//!
//! What is written is what [`crate::import`] reads, so that a score survives the way there and back; what MusicXML cannot
//! hold is listed in [`Exported::lost`].

mod accidentals;
mod attributes;
mod barline;
mod beams;
mod diagrams;
mod directions;
mod divisions;
mod harmony;
mod head;
mod looks;
mod lyrics;
mod measure;
mod notations;
mod note;
mod numbers;
mod part_list;
mod tempo;
mod xml;

use std::collections::{BTreeMap, HashMap};
use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{Exported, Lost};
use crate::model::*;
use numbers::SpanNumbers;
use xml::Xml;

const PROLOGUE: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
<!DOCTYPE score-partwise PUBLIC \"-//Recordare//DTD MusicXML 4.0 Partwise//EN\" \"http://www.musicxml.org/dtds/partwise.dtd\">\n";

const CONTAINER: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
<container>\n  <rootfiles>\n    \
<rootfile full-path=\"score.musicxml\" media-type=\"application/vnd.recordare.musicxml+xml\"/>\n  \
</rootfiles>\n</container>\n";

/// The score as a MusicXML document in UTF-8.
pub fn musicxml(score: &Score) -> Exported {
    let mut writing = Writing::new(score);
    writing.xml.open("score-partwise", &[("version", "4.0")]);
    head::write(&mut writing);
    part_list::write(&mut writing);
    let parts = score.parts();
    for (index, (id, part)) in parts.iter().enumerate() {
        write_part(&mut writing, index, *id, part);
    }
    if parts.is_empty() {
        write_part(&mut writing, 0, Id::from_raw(0), &Part::default());
    }
    writing.xml.close();
    let lost = writing.lost.into_iter().map(|(what, times)| Lost { what, times }).collect();
    Exported { bytes: writing.xml.finish().into_bytes(), lost }
}

/// The score as a compressed MusicXML archive (`.mxl`).
pub fn mxl(score: &Score) -> Exported {
    let Exported { bytes, mut lost } = musicxml(score);
    let bytes = compress(&bytes).unwrap_or_else(|error| {
        // Writing to memory fails only where a part outgrows the format.
        lost.push(Lost { what: format!("everything: {error}"), times: 1 });
        Vec::new()
    });
    Exported { bytes, lost }
}

/// MusicXML 4.0, "Compressed .mxl files".
fn compress(document: &[u8]) -> zip::result::ZipResult<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    archive.start_file("META-INF/container.xml", options)?;
    archive.write_all(CONTAINER.as_bytes())?;
    archive.start_file("score.musicxml", options)?;
    archive.write_all(document)?;
    Ok(archive.finish()?.into_inner())
}

fn write_part(writing: &mut Writing<'_>, index: usize, id: PartId, part: &Part) {
    let mut lane = measure::PartLane::new(writing.score, index, id, part);
    if lane.rounds() {
        writing.lose("times that no number of divisions expresses");
    }
    writing.xml.open("part", &[("id", &part_list::part_name(index))]);
    for (position, measure) in writing.score.measure_order().iter().enumerate() {
        measure::write(writing, &mut lane, position, *measure);
    }
    if writing.score.measure_order().is_empty() {
        writing.xml.empty("measure", &[("number", "1")]);
    }
    writing.xml.close();
}

/// A document being written.
struct Writing<'s> {
    score: &'s Score,
    xml: Xml,
    /// Positions of the measures.
    positions: HashMap<MeasureId, usize>,
    /// Lengths of the measures, by position.
    lengths: Vec<Beat>,
    spans: SpanNumbers,
    /// The ids of instruments, by part and key.
    instruments: HashMap<(PartId, String), String>,
    /// Whether some events have beams of their own, so that all have to be written.
    beamed: bool,
    lost: BTreeMap<String, u32>,
}

impl<'s> Writing<'s> {
    fn new(score: &'s Score) -> Self {
        let positions: HashMap<MeasureId, usize> = score.measure_order().iter().enumerate().map(|(at, id)| (*id, at)).collect();
        let mut lost = BTreeMap::new();
        let spans = SpanNumbers::assign(score, &positions, &mut lost);
        let instruments = part_list::instrument_names(score);
        let beamed = score.events().values().any(|event| event.beams.is_some());
        let xml = Xml::new(PROLOGUE);
        Self { score, xml, positions, lengths: score.measure_lengths(), spans, instruments, beamed, lost }
    }

    /// Counts something that cannot be written.
    fn lose(&mut self, what: &str) {
        lose(&mut self.lost, what);
    }
}

fn lose(lost: &mut BTreeMap<String, u32>, what: &str) {
    let times = lost.entry(what.to_owned()).or_default();
    *times = times.saturating_add(1);
}
