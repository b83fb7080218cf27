//! Every editing command: before, commands, after, in one line of text notation each.

mod line;

use line::{check, read, refused, write};

#[test]
fn selection_moves() {
    check("[C4]/4 D4/4 r/2", "next", "C4/4 [D4]/4 r/2");
    check("[C4]/4 D4/4 r/2", "next; next; next", "C4/4 D4/4 [r]/2");
    check("C4/4 [D4]/4 r/2", "previous; previous", "[C4]/4 D4/4 r/2");
    check("[C4]/2 D4/2 | E4/1 | R", "next-measure; next-measure", "C4/2 D4/2 | E4/1 | [R]");
    check("C4/2 D4/2 | [E4]/1", "previous-measure", "[C4]/2 D4/2 | E4/1");
    check("C4/2 [D4]/2 | E4/1", "last", "C4/2 D4/2 | [E4]/1");
    check("C4/2 [D4]/2 | E4/1", "first", "[C4]/2 D4/2 | E4/1");
    check("[C4]+E4+G4/1", "chord-up; chord-up; chord-down", "C4+[E4]+G4/1");
    // Counted as the listing of events prints them: by onset, then by name.
    check("[C4]/2 D4/2 | E4/4 F4+A4/4 r/2", "goto 1 2 2", "C4/2 D4/2 | E4/4 F4+[A4]/4 r/2");
    check("[C4]/2 D4/2 | E4/4 F4+A4/4 r/2", "goto 1 2 3", "C4/2 D4/2 | E4/4 [F4]+A4/4 r/2");
    check("C4/1 | R", "goto 1 2 1", "C4/1 | [R]");
    assert_eq!(refused("C4/1", "goto 1 1 2"), "no-such-place");
    assert_eq!(refused("C4/1", "goto 2 1 1"), "no-such-place");
    assert_eq!(refused("C4/1", "goto 1 1"), "bad-argument");
    assert_eq!(refused("C4/1", "goto 0 1 1"), "bad-argument");
}

#[test]
fn a_range_is_changed_as_one() {
    check("[C4]/4 D4/4 r/4 E4/4", "extend-next; extend-next; extend-next; octave-up", "C5/4 D5/4 r/4 [E5]/4");
    check("C4/4 [D4]/4 E4/4 F4/4", "extend-next; pitch-up", "C4/4 D#4/4 [F4]/4 F4/4");
    check("C4/4 D4/4 E4/4 [F4]/4", "extend-previous; diatonic-down", "C4/4 D4/4 [D4]/4 E4/4");
    check("[C4]/2 D4/2 | E4+G4/1", "extend-next-measure; octave-down", "C3/2 D3/2 | [E3]+G3/1");
    check("[C4]/1 | D4/1 | E4/1", "extend-last; pitch-up", "C#4/1 | D#4/1 | [F4]/1");
    check("C4/1 | [D4]/1", "extend-first; pitch-down", "[B3]/1 | Db4/1");
    // What is tied sounds as one note, and moves once.
    check("[C4]/2 G4~/2 | G4/1", "extend-next; extend-next; pitch-up", "C#4/2 G#4~/2 | [G#4]/1");
    check("[C4]/4 D4/4 E4/4 F4/4", "extend-next; delete", "r/4 [r]/4 E4/4 F4/4");
    // It may shrink, and any other move ends it.
    check("[C4]/4 D4/4 E4/4 F4/4", "extend-next; extend-next; extend-previous; octave-up", "C5/4 [D5]/4 E4/4 F4/4");
    check("[C4]/4 D4/4 E4/4 F4/4", "extend-next; extend-previous; octave-up", "[C5]/4 D4/4 E4/4 F4/4");
    check("[C4]/4 D4/4 E4/4 F4/4", "extend-next; next; octave-up", "C4/4 D4/4 [E5]/4 F4/4");
    // It stays after an edit, for the next one.
    check("[C4]/2 D4/2", "extend-next; octave-up; octave-up", "C6/2 [D6]/2");
    assert_eq!(refused("[C11]/2 C4/2", "extend-next; octave-up"), "out-of-range");
    assert_eq!(refused("[r]/2 r/2", "extend-next; octave-up"), "nothing-selected");
}

