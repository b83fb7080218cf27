//! The records a score is made of.

use super::scalar::FieldValue;
use super::*;

/// The identifier of the one [`Header`] of a score.
pub const HEADER: Id<Header> = Id::from_raw(0);
/// The identifier of the one [`Layout`] of a score.
pub const LAYOUT: Id<Layout> = Id::from_raw(0);

const NOWHERE: Moment = Moment { measure: Id::from_raw(0), beat: Beat::ZERO };

record! {
    /// What the score is called and who made it.
    Header / HeaderField {
        /// The title of the piece.
        Title title: String = String::new(),
        /// The title of the larger work it is from.
        WorkTitle work_title: String = String::new(),
        /// Its number in that work, or its opus.
        Number number: String = String::new(),
        /// Under the title.
        Subtitle subtitle: String = String::new(),
        /// Who wrote the music.
        Composer composer: String = String::new(),
        /// Who wrote the words.
        Lyricist lyricist: String = String::new(),
        /// Who arranged it.
        Arranger arranger: String = String::new(),
        /// Copyright and licence.
        Copyright copyright: String = String::new(),
        /// Where it was taken from.
        Source source: String = String::new(),
    }
}

record! {
    /// The page, in tenths of a millimetre, the size of the staves, and the style. What is called a share is in hundredths of
    /// what is usual.
    Layout / LayoutField {
        /// Paper width.
        Width width: u32 = 2100,
        /// Paper height.
        Height height: u32 = 2970,
        /// Top margin.
        Top top: u32 = 150,
        /// Right margin.
        Right right: u32 = 150,
        /// Bottom margin.
        Bottom bottom: u32 = 150,
        /// Left margin.
        Left left: u32 = 150,
        /// The height of a five-line staff, in hundredths of a millimetre.
        StaffHeight staff_height: u32 = 700,
        /// What notes and signs are drawn with.
        MusicFont music_font: MusicFont = MusicFont::Bravura,
        /// What titles, names, words and tempi are set in.
        TextFont text_font: TextFont = TextFont::Academico,
        /// What lyrics are set in.
        LyricFont lyric_font: TextFont = TextFont::Academico,
        /// What chord symbols are set in.
        ChordFont chord_font: TextFont = TextFont::Academico,
        /// The size of words, tempi and names, as a share.
        TextSize text_size: u16 = 100,
        /// The size of lyrics, as a share.
        LyricSize lyric_size: u16 = 100,
        /// The size of chord symbols, as a share.
        ChordSize chord_size: u16 = 100,
        /// The size of the title and the names under it, as a share.
        TitleSize title_size: u16 = 100,
        /// How the quality of a chord is written.
        ChordSpelling chord_spelling: ChordSpelling = ChordSpelling::Words,
        /// The room between notes, as a share.
        NoteSpacing note_spacing: u16 = 100,
        /// Between the staves of a system, at least, as a share.
        StaffDistance staff_distance: u16 = 100,
        /// Between systems, at least, as a share.
        SystemDistance system_distance: u16 = 100,
        /// The thickness of staff lines, as a share of what the music font asks for.
        StaffLines staff_lines: u16 = 100,
        /// The thickness of stems, as a share.
        Stems stems: u16 = 100,
        /// The thickness of barlines, ledger lines, hairpins and brackets, as a share.
        Lines lines: u16 = 100,
        /// Whether systems after the first leave out staves on which nothing is played.
        HideEmpty hide_empty: bool = false,
        /// Whether measures of rest are gathered; in the view of a part alone where absent.
        MultiRests multi_rests: Option<bool> = None,
        /// Whether pages turn where there is a rest; in the view of a part alone where absent.
        PageTurns page_turns: Option<bool> = None,
        /// Whether systems are spread over the height of their page.
        FillPages fill_pages: bool = true,
        /// Whether the last system reaches the right margin however little is in it.
        FillLast fill_last: bool = false,
        /// Which measures have their number printed.
        Numbers numbers: MeasureNumbers = MeasureNumbers::Systems,
        /// Whether transposing parts are shown at the pitch they sound.
        ConcertPitch concert_pitch: bool = false,
    }
}

