//! Stylesheet directives and instructions that matter to what the music is. ABC 2.1, sections 7.1 and 11.

use super::super::ImportError;
use super::clef;
use super::tune::{Reach, Tune};
use crate::model::GroupSymbol;

/// How voices are put on staves, and staves in groups.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Staves {
    /// The voices of each staff, from the top.
    pub(super) staves: Vec<Vec<String>>,
    /// Runs of staves, first and last, that a sign holds together.
    pub(super) groups: Vec<(usize, usize, GroupSymbol)>,
    /// Whether the barline runs through from the staff of this index to the next.
    pub(super) joined: Vec<bool>,
}

impl Staves {
    /// Reads `%%score`; `%%staves` differs in that barlines run through everywhere but at a bar sign.
    pub(super) fn read(text: &str, everywhere: bool) -> Self {
        let mut staves = Self::default();
        let mut open: Vec<(char, usize)> = Vec::new();
        let mut together = false;
        let mut rest = text.trim();
        while let Some(c) = rest.chars().next() {
            let mut used = c.len_utf8();
            match c {
                '(' => {
                    together = true;
                    staves.staves.push(Vec::new());
                }
                ')' => together = false,
                '{' | '[' => open.push((c, staves.staves.len())),
                '}' | ']' => {
                    let opening = if c == '}' { '{' } else { '[' };
                    if open.last().is_some_and(|(sign, _)| *sign == opening)
                        && let Some((_, first)) = open.pop()
                        && staves.staves.len() > first
                    {
                        let symbol = if c == '}' { GroupSymbol::Brace } else { GroupSymbol::Bracket };
                        staves.groups.push((first, staves.staves.len() - 1, symbol));
                    }
                }
                '|' => {
                    let last = staves.staves.len().saturating_sub(1);
                    staves.joined.resize(last + 1, everywhere);
                    if let Some(joined) = staves.joined.last_mut() {
                        *joined = !everywhere;
                    }
                }
                '*' | '+' => {}
                c if c.is_whitespace() || c == ',' => {}
                _ => {
                    let end = rest.find(|c: char| c.is_whitespace() || "(){}[]|*+,".contains(c)).unwrap_or(rest.len());
                    let name = rest.get(..end).unwrap_or_default().to_owned();
                    used = end.max(1);
                    match staves.staves.last_mut().filter(|_| together) {
                        Some(staff) => staff.push(name),
                        None => staves.staves.push(vec![name]),
                    }
                }
            }
            rest = rest.get(used..).unwrap_or_default();
        }
        staves.staves.retain(|staff| !staff.is_empty());
        staves.joined.resize(staves.staves.len(), everywhere);
        let count = staves.staves.len();
        staves.groups.retain(|(_, last, _)| *last < count);
        staves
    }
}

/// Directives about the page, fonts and other programs' playback, which BandPro's own engraving and sound decide.
const LEFT_TO_US: &[&str] = &[
    "abc-",
    "page",
    "scale",
    "topspace",
    "musicspace",
    "titlespace",
    "subtitlespace",
    "composerspace",
    "infospace",
    "staffsep",
    "sysstaffsep",
    "maxstaffsep",
    "maxsysstaffsep",
    "vocalspace",
    "wordsspace",
    "textspace",
    "leftmargin",
    "rightmargin",
    "topmargin",
    "botmargin",
    "indent",
    "landscape",
    "staffwidth",
    "stretch",
    "maxshrink",
    "titlefont",
    "subtitlefont",
    "composerfont",
    "partsfont",
    "tempofont",
    "gchordfont",
    "annotationfont",
    "infofont",
    "textfont",
    "vocalfont",
    "wordsfont",
    "voicefont",
    "measurefont",
    "repeatfont",
    "setfont",
    "measurenb",
    "measurefirst",
    "barnumbers",
    "barsperstaff",
    "parskipfac",
    "lineskipfac",
    "slurheight",
    "notespacingfactor",
    "bgcolor",
    "format",
    "encoding",
    "straightflags",
    "graceslurs",
    "flatbeams",
    "dynalign",
    "vskip",
    "sep",
    "newpage",
    "continueall",
    "header",
    "footer",
    "writefields",
    "exprabove",
    "exprbelow",
    "squarebreve",
    "titleleft",
    "titlecaps",
    "titletrim",
    "titleformat",
    "infoname",
    "footerfont",
    "headerfont",
    "fontscale",
    "microscale",
    "playtempo",
    "printtempo",
    "oneperpage",
    "splittune",
    "linewarn",
    "papersize",
    "dateformat",
    "propagate",
    "keywarn",
    "timewarn",
    "cancelkey",
    "contbarnb",
    "alignbars",
    "aligncomposer",
    "gracespace",
    "bstemdown",
    "ABC2pscompat",
];