#[test]
fn pitches_change() {
    check("[C4]/1", "pitch F#4", "[F#4]/1");
    check("[C4]/1", "pitch-up", "[C#4]/1");
    check("[C4]/1", "pitch-down", "[B3]/1");
    check("[C4]/1", "octave-up; octave-up", "[C6]/1");
    check("[C4]/1", "octave-down", "[C3]/1");
    check("[B4]/1", "diatonic-up", "[C5]/1");
    check("[C4]/1", "diatonic-down", "[B3]/1");
    check("[G#4]/1", "respell", "[Ab4]/1");
    check("[G4]/1", "sharp", "[G#4]/1");
    check("[G4]/1", "flat", "[Gb4]/1");
    check("[G#4]/1", "natural", "[G4]/1");
    check("C4/2 [r]/2", "pitch E4", "C4/2 [E4]/2");
    check("[R]", "pitch E4", "[E4]/1");
    check("G4~/2 [G4]/2", "pitch-up", "G#4~/2 [G#4]/2");
    assert_eq!(refused("[C4]/1", "pitch H4"), "bad-argument");
    assert_eq!(refused("[r]/1", "pitch-up"), "nothing-selected");
    assert_eq!(refused("[C11]/1", "octave-up"), "out-of-range");
}

#[test]
fn a_letter_without_an_octave_is_the_nearest_note_of_the_key() {
    check("[B4]/1", "note C", "[C5]/1");
    check("[C4]/1", "note A", "[A3]/1");
    check("[C4]/1", "key D; note F", "[F#4]/1");
    check("[C4]/1", "key D; note Fn", "[F4]/1");
    check("G5/2 [r]/2", "note A", "G5/2 [A5]/2");
}

#[test]
fn chords_grow_and_shrink() {
    check("[C4]/1", "add-note E", "[C4]+E4/1");
    check("[C4]/1", "add-note G5", "[C4]+G5/1");
    check("[C4]/1", "add-interval 3; add-interval 3", "[C4]+E4+G4/1");
    check("[C#4]/1", "add-interval 8", "[C#4]+C#5/1");
    check("C4+[E4]/1", "delete", "[C4]/1");
    check("[C4]/2 D4/2", "delete", "[r]/2 D4/2");
    check("[C4]+E4/2 D4/2", "rest", "[r]/2 D4/2");
    assert_eq!(refused("[C4]/1", "add-note C4"), "note-there-already");
    assert_eq!(refused("[r]/1", "delete"), "nothing-selected");
    assert_eq!(refused("[C4]/1", "add-interval 1"), "bad-argument");
}

#[test]
fn values_change_and_measures_stay_full() {
    check("[C4]/4 D4/4 E4/2", "value 8", "[C4]/8 r/8 D4/4 E4/2");
    check("[C4]/4 D4/4 E4/2", "value half", "[C4]/2 E4/2");
    check("[C4]/4 D4/2 E4/4", "value half", "[C4]/2 r/4 E4/4");
    check("[C4]/4 D4/4 E4/2", "dot", "[C4]/4. r/8 E4/2");
    check("[C4]/4. D4/8 E4/2", "dot", "[C4]/4 r/8 D4/8 E4/2");
    check("[C4]/4 D4/4 E4/2", "halve", "[C4]/8 r/8 D4/4 E4/2");
    check("[C4]/4 D4/4 E4/2", "double", "[C4]/2 E4/2");
    check("[R]", "value 4", "[r]/4 r/4 r/2");
    check("[r]/2 D4/2", "value 8", "[r]/8 r/8 r/4 D4/2");
    check("3/4: [C4]/2. | R", "value 4", "3/4: [C4]/4 r/4 r/4 | R");
    check("6/8: [C4]/2.", "value 8", "6/8: [C4]/8 r/8 r/8 r/4.");
    check("[C4]+E4/2 D4/2", "value 1", "[C4]+E4/1");
}

#[test]
fn what_does_not_fit_is_tied_over_the_barline() {
    check("C4/2. [D4]/4 | E4/2 F4/2", "value 2", "C4/2. [D4~]/4 | D4/4 r/4 F4/2");
    check("C4/2 [D4]/2 | R", "value 1", "C4/2 [D4~]/2 | D4/2 r/2");
    check("C4/4 [D4]+F4/2. | R | R", "value breve", "C4/4 [D4~]+F4~/2. | D4~+F4~/1 | D4+F4/4 r/4 r/2");
    assert_eq!(refused("C4/2 [D4]/2", "value 1"), "end-of-music");
}