record! {
    /// A part: what one player (or one pair of hands) reads.
    Part / PartField {
        /// Where it stands among the parts: they are ordered by this, then by identifier.
        Order order: i64 = 0,
        /// Its name, left of the first system.
        Name name: String = String::new(),
        /// Its abbreviation, left of later systems.
        Abbreviation abbreviation: String = String::new(),
        /// The number of its staves, at least 1.
        Staves staves: u8 = 1,
        /// Its sounds; the first is what it starts with.
        Instruments instruments: Vec<Instrument> = Vec::new(),
        /// From written to sounding pitch, at the start.
        Transposition transposition: Option<Transposition> = None,
        /// Whether it is shown in the score.
        Visible visible: bool = true,
        /// The sign that holds its staves together; a brace for several where absent.
        Symbol symbol: Option<GroupSymbol> = None,
        /// The paper of its own layout, where that is not the score's.
        Paper paper: Option<Paper> = None,
        /// The height of its staves in its own layout, in hundredths of a millimetre, where that is not the score's.
        StaffHeight staff_height: Option<u32> = None,
    }
}

record! {
    /// Parts held together by a sign left of the system.
    Group / GroupField {
        /// The first part.
        First first: PartId = Id::from_raw(0),
        /// The last part.
        Last last: PartId = Id::from_raw(0),
        /// The sign.
        Symbol symbol: GroupSymbol = GroupSymbol::None,
        /// The name left of it.
        Name name: String = String::new(),
        /// Its abbreviation on later systems.
        Abbreviation abbreviation: String = String::new(),
        /// Whether barlines run through from staff to staff.
        Barlines barlines: bool = false,
        /// Whether barlines stand between the staves only.
        Mensurstrich mensurstrich: bool = false,
    }
}

record! {
    /// A measure: one column of all parts.
    Measure / MeasureField {
        /// The number that is printed.
        Number number: String = String::new(),
        /// Not counted and its number not printed, as a pickup.
        Implicit implicit: bool = false,
        /// A time signature that starts here.
        Time time: Option<TimeSignature> = None,
        /// Whether that time signature is printed.
        TimeVisible time_visible: bool = true,
        /// The length, where it is not what the time signature says: a pickup, a cadenza.
        Length length: Option<Beat> = None,
        /// The barline at its start.
        LeftBar left_bar: BarStyle = BarStyle::Auto,
        /// The barline at its end.
        RightBar right_bar: BarStyle = BarStyle::Auto,
        /// A repeat starts here.
        RepeatStart repeat_start: bool = false,
        /// A repeat ends here: how often the passage is played in all.
        RepeatEnd repeat_end: Option<u8> = None,
        /// A volta starts here.
        EndingStart ending_start: Option<Ending> = None,
        /// A volta ends here.
        EndingStop ending_stop: Option<EndingStop> = None,
        /// Signs and instructions that steer the order of playing.
        Jumps jumps: Vec<Jump> = Vec::new(),
        /// A break before it.
        Break break_before: Option<Break> = None,
        /// Whether the break was in the file that the score came from: a layout of another size may pass over it.
        BreakImported break_imported: bool = false,
    }
}

record! {
    /// A clef, key signature, time signature of a single part, transposition or the like, in force from its place on.
    Sign / SignField {
        /// The part.
        Part part: PartId = Id::from_raw(0),
        /// The staff, from 1; all staves of the part where absent.
        Staff staff: Option<u8> = None,
        /// From where on.
        At at: Moment = NOWHERE,
        /// What it is.
        Kind kind: SignKind = SignKind::StaffLines(5),
        /// Printed at all.
        Visible visible: bool = true,
        /// Its colour.
        Colour colour: Option<Colour> = None,
    }
}

record! {
    /// A chord or a rest: one thing in one voice at one time. It is a rest while it has no notes.
    Event / EventField {
        /// The part.
        Part part: PartId = Id::from_raw(0),
        /// The staff, from 1.
        Staff staff: u8 = 1,
        /// The voice, from 1.
        Voice voice: u8 = 1,
        /// When, for how long, and as what it is written.
        Time time: EventTime = EventTime {
            measure: Id::from_raw(0), onset: Beat::ZERO, duration: Beat::ZERO, value: None, ratio: (1, 1),
        },
        /// A grace note.
        Grace grace: Option<Grace> = None,
        /// The stem.
        Stem stem: StemDirection = StemDirection::Auto,
        /// Beams as the source had them, one role a level; by rule where absent, none where empty.
        Beams beams: Option<Vec<BeamRole>> = None,
        /// How it is shown while it is a rest.
        Rest rest: RestDisplay = RestDisplay { measure: false, position: None },
        /// The beam that starts here spreads or narrows.
        Fan fan: Option<BeamFan> = None,
        /// A cue: what another plays, printed small and not played.
        Cue cue: bool = false,
        /// Printed small.
        Small small: bool = false,
        /// Printed at all.
        Visible visible: bool = true,
        /// The colour of its rest, or of its stem and beams.
        Colour colour: Option<Colour> = None,
    }
}

