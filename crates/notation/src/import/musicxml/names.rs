//! The names that MusicXML 4.0 gives to what the model has as enumerations, for reading and writing.

use crate::model::*;

/// A value that MusicXML writes as one of a fixed set of names.
pub(crate) trait Named: Copy + PartialEq + Sized + 'static {
    /// Every value with its name; where a value has several names, the first is written.
    const NAMES: &'static [(Self, &'static str)];

    /// The value of this name.
    fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, known)| *known == name).map(|(value, _)| *value)
    }

    /// The name that is written; empty for a value that has none.
    fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(value, _)| *value == self).map_or("", |(_, name)| name)
    }
}

macro_rules! names {
    ($($type:ident { $($variant:ident $name:literal),* $(,)? })*) => {$(
        impl Named for $type {
            const NAMES: &'static [(Self, &'static str)] = &[ $( (Self::$variant, $name), )* ];
        }
    )*};
}

names! {
    NoteBase {
        Maxima "maxima", Long "long", Breve "breve", Whole "whole", Half "half", Quarter "quarter", Eighth "eighth", N16th "16th",
        N32nd "32nd", N64th "64th", N128th "128th", N256th "256th", N512th "512th", N1024th "1024th",
    }
    StemDirection { Up "up", Down "down", Double "double", None "none" }
    BeamRole {
        Begin "begin", Continue "continue", End "end", ForwardHook "forward hook", BackwardHook "backward hook",
    }
    ClefSign { G "G", F "F", C "C", Percussion "percussion", Tab "TAB", Jianpu "jianpu", None "none" }
    KeyMode {
        Major "major", Minor "minor", Dorian "dorian", Phrygian "phrygian", Lydian "lydian", Mixolydian "mixolydian",
        Aeolian "aeolian", Ionian "ionian", Locrian "locrian",
    }
    TimeSymbol {
        Normal "normal", Common "common", Cut "cut", SingleNumber "single-number", Note "note", DottedNote "dotted-note",
    }
    BarStyle {
        Regular "regular", Dotted "dotted", Dashed "dashed", Heavy "heavy", LightLight "light-light", LightHeavy "light-heavy",
        HeavyLight "heavy-light", HeavyHeavy "heavy-heavy", Tick "tick", Short "short", None "none",
    }
    GroupSymbol { None "none", Brace "brace", Bracket "bracket", Line "line", Square "square" }
    Syllabic { Single "single", Begin "begin", Middle "middle", End "end" }
    Placement { Above "above", Below "below" }
    AccidentalSign {
        Sharp "sharp", Natural "natural", Flat "flat", DoubleSharp "double-sharp", SharpSharp "sharp-sharp", FlatFlat "flat-flat",
        NaturalSharp "natural-sharp", NaturalFlat "natural-flat", QuarterFlat "quarter-flat", QuarterSharp "quarter-sharp",
        ThreeQuartersFlat "three-quarters-flat", ThreeQuartersSharp "three-quarters-sharp", SharpDown "sharp-down",
        SharpUp "sharp-up", NaturalDown "natural-down", NaturalUp "natural-up", FlatDown "flat-down", FlatUp "flat-up",
        DoubleSharpDown "double-sharp-down", DoubleSharpUp "double-sharp-up", FlatFlatDown "flat-flat-down",
        FlatFlatUp "flat-flat-up", ArrowDown "arrow-down", ArrowUp "arrow-up", TripleSharp "triple-sharp",
        TripleFlat "triple-flat", SlashQuarterSharp "slash-quarter-sharp", SlashSharp "slash-sharp", SlashFlat "slash-flat",
        DoubleSlashFlat "double-slash-flat", Sharp1 "sharp-1", Sharp2 "sharp-2", Sharp3 "sharp-3", Sharp5 "sharp-5",
        Flat1 "flat-1", Flat2 "flat-2", Flat3 "flat-3", Flat4 "flat-4", Sori "sori", Koron "koron", Other "other",
        // A name that MusicXML 1.0 and some programs use for two flats or two sharps.
        FlatFlat "double-flat",
    }
    Notehead {
        Normal "normal", Slash "slash", Triangle "triangle", Diamond "diamond", Square "square", Cross "cross", X "x",
        CircleX "circle-x", InvertedTriangle "inverted triangle", ArrowDown "arrow down", ArrowUp "arrow up",
        Circled "circled", Slashed "slashed", BackSlashed "back slashed", Cluster "cluster", CircleDot "circle dot",
        LeftTriangle "left triangle", Rectangle "rectangle", None "none", Do "do", Re "re", Mi "mi", Fa "fa", FaUp "fa up",
        So "so", La "la", Ti "ti", Other "other",
    }
    Articulation {
        Accent "accent", StrongAccent "strong-accent", Staccato "staccato", Tenuto "tenuto", DetachedLegato "detached-legato",
        Staccatissimo "staccatissimo", Spiccato "spiccato", Scoop "scoop", Plop "plop", Doit "doit", Falloff "falloff",
        BreathMark "breath-mark", Caesura "caesura", Stress "stress", Unstress "unstress", SoftAccent "soft-accent",
    }
    Ornament {
        Trill "trill-mark", Turn "turn", DelayedTurn "delayed-turn", InvertedTurn "inverted-turn",
        DelayedInvertedTurn "delayed-inverted-turn", VerticalTurn "vertical-turn",
        InvertedVerticalTurn "inverted-vertical-turn", Shake "shake", Mordent "mordent", InvertedMordent "inverted-mordent",
        Schleifer "schleifer", Haydn "haydn",
    }
    FermataShape {
        Normal "normal", Angled "angled", Square "square", DoubleAngled "double-angled", DoubleSquare "double-square",
        DoubleDot "double-dot", HalfCurve "half-curve", Curlew "curlew",
    }
    ChordKind {
        Major "major", Minor "minor", Augmented "augmented", Diminished "diminished", Dominant "dominant",
        MajorSeventh "major-seventh", MinorSeventh "minor-seventh", DiminishedSeventh "diminished-seventh",
        AugmentedSeventh "augmented-seventh", HalfDiminished "half-diminished", MajorMinor "major-minor",
        MajorSixth "major-sixth", MinorSixth "minor-sixth", DominantNinth "dominant-ninth", MajorNinth "major-ninth",
        MinorNinth "minor-ninth", Dominant11th "dominant-11th", Major11th "major-11th", Minor11th "minor-11th",
        Dominant13th "dominant-13th", Major13th "major-13th", Minor13th "minor-13th", SuspendedSecond "suspended-second",
        SuspendedFourth "suspended-fourth", Neapolitan "Neapolitan", Italian "Italian", French "French", German "German",
        Pedal "pedal", Power "power", Tristan "Tristan", Other "other", None "none",
    }
    ChordDegreeKind { Add "add", Alter "alter", Subtract "subtract" }
    TimeRelation {
        Parentheses "parentheses", Bracket "bracket", Equals "equals", Slash "slash", Space "space", Hyphen "hyphen",
    }
    StaffRole { Regular "regular", Ossia "ossia", Editorial "editorial", Cue "cue", Alternate "alternate" }
    Enclosure {
        None "none", Rectangle "rectangle", Square "square", Oval "oval", Circle "circle", Bracket "bracket",
        InvertedBracket "inverted-bracket", Triangle "triangle", Diamond "diamond", Pentagon "pentagon", Hexagon "hexagon",
        Heptagon "heptagon", Octagon "octagon", Nonagon "nonagon", Decagon "decagon",
    }
    Justify { Left "left", Center "center", Right "right" }
    VerticalAlign { Top "top", Middle "middle", Bottom "bottom", Baseline "baseline" }
    LineStyle { Solid "solid", Dashed "dashed", Dotted "dotted", Wavy "wavy" }
    LineEnd { None "none", Up "up", Down "down", Both "both", Arrow "arrow" }
    BeamFan { Accelerando "accel", Ritardando "rit" }
    BarreEnd { Start "start", Stop "stop" }
    Closure { Open "no", Half "half", Closed "yes" }
}

