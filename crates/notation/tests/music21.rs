//! What is written reads the same in music21 as what was read: an independent reader of MusicXML, in a Python that
//! `BANDPRO_MUSIC21` names (scripts/test.sh installs it), or the system's where that has it.

use std::path::{Path, PathBuf};
use std::process::Command;

use bandpro_notation::export::musicxml::musicxml;
use bandpro_notation::import::{Limits, import};
use bandpro_notation::model::IdSource;

/// Small enough for a minute, and with something of everything that music21 reads. It takes the offsets of directions another
/// way, so that songs with such offsets are not among them.
const FILES: &[&str] = &[
    "suite/01a-Pitches-Pitches.xml",
    "suite/03aa-Rhythm-Durations.xml",
    "suite/11a-TimeSignatures.xml",
    "suite/12aa-Clefs_Pitch_Traditional.xml",
    "suite/13a-KeySignatures.xml",
    "suite/21c-Chords-ThreeNotesDuration.xml",
    "suite/23a-Tuplets.xml",
    "suite/23d-Tuplets-Nested.xml",
    "suite/24a-GraceNotes.xml",
    "suite/31a-Directions.xml",
    "suite/32a-Notations.xml",
    "suite/32ab-Notations3.xml",
    "suite/33b-Spanners-Tie.xml",
    "suite/42a-MultiVoice-TwoVoicesOnStaff-Lyrics.xml",
    "suite/43d-MultiStaff-StaffChange.xml",
    "suite/45b-RepeatWithAlternatives.xml",
    "suite/46d-PickupMeasure-ImplicitMeasures.xml",
    "suite/61b-MultipleLyrics.xml",
    "suite/71a-Chordnames.xml",
    "suite/71e-TabStaves.xml",
    "suite/71f-AllChordTypes.xml",
    "suite/72b-TransposingInstruments-Full.xml",
    "suite/73a-Percussion.xml",
    "suite/75a-AccordionRegistrations.xml",
    "lieder/Burleigh_Harry_Thacker_Go_down_Moses.mxl",
    "lieder/Lang_Josephine_3_Lieder_Op_8_2_In_die_Ferne.mxl",
    "lieder/Satie_Erik_Ludions_1_Air_du_rat.mxl",
    "lieder/Schumann_Robert_Dichterliebe_Op_48_9_Das_ist_ein_Floten_und_Geigen.mxl",
    "quartets/Mozart_Wolfgang_Amadeus_String_Quartet_No_1_in_G_major_K_8073f.mxl",
];

/// A Python that has music21.
fn python() -> Option<PathBuf> {
    let named = std::env::var_os("BANDPRO_MUSIC21").filter(|path| !path.is_empty()).map(PathBuf::from);
    let python = named.unwrap_or_else(|| "python3".into());
    let has = Command::new(&python).args(["-c", "import music21"]).output().is_ok_and(|output| output.status.success());
    has.then_some(python)
}

#[test]
fn what_is_written_reads_the_same_in_music21() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let corpora = root.join("../shared/corpora");
    if !corpora.is_dir() {
        return eprintln!("skipped: ../shared is absent");
    }
    let Some(python) = python() else { return eprintln!("skipped: there is no Python with music21") };
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("music21");
    std::fs::create_dir_all(&out).unwrap();
    let mut command = Command::new(python);
    command.env("PYTHONDONTWRITEBYTECODE", "1").arg(root.join("scripts/music21_check.py"));
    for name in FILES {
        let file = corpora.join(name);
        let imported = import(&std::fs::read(&file).unwrap(), &Limits::default(), &mut IdSource::fixed(1)).unwrap();
        let written = out.join(file.file_name().unwrap()).with_extension("musicxml");
        std::fs::write(&written, musicxml(&imported.score).bytes).unwrap();
        command.args([&file, &written]);
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(said.lines().filter(|line| line.ends_with(" facts, 0 differ")).count(), FILES.len(), "{said}");
}