#[test]
fn ties_are_cut_where_their_notes_change() {
    check("[C4~]/4 C4/4 r/2", "value 8", "[C4]/8 r/8 C4/4 r/2");
    check("[C4~]/2 C4/2", "value 1", "[C4]/1");
    check("[D4]/4 C4~/4 C4/2", "value 2", "[D4]/2 C4/2");
    check("C4~/2 [C4]/2", "delete", "C4/2 [r]/2");
}

#[test]
fn ties_and_slurs_lead_to_the_next_note() {
    check("[C4]/2 C4/2", "tie", "[C4~]/2 C4/2");
    check("[C4~]/2 C4/2", "tie", "[C4]/2 C4/2");
    check("[C4]/2 C4/2", "tie; tie", "[C4]/2 C4/2");
    check("[C4]/2 D4/2", "slur", "[C4]/2{slur} D4/2");
    check("[C4]/2 D4/2", "slur; slur", "[C4]/2 D4/2");
    assert_eq!(refused("[C4]/2 D4/2", "tie"), "nothing-to-tie");
    assert_eq!(refused("[C4]/2 r/2", "slur"), "nothing-to-slur");
}

#[test]
fn notes_are_entered_one_after_another() {
    check("[R]", "input; value 4; note C; note D; note E; note F", "C5/4 D5/4 E5/4 [F5]/4");
    check("[R]", "input; value 2; note C; note D; note E", "C5/2 D5/2 | E5/2 [r]/2");
    check("[R]", "input; value 1; note C; add-note E; note G; leave-input; note A", "C5+E5/1 | [A4]/1");
    check("[R] | R", "input; value 8; note C; note D; value 2; note E", "C5/8 D5/8 E5/2 [r]/4 | R");
    check("[R]", "input; value 4; note C; dot; note D; value 8; rest; note E", "C5/4 D5/4. r/8 E5/8 [r]/8");
    check("[R]", "input; value 2; note C; add-note E; note G", "C5+E5/2 [G4]/2");
    check("C4/2. [r]/4 | R", "input; value 2; note E; note F", "C4/2. E4~/4 | E4/4 F4/2 [r]/4");
    check("[C4]/4 r/4 r/2", "input; leave-input; note D", "[D4]/4 r/4 r/2");
}

#[test]
fn the_dot_in_note_input_is_for_what_comes_next() {
    check("[R]", "input; value 4; note C; dot", "C5/4 [r]/4 r/2");
}

#[test]
fn marks_toggle() {
    check("[C4]/1", "staccato; accent", "[C4]/1{accent,staccato}");
    check("[C4]/1", "tenuto; tenuto; marcato", "[C4]/1{strongaccent}");
    check("[r]/1", "fermata", "[r]/1{fermata}");
    check("[C4]/1", "fermata; fermata", "[C4]/1");
    assert_eq!(refused("[r]/1", "staccato"), "nothing-selected");
}

#[test]
fn texts_are_written_replaced_and_taken_away() {
    check("[C4]/1", "dynamic mf", "[C4]/1{mf}");
    check("[C4]/1", "dynamic mf; dynamic p", "[C4]/1{p}");
    check("[C4]/1", "dynamic mf; dynamic mf", "[C4]/1");
    check("C4/2 [D4]/2", "dynamic f; previous; dynamic p", "[C4]/2{p} D4/2{f}");
    check("[C4]/1", "chord-symbol F#m7b5", "[C4]/1{F#m7b5}");
    check("[C4]/1", "chord-symbol C; chord-symbol Am; chord-symbol", "[C4]/1");
    check("[C4]/1", "text \"slow; free\"", "[C4]/1{“slow; free”}");
    check("[C4]/1", "rehearsal-mark A", "[C4]/1{(A)}");
    check("[C4]/1", "tempo 96", "[C4]/1{=96}");
    check("[C4]/2 D4/2", "lyric Hal-; next; lyric -lo_", "C4/2\"Hal-\" [D4]/2\"-lo_\"");
    check("[C4]/1", "lyric la; lyric 2:lu; lyric", "[C4]/1\"lu\"");
    assert_eq!(refused("[C4]/1", "dynamic loud"), "not-a-dynamic");
    assert_eq!(refused("[C4]/1", "chord-symbol hello"), "not-a-chord-symbol");
    assert_eq!(refused("[C4]/1", "tempo fast"), "bad-argument");
    assert_eq!(refused("[C4]/1", "tempo 4000"), "tempo-range");
    assert_eq!(refused("[C4]/1", "dynamic"), "nothing-to-take-away");
    assert_eq!(refused("[r]/1", "lyric la"), "nothing-selected");
}

