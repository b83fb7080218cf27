//! Clefs, and the other parameters of `K:` and `V:`. ABC 2.1, sections 4.6 and 7.2.

use crate::model::*;

/// A clef as ABC names it, and by how many octaves it moves the notes that are read in it: `-8` means that what is written
/// as in the plain clef sounds an octave lower; `_8` only prints the figure.
pub(super) fn named(word: &str) -> Option<(Clef, i8)> {
    const NAMES: &[(&str, ClefSign, i8)] = &[
        ("treble", ClefSign::G, 2),
        ("alto", ClefSign::C, 3),
        ("tenor", ClefSign::C, 4),
        ("bass", ClefSign::F, 4),
        ("soprano", ClefSign::C, 1),
        ("mezzosoprano", ClefSign::C, 2),
        ("mezzo", ClefSign::C, 2),
        ("baritone", ClefSign::F, 3),
        ("varbaritone", ClefSign::F, 3),
        ("subbass", ClefSign::F, 5),
        ("perc", ClefSign::Percussion, 3),
        ("none", ClefSign::None, 2),
        ("tab", ClefSign::Tab, 5),
        ("G", ClefSign::G, 2),
        ("C", ClefSign::C, 3),
        ("F", ClefSign::F, 4),
        ("P", ClefSign::Percussion, 3),
    ];
    let name_end = word.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(word.len());
    let (name, rest) = word.split_at(name_end);
    let (_, sign, line) = NAMES.iter().find(|(known, _, _)| *known == name)?;
    let mut line = *line;
    let rest = match rest.chars().next().and_then(|c| c.to_digit(10)).filter(|line| (1..=5).contains(line)) {
        Some(given) => {
            line = given as i8;
            &rest[1..]
        }
        None => rest,
    };
    let octave = match rest.get(1..) {
        Some("8") => 1,
        Some("15") => 2,
        _ if rest.is_empty() => 0,
        _ => return None,
    };
    let (octave, moved) = match rest.chars().next() {
        None => (0, 0),
        Some('+') => (octave, octave),
        Some('-') => (-octave, -octave),
        Some('^') => (octave, 0),
        Some('_') => (-octave, 0),
        Some(_) => return None,
    };
    Some((Clef { sign: *sign, line, octave }, moved))
}

/// Parameters: words, and names with values, which may be in quotation marks.
pub(super) fn parameters(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() && found.len() < 64 {
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let Some(value) = after.strip_prefix('=') else {
            if !name.is_empty() {
                found.push((String::new(), name.to_owned()));
            }
            rest = after.trim_start();
            continue;
        };
        let (value, after) = match value.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
        };
        found.push((name.to_owned(), value.to_owned()));
        rest = after.trim_start();
    }
    found
}

/// What the parameters of a voice or key say about how its notes are read and shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Parameters {
    pub(super) clef: Option<Clef>,
    /// Octaves to add because of the clef, because of `middle=`, and because of `octave=`.
    pub(super) clef_octaves: i8,
    pub(super) octaves: i8,
    /// Semitones from written to sounding.
    pub(super) transpose: Option<i16>,
    pub(super) lines: Option<u8>,
    pub(super) name: Option<String>,
    pub(super) short_name: Option<String>,
    pub(super) stem: Option<StemDirection>,
    /// What they were at the start, where they changed since.
    pub(super) first_clef: Option<Clef>,
    pub(super) first_transpose: Option<i16>,
    /// Names of parameters that mean nothing here.
    pub(super) unknown: Vec<String>,
}