/// A text as an `NMTOKEN`: what such a name may not have becomes an underscore. Nothing where it is empty.
pub(crate) fn token(text: &str) -> Option<String> {
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ':');
    (!text.is_empty()).then(|| text.chars().map(|c| if allowed(c) { c } else { '_' }).collect())
}

/// The elements of `technical` without content. Those with a number or a text have their own places in the reader and writer.
pub(crate) const PLAIN_TECHNICAL: &[(Technical, &str)] = &[
    (Technical::UpBow, "up-bow"),
    (Technical::DownBow, "down-bow"),
    (Technical::Harmonic, "harmonic"),
    (Technical::OpenString, "open-string"),
    (Technical::ThumbPosition, "thumb-position"),
    (Technical::DoubleTongue, "double-tongue"),
    (Technical::TripleTongue, "triple-tongue"),
    (Technical::Stopped, "stopped"),
    (Technical::SnapPizzicato, "snap-pizzicato"),
    (Technical::Heel, "heel"),
    (Technical::Toe, "toe"),
    (Technical::Fingernails, "fingernails"),
    (Technical::Open, "open"),
    (Technical::HalfMuted, "half-muted"),
    (Technical::Golpe, "golpe"),
    (Technical::BrassBend, "brass-bend"),
    (Technical::Flip, "flip"),
    (Technical::Smear, "smear"),
];

/// The kinds of breath marks and caesuras: the element and its text.
pub(crate) const PAUSES: &[(Articulation, &str, &str)] = &[
    (Articulation::BreathMark, "breath-mark", "comma"),
    (Articulation::BreathTick, "breath-mark", "tick"),
    (Articulation::BreathUpbow, "breath-mark", "upbow"),
    (Articulation::BreathSalzedo, "breath-mark", "salzedo"),
    (Articulation::Caesura, "caesura", "normal"),
    (Articulation::CaesuraThick, "caesura", "thick"),
    (Articulation::CaesuraShort, "caesura", "short"),
    (Articulation::CaesuraCurved, "caesura", "curved"),
    (Articulation::CaesuraSingle, "caesura", "single"),
];

/// The signs that are elements of their own in MusicXML and a glyph in the model.
pub(crate) const SIGNS: &[(&str, &str)] = &[("eyeglasses", "miscEyeglasses"), ("damp", "pluckedDamp"), ("damp-all", "pluckedDampAll")];

/// String mutes, as `string-mute` has them, and their glyphs.
pub(crate) const STRING_MUTES: &[(&str, &str)] = &[("on", "stringsMuteOn"), ("off", "stringsMuteOff")];

/// The pedals of a harp, from left to right.
pub(crate) const HARP: [Step; 7] = [Step::D, Step::C, Step::B, Step::E, Step::F, Step::G, Step::A];

/// The dynamics that are elements of their own; others are text in `other-dynamics`.
pub(crate) const DYNAMICS: &[&str] = &[
    "p", "pp", "ppp", "pppp", "ppppp", "pppppp", "f", "ff", "fff", "ffff", "fffff", "ffffff", "mp", "mf", "sf", "sfp", "sfpp", "fp", "rf",
    "rfz", "sfz", "sffz", "fz", "n", "pf", "sfzp",
];