record! {
    /// One note of an event.
    Note / NoteField {
        /// The event it belongs to.
        Event event: EventId = Id::from_raw(0),
        /// Its written pitch, or its place where it has none.
        Pitch pitch: NotePitch = NotePitch::Unpitched(None),
        /// The staff, where it is not the event's.
        Staff staff: Option<u8> = None,
        /// Tied to the next note of the same pitch.
        TieNext tie_next: bool = false,
        /// Tied from the note before it.
        TiePrevious tie_previous: bool = false,
        /// On which side the tie to the next note is.
        TiePlacement tie_placement: Placement = Placement::Auto,
        /// Rings on: a tie that leads to no note.
        LetRing let_ring: bool = false,
        /// An accidental that is printed whatever the rules say.
        Accidental accidental: Option<PrintedAccidental> = None,
        /// The SMuFL glyph of that accidental, where its sign is none of the named ones.
        AccidentalGlyph accidental_glyph: String = String::new(),
        /// Its shape.
        Head head: Notehead = Notehead::Normal,
        /// The SMuFL glyph of its head, where its shape is none of the named ones.
        Glyph glyph: String = String::new(),
        /// Whether the head is filled, where that does not follow from the note's value.
        Filled filled: Option<bool> = None,
        /// In parentheses.
        Parentheses parentheses: bool = false,
        /// The key of the instrument of its part that sounds it.
        Instrument instrument: Option<String> = None,
        /// Its length, where it is not the event's (sources with chords of unequal notes).
        Duration duration: Option<Beat> = None,
        /// Printed at all.
        Visible visible: bool = true,
        /// Its colour.
        Colour colour: Option<Colour> = None,
    }
}

record! {
    /// What is sung on one event in one verse.
    Lyric / LyricField {
        /// The event.
        Event event: EventId = Id::from_raw(0),
        /// The note of the chord that the source had it on.
        Note note: Option<NoteId> = None,
        /// The line it is in, usually the number of the verse.
        Verse verse: String = String::new(),
        /// The text.
        Text text: Vec<LyricPiece> = Vec::new(),
        /// Held over the following notes: with an extender line after the word.
        Extend extend: bool = false,
        /// What kind of line it is, such as `chorus`.
        Name name: String = String::new(),
        /// On which side of the staff.
        Placement placement: Placement = Placement::Auto,
        /// How it looks, where it differs from the style.
        Style style: TextStyle = TextStyle::default(),
        /// Printed at all.
        Visible visible: bool = true,
        /// Its colour.
        Colour colour: Option<Colour> = None,
    }
}

record! {
    /// Something attached at one place.
    Mark / MarkField {
        /// Where.
        Anchor anchor: Anchor = Anchor::System(NOWHERE),
        /// What.
        Kind kind: MarkKind = MarkKind::Segno,
        /// On which side.
        Placement placement: Placement = Placement::Auto,
        /// Its place among the marks of one kind at one place, from 0.
        Order order: u16 = 0,
        /// How its text looks, where it differs from the style.
        Style style: TextStyle = TextStyle::default(),
        /// The accidental above an ornament.
        AccidentalAbove accidental_above: Option<AccidentalSign> = None,
        /// The accidental below an ornament.
        AccidentalBelow accidental_below: Option<AccidentalSign> = None,
        /// Printed at all.
        Visible visible: bool = true,
        /// Its colour.
        Colour colour: Option<Colour> = None,
    }
}

record! {
    /// Something that stretches from one place to another.
    Span / SpanField {
        /// Where it starts.
        Start start: Anchor = Anchor::System(NOWHERE),
        /// Where it ends.
        End end: Anchor = Anchor::System(NOWHERE),
        /// What.
        Kind kind: SpanKind = SpanKind::Slur,
        /// On which side.
        Placement placement: Placement = Placement::Auto,
        /// How its line is drawn.
        Line line: LineStyle = LineStyle::Auto,
        /// How its ends are drawn.
        Ends ends: LineEnds = LineEnds { start: LineEnd::Auto, end: LineEnd::Auto },
        /// What is printed where it starts, where that is not what its kind prints: `Ped.` before a pedal's line.
        Text text: String = String::new(),
        /// A hairpin from or to nothing.
        Niente niente: bool = false,
        /// A pedal that is pressed again at once, as a notch of its line.
        Change change: bool = false,
        /// Printed at all.
        Visible visible: bool = true,
        /// Its colour.
        Colour colour: Option<Colour> = None,
    }
}

impl Part {
    /// What to call the part: its name, else its first instrument's, which a source may give where it prints no name.
    pub fn label(&self) -> &str {
        let instruments = self.instruments.iter().map(|instrument| instrument.name.as_str());
        std::iter::once(self.name.as_str()).chain(instruments).find(|name| !name.is_empty()).unwrap_or_default()
    }
}
