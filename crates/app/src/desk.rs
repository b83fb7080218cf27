//! One person at one score: what is selected, what can be taken back, how notes are entered.

use bandpro_notation::edit::{self, Change, Direction, Edit, Selection};
use bandpro_notation::model::{Anchor, EventId, IdSource, MeasureId, NoteBase, NoteValue, PartId, Record, RecordRef, Score};
use bandpro_sync::document::Done;
use bandpro_sync::{Committed, OpenScore};

use crate::AppError;
use crate::commands::{self, Effect, Run, Then};
use crate::looking::Looking;

/// As many steps as anyone takes back in a sitting; older ones are forgotten.
const MOST_STEPS: usize = 10_000;

/// A score that edits can be committed to.
pub trait Document {
    /// The score now.
    fn score(&self) -> &Score;
    /// Makes an edit.
    fn commit(&mut self, edit: &Edit) -> Result<Committed, AppError>;
    /// Takes back an edit of this person, sparing what others did since. Nothing where nothing of it is left to take back.
    fn take_back(&mut self, mine: &Done) -> Result<Option<Committed>, AppError>;
}

impl Document for OpenScore {
    fn score(&self) -> &Score {
        Self::score(self)
    }

    fn commit(&mut self, edit: &Edit) -> Result<Committed, AppError> {
        Ok(Self::commit(self, edit)?)
    }

    fn take_back(&mut self, mine: &Done) -> Result<Option<Committed>, AppError> {
        Ok(self.undo(mine)?)
    }
}

/// The state of note input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Input {
    /// Whether letters enter notes and move on.
    pub active: bool,
    /// The value that is entered.
    pub value: NoteValue,
}

impl Default for Input {
    fn default() -> Self {
        Self { active: false, value: NoteValue::new(NoteBase::Quarter, 0) }
    }
}

/// An edit that was made, with what was selected.
#[derive(Debug, Clone)]
struct Step {
    done: Done,
    selection: Selection,
}

/// A person's place at a score.
#[derive(Debug)]
pub struct Desk {
    /// What is selected.
    pub selection: Selection,
    /// Where a range begins that reaches to the selection; nothing where one thing is selected.
    pub begun: Option<EventId>,
    /// The state of note input.
    pub input: Input,
    /// What of the score is looked at: the selection stays within it, and paper is changed for it.
    pub looking: Looking,
    /// Makes new identifiers.
    pub ids: IdSource,
    undo: Vec<Step>,
    redo: Vec<Step>,
    entered: Option<EventId>,
}

/// What a command did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ran {
    /// Nothing but the selection or the state of input.
    Moved,
    /// The score changed.
    Edited,
    /// To be played (from the selection) or stopped by whoever can.
    Transport {
        /// Play, or stop.
        play: bool,
        /// From the selection.
        from_selection: bool,
    },
}

/// Where the selection was, kept over an edit that may take away what it was on.
struct Place {
    event: Option<EventId>,
    measure: usize,
    part: Option<PartId>,
}

impl Desk {
    /// A place with the first note selected.
    pub fn new(score: &Score, ids: IdSource) -> Self {
        let selection = edit::step(score, Selection::Nothing, Direction::Next);
        let (input, looking) = (Input::default(), Looking::default());
        Self { selection, begun: None, input, looking, ids, undo: Vec::new(), redo: Vec::new(), entered: None }
    }

    /// Whether there is something to take back.
    pub fn can_undo(&self) -> bool {
        !self.undo.is_empty()
    }

    /// Whether there is something to do again.
    pub fn can_redo(&self) -> bool {
        !self.redo.is_empty()
    }

    /// The selection, or the first note where there is none.
    pub fn started(&self, score: &Score) -> Selection {
        match self.selection.event(score) {
            Some(_) => self.selection,
            None => edit::step(score, Selection::Nothing, Direction::Next),
        }
    }

    /// Whether note input has come to the end of the music: what was entered last is still what is selected.
    pub fn at_end(&self, score: &Score) -> bool {
        self.input.active && self.entered.is_some() && self.selection.event(score) == self.entered
    }