impl Parameters {
    /// Reads parameters over what was known before.
    pub(super) fn update(&mut self, text: &str) {
        let mut middle = None;
        for (name, value) in parameters(text) {
            match name.as_str() {
                "" | "clef" => match named(&value) {
                    Some((clef, moved)) => {
                        self.clef = Some(clef);
                        self.clef_octaves = moved;
                    }
                    None if name.is_empty() && matches!(value.as_str(), "up" | "down" | "merge") => self.stem(&value),
                    None => self.unknown.push(if name.is_empty() { value } else { format!("clef={value}") }),
                },
                "octave" => self.octaves = value.parse::<i8>().unwrap_or(0).clamp(-9, 9),
                "transpose" | "t" => self.transpose = value.parse::<i16>().ok().filter(|steps| steps.abs() <= 48),
                "stafflines" => self.lines = value.parse().ok().filter(|lines| *lines <= 12),
                "name" | "nm" => self.name = Some(super::text::plain(&value).replace("\\n", " ")),
                "subname" | "sname" | "snm" => self.short_name = Some(super::text::plain(&value).replace("\\n", " ")),
                "stem" | "stems" => self.stem(&value),
                "middle" | "m" => middle = Some(value),
                // How a voice is drawn or mixed, left to BandPro's own engraving.
                "merge" | "up" | "down" | "gstem" | "dyn" | "lyrics" | "cue" | "staffscale" | "space" | "scale" => {}
                _ => self.unknown.push(name),
            }
        }
        if let Some(octaves) = middle.and_then(|pitch| self.octaves_of_middle(&pitch)) {
            self.clef_octaves = octaves;
        }
    }

    /// Takes over what a key field says and the voice does not.
    pub(super) fn fill_from(&mut self, other: &Self) {
        if self.clef.is_none() {
            (self.clef, self.clef_octaves) = (other.clef, other.clef_octaves);
        }
        if self.octaves == 0 {
            self.octaves = other.octaves;
        }
        self.transpose = self.transpose.or(other.transpose);
        self.lines = self.lines.or(other.lines);
    }

    fn stem(&mut self, value: &str) {
        self.stem = match value {
            "up" => Some(StemDirection::Up),
            "down" => Some(StemDirection::Down),
            _ => None,
        };
    }

    /// `middle=` names the note written on the middle line: where it is the clef's own in another octave, notes move by that.
    fn octaves_of_middle(&self, pitch: &str) -> Option<i8> {
        let letter = pitch.chars().next()?;
        let step = Step::from_letter(letter)?;
        let low: i32 = if letter.is_ascii_lowercase() { 5 } else { 4 };
        let marks: i32 = pitch.chars().skip(1).take(9).map(|c| if c == '\'' { 1 } else { -1 }).sum();
        let clef = self.clef.unwrap_or(Clef::TREBLE);
        let difference = clef.bottom_line() + 4 - ((low + marks) * 7 + step.index());
        (difference % 7 == 0).then_some((difference / 7) as i8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clefs_are_named_in_many_ways() {
        assert_eq!(named("treble-8"), Some((Clef { octave: -1, ..Clef::TREBLE }, -1)));
        assert_eq!(named("bass3"), Some((Clef { line: 3, ..Clef::BASS }, 0)));
        assert_eq!(named("C4"), Some((Clef { line: 4, ..Clef::ALTO }, 0)));
        assert_eq!(named("bass_8"), Some((Clef { octave: -1, ..Clef::BASS }, 0)));
        assert_eq!(named("perc"), Some((Clef::PERCUSSION, 0)));
        assert_eq!((named("trebel"), named("treble8"), named("bass9")), (None, None, None));
    }

    #[test]
    fn parameters_are_words_and_values() {
        let mut parameters = Parameters::default();
        parameters.update("bass name=\"Double bass\" snm=Db. transpose=-12 middle=d octave=1 shine=yes stem=up");
        assert_eq!((parameters.clef, parameters.clef_octaves, parameters.octaves), (Some(Clef::BASS), -2, 1));
        assert_eq!(parameters.name.as_deref(), Some("Double bass"));
        assert_eq!(parameters.short_name.as_deref(), Some("Db."));
        assert_eq!((parameters.transpose, parameters.stem), (Some(-12), Some(StemDirection::Up)));
        assert_eq!(parameters.unknown, ["shine"]);
    }
}
