//! What the files of the MusicXML test suite are about, file by file: `suite.txt` says of each what its name promises.
//!
//! A line of that table is `file | topic | what the model has`. Topics are readings of the score: its pitches, its rhythm, its
//! signs, marks and spans. Every file of the suite has at least one line.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::path::{Path, PathBuf};

use bandpro_notation::import::{ImportError, Limits, import};
use bandpro_notation::model::*;

const TABLE: &str = include_str!("suite.txt");

fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora/suite");
    folder.is_dir().then_some(folder)
}

fn rows() -> Vec<(&'static str, &'static str, &'static str)> {
    let row = |line: &'static str| {
        let mut cells = line.splitn(3, " | ");
        (cells.next().unwrap(), cells.next().unwrap_or_default(), cells.next().unwrap_or_default())
    };
    TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(row).collect()
}

/// The name of a file as the table has it: up to its number's letters and its first words, without the ending.
fn path_of(folder: &Path, name: &str) -> PathBuf {
    let found = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    found.into_iter().find(|path| path.file_stem().unwrap() == name).unwrap_or_else(|| panic!("no file {name}"))
}

fn name_of(path: &Path) -> String {
    path.file_stem().unwrap().to_string_lossy().into_owned()
}

#[test]
fn every_file_is_what_its_name_says() {
    let Some(folder) = folder() else { return eprintln!("skipped: ../shared is absent") };
    let mut wrong = Vec::new();
    for (file, topic, expected) in rows() {
        let bytes = std::fs::read(path_of(&folder, file)).unwrap();
        let found = match import(&bytes, &Limits::default(), &mut IdSource::fixed(5)) {
            Ok(imported) if topic == "report" => {
                imported.report.iter().map(|line| format!("{:?} {} ×{}", line.kind, line.what, line.times)).collect::<Vec<_>>().join("; ")
            }
            Ok(imported) => reading(&imported.score, topic),
            Err(ImportError::Malformed { place, .. }) => format!("malformed at {place}"),
            Err(error) => panic!("{file}: {error}"),
        };
        if found != expected {
            wrong.push(format!("{file} | {topic} | {found}\n    expected {expected}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_file_has_an_assertion() {
    let Some(folder) = folder() else { return eprintln!("skipped: ../shared is absent") };
    let files: BTreeSet<String> = std::fs::read_dir(folder).unwrap().map(|entry| name_of(&entry.unwrap().path())).collect();
    let asserted: BTreeSet<String> =
        rows().iter().filter(|(.., expected)| !expected.is_empty()).map(|(file, ..)| (*file).to_owned()).collect();
    assert_eq!(files.len(), 150);
    assert_eq!(files, asserted);
}

fn joined<T: std::fmt::Display>(items: impl IntoIterator<Item = T>) -> String {
    items.into_iter().map(|item| item.to_string()).collect::<Vec<_>>().join(" ")
}

/// A topic of a score, as one line.
fn reading(score: &Score, topic: &str) -> String {
    let in_measures = |one: &dyn Fn(&Score, EventId, &Event) -> Vec<String>| {
        let part = |id: PartId| joined_with(score.measure_order().iter().map(|measure| events(score, *measure, id, one)), " | ");
        joined_with(score.parts().into_iter().map(|(id, _)| part(id)), " || ")
    };
    match topic {
        "pitches" => in_measures(&|score, id, event| {
            let notes: Vec<String> = score.notes_of(id).into_iter().map(|(_, note)| pitch(note)).collect();
            let grace = if event.grace.is_some() { "," } else { "" };
            if notes.is_empty() { Vec::new() } else { vec![format!("{grace}{}", notes.join("+"))] }
        }),
        "rhythm" => in_measures(&|score, id, event| vec![rhythm(score, id, event)]),
        "accidentals" => in_measures(&|score, id, _| {
            let sign = |note: &Note| note.accidental.map(|printed| format!("{}:{}", pitch(note), accidental(note, printed)));
            score.notes_of(id).into_iter().filter_map(|(_, note)| sign(note)).collect()
        }),
        "heads" => in_measures(&|score, id, event| {
            let stem = if event.stem == StemDirection::Auto { String::new() } else { format!("/{:?}", event.stem) };
            let head = |note: &Note| {
                let filled = note.filled.map_or("", |filled| if filled { "●" } else { "○" });
                let open = if note.parentheses { "()" } else { "" };
                let hidden = if note.visible && event.visible { "" } else { "!" };
                format!("{:?}{filled}{open}{hidden}{}{stem}", note.head, note.glyph)
            };
            let heads: Vec<String> = score.notes_of(id).into_iter().map(|(_, note)| head(note)).collect();
            vec![heads.join("+")]
        }),
        "voices" => in_measures(&|score, id, event| {
            let notes = joined_with(score.notes_of(id).into_iter().map(|(_, note)| pitch(note)), "+");
            vec![format!("{}.{}@{}:{}", event.staff, event.voice, event.time.onset, if notes.is_empty() { "r".to_owned() } else { notes })]
        }),
        "beams" => in_measures(&|_, _, event| {
            event.beams.iter().filter(|beams| !beams.is_empty()).map(|beams| beams.iter().map(|b| letter(*b)).collect()).collect()
        }),
        "ties" => in_measures(&|score, id, _| {
            let tie = |note: &Note| {
                let (from, to) = (if note.tie_previous { ")" } else { "" }, if note.tie_next { "(" } else { "" });
                format!("{from}{}{to}{}", pitch(note), if note.let_ring { "~" } else { "" })
            };
            score.notes_of(id).into_iter().map(|(_, note)| tie(note)).collect()
        }),
        "lyrics" => in_measures(&|score, id, _| score.lyrics_of(id).into_iter().map(|(_, lyric)| sung(lyric)).collect()),
        "signs" => signs(score),
        "marks" => marks(score),
        "spans" => spans(score),
        "measures" => joined_with(score.measures().map(|(_, measure)| measure_line(measure)), " | "),
        "parts" => joined_with(score.parts().into_iter().map(|(_, part)| part_line(part)), " | "),
        "groups" => groups(score),
        "header" => format!("{:?}", score.header()),
        "layout" => {
            let layout = score.layout();
            let page = [layout.width, layout.height, layout.top, layout.right, layout.bottom, layout.left, layout.staff_height];
            joined(page)
        }
        other => panic!("no topic {other}"),
    }
}

fn joined_with(items: impl IntoIterator<Item = String>, separator: &str) -> String {
    items.into_iter().collect::<Vec<_>>().join(separator)
}

fn events(score: &Score, measure: MeasureId, part: PartId, one: &dyn Fn(&Score, EventId, &Event) -> Vec<String>) -> String {
    joined(score.events_in(measure, part).flat_map(|(id, event)| one(score, id, event)))
}

fn pitch(note: &Note) -> String {
    match note.pitch {
        NotePitch::Pitched(pitch) => pitch.to_string(),
        NotePitch::Unpitched(Some(at)) => format!("x{}{}", at.step.letter(), at.octave),
        NotePitch::Unpitched(None) => "x".to_owned(),
    }
}

fn accidental(note: &Note, printed: PrintedAccidental) -> String {
    let flags = [(printed.parentheses, "()"), (printed.bracket, "[]"), (printed.cautionary, "?"), (printed.editorial, "!")];
    let flags: String = flags.iter().filter(|(set, _)| *set).map(|(_, sign)| *sign).collect();
    format!("{:?}{flags}{}", printed.sign, note.accidental_glyph)
}

/// The value as its denominator and dots, the duration where that is not what value and ratio make; `r` for a rest.
fn rhythm(score: &Score, id: EventId, event: &Event) -> String {
    let time = event.time;
    let rest = if score.is_rest(id) { "r" } else { "" };
    let grace = event.grace.map_or("", |grace| match (grace.slash, grace.after) {
        (true, false) => "/",
        (false, false) => ",",
        (_, true) => ";",
    });
    let value = match time.value {
        None => format!("={}", time.duration),
        Some(value) => {
            let ratio = if time.ratio == (1, 1) { String::new() } else { format!("*{}:{}", time.ratio.0, time.ratio.1) };
            let played = value.length().scale(i64::from(time.ratio.1), i64::from(time.ratio.0));
            let odd = if event.grace.is_none() && played != time.duration { format!("={}", time.duration) } else { String::new() };
            let base = value.base.length();
            let name = if base.denominator() == 1 { format!("{}W", base.numerator()) } else { base.denominator().to_string() };
            format!("{name}{}{ratio}{odd}", ".".repeat(value.dots.into()))
        }
    };
    let whole = if event.rest.measure { "m" } else { "" };
    let at = event.rest.position.map_or(String::new(), |at| format!("@{}{}", at.step.letter(), at.octave));
    format!("{grace}{rest}{whole}{value}{at}")
}

const fn letter(role: BeamRole) -> char {
    match role {
        BeamRole::Begin => '[',
        BeamRole::Continue => '-',
        BeamRole::End => ']',
        BeamRole::ForwardHook => '>',
        BeamRole::BackwardHook => '<',
    }
}

fn sung(lyric: &Lyric) -> String {
    let piece = |piece: &LyricPiece| match piece {
        LyricPiece::Text(text, Syllabic::Single) => text.clone(),
        LyricPiece::Text(text, Syllabic::Begin) => format!("{text}-"),
        LyricPiece::Text(text, Syllabic::Middle) => format!("-{text}-"),
        LyricPiece::Text(text, Syllabic::End) => format!("-{text}"),
        LyricPiece::Elision(sign) => format!("<{sign}>"),
    };
    let name = if lyric.name.is_empty() { String::new() } else { format!("({})", lyric.name) };
    let side = if lyric.placement == Placement::Auto { String::new() } else { format!("[{:?}]", lyric.placement) };
    let text: String = lyric.text.iter().map(piece).collect();
    format!("{}{name}{side}:{text}{}", lyric.verse, if lyric.extend { "_" } else { "" })
}

/// Where something is: measure and beat, and the staff where there is one.
fn place(score: &Score, anchor: Anchor) -> String {
    if let Anchor::Page(page) = anchor {
        return format!("page {page}");
    }
    let Some(moment) = score.anchor_moment(anchor) else { return "?".to_owned() };
    let measure = score.measure_position(moment.measure).map_or(0, |at| at + 1);
    format!("{measure}@{}", moment.beat)
}

fn signs(score: &Score) -> String {
    let parts: Vec<PartId> = score.parts().into_iter().map(|(id, _)| id).collect();
    let mut lines: Vec<(usize, usize, Beat, Option<u8>, String)> = Vec::new();
    for (at, measure) in score.measure_order().iter().enumerate() {
        for (_, sign) in score.signs_in(*measure) {
            let part = parts.iter().position(|id| *id == sign.part).unwrap();
            let hidden = if sign.visible { "" } else { " hidden" };
            lines.push((part, at + 1, sign.at.beat, sign.staff, format!("{}{hidden}", sign_name(&sign.kind))));
        }
    }
    lines.sort();
    joined_with(
        lines.into_iter().map(|(part, measure, beat, staff, what)| {
            let staff = staff.map_or(String::new(), |staff| format!(".{staff}"));
            format!("p{}{staff} {measure}@{beat} {what}", part + 1)
        }),
        "; ",
    )
}

fn sign_name(kind: &SignKind) -> String {
    match kind {
        SignKind::Clef(clef) => format!("clef {:?}{}{:+}", clef.sign, clef.line, clef.octave),
        SignKind::Key(key) if key.accidentals.is_empty() => {
            let cancel = key.cancel.map_or(String::new(), |cancel| format!(" cancel {cancel}"));
            let octaves = |of: &[(u8, i8)]| of.iter().map(|(number, octave)| format!(" {number}:{octave}")).collect::<String>();
            let (own, cancelled) = (octaves(&key.octaves), octaves(&key.cancel_octaves));
            let cancelled = if cancelled.is_empty() { cancelled } else { format!(" cancelled{cancelled}") };
            format!("key {} {:?}{cancel}{own}{cancelled}", key.fifths, key.mode)
        }
        SignKind::Key(key) => {
            let sign = |a: &KeyAccidental| {
                let (octave, sign) =
                    (a.octave.map_or(String::new(), |o| o.to_string()), a.sign.map_or(String::new(), |s| format!("={s:?}")));
                format!("{}{}{octave}{sign}", a.step.letter(), a.alter)
            };
            format!("key {}", joined(key.accidentals.iter().map(sign)))
        }
        SignKind::Time(time) => format!("time {}", time_name(time)),
        SignKind::Tuning(strings) => format!("tuning {}", joined(strings)),
        other => format!("{other:?}"),
    }
}

fn time_name(time: &TimeSignature) -> String {
    let one = |(beats, unit): &(Vec<u16>, u16)| format!("{}/{unit}", beats.iter().map(u16::to_string).collect::<Vec<_>>().join("+"));
    let symbol = if time.symbol == TimeSymbol::Normal { String::new() } else { format!("{:?}", time.symbol) };
    if time.groups.is_empty() { "senza misura".to_owned() } else { format!("{}{symbol}", joined(time.groups.iter().map(one))) }
}

fn shown<T: Debug + Default + PartialEq>(value: &T) -> String {
    if *value == T::default() { String::new() } else { format!(" {value:?}") }
}

fn marks(score: &Score) -> String {
    let mut lines: Vec<(usize, Beat, u16, String)> = Vec::new();
    for mark in score.marks().values() {
        let at = place(score, mark.anchor);
        let moment = score.anchor_moment(mark.anchor);
        let measure = moment.and_then(|moment| score.measure_position(moment.measure)).map_or(0, |at| at + 1);
        let mut line = format!("{at} {}", mark_name(&mark.kind));
        line += &shown(&mark.placement);
        for (name, sign) in [("above", mark.accidental_above), ("below", mark.accidental_below)] {
            line += &sign.map_or(String::new(), |sign| format!(" {name} {sign:?}"));
        }
        line += &shown(&mark.style.enclosure);
        line += if mark.visible { "" } else { " hidden" };
        lines.push((measure, moment.map_or(Beat::ZERO, |moment| moment.beat), mark.order, line));
    }
    lines.sort();
    joined_with(lines.into_iter().map(|(.., line)| line), "; ")
}

fn mark_name(kind: &MarkKind) -> String {
    match kind {
        MarkKind::Articulation(kind) => format!("{kind:?}"),
        MarkKind::Ornament(kind) => format!("{kind:?}"),
        MarkKind::Technical(Technical::Bend(bends)) => {
            joined_with(bends.iter().map(|b| format!("{:?} {}{}", b.kind, b.alter, if b.bar { " bar" } else { "" })), ", ")
        }
        MarkKind::Technical(kind) => format!("{kind:?}"),
        MarkKind::Words(words) => format!("{:?}", words.text),
        MarkKind::Dynamic(letters) => letters.clone(),
        MarkKind::Chord(chord) => chord_name(chord),
        MarkKind::Tempo(tempo) => {
            let value = |value: NoteValue| format!("{:?}{}", value.base, ".".repeat(value.dots.into()));
            let equals = tempo.equals.map_or(String::new(), |equals| format!("={}", value(equals)));
            let count = tempo.per_minute.map_or(String::new(), |(num, den)| format!("={num}/{den}"));
            format!("{}{equals}{count}{}", value(tempo.beat), if tempo.parentheses { " ()" } else { "" })
        }
        MarkKind::FiguredBass(bass) => {
            let figure = |f: &Figure| format!("{}{}{}", f.prefix, f.number, f.suffix);
            let length = bass.duration.map_or(String::new(), |duration| format!(" for {duration}"));
            format!(
                "bass {}{length}{}",
                bass.figures.iter().map(figure).collect::<Vec<_>>().join("/"),
                if bass.parentheses { " ()" } else { "" }
            )
        }
        other => format!("{other:?}"),
    }
}

fn chord_name(chord: &ChordSymbol) -> String {
    let class = |(step, alter): (Step, Alter)| format!("{}{alter}", step.letter());
    let root = chord.root.map_or_else(|| chord.function.clone(), class);
    let bass = chord.bass.map_or(String::new(), |bass| format!("/{}", class(bass)));
    let degrees: String = chord.degrees.iter().map(|d| format!(" {:?}{}{}", d.kind, d.value, d.alter)).collect();
    let dots = |frame: &Fretboard| {
        let dot = |dot: &FretDot| {
            let barre = dot.barre.map_or("", |barre| if barre == BarreEnd::Start { "(" } else { ")" });
            format!("{}:{}{}{barre}", dot.string, dot.fret, dot.finger)
        };
        format!(" [{}x{} from {} {}]", frame.strings, frame.frets, frame.first_fret, joined(frame.dots.iter().map(dot)))
    };
    format!("{root} {:?}{degrees}{bass}{}", chord.kind, chord.frame.as_deref().map_or(String::new(), dots))
}

fn spans(score: &Score) -> String {
    let mut lines: Vec<(usize, Beat, String)> = Vec::new();
    for span in score.spans().values() {
        let moment = score.anchor_moment(span.start);
        let measure = moment.and_then(|moment| score.measure_position(moment.measure)).map_or(0, |at| at + 1);
        let mut line = format!("{} → {} {}", place(score, span.start), place(score, span.end), span_name(&span.kind));
        line += &shown(&span.placement);
        line += &shown(&span.line);
        if span.ends != LineEnds::default() {
            line += &format!(" {:?}-{:?}", span.ends.start, span.ends.end);
        }
        line += if span.change { " change" } else { "" };
        lines.push((measure, moment.map_or(Beat::ZERO, |moment| moment.beat), line));
    }
    lines.sort();
    joined_with(lines.into_iter().map(|(.., line)| line), "; ")
}

fn span_name(kind: &SpanKind) -> String {
    match kind {
        SpanKind::Tuplet(shown) => {
            let bracket = shown.bracket.map_or("", |bracket| if bracket { " bracket" } else { " no bracket" });
            let value = |value: Option<NoteValue>| value.map_or(String::new(), |v| format!("({:?}{})", v.base, ".".repeat(v.dots.into())));
            let (actual, normal) = (value(shown.actual_value), value(shown.normal_value));
            format!("{}{actual}:{}{normal} numbers {} types {}{bracket}", shown.actual, shown.normal, shown.numbers, shown.types)
        }
        other => format!("{other:?}"),
    }
}

fn measure_line(measure: &Measure) -> String {
    let mut line = measure.number.clone();
    let mut add = |text: String| line += &format!(" {text}");
    if measure.implicit {
        add("implicit".to_owned());
    }
    if let Some(time) = &measure.time {
        add(time_name(time));
    }
    if let Some(length) = measure.length {
        add(format!("length {length}"));
    }
    if measure.left_bar != BarStyle::Auto {
        add(format!("left {:?}", measure.left_bar));
    }
    if measure.right_bar != BarStyle::Auto {
        add(format!("right {:?}", measure.right_bar));
    }
    if measure.repeat_start {
        add("|:".to_owned());
    }
    if let Some(ending) = &measure.ending_start {
        add(format!("volta {:?}{}", ending.passes, ending.text));
    }
    if let Some(stop) = measure.ending_stop {
        add(format!("volta ends {stop:?}"));
    }
    if let Some(times) = measure.repeat_end {
        add(format!(":|x{times}"));
    }
    measure.jumps.iter().for_each(|jump| add(format!("{jump:?}")));
    if let Some(before) = measure.break_before {
        add(format!("{before:?} break{}", if measure.break_imported { "" } else { " by the user" }));
    }
    line
}

fn part_line(part: &Part) -> String {
    let instruments = joined_with(part.instruments.iter().map(|i| format!("{}:{}", i.name, i.program.map_or(-1, i32::from))), ",");
    let transposition = part.transposition.map_or(String::new(), |t| format!(" {}/{}{:+}", t.diatonic, t.chromatic, t.octaves));
    format!("{:?} {:?} {} staves [{instruments}]{transposition}", part.name, part.abbreviation, part.staves)
}

fn groups(score: &Score) -> String {
    let parts: Vec<PartId> = score.parts().into_iter().map(|(id, _)| id).collect();
    let place = |part: PartId| parts.iter().position(|id| *id == part).map_or(0, |at| at + 1);
    let mut lines: Vec<(usize, usize, String)> = score
        .groups()
        .values()
        .map(|group| {
            let barlines = if group.barlines { " barlines" } else { "" };
            let line = format!(
                "{}-{} {:?} {:?} {:?}{barlines}",
                place(group.first),
                place(group.last),
                group.symbol,
                group.name,
                group.abbreviation
            );
            (place(group.first), place(group.last), line)
        })
        .collect();
    lines.sort();
    joined_with(lines.into_iter().map(|(.., line)| line), "; ")
}
