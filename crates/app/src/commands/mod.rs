//! The one command table: menus, palette, keymap, help, scripts and the window's ids all come from it.

mod arguments;
mod layout;
mod looking;
mod perform;
mod ranges;
mod script;
mod style;
mod table;

use bandpro_notation::edit::{Edit, Selection};
use bandpro_notation::model::{EventId, Score};

use crate::AppError;
use crate::desk::{Desk, Input};
use crate::looking::Looking;
use crate::texts::Texts;
use crate::view::CommandView;

pub(crate) use arguments::need;
pub use arguments::value_name;
pub(crate) use layout::paper;
pub use script::split_script;
pub use style::Setting;
pub(crate) use style::view as style_view;
pub use table::COMMANDS;

/// What a command needs beside its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Argument {
    /// How help and errors write it.
    pub form: &'static str,
    /// Whether it may be left out.
    pub optional: bool,
}

/// Who carries a command out.
#[derive(Clone, Copy)]
pub enum Run {
    /// The score's desk: an edit or a move of the selection.
    Score(fn(&mut Desk, &Score, Option<&str>) -> Result<Effect, AppError>),
    /// The score's desk: a setting of its style.
    Style(&'static Setting),
    /// The application: playing.
    Transport(bool),
    /// The window itself.
    Window,
}

/// A command.
pub struct Command {
    /// Names it in scripts, and its texts in the catalogues: `command-<id>` with the attribute `help`.
    pub id: &'static str,
    /// The group it is listed in: `category-<category>`.
    pub category: &'static str,
    /// Default keys.
    pub keys: &'static [&'static str],
    /// Keys that run it with an argument.
    pub keyed: &'static [(&'static str, &'static str)],
    /// Its argument.
    pub argument: Option<Argument>,
    /// Who carries it out.
    pub run: Run,
}

impl Command {
    /// The words that its argument may be, where it is one of a few: those between strokes in its form. What is in capitals there
    /// stands for something.
    pub fn choices(&self) -> impl Iterator<Item = &'static str> {
        let form = self.argument.map(|argument| argument.form).filter(|form| form.contains('|'));
        form.into_iter().flat_map(|form| form.split('|')).filter(|word| word.starts_with(|c: char| c.is_ascii_lowercase()))
    }
}

/// What a command comes to.
#[derive(Debug)]
pub enum Effect {
    /// Changes the score; then the selection goes somewhere.
    Edit(Edit, Then),
    /// Moves the selection, within what is looked at.
    Select(Selection),
    /// Lets the range that is selected reach to this.
    Extend(Selection),
    /// Selects this, and looks at it.
    Go(Selection),
    /// Looks at something else, or otherwise.
    Look(Looking),
    /// Takes the last edit back.
    Undo,
    /// Does it again.
    Redo,
    /// Changes the state of note input.
    Input(Input),
}

/// Where the selection goes after an edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// It stays, or goes to what is left of what it was on.
    Stay,
    /// To this event.
    At(EventId),
    /// To what follows this event.
    After(EventId),
}

/// The command of this id.
pub fn find(id: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|command| command.id == id)
}

/// Splits a line into its command and its argument; an argument in quotation marks is taken without them.
pub fn parse(line: &str) -> Result<(&'static Command, Option<&str>), AppError> {
    let line = line.trim();
    let (id, argument) = line.split_once(char::is_whitespace).map_or((line, ""), |(id, argument)| (id, argument.trim()));
    let command = find(id).ok_or_else(|| AppError::UnknownCommand(id.chars().take(64).collect()))?;
    let quoted = argument.len() > 1 && argument.starts_with('"') && argument.ends_with('"');
    let argument = if quoted { &argument[1..argument.len() - 1] } else { argument };
    let argument = Some(argument).filter(|argument| !argument.is_empty());
    match (command.argument, argument) {
        (None, Some(_)) => Err(AppError::BadArgument { command: command.id, form: "no argument" }),
        (Some(Argument { form, optional: false }), None) => Err(AppError::BadArgument { command: command.id, form }),
        _ => Ok((command, argument)),
    }
}

/// The table in a language.
pub fn views(texts: &Texts) -> Vec<CommandView> {
    let view = |command: &Command| CommandView {
        id: command.id.to_owned(),
        label: texts.text(&format!("command-{}", command.id)),
        help: texts.text(&format!("command-{}.help", command.id)),
        category: command.category.to_owned(),
        category_label: texts.text(&format!("category-{}", command.category)),
        keys: command.keys.iter().map(|key| (*key).to_owned()).collect(),
        keyed_arguments: command.keyed.iter().map(|(key, argument)| ((*key).to_owned(), (*argument).to_owned())).collect(),
        argument: command.argument.map(|argument| argument.form.to_owned()),
        choices: command.choices().map(|word| (word.to_owned(), texts.text(&format!("choice-{word}")))).collect(),
        argument_optional: command.argument.is_some_and(|argument| argument.optional),
        runs: if matches!(command.run, Run::Window) { "window" } else { "score" }.to_owned(),
    };
    COMMANDS.iter().map(view).collect()
}