    /// The chord that a note is added to: in note input the one entered last, else the selected one.
    pub fn chord(&self, score: &Score) -> Selection {
        let entered = self.entered.filter(|event| self.input.active && score.event(*event).is_some());
        entered.map_or(self.selection, Selection::Event)
    }

    /// Selects this, and nothing else.
    pub fn select(&mut self, selection: Selection) {
        (self.selection, self.begun) = (selection, None);
    }

    /// The events of the range, in their order: those of its staff from one end to the other. None where one thing is selected.
    pub fn range(&self, score: &Score) -> Vec<EventId> {
        let end = |event: EventId| {
            let event = score.event(event)?;
            Some(((score.measure_position(event.time.measure)?, event.time.onset), event))
        };
        let ends = self.begun.and_then(end).zip(self.selection.event(score).and_then(end));
        let Some(((begun, event), (now, _))) = ends else { return Vec::new() };
        let (first, last) = (begun.min(now), begun.max(now));
        let measures = score.measure_order().iter().enumerate().take(last.0 + 1).skip(first.0);
        let all = measures.flat_map(|(at, measure)| score.events_in(*measure, event.part).map(move |(id, other)| (at, id, other)));
        let within = all.filter(|(at, _, other)| (first..=last).contains(&(*at, other.time.onset)) && other.staff == event.staff);
        within.map(|(_, id, _)| id).collect()
    }

    /// Lets the range reach to this, if it is on the staff where it begins.
    fn extend(&mut self, score: &Score, selection: Selection) {
        let staff = |event: EventId| score.event(event).map(|event| (event.part, event.staff));
        let Some(begun) = self.begun.or_else(|| self.selection.event(score)) else { return };
        if selection.event(score).and_then(staff) == staff(begun) {
            self.selection = selection;
            self.begun = Some(begun).filter(|begun| selection.event(score) != Some(*begun));
        }
    }

    /// Runs a line: a command's id and its argument.
    pub fn run(&mut self, document: &mut dyn Document, line: &str) -> Result<Ran, AppError> {
        let (command, argument) = commands::parse(line)?;
        let effect = match command.run {
            Run::Score(run) => run(self, document.score(), argument)?,
            Run::Style(setting) => setting.set(self, document.score(), argument)?,
            Run::Transport(play) => return Ok(Ran::Transport { play, from_selection: argument.is_some() }),
            Run::Window => return Err(AppError::WindowOnly(command.id)),
        };
        match effect {
            Effect::Select(selection) => {
                if self.is_seen(document.score(), selection) {
                    self.select(selection);
                }
                self.entered = None;
                Ok(Ran::Moved)
            }
            Effect::Extend(selection) => {
                self.extend(document.score(), selection);
                self.entered = None;
                Ok(Ran::Moved)
            }
            Effect::Go(selection) => {
                self.select(selection);
                self.entered = None;
                self.follow(document.score());
                Ok(Ran::Moved)
            }
            Effect::Look(looking) => {
                self.look(document.score(), looking);
                Ok(Ran::Moved)
            }
            Effect::Input(input) => {
                self.select(if input.active { self.started(document.score()) } else { self.selection });
                self.input = input;
                Ok(Ran::Moved)
            }
            Effect::Edit(edit, then) => self.edit(document, edit, then).map(|()| Ran::Edited),
            Effect::Undo => self.undo(document).map(|()| Ran::Edited),
            Effect::Redo => self.redo(document).map(|()| Ran::Edited),
        }
    }

    /// Looks at something else; a selection that is not in it goes to the same measure there.
    pub fn look(&mut self, score: &Score, looking: Looking) {
        self.looking = looking.settled(score);
        if !self.is_seen(score, self.selection) {
            self.entered = None;
            self.select(in_measure(score, &Place { part: self.looking.part, ..self.place(score) }));
        }
    }

