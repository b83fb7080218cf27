//! Which two things may share ink, and what it is called where they may not.

use crate::engrave::page::Role;

/// What it is that two things have in common where they meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kinship {
    /// They show the same record.
    pub record: bool,
    /// They belong to the same chord.
    pub chord: bool,
    /// They belong to the same voice of a staff.
    pub voice: bool,
}

/// Whether a role is text that stands outside the staff.
pub(super) fn is_text(role: Role) -> bool {
    use Role as R;
    matches!(
        role,
        R::Lyric
            | R::Dynamic
            | R::Words
            | R::Tempo
            | R::ChordSymbol
            | R::Rehearsal
            | R::MeasureNumber
            | R::PartName
            | R::Title
            | R::Credit
            | R::PageNumber
    )
}

/// What is printed on the staff and belongs to a moment of it.
fn is_solid(role: Role) -> bool {
    use Role as R;
    matches!(role, R::Notehead | R::Accidental | R::Rest | R::Clef | R::KeySignature | R::TimeSignature | R::Dot | R::Flag)
}

/// What runs over everything else and is read through it.
fn is_grid(role: Role) -> bool {
    matches!(role, Role::StaffLine | Role::LedgerLine | Role::Barline)
}

/// Whether two items may share ink: they belong together, or print is read that way.
pub(super) fn may_meet(a: Role, b: Role, kin: Kinship) -> bool {
    use Role as R;
    if kin.record {
        return true;
    }
    if is_grid(a) || is_grid(b) {
        let (grid, other) = if is_grid(a) { (a, b) } else { (b, a) };
        return crosses_grid(grid, other, kin);
    }
    let is = |x: Role, y: Role| (a, b) == (x, y) || (b, a) == (x, y);
    let parts_of_a_note = |role: Role| matches!(role, R::Notehead | R::Stem | R::Flag | R::Beam | R::Tremolo | R::Other);
    if kin.chord && parts_of_a_note(a) && parts_of_a_note(b) {
        return true;
    }
    // Beams and the stems under them; a stem of one voice may run along one of another.
    if is(R::Stem, R::Beam) || is(R::Beam, R::Beam) {
        return kin.voice;
    }
    let curve = |role: Role| matches!(role, R::Slur | R::Tie);
    let passes = |role: Role| matches!(role, R::KeySignature | R::TimeSignature);
    // A tie or slur over a barline passes the signs that stand there.
    if curve(a) && passes(b) || curve(b) && passes(a) {
        return true;
    }
    is(R::Stem, R::Stem)
        || is(R::Brace, R::Brace)
        || curve(a) && curve(b)
        || is(R::Glissando, R::Notehead)
        || is(R::Tremolo, R::Stem)
        || is(R::Volta, R::Volta)
        || is(R::Rehearsal, R::Rehearsal)
}

fn crosses_grid(grid: Role, other: Role, kin: Kinship) -> bool {
    use Role as R;
    match grid {
        R::StaffLine => !is_text(other) && !matches!(other, R::Hairpin | R::LyricLine | R::Volta | R::Pedal | R::Ottava),
        // Lines of two chords that run into each other read as one.
        R::LedgerLine if other == R::LedgerLine => kin.chord,
        R::LedgerLine => !is_text(other) && !matches!(other, R::Hairpin | R::LyricLine | R::Clef | R::Volta | R::Pedal),
        _ => !is_text(other) && !is_solid(other) && !matches!(other, R::Articulation | R::Ornament | R::Stem),
    }
}

/// Pairs that have to be further apart than not touching: so much is added to one side.
pub(super) fn margin(a: Role, b: Role) -> f32 {
    use Role as R;
    let near = |role: Role| matches!(role, R::Notehead | R::Accidental | R::Dot | R::Clef | R::KeySignature);
    if a == R::Accidental && near(b) || b == R::Accidental && near(a) { 0.05 } else { 0.0 }
}