#[test]
fn measures_come_and_go() {
    check("C4/1 | [D4]/1", "insert-measure", "C4/1 | R | [D4]/1");
    check("[C4]/1", "append-measure", "[C4]/1 | R");
    check("C4/1 | [D4]/1 | E4/1", "delete-measure", "C4/1 | [E4]/1");
    check("C4/1 | [D4]/1", "delete-measure", "[C4]/1");
    check("3/4: [C4]/2. | D4/2.", "insert-measure", "3/4: R | [C4]/2. | D4/2.");
    check("3/4: [C4]/2. | D4/2.", "delete-measure", "3/4: [D4]/2.");
    check("C4~/1 | [C4]/1 | E4/1", "delete-measure", "C4/1 | [E4]/1");
    assert_eq!(refused("[C4]/1", "delete-measure"), "last-measure");
}

#[test]
fn numbers_of_measures_follow() {
    let (mut sheet, mut desk) = read("C4/1 | [D4]/1 | E4/1");
    let numbers = |sheet: &line::Sheet| sheet.0.measures().map(|(_, measure)| measure.number.clone()).collect::<Vec<_>>().join(" ");
    desk.run(&mut sheet, "insert-measure").unwrap();
    assert_eq!(numbers(&sheet), "1 2 3 4");
    desk.run(&mut sheet, "delete-measure").unwrap();
    assert_eq!(numbers(&sheet), "1 2 3");
    desk.run(&mut sheet, "append-measure").unwrap();
    assert_eq!(numbers(&sheet), "1 2 3 4");
}

#[test]
fn repeats_keys_and_clefs_are_set() {
    use bandpro_notation::edit;
    use bandpro_notation::model::Clef;
    let (mut sheet, mut desk) = read("C4/1 | [D4]/1");
    for line in ["repeat-start", "repeat-end", "key Bb", "clef bass", "title Étude", "composer C. C."] {
        desk.run(&mut sheet, line).unwrap();
    }
    let measure = sheet.0.measures().nth(1).unwrap().1;
    assert!(measure.repeat_start && measure.repeat_end == Some(2));
    let event = desk.selection.event(&sheet.0).unwrap();
    assert_eq!(edit::key_at(&sheet.0, event).fifths, -2);
    assert_eq!(edit::clef_at(&sheet.0, event), Clef::BASS);
    assert_eq!(sheet.0.header().title, "Étude");
    assert_eq!(sheet.0.header().composer, "C. C.");
    desk.run(&mut sheet, "first").unwrap();
    let before = desk.selection.event(&sheet.0).unwrap();
    assert_eq!((edit::key_at(&sheet.0, before).fifths, edit::clef_at(&sheet.0, before)), (0, Clef::TREBLE));
    desk.run(&mut sheet, "repeat-start").unwrap();
    desk.run(&mut sheet, "repeat-start").unwrap();
    assert!(!sheet.0.measures().next().unwrap().1.repeat_start);
}

#[test]
fn a_transposing_part_reads_its_own_key() {
    use bandpro_notation::edit;
    use bandpro_notation::model::{Part, Transposition};
    for (chromatic, concert, written) in [(-2, 0, 2), (-2, -3, -1), (-9, 0, 3), (-9, -3, 0), (3, 0, 3), (-2, 5, -5)] {
        let (mut sheet, mut desk) = read("[C4]/1");
        let (id, part) = sheet.0.parts().first().map(|(id, part)| (*id, (*part).clone())).unwrap();
        let transposition = Some(Transposition { chromatic, ..Transposition::default() });
        sheet.0.insert(id, Part { transposition, ..part }).unwrap();
        desk.run(&mut sheet, &format!("key {concert}")).unwrap();
        let event = desk.selection.event(&sheet.0).unwrap();
        assert_eq!(edit::key_at(&sheet.0, event).fifths, written, "transposed by {chromatic}, concert key {concert}");
    }
}