    /// Whether what is selected would be in what is looked at.
    fn is_seen(&self, score: &Score, selection: Selection) -> bool {
        let part = selection.event(score).and_then(|event| score.event(event)).map(|event| event.part);
        self.looking.part.is_none_or(|only| part == Some(only))
    }

    /// Looks at the part that the selection is in, where another one is looked at.
    fn follow(&mut self, score: &Score) {
        let part = self.selection.event(score).and_then(|event| score.event(event)).map(|event| event.part);
        if let (Some(_), Some(part)) = (self.looking.part, part) {
            self.looking.part = Some(part);
        }
    }

    /// Makes an edit that can be taken back.
    pub fn edit(&mut self, document: &mut dyn Document, edit: Edit, then: Then) -> Result<(), AppError> {
        if edit.is_empty() {
            return Ok(());
        }
        let place = self.place(document.score());
        let committed = document.commit(&edit)?;
        remember(&mut self.undo, Step { done: committed.done, selection: self.selection });
        self.redo.clear();
        self.carry(document.score(), &place);
        let score = document.score();
        match then {
            Then::Stay => {}
            Then::At(event) => self.select(Selection::Event(event).settle(score)),
            Then::After(event) => {
                self.entered = Some(event);
                self.select(edit::step(score, Selection::Event(event), Direction::Next).settle(score));
            }
        }
        Ok(())
    }

    fn undo(&mut self, document: &mut dyn Document) -> Result<(), AppError> {
        let step = self.undo.pop().ok_or(AppError::NothingToUndo)?;
        let back = self.take_back(document, &step, true)?;
        remember(&mut self.redo, back);
        Ok(())
    }

    fn redo(&mut self, document: &mut dyn Document) -> Result<(), AppError> {
        let step = self.redo.pop().ok_or(AppError::NothingToRedo)?;
        let back = self.take_back(document, &step, false)?;
        remember(&mut self.undo, back);
        Ok(())
    }

    /// Takes a step back; the selection goes where it was made, else to what changed, so that the view follows.
    fn take_back(&mut self, document: &mut dyn Document, step: &Step, undoing: bool) -> Result<Step, AppError> {
        let place = self.place(document.score());
        let taken = document.take_back(&step.done);
        let Committed { done, .. } = match taken {
            Ok(Some(taken)) => taken,
            Ok(None) => return Err(AppError::ChangedByOthers),
            Err(error) => {
                // The step is still there to be tried again: a full disk can be emptied.
                let stack = if undoing { &mut self.undo } else { &mut self.redo };
                stack.push(step.clone());
                return Err(error);
            }
        };
        self.entered = None;
        self.carry(document.score(), &place);
        let score = document.score();
        let now = done.edit.changes.iter().filter_map(|change| where_of(score, change));
        let touched: Vec<Selection> = now.chain(done.inverse.changes.iter().filter_map(|change| where_it_was(score, change))).collect();
        let before = step.selection.event(score).filter(|event| reachable(score, *event));
        let made_there = before.is_some_and(|event| touched.iter().any(|selection| selection.event(score) == Some(event)));
        let selection = if made_there { Some(step.selection) } else { touched.first().copied() };
        let back = Step { done, selection: self.selection };
        if let Some(selection) = selection {
            self.select(selection);
            self.follow(score);
        }
        Ok(Step { selection: self.selection, ..back })
    }

    fn place(&self, score: &Score) -> Place {
        let event = self.selection.event(score);
        let record = event.and_then(|id| score.event(id));
        let measure = record.and_then(|event| score.measure_position(event.time.measure)).unwrap_or_default();
        Place { event, measure, part: record.map(|event| event.part) }
    }

    /// What to do about the selection after others changed the score.
    pub fn after_remote(&mut self, score: &Score) {
        let place = self.place(score);
        self.carry(score, &place);
    }

