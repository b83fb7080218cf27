//! The table itself. Default keys follow what musicians' fingers know (MuseScore 4's defaults).

use super::Run::{Score, Style, Transport, Window};
use super::{Argument, Command, Run, layout, looking, perform, ranges, style};

type Keyed = &'static [(&'static str, &'static str)];

const fn plain(id: &'static str, category: &'static str, keys: &'static [&'static str], run: Run) -> Command {
    Command { id, category, keys, keyed: &[], argument: None, run }
}

const fn with(id: &'static str, category: &'static str, keys: &'static [&'static str], form: &'static str, run: Run) -> Command {
    Command { id, category, keys, keyed: &[], argument: Some(Argument { form, optional: false }), run }
}

const fn maybe(id: &'static str, category: &'static str, keys: &'static [&'static str], form: &'static str, run: Run) -> Command {
    Command { id, category, keys, keyed: &[], argument: Some(Argument { form, optional: true }), run }
}

const fn keyed(id: &'static str, category: &'static str, keyed: Keyed, form: &'static str, run: Run) -> Command {
    Command { id, category, keys: &[], keyed, argument: Some(Argument { form, optional: false }), run }
}

/// A setting of the style.
const fn set(id: &'static str) -> Command {
    let setting = style::setting(id);
    let argument = Some(Argument { form: setting.form, optional: false });
    Command { id, category: "layout", keys: &[], keyed: &[], argument, run: Style(setting) }
}

const LETTERS: Keyed = &[("A", "A"), ("B", "B"), ("C", "C"), ("D", "D"), ("E", "E"), ("F", "F"), ("G", "G")];
const ADDED: Keyed =
    &[("Shift+A", "A"), ("Shift+B", "B"), ("Shift+C", "C"), ("Shift+D", "D"), ("Shift+E", "E"), ("Shift+F", "F"), ("Shift+G", "G")];
const VALUES: Keyed =
    &[("1", "64th"), ("2", "32nd"), ("3", "16th"), ("4", "eighth"), ("5", "quarter"), ("6", "half"), ("7", "whole"), ("8", "breve")];
const INTERVALS: Keyed =
    &[("Alt+2", "2"), ("Alt+3", "3"), ("Alt+4", "4"), ("Alt+5", "5"), ("Alt+6", "6"), ("Alt+7", "7"), ("Alt+8", "8"), ("Alt+9", "9")];

