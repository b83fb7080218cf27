//! A score on the desk: the document, the person's place at it, and its pictures.

use bandpro_notation::edit::Selection;
use bandpro_notation::model::{EventId, RecordRef, Score};
use bandpro_sync::{DeviceId, OpenScore, SpaceId};

use crate::commands::Then;
use crate::conflicts::Teller;
use crate::desk::{Desk, Ran};
use crate::looking::Looking;
use crate::picture::Picture;
use crate::texts::{Arg, Texts};
use crate::view::{CommandOutcome, ConflictView, InputView, PartView, ScoreView, SelectionView, SpotView};
use crate::{AppError, announce, commands, files};

/// An open score.
pub struct Open {
    document: OpenScore,
    /// The person's place at it.
    pub desk: Desk,
    /// Made when a surface first asks for it: a script needs none.
    picture: Option<Picture>,
    /// Whether the score changed since the picture was made.
    stale: bool,
}

impl Open {
    /// Puts a document on the desk.
    pub fn new(document: OpenScore) -> Self {
        let desk = Desk::new(document.score(), files::fresh_ids());
        Self { document, desk, picture: None, stale: false }
    }

    /// The score now.
    pub fn score(&self) -> &Score {
        self.document.score()
    }

    /// The pictures of the score as it is now.
    pub fn picture(&mut self) -> &mut Picture {
        let (score, looking) = (self.document.score(), self.desk.looking);
        let picture = self.picture.get_or_insert_with(|| Picture::of(score, looking));
        if std::mem::take(&mut self.stale) || picture.looking() != looking {
            picture.update(score, looking);
        }
        picture
    }

    /// Whether pictures were made.
    pub fn is_shown(&self) -> bool {
        self.picture.is_some()
    }

    /// The pictures as they were last handed out, if any were.
    pub fn shown(&self) -> Option<&Picture> {
        self.picture.as_ref()
    }

    /// Looks at the score like this.
    pub fn look(&mut self, looking: Looking) {
        self.desk.look(self.document.score(), looking);
    }

    /// Whether the pictures are those of the whole score on its pages.
    pub fn shows_pages(&self) -> bool {
        self.is_shown() && self.desk.looking == Looking::default()
    }

    /// Takes in what others changed. Says whether there was something.
    pub fn take_in(&mut self) -> Result<bool, AppError> {
        let changed = !self.document.poll_remote()?.is_empty();
        if changed {
            self.desk.after_remote(self.document.score());
            self.stale = true;
        }
        Ok(changed)
    }

    /// Runs a line of the command table.
    pub fn run(&mut self, line: &str) -> Result<Ran, AppError> {
        let ran = self.desk.run(&mut self.document, line)?;
        self.stale |= ran == Ran::Edited;
        Ok(ran)
    }

    /// What merging left to decide.
    pub fn conflicts(&mut self, texts: &Texts, devices: &[(DeviceId, String)]) -> Result<Vec<ConflictView>, AppError> {
        let findings = self.document.findings()?;
        let teller = Teller { score: self.document.score(), texts, devices };
        Ok(findings.iter().map(|finding| teller.view(finding)).collect())
    }

    /// Decides a conflict in one of its ways, from 1.
    pub fn resolve(&mut self, conflict: &str, way: usize) -> Result<(), AppError> {
        let none = || AppError::NoSuchConflict(format!("{conflict} {way}"));
        let finding = self.document.findings()?.into_iter().find(|finding| finding.id() == conflict).ok_or_else(none)?;
        let resolution = way.checked_sub(1).and_then(|at| finding.resolutions.get(at)).ok_or_else(none)?;
        self.desk.edit(&mut self.document, resolution.edit.clone(), Then::Stay)?;
        self.stale = true;
        Ok(())
    }

    /// The space that the score lives in.
    pub fn space(&self) -> SpaceId {
        self.document.space()
    }

    /// Loads what editing needs, in a quiet moment.
    pub fn warm(&mut self) -> Result<(), AppError> {
        Ok(self.document.warm()?)
    }

    /// Selects what is at a point of a page.
    pub fn point(&mut self, page: usize, x: f32, y: f32) -> Option<()> {
        let selection = match self.picture().at(page, x, y)? {
            RecordRef::Note(note) => Selection::Note(note),
            RecordRef::Event(event) => Selection::Event(event).settle(self.score()),
            _ => return None,
        };
        self.desk.select(selection);
        Some(())
    }

    /// The whole view.
    pub fn view(&mut self, id: &str, texts: &Texts) -> ScoreView {
        self.picture();
        let score = self.document.score();
        let parts = score.parts();
        let part =
            |(at, (_, part)): (usize, &(_, &bandpro_notation::model::Part))| PartView { number: at + 1, name: part.label().to_owned() };
        let picture = self.picture.as_ref();
        ScoreView {
            id: id.to_owned(),
            title: title(score, texts),
            revision: picture.map_or(0, |picture| picture.revision),
            pages: picture.map(Picture::views).unwrap_or_default(),
            selection: self.selection(texts),
            input: self.input(),
            can_undo: self.desk.can_undo(),
            can_redo: self.desk.can_redo(),
            looking: self.desk.looking.view(score),
            parts: parts.iter().enumerate().map(part).collect(),
            measures: score.measure_order().len(),
        }
    }