    /// Brings the selection over an edit: to what is left of what it was on, else to the same measure.
    fn carry(&mut self, score: &Score, place: &Place) {
        self.looking = self.looking.settled(score);
        self.begun = self.begun.filter(|begun| reachable(score, *begun));
        let still = self.selection.event(score).filter(|event| reachable(score, *event));
        if still.is_some() {
            self.selection = self.selection.settle(score);
            return;
        }
        let left = place.event.filter(|event| reachable(score, *event)).map(Selection::Event);
        self.selection = left.map_or_else(|| in_measure(score, place), |selection| selection.settle(score));
    }
}

fn remember(stack: &mut Vec<Step>, step: Step) {
    if stack.len() >= MOST_STEPS {
        stack.remove(0);
    }
    stack.push(step);
}

/// Whether a reader who walks from the measures meets the event.
fn reachable(score: &Score, event: EventId) -> bool {
    let event = score.event(event);
    event.is_some_and(|event| score.measure(event.time.measure).is_some() && score.part(event.part).is_some())
}

fn in_measure(score: &Score, place: &Place) -> Selection {
    let order = score.measure_order();
    let measure = order.get(place.measure.min(order.len().saturating_sub(1)));
    let first = measure.zip(place.part).and_then(|(measure, part)| score.events_in(*measure, part).next());
    first.map_or(Selection::Nothing, |(id, _)| Selection::Event(id).settle(score))
}

/// What to select for a change to be seen.
fn where_of(score: &Score, change: &Change) -> Option<Selection> {
    match change.target() {
        RecordRef::Note(id) => score.note(id).filter(|note| reachable(score, note.event)).map(|_| Selection::Note(id)),
        RecordRef::Event(id) => at_event(score, id),
        RecordRef::Lyric(id) => score.lyric(id).and_then(|lyric| at_event(score, lyric.event)),
        RecordRef::Mark(id) => score.mark(id).and_then(|mark| at_anchor(score, mark.anchor)),
        RecordRef::Span(id) => score.span(id).and_then(|span| at_anchor(score, span.start)),
        RecordRef::Sign(id) => score.sign(id).and_then(|sign| at_measure(score, sign.at.measure)),
        RecordRef::Measure(id) => at_measure(score, id),
        RecordRef::Header(_) | RecordRef::Layout(_) | RecordRef::Part(_) | RecordRef::Group(_) => None,
    }
}

/// What to select where a change took something away, from the change that would bring it back.
fn where_it_was(score: &Score, back: &Change) -> Option<Selection> {
    match back {
        Change::Insert(_, Record::Note(note)) => at_event(score, note.event),
        Change::Insert(_, Record::Lyric(lyric)) => at_event(score, lyric.event),
        Change::Insert(_, Record::Mark(mark)) => at_anchor(score, mark.anchor),
        Change::Insert(_, Record::Span(span)) => at_anchor(score, span.start),
        Change::Insert(_, Record::Event(event)) => at_measure(score, event.time.measure),
        Change::InsertMeasure { after, .. } => {
            let at = after.and_then(|after| score.measure_position(after)).map_or(0, |before| before + 1);
            let order = score.measure_order();
            order.get(at).or(order.last()).and_then(|measure| at_measure(score, *measure))
        }
        _ => None,
    }
}

fn at_event(score: &Score, id: EventId) -> Option<Selection> {
    reachable(score, id).then(|| Selection::Event(id).settle(score))
}

fn at_measure(score: &Score, id: MeasureId) -> Option<Selection> {
    let parts = score.parts();
    let (first, _) = parts.iter().find_map(|(part, _)| score.events_in(id, *part).next())?;
    at_event(score, first)
}

fn at_anchor(score: &Score, anchor: Anchor) -> Option<Selection> {
    match anchor {
        Anchor::Event(id) => at_event(score, id),
        Anchor::Note(id) => score.note(id).and_then(|note| at_event(score, note.event)),
        Anchor::Staff(part, _, moment) => {
            let at = score.events_in(moment.measure, part).find(|(_, event)| event.time.onset >= moment.beat);
            at.and_then(|(id, _)| at_event(score, id))
        }
        Anchor::System(moment) => at_measure(score, moment.measure),
        Anchor::Page(_) => score.measure_order().first().and_then(|first| at_measure(score, *first)),
    }
}