/// Every command.
pub const COMMANDS: &[Command] = &[
    // Moving the selection.
    plain("next", "select", &["ArrowRight", "Alt+ArrowRight"], Score(perform::next)),
    plain("previous", "select", &["ArrowLeft", "Alt+ArrowLeft"], Score(perform::previous)),
    plain("next-measure", "select", &["Mod+ArrowRight"], Score(perform::next_measure)),
    plain("previous-measure", "select", &["Mod+ArrowLeft"], Score(perform::previous_measure)),
    plain("first", "select", &["Mod+Home"], Score(perform::first)),
    plain("last", "select", &["Mod+End"], Score(perform::last)),
    plain("extend-next", "select", &["Shift+ArrowRight"], Score(ranges::extend_next)),
    plain("extend-previous", "select", &["Shift+ArrowLeft"], Score(ranges::extend_previous)),
    plain("extend-next-measure", "select", &["Mod+Shift+ArrowRight"], Score(ranges::extend_next_measure)),
    plain("extend-previous-measure", "select", &["Mod+Shift+ArrowLeft"], Score(ranges::extend_previous_measure)),
    plain("extend-first", "select", &["Mod+Shift+Home"], Score(ranges::extend_first)),
    plain("extend-last", "select", &["Mod+Shift+End"], Score(ranges::extend_last)),
    plain("chord-up", "select", &["Alt+ArrowUp"], Score(perform::chord_up)),
    plain("chord-down", "select", &["Alt+ArrowDown"], Score(perform::chord_down)),
    with("goto", "select", &["Mod+F"], "PART MEASURE N", Score(perform::goto)),
    // Entering notes.
    plain("input", "enter", &["N"], Score(perform::input)),
    plain("leave-input", "enter", &["Escape"], Score(perform::leave_input)),
    keyed("note", "enter", LETTERS, "PITCH", Score(perform::note)),
    keyed("add-note", "enter", ADDED, "PITCH", Score(perform::add_note)),
    keyed("add-interval", "enter", INTERVALS, "INTERVAL", Score(perform::add_interval)),
    plain("rest", "enter", &["0"], Score(perform::rest)),
    plain("delete", "enter", &["Delete", "Backspace"], Score(perform::delete)),
    // Pitch.
    with("pitch", "pitch", &[], "PITCH", Score(perform::pitch)),
    plain("pitch-up", "pitch", &["ArrowUp"], Score(perform::pitch_up)),
    plain("pitch-down", "pitch", &["ArrowDown"], Score(perform::pitch_down)),
    plain("octave-up", "pitch", &["Mod+ArrowUp"], Score(perform::octave_up)),
    plain("octave-down", "pitch", &["Mod+ArrowDown"], Score(perform::octave_down)),
    plain("diatonic-up", "pitch", &["Alt+Shift+ArrowUp"], Score(perform::diatonic_up)),
    plain("diatonic-down", "pitch", &["Alt+Shift+ArrowDown"], Score(perform::diatonic_down)),
    plain("sharp", "pitch", &["+"], Score(perform::sharp)),
    plain("flat", "pitch", &["-"], Score(perform::flat)),
    plain("natural", "pitch", &["="], Score(perform::natural)),
    plain("respell", "pitch", &["J"], Score(perform::respell)),
    // Rhythm.
    keyed("value", "rhythm", VALUES, "VALUE", Score(perform::value)),
    plain("dot", "rhythm", &["."], Score(perform::dot)),
    plain("halve", "rhythm", &["Q"], Score(perform::halve)),
    plain("double", "rhythm", &["W"], Score(perform::double)),
    plain("tie", "rhythm", &["T"], Score(perform::tie)),
    // Marks.
    plain("slur", "marks", &["S"], Score(perform::slur)),
    plain("staccato", "marks", &["Shift+S"], Score(perform::staccato)),
    plain("tenuto", "marks", &["Shift+N"], Score(perform::tenuto)),
    plain("accent", "marks", &["Shift+V"], Score(perform::accent)),
    plain("marcato", "marks", &["Shift+O"], Score(perform::marcato)),
    plain("fermata", "marks", &[], Score(perform::fermata)),
    // Text.
    maybe("dynamic", "text", &["Mod+D"], "DYNAMIC", Score(perform::dynamic)),
    maybe("chord-symbol", "text", &["Mod+K"], "CHORD", Score(perform::chord_symbol)),
    maybe("lyric", "text", &["Mod+L"], "SYLLABLE", Score(perform::lyric)),
    maybe("text", "text", &["Mod+T"], "TEXT", Score(perform::text)),
    maybe("rehearsal-mark", "text", &["Mod+M"], "TEXT", Score(perform::rehearsal)),
    maybe("tempo", "text", &["Alt+Shift+T"], "BPM", Score(perform::tempo)),
    with("title", "text", &[], "TEXT", Score(perform::title)),
    with("composer", "text", &[], "TEXT", Score(perform::composer)),
    // Measures.
    plain("insert-measure", "measures", &["Insert"], Score(perform::insert_measure)),
    plain("append-measure", "measures", &["Mod+B"], Score(perform::append_measure)),
    plain("delete-measure", "measures", &["Mod+Delete", "Mod+Backspace"], Score(perform::delete_measure)),
    plain("repeat-start", "measures", &[], Score(perform::repeat_start)),
    plain("repeat-end", "measures", &[], Score(perform::repeat_end)),
    with("key", "measures", &[], "KEY", Score(perform::key)),
    with("clef", "measures", &[], "CLEF", Score(perform::clef)),
    // What is looked at.
    keyed("view", "view", &[("F6", "other")], "pages|continuous|other", Score(looking::view)),
    keyed("part", "view", &[("Alt+PageDown", "next"), ("Alt+PageUp", "previous")], "N|all|next|previous", Score(looking::part)),
    // Paper and style.
    with("style", "layout", &[], "classical|jazz|large-print", Score(style::style)),
    set("page-size"),
    set("margins"),
    set("staff-size"),
    set("note-spacing"),
    set("staff-distance"),
    set("system-distance"),
    set("fill-pages"),
    set("fill-last-system"),
    set("page-turns"),
    set("hide-empty-staves"),
    set("multi-rests"),
    set("measure-numbers"),
    set("concert-pitch"),
    set("music-font"),
    set("text-font"),
    set("lyric-font"),
    set("chord-font"),
    set("chord-spelling"),
    set("text-size"),
    set("lyric-size"),
    set("chord-size"),
    set("title-size"),
    set("staff-line-width"),
    set("stem-width"),
    set("line-width"),
    with("break", "layout", &[], "system|page|section|none", Score(layout::line_break)),
    // The score as a whole.
    plain("undo", "edit", &["Mod+Z"], Score(perform::undo)),
    plain("redo", "edit", &["Mod+Shift+Z", "Mod+Y"], Score(perform::redo)),
    Command {
        id: "play",
        category: "play",
        keys: &["Space"],
        keyed: &[("Shift+Space", "selection")],
        argument: Some(Argument { form: "selection", optional: true }),
        run: Transport(true),
    },
    plain("stop", "play", &[], Transport(false)),
    // What the window does.
    plain("show-library", "window", &["Mod+Shift+L"], Window),
    plain("import", "window", &["Mod+O"], Window),
    plain("export", "window", &["Mod+E"], Window),
    plain("show-commands", "window", &["Mod+Shift+P"], Window),
    plain("export-many", "window", &["Mod+Shift+E"], Window),
    plain("show-style", "window", &["Mod+Shift+Y"], Window),
    plain("zoom-in", "window", &["Mod++"], Window),
    plain("zoom-out", "window", &["Mod+-"], Window),
    plain("zoom-reset", "window", &["Mod+0"], Window),
];
