//! What is sung.

use super::selected_notes;
use crate::edit::{Change, Edit, EditError, Obstacle, Selection};
use crate::model::{Field, IdSource, Lyric, LyricField, LyricPiece, Record, Score, Syllabic};

/// Writes a syllable of a verse under the selected chord; without text, takes it away. A hyphen at its end says that the word
/// goes on, one at its start that it has begun before, an underscore at its end that it is held over the following notes.
pub fn set_lyric(score: &Score, selection: Selection, ids: &mut IdSource, verse: u8, text: Option<&str>) -> Result<Edit, EditError> {
    selected_notes(score, selection)?;
    let event = selection.event(score).ok_or(EditError::NothingSelected)?;
    let name = verse.to_string();
    let there = score.lyrics_of(event).into_iter().find(|(_, lyric)| lyric.verse == name || (verse == 1 && lyric.verse.is_empty()));
    let Some(text) = text else {
        let (id, _) = there.ok_or(EditError::NotApplicable(Obstacle::NoSyllable))?;
        return Ok(Edit::new(vec![Change::Remove(id.into())]));
    };
    let (pieces, extend) = syllable(text)?;
    Ok(Edit::new(match there {
        Some((id, _)) => vec![
            Change::Set(id.into(), Field::Lyric(LyricField::Text(pieces))),
            Change::Set(id.into(), Field::Lyric(LyricField::Extend(extend))),
        ],
        None => {
            let lyric = Lyric { event, verse: name, text: pieces, extend, ..Lyric::default() };
            vec![Change::Insert(ids.next::<Lyric>().into(), Record::Lyric(lyric))]
        }
    }))
}

fn syllable(text: &str) -> Result<(Vec<LyricPiece>, bool), EditError> {
    let (text, extend) = text.strip_suffix('_').map_or((text, false), |text| (text, true));
    let (text, begun) = text.strip_prefix('-').map_or((text, false), |text| (text, true));
    let (text, goes_on) = text.strip_suffix('-').map_or((text, false), |text| (text, true));
    if text.is_empty() {
        return Err(EditError::NotApplicable(Obstacle::EmptySyllable));
    }
    let syllabic = match (begun, goes_on) {
        (false, false) => Syllabic::Single,
        (false, true) => Syllabic::Begin,
        (true, true) => Syllabic::Middle,
        (true, false) => Syllabic::End,
    };
    Ok((vec![LyricPiece::Text(text.to_owned(), syllabic)], extend))
}