#[test]
fn undo_and_redo_go_where_it_happened() {
    check("[C4]/2 D4/2", "pitch-up; undo", "[C4]/2 D4/2");
    check("[C4]/2 D4/2", "pitch-up; undo; redo", "[C#4]/2 D4/2");
    check("[C4]/2 D4/2 | E4/1", "pitch-up; last; undo", "[C4]/2 D4/2 | E4/1");
    check("[C4]/2 D4/2 | E4/1", "delete; last; undo; last; redo", "[r]/2 D4/2 | E4/1");
    check("[C4]/2 D4/2", "pitch-up; pitch-up; undo; pitch A4; undo; undo", "[C4]/2 D4/2");
    check("C4/1 | [D4]/1 | E4/1", "delete-measure; undo", "C4/1 | [D4]/1 | E4/1");
    check("C4/1 | [D4]/1", "insert-measure; undo; redo", "C4/1 | R | [D4]/1");
    assert_eq!(refused("[C4]/1", "undo"), "nothing-to-undo");
    assert_eq!(refused("[C4]/1", "redo"), "nothing-to-redo");
}

#[test]
fn a_new_edit_forgets_what_could_be_redone() {
    let (mut sheet, mut desk) = read("[C4]/1");
    for line in ["pitch-up", "undo", "pitch-down"] {
        desk.run(&mut sheet, line).unwrap();
    }
    assert!(!desk.can_redo());
    assert_eq!(write(&sheet.0, desk.selection), "[B3]/1");
}

#[test]
fn what_is_not_in_the_table_is_refused() {
    assert_eq!(refused("[C4]/1", "explode"), "unknown-command");
    assert_eq!(refused("[C4]/1", "zoom-in"), "window-only");
    assert_eq!(refused("[C4]/1", "delete everything"), "bad-argument");
    assert_eq!(refused("[C4]/1", "value"), "bad-argument");
}

#[test]
fn a_tuplet_is_not_cut() {
    use bandpro_notation::model::*;
    let (mut sheet, mut desk) = read("[C4]/4 r/4 r/2");
    let mut ids = IdSource::fixed(3);
    let part = sheet.0.parts()[0].0;
    let measure = sheet.0.measure_order()[0];
    let second = sheet.0.events_in(measure, part).nth(1).unwrap().0;
    bandpro_notation::edit::Edit::new(vec![bandpro_notation::edit::Change::Remove(second.into())]).apply(&mut sheet.0).unwrap();
    for third in 0..3 {
        let time = EventTime {
            measure,
            onset: Beat::new(3 + third, 12),
            duration: Beat::new(1, 12),
            value: Some(NoteValue::new(NoteBase::Eighth, 0)),
            ratio: (3, 2),
        };
        sheet.0.insert(ids.next::<Event>(), Event { part, time, ..Event::default() }).unwrap();
    }
    assert_eq!(desk.run(&mut sheet, "dot").unwrap_err().code(), "cuts-tuplet");
    desk.run(&mut sheet, "value 2").unwrap();
    assert_eq!(write(&sheet.0, desk.selection), "[C4]/2 r/2");
    desk.run(&mut sheet, "undo").unwrap();
    desk.run(&mut sheet, "next").unwrap();
    assert_eq!(desk.run(&mut sheet, "value 4").unwrap_err().code(), "tuplet-keeps-value");
}

#[test]
fn paper_and_style_change_and_come_back() {
    check("[C4]/1", "style jazz; page-size letter; staff-size 8; note-spacing 120%; measure-numbers 5", "[C4]/1");
    check("[C4]/1", "style jazz; undo; style large-print; style classical", "[C4]/1");
    check("C4/1 | [D4]/1", "break system; break none", "C4/1 | [D4]/1");
    assert_eq!(refused("[C4]/1", "style baroque"), "bad-argument");
    assert_eq!(refused("[C4]/1", "page-size A9"), "bad-argument");
    assert_eq!(refused("[C4]/1", "staff-size 500"), "bad-argument");
    assert_eq!(refused("[C4]/1", "measure-numbers 0"), "bad-argument");
}