    /// What is different from what was handed out last.
    pub fn outcome(&mut self, id: &str, texts: &Texts, message: Option<String>) -> CommandOutcome {
        let score = self.document.score();
        let looking = self.desk.looking;
        let picture = self.picture.get_or_insert_with(|| Picture::of(score, looking));
        let (base, pages) = if std::mem::take(&mut self.stale) || picture.looking() != looking {
            let difference = picture.update(score, looking);
            (difference.base, difference.pages)
        } else {
            (picture.revision, Vec::new())
        };
        CommandOutcome {
            id: id.to_owned(),
            base,
            revision: picture.revision,
            page_count: picture.page_count(),
            pages,
            title: title(score, texts),
            looking: looking.view(score),
            selection: self.selection(texts),
            input: self.input(),
            can_undo: self.desk.can_undo(),
            can_redo: self.desk.can_redo(),
            message,
        }
    }

    /// What a command has to say.
    pub fn said(&self, line: &str, texts: &Texts) -> Option<String> {
        let (command, _) = commands::parse(line).ok()?;
        let input = self.desk.input;
        match command.id {
            "undo" => Some(texts.text("said-undone")),
            "redo" => Some(texts.text("said-redone")),
            "delete" => Some(texts.text("said-deleted")),
            "input" if input.active => {
                let value = announce::value(texts, input.value);
                Some(texts.with("said-input-on", &[("value", Arg::Text(&value))]))
            }
            "input" | "leave-input" => Some(texts.text("said-input-off")),
            "value" | "dot" if input.active => {
                let value = announce::value(texts, input.value);
                Some(texts.with("said-value", &[("value", Arg::Text(&value))]))
            }
            "view" | "part" => Some(self.said_looking(texts)),
            "insert-measure" | "append-measure" | "delete-measure" => {
                Some(texts.with("said-measures", &[("count", Arg::from(self.score().measure_order().len()))]))
            }
            _ => None,
        }
    }

    fn said_looking(&self, texts: &Texts) -> String {
        let looking = self.desk.looking;
        let way = texts.text(if looking.continuous { "said-view-continuous" } else { "said-view-pages" });
        match looking.part.and_then(|part| self.score().part(part)) {
            Some(part) => texts.with("said-view-part", &[("part", Arg::Text(part.label())), ("view", Arg::Text(&way))]),
            None => texts.with("said-view-all", &[("view", Arg::Text(&way))]),
        }
    }

    fn input(&self) -> InputView {
        let input = self.desk.input;
        InputView { active: input.active, value: commands::value_name(input.value.base).to_owned(), dots: input.value.dots }
    }

    /// The selection in words, for a surface without pages.
    pub fn announcement(&self, texts: &Texts) -> String {
        self.announced(texts, &self.desk.range(self.score()))
    }

    fn announced(&self, texts: &Texts, range: &[EventId]) -> String {
        match range {
            [] => announce::selection(self.score(), texts, self.desk.selection),
            range => announce::range(self.score(), texts, range),
        }
    }

    /// What is selected.
    pub fn selection(&self, texts: &Texts) -> Option<SelectionView> {
        let score = self.document.score();
        let selection = self.desk.selection;
        let id = selection.event(score)?;
        let event = score.event(id)?;
        let parts = score.parts();
        let part = parts.iter().position(|(part, _)| *part == event.part)?;
        let measure = score.measure_position(event.time.measure)?;
        let place = self.picture.as_ref().and_then(|picture| picture.place(score, selection));
        let (page, rect, heads) = place.map_or((None, Default::default(), Vec::new()), |(page, rect, heads)| (Some(page), rect, heads));
        let note = selection.note(score).and_then(|note| score.note(note));
        let kind = match (note, score.is_rest(id)) {
            (Some(_), _) => "note",
            (None, true) => "rest",
            (None, false) => "chord",
        };
        let range = self.desk.range(score);
        let spot = |event: &EventId| self.picture.as_ref().and_then(|picture| picture.place(score, Selection::Event(*event)));
        let spots = range.iter().filter_map(spot).map(|(page, rect, heads)| SpotView { page, rect, heads }).collect();
        Some(SelectionView {
            kind: kind.to_owned(),
            page,
            rect,
            heads,
            announcement: self.announced(texts, &range),
            range: spots,
            part: part + 1,
            part_name: parts[part].1.label().to_owned(),
            measure: measure + 1,
            measure_label: announce::measure_label(score, event),
            beat: announce::beat(score, event),
            staff: event.staff,
            voice: announce::voice(score, event),
            pitch: note.and_then(|note| note.pitch.pitch()).map(|pitch| pitch.to_string()),
            value: event.time.value.map(|value| (commands::value_name(value.base).to_owned(), value.dots)),
            active: announce::active_marks(score, id).into_iter().map(str::to_owned).collect(),
        })
    }
}

/// What a score is called.
pub fn title(score: &Score, texts: &Texts) -> String {
    let header = score.header();
    let title = if header.title.is_empty() { &header.work_title } else { &header.title };
    if title.is_empty() { texts.text("untitled") } else { title.clone() }
}