impl Tune<'_, '_> {
    /// A directive: `%%…` or `I:…`.
    pub(super) fn directive(&mut self, text: &str, byte: usize) -> Result<(), ImportError> {
        let (name, value) = text.split_once(|c: char| c.is_whitespace() || c == '=').unwrap_or((text, ""));
        let value = value.trim();
        match name {
            "score" | "staves" => self.set_staves(value, name == "staves", byte),
            "MIDI" => self.midi(value, byte)?,
            "linebreak" => self.lines_break = value.is_empty() || value.split_whitespace().any(|word| word == "<EOL>"),
            "decoration" => self.plus = value == "+",
            "propagate-accidentals" => {
                self.reach = match value {
                    "not" => Reach::Note,
                    "octave" => Reach::Octave,
                    _ => Reach::AllOctaves,
                };
            }
            "writeout-accidentals" => {}
            "tempo" | "meter" | "key" => self.report.invalid(&["directive", name], byte),
            "text" | "center" => self.report.unsupported(&["%%text"], byte),
            _ if LEFT_TO_US.iter().any(|prefix| name.starts_with(prefix)) => {}
            _ => self.report.unsupported(&["directive", name], byte),
        }
        Ok(())
    }

    fn set_staves(&mut self, value: &str, everywhere: bool, byte: usize) {
        let staves = Staves::read(value, everywhere);
        match &self.staves {
            Some(other) if *other != staves => self.report.unsupported(&["%%score in the middle of a tune"], byte),
            _ => self.staves = Some(staves),
        }
    }

    /// abc2midi's directives: which sound a voice has.
    fn midi(&mut self, value: &str, byte: usize) -> Result<(), ImportError> {
        let mut words = value.split_whitespace();
        let name = words.next().unwrap_or_default();
        let numbers: Vec<i32> = words.filter_map(|word| word.parse().ok()).collect();
        match (name, numbers.as_slice()) {
            ("program", [.., program]) => {
                let program = u8::try_from(*program).ok().filter(|program| *program < 128);
                match self.voices.get_mut(self.current) {
                    Some(voice) => voice.program = program,
                    None => self.program = program,
                }
            }
            ("channel", [channel]) => {
                let channel = u8::try_from(channel - 1).ok().filter(|channel| *channel < 16);
                if let Some(voice) = self.voices.get_mut(self.current) {
                    voice.channel = channel;
                }
            }
            ("transpose", [semitones]) => {
                let semitones = i16::try_from(*semitones).ok().filter(|steps| steps.abs() <= 48);
                match self.voices.get_mut(self.current) {
                    Some(voice) => voice.parameters.transpose = semitones,
                    None => self.parameters.transpose = semitones,
                }
            }
            ("voice", _) => {
                for (name, value) in clef::parameters(value) {
                    if name == "instrument"
                        && let Ok(program) = value.parse::<u8>()
                        && let Some(voice) = self.voices.get_mut(self.current)
                    {
                        voice.program = program.checked_sub(1).filter(|program| *program < 128);
                    }
                }
            }
            _ => self.report.unsupported(&["%%MIDI", name], byte),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn voices_are_put_on_staves() {
        let staves = Staves::read("[ (S A) | (T B) ] {RH | (L1 L2)}", false);
        let names: Vec<String> = staves.staves.iter().map(|staff| staff.join("+")).collect();
        assert_eq!(names, ["S+A", "T+B", "RH", "L1+L2"]);
        assert_eq!(staves.groups, [(0, 1, GroupSymbol::Bracket), (2, 3, GroupSymbol::Brace)]);
        assert_eq!(staves.joined, [true, false, true, false]);
        assert_eq!(Staves::read("(1 2", false).staves, [["1", "2"]]);
        assert_eq!(Staves::read("}{[]|)(", true).staves.len(), 0);
    }
}
